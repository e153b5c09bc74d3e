//! A person's rows as protection reads them, and what it decides. The plan stage is the first gate, the localise stage
//! the second: both come through here, so that they cannot differ.
//!
//! Rows come in batches; opening and deciding happen outside of the async runtime. Of other people only two kinds are
//! loaded: guardians, for R10b, and undecided duplicates, for R24.

mod setting;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::decision::Decision;
use domain::manifest::ContactRef;
use domain::record::{ContactPoint, Record};
use domain::society::Society;
use domain::{IncidentId, Millis, PersonId, RecordId, SocietyCode};
use protection::{
    Address, Candidate, Carried, Earlier, Facts, GuardianStatus, Lift, Says, Statement, Subject, SubjectRecord,
    assessment, contact_points, decide, facts,
};
use store::seal::{MasterKey, Opener, SealError};
use store::{IncidentRow, PersonAddress, PersonRow, StatementRow, Store};

pub(crate) use setting::Setting;

use crate::{Parts, WorkerError};

/// How long Societies and approved words are believed before they are read again. A change voids what is unsent at
/// once all the same: the manifest's binding is compared before anything is sealed.
const SETTING_FOR: Duration = Duration::from_secs(2);

/// Opens persons of any incident, with what surrounds them.
pub(crate) struct Desk {
    parts: Parts,
    master: Arc<MasterKey>,
    openers: Mutex<HashMap<IncidentId, Arc<Opener>>>,
    setting: Mutex<Option<(Instant, Arc<Setting>)>>,
}

impl Desk {
    pub(crate) fn new(parts: &Parts, master: &Arc<MasterKey>) -> Self {
        Self { parts: parts.clone(), master: Arc::clone(master), openers: Mutex::default(), setting: Mutex::default() }
    }

    /// Societies and words as they stand.
    pub(crate) async fn setting(&self, now: Millis) -> Result<Arc<Setting>, WorkerError> {
        let known = self.setting.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, setting)) = known.filter(|(at, _)| at.elapsed() < SETTING_FOR) {
            return Ok(setting);
        }
        let societies = self.parts.store.societies().await?;
        let (library, drill) = (Arc::clone(&self.parts.library), self.parts.realm == broker::Realm::Drill);
        let fresh = blocking(move || Arc::new(Setting::new(societies, &library, drill, now))).await?;
        *self.setting.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&fresh)));
        Ok(fresh)
    }

    /// The opener of an incident, made once.
    pub(crate) fn opener(&self, incident: &IncidentRow) -> Result<Arc<Opener>, WorkerError> {
        let mut openers = self.openers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opener) = openers.get(&incident.id) {
            return Ok(Arc::clone(opener));
        }
        let opener = Arc::new(Opener::new(&incident.keys.open_secret(&self.master)?, incident.id));
        openers.insert(incident.id, Arc::clone(&opener));
        Ok(opener)
    }
}

/// Rows of persons and of those whom their decisions ask about.
#[derive(Default, Clone)]
pub(crate) struct Rows {
    persons: Vec<PersonRow>,
    others: HashMap<PersonId, PersonRow>,
}

impl Rows {
    /// Loads persons; those who are no longer current are left out.
    pub(crate) async fn load(store: &Store, incident: IncidentId, ids: &[PersonId]) -> Result<Self, WorkerError> {
        let persons = store.load_persons(incident, ids).await?;
        let mut wanted: Vec<PersonId> = persons
            .iter()
            .flat_map(|p| p.relations.iter().map(|r| r.2).chain(p.candidates.iter().map(|c| c.0)))
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let others = if wanted.is_empty() { Vec::new() } else { store.load_neighbours(incident, &wanted).await? };
        Ok(Self { persons, others: others.into_iter().map(|p| (p.id, p)).collect() })
    }

    /// The first person's row.
    pub(crate) fn first(&self) -> Option<&PersonRow> {
        self.persons.first()
    }

    /// As if it had been decided that these two are two persons.
    pub(crate) fn part(&mut self, a: PersonId, b: PersonId) {
        for person in &mut self.persons {
            let me = person.id;
            person.candidates.retain(|(other, _)| !((me == a && *other == b) || (me == b && *other == a)));
        }
    }

    /// None of the persons is a current one.
    pub(crate) fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }
}

/// One person with open records, and the decision.
pub(crate) struct Case {
    /// Person.
    pub(crate) person: PersonId,
    /// Version of the facts.
    pub(crate) facts_version: i32,
    /// Open records.
    pub(crate) records: Vec<(RecordId, Record)>,
    /// Contact points as statements leave them; `None`: as the records have them.
    pub(crate) stated: Option<Vec<(ContactRef, ContactPoint)>>,
    /// Groups of the addresses.
    pub(crate) addresses: Vec<PersonAddress>,
    /// The facts.
    pub(crate) facts: Facts,
    /// What protection says.
    pub(crate) decision: Decision,
}

