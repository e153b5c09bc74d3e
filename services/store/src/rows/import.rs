//! Imports and their rows.

use domain::{ImportId, IncidentId, Millis, SocietyCode};

use super::state;

/// An import that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImport {
    /// Id, if it turns out to be new.
    pub id: ImportId,
    /// Incident.
    pub incident: IncidentId,
    /// Society whose register it is.
    pub society: SocietyCode,
    /// Source system.
    pub system: String,
    /// SHA-256 of the file.
    pub file_digest: [u8; 32],
    /// The manifest as read (no personal data).
    pub manifest: String,
}

/// What the store knows of a file that is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nothing yet: stage its rows.
    New,
    /// A part was staged under this id: go on after that many rows.
    Resume {
        /// The import to go on with.
        id: ImportId,
        /// Rows staged or quarantined so far: the highest row number.
        staged_rows: i64,
    },
    /// All of it is staged or applied, and nothing of this register came after it.
    Done(ImportRow),
}

/// A row that nobody could read as a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// Row of the file.
    pub row_no: i64,
    /// Column, by name or position.
    pub column: String,
    /// Why; never the value.
    pub reason: String,
    /// Keyed index of the record that the row is about, where that much could be read.
    pub record_key: Option<[u8; 16]>,
    /// Keyed digest of its content, where it could be read and another row came first: the same content raises no doubt.
    pub content_hash: Option<[u8; 16]>,
}

state! {
    /// Where an import stands.
    ImportState {
        /// Rows are being staged.
        Staging = "staging",
        /// All rows are staged; being applied.
        Staged = "staged",
        /// Applied.
        Applied = "applied",
        /// Given up; nothing of it was applied.
        Abandoned = "abandoned",
    }
}

/// An import and its counts, from rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Id.
    pub id: ImportId,
    /// Incident.
    pub incident: IncidentId,
    /// Society.
    pub society: SocietyCode,
    /// Source system.
    pub system: String,
    /// State.
    pub state: ImportState,
    /// Rows that the file holds.
    pub rows_read: i64,
    /// Rows staged and not applied yet.
    pub staged: i64,
    /// New records.
    pub new: i64,
    /// Changed records.
    pub updated: i64,
    /// Unchanged records.
    pub unchanged: i64,
    /// Quarantined rows.
    pub quarantined: i64,
    /// When it began.
    pub begun_at: Millis,
}

/// What one step of applying did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// New records.
    pub new: u64,
    /// Changed records.
    pub updated: u64,
    /// Unchanged records.
    pub unchanged: u64,
    /// Rows still staged.
    pub remaining: u64,
}
