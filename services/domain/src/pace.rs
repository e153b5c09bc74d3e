//! How fast messages may leave: limits over a span of time, kept exactly, with one number of memory for each.
//!
//! A limit of N within a span lets a tenth of N go at once and spaces the rest evenly, so that no window of that span,
//! wherever it begins, ever holds more than N (the generic cell rate algorithm of ATM networks, ITU-T I.371).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::society::Society;
use crate::{Channel, Millis};

/// Messages that bring one call to a hotline, until the Society has seen from its first wave how many do.
pub const MESSAGES_PER_CALL: u32 = 5;

/// At most `most` within any `span`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    most: u32,
    /// Milliseconds.
    span: i64,
}

impl Rate {
    /// In any minute.
    #[must_use]
    pub const fn per_minute(most: u32) -> Self {
        Self { most, span: Millis::MINUTE }
    }

    /// In any hour.
    #[must_use]
    pub const fn per_hour(most: u32) -> Self {
        Self { most, span: Millis::HOUR }
    }

    /// How many may go at once after a rest.
    const fn burst(self) -> i64 {
        self.most.div_ceil(10) as i64
    }

    /// Microseconds between two, once those that may go at once have gone.
    const fn spacing(self) -> i64 {
        let spaced = self.most as i64 - self.burst() + 1;
        (self.span * 1000 + spaced - 1) / spaced
    }
}

/// What a limit has to remember: the instant, in microseconds, at which the next one would come if all were spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Meter(i64);

impl Meter {
    /// The earliest instant at which one more may go; a limit of none means: look again a span later.
    #[must_use]
    pub fn earliest(self, rate: Rate, now: Millis) -> Millis {
        if rate.most == 0 {
            return now.plus(rate.span);
        }
        let at = self.0 - (rate.burst() - 1) * rate.spacing();
        Millis(now.0.max(at.div_euclid(1000) + i64::from(at.rem_euclid(1000) > 0)))
    }

    /// One goes at this instant, which is not before [`Self::earliest`].
    pub fn take(&mut self, rate: Rate, at: Millis) {
        if rate.most > 0 {
            self.0 = self.0.max(at.0 * 1000) + rate.spacing();
        }
    }
}

/// Limits of one gateway.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pace {
    channels: BTreeMap<Channel, Rate>,
    /// By language in lower case: what its hotline can take.
    languages: BTreeMap<String, Rate>,
    /// The language whose line answers callers of languages that have none: the first that the Society lists.
    others: Option<String>,
}

/// Where a gateway's limits stand: by what has gone, and by what was promised a turn and has not come yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Meters {
    gone: Lines,
    promised: Lines,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Lines {
    channels: BTreeMap<Channel, Meter>,
    languages: BTreeMap<String, Meter>,
}

impl Lines {
    fn channel(&self, channel: Channel) -> Meter {
        self.channels.get(&channel).copied().unwrap_or_default()
    }

    fn language(&self, language: &str) -> Meter {
        self.languages.get(language).copied().unwrap_or_default()
    }
}

impl Meters {
    /// Whether somebody was promised a turn since promises were last forgotten.
    #[must_use]
    pub fn has_promises(&self) -> bool {
        self.promised != Lines::default()
    }

    /// Nobody waits for a turn any more: new ones are given from what has gone.
    pub fn forget_promises(&mut self) {
        self.promised = Lines::default();
    }
}

impl Pace {
    /// No limits.
    #[must_use]
    pub fn free() -> Self {
        Self::default()
    }

    /// What the Society's channels carry and its hotline's speakers can answer.
    #[must_use]
    pub fn of(society: &Society) -> Self {
        let per_call = society.hotline.messages_per_call.unwrap_or(MESSAGES_PER_CALL);
        let mut languages: BTreeMap<String, u32> = BTreeMap::new();
        for hours in &society.hotline.hours {
            // one language may have several lines: hours of the day, each with its own staff
            let most = languages.entry(hours.language.to_lowercase()).or_default();
            *most = (*most).max(hours.calls_per_hour.saturating_mul(per_call));
        }
        let channels = society.offers.iter().filter_map(|o| Some((o.channel, Rate::per_minute(o.per_minute?))));
        Self {
            channels: channels.collect(),
            languages: languages.into_iter().map(|(language, most)| (language, Rate::per_hour(most))).collect(),
            others: society.hotline.hours.first().map(|hours| hours.language.to_lowercase()),
        }
    }

