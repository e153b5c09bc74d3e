//! Workbooks: one sheet as a table, or several sheets whose rows belong together by record id (Primero).
//!
//! Read by hand over a bounded container, a cell at a time: the usual readers build the whole rectangle of a sheet, and
//! two cells far apart then cost 10 GB.

pub(crate) mod book;
pub(crate) mod merged;
pub(crate) mod sheet;
pub(crate) mod zip;

use std::collections::VecDeque;
use std::io::Read;

use self::book::Book;
use self::sheet::Sheet;
use crate::draft::Context;
use crate::error::RegisterError;
use crate::limits;
use crate::manifest::Manifest;
use crate::mapping::Mapping;
use crate::read::{Row, Source};
use crate::table::Table;

/// One sheet with a header and a mapping.
pub(crate) struct OneSheet<'a> {
    rows: SheetRows,
    table: Table,
    context: Context<'a>,
}

impl<'a> OneSheet<'a> {
    pub(crate) fn new(
        book: &Book,
        name: &str,
        manifest: &'a Manifest,
        mapping: &Mapping,
    ) -> Result<Self, RegisterError> {
        let rows = SheetRows::new(book.sheet(name)?)?;
        let table = Table::new(&rows.header, mapping)?;
        Ok(Self { rows, table, context: Context::new(manifest)? })
    }
}

/// Rows of the sheet that the manifest names, or of the only one that has any; else everything that the mapping says of
/// all of them. No sheet is left aside by itself: it could hold restrictions.
pub(crate) fn table<'a>(
    reader: impl Read,
    manifest: &'a Manifest,
    mapping: &Mapping,
) -> Result<Box<dyn Source + 'a>, RegisterError> {
    let book = Book::open(reader)?;
    if let Some(name) = &manifest.sheet {
        return Ok(Box::new(OneSheet::new(&book, name, manifest, mapping)?));
    }
    let by_sheet = mapping.columns.iter().any(|c| c.sheet.is_some());
    let mut filled = Vec::new();
    for name in book.names().map(str::to_owned).collect::<Vec<_>>() {
        if mapping.for_sheet(&name).is_some()
            && !matches!(SheetRows::new(book.sheet(&name)?), Err(RegisterError::NoHeader))
        {
            filled.push(name);
        }
    }
    match &filled[..] {
        [] => Err(RegisterError::NoHeader),
        [name] if !by_sheet => Ok(Box::new(OneSheet::new(&book, name, manifest, mapping)?)),
        _ => Ok(Box::new(merged::Merged::new(&book, manifest, mapping, false)?)),
    }
}

impl Source for OneSheet<'_> {
    fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        self.rows.advance()
    }

    fn convert(&mut self, out: &mut VecDeque<Row>) {
        let outcome = self.table.record(|at| self.rows.cell(at), &mut self.context);
        let id = || Some(self.table.id(|at| self.rows.cell(at)).into());
        out.push_back(Row::new(self.rows.number, outcome, id));
    }
}

/// Headers of one sheet, or of all, each once.
pub(crate) fn headers(reader: impl Read, sheet: Option<&str>) -> Result<Vec<String>, RegisterError> {
    let book = Book::open(reader)?;
    let names: Vec<String> =
        sheet.map_or_else(|| book.names().map(str::to_owned).collect(), |name| vec![name.to_owned()]);
    let mut found: Vec<String> = Vec::new();
    for name in names {
        match SheetRows::new(book.sheet(&name)?) {
            Err(RegisterError::NoHeader) => {}
            other => {
                for header in other?.header {
                    if !header.is_empty() && !found.contains(&header) {
                        found.push(header);
                    }
                }
            }
        }
    }
    Ok(found)
}

/// Rows of one sheet, as wide as its header.
pub(crate) struct SheetRows {
    sheet: Sheet,
    cells: Vec<(usize, String)>,
    row: Vec<String>,
    /// Number of the row, as the spreadsheet shows it.
    pub(crate) number: u64,
    /// The first row that is not empty.
    pub(crate) header: Vec<String>,
}

impl SheetRows {
    pub(crate) fn new(sheet: Sheet) -> Result<Self, RegisterError> {
        let mut rows = Self { sheet, cells: Vec::new(), row: Vec::new(), number: 0, header: Vec::new() };
        let Some(_) = rows.sheet.next_row(&mut rows.cells)? else {
            return Err(RegisterError::NoHeader);
        };
        let width = rows.cells.iter().map(|(at, _)| at + 1).max().unwrap_or(0);
        rows.header = vec![String::new(); width];
        for (at, text) in rows.cells.drain(..) {
            rows.header[at] = text.trim().to_owned();
        }
        Ok(rows)
    }

    pub(crate) fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        let Some(number) = self.sheet.next_row(&mut self.cells)? else {
            return Ok(None);
        };
        self.number = number;
        self.row.iter_mut().for_each(String::clear);
        self.row.resize(self.header.len(), String::new());
        let mut bytes = 0;
        for (at, text) in self.cells.drain(..) {
            bytes += text.len();
            match self.row.get_mut(at) {
                Some(cell) => *cell = text,
                None if text.trim().is_empty() => {}
                None => {
                    return Err(RegisterError::Ragged { row: number, expected: self.header.len(), found: at + 1 });
                }
            }
        }
        if bytes > limits::RECORD_BYTES {
            return Err(RegisterError::RecordTooLarge { row: number, limit: limits::RECORD_BYTES });
        }
        Ok(Some(number))
    }

    pub(crate) fn cell(&self, at: usize) -> &str {
        self.row.get(at).map_or("", String::as_str)
    }
}
