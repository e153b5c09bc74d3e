//! The gate: what a merge needs besides probability.
//!
//! The gate, not the model, keeps false merges away. A probable pair is merged only if nothing speaks against it, both
//! names agree, and one thing agrees that belongs to a person and not to a household.

use crate::compare::{Comparison, agrees};
use crate::corpus::Corpus;
use crate::dates::{Date, Precision};
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

/// Why a pair may not be merged however probable it is; `None` if it may.
pub(crate) fn gate(
    corpus: &Corpus,
    options: &Options,
    model: &Model,
    c: &Comparison,
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
        } else if !person_item(corpus, c, a, b) {
            Some(Withheld::NoPersonItem)
        } else {
            None
        }
    })
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

/// Issued number, full birth date that is no stand-in, or a telephone or e-mail of one's own with the birth year.
fn person_item(corpus: &Corpus, c: &Comparison, a: &Packed, b: &Packed) -> bool {
    let own = |field: Field, x: &[Term], y: &[Term]| {
        c.at(field) == Level::Exact && x.iter().any(|t| *t != 0 && y.contains(t) && corpus.uses(*t) <= OWN_USERS)
    };
    if own(Field::StrongId, &a.ids, &b.ids) {
        return true;
    }
    let full = |d: Date| d.precision == Precision::Day;
    if c.at(Field::Birth) == Level::Exact && full(a.date) && full(b.date) {
        return true;
    }
    let contact = own(Field::Phone, &a.phones, &b.phones) || own(Field::Email, &[a.email], &[b.email]);
    // An age fits so many years that it vouches for none.
    let told = |d: Date| d.precision != Precision::Age;
    contact && told(a.date) && told(b.date) && year_gap(a, b).is_some_and(|gap| gap <= YEAR_GAP)
}
