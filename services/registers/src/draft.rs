//! A record while its cells come in: parts of one fact arrive in any order, and are put together at the end.

use std::sync::Arc;

use domain::channel::ContactKind;
use domain::record::{
    Age, Answer, Birth, ChildAgrees, ContactPoint, Dated, DetentionMarker, Exposure, Liberty, Record, Relation,
    RelationKind, Role, Vital, Whereabouts,
};
use jiff::civil::Date;

use crate::error::{Note, NoteKind, Quarantine, Reason, RegisterError};
use crate::limits;
use crate::manifest::{Carried, Manifest};
use crate::values::clean::{is_masked, is_placeholder};
use crate::values::date::{self, DateRules};
use crate::values::language::Languages;
use crate::values::{country, email, phone};

/// What every row of a file shares.
pub(crate) struct Context<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) dates: DateRules,
    pub(crate) languages: Languages,
}

impl<'a> Context<'a> {
    pub(crate) fn new(manifest: &'a Manifest) -> Result<Self, RegisterError> {
        Ok(Self { manifest, dates: manifest.date_rules()?, languages: Languages::default() })
    }
}

/// A contact point whose value is not yet normal.
pub(crate) struct RawContact {
    pub(crate) slot: u8,
    pub(crate) column: Arc<str>,
    pub(crate) point: ContactPoint,
}

/// A guardian or other relation by slot.
pub(crate) struct RawRelation {
    pub(crate) slot: u8,
    pub(crate) relation: Relation,
}

/// The unfinished record.
pub(crate) struct Draft {
    pub(crate) record: Record,
    pub(crate) notes: Vec<Note>,
    pub(crate) contacts: Vec<RawContact>,
    pub(crate) guardians: Vec<RawRelation>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) vital: (Option<Vital>, Option<Date>),
    pub(crate) whereabouts: (Option<Whereabouts>, Option<Date>),
    pub(crate) liberty: (Option<Liberty>, Option<Date>),
    pub(crate) age: (Option<u8>, Option<u8>, Option<Date>, bool),
    /// Year, month and day, each from a column of its own.
    pub(crate) birth_parts: (Option<i16>, Option<i16>, Option<i16>),
    pub(crate) birth_estimated: bool,
    pub(crate) must_not_know: (Option<domain::record::Text>, Option<domain::record::Text>),
}

impl Draft {
    pub(crate) fn new(manifest: &Manifest) -> Self {
        Self {
            record: Record::bare(manifest.society.clone(), &manifest.system, ""),
            notes: Vec::new(),
            contacts: Vec::new(),
            guardians: Vec::new(),
            relations: Vec::new(),
            vital: (None, None),
            whereabouts: (None, None),
            liberty: (None, None),
            age: (None, None, None, false),
            birth_parts: (None, None, None),
            birth_estimated: false,
            must_not_know: (None, None),
        }
    }

    pub(crate) fn note(&mut self, column: &Arc<str>, kind: NoteKind) {
        self.notes.push(Note { column: Arc::clone(column), kind });
    }

    /// A value of this field that no code has: rule R00 holds the record.
    pub(crate) fn unknown_code(&mut self, field: &str) {
        if !self.record.unknown_codes.iter().any(|known| known == field) {
            self.record.unknown_codes.push(field.to_owned());
        }
    }

    /// The contact point of a kind and slot.
    pub(crate) fn contact(&mut self, kind: ContactKind, slot: u8, column: &Arc<str>) -> &mut RawContact {
        let at = self.contacts.iter().position(|c| c.slot == slot && c.point.kind == kind).unwrap_or_else(|| {
            self.contacts.push(RawContact { slot, column: Arc::clone(column), point: ContactPoint::bare(kind, "") });
            self.contacts.len() - 1
        });
        &mut self.contacts[at]
    }

    /// The guardian of a slot.
    pub(crate) fn guardian(&mut self, slot: u8) -> &mut Relation {
        let at = self.guardians.iter().position(|g| g.slot == slot).unwrap_or_else(|| {
            self.guardians.push(RawRelation { slot, relation: bare_relation(RelationKind::Guardian) });
            self.guardians.len() - 1
        });
        &mut self.guardians[at].relation
    }

