//! How many messages a second a broker takes and gives: `cargo run --release -p broker --example throughput`.
//!
//! Publishes N messages in batches, then consumes them with one acknowledgement per batch, then does both at the same
//! time; on the in-process twin, and on RabbitMQ when `AMQP_URL` is set. Arguments: messages (50000), bytes (1024),
//! batch (1000). CPU is this process's own; RabbitMQ's comes on top.

use std::time::{Duration, Instant};

use broker::{
    Address, AmqpOptions, Broker, BrokerError, ContentType, Limits, LocalOptions, Outgoing, Queue, Realm, Topology,
    amqp, local,
};
use uuid::Uuid;

const SOCIETY: &str = "bench";

#[derive(Clone, Copy)]
struct Load {
    messages: usize,
    bytes: usize,
    batch: usize,
}

#[tokio::main]
async fn main() -> Result<(), BrokerError> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let mut next = |default| arguments.next().and_then(Result::ok).unwrap_or(default);
    let load = Load { messages: next(50_000), bytes: next(1024), batch: next(1000) };
    println!("{} messages of {} bytes in batches of {}", load.messages, load.bytes, load.batch);
    println!("{:<12} {:<18} {:>10} {:>14}", "broker", "case", "msgs/s", "CPU us/msg");

    measure("in-process", &local(LocalOptions { max_bytes: 4 << 30 }), load).await?;
    match std::env::var("AMQP_URL") {
        Ok(url) => {
            let namespace = format!("bench-{}.", Uuid::new_v4().simple());
            measure("rabbitmq", &amqp(&url, AmqpOptions { namespace, ..AmqpOptions::default() }).await?, load).await?;
        }
        Err(_) => {
            eprintln!("rabbitmq left out: AMQP_URL is not set (tests/services up; eval \"$(tests/services env)\")")
        }
    }
    Ok(())
}

async fn measure(name: &str, broker: &dyn Broker, load: Load) -> Result<(), BrokerError> {
    let limits = Limits { notices_length: u32::MAX, ..Limits::default() };
    let topology = Topology::new(Realm::Drill, [SOCIETY]).with_limits(limits);
    broker.declare(&topology).await?;
    let outcome = cases(name, broker, load).await;
    broker.remove(&topology).await?;
    outcome
}

async fn cases(name: &str, broker: &dyn Broker, load: Load) -> Result<(), BrokerError> {
    let watch = Watch::start();
    publish(broker, load).await?;
    watch.report(name, "publish", load);
    let watch = Watch::start();
    consume(broker, load).await?;
    watch.report(name, "consume", load);
    let watch = Watch::start();
    let (published, consumed) = tokio::join!(publish(broker, load), consume(broker, load));
    published.and(consumed)?;
    watch.report(name, "both together", load);
    Ok(())
}

async fn publish(broker: &dyn Broker, load: Load) -> Result<(), BrokerError> {
    let mut left = load.messages;
    while left > 0 {
        let count = left.min(load.batch);
        let batch = (0..count)
            .map(|_| Outgoing {
                to: Address::Notices(Realm::Drill, SOCIETY.to_owned()),
                message_id: Uuid::new_v4(),
                content_type: ContentType::Jose,
                body: vec![b'x'; load.bytes],
            })
            .collect();
        let published = broker.publish(batch).await?;
        assert!(published.is_complete(), "the broker did not take everything");
        left -= count;
    }
    Ok(())
}

async fn consume(broker: &dyn Broker, load: Load) -> Result<(), BrokerError> {
    let mut consumer = broker.consume(&Queue::notices(Realm::Drill, SOCIETY), 1000).await?;
    let mut left = load.messages;
    while left > 0 {
        let got = consumer.next_batch(500, Duration::from_secs(30)).await?;
        assert!(!got.is_empty(), "messages are missing");
        left -= got.len();
        consumer.ack(&got.iter().map(|message| message.tag).collect::<Vec<_>>()).await?;
    }
    Ok(())
}

struct Watch {
    wall: Instant,
    cpu: Duration,
}

impl Watch {
    fn start() -> Self {
        Watch { wall: Instant::now(), cpu: own_cpu() }
    }

    fn report(&self, name: &str, case: &str, load: Load) {
        let count = load.messages as f64;
        let rate = count / self.wall.elapsed().as_secs_f64();
        let cpu = (own_cpu() - self.cpu).as_secs_f64() * 1e6 / count;
        println!("{name:<12} {case:<18} {rate:>10.0} {cpu:>14.1}");
    }
}

/// User and system time of this process, in Linux's ticks of 10 ms; zero elsewhere.
fn own_cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|text| text.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
