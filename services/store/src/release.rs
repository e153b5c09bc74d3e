//! Release: due notifications become attempts, as far as a gateway's credit goes.

use std::collections::{HashMap, HashSet};

use domain::campaign::{CampaignPlan, CampaignState};
use domain::channel::{Channel, Level};
use domain::delivery::{AttemptState, NotificationState, outcome};
use domain::{
    AddressGroupId, AttemptId, CampaignId, Form, IncidentId, Millis, NotificationId, SocietyCode,
};

use crate::attempts::GRACE;
use crate::campaign::make_due;
use crate::db::{Conn, Row, cols, vals};
use crate::settle::rank_of;
use crate::{Released, Store, StoreError};

/// Attempts of one release at most: one doorbell.
const BATCH: u32 = domain::doorbell::MAX_IDS as u32;

impl Store {
    /// Turns due notifications of one gateway into attempts, at most as many as its credit leaves room for. One caller
    /// at a time for a gateway: another one meanwhile gets nothing.
    ///
    /// # Errors
    /// A foreign-key violation for a step that no decision holds: the third gate.
    pub async fn release(
        &self,
        campaign: CampaignId,
        society: &SocietyCode,
        now: Millis,
        credit: u32,
        max: u32,
    ) -> Result<Released, StoreError> {
        let data = (campaign, society.clone(), now, credit, max.min(BATCH));
        self.inner
            .db
            .write(data, |c, (campaign, society, now, credit, max)| {
                Box::pin(async move { release(c, *campaign, society, *now, *credit, *max).await })
            })
            .await
    }

    /// Societies whose gateway has something due in a campaign.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn due_societies(
        &self,
        campaign: CampaignId,
        now: Millis,
    ) -> Result<Vec<SocietyCode>, StoreError> {
        self.inner
            .db
            .read((campaign, now), |c, (campaign, now)| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT DISTINCT society FROM due WHERE campaign = $1 AND due_at <= $2 ORDER BY society",
                            vals![*campaign, *now],
                        )
                        .await?;
                    rows.iter().map(|r| r.society(0)).collect()
                })
            })
            .await
    }

    /// Credit that is taken, by Society; of one campaign or of all.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn credit_outstanding(
        &self,
        campaign: Option<CampaignId>,
    ) -> Result<Vec<(SocietyCode, u64)>, StoreError> {
        self.inner
            .db
            .read(campaign, |c, campaign| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT society, count(*) FROM attempt
                             WHERE holds_credit AND campaign = coalesce($1, campaign)
                             GROUP BY society ORDER BY society",
                            vals![*campaign],
                        )
                        .await?;
                    rows.iter()
                        .map(|r| Ok((r.society(0)?, r.i64(1)? as u64)))
                        .collect()
                })
            })
            .await
    }
}

/// A notification whose turn it is.
struct Turn {
    notification: NotificationId,
    state: NotificationState,
    version: i32,
    step_no: i32,
    steps: i32,
    tries: i32,
    facts: i32,
    channel: Channel,
    level: Level,
    group: Option<AddressGroupId>,
    rank: i32,
    /// After this release.
    open_attempt: Option<AttemptId>,
    outcome: i32,
}

/// A message to a shared number.
#[derive(Clone, Copy)]
struct Shared {
    attempt: AttemptId,
    state: AttemptState,
    level: Level,
    form: Form,
}

struct Release<'a> {
    campaign: CampaignId,
    incident: IncidentId,
    society: &'a SocietyCode,
    drill: bool,
    now: Millis,
    not_after: Millis,
}

async fn release(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    society: &SocietyCode,
    now: Millis,
    credit: u32,
    max: u32,
) -> Result<Released, StoreError> {
    let row = c
        .row(
            "SELECT state, drill, choice, incident FROM campaign WHERE id = $1 {share}",
            vals![campaign],
        )
        .await?
        .ok_or(StoreError::Missing("campaign"))?;
    if row.word(0, CampaignState::parse)? != CampaignState::Running {
        return Ok(Released::default());
    }
    let plan: CampaignPlan = row.json(2)?;
    let ctx = Release {
        campaign,
        incident: row.id(3)?,
        society,
        drill: row.bool(1)?,
        now,
        not_after: now.plus(i64::from(plan.expiry_days.max(1)) * Millis::DAY),
    };
    if !lock_credit(c, society, ctx.drill).await? {
        return Ok(Released::default());
    }
    let room = room(c, &ctx, &plan, credit).await?.min(u64::from(max));
    let attempts = if room == 0 {
        Vec::new()
    } else {
        take(c, &ctx, room as i64).await?
    };
    let left = c
        .row(
            "SELECT count(CASE WHEN due_at <= $3 THEN 1 END), min(CASE WHEN due_at > $3 THEN due_at END)
             FROM due WHERE campaign = $1 AND society = $2",
            vals![campaign, society, now],
        )
        .await?
        .ok_or(StoreError::Schema)?;
    Ok(Released {
        attempts,
        waiting: left.i64(0)? as u64,
        next_due: left.opt_millis(1)?,
    })
}

