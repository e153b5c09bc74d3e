//! Record: receipts become states. Holds the key that opens receipts and no other.
//!
//! A message that is forged, foreign, oversize or unreadable changes nothing: it is put on record and acknowledged, so
//! that it never comes again. Several messages of one Society are written in one go; while they are, the next ones
//! are being opened.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use broker::{Consumer, Incoming, Queue};
use contract::jose::jwk::{Curve, Jwk, JwkSet};
use contract::{GatewayPublic, OpeningKey, ReceiptBatch, ReceiptOpener, ReceiptRejection};
use domain::doorbell::{Doorbell, Stage as Bell};
use domain::receipt::Receipt;
use domain::{CampaignId, PersonId, SocietyCode};
use store::{AuditEntry, GatewayRow, GatewayState, Numbers};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::keys::Keys;
use crate::ring::{bells, ring};
use crate::tuning::{TRANSIENT_LIMIT, pause};
use crate::{Parts, WorkerError, WorkerKind};

/// Messages opened at a time. A gateway may send one receipt in each or 500.
const MESSAGES: usize = 64;

/// Receipts of one Society in one write: a transaction of some tens of milliseconds.
const RECEIPTS: usize = 2_000;

/// Gateways' keys are believed so long, so that a revoked one counts no more; and they are not read more often for an
/// unknown one either: a flood of forgeries must not become a flood of queries.
const KEYS_FOR: Duration = Duration::from_secs(3);

/// Runs record until it is to stop.
pub(crate) async fn run(parts: Parts, stop: watch::Receiver<bool>) -> Result<(), WorkerError> {
    let queue = Queue::receipts(parts.realm);
    parts.broker.check(std::slice::from_ref(&queue)).await?;
    let prefetch = u16::try_from(3 * MESSAGES).unwrap_or(u16::MAX);
    let mut consumer = parts.broker.consume(&queue, prefetch).await?;
    let keys = parts.keys.for_stage(WorkerKind::Record);
    let mut post_room = PostRoom::open(parts.clone(), keys).await?;
    let parts = Arc::new(parts);
    let mut writing: Option<Writing> = None;
    let mut refused_in_a_row = 0;
    while !*stop.borrow() {
        let wait = if writing.is_some() { parts.tuning.busy_wait } else { parts.tuning.idle_wait };
        let incoming = consumer.next_batch(MESSAGES, wait).await?;
        let opened = if incoming.is_empty() { None } else { Some(post_room.open_all(incoming).await?) };
        if let Some(writing) = writing.take() {
            writing.settle(&mut consumer, &parts, &mut refused_in_a_row).await?;
        }
        writing = opened.map(|mail| Writing::start(&parts, mail));
    }
    match writing {
        Some(writing) => writing.settle(&mut consumer, &parts, &mut refused_in_a_row).await,
        None => Ok(()),
    }
}

/// Opened mail on its way into the store.
struct Writing {
    tags: Vec<u64>,
    task: JoinHandle<Result<(), WorkerError>>,
}

impl Writing {
    fn start(parts: &Arc<Parts>, mail: Mail) -> Self {
        let parts = Arc::clone(parts);
        let tags = mail.tags.clone();
        Self { tags, task: tokio::spawn(async move { write(&parts, mail).await }) }
    }

