//! `tidings import`: a register file into sealed staging, and from there into records. The file is held against its
//! manifest, whole, before anything is staged; staging twice changes nothing; a run that was cut off goes on.

use std::fs::File;
use std::io::{BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::doorbell::{Doorbell, Stage};
use domain::record::Record;
use domain::{ImportId, IncidentId, RecordId, SocietyCode};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use registers::{Manifest, Mapping, Profile, hex, read, verify};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::seal::{IndexKey, Sealer, SealingPublic};
use store::{Begun, ImportState, NewImport, QuarantineRow, StagedRow};

use super::worker;
use crate::answer::{Answer, grouped};
use crate::app::App;
use crate::cli::ImportArgs;
use crate::error::Failure;

/// Rows sealed under one ephemeral key and staged in one transaction.
const CHUNK: usize = 1000;

/// What staging a file came to.
pub struct Staged {
    /// The import.
    pub import: ImportId,
    /// Rows of the file.
    pub rows: u64,
    /// Rows set aside: row, column, reason.
    pub quarantined: Vec<QuarantineRow>,
    /// Pieces of data that were not taken as they stood, by kind.
    pub notes: u64,
    /// The same file was imported before.
    pub again: bool,
}

/// Stages the file, lets it be applied, and reports.
///
/// # Errors
/// A file that disagrees with its manifest; a row that no reader understands is set aside instead.
pub async fn run(app: &App, args: &ImportArgs) -> Result<Answer, Failure> {
    app.incident(args.incident).await?;
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    let mut progress = |phase: &'static str, counted: (u64, u64)| {
        bar.set_message(phase);
        bar.set_length(counted.1.max(1));
        bar.set_position(counted.0);
    };
    let mapping = args.mapping.as_deref();
    let staged = stage(app, args.incident, &args.file, &args.manifest, mapping, &mut progress).await?;
    bar.finish_and_clear();
    let bell = Doorbell::new(Stage::Import, args.incident, None, vec![staged.import.uuid()]);
    worker::ring(app, args.incident, vec![bell]).await?;
    report(app, args, &staged).await
}

async fn report(app: &App, args: &ImportArgs, staged: &Staged) -> Result<Answer, Failure> {
    let imports = app.store.imports(args.incident).await?;
    let row = imports
        .iter()
        .find(|i| i.id == staged.import)
        .ok_or_else(|| Failure::failed(format!("{} is not in the store", staged.import)))?;
    let listed = quarantine_file(args, &staged.quarantined)?;
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
    if let Some(path) = &listed {
        text.push_str(&format!("Rows to work through: {}\n", path.display()));
        for row in staged.quarantined.iter().take(5) {
            text.push_str(&format!("  row {}, {}: {}\n", row.row_no, row.column, row.reason));
        }
    }
    let json = json!({
        "import": staged.import.to_string(), "state": row.state.as_str(), "rows_read": staged.rows, "new": row.new,
        "updated": row.updated, "unchanged": row.unchanged, "quarantined": row.quarantined, "again": staged.again,
        "notes": staged.notes, "quarantine_file": listed,
    });
    Ok(Answer::new(json, text))
}

/// Writes row, column and reason, never a value; no file where nothing is quarantined.
fn quarantine_file(args: &ImportArgs, rows: &[QuarantineRow]) -> Result<Option<PathBuf>, Failure> {
    if rows.is_empty() {
        return Ok(None);
    }
    let path = args.quarantine.clone().unwrap_or_else(|| {
        let mut name = args.file.clone().into_os_string();
        name.push(".quarantine.csv");
        PathBuf::from(name)
    });
    let failed = |e: csv::Error| Failure::failed(format!("{}: {e}", path.display()));
    let mut out = csv::Writer::from_path(&path).map_err(failed)?;
    out.write_record(["row", "column", "reason"]).map_err(failed)?;
    for row in rows {
        out.write_record([&row.row_no.to_string(), &row.column, &row.reason]).map_err(failed)?;
    }
    out.flush()?;
    Ok(Some(path))
}

