//! What is written down. No personal data: of a message only its sealed form is kept.

use contract::Receipt;
use domain::{AttemptId, Millis};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One fact. Facts of one commit become true together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A message was taken: from here on we answer for it. `body` is the sealed message.
    Taken {
        /// The attempt.
        attempt: AttemptId,
        /// Its task, if it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<Uuid>,
        /// When to send.
        due: Millis,
        /// Not after.
        until: Millis,
        /// The sealed message.
        body: String,
    },
    /// About to be handed to a transport. Written, and on disk, before anything can have an effect.
    Sending {
        /// The attempt.
        attempt: AttemptId,
    },
    /// The transport certainly did not take it, or not all of it: again at `due`.
    Later {
        /// The attempt.
        attempt: AttemptId,
        /// When to try again.
        due: Millis,
        /// References of the segments that were taken already; they are not sent again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        taken: Vec<String>,
    },
    /// A transport took it, and will speak of it by these references.
    Handed {
        /// The attempt.
        attempt: AttemptId,
        /// One for each segment; none if the transport reports nothing later.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        references: Vec<String>,
    },
    /// A network reported on one reference.
    Reported {
        /// The attempt.
        attempt: AttemptId,
        /// The reference.
        reference: String,
        /// Whether it arrived.
        arrived: bool,
    },
    /// Nobody knows whether the transport took it. It is not sent again.
    Unknown {
        /// The attempt.
        attempt: AttemptId,
    },
    /// It will not be sent (any more). Also for an attempt whose recall came first.
    Closed {
        /// The attempt.
        attempt: AttemptId,
        /// Not after, as far as it is known.
        until: Millis,
    },
    /// Something to tell Tidings.
    Receipt(Receipt),
    /// The first `count` receipts that wait are now batch `sequence` of key `kid`.
    Batch {
        /// Key that signs.
        kid: String,
        /// Number of the batch under that key.
        sequence: u64,
        /// Id of its message.
        message: Uuid,
        /// How many receipts.
        count: usize,
    },
    /// The broker (or the disk) has the batch.
    Out {
        /// Number of the batch.
        sequence: u64,
    },
    /// Written by compaction: an attempt as it stands. Its sealed message, if it is still needed, follows as `Taken`.
    Stands(Standing),
    /// Written by compaction: the last batch of a key.
    Counted {
        /// The key.
        kid: String,
        /// Its last batch.
        sequence: u64,
    },
}

/// An attempt as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The attempt.
    pub attempt: AttemptId,
    /// Where it stands.
    pub stage: Stage,
    /// Not after.
    pub until: Millis,
    /// Its task, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Uuid>,
    /// How often it was begun.
    #[serde(default)]
    pub tries: u32,
    /// References, and whether each arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<(String, Option<bool>)>,
    /// What Tidings was told, with the same ids: told again if the message comes again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Receipt>,
}

/// Where an attempt stands at this gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// To be sent at `due`.
    Waiting {
        /// When.
        due: Millis,
    },
    /// With a transport at this moment; after a crash: nobody knows.
    Sending,
    /// A transport took it.
    Handed,
    /// Nobody knows whether a transport took it.
    Unknown,
    /// It was not sent and will not be.
    Closed,
}
