//! Rows of a file, converted, in chunks.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc;

use domain::record::{Record, Text};
use protection::codes;
use registers::{NoteKind, RegisterError, read};
use tokio::sync::mpsc::Sender;

use super::source::{Source, wrong};
use crate::error::Failure;

/// Rows that are handed on at once: as long as they may be, they are some megabytes.
const CHUNK: usize = 100;

/// Records with the number of their row.
pub(super) type Numbered = Vec<(i64, Record)>;

/// A row that is set aside, and the id of its record where that can be read.
pub(super) struct Unread {
    pub(super) row_no: i64,
    pub(super) column: String,
    pub(super) reason: String,
    pub(super) id: Option<Text>,
    /// What it says, where another row has its id.
    pub(super) twin: Option<Box<Record>>,
}

/// Rows of the file, a hundred at a time.
pub(super) struct Chunk {
    pub(super) records: Numbered,
    pub(super) quarantined: Vec<Unread>,
    pub(super) kinds: BTreeMap<String, u64>,
    pub(super) last: u64,
}

impl Chunk {
    fn new() -> Self {
        Self { records: Vec::with_capacity(CHUNK), quarantined: Vec::new(), kinds: BTreeMap::new(), last: 0 }
    }
}

/// Why reading stopped.
pub(super) enum Stopped {
    /// The file is refused.
    File(RegisterError),
    /// It cannot be opened.
    Open(Failure),
}

impl Stopped {
    pub(super) fn at_file(self, file: &Path) -> Failure {
        match self {
            Self::File(error) => wrong(file, &error),
            Self::Open(failure) => failure,
        }
    }
}

/// Reads and converts; `already` is the last row that the store knows. The number of rows; stops quietly where nobody
/// listens any more.
pub(super) fn read_into(
    source: &Source,
    already: i64,
    to: &Sender<Chunk>,
    spent: &mpsc::Receiver<Numbered>,
) -> Result<u64, Stopped> {
    let reader = source.reader().map_err(Stopped::Open)?;
    let mut chunk = Chunk::new();
    let mut count = 0;
    let mut rows = read(reader, &source.manifest, source.mapping.as_ref()).map_err(Stopped::File)?;
    for row in &mut rows {
        let row = row.map_err(Stopped::File)?;
        count += 1;
        let number = i64::try_from(row.number).unwrap_or(i64::MAX);
        chunk.last = row.number;
        match row.outcome {
            Ok((record, notes)) => {
                for note in notes {
                    *chunk.kinds.entry(format!("{}: {}", note.column, note.kind)).or_default() += 1;
                }
                for field in codes::unknown_in(&record) {
                    *chunk.kinds.entry(format!("{field}: {}", NoteKind::UnknownCode)).or_default() += 1;
                }
                if number > already {
                    chunk.records.push((number, record));
                }
            }
            Err(q) => chunk.quarantined.push(Unread {
                row_no: number,
                column: q.column.as_deref().unwrap_or_default().to_owned(),
                reason: q.reason.to_string(),
                id: row.aside,
                twin: row.twin,
            }),
        }
        if chunk.records.len() + chunk.quarantined.len() >= CHUNK {
            if to.blocking_send(std::mem::replace(&mut chunk, Chunk::new())).is_err() {
                return Ok(count);
            }
            // The allocator has less to do with what is freed by the thread that asked for it.
            spent.try_iter().for_each(drop);
        }
    }
    let (declared, found) = (source.manifest.rows, rows.items());
    if found != declared {
        return Err(Stopped::File(RegisterError::RowCount { declared, found }));
    }
    let _ = to.blocking_send(chunk);
    Ok(count)
}

/// Notes by column and kind: column names are the Society's own and few, and no more than so many are told apart.
const KINDS: usize = 500;

pub(super) fn count(kinds: &mut BTreeMap<String, u64>, more: BTreeMap<String, u64>) {
    for (kind, n) in more {
        if kinds.len() < KINDS || kinds.contains_key(&kind) {
            *kinds.entry(kind).or_default() += n;
        } else {
            *kinds.entry("others".to_owned()).or_default() += n;
        }
    }
}
