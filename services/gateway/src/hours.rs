//! When a notice may be sent: not before its first instant, and within the person's safe hours, which are local to
//! the person and not to the gateway.

use contract::parts::{Day, Window};
use contract::{NoticeData, SafeHours};
use domain::Millis;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

/// Days that are looked through for the next window: yesterday, a week, and one for the change of clocks.
const DAYS_AHEAD: u8 = 10;

/// The time zone or an hour cannot be read here: nothing may be sent then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the safe hours cannot be read on this machine")]
pub struct HoursError;

/// The first instant, not before `now`, at which the notice may be sent; `None` if it will have expired by then.
///
/// # Errors
/// [`HoursError`] for a time zone that this machine does not know.
pub fn next_moment(data: &NoticeData, now: Millis) -> Result<Option<Millis>, HoursError> {
    let from = now.max(data.not_before);
    let at = match &data.hours {
        None => Some(from),
        Some(hours) => next_open(hours, from)?,
    };
    Ok(at.filter(|at| *at <= data.not_after))
}

/// Whether this machine knows time zones at all: without them every notice with safe hours would fail.
///
/// # Errors
/// [`HoursError`] if it does not; Debian's package is `tzdata`.
pub fn check_zones() -> Result<(), HoursError> {
    TimeZone::get("Africa/Nairobi").map(drop).map_err(|_| HoursError)
}

/// The last instant, from `now` on, until which the notice may still arrive: the end of the window that is open now,
/// or its not-after. Networks that store messages are told so; otherwise a phone that is switched on at night would
/// show the notice then.
///
/// # Errors
/// [`HoursError`] for a time zone that this machine does not know.
pub fn arrive_by(data: &NoticeData, now: Millis) -> Result<Millis, HoursError> {
    let Some(hours) = &data.hours else { return Ok(data.not_after) };
    let (zone, at) = local(hours, now)?;
    let today = zone.to_datetime(at).date();
    let mut last = now;
    for day in [today.yesterday().map_err(|_| HoursError)?, today] {
        for window in hours.windows.iter().filter(|window| falls_on(window, day)) {
            let (opens, closes) = bounds(window, day, &zone)?;
            if opens <= at && at < closes {
                last = last.max(Millis::from(closes));
            }
        }
    }
    Ok(last.min(data.not_after))
}

fn local(hours: &SafeHours, at: Millis) -> Result<(TimeZone, Timestamp), HoursError> {
    let zone = TimeZone::get(&hours.time_zone).map_err(|_| HoursError)?;
    Ok((zone, at.timestamp().ok_or(HoursError)?))
}

fn next_open(hours: &SafeHours, from: Millis) -> Result<Option<Millis>, HoursError> {
    let (zone, start) = local(hours, from)?;
    let mut best: Option<Timestamp> = None;
    // The day before counts too: its window may go past midnight.
    let mut day = zone.to_datetime(start).date().yesterday().map_err(|_| HoursError)?;
    for _ in 0..DAYS_AHEAD {
        for window in hours.windows.iter().filter(|window| falls_on(window, day)) {
            let (opens, closes) = bounds(window, day, &zone)?;
            let at = opens.max(start);
            if at < closes {
                best = Some(best.map_or(at, |known| known.min(at)));
            }
        }
        day = day.tomorrow().map_err(|_| HoursError)?;
    }
    Ok(best.map(|at| if at == start { from } else { Millis::from(at) }))
}

fn falls_on(window: &Window, day: Date) -> bool {
    let weekday = match day.weekday() {
        Weekday::Monday => Day::Mon,
        Weekday::Tuesday => Day::Tue,
        Weekday::Wednesday => Day::Wed,
        Weekday::Thursday => Day::Thu,
        Weekday::Friday => Day::Fri,
        Weekday::Saturday => Day::Sat,
        Weekday::Sunday => Day::Sun,
    };
    window.days.is_empty() || window.days.contains(&weekday)
}

/// First instant of a window that begins on `day`, and the first instant after it.
fn bounds(window: &Window, day: Date, zone: &TimeZone) -> Result<(Timestamp, Timestamp), HoursError> {
    let (from, to) = (clock(&window.from)?, clock(&window.to)?);
    let last = if to < from { day.tomorrow().map_err(|_| HoursError)? } else { day };
    // An hour that the change of clocks leaves out begins when the clocks have changed.
    let instant =
        |day: Date, (hour, minute): (i8, i8)| zone.to_timestamp(day.at(hour, minute, 0, 0)).map_err(|_| HoursError);
    Ok((instant(day, from)?, instant(last, to)?))
}

