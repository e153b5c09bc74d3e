//! Birth dates in one calendar, with what is known of them.

use crate::record::Birth;

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Precision {
    None = 0,
    /// Years from an age: `span` to either side.
    Age = 1,
    Year = 2,
    Month = 3,
    /// 1 January: a stand-in as often as a birthday.
    Default = 4,
    Day = 5,
}

/// A date in the Gregorian calendar, in eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i16,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) precision: Precision,
    /// Years that the true year may lie to either side.
    pub(crate) span: u8,
}

impl Date {
    pub(crate) const NONE: Self = Self { year: 0, month: 0, day: 0, precision: Precision::None, span: 0 };

    pub(crate) fn is_none(self) -> bool {
        self.precision == Precision::None
    }

    /// A date that says on which day: no stand-in, no guess.
    pub(crate) fn is_full(self) -> bool {
        self.precision == Precision::Day
    }

    /// `yyyymmdd` as digits.
    fn digits(self) -> [u8; 8] {
        let mut out = [0; 8];
        let mut n = i32::from(self.year) * 10_000 + i32::from(self.month) * 100 + i32::from(self.day);
        for slot in out.iter_mut().rev() {
            *slot = (n % 10) as u8;
            n /= 10;
        }
        out
    }

    /// One number per day.
    pub(crate) fn key(self) -> u64 {
        (self.year as u64) << 16 | u64::from(self.month) << 8 | u64::from(self.day)
    }
}

/// How two dates relate, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Exact,
    DefaultDay,
    OneEdit,
    TwoParts,
    YearFits,
    AgeFits,
    SameYear,
    YearClose,
    NearYear,
    YearApart,
    Differ,
}

/// Compares two known dates.
pub(crate) fn relate(a: Date, b: Date) -> Relation {
    let gap = (a.year - b.year).abs();
    let spans = i16::from(a.span) + i16::from(b.span);
    if a.precision == Precision::Age || b.precision == Precision::Age {
        return match gap {
            g if g <= spans => Relation::AgeFits,
            g if g <= spans + 2 => Relation::YearClose,
            _ => Relation::YearApart,
        };
    }
    let dated = |d: Date| matches!(d.precision, Precision::Day | Precision::Default);
    if dated(a) && dated(b) {
        return relate_days(a, b, gap);
    }
    match gap {
        0 if a.month != 0 && b.month != 0 && a.month != b.month => Relation::YearClose,
        _ => by_year(gap),
    }
}

/// All that can be said where one side knows only the year.
fn by_year(gap: i16) -> Relation {
    match gap {
        0 => Relation::YearFits,
        1 | 2 => Relation::YearClose,
        _ => Relation::YearApart,
    }
}

fn relate_days(a: Date, b: Date, gap: i16) -> Relation {
    if a.key() == b.key() {
        return if a.precision == Precision::Day { Relation::Exact } else { Relation::DefaultDay };
    }
    // A stand-in says no more than its year.
    if a.precision == Precision::Default || b.precision == Precision::Default {
        return by_year(gap);
    }
    let swapped = a.year == b.year && a.month == b.day && a.day == b.month;
    let next_day = gap <= 1 && (day_number(a) - day_number(b)).abs() == 1;
    if swapped || next_day || one_slip(a.digits(), b.digits()) {
        return Relation::OneEdit;
    }
    let parts = u8::from(a.year == b.year) + u8::from(a.month == b.month) + u8::from(a.day == b.day);
    match (parts, gap) {
        (2, _) => Relation::TwoParts,
        (_, 0) => Relation::SameYear,
        (_, 1 | 2) => Relation::NearYear,
        _ => Relation::Differ,
    }
}

/// One digit wrong, or two neighbours swapped.
fn one_slip(a: [u8; 8], b: [u8; 8]) -> bool {
    let mut different = [0_usize; 2];
    let mut n = 0;
    for i in 0..8 {
        if a[i] != b[i] {
            if n == 2 {
                return false;
            }
            different[n] = i;
            n += 1;
        }
    }
    let [i, j] = different;
    n == 1 || (n == 2 && j == i + 1 && a[i] == b[j] && a[j] == b[i])
}

