//! `tidings synth`: registers of invented people with ground truth, for anyone's own tests.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use domain::record::Record;
use jiff::civil::Date;
use registers::Profile;
use registers::synth::export::{Exporter, extension, mapping};
use registers::synth::{SynthOptions, incident, people, registers, societies};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::import::manifest_with;
use crate::answer::{Answer, grouped};
use crate::cli::SynthArgs;
use crate::error::Failure;

/// The day that ages and confirmations count from: the same seed gives the same files on any day.
const DAY: Date = jiff::civil::date(2022, 2, 1);

/// Bytes written at once.
const WRITE: usize = 256 * 1024;

/// What lies in the folder, for whoever finds it.
const READ_ME: &str = "\
Invented people, for tests. Nobody in these files exists; a likeness is chance.

SOCIETY-SYSTEM.ndjson        register, canonical record, one JSON object a line
SOCIETY-SYSTEM.toml          its manifest; other profiles: SOCIETY-SYSTEM.<end of name>.toml
SOCIETY-SYSTEM.csv .xlsx     the same register as a flat table; mapping.toml reads it
SOCIETY-SYSTEM.primero.json  its children as Primero cases; .primero.xlsx and .primero.csv: as Primero shows them to
                             people, read by mapping.primero-xlsx.toml and mapping.primero-csv.toml
SOCIETY-SYSTEM.pfif.xml .csv the people it looks for, with who asked, as PFIF 1.4
truth.ndjson                 who is who: every person with all of their records (number of the register as in
                             registers.txt, record id), groups, names in every spelling, and what must never happen
registers.txt                the registers in their order: number, Society, system
incident.toml                what happened
society-CODE.toml            each Society: languages, hotline, risk tiers, what it offers

The same --people, --seed and --societies give the same files for ever. In the registers: families, twins, phones that
several people share, masked names, missing and estimated birth dates, children who became adults, detainees, enquirers
and those they look for, staff; names in Latin, Arabic, Cyrillic, Ethiopic, Bengali, Burmese and Han with the variants
that transliteration makes.
";

/// A register being written in one profile.
struct Register {
    out: Exporter<Hashing>,
    name: String,
}

/// Hashes what it writes.
struct Hashing {
    out: BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Streams registers with manifests, `truth.ndjson`, the incident and the Societies.
///
/// # Errors
/// The folder cannot be written.
pub fn run(args: &SynthArgs) -> Result<Answer, Failure> {
    std::fs::create_dir_all(&args.out)?;
    let mut options = SynthOptions::new(args.people, args.seed, DAY);
    if !(1..=registers::synth::MOST).contains(&args.societies) {
        return Err(Failure::usage(format!("--societies is 1 to {}", registers::synth::MOST)));
    }
    options.societies = args.societies;
    let mut files =
        Files { folder: &args.out, profiles: &args.profiles, known: registers(&options), open: BTreeMap::new() };
    let mut truth = BufWriter::with_capacity(WRITE, File::create(args.out.join("truth.ndjson"))?);
    let mut made = 0u64;
    for group in people(&options) {
        files.write(&group.records)?;
        for person in group.truths {
            serde_json::to_writer(&mut truth, &person)?;
            truth.write_all(b"\n")?;
            made += 1;
        }
    }
    truth.flush()?;
    let rows = files.finish()?;
    about(&args.out, &options)?;
    let text = format!("{} invented people, {} rows, in {}", grouped(made), grouped(rows), args.out.display());
    Ok(Answer::new(json!({ "people": made, "rows": rows, "out": args.out }), text))
}

/// The incident, the Societies, and what lies where.
fn about(folder: &Path, options: &SynthOptions) -> Result<(), Failure> {
    let failed = |e: toml::ser::Error| Failure::failed(e.to_string());
    std::fs::write(folder.join("incident.toml"), toml::to_string_pretty(&incident(options)).map_err(failed)?)?;
    for society in societies(options) {
        let name = format!("society-{}.toml", society.code);
        std::fs::write(folder.join(name), toml::to_string_pretty(&society).map_err(failed)?)?;
    }
    let list: String =
        registers(options).iter().enumerate().map(|(n, r)| format!("{n} {} {}\n", r.society, r.system)).collect();
    std::fs::write(folder.join("registers.txt"), list)?;
    Ok(std::fs::write(folder.join("README.txt"), READ_ME)?)
}

/// Two profiles share the mapping of the flat table.
fn mapping_name(profile: Profile) -> String {
    match profile {
        Profile::Csv | Profile::Xlsx => "mapping.toml".to_owned(),
        other => format!("mapping.{}.toml", other.as_str()),
    }
}

/// Every file under way, by register and profile.
struct Files<'a> {
    folder: &'a Path,
    profiles: &'a [Profile],
    known: Vec<registers::synth::Register>,
    open: BTreeMap<(usize, usize), Register>,
}

impl Files<'_> {
    fn write(&mut self, records: &[(usize, Record)]) -> Result<(), Failure> {
        let mut places: Vec<usize> = records.iter().map(|(at, _)| *at).collect();
        places.sort_unstable();
        places.dedup();
        for at in places {
            let here: Vec<&Record> = records.iter().filter(|(n, _)| *n == at).map(|(_, record)| record).collect();
            for (which, profile) in self.profiles.iter().enumerate() {
                if !self.open.contains_key(&(at, which)) {
                    let register = self.begin(at, *profile)?;
                    self.open.insert((at, which), register);
                }
                if let Some(register) = self.open.get_mut(&(at, which)) {
                    register.out.write(&here)?;
                }
            }
        }
        Ok(())
    }

    fn begin(&self, at: usize, profile: Profile) -> Result<Register, Failure> {
        let register = &self.known[at];
        let name = format!("{}-{}.{}", register.society, register.system, extension(profile));
        let out = BufWriter::with_capacity(WRITE, File::create(self.folder.join(&name))?);
        let out = Exporter::new(profile, Hashing { out, hash: Sha256::new() })?;
        Ok(Register { out, name })
    }

    /// Ends every file and writes its manifest; a profile that had a place for nobody leaves none.
    fn finish(self) -> Result<u64, Failure> {
        let mut rows = 0;
        for ((at, which), register) in self.open {
            let profile = self.profiles[which];
            let (mut out, items) = register.out.finish()?;
            out.flush()?;
            let file = self.folder.join(&register.name);
            if items == 0 {
                std::fs::remove_file(file)?;
                continue;
            }
            rows += items;
            let about = &self.known[at];
            let manifest = manifest_with(&about.society, &about.system, DAY, profile, &out.hash.finalize(), items)?;
            let name = register.name.strip_suffix(".ndjson").unwrap_or(&register.name);
            std::fs::write(self.folder.join(format!("{name}.toml")), manifest)?;
            if let Some(mapping) = mapping(profile) {
                let toml = mapping.to_toml().map_err(|e| Failure::failed(e.to_string()))?;
                std::fs::write(self.folder.join(mapping_name(profile)), toml)?;
            }
        }
        Ok(rows)
    }
}
