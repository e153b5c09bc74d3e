//! Comparison of two records: a level per field.
//!
//! | field | levels |
//! |---|---|
//! | given, family | exact, close, near, nickname, initial, cross, partial, differ |
//! | order | straight, swapped |
//! | middle, father, mother | exact, close, near, nickname, initial, partial, differ |
//! | birth | exact, default day, one edit, two parts, same year, near year, differ; year fits, age fits, year close, year apart where a day is not known |
//! | issued number, telephone | exact, near (one edit), differ |
//! | e-mail | exact, close (same local part), near, differ |
//! | place | exact, close (a fine part agrees), near (alike), partial (a coarse part agrees), differ |
//! | street | exact, close (most words), near (the name), partial (the number), differ |
//! | sex | exact, differ |
//! | occupation, place of birth, further | exact, close, differ |

mod address;
mod name;

pub(crate) use name::agrees;

use crate::corpus::Corpus;
use crate::dates::{self, Date, Relation};
use crate::fields::{FIELDS, Field, Level, OTHER_FIELDS};
use crate::packed::Packed;
use crate::similarity::{jaro_winkler, one_edit, one_edit_short};
use crate::terms::Term;

/// Levels of a pair. `frequency` is the log2 frequency of the value that agrees, where one does.
#[derive(Clone, Copy)]
pub(crate) struct Comparison {
    pub(crate) level: [Level; FIELDS],
    pub(crate) frequency: [f32; FIELDS],
    /// log2 frequency of this pair of names among other records; only if both agree.
    pub(crate) joint: f32,
}

impl Comparison {
    fn new() -> Self {
        Self { level: [Level::Missing; FIELDS], frequency: [0.0; FIELDS], joint: f32::NEG_INFINITY }
    }

    pub(crate) fn at(&self, field: Field) -> Level {
        self.level[field.index()]
    }

    fn set(&mut self, field: Field, found: Found) {
        self.level[field.index()] = found.level;
        self.frequency[field.index()] = found.frequency;
    }
}

/// Outcome for one field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) level: Level,
    /// log2 frequency of the agreeing value; 0 where none agrees.
    pub(crate) frequency: f32,
}

impl Found {
    pub(crate) const MISSING: Self = Self::plain(Level::Missing);

    pub(crate) const fn plain(level: Level) -> Self {
        Self { level, frequency: 0.0 }
    }
}

/// Compares two records.
pub(crate) fn compare(corpus: &Corpus, i: usize, j: usize) -> Comparison {
    let mut out = Comparison::new();
    contacts(corpus, i, j, &mut out);
    names(corpus, i, j, &mut out);
    places(corpus, i, j, &mut out);
    rest(corpus, i, j, &mut out);
    out
}

/// Compares two records, unless what is known after the cheaper fields cannot reach `least` bits any more.
/// `weigh` gives the bits of some fields, and `left` what the stages after names and after the place can add at most.
pub(crate) fn compare_if(
    corpus: &Corpus,
    i: usize,
    j: usize,
    left: [f32; 2],
    least: f32,
    weigh: impl Fn(&Comparison, &[Field]) -> f32,
) -> Option<Comparison> {
    let mut out = Comparison::new();
    contacts(corpus, i, j, &mut out);
    names(corpus, i, j, &mut out);
    let mut bits = weigh(&out, FIRST);
    if bits + left[0] < least {
        return None;
    }
    places(corpus, i, j, &mut out);
    bits += weigh(&out, &[Field::Place]);
    if bits + left[1] < least {
        return None;
    }
    rest(corpus, i, j, &mut out);
    bits += weigh(&out, REST);
    if !corpus.others.is_empty() {
        bits += weigh(&out, OTHERS);
    }
    (bits >= least).then_some(out)
}

/// Fields that are known after contacts and names.
const FIRST: &[Field] = &[
    Field::Given,
    Field::Family,
    Field::Order,
    Field::Middle,
    Field::Father,
    Field::Mother,
    Field::Birth,
    Field::StrongId,
    Field::Phone,
    Field::Email,
    Field::Sex,
];

/// Fields that are still open after the place.
const REST: &[Field] = &[Field::Street, Field::Occupation, Field::BirthPlace];
const OTHERS: &[Field] = &[
    Field::Other(0),
    Field::Other(1),
    Field::Other(2),
    Field::Other(3),
    Field::Other(4),
    Field::Other(5),
    Field::Other(6),
    Field::Other(7),
];

/// Fields that are still open after the names, and after the place.
pub(crate) const STAGES: [&[Field]; 2] = [&[Field::Place, Field::Street, Field::Occupation, Field::BirthPlace], REST];

fn contacts(corpus: &Corpus, i: usize, j: usize, out: &mut Comparison) {
    let (a, b) = (&corpus.records[i], &corpus.records[j]);
    let active = |field: Field| corpus.active[field.index()];
    if active(Field::Birth) {
        out.set(Field::Birth, birth(corpus, i, j));
    }
    if active(Field::StrongId) {
        let found = numbers(corpus, (&a.ids, a.id_code), (&b.ids, b.id_code));
        out.set(Field::StrongId, found);
    }
    if active(Field::Phone) {
        let found = numbers(corpus, (&a.phones, a.phone_code), (&b.phones, b.phone_code));
        out.set(Field::Phone, found);
    }
    if active(Field::Email) {
        out.set(Field::Email, email(corpus, a, b));
    }
    if active(Field::Sex) && a.sex != 0 && b.sex != 0 {
        let found = if a.sex == b.sex {
            Found { level: Level::Exact, frequency: corpus.sexes[a.sex as usize] }
        } else {
            Found::plain(Level::Differ)
        };
        out.set(Field::Sex, found);
    }
}

