//! What ends a worker, and what only costs a batch another try.

use broker::BrokerError;
use store::StoreError;
use store::seal::SealError;

use crate::WorkerKind;

/// Why a worker could not go on. Ids and codes only.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The broker failed: the process ends and is started again.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key did not open what it should.
    #[error("keys: {0}")]
    Seal(#[from] SealError),
    /// The campaign's signing key, or its certificate, cannot be used.
    #[error("campaign {0}: the signing key or its certificate cannot be used")]
    CampaignKey(domain::CampaignId),
    /// The worker was started without a secret that its stage needs.
    #[error("worker {stage} needs {key}: set it in the configuration of this worker and of no other")]
    MissingKey {
        /// Stage.
        stage: WorkerKind,
        /// What is missing.
        key: &'static str,
    },
    /// The broker did not confirm within its limit: nothing is known about these messages.
    #[error("{0} messages were not confirmed in time")]
    Unconfirmed(usize),
    /// A queue that must exist does not.
    #[error("{0} messages had no queue: declare the topology first")]
    Unroutable(usize),
    /// A queue stayed full, or the broker kept refusing.
    #[error("the broker refused {0} messages for too long")]
    Refused(usize),
    /// A row that a doorbell names is gone.
    #[error("no such {0}")]
    Missing(&'static str),
    /// A task of this worker panicked or was cut off.
    #[error("a task of stage {0} was cut off")]
    Task(&'static str),
    /// Another worker holds what this batch needs; it comes again later.
    #[error("busy: {0}")]
    Busy(&'static str),
}

impl WorkerError {
    /// The same batch may succeed a little later; anything else ends the process.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Store(StoreError::Contended(_) | StoreError::Unavailable(_) | StoreError::Stale(_))
            | Self::Busy(_) => true,
            Self::Broker(error) => error.is_temporary(),
            _ => false,
        }
    }
}
