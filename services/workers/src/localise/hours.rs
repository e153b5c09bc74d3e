//! The hours in which a gateway may send: where every listing of a contact point that names any agrees.

use contract::SafeHours;
use contract::parts::{Day, Window};
use domain::Millis;
use domain::record::SafeWindow;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// Minutes of a week, from Monday 00:00.
const WEEK: usize = 7 * DAY;
const DAY: usize = 24 * 60;

/// The contract takes no more windows.
const MOST: usize = 21;

/// Hours in which a person of whom no window is known may be reached, as the planner assumes them.
const USUAL: (i8, i8) = (9, 20);

const DAYS: [Day; 7] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];

/// 09–20 on every day.
pub(crate) fn usual(zone: &str) -> SafeHours {
    let text = |hour: i8| format!("{hour:02}:00");
    SafeHours {
        time_zone: zone.to_owned(),
        windows: vec![Window { days: Vec::new(), from: text(USUAL.0), to: text(USUAL.1) }],
    }
}

/// Hours on which all listings agree, in the zone of the first; zones apart by their offsets of today. `None`: there
/// are none, or more than can be said.
pub(crate) fn agreed(listings: &[&[SafeWindow]], zone: &str, now: Millis) -> Option<SafeHours> {
    let named = listings.iter().flat_map(|l| l.iter()).find_map(|w| w.zone.as_deref());
    let here = named.unwrap_or(zone);
    let mut open = vec![true; WEEK];
    for listing in listings {
        let mut own = vec![false; WEEK];
        for window in *listing {
            let shift = offset(here, now)? - offset(window.zone.as_deref().unwrap_or(zone), now)?;
            mark(&mut own, window, shift);
        }
        open.iter_mut().zip(&own).for_each(|(all, own)| *all &= *own);
    }
    let windows = windows(&open);
    (1..=MOST).contains(&windows.len()).then(|| SafeHours { time_zone: here.to_owned(), windows })
}

/// Minutes east of UTC.
fn offset(zone: &str, now: Millis) -> Option<i64> {
    let zone = TimeZone::get(zone).ok()?;
    Some(i64::from(zone.to_offset(now.timestamp()?).seconds()) / 60)
}

fn mark(week: &mut [bool], window: &SafeWindow, shift: i64) {
    let minute = |t: Time| usize::from(t.hour().unsigned_abs()) * 60 + usize::from(t.minute().unsigned_abs());
    let (from, mut to) = (minute(window.from), minute(window.to));
    if to <= from {
        to += DAY;
    }
    for day in (1i8..=7).filter(|d| window.weekdays.is_empty() || window.weekdays.contains(d)) {
        let start = usize::from(day.unsigned_abs() - 1) * DAY;
        for at in from..to {
            let place = ((start + at) as i64 + shift).rem_euclid(WEEK as i64);
            week[place as usize] = true;
        }
    }
}

/// Stretches of open minutes, days with the same hours together; none over midnight.
fn windows(week: &[bool]) -> Vec<Window> {
    let text = |minute: usize| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let mut found: Vec<(usize, usize, Vec<Day>)> = Vec::new();
    for (day, minutes) in DAYS.iter().zip(week.chunks(DAY)) {
        let mut at = 0;
        while let Some(from) = minutes[at..].iter().position(|open| *open).map(|p| p + at) {
            let to = minutes[from..].iter().position(|open| !*open).map_or(DAY, |p| p + from);
            match found.iter_mut().find(|(f, t, _)| (*f, *t) == (from, to)) {
                Some((_, _, days)) => days.push(*day),
                None => found.push((from, to, vec![*day])),
            }
            at = to;
        }
    }
    // The contract has no «24:00», and no window from 00:00 to 00:00: a whole day ends a minute early.
    let end = |to: usize| if to == DAY { DAY - 1 } else { to };
    found
        .into_iter()
        .map(|(from, to, days)| Window {
            days: if days.len() == DAYS.len() { Vec::new() } else { days },
            from: text(from),
            to: text(end(to)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: &str, to: &str, weekdays: &[i8], zone: Option<&str>) -> SafeWindow {
        SafeWindow {
            from: from.parse().expect("a time"),
            to: to.parse().expect("a time"),
            weekdays: weekdays.to_vec(),
            zone: zone.map(str::to_owned),
        }
    }

    fn said(listings: &[&[SafeWindow]]) -> Option<Vec<(usize, String, String)>> {
        let hours = agreed(listings, "Africa/Nairobi", Millis(1_700_000_000_000))?;
        Some(hours.windows.into_iter().map(|w| (w.days.len(), w.from, w.to)).collect())
    }

    fn one(days: usize, from: &str, to: &str) -> (usize, String, String) {
        (days, from.to_owned(), to.to_owned())
    }

    #[test]
    fn one_listing_is_said_as_it_is() {
        let w = [window("10:00", "12:30", &[], None)];
        assert_eq!(said(&[&w]), Some(vec![one(0, "10:00", "12:30")]));
        let w = [window("10:00", "12:30", &[1, 3], None), window("18:00", "19:00", &[2], None)];
        assert_eq!(said(&[&w]), Some(vec![one(2, "10:00", "12:30"), one(1, "18:00", "19:00")]));
    }

    #[test]
    fn listings_must_all_agree() {
        let (a, b) = ([window("08:00", "12:00", &[], None)], [window("11:00", "20:00", &[5], None)]);
        assert_eq!(said(&[&a, &b]), Some(vec![one(1, "11:00", "12:00")]));
        let c = [window("13:00", "20:00", &[], None)];
        assert_eq!(said(&[&a, &c]), None, "hours that never meet are none");
    }

    #[test]
    fn over_midnight_and_zones_apart() {
        let w = [window("22:00", "02:00", &[7], None)];
        assert_eq!(said(&[&w]), Some(vec![one(1, "00:00", "02:00"), one(1, "22:00", "23:59")]));
        let (a, b) =
            ([window("10:00", "12:00", &[], Some("Africa/Nairobi"))], [window("08:00", "10:00", &[], Some("UTC"))]);
        assert_eq!(said(&[&a, &b]), Some(vec![one(0, "11:00", "12:00")]), "Nairobi is three hours ahead");
    }

    #[test]
    fn an_unknown_zone_says_nothing() {
        assert_eq!(said(&[&[window("10:00", "12:00", &[], Some("Mars/Base"))]]), None);
    }
}
