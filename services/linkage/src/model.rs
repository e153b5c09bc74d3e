//! The learned weights, and how levels become a probability.
//!
//! Fellegi–Sunter with four classes instead of two. A pair that agrees in everything a household shares is not
//! explained by «one person» alone: the rival explanations are strangers, members of one household, and
//! people of one name. The weight of a pair is log2 of its probability as one person over its probability as any
//! of the rivals, each in its share.

use serde::{Deserialize, Serialize};

use crate::compare::{self, Comparison};
use crate::fields::{FIELDS, Field, LEVELS, Level};
use crate::output::Evidence;

/// log2 of a probability that stands for «never seen»: no table entry goes lower.
pub(crate) const FLOOR: f32 = -24.0;

/// log2 probabilities by field and level.
pub(crate) type Table = Vec<[f32; LEVELS]>;

/// What a run learned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Records that it was learned from.
    pub records: u64,
    /// Probability that two records drawn at random are one person.
    pub prior: f64,
    /// Probability that two records drawn at random are of one household.
    pub household_prior: f64,
    /// log2 probability of each level: one person.
    pub person: Vec<[f32; LEVELS]>,
    /// log2 probability of each level: two strangers. For a value that agrees, its own frequency counts instead.
    pub stranger: Vec<[f32; LEVELS]>,
    /// log2 probability of each level that agrees by relation and not by chance, or of each level that does not
    /// agree: two people of one household.
    pub household: Vec<[f32; LEVELS]>,
    /// The same: two people of one name.
    pub namesake: Vec<[f32; LEVELS]>,
    /// What was learned from, in words: samples with their number of pairs.
    pub samples: Vec<(String, u64)>,
    /// Why the model must not merge, in words; empty if it may.
    pub failures: Vec<String>,
}

impl Default for Model {
    fn default() -> Self {
        let flat = vec![[0.0; LEVELS]; FIELDS];
        Self {
            records: 0,
            prior: 1e-6,
            household_prior: 1e-6,
            person: flat.clone(),
            household: flat.clone(),
            namesake: flat.clone(),
            stranger: flat,
            samples: Vec::new(),
            failures: Vec::new(),
        }
    }
}

/// Weight of a pair.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Score {
    pub(crate) weight: f32,
    pub(crate) probability: f64,
}

impl Model {
    /// log2 odds before any evidence.
    pub(crate) fn prior_bits(&self) -> f32 {
        let p = self.prior.clamp(1e-15, 0.5);
        (p / (1.0 - p)).log2() as f32
    }

    /// Weight of some fields against strangers alone. Over all fields, less [`Self::joint_excess`], an upper bound of the
    /// weight, and cheap.
    pub(crate) fn against_strangers(&self, c: &Comparison, fields: &[Field]) -> f32 {
        let mut sum = 0.0;
        for f in fields.iter().map(|field| field.index()) {
            let level = c.level[f];
            if level != Level::Missing {
                sum += self.person[f][level as usize] - self.stranger_bits(c, f);
            }
        }
        sum
    }

    /// Weight against all rivals.
    pub(crate) fn score(&self, c: &Comparison) -> Score {
        let (mut person, mut stranger, mut household, mut namesake) = (0.0, 0.0, 0.0, 0.0);
        for (f, level) in c.level.iter().enumerate() {
            if *level == Level::Missing {
                continue;
            }
            let l = *level as usize;
            let chance = self.stranger_bits(c, f);
            person += self.person[f][l];
            stranger += chance;
            household += related(self.household[f][l], chance, *level);
            if f != Field::Given.index() && f != Field::Family.index() {
                namesake += related(self.namesake[f][l], chance, *level);
            }
        }
        let joint = self.joint_excess(c);
        stranger += joint;
        let mut rivals = (stranger as f64).exp2() + self.household_prior * f64::from(household).exp2();
        if names_agree(c) {
            let names = self.names_bits(c) + self.joint_excess(c);
            rivals += f64::from(namesake + names).exp2();
        }
        let weight = person - (rivals.max(1e-300).log2() as f32);
        Score { weight, probability: probability(weight + self.prior_bits()) }
    }

    /// Per field, bits against strangers; what the other rivals take off stands under kinship.
    pub(crate) fn evidence(&self, c: &Comparison, weight: f32) -> Evidence {
        let mut out = Evidence::none();
        let mut sum = 0.0;
        for (f, level) in c.level.iter().enumerate() {
            if *level != Level::Missing {
                let bits = self.person[f][*level as usize] - self.stranger_bits(c, f);
                sum += bits;
                out.set(f, *level as u8, bits);
            }
        }
        let rest = weight - sum;
        if rest.abs() >= 0.05 {
            out.set(Field::Kinship.index(), Level::Partial as u8, rest);
        }
        out
    }

    /// log2 probability that two strangers show this level; by the value's own frequency where one agrees.
    pub(crate) fn stranger_bits(&self, c: &Comparison, f: usize) -> f32 {
        let level = c.level[f];
        let table = self.stranger[f][level as usize];
        let frequency = c.frequency[f];
        if frequency == 0.0 {
            return table;
        }
        match level {
            // By half the frequency of the skeleton: the spellings differ, so it is no exact agreement.
            Level::Close | Level::Near | Level::Nickname | Level::Initial if f <= 5 => 0.5 * (table + frequency),
            _ => frequency,
        }
    }

    /// Names are not independent: where a pair of names is commoner than its parts suggest, bits to add to chance.
    pub(crate) fn joint_excess(&self, c: &Comparison) -> f32 {
        if c.joint == f32::NEG_INFINITY { 0.0 } else { (c.joint - self.names_bits(c)).max(0.0) }
    }

    fn names_bits(&self, c: &Comparison) -> f32 {
        self.stranger_bits(c, Field::Given.index()) + self.stranger_bits(c, Field::Family.index())
    }
}

/// log2 probability under a related class: by relation, or by the same chance as strangers.
pub(crate) fn related(by_relation: f32, chance: f32, level: Level) -> f32 {
    if level == Level::Differ {
        return by_relation;
    }
    let (high, low) = if by_relation > chance { (by_relation, chance) } else { (chance, by_relation) };
    high + (1.0 + (low - high).exp2()).log2()
}

pub(crate) fn names_agree(c: &Comparison) -> bool {
    compare::agrees(c.at(Field::Given)) && compare::agrees(c.at(Field::Family))
}

/// Probability from log2 odds.
pub(crate) fn probability(bits: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(bits)).exp2())
}
