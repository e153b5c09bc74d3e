//! JSON items one by one: lines of NDJSON, or the objects of one array, each bounded, without holding the file.

use std::io::Read;

use crate::error::RegisterError;
use crate::limits;

/// Room for reading ahead of an item.
const CHUNK: usize = 32 * 1024;

/// Splits a stream into the objects at its top, or one level down in an array (or in the array of an envelope
/// `{"data": […]}`).
pub(crate) struct Items<R> {
    reader: R,
    /// Bytes of the file, up to `filled`; the rest is room.
    buffer: Vec<u8>,
    filled: usize,
    /// Where to go on.
    at: usize,
    /// Where the item found last begins; it ends at `at`.
    start: usize,
    ended: bool,
    limit: usize,
    shape: Option<Shape>,
    /// Number of the item found last: its line in NDJSON, its place in an array.
    pub(crate) number: u64,
    line: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Objects one after the other.
    Lines,
    /// Objects of an array, and whether an envelope closes behind it.
    Array { enveloped: bool, closed: bool },
}

impl<R: Read> Items<R> {
    pub(crate) fn new(reader: R, limit: usize) -> Self {
        Self {
            reader,
            buffer: vec![0; CHUNK * 2],
            filled: 0,
            at: 0,
            start: 0,
            ended: false,
            limit,
            shape: None,
            number: 0,
            line: 1,
        }
    }

    /// The object found last.
    pub(crate) fn item(&self) -> &[u8] {
        &self.buffer[self.start..self.at]
    }

    /// Finds the next object; false at the end.
    pub(crate) fn next(&mut self, envelope: &[&str]) -> Result<bool, RegisterError> {
        self.start = self.at;
        let shape = match self.shape {
            Some(shape) => shape,
            None => self.open(envelope)?,
        };
        self.shape = Some(shape);
        match shape {
            Shape::Lines => match self.skip_space(b"")? {
                None => Ok(false),
                Some(b'{') => {
                    // Two objects on one line are two rows all the same.
                    self.number = self.line.max(self.number + 1);
                    self.object().map(|()| true)
                }
                Some(_) => Err(self.malformed()),
            },
            Shape::Array { enveloped, closed: false } => match self.skip_space(b",")? {
                Some(b'{') => {
                    self.number += 1;
                    self.object().map(|()| true)
                }
                Some(b']') => {
                    self.at += 1;
                    self.shape = Some(Shape::Array { enveloped, closed: true });
                    self.close(enveloped).map(|()| false)
                }
                _ => Err(self.malformed()),
            },
            Shape::Array { .. } => Ok(false),
        }
    }

    /// Whether the items are lines or the objects of an array.
    fn open(&mut self, envelope: &[&str]) -> Result<Shape, RegisterError> {
        match self.skip_space(b"")? {
            None => Ok(Shape::Lines),
            Some(b'[') => {
                self.at += 1;
                Ok(Shape::Array { enveloped: false, closed: false })
            }
            Some(b'{') => {
                if self.opens_envelope(envelope)? {
                    Ok(Shape::Array { enveloped: true, closed: false })
                } else {
                    Ok(Shape::Lines)
                }
            }
            Some(_) => Err(self.malformed()),
        }
    }

