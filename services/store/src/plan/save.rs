//! Saving plans: compare with what stands, decide in memory, write one statement per table.

use std::collections::HashMap;

use domain::campaign::CampaignState;
use domain::delivery::NotificationState;
use domain::manifest::{Step, steps_within};
use domain::{AttemptId, CampaignId, IncidentId, NotificationId, PersonId};
use sha2::{Digest, Sha256};

use super::replannable;
use crate::context::to_json;
use crate::db::{Col, Conn, Row, cols, vals};
use crate::{PlanRow, Planned, StoreError};

/// Tries that were taken back before they count after all: a planner and a renderer that disagree must not go round
/// for ever.
const FREE_TRIES: i32 = 8;

/// A notification as it stands.
struct Standing {
    id: NotificationId,
    person: PersonId,
    state: NotificationState,
    decision_version: i32,
    approved_version: Option<i32>,
    facts_version: i32,
    plan_digest: Vec<u8>,
    tries: i32,
    open_attempt: Option<AttemptId>,
    /// Steps that count as tried.
    tried: Vec<Step>,
    /// Steps that two people approved, if a new plan has to be compared with them.
    approved: Vec<Step>,
}

/// A plan with what it becomes.
struct Outcome<'p> {
    plan: &'p PlanRow,
    id: NotificationId,
    version: i32,
    state: NotificationState,
    next_step: i32,
    plan_digest: [u8; 32],
    /// Its steps are not the ones of the version that stands.
    rewrite: bool,
    /// May be released.
    due: bool,
}

pub(super) async fn plans(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    rows: &[PlanRow],
) -> Result<Planned, StoreError> {
    let row = c
        .row(
            "SELECT incident, state, open_rank FROM campaign WHERE id = $1 {share}",
            vals![campaign],
        )
        .await?
        .ok_or(StoreError::Missing("campaign"))?;
    let incident: IncidentId = row.id(0)?;
    let state = row.word(1, CampaignState::parse)?;
    let below = match state {
        CampaignState::Running | CampaignState::Paused => row.i64(2)?,
        CampaignState::Stopped | CampaignState::Closed => {
            return Ok(Planned {
                unchanged: rows.len() as u64,
                ..Planned::default()
            });
        }
        _ => 0,
    };
    let standing = standing(c, campaign, rows).await?;
    let mut sum = Planned::default();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for plan in rows {
        match standing.get(&plan.person) {
            None => new.push(fresh(plan)),
            Some(stands) => match again(plan, stands, below) {
                Some((outcome, within)) => {
                    sum.within += u64::from(within);
                    changed.push(outcome);
                }
                None => sum.unchanged += 1,
            },
        }
    }
    let before = new.len();
    let new = insert(c, campaign, incident, new).await?;
    sum.new = new.len() as u64;
    sum.unchanged += (before - new.len()) as u64;
    sum.changed = changed.iter().filter(|o| o.rewrite).count() as u64;
    sum.unchanged += changed.iter().filter(|o| !o.rewrite).count() as u64;
    update(c, &changed).await?;
    let written: Vec<&Outcome<'_>> = new
        .iter()
        .chain(changed.iter().filter(|o| o.rewrite))
        .collect();
    steps(c, &written).await?;
    forget_old_steps(c, &changed).await?;
    due(c, campaign, &changed).await?;
    c.batch(
        "WITH r(p) AS ({r}) DELETE FROM outside WHERE campaign = $1 AND person IN (SELECT p FROM r)",
        vals![campaign],
        cols![rows.iter().map(|r| r.person).collect::<Vec<_>>()],
    )
    .await?;
    Ok(sum)
}

fn digest(plan: &PlanRow) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(plan.steps_digest);
    for group in &plan.shared_group {
        hash.update(group.map_or([0; 16], |g| *g.uuid().as_bytes()));
    }
    hash.finalize().into()
}

fn fresh(plan: &PlanRow) -> Outcome<'_> {
    let held = plan.steps.is_empty() || plan.state == NotificationState::Held;
    Outcome {
        plan,
        id: plan.notification,
        version: plan.decision_version.max(1),
        state: if held {
            NotificationState::Held
        } else {
            plan.state
        },
        next_step: 0,
        plan_digest: digest(plan),
        rewrite: true,
        due: false,
    }
}

