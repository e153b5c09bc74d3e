//! Who may be told what, by which channel.
//!
//! The way through the crate: [`facts()`] reads a [`Subject`] (records, context, what linkage and receipts know) into
//! finite [`Facts`]; [`decide`] asks every row of the policy (`rules.rs`) and gives a level for every route;
//! [`plan()`] turns that into ordered steps or a hold; [`still_allowed`] asks again before a message is sealed, when
//! it is dispatched and at every fallback.
//!
//! Why it is safe: facts are [`atoms`], each of which is something bad or unknown. Rules only ask whether atoms are
//! present, and only close or lower. So knowing one more bad thing never allows more, whatever the order of rules.

pub mod atoms;
mod audience;
pub mod codes;
mod compare;
mod digest;
mod effect;
mod engine;
mod explain;
mod facts;
pub mod facts_io;
mod gate;
mod lift;
#[cfg(feature = "mutants")]
pub mod mutants;
mod offers;
mod pass;
mod plan;
mod policy;
#[cfg(test)]
mod proof;
mod rules;
mod table;
mod waits;
mod words;
mod zones;

pub use audience::audiences;
pub use compare::{incompatible, only_tightens};
pub use engine::decide;
pub use explain::{Explanation, FiredRule, Question, ends_with, explain};
pub use facts::statement::{ContactSays, GuardianSays, NewContact, Says, Statement};
pub use facts::subject::{
    Address, Candidate, Carried, Earlier, GuardianStatus, Lift, LiftedRoute, Subject, SubjectRecord, assessment,
};
pub use facts::{Facts, contact_points, facts};
pub use gate::{Allowed, Void, still_allowed};
pub use lift::{LIFT_DAYS, LiftError, check as check_lift, fingerprint, may_lift};
pub use offers::Offers;
pub use plan::{Held, Outcome, Plan, Planning, REVIEW_DAYS, plan};
pub use table::{RuleRow, policy_table};

/// Version of the policy. A campaign's manifest binds it: changed rules void what is unsent.
pub const POLICY_VERSION: &str = "2026-11-29.1";
