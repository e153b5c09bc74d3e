//! What can go wrong, with file position and column, and never with a value.

use std::io;
use std::sync::Arc;

/// A file that is refused whole.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Reading failed.
    #[error("the file cannot be read: {0}")]
    Io(io::ErrorKind),
    /// The manifest does not parse, or lacks something.
    #[error("manifest: {0}")]
    Manifest(String),
    /// The mapping does not parse, or names a field that does not exist.
    #[error("mapping: {0}")]
    Mapping(String),
    /// The profile needs a mapping file.
    #[error("profile {0} needs a mapping file: draft one from the headers")]
    MappingMissing(&'static str),
    /// Bytes that the declared encoding does not have.
    #[error("line {line}: byte {byte} is not valid in the declared encoding {encoding}")]
    Encoding {
        /// Offset of the byte in the file, from 0.
        byte: u64,
        /// Line, from 1.
        line: u64,
        /// Declared encoding.
        encoding: &'static str,
    },
    /// The byte-order mark contradicts the declared encoding.
    #[error("the byte-order mark at the start is not that of the declared encoding {0}")]
    ByteOrderMark(&'static str),
    /// One record is larger than any real one.
    #[error("row {row}: larger than {limit} bytes; an unclosed quote or not a register file")]
    RecordTooLarge {
        /// Row.
        row: u64,
        /// Limit.
        limit: usize,
    },
    /// A quote is never closed.
    #[error("row {row}: a quoted cell is never closed")]
    UnclosedQuote {
        /// Row in which it opens.
        row: u64,
    },
    /// Something stands between a closing quote and the next delimiter.
    #[error("row {row}, column {column}: text after a closing quote")]
    TextAfterQuote {
        /// Row.
        row: u64,
        /// Number of the column, from 1.
        column: u64,
    },
    /// A row has more or fewer cells than the header.
    #[error("row {row}: {found} cells where the header has {expected}")]
    Ragged {
        /// Row.
        row: u64,
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// No header, or an empty file.
    #[error("the file has no header row")]
    NoHeader,
    /// The first row names no column that the mapping knows: it may be a person.
    #[error("the first row is no header: it has none of the mapping's columns")]
    NoKnownHeader,
    /// A cell of the first row is a number, a date or an address: the row is a person, and none of it is shown.
    #[error("the first row is no header: it has a cell that looks like a person's data")]
    PersonForHeader,
    /// Hashtags stand under the header, and the manifest does not say so.
    #[error("the second row is one of HXL hashtags: say hxl = true in the manifest")]
    HxlRow,
    /// A sheet of a workbook is at fault.
    #[error("sheet «{sheet}»: {error} (a sheet that is to be left aside stands under ignore_sheets)")]
    Sheet {
        /// Its name.
        sheet: String,
        /// What is wrong.
        error: Box<RegisterError>,
    },
    /// The file holds no row.
    #[error("the file holds no row")]
    NoRows,
    /// A header cell is empty.
    #[error("column {0} has no header")]
    EmptyHeader(usize),
    /// Two columns have one name.
    #[error("two columns have the header «{0}»")]
    DuplicateHeader(String),
    /// A column that the mapping neither maps nor ignores: it may hold a restriction.
    #[error("column «{0}» is neither mapped nor ignored")]
    UnmappedColumn(String),
    /// A column that the mapping or profile needs.
    #[error("column «{0}» is missing")]
    MissingColumn(String),
    /// The second row is not a row of HXL hashtags.
    #[error("the manifest declares a row of HXL hashtags under the header, and there is none")]
    NoHxlRow,
    /// More columns than any real export.
    #[error("more than {0} columns")]
    TooManyColumns(usize),
    /// More rows than one file may have.
    #[error("more than {0} rows: split the file")]
    TooManyRows(u64),
    /// Not well-formed.
    #[error("row {row}: not well-formed {format}")]
    Malformed {
        /// Row or item in which it breaks.
        row: u64,
        /// Format.
        format: &'static str,
    },
    /// A document type definition or an entity of its own: not needed, and a known attack.
    #[error("the file declares a document type or entities: refused")]
    Dtd,
    /// A spreadsheet that is no plain workbook: encrypted, macros, or oversize in some way.
    #[error("the workbook is refused: {0}")]
    Workbook(&'static str),
    /// No such sheet.
    #[error("the workbook has no sheet that the mapping names")]
    NoSheet,
    /// The number of rows is not the manifest's.
    #[error("the manifest declares {declared} rows, the file has {found}")]
    RowCount {
        /// Declared.
        declared: u64,
        /// Found.
        found: u64,
    },
    /// The digest is not the manifest's.
    #[error("the file is not the one that the manifest describes: SHA-256 differs")]
    Digest,
}

impl From<io::Error> for RegisterError {
    /// Unpacks an error that one of our own readers put inside.
    fn from(error: io::Error) -> Self {
        let kind = error.kind();
        match error.into_inner().map(|inner| inner.downcast::<Self>()) {
            Some(Ok(own)) => *own,
            _ => Self::Io(kind),
        }
    }
}

impl From<RegisterError> for io::Error {
    fn from(error: RegisterError) -> Self {
        Self::other(error)
    }
}

/// Why a row is set aside: a person at the Society has to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The row has no record id.
    NoRecordId,
    /// Another row of this file has the same record id.
    DuplicateRecordId,
    /// The row names another Society or system than the manifest.
    OtherRegister,
    /// NUL, an escape or another control character.
    ControlCharacter,
    /// The replacement character: text was lost before this file was written.
    LostText,
    /// Longer than any real value.
    TooLong,
    /// A long run of combining marks.
    CombiningMarks,
    /// More values than any real list.
    TooMany,
    /// Not a date, or one that no calendar has.
    NotADate,
    /// Day and month could be either, and the manifest does not say.
    AmbiguousDate,
    /// A time of day near midnight in a zone that the manifest does not name.
    AmbiguousDay,
    /// Not a number, or out of range.
    NotANumber,
    /// A field that the canonical record does not have.
    UnknownField,
    /// A value of the wrong shape.
    WrongShape,
    /// One key of an object stands twice: nobody knows which value counts.
    KeyTwice,
    /// Not well-formed.
    Malformed,
    /// An expired record holds placeholders only.
    Expired,
    /// A note about a person whom this file does not describe beside it.
    NoteWithoutPerson,
}

/// A row that is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantine {
    /// Column or field, where one is to blame.
    pub column: Option<Arc<str>>,
    /// Why.
    pub reason: Reason,
}

/// Something the reader did not take as it stood, in a row that it accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Column or field.
    pub column: Arc<str>,
    /// What was done.
    pub kind: NoteKind,
}

