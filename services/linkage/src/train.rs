//! Learning the weights, without labels.
//!
//! Plain expectation–maximisation over all candidate pairs learns «household» as «person». Here every class but
//! «person» is measured first, on pairs that can only be of that class:
//! strangers on random pairs, households on pairs of one address or telephone whose given names and birth dates clash,
//! namesakes on pairs of one name whose full birth dates clash. Only then are the levels of «person» learned, on
//! three samples (same date, same name, same issued number), each time leaving out what the sample was drawn by.

mod check;
mod measure;
mod sample;

use rayon::prelude::*;

use crate::compare::Comparison;
use crate::corpus::Corpus;
use crate::defaults;
use crate::fields::{FIELDS, Field, LEVELS, Level};
use crate::model::{FLOOR, Model, Table};
use crate::options::Options;
use measure::Seen;
use sample::{Basis, Draws, Sample};

/// Rounds of expectation–maximisation; it settles within ten.
const ROUNDS: usize = 15;
/// Pairs of a sample that are counted as one piece of work.
const PIECE: usize = 4096;
/// Pairs that the defaults count for in the table of one person.
const BELIEF: f64 = 25.0;
/// Pairs of a sample below which it teaches nothing.
const LEAST_PAIRS: usize = 10;
/// Duplicates per record that are taken out of frequencies at most: a wrong guess must not make values rare.
const MOST_DISCOUNT: f64 = 4.0;
/// Persons' second records per record that are assumed where nothing can be learned.
const UNKNOWN_DUPLICATES: f64 = 0.05;

/// Learns a model from a corpus. How many duplicates there are is learned first: what they do to the frequencies is
/// then taken out, and everything is learned again.
pub(crate) fn train(corpus: &mut Corpus, options: &Options) -> Model {
    let defaults =
        Model { records: corpus.len() as u64, person: table(|(_, person, _, _)| *person), ..Model::default() };
    if corpus.len() < 2 {
        return defaults;
    }
    let pairs_in_all = sample::pairs_in_all(corpus, options);
    let draws = sample::Draws::default();
    let seen = measure::Seen::new(corpus, options, &draws);
    let mut model = defaults.clone();
    let first = learn(corpus, options, (&seen, &draws), &mut model, pairs_in_all, true);
    let duplicates = 2.0 * model.prior * pairs_in_all / corpus.len() as f64;
    if first.is_empty() {
        check::check(corpus, &mut model, &first, pairs_in_all);
        return model;
    }
    corpus.discount(duplicates.min(MOST_DISCOUNT));
    let mut model = defaults;
    let learned = learn(corpus, options, (&seen, &draws), &mut model, pairs_in_all, false);
    if corpus.active[Field::Street.index()] {
        measure::moving_households(&mut model);
    }
    check::check(corpus, &mut model, &learned, pairs_in_all);
    model
}

fn learn(
    corpus: &Corpus,
    options: &Options,
    (seen, draws): (&Seen, &Draws),
    model: &mut Model,
    pairs_in_all: f64,
    rough: bool,
) -> Vec<Learned> {
    measure::strangers(corpus, seen, model);
    let households = measure::households(corpus, seen, model, pairs_in_all);
    measure::namesakes(seen, model, households);
    let mut learned: Vec<Learned> = Vec::new();
    let mut prior = None;
    for basis in [Basis::Date, Basis::Id, Basis::Name, Basis::Contact] {
        let sample = draws.sample(corpus, options, basis);
        model.samples.push((basis.word().to_owned(), sample.pairs.len() as u64));
        if sample.pairs.len() < LEAST_PAIRS {
            continue;
        }
        let result = expectation_maximisation(corpus, model, &sample, prior);
        // The date sample comes first because its rivals are plain strangers; the others only stand in for it.
        if prior.is_none() {
            prior = prior_of(corpus, &sample, &result, pairs_in_all);
            if let Some(p) = prior {
                model.prior = p;
            }
        }
        learned.push(result);
        if rough && prior.is_some() {
            break;
        }
    }
    model.prior = prior.unwrap_or_else(|| unknown_prior(corpus, pairs_in_all));
    model.person = combine(&learned);
    learned
}

/// What one sample taught.
struct Learned {
    basis: Basis,
    /// Expected number of pairs that are one person, by field and level.
    counts: Vec<[f64; LEVELS]>,
    /// Expected number of pairs that are one person.
    matches: f64,
    pairs: usize,
}

