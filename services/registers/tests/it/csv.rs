//! Delimited text: encodings, headers, mapping, values, and what is refused.

use crate::common::{import, manifest, rows};
use domain::record::{Answer, Literacy, Role, Sex};
use jiff::civil::date;
use registers::{Mapping, NoteKind, Reason, RegisterError, verify};

const MAPPING: &str = r#"
ignore = ["Religion"]
[fixed]
roles = "aid_recipient"
[[column]]
header = "ID"
field = "record_id"
[[column]]
header = "Name"
field = "names.full"
[[column]]
header = "Sex"
field = "sex"
[[column]]
header = "Born"
field = "birth"
[[column]]
header = "Phone"
field = "phone"
[[column]]
header = "Safe"
field = "phone.safe"
values = { "vert" = "yes", "rouge" = "no", "?" = "" }
[[column]]
header = "Needs"
field = "needs_codes"
split = ";"
[[column]]
header = "Reads"
field = "literacy"
values = { "lit" = "reads" }
"#;

const HEADER: &str = "ID,Name,Sex,Born,Phone,Safe,Needs,Reads,Religion";

fn mapping() -> Mapping {
    Mapping::parse(MAPPING).expect("a mapping")
}

fn file(lines: &[&str]) -> String {
    format!("{HEADER}\n{}\n", lines.join("\n"))
}

#[test]
fn a_mapped_row_becomes_a_canonical_record() {
    let text = file(&["A-1,Amina  Synthetic,F,1990-05-17,0720 000 001,vert,SV-VA;xx yy,lit,secret"]);
    let manifest = manifest("csv", text.as_bytes(), 1, "");
    let out = import(text.as_bytes(), &manifest, Some(&mapping())).expect("fine");
    let [record] = &out.records[..] else { panic!("one record") };
    assert_eq!(record.record_id.expose(), "A-1");
    assert_eq!(record.names.full[0].expose(), "Amina Synthetic");
    assert_eq!((record.sex, record.literacy), (Some(Sex::Female), Some(Literacy::Reads)));
    assert_eq!(record.birth.map(|b| (b.year, b.month, b.day)), Some((1990, Some(5), Some(17))));
    assert_eq!(record.contacts[0].value.expose(), "+254720000001");
    assert_eq!(record.contacts[0].safe, Some(Answer::Yes));
    assert_eq!(record.contacts[0].country.as_deref(), Some("KE"));
    assert_eq!(record.needs_codes.as_deref(), Some(&["SV-VA".to_owned(), "XX-YY".to_owned()][..]));
    assert_eq!(record.roles, [Role::AidRecipient]);
    assert!(!serde_json::to_string(record).expect("json").contains("secret"), "what is ignored is dropped at the door");
}

