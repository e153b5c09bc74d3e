//! The rules, in one table.

use std::ops::Deref;

use rayon::prelude::*;

use crate::corpus::Corpus;
use crate::dates::Precision;
use crate::terms::Term;
use crate::text::{hash, mix};

/// A few key parts, without allocating: every record has some for each of two dozen rules.
#[derive(Clone, Copy)]
struct Parts {
    parts: [u64; PARTS],
    len: usize,
}

/// Parts of one kind that a record has at most; further ones are left out.
const PARTS: usize = 8;

impl Parts {
    const NONE: Self = Self { parts: [0; PARTS], len: 0 };

    fn push(&mut self, part: u64) {
        if self.len < PARTS {
            self.parts[self.len] = part;
            self.len += 1;
        }
    }

    fn one(part: Option<u64>) -> Self {
        let mut out = Self::NONE;
        if let Some(part) = part {
            out.push(part);
        }
        out
    }
}

impl Deref for Parts {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.parts[..self.len]
    }
}

/// A rule: a name for the summary, and the keys that a record has under it.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) keys: fn(&Named, usize, &mut Vec<u64>),
    /// The keys are nothing but such parts.
    pub(crate) whole: Option<Part>,
    /// The keys hold such a part: whoever shares one shares the part too, so that the rule is needed only where the
    /// rule of the whole part left out a block.
    pub(crate) within: Option<Part>,
}

impl Rule {
    const fn of(name: &'static str, keys: fn(&Named, usize, &mut Vec<u64>)) -> Self {
        Self { name, keys, whole: None, within: None }
    }

    const fn whole(part: Part, name: &'static str, keys: fn(&Named, usize, &mut Vec<u64>)) -> Self {
        Self { name, keys, whole: Some(part), within: None }
    }

    const fn within(part: Part, name: &'static str, keys: fn(&Named, usize, &mut Vec<u64>)) -> Self {
        Self { name, keys, whole: None, within: Some(part) }
    }
}

/// A part that has a rule of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Day,
    TwoNames,
    Telephone,
}

/// A corpus with the name keys of every record, which most rules ask for.
pub(super) struct Named<'a> {
    corpus: &'a Corpus,
    /// Zeros after the last one.
    tokens: Vec<[u64; TOKENS]>,
    /// By part, the keys of the blocks that its rule left out, in ascending order.
    left_out: [Vec<u64>; 3],
}

impl<'a> Named<'a> {
    pub(super) fn new(corpus: &'a Corpus) -> Self {
        let tokens = (0..corpus.len()).into_par_iter().map(|i| name_keys(corpus, i)).collect();
        Self { corpus, tokens, left_out: [const { Vec::new() }; 3] }
    }

    /// Notes what the rule of a part left out: keys in ascending order.
    pub(super) fn leave_out(&mut self, part: Part, keys: Vec<u64>) {
        self.left_out[part as usize] = keys;
    }

    /// Whether the rule of a part left out any block.
    pub(super) fn is_open(&self, part: Part) -> bool {
        !self.left_out[part as usize].is_empty()
    }

    /// Those parts whose blocks were left out.
    fn open(&self, part: Part, parts: Parts) -> Parts {
        let mut out = Parts::NONE;
        let left_out = &self.left_out[part as usize];
        parts.iter().filter(|key| left_out.binary_search(key).is_ok()).for_each(|key| out.push(*key));
        out
    }
}

impl Deref for Named<'_> {
    type Target = Corpus;

    fn deref(&self) -> &Corpus {
        self.corpus
    }
}

/// Name tokens of a record that take part in keys.
const TOKENS: usize = 5;
/// Characters of a name, and of a place, that prefix keys use.
const PREFIX: usize = 3;

