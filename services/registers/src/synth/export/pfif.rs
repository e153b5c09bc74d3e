//! People who are looked for as PFIF 1.4, XML or CSV, each with whoever asked as the author.

use std::io::{self, Write};

use domain::channel::ContactKind;
use domain::record::{Record, RelationKind, Role, Sex, Text, Vital, Whereabouts};

use super::escaped;

/// A PFIF file under way.
pub(super) struct Pfif<W> {
    out: W,
}

impl<W: Write> Pfif<W> {
    pub(super) fn new(mut out: W) -> io::Result<Self> {
        out.write_all(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<pfif:pfif xmlns:pfif=\"http://zesty.ca/pfif/1.4\">\n",
        )?;
        Ok(Self { out })
    }

    /// Writes a person who is looked for, with the enquirer among the records of the same case; false for others.
    pub(super) fn write(&mut self, record: &Record, case: &[&Record]) -> io::Result<bool> {
        if !record.roles.contains(&Role::Sought) {
            return Ok(false);
        }
        let mut text = String::from("  <pfif:person>\n");
        person(record, author(record, case)).iter().for_each(|(name, value)| field(&mut text, name, value));
        let note = note(record);
        if !note.is_empty() {
            text.push_str("    <pfif:note>\n");
            note.iter().for_each(|(name, value)| field(&mut text, name, value));
            text.push_str("    </pfif:note>\n");
        }
        text.push_str("  </pfif:person>\n");
        self.out.write_all(text.as_bytes())?;
        Ok(true)
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"</pfif:pfif>\n")?;
        Ok(self.out)
    }
}

fn field(out: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        out.push_str(&format!("    <pfif:{name}>{}</pfif:{name}>\n", escaped(value)));
    }
}

/// Columns of the table: a person, and its note in the same row.
const COLUMNS: [&str; 16] = [
    "person_record_id",
    "entry_date",
    "author_name",
    "author_email",
    "author_phone",
    "source_date",
    "full_name",
    "given_name",
    "family_name",
    "sex",
    "date_of_birth",
    "age",
    "home_city",
    "home_country",
    "note_record_id",
    "status",
];

/// The same as a table, with one note a person. A row has one source date: the person's.
pub(super) struct PfifTable<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> PfifTable<W> {
    pub(super) fn new(writer: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(writer);
        out.write_record(COLUMNS).map_err(io::Error::other)?;
        Ok(Self { out })
    }

    /// Writes a person who is looked for; false for others.
    pub(super) fn write(&mut self, record: &Record, case: &[&Record]) -> io::Result<bool> {
        if !record.roles.contains(&Role::Sought) {
            return Ok(false);
        }
        let mut fields = person(record, author(record, case));
        fields.extend(note(record).into_iter().filter(|(name, _)| *name != "source_date"));
        let cell = |column| fields.iter().find(|(name, _)| *name == column).map_or("", |(_, value)| value.as_str());
        self.out.write_record(COLUMNS.map(cell)).map_err(io::Error::other)?;
        Ok(true)
    }

    pub(super) fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(|e| io::Error::other(e.error().kind().to_string()))
    }
}

/// Whoever of the case asks for the person.
fn author<'r>(record: &Record, case: &[&'r Record]) -> Option<&'r Record> {
    let asks = |other: &&&Record| {
        let mut relations = other.relations.iter().flatten();
        relations.any(|r| r.kind == RelationKind::EnquirerOf && r.record.as_ref() == Some(&record.record_id))
    };
    case.iter().find(asks).copied()
}

type Fields = Vec<(&'static str, String)>;

fn person(record: &Record, author: Option<&Record>) -> Fields {
    let text = |text: Option<&Text>| text.map_or_else(String::new, |t| t.expose().to_owned());
    let mut out = vec![("person_record_id", record.record_id.expose().to_owned())];
    if let Some(on) = record.updated_on {
        out.push(("entry_date", format!("{on}T00:00:00Z")));
    }
    if let Some(author) = author {
        let value = |kind| text(author.contacts.iter().find(|c| c.kind == kind).map(|c| &c.value));
        out.push(("author_name", text(author.names.full.first())));
        out.push(("author_email", value(ContactKind::Email)));
        out.push(("author_phone", value(ContactKind::Phone)));
    }
    if let Some(on) = record.created_on {
        out.push(("source_date", format!("{on}T00:00:00Z")));
    }
    out.push(("full_name", record.names.full.iter().map(Text::expose).collect::<Vec<_>>().join("\n")));
    out.push(("given_name", text(record.names.given.as_ref())));
    out.push(("family_name", text(record.names.family.as_ref())));
    let sex = record.sex.map_or("", |s| match s {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Other => "other",
    });
    out.push(("sex", sex.to_owned()));
    if let Some(b) = record.birth {
        let parts =
            [Some(format!("{:04}", b.year)), b.month.map(|m| format!("{m:02}")), b.day.map(|d| format!("{d:02}"))];
        out.push(("date_of_birth", parts.into_iter().map_while(|p| p).collect::<Vec<_>>().join("-")));
    } else if let Some(age) = record.age {
        let range = if age.min == age.max { age.min.to_string() } else { format!("{}-{}", age.min, age.max) };
        out.push(("age", range));
    }
    out.push(("home_city", text(record.places.first())));
    out.push(("home_country", record.country_of_origin.clone().unwrap_or_default()));
    out
}

/// What is known of the person now; empty where nothing is.
fn note(record: &Record) -> Fields {
    let status = match (record.vital.map(|v| v.value), record.whereabouts.map(|w| w.value)) {
        (Some(Vital::Dead | Vital::BelievedDead), _) => "believed_dead",
        (_, Some(Whereabouts::NotLocated)) => "believed_missing",
        (Some(Vital::Alive), _) => "believed_alive",
        _ => return Vec::new(),
    };
    let mut out = vec![("note_record_id", format!("{}/note", record.record_id.expose()))];
    if let Some(on) = record.updated_on {
        out.push(("source_date", format!("{on}T00:00:00Z")));
    }
    out.push(("status", status.to_owned()));
    out
}
