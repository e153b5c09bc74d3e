//! Synthetic people on their way: imported, linked, planned, approved, running.

use std::collections::BTreeMap;

use domain::Pace;
use domain::action::Endorsement;
use domain::campaign::{CampaignPlan, CampaignState};
use domain::channel::{ContactKind, Recipient};
use domain::decision::{Reason, RuleId};
use domain::delivery::{AttemptState, NotificationState};
use domain::incident::{IncidentFacts, IncidentKind};
use domain::manifest::{ContactRef, Manifest, Step, person_leaf, steps_digest};
use domain::receipt::{Receipt, ReceiptKind, ReceiptSource};
use domain::record::{ContactPoint, Record};
use domain::society::{Hotline, Society};
use domain::*;
use store::seal::{IncidentKeys, MasterKey, Sealer};
use store::{AddressRow, Applied, Begun, Block, CampaignRow, DedupeResult, NewImport, PlanRow, SealedAttempt, Store};
use uuid::Uuid;

pub(crate) fn society(code: &str) -> SocietyCode {
    code.parse().expect("a code")
}

pub(crate) fn facts(kind: IncidentKind, version: u32) -> IncidentFacts {
    let day = "2022-01-18".parse().expect("a date");
    IncidentFacts {
        name: "drill".to_owned(),
        kind,
        version,
        as_of: day,
        started_on: day,
        discovered_on: day,
        ended_on: None,
        exposed: Vec::new(),
        measures: Vec::new(),
        data_published: false,
        data_protection_contact: "Data Protection Office".to_owned(),
    }
}

pub(crate) fn a_society(code: &str) -> Society {
    Society {
        code: society(code),
        name: BTreeMap::from([("en".to_owned(), "Society".to_owned())]),
        sender: "SOC".to_owned(),
        time_zone: "Africa/Nairobi".to_owned(),
        return_address: Vec::new(),
        office: "Office".to_owned(),
        hotline: Hotline {
            messages_per_call: None,
            number: "800".to_owned(),
            free_of_charge: true,
            published_at: "office".to_owned(),
            hours: Vec::new(),
        },
        offers: Vec::new(),
        detention_access: false,
        credit: 500,
        contexts: Vec::new(),
        synthetic: true,
    }
}

/// A record with two phones.
pub(crate) fn record(code: &str, n: usize) -> Record {
    let mut record = Record::bare(society(code), "rfl", &format!("R-{n}"));
    record.names.full.push(format!("Synthetic Person {n}").as_str().into());
    for phone in [7_000_000 + n, 8_000_000 + n] {
        record.contacts.push(ContactPoint::bare(ContactKind::Phone, &format!("+25470{phone}")));
    }
    record
}

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) incident: IncidentId,
    pub(crate) keys: IncidentKeys,
    pub(crate) society: SocietyCode,
    pub(crate) campaign: CampaignId,
    pub(crate) records: Vec<RecordId>,
    pub(crate) persons: Vec<PersonId>,
    pub(crate) groups: Vec<AddressGroupId>,
}

