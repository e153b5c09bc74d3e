//! What a provisioned gateway may do at a real RabbitMQ: its own queue, its own receipts, and nothing else.

mod support;

use std::time::Duration;

use broker::management::{Account, ManagementError, apply, login, vhost as management_vhost};
use broker::{Address, AmqpOptions, Broker, ContentType, Outgoing, Queue, Realm, Topology, amqp};
use lapin::options::{
    BasicConsumeOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, ExchangeBindOptions,
    ExchangeDeclareOptions, ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
    QueuePurgeOptions,
};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, ExchangeKind};
use uuid::Uuid;

const PASSWORD: &str = "a password of a test";

/// Users belong to the whole broker, not to a namespace: one test at a time.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A broker with two Societies in both realms, of which KE has an account.
struct Stage {
    namespace: String,
    admin: broker::Amqp,
    management: String,
    account: Account,
    gateway: Connection,
    url: String,
    _alone: tokio::sync::MutexGuard<'static, ()>,
}

fn topologies() -> [Topology; 2] {
    [Realm::Real, Realm::Drill].map(|realm| Topology::new(realm, ["KE", "NE"]))
}

impl Stage {
    async fn set(test: &str) -> Option<Self> {
        let url = support::amqp_url(test)?;
        let alone = ALONE.lock().await;
        let management = std::env::var("AMQP_MANAGEMENT_URL").expect("AMQP_MANAGEMENT_URL beside AMQP_URL");
        let namespace = support::namespace();
        let options = AmqpOptions { namespace: namespace.clone(), ..AmqpOptions::default() };
        let admin = amqp(&url, options).await.expect("RabbitMQ");
        for topology in topologies() {
            admin.declare(&topology).await.expect("declared");
        }
        let vhost = management_vhost(&url).expect("a URL");
        let account = Account::new(Realm::Real, "KE", &vhost, &namespace).expect("a code");
        apply(&management, &account.steps(PASSWORD)).await.expect("provisioned");
        let url = login(&url, &account, PASSWORD).expect("a URL");
        let gateway = Connection::connect(&url, ConnectionProperties::default()).await.expect("logged in");
        Some(Self { namespace, admin, management, account, gateway, url, _alone: alone })
    }

    async fn clear(self) {
        apply(&self.management, &self.account.removal()).await.expect("removed");
        for topology in topologies() {
            self.admin.remove(&topology).await.expect("removed");
        }
    }

    fn name(&self, name: &str) -> lapin::types::ShortString {
        format!("{}{name}", self.namespace).into()
    }

    async fn channel(&self) -> Channel {
        self.gateway.create_channel().await.expect("a channel")
    }

    /// Publishes as the gateway; whether the broker took it into a queue.
    async fn publish(&self, exchange: &str, key: &str, user: Option<&str>) -> bool {
        let channel = self.channel().await;
        channel.confirm_select(ConfirmSelectOptions::default()).await.expect("confirms");
        let mut properties = BasicProperties::default().with_message_id("x".into());
        if let Some(user) = user {
            properties = properties.with_user_id(user.into());
        }
        let exchange = if exchange.is_empty() { "".into() } else { self.name(exchange) };
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let Ok(confirm) = channel.basic_publish(exchange, key.into(), options, b"x", properties).await else {
            return false;
        };
        confirm.await.is_ok_and(|confirmation| confirmation.is_ack() && confirmation.take_message().is_none())
    }
}

