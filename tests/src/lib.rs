//! Whole-system tests of Tidings.