/// Same recipient, channel and contact point.
fn same_route(a: &Step, b: &Step) -> bool {
    a.to == b.to && a.channel == b.channel && a.contact == b.contact
}

/// What a new plan makes of a notification; whether it goes on under its approval. None: what stands, stands.
fn again<'p>(plan: &'p PlanRow, stands: &Standing, below: i64) -> Option<(Outcome<'p>, bool)> {
    if !replannable(stands.state) || plan.facts_version < stands.facts_version {
        return None;
    }
    let plan_digest = digest(plan);
    let rewrite = plan_digest.as_slice() != stands.plan_digest;
    let version = if rewrite {
        plan.decision_version.max(stands.decision_version + 1)
    } else {
        stands.decision_version
    };
    let tried = |step: &Step| stands.tried.iter().any(|t| same_route(t, step));
    let next_step = plan.steps.iter().position(|s| !tried(s));
    let running = stands.open_attempt.is_some() || stands.tries > 0;
    let held = plan.steps.is_empty() || plan.state == NotificationState::Held;
    let within = stands.approved_version.is_some()
        && (steps_within(&plan.steps, &stands.approved) || !rewrite && covers(stands));
    let state = match (held, next_step, within) {
        (true, _, _) => NotificationState::Held,
        (false, None, _) if stands.open_attempt.is_some() => NotificationState::InProgress,
        (false, None, _) => NotificationState::Exhausted,
        (false, Some(_), true) if running => NotificationState::InProgress,
        (false, Some(_), true) => NotificationState::Approved,
        (false, Some(_), false) => plan.state,
    };
    let goes_on = matches!(
        state,
        NotificationState::Approved | NotificationState::InProgress
    );
    let outcome = Outcome {
        plan,
        id: stands.id,
        version,
        state,
        next_step: next_step.unwrap_or(plan.steps.len()) as i32,
        plan_digest,
        rewrite,
        due: goes_on
            && next_step.is_some()
            && stands.open_attempt.is_none()
            && i64::from(plan.rank) < below,
    };
    Some((outcome, within && rewrite))
}

/// The version that stands is the approved one itself.
fn covers(stands: &Standing) -> bool {
    stands.approved_version == Some(stands.decision_version)
}

fn standing_row(r: &Row) -> Result<Standing, StoreError> {
    Ok(Standing {
        id: r.id(0)?,
        person: r.id(1)?,
        state: r.word(2, NotificationState::parse)?,
        decision_version: r.i32(3)?,
        approved_version: r.opt_i32(4)?,
        facts_version: r.i32(5)?,
        plan_digest: r.bytes(6)?,
        tries: r.i32(7)?,
        open_attempt: r.opt_id(8)?,
        tried: Vec::new(),
        approved: Vec::new(),
    })
}

async fn standing(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    rows: &[PlanRow],
) -> Result<HashMap<PersonId, Standing>, StoreError> {
    let persons: Vec<PersonId> = rows.iter().map(|r| r.person).collect();
    let found = c
        .batch_rows(
            "WITH r(p) AS ({r})
             SELECT n.id, n.person, n.state, n.decision_version, n.approved_version, n.facts_version, n.plan_digest,
                    n.tries, n.open_attempt
             FROM r JOIN notification n ON n.campaign = $1 AND n.person = r.p ORDER BY n.id {lock_n}",
            vals![campaign],
            cols![persons],
        )
        .await?;
    let mut out = HashMap::with_capacity(found.len());
    for r in &found {
        let row = standing_row(r)?;
        out.insert(row.person, row);
    }
    load_approved(c, &mut out).await?;
    load_tried(c, &mut out).await?;
    Ok(out)
}

