//! Records as the flat table that a Society's system would export, with the mapping that reads it back. What a table
//! cannot carry (which intrusion, safe windows, other people's codes) is not in it.

use std::io::{self, Write};

use domain::channel::ContactKind;
use domain::incident::Certainty;
use domain::record::{ContactPoint, Dated, Record, Relation, RelationKind, Text};
use jiff::civil::Date;

use crate::fields;
use crate::mapping::{Column, Mapping};

/// Between the values of a list.
pub(super) const BETWEEN: &str = "; ";

/// Fields of the table, each with its slot. The header is the field's name, and the slot where it is not the first.
const COLUMNS: &[(&str, u8)] = &[
    ("record_id", 1),
    ("case_id", 1),
    ("roles", 1),
    ("names.full", 1),
    ("names.given", 1),
    ("names.family", 1),
    ("names.father", 1),
    ("names.mother", 1),
    ("sex", 1),
    ("birth", 1),
    ("birth.estimated", 1),
    ("age.min", 1),
    ("age.max", 1),
    ("age.as_of", 1),
    ("age.estimated", 1),
    ("birth_place", 1),
    ("nationality", 1),
    ("strong_ids", 1),
    ("places", 1),
    ("vital", 1),
    ("vital.as_of", 1),
    ("whereabouts", 1),
    ("whereabouts.as_of", 1),
    ("liberty", 1),
    ("liberty.as_of", 1),
    ("detention_place", 1),
    ("detention_markers", 1),
    ("child_status", 1),
    ("separation_cause", 1),
    ("caregiver_perpetrator", 1),
    ("needs_codes", 1),
    ("concerns", 1),
    ("displacement", 1),
    ("country_of_origin", 1),
    ("country_of_presence", 1),
    ("languages", 1),
    ("languages.listen", 1),
    ("literacy", 1),
    ("access_needs", 1),
    ("consent.source", 1),
    ("consent.sharing", 1),
    ("consent.withholding", 1),
    ("consent.whereabouts_sharing", 1),
    ("do_not_contact", 1),
    ("legal_hold", 1),
    ("restriction", 1),
    ("exposure.confirmed", 1),
    ("exposure.possible", 1),
    ("created_on", 1),
    ("updated_on", 1),
    ("guardian.record", 1),
    ("guardian", 1),
    ("guardian.authority", 1),
    ("guardian.verified_by", 1),
    ("guardian.verified_on", 1),
    ("guardian.since", 1),
    ("guardian.alleged_perpetrator", 1),
    ("guardian.child_agrees", 1),
    ("guardian.languages", 1),
    ("guardian.vital", 1),
    ("guardian.liberty", 1),
    ("enquirer_of", 1),
    ("must_not_contact", 1),
    ("alleged_perpetrator", 1),
    ("phone", 1),
    ("phone.owner", 1),
    ("phone.guardian", 1),
    ("phone.collected_on", 1),
    ("phone.verified_on", 1),
    ("phone.status", 1),
    ("phone.safe", 1),
    ("phone.safe_confirmed_on", 1),
    ("phone.may_name_org", 1),
    ("phone.voicemail_ok", 1),
    ("phone.code_name", 1),
    ("phone.country", 1),
    ("phone", 2),
    ("phone.owner", 2),
    ("phone.collected_on", 2),
    ("phone.verified_on", 2),
    ("phone.status", 2),
    ("phone.safe", 2),
    ("phone.safe_confirmed_on", 2),
    ("phone.may_name_org", 2),
    ("phone.voicemail_ok", 2),
    ("phone.country", 2),
    ("email", 1),
    ("email.owner", 1),
    ("email.collected_on", 1),
    ("email.verified_on", 1),
    ("email.status", 1),
    ("email.safe", 1),
    ("email.safe_confirmed_on", 1),
    ("email.may_name_org", 1),
    ("email.voicemail_ok", 1),
    ("email.country", 1),
    ("email.compromised", 1),
    ("email.published", 1),
    ("address", 1),
    ("address.owner", 1),
    ("address.collected_on", 1),
    ("address.verified_on", 1),
    ("address.status", 1),
    ("address.safe", 1),
    ("address.safe_confirmed_on", 1),
    ("address.may_name_org", 1),
    ("address.voicemail_ok", 1),
    ("address.country", 1),
    ("address.compromised", 1),
    ("address.published", 1),
    ("address.address_changed_on", 1),
    ("address.relation_changed_on", 1),
];

fn header(field: &str, slot: u8) -> String {
    if slot == 1 { field.to_owned() } else { format!("{field} ({slot})") }
}