/// Days since a fixed day.
fn day_number(d: Date) -> i32 {
    gregorian_to_day(i32::from(d.year), i32::from(d.month), i32::from(d.day))
}

/// The date that a register means, and a second reading where the calendar is not certain.
pub(crate) fn read(birth: Birth) -> (Date, Date) {
    match birth {
        Birth::Years { from, to } => {
            let (from, to) = (from.min(to), from.max(to));
            if !(1000..=2600).contains(&from) || to > 2600 {
                return (Date::NONE, Date::NONE);
            }
            let middle = from + (to - from) / 2;
            // An age is told, not counted: two years to either side.
            let span = ((to - from + 1) / 2 + 1).clamp(2, 60) as u8;
            (Date { year: middle, precision: Precision::Age, span, ..Date::NONE }, Date::NONE)
        }
        Birth::Date { year, month, day, estimated } => read_date(year, month.unwrap_or(0), day.unwrap_or(0), estimated),
    }
}

fn read_date(year: i16, month: u8, day: u8, estimated: bool) -> (Date, Date) {
    match year {
        // Solar Hijri (Iran, Afghanistan) or Islamic: both readings.
        1250..=1299 => (convert(year, month, day, estimated, solar_hijri_to_day), Date::NONE),
        1300..=1410 => (
            convert(year, month, day, estimated, solar_hijri_to_day),
            convert(year, month, day, estimated, islamic_to_day),
        ),
        1411..=1500 => (convert(year, month, day, estimated, islamic_to_day), Date::NONE),
        // Buddhist era.
        2400..=2600 => (plain(year - 543, month, day, estimated), Date::NONE),
        1501..=2200 => (plain(year, month, day, estimated), Date::NONE),
        _ => (Date::NONE, Date::NONE),
    }
}

/// The Gregorian reading of a date that was written in the Ethiopian calendar.
pub(crate) fn ethiopian(birth: Birth) -> Date {
    match birth {
        Birth::Date { year: year @ 1850..=2100, month, day, estimated } => {
            convert(year, month.unwrap_or(0), day.unwrap_or(0), estimated, |y, m, d| {
                // Day 1 of year 1 is 29 August 8 in the Julian calendar.
                1_724_221 - JULIAN_OFFSET + 365 * (y - 1) + y / 4 + 30 * (m - 1) + d - 1
            })
        }
        _ => Date::NONE,
    }
}

fn plain(year: i16, month: u8, day: u8, estimated: bool) -> Date {
    let month = if (1..=12).contains(&month) { month } else { 0 };
    let day = if month != 0 && (1..=31).contains(&day) { day } else { 0 };
    let precision = match (month, day) {
        (0, _) => Precision::Year,
        (_, 0) => Precision::Month,
        (1, 1) => Precision::Default,
        _ if estimated => Precision::Default,
        _ => Precision::Day,
    };
    let (precision, span) =
        if estimated && precision != Precision::Default { (Precision::Age, 2) } else { (precision, 0) };
    Date { year, month, day, precision, span }
}

fn convert(year: i16, month: u8, day: u8, estimated: bool, to_day: impl Fn(i32, i32, i32) -> i32) -> Date {
    let known = |v: u8, most: u8| (1..=most).contains(&v);
    let full = known(month, 13) && known(day, 31);
    let (m, d) = if full { (month, day) } else { (6, 15) };
    let (y, gm, gd) = day_to_gregorian(to_day(i32::from(year), i32::from(m), i32::from(d)));
    let Ok(y) = i16::try_from(y) else {
        return Date::NONE;
    };
    if !full {
        // The year of another calendar overlaps two of ours.
        return Date { year: y, precision: Precision::Age, span: if estimated { 2 } else { 1 }, ..Date::NONE };
    }
    let mut date = plain(y, gm as u8, gd as u8, estimated);
    // The stand-in of those calendars is their own first day of the year.
    if (month, day) == (1, 1) && date.precision == Precision::Day {
        date.precision = Precision::Default;
    }
    date
}

