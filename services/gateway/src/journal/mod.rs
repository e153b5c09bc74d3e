//! The gateway's memory across crashes: an append-only file of [`entry::Entry`]s and the [`ledger::Ledger`] that
//! follows from them.
//!
//! Everything with an effect is written first: a message is in the journal before it is acknowledged, `Sending` before a
//! transport is called, a batch's number before it is published. After a crash the ledger says exactly what may have
//! happened, and the engine decides what that means for each transport.

pub mod entry;
mod file;
pub mod ledger;

use std::fs;
use std::path::Path;

use domain::{AttemptId, Millis};

pub use entry::{Entry, Stage, Standing};
use file::LogFile;
pub use file::{JournalError, Place};
use ledger::Ledger;

/// Name of the file in the journal's folder.
const NAME: &str = "gateway.journal";

/// Size from which compaction is worth its time; beneath it a restart reads everything in a moment.
const COMPACT_FROM: u64 = 64 * 1024 * 1024;

/// Entries of one group while compacting.
const COMPACT_GROUP: usize = 1000;

/// An attempt is remembered this long after its end: no message lives longer than 92 days, so one that comes back
/// later than this cannot be sent anyway.
const REMEMBERED: i64 = 400 * Millis::DAY;

/// The open journal.
pub struct Journal {
    log: LogFile,
    ledger: Ledger,
    compacted_to: u64,
}

impl Journal {
    /// Opens the journal of a folder, or begins one.
    ///
    /// # Errors
    /// [`JournalError`]: unreadable, damaged, or used by another process.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let io = |reason| JournalError::Io { path: folder.display().to_string(), reason };
        fs::create_dir_all(folder).map_err(io)?;
        let mut ledger = Ledger::default();
        let log = LogFile::open(&folder.join(NAME), &mut |entry, place| ledger.apply(entry, place))?;
        Ok(Self { compacted_to: log.size(), log, ledger })
    }

    /// What it says.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Writes entries, all or none, and returns when they are on disk.
    ///
    /// # Errors
    /// As [`Journal::write`] and [`Journal::sync`].
    pub fn commit(&mut self, entries: Vec<Entry>) -> Result<(), JournalError> {
        self.write(entries)?;
        self.sync()
    }

    /// Writes entries without waiting for the disk: they count in the ledger at once, and nobody may act on them
    /// before [`Journal::sync`]. Entries of one call become true together.
    ///
    /// # Errors
    /// [`JournalError`] if they cannot be written.
    pub fn write(&mut self, entries: Vec<Entry>) -> Result<(), JournalError> {
        if entries.is_empty() {
            return Ok(());
        }
        let places = self.log.write(&entries)?;
        entries.into_iter().zip(places).for_each(|(entry, place)| self.ledger.apply(entry, place));
        Ok(())
    }

    /// Returns when everything written is on disk.
    ///
    /// # Errors
    /// [`JournalError`] if the disk does not take it. Then the process must end: what is on disk is unknown until the
    /// journal is opened again.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        self.log.sync()
    }

    /// The sealed message of an attempt that waits.
    ///
    /// # Errors
    /// [`JournalError`] if it cannot be read back.
    pub fn body(&self, attempt: AttemptId) -> Result<Option<String>, JournalError> {
        let Some(place) = self.ledger.get(attempt).and_then(|known| known.body) else { return Ok(None) };
        match self.log.read(place)? {
            Entry::Taken { body, .. } => Ok(Some(body)),
            _ => Err(JournalError::Entry { path: self.log.path().display().to_string() }),
        }
    }

    /// Compacts if the file has grown to twice what it was after the last time.
    ///
    /// # Errors
    /// [`JournalError`] if the new file cannot be written; the old one stays then.
    pub fn compact_if_large(&mut self, now: Millis) -> Result<bool, JournalError> {
        if self.log.size() < COMPACT_FROM.max(2 * self.compacted_to) {
            return Ok(false);
        }
        self.compact(now)?;
        Ok(true)
    }

    /// Writes what still matters to a new file and puts it in the old one's place.
    ///
    /// # Errors
    /// [`JournalError`] if the new file cannot be written; the old one stays then.
    pub fn compact(&mut self, now: Millis) -> Result<(), JournalError> {
        self.ledger.forget(now.plus(-REMEMBERED));
        let path = self.log.path().to_owned();
        let beside = path.with_extension("new");
        let io = |reason| JournalError::Io { path: path.display().to_string(), reason };
        if beside.exists() {
            fs::remove_file(&beside).map_err(io)?;
        }
        let mut log = LogFile::open(&beside, &mut |_, _| ())?;
        self.standing(&mut |group| log.write(&group).map(drop))?;
        log.sync()?;
        // The new file is whole and on disk; the rename decides in one step which of the two counts.
        fs::rename(&beside, &path).map_err(io)?;
        file::sync_folder(&path).map_err(io)?;
        drop(log);
        // Opened by its name, so that errors name the file that counts. The old file's lock ends with it.
        let mut ledger = Ledger::default();
        let log = LogFile::open(&path, &mut |entry, place| ledger.apply(entry, place))?;
        self.compacted_to = log.size();
        (self.log, self.ledger) = (log, ledger);
        Ok(())
    }

    /// The entries that give the same ledger, in groups: sealed messages of a whole campaign do not fit in memory.
    fn standing(&self, write: &mut dyn FnMut(Vec<Entry>) -> Result<(), JournalError>) -> Result<(), JournalError> {
        let (attempts, counted) = self.ledger.parts();
        let mut group = Vec::new();
        for known in attempts {
            group.push(Entry::Stands(known.standing.clone()));
            if let Some(place) = known.body {
                group.push(self.log.read(place)?);
            }
            if group.len() >= COMPACT_GROUP {
                write(std::mem::take(&mut group))?;
            }
        }
        for (kid, sequence) in counted {
            group.push(Entry::Counted { kid: kid.clone(), sequence: *sequence });
        }
        group.extend(self.ledger.pending().iter().cloned().map(Entry::Receipt));
        if let Some(f) = self.ledger.flying() {
            let (kid, sequence, message, count) = (f.kid.clone(), f.sequence, f.message, f.count);
            group.push(Entry::Batch { kid, sequence, message, count });
        }
        write(group)
    }
}

#[cfg(test)]
mod tests;