/// The header row.
pub(super) fn headers() -> impl Iterator<Item = String> {
    COLUMNS.iter().map(|(field, slot)| header(field, *slot))
}

/// The cells of a record, in the order of the header.
pub(super) fn cells(record: &Record) -> impl Iterator<Item = String> {
    COLUMNS.iter().map(|(field, slot)| cell(record, field, *slot))
}

/// The mapping that reads the table back.
#[must_use]
pub fn csv_mapping() -> Mapping {
    let column = |(field, slot): &(&str, u8)| Column {
        header: header(field, *slot),
        field: (*field).to_owned(),
        sheet: None,
        slot: *slot,
        split: fields::is_list(field).then(|| ";".to_owned()),
        values: [("unread".to_owned(), "see file".to_owned())]
            .into_iter()
            .filter(|_| *field == "restriction")
            .collect(),
    };
    Mapping { columns: COLUMNS.iter().map(column).collect(), ..Mapping::default() }
}

/// Writes records as rows of one table.
pub struct CsvTable<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> CsvTable<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// The writer fails.
    pub fn new(writer: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(writer);
        out.write_record(headers()).map_err(io::Error::other)?;
        Ok(Self { out })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The writer fails.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        self.out.write_record(cells(record)).map_err(io::Error::other)
    }

    /// Writes out what is buffered, and gives the writer back.
    ///
    /// # Errors
    /// The writer fails.
    pub fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(|e| io::Error::other(e.error().kind().to_string()))
    }
}

/// What a record has for a field.
pub(super) fn cell(record: &Record, field: &str, slot: u8) -> String {
    let (group, part) = field.split_once('.').unwrap_or((field, ""));
    match group {
        "phone" => contact(record, ContactKind::Phone, part, slot),
        "email" => contact(record, ContactKind::Email, part, slot),
        "address" => contact(record, ContactKind::Address, part, slot),
        "guardian" => guardian(record, part),
        "names" => names(record, part),
        "birth" | "age" => age(record, field),
        "vital" => dated(record.vital, part),
        "whereabouts" => dated(record.whereabouts, part),
        "liberty" => dated(record.liberty, part),
        "enquirer_of" => related(record, RelationKind::EnquirerOf),
        "must_not_contact" => related(record, RelationKind::MustNotContact),
        "alleged_perpetrator" => related(record, RelationKind::AllegedPerpetrator),
        _ => plain(record, field),
    }
}

fn text(value: Option<&Text>) -> String {
    value.map_or_else(String::new, |t| t.expose().to_owned())
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |v| v.to_string())
}

fn all<T: ToString>(list: impl IntoIterator<Item = T>) -> String {
    list.into_iter().map(|v| v.to_string()).collect::<Vec<_>>().join(BETWEEN)
}

fn yes(value: bool) -> String {
    if value { "yes".to_owned() } else { String::new() }
}

fn dated<T: ToString>(value: Option<Dated<T>>, part: &str) -> String {
    match value {
        Some(value) if part.is_empty() => value.value.to_string(),
        Some(value) => shown(value.as_of),
        None => String::new(),
    }
}

fn names(record: &Record, part: &str) -> String {
    let names = &record.names;
    match part {
        "full" => names.full.iter().map(Text::expose).collect::<Vec<_>>().join(BETWEEN),
        "given" => text(names.given.as_ref()),
        "family" => text(names.family.as_ref()),
        "father" => text(names.father.as_ref()),
        "mother" => text(names.mother.as_ref()),
        _ => String::new(),
    }
}

