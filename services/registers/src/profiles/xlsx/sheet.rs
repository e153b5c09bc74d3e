//! Cells of one sheet, row by row, with a bound on rows and columns.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::book::{Node, Shared, Xml, attribute, malformed, unescaped};
use crate::error::RegisterError;
use crate::limits;

/// Rows of a sheet; Excel's own bound.
const ROWS: u64 = 1_048_576;

/// A sheet being read.
pub(crate) struct Sheet {
    xml: Xml,
    shared: Arc<Shared>,
    row: u64,
    started: bool,
    ended: bool,
}

/// In place of a value that the workbook does not have any more: its row is set aside.
const LOST: &str = "\u{fffd}";

/// What a cell's value means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    SharedString,
    Text,
    Bool,
    Error,
}

impl Sheet {
    pub(crate) fn new(xml: Xml, shared: Arc<Shared>) -> Self {
        Self { xml, shared, row: 0, started: false, ended: false }
    }

    /// The cells of the next row that has any, and its number; `None` at the end.
    pub(crate) fn next_row(&mut self, cells: &mut Vec<(usize, String)>) -> Result<Option<u64>, RegisterError> {
        cells.clear();
        while !self.ended {
            match self.xml.next()? {
                Node::Start(tag) => match tag.local_name().as_ref() {
                    "sheetData" => self.started = true,
                    "row" if self.started => {
                        let number = match attribute(&tag, "r")? {
                            Some(r) => r.parse().map_err(|_| malformed())?,
                            None => self.row + 1,
                        };
                        if number <= self.row || number > ROWS {
                            return Err(malformed());
                        }
                        self.row = number;
                        self.cells(cells)?;
                        if cells.iter().any(|(_, text)| !text.trim().is_empty()) {
                            return Ok(Some(number));
                        }
                        cells.clear();
                    }
                    _ => {}
                },
                Node::End(name) if name == "sheetData" => self.started = false,
                Node::Eof => self.ended = true,
                _ => {}
            }
        }
        Ok(None)
    }

    /// The cells up to the end of the row.
    fn cells(&mut self, cells: &mut Vec<(usize, String)>) -> Result<(), RegisterError> {
        let mut next = 0;
        loop {
            match self.xml.next()? {
                Node::Start(tag) if tag.local_name().as_ref() == "c" => {
                    let at = match attribute(&tag, "r")? {
                        Some(reference) => column(&reference).ok_or_else(malformed)?,
                        None => next,
                    };
                    if at < next {
                        return Err(malformed());
                    }
                    if at >= limits::COLUMNS {
                        return Err(RegisterError::TooManyColumns(limits::COLUMNS));
                    }
                    next = at + 1;
                    let kind = match attribute(&tag, "t")?.as_deref() {
                        None | Some("n") => Kind::Number,
                        Some("s") => Kind::SharedString,
                        Some("b") => Kind::Bool,
                        Some("e") => Kind::Error,
                        Some(_) => Kind::Text,
                    };
                    let style = attribute(&tag, "s")?.and_then(|s| s.parse().ok()).unwrap_or(0);
                    let (raw, lost) = self.value(kind)?;
                    if lost {
                        cells.push((at, LOST.to_owned()));
                    } else if !raw.is_empty() {
                        cells.push((at, self.meaning(kind, style, raw)?));
                    }
                }
                Node::End(name) if name == "row" => return Ok(()),
                Node::Eof => return Err(malformed()),
                _ => {}
            }
        }
    }

    /// Text of `v`, or of `is`, up to the end of the cell; and whether it is a formula whose result nobody has written.
    fn value(&mut self, kind: Kind) -> Result<(String, bool), RegisterError> {
        let (mut text, mut inside, mut phonetic) = (String::new(), false, false);
        let (mut formula, mut result) = (false, false);
        loop {
            match self.xml.next()? {
                Node::Start(tag) => match tag.local_name().as_ref() {
                    "v" => (inside, result) = (true, true),
                    "f" => formula = true,
                    "t" => inside = !phonetic,
                    "rPh" => phonetic = true,
                    _ => {}
                },
                Node::Text(more) if inside => {
                    text.push_str(&more);
                    if text.len() > limits::RECORD_BYTES {
                        return Err(RegisterError::RecordTooLarge { row: self.row, limit: limits::RECORD_BYTES });
                    }
                }
                Node::End(name) => match name.as_str() {
                    "v" | "t" => inside = false,
                    "rPh" => phonetic = false,
                    // An empty text is a result; an empty number is none.
                    "c" => {
                        let none = text.trim().is_empty() && !(result && kind == Kind::Text);
                        return Ok((text, formula && none));
                    }
                    _ => {}
                },
                Node::Eof => return Err(malformed()),
                Node::Text(_) | Node::Other => {}
            }
        }
    }

