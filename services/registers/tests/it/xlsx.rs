//! Workbooks: cells as tables have them, what spreadsheets mangle, and what is refused.

use crate::book::{Cell, t, workbook, zip};
use crate::common::{Outcome, import, manifest, rows};
use registers::{Mapping, NoteKind, Reason, RegisterError, headers};

const MAPPING: &str = r#"
ignore = ["Notes"]
[[column]]
header = "ID"
field = "record_id"
[[column]]
header = "Name"
field = "names.full"
[[column]]
header = "Born"
field = "birth"
[[column]]
header = "Phone"
field = "phone"
"#;

pub(crate) fn mapping() -> Mapping {
    Mapping::parse(MAPPING).expect("a mapping")
}

fn header() -> Vec<Cell> {
    ["ID", "Name", "Born", "Phone"].map(t).to_vec()
}

#[test]
fn cells_are_read_as_a_person_sees_them() {
    let rows = vec![
        header(),
        vec![t("A-1"), t("Amina & <Co>"), Cell::Day(40_210.0), Cell::Number("254720000001".to_owned())],
        vec![],
        vec![Cell::Number("17".to_owned()), t("أمينة"), t("1990-05-17"), Cell::Number("7.20000002E8".to_owned())],
        vec![t("A-3"), Cell::Nothing, Cell::Nothing, t("0720 000 003")],
    ];
    let bytes = workbook(&[("People", rows)], false);
    let manifest = manifest("xlsx", &bytes, 3, "");
    let out = import(&bytes, &manifest, Some(&mapping())).expect("fine");
    assert_eq!(out.quarantined, []);
    let [first, second, third] = &out.records[..] else { panic!("three records") };
    assert_eq!(first.names.full[0].expose(), "Amina & <Co>");
    assert_eq!(first.birth.map(|b| (b.year, b.month, b.day)), Some((2010, Some(2), Some(1))));
    assert_eq!(first.contacts[0].value.expose(), "+254720000001");
    assert_eq!(second.record_id.expose(), "17");
    assert_eq!(second.contacts[0].value.expose(), "+254720000002", "the zero that the spreadsheet dropped");
    assert_eq!(third.contacts[0].value.expose(), "+254720000003");
    assert_eq!(headers(&bytes[..], &manifest).expect("fine"), ["ID", "Name", "Born", "Phone"]);
}

#[test]
fn days_count_from_1904_where_the_workbook_says_so() {
    let rows = vec![header(), vec![t("A-1"), t("Amina"), Cell::Day(38_748.0), Cell::Nothing]];
    let bytes = workbook(&[("People", rows)], true);
    let manifest = manifest("xlsx", &bytes, 1, "");
    let record = import(&bytes, &manifest, Some(&mapping())).expect("fine").records.remove(0);
    assert_eq!(record.birth.map(|b| (b.year, b.month, b.day)), Some((2010, Some(2), Some(1))));
}

#[test]
fn mangled_numbers_are_said_and_lost_values_set_the_row_aside() {
    let rows = vec![header(), vec![t("A-1"), t("Amina"), Cell::Nothing, t("7.89E+11")]];
    let bytes = workbook(&[("People", rows)], false);
    let fine = manifest("xlsx", &bytes, 1, "");
    let out = import(&bytes, &fine, Some(&mapping())).expect("fine");
    assert_eq!(out.notes[0].1.kind, NoteKind::PhoneMangled);

    let lost = raw_sheet(
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>ID</v></c></row><row r=\"2\"><c r=\"A2\" t=\"e\"><v>#N/A</v></c></row>",
    );
    let lost_manifest = manifest("xlsx", &lost, 1, "");
    let out = import(&lost, &lost_manifest, Some(&mapping())).expect("fine");
    assert_eq!((out.quarantined[0].0, out.quarantined[0].1.reason), (2, Reason::LostText));
}

#[test]
fn the_manifest_names_the_sheet() {
    let people = vec![header(), vec![t("A-1"), t("Amina"), Cell::Nothing, Cell::Nothing]];
    let bytes =
        workbook(&[("Read me", vec![vec![t("Hello")]]), ("People of the northern and western towns", people)], false);
    let named = manifest("xlsx", &bytes, 1, "sheet = \"People of the northern and western towns\"");
    assert_eq!(import(&bytes, &named, Some(&mapping())).expect("fine").records.len(), 1);
    let other = manifest("xlsx", &bytes, 1, "sheet = \"Animals\"");
    assert!(matches!(rows(&bytes[..], &other, Some(&mapping())).map(|_| ()), Err(RegisterError::NoSheet)));
}

/// A workbook with one sheet of this XML inside `sheetData`.
fn raw_sheet(inside: &str) -> Vec<u8> {
    parts_with(&[(
        "xl/worksheets/sheet1.xml",
        format!("<worksheet><sheetData>{inside}</sheetData></worksheet>").into_bytes(),
    )])
}

