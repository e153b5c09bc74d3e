//! Records as given to records as compared.

use rayon::prelude::*;

use crate::dates;
use crate::fields::OTHER_FIELDS;
use crate::names::{self, Name};
use crate::packed::{self, NAMED, Packed, PackedName, TWO_PERSONS, UNORDERED, fill};
use crate::record::LinkRecord;
use crate::terms::{Dictionary, Term};
use crate::text;

/// Further names of one record that are compared.
const ALIASES: usize = 3;
/// Records that are normalised as one piece of work. Larger pieces see more values again, and leave less to take over.
const PIECE: usize = 4096;

/// Everything taken in so far.
#[derive(Default)]
pub(crate) struct Intake {
    pub(crate) names: Dictionary,
    /// Words of streets and parts of places; the first byte says which.
    pub(crate) words: Dictionary,
    /// All other values; the first byte says which kind a value is of.
    pub(crate) values: Dictionary,
    pub(crate) records: Vec<Packed>,
    pub(crate) aliases: Vec<PackedName>,
    /// Further fields, for records that have any; empty when none has.
    pub(crate) others: Vec<[Term; OTHER_FIELDS]>,
    /// Hash of everything that is compared: orders records independently of ids and of the caller's order.
    pub(crate) content: Vec<u64>,
    pub(crate) ids: Ids,
    /// (index, id it must never be merged with).
    pub(crate) never_with: Vec<(u32, String)>,
    any_other: bool,
}

/// Kinds of values, as first bytes.
pub(crate) mod kind {
    pub(crate) const PLACE: char = 'p';
    pub(crate) const POSTCODE: char = 'c';
    pub(crate) const STREET: char = 's';
    pub(crate) const STREET_WORD: char = 'w';
    pub(crate) const ID: char = 'i';
    pub(crate) const PHONE: char = 't';
    pub(crate) const EMAIL: char = 'e';
    pub(crate) const EMAIL_LOCAL: char = 'l';
    pub(crate) const OCCUPATION: char = 'o';
    pub(crate) const BIRTH_PLACE: char = 'b';
    pub(crate) const OTHER: char = '0';
}

/// Ids in one string: half a million small strings would weigh more than the records.
#[derive(Default)]
pub(crate) struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    pub(crate) fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len());
    }

    pub(crate) fn get(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }
}

impl Intake {
    /// Takes in records, on all cores.
    pub(crate) fn extend(&mut self, records: &[LinkRecord]) {
        for piece in Self::pieces(records, |record, intake| intake.take(record)) {
            self.absorb(piece);
        }
    }

    /// Normalises records, or what `take` makes records of, on all cores, in pieces that are yet to be absorbed.
    pub(crate) fn pieces<T: Sync>(batch: &[T], take: impl Fn(&T, &mut Self) + Sync) -> Vec<Self> {
        batch
            .par_chunks(PIECE)
            .map(|piece| {
                let mut intake = Self::default();
                piece.iter().for_each(|one| take(one, &mut intake));
                intake
            })
            .collect()
    }

    /// Takes in one record.
    pub(crate) fn take(&mut self, record: &LinkRecord) {
        let index = self.records.len() as u32;
        self.ids.push(&record.id);
        for other in &record.never_with {
            self.never_with.push((index, other.clone()));
        }
        let mut draft = Draft {
            intake: self,
            packed: Packed { dataset: record.dataset, ..Packed::default() },
            content: 0,
            key: String::new(),
        };
        draft.names(record);
        draft.birth(record);
        draft.contacts(record);
        draft.places(record);
        let others = draft.others(record);
        let (packed, content) = (draft.packed, draft.content);
        self.records.push(packed);
        self.content.push(content);
        self.others.push(others);
    }

