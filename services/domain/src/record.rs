//! The canonical record: one source row about one person, from one Society's register (`registers.md` section 1).
//!
//! Absent is **unknown**, never «none» and never «safe». A list that the source carries and leaves empty is
//! `Some(vec![])`: «none». Every type here prints redacted.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::SocietyCode;
use crate::channel::{ContactKind, word};
use crate::incident::{Certainty, DataCategory};

macro_rules! redacted {
    ($($name:ident),+) => { $(impl fmt::Debug for $name {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(concat!(stringify!($name), "(…)"))
        }
    })+ };
}
redacted!(Record, Names, ContactPoint, Relation, Birth, Text);

/// A piece of a person's data. Prints redacted; read it through [`Text::expose`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// The text itself: for matching, sealing and rendering only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

word! {
    /// Roles in a case; a person may have several.
    Role {
        /// Looks for somebody.
        Enquirer = "enquirer",
        /// Is looked for.
        Sought = "sought",
        /// Sent a Red Cross Message.
        RcmSender = "rcm_sender",
        /// Addressee of a Red Cross Message.
        RcmAddressee = "rcm_addressee",
        /// Unaccompanied child.
        ChildUnaccompanied = "child_unaccompanied",
        /// Separated child.
        ChildSeparated = "child_separated",
        /// Cares for a child.
        Caregiver = "caregiver",
        /// In detention.
        Detainee = "detainee",
        /// Was in detention.
        ExDetainee = "ex_detainee",
        /// Family of a detainee.
        FamilyOfDetainee = "family_of_detainee",
        /// Receives another service.
        AidRecipient = "aid_recipient",
        /// Migrant.
        Migrant = "migrant",
        /// Lost a family member.
        Bereaved = "bereaved",
        /// Partner organisation.
        PartnerOrganisation = "partner_organisation",
        /// Staff.
        Staff = "staff",
        /// Volunteer.
        Volunteer = "volunteer",
    }
}

word! { /** Sex as registered. */ Sex { /** Female. */ Female = "female", /** Male. */ Male = "male", /** Another. */ Other = "other" } }
word! { /** Alive or not. */ Vital { /** Alive. */ Alive = "alive", /** Dead. */ Dead = "dead", /** Believed dead. */ BelievedDead = "believed_dead" } }
word! { /** Whereabouts of a sought person. */ Whereabouts { /** Located. */ Located = "located", /** Not located. */ NotLocated = "not_located" } }
word! { /** Liberty. */ Liberty { /** Free. */ Free = "free", /** Detained. */ Detained = "detained", /** Release confirmed. */ ReleasedConfirmed = "released_confirmed" } }
word! {
    /// Who cares for a child.
    ChildStatus {
        /// With parents.
        WithParents = "with_parents",
        /// Separated.
        Separated = "separated",
        /// Unaccompanied.
        Unaccompanied = "unaccompanied",
        /// Heads a household.
        ChildHeaded = "child_headed",
        /// Kinship care.
        Kin = "kin",
        /// Foster care.
        Foster = "foster",
        /// Institution.
        Institution = "institution",
        /// Kafala.
        Kafala = "kafala",
        /// Lives independently.
        Independent = "independent",
        /// Nobody.
        None = "none",
    }
}
word! { /** Displacement. */ Displacement { /** Resident. */ Resident = "resident", /** Internally displaced. */ Internal = "internally_displaced", /** Returnee. */ Returnee = "returnee", /** Other migrant. */ Migrant = "migrant", /** Asylum seeker. */ AsylumSeeker = "asylum_seeker", /** Refugee. */ Refugee = "refugee" } }
word! { /** Read or listen. */ LanguageMode { /** Reads it. */ Read = "read", /** Understands it spoken. */ Listen = "listen" } }
word! { /** Literacy. */ Literacy { /** Reads. */ Reads = "reads", /** Cannot read. */ Cannot = "cannot" } }
word! { /** Access needs. */ AccessNeed { /** Deaf. */ Deaf = "deaf", /** Blind. */ Blind = "blind", /** Speech. */ Speech = "speech", /** Mental. */ Mental = "mental" } }
word! { /** Whose a contact point is. */ ContactOwner { /** The person's own. */ Own = "self", /** A guardian's. */ Guardian = "guardian", /** A relative's. */ Relative = "relative", /** A neighbour's. */ Neighbour = "neighbour", /** The household's. */ Household = "household", /** An institution's. */ Institution = "institution", /** A camp's. */ Camp = "camp" } }
word! { /** Whether it is in use. */ ContactStatus { /** Active. */ Active = "active", /** Old. */ Old = "old", /** Disabled. */ Disabled = "disabled" } }
word! { /** Yes or no; absent is unknown. */ Answer { /** Yes. */ Yes = "yes", /** No. */ No = "no" } }
word! { /** Whether a child agrees to its guardian being told. */ ChildAgrees { /** Yes. */ Yes = "yes", /** No. */ No = "no", /** Too young to be asked. */ TooYoung = "too_young" } }
word! { /** Who consented. */ ConsentSource { /** The person. */ Individual = "individual", /** A caregiver. */ Caregiver = "caregiver", /** Another. */ Other = "other" } }
word! {
    /// What a relation is.
    RelationKind {
        /// Legal or customary guardian.
        Guardian = "guardian",
        /// Cares for the child, without authority on record.
        Caregiver = "caregiver",
        /// This person looks for the other.
        EnquirerOf = "enquirer_of",
        /// No contact may pass between the two.
        MustNotContact = "must_not_contact",
        /// The other must not know (`what`).
        MustNotKnow = "must_not_know",
        /// The other is, or may be, a perpetrator against this person.
        AllegedPerpetrator = "alleged_perpetrator",
        /// Family.
        Family = "family",
    }
}

