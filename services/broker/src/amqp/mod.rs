//! The adapter for RabbitMQ (lapin).
//!
//! - [`publish`]: batches with confirms. The client hands a returned message to any of the waiting confirms, so the
//!   returned ids are collected over the whole batch and never paired with a publish.
//! - [`consume`]: receiving, with one acknowledgement for many messages.
//! - [`topology`]: declaring, checking, deleting.
//! - [`fault`]: the client's errors in our words.
//!
//! Publishing and consuming use connections of their own, because the broker's alarms block a connection that
//! publishes, and acknowledgements must go on. The client's automatic recovery stays off: it leaves confirms hanging
//! while it lasts. A hung broker is noticed by a short heartbeat and by the time limit of confirms.

mod consume;
mod fault;
mod publish;
mod topology;

use std::time::Duration;

use async_trait::async_trait;
use lapin::{Channel, Connection, ConnectionProperties, uri::AMQPUri};
use tokio::{sync::OnceCell, time::timeout};

use crate::{Broker, BrokerError, Consumer, Depth, Outgoing, Published, Queue, Topology};
use publish::Publisher;

/// Seconds between heartbeats: a hung broker is noticed after twice that, instead of 100 s and more with the default.
const HEARTBEAT_SECONDS: u16 = 5;
/// For TCP, TLS and the AMQP handshake together.
const CONNECT_LIMIT: Duration = Duration::from_secs(15);
/// For one question to the broker. Declaring a quorum queue elects a leader, which takes a loaded machine a while.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);

/// Settings of a connection to RabbitMQ.
#[derive(Clone, Debug)]
pub struct AmqpOptions {
    /// Put before the name of every exchange and queue, so that several systems can share a virtual host. Tests use
    /// one each. Empty in production.
    pub namespace: String,
    /// How the broker's connection list calls us.
    pub name: String,
    /// Batches that may be published at the same time; further ones wait.
    pub lanes: usize,
}

impl Default for AmqpOptions {
    fn default() -> Self {
        AmqpOptions { namespace: String::new(), name: "tidings".to_owned(), lanes: 2 }
    }
}

/// Connects to RabbitMQ. TLS with `amqps://`.
pub async fn amqp(url: &str, options: AmqpOptions) -> Result<Amqp, BrokerError> {
    let mut uri: AMQPUri = url.parse().map_err(|reason| BrokerError::Url(without_secrets(url, reason)))?;
    uri.query.heartbeat.get_or_insert(HEARTBEAT_SECONDS);
    let link = Link { uri, options };
    let connection = link.connect("publish").await?;
    let publisher = Publisher::new(connection, link.options.lanes);
    Ok(Amqp { link, publisher, consuming: OnceCell::new() })
}

/// A parser's message may quote the URL, and the URL holds a password.
fn without_secrets(url: &str, reason: String) -> String {
    if reason.contains(url) { "cannot be parsed".to_owned() } else { reason }
}

/// RabbitMQ as a [`Broker`].
pub struct Amqp {
    link: Link,
    publisher: Publisher,
    /// Opened by the first consumer.
    consuming: OnceCell<Connection>,
}

/// Where and how to connect, and how names look there.
struct Link {
    uri: AMQPUri,
    options: AmqpOptions,
}

impl Link {
    async fn connect(&self, purpose: &str) -> Result<Connection, BrokerError> {
        let refused = |reason: String| BrokerError::Connect {
            host: self.uri.authority.host.clone(),
            port: self.uri.authority.port,
            reason,
        };
        let name = format!("{} {purpose}", self.options.name);
        let properties = ConnectionProperties::default().with_connection_name(name.as_str().into());
        match timeout(CONNECT_LIMIT, Connection::connect_uri(self.uri.clone(), properties)).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(refused(error.to_string())),
            Err(_) => Err(refused(format!("no answer within {} s", CONNECT_LIMIT.as_secs()))),
        }
    }

    /// A logical name as the broker knows it.
    fn physical(&self, name: &str) -> String {
        format!("{}{name}", self.options.namespace)
    }

    /// The broker user, which receipts state.
    fn user(&self) -> &str {
        &self.uri.authority.userinfo.username
    }
}

/// Waits for an answer, but not for ever.
async fn answer<T>(
    doing: &'static str,
    future: impl Future<Output = Result<T, lapin::Error>>,
) -> Result<T, BrokerError> {
    match timeout(ANSWER_LIMIT, future).await {
        Ok(result) => result.map_err(|error| fault::translate(doing, &error)),
        Err(_) => Err(BrokerError::Timeout { doing, seconds: ANSWER_LIMIT.as_secs() }),
    }
}

impl Amqp {
    /// A channel for one administrative question: an error closes it, and it must not take a publisher with it.
    async fn desk(&self) -> Result<Channel, BrokerError> {
        answer("open a channel", self.publisher.connection().create_channel()).await
    }
}

#[async_trait]
impl Broker for Amqp {
    async fn declare(&self, topology: &Topology) -> Result<(), BrokerError> {
        topology.check_names()?;
        topology::declare(&self.link, &self.desk().await?, topology).await
    }

    async fn remove(&self, topology: &Topology) -> Result<(), BrokerError> {
        topology::remove(&self.link, &self.desk().await?, topology).await
    }

    async fn delete_queue(&self, queue: &Queue) -> Result<(), BrokerError> {
        topology::delete(&self.link, &self.desk().await?, queue).await
    }

    async fn check(&self, queues: &[Queue]) -> Result<(), BrokerError> {
        topology::check(&self.link, &self.desk().await?, queues).await
    }

    async fn publish(&self, batch: Vec<Outgoing>) -> Result<Published, BrokerError> {
        self.publisher.publish(&self.link, batch).await
    }

    async fn consume(&self, queue: &Queue, prefetch: u16) -> Result<Box<dyn Consumer>, BrokerError> {
        let connection = self.consuming.get_or_try_init(|| self.link.connect("consume")).await?;
        Ok(Box::new(consume::AmqpConsumer::start(&self.link, connection, queue, prefetch).await?))
    }

    async fn depth(&self, queue: &Queue) -> Result<Depth, BrokerError> {
        topology::depth(&self.link, &self.desk().await?, queue).await
    }
}