    /// The record, or why the row is set aside.
    pub(crate) fn finish(mut self, context: &Context<'_>) -> Result<(Record, Vec<Note>), Quarantine> {
        if self.record.record_id.expose().is_empty() {
            return Err(Quarantine { column: None, reason: Reason::NoRecordId });
        }
        self.finish_birth(context)?;
        self.finish_facts(context.manifest);
        let guardians: Vec<u8> = self.finish_relations(context.manifest);
        self.finish_contacts(context.manifest, &guardians);
        let record = &mut self.record;
        if record.exposure.is_empty() {
            let shared = context.manifest.exposed.iter();
            record.exposure = shared
                .map(|e| Exposure { category: e.category, certainty: e.certainty, intrusion: e.intrusion })
                .collect();
        }
        settle(record, context.manifest.exported_on);
        Ok((self.record, self.notes))
    }

    /// The day of birth from its parts; held where the whole date says otherwise.
    fn finish_birth(&mut self, context: &Context<'_>) -> Result<(), Quarantine> {
        let parts = date::of_parts(self.birth_parts, &context.dates);
        let column: Arc<str> = Arc::from("birth.year");
        let parts = parts.map_err(|reason| Quarantine { column: Some(Arc::clone(&column)), reason })?;
        let agrees = |whole: &Birth, parts: &Birth| {
            whole.year == parts.year
                && parts.month.is_none_or(|month| whole.month.is_none_or(|known| known == month))
                && parts.day.is_none_or(|day| whole.day.is_none_or(|known| known == day))
        };
        match (&self.record.birth, parts) {
            (Some(whole), Some(parts)) if !agrees(whole, &parts) => {
                self.note(&column, NoteKind::Contradiction);
                self.unknown_code("birth");
            }
            (None, parts) => self.record.birth = parts,
            _ => {}
        }
        if let Some(birth) = &mut self.record.birth {
            birth.estimated |= self.birth_estimated;
        }
        Ok(())
    }

    fn finish_facts(&mut self, manifest: &Manifest) {
        let record = &mut self.record;
        let stamped = record.updated_on.or(record.created_on).unwrap_or(manifest.exported_on);
        let (vital, at) = self.vital;
        record.vital = vital.map(|value| Dated { value, as_of: at });
        let (whereabouts, at) = self.whereabouts;
        record.whereabouts = whereabouts.map(|value| Dated { value, as_of: at });
        let (liberty, at) = self.liberty;
        record.liberty = liberty.map(|value| Dated { value, as_of: at });
        let (min, max, as_of, estimated) = self.age;
        if let Some(min) = min.or(max) {
            let max = max.unwrap_or(min).max(min);
            record.age = Some(Age { min, max, as_of: as_of.unwrap_or(stamped), estimated });
        }
        // An empty cell of a carried column is «none»; of any other, unknown.
        let none = |list: &mut Option<Vec<String>>, fact| {
            if list.is_none() && manifest.carries(fact) {
                *list = Some(Vec::new());
            }
        };
        none(&mut record.needs_codes, Carried::NeedsCodes);
        none(&mut record.concerns, Carried::Concerns);
        if record.access_needs.is_none() && manifest.carries(Carried::AccessNeeds) {
            record.access_needs = Some(Vec::new());
        }
        if record.detention_markers.is_none() && manifest.carries(Carried::DetentionMarkers) {
            record.detention_markers = Some(Vec::<DetentionMarker>::new());
        }
    }

    /// The slots of the guardians, in the order of the relations.
    fn finish_relations(&mut self, manifest: &Manifest) -> Vec<u8> {
        self.guardians.sort_by_key(|g| g.slot);
        let slots = self.guardians.iter().map(|g| g.slot).collect();
        let mut all: Vec<Relation> = self.guardians.iter().map(|g| g.relation.clone()).collect();
        all.append(&mut self.relations);
        if let (who, what @ Some(_)) | (who @ Some(_), what) = std::mem::take(&mut self.must_not_know) {
            all.push(Relation { record: who, what, ..bare_relation(RelationKind::MustNotKnow) });
        }
        if !all.is_empty() || manifest.carries(Carried::Relations) {
            self.record.relations = Some(all);
        }
        slots
    }

