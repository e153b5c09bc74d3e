//! Readers that bound and check a stream before any parser sees it.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::Range;
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult};

use crate::error::RegisterError;
use crate::manifest::Encoding;

/// Bytes that a parser has taken since its last finished record; shared between the reader and its parser.
#[derive(Clone, Default)]
pub(crate) struct Progress {
    taken: Rc<Cell<u64>>,
    mark: Rc<Cell<u64>>,
    row: Rc<Cell<u64>>,
}

impl Progress {
    /// A record is complete.
    pub(crate) fn finished(&self, row: u64) {
        self.mark.set(self.taken.get());
        self.row.set(row);
    }
}

/// Refuses a record that is larger than its limit, whatever the parser behind would do with it.
pub(crate) struct Meter<R> {
    inner: R,
    progress: Progress,
    limit: usize,
}

/// Read-ahead of the parsers behind a meter: it is not the record's fault.
const READ_AHEAD: usize = 16 * 1024;

impl<R: Read> Meter<R> {
    pub(crate) fn new(inner: R, limit: usize) -> (Self, Progress) {
        let progress = Progress::default();
        (Self { inner, progress: progress.clone(), limit }, progress)
    }
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let open = self.progress.taken.get() - self.progress.mark.get();
        if open > (self.limit + READ_AHEAD) as u64 {
            let row = self.progress.row.get() + 1;
            return Err(RegisterError::RecordTooLarge { row, limit: self.limit }.into());
        }
        let most = buffer.len().min(READ_AHEAD / 2);
        let n = self.inner.read(&mut buffer[..most])?;
        self.progress.taken.set(self.progress.taken.get() + n as u64);
        Ok(n)
    }
}

/// Text of a declared encoding as UTF-8. Bytes that the encoding does not have are an error, never U+FFFD.
pub(crate) struct Utf8<R> {
    inner: R,
    encoding: Encoding,
    /// None: the bytes are UTF-8 as they are, and only looked at.
    decoder: Option<Decoder>,
    raw: Box<[u8]>,
    /// Bytes of `raw` that are neither text yet nor given out.
    pending: Range<usize>,
    decoded: Box<[u8]>,
    /// Text that is ready, in `raw` or, where there is a decoder, in `decoded`.
    ready: Range<usize>,
    byte: u64,
    line: u64,
    started: bool,
    ended: bool,
}

const CHUNK: usize = 8 * 1024;

impl<R: Read> Utf8<R> {
    pub(crate) fn new(inner: R, encoding: Encoding) -> Self {
        let decoder = (encoding != Encoding::Utf8).then(|| coder(encoding).new_decoder_without_bom_handling());
        Self {
            inner,
            encoding,
            raw: vec![0; CHUNK].into(),
            pending: 0..0,
            // A byte of any of the encodings becomes three at most.
            decoded: vec![0; if decoder.is_some() { CHUNK * 3 } else { 0 }].into(),
            decoder,
            ready: 0..0,
            byte: 0,
            line: 1,
            started: false,
            ended: false,
        }
    }

    /// Takes the byte-order mark off, or refuses one of another encoding.
    fn start(&mut self) -> Result<(), RegisterError> {
        self.started = true;
        let raw = &self.raw[self.pending.clone()];
        let own: &[u8] = match self.encoding {
            Encoding::Utf8 => &[0xef, 0xbb, 0xbf],
            Encoding::Utf16Le => &[0xff, 0xfe],
            Encoding::Utf16Be => &[0xfe, 0xff],
            _ => &[],
        };
        if !own.is_empty() && raw.starts_with(own) {
            self.pending.start += own.len();
            self.byte = own.len() as u64;
        } else if [&[0xef, 0xbb, 0xbf][..], &[0xff, 0xfe], &[0xfe, 0xff]].iter().any(|mark| raw.starts_with(mark)) {
            return Err(RegisterError::ByteOrderMark(self.encoding.as_str()));
        }
        Ok(())
    }

    /// Makes more text ready; none at the end.
    fn more(&mut self) -> Result<(), RegisterError> {
        self.ready = 0..0;
        while self.ready.is_empty() && !self.ended {
            // Where there is no decoder that remembers it, the start of a character waits here for its end.
            let last = if self.pending.is_empty() || self.decoder.is_none() { self.refill()? == 0 } else { false };
            if !self.started {
                self.start()?;
            }
            match &mut self.decoder {
                Some(decoder) => {
                    let raw = &self.raw[self.pending.clone()];
                    let (result, read, written) =
                        decoder.decode_to_utf8_without_replacement(raw, &mut self.decoded, last);
                    self.pending.start += read;
                    self.took(read, 0..written);
                    match result {
                        DecoderResult::InputEmpty if last => self.ended = true,
                        DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
                        DecoderResult::Malformed(bad, after) => {
                            self.byte = self.byte.saturating_sub(u64::from(bad) + u64::from(after));
                            return Err(self.not_encoded());
                        }
                    }
                }
                None => {
                    let raw = &self.raw[self.pending.clone()];
                    let valid = encoding_rs::Encoding::utf8_valid_up_to(raw);
                    let begun = std::str::from_utf8(&raw[valid..]).is_err_and(|e| e.error_len().is_none());
                    let whole = valid == raw.len();
                    self.took(valid, self.pending.start..self.pending.start + valid);
                    self.pending.start += valid;
                    self.ended = last;
                    if !whole && (last || !begun) {
                        return Err(self.not_encoded());
                    }
                }
            }
        }
        Ok(())
    }

    /// Counts bytes that became text.
    fn took(&mut self, bytes: usize, text: Range<usize>) {
        self.byte += bytes as u64;
        let buffer = if self.decoder.is_some() { &self.decoded } else { &self.raw };
        self.line += memchr::memchr_iter(b'\n', &buffer[text.clone()]).count() as u64;
        self.ready = text;
    }

