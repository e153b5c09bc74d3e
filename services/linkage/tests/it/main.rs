//! What users of linkage rely on: the lessons that earlier attempts taught, properties, and files.

mod bad_data;
mod lessons;
mod people;
mod properties;
mod table;
