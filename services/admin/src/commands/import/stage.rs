//! From a register file to sealed staging. One thread reads and converts rows, another seals a chunk of them, and a third
//! part writes what is sealed: at most a few chunks are in memory, whatever the size of the file.
//!
//! Rows are staged in the order of the file, and the quarantined rows of a chunk after its records: so whatever number
//! the store knows last, everything before it is there, and a run that was cut off goes on behind it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use domain::record::Record;
use domain::{ImportId, IncidentId, RecordId};
use registers::{Manifest, Mapping, RegisterError, read, verify};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::seal::{IndexKey, Sealer, SealingPublic};
use store::{Begun, NewImport, QuarantineRow, StagedRow, Store, StoreError};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::app::App;
use crate::error::Failure;

/// Rows sealed under one ephemeral key and staged in one transaction.
const CHUNK: usize = 1000;

/// Chunks that wait between two steps at most.
const AHEAD: usize = 2;

/// Bytes read from the file at once.
const READ: usize = 256 * 1024;

/// Hears of each step: its name, and how much of how much is done.
pub type Progress<'a> = dyn FnMut(&'static str, (u64, u64)) + Send + 'a;

/// Hears of every row that is set aside.
pub type Aside<'a> = dyn FnMut(&QuarantineRow) -> Result<(), Failure> + Send + 'a;

/// A file and what its Society says about it.
pub struct Source {
    file: PathBuf,
    manifest: Manifest,
    mapping: Option<Mapping>,
    manifest_text: String,
    digest: [u8; 32],
    replace: bool,
}

/// What staging a file came to.
#[derive(Serialize, Deserialize)]
pub struct Staged {
    /// The import.
    pub import: ImportId,
    /// Rows of the file.
    pub rows: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// Pieces of data that were not taken as they stood.
    pub notes: u64,
    /// The same by column and kind.
    pub kinds: BTreeMap<String, u64>,
    /// The same file was imported before.
    pub again: bool,
    /// Seconds for holding the file against its manifest.
    pub checking: f64,
    /// Seconds for reading, sealing and staging its rows.
    pub staging: f64,
    /// Processor seconds of both, on all cores.
    pub cpu: f64,
}

impl Source {
    /// Reads manifest and mapping.
    ///
    /// # Errors
    /// Settings that do not parse, or a file that is not there.
    pub fn open(file: &Path, manifest: &Path, mapping: Option<&Path>) -> Result<Self, Failure> {
        let text =
            |path: &Path| std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())));
        let manifest_text = text(manifest)?;
        let about = Manifest::parse(&manifest_text).map_err(|e| wrong(manifest, &e))?;
        let mapping_text = mapping.map(text).transpose()?;
        let parsed = match (mapping, &mapping_text) {
            (Some(path), Some(text)) => Some(Mapping::parse(text).map_err(|e| wrong(path, &e))?),
            _ => None,
        };
        // The manifest holds the file's own digest. The same bytes under a corrected mapping are another import.
        let mut hash = Sha256::new();
        for text in [manifest_text.as_str(), mapping_text.as_deref().unwrap_or_default()] {
            hash.update(Sha256::digest(text));
        }
        let digest = hash.finalize().into();
        Ok(Self { file: file.to_owned(), manifest: about, mapping: parsed, manifest_text, digest, replace: false })
    }

    /// Gives up another import of this register of which nothing was applied, where there is one.
    #[must_use]
    pub const fn replacing(mut self, yes: bool) -> Self {
        self.replace = yes;
        self
    }

    /// What the manifest says.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn reader(&self) -> Result<BufReader<File>, Failure> {
        let file = File::open(&self.file).map_err(|e| Failure::usage(format!("{}: {e}", self.file.display())))?;
        Ok(BufReader::with_capacity(READ, file))
    }
}

fn wrong(path: &Path, error: &RegisterError) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
}

