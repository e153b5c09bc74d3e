//! One module a format: each finds the rows of its files and makes canonical records of them.

pub(crate) mod canonical;
pub(crate) mod csv;
pub(crate) mod items;
pub(crate) mod pfif;
pub(crate) mod pfif_csv;
pub(crate) mod pfif_xml;
pub(crate) mod primero_json;
mod unique;
pub(crate) mod xlsx;
