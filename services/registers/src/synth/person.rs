//! An invented person, and how a register writes one down.

use domain::channel::ContactKind;
use domain::incident::{Certainty, DataCategory};
use domain::record::{
    Age, Answer, Birth, ContactOwner, ContactPoint, ContactStatus, Exposure, LanguageMode, LanguageWish, Literacy,
    Record, Sex, Text,
};
use jiff::ToSpan;
use jiff::civil::Date;

use super::dice::Dice;
use super::names::{Culture, Spelled};
use super::world::Country;

/// Somebody, before any register has written anything down.
#[derive(Clone)]
pub(super) struct Someone {
    pub(super) number: u32,
    pub(super) sex: Sex,
    pub(super) born: Date,
    pub(super) given: Spelled,
    pub(super) family: Spelled,
    pub(super) father: Spelled,
    pub(super) mother: Spelled,
    pub(super) culture: &'static Culture,
    /// Country of presence.
    pub(super) here: &'static Country,
    /// Country of birth and nationality.
    pub(super) from: &'static Country,
    pub(super) birth_town: usize,
    pub(super) town: usize,
    pub(super) street: u64,
    /// Position of the best language among those of the culture.
    pub(super) language: usize,
    pub(super) literacy: Option<Literacy>,
    pub(super) strong_id: Option<String>,
}

/// How much of a birth date a register holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BirthKept {
    Day,
    Month,
    Year,
    Age,
    Nothing,
}

/// How a register spells and keeps things.
#[derive(Clone, Copy)]
pub(super) struct Habit {
    /// In the person's own script.
    pub(super) native: bool,
    /// Typing errors happen.
    pub(super) sloppy: bool,
    pub(super) birth: BirthKept,
}

impl Someone {
    /// Years of age on a day.
    pub(super) fn age_on(&self, day: Date) -> i32 {
        let before = (day.month(), day.day()) < (self.born.month(), self.born.day());
        i32::from(day.year()) - i32::from(self.born.year()) - i32::from(before)
    }

    /// Full name in own script and in each Latin spelling: what a leak would look like.
    pub(super) fn full_names(&self) -> Vec<Text> {
        let native = self.joined_name(&self.given.native, &self.family.native, true);
        let latin = self
            .given
            .latin
            .iter()
            .flat_map(|given| self.family.latin.iter().map(move |family| self.joined_name(given, family, false)));
        std::iter::once(native).chain(latin).map(Text::from).collect()
    }

    fn joined_name(&self, given: &str, family: &str, native: bool) -> String {
        let gap = if native && self.culture.joined { "" } else { " " };
        if self.culture.family_first { format!("{family}{gap}{given}") } else { format!("{given}{gap}{family}") }
    }

    /// The postal address in one line.
    pub(super) fn address(&self) -> String {
        format!(
            "House {}, Street {}, {}, {}",
            self.street % 97 + 1,
            self.street % 389 + 1,
            self.here.towns[self.town].1,
            self.here.code
        )
    }

    /// The record with identity facts only; the story adds the rest.
    pub(super) fn record(&self, mut record: Record, created: Date, habit: Habit, dice: &mut Dice) -> Record {
        let spell = |name: &Spelled, dice: &mut Dice| -> String {
            if habit.native {
                return name.native.clone();
            }
            let text = name.latin(dice).to_owned();
            if habit.sloppy && dice.percent(30) { misspell(&text, dice) } else { text }
        };
        let given = spell(&self.given, dice);
        let family = spell(&self.family, dice);
        record.names.full.push(self.joined_name(&given, &family, habit.native).into());
        if dice.percent(80) {
            record.names.given = Some(given.into());
            record.names.family = Some(family.into());
        }
        if dice.percent(60) {
            record.names.father = Some(spell(&self.father, dice).into());
        }
        if dice.percent(25) {
            record.names.mother = Some(spell(&self.mother, dice).into());
        }
        record.sex = dice.percent(97).then_some(self.sex);
        self.keep_birth(&mut record, created, habit.birth);
        let town = |at: usize, country: &Country| {
            let (native, latin) = country.towns[at];
            if habit.native { native } else { latin }
        };
        record.birth_place = dice.percent(55).then(|| town(self.birth_town, self.from).into());
        record.nationality = dice.percent(85).then(|| self.from.code.to_owned());
        record.country_of_presence = Some(self.here.code.to_owned());
        record.places = vec![town(self.town, self.here).into()];
        record.strong_ids = self.strong_id.iter().filter(|_| dice.percent(70)).map(|id| id.as_str().into()).collect();
        record.languages = self.languages(dice);
        record.literacy = self.literacy;
        record.created_on = Some(created);
        record.updated_on = Some(created);
        record.exposure = [DataCategory::Name, DataCategory::Contact, DataCategory::Birth]
            .map(|category| Exposure { category, certainty: Certainty::Confirmed, intrusion: Some(1) })
            .to_vec();
        record
    }

