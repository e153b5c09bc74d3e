//! Configuration: the embedded, commented defaults, then the Society's file over them. Unknown keys are refused.

use std::path::{Path, PathBuf};

use domain::{Channel, SocietyCode};
use serde::Deserialize;
use zeroize::Zeroizing;

/// The defaults with every key that exists; also the documentation.
pub const DEFAULTS: &str = include_str!("gateway.default.toml");

/// Largest file of secrets that is read: a JWK set of many keys is far smaller.
const MAX_SECRET: u64 = 64 * 1024;

/// What is wrong with the configuration. Names keys and paths, never a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: std::io::Error,
    },
    /// A file of secrets that others may read.
    #[error("{path} can be read by others: chmod 600 it, and replace the secret if somebody else had access")]
    Open {
        /// Which.
        path: String,
    },
    /// Not TOML of the known keys.
    #[error("{path}: {reason}")]
    Toml {
        /// Which file.
        path: String,
        /// What the parser says.
        reason: String,
    },
    /// A value that cannot be.
    #[error("{key}: {reason}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What is wrong, and what would be right.
        reason: String,
    },
}

impl ConfigError {
    pub(crate) fn value(key: &'static str, reason: impl Into<String>) -> Self {
        Self::Value { key, reason: reason.into() }
    }
}

/// The whole configuration. Passwords are not in it: they are read from their files when they are needed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "gateway.default.toml says what each key means")]
pub struct Config {
    pub society: String,
    pub drill: bool,
    pub journal: PathBuf,
    pub keys_file: PathBuf,
    pub old_keys_files: Vec<PathBuf>,
    pub tidings_keys_file: PathBuf,
    pub parallel: usize,
    pub retry_seconds: u64,
    pub receipt_seconds: u64,
    pub source: Source,
    pub channels: Channels,
    pub smtp: Smtp,
    pub smpp: Smpp,
    pub kannel: Kannel,
    pub rapidpro: RapidPro,
    pub callbacks: Callbacks,
    pub print: Print,
    pub voice: Voice,
}

macro_rules! section {
    ($name:ident { $($field:ident: $kind:ty),+ $(,)? }) => {
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "gateway.default.toml says what each key means")]
        pub struct $name { $(pub $field: $kind),+ }
    };
}

section!(Source { amqp_url_file: PathBuf, amqp_namespace: String, inbox: PathBuf, outbox: PathBuf });
section!(Channels {
    email: String,
    sms: String,
    app: String,
    ivr: String,
    call_live: String,
    post: String,
    tasks: String,
});
section!(Smtp {
    host: String,
    port: u16,
    tls: String,
    username: String,
    password_file: PathBuf,
    from: String,
    return_path: String,
    bounces: PathBuf,
    hello: String,
});
section!(Smpp {
    host: String,
    port: u16,
    tls: bool,
    system_id: String,
    password_file: PathBuf,
    system_type: String,
    source_ton: u8,
    source_npi: u8,
    per_second: u32,
    window: usize,
});
section!(Kannel { url: String, username: String, password_file: PathBuf, smsc: String });
section!(RapidPro { url: String, token_file: PathBuf, idempotent: bool });
section!(Callbacks { listen: String, base_url: String, token_file: PathBuf });
section!(Print { folder: PathBuf, letters: PathBuf, return_address: Vec<String> });
section!(Voice { folder: PathBuf });

