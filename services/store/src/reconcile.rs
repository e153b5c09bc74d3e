//! What waited too long, and whether anything is under way.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use domain::delivery::AttemptState;
use domain::receipt::{Receipt, ReceiptKind, ReceiptSource};
use domain::{AttemptId, Millis, SocietyCode};

use crate::db::{Conn, Row, cols, vals};
use crate::settle::{Change, known, known_columns, settle};
use crate::{Store, StoreError, Stuck, StuckAttempt, receipts};

impl Store {
    /// What came into its state, or was last published, longer ago than `older_than_ms`: its bell was lost, or its
    /// worker is slow. Of campaigns that run.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn stuck(&self, now: Millis, older_than_ms: i64, limit: u32) -> Result<Stuck, StoreError> {
        let before = now.plus(-older_than_ms);
        self.inner
            .db
            .read((before, limit), |c, (before, limit)| {
                Box::pin(async move { stuck(c, *before, i64::from(*limit)).await })
            })
            .await
    }

    /// Recalls that nobody has answered, longest waiting first, with how often each was sent. Of campaigns of one kind.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn unanswered_recalls(&self, drill: bool, limit: u32) -> Result<Vec<StuckAttempt>, StoreError> {
        self.inner
            .db
            .read((drill, limit), |c, (drill, limit)| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT a.id, a.campaign, a.incident, a.society, a.recalls, a.recalled_at
                             FROM attempt a
                             WHERE a.recalled_at IS NOT NULL AND a.state = 'recalling' AND a.open AND a.drill = $1
                             ORDER BY a.recalled_at, a.id LIMIT $2",
                            vals![*drill, i64::from(*limit)],
                        )
                        .await?;
                    rows.iter().map(stuck_row).collect()
                })
            })
            .await
    }

    /// These recalls were sent once more.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn recalled(&self, ids: &[AttemptId], now: Millis) -> Result<u64, StoreError> {
        const RECALLED: &str = "WITH r(id) AS ({r}) UPDATE attempt SET recalls = recalls + 1, recalled_at = $1
             FROM r WHERE attempt.id = r.id AND state = 'recalling'";
        self.mark(RECALLED, ids, now).await
    }

    /// Ends what waited too long: not accepted although not-after and the grace have passed, or accepted and without an
    /// outcome for as long as its channel may take. Next steps become due. Parked receipts whose attempt is there by
    /// now are applied too. The number of attempts that changed.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn expire(&self, now: Millis, limit: u32) -> Result<u64, StoreError> {
        self.inner
            .db
            .write((now, limit), |c, (now, limit)| {
                Box::pin(async move {
                    let parked = unpark(c, *now, i64::from(*limit)).await?;
                    Ok(parked + expire(c, *now, i64::from(*limit)).await?)
                })
            })
            .await
    }

    /// Earliest instant after `now` at which anything waits for time alone: something due, or a time-out.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn next_due(&self, now: Millis) -> Result<Option<Millis>, StoreError> {
        self.inner
            .db
            .read(now, |c, now| {
                Box::pin(async move {
                    let row = c
                        .row(
                            "SELECT min(at) FROM (
                                 SELECT min(d.due_at) AS at FROM due d JOIN campaign k ON k.id = d.campaign
                                     WHERE k.state = 'running' AND d.due_at > $1
                                 UNION ALL
                                 SELECT min(deadline) FROM attempt WHERE deadline IS NOT NULL AND deadline > $1) AS t",
                            vals![*now],
                        )
                        .await?;
                    row.map_or(Ok(None), |r| r.opt_millis(0))
                })
            })
            .await
    }

    /// Something is on its way: an attempt that has not been accepted, an import, records that are still to be linked,
    /// something due in a running campaign. Whether somebody is to be planned is a question of its own
    /// ([`Store::unplanned`]): it reads all notifications.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn in_flight(&self) -> Result<bool, StoreError> {
        Ok(self.under_way(1).await? > 0)
    }

    /// How much [is](Self::in_flight), counted up to `most`.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn under_way(&self, most: u32) -> Result<u32, StoreError> {
        let count =
            self.inner.db.read(most, |c, most| Box::pin(async move { under_way(c, i64::from(*most)).await })).await?;
        Ok(u32::try_from(count).unwrap_or(most))
    }
}

