//! The published JSON Schemas, generated from the types. `cargo run -p contract --example schemas` writes them into
//! `schemas/`; a test is red while a committed file differs.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::certificate::Claims;
use crate::envelope::Envelope;
use crate::jose::jwk::JwkSet;
use crate::parties::TidingsKeys;
use crate::receipts::ReceiptBatch;

/// Every schema by file name.
#[must_use]
pub fn all() -> [(&'static str, Value); 5] {
    [
        ("envelope.json", of::<Envelope>("What a message holds once it is opened and verified")),
        ("certificate.json", of::<Claims>("What the organisation key certifies about a campaign key")),
        ("receipt-batch.json", of::<ReceiptBatch>("What a gateway signs and seals to Tidings")),
        ("tidings-keys.json", of::<TidingsKeys>("Public keys that a gateway gets at provisioning")),
        ("jwks.json", of::<JwkSet>("A gateway's keys")),
    ]
}

/// A schema as it stands in its file: indented, with a newline at the end.
#[must_use]
pub fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

fn of<T: JsonSchema>(title: &str) -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), title.into());
    }
    schema
}