impl Config {
    /// Reads a Society's file over the defaults. Relative paths are taken from the file's folder.
    ///
    /// # Errors
    /// [`ConfigError`] for an unreadable file, an unknown key or a value of another type.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|reason| file(path, reason))?;
        let base = path.parent().unwrap_or_else(|| Path::new(""));
        Self::parse(&text, &path.display().to_string()).map(|config| config.beneath(base))
    }

    /// Reads the text of a Society's file over the defaults.
    ///
    /// # Errors
    /// [`ConfigError`] for an unknown key or a value of another type.
    pub fn parse(text: &str, name: &str) -> Result<Self, ConfigError> {
        let wrong = |name: &str, e: &toml::de::Error| {
            // The parser's own display quotes the line, which may hold what somebody wrote in the wrong place.
            ConfigError::Toml { path: name.to_owned(), reason: e.message().to_owned() }
        };
        let mut whole: toml::Table = toml::from_str(DEFAULTS).map_err(|e| wrong("defaults", &e))?;
        overlay(&mut whole, toml::from_str(text).map_err(|e| wrong(name, &e))?);
        let config: Self = whole.try_into().map_err(|e| wrong(name, &e))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.society()?;
        crate::hours::check_zones()
            .map_err(|_| ConfigError::value("time zones", "this machine has none: install tzdata"))?;
        if !(1..=256).contains(&self.parallel) {
            return Err(ConfigError::value("parallel", "1 to 256"));
        }
        if !(1..=3600).contains(&self.retry_seconds) {
            return Err(ConfigError::value("retry_seconds", "1 to 3600"));
        }
        if self.receipt_seconds > 3600 {
            return Err(ConfigError::value("receipt_seconds", "at most 3600"));
        }
        let (inbox, outbox) = (given(&self.source.inbox), given(&self.source.outbox));
        if inbox.is_some() != outbox.is_some() {
            return Err(ConfigError::value("source", "inbox and outbox go together"));
        }
        if inbox.is_none() && given(&self.source.amqp_url_file).is_none() {
            return Err(ConfigError::value("source", "name amqp_url_file, or inbox and outbox"));
        }
        Ok(())
    }

    /// The Society.
    ///
    /// # Errors
    /// It is missing or not a code.
    pub fn society(&self) -> Result<SocietyCode, ConfigError> {
        self.society.parse().map_err(|_| ConfigError::value("society", "the code of your Society, for instance KE"))
    }

    /// Name of the transport that serves a remote channel; `None` where it is not offered.
    #[must_use]
    pub fn transport(&self, channel: Channel) -> Option<&str> {
        let name = match channel {
            Channel::Email => &self.channels.email,
            Channel::Sms => &self.channels.sms,
            Channel::App => &self.channels.app,
            Channel::Ivr => &self.channels.ivr,
            Channel::CallLive => &self.channels.call_live,
            Channel::Post => &self.channels.post,
            Channel::VisitDetention | Channel::Caseworker | Channel::FieldVisit => return None,
        };
        Some(name.as_str()).filter(|name| !name.is_empty())
    }

    /// Name of the transport that serves tasks.
    #[must_use]
    pub fn task_transport(&self) -> Option<&str> {
        Some(self.channels.tasks.as_str()).filter(|name| !name.is_empty())
    }

    fn beneath(mut self, base: &Path) -> Self {
        let mut paths = vec![
            &mut self.journal,
            &mut self.keys_file,
            &mut self.tidings_keys_file,
            &mut self.source.amqp_url_file,
            &mut self.source.inbox,
            &mut self.source.outbox,
            &mut self.smtp.password_file,
            &mut self.smtp.bounces,
            &mut self.smpp.password_file,
            &mut self.kannel.password_file,
            &mut self.rapidpro.token_file,
            &mut self.callbacks.token_file,
            &mut self.print.folder,
            &mut self.voice.folder,
        ];
        paths.extend(self.old_keys_files.iter_mut());
        for path in paths.into_iter().filter(|path| !path.as_os_str().is_empty()) {
            *path = base.join(&*path);
        }
        self
    }
}

/// A path that was given at all.
#[must_use]
pub fn given(path: &Path) -> Option<&Path> {
    Some(path).filter(|path| !path.as_os_str().is_empty())
}

/// Reads a file of secrets, without the line's end; refuses one that others can read.
///
/// # Errors
/// [`ConfigError`] for a missing, open or oversize file.
pub fn secret(path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    use std::os::unix::fs::PermissionsExt as _;
    let about = std::fs::metadata(path).map_err(|reason| file(path, reason))?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(ConfigError::Open { path: path.display().to_string() });
    }
    if about.len() > MAX_SECRET {
        return Err(file(path, std::io::Error::other("too large for a secret")));
    }
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|reason| file(path, reason))?);
    Ok(Zeroizing::new(text.trim_end().to_owned()))
}

pub(crate) fn file(path: &Path, reason: std::io::Error) -> ConfigError {
    ConfigError::File { path: path.display().to_string(), reason }
}

fn overlay(under: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(toml::Value::Table(under)), toml::Value::Table(over)) => overlay(under, over),
            (_, value) => drop(under.insert(key, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "society = \"KE\"\n[source]\ninbox = \"in\"\noutbox = \"out\"\n";

    #[test]
    fn a_small_file_is_enough_and_paths_follow_it() {
        let config = Config::parse(SMALL, "test").expect("good").beneath(Path::new("/srv/gateway"));
        assert_eq!(config.source.inbox, Path::new("/srv/gateway/in"));
        assert_eq!(config.journal, Path::new("/srv/gateway/journal"));
        assert_eq!(given(&config.print.folder), None);
        assert_eq!(config.transport(Channel::Sms), None);
    }

    #[test]
    fn unknown_keys_and_impossible_values_are_refused_by_name() {
        for (text, named) in [
            (format!("{SMALL}[smpp]\npasswort = \"x\"\n"), "passwort"),
            (format!("colour = 1\n{SMALL}"), "colour"),
            (SMALL.replace("KE", "k e"), "society"),
            (SMALL.replace("outbox = \"out\"\n", ""), "source"),
            (format!("parallel = 0\n{SMALL}"), "parallel"),
        ] {
            let error = Config::parse(&text, "test").expect_err(named).to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn an_error_does_not_quote_the_line_it_is_about() {
        let error = Config::parse("password_file = \"hunter2", "test").expect_err("broken").to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