    fn keep_birth(&self, record: &mut Record, created: Date, kept: BirthKept) {
        let mut birth = Birth {
            year: self.born.year(),
            month: Some(self.born.month()),
            day: Some(self.born.day()),
            estimated: false,
        };
        match kept {
            BirthKept::Day => record.birth = Some(birth),
            BirthKept::Month => {
                birth.day = None;
                record.birth = Some(birth);
            }
            BirthKept::Year => {
                (birth.month, birth.day) = (None, None);
                record.birth = Some(birth);
            }
            BirthKept::Age => {
                let years = u8::try_from(self.age_on(created)).unwrap_or(0);
                record.age = Some(Age { min: years, max: years, as_of: created, estimated: false });
            }
            BirthKept::Nothing => {}
        }
    }

    fn languages(&self, dice: &mut Dice) -> Vec<LanguageWish> {
        let tags = self.culture.languages;
        let mode = match self.literacy {
            Some(Literacy::Cannot) => Some(LanguageMode::Listen),
            _ => None,
        };
        let best = tags[self.language % tags.len()];
        let mut wishes = vec![LanguageWish { tag: best.to_owned(), mode }];
        if dice.percent(15) {
            wishes.extend(
                tags.iter().filter(|t| **t != best).take(1).map(|t| LanguageWish { tag: (*t).to_owned(), mode }),
            );
        }
        wishes
    }
}

/// One slip of the hand: a letter dropped, doubled, or two swapped. The first letter stays.
fn misspell(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 4 {
        return text.to_owned();
    }
    let at = 1 + dice.below(letters.len() as u64 - 2) as usize;
    match dice.below(3) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

/// A phone or address that the person owns and that was confirmed lately, in use, in the country of presence.
/// What the dice leave out is unknown, as in life.
pub(super) fn own(kind: ContactKind, value: &str, here: &Country, now: Date, dice: &mut Dice) -> ContactPoint {
    let mut point = ContactPoint::bare(kind, value);
    point.owner = dice.percent(85).then_some(ContactOwner::Own);
    point.country = Some(here.code.to_owned());
    point.status = dice.percent(80).then_some(ContactStatus::Active);
    let fresh = dice.percent(72);
    let days = if fresh { dice.between(3, 330) } else { dice.between(400, 2_600) };
    let seen = now.saturating_sub(days.days());
    point.collected_on = Some(seen.saturating_sub(dice.between(0, 400).days()));
    point.verified_on = dice.percent(80).then_some(seen);
    if dice.percent(58) {
        point.safe = Some(Answer::Yes);
        point.safe_confirmed_on = point.verified_on;
        point.may_name_org = dice.percent(75).then_some(Answer::Yes);
        point.voicemail_ok = dice.percent(30).then_some(Answer::No);
    }
    point
}

/// A contact point about which everything is known and good: what a story needs to go all the way.
pub(super) fn trusted(kind: ContactKind, value: &str, here: &Country, now: Date, dice: &mut Dice) -> ContactPoint {
    let seen = now.saturating_sub(dice.between(3, 300).days());
    let mut point = ContactPoint::bare(kind, value);
    point.owner = Some(ContactOwner::Own);
    point.country = Some(here.code.to_owned());
    point.status = Some(ContactStatus::Active);
    point.collected_on = Some(seen.saturating_sub(60.days()));
    point.verified_on = Some(seen);
    point.safe = Some(Answer::Yes);
    point.safe_confirmed_on = Some(seen);
    point.may_name_org = Some(Answer::Yes);
    point
}