    /// Limits a channel by the minute, beside what the pace holds.
    #[must_use]
    pub fn with_channel(mut self, channel: Channel, per_minute: u32) -> Self {
        self.channels.insert(channel, Rate::per_minute(per_minute));
        self
    }

    /// Limits the messages in a language by the hour, beside what the pace holds.
    #[must_use]
    pub fn with_language(mut self, language: &str, per_hour: u32) -> Self {
        self.languages.insert(language.to_lowercase(), Rate::per_hour(per_hour));
        self
    }

    /// Whether there is no limit at all.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.channels.is_empty() && self.languages.is_empty()
    }

    /// The earliest instant at which one message may go. Somebody who is visited asks on the spot: hotlines bound what
    /// leaves for a phone, a mailbox or a letter box.
    #[must_use]
    pub fn earliest(&self, meters: &Meters, channel: Channel, language: &str, now: Millis) -> Millis {
        let by_channel = self.channels.get(&channel).map(|rate| meters.gone.channel(channel).earliest(*rate, now));
        let by_language =
            self.hotline(channel, language).map(|(language, rate)| meters.gone.language(language).earliest(rate, now));
        by_channel.into_iter().chain(by_language).max().unwrap_or(now)
    }

    /// One message goes at this instant.
    pub fn take(&self, meters: &mut Meters, channel: Channel, language: &str, at: Millis) {
        if let Some(rate) = self.channels.get(&channel) {
            meters.gone.channels.entry(channel).or_default().take(*rate, at);
        }
        if let Some((language, rate)) = self.hotline(channel, language) {
            meters.gone.languages.entry(language.to_owned()).or_default().take(rate, at);
        }
    }

    /// The turn of a message that cannot go now: behind everybody who was promised one, so that each is put off once.
    pub fn promise(&self, meters: &mut Meters, channel: Channel, language: &str, now: Millis) -> Millis {
        let by_channel = self.channels.get(&channel).map(|rate| {
            let line = meters.promised.channels.entry(channel).or_default();
            *line = (*line).max(meters.gone.channel(channel));
            (line, *rate)
        });
        let by_language = self.hotline(channel, language).map(|(language, rate)| {
            let line = meters.promised.languages.entry(language.to_owned()).or_default();
            *line = (*line).max(meters.gone.language(language));
            (line, rate)
        });
        let mut lines: Vec<(&mut Meter, Rate)> = by_channel.into_iter().chain(by_language).collect();
        let at = lines.iter().map(|(line, rate)| line.earliest(*rate, now)).max().unwrap_or(now);
        lines.iter_mut().for_each(|(line, rate)| line.take(*rate, at));
        at
    }

    fn hotline(&self, channel: Channel, language: &str) -> Option<(&str, Rate)> {
        if channel.is_in_person() {
            return None;
        }
        let line = |wanted: &str| self.languages.iter().find(|(known, _)| known.eq_ignore_ascii_case(wanted));
        line(language).or_else(|| line(self.others.as_deref()?)).map(|(language, rate)| (language.as_str(), *rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that wants to go, as soon as it may.
    fn all(rate: Rate, wanted: &[i64]) -> Vec<i64> {
        let mut meter = Meter::default();
        let mut gone = Vec::new();
        let mut now = 0;
        for at in wanted {
            now = now.max(*at);
            now = meter.earliest(rate, Millis(now)).0;
            meter.take(rate, Millis(now));
            gone.push(now);
        }
        gone
    }

    fn fullest(gone: &[i64], span: i64) -> usize {
        (0..gone.len()).map(|i| gone[i..].iter().take_while(|at| **at < gone[i] + span).count()).max().unwrap_or(0)
    }

    #[test]
    fn no_window_ever_holds_more_than_the_limit() {
        let mut seed = 7_u64;
        let mut random = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for most in [1, 2, 3, 7, 10, 60, 99, 600, 30_000] {
            let rate = Rate::per_minute(most);
            let mut at = 1_796_000_000_000;
            let wanted: Vec<i64> = (0..most as usize * 3)
                .map(|_| {
                    // crowds, drops, and long rests
                    at += [0, 0, 0, 1, 37, 90_000][random(6) as usize] * i64::from(random(50) == 0);
                    at
                })
                .collect();
            let gone = all(rate, &wanted);
            assert!(fullest(&gone, Millis::MINUTE) <= most as usize, "{most} a minute");
        }
    }

    #[test]
    fn what_is_allowed_is_also_used() {
        for most in [1, 10, 60, 600] {
            let gone = all(Rate::per_minute(most), &vec![0; most as usize * 5]);
            // five minutes' worth takes five minutes and a rounding, not ten
            assert!(gone[gone.len() - 1] <= 5 * Millis::MINUTE * 11 / 10, "{most} a minute: {gone:?}");
            assert_eq!(gone.iter().filter(|at| **at == 0).count(), most.div_ceil(10) as usize, "at once");
        }
    }

    #[test]
    fn nothing_goes_where_none_may() {
        assert_eq!(Meter::default().earliest(Rate::per_hour(0), Millis(5)), Millis(5 + Millis::HOUR));
    }

    #[test]
    fn a_crowd_is_put_off_once_and_gone_when_its_turns_have_come() {
        let pace = Pace::free().with_language("fr", 100).with_channel(Channel::Sms, 50);
        let mut meters = Meters::default();
        let began = Millis(1_796_000_000_000);
        // Looked at in parts, as a gateway's credit allows, all at the same instant.
        let mut waiting: Vec<Millis> = Vec::new();
        for _ in 0..10 {
            for _ in 0..30 {
                if pace.earliest(&meters, Channel::Sms, "fr", began) <= began {
                    pace.take(&mut meters, Channel::Sms, "fr", began);
                } else {
                    waiting.push(pace.promise(&mut meters, Channel::Sms, "fr", began));
                }
            }
        }
        assert_eq!(waiting.len(), 300 - 5, "five go at once");
        for at in waiting {
            assert!(pace.earliest(&meters, Channel::Sms, "fr", at) <= at, "a promised turn is kept");
            pace.take(&mut meters, Channel::Sms, "fr", at);
        }
        let next = pace.promise(&mut meters, Channel::Sms, "fr", began);
        assert!(next.0 - began.0 < 4 * Millis::HOUR, "300 at 100 an hour");
        meters.forget_promises();
        assert_eq!(
            pace.promise(&mut meters.clone(), Channel::Sms, "fr", next.plus(Millis::DAY)),
            next.plus(Millis::DAY),
            "a line that has emptied promises at once"
        );
    }

    #[test]
    fn hotlines_bound_remote_messages_in_their_language() {
        let pace = Pace::free().with_language("fr", 10).with_channel(Channel::Sms, 1);
        let mut meters = Meters::default();
        let now = Millis(1_796_000_000_000);
        let earliest = |meters: &Meters, channel, language| pace.earliest(meters, channel, language, now);
        pace.take(&mut meters, Channel::Email, "fr", now);
        assert!(earliest(&meters, Channel::Email, "FR") > now, "the hotline is busy");
        assert!(earliest(&meters, Channel::Sms, "fr") > now, "on every channel");
        assert_eq!(earliest(&meters, Channel::Email, "en"), now, "that of another language is not");
        assert_eq!(earliest(&meters, Channel::Caseworker, "fr"), now, "a visit brings its answer");
        pace.take(&mut meters, Channel::Sms, "en", now);
        assert_eq!(earliest(&meters, Channel::Sms, "en"), now.plus(Millis::MINUTE));
        let kept = serde_json::to_string(&meters).expect("meters are plain");
        assert_eq!(serde_json::from_str::<Meters>(&kept).expect("and come back"), meters);
    }
}
