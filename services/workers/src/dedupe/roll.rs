//! Everything a dedupe run keeps of a record once it has been handed to linkage: no names, no addresses, only keyed
//! tags that die with the run, and the few coded facts that candidates are compared by.

use std::collections::HashMap;

use domain::channel::ContactKind;
use domain::record::{Answer, ContactOwner, ContactPoint, Record, Relation, RelationKind, Role};
use domain::{PersonId, RecordId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::values::{Coded, coded, plain};

/// A value as the run knows it: equal for equal values, meaningless to anybody without the run's key.
pub(crate) type Tag = [u8; 16];

/// The store's key of a record: the same whenever the same Society's system gives the same record id.
pub(crate) type RecordKey = [u8; 16];

/// Key of the run's blind index: drawn when the run starts, in memory only, gone when it ends. Whoever holds it could
/// try every telephone number of a country within minutes.
pub(crate) struct RunKey(Hmac<Sha256>);

impl RunKey {
    /// A key from random bytes: as many as the hash takes in at a time.
    pub(crate) fn new(bytes: &[u8; 64]) -> Self {
        Self(<Hmac<Sha256> as KeyInit>::new(bytes.into()))
    }

    fn tag(&self, parts: &[&str]) -> Tag {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        let full = mac.finalize().into_bytes();
        let mut tag = Tag::default();
        tag.copy_from_slice(&full[..16]);
        tag
    }
}

/// One record of the run.
#[derive(Clone)]
pub(crate) struct Entry {
    /// Id in the store.
    pub(crate) id: RecordId,
    /// Version of its content.
    pub(crate) version: i32,
    /// The person that carried it before this run.
    pub(crate) person: Option<PersonId>,
    /// Looks for somebody.
    pub(crate) enquirer: bool,
    /// Is looked for.
    pub(crate) sought: bool,
    /// The case, where the register names one.
    pub(crate) case: Option<Tag>,
    /// Coded facts that two records of one person cannot disagree on.
    pub(crate) coded: Coded,
}

/// One record lists one address.
#[derive(Clone, Copy)]
pub(crate) struct Listing {
    /// Position of the record in the roll.
    pub(crate) record: u32,
    /// Position of the contact point in the record, or the place that one which the person gave was given.
    pub(crate) index: u16,
    /// The address.
    pub(crate) tag: Tag,
    /// Phone, e-mail or address.
    pub(crate) kind: ContactKind,
    /// Whose it is said to be: the guardian at this position of the record's relations.
    pub(crate) guardian: Option<u8>,
    /// The record says that contact there is not safe.
    pub(crate) said_unsafe: bool,
}

/// One relation of a record.
#[derive(Clone, Copy)]
pub(crate) struct Tie {
    /// Position of the record in the roll.
    pub(crate) record: u32,
    /// Position of the relation in the record.
    pub(crate) index: u16,
    /// What it is.
    pub(crate) kind: RelationKind,
    /// No word may pass between the two, or one harmed the other.
    pub(crate) danger: bool,
    /// A guardian recorded with authority, verifier and date.
    pub(crate) verified: bool,
    /// Key of the other record, where the register names one.
    pub(crate) other: Option<RecordKey>,
}

/// All records of a run.
pub(crate) struct Roll {
    key: RunKey,
    /// Records, in the order in which linkage got them.
    pub(crate) entries: Vec<Entry>,
    /// Who lists what.
    pub(crate) listings: Vec<Listing>,
    /// Who is related to whom.
    pub(crate) ties: Vec<Tie>,
    keys: HashMap<RecordKey, u32>,
    cases: HashMap<Tag, Vec<u32>>,
    /// Who looks for a record that has not been seen yet.
    looked_for: HashMap<RecordKey, Vec<RecordId>>,
}

/// A record that comes in.
pub(crate) struct Arrival<'a> {
    /// Id in the store.
    pub(crate) id: RecordId,
    /// Version of its content.
    pub(crate) version: i32,
    /// The person that carries it now.
    pub(crate) person: Option<PersonId>,
    /// The store's key of it.
    pub(crate) key: RecordKey,
    /// What it says.
    pub(crate) record: &'a Record,
}

