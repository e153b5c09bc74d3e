//! Statements on one connection, and the rows they give.

use std::borrow::Cow;

use domain::{Millis, SocietyCode};
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, Column, PgConnection, Row as _, SqliteConnection};
use uuid::Uuid;

use super::{Cell, Col, Val, sql};
use crate::StoreError;

/// A connection inside a unit of work.
pub(crate) enum Conn<'c> {
    Pg(&'c mut PgConnection),
    Lite(&'c mut SqliteConnection),
}

fn pg_args(vals: &[Val], cols: &[Col]) -> Result<PgArguments, StoreError> {
    let mut args = PgArguments::default();
    let added = vals
        .iter()
        .try_for_each(|v| v.add_pg(&mut args))
        .and_then(|()| cols.iter().try_for_each(|c| c.add_pg(&mut args)));
    added.map_err(|_| StoreError::Encode)?;
    Ok(args)
}

fn lite_args(vals: &[Val], cols: &[Col], from: usize, count: usize) -> Result<SqliteArguments, StoreError> {
    let mut args = SqliteArguments::default();
    let mut add = || {
        for row in from..from + count {
            for col in cols {
                col.add_lite(row, &mut args)?;
            }
        }
        vals.iter().try_for_each(|v| v.add_lite(&mut args))
    };
    add().map_err(|_| StoreError::Encode)?;
    Ok(args)
}

impl Conn<'_> {
    /// Runs a statement; the number of rows it changed.
    pub(crate) async fn exec(&mut self, template: &'static str, vals: &[Val]) -> Result<u64, StoreError> {
        match self {
            Self::Pg(c) => {
                let text = AssertSqlSafe(sql::plain(template, true));
                let done = sqlx::query_with(text, pg_args(vals, &[])?).execute(&mut **c);
                Ok(done.await?.rows_affected())
            }
            Self::Lite(c) => {
                let text = AssertSqlSafe(sql::plain(template, false));
                let done = sqlx::query_with(text, lite_args(vals, &[], 0, 0)?).execute(&mut **c);
                Ok(done.await?.rows_affected())
            }
        }
    }

    /// Runs a statement; the rows it gives.
    pub(crate) async fn rows(&mut self, template: &'static str, vals: &[Val]) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Pg(c) => {
                let text = AssertSqlSafe(sql::plain(template, true));
                let rows = sqlx::query_with(text, pg_args(vals, &[])?).fetch_all(&mut **c);
                Ok(rows.await?.into_iter().map(Row::Pg).collect())
            }
            Self::Lite(c) => {
                let text = AssertSqlSafe(sql::plain(template, false));
                let rows = sqlx::query_with(text, lite_args(vals, &[], 0, 0)?).fetch_all(&mut **c);
                Ok(rows.await?.into_iter().map(Row::Lite).collect())
            }
        }
    }

    /// The first row, if any.
    pub(crate) async fn row(&mut self, template: &'static str, vals: &[Val]) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(template, vals).await?.into_iter().next())
    }

    /// The one number of the one row; 0 for NULL.
    pub(crate) async fn count(&mut self, template: &'static str, vals: &[Val]) -> Result<i64, StoreError> {
        match self.row(template, vals).await? {
            Some(row) => Ok(row.opt_i64(0)?.unwrap_or(0)),
            None => Ok(0),
        }
    }

    /// Runs a statement over a batch; the number of rows it changed.
    pub(crate) async fn batch(
        &mut self,
        template: &'static str,
        vals: &[Val],
        cols: &[Col],
    ) -> Result<u64, StoreError> {
        let total = cols.first().map_or(0, Col::len);
        debug_assert!(cols.iter().all(|c| c.len() == total));
        if total == 0 {
            return Ok(0);
        }
        match self {
            Self::Pg(c) => {
                let text = sql::unnest(template, vals.len(), cols);
                let mut changed = 0;
                for part in parts(total, cols) {
                    let args = pg_args(vals, &part)?;
                    let done = sqlx::query_with(AssertSqlSafe(text.clone()), args).execute(&mut **c);
                    changed += done.await?.rows_affected();
                }
                Ok(changed)
            }
            Self::Lite(c) => {
                let mut changed = 0;
                for (from, count) in chunks(total) {
                    let text = sql::values(template, cols.len(), count);
                    let args = lite_args(vals, cols, from, count)?;
                    let done = sqlx::query_with(AssertSqlSafe(text), args).execute(&mut **c);
                    changed += done.await?.rows_affected();
                }
                Ok(changed)
            }
        }
    }

    /// Runs a statement over rows that stay where they are: wide ones are not gathered into columns first. The number of
    /// rows it changed.
    pub(crate) async fn batch_of<T: Sync, const N: usize>(
        &mut self,
        template: &'static str,
        vals: &[Val],
        rows: &[T],
        cells: for<'r> fn(&'r T) -> [Cell<'r>; N],
    ) -> Result<u64, StoreError> {
        let Self::Lite(c) = self else {
            let cols: Vec<Col> = (0..N).map(|at| Cell::column(rows.iter().map(|row| cells(row)[at]))).collect();
            return self.batch(template, vals, &cols).await;
        };
        let mut changed = 0;
        for (from, count) in chunks(rows.len()) {
            let text = sql::values(template, N, count);
            let mut args = SqliteArguments::default();
            args.reserve(count * N + vals.len(), 0);
            let mut cells = rows[from..from + count].iter().flat_map(cells);
            cells
                .try_for_each(|cell| cell.add_lite(&mut args))
                .and_then(|()| vals.iter().try_for_each(|v| v.add_lite(&mut args)))
                .map_err(|_| StoreError::Encode)?;
            let done = sqlx::query_with(AssertSqlSafe(text), args).execute(&mut **c);
            changed += done.await?.rows_affected();
        }
        Ok(changed)
    }

    /// Runs a statement over a batch; the rows it gives, in no order across chunks.
    pub(crate) async fn batch_rows(
        &mut self,
        template: &'static str,
        vals: &[Val],
        cols: &[Col],
    ) -> Result<Vec<Row>, StoreError> {
        let total = cols.first().map_or(0, Col::len);
        debug_assert!(cols.iter().all(|c| c.len() == total));
        if total == 0 {
            return Ok(Vec::new());
        }
        match self {
            Self::Pg(c) => {
                let text = sql::unnest(template, vals.len(), cols);
                let mut out = Vec::with_capacity(total);
                for part in parts(total, cols) {
                    let args = pg_args(vals, &part)?;
                    let rows = sqlx::query_with(AssertSqlSafe(text.clone()), args).fetch_all(&mut **c);
                    out.extend(rows.await?.into_iter().map(Row::Pg));
                }
                Ok(out)
            }
            Self::Lite(c) => {
                let mut out = Vec::with_capacity(total);
                for (from, count) in chunks(total) {
                    let text = sql::values(template, cols.len(), count);
                    let args = lite_args(vals, cols, from, count)?;
                    let rows = sqlx::query_with(AssertSqlSafe(text), args).fetch_all(&mut **c);
                    out.extend(rows.await?.into_iter().map(Row::Lite));
                }
                Ok(out)
            }
        }
    }
}