/// Names as given.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    /// Full names; one field of a source may hold several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub full: Vec<Text>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<Text>,
    /// Middle name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle: Option<Text>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<Text>,
    /// Father's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub father: Option<Text>,
    /// Grandfather's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grandfather: Option<Text>,
    /// Mother's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mother: Option<Text>,
    /// Nickname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<Text>,
}

/// Birth date with its precision.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Birth {
    /// Year.
    pub year: i16,
    /// Month 1–12, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<i8>,
    /// Day 1–31, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i8>,
    /// An estimate: ± 2 years.
    #[serde(default)]
    pub estimated: bool,
}

/// Age in years, as of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Age {
    /// At least.
    pub min: u8,
    /// At most.
    pub max: u8,
    /// The date on which that was so.
    #[schemars(with = "String")]
    pub as_of: Date,
    /// An estimate («about 15»): ± 2 years.
    #[serde(default)]
    pub estimated: bool,
}

/// A value with the date on which it was so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dated<T> {
    /// Value.
    pub value: T,
    /// As of; absent: undated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub as_of: Option<Date>,
}

/// A language, and how it reaches the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LanguageWish {
    /// BCP-47 as given.
    pub tag: String,
    /// Read or listen; absent: both may be tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<LanguageMode>,
}

/// When a contact point may be used, local to `zone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SafeWindow {
    /// First minute, `HH:MM`.
    #[schemars(with = "String")]
    pub from: jiff::civil::Time,
    /// First minute after, `HH:MM`; before `from`: over midnight.
    #[schemars(with = "String")]
    pub to: jiff::civil::Time,
    /// Weekdays 1 (Monday) to 7; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<i8>,
    /// IANA zone; absent: the Society's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// One way to reach the person, with its safety facts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPoint {
    /// Phone, e-mail, address.
    pub kind: ContactKind,
    /// E.164 number, e-mail address, or address in one line.
    pub value: Text,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<ContactOwner>,
    /// Position in `relations` of the guardian that a guardian's contact point belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<u8>,
    /// Date of collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub collected_on: Option<Date>,
    /// Date of the last verification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub verified_on: Option<Date>,
    /// In use, old, disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ContactStatus>,
    /// Whether contact there is safe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe: Option<Answer>,
    /// Date on which that was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub safe_confirmed_on: Option<Date>,
    /// Date from which a yes counts as unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub safe_expires_on: Option<Date>,
    /// Whether the organisation may be named there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_name_org: Option<Answer>,
    /// Whether a voicemail may be left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voicemail_ok: Option<Answer>,
    /// Safe windows; absent: unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<SafeWindow>>,
    /// Label or code name agreed with the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_name: Option<Text>,
    /// Country of the number or address, alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// E-mail: known to be compromised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compromised: Option<Answer>,
    /// Published by the partner organisation itself.
    #[serde(default)]
    pub published: bool,
    /// Date of the last change of the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub address_changed_on: Option<Date>,
    /// Date of the last change of the relation of the people there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub relation_changed_on: Option<Date>,
}

