//! Ten thousand messages that must change nothing (`reliability.md` T2, D4): unsigned, signed by somebody else, altered,
//! foreign, about attempts that do not exist, and repeated. The embedded setting, through the record stage as it runs.

#[path = "../../store/tests/conformance/world.rs"]
#[expect(dead_code, reason = "the world of the store's own suite: this test uses its part")]
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use broker::{Address, Broker, ContentType, LocalOptions, Outgoing, Realm, Topology, local};
use contract::jose::jwe::Batch;
use contract::jose::jwk::{Curve, Jwk, JwkSet};
use contract::jose::jws::{Protected, sign};
use contract::jose::keys::SignerKey;
use contract::{GatewayPrivate, OpeningKey, Receipt, ReceiptBatch, SealingPublic, V1, seal_receipts};
use domain::delivery::AttemptState;
use domain::receipt::ReceiptKind;
use domain::{AttemptId, Millis};
use localisation::Library;
use rand::RngExt as _;
use store::{GatewayRow, GatewayState, OpenOptions, Store};
use tokio::sync::watch;
use uuid::Uuid;
use workers::{Keys, Parts, WorkerKind};

use world::{World, society};

/// Messages of each of eight kinds: 10,000.
const EACH: usize = 1_250;
/// Messages published at a time.
const PUBLISHED: usize = 500;
/// For a broken test; no measure of speed.
const LIMIT: Duration = Duration::from_secs(120);
/// Type of a signed batch (`CONNECT.md`).
const RECEIPTS: &str = "tidings-receipts+jws";

fn row(keys: &GatewayPrivate) -> GatewayRow {
    let (public, set) = (keys.public(), keys.public().to_jwks());
    let jwk = |n: usize| serde_json::to_string(&set.keys[n]).expect("JSON");
    GatewayRow {
        society: public.society().clone(),
        kid: public.sealing_kid().to_owned(),
        sealing_jwk: jwk(0),
        verifying_jwk: jwk(1),
        drill: true,
        state: GatewayState::Active,
    }
}

/// Who sends what.
struct Cast {
    tidings: SealingPublic,
    ke: GatewayPrivate,
    et: GatewayPrivate,
    sequence: u64,
}

impl Cast {
    fn batch(&mut self, by: &GatewayPrivate, attempts: &[AttemptId], kind: ReceiptKind) -> ReceiptBatch {
        self.sequence += 1;
        let receipt = |attempt: &AttemptId| Receipt {
            idem: Uuid::new_v4(),
            attempt_id: *attempt,
            kind,
            at: Millis(1),
            code: None,
            task_id: None,
        };
        ReceiptBatch {
            v: V1,
            society: by.public().society().clone(),
            gateway_key: by.public().verifying_kid().to_owned(),
            sequence: self.sequence,
            receipts: attempts.iter().map(receipt).collect(),
        }
    }

    fn genuine(&mut self, ke: bool, attempts: &[AttemptId], kind: ReceiptKind) -> Vec<u8> {
        let by = if ke { self.ke.to_jwks() } else { self.et.to_jwks() };
        let by = GatewayPrivate::from_jwks(society(if ke { "KE" } else { "ET" }), &by).expect("keys");
        let batch = self.batch(&by, attempts, kind);
        seal_receipts(&mut rand::rng(), &by, &self.tidings, &batch).expect("sealed")
    }

    /// What KE would say, as text to be signed by somebody.
    fn claim(&mut self, attempt: AttemptId) -> Vec<u8> {
        let ke = GatewayPrivate::from_jwks(society("KE"), &self.ke.to_jwks()).expect("keys");
        let batch = self.batch(&ke, &[attempt], ReceiptKind::Informed);
        serde_json::to_vec(&batch).expect("JSON")
    }

    /// Every kind of message that must change nothing, with the routing key it comes under.
    fn forgeries(&mut self, attempts: &[AttemptId]) -> Vec<(&'static str, Vec<u8>)> {
        let mut dice = rand::rng();
        let of = |n: usize| attempts[n % attempts.len()];
        let ke: SignerKey = self.ke.to_jwks().each(Curve::Ed25519).expect("keys").remove(0);
        let thief = SignerKey::generate(&mut dice);
        let good = String::from_utf8(self.genuine(true, &[of(0)], ReceiptKind::Accepted)).expect("text");
        let tidings = self.tidings.clone();
        let mut sealer = Batch::new(&mut dice, &tidings);
        let mut left = PUBLISHED;
        let mut seal = move |mut text: Vec<u8>| {
            if left == 0 {
                (sealer, left) = (Batch::new(&mut rand::rng(), &tidings), PUBLISHED);
            }
            left -= 1;
            sealer.seal(&mut text).expect("one message of a batch").into_bytes()
        };
        let mut all = Vec::with_capacity(8 * EACH);
        for n in 0..EACH {
            let claim = self.claim(of(n));
            let by = |signer: &SignerKey, named: &SignerKey| {
                sign(signer, &Protected::new(named, RECEIPTS, None), &claim).into_bytes()
            };
            all.push(("KE", seal(by(&thief, &ke))));
            all.push(("KE", seal(by(&thief, &thief))));
            all.push(("KE", seal(claim)));
            all.push(("KE", self.genuine(false, &[of(n)], ReceiptKind::Informed)));
            all.push(("ET", self.genuine(false, &[of(n)], ReceiptKind::Informed)));
            all.push(("KE", flipped(&good, &mut dice)));
            all.push(("KE", self.genuine(true, &[AttemptId::random()], ReceiptKind::Informed)));
            all.push(("KE", good.clone().into_bytes()));
        }
        all
    }
}

