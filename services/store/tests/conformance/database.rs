//! A database per test, with a back door for tampering.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use store::{OpenOptions, Store};

/// One database and a store over it.
pub(crate) struct Database {
    pub(crate) store: Store,
    pub(crate) url: String,
    /// Keeps the file of SQLite.
    pub(crate) folder: Option<tempfile::TempDir>,
    admin: Option<(String, String)>,
}

async fn open(url: &str) -> Store {
    let store = Store::open(url, OpenOptions { pool: 6, ..OpenOptions::default() }).await.expect("opens");
    store.migrate().await.expect("migrates");
    store.migrate().await.expect("migrating again changes nothing");
    store.check_schema().await.expect("is of this version");
    store
}

impl Database {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("store.db").display());
        Self { store: open(&url).await, url, folder: Some(folder), admin: None }
    }

    /// None where there is no server and none is required.
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("DATABASE_URL") else {
            assert!(
                std::env::var_os("TIDINGS_REQUIRE_SERVERS").is_none_or(|v| v != "1"),
                "DATABASE_URL is required by TIDINGS_REQUIRE_SERVERS"
            );
            println!("skipped: needs DATABASE_URL");
            return None;
        };
        let name = format!("tidings_test_{}", uuid::Uuid::new_v4().simple());
        let mut admin = PgConnection::connect(&server).await.expect("the server answers");
        admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database of its own");
        let (base, query) = server.split_once('?').unwrap_or((&server, ""));
        let (host, _) = base.rsplit_once('/').expect("a database in the URL");
        let url = format!("{host}/{name}?{query}");
        Some(Self { store: open(&url).await, url: url.clone(), folder: None, admin: Some((server, name)) })
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.admin.is_some()
    }

    pub(crate) async fn drop(self) {
        if let Some((server, name)) = self.admin {
            let mut admin = PgConnection::connect(&server).await.expect("the server answers");
            admin.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.expect("drops");
        }
    }

    /// Statements behind the store's back.
    pub(crate) async fn tamper(&self, sql: &str) -> Result<(), sqlx::Error> {
        let text = AssertSqlSafe(sql.to_owned());
        if self.is_postgres() {
            let mut c = PgConnection::connect(&self.url).await?;
            sqlx::raw_sql(text).execute(&mut c).await?;
        } else {
            let mut c = SqliteConnection::connect(&self.url).await?;
            c.execute("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000").await?;
            sqlx::raw_sql(text).execute(&mut c).await?;
            c.close().await?;
        }
        Ok(())
    }

    /// A number by a statement.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let text = AssertSqlSafe(sql.to_owned());
        if self.is_postgres() {
            let mut c = PgConnection::connect(&self.url).await.expect("connects");
            sqlx::query_scalar(text).fetch_one(&mut c).await.expect("a number")
        } else {
            let mut c = SqliteConnection::connect(&self.url).await.expect("connects");
            sqlx::query_scalar(text).fetch_one(&mut c).await.expect("a number")
        }
    }

    /// An id as a literal of this database.
    pub(crate) fn literal(&self, id: uuid::Uuid) -> String {
        if self.is_postgres() { format!("'{id}'::uuid") } else { format!("x'{}'", id.simple()) }
    }
}