impl Case {
    /// The record of an id.
    pub(crate) fn record(&self, id: RecordId) -> Option<&Record> {
        self.records.iter().find(|(r, _)| *r == id).map(|(_, record)| record)
    }

    /// The contact point of a name, as it stands.
    pub(crate) fn point(&self, at: ContactRef) -> Option<&ContactPoint> {
        match &self.stated {
            Some(points) => points.iter().find(|(name, _)| *name == at).map(|(_, point)| point),
            None => self.record(at.record)?.contacts.get(usize::from(at.index)),
        }
    }

    /// All contact points as they stand: those of the records in their order, then those that the person gave.
    pub(crate) fn points(&self) -> Vec<(ContactRef, &ContactPoint)> {
        if let Some(points) = &self.stated {
            return points.iter().map(|(name, point)| (*name, point)).collect();
        }
        let of = |(record, content): &'_ (RecordId, Record)| -> Vec<ContactRef> {
            (0u16..).zip(&content.contacts).map(|(index, _)| ContactRef { record: *record, index }).collect()
        };
        let names = self.records.iter().flat_map(of);
        names.filter_map(|name| Some((name, self.point(name)?))).collect()
    }

    /// Societies that hold a record of this person.
    pub(crate) fn societies(&self) -> HashSet<&SocietyCode> {
        self.records.iter().map(|(_, r)| &r.society).collect()
    }
}

/// Opens and decides a batch, as if `said` were stated about each of the persons too. Computes; call it outside of the
/// async runtime.
pub(crate) fn decide_all(rows: Rows, opener: &Opener, setting: &Setting, now: Millis, said: &[Statement]) -> Vec<Case> {
    let persons: Vec<(PersonRow, Open)> = rows
        .persons
        .into_iter()
        .map(|row| {
            let mut open = Open::of(&row, opener);
            open.suppose(said);
            (row, open)
        })
        .collect();
    let others: HashMap<PersonId, Open> = rows.others.iter().map(|(id, row)| (*id, Open::of(row, opener))).collect();
    let wishes = persons.iter().flat_map(|(_, open)| open.languages());
    let offers = setting.offers(wishes);
    let societies = setting.societies();
    let other_facts: HashMap<PersonId, Facts> =
        others.iter().map(|(id, open)| (*id, facts(&open.subject(societies), now))).collect();
    persons
        .into_iter()
        .map(|(row, open)| {
            let mut subject = open.subject(societies);
            subject.guardians = guardians(&row, &open, &other_facts);
            subject.candidates = row
                .candidates
                .iter()
                .filter_map(|(id, incompatible)| {
                    let facts = other_facts.get(id)?.clone();
                    let apart = others.get(id).is_some_and(|other| incompatible_records(&open, other));
                    Some(Candidate { facts, incompatible: *incompatible || apart })
                })
                .collect();
            let facts = facts(&subject, now);
            let decision = decide(&facts, &offers, now);
            let stated = contact_points(&subject);
            drop(subject);
            let records = open.records.into_iter().map(|(id, _, record)| (id, record)).collect();
            Case {
                person: row.id,
                facts_version: row.facts_version,
                records,
                stated,
                addresses: row.addresses,
                facts,
                decision,
            }
        })
        .collect()
}

fn incompatible_records(a: &Open, b: &Open) -> bool {
    let a: Vec<&Record> = a.records.iter().map(|(_, _, r)| r).collect();
    let b: Vec<&Record> = b.records.iter().map(|(_, _, r)| r).collect();
    protection::incompatible(&a, &b)
}

/// Approved words for these cases, as decided.
pub(crate) fn offers_for(cases: &[Case], setting: &Setting) -> Arc<protection::Offers> {
    setting.offers(cases.iter().flat_map(|c| c.records.iter().flat_map(|(_, r)| languages(r))))
}

/// Statuses of guardians who are persons here. One who cannot be read is as bad as can be.
fn guardians(row: &PersonRow, open: &Open, others: &HashMap<PersonId, Facts>) -> Vec<GuardianStatus> {
    let known = |record: &RecordId| open.records.iter().any(|(id, _, _)| id == record);
    row.relations
        .iter()
        .filter(|(record, _, _)| known(record))
        .filter_map(|(record, index, other)| {
            let relation = (*record, u8::try_from(*index).ok()?);
            Some(others.get(other).map_or_else(
                || GuardianStatus { relation, fires: true, literacy: None, access: Vec::new() },
                |facts| GuardianStatus::of(relation, facts),
            ))
        })
        .collect()
}

/// A person's records, open.
struct Open {
    records: Vec<(RecordId, Millis, Record)>,
    earlier: Vec<(RecordId, Millis, Record)>,
    addresses: Vec<Address>,
    statements: Vec<Statement>,
    lifts: Vec<Lift>,
}

