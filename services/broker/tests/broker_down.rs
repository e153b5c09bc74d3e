//! What happens when the broker itself raises its alarm or dies. Each test starts a RabbitMQ of its own through
//! `tests/services`, so nobody else's is touched; they run where `TIDINGS_REQUIRE_SERVERS=1` (as under `tests/run`).

mod support;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use broker::{
    Address, Amqp, AmqpOptions, Broker, BrokerError, ContentType, Outgoing, Queue, Realm, Stage, Topology, amqp,
};
use uuid::Uuid;

/// A RabbitMQ that only this test uses; gone when dropped.
struct Private {
    folder: PathBuf,
    url: String,
}

impl Private {
    fn start(test: &str) -> Option<Self> {
        if !std::env::var("TIDINGS_REQUIRE_SERVERS").is_ok_and(|value| value == "1") {
            eprintln!("skipped: {test} starts a RabbitMQ of its own, which only tests/run asks for");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("tidings-{test}-{}", Uuid::new_v4().simple()));
        let mut private = Private { folder, url: String::new() };
        private.services(&["up"]);
        let env = std::fs::read_to_string(private.folder.join("env.sh")).expect("env.sh of the private broker");
        let url = env.lines().find_map(|line| line.strip_prefix("export AMQP_URL='")).expect("an AMQP_URL in env.sh");
        private.url = url.trim_end_matches('\'').to_owned();
        Some(private)
    }

    fn services(&self, arguments: &[&str]) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/services");
        let (command, rest) = arguments.split_first().expect("a command");
        let status = Command::new(script)
            .args([command, "--dir"])
            .arg(&self.folder)
            .args(rest)
            .env_remove("AMQP_URL")
            .env("DATABASE_URL", "none wanted")
            .status()
            .expect("tests/services");
        assert!(status.success() || *command == "down", "tests/services {arguments:?}");
    }

    fn kill(&self) {
        let data = std::fs::read_to_string(self.folder.join("data")).expect("the data folder");
        let pid = std::fs::read_to_string(Path::new(data.trim()).join("mq/pid")).expect("the broker's pid");
        let killed = Command::new("kill").args(["-KILL", pid.trim()]).status().expect("kill");
        assert!(killed.success());
    }

    async fn connect(&self) -> Amqp {
        amqp(&self.url, AmqpOptions::default()).await.expect("the private broker")
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.services(&["down"]);
    }
}

fn doorbells(count: usize) -> Vec<Outgoing> {
    let to = Address::Stage(Realm::Drill, Stage::Plan);
    let one = || Outgoing {
        to: to.clone(),
        message_id: Uuid::new_v4(),
        content_type: ContentType::Doorbell,
        body: vec![b'x'; 500],
    };
    std::iter::repeat_with(one).take(count).collect()
}

fn queue() -> Queue {
    Queue::stage(Realm::Drill, Stage::Plan)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alarm_delays_publishing_and_nothing_else() {
    let Some(private) = Private::start("alarm") else {
        return;
    };
    let broker = private.connect().await;
    broker.declare(&Topology::new(Realm::Drill, ["NRC"])).await.unwrap();
    assert!(broker.publish(doorbells(100)).await.unwrap().is_complete());
    let mut consumer = broker.consume(&queue(), 1000).await.unwrap();

    private.services(&["ctl", "set_vm_memory_high_watermark", "0.00001"]);
    let began = Instant::now();
    let batch = doorbells(500);
    let waiting = broker.publish(batch.clone());
    let meanwhile = async {
        // Longer than the time limit of confirms: a broker that says why it is silent is not taken for dead.
        tokio::time::sleep(Duration::from_secs(8)).await;
        let refused = broker.publish(doorbells(1)).await.unwrap_err();
        assert_eq!(refused, BrokerError::Blocked);
        assert!(refused.is_temporary());
        // Receiving and acknowledging go on, on their own connection.
        let got = consumer.next_batch(100, Duration::from_secs(5)).await.unwrap();
        assert!(!got.is_empty());
        consumer.ack(&got.iter().map(|message| message.tag).collect::<Vec<_>>()).await.unwrap();
        private.services(&["ctl", "set_vm_memory_high_watermark", "0.4"]);
        Instant::now()
    };
    let (published, cleared) = tokio::join!(waiting, meanwhile);
    let published = published.unwrap();
    assert_eq!(published.confirmed.len(), batch.len(), "{published:?}");
    assert!(began.elapsed() > Duration::from_secs(8), "the alarm did not bite");
    assert!(cleared.elapsed() < Duration::from_secs(10), "it took {:?} to go on", cleared.elapsed());
    assert!(broker.publish(doorbells(100)).await.unwrap().is_complete());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_confirmed_is_lost_when_the_broker_is_killed() {
    let Some(private) = Private::start("kill") else {
        return;
    };
    private.connect().await.declare(&Topology::new(Realm::Drill, ["NRC"])).await.unwrap();
    let mut confirmed = HashSet::new();
    for round in 1..=2 {
        let broker = private.connect().await;
        let killer = async {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            private.kill();
        };
        let publishing = async {
            loop {
                match broker.publish(doorbells(500)).await {
                    Ok(published) => {
                        confirmed.extend(published.confirmed.iter().copied());
                        if !published.is_complete() {
                            break;
                        }
                    }
                    Err(error) => break assert!(!error.is_temporary(), "{error}"),
                }
            }
        };
        tokio::join!(publishing, killer);
        assert!(!confirmed.is_empty(), "round {round}: killed too early to prove anything");
        private.services(&["up"]);
    }

    let broker = private.connect().await;
    support::eventually(async || broker.check(&[queue()]).await.is_ok()).await;
    let mut consumer = broker.consume(&queue(), 1000).await.unwrap();
    let mut received = HashSet::new();
    loop {
        let got = consumer.next_batch(1000, Duration::from_secs(3)).await.unwrap();
        if got.is_empty() {
            break;
        }
        received.extend(got.iter().filter_map(|message| message.message_id));
        consumer.ack(&got.iter().map(|message| message.tag).collect::<Vec<_>>()).await.unwrap();
    }
    let lost = confirmed.difference(&received).count();
    assert_eq!(lost, 0, "of {} confirmed", confirmed.len());
}
