//! What a change of attempts makes of the notifications they serve. Shared by receipts and expiry.

mod close;
mod known;

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::channel::Level;
use domain::delivery::{AttemptState, NotificationState, outcome, patience};
use domain::{AttemptId, CampaignId, Form, Millis, NotificationId, SocietyCode};

pub(crate) use self::close::close_groups;
pub(crate) use self::known::{Known, known, known_columns};
use crate::StoreError;
use crate::campaign::make_due;
use crate::db::{Conn, cols, vals};

/// An attempt whose outcome may still come: a recall that came too late leaves it unknown.
pub(crate) const fn counts_as_open(state: AttemptState) -> bool {
    state.is_open() || matches!(state, AttemptState::TooLate)
}

/// Strength of what a notification reached: a weaker outcome of another attempt never replaces a stronger one.
pub(crate) const fn rank_of(reached: NotificationState) -> i32 {
    match reached {
        NotificationState::ReachedNeutral => 1,
        NotificationState::Unconfirmed => 2,
        NotificationState::Informed => 3,
        NotificationState::Withdrawn => 4, // opted out
        _ => 0,
    }
}

/// An attempt and what it becomes.
pub(crate) struct Change {
    pub(crate) attempt: Known,
    pub(crate) state: AttemptState,
    pub(crate) mask: i32,
}

impl Change {
    /// Credit that comes free.
    const fn frees(&self) -> bool {
        self.attempt.holds_credit && !self.state.holds_credit()
    }

    fn deadline(&self, now: Millis) -> Option<i64> {
        match self.state {
            state if !counts_as_open(state) => None,
            AttemptState::Accepted | AttemptState::Sent if self.frees() => {
                Some(now.plus(patience(self.attempt.channel)).0)
            }
            _ => self.attempt.deadline,
        }
    }
}

pub(crate) type Freed = BTreeMap<(CampaignId, SocietyCode), u32>;

/// A notification that an attempt serves.
struct Served {
    id: NotificationId,
    state: NotificationState,
    outcome: i32,
    open_attempt: Option<AttemptId>,
    next_step: i32,
    steps: i32,
    due: bool,
    again: bool,
    changed: bool,
}

impl Served {
    /// What is stronger replaces what is weaker. A superseded notification remembers what it reached and stays what it
    /// is: another one stands for its person.
    fn reach(&mut self, state: NotificationState) {
        if rank_of(state) > self.outcome {
            self.outcome = rank_of(state);
            self.turn(state);
            (self.due, self.changed) = (false, true);
        }
    }

    fn turn(&mut self, state: NotificationState) {
        if self.state != NotificationState::Superseded {
            self.state = state;
        }
    }
}

/// Writes the changes, and what follows for notifications: what they reached, the next step, or their end.
pub(crate) async fn settle(c: &mut Conn<'_>, changes: &[Change], now: Millis) -> Result<Freed, StoreError> {
    write_attempts(c, changes, now).await?;
    let mut freed = Freed::new();
    for change in changes.iter().filter(|x| x.frees()) {
        let key = (change.attempt.campaign, change.attempt.society.clone());
        *freed.entry(key).or_default() += 1;
    }
    // What only moves forward on an open attempt concerns no notification.
    let telling: Vec<&Change> = changes
        .iter()
        .filter(|x| !counts_as_open(x.state) || outcome(x.attempt.state, x.attempt.level, x.attempt.form).is_some())
        .collect();
    if telling.is_empty() {
        return Ok(freed);
    }
    let mut members = members(c, &telling).await?;
    heirs(c, &telling, &mut members).await?;
    let mut served = served(c, &telling, &members).await?;
    let lowered = apply(&telling, &members, &mut served);
    recompute(c, &lowered, &mut served).await?;
    write_notifications(c, &served).await?;
    let due: Vec<(NotificationId, i64)> = served.values().filter(|s| s.due).map(|s| (s.id, now.0)).collect();
    make_due(c, &due).await?;
    Ok(freed)
}

async fn write_attempts(c: &mut Conn<'_>, changes: &[Change], now: Millis) -> Result<(), StoreError> {
    c.batch(
        "WITH r(id, state, mask, open, holds_credit, deadline) AS ({r})
         UPDATE attempt SET state = r.state, receipt_mask = r.mask, open = r.open, holds_credit = r.holds_credit,
                deadline = r.deadline, since = $1
         FROM r WHERE attempt.id = r.id",
        vals![now],
        cols![
            changes.iter().map(|x| x.attempt.id).collect::<Vec<_>>(),
            changes.iter().map(|x| x.state.as_str()).collect::<Vec<_>>(),
            changes.iter().map(|x| x.mask).collect::<Vec<_>>(),
            changes.iter().map(|x| counts_as_open(x.state)).collect::<Vec<_>>(),
            changes.iter().map(|x| x.state.holds_credit()).collect::<Vec<_>>(),
            changes.iter().map(|x| x.deadline(now)).collect::<Vec<Option<i64>>>(),
        ],
    )
    .await?;
    let closed: Vec<AttemptId> =
        changes.iter().filter(|x| x.attempt.shared && !counts_as_open(x.state)).map(|x| x.attempt.id).collect();
    c.batch(
        "WITH r(id) AS ({r}) UPDATE member SET open = false WHERE open AND attempt IN (SELECT id FROM r)",
        &[],
        cols![closed],
    )
    .await?;
    Ok(())
}

