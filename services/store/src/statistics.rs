//! What PostgreSQL's planner believes about sizes. A campaign fills empty tables within seconds; the server's own
//! daemon looks once a minute, and until then plans made for empty tables read all of the full ones, row by row.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_recursion::async_recursion as boxed;

use crate::db::Backend;
use crate::{Store, StoreError};

/// What has just been filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// A file was staged.
    Staging,
    /// An import was applied.
    Records,
    /// Records were linked.
    Persons,
    /// Persons were planned.
    Plans,
}

/// When each was last looked at by this process.
#[derive(Default)]
pub(crate) struct Looked(Mutex<[Option<Instant>; 4]>);

impl Looked {
    fn is_due(&self, what: Filled) -> bool {
        let mut looked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = &mut looked[what as usize];
        let due = last.is_none_or(|at| at.elapsed() > PAUSE);
        if due {
            *last = Some(Instant::now());
        }
        due
    }
}

impl Filled {
    const fn tables(self) -> &'static str {
        match self {
            Self::Staging => "ANALYZE (SKIP_LOCKED) staging, import",
            Self::Records => "ANALYZE (SKIP_LOCKED) record, record_version, staging, unchanged, quarantine, import",
            Self::Persons => "ANALYZE (SKIP_LOCKED) person, link, address, relation, candidate, pair, record",
            Self::Plans => "ANALYZE (SKIP_LOCKED) notification, step, outside, due",
        }
    }
}

/// Tables of which as many rows have changed as they had when they were last looked at: less does not change a plan.
/// Written for the current schema only.
const GROWN: &str = "SELECT s.relname FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
     WHERE s.schemaname = current_schema() AND s.n_mod_since_analyze > 200 + greatest(c.reltuples, 0)";

/// Many small files in a row are one filling: the reconciler sees what the last of them brought.
const PAUSE: Duration = Duration::from_secs(2);

impl Store {
    /// Tells the planner that tables were filled. SQLite's planner needs no such word. Not being able to is no error:
    /// plans are slower then, not wrong.
    #[boxed]
    pub async fn filled(&self, what: Filled) {
        if !self.inner.filled.is_due(what) {
            return;
        }
        if let Err(error) = self.analyze(what.tables()).await {
            tracing::debug!(?what, %error, "statistics stay as they are");
        }
    }

    /// Looks at whatever has grown since; the reconciler does it every few seconds.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn look_at_sizes(&self) -> Result<(), StoreError> {
        let Backend::Postgres(pool) = &self.inner.db else { return Ok(()) };
        let grown: Vec<String> = sqlx::query_scalar(GROWN).fetch_all(pool).await?;
        for table in &grown {
            // Names of our own tables, from the catalogue.
            let quoted = table.replace('"', "\"\"");
            if let Err(error) = self.analyze(&format!("ANALYZE (SKIP_LOCKED) \"{quoted}\"")).await {
                tracing::debug!(table, %error, "statistics stay as they are");
            }
        }
        Ok(())
    }

    async fn analyze(&self, text: &str) -> Result<(), StoreError> {
        let Backend::Postgres(pool) = &self.inner.db else { return Ok(()) };
        sqlx::raw_sql(sqlx::AssertSqlSafe(text.to_owned())).execute(pool).await?;
        Ok(())
    }
}
