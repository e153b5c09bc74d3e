//! PFIF as CSV: a person and at most one note in a row. Rows of one person that follow each other are its notes.

use std::collections::VecDeque;
use std::io::Read;

use super::csv::Cells;
use super::pfif::{self, DROPPED, Fields, NOTE, NOTE_DROPPED, Numbers, PERSON};
use crate::draft::Context;
use crate::error::RegisterError;
use crate::limits;
use crate::manifest::Manifest;
use crate::read::{Row, Source};
use crate::table::shown;

/// A PFIF CSV file.
pub(crate) struct PfifCsv<'a, R> {
    cells: Cells<R>,
    context: Context<'a>,
    /// The person whose rows are being read, the first of them, and its notes so far.
    person: Fields,
    row: u64,
    notes: Vec<Fields>,
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
                return Err(RegisterError::UnmappedColumn(shown(header)));
            }
            if cells.header[..at].contains(header) {
                return Err(RegisterError::DuplicateHeader(header.clone()));
            }
        }
        Ok(Self {
            cells,
            context: Context::new(manifest)?,
            person: Fields::default(),
            row: 0,
            notes: Vec::new(),
            numbers: Numbers::default(),
        })
    }
}

impl<R: Read> Source for PfifCsv<'_, R> {
    fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        self.cells.advance()
    }

    fn convert(&mut self, out: &mut VecDeque<Row>) {
        let (mut person, mut note) = (Fields::default(), Fields::default());
        for (at, header) in self.cells.header.iter().enumerate() {
            let value = self.cells.cell(at);
            // The author of a row is the author of the person; a note of the row has the same one.
            if !person.put(PERSON, header, value) {
                note.put(NOTE, header, value);
            }
        }
        let source_date = person.get("source_date").to_owned();
        let id = person.get("person_record_id").to_owned();
        if id.is_empty() || id != self.person.get("person_record_id") || self.notes.len() >= limits::NOTES {
            self.finish(out);
            (self.person, self.row) = (person, self.cells.number());
        } else {
            // Whoever wrote a further row may be somebody else, who is told too.
            let own_id = format!("{id}/{}", self.cells.number());
            for author in ["author_name", "author_email", "author_phone"] {
                note.put(NOTE, author, person.get(author));
            }
            note.put(NOTE, "note_record_id", &own_id);
        }
        if !note.is_empty() {
            note.put(NOTE, "source_date", &source_date);
            self.notes.push(note);
        }
    }

    fn finish(&mut self, out: &mut VecDeque<Row>) {
        if self.row > 0 {
            pfif::convert(&mut self.numbers, self.row, &self.person, &self.notes, &mut self.context, out);
        }
        self.row = 0;
        self.notes.clear();
    }

    fn gives_several(&self) -> bool {
        true
    }
}
