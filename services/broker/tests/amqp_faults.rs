//! What only a real connection can do: hang, break, refuse, block.

mod support;

use std::time::{Duration, Instant};

use broker::{
    Address, AmqpOptions, Broker, BrokerError, ContentType, LOG_DIRECTIVES, Outgoing, Queue, Realm, Stage, Topology,
    amqp,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use uuid::Uuid;

fn doorbell() -> Outgoing {
    let to = Address::Stage(Realm::Drill, Stage::Plan);
    Outgoing { to, message_id: Uuid::new_v4(), content_type: ContentType::Doorbell, body: b"{}".to_vec() }
}

/// What the wire between us and the broker does.
#[derive(Clone, Copy, PartialEq)]
enum Wire {
    Open,
    /// Swallows everything, both ways, without closing.
    BlackHole,
    /// Closes.
    Cut,
}

/// A proxy in front of the broker; returns the URL through it and its switch.
async fn proxy(url: &str) -> (String, watch::Sender<Wire>) {
    let (head, rest) = url.split_once('@').expect("AMQP_URL with a user");
    let (target, path) = rest.split_once('/').map_or((rest, String::new()), |(t, p)| (t, format!("/{p}")));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let through = format!("{head}@{}{path}", listener.local_addr().expect("a bound socket"));
    let (switch, wire) = watch::channel(Wire::Open);
    let target = target.to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(&target).await else {
                break;
            };
            let (client_in, client_out) = client.into_split();
            let (server_in, server_out) = server.into_split();
            tokio::spawn(pump(client_in, server_out, wire.clone()));
            tokio::spawn(pump(server_in, client_out, wire.clone()));
        }
    });
    (through, switch)
}

async fn pump(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut wire: watch::Receiver<Wire>,
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        tokio::select! {
            read = from.read(&mut buffer) => {
                let Ok(count @ 1..) = read else { return };
                let state = *wire.borrow();
                if state == Wire::Open && to.write_all(&buffer[..count]).await.is_err() || state == Wire::Cut {
                    return;
                }
            }
            changed = wire.changed() => {
                if changed.is_err() || *wire.borrow() == Wire::Cut {
                    return;
                }
            }
        }
    }
}

async fn with_topology(test: &str, body: impl AsyncFnOnce(String, AmqpOptions)) {
    let Some(url) = support::amqp_url(test) else {
        return;
    };
    let options = AmqpOptions { namespace: support::namespace(), name: test.to_owned(), ..AmqpOptions::default() };
    let topology = Topology::new(Realm::Drill, ["NRC"]);
    let admin = amqp(&url, options.clone()).await.expect("RabbitMQ at AMQP_URL");
    admin.declare(&topology).await.expect("declaring the topology");
    tokio::time::timeout(Duration::from_secs(120), body(url, options)).await.expect("the test to end in time");
    admin.remove(&topology).await.expect("removing what the test made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hung_broker_is_noticed_by_publisher_and_consumer() {
    with_topology("a_hung_broker_is_noticed", async |url, options| {
        let (through, wire) = proxy(&url).await;
        let broker = amqp(&through, options).await.unwrap();
        let mut consumer = broker.consume(&Queue::stage(Realm::Drill, Stage::Plan), 10).await.unwrap();
        assert!(broker.publish(vec![doorbell()]).await.unwrap().is_complete());
        consumer.next_batch(10, Duration::from_secs(10)).await.unwrap();

        wire.send(Wire::BlackHole).unwrap();
        let began = Instant::now();
        let (published, consumed) =
            tokio::join!(broker.publish(vec![doorbell()]), consumer.next_batch(10, Duration::from_secs(60)));
        // Nothing of the batch is known, so it is an error and not a list.
        assert!(matches!(published, Err(BrokerError::Timeout { .. } | BrokerError::Failed { .. })), "{published:?}");
        assert!(consumed.is_err(), "{consumed:?}");
        assert!(began.elapsed() < Duration::from_secs(20), "noticed after {:?}", began.elapsed());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_connection_ends_everything_and_loses_nothing_confirmed() {
    with_topology("a_cut_connection", async |url, options| {
        let (through, wire) = proxy(&url).await;
        let broker = amqp(&through, options.clone()).await.unwrap();
        let queue = Queue::stage(Realm::Drill, Stage::Plan);
        let mut consumer = broker.consume(&queue, 10).await.unwrap();
        let mut confirmed = Vec::new();
        let cut = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            wire.send(Wire::Cut).unwrap();
        };
        let publishing = async {
            loop {
                match broker.publish((0..200).map(|_| doorbell()).collect()).await {
                    Ok(published) => {
                        confirmed.extend_from_slice(&published.confirmed);
                        if !published.is_complete() {
                            break;
                        }
                    }
                    Err(error) => break assert!(!error.is_temporary(), "{error}"),
                }
            }
        };
        tokio::join!(publishing, cut);
        assert!(!confirmed.is_empty(), "the fault came too early to prove anything");
        let ended =
            async { while consumer.next_batch(10, Duration::from_secs(30)).await.is_ok_and(|b| !b.is_empty()) {} };
        tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the consumer ends");
        assert!(broker.publish(vec![doorbell()]).await.is_err(), "no silent reconnection");
        assert!(broker.consume(&queue, 1).await.is_err());

        let again = amqp(&url, options).await.unwrap();
        let mut consumer = again.consume(&queue, 1000).await.unwrap();
        let mut received = std::collections::HashSet::new();
        loop {
            let got = consumer.next_batch(1000, Duration::from_secs(2)).await.unwrap();
            if got.is_empty() {
                break;
            }
            received.extend(got.iter().filter_map(|message| message.message_id));
            consumer.ack(&got.iter().map(|message| message.tag).collect::<Vec<_>>()).await.unwrap();
        }
        let lost = confirmed.iter().filter(|id| !received.contains(id)).count();
        assert_eq!(lost, 0, "of {} confirmed", confirmed.len());
    })
    .await;
}

#[tokio::test]
async fn errors_of_connecting_say_where_and_never_the_password() {
    for (url, expected) in [
        ("amqp://someone:hunter2@127.0.0.1:9/%2f", "127.0.0.1:9"),
        ("http://someone:hunter2@127.0.0.1/", "AMQP_URL"),
        ("amqp someone hunter2", "AMQP_URL"),
    ] {
        let error = amqp(url, AmqpOptions::default()).await.map(|_| ()).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_a_missing_host_are_told_apart() {
    let Some(url) = support::amqp_url("a_wrong_password") else {
        return;
    };
    let (_, rest) = url.split_once('@').expect("AMQP_URL with a user");
    let error = amqp(&format!("amqp://nobody:hunter2@{rest}"), AmqpOptions::default()).await.map(|_| ()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("ACCESS_REFUSED") || text.contains("access"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn the_client_is_kept_from_logging_bodies() {
    // The client writes the body of every returned message at WARN to this target.
    assert!(LOG_DIRECTIVES.contains(&"lapin::returned_messages=off"));
    assert!(LOG_DIRECTIVES.contains(&"lapin=info"));
}
