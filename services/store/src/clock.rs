//! Opening, time, leases.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_recursion::async_recursion as boxed;
use domain::Millis;
use uuid::Uuid;

use crate::db::{Backend, vals};
use crate::statistics::Looked;
use crate::{OpenOptions, Store, StoreError};

const POSTGRES: &[&str] = &[
    include_str!("../migrations/postgres/0001_record.sql"),
    include_str!("../migrations/postgres/0002_review.sql"),
    include_str!("../migrations/postgres/0003_pace.sql"),
    include_str!("../migrations/postgres/0004_linked.sql"),
    include_str!("../migrations/postgres/0005_staging.sql"),
    include_str!("../migrations/postgres/0006_gateways.sql"),
    include_str!("../migrations/postgres/0007_indexes.sql"),
    include_str!("../migrations/postgres/0008_blocks.sql"),
    include_str!("../migrations/postgres/0009_doubts.sql"),
];
const SQLITE: &[&str] = &[
    include_str!("../migrations/sqlite/0001_record.sql"),
    include_str!("../migrations/sqlite/0002_review.sql"),
    include_str!("../migrations/sqlite/0003_pace.sql"),
    include_str!("../migrations/sqlite/0004_linked.sql"),
    include_str!("../migrations/sqlite/0005_staging.sql"),
    include_str!("../migrations/sqlite/0006_gateways.sql"),
    include_str!("../migrations/sqlite/0007_indexes.sql"),
    include_str!("../migrations/sqlite/0008_blocks.sql"),
    include_str!("../migrations/sqlite/0009_doubts.sql"),
];

/// The database's clock is asked again after this long: one answer serves what a batch asks at nearly the same moment, and
/// a doorbell that follows a jump of the drill's clock does not find the old time.
const CLOCK_AGE: Duration = Duration::from_millis(10);

/// The clock as last asked.
#[derive(Clone, Copy)]
struct Reading {
    taken: Instant,
    at: i64,
}

pub(crate) struct Inner {
    pub(crate) db: Backend,
    clock: Mutex<Option<Reading>>,
    pub(crate) filled: Looked,
}

impl Store {
    /// Opens a store: `sqlite:PATH` or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Url`] for another URL, [`StoreError::Unavailable`] if nothing answers there.
    #[boxed]
    pub async fn open(url: &str, options: OpenOptions) -> Result<Self, StoreError> {
        let db = Backend::open(url, options).await?;
        Ok(Self { inner: Arc::new(Inner { db, clock: Mutex::default(), filled: Looked::default() }) })
    }

    /// Brings the schema up to this version (an admin step; workers run with rights to rows only).
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let texts = match self.inner.db {
            Backend::Postgres(_) => POSTGRES,
            Backend::Sqlite { .. } => SQLITE,
        };
        let db = self.inner.db.clone();
        tokio::spawn(async move { db.migrate(texts).await }).await.map_err(|_| StoreError::Interrupted)?
    }

    /// Checks that the schema is this version's.
    ///
    /// # Errors
    /// [`StoreError::Schema`] if it is not.
    #[boxed]
    pub async fn check_schema(&self) -> Result<(), StoreError> {
        let reached = self
            .inner
            .db
            .read((), |c, ()| {
                Box::pin(async move { c.count("SELECT CAST(max(version) AS bigint) FROM schema_version", &[]).await })
            })
            .await
            .map_err(|error| match error {
                StoreError::Refused { .. } => StoreError::Schema,
                other => other,
            })?;
        if reached == POSTGRES.len() as i64 { Ok(()) } else { Err(StoreError::Schema) }
    }

    /// Now: the database's clock, and the offset of a drill.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn now(&self) -> Result<Millis, StoreError> {
        let known = *self.lock_clock();
        if let Some(reading) = known.filter(|r| r.taken.elapsed() < CLOCK_AGE) {
            return Ok(Millis(reading.at).plus(reading.taken.elapsed().as_millis() as i64));
        }
        let at = self.inner.db.read((), |c, ()| Box::pin(async move { c.count("SELECT {clock}", &[]).await })).await?;
        *self.lock_clock() = Some(Reading { taken: Instant::now(), at });
        Ok(Millis(at))
    }

    /// Moves a drill's clock forward to `to`; an instant that has passed changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Clock`] while a real incident is in the store.
    #[boxed]
    pub async fn jump_clock(&self, to: Millis) -> Result<(), StoreError> {
        self.inner
            .db
            .write(to, |c, to| {
                Box::pin(async move {
                    c.row("SELECT offset_ms FROM clock {lock}", &[]).await?;
                    if c.row("SELECT 1 FROM incident WHERE NOT drill LIMIT 1", &[]).await?.is_some() {
                        return Err(StoreError::Clock);
                    }
                    c.exec("UPDATE clock SET offset_ms = $1 - {now} WHERE $1 > {now} + offset_ms", vals![*to]).await?;
                    Ok(())
                })
            })
            .await?;
        *self.lock_clock() = None;
        Ok(())
    }

    /// Takes or renews a lease by the database's own clock; false while somebody else has it.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn lease(&self, name: &str, holder: Uuid, ttl_ms: i64) -> Result<bool, StoreError> {
        self.inner
            .db
            .write((name.to_owned(), holder, ttl_ms), |c, (name, holder, ttl)| {
                Box::pin(async move {
                    let taken = c
                        .exec(
                            "INSERT INTO lease (name, holder, until_ms) VALUES ($1, $2, {now} + $3)
                             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
                             WHERE lease.holder = excluded.holder OR lease.until_ms <= {now}",
                            vals![name, *holder, *ttl],
                        )
                        .await?;
                    Ok(taken == 1)
                })
            })
            .await
    }

    /// Gives a lease back; somebody else's stays.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn release_lease(&self, name: &str, holder: Uuid) -> Result<(), StoreError> {
        self.inner
            .db
            .write((name.to_owned(), holder), |c, (name, holder)| {
                Box::pin(async move {
                    c.exec("DELETE FROM lease WHERE name = $1 AND holder = $2", vals![name, *holder]).await?;
                    Ok(())
                })
            })
            .await
    }

    fn lock_clock(&self) -> std::sync::MutexGuard<'_, Option<Reading>> {
        self.inner.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
