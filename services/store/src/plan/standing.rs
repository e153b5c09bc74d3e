//! Notifications as they stand, with what was approved and what was tried.

use std::collections::HashMap;

use domain::delivery::NotificationState;
use domain::manifest::Step;
use domain::{AttemptId, CampaignId, NotificationId, PersonId};

use crate::db::{Conn, Row, cols, vals};
use crate::{PlanRow, StoreError};

/// Tries that were taken back before they count after all: a planner and a renderer that disagree must not go round
/// for ever.
const FREE_TRIES: i32 = 8;

/// A notification as it stands.
pub(super) struct Standing {
    pub(super) id: NotificationId,
    pub(super) person: PersonId,
    pub(super) state: NotificationState,
    pub(super) decision_version: i32,
    pub(super) approved_version: Option<i32>,
    pub(super) facts_version: i32,
    pub(super) plan_digest: Vec<u8>,
    pub(super) tries: i32,
    pub(super) open_attempt: Option<AttemptId>,
    /// Steps that count as tried.
    pub(super) tried: Vec<Step>,
    /// Steps that two people approved, if a new plan has to be compared with them.
    pub(super) approved: Vec<Step>,
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

pub(super) async fn standing(
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

async fn load_approved(c: &mut Conn<'_>, standing: &mut HashMap<PersonId, Standing>) -> Result<(), StoreError> {
    let approved: Vec<(NotificationId, i32, PersonId)> =
        standing.values().filter_map(|s| s.approved_version.map(|v| (s.id, v, s.person))).collect();
    let by_id: HashMap<NotificationId, PersonId> = approved.iter().map(|(n, _, p)| (*n, *p)).collect();
    let rows = c
        .batch_rows(
            "WITH r(n, v) AS ({r}) SELECT s.notification, s.body FROM r JOIN step s ON s.notification = r.n AND s.decision_version = r.v",
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

async fn load_tried(c: &mut Conn<'_>, standing: &mut HashMap<PersonId, Standing>) -> Result<(), StoreError> {
    let by_id: HashMap<NotificationId, PersonId> =
        standing.values().filter(|s| s.tries > 0).map(|s| (s.id, s.person)).collect();
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