/// Members of shared messages, with the level that each may be told.
async fn members(
    c: &mut Conn<'_>,
    changes: &[&Change],
) -> Result<HashMap<AttemptId, Vec<(NotificationId, Level)>>, StoreError> {
    let shared: Vec<AttemptId> = changes.iter().filter(|x| x.attempt.shared).map(|x| x.attempt.id).collect();
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r}) SELECT m.attempt, m.notification, s.level FROM r JOIN member m ON m.attempt = r.id AND m.served
             JOIN step s ON s.notification = m.notification AND s.decision_version = m.decision_version
                  AND s.step_no = m.step_no",
            &[],
            cols![shared],
        )
        .await?;
    let mut out: HashMap<AttemptId, Vec<(NotificationId, Level)>> = HashMap::new();
    for r in &rows {
        out.entry(r.id(0)?).or_default().push((r.id(1)?, r.word(2, Level::parse)?));
    }
    Ok(out)
}

/// A message to a person that another stands for by now has told that other: its notification is served too.
async fn heirs(
    c: &mut Conn<'_>,
    changes: &[&Change],
    members: &mut HashMap<AttemptId, Vec<(NotificationId, Level)>>,
) -> Result<(), StoreError> {
    let mut serves: Vec<(AttemptId, NotificationId, Level)> = Vec::new();
    for change in changes {
        let attempt = &change.attempt;
        serves.push((attempt.id, attempt.notification, attempt.level));
        serves.extend(members.get(&attempt.id).into_iter().flatten().map(|(n, level)| (attempt.id, *n, *level)));
    }
    let rows = c
        .batch_rows(
            "WITH r(attempt, id, level) AS ({r}) SELECT r.attempt, h.id, r.level FROM r
             JOIN notification n ON n.id = r.id AND n.state = 'superseded'
             JOIN person p ON p.incident = n.incident AND p.id = n.person
             JOIN notification h ON h.campaign = n.campaign AND h.person = p.superseded_by",
            &[],
            cols![
                serves.iter().map(|(a, _, _)| *a).collect::<Vec<_>>(),
                serves.iter().map(|(_, n, _)| *n).collect::<Vec<_>>(),
                serves.iter().map(|(_, _, l)| l.as_str()).collect::<Vec<_>>(),
            ],
        )
        .await?;
    for r in &rows {
        let (heir, level) = (r.id(1)?, r.word(2, Level::parse)?);
        let served = members.entry(r.id(0)?).or_default();
        if served.iter().all(|(n, _)| *n != heir) {
            served.push((heir, level));
        }
    }
    Ok(())
}

async fn served(
    c: &mut Conn<'_>,
    changes: &[&Change],
    members: &HashMap<AttemptId, Vec<(NotificationId, Level)>>,
) -> Result<HashMap<NotificationId, Served>, StoreError> {
    let ids: HashSet<NotificationId> =
        changes.iter().map(|x| x.attempt.notification).chain(members.values().flatten().map(|(n, _)| *n)).collect();
    let ids: Vec<NotificationId> = ids.into_iter().collect();
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r}) SELECT n.id, n.state, n.outcome, n.open_attempt, n.next_step, n.steps
             FROM r JOIN notification n ON n.id = r.id ORDER BY n.id {lock_n}",
            &[],
            cols![ids],
        )
        .await?;
    rows.iter()
        .map(|r| {
            let served = Served {
                id: r.id(0)?,
                state: r.word(1, NotificationState::parse)?,
                outcome: r.i32(2)?,
                open_attempt: r.opt_id(3)?,
                next_step: r.i32(4)?,
                steps: r.i32(5)?,
                due: false,
                again: false,
                changed: false,
            };
            Ok((served.id, served))
        })
        .collect()
}

