//! Dates as spreadsheets and case systems write them, with the precision that they have.

use domain::record::Birth;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::clean::ascii_digits;
use crate::error::Reason;

/// What `01/02/2010` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 1 February.
    DayMonth,
    /// 2 January.
    MonthDay,
}

/// What the file's manifest says about its dates.
#[derive(Debug, Clone, Default)]
pub struct DateRules {
    /// Order of day and month where both could be either.
    pub order: Option<DateOrder>,
    /// Zone in which a time stamp's day is meant.
    pub zone: Option<TimeZone>,
    /// Calendar of the dates. Time stamps are Gregorian in every system.
    pub calendar: Calendar,
}

/// A date with its precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parsed {
    /// Year, month and day.
    Day(Date),
    /// Year and month.
    Month(i16, i8),
    /// Year.
    Year(i16),
    /// About this year: a year or month of another calendar.
    About(i16),
    /// A stand-in for «none».
    Placeholder,
}

/// Years that a register can speak of, Gregorian; other calendars are behind by so many years.
const YEARS: std::ops::RangeInclusive<i16> = 1880..=2200;

const fn behind(calendar: Calendar) -> i16 {
    match calendar {
        Calendar::Gregorian => 0,
        Calendar::Persian => 621,
        Calendar::Ethiopian => 7,
    }
}

/// A date in one of the known forms.
///
/// # Errors
/// No date, no date of any calendar, or one that could be two.
pub fn parse(raw: &str, rules: &DateRules) -> Result<Parsed, Reason> {
    let text = ascii_digits(raw);
    let text = text.trim().trim_start_matches('\'');
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) if time.starts_with(|c: char| c.is_ascii_digit()) && time.contains(':') => (day, Some(time)),
        _ => (text, None),
    };
    let date = match time {
        Some(time) if time.ends_with('Z') || time.contains('+') => {
            civil(day, &DateRules { calendar: Calendar::Gregorian, ..rules.clone() })?
        }
        _ => civil(day, rules)?,
    };
    match (date, time) {
        (Parsed::Day(date), Some(time)) => in_zone(date, time, rules).map(Parsed::Day),
        (date, _) => Ok(date),
    }
}

/// A birth whose year, month and day stand in columns of their own, as the calendar of the file has them.
///
/// # Errors
/// Parts that are no date of that calendar. Those of ours are taken as they are: whoever reads the record holds them.
pub fn of_parts(parts: (Option<i16>, Option<i16>, Option<i16>), rules: &DateRules) -> Result<Option<Birth>, Reason> {
    let small = |part: Option<i16>| part.map(|n| i8::try_from(n).map_err(|_| Reason::NotADate)).transpose();
    let (month, day) = (small(parts.1)?, small(parts.2)?);
    let calendar = rules.calendar;
    let Some(year) = parts.0 else {
        let some = month.is_some() || day.is_some();
        return Ok(some.then_some(Birth { year: 0, month, day, estimated: false }));
    };
    if calendar == Calendar::Gregorian {
        return Ok(Some(Birth { year, month, day, estimated: false }));
    }
    if !year.checked_add(behind(calendar)).is_some_and(|year| YEARS.contains(&year)) {
        return Err(Reason::NotADate);
    }
    let on = calendar.day(year, month.unwrap_or(1), day.unwrap_or(1)).ok_or(Reason::NotADate)?;
    Ok(Some(match (month, day) {
        (Some(_), Some(_)) => Birth { year: on.year(), month: Some(on.month()), day: Some(on.day()), estimated: false },
        (Some(_), None) => Birth { year: on.year(), month: None, day: None, estimated: true },
        _ => Birth { year: year + behind(calendar), month: None, day: None, estimated: true },
    }))
}

