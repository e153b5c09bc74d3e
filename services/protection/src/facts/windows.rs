//! Safe windows of a contact point (R23).

use domain::Millis;
use domain::record::SafeWindow;
use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;

/// The windows of every listing of one value; an instant must lie in a window of each listing that names any.
#[derive(Clone, Default)]
pub(crate) struct Windows {
    listings: Vec<Vec<Hours>>,
    unreadable: bool,
}

/// One stretch of hours on some weekdays.
#[derive(Clone)]
pub(crate) struct Hours {
    pub(crate) from: Time,
    pub(crate) to: Time,
    /// Bit 0: Monday.
    pub(crate) weekdays: u8,
    /// `None`: the Society's.
    pub(crate) zone: Option<TimeZone>,
}

/// Every day of the week.
pub(crate) const EVERY_DAY: u8 = 0x7f;

impl Windows {
    /// An empty list says nothing about when it is safe.
    pub(crate) fn read(&mut self, windows: Option<&[SafeWindow]>) {
        let Some(windows) = windows.filter(|w| !w.is_empty()) else {
            return;
        };
        let hours: Vec<_> = windows.iter().filter_map(Hours::read).collect();
        self.unreadable |= hours.len() < windows.len();
        self.listings.push(hours);
    }

    pub(crate) const fn known(&self) -> bool {
        self.unreadable || !self.listings.is_empty()
    }

    /// A window that cannot be read might be any; windows that never meet are none. Neither is used.
    pub(crate) fn never_open(&self) -> bool {
        self.unreadable || (self.listings.len() > 1 && self.same_zone() && !self.ever_meet())
    }

    pub(crate) fn listings(&self) -> &[Vec<Hours>] {
        &self.listings
    }

    fn same_zone(&self) -> bool {
        let mut zones = self.listings.iter().flatten().map(|h| &h.zone);
        let first = zones.next();
        zones.all(|zone| Some(zone) == first)
    }

    /// Some start of a window lies in a window of every other listing.
    fn ever_meet(&self) -> bool {
        let starts = self.listings.iter().flatten().map(|h| (h.weekdays, h.from));
        let mut starts =
            starts.flat_map(|(days, from)| (0..7).filter(move |d| days & (1 << d) != 0).map(move |d| (d, from)));
        starts.any(|(day, time)| self.listings.iter().all(|l| l.iter().any(|h| h.holds(day, time))))
    }
}

impl Hours {
    fn read(window: &SafeWindow) -> Option<Self> {
        let zone = match window.zone.as_deref() {
            Some(name) => Some(TimeZone::get(name).ok()?),
            None => None,
        };
        let mut weekdays = 0;
        for day in &window.weekdays {
            let day = u8::try_from(*day).ok().filter(|d| (1..=7).contains(d))?;
            weekdays |= 1 << (day - 1);
        }
        if window.from == window.to {
            return None; // all day or never: nobody can tell
        }
        Some(Self {
            from: window.from,
            to: window.to,
            weekdays: if weekdays == 0 { EVERY_DAY } else { weekdays },
            zone,
        })
    }

    /// Whether a weekday (0: Monday) and time lie inside; a window over midnight belongs to the day on which it opens.
    fn holds(&self, day: u8, time: Time) -> bool {
        let on = |day: u8| self.weekdays & (1 << day) != 0;
        if self.from < self.to {
            on(day) && time >= self.from && time < self.to
        } else {
            (on(day) && time >= self.from) || (on((day + 6) % 7) && time < self.to)
        }
    }

    /// The first instant from `at` on that lies inside; `None`: not within a week.
    pub(crate) fn next(&self, at: Millis, society: &TimeZone) -> Option<Millis> {
        let zone = self.zone.as_ref().unwrap_or(society);
        let local: DateTime = zone.to_datetime(at.timestamp()?);
        if self.holds(day_of(local.weekday()), local.time()) {
            return Some(at);
        }
        let mut date = local.date();
        for _ in 0..=7 {
            if self.weekdays & (1 << day_of(date.weekday())) != 0 {
                let start = Millis::from(zone.to_timestamp(date.to_datetime(self.from)).ok()?);
                if start >= at {
                    return Some(start);
                }
            }
            date = date.tomorrow().ok()?;
        }
        None
    }
}

fn day_of(weekday: Weekday) -> u8 {
    // 0 to 6
    u8::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)
}
