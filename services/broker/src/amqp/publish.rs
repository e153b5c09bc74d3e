//! Publishing batches and learning the fate of every message.
//!
//! The client (lapin 4.12) pairs a returned message with whichever confirm it resolves first when the broker confirms
//! several at a time, so an unroutable message can look confirmed and a routable one returned. What holds is this: the
//! broker returns a message before it confirms it, so after the last confirm of a batch every returned message of that
//! batch has been handed to one of its confirms, as long as nothing else is published on that channel. Hence one batch
//! at a time per channel, and `confirmed = acknowledged − returned` over the whole batch.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use futures_util::future::join_all;
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionStatus, PublisherConfirm,
    options::{BasicPublishOptions, ConfirmSelectOptions},
};
use tokio::{
    sync::{Mutex, Semaphore},
    time::{Instant, timeout},
};
use uuid::Uuid;

use super::{Link, answer, fault};
use crate::{Address, BrokerError, MAX_BODY_BYTES, Outgoing, Published};

/// Messages sent and not yet confirmed. Measured: 256 gives 15,000/s, 1,024 gives 23,000/s, 4,096 is slower again.
const WINDOW: usize = 1024;
/// Messages handed to the client at a time.
const BURST: usize = 256;
/// Without a sign from a broker that is not blocking us, it hangs.
const CONFIRM_LIMIT: Duration = Duration::from_secs(5);
/// While the broker says that its alarm is on, we wait this long for what is already under way.
const BLOCKED_LIMIT: Duration = Duration::from_secs(300);
/// How often we look whether the alarm is on.
const LOOK: Duration = Duration::from_millis(500);
/// Delivery mode «persistent».
const PERSISTENT: u8 = 2;

/// The publishing connection and its channels.
pub(super) struct Publisher {
    connection: Connection,
    permits: Semaphore,
    idle: Mutex<Vec<Channel>>,
}

impl Publisher {
    pub(super) fn new(connection: Connection, lanes: usize) -> Self {
        Publisher { connection, permits: Semaphore::new(lanes.max(1)), idle: Mutex::new(Vec::new()) }
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) async fn publish(&self, link: &Link, batch: Vec<Outgoing>) -> Result<Published, BrokerError> {
        if let Some(large) = batch.iter().find(|message| message.body.len() > MAX_BODY_BYTES) {
            let (id, bytes) = (large.message_id, large.body.len());
            return Err(BrokerError::TooLarge { id, bytes, limit: MAX_BODY_BYTES });
        }
        if self.connection.status().blocked() {
            return Err(BrokerError::Blocked);
        }
        let _permit = self.permits.acquire().await.map_err(|_| closed())?;
        let channel = self.lane().await?;
        let mut tally = Tally::default();
        let error = send(link, &channel, self.connection.status(), batch, &mut tally).await.err();
        match error {
            None => self.idle.lock().await.push(channel),
            // The channel is not used again: late confirms and returns would mix with the next batch. Dropping it
            // closes it.
            Some(error) if tally.nothing_known() => return Err(error),
            Some(error) => tracing::error!(%error, "publishing broke off in the middle of a batch"),
        }
        Ok(tally.finish())
    }

    async fn lane(&self) -> Result<Channel, BrokerError> {
        if let Some(channel) = self.idle.lock().await.pop() {
            return Ok(channel);
        }
        let channel = answer("open a channel", self.connection.create_channel()).await?;
        answer("ask for confirms", channel.confirm_select(ConfirmSelectOptions::default())).await?;
        Ok(channel)
    }
}

fn closed() -> BrokerError {
    BrokerError::Failed { doing: "publish", reason: "the publisher is closed".to_owned() }
}

/// What is known of a batch.
#[derive(Default)]
struct Tally {
    acknowledged: Vec<Uuid>,
    nacked: Vec<Uuid>,
    returned: HashSet<Uuid>,
    unknown: Vec<Uuid>,
}

impl Tally {
    fn record(&mut self, id: Uuid, confirmation: Confirmation) -> Result<(), BrokerError> {
        if confirmation.is_ack() {
            self.acknowledged.push(id)
        } else {
            self.nacked.push(id)
        }
        if let Some(message) = confirmation.take_message() {
            let id = message.delivery.properties.message_id().as_ref().and_then(|id| id.as_str().parse().ok());
            // All ids are ours and came back as they went out; if not, no message of this batch can be trusted.
            let id = id.ok_or_else(|| BrokerError::Failed {
                doing: "publish",
                reason: "a message came back without the id that it was sent with".to_owned(),
            })?;
            self.returned.insert(id);
        }
        Ok(())
    }

    fn nothing_known(&self) -> bool {
        self.acknowledged.is_empty() && self.nacked.is_empty() && self.returned.is_empty()
    }

