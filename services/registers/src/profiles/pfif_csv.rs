//! PFIF as CSV: a person and at most one note in a row.

use std::collections::VecDeque;
use std::io::Read;

use super::csv::Cells;
use super::pfif::{self, DROPPED, Fields, NOTE, NOTE_DROPPED, Numbers, PERSON};
use crate::draft::Context;
use crate::error::RegisterError;
use crate::manifest::Manifest;
use crate::read::{Row, Source};

/// A PFIF CSV file.
pub(crate) struct PfifCsv<'a, R> {
    cells: Cells<R>,
    context: Context<'a>,
    person: Fields,
    note: Fields,
    numbers: Numbers,
}

impl<'a, R: Read> PfifCsv<'a, R> {
    pub(crate) fn new(reader: R, manifest: &'a Manifest) -> Result<Self, RegisterError> {
        let cells = Cells::new(reader, manifest)?;
        let known = |name: &str| {
            let among = |list: &[(&str, &[&str])]| list.iter().any(|(n, older)| *n == name || older.contains(&name));
            among(PERSON) || among(NOTE) || DROPPED.contains(&name) || NOTE_DROPPED.contains(&name)
        };
        // First of all: a file without a header has a person there, of whom nothing may be shown.
        if !cells.header.iter().any(|h| h == "person_record_id") {
            return Err(RegisterError::MissingColumn("person_record_id".to_owned()));
        }
        for (at, header) in cells.header.iter().enumerate() {
            if header.is_empty() {
                return Err(RegisterError::EmptyHeader(at + 1));
            }
            if !known(header) {
                return Err(RegisterError::UnmappedColumn(
                    header.chars().filter(|c| !c.is_control()).take(60).collect(),
                ));
            }
            if cells.header[..at].contains(header) {
                return Err(RegisterError::DuplicateHeader(header.clone()));
            }
        }
        Ok(Self {
            cells,
            context: Context::new(manifest)?,
            person: Fields::default(),
            note: Fields::default(),
            numbers: Numbers::default(),
        })
    }
}

impl<R: Read> Source for PfifCsv<'_, R> {
    fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        self.cells.advance()
    }

    fn convert(&mut self, out: &mut VecDeque<Row>) {
        self.person.clear();
        self.note.clear();
        for (at, header) in self.cells.header.iter().enumerate() {
            let value = self.cells.cell(at);
            // The author of a row is the author of the person; a note of the row has the same one.
            if !self.person.put(PERSON, header, value) {
                self.note.put(NOTE, header, value);
            }
        }
        let source_date = self.person.get("source_date").to_owned();
        if !self.note.is_empty() {
            self.note.put(NOTE, "source_date", &source_date);
        }
        let notes: &[Fields] = if self.note.is_empty() { &[] } else { std::slice::from_ref(&self.note) };
        pfif::convert(&mut self.numbers, self.cells.number(), &self.person, notes, &mut self.context, out);
    }

    fn gives_several(&self) -> bool {
        true
    }
}
