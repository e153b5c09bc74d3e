//! The published schema is that of the type, and a foreign reader accepts with it what our own accepts.

use jiff::civil::date;
use registers::schema;
use registers::synth::{SynthOptions, population};

const COMMITTED: &str = include_str!("../../schemas/record.json");

#[test]
fn the_committed_schema_is_that_of_the_type() {
    assert_eq!(COMMITTED, schema::record(), "run `cargo run -p registers --example schema`");
}

#[test]
fn synthetic_records_are_valid_and_a_misspelt_field_is_not() {
    let schema = serde_json::from_str(COMMITTED).expect("JSON");
    let reader = jsonschema::validator_for(&schema).expect("a schema");
    let population = population(&SynthOptions::new(300, 2, date(2022, 1, 30)));
    for record in population.registers.iter().flat_map(|r| &r.records) {
        let mut value = serde_json::to_value(record).expect("JSON");
        assert!(reader.is_valid(&value), "{value}");
        value["langauges"] = serde_json::json!(["en"]);
        assert!(!reader.is_valid(&value));
    }
}
