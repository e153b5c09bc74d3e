//! From a register file to sealed staging. One thread reads and converts rows, another seals a chunk of them, and a third
//! part writes what is sealed: at most a few chunks are in memory, whatever the size of the file.
//!
//! Nothing is staged unless every byte is the one that the manifest describes: so what an earlier run has left is always
//! of this very file. A file that proves malformed on the way, or to have other rows than its manifest says, loses what
//! was staged of it.
//!
//! Rows are staged in the order of the file, and the quarantined rows of a chunk after its records: so whatever number
//! the store knows last, everything before it is there, and a run that was cut off goes on behind it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Instant;

use domain::record::{Record, Text};
use domain::{ImportId, IncidentId, RecordId, SocietyCode};
use protection::codes;
use registers::{Manifest, Mapping, NoteKind, RegisterError, is_described, read, verify};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::seal::{IndexKey, Sealer, SealingPublic};
use store::{Begun, Block, NewImport, QuarantineRow, Store, StoreError};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::app::App;
use crate::error::Failure;

/// Rows that are handed on at once: as long as they may be, they are some megabytes.
const CHUNK: usize = 100;

/// Chunks that wait to be sealed at most.
const AHEAD: usize = 10;

/// Rows sealed under one ephemeral key and staged in one transaction, about.
const BLOCK_ROWS: usize = 1000;

/// Bytes of the same: rows of the usual length are a third of it.
const BLOCK_BYTES: usize = 4 * 1024 * 1024;

/// Blocks that wait to be written at most.
const SEALED_AHEAD: usize = 2;

/// Bytes read from the file at once.
const READ: usize = 256 * 1024;

/// Hears of each step: its name, and how much of how much is done.
pub type Progress<'a> = dyn FnMut(&'static str, (u64, u64)) + Send + 'a;

/// Hears of every row that is set aside.
pub type Aside<'a> = dyn FnMut(&QuarantineRow) -> Result<(), Failure> + Send + 'a;

/// A file and what its Society says about it.
pub struct Source {
    file: PathBuf,
    /// Opened once: a file that is put in its place meanwhile is not read.
    opened: File,
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
    /// Seconds for finding out whether it is the file of its manifest.
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
        let opened = File::open(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
        let file = file.to_owned();
        Ok(Self { file, opened, manifest: about, mapping: parsed, manifest_text, digest, replace: false })
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

    /// From the start of the file. One reader at a time: all share its position.
    fn reader(&self) -> Result<BufReader<File>, Failure> {
        let again = || {
            let mut file = self.opened.try_clone()?;
            file.rewind()?;
            Ok(BufReader::with_capacity(READ, file))
        };
        again().map_err(|e: std::io::Error| Failure::usage(format!("{}: {e}", self.file.display())))
    }

    /// Says at once what is wrong with the head of the file; then whether its bytes are those of the manifest.
    fn check(&self, progress: &mut Progress<'_>) -> Result<(), Failure> {
        let refused = |e| wrong(&self.file, &e);
        let (about, mapping) = (&self.manifest, self.mapping.as_ref());
        read(self.reader()?, about, mapping).and_then(|mut rows| rows.next().transpose()).map_err(refused)?;
        let bytes = self.opened.metadata()?.len();
        if is_described(self.reader()?, about, |done| progress("checking", (done, bytes))).map_err(refused)? {
            return Ok(());
        }
        // A damaged row says more than a digest.
        verify(self.reader()?, about, mapping, |rows, _| progress("checking", (rows, about.rows))).map_err(refused)?;
        Err(refused(RegisterError::Digest))
    }
}

fn wrong(path: &Path, error: &RegisterError) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
}