fn age(record: &Record, field: &str) -> String {
    let age = record.age;
    match field {
        "birth" => record.birth.map_or_else(String::new, |b| match (b.month, b.day) {
            (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", b.year),
            (Some(month), None) => format!("{:04}-{month:02}", b.year),
            _ => format!("{:04}", b.year),
        }),
        "birth.estimated" => yes(record.birth.is_some_and(|b| b.estimated)),
        "age.min" => shown(age.map(|a| a.min)),
        "age.max" => shown(age.map(|a| a.max)),
        "age.as_of" => shown(age.map(|a| a.as_of)),
        "age.estimated" => yes(age.is_some_and(|a| a.estimated)),
        _ => String::new(),
    }
}

fn plain(record: &Record, field: &str) -> String {
    let exposed =
        |certainty: Certainty| all(record.exposure.iter().filter(|e| e.certainty == certainty).map(|e| e.category));
    let listens = |tag: &&domain::record::LanguageWish| tag.mode.is_some();
    match field {
        "record_id" => record.record_id.expose().to_owned(),
        "case_id" => text(record.case_id.as_ref()),
        "roles" => all(&record.roles),
        "sex" => shown(record.sex),
        "birth_place" => text(record.birth_place.as_ref()),
        "nationality" => shown(record.nationality.as_ref()),
        "strong_ids" => record.strong_ids.iter().map(Text::expose).collect::<Vec<_>>().join(BETWEEN),
        "places" => record.places.iter().map(Text::expose).collect::<Vec<_>>().join(BETWEEN),
        "detention_place" => text(record.detention_place.as_ref()),
        "detention_markers" => all(record
            .detention_markers
            .iter()
            .flatten()
            .map(|m| m.on.map_or_else(|| "yes".to_owned(), |d: Date| d.to_string()))),
        "child_status" => shown(record.child_status),
        "separation_cause" => shown(record.separation_cause.as_ref()),
        "caregiver_perpetrator" => shown(record.caregiver_perpetrator),
        "needs_codes" => all(record.needs_codes.iter().flatten()),
        "concerns" => all(record.concerns.iter().flatten()),
        "displacement" => shown(record.displacement),
        "country_of_origin" => shown(record.country_of_origin.as_ref()),
        "country_of_presence" => shown(record.country_of_presence.as_ref()),
        "languages" => all(record.languages.iter().filter(|l| !listens(l)).map(|l| &l.tag)),
        "languages.listen" => all(record.languages.iter().filter(listens).map(|l| &l.tag)),
        "literacy" => shown(record.literacy),
        "access_needs" => all(record.access_needs.iter().flatten()),
        "consent.source" => shown(record.consent.source),
        "consent.sharing" => shown(record.consent.sharing),
        "consent.withholding" => yes(record.consent.withholding == Some(true)),
        "consent.whereabouts_sharing" => shown(record.consent.whereabouts_sharing),
        "do_not_contact" => yes(record.do_not_contact),
        "legal_hold" => yes(record.legal_hold),
        "restriction" => {
            if record.unparsed_restriction {
                "unread".to_owned()
            } else {
                String::new()
            }
        }
        "exposure.confirmed" => exposed(Certainty::Confirmed),
        "exposure.possible" => exposed(Certainty::Possible),
        "created_on" => shown(record.created_on),
        "updated_on" => shown(record.updated_on),
        _ => String::new(),
    }
}

fn related(record: &Record, kind: RelationKind) -> String {
    let ids = record.relations.iter().flatten().filter(|r| r.kind == kind).filter_map(|r| r.record.as_ref());
    ids.map(Text::expose).collect::<Vec<_>>().join(BETWEEN)
}

fn guardian(record: &Record, part: &str) -> String {
    let found: Option<&Relation> = record.relations.iter().flatten().find(|r| r.kind == RelationKind::Guardian);
    let Some(link) = found else {
        return String::new();
    };
    match part {
        "" => text(link.name.as_ref()),
        "record" => text(link.record.as_ref()),
        "authority" => text(link.authority.as_ref()),
        "verified_by" => text(link.verified_by.as_ref()),
        "verified_on" => shown(link.verified_on),
        "since" => shown(link.since),
        "alleged_perpetrator" => shown(link.alleged_perpetrator),
        "child_agrees" => shown(link.child_agrees),
        "languages" => all(link.languages.iter().map(|l| &l.tag)),
        "vital" => shown(link.vital),
        "liberty" => shown(link.liberty),
        _ => String::new(),
    }
}

fn contact(record: &Record, kind: ContactKind, part: &str, slot: u8) -> String {
    let found: Option<&ContactPoint> = record.contacts.iter().filter(|c| c.kind == kind).nth(usize::from(slot) - 1);
    let Some(point) = found else {
        return String::new();
    };
    match part {
        "" => point.value.expose().to_owned(),
        "owner" => shown(point.owner),
        "guardian" => shown(point.guardian.map(|g| u16::from(g) + 1)),
        "collected_on" => shown(point.collected_on),
        "verified_on" => shown(point.verified_on),
        "status" => shown(point.status),
        "safe" => shown(point.safe),
        "safe_confirmed_on" => shown(point.safe_confirmed_on),
        "may_name_org" => shown(point.may_name_org),
        "voicemail_ok" => shown(point.voicemail_ok),
        "code_name" => text(point.code_name.as_ref()),
        "country" => shown(point.country.as_ref()),
        "compromised" => shown(point.compromised),
        "published" => yes(point.published),
        "address_changed_on" => shown(point.address_changed_on),
        "relation_changed_on" => shown(point.relation_changed_on),
        _ => String::new(),
    }
}
