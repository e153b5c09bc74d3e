//! A thin layer that hides the two drivers. SQL text is shared; a batch travels as columns.
//!
//! A template holds `{r}` where the rows of a batch stand, always as `WITH r(a, b) AS ({r}) …`: arrays through
//! UNNEST on PostgreSQL, chunks of VALUES on SQLite; so a batched statement has to mean the same when it is cut into
//! parts. `{lock}`, `{skip}` and their kin become row locks on PostgreSQL and nothing on SQLite, where a writer has
//! the file to itself; `{now}` is the database's clock, `{clock}` the same with the drill's offset. Templates are fixed texts, so that statements stay prepared.

mod conn;
mod sql;
mod unit;
mod value;

pub(crate) use conn::{Conn, Row};
pub(crate) use unit::Backend;
pub(crate) use value::{Cell, Col, Val};

/// Scalar parameters `$1`, `$2`, ….
macro_rules! vals {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Val::from($value)),*] };
}
pub(crate) use vals;

/// Columns of a batch, all of one length.
macro_rules! cols {
    ($($column:expr),+ $(,)?) => { &[$($crate::db::Col::from($column)),+] };
}
pub(crate) use cols;
