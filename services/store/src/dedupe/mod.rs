//! Dedupe: records in, persons, addresses and pairs out.

mod groups;
mod merge;
mod review;
mod save;

pub(crate) use save::bump;

use async_recursion::async_recursion as boxed;
use domain::{IncidentId, PersonId, RecordId};
use uuid::Uuid;

use crate::db::{Row, cols, vals};
use crate::seal::SealedRecord;
use crate::{AddressRow, DedupeResult, Deduped, Filled, KnownAddress, PairRow, RecordRow, Store, StoreError};

impl Store {
    /// A number that moves whenever a record of the incident does.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for an unknown incident.
    #[boxed]
    pub async fn record_epoch(&self, incident: IncidentId) -> Result<i64, StoreError> {
        self.inner
            .db
            .read(incident, |c, incident| {
                Box::pin(async move {
                    c.row("SELECT record_epoch FROM incident WHERE id = $1", vals![*incident])
                        .await?
                        .ok_or(StoreError::Missing("incident"))?
                        .i64(0)
                })
            })
            .await
    }

    /// Records in the order of their ids.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn records(
        &self,
        incident: IncidentId,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<RecordRow>, StoreError> {
        self.inner
            .db
            .read((incident, after, limit), |c, (incident, after, limit)| {
                Box::pin(async move {
                    let after = after.map_or(Uuid::nil(), RecordId::uuid);
                    let rows = c
                        .rows(
                            "SELECT t.id, t.society, l.person, t.version, t.record_key, t.ephemeral, t.wrapped_key,
                                    t.identity, t.contact, t.protection, t.free_text, t.key_version, t.at, t.brought_by
                             FROM record t LEFT JOIN link l ON l.record = t.id
                             WHERE t.incident = $1 AND t.id > $2 ORDER BY t.id LIMIT $3",
                            vals![*incident, after, i64::from(*limit)],
                        )
                        .await?;
                    rows.iter().map(record_row).collect()
                })
            })
            .await
    }

    /// Earlier versions of these records, oldest first.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn earlier_versions(
        &self,
        incident: IncidentId,
        records: &[RecordId],
    ) -> Result<Vec<(RecordId, i32, SealedRecord)>, StoreError> {
        self.inner
            .db
            .read((incident, records.to_vec()), |c, (incident, records)| {
                Box::pin(async move {
                    let rows = c
                        .batch_rows(
                            "WITH r(id) AS ({r})
                             SELECT v.record, v.version, v.ephemeral, v.wrapped_key, v.identity, v.contact,
                                    v.protection, v.free_text, v.key_version
                             FROM r JOIN record_version v ON v.incident = $1 AND v.record = r.id
                             ORDER BY v.record, v.version",
                            vals![*incident],
                            cols![records.as_slice()],
                        )
                        .await?;
                    rows.iter().map(|r| Ok((r.id(0)?, r.i32(1)?, sealed(r, 2)?))).collect()
                })
            })
            .await
    }

    /// Addresses as the last run left them, so that a value keeps its group when a contact list moved.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn known_addresses(&self, incident: IncidentId) -> Result<Vec<KnownAddress>, StoreError> {
        self.inner
            .db
            .read(incident, |c, incident| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT a.record, a.idx, a.grp, a.others, a.conflict, a.declared_unsafe, a.version,
                                    u.grp IS NOT NULL
                             FROM address a LEFT JOIN unsafe_group u ON u.grp = a.grp
                             WHERE a.incident = $1 ORDER BY a.record, a.idx",
                            vals![*incident],
                        )
                        .await?;
                    rows.iter()
                        .map(|r| {
                            Ok(KnownAddress { row: address_row(r)?, version: r.i32(6)?, group_unsafe: r.bool(7)? })
                        })
                        .collect()
                })
            })
            .await
    }

    /// Saves what a run of dedupe found: persons, addresses, relations, candidates, pairs. Only what differs is
    /// written, and only persons whose facts differ move.
    ///
    /// # Errors
    /// [`StoreError::Stale`] if records changed since the epoch of the result.
    #[boxed]
    pub async fn save_dedupe(&self, incident: IncidentId, result: DedupeResult) -> Result<Deduped, StoreError> {
        let saved = self
            .inner
            .db
            .write((incident, result), |c, (incident, result)| {
                Box::pin(async move { save::save(c, *incident, result).await })
            })
            .await?;
        self.filled(Filled::Persons).await;
        Ok(saved)
    }

    /// Current persons in the order of their ids.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn persons(
        &self,
        incident: IncidentId,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, StoreError> {
        self.inner
            .db
            .read((incident, after, limit), |c, (incident, after, limit)| {
                Box::pin(async move {
                    let after = after.map_or(Uuid::nil(), PersonId::uuid);
                    let rows = c
                        .rows(
                            "SELECT id FROM person WHERE incident = $1 AND id > $2 AND superseded_by IS NULL
                             ORDER BY id LIMIT $3",
                            vals![*incident, after, i64::from(*limit)],
                        )
                        .await?;
                    rows.iter().map(|r| r.id(0)).collect()
                })
            })
            .await
    }

    /// Pairs, heaviest first.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn pairs(
        &self,
        incident: IncidentId,
        outcome: Option<&str>,
        limit: u32,
    ) -> Result<Vec<PairRow>, StoreError> {
        let outcome = outcome.map(str::to_owned);
        self.inner
            .db
            .read((incident, outcome, limit), |c, (incident, outcome, limit)| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT a, b, weight_milli, probability_milli, outcome, evidence, place FROM pair
                             WHERE incident = $1 AND outcome = coalesce($2, outcome)
                             ORDER BY weight_milli DESC, a, b LIMIT $3",
                            vals![*incident, outcome.clone(), i64::from(*limit)],
                        )
                        .await?;
                    rows.iter().map(pair_row).collect()
                })
            })
            .await
    }
}

/// A record of columns id, society, person, version, record_key, then the seven sealed ones, at, brought_by.
pub(crate) fn record_row(r: &Row) -> Result<RecordRow, StoreError> {
    Ok(RecordRow {
        id: r.id(0)?,
        society: r.society(1)?,
        person: r.opt_id(2)?,
        version: r.i32(3)?,
        record_key: r.array(4)?,
        at: r.millis(12)?,
        import: r.id(13)?,
        sealed: sealed(r, 5)?,
    })
}

/// The sealed columns, from a position on.
pub(crate) fn sealed(r: &Row, from: usize) -> Result<SealedRecord, StoreError> {
    Ok(SealedRecord {
        ephemeral: r.array(from)?,
        wrapped_key: r.bytes(from + 1)?,
        identity: r.bytes(from + 2)?,
        contact: r.bytes(from + 3)?,
        protection: r.bytes(from + 4)?,
        free_text: r.bytes(from + 5)?,
        key_version: r.i32(from + 6)?,
    })
}

/// An address of the first six columns.
pub(crate) fn address_row(r: &Row) -> Result<AddressRow, StoreError> {
    Ok(AddressRow {
        record: r.id(0)?,
        index: r.i32(1)?,
        group: r.id(2)?,
        others: r.i32(3)?,
        conflict: r.bool(4)?,
        declared_unsafe: r.bool(5)?,
    })
}

pub(super) fn pair_row(r: &Row) -> Result<PairRow, StoreError> {
    Ok(PairRow {
        a: r.id(0)?,
        b: r.id(1)?,
        weight_milli: r.i32(2)?,
        probability_milli: r.i32(3)?,
        outcome: r.text(4)?,
        evidence: r.text(5)?,
        place: r.i32(6)?,
    })
}