    /// With messages unresolved, a return may still be on its way to us, or may have been handed to an unresolved
    /// confirm: then no acknowledgement of this batch is sure, and all of them count as unknown.
    fn finish(self) -> Published {
        let Tally { acknowledged, nacked, returned, mut unknown } = self;
        let mut published = Published::default();
        let sure = unknown.is_empty();
        for id in acknowledged {
            if returned.contains(&id) {
                published.returned.push(id);
            } else if sure {
                published.confirmed.push(id);
            } else {
                unknown.push(id);
            }
        }
        published.nacked = nacked;
        published.unknown = unknown;
        published
    }
}

type Pending = VecDeque<(Uuid, PublisherConfirm)>;

/// Sends everything and collects every confirm. After an error, what is unresolved is in `tally.unknown`.
async fn send(
    link: &Link,
    channel: &Channel,
    status: &ConnectionStatus,
    batch: Vec<Outgoing>,
    tally: &mut Tally,
) -> Result<(), BrokerError> {
    let mut pending = Pending::with_capacity(WINDOW + BURST);
    let mut rest = batch.chunks(BURST);
    let mut outcome = Ok(());
    for burst in rest.by_ref() {
        outcome = match hand_over(link, channel, status, burst, &mut pending, tally).await {
            Ok(()) => collect(status, &mut pending, WINDOW, tally).await,
            Err(error) => Err(error),
        };
        if outcome.is_err() {
            break;
        }
    }
    if outcome.is_ok() {
        outcome = collect(status, &mut pending, 0, tally).await;
    }
    // Not sent at all: unknown too, since nobody is to conclude anything from a batch that broke off.
    tally.unknown.extend(pending.into_iter().map(|(id, _)| id));
    tally.unknown.extend(rest.flatten().map(|message| message.message_id));
    outcome
}

/// Hands a burst to the client, all at once: waiting for each would cost a thread switch per message.
async fn hand_over(
    link: &Link,
    channel: &Channel,
    status: &ConnectionStatus,
    burst: &[Outgoing],
    pending: &mut Pending,
    tally: &mut Tally,
) -> Result<(), BrokerError> {
    let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let publishes = burst.iter().map(|message| {
        let exchange = link.physical(message.to.exchange()).into();
        let key = message.to.routing_key().into();
        channel.basic_publish(exchange, key, options, &message.body, properties(link, message))
    });
    let Some(results) = patiently(status, join_all(publishes)).await else {
        tally.unknown.extend(burst.iter().map(|message| message.message_id));
        return Err(late());
    };
    let mut outcome = Ok(());
    for (message, result) in burst.iter().zip(results) {
        match result {
            Ok(confirm) => pending.push_back((message.message_id, confirm)),
            Err(error) => {
                tally.unknown.push(message.message_id);
                outcome = Err(broken(message, &error));
            }
        }
    }
    outcome
}

fn properties(link: &Link, message: &Outgoing) -> BasicProperties {
    let mut id = Uuid::encode_buffer();
    let id: &str = message.message_id.hyphenated().encode_lower(&mut id);
    let properties = BasicProperties::default()
        .with_message_id(id.into())
        .with_content_type(message.content_type.as_str().into())
        .with_delivery_mode(PERSISTENT);
    match message.to {
        // The broker refuses a user that is not the connection's: the reader of a receipt can rely on it.
        Address::Receipts(..) => properties.with_user_id(link.user().into()),
        _ => properties,
    }
}

/// Takes confirms, oldest first, until at most `leave` are open.
async fn collect(
    status: &ConnectionStatus,
    pending: &mut Pending,
    leave: usize,
    tally: &mut Tally,
) -> Result<(), BrokerError> {
    while pending.len() > leave {
        let Some((id, confirm)) = pending.pop_front() else {
            break;
        };
        match patiently(status, confirm).await {
            Some(Ok(confirmation)) => tally.record(id, confirmation)?,
            Some(Err(error)) => {
                tally.unknown.push(id);
                return Err(fault::translate("publish", &error));
            }
            None => {
                tally.unknown.push(id);
                return Err(late());
            }
        }
    }
    Ok(())
}

fn broken(message: &Outgoing, error: &lapin::Error) -> BrokerError {
    if fault::is_not_found(error) {
        return BrokerError::MissingExchange(message.to.exchange().to_owned());
    }
    fault::translate("publish", error)
}

fn late() -> BrokerError {
    BrokerError::Timeout { doing: "confirm a message", seconds: CONFIRM_LIMIT.as_secs() }
}

/// Waits for the broker up to [`CONFIRM_LIMIT`], not counting the time in which it says that its alarm is on.
async fn patiently<T>(status: &ConnectionStatus, future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    let began = Instant::now();
    let mut silent_since = began;
    loop {
        if let Ok(output) = timeout(LOOK, &mut future).await {
            return Some(output);
        }
        if status.blocked() && began.elapsed() < BLOCKED_LIMIT {
            silent_since = Instant::now();
        }
        if silent_since.elapsed() >= CONFIRM_LIMIT {
            return None;
        }
    }
}
