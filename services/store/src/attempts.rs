//! Attempts between release and the gateway: load, seal, take back, dispatch. Every step has the state as condition.

use std::collections::HashMap;

use async_recursion::async_recursion as boxed;
use domain::channel::Level;
use domain::delivery::{AttemptState, NotificationState};
use domain::{AttemptId, Millis, NotificationId};

use crate::campaign::make_due;
use crate::db::{Conn, Row, cols, vals};
use crate::{AttemptRow, MemberRow, SealedAttempt, Store, StoreError, VoidReason};

/// After not-after a gateway may still be reporting: only then does the next step start.
pub(crate) const GRACE: i64 = Millis::DAY;

impl Store {
    /// Attempts still in the expected state. Released and sealed ones only of running campaigns: a pause works by that.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn load_attempts(&self, ids: &[AttemptId], state: AttemptState) -> Result<Vec<AttemptRow>, StoreError> {
        self.inner
            .db
            .snapshot((ids.to_vec(), state), |c, (ids, state)| Box::pin(async move { load(c, ids, *state).await }))
            .await
    }

    /// Released becomes sealed. The number that did; others were taken back or sealed meanwhile.
    ///
    /// # Errors
    /// A foreign-key violation for a key of the other kind (drill, real).
    #[boxed]
    pub async fn save_sealed(&self, mut rows: Vec<SealedAttempt>) -> Result<u64, StoreError> {
        rows.sort_by_key(|r| r.attempt);
        self.inner.db.write(rows, |c, rows| Box::pin(async move { save_sealed(c, rows).await })).await
    }

    /// Takes attempts back before they leave; their persons are planned again. The number taken back.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn void(&self, rows: Vec<(AttemptId, VoidReason)>) -> Result<u64, StoreError> {
        let taken: Vec<Taken> = rows
            .into_iter()
            .map(|(attempt, reason)| {
                let (counts, why) = match reason {
                    VoidReason::Closed => (false, "closed".to_owned()),
                    VoidReason::FactsChanged => (false, "facts_changed".to_owned()),
                    VoidReason::Refused(code) => (true, format!("refused:{code}")),
                    VoidReason::Expired => (false, "expired".to_owned()),
                };
                Taken { attempt, counts, why, until: None }
            })
            .collect();
        self.inner.db.write(taken, |c, taken| Box::pin(async move { take_back(c, taken).await })).await
    }

    /// Takes attempts back until an instant; the try does not count.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn postpone(&self, rows: Vec<(AttemptId, Millis)>) -> Result<u64, StoreError> {
        let taken: Vec<Taken> = rows
            .into_iter()
            .map(|(attempt, until)| Taken { attempt, counts: false, why: "postponed".to_owned(), until: Some(until) })
            .collect();
        self.inner.db.write(taken, |c, taken| Box::pin(async move { take_back(c, taken).await })).await
    }

    /// Sealed becomes dispatched, after the broker confirmed. A receipt that came first stands. The number marked.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn mark_dispatched(&self, ids: &[AttemptId], now: Millis) -> Result<u64, StoreError> {
        const DISPATCHED: &str = "WITH r(id) AS ({r}) UPDATE attempt SET dispatches = dispatches + 1, since = $1,
                state = CASE WHEN state = 'sealed' THEN 'dispatched' ELSE state END
             FROM r WHERE attempt.id = r.id AND (state = 'sealed'
                  OR dispatches = 0 AND state NOT IN ('released', 'withdrawn'))";
        self.mark(DISPATCHED, ids, now).await
    }

    /// Published once more under the same id.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn redispatched(&self, ids: &[AttemptId], now: Millis) -> Result<u64, StoreError> {
        const AGAIN: &str = "WITH r(id) AS ({r}) UPDATE attempt SET dispatches = dispatches + 1, since = $1
             FROM r WHERE attempt.id = r.id AND state = 'dispatched'";
        self.mark(AGAIN, ids, now).await
    }

    /// Sealed becomes released: facts moved, so it has to be decided and sealed again.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn unseal(&self, ids: &[AttemptId]) -> Result<u64, StoreError> {
        self.inner
            .db
            .write(in_order(ids), |c, ids| {
                Box::pin(async move {
                    let rows = c
                        .batch_rows(
                            "WITH r(id) AS ({r}) UPDATE attempt SET state = 'released', since = {clock} FROM r
                             WHERE attempt.id = r.id AND state = 'sealed' RETURNING attempt.id",
                            &[],
                            cols![ids.as_slice()],
                        )
                        .await?;
                    let unsealed: Vec<AttemptId> = rows.iter().map(|r| r.id(0)).collect::<Result<_, _>>()?;
                    forget_messages(c, &unsealed).await?;
                    Ok(unsealed.len() as u64)
                })
            })
            .await
    }

    /// A mark on attempts with its instant; the number that got it.
    pub(crate) async fn mark(&self, sql: &'static str, ids: &[AttemptId], now: Millis) -> Result<u64, StoreError> {
        self.inner
            .db
            .write((in_order(ids), now), move |c, (ids, now)| {
                Box::pin(async move { c.batch(sql, vals![*now], cols![ids.as_slice()]).await })
            })
            .await
    }
}

