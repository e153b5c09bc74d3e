//! Import: sealed staging, then the difference. The same file twice changes nothing.

use std::collections::{HashMap, HashSet};

use domain::{ImportId, IncidentId, Millis, RecordId};

use crate::db::{Col, Conn, Row, cols, vals};
use crate::{
    Applied, Begun, ImportRow, ImportState, NewImport, QuarantineRow, StagedRow, Store, StoreError,
};

impl Store {
    /// Begins an import, or says what is known of this file.
    ///
    /// # Errors
    /// [`StoreError::ImportBusy`] while another file of the same register is under way.
    pub async fn begin_import(&self, new: &NewImport) -> Result<Begun, StoreError> {
        let once = || async {
            self.inner
                .db
                .write(new.clone(), |c, new| {
                    Box::pin(async move { begin(c, new).await })
                })
                .await
        };
        match once().await {
            // Somebody began at the same moment: now there is something to find.
            Err(error) if error.is_unique_violation() => once().await,
            other => other,
        }
    }

    /// Ids and content hashes of records that are known, or staged already in this import, under these keys. A record
    /// is sealed under its id: use these, and a fresh one where there is none.
    ///
    /// # Errors
    /// What the database refuses.
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
                             SELECT r.k, t.id, t.content_hash, 1 AS known FROM r JOIN record t ON t.record_key = r.k
                                 AND t.incident = (SELECT incident FROM import WHERE id = $1)
                             UNION ALL
                             SELECT r.k, s.record, s.content_hash, 0 FROM r
                                 JOIN staging s ON s.import = $1 AND s.record_key = r.k
                             ORDER BY 4 DESC",
                            vals![*import],
                            cols![keys.iter().map(|k| k.to_vec()).collect::<Vec<_>>()],
                        )
                        .await?;
                    let mut found: HashMap<[u8; 16], (RecordId, [u8; 16])> = HashMap::new();
                    for r in &rows {
                        found.entry(r.array(0)?).or_insert((r.id(1)?, r.array(2)?));
                    }
                    Ok(keys.iter().map(|k| found.get(k).copied()).collect())
                })
            })
            .await
    }

    /// Stages rows; rows staged before stay as they are.
    ///
    /// # Errors
    /// [`StoreError::ImportState`] once staging is finished or abandoned.
    pub async fn stage(&self, import: ImportId, rows: Vec<StagedRow>) -> Result<(), StoreError> {
        self.inner
            .db
            .write((import, rows), |c, (import, rows)| {
                Box::pin(async move {
                    in_state(c, *import, &[ImportState::Staging]).await?;
                    stage(c, *import, rows).await
                })
            })
            .await
    }

    /// Records rows that are no records.
    ///
    /// # Errors
    /// [`StoreError::ImportState`] once staging is finished or abandoned.
    pub async fn quarantine(
        &self,
        import: ImportId,
        rows: Vec<QuarantineRow>,
    ) -> Result<(), StoreError> {
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
    pub async fn finish_staging(&self, import: ImportId, rows_read: i64) -> Result<(), StoreError> {
        self.inner
            .db
            .write((import, rows_read), |c, (import, rows_read)| {
                Box::pin(async move {
                    let state = in_state(
                        c,
                        *import,
                        &[
                            ImportState::Staging,
                            ImportState::Staged,
                            ImportState::Applied,
                        ],
                    )
                    .await?;
                    if state != ImportState::Staging {
                        return Ok(());
                    }
                    let found = c
                        .count(
                            "SELECT (SELECT count(*) FROM staging WHERE import = $1)
                                  + (SELECT count(*) FROM quarantine WHERE import = $1)",
                            vals![*import],
                        )
                        .await?;
                    if found != *rows_read {
                        return Err(StoreError::ImportRows {
                            import: *import,
                            found,
                            said: *rows_read,
                        });
                    }
                    let state = if c
                        .row(
                            "SELECT 1 FROM staging WHERE import = $1 LIMIT 1",
                            vals![*import],
                        )
                        .await?
                        .is_some()
                    {
                        ImportState::Staged
                    } else {
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
            .await
    }

    /// Gives up an import of which nothing was applied.
    ///
    /// # Errors
    /// [`StoreError::ImportState`] once a row of it was applied.
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
                    c.exec("DELETE FROM staging WHERE import = $1", vals![*import])
                        .await?;
                    c.exec("DELETE FROM quarantine WHERE import = $1", vals![*import])
                        .await?;
                    c.exec(
                        "UPDATE import SET state = 'abandoned', rows_read = 0 WHERE id = $1",
                        vals![*import],
                    )
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
    pub async fn apply_import(
        &self,
        import: ImportId,
        max_rows: u32,
    ) -> Result<Applied, StoreError> {
        self.inner
            .db
            .write((import, max_rows), |c, (import, max_rows)| {
                Box::pin(async move { apply(c, *import, i64::from(*max_rows)).await })
            })
            .await
    }

    /// Imports of an incident, oldest first, with counts from rows.
    ///
    /// # Errors
    /// What the database refuses.
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
                    let mut out = Vec::with_capacity(rows.len());
                    for r in &rows {
                        out.push(counted(c, import_row(r)?).await?);
                    }
                    Ok(out)
                })
            })
            .await
    }

    /// Quarantined rows of an import, in the order of the file.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn quarantined(&self, import: ImportId) -> Result<Vec<QuarantineRow>, StoreError> {
        self.inner
            .db
            .read(import, |c, import| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT row_no, column_name, reason FROM quarantine WHERE import = $1 ORDER BY row_no",
                            vals![*import],
                        )
                        .await?;
                    rows.iter()
                        .map(|r| {
                            Ok(QuarantineRow {
                                row_no: r.i64(0)?,
                                column: r.text(1)?,
                                reason: r.text(2)?,
                            })
                        })
                        .collect()
                })
            })
            .await
    }
}