    /// Takes over what another intake holds, after what this one holds.
    pub(crate) fn absorb(&mut self, piece: Intake) {
        let (values, (names, words)) = rayon::join(
            || self.values.absorb(&piece.values),
            || (self.names.absorb(&piece.names), self.words.absorb(&piece.words)),
        );
        let base = self.records.len() as u32;
        let alias_base = self.aliases.len() as u32;
        let name = |t: &mut Term| *t = names[*t as usize];
        let value = |t: &mut Term| *t = values[*t as usize];
        self.aliases.extend(piece.aliases.into_iter().map(|mut alias| {
            alias.each().for_each(name);
            alias
        }));
        self.records.extend(piece.records.into_iter().map(|mut r| {
            r.name.each().for_each(name);
            r.father.iter_mut().chain(&mut r.mother).for_each(name);
            r.ids.iter_mut().chain(&mut r.phones).for_each(value);
            for term in r.places.iter_mut().chain(&mut r.street_words) {
                *term = words[*term as usize];
            }
            for term in [
                &mut r.email,
                &mut r.email_local,
                &mut r.postcode,
                &mut r.street,
                &mut r.occupation,
                &mut r.birth_place,
            ] {
                value(term);
            }
            r.alias += alias_base;
            r
        }));
        if piece.any_other && !self.any_other {
            self.any_other = true;
            self.others = vec![[0; OTHER_FIELDS]; base as usize];
        }
        if self.any_other {
            self.others.extend(piece.others.into_iter().map(|mut o| {
                o.iter_mut().for_each(value);
                o
            }));
            // A piece without any such value may not have kept them.
            self.others.resize(self.records.len(), [0; OTHER_FIELDS]);
        }
        self.content.extend(piece.content);
        for i in 0..piece.ids.ends.len() {
            self.ids.push(piece.ids.get(i));
        }
        self.never_with.extend(piece.never_with.into_iter().map(|(i, id)| (i + base, id)));
    }
}

/// One record on its way.
struct Draft<'a> {
    intake: &'a mut Intake,
    packed: Packed,
    content: u64,
    /// Reused for dictionary keys.
    key: String,
}

