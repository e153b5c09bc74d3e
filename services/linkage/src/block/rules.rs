//! The rules, in one table.

use crate::corpus::Corpus;
use crate::dates::Precision;
use crate::terms::Term;
use crate::text::{hash, mix};

/// A rule: a name for the summary, and the keys that a record has under it.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) keys: fn(&Corpus, usize, &mut Vec<u64>),
}

/// Name tokens of a record that take part in keys.
const TOKENS: usize = 5;
/// Characters of a name, and of a place, that prefix keys use.
const PREFIX: usize = 3;

/// All rules.
pub(super) const RULES: &[Rule] = &[
    Rule { name: "issued number", keys: |c, i, out| out.extend(ids(c, i)) },
    Rule { name: "telephone + name", keys: |c, i, out| cross(out, &phones(c, i), &tokens(c, i)) },
    Rule { name: "telephone + year", keys: |c, i, out| cross(out, &phones(c, i), &years(c, i)) },
    Rule { name: "telephone", keys: |c, i, out| out.extend(phones(c, i)) },
    Rule { name: "e-mail", keys: |c, i, out| out.extend(value(c, c.records[i].email)) },
    Rule { name: "e-mail user + name", keys: |c, i, out| cross(out, &user(c, i), &tokens(c, i)) },
    Rule { name: "birth date + name", keys: |c, i, out| cross(out, &days(c, i), &tokens(c, i)) },
    Rule { name: "birth date + place", keys: |c, i, out| cross(out, &days(c, i), &place(c, i)) },
    Rule { name: "birth date + street", keys: |c, i, out| cross(out, &days(c, i), &street(c, i)) },
    Rule { name: "birth date + place prefix", keys: |c, i, out| cross(out, &days(c, i), &place_prefix(c, i)) },
    Rule { name: "birth date", keys: |c, i, out| out.extend(days(c, i)) },
    Rule { name: "two names + year", keys: |c, i, out| cross(out, &pairs(c, i), &years(c, i)) },
    Rule { name: "two names + place", keys: |c, i, out| cross(out, &pairs(c, i), &place(c, i)) },
    Rule { name: "two names + street", keys: |c, i, out| cross(out, &pairs(c, i), &street(c, i)) },
    Rule { name: "three names", keys: |c, i, out| out.extend(triples(c, i)) },
    Rule { name: "two names", keys: |c, i, out| out.extend(pairs(c, i)) },
    Rule {
        name: "place + street + name",
        keys: |c, i, out| {
            let mut address = Vec::new();
            cross(&mut address, &place(c, i), &street(c, i));
            cross(out, &address, &tokens(c, i));
        },
    },
    Rule {
        name: "place + name + year",
        keys: |c, i, out| {
            let mut named = Vec::new();
            cross(&mut named, &place(c, i), &tokens(c, i));
            cross(out, &named, &years(c, i));
        },
    },
    Rule { name: "place prefix + name", keys: |c, i, out| cross(out, &place_prefix(c, i), &tokens(c, i)) },
    Rule { name: "name prefixes + year", keys: |c, i, out| cross(out, &prefixes(c, i), &years(c, i)) },
    Rule { name: "name prefixes + day and month", keys: |c, i, out| cross(out, &prefixes(c, i), &birthday(c, i)) },
    Rule { name: "street + year", keys: |c, i, out| cross(out, &value(c, c.records[i].street), &years(c, i)) },
    Rule {
        name: "name + birth place + year",
        keys: |c, i, out| {
            let mut named = Vec::new();
            cross(&mut named, &value(c, c.records[i].birth_place), &tokens(c, i));
            cross(out, &named, &years(c, i));
        },
    },
];

/// Every combination of two parts.
fn cross(out: &mut Vec<u64>, a: &[u64], b: &[u64]) {
    for x in a {
        for y in b {
            out.push(mix(*x, *y));
        }
    }
}

/// Keys of the name tokens, initials left out, first names first.
fn tokens(c: &Corpus, i: usize) -> Vec<u64> {
    let r = &c.records[i];
    let mut out = Vec::with_capacity(TOKENS);
    let aliases = &c.aliases[r.alias as usize..r.alias as usize + r.aliases as usize];
    for term in std::iter::once(&r.name).chain(aliases).flat_map(|n| n.tokens()) {
        let token = c.token(term);
        if out.len() < TOKENS && !token.is_initial() && !out.contains(&token.key) {
            out.push(token.key);
        }
    }
    out
}