impl Open {
    /// Opens what a person's row holds. A record whose key was destroyed is as if it were not there. If any other does
    /// not open, nobody knows what it restricts: the person is read as one without records, whom no rule lets through.
    fn of(row: &PersonRow, opener: &Opener) -> Self {
        let records = row.records.iter();
        let records = records.map(|r| (r.id, r.at, opener.open(r.id, &r.sealed)));
        let earlier = row.earlier.iter();
        let earlier = earlier.map(|(id, _, at, sealed)| (*id, *at, opener.open(*id, sealed)));
        let opened = keep(records).and_then(|records| Ok((records, keep(earlier)?, statements(row, opener)?)));
        let (mut records, earlier, statements) = opened.unwrap_or_else(|error| {
            tracing::error!(person = %row.id, %error, "a record does not open: the person is held");
            (Vec::new(), Vec::new(), Vec::new())
        });
        for (_, _, record) in records.iter_mut().filter(|(id, ..)| row.doubted.contains(id)) {
            // A row that could not be read may restrict what the others allow.
            record.unparsed_restriction = true;
        }
        let addresses = row.addresses.iter().filter_map(address).collect();
        Self { records, earlier, addresses, statements, lifts: lifts(row) }
    }

    /// As if this were stated too. Of a contact point that is not counted yet the worst is supposed: others list it.
    fn suppose(&mut self, said: &[Statement]) {
        let new = said.iter().filter_map(|statement| match &statement.says {
            Says::NewContact(new) => Some(new.contact),
            _ => None,
        });
        let supposed =
            |at: ContactRef| Address { record: at.record, index: at.index, others: 1, conflict: false, unsafe_: false };
        self.addresses.extend(new.map(supposed));
        self.statements.extend_from_slice(said);
    }

    fn subject<'a>(&'a self, societies: &'a BTreeMap<SocietyCode, Society>) -> Subject<'a> {
        let context = |record: &'a Record| assessment(societies.get(&record.society)?, record);
        let current = |(id, at, record): &'a (RecordId, Millis, Record)| SubjectRecord {
            record,
            id: *id,
            context: context(record),
            // The reader of a register writes an empty cell of a column that is declared carried as «none».
            carried: Carried::NOTHING,
            at: *at,
        };
        Subject {
            records: self.records.iter().map(current).collect(),
            earlier: self.earlier.iter().map(|(id, at, record)| Earlier { record, id: *id, at: *at }).collect(),
            addresses: &self.addresses,
            statements: self.statements.clone(),
            lifts: &self.lifts,
            ..Subject::default()
        }
    }

    fn languages(&self) -> impl Iterator<Item = &str> {
        self.records.iter().flat_map(|(_, _, record)| languages(record))
    }
}

/// Kind under which statements are sealed.
pub const STATEMENT: &str = "statement";

type Opened = Result<Record, SealError>;

fn keep(rows: impl Iterator<Item = (RecordId, Millis, Opened)>) -> Result<Vec<(RecordId, Millis, Record)>, SealError> {
    rows.filter_map(|(id, at, opened)| match opened {
        Ok(record) => Some(Ok((id, at, record))),
        Err(SealError::Shredded) => None,
        Err(error) => Some(Err(error)),
    })
    .collect()
}

/// What operators stated about the person's records: JSON, sealed.
fn statements(row: &PersonRow, opener: &Opener) -> Result<Vec<Statement>, SealError> {
    row.statements.iter().map(|s| statement(s, opener)).collect()
}

/// One statement, open.
pub(crate) fn statement(row: &StatementRow, opener: &Opener) -> Result<Statement, SealError> {
    let json = opener.open_blob(STATEMENT, row.id, &row.blob)?;
    serde_json::from_slice(&json).map_err(|_| SealError::Shape)
}

fn address(row: &PersonAddress) -> Option<Address> {
    Some(Address {
        record: row.row.record,
        index: u16::try_from(row.row.index).ok()?,
        others: u32::try_from(row.row.others).unwrap_or(u32::MAX),
        conflict: row.row.conflict,
        unsafe_: row.row.declared_unsafe || row.group_unsafe,
    })
}

/// The lifts of a person. The whole lift travels as JSON in `routes`; one that cannot be read lifts nothing.
fn lifts(row: &PersonRow) -> Vec<Lift> {
    row.lifts
        .iter()
        .filter_map(|lift| {
            let read = serde_json::from_str::<Lift>(&lift.routes).ok();
            if read.is_none() {
                tracing::warn!(person = %row.id, lift = %lift.id, "the lift cannot be read and lifts nothing");
            }
            read.filter(|l| l.rule == lift.rule && l.expires_at <= lift.expires_at && l.level <= lift.level)
        })
        .collect()
}

/// The languages of a person and of the guardians on record.
fn languages(record: &Record) -> impl Iterator<Item = &str> {
    let guardians = record.relations.iter().flatten().flat_map(|relation| &relation.languages);
    record.languages.iter().chain(guardians).map(|wish| wish.tag.as_str())
}

/// Runs a computation outside of the async runtime.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkerError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| WorkerError::Task("compute"))
}
