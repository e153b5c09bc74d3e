//! Whole-system tests, one binary: what a user relies on, in both settings.

mod canary;
mod graph;
mod kill;
