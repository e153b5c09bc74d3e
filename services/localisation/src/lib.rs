//! Words: a notice becomes text in a person's language, for one channel, at one level.
//!
//! FTL files (`locales/<tag>/*.ftl`) hold every word, Handlebars templates (`templates/<notice>/<channel>[.<part>].hbs`)
//! hold structure only. [`Library`] loads both once, strictly: what is odd refuses everything, by file and id.
//!
//! [`Library::choose`] finds the language ([`choose`]): the person's own, then a curated table, then a human.
//! [`Library::render`] makes the text: [`audience`] says whether the rules can produce the notice and what must be
//! added for whom; `values` turns facts and Society into checked arguments; `words` (Fluent) and `templates`
//! (Handlebars) make it, `prepare` keeps it, `render` fills in what differs from person to person. Any doubt is a
//! [`Refusal`], never a guess. Only words that people have approved as they are ([`approvals`]) are sent.
//!
//! What people write into it by hand is looked at when they write it ([`Library::check_society`]).
//!
//! Beside it: [`sms`] counts segments, [`reference`] makes the codes, `dates` and `plural` ask ICU4X.

pub mod approvals;
pub mod audience;
pub mod choose;
mod content;
mod dates;
mod error;
mod files;
mod language;
mod library;
pub mod lint;
mod medium;
pub mod plural;
mod prepare;
pub mod preview;
mod pseudo;
pub mod reference;
mod render;
pub mod sample;
pub mod sheet;
pub mod sms;
mod society;
mod tag;
pub mod templates;
mod text;
mod unit;
mod values;
pub mod words;
pub mod workflow;

pub use approvals::{Approval, State, Unit};
pub use choose::Choice;
pub use error::{LoadError, Refusal};
pub use files::{APPROVALS_FILE, Files};
pub use language::Language;
pub use library::{Library, SOURCE};
pub use medium::Medium;
pub use prepare::Material;
pub use render::{Rendered, Request};
pub use sms::Encoding;
pub use society::Fault;
pub use tag::{Direction, Tag, TagError};
pub use unit::{Part, unit_of};
