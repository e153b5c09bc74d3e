//! Speed of the store's batch paths: `cargo run --release -p store --example store_speed [-- PEOPLE [URL]]`.
//!
//! Without a URL a SQLite file in a temporary folder. People are synthetic. Prints rows a second per path, as Markdown.

use std::time::{Duration, Instant};

use domain::campaign::{CampaignPlan, CampaignState};
use domain::channel::{ContactKind, Recipient};
use domain::delivery::{AttemptState, NotificationState};
use domain::incident::{IncidentFacts, IncidentKind};
use domain::manifest::{ContactRef, Manifest, Step, person_leaf, steps_digest};
use domain::receipt::{Receipt, ReceiptKind, ReceiptSource};
use domain::record::{ContactPoint, Record};
use domain::*;
use store::seal::{IncidentKeys, MasterKey, Opener, Sealer};
use store::{
    AddressRow, Block, CampaignRow, DedupeResult, NewImport, OpenOptions, PlanRow, SealedAttempt, Store, StoreError,
};
use uuid::Uuid;

/// Rows of one batch, as the workers take them.
const BATCH: usize = 500;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let people: usize = args.next().map_or(Ok(50_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let url = args.next().unwrap_or_else(|| format!("sqlite:{}", folder.path().join("bench.db").display()));
    println!("| path | rows | seconds | rows/s |\n|---|---|---|---|");
    let store = Store::open(&url, OpenOptions::default()).await?;
    store.migrate().await?;
    let bench = Bench::new(store).await?;
    let records = bench.crypto(people)?;
    let records = bench.import(records).await?;
    let persons = bench.dedupe(&records).await?;
    bench.plan(&records, &persons).await?;
    bench.campaign(people).await
}

fn line(path: &str, rows: usize, took: Duration) {
    let seconds = took.as_secs_f64();
    println!("| {path} | {rows} | {seconds:.2} | {:.0} |", rows as f64 / seconds);
}

struct Bench {
    store: Store,
    incident: IncidentId,
    campaign: CampaignId,
    keys: IncidentKeys,
    society: SocietyCode,
}

type Sealed = (Block, Vec<([u8; 16], RecordId)>);

impl Bench {
    async fn new(store: Store) -> Result<Self, Failure> {
        let incident = IncidentId::random();
        let keys = IncidentKeys::generate(&mut rand::rng(), incident);
        let wrapped = keys.wrap(&MasterKey::generate(&mut rand::rng()))?;
        let day = "2022-01-18".parse()?;
        let facts = IncidentFacts {
            name: "bench".to_owned(),
            kind: IncidentKind::Synthetic,
            version: 1,
            as_of: day,
            started_on: day,
            discovered_on: day,
            ended_on: None,
            exposed: Vec::new(),
            measures: Vec::new(),
            data_published: false,
            data_protection_contact: "office".to_owned(),
        };
        store.put_incident(incident, &facts, Some(&wrapped)).await?;
        Ok(Self { store, incident, campaign: CampaignId::random(), keys, society: "KE".parse()? })
    }

    fn record(&self, n: usize) -> Record {
        let mut record = Record::bare(self.society.clone(), "rfl", &format!("R-{n}"));
        record.names.full.push(format!("Synthetic Person {n}").as_str().into());
        record.needs_codes = Some(vec!["SC-SC".to_owned()]);
        let phone = format!("+2547{n:08}");
        record.contacts.push(ContactPoint::bare(ContactKind::Phone, &phone));
        record
    }

    /// Blocks with the keys and ids of their rows.
    fn crypto(&self, people: usize) -> Result<Vec<Sealed>, Failure> {
        let start = Instant::now();
        let mut out = Vec::new();
        for batch in (1..=people).collect::<Vec<_>>().chunks(BATCH) {
            let mut block = Block::new(self.sealer());
            let mut rows = Vec::with_capacity(batch.len());
            for n in batch {
                let (id, record) = (RecordId::random(), self.record(*n));
                let key = self.keys.index.record_key(&self.society, "rfl", record.record_id.expose());
                block.push(*n as i64, key, id, &record, &self.keys.index)?;
                rows.push((key, id));
            }
            out.push((block, rows));
        }
        line("seal, with both index keys", people, start.elapsed());
        let opener = Opener::new(&self.keys.secret, self.incident);
        let mut sealer = self.sealer();
        let sealed = (0..people)
            .map(|n| (RecordId::random(), n))
            .map(|(id, n)| Ok((id, sealer.seal_record(id, &self.record(n))?)))
            .collect::<Result<Vec<_>, Failure>>()?;
        let start = Instant::now();
        for (id, sealed) in &sealed {
            opener.open(*id, sealed)?;
        }
        line("open, agreements cached", people, start.elapsed());
        Ok(out)
    }

    fn sealer(&self) -> Sealer {
        Sealer::new(&mut rand::rng(), &self.keys.public, self.incident)
    }

    async fn import(&self, blocks: Vec<Sealed>) -> Result<Vec<RecordId>, Failure> {
        let import = ImportId::random();
        let new = NewImport {
            id: import,
            incident: self.incident,
            society: self.society.clone(),
            system: "rfl".to_owned(),
            file_digest: [1; 32],
            manifest: "{}".to_owned(),
        };
        self.store.begin_import(&new).await?;
        let ids: Vec<RecordId> = blocks.iter().flat_map(|(_, rows)| rows.iter().map(|(_, id)| *id)).collect();
        let count = ids.len();
        let start = Instant::now();
        for (block, rows) in blocks {
            let keys: Vec<[u8; 16]> = rows.iter().map(|(key, _)| *key).collect();
            self.store.record_ids(import, &keys).await?;
            self.store.stage(import, block).await?;
        }
        self.store.finish_staging(import, count as i64).await?;
        line("record_ids + stage", count, start.elapsed());
        let start = Instant::now();
        while self.store.apply_import(import, 4000).await?.remaining > 0 {}
        line("apply_import", count, start.elapsed());
        let start = Instant::now();
        let mut after = None;
        loop {
            let page = self.store.records(self.incident, after, 4000).await?;
            match page.last() {
                Some(last) => after = Some(last.id),
                None => break,
            }
        }
        line("records", count, start.elapsed());
        Ok(ids)
    }

    async fn dedupe(&self, records: &[RecordId]) -> Result<Vec<PersonId>, Failure> {
        let persons: Vec<PersonId> = records.iter().map(|_| PersonId::random()).collect();
        let result = DedupeResult {
            assignments: records.iter().copied().zip(persons.iter().copied()).collect(),
            addresses: records
                .iter()
                .map(|record| AddressRow {
                    record: *record,
                    index: 0,
                    group: AddressGroupId::random(),
                    others: 0,
                    conflict: false,
                    declared_unsafe: false,
                })
                .collect(),
            ..DedupeResult::default()
        };
        let start = Instant::now();
        self.store.save_dedupe(self.incident, result.clone()).await?;
        line("save_dedupe", records.len(), start.elapsed());
        let start = Instant::now();
        self.store.save_dedupe(self.incident, result).await?;
        line("save_dedupe, nothing new", records.len(), start.elapsed());
        Ok(persons)
    }

    fn steps(&self, record: RecordId) -> Vec<Step> {
        [Channel::Sms, Channel::CallLive, Channel::Post]
            .into_iter()
            .map(|channel| Step {
                to: Recipient::Person,
                channel,
                contact: Some(ContactRef { record, index: 0 }),
                kind: NoticeKind::Initial,
                audience: Audience::AidRecipient,
                level: Level::L3,
                form: channel.form(),
                language: "sw".to_owned(),
                society: self.society.clone(),
            })
            .collect()
    }

    async fn plan(&self, records: &[RecordId], persons: &[PersonId]) -> Result<(), Failure> {
        let plan = CampaignPlan {
            incident: self.incident,
            name: "bench".to_owned(),
            without_societies: Vec::new(),
            canary: 0,
            wave: 0,
            expiry_days: 7,
            max_messages: None,
        };
        let row = CampaignRow::draft(self.campaign, self.incident, plan, true, vec![], String::new());
        self.store.create_campaign(&row).await?;
        let start = Instant::now();
        let unplanned = self.store.unplanned(self.campaign, u32::MAX).await?;
        line("unplanned", unplanned.len(), start.elapsed());
        let start = Instant::now();
        for batch in persons.chunks(BATCH) {
            self.store.load_persons(self.incident, batch).await?;
        }
        line("load_persons", persons.len(), start.elapsed());
        let start = Instant::now();
        let mut rank = 0;
        for (persons, records) in persons.chunks(BATCH).zip(records.chunks(BATCH)) {
            let plans = persons
                .iter()
                .zip(records)
                .map(|(person, record)| {
                    rank += 1;
                    self.plan_row(*person, *record, rank)
                })
                .collect();
            self.store.save_plans(self.campaign, plans).await?;
        }
        line("save_plans, 3 steps each", persons.len(), start.elapsed());
        let start = Instant::now();
        let left = self.store.unplanned(self.campaign, 1).await?;
        line("unplanned, nobody left", persons.len(), start.elapsed());
        (left.is_empty()).then_some(()).ok_or_else(|| "somebody is unplanned".into())
    }

    fn plan_row(&self, person: PersonId, record: RecordId, rank: i32) -> PlanRow {
        let steps = self.steps(record);
        PlanRow {
            notification: NotificationId::random(),
            person,
            decision_version: 1,
            state: NotificationState::Planned,
            steps_digest: steps_digest(&steps),
            shared_group: vec![None; steps.len()],
            steps,
            reasons: Vec::new(),
            rules: vec![decision::RuleId::R08],
            audience: Audience::AidRecipient,
            society: Some(self.society.clone()),
            facts_version: 1,
            valid_until: Millis(i64::MAX),
            due_at: None,
            review_at: None,
            rank,
            groups: vec!["aid"],
        }
    }

    async fn campaign(&self, people: usize) -> Result<(), Failure> {
        use CampaignState as S;
        let store = &self.store;
        store.set_campaign_state(self.campaign, S::Draft, S::Planned).await?;
        let leaves = store.plan_leaves(self.campaign).await?;
        let hashes: Vec<_> = leaves.iter().map(|(p, d)| person_leaf(*p, d)).collect();
        let manifest = Manifest {
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
        };
        let start = Instant::now();
        store.approve(self.campaign, &manifest, ActionId::random()).await?;
        line("approve", people, start.elapsed());
        let start = Instant::now();
        let now = store.now().await?;
        store.launch(self.campaign, now).await?;
        line("launch", people, start.elapsed());
        self.send(people, now).await?;
        let start = Instant::now();
        let ledger = store.ledger(self.incident, Some(self.campaign)).await?;
        line("ledger", people, start.elapsed());
        let start = Instant::now();
        store.in_flight().await?;
        line("anything in flight", people, start.elapsed());
        ledger.balanced().then_some(()).ok_or_else(|| "the ledger does not balance".into())
    }

    async fn send(&self, people: usize, now: Millis) -> Result<(), Failure> {
        let store = &self.store;
        let mut took = [Duration::ZERO; 6];
        let mut done = 0;
        while done < people {
            let start = Instant::now();
            let released = store.release(self.campaign, &self.society, now, 2000, &domain::Pace::free(), 500).await?;
            took[0] += start.elapsed();
            let ids = released;
            done += ids.len();
            let start = Instant::now();
            let rows = store.load_attempts(&ids, AttemptState::Released).await?;
            took[1] += start.elapsed();
            let sealed = rows.iter().map(|r| sealed(r.id, r.current_facts_version, now)).collect();
            let start = Instant::now();
            store.save_sealed(sealed).await?;
            took[2] += start.elapsed();
            let start = Instant::now();
            store.load_leaving(&ids, AttemptState::Sealed).await?;
            took[3] += start.elapsed();
            let start = Instant::now();
            store.mark_dispatched(&ids, now).await?;
            took[4] += start.elapsed();
            let start = Instant::now();
            self.receive(&ids, now).await?;
            took[5] += start.elapsed();
            if ids.is_empty() {
                return Err("nothing was released".into());
            }
        }
        let paths = [
            "release",
            "load_attempts, released",
            "save_sealed, 1.6 kB",
            "load_leaving, sealed",
            "mark_dispatched",
            "apply_receipts, 3 each in 2 batches",
        ];
        for (path, took) in paths.iter().zip(took) {
            line(path, people, took);
        }
        line("from release to delivered", people, took.iter().sum());
        Ok(())
    }

    async fn receive(&self, ids: &[AttemptId], now: Millis) -> Result<(), StoreError> {
        let of = |kind| {
            ids.iter().map(move |attempt| Receipt {
                id: Uuid::new_v4(),
                attempt: *attempt,
                kind,
                at: now,
                code: None,
                source: ReceiptSource::Gateway,
            })
        };
        let first: Vec<Receipt> = of(ReceiptKind::Accepted).collect();
        self.store.apply_receipts(&self.society, &first, now).await?;
        let rest: Vec<Receipt> = of(ReceiptKind::Sent).chain(of(ReceiptKind::Delivered)).collect();
        self.store.apply_receipts(&self.society, &rest, now).await?;
        Ok(())
    }
}

fn sealed(attempt: AttemptId, facts_version: i32, now: Millis) -> SealedAttempt {
    SealedAttempt {
        attempt,
        message_id: Uuid::new_v4(),
        body: vec![7; 1600],
        reference: attempt.uuid().simple().to_string()[..10].to_owned(),
        level: Level::L3,
        language: "sw".to_owned(),
        form: Form::Short,
        not_before: now,
        not_after: now.plus(Millis::DAY),
        facts_version,
        kid: None,
    }
}
