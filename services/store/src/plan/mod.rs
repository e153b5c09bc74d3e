//! Plan: what the planner needs, and what it decided.

mod load;
mod save;
mod standing;
mod statements;
mod write;

use async_recursion::async_recursion as boxed;
use domain::delivery::{AttemptState, NotificationState};
use domain::manifest::Step;
use domain::{CampaignId, IncidentId, Millis, PersonId, RecordId};
use uuid::Uuid;

use crate::db::{Conn, cols, vals};
use crate::{LiftRow, PersonRow, PlanRow, Planned, Store, StoreError};

/// States in which a person can be planned again: not at an end, held, or out of steps.
pub(crate) const fn replannable(state: NotificationState) -> bool {
    use NotificationState as N;
    matches!(state, N::Planned | N::Held | N::Deferred | N::Approved | N::InProgress | N::Exhausted)
}

/// A person's plan in a campaign is behind the facts: there is none yet, or the facts have moved since; of `p` (person),
/// `n` (notification) and `o` (outside). The states are those of [`replannable`].
macro_rules! behind {
    () => {
        "(n.id IS NULL AND (o.person IS NULL OR o.facts_version <> p.facts_version))
         OR (n.state IN ('planned', 'held', 'deferred', 'approved', 'in_progress', 'exhausted')
             AND n.facts_version <> p.facts_version)"
    };
}
pub(crate) use behind;

