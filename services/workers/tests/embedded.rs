//! The whole way in one process: register rows to recorded receipts, with a gateway that opens what it gets and signs
//! what it answers. Invented people only.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use broker::{Address, Broker, ContentType, LocalOptions, Outgoing, Queue, Realm, Topology};
use contract::jose::jwk::{Jwk, JwkSet};
use contract::{
    CampaignSigner, Content, Envelope, GatewayOpener, GatewayPrivate, OpeningKey, OrganisationKey, Receipt,
    ReceiptBatch, SealingPublic, V1, seal_receipts,
};
use domain::action::{Action, ActionKind, Endorsement};
use domain::campaign::{CampaignPlan, CampaignState};
use domain::delivery::NotificationState;
use domain::doorbell::{Doorbell, Stage};
use domain::manifest::{Manifest, person_leaf};
use domain::receipt::ReceiptKind;
use domain::record::Record;
use domain::society::Society;
use domain::{
    ActionId, AttemptId, CampaignId, Channel, ImportId, IncidentId, Millis, OperatorId, RecordId, SocietyCode, merkle,
};
use localisation::Library;
use registers::synth::{Population, SynthOptions, population};
use store::seal::{IncidentKeys, MasterKey, Sealer};
use store::{CampaignRow, GatewayRow, GatewayState, NewImport, OpenOptions, OperatorRow, StagedRow, Store};
use tokio::sync::watch;
use uuid::Uuid;
use workers::{CAMPAIGN_KEY_PURPOSE, Keys, Parts, WorkerError};

const PEOPLE: usize = 300;

/// No wait of the test is longer.
const PATIENCE: Duration = Duration::from_secs(120);

