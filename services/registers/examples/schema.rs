//! Writes the JSON Schema of the canonical record: `cargo run -p registers --example schema`.

use std::path::Path;

use registers::schema;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(schema::FILE), schema::record())
}
