//! Values that a mapping gives no meaning and no code has: what whoever drafts a mapping still has to say.

use std::collections::BTreeMap;
use std::io::Read;

use crate::draft::Context;
use crate::error::RegisterError;
use crate::manifest::{Manifest, Profile};
use crate::mapping::{Column, Mapping};
use crate::profiles::{csv, xlsx};
use crate::read::PRIMERO_LIST;
use crate::table::Table;

/// Values that are kept of one column: a column with more is no list of codes, and its values may be anybody's data.
const VALUES: usize = 40;
/// Characters of a value that can be a code.
const CODE_CHARS: usize = 60;

/// Values of one column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnknownValues {
    /// Header.
    pub header: String,
    /// Field that the column fills.
    pub field: String,
    /// Each value with the number of its cells; empty where the column is no list of codes.
    pub values: BTreeMap<String, u64>,
    /// There are more values, or longer ones, than a list of codes has.
    pub no_codes: bool,
}

/// Reads a table to its end and collects, for every mapped column, the values that would hold their records (R00).
///
/// # Errors
/// A profile without a header, or a file that cannot be read.
pub fn unknown_values(
    reader: impl Read,
    manifest: &Manifest,
    mapping: &Mapping,
) -> Result<Vec<UnknownValues>, RegisterError> {
    let mut found = Found::default();
    let splitting = matches!(manifest.profile, Profile::PrimeroCsv | Profile::PrimeroXlsx);
    let split = if splitting { mapping.splitting(PRIMERO_LIST) } else { mapping.clone() };
    let mapping = &split;
    let mut context = Context::new(manifest)?;
    match manifest.profile {
        Profile::Csv | Profile::PrimeroCsv => {
            let mut cells = csv::Cells::new(reader, manifest)?;
            let mut table = Table::new(&cells.header, &covering(mapping, &cells.header))?;
            table.unguard = manifest.profile == Profile::PrimeroCsv;
            while cells.advance()?.is_some() {
                table.unknown(|at| cells.cell(at), &mut context, &mut |h, f, v| found.add(h, f, v));
            }
        }
        Profile::Xlsx | Profile::PrimeroXlsx => {
            let book = xlsx::book::Book::open(reader)?;
            let names: Vec<String> = match &manifest.sheet {
                Some(name) => vec![name.clone()],
                None => book.names().map(str::to_owned).collect(),
            };
            for name in names {
                let mut rows = match xlsx::SheetRows::new(book.sheet(&name)?) {
                    Err(RegisterError::NoHeader) => continue,
                    rows => rows?,
                };
                let mut table = Table::new(&rows.header, &covering(mapping, &rows.header))?;
                table.unguard = splitting;
                while rows.advance()?.is_some() {
                    table.unknown(|at| rows.cell(at), &mut context, &mut |h, f, v| found.add(h, f, v));
                }
            }
        }
        Profile::Canonical | Profile::PrimeroJson | Profile::PfifXml | Profile::PfifCsv => {
            return Err(RegisterError::Manifest(format!("profile {} needs no mapping", manifest.profile.as_str())));
        }
    }
    Ok(found.0.into_values().collect())
}

/// The mapping as far as it is made, good enough for this header: the rest is ignored, some column is the key.
fn covering(mapping: &Mapping, header: &[String]) -> Mapping {
    let mut mapping = Mapping { required: Vec::new(), fixed: BTreeMap::new(), ..mapping.clone() };
    let rest = mapping.leaves(header);
    mapping.ignore.extend(rest);
    let keyed = mapping.columns.iter().any(|c| c.field == "record_id" && header.contains(&c.header));
    if let (false, Some(first)) = (keyed, header.first()) {
        mapping.columns.retain(|c| c.field != "record_id");
        mapping.columns.push(Column::plain(first, "record_id"));
    }
    mapping
}

/// By header and field.
#[derive(Default)]
struct Found(BTreeMap<(String, &'static str), UnknownValues>);

impl Found {
    fn add(&mut self, header: &str, field: &'static str, value: &str) {
        let column = self.0.entry((header.to_owned(), field)).or_insert_with(|| UnknownValues {
            header: header.to_owned(),
            field: field.to_owned(),
            ..UnknownValues::default()
        });
        if column.no_codes {
            return;
        }
        *column.values.entry(value.to_owned()).or_default() += 1;
        if column.values.len() > VALUES || value.chars().count() > CODE_CHARS {
            column.no_codes = true;
            column.values.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(profile: &str) -> Manifest {
        Manifest::parse(&format!(
            "society = \"KE\"\nsystem = \"aid\"\nexported_on = \"2022-01-30\"\nprofile = \"{profile}\"\nrows = 1\nsha256 = \"{}\"\n",
            "0".repeat(64)
        ))
        .expect("a manifest")
    }

    fn drafted(header: &str) -> Mapping {
        crate::mapping::draft(&header.split(',').collect::<Vec<_>>()).mapping
    }

    #[test]
    fn values_without_a_meaning_are_counted_and_names_are_not_shown() {
        let header = "Record ID,Sex,Full name,Vital,Shoe size";
        let mut mapping = drafted(header);
        for column in mapping.columns.iter_mut().filter(|c| c.field == "sex") {
            column.values.insert("Weiblich".to_owned(), "female".to_owned());
        }
        mapping.columns.retain(|c| c.header != "Vital");
        mapping.columns.push(Column::plain("Vital", "vital"));
        let rows = "1,weiblich,Asha Synthetic,alive,9\n2,Männlich,Juma Synthetic,unk,\n3,Männlich,,,\n4,male,,unk,\n";
        let found = unknown_values(format!("{header}\n{rows}").as_bytes(), &manifest("csv"), &mapping).expect("reads");
        let shown: Vec<_> = found.iter().map(|u| (u.header.as_str(), u.field.as_str(), u.values.clone())).collect();
        assert_eq!(
            shown,
            [
                ("Sex", "sex", BTreeMap::from([("Männlich".to_owned(), 2)])),
                ("Vital", "vital", BTreeMap::from([("unk".to_owned(), 2)])),
            ]
        );
    }

    #[test]
    fn a_column_of_many_values_is_no_list_of_codes_and_none_of_them_is_shown() {
        let rows: String = (0..=VALUES).map(|n| format!("{n},Asha number {n}\n")).collect();
        let mut mapping = drafted("Record ID,Sex");
        let found = unknown_values(format!("Record ID,Sex\n{rows}").as_bytes(), &manifest("csv"), &mapping);
        let found = found.expect("reads");
        assert!(found[0].no_codes && found[0].values.is_empty());
        mapping.columns.clear();
        let unmapped = unknown_values("Sex\nx y\n".as_bytes(), &manifest("csv"), &mapping).expect("reads");
        assert!(unmapped.is_empty(), "none is mapped");
        assert!(unknown_values("{}".as_bytes(), &manifest("canonical"), &mapping).is_err());
    }
}
