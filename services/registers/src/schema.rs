//! JSON Schema of the canonical record, made from its type. The text is committed in `schemas/`; a test is red while the
//! committed file differs.

use domain::record::Record;
use schemars::generate::SchemaSettings;

/// Name of the file in `schemas/`.
pub const FILE: &str = "record.json";

/// The schema as it stands in its file.
#[must_use]
pub fn record() -> String {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Record>().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), "One row of a register: what is absent is unknown".into());
    }
    format!("{schema:#}\n")
}
