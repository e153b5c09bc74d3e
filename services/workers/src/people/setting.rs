//! What surrounds every person: the Societies, and the words that are approved in the languages people name.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::notice::Notice;
use domain::society::Society;
use domain::{Audience, Channel, Level, Millis, SocietyCode};
use localisation::{Library, Tag, choose};
use protection::Offers;

/// Languages that people name, at most: what a hostile register invents beyond it has no words, and holds.
const WISHES: usize = 4_096;

/// Channels that a Society's own speakers or recordings serve; what they say is written here all the same.
const SPOKEN: [Channel; 2] = [Channel::CallLive, Channel::Ivr];

/// Channels on which words are written; recordings and speakers are a Society's own.
const WRITTEN: [Channel; 4] = [Channel::Post, Channel::Email, Channel::App, Channel::Sms];

/// What is ever written.
const LEVELS: [Level; 2] = [Level::L2, Level::L3];

/// Societies and approved words at one moment.
pub(crate) struct Setting {
    societies: BTreeMap<SocietyCode, Society>,
    approved: HashMap<(Audience, Channel, Level), HashSet<Tag>>,
    /// Offers, and the languages they were asked about.
    offers: Mutex<(Arc<Offers>, HashSet<String>)>,
}

impl Setting {
    /// Reads the Societies and which words may be sent: all there are in a drill, else those that people approved.
    pub(crate) fn new(societies: Vec<Society>, library: &Library, drill: bool, now: Millis) -> Self {
        let mut approved: HashMap<_, HashSet<Tag>> = HashMap::new();
        for &audience in Audience::ALL {
            for channel in WRITTEN {
                for level in LEVELS {
                    let notice = Notice::initial(audience, channel, level);
                    if localisation::audience::producible(&notice) {
                        let tags = library.approved(&notice, drill, now);
                        approved.insert((audience, channel, level), tags.into_iter().collect());
                    }
                }
            }
        }
        let societies: Vec<Society> = societies.into_iter().map(|s| with_scripts(s, library, drill, now)).collect();
        let offers = Arc::new(Offers::new(&societies));
        Self {
            societies: societies.into_iter().map(|s| (s.code.clone(), s)).collect(),
            approved,
            offers: Mutex::new((offers, HashSet::new())),
        }
    }

    /// The Societies.
    pub(crate) const fn societies(&self) -> &BTreeMap<SocietyCode, Society> {
        &self.societies
    }

    /// Approved words, as far as these languages go.
    pub(crate) fn offers<'a>(&self, wishes: impl Iterator<Item = &'a str>) -> Arc<Offers> {
        let mut known = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        let new: HashSet<&str> = wishes.filter(|w| !known.1.contains(*w)).collect();
        if new.is_empty() || known.1.len() >= WISHES {
            return Arc::clone(&known.0);
        }
        let mut offers = Offers::clone(&known.0);
        for wish in new {
            self.approve(&mut offers, wish);
            known.1.insert(wish.to_owned());
        }
        known.0 = Arc::new(offers);
        Arc::clone(&known.0)
    }

    /// The first of a language's curated stand-ins that has words, for every notice that is written.
    fn approve(&self, offers: &mut Offers, wish: &str) {
        let Ok(tag) = Tag::parse(wish) else {
            return;
        };
        let chain = choose::chain(&tag, false);
        for ((audience, channel, level), tags) in &self.approved {
            if let Some(words) = chain.iter().find(|tag| tags.contains(*tag)) {
                offers.approve(wish, words.as_str(), *audience, *channel, *level);
            }
        }
    }
}

/// The Society with speakers and recordings only in languages that have an approved script (R22): what cannot be
/// rendered is no route.
fn with_scripts(mut society: Society, library: &Library, drill: bool, now: Millis) -> Society {
    for offer in &mut society.offers {
        if !SPOKEN.contains(&offer.channel) {
            continue;
        }
        let notices = LEVELS.map(|level| Notice::initial(Audience::AidRecipient, offer.channel, level));
        let scripts = notices.map(|notice| library.approved(&notice, drill, now));
        let has = |tag: &str| {
            let own = Tag::parse(tag);
            own.is_ok_and(|own| scripts.iter().all(|tags| tags.contains(&own)))
        };
        offer.languages.retain(|tag| has(tag));
    }
    society
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speaker_without_a_script_is_no_speaker() {
        let now = Millis(1_700_000_000_000);
        let today = jiff::civil::Date::constant(2023, 11, 14);
        let options = registers::synth::SynthOptions::new(1, 1, today);
        let mut society = registers::synth::societies(&options).remove(0);
        for offer in &mut society.offers {
            offer.languages = vec!["en".to_owned(), "tlh".to_owned(), "not a tag".to_owned()];
        }
        let library = Library::embedded().expect("words");
        let setting = Setting::new(vec![society.clone()], &library, true, now);
        for offer in &setting.societies()[&society.code].offers {
            let kept = if SPOKEN.contains(&offer.channel) { 1 } else { 3 };
            assert_eq!(offer.languages.len(), kept, "{}", offer.channel);
        }
    }
}
