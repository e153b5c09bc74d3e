//! What a caller hands in: one record as linkage sees it, values as the register gave them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One register row, with the values that say who it is about.
///
/// Values are taken as given: normalising is this crate's work. Everything but `id` may be missing, and
/// missing means unknown, never «different».
#[derive(Clone, Default)]
pub struct LinkRecord {
    /// Opaque id: names the record in verdicts and output, and orders clusters. No meaning is read into it.
    pub id: String,
    /// Which register the record came from; only [`Options::link_only`](crate::Options::link_only) looks at it.
    pub dataset: u32,
    /// Whole names whose parts are not known; further entries are other names or spellings of the same person.
    pub full: Vec<String>,
    /// Given name or names.
    pub given: Option<String>,
    /// Middle names or initials, patronymics, grandfather's name.
    pub middle: Option<String>,
    /// Family name or names.
    pub family: Option<String>,
    /// Father's name.
    pub father: Option<String>,
    /// Mother's name.
    pub mother: Option<String>,
    /// Birth date as far as it is known, or years derived from an age.
    pub birth: Option<Birth>,
    /// Sex as registered.
    pub sex: Option<Sex>,
    /// Numbers issued to one person: passport, registration, social security.
    pub strong_ids: Vec<String>,
    /// Telephone numbers, E.164 or raw digits.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Parts of the place of residence; compared as one.
    pub place: Vec<String>,
    /// Postcode; part of the one place comparison.
    pub postcode: Option<String>,
    /// Parts of the street address, such as house number and street name.
    pub street: Vec<String>,
    /// Occupation.
    pub occupation: Option<String>,
    /// Place of birth.
    pub birth_place: Option<String>,
    /// Further fields whose agreement is evidence, by position; the first eight are used.
    pub other: Vec<Option<String>>,
    /// Ids of records that must never become one person with this one, such as enquirer and sought of one case.
    pub never_with: Vec<String>,
}

impl fmt::Debug for LinkRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkRecord").field("id", &self.id).field("dataset", &self.dataset).finish_non_exhaustive()
    }
}

/// A birth date with the precision it was given in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Birth {
    /// A date, or the parts of it that are known.
    Date {
        /// Year as written, in whatever calendar the register keeps.
        year: i16,
        /// Month 1–12 (13 in the Ethiopian calendar).
        month: Option<u8>,
        /// Day 1–31.
        day: Option<u8>,
        /// The register says that the date is a guess.
        estimated: bool,
    },
    /// First and last year that an age or an age range allows.
    Years {
        /// First possible year.
        from: i16,
        /// Last possible year.
        to: i16,
    },
}

impl Birth {
    /// A full date that nobody called a guess.
    #[must_use]
    pub fn day(year: i16, month: u8, day: u8) -> Self {
        Self::Date { year, month: Some(month), day: Some(day), estimated: false }
    }

    /// Only a year.
    #[must_use]
    pub fn year(year: i16) -> Self {
        Self::Date { year, month: None, day: None, estimated: false }
    }
}

impl fmt::Debug for Birth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Date { .. } => "Birth::Date(..)",
            Self::Years { .. } => "Birth::Years(..)",
        })
    }
}

/// Sex as registered. Anything else than these two is `None` on the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}
