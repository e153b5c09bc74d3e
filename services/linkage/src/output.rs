//! What a run gives back: persons, pairs with their evidence, and a summary that shows what was left out.

use serde::{Deserialize, Serialize};

use crate::fields::{FIELDS, Field, Level};
use crate::model::Model;

/// Result of a run over records 0…n−1, in the caller's order.
#[derive(Clone, Debug)]
pub struct Linkage {
    /// Person number of every record. Persons are numbered by their smallest record id.
    pub clusters: Vec<u32>,
    /// Every pair at or above the review threshold, strongest first, and every merged pair.
    pub edges: Vec<Pair>,
    /// Every scored pair above the list threshold, by record index.
    pub all_pairs: Vec<ScoredPair>,
    /// Positions in `edges` of the review pairs to show people: ranked by expected value, grouped by cluster, capped.
    pub review: Vec<u32>,
    /// Figures about the run.
    pub summary: Summary,
    /// What the weights were computed with.
    pub model: Model,
}

/// Two records, and what speaks for and against their being one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Index of a record.
    pub a: u32,
    /// Index of another record; `a < b`.
    pub b: u32,
    /// Sum of the evidence in bits, before the prior.
    pub weight: f64,
    /// Probability that the two are one person.
    pub probability: f64,
    /// What follows.
    pub outcome: Outcome,
    /// Why the gate kept a probable pair from being merged.
    pub withheld: Option<Withheld>,
    /// Per field, what was found and its bits.
    pub evidence: Evidence,
}

/// A scored pair without its evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoredPair {
    /// Index of a record.
    pub a: u32,
    /// Index of another record; `a < b`.
    pub b: u32,
    /// Bits before the prior.
    pub weight: f32,
    /// Probability that the two are one person.
    pub probability: f32,
    /// What follows.
    pub outcome: Outcome,
}

/// What follows from a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// One person.
    Match,
    /// A person decides; until then the two share restrictions.
    Review,
    /// Two persons.
    Distinct,
}

impl Outcome {
    /// The word in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Review => "review",
            Self::Distinct => "distinct",
        }
    }
}

/// Why a pair with a merge's probability was not merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// A person decided, or the records may never be one person.
    Forbidden,
    /// The sexes differ.
    SexClash,
    /// Full birth dates differ by more than a slip.
    DateClash,
    /// Birth years are more than two apart.
    YearGap,
    /// Both have issued numbers and none is shared.
    IdClash,
    /// Senior against junior, or another generation mark.
    GenerationClash,
    /// Given or family name does not agree.
    Names,
    /// A name field seems to hold two persons.
    TwoPersons,
    /// Nothing that belongs to one person agrees.
    NoPersonItem,
    /// Given names are only alike, as those of twins and siblings may be.
    Kin,
    /// Father, mother or place of birth differ, and one thing alone says that it is one person.
    Origin,
    /// Nothing but the birth date is a person's own, and namesakes may share it.
    DateAlone,
    /// The model failed its own checks.
    Model,
    /// The person would hold records that contradict each other, or too many.
    Cluster,
    /// One record fits two persons that cannot be one.
    Ambiguous,
}

impl Withheld {
    /// The reason in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Forbidden => "these two may never be one person",
            Self::SexClash => "the sexes differ",
            Self::DateClash => "the birth dates differ by more than a slip",
            Self::YearGap => "the birth years are more than two apart",
            Self::IdClash => "the issued numbers differ",
            Self::GenerationClash => "the names are of two generations",
            Self::Names => "given and family name do not both agree",
            Self::TwoPersons => "a name field seems to hold two persons",
            Self::NoPersonItem => "no issued number, full birth date or own telephone with birth year agrees",
            Self::Kin => "the given names are alike as those of twins or siblings, and no issued number agrees",
            Self::Origin => "father, mother or place of birth differ",
            Self::DateAlone => "only the birth date is a person's own, and people of one name may share it",
            Self::Model => "the learned weights failed their checks",
            Self::Cluster => "the records of the two persons contradict each other",
            Self::Ambiguous => "one record fits two different persons",
        }
    }
}

/// Levels and bits of a pair, packed: about a thousand pairs a run are looked at, hundreds of thousands are kept.
#[derive(Clone, Copy, PartialEq)]
pub struct Evidence {
    levels: [u8; FIELDS],
    /// Sixty-fourths of a bit.
    bits: [i16; FIELDS],
}

impl Evidence {
    /// Nothing known about any field.
    #[must_use]
    pub const fn none() -> Self {
        Self { levels: [0; FIELDS], bits: [0; FIELDS] }
    }

    pub(crate) fn set(&mut self, field: usize, level: u8, bits: f32) {
        self.levels[field] = level;
        self.bits[field] = (bits * 64.0).round().clamp(-32_000.0, 32_000.0) as i16;
    }

    /// What was found for one field.
    #[must_use]
    pub fn get(&self, field: Field) -> (Level, f64) {
        let i = field.index().min(FIELDS - 1);
        (Level::from_index(self.levels[i] as usize), f64::from(self.bits[i]) / 64.0)
    }

    /// Fields that both records fill, with level and bits.
    pub fn iter(&self) -> impl Iterator<Item = (Field, Level, f64)> + '_ {
        (0..FIELDS).filter(|&i| self.levels[i] != 0).map(|i| {
            let field = Field::from_index(i);
            let (level, bits) = self.get(field);
            (field, level, bits)
        })
    }
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Figures about a run. Lost recall and bad data are visible here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Records taken in.
    pub records: u64,
    /// Persons found.
    pub clusters: u64,
    /// Persons with more than one record.
    pub merged_clusters: u64,
    /// Records of the largest person.
    pub largest_cluster: u64,
    /// Pairs compared.
    pub pairs_scored: u64,
    /// Pairs at match probability.
    pub pairs_probable: u64,
    /// Pairs merged.
    pub pairs_match: u64,
    /// Pairs that share restrictions until a person decides.
    pub pairs_review: u64,
    /// Review pairs to show in this run.
    pub review_shown: u64,
    /// Per reason, the probable pairs that were not merged.
    pub withheld: Vec<(Withheld, u64)>,
    /// Blocks proposed and skipped, by rule.
    pub rules: Vec<RuleSummary>,
    /// Blocks skipped over all rules, because they would have proposed too many pairs.
    pub blocks_skipped: u64,
    /// Records that share every value with another one: compared with one of their kind only.
    pub identical: u64,
    /// Records without any usable name: never merged.
    pub nameless: u64,
    /// Ids that occur more than once.
    pub duplicate_ids: u64,
    /// Fields that hold one value throughout and are ignored.
    pub constant_fields: Vec<Field>,
    /// Wall seconds by phase.
    pub seconds: Vec<(String, f64)>,
    /// Plain words about what a reader should know before using the result.
    pub warnings: Vec<String>,
}

/// What one blocking rule did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleSummary {
    /// Name of the rule.
    pub rule: String,
    /// Blocks with two records or more.
    pub blocks: u64,
    /// Pairs that the blocks in use propose.
    pub pairs: u64,
    /// Largest block in use.
    pub cap: u64,
    /// Blocks above the cap.
    pub skipped: u64,
    /// Records in the skipped blocks, counted per block.
    pub skipped_records: u64,
}
