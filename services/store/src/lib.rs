//! The record of everything: PostgreSQL, or SQLite embedded in the process.
//!
//! One concrete type, [`Store`], over either database. SQL text is shared; `db` hides the two drivers, and a
//! batch travels as columns. Every method is batch-shaped, runs as one unit of work in a task of its own (a caller
//! that is cut off loses nothing and poisons no connection), takes the expected state as a condition, and is tried
//! again when the database asks for it. The database is the record: a repeated doorbell, or two workers with the
//! same one, change nothing the second time.
//!
//! Reading order: [`rows`] (what goes in and out), [`seal`] (personal data at rest, pure cryptography), then the
//! stages as methods of [`Store`]: `clock`, `office` (operators, actions), `audit`, `context` (incidents, Societies,
//! gateways), `import`, `dedupe`, `plan`, `campaign`, `release`, `attempts`, `leaving`, `receipts` (with `settle`),
//! `heard`, `reconcile`, `looking`, `desk`, `steps`, `shred`; and `statistics`, for PostgreSQL's planner.

pub mod rows;
pub mod seal;

mod attempts;
mod audit;
mod campaign;
mod clock;
mod context;
mod db;
mod dedupe;
mod desk;
mod error;
mod heard;
mod import;
mod leaving;
mod looking;
mod office;
mod plan;
mod receipts;
mod reconcile;
mod release;
mod settle;
mod shred;
mod statistics;
mod steps;

use std::fmt;
use std::sync::Arc;

pub use audit::{AUDIT_START, verify_chain};
pub use error::StoreError;
pub use heard::Numbers;
pub use import::Block;
pub use rows::*;
pub use statistics::Filled;

/// How a store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOptions {
    /// Connections at most.
    pub pool: u32,
    /// Bytes of the database that a connection of the embedded setting keeps in memory.
    pub cache: u32,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { pool: 4, cache: 32 * 1024 * 1024 }
    }
}

/// The record of everything. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<clock::Inner>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store(…)")
    }
}
