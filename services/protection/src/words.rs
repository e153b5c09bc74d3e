//! R22: the highest level for which a recipient's language has words, a recording or a speaker.

use domain::record::{LanguageMode, LanguageWish};
use domain::{Audience, Channel, Level};

use crate::facts::Facts;
use crate::offers::{Offers, speaks};

/// The highest level that has words on a remote route; `L0`: none. A channel that the Society does not offer is left
/// to the plan.
pub(crate) fn highest(
    facts: &Facts,
    recipient: usize,
    contact: usize,
    channel: Channel,
    audience: Audience,
    offers: &Offers,
) -> Level {
    for level in [Level::L3, Level::L2] {
        if language(facts, recipient, contact, channel, audience, level, offers).is_some() {
            return level;
        }
    }
    if !channel.is_text()
        && !is_offered(facts, contact, channel, offers)
        && !facts.recipients[recipient].languages.is_empty()
    {
        return Level::L3;
    }
    Level::L0
}

fn is_offered(facts: &Facts, contact: usize, channel: Channel, offers: &Offers) -> bool {
    let record = usize::from(facts.contacts[contact].record);
    let offering = facts
        .records
        .get(record)
        .and_then(|r| offers.offering(&r.society));
    offering.is_some_and(|o| o.society.offer(channel).is_some())
}

/// The first of the recipient's languages with words on a remote route at a level.
pub(crate) fn language(
    facts: &Facts,
    recipient: usize,
    contact: usize,
    channel: Channel,
    audience: Audience,
    level: Level,
    offers: &Offers,
) -> Option<String> {
    let wishes = &facts.recipients[recipient].languages;
    let mut wishes = wishes.iter().filter(|w| suits(w, channel));
    if offers.is_everything() {
        return wishes.next().map(|w| w.tag.clone());
    }
    if channel.is_text() {
        return wishes
            .find_map(|w| offers.text(&w.tag, audience, channel, level))
            .map(ToOwned::to_owned);
    }
    let record = usize::from(facts.contacts[contact].record);
    let offering = offers.offering(&facts.records.get(record)?.society)?;
    let offer = offering.society.offer(channel)?;
    if offer.up_to.is_some_and(|most| most < level) {
        return None;
    }
    wishes
        .find_map(|w| speaks(&offer.languages, &w.tag))
        .cloned()
}

/// A language that is only read is no use for a call, and the other way round.
pub(crate) fn suits(wish: &LanguageWish, channel: Channel) -> bool {
    match wish.mode {
        None => true,
        Some(LanguageMode::Read) => channel.is_text(),
        Some(LanguageMode::Listen) => !channel.is_text(),
    }
}
