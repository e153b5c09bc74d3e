//! `tidings explain --facts`: NDJSON in, NDJSON out, so that an independent implementation can be compared with this
//! one line by line. All words are taken as approved in every language, and every Society as offering every channel.

mod input;
mod output;

use std::io::{self, BufRead, Read, Write};
use std::sync::LazyLock;

use domain::record::Record;
use domain::society::Context;
use domain::{Millis, RecordId};
use uuid::Uuid;

pub use input::{AddressInput, CandidateInput, ContextInput, GuardianInput, Input, Now, RecordInput, schema};
pub use output::{Output, RouteOut};

use crate::facts::subject::{Address, Candidate, Carried, GuardianStatus, Subject, SubjectRecord};
use crate::facts::{Facts, facts};
use crate::offers::Offers;
use crate::{decide, incompatible};

/// Bytes of one line at most: a record is refused beyond 64 KiB at import; a line may hold several.
pub const MAX_LINE: u64 = 1 << 20;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Lines decided.
    pub decided: u64,
    /// Lines refused.
    pub refused: u64,
}

/// Why a line is refused. Never holds a value of the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Not JSON, or not of the published shape.
    #[error("column {column}: not the JSON that the schema describes ({kind})")]
    Json {
        /// Column.
        column: usize,
        /// Sort of error.
        kind: &'static str,
    },
    /// No record.
    #[error("no record")]
    NoRecord,
    /// Too long.
    #[error("longer than {MAX_LINE} bytes")]
    TooLong,
}

/// Decides every line of input. A line that cannot be read gets an object with `line` and `error` in its place.
///
/// # Errors
/// What reading or writing says.
pub fn explain_lines(mut input: impl BufRead, mut output: impl Write) -> io::Result<Summary> {
    let mut summary = Summary::default();
    let (mut buffer, mut text) = (Vec::new(), Vec::new());
    for line in 1u64.. {
        buffer.clear();
        if input.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut buffer)? == 0 {
            break;
        }
        if buffer.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match read_text(&buffer).and_then(answer) {
            Ok(out) => {
                text.clear();
                out.write(&mut text)?;
                output.write_all(&text)?;
                summary.decided += 1;
            }
            Err(error) => {
                let refused = serde_json::json!({ "line": line, "error": error.to_string() });
                serde_json::to_writer(&mut output, &refused)?;
                summary.refused += 1;
                if error == LineError::TooLong {
                    output.write_all(b"\n")?;
                    break; // the rest of such a line cannot be told from the next one
                }
            }
        }
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(summary)
}

/// UTF-8 is looked at once for the whole line: cheaper than in every string of it.
fn read_text(line: &[u8]) -> Result<&str, LineError> {
    if line.len() as u64 > MAX_LINE {
        return Err(LineError::TooLong);
    }
    std::str::from_utf8(line).map_err(|error| LineError::Json { column: error.valid_up_to() + 1, kind: "not UTF-8" })
}

fn answer(text: &str) -> Result<Output, LineError> {
    static EVERYTHING: LazyLock<Offers> = LazyLock::new(Offers::everything);
    let input: Input = serde_json::from_str(text).map_err(|error| LineError::Json {
        column: error.column(),
        kind: match error.classify() {
            serde_json::error::Category::Syntax => "syntax",
            serde_json::error::Category::Eof => "cut off",
            _ => "a field or value that it does not know",
        },
    })?;
    let now = input.now.millis();
    let facts = read(&input).ok_or(LineError::NoRecord)?;
    let decision = match input.time_zone.as_deref() {
        None => decide(&facts, &EVERYTHING, now),
        Some(zone) => decide(&facts, &Offers::everything_in(zone), now),
    };
    Ok(Output::of(decision))
}

/// The facts of one line; `None`: it holds no record.
#[must_use]
pub fn read(input: &Input) -> Option<Facts> {
    let now = input.now.millis();
    let first = input.record.as_ref().map(|record| (record, input.context.as_ref(), input.carried.as_slice()));
    let more = input.records.iter().map(|r| (&r.record, r.context.as_ref(), r.carried.as_slice()));
    let records: Vec<_> = first.into_iter().chain(more).collect();
    if records.is_empty() {
        return None;
    }
    let contexts: Vec<Option<Context>> =
        records.iter().map(|(_, context, _)| context.map(ContextInput::context)).collect();
    let records: Vec<SubjectRecord<'_>> = (0u16..)
        .zip(&records)
        .zip(&contexts)
        .map(|((place, (record, _, carried)), context)| subject_record(record, place, context.as_ref(), carried))
        .collect();
    let addresses = addresses(&records, input);
    let guardians = input.guardians.iter().map(|g| guardian(g, now)).collect();
    let candidates = input.candidates.iter().map(|c| candidate(c, &records, now)).collect();
    Some(facts(&Subject { records, addresses: &addresses, guardians, candidates, ..Subject::default() }, now))
}

fn id(place: u16) -> RecordId {
    RecordId::from(Uuid::from_u128(u128::from(place)))
}

fn subject_record<'a>(
    record: &'a Record,
    place: u16,
    context: Option<&'a Context>,
    carried: &[String],
) -> SubjectRecord<'a> {
    SubjectRecord {
        record,
        id: id(place),
        context,
        carried: Carried::of(carried.iter().map(String::as_str)),
        at: Millis(0),
    }
}

fn addresses(records: &[SubjectRecord<'_>], input: &Input) -> Vec<Address> {
    let mut addresses = Vec::new();
    for (place, r) in (0u16..).zip(records) {
        for (index, _) in (0u16..).zip(&r.record.contacts) {
            let said = input.addresses.iter().find(|a| a.record == place && a.index == index);
            addresses.push(Address {
                record: r.id,
                index,
                others: said.map_or(0, |a| a.others),
                conflict: said.is_some_and(|a| a.conflict),
                unsafe_: said.is_some_and(|a| a.unsafe_),
            });
        }
    }
    addresses
}

fn alone(record: &RecordInput, now: Millis) -> Facts {
    let context = record.context.as_ref().map(ContextInput::context);
    let records = vec![subject_record(&record.record, u16::MAX, context.as_ref(), &record.carried)];
    facts(&Subject { records, ..Subject::default() }, now)
}

fn guardian(input: &GuardianInput, now: Millis) -> GuardianStatus {
    let relation = (id(input.record), input.relation);
    match &input.person {
        Some(person) => GuardianStatus::of(relation, &alone(person, now)),
        None => GuardianStatus {
            relation,
            fires: input.fires,
            literacy: input.literacy,
            access: input.access_needs.clone(),
        },
    }
}

fn candidate(input: &CandidateInput, records: &[SubjectRecord<'_>], now: Millis) -> Candidate {
    let context = input.context.as_ref().map(ContextInput::context);
    let own = vec![subject_record(&input.record, u16::MAX, context.as_ref(), &input.carried)];
    let people: Vec<&Record> = records.iter().map(|r| r.record).collect();
    Candidate {
        facts: facts(&Subject { records: own, ..Subject::default() }, now),
        incompatible: input.incompatible.unwrap_or_else(|| incompatible(&people, &[&input.record])),
    }
}
