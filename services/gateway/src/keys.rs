//! The keys that a gateway holds: its own, old and new, and those of Tidings.

use std::path::Path;

use contract::jose::jwk::{Curve, JwkSet};
use contract::{GatewayOpener, GatewayPrivate, OpeningKey, SealingPublic, TidingsKeys};
use domain::SocietyCode;

use crate::config::{Config, ConfigError, file, secret};

/// Everything that opens messages and seals receipts.
pub struct Keyring {
    /// Opens messages with the current key and, during a rotation, with older ones.
    pub opener: GatewayOpener,
    /// Signs receipts.
    pub gateway: GatewayPrivate,
    /// Receipts are sealed to this key.
    pub receipts_to: SealingPublic,
    /// The Society.
    pub society: SocietyCode,
    /// Drills or real, for ever.
    pub drill: bool,
}

impl Keyring {
    /// Reads the key files that the configuration names.
    ///
    /// # Errors
    /// A file is missing, open to others, or no key set; or its keys are not of the configuration's kind.
    pub fn load(config: &Config) -> Result<Self, ConfigError> {
        let society = config.society()?;
        let current = private(&config.keys_file)?;
        let gateway = GatewayPrivate::from_jwks(society.clone(), &current)
            .map_err(|_| ConfigError::value("keys_file", "one X25519 and one Ed25519 private key are needed"))?;
        let mut sets = vec![current];
        for path in &config.old_keys_files {
            sets.push(private(path)?);
        }
        let mut opening: Vec<OpeningKey> = Vec::new();
        for set in &sets {
            opening.extend(
                set.each(Curve::X25519)
                    .map_err(|_| ConfigError::value("old_keys_files", "an X25519 key is unusable"))?,
            );
        }
        let path = &config.tidings_keys_file;
        let text = std::fs::read_to_string(path).map_err(|reason| file(path, reason))?;
        let unreadable = |_| ConfigError::value("tidings_keys_file", "not the key file of Tidings");
        let tidings: TidingsKeys = serde_json::from_str(&text)
            .map_err(|_| ConfigError::value("tidings_keys_file", "not the key file of Tidings"))?;
        if tidings.drill != config.drill {
            let kind = if tidings.drill { "for drills" } else { "real" };
            return Err(ConfigError::value("drill", format!("the keys of Tidings are {kind}, this gateway is not")));
        }
        let (pinned, receipts_to) = tidings.read().map_err(unreadable)?;
        let opener = GatewayOpener::new(opening, pinned, society.clone());
        Ok(Self { opener, gateway, receipts_to, society, drill: config.drill })
    }
}

fn private(path: &Path) -> Result<JwkSet, ConfigError> {
    let text = secret(path)?;
    serde_json::from_str(&text)
        .map_err(|_| ConfigError::Toml { path: path.display().to_string(), reason: "not a JWK set".to_owned() })
}
