//! Runs one test body against both adapters.

#![allow(dead_code, reason = "every test program uses its part")]

use std::time::Duration;

use broker::{AmqpOptions, Broker, Limits, LocalOptions, Realm, Topology, amqp, local};

/// The URL of a RabbitMQ for tests, or a word on standard error that a test is left out.
pub(crate) fn amqp_url(test: &str) -> Option<String> {
    let url = std::env::var("AMQP_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        let required = std::env::var("TIDINGS_REQUIRE_SERVERS").is_ok_and(|value| value == "1");
        assert!(!required, "{test} needs AMQP_URL, and TIDINGS_REQUIRE_SERVERS=1 forbids leaving it out");
        eprintln!("skipped: {test} needs AMQP_URL (tests/run provides it)");
    }
    url
}

/// A namespace nobody else uses.
pub(crate) fn namespace() -> String {
    format!("test-{}.", uuid::Uuid::new_v4().simple())
}

pub(crate) async fn on_local(body: impl AsyncFnOnce(&dyn Broker)) {
    body(&local(LocalOptions::default()).as_user("gateway-test")).await;
}

pub(crate) async fn on_amqp(test: &str, body: impl AsyncFnOnce(&dyn Broker)) {
    let Some(url) = amqp_url(test) else { return };
    let options = AmqpOptions { namespace: namespace(), name: test.to_owned(), ..AmqpOptions::default() };
    let broker = amqp(&url, options.clone()).await.expect("RabbitMQ at AMQP_URL");
    let outcome = tokio::time::timeout(Duration::from_secs(300), body(&broker)).await;
    let broker = amqp(&url, options).await.expect("RabbitMQ at AMQP_URL");
    for realm in [Realm::Real, Realm::Drill] {
        let topology = Topology::new(realm, ["NRC", "SRC", "ARC"]).with_limits(Limits::default());
        broker.remove(&topology).await.expect("removing what the test made");
    }
    outcome.expect("the test to end in time");
}

/// Repeats until true, for what a broker does a moment later.
pub(crate) async fn eventually(condition: impl AsyncFn() -> bool) {
    for _ in 0..100 {
        if condition().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never came true");
}

/// Two tests for each function: `local::name` and `rabbitmq::name`.
#[macro_export]
macro_rules! conformance {
    ($(async fn $name:ident($broker:ident) $body:block)*) => {
        mod local {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                support::on_local(async |$broker: &dyn Broker| $body).await;
            })*
        }
        mod rabbitmq {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                support::on_amqp(stringify!($name), async |$broker: &dyn Broker| $body).await;
            })*
        }
    };
}