impl ContactPoint {
    /// A contact point of which nothing else is known.
    #[must_use]
    pub fn bare(kind: ContactKind, value: &str) -> Self {
        Self {
            kind,
            value: value.into(),
            owner: None,
            guardian: None,
            collected_on: None,
            verified_on: None,
            status: None,
            safe: None,
            safe_confirmed_on: None,
            safe_expires_on: None,
            may_name_org: None,
            voicemail_ok: None,
            windows: None,
            code_name: None,
            country: None,
            compromised: None,
            published: false,
            address_changed_on: None,
            relation_changed_on: None,
        }
    }
}

/// A relation to another person, named by that person's record id in the same system where there is one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// What it is.
    pub kind: RelationKind,
    /// The other person's record id in the same Society and system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Text>,
    /// The other person's name, where there is no record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Guardian: authority that appointed or recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Text>,
    /// Guardian: who verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<Text>,
    /// Guardian: date of verification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub verified_on: Option<Date>,
    /// In force since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub since: Option<Date>,
    /// In force until.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// Alleged perpetrator against this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alleged_perpetrator: Option<Answer>,
    /// Whether the child agrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child_agrees: Option<ChildAgrees>,
    /// Guardian's own languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageWish>,
    /// Guardian's own vital status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vital: Option<Vital>,
    /// Guardian's own liberty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liberty: Option<Liberty>,
    /// Guardian's own specific-needs codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_codes: Option<Vec<String>>,
    /// `must_not_know`: what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<Text>,
}

/// A dated sign of detention that is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetentionMarker {
    /// Date; absent: undated, so that nothing in the record can answer it.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
}

/// Whose data were exposed, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// Category.
    #[schemars(with = "String")]
    pub category: DataCategory,
    /// Certainty.
    #[schemars(with = "String")]
    pub certainty: Certainty,
    /// Which intrusion, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intrusion: Option<u8>,
}

/// Consent as registered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Consent {
    /// Who consented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<ConsentSource>,
    /// Information may be shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Answer>,
    /// A reason to withhold is recorded (its text is dropped at the door).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withholding: Option<bool>,
    /// Whereabouts may be shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whereabouts_sharing: Option<Answer>,
    /// Expiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub expires_on: Option<Date>,
}

