//! Birth dates in files: a declared format, or the forms that cannot be misread.

use thiserror::Error;

use crate::record::Birth;

/// A date format such as `%Y%m%d` or `%d/%m/%Y`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat(Vec<Piece>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Literal(char),
}

/// A date format that is not understood.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FormatError {
    /// A letter after `%` that has no meaning here.
    #[error("unknown part %{0} in the date format; known are %Y %y %m %b %B %d %%")]
    Unknown(char),
    /// A lone `%` at the end.
    #[error("the date format ends in %")]
    Open,
    /// No year, so no date.
    #[error("the date format has no year (%Y or %y)")]
    NoYear,
}

impl DateFormat {
    /// Reads a format.
    ///
    /// # Errors
    /// When a part is unknown or there is no year.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        let mut pieces = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                pieces.push(Piece::Literal(c));
                continue;
            }
            pieces.push(match chars.next() {
                Some('Y') => Piece::Year,
                Some('y') => Piece::ShortYear,
                Some('m') => Piece::Month,
                Some('b' | 'B') => Piece::MonthName,
                Some('d') => Piece::Day,
                Some('%') => Piece::Literal('%'),
                Some(other) => return Err(FormatError::Unknown(other)),
                None => return Err(FormatError::Open),
            });
        }
        if !pieces.contains(&Piece::Year) && !pieces.contains(&Piece::ShortYear) {
            return Err(FormatError::NoYear);
        }
        Ok(Self(pieces))
    }

    /// Reads a value; `None` when it does not fit the format. Zero for month or day means unknown.
    #[must_use]
    pub fn read(&self, value: &str) -> Option<Birth> {
        let mut rest = value.trim();
        let (mut year, mut month, mut day) = (None, None, None);
        for piece in &self.0 {
            match piece {
                Piece::Literal(c) => rest = rest.strip_prefix(*c)?,
                Piece::Year => year = Some(digits(&mut rest, 4)?),
                Piece::ShortYear => year = Some(century(digits(&mut rest, 2)?)),
                Piece::Month => month = Some(digits(&mut rest, 2)?),
                Piece::MonthName => month = Some(month_name(&mut rest)?),
                Piece::Day => day = Some(digits(&mut rest, 2)?),
            }
        }
        // A time of day after the date is no part of it.
        let tail_is_time = rest.starts_with(['T', ' ']);
        if !(rest.is_empty() || tail_is_time) {
            return None;
        }
        build(year?, month, day)
    }
}

impl DateFormat {
    /// What can be read of a value with an unreadable part, such as `07/z0/1994`: never more than year and month.
    #[must_use]
    pub fn read_in_part(&self, value: &str) -> Option<Birth> {
        let separator = |c: char| !c.is_alphanumeric();
        let parts: Vec<&str> = value.trim().split(separator).collect();
        let wanted = self.0.iter().filter(|p| !matches!(p, Piece::Literal(_)));
        if parts.len() < 2 || parts.len() != wanted.clone().count() {
            return None;
        }
        let (mut year, mut month) = (None, None);
        for (piece, part) in wanted.zip(parts) {
            match piece {
                Piece::Year if part.len() == 4 => year = Some(part.parse().ok()?),
                Piece::Month => month = part.parse().ok().filter(|m| (1..=12).contains(m)),
                _ => {}
            }
        }
        build(year?, month, None)
    }
}

/// Reads a date of undeclared format, if there is only one way to read it: year first, or only a year.
pub(super) fn read_plain(value: &str) -> Option<Birth> {
    let value = value.trim();
    let value = value.split(['T', ' ']).next().unwrap_or(value);
    let value = value.strip_suffix(".0").unwrap_or(value);
    let parts: Vec<&str> = value.split(['-', '/', '.']).collect();
    if !parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let number = |s: &str| s.parse::<u16>().ok();
    match parts.as_slice() {
        [one] if one.len() == 8 => build(number(&one[..4])?, number(&one[4..6]), number(&one[6..])),
        [one] if one.len() == 4 => build(number(one)?, None, None),
        [y, m] if y.len() == 4 => build(number(y)?, number(m), None),
        [y, m, d] if y.len() == 4 => build(number(y)?, number(m), number(d)),
        // Day first is certain only when the other reading is impossible.
        [a, b, y] if y.len() == 4 => match (number(a)?, number(b)?) {
            (d, m) if d > 12 => build(number(y)?, Some(m), Some(d)),
            (m, d) if d > 12 => build(number(y)?, Some(m), Some(d)),
            (both, same) if both == same => build(number(y)?, Some(both), Some(same)),
            _ => build(number(y)?, None, None),
        },
        _ => None,
    }
}

fn build(year: u16, month: Option<u16>, day: Option<u16>) -> Option<Birth> {
    let part = |value: Option<u16>, most: u16| match value {
        None | Some(0) => Ok(None),
        Some(v) if v <= most => Ok(Some(v as u8)),
        Some(_) => Err(()),
    };
    if year == 0 || year > 2600 {
        return None;
    }
    // Written the other way round: no calendar has a fourteenth month.
    let (month, day) = match (month, day) {
        (Some(m), Some(d)) if m > 13 && d <= 12 => (Some(d), Some(m)),
        same => same,
    };
    let month = part(month, 13).ok()?;
    let day = part(day, 32).ok()?;
    Some(Birth::Date { year: year as i16, month, day: month.and(day), estimated: false })
}

fn digits(rest: &mut &str, most: usize) -> Option<u16> {
    let n = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (number, tail) = rest.split_at(n);
    *rest = tail;
    number.parse().ok()
}

/// Two-digit years are of the last hundred years; a register has no clock, so the turn is fixed.
fn century(short: u16) -> u16 {
    if short > 30 { 1900 + short } else { 2000 + short }
}

fn month_name(rest: &mut &str) -> Option<u16> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (name, tail) = rest.split_at(end);
    *rest = tail;
    let name = name.get(..3)?.to_ascii_lowercase();
    NAMES.iter().position(|n| *n == name).map(|i| i as u16 + 1)
}
