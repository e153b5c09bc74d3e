//! What can be said in which language, and by whom: approved words, recordings, speakers, hotlines (R22, R23).

use std::collections::{BTreeMap, HashMap};

use domain::society::{HotlineHours, Society};
use domain::{Audience, Channel, Level, Millis, SocietyCode};
use jiff::tz::TimeZone;

/// Approved words, and the Societies with their teams and hotlines.
#[derive(Clone, Default)]
pub struct Offers {
    words: HashMap<String, Words>,
    societies: BTreeMap<SocietyCode, Offering>,
    everything: bool,
    /// Zone of all Societies, where everything is offered.
    zone: Option<TimeZone>,
}

/// Words of one language: a bit for each channel, by level (L2, L3) and audience.
#[derive(Clone, Default)]
struct Words {
    tag: String,
    channels: [[u16; Audience::ALL.len()]; 2],
}

/// One Society.
#[derive(Clone)]
pub(crate) struct Offering {
    pub(crate) society: Society,
    pub(crate) zone: TimeZone,
    /// Languages whose hotline is full, and until when.
    saturated: Vec<(String, Millis)>,
}

impl Offers {
    /// No words are approved yet.
    #[must_use]
    pub fn new(societies: &[Society]) -> Self {
        let offering = |society: &Society| Offering {
            society: society.clone(),
            // a Society whose zone is unknown is refused when it is put in; were it not, it would wait by UTC
            zone: TimeZone::get(&society.time_zone).unwrap_or(TimeZone::UTC),
            saturated: Vec::new(),
        };
        Self { societies: societies.iter().map(|s| (s.code.clone(), offering(s))).collect(), ..Self::default() }
    }

    /// Everything has words in every language, and every Society offers all channels: for explaining decisions
    /// without a campaign.
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// The same, with every Society in one IANA time zone; UTC if it is unknown.
    #[must_use]
    pub fn everything_in(zone: &str) -> Self {
        Self { everything: true, zone: TimeZone::get(zone).ok(), ..Self::default() }
    }

    pub(crate) const fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    /// Marks words as approved: the language as persons name it, and the tag of the words themselves.
    pub fn approve(&mut self, wish: &str, tag: &str, audience: Audience, channel: Channel, level: Level) {
        let words = self.words.entry(wish.to_ascii_lowercase()).or_default();
        tag.clone_into(&mut words.tag);
        if let Some(row) = level_row(level) {
            words.channels[row][audience as usize] |= 1 << channel as u16;
        }
    }

    /// The hotline of a Society is full in one language until then.
    pub fn saturate(&mut self, society: &SocietyCode, language: &str, until: Millis) {
        if let Some(offering) = self.societies.get_mut(society) {
            offering.saturated.push((language.to_owned(), until));
        }
    }

    pub(crate) fn offering(&self, society: &SocietyCode) -> Option<&Offering> {
        self.societies.get(society)
    }

    pub(crate) const fn is_everything(&self) -> bool {
        self.everything
    }

    /// Whether words in exactly one language, as a person names it, are approved; gives the tag of the words.
    pub(crate) fn text(&self, wish: &str, audience: Audience, channel: Channel, level: Level) -> Option<&str> {
        let words = find(&self.words, wish)?;
        let row = level_row(level)?;
        (words.channels[row][audience as usize] & (1 << channel as u16) != 0).then_some(words.tag.as_str())
    }
}

/// L2 and L3 are all that is ever written.
const fn level_row(level: Level) -> Option<usize> {
    match level {
        Level::L2 => Some(0),
        Level::L3 => Some(1),
        _ => None,
    }
}

/// By tag; else without its region. Never across scripts or languages: that is for people to decide.
fn find<'w>(words: &'w HashMap<String, Words>, wish: &str) -> Option<&'w Words> {
    if let Some(found) = words.get(wish) {
        return Some(found);
    }
    let lower = wish.trim().to_ascii_lowercase().replace('_', "-");
    words.get(&lower).or_else(|| words.get(without_region(&lower)?))
}

/// `fr-cd` → `fr`, `zh-hant-tw` → `zh-hant`; `None` where the last part is no region.
fn without_region(tag: &str) -> Option<&str> {
    let (head, tail) = tag.rsplit_once('-')?;
    let letters = tail.len() == 2 && tail.bytes().all(|b| b.is_ascii_alphabetic());
    let digits = tail.len() == 3 && tail.bytes().all(|b| b.is_ascii_digit());
    (letters || digits).then_some(head)
}

/// Whether a list of languages holds the one a person names.
pub(crate) fn speaks<'l>(offered: &'l [String], wish: &str) -> Option<&'l String> {
    let same = |tag: &&String| tag.eq_ignore_ascii_case(wish.trim());
    let lower = wish.trim().to_ascii_lowercase();
    offered.iter().find(same).or_else(|| {
        let language = without_region(&lower)?;
        offered.iter().find(|tag| tag.eq_ignore_ascii_case(language))
    })
}

impl Offering {
    /// Hours of the hotline in one language.
    pub(crate) fn hours(&self, language: &str) -> impl Iterator<Item = &HotlineHours> {
        let lower = language.to_ascii_lowercase();
        self.society.hotline.hours.iter().filter(move |h| {
            h.language.eq_ignore_ascii_case(&lower)
                || without_region(&lower).is_some_and(|l| h.language.eq_ignore_ascii_case(l))
        })
    }

    /// Until when the hotline is full in a language.
    pub(crate) fn saturated_until(&self, language: &str) -> Option<Millis> {
        self.saturated.iter().filter(|(l, _)| l.eq_ignore_ascii_case(language)).map(|(_, until)| *until).max()
    }
}
