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
use std::path::Path;
use std::time::Instant;

use domain::{ImportId, IncidentId};
use registers::RegisterError;
use serde::{Deserialize, Serialize};
use store::{Begun, NewImport, QuarantineRow, Store, StoreError};
use tokio::sync::mpsc::{Receiver, channel};

use super::rows::{Stopped, count, read_into};
use super::seal::{Desk, Sealed};
use super::source::Source;
use crate::app::App;
use crate::error::Failure;

/// Chunks that wait to be sealed at most.
const AHEAD: usize = 10;

/// Blocks that wait to be written at most.
const SEALED_AHEAD: usize = 2;

/// Hears of each step: its name, and how much of how much is done.
pub type Progress<'a> = dyn FnMut(&'static str, (u64, u64)) + Send + 'a;

/// Hears of every row that is set aside.
pub type Aside<'a> = dyn FnMut(&QuarantineRow) -> Result<(), Failure> + Send + 'a;

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