impl Draft<'_> {
    fn mark(&mut self, kind: u64, value: &str) {
        self.content = text::mix(self.content ^ kind, text::hash(value.as_bytes()));
    }

    fn value(&mut self, kind: char, value: &str) -> Term {
        if value.is_empty() {
            return 0;
        }
        self.mark(kind as u64, value);
        self.key.clear();
        self.key.push(kind);
        self.key.push_str(value);
        match kind {
            kind::PLACE | kind::STREET_WORD => self.intake.words.intern(&self.key),
            _ => self.intake.values.intern(&self.key),
        }
    }

    fn role<const N: usize>(&mut self, kind: u64, tokens: &[String]) -> [Term; N] {
        for token in tokens {
            self.mark(kind, token);
        }
        fill(tokens.iter().map(|t| self.intake.names.intern(t)).collect::<Vec<_>>())
    }

    fn names(&mut self, record: &LinkRecord) {
        let parts = names::of_parts(record.given.as_deref(), record.middle.as_deref(), record.family.as_deref());
        let mut all: Vec<Name> = std::iter::once(parts)
            .chain(record.full.iter().map(|full| names::of_whole(full)))
            .filter(|name| !name.is_empty())
            .collect();
        all.dedup();
        // The order in which a register lists several names means nothing.
        if all.len() > 2 {
            all[1..].sort_by(|x, y| (&x.given, &x.family).cmp(&(&y.given, &y.family)));
        }
        let mut sex = record.sex;
        for (i, name) in all.iter().take(ALIASES + 1).enumerate() {
            let packed_name = PackedName {
                given: self.role(1, &name.given),
                middle: self.role(2, &name.middle),
                family: self.role(3, &name.family),
            };
            if name.marks.two_persons {
                self.packed.flags |= TWO_PERSONS;
            }
            self.packed.generation = self.packed.generation.max(name.marks.generation);
            sex = sex.or(name.marks.sex);
            if i == 0 {
                self.packed.name = packed_name;
                self.packed.flags |= NAMED;
                if name.unordered {
                    self.packed.flags |= UNORDERED;
                }
                self.packed.alias = self.intake.aliases.len() as u32;
            } else {
                self.intake.aliases.push(packed_name);
                self.packed.aliases += 1;
                if name.unordered {
                    self.packed.flags |= UNORDERED;
                }
            }
        }
        self.packed.set_sex(sex);
        let relative = |v: &Option<String>| v.as_deref().map(names::of_relative).unwrap_or_default();
        let father = relative(&record.father);
        self.packed.father = self.role(4, &father);
        let mother = relative(&record.mother);
        self.packed.mother = self.role(5, &mother);
        let marks =
            u64::from(self.packed.flags) << 16 | u64::from(self.packed.generation) << 8 | u64::from(self.packed.sex);
        self.content = text::mix(self.content, marks);
    }

    fn birth(&mut self, record: &LinkRecord) {
        let Some(birth) = record.birth else { return };
        let (date, mut second) = dates::read(birth);
        let ethiopic = |s: &String| s.chars().any(|c| ('\u{1200}'..='\u{137f}').contains(&c));
        if second.is_none() && record.full.iter().chain(&record.given).any(ethiopic) {
            second = dates::ethiopian(birth);
        }
        self.packed.date = date;
        self.packed.date2 = second;
        let precision = (date.precision as u64) << 40 | u64::from(date.span) << 48;
        self.content = text::mix(self.content, date.key() | precision);
    }

    fn contacts(&mut self, record: &LinkRecord) {
        let ids = sorted(record.strong_ids.iter().filter_map(|v| strong_id(v)));
        self.packed.ids = fill(ids.iter().map(|v| self.value(kind::ID, v)).collect::<Vec<_>>());
        let phones = sorted(record.phones.iter().filter_map(|v| phone(v)));
        self.packed.phones = fill(phones.iter().map(|v| self.value(kind::PHONE, v)).collect::<Vec<_>>());
        let emails = sorted(record.emails.iter().filter_map(|v| email(v)));
        if let Some((local, domain)) = emails.first().and_then(|e| e.split_once('@')) {
            self.packed.email = self.value(kind::EMAIL, &format!("{local}@{domain}"));
            if local.len() >= 3 {
                self.packed.email_local = self.value(kind::EMAIL_LOCAL, local);
            }
        }
    }

    fn places(&mut self, record: &LinkRecord) {
        let parts: Vec<String> = record.place.iter().map(|p| plain(p)).collect();
        self.packed.places = fill(parts.iter().map(|v| self.value(kind::PLACE, v)).collect::<Vec<_>>());
        let postcode = record.postcode.as_deref().and_then(code).unwrap_or_default();
        self.packed.postcode = self.value(kind::POSTCODE, &postcode);
        let mut street = String::new();
        for part in record.street.iter().map(|part| plain(part)).filter(|part| !part.is_empty()) {
            if !street.is_empty() {
                street.push(' ');
            }
            street.push_str(&part);
        }
        self.packed.street = self.value(kind::STREET, &street);
        let words = || street.split(' ').filter(|word| !word.is_empty());
        let mut telling: Vec<&str> = words().filter(|w| !is_street_word(w)).map(street_stem).collect();
        if telling.is_empty() {
            telling = words().collect();
        }
        self.packed.street_words =
            fill(telling.into_iter().map(|w| self.value(kind::STREET_WORD, w)).collect::<Vec<_>>());
        let occupation = record.occupation.as_deref().map(plain).unwrap_or_default();
        self.packed.occupation = self.value(kind::OCCUPATION, &occupation);
        let birth_place = record.birth_place.as_deref().map(plain).unwrap_or_default();
        self.packed.birth_place = self.value(kind::BIRTH_PLACE, &birth_place);
    }

    fn others(&mut self, record: &LinkRecord) -> [Term; OTHER_FIELDS] {
        let mut out = [0; OTHER_FIELDS];
        for (i, value) in record.other.iter().take(OTHER_FIELDS).enumerate() {
            let value = value.as_deref().map(plain).unwrap_or_default();
            let kind = char::from_u32(kind::OTHER as u32 + i as u32).unwrap_or(kind::OTHER);
            out[i] = self.value(kind, &value);
            self.intake.any_other |= out[i] != 0;
        }
        out
    }
}

