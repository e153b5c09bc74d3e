//! Import: sealed staging, then the difference. The same file twice changes nothing.

mod apply;
mod block;
mod doubt;
mod stage;

use std::collections::HashMap;

use async_recursion::async_recursion as boxed;
use domain::{ImportId, IncidentId, Millis, RecordId};

use self::apply::apply;
pub use self::block::Block;
use self::doubt::raise;
use self::stage::{begin, in_state, quarantine, stage};
use crate::db::{Conn, Row, cols, vals};
use crate::{Applied, Begun, Filled, ImportRow, ImportState, NewImport, QuarantineRow, Store, StoreError};

impl Store {
    /// Begins an import, or says what is known of this file.
    ///
    /// # Errors
    /// [`StoreError::ImportBusy`] while another file of the same register is under way.
    #[boxed]
    pub async fn begin_import(&self, new: &NewImport) -> Result<Begun, StoreError> {
        let once =
            || async { self.inner.db.write(new.clone(), |c, new| Box::pin(async move { begin(c, new).await })).await };
        match once().await {
            // Somebody began at the same moment: now there is something to find.
            Err(error) if error.is_unique_violation() => once().await,
            other => other,
        }
    }

    /// Ids and content hashes of records that are known under these keys. A record is sealed under its id: use these,
    /// and a fresh one where there is none.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn record_ids(
        &self,
        import: ImportId,
        keys: &[[u8; 16]],
    ) -> Result<Vec<Option<(RecordId, [u8; 16])>>, StoreError> {
        self.inner
            .db
            .read((import, keys.to_vec()), |c, (import, keys)| {
                Box::pin(async move {
                    let rows = c
                        .batch_rows(
                            "WITH r(k) AS ({r})
                             SELECT r.k, t.id, t.content_hash FROM r JOIN record t ON t.record_key = r.k
                                 AND t.incident = (SELECT incident FROM import WHERE id = $1)",
                            vals![*import],
                            cols![keys.iter().map(|k| k.to_vec()).collect::<Vec<_>>()],
                        )
                        .await?;
                    let mut found: HashMap<[u8; 16], (RecordId, [u8; 16])> = HashMap::with_capacity(rows.len());
                    for r in &rows {
                        found.insert(r.array(0)?, (r.id(1)?, r.array(2)?));
                    }
                    Ok(keys.iter().map(|k| found.get(k).copied()).collect())
                })
            })
            .await
    }

    /// Whether an earlier file of this import's register was applied. Before the first, no row of it has a known record:
    /// files of one register are imported one after the other.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn knows_register(&self, import: ImportId) -> Result<bool, StoreError> {
        self.inner
            .db
            .read(import, |c, import| {
                Box::pin(async move {
                    let earlier = c
                        .row(
                            "SELECT 1 FROM import i JOIN import e ON e.incident = i.incident
                                 AND e.society = i.society AND e.system = i.system
                             WHERE i.id = $1 AND e.state = 'applied' LIMIT 1",
                            vals![*import],
                        )
                        .await?;
                    Ok(earlier.is_some())
                })
            })
            .await
    }

    /// Stages the rows of a block. They come in the order of the file, and rows staged before stay as they are.
    ///
    /// # Errors
    /// [`StoreError::ImportState`] once staging is finished or abandoned.
    #[boxed]
    pub async fn stage(&self, import: ImportId, block: Block) -> Result<(), StoreError> {
        self.inner
            .db
            .write((import, block.finish()), |c, (import, block)| {
                Box::pin(async move {
                    in_state(c, *import, &[ImportState::Staging]).await?;
                    stage(c, *import, block).await
                })
            })
            .await
    }

    /// Records rows that are no records.
    ///
    /// # Errors
    /// [`StoreError::ImportState`] once staging is finished or abandoned.
    #[boxed]
    pub async fn quarantine(&self, import: ImportId, rows: Vec<QuarantineRow>) -> Result<(), StoreError> {
        self.inner
            .db
            .write((import, rows), |c, (import, rows)| {
                Box::pin(async move {
                    in_state(c, *import, &[ImportState::Staging]).await?;
                    quarantine(c, *import, rows).await
                })
            })
            .await
    }

    /// All rows are staged or quarantined; from here on nothing but the store is needed.
    ///
    /// # Errors
    /// [`StoreError::ImportRows`] if the rows in the store are not that many.
    #[boxed]
    pub async fn finish_staging(&self, import: ImportId, rows_read: i64) -> Result<(), StoreError> {
        self.inner
            .db
            .write((import, rows_read), |c, (import, rows_read)| {
                Box::pin(async move {
                    let state =
                        in_state(c, *import, &[ImportState::Staging, ImportState::Staged, ImportState::Applied])
                            .await?;
                    if state != ImportState::Staging {
                        return Ok(());
                    }
                    let found = c
                        .count(
                            "SELECT (SELECT coalesce(sum(row_count), 0) FROM staging WHERE import = $1)
                                  + (SELECT count(*) FROM quarantine WHERE import = $1)",
                            vals![*import],
                        )
                        .await?;
                    if found != *rows_read {
                        return Err(StoreError::ImportRows { import: *import, found, said: *rows_read });
                    }
                    let state =
                        if c.row("SELECT 1 FROM staging WHERE import = $1 LIMIT 1", vals![*import]).await?.is_some() {
                            ImportState::Staged
                        } else {
                            let incident = c.row("SELECT incident FROM import WHERE id = $1", vals![*import]).await?;
                            raise(c, *import, incident.ok_or(StoreError::Missing("import"))?.id(0)?).await?;
                            ImportState::Applied
                        };
                    c.exec(
                        "UPDATE import SET state = $2, rows_read = $3 WHERE id = $1",
                        vals![*import, state.as_str(), *rows_read],
                    )
                    .await?;
                    Ok(())
                })
            })
            .await?;
        self.filled(Filled::Staging).await;
        Ok(())
    }

    /// Gives up an import of which nothing was applied.
    ///
    /// # Errors
    /// [`StoreError::ImportState`] once a row of it was applied.
    #[boxed]
    pub async fn abandon_import(&self, import: ImportId) -> Result<(), StoreError> {
        self.inner
            .db
            .write(import, |c, import| {
                Box::pin(async move {
                    in_state(c, *import, &[ImportState::Staging, ImportState::Staged]).await?;
                    let applied = c
                        .row(
                            "SELECT 1 FROM record WHERE import = $1 UNION ALL
                             SELECT 1 FROM record_version WHERE import = $1 UNION ALL
                             SELECT 1 FROM unchanged WHERE import = $1 LIMIT 1",
                            vals![*import],
                        )
                        .await?;
                    if applied.is_some() {
                        return Err(StoreError::ImportState(*import));
                    }
                    c.exec("DELETE FROM staging WHERE import = $1", vals![*import]).await?;
                    c.exec("DELETE FROM quarantine WHERE import = $1", vals![*import]).await?;
                    c.exec("UPDATE import SET state = 'abandoned', rows_read = 0 WHERE id = $1", vals![*import])
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Applies at most so many staged rows, in one transaction: new, updated (the earlier version is kept and the
    /// person's facts move), unchanged. Applied already: nothing.
    ///
    /// # Errors
    /// [`StoreError::ImportState`] while rows are still being staged.
    #[boxed]
    pub async fn apply_import(&self, import: ImportId, max_rows: u32) -> Result<Applied, StoreError> {
        let applied = self
            .inner
            .db
            .write((import, max_rows), |c, (import, max_rows)| {
                Box::pin(async move { apply(c, *import, *max_rows as usize).await })
            })
            .await?;
        if applied.remaining == 0 {
            self.filled(Filled::Records).await;
        }
        Ok(applied)
    }

    /// Whether an import of this incident has rows that are still to be applied.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn is_importing(&self, incident: IncidentId) -> Result<bool, StoreError> {
        self.inner
            .db
            .read(incident, |c, incident| {
                Box::pin(async move {
                    let one = c
                        .row(
                            "SELECT 1 FROM import i WHERE i.incident = $1 AND i.state = 'staged'
                                 AND EXISTS (SELECT 1 FROM staging s WHERE s.import = i.id) LIMIT 1",
                            vals![*incident],
                        )
                        .await?;
                    Ok(one.is_some())
                })
            })
            .await
    }

    /// Imports of an incident, oldest first, with counts from rows.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn imports(&self, incident: IncidentId) -> Result<Vec<ImportRow>, StoreError> {
        self.inner
            .db
            .snapshot(incident, |c, incident| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT id, incident, society, system, state, rows_read, begun_at FROM import
                             WHERE incident = $1 ORDER BY place",
                            vals![*incident],
                        )
                        .await?;
                    let counts = counts(c, *incident).await?;
                    rows.iter().map(|r| Ok(counted(import_row(r)?, &counts))).collect()
                })
            })
            .await
    }

    /// Imports whose rows are still being staged, of every incident, oldest first; of their counts, only the rows staged.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn unstaged_imports(&self) -> Result<Vec<ImportRow>, StoreError> {
        self.inner
            .db
            .read((), |c, ()| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT id, incident, society, system, state, rows_read, begun_at,
                                    (SELECT coalesce(sum(s.row_count), 0) FROM staging s WHERE s.import = i.id)
                             FROM import i WHERE state = 'staging' ORDER BY place",
                            &[],
                        )
                        .await?;
                    rows.iter().map(|r| Ok(ImportRow { staged: r.i64(7)?, ..import_row(r)? })).collect()
                })
            })
            .await
    }

    /// Manifests of an incident's imports as they were given, oldest first: which columns a file declares carried.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn manifests(&self, incident: IncidentId) -> Result<Vec<(ImportId, String)>, StoreError> {
        self.inner
            .db
            .read(incident, |c, incident| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT id, manifest FROM import WHERE incident = $1 AND state <> 'abandoned' ORDER BY place",
                            vals![*incident],
                        )
                        .await?;
                    rows.iter().map(|r| Ok((r.id(0)?, r.text(1)?))).collect()
                })
            })
            .await
    }

    /// Quarantined rows of an import, in the order of the file.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn quarantined(&self, import: ImportId) -> Result<Vec<QuarantineRow>, StoreError> {
        self.inner
            .db
            .read(import, |c, import| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT row_no, column_name, reason, record_key, content_hash FROM quarantine
                             WHERE import = $1 ORDER BY row_no",
                            vals![*import],
                        )
                        .await?;
                    rows.iter().map(quarantine_row).collect()
                })
            })
            .await
    }
}

