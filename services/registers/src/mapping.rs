//! The mapping file: which column fills which field of the canonical record, and what its values mean. Data of a
//! Society, not code. A column that it neither maps nor ignores refuses the file, since it could be a restriction.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::RegisterError;
use crate::fields;
use crate::limits;

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Header, as the file has it (or its HXL hashtag).
    pub header: String,
    /// Field of the canonical record.
    pub field: String,
    /// Sheet of a workbook; absent: any that has the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Which contact point or guardian, where the table has several; 1 is the first.
    #[serde(default = "one")]
    pub slot: u8,
    /// Text between several values in one cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// Values of the file and the words of the canonical record that they mean. An empty word: the value says nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Column {
    /// A column whose values are taken as they are.
    #[must_use]
    pub fn plain(header: &str, field: &str) -> Self {
        Self {
            header: header.to_owned(),
            field: field.to_owned(),
            sheet: None,
            slot: 1,
            split: None,
            values: BTreeMap::new(),
        }
    }

    /// The word that a value means here.
    pub(crate) fn meaning(&self, text: &str) -> Option<&str> {
        meaning(&self.values, text)
    }
}

/// The word that a mapping gives a value, as it stands or in another case.
pub(crate) fn meaning<'m>(values: &'m BTreeMap<String, String>, text: &str) -> Option<&'m str> {
    if values.is_empty() {
        return None;
    }
    let folded = || {
        let lower = text.to_lowercase();
        values.iter().find(|(value, _)| value.to_lowercase() == lower).map(|(_, word)| word)
    };
    values.get(text).or_else(folded).map(String::as_str)
}

const fn one() -> u8 {
    1
}

/// A mapping file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Columns that are dropped at the door, by header.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Sheets of a workbook that are left aside, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore_sheets: Vec<String>,
    /// Columns that must not be missing.
    #[serde(default)]
    pub required: Vec<String>,
    /// Fields that every row has, whatever the file says: `roles = "aid_recipient"`.
    #[serde(default)]
    pub fixed: BTreeMap<String, String>,
    /// The columns.
    #[serde(default, rename = "column")]
    pub columns: Vec<Column>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// TOML that does not parse, an unknown key or field, two columns with one header.
    pub fn parse(text: &str) -> Result<Self, RegisterError> {
        if text.len() > limits::SETTINGS_BYTES {
            return Err(RegisterError::Mapping(format!("larger than {} bytes", limits::SETTINGS_BYTES)));
        }
        let mapping: Self = toml::from_str(text).map_err(|e| RegisterError::Mapping(e.to_string()))?;
        mapping.check()?;
        Ok(mapping)
    }

    fn check(&self) -> Result<(), RegisterError> {
        let known = |field: &str| fields::meant(field).map(|_| ());
        for column in &self.columns {
            known(&column.field)?;
            if column.slot == 0 || usize::from(column.slot) > limits::LIST {
                return Err(RegisterError::Mapping(format!(
                    "column «{}»: slot {} does not exist",
                    column.header, column.slot
                )));
            }
        }
        for field in self.fixed.keys() {
            known(field)?;
        }
        if !self.columns.iter().any(|c| c.field == "record_id") {
            return Err(RegisterError::Mapping("no column fills record_id".to_owned()));
        }
        Ok(())
    }

    /// Headers that are neither mapped nor ignored.
    #[must_use]
    pub fn leaves(&self, headers: &[String]) -> Vec<String> {
        let known = |header: &str| {
            self.columns.iter().any(|c| same(&c.header, header)) || self.ignore.iter().any(|i| same(i, header))
        };
        headers.iter().filter(|header| !known(header)).cloned().collect()
    }

    /// The part that is for one sheet of a workbook: its own columns, and those of no sheet. `None` where the sheet is
    /// left aside. Names are cut to 31 characters there.
    #[must_use]
    pub(crate) fn for_sheet(&self, sheet: &str) -> Option<Self> {
        let cut = |text: &str| text.chars().take(31).collect::<String>().trim().to_lowercase();
        let is_this = |name: &str| cut(name) == cut(sheet);
        if self.ignore_sheets.iter().any(|name| is_this(name)) {
            return None;
        }
        let here = |c: &&Column| c.sheet.as_deref().is_none_or(is_this);
        Some(Self {
            columns: self.columns.iter().filter(here).cloned().collect(),
            required: Vec::new(),
            ..self.clone()
        })
    }

    /// Whether a sheet with this header has anything to say: some of its columns are mapped, or not even ignored. A
    /// mapping of nothing but ids counts the rows of every sheet.
    pub(crate) fn reads(&self, headers: &[String]) -> bool {
        if self.columns.iter().all(|c| c.field == "record_id") {
            return true;
        }
        let ignored = |header: &String| self.ignore.iter().any(|i| same(i, header));
        let id = |header: &String| self.columns.iter().any(|c| c.field == "record_id" && same(&c.header, header));
        headers.iter().any(|header| !header.trim().is_empty() && !ignored(header) && !id(header))
    }

    /// Lists that a system joins in its own way are split so, where the mapping does not say how.
    #[must_use]
    pub(crate) fn splitting(&self, between: &str) -> Self {
        let mut mapping = self.clone();
        for column in mapping.columns.iter_mut().filter(|c| c.split.is_none() && fields::is_list(&c.field)) {
            column.split = Some(between.to_owned());
        }
        mapping
    }

    /// The file as TOML.
    ///
    /// # Errors
    /// A mapping that TOML cannot hold.
    pub fn to_toml(&self) -> Result<String, RegisterError> {
        toml::to_string(self).map_err(|e| RegisterError::Mapping(e.to_string()))
    }
}

