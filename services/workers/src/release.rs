//! Release: turns due notifications into attempts, as far as each gateway's credit goes and as fast as its channels and
//! its hotline can follow. Woken by its timer and by doorbells (credit came free, a campaign was launched); holds no key.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use broker::Queue;
use domain::campaign::CampaignState;
use domain::doorbell::{Doorbell, Stage as Bell};
use domain::{CampaignId, Pace, SocietyCode};
use store::{AuditEntry, CampaignRow};
use tokio::sync::watch;

use crate::ring::{bells, ring};
use crate::tuning::BATCH;
use crate::{Parts, WorkerError, WorkerKind};

/// Batches that one Society may get in one round, so that a large Society does not starve the others.
const BATCHES_PER_ROUND: usize = 4;

/// A gateway with room for fewer messages than this part of a batch, and of its credit, waits for more room …
const SCARCE: u32 = 4;

/// … but not longer than this: a gateway that is slow to accept still gets what it can take.
const SCARCE_FOR: Duration = Duration::from_millis(200);

/// How long Societies (credit, pace) are believed before they are read again.
const SOCIETIES_FOR: Duration = Duration::from_secs(2);

/// Doorbells taken at a time: they all say the same, «look».
const BELLS: usize = 256;

/// Runs release until it is to stop.
pub(crate) async fn run(parts: Parts, stop: watch::Receiver<bool>) -> Result<(), WorkerError> {
    let queue = Queue::stage(parts.realm, broker::Stage::Release);
    parts.broker.check(std::slice::from_ref(&queue)).await?;
    let mut consumer = parts.broker.consume(&queue, BELLS as u16).await?;
    let mut release = Release { parts, limits: BTreeMap::new(), read_at: None, scarce: BTreeMap::new() };
    let mut wait = release.parts.tuning.release_busy;
    while !*stop.borrow() {
        let incoming = consumer.next_batch(BELLS, wait).await?;
        let (known, strange): (Vec<_>, Vec<_>) =
            incoming.into_iter().partition(|m| Doorbell::from_bytes(&m.body).is_ok());
        if !strange.is_empty() {
            release.parts.metrics.refused(WorkerKind::Release, strange.len());
            consumer.dead_letter(&strange.iter().map(|m| m.tag).collect::<Vec<_>>()).await?;
        }
        let busy = release.round().await?;
        tracing::debug!(bells = known.len(), busy, "looked");
        if !known.is_empty() {
            consumer.ack(&known.iter().map(|m| m.tag).collect::<Vec<_>>()).await?;
        }
        let tuning = &release.parts.tuning;
        wait = if busy { tuning.release_busy } else { tuning.release_idle };
    }
    Ok(())
}

struct Release {
    parts: Parts,
    /// What each gateway may hold unaccepted, and how fast it may get more.
    limits: BTreeMap<SocietyCode, (u32, Pace)>,
    read_at: Option<Instant>,
    /// Gateways that wait for more room, since when.
    scarce: BTreeMap<SocietyCode, Instant>,
}

/// What became of one gateway's turn.
enum Turn {
    /// So many attempts.
    Released(usize),
    /// Its credit is just coming free: looked at again in a moment.
    Soon,
}

impl Release {
    /// Looks at every running campaign once. True if anything was released.
    async fn round(&mut self) -> Result<bool, WorkerError> {
        let mut busy = false;
        let drill = self.parts.realm == broker::Realm::Drill;
        for campaign in self.parts.store.running().await?.into_iter().filter(|c| c.drill == drill) {
            busy |= self.campaign(&campaign).await?;
        }
        Ok(busy)
    }

    async fn campaign(&mut self, campaign: &CampaignRow) -> Result<bool, WorkerError> {
        let now = self.parts.store.now().await?;
        let due = self.parts.store.due_societies(campaign.id, now).await?;
        if due.is_empty() {
            return self.next_wave(campaign).await;
        }
        if self.is_at_its_cap(campaign).await? {
            return Ok(false);
        }
        self.read_limits().await?;
        let mut left_over = due;
        let mut busy = false;
        for _ in 0..BATCHES_PER_ROUND {
            let mut again = Vec::new();
            for society in left_over {
                match self.batch(campaign, &society).await? {
                    Turn::Released(0) => {}
                    Turn::Released(n) => {
                        busy = true;
                        if n == BATCH {
                            again.push(society);
                        }
                    }
                    Turn::Soon => busy = true,
                }
            }
            left_over = again;
            if left_over.is_empty() {
                break;
            }
        }
        // What is due and has no credit waits for the doorbell that says that credit came free.
        Ok(busy)
    }

