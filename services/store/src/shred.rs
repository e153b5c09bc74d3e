//! Shredding: the key goes, the row stays in the ledger.

use async_recursion::async_recursion as boxed;
use domain::{IncidentId, RecordId};

use crate::db::{Val, cols, vals};
use crate::dedupe::bump;
use crate::{Store, StoreError};

impl Store {
    /// Destroys the keys of records, of their earlier versions and of what operators stated about them. Their persons'
    /// facts move. What PostgreSQL keeps of the old rows goes with the next VACUUM, and from backups with their age.
    /// The number of records whose key was there.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn shred_records(&self, incident: IncidentId, records: &[RecordId]) -> Result<u64, StoreError> {
        self.inner
            .db
            .write((incident, records.to_vec()), |c, (incident, records)| {
                Box::pin(async move {
                    let none = || Val::Bytes(Vec::new());
                    let rows = c
                        .batch_rows(
                            "WITH r(id) AS ({r}) UPDATE record SET wrapped_key = $2, identity = $2, contact = $2,
                                    protection = $2, free_text = $2
                             FROM r WHERE record.incident = $1 AND record.id = r.id AND wrapped_key <> $2
                             RETURNING record.id",
                            &[Val::from(*incident), none()],
                            cols![records.as_slice()],
                        )
                        .await?;
                    let gone: Vec<RecordId> = rows.iter().map(|r| r.id(0)).collect::<Result<_, _>>()?;
                    c.batch(
                        "WITH r(id) AS ({r}) UPDATE record_version SET wrapped_key = $2, identity = $2, contact = $2,
                                protection = $2, free_text = $2
                         FROM r WHERE record_version.incident = $1 AND record_version.record = r.id",
                        &[Val::from(*incident), none()],
                        cols![gone.as_slice()],
                    )
                    .await?;
                    c.batch(
                        "WITH r(id) AS ({r}) DELETE FROM statement WHERE record IN (SELECT id FROM r)",
                        &[],
                        cols![gone.as_slice()],
                    )
                    .await?;
                    let rows = c
                        .batch_rows(
                            "WITH r(id) AS ({r}) SELECT DISTINCT l.person FROM r JOIN link l ON l.record = r.id",
                            &[],
                            cols![gone.as_slice()],
                        )
                        .await?;
                    let persons: Vec<_> = rows.iter().map(|r| r.id(0)).collect::<Result<_, _>>()?;
                    bump(c, *incident, &persons).await?;
                    c.exec("UPDATE incident SET record_epoch = record_epoch + 1 WHERE id = $1", vals![*incident])
                        .await?;
                    Ok(gone.len() as u64)
                })
            })
            .await
    }

    /// Destroys an incident's secret keys: nothing of it can be opened or recognised any more. The ledger stays.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for an unknown incident.
    #[boxed]
    pub async fn shred_incident(&self, incident: IncidentId) -> Result<(), StoreError> {
        self.inner
            .db
            .write(incident, |c, incident| {
                Box::pin(async move {
                    let found = c
                        .exec(
                            "UPDATE incident SET wrapped_secret = $2, wrapped_index = $2, linked_epoch = record_epoch
                             WHERE id = $1",
                            &[Val::from(*incident), Val::Bytes(Vec::new())],
                        )
                        .await?;
                    (found == 1).then_some(()).ok_or(StoreError::Missing("incident"))
                })
            })
            .await
    }
}
