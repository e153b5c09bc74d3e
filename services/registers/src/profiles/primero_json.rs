//! Primero cases as JSON: raw option ids and subforms, the export that loses nothing.
//!
//! Primero knows no guardian's authority, no safe contact, no literacy: those stay unknown. A caregiver is a caregiver,
//! not a guardian. A relative's number goes into no child's contact points, except the caregiver's, and that one as
//! another's. Fields that a country has added itself can be named in a mapping file.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use domain::record::{
    Answer, ChildStatus, ConsentSource, ContactOwner, Displacement, Record, RelationKind, Role, Vital,
};
use serde_json::{Map, Value};

use super::items::Items;
use super::unique;
use crate::draft::{Context, Draft, bare_relation, country_code};
use crate::error::{Note, NoteKind, Quarantine, Reason, RegisterError};
use crate::fields::{self, Cell};
use crate::limits;
use crate::manifest::Manifest;
use crate::mapping::{Column, Mapping, same};
use crate::meter::Utf8;
use crate::read::{Row, Source};
use crate::table::shown;
use crate::values::clean::clean;
use crate::values::codes::{answer, word};

/// Fields that go over as they are.
const PLAIN: &[(&str, &str, u8)] = &[
    ("name", "names.full", 1),
    ("name_other", "names.full", 1),
    ("name_first", "names.given", 1),
    ("name_middle", "names.middle", 1),
    ("name_last", "names.family", 1),
    ("name_nickname", "names.nickname", 1),
    ("sex", "sex", 1),
    ("date_of_birth", "birth", 1),
    ("age", "age", 1),
    ("estimated", "birth.estimated", 1),
    ("estimated", "age.estimated", 1),
    ("registration_date", "created_on", 1),
    ("location_current", "places", 1),
    ("telephone_current", "phone", 1),
    ("address_current", "address", 1),
    ("telephone_caregiver", "phone", 2),
    ("unhcr_needs_codes", "needs_codes", 1),
    ("protection_concerns", "concerns", 1),
    ("separation_cause", "separation_cause", 1),
    ("child_caregiver_reason_change", "care_change_cause", 1),
    ("name_caregiver", "caregiver.name", 1),
    ("withholding_info_reason", "consent.withholding", 1),
    ("withholding_info_other_reason", "consent.withholding", 1),
    ("disclosure_deny_details", "restriction", 1),
    ("disclosure_other_orgs", "consent.sharing", 1),
];

/// Further fields that are read.
const READ: &[&str] =
    &["protection_concern_detail_subform_section", "family_details_section", "care_arrangements_section"];

/// Primero cases.
pub(crate) struct PrimeroJson<'a, R> {
    items: Items<Utf8<R>>,
    extra: Vec<Column>,
    /// Fields that the mapping leaves aside.
    ignored: Vec<String>,
    fixed: Vec<(String, String)>,
    context: Context<'a>,
}

impl<'a, R: Read> PrimeroJson<'a, R> {
    pub(crate) fn new(reader: R, manifest: &'a Manifest, mapping: Option<&Mapping>) -> Result<Self, RegisterError> {
        let extra = mapping.map(|m| m.columns.iter().filter(|c| c.field != "record_id").cloned().collect());
        let fixed = mapping.map(|m| m.fixed.clone().into_iter().collect());
        Ok(Self {
            items: Items::new(Utf8::new(reader, manifest.encoding), limits::CASE_BYTES),
            extra: extra.unwrap_or_default(),
            ignored: mapping.map(|m| m.ignore.clone()).unwrap_or_default(),
            fixed: fixed.unwrap_or_default(),
            context: Context::new(manifest)?,
        })
    }

