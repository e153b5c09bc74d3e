//! What travels, and what became of it.

use std::fmt;

use uuid::Uuid;

use crate::names::Address;

/// What a body is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ContentType {
    /// A doorbell: JSON with ids only.
    Doorbell,
    /// A sealed notice, recall or batch of receipts.
    Jose,
}

impl ContentType {
    /// The MIME type on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ContentType::Doorbell => "application/json",
            ContentType::Jose => "application/jose",
        }
    }

    /// Reads a MIME type; `None` for any other.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [ContentType::Doorbell, ContentType::Jose].into_iter().find(|t| t.as_str() == text)
    }
}

/// A message to publish.
#[derive(Clone)]
pub struct Outgoing {
    /// Where to.
    pub to: Address,
    /// The idempotency key: the same on every repetition.
    pub message_id: Uuid,
    /// What the body is.
    pub content_type: ContentType,
    /// The body; anything personal in it is already sealed.
    pub body: Vec<u8>,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outgoing { to, message_id, content_type, body } = self;
        write!(f, "Outgoing({message_id} to {to:?}, {content_type:?}, {} bytes)", body.len())
    }
}

/// What became of a published batch. Every message is in exactly one of the lists; if the same id was published more
/// than once in a batch and any copy was returned, all copies count as returned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// In a queue, on disk.
    pub confirmed: Vec<Uuid>,
    /// No queue for this address: a wrong or incomplete topology.
    pub returned: Vec<Uuid>,
    /// Refused because the queue is full: try again later.
    pub nacked: Vec<Uuid>,
    /// Sent, but the broker did not answer in time or the connection died: it may or may not be in the queue. The caller
    /// keeps what it learnt from the other lists, then treats this as fatal.
    pub unknown: Vec<Uuid>,
}

impl Published {
    /// Whether every message was confirmed.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.returned.is_empty() && self.nacked.is_empty() && self.unknown.is_empty()
    }
}

/// A message received and not yet settled.
#[derive(Clone)]
pub struct Incoming {
    /// Names this delivery to its consumer.
    pub tag: u64,
    /// The sender's idempotency key, if it gave one that is a UUID.
    pub message_id: Option<Uuid>,
    /// Whether it may have been delivered before.
    pub redelivered: bool,
    /// The routing key it was published with.
    pub routing_key: String,
    /// The broker user who published it, if stated; the broker has checked that it is true.
    pub user_id: Option<String>,
    /// What the body is; `None` for anything unknown.
    pub content_type: Option<ContentType>,
    /// For dead letters: why, and where they died first.
    pub death: Option<Death>,
    /// The body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("tag", &self.tag)
            .field("message_id", &self.message_id)
            .field("redelivered", &self.redelivered)
            .field("routing_key", &self.routing_key)
            .field("content_type", &self.content_type)
            .field("death", &self.death)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why and where a message became a dead letter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Death {
    /// Why.
    pub reason: DeathReason,
    /// The queue in which it died first (its logical name).
    pub queue: String,
}

/// Why a message became a dead letter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DeathReason {
    /// A consumer refused it.
    Rejected,
    /// It waited longer than the queue's time to live.
    Expired,
    /// It came back more often than the queue's delivery limit.
    DeliveryLimit,
    /// The queue was too long.
    MaxLength,
    /// A reason that this version does not know.
    Other,
}

impl DeathReason {
    /// Reads RabbitMQ's word.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "rejected" => DeathReason::Rejected,
            "expired" => DeathReason::Expired,
            "delivery_limit" => DeathReason::DeliveryLimit,
            "maxlen" => DeathReason::MaxLength,
            _ => DeathReason::Other,
        }
    }
}

/// How full a queue is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Depth {
    /// Messages that wait for a consumer; those handed to one and not yet settled are not counted.
    pub messages: u64,
    /// Messages handed to a consumer and not yet settled; a broker that is another process does not say.
    pub handed: Option<u64>,
    /// Consumers of the queue.
    pub consumers: u64,
}