/// Holds a file against its manifest, then seals and stages its rows.
///
/// # Errors
/// A file that disagrees with its manifest, with file, row and column, never a value.
pub async fn stage(
    app: &App,
    incident: IncidentId,
    file: &Path,
    manifest: &Path,
    mapping: Option<&Path>,
    progress: &mut dyn FnMut(&'static str, (u64, u64)),
) -> Result<Staged, Failure> {
    let text =
        |path: &Path| std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())));
    let wrong = |path: &Path, e: registers::RegisterError| Failure::usage(format!("{}: {e}", path.display()));
    let manifest_text = text(manifest)?;
    let about = Manifest::parse(&manifest_text).map_err(|e| wrong(manifest, e))?;
    let mapping = match mapping {
        Some(path) => Some(Mapping::parse(&text(path)?).map_err(|e| wrong(path, e))?),
        None => None,
    };
    let open = || File::open(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())));
    let verified =
        verify(BufReader::new(open()?), &about, mapping.as_ref(), |rows, _| progress("checking", (rows, about.rows)))
            .map_err(|e| wrong(file, e))?;
    let new = NewImport {
        id: ImportId::random(),
        incident,
        society: about.society.clone(),
        system: about.system.clone(),
        file_digest: digest_of(open()?)?,
        manifest: manifest_text,
    };
    let (import, already) = match app.store.begin_import(&new).await? {
        Begun::New => (new.id, 0),
        Begun::Resume { id, staged_rows } => (id, staged_rows),
        Begun::Done(row) => {
            let quarantined = app.store.quarantined(row.id).await?;
            return Ok(Staged { import: row.id, rows: verified.rows, quarantined, notes: 0, again: true });
        }
    };
    tracing::info!(%import, rows = verified.rows, already, "staging");
    let mut desk = Desk::new(app, incident, import).await?;
    let mut rows = read(BufReader::new(open()?), &about, mapping.as_ref()).map_err(|e| wrong(file, e))?;
    let mut notes = 0;
    for row in &mut rows {
        let row = row.map_err(|e| wrong(file, e))?;
        let number = i64::try_from(row.number).unwrap_or(i64::MAX);
        match row.outcome {
            Ok((record, more)) => {
                notes += more.len() as u64;
                desk.records.push((number, record));
            }
            Err(q) => desk.quarantined.push(QuarantineRow {
                row_no: number,
                column: q.column.as_deref().unwrap_or_default().to_owned(),
                reason: q.reason.to_string(),
            }),
        }
        if desk.records.len() >= CHUNK {
            desk.flush().await?;
            progress("sealing", (row.number, verified.rows));
        }
    }
    desk.flush().await?;
    app.store.quarantine(import, desk.quarantined.clone()).await?;
    app.store.finish_staging(import, i64::try_from(verified.rows).unwrap_or(i64::MAX)).await?;
    Ok(Staged { import, rows: verified.rows, quarantined: desk.quarantined, notes, again: false })
}

/// Seals rows under the ids that the store knows or will know them by.
struct Desk<'a> {
    app: &'a App,
    incident: IncidentId,
    import: ImportId,
    public: SealingPublic,
    index: IndexKey,
    records: Vec<(i64, Record)>,
    quarantined: Vec<QuarantineRow>,
}

impl<'a> Desk<'a> {
    async fn new(app: &'a App, incident: IncidentId, import: ImportId) -> Result<Self, Failure> {
        let row = app.incident(incident).await?;
        let index = row.keys.open_index(&app.master_key()?).map_err(|e| Failure::failed(e.to_string()))?;
        let (records, quarantined) = (Vec::with_capacity(CHUNK), Vec::new());
        Ok(Self { app, incident, import, public: row.keys.public(), index, records, quarantined })
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        let records = std::mem::take(&mut self.records);
        let keys: Vec<[u8; 16]> =
            records.iter().map(|(_, r)| self.index.record_key(&r.society, &r.system, r.record_id.expose())).collect();
        let known = self.app.store.record_ids(self.import, &keys).await?;
        let mut sealer = Sealer::new(&mut rand::rng(), &self.public, self.incident);
        let mut staged = Vec::with_capacity(records.len());
        for (((row_no, record), record_key), known) in records.iter().zip(keys).zip(known) {
            let id = known.map_or_else(RecordId::random, |(id, _)| id);
            let sealed = sealer.seal_record(id, record).map_err(|e| Failure::failed(format!("row {row_no}: {e}")))?;
            let content_hash = self.index.content_hash(record);
            staged.push(StagedRow { row_no: *row_no, record_key, content_hash, record: id, sealed });
        }
        self.app.store.stage(self.import, staged).await?;
        Ok(())
    }
}

/// SHA-256 of a file.
fn digest_of(mut file: File) -> Result<[u8; 32], Failure> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            n => hash.update(&buffer[..n]),
        }
    }
}

/// The manifest of a canonical file that this program wrote.
///
/// # Errors
/// A manifest that does not serialise.
pub fn manifest_of(society: &SocietyCode, system: &str, on: Date, text: &[u8], rows: u64) -> Result<String, Failure> {
    manifest_with(society, system, on, &Sha256::digest(text), rows)
}

/// The same for a file whose digest is known.
///
/// # Errors
/// A manifest that does not serialise.
pub fn manifest_with(
    society: &SocietyCode,
    system: &str,
    on: Date,
    digest: &[u8],
    rows: u64,
) -> Result<String, Failure> {
    let json = json!({
        "society": society, "system": system, "exported_on": on, "profile": Profile::Canonical, "rows": rows,
        "sha256": hex(digest),
    });
    let manifest: Manifest = serde_json::from_value(json)?;
    toml::to_string(&manifest).map_err(|e| Failure::failed(e.to_string()))
}