    fn record(&mut self) -> Result<(Record, Vec<Note>), Quarantine> {
        let aside = |reason| Quarantine { column: None, reason };
        let case = match unique::parse(self.items.item()) {
            Ok(Value::Object(case)) => case,
            Err(unique::Fault::KeyTwice) => return Err(aside(Reason::KeyTwice)),
            _ => return Err(aside(Reason::Malformed)),
        };
        let context = &mut self.context;
        let mut draft = Draft::new(context.manifest);
        identity(&case, &mut draft, context)?;
        for (key, field, slot) in PLAIN {
            take(&mut draft, key, case.get(*key), field, *slot, context)?;
        }
        softly(&case, &mut draft, context);
        care(&case, &mut draft);
        consent(&case, &mut draft);
        family(&case, &mut draft, context)?;
        for column in &self.extra {
            take_mapped(&mut draft, column, case.get(&column.header), context)?;
        }
        let mapped =
            |key: &str| self.extra.iter().any(|c| same(&c.header, key)) || self.ignored.iter().any(|i| same(i, key));
        unmapped(&case, &mut draft, mapped);
        for (field, value) in &self.fixed {
            take(&mut draft, field, Some(&Value::String(value.clone())), field, 1, context)?;
        }
        if draft.record.roles.is_empty() {
            draft.record.roles.push(Role::AidRecipient);
        }
        draft.finish(context)
    }
}

impl<R: Read> Source for PrimeroJson<'_, R> {
    fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        let found = self.items.next(&["data", "cases"])?;
        Ok(found.then_some(self.items.number))
    }

    fn convert(&mut self, out: &mut VecDeque<Row>) {
        let outcome = self.record();
        let id = || {
            let case: Value = serde_json::from_slice(self.items.item()).ok()?;
            IDS.iter().find_map(|key| scalar(case.get(*key))).map(Into::into)
        };
        out.push_back(Row::new(self.items.number, outcome, id));
    }
}

/// Fields that a record id may stand in, the best first.
const IDS: [&str; 4] = ["short_id", "case_id", "id", "unique_identifier"];

/// The short id is the key, as in Primero's workbooks: one case has one record whatever it was exported as.
fn identity(case: &Map<String, Value>, draft: &mut Draft, context: &mut Context<'_>) -> Result<(), Quarantine> {
    let id = IDS.into_iter().find(|key| scalar(case.get(*key)).is_some());
    if let Some(key) = id {
        take(draft, key, case.get(key), "record_id", 1, context)?;
    }
    let case_id = ["case_id_display", "case_id"].into_iter().find(|key| scalar(case.get(*key)).is_some());
    if let Some(key) = case_id {
        take(draft, key, case.get(key), "case_id", 1, context)?;
    }
    // Two kinds of number are two different numbers: only the first that is there is comparable.
    if let Some(key) =
        ["national_id_no", "unhcr_individual_no"].into_iter().find(|key| scalar(case.get(*key)).is_some())
    {
        take(draft, key, case.get(key), "strong_ids", 1, context)?;
    }
    for (key, place) in [("last_updated_at", true), ("created_at", false)] {
        let Some(stamp) = scalar(case.get(key)) else {
            continue;
        };
        let day = Value::String(stamp.split(['T', ' ']).next().unwrap_or_default().to_owned());
        take(draft, key, Some(&day), if place { "updated_on" } else { "created_on" }, 1, context)?;
    }
    Ok(())
}

/// Facts that only help: an option that nobody knows is said, and holds nobody.
fn softly(case: &Map<String, Value>, draft: &mut Draft, context: &mut Context<'_>) {
    let first = |key: &str| list(case.get(key)).into_iter().next();
    if let Some(given) = first("nationality") {
        draft.record.nationality = country_code(&given.replace('_', " "));
        if draft.record.nationality.is_none() {
            draft.note(&Arc::from("nationality"), NoteKind::UnknownCode);
        }
    }
    for given in list(case.get("language")) {
        match context.languages.canonical(&given.replace('_', " ")) {
            Some(tag) => draft.record.languages.push(domain::record::LanguageWish { tag, mode: None }),
            None => draft.note(&Arc::from("language"), NoteKind::LanguageUnknown),
        }
    }
}

/// How words begin in the names of fields that could forbid to tell somebody something, in a country's own forms too.
const RESTRICTING: &[&str] =
    &["restrict", "unsafe", "danger", "death", "deceased", "perpetrat", "detention", "detain", "prison", "imprison"];

/// The same in several words.
const FORBIDDING: &[&str] = &["do_not", "dont", "no_contact", "not_contact", "legal_hold", "not_safe", "is_dead"];

/// Values that say nothing.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.trim().is_empty() || answer(text) == Some(Answer::No),
        Value::Array(all) => all.iter().all(is_blank),
        Value::Object(fields) => fields.values().all(is_blank),
        Value::Number(_) | Value::Bool(true) => false,
    }
}

