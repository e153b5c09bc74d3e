//! Rows on their way in.

use domain::ImportId;

use super::{counted, counts, import_row};
use crate::db::{Cell, Conn, cols, vals};
use crate::{Begun, ImportState, NewImport, QuarantineRow, StagedRow, StoreError};

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
                let staged_rows = c
                    .count(
                        "SELECT max(n) FROM (SELECT max(row_no) AS n FROM staging WHERE import = $1
                         UNION ALL SELECT max(row_no) FROM quarantine WHERE import = $1) AS t",
                        vals![known.id],
                    )
                    .await?;
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

pub(super) async fn stage(c: &mut Conn<'_>, import: ImportId, rows: &[StagedRow]) -> Result<(), StoreError> {
    // Rows of one sealer, as a rule all of them.
    for run in rows.chunk_by(|a, b| sealer(a) == sealer(b)) {
        let Some((ephemeral, key_version)) = run.first().map(sealer) else { continue };
        c.batch_of(
            "WITH r(record_key, row_no, content_hash, record, wrapped_key, identity, contact, protection, free_text)
                 AS ({r})
             INSERT INTO staging (import, record_key, row_no, content_hash, record, ephemeral, wrapped_key, identity,
                    contact, protection, free_text, key_version)
             SELECT $1, record_key, row_no, content_hash, record, $2, wrapped_key, identity, contact, protection,
                    free_text, $3 FROM r WHERE true ON CONFLICT DO NOTHING",
            vals![import, ephemeral, key_version],
            run,
            |row| {
                let StagedRow { row_no, record_key, content_hash, record, sealed } = row;
                [
                    Cell::Bytes(record_key),
                    Cell::I64(*row_no),
                    Cell::Bytes(content_hash),
                    Cell::Uuid(record.uuid()),
                    Cell::Bytes(&sealed.wrapped_key),
                    Cell::Bytes(&sealed.identity),
                    Cell::Bytes(&sealed.contact),
                    Cell::Bytes(&sealed.protection),
                    Cell::Bytes(&sealed.free_text),
                ]
            },
        )
        .await?;
    }
    Ok(())
}

const fn sealer(row: &StagedRow) -> ([u8; 32], i32) {
    (row.sealed.ephemeral, row.sealed.key_version)
}

pub(super) async fn quarantine(c: &mut Conn<'_>, import: ImportId, rows: &[QuarantineRow]) -> Result<(), StoreError> {
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
