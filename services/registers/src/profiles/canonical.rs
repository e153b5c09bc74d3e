//! The canonical record itself, as NDJSON or one JSON array.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use domain::channel::ContactKind;
use domain::record::{Answer, ContactPoint, LanguageWish, Record, Text};
use serde_json::{Map, Value};

use super::items::Items;
use super::unique;
use crate::draft::{Context, no_id_number, normal, settle};
use crate::error::{Note, NoteKind, Quarantine, Reason, RegisterError};
use crate::limits;
use crate::manifest::Manifest;
use crate::meter::Utf8;
use crate::read::{Row, Source};
use crate::values::clean::{clean, is_masked};
use crate::values::codes::{is_unstated, names_nobody, need, word};
use crate::values::country;

/// A file of canonical records.
pub(crate) struct Canonical<'a, R> {
    items: Items<Utf8<R>>,
    context: Context<'a>,
}

impl<'a, R: Read> Canonical<'a, R> {
    pub(crate) fn new(reader: R, manifest: &'a Manifest) -> Result<Self, RegisterError> {
        let items = Items::new(Utf8::new(reader, manifest.encoding), limits::RECORD_BYTES);
        Ok(Self { items, context: Context::new(manifest)? })
    }
}

impl<R: Read> Source for Canonical<'_, R> {
    fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        let found = self.items.next(&["records"])?;
        Ok(found.then_some(self.items.number))
    }

    fn convert(&mut self, out: &mut VecDeque<Row>) {
        let outcome = parse(self.items.item()).and_then(|(record, notes)| normalise(record, notes, &mut self.context));
        let id = || {
            let fields: Value = serde_json::from_slice(self.items.item()).ok()?;
            fields.get("record_id").and_then(Value::as_str).map(|id| id.to_owned().into())
        };
        out.push_back(Row::new(self.items.number, outcome, id));
    }
}

fn set_aside(column: &str, reason: Reason) -> Quarantine {
    Quarantine { column: Some(Arc::from(column)), reason }
}

/// The record of an item. What serde says of a fault holds values, so the field at fault is found without it.
fn parse(item: &[u8]) -> Result<(Record, Vec<Note>), Quarantine> {
    let malformed = || Quarantine { column: None, reason: Reason::Malformed };
    // Looked at once here, and not again for each of its texts.
    let item = std::str::from_utf8(item).map_err(|_| malformed())?;
    if let Ok(record) = serde_json::from_str::<Record>(item) {
        return Ok((record, Vec::new()));
    }
    let mut value = unique::parse(item.as_bytes()).map_err(|fault| match fault {
        unique::Fault::KeyTwice => Quarantine { column: None, reason: Reason::KeyTwice },
        unique::Fault::Malformed => malformed(),
    })?;
    take_unknown(&mut value);
    if let Ok(record) = serde_json::from_value::<Record>(value.clone()) {
        return Ok((record, Vec::new()));
    }
    let Value::Object(fields) = value else {
        return Err(malformed());
    };
    let mut kept: Map<String, Value> = Map::new();
    for name in ["society", "system", "record_id"] {
        let value = fields.get(name).cloned().ok_or_else(|| set_aside(name, Reason::NoRecordId))?;
        kept.insert(name.to_owned(), value);
    }
    let mut notes = Vec::new();
    let mut unknown = Vec::new();
    for (name, value) in fields {
        let Some(known) = KNOWN.iter().find(|k| k.0 == name) else {
            return Err(set_aside("(unknown field)", Reason::UnknownField));
        };
        kept.insert(name.clone(), value);
        if serde_json::from_value::<Record>(Value::Object(kept.clone())).is_ok() {
            continue;
        }
        if !known.1 {
            return Err(set_aside(known.0, Reason::WrongShape));
        }
        kept.remove(&name);
        notes.push(Note { column: Arc::from(known.0), kind: NoteKind::UnknownCode });
        unknown.push(name);
    }
    let mut record: Record = serde_json::from_value(Value::Object(kept)).map_err(|_| malformed())?;
    record.unknown_codes.extend(unknown);
    Ok((record, notes))
}

/// Fields of closed lists, for which «unknown» says what their absence says.
const MAY_BE_UNKNOWN: &[&str] = &[
    "sex",
    "vital",
    "whereabouts",
    "liberty",
    "child_status",
    "caregiver_perpetrator",
    "displacement",
    "literacy",
    "source",
    "sharing",
    "withholding",
    "whereabouts_sharing",
    "owner",
    "status",
    "safe",
    "may_name_org",
    "voicemail_ok",
    "compromised",
    "alleged_perpetrator",
    "child_agrees",
];

/// Takes out what says that nobody knows.
fn take_unknown(value: &mut Value) {
    let says_so = |value: &Value| value.as_str().is_some_and(is_unstated);
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| {
                let dated = value.get("value").is_some_and(says_so);
                !(MAY_BE_UNKNOWN.contains(&name.as_str()) && (says_so(value) || dated))
            });
            fields.values_mut().for_each(take_unknown);
        }
        Value::Array(all) => all.iter_mut().for_each(take_unknown),
        _ => {}
    }
}

