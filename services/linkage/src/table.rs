//! Linkage of a CSV file, without a store: what `tidings link` does.
//!
//! [`Map`] says which columns mean what, [`link_csv`] reads rows from any reader and links them, and the
//! resulting [`Table`] writes `clusters.csv` and `pairs.csv`.

mod dates;
mod map;
mod rows;

use std::io::{Read, Write};

use serde::Serialize;

pub use dates::{DateFormat, FormatError};
pub use map::{Map, MapError};
pub use rows::TableError;

use crate::engine::Linker;
use crate::options::Options;
use crate::output::{Linkage, Summary};

/// Persons found in a file.
#[derive(Debug)]
pub struct Table {
    ids: Ids,
    /// The linkage; indices are data rows from 0.
    pub linkage: Linkage,
    /// Values that could not be read as what the map says they are, by column.
    pub unreadable: Vec<(String, u64)>,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// Figures about the run.
    #[serde(flatten)]
    pub summary: &'a Summary,
    /// Values that could not be read, by column.
    pub unreadable: &'a [(String, u64)],
    /// Highest memory of the process in bytes, as the caller measured it.
    pub peak_memory: Option<u64>,
}

/// Links the rows of a CSV file with a header line. Rows are taken in as they are read, so memory holds the
/// packed records and not the file.
///
/// # Errors
/// When the file is no CSV, or a column that the map names is not in it; with row and column, never a value.
pub fn link_csv(reader: impl Read, map: &Map, options: &Options) -> Result<Table, TableError> {
    let mut options = options.clone();
    options.link_only |= map.link_only;
    if let Some(gate) = map.gate {
        options.gate = gate;
    }
    let mut linker = Linker::new(options);
    let mut ids = Ids::default();
    let unreadable = rows::read(reader, map, &mut linker, |id| ids.push(id))?;
    Ok(Table { ids, linkage: linker.finish(), unreadable })
}

impl Table {
    /// Writes `id,cluster`, one line a record in the order of the file.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_clusters(&self, writer: impl Write) -> Result<(), csv::Error> {
        let mut out = csv::Writer::from_writer(writer);
        out.write_record(["id", "cluster"])?;
        for (row, cluster) in self.linkage.clusters.iter().enumerate() {
            out.write_record([self.ids.get(row), &cluster.to_string()])?;
        }
        out.flush()?;
        Ok(())
    }

    /// Writes `a,b,weight,probability,outcome`, one line for every pair above the list threshold.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_pairs(&self, writer: impl Write) -> Result<(), csv::Error> {
        let mut out = csv::Writer::from_writer(writer);
        out.write_record(["a", "b", "weight", "probability", "outcome"])?;
        for pair in &self.linkage.all_pairs {
            out.write_record([
                self.ids.get(pair.a as usize),
                self.ids.get(pair.b as usize),
                &format!("{:.3}", pair.weight),
                &format!("{:.6}", pair.probability),
                pair.outcome.word(),
            ])?;
        }
        out.flush()?;
        Ok(())
    }

    /// The summary for `--json`. Peak memory is the caller's to measure.
    #[must_use]
    pub fn report(&self, peak_memory: Option<u64>) -> Report<'_> {
        Report { summary: &self.linkage.summary, unreadable: &self.unreadable, peak_memory }
    }
}

/// Ids of all rows in one string: half a million small strings would cost more than the records.
#[derive(Debug, Default)]
struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len());
    }

    fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}
