//! One run of dedupe over one incident.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::manifest::ContactRef;
use domain::record::{ContactPoint, RelationKind};
use domain::{AddressGroupId, IncidentId, PersonId, RecordId};
use linkage::{Linkage, Linker, Options, Outcome, Verdict};
use protection::{NewContact, Says};
use rand::Rng;
use store::seal::{IndexKey, MasterKey, Opener, SealError};
use store::{AddressRow, CandidateRow, DedupeResult, KnownAddress, PairRow, RecordRow, Store};
use uuid::Uuid;

use super::addresses::{Shared, shared};
use super::candidates::{candidates, relations};
use super::groups::Known;
use super::persons::Persons;
use super::roll::{Arrival, Listing, Roll, RunKey};
use super::values::{link_id, link_record};
use super::why::evidence;
use crate::people::statement;
use crate::tuning::RECORD_PAGE;
use crate::{Parts, WorkerError, WorkerKind};

/// Earlier versions of records that are read at a time.
const EARLIER_PAGE: usize = 500;

/// What a run is made of: the same again gives the same persons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Input {
    epoch: i64,
    verdicts: Vec<(RecordId, RecordId, bool)>,
}

/// The right to run, renewed while the run goes on.
#[derive(Clone)]
pub(crate) struct Lease {
    pub(crate) name: String,
    pub(crate) holder: Uuid,
}

impl Lease {
    /// Takes or renews it; false while somebody else has it.
    pub(crate) async fn take(&self, store: &Store) -> Result<bool, WorkerError> {
        Ok(store.lease(&self.name, self.holder, LEASE_MS).await?)
    }

    /// Renews it until the guard is dropped. Whether it is still held is asked where the run writes.
    pub(crate) fn keep(&self, store: &Store) -> Beat {
        let (lease, store) = (self.clone(), store.clone());
        Beat(tokio::spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                if lease.take(&store).await.is_err() {
                    return;
                }
            }
        }))
    }

    async fn renew(&self, store: &Store) -> Result<(), WorkerError> {
        if self.take(store).await? {
            Ok(())
        } else {
            Err(WorkerError::Busy("the right to link was lost to another worker"))
        }
    }
}

/// Renews a lease while it lives.
pub(crate) struct Beat(tokio::task::JoinHandle<()>);

impl Drop for Beat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A run that is silent this long is taken to be dead: after a kill, its successor waits no longer.
const LEASE_MS: i64 = 12_000;

/// A living run says a word this often, also while it links: four words may be lost.
const BEAT: Duration = Duration::from_millis(2_500);

/// Pages after which the lease is renewed: about a second.
const RENEW_PAGES: usize = 16;

/// A run that has begun.
pub(crate) struct Run {
    parts: Parts,
    incident: IncidentId,
    lease: Lease,
    input: Input,
    opener: Arc<Opener>,
    index: Arc<IndexKey>,
}

/// What is carried from page to page.
struct Desk {
    roll: Roll,
    linker: Linker,
    /// Contact points that people gave, by the record they were said about.
    given: Given,
}

/// By record: places and contact points. One place once, as protection reads them.
type Given = HashMap<RecordId, Vec<(u16, ContactPoint)>>;

impl Run {
    /// Looks at what there is to be linked.
    pub(crate) async fn open(
        parts: &Parts,
        master: &MasterKey,
        incident: IncidentId,
        lease: Lease,
    ) -> Result<Self, WorkerError> {
        let store = &parts.store;
        let row = store.incident(incident).await?.ok_or(WorkerError::Missing("incident"))?;
        let epoch = store.record_epoch(incident).await?;
        let mut verdicts = store.verdicts(incident).await?;
        verdicts.sort_unstable();
        Ok(Self {
            parts: parts.clone(),
            incident,
            lease,
            input: Input { epoch, verdicts },
            opener: Arc::new(Opener::new(&row.keys.open_secret(master)?, incident)),
            index: Arc::new(row.keys.open_index(master)?),
        })
    }

    /// What this run is made of.
    pub(crate) fn input(&self) -> Input {
        self.input.clone()
    }