/// All rules; the rule of a whole part before those within it.
pub(super) const RULES: &[Rule] = &[
    Rule::of("issued number", |c, i, out| out.extend_from_slice(&ids(c, i))),
    Rule::whole(Part::Telephone, "telephone", |c, i, out| out.extend_from_slice(&phones(c, i))),
    Rule::within(Part::Telephone, "telephone + name", |c, i, out| cross(out, &open_phones(c, i), &tokens(c, i))),
    Rule::within(Part::Telephone, "telephone + year", |c, i, out| cross(out, &open_phones(c, i), &years(c, i))),
    Rule::of("e-mail", |c, i, out| out.extend(value(c.records[i].email))),
    Rule::of("e-mail user + name", |c, i, out| cross(out, &user(c, i), &tokens(c, i))),
    Rule::whole(Part::Day, "birth date", |c, i, out| out.extend_from_slice(&days(c, i))),
    Rule::within(Part::Day, "birth date + name", |c, i, out| cross(out, &open_days(c, i), &tokens(c, i))),
    Rule::within(Part::Day, "birth date + place", |c, i, out| cross(out, &open_days(c, i), &place(c, i))),
    Rule::within(Part::Day, "birth date + street", |c, i, out| cross(out, &open_days(c, i), &street(c, i))),
    Rule::within(Part::Day, "birth date + place prefix", |c, i, out| cross(out, &open_days(c, i), &place_prefix(c, i))),
    Rule::whole(Part::TwoNames, "two names", |c, i, out| out.extend_from_slice(&pairs(c, i))),
    Rule::within(Part::TwoNames, "two names + year", |c, i, out| cross(out, &open_pairs(c, i), &years(c, i))),
    Rule::within(Part::TwoNames, "two names + place", |c, i, out| cross(out, &open_pairs(c, i), &place(c, i))),
    Rule::within(Part::TwoNames, "two names + street", |c, i, out| cross(out, &open_pairs(c, i), &street(c, i))),
    Rule::of("three names", triples),
    Rule::of("place + street + name", |c, i, out| {
        let mut address = Vec::new();
        cross(&mut address, &place(c, i), &street(c, i));
        cross(out, &address, &tokens(c, i));
    }),
    Rule::of("place + name + year", |c, i, out| {
        let mut named = Vec::new();
        cross(&mut named, &place(c, i), &tokens(c, i));
        cross(out, &named, &years(c, i));
    }),
    Rule::of("place prefix + name", |c, i, out| cross(out, &place_prefix(c, i), &tokens(c, i))),
    Rule::of("name prefixes + year", |c, i, out| cross(out, &prefixes(c, i), &years(c, i))),
    Rule::of("name prefixes + day and month", |c, i, out| cross(out, &prefixes(c, i), &birthday(c, i))),
    Rule::of("street + year", |c, i, out| cross(out, &Parts::one(value(c.records[i].street)), &years(c, i))),
    Rule::of("name + birth place + year", |c, i, out| {
        let mut named = Vec::new();
        cross(&mut named, &Parts::one(value(c.records[i].birth_place)), &tokens(c, i));
        cross(out, &named, &years(c, i));
    }),
];

fn open_days(c: &Named, i: usize) -> Parts {
    c.open(Part::Day, days(c, i))
}

fn open_pairs(c: &Named, i: usize) -> Parts {
    c.open(Part::TwoNames, pairs(c, i))
}

fn open_phones(c: &Named, i: usize) -> Parts {
    c.open(Part::Telephone, phones(c, i))
}

/// Every combination of two parts.
fn cross(out: &mut Vec<u64>, a: &[u64], b: &[u64]) {
    for x in a {
        for y in b {
            out.push(mix(*x, *y));
        }
    }
}

/// Keys of the name tokens, initials left out, first names first.
fn name_keys(c: &Corpus, i: usize) -> [u64; TOKENS] {
    let r = &c.records[i];
    let mut out = [0; TOKENS];
    let mut len = 0;
    let aliases = &c.aliases[r.alias as usize..r.alias as usize + r.aliases as usize];
    for term in std::iter::once(&r.name).chain(aliases).flat_map(|n| n.tokens()) {
        let token = c.token(term);
        if len < TOKENS && token.key != 0 && !token.is_initial() && !out.contains(&token.key) {
            out[len] = token.key;
            len += 1;
        }
    }
    out
}

fn tokens(c: &Named, i: usize) -> Parts {
    let mut out = Parts::NONE;
    c.tokens[i].iter().filter(|key| **key != 0).for_each(|key| out.push(*key));
    out
}

fn pairs(c: &Named, i: usize) -> Parts {
    let t = tokens(c, i);
    let mut out = Parts::NONE;
    for (k, x) in t.iter().enumerate() {
        for y in &t[k + 1..] {
            out.push(mix(*x.min(y), *x.max(y)));
        }
    }
    out
}

