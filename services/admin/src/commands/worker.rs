//! `tidings worker`: one stage as a process, or all of them. And, in the embedded setting, the stages that a command
//! needs done before it answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use broker::{Broker, Queue, Realm, Topology};
use contract::jose::jwk::{Jwk, JwkSet};
use domain::IncidentId;
use domain::doorbell::{Doorbell, Stage};
use serde_json::json;
use tokio::sync::watch;
use workers::{Keys, Parts, WorkerKind};

use crate::answer::Answer;
use crate::app::{App, realm};
use crate::cli::{WorkerArgs, WorkerName};
use crate::error::Failure;
use crate::filedrop;

/// Which secrets a process reads from its files at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// Those of every stage: one process does everything.
    All,
    /// Those of one stage.
    Of(WorkerKind),
}

impl Secrets {
    fn include(self, kinds: &[WorkerKind]) -> bool {
        match self {
            Self::All => true,
            Self::Of(kind) => kinds.contains(&kind),
        }
    }
}

/// Runs a stage until the process is told to end. Crash-only: any error ends it, and a supervisor starts it again.
///
/// # Errors
/// What the worker says.
pub async fn run(app: &App, args: &WorkerArgs) -> Result<Answer, Failure> {
    let realm = if args.drill { Realm::Drill } else { Realm::Real };
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        // Either signal means: finish what is in hand. Nobody listening any more is fine.
        wait_for_signal().await;
        let _ = stop.send(true);
    });
    match kind(args.name) {
        Some(kind) => {
            let parts = parts(app, app.amqp().await?, realm, Secrets::Of(kind)).await?;
            workers::run(kind, parts, stopped).await?;
        }
        None => {
            let served = app.config.amqp_url()?.is_some();
            let broker = if served { app.amqp().await? } else { local(app, realm).await? };
            let parts = parts(app, broker.clone(), realm, Secrets::All).await?;
            let workers = workers::run_all(parts, stopped.clone());
            if served {
                workers.await?;
            } else {
                let societies: Vec<_> = app.store.societies().await?.into_iter().map(|s| s.code.to_string()).collect();
                let files = filedrop::play(&*broker, realm, app.config.home(), &societies, stopped);
                tokio::try_join!(async { workers.await.map_err(Failure::from) }, files)?;
            }
        }
    }
    Ok(Answer::new(json!({ "stopped": true }), ""))
}

const fn kind(name: WorkerName) -> Option<WorkerKind> {
    Some(match name {
        WorkerName::Import => WorkerKind::Import,
        WorkerName::Dedupe => WorkerKind::Dedupe,
        WorkerName::Plan => WorkerKind::Plan,
        WorkerName::Release => WorkerKind::Release,
        WorkerName::Localise => WorkerKind::Localise,
        WorkerName::Dispatch => WorkerKind::Dispatch,
        WorkerName::Record => WorkerKind::Record,
        WorkerName::Reconcile => WorkerKind::Reconcile,
        WorkerName::All => return None,
    })
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// What workers of this process are made of, with no more secrets than they need.
///
/// # Errors
/// A key file that is missing, open to others, or wrong; words that cannot be loaded.
pub async fn parts(app: &App, broker: Arc<dyn Broker>, realm: Realm, secrets: Secrets) -> Result<Parts, Failure> {
    use WorkerKind as K;
    let drill = realm == Realm::Drill;
    let mut keys = Keys::none();
    if secrets.include(&[K::Dedupe, K::Plan, K::Localise]) {
        keys.master = Some(Arc::new(app.master_key()?));
    }
    if secrets.include(&[K::Record]) {
        keys.receipts = Some(Arc::new(JwkSet { keys: vec![Jwk::from(&app.receipt_key(drill)?)] }));
    }
    if secrets.include(&[K::Localise]) {
        keys.organisation = Some(app.organisation_key(drill)?.public());
    }
    Ok(Parts::new(app.store.clone(), broker, realm, app.library()?, keys))
}

/// A broker inside this process, with queues for every known Society.
///
/// # Errors
/// The store cannot be read.
pub async fn local(app: &App, realm: Realm) -> Result<Arc<dyn Broker>, Failure> {
    let broker: Arc<dyn Broker> = Arc::new(broker::local(broker::LocalOptions::default()));
    let societies = app.store.societies().await?.into_iter().map(|s| s.code.to_string());
    broker.declare(&Topology::new(realm, societies)).await?;
    Ok(broker)
}

/// Rings a stage for an incident. In the server setting its workers do the rest; embedded, this process does it and
/// everything that follows from it, and comes back when it is done.
///
/// # Errors
/// The broker cannot be reached, or a worker ends.
pub async fn ring(app: &App, incident: IncidentId, bells: Vec<Doorbell>) -> Result<(), Failure> {
    let realm = realm(app.incident(incident).await?.facts.kind);
    if app.config.amqp_url()?.is_some() {
        workers::ring(&*app.amqp().await?, realm, bells).await?;
        return Ok(());
    }
    let broker = local(app, realm).await?;
    let parts = parts(app, broker.clone(), realm, Secrets::All).await?;
    let metrics = parts.metrics.clone();
    let rung = bells.first().map_or(Stage::Plan, |bell| bell.stage);
    workers::ring(&*broker, realm, bells).await?;
    let (stop, stopped) = watch::channel(false);
    // Preparing only: nothing is released, sealed or sent by a command that prepares.
    let mut crew = tokio::task::JoinSet::new();
    for kind in [WorkerKind::Import, WorkerKind::Dedupe, WorkerKind::Plan] {
        crew.spawn(workers::run(kind, parts.clone(), stopped.clone()));
    }
    let first = match rung {
        Stage::Import => WorkerKind::Import,
        Stage::Dedupe => WorkerKind::Dedupe,
        _ => WorkerKind::Plan,
    };
    let done = || [WorkerKind::Import, WorkerKind::Dedupe, WorkerKind::Plan].map(|k| metrics.of(k).batches);
    let (mut last, mut since, began) = (done(), Instant::now(), Instant::now());
    loop {
        tokio::time::sleep(LOOK).await;
        if let Some(ended) = crew.try_join_next() {
            ended.map_err(|_| Failure::failed("a worker panicked"))??;
        }
        let now = done();
        // What waits for time, for a gateway or for other people is not this command's to wait for.
        if now != last || waiting(&*broker, realm).await? > 0 {
            (last, since) = (now, Instant::now());
        }
        let begun = metrics.of(first).batches > 0 || began.elapsed() > NOTHING;
        if begun && since.elapsed() > SETTLED {
            break;
        }
    }
    // Workers that ended already have nobody listening.
    let _ = stop.send(true);
    while let Some(ended) = crew.join_next().await {
        ended.map_err(|_| Failure::failed("a worker panicked"))??;
    }
    Ok(())
}

/// How often the embedded setting looks whether it is done.
const LOOK: Duration = Duration::from_millis(20);

/// Nothing has moved for so long: the work that was rung is done.
const SETTLED: Duration = Duration::from_millis(250);

/// Nothing has begun for so long: there was nothing to do.
const NOTHING: Duration = Duration::from_secs(2);

async fn waiting(broker: &dyn Broker, realm: Realm) -> Result<u64, Failure> {
    let mut waiting = 0;
    for stage in [broker::Stage::Import, broker::Stage::Dedupe, broker::Stage::Plan] {
        let depth = broker.depth(&Queue::stage(realm, stage)).await?;
        waiting += depth.messages + depth.handed.unwrap_or(0);
    }
    Ok(waiting)
}
