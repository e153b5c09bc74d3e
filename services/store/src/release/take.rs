//! Taking turns: due notifications become attempts.

use std::collections::{HashMap, HashSet};

use domain::channel::{Channel, Level};
use domain::delivery::{AttemptState, NotificationState};
use domain::manifest::Step;
use domain::pace::Meters;
use domain::{AddressGroupId, AttemptId, Millis, NotificationId};

use super::Release;
use super::share::{Shared, join, messages_of};
use crate::StoreError;
use crate::attempts::GRACE;
use crate::campaign::{make_due, put_off};
use crate::db::{Conn, Row, cols, vals};

/// A notification whose turn it is.
pub(super) struct Turn {
    pub(super) notification: NotificationId,
    pub(super) state: NotificationState,
    pub(super) version: i32,
    pub(super) step_no: i32,
    pub(super) steps: i32,
    pub(super) tries: i32,
    pub(super) facts: i32,
    pub(super) channel: Channel,
    pub(super) level: Level,
    pub(super) group: Option<AddressGroupId>,
    pub(super) rank: i32,
    /// Of the words.
    pub(super) language: String,
    /// After this release.
    pub(super) open_attempt: Option<AttemptId>,
    pub(super) outcome: i32,
    /// A message to its shared number speaks for it.
    pub(super) served: bool,
}

pub(super) async fn take(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    room: i64,
    meters: &mut Meters,
) -> Result<Vec<AttemptId>, StoreError> {
    let ids = off_the_list(c, ctx, room).await?;
    let turns = turns(c, ctx, ids).await?;
    let (alone, shared): (Vec<Turn>, Vec<Turn>) = turns.into_iter().partition(|t| t.group.is_none());
    let mut known = messages_of(c, ctx, &shared).await?;
    let mut bearers = alone;
    let mut joining: Vec<(Turn, Shared)> = Vec::new();
    let mut waiting: Vec<(Turn, AddressGroupId)> = Vec::new();
    let mut firsts: HashSet<AddressGroupId> = HashSet::new();
    for turn in shared {
        let Some(group) = turn.group else { continue };
        match known.get(&group) {
            Some(message) => joining.push((turn, message.clone())),
            None if firsts.insert(group) => bearers.push(turn),
            None => waiting.push((turn, group)),
        }
    }
    let late = too_fast(ctx, &mut bearers, meters);
    let (created, lost) = create(c, ctx, &mut bearers, &mut known).await?;
    // Another gateway's release took the same number at the same moment: it is found next time.
    let mut again: Vec<(NotificationId, i64)> = lost.iter().map(|turn| (turn.notification, ctx.now.0)).collect();
    let mut later: Vec<(NotificationId, i64)> = late.iter().map(|(turn, at)| (turn.notification, at.0)).collect();
    let groups_late: HashMap<AddressGroupId, Millis> =
        late.iter().filter_map(|(turn, at)| Some((turn.group?, *at))).collect();
    for (turn, group) in waiting {
        match (known.get(&group), groups_late.get(&group)) {
            (Some(message), _) => joining.push((turn, message.clone())),
            // Whom the same message will serve waits as long as its bearer.
            (None, Some(at)) => later.push((turn.notification, at.0)),
            (None, None) => again.push((turn.notification, ctx.now.0)),
        }
    }
    again.extend(join(c, ctx, &mut joining).await?);
    let all: Vec<&Turn> = bearers.iter().chain(joining.iter().map(|(t, _)| t)).collect();
    advance(c, &all).await?;
    make_due(c, &again).await?;
    put_off(c, &later).await?;
    Ok(created)
}

