//! Whole-system tests, one binary: what a user relies on, in both settings.

mod audiences;
mod away;
mod canary;
mod graph;
mod kill;
