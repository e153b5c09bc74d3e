//! Release: due notifications become attempts, as far as a gateway's credit goes and as fast as its pace allows.

mod share;
mod take;

use async_recursion::async_recursion as boxed;
use domain::campaign::{CampaignPlan, CampaignState};
use domain::pace::Meters;
use domain::{AttemptId, CampaignId, IncidentId, Millis, Pace, SocietyCode};

use self::take::take;
use crate::db::{Conn, vals};
use crate::{Store, StoreError};

/// Attempts of one release at most: one doorbell.
const BATCH: u32 = domain::doorbell::MAX_IDS as u32;

impl Store {
    /// Turns due notifications of one gateway into attempts, at most as many as its credit leaves room for. Those for
    /// which its pace is too slow become due when their turn comes. One caller at a time for a gateway: another one
    /// meanwhile gets nothing.
    ///
    /// # Errors
    /// A foreign-key violation for a step that no decision holds: the third gate.
    #[boxed]
    pub async fn release(
        &self,
        campaign: CampaignId,
        society: &SocietyCode,
        now: Millis,
        credit: u32,
        pace: &Pace,
        max: u32,
    ) -> Result<Vec<AttemptId>, StoreError> {
        let data = (campaign, society.clone(), now, credit, pace.clone(), max.min(BATCH));
        self.inner
            .db
            .write(data, |c, (campaign, society, now, credit, pace, max)| {
                Box::pin(async move { release(c, *campaign, society, *now, (*credit, *max), pace).await })
            })
            .await
    }

    /// Societies whose gateway has something due in a campaign.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn due_societies(&self, campaign: CampaignId, now: Millis) -> Result<Vec<SocietyCode>, StoreError> {
        self.inner
            .db
            .read((campaign, now), |c, (campaign, now)| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            // Two looks into the index for each Society, however much is due.
                            "WITH RECURSIVE s(code) AS (
                                 SELECT min(society) FROM due WHERE campaign = $1
                                 UNION ALL SELECT (SELECT min(d.society) FROM due d
                                     WHERE d.campaign = $1 AND d.society > s.code) FROM s WHERE s.code IS NOT NULL)
                             SELECT s.code FROM s WHERE EXISTS (SELECT 1 FROM due d
                                 WHERE d.campaign = $1 AND d.society = s.code AND d.due_at <= $2) ORDER BY s.code",
                            vals![*campaign, *now],
                        )
                        .await?;
                    rows.iter().map(|r| r.society(0)).collect()
                })
            })
            .await
    }

    /// A gateway has room for a few messages only, and more are due than that: credit that comes free one by one is
    /// worth waiting for, since a batch of one costs nearly what a large one does. `least`: messages of a batch that is
    /// worth it. Always false for a gateway without any room, and when all that is due fits.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn room_is_scarce(
        &self,
        campaign: CampaignId,
        society: &SocietyCode,
        now: Millis,
        credit: u32,
        least: u32,
    ) -> Result<bool, StoreError> {
        let data = (campaign, society.clone(), now, i64::from(credit), i64::from(least));
        self.inner
            .db
            .read(data, |c, (campaign, society, now, credit, least)| {
                Box::pin(async move {
                    let Some(row) = c
                        .row(
                            "SELECT (SELECT count(*) FROM attempt a
                                     WHERE a.society = $2 AND a.drill = k.drill AND a.holds_credit),
                                    (SELECT count(*) FROM (SELECT 1 FROM due WHERE campaign = $1 AND society = $2
                                     AND due_at <= $3 LIMIT $4) AS d)
                             FROM campaign k WHERE k.id = $1",
                            vals![*campaign, society, *now, *least],
                        )
                        .await?
                    else {
                        return Ok(false);
                    };
                    let (room, due) = (credit - row.i64(0)?, row.i64(1)?);
                    Ok(room > 0 && room < *least && due > room)
                })
            })
            .await
    }

    /// Somebody waits for the pace of a gateway and for nothing else: released later, of a wave that is open already.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn anybody_paced(&self, campaign: CampaignId) -> Result<bool, StoreError> {
        self.inner
            .db
            .read(campaign, |c, campaign| {
                Box::pin(async move {
                    const ONE: &str = "SELECT 1 FROM due WHERE campaign = $1 AND paced LIMIT 1";
                    Ok(c.row(ONE, vals![*campaign]).await?.is_some())
                })
            })
            .await
    }

    /// Credit that is taken, by Society; of one campaign or of all.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
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
                    rows.iter().map(|r| Ok((r.society(0)?, r.i64(1)? as u64))).collect()
                })
            })
            .await
    }
}