    fn not_encoded(&self) -> RegisterError {
        RegisterError::Encoding { byte: self.byte, line: self.line, encoding: self.encoding.as_str() }
    }

    /// Reads behind what is pending; how many bytes.
    fn refill(&mut self) -> Result<usize, RegisterError> {
        self.raw.copy_within(self.pending.clone(), 0);
        let kept = self.pending.len();
        let mut filled = kept;
        // At least three bytes at the start, so that a byte-order mark is whole.
        while filled < 3 || filled == kept {
            match self.inner.read(&mut self.raw[filled..]) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
        self.pending = 0..filled;
        Ok(filled - kept)
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready.is_empty() {
            self.more()?;
        }
        let text = if self.decoder.is_some() { &self.decoded } else { &self.raw };
        let n = buffer.len().min(self.ready.len());
        buffer[..n].copy_from_slice(&text[self.ready.start..self.ready.start + n]);
        self.ready.start += n;
        Ok(n)
    }
}

fn coder(encoding: Encoding) -> &'static encoding_rs::Encoding {
    match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
        Encoding::Windows1251 => encoding_rs::WINDOWS_1251,
        Encoding::Windows1256 => encoding_rs::WINDOWS_1256,
    }
}

/// Watches the quotes of delimited text: the parser behind takes whatever it finds, and would swallow the rest of a file.
pub(crate) struct Quotes<R> {
    inner: R,
    delimiter: u8,
    state: Quote,
    row: u64,
    column: u64,
    opened: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    /// At the start of a cell.
    Start,
    /// In a cell without quotes.
    Plain,
    /// Inside quotes.
    Inside,
    /// After a quote inside quotes: the end, or one half of a doubled quote.
    Closing,
}

impl<R: Read> Quotes<R> {
    pub(crate) fn new(inner: R, delimiter: u8) -> Self {
        Self { inner, delimiter, state: Quote::Start, row: 1, column: 1, opened: 1 }
    }

    /// From quote to quote: what is between two of them is text, or cells without any.
    fn watch(&mut self, mut bytes: &[u8]) -> Result<(), RegisterError> {
        while let Some(first) = bytes.first() {
            let quote = memchr::memchr(b'"', bytes);
            bytes = match (self.state, quote) {
                (Quote::Inside, None) => &[],
                (Quote::Inside, Some(at)) => {
                    self.state = Quote::Closing;
                    &bytes[at + 1..]
                }
                (Quote::Start | Quote::Plain, quote) if quote != Some(0) => {
                    let (cells, rest) = bytes.split_at(quote.unwrap_or(bytes.len()));
                    self.cells(cells);
                    rest
                }
                _ => {
                    self.step(*first)?;
                    &bytes[1..]
                }
            };
        }
        Ok(())
    }

    /// Text without a quote, outside quotes.
    fn cells(&mut self, text: &[u8]) {
        let mut row = text;
        if let Some(at) = memchr::memrchr2(b'\n', b'\r', text) {
            self.row += memchr::memchr_iter(b'\n', text).count() as u64;
            self.column = 1;
            row = &text[at + 1..];
        }
        self.column += memchr::memchr_iter(self.delimiter, row).count() as u64;
        self.state = match text.last() {
            Some(last) if *last != self.delimiter && !matches!(last, b'\n' | b'\r') => Quote::Plain,
            _ => Quote::Start,
        };
    }

    fn step(&mut self, byte: u8) -> Result<(), RegisterError> {
        let breaks = byte == b'\n' || byte == b'\r';
        self.state = match (self.state, byte) {
            (Quote::Start, b'"') => {
                self.opened = self.row;
                Quote::Inside
            }
            (Quote::Inside, b'"') => Quote::Closing,
            (Quote::Inside, _) => Quote::Inside,
            (Quote::Closing, b'"') => Quote::Inside,
            (_, b) if b == self.delimiter => {
                self.column += 1;
                Quote::Start
            }
            (_, _) if breaks => {
                // Spreadsheets count rows, not lines: a break inside quotes is none.
                self.row += u64::from(byte == b'\n');
                self.column = 1;
                Quote::Start
            }
            (Quote::Closing, _) => {
                return Err(RegisterError::TextAfterQuote { row: self.row, column: self.column });
            }
            (Quote::Start | Quote::Plain, _) => Quote::Plain,
        };
        Ok(())
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        if n == 0 && self.state == Quote::Inside && !buffer.is_empty() {
            return Err(RegisterError::UnclosedQuote { row: self.opened }.into());
        }
        self.watch(&buffer[..n])?;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn watched(delimiter: u8) -> Quotes<io::Empty> {
        Quotes::new(io::empty(), delimiter)
    }

    proptest! {
        #[test]
        fn leaps_from_quote_to_quote_see_what_steps_over_every_byte_see(
            text in "[a,;\"\n\r]{0,40}",
            cut in 0_usize..40,
            delimiter in prop::sample::select(vec![b',', b';']),
        ) {
            let (mut leaping, mut stepping) = (watched(delimiter), watched(delimiter));
            let (head, tail) = text.as_bytes().split_at(cut.min(text.len()));
            let leapt = leaping.watch(head).and_then(|()| leaping.watch(tail)).map_err(|e| e.to_string());
            let stepped = text.bytes().try_for_each(|b| stepping.step(b)).map_err(|e| e.to_string());
            prop_assert_eq!(&leapt, &stepped);
            if leapt.is_ok() {
                prop_assert!(leaping.state == stepping.state);
                let places = |q: &Quotes<_>| (q.row, q.column, q.opened);
                prop_assert_eq!(places(&leaping), places(&stepping));
            }
        }
    }
}