fn pairs(c: &Corpus, i: usize) -> Vec<u64> {
    let t = tokens(c, i);
    let mut out = Vec::new();
    for (k, x) in t.iter().enumerate() {
        for y in &t[k + 1..] {
            out.push(mix(*x.min(y), *x.max(y)));
        }
    }
    out.truncate(6);
    out
}

fn triples(c: &Corpus, i: usize) -> Vec<u64> {
    let mut t = tokens(c, i);
    for term in c.records[i].father {
        let key = c.token(term).key;
        if term != 0 && !t.contains(&key) && t.len() < TOKENS {
            t.push(key);
        }
    }
    t.sort_unstable();
    let mut out = Vec::new();
    for (k, x) in t.iter().enumerate() {
        for (l, y) in t.iter().enumerate().skip(k + 1) {
            for z in &t[l + 1..] {
                out.push(mix(mix(*x, *y), *z));
            }
        }
    }
    out
}

fn prefixes(c: &Corpus, i: usize) -> Vec<u64> {
    let name = &c.records[i].name;
    let prefix = |term: Term| {
        let ascii = c.token(term).ascii();
        hash(&ascii[..ascii.len().min(PREFIX)])
    };
    if name.given[0] == 0 || name.family[0] == 0 {
        return Vec::new();
    }
    let (x, y) = (prefix(name.given[0]), prefix(name.family[0]));
    vec![mix(x.min(y), x.max(y))]
}

fn days(c: &Corpus, i: usize) -> Vec<u64> {
    let r = &c.records[i];
    [r.date, r.date2].iter().filter(|d| d.is_full()).map(|d| d.key() | 1 << 62).collect()
}

fn birthday(c: &Corpus, i: usize) -> Vec<u64> {
    let d = c.records[i].date;
    if d.is_full() { vec![u64::from(d.month) << 8 | u64::from(d.day) | 1 << 61] } else { Vec::new() }
}

/// The year, or the years that an age allows if they are few.
fn years(c: &Corpus, i: usize) -> Vec<u64> {
    let r = &c.records[i];
    let mut out = Vec::new();
    for d in [r.date, r.date2] {
        if d.is_none() {
            continue;
        }
        let span = if d.precision == Precision::Age { i16::from(d.span) } else { 0 };
        if span <= 3 {
            out.extend((d.year - span..=d.year + span).map(|y| y as u64 | 1 << 60));
        }
    }
    out
}

fn ids(c: &Corpus, i: usize) -> Vec<u64> {
    c.records[i].ids.iter().flat_map(|t| value(c, *t)).collect()
}

fn phones(c: &Corpus, i: usize) -> Vec<u64> {
    c.records[i].phones.iter().flat_map(|t| value(c, *t)).collect()
}

fn user(c: &Corpus, i: usize) -> Vec<u64> {
    value(c, c.records[i].email_local)
}

/// The finest part of the place.
fn place(c: &Corpus, i: usize) -> Vec<u64> {
    let mut out = value(c, finest(c, &c.records[i].places));
    out.extend(value(c, c.records[i].postcode));
    out
}

fn place_prefix(c: &Corpus, i: usize) -> Vec<u64> {
    let term = finest(c, &c.records[i].places);
    if term == 0 {
        return Vec::new();
    }
    let text = c.values.bytes(term);
    vec![hash(&text[..text.len().min(PREFIX + 2)])]
}

/// The most telling word of the street.
fn street(c: &Corpus, i: usize) -> Vec<u64> {
    value(c, finest(c, &c.records[i].street_words))
}

fn finest(c: &Corpus, terms: &[Term]) -> Term {
    let mut best = 0;
    let mut least = f32::INFINITY;
    for t in terms.iter().filter(|t| **t != 0) {
        let f = c.value[*t as usize];
        if f < least {
            least = f;
            best = *t;
        }
    }
    best
}

fn value(c: &Corpus, term: Term) -> Vec<u64> {
    if term == 0 { Vec::new() } else { vec![hash(c.values.bytes(term))] }
}
