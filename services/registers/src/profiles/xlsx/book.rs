//! What a workbook's sheets share: their names, the shared strings, which styles are dates, the date system.

use std::io::{BufReader, Read};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::sheet::Sheet;
use super::zip::{Archive, Inflated};
use crate::error::RegisterError;
use crate::limits;
use crate::meter::{Meter, Progress};

/// Inflated bytes of the small parts: names, styles, relations.
const SMALL: u64 = 8 * 1024 * 1024;
/// Bytes of one XML node; Excel allows 32,767 characters in a cell.
const NODE: usize = 256 * 1024;

/// A workbook that is open.
pub(crate) struct Book {
    archive: Archive,
    sheets: Vec<(String, String)>,
    shared: Arc<Shared>,
}

/// What cells refer to.
pub(crate) struct Shared {
    strings: Vec<Box<str>>,
    /// Whether a style shows its numbers as dates.
    dates: Vec<bool>,
    /// Days count from 1904.
    pub(crate) since_1904: bool,
}

impl Shared {
    pub(crate) fn string(&self, at: usize) -> Option<&str> {
        self.strings.get(at).map(AsRef::as_ref)
    }

    pub(crate) fn is_date(&self, style: usize) -> bool {
        self.dates.get(style).copied().unwrap_or(false)
    }
}

impl Book {
    pub(crate) fn open(reader: impl Read) -> Result<Self, RegisterError> {
        let archive = Archive::open(reader)?;
        let relations = relations(&archive)?;
        let (named, since_1904) = sheets(&archive)?;
        let mut sheets = Vec::new();
        for (name, id) in named {
            // A chart sheet has no rows; it is left out.
            if let Some((_, target)) =
                relations.iter().find(|(known, target)| *known == id && target.contains("worksheets/"))
            {
                sheets.push((name, target.clone()));
            }
        }
        let strings = if archive.has("xl/sharedStrings.xml") { strings(&archive)? } else { Vec::new() };
        let dates = if archive.has("xl/styles.xml") { styles(&archive)? } else { Vec::new() };
        Ok(Self { archive, sheets, shared: Arc::new(Shared { strings, dates, since_1904 }) })
    }

    /// Names of the sheets, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.sheets.iter().map(|(name, _)| name.as_str())
    }

    /// A sheet by name. Names are cut to 31 characters in workbooks, so the wanted one is too.
    pub(crate) fn sheet(&self, name: &str) -> Result<Sheet, RegisterError> {
        let cut = |text: &str| text.chars().take(31).collect::<String>().trim().to_lowercase();
        let (_, target) =
            self.sheets.iter().find(|(known, _)| cut(known) == cut(name)).ok_or(RegisterError::NoSheet)?;
        Ok(Sheet::new(Xml::new(self.archive.read(target, limits::XLSX_SHEET_BYTES)?), Arc::clone(&self.shared)))
    }
}

/// Events of one part, each bounded; a document type refuses the file.
pub(crate) struct Xml {
    reader: Reader<BufReader<Meter<Inflated>>>,
    progress: Progress,
    buffer: Vec<u8>,
    depth: usize,
}

/// An event that a part's reader cares about.
pub(crate) enum Node<'e> {
    Start(BytesStart<'e>),
    End(String),
    Text(String),
    Other,
    Eof,
}

