//! A workbook: sheets of text cells, packed on the way.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::escaped;

const SHEETS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>";
const RELATIONSHIPS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>";
const SHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";

/// Characters that the name of a sheet may have.
const NAME: usize = 31;

/// A workbook under way. The packed sheets are held until their size is known, as the container wants it.
pub(super) struct Workbook<W> {
    out: W,
    sheets: Vec<Sheet>,
}

struct Sheet {
    name: String,
    part: Part,
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
    /// Empty sheets with these names, cut as spreadsheets cut them.
    pub(super) fn new(out: W, names: &[&str]) -> io::Result<Self> {
        let mut sheets = Vec::new();
        for name in names {
            let mut part = Part::new();
            part.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>")?;
            sheets.push(Sheet { name: name.chars().take(NAME).collect(), part, row: 0 });
        }
        Ok(Self { out, sheets })
    }

    /// Adds a row to a sheet.
    pub(super) fn row(&mut self, sheet: usize, cells: impl Iterator<Item = String>) -> io::Result<()> {
        let Some(sheet) = self.sheets.get_mut(sheet) else { return Ok(()) };
        sheet.row += 1;
        let mut line = format!("<row r=\"{}\">", sheet.row);
        for (at, cell) in cells.enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let place = format!("{}{}", letters(at), sheet.row);
            line.push_str(&format!(
                "<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                escaped(&cell)
            ));
        }
        line.push_str("</row>");
        sheet.part.write(&line)
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        let mut directory = Vec::new();
        let mut at = 0_u32;
        let mut count = 0_u16;
        for (name, text) in fixed(&self.sheets) {
            let mut part = Part::new();
            part.write(&text)?;
            at = put(&mut self.out, &mut directory, name, part, at)?;
            count += 1;
        }
        for (n, mut sheet) in self.sheets.into_iter().enumerate() {
            sheet.part.write("</sheetData></worksheet>")?;
            let name = format!("xl/worksheets/sheet{}.xml", n + 1);
            at = put(&mut self.out, &mut directory, &name, sheet.part, at)?;
            count += 1;
        }
        self.out.write_all(&directory)?;
        self.out.write_all(b"PK\x05\x06\0\0\0\0")?;
        self.out.write_all(&count.to_le_bytes())?;
        self.out.write_all(&count.to_le_bytes())?;
        self.out.write_all(&small(directory.len() as u64)?.to_le_bytes())?;
        self.out.write_all(&at.to_le_bytes())?;
        self.out.write_all(&[0, 0])?;
        Ok(self.out)
    }
}

/// The parts that say which sheets there are.
fn fixed(sheets: &[Sheet]) -> [(&'static str, String); 4] {
    let (mut types, mut listed, mut related) = (TYPES.to_owned(), SHEETS.to_owned(), RELATIONSHIPS.to_owned());
    for (n, sheet) in (1..).zip(sheets) {
        types.push_str(&format!("<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{SHEET_TYPE}\"/>"));
        listed.push_str(&format!("<sheet name=\"{}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>", escaped(&sheet.name)));
        related.push_str(&format!(
            "<Relationship Id=\"rId{n}\" Type=\"{TYPE}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        ));
    }
    let root = format!(
        "{RELATIONSHIPS}<Relationship Id=\"rId1\" Type=\"{TYPE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    [
        ("[Content_Types].xml", types + "</Types>"),
        ("_rels/.rels", root),
        ("xl/workbook.xml", listed + "</sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", related + "</Relationships>"),
    ]
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
