//! The committed schemas are those of the types, and `asyncapi.yaml` refers to files that exist.

use std::path::Path;

#[test]
fn committed_schemas_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for (name, schema) in contract::schema::all() {
        let committed = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(
            committed == contract::schema::text(&schema),
            "schemas/{name} is out of date: run `cargo run -p contract --example schemas`"
        );
    }
}
