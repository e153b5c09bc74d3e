//! From the canonical record to what linkage compares, and to what two records of one person cannot disagree on.

use domain::RecordId;
use domain::channel::ContactKind;
use domain::record::{Age, Birth, ChildStatus, ContactOwner, ContactPoint, Liberty, Record, Sex, Text, Vital};
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

/// Facts of rule R24's second sentence: known and incompatible, the two cannot be one person.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Coded {
    sex: Option<Sex>,
    /// First and last day on which the person can have been born.
    born: Option<(Date, Date)>,
    alive: Option<bool>,
    detained: Option<bool>,
    care: Option<ChildStatus>,
}

impl Coded {
    /// One of the facts is known on both sides and differs in a way that one person's records do not.
    pub(crate) fn clashes(&self, other: &Self) -> bool {
        fn differ<T: PartialEq + Copy>(a: Option<T>, b: Option<T>) -> bool {
            a.zip(b).is_some_and(|(a, b)| a != b)
        }
        let born = self.born.zip(other.born).is_some_and(|((a, b), (c, d))| b < c || d < a);
        born || differ(self.sex, other.sex)
            || differ(self.alive, other.alive)
            || differ(self.detained, other.detained)
            || differ(self.care, other.care)
    }
}

/// Coded facts of a record.
pub(crate) fn coded(record: &Record) -> Coded {
    Coded {
        sex: record.sex,
        born: born(record.birth, record.age),
        alive: record.vital.map(|v| v.value == Vital::Alive),
        detained: record.liberty.map(|l| l.value == Liberty::Detained),
        care: record.child_status,
    }
}

/// Estimates may be off by this many years (`protection.md`, fact «age»).
const ESTIMATE: i16 = 2;

fn born(birth: Option<Birth>, age: Option<Age>) -> Option<(Date, Date)> {
    let slack = |estimated| if estimated { ESTIMATE } else { 0 };
    if let Some(birth) = birth {
        let by = slack(birth.estimated);
        let first_month = birth.month.unwrap_or(1);
        let last_month = birth.month.unwrap_or(12);
        let first = Date::new(birth.year.checked_sub(by)?, first_month, birth.day.unwrap_or(1)).ok()?;
        let last = Date::new(birth.year.checked_add(by)?, last_month, 1).ok()?.last_of_month();
        let last = match birth.day {
            Some(day) => Date::new(last.year(), last_month, day).ok()?,
            None => last,
        };
        return Some((first, last));
    }
    let age = age?;
    let (from, to) = years(&age)?;
    Some((Date::new(from, 1, 1).ok()?, Date::new(to, 12, 31).ok()?))
}

/// First and last birth year that an age allows.
fn years(age: &Age) -> Option<(i16, i16)> {
    let by = if age.estimated { ESTIMATE } else { 0 };
    let year = age.as_of.year();
    let from = year.checked_sub(i16::from(age.max) + 1 + by)?;
    let to = year.checked_sub(i16::from(age.min))?.checked_add(by)?;
    (from <= to).then_some((from, to))
}

/// An address as it is compared: two spellings of one address give one text.
pub(crate) fn plain(kind: ContactKind, value: &str) -> String {
    let folded = value.nfkc().flat_map(char::to_lowercase);
    match kind {
        ContactKind::Phone => folded.filter(|c| c.is_numeric()).collect(),
        ContactKind::Email => folded.filter(|c| !c.is_whitespace()).collect(),
        ContactKind::Address => folded.filter(|c| c.is_alphanumeric()).collect(),
    }
}

/// What linkage is given for a record: identity only, no protection fact.
pub(crate) fn link_record(id: RecordId, record: &Record, never: &[RecordId]) -> linkage::LinkRecord {
    let text = |text: &Option<Text>| text.as_ref().map(|t| t.expose().to_owned());
    let texts = |texts: &[Text]| texts.iter().map(|t| t.expose().to_owned()).collect::<Vec<_>>();
    let own = |kind: ContactKind| {
        let mine = move |c: &&ContactPoint| {
            c.kind == kind && matches!(c.owner, None | Some(ContactOwner::Own | ContactOwner::Household))
        };
        record.contacts.iter().filter(mine).map(|c| c.value.expose().to_owned()).collect::<Vec<_>>()
    };
    let names = &record.names;
    let middle: Vec<_> = [&names.middle, &names.grandfather].into_iter().flatten().map(Text::expose).collect();
    linkage::LinkRecord {
        id: link_id(id),
        full: texts(&names.full),
        given: text(&names.given),
        middle: (!middle.is_empty()).then(|| middle.join(" ")),
        family: text(&names.family),
        father: text(&names.father),
        mother: text(&names.mother),
        birth: birth(record),
        sex: match record.sex {
            Some(Sex::Female) => Some(linkage::Sex::Female),
            Some(Sex::Male) => Some(linkage::Sex::Male),
            Some(Sex::Other) | None => None,
        },
        strong_ids: texts(&record.strong_ids),
        phones: own(ContactKind::Phone),
        emails: own(ContactKind::Email),
        place: texts(&record.places),
        street: own(ContactKind::Address),
        birth_place: text(&record.birth_place),
        never_with: never.iter().copied().map(link_id).collect(),
        ..linkage::LinkRecord::default()
    }
}

