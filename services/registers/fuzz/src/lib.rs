//! What every target does with its bytes: read them as a file of one profile, and hold every record against what must
//! be true of any record.

#[allow(dead_code)]
#[path = "../../tests/it/book.rs"]
mod book;

use registers::{Manifest, Mapping, read, survey};

const COLUMNS: [(&str, &str); 7] = [
    ("ID", "record_id"),
    ("Name", "names.full"),
    ("Born", "birth"),
    ("Phone", "phone"),
    ("Safe", "phone.safe"),
    ("Age", "age"),
    ("Mail", "email"),
];

fn mapping() -> Mapping {
    let text: String =
        COLUMNS.iter().map(|(header, field)| format!("[[column]]\nheader = \"{header}\"\nfield = \"{field}\"\n")).collect();
    Mapping::parse(&text).expect("a mapping")
}

fn manifest(profile: &str, encoding: &str) -> Manifest {
    Manifest::parse(&format!(
        "society = \"KE\"\nsystem = \"aid\"\nexported_on = \"2022-01-30\"\nprofile = \"{profile}\"\nrows = 1\nencoding = \"{encoding}\"\nsha256 = \"{}\"\n",
        "0".repeat(64)
    ))
    .expect("a manifest")
}

/// Loads the numbering plans: instrumented, that takes seconds, which would count as the first input's.
pub fn warm_up() {
    let _ = registers::values::phone::read("+254720000001", None);
}

/// A container around the XML of a sheet and, after two NULs, of the shared strings: bytes alone would never find a
/// checksum.
fn workbook(data: &[u8]) -> Vec<u8> {
    let at = data.windows(2).position(|two| two == [0, 0]);
    let (sheet, strings) = at.map_or((data, &[][..]), |at| (&data[..at], &data[at + 2..]));
    let parts = [
        ("xl/workbook.xml", &b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"[..]),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>"),
        ("xl/styles.xml", b"<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ];
    let held = parts.iter().filter(|(_, part)| !part.is_empty());
    book::zip(&held.map(|(name, part)| (*name, part.to_vec())).collect::<Vec<_>>())
}

/// The bytes as a file. The first byte chooses the encoding of a text file, and whether a workbook is put around them.
pub fn file(profile: &str, data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else { return };
    let wrapped = (profile.ends_with("xlsx") && *first % 4 != 3).then(|| workbook(bytes));
    let bytes = wrapped.as_deref().unwrap_or(bytes);
    let encodings = ["utf-8", "utf-8", "utf-8", "utf-16le", "utf-16be", "windows-1252", "windows-1256"];
    let manifest = manifest(profile, encodings[usize::from(*first) % encodings.len()]);
    let mapping = mapping();
    let whole = survey(bytes, &manifest, Some(&mapping), |_, _| {});
    let Ok(rows) = read(bytes, &manifest, Some(&mapping)) else {
        assert!(whole.is_err(), "refused when read, and not when surveyed");
        return;
    };
    let (mut given, mut last, mut refused) = (0, 0, false);
    for row in rows {
        let Ok(row) = row else {
            refused = true;
            break;
        };
        given += 1;
        assert!(row.number > last, "row numbers rise");
        last = row.number;
        let Ok((record, _)) = row.outcome else { continue };
        let text = serde_json::to_string(&record).expect("json");
        assert!(!text.contains('\u{fffd}') && !text.contains("\\u00") && !text.contains('\u{202e}'));
        assert!(!record.record_id.expose().trim().is_empty());
    }
    assert_eq!(whole.is_err(), refused, "both passes refuse the same files");
    if let Ok((found, _)) = whole {
        assert_eq!(found.rows, given);
    }
}