/// Locks the import; its state, if it is one of these.
async fn in_state(
    c: &mut Conn<'_>,
    import: ImportId,
    states: &[ImportState],
) -> Result<ImportState, StoreError> {
    let state = c
        .row(
            "SELECT state FROM import WHERE id = $1 {lock}",
            vals![import],
        )
        .await?
        .ok_or(StoreError::Missing("import"))?
        .word(0, ImportState::parse)?;
    if states.contains(&state) {
        Ok(state)
    } else {
        Err(StoreError::ImportState(import))
    }
}

async fn begin(c: &mut Conn<'_>, new: &NewImport) -> Result<Begun, StoreError> {
    let latest = c
        .row(
            "SELECT id, incident, society, system, state, rows_read, begun_at, file_digest FROM import
             WHERE incident = $1 AND society = $2 AND system = $3 AND state <> 'abandoned'
             ORDER BY place DESC LIMIT 1 {lock}",
            vals![new.incident, &new.society, &new.system],
        )
        .await?;
    if let Some(r) = latest {
        let known = import_row(&r)?;
        let same = r.bytes(7)? == new.file_digest;
        match (same, known.state) {
            (true, ImportState::Staging) => {
                let staged_rows = c
                    .count(
                        "SELECT max(n) FROM (SELECT max(row_no) AS n FROM staging WHERE import = $1
                         UNION ALL SELECT max(row_no) FROM quarantine WHERE import = $1) AS t",
                        vals![known.id],
                    )
                    .await?;
                return Ok(Begun::Resume {
                    id: known.id,
                    staged_rows,
                });
            }
            (true, _) => return Ok(Begun::Done(counted(c, known).await?)),
            (false, ImportState::Staging | ImportState::Staged) => {
                return Err(StoreError::ImportBusy(known.id));
            }
            (false, _) => {}
        }
    }
    c.exec(
        "INSERT INTO import (id, incident, society, system, file_digest, manifest, state, place, begun_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'staging', (SELECT coalesce(max(place), 0) + 1 FROM import), {clock})",
        vals![new.id, new.incident, &new.society, &new.system, new.file_digest, &new.manifest],
    )
    .await?;
    Ok(Begun::New)
}

async fn stage(c: &mut Conn<'_>, import: ImportId, rows: &[StagedRow]) -> Result<(), StoreError> {
    let bytes = |get: fn(&StagedRow) -> &[u8]| -> Col {
        Col::from(rows.iter().map(|r| get(r).to_vec()).collect::<Vec<_>>())
    };
    c.batch(
        "WITH r(record_key, row_no, content_hash, record, ephemeral, wrapped_key, identity, contact, protection,
                free_text, key_version) AS ({r})
         INSERT INTO staging (import, record_key, row_no, content_hash, record, ephemeral, wrapped_key, identity,
                contact, protection, free_text, key_version)
         SELECT $1, record_key, row_no, content_hash, record, ephemeral, wrapped_key, identity, contact, protection,
                free_text, key_version FROM r WHERE true ON CONFLICT DO NOTHING",
        vals![import],
        &[
            bytes(|r| &r.record_key),
            Col::from(rows.iter().map(|r| r.row_no).collect::<Vec<_>>()),
            bytes(|r| &r.content_hash),
            Col::from(rows.iter().map(|r| r.record).collect::<Vec<_>>()),
            bytes(|r| &r.sealed.ephemeral),
            bytes(|r| &r.sealed.wrapped_key),
            bytes(|r| &r.sealed.identity),
            bytes(|r| &r.sealed.contact),
            bytes(|r| &r.sealed.protection),
            bytes(|r| &r.sealed.free_text),
            Col::from(rows.iter().map(|r| r.sealed.key_version).collect::<Vec<_>>()),
        ],
    )
    .await?;
    Ok(())
}

