//! The difference between a staged file and the records.

use std::collections::{HashMap, HashSet};

use domain::{ImportId, IncidentId, RecordId};

use super::stage::{in_state, quarantine};
use crate::db::{Col, Conn, cols, vals};
use crate::{Applied, ImportState, QuarantineRow, StoreError};

/// Staged rows by what becomes of them: the row number of each.
#[derive(Default)]
struct Difference {
    new: Vec<i64>,
    /// With the keys of their records.
    updated: Vec<(Vec<u8>, i64)>,
    unchanged: Vec<(i64, RecordId)>,
    moved: Vec<i64>,
    done: Vec<i64>,
}

pub(super) async fn apply(c: &mut Conn<'_>, import: ImportId, max: i64) -> Result<Applied, StoreError> {
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
    let new = diff.new.len() as u64;
    insert_new(c, import, incident, diff.new).await?;
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
    c.batch(
        "WITH r(n) AS ({r}) DELETE FROM staging WHERE import = $1 AND row_no IN (SELECT n FROM r)",
        vals![import],
        &[Col::from(diff.done)],
    )
    .await?;
    if new > 0 || !diff.updated.is_empty() {
        c.exec("UPDATE incident SET record_epoch = record_epoch + 1 WHERE id = $1", vals![incident]).await?;
    }
    let remaining = c.count("SELECT count(*) FROM staging WHERE import = $1", vals![import]).await?;
    if remaining == 0 {
        c.exec("UPDATE import SET state = 'applied' WHERE id = $1", vals![import]).await?;
    }
    Ok(Applied {
        new,
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
            "SELECT record_key, row_no, record, content_hash FROM staging
             WHERE import = $1 ORDER BY row_no LIMIT $2",
            vals![import, max],
        )
        .await?;
    let keys: Vec<Vec<u8>> = rows.iter().map(|r| r.bytes(0)).collect::<Result<_, _>>()?;
    let known = known(c, incident, &keys).await?;
    let mut diff = Difference::default();
    let mut seen: HashSet<Vec<u8>> = HashSet::with_capacity(rows.len());
    for (r, key) in rows.iter().zip(keys) {
        let row_no = r.i64(1)?;
        // A second row of one record in the same file waits for its turn: each is a version of its own.
        if !seen.insert(key.clone()) {
            continue;
        }
        let staged: RecordId = r.id(2)?;
        match known.get(&key) {
            None => diff.new.push(row_no),
            Some((known, hash)) if *hash == r.bytes(3)? => diff.unchanged.push((row_no, *known)),
            Some((known, _)) if *known == staged => diff.updated.push((key, row_no)),
            Some(_) => diff.moved.push(row_no),
        }
        diff.done.push(row_no);
    }
    Ok(diff)
}

/// The records that have these keys, each with the hash of its content.
async fn known(
    c: &mut Conn<'_>,
    incident: IncidentId,
    keys: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, (RecordId, Vec<u8>)>, StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(k) AS ({r}) SELECT t.record_key, t.id, t.content_hash
             FROM r JOIN record t ON t.incident = $1 AND t.record_key = r.k",
            vals![incident],
            &[Col::from(keys.to_vec())],
        )
        .await?;
    rows.iter().map(|r| Ok((r.bytes(0)?, (r.id(1)?, r.bytes(2)?)))).collect()
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
    rows: Vec<i64>,
) -> Result<(), StoreError> {
    c.batch(
        "WITH r(n) AS ({r})
         INSERT INTO record (incident, id, society, version, record_key, content_hash, import, brought_by, at, ephemeral,
                wrapped_key,
                identity, contact, protection, free_text, key_version)
         SELECT $2, s.record, (SELECT society FROM import WHERE id = $1), 1, s.record_key, s.content_hash, $1, $1,
                {clock}, s.ephemeral, s.wrapped_key, s.identity, s.contact, s.protection, s.free_text, s.key_version
         FROM r JOIN staging s ON s.import = $1 AND s.row_no = r.n",
        vals![import, incident],
        &[Col::from(rows)],
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
         INSERT INTO record_version (incident, record, version, import, brought_by, at, ephemeral, wrapped_key, identity,
                contact,
                protection, free_text, key_version)
         SELECT t.incident, t.id, t.version, $1, t.brought_by, t.at, t.ephemeral, t.wrapped_key, t.identity, t.contact,
                t.protection,
                t.free_text, t.key_version
         FROM r JOIN record t ON t.incident = $2 AND t.record_key = r.k",
        vals![import, incident],
        std::slice::from_ref(&keys),
    )
    .await?;
    c.batch(
        "WITH r(k, n) AS ({r})
         UPDATE record SET version = record.version + 1, content_hash = s.content_hash, brought_by = $1, at = {clock},
                ephemeral = s.ephemeral,
                wrapped_key = s.wrapped_key, identity = s.identity, contact = s.contact, protection = s.protection,
                free_text = s.free_text, key_version = s.key_version
         FROM r JOIN staging s ON s.import = $1 AND s.row_no = r.n
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