struct World {
    _folder: tempfile::TempDir,
    store: Store,
    broker: Arc<dyn Broker>,
    library: Arc<Library>,
    master: Arc<MasterKey>,
    organisation: OrganisationKey,
    receipts: OpeningKey,
    incident: IncidentId,
    population: Population,
    gateways: Vec<GatewayPrivate>,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("store.sqlite").display());
        let store = Store::open(&url, OpenOptions::default()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let now = store.now().await.expect("a clock");
        let today = jiff::tz::Offset::UTC.to_datetime(now.timestamp().expect("a time")).date();
        let population = population(&SynthOptions::new(PEOPLE, 11, today));
        let broker: Arc<dyn Broker> = Arc::new(broker::local(LocalOptions::default()));
        let codes = population.societies.iter().map(|s| s.code.as_str().to_owned());
        broker.declare(&Topology::new(Realm::Drill, codes)).await.expect("declares");
        let rng = &mut rand::rng();
        let master = Arc::new(MasterKey::generate(rng));
        let incident = IncidentId::random();
        let keys = IncidentKeys::generate(rng, incident);
        let wrapped = keys.wrap(&master).expect("wraps");
        store.put_incident(incident, &population.incident, Some(&wrapped)).await.expect("an incident");
        let mut gateways = Vec::new();
        for society in &population.societies {
            store.put_society(society).await.expect("a Society");
            let gateway = GatewayPrivate::generate(rng, society.code.clone());
            store.put_gateway(&gateway_row(&gateway)).await.expect("a gateway");
            gateways.push(gateway);
        }
        Self {
            _folder: folder,
            store,
            broker,
            library: Arc::new(Library::embedded().expect("words")),
            master,
            organisation: OrganisationKey::generate(rng, true),
            receipts: OpeningKey::generate(rng),
            incident,
            population,
            gateways,
        }
    }

    fn parts(&self) -> Parts {
        let keys = Keys {
            master: Some(Arc::clone(&self.master)),
            receipts: Some(Arc::new(JwkSet { keys: vec![Jwk::from(&self.receipts)] })),
            organisation: Some(self.organisation.public()),
        };
        let mut parts =
            Parts::new(self.store.clone(), Arc::clone(&self.broker), Realm::Drill, Arc::clone(&self.library), keys);
        parts.tuning.release_idle = Duration::from_millis(50);
        parts.tuning.reconcile_every = Duration::from_millis(200);
        parts.tuning.replan_every = Duration::from_millis(500);
        parts
    }

    async fn ring(&self, stage: Stage, campaign: Option<CampaignId>, ids: Vec<Uuid>) {
        let bell = Doorbell::new(stage, self.incident, campaign, ids);
        workers::ring(&*self.broker, Realm::Drill, vec![bell]).await.expect("rings");
    }

    /// Stages every register, as `tidings import` does.
    async fn import(&self) -> u64 {
        let row = self.store.incident(self.incident).await.expect("reads").expect("the incident");
        let index = row.keys.open_index(&self.master).expect("opens");
        let mut staged = 0;
        for register in self.population.registers.iter().filter(|r| !r.records.is_empty()) {
            let import = NewImport {
                id: ImportId::random(),
                incident: self.incident,
                society: register.society.clone(),
                system: register.system.clone(),
                file_digest: rand::random(),
                manifest: "{}".to_owned(),
            };
            self.store.begin_import(&import).await.expect("begins");
            let mut sealer = Sealer::new(&mut rand::rng(), &row.keys.public(), self.incident);
            let rows: Vec<StagedRow> = (1i64..)
                .zip(&register.records)
                .map(|(row_no, record)| staged_row(row_no, record, &index, &mut sealer))
                .collect();
            let count = rows.len();
            staged += count as u64;
            self.store.stage(import.id, rows).await.expect("stages");
            self.store.finish_staging(import.id, count as i64).await.expect("finishes");
            self.ring(Stage::Import, None, vec![import.id.uuid()]).await;
        }
        staged
    }

    async fn campaign(&self) -> CampaignId {
        let id = CampaignId::random();
        let now = self.store.now().await.expect("a clock");
        let end = now.plus(100 * Millis::DAY);
        let signer = CampaignSigner::generate(&mut rand::rng(), &self.organisation, id, now, end);
        let jwk = serde_json::to_vec(&signer.to_jwk()).expect("json");
        let wrapped = self.master.wrap(CAMPAIGN_KEY_PURPOSE, id.uuid(), &jwk).expect("wraps");
        let plan = CampaignPlan {
            incident: self.incident,
            name: "test".to_owned(),
            without_societies: Vec::new(),
            canary: 20,
            wave: 0,
            expiry_days: 7,
            max_messages: None,
        };
        let certificate = signer.certificate().to_owned();
        let row = CampaignRow::draft(id, self.incident, plan, true, wrapped, certificate);
        self.store.create_campaign(&row).await.expect("a campaign");
        id
    }

    async fn approve(&self, id: CampaignId) {
        let campaign = self.store.campaign(id).await.expect("reads").expect("the campaign");
        let leaves = self.store.plan_leaves(id).await.expect("leaves");
        let hashes: Vec<_> = leaves.iter().map(|(person, steps)| person_leaf(*person, steps)).collect();
        let binding = workers::binding::now(&self.store, &self.library, &campaign).await.expect("a binding");
        let now = self.store.now().await.expect("a clock");
        let manifest = Manifest {
            v: 1,
            campaign: id,
            supplement: campaign.manifest.map_or(0, |m| m.supplement + 1),
            drill: true,
            persons_root: merkle::root(&hashes),
            persons: hashes.len() as u64,
            facts_version: binding.facts_version,
            facts: binding.facts,
            words: binding.words,
            policy: binding.policy,
            societies: binding.societies,
            gateways: binding.gateways,
            plan: binding.plan,
            nonce: Uuid::new_v4(),
            expires_at: now.plus(Millis::DAY),
        };
        let action = Action {
            id: ActionId::random(),
            kind: ActionKind::Approve,
            subject: "{}".to_owned(),
            nonce: Uuid::new_v4(),
            expires_at: now.plus(Millis::DAY),
        };
        let operator = OperatorId::random();
        let row = OperatorRow {
            id: operator,
            name: "drill".to_owned(),
            key: rand::random(),
            role: "drill".to_owned(),
            drill: true,
            revoked_at: None,
        };
        self.store.put_operator(&row).await.expect("an operator");
        // The signatures of two people are what `admin` and its tests are about.
        self.store.put_action(&action, &Endorsement { operator, signature: vec![0; 64] }).await.expect("an action");
        self.store.approve(id, &manifest, action.id).await.expect("approves");
    }
}

fn staged_row(row_no: i64, record: &Record, index: &store::seal::IndexKey, sealer: &mut Sealer) -> StagedRow {
    let id = RecordId::random();
    StagedRow {
        row_no,
        record_key: index.record_key(&record.society, &record.system, record.record_id.expose()),
        content_hash: index.content_hash(record),
        record: id,
        sealed: sealer.seal_record(id, record).expect("seals"),
    }
}

fn gateway_row(gateway: &GatewayPrivate) -> GatewayRow {
    let public = gateway.public();
    let keys = public.to_jwks().keys;
    let [sealing, verifying] = &keys[..] else { panic!("two keys") };
    GatewayRow {
        society: gateway.society().clone(),
        kid: public.sealing_kid().to_owned(),
        sealing_jwk: serde_json::to_string(sealing).expect("json"),
        verifying_jwk: serde_json::to_string(verifying).expect("json"),
        drill: true,
        state: GatewayState::Active,
    }
}

/// What the gateways opened, by attempt.
type Seen = Arc<Mutex<HashMap<AttemptId, Vec<Envelope>>>>;

