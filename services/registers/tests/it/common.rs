//! Shared by the tests: a manifest for a text, and the rows that come out of it.

use std::io::Read;

use domain::record::Record;
use registers::{Manifest, Mapping, Note, Quarantine, RegisterError, hex, read, verify};
use sha2::{Digest, Sha256};

/// A manifest that fits these bytes.
pub(crate) fn manifest(profile: &str, bytes: &[u8], rows: u64, extra: &str) -> Manifest {
    let text = format!(
        "society = \"KE\"\nsystem = \"aid\"\nexported_on = \"2022-01-30\"\nprofile = \"{profile}\"\nrows = {rows}\nsha256 = \"{}\"\n{extra}",
        hex(&Sha256::digest(bytes))
    );
    Manifest::parse(&text).expect("a manifest")
}

/// What came of the rows of a file.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) records: Vec<Record>,
    pub(crate) notes: Vec<(u64, Note)>,
    pub(crate) quarantined: Vec<(u64, Quarantine)>,
}

/// Reads a whole file.
pub(crate) fn rows(
    reader: impl Read,
    manifest: &Manifest,
    mapping: Option<&Mapping>,
) -> Result<Outcome, RegisterError> {
    let mut out = Outcome::default();
    for row in read(reader, manifest, mapping)? {
        let row = row?;
        match row.outcome {
            Ok((record, notes)) => {
                out.records.push(record);
                out.notes.extend(notes.into_iter().map(|note| (row.number, note)));
            }
            Err(quarantine) => out.quarantined.push((row.number, quarantine)),
        }
    }
    Ok(out)
}

/// Verifies, then reads.
pub(crate) fn import(bytes: &[u8], manifest: &Manifest, mapping: Option<&Mapping>) -> Result<Outcome, RegisterError> {
    verify(bytes, manifest, mapping, |_, _| {})?;
    rows(bytes, manifest, mapping)
}
