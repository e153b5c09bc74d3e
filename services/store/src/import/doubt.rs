//! Records in doubt. A row of theirs could not be read, and it may hold a restriction: until one is, their persons are held.
//! Whenever a doubt is raised or settled, the facts of the person move.

use domain::{ImportId, IncidentId};

use crate::StoreError;
use crate::db::{Conn, cols, vals};

/// The rows that this import has set aside raise doubts, where it is known which records they are about.
pub(super) async fn raise(c: &mut Conn<'_>, import: ImportId, incident: IncidentId) -> Result<(), StoreError> {
    let raised = c
        .exec(
            "INSERT INTO doubt (incident, record_key, import, open)
         SELECT DISTINCT i.incident, q.record_key, i.id, true FROM import i JOIN quarantine q ON q.import = i.id
         WHERE i.id = $1 AND length(q.record_key) > 0
             AND NOT EXISTS (SELECT 1 FROM record t WHERE t.incident = i.incident AND t.record_key = q.record_key
                 AND t.content_hash = q.content_hash)
         ON CONFLICT (incident, record_key) DO UPDATE SET import = excluded.import, open = true WHERE NOT doubt.open",
            vals![import],
        )
        .await?;
    if raised == 0 {
        return Ok(());
    }
    c.exec(
        "UPDATE person SET facts_version = facts_version + 1
         WHERE incident = $2 AND id IN (
             SELECT l.person FROM import i JOIN quarantine q ON q.import = i.id
             JOIN doubt d ON d.incident = i.incident AND d.record_key = q.record_key AND d.import = i.id
             JOIN record t ON t.incident = d.incident AND t.record_key = d.record_key
             JOIN link l ON l.record = t.id
             WHERE i.id = $1)",
        vals![import, incident],
    )
    .await?;
    due(c, incident).await
}

/// Rows of these records were read.
pub(super) async fn settle(c: &mut Conn<'_>, incident: IncidentId, keys: &[[u8; 16]]) -> Result<(), StoreError> {
    if c.row("SELECT 1 FROM doubt WHERE incident = $1 AND open LIMIT 1", vals![incident]).await?.is_none() {
        return Ok(());
    }
    let keys = || keys.iter().map(|key| key.to_vec()).collect::<Vec<_>>();
    c.batch(
        "WITH r(k) AS ({r})
         UPDATE person SET facts_version = facts_version + 1 WHERE incident = $1 AND id IN (
             SELECT l.person FROM r JOIN doubt d ON d.incident = $1 AND d.record_key = r.k AND d.open
             JOIN record t ON t.incident = $1 AND t.record_key = d.record_key
             JOIN link l ON l.record = t.id)",
        vals![incident],
        cols![keys()],
    )
    .await?;
    let close = "WITH r(k) AS ({r}) UPDATE doubt SET open = false
                 WHERE incident = $1 AND open AND record_key IN (SELECT k FROM r)";
    let settled = c.batch(close, vals![incident], cols![keys()]).await?;
    if settled > 0 { due(c, incident).await } else { Ok(()) }
}

/// Whoever links and plans next looks at the incident again.
async fn due(c: &mut Conn<'_>, incident: IncidentId) -> Result<(), StoreError> {
    c.exec("UPDATE incident SET record_epoch = record_epoch + 1 WHERE id = $1", vals![incident]).await?;
    Ok(())
}