/// Decides in memory; the notifications whose outcome was taken back.
fn apply(
    changes: &[&Change],
    members: &HashMap<AttemptId, Vec<(NotificationId, Level)>>,
    served: &mut HashMap<NotificationId, Served>,
) -> Vec<NotificationId> {
    let mut lowered = Vec::new();
    for change in changes {
        let attempt = &change.attempt;
        let bearer = (attempt.notification, attempt.level);
        let joined = members.get(&attempt.id).into_iter().flatten().copied();
        // A bearer that joined its own message later is served once.
        let joined = joined.filter(|(n, _)| *n != attempt.notification);
        let before = outcome(attempt.state, attempt.level, attempt.form);
        let reached = outcome(change.state, attempt.level, attempt.form);
        for (id, level) in std::iter::once(bearer).chain(joined) {
            let Some(n) = served.get_mut(&id) else {
                continue;
            };
            let allowed = level >= attempt.level;
            let current = n.open_attempt == Some(attempt.id);
            if current && !counts_as_open(change.state) {
                n.open_attempt = None;
                n.changed = true;
            }
            match reached {
                Some(state) if allowed => n.reach(state),
                _ if before.is_some_and(|b| rank_of(b) == n.outcome) => lowered.push(id),
                _ if current && !counts_as_open(change.state) && n.outcome == 0 => {
                    next(n, change, attempt.stopped);
                }
                _ => {}
            }
        }
    }
    lowered
}

/// After an attempt that reached nothing.
fn next(n: &mut Served, change: &Change, stopped: bool) {
    use NotificationState as N;
    if !matches!(n.state, N::Planned | N::Deferred | N::Approved | N::InProgress) {
        return;
    }
    n.changed = true;
    if stopped {
        n.state = N::Withdrawn;
    } else if change.state == AttemptState::Harmful {
        // Facts moved: decided again before anything else is tried.
        n.again = true;
    } else if n.state == N::InProgress || n.state == N::Approved {
        if n.next_step < n.steps {
            n.due = true;
        } else {
            n.state = N::Exhausted;
        }
    }
}

/// Somebody else answered after all: what a notification reached is what its other attempts say.
async fn recompute(
    c: &mut Conn<'_>,
    lowered: &[NotificationId],
    served: &mut HashMap<NotificationId, Served>,
) -> Result<(), StoreError> {
    if lowered.is_empty() {
        return Ok(());
    }
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT r.id, a.state, a.level, a.form FROM r JOIN attempt a ON a.notification = r.id
             UNION ALL
             SELECT r.id, a.state, a.level, a.form FROM r JOIN member m ON m.notification = r.id AND m.served
                  JOIN attempt a ON a.id = m.attempt
             UNION ALL
             SELECT r.id, a.state, a.level, a.form FROM r JOIN notification n ON n.id = r.id
                  JOIN person p ON p.incident = n.incident AND p.superseded_by = n.person
                  JOIN notification o ON o.campaign = n.campaign AND o.person = p.id
                  JOIN attempt a ON a.notification = o.id",
            &[],
            cols![lowered],
        )
        .await?;
    let mut best: HashMap<NotificationId, Option<NotificationState>> = lowered.iter().map(|id| (*id, None)).collect();
    for r in &rows {
        let reached = outcome(r.word(1, AttemptState::parse)?, r.word(2, Level::parse)?, r.word(3, Form::parse)?);
        let best = best.entry(r.id(0)?).or_default();
        if reached.map_or(0, rank_of) > best.map_or(0, rank_of) {
            *best = reached;
        }
    }
    for (id, reached) in best {
        if let Some(n) = served.get_mut(&id) {
            n.outcome = reached.map_or(0, rank_of);
            n.turn(reached.unwrap_or(NotificationState::InProgress));
            n.again = reached.is_none();
            n.changed = true;
        }
    }
    Ok(())
}

async fn write_notifications(c: &mut Conn<'_>, served: &HashMap<NotificationId, Served>) -> Result<(), StoreError> {
    let mut rows: Vec<&Served> = served.values().filter(|s| s.changed).collect();
    rows.sort_by_key(|s| s.id);
    c.batch(
        "WITH r(id, state, outcome, open_attempt, again) AS ({r})
         UPDATE notification SET state = r.state, outcome = r.outcome, open_attempt = r.open_attempt,
                facts_version = CASE WHEN r.again THEN 0 ELSE facts_version END
         FROM r WHERE notification.id = r.id",
        &[],
        cols![
            rows.iter().map(|s| s.id).collect::<Vec<_>>(),
            rows.iter().map(|s| s.state.as_str()).collect::<Vec<_>>(),
            rows.iter().map(|s| s.outcome).collect::<Vec<_>>(),
            rows.iter().map(|s| s.open_attempt.map(AttemptId::uuid)).collect::<Vec<Option<uuid::Uuid>>>(),
            rows.iter().map(|s| s.again).collect::<Vec<_>>(),
        ],
    )
    .await?;
    // A late truth: what waits for its turn needs it no more.
    let ended: Vec<NotificationId> = rows.iter().filter(|s| s.state.is_end()).map(|s| s.id).collect();
    c.batch("WITH r(id) AS ({r}) DELETE FROM due WHERE notification IN (SELECT id FROM r)", &[], cols![ended]).await?;
    Ok(())
}
