//! People Finder Interchange Format 1.2 to 1.4: what its fields mean here.
//!
//! A PFIF person is somebody who is looked for. `author_*` is whoever asked: another person, with a record of their
//! own. `phone_of_found_person` shows where the person is and goes into no record but the person's. An expired record
//! holds placeholders only.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::record::{ContactOwner, Record, RelationKind, Role, Text, Vital, Whereabouts};
use jiff::civil::Date;

use crate::draft::{Context, Draft, bare_relation, country_code};
use crate::error::{Note, NoteKind, Quarantine, Reason};
use crate::fields::{self, Cell};
use crate::limits;
use crate::read::Row;
use crate::values::clean::clean;
use crate::values::date::{self, Parsed};

/// Fields of a person that are read, by their names in 1.4, with the older names.
pub(crate) const PERSON: &[(&str, &[&str])] = &[
    ("person_record_id", &[]),
    ("entry_date", &[]),
    ("expiry_date", &[]),
    ("author_name", &[]),
    ("author_email", &[]),
    ("author_phone", &[]),
    ("source_date", &[]),
    ("full_name", &[]),
    ("given_name", &["first_name"]),
    ("family_name", &["last_name"]),
    ("alternate_names", &[]),
    ("sex", &[]),
    ("date_of_birth", &[]),
    ("age", &[]),
    ("home_neighborhood", &[]),
    ("home_city", &[]),
    ("home_state", &[]),
    ("home_country", &[]),
];
/// Fields of a person that are dropped at the door: pictures, links, free text, other systems' names, postal codes.
pub(crate) const DROPPED: &[&str] = &[
    "photo_url",
    "profile_urls",
    "description",
    "other",
    "source_name",
    "source_url",
    "home_street",
    "home_postal_code",
];
/// Fields of a note that are read.
pub(crate) const NOTE: &[(&str, &[&str])] = &[
    ("note_record_id", &[]),
    ("person_record_id", &[]),
    ("author_name", &[]),
    ("author_email", &[]),
    ("author_phone", &[]),
    ("source_date", &[]),
    ("author_made_contact", &["found"]),
    ("status", &[]),
    ("email_of_found_person", &[]),
    ("phone_of_found_person", &[]),
];
/// Fields of a note that are dropped at the door.
pub(crate) const NOTE_DROPPED: &[&str] =
    &["linked_person_record_id", "entry_date", "last_known_location", "text", "photo_url"];

/// Values by field: the name in 1.4.
#[derive(Default)]
pub(crate) struct Fields(Vec<(&'static str, String)>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.trim())
    }

    /// Keeps a value; the first of several that says anything wins. False where the field is not one of the list.
    pub(crate) fn put(
        &mut self,
        list: &'static [(&'static str, &'static [&'static str])],
        name: &str,
        value: &str,
    ) -> bool {
        let Some((known, _)) = list.iter().find(|(n, older)| *n == name || older.contains(&name)) else {
            return false;
        };
        match self.0.iter_mut().find(|(n, _)| n == known) {
            Some((_, kept)) if kept.trim().is_empty() => value.clone_into(kept),
            Some(_) => {}
            None => self.0.push((known, value.to_owned())),
        }
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, v)| v.trim().is_empty())
    }
}

/// Numbers the records that persons give one after the other, and names the person of those set aside.
#[derive(Default)]
pub(crate) struct Numbers(u64);

impl Numbers {
    fn row(&mut self, person: u64, id: &str, mut outcome: Result<(Record, Vec<Note>), Quarantine>) -> Row {
        self.0 += 1;
        if let Err(quarantine) = &mut outcome {
            let column = quarantine.column.as_deref().unwrap_or("record");
            quarantine.column = Some(format!("person {person}: {column}").into());
        }
        Row::new(self.0, outcome, || Some(id.into()))
    }

    /// A note whose person is described elsewhere: it may say that somebody has died, so a human reads it.
    pub(crate) fn orphan(&mut self, number: u64, note: &Fields) -> Row {
        let quarantine = Quarantine { column: Some(Arc::from("note")), reason: Reason::NoteWithoutPerson };
        self.row(number, note.get("person_record_id"), Err(quarantine))
    }

    /// A person with a field that no version has.
    pub(crate) fn unknown(&mut self, number: u64, person: &Fields) -> Row {
        self.row(number, person.get("person_record_id"), Err(Quarantine { column: None, reason: Reason::UnknownField }))
    }
}

/// The records of a person and its notes: the person's own, and one for each other who asked.
pub(crate) fn convert(
    numbers: &mut Numbers,
    number: u64,
    person: &Fields,
    notes: &[Fields],
    context: &mut Context<'_>,
    out: &mut VecDeque<Row>,
) {
    let sought = sought(person, notes, context);
    let id = match &sought {
        Ok((record, _)) => record.record_id.clone(),
        Err(_) => return out.push_back(numbers.row(number, person.get("person_record_id"), sought)),
    };
    out.push_back(numbers.row(number, "", sought));
    let mut authors: Vec<Record> = Vec::new();
    let asked = std::iter::once((person, id.expose().to_owned()));
    let noted =
        notes.iter().filter(|n| n.get("status") != "is_note_author").map(|n| (n, n.get("note_record_id").to_owned()));
    for (fields, own_id) in asked.chain(noted) {
        match author(fields, &own_id, &id, context) {
            Ok(Some((record, said))) if !authors.iter().any(|known| same_author(known, &record)) => {
                authors.push(record.clone());
                out.push_back(numbers.row(number, "", Ok((record, said))));
            }
            Ok(_) => {}
            // Whoever asked has a record of their own, which this row would have made.
            Err(quarantine) => {
                out.push_back(numbers.row(number, &format!("{own_id}#author"), Err(quarantine)));
            }
        }
    }
}