fn clock(text: &str) -> Result<(i8, i8), HoursError> {
    let (hour, minute) = text.split_once(':').ok_or(HoursError)?;
    let parse = |text: &str| text.parse::<i8>().map_err(|_| HoursError);
    let (hour, minute) = (parse(hour)?, parse(minute)?);
    if (0..24).contains(&hour) && (0..60).contains(&minute) { Ok((hour, minute)) } else { Err(HoursError) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> Millis {
        text.parse::<Timestamp>().expect("an instant").into()
    }

    fn hours(zone: &str, windows: &[(&[Day], &str, &str)]) -> SafeHours {
        let windows = windows
            .iter()
            .map(|(days, from, to)| Window { days: days.to_vec(), from: (*from).into(), to: (*to).into() })
            .collect();
        SafeHours { time_zone: zone.into(), windows }
    }

    #[test]
    fn table() {
        let day = hours("Africa/Nairobi", &[(&[], "09:00", "20:00")]);
        let night = hours("Asia/Kabul", &[(&[Day::Fri], "22:00", "02:00")]);
        let split = hours("America/Bogota", &[(&[], "08:00", "09:00"), (&[], "18:00", "19:00")]);
        let spring = hours("Europe/Zurich", &[(&[], "02:30", "04:00")]);
        let rows = [
            (&day, "2026-11-29T10:00:00Z", "2026-11-29T10:00:00Z"), // 13:00 in Nairobi
            (&day, "2026-11-29T05:59:59.999Z", "2026-11-29T06:00:00Z"), // a moment too early
            (&day, "2026-11-29T17:00:00Z", "2026-11-30T06:00:00Z"), // 20:00 is outside
            (&night, "2026-11-27T17:00:00Z", "2026-11-27T17:30:00Z"), // Friday 21:30
            (&night, "2026-11-27T21:00:00Z", "2026-11-27T21:00:00Z"), // Saturday 01:30: Friday's window
            (&night, "2026-11-28T18:00:00Z", "2026-12-04T17:30:00Z"), // Saturday 22:30 waits for Friday
            (&split, "2026-11-29T15:00:00Z", "2026-11-29T23:00:00Z"),
            (&spring, "2026-03-29T00:45:00Z", "2026-03-29T01:30:00Z"), // 02:30 does not exist that night
        ];
        for (at, (hours, from, wanted)) in rows.into_iter().enumerate() {
            assert_eq!(next_open(hours, millis(from)), Ok(Some(millis(wanted))), "row {at}");
        }
    }

    #[test]
    fn an_unknown_time_zone_is_no_time_zone() {
        assert_eq!(
            next_open(&hours("Mars/Olympus", &[(&[], "09:00", "20:00")]), millis("2026-11-29T10:00:00Z")),
            Err(HoursError)
        );
    }

    proptest::proptest! {
        /// Whatever the hours, the moment found is not before the start, is itself open, and no quarter of an hour
        /// between the two is.
        #[test]
        fn the_first_open_moment(start in 1_700_000_000i64..1_900_000_000, from in 0u8..96, to in 0u8..96, days in 0u8..128) {
            proptest::prop_assume!(from != to);
            let text = |quarter: u8| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
            let all = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];
            let days: Vec<Day> = all.into_iter().enumerate().filter(|(at, _)| days >> at & 1 == 1).map(|(_, d)| d).collect();
            let hours = hours("Asia/Kathmandu", &[(&days, &text(from), &text(to))]);
            let start = Millis(start * 1000);
            let found = next_open(&hours, start).expect("readable").expect("within a week");
            proptest::prop_assert!(found >= start && found.0 - start.0 <= 8 * Millis::DAY);
            proptest::prop_assert_eq!(next_open(&hours, found), Ok(Some(found)));
            let quarter = 15 * Millis::MINUTE;
            let mut at = Millis((start.0 + quarter - 1) / quarter * quarter);
            while at < found {
                proptest::prop_assert_ne!(next_open(&hours, at), Ok(Some(at)));
                at = at.plus(quarter);
            }
        }
    }
}