/// One release at a time for a gateway; false while another one has the row.
async fn lock_credit(
    c: &mut Conn<'_>,
    society: &SocietyCode,
    drill: bool,
) -> Result<bool, StoreError> {
    const LOCK: &str = "SELECT 1 FROM credit WHERE society = $1 AND drill = $2 {skip}";
    if c.row(LOCK, vals![society, drill]).await?.is_some() {
        return Ok(true);
    }
    let new = c
        .exec(
            "INSERT INTO credit (society, drill) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            vals![society, drill],
        )
        .await?;
    Ok(new == 1 && c.row(LOCK, vals![society, drill]).await?.is_some())
}

/// Messages that may be added: by the gateway's credit, and by the campaign's cap.
async fn room(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    plan: &CampaignPlan,
    credit: u32,
) -> Result<u64, StoreError> {
    let held = c
        .count(
            "SELECT count(*) FROM attempt WHERE society = $1 AND drill = $2 AND holds_credit",
            vals![ctx.society, ctx.drill],
        )
        .await?;
    let mut room = u64::from(credit).saturating_sub(held as u64);
    if let Some(cap) = plan.max_messages {
        let used = c
            .count(
                "SELECT count(*) FROM attempt WHERE campaign = $1 AND (state <> 'withdrawn' OR dispatches > 0)",
                vals![ctx.campaign],
            )
            .await?;
        room = room.min(cap.saturating_sub(used as u64));
    }
    Ok(room)
}

async fn take(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    room: i64,
) -> Result<Vec<AttemptId>, StoreError> {
    let rows = c
        .rows(
            "DELETE FROM due WHERE notification IN (
                 SELECT notification FROM due WHERE campaign = $1 AND society = $2 AND due_at <= $3
                 ORDER BY due_at, rank LIMIT $4)
             RETURNING notification",
            vals![ctx.campaign, ctx.society, ctx.now, room],
        )
        .await?;
    let ids: Vec<NotificationId> = rows.iter().map(|r| r.id(0)).collect::<Result<_, _>>()?;
    let turns = turns(c, ctx, ids).await?;
    let (alone, shared): (Vec<Turn>, Vec<Turn>) =
        turns.into_iter().partition(|t| t.group.is_none());
    let mut known = messages_of(c, ctx, &shared).await?;
    let mut bearers = alone;
    let mut joining: Vec<(Turn, Shared)> = Vec::new();
    let mut waiting: Vec<(Turn, AddressGroupId)> = Vec::new();
    let mut firsts: HashSet<AddressGroupId> = HashSet::new();
    for turn in shared {
        let Some(group) = turn.group else { continue };
        match known.get(&group) {
            Some(message) => joining.push((turn, *message)),
            None if firsts.insert(group) => bearers.push(turn),
            None => waiting.push((turn, group)),
        }
    }
    let (created, lost) = create(c, ctx, &mut bearers, &mut known).await?;
    for (turn, group) in waiting {
        match known.get(&group) {
            Some(message) => joining.push((turn, *message)),
            None => lost_turn(c, &turn, ctx).await?,
        }
    }
    for turn in &lost {
        lost_turn(c, turn, ctx).await?;
    }
    let again = join(c, ctx, &mut joining).await?;
    let all: Vec<&Turn> = bearers
        .iter()
        .chain(joining.iter().map(|(t, _)| t))
        .collect();
    advance(c, &all).await?;
    make_due(c, &again).await?;
    Ok(created)
}

/// Another gateway's release took the same number at the same moment: it is found next time.
async fn lost_turn(c: &mut Conn<'_>, turn: &Turn, ctx: &Release<'_>) -> Result<(), StoreError> {
    make_due(c, &[(turn.notification, ctx.now.0)]).await
}

