//! Delimited text with a header and a mapping file.

use std::collections::VecDeque;
use std::io::{Chain, Cursor, Read};

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use crate::draft::Context;
use crate::error::RegisterError;
use crate::limits;
use crate::manifest::Manifest;
use crate::mapping::Mapping;
use crate::meter::{Meter, Progress, Quotes, Utf8};
use crate::read::{Row, Source};
use crate::table::Table;

type Text<R> = Quotes<Chain<Cursor<Vec<u8>>, Meter<Utf8<R>>>>;

/// Rows of cells of one width.
pub(crate) struct Cells<R> {
    reader: csv::Reader<Text<R>>,
    progress: Progress,
    record: StringRecord,
    /// Number of the row in `record`.
    number: u64,
    /// The header, or the row of hashtags under it where the manifest declares one.
    pub(crate) header: Vec<String>,
}

impl<R: Read> Cells<R> {
    pub(crate) fn new(reader: R, manifest: &Manifest) -> Result<Self, RegisterError> {
        let (mut meter, progress) = Meter::new(Utf8::new(reader, manifest.encoding), limits::RECORD_BYTES);
        let head = first_line(&mut meter)?;
        let delimiter = manifest.delimiter.and_then(|d| u8::try_from(d).ok()).unwrap_or_else(|| delimiter_of(&head));
        let text = Quotes::new(Cursor::new(head).chain(meter), delimiter);
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
        let mut cells = Self { reader, progress, record: StringRecord::new(), number: 0, header: Vec::new() };
        if !cells.take()? {
            return Err(RegisterError::NoHeader);
        }
        cells.header = cells.record.iter().map(|h| h.trim().to_owned()).collect();
        if manifest.hxl {
            cells.hxl_row()?;
        }
        Ok(cells)
    }

    /// Columns are known by their hashtag where there is one, else by their header.
    fn hxl_row(&mut self) -> Result<(), RegisterError> {
        let present = self.take()? && self.record.iter().any(|tag| tag.trim().starts_with('#'));
        if !present || self.record.iter().any(|tag| !tag.trim().is_empty() && !tag.trim().starts_with('#')) {
            return Err(RegisterError::NoHxlRow);
        }
        self.check_width()?;
        for (header, tag) in self.header.iter_mut().zip(self.record.iter()) {
            if !tag.trim().is_empty() {
                *header = tag.split_whitespace().collect::<String>().to_lowercase();
            }
        }
        Ok(())
    }

    fn take(&mut self) -> Result<bool, RegisterError> {
        let found = self.reader.read_record(&mut self.record).map_err(|e| self.fault(e))?;
        if found {
            self.number += 1;
            self.progress.finished(self.number);
        }
        Ok(found)
    }

    fn fault(&self, error: csv::Error) -> RegisterError {
        match error.into_kind() {
            ErrorKind::Io(error) => error.into(),
            _ => RegisterError::Malformed { row: self.number + 1, format: "CSV" },
        }
    }

    fn check_width(&self) -> Result<(), RegisterError> {
        if self.record.len() == self.header.len() {
            return Ok(());
        }
        Err(RegisterError::Ragged { row: self.number, expected: self.header.len(), found: self.record.len() })
    }

    /// The next row.
    pub(crate) fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        if !self.take()? {
            return Ok(None);
        }
        self.check_width()?;
        if self.number == 2 && is_hxl(&self.record) {
            return Err(RegisterError::HxlRow);
        }
        Ok(Some(self.number))
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn cell(&self, at: usize) -> &str {
        self.record.get(at).unwrap_or_default()
    }
}

/// A row of hashtags, as stands under the header of a HXL file.
fn is_hxl(record: &StringRecord) -> bool {
    let mut cells = record.iter().map(str::trim).filter(|cell| !cell.is_empty()).peekable();
    cells.peek().is_some() && cells.all(|cell| cell.starts_with('#'))
}

/// Text up to and with the first line break outside quotes: the header.
fn first_line<R: Read>(reader: &mut R) -> Result<Vec<u8>, RegisterError> {
    let mut head = Vec::new();
    let mut chunk = [0_u8; 4096];
    loop {
        let n = reader.read(&mut chunk)?;
        head.extend_from_slice(&chunk[..n]);
        let mut quoted = false;
        let ended = head.iter().any(|b| {
            quoted ^= *b == b'"';
            !quoted && *b == b'\n'
        });
        if n == 0 || ended {
            return Ok(head);
        }
    }
}

/// Whichever delimiter the first line has most of outside quotes.
fn delimiter_of(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            byte if !quoted => {
                if let Some(count) = counts.iter_mut().find(|(d, _)| d == byte) {
                    count.1 += 1;
                }
            }
            _ => {}
        }
    }
    let mut best = counts[0];
    for count in counts {
        if count.1 > best.1 {
            best = count;
        }
    }
    best.0
}

/// A mapped CSV file.
pub(crate) struct Csv<'a, R> {
    cells: Cells<R>,
    table: Table,
    context: Context<'a>,
}

impl<'a, R: Read> Csv<'a, R> {
    pub(crate) fn new(reader: R, manifest: &'a Manifest, mapping: &Mapping) -> Result<Self, RegisterError> {
        let cells = Cells::new(reader, manifest)?;
        let table = Table::new(&cells.header, mapping)?;
        Ok(Self { cells, table, context: Context::new(manifest)? })
    }

    /// Takes off the guard that some systems put before what could be a formula.
    pub(crate) fn unguarded(mut self) -> Self {
        self.table.unguard = true;
        self
    }
}

impl<R: Read> Source for Csv<'_, R> {
    fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        self.cells.advance()
    }

    fn convert(&mut self, out: &mut VecDeque<Row>) {
        let outcome = self.table.record(|at| self.cells.cell(at), &mut self.context);
        let id = || Some(self.table.id(|at| self.cells.cell(at)).into());
        out.push_back(Row::new(self.cells.number(), outcome, id));
    }
}
