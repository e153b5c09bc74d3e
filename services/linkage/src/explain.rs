//! Why two records are, or are not, one person: in words, without any personal value.

use serde::{Deserialize, Serialize};

use crate::compare::compare;
use crate::corpus::Corpus;
use crate::decide;
use crate::fields::{FIELDS, Field, Level};
use crate::model::Model;
use crate::normalise::Intake;
use crate::options::Options;
use crate::output::{Evidence, Outcome, Pair, Withheld};
use crate::record::LinkRecord;

/// Evidence added up step by step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waterfall {
    /// Bits that one starts from: how rare it is that two records are one person.
    pub prior: f64,
    /// Field by field.
    pub steps: Vec<Step>,
    /// Sum of the steps.
    pub weight: f64,
    /// Where that leads.
    pub probability: f64,
    /// What follows, where it is known.
    pub outcome: Option<Outcome>,
    /// What the gate says.
    pub withheld: Option<Withheld>,
}

/// One field's part in the sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What was compared.
    pub field: Field,
    /// What was found.
    pub level: Level,
    /// What it weighs.
    pub bits: f64,
}

impl Step {
    /// What was found, in words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        if self.field == Field::Kinship { "would explain some of this as well" } else { self.level.words() }
    }
}

impl Waterfall {
    /// The evidence that a run kept for a pair: exact, with the frequencies of that run.
    #[must_use]
    pub fn of_pair(pair: &Pair, model: &Model) -> Self {
        Self {
            prior: f64::from(model.prior_bits()),
            steps: steps(&pair.evidence),
            weight: pair.weight,
            probability: pair.probability,
            outcome: Some(pair.outcome),
            withheld: pair.withheld,
        }
    }

    /// One line per step, from the prior to the probability.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut sum = self.prior;
        let mut out = vec![format!("{:>+8.1}  before anything is compared", self.prior)];
        for step in &self.steps {
            sum += step.bits;
            out.push(format!("{:>+8.1}  {}: {}", step.bits, step.field.words(), step.words()));
        }
        out.push(format!("{sum:>+8.1}  together: probability {:.4}", self.probability));
        if let Some(why) = self.withheld {
            out.push(format!("          not merged: {}", why.words()));
        }
        out
    }
}

fn steps(evidence: &Evidence) -> Vec<Step> {
    evidence.iter().map(|(field, level, bits)| Step { field, level, bits }).collect()
}

/// Compares two records again under a learned model. Without that run's frequencies: a rare name counts as
/// an average one, so the kept evidence of a pair ([`Waterfall::of_pair`]) is the better answer where there is one.
#[must_use]
pub fn explain(a: &LinkRecord, b: &LinkRecord, model: &Model) -> Waterfall {
    let mut intake = Intake::default();
    intake.extend(&[a.clone(), b.clone()]);
    let corpus = Corpus::new(intake);
    let mut comparison = compare(&corpus, 0, 1);
    comparison.frequency = [0.0; FIELDS];
    comparison.joint = f32::NEG_INFINITY;
    let score = model.score(&comparison);
    let gate = decide::gate(&corpus, &Options::default(), model, (&comparison, score.probability), 0, 1);
    Waterfall {
        prior: f64::from(model.prior_bits()),
        steps: steps(&model.evidence(&comparison, score.weight)),
        weight: f64::from(score.weight),
        probability: score.probability,
        outcome: None,
        withheld: gate,
    }
}