impl Store {
    /// Everything the planner needs about these persons; unknown ones are left out.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn load_persons(&self, incident: IncidentId, ids: &[PersonId]) -> Result<Vec<PersonRow>, StoreError> {
        self.inner
            .db
            .snapshot((incident, ids.to_vec()), |c, (incident, ids)| {
                Box::pin(async move { load::persons(c, *incident, ids).await })
            })
            .await
    }

    /// What the decisions about others need of these persons: the same without relations and candidates of their own.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn load_neighbours(&self, incident: IncidentId, ids: &[PersonId]) -> Result<Vec<PersonRow>, StoreError> {
        self.inner
            .db
            .snapshot((incident, ids.to_vec()), |c, (incident, ids)| {
                Box::pin(async move { load::neighbours(c, *incident, ids).await })
            })
            .await
    }

    /// Steps that were tried, or are being tried, for these persons in a campaign, and how each stands.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn tried(
        &self,
        campaign: CampaignId,
        ids: &[PersonId],
    ) -> Result<Vec<(PersonId, Step, AttemptState)>, StoreError> {
        self.inner
            .db
            .read((campaign, ids.to_vec()), |c, (campaign, ids)| {
                Box::pin(async move {
                    let rows = c
                        .batch_rows(
                            "WITH r(id) AS ({r})
                             SELECT n.person, s.body, a.state FROM r JOIN notification n ON n.campaign = $1 AND n.person = r.id
                                 JOIN attempt a ON a.notification = n.id AND a.tried
                                 JOIN step s ON s.notification = a.notification
                                     AND s.decision_version = a.decision_version AND s.step_no = a.step_no
                             UNION ALL
                             SELECT n.person, s.body, a.state FROM r JOIN notification n ON n.campaign = $1 AND n.person = r.id
                                 JOIN member m ON m.notification = n.id
                                 JOIN attempt a ON a.id = m.attempt AND a.tried
                                 JOIN step s ON s.notification = m.notification
                                     AND s.decision_version = m.decision_version AND s.step_no = m.step_no",
                            vals![*campaign],
                            cols![ids.as_slice()],
                        )
                        .await?;
                    rows.iter()
                        .map(|r| Ok((r.id(0)?, r.json(1)?, r.word(2, AttemptState::parse)?)))
                        .collect()
                })
            })
            .await
    }

    /// Persons of the incident to be planned, or planned again: no notification yet, facts moved, a decision that is
    /// no longer valid, a hold that comes up. One pass over the persons: take large limits.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn unplanned(&self, campaign: CampaignId, limit: u32) -> Result<Vec<PersonId>, StoreError> {
        self.unplanned_but(campaign, limit, false).await
    }

    /// Fewer persons are in the campaign, or outside of it, than there are: somebody is unplanned for sure. Counts, and
    /// looks nobody up.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn somebody_is_missing(&self, campaign: CampaignId) -> Result<bool, StoreError> {
        self.inner
            .db
            .read(campaign, |c, campaign| {
                Box::pin(async move {
                    let missing = c
                        .count(
                            "SELECT (SELECT count(*) FROM person p WHERE p.incident = k.incident
                                        AND p.superseded_by IS NULL)
                                  - (SELECT count(*) FROM notification n WHERE n.campaign = k.id
                                        AND n.state <> 'superseded')
                                  - (SELECT count(*) FROM outside o WHERE o.campaign = k.id)
                             FROM campaign k WHERE k.id = $1",
                            vals![*campaign],
                        )
                        .await?;
                    Ok(missing > 0)
                })
            })
            .await
    }

    /// [Those](Self::unplanned) that somebody waits for: holds that only come up for review are left to people.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn unplanned_but_reviews(&self, campaign: CampaignId, limit: u32) -> Result<Vec<PersonId>, StoreError> {
        self.unplanned_but(campaign, limit, true).await
    }

    /// The earliest instant at which a decision runs out that somebody still waits on: until then nobody has to be
    /// planned again but for moved facts and reviews. Reads all notifications.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn next_invalid(&self, campaign: CampaignId) -> Result<Option<Millis>, StoreError> {
        self.inner
            .db
            .read(campaign, |c, campaign| {
                Box::pin(async move {
                    let row = c
                        .row(
                            "SELECT min(valid_until) FROM notification WHERE campaign = $1
                                AND state IN ('planned', 'deferred', 'approved', 'in_progress')",
                            vals![*campaign],
                        )
                        .await?;
                    row.map_or(Ok(None), |r| r.opt_millis(0))
                })
            })
            .await
    }

    async fn unplanned_but(
        &self,
        campaign: CampaignId,
        limit: u32,
        reviews: bool,
    ) -> Result<Vec<PersonId>, StoreError> {
        self.inner
            .db
            .read((campaign, limit, reviews), |c, (campaign, limit, reviews)| {
                Box::pin(async move { unplanned(c, *campaign, i64::from(*limit), *reviews).await })
            })
            .await
    }

    /// Saves plans, each if nothing later stands. An open attempt is never touched. A plan within the approved steps
    /// goes on under its approval; anything more waits for a supplement. A repeated plan changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for an unknown campaign.
    #[boxed]
    pub async fn save_plans(&self, campaign: CampaignId, rows: Vec<PlanRow>) -> Result<Planned, StoreError> {
        self.inner
            .db
            .write((campaign, rows), |c, (campaign, rows)| {
                Box::pin(async move { save::plans(c, *campaign, rows).await })
            })
            .await
    }

    /// Persons that are not in this campaign, why (a word), and the version of the facts it was decided on.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn save_outside(
        &self,
        campaign: CampaignId,
        rows: Vec<(PersonId, String, i32)>,
    ) -> Result<(), StoreError> {
        self.inner
            .db
            .write((campaign, rows), |c, (campaign, rows)| {
                Box::pin(async move {
                    c.batch(
                        "WITH r(person, reason, facts_version) AS ({r})
                         INSERT INTO outside (campaign, person, reason, facts_version)
                         SELECT $1, person, reason, facts_version FROM r
                         WHERE NOT EXISTS (SELECT 1 FROM notification n WHERE n.campaign = $1 AND n.person = r.person)
                         ON CONFLICT (campaign, person) DO UPDATE SET reason = excluded.reason,
                             facts_version = excluded.facts_version",
                        vals![*campaign],
                        cols![
                            rows.iter().map(|(p, _, _)| *p).collect::<Vec<_>>(),
                            rows.iter().map(|(_, w, _)| w.clone()).collect::<Vec<_>>(),
                            rows.iter().map(|(_, _, v)| *v).collect::<Vec<_>>(),
                        ],
                    )
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Persons that wait for approval with the digests of their steps, in the order of person ids.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn plan_leaves(&self, campaign: CampaignId) -> Result<Vec<(PersonId, [u8; 32])>, StoreError> {
        self.inner.db.read(campaign, |c, campaign| Box::pin(async move { leaves(c, *campaign).await })).await
    }

    /// Sets a rule aside for persons, who are planned again. The facts do not move: a lift is void once they do. All or
    /// none; the same again changes nothing.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn put_lifts(&self, incident: IncidentId, rows: &[LiftRow]) -> Result<(), StoreError> {
        self.inner
            .db
            .write((incident, rows.to_vec()), |c, (incident, rows)| {
                Box::pin(async move {
                    for row in rows {
                        put_lift(c, *incident, row).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// The person to whom a record is linked.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn record_person(&self, record: RecordId) -> Result<Option<PersonId>, StoreError> {
        self.inner.db.read(record, |c, record| Box::pin(async move { person_of(c, *record).await })).await
    }
}

async fn put_lift(c: &mut Conn<'_>, incident: IncidentId, row: &LiftRow) -> Result<(), StoreError> {
    c.exec(
        "INSERT INTO lift (id, incident, person, rule, routes, level, reason, expires_at, facts_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
        vals![
            row.id,
            incident,
            row.person,
            row.rule.as_str(),
            &row.routes,
            row.level.as_str(),
            &row.reason,
            row.expires_at,
            row.facts_version,
        ],
    )
    .await?;
    c.exec(
        "UPDATE notification SET facts_version = 0 WHERE person = $2
            AND campaign IN (SELECT id FROM campaign WHERE incident = $1)",
        vals![incident, row.person],
    )
    .await?;
    Ok(())
}

async fn person_of(c: &mut Conn<'_>, record: RecordId) -> Result<Option<PersonId>, StoreError> {
    c.row("SELECT person FROM link WHERE record = $1", vals![record]).await?.map(|r| r.id(0)).transpose()
}

/// Persons to be planned.
async fn unplanned(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    limit: i64,
    but_reviews: bool,
) -> Result<Vec<PersonId>, StoreError> {
    let incident: Uuid = match c
        .row("SELECT incident FROM campaign WHERE id = $1 AND state NOT IN ('stopped', 'closed')", vals![campaign])
        .await?
    {
        Some(row) => row.uuid(0)?,
        None => return Ok(Vec::new()),
    };
    let rows = c
        .rows(
            // Materialised: with the limit in sight, a planner expects to meet somebody soon and looks persons up one by
            // one. As a rule nobody is there, and all are read.
            concat!(
                "WITH waiting AS MATERIALIZED (
                 SELECT p.id FROM person p
                     LEFT JOIN notification n ON n.campaign = $1 AND n.person = p.id
                     LEFT JOIN outside o ON o.campaign = $1 AND o.person = p.id
                 WHERE p.incident = $2 AND p.superseded_by IS NULL AND (",
                behind!(),
                "    OR (n.state IN ('planned', 'deferred', 'approved', 'in_progress') AND n.valid_until <= {clock})
                     OR (n.state = 'held' AND n.review_at <= {clock} AND NOT $4)))
             SELECT id FROM waiting LIMIT $3"
            ),
            vals![campaign, incident, limit, but_reviews],
        )
        .await?;
    rows.iter().map(|r| r.id(0)).collect()
}

/// Leaves that wait for approval.
pub(crate) async fn leaves(c: &mut Conn<'_>, campaign: CampaignId) -> Result<Vec<(PersonId, [u8; 32])>, StoreError> {
    let rows = c
        .rows(
            "SELECT person, steps_digest FROM notification
             WHERE campaign = $1 AND state IN ('planned', 'deferred') AND steps > 0 ORDER BY person",
            vals![campaign],
        )
        .await?;
    rows.iter().map(|r| Ok((r.id(0)?, r.array(1)?))).collect()
}
