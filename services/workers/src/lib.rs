//! The queue-connected stages, thin: they load, let the pure crates decide, commit, ring, and only then acknowledge.
//!
//! [`run`] is one worker of one kind, as `tidings worker <kind>` starts it, any number of each. [`run_all`] runs every
//! kind in one process, for the embedded setting: the same code, another broker and another store. Both are
//! crash-only: an error that is not about one batch ends the worker, and starting again is the recovery.
//!
//! Reading order: [`Parts`] (what a worker is made of), [`Keys`] (which secrets a stage may hold), [`Tuning`],
//! `ring` (doorbells and batches) and `stage` (the loop they share), then the way of the data, a file each: `import`,
//! `dedupe`, `people` (a person's rows as protection reads them, shared by the first and the second gate), `plan`,
//! `release`, `localise`, `dispatch`, `record`; and `reconcile`, which finds what was lost. `casework` opens one person
//! for an operator, `team` one task for those who do it.

pub mod binding;
mod casework;
mod dedupe;
mod dispatch;
mod error;
mod import;
mod keys;
mod localise;
mod metrics;
mod parting;
mod people;
mod plan;
mod reconcile;
mod record;
mod release;
mod ring;
mod stage;
mod team;
mod tuning;

use std::fmt;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

use broker::{Broker, Realm};
use localisation::Library;
use store::Store;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use casework::{Casefile, Explained, Restated};
pub use dedupe::{Pairing, Side, pairings};
pub use error::WorkerError;
pub use keys::{CAMPAIGN_KEY_PURPOSE, Keys};
pub use metrics::{Metrics, StageFigures};
pub use parting::parting_loosens;
pub use people::STATEMENT;
pub use ring::ring;
pub use team::{Sheet, TeamTask};
pub use tuning::Tuning;

/// What a worker is made of.
#[derive(Clone)]
pub struct Parts {
    /// The record of everything.
    pub store: Store,
    /// Hands out work.
    pub broker: Arc<dyn Broker>,
    /// Real campaigns or drills, never both.
    pub realm: Realm,
    /// Words and templates.
    pub library: Arc<Library>,
    /// Secrets that this process holds.
    pub keys: Keys,
    /// How fast and how patiently.
    pub tuning: Tuning,
    /// What was done so far.
    pub metrics: Arc<Metrics>,
}

impl Parts {
    /// With the shipped tuning and fresh counters.
    #[must_use]
    pub fn new(store: Store, broker: Arc<dyn Broker>, realm: Realm, library: Arc<Library>, keys: Keys) -> Self {
        Self { store, broker, realm, library, keys, tuning: Tuning::default(), metrics: Arc::default() }
    }

    /// The same for one stage: without the secrets that it has no use for.
    fn for_stage(&self, kind: WorkerKind) -> Self {
        Self { keys: self.keys.for_stage(kind), ..self.clone() }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// The kinds of workers, in the order of the work.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum WorkerKind { $($(#[$doc])* $variant),+ }

        impl WorkerKind {
            /// Every kind.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$variant),+];

            /// The word of the command line and the logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

kinds! {
    /// Sealed staging to records.
    Import = "import",
    /// Records to persons.
    Dedupe = "dedupe",
    /// Persons to notifications.
    Plan = "plan",
    /// Notifications to attempts.
    Release = "release",
    /// Attempts to sealed messages.
    Localise = "localise",
    /// Sealed messages to the gateway's queue.
    Dispatch = "dispatch",
    /// Receipts to states.
    Record = "record",
    /// What time and lost messages leave behind.
    Reconcile = "reconcile",
}

impl fmt::Display for WorkerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The word names no kind of worker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such worker: expected import, dedupe, plan, release, localise, dispatch, record or reconcile")]
pub struct UnknownKind;

impl FromStr for WorkerKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownKind)
    }
}

/// A worker under way. Boxed, so that its machine code is made here and not again in every program that runs it.
pub type Running = Pin<Box<dyn Future<Output = Result<(), WorkerError>> + Send>>;

/// Runs one worker until `stop` turns true, and then until what it has in hand is committed and acknowledged.
///
/// # Errors
/// Anything that is not about one batch: the process should end with a failure and be started again.
pub fn run(kind: WorkerKind, parts: Parts, stop: watch::Receiver<bool>) -> Running {
    Box::pin(run_one(kind, parts, stop))
}

async fn run_one(kind: WorkerKind, parts: Parts, stop: watch::Receiver<bool>) -> Result<(), WorkerError> {
    let parts = parts.for_stage(kind);
    tracing::info!(stage = %kind, realm = parts.realm.prefix(), "worker starts");
    match kind {
        WorkerKind::Import => stage::run(import::Import { store: parts.store.clone() }, parts, stop).await,
        WorkerKind::Dedupe => stage::run(dedupe::Dedupe::new(&parts)?, parts, stop).await,
        WorkerKind::Plan => stage::run(plan::Plan::new(&parts)?, parts, stop).await,
        WorkerKind::Release => release::run(parts, stop).await,
        WorkerKind::Localise => stage::run(localise::Localise::new(&parts)?, parts, stop).await,
        WorkerKind::Dispatch => stage::run(dispatch::Dispatch::new(&parts), parts, stop).await,
        WorkerKind::Record => record::run(parts, stop).await,
        WorkerKind::Reconcile => reconcile::run(parts, stop).await,
    }
}

/// Runs one worker of every kind in this process until `stop` turns true. The first that fails stops the others.
///
/// # Errors
/// What the first worker that failed says.
pub fn run_all(parts: Parts, stop: watch::Receiver<bool>) -> Running {
    Box::pin(run_every(parts, stop))
}

async fn run_every(parts: Parts, stop: watch::Receiver<bool>) -> Result<(), WorkerError> {
    let (stop_all, stopping) = watch::channel(false);
    let stop_all = Arc::new(stop_all);
    let mut workers = JoinSet::new();
    for kind in WorkerKind::ALL {
        workers.spawn(run(kind, parts.clone(), stopping.clone()));
    }
    let forward = tokio::spawn(forward(stop, Arc::clone(&stop_all)));
    let mut result = Ok(());
    while let Some(ended) = workers.join_next().await {
        if let Err(error) = ended.unwrap_or(Err(WorkerError::Task("all"))) {
            stop_all.send_replace(true);
            if result.is_ok() {
                tracing::error!(%error, "a worker failed");
                result = Err(error);
            }
        }
    }
    forward.abort();
    result
}

/// Hands the outer word on. A sender that is gone will never say stop: then only a failure ends the workers.
async fn forward(mut outside: watch::Receiver<bool>, inside: Arc<watch::Sender<bool>>) {
    if outside.wait_for(|stop| *stop).await.is_ok() {
        inside.send_replace(true);
    }
}