    /// `guardians`: slots in the order of the relations.
    fn finish_contacts(&mut self, manifest: &Manifest, guardians: &[u8]) {
        let mut contacts = std::mem::take(&mut self.contacts);
        contacts.sort_by_key(|c| (c.point.kind, c.slot));
        for RawContact { slot: _, column, mut point } in contacts {
            let raw = point.value.expose().to_owned();
            if raw.is_empty() {
                continue;
            }
            if let Some(slot) = point.guardian {
                let at = guardians.iter().position(|known| *known == slot).and_then(|at| u8::try_from(at).ok());
                if at.is_none() {
                    // A guardian of whom the file says nothing.
                    self.note(&column, NoteKind::UnknownCode);
                    self.unknown_code("contacts");
                }
                point.guardian = Some(at.unwrap_or(u8::MAX));
            }
            let values: Vec<&str> = match point.kind {
                ContactKind::Phone => phones_in(&raw, &point, manifest),
                _ => vec![&raw],
            };
            for value in values {
                let mut point = point.clone();
                match normal(value, &mut point, manifest) {
                    // One value with two sets of facts stays twice: the worst of each counts.
                    Ok(()) if self.record.contacts.contains(&point) => {}
                    Ok(()) => self.record.contacts.push(point),
                    Err(kind) => {
                        self.note(&column, kind);
                        // A number that is unsafe and unreadable could be readable in another record.
                        self.record.unparsed_restriction |= point.safe == Some(Answer::No);
                    }
                }
            }
        }
    }
}

/// Puts the normal form of a value into its contact point.
pub(crate) fn normal(value: &str, point: &mut ContactPoint, manifest: &Manifest) -> Result<(), NoteKind> {
    point.value = match point.kind {
        ContactKind::Phone => {
            let number = phone::read(value, point.country.as_deref().or_else(|| manifest.region()))?;
            if point.country.is_none() {
                point.country = number.country.map(str::to_owned);
            }
            number.e164.into()
        }
        ContactKind::Email => email::normal(value).ok_or(NoteKind::EmailUnusable)?.into(),
        ContactKind::Address if is_masked(value) => return Err(NoteKind::Placeholder),
        ContactKind::Address => value.replace('\n', ", ").into(),
    };
    Ok(())
}

/// Why a text is no id number: by one that has lost its last digits, or that is none, many people would be one.
pub(crate) fn no_id_number(text: &str) -> Option<NoteKind> {
    if phone::is_scientific(text) {
        return Some(NoteKind::IdMangled);
    }
    is_placeholder(text).then_some(NoteKind::Placeholder)
}

/// One number as it stands, or the several that a cell holds.
fn phones_in<'r>(raw: &'r str, point: &ContactPoint, manifest: &Manifest) -> Vec<&'r str> {
    let region = point.country.as_deref().or_else(|| manifest.region());
    let parts: Vec<&str> = phone::several(raw).take(limits::LIST).collect();
    if parts.len() < 2 || phone::read(raw, region).is_ok() { vec![raw] } else { parts }
}

/// What follows from a record by itself: staff and partners are adults, a partner's published address may be used.
pub(crate) fn settle(record: &mut Record, exported_on: Date) {
    let adult = [Role::Staff, Role::Volunteer, Role::PartnerOrganisation];
    if record.birth.is_none() && record.age.is_none() && record.roles.iter().any(|r| adult.contains(r)) {
        let as_of = record.created_on.unwrap_or(exported_on);
        record.age = Some(Age { min: 18, max: OLDEST, as_of, estimated: false });
    }
    if record.roles.contains(&Role::PartnerOrganisation) {
        for point in record.contacts.iter_mut().filter(|c| c.published) {
            point.safe.get_or_insert(Answer::Yes);
            point.may_name_org.get_or_insert(Answer::Yes);
        }
    }
}

/// The upper bound of an age that nobody wrote down.
pub(crate) const OLDEST: u8 = 120;

/// A relation of which nothing but its kind is known.
pub(crate) fn bare_relation(kind: RelationKind) -> Relation {
    Relation {
        kind,
        record: None,
        name: None,
        authority: None,
        verified_by: None,
        verified_on: None,
        since: None,
        until: None,
        alleged_perpetrator: None,
        child_agrees: None::<ChildAgrees>,
        languages: Vec::new(),
        vital: None,
        liberty: None,
        needs_codes: None,
        what: None,
    }
}

/// Alpha-2 of a country as given.
pub(crate) fn country_code(text: &str) -> Option<String> {
    country::alpha2(text).map(str::to_owned)
}