async fn under_way(c: &mut Conn<'_>, most: i64) -> Result<i64, StoreError> {
    c.count(
        "SELECT count(*) FROM (
             SELECT 1 FROM attempt a JOIN campaign k ON k.id = a.campaign
                 WHERE a.holds_credit AND (k.state = 'running' OR a.state = 'dispatched')
             UNION ALL SELECT 1 FROM import WHERE state IN ('staging', 'staged')
             UNION ALL SELECT 1 FROM incident WHERE record_epoch > linked_epoch
             UNION ALL SELECT 1 FROM due d JOIN campaign k ON k.id = d.campaign
                 WHERE k.state = 'running' AND d.due_at <= {clock}
             LIMIT $1) AS busy",
        vals![most],
    )
    .await
}

async fn stuck(c: &mut Conn<'_>, before: Millis, limit: i64) -> Result<Stuck, StoreError> {
    let mut out = Stuck::default();
    let rows =
        c.rows("SELECT incident, id FROM import WHERE state = 'staged' ORDER BY place LIMIT $1", vals![limit]).await?;
    for r in &rows {
        out.imports.push((r.id(0)?, r.id(1)?));
    }
    let rows = c
        .rows(
            "SELECT i.id FROM incident i WHERE i.record_epoch > i.linked_epoch AND NOT EXISTS
                 (SELECT 1 FROM import m WHERE m.incident = i.id AND m.state = 'staged') ORDER BY i.id LIMIT $1",
            vals![limit],
        )
        .await?;
    for r in &rows {
        out.unlinked.push(r.id(0)?);
    }
    let states = [
        (AttemptState::Released, &mut out.released),
        (AttemptState::Sealed, &mut out.sealed),
        (AttemptState::Dispatched, &mut out.dispatched),
    ];
    for (state, list) in states {
        let rows = c
            .rows(
                "SELECT a.id, a.campaign, a.incident, a.society, a.dispatches, a.since
                 FROM attempt a JOIN campaign k ON k.id = a.campaign AND k.state = 'running'
                 WHERE a.holds_credit AND a.state = $1 AND a.since <= $2 ORDER BY a.since, a.id LIMIT $3",
                vals![state.as_str(), before, limit],
            )
            .await?;
        for r in &rows {
            list.push(stuck_row(r)?);
        }
    }
    Ok(out)
}

fn stuck_row(r: &Row) -> Result<StuckAttempt, StoreError> {
    Ok(StuckAttempt {
        attempt: r.id(0)?,
        campaign: r.id(1)?,
        incident: r.id(2)?,
        society: r.society(3)?,
        dispatches: r.i32(4)?,
        since: r.millis(5)?,
    })
}

async fn expire(c: &mut Conn<'_>, now: Millis, limit: i64) -> Result<u64, StoreError> {
    let rows = c
        .rows(
            concat!(
                "SELECT ",
                known_columns!(),
                " FROM attempt a JOIN campaign k ON k.id = a.campaign
                 WHERE a.deadline IS NOT NULL AND a.deadline <= $1 ORDER BY a.deadline, a.id LIMIT $2 {skip_a}"
            ),
            vals![now, limit],
        )
        .await?;
    let changes: Vec<Change> = rows
        .iter()
        .map(|r| {
            let attempt = known(r)?;
            Ok(Change { mask: attempt.mask, state: AttemptState::Expired, attempt })
        })
        .collect::<Result<_, StoreError>>()?;
    settle(c, &changes, now).await?;
    Ok(changes.len() as u64)
}

/// Applies parked receipts whose attempt has appeared (after a restore from a backup, for instance).
async fn unpark(c: &mut Conn<'_>, now: Millis, limit: i64) -> Result<u64, StoreError> {
    let rows = c
        .rows(
            "SELECT p.society, p.id, p.attempt, p.kind, p.at, p.code, p.source
             FROM parked_receipt p JOIN attempt a ON a.id = p.attempt ORDER BY p.society, p.id LIMIT $1",
            vals![limit],
        )
        .await?;
    let mut by_society: BTreeMap<SocietyCode, Vec<Receipt>> = BTreeMap::new();
    for r in &rows {
        by_society.entry(r.society(0)?).or_default().push(receipt(r)?);
    }
    for (society, parked) in by_society {
        receipts::apply(c, &society, &parked, now).await?;
        c.batch(
            "WITH r(id) AS ({r}) DELETE FROM parked_receipt WHERE society = $1 AND id IN (SELECT id FROM r)",
            vals![&society],
            cols![parked.iter().map(|p| p.id).collect::<Vec<_>>()],
        )
        .await?;
    }
    Ok(rows.len() as u64)
}

fn receipt(r: &Row) -> Result<Receipt, StoreError> {
    Ok(Receipt {
        id: r.uuid(1)?,
        attempt: r.id(2)?,
        kind: r.word(3, ReceiptKind::parse)?,
        at: r.millis(4)?,
        code: r.opt_text(5)?,
        source: r.word(6, ReceiptSource::parse)?,
    })
}