/// One source row about one person.
#[derive(Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Society that holds the record.
    pub society: SocietyCode,
    /// Source system.
    pub system: String,
    /// The source's id of the row.
    pub record_id: Text,
    /// Case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<Text>,
    /// Roles; a role that the source cannot carry is a fact nobody knows.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Names.
    #[serde(default)]
    pub names: Names,
    /// Sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Birth>,
    /// Age as of a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<Age>,
    /// Place of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_place: Option<Text>,
    /// Nationality, alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nationality: Option<String>,
    /// Strong ids (national id, registration number).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strong_ids: Vec<Text>,
    /// Places lived in, most specific first; for linkage only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Text>,
    /// Alive or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vital: Option<Dated<Vital>>,
    /// Whereabouts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whereabouts: Option<Dated<Whereabouts>>,
    /// Liberty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liberty: Option<Dated<Liberty>>,
    /// Place of detention, by reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detention_place: Option<Text>,
    /// Dated detention markers; `Some(vec![])`: the source says none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detention_markers: Option<Vec<DetentionMarker>>,
    /// Who cares for the child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child_status: Option<ChildStatus>,
    /// Cause of the separation, by code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separation_cause: Option<String>,
    /// Cause of a change of care, by code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_change_cause: Option<String>,
    /// A caregiver is alleged perpetrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caregiver_perpetrator: Option<Answer>,
    /// Specific-needs codes; `Some(vec![])`: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_codes: Option<Vec<String>>,
    /// Protection concerns; `Some(vec![])`: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concerns: Option<Vec<String>>,
    /// Displacement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub displacement: Option<Displacement>,
    /// Country of origin, alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_of_origin: Option<String>,
    /// Country of presence, alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_of_presence: Option<String>,
    /// Languages, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageWish>,
    /// Literacy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub literacy: Option<Literacy>,
    /// Access needs; `Some(vec![])`: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_needs: Option<Vec<AccessNeed>>,
    /// Contact points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<ContactPoint>,
    /// Relations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relations: Option<Vec<Relation>>,
    /// Consent.
    #[serde(default)]
    pub consent: Consent,
    /// Do not contact.
    #[serde(default)]
    pub do_not_contact: bool,
    /// Legal hold.
    #[serde(default)]
    pub legal_hold: bool,
    /// A free-text restriction was not empty (its text is dropped; rule R00).
    #[serde(default)]
    pub unparsed_restriction: bool,
    /// A value of this field did not map to a code (rule R00); names of fields only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_codes: Vec<String>,
    /// What was exposed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exposure: Vec<Exposure>,
    /// Creation of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub created_on: Option<Date>,
    /// Last update of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub updated_on: Option<Date>,
}

impl Record {
    /// A record of which nothing but its identity is known.
    #[must_use]
    pub fn bare(society: SocietyCode, system: &str, record_id: &str) -> Self {
        Self {
            society,
            system: system.to_owned(),
            record_id: record_id.into(),
            case_id: None,
            roles: Vec::new(),
            names: Names::default(),
            sex: None,
            birth: None,
            age: None,
            birth_place: None,
            nationality: None,
            strong_ids: Vec::new(),
            places: Vec::new(),
            vital: None,
            whereabouts: None,
            liberty: None,
            detention_place: None,
            detention_markers: None,
            child_status: None,
            separation_cause: None,
            care_change_cause: None,
            caregiver_perpetrator: None,
            needs_codes: None,
            concerns: None,
            displacement: None,
            country_of_origin: None,
            country_of_presence: None,
            languages: Vec::new(),
            literacy: None,
            access_needs: None,
            contacts: Vec::new(),
            relations: None,
            consent: Consent::default(),
            do_not_contact: false,
            legal_hold: false,
            unparsed_restriction: false,
            unknown_codes: Vec::new(),
            exposure: Vec::new(),
            created_on: None,
            updated_on: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let mut record = Record::bare("KE".parse().expect("a code"), "rfl", "R-1");
        record.names.full.push("Synthetic Person".into());
        record.contacts.push(ContactPoint::bare(ContactKind::Phone, "+254700000001"));
        record
    }

    #[test]
    fn debug_prints_no_personal_data() {
        let printed = format!("{:?} {:?} {:?}", record(), record().names, record().contacts);
        assert!(!printed.contains("Synthetic") && !printed.contains("2547"), "{printed}");
    }

    #[test]
    fn absent_is_unknown_and_an_empty_list_is_none() {
        let text = r#"{"society":"KE","system":"rfl","record_id":"R-1","needs_codes":[]}"#;
        let record: Record = serde_json::from_str(text).expect("a record");
        assert_eq!(record.needs_codes, Some(vec![]));
        assert_eq!(record.concerns, None);
    }

    #[test]
    fn json_round_trips_and_an_unknown_field_is_refused() {
        let text = serde_json::to_string(&record()).expect("json");
        assert!(serde_json::from_str::<Record>(&text).expect("a record") == record());
        assert!(serde_json::from_str::<Record>(&text.replacen('{', "{\"religion\":\"x\",", 1)).is_err());
    }
}
