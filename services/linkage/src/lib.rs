//! Linkage: which records are the same person.
//!
//! A false merge means that someone is never told, or gets another's notice. So there are three outcomes:
//! a pair is merged (`match`), shown to a person (`review`), or left alone (`distinct`); and merging needs more
//! than a high probability (see `decide`).
//!
//! A run goes through these modules in order:
//!
//! 1. `normalise` turns each [`LinkRecord`] into tokens, dates and numbers, `packed` stores them in small
//!    fixed-size records with token ids;
//! 2. `block` proposes pairs by typed compound keys, each rule within a budget of pairs;
//! 3. `compare` gives every pair a level per field;
//! 4. `train` learns without labels how often each level occurs for one person, one household, namesakes
//!    and strangers; `model` turns levels into bits and probability;
//! 5. `decide` applies the gate, `cluster` joins pairs into persons;
//! 6. `explain` says why, in words.
//!
//! [`link`] does it all for records in memory; [`table`] does it for a CSV file. Nothing here does I/O of its
//! own, asks a clock for the time of day, or draws a random number that the data do not determine: the same
//! records in any order give the same persons.

mod block;
mod cluster;
mod compare;
mod corpus;
mod dates;
mod decide;
mod defaults;
mod engine;
mod explain;
mod fields;
mod finish;
mod model;
mod names;
mod nicknames;
mod normalise;
mod options;
mod output;
mod packed;
mod record;
mod score;
mod similarity;
mod skeleton;
pub mod table;
mod terms;
mod text;
mod train;

pub use engine::{Linker, link};
pub use explain::{Step, Waterfall, explain};
pub use fields::{FIELDS, Field, LEVELS, Level, OTHER_FIELDS};
pub use model::Model;
pub use options::{
    CLUSTER_CAP, Gate, LIST_THRESHOLD, MATCH_THRESHOLD, Options, PAIR_BUDGET, REVIEW_SHARE, REVIEW_THRESHOLD, Verdict,
};
pub use output::{Evidence, Linkage, Outcome, Pair, RuleSummary, ScoredPair, Summary, Withheld};
pub use record::{Birth, LinkRecord, Sex};
