//! Registers: files of the National Societies -> canonical records, and a synthetic population to try it on.
//!
//! [`synth`] invents people, registers and the truth about them.

pub mod synth;
