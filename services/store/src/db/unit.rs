//! Units of work: each in a spawned task of its own, tried again when the database asks for it.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;

use rand::RngExt;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor};
use tracing::Instrument;

use super::Conn;
use crate::error::{TRIES, backoff};
use crate::{OpenOptions, StoreError};

/// A unit of work under way.
pub(crate) type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'c>>;

/// One of the two databases.
#[derive(Clone)]
pub(crate) enum Backend {
    /// A pool of connections.
    Postgres(PgPool),
    /// SQLite has one writer at a time: so has its pool.
    Sqlite { write: SqlitePool, read: SqlitePool },
}

/// How a unit sees the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Read,
    /// Reads that have to agree with each other.
    Snapshot,
}

/// Waiting longer for a connection than this means that the database is not there.
const ACQUIRE: Duration = Duration::from_secs(5);

/// Prepared statements kept by a connection: there are fewer texts than this.
const STATEMENTS: usize = 512;

impl Backend {
    /// Opens a database by its URL.
    pub(crate) async fn open(url: &str, options: OpenOptions) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(Path::new(path.trim_start_matches("//")), options).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url, options.pool).await
        } else {
            Err(StoreError::Url)
        }
    }

    async fn open_postgres(url: &str, pool: u32) -> Result<Self, StoreError> {
        // Bounded waits in the server itself: a worker that hangs holds no lock for long. Generic plans: every
        // statement is a look-up by key, and planning a batch anew costs as much as running it.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::Url)?
            .application_name("tidings")
            .statement_cache_capacity(STATEMENTS)
            .options([
                ("statement_timeout", "30s"),
                ("lock_timeout", "10s"),
                ("idle_in_transaction_session_timeout", "5s"),
                ("plan_cache_mode", "force_generic_plan"),
                ("jit", "off"),
                // Joins run as they are written, from the batch into the tables. Left to itself the planner begins
                // with whichever table was empty when it looked.
                ("join_collapse_limit", "1"),
                // Ids and states need no fine histograms, and tables are looked at again and again while they fill.
                ("default_statistics_target", "4"),
            ])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(pool.max(1))
            .acquire_timeout(ACQUIRE)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        Ok(Self::Postgres(pool))
    }

    async fn open_sqlite(path: &Path, OpenOptions { pool, cache }: OpenOptions) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL would lose committed work when the power fails: what left could leave again.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(STATEMENTS)
            // Every join has its index; one made for a single batch would read a whole table.
            .pragma("automatic_index", "off")
            // A sealed row is a kilobyte and more, and each page that is written is a call of its own.
            .page_size(8192)
            .pragma("secure_delete", "on")
            .pragma("cache_size", format!("-{}", cache / 1024))
            .disable_statement_logging();
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(60)) // writers queue here instead of meeting SQLITE_BUSY
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(pool.max(1))
            .acquire_timeout(Duration::from_secs(60))
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self::Sqlite { write, read })
    }

    /// Runs `work` in one transaction, and again when the database asks for it.
    pub(crate) async fn write<D, T, F>(&self, data: D, work: F) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>, &'c D) -> Work<'c, T> + Send + Sync + 'static,
    {
        self.run(Mode::Write, data, work).await
    }

    /// Runs `work` without a transaction: one statement, or several that need not agree.
    pub(crate) async fn read<D, T, F>(&self, data: D, work: F) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>, &'c D) -> Work<'c, T> + Send + Sync + 'static,
    {
        self.run(Mode::Read, data, work).await
    }

    /// Runs `work` over one snapshot.
    pub(crate) async fn snapshot<D, T, F>(&self, data: D, work: F) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>, &'c D) -> Work<'c, T> + Send + Sync + 'static,
    {
        self.run(Mode::Snapshot, data, work).await
    }

    /// The task of its own: whoever waits may be cut off at any moment, the work is not. A driver whose BEGIN is cut
    /// off hands the next borrower an open transaction, and loses what is committed in it.
    async fn run<D, T, F>(&self, mode: Mode, data: D, work: F) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>, &'c D) -> Work<'c, T> + Send + Sync + 'static,
    {
        let backend = self.clone();
        let task = async move {
            let mut n = 0;
            loop {
                n += 1;
                match backend.once(mode, &data, &work).await {
                    Err(error) if error.passes() && n < TRIES => {
                        let longest = backoff(n).as_micros() as u64;
                        let wait = rand::rng().random_range(0..=longest);
                        tokio::time::sleep(Duration::from_micros(wait)).await;
                    }
                    Err(error @ StoreError::Refused { .. }) if error.passes() => {
                        return Err(StoreError::Contended(n));
                    }
                    other => return other,
                }
            }
        };
        match tokio::spawn(task.in_current_span()).await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(StoreError::Interrupted),
            },
        }
    }

    /// The one place that begins a transaction.
    async fn once<D, T, F>(&self, mode: Mode, data: &D, work: &F) -> Result<T, StoreError>
    where
        F: for<'c> Fn(&'c mut Conn<'_>, &'c D) -> Work<'c, T>,
    {
        match (self, mode) {
            (Self::Postgres(pool), Mode::Read) => {
                let mut c = pool.acquire().await?;
                work(&mut Conn::Pg(&mut c), data).await
            }
            (Self::Postgres(pool), _) => {
                let mut tx = if mode == Mode::Snapshot {
                    pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?
                } else {
                    pool.begin().await?
                };
                let out = work(&mut Conn::Pg(&mut tx), data).await?;
                tx.commit().await?;
                Ok(out)
            }
            (Self::Sqlite { read, .. }, Mode::Read) => {
                let mut c = read.acquire().await?;
                work(&mut Conn::Lite(&mut c), data).await
            }
            (Self::Sqlite { read, .. }, Mode::Snapshot) => {
                let mut tx = read.begin().await?;
                work(&mut Conn::Lite(&mut tx), data).await
            }
            (Self::Sqlite { write, .. }, Mode::Write) => {
                let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
                let out = work(&mut Conn::Lite(&mut tx), data).await?;
                tx.commit().await?;
                Ok(out)
            }
        }
    }

    /// Runs the text of a migration in one transaction, if `version` is not reached yet.
    pub(crate) async fn migrate(&self, migrations: &'static [&'static str]) -> Result<(), StoreError> {
        const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY)";
        match self {
            Self::Postgres(pool) => {
                let mut tx = pool.begin_with("BEGIN").await?;
                // Two admins at once: one after the other. The number is only this lock's name.
                tx.execute("SELECT pg_advisory_xact_lock(7461646966)").await?;
                tx.execute(TABLE).await?;
                let at = reached(&mut Conn::Pg(&mut tx)).await?;
                for (n, text) in migrations.iter().enumerate().skip(at) {
                    tx.execute(sqlx::raw_sql(*text)).await?;
                    let mut c = Conn::Pg(&mut tx);
                    c.exec("INSERT INTO schema_version VALUES ($1)", super::vals![n as i32 + 1]).await?;
                }
                Ok(tx.commit().await?)
            }
            Self::Sqlite { write, .. } => {
                let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
                tx.execute(TABLE).await?;
                let at = reached(&mut Conn::Lite(&mut tx)).await?;
                for (n, text) in migrations.iter().enumerate().skip(at) {
                    tx.execute(sqlx::raw_sql(*text)).await?;
                    let mut c = Conn::Lite(&mut tx);
                    c.exec("INSERT INTO schema_version VALUES ($1)", super::vals![n as i32 + 1]).await?;
                }
                Ok(tx.commit().await?)
            }
        }
    }
}

async fn reached(c: &mut Conn<'_>) -> Result<usize, StoreError> {
    let at = c.count("SELECT CAST(max(version) AS bigint) FROM schema_version", &[]).await?;
    Ok(usize::try_from(at).unwrap_or(0))
}
