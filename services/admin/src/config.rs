//! Configuration: commented defaults inside the binary, then a file, then the environment. Unknown keys are refused.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::Failure;

/// The commented defaults; `tidings init` writes them out.
pub const DEFAULTS: &str = include_str!("config.default.toml");

/// File that is read when `--config` names none.
const FILE: &str = "tidings.toml";

/// Everything that can be configured.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    home: PathBuf,
    database_url: String,
    database_url_file: PathBuf,
    amqp_url: String,
    amqp_url_file: PathBuf,
    master_key_file: PathBuf,
    organisation_key_file: PathBuf,
    receipt_key_file: PathBuf,
    /// Prefix of the names of exchanges and queues.
    pub amqp_namespace: String,
    /// Folder whose words and templates stand in place of the built-in ones; empty: none.
    pub words: PathBuf,
    /// Connections to PostgreSQL at most.
    pub database_pool: u32,
    /// Tasks that one operator may open within a day.
    pub tasks_a_day: u32,
    /// Doorbells a worker holds unacknowledged at most.
    pub prefetch: u16,
}

/// Where environment variables come from; tests pass their own.
pub trait Environment {
    /// The value of a variable, if it is set and not empty.
    fn get(&self, name: &str) -> Option<String>;
}

/// The environment of the process.
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }
}

impl Config {
    /// Reads defaults, file and environment.
    ///
    /// # Errors
    /// A file that is missing though named, that is not TOML, or that holds an unknown key.
    pub fn load(file: Option<&Path>, env: &dyn Environment) -> Result<Self, Failure> {
        let mut table: toml::Table = DEFAULTS.parse().map_err(|e| Failure::usage(format!("defaults: {e}")))?;
        let path = file.map_or_else(|| Path::new(FILE).to_path_buf(), Path::to_path_buf);
        if file.is_some() || path.exists() {
            let text = std::fs::read_to_string(&path)
                .map_err(|e| Failure::usage(format!("cannot read {}: {e}", path.display())))?;
            let given: toml::Table =
                text.parse().map_err(|e| Failure::usage(format!("{} is not TOML: {e}", path.display())))?;
            table.extend(given);
        }
        for (key, value) in &mut table {
            let name = format!("TIDINGS_{}", key.to_uppercase());
            if let Some(text) = env.get(&name) {
                *value = match value {
                    toml::Value::Integer(_) => text
                        .parse()
                        .map(toml::Value::Integer)
                        .map_err(|_| Failure::usage(format!("{name} has to be a number")))?,
                    _ => toml::Value::String(text),
                };
            }
        }
        for (key, name) in [("database_url", "DATABASE_URL"), ("amqp_url", "AMQP_URL")] {
            if let Some(text) = env.get(name) {
                table.insert(key.to_owned(), toml::Value::String(text));
            }
        }
        table.try_into().map_err(|e: toml::de::Error| Failure::usage(format!("{}: {}", path.display(), e.message())))
    }

    /// Folder of keys and of the embedded database.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The same configuration with another home and no servers: what a demo runs in.
    #[must_use]
    pub fn embedded_in(&self, home: &Path) -> Self {
        Self {
            home: home.to_path_buf(),
            database_url: String::new(),
            database_url_file: PathBuf::new(),
            amqp_url: String::new(),
            amqp_url_file: PathBuf::new(),
            ..self.clone()
        }
    }

    /// The same configuration with another home and these servers.
    #[must_use]
    pub fn served_in(&self, home: &Path, database_url: &str, amqp_url: &str, namespace: &str) -> Self {
        Self {
            database_url: database_url.to_owned(),
            amqp_url: amqp_url.to_owned(),
            amqp_namespace: namespace.to_owned(),
            ..self.embedded_in(home)
        }
    }

    /// PostgreSQL's URL, or the embedded database in `home`.
    ///
    /// # Errors
    /// A `database_url_file` that cannot be read.
    pub fn database_url(&self) -> Result<String, Failure> {
        let url = secret(&self.database_url, &self.database_url_file)?;
        Ok(url.unwrap_or_else(|| format!("sqlite:{}", self.home.join("tidings.sqlite").display())))
    }

    /// RabbitMQ's URL; none in the embedded setting.
    ///
    /// # Errors
    /// An `amqp_url_file` that cannot be read.
    pub fn amqp_url(&self) -> Result<Option<String>, Failure> {
        secret(&self.amqp_url, &self.amqp_url_file)
    }

    /// File of the master key.
    #[must_use]
    pub fn master_key_file(&self) -> PathBuf {
        self.home.join(&self.master_key_file)
    }

    /// File of the organisation key; drills have one of their own.
    #[must_use]
    pub fn organisation_key_file(&self, drill: bool) -> PathBuf {
        self.home.join(for_realm(&self.organisation_key_file, drill))
    }

    /// File of the key that opens receipts; drills have one of their own.
    #[must_use]
    pub fn receipt_key_file(&self, drill: bool) -> PathBuf {
        self.home.join(for_realm(&self.receipt_key_file, drill))
    }
}

/// The file itself, or its neighbour for drills: `keys/drill-organisation.jwk`.
fn for_realm(file: &Path, drill: bool) -> PathBuf {
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    if drill { file.with_file_name(format!("drill-{name}")) } else { file.to_path_buf() }
}

/// A value given in clear or as a file; `None` when neither is.
fn secret(clear: &str, file: &Path) -> Result<Option<String>, Failure> {
    if !file.as_os_str().is_empty() {
        let text = std::fs::read_to_string(file)
            .map_err(|e| Failure::usage(format!("cannot read {}: {e}", file.display())))?;
        return Ok(Some(text.trim().to_owned()));
    }
    Ok(Some(clear.to_owned()).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(Vec<(&'static str, &'static str)>);

    impl Environment for Fixed {
        fn get(&self, name: &str) -> Option<String> {
            self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())
        }
    }

    #[test]
    fn the_defaults_are_embedded() {
        let config = Config::load(None, &Fixed(vec![])).expect("defaults");
        assert!(config.database_url().expect("a url").starts_with("sqlite:"));
        assert_eq!(config.amqp_url().expect("no url"), None);
    }

    #[test]
    fn the_environment_switches_to_the_server_setting_and_a_file_refuses_unknown_keys() {
        let env = Fixed(vec![("DATABASE_URL", "postgres://x/y"), ("TIDINGS_PREFETCH", "3")]);
        let config = Config::load(None, &env).expect("a config");
        assert_eq!(config.database_url().expect("a url"), "postgres://x/y");
        assert_eq!(config.prefetch, 3);
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("t.toml");
        std::fs::write(&file, "databse_url = \"x\"\n").expect("written");
        let refused = Config::load(Some(&file), &Fixed(vec![])).err().expect("refused");
        assert!(refused.to_string().contains("databse_url"), "{refused}");
    }
}
