//! A file -> an iterator of rows, in constant memory; and the first pass that holds a file against its manifest.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;

use domain::record::{Record, Text};
use sha2::{Digest, Sha256};

use crate::error::{Note, Quarantine, Reason, RegisterError};
use crate::limits;
use crate::manifest::{Manifest, Profile};
use crate::mapping::Mapping;
use crate::profiles;
use crate::seen::Seen;
use crate::table::is_data;
use crate::values::clean::clean;

/// One record of a file, or why its row is set aside.
#[derive(Debug)]
pub struct Row {
    /// Row as a spreadsheet counts (the header is row 1), or line, or item: different for every row of a file. A PFIF
    /// person gives several records, which are numbered one after the other; a quarantine names the person too.
    pub number: u64,
    /// The record with what was not taken as it stood, or why the row is set aside.
    pub outcome: Result<(Record, Vec<Note>), Quarantine>,
    /// Of a row that is set aside: the id of its record, where that much can be read. A record that is known under it is
    /// in doubt: the row may hold a restriction.
    pub aside: Option<Text>,
    /// Of a row that is set aside because another has its id: what it says. If it is the same, nothing is in doubt.
    pub twin: Option<Box<Record>>,
}

impl Row {
    /// `id`: the text in which a record id stands.
    pub(crate) fn new<'i>(
        number: u64,
        outcome: Result<(Record, Vec<Note>), Quarantine>,
        id: impl FnOnce() -> Option<Cow<'i, str>>,
    ) -> Self {
        // A row of another register says nothing of a record of this one.
        let about = outcome.as_ref().err().filter(|quarantine| quarantine.reason != Reason::OtherRegister);
        let id = about.and_then(|_| id()).and_then(|text| clean(&text).ok().map(|text| text.replace('\n', " ")));
        Self { number, outcome, twin: None, aside: id.filter(|id| !id.is_empty()).map(|id| id.as_str().into()) }
    }
}

/// A reader of one format. `advance` finds the next row and checks its shape; `convert` makes records of it.
pub(crate) trait Source {
    /// Number of the next row; `None` at the end.
    fn advance(&mut self) -> Result<Option<u64>, RegisterError>;
    /// The records of the row that `advance` found.
    fn convert(&mut self, out: &mut VecDeque<Row>);
    /// The records that waited for the end of the file.
    fn finish(&mut self, _: &mut VecDeque<Row>) {}
    /// A row may give more records than one, or none; then [`verify`] has to make them to count them.
    fn gives_several(&self) -> bool {
        false
    }
}

/// The rows of a file. An error refuses the file whole, and is the last item.
pub struct Rows<'a> {
    source: Box<dyn Source + 'a>,
    ready: VecDeque<Row>,
    ids: Seen,
    read: u64,
    ended: bool,
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rows({} read)", self.read)
    }
}

/// The rows of a file.
///
/// # Errors
/// A header, mapping or container that cannot be read. Later errors come from the iterator.
pub fn read<'a, R: Read + 'a>(
    reader: R,
    manifest: &'a Manifest,
    mapping: Option<&Mapping>,
) -> Result<Rows<'a>, RegisterError> {
    Ok(Rows {
        source: source(Box::new(reader), manifest, mapping)?,
        ready: VecDeque::new(),
        ids: Seen::new(manifest.rows),
        read: 0,
        ended: false,
    })
}

/// How Primero joins the values of a list.
pub(crate) const PRIMERO_LIST: &str = " ||| ";

