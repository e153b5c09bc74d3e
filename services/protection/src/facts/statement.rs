//! Facts that operators add (`tidings protect set`).
//!
//! A statement replaces what the record versions that had come in by then say about one fact, and is merged with
//! what comes in later like another record: a later import may tighten it, never loosen it.

use domain::manifest::ContactRef;
use domain::record::{
    AccessNeed, Age, Answer, Birth, ChildAgrees, ChildStatus, ConsentSource, ContactOwner, ContactPoint, ContactStatus,
    Displacement, Literacy, SafeWindow, Text, Vital, Whereabouts,
};
use domain::{Millis, RecordId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One fact about a person, from an operator.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// When it was made.
    pub at: Millis,
    /// What it says.
    pub says: Says,
}

impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Statement(…)")
    }
}

/// What an operator can say.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Says {
    /// Asked not to be contacted; `false` only by the person.
    DoNotContact(bool),
    /// Legal hold.
    LegalHold(bool),
    /// The restriction text was read and coded.
    RestrictionCoded,
    /// The unknown codes were resolved.
    CodesResolved,
    /// Alive or not.
    Vital(Vital),
    /// Whereabouts.
    Whereabouts(Whereabouts),
    /// Detained on that date.
    Detained(Option<Date>),
    /// Released on that date; answers every marker dated before.
    Released(Date),
    /// Birth date.
    Birth(Birth),
    /// Age.
    Age(Age),
    /// Who cares for the child.
    ChildStatus(ChildStatus),
    /// Specific-needs codes, all of them.
    NeedsCodes(Vec<String>),
    /// Protection concerns, all of them.
    Concerns(Vec<String>),
    /// A caregiver is alleged perpetrator.
    CaregiverPerpetrator(Answer),
    /// Who consented.
    ConsentSource(ConsentSource),
    /// A reason to withhold.
    Withholding(bool),
    /// Displacement.
    Displacement(Displacement),
    /// Country of origin, alpha-2.
    CountryOfOrigin(String),
    /// Literacy.
    Literacy(Literacy),
    /// Access needs, all of them.
    AccessNeeds(Vec<AccessNeed>),
    /// About a contact point; an absent field says nothing.
    Contact(ContactSays),
    /// About a guardian; an absent field says nothing.
    Guardian(GuardianSays),
    /// A contact point that the person gave.
    NewContact(Box<NewContact>),
}

/// A contact point beyond those that the records list. It is no route until linkage has counted who else lists its value.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// Its name from now on: the record it was said about, and a place from [`ContactRef::STATED`] on.
    pub contact: ContactRef,
    /// What was said.
    pub point: ContactPoint,
}

/// Facts about one contact point.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactSays {
    /// Which.
    pub contact: ContactRef,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<ContactOwner>,
    /// Last verification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_on: Option<Date>,
    /// In use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ContactStatus>,
    /// Safe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe: Option<Answer>,
    /// From then on a yes counts as unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe_expires_on: Option<Date>,
    /// Whether the organisation may be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_name_org: Option<Answer>,
    /// Safe windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<SafeWindow>>,
    /// Agreed code name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_name: Option<Text>,
    /// Country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Compromised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compromised: Option<Answer>,
}

/// Facts about one guardian.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardianSays {
    /// Record and position of the relation.
    pub relation: (RecordId, u8),
    /// Authority that appointed or recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Text>,
    /// Who verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<Text>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_on: Option<Date>,
    /// Alleged perpetrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alleged_perpetrator: Option<Answer>,
    /// Whether the child agrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child_agrees: Option<ChildAgrees>,
}
