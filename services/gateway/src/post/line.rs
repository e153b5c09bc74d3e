//! The line to RabbitMQ: connected in the background, thrown away at the first error, connected again.

use std::sync::Arc;
use std::time::Duration;

use broker::{Address, AmqpOptions, Broker, BrokerError, Consumer, ContentType, Outgoing, Queue, Realm, amqp};
use domain::SocietyCode;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Raw, Tag};

/// Messages handed to us and not yet settled: one credit window.
const PREFETCH: u16 = 500;
/// Pauses between connections, doubled from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LAST_PAUSE: Duration = Duration::from_secs(60);

struct Connected {
    broker: Arc<dyn Broker>,
    consumer: Box<dyn Consumer>,
}

pub(super) struct Line {
    source: Source,
    realm: Realm,
    society: String,
    connected: Option<Connected>,
    /// Counts connections: tags of an older one mean nothing to this one.
    generation: u64,
    connecting: Option<JoinHandle<Result<Connected, BrokerError>>>,
    next_try: Instant,
    pause: Duration,
}

#[derive(Clone)]
enum Source {
    Url { url: Arc<Zeroizing<String>>, namespace: String },
    Given(Arc<dyn Broker>),
}

impl Line {
    pub(super) fn new(url: Zeroizing<String>, namespace: String, realm: Realm, society: &SocietyCode) -> Self {
        Self::with(Source::Url { url: Arc::new(url), namespace }, realm, society)
    }

    pub(super) fn on(broker: Arc<dyn Broker>, realm: Realm, society: &SocietyCode) -> Self {
        Self::with(Source::Given(broker), realm, society)
    }

    fn with(source: Source, realm: Realm, society: &SocietyCode) -> Self {
        Self {
            source,
            realm,
            society: society.to_string(),
            connected: None,
            generation: 0,
            connecting: None,
            next_try: Instant::now(),
            pause: FIRST_PAUSE,
        }
    }

    pub(super) async fn next(&mut self, max: usize, wait: Duration) -> Vec<Raw> {
        self.reconnect(wait).await;
        let Some(connected) = &mut self.connected else { return Vec::new() };
        match connected.consumer.next_batch(max, wait).await {
            Ok(messages) => {
                let generation = self.generation;
                let raw = |m: broker::Incoming| Raw { tag: Tag::Line(generation, m.tag), body: m.body };
                messages.into_iter().map(raw).collect()
            }
            Err(error) => {
                self.lost(&error);
                Vec::new()
            }
        }
    }

    pub(super) async fn settle(&mut self, taken: &[Tag], refused: &[Tag]) {
        let ours = |tags: &[Tag]| -> Vec<u64> {
            tags.iter()
                .filter_map(|tag| match tag {
                    Tag::Line(generation, tag) if *generation == self.generation => Some(*tag),
                    _ => None,
                })
                .collect()
        };
        let (taken, refused) = (ours(taken), ours(refused));
        let Some(connected) = &mut self.connected else { return };
        let mut settled = Ok(());
        if !taken.is_empty() {
            settled = connected.consumer.ack(&taken).await;
        }
        if settled.is_ok() && !refused.is_empty() {
            settled = connected.consumer.dead_letter(&refused).await;
        }
        if let Err(error) = settled {
            self.lost(&error);
        }
    }

    pub(super) async fn send(&mut self, message: Uuid, body: Vec<u8>) -> bool {
        let Some(connected) = &self.connected else { return false };
        let to = Address::Receipts(self.realm, self.society.clone());
        let outgoing = Outgoing { to, message_id: message, content_type: ContentType::Jose, body };
        match connected.broker.publish(vec![outgoing]).await {
            Ok(published) if published.is_complete() => true,
            Ok(published) => {
                if !published.unknown.is_empty() {
                    self.lost(&BrokerError::Timeout { doing: "confirm receipts", seconds: 5 });
                } else if !published.returned.is_empty() {
                    tracing::error!("receipts have no queue: the provisioning at Tidings is not complete");
                }
                false
            }
            Err(error) if error.is_temporary() => false,
            Err(error) => {
                self.lost(&error);
                false
            }
        }
    }

    fn lost(&mut self, error: &BrokerError) {
        tracing::warn!(%error, "the line to the broker is lost; deliveries go on");
        self.connected = None;
        self.next_try = Instant::now() + self.pause;
        self.pause = (self.pause * 2).min(LAST_PAUSE);
    }

    /// Looks whether a connection is there, and begins one when it is time. Waits no longer than asked.
    async fn reconnect(&mut self, wait: Duration) {
        if self.connected.is_some() {
            return;
        }
        if self.connecting.is_none() {
            let begin = Instant::now().max(self.next_try);
            let (source, realm, society) = (self.source.clone(), self.realm, self.society.clone());
            self.connecting = Some(tokio::spawn(async move {
                tokio::time::sleep_until(begin).await;
                connect(source, realm, &society).await
            }));
        }
        let Some(connecting) = &mut self.connecting else { return };
        tokio::select! {
            () = sleep(wait) => {}
            done = connecting => {
                self.connecting = None;
                match done {
                    Ok(Ok(connected)) => {
                        self.connected = Some(connected);
                        self.generation += 1;
                        self.pause = FIRST_PAUSE;
                        tracing::info!("connected to the broker");
                    }
                    Ok(Err(error)) => self.lost(&error),
                    Err(_) => self.lost(&BrokerError::Failed { doing: "connect", reason: "the task ended".into() }),
                }
            }
        }
    }
}

async fn connect(source: Source, realm: Realm, society: &str) -> Result<Connected, BrokerError> {
    let broker: Arc<dyn Broker> = match source {
        Source::Given(broker) => broker,
        Source::Url { url, namespace } => {
            let options = AmqpOptions { namespace, name: format!("tidings-gateway {society}"), lanes: 1 };
            Arc::new(amqp(&url, options).await?)
        }
    };
    let consumer = broker.consume(&Queue::notices(realm, society), PREFETCH).await?;
    Ok(Connected { broker, consumer })
}