async fn load_approved(
    c: &mut Conn<'_>,
    standing: &mut HashMap<PersonId, Standing>,
) -> Result<(), StoreError> {
    let approved: Vec<(NotificationId, i32, PersonId)> = standing
        .values()
        .filter_map(|s| s.approved_version.map(|v| (s.id, v, s.person)))
        .collect();
    let by_id: HashMap<NotificationId, PersonId> =
        approved.iter().map(|(n, _, p)| (*n, *p)).collect();
    let rows = c
        .batch_rows(
            "WITH r(n, v) AS ({r}) SELECT s.notification, s.body FROM r
             JOIN step s ON s.notification = r.n AND s.decision_version = r.v",
            &[],
            cols![
                approved.iter().map(|(n, _, _)| *n).collect::<Vec<_>>(),
                approved.iter().map(|(_, v, _)| *v).collect::<Vec<_>>(),
            ],
        )
        .await?;
    for r in &rows {
        let stands = by_id.get(&r.id(0)?).and_then(|p| standing.get_mut(p));
        if let Some(stands) = stands {
            stands.approved.push(r.json(1)?);
        }
    }
    Ok(())
}

async fn load_tried(
    c: &mut Conn<'_>,
    standing: &mut HashMap<PersonId, Standing>,
) -> Result<(), StoreError> {
    let by_id: HashMap<NotificationId, PersonId> = standing
        .values()
        .filter(|s| s.tries > 0)
        .map(|s| (s.id, s.person))
        .collect();
    let ids: Vec<NotificationId> = by_id.keys().copied().collect();
    let rows = c
        .batch_rows(
            "WITH r(n) AS ({r})
             SELECT a.notification, s.body, a.tried FROM r JOIN attempt a ON a.notification = r.n
                 JOIN step s ON s.notification = a.notification AND s.decision_version = a.decision_version
                     AND s.step_no = a.step_no
             UNION ALL
             SELECT m.notification, s.body, a.tried FROM r JOIN member m ON m.notification = r.n
                 JOIN attempt a ON a.id = m.attempt
                 JOIN step s ON s.notification = m.notification AND s.decision_version = m.decision_version
                     AND s.step_no = m.step_no",
            &[],
            cols![ids],
        )
        .await?;
    let mut free: HashMap<PersonId, Vec<Step>> = HashMap::new();
    for r in &rows {
        let Some(person) = by_id.get(&r.id(0)?) else {
            continue;
        };
        let step: Step = r.json(1)?;
        if r.bool(2)? {
            if let Some(stands) = standing.get_mut(person) {
                stands.tried.push(step);
            }
        } else {
            free.entry(*person).or_default().push(step);
        }
    }
    for (person, steps) in free {
        if let Some(stands) = standing.get_mut(&person)
            && steps.len() as i32 >= FREE_TRIES
        {
            stands.tried.extend(steps);
        }
    }
    Ok(())
}

/// The columns that new and changed notifications share.
fn common(rows: &[&Outcome<'_>]) -> [Col; 17] {
    let each = |get: fn(&Outcome<'_>) -> Option<i64>| -> Col {
        Col::from(rows.iter().map(|o| get(o)).collect::<Vec<Option<i64>>>())
    };
    let words = |get: fn(&PlanRow) -> String| -> Col {
        Col::from(rows.iter().map(|o| get(o.plan)).collect::<Vec<String>>())
    };
    [
        Col::from(rows.iter().map(|o| o.id).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.state.as_str()).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.version).collect::<Vec<_>>()),
        Col::from(
            rows.iter()
                .map(|o| o.plan.facts_version)
                .collect::<Vec<_>>(),
        ),
        Col::from(
            rows.iter()
                .map(|o| o.plan.steps_digest.to_vec())
                .collect::<Vec<_>>(),
        ),
        Col::from(
            rows.iter()
                .map(|o| o.plan_digest.to_vec())
                .collect::<Vec<_>>(),
        ),
        Col::from(
            rows.iter()
                .map(|o| o.plan.steps.len() as i32)
                .collect::<Vec<_>>(),
        ),
        Col::from(rows.iter().map(|o| o.next_step).collect::<Vec<_>>()),
        Col::from(
            rows.iter()
                .map(|o| o.plan.audience.as_str())
                .collect::<Vec<_>>(),
        ),
        Col::from(
            rows.iter()
                .map(|o| o.plan.society.as_ref().map(|s| s.as_str().to_owned()))
                .collect::<Vec<Option<String>>>(),
        ),
        words(|p| {
            p.reasons
                .iter()
                .map(|r| r.as_str())
                .collect::<Vec<_>>()
                .join(",")
        }),
        words(|p| {
            p.rules
                .iter()
                .map(|r| r.as_str())
                .collect::<Vec<_>>()
                .join(",")
        }),
        words(|p| p.groups.join(",")),
        each(|o| Some(o.plan.valid_until.0)),
        each(|o| o.plan.due_at.map(|m| m.0)),
        each(|o| o.plan.review_at.map(|m| m.0)),
        Col::from(rows.iter().map(|o| o.plan.rank).collect::<Vec<_>>()),
    ]
}

