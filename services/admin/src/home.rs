//! The folder of keys, and what each process may read of it.

use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use domain::manifest::hex32;
use ed25519_dalek::SigningKey;

use crate::config::Config;
use crate::error::Failure;

/// An operator who signs: name, id and key as their file holds them.
pub struct Operator {
    /// Name that the audit shows.
    pub name: String,
    /// Id.
    pub id: domain::OperatorId,
    key: SigningKey,
}

impl Operator {
    /// A new operator with a fresh key.
    #[must_use]
    pub fn generate(name: &str) -> Self {
        let key = SigningKey::from_bytes(&rand::random());
        Self { name: name.to_owned(), id: domain::OperatorId::random(), key }
    }

    /// Ed25519 public key.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// Signs an action.
    #[must_use]
    pub fn endorse(&self, action: &domain::action::Action) -> domain::action::Endorsement {
        use ed25519_dalek::Signer as _;
        domain::action::Endorsement {
            operator: self.id,
            signature: self.key.sign(&action.digest()).to_bytes().to_vec(),
        }
    }

    /// Signs what is said about words ([`localisation::approvals::statement`]).
    #[must_use]
    pub fn sign_words(&self, statement: &str) -> localisation::approvals::Signature {
        use ed25519_dalek::Signer as _;
        localisation::approvals::Signature {
            operator: self.id.to_string(),
            key: hex32::to_hex(&self.public()),
            signature: self.key.sign(statement.as_bytes()).to_bytes().iter().map(|b| format!("{b:02x}")).collect(),
        }
    }

    /// Writes the operator's file; refuses to replace one.
    ///
    /// # Errors
    /// The file exists or cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Failure> {
        let text = format!(
            "name = {:?}\nid = \"{}\"\nkey = \"{}\"\n",
            self.name,
            self.id,
            hex32::to_hex(&self.key.to_bytes())
        );
        write_secret(path, text.as_bytes())
    }

    /// Reads an operator's file.
    ///
    /// # Errors
    /// It is missing, open to others, or not an operator's file.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            name: String,
            id: String,
            key: String,
        }
        let bytes = read_secret(path)?;
        let wrong = || Failure::usage(format!("{} is not the key file of an operator", path.display()));
        let file: File = toml::from_str(std::str::from_utf8(&bytes).map_err(|_| wrong())?).map_err(|_| wrong())?;
        let key = SigningKey::from_bytes(&hex32::from_hex(&file.key).ok_or_else(wrong)?);
        Ok(Self { name: file.name, id: file.id.parse().map_err(|_| wrong())?, key })
    }
}

/// Where the key of an operator lies: a path as given, or a name under `keys/operators`.
#[must_use]
pub fn operator_file(config: &Config, named: &str) -> PathBuf {
    if named.contains('/') {
        return PathBuf::from(named);
    }
    config.home().join("keys/operators").join(format!("{named}.toml"))
}

/// Writes a new file that only its owner can read; refuses to replace one.
///
/// # Errors
/// The file exists or cannot be written.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|e| Failure::failed(format!("{}: {e}", path.display())))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}

/// Reads a file of secrets.
///
/// # Errors
/// It is missing, or others may read it.
pub fn read_secret(path: &Path) -> Result<Vec<u8>, Failure> {
    let about = std::fs::metadata(path)
        .map_err(|e| Failure::failed(format!("{}: {e}; `tidings init` makes the keys", path.display())))?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(Failure::refused(format!(
            "{} can be read by others; `chmod 600` it, and replace the key if somebody else had access",
            path.display()
        )));
    }
    Ok(std::fs::read(path)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_that_others_can_read_is_refused_and_none_is_replaced() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("keys/a.toml");
        let operator = Operator::generate("drill-a");
        operator.save(&path).expect("saved");
        assert_eq!(Operator::load(&path).expect("loaded").public(), operator.public());
        assert!(operator.save(&path).is_err());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("changed");
        assert_eq!(Operator::load(&path).err().expect("refused").code(), 3);
    }
}
