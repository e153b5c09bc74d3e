//! Files in, records out: every profile, every trap of real exports, every hostile file.

mod book;
mod common;
mod csv;
mod doubts;
mod fuzz;
mod hostile;
mod pfif;
mod primero;
mod roundtrip;
mod schema;
mod synth;
mod traps;
mod xlsx;