/// Records of one case that are named to linkage as «never together», at most: a register in which every row carries
/// the same case number must not make the run quadratic. Whatever linkage joined in spite of it is parted afterwards.
const CASE_MEMBERS: usize = 64;

impl Roll {
    /// An empty roll under a key of its own.
    pub(crate) fn new(key: RunKey) -> Self {
        Self {
            key,
            entries: Vec::new(),
            listings: Vec::new(),
            ties: Vec::new(),
            keys: HashMap::new(),
            cases: HashMap::new(),
            looked_for: HashMap::new(),
        }
    }

    /// Takes in one record. `key_of` gives the key of another record of the same Society and system. Returns the
    /// records seen before that must never be one person with this one.
    pub(crate) fn push(&mut self, arrival: &Arrival<'_>, key_of: impl Fn(&str) -> RecordKey) -> Vec<RecordId> {
        let Arrival { id, version, person, key, record } = *arrival;
        let at = self.entries.len() as u32;
        let mut never = self.looked_for.remove(&key).unwrap_or_default();
        for (index, relation) in record.relations.iter().flatten().enumerate() {
            let other = relation.record.as_ref().map(|other| key_of(other.expose()));
            if relation.kind == RelationKind::EnquirerOf {
                match other.and_then(|key| self.find(&key)) {
                    Some(at) => never.push(self.entries[at as usize].id),
                    None => other.into_iter().for_each(|key| self.looked_for.entry(key).or_default().push(id)),
                }
            }
            self.ties.push(tie(at, index, relation, other));
        }
        let enquirer = record.roles.contains(&Role::Enquirer);
        let sought = record.roles.contains(&Role::Sought);
        let case = record
            .case_id
            .as_ref()
            .map(|case| self.key.tag(&["case", record.society.as_str(), &record.system, case.expose().trim()]));
        if let Some(case) = case.filter(|_| enquirer || sought) {
            let members = self.cases.entry(case).or_default();
            let others = members.iter().rev().take(CASE_MEMBERS).map(|m| &self.entries[*m as usize]);
            never.extend(others.filter(|e| (enquirer && e.sought) || (sought && e.enquirer)).map(|e| e.id));
            members.push(at);
        }
        for (index, contact) in record.contacts.iter().enumerate() {
            self.list(at, narrow(index), contact);
        }
        self.keys.insert(key, at);
        self.entries.push(Entry { id, version, person, enquirer, sought, case, coded: coded(record) });
        never
    }

    /// The record that came in last lists contact points that its person gave, too.
    pub(crate) fn give(&mut self, given: &[(u16, ContactPoint)]) {
        let Some(last) = self.entries.len().checked_sub(1) else { return };
        for (index, contact) in given {
            self.list(last as u32, *index, contact);
        }
    }

    fn list(&mut self, record: u32, index: u16, contact: &ContactPoint) {
        let tag = self.address_tag(contact);
        self.listings.push(Listing {
            record,
            index,
            tag,
            kind: contact.kind,
            guardian: contact.guardian.filter(|_| contact.owner == Some(ContactOwner::Guardian)),
            said_unsafe: contact.safe == Some(Answer::No),
        });
    }

    /// The address of a contact point, in this run's words.
    pub(crate) fn address_tag(&self, contact: &ContactPoint) -> Tag {
        let value = plain(contact.kind, contact.value.expose());
        self.key.tag(&["address", contact.kind.as_str(), &value])
    }

    /// Position of the record with a key.
    pub(crate) fn find(&self, key: &RecordKey) -> Option<u32> {
        self.keys.get(key).copied()
    }
}

fn tie(record: u32, index: usize, relation: &Relation, other: Option<RecordKey>) -> Tie {
    use RelationKind as K;
    Tie {
        record,
        index: narrow(index),
        kind: relation.kind,
        danger: matches!(relation.kind, K::MustNotContact | K::MustNotKnow | K::AllegedPerpetrator)
            || relation.alleged_perpetrator == Some(Answer::Yes),
        verified: relation.kind == K::Guardian
            && relation.authority.is_some()
            && relation.verified_by.is_some()
            && relation.verified_on.is_some(),
        other,
    }
}

/// Lists of a record are bounded far below this by import; a longer one shares its last position.
fn narrow(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}