    fn meaning(&self, kind: Kind, style: usize, raw: String) -> Result<String, RegisterError> {
        Ok(match kind {
            Kind::SharedString => {
                let at = raw.trim().parse().map_err(|_| malformed())?;
                self.shared.string(at).ok_or_else(malformed)?.to_owned()
            }
            Kind::Text => unescaped(&raw),
            Kind::Bool => if raw.trim() == "1" { "true" } else { "false" }.to_owned(),
            // `#N/A` and its kin: what stood there is lost.
            Kind::Error => LOST.to_owned(),
            Kind::Number => {
                let number: f64 = raw.trim().parse().map_err(|_| malformed())?;
                if self.shared.is_date(style) {
                    serial_date(number, self.shared.since_1904)
                } else {
                    plain_number(number, raw)
                }
            }
        })
    }
}

/// Index of the column of a reference like `XFD20000`.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.is_empty() || letters.len() > 3 || letters.len() == reference.len() {
        return None;
    }
    letters
        .bytes()
        .try_fold(0_usize, |at, b| b.is_ascii_uppercase().then(|| at * 26 + usize::from(b - b'A') + 1))
        .map(|n| n - 1)
}

/// A whole number without a point; anything that has lost digits stays as it is written.
fn plain_number(number: f64, raw: String) -> String {
    /// Doubles hold whole numbers exactly up to here.
    const EXACT: f64 = 1e15;
    if number.fract() == 0.0 && number.abs() < EXACT && !is_rounded(&raw) { format!("{number:.0}") } else { raw }
}

/// `2.547E+11` has four of twelve digits.
fn is_rounded(raw: &str) -> bool {
    let Some((mantissa, exponent)) = raw.trim().split_once(['E', 'e']) else { return false };
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    exponent.trim_start_matches('+').parse::<usize>().is_ok_and(|exponent| decimals < exponent)
}

/// A day by its serial number. The 1900 system counts a 29 February 1900 that never was.
fn serial_date(serial: f64, since_1904: bool) -> String {
    let days = serial.floor();
    let seconds = ((serial - days) * 86_400.0).round();
    if !(0.0..=2_958_465.0).contains(&days) {
        return "out of range".to_owned();
    }
    let days = days as i64;
    let base: Date = match (since_1904, days) {
        (true, _) => date(1904, 1, 1),
        (false, 0) => return "1900-01-00".to_owned(),
        (false, ..60) => date(1899, 12, 31),
        (false, _) => date(1899, 12, 30),
    };
    let Ok(day) = base.checked_add(days.days()) else {
        return "out of range".to_owned();
    };
    let seconds = seconds as u32;
    if seconds == 0 || seconds >= 86_400 {
        return day.to_string();
    }
    format!("{day} {:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_by_their_letters() {
        let table = [
            ("A1", Some(0)),
            ("Z9", Some(25)),
            ("AA10", Some(26)),
            ("XFD20000", Some(16_383)),
            ("A", None),
            ("1", None),
            ("ABCD1", None),
            ("a1", None),
        ];
        for (reference, wanted) in table {
            assert_eq!(column(reference), wanted, "{reference}");
        }
    }

    #[test]
    fn days_in_both_systems() {
        let table = [
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (61.0, false, "1900-03-01"),
            (40_210.0, false, "2010-02-01"),
            (0.0, false, "1900-01-00"),
            (38_748.0, true, "2010-02-01"),
            (40_210.5, false, "2010-02-01 12:00:00"),
            (-1.0, false, "out of range"),
        ];
        for (serial, since_1904, wanted) in table {
            assert_eq!(serial_date(serial, since_1904), wanted);
        }
    }

    #[test]
    fn numbers_as_a_person_would_write_them() {
        for (raw, wanted) in [
            ("254720000001", "254720000001"),
            ("2.54720000001E+11", "254720000001"),
            ("2.547E+11", "2.547E+11"),
            ("720000001.0", "720000001"),
            ("1.5", "1.5"),
            ("1e300", "1e300"),
        ] {
            assert_eq!(plain_number(raw.parse().expect("a number"), raw.to_owned()), wanted);
        }
    }
}