/// The fields of a record, and whether a value that does not parse can only be a code that nobody knows.
const KNOWN: &[(&str, bool)] = &[
    ("society", false),
    ("system", false),
    ("record_id", false),
    ("case_id", false),
    ("roles", true),
    ("names", false),
    ("sex", true),
    ("birth", false),
    ("age", false),
    ("birth_place", false),
    ("nationality", false),
    ("strong_ids", false),
    ("places", false),
    ("vital", true),
    ("whereabouts", true),
    ("liberty", true),
    ("detention_place", false),
    ("detention_markers", false),
    ("child_status", true),
    ("separation_cause", false),
    ("care_change_cause", false),
    ("caregiver_perpetrator", true),
    ("needs_codes", false),
    ("concerns", false),
    ("displacement", true),
    ("country_of_origin", false),
    ("country_of_presence", false),
    ("languages", false),
    ("literacy", true),
    ("access_needs", true),
    ("contacts", false),
    ("relations", false),
    ("consent", true),
    ("do_not_contact", false),
    ("legal_hold", false),
    ("unparsed_restriction", false),
    ("unknown_codes", false),
    ("exposure", false),
    ("created_on", false),
    ("updated_on", false),
];

/// Brings the values of a record into their normal forms.
fn normalise(
    mut record: Record,
    mut notes: Vec<Note>,
    context: &mut Context<'_>,
) -> Result<(Record, Vec<Note>), Quarantine> {
    let manifest = context.manifest;
    if record.society != manifest.society || record.system != manifest.system {
        return Err(set_aside("society", Reason::OtherRegister));
    }
    texts(&mut record)?;
    if record.record_id.expose().is_empty() {
        return Err(set_aside("record_id", Reason::NoRecordId));
    }
    names(&mut record, &mut notes);
    nobodies(&mut record, &mut notes);
    for (column, place) in [
        ("nationality", &mut record.nationality),
        ("country_of_origin", &mut record.country_of_origin),
        ("country_of_presence", &mut record.country_of_presence),
    ] {
        let Some(given) = place.take() else { continue };
        *place = country::alpha2(&given).map(str::to_owned);
        if place.is_none() {
            notes.push(Note { column: Arc::from(column), kind: NoteKind::UnknownCode });
            record.unknown_codes.push(column.to_owned());
        }
    }
    codes(&mut record, &mut notes)?;
    languages(&mut record.languages, "languages", &mut notes, context);
    for relation in record.relations.iter_mut().flatten() {
        languages(&mut relation.languages, "relations", &mut notes, context);
    }
    contacts(&mut record, &mut notes, context);
    settle(&mut record, manifest.exported_on);
    Ok((record, notes))
}

/// Cleans every text of the record, and bounds every list.
fn texts(record: &mut Record) -> Result<(), Quarantine> {
    let tidy = |column: &'static str, text: &mut Text, most: usize| -> Result<(), Quarantine> {
        let cleaned = clean(text.expose()).map_err(|reason| set_aside(column, reason))?;
        if cleaned.len() > most && cleaned.chars().count() > most {
            return Err(set_aside(column, Reason::TooLong));
        }
        if let std::borrow::Cow::Owned(cleaned) = cleaned {
            *text = cleaned.replace('\n', " ").into();
        }
        Ok(())
    };
    let name = limits::NAME_CHARS;
    let value = limits::VALUE_CHARS;
    tidy("record_id", &mut record.record_id, 200)?;
    let names = &mut record.names;
    let singles = [
        &mut names.given,
        &mut names.middle,
        &mut names.family,
        &mut names.father,
        &mut names.grandfather,
        &mut names.mother,
        &mut names.nickname,
    ];
    for text in names.full.iter_mut().chain(singles.into_iter().flatten()) {
        tidy("names", text, name)?;
    }
    for text in record.strong_ids.iter_mut().chain(&mut record.places) {
        tidy("places", text, value)?;
    }
    for (column, text) in [
        ("case_id", &mut record.case_id),
        ("birth_place", &mut record.birth_place),
        ("detention_place", &mut record.detention_place),
    ] {
        if let Some(text) = text {
            tidy(column, text, value)?;
        }
    }
    for point in &mut record.contacts {
        tidy("contacts", &mut point.value, value)?;
        if let Some(text) = &mut point.code_name {
            tidy("contacts", text, name)?;
        }
    }
    for relation in record.relations.iter_mut().flatten() {
        let all = [
            &mut relation.record,
            &mut relation.name,
            &mut relation.authority,
            &mut relation.verified_by,
            &mut relation.what,
        ];
        for text in all.into_iter().flatten() {
            tidy("relations", text, value)?;
        }
    }
    let codes = |list: &Option<Vec<String>>| list.as_ref().map_or(0, Vec::len);
    let lists = [
        codes(&record.needs_codes),
        codes(&record.concerns),
        record.unknown_codes.len(),
        record.languages.len(),
        record.names.full.len(),
        record.contacts.len(),
        record.relations.as_ref().map_or(0, Vec::len),
        record.strong_ids.len(),
        record.places.len(),
    ];
    if lists.into_iter().any(|n| n > limits::LIST) {
        return Err(Quarantine { column: None, reason: Reason::TooMany });
    }
    Ok(())
}

