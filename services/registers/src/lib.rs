//! Registers: files of the National Societies -> canonical records, and a synthetic population to try it on.
//!
//! A file comes with a [`Manifest`], and a table with a [`Mapping`]. [`is_described`] says whether its bytes are those
//! of the manifest; [`read`] then gives its rows one by one, each a record or the reason why it is set aside. [`verify`]
//! holds a whole file against its manifest and keeps nothing. Bytes pass through bounds and the declared encoding (`meter`), a format (`profiles`), the columns
//! (`table`, `fields`, `draft`) and the forms of single [`values`]. [`limits`] says how much a file may cost.
//! Nothing here prints a value. [`schema`] publishes the canonical record; [`synth`] invents people, registers and the truth about them.

mod draft;
pub mod error;
pub mod fields;
pub mod limits;
pub mod manifest;
pub mod mapping;
mod meter;
mod profiles;
mod read;
pub mod schema;
mod seen;
pub mod synth;
mod table;
mod unknown;
pub mod values;

pub use error::{Note, NoteKind, Quarantine, Reason, RegisterError};
pub use manifest::{Carried, Encoding, Manifest, Profile};
pub use mapping::Mapping;
pub use read::{Row, Rows, Verified, headers, hex, is_described, read, survey, verify};
pub use unknown::{UnknownValues, unknown_values};
