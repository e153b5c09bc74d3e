//! Records as the comparison reads them: small, fixed in size, values by number.

use crate::dates::Date;
use crate::names::ROLE_TOKENS;
use crate::record::Sex;
use crate::terms::Term;

/// Issued numbers, telephones that one record is compared by.
pub(crate) const IDS: usize = 2;
/// Place parts that are compared, finest ones kept.
pub(crate) const PLACES: usize = 3;
/// Words of a street address that are compared.
pub(crate) const STREET_WORDS: usize = 4;

/// Tokens of one name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PackedName {
    pub(crate) given: [Term; ROLE_TOKENS],
    pub(crate) middle: [Term; ROLE_TOKENS],
    pub(crate) family: [Term; ROLE_TOKENS],
}

impl PackedName {
    pub(crate) fn tokens(&self) -> impl Iterator<Item = Term> + '_ {
        [self.given, self.family, self.middle].into_iter().flatten().filter(|t| *t != 0)
    }

    pub(crate) fn each(&mut self) -> impl Iterator<Item = &mut Term> {
        self.given.iter_mut().chain(&mut self.middle).chain(&mut self.family)
    }
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Packed {
    pub(crate) name: PackedName,
    pub(crate) father: [Term; 2],
    pub(crate) mother: [Term; 2],
    pub(crate) date: Date,
    /// Second reading of the date.
    pub(crate) date2: Date,
    /// First of this record's further names, and how many there are.
    pub(crate) alias: u32,
    pub(crate) aliases: u8,
    pub(crate) flags: u8,
    pub(crate) sex: u8,
    pub(crate) generation: u8,
    pub(crate) ids: [Term; IDS],
    pub(crate) phones: [Term; IDS],
    /// First number and first telephone as codes of up to eight bytes, so that near misses need no look-up.
    pub(crate) id_code: u64,
    pub(crate) phone_code: u64,
    pub(crate) email: Term,
    pub(crate) email_local: Term,
    pub(crate) places: [Term; PLACES],
    pub(crate) postcode: Term,
    pub(crate) street: Term,
    pub(crate) street_words: [Term; STREET_WORDS],
    pub(crate) occupation: Term,
    pub(crate) birth_place: Term,
    pub(crate) dataset: u32,
}

/// The register does not say which name is the family name.
pub(crate) const UNORDERED: u8 = 1;
/// A name field seems to hold two persons.
pub(crate) const TWO_PERSONS: u8 = 2;
/// There is a name.
pub(crate) const NAMED: u8 = 4;

impl Default for Packed {
    fn default() -> Self {
        Self {
            name: PackedName::default(),
            father: [0; 2],
            mother: [0; 2],
            date: Date::NONE,
            date2: Date::NONE,
            alias: 0,
            aliases: 0,
            flags: 0,
            sex: 0,
            generation: 0,
            ids: [0; IDS],
            phones: [0; IDS],
            id_code: 0,
            phone_code: 0,
            email: 0,
            email_local: 0,
            places: [0; PLACES],
            postcode: 0,
            street: 0,
            street_words: [0; STREET_WORDS],
            occupation: 0,
            birth_place: 0,
            dataset: 0,
        }
    }
}

impl Packed {
    pub(crate) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(crate) fn set_sex(&mut self, sex: Option<Sex>) {
        self.sex = match sex {
            None => 0,
            Some(Sex::Female) => 1,
            Some(Sex::Male) => 2,
        };
    }
}

/// Packs values into a fixed number of places, first ones first.
pub(crate) fn fill<const N: usize>(values: impl IntoIterator<Item = Term>) -> [Term; N] {
    let mut out = [0; N];
    let mut n = 0;
    for value in values {
        if n < N && value != 0 && !out[..n].contains(&value) {
            out[n] = value;
            n += 1;
        }
    }
    out
}