/// Holds a file against its manifest, whole; then seals and stages its rows.
///
/// # Errors
/// A file that disagrees with its manifest, with file, row and column, never a value.
pub async fn stage(
    app: &App,
    incident: IncidentId,
    source: Source,
    progress: &mut Progress<'_>,
    aside: &mut Aside<'_>,
) -> Result<Staged, Failure> {
    let (began, cpu) = (Instant::now(), processor_seconds());
    let about = &source.manifest;
    let verified = verify(source.reader()?, about, source.mapping.as_ref(), |rows, _| {
        progress("checking", (rows, about.rows));
    })
    .map_err(|e| wrong(&source.file, &e))?;
    let checking = began.elapsed().as_secs_f64();
    let new = NewImport {
        id: ImportId::random(),
        incident,
        society: about.society.clone(),
        system: about.system.clone(),
        file_digest: source.digest,
        manifest: source.manifest_text.clone(),
    };
    let (import, already) = match begin(&app.store, &new, source.replace).await? {
        Begun::New => (new.id, 0),
        Begun::Resume { id, staged_rows } => (id, staged_rows),
        Begun::Done(row) => {
            let rows = app.store.quarantined(row.id).await?;
            rows.iter().try_for_each(aside)?;
            let quarantined = rows.len() as u64;
            return Ok(Staged {
                import: row.id,
                rows: verified.rows,
                quarantined,
                notes: 0,
                kinds: BTreeMap::new(),
                again: true,
                checking,
                staging: 0.0,
                cpu: processor_seconds() - cpu,
            });
        }
    };
    tracing::info!(%import, rows = verified.rows, already, "staging");
    let desk = Desk::new(app, incident, import).await?;
    let (read_rows, found) = channel(AHEAD);
    let (sealed_rows, sealed) = channel(AHEAD);
    let file = source.file.clone();
    let reading = tokio::task::spawn_blocking(move || read_into(&source, already, &read_rows));
    let sealing = tokio::spawn(desk.seal(found, sealed_rows));
    let total = verified.rows;
    let written = write(&app.store, import, sealed, total, progress, aside).await;
    // The first that failed is the cause; the others only saw their channel close.
    reading.await.map_err(|e| Failure::failed(e.to_string()))?.map_err(|e| e.at_file(&file))?;
    sealing.await.map_err(|e| Failure::failed(e.to_string()))??;
    let (quarantined, kinds) = written?;
    app.store.finish_staging(import, i64::try_from(total).unwrap_or(i64::MAX)).await?;
    Ok(Staged {
        import,
        rows: total,
        quarantined,
        notes: kinds.values().sum(),
        kinds,
        again: false,
        checking,
        staging: began.elapsed().as_secs_f64() - checking,
        cpu: processor_seconds() - cpu,
    })
}

/// Begins, or says what to do about the file that stands in the way.
async fn begin(store: &Store, new: &NewImport, replace: bool) -> Result<Begun, Failure> {
    match store.begin_import(new).await {
        Err(StoreError::ImportBusy(other)) if replace => {
            store.abandon_import(other).await.map_err(|e| match e {
                StoreError::ImportState(_) => Failure::refused(format!(
                    "{other} is partly applied and has to be finished first: run its import again"
                )),
                e => e.into(),
            })?;
            Ok(store.begin_import(new).await?)
        }
        Err(StoreError::ImportBusy(other)) => Err(Failure::refused(format!(
            "another file of this register is under way ({other}): run its import again, or give it up with --replace"
        ))),
        begun => Ok(begun?),
    }
}

/// Processor time of this process so far.
fn processor_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Notes by column and kind: column names are the Society's own and few, and no more than so many are told apart.
const KINDS: usize = 500;

fn count(kinds: &mut BTreeMap<String, u64>, more: BTreeMap<String, u64>) {
    for (kind, n) in more {
        if kinds.len() < KINDS || kinds.contains_key(&kind) {
            *kinds.entry(kind).or_default() += n;
        } else {
            *kinds.entry("others".to_owned()).or_default() += n;
        }
    }
}

/// Rows of the file, some hundreds at a time.
struct Chunk {
    records: Vec<(i64, Record)>,
    quarantined: Vec<QuarantineRow>,
    kinds: BTreeMap<String, u64>,
    last: u64,
}

impl Chunk {
    fn new() -> Self {
        Self { records: Vec::with_capacity(CHUNK), quarantined: Vec::new(), kinds: BTreeMap::new(), last: 0 }
    }
}

/// Why reading stopped.
enum Stopped {
    /// The file is refused.
    File(RegisterError),
    /// It cannot be opened.
    Open(Failure),
}

impl Stopped {
    fn at_file(self, file: &Path) -> Failure {
        match self {
            Self::File(error) => wrong(file, &error),
            Self::Open(failure) => failure,
        }
    }
}

