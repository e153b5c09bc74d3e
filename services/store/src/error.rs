//! What can go wrong, without a person's value in it.

use std::time::Duration;

use domain::{CampaignId, ImportId, IncidentId, RecordId};

use crate::seal::SealError;

/// What can go wrong. Holds ids, SQLSTATE and names of constraints; never a driver's text, which may quote a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The URL names neither database.
    #[error("the database URL has to start with sqlite: or postgres://")]
    Url,
    /// No connection could be had.
    #[error("no connection to the database ({0})")]
    Unavailable(&'static str),
    /// The database refused a statement.
    #[error("the database refused a statement: {state}{}", constraint.as_ref().map(|c| format!(" (constraint {c})")).unwrap_or_default())]
    Refused {
        /// SQLSTATE, or SQLite's extended result code.
        state: String,
        /// Constraint that was violated, where the database names one.
        constraint: Option<String>,
    },
    /// Serialization failures, deadlocks or a busy file, over and over.
    #[error("gave up after {0} tries: other work holds the same rows")]
    Contended(u32),
    /// The schema is not the one this build was made for.
    #[error("the schema is not of this version: run `tidings doctor`, or migrate")]
    Schema,
    /// A stored value is not of the type that its column promises.
    #[error("column {0} holds a value that this version cannot read")]
    Decode(String),
    /// A value could not be handed to the driver.
    #[error("a value could not be handed to the database driver")]
    Encode,
    /// The work was cut off, for instance because the runtime stops.
    #[error("the work on the database was cut off")]
    Interrupted,
    /// A row that has to exist does not.
    #[error("no such {0}")]
    Missing(&'static str),
    /// The clock of a store that holds a real incident cannot be moved.
    #[error("the clock can be moved only while no real incident is in the store, and never backwards")]
    Clock,
    /// An incident stays synthetic or real for ever.
    #[error("incident {0} cannot change between synthetic and real")]
    Kind(IncidentId),
    /// Versions of facts rise.
    #[error("incident {0}: the version of the facts has to rise")]
    Version(IncidentId),
    /// Keys are given once, when the incident is created.
    #[error("incident {0}: keys are given exactly once, at creation")]
    Keys(IncidentId),
    /// Another import of the same register is under way.
    #[error("import {0} of the same register is under way: finish or abandon it first")]
    ImportBusy(ImportId),
    /// The import is not in the state that the step needs.
    #[error("import {0} is not in the state that this step needs")]
    ImportState(ImportId),
    /// Rows are missing, or were counted otherwise.
    #[error("import {import}: {found} rows are staged or quarantined, {said} were read")]
    ImportRows {
        /// Import.
        import: ImportId,
        /// Rows in the store.
        found: i64,
        /// Rows that the importer counted.
        said: i64,
    },
    /// A staged row names another id than the record it is about.
    #[error("record {0} was staged under another id: ask `record_ids` before sealing")]
    RecordIdMoved(RecordId),
    /// Records changed while they were being linked.
    #[error("records of incident {0} changed meanwhile: load them again")]
    Stale(IncidentId),
    /// What two people signed is not what stands in the store.
    #[error("campaign {campaign}: the manifest does not cover what is planned now ({what})")]
    Manifest {
        /// Campaign.
        campaign: CampaignId,
        /// What differs.
        what: &'static str,
    },
    /// The campaign is not in the state that the step needs.
    #[error("campaign {0} is not in the state that this step needs")]
    CampaignState(CampaignId),
    /// The audit chain is broken at this row.
    #[error("the audit chain is broken at row {0}")]
    Audit(i64),
    /// Sealing or opening failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Not reached in this build.
    #[error("not available yet")]
    Unbuilt,
}

impl StoreError {
    /// The whole unit of work may be tried again.
    #[must_use]
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Refused { state, .. } => {
                matches!(
                    state.as_str(),
                    // serialization failure, deadlock, lock timeout, idle-in-transaction cut, admin shutdown
                    "40001" | "40P01" | "55P03" | "25P03" | "57P01" | "57P02" | "57P03"
                // SQLite: busy, busy in recovery, busy snapshot, locked
                | "5" | "261" | "517" | "6" | "262"
                ) || state.starts_with("08")
            }
            Self::Unavailable(_) => true,
            _ => false,
        }
    }

    /// A uniqueness rule was violated.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Refused { state, .. } if matches!(state.as_str(), "23505" | "2067" | "1555"))
    }

    /// A reference to a row that must exist was violated: among others the third gate.
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        matches!(self, Self::Refused { state, .. } if matches!(state.as_str(), "23503" | "787"))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(db) => Self::Refused {
                state: db.code().map(|c| c.into_owned()).unwrap_or_default(),
                constraint: db.constraint().map(str::to_owned),
            },
            sqlx::Error::PoolTimedOut => Self::Unavailable("pool timed out"),
            sqlx::Error::PoolClosed => Self::Unavailable("pool closed"),
            sqlx::Error::Io(_) => Self::Unavailable("connection broken"),
            sqlx::Error::Tls(_) => Self::Unavailable("TLS"),
            sqlx::Error::Protocol(_) => Self::Unavailable("protocol"),
            sqlx::Error::Configuration(_) => Self::Url,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Decode("?".to_owned()),
            sqlx::Error::RowNotFound => Self::Missing("row"),
            _ => Self::Refused { state: "driver".to_owned(), constraint: None },
        }
    }
}

/// Tries of one unit of work: with full jitter from 5 ms doubled each time, the last waits about half a second.
pub(crate) const TRIES: u32 = 8;

/// The longest wait before try number `n` (from 1).
pub(crate) fn backoff(n: u32) -> Duration {
    Duration::from_millis(5u64 << n.min(7))
}