/// A field that nothing reads and whose name could be that of a restriction holds the case. A country's own form says
/// by its mapping what it means.
fn unmapped(case: &Map<String, Value>, draft: &mut Draft, mapped: impl Fn(&str) -> bool) {
    let restricts = |key: &str| {
        let key = word(key);
        let begins = |word: &str| RESTRICTING.iter().any(|part| word.starts_with(part));
        key == "dead" || key.split('_').any(begins) || FORBIDDING.iter().any(|phrase| key.contains(phrase))
    };
    for (key, value) in case {
        let read = READ.contains(&key.as_str()) || PLAIN.iter().any(|(known, ..)| known == key);
        if !read && restricts(key) && !mapped(key) && !is_blank(value) {
            draft.note(&Arc::from(shown(key)), NoteKind::UnmappedField);
            draft.unknown_code("unmapped");
        }
    }
}

/// Who cares for the child. What makes it more alone counts.
fn care(case: &Map<String, Value>, draft: &mut Draft) {
    for key in ["care_arrangements_type", "protection_status", "displacement_status"] {
        // One option each: several are as good as none that is known.
        let given =
            case.get(key).filter(|value| matches!(value, Value::Array(_) | Value::Object(_)) && !is_blank(value));
        if given.is_some() {
            unknown(draft, key, "child_status");
        }
    }
    let option = |key: &str| scalar(case.get(key)).map(|text| word(&text));
    let arrangements = option("care_arrangements_type").or_else(|| {
        let last = case.get("care_arrangements_section").and_then(Value::as_array).and_then(|a| a.last());
        last.and_then(|entry| scalar(entry.get("care_arrangements_type"))).map(|text| word(&text))
    });
    draft.record.child_status = match arrangements.as_deref() {
        Some("stays_with_related_caregiver" | "kinship_care" | "extended_family") => Some(ChildStatus::Kin),
        Some("stays_with_unrelated_caregiver" | "foster_care" | "foster_family") => Some(ChildStatus::Foster),
        Some("residential_care_center" | "residential_care_centre" | "interim_care_center") => {
            Some(ChildStatus::Institution)
        }
        Some("child_headed_household" | "lives_with_peers_other_children") => Some(ChildStatus::ChildHeaded),
        Some("independent_living") => Some(ChildStatus::Independent),
        Some("parent" | "parents" | "with_parents" | "lives_with_parents") => Some(ChildStatus::WithParents),
        Some("kafala") => Some(ChildStatus::Kafala),
        Some("none" | "no_care_arrangement") => Some(ChildStatus::None),
        None | Some("" | "other" | "unknown") => None,
        Some(_) => {
            unknown(draft, "care_arrangements_type", "child_status");
            None
        }
    };
    match option("protection_status").as_deref() {
        Some("unaccompanied") => {
            draft.record.roles.push(Role::ChildUnaccompanied);
            draft.record.child_status = Some(ChildStatus::Unaccompanied);
        }
        Some("separated") => {
            draft.record.roles.push(Role::ChildSeparated);
            draft.record.child_status.get_or_insert(ChildStatus::Separated);
        }
        None | Some("" | "other" | "vulnerable" | "other_vulnerable_child") => {}
        Some(_) => unknown(draft, "protection_status", "child_status"),
    }
    draft.record.displacement = match option("displacement_status").as_deref() {
        Some("resident" | "host_community") => Some(Displacement::Resident),
        Some("idp" | "internally_displaced") => Some(Displacement::Internal),
        Some("refugee") => Some(Displacement::Refugee),
        Some("asylum_seeker") => Some(Displacement::AsylumSeeker),
        Some("returnee") => Some(Displacement::Returnee),
        Some("migrant" | "stateless_person" | "foreign_national") => Some(Displacement::Migrant),
        None | Some("" | "unknown") => None,
        Some(_) => {
            unknown(draft, "displacement_status", "displacement");
            None
        }
    };
}

fn consent(case: &Map<String, Value>, draft: &mut Draft) {
    let given = ["consent_source", "interview_subject"].into_iter().find_map(|key| scalar(case.get(key)));
    draft.record.consent.source = match given.as_deref().map(word).as_deref() {
        Some("child" | "individual" | "gbv_survivor" | "survivor") => Some(ConsentSource::Individual),
        Some("caregiver") => Some(ConsentSource::Caregiver),
        Some(text) if text.starts_with("other") => Some(ConsentSource::Other),
        None | Some("") => None,
        Some(_) => {
            unknown(draft, "consent_source", "consent.source");
            None
        }
    };
    for contact in draft.contacts.iter_mut().filter(|c| c.slot == 2) {
        contact.point.owner = Some(ContactOwner::Relative);
    }
}