/// What the reader did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// A masked or placeholder name was dropped.
    MaskedName,
    /// A value that maps to no code: the record is held for review (rule R00).
    UnknownCode,
    /// A phone number that no phone has: dropped.
    PhoneUnusable,
    /// A number that a spreadsheet turned into something like `7.89E+11`: dropped.
    PhoneMangled,
    /// A premium-rate or shared-cost number: dropped.
    PhonePremium,
    /// Not an e-mail address: dropped.
    EmailUnusable,
    /// A date that stands for «none» (`1900-01-00`, `0000-00-00`): dropped.
    DatePlaceholder,
    /// A free-text restriction: the record is held for review (rule R00).
    RestrictionText,
    /// Not a language tag: dropped.
    LanguageUnknown,
    /// A dash, «none» or «unknown» where an address or an authority should stand: dropped.
    Placeholder,
    /// An id number that a spreadsheet turned into something like `2.5E+11`: dropped.
    IdMangled,
    /// Another value stood in this field before it, and that one was taken.
    SecondValue,
    /// Another value stood in this field before it: the record is held for review (rule R00).
    Contradiction,
    /// A field that nobody maps and whose name could be that of a restriction: the record is held for review (rule R00).
    UnmappedField,
}

impl std::fmt::Display for Reason {
    /// The words of a report, without the value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::fmt::Display for NoteKind {
    /// The words of a report, without the value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Reason {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoRecordId => "no record id",
            Self::DuplicateRecordId => "another row has this record id",
            Self::OtherRegister => "names another Society or system than the manifest",
            Self::ControlCharacter => "control character",
            Self::LostText => "replacement character: text was lost before",
            Self::TooLong => "longer than any real value",
            Self::CombiningMarks => "a run of combining marks",
            Self::TooMany => "more values than any real list",
            Self::NotADate => "not a date",
            Self::AmbiguousDate => "day and month could be either: say date_order in the manifest",
            Self::AmbiguousDay => "time of day in an unnamed zone: say time_zone in the manifest",
            Self::NotANumber => "not a number, or out of range",
            Self::UnknownField => "a field that the format does not have",
            Self::WrongShape => "a value of the wrong shape",
            Self::KeyTwice => "a key stands twice",
            Self::Malformed => "not well-formed",
            Self::Expired => "an expired record holds placeholders only",
            Self::NoteWithoutPerson => "a note about a person who is not in this file",
        }
    }
}

impl NoteKind {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MaskedName => "masked name dropped",
            Self::UnknownCode => "no code has this value: held for review",
            Self::PhoneUnusable => "no phone number: dropped",
            Self::PhoneMangled => "number mangled by a spreadsheet: dropped",
            Self::PhonePremium => "premium-rate number: dropped",
            Self::EmailUnusable => "no e-mail address: dropped",
            Self::DatePlaceholder => "stand-in date dropped",
            Self::RestrictionText => "restriction in words: held for review",
            Self::LanguageUnknown => "no language: dropped",
            Self::Placeholder => "stands for nothing: dropped",
            Self::IdMangled => "id number mangled by a spreadsheet: dropped",
            Self::SecondValue => "two different values: the first was taken",
            Self::Contradiction => "two different values: held for review",
            Self::UnmappedField => "not mapped, and could be a restriction: held for review",
        }
    }
}
