//! The learned weights.

use serde::{Deserialize, Serialize};

use crate::fields::{FIELDS, LEVELS};

/// What a run learned: per field and level, log2 probabilities under each of the four classes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Records that it was learned from.
    pub records: u64,
    /// Probability that two records drawn at random are one person.
    pub prior: f64,
    /// log2 probability of each level: one person.
    pub person: Vec<[f32; LEVELS]>,
    /// log2 probability of each level: two people of one household.
    pub household: Vec<[f32; LEVELS]>,
    /// log2 probability of each level: two people of one name.
    pub namesake: Vec<[f32; LEVELS]>,
    /// log2 probability of each level: two strangers.
    pub stranger: Vec<[f32; LEVELS]>,
    /// Probability that two records drawn at random are of one household.
    pub household_prior: f64,
    /// Why the model must not merge, in words; empty if it may.
    pub failures: Vec<String>,
}

impl Default for Model {
    fn default() -> Self {
        let flat = vec![[0.0; LEVELS]; FIELDS];
        Self {
            records: 0,
            prior: 0.0,
            person: flat.clone(),
            household: flat.clone(),
            namesake: flat.clone(),
            stranger: flat,
            household_prior: 0.0,
            failures: Vec::new(),
        }
    }
}
