//! Simulated gateways. They hold their own keys, verify what they open, deduplicate by the idempotency key, and answer
//! with signed receipts: sometimes a failure, sometimes twice, sometimes in the wrong order, sometimes nothing more.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use broker::{Broker, ContentType, Incoming, Outgoing, Queue, Realm};
use contract::{
    Content, Envelope, FailureCode, GatewayOpener, GatewayPrivate, MAX_RECEIPTS, OrganisationPublic, Receipt,
    ReceiptBatch, SealingPublic, V1, seal_receipts,
};
use domain::receipt::ReceiptKind;
use domain::{AttemptId, Channel, Level, SocietyCode};
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use store::Store;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::error::Failure;

/// Messages that one gateway holds unanswered.
const PREFETCH: u16 = 500;

/// How long a gateway waits for a message before it looks whether it should stop.
const WAIT: Duration = Duration::from_millis(20);

/// How often things go wrong, in a thousand.
#[derive(Debug, Clone, Copy)]
pub struct Behaviour {
    /// The network or the team says that it failed.
    pub fails: u32,
    /// Accepted, and then nothing more is heard.
    pub silent: u32,
    /// A receipt is sent twice.
    pub repeats: u32,
    /// The gateway forgets that it had a message and asks the broker for it again.
    pub crashes: u32,
    /// Somebody else answers, or contact turns out to be unsafe.
    pub harms: u32,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { fails: 60, silent: 10, repeats: 50, crashes: 5, harms: 6 }
    }
}

/// What one message said when it was opened; kept for the verdict.
pub struct Opened {
    /// Idempotency key.
    pub attempt: AttemptId,
    /// Channel; none for a task, whose wire form says nothing of it.
    pub channel: Option<Channel>,
    /// Address on the envelope.
    pub address: Option<String>,
    /// Level on the wire.
    pub level: Level,
    /// All the words.
    pub words: String,
    /// Language of the words.
    pub language: String,
    /// Society whose gateway opened it.
    pub society: SocietyCode,
    /// How often it came.
    pub copies: u32,
    /// Whom it serves, with the channel as it was planned and the invented people behind each person; known when the
    /// drill is judged.
    pub serves: Vec<Served>,
}

/// One person whom a message serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Person of the store.
    pub person: domain::PersonId,
    /// Channel of the attempt: the wire form of a task does not tell.
    pub channel: Channel,
    /// Numbers of the invented people that the person is: one, or linkage was wrong.
    pub people: Vec<u32>,
}

/// What all gateways have seen, and what they still owe.
#[derive(Default)]
pub struct Seen {
    opened: Mutex<HashMap<AttemptId, Opened>>,
    /// Receipts that are still to be sent.
    pub owed: AtomicU64,
    /// Receipts sent, copies included.
    pub receipts: AtomicU64,
    /// Messages that could not be opened or verified: none, or something is broken.
    pub unreadable: AtomicU64,
}

impl Seen {
    /// Everything that was opened.
    #[must_use]
    pub fn take(&self) -> Vec<Opened> {
        let mut opened = self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::take(&mut *opened).into_values().collect()
    }

    /// How many different messages were opened.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner).len()
    }

    /// Notes a message; true the first time.
    fn note(&self, envelope: &Envelope) -> bool {
        let mut opened = self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let copies = &mut opened.entry(envelope.attempt_id).or_insert_with(|| read(envelope)).copies;
        *copies += 1;
        *copies == 1
    }
}

fn read(envelope: &Envelope) -> Opened {
    let (channel, address, level, words, language) = match &envelope.content {
        Content::Notice(data) => {
            let address = match &data.address {
                contract::Address::Phone { e164 } => e164.clone(),
                contract::Address::Email { email } => email.clone(),
                contract::Address::Postal { lines, .. } => lines.join(", "),
            };
            let words = data.parts.0.values().map(String::as_str).collect::<Vec<_>>().join("\n");
            (Some(data.channel), Some(address), data.level, words, data.language.clone())
        }
        Content::Task(data) => {
            let words = serde_json::to_string(data).unwrap_or_default();
            (None, None, Level::L1, words, data.language.clone())
        }
        Content::Recall(_) => (None, None, Level::L0, String::new(), String::new()),
    };
    let (attempt, society) = (envelope.attempt_id, envelope.society.clone());
    Opened { attempt, channel, address, level, words, language, society, copies: 0, serves: Vec::new() }
}

/// One simulated gateway.
pub struct SimulatedGateway {
    /// Its own keys.
    pub keys: GatewayPrivate,
    /// The organisation's key, pinned.
    pub pinned: OrganisationPublic,
    /// Where receipts are sealed to.
    pub receipts_to: SealingPublic,
    /// How well it behaves.
    pub behaviour: Behaviour,
    /// Seed of its mishaps.
    pub seed: u64,
}

