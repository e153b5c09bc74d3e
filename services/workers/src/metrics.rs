//! What a worker did, for the operator's screen and the metrics page.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::WorkerKind;

/// Counters of the stages of one process.
#[derive(Debug, Default)]
pub struct Metrics {
    stages: [Counters; WorkerKind::ALL.len()],
}

/// Counters of one stage.
#[derive(Debug, Default)]
struct Counters {
    batches: AtomicU64,
    items: AtomicU64,
    nanos: AtomicU64,
    cpu_nanos: AtomicU64,
    repeated: AtomicU64,
    refused: AtomicU64,
}

/// What one stage did so far.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct StageFigures {
    /// Batches of work.
    pub batches: u64,
    /// Rows worked on.
    pub items: u64,
    /// Seconds from taking a batch to its end, added up over batches that overlap.
    pub seconds: f64,
    /// Of these: seconds of computing (opening, deciding, rendering, sealing), without waiting.
    pub computing_seconds: f64,
    /// Batches that came back after the database refused.
    pub repeated: u64,
    /// Messages that could not be read and went to the dead letters or on record.
    pub refused: u64,
}

impl Metrics {
    /// What a stage did so far.
    #[must_use]
    pub fn of(&self, kind: WorkerKind) -> StageFigures {
        let c = self.at(kind);
        let seconds = |nanos: &AtomicU64| nanos.load(Relaxed) as f64 / 1e9;
        StageFigures {
            batches: c.batches.load(Relaxed),
            items: c.items.load(Relaxed),
            seconds: seconds(&c.nanos),
            computing_seconds: seconds(&c.cpu_nanos),
            repeated: c.repeated.load(Relaxed),
            refused: c.refused.load(Relaxed),
        }
    }

    fn at(&self, kind: WorkerKind) -> &Counters {
        &self.stages[kind as usize]
    }

    pub(crate) fn batch(&self, kind: WorkerKind, items: usize, since: Instant) {
        let c = self.at(kind);
        c.batches.fetch_add(1, Relaxed);
        c.items.fetch_add(items as u64, Relaxed);
        c.nanos.fetch_add(nanos(since.elapsed()), Relaxed);
    }

    pub(crate) fn computed(&self, kind: WorkerKind, since: Instant) {
        self.at(kind).cpu_nanos.fetch_add(nanos(since.elapsed()), Relaxed);
    }

    pub(crate) fn repeated(&self, kind: WorkerKind) {
        self.at(kind).repeated.fetch_add(1, Relaxed);
    }

    pub(crate) fn refused(&self, kind: WorkerKind, messages: usize) {
        self.at(kind).refused.fetch_add(messages as u64, Relaxed);
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