impl Xml {
    pub(crate) fn new(inflated: Inflated) -> Self {
        let (meter, progress) = Meter::new(inflated, NODE);
        let mut reader = Reader::from_reader(BufReader::with_capacity(16 * 1024, meter));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, progress, buffer: Vec::new(), depth: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<Node<'static>, RegisterError> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(fault)?;
        self.progress.finished(0);
        Ok(match event {
            Event::Start(tag) => {
                self.depth += 1;
                if self.depth > limits::DEPTH {
                    return Err(malformed());
                }
                Node::Start(tag.into_owned())
            }
            Event::End(tag) => {
                self.depth = self.depth.checked_sub(1).ok_or_else(malformed)?;
                Node::End(tag.local_name().as_ref().to_owned())
            }
            Event::Text(text) => Node::Text(text.to_string()),
            Event::CData(text) => Node::Text(text.to_string()),
            Event::GeneralRef(reference) => Node::Text(resolved(&reference)?),
            Event::DocType(_) => return Err(RegisterError::Dtd),
            Event::Eof if self.depth == 0 => Node::Eof,
            Event::Eof => return Err(malformed()),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Node::Other,
        })
    }
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, RegisterError> {
    if let Some(c) = reference.resolve_char_ref().map_err(|_| malformed())? {
        return Ok(c.to_string());
    }
    resolve_predefined_entity(reference).map(str::to_owned).ok_or(RegisterError::Dtd)
}

pub(crate) const fn malformed() -> RegisterError {
    RegisterError::Workbook("a part is not well-formed")
}

fn fault(error: quick_xml::Error) -> RegisterError {
    match error {
        quick_xml::Error::Io(error) => {
            Arc::try_unwrap(error).map_or_else(|shared| RegisterError::Io(shared.kind()), Into::into)
        }
        _ => malformed(),
    }
}

/// An attribute by its local name.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, RegisterError> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| malformed())?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| malformed())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

fn relations(archive: &Archive) -> Result<Vec<(String, String)>, RegisterError> {
    let mut xml = Xml::new(archive.read("xl/_rels/workbook.xml.rels", SMALL)?);
    let mut found = Vec::new();
    loop {
        match xml.next()? {
            Node::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                if let (Some(id), Some(target)) = (attribute(&tag, "Id")?, attribute(&tag, "Target")?) {
                    let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
                    found.push((id, target));
                }
            }
            Node::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Name and relation of each sheet, and whether days count from 1904.
fn sheets(archive: &Archive) -> Result<(Vec<(String, String)>, bool), RegisterError> {
    let mut xml = Xml::new(archive.read("xl/workbook.xml", SMALL)?);
    let (mut found, mut since_1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Node::Start(tag) if tag.local_name().as_ref() == "sheet" => {
                if let (Some(name), Some(id)) = (attribute(&tag, "name")?, attribute(&tag, "id")?) {
                    found.push((name, id));
                }
            }
            Node::Start(tag) if tag.local_name().as_ref() == "workbookPr" => {
                since_1904 = attribute(&tag, "date1904")?.is_some_and(|v| v == "1" || v == "true");
            }
            Node::Eof => return Ok((found, since_1904)),
            _ => {}
        }
    }
}

fn strings(archive: &Archive) -> Result<Vec<Box<str>>, RegisterError> {
    let mut xml = Xml::new(archive.read("xl/sharedStrings.xml", limits::XLSX_STRINGS_BYTES)?);
    let mut found: Vec<Box<str>> = Vec::new();
    let (mut text, mut inside, mut phonetic) = (String::new(), false, false);
    loop {
        match xml.next()? {
            Node::Start(tag) => match tag.local_name().as_ref() {
                "si" => text.clear(),
                "t" => inside = !phonetic,
                "rPh" => phonetic = true,
                _ => {}
            },
            Node::Text(more) if inside => text.push_str(&more),
            Node::End(name) => match name.as_str() {
                "t" => inside = false,
                "rPh" => phonetic = false,
                "si" => found.push(unescaped(&text).into()),
                _ => {}
            },
            Node::Eof => return Ok(found),
            Node::Text(_) | Node::Other => {}
        }
    }
}

/// Excel writes characters that XML cannot hold as `_x000D_`.
pub(crate) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let c = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        out.push_str(&rest[..at]);
        match c {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Which cell styles show numbers as dates.
fn styles(archive: &Archive) -> Result<Vec<bool>, RegisterError> {
    let mut xml = Xml::new(archive.read("xl/styles.xml", SMALL)?);
    let mut custom: Vec<(u32, bool)> = Vec::new();
    let mut found = Vec::new();
    let mut in_cells = false;
    loop {
        match xml.next()? {
            Node::Start(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&tag, "numFmtId")?.and_then(|v| v.parse().ok());
                    let code = attribute(&tag, "formatCode")?;
                    custom.extend(id.zip(code).map(|(id, code)| (id, shows_date(&code))));
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id: u32 = attribute(&tag, "numFmtId")?.and_then(|v| v.parse().ok()).unwrap_or(0);
                    let date = custom
                        .iter()
                        .find(|(known, _)| *known == id)
                        .map_or_else(|| is_built_in_date(id), |(_, date)| *date);
                    found.push(date);
                }
                _ => {}
            },
            Node::End(name) if name == "cellXfs" => in_cells = false,
            Node::Eof => return Ok(found),
            _ => {}
        }
    }
}

const fn is_built_in_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// A format with a day or year outside quotes, brackets and escapes.
fn shows_date(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    code.chars().any(|c| {
        if escaped {
            escaped = false;
            return false;
        }
        match c {
            '\\' | '_' | '*' => escaped = true,
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            'd' | 'D' | 'y' | 'Y' if !quoted && !bracketed => return true,
            _ => {}
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_dates() {
        for (code, date) in [
            ("dd/mm/yyyy", true),
            ("[$-409]d-mmm-yy;@", true),
            ("0.00", false),
            ("\"day\" 0", false),
            ("[Red]0", false),
            ("General", false),
        ] {
            assert_eq!(shows_date(code), date, "{code}");
        }
        assert!(is_built_in_date(14) && !is_built_in_date(2));
    }

    #[test]
    fn characters_that_xml_cannot_hold() {
        assert_eq!(unescaped("a_x000D_b_x0000_c_xZZZZ__x"), "a\rb\0c_xZZZZ__x");
    }
}
