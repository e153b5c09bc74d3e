//! The reference gateway passes the kit that others are checked with, on the in-process broker.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use broker::{Address, Broker, Consumer, ContentType, LocalOptions, Outgoing, Queue, Realm, Topology, local};
use contract::conformance::{Answered, Kit, Line, Script};
use contract::jose::jwk::{Jwk, JwkSet};
use contract::{GatewayOpener, GatewayPrivate, OpeningKey};
use domain::{Channel, SocietyCode};
use gateway::transport::simulated::Simulated;
use gateway::transport::{REPORTS, Transports};
use gateway::{Engine, Journal, Keyring, Pace, Post, system_clock};
use tokio::sync::{mpsc, watch};

const LIMIT: Duration = Duration::from_secs(60);

fn society() -> SocietyCode {
    "KE".parse().expect("a code")
}

fn engine(folder: &Path, kit: &Kit, keys: &JwkSet, broker: Arc<dyn Broker>) -> Engine {
    let (pinned, receipts_to) = kit.public().read().expect("keys");
    let opening = OpeningKey::try_from(&keys.keys[0]).expect("a key");
    let keyring = Keyring {
        opener: GatewayOpener::new(vec![opening], pinned, society()),
        gateway: GatewayPrivate::from_jwks(society(), keys).expect("keys"),
        receipts_to,
        society: society(),
        drill: true,
    };
    let (reports, heard) = mpsc::channel(REPORTS);
    let transports = Transports::all(Arc::new(Simulated::new(reports)));
    let pace = Pace { parallel: 8, retry: Duration::from_millis(50), receipts: Duration::from_millis(10) };
    let post = Post::on(broker, Realm::Drill, &society());
    Engine::new(keyring, Journal::open(folder).expect("a journal"), transports, post, heard, pace, system_clock())
}

async fn hand_over(broker: &dyn Broker, lines: &[Line]) {
    let to = || Address::Notices(Realm::Drill, "KE".to_owned());
    let outgoing = |line: &Line| Outgoing {
        to: to(),
        message_id: line.message_id,
        content_type: ContentType::Jose,
        body: line.body.clone(),
    };
    let published = broker.publish(lines.iter().map(outgoing).collect()).await.expect("published");
    assert!(published.is_complete());
}

/// Reads receipts until an act is answered, and a little longer for what should not come.
async fn listen(consumer: &mut dyn Consumer, script: &Script, kit: &Kit, act: usize, answered: &mut Answered) {
    let end = tokio::time::Instant::now() + LIMIT;
    loop {
        let messages = consumer.next_batch(50, Duration::from_millis(300)).await.expect("receipts");
        let quiet = messages.is_empty();
        for message in messages {
            answered.take(script, kit, "KE", &message.body);
            consumer.ack(&[message.tag]).await.expect("acknowledged");
        }
        if quiet && script.is_answered(answered, act) {
            return;
        }
        assert!(tokio::time::Instant::now() < end, "{:#?}", script.judge(answered));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reference_gateway_conforms_also_with_a_restart_between_the_acts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rng = rand::rng();
    let (kit, keys) = (Kit::generate(&mut rng), GatewayPrivate::generate(&mut rng, society()));
    let every: Vec<Channel> = Channel::ALL.iter().copied().filter(|channel| channel.is_remote()).collect();
    let now = system_clock()();
    let script = Script::write(&mut rng, &kit, &keys.public(), &every, now).expect("a script");
    let broker = Arc::new(local(LocalOptions::default()).as_user("gateway-KE"));
    broker.declare(&Topology::new(Realm::Drill, ["KE"])).await.expect("declared");
    let mut receipts = broker.consume(&Queue::receipts(Realm::Drill), 50).await.expect("receipts");
    let mut answered = Answered::default();
    for act in [0, 1] {
        // The private keys go through JSON, as they do in practice.
        let text = serde_json::to_string(&keys.to_jwks()).expect("JSON");
        let set: JwkSet = serde_json::from_str(&text).expect("JSON");
        assert!(set.keys.iter().map(|key: &Jwk| &key.d).all(Option::is_some));
        let mut engine = engine(folder.path(), &kit, &set, broker.clone());
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(async move { engine.run(stopped).await });
        hand_over(&*broker, script.act(act)).await;
        listen(&mut *receipts, &script, &kit, act, &mut answered).await;
        stop.send(true).expect("it runs");
        running.await.expect("it ended").expect("a whole journal");
    }
    assert_eq!(script.judge(&answered), []);
    // What could not be opened was rejected, not lost: seven refusals and nothing else.
    let mut dead = broker.consume(&Queue::dead(Realm::Drill), 50).await.expect("dead letters");
    let letters = dead.next_batch(50, Duration::from_secs(5)).await.expect("dead letters");
    assert_eq!(letters.len(), 7);
}
