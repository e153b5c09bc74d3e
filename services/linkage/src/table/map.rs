//! The map from columns to fields (TOML).

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use super::dates::{DateFormat, FormatError};
use crate::fields::OTHER_FIELDS;
use crate::options::Gate;

/// Which columns mean what. Everything but `id` is optional.
#[derive(Clone, Debug)]
pub struct Map {
    /// Column of the record id.
    pub id: String,
    /// Column that names the register.
    pub dataset: Option<String>,
    /// Only pairs across registers.
    pub link_only: bool,
    /// What a merge needs besides probability, if the map says.
    pub gate: Option<Gate>,
    /// Field columns.
    pub(super) columns: Columns,
}

/// Columns by field.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) full: Vec<String>,
    pub(super) given: Vec<String>,
    pub(super) middle: Vec<String>,
    pub(super) family: Vec<String>,
    pub(super) father: Vec<String>,
    pub(super) mother: Vec<String>,
    pub(super) birth_date: Option<(String, Option<DateFormat>)>,
    pub(super) birth_year: Option<String>,
    pub(super) birth_month: Option<String>,
    pub(super) birth_day: Option<String>,
    pub(super) sex: Option<String>,
    pub(super) phone: Vec<String>,
    pub(super) email: Vec<String>,
    pub(super) strong_id: Vec<String>,
    pub(super) place: Vec<String>,
    pub(super) postcode: Option<String>,
    pub(super) street: Vec<String>,
    pub(super) occupation: Option<String>,
    pub(super) birth_place: Vec<String>,
    /// By name, so that their order in the file does not matter.
    pub(super) other: BTreeMap<String, String>,
}

/// What is wrong with a map.
#[derive(Debug, Error)]
pub enum MapError {
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("the map is not valid: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A date format that is not understood.
    #[error("field birth_date: {0}")]
    Format(#[from] FormatError),
    /// More columns than the field can hold.
    #[error("field {field} takes one column, not {given}")]
    OneColumn {
        /// Field.
        field: &'static str,
        /// Columns named.
        given: usize,
    },
    /// More further fields than are compared.
    #[error("[other] takes at most {OTHER_FIELDS} columns, not {0}")]
    TooManyOther(usize),
    /// Only pairs across registers, and nothing says which register a row is from.
    #[error("link_only compares rows of different datasets, so `dataset` must name their column")]
    NoDataset,
    /// Nothing to compare.
    #[error("[fields] names no column")]
    NoFields,
}

impl Map {
    /// Reads a map.
    ///
    /// # Errors
    /// When it is not TOML, has unknown keys, or asks for more than linkage compares.
    pub fn parse(text: &str) -> Result<Self, MapError> {
        let file: MapFile = toml::from_str(text)?;
        if file.other.len() > OTHER_FIELDS {
            return Err(MapError::TooManyOther(file.other.len()));
        }
        let f = file.fields;
        let birth_date = match f.birth_date {
            None => None,
            Some(DateColumn::Name(column)) => Some((column, None)),
            Some(DateColumn::Formatted { column, format }) => {
                Some((column, format.map(|text| DateFormat::parse(&text)).transpose()?))
            }
        };
        let columns = Columns {
            full: f.full.list(),
            given: f.given.list(),
            middle: f.middle.list(),
            family: f.family.list(),
            father: f.father.list(),
            mother: f.mother.list(),
            birth_date,
            birth_year: f.birth_year.one("birth_year")?,
            birth_month: f.birth_month.one("birth_month")?,
            birth_day: f.birth_day.one("birth_day")?,
            sex: f.sex.one("sex")?,
            phone: f.phone.list(),
            email: f.email.list(),
            strong_id: f.strong_id.list(),
            place: f.place.list(),
            postcode: f.postcode.one("postcode")?,
            street: f.street.list(),
            occupation: f.occupation.one("occupation")?,
            birth_place: f.birth_place.list(),
            other: file.other,
        };
        if columns.is_empty() {
            return Err(MapError::NoFields);
        }
        if file.link_only && file.dataset.is_none() {
            return Err(MapError::NoDataset);
        }
        Ok(Self { id: file.id, dataset: file.dataset, link_only: file.link_only, gate: file.gate, columns })
    }
}

impl Columns {
    fn is_empty(&self) -> bool {
        let lists = [
            &self.full,
            &self.given,
            &self.middle,
            &self.family,
            &self.father,
            &self.mother,
            &self.phone,
            &self.email,
            &self.strong_id,
            &self.place,
            &self.street,
            &self.birth_place,
        ];
        let singles = [&self.birth_year, &self.sex, &self.postcode, &self.occupation];
        lists.iter().all(|l| l.is_empty())
            && singles.iter().all(|s| s.is_none())
            && self.birth_date.is_none()
            && self.other.is_empty()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MapFile {
    id: String,
    dataset: Option<String>,
    #[serde(default)]
    link_only: bool,
    gate: Option<Gate>,
    #[serde(default)]
    fields: FieldsFile,
    #[serde(default)]
    other: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FieldsFile {
    full: OneOrMany,
    given: OneOrMany,
    middle: OneOrMany,
    family: OneOrMany,
    father: OneOrMany,
    mother: OneOrMany,
    birth_date: Option<DateColumn>,
    birth_year: OneOrMany,
    birth_month: OneOrMany,
    birth_day: OneOrMany,
    sex: OneOrMany,
    phone: OneOrMany,
    email: OneOrMany,
    strong_id: OneOrMany,
    place: OneOrMany,
    postcode: OneOrMany,
    street: OneOrMany,
    occupation: OneOrMany,
    birth_place: OneOrMany,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum DateColumn {
    Name(String),
    Formatted { column: String, format: Option<String> },
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn list(self) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::One(column) => vec![column],
            Self::Many(columns) => columns,
        }
    }

    fn one(self, field: &'static str) -> Result<Option<String>, MapError> {
        let mut list = self.list();
        if list.len() > 1 {
            return Err(MapError::OneColumn { field, given: list.len() });
        }
        Ok(list.pop())
    }
}
