//! Children as Primero exports them for people to read: display labels, lists in one cell, text guarded against
//! formulas, masked names. The workbook spreads a case over sheets and rows; the CSV has no subforms at all.

use std::io::{self, Write};

use domain::record::{Record, RelationKind, Text};

use super::primero::has_a_case;
use super::table::{BETWEEN, cell};
use super::workbook::Workbook;
use crate::fields;
use crate::mapping::{Column, Mapping};

/// Between the values of a list.
const LIST: &str = " ||| ";
/// What stands for the name of a survivor.
const MASKED: &str = "*******";

/// Labels of a case's own form, and the fields they fill.
const CASE: [(&str, &str); 17] = [
    ("ID", "record_id"),
    ("Case ID", "case_id"),
    ("Full Name", "names.full"),
    ("First Name", "names.given"),
    ("Surname", "names.family"),
    ("Sex", "sex"),
    ("Date of Birth", "birth"),
    ("Age", "age"),
    ("Nationality", "nationality"),
    ("Language", "languages"),
    ("Protection Status", "roles"),
    ("Current Care Arrangement", "child_status"),
    ("UNHCR Needs Codes", "needs_codes"),
    ("Protection Concerns", "concerns"),
    ("Current Telephone", "phone"),
    ("Date of Registration", "created_on"),
    ("Last Updated", "updated_on"),
];
/// Labels of the family's form: a row for every relative.
const FAMILY: [(&str, &str); 4] =
    [("ID", "record_id"), ("Father", "names.father"), ("Mother", "names.mother"), ("Caregiver", "caregiver.name")];

const SHEETS: [&str; 2] = ["Basic Identity", "Family Details and Caregiver Information"];

/// The mapping that reads the table, or the workbook, back.
pub(super) fn mapping(workbook: bool) -> Mapping {
    let column = |sheet: &str, (label, field): &(&str, &str)| Column {
        sheet: (workbook && *field != "record_id").then(|| sheet.to_owned()),
        ..Column::plain(label, field)
    };
    let mut columns: Vec<Column> = CASE.iter().map(|c| column(SHEETS[0], c)).collect();
    if workbook {
        columns.extend(FAMILY.iter().skip(1).map(|c| column(SHEETS[1], c)));
    }
    Mapping { columns, ..Mapping::default() }
}

/// A case's own cells.
fn case(record: &Record) -> impl Iterator<Item = String> {
    CASE.iter().map(|(_, field)| {
        let value = match *field {
            "age" => age(record),
            "names.full" if record.names.full.is_empty() => MASKED.to_owned(),
            "birth" if record.birth.is_some_and(|b| b.day.is_none()) => String::new(),
            field => cell(record, field, 1),
        };
        let value = if fields::is_list(field) { value.replace(BETWEEN, LIST) } else { value };
        guarded(if is_coded(field) { label(&value) } else { value })
    })
}

fn age(record: &Record) -> String {
    record
        .age
        .map_or_else(String::new, |a| if a.min == a.max { a.min.to_string() } else { format!("{}-{}", a.min, a.max) })
}

fn is_coded(field: &str) -> bool {
    matches!(field, "sex" | "roles" | "child_status" | "concerns")
}

/// A code as it is shown.
fn label(code: &str) -> String {
    let mut start = true;
    code.chars()
        .map(|c| {
            let shown = if c == '_' {
                ' '
            } else if start {
                c.to_ascii_uppercase()
            } else {
                c
            };
            start = matches!(c, '_' | ' ');
            shown
        })
        .collect()
}

/// Text that a spreadsheet would take for a formula has an apostrophe before it.
fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '|', '%']) { format!("'{text}") } else { text }
}

/// Rows of the family's form: father, mother, every caregiver.
fn family(record: &Record) -> Vec<[String; 4]> {
    let id = || record.record_id.expose().to_owned();
    let text = |text: &Text| guarded(text.expose().to_owned());
    let mut rows = Vec::new();
    rows.extend(record.names.father.iter().map(|name| [id(), text(name), String::new(), String::new()]));
    rows.extend(record.names.mother.iter().map(|name| [id(), String::new(), text(name), String::new()]));
    let cares = |kind: RelationKind| matches!(kind, RelationKind::Guardian | RelationKind::Caregiver);
    let names = record.relations.iter().flatten().filter(|r| cares(r.kind)).filter_map(|r| r.name.as_ref());
    rows.extend(names.map(|name| [id(), String::new(), String::new(), text(name)]));
    rows
}

/// The CSV under way.
pub(super) struct LabelTable<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> LabelTable<W> {
    pub(super) fn new(writer: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(writer);
        out.write_record(CASE.map(|(label, _)| label)).map_err(io::Error::other)?;
        Ok(Self { out })
    }

    /// Writes a child; false for anybody else.
    pub(super) fn write(&mut self, record: &Record) -> io::Result<bool> {
        if has_a_case(record) {
            self.out.write_record(case(record)).map_err(io::Error::other)?;
        }
        Ok(has_a_case(record))
    }

    pub(super) fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(|e| io::Error::other(e.error().kind().to_string()))
    }
}

/// The workbook under way.
pub(super) struct LabelBook<W> {
    out: Workbook<W>,
}

impl<W: Write> LabelBook<W> {
    pub(super) fn new(writer: W) -> io::Result<Self> {
        let mut out = Workbook::new(writer, &SHEETS)?;
        out.row(0, CASE.iter().map(|(label, _)| (*label).to_owned()))?;
        out.row(1, FAMILY.iter().map(|(label, _)| (*label).to_owned()))?;
        Ok(Self { out })
    }

    /// Writes a child; false for anybody else.
    pub(super) fn write(&mut self, record: &Record) -> io::Result<bool> {
        if !has_a_case(record) {
            return Ok(false);
        }
        self.out.row(0, case(record))?;
        for row in family(record) {
            self.out.row(1, row.into_iter())?;
        }
        Ok(true)
    }

    pub(super) fn finish(self) -> io::Result<W> {
        self.out.finish()
    }
}
