//! Saving plans: compare with what stands, decide in memory, write one statement per table.

use domain::campaign::CampaignState;
use domain::delivery::NotificationState;
use domain::manifest::{Step, steps_within};
use domain::{CampaignId, IncidentId, NotificationId};
use sha2::{Digest, Sha256};

use super::replannable;
use super::standing::{Standing, standing};
use super::write::{due, forget_old_steps, insert, steps, update};
use crate::db::{Conn, cols, vals};
use crate::{PlanRow, Planned, StoreError};

/// A plan with what it becomes.
pub(super) struct Outcome<'p> {
    pub(super) plan: &'p PlanRow,
    pub(super) id: NotificationId,
    pub(super) version: i32,
    pub(super) state: NotificationState,
    pub(super) next_step: i32,
    pub(super) plan_digest: [u8; 32],
    /// Its steps are not the ones of the version that stands.
    pub(super) rewrite: bool,
    /// May be released.
    pub(super) due: bool,
}

pub(super) async fn plans(c: &mut Conn<'_>, campaign: CampaignId, rows: &[PlanRow]) -> Result<Planned, StoreError> {
    let row = c
        .row("SELECT incident, state, open_rank FROM campaign WHERE id = $1 {share}", vals![campaign])
        .await?
        .ok_or(StoreError::Missing("campaign"))?;
    let incident: IncidentId = row.id(0)?;
    let state = row.word(1, CampaignState::parse)?;
    let below = match state {
        CampaignState::Running | CampaignState::Paused => row.i64(2)?,
        CampaignState::Stopped | CampaignState::Closed => {
            return Ok(Planned { unchanged: rows.len() as u64, ..Planned::default() });
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
    let written: Vec<&Outcome<'_>> = new.iter().chain(changed.iter().filter(|o| o.rewrite)).collect();
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
        state: if held { NotificationState::Held } else { plan.state },
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
    let version =
        if rewrite { plan.decision_version.max(stands.decision_version + 1) } else { stands.decision_version };
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
    let goes_on = matches!(state, NotificationState::Approved | NotificationState::InProgress);
    let outcome = Outcome {
        plan,
        id: stands.id,
        version,
        state,
        next_step: next_step.unwrap_or(plan.steps.len()) as i32,
        plan_digest,
        rewrite,
        due: goes_on && next_step.is_some() && stands.open_attempt.is_none() && i64::from(plan.rank) < below,
    };
    Some((outcome, within && rewrite))
}

/// The version that stands is the approved one itself.
fn covers(stands: &Standing) -> bool {
    stands.approved_version == Some(stands.decision_version)
}