fn civil(text: &str, rules: &DateRules) -> Result<Parsed, Reason> {
    if text.bytes().all(|b| matches!(b, b'0' | b'-' | b'/' | b'.'))
        || text.starts_with("1900-01-00")
        || text.starts_with("0001-01-01")
    {
        return Ok(Parsed::Placeholder);
    }
    let mut parts = [""; 3];
    let mut count = 0;
    for part in text.split(['-', '/', '.', ' ', ',', '年', '月', '日']).filter(|p| !p.is_empty()) {
        *parts.get_mut(count).ok_or(Reason::NotADate)? = part;
        count += 1;
    }
    let calendar = rules.calendar;
    match (count, parts) {
        (1, [y, ..]) if calendar == Calendar::Gregorian => Ok(Parsed::Year(year_of(y, calendar)?)),
        // Most of such a year, and such a month, lies in this Gregorian year.
        (1, [y, ..]) => Ok(Parsed::About(year_of(y, calendar)? + behind(calendar))),
        (2, [a, b, _]) if a.len() == 4 => month(a, b, calendar),
        (2, [a, b, _]) => month(b, a, calendar),
        (3, [y, m, d]) if y.len() == 4 => day(y, m, d, calendar),
        (3, [a, b, y]) => day_or_month_first(a, b, y, rules),
        _ => Err(Reason::NotADate),
    }
}

fn day_or_month_first(a: &str, b: &str, y: &str, rules: &DateRules) -> Result<Parsed, Reason> {
    let calendar = rules.calendar;
    match (month_name(a), month_name(b)) {
        (Some(_), None) => return day(y, a, b, calendar),
        (None, Some(_)) => return day(y, b, a, calendar),
        _ => {}
    }
    let (first, second) = (number(a)?, number(b)?);
    match rules.order {
        _ if first > calendar.months() || first == second => day(y, b, a, calendar),
        _ if second > calendar.months() => day(y, a, b, calendar),
        Some(DateOrder::DayMonth) => day(y, b, a, calendar),
        Some(DateOrder::MonthDay) => day(y, a, b, calendar),
        None => Err(Reason::AmbiguousDate),
    }
}

fn day(y: &str, m: &str, d: &str, calendar: Calendar) -> Result<Parsed, Reason> {
    let (year, month) = (year_of(y, calendar)?, month_of(m, calendar)?);
    calendar.day(year, month, number(d)?).map(Parsed::Day).ok_or(Reason::NotADate)
}

fn month(y: &str, m: &str, calendar: Calendar) -> Result<Parsed, Reason> {
    let (year, month) = (year_of(y, calendar)?, month_of(m, calendar)?);
    if calendar == Calendar::Gregorian {
        return Ok(Parsed::Month(year, month));
    }
    calendar.day(year, month, 1).map(|day| Parsed::About(day.year())).ok_or(Reason::NotADate)
}

fn month_of(text: &str, calendar: Calendar) -> Result<i8, Reason> {
    let month = number(text).or_else(|why| month_name(text).ok_or(why))?;
    if (1..=calendar.months()).contains(&month) { Ok(month) } else { Err(Reason::NotADate) }
}

fn year_of(text: &str, calendar: Calendar) -> Result<i16, Reason> {
    let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let year: i16 = digits.then(|| text.parse().ok()).flatten().ok_or(Reason::NotADate)?;
    if YEARS.contains(&(year + behind(calendar))) { Ok(year) } else { Err(Reason::NotADate) }
}

fn number(text: &str) -> Result<i8, Reason> {
    let short = text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    short.then(|| text.parse().ok()).flatten().ok_or(Reason::NotADate)
}

fn month_name(text: &str) -> Option<i8> {
    let lower = text.to_lowercase();
    let name = |full: &&str| lower == **full || (lower.chars().count() >= 3 && full.starts_with(&lower));
    MONTHS.iter().find_map(|names| names.iter().position(&name)).and_then(|at| i8::try_from(at + 1).ok())
}

const MONTHS: [[&str; 12]; 3] = [
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
];

