//! Folders instead of a line. `inbox/*.jsonl`: one sealed message a line, in whatever way the files came.
//! `outbox/<society>-….jsonl`: one sealed batch of receipts a line, to be carried back.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use domain::SocietyCode;

use super::{Raw, Tag};
use crate::config::{ConfigError, file};

/// Longest line that is read; longer ones cannot be messages.
const MAX_LINE: u64 = contract::MAX_BODY as u64 + 2;

pub(super) struct Folders {
    inbox: PathBuf,
    outbox: PathBuf,
    society: String,
    reading: Option<Reading>,
}

/// A file that is being read. It is renamed only when every line of it was settled; after a crash it is read again, and
/// what was taken is recognised.
struct Reading {
    path: PathBuf,
    lines: BufReader<File>,
    next: u64,
    open: HashSet<u64>,
    refused: u64,
    ended: bool,
}

impl Folders {
    pub(super) fn open(inbox: &Path, outbox: &Path, society: &SocietyCode) -> Result<Self, ConfigError> {
        for folder in [inbox, outbox] {
            fs::create_dir_all(folder).map_err(|reason| file(folder, reason))?;
        }
        Ok(Self { inbox: inbox.into(), outbox: outbox.into(), society: society.to_string(), reading: None })
    }

    pub(super) fn next(&mut self, max: usize) -> Vec<Raw> {
        match self.read(max) {
            Ok(messages) => messages,
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), "the inbox cannot be read");
                self.reading = None;
                Vec::new()
            }
        }
    }

    fn read(&mut self, max: usize) -> std::io::Result<Vec<Raw>> {
        if self.reading.is_none() {
            self.reading = first(&self.inbox)?.map(Reading::open).transpose()?;
        }
        let Some(reading) = &mut self.reading else { return Ok(Vec::new()) };
        let mut messages = Vec::new();
        while messages.len() < max && !reading.ended {
            if let Some(body) = reading.line()? {
                let tag = Tag::Folder(reading.next);
                reading.open.insert(reading.next);
                messages.push(Raw { tag, body });
            }
        }
        if messages.is_empty() {
            self.finish()?;
        }
        Ok(messages)
    }

    pub(super) fn settle(&mut self, taken: &[Tag], refused: &[Tag]) {
        let Some(reading) = &mut self.reading else { return };
        for tag in taken.iter().chain(refused) {
            if let Tag::Folder(line) = tag {
                reading.open.remove(line);
            }
        }
        reading.refused += refused.iter().filter(|tag| matches!(tag, Tag::Folder(_))).count() as u64;
        if self.finish().is_err() {
            tracing::warn!("a file of the inbox cannot be renamed");
        }
    }

    fn finish(&mut self) -> std::io::Result<()> {
        let Some(reading) = self.reading.take_if(|reading| reading.ended && reading.open.is_empty()) else {
            return Ok(());
        };
        if reading.refused > 0 {
            tracing::warn!(lines = reading.refused, "a file of the inbox held lines that are no messages for us");
        }
        let ending = if reading.refused > 0 { "refused" } else { "done" };
        fs::rename(&reading.path, reading.path.with_extension(ending))
    }

    /// Written beside, flushed, renamed: whoever carries files away sees whole ones only. The name holds the number of
    /// the batch, so a batch that is written again takes its own place.
    pub(super) fn send(&self, sequence: u64, body: &[u8]) -> bool {
        let name = format!("{}-{sequence:010}.jsonl", self.society);
        let write = || -> std::io::Result<()> {
            let beside = self.outbox.join(format!(".{name}"));
            let mut file = File::create(&beside)?;
            file.write_all(body)?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&beside, self.outbox.join(&name))?;
            File::open(&self.outbox)?.sync_all()
        };
        let written = write();
        if let Err(error) = &written {
            tracing::warn!(kind = ?error.kind(), "the outbox cannot be written");
        }
        written.is_ok()
    }
}

impl Reading {
    fn open(path: PathBuf) -> std::io::Result<Self> {
        let lines = BufReader::new(File::open(&path)?);
        Ok(Self { path, lines, next: 0, open: HashSet::new(), refused: 0, ended: false })
    }

    /// The next line that is not empty and not too long.
    fn line(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let read = self.lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        if read == 0 {
            self.ended = true;
            return Ok(None);
        }
        self.next += 1;
        let whole = line.last() == Some(&b'\n') || read < MAX_LINE as usize;
        if !whole {
            self.refused += 1;
            self.lines.skip_until(b'\n')?;
            return Ok(None);
        }
        let text = line.trim_ascii();
        Ok((!text.is_empty()).then(|| text.to_vec()))
    }
}

/// The first file by name.
fn first(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .filter(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')))
        .collect();
    paths.sort();
    Ok(paths.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_counts_as_read_when_every_line_is_settled_and_not_before() {
        let dir = tempfile::tempdir().expect("a folder");
        let (inbox, outbox) = (dir.path().join("in"), dir.path().join("out"));
        let society = "KE".parse().expect("a code");
        let mut folders = Folders::open(&inbox, &outbox, &society).expect("opened");
        let long = "x".repeat(contract::MAX_BODY + 50);
        fs::write(inbox.join("a.jsonl"), format!("one\n\ntwo\r\n{long}\nthree")).expect("written");
        let first = folders.next(2);
        assert_eq!(first.iter().map(|m| m.body.as_slice()).collect::<Vec<_>>(), [b"one", b"two"]);
        let second = folders.next(9);
        assert_eq!(second.iter().map(|m| m.body.as_slice()).collect::<Vec<_>>(), [b"three"]);
        let tags = |messages: &[Raw]| messages.iter().map(Raw::tag).collect::<Vec<_>>();
        folders.settle(&tags(&second), &[]);
        assert!(inbox.join("a.jsonl").exists(), "the first two are not settled");
        // A restart now reads everything again.
        let mut again = Folders::open(&inbox, &outbox, &society).expect("opened");
        assert_eq!(again.next(9).len(), 3);
        folders.settle(&tags(&first), &[]);
        assert!(inbox.join("a.refused").exists(), "a line was too long");
    }

    #[test]
    fn a_batch_written_twice_is_one_file() {
        let dir = tempfile::tempdir().expect("a folder");
        let society = "KE".parse().expect("a code");
        let folders = Folders::open(&dir.path().join("in"), &dir.path().join("out"), &society).expect("opened");
        assert!(folders.send(7, b"sealed") && folders.send(7, b"sealed again"));
        let text = fs::read_to_string(dir.path().join("out/KE-0000000007.jsonl")).expect("there");
        assert_eq!(text, "sealed again\n");
        assert_eq!(fs::read_dir(dir.path().join("out")).expect("read").count(), 1);
    }
}