/// Rows of one statement on PostgreSQL at most: bounds its memory and keeps it far below the statement time-out.
const PART: usize = 10_000;

/// The batch in parts of at most [`PART`] rows.
fn parts(total: usize, cols: &[Col]) -> Vec<Cow<'_, [Col]>> {
    if total <= PART {
        return vec![Cow::Borrowed(cols)];
    }
    (0..total)
        .step_by(PART)
        .map(|from| {
            let to = total.min(from + PART);
            Cow::Owned(cols.iter().map(|c| c.slice(from, to)).collect())
        })
        .collect()
}

/// Where each chunk starts and how long it is.
fn chunks(total: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let count = sql::CHUNKS.into_iter().find(|n| *n <= total - from)?;
        from += count;
        Some((from - count, count))
    })
}

/// One row. Columns are read by position.
pub(crate) enum Row {
    Pg(PgRow),
    Lite(SqliteRow),
}

macro_rules! getters {
    ($($name:ident -> $type:ty;)+) => { $(
        pub(crate) fn $name(&self, n: usize) -> Result<$type, StoreError> {
            match self {
                Self::Pg(row) => row.try_get(n),
                Self::Lite(row) => row.try_get(n),
            }
            .map_err(|_| self.wrong(n))
        }
    )+ };
}

