//! Import: applies sealed staging to the records, a chunk a transaction, and rings dedupe. Holds no key: it compares
//! keyed digests and moves sealed columns.

use domain::ImportId;
use domain::doorbell::{Doorbell, Stage as Bell};
use store::{Store, StoreError};

use crate::ring::Batch;
use crate::stage::Stage;
use crate::tuning::IMPORT_ROWS;
use crate::{WorkerError, WorkerKind};

/// The stage.
pub(crate) struct Import {
    pub(crate) store: Store,
}

impl Stage for Import {
    const KIND: WorkerKind = WorkerKind::Import;
    const BELL: Bell = Bell::Import;

    async fn work(&self, batch: &Batch) -> Result<Vec<Doorbell>, WorkerError> {
        let mut applied = false;
        for id in &batch.ids {
            applied |= self.apply(ImportId::from(*id)).await?;
        }
        let dedupe = Doorbell::new(Bell::Dedupe, batch.incident, None, Vec::new());
        Ok(if applied { vec![dedupe] } else { Vec::new() })
    }
}

impl Import {
    /// Applies what is staged. False if the import is not (or no longer) one to be applied: still being staged, or
    /// given up. Its operator rings again when it is.
    async fn apply(&self, import: ImportId) -> Result<bool, WorkerError> {
        loop {
            match self.store.apply_import(import, IMPORT_ROWS).await {
                Ok(step) if step.remaining == 0 => return Ok(true),
                Ok(_) => {}
                Err(StoreError::ImportState(_) | StoreError::Missing(_)) => {
                    tracing::info!(%import, "nothing to apply");
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
