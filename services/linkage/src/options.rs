//! What a caller may choose, with the shipped values as defaults.

use serde::{Deserialize, Serialize};

/// Probability from which a pair may be merged without a person, if it also passes the gate. A false merge is
/// taken to cost a thousand times what a missed one costs; measured calibration leaves the rest to the gate.
pub const MATCH_THRESHOLD: f64 = 0.99;
/// Probability from which an unmerged pair shares restrictions and may be shown for review. Low, because a
/// restriction that is not seen on the other record harms more than one that is seen in vain.
pub const REVIEW_THRESHOLD: f64 = 0.10;
/// Probability from which a scored pair is listed at all.
pub const LIST_THRESHOLD: f64 = 0.01;
/// Pairs that one blocking rule may propose, per record.
pub const PAIR_BUDGET: u32 = 8;
/// Records one person may have. The largest true person measured had 8.
pub const CLUSTER_CAP: u32 = 32;
/// Share of the records that the shown review list may reach in one run.
pub const REVIEW_SHARE: f64 = 0.02;

/// How a run behaves. [`Options::default`] is what is shipped.
#[derive(Clone)]
pub struct Options {
    /// Compare only records of different datasets, each of which is taken to be free of duplicates.
    pub link_only: bool,
    /// Least probability of a merge.
    pub match_threshold: f64,
    /// Least probability of a review pair.
    pub review_threshold: f64,
    /// Least probability of a listed pair.
    pub list_threshold: f64,
    /// Pairs per record and blocking rule.
    pub pair_budget: u32,
    /// Most records in one person.
    pub cluster_cap: u32,
    /// Share of records that the shown review list may reach.
    pub review_share: f64,
    /// What a merge needs besides probability.
    pub gate: Gate,
    /// Decisions of people, which outlive runs.
    pub verdicts: Vec<(String, String, Verdict)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            link_only: false,
            match_threshold: MATCH_THRESHOLD,
            review_threshold: REVIEW_THRESHOLD,
            list_threshold: LIST_THRESHOLD,
            pair_budget: PAIR_BUDGET,
            cluster_cap: CLUSTER_CAP,
            review_share: REVIEW_SHARE,
            gate: Gate::Person,
            verdicts: Vec::new(),
        }
    }
}

/// What a merge needs besides probability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// Both names agree, nothing speaks against it, and one item belongs to a person rather than a household.
    #[default]
    Person,
    /// Probability alone, vetoes excepted. For statistics, never for telling people.
    Probability,
}

/// A person's decision about two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// One person.
    Same,
    /// Two persons.
    Different,
}
