//! The container of a workbook: a zip file in memory, with every size checked before and while it is inflated.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use crate::error::RegisterError;
use crate::limits;

const END: &[u8] = b"PK\x05\x06";
const DIRECTORY: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;
/// Of the end record without its comment; the comment has at most 65,535 bytes.
const END_BYTES: usize = 22;
/// Small entries may pack to next to nothing without being a bomb.
const RATIO_FREE: u64 = 1024 * 1024;

/// A container whose directory has been checked.
pub(crate) struct Archive {
    bytes: Arc<[u8]>,
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    stored: bool,
    start: usize,
    packed: usize,
    size: u64,
    crc: u32,
}

const fn refused(why: &'static str) -> RegisterError {
    RegisterError::Workbook(why)
}

impl Archive {
    pub(crate) fn open(reader: impl Read) -> Result<Self, RegisterError> {
        let mut bytes = Vec::new();
        reader.take(limits::XLSX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > limits::XLSX_BYTES {
            return Err(refused("larger than 64 MiB"));
        }
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(refused("encrypted, or the format before 2007"));
        }
        let entries = directory(&bytes)?;
        Ok(Self { bytes: bytes.into(), entries })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// An entry as a stream of at most `most` bytes.
    pub(crate) fn read(&self, name: &str, most: u64) -> Result<Inflated, RegisterError> {
        let entry = self.entries.get(name).ok_or(refused("a part is missing"))?;
        if entry.size > most {
            return Err(refused("a part is larger than any real one"));
        }
        let slice = Slice { bytes: Arc::clone(&self.bytes), end: entry.start + entry.packed };
        let mut cursor = Cursor::new(slice);
        cursor.set_position(entry.start as u64);
        let inner =
            if entry.stored { Inner::Stored(cursor) } else { Inner::Packed(Box::new(DeflateDecoder::new(cursor))) };
        Ok(Inflated { inner, left: entry.size, crc: Crc::new(), wanted: entry.crc, done: false })
    }
}

fn directory(bytes: &[u8]) -> Result<BTreeMap<String, Entry>, RegisterError> {
    let no_zip = || refused("not a workbook of 2007 or later");
    let from = bytes.len().saturating_sub(END_BYTES + usize::from(u16::MAX));
    let end = bytes[from..].windows(END.len()).rposition(|w| w == END).ok_or_else(no_zip)? + from;
    let (count, at) = (u16_at(bytes, end + 10)?, u32_at(bytes, end + 16)? as usize);
    if usize::from(count) > limits::XLSX_ENTRIES {
        return Err(refused("more parts than any real workbook"));
    }
    if count == u16::MAX || at == u32::MAX as usize {
        return Err(no_zip());
    }
    let mut entries = BTreeMap::new();
    let mut at = at;
    for _ in 0..count {
        if u32_at(bytes, at)? != DIRECTORY {
            return Err(no_zip());
        }
        let (flags, method) = (u16_at(bytes, at + 8)?, u16_at(bytes, at + 10)?);
        let lengths = [28, 30, 32].map(|o| u16_at(bytes, at + o));
        let [name_bytes, extra, comment] = lengths;
        let name_bytes = usize::from(name_bytes?);
        let raw = bytes.get(at + 46..at + 46 + name_bytes).ok_or_else(no_zip)?;
        let name = std::str::from_utf8(raw).map_err(|_| no_zip())?.replace('\\', "/");
        if flags & 1 != 0 {
            return Err(refused("encrypted"));
        }
        if name.ends_with("vbaProject.bin") {
            return Err(refused("holds macros"));
        }
        let entry = entry(bytes, at, method)?;
        if entries.insert(name, entry).is_some() {
            return Err(refused("two parts have one name"));
        }
        at += 46 + name_bytes + usize::from(extra?) + usize::from(comment?);
    }
    Ok(entries)
}

fn entry(bytes: &[u8], at: usize, method: u16) -> Result<Entry, RegisterError> {
    let (packed, size) = (u32_at(bytes, at + 20)? as usize, u64::from(u32_at(bytes, at + 24)?));
    let local = u32_at(bytes, at + 42)? as usize;
    if u32_at(bytes, local)? != LOCAL {
        return Err(refused("a part is not where the directory says"));
    }
    let start = local + 30 + usize::from(u16_at(bytes, local + 26)?) + usize::from(u16_at(bytes, local + 28)?);
    if start.checked_add(packed).is_none_or(|end| end > bytes.len()) {
        return Err(refused("cut off"));
    }
    if size > RATIO_FREE && size > packed as u64 * limits::XLSX_RATIO {
        return Err(refused("a part inflates more than any real one"));
    }
    let stored = match method {
        0 if packed as u64 == size => true,
        8 => false,
        _ => return Err(refused("packed in a way that no workbook is")),
    };
    Ok(Entry { stored, start, packed, size, crc: u32_at(bytes, at + 16)? })
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, RegisterError> {
    let two = at.checked_add(2).and_then(|end| bytes.get(at..end)).ok_or(refused("cut off"))?;
    Ok(u16::from_le_bytes([two[0], two[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, RegisterError> {
    Ok(u32::from(u16_at(bytes, at)?) | u32::from(u16_at(bytes, at.saturating_add(2))?) << 16)
}

/// A part of the container's bytes.
struct Slice {
    bytes: Arc<[u8]>,
    end: usize,
}

impl AsRef<[u8]> for Slice {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.end]
    }
}

enum Inner {
    Stored(Cursor<Slice>),
    Packed(Box<DeflateDecoder<Cursor<Slice>>>),
}

/// An entry being inflated. It must come to exactly the declared size and checksum.
pub(crate) struct Inflated {
    inner: Inner,
    left: u64,
    crc: Crc,
    wanted: u32,
    done: bool,
}

impl Read for Inflated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.done || buffer.is_empty() {
            return Ok(0);
        }
        let n = match &mut self.inner {
            Inner::Stored(cursor) => cursor.read(buffer)?,
            Inner::Packed(decoder) => decoder.read(buffer).map_err(|_| refused("a part is damaged"))?,
        };
        self.left = self.left.checked_sub(n as u64).ok_or(refused("a part is larger than it says"))?;
        self.crc.update(&buffer[..n]);
        if n == 0 {
            self.done = true;
            if self.left > 0 || self.crc.sum() != self.wanted {
                return Err(refused("a part is damaged").into());
            }
        }
        Ok(n)
    }
}
