//! `tidings import`: a register file into sealed staging, and from there into records. The file is held against its
//! manifest, whole, before anything is staged; staging twice changes nothing; a run that was cut off goes on.
//!
//! Two processes: one is limited in memory, reads the file and stages it ([`read`]); the other started it, lets what is
//! staged be applied, and reports ([`apply`]).

mod draft;
pub mod limit;
mod rows;
mod seal;
pub mod source;
pub mod stage;

use std::fs::File;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::doorbell::{Doorbell, Stage};
use domain::{IncidentId, SocietyCode};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use registers::{Manifest, Profile, hex};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{ImportState, QuarantineRow};

use self::source::Source;
use self::stage::{Staged, stage};
use super::worker;
use crate::answer::{Answer, grouped};
use crate::app::App;
use crate::cli::ImportArgs;
use crate::config::Config;
use crate::error::Failure;

pub use self::draft::run as draft;

/// Rows that are shown at once; the file lists all.
const SHOWN: usize = 5;

/// What the process that reads says to the one that started it.
#[derive(Serialize, Deserialize)]
pub struct Read {
    staged: Staged,
    quarantine_file: Option<PathBuf>,
    first: Vec<(i64, String, String)>,
}

/// Reads, seals and stages the file. Its answer is for the process that started this one.
///
/// # Errors
/// A file that disagrees with its manifest; a row that no reader understands is set aside instead.
pub async fn read(config: &Config, args: &ImportArgs) -> Result<Answer, Failure> {
    let (incident, manifest) = named(args)?;
    let source = Source::open(&args.file, manifest, args.mapping.as_deref())?.replacing(args.replace);
    let said = source.manifest().profile;
    if args.profile.is_some_and(|profile| profile != said) {
        let manifest = manifest.display();
        return Err(Failure::usage(format!("{manifest} says profile {}, not the one given", said.as_str())));
    }
    let app = App::open_sparing(config).await?;
    app.incident(incident).await?;
    if !args.older {
        refuse_older(&app, incident, source.manifest()).await?;
    }
    let bar = bar();
    let mut progress = |phase: &'static str, counted: (u64, u64)| {
        bar.set_message(phase);
        bar.set_length(counted.1.max(1));
        bar.set_position(counted.0);
    };
    let mut listed = Listed::new(args);
    let staged = stage(&app, incident, source, &mut progress, &mut |row| listed.add(row)).await?;
    bar.finish_and_clear();
    let json = serde_json::to_value(listed.finish(staged)?)?;
    let line = json.to_string();
    Ok(Answer::new(json, line))
}

/// An export that is older than one which was imported would bring back what that one mended: numbers, names, ages.
async fn refuse_older(app: &App, incident: IncidentId, about: &Manifest) -> Result<(), Failure> {
    let earlier = app.store.manifests(incident).await?;
    let of_register = earlier.iter().filter_map(|(_, text)| Manifest::parse(text).ok());
    let same = of_register.filter(|m| (&m.society, &m.system) == (&about.society, &about.system));
    match same.map(|m| m.exported_on).max() {
        Some(latest) if latest > about.exported_on => Err(Failure::refused(format!(
            "an export of this register of {latest} was imported, and this one is of {}: it would undo what is newer. If \
             that is meant, give --older",
            about.exported_on
        ))),
        _ => Ok(()),
    }
}

/// Lets be applied what was staged, and reports.
///
/// # Errors
/// The store or the broker cannot be reached.
pub async fn apply(config: &Config, args: &ImportArgs, read: Read) -> Result<Answer, Failure> {
    let (incident, _) = named(args)?;
    let app = App::open(config).await?;
    let bell = Doorbell::new(Stage::Import, incident, None, vec![read.staged.import.uuid()]);
    worker::ring(&app, incident, vec![bell]).await?;
    report(&app, incident, &read).await
}

fn named(args: &ImportArgs) -> Result<(IncidentId, &Path), Failure> {
    let both = args.incident.zip(args.manifest.as_deref());
    both.ok_or_else(|| Failure::usage("an import names its --incident and its --manifest"))
}

fn bar() -> ProgressBar {
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len} {per_sec}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

