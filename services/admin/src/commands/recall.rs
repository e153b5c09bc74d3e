//! Recalls of a stopped campaign, on their way: the localise stage seals and publishes them. In the embedded setting
//! this process does it, and writes them where the messages were written.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use broker::{Broker, Queue, Realm};
use domain::AttemptId;
use domain::delivery::AttemptState;
use domain::doorbell::{Doorbell, MAX_IDS, Stage};
use store::{CampaignRow, GatewayState};
use tokio::sync::watch;
use workers::WorkerKind;

use super::worker::{Secrets, local, parts};
use crate::app::App;
use crate::error::Failure;
use crate::filedrop;

/// For sealing and writing all of it.
const LIMIT: Duration = Duration::from_secs(120);
/// How long one look for sealed recalls waits.
const LOOK: Duration = Duration::from_millis(50);
/// Messages written with one flush to disk.
const BATCH: usize = 500;

/// Rings for the recalls; how many cannot be sealed, because their Society has no key in use.
///
/// # Errors
/// The broker cannot be reached; embedded: they were not all written in time.
pub async fn send(app: &App, campaign: &CampaignRow, recalled: &[AttemptId]) -> Result<usize, Failure> {
    let sealable = sealable(app, campaign, recalled).await?;
    if !sealable.is_empty() {
        ring(app, campaign, &sealable).await?;
    }
    Ok(recalled.len() - sealable.len())
}

async fn sealable(app: &App, campaign: &CampaignRow, recalled: &[AttemptId]) -> Result<Vec<AttemptId>, Failure> {
    let gateways = app.store.gateways(campaign.drill).await?;
    let active: HashSet<_> =
        gateways.into_iter().filter(|g| g.state == GatewayState::Active).map(|g| g.society).collect();
    let mut found = Vec::with_capacity(recalled.len());
    for some in recalled.chunks(MAX_IDS) {
        let rows = app.store.load_attempts(some, AttemptState::Recalling).await?;
        found.extend(rows.into_iter().filter(|row| active.contains(&row.society)).map(|row| row.id));
    }
    Ok(found)
}

async fn ring(app: &App, campaign: &CampaignRow, recalled: &[AttemptId]) -> Result<(), Failure> {
    let bell = |ids: &[AttemptId]| {
        let ids = ids.iter().map(|id| id.uuid()).collect();
        Doorbell::new(Stage::Localise, campaign.incident, Some(campaign.id), ids)
    };
    let bells: Vec<Doorbell> = recalled.chunks(MAX_IDS).map(bell).collect();
    let realm = if campaign.drill { Realm::Drill } else { Realm::Real };
    if app.config.amqp_url()?.is_some() {
        return Ok(workers::ring(&*app.amqp().await?, realm, bells).await?);
    }
    let broker = local(app, realm).await?;
    let parts = parts(app, broker.clone(), realm, Secrets::Of(WorkerKind::Localise)).await?;
    workers::ring(&*broker, realm, bells).await?;
    let (stop, stopped) = watch::channel(false);
    let localise = tokio::spawn(workers::run(WorkerKind::Localise, parts, stopped));
    let written = write(app, &*broker, realm, recalled.len()).await;
    // A worker that ended already has nobody listening.
    let _ = stop.send(true);
    localise.await.map_err(|_| Failure::failed("the worker panicked"))??;
    let written = written?;
    if written < recalled.len() {
        let next = format!("tidings campaign stop {} once more", campaign.id);
        return Err(Failure::failed(format!("{written} of {} recalls were written; {next}", recalled.len())));
    }
    Ok(())
}

/// Writes what comes to the Societies' files, until so many are there.
async fn write(app: &App, broker: &dyn Broker, realm: Realm, wanted: usize) -> Result<usize, Failure> {
    let outgoing = app.config.home().join("outgoing");
    std::fs::create_dir_all(&outgoing)?;
    let mut consumers = Vec::new();
    for society in app.store.societies().await? {
        let prefetch = u16::try_from(BATCH).unwrap_or(u16::MAX);
        let consumer = broker.consume(&Queue::notices(realm, society.code.as_str()), prefetch).await?;
        consumers.push((outgoing.join(format!("{}.jsonl", society.code)), consumer));
    }
    let (mut written, began) = (0, Instant::now());
    while written < wanted && began.elapsed() < LIMIT {
        for (path, consumer) in &mut consumers {
            let messages = consumer.next_batch(BATCH, LOOK).await?;
            if messages.is_empty() {
                continue;
            }
            filedrop::append(path, messages.iter().map(|m| m.body.as_slice()))?;
            consumer.ack(&messages.iter().map(|m| m.tag).collect::<Vec<_>>()).await?;
            written += messages.len();
        }
    }
    Ok(written)
}
