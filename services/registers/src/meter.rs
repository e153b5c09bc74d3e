//! Readers that bound and check a stream before any parser sees it.

use std::cell::Cell;
use std::io::{self, Read};
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
    decoder: Decoder,
    encoding: Encoding,
    raw: Vec<u8>,
    raw_at: usize,
    out: Vec<u8>,
    out_at: usize,
    byte: u64,
    line: u64,
    started: bool,
    ended: bool,
}

const CHUNK: usize = 8 * 1024;

impl<R: Read> Utf8<R> {
    pub(crate) fn new(inner: R, encoding: Encoding) -> Self {
        Self {
            inner,
            decoder: coder(encoding).new_decoder_without_bom_handling(),
            encoding,
            raw: Vec::with_capacity(CHUNK),
            raw_at: 0,
            out: Vec::with_capacity(CHUNK * 3),
            out_at: 0,
            byte: 0,
            line: 1,
            started: false,
            ended: false,
        }
    }

    /// Takes the byte-order mark off, or refuses one of another encoding.
    fn start(&mut self) -> Result<(), RegisterError> {
        self.started = true;
        let wrong = || Err(RegisterError::ByteOrderMark(self.encoding.as_str()));
        let own: &[u8] = match self.encoding {
            Encoding::Utf8 => &[0xef, 0xbb, 0xbf],
            Encoding::Utf16Le => &[0xff, 0xfe],
            Encoding::Utf16Be => &[0xfe, 0xff],
            _ => &[],
        };
        if !own.is_empty() && self.raw.starts_with(own) {
            self.raw_at = own.len();
            self.byte = own.len() as u64;
        } else if [&[0xef, 0xbb, 0xbf][..], &[0xff, 0xfe], &[0xfe, 0xff]].iter().any(|mark| self.raw.starts_with(mark))
        {
            return wrong();
        }
        Ok(())
    }

    /// Fills `out` with more text; empty at the end.
    fn more(&mut self) -> Result<(), RegisterError> {
        self.out.clear();
        self.out_at = 0;
        while self.out.is_empty() && !self.ended {
            if self.raw_at == self.raw.len() {
                self.refill()?;
            }
            if !self.started {
                self.start()?;
            }
            let last = self.raw.is_empty();
            self.out.resize(CHUNK * 3, 0);
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(&self.raw[self.raw_at..], &mut self.out, last);
            self.out.truncate(written);
            self.raw_at += read;
            self.byte += read as u64;
            self.line += self.out.iter().filter(|b| **b == b'\n').count() as u64;
            match result {
                DecoderResult::InputEmpty if last => self.ended = true,
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, after) => {
                    let byte = self.byte.saturating_sub(u64::from(bad) + u64::from(after));
                    return Err(RegisterError::Encoding { byte, line: self.line, encoding: self.encoding.as_str() });
                }
            }
        }
        Ok(())
    }

    fn refill(&mut self) -> Result<(), RegisterError> {
        self.raw.resize(CHUNK, 0);
        self.raw_at = 0;
        let mut n = 0;
        // At least three bytes at the start, so that a byte-order mark is whole.
        while n < 3 {
            match self.inner.read(&mut self.raw[n..]) {
                Ok(0) => break,
                Ok(more) => n += more,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
        self.raw.truncate(n);
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.out_at == self.out.len() {
            self.more()?;
        }
        let n = buffer.len().min(self.out.len() - self.out_at);
        buffer[..n].copy_from_slice(&self.out[self.out_at..self.out_at + n]);
        self.out_at += n;
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