/// The message with one character changed.
fn flipped(good: &str, dice: &mut impl rand::Rng) -> Vec<u8> {
    let mut bytes = good.as_bytes().to_vec();
    loop {
        let at = dice.random_range(0..bytes.len());
        let other = if bytes[at] == b'A' { b'B' } else { b'A' };
        if bytes[at] != b'.' {
            bytes[at] = other;
            return bytes;
        }
    }
}

async fn publish(broker: &dyn Broker, mail: Vec<(&str, Vec<u8>)>) {
    for some in mail.chunks(PUBLISHED) {
        let outgoing = |(routed, body): &(&str, Vec<u8>)| Outgoing {
            to: Address::Receipts(Realm::Drill, (*routed).to_owned()),
            message_id: Uuid::new_v4(),
            content_type: ContentType::Jose,
            body: body.clone(),
        };
        let published = broker.publish(some.iter().map(outgoing).collect()).await.expect("published");
        assert!(published.is_complete());
    }
}

/// Waits until so many of these attempts are in a state.
async fn until(store: &Store, attempts: &[AttemptId], state: AttemptState, wanted: usize) {
    let end = tokio::time::Instant::now() + LIMIT;
    while store.load_attempts(attempts, state).await.expect("loads").len() < wanted {
        assert!(tokio::time::Instant::now() < end, "never {wanted} {}", state.as_str());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Everything about everybody but the first attempt's person.
async fn digest(world: &World, but: usize) -> String {
    let mut out = String::new();
    for n in (0..world.persons.len()).filter(|n| *n != but) {
        out.push_str(&format!("{:?} {}\n", world.notification(n).await, world.facts_version(n).await));
    }
    out
}

/// What the audit says was rejected: messages, or receipts about others' attempts.
async fn rejected(store: &Store) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for row in store.audit_rows(0, 1_000_000).await.expect("rows") {
        if row.entry.what == "receipt.rejected" {
            let subject: serde_json::Value = serde_json::from_str(&row.entry.subject).expect("JSON");
            let unit = if subject["messages"].is_null() { "receipts" } else { "messages" };
            let kind = subject["kind"].as_str().expect("a word");
            *found.entry(format!("{kind} {unit}")).or_default() += subject[unit].as_u64().expect("a number");
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_forgeries_change_nothing_and_are_on_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    let store = Store::open(&url, OpenOptions::default()).await.expect("opens");
    store.migrate().await.expect("migrates");
    let world = World::running(&store, 20).await;
    let attempts = world.release(500).await;
    world.dispatch(&attempts).await;

    let key = OpeningKey::generate(&mut rand::rng());
    let keys = |code: &str| GatewayPrivate::generate(&mut rand::rng(), society(code));
    let mut cast = Cast { tidings: key.public().clone(), ke: keys("KE"), et: keys("ET"), sequence: 0 };
    for gateway in [&cast.ke, &cast.et] {
        store.put_gateway(&row(gateway)).await.expect("known");
    }
    let broker: Arc<dyn Broker> = Arc::new(local(LocalOptions::default()));
    broker.declare(&Topology::new(Realm::Drill, ["KE", "ET"].map(str::to_owned))).await.expect("declared");
    let mut held = Keys::none();
    held.receipts = Some(Arc::new(JwkSet { keys: vec![Jwk::from(&key)] }));
    let library = Arc::new(Library::embedded().expect("words"));
    let parts = Parts::new(store.clone(), broker.clone(), Realm::Drill, library, held);
    let (stop, stopped) = watch::channel(false);
    let record = tokio::spawn(workers::run(WorkerKind::Record, parts, stopped));

    let accepted = cast.genuine(true, &attempts, ReceiptKind::Accepted);
    publish(&*broker, vec![("KE", accepted)]).await;
    until(&store, &attempts, AttemptState::Accepted, attempts.len()).await;
    let first = world.person_of(attempts[0]).await;
    let before = digest(&world, first).await;

    let forgeries = cast.forgeries(&attempts);
    assert_eq!(forgeries.len(), 10_000);
    publish(&*broker, forgeries).await;
    // A genuine one behind them: when it has been written, so has everything before it.
    let last = cast.genuine(true, &attempts[..1], ReceiptKind::Delivered);
    publish(&*broker, vec![("KE", last)]).await;
    until(&store, &attempts[..1], AttemptState::Delivered, 1).await;

    assert_eq!(digest(&world, first).await, before);
    let wanted = ["forged messages", "foreign messages", "foreign receipts", "not_signed messages", "sealing messages"]
        .into_iter()
        .chain(["unknown_gateway messages"])
        .map(|kind| (kind.to_owned(), EACH as u64));
    assert_eq!(rejected(&store).await, wanted.collect::<BTreeMap<_, _>>());
    store.verify_audit().await.expect("whole");
    let _ = stop.send(true);
    record.await.expect("no panic").expect("it went on to the end");
}
