//! Internal broker messages: ids only, safe to lose or repeat.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::channel::word;
use crate::{CampaignId, IncidentId};

/// Ids in one doorbell at most: one batch of work, committed and confirmed as one.
pub const MAX_IDS: usize = 500;

word! {
    /// Stages of the way of the data.
    Stage {
        /// Sealed staging to records.
        Import = "import",
        /// Records to persons.
        Dedupe = "dedupe",
        /// Persons to notifications.
        Plan = "plan",
        /// Notifications to attempts, by credit and time.
        Release = "release",
        /// Attempts to sealed messages.
        Localise = "localise",
        /// Sealed messages to the gateway's queue.
        Dispatch = "dispatch",
        /// Receipts to states.
        Record = "record",
    }
}

/// One doorbell. The worker loads the rows still in the expected state; a repeated doorbell changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doorbell {
    /// Version of this shape.
    pub v: u8,
    /// The stage that is rung.
    pub stage: Stage,
    /// Incident of the batch.
    pub incident: IncidentId,
    /// Campaign of the batch, where the stage has one.
    pub campaign: Option<CampaignId>,
    /// Rows of the batch (imports, persons, attempts), at most [`MAX_IDS`].
    pub ids: Vec<Uuid>,
}

/// Bytes that are not a doorbell. They go to the dead letters.
#[derive(Debug, thiserror::Error)]
pub enum DoorbellError {
    /// Not the JSON of a doorbell.
    #[error("not a doorbell")]
    Malformed,
    /// A later version.
    #[error("doorbell of version {0}, this worker reads 1")]
    Version(u8),
    /// Too many ids.
    #[error("doorbell with {0} ids, at most {MAX_IDS}")]
    TooLarge(usize),
}

impl Doorbell {
    /// A doorbell of the current version.
    #[must_use]
    pub fn new(stage: Stage, incident: IncidentId, campaign: Option<CampaignId>, ids: Vec<Uuid>) -> Self {
        Self { v: 1, stage, incident, campaign, ids }
    }

    /// The bytes for the broker.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The doorbell in a broker message.
    ///
    /// # Errors
    /// [`DoorbellError`] for anything that is not a doorbell of version 1 with at most [`MAX_IDS`] ids.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DoorbellError> {
        let bell: Self = serde_json::from_slice(bytes).map_err(|_| DoorbellError::Malformed)?;
        match (bell.v, bell.ids.len()) {
            (1, n) if n <= MAX_IDS => Ok(bell),
            (1, n) => Err(DoorbellError::TooLarge(n)),
            (v, _) => Err(DoorbellError::Version(v)),
        }
    }
}