/// Reads and converts; `already` is the last row that the store knows. Stops quietly where nobody listens any more.
fn read_into(source: &Source, already: i64, to: &Sender<Chunk>) -> Result<(), Stopped> {
    let reader = source.reader().map_err(Stopped::Open)?;
    let mut chunk = Chunk::new();
    for row in read(reader, &source.manifest, source.mapping.as_ref()).map_err(Stopped::File)? {
        let row = row.map_err(Stopped::File)?;
        let number = i64::try_from(row.number).unwrap_or(i64::MAX);
        chunk.last = row.number;
        match row.outcome {
            Ok((record, notes)) => {
                for note in notes {
                    *chunk.kinds.entry(format!("{}: {}", note.column, note.kind)).or_default() += 1;
                }
                if number > already {
                    chunk.records.push((number, record));
                }
            }
            Err(q) => chunk.quarantined.push(QuarantineRow {
                row_no: number,
                column: q.column.as_deref().unwrap_or_default().to_owned(),
                reason: q.reason.to_string(),
            }),
        }
        if chunk.records.len() + chunk.quarantined.len() >= CHUNK
            && to.blocking_send(std::mem::replace(&mut chunk, Chunk::new())).is_err()
        {
            return Ok(());
        }
    }
    let _ = to.blocking_send(chunk);
    Ok(())
}

/// A chunk that is ready for the store.
struct SealedChunk {
    rows: Vec<StagedRow>,
    quarantined: Vec<QuarantineRow>,
    kinds: BTreeMap<String, u64>,
    last: u64,
}

async fn write(
    store: &Store,
    import: ImportId,
    mut from: Receiver<Result<SealedChunk, Failure>>,
    total: u64,
    progress: &mut Progress<'_>,
    aside: &mut Aside<'_>,
) -> Result<(u64, BTreeMap<String, u64>), Failure> {
    let (mut quarantined, mut kinds) = (0, BTreeMap::new());
    while let Some(chunk) = from.recv().await {
        let chunk = chunk?;
        if !chunk.rows.is_empty() {
            store.stage(import, chunk.rows).await?;
        }
        if !chunk.quarantined.is_empty() {
            chunk.quarantined.iter().try_for_each(&mut *aside)?;
            quarantined += chunk.quarantined.len() as u64;
            store.quarantine(import, chunk.quarantined).await?;
        }
        count(&mut kinds, chunk.kinds);
        progress("sealing", (chunk.last.min(total), total));
    }
    Ok((quarantined, kinds))
}

/// Seals rows under the ids that the store knows or will know them by.
struct Desk {
    store: Store,
    incident: IncidentId,
    import: ImportId,
    public: SealingPublic,
    index: Arc<IndexKey>,
}

impl Desk {
    async fn new(app: &App, incident: IncidentId, import: ImportId) -> Result<Self, Failure> {
        let row = app.incident(incident).await?;
        let index = row.keys.open_index(&app.master_key()?).map_err(|e| Failure::failed(e.to_string()))?;
        let store = app.store.clone();
        Ok(Self { store, incident, import, public: row.keys.public(), index: Arc::new(index) })
    }

    async fn seal(self, mut from: Receiver<Chunk>, to: Sender<Result<SealedChunk, Failure>>) -> Result<(), Failure> {
        while let Some(chunk) = from.recv().await {
            let sealed = self.seal_one(chunk).await;
            let failed = sealed.is_err();
            if to.send(sealed).await.is_err() || failed {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn seal_one(&self, chunk: Chunk) -> Result<SealedChunk, Failure> {
        let Chunk { records, quarantined, kinds, last } = chunk;
        let index = Arc::clone(&self.index);
        let keyed = move || {
            let key = |(_, r): &(i64, Record)| index.record_key(&r.society, &r.system, r.record_id.expose());
            let keys: Vec<[u8; 16]> = records.iter().map(key).collect();
            (records, keys)
        };
        let (records, keys) = computed(keyed).await?;
        let known = self.store.record_ids(self.import, &keys).await?;
        let (public, incident, index) = (self.public, self.incident, Arc::clone(&self.index));
        let rows = computed(move || {
            let mut sealer = Sealer::new(&mut rand::rng(), &public, incident);
            let mut rows = Vec::with_capacity(records.len());
            for (((row_no, record), record_key), known) in records.iter().zip(keys).zip(known) {
                let id = known.map_or_else(RecordId::random, |(id, _)| id);
                let (sealed, content_hash) = sealer
                    .seal_and_hash(id, record, &index)
                    .map_err(|e| Failure::failed(format!("row {row_no}: {e}")))?;
                rows.push(StagedRow { row_no: *row_no, record_key, content_hash, record: id, sealed });
            }
            Ok::<_, Failure>(rows)
        })
        .await??;
        Ok(SealedChunk { rows, quarantined, kinds, last })
    }
}

async fn computed<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Failure::failed(e.to_string()))
}
