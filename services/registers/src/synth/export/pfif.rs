//! People who are looked for as PFIF 1.4, each with whoever asked as the author.

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
        let asks = |other: &&&Record| {
            other
                .relations
                .iter()
                .flatten()
                .any(|r| r.kind == RelationKind::EnquirerOf && r.record.as_ref() == Some(&record.record_id))
        };
        self.out.write_all(person(record, case.iter().find(asks).copied()).as_bytes())?;
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

fn person(record: &Record, author: Option<&Record>) -> String {
    let mut out = String::from("  <pfif:person>\n");
    let text = |text: Option<&Text>| text.map_or_else(String::new, |t| t.expose().to_owned());
    field(&mut out, "person_record_id", record.record_id.expose());
    if let Some(on) = record.updated_on {
        field(&mut out, "entry_date", &format!("{on}T00:00:00Z"));
    }
    if let Some(author) = author {
        let value = |kind| text(author.contacts.iter().find(|c| c.kind == kind).map(|c| &c.value));
        field(&mut out, "author_name", &text(author.names.full.first()));
        field(&mut out, "author_email", &value(ContactKind::Email));
        field(&mut out, "author_phone", &value(ContactKind::Phone));
    }
    if let Some(on) = record.created_on {
        field(&mut out, "source_date", &format!("{on}T00:00:00Z"));
    }
    field(&mut out, "full_name", &record.names.full.iter().map(Text::expose).collect::<Vec<_>>().join("\n"));
    field(&mut out, "given_name", &text(record.names.given.as_ref()));
    field(&mut out, "family_name", &text(record.names.family.as_ref()));
    field(
        &mut out,
        "sex",
        record.sex.map_or("", |s| match s {
            Sex::Female => "female",
            Sex::Male => "male",
            Sex::Other => "other",
        }),
    );
    if let Some(b) = record.birth {
        let parts =
            [Some(format!("{:04}", b.year)), b.month.map(|m| format!("{m:02}")), b.day.map(|d| format!("{d:02}"))];
        field(&mut out, "date_of_birth", &parts.into_iter().map_while(|p| p).collect::<Vec<_>>().join("-"));
    } else if let Some(age) = record.age {
        let range = if age.min == age.max { age.min.to_string() } else { format!("{}-{}", age.min, age.max) };
        field(&mut out, "age", &range);
    }
    field(&mut out, "home_city", &text(record.places.first()));
    field(&mut out, "home_country", record.country_of_origin.as_deref().unwrap_or_default());
    note(&mut out, record);
    out.push_str("  </pfif:person>\n");
    out
}

/// What is known of the person now.
fn note(out: &mut String, record: &Record) {
    let status = match (record.vital.map(|v| v.value), record.whereabouts.map(|w| w.value)) {
        (Some(Vital::Dead | Vital::BelievedDead), _) => "believed_dead",
        (_, Some(Whereabouts::NotLocated)) => "believed_missing",
        (Some(Vital::Alive), _) => "believed_alive",
        _ => return,
    };
    out.push_str("    <pfif:note>\n");
    field(out, "note_record_id", &format!("{}/note", record.record_id.expose()));
    if let Some(on) = record.updated_on {
        field(out, "source_date", &format!("{on}T00:00:00Z"));
    }
    field(out, "status", status);
    out.push_str("    </pfif:note>\n");
}