/// Opens messages, answers `accepted`, then `delivered` (a task: `informed`), each once; one message in ten fails.
async fn gateway(
    world: (Store, Arc<dyn Broker>),
    (opener, keys): (GatewayOpener, GatewayPrivate),
    receipts_to: SealingPublic,
    seen: Seen,
    stop: watch::Receiver<bool>,
) {
    let (store, broker) = world;
    let society = keys.society().clone();
    let mut consumer = broker.consume(&Queue::notices(Realm::Drill, society.as_str()), 500).await.expect("consumes");
    let mut sequence = 0;
    while !*stop.borrow() {
        let batch = consumer.next_batch(500, Duration::from_millis(20)).await.expect("a batch");
        let now = store.now().await.expect("a clock");
        let mut receipts = Vec::new();
        for message in &batch {
            let envelope = opener.open(&message.body, now).expect("a message for this gateway");
            receipts.extend(answer(&envelope, now));
            seen.lock().expect("no panic").entry(envelope.attempt_id).or_default().push(envelope);
        }
        for some in receipts.chunks(100) {
            sequence += 1;
            let batch = ReceiptBatch {
                v: V1,
                society: society.clone(),
                gateway_key: keys.public().verifying_kid().to_owned(),
                sequence,
                receipts: some.to_vec(),
            };
            let body = seal_receipts(&mut rand::rng(), &keys, &receipts_to, &batch).expect("seals");
            send_receipts(&broker, &society, body).await;
        }
        consumer.ack(&batch.iter().map(|m| m.tag).collect::<Vec<_>>()).await.expect("acks");
    }
}

async fn send_receipts(broker: &Arc<dyn Broker>, society: &SocietyCode, body: Vec<u8>) {
    let message = Outgoing {
        to: Address::Receipts(Realm::Drill, society.as_str().to_owned()),
        message_id: Uuid::new_v4(),
        content_type: ContentType::Jose,
        body,
    };
    assert!(broker.publish(vec![message]).await.expect("publishes").is_complete());
}

fn answer(envelope: &Envelope, now: Millis) -> Vec<Receipt> {
    let attempt = envelope.attempt_id;
    let kinds = match &envelope.content {
        _ if attempt.uuid().as_u128().is_multiple_of(10) => [ReceiptKind::Accepted, ReceiptKind::Failed],
        Content::Notice(_) => [ReceiptKind::Accepted, ReceiptKind::Delivered],
        Content::Task(_) => [ReceiptKind::Accepted, ReceiptKind::Informed],
        Content::Recall(_) => return Vec::new(),
    };
    let receipt = |kind| Receipt {
        idem: Uuid::new_v4(),
        attempt_id: attempt,
        kind,
        at: now,
        code: (kind == ReceiptKind::Failed).then_some(contract::FailureCode::Unreachable),
        task_id: None,
    };
    kinds.map(receipt).to_vec()
}

