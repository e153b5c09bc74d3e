//! The difference between a staged file and the records.

use std::collections::{HashMap, HashSet};

use domain::{ImportId, IncidentId, RecordId};

use super::block::{StagedRow, same_sealer};
use super::doubt::{raise, settle};
use super::stage::{in_state, quarantine, take};
use crate::db::{Cell, Conn, cols, vals};
use crate::{Applied, ImportState, QuarantineRow, StoreError};

/// Staged rows by what becomes of them.
#[derive(Default)]
struct Difference {
    new: Vec<StagedRow>,
    updated: Vec<StagedRow>,
    unchanged: Vec<(i64, RecordId)>,
    /// Keys of the records that were there before and of which a row was read now.
    met: Vec<[u8; 16]>,
    /// Sealed under another id than the record's.
    moved: Vec<(i64, [u8; 16])>,
    /// Further rows of the same records: each is a version of its own, after the first.
    later: Vec<StagedRow>,
}

pub(super) async fn apply(c: &mut Conn<'_>, import: ImportId, max: usize) -> Result<Applied, StoreError> {
    let state = in_state(c, import, &[ImportState::Staged, ImportState::Applied]).await?;
    if state == ImportState::Applied {
        return Ok(Applied::default());
    }
    let incident: IncidentId = c
        .row("SELECT incident FROM import WHERE id = $1", vals![import])
        .await?
        .ok_or(StoreError::Missing("import"))?
        .id(0)?;
    let mut applied = Applied::default();
    let mut rows = take(c, import, max).await?;
    while !rows.is_empty() {
        let diff = difference(c, incident, rows).await?;
        applied.new += diff.new.len() as u64;
        applied.updated += diff.updated.len() as u64;
        applied.unchanged += diff.unchanged.len() as u64;
        rows = write(c, import, incident, diff).await?;
    }
    if applied.new > 0 || applied.updated > 0 {
        c.exec("UPDATE incident SET record_epoch = record_epoch + 1 WHERE id = $1", vals![incident]).await?;
    }
    applied.remaining =
        c.count("SELECT coalesce(sum(row_count), 0) FROM staging WHERE import = $1", vals![import]).await? as u64;
    if applied.remaining == 0 {
        raise(c, import, incident).await?;
        c.exec("UPDATE import SET state = 'applied' WHERE id = $1", vals![import]).await?;
    }
    Ok(applied)
}

async fn difference(c: &mut Conn<'_>, incident: IncidentId, rows: Vec<StagedRow>) -> Result<Difference, StoreError> {
    let keys: Vec<Vec<u8>> = rows.iter().map(|r| r.record_key.to_vec()).collect();
    let known = known(c, incident, keys).await?;
    let mut diff = Difference::default();
    let mut seen: HashSet<[u8; 16]> = HashSet::with_capacity(rows.len());
    for row in rows {
        if !seen.insert(row.record_key) {
            diff.later.push(row);
            continue;
        }
        if known.contains_key(&row.record_key) {
            diff.met.push(row.record_key);
        }
        match known.get(&row.record_key) {
            None => diff.new.push(row),
            Some((known, hash)) if *hash == row.content_hash => diff.unchanged.push((row.row_no, *known)),
            Some((known, _)) if *known == row.record => diff.updated.push(row),
            Some(_) => diff.moved.push((row.row_no, row.record_key)),
        }
    }
    Ok(diff)
}

/// Writes what a difference says; the rows that are left.
async fn write(
    c: &mut Conn<'_>,
    import: ImportId,
    incident: IncidentId,
    diff: Difference,
) -> Result<Vec<StagedRow>, StoreError> {
    settle(c, incident, &diff.met).await?;
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
        .map(|(row_no, record_key)| QuarantineRow {
            row_no: *row_no,
            record_key: Some(*record_key),
            content_hash: None,
            column: "record_id".to_owned(),
            reason: "sealed under another id than the record's: import the file again".to_owned(),
        })
        .collect();
    quarantine(c, import, &moved).await?;
    Ok(diff.later)
}

