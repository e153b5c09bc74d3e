//! Synthetic registers as a Society's system would export them. Canonical NDJSON keeps everything; each other profile
//! keeps what its format has a place for, and the rest is unknown to whoever reads it, as it is in life.

mod labels;
mod pfif;
mod primero;
mod table;
mod workbook;

use std::io::{self, Write};

use domain::record::Record;

use crate::manifest::Profile;
use crate::mapping::Mapping;

pub use table::{CsvTable, csv_mapping};

use labels::{LabelBook, LabelTable};
use pfif::{Pfif, PfifTable};
use primero::Primero;
use workbook::Workbook;

/// Profiles that [`Exporter`] writes.
pub const WRITTEN: [Profile; 8] = [
    Profile::Canonical,
    Profile::Csv,
    Profile::Xlsx,
    Profile::PrimeroJson,
    Profile::PrimeroXlsx,
    Profile::PrimeroCsv,
    Profile::PfifXml,
    Profile::PfifCsv,
];

/// Writes one register in one profile.
pub struct Exporter<W: Write> {
    out: Out<W>,
    items: u64,
}

enum Out<W: Write> {
    Canonical(W),
    Csv(Box<CsvTable<W>>),
    Xlsx(Box<Workbook<W>>),
    Primero(Primero<W>),
    LabelBook(Box<LabelBook<W>>),
    LabelTable(Box<LabelTable<W>>),
    Pfif(Pfif<W>),
    PfifTable(Box<PfifTable<W>>),
}

impl<W: Write> Exporter<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// The writer fails.
    pub fn new(profile: Profile, writer: W) -> io::Result<Self> {
        let out = match profile {
            Profile::Canonical => Out::Canonical(writer),
            Profile::Csv => Out::Csv(Box::new(CsvTable::new(writer)?)),
            Profile::Xlsx => {
                let mut book = Workbook::new(writer, &["People"])?;
                book.row(0, table::headers())?;
                Out::Xlsx(Box::new(book))
            }
            Profile::PrimeroJson => Out::Primero(Primero::new(writer)?),
            Profile::PrimeroXlsx => Out::LabelBook(Box::new(LabelBook::new(writer)?)),
            Profile::PrimeroCsv => Out::LabelTable(Box::new(LabelTable::new(writer)?)),
            Profile::PfifXml => Out::Pfif(Pfif::new(writer)?),
            Profile::PfifCsv => Out::PfifTable(Box::new(PfifTable::new(writer)?)),
        };
        Ok(Self { out, items: 0 })
    }

    /// Writes the records of one case that stand in this register. A profile leaves out whom it has no place for.
    ///
    /// # Errors
    /// The writer fails.
    pub fn write(&mut self, records: &[&Record]) -> io::Result<()> {
        for record in records {
            self.items += u64::from(match &mut self.out {
                Out::Canonical(out) => {
                    serde_json::to_writer(&mut *out, record)?;
                    out.write_all(b"\n")?;
                    true
                }
                Out::Csv(table) => {
                    table.write(record)?;
                    true
                }
                Out::Xlsx(book) => {
                    book.row(0, table::cells(record))?;
                    true
                }
                Out::Primero(cases) => cases.write(record)?,
                Out::LabelBook(cases) => cases.write(record)?,
                Out::LabelTable(cases) => cases.write(record)?,
                Out::Pfif(persons) => persons.write(record, records)?,
                Out::PfifTable(persons) => persons.write(record, records)?,
            });
        }
        Ok(())
    }

    /// Ends the file: the writer, and how many rows, items or persons a manifest declares.
    ///
    /// # Errors
    /// The writer fails.
    pub fn finish(self) -> io::Result<(W, u64)> {
        let writer = match self.out {
            Out::Canonical(out) => out,
            Out::Csv(table) => table.finish()?,
            Out::Xlsx(book) => book.finish()?,
            Out::Primero(cases) => cases.finish()?,
            Out::LabelBook(cases) => cases.finish()?,
            Out::LabelTable(cases) => cases.finish()?,
            Out::Pfif(persons) => persons.finish()?,
            Out::PfifTable(persons) => persons.finish()?,
        };
        Ok((writer, self.items))
    }
}

/// The mapping that reads a written profile back, where it takes one.
#[must_use]
pub fn mapping(profile: Profile) -> Option<Mapping> {
    match profile {
        Profile::Csv | Profile::Xlsx => Some(csv_mapping()),
        Profile::PrimeroCsv => Some(labels::mapping(false)),
        Profile::PrimeroXlsx => Some(labels::mapping(true)),
        Profile::Canonical | Profile::PrimeroJson | Profile::PfifXml | Profile::PfifCsv => None,
    }
}

/// End of a file's name, without the point.
#[must_use]
pub const fn extension(profile: Profile) -> &'static str {
    match profile {
        Profile::Canonical => "ndjson",
        Profile::Csv => "csv",
        Profile::Xlsx => "xlsx",
        Profile::PrimeroJson => "primero.json",
        Profile::PrimeroXlsx => "primero.xlsx",
        Profile::PrimeroCsv => "primero.csv",
        Profile::PfifXml => "pfif.xml",
        Profile::PfifCsv => "pfif.csv",
    }
}

/// Text inside XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
