//! R23: when a route may be used. A wait delays a route and changes nothing else.

use domain::{Audience, Channel, Level, Millis};
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::facts::Facts;
use crate::facts::contact::ContactFacts;
use crate::facts::windows::{EVERY_DAY, Hours};
use crate::offers::{Offering, Offers};
use crate::policy::channels_of;
use crate::{words, zones};

/// Hours in which a person of whom no window is known may be reached, local time.
const DAY_BEGINS: i8 = 9;
const DAY_ENDS: i8 = 20;

/// Windows and hotline hours are asked in turn this often; they repeat weekly, so that what has not met by then
/// hardly ever will.
const ROUNDS: usize = 24;

/// A route whose windows and hotline hours do not meet waits so long and is then decided again.
const HORIZON: i64 = 8 * Millis::DAY;

/// Earliest instants, by recipient, place and channel as the engine numbers them; `None`: at once.
pub(crate) fn of(facts: &Facts, offers: &Offers, now: Millis, own: Audience) -> Vec<Option<Millis>> {
    let kept = facts.contacts.len();
    let mut waits = vec![None; facts.recipients.len() * (kept + 1) * Channel::ALL.len()];
    for r in 0..facts.recipients.len() {
        let audience = if r == 0 { own } else { Audience::Guardian };
        for c in 0..kept {
            let mut known: Option<(Asked<'_>, Millis)> = None;
            for channel in channels_of(r, Some(facts.contacts[c].kind)).iter().filter(|c| *c != Channel::Post) {
                let asked = Asked {
                    language: language(facts, (r, c), channel, audience, offers),
                    by_day: channel != Channel::Email,
                };
                let at = match known {
                    Some((same, at)) if same == asked => at,
                    _ => earliest(facts, c, asked, (words::offering(facts, c, offers), offers.zone()), now),
                };
                known = Some((asked, at));
                waits[(r * (kept + 1) + c + 1) * Channel::ALL.len() + channel as usize] = (at > now).then_some(at);
            }
        }
    }
    waits
}

/// What the channels of one contact point may differ in.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Asked<'a> {
    /// Language of the words, for its hotline.
    language: Option<&'a str>,
    /// Where no window is known, 09–20 local.
    by_day: bool,
}

/// A visit brings its own answer: no hotline.
fn language<'a>(
    facts: &'a Facts,
    at: (usize, usize),
    channel: Channel,
    audience: Audience,
    offers: &'a Offers,
) -> Option<&'a str> {
    if channel.is_in_person() {
        return None;
    }
    [Level::L3, Level::L2].into_iter().find_map(|level| words::language(facts, at, channel, audience, level, offers))
}

fn earliest(
    facts: &Facts,
    c: usize,
    asked: Asked<'_>,
    (offering, zone): (Option<&Offering>, Option<&TimeZone>),
    now: Millis,
) -> Millis {
    let society = offering.map(|o| &o.zone).or(zone).unwrap_or(&UTC);
    let contact = &facts.contacts[c];
    let hotline = hotline(asked.language, offering);
    let by_day = asked.by_day && !contact.windows.known();
    let zones = if by_day { local_zones(contact, society) } else { Vec::new() };
    let day = [day()];
    let full = asked.language.zip(offering).and_then(|(language, o)| o.saturated_until(language));
    let mut at = full.map_or(now, |until| until.max(now));
    for _ in 0..ROUNDS {
        let before = at;
        let safe = contact.windows.listings().iter().map(|hours| (hours.as_slice(), society));
        let open = (!hotline.is_empty()).then_some((hotline.as_slice(), society));
        let local = zones.iter().map(|zone| (&day[..], *zone));
        for (hours, zone) in safe.chain(open).chain(local) {
            match hours.iter().filter_map(|h| h.next(at, zone)).min() {
                Some(next) => at = next,
                None => return now.plus(HORIZON),
            }
        }
        if at == before {
            return at;
        }
    }
    now.plus(HORIZON)
}

/// Zones of the country of the number or address; where that is unknown, the Society's.
fn local_zones<'z>(contact: &ContactFacts, society: &'z TimeZone) -> Vec<&'z TimeZone> {
    let countries = contact.countries().iter().filter_map(|country| zones::of_country(*country));
    let zones: Vec<&TimeZone> = countries.flatten().collect();
    if zones.is_empty() { vec![society] } else { zones }
}

static UTC: TimeZone = TimeZone::UTC;

/// 09–20 local time.
fn day() -> Hours {
    Hours {
        from: Time::constant(DAY_BEGINS, 0, 0, 0),
        to: Time::constant(DAY_ENDS, 0, 0, 0),
        weekdays: EVERY_DAY,
        zone: None,
    }
}

/// Hours of the language's hotline; where that language has none, of the hotline as a whole.
fn hotline(language: Option<&str>, offering: Option<&Offering>) -> Vec<Hours> {
    let (Some(language), Some(offering)) = (language, offering) else {
        return Vec::new();
    };
    let hours = |h: &domain::society::HotlineHours| {
        // opening and closing at one time: day and night
        (h.opens != h.closes).then_some(Hours { from: h.opens, to: h.closes, weekdays: EVERY_DAY, zone: None })
    };
    let own: Vec<_> = offering.hours(language).collect();
    if own.iter().any(|h| h.opens == h.closes) {
        return Vec::new();
    }
    if own.is_empty() {
        return offering.society.hotline.hours.iter().filter_map(hours).collect();
    }
    own.into_iter().filter_map(hours).collect()
}
