//! Rows on their way in.

use domain::ImportId;

use super::block::{Packed, StagedRow, pack, unpack};
use super::{counted, counts, import_row};
use crate::db::{Conn, cols, vals};
use crate::{Begun, ImportState, NewImport, QuarantineRow, StoreError};

/// Locks the import; its state, if it is one of these.
pub(super) async fn in_state(
    c: &mut Conn<'_>,
    import: ImportId,
    states: &[ImportState],
) -> Result<ImportState, StoreError> {
    let state = c
        .row("SELECT state FROM import WHERE id = $1 {lock}", vals![import])
        .await?
        .ok_or(StoreError::Missing("import"))?
        .word(0, ImportState::parse)?;
    if states.contains(&state) { Ok(state) } else { Err(StoreError::ImportState(import)) }
}

pub(super) async fn begin(c: &mut Conn<'_>, new: &NewImport) -> Result<Begun, StoreError> {
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
                let staged_rows = last_row(c, known.id).await?;
                return Ok(Begun::Resume { id: known.id, staged_rows });
            }
            (true, _) => return Ok(Begun::Done(counted(known, &counts(c, new.incident).await?))),
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

/// The last row of the file that is staged or quarantined; 0: none.
async fn last_row(c: &mut Conn<'_>, import: ImportId) -> Result<i64, StoreError> {
    c.count(
        "SELECT max(n) FROM (SELECT max(last_row) AS n FROM staging WHERE import = $1
         UNION ALL SELECT max(row_no) FROM quarantine WHERE import = $1) AS t",
        vals![import],
    )
    .await
}

/// Stages rows behind those that are staged already: they come in the order of the file, so whatever is not behind them
/// is there.
pub(super) async fn stage(c: &mut Conn<'_>, import: ImportId, block: &Packed) -> Result<(), StoreError> {
    let last = c.count("SELECT max(last_row) FROM staging WHERE import = $1", vals![import]).await?;
    if block.count == 0 || block.last <= last {
        return Ok(());
    }
    if block.first > last {
        return put(c, import, block).await;
    }
    let rows = unpack(&block.bytes)?;
    put_rows(c, import, &rows[rows.partition_point(|r| r.row_no <= last)..]).await
}

async fn put(c: &mut Conn<'_>, import: ImportId, block: &Packed) -> Result<(), StoreError> {
    c.exec(
        "INSERT INTO staging (import, first_row, last_row, row_count, block) VALUES ($1, $2, $3, $4, $5)",
        vals![import, block.first, block.last, block.count, block.bytes.clone()],
    )
    .await?;
    Ok(())
}

async fn put_rows(c: &mut Conn<'_>, import: ImportId, rows: &[StagedRow]) -> Result<(), StoreError> {
    match pack(rows)? {
        Some(block) => put(c, import, &block).await,
        None => Ok(()),
    }
}

/// Bytes of blocks that are unpacked at once, about: rows as long as they may be take as much as half a million others.
const TAKEN: usize = 16 * 1024 * 1024;

/// Takes the first rows out of staging, in the order of the file, at most so many.
pub(super) async fn take(c: &mut Conn<'_>, import: ImportId, max: usize) -> Result<Vec<StagedRow>, StoreError> {
    let (mut taken, mut bytes) = (Vec::new(), 0);
    while taken.len() < max && bytes < TAKEN {
        let first = "SELECT first_row, row_count, block FROM staging WHERE import = $1 ORDER BY first_row LIMIT 1";
        let Some(row) = c.row(first, vals![import]).await? else { break };
        let block = row.bytes(2)?;
        bytes += block.len();
        let mut rows = unpack(&block)?;
        // A block that ends between two rows looks whole.
        if i32::try_from(rows.len()) != Ok(row.i32(1)?) {
            return Err(StoreError::Decode("block".to_owned()));
        }
        c.exec("DELETE FROM staging WHERE import = $1 AND first_row = $2", vals![import, row.i64(0)?]).await?;
        let left = rows.split_off(rows.len().min(max - taken.len()));
        put_rows(c, import, &left).await?;
        taken.append(&mut rows);
    }
    Ok(taken)
}

pub(super) async fn quarantine(c: &mut Conn<'_>, import: ImportId, rows: &[QuarantineRow]) -> Result<(), StoreError> {
    c.batch(
        "WITH r(row_no, column_name, reason, record_key, content_hash) AS ({r})
         INSERT INTO quarantine (import, row_no, column_name, reason, record_key, content_hash)
         SELECT $1, row_no, column_name, reason, record_key, content_hash FROM r WHERE true ON CONFLICT DO NOTHING",
        vals![import],
        cols![
            rows.iter().map(|r| r.row_no).collect::<Vec<_>>(),
            rows.iter().map(|r| r.column.clone()).collect::<Vec<_>>(),
            rows.iter().map(|r| r.reason.clone()).collect::<Vec<_>>(),
            rows.iter().map(|r| or_nothing(r.record_key)).collect::<Vec<_>>(),
            rows.iter().map(|r| or_nothing(r.content_hash)).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}

fn or_nothing(digest: Option<[u8; 16]>) -> Vec<u8> {
    digest.map(|digest| digest.to_vec()).unwrap_or_default()
}
