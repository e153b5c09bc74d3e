//! The four column groups of a record, written compactly. A new field of [`Record`] does not compile until it has a
//! group.

use domain::SocietyCode;
use domain::record::*;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::SealError;

/// Sealed groups come in multiples of this, so that their length tells little about what is in them.
const BUCKET: usize = 64;

/// Column groups, in the order of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Identity,
    Contact,
    Protection,
    FreeText,
}

impl Group {
    pub(super) const ALL: [Self; 4] = [Self::Identity, Self::Contact, Self::Protection, Self::FreeText];
}

fn is_default<T: Default + PartialEq>(value: &&T) -> bool {
    **value == T::default()
}

macro_rules! group {
    ($name:ident, $borrowed:ident { $($field:ident : $type:ty = $key:literal),+ $(,)? }) => {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name { $(#[serde(rename = $key, default)] $field: $type),+ }

        #[derive(Serialize)]
        struct $borrowed<'a> { $(#[serde(rename = $key, skip_serializing_if = "is_default")] $field: &'a $type),+ }
    };
}

group!(Identity, IdentityRef {
    society: Option<SocietyCode> = "s",
    system: String = "y",
    record_id: Text = "i",
    case_id: Option<Text> = "k",
    names: Names = "n",
    sex: Option<Sex> = "x",
    birth: Option<Birth> = "b",
    age: Option<Age> = "a",
    birth_place: Option<Text> = "p",
    nationality: Option<String> = "o",
    strong_ids: Vec<Text> = "d",
    places: Vec<Text> = "l",
    created_on: Option<Date> = "c",
    updated_on: Option<Date> = "u",
});

group!(Contact, ContactRef {
    contacts: Vec<ContactPoint> = "c",
    languages: Vec<LanguageWish> = "l",
    literacy: Option<Literacy> = "r",
    access_needs: Option<Vec<AccessNeed>> = "a",
    country_of_presence: Option<String> = "p",
});

group!(Protection, ProtectionRef {
    roles: Vec<Role> = "r",
    vital: Option<Dated<Vital>> = "v",
    whereabouts: Option<Dated<Whereabouts>> = "w",
    liberty: Option<Dated<Liberty>> = "l",
    detention_markers: Option<Vec<DetentionMarker>> = "m",
    child_status: Option<ChildStatus> = "c",
    separation_cause: Option<String> = "s",
    care_change_cause: Option<String> = "h",
    caregiver_perpetrator: Option<Answer> = "p",
    needs_codes: Option<Vec<String>> = "n",
    concerns: Option<Vec<String>> = "o",
    displacement: Option<Displacement> = "d",
    country_of_origin: Option<String> = "g",
    consent: Consent = "t",
    do_not_contact: bool = "x",
    legal_hold: bool = "y",
    unparsed_restriction: bool = "z",
    unknown_codes: Vec<String> = "u",
    exposure: Vec<Exposure> = "e",
});

group!(FreeText, FreeTextRef {
    detention_place: Option<Text> = "d",
    relations: Option<Vec<Relation>> = "r",
});

/// The written groups of a record, one behind the other. Its memory serves one record after the other, and is wiped at
/// the end.
#[derive(Default)]
pub(super) struct Parts {
    bytes: Zeroizing<Vec<u8>>,
    ends: [usize; 4],
}

/// Bytes of nearly every record: a buffer that grows would leave copies behind.
const USUAL: usize = 16 * 1024;

impl Parts {
    /// The groups in the order of [`Group::ALL`]: JSON, padded with blanks, which JSON allows after a value.
    pub(super) fn all(&self) -> [&[u8]; 4] {
        let mut from = 0;
        self.ends.map(|end| &self.bytes[std::mem::replace(&mut from, end)..end])
    }

    /// Writes a record in place of the last one.
    pub(super) fn write(&mut self, record: &Record) -> Result<(), SealError> {
        self.bytes.clear();
        self.bytes.reserve(USUAL);
        split(record, self)
    }

