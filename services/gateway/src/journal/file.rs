//! The file of the journal: lines of `checksum json`, a commit line after each group, on disk before it counts.
//!
//! Several groups may be written before one flush, and nobody acts on any of them before it. A crash can tear what was
//! not flushed: from the first torn group on, the rest is cut off. So that real damage is not taken for a crash, every
//! commit line says how much had been flushed when it was written: if that reaches beyond a torn group, the journal is
//! damaged. Going on then would mean sending things twice.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::entry::Entry;

/// Longest line that is read: a sealed message of the largest size, with its wrapping.
const MAX_LINE: usize = 4 * contract::MAX_BODY;

/// What is wrong with the journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Reading or writing failed.
    #[error("journal {path}: {reason}")]
    Io {
        /// Which file.
        path: String,
        /// Why.
        reason: std::io::Error,
    },
    /// Another process has it.
    #[error("journal {path} is in use by another gateway; two gateways must never share one")]
    Locked {
        /// Which file.
        path: String,
    },
    /// Damaged before its end.
    #[error("journal {path} is damaged at byte {at}: restore it from a copy; without it people would be told twice")]
    Damaged {
        /// Which file.
        path: String,
        /// Where the damage begins.
        at: u64,
    },
    /// An entry cannot be written or read as JSON.
    #[error("journal {path}: an entry cannot be written or read back")]
    Entry {
        /// Which file.
        path: String,
    },
}

/// Where one line lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    at: u64,
    bytes: usize,
}

/// The open file, positioned at its end.
pub(super) struct LogFile {
    path: PathBuf,
    file: File,
    end: u64,
    flushed: u64,
}

impl LogFile {
    /// Opens or makes the file, cuts a torn group off, and hands every committed entry to `each`.
    pub(super) fn open(path: &Path, each: &mut dyn FnMut(Entry, Place)) -> Result<Self, JournalError> {
        let io = |reason| JournalError::Io { path: path.display().to_string(), reason };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(io)?;
        file.try_lock().map_err(|_| JournalError::Locked { path: path.display().to_string() })?;
        sync_folder(path).map_err(io)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(io)?;
        let good = replay(&text, each).map_err(|at| JournalError::Damaged { path: path.display().to_string(), at })?;
        if good < text.len() {
            tracing::warn!(bytes = text.len() - good, "journal: a group torn by a crash was cut off");
            file.set_len(good as u64).map_err(io)?;
            file.sync_all().map_err(io)?;
        }
        file.seek(SeekFrom::End(0)).map_err(io)?;
        Ok(Self { path: path.to_owned(), file, end: good as u64, flushed: good as u64 })
    }

    /// Writes a group and returns where each entry lies. It counts after [`LogFile::sync`].
    pub(super) fn write(&mut self, entries: &[Entry]) -> Result<Vec<Place>, JournalError> {
        let mut text = Vec::new();
        let mut places = Vec::with_capacity(entries.len());
        for entry in entries {
            let (at, before) = (self.end + text.len() as u64, text.len());
            let json = serde_json::to_vec(entry).map_err(|_| self.entry_error())?;
            line(&json, &mut text);
            places.push(Place { at, bytes: text.len() - before });
        }
        line(format!("[{},{},{}]", entries.len(), self.end, self.flushed).as_bytes(), &mut text);
        self.file.write_all(&text).map_err(|reason| self.io_error(reason))?;
        self.end += text.len() as u64;
        Ok(places)
    }

    /// Waits until everything written is on disk.
    pub(super) fn sync(&mut self) -> Result<(), JournalError> {
        if self.flushed < self.end {
            self.file.sync_data().map_err(|reason| self.io_error(reason))?;
            self.flushed = self.end;
        }
        Ok(())
    }

    /// Reads one entry again.
    pub(super) fn read(&self, place: Place) -> Result<Entry, JournalError> {
        use std::os::unix::fs::FileExt as _;
        let mut bytes = vec![0; place.bytes];
        self.file.read_exact_at(&mut bytes, place.at).map_err(|reason| self.io_error(reason))?;
        let json = checked(bytes.strip_suffix(b"\n").unwrap_or(&bytes));
        json.and_then(|json| serde_json::from_slice(json).ok()).ok_or_else(|| self.entry_error())
    }

    pub(super) const fn size(&self) -> u64 {
        self.end
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn io_error(&self, reason: std::io::Error) -> JournalError {
        JournalError::Io { path: self.path.display().to_string(), reason }
    }

    fn entry_error(&self) -> JournalError {
        JournalError::Entry { path: self.path.display().to_string() }
    }
}

/// Makes a rename or a new file in this file's folder last.
pub(super) fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    File::open(folder)?.sync_all()
}

fn line(json: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("{:08x} ", crc32fast::hash(json)).as_bytes());
    out.extend_from_slice(json);
    out.push(b'\n');
}

/// The JSON of a line whose checksum is right.
fn checked(line: &[u8]) -> Option<&[u8]> {
    let (sum, json) = (line.get(..8)?, line.get(9..)?);
    let sum = u32::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok()?;
    (line[8] == b' ' && line.len() <= MAX_LINE && crc32fast::hash(json) == sum).then_some(json)
}