    /// `{"data": [` and nothing before: the array is the file.
    fn opens_envelope(&mut self, names: &[&str]) -> Result<bool, RegisterError> {
        self.start = self.at;
        while self.filled - self.at < 256 && !self.ended {
            self.fill()?;
        }
        let text = &self.buffer[self.at..self.filled];
        let mut rest = text.get(1..).unwrap_or_default().trim_ascii_start();
        for name in names {
            let quoted = format!("\"{name}\"");
            if let Some(after) = rest.strip_prefix(quoted.as_bytes()) {
                rest = after.trim_ascii_start();
                let inside = rest.strip_prefix(b":").map(<[u8]>::trim_ascii_start).and_then(|r| r.strip_prefix(b"["));
                if let Some(inside) = inside {
                    self.at = self.filled - inside.len();
                    return Ok(true);
                }
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// After the array: nothing in a plain file; the rest of the envelope, bounded, in an enveloped one.
    fn close(&mut self, enveloped: bool) -> Result<(), RegisterError> {
        let mut left = limits::RECORD_BYTES;
        loop {
            match self.skip_space(b"")? {
                None => return Ok(()),
                Some(_) if enveloped && left > 0 => {
                    self.at += 1;
                    left -= 1;
                }
                Some(_) => return Err(self.malformed()),
            }
        }
    }

    /// Goes behind the object that starts here.
    fn object(&mut self) -> Result<(), RegisterError> {
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        self.start = self.at;
        loop {
            if self.at == self.filled {
                self.fill()?;
                if self.at == self.filled {
                    return Err(self.malformed());
                }
            }
            let mut done = false;
            while let Some(byte) = self.buffer[..self.filled].get(self.at) {
                if quoted && !escaped {
                    // Most of an object is text.
                    let rest = &self.buffer[self.at..self.filled];
                    let found = memchr::memchr2(b'"', b'\\', rest);
                    let Some(at) = found else {
                        self.at = self.filled;
                        break;
                    };
                    self.at += at + 1;
                    escaped = rest[at] == b'\\';
                    quoted = escaped;
                    continue;
                }
                self.at += 1;
                if escaped {
                    escaped = false;
                    continue;
                }
                match byte {
                    b'"' => quoted = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    b'\n' => self.line += 1,
                    _ => {}
                }
                done = depth == 0;
                if done || depth > limits::DEPTH {
                    break;
                }
            }
            if depth > limits::DEPTH {
                return Err(self.malformed());
            }
            if self.at - self.start > self.limit {
                return Err(RegisterError::RecordTooLarge { row: self.number, limit: self.limit });
            }
            if done {
                return Ok(());
            }
        }
    }

    /// The next byte that is neither white space nor one of `also`, not taken.
    fn skip_space(&mut self, also: &[u8]) -> Result<Option<u8>, RegisterError> {
        loop {
            while let Some(byte) = self.buffer[..self.filled].get(self.at) {
                if !byte.is_ascii_whitespace() && !also.contains(byte) {
                    return Ok(Some(*byte));
                }
                self.line += u64::from(*byte == b'\n');
                self.at += 1;
            }
            if self.ended {
                return Ok(None);
            }
            self.start = self.at;
            self.fill()?;
        }
    }

    /// Reads more behind what begins at `start`, and brings that to the front. The limit bounds how much it can be.
    fn fill(&mut self) -> Result<(), RegisterError> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.at -= self.start;
        self.start = 0;
        if self.buffer.len() - self.filled < CHUNK {
            self.buffer.resize(self.filled + CHUNK, 0);
        }
        let n = loop {
            match self.reader.read(&mut self.buffer[self.filled..]) {
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.filled += n;
        self.ended = n == 0;
        Ok(())
    }

    fn malformed(&self) -> RegisterError {
        let row = if matches!(self.shape, Some(Shape::Array { .. })) { self.number + 1 } else { self.line };
        RegisterError::Malformed { row, format: "JSON" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Result<Vec<(u64, String)>, RegisterError> {
        let mut split = Items::new(text.as_bytes(), 1_000);
        let mut found = Vec::new();
        while split.next(&["data"])? {
            found.push((split.number, String::from_utf8_lossy(split.item()).into_owned()));
        }
        Ok(found)
    }

    #[test]
    fn lines_arrays_and_envelopes_give_the_same_items() {
        let wanted = |numbers: [u64; 2]| {
            vec![(numbers[0], "{\"a\":\"}{\\\"\"}".to_owned()), (numbers[1], "{\"b\":[1,{}]}".to_owned())]
        };
        let (a, b) = ("{\"a\":\"}{\\\"\"}", "{\"b\":[1,{}]}");
        assert_eq!(items(&format!("{a}\n\n{b}\n")).expect("lines"), wanted([1, 3]));
        assert_eq!(items(&format!("[ {a} ,\n{b}]\n")).expect("array"), wanted([1, 2]));
        assert_eq!(items(&format!("{{\"data\": [{a},{b}], \"total\": 2}}")).expect("envelope"), wanted([1, 2]));
    }

    #[test]
    fn what_is_cut_nested_or_large_is_refused() {
        assert!(matches!(items("{\"a\":1}\n{\"b\":"), Err(RegisterError::Malformed { row: 2, .. })));
        assert!(matches!(items("[{\"a\":1},"), Err(RegisterError::Malformed { row: 2, .. })));
        assert!(matches!(items("[{\"a\":1}] x"), Err(RegisterError::Malformed { .. })));
        assert!(matches!(items("hello"), Err(RegisterError::Malformed { row: 1, .. })));
        assert!(matches!(items(&format!("{{\"a\":{}", "[".repeat(500))), Err(RegisterError::Malformed { .. })));
        assert!(matches!(
            items(&format!("{{\"a\":\"{}\"}}", "x".repeat(2_000))),
            Err(RegisterError::RecordTooLarge { row: 1, .. })
        ));
    }
}