fn sorted(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut values: Vec<String> = values.collect();
    values.sort();
    values.dedup();
    values
}

/// Folded words, in ASCII, joined by blanks. Placeholders are empty.
fn plain(value: &str) -> String {
    let mut folded = text::fold(value);
    if text::is_placeholder(&folded) && !folded.trim().bytes().all(|b| b.is_ascii_digit()) {
        return String::new();
    }
    if folded.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return folded;
    }
    let mut out = String::with_capacity(folded.len());
    if folded.is_ascii() {
        // What `words` does, without a string for each of them.
        folded.retain(|c| !text::is_apostrophe(c));
        for word in folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        return out;
    }
    for word in text::words(&folded) {
        if !out.is_empty() {
            out.push(' ');
        }
        let ascii = text::to_ascii(&word);
        out.push_str(if ascii.is_empty() { &word } else { &ascii });
    }
    out
}

/// Letters and digits of a code, in capitals.
fn code(value: &str) -> Option<String> {
    let folded = text::fold(value);
    if text::is_placeholder(&folded) && !folded.trim().bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = folded.strip_suffix(".0").unwrap_or(&folded);
    let out: String = value
        .chars()
        .filter_map(|c| match text::digit(c) {
            Some(d) => Some(char::from(b'0' + d)),
            None => c.is_alphanumeric().then(|| c.to_ascii_uppercase()),
        })
        .collect();
    (!out.is_empty()).then_some(out)
}

/// An issued number; too short ones and key-held-down ones name nobody.
fn strong_id(value: &str) -> Option<String> {
    let code = code(value)?;
    let first = code.chars().next()?;
    (code.chars().count() >= 4 && code.chars().any(|c| c != first)).then_some(code)
}

/// The digits of a number that stay the same whether or not a country or trunk prefix is written.
const PHONE_DIGITS: usize = 8;

fn phone(value: &str) -> Option<String> {
    let digits: String =
        value.chars().take(text::MAX_CHARS).filter_map(text::digit).map(|d| char::from(b'0' + d)).collect();
    let digits = digits.trim_start_matches('0');
    let tail = &digits[digits.len().saturating_sub(PHONE_DIGITS)..];
    let first = tail.chars().next()?;
    let counted = tail.bytes().zip(tail.bytes().skip(1)).all(|(a, b)| b == a + 1);
    let held = tail.chars().skip(1).all(|c| c == first);
    (tail.len() >= 6 && !counted && !held).then(|| tail.to_owned())
}

fn email(value: &str) -> Option<String> {
    let folded = text::fold(value);
    let (local, domain) = folded.trim().split_once('@')?;
    let local = local.split('+').next().unwrap_or(local);
    let local =
        if matches!(domain, "gmail.com" | "googlemail.com") { local.replace('.', "") } else { local.to_owned() };
    (!local.is_empty() && !domain.is_empty() && !text::is_placeholder(&local)).then(|| format!("{local}@{domain}"))
}

/// Words that half the addresses of a country contain.
fn is_street_word(word: &str) -> bool {
    matches!(
        word,
        "street"
            | "st"
            | "str"
            | "road"
            | "rd"
            | "avenue"
            | "ave"
            | "av"
            | "lane"
            | "ln"
            | "drive"
            | "dr"
            | "place"
            | "pl"
            | "court"
            | "ct"
            | "close"
            | "cl"
            | "crescent"
            | "cres"
            | "circuit"
            | "cct"
            | "way"
            | "terrace"
            | "tce"
            | "boulevard"
            | "blvd"
            | "rue"
            | "calle"
            | "strasse"
            | "via"
            | "ul"
            | "ulitsa"
            | "apt"
            | "unit"
            | "no"
            | "house"
            | "block"
            | "the"
            | "of"
            | "de"
            | "la"
            | "shari"
            | "sharie"
    )
}

