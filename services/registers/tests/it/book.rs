//! Workbooks for the tests, written by hand, so that they can be wrong in every way.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// A zip container of these parts.
pub(crate) fn zip(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut crc = Crc::new();
        crc.update(content);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).expect("memory");
        let packed = encoder.finish().expect("memory");
        let sizes = [crc.sum(), packed.len() as u32, content.len() as u32];
        let at = out.len() as u32;
        let common = |into: &mut Vec<u8>| {
            into.extend([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]);
            sizes.iter().for_each(|n| into.extend(n.to_le_bytes()));
            into.extend((name.len() as u16).to_le_bytes());
            into.extend(0_u16.to_le_bytes());
        };
        out.extend(b"PK\x03\x04");
        common(&mut out);
        out.extend(name.as_bytes());
        out.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        common(&mut directory);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (count, at) = (parts.len() as u16, out.len() as u32);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// What stands in a cell.
#[derive(Clone)]
pub(crate) enum Cell {
    Text(String),
    Number(String),
    /// A number that is shown as a date.
    Day(f64),
    Nothing,
}

/// Text.
pub(crate) fn t(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// A workbook with these sheets.
pub(crate) fn workbook(sheets: &[(&str, Vec<Vec<Cell>>)], since_1904: bool) -> Vec<u8> {
    let mut strings: Vec<String> = Vec::new();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let (mut list, mut relations) = (String::new(), String::new());
    for (i, (name, rows)) in sheets.iter().enumerate() {
        let n = i + 1;
        list.push_str(&format!("<sheet name=\"{}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>", escaped(name)));
        relations
            .push_str(&format!("<Relationship Id=\"rId{n}\" Type=\"worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"));
        parts.push((format!("xl/worksheets/sheet{n}.xml"), sheet(rows, &mut strings).into_bytes()));
    }
    let date = if since_1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!("<workbook xmlns:r=\"r\">{date}<sheets>{list}</sheets></workbook>").into_bytes(),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("<Relationships>{relations}</Relationships>").into_bytes(),
    ));
    let shared: String =
        strings.iter().map(|s| format!("<si><t xml:space=\"preserve\">{}</t></si>", escaped(s))).collect();
    parts.push(("xl/sharedStrings.xml".to_owned(), format!("<sst>{shared}</sst>").into_bytes()));
    parts.push((
        "xl/styles.xml".to_owned(),
        b"<styleSheet><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".to_vec(),
    ));
    let parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|(n, c)| (n.as_str(), c.clone())).collect();
    zip(&parts)
}

/// A sheet's XML.
pub(crate) fn sheet(rows: &[Vec<Cell>], strings: &mut Vec<String>) -> String {
    let mut out = String::from("<?xml version=\"1.0\"?><worksheet><sheetData>");
    for (r, row) in rows.iter().enumerate() {
        out.push_str(&format!("<row r=\"{}\">", r + 1));
        for (c, cell) in row.iter().enumerate() {
            let at = format!("{}{}", letters(c), r + 1);
            match cell {
                Cell::Nothing => {}
                Cell::Number(n) => out.push_str(&format!("<c r=\"{at}\"><v>{n}</v></c>")),
                Cell::Day(n) => out.push_str(&format!("<c r=\"{at}\" s=\"1\"><v>{n}</v></c>")),
                // Every other text is inline, so that both ways are read.
                Cell::Text(text) if strings.len() % 2 == 1 => {
                    strings.push(String::new());
                    out.push_str(&format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text)));
                }
                Cell::Text(text) => {
                    out.push_str(&format!("<c r=\"{at}\" t=\"s\"><v>{}</v></c>", strings.len()));
                    strings.push(text.clone());
                }
            }
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData></worksheet>");
    out
}

fn letters(mut at: usize) -> String {
    let mut out = String::new();
    loop {
        out.insert(0, char::from(b'A' + (at % 26) as u8));
        if at < 26 {
            return out;
        }
        at = at / 26 - 1;
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