#[test]
fn six_encodings_give_the_same_record() {
    let mapping = mapping();
    let text = file(&["A-1,Zoé Müller,F,1990-05-17,0720000001,vert,,lit,"]);
    let utf16 = |big: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let files: [(&str, Vec<u8>); 6] = [
        ("utf-8", text.clone().into_bytes()),
        ("utf-8", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("utf-16le", utf16(false, true)),
        ("utf-16be", utf16(true, true)),
        ("utf-16le", utf16(false, false)),
        ("windows-1252", latin),
    ];
    let mut first = None;
    for (encoding, bytes) in &files {
        let manifest = manifest("csv", bytes, 1, &format!("encoding = \"{encoding}\""));
        let out = import(bytes, &manifest, Some(&mapping)).expect(encoding);
        assert_eq!(out.records.len(), 1);
        let record = first.get_or_insert_with(|| out.records[0].clone());
        assert!(*record == out.records[0], "{encoding}");
    }
    let arabic = b"ID,Name,Sex,Born,Phone,Safe,Needs,Reads,Religion\nA-1,\xe3\xcd\xe3\xcf,M,,,,,,\n";
    let manifest = manifest("csv", arabic, 1, "encoding = \"windows-1256\"");
    let out = import(arabic, &manifest, Some(&mapping)).expect("windows-1256");
    assert_eq!(out.records[0].names.full[0].expose(), "محمد");
}

#[test]
fn bytes_that_the_encoding_does_not_have_are_refused_where_they_stand() {
    let mut bytes = file(&["A-1,Amina,F,,,,,,", "A-2,Zo"]).into_bytes();
    bytes.truncate(bytes.len() - 1);
    let at = bytes.len() as u64;
    bytes.extend(b"\xe9,F,,,,,,\n");
    let manifest = manifest("csv", &bytes, 2, "");
    match verify(&bytes[..], &manifest, Some(&mapping()), |_, _| {}) {
        Err(RegisterError::Encoding { byte, line, .. }) => assert_eq!((byte, line), (at, 3)),
        other => panic!("{other:?}"),
    }
    let wrong_mark = [b"\xff\xfe", file(&["A-1,A,F,,,,,,"]).as_bytes()].concat();
    assert!(matches!(
        rows(&wrong_mark[..], &manifest, Some(&mapping())).map(|_| ()),
        Err(RegisterError::ByteOrderMark(_))
    ));
}

#[test]
fn delimiters_and_hxl_rows() {
    let mapping = mapping();
    for delimiter in [',', ';', '\t'] {
        let text = file(&["A-1,Amina,F,1990-05-17,0720000001,vert,,lit,"]).replace(',', &delimiter.to_string());
        let manifest = manifest("csv", text.as_bytes(), 1, "");
        assert_eq!(import(text.as_bytes(), &manifest, Some(&mapping)).expect("fine").records.len(), 1, "{delimiter:?}");
    }
    let text = "Anything,Else\n#meta+id,#contact +name\nA-1,Amina\n";
    let mapping = Mapping::parse("[[column]]\nheader = \"#meta+id\"\nfield = \"record_id\"\n[[column]]\nheader = \"#contact+name\"\nfield = \"names.full\"\n").expect("a mapping");
    let declared = manifest("csv", text.as_bytes(), 1, "hxl = true");
    let out = import(text.as_bytes(), &declared, Some(&mapping)).expect("fine");
    assert_eq!(out.records[0].names.full[0].expose(), "Amina");
    let without = "Anything,Else\nA-1,Amina\n";
    assert!(matches!(rows(without.as_bytes(), &declared, Some(&mapping)).map(|_| ()), Err(RegisterError::NoHxlRow)));
}

#[test]
fn a_file_of_the_wrong_shape_is_refused_whole_with_row_and_column() {
    type Check = fn(&RegisterError) -> bool;
    let cases: Vec<(String, Check)> = vec![
        (String::new(), |e| matches!(e, RegisterError::NoHeader)),
        (format!("{HEADER}\n"), |e| matches!(e, RegisterError::NoRows)),
        (file(&["A-1,Amina,F,,,,,,", "A-2,Amina,F"]), |e| {
            matches!(e, RegisterError::Ragged { row: 3, expected: 9, found: 3 })
        }),
        (file(&["A-1,Amina,F,,,,,,,"]), |e| matches!(e, RegisterError::Ragged { row: 2, found: 10, .. })),
        (file(&["A-1,\"Amina,F,,,,,,", "A-2,Amina,F,,,,,,"]), |e| matches!(e, RegisterError::UnclosedQuote { row: 2 })),
        (file(&["A-1,\"Ami\"na,F,,,,,,"]), |e| matches!(e, RegisterError::TextAfterQuote { row: 2, column: 2 })),
        (format!("{HEADER},ID\nA-1,,,,,,,,,A-1\n"), |e| matches!(e, RegisterError::DuplicateHeader(h) if h == "ID")),
        (format!("{HEADER},\nA-1,,,,,,,,,\n"), |e| matches!(e, RegisterError::EmptyHeader(10))),
        (
            format!("{HEADER},Do not call\nA-1,,,,,,,,,yes\n"),
            |e| matches!(e, RegisterError::UnmappedColumn(h) if h == "Do not call"),
        ),
        ("A-1,Amina,Amina,F,,,,,\nA-2,Asha,Asha,F,,,,,\n".to_owned(), |e| matches!(e, RegisterError::NoKnownHeader)),
        // A name that is also the header of some column.
        ("A-1,Name,Amina,F,,,,,\n".to_owned(), |e| matches!(e, RegisterError::MissingColumn(h) if h == "ID")),
        ("Name,Sex\nAmina,F\n".to_owned(), |e| matches!(e, RegisterError::MissingColumn(h) if h == "ID")),
        (file(&[&format!("A-1,{},F,,,,,,", "x".repeat(100_000))]), |e| {
            matches!(e, RegisterError::RecordTooLarge { row: 2, .. })
        }),
    ];
    for (text, check) in cases {
        let manifest = manifest("csv", text.as_bytes(), 2, "");
        let error = rows(text.as_bytes(), &manifest, Some(&mapping())).map(|_| ()).expect_err("refused");
        assert!(check(&error), "{error}");
        assert!(!error.to_string().contains("Amina"), "{error}");
        let error = verify(text.as_bytes(), &manifest, Some(&mapping()), |_, _| {}).expect_err("refused");
        assert!(check(&error), "{error}");
    }
}

#[test]
fn a_file_that_disagrees_with_its_manifest_is_refused_whole() {
    let text = file(&["A-1,Amina,F,,,,,,", "A-2,Asha,F,,,,,,"]);
    let count = manifest("csv", text.as_bytes(), 3, "");
    let refused = verify(text.as_bytes(), &count, Some(&mapping()), |_, _| {});
    assert!(matches!(refused, Err(RegisterError::RowCount { declared: 3, found: 2 })));
    let digest = manifest("csv", b"another file", 2, "");
    assert!(matches!(verify(text.as_bytes(), &digest, Some(&mapping()), |_, _| {}), Err(RegisterError::Digest)));
    let fine = manifest("csv", text.as_bytes(), 2, "");
    let mut told = 0;
    let verified = verify(text.as_bytes(), &fine, Some(&mapping()), |_, bytes| told = bytes).expect("fine");
    assert_eq!((verified.rows, verified.bytes, told), (2, text.len() as u64, text.len() as u64));
}

#[test]
fn bad_values_set_one_row_aside_and_name_the_column_but_never_the_value() {
    let table = [
        ("A-1,Amina,F,01/02/2010,,,,,", Some("Born"), Reason::AmbiguousDate),
        ("A-1,Amina,F,29/02/2009,,,,,", Some("Born"), Reason::NotADate),
        ("A-1,Ami\u{0}na,F,,,,,,", Some("Name"), Reason::ControlCharacter),
        ("A-1,Ami\u{fffd}na,F,,,,,,", Some("Name"), Reason::LostText),
        (",Amina,F,,,,,,", None, Reason::NoRecordId),
    ];
    for (line, column, reason) in table {
        let text = file(&[line, "A-2,Asha,F,,,,,,"]);
        let manifest = manifest("csv", text.as_bytes(), 2, "");
        let out = import(text.as_bytes(), &manifest, Some(&mapping())).expect("fine");
        assert_eq!(out.records.len(), 1, "the other row is read");
        let (row, quarantine) = &out.quarantined[0];
        assert_eq!((*row, quarantine.column.as_deref(), quarantine.reason), (2, column, reason));
    }
    let long = file(&[&format!("A-1,{},F,,,,,,", "n".repeat(10_000))]);
    let manifest = manifest("csv", long.as_bytes(), 1, "");
    let out = import(long.as_bytes(), &manifest, Some(&mapping())).expect("fine");
    assert_eq!(out.quarantined[0].1.reason, Reason::TooLong);
}

#[test]
fn a_second_row_under_one_id_is_set_aside() {
    let text = file(&["A-1,Amina,F,,,,,,", "A-1,Amina,F,,0720000001,vert,,,"]);
    let manifest = manifest("csv", text.as_bytes(), 2, "");
    let out = import(text.as_bytes(), &manifest, Some(&mapping())).expect("fine");
    assert_eq!(out.records.len(), 1);
    assert_eq!(out.quarantined[0].1.reason, Reason::DuplicateRecordId);
}

#[test]
fn values_that_no_code_has_hold_the_record_and_what_is_unusable_is_said() {
    let text = file(&[
        "A-1,*******,F,1900-01-00,7.89E+11,vert,,lit,",
        "A-2,Amina,Z,,0720000001,orange,9,maybe,",
        "A-3,Amina,F,,notaphone,rouge,,,",
        "A-4,Amina,F,,0720000004,?,,,",
    ]);
    let manifest = manifest("csv", text.as_bytes(), 4, "");
    let out = import(text.as_bytes(), &manifest, Some(&mapping())).expect("fine");
    let said: Vec<_> = out.notes.iter().map(|(row, note)| (*row, &*note.column, note.kind)).collect();
    assert_eq!(
        said,
        [
            (2, "Name", NoteKind::MaskedName),
            (2, "Born", NoteKind::DatePlaceholder),
            (2, "Phone", NoteKind::PhoneMangled),
            (3, "Sex", NoteKind::UnknownCode),
            (3, "Safe", NoteKind::UnknownCode),
            (3, "Needs", NoteKind::UnknownCode),
            (3, "Reads", NoteKind::UnknownCode),
            (4, "Phone", NoteKind::PhoneUnusable),
        ]
    );
    assert!(out.records[0].names.full.is_empty() && out.records[0].contacts.is_empty());
    assert_eq!(out.records[1].unknown_codes, ["sex", "phone.safe", "needs_codes", "literacy"]);
    assert!(out.records[2].unparsed_restriction, "an unsafe number that cannot be read is a restriction");
    assert_eq!(out.records[3].contacts[0].safe, None);
}

#[test]
fn an_empty_cell_is_none_only_where_the_manifest_says_that_the_column_is_carried() {
    let text = file(&["A-1,Amina,F,,,,,,"]);
    let silent = manifest("csv", text.as_bytes(), 1, "");
    let carried = manifest("csv", text.as_bytes(), 1, "carries = [\"needs_codes\", \"relations\"]");
    let needs = |m| import(text.as_bytes(), m, Some(&mapping())).expect("fine").records.remove(0);
    assert_eq!(needs(&silent).needs_codes, None);
    let record = needs(&carried);
    assert_eq!(record.needs_codes, Some(vec![]));
    assert!(record.relations.is_some_and(|r| r.is_empty()));
    assert_eq!(record.concerns, None);
}

#[test]
fn names_keep_their_joiners_lose_overrides_and_have_one_form() {
    let text = file(&["A-1,می\u{200c}نا \u{202e}Jose\u{301},F,,,,,,", "A-2,می\u{200c}نا José,F,,,,,,"]);
    let manifest = manifest("csv", text.as_bytes(), 2, "");
    let out = import(text.as_bytes(), &manifest, Some(&mapping())).expect("fine");
    assert_eq!(out.records[0].names.full[0].expose(), "می\u{200c}نا José");
    assert!(out.records[0].names == out.records[1].names);
}

#[test]
fn formulas_are_stored_as_given() {
    let payloads = ["=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "＝1+1", "\t=1"];
    for payload in payloads {
        let text = format!("ID,Name\nA-1,\"{payload}\"\n");
        let mapping = Mapping::parse(
            "[[column]]\nheader = \"ID\"\nfield = \"record_id\"\n[[column]]\nheader = \"Name\"\nfield = \"places\"\n",
        )
        .expect("a mapping");
        let manifest = manifest("csv", text.as_bytes(), 1, "");
        let out = import(text.as_bytes(), &manifest, Some(&mapping)).expect("fine");
        assert_eq!(out.records[0].places[0].expose(), payload.trim());
    }
}

#[test]
fn staff_are_adults_and_a_partners_published_address_may_be_used() {
    let text = "ID,Role,Created,Mail,Published\nS-1,staff,2020-03-01,a@b.example,\nP-1,partner_organisation,2020-03-01,office@b.example,yes\n";
    let mapping = Mapping::parse(
        "[[column]]\nheader = \"ID\"\nfield = \"record_id\"\n[[column]]\nheader = \"Role\"\nfield = \"roles\"\n[[column]]\nheader = \"Created\"\nfield = \"created_on\"\n[[column]]\nheader = \"Mail\"\nfield = \"email\"\n[[column]]\nheader = \"Published\"\nfield = \"email.published\"\n",
    )
    .expect("a mapping");
    let manifest = manifest("csv", text.as_bytes(), 2, "");
    let out = import(text.as_bytes(), &manifest, Some(&mapping)).expect("fine");
    let age = out.records[0].age.expect("an age");
    assert_eq!((age.min, age.as_of), (18, date(2020, 3, 1)));
    assert_eq!(out.records[0].contacts[0].safe, None);
    let office = &out.records[1].contacts[0];
    assert_eq!((office.safe, office.may_name_org), (Some(Answer::Yes), Some(Answer::Yes)));
}

#[test]
fn a_field_that_does_not_exist_is_answered_with_the_one_that_may_be_meant() {
    let said = |field: &str| {
        let text = format!("[[column]]\nheader = \"x\"\nfield = \"{field}\"\n");
        Mapping::parse(&text).expect_err("refused").to_string()
    };
    assert!(said("language").contains("«language»; «languages» may be meant"), "{}", said("language"));
    assert!(said("shoe_size").contains("the fields are record_id, "), "{}", said("shoe_size"));
}
