//! What a line of input holds.

use std::fmt;

use domain::Millis;
use domain::record::{AccessNeed, Literacy, Record};
use domain::society::{Context, RiskTier};
use jiff::civil::Date;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// One line: a person's record or records, with what is known around them.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The person's record.
    #[serde(default)]
    pub record: Option<Record>,
    /// Assessed context of that record's register; absent: no assessment.
    #[serde(default)]
    pub context: Option<ContextInput>,
    /// Columns of that record in which an empty cell says «none».
    #[serde(default)]
    pub carried: Vec<String>,
    /// Further records linked to the same person.
    #[serde(default)]
    pub records: Vec<RecordInput>,
    /// Instant of the decision.
    pub now: Now,
    /// IANA time zone of the Society; absent: UTC.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// What is known about addresses; a contact point that is not named here is listed by nobody else.
    #[serde(default)]
    pub addresses: Vec<AddressInput>,
    /// Guardians who are persons here.
    #[serde(default)]
    pub guardians: Vec<GuardianInput>,
    /// Undecided duplicates.
    #[serde(default)]
    pub candidates: Vec<CandidateInput>,
}

/// A further record.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordInput {
    /// Record.
    pub record: Record,
    /// Its context; absent: no assessment.
    #[serde(default)]
    pub context: Option<ContextInput>,
    /// Columns in which an empty cell says «none».
    #[serde(default)]
    pub carried: Vec<String>,
}

/// An instant: RFC 3339, or milliseconds since 1970.
#[derive(Clone, Copy, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum Now {
    /// Milliseconds.
    Millis(i64),
    /// RFC 3339.
    Text(#[schemars(with = "String")] jiff::Timestamp),
}

impl Now {
    /// The instant.
    #[must_use]
    pub fn millis(self) -> Millis {
        match self {
            Self::Millis(millis) => Millis(millis),
            Self::Text(at) => at.into(),
        }
    }
}

impl<'de> Deserialize<'de> for Now {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NowVisitor)
    }
}

/// Takes a number or a text where it stands; an untagged enum would copy it first.
struct NowVisitor;

impl Visitor<'_> for NowVisitor {
    type Value = Now;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant: RFC 3339, or milliseconds since 1970")
    }

    fn visit_i64<E: Error>(self, millis: i64) -> Result<Now, E> {
        Ok(Now::Millis(millis))
    }

    fn visit_u64<E: Error>(self, millis: u64) -> Result<Now, E> {
        i64::try_from(millis).map(Now::Millis).map_err(|_| E::custom("an instant beyond all years"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Now, E> {
        text.parse().map(Now::Text).map_err(|_| E::custom("not an instant"))
    }
}

/// An assessed context.
#[derive(Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContextInput {
    /// Tier.
    pub tier: RiskTier,
    /// A low-literacy context.
    #[serde(default)]
    pub low_literacy: bool,
    /// No text carries a phone number.
    #[serde(default)]
    pub high_fraud: bool,
    /// National age of majority, where above 18.
    #[serde(default)]
    pub majority: Option<u8>,
    /// Who signed; absent: taken as signed by two.
    #[serde(default)]
    pub assessed_by: Option<Vec<String>>,
    /// Date; absent: in the past.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub assessed_on: Option<Date>,
    /// Source system; not read.
    #[serde(default)]
    pub system: Option<String>,
    /// Country of presence; not read, the record's own is.
    #[serde(default)]
    pub country: Option<String>,
    /// Not read.
    #[serde(default)]
    pub origin_countries: Vec<String>,
}

impl ContextInput {
    /// The context as the rules take it.
    #[must_use]
    pub fn context(&self) -> Context {
        let signed = || vec!["first".to_owned(), "second".to_owned()];
        Context {
            system: "*".to_owned(),
            country: "*".to_owned(),
            tier: self.tier,
            assessed_on: self.assessed_on.unwrap_or(Date::constant(2000, 1, 1)),
            assessed_by: self.assessed_by.clone().unwrap_or_else(signed),
            low_literacy: self.low_literacy,
            high_fraud: self.high_fraud,
            majority: self.majority,
            origin_countries: Vec::new(),
        }
    }
}

/// What is known about one contact point.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressInput {
    /// Record: 0 is `record`, then `records` in order.
    #[serde(default)]
    pub record: u16,
    /// Position in that record's contact list.
    pub index: u16,
    /// Other persons that list the value; a guardian's own children do not count.
    #[serde(default)]
    pub others: u32,
    /// Listed by two persons who must be kept apart, or by enquirer and sought.
    #[serde(default)]
    pub conflict: bool,
    /// Unsafe in any record that lists it.
    #[serde(default, rename = "unsafe")]
    pub unsafe_: bool,
}

/// A guardian who is a person here: their own record, or what the rules say about them.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardianInput {
    /// Record, as in `addresses`.
    #[serde(default)]
    pub record: u16,
    /// Position in that record's relations.
    pub relation: u8,
    /// R00–R04, R06, R07 or R16 fires for the guardian.
    #[serde(default)]
    pub fires: bool,
    /// Whether the guardian reads.
    #[serde(default)]
    pub literacy: Option<Literacy>,
    /// Access needs.
    #[serde(default)]
    pub access_needs: Vec<AccessNeed>,
    /// The guardian's own record, in place of the three fields before.
    #[serde(default)]
    pub person: Option<Box<RecordInput>>,
}

/// An undecided duplicate.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateInput {
    /// The candidate's record.
    pub record: Record,
    /// Its context; absent: no assessment.
    #[serde(default)]
    pub context: Option<ContextInput>,
    /// Columns in which an empty cell says «none».
    #[serde(default)]
    pub carried: Vec<String>,
    /// Known facts do not fit; absent: compared here.
    #[serde(default)]
    pub incompatible: Option<bool>,
}

/// JSON Schema of one line of input.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Input);
    schema.insert("title".to_owned(), "tidings explain --facts: one line of input".into());
    schema.to_value()
}
