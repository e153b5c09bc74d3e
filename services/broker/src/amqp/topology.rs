//! Exchanges and queues: declaring and deleting for the administrator, asking for everybody.

use lapin::{
    Channel, ExchangeKind,
    options::{
        ExchangeDeclareOptions, ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
    },
    types::{AMQPValue, FieldTable},
};
use tokio::time::timeout;

use super::{ANSWER_LIMIT, Link, answer, fault};
use crate::{Address, BrokerError, Depth, Limits, Queue, Realm, Stage, Topology};

/// The queue of dead letters has no further place to send letters to, so they may come back as often as an operator
/// looks at them. Without a number newer brokers would drop them after 20 looks.
const DEAD_DELIVERY_LIMIT: i64 = 1_000_000;

pub(super) async fn declare(link: &Link, channel: &Channel, topology: &Topology) -> Result<(), BrokerError> {
    let realm = topology.realm;
    exchange(link, channel, &dead_exchange(realm), ExchangeKind::Fanout).await?;
    for (name, kind) in exchanges(realm) {
        exchange(link, channel, name, kind).await?;
    }

    let limits = &topology.limits;
    let dead = Queue::dead(realm);
    queue(link, channel, &dead, dead_arguments(limits)).await?;
    bind(link, channel, &dead, &dead_exchange(realm), "").await?;

    let arguments = |length| work_arguments(link, realm, limits, length);
    for stage in Stage::ALL {
        let name = Queue::stage(realm, stage);
        queue(link, channel, &name, arguments(limits.stage_length)).await?;
        let address = Address::Stage(realm, stage);
        bind(link, channel, &name, address.exchange(), &address.routing_key()).await?;
    }

    let receipts = Queue::receipts(realm);
    queue(link, channel, &receipts, arguments(limits.receipts_length)).await?;
    bind(link, channel, &receipts, receipts_exchange(realm), "receipt.*").await?;

    for society in &topology.societies {
        let name = Queue::notices(realm, society);
        let mut arguments = arguments(limits.notices_length);
        insert(&mut arguments, "x-message-ttl", number(limits.notices_ttl.as_millis()));
        queue(link, channel, &name, arguments).await?;
        let address = Address::Notices(realm, society.clone());
        bind(link, channel, &name, address.exchange(), &address.routing_key()).await?;
    }
    Ok(())
}

pub(super) async fn remove(link: &Link, channel: &Channel, topology: &Topology) -> Result<(), BrokerError> {
    for queue in topology.queues() {
        delete(link, channel, &queue).await?;
    }
    let names = exchanges(topology.realm).map(|(name, _)| name.to_owned());
    for name in names.into_iter().chain([dead_exchange(topology.realm)]) {
        let name = link.physical(&name);
        answer("delete an exchange", channel.exchange_delete(name.into(), ExchangeDeleteOptions::default())).await?;
    }
    Ok(())
}

/// Deleting what does not exist is no error for RabbitMQ.
pub(super) async fn delete(link: &Link, channel: &Channel, queue: &Queue) -> Result<(), BrokerError> {
    let name = link.physical(queue.as_str());
    answer("delete a queue", channel.queue_delete(name.into(), QueueDeleteOptions::default())).await?;
    Ok(())
}

pub(super) async fn check(link: &Link, channel: &Channel, queues: &[Queue]) -> Result<(), BrokerError> {
    for queue in queues {
        ask(link, channel, queue).await?;
    }
    for realm in [Realm::Real, Realm::Drill] {
        if !queues.iter().any(|queue| queue.realm() == realm) {
            continue;
        }
        for (name, kind) in exchanges(realm) {
            let options = ExchangeDeclareOptions { passive: true, ..ExchangeDeclareOptions::default() };
            let physical = link.physical(name).into();
            let question = channel.exchange_declare(physical, kind, options, FieldTable::default());
            match timeout(ANSWER_LIMIT, question).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) if fault::is_not_found(&error) => {
                    return Err(BrokerError::MissingExchange(name.to_owned()));
                }
                Ok(Err(error)) => return Err(fault::translate("look for an exchange", &error)),
                Err(_) => return Err(late("look for an exchange")),
            }
        }
    }
    Ok(())
}

pub(super) async fn depth(link: &Link, channel: &Channel, queue: &Queue) -> Result<Depth, BrokerError> {
    ask(link, channel, queue).await
}

