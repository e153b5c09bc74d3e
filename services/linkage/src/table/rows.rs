//! CSV rows to records.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;
use thiserror::Error;

use super::dates;
use super::map::Map;
use crate::engine::{BATCH, Linker};
use crate::normalise::Intake;
use crate::record::{Birth, LinkRecord, Sex};

/// Why a file cannot be linked.
#[derive(Debug, Error)]
pub enum TableError {
    /// The map names a column that the file does not have.
    #[error("the file has no column named {0:?}, which the map names")]
    NoColumn(String),
    /// The map names a column that the file has more than once.
    #[error("the file has more than one column named {0:?}, which the map names")]
    TwoColumns(String),
    /// Not readable as CSV: a row with another number of columns, or not UTF-8.
    #[error("{}: {reason}", place(*row, column.as_deref()))]
    Row {
        /// Data row, from 1; 0 is the header.
        row: u64,
        /// Column, where it is one column's fault.
        column: Option<String>,
        /// What is wrong, without any value.
        reason: &'static str,
    },
    /// The file could not be read.
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// More rows than record numbers.
    #[error("more than {} rows", u32::MAX)]
    TooManyRows,
}

/// Column numbers, looked up once.
struct Positions {
    id: usize,
    dataset: Option<usize>,
    full: Vec<usize>,
    given: Vec<usize>,
    middle: Vec<usize>,
    family: Vec<usize>,
    father: Vec<usize>,
    mother: Vec<usize>,
    birth_date: Option<usize>,
    birth_year: Option<usize>,
    birth_month: Option<usize>,
    birth_day: Option<usize>,
    sex: Option<usize>,
    phone: Vec<usize>,
    email: Vec<usize>,
    strong_id: Vec<usize>,
    place: Vec<usize>,
    postcode: Option<usize>,
    street: Vec<usize>,
    occupation: Option<usize>,
    birth_place: Vec<usize>,
    other: Vec<usize>,
}

impl Positions {
    fn new(map: &Map, header: &StringRecord) -> Result<Self, TableError> {
        let at = |column: &String| {
            let mut found = (0..header.len()).filter(|i| name_of(header, *i) == column);
            match (found.next(), found.next()) {
                (None, _) => Err(TableError::NoColumn(column.clone())),
                (Some(i), None) => Ok(i),
                (Some(_), Some(_)) => Err(TableError::TwoColumns(column.clone())),
            }
        };
        let many = |list: &Vec<String>| list.iter().map(at).collect::<Result<Vec<_>, _>>();
        let one = |column: &Option<String>| column.as_ref().map(at).transpose();
        let c = &map.columns;
        Ok(Self {
            id: at(&map.id)?,
            dataset: one(&map.dataset)?,
            full: many(&c.full)?,
            given: many(&c.given)?,
            middle: many(&c.middle)?,
            family: many(&c.family)?,
            father: many(&c.father)?,
            mother: many(&c.mother)?,
            birth_date: c.birth_date.as_ref().map(|(name, _)| at(name)).transpose()?,
            birth_year: one(&c.birth_year)?,
            birth_month: one(&c.birth_month)?,
            birth_day: one(&c.birth_day)?,
            sex: one(&c.sex)?,
            phone: many(&c.phone)?,
            email: many(&c.email)?,
            strong_id: many(&c.strong_id)?,
            place: many(&c.place)?,
            postcode: one(&c.postcode)?,
            street: many(&c.street)?,
            occupation: one(&c.occupation)?,
            birth_place: many(&c.birth_place)?,
            other: c.other.values().map(at).collect::<Result<Vec<_>, _>>()?,
        })
    }
}

/// Reads all rows into a linker and hands each id to `name`. Returns how many values per column could not be read.
pub(super) fn read(
    reader: impl Read,
    map: &Map,
    linker: &mut Linker,
    mut name: impl FnMut(&str),
) -> Result<Vec<(String, u64)>, TableError> {
    let mut csv = csv::ReaderBuilder::new().from_reader(reader);
    let header = csv.headers().map_err(|e| row_error(0, None, e))?.clone();
    let shape = Arc::new(Shape {
        at: Positions::new(map, &header)?,
        map: map.clone(),
        unreadable: header.iter().map(|_| AtomicU64::new(0)).collect(),
    });
    let mut datasets: HashMap<String, u32> = HashMap::new();
    let mut number: u64 = 0;
    let mut rows: Vec<(StringRecord, u32)> = Vec::new();
    let mut bytes = 0;
    loop {
        let mut row = StringRecord::with_capacity(bytes, header.len());
        let more = csv.read_record(&mut row).map_err(|e| row_error(number + 1, Some(&header), e))?;
        if more {
            number += 1;
            if number >= u64::from(u32::MAX) {
                return Err(TableError::TooManyRows);
            }
            bytes = row.as_byte_record().as_slice().len();
            name(&row[shape.at.id]);
            let dataset = shape.at.dataset.map_or(0, |i| {
                let next = datasets.len() as u32;
                *datasets.entry(row[i].trim().to_owned()).or_insert(next)
            });
            rows.push((row, dataset));
        }
        // Reading is the work of one core; what a row means is found out by all others.
        if rows.len() >= BATCH || !more {
            let shape = shape.clone();
            let take = move |(row, dataset): &(StringRecord, u32), intake: &mut Intake| {
                let mut record = to_record(&shape, row);
                record.dataset = *dataset;
                intake.take(&record);
            };
            linker.pack_with(std::mem::take(&mut rows), take);
        }
        if !more {
            break;
        }
    }
    linker.wait();
    let unreadable = shape.unreadable.iter().map(|n| n.load(Ordering::Relaxed));
    Ok(header.iter().map(str::to_owned).zip(unreadable).filter(|(_, n)| *n > 0).collect())
}