/// Finds out whether a file is the one of its manifest; then seals and stages its rows.
///
/// # Errors
/// A file that disagrees with its manifest, with file, row and column, never a value: nothing of it stays in the store.
pub async fn stage(
    app: &App,
    incident: IncidentId,
    source: Source,
    progress: &mut Progress<'_>,
    aside: &mut Aside<'_>,
) -> Result<Staged, Failure> {
    let (began, cpu) = (Instant::now(), processor_seconds());
    source.check(progress)?;
    let about = &source.manifest;
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
                rows: u64::try_from(row.rows_read).unwrap_or_default(),
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
    tracing::info!(%import, rows = about.rows, already, "staging");
    let (desk, spent) = Desk::new(app, incident, import, about).await?;
    let (read_rows, found) = channel(AHEAD);
    let (sealed_rows, sealed) = channel(SEALED_AHEAD);
    let (file, said) = (source.file.clone(), about.rows);
    let reading = tokio::task::spawn_blocking(move || read_into(&source, already, &read_rows, &spent));
    let sealing = tokio::task::spawn_blocking(move || desk.seal(found, &sealed_rows));
    let written = write(&app.store, import, sealed, said, progress, aside).await;
    // The first that failed is the cause; the others only saw their channel close.
    let rows = match reading.await.map_err(|e| Failure::failed(e.to_string()))? {
        Ok(rows) => rows,
        Err(stopped) => return Err(give_up(&app.store, import, stopped, &file).await),
    };
    sealing.await.map_err(|e| Failure::failed(e.to_string()))?;
    let (quarantined, kinds) = written?;
    app.store.finish_staging(import, i64::try_from(rows).unwrap_or(i64::MAX)).await?;
    Ok(Staged {
        import,
        rows,
        quarantined,
        notes: kinds.values().sum(),
        kinds,
        again: false,
        checking,
        staging: began.elapsed().as_secs_f64() - checking,
        cpu: processor_seconds() - cpu,
    })
}