fn triples(c: &Named, i: usize, out: &mut Vec<u64>) {
    let mut t = tokens(c, i);
    for term in c.records[i].father.into_iter().filter(|t| *t != 0) {
        let key = c.token(term).key;
        if t.len < TOKENS && !t.contains(&key) {
            t.push(key);
        }
    }
    let len = t.len;
    t.parts[..len].sort_unstable();
    for (k, x) in t.iter().enumerate() {
        for (l, y) in t.iter().enumerate().skip(k + 1) {
            for z in &t[l + 1..] {
                out.push(mix(mix(*x, *y), *z));
            }
        }
    }
}

fn prefixes(c: &Corpus, i: usize) -> Parts {
    let name = &c.records[i].name;
    let prefix = |term: Term| {
        let ascii = c.token(term).ascii();
        hash(&ascii[..ascii.len().min(PREFIX)])
    };
    if name.given[0] == 0 || name.family[0] == 0 {
        return Parts::NONE;
    }
    let (x, y) = (prefix(name.given[0]), prefix(name.family[0]));
    Parts::one(Some(mix(x.min(y), x.max(y))))
}

fn days(c: &Corpus, i: usize) -> Parts {
    let r = &c.records[i];
    let mut out = Parts::NONE;
    for d in [r.date, r.date2].iter().filter(|d| d.is_full()) {
        out.push(d.key() | 1 << 62);
    }
    out
}

fn birthday(c: &Corpus, i: usize) -> Parts {
    let d = c.records[i].date;
    let day = u64::from(d.month) << 8 | u64::from(d.day) | 1 << 61;
    Parts::one(d.is_full().then_some(day))
}

/// The year, or the years that an age allows if they are few.
fn years(c: &Corpus, i: usize) -> Parts {
    let r = &c.records[i];
    let mut out = Parts::NONE;
    for d in [r.date, r.date2].into_iter().filter(|d| !d.is_none()) {
        let span = if d.precision == Precision::Age { i16::from(d.span) } else { 0 };
        if span <= 3 {
            for year in d.year - span..=d.year + span {
                out.push(year as u64 | 1 << 60);
            }
        }
    }
    out
}

fn ids(c: &Corpus, i: usize) -> Parts {
    let mut out = Parts::NONE;
    c.records[i].ids.iter().filter_map(|t| value(*t)).for_each(|k| out.push(k));
    out
}

fn phones(c: &Corpus, i: usize) -> Parts {
    let mut out = Parts::NONE;
    c.records[i].phones.iter().filter_map(|t| value(*t)).for_each(|k| out.push(k));
    out
}

fn user(c: &Corpus, i: usize) -> Parts {
    Parts::one(value(c.records[i].email_local))
}

/// The finest part of the place, and the postcode.
fn place(c: &Corpus, i: usize) -> Parts {
    let mut out = Parts::one(word(finest(c, &c.records[i].places)));
    if let Some(code) = value(c.records[i].postcode) {
        out.push(code);
    }
    out
}

fn place_prefix(c: &Corpus, i: usize) -> Parts {
    let term = finest(c, &c.records[i].places);
    let text = c.words[term as usize].ascii();
    let prefix = hash(&text[..text.len().min(PREFIX + 1)]);
    Parts::one((term != 0).then_some(prefix))
}

/// The most telling word of the street.
fn street(c: &Corpus, i: usize) -> Parts {
    Parts::one(word(finest(c, &c.records[i].street_words)))
}

/// The rarest value; of equally rare ones the first.
fn finest(c: &Corpus, terms: &[Term]) -> Term {
    let mut best = 0;
    let mut least = f32::INFINITY;
    for t in terms.iter().filter(|t| **t != 0) {
        let f = c.word[*t as usize];
        if f < least {
            least = f;
            best = *t;
        }
    }
    best
}

/// Keys only have to be equal for equal values, so a term stands for its value.
fn word(term: Term) -> Option<u64> {
    (term != 0).then(|| mix(3, u64::from(term)))
}

fn value(term: Term) -> Option<u64> {
    (term != 0).then(|| mix(5, u64::from(term)))
}