/// An attempt in the state that is asked for; released and sealed ones only while their campaign runs: a pause works by
/// that.
macro_rules! in_state {
    () => {
        "a.state = $1 AND ($1 NOT IN ('released', 'sealed')
             OR a.campaign IN (SELECT k.id FROM campaign k WHERE k.state = 'running'))"
    };
}
pub(crate) use in_state;

/// In the order in which every stage takes attempts: two stages that meet wait for each other and never in a circle.
fn in_order(ids: &[AttemptId]) -> Vec<AttemptId> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids
}

async fn load(c: &mut Conn<'_>, ids: &[AttemptId], state: AttemptState) -> Result<Vec<AttemptRow>, StoreError> {
    let rows = c
        .batch_rows(
            concat!(
                "WITH r(id) AS ({r})
             SELECT a.id, a.campaign, a.incident, a.society, a.state, a.step_no, s.body, a.level, a.facts_version,
                    a.released_at, m.reference, a.not_after, a.dispatches, n.id, n.person, n.state,
                    a.decision_version, p.facts_version, a.shared
             FROM r JOIN attempt a ON a.id = r.id
                  JOIN step s ON s.notification = a.notification AND s.decision_version = a.decision_version
                       AND s.step_no = a.step_no
                  JOIN notification n ON n.id = a.notification
                  JOIN person p ON p.incident = n.incident AND p.id = n.person
                  LEFT JOIN message m ON m.attempt = a.id AND $1 <> 'released'
             WHERE ",
                in_state!()
            ),
            vals![state.as_str()],
            cols![ids],
        )
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    let mut shared = HashMap::new();
    for r in &rows {
        let row = attempt_row(r)?;
        if r.bool(18)? {
            shared.insert(row.id, out.len());
        }
        out.push(row);
    }
    let ids: Vec<AttemptId> = shared.keys().copied().collect();
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT m.attempt, n.id, n.person, s.body, m.decision_version, n.state, p.facts_version
             FROM r JOIN member m ON m.attempt = r.id AND m.served
                  JOIN step s ON s.notification = m.notification AND s.decision_version = m.decision_version
                       AND s.step_no = m.step_no
                  JOIN notification n ON n.id = m.notification
                  JOIN person p ON p.incident = n.incident AND p.id = n.person
             ORDER BY m.attempt, n.id",
            &[],
            cols![ids],
        )
        .await?;
    for r in &rows {
        if let Some(row) = shared.get(&r.id(0)?).map(|n| &mut out[*n]) {
            row.current_facts_version += r.i32(6)?;
            row.notifications.push(MemberRow {
                notification: r.id(1)?,
                person: r.id(2)?,
                step: r.json(3)?,
                decision_version: r.i32(4)?,
                state: r.word(5, NotificationState::parse)?,
            });
        }
    }
    Ok(out)
}