/// Waits for something, and jumps the drill's clock while nothing else can happen.
async fn until<F: Future<Output = bool>>(store: &Store, jump: bool, what: &str, mut done: impl FnMut() -> F) {
    let started = Instant::now();
    let mut quiet = 0;
    while !done().await {
        assert!(started.elapsed() < PATIENCE, "{what} takes too long");
        tokio::time::sleep(Duration::from_millis(50)).await;
        quiet = if jump && store.idle().await.expect("asks") { quiet + 1 } else { 0 };
        if quiet > 5 {
            let now = store.now().await.expect("a clock");
            if let Some(next) = store.next_due(now).await.expect("asks") {
                store.jump_clock(next).await.expect("jumps");
            }
            quiet = 0;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_accounted_for_and_nobody_is_told_where_they_must_not_be() {
    let world = World::new().await;
    let store = world.store.clone();
    let (stop, stopping) = watch::channel(false);
    let crew = tokio::spawn(workers::run_all(world.parts(), stopping.clone()));
    let staged = world.import().await;
    until(&store, false, "dedupe", || async {
        let ledger = store.ledger(world.incident, None).await.expect("a ledger");
        ledger.records == staged && ledger.records_pending == 0
    })
    .await;
    let campaign = world.campaign().await;
    world.ring(Stage::Plan, Some(campaign), Vec::new()).await;
    until(&store, false, "planning", || async {
        let row = store.campaign(campaign).await.expect("reads").expect("the campaign");
        row.state == CampaignState::Planned
    })
    .await;
    world.approve(campaign).await;
    let now = store.now().await.expect("a clock");
    assert!(store.launch(campaign, now).await.expect("launches"));
    let seen = Seen::default();
    let receipts_to = world.receipts.public().clone();
    let mut gateways = tokio::task::JoinSet::new();
    for keys in &world.gateways {
        let again = |k: &GatewayPrivate| GatewayPrivate::from_jwks(k.society().clone(), &k.to_jwks()).expect("keys");
        let opener = GatewayOpener::for_gateway(again(keys), world.organisation.public());
        let parts = (store.clone(), Arc::clone(&world.broker));
        gateways.spawn(gateway(parts, (opener, again(keys)), receipts_to.clone(), Arc::clone(&seen), stopping.clone()));
    }
    until(&store, true, "telling", || async {
        let ledger = store.ledger(world.incident, Some(campaign)).await.expect("a ledger");
        ledger.open() == 0
    })
    .await;
    forged_receipts_are_put_on_record(&world).await;
    repeated_doorbells_change_nothing(&world, campaign, &seen).await;
    check_ledger(&world, campaign, staged).await;
    check_messages(&world, campaign, &seen).await;
    stop.send_replace(true);
    let ended: Result<(), WorkerError> = crew.await.expect("no panic");
    ended.expect("the workers end well");
    while let Some(ended) = gateways.join_next().await {
        ended.expect("no panic");
    }
}

async fn forged_receipts_are_put_on_record(world: &World) {
    let society = &world.population.societies[0].code;
    send_receipts(&world.broker, society, b"not a receipt".to_vec()).await;
    until(&world.store, false, "the audit entry", || async {
        let rows = world.store.audit_rows(0, 10_000).await.expect("reads");
        rows.iter().any(|r| r.entry.what == "receipt.rejected")
    })
    .await;
    let depth = world.broker.depth(&Queue::receipts(Realm::Drill)).await.expect("a depth");
    assert_eq!(depth.messages, 0, "it does not come again for ever");
}

async fn repeated_doorbells_change_nothing(world: &World, campaign: CampaignId, seen: &Seen) {
    let before = world.store.tallies(campaign).await.expect("tallies");
    let messages = seen.lock().expect("no panic").values().map(Vec::len).sum::<usize>();
    let attempts: Vec<Uuid> = seen.lock().expect("no panic").keys().map(|a| a.uuid()).collect();
    for _ in 0..2 {
        world.ring(Stage::Dedupe, None, Vec::new()).await;
        world.ring(Stage::Plan, Some(campaign), Vec::new()).await;
        world.ring(Stage::Release, Some(campaign), Vec::new()).await;
        for some in attempts.chunks(500) {
            world.ring(Stage::Localise, Some(campaign), some.to_vec()).await;
            world.ring(Stage::Dispatch, Some(campaign), some.to_vec()).await;
        }
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.store.tallies(campaign).await.expect("tallies"), before);
    assert_eq!(seen.lock().expect("no panic").values().map(Vec::len).sum::<usize>(), messages);
}

async fn check_ledger(world: &World, campaign: CampaignId, staged: u64) {
    let ledger = world.store.ledger(world.incident, Some(campaign)).await.expect("a ledger");
    assert_eq!(ledger.imbalances(), Vec::<&str>::new(), "{ledger:?}");
    assert_eq!(ledger.records_linked, staged);
    assert!(ledger.persons > 0 && ledger.persons <= staged);
    for state in [NotificationState::Informed, NotificationState::ReachedNeutral, NotificationState::Held] {
        assert!(ledger.notifications.get(&state).copied().unwrap_or(0) > 0, "nobody is {state}: {ledger:?}");
    }
}

/// Against the people as they were invented, not against what our own code decided.
async fn check_messages(world: &World, campaign: CampaignId, seen: &Seen) {
    let seen = seen.lock().expect("no panic");
    assert!(seen.len() > PEOPLE / 10, "only {} messages: nothing was tried", seen.len());
    let societies: BTreeMap<&SocietyCode, &Society> = world.population.societies.iter().map(|s| (&s.code, s)).collect();
    let detained: HashSet<&str> = world
        .population
        .registers
        .iter()
        .flat_map(|r| &r.records)
        .filter(|r| r.roles.contains(&domain::record::Role::Detainee))
        .flat_map(|r| r.contacts.iter().map(|c| c.value.expose()))
        .collect();
    for (attempt, envelopes) in seen.iter() {
        let envelope = &envelopes[0];
        assert!(envelope.drill && envelope.campaign == campaign && societies.contains_key(&envelope.society));
        assert!(envelopes.iter().all(|e| e == envelope), "{attempt}: copies differ");
        if let Content::Notice(data) = &envelope.content {
            assert!(!data.channel.is_in_person());
            let address = match &data.address {
                contract::Address::Phone { e164 } => e164.clone(),
                contract::Address::Email { email } => email.clone(),
                contract::Address::Postal { lines, .. } => lines.join(", "),
            };
            assert!(!detained.contains(address.as_str()), "a detainee's own number or address was used");
            assert_ne!(data.channel, Channel::VisitDetention);
        }
    }
}