/// Takes the next ones off the list of what is due. Notifications are locked before their place on the list, as
/// planning and receipts do it: two stages that meet wait for each other and never in a circle.
async fn off_the_list(c: &mut Conn<'_>, ctx: &Release<'_>, room: i64) -> Result<Vec<NotificationId>, StoreError> {
    let ids = |rows: &[Row]| rows.iter().map(|r| r.id(0)).collect::<Result<Vec<NotificationId>, _>>();
    let rows = c
        .rows(
            "SELECT notification FROM due WHERE campaign = $1 AND society = $2 AND due_at <= $3
             ORDER BY due_at, rank LIMIT $4",
            vals![ctx.campaign, ctx.society, ctx.now, room],
        )
        .await?;
    let next = ids(&rows)?;
    c.batch_rows(
        "WITH r(id) AS ({r}) SELECT n.id FROM r JOIN notification n ON n.id = r.id ORDER BY n.id {lock_n}",
        &[],
        cols![next.as_slice()],
    )
    .await?;
    // What was planned again meanwhile may be due later, or elsewhere. Found by its key alone: the index by instants
    // would read all that is due for every one of them.
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r}) DELETE FROM due WHERE society || '' = $1 AND due_at + 0 <= $2
                 AND notification IN (SELECT id FROM r) RETURNING notification",
            vals![ctx.society, ctx.now],
            cols![next],
        )
        .await?;
    ids(&rows)
}

/// Moves those out for whom the gateway's pace is too slow, each with the instant at which its own turn comes.
fn too_fast(ctx: &Release<'_>, bearers: &mut Vec<Turn>, meters: &mut Meters) -> Vec<(Turn, Millis)> {
    if ctx.pace.is_free() {
        return Vec::new();
    }
    let mut goes = |turn: &Turn| {
        let goes = ctx.pace.earliest(meters, turn.channel, &turn.language, ctx.now) <= ctx.now;
        if goes {
            ctx.pace.take(meters, turn.channel, &turn.language, ctx.now);
        }
        goes
    };
    let late: Vec<Turn> = bearers.extract_if(.., |turn| !goes(turn)).collect();
    let promised = |turn: &Turn| ctx.pace.promise(meters, turn.channel, &turn.language, ctx.now);
    let turns: Vec<Millis> = late.iter().map(promised).collect();
    late.into_iter().zip(turns).collect()
}

/// Those whose turn it still is, of notifications that are locked: approved, nothing open, decided on the facts that
/// stand. Others are planned again, and become due by that.
async fn turns(c: &mut Conn<'_>, ctx: &Release<'_>, ids: Vec<NotificationId>) -> Result<Vec<Turn>, StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT n.id, n.state, n.decision_version, n.next_step, n.steps, n.tries, n.facts_version, s.channel,
                    s.level, s.grp, s.shared, n.rank, n.outcome, s.body
             FROM r JOIN notification n ON n.id = r.id
                  JOIN person p ON p.incident = n.incident AND p.id = n.person
                       AND p.facts_version = n.facts_version
                  JOIN step s ON s.notification = n.id AND s.decision_version = n.decision_version
                       AND s.step_no = n.next_step
             WHERE n.state IN ('approved', 'in_progress') AND n.outcome = 0 AND n.open_attempt IS NULL
                   AND n.approved_version IS NOT NULL AND n.valid_until > $1 AND s.society = $2",
            vals![ctx.now, ctx.society],
            cols![ids],
        )
        .await?;
    let mut out: Vec<Turn> = rows.iter().map(turn).collect::<Result<_, _>>()?;
    out.sort_by_key(|t| (t.rank, t.notification));
    Ok(out)
}

fn turn(r: &Row) -> Result<Turn, StoreError> {
    let shared = r.bool(10)?;
    Ok(Turn {
        notification: r.id(0)?,
        state: r.word(1, NotificationState::parse)?,
        version: r.i32(2)?,
        step_no: r.i32(3)?,
        steps: r.i32(4)?,
        tries: r.i32(5)?,
        facts: r.i32(6)?,
        channel: r.word(7, Channel::parse)?,
        level: r.word(8, Level::parse)?,
        group: if shared { r.opt_id(9)? } else { None },
        rank: r.i32(11)?,
        open_attempt: None,
        outcome: r.i32(12)?,
        served: false,
        language: r.json::<Step>(13)?.language,
    })
}