/// Whether two headers are the same, in whatever case.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.trim() == b.trim() || a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// What [`draft`] could and could not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Columns whose header is the name of a field, or a usual name for one. Read it before you use it.
    pub mapping: Mapping,
    /// Columns that somebody has to map or ignore.
    pub unmapped: Vec<String>,
}

/// Drafts a mapping from headers. Nothing is ignored by itself: what is unknown is shown.
#[must_use]
pub fn draft<S: AsRef<str>>(headers: &[S]) -> Draft {
    let mut mapping = Mapping::default();
    let mut unmapped = Vec::new();
    for header in headers.iter().map(AsRef::as_ref) {
        match fields::guess(header) {
            Some((field, slot)) => {
                let taken = mapping.columns.iter().filter(|c| c.field == field && c.slot == slot).count();
                let slot = if fields::has_slots(field) {
                    slot.saturating_add(u8::try_from(taken).unwrap_or(u8::MAX))
                } else {
                    slot
                };
                let split = fields::is_list(field).then(|| ";".to_owned());
                mapping.columns.push(Column {
                    header: header.to_owned(),
                    field: field.to_owned(),
                    sheet: None,
                    slot,
                    split,
                    values: BTreeMap::new(),
                });
            }
            None => unmapped.push(header.to_owned()),
        }
    }
    Draft { mapping, unmapped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_maps_what_it_knows_and_shows_the_rest() {
        let headers =
            ["Record ID", "Full name", "Date of birth", "Phone", "Phone 2", "E-mail", "Nombre de la abuela", "Notes"];
        let draft = draft(&headers);
        let fields: Vec<_> = draft.mapping.columns.iter().map(|c| (c.field.as_str(), c.slot)).collect();
        assert_eq!(
            fields,
            [("record_id", 1), ("names.full", 1), ("birth", 1), ("phone", 1), ("phone", 2), ("email", 1)]
        );
        assert_eq!(draft.unmapped, ["Nombre de la abuela", "Notes"]);
        let text = draft.mapping.to_toml().expect("toml");
        assert_eq!(Mapping::parse(&text).expect("a mapping"), draft.mapping);
    }

    #[test]
    fn a_mapping_with_a_field_that_does_not_exist_is_refused() {
        let text =
            "[[column]]\nheader = \"A\"\nfield = \"record_id\"\n[[column]]\nheader = \"B\"\nfield = \"religion\"\n";
        assert!(matches!(Mapping::parse(text), Err(RegisterError::Mapping(_))));
        assert!(Mapping::parse("[[column]]\nheader = \"A\"\nfield = \"sex\"\n").is_err(), "no record_id");
    }
}
