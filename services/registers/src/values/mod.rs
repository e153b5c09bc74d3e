//! Single values: from what a system exports to what the canonical record holds.

pub mod calendar;
pub mod clean;
pub mod codes;
pub mod country;
pub mod date;
pub mod email;
pub mod language;
pub mod phone;
mod plan;