/// The family: parents' names, caregivers, and who of them has died. No number of theirs.
fn family(case: &Map<String, Value>, draft: &mut Draft, context: &mut Context<'_>) -> Result<(), Quarantine> {
    let Some(members) = case.get("family_details_section").and_then(Value::as_array) else {
        return Ok(());
    };
    for member in members.iter().take(limits::LIST) {
        let option = |key: &str| scalar(member.get(key)).map(|text| word(&text)).unwrap_or_default();
        match option("relation").as_str() {
            "father" if draft.record.names.father.is_none() => {
                take(draft, "relation_name", member.get("relation_name"), "names.father", 1, context)?
            }
            "mother" if draft.record.names.mother.is_none() => {
                take(draft, "relation_name", member.get("relation_name"), "names.mother", 1, context)?
            }
            _ => {}
        }
        let cares = matches!(option("relation_is_caregiver").as_str(), "true" | "yes" | "1");
        let kind = if cares { RelationKind::Caregiver } else { RelationKind::Family };
        let mut relation = bare_relation(kind);
        let name = scalar(member.get("relation_name")).unwrap_or_default();
        let name = clean(&name).map_err(|reason| Quarantine { column: Some(Arc::from("relation_name")), reason })?;
        if !name.is_empty() && !crate::values::clean::is_masked(&name) {
            relation.name = Some(name.as_ref().into());
        }
        relation.vital = match option("relation_is_alive").as_str() {
            "alive" => Some(Vital::Alive),
            "dead" | "deceased" => Some(Vital::Dead),
            _ => None,
        };
        draft.relations.push(relation);
    }
    for concern in case
        .get("protection_concern_detail_subform_section")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .take(limits::LIST)
    {
        take(draft, "protection_concern_type", concern.get("protection_concern_type"), "concerns", 1, context)?;
    }
    Ok(())
}

fn unknown(draft: &mut Draft, key: &str, field: &str) {
    draft.note(&Arc::from(key), NoteKind::UnknownCode);
    draft.unknown_code(field);
}

fn take_mapped(
    draft: &mut Draft,
    column: &Column,
    value: Option<&Value>,
    context: &mut Context<'_>,
) -> Result<(), Quarantine> {
    held_if_odd(draft, &column.header, value, &column.field);
    for text in list(value) {
        let meant = column.meaning(&text).map_or(text, str::to_owned);
        take(draft, &column.header, Some(&Value::String(meant)), &column.field, column.slot, context)?;
    }
    Ok(())
}

/// Puts a value, or each of a list, into a field.
fn take(
    draft: &mut Draft,
    key: &str,
    value: Option<&Value>,
    field: &str,
    slot: u8,
    context: &mut Context<'_>,
) -> Result<(), Quarantine> {
    let Some(field) = fields::find(field) else {
        return Ok(());
    };
    let column: Arc<str> = Arc::from(key);
    held_if_odd(draft, key, value, field.name);
    for raw in list(value) {
        let text = clean(&raw).map_err(|reason| Quarantine { column: Some(Arc::clone(&column)), reason })?;
        if !text.is_empty() {
            fields::put_value(draft, field, &Cell { text: &text, slot, column: &column }, context)?;
        }
    }
    Ok(())
}

/// A value of a shape in which nobody looks for one holds the case: it may be a restriction.
fn held_if_odd(draft: &mut Draft, key: &str, value: Option<&Value>, field: &str) {
    let odd = |value: &Value| matches!(value, Value::Object(_) | Value::Array(_)) && !is_blank(value);
    let is_odd = match value {
        Some(Value::Array(all)) => all.iter().any(odd) || all.len() > limits::LIST,
        Some(value) => odd(value),
        None => false,
    };
    if is_odd {
        unknown(draft, key, field);
    }
}

fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(all)) => all.iter().take(limits::LIST + 1).filter_map(|one| scalar(Some(one))).collect(),
        other => scalar(other).into_iter().collect(),
    }
}
