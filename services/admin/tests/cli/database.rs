//! PostgreSQL for one test.

use std::process::Command;

/// A database that nobody else uses; dropped at the end.
pub(crate) struct Database {
    pub(crate) url: String,
    server: String,
    name: String,
}

impl Database {
    /// On the server of `DATABASE_URL`. None where there is none and none is required.
    pub(crate) fn create() -> Option<Self> {
        let Some(server) = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()) else {
            assert!(std::env::var_os("TIDINGS_REQUIRE_SERVERS").is_none(), "this test needs DATABASE_URL");
            eprintln!("skipped: needs DATABASE_URL (tests/run brings a server up)");
            return None;
        };
        let name = format!("tidings_{}", uuid::Uuid::new_v4().simple());
        sql(&server, &format!("CREATE DATABASE {name}"));
        let (base, _) = server.rsplit_once('/').expect("DATABASE_URL names a database");
        Some(Self { url: format!("{base}/{name}"), server, name })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        sql(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn sql(url: &str, statement: &str) {
    let psql = Command::new("psql").args([url, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement]).output();
    let output = psql.expect("psql is installed");
    assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
}
