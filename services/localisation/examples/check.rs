//! Prints what the lint finds: `cargo run -p localisation --example check`.

use localisation::lint::{Severity, check};

fn main() -> Result<(), localisation::LoadError> {
    for finding in check(&localisation::Library::embedded()?).into_iter().filter(|f| f.severity != Severity::Note) {
        let language = finding.language.map_or_else(String::new, |tag| tag.to_string());
        println!("{:?}\t{language}\t{}\t{}", finding.severity, finding.about, finding.problem);
    }
    Ok(())
}