fn same_author(a: &Record, b: &Record) -> bool {
    let values = |r: &Record| r.contacts.iter().map(|c| c.value.clone()).collect::<Vec<_>>();
    a.names == b.names && values(a) == values(b)
}

fn sought(person: &Fields, notes: &[Fields], context: &mut Context<'_>) -> Result<(Record, Vec<Note>), Quarantine> {
    let expires = person.get("expiry_date");
    let aside = |reason| Err(Quarantine { column: Some(Arc::from("expiry_date")), reason });
    match stamp(expires, context) {
        Some(on) if on < context.manifest.exported_on => return aside(Reason::Expired),
        // Nobody knows whether it has.
        None if !expires.is_empty() => return aside(Reason::NotADate),
        _ => {}
    }
    let mut draft = Draft::new(context.manifest);
    draft.record.roles.push(Role::Sought);
    for (from, to) in [
        ("person_record_id", "record_id"),
        ("full_name", "names.full"),
        ("alternate_names", "names.full"),
        ("given_name", "names.given"),
        ("family_name", "names.family"),
        ("sex", "sex"),
        ("date_of_birth", "birth"),
        ("age", "age"),
        ("home_neighborhood", "places"),
        ("home_city", "places"),
        ("home_state", "places"),
    ] {
        set(&mut draft, person, from, to, 1, context)?;
    }
    draft.record.country_of_origin = country_code(person.get("home_country"));
    draft.record.created_on = stamp(person.get("source_date"), context);
    draft.record.updated_on = stamp(person.get("entry_date"), context);
    // The age was true when the source was written, not when it was copied.
    draft.age.2 = draft.record.created_on;
    if draft.record.names.full.is_empty() && draft.record.names.given.is_none() {
        draft.record.places.clear();
    }
    status(&mut draft, notes, context);
    for (slot, note) in (1_u8..).zip(notes.iter().take(limits::LIST)) {
        set(&mut draft, note, "phone_of_found_person", "phone", slot, context)?;
        set(&mut draft, note, "email_of_found_person", "email", slot, context)?;
    }
    draft.finish(context)
}

/// What the notes say, the oldest first. «Believed dead» stays whatever comes later: only people lift it.
fn status(draft: &mut Draft, notes: &[Fields], context: &Context<'_>) {
    let mut dated: Vec<(Option<Date>, &str, &Fields)> =
        notes.iter().map(|n| (stamp(n.get("source_date"), context), n.get("source_date"), n)).collect();
    dated.sort_by_key(|(_, text, _)| (*text).to_owned());
    let mut dead = false;
    for (on, _, note) in dated {
        match note.get("status") {
            "believed_dead" => {
                dead = true;
                draft.vital = (Some(Vital::BelievedDead), on);
            }
            "is_note_author" if !dead => {
                draft.vital = (Some(Vital::Alive), on);
                draft.whereabouts = (Some(Whereabouts::Located), on);
            }
            "believed_missing" | "information_sought" => {
                draft.whereabouts = (Some(Whereabouts::NotLocated), on);
                if !dead {
                    draft.vital = (None, None);
                }
            }
            "" | "believed_alive" | "is_note_author" => {}
            _ => {
                draft.note(&Arc::from("status"), NoteKind::UnknownCode);
                draft.unknown_code("status");
            }
        }
    }
}

/// Whoever asked, as an enquirer with a record of their own.
fn author(
    fields: &Fields,
    own_id: &str,
    sought: &Text,
    context: &mut Context<'_>,
) -> Result<Option<(Record, Vec<Note>)>, Quarantine> {
    let said = ["author_name", "author_phone", "author_email"].iter().any(|f| !fields.get(f).is_empty());
    if !said || own_id.is_empty() {
        return Ok(None);
    }
    let mut draft = Draft::new(context.manifest);
    draft.record.roles.push(Role::Enquirer);
    let id = clean(own_id).map_err(|reason| Quarantine { column: Some(Arc::from("note_record_id")), reason })?;
    draft.record.record_id = format!("{id}#author").into();
    for (from, to) in [("author_name", "names.full"), ("author_phone", "phone"), ("author_email", "email")] {
        set(&mut draft, fields, from, to, 1, context)?;
    }
    for contact in &mut draft.contacts {
        contact.point.owner = Some(ContactOwner::Own);
    }
    draft.record.created_on = stamp(fields.get("source_date"), context);
    draft
        .relations
        .push(domain::record::Relation { record: Some(sought.clone()), ..bare_relation(RelationKind::EnquirerOf) });
    let (record, notes) = draft.finish(context)?;
    let empty = record.names.full.is_empty() && record.contacts.is_empty();
    Ok((!empty).then_some((record, notes)))
}

/// The day of a PFIF time stamp: always UTC, and never a birthday.
fn stamp(text: &str, context: &Context<'_>) -> Option<Date> {
    let day = text.split('T').next().unwrap_or(text);
    match date::parse(day, &context.dates) {
        Ok(Parsed::Day(date)) => Some(date),
        _ => None,
    }
}

fn set(
    draft: &mut Draft,
    from: &Fields,
    name: &'static str,
    field: &str,
    slot: u8,
    context: &mut Context<'_>,
) -> Result<(), Quarantine> {
    let column: Arc<str> = Arc::from(name);
    let aside = |reason| Quarantine { column: Some(Arc::clone(&column)), reason };
    let text = clean(from.get(name)).map_err(aside)?;
    let Some(field) = fields::find(field) else {
        return Ok(());
    };
    if text.is_empty() {
        return Ok(());
    }
    fields::put_value(draft, field, &Cell { text: &text, slot, column: &column }, context)
}