fn parts_with(more: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut parts = vec![
        (
            "xl/workbook.xml",
            b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                .to_vec(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>".to_vec(),
        ),
    ];
    parts.extend(more.iter().cloned());
    zip(&parts)
}

#[test]
fn a_formula_whose_result_nobody_wrote_and_a_rounded_number_are_not_read_for_nothing() {
    let text = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"str\"><v>{text}</v></c>");
    let read = |cell: &str| {
        let rows = format!(
            "<row r=\"1\">{}{}{}</row><row r=\"2\">{}{cell}</row>",
            text("A1", "ID"),
            text("B1", "Hold"),
            text("C1", "Phone"),
            text("A2", "1")
        );
        let bytes = raw_sheet(&rows);
        let mapping = Mapping::parse(
            "[[column]]\nheader = \"ID\"\nfield = \"record_id\"\n[[column]]\nheader = \"Hold\"\nfield = \"legal_hold\"\n\
             [[column]]\nheader = \"Phone\"\nfield = \"phone\"\n",
        );
        rows_of(&bytes, &mapping.expect("a mapping"))
    };
    for lost in ["<c r=\"B2\"><f>IF(1,1,0)</f></c>", "<c r=\"B2\"><f>IF(1,1,0)</f><v></v></c>"] {
        assert_eq!(read(lost).quarantined[0].1.reason, Reason::LostText, "{lost}");
    }
    for (known, held) in
        [("<c r=\"B2\" t=\"str\"><f>A1</f><v></v></c>", false), ("<c r=\"B2\" t=\"str\"><f>A1</f><v>yes</v></c>", true)]
    {
        assert_eq!(read(known).records[0].legal_hold, held, "{known}");
    }
    let rounded = read("<c r=\"C2\"><v>2.547E+11</v></c>");
    assert_eq!(rounded.notes[0].1.kind, NoteKind::PhoneMangled);
    assert!(rounded.records[0].contacts.is_empty());
}

fn rows_of(bytes: &[u8], mapping: &Mapping) -> Outcome {
    rows(bytes, &manifest("xlsx", bytes, 1, ""), Some(mapping)).expect("read")
}

/// Workbooks that nobody's system wrote, with what each is.
pub(crate) fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let two_cells = raw_sheet(
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>ID</v></c></row><row r=\"20000\"><c r=\"XFD20000\"><v>1</v></c></row>",
    );
    assert!(two_cells.len() < 1_400, "{}", two_cells.len());
    let sheet = |inside: &str| {
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{inside}</sheetData></worksheet>").into_bytes())
    };
    let bomb = parts_with(&[sheet(&" ".repeat(200 << 20))]);
    let strings = parts_with(&[
        sheet(""),
        ("xl/sharedStrings.xml", format!("<sst>{}</sst>", "<si><t>a</t></si>".repeat(4_000_000)).into_bytes()),
    ]);
    let many: Vec<(String, Vec<u8>)> = (0..60_000).map(|i| (format!("p{i}"), Vec::new())).collect();
    let many = zip(&many.iter().map(|(n, c)| (n.as_str(), c.clone())).collect::<Vec<_>>());
    let dtd = parts_with(&[("xl/worksheets/sheet1.xml", b"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>&b;</v></c></row></sheetData></worksheet>".to_vec())]);
    let macros = parts_with(&[sheet(""), ("xl/vbaProject.bin", b"x".to_vec())]);
    let wide = raw_sheet(&format!("<row r=\"1\">{}</row>", "<c t=\"str\"><v>x</v></c>".repeat(16_384)));
    let cell = raw_sheet(&format!("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>{}</v></c></row>", random_text(2 << 20)));
    let deep = raw_sheet(&format!("{}{}", "<a>".repeat(200), "</a>".repeat(200)));
    let mut old = vec![0xd0, 0xcf, 0x11, 0xe0];
    old.resize(4_096, 0);
    let mut locked = raw_sheet("");
    let flag = locked.windows(4).rposition(|w| w == b"PK\x01\x02").expect("a directory") + 8;
    locked[flag] |= 1;
    let mut damaged = raw_sheet("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>ID</v></c></row>");
    let crc = damaged.windows(4).rposition(|w| w == b"PK\x01\x02").expect("a directory") + 16;
    damaged[crc] ^= 1;
    vec![
        ("two cells far apart", two_cells),
        ("inflates a thousandfold", bomb),
        ("shared strings", strings),
        ("sixty thousand parts", many),
        ("document type", dtd),
        ("macros", macros),
        ("16,384 columns", wide),
        ("one huge cell", cell),
        ("deep nesting", deep),
        ("encrypted or old", old),
        ("locked part", locked),
        ("checksum", damaged),
        ("no workbook", b"PK, but not really".to_vec()),
    ]
}

#[test]
fn hostile_workbooks_are_refused_for_what_they_are() {
    for (what, bytes) in hostile() {
        let manifest = manifest("xlsx", &bytes, 1, "");
        let refused = rows(&bytes[..], &manifest, Some(&mapping())).map(|_| ());
        let error = refused.expect_err(what);
        let why = matches!(
            error,
            RegisterError::Workbook(_)
                | RegisterError::TooManyColumns(_)
                | RegisterError::Dtd
                | RegisterError::RecordTooLarge { .. }
        );
        assert!(why, "{what}: {error}");
    }
}

/// Text that does not pack, so that only its size can be the reason.
fn random_text(n: usize) -> String {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + ((state >> 40) % 26) as u8)
    };
    (0..n).map(|_| next()).collect()
}
