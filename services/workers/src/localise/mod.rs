//! Localise: the second gate, then words, then the seal. What leaves this stage nobody but one gateway can read.
//!
//! [`gate`] asks protection again on today's facts; [`compose`] makes the envelope with its words and [`hours`];
//! [`seal`] seals a batch under one key agreement per gateway; this module loads and saves. Recalls are sealed and published here
//! too, because only this stage holds the campaign's key.

mod compose;
mod gate;
mod hours;
mod seal;

pub(crate) use gate::{Sending, Verdict, ask};

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use broker::{Address, ContentType, Outgoing, Published, Realm};
use contract::jose::jwk::Jwk;
use contract::{BatchSealer, CampaignSigner, Content, Envelope, RecallData, V1};
use domain::campaign::CampaignState;
use domain::delivery::AttemptState;
use domain::doorbell::{Doorbell, Stage as Bell};
use domain::{AttemptId, CampaignId, PersonId};
use store::{AttemptRow, AuditEntry, CampaignRow, GatewayState, VoidReason};
use uuid::Uuid;

use crate::binding::{self, Binding};
use crate::keys::CAMPAIGN_KEY_PURPOSE;
use crate::people::{Desk, Rows, blocking};
use crate::record::gateway;
use crate::ring::{Batch, bells};
use crate::stage::Stage;
use crate::{Parts, WorkerError, WorkerKind};
use seal::{Gateways, Work};

/// How long the binding of a campaign is believed before it is compared again.
const BINDING_FOR: Duration = Duration::from_secs(2);

/// The stage.
pub(crate) struct Localise {
    parts: Parts,
    desk: Desk,
    signers: Mutex<HashMap<CampaignId, Arc<CampaignSigner>>>,
    bindings: Mutex<HashMap<CampaignId, (Instant, Binding)>>,
}

impl Localise {
    pub(crate) fn new(parts: &Parts) -> Result<Self, WorkerError> {
        parts.keys.organisation()?;
        let desk = Desk::new(parts, parts.keys.master(WorkerKind::Localise)?);
        Ok(Self { parts: parts.clone(), desk, signers: Mutex::default(), bindings: Mutex::default() })
    }
}

impl Stage for Localise {
    const KIND: WorkerKind = WorkerKind::Localise;
    const BELL: Bell = Bell::Localise;

    async fn work(&self, batch: &Batch) -> Result<Vec<Doorbell>, WorkerError> {
        let store = &self.parts.store;
        let ids: Vec<AttemptId> = batch.ids.iter().copied().map(AttemptId::from).collect();
        let mut by_campaign: BTreeMap<CampaignId, Vec<AttemptRow>> = BTreeMap::new();
        let rows = store.load_attempts(&ids, AttemptState::Released).await?;
        if rows.len() < ids.len() {
            self.recall(store.load_attempts(&ids, AttemptState::Recalling).await?).await?;
        }
        for row in rows {
            by_campaign.entry(row.campaign).or_default().push(row);
        }
        let mut rung = Vec::new();
        for (id, rows) in by_campaign {
            let campaign = store.campaign(id).await?.ok_or(WorkerError::Missing("campaign"))?;
            rung.extend(self.campaign(&campaign, rows).await?);
        }
        Ok(rung)
    }
}

impl Localise {
    async fn campaign(&self, campaign: &CampaignRow, rows: Vec<AttemptRow>) -> Result<Vec<Doorbell>, WorkerError> {
        if campaign.drill != (self.parts.realm == Realm::Drill) {
            tracing::error!(campaign = %campaign.id, "a doorbell of the other realm");
            return Ok(Vec::new());
        }
        if !self.still_bound(campaign).await? {
            return Ok(Vec::new());
        }
        let store = &self.parts.store;
        let incident = store.incident(campaign.incident).await?.ok_or(WorkerError::Missing("incident"))?;
        let now = store.now().await?;
        let mut persons: Vec<PersonId> = rows.iter().flat_map(|r| r.notifications.iter().map(|m| m.person)).collect();
        persons.sort_unstable();
        persons.dedup();
        let people = Rows::load(store, campaign.incident, &persons).await?;
        let served: HashMap<AttemptId, Vec<PersonId>> =
            rows.iter().map(|r| (r.id, r.notifications.iter().map(|m| m.person).collect())).collect();
        let work = Work {
            rows,
            people,
            opener: self.desk.opener(&incident)?,
            setting: self.desk.setting(now).await?,
            signer: self.signer(campaign)?,
            gateways: self.gateways(campaign.drill).await?,
            facts: incident.facts,
            library: Arc::clone(&self.parts.library),
            floor: self.parts.tuning.message_floor,
            now,
        };
        let metrics = Arc::clone(&self.parts.metrics);
        let done = blocking(move || {
            let since = Instant::now();
            let done = work.seal_all();
            metrics.computed(WorkerKind::Localise, since);
            done
        })
        .await?;
        let ids: Vec<AttemptId> = done.sealed.iter().map(|s| s.attempt).collect();
        let mut rung = bells(Bell::Dispatch, campaign.incident, Some(campaign.id), &ids);
        let refused = done.void.iter().filter_map(|(_, why)| match why {
            VoidReason::Refused(word) => Some(word.as_str()),
            _ => None,
        });
        if let Some(word) = refused.clone().next() {
            tracing::warn!(campaign = %campaign.id, attempts = refused.count(), word, "not sealed");
        }
        if !done.void.is_empty() {
            let again: Vec<PersonId> = done.void.iter().flat_map(|(id, _)| &served[id]).copied().collect();
            rung.extend(bells(Bell::Plan, campaign.incident, Some(campaign.id), &again));
            store.void(done.void).await?;
        }
        if !done.postponed.is_empty() {
            store.postpone(done.postponed).await?;
        }
        if !done.sealed.is_empty() {
            store.save_sealed(done.sealed).await?;
        }
        Ok(rung)
    }