/// Of no type parameter, so that the readers are compiled here, with this crate's optimisation, and not in the caller's.
fn source<'a>(
    reader: Box<dyn Read + 'a>,
    manifest: &'a Manifest,
    mapping: Option<&Mapping>,
) -> Result<Box<dyn Source + 'a>, RegisterError> {
    let needed = || mapping.ok_or(RegisterError::MappingMissing(manifest.profile.as_str()));
    Ok(match manifest.profile {
        Profile::Canonical => Box::new(profiles::canonical::Canonical::new(reader, manifest)?),
        Profile::Csv => Box::new(profiles::csv::Csv::new(reader, manifest, needed()?)?),
        Profile::PfifXml => Box::new(profiles::pfif_xml::PfifXml::new(reader, manifest)?),
        Profile::PfifCsv => Box::new(profiles::pfif_csv::PfifCsv::new(reader, manifest)?),
        Profile::PrimeroCsv => {
            let mapping = needed()?.splitting(PRIMERO_LIST);
            Box::new(profiles::csv::Csv::new(reader, manifest, &mapping)?.unguarded())
        }
        Profile::Xlsx => profiles::xlsx::table(reader, manifest, needed()?)?,
        Profile::PrimeroXlsx => {
            let book = profiles::xlsx::book::Book::open(reader)?;
            let mapping = needed()?.splitting(PRIMERO_LIST);
            Box::new(profiles::xlsx::merged::Merged::new(&book, manifest, &mapping, true)?)
        }
        Profile::PrimeroJson => Box::new(profiles::primero_json::PrimeroJson::new(reader, manifest, mapping)?),
    })
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, RegisterError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return match self.unique(row) {
                    Ok(row) => Some(Ok(row)),
                    Err(error) => self.end(error),
                };
            }
            if self.ended {
                return None;
            }
            match self.source.advance() {
                Ok(Some(_)) if self.read == limits::ROWS => {
                    return self.end(RegisterError::TooManyRows(limits::ROWS));
                }
                Ok(Some(_)) => {
                    self.read += 1;
                    self.source.convert(&mut self.ready);
                }
                Ok(None) if self.read == 0 => return self.end(RegisterError::NoRows),
                Ok(None) => {
                    self.ended = true;
                    self.source.finish(&mut self.ready);
                }
                Err(error) => return self.end(error),
            }
        }
    }
}

impl Rows<'_> {
    /// Rows, items or persons of the file so far, as its manifest counts them.
    #[must_use]
    pub const fn items(&self) -> u64 {
        self.read
    }

    fn end(&mut self, error: RegisterError) -> Option<Result<Row, RegisterError>> {
        self.ended = true;
        Some(Err(error))
    }

    /// A second row under one record id is set aside: the last one must not win over a restriction in the first.
    fn unique(&mut self, row: Row) -> Result<Row, RegisterError> {
        let Ok((record, notes)) = row.outcome else {
            return Ok(row);
        };
        if self.ids.insert(record.record_id.expose())? {
            return Ok(Row { outcome: Ok((record, notes)), ..row });
        }
        let outcome = Err(Quarantine { column: Some(Arc::from("record_id")), reason: Reason::DuplicateRecordId });
        let aside = Some(record.record_id.clone());
        Ok(Row { number: row.number, outcome, aside, twin: Some(Box::new(record)) })
    }
}

/// The header of a table, for a mapping draft ([`crate::mapping::draft`]): of every sheet, in a workbook.
///
/// # Errors
/// A profile that has no header, or a file that cannot be read.
pub fn headers(reader: impl Read, manifest: &Manifest) -> Result<Vec<String>, RegisterError> {
    let headers = match manifest.profile {
        Profile::Csv | Profile::PrimeroCsv | Profile::PfifCsv => profiles::csv::Cells::new(reader, manifest)?.header,
        Profile::Xlsx | Profile::PrimeroXlsx => profiles::xlsx::headers(reader, manifest.sheet.as_deref())?,
        Profile::Canonical | Profile::PrimeroJson | Profile::PfifXml => {
            return Err(RegisterError::Manifest(format!("profile {} needs no mapping", manifest.profile.as_str())));
        }
    };
    if headers.iter().any(|header| is_data(header)) { Err(RegisterError::PersonForHeader) } else { Ok(headers) }
}

/// A file that is what its manifest says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Rows that [`read`] gives: records and rows set aside.
    pub rows: u64,
    /// Rows, items or persons of the file, as the manifest counts them.
    pub items: u64,
    /// Bytes.
    pub bytes: u64,
}