    async fn settle(
        self,
        consumer: &mut Box<dyn Consumer>,
        parts: &Parts,
        refused_in_a_row: &mut u32,
    ) -> Result<(), WorkerError> {
        match self.task.await.map_err(|_| WorkerError::Task("record"))? {
            Ok(()) => {
                *refused_in_a_row = 0;
                consumer.ack(&self.tags).await?;
            }
            Err(error) if error.is_transient() && *refused_in_a_row < TRANSIENT_LIMIT => {
                tracing::warn!(%error, "receipts come again");
                parts.metrics.repeated(WorkerKind::Record);
                tokio::time::sleep(pause(*refused_in_a_row)).await;
                *refused_in_a_row += 1;
                consumer.requeue(&self.tags).await?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// What a batch of messages holds.
#[derive(Default)]
struct Mail {
    tags: Vec<u64>,
    receipts: BTreeMap<SocietyCode, Vec<Receipt>>,
    /// Numbers of the batches, by the key that signed them.
    numbers: Numbers,
    /// Society of the routing key, word: how many messages and bytes.
    rejected: BTreeMap<(String, &'static str), (u64, u64)>,
}

/// Opens mail with the keys of today.
struct PostRoom {
    parts: Parts,
    private: Arc<JwkSet>,
    opener: Arc<ReceiptOpener>,
    read_at: Instant,
}

impl PostRoom {
    async fn open(parts: Parts, keys: Keys) -> Result<Self, WorkerError> {
        let private = Arc::clone(keys.receipts()?);
        let opener = Arc::new(opener(&parts, &private).await?);
        Ok(Self { parts, private, opener, read_at: Instant::now() })
    }

    async fn open_all(&mut self, incoming: Vec<Incoming>) -> Result<Mail, WorkerError> {
        let incoming = Arc::new(incoming);
        if self.read_at.elapsed() > KEYS_FOR {
            self.opener = Arc::new(opener(&self.parts, &self.private).await?);
            self.read_at = Instant::now();
        }
        let opened = self.try_open(&incoming).await?;
        let mut mail = Mail::default();
        for (message, opened) in incoming.iter().zip(opened) {
            mail.tags.push(message.tag);
            match opened.result {
                Ok(batch) => {
                    let signed = (batch.society.clone(), batch.gateway_key);
                    mail.numbers.entry(signed).or_default().push(batch.sequence);
                    let receipts = batch.receipts.into_iter().map(Receipt::from);
                    mail.receipts.entry(batch.society).or_default().extend(receipts);
                }
                Err(rejection) => {
                    let count = mail.rejected.entry((opened.routed_as, rejection.word())).or_default();
                    count.0 += 1;
                    count.1 += message.body.len() as u64;
                }
            }
        }
        let rejected: u64 = mail.rejected.values().map(|(n, _)| n).sum();
        self.parts.metrics.refused(WorkerKind::Record, rejected as usize);
        Ok(mail)
    }

    async fn try_open(&self, incoming: &Arc<Vec<Incoming>>) -> Result<Vec<Opened>, WorkerError> {
        let (opener, incoming) = (Arc::clone(&self.opener), Arc::clone(incoming));
        let metrics = Arc::clone(&self.parts.metrics);
        let task = tokio::task::spawn_blocking(move || {
            let since = Instant::now();
            let opened = incoming.iter().map(|message| Opened::of(&opener, message)).collect();
            metrics.computed(WorkerKind::Record, since);
            opened
        });
        task.await.map_err(|_| WorkerError::Task("record"))
    }
}

struct Opened {
    routed_as: String,
    result: Result<ReceiptBatch, ReceiptRejection>,
}

impl Opened {
    fn of(opener: &ReceiptOpener, message: &Incoming) -> Self {
        let routed_as = message.routing_key.rsplit('.').next().unwrap_or_default().to_owned();
        let result = opener.open(&routed_as, &message.body);
        Self { routed_as, result }
    }
}

async fn opener(parts: &Parts, private: &JwkSet) -> Result<ReceiptOpener, WorkerError> {
    let missing = |_| WorkerError::MissingKey { stage: WorkerKind::Record, key: "a usable key that opens receipts" };
    let keys: Vec<OpeningKey> = private.each(Curve::X25519).map_err(missing)?;
    let rows = parts.store.gateways(parts.realm == broker::Realm::Drill).await?;
    let usable = rows.into_iter().filter(|g| g.state != GatewayState::Revoked);
    Ok(ReceiptOpener::new(keys, usable.filter_map(|row| gateway(&row))))
}

/// A gateway's public keys as the contract reads them; `None`, and a word in the log, for a row that does not hold any.
pub(crate) fn gateway(row: &GatewayRow) -> Option<GatewayPublic> {
    let jwk = |text: &str| serde_json::from_str::<Jwk>(text).ok();
    let keys = jwk(&row.sealing_jwk).zip(jwk(&row.verifying_jwk));
    let gateway = keys.and_then(|(sealing, verifying)| {
        GatewayPublic::from_jwks(row.society.clone(), &JwkSet { keys: vec![sealing, verifying] }).ok()
    });
    if gateway.is_none() {
        tracing::error!(society = %row.society, kid = row.kid, "the gateway's keys cannot be read");
    }
    gateway
}

/// Writes receipts, then rings for the credit that came free and the persons to be planned again.
async fn write(parts: &Parts, mail: Mail) -> Result<(), WorkerError> {
    let started = Instant::now();
    let store = &parts.store;
    let now = store.now().await?;
    let mut freed: HashSet<(CampaignId, SocietyCode)> = HashSet::new();
    let mut replan: HashSet<PersonId> = HashSet::new();
    let mut audit = rejections(&mail);
    let mut written = 0;
    for (society, receipts) in &mail.receipts {
        for some in receipts.chunks(RECEIPTS) {
            let effects = store.apply_receipts(society, some, now).await?;
            written += some.len();
            if effects.foreign > 0 {
                audit.push(entry(
                    serde_json::json!({ "society": society, "kind": "foreign", "receipts": effects.foreign }),
                ));
            }
            freed.extend(effects.freed.into_iter().map(|(campaign, society, _)| (campaign, society)));
            replan.extend(effects.replan);
        }
    }
    // After the receipts themselves: what is noted as heard has been taken in.
    if !mail.numbers.is_empty() {
        store.hear(&mail.numbers).await?;
    }
    if !audit.is_empty() {
        store.audit(&audit).await?;
    }
    if !freed.is_empty() || !replan.is_empty() {
        ring(&*parts.broker, parts.realm, next(parts, &freed, &replan).await?).await?;
    }
    parts.metrics.batch(WorkerKind::Record, written, started);
    Ok(())
}

async fn next(
    parts: &Parts,
    freed: &HashSet<(CampaignId, SocietyCode)>,
    replan: &HashSet<PersonId>,
) -> Result<Vec<Doorbell>, WorkerError> {
    let freed: HashSet<CampaignId> = freed.iter().map(|(campaign, _)| *campaign).collect();
    let replan: Vec<PersonId> = replan.iter().copied().collect();
    let mut rung = Vec::new();
    let drill = parts.realm == broker::Realm::Drill;
    for campaign in parts.store.running().await?.into_iter().filter(|c| c.drill == drill) {
        if freed.contains(&campaign.id) {
            rung.push(Doorbell::new(Bell::Release, campaign.incident, Some(campaign.id), Vec::new()));
        }
        rung.extend(bells(Bell::Plan, campaign.incident, Some(campaign.id), &replan));
    }
    Ok(rung)
}

fn rejections(mail: &Mail) -> Vec<AuditEntry> {
    mail.rejected
        .iter()
        .map(|((routed_as, word), (messages, bytes))| {
            tracing::warn!(society = routed_as, kind = word, messages, "receipts rejected");
            // The routing key is the sender's word: bounded, and letters only, before it is kept for ever.
            let society: String = routed_as.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
            entry(serde_json::json!({ "society": society, "kind": word, "messages": messages, "bytes": bytes }))
        })
        .collect()
}

fn entry(subject: serde_json::Value) -> AuditEntry {
    AuditEntry { actor: "worker.record".to_owned(), what: "receipt.rejected".to_owned(), subject: subject.to_string() }
}