fn quarantine_row(r: &Row) -> Result<QuarantineRow, StoreError> {
    let known = |at| if r.bytes(at)?.is_empty() { Ok(None) } else { r.array(at).map(Some) };
    let (record_key, content_hash) = (known(3)?, known(4)?);
    Ok(QuarantineRow { row_no: r.i64(0)?, column: r.text(1)?, reason: r.text(2)?, record_key, content_hash })
}

fn import_row(r: &Row) -> Result<ImportRow, StoreError> {
    Ok(ImportRow {
        id: r.id(0)?,
        incident: r.id(1)?,
        society: r.society(2)?,
        system: r.text(3)?,
        state: r.word(4, ImportState::parse)?,
        rows_read: r.i64(5)?,
        staged: 0,
        new: 0,
        updated: 0,
        unchanged: 0,
        quarantined: 0,
        begun_at: Millis(r.i64(6)?),
    })
}

/// Rows of every import of an incident: staged, new, updated, unchanged, quarantined. Each table is read once.
async fn counts(c: &mut Conn<'_>, incident: IncidentId) -> Result<HashMap<ImportId, [i64; 5]>, StoreError> {
    let rows = c
        .rows(
            "SELECT 0, s.import, sum(s.row_count) FROM import i JOIN staging s ON s.import = i.id
                 WHERE i.incident = $1 GROUP BY s.import
             UNION ALL SELECT 1, import, count(*) FROM record WHERE incident = $1 GROUP BY import
             UNION ALL SELECT 2, import, count(*) FROM record_version WHERE incident = $1 GROUP BY import
             UNION ALL SELECT 3, u.import, count(*) FROM import i JOIN unchanged u ON u.import = i.id
                 WHERE i.incident = $1 GROUP BY u.import
             UNION ALL SELECT 4, q.import, count(*) FROM import i JOIN quarantine q ON q.import = i.id
                 WHERE i.incident = $1 GROUP BY q.import",
            vals![incident],
        )
        .await?;
    let mut counts: HashMap<ImportId, [i64; 5]> = HashMap::new();
    for r in &rows {
        let of_import = counts.entry(r.id(1)?).or_default();
        let table = usize::try_from(r.i32(0)?).map_err(|_| StoreError::Schema)?;
        *of_import.get_mut(table).ok_or(StoreError::Schema)? = r.i64(2)?;
    }
    Ok(counts)
}

fn counted(row: ImportRow, counts: &HashMap<ImportId, [i64; 5]>) -> ImportRow {
    let [staged, new, updated, unchanged, quarantined] = counts.get(&row.id).copied().unwrap_or_default();
    ImportRow { staged, new, updated, unchanged, quarantined, ..row }
}