/// Letters of a street's own name that are left at least when its kind is taken off.
const STEM: usize = 4;

/// «Goodwinstreet» and «Hauptstraße» without their kind of street, which others write apart, in short, or not at all.
fn street_stem(word: &str) -> &str {
    const KINDS: &[&str] = &[
        "street",
        "strasse",
        "straat",
        "gatan",
        "place",
        "platz",
        "plein",
        "avenue",
        "crescent",
        "circuit",
        "terrace",
        "boulevard",
        "drive",
        "court",
        "close",
        "road",
        "lane",
        "weg",
        "str",
    ];
    let own = KINDS.iter().find_map(|kind| word.strip_suffix(kind));
    own.filter(|own| own.len() >= STEM && own.is_ascii()).unwrap_or(word)
}

/// Whether a record holds a value in any field that names a person.
pub(crate) fn is_named(record: &Packed) -> bool {
    record.has(packed::NAMED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_meet_whatever_prefix_is_written() {
        for (a, b) in
            [("+963 944 123 456", "0944123456"), ("00963944123456", "944-123-456"), ("٠٩٤٤١٢٣٤٥٦", "0944123456")]
        {
            assert_eq!(phone(a), phone(b));
            assert!(phone(a).is_some());
        }
        for placeholder in ["0000000000", "12345678", "99999999", "1234", ""] {
            assert_eq!(phone(placeholder), None, "{placeholder}");
        }
    }

    #[test]
    fn ids_and_mail_fold() {
        assert_eq!(strong_id("ab-12 345"), Some("AB12345".into()));
        assert_eq!(strong_id("1111111"), None);
        assert_eq!(email("A.B+x@GMAIL.com"), Some("ab@gmail.com".into()));
        assert_eq!(email("no mail"), None);
    }

    #[test]
    fn a_kind_of_street_is_no_part_of_its_name() {
        assert_eq!(street_stem("goodwinstreet"), "goodwin");
        assert_eq!(street_stem("hauptstrasse"), street_stem("hauptstr"));
        assert_eq!(street_stem("closestreet"), "close");
        for whole in ["street", "theplace", "lane"] {
            assert_eq!(street_stem(whole), whole);
        }
    }

    #[test]
    fn short_ways_of_plain_text_give_what_the_long_way_gives() {
        for value in ["St. John's  Road", "12-b", "o`neill", " 7 ", "a'", "plain", "-x-", "Unit 3, Long Rd"] {
            let long: Vec<String> = text::words(&text::fold(value)).map(|w| text::to_ascii(&w)).collect();
            assert_eq!(plain(value), long.join(" "), "{value}");
        }
    }

    #[test]
    fn pieces_give_what_one_piece_gives() {
        let record = |i: usize| LinkRecord {
            id: i.to_string(),
            given: Some(format!("given{}", i % 7)),
            family: Some(format!("family{}", i % 5)),
            strong_ids: vec![format!("X{}", 1000 + i)],
            other: vec![(i > 3000).then(|| "x".to_owned())],
            ..LinkRecord::default()
        };
        let records: Vec<LinkRecord> = (0..5000).map(record).collect();
        let mut whole = Intake::default();
        whole.extend(&records);
        for i in [0, 2047, 2048, 4999] {
            let r = &whole.records[i];
            assert_eq!(whole.names.text(r.name.given[0]), format!("given{}", i % 7));
            assert_eq!(whole.values.text(r.ids[0]), format!("iX{}", 1000 + i));
            assert_eq!(whole.others[i][0] != 0, i > 3000);
        }
        assert_eq!(whole.others.len(), 5000);
    }
}