impl World {
    /// A synthetic incident and nobody in it.
    pub(crate) async fn empty(store: &Store) -> Self {
        let incident = IncidentId::random();
        let keys = IncidentKeys::generate(&mut rand::rng(), incident);
        let master = MasterKey::generate(&mut rand::rng());
        let wrapped = keys.wrap(&master).expect("wraps");
        store.put_incident(incident, &facts(IncidentKind::Synthetic, 1), Some(&wrapped)).await.expect("an incident");
        Self {
            store: store.clone(),
            incident,
            keys,
            society: society("KE"),
            campaign: CampaignId::random(),
            records: Vec::new(),
            persons: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// Stages and applies a file of these records.
    pub(crate) async fn import(&self, digest: u8, records: &[Record]) -> Applied {
        let id = ImportId::random();
        let new = self.new_import(id, digest);
        assert_eq!(self.store.begin_import(&new).await, Ok(Begun::New));
        self.stage(id, 1, records).await;
        self.store.finish_staging(id, records.len() as i64).await.expect("all staged");
        self.apply(id).await
    }

    pub(crate) fn new_import(&self, id: ImportId, digest: u8) -> NewImport {
        NewImport {
            id,
            incident: self.incident,
            society: self.society.clone(),
            system: "rfl".to_owned(),
            file_digest: [digest; 32],
            manifest: "{}".to_owned(),
        }
    }

    pub(crate) async fn stage(&self, id: ImportId, first_row: i64, records: &[Record]) {
        let key = |r: &Record| self.keys.index.record_key(&r.society, &r.system, r.record_id.expose());
        let keys: Vec<[u8; 16]> = records.iter().map(key).collect();
        let known = self.store.record_ids(id, &keys).await.expect("ids");
        let mut block = Block::new(Sealer::new(&mut rand::rng(), &self.keys.public, self.incident));
        let mut fresh = std::collections::HashMap::new();
        for ((row_no, r), (key, known)) in (first_row..).zip(records).zip(keys.iter().zip(known)) {
            let id = known.map_or_else(|| *fresh.entry(key).or_insert_with(RecordId::random), |(id, _)| id);
            block.push(row_no, *key, id, r, &self.keys.index).expect("seals");
        }
        self.store.stage(id, block).await.expect("stages");
    }

    pub(crate) async fn apply(&self, id: ImportId) -> Applied {
        let mut sum = Applied::default();
        loop {
            let step = self.store.apply_import(id, 100).await.expect("applies");
            sum.new += step.new;
            sum.updated += step.updated;
            sum.unchanged += step.unchanged;
            if step.remaining == 0 {
                return sum;
            }
        }
    }

    /// `n` people with a record each, two addresses each, all of them alone there.
    pub(crate) async fn linked(store: &Store, n: usize) -> Self {
        let mut world = Self::empty(store).await;
        let records: Vec<Record> = (0..n).map(|n| record("KE", n)).collect();
        assert_eq!(world.import(1, &records).await.new, n as u64);
        world.load_records().await;
        world.persons = world.records.iter().map(|_| PersonId::random()).collect();
        world.groups = (0..2 * n).map(|_| AddressGroupId::random()).collect();
        world.dedupe().await;
        world
    }

    pub(crate) async fn load_records(&mut self) {
        let rows = self.store.records(self.incident, None, 100_000).await.expect("records");
        self.records = rows.iter().map(|r| r.id).collect();
    }

    pub(crate) fn result(&self) -> DedupeResult {
        let addresses = self.records.iter().enumerate().flat_map(|(n, record)| {
            (0..2).map(move |index| AddressRow {
                record: *record,
                index: index as i32,
                group: self.groups[2 * n + index],
                others: 0,
                conflict: false,
                declared_unsafe: false,
            })
        });
        DedupeResult {
            assignments: self.records.iter().copied().zip(self.persons.iter().copied()).collect(),
            addresses: addresses.collect(),
            ..DedupeResult::default()
        }
    }

    pub(crate) async fn dedupe(&self) -> store::Deduped {
        self.store.save_dedupe(self.incident, self.result()).await.expect("saves")
    }

    pub(crate) fn step(&self, n: usize, channel: Channel, level: Level) -> Step {
        Step {
            to: Recipient::Person,
            channel,
            contact: channel
                .contact_kind()
                .map(|_| ContactRef { record: self.records[n], index: u16::from(channel == Channel::CallLive) }),
            kind: NoticeKind::Initial,
            audience: Audience::AidRecipient,
            level,
            form: channel.form(),
            language: "en".to_owned(),
            society: self.society.clone(),
        }
    }

    /// Text message first, then a call.
    pub(crate) async fn plan(&self, n: usize) -> PlanRow {
        let steps = vec![self.step(n, Channel::Sms, Level::L3), self.step(n, Channel::CallLive, Level::L3)];
        self.plan_of(n, steps).await
    }

    pub(crate) async fn plan_of(&self, n: usize, steps: Vec<Step>) -> PlanRow {
        let person = self.persons[n];
        let loaded = self.store.load_persons(self.incident, &[person]).await.expect("loads");
        let held = steps.is_empty();
        PlanRow {
            notification: NotificationId::random(),
            person,
            decision_version: 1,
            state: if held { NotificationState::Held } else { NotificationState::Planned },
            steps_digest: steps_digest(&steps),
            shared_group: vec![None; steps.len()],
            steps,
            reasons: if held { vec![Reason::Unreachable] } else { Vec::new() },
            rules: vec![RuleId::R08],
            audience: Audience::AidRecipient,
            society: Some(self.society.clone()),
            facts_version: loaded[0].facts_version,
            valid_until: Millis(i64::MAX),
            due_at: None,
            review_at: held.then_some(Millis(i64::MAX)),
            rank: n as i32,
            groups: vec!["family"],
        }
    }

    pub(crate) async fn create_campaign(&self) {
        let plan = CampaignPlan {
            incident: self.incident,
            name: "drill".to_owned(),
            without_societies: Vec::new(),
            canary: 0,
            wave: 0,
            expiry_days: 7,
            max_messages: None,
        };
        let row = CampaignRow::draft(self.campaign, self.incident, plan, true, vec![1], "certificate".to_owned());
        self.store.create_campaign(&row).await.expect("a campaign");
    }

    /// Everybody linked and planned with two steps.
    pub(crate) async fn planned(store: &Store, n: usize) -> Self {
        let world = Self::linked(store, n).await;
        world.create_campaign().await;
        let mut plans = Vec::new();
        for n in 0..n {
            plans.push(world.plan(n).await);
        }
        assert_eq!(store.save_plans(world.campaign, plans).await.expect("saves").new, n as u64);
        world
    }

    pub(crate) async fn manifest(&self) -> Manifest {
        let leaves = self.store.plan_leaves(self.campaign).await.expect("leaves");
        let hashes: Vec<_> = leaves.iter().map(|(p, d)| person_leaf(*p, d)).collect();
        Manifest {
            v: 1,
            campaign: self.campaign,
            supplement: 0,
            drill: true,
            persons_root: merkle::root(&hashes),
            persons: leaves.len() as u64,
            facts_version: 1,
            facts: [0; 32],
            words: [0; 32],
            policy: "1".to_owned(),
            societies: [0; 32],
            gateways: [0; 32],
            plan: [0; 32],
            nonce: Uuid::new_v4(),
            expires_at: Millis(i64::MAX),
        }
    }

    pub(crate) async fn approve(&self) -> u64 {
        let manifest = self.manifest().await;
        self.store.approve(self.campaign, &manifest, ActionId::random()).await.expect("approves")
    }

    /// Planned, approved and launched.
    pub(crate) async fn running(store: &Store, n: usize) -> Self {
        let world = Self::planned(store, n).await;
        world.launch().await;
        world
    }

    pub(crate) async fn launch(&self) {
        self.set(CampaignState::Draft, CampaignState::Planned).await;
        self.approve().await;
        let now = self.now().await;
        assert_eq!(self.store.launch(self.campaign, now).await, Ok(true));
    }

    pub(crate) async fn set(&self, from: CampaignState, to: CampaignState) {
        assert_eq!(self.store.set_campaign_state(self.campaign, from, to).await, Ok(true));
    }

    pub(crate) async fn now(&self) -> Millis {
        self.store.now().await.expect("a clock")
    }

    pub(crate) async fn release(&self, credit: u32) -> Vec<AttemptId> {
        let now = self.now().await;
        self.store.release(self.campaign, &self.society, now, credit, &Pace::free(), 500).await.expect("releases")
    }

    pub(crate) fn sealed(attempt: AttemptId, facts_version: i32) -> SealedAttempt {
        SealedAttempt {
            attempt,
            message_id: Uuid::new_v4(),
            body: vec![7; 900],
            reference: attempt.uuid().simple().to_string()[..10].to_owned(),
            level: Level::L3,
            language: "en".to_owned(),
            form: Form::Short,
            not_before: Millis(0),
            not_after: Millis(i64::MAX / 4),
            facts_version,
            kid: None,
        }
    }

    /// Seals and marks as dispatched.
    pub(crate) async fn dispatch(&self, ids: &[AttemptId]) {
        let rows = self.store.load_attempts(ids, AttemptState::Released).await.expect("loads");
        let sealed = rows
            .iter()
            .map(|r| SealedAttempt { level: r.level, ..Self::sealed(r.id, r.current_facts_version) })
            .collect();
        assert_eq!(self.store.save_sealed(sealed).await, Ok(ids.len() as u64));
        let now = self.now().await;
        assert_eq!(self.store.mark_dispatched(ids, now).await, Ok(ids.len() as u64));
    }

    pub(crate) async fn receive(&self, receipts: &[Receipt]) -> store::Effects {
        let now = self.now().await;
        self.store.apply_receipts(&self.society, receipts, now).await.expect("applies")
    }

    pub(crate) async fn notification(&self, n: usize) -> store::NotificationRow {
        self.store.notification(self.campaign, self.persons[n]).await.expect("loads").expect("is there")
    }

    pub(crate) async fn facts_version(&self, n: usize) -> i32 {
        let rows = self.store.load_persons(self.incident, &[self.persons[n]]).await;
        rows.expect("loads")[0].facts_version
    }

    /// Which person an attempt of this world is for.
    pub(crate) async fn person_of(&self, attempt: AttemptId) -> usize {
        for state in AttemptState::ALL {
            let rows = self.store.load_attempts(&[attempt], *state).await.expect("loads");
            if let Some(row) = rows.first() {
                let person = row.notifications[0].person;
                return self.persons.iter().position(|p| *p == person).expect("ours");
            }
        }
        panic!("no such attempt")
    }
}

pub(crate) fn receipt(attempt: AttemptId, kind: ReceiptKind) -> Receipt {
    Receipt { id: Uuid::new_v4(), attempt, kind, at: Millis(1), code: None, source: ReceiptSource::Gateway }
}

pub(crate) fn endorsement() -> Endorsement {
    Endorsement { operator: OperatorId::random(), signature: vec![3; 64] }
}
