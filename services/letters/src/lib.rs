//! Letters and task sheets as PDF.
//!
//! [`Letter`] is the `letter` part of a rendered notice (blocks of words, no markup), with the address that a gateway
//! adds. [`Fonts`] finds a Noto font for every script of its words. [`pdf`] sets it with Typst and refuses a letter of
//! which a single character has no glyph: Typst itself would print a box and say nothing.
//!
//! A crate and a program of its own, because Typst takes long to build and nothing else needs it.

mod fonts;
mod letter;
mod setting;

pub use fonts::{FontError, Fonts};
pub use letter::{Block, Direction, Kind, Letter};
pub use setting::{LetterError, pdf};
