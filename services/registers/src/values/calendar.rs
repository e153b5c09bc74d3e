//! Dates of other calendars. Records hold Gregorian dates; a year or month of another calendar is an estimate there.

use icu_calendar::Date as Calendrical;
use icu_calendar::cal::{EthiopianEraStyle, Iso};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The calendar that a file's dates are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calendar {
    /// The one of most systems.
    #[default]
    Gregorian,
    /// Solar Hijri, of Iran and Afghanistan.
    Persian,
    /// Of Ethiopia and Eritrea, with its thirteenth month.
    Ethiopian,
}

impl Calendar {
    /// The Gregorian day of a day in this calendar; `None` where it has no such day.
    #[must_use]
    pub fn day(self, year: i16, month: i8, day: i8) -> Option<Date> {
        let (y, m, d) = (i32::from(year), u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let iso = match self {
            Self::Gregorian => return Date::new(year, month, day).ok(),
            Self::Persian => Calendrical::try_new_persian(y, m, d).ok()?.to_calendar(Iso),
            Self::Ethiopian => {
                Calendrical::try_new_ethiopian(EthiopianEraStyle::AmeteMihret, y, m, d).ok()?.to_calendar(Iso)
            }
        };
        let year = i16::try_from(iso.year().extended_year()).ok()?;
        let month = i8::try_from(iso.month().ordinal).ok()?;
        Date::new(year, month, i8::try_from(iso.day_of_month().0).ok()?).ok()
    }

    /// Months of a year.
    #[must_use]
    pub const fn months(self) -> i8 {
        match self {
            Self::Gregorian | Self::Persian => 12,
            Self::Ethiopian => 13,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Calendar;

    #[test]
    fn days_that_two_calendars_share() {
        let table = [
            (Calendar::Persian, (1392, 4, 25), Some(date(2013, 7, 16))),
            (Calendar::Persian, (1400, 1, 1), Some(date(2021, 3, 21))),
            (Calendar::Persian, (1400, 12, 30), None),
            (Calendar::Ethiopian, (2014, 1, 1), Some(date(2021, 9, 11))),
            (Calendar::Ethiopian, (2015, 13, 6), Some(date(2023, 9, 11))),
            (Calendar::Ethiopian, (2014, 13, 6), None),
            (Calendar::Gregorian, (2009, 2, 29), None),
        ];
        for (calendar, (y, m, d), wanted) in table {
            assert_eq!(calendar.day(y, m, d), wanted, "{calendar:?} {y}-{m}-{d}");
        }
    }
}