    /// One batch for one gateway.
    async fn batch(&mut self, campaign: &CampaignRow, society: &SocietyCode) -> Result<Turn, WorkerError> {
        let started = Instant::now();
        // A Society that is unknown here has no credit.
        let Some((credit, pace)) = self.limits.get(society) else { return Ok(Turn::Released(0)) };
        let credit = (*credit).min(self.parts.tuning.credit_cap);
        let now = self.parts.store.now().await?;
        let least = credit.min(BATCH as u32) / SCARCE;
        if self.parts.store.room_is_scarce(campaign.id, society, now, credit, least).await? {
            let since = *self.scarce.entry(society.clone()).or_insert(started);
            if since.elapsed() < SCARCE_FOR {
                return Ok(Turn::Soon);
            }
        }
        self.scarce.remove(society);
        let released = self.parts.store.release(campaign.id, society, now, credit, pace, BATCH as u32).await?;
        if released.is_empty() {
            return Ok(Turn::Released(0));
        }
        let rung = bells(Bell::Localise, campaign.incident, Some(campaign.id), &released);
        ring(&*self.parts.broker, self.parts.realm, rung).await?;
        self.parts.metrics.batch(WorkerKind::Release, released.len(), started);
        tracing::debug!(campaign = %campaign.id, %society, attempts = released.len(), "released");
        Ok(Turn::Released(released.len()))
    }

    /// Nothing is due: the next wave may open, once nobody of the one before waits for a gateway's pace. In a drill by
    /// itself; in a real campaign the canary wave is looked at first: the campaign pauses, and resuming takes two people.
    /// Later waves open when everything before them has been accepted.
    async fn next_wave(&self, campaign: &CampaignRow) -> Result<bool, WorkerError> {
        if campaign.open_rank == i64::MAX {
            return Ok(false);
        }
        let store = &self.parts.store;
        let outstanding: u64 = store.credit_outstanding(Some(campaign.id)).await?.iter().map(|(_, n)| n).sum();
        if outstanding > 0 || store.anybody_paced(campaign.id).await? {
            return Ok(false);
        }
        let canary = i64::from(campaign.plan.canary);
        let wave = i64::from(campaign.plan.wave);
        let below = match (campaign.drill, wave) {
            (true, _) | (false, 0) => i64::MAX,
            (false, wave) => campaign.open_rank.saturating_add(wave),
        };
        let is_canary = campaign.open_rank <= canary;
        if !campaign.drill && is_canary {
            if !store.set_campaign_state(campaign.id, CampaignState::Running, CampaignState::Paused).await? {
                return Ok(false);
            }
            store.audit(&[entry(campaign.id, "campaign.canary_done")]).await?;
            tracing::warn!(campaign = %campaign.id, "the canary wave is out: look at it, then resume (two people)");
        }
        let opened = store.open_ranks(campaign.id, below).await?;
        tracing::info!(campaign = %campaign.id, opened, "next wave");
        Ok(opened > 0)
    }

    /// The campaign has sealed as many messages as two people allowed: it pauses.
    async fn is_at_its_cap(&self, campaign: &CampaignRow) -> Result<bool, WorkerError> {
        let Some(cap) = campaign.plan.max_messages else {
            return Ok(false);
        };
        let store = &self.parts.store;
        if store.tallies(campaign.id).await?.messages < cap {
            return Ok(false);
        }
        if store.set_campaign_state(campaign.id, CampaignState::Running, CampaignState::Paused).await? {
            store.audit(&[entry(campaign.id, "campaign.cap_reached")]).await?;
            tracing::warn!(campaign = %campaign.id, cap, "the campaign has reached its cap of messages and is paused");
        }
        Ok(true)
    }

    async fn read_limits(&mut self) -> Result<(), WorkerError> {
        if self.read_at.is_none_or(|at| at.elapsed() > SOCIETIES_FOR) {
            let societies = self.parts.store.societies().await?;
            self.limits = societies.into_iter().map(|s| (s.code.clone(), (s.credit, Pace::of(&s)))).collect();
            self.read_at = Some(Instant::now());
        }
        Ok(())
    }
}

fn entry(campaign: CampaignId, what: &str) -> AuditEntry {
    AuditEntry {
        actor: "worker.release".to_owned(),
        what: what.to_owned(),
        subject: serde_json::json!({ "campaign": campaign }).to_string(),
    }
}