/// What every row is read by, and the values that were not readable, by column.
struct Shape {
    at: Positions,
    map: Map,
    unreadable: Vec<AtomicU64>,
}

impl Shape {
    fn bad(&self, column: usize) {
        self.unreadable[column].fetch_add(1, Ordering::Relaxed);
    }
}

fn to_record(shape: &Shape, row: &StringRecord) -> LinkRecord {
    let at = &shape.at;
    let value = |i: usize| Some(row[i].trim()).filter(|v| !v.is_empty());
    let list =
        |columns: &[usize]| -> Vec<String> { columns.iter().filter_map(|&i| value(i)).map(str::to_owned).collect() };
    let joined = |columns: &[usize]| -> Option<String> {
        match columns {
            [] => None,
            [one] => value(*one).map(str::to_owned),
            many => Some(list(many).join(" ")).filter(|s| !s.is_empty()),
        }
    };
    let single = |column: Option<usize>| column.and_then(value).map(str::to_owned);
    LinkRecord {
        id: row[at.id].to_owned(),
        full: list(&at.full),
        given: joined(&at.given),
        middle: joined(&at.middle),
        family: joined(&at.family),
        father: joined(&at.father),
        mother: joined(&at.mother),
        birth: birth(shape, row),
        sex: at.sex.and_then(|i| {
            let text = value(i)?;
            let sex = sex(text);
            if sex.is_none() {
                shape.bad(i);
            }
            sex
        }),
        strong_ids: list(&at.strong_id),
        phones: list(&at.phone),
        emails: list(&at.email),
        place: list(&at.place),
        postcode: single(at.postcode),
        street: list(&at.street),
        occupation: single(at.occupation),
        birth_place: joined(&at.birth_place),
        other: at.other.iter().map(|&i| value(i).map(str::to_owned)).collect(),
        ..LinkRecord::default()
    }
}

fn birth(shape: &Shape, row: &StringRecord) -> Option<Birth> {
    let (at, map) = (&shape.at, &shape.map);
    let value = |i: usize| Some(row[i].trim()).filter(|v| !v.is_empty());
    if let Some((i, text)) = at.birth_date.and_then(|i| Some((i, value(i)?))) {
        let format = map.columns.birth_date.as_ref().and_then(|(_, f)| f.as_ref());
        let read = match format {
            Some(format) => format.read(text).or_else(|| format.read(text.strip_suffix(".0")?)),
            None => dates::read_plain(text),
        };
        if read.is_some() {
            return read;
        }
        shape.bad(i);
        if let Some(part) = format.and_then(|f| f.read_in_part(text)) {
            return Some(part);
        }
    }
    let number = |column: Option<usize>, most: i16| {
        let i = column?;
        let text = value(i)?;
        let n = text.strip_suffix(".0").unwrap_or(text).parse::<i16>().ok();
        let n = n.filter(|n| (0..=most).contains(n));
        if n.is_none() {
            shape.bad(i);
        }
        n.filter(|n| *n > 0)
    };
    let year = number(at.birth_year, 2600)?;
    let month = number(at.birth_month, 13).map(|m| m as u8);
    let day = number(at.birth_day, 32).map(|d| d as u8);
    Some(Birth::Date { year, month, day: month.and(day), estimated: false })
}

/// Words and codes for the two sexes, in the languages that registers are kept in.
fn sex(text: &str) -> Option<Sex> {
    let text = text.to_lowercase();
    match text.as_str() {
        "f" | "female" | "woman" | "girl" | "w" | "weiblich" | "femme" | "féminin" | "femenino" | "feminino"
        | "mujer" | "2" | "ж" | "жен" | "женский" | "أنثى" | "انثى" | "زن" | "女" => {
            Some(Sex::Female)
        }
        "m" | "male" | "man" | "boy" | "männlich" | "homme" | "masculin" | "masculino" | "hombre" | "1" | "м"
        | "муж" | "мужской" | "ذكر" | "مرد" | "男" => Some(Sex::Male),
        _ => None,
    }
}

fn name_of(header: &StringRecord, i: usize) -> &str {
    header[i].trim_start_matches('\u{feff}').trim()
}

/// Where something is wrong, in words.
fn place(row: u64, column: Option<&str>) -> String {
    match (row, column) {
        (0, _) => "header".to_owned(),
        (row, None) => format!("row {row}"),
        (row, Some(column)) => format!("row {row}, column {column:?}"),
    }
}

fn row_error(row: u64, header: Option<&StringRecord>, error: csv::Error) -> TableError {
    let (reason, column) = match error.kind() {
        csv::ErrorKind::UnequalLengths { .. } => ("another number of columns than the header", None),
        csv::ErrorKind::Utf8 { err, .. } => {
            let column = header.filter(|h| err.field() < h.len()).map(|h| name_of(h, err.field()).to_owned());
            ("not UTF-8", column)
        }
        _ => ("not readable as CSV", None),
    };
    match error.into_kind() {
        csv::ErrorKind::Io(io) => TableError::Io(io),
        _ => TableError::Row { row, column, reason },
    }
}