    /// Links, saves, and says whose facts changed.
    pub(crate) async fn finish(self) -> Result<Vec<PersonId>, WorkerError> {
        let started = Instant::now();
        let desk = self.read().await?;
        let known = self.known_groups(&desk.roll).await?;
        self.lease.renew(&self.parts.store).await?;
        let (incident, epoch) = (self.incident, self.input.epoch);
        let apart: Vec<_> = self.input.verdicts.iter().filter(|(.., same)| !same).map(|(a, b, _)| (*a, *b)).collect();
        let metrics = Arc::clone(&self.parts.metrics);
        let result = blocking(move || {
            let since = Instant::now();
            let Desk { roll, linker, .. } = desk;
            let linkage = linker.finish();
            report(incident, &linkage);
            let persons = Persons::name(&roll, &linkage.clusters, &apart, PersonId::random);
            let result = assemble(&roll, &persons, &linkage, &known, epoch);
            metrics.computed(WorkerKind::Dedupe, since);
            result
        })
        .await?;
        let store = &self.parts.store;
        let saved = store.save_dedupe(incident, result).await?;
        tracing::info!(
            %incident,
            touched = saved.touched.len(),
            new = saved.new_persons,
            superseded = saved.superseded,
            seconds = started.elapsed().as_secs_f64(),
            "dedupe"
        );
        Ok(saved.touched)
    }

    /// Reads all records, a page ahead of what is being opened.
    async fn read(&self) -> Result<Desk, WorkerError> {
        let verdict = |same| {
            if same { Verdict::Same } else { Verdict::Different }
        };
        let verdicts = self.input.verdicts.iter();
        let options = Options {
            verdicts: verdicts.map(|(a, b, same)| (link_id(*a), link_id(*b), verdict(*same))).collect(),
            ..Options::default()
        };
        let mut key = [0u8; 64];
        rand::rng().fill_bytes(&mut key);
        let given = self.given().await?;
        let mut desk = Desk { roll: Roll::new(RunKey::new(&key)), linker: Linker::new(options), given };
        let store = &self.parts.store;
        let mut page = store.records(self.incident, None, RECORD_PAGE).await?;
        let mut pages = 0;
        while let Some(last) = page.last().map(|r| r.id) {
            let (opener, index) = (Arc::clone(&self.opener), Arc::clone(&self.index));
            let metrics = Arc::clone(&self.parts.metrics);
            let opening = tokio::task::spawn_blocking(move || {
                let since = Instant::now();
                let desk = take_in(desk, &page, &opener, &index);
                metrics.computed(WorkerKind::Dedupe, since);
                desk
            });
            let next = store.records(self.incident, Some(last), RECORD_PAGE).await;
            desk = opening.await.map_err(|_| WorkerError::Task("dedupe"))??;
            page = next?;
            pages += 1;
            if pages % RENEW_PAGES == 0 {
                self.lease.renew(store).await?;
            }
        }
        Ok(desk)
    }

    /// Contact points that people gave. Linkage does not compare them: who gives one is known already.
    async fn given(&self) -> Result<Given, WorkerError> {
        let mut given = Given::new();
        for row in self.parts.store.loosening_statements(self.incident).await? {
            let Says::NewContact(new) = statement(&row, &self.opener)?.says else { continue };
            let NewContact { contact, point } = *new;
            let places = given.entry(contact.record).or_default();
            if contact.index >= ContactRef::STATED && places.iter().all(|(index, _)| *index != contact.index) {
                places.push((contact.index, point));
            }
        }
        Ok(given)
    }

    /// The groups that addresses had before, found again by value.
    async fn known_groups(&self, roll: &Roll) -> Result<Known, WorkerError> {
        let rows = self.parts.store.known_addresses(self.incident).await?;
        let mut known = Known::default();
        let mut moved: Vec<KnownAddress> = Vec::new();
        let listed: HashMap<(RecordId, i32), u32> = (0u32..)
            .zip(&roll.listings)
            .map(|(at, l)| ((roll.entries[l.record as usize].id, i32::from(l.index)), at))
            .collect();
        for row in rows {
            let at = listed.get(&(row.row.record, row.row.index)).map(|at| &roll.listings[*at as usize]);
            // What a person gave keeps its place, whatever becomes of the record's own list.
            let stays =
                |l: &&Listing| l.index >= ContactRef::STATED || roll.entries[l.record as usize].version == row.version;
            match at.filter(stays) {
                Some(listing) => known.note(listing.tag, &row),
                None => moved.push(row),
            }
        }
        for some in moved.chunks(EARLIER_PAGE) {
            self.note_moved(roll, some, &mut known).await?;
        }
        Ok(known)
    }

    async fn note_moved(&self, roll: &Roll, rows: &[KnownAddress], known: &mut Known) -> Result<(), WorkerError> {
        let mut records: Vec<_> = rows.iter().map(|r| r.row.record).collect();
        records.sort_unstable();
        records.dedup();
        let earlier = self.parts.store.earlier_versions(self.incident, &records).await?;
        for (id, version, sealed) in &earlier {
            let wanted: Vec<_> = rows.iter().filter(|r| r.row.record == *id && r.version == *version).collect();
            if wanted.is_empty() {
                continue;
            }
            let record = self.opener.open(*id, sealed)?;
            for row in wanted {
                let contact = usize::try_from(row.row.index).ok().and_then(|at| record.contacts.get(at));
                if let Some(contact) = contact {
                    known.note(roll.address_tag(contact), row);
                }
            }
        }
        Ok(())
    }
}