enum Line {
    Entry(Box<Entry>),
    /// How many entries, where the group began, and how far the file had been flushed.
    Commit(usize, u64, u64),
}

fn parse(line: &[u8]) -> Option<Line> {
    let json = checked(line)?;
    if let Ok((count, start, flushed)) = serde_json::from_slice(json) {
        return Some(Line::Commit(count, start, flushed));
    }
    serde_json::from_slice(json).ok().map(|entry| Line::Entry(Box::new(entry)))
}

/// Hands over committed groups; returns the length of what is good, or where damage begins that no crash explains.
fn replay(text: &[u8], each: &mut dyn FnMut(Entry, Place)) -> Result<usize, u64> {
    let (mut good, mut at, mut torn) = (0, 0, false);
    let mut group: Vec<(Entry, Place)> = Vec::new();
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let bytes = line.len();
        let parsed = line.strip_suffix(b"\n").and_then(parse);
        match parsed {
            _ if torn => {
                // Groups after the torn one may have reached the disk, but none that was written after it was flushed.
                if matches!(parsed, Some(Line::Commit(_, _, flushed)) if flushed > good as u64) {
                    return Err(good as u64);
                }
            }
            Some(Line::Entry(entry)) => group.push((*entry, Place { at: at as u64, bytes })),
            Some(Line::Commit(count, start, _)) if count == group.len() && start == good as u64 => {
                group.drain(..).for_each(|(entry, place)| each(entry, place));
                good = at + bytes;
            }
            Some(Line::Commit(_, _, flushed)) if flushed > good as u64 => return Err(good as u64),
            _ => torn = true,
        }
        at += bytes;
    }
    Ok(good)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AttemptId, Millis};

    fn entry(n: u128) -> Entry {
        Entry::Closed { attempt: AttemptId::from(uuid::Uuid::from_u128(n)), until: Millis(1) }
    }

    fn written(groups: &[&[Entry]]) -> Vec<u8> {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("log");
        let mut log = LogFile::open(&path, &mut |_, _| ()).expect("opened");
        for group in groups {
            log.write(group).expect("written");
            log.sync().expect("flushed");
        }
        std::fs::read(&path).expect("read")
    }

    #[test]
    fn groups_written_before_one_flush_can_be_torn_in_any_place() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut log = LogFile::open(&dir.path().join("log"), &mut |_, _| ()).expect("opened");
        log.write(&[entry(1)]).expect("written");
        log.sync().expect("flushed");
        let flushed = usize::try_from(log.size()).expect("small");
        log.write(&[entry(2)]).expect("written");
        log.write(&[entry(3)]).expect("written");
        let text = std::fs::read(dir.path().join("log")).expect("read");
        for at in flushed..text.len() {
            let mut bad = text.clone();
            bad[at] = 0;
            let entries = read(&bad).expect("a crash, not damage");
            assert!(entries.len() == 1 || entries == [entry(1), entry(2)], "byte {at}");
        }
    }

    fn read(text: &[u8]) -> Result<Vec<Entry>, u64> {
        let mut entries = Vec::new();
        replay(text, &mut |entry, _| entries.push(entry)).map(|_| entries)
    }

    #[test]
    fn a_file_cut_anywhere_holds_whole_groups_only() {
        let (first, second) = ([entry(1), entry(2)], [entry(3), entry(4), entry(5)]);
        let text = written(&[&first, &second]);
        let boundary = written(&[&first]).len();
        for cut in 0..=text.len() {
            let entries = read(&text[..cut]).expect("a crash, not damage");
            let wanted = if cut == text.len() {
                5
            } else if cut >= boundary {
                2
            } else {
                0
            };
            assert_eq!(entries.len(), wanted, "cut at {cut}");
        }
    }

    #[test]
    fn a_flipped_byte_in_the_last_group_costs_that_group_and_before_it_stops_the_gateway() {
        let text = written(&[&[entry(1)], &[entry(2), entry(3)]]);
        let boundary = written(&[&[entry(1)]]).len();
        for at in 0..text.len() {
            let mut bad = text.clone();
            bad[at] ^= 0x04;
            match read(&bad) {
                Ok(entries) => assert!(at >= boundary && entries.len() == 1, "byte {at}"),
                Err(damage) => assert!(at < boundary && damage == 0, "byte {at}"),
            }
        }
    }

    #[test]
    fn entries_are_found_again_by_their_place_and_two_processes_never_share_a_journal() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("log");
        let mut log = LogFile::open(&path, &mut |_, _| ()).expect("opened");
        log.write(&[entry(1)]).expect("written");
        let places = log.write(&[entry(2), entry(3)]).expect("written");
        assert_eq!(log.read(places[1]).expect("read"), entry(3));
        assert!(matches!(LogFile::open(&path, &mut |_, _| ()), Err(JournalError::Locked { .. })));
        drop(log);
        let mut found = Vec::new();
        LogFile::open(&path, &mut |entry, place| found.push((entry, place))).expect("opened again");
        assert_eq!(found[2], (entry(3), places[1]));
    }
}