    fn add<T: Serialize>(&mut self, group: Group, value: &T) -> Result<(), SealError> {
        let from = self.bytes.len();
        serde_json::to_writer(&mut *self.bytes, value).map_err(|_| SealError::Shape)?;
        let padded = from + (self.bytes.len() - from).next_multiple_of(BUCKET);
        self.bytes.resize(padded, b' ');
        self.ends[group as usize] = padded;
        Ok(())
    }
}

fn split(record: &Record, to: &mut Parts) -> Result<(), SealError> {
    let Record {
        society,
        system,
        record_id,
        case_id,
        roles,
        names,
        sex,
        birth,
        age,
        birth_place,
        nationality,
        strong_ids,
        places,
        vital,
        whereabouts,
        liberty,
        detention_place,
        detention_markers,
        child_status,
        separation_cause,
        care_change_cause,
        caregiver_perpetrator,
        needs_codes,
        concerns,
        displacement,
        country_of_origin,
        country_of_presence,
        languages,
        literacy,
        access_needs,
        contacts,
        relations,
        consent,
        do_not_contact,
        legal_hold,
        unparsed_restriction,
        unknown_codes,
        exposure,
        created_on,
        updated_on,
    } = record;
    let society = Some(society.clone());
    to.add(
        Group::Identity,
        &IdentityRef {
            society: &society,
            system,
            record_id,
            case_id,
            names,
            sex,
            birth,
            age,
            birth_place,
            nationality,
            strong_ids,
            places,
            created_on,
            updated_on,
        },
    )?;
    to.add(Group::Contact, &ContactRef { contacts, languages, literacy, access_needs, country_of_presence })?;
    to.add(
        Group::Protection,
        &ProtectionRef {
            roles,
            vital,
            whereabouts,
            liberty,
            detention_markers,
            child_status,
            separation_cause,
            care_change_cause,
            caregiver_perpetrator,
            needs_codes,
            concerns,
            displacement,
            country_of_origin,
            consent,
            do_not_contact,
            legal_hold,
            unparsed_restriction,
            unknown_codes,
            exposure,
        },
    )?;
    to.add(Group::FreeText, &FreeTextRef { detention_place, relations })
}

/// The record of its groups.
pub(super) fn join(parts: &[Zeroizing<Vec<u8>>; 4]) -> Result<Record, SealError> {
    let [identity, contact, protection, free_text] = parts;
    let i: Identity = read(identity)?;
    let c: Contact = read(contact)?;
    let p: Protection = read(protection)?;
    let f: FreeText = read(free_text)?;
    Ok(Record {
        society: i.society.ok_or(SealError::Shape)?,
        system: i.system,
        record_id: i.record_id,
        case_id: i.case_id,
        roles: p.roles,
        names: i.names,
        sex: i.sex,
        birth: i.birth,
        age: i.age,
        birth_place: i.birth_place,
        nationality: i.nationality,
        strong_ids: i.strong_ids,
        places: i.places,
        vital: p.vital,
        whereabouts: p.whereabouts,
        liberty: p.liberty,
        detention_place: f.detention_place,
        detention_markers: p.detention_markers,
        child_status: p.child_status,
        separation_cause: p.separation_cause,
        care_change_cause: p.care_change_cause,
        caregiver_perpetrator: p.caregiver_perpetrator,
        needs_codes: p.needs_codes,
        concerns: p.concerns,
        displacement: p.displacement,
        country_of_origin: p.country_of_origin,
        country_of_presence: c.country_of_presence,
        languages: c.languages,
        literacy: c.literacy,
        access_needs: c.access_needs,
        contacts: c.contacts,
        relations: f.relations,
        consent: p.consent,
        do_not_contact: p.do_not_contact,
        legal_hold: p.legal_hold,
        unparsed_restriction: p.unparsed_restriction,
        unknown_codes: p.unknown_codes,
        exposure: p.exposure,
        created_on: i.created_on,
        updated_on: i.updated_on,
    })
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, SealError> {
    serde_json::from_slice(bytes).map_err(|_| SealError::Shape)
}
