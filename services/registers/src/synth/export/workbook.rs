//! A workbook with one sheet, the flat table: written as a stream, packed on the way.

use std::io::{self, Write};

use domain::record::Record;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::escaped;
use super::table;

const WORKBOOK: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"People\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const WORKBOOK_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";
const SHEET: &str = "xl/worksheets/sheet1.xml";

/// A workbook under way. The packed sheet is held until its size is known, as the container wants it.
pub(super) struct Workbook<W> {
    out: W,
    sheet: Part,
    row: u64,
}

/// One part of the container, being packed.
struct Part {
    packed: DeflateEncoder<Vec<u8>>,
    crc: Crc,
}

impl Part {
    fn new() -> Self {
        Self { packed: DeflateEncoder::new(Vec::new(), Compression::default()), crc: Crc::new() }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.crc.update(text.as_bytes());
        self.packed.write_all(text.as_bytes())
    }
}

impl<W: Write> Workbook<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let mut book = Self { out, sheet: Part::new(), row: 0 };
        book.sheet.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>")?;
        book.cells(table::headers())?;
        Ok(book)
    }

    pub(super) fn write(&mut self, record: &Record) -> io::Result<()> {
        self.cells(table::cells(record))
    }

    fn cells(&mut self, cells: impl Iterator<Item = String>) -> io::Result<()> {
        self.row += 1;
        let mut line = format!("<row r=\"{}\">", self.row);
        for (at, cell) in cells.enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let place = format!("{}{}", letters(at), self.row);
            line.push_str(&format!(
                "<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                escaped(&cell)
            ));
        }
        line.push_str("</row>");
        self.sheet.write(&line)
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.sheet.write("</sheetData></worksheet>")?;
        let fixed = [
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", RELATIONS),
            ("xl/workbook.xml", WORKBOOK),
            ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
        ];
        let mut directory = Vec::new();
        let mut at = 0_u32;
        let mut count = 0_u16;
        for (name, text) in fixed {
            let mut part = Part::new();
            part.write(text)?;
            at = put(&mut self.out, &mut directory, name, part, at)?;
            count += 1;
        }
        let start = put(&mut self.out, &mut directory, SHEET, self.sheet, at)?;
        count += 1;
        self.out.write_all(&directory)?;
        self.out.write_all(b"PK\x05\x06\0\0\0\0")?;
        self.out.write_all(&count.to_le_bytes())?;
        self.out.write_all(&count.to_le_bytes())?;
        self.out.write_all(&small(directory.len() as u64)?.to_le_bytes())?;
        self.out.write_all(&start.to_le_bytes())?;
        self.out.write_all(&[0, 0])?;
        Ok(self.out)
    }
}

/// Writes a part and its line in the directory; where the next one begins.
fn put(out: &mut impl Write, directory: &mut Vec<u8>, name: &str, part: Part, at: u32) -> io::Result<u32> {
    let size = small(part.packed.total_in())?;
    let packed = part.packed.finish()?;
    let sizes = [part.crc.sum(), small(packed.len() as u64)?, size];
    let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
    sizes.iter().for_each(|n| common.extend(n.to_le_bytes()));
    common.extend(u16::try_from(name.len()).map_err(io::Error::other)?.to_le_bytes());
    common.extend([0, 0]);
    out.write_all(b"PK\x03\x04")?;
    out.write_all(&common)?;
    out.write_all(name.as_bytes())?;
    out.write_all(&packed)?;
    directory.extend(b"PK\x01\x02\x14\x00");
    directory.extend(&common);
    directory.extend([0; 10]);
    directory.extend(at.to_le_bytes());
    directory.extend(name.as_bytes());
    small(u64::from(at) + 4 + common.len() as u64 + name.len() as u64 + packed.len() as u64)
}

/// The container knows sizes of four bytes.
fn small(size: u64) -> io::Result<u32> {
    u32::try_from(size).map_err(|_| io::Error::other("too many people for one workbook"))
}

/// Letters of a column.
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