fn take_in(mut desk: Desk, page: &[RecordRow], opener: &Opener, index: &IndexKey) -> Result<Desk, WorkerError> {
    for row in page {
        let record = match opener.open(row.id, &row.sealed) {
            Ok(record) => record,
            // A destroyed key is what shredding is for: the row stays, nobody is told about it.
            Err(SealError::Shredded) => continue,
            Err(error) => return Err(error.into()),
        };
        let key_of = |other: &str| index.record_key(&record.society, &record.system, other);
        let arrival =
            Arrival { id: row.id, version: row.version, person: row.person, key: row.record_key, record: &record };
        let never = desk.roll.push(&arrival, key_of);
        if let Some(given) = desk.given.get(&row.id) {
            desk.roll.give(given);
        }
        desk.linker.push(link_record(row.id, &record, &never));
    }
    Ok(desk)
}

fn assemble(roll: &Roll, persons: &Persons, linkage: &Linkage, known: &Known, epoch: i64) -> DedupeResult {
    let shared = shared(roll, persons);
    let groups = known.ids(roll, &shared, AddressGroupId::random);
    let id = |at: u32| roll.entries[at as usize].id;
    let assignments = (0u32..)
        .zip(&roll.entries)
        .map(|(at, entry)| (entry, persons.id(at)))
        .filter(|(entry, person)| entry.person != Some(*person))
        .map(|(entry, person)| (entry.id, person));
    let candidate =
        |((a, b), incompatible)| CandidateRow { a: persons.ids[a as usize], b: persons.ids[b as usize], incompatible };
    DedupeResult {
        epoch,
        assignments: assignments.collect(),
        addresses: shared.iter().map(|s| address(roll, s, &groups)).collect(),
        // Of another person's status protection reads a guardian's only (P4): nothing else is written down.
        relations: relations(roll, persons)
            .filter(|(_, _, kind, _)| *kind == RelationKind::Guardian)
            .map(|(at, index, _, other)| (id(at), i32::from(index), persons.ids[other as usize]))
            .collect(),
        candidates: candidates(roll, persons, &linkage.edges).into_iter().map(candidate).collect(),
        pairs: pairs(linkage, id),
        model: serde_json::to_string(&linkage.model).unwrap_or_default(),
    }
}

fn address(roll: &Roll, shared: &Shared, groups: &[AddressGroupId]) -> AddressRow {
    let listing = &roll.listings[shared.listing as usize];
    AddressRow {
        record: roll.entries[listing.record as usize].id,
        index: i32::from(listing.index),
        group: groups[shared.group as usize],
        others: i32::try_from(shared.others).unwrap_or(i32::MAX),
        conflict: shared.conflict,
        declared_unsafe: shared.declared_unsafe,
    }
}

/// Pairs that were merged or wait, each with its place in the list that people are shown.
fn pairs(linkage: &Linkage, id: impl Fn(u32) -> RecordId) -> Vec<PairRow> {
    let milli = |x: f64| (x * 1000.0).round().clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32;
    let mut places = vec![0; linkage.edges.len()];
    for (place, edge) in (1..).zip(&linkage.review) {
        places[*edge as usize] = place;
    }
    let edges = linkage.edges.iter().zip(places).filter(|(edge, _)| edge.outcome != Outcome::Distinct);
    edges
        .map(|(edge, place)| PairRow {
            a: id(edge.a).min(id(edge.b)),
            b: id(edge.a).max(id(edge.b)),
            weight_milli: milli(edge.weight),
            probability_milli: milli(edge.probability),
            outcome: edge.outcome.word().to_owned(),
            evidence: evidence(edge, &linkage.model),
            place,
        })
        .collect()
}

fn report(incident: IncidentId, linkage: &Linkage) {
    let s = &linkage.summary;
    tracing::info!(
        %incident,
        records = s.records,
        persons = s.clusters,
        merged = s.merged_clusters,
        review = s.pairs_review,
        blocks_skipped = s.blocks_skipped,
        nameless = s.nameless,
        "linked"
    );
    for warning in &s.warnings {
        tracing::warn!(%incident, warning, "linkage");
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkerError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| WorkerError::Task("dedupe"))
}