/// Takes back what was staged of a file that is refused after all: it would be refused again. Where it only could not be
/// read, the next run goes on.
async fn give_up(store: &Store, import: ImportId, stopped: Stopped, file: &Path) -> Failure {
    let refused = matches!(&stopped, Stopped::File(error) if !matches!(error, RegisterError::Io(_)));
    if refused && let Err(error) = store.abandon_import(import).await {
        tracing::warn!(%import, %error, "what was staged of a refused file could not be taken back");
    }
    stopped.at_file(file)
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

/// Records with the number of their row.
type Numbered = Vec<(i64, Record)>;

/// A row that is set aside, and the id of its record where that can be read.
struct Unread {
    row_no: i64,
    column: String,
    reason: String,
    id: Option<Text>,
}

/// Rows of the file, a hundred at a time.
struct Chunk {
    records: Numbered,
    quarantined: Vec<Unread>,
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

/// Reads and converts; `already` is the last row that the store knows. The number of rows; stops quietly where nobody
/// listens any more.
fn read_into(
    source: &Source,
    already: i64,
    to: &Sender<Chunk>,
    spent: &mpsc::Receiver<Numbered>,
) -> Result<u64, Stopped> {
    let reader = source.reader().map_err(Stopped::Open)?;
    let mut chunk = Chunk::new();
    let mut count = 0;
    let mut rows = read(reader, &source.manifest, source.mapping.as_ref()).map_err(Stopped::File)?;
    for row in &mut rows {
        let row = row.map_err(Stopped::File)?;
        count += 1;
        let number = i64::try_from(row.number).unwrap_or(i64::MAX);
        chunk.last = row.number;
        match row.outcome {
            Ok((record, notes)) => {
                for note in notes {
                    *chunk.kinds.entry(format!("{}: {}", note.column, note.kind)).or_default() += 1;
                }
                for field in codes::unknown_in(&record) {
                    *chunk.kinds.entry(format!("{field}: {}", NoteKind::UnknownCode)).or_default() += 1;
                }
                if number > already {
                    chunk.records.push((number, record));
                }
            }
            Err(q) => chunk.quarantined.push(Unread {
                row_no: number,
                column: q.column.as_deref().unwrap_or_default().to_owned(),
                reason: q.reason.to_string(),
                id: row.aside,
            }),
        }
        if chunk.records.len() + chunk.quarantined.len() >= CHUNK {
            if to.blocking_send(std::mem::replace(&mut chunk, Chunk::new())).is_err() {
                return Ok(count);
            }
            // The allocator has less to do with what is freed by the thread that asked for it.
            spent.try_iter().for_each(drop);
        }
    }
    let (declared, found) = (source.manifest.rows, rows.items());
    if found != declared {
        return Err(Stopped::File(RegisterError::RowCount { declared, found }));
    }
    let _ = to.blocking_send(chunk);
    Ok(count)
}

/// Some chunks that are ready for the store.
struct Sealed {
    block: Block,
    quarantined: Vec<QuarantineRow>,
    kinds: BTreeMap<String, u64>,
    last: u64,
}

async fn write(
    store: &Store,
    import: ImportId,
    mut from: Receiver<Result<Sealed, Failure>>,
    total: u64,
    progress: &mut Progress<'_>,
    aside: &mut Aside<'_>,
) -> Result<(u64, BTreeMap<String, u64>), Failure> {
    let (mut quarantined, mut kinds) = (0, BTreeMap::new());
    while let Some(sealed) = from.recv().await {
        let sealed = sealed?;
        if sealed.block.rows() > 0 {
            store.stage(import, sealed.block).await?;
        }
        if !sealed.quarantined.is_empty() {
            sealed.quarantined.iter().try_for_each(&mut *aside)?;
            quarantined += sealed.quarantined.len() as u64;
            store.quarantine(import, sealed.quarantined).await?;
        }
        count(&mut kinds, sealed.kinds);
        progress("sealing", (sealed.last.min(total), total));
    }
    Ok((quarantined, kinds))
}

/// Seals rows under the ids that the store knows or will know them by.
struct Desk {
    store: Store,
    incident: IncidentId,
    import: ImportId,
    society: SocietyCode,
    system: String,
    public: SealingPublic,
    index: IndexKey,
    /// The register's first file: no row has a record yet, and none is looked for.
    first: bool,
    /// Where records go that are sealed.
    spent: mpsc::Sender<Numbered>,
}

impl Desk {
    async fn new(
        app: &App,
        incident: IncidentId,
        import: ImportId,
        about: &Manifest,
    ) -> Result<(Self, mpsc::Receiver<Numbered>), Failure> {
        let row = app.incident(incident).await?;
        let index = row.keys.open_index(&app.master_key()?).map_err(|e| Failure::failed(e.to_string()))?;
        let first = !app.store.knows_register(import).await?;
        let store = app.store.clone();
        let (spent, back) = mpsc::channel();
        let (society, system) = (about.society.clone(), about.system.clone());
        let desk = Self { store, incident, import, society, system, public: row.keys.public(), index, first, spent };
        Ok((desk, back))
    }

    /// Seals chunk after chunk. Blocks end where chunks end, so that no row that is set aside comes to the store before a
    /// record that stands above it.
    fn seal(self, mut from: Receiver<Chunk>, to: &Sender<Result<Sealed, Failure>>) {
        let mut open = self.begin();
        while let Some(chunk) = from.blocking_recv() {
            if let Err(failure) = self.add(chunk, &mut open) {
                let _ = to.blocking_send(Err(failure));
                return;
            }
            let full = open.block.rows() + open.quarantined.len() >= BLOCK_ROWS || open.block.bytes() >= BLOCK_BYTES;
            if full && to.blocking_send(Ok(std::mem::replace(&mut open, self.begin()))).is_err() {
                return;
            }
        }
        let _ = to.blocking_send(Ok(open));
    }

    fn begin(&self) -> Sealed {
        let block = Block::new(Sealer::new(&mut rand::rng(), &self.public, self.incident));
        Sealed { block, quarantined: Vec::new(), kinds: BTreeMap::new(), last: 0 }
    }

    fn add(&self, chunk: Chunk, to: &mut Sealed) -> Result<(), Failure> {
        let Chunk { records, quarantined, kinds, last } = chunk;
        let key = |(_, r): &(i64, Record)| self.index.record_key(&r.society, &r.system, r.record_id.expose());
        let keys: Vec<[u8; 16]> = records.iter().map(key).collect();
        let known = if self.first {
            vec![None; keys.len()]
        } else {
            Handle::current().block_on(self.store.record_ids(self.import, &keys))?
        };
        for (((row_no, record), key), known) in records.iter().zip(keys).zip(known) {
            let id = known.map_or_else(RecordId::random, |(id, _)| id);
            let pushed = to.block.push(*row_no, key, id, record, &self.index);
            pushed.map_err(|e| Failure::failed(format!("row {row_no}: {e}")))?;
        }
        // Nobody waits for them at the end of the file.
        let _ = self.spent.send(records);
        to.quarantined.extend(quarantined.into_iter().map(|unread| {
            let Unread { row_no, column, reason, id } = unread;
            let record_key = id.map(|id| self.index.record_key(&self.society, &self.system, id.expose()));
            QuarantineRow { row_no, column, reason, record_key }
        }));
        count(&mut to.kinds, kinds);
        to.last = last;
        Ok(())
    }
}