impl SimulatedGateway {
    /// Consumes its Society's queue until told to stop.
    ///
    /// # Errors
    /// The broker ended the stream, or the store's clock cannot be read.
    pub async fn play(
        self,
        broker: Arc<dyn Broker>,
        store: Store,
        seen: Arc<Seen>,
        stop: watch::Receiver<bool>,
    ) -> Result<(), Failure> {
        let society = self.keys.society().clone();
        let opener = GatewayOpener::for_gateway(clone_keys(&self.keys)?, self.pinned.clone());
        let mut consumer = broker.consume(&Queue::notices(Realm::Drill, society.as_str()), PREFETCH).await?;
        let mut desk = Desk { gateway: &self, rng: StdRng::seed_from_u64(self.seed), later: Vec::new(), sequence: 0 };
        while !*stop.borrow() {
            let batch = consumer.next_batch(usize::from(PREFETCH), WAIT).await?;
            if batch.is_empty() && desk.later.is_empty() {
                continue;
            }
            let now = store.now().await?;
            let mut receipts = desk.due(&seen);
            let (mut done, mut again) = (Vec::new(), Vec::new());
            for message in &batch {
                if desk.crashes(message) {
                    again.push(message.tag);
                    continue;
                }
                done.push(message.tag);
                match opener.open(&message.body, now) {
                    Ok(envelope) => receipts.extend(desk.answer(&envelope, &seen)),
                    Err(error) => {
                        seen.unreadable.fetch_add(1, Ordering::Relaxed);
                        tracing::warn!(%society, %error, "a gateway cannot read a message");
                    }
                }
            }
            desk.send(receipts, now, &*broker, &seen).await?;
            consumer.ack(&done).await?;
            if !again.is_empty() {
                consumer.requeue(&again).await?;
            }
        }
        Ok(())
    }

    /// The same gateway, to be started once more.
    ///
    /// # Errors
    /// Its keys cannot be written out.
    pub fn twin(&self) -> Result<Self, Failure> {
        Ok(Self {
            keys: clone_keys(&self.keys)?,
            pinned: self.pinned.clone(),
            receipts_to: self.receipts_to.clone(),
            behaviour: self.behaviour,
            seed: self.seed,
        })
    }
}

/// Gateways under way.
pub(super) struct Field {
    playing: JoinSet<Result<(), Failure>>,
    stop: watch::Sender<bool>,
}

impl Field {
    /// Nobody yet.
    pub(super) fn new() -> Self {
        Self { playing: JoinSet::new(), stop: watch::channel(false).0 }
    }

    /// One more.
    pub(super) fn start(&mut self, gateway: SimulatedGateway, broker: Arc<dyn Broker>, store: Store, seen: Arc<Seen>) {
        self.playing.spawn(gateway.play(broker, store, seen, self.stop.subscribe()));
    }

    /// How many are under way.
    pub(super) fn size(&self) -> usize {
        self.playing.len()
    }

    /// Tells all to stop and waits for them.
    ///
    /// # Errors
    /// One of them failed.
    pub(super) async fn end(mut self) -> Result<(), Failure> {
        self.stop.send_replace(true);
        while let Some(ended) = self.playing.join_next().await {
            ended.map_err(|_| Failure::failed("a simulated gateway panicked"))??;
        }
        Ok(())
    }
}

/// A second copy of the keys: the opener takes its own.
fn clone_keys(keys: &GatewayPrivate) -> Result<GatewayPrivate, Failure> {
    GatewayPrivate::from_jwks(keys.society().clone(), &keys.to_jwks()).map_err(|e| Failure::failed(e.to_string()))
}

struct Desk<'a> {
    gateway: &'a SimulatedGateway,
    rng: StdRng,
    later: Vec<Receipt>,
    sequence: u64,
}

