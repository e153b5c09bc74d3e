//! Sealing at rest: pure cryptography, no database.
//!
//! A record has its own data key; its columns are sealed in four groups (identity, contact, protection, free text)
//! with AES-256-GCM, whose associated data binds table, group, row, incident and key version, so that a sealed
//! group moved elsewhere does not open. The data key is wrapped under a key that follows, by HKDF, from an X25519
//! agreement between the batch's ephemeral key and the incident's public key: whoever imports can seal and not open.
//! The incident's secret key, its index key and the campaigns' signing keys are wrapped by the [`MasterKey`].

mod framed;
mod groups;
mod keys;
mod record;
#[cfg(test)]
mod tests;

pub(crate) use framed::Rest;
pub use keys::{IncidentKeys, IndexKey, MasterKey, OpeningSecret, SealingPublic, WrappedKeys};
pub use record::{Opener, SealedBlob, SealedRecord, Sealer};

/// Why something does not seal or open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Wrong key, or altered, or moved from another row: the associated data does not fit.
    #[error("does not open: altered, moved from another row, or sealed for another key")]
    Refused,
    /// The data key was destroyed.
    #[error("the key of this record was destroyed")]
    Shredded,
    /// The inside is not what this version writes.
    #[error("opens, but holds a shape that this version does not read")]
    Shape,
    /// Too short or of an unknown version.
    #[error("not a sealed value")]
    Malformed,
    /// The text is not 64 hex digits.
    #[error("a master key is 64 hex digits")]
    KeyText,
    /// The operating system gave no randomness.
    #[error("no randomness from the operating system")]
    Randomness,
}
