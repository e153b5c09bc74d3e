//! What release and the reconciler do by themselves, in the embedded setting: waves wait for those whom a gateway's pace
//! put off, and recalls that nobody answers are sent again, more and more rarely.

#[path = "../../store/tests/conformance/world.rs"]
#[expect(dead_code, reason = "the world of the store's own suite: this test uses its part")]
mod world;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use broker::{Broker, LocalOptions, Queue, Realm, Topology, local};
use domain::campaign::{CampaignPlan, CampaignState};
use domain::delivery::AttemptState;
use domain::doorbell::{Doorbell, Stage};
use domain::receipt::ReceiptKind;
use domain::society::Offer;
use domain::{AttemptId, Channel, Millis};
use localisation::Library;
use store::{CampaignRow, OpenOptions, Store};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use workers::{Keys, Parts, WorkerError, WorkerKind};

use world::{World, a_society, receipt};

/// For a broken test; no measure of speed.
const LIMIT: Duration = Duration::from_secs(120);

struct Bench {
    _folder: tempfile::TempDir,
    store: Store,
    parts: Parts,
    stop: watch::Sender<bool>,
    worker: Option<JoinHandle<Result<(), WorkerError>>>,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("store.db").display());
        let store = Store::open(&url, OpenOptions::default()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let broker: Arc<dyn Broker> = Arc::new(local(LocalOptions::default()));
        broker.declare(&Topology::new(Realm::Drill, ["KE".to_owned()])).await.expect("declared");
        let library = Arc::new(Library::embedded().expect("words"));
        let mut parts = Parts::new(store.clone(), broker, Realm::Drill, library, Keys::none());
        parts.tuning.reconcile_every = Duration::from_millis(10);
        parts.tuning.release_idle = Duration::from_millis(10);
        Self { _folder: folder, store, parts, stop: watch::channel(false).0, worker: None }
    }

    fn start(&mut self, kind: WorkerKind) {
        self.worker = Some(tokio::spawn(workers::run(kind, self.parts.clone(), self.stop.subscribe())));
    }

    async fn end(mut self) {
        self.stop.send_replace(true);
        let worker = self.worker.take().expect("a worker");
        worker.await.expect("no panic").expect("it went on to the end");
    }

    /// Rings release, and comes back when it has looked.
    async fn looked(&self, world: &World) {
        let bell = Doorbell::new(Stage::Release, world.incident, Some(world.campaign), Vec::new());
        workers::ring(&*self.parts.broker, Realm::Drill, vec![bell]).await.expect("rung");
        let queue = Queue::stage(Realm::Drill, broker::Stage::Release);
        let end = tokio::time::Instant::now() + LIMIT;
        loop {
            let depth = self.parts.broker.depth(&queue).await.expect("a depth");
            if depth.messages + depth.handed.unwrap_or(0) == 0 {
                return;
            }
            assert!(tokio::time::Instant::now() < end, "release never looked");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Attempts that are released and not sealed.
    async fn released(&self) -> Vec<AttemptId> {
        let later = self.store.now().await.expect("a clock").plus(1);
        let stuck = self.store.stuck(later, 0, 100).await.expect("answers");
        stuck.released.iter().map(|r| r.attempt).collect()
    }

    async fn accept(&self, world: &World, attempts: &[AttemptId]) {
        world.dispatch(attempts).await;
        let receipts: Vec<_> = attempts.iter().map(|a| receipt(*a, ReceiptKind::Accepted)).collect();
        world.receive(&receipts).await;
    }
}

/// Four people, two of them in the canary wave; a gateway that carries one message a minute.
async fn in_waves(store: &Store) -> World {
    let world = World::linked(store, 4).await;
    let mut society = a_society("KE");
    society.offers = vec![Offer {
        channel: Channel::Sms,
        languages: vec!["en".to_owned()],
        up_to: None,
        child_protection: false,
        per_minute: Some(1),
    }];
    store.put_society(&society).await.expect("known");
    let plan = CampaignPlan {
        incident: world.incident,
        name: "waves".to_owned(),
        without_societies: Vec::new(),
        canary: 2,
        wave: 0,
        expiry_days: 7,
        max_messages: None,
    };
    let row = CampaignRow::draft(world.campaign, world.incident, plan, true, vec![1], "certificate".to_owned());
    store.create_campaign(&row).await.expect("a campaign");
    let mut plans = Vec::new();
    for n in 0..4 {
        plans.push(world.plan(n).await);
    }
    store.save_plans(world.campaign, plans).await.expect("saves");
    world.launch().await;
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wave_waits_for_those_whom_pace_put_off() {
    let mut bench = Bench::new().await;
    let world = in_waves(&bench.store).await;
    bench.start(WorkerKind::Release);
    let open = async || {
        let row = bench.store.campaign(world.campaign).await.expect("loads").expect("is there");
        row.open_rank == i64::MAX
    };
    bench.looked(&world).await;
    let first = bench.released().await;
    assert_eq!(first.len(), 1, "one a minute");
    bench.accept(&world, &first).await;
    // Nothing is due now and nothing is unaccepted: but somebody of this wave has a later turn.
    bench.looked(&world).await;
    assert!(!open().await && bench.released().await.is_empty());
    bench.store.jump_clock(world.now().await.plus(2 * Millis::MINUTE)).await.expect("jumps");
    bench.looked(&world).await;
    let second = bench.released().await;
    assert_eq!(second.len(), 1);
    bench.looked(&world).await;
    assert!(!open().await, "not before it is accepted");
    bench.accept(&world, &second).await;
    bench.looked(&world).await;
    bench.looked(&world).await;
    assert!(open().await, "the wave is out: the next one");
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recall_that_nobody_answers_is_sent_again_with_growing_pauses() {
    let mut bench = Bench::new().await;
    // Pauses of the store's clock: what a test waits for decides nothing.
    (bench.parts.tuning.unaccepted_after_ms, bench.parts.tuning.stuck_after_ms) = (Millis::HOUR, 100);
    let world = World::running(&bench.store, 3).await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    world.set(CampaignState::Running, CampaignState::Stopped).await;
    bench.store.recall_open(world.campaign).await.expect("recalls");
    let now = world.now().await;
    bench.store.recalled(&attempts, now).await.expect("the first time, by whoever stopped it");
    world.receive(&[receipt(attempts[0], ReceiptKind::Withdrawn)]).await;
    let unanswered = &attempts[1..];

    let localise = Queue::stage(Realm::Drill, broker::Stage::Localise);
    let mut bells = bench.parts.broker.consume(&localise, 10).await.expect("consumes");
    bench.start(WorkerKind::Reconcile);
    let (mut asked, mut clock) = (0, now);
    // Looked at every hour, and a little more, for sixteen hours.
    for hour in 0..16 {
        clock = clock.plus(Millis::HOUR + 2 * Millis::MINUTE);
        bench.store.jump_clock(clock).await.expect("jumps");
        // The first has to come; for others a while that is long for the worker and short for a test.
        let patience = if hour == 0 { LIMIT } else { Duration::from_millis(350) };
        let rung = bells.next_batch(10, patience).await.expect("bells");
        if rung.is_empty() {
            continue;
        }
        let named = rung.iter().flat_map(|bell| Doorbell::from_bytes(&bell.body).expect("a bell").ids);
        let named: BTreeSet<AttemptId> = named.map(AttemptId::from).collect();
        let wanted: BTreeSet<AttemptId> = unanswered.iter().copied().collect();
        assert_eq!(named, wanted, "those that nobody answered, and no other");
        // What localise does once it has sent them.
        bench.store.recalled(unanswered, bench.store.now().await.expect("a clock")).await.expect("sent");
        bells.ack(&rung.iter().map(|bell| bell.tag).collect::<Vec<_>>()).await.expect("taken");
        asked += 1;
    }
    // After one hour, then two, four, eight more; a bell that was on its way may count once more.
    assert!((4..=8).contains(&asked), "{asked} times in sixteen hours");
    let rows = bench.store.load_attempts(unanswered, AttemptState::Recalling).await.expect("loads");
    assert!(rows.iter().all(|row| row.dispatches == 1), "the message itself was published once");
    bench.end().await;
}