/// The day of a time stamp. A stamp in another zone whose day could be the next one is nobody's birthday.
fn in_zone(date: Date, time: &str, rules: &DateRules) -> Result<Date, Reason> {
    let offset = time.ends_with('Z') || time.contains('+') || time.contains('-');
    let midnight = time.starts_with("00:00");
    if !offset || (midnight && rules.zone.is_none()) {
        return Ok(date);
    }
    let zone = rules.zone.as_ref().ok_or(Reason::AmbiguousDay)?;
    let stamp: jiff::Timestamp = format!("{date}T{time}").parse().map_err(|_| Reason::NotADate)?;
    let day = stamp.to_zoned_datetime(zone.clone()).date();
    // As a day it was written at midnight; as an instant it is another day there.
    if midnight && day != date { Err(Reason::AmbiguousDay) } else { Ok(day) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn rules(order: Option<DateOrder>, zone: Option<&str>) -> DateRules {
        DateRules { order, zone: zone.map(|z| TimeZone::get(z).expect("a zone")), calendar: Calendar::Gregorian }
    }

    #[test]
    fn forms_and_their_precision() {
        let table = [
            ("2010-02-01", Parsed::Day(date(2010, 2, 1))),
            ("٢٠١٠-٠٢-٠١", Parsed::Day(date(2010, 2, 1))),
            ("2010/2/1", Parsed::Day(date(2010, 2, 1))),
            ("25/12/2010", Parsed::Day(date(2010, 12, 25))),
            ("12/25/2010", Parsed::Day(date(2010, 12, 25))),
            ("03.03.2010", Parsed::Day(date(2010, 3, 3))),
            ("12 Mar 2010", Parsed::Day(date(2010, 3, 12))),
            ("March 12, 2010", Parsed::Day(date(2010, 3, 12))),
            ("1 août 1999", Parsed::Day(date(1999, 8, 1))),
            ("2010年2月1日", Parsed::Day(date(2010, 2, 1))),
            ("1970-01", Parsed::Month(1970, 1)),
            ("03/1970", Parsed::Month(1970, 3)),
            ("1970", Parsed::Year(1970)),
            ("2008-02-29", Parsed::Day(date(2008, 2, 29))),
            ("0000-00-00", Parsed::Placeholder),
            ("1900-01-00", Parsed::Placeholder),
            ("2010-02-01 00:00:00", Parsed::Day(date(2010, 2, 1))),
            ("2010-02-01T00:00:00Z", Parsed::Day(date(2010, 2, 1))),
        ];
        for (raw, wanted) in table {
            assert_eq!(parse(raw, &rules(None, None)), Ok(wanted), "{raw}");
        }
    }

    #[test]
    fn ambiguous_and_impossible_dates_are_refused() {
        let table = [
            ("01/02/2010", Reason::AmbiguousDate),
            ("29/02/2009", Reason::NotADate),
            ("2010-13-01", Reason::NotADate),
            ("31/02/2010", Reason::NotADate),
            ("1/2/10", Reason::AmbiguousDate),
            ("about 1990", Reason::NotADate),
            ("44197", Reason::NotADate),
            ("1985-06-02T22:00:00Z", Reason::AmbiguousDay),
        ];
        for (raw, why) in table {
            assert_eq!(parse(raw, &rules(None, None)), Err(why), "{raw}");
        }
        assert_eq!(parse("1/2/10", &rules(Some(DateOrder::DayMonth), None)), Err(Reason::NotADate));
    }

    #[test]
    fn the_manifest_settles_order_and_zone() {
        let day_first = rules(Some(DateOrder::DayMonth), None);
        let month_first = rules(Some(DateOrder::MonthDay), None);
        assert_eq!(parse("01/02/2010", &day_first), Ok(Parsed::Day(date(2010, 2, 1))));
        assert_eq!(parse("01/02/2010", &month_first), Ok(Parsed::Day(date(2010, 1, 2))));
        // Midnight in Amman, as a server in Greenwich writes it.
        let amman = rules(None, Some("Asia/Amman"));
        assert_eq!(parse("1985-06-02T21:00:00Z", &amman), Ok(Parsed::Day(date(1985, 6, 3))));
        assert_eq!(parse("1985-06-03", &amman), Ok(Parsed::Day(date(1985, 6, 3))));
    }

    #[test]
    fn dates_of_other_calendars_become_gregorian() {
        let of = |calendar| DateRules { calendar, order: Some(DateOrder::DayMonth), zone: None };
        let table = [
            (Calendar::Persian, "1392/04/25", Parsed::Day(date(2013, 7, 16))),
            (Calendar::Persian, "۱۳۹۲/۰۴/۲۵", Parsed::Day(date(2013, 7, 16))),
            (Calendar::Persian, "1392", Parsed::About(2013)),
            (Calendar::Ethiopian, "6/13/2015", Parsed::Day(date(2023, 9, 11))),
            (Calendar::Ethiopian, "2014-01", Parsed::About(2021)),
        ];
        for (calendar, raw, wanted) in table {
            assert_eq!(parse(raw, &of(calendar)), Ok(wanted), "{raw}");
        }
        assert_eq!(
            parse("2013-07-16", &of(Calendar::Persian)),
            Err(Reason::NotADate),
            "a Gregorian year in a Persian file"
        );
    }
}