/// The broker's own words for a missing right.
fn refused<T>(what: &str, result: Result<T, lapin::Error>) {
    match result {
        Ok(_) => panic!("{what}: allowed"),
        Err(error) => assert!(error.to_string().contains("ACCESS_REFUSED"), "{what}: {error}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_reads_its_queue_writes_its_receipts_and_can_do_nothing_else() {
    let Some(stage) = Stage::set("a_gateway_reads_its_queue_writes_its_receipts_and_can_do_nothing_else").await else {
        return;
    };
    let user = stage.account.user();
    // What it is for.
    let get = |name: &str| (stage.name(name), BasicGetOptions::default());
    let (own, options) = get("tidings.notices.KE");
    assert!(stage.channel().await.basic_get(own.clone(), options).await.is_ok(), "its own queue");
    assert!(stage.publish("tidings.receipts", "receipt.KE", Some(&user)).await, "its own receipts");

    // Nobody else's queue.
    for other in ["tidings.notices.NE", "drill.notices.KE", "tidings.receipts", "tidings.dead", "tidings.stage.plan"] {
        let (name, options) = get(other);
        refused(other, stage.channel().await.basic_get(name.clone(), options).await);
        let consume = BasicConsumeOptions::default();
        refused(
            other,
            stage.channel().await.basic_consume(name.clone(), "".into(), consume, FieldTable::default()).await,
        );
        refused(other, stage.channel().await.queue_purge(name, QueuePurgeOptions::default()).await);
    }

    // No notice, no doorbell, no other Society's receipt, no other realm, no way round by the default exchange.
    let queue = stage.name("tidings.notices.NE").to_string();
    for (exchange, key) in [
        ("tidings.notices", "notice.KE"),
        ("tidings.notices", "notice.NE"),
        ("tidings.stages", "plan"),
        ("tidings.receipts", "receipt.NE"),
        ("tidings.receipts", "receipt.KE.x"),
        ("tidings.receipts", "receipt.*"),
        ("tidings.dead", ""),
        ("drill.receipts", "receipt.KE"),
        ("", queue.as_str()),
    ] {
        assert!(!stage.publish(exchange, key, None).await, "published to {exchange} {key}");
    }
    // No forged user, and no other name than its own.
    for forged in ["gateway-NE", "tidings", "guest"] {
        assert!(!stage.publish("tidings.receipts", "receipt.KE", Some(forged)).await, "forged {forged}");
    }
    stage.clear().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_declares_binds_and_deletes_nothing() {
    let Some(stage) = Stage::set("a_gateway_declares_binds_and_deletes_nothing").await else { return };
    let none = FieldTable::default;
    let declare = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    for name in ["mine", "tidings.notices.KE", "tidings.notices.XX"] {
        refused(name, stage.channel().await.queue_declare(stage.name(name), declare, none()).await);
    }
    // A queue that the server names, which would be its own.
    refused(
        "server-named",
        stage.channel().await.queue_declare("".into(), QueueDeclareOptions::default(), none()).await,
    );
    let topic = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    for name in ["mine", "tidings.receipts"] {
        refused(
            name,
            stage.channel().await.exchange_declare(stage.name(name), ExchangeKind::Topic, topic, none()).await,
        );
    }
    for queue in ["tidings.notices.KE", "tidings.notices.NE"] {
        for exchange in ["tidings.notices", "tidings.receipts"] {
            let (queue, exchange) = (stage.name(queue), stage.name(exchange));
            let channel = stage.channel().await;
            let bound =
                channel.queue_bind(queue.clone(), exchange.clone(), "#".into(), QueueBindOptions::default(), none());
            refused("bind", bound.await);
            let channel = stage.channel().await;
            refused("unbind", channel.queue_unbind(queue, exchange, "notice.KE".into(), none()).await);
        }
        refused(queue, stage.channel().await.queue_delete(stage.name(queue), QueueDeleteOptions::default()).await);
    }
    let (to, from) = (stage.name("tidings.receipts"), stage.name("tidings.notices"));
    let channel = stage.channel().await;
    refused(
        "bind exchanges",
        channel.exchange_bind(to, from, "#".into(), ExchangeBindOptions::default(), none()).await,
    );
    let receipts = stage.name("tidings.receipts");
    refused("delete", stage.channel().await.exchange_delete(receipts, ExchangeDeleteOptions::default()).await);
    stage.clear().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_adapter_works_with_these_rights_and_the_account_ends_with_its_connections() {
    let test = "the_adapter_works_with_these_rights_and_the_account_ends_with_its_connections";
    let Some(stage) = Stage::set(test).await else { return };
    let options = AmqpOptions { namespace: stage.namespace.clone(), ..AmqpOptions::default() };
    let gateway = amqp(&stage.url, options.clone()).await.expect("logged in");
    let message =
        |to| Outgoing { to, message_id: Uuid::new_v4(), content_type: ContentType::Jose, body: b"x".to_vec() };
    let notice = message(Address::Notices(Realm::Real, "KE".into()));
    assert!(stage.admin.publish(vec![notice.clone()]).await.expect("published").is_complete());
    let mut consumer = gateway.consume(&Queue::notices(Realm::Real, "KE"), 10).await.expect("consumes");
    let got = consumer.next_batch(10, Duration::from_secs(20)).await.expect("a message");
    assert_eq!(got.iter().filter_map(|m| m.message_id).collect::<Vec<_>>(), [notice.message_id]);
    consumer.ack(&[got[0].tag]).await.expect("acknowledged");
    let receipt = message(Address::Receipts(Realm::Real, "KE".into()));
    assert!(gateway.publish(vec![receipt]).await.expect("published").is_complete());
    let mut record = stage.admin.consume(&Queue::receipts(Realm::Real), 10).await.expect("consumes");
    let got = record.next_batch(10, Duration::from_secs(20)).await.expect("a receipt");
    assert_eq!(got[0].user_id.as_deref(), Some(stage.account.user().as_str()));
    assert_eq!(got[0].routing_key, "receipt.KE");

    // Made again with another password: the old one is worth nothing, the rights are the same.
    apply(&stage.management, &stage.account.steps("another")).await.expect("provisioned again");
    assert!(amqp(&stage.url, options).await.is_err(), "the old password");
    let url = stage.url.clone();
    stage.clear().await;
    let ended = consumer.next_batch(1, Duration::from_secs(30)).await;
    assert!(ended.is_err(), "the account is gone and its connection goes on");
    assert!(amqp(&url, AmqpOptions::default()).await.is_err());
}

#[tokio::test]
async fn a_password_does_not_travel_in_clear_and_no_error_repeats_the_url() {
    let account = Account::new(Realm::Real, "KE", "/", "").expect("a code");
    let far = apply("http://admin:hunter2@broker.example.org:15672", &account.steps("x")).await;
    assert!(matches!(far, Err(ManagementError::Clear)));
    for url in ["http://127.0.0.1:1", "nonsense hunter2", "http://admin:hunter2@127.0.0.1:1"] {
        let error = apply(url, &account.steps("x")).await.expect_err("nobody there").to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