/// Inserts new notifications; those whose person got one meanwhile are left out.
async fn insert<'p>(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    incident: IncidentId,
    rows: Vec<Outcome<'p>>,
) -> Result<Vec<Outcome<'p>>, StoreError> {
    let all: Vec<&Outcome<'_>> = rows.iter().collect();
    let mut columns = common(&all).to_vec();
    columns.push(Col::from(
        rows.iter().map(|o| o.plan.person).collect::<Vec<_>>(),
    ));
    let inserted = c
        .batch_rows(
            "WITH r(id, state, version, facts_version, steps_digest, plan_digest, steps, next_step, audience, society,
                    reasons, rules, groups, valid_until, due_at, review_at, rank, person) AS ({r})
             INSERT INTO notification (id, campaign, incident, person, state, decision_version, facts_version,
                    steps_digest, plan_digest, steps, next_step, audience, society, reasons, rules, groups,
                    valid_until, due_at, review_at, rank)
             SELECT id, $1, $2, person, state, version, facts_version, steps_digest, plan_digest, steps, next_step,
                    audience, society, reasons, rules, groups, valid_until, due_at, review_at, rank
             FROM r WHERE true ON CONFLICT (campaign, person) DO NOTHING RETURNING id",
            vals![campaign, incident],
            &columns,
        )
        .await?;
    if inserted.len() == rows.len() {
        return Ok(rows);
    }
    let ids: std::collections::HashSet<NotificationId> =
        inserted.iter().map(|r| r.id(0)).collect::<Result<_, _>>()?;
    Ok(rows.into_iter().filter(|o| ids.contains(&o.id)).collect())
}

async fn update(c: &mut Conn<'_>, rows: &[Outcome<'_>]) -> Result<(), StoreError> {
    let all: Vec<&Outcome<'_>> = rows.iter().collect();
    c.batch(
        "WITH r(id, state, version, facts_version, steps_digest, plan_digest, steps, next_step, audience, society,
                reasons, rules, groups, valid_until, due_at, review_at, rank) AS ({r})
         UPDATE notification SET state = r.state, decision_version = r.version, facts_version = r.facts_version,
                steps_digest = r.steps_digest, plan_digest = r.plan_digest, steps = r.steps, next_step = r.next_step,
                audience = r.audience, society = r.society, reasons = r.reasons, rules = r.rules, groups = r.groups,
                valid_until = r.valid_until, due_at = r.due_at, review_at = r.review_at
         FROM r WHERE notification.id = r.id",
        &[],
        &common(&all),
    )
    .await?;
    Ok(())
}

