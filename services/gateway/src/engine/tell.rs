//! Receipts to Tidings: numbered on disk, signed, sealed, sent; sent again with the same number until the broker has
//! them, also after a restart.

use contract::{MAX_RECEIPTS, ReceiptBatch, V1, seal_receipts};
use tokio::time::Instant;
use uuid::Uuid;

use super::Engine;
use crate::journal::{Entry, JournalError};

/// Batches sent in one round; messages must not wait for all receipts of a campaign.
const BATCHES: usize = 20;

impl Engine {
    /// Sends what waits: all of it when `all`, else full batches, and smaller ones that have waited long enough.
    pub(super) async fn tell(&mut self, all: bool) -> Result<(), JournalError> {
        for _ in 0..BATCHES {
            if !self.form_batch(all)? || !self.send_batch().await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether there is a batch to send. Numbers one if it is time.
    fn form_batch(&mut self, all: bool) -> Result<bool, JournalError> {
        let kid = self.keys.gateway.public().verifying_kid().to_owned();
        let ledger = self.journal.ledger();
        let waiting = ledger.pending().len();
        if waiting == 0 {
            self.receipts_since = None;
            return Ok(false);
        }
        // A batch numbered under an older key cannot be signed any more: its receipts get a number of the new one.
        if ledger.flying().is_some_and(|batch| batch.kid == kid) {
            return Ok(true);
        }
        let since = *self.receipts_since.get_or_insert_with(Instant::now);
        if !all && waiting < MAX_RECEIPTS && since.elapsed() < self.pace.receipts {
            return Ok(false);
        }
        let sequence = ledger.last_sequence(&kid) + 1;
        let count = waiting.min(MAX_RECEIPTS);
        self.journal.commit(vec![Entry::Batch { kid, sequence, message: Uuid::new_v4(), count }])?;
        Ok(true)
    }

    async fn send_batch(&mut self) -> Result<bool, JournalError> {
        let Some(flying) = self.journal.ledger().flying().cloned() else { return Ok(false) };
        let batch = ReceiptBatch {
            v: V1,
            society: self.keys.society.clone(),
            gateway_key: flying.kid.clone(),
            sequence: flying.sequence,
            receipts: self.journal.ledger().pending().iter().take(flying.count).cloned().collect(),
        };
        let sealed = seal_receipts(&mut rand::rng(), &self.keys.gateway, &self.keys.receipts_to, &batch);
        let Ok(body) = sealed else {
            // Everything in it was made by this gateway: a mistake in the code, which a restart does not mend.
            tracing::error!(sequence = flying.sequence, "a batch of receipts cannot be sealed");
            return Ok(false);
        };
        if !self.post.send(flying.message, flying.sequence, body).await {
            return Ok(false);
        }
        self.receipts_since = None;
        self.journal.commit(vec![Entry::Out { sequence: flying.sequence }])?;
        Ok(true)
    }
}