/// What one release is about.
struct Release<'a> {
    campaign: CampaignId,
    incident: IncidentId,
    society: &'a SocietyCode,
    drill: bool,
    now: Millis,
    not_after: Millis,
    pace: &'a Pace,
}

async fn release(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    society: &SocietyCode,
    now: Millis,
    (credit, max): (u32, u32),
    pace: &Pace,
) -> Result<Vec<AttemptId>, StoreError> {
    let row = c
        .row("SELECT state, drill, choice, incident FROM campaign WHERE id = $1 {share}", vals![campaign])
        .await?
        .ok_or(StoreError::Missing("campaign"))?;
    if row.word(0, CampaignState::parse)? != CampaignState::Running {
        return Ok(Vec::new());
    }
    let plan: CampaignPlan = row.json(2)?;
    let ctx = Release {
        campaign,
        incident: row.id(3)?,
        society,
        drill: row.bool(1)?,
        now,
        not_after: now.plus(i64::from(plan.expiry_days.max(1)) * Millis::DAY),
        pace,
    };
    let Some(mut meters) = lock_credit(c, society, ctx.drill).await? else {
        return Ok(Vec::new());
    };
    let room = room(c, &ctx, &plan, credit).await?.min(u64::from(max));
    let before = meters.clone();
    let attempts = if room == 0 { Vec::new() } else { take(c, &ctx, room as i64, &mut meters).await? };
    if meters.has_promises() && !anybody_waits(c, &ctx).await? {
        meters.forget_promises();
    }
    if meters != before {
        keep_meters(c, &ctx, &meters).await?;
    }
    Ok(attempts)
}

/// One release at a time for a gateway; nothing while another one has the row.
async fn lock_credit(c: &mut Conn<'_>, society: &SocietyCode, drill: bool) -> Result<Option<Meters>, StoreError> {
    const LOCK: &str = "SELECT pace FROM credit WHERE society = $1 AND drill = $2 {skip}";
    if let Some(row) = c.row(LOCK, vals![society, drill]).await? {
        return Ok(Some(row.json(0)?));
    }
    let new = c
        .exec("INSERT INTO credit (society, drill) VALUES ($1, $2) ON CONFLICT DO NOTHING", vals![society, drill])
        .await?;
    if new == 0 {
        return Ok(None);
    }
    c.row(LOCK, vals![society, drill]).await?.map(|row| row.json(0)).transpose()
}

async fn anybody_waits(c: &mut Conn<'_>, ctx: &Release<'_>) -> Result<bool, StoreError> {
    let one = c
        .row("SELECT 1 FROM due WHERE campaign = $1 AND society = $2 LIMIT 1", vals![ctx.campaign, ctx.society])
        .await?;
    Ok(one.is_some())
}

async fn keep_meters(c: &mut Conn<'_>, ctx: &Release<'_>, meters: &Meters) -> Result<(), StoreError> {
    let meters = serde_json::to_string(meters).map_err(|_| StoreError::Schema)?;
    c.exec("UPDATE credit SET pace = $3 WHERE society = $1 AND drill = $2", vals![ctx.society, ctx.drill, &meters])
        .await?;
    Ok(())
}

/// Messages that may be added: by the gateway's credit, and by the campaign's cap.
async fn room(c: &mut Conn<'_>, ctx: &Release<'_>, plan: &CampaignPlan, credit: u32) -> Result<u64, StoreError> {
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