async fn quarantine(
    c: &mut Conn<'_>,
    import: ImportId,
    rows: &[QuarantineRow],
) -> Result<(), StoreError> {
    c.batch(
        "WITH r(row_no, column_name, reason) AS ({r})
         INSERT INTO quarantine (import, row_no, column_name, reason)
         SELECT $1, row_no, column_name, reason FROM r WHERE true ON CONFLICT DO NOTHING",
        vals![import],
        cols![
            rows.iter().map(|r| r.row_no).collect::<Vec<_>>(),
            rows.iter().map(|r| r.column.clone()).collect::<Vec<_>>(),
            rows.iter().map(|r| r.reason.clone()).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}

/// Staged rows by what becomes of them: the key and row number of each.
#[derive(Default)]
struct Difference {
    new: Vec<(Vec<u8>, i64)>,
    updated: Vec<(Vec<u8>, i64)>,
    unchanged: Vec<(i64, RecordId)>,
    moved: Vec<i64>,
    done: Vec<(Vec<u8>, i64)>,
}

async fn apply(c: &mut Conn<'_>, import: ImportId, max: i64) -> Result<Applied, StoreError> {
    let state = in_state(c, import, &[ImportState::Staged, ImportState::Applied]).await?;
    if state == ImportState::Applied {
        return Ok(Applied::default());
    }
    let incident: IncidentId = c
        .row("SELECT incident FROM import WHERE id = $1", vals![import])
        .await?
        .ok_or(StoreError::Missing("import"))?
        .id(0)?;
    let diff = difference(c, import, incident, max).await?;
    insert_new(c, import, incident, &diff.new).await?;
    update_changed(c, import, incident, &diff.updated).await?;
    c.batch(
        "WITH r(row_no, record) AS ({r}) INSERT INTO unchanged (import, row_no, record)
         SELECT $1, row_no, record FROM r",
        vals![import],
        cols![
            diff.unchanged.iter().map(|(n, _)| *n).collect::<Vec<_>>(),
            diff.unchanged.iter().map(|(_, id)| *id).collect::<Vec<_>>(),
        ],
    )
    .await?;
    let moved: Vec<QuarantineRow> = diff
        .moved
        .iter()
        .map(|row_no| QuarantineRow {
            row_no: *row_no,
            column: "record_id".to_owned(),
            reason: "sealed under another id than the record's: import the file again".to_owned(),
        })
        .collect();
    quarantine(c, import, &moved).await?;
    let (keys, numbers) = columns(&diff.done);
    c.batch(
        "WITH r(k, n) AS ({r}) DELETE FROM staging WHERE import = $1 AND (record_key, row_no) IN (SELECT k, n FROM r)",
        vals![import],
        &[keys, numbers],
    )
    .await?;
    if !diff.new.is_empty() || !diff.updated.is_empty() {
        c.exec(
            "UPDATE incident SET record_epoch = record_epoch + 1 WHERE id = $1",
            vals![incident],
        )
        .await?;
    }
    let remaining = c
        .count(
            "SELECT count(*) FROM staging WHERE import = $1",
            vals![import],
        )
        .await?;
    if remaining == 0 {
        c.exec(
            "UPDATE import SET state = 'applied' WHERE id = $1",
            vals![import],
        )
        .await?;
    }
    Ok(Applied {
        new: diff.new.len() as u64,
        updated: diff.updated.len() as u64,
        unchanged: diff.unchanged.len() as u64,
        remaining: remaining as u64,
    })
}

async fn difference(
    c: &mut Conn<'_>,
    import: ImportId,
    incident: IncidentId,
    max: i64,
) -> Result<Difference, StoreError> {
    let rows = c
        .rows(
            "SELECT s.record_key, s.row_no, s.record, s.content_hash, t.id, t.content_hash
             FROM staging s LEFT JOIN record t ON t.incident = $2 AND t.record_key = s.record_key
             WHERE s.import = $1 ORDER BY s.record_key, s.row_no LIMIT $3",
            vals![import, incident, max],
        )
        .await?;
    let mut diff = Difference::default();
    let mut seen: HashSet<Vec<u8>> = HashSet::with_capacity(rows.len());
    for r in &rows {
        let (key, row_no) = (r.bytes(0)?, r.i64(1)?);
        // A second row of one record in the same file waits for its turn: each is a version of its own.
        if !seen.insert(key.clone()) {
            continue;
        }
        let staged: RecordId = r.id(2)?;
        match r.opt_id::<RecordId>(4)? {
            None => diff.new.push((key.clone(), row_no)),
            Some(known) if r.bytes(3)? == r.bytes(5)? => diff.unchanged.push((row_no, known)),
            Some(known) if known == staged => diff.updated.push((key.clone(), row_no)),
            Some(_) => diff.moved.push(row_no),
        }
        diff.done.push((key, row_no));
    }
    Ok(diff)
}

fn columns(rows: &[(Vec<u8>, i64)]) -> (Col, Col) {
    (
        Col::from(rows.iter().map(|(k, _)| k.clone()).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|(_, n)| *n).collect::<Vec<_>>()),
    )
}

async fn insert_new(
    c: &mut Conn<'_>,
    import: ImportId,
    incident: IncidentId,
    rows: &[(Vec<u8>, i64)],
) -> Result<(), StoreError> {
    let (keys, numbers) = columns(rows);
    c.batch(
        "WITH r(k, n) AS ({r})
         INSERT INTO record (incident, id, society, version, record_key, content_hash, import, ephemeral, wrapped_key,
                identity, contact, protection, free_text, key_version)
         SELECT $2, s.record, (SELECT society FROM import WHERE id = $1), 1, s.record_key, s.content_hash, $1,
                s.ephemeral, s.wrapped_key, s.identity, s.contact, s.protection, s.free_text, s.key_version
         FROM r JOIN staging s ON s.import = $1 AND s.record_key = r.k AND s.row_no = r.n",
        vals![import, incident],
        &[keys, numbers],
    )
    .await?;
    Ok(())
}

async fn update_changed(
    c: &mut Conn<'_>,
    import: ImportId,
    incident: IncidentId,
    rows: &[(Vec<u8>, i64)],
) -> Result<(), StoreError> {
    let (keys, numbers) = columns(rows);
    c.batch(
        "WITH r(k) AS ({r})
         INSERT INTO record_version (incident, record, version, import, ephemeral, wrapped_key, identity, contact,
                protection, free_text, key_version)
         SELECT t.incident, t.id, t.version, $1, t.ephemeral, t.wrapped_key, t.identity, t.contact, t.protection,
                t.free_text, t.key_version
         FROM r JOIN record t ON t.incident = $2 AND t.record_key = r.k",
        vals![import, incident],
        std::slice::from_ref(&keys),
    )
    .await?;
    c.batch(
        "WITH r(k, n) AS ({r})
         UPDATE record SET version = record.version + 1, content_hash = s.content_hash, ephemeral = s.ephemeral,
                wrapped_key = s.wrapped_key, identity = s.identity, contact = s.contact, protection = s.protection,
                free_text = s.free_text, key_version = s.key_version
         FROM r JOIN staging s ON s.import = $1 AND s.record_key = r.k AND s.row_no = r.n
         WHERE record.incident = $2 AND record.record_key = r.k",
        vals![import, incident],
        &[keys.clone(), numbers],
    )
    .await?;
    c.batch(
        "WITH r(k) AS ({r})
         UPDATE person SET facts_version = facts_version + 1
         WHERE incident = $1 AND id IN (SELECT l.person FROM r JOIN record t ON t.incident = $1 AND t.record_key = r.k
                                        JOIN link l ON l.record = t.id)",
        vals![incident],
        &[keys],
    )
    .await?;
    Ok(())
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

async fn counted(c: &mut Conn<'_>, mut row: ImportRow) -> Result<ImportRow, StoreError> {
    let counts = c
        .row(
            "SELECT (SELECT count(*) FROM staging WHERE import = $1),
                    (SELECT count(*) FROM record WHERE incident = $2 AND import = $1),
                    (SELECT count(*) FROM record_version WHERE incident = $2 AND import = $1),
                    (SELECT count(*) FROM unchanged WHERE import = $1),
                    (SELECT count(*) FROM quarantine WHERE import = $1)",
            vals![row.id, row.incident],
        )
        .await?
        .ok_or(StoreError::Missing("import"))?;
    row.staged = counts.i64(0)?;
    row.new = counts.i64(1)?;
    row.updated = counts.i64(2)?;
    row.unchanged = counts.i64(3)?;
    row.quarantined = counts.i64(4)?;
    Ok(row)
}