impl Row {
    getters! {
        i32 -> i32;
        i64 -> i64;
        opt_i32 -> Option<i32>;
        opt_i64 -> Option<i64>;
        bool -> bool;
        uuid -> Uuid;
        opt_uuid -> Option<Uuid>;
        text -> String;
        opt_text -> Option<String>;
        bytes -> Vec<u8>;
        opt_bytes -> Option<Vec<u8>>;
    }

    /// An id.
    pub(crate) fn id<T: From<Uuid>>(&self, n: usize) -> Result<T, StoreError> {
        self.uuid(n).map(T::from)
    }

    /// An id or none.
    pub(crate) fn opt_id<T: From<Uuid>>(&self, n: usize) -> Result<Option<T>, StoreError> {
        Ok(self.opt_uuid(n)?.map(T::from))
    }

    /// An instant.
    pub(crate) fn millis(&self, n: usize) -> Result<Millis, StoreError> {
        self.i64(n).map(Millis)
    }

    /// An instant or none.
    pub(crate) fn opt_millis(&self, n: usize) -> Result<Option<Millis>, StoreError> {
        Ok(self.opt_i64(n)?.map(Millis))
    }

    /// Bytes of a fixed length.
    pub(crate) fn array<const N: usize>(&self, n: usize) -> Result<[u8; N], StoreError> {
        self.bytes(n)?.try_into().map_err(|_| self.wrong(n))
    }

    /// A word of a list.
    pub(crate) fn word<T>(&self, n: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        parse(&self.text(n)?).ok_or_else(|| self.wrong(n))
    }

    /// Words of a list, separated by commas.
    pub(crate) fn words<T>(&self, n: usize, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, StoreError> {
        self.text(n)?.split(',').filter(|w| !w.is_empty()).map(|w| parse(w).ok_or_else(|| self.wrong(n))).collect()
    }

    /// A Society.
    pub(crate) fn society(&self, n: usize) -> Result<SocietyCode, StoreError> {
        self.word(n, |text| text.parse().ok())
    }

    /// A Society or none.
    pub(crate) fn opt_society(&self, n: usize) -> Result<Option<SocietyCode>, StoreError> {
        match self.opt_text(n)? {
            Some(text) => text.parse().map(Some).map_err(|_| self.wrong(n)),
            None => Ok(None),
        }
    }

    /// JSON of a type.
    pub(crate) fn json<T: DeserializeOwned>(&self, n: usize) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(n)?).map_err(|_| self.wrong(n))
    }

    /// JSON of a type, or none.
    pub(crate) fn opt_json<T: DeserializeOwned>(&self, n: usize) -> Result<Option<T>, StoreError> {
        match self.opt_text(n)? {
            Some(text) => serde_json::from_str(&text).map(Some).map_err(|_| self.wrong(n)),
            None => Ok(None),
        }
    }

    /// Names the column, which is ours, and not the value.
    fn wrong(&self, n: usize) -> StoreError {
        let name = match self {
            Self::Pg(row) => row.columns().get(n).map(|c| c.name().to_owned()),
            Self::Lite(row) => row.columns().get(n).map(|c| c.name().to_owned()),
        };
        StoreError::Decode(name.unwrap_or_else(|| format!("#{n}")))
    }
}
