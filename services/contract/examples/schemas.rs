//! Writes the JSON Schemas of the contract into `services/contract/schemas`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    std::fs::create_dir_all(&folder)?;
    for (name, schema) in contract::schema::all() {
        std::fs::write(folder.join(name), contract::schema::text(&schema))?;
        println!("{name}");
    }
    Ok(())
}
