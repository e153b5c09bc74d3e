//! The server setting for one test: a database of its own, a namespace of its own on the broker.

use std::path::Path;
use std::process::Command;

use admin::config::{Config, ProcessEnvironment};
use uuid::Uuid;

/// A database and a namespace that nobody else uses. Dropped at the end.
pub struct Servers {
    /// The test's own database.
    pub database_url: String,
    /// The broker.
    pub amqp_url: String,
    /// Prefix of its exchanges and queues.
    pub namespace: String,
    maintenance_url: String,
    database: String,
}

impl Servers {
    /// Servers from `DATABASE_URL` and `AMQP_URL`. `None`, said on stderr, where they are not set and nobody requires
    /// them; `tests/run` requires them.
    ///
    /// # Panics
    /// They are required and not there, or the database cannot be made.
    #[must_use]
    pub fn for_test(what: &str) -> Option<Self> {
        let url = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let (Some(maintenance_url), Some(amqp_url)) = (url("DATABASE_URL"), url("AMQP_URL")) else {
            assert!(std::env::var_os("TIDINGS_REQUIRE_SERVERS").is_none(), "{what} needs DATABASE_URL and AMQP_URL");
            eprintln!("skipped: {what} needs DATABASE_URL and AMQP_URL (tests/run brings them up)");
            return None;
        };
        let database = format!("tidings_{}", Uuid::new_v4().simple());
        sql(&maintenance_url, &format!("CREATE DATABASE {database}"));
        let (base, _) = maintenance_url.rsplit_once('/').expect("DATABASE_URL names a database");
        Some(Self {
            database_url: format!("{base}/{database}"),
            amqp_url,
            namespace: format!("{}.", &database[8..20]),
            maintenance_url,
            database,
        })
    }

    /// The configuration of a process on these servers, with a home folder.
    ///
    /// # Panics
    /// The environment holds none that can be used.
    #[must_use]
    pub fn config(&self, home: &Path) -> Config {
        let config = Config::load(None, &ProcessEnvironment).expect("a configuration");
        config.served_in(home, &self.database_url, &self.amqp_url, &self.namespace)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        sql(&self.maintenance_url, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.database));
    }
}

/// Runs one statement with PostgreSQL's own client.
///
/// # Panics
/// It fails.
pub fn sql(url: &str, statement: &str) -> String {
    let output = Command::new("psql")
        .args([url, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement])
        .output()
        .expect("psql is installed");
    assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