fn expectation_maximisation(corpus: &Corpus, model: &Model, sample: &Sample, prior: Option<f64>) -> Learned {
    let skip = sample.basis.fields();
    let rivals: Vec<f32> = sample.pairs.par_iter().map(|c| rival_bits(corpus, model, sample.basis, c)).collect();
    let mut person = model.person.clone();
    // Odds of one person against a rival, before the fields that are not skipped.
    let mut odds = match (sample.basis, prior) {
        (Basis::Name | Basis::Contact, Some(p)) => p,
        (Basis::Name | Basis::Contact, None) => 1.0 / corpus.len() as f64,
        (Basis::Id, _) => 4.0,
        (Basis::Date, _) => 0.2,
    };
    let mut learned = Learned { basis: sample.basis, counts: Vec::new(), matches: 0.0, pairs: sample.pairs.len() };
    // Fields that no pair of the sample knows have nothing to add.
    let fields: Vec<(usize, bool)> = (0..FIELDS)
        .filter(|f| sample.pairs.par_iter().any(|c| c.level[*f] != Level::Missing))
        .map(|f| (f, !skip.iter().any(|s| s.index() == f)))
        .collect();
    for _ in 0..ROUNDS {
        (learned.counts, learned.matches) = expect(sample, &rivals, &person, odds.log2() as f32, &fields);
        let settled = matches!(sample.basis, Basis::Name | Basis::Contact) && prior.is_some();
        if !settled {
            let rest = learned.pairs as f64 - learned.matches;
            let ratio = (learned.matches + 0.5) / (rest + 0.5);
            odds = match sample.basis {
                Basis::Date | Basis::Id => ratio.clamp(1e-6, 1e4),
                Basis::Name | Basis::Contact => {
                    let expected: f64 = rivals_prior(corpus, sample).map(|r| odds / (odds + r)).sum();
                    odds * ((learned.matches + 0.5) / (expected + 0.5)).clamp(0.2, 5.0)
                }
            };
        }
        person = combine(std::slice::from_ref(&learned));
        // A field that the sample was drawn by is not learned from it.
        for f in skip {
            person[f.index()] = model.person[f.index()];
        }
    }
    learned
}

/// Expected number of pairs that are one person, by field and level and in all. `bits` are the odds before any field;
/// `fields` says which are weighed.
fn expect(
    sample: &Sample,
    rivals: &[f32],
    person: &Table,
    bits: f32,
    fields: &[(usize, bool)],
) -> (Vec<[f64; LEVELS]>, f64) {
    let weighed: Vec<usize> = fields.iter().filter(|(_, weighed)| *weighed).map(|(f, _)| *f).collect();
    // Sums of floats depend on their order: pieces are of one size and added in order, on however many cores.
    let pieces: Vec<(Vec<[f64; LEVELS]>, f64)> = sample
        .pairs
        .par_chunks(PIECE)
        .zip(rivals.par_chunks(PIECE))
        .map(|(pairs, rivals)| {
            let mut counts = vec![[0.0; LEVELS]; FIELDS];
            let mut matches = 0.0;
            for (c, rival) in pairs.iter().zip(rivals) {
                let known = weighed.iter().filter(|f| c.level[**f] != Level::Missing);
                let sum: f32 = known.map(|f| person[*f][c.level[*f] as usize]).sum();
                let p = crate::model::probability(sum + bits - rival);
                fields.iter().for_each(|(f, _)| counts[*f][c.level[*f] as usize] += p);
                matches += p;
            }
            (counts, matches)
        })
        .collect();
    let mut counts = vec![[0.0; LEVELS]; FIELDS];
    let mut matches = 0.0;
    for (piece, more) in pieces {
        matches += more;
        for (sum, count) in counts.iter_mut().flatten().zip(piece.iter().flatten()) {
            *sum += count;
        }
    }
    (counts, matches)
}

/// Fields of a pair that are known and not left out.
fn known<'c>(c: &'c Comparison, skip: &'c [Field]) -> impl Iterator<Item = (usize, usize)> + 'c {
    c.level
        .iter()
        .enumerate()
        .filter(|(f, level)| **level != Level::Missing && !skip.iter().any(|s| s.index() == *f))
        .map(|(f, level)| (f, *level as usize))
}