/// The records that have these keys, each with the hash of its content.
async fn known(
    c: &mut Conn<'_>,
    incident: IncidentId,
    keys: Vec<Vec<u8>>,
) -> Result<HashMap<[u8; 16], (RecordId, [u8; 16])>, StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(k) AS ({r}) SELECT t.record_key, t.id, t.content_hash
             FROM r JOIN record t ON t.incident = $1 AND t.record_key = r.k",
            vals![incident],
            cols![keys],
        )
        .await?;
    rows.iter().map(|r| Ok((r.array(0)?, (r.id(1)?, r.array(2)?)))).collect()
}

/// A row as the statements below take it, and in what order.
fn cells(row: &StagedRow) -> [Cell<'_>; 8] {
    let StagedRow { row_no: _, record_key, content_hash, record, sealed } = row;
    [
        Cell::Bytes(record_key),
        Cell::Bytes(content_hash),
        Cell::Uuid(record.uuid()),
        Cell::Bytes(&sealed.wrapped_key),
        Cell::Bytes(&sealed.identity),
        Cell::Bytes(&sealed.contact),
        Cell::Bytes(&sealed.protection),
        Cell::Bytes(&sealed.free_text),
    ]
}

/// Runs a statement over rows, those of each sealer with its key and version as `$3` and `$4`.
async fn by_sealer(
    c: &mut Conn<'_>,
    sql: &'static str,
    import: ImportId,
    incident: IncidentId,
    rows: &[StagedRow],
) -> Result<(), StoreError> {
    for run in rows.chunk_by(same_sealer) {
        let Some(first) = run.first() else { continue };
        let vals = vals![import, incident, first.sealed.ephemeral, first.sealed.key_version];
        c.batch_of(sql, vals, run, cells).await?;
    }
    Ok(())
}

async fn insert_new(
    c: &mut Conn<'_>,
    import: ImportId,
    incident: IncidentId,
    rows: &[StagedRow],
) -> Result<(), StoreError> {
    const INSERT: &str =
        "WITH r(record_key, content_hash, record, wrapped_key, identity, contact, protection, free_text) AS ({r})
         INSERT INTO record (incident, id, society, version, record_key, content_hash, import, brought_by, at, ephemeral,
                wrapped_key, identity, contact, protection, free_text, key_version)
         SELECT $2, record, (SELECT society FROM import WHERE id = $1), 1, record_key, content_hash, $1, $1, {clock},
                $3, wrapped_key, identity, contact, protection, free_text, $4 FROM r";
    by_sealer(c, INSERT, import, incident, rows).await
}

async fn update_changed(
    c: &mut Conn<'_>,
    import: ImportId,
    incident: IncidentId,
    rows: &[StagedRow],
) -> Result<(), StoreError> {
    const UPDATE: &str =
        "WITH r(record_key, content_hash, record, wrapped_key, identity, contact, protection, free_text) AS ({r})
         UPDATE record SET version = record.version + 1, content_hash = r.content_hash, brought_by = $1, at = {clock},
                ephemeral = $3, wrapped_key = r.wrapped_key, identity = r.identity, contact = r.contact,
                protection = r.protection, free_text = r.free_text, key_version = $4
         FROM r WHERE record.incident = $2 AND record.record_key = r.record_key";
    let records: Vec<RecordId> = rows.iter().map(|r| r.record).collect();
    c.batch(
        "WITH r(id) AS ({r})
         INSERT INTO record_version (incident, record, version, import, brought_by, at, ephemeral, wrapped_key, identity,
                contact, protection, free_text, key_version)
         SELECT t.incident, t.id, t.version, $1, t.brought_by, t.at, t.ephemeral, t.wrapped_key, t.identity, t.contact,
                t.protection, t.free_text, t.key_version
         FROM r JOIN record t ON t.incident = $2 AND t.id = r.id",
        vals![import, incident],
        cols![records.as_slice()],
    )
    .await?;
    by_sealer(c, UPDATE, import, incident, rows).await?;
    c.batch(
        "WITH r(id) AS ({r})
         UPDATE person SET facts_version = facts_version + 1
         WHERE incident = $1 AND id IN (SELECT l.person FROM r JOIN link l ON l.record = r.id)",
        vals![incident],
        cols![records],
    )
    .await?;
    Ok(())
}