async fn report(app: &App, incident: IncidentId, read: &Read) -> Result<Answer, Failure> {
    let staged = &read.staged;
    let imports = app.store.imports(incident).await?;
    let row = imports
        .iter()
        .find(|i| i.id == staged.import)
        .ok_or_else(|| Failure::failed(format!("{} is not in the store", staged.import)))?;
    let mut text = match (staged.again, row.state) {
        (true, _) => format!("The same file was imported before: nothing changed. {} rows.\n", grouped(staged.rows)),
        (false, ImportState::Applied) => format!(
            "{} rows read: {} new, {} updated, {} unchanged, {} quarantined.\n",
            grouped(staged.rows),
            row.new,
            row.updated,
            row.unchanged,
            row.quarantined
        ),
        (false, _) => format!("{} rows are staged, sealed; the import worker applies them.\n", grouped(staged.rows)),
    };
    if staged.notes > 0 {
        text.push_str(&format!(
            "{} pieces of data were not taken as they stood (see --json).\n",
            grouped(staged.notes)
        ));
    }
    if let Some(path) = &read.quarantine_file {
        text.push_str(&format!("Rows to work through: {}\n", path.display()));
        for (row, column, reason) in &read.first {
            text.push_str(&format!("  row {row}, {column}: {reason}\n"));
        }
    }
    let json = json!({
        "import": staged.import.to_string(), "state": row.state.as_str(), "rows_read": staged.rows, "new": row.new,
        "updated": row.updated, "unchanged": row.unchanged, "quarantined": row.quarantined, "again": staged.again,
        "notes": staged.notes, "kinds": staged.kinds, "quarantine_file": read.quarantine_file,
        "seconds": { "checking": staged.checking, "staging": staged.staging }, "cpu_seconds": staged.cpu,
    });
    Ok(Answer::new(json, text))
}

/// The file of quarantined rows: row, column and reason, never a value; no file where nothing is quarantined.
struct Listed {
    path: PathBuf,
    out: Option<csv::Writer<File>>,
    first: Vec<QuarantineRow>,
}

impl Listed {
    fn new(args: &ImportArgs) -> Self {
        let path = args.quarantine.clone().unwrap_or_else(|| {
            let mut name = args.file.clone().into_os_string();
            name.push(".quarantine.csv");
            PathBuf::from(name)
        });
        Self { path, out: None, first: Vec::new() }
    }

    fn add(&mut self, row: &QuarantineRow) -> Result<(), Failure> {
        let path = self.path.display().to_string();
        let failed = |e: csv::Error| Failure::failed(format!("{path}: {e}"));
        if self.out.is_none() {
            let mut out = csv::Writer::from_path(&self.path).map_err(failed)?;
            out.write_record(["row", "column", "reason"]).map_err(failed)?;
            self.out = Some(out);
        }
        if self.first.len() < SHOWN {
            self.first.push(row.clone());
        }
        match &mut self.out {
            None => Ok(()),
            // A column's name is the Society's own text: nothing in the list may be read as a formula.
            Some(out) => out.write_record([&row.row_no.to_string(), &inert(&row.column), &row.reason]).map_err(failed),
        }
    }

    fn finish(self, staged: Staged) -> Result<Read, Failure> {
        let Some(mut out) = self.out else {
            return Ok(Read { staged, quarantine_file: None, first: Vec::new() });
        };
        out.flush()?;
        let first = self.first.into_iter().map(|row| (row.row_no, row.column, row.reason)).collect();
        Ok(Read { staged, quarantine_file: Some(self.path), first })
    }
}

/// Text that a spreadsheet does not take for a formula.
fn inert(text: &str) -> String {
    let risky = text.trim_start().starts_with(['=', '+', '-', '@', '|', '%', '\t', '\r', '＝', '＋', '－', '＠']);
    if risky { format!("'{text}") } else { text.to_owned() }
}

/// The manifest of a canonical file that this program wrote.
///
/// # Errors
/// A manifest that does not serialise.
pub fn manifest_of(society: &SocietyCode, system: &str, on: Date, text: &[u8], rows: u64) -> Result<String, Failure> {
    manifest_with(society, system, on, Profile::Canonical, &Sha256::digest(text), rows)
}

/// The same for a file of any profile whose digest is known.
///
/// # Errors
/// A manifest that does not serialise.
pub fn manifest_with(
    society: &SocietyCode,
    system: &str,
    on: Date,
    profile: Profile,
    digest: &[u8],
    rows: u64,
) -> Result<String, Failure> {
    let json = json!({
        "society": society, "system": system, "exported_on": on, "profile": profile, "rows": rows,
        "sha256": hex(digest),
    });
    let manifest: Manifest = serde_json::from_value(json)?;
    toml::to_string(&manifest).map_err(|e| Failure::failed(e.to_string()))
}
