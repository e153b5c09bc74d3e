//! Records, addresses, candidates, pairs.

use domain::{AddressGroupId, ImportId, Millis, PersonId, RecordId, SocietyCode};

use crate::seal::SealedRecord;

/// One record, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Id.
    pub id: RecordId,
    /// Society that holds it.
    pub society: SocietyCode,
    /// Person it is linked to.
    pub person: Option<PersonId>,
    /// Version, from 1.
    pub version: i32,
    /// Keyed index of (Society, system, record id).
    pub record_key: [u8; 16],
    /// When this version came in.
    pub at: Millis,
    /// The import that brought it.
    pub import: ImportId,
    /// The record.
    pub sealed: SealedRecord,
}

/// One address of one record, and its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRow {
    /// Record.
    pub record: RecordId,
    /// Position in the record's contact list.
    pub index: i32,
    /// Group of everybody who lists this address.
    pub group: AddressGroupId,
    /// Other persons that list it; a guardian's own children do not count.
    pub others: i32,
    /// Listed by two persons who must not hear of each other (R17b).
    pub conflict: bool,
    /// Declared unsafe in a record that lists it (R19).
    pub declared_unsafe: bool,
}

/// An address that the store knows, for keeping its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownAddress {
    /// The row.
    pub row: AddressRow,
    /// Version of the record whose contact list the index points into.
    pub version: i32,
    /// A receipt said `unsafe` or `wrong_person`.
    pub group_unsafe: bool,
}

/// Two persons who may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CandidateRow {
    /// One.
    pub a: PersonId,
    /// The other.
    pub b: PersonId,
    /// Known facts contradict each other (R24).
    pub incompatible: bool,
}

/// A scored pair of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairRow {
    /// One.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// Weight, thousandths of a bit.
    pub weight_milli: i32,
    /// Probability, thousandths.
    pub probability_milli: i32,
    /// Linkage's word for what follows.
    pub outcome: String,
    /// What was found field by field, as the dedupe stage words it; no values.
    pub evidence: String,
    /// Place in the review list that people are shown, from 1; 0: not shown.
    pub place: i32,
}

/// A pair that waits for a decision, with the persons whose records the two are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// The pair.
    pub pair: PairRow,
    /// Person of its first and of its second record.
    pub persons: (PersonId, PersonId),
}

/// What one run of dedupe found.
#[derive(Debug, Clone, Default)]
pub struct DedupeResult {
    /// [`crate::Store::record_epoch`] as read before the records were loaded; 0: do not check.
    pub epoch: i64,
    /// Records whose person changes (or is new).
    pub assignments: Vec<(RecordId, PersonId)>,
    /// Every address of the incident.
    pub addresses: Vec<AddressRow>,
    /// Record, position in its relations, the other person: every one of the incident.
    pub relations: Vec<(RecordId, i32, PersonId)>,
    /// Every undecided candidate of the incident.
    pub candidates: Vec<CandidateRow>,
    /// Every pair worth keeping.
    pub pairs: Vec<PairRow>,
    /// The weights it was found with; empty: those of the last run stay.
    pub model: String,
}

/// What was saved of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deduped {
    /// Persons whose facts changed: to be planned again.
    pub touched: Vec<PersonId>,
    /// Persons that are new.
    pub new_persons: u64,
    /// Persons that others stand for now.
    pub superseded: u64,
}