/// Creates attempts; bearers of shared numbers that somebody else took meanwhile are moved out.
async fn create(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    bearers: &mut Vec<Turn>,
    known: &mut HashMap<AddressGroupId, Shared>,
) -> Result<(Vec<AttemptId>, Vec<Turn>), StoreError> {
    for turn in bearers.iter_mut() {
        turn.open_attempt = Some(AttemptId::random());
    }
    let firsts: Vec<(AddressGroupId, AttemptId)> = bearers.iter().filter_map(|t| t.group.zip(t.open_attempt)).collect();
    let won = c
        .batch_rows(
            "WITH r(grp, attempt) AS ({r}) INSERT INTO shared_message (campaign, grp, attempt)
             SELECT $1, grp, attempt FROM r WHERE true ON CONFLICT DO NOTHING RETURNING grp",
            vals![ctx.campaign],
            cols![
                firsts.iter().map(|(g, _)| *g).collect::<Vec<_>>(),
                firsts.iter().map(|(_, a)| *a).collect::<Vec<_>>(),
            ],
        )
        .await?;
    let won: HashSet<AddressGroupId> = won.iter().map(|r| r.id(0)).collect::<Result<_, _>>()?;
    let lost: Vec<Turn> = bearers.extract_if(.., |t| t.group.is_some_and(|g| !won.contains(&g))).collect();
    insert_attempts(c, ctx, bearers).await?;
    let mut ids = Vec::with_capacity(bearers.len());
    for turn in bearers.iter() {
        let Some(attempt) = turn.open_attempt else {
            continue;
        };
        ids.push(attempt);
        if let Some(group) = turn.group {
            let message = Shared {
                attempt,
                state: AttemptState::Released,
                level: turn.level,
                form: turn.channel.form(),
                channel: turn.channel,
                language: turn.language.clone(),
            };
            known.insert(group, message);
        }
    }
    Ok((ids, lost))
}

async fn insert_attempts(c: &mut Conn<'_>, ctx: &Release<'_>, turns: &[Turn]) -> Result<(), StoreError> {
    c.batch(
        "WITH r(id, notification, version, step_no, try_no, channel, level, form, shared, facts_version) AS ({r})
         INSERT INTO attempt (id, notification, decision_version, step_no, try_no, society, channel, campaign,
                incident, drill, state, open, holds_credit, level, form, shared, facts_version, released_at, since,
                not_after, deadline)
         SELECT id, notification, version, step_no, try_no, $1, channel, $2, $3, $4, 'released', true, true, level,
                form, shared, facts_version, $5, $5, $6, $7 FROM r",
        vals![ctx.society, ctx.campaign, ctx.incident, ctx.drill, ctx.now, ctx.not_after, ctx.not_after.plus(GRACE),],
        cols![
            turns.iter().map(|t| t.open_attempt.map(AttemptId::uuid)).collect::<Vec<Option<uuid::Uuid>>>(),
            turns.iter().map(|t| t.notification).collect::<Vec<_>>(),
            turns.iter().map(|t| t.version).collect::<Vec<_>>(),
            turns.iter().map(|t| t.step_no).collect::<Vec<_>>(),
            turns.iter().map(|t| t.tries + 1).collect::<Vec<_>>(),
            turns.iter().map(|t| t.channel.as_str()).collect::<Vec<_>>(),
            turns.iter().map(|t| t.level.as_str()).collect::<Vec<_>>(),
            turns.iter().map(|t| t.channel.form().as_str()).collect::<Vec<_>>(),
            turns.iter().map(|t| t.group.is_some()).collect::<Vec<_>>(),
            turns.iter().map(|t| t.facts).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}

/// One step further.
async fn advance(c: &mut Conn<'_>, turns: &[&Turn]) -> Result<(), StoreError> {
    let state = |t: &Turn| match t.state {
        NotificationState::Approved => NotificationState::InProgress.as_str(),
        other => other.as_str(),
    };
    c.batch(
        "WITH r(id, state, open_attempt, outcome) AS ({r})
         UPDATE notification SET state = r.state, open_attempt = r.open_attempt, outcome = r.outcome,
                next_step = next_step + 1, tries = tries + 1
         FROM r WHERE notification.id = r.id",
        &[],
        cols![
            turns.iter().map(|t| t.notification).collect::<Vec<_>>(),
            turns.iter().map(|t| state(t)).collect::<Vec<_>>(),
            turns.iter().map(|t| t.open_attempt.map(AttemptId::uuid)).collect::<Vec<Option<uuid::Uuid>>>(),
            turns.iter().map(|t| t.outcome).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}