/// log2 probability of a pair under the rivals of its sample.
fn rival_bits(corpus: &Corpus, model: &Model, basis: Basis, c: &Comparison) -> f32 {
    let skip = basis.fields();
    let (mut stranger, mut household, mut namesake) = (0.0, 0.0, 0.0);
    for (f, l) in known(c, skip) {
        let chance = model.stranger_bits(c, f);
        stranger += chance;
        household += crate::model::related(model.household[f][l], chance, c.level[f]);
        namesake += crate::model::related(model.namesake[f][l], chance, c.level[f]);
    }
    let n = corpus.len() as f32;
    let add = |x: f32, y: f32| (x.exp2() + y.exp2()).max(f32::MIN_POSITIVE).log2();
    match basis {
        // Twins are one or two in a hundred of the pairs of one household.
        Basis::Date => {
            let by_chance = corpus.chance[Field::Birth.index()].max(1e-9) as f32;
            let twins = (model.household_prior as f32 * 0.01 / by_chance).max(1e-12).log2();
            add(stranger, household + twins)
        }
        Basis::Id => stranger,
        Basis::Name => namesake + c.joint.max((0.5 / n).log2()),
        Basis::Contact => {
            let shared = (model.household_prior as f32).max(1e-12).log2();
            let f = c.frequency[Field::Phone.index()].min(c.frequency[Field::Email.index()]);
            add(stranger + f, household + shared)
        }
    }
}

fn rivals_prior<'s>(corpus: &'s Corpus, sample: &'s Sample) -> impl Iterator<Item = f64> + 's {
    let n = corpus.len() as f32;
    sample.pairs.iter().map(move |c| match sample.basis {
        Basis::Name => f64::from(c.joint.max((0.5 / n).log2())).exp2(),
        _ => 1.0 / f64::from(n),
    })
}

/// Probability that two random records are one person: pairs of one person within the sample, over the share of
/// such pairs that the sample can hold.
fn prior_of(corpus: &Corpus, sample: &Sample, learned: &Learned, pairs_in_all: f64) -> Option<f64> {
    if learned.matches < 1.0 {
        return None;
    }
    let found = learned.matches * sample.scale;
    let n = corpus.len() as f64;
    let reach = match sample.basis {
        Basis::Date => 0.85 * sample.filled.powi(2),
        Basis::Id => 0.9 * sample.filled.powi(2),
        Basis::Name => 0.7 * sample.filled.powi(2),
        Basis::Contact => 0.4 * sample.filled.powi(2),
    };
    // A sample that few records can be in says little about all.
    if sample.filled < 0.05 {
        return None;
    }
    let matches = (found / reach.max(0.01)).clamp(1.0, 4.0 * n);
    Some((matches / pairs_in_all).clamp(1e-14, 0.5))
}

fn unknown_prior(corpus: &Corpus, pairs_in_all: f64) -> f64 {
    (UNKNOWN_DUPLICATES * corpus.len() as f64 / pairs_in_all.max(1.0)).clamp(1e-14, 0.5)
}

/// Table of one person from all samples, each field from those that were not drawn by it.
fn combine(learned: &[Learned]) -> Table {
    let mut out = table(|(_, person, _, _)| *person);
    for field in Field::all() {
        let f = field.index();
        let rows = defaults::levels(field);
        let mut counts = [0.0; LEVELS];
        for l in learned.iter().filter(|l| !l.basis.fields().contains(&field)) {
            for (sum, count) in counts.iter_mut().zip(&l.counts[f]) {
                *sum += count;
            }
        }
        for (level, person, _, _) in rows {
            let total = comparable(field, *level, &counts);
            let p = (counts[*level as usize] + BELIEF * f64::from(*person)) / (total + BELIEF);
            out[f][*level as usize] = bits(p);
        }
    }
    out
}

/// Pairs that could have shown a level. Whether a day is known on both sides is the registers' doing and says nothing
/// about the two people: levels of dates without a day are shares of such pairs, and of no others.
fn comparable(field: Field, level: Level, counts: &[f64; LEVELS]) -> f64 {
    let alike = |other: Level| other.is_vague() == level.is_vague();
    defaults::levels(field).iter().filter(|row| alike(row.0)).map(|row| counts[row.0 as usize]).sum()
}

/// A table from the defaults.
fn table(pick: impl Fn(&(Level, f32, f32, f32)) -> f32) -> Table {
    let mut out = vec![[FLOOR; LEVELS]; FIELDS];
    for field in Field::all() {
        for row in defaults::levels(field) {
            out[field.index()][row.0 as usize] = bits(f64::from(pick(row)));
        }
    }
    out
}

fn bits(p: f64) -> f32 {
    (p.max(1e-12).log2() as f32).max(FLOOR)
}