    /// What two people approved still stands around the persons. If not, the campaign pauses: nothing that is unsent
    /// goes on, and approving again takes two people.
    async fn still_bound(&self, campaign: &CampaignRow) -> Result<bool, WorkerError> {
        let Some(approved) = &campaign.manifest else {
            return Ok(false);
        };
        let known = self.bindings.lock().unwrap_or_else(PoisonError::into_inner).get(&campaign.id).cloned();
        let binding = match known.filter(|(at, _)| at.elapsed() < BINDING_FOR) {
            Some((_, binding)) => binding,
            None => {
                let fresh = binding::now(&self.parts.store, &self.parts.library, campaign).await?;
                let mut known = self.bindings.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(campaign.id, (Instant::now(), fresh.clone()));
                fresh
            }
        };
        let changed = binding.differences(approved);
        if changed.is_empty() {
            return Ok(true);
        }
        let (running, paused) = (CampaignState::Running, CampaignState::Paused);
        if self.parts.store.set_campaign_state(campaign.id, running, paused).await? {
            tracing::error!(campaign = %campaign.id, changed = changed.join(", "), "paused: what was approved has changed");
            let subject = serde_json::json!({ "campaign": campaign.id, "changed": changed }).to_string();
            let what = "campaign.binding_changed".to_owned();
            self.parts.store.audit(&[AuditEntry { actor: "worker.localise".to_owned(), what, subject }]).await?;
        }
        Ok(false)
    }

    fn signer(&self, campaign: &CampaignRow) -> Result<Arc<CampaignSigner>, WorkerError> {
        let mut signers = self.signers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signer) = signers.get(&campaign.id) {
            return Ok(Arc::clone(signer));
        }
        let master = self.parts.keys.master(WorkerKind::Localise)?;
        let private = master.unwrap(CAMPAIGN_KEY_PURPOSE, campaign.id.uuid(), &campaign.signing_key)?;
        let unusable = || WorkerError::CampaignKey(campaign.id);
        let jwk: Jwk = serde_json::from_slice(&private).map_err(|_| unusable())?;
        let organisation = self.parts.keys.organisation()?;
        let signer = CampaignSigner::from_parts(&jwk, campaign.certificate.clone(), organisation);
        let signer = Arc::new(signer.map_err(|_| unusable())?);
        signers.insert(campaign.id, Arc::clone(&signer));
        Ok(signer)
    }

    /// The key that messages are sealed to, by Society, with its name in the store.
    async fn gateways(&self, drill: bool) -> Result<Gateways, WorkerError> {
        let rows = self.parts.store.gateways(drill).await?;
        let active = rows.iter().filter(|row| row.state == GatewayState::Active);
        Ok(active.filter_map(|row| Some((row.society.clone(), (row.kid.clone(), gateway(row)?)))).collect())
    }

    /// Seals and publishes recalls. One that is lost, or that nobody answers, the reconciler rings for again.
    async fn recall(&self, rows: Vec<AttemptRow>) -> Result<(), WorkerError> {
        let ids: Vec<AttemptId> = rows.iter().map(|row| row.id).collect();
        let mut messages = Vec::new();
        for row in rows {
            let Some(campaign) = self.parts.store.campaign(row.campaign).await? else {
                continue;
            };
            let signer = self.signer(&campaign)?;
            let gateways = self.gateways(campaign.drill).await?;
            let Some((_, gateway)) = gateways.get(&row.society) else {
                continue;
            };
            let envelope = Envelope {
                v: V1,
                message_id: Uuid::new_v4(),
                attempt_id: row.id,
                campaign: row.campaign,
                society: row.society.clone(),
                drill: campaign.drill,
                content: Content::Recall(RecallData { issued: self.parts.store.now().await? }),
            };
            match BatchSealer::new(&mut rand::rng(), &signer, gateway)
                .with_floor(self.parts.tuning.message_floor)
                .seal(&envelope)
            {
                Ok(sealed) => messages.push(Outgoing {
                    to: Address::Notices(self.parts.realm, row.society.as_str().to_owned()),
                    message_id: sealed.message_id,
                    content_type: ContentType::Jose,
                    body: sealed.body,
                }),
                Err(error) => {
                    tracing::error!(attempt = %row.id, %error, "the recall was not sealed")
                }
            }
        }
        if !messages.is_empty() {
            let Published { unknown, .. } = self.parts.broker.publish(messages).await?;
            if !unknown.is_empty() {
                return Err(WorkerError::Unconfirmed(unknown.len()));
            }
        }
        // Those without a key, or for a full queue, too: they are tried again with the same growing pauses.
        let now = self.parts.store.now().await?;
        self.parts.store.recalled(&ids, now).await?;
        Ok(())
    }
}