/// Bytes between two calls of the progress callback.
const STEP: u64 = 4 * 1024 * 1024;

/// Whether these are the bytes that the manifest describes: reads them to their end and looks at no row. `progress` hears
/// how many bytes are done.
///
/// # Errors
/// The file cannot be read.
pub fn is_described(
    reader: impl Read,
    manifest: &Manifest,
    mut progress: impl FnMut(u64),
) -> Result<bool, RegisterError> {
    let (mut reader, mut hash, mut bytes, mut told) = (reader, Sha256::new(), 0, 0);
    let mut chunk = vec![0; HASHED];
    loop {
        let n = match reader.read(&mut chunk) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            n => n?,
        };
        if n == 0 {
            return Ok(hex(&hash.finalize()).eq_ignore_ascii_case(&manifest.sha256));
        }
        hash.update(&chunk[..n]);
        bytes += n as u64;
        if bytes - told >= STEP {
            told = bytes;
            progress(bytes);
        }
    }
}

/// Bytes that are hashed at once.
const HASHED: usize = 64 * 1024;

/// Reads the file to its end, checks its form row by row, its row count and its digest, and keeps nothing. `progress`
/// hears how many rows and bytes are done.
///
/// # Errors
/// Whatever refuses the file whole.
pub fn verify<R: Read>(
    reader: R,
    manifest: &Manifest,
    mapping: Option<&Mapping>,
    progress: impl FnMut(u64, u64),
) -> Result<Verified, RegisterError> {
    let (verified, digest) = survey(reader, manifest, mapping, progress)?;
    if digest != manifest.sha256.to_ascii_lowercase() {
        return Err(RegisterError::Digest);
    }
    if verified.items != manifest.rows {
        return Err(RegisterError::RowCount { declared: manifest.rows, found: verified.items });
    }
    Ok(verified)
}

/// What a file is, whatever its manifest says of rows and digest: for drafting that manifest.
///
/// # Errors
/// A file that no manifest could make acceptable.
pub fn survey<R: Read>(
    mut reader: R,
    manifest: &Manifest,
    mapping: Option<&Mapping>,
    mut progress: impl FnMut(u64, u64),
) -> Result<(Verified, String), RegisterError> {
    survey_all(&mut reader, manifest, mapping, &mut progress)
}

fn survey_all(
    reader: &mut dyn Read,
    manifest: &Manifest,
    mapping: Option<&Mapping>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(Verified, String), RegisterError> {
    let state = std::cell::RefCell::new((Sha256::new(), 0_u64));
    let mut hashing = Hashing { inner: reader, state: &state };
    let (mut items, mut rows, mut told) = (0, 0, 0);
    let mut made = VecDeque::new();
    {
        let mut source = source(Box::new(&mut hashing), manifest, mapping)?;
        while source.advance()?.is_some() {
            items += 1;
            if items > limits::ROWS {
                return Err(RegisterError::TooManyRows(limits::ROWS));
            }
            if source.gives_several() {
                source.convert(&mut made);
                rows += made.drain(..).count() as u64;
            } else {
                rows += 1;
            }
            let bytes = state.borrow().1;
            if bytes - told >= STEP {
                told = bytes;
                progress(items, bytes);
            }
        }
        source.finish(&mut made);
        rows += made.drain(..).count() as u64;
    }
    if items == 0 {
        return Err(RegisterError::NoRows);
    }
    // A parser may stop before the end of the file; its digest is that of every byte.
    io::copy(&mut hashing, &mut io::sink())?;
    let (hash, bytes) = state.into_inner();
    progress(items, bytes);
    Ok((Verified { rows, items, bytes }, hex(&hash.finalize())))
}

/// SHA-256 as a manifest writes it.
#[must_use]
pub fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(digest.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

struct Hashing<'s> {
    inner: &'s mut dyn Read,
    state: &'s std::cell::RefCell<(Sha256, u64)>,
}

impl Read for Hashing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        let mut state = self.state.borrow_mut();
        state.0.update(&buffer[..n]);
        state.1 += n as u64;
        Ok(n)
    }
}
