//! The audit chain: append-only rows, each hashed over the one before.

use async_recursion::async_recursion as boxed;
use domain::Millis;
use sha2::{Digest, Sha256};

use crate::db::{Conn, cols, vals};
use crate::{AuditEntry, AuditRow, AuditSummary, Store, StoreError};

/// Rows checked at a time.
const PAGE: i64 = 1000;

impl AuditRow {
    /// The hash that the row must have: position, instant, entry and the hash before, length-prefixed.
    #[must_use]
    pub fn computed_hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"tidings audit v1");
        hash.update(self.seq.to_be_bytes());
        hash.update(self.at.0.to_be_bytes());
        for part in [&self.entry.actor, &self.entry.what, &self.entry.subject] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(self.previous);
        hash.finalize().into()
    }
}

/// Checks rows that follow a known head; the new head. Works offline on an export.
///
/// # Errors
/// [`StoreError::Audit`] with the position of the first row that is altered, missing or out of order.
pub fn verify_chain(head: AuditSummary, rows: &[AuditRow]) -> Result<AuditSummary, StoreError> {
    rows.iter().try_fold(head, |head, row| {
        let fits = row.seq == head.rows + 1 && row.previous == head.head && row.hash == row.computed_hash();
        if !fits {
            return Err(StoreError::Audit(head.rows + 1));
        }
        Ok(AuditSummary { rows: row.seq, head: row.hash })
    })
}

/// Before the first row.
pub const AUDIT_START: AuditSummary = AuditSummary { rows: 0, head: [0; 32] };

impl Store {
    /// Appends entries; one writer at a time.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn audit(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        self.inner.db.write(entries.to_vec(), |c, entries| Box::pin(async move { append(c, entries).await })).await
    }

    /// Rows after a position.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.inner
            .db
            .read((after, limit), |c, (after, limit)| Box::pin(async move { page(c, *after, i64::from(*limit)).await }))
            .await
    }

    /// Checks the whole chain against its head.
    ///
    /// # Errors
    /// [`StoreError::Audit`] with the position of the first row that is altered, reordered or missing.
    #[boxed]
    pub async fn verify_audit(&self) -> Result<AuditSummary, StoreError> {
        self.inner
            .db
            .snapshot((), |c, ()| {
                Box::pin(async move {
                    let head = head(c, "SELECT seq, hash FROM audit_head").await?;
                    let mut reached = AUDIT_START;
                    loop {
                        let rows = page(c, reached.rows, PAGE).await?;
                        if rows.is_empty() {
                            break;
                        }
                        reached = verify_chain(reached, &rows)?;
                    }
                    if reached == head { Ok(head) } else { Err(StoreError::Audit(reached.rows + 1)) }
                })
            })
            .await
    }
}

async fn head(c: &mut Conn<'_>, sql: &'static str) -> Result<AuditSummary, StoreError> {
    let row = c.row(sql, &[]).await?.ok_or(StoreError::Schema)?;
    Ok(AuditSummary { rows: row.i64(0)?, head: row.array(1)? })
}

pub(crate) async fn append(c: &mut Conn<'_>, entries: &[AuditEntry]) -> Result<(), StoreError> {
    let mut reached = head(c, "SELECT seq, hash FROM audit_head {lock}").await?;
    let at = c.count("SELECT {clock}", &[]).await?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut row = AuditRow {
            seq: reached.rows + 1,
            at: Millis(at),
            entry: entry.clone(),
            previous: reached.head,
            hash: [0; 32],
        };
        row.hash = row.computed_hash();
        reached = AuditSummary { rows: row.seq, head: row.hash };
        rows.push(row);
    }
    c.batch(
        "WITH r(seq, actor, what, subject, previous, hash) AS ({r})
         INSERT INTO audit (seq, at, actor, what, subject, previous, hash)
         SELECT seq, $1, actor, what, subject, previous, hash FROM r",
        vals![at],
        cols![
            rows.iter().map(|r| r.seq).collect::<Vec<_>>(),
            rows.iter().map(|r| r.entry.actor.clone()).collect::<Vec<_>>(),
            rows.iter().map(|r| r.entry.what.clone()).collect::<Vec<_>>(),
            rows.iter().map(|r| r.entry.subject.clone()).collect::<Vec<_>>(),
            rows.iter().map(|r| r.previous.to_vec()).collect::<Vec<_>>(),
            rows.iter().map(|r| r.hash.to_vec()).collect::<Vec<_>>(),
        ],
    )
    .await?;
    c.exec("UPDATE audit_head SET seq = $1, hash = $2", vals![reached.rows, reached.head]).await?;
    Ok(())
}

async fn page(c: &mut Conn<'_>, after: i64, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    let rows = c
        .rows(
            "SELECT seq, at, actor, what, subject, previous, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
            vals![after, limit],
        )
        .await?;
    rows.iter()
        .map(|r| {
            Ok(AuditRow {
                seq: r.i64(0)?,
                at: r.millis(1)?,
                entry: AuditEntry { actor: r.text(2)?, what: r.text(3)?, subject: r.text(4)? },
                previous: r.array(5)?,
                hash: r.array(6)?,
            })
        })
        .collect()
}
