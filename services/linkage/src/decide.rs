//! The gate: what a merge needs besides probability.
//!
//! The gate, not the model, keeps false merges away. A probable pair is merged only if nothing speaks against it, both
//! names agree, and one thing agrees that belongs to a person and not to a household. Less than an issued number is
//! vouched for by two such things, or by one that nothing about the person's origin contradicts; a birth date alone
//! needs the greatest probability besides.

use crate::compare::{Comparison, agrees};
use crate::corpus::Corpus;
use crate::dates::{self, Date, Precision, Relation};
use crate::fields::{Field, Level};
use crate::model::Model;
use crate::options::{Gate, Options};
use crate::output::Withheld;
use crate::packed::{Packed, TWO_PERSONS};
use crate::terms::Term;

/// Years that two registers' birth years may be apart.
pub(crate) const YEAR_GAP: i16 = 2;
/// Records that may share a telephone, address or number before it stops being a person's own.
const OWN_USERS: f32 = 8.5;
/// Probability that a merge needs where nothing but the birth date is a person's own: a false merge costs a thousand
/// missed ones, and namesakes born on one day are not rare among half a million.
const DATE_ALONE: f64 = 0.999;

/// Why a pair may not be merged however probable it is; `None` if it may.
pub(crate) fn gate(
    corpus: &Corpus,
    options: &Options,
    model: &Model,
    (c, probability): (&Comparison, f64),
    i: usize,
    j: usize,
) -> Option<Withheld> {
    if options.gate == Gate::Probability {
        return None;
    }
    if !model.failures.is_empty() {
        return Some(Withheld::Model);
    }
    let (a, b) = (&corpus.records[i], &corpus.records[j]);
    veto(a, b).or_else(|| {
        if (a.flags | b.flags) & TWO_PERSONS != 0 {
            Some(Withheld::TwoPersons)
        } else if !(agrees(c.at(Field::Given)) && agrees(c.at(Field::Family))) {
            Some(Withheld::Names)
        } else {
            unvouched(&items(corpus, c, a, b), c, probability)
        }
    })
}

/// What is missing for a merge of two records whose names agree.
fn unvouched(items: &Items, c: &Comparison, probability: f64) -> Option<Withheld> {
    if items.number {
        return None;
    }
    if !items.contact && !items.date {
        return Some(Withheld::NoPersonItem);
    }
    // Twins and sisters share the day or the telephone, and everything a family has; nearly the same given name is theirs.
    if c.at(Field::Given) == Level::Near {
        return Some(Withheld::Kin);
    }
    if items.contact && items.date {
        return None;
    }
    if contradicted(c) {
        return Some(Withheld::Origin);
    }
    // A namesake elsewhere is likelier than somebody who moved and left nothing else that agrees.
    let weak = items.converted || c.at(Field::Place) == Level::Differ || probability < DATE_ALONE;
    (!items.contact && weak).then_some(Withheld::DateAlone)
}

/// Father, mother or place of birth are known on both sides, and are not the same: they do not change in a life.
fn contradicted(c: &Comparison) -> bool {
    [Field::Father, Field::Mother, Field::BirthPlace]
        .into_iter()
        .any(|field| matches!(c.at(field), Level::Differ | Level::Partial))
}

/// What speaks against two records being one person, by itself.
pub(crate) fn veto(a: &Packed, b: &Packed) -> Option<Withheld> {
    if a.sex != 0 && b.sex != 0 && a.sex != b.sex {
        return Some(Withheld::SexClash);
    }
    if a.generation != 0 && b.generation != 0 && a.generation != b.generation {
        return Some(Withheld::GenerationClash);
    }
    if a.ids[0] != 0 && b.ids[0] != 0 && !share(&a.ids, &b.ids) {
        return Some(Withheld::IdClash);
    }
    if a.date.is_full() && b.date.is_full() {
        let level = crate::compare::relation(a, b);
        if !matches!(level, Level::Exact | Level::OneEdit) {
            return Some(Withheld::DateClash);
        }
    }
    (year_gap(a, b)? > YEAR_GAP).then_some(Withheld::YearGap)
}

fn share(a: &[Term], b: &[Term]) -> bool {
    a.iter().any(|t| *t != 0 && b.contains(t))
}

/// Least number of years that the birth years are apart; `None` if one is unknown.
pub(crate) fn year_gap(a: &Packed, b: &Packed) -> Option<i16> {
    let gap = |x: Date, y: Date| {
        let spans = i16::from(x.span) + i16::from(y.span);
        ((x.year - y.year).abs() - spans).max(0)
    };
    if a.date.is_none() || b.date.is_none() {
        return None;
    }
    let mut least = gap(a.date, b.date);
    for (x, y) in [(a.date2, b.date), (a.date, b.date2)] {
        if !x.is_none() && !y.is_none() {
            least = least.min(gap(x, y));
        }
    }
    Some(least)
}

/// What belongs to one person and agrees.
struct Items {
    /// An issued number.
    number: bool,
    /// A telephone or e-mail of one's own, with the birth year.
    contact: bool,
    /// A full birth date that is no stand-in.
    date: bool,
    /// The dates agree only after one of them was taken for another calendar's: two chances instead of one.
    converted: bool,
}

fn items(corpus: &Corpus, c: &Comparison, a: &Packed, b: &Packed) -> Items {
    let own = |field: Field, x: &[Term], y: &[Term]| {
        c.at(field) == Level::Exact && x.iter().any(|t| *t != 0 && y.contains(t) && corpus.uses(*t) <= OWN_USERS)
    };
    let full = |d: Date| d.precision == Precision::Day;
    let contact = own(Field::Phone, &a.phones, &b.phones) || own(Field::Email, &[a.email], &[b.email]);
    // An age fits so many years that it vouches for none.
    let told = |d: Date| d.precision != Precision::Age;
    Items {
        number: own(Field::StrongId, &a.ids, &b.ids),
        contact: contact && told(a.date) && told(b.date) && year_gap(a, b).is_some_and(|gap| gap <= YEAR_GAP),
        date: c.at(Field::Birth) == Level::Exact && full(a.date) && full(b.date),
        converted: dates::relate(a.date, b.date) != Relation::Exact,
    }
}
