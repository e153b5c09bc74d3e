//! The queues between stages and gateways: RabbitMQ and its in-process twin behind one trait.
//!
//! The broker hands out work; it is never the record. Whoever uses it assumes that a message can come twice, late, out
//! of order, or be lost after it was confirmed (a gateway may purge its own queue), and repairs that from the store.
//!
//! - [`names`]: what exists. A [`Realm`] (`tidings` or `drill`) has one exchange for doorbells, one for sealed notices,
//!   one for receipts and one for dead letters; a [`Topology`] says which queues hang there and how long they may grow.
//! - [`message`]: what travels. [`Outgoing`] to an [`Address`], [`Incoming`] from a [`Queue`]; [`Published`] tells the
//!   fate of every message of a batch.
//! - [`amqp()`]: the adapter for RabbitMQ. Crash-only: it never reconnects. Any error but [`BrokerError::Blocked`] means
//!   that the process should end and be started again.
//! - [`management`]: the account of a gateway at RabbitMQ, and how it is set up.
//! - [`tls`] and [`percent`]: what a client of any network needs, for [`management`] and for gateways.
//! - [`local()`]: the twin for the embedded setting, with the same limits, refusals, redelivery and dead letters.
//!
//! One conformance suite (`tests/conformance.rs`) runs against both: where they differ there is a bug.

pub mod amqp;
pub mod error;
pub mod local;
pub mod management;
pub mod message;
pub mod names;
pub mod percent;
pub mod tls;

use std::time::Duration;

use async_trait::async_trait;

pub use amqp::{Amqp, AmqpOptions, amqp};
pub use error::BrokerError;
pub use local::{Local, LocalOptions, local};
pub use message::{ContentType, Death, DeathReason, Depth, Incoming, Outgoing, Published};
pub use names::{Address, Limits, Queue, Realm, Stage, Topology};

/// Largest body that is published. Sealed notices are padded to a few KiB and doorbells hold at most 500 ids; what is
/// larger is a mistake, and would sit in the memory of the broker and of every consumer.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// Filter directives for `tracing`: the AMQP client logs the whole body of a returned message at WARN, and frames at
/// TRACE. Telemetry appends these to whatever an operator asks for.
pub const LOG_DIRECTIVES: [&str; 2] = ["lapin=info", "lapin::returned_messages=off"];

/// Hands out work. Safe to share between tasks.
#[async_trait]
pub trait Broker: Send + Sync {
    /// Creates the exchanges and queues of a topology. An admin step: workers have no right to do it. Repeating it
    /// changes nothing; a queue that exists with other settings is an error.
    async fn declare(&self, topology: &Topology) -> Result<(), BrokerError>;

    /// Deletes the exchanges and queues of a topology, with what is in them. What does not exist is fine.
    async fn remove(&self, topology: &Topology) -> Result<(), BrokerError>;

    /// Deletes one queue with what is in it: its consumers end with an error. What does not exist is fine.
    async fn delete_queue(&self, queue: &Queue) -> Result<(), BrokerError>;

    /// Errors with the name of the first queue that does not exist. Creates nothing.
    async fn check(&self, queues: &[Queue]) -> Result<(), BrokerError>;

    /// Publishes a batch (500 to 1,000 is a good size), persistent and mandatory, and waits for the broker's word on
    /// every message. `Err` means that nothing is known about any of them; see [`Published`] for what `Ok` says.
    async fn publish(&self, batch: Vec<Outgoing>) -> Result<Published, BrokerError>;

    /// Starts to consume a queue with at most `prefetch` messages not yet settled.
    async fn consume(&self, queue: &Queue, prefetch: u16) -> Result<Box<dyn Consumer>, BrokerError>;

    /// How many messages wait in a queue and how many consumers it has.
    async fn depth(&self, queue: &Queue) -> Result<Depth, BrokerError>;
}

/// Receives from one queue. Dropping it returns what it has not settled to the queue.
#[async_trait]
pub trait Consumer: Send {
    /// Waits up to `wait` for a first message, then gathers what is at hand, at most `max`. Empty after a time-out.
    /// An error means that the stream has ended for good: the process should end.
    async fn next_batch(&mut self, max: usize, wait: Duration) -> Result<Vec<Incoming>, BrokerError>;

    /// The work of these messages is recorded: forget them.
    async fn ack(&mut self, tags: &[u64]) -> Result<(), BrokerError>;

    /// Back to the queue, to be delivered again; after the queue's delivery limit they become dead letters.
    async fn requeue(&mut self, tags: &[u64]) -> Result<(), BrokerError>;

    /// These can never be worked on: to the dead letters of the realm.
    async fn dead_letter(&mut self, tags: &[u64]) -> Result<(), BrokerError>;
}
