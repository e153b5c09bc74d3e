//! Today over all time zones, and the next instant at which it matters.

use domain::Millis;
use domain::record::{Age, Birth};
use jiff::civil::Date;

/// Legal adulthood in the rules. National law never moves it.
pub(crate) const ADULT: i16 = 18;
/// Nobody is known to have lived longer than 122 years: an older birth date is a placeholder or a slip.
const MAX_AGE: i16 = 125;
/// An estimated birth date or age may be this many years off either way.
const ESTIMATE: i16 = 2;
/// Hours by which the earliest and the latest local dates on earth lead and trail UTC.
const LEAD: i64 = 14;
const TRAIL: i64 = 12;

/// The dates that are «today» somewhere on earth.
pub(crate) struct Today {
    pub(crate) earliest: Date,
    pub(crate) latest: Date,
    /// When the first of the comparisons asked so far will change its answer.
    pub(crate) changes_at: Millis,
}

impl Today {
    /// An instant outside the calendar reads as 1970: every real date is then in the future, and holds (R00).
    pub(crate) fn at(now: Millis) -> Self {
        let date = |shift: i64| {
            let at = now.plus(shift).timestamp().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
            jiff::tz::Offset::UTC.to_datetime(at).date()
        };
        Self { earliest: date(-TRAIL * Millis::HOUR), latest: date(LEAD * Millis::HOUR), changes_at: Millis(i64::MAX) }
    }

    /// The date has come, at least somewhere.
    pub(crate) fn perhaps_reached(&mut self, date: Date) -> bool {
        if self.latest >= date {
            return true;
        }
        self.note(date, -LEAD);
        false
    }

    /// The date has come everywhere.
    pub(crate) fn surely_reached(&mut self, date: Date) -> bool {
        if self.earliest >= date {
            return true;
        }
        self.note(date, TRAIL);
        false
    }

    /// The date lies in the future everywhere.
    pub(crate) fn is_future(&self, date: Date) -> bool {
        date > self.latest
    }

    fn note(&mut self, date: Date, hours: i64) {
        if let Ok(at) = jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())) {
            self.changes_at = self.changes_at.min(Millis::from(at).plus(hours * Millis::HOUR));
        }
    }
}

/// Which day a birthday or anniversary on 29 February falls on in other years.
#[derive(Clone, Copy)]
pub(crate) enum LeapDay {
    /// 28 February.
    Before,
    /// 1 March.
    After,
}

/// The date so many years later (or earlier), at the calendar's ends if it lies beyond.
pub(crate) fn years_after(date: Date, years: i16, leap: LeapDay) -> Date {
    let Some(year) = date.year().checked_add(years) else {
        return if years > 0 { Date::MAX } else { Date::MIN };
    };
    if let Ok(same) = Date::new(year, date.month(), date.day()) {
        return same;
    }
    let near = match leap {
        LeapDay::Before => Date::new(year, 2, 28),
        LeapDay::After => Date::new(year, 3, 1),
    };
    near.unwrap_or(if years > 0 { Date::MAX } else { Date::MIN })
}

/// First and last day on which a person can have been born.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BirthBounds {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

impl BirthBounds {
    fn widened(self, estimated: bool) -> Self {
        if !estimated {
            return self;
        }
        Self {
            first: years_after(self.first, -ESTIMATE, LeapDay::Before),
            last: years_after(self.last, ESTIMATE, LeapDay::After),
        }
    }

    /// `None`: an impossible date.
    pub(crate) fn of_birth(birth: Birth) -> Option<Self> {
        let bounds = match (birth.month, birth.day) {
            (Some(month), Some(day)) => {
                let date = Date::new(birth.year, month, day).ok()?;
                Self { first: date, last: date }
            }
            (Some(month), None) => {
                let first = Date::new(birth.year, month, 1).ok()?;
                Self { first, last: first.last_of_month() }
            }
            (None, None) => {
                Self { first: Date::new(birth.year, 1, 1).ok()?, last: Date::new(birth.year, 12, 31).ok()? }
            }
            (None, Some(_)) => return None,
        };
        Some(bounds.widened(birth.estimated))
    }

    /// `None`: an impossible range.
    pub(crate) fn of_age(age: Age) -> Option<Self> {
        if age.min > age.max {
            return None;
        }
        let bounds = Self {
            first: years_after(age.as_of, -i16::from(age.max) - 1, LeapDay::Before),
            last: years_after(age.as_of, -i16::from(age.min), LeapDay::After),
        };
        Some(bounds.widened(age.estimated))
    }

    pub(crate) fn surely_at_least(self, years: i16, today: &mut Today) -> bool {
        today.surely_reached(years_after(self.last, years, LeapDay::After))
    }

    pub(crate) fn surely_under(self, years: i16, today: &mut Today) -> bool {
        !today.perhaps_reached(years_after(self.first, years, LeapDay::Before))
    }

    /// Born in the future, or longer ago than anybody lives.
    pub(crate) fn is_impossible(self, today: &Today) -> bool {
        today.is_future(self.first) || years_after(self.last, MAX_AGE, LeapDay::After) < today.earliest
    }
}
