//! What people decide about pairs, and what they look at before they do.

use async_recursion::async_recursion as boxed;
use domain::{IncidentId, OperatorId, PersonId, RecordId};

use super::{pair_row, record_row};
use crate::db::{cols, vals};
use crate::{PairRow, RecordRow, ReviewRow, Store, StoreError};

impl Store {
    /// What reviewers decided: pairs, lower id first, and whether they are the same person.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn verdicts(&self, incident: IncidentId) -> Result<Vec<(RecordId, RecordId, bool)>, StoreError> {
        self.inner
            .db
            .read(incident, |c, incident| {
                Box::pin(async move {
                    let rows = c
                        .rows("SELECT a, b, same FROM verdict WHERE incident = $1 ORDER BY a, b", vals![*incident])
                        .await?;
                    rows.iter().map(|r| Ok((r.id(0)?, r.id(1)?, r.bool(2)?))).collect()
                })
            })
            .await
    }

    /// Records decisions about pairs, all of them or none; a later one stands instead of an earlier.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn put_verdicts(
        &self,
        incident: IncidentId,
        pairs: &[(RecordId, RecordId)],
        same: bool,
        by: OperatorId,
    ) -> Result<(), StoreError> {
        let mut pairs: Vec<_> = pairs.iter().filter(|(a, b)| a != b).map(|(a, b)| (*a.min(b), *a.max(b))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        self.inner
            .db
            .write((incident, pairs, same, by), |c, (incident, pairs, same, by)| {
                Box::pin(async move {
                    c.batch(
                        "WITH r(a, b) AS ({r}) INSERT INTO verdict (incident, a, b, same, staff, at)
                         SELECT $1, a, b, $2, $3, {clock} FROM r WHERE true
                         ON CONFLICT (incident, a, b) DO UPDATE SET same = excluded.same, staff = excluded.staff,
                             at = excluded.at",
                        vals![*incident, *same, *by],
                        cols![
                            pairs.iter().map(|(a, _)| *a).collect::<Vec<_>>(),
                            pairs.iter().map(|(_, b)| *b).collect::<Vec<_>>(),
                        ],
                    )
                    .await?;
                    // A linkage under way has not seen it, and one has to follow even if its bell is lost.
                    c.exec("UPDATE incident SET record_epoch = record_epoch + 1 WHERE id = $1", vals![*incident])
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Pairs of the review list that nobody has decided since, in the order of the list.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn review(&self, incident: IncidentId, limit: u32) -> Result<Vec<ReviewRow>, StoreError> {
        self.inner
            .db
            .read((incident, limit), |c, (incident, limit)| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT p.a, p.b, p.weight_milli, p.probability_milli, p.outcome, p.evidence, p.place,
                                    x.person, y.person
                             FROM pair p JOIN link x ON x.record = p.a JOIN link y ON y.record = p.b
                             LEFT JOIN verdict v ON v.incident = p.incident AND v.a = p.a AND v.b = p.b
                             WHERE p.incident = $1 AND p.place > 0 AND v.a IS NULL ORDER BY p.place LIMIT $2",
                            vals![*incident, i64::from(*limit)],
                        )
                        .await?;
                    rows.iter().map(|r| Ok(ReviewRow { pair: pair_row(r)?, persons: (r.id(7)?, r.id(8)?) })).collect()
                })
            })
            .await
    }

    /// Kept pairs among these records, heaviest first.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn pairs_among(&self, records: &[RecordId]) -> Result<Vec<PairRow>, StoreError> {
        self.inner
            .db
            .read(records.to_vec(), |c, records| {
                Box::pin(async move {
                    // A batch may reach the database in parts: which partners are among the records is seen here.
                    let rows = c
                        .batch_rows(
                            "WITH r(id) AS ({r})
                             SELECT p.a, p.b, p.weight_milli, p.probability_milli, p.outcome, p.evidence, p.place
                             FROM r CROSS JOIN pair p WHERE p.a = r.id",
                            &[],
                            cols![records.as_slice()],
                        )
                        .await?;
                    let mut pairs: Vec<PairRow> = rows.iter().map(pair_row).collect::<Result<_, _>>()?;
                    pairs.retain(|p| records.contains(&p.b));
                    pairs.sort_by_key(|p| (std::cmp::Reverse(p.weight_milli), p.a, p.b));
                    Ok(pairs)
                })
            })
            .await
    }

    /// These records, each with its incident, by id. Unknown ids are left out.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn named_records(&self, records: &[RecordId]) -> Result<Vec<(IncidentId, RecordRow)>, StoreError> {
        self.inner
            .db
            .read(records.to_vec(), |c, records| {
                Box::pin(async move {
                    let rows = c
                        .batch_rows(
                            "WITH r(id) AS ({r})
                             SELECT t.id, t.society, l.person, t.version, t.record_key, t.ephemeral, t.wrapped_key,
                                    t.identity, t.contact, t.protection, t.free_text, t.key_version, t.at,
                                    t.brought_by, t.incident
                             FROM incident i CROSS JOIN r JOIN record t ON t.incident = i.id AND t.id = r.id
                             LEFT JOIN link l ON l.record = t.id",
                            &[],
                            cols![records.as_slice()],
                        )
                        .await?;
                    let mut found: Vec<(IncidentId, RecordRow)> =
                        rows.iter().map(|r| Ok((r.id(14)?, record_row(r)?))).collect::<Result<_, StoreError>>()?;
                    found.sort_by_key(|(_, row)| row.id);
                    Ok(found)
                })
            })
            .await
    }

    /// Records of a current person, by id; none for a person that is unknown or that another stands for.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn records_of(&self, person: PersonId) -> Result<Vec<RecordId>, StoreError> {
        self.inner
            .db
            .read(person, |c, person| {
                Box::pin(async move {
                    let rows =
                        c.rows("SELECT record FROM link WHERE person = $1 ORDER BY record", vals![*person]).await?;
                    rows.iter().map(|r| r.id(0)).collect()
                })
            })
            .await
    }

    /// The weights of the last run.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn weights(&self, incident: IncidentId) -> Result<Option<String>, StoreError> {
        self.inner
            .db
            .read(incident, |c, incident| {
                Box::pin(async move {
                    let row = c.row("SELECT model FROM weights WHERE incident = $1", vals![*incident]).await?;
                    row.map(|r| r.text(0)).transpose()
                })
            })
            .await
    }
}
