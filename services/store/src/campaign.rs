//! Campaigns: their states, what two people approved, which places are open.

use async_recursion::async_recursion as boxed;
use domain::campaign::{CampaignState, advance};
use domain::manifest::{Manifest, person_leaf};
use domain::{ActionId, AttemptId, CampaignId, IncidentId, Millis, merkle};

use crate::attempts::{Taken, take_back};
use crate::context::to_json;
use crate::db::{Conn, Row, cols, vals};
use crate::plan::leaves;
use crate::{CampaignRow, Store, StoreError};

macro_rules! campaign_columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, incident, choice, drill, signing_key, certificate, state, manifest, action, launched_at,
                    open_rank FROM campaign ",
            $rest
        )
    };
}

impl Store {
    /// A new campaign, in draft whatever the row says.
    ///
    /// # Errors
    /// A foreign-key violation for a drill of a real incident, or the reverse.
    #[boxed]
    pub async fn create_campaign(&self, row: &CampaignRow) -> Result<(), StoreError> {
        self.inner
            .db
            .write(row.clone(), |c, row| {
                Box::pin(async move {
                    c.exec(
                        "INSERT INTO campaign (id, incident, drill, choice, signing_key, certificate, state, created_at)
                         VALUES ($1, $2, $3, $4, $5, $6, 'draft', {clock})",
                        vals![
                            row.id,
                            row.incident,
                            row.drill,
                            to_json(&row.plan)?,
                            row.signing_key.clone(),
                            &row.certificate,
                        ],
                    )
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// A campaign.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn campaign(&self, id: CampaignId) -> Result<Option<CampaignRow>, StoreError> {
        self.inner
            .db
            .read(id, |c, id| {
                Box::pin(async move {
                    c.row(campaign_columns!("WHERE id = $1"), vals![*id]).await?.as_ref().map(campaign_row).transpose()
                })
            })
            .await
    }

    /// Campaigns of an incident, oldest first.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn campaigns(&self, incident: IncidentId) -> Result<Vec<CampaignRow>, StoreError> {
        self.inner
            .db
            .read(incident, |c, incident| {
                Box::pin(async move {
                    let rows = c
                        .rows(campaign_columns!("WHERE incident = $1 ORDER BY created_at, id"), vals![*incident])
                        .await?;
                    rows.iter().map(campaign_row).collect()
                })
            })
            .await
    }

    /// Running campaigns.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn running(&self) -> Result<Vec<CampaignRow>, StoreError> {
        self.inner
            .db
            .read((), |c, ()| {
                Box::pin(async move {
                    let rows =
                        c.rows(campaign_columns!("WHERE state = 'running' ORDER BY created_at, id"), &[]).await?;
                    rows.iter().map(campaign_row).collect()
                })
            })
            .await
    }

    /// Compare and set; false if the campaign was not in `from`.
    ///
    /// # Errors
    /// [`StoreError::CampaignState`] for a step that the states do not know.
    #[boxed]
    pub async fn set_campaign_state(
        &self,
        id: CampaignId,
        from: CampaignState,
        to: CampaignState,
    ) -> Result<bool, StoreError> {
        advance(from, to).map_err(|_| StoreError::CampaignState(id))?;
        self.inner
            .db
            .write((id, from, to), |c, (id, from, to)| {
                Box::pin(async move {
                    let set = c
                        .exec(
                            "UPDATE campaign SET state = $3 WHERE id = $1 AND state = $2",
                            vals![*id, from.as_str(), to.as_str()],
                        )
                        .await?;
                    Ok(set == 1)
                })
            })
            .await
    }

    /// What waits for approval becomes approved, for exactly the leaves of the manifest; the campaign too, if this is
    /// its first. The number approved.
    ///
    /// # Errors
    /// [`StoreError::Manifest`] if the manifest covers anything else, [`StoreError::CampaignState`] if the campaign
    /// cannot be approved now.
    #[boxed]
    pub async fn approve(
        &self,
        campaign: CampaignId,
        manifest: &Manifest,
        action: ActionId,
    ) -> Result<u64, StoreError> {
        self.inner
            .db
            .write((campaign, manifest.clone(), action), |c, (campaign, manifest, action)| {
                Box::pin(async move { approve(c, *campaign, manifest, *action).await })
            })
            .await
    }

    /// Approved becomes running; opens the canary wave, or the first, or everything. False if it is not approved.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn launch(&self, campaign: CampaignId, now: Millis) -> Result<bool, StoreError> {
        self.inner
            .db
            .write((campaign, now), |c, (campaign, now)| {
                Box::pin(async move {
                    let row = locked(c, *campaign).await?;
                    if row.state != CampaignState::Approved {
                        return Ok(false);
                    }
                    let below = match (row.plan.canary, row.plan.wave) {
                        (0, 0) => i64::MAX,
                        (0, wave) => i64::from(wave),
                        (canary, _) => i64::from(canary),
                    };
                    c.exec(
                        "UPDATE campaign SET state = 'running', launched_at = $2, open_rank = $3 WHERE id = $1",
                        vals![*campaign, *now, below],
                    )
                    .await?;
                    fill_due(c, *campaign, 0, below).await?;
                    Ok(true)
                })
            })
            .await
    }

    /// Opens the places below a rank; those that are open stay so. The number of notifications that became due.
    ///
    /// # Errors
    /// [`StoreError::CampaignState`] unless it runs or is paused.
    #[boxed]
    pub async fn open_ranks(&self, campaign: CampaignId, below: i64) -> Result<u64, StoreError> {
        self.inner
            .db
            .write((campaign, below), |c, (campaign, below)| {
                Box::pin(async move {
                    let row = locked(c, *campaign).await?;
                    if !matches!(row.state, CampaignState::Running | CampaignState::Paused) {
                        return Err(StoreError::CampaignState(*campaign));
                    }
                    if *below <= row.open_rank {
                        return Ok(0);
                    }
                    c.exec("UPDATE campaign SET open_rank = $2 WHERE id = $1", vals![*campaign, *below]).await?;
                    fill_due(c, *campaign, row.open_rank, *below).await
                })
            })
            .await
    }

    /// After a stop: what has not left is withdrawn; what left and was not sent on becomes `recalling`. Ids of what has
    /// to be recalled, those of an earlier call too.
    ///
    /// # Errors
    /// [`StoreError::CampaignState`] unless the campaign was stopped.
    #[boxed]
    pub async fn recall_open(&self, campaign: CampaignId) -> Result<Vec<AttemptId>, StoreError> {
        self.inner
            .db
            .write(campaign, |c, campaign| {
                Box::pin(async move {
                    if locked(c, *campaign).await?.state != CampaignState::Stopped {
                        return Err(StoreError::CampaignState(*campaign));
                    }
                    recall(c, *campaign).await
                })
            })
            .await
    }
}

fn campaign_row(r: &Row) -> Result<CampaignRow, StoreError> {
    Ok(CampaignRow {
        id: r.id(0)?,
        incident: r.id(1)?,
        plan: r.json(2)?,
        drill: r.bool(3)?,
        signing_key: r.bytes(4)?,
        certificate: r.text(5)?,
        state: r.word(6, CampaignState::parse)?,
        manifest: r.opt_json(7)?,
        action: r.opt_id(8)?,
        launched_at: r.opt_millis(9)?,
        open_rank: r.i64(10)?,
    })
}

async fn locked(c: &mut Conn<'_>, id: CampaignId) -> Result<CampaignRow, StoreError> {
    let row = c.row(campaign_columns!("WHERE id = $1 {lock}"), vals![id]).await?;
    campaign_row(&row.ok_or(StoreError::Missing("campaign"))?)
}

async fn approve(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    manifest: &Manifest,
    action: ActionId,
) -> Result<u64, StoreError> {
    let row = locked(c, campaign).await?;
    let state = match row.state {
        CampaignState::Planned => CampaignState::Approved,
        state @ (CampaignState::Approved | CampaignState::Running | CampaignState::Paused) => state,
        _ => return Err(StoreError::CampaignState(campaign)),
    };
    let differs = |what| StoreError::Manifest { campaign, what };
    if manifest.campaign != campaign {
        return Err(differs("campaign"));
    }
    if manifest.drill != row.drill {
        return Err(differs("drill mark"));
    }
    let leaves = leaves(c, campaign).await?;
    if manifest.persons != leaves.len() as u64 {
        return Err(differs("number of persons"));
    }
    let hashes: Vec<merkle::Hash> = leaves.iter().map(|(p, d)| person_leaf(*p, d)).collect();
    if merkle::root(&hashes) != manifest.persons_root {
        return Err(differs("persons and their steps"));
    }
    let approved = c
        .exec(
            "UPDATE notification SET approved_version = decision_version,
                    state = CASE WHEN tries > 0 THEN 'in_progress' ELSE 'approved' END
             WHERE campaign = $1 AND state IN ('planned', 'deferred') AND steps > 0",
            vals![campaign],
        )
        .await?;
    if approved != leaves.len() as u64 {
        // Somebody's plan changed between the two statements: the transaction is undone and nothing was approved.
        return Err(differs("persons and their steps"));
    }
    c.exec(
        "UPDATE campaign SET state = $2, manifest = $3, action = $4 WHERE id = $1",
        vals![campaign, state.as_str(), to_json(manifest)?, action],
    )
    .await?;
    if matches!(state, CampaignState::Running | CampaignState::Paused) {
        fill_due(c, campaign, 0, row.open_rank).await?;
    }
    Ok(approved)
}

/// Makes due what is approved, in these places, and not under way.
async fn fill_due(c: &mut Conn<'_>, campaign: CampaignId, from: i64, below: i64) -> Result<u64, StoreError> {
    c.exec(
        "INSERT INTO due (notification, campaign, society, due_at, rank)
         SELECT n.id, n.campaign, s.society, coalesce(n.due_at, 0), n.rank
         FROM notification n JOIN step s ON s.notification = n.id AND s.decision_version = n.decision_version
              AND s.step_no = n.next_step
         WHERE n.campaign = $1 AND n.state IN ('approved', 'in_progress') AND n.outcome = 0
               AND n.open_attempt IS NULL AND n.rank >= $2 AND n.rank < $3
         ON CONFLICT (notification) DO NOTHING",
        vals![campaign, from, below],
    )
    .await
}

async fn recall(c: &mut Conn<'_>, campaign: CampaignId) -> Result<Vec<AttemptId>, StoreError> {
    c.exec("DELETE FROM due WHERE campaign = $1", vals![campaign]).await?;
    let unsent = c
        .rows(
            "SELECT id FROM attempt WHERE open AND campaign = $1 AND state IN ('released', 'sealed') ORDER BY id {lock}",
            vals![campaign],
        )
        .await?;
    let taken: Vec<Taken> = unsent
        .iter()
        .map(|r| Ok(Taken { attempt: r.id(0)?, counts: true, why: "stopped".to_owned(), until: None }))
        .collect::<Result<_, StoreError>>()?;
    take_back(c, &taken).await?;
    c.exec(
        "UPDATE attempt SET state = 'recalling', holds_credit = false, since = {clock}, recalled_at = {clock}
         WHERE open AND campaign = $1 AND state IN ('dispatched', 'accepted')",
        vals![campaign],
    )
    .await?;
    c.exec(
        "UPDATE notification SET state = 'withdrawn'
         WHERE campaign = $1 AND open_attempt IS NULL
               AND state IN ('planned', 'deferred', 'approved', 'in_progress')",
        vals![campaign],
    )
    .await?;
    let rows = c
        .rows(
            "SELECT id FROM attempt WHERE open AND campaign = $1 AND state = 'recalling' ORDER BY id",
            vals![campaign],
        )
        .await?;
    rows.iter().map(|r| r.id(0)).collect()
}

/// Puts notifications among what may be released from an instant on, each with its next step; those that have none,
/// or whose campaign does not run, are left out.
pub(crate) async fn make_due(c: &mut Conn<'_>, rows: &[(domain::NotificationId, i64)]) -> Result<(), StoreError> {
    put_due(c, rows, false).await
}

/// The same for those whom a gateway's pace puts off.
pub(crate) async fn put_off(c: &mut Conn<'_>, rows: &[(domain::NotificationId, i64)]) -> Result<(), StoreError> {
    put_due(c, rows, true).await
}

async fn put_due(c: &mut Conn<'_>, rows: &[(domain::NotificationId, i64)], paced: bool) -> Result<(), StoreError> {
    c.batch(
        "WITH r(id, at) AS ({r})
         INSERT INTO due (notification, campaign, society, due_at, rank, paced)
         SELECT n.id, n.campaign, s.society, r.at, n.rank, $1
         FROM r JOIN notification n ON n.id = r.id
              JOIN campaign k ON k.id = n.campaign AND k.state IN ('running', 'paused')
              JOIN step s ON s.notification = n.id AND s.decision_version = n.decision_version
                   AND s.step_no = n.next_step
         WHERE n.state IN ('approved', 'in_progress')
         ON CONFLICT (notification) DO UPDATE SET society = excluded.society, due_at = excluded.due_at,
             paced = excluded.paced",
        vals![paced],
        cols![rows.iter().map(|(n, _)| *n).collect::<Vec<_>>(), rows.iter().map(|(_, at)| *at).collect::<Vec<_>>(),],
    )
    .await?;
    Ok(())
}
