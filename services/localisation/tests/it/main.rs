//! The library as its users see it: every producible notice in every language, what it must and must not say,
//! and what is refused.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is the test's")]

mod audiences;
mod bidi;
mod planner;
mod refusals;
mod society;
mod support;
mod table;
mod workflow;
