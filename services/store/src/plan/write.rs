//! One statement per table for new and changed notifications.

use domain::manifest::Step;
use domain::{CampaignId, IncidentId, NotificationId};

use super::save::Outcome;
use crate::context::to_json;
use crate::db::{Col, Conn, cols, vals};
use crate::{PlanRow, StoreError};

/// The columns that new and changed notifications share.
fn common(rows: &[&Outcome<'_>]) -> [Col; 17] {
    let each = |get: fn(&Outcome<'_>) -> Option<i64>| -> Col {
        Col::from(rows.iter().map(|o| get(o)).collect::<Vec<Option<i64>>>())
    };
    let words =
        |get: fn(&PlanRow) -> String| -> Col { Col::from(rows.iter().map(|o| get(o.plan)).collect::<Vec<String>>()) };
    [
        Col::from(rows.iter().map(|o| o.id).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.state.as_str()).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.version).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.plan.facts_version).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.plan.steps_digest.to_vec()).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.plan_digest.to_vec()).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.plan.steps.len() as i32).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.next_step).collect::<Vec<_>>()),
        Col::from(rows.iter().map(|o| o.plan.audience.as_str()).collect::<Vec<_>>()),
        Col::from(
            rows.iter()
                .map(|o| o.plan.society.as_ref().map(|s| s.as_str().to_owned()))
                .collect::<Vec<Option<String>>>(),
        ),
        words(|p| p.reasons.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(",")),
        words(|p| p.rules.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(",")),
        words(|p| p.groups.join(",")),
        each(|o| Some(o.plan.valid_until.0)),
        each(|o| o.plan.due_at.map(|m| m.0)),
        each(|o| o.plan.review_at.map(|m| m.0)),
        Col::from(rows.iter().map(|o| o.plan.rank).collect::<Vec<_>>()),
    ]
}

/// Inserts new notifications; those whose person got one meanwhile are left out.
pub(super) async fn insert<'p>(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    incident: IncidentId,
    rows: Vec<Outcome<'p>>,
) -> Result<Vec<Outcome<'p>>, StoreError> {
    let all: Vec<&Outcome<'_>> = rows.iter().collect();
    let mut columns = common(&all).to_vec();
    columns.push(Col::from(rows.iter().map(|o| o.plan.person).collect::<Vec<_>>()));
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
    let ids: std::collections::HashSet<NotificationId> = inserted.iter().map(|r| r.id(0)).collect::<Result<_, _>>()?;
    Ok(rows.into_iter().filter(|o| ids.contains(&o.id)).collect())
}

/// Writes what changed.
pub(super) async fn update(c: &mut Conn<'_>, rows: &[Outcome<'_>]) -> Result<(), StoreError> {
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
pub(super) async fn steps(c: &mut Conn<'_>, rows: &[&Outcome<'_>]) -> Result<(), StoreError> {
    let flat: Vec<(&Outcome<'_>, usize, &Step)> =
        rows.iter().flat_map(|o| o.plan.steps.iter().enumerate().map(move |(n, s)| (*o, n, s))).collect();
    let bodies: Vec<String> = flat.iter().map(|(_, _, s)| to_json(s)).collect::<Result<_, _>>()?;
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
            flat.iter().map(|(o, n, _)| shared(o, *n).map(|g| g.uuid())).collect::<Vec<Option<uuid::Uuid>>>(),
            bodies,
            flat.iter().map(|(_, _, s)| s.contact.map(|k| k.record.uuid())).collect::<Vec<Option<uuid::Uuid>>>(),
            flat.iter().map(|(_, _, s)| s.contact.map_or(-1, |k| i32::from(k.index))).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}

/// Steps that neither stand, nor were approved, nor were tried, cannot be tried any more: the third gate is as narrow
/// as the decision.
pub(super) async fn forget_old_steps(c: &mut Conn<'_>, rows: &[Outcome<'_>]) -> Result<(), StoreError> {
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
pub(super) async fn due(c: &mut Conn<'_>, campaign: CampaignId, rows: &[Outcome<'_>]) -> Result<(), StoreError> {
    let out: Vec<NotificationId> = rows.iter().filter(|o| !o.due).map(|o| o.id).collect();
    c.batch("WITH r(id) AS ({r}) DELETE FROM due WHERE notification IN (SELECT id FROM r)", &[], cols![out]).await?;
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
            due.iter().map(|o| o.plan.steps[o.next_step as usize].society.as_str().to_owned()).collect::<Vec<_>>(),
            due.iter().map(|o| o.plan.due_at.map_or(0, |m| m.0)).collect::<Vec<i64>>(),
            due.iter().map(|o| o.plan.rank).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}