/// Julian day number of day 0 of this module.
const JULIAN_OFFSET: i32 = 1_721_426; // 1 January of year 1, Gregorian, is day 0

fn gregorian_to_day(y: i32, m: i32, d: i32) -> i32 {
    let y0 = y - 1;
    let before = 365 * y0 + y0 / 4 - y0 / 100 + y0 / 400;
    let leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    const SUM: [i32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let month = SUM[(m - 1).clamp(0, 11) as usize];
    before + month + i32::from(leap && m > 2) + d - 1
}

fn day_to_gregorian(day: i32) -> (i32, i32, i32) {
    let mut y = day / 366 + 1;
    while gregorian_to_day(y + 1, 1, 1) <= day {
        y += 1;
    }
    let mut m = 12;
    while m > 1 && gregorian_to_day(y, m, 1) > day {
        m -= 1;
    }
    (y, m, day - gregorian_to_day(y, m, 1) + 1)
}

/// Tabular Islamic calendar, civil epoch.
fn islamic_to_day(y: i32, m: i32, d: i32) -> i32 {
    d + (59 * (m - 1) + 1) / 2 + (y - 1) * 354 + (3 + 11 * y) / 30 + 1_948_439 - JULIAN_OFFSET
}

/// Solar Hijri calendar with the 33-year leap rule, right for 1178 to 1633.
fn solar_hijri_to_day(y: i32, m: i32, d: i32) -> i32 {
    let months = if m <= 7 { 31 * (m - 1) } else { 30 * (m - 1) + 6 };
    1_948_319 + 365 * (y - 1) + (8 * y + 21) / 33 + months + d - JULIAN_OFFSET
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i16, m: u8, d: u8) -> Date {
        read(Birth::day(y, m, d)).0
    }

    #[test]
    fn calendars_meet() {
        // Published correspondences.
        let solar = read(Birth::day(1357, 11, 22)).0;
        assert_eq!((solar.year, solar.month, solar.day), (1979, 2, 11));
        let solar = read(Birth::day(1400, 5, 24)).0;
        assert_eq!((solar.year, solar.month, solar.day), (2021, 8, 15));
        let islamic = read(Birth::day(1420, 5, 10)).0;
        let expected = day(1999, 8, 22);
        assert!((day_number(islamic) - day_number(expected)).abs() <= 1);
        let ethiopian = ethiopian(Birth::day(2000, 1, 2));
        assert_eq!((ethiopian.year, ethiopian.month, ethiopian.day), (2007, 9, 13));
        assert_eq!(read(Birth::day(2530, 4, 5)).0, day(1987, 4, 5));
    }

    #[test]
    fn every_day_converts_back() {
        for n in (600_000..740_000).step_by(7) {
            let (y, m, d) = day_to_gregorian(n);
            assert_eq!(gregorian_to_day(y, m, d), n);
        }
    }

    #[test]
    fn relations() {
        use Relation::*;
        let a = day(1985, 3, 12);
        for (b, expected) in [
            (day(1985, 3, 12), Exact),
            (day(1985, 12, 3), OneEdit),
            (day(1985, 3, 13), OneEdit),
            (day(1958, 3, 12), OneEdit),
            (day(1986, 3, 12), OneEdit),
            (day(1985, 3, 28), TwoParts),
            (day(1942, 3, 12), TwoParts),
            (day(1985, 7, 28), SameYear),
            (day(1986, 7, 28), NearYear),
            (day(1999, 7, 28), Differ),
            (day(1985, 1, 1), YearFits),
            (read(Birth::year(1985)).0, YearFits),
            (read(Birth::year(1987)).0, YearClose),
            (read(Birth::year(1999)).0, YearApart),
            (read(Birth::Years { from: 1986, to: 1987 }).0, AgeFits),
            (read(Birth::Years { from: 1996, to: 1997 }).0, YearApart),
        ] {
            assert_eq!(relate(a, b), expected, "{b:?}");
        }
        assert_eq!(relate(day(1985, 1, 1), day(1985, 1, 1)), DefaultDay);
    }
}