/// A passive declaration: needs no permission to configure, and says how full the queue is.
async fn ask(link: &Link, channel: &Channel, queue: &Queue) -> Result<Depth, BrokerError> {
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let name = link.physical(queue.as_str());
    match timeout(ANSWER_LIMIT, channel.queue_declare(name.into(), options, FieldTable::default())).await {
        Ok(Ok(found)) => {
            let (messages, consumers) = (u64::from(found.message_count()), u64::from(found.consumer_count()));
            Ok(Depth { messages, handed: None, consumers })
        }
        Ok(Err(error)) if fault::is_not_found(&error) => Err(BrokerError::MissingQueue(queue.to_string())),
        Ok(Err(error)) => Err(fault::translate("look for a queue", &error)),
        Err(_) => Err(late("look for a queue")),
    }
}

fn late(doing: &'static str) -> BrokerError {
    BrokerError::Timeout { doing, seconds: ANSWER_LIMIT.as_secs() }
}

// ---- one exchange, one queue, one binding

async fn exchange(link: &Link, channel: &Channel, name: &str, kind: ExchangeKind) -> Result<(), BrokerError> {
    let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    let physical = link.physical(name).into();
    let declared = timeout(ANSWER_LIMIT, channel.exchange_declare(physical, kind, options, FieldTable::default()));
    declared_or(name, declared.await)
}

async fn queue(link: &Link, channel: &Channel, queue: &Queue, arguments: FieldTable) -> Result<(), BrokerError> {
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    let physical = link.physical(queue.as_str()).into();
    let declared = timeout(ANSWER_LIMIT, channel.queue_declare(physical, options, arguments));
    declared_or(queue.as_str(), declared.await)
}

fn declared_or<T>(
    name: &str,
    declared: Result<Result<T, lapin::Error>, tokio::time::error::Elapsed>,
) -> Result<(), BrokerError> {
    match declared {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if fault::is_different(&error) => Err(BrokerError::Differs(name.to_owned())),
        Ok(Err(error)) => Err(fault::translate("declare the topology", &error)),
        Err(_) => Err(late("declare the topology")),
    }
}

async fn bind(link: &Link, channel: &Channel, queue: &Queue, exchange: &str, key: &str) -> Result<(), BrokerError> {
    let (queue, exchange) = (link.physical(queue.as_str()), link.physical(exchange));
    let options = QueueBindOptions::default();
    let bound = channel.queue_bind(queue.into(), exchange.into(), key.into(), options, FieldTable::default());
    answer("bind a queue", bound).await
}

// ---- names and settings

fn exchanges(realm: Realm) -> [(&'static str, ExchangeKind); 3] {
    let stages = Address::Stage(realm, Stage::Plan).exchange();
    let notices = Address::Notices(realm, String::new()).exchange();
    [(stages, ExchangeKind::Direct), (notices, ExchangeKind::Topic), (receipts_exchange(realm), ExchangeKind::Topic)]
}

fn receipts_exchange(realm: Realm) -> &'static str {
    Address::Receipts(realm, String::new()).exchange()
}

fn dead_exchange(realm: Realm) -> String {
    format!("{}.dead", realm.prefix())
}

/// Quorum: on disk, replicated where there is a cluster, and measured faster than classic queues on one node too. Full
/// queues refuse; dead letters are kept until their queue has confirmed them.
fn work_arguments(link: &Link, realm: Realm, limits: &Limits, length: u32) -> FieldTable {
    let mut arguments = FieldTable::default();
    insert(&mut arguments, "x-queue-type", text("quorum"));
    insert(&mut arguments, "x-max-length", number(length));
    insert(&mut arguments, "x-overflow", text("reject-publish"));
    insert(&mut arguments, "x-delivery-limit", number(limits.delivery_limit));
    insert(&mut arguments, "x-dead-letter-exchange", text(&link.physical(&dead_exchange(realm))));
    insert(&mut arguments, "x-dead-letter-strategy", text("at-least-once"));
    arguments
}

fn dead_arguments(limits: &Limits) -> FieldTable {
    let mut arguments = FieldTable::default();
    insert(&mut arguments, "x-queue-type", text("quorum"));
    insert(&mut arguments, "x-max-length", number(limits.dead_length));
    insert(&mut arguments, "x-overflow", text("reject-publish"));
    insert(&mut arguments, "x-delivery-limit", number(DEAD_DELIVERY_LIMIT));
    arguments
}

fn insert(arguments: &mut FieldTable, key: &str, value: AMQPValue) {
    arguments.insert(key.into(), value);
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

fn number(value: impl TryInto<i64>) -> AMQPValue {
    AMQPValue::LongLongInt(value.try_into().unwrap_or(i64::MAX))
}