fn names(corpus: &Corpus, i: usize, j: usize, out: &mut Comparison) {
    name::compare(corpus, i, j, out);
}

fn places(corpus: &Corpus, i: usize, j: usize, out: &mut Comparison) {
    if corpus.active[Field::Place.index()] {
        let found = address::place(corpus, &corpus.records[i], &corpus.records[j]);
        out.set(Field::Place, found);
    }
}

fn rest(corpus: &Corpus, i: usize, j: usize, out: &mut Comparison) {
    let (a, b) = (&corpus.records[i], &corpus.records[j]);
    let active = |field: Field| corpus.active[field.index()];
    if active(Field::Street) {
        out.set(Field::Street, address::street(corpus, a, b));
    }
    for (field, x, y) in
        [(Field::Occupation, a.occupation, b.occupation), (Field::BirthPlace, a.birth_place, b.birth_place)]
    {
        if active(field) {
            out.set(field, text(corpus, x, y));
        }
    }
    if !corpus.others.is_empty() {
        for k in 0..OTHER_FIELDS {
            let field = Field::Other(k as u8);
            if active(field) {
                out.set(field, text(corpus, corpus.other(i, k), corpus.other(j, k)));
            }
        }
    }
}

fn birth(corpus: &Corpus, i: usize, j: usize) -> Found {
    let (a, b) = (&corpus.records[i], &corpus.records[j]);
    if a.date.is_none() || b.date.is_none() {
        return Found::MISSING;
    }
    let level = relation(a, b);
    let agrees = matches!(level, Level::Exact | Level::DefaultDay);
    Found { level, frequency: if agrees { corpus.dates[i].max(corpus.dates[j]) } else { 0.0 } }
}

/// The best relation over the readings of two dates.
pub(crate) fn relation(a: &Packed, b: &Packed) -> Level {
    let mut best = dates::relate(a.date, b.date);
    let mut see = |x: Date, y: Date| {
        if !x.is_none() && !y.is_none() {
            let r = dates::relate(x, y);
            if (r as u8) < best as u8 {
                best = r;
            }
        }
    };
    see(a.date2, b.date);
    see(a.date, b.date2);
    match best {
        Relation::Exact => Level::Exact,
        Relation::DefaultDay => Level::DefaultDay,
        Relation::OneEdit => Level::OneEdit,
        Relation::TwoParts => Level::TwoParts,
        Relation::SameYear => Level::SameYear,
        Relation::YearFits => Level::YearFits,
        Relation::AgeFits => Level::AgeFits,
        Relation::YearClose => Level::YearClose,
        Relation::YearApart => Level::YearApart,
        Relation::NearYear => Level::NearYear,
        Relation::Differ => Level::Differ,
    }
}

/// Numbers of one kind: each record's terms, and its first number as a short code.
fn numbers(corpus: &Corpus, a: (&[Term], u64), b: (&[Term], u64)) -> Found {
    let ((a, a_code), (b, b_code)) = (a, b);
    if a[0] == 0 || b[0] == 0 {
        return Found::MISSING;
    }
    let known = |t: &&Term| **t != 0;
    for x in a.iter().filter(known) {
        if b.contains(x) {
            return Found { level: Level::Exact, frequency: corpus.value[*x as usize] };
        }
    }
    let near = if a[1] | b[1] == 0 && a_code != 0 && b_code != 0 {
        one_edit_short(a_code, b_code)
    } else {
        a.iter()
            .filter(known)
            .any(|x| b.iter().filter(known).any(|y| one_edit(corpus.values.bytes(*x), corpus.values.bytes(*y))))
    };
    Found::plain(if near { Level::Near } else { Level::Differ })
}

fn email(corpus: &Corpus, a: &Packed, b: &Packed) -> Found {
    if a.email == 0 || b.email == 0 {
        return Found::MISSING;
    }
    if a.email == b.email {
        return Found { level: Level::Exact, frequency: corpus.value[a.email as usize] };
    }
    if a.email_local != 0 && a.email_local == b.email_local {
        return Found { level: Level::Close, frequency: corpus.value[a.email_local as usize] };
    }
    let (x, y) = (corpus.values.bytes(a.email), corpus.values.bytes(b.email));
    let local = |e: &[u8]| e.iter().position(|c| *c == b'@').unwrap_or(e.len());
    let (x, y) = (&x[1..local(x).max(1)], &y[1..local(y).max(1)]);
    let alike = x.len() >= 5 && jaro_winkler(x, y) >= 0.93;
    Found::plain(if alike || one_edit(x, y) && x.len() >= 4 { Level::Near } else { Level::Differ })
}

fn text(corpus: &Corpus, x: Term, y: Term) -> Found {
    if x == 0 || y == 0 {
        return Found::MISSING;
    }
    if x == y {
        return Found { level: Level::Exact, frequency: corpus.value[x as usize] };
    }
    let (s, t) = (&corpus.values.bytes(x)[1..], &corpus.values.bytes(y)[1..]);
    Found::plain(if jaro_winkler(s, t) >= 0.92 { Level::Close } else { Level::Differ })
}
