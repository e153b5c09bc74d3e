//! Bounds on what may be learned. A model that breaks them does not merge.

use super::{Learned, bits};
use crate::corpus::Corpus;
use crate::defaults;
use crate::fields::{Field, Level};
use crate::model::Model;

/// Bits that «sex equal» may weigh on average: two sexes leave one bit, and a little for a skewed register.
const SEX_EQUAL: f64 = 1.1;
/// Bits that any disagreement may weigh at most. No single difference is proof: one entry in a hundred or so is simply
/// another person's, and learning tends to forget that.
const DIFFER_BITS: f32 = 7.0;
/// Pairs of one person that must show a level before its learned weight counts for half.
const SEEN: f64 = 5.0;
/// Persons' further records per record beyond which a prior is not believed.
const MOST_DUPLICATES: f64 = 3.0;
/// Least share of one person's pairs that must agree in given and in family name, and in sex.
const LEAST_NAMES: f64 = 0.35;
const LEAST_SEX: f64 = 0.75;

/// Clamps single weights, and writes down why a model as a whole is not to be trusted.
pub(super) fn check(corpus: &Corpus, model: &mut Model, learned: &[Learned], pairs_in_all: f64) {
    for field in Field::all() {
        believe(model, field, learned);
        clamp(model, field);
    }
    let share = |field: Field, levels: &[Level]| -> f64 {
        levels.iter().map(|l| f64::from(model.person[field.index()][*l as usize]).exp2()).sum()
    };
    let mut failures = Vec::new();
    if corpus.active[Field::Sex.index()] {
        let equal = share(Field::Sex, &[Level::Exact]);
        let chance = corpus.chance[Field::Sex.index()].max(0.5);
        if (equal / chance).log2() > SEX_EQUAL {
            failures.push("equal sex weighs more than it can".to_owned());
        }
        if equal < LEAST_SEX {
            failures.push("sex differs too often within one person".to_owned());
        }
    }
    for field in [Field::Given, Field::Family] {
        let agree = share(field, &[Level::Exact, Level::Close, Level::Near, Level::Initial, Level::Cross]);
        if corpus.active[field.index()] && agree < LEAST_NAMES {
            failures.push(format!("{} agrees too rarely within one person", field.words()));
        }
    }
    let per_record = model.prior * pairs_in_all / corpus.len().max(1) as f64;
    if per_record > MOST_DUPLICATES {
        failures.push("more duplicates than believable".to_owned());
    }
    if learned.is_empty() && corpus.len() > 2 {
        failures.push("no sample to learn from: neither dates, numbers nor names recur".to_owned());
    }
    model.failures = failures;
}

/// A level that the samples of one person hardly show keeps the weight that is believed: the ratio of two numbers
/// that were never observed is noise, and once gave «sex equal» eight bits.
fn believe(model: &mut Model, field: Field, learned: &[Learned]) {
    let f = field.index();
    // Where a value's own frequency stands for chance, the table of strangers is not what a weight is made of.
    let by_frequency = |level: Level| {
        matches!(level, Level::Exact | Level::DefaultDay)
            || matches!(field, Field::Place | Field::Street)
            || (field == Field::Email && level == Level::Close)
    };
    let rows = defaults::levels(field).iter().filter(|row| !by_frequency(row.0));
    for (level, person, _, stranger) in rows {
        let l = *level as usize;
        let seen: f64 = learned.iter().filter(|x| !x.basis.fields().contains(&field)).map(|x| x.counts[f][l]).sum();
        let trust = (seen / (seen + SEEN)) as f32;
        let believed = (person / stranger).log2();
        let weight = model.person[f][l] - model.stranger[f][l];
        model.person[f][l] = model.stranger[f][l] + believed + trust * (weight - believed);
    }
}

/// Agreement never speaks against, difference never for; both within bounds.
fn clamp(model: &mut Model, field: Field) {
    let f = field.index();
    for (level, ..) in defaults::levels(field) {
        let l = *level as usize;
        let (person, stranger) = (model.person[f][l], model.stranger[f][l]);
        let weight = person - stranger;
        match level {
            Level::Differ | Level::YearApart => {
                let bounded = weight.clamp(-DIFFER_BITS, 0.0);
                model.person[f][l] = stranger + bounded;
            }
            Level::Exact | Level::Close if weight < 0.0 => model.person[f][l] = stranger,
            Level::Swapped => model.person[f][l] = person.clamp(bits(0.005), bits(0.5)),
            _ => {}
        }
    }
}