/// Those whose turn it still is: approved, nothing open, decided on the facts that stand. Others are planned again,
/// and become due by that.
async fn turns(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    ids: Vec<NotificationId>,
) -> Result<Vec<Turn>, StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT n.id, n.state, n.decision_version, n.next_step, n.steps, n.tries, n.facts_version, s.channel,
                    s.level, s.grp, s.shared, n.rank, n.outcome
             FROM r JOIN notification n ON n.id = r.id
                  JOIN person p ON p.incident = n.incident AND p.id = n.person
                       AND p.facts_version = n.facts_version
                  JOIN step s ON s.notification = n.id AND s.decision_version = n.decision_version
                       AND s.step_no = n.next_step
             WHERE n.state IN ('approved', 'in_progress') AND n.outcome = 0 AND n.open_attempt IS NULL
                   AND n.approved_version IS NOT NULL AND n.valid_until > $1 AND s.society = $2
             ORDER BY n.id {lock_n}",
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
    })
}

/// Messages that went, or are going, to these shared numbers in this campaign.
async fn messages_of(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    turns: &[Turn],
) -> Result<HashMap<AddressGroupId, Shared>, StoreError> {
    let groups: HashSet<AddressGroupId> = turns.iter().filter_map(|t| t.group).collect();
    let groups: Vec<AddressGroupId> = groups.into_iter().collect();
    let rows = c
        .batch_rows(
            "WITH r(grp) AS ({r})
             SELECT m.grp, a.id, a.state, a.level, a.form FROM r
                  JOIN shared_message m ON m.campaign = $1 AND m.grp = r.grp JOIN attempt a ON a.id = m.attempt
             ORDER BY a.id {lock_a}",
            vals![ctx.campaign],
            cols![groups],
        )
        .await?;
    rows.iter()
        .map(|r| {
            let message = Shared {
                attempt: r.id(1)?,
                state: r.word(2, AttemptState::parse)?,
                level: r.word(3, Level::parse)?,
                form: r.word(4, Form::parse)?,
            };
            Ok((r.id(0)?, message))
        })
        .collect()
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
    let firsts: Vec<(AddressGroupId, AttemptId)> = bearers
        .iter()
        .filter_map(|t| t.group.zip(t.open_attempt))
        .collect();
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
    let lost: Vec<Turn> = bearers
        .extract_if(.., |t| t.group.is_some_and(|g| !won.contains(&g)))
        .collect();
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
            };
            known.insert(group, message);
        }
    }
    Ok((ids, lost))
}

async fn insert_attempts(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    turns: &[Turn],
) -> Result<(), StoreError> {
    c.batch(
        "WITH r(id, notification, version, step_no, try_no, channel, level, form, shared, facts_version) AS ({r})
         INSERT INTO attempt (id, notification, decision_version, step_no, try_no, society, channel, campaign,
                incident, drill, state, open, holds_credit, level, form, shared, facts_version, released_at, since,
                not_after, deadline)
         SELECT id, notification, version, step_no, try_no, $1, channel, $2, $3, $4, 'released', true, true, level,
                form, shared, facts_version, $5, $5, $6, $7 FROM r",
        vals![
            ctx.society,
            ctx.campaign,
            ctx.incident,
            ctx.drill,
            ctx.now,
            ctx.not_after,
            ctx.not_after.plus(GRACE),
        ],
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

/// Lets notifications share a message. What it reached counts for those it may say that much to; for others their step
/// is used up, because a number gets one message. Those that go on, with the instant.
async fn join(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    joining: &mut [(Turn, Shared)],
) -> Result<Vec<(NotificationId, i64)>, StoreError> {
    let mut again = Vec::new();
    for (turn, message) in joining.iter_mut() {
        let allowed = message.state == AttemptState::Released || turn.level >= message.level;
        let open = crate::settle::counts_as_open(message.state);
        if allowed && open {
            turn.open_attempt = Some(message.attempt);
        } else if let (true, Some(reached)) =
            (allowed, outcome(message.state, message.level, message.form))
        {
            turn.state = reached;
            turn.outcome = rank_of(reached);
        } else if turn.step_no + 1 < turn.steps {
            again.push((turn.notification, ctx.now.0));
        } else {
            turn.state = NotificationState::Exhausted;
        }
    }
    c.batch(
        "WITH r(attempt, notification, version, step_no, channel, open) AS ({r})
         INSERT INTO member (attempt, notification, decision_version, step_no, society, channel, open)
         SELECT attempt, notification, version, step_no, $1, channel, open FROM r WHERE true
         ON CONFLICT (attempt, notification) DO UPDATE SET decision_version = excluded.decision_version,
             step_no = excluded.step_no, society = excluded.society, channel = excluded.channel, open = excluded.open",
        vals![ctx.society],
        cols![
            joining.iter().map(|(_, m)| m.attempt).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.notification).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.version).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.step_no).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.channel.as_str()).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.open_attempt.is_some()).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(again)
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
