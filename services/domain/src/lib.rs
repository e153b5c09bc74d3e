//! The words of Tidings as types, and the transitions between their states. Pure: no I/O, no clock, no randomness.
//!
//! Reading order follows one person's data: a [`record`] comes from a Society's register; records become a person
//! ([`ids::PersonId`]); protection turns the person's facts into a [`decision`]; the [`manifest`] is what two
//! operators approve ([`action`]); a [`notice`] is said through a [`channel`] by an attempt ([`delivery`]), and a
//! gateway answers with a [`receipt`]. The [`ledger`] accounts for everybody.

pub mod action;
pub mod campaign;
pub mod channel;
pub mod decision;
pub mod delivery;
pub mod doorbell;
pub mod heard;
pub mod ids;
pub mod incident;
pub mod ledger;
pub mod manifest;
pub mod merkle;
pub mod notice;
pub mod pace;
pub mod receipt;
pub mod record;
pub mod society;
pub mod time;

pub use channel::{Channel, Form, Level};
pub use ids::*;
pub use notice::{Audience, NoticeKind};
pub use pace::Pace;
pub use society::SocietyCode;
pub use time::Millis;
