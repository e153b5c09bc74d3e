//! Dedupe: all records of an incident become persons. One run at a time per incident, under a lease.
//!
//! Records are read in pages, opened in memory, handed to linkage and forgotten; what stays is a [`roll`] of keyed tags
//! and coded facts. From linkage's clusters come [`persons`] whose ids survive, from the tags [`addresses`] and their
//! [`groups`], from the undecided pairs [`candidates`]. [`run`] puts it together. [`why`] is
//! for people: it explains pairs and shows their records side by side.

mod addresses;
mod candidates;
mod groups;
mod persons;
mod roll;
mod run;
#[cfg(test)]
mod truth;
mod values;
mod why;

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use domain::campaign::CampaignState;
use domain::doorbell::{Doorbell, Stage as Bell};
use domain::{IncidentId, PersonId};
use store::CampaignRow;
use uuid::Uuid;

use crate::keys::Keys;
use crate::ring::{Batch, bells};
use crate::stage::Stage;
use crate::{Parts, WorkerError, WorkerKind};

pub use why::{Pairing, Side, pairings};

/// While somebody else runs, this one looks again after …
const LEASE_POLL: Duration = Duration::from_millis(300);
/// … so many times: longer than linking the largest incident takes.
const LEASE_TRIES: u32 = 450;

/// The stage.
pub(crate) struct Dedupe {
    parts: Parts,
    keys: Keys,
    /// What the last finished run of this process was made of: the same again would change nothing.
    done: Mutex<HashMap<IncidentId, run::Input>>,
}

impl Dedupe {
    pub(crate) fn new(parts: &Parts) -> Result<Self, WorkerError> {
        let keys = parts.keys.for_stage(WorkerKind::Dedupe);
        keys.master(WorkerKind::Dedupe)?;
        Ok(Self { parts: parts.clone(), keys, done: Mutex::default() })
    }
}

impl Stage for Dedupe {
    const KIND: WorkerKind = WorkerKind::Dedupe;
    const BELL: Bell = Bell::Dedupe;

    async fn work(&self, batch: &Batch) -> Result<Vec<Doorbell>, WorkerError> {
        let incident = batch.incident;
        if self.parts.store.is_importing(incident).await? {
            tracing::info!(%incident, "an import is still being applied: it rings when it is done");
            return Ok(Vec::new());
        }
        // A holder for every run: two doorbells in this process wait for each other like two processes.
        let holder = Uuid::new_v4();
        let lease = run::Lease { name: format!("dedupe/{incident}"), holder };
        self.wait_for(&lease).await?;
        let beat = lease.keep(&self.parts.store);
        // A campaign that begins once persons stand plans all of them itself.
        let campaigns = self.parts.store.campaigns(incident).await?;
        let touched = self.run(incident, &lease).await;
        drop(beat);
        self.parts.store.release_lease(&lease.name, holder).await?;
        Ok(plan_again(incident, &campaigns, &touched?))
    }
}

impl Dedupe {
    async fn wait_for(&self, lease: &run::Lease) -> Result<(), WorkerError> {
        for _ in 0..LEASE_TRIES {
            if lease.take(&self.parts.store).await? {
                return Ok(());
            }
            tokio::time::sleep(LEASE_POLL).await;
        }
        Err(WorkerError::Busy("another worker links the records of this incident"))
    }

    async fn run(&self, incident: IncidentId, lease: &run::Lease) -> Result<Vec<PersonId>, WorkerError> {
        let master = self.keys.master(WorkerKind::Dedupe)?;
        let run = run::Run::open(&self.parts, master, incident, lease.clone()).await?;
        let input = run.input();
        let known = self.done.lock().unwrap_or_else(PoisonError::into_inner).get(&incident).cloned();
        if known.as_ref() == Some(&input) {
            return Ok(Vec::new());
        }
        let touched = run.finish().await?;
        self.done.lock().unwrap_or_else(PoisonError::into_inner).insert(incident, input);
        Ok(touched)
    }
}

/// Campaigns that are not over plan these persons again.
fn plan_again(incident: IncidentId, campaigns: &[CampaignRow], touched: &[PersonId]) -> Vec<Doorbell> {
    use CampaignState as S;
    let open =
        campaigns.iter().filter(|c| matches!(c.state, S::Draft | S::Planned | S::Approved | S::Running | S::Paused));
    open.flat_map(|c| bells(Bell::Plan, incident, Some(c.id), touched)).collect()
}
