//! Children as Primero cases, in raw option ids with subforms. Everybody else has no place there.

use std::io::{self, Write};

use domain::channel::ContactKind;
use domain::record::{ChildStatus, ConsentSource, Record, RelationKind, Role, Sex, Text, Vital};
use serde_json::{Map, Value, json};

/// `{"data": [ … ]}` under way.
pub(super) struct Primero<W> {
    out: W,
    first: bool,
}

impl<W: Write> Primero<W> {
    pub(super) fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"data\": [\n")?;
        Ok(Self { out, first: true })
    }

    /// Writes a child; false for anybody else.
    pub(super) fn write(&mut self, record: &Record) -> io::Result<bool> {
        if !has_a_case(record) {
            return Ok(false);
        }
        if !std::mem::take(&mut self.first) {
            self.out.write_all(b",\n")?;
        }
        serde_json::to_writer(&mut self.out, &case(record))?;
        Ok(true)
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}\n")?;
        Ok(self.out)
    }
}

/// Primero is for children alone.
pub(super) fn has_a_case(record: &Record) -> bool {
    record.roles.iter().any(|role| matches!(role, Role::ChildUnaccompanied | Role::ChildSeparated))
}

fn case(record: &Record) -> Value {
    let mut case = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            case.insert(key.to_owned(), value);
        }
    };
    let text = |text: Option<&Text>| text.map(|t| json!(t.expose()));
    let names = &record.names;
    put("short_id", Some(json!(record.record_id.expose())));
    put("case_id_display", text(record.case_id.as_ref()));
    put("name", text(names.full.first()));
    put("name_first", text(names.given.as_ref()));
    put("name_last", text(names.family.as_ref()));
    put("sex", record.sex.map(|s| json!(if s == Sex::Female { "female" } else { "male" })));
    put(
        "date_of_birth",
        record.birth.and_then(|b| Some(json!(format!("{:04}-{:02}-{:02}", b.year, b.month?, b.day?)))),
    );
    put("age", record.age.map(|a| json!(a.min)));
    put("nationality", record.nationality.as_ref().map(|n| json!([n])));
    put("language", Some(json!(record.languages.iter().map(|l| &l.tag).collect::<Vec<_>>())));
    let alone = record.roles.contains(&Role::ChildUnaccompanied);
    put("protection_status", Some(json!(if alone { "unaccompanied" } else { "separated" })));
    put("care_arrangements_type", record.child_status.and_then(arrangement).map(|a| json!(a)));
    put("unhcr_needs_codes", record.needs_codes.as_ref().map(|n| json!(n)));
    put("protection_concerns", record.concerns.as_ref().map(|c| json!(c)));
    put("consent_source", record.consent.source.map(|s| json!(source(s))));
    put(
        "telephone_current",
        record.contacts.iter().find(|c| c.kind == ContactKind::Phone).map(|c| json!(c.value.expose())),
    );
    put("registration_date", record.created_on.map(|d| json!(d)));
    put("last_updated_at", record.updated_on.map(|d| json!(format!("{d}T00:00:00.000Z"))));
    put("family_details_section", Some(json!(family(record))));
    Value::Object(case)
}

const fn arrangement(status: ChildStatus) -> Option<&'static str> {
    Some(match status {
        ChildStatus::Kin => "kinship_care",
        ChildStatus::Foster => "foster_care",
        ChildStatus::Institution => "residential_care_center",
        ChildStatus::ChildHeaded => "child_headed_household",
        ChildStatus::Independent => "independent_living",
        ChildStatus::Kafala => "kafala",
        ChildStatus::WithParents => "with_parents",
        _ => return None,
    })
}

const fn source(source: ConsentSource) -> &'static str {
    match source {
        ConsentSource::Individual => "child",
        ConsentSource::Caregiver => "caregiver",
        ConsentSource::Other => "other_person",
    }
}

/// Parents by name, caregivers as such. A guardian's authority has no field.
fn family(record: &Record) -> Vec<Value> {
    let parents = [("father", &record.names.father), ("mother", &record.names.mother)];
    let named = parents
        .into_iter()
        .filter_map(|(relation, name)| Some(json!({ "relation": relation, "relation_name": name.as_ref()?.expose() })));
    let others = record.relations.iter().flatten();
    let others =
        others.filter(|r| matches!(r.kind, RelationKind::Guardian | RelationKind::Caregiver | RelationKind::Family));
    named
        .chain(others.filter(|r| r.name.is_some()).map(|r| {
            json!({
                "relation": "other", "relation_name": r.name.as_ref().map(Text::expose),
                "relation_is_caregiver": r.kind != RelationKind::Family,
                "relation_is_alive": match r.vital {
                    Some(Vital::Alive) => "alive",
                    Some(Vital::Dead) => "dead",
                    _ => "unknown",
                },
            })
        }))
        .collect()
}
