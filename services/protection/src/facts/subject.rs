//! What the rules are told about one person: the input of [`crate::facts`].

use domain::channel::Recipient;
use domain::decision::RuleId;
use domain::manifest::ContactRef;
use domain::record::{AccessNeed, Literacy, Record};
use domain::society::{Context, Society};
use domain::{Channel, Level, Millis, OperatorId, RecordId};
use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::facts::statement::Statement;

/// One person: the records linked to them, and what is known around these.
#[derive(Clone, Default)]
pub struct Subject<'a> {
    /// Current records.
    pub records: Vec<SubjectRecord<'a>>,
    /// Earlier versions of records. Only what they restrict counts: imports may tighten, only people loosen.
    pub earlier: Vec<Earlier<'a>>,
    /// What linkage and receipts know about the addresses. A contact point without a row reads as listed by another
    /// person too.
    pub addresses: &'a [Address],
    /// Guardians who are persons here.
    pub guardians: Vec<GuardianStatus>,
    /// Undecided duplicates.
    pub candidates: Vec<Candidate>,
    /// Facts that operators added, oldest first.
    pub statements: Vec<Statement>,
    /// Rules that two people set aside.
    pub lifts: &'a [Lift],
}

/// A current record.
#[derive(Clone, Copy)]
pub struct SubjectRecord<'a> {
    /// Record.
    pub record: &'a Record,
    /// Its id.
    pub id: RecordId,
    /// Assessment of its register in its country of presence; `None`: no assessment. See [`assessment`].
    pub context: Option<&'a Context>,
    /// Columns in which an empty cell says «none».
    pub carried: Carried,
    /// When this version came in; a loosening statement covers versions that are not younger.
    pub at: Millis,
}

/// An earlier version of a record.
#[derive(Clone, Copy)]
pub struct Earlier<'a> {
    /// That version.
    pub record: &'a Record,
    /// Id of the record.
    pub id: RecordId,
    /// When it came in.
    pub at: Millis,
}

/// Columns that a manifest declares carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried(u8);

impl Carried {
    /// Nothing is declared.
    pub const NOTHING: Self = Self(0);
    pub(crate) const NEEDS: u8 = 1;
    pub(crate) const CONCERNS: u8 = 2;
    pub(crate) const CAUSES: u8 = 4;
    pub(crate) const DISPLACEMENT: u8 = 8;

    /// The columns that matter here, by the field names of the canonical record; other names change nothing.
    pub fn of<'n>(columns: impl IntoIterator<Item = &'n str>) -> Self {
        columns.into_iter().fold(Self(0), |carried, column| {
            Self(
                carried.0
                    | match column {
                        "needs_codes" => Self::NEEDS,
                        "concerns" => Self::CONCERNS,
                        "separation_cause" | "care_change_cause" => Self::CAUSES,
                        "displacement" => Self::DISPLACEMENT,
                        _ => 0,
                    },
            )
        })
    }

    pub(crate) const fn has(self, column: u8) -> bool {
        self.0 & column != 0
    }
}

/// What is known about one contact point beyond its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Record that holds it.
    pub record: RecordId,
    /// Position in that record's contact list.
    pub index: u16,
    /// Other persons that list the value; a guardian's own children do not count.
    pub others: u32,
    /// R17b: listed by two persons who must be kept apart, or by enquirer and sought.
    pub conflict: bool,
    /// R19: safe = no in any record that lists it, or a receipt said so.
    pub unsafe_: bool,
}

/// A guardian who is a person here. The only thing read about another person, and only for guardian routes (P4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianStatus {
    /// Record and position of the guardian relation.
    pub relation: (RecordId, u8),
    /// R00–R04, R06, R07 or R16 fires for the guardian.
    pub fires: bool,
    /// Whether the guardian reads.
    pub literacy: Option<Literacy>,
    /// The guardian's access needs.
    pub access: Vec<AccessNeed>,
}

impl GuardianStatus {
    /// The status of a guardian whose own facts are at hand.
    #[must_use]
    pub fn of(relation: (RecordId, u8), facts: &Facts) -> Self {
        let (literacy, access) = facts.reading();
        Self { relation, fires: crate::engine::guardian_rule_fires(facts), literacy, access }
    }
}

/// An undecided duplicate. The caller never passes one who is joined to this person by a relation (R24).
#[derive(Clone)]
pub struct Candidate {
    /// The candidate's own facts.
    pub facts: Facts,
    /// Sex, birth date, vital, liberty or child status are known for both and do not fit.
    pub incompatible: bool,
}

/// Two people set aside one rule for one person, on named routes, up to a level, for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lift {
    /// Rule.
    pub rule: RuleId,
    /// Routes.
    pub routes: Vec<LiftedRoute>,
    /// Up to this level.
    pub level: Level,
    /// Ends.
    pub expires_at: Millis,
    /// [`crate::fingerprint`] of what the rule read when the lift was signed; another one voids it.
    pub reads: u64,
    /// The two people.
    pub by: Vec<OperatorId>,
}

/// A route by names that survive a new reading of the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftedRoute {
    /// Who receives.
    pub to: Recipient,
    /// How.
    pub channel: Channel,
    /// Contact point.
    pub contact: Option<ContactRef>,
}

/// The assessment that holds for a record. An unknown country is in no context: any signed assessment of the register
/// stands in for it, and the facts then read the tier as `high`.
#[must_use]
pub fn assessment<'a>(society: &'a Society, record: &Record) -> Option<&'a Context> {
    if let Some(country) = record.country_of_presence.as_deref() {
        return society.context(&record.system, Some(country));
    }
    society
        .contexts
        .iter()
        .filter(|c| c.system == record.system || c.system == "*")
        .filter(|c| c.is_signed())
        .max_by_key(|c| (c.tier, c.low_literacy, c.high_fraud))
}
