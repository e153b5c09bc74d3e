//! Drills: a campaign on invented people, with simulated gateways that really open the sealed messages.
//!
//! [`setup`] fills a store through the same commands that operators use; [`gateways`] consume, open, verify and answer
//! with signed receipts, not always well; [`driver`] lets the workers run, moves the drill's clock when all that is left
//! is waiting, and ends; [`verdict`] compares what the gateways opened with what is true of the invented people;
//! [`summary`] says it to people and programs.

pub mod driver;
pub mod embedded;
pub mod gateways;
pub mod setup;
pub mod summary;
pub mod verdict;
