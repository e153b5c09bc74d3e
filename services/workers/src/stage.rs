//! The loop that every doorbell stage shares: take, decode, work, commit, ring the next, and only then acknowledge.
//!
//! A few batches are in work at a time, each in a task of its own that is always awaited, never cut off. What cannot
//! be read goes to the dead letters. What the database refuses for now comes again; the broker's delivery limit bounds
//! how often. Anything else ends the worker.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use broker::{Consumer, Incoming, Queue};
use domain::doorbell::Doorbell;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument;

use crate::ring::{Batch, gather, queue_stage, ring};
use crate::tuning::{BELLS_PER_TAKE, TRANSIENT_LIMIT, pause};
use crate::{Parts, WorkerError, WorkerKind};

/// One stage: what it does with a batch.
pub(crate) trait Stage: Send + Sync + 'static {
    /// Which.
    const KIND: WorkerKind;
    /// Which doorbells wake it.
    const BELL: domain::doorbell::Stage;

    /// Does the work, commits it, and says whom to ring. Doing it twice changes nothing.
    fn work(&self, batch: &Batch) -> impl Future<Output = Result<Vec<Doorbell>, WorkerError>> + Send;
}

struct Done {
    tags: Vec<u64>,
    result: Result<(), WorkerError>,
}

/// Runs a stage until it is to stop.
pub(crate) async fn run<S: Stage>(stage: S, parts: Parts, stop: watch::Receiver<bool>) -> Result<(), WorkerError> {
    let queue = Queue::stage(parts.realm, queue_stage(S::BELL));
    parts.broker.check(std::slice::from_ref(&queue)).await?;
    let in_flight = parts.tuning.in_flight.max(1);
    let prefetch = u16::try_from(in_flight * BELLS_PER_TAKE).unwrap_or(u16::MAX);
    let mut consumer = parts.broker.consume(&queue, prefetch).await?;
    let (stage, parts) = (Arc::new(stage), Arc::new(parts));
    let mut work: JoinSet<Done> = JoinSet::new();
    let mut refused_in_a_row = 0;
    loop {
        while let Some(done) = work.try_join_next() {
            settle::<S>(&mut consumer, done, &parts, &mut refused_in_a_row).await?;
        }
        let stopping = *stop.borrow();
        if stopping && work.is_empty() {
            return Ok(());
        }
        if stopping || work.len() >= in_flight {
            if let Some(done) = work.join_next().await {
                settle::<S>(&mut consumer, done, &parts, &mut refused_in_a_row).await?;
            }
            continue;
        }
        let wait = if work.is_empty() { parts.tuning.idle_wait } else { parts.tuning.busy_wait };
        let incoming = consumer.next_batch(BELLS_PER_TAKE, wait).await?;
        for batch in decode::<S>(&mut consumer, incoming, &parts).await? {
            let (stage, parts) = (Arc::clone(&stage), Arc::clone(&parts));
            let span =
                tracing::debug_span!("batch", stage = %S::KIND, campaign = ?batch.campaign, ids = batch.ids.len());
            work.spawn(one(stage, parts, batch).instrument(span));
        }
    }
}

async fn one<S: Stage>(stage: Arc<S>, parts: Arc<Parts>, batch: Batch) -> Done {
    let started = Instant::now();
    let result = match stage.work(&batch).await {
        Ok(bells) => ring(&*parts.broker, parts.realm, bells).await,
        Err(error) => Err(error),
    };
    if result.is_ok() {
        tracing::debug!(seconds = started.elapsed().as_secs_f64(), "done");
        parts.metrics.batch(S::KIND, batch.ids.len().max(1), started);
    }
    Done { tags: batch.tags, result }
}

async fn decode<S: Stage>(
    consumer: &mut Box<dyn Consumer>,
    incoming: Vec<Incoming>,
    parts: &Parts,
) -> Result<Vec<Batch>, WorkerError> {
    let (mut bells, mut strange) = (Vec::with_capacity(incoming.len()), Vec::new());
    for message in incoming {
        match Doorbell::from_bytes(&message.body) {
            Ok(bell) if bell.stage == S::BELL => bells.push((message.tag, bell)),
            Ok(_) => strange.push(message.tag),
            Err(error) => {
                tracing::warn!(stage = %S::KIND, %error, "message goes to the dead letters");
                strange.push(message.tag);
            }
        }
    }
    if !strange.is_empty() {
        parts.metrics.refused(S::KIND, strange.len());
        consumer.dead_letter(&strange).await?;
    }
    Ok(gather(bells))
}

async fn settle<S: Stage>(
    consumer: &mut Box<dyn Consumer>,
    done: Result<Done, tokio::task::JoinError>,
    parts: &Parts,
    refused_in_a_row: &mut u32,
) -> Result<(), WorkerError> {
    let done = done.map_err(|_| WorkerError::Task(S::KIND.as_str()))?;
    match done.result {
        Ok(()) => {
            *refused_in_a_row = 0;
            consumer.ack(&done.tags).await?;
            Ok(())
        }
        Err(error) if error.is_transient() && *refused_in_a_row < TRANSIENT_LIMIT => {
            tracing::warn!(stage = %S::KIND, %error, "batch comes again");
            parts.metrics.repeated(S::KIND);
            tokio::time::sleep(pause(*refused_in_a_row)).await;
            *refused_in_a_row += 1;
            consumer.requeue(&done.tags).await?;
            Ok(())
        }
        Err(error) => Err(error),
    }
}