/// Codes in their one form; a needs code of another shape holds the record.
fn codes(record: &mut Record, notes: &mut Vec<Note>) -> Result<(), Quarantine> {
    let mut unknown = false;
    let guardians = record.relations.iter_mut().flatten().map(|r| &mut r.needs_codes);
    for list in std::iter::once(&mut record.needs_codes).chain(guardians).flatten() {
        let before = list.len();
        *list = list.iter().filter_map(|code| need(code)).collect();
        unknown |= list.len() < before;
    }
    if unknown {
        notes.push(Note { column: Arc::from("needs_codes"), kind: NoteKind::UnknownCode });
        record.unknown_codes.push("needs_codes".to_owned());
    }
    let causes = [&mut record.separation_cause, &mut record.care_change_cause];
    for code in record.concerns.iter_mut().flatten().chain(causes.into_iter().flatten()) {
        let cleaned = clean(code).map_err(|reason| set_aside("concerns", reason))?;
        *code = word(&cleaned);
    }
    for field in &mut record.unknown_codes {
        field.retain(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
        field.truncate(LONGEST_FIELD);
    }
    for point in &mut record.contacts {
        if let Some(given) = point.country.take() {
            point.country = country::alpha2(&given).map(str::to_owned);
            if point.country.is_none() {
                // Read as a number of another country it could be somebody else's.
                notes.push(Note { column: Arc::from("contacts.country"), kind: NoteKind::UnknownCode });
                record.unknown_codes.push("contacts.country".to_owned());
            }
        }
        for window in point.windows.iter_mut().flatten() {
            let known = window.zone.as_deref().is_none_or(|zone| jiff::tz::TimeZone::get(zone).is_ok());
            if !known {
                return Err(set_aside("contacts", Reason::WrongShape));
            }
        }
    }
    Ok(())
}

/// Characters of the longest field name.
const LONGEST_FIELD: usize = 40;

fn names(record: &mut Record, notes: &mut Vec<Note>) {
    let names = &mut record.names;
    let before = names.full.len();
    names.full.retain(|n| !is_masked(n.expose()));
    let mut masked = names.full.len() < before;
    for place in [
        &mut names.given,
        &mut names.middle,
        &mut names.family,
        &mut names.father,
        &mut names.grandfather,
        &mut names.mother,
        &mut names.nickname,
    ] {
        if place.as_ref().is_some_and(|n| is_masked(n.expose())) {
            *place = None;
            masked = true;
        }
    }
    if masked {
        notes.push(Note { column: Arc::from("names"), kind: NoteKind::MaskedName });
    }
}

/// Authorities that are none, and id numbers that are anybody's.
fn nobodies(record: &mut Record, notes: &mut Vec<Note>) {
    let mut note = |column: &str, kind| notes.push(Note { column: Arc::from(column), kind });
    for relation in record.relations.iter_mut().flatten() {
        for place in [&mut relation.authority, &mut relation.verified_by] {
            if place.as_ref().is_some_and(|text| names_nobody(text.expose())) {
                *place = None;
                note("relations", NoteKind::Placeholder);
            }
        }
    }
    record.strong_ids.retain(|id| {
        let wrong = no_id_number(id.expose());
        wrong.into_iter().for_each(|kind| note("strong_ids", kind));
        wrong.is_none()
    });
}

fn languages(wishes: &mut Vec<LanguageWish>, column: &str, notes: &mut Vec<Note>, context: &mut Context<'_>) {
    let before = wishes.len();
    wishes.retain_mut(|wish| match context.languages.canonical(&wish.tag) {
        Some(tag) => {
            wish.tag = tag;
            true
        }
        None => false,
    });
    if wishes.len() < before {
        notes.push(Note { column: Arc::from(column), kind: NoteKind::LanguageUnknown });
    }
}

fn contacts(record: &mut Record, notes: &mut Vec<Note>, context: &Context<'_>) {
    let mut unsafe_lost = false;
    record.contacts.retain_mut(|point: &mut ContactPoint| {
        let value = point.value.expose().to_owned();
        match normal(&value, point, context.manifest) {
            Ok(()) => true,
            Err(kind) => {
                let column = match point.kind {
                    ContactKind::Phone => "contacts.phone",
                    ContactKind::Email => "contacts.email",
                    ContactKind::Address => "contacts.address",
                };
                notes.push(Note { column: Arc::from(column), kind });
                unsafe_lost |= point.safe == Some(Answer::No);
                false
            }
        }
    });
    record.unparsed_restriction |= unsafe_lost;
}