fn attempt_row(r: &Row) -> Result<AttemptRow, StoreError> {
    let step: domain::manifest::Step = r.json(6)?;
    Ok(AttemptRow {
        id: r.id(0)?,
        campaign: r.id(1)?,
        incident: r.id(2)?,
        society: r.society(3)?,
        state: r.word(4, AttemptState::parse)?,
        step_no: r.i32(5)?,
        step: step.clone(),
        level: r.word(7, Level::parse)?,
        notifications: vec![MemberRow {
            notification: r.id(13)?,
            person: r.id(14)?,
            step,
            decision_version: r.i32(16)?,
            state: r.word(15, NotificationState::parse)?,
        }],
        facts_version: r.i32(8)?,
        current_facts_version: r.i32(17)?,
        released_at: r.millis(9)?,
        reference: r.opt_text(10)?,
        not_after: r.millis(11)?,
        dispatches: r.i32(12)?,
    })
}

async fn save_sealed(c: &mut Conn<'_>, rows: &[SealedAttempt]) -> Result<u64, StoreError> {
    let sealed = c
        .batch_rows(
            "WITH r(id, level, form, not_after, facts_version, kid) AS ({r})
             UPDATE attempt SET state = 'sealed', level = r.level, form = r.form, not_after = r.not_after,
                    deadline = r.not_after + $1, facts_version = r.facts_version, kid = r.kid, since = {clock}
             FROM r WHERE attempt.id = r.id AND state = 'released' RETURNING attempt.id",
            vals![GRACE],
            cols![
                rows.iter().map(|r| r.attempt).collect::<Vec<_>>(),
                rows.iter().map(|r| r.level.as_str()).collect::<Vec<_>>(),
                rows.iter().map(|r| r.form.as_str()).collect::<Vec<_>>(),
                rows.iter().map(|r| r.not_after.0).collect::<Vec<i64>>(),
                rows.iter().map(|r| r.facts_version).collect::<Vec<_>>(),
                rows.iter().map(|r| r.kid.clone()).collect::<Vec<Option<String>>>(),
            ],
        )
        .await?;
    let ids: std::collections::HashSet<AttemptId> = sealed.iter().map(|r| r.id(0)).collect::<Result<_, _>>()?;
    let rows: Vec<&SealedAttempt> = rows.iter().filter(|r| ids.contains(&r.attempt)).collect();
    c.batch(
        "WITH r(attempt, message_id, reference, language, not_before, body) AS ({r})
         INSERT INTO message (attempt, message_id, reference, language, not_before, body)
         SELECT attempt, message_id, reference, language, not_before, body FROM r WHERE true
         ON CONFLICT (attempt) DO UPDATE SET message_id = excluded.message_id, reference = excluded.reference,
             language = excluded.language, not_before = excluded.not_before, body = excluded.body",
        &[],
        cols![
            rows.iter().map(|r| r.attempt).collect::<Vec<_>>(),
            rows.iter().map(|r| r.message_id).collect::<Vec<_>>(),
            rows.iter().map(|r| r.reference.clone()).collect::<Vec<_>>(),
            rows.iter().map(|r| r.language.clone()).collect::<Vec<_>>(),
            rows.iter().map(|r| r.not_before.0).collect::<Vec<i64>>(),
            rows.iter().map(|r| r.body.clone()).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(rows.len() as u64)
}

async fn forget_messages(c: &mut Conn<'_>, ids: &[AttemptId]) -> Result<(), StoreError> {
    c.batch("WITH r(id) AS ({r}) DELETE FROM message WHERE attempt IN (SELECT id FROM r)", &[], cols![ids]).await?;
    Ok(())
}

/// An attempt to be taken back.
pub(crate) struct Taken {
    pub(crate) attempt: AttemptId,
    /// The step counts as tried.
    pub(crate) counts: bool,
    pub(crate) why: String,
    /// The same step again from here; none: the person is planned again.
    pub(crate) until: Option<Millis>,
}

/// A notification that an attempt served.
struct Served {
    attempt: AttemptId,
    notification: NotificationId,
    version: i32,
    step_no: i32,
}

/// Takes back what has not left. The number taken back.
pub(crate) async fn take_back(c: &mut Conn<'_>, taken: &[Taken]) -> Result<u64, StoreError> {
    let mut taken: Vec<&Taken> = taken.iter().collect();
    taken.sort_unstable_by_key(|t| t.attempt);
    let rows = c
        .batch_rows(
            "WITH r(id, counts, why) AS ({r})
             UPDATE attempt SET state = 'withdrawn', open = false, holds_credit = false, deadline = NULL,
                    tried = r.counts, void_reason = r.why, since = {clock}
             FROM r WHERE attempt.id = r.id AND state IN ('released', 'sealed')
             RETURNING attempt.id, notification, decision_version, step_no, shared",
            &[],
            cols![
                taken.iter().map(|t| t.attempt).collect::<Vec<_>>(),
                taken.iter().map(|t| t.counts).collect::<Vec<_>>(),
                taken.iter().map(|t| t.why.clone()).collect::<Vec<_>>(),
            ],
        )
        .await?;
    let mut served = Vec::with_capacity(rows.len());
    let mut shared: Vec<AttemptId> = Vec::new();
    for r in &rows {
        if r.bool(4)? {
            shared.push(r.id(0)?);
        }
        served.push(served_row(r)?);
    }
    let back = served.len() as u64;
    forget_messages(c, &served.iter().map(|s| s.attempt).collect::<Vec<_>>()).await?;
    served.extend(release_members(c, &shared).await?);
    let until: HashMap<AttemptId, Millis> = taken.iter().filter_map(|t| t.until.map(|u| (t.attempt, u))).collect();
    let (later, again): (Vec<Served>, Vec<Served>) = served.into_iter().partition(|s| until.contains_key(&s.attempt));
    plan_again(c, &again).await?;
    try_later(c, &later, &until).await?;
    Ok(back)
}

fn served_row(r: &Row) -> Result<Served, StoreError> {
    Ok(Served { attempt: r.id(0)?, notification: r.id(1)?, version: r.i32(2)?, step_no: r.i32(3)? })
}

/// Members of messages that will not leave; their number is free for another message.
async fn release_members(c: &mut Conn<'_>, shared: &[AttemptId]) -> Result<Vec<Served>, StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r}) UPDATE member SET open = false FROM r WHERE member.attempt = r.id
             RETURNING attempt, notification, decision_version, step_no",
            &[],
            cols![shared],
        )
        .await?;
    c.batch("WITH r(id) AS ({r}) DELETE FROM shared_message WHERE attempt IN (SELECT id FROM r)", &[], cols![shared])
        .await?;
    rows.iter().map(served_row).collect()
}

async fn plan_again(c: &mut Conn<'_>, served: &[Served]) -> Result<(), StoreError> {
    c.batch(
        "WITH r(id, attempt) AS ({r}) UPDATE notification SET open_attempt = NULL, facts_version = 0
         FROM r WHERE notification.id = r.id AND open_attempt = r.attempt",
        &[],
        cols![
            served.iter().map(|s| s.notification).collect::<Vec<_>>(),
            served.iter().map(|s| s.attempt).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}

async fn try_later(c: &mut Conn<'_>, served: &[Served], until: &HashMap<AttemptId, Millis>) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id, attempt, version, step_no) AS ({r})
             UPDATE notification SET open_attempt = NULL,
                    next_step = CASE WHEN decision_version = r.version THEN r.step_no ELSE next_step END,
                    facts_version = CASE WHEN decision_version = r.version THEN facts_version ELSE 0 END
             FROM r WHERE notification.id = r.id AND open_attempt = r.attempt
             RETURNING notification.id, facts_version",
            &[],
            cols![
                served.iter().map(|s| s.notification).collect::<Vec<_>>(),
                served.iter().map(|s| s.attempt).collect::<Vec<_>>(),
                served.iter().map(|s| s.version).collect::<Vec<_>>(),
                served.iter().map(|s| s.step_no).collect::<Vec<_>>(),
            ],
        )
        .await?;
    let when: HashMap<NotificationId, i64> =
        served.iter().filter_map(|s| until.get(&s.attempt).map(|u| (s.notification, u.0))).collect();
    let mut due = Vec::with_capacity(rows.len());
    for r in &rows {
        let id: NotificationId = r.id(0)?;
        if let (true, Some(at)) = (r.i32(1)? != 0, when.get(&id)) {
            due.push((id, *at));
        }
    }
    make_due(c, &due).await
}
