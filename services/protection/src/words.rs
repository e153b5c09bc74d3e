//! R22: the highest level for which a recipient's language has words, a recording or a speaker.

use domain::record::{LanguageMode, LanguageWish};
use domain::{Audience, Channel, Level};

use crate::facts::Facts;
use crate::offers::{Offering, Offers, speaks};

/// The highest level that has words on a remote route; `L0`: none. A channel that the Society does not offer at all
/// is left to the plan.
pub(crate) fn highest(
    facts: &Facts,
    (recipient, contact): (usize, usize),
    channel: Channel,
    audience: Audience,
    offers: &Offers,
) -> Level {
    for level in [Level::L3, Level::L2] {
        if language(facts, (recipient, contact), channel, audience, level, offers).is_some() {
            return level;
        }
    }
    let offered = || offering(facts, contact, offers).is_some_and(|o| o.society.offer(channel).is_some());
    let understood = facts.recipients[recipient].languages.iter().any(|w| suits(w, channel));
    if channel.is_text() || !understood || offered() { Level::L0 } else { Level::L3 }
}

/// The Society whose record holds a contact point.
pub(crate) fn offering<'o>(facts: &Facts, contact: usize, offers: &'o Offers) -> Option<&'o Offering> {
    let record = usize::from(facts.contacts[contact].record);
    offers.offering(&facts.records.get(record)?.society)
}

/// The first of the recipient's languages with words on a remote route at a level: the tag of the words.
pub(crate) fn language<'l>(
    facts: &'l Facts,
    (recipient, contact): (usize, usize),
    channel: Channel,
    audience: Audience,
    level: Level,
    offers: &'l Offers,
) -> Option<&'l str> {
    let mut wishes = facts.recipients[recipient].languages.iter().filter(|w| suits(w, channel));
    if offers.is_everything() {
        return wishes.next().map(|w| w.tag.as_str());
    }
    if channel.is_text() {
        return wishes.find_map(|w| offers.text(&w.tag, audience, channel, level));
    }
    let offer = offering(facts, contact, offers)?.society.offer(channel)?;
    if offer.up_to.is_some_and(|most| most < level) {
        return None;
    }
    wishes.find_map(|w| speaks(&offer.languages, &w.tag)).map(String::as_str)
}

/// A language that is only read is no use for a call, and the other way round.
pub(crate) fn suits(wish: &LanguageWish, channel: Channel) -> bool {
    match wish.mode {
        None => true,
        Some(LanguageMode::Read) => channel.is_text(),
        Some(LanguageMode::Listen) => !channel.is_text(),
    }
}