fn birth(record: &Record) -> Option<linkage::Birth> {
    if let Some(birth) = record.birth {
        return Some(linkage::Birth::Date {
            year: birth.year,
            month: birth.month.and_then(|m| u8::try_from(m).ok()),
            day: birth.day.and_then(|d| u8::try_from(d).ok()),
            estimated: birth.estimated,
        });
    }
    let (from, to) = years(record.age.as_ref()?)?;
    Some(linkage::Birth::Years { from, to })
}

/// A record as linkage names it.
pub(crate) fn link_id(id: RecordId) -> String {
    id.uuid().simple().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record::bare("KE".parse().expect("a code"), "rfl", "R-1")
    }

    #[test]
    fn one_address_in_two_spellings_is_one() {
        assert_eq!(plain(ContactKind::Phone, "+254 700-000 001"), plain(ContactKind::Phone, "+254700000001"));
        assert_ne!(plain(ContactKind::Phone, "+٢٥٤"), plain(ContactKind::Phone, "+٢٥٥"));
        assert_eq!(plain(ContactKind::Email, " Amal@Example.ORG"), "amal@example.org");
        assert_eq!(
            plain(ContactKind::Address, "12 Long Road,  Exampletown"),
            plain(ContactKind::Address, "12, LONG ROAD Exampletown")
        );
        assert_ne!(plain(ContactKind::Address, "12 Long Road"), plain(ContactKind::Address, "13 Long Road"));
    }

    #[test]
    fn known_and_different_clashes_and_unknown_never_does() {
        let facts = |change: fn(&mut Record)| {
            let mut r = record();
            change(&mut r);
            coded(&r)
        };
        let nothing = coded(&record());
        let woman = facts(|r| r.sex = Some(Sex::Female));
        let man = facts(|r| r.sex = Some(Sex::Male));
        assert!(woman.clashes(&man) && man.clashes(&woman));
        assert!(!woman.clashes(&woman) && !woman.clashes(&nothing) && !nothing.clashes(&man));
        let in_2001 = facts(|r| r.birth = Some(Birth { year: 2001, month: None, day: None, estimated: false }));
        let on_a_day = facts(|r| r.birth = Some(Birth { year: 2001, month: Some(5), day: Some(9), estimated: false }));
        let about_2003 = facts(|r| r.birth = Some(Birth { year: 2003, month: None, day: None, estimated: true }));
        let in_2004 = facts(|r| r.birth = Some(Birth { year: 2004, month: None, day: None, estimated: false }));
        assert!(!in_2001.clashes(&on_a_day), "a day lies in its year");
        assert!(!in_2001.clashes(&about_2003), "an estimate reaches two years");
        assert!(in_2001.clashes(&in_2004));
    }

    #[test]
    fn ages_become_years() {
        let mut r = record();
        r.age = Some(Age { min: 14, max: 15, as_of: Date::constant(2022, 1, 18), estimated: false });
        let Some(linkage::Birth::Years { from, to }) = link_record(RecordId::random(), &r, &[]).birth else {
            panic!("years were expected");
        };
        assert_eq!((from, to), (2006, 2008));
    }

    #[test]
    fn a_neighbours_phone_is_not_evidence_of_identity() {
        let mut r = record();
        r.contacts.push(ContactPoint::bare(ContactKind::Phone, "+254700000001"));
        r.contacts.push(ContactPoint {
            owner: Some(ContactOwner::Neighbour),
            ..ContactPoint::bare(ContactKind::Phone, "+254700000002")
        });
        assert_eq!(link_record(RecordId::random(), &r, &[]).phones, ["+254700000001"]);
    }
}
