//! `tidings synth`: registers of invented people with ground truth, for anyone's own tests.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};

use jiff::civil::Date;
use registers::synth::{SynthOptions, incident, people, registers, societies};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::import::manifest_with;
use crate::answer::{Answer, grouped};
use crate::cli::SynthArgs;
use crate::error::Failure;

/// The day that ages and confirmations count from: the same seed gives the same files on any day.
const DAY: Date = jiff::civil::date(2022, 2, 1);

/// A register being written.
struct Writer {
    out: BufWriter<File>,
    hash: Sha256,
    rows: u64,
}

/// Streams registers as canonical NDJSON with manifests, `truth.ndjson`, the incident and the Societies.
///
/// # Errors
/// The folder cannot be written.
pub fn run(args: &SynthArgs) -> Result<Answer, Failure> {
    std::fs::create_dir_all(&args.out)?;
    let options = SynthOptions::new(args.people, args.seed, DAY);
    let mut writers: BTreeMap<usize, Writer> = BTreeMap::new();
    let registers = registers(&options);
    let mut truth = BufWriter::new(File::create(args.out.join("truth.ndjson"))?);
    let mut made = 0u64;
    for group in people(&options) {
        for (at, record) in group.records {
            let writer = match writers.entry(at) {
                std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::btree_map::Entry::Vacant(entry) => {
                    let name = format!("{}-{}.ndjson", registers[at].society, registers[at].system);
                    let out = BufWriter::new(File::create(args.out.join(name))?);
                    entry.insert(Writer { out, hash: Sha256::new(), rows: 0 })
                }
            };
            let mut line = serde_json::to_vec(&record)?;
            line.push(b'\n');
            writer.hash.update(&line);
            writer.out.write_all(&line)?;
            writer.rows += 1;
        }
        for person in group.truths {
            serde_json::to_writer(&mut truth, &person)?;
            truth.write_all(b"\n")?;
            made += 1;
        }
    }
    truth.flush()?;
    let mut rows = 0;
    for (at, mut writer) in writers {
        writer.out.flush()?;
        rows += writer.rows;
        let (society, system) = (&registers[at].society, &registers[at].system);
        let manifest = manifest_with(society, system, DAY, &writer.hash.finalize(), writer.rows)?;
        std::fs::write(args.out.join(format!("{society}-{system}.toml")), manifest)?;
    }
    let failed = |e: toml::ser::Error| Failure::failed(e.to_string());
    std::fs::write(args.out.join("incident.toml"), toml::to_string_pretty(&incident(&options)).map_err(failed)?)?;
    for society in societies(&options) {
        let name = format!("society-{}.toml", society.code);
        std::fs::write(args.out.join(name), toml::to_string_pretty(&society).map_err(failed)?)?;
    }
    let text = format!("{} invented people, {} rows, in {}", grouped(made), grouped(rows), args.out.display());
    Ok(Answer::new(json!({ "people": made, "rows": rows, "out": args.out }), text))
}