impl Desk<'_> {
    fn often(&mut self, per_mille: u32) -> bool {
        self.rng.random_range(0..1000) < per_mille
    }

    fn crashes(&mut self, message: &Incoming) -> bool {
        !message.redelivered && self.often(self.gateway.behaviour.crashes)
    }

    /// Outcomes owed since the last turn.
    fn due(&mut self, seen: &Seen) -> Vec<Receipt> {
        seen.owed.fetch_sub(self.later.len() as u64, Ordering::Relaxed);
        std::mem::take(&mut self.later)
    }

    /// Receipts to send at once; what happens later is remembered.
    fn answer(&mut self, envelope: &Envelope, seen: &Seen) -> Vec<Receipt> {
        let first = seen.note(envelope);
        let mut now = vec![receipt(envelope.attempt_id, ReceiptKind::Accepted, None)];
        if !first {
            return now;
        }
        let outcomes = match &envelope.content {
            Content::Recall(_) => vec![(ReceiptKind::TooLate, None)],
            Content::Task(_) => self.task(),
            Content::Notice(data) => self.notice(data.channel),
        };
        let mut later: Vec<_> =
            outcomes.into_iter().map(|(kind, code)| receipt(envelope.attempt_id, kind, code)).collect();
        if self.often(self.gateway.behaviour.repeats) {
            now.extend(later.first().cloned());
        }
        seen.owed.fetch_add(later.len() as u64, Ordering::Relaxed);
        self.later.append(&mut later);
        now
    }

    fn task(&mut self) -> Vec<(ReceiptKind, Option<FailureCode>)> {
        let b = self.gateway.behaviour;
        match self.rng.random_range(0..1000) {
            n if n < b.silent => vec![],
            n if n < b.silent + 2 * b.fails => vec![(ReceiptKind::Failed, Some(FailureCode::TaskNotDone))],
            _ => vec![(ReceiptKind::Informed, None)],
        }
    }

    fn notice(&mut self, channel: Channel) -> Vec<(ReceiptKind, Option<FailureCode>)> {
        let b = self.gateway.behaviour;
        let draw = self.rng.random_range(0..1000);
        if draw < b.silent {
            return vec![(ReceiptKind::Sent, None)];
        }
        if draw < b.silent + b.harms {
            let kind = if self.often(300) { ReceiptKind::Unsafe } else { ReceiptKind::WrongPerson };
            return vec![(kind, None)];
        }
        if draw < b.silent + b.harms + b.fails {
            return vec![match channel {
                Channel::Post => (ReceiptKind::Returned, Some(FailureCode::UnknownAddressee)),
                Channel::CallLive => (ReceiptKind::Failed, Some(FailureCode::NoAnswer)),
                _ => (ReceiptKind::Failed, Some(FailureCode::NoSuchAddress)),
            }];
        }
        // A caller speaks with the person; after a message some people call the hotline.
        let informed = if channel == Channel::CallLive { 700 } else { 250 };
        if self.often(informed) {
            vec![(ReceiptKind::Delivered, None), (ReceiptKind::Informed, None)]
        } else {
            vec![(ReceiptKind::Sent, None), (ReceiptKind::Delivered, None)]
        }
    }

    /// Seals receipts in batches, shuffled, some twice, and publishes them until the broker has them.
    async fn send(
        &mut self,
        mut receipts: Vec<Receipt>,
        now: domain::Millis,
        broker: &dyn Broker,
        seen: &Seen,
    ) -> Result<(), Failure> {
        receipts.shuffle(&mut self.rng);
        let society = self.gateway.keys.society().clone();
        let mut outgoing = Vec::new();
        for chunk in receipts.chunks_mut(MAX_RECEIPTS) {
            chunk.iter_mut().for_each(|r| r.at = now);
            self.sequence += 1;
            let batch = ReceiptBatch {
                v: V1,
                society: society.clone(),
                gateway_key: self.gateway.keys.public().verifying_kid().to_owned(),
                sequence: self.sequence,
                receipts: chunk.to_vec(),
            };
            let body = seal_receipts(&mut self.rng, &self.gateway.keys, &self.gateway.receipts_to, &batch)
                .map_err(|e| Failure::failed(e.to_string()))?;
            outgoing.push(Outgoing {
                to: broker::Address::Receipts(Realm::Drill, society.to_string()),
                message_id: Uuid::new_v4(),
                content_type: ContentType::Jose,
                body,
            });
            seen.receipts.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        }
        // A full queue refuses for a while; receipts are never thrown away.
        for _ in 0..SEND_TRIES {
            if outgoing.is_empty() {
                return Ok(());
            }
            let published = broker.publish(outgoing.clone()).await?;
            outgoing.retain(|o| !published.confirmed.contains(&o.message_id));
            if !outgoing.is_empty() {
                tokio::time::sleep(WAIT).await;
            }
        }
        Err(Failure::failed(format!("{society}: the broker does not take receipts")))
    }
}

/// Tries to publish receipts: ten seconds in all.
const SEND_TRIES: u32 = 500;

fn receipt(attempt_id: AttemptId, kind: ReceiptKind, code: Option<FailureCode>) -> Receipt {
    Receipt { idem: Uuid::new_v4(), attempt_id, kind, at: domain::Millis(0), code, task_id: None }
}