/// Steps of new decisions, with the group of the address that each would use.
async fn steps(c: &mut Conn<'_>, rows: &[&Outcome<'_>]) -> Result<(), StoreError> {
    let flat: Vec<(&Outcome<'_>, usize, &Step)> = rows
        .iter()
        .flat_map(|o| {
            o.plan
                .steps
                .iter()
                .enumerate()
                .map(move |(n, s)| (*o, n, s))
        })
        .collect();
    let bodies: Vec<String> = flat
        .iter()
        .map(|(_, _, s)| to_json(s))
        .collect::<Result<_, _>>()?;
    let shared = |o: &Outcome<'_>, n: usize| o.plan.shared_group.get(n).copied().flatten();
    c.batch(
        "WITH r(notification, version, step_no, society, channel, level, shared, body, record, idx) AS ({r})
         INSERT INTO step (notification, decision_version, step_no, society, channel, level, grp, shared, body)
         SELECT r.notification, r.version, r.step_no, r.society, r.channel, r.level, coalesce(r.shared, a.grp),
                r.shared IS NOT NULL, r.body
         FROM r LEFT JOIN address a ON a.record = r.record AND a.idx = r.idx",
        &[],
        cols![
            flat.iter().map(|(o, _, _)| o.id).collect::<Vec<_>>(),
            flat.iter().map(|(o, _, _)| o.version).collect::<Vec<_>>(),
            flat.iter().map(|(_, n, _)| *n as i32).collect::<Vec<_>>(),
            flat.iter().map(|(_, _, s)| s.society.as_str().to_owned()).collect::<Vec<_>>(),
            flat.iter().map(|(_, _, s)| s.channel.as_str()).collect::<Vec<_>>(),
            flat.iter().map(|(_, _, s)| s.level.as_str()).collect::<Vec<_>>(),
            flat.iter()
                .map(|(o, n, _)| shared(o, *n).map(|g| g.uuid()))
                .collect::<Vec<Option<uuid::Uuid>>>(),
            bodies,
            flat.iter()
                .map(|(_, _, s)| s.contact.map(|k| k.record.uuid()))
                .collect::<Vec<Option<uuid::Uuid>>>(),
            flat.iter()
                .map(|(_, _, s)| s.contact.map_or(-1, |k| i32::from(k.index)))
                .collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}

/// Steps that neither stand, nor were approved, nor were tried, cannot be tried any more: the third gate is as narrow
/// as the decision.
async fn forget_old_steps(c: &mut Conn<'_>, rows: &[Outcome<'_>]) -> Result<(), StoreError> {
    let rewritten: Vec<NotificationId> = rows.iter().filter(|o| o.rewrite).map(|o| o.id).collect();
    c.batch(
        "WITH r(id) AS ({r}) DELETE FROM step WHERE notification IN (SELECT id FROM r)
             AND decision_version <> (SELECT n.decision_version FROM notification n WHERE n.id = step.notification)
             AND decision_version <> (SELECT coalesce(n.approved_version, 0) FROM notification n
                                      WHERE n.id = step.notification)
             AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.notification = step.notification
                                 AND a.decision_version = step.decision_version)
             AND NOT EXISTS (SELECT 1 FROM member m WHERE m.notification = step.notification
                                 AND m.decision_version = step.decision_version)",
        &[],
        cols![rewritten],
    )
    .await?;
    Ok(())
}

/// Puts changed notifications among what may be released, or takes them out.
async fn due(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    rows: &[Outcome<'_>],
) -> Result<(), StoreError> {
    let out: Vec<NotificationId> = rows.iter().filter(|o| !o.due).map(|o| o.id).collect();
    c.batch(
        "WITH r(id) AS ({r}) DELETE FROM due WHERE notification IN (SELECT id FROM r)",
        &[],
        cols![out],
    )
    .await?;
    let due: Vec<&Outcome<'_>> = rows.iter().filter(|o| o.due).collect();
    c.batch(
        "WITH r(id, society, due_at, rank) AS ({r})
         INSERT INTO due (notification, campaign, society, due_at, rank) SELECT id, $1, society, due_at, rank FROM r
         WHERE true
         ON CONFLICT (notification) DO UPDATE SET society = excluded.society,
             due_at = CASE WHEN due.due_at > excluded.due_at THEN due.due_at ELSE excluded.due_at END",
        vals![campaign],
        cols![
            due.iter().map(|o| o.id).collect::<Vec<_>>(),
            due.iter()
                .map(|o| o.plan.steps[o.next_step as usize].society.as_str().to_owned())
                .collect::<Vec<_>>(),
            due.iter().map(|o| o.plan.due_at.map_or(0, |m| m.0)).collect::<Vec<i64>>(),
            due.iter().map(|o| o.plan.rank).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}
