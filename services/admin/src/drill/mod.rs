//! Drills: a campaign on invented people, with simulated gateways that really open the sealed messages.
//!
//! [`setup`] fills a store through the same commands that operators use; [`gateways`] consume, open, verify and answer
//! with signed receipts, not always well; [`driver`] lets the workers run, moves the drill's clock when all that is left
//! is waiting, and ends; [`race`] plays laps with one gateway away; [`verdict`] compares what the gateways opened with what is true of the invented people;
//! [`summary`] says it to people and programs.

use std::future::Future;
use std::pin::Pin;

use crate::error::Failure;

/// Work under way. Boxed, so that its machine code is made here and not again in every test and benchmark.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + 'a>>;

pub mod driver;
pub mod embedded;
pub mod gateways;
pub mod race;
pub mod setup;
pub mod summary;
pub mod verdict;
