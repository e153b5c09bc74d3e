//! `tidings sms count`: how many segments a text takes, one JSON object a line.

use std::io::{BufRead as _, Write as _};

use serde_json::json;

use crate::answer::Answer;
use crate::error::Failure;

/// Longest line read: an SMS is at most a few hundred characters; a megabyte is not one.
const MAX_LINE: u64 = 1 << 20;

/// Reads `{"text":…}` lines from standard input until its end; counts go to standard output.
///
/// # Errors
/// The number of the first line that is not such an object.
pub fn count() -> Result<Answer, Failure> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let mut number = 0u64;
    loop {
        let mut line = String::new();
        let read = std::io::Read::take(&mut input, MAX_LINE).read_line(&mut line)?;
        if read == 0 {
            break;
        }
        number += 1;
        if line.trim().is_empty() {
            continue;
        }
        let counted =
            localisation::sms::count_line(&line).map_err(|e| Failure::usage(format!("line {number}: {e}")))?;
        writeln!(output, "{counted}")?;
    }
    output.flush()?;
    Ok(Answer::silent(json!({ "lines": number })))
}
