//! The small part of JOSE that the contract uses, composed from well-kept primitives: JWE compact (RFC 7516) with
//! ECDH-ES «direct» on X25519 (RFC 8037) and A256GCM, around JWS compact (RFC 7515) with EdDSA on Ed25519; keys as
//! JWK (RFC 7517) named by their RFC 7638 thumbprint.
//!
//! No algorithm is negotiable. A header that asks for anything else, or for an extension (`crit`), is refused; so is
//! base64url that is padded or not canonical, so that no bit of a message can change unnoticed.

pub mod jwe;
pub mod jwk;
pub mod jws;
mod kdf;
pub mod keys;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Why a JOSE object or key was refused. Carries no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// Not five parts (JWE) or three parts (JWS), or bytes outside ASCII.
    #[error("not a compact JOSE object")]
    NotCompact,
    /// Longer than the cap for its kind.
    #[error("larger than {limit} bytes")]
    Oversize {
        /// The cap.
        limit: usize,
    },
    /// A part is not canonical, unpadded base64url.
    #[error("part {part} is not canonical base64url")]
    Base64 {
        /// Number of the part, from 0.
        part: u8,
    },
    /// The protected header is not the JSON object expected, or repeats a member.
    #[error("unreadable protected header")]
    Header,
    /// Another `alg` than ours.
    #[error("algorithm not allowed")]
    Algorithm,
    /// Another `enc` than A256GCM.
    #[error("content encryption not allowed")]
    Encryption,
    /// `crit`, `zip`, `b64`, or a key or URL inside the header.
    #[error("header member not allowed")]
    Extension,
    /// Another `typ` than this kind of object has.
    #[error("another type of object")]
    Type,
    /// No `kid`.
    #[error("the header names no key")]
    NoKeyId,
    /// The `kid` is none of ours.
    #[error("the header names an unknown key")]
    UnknownKey,
    /// `epk` is missing, of another kind, or of low order.
    #[error("unusable ephemeral key")]
    EphemeralKey,
    /// `apu` or `apv` is not base64url of at most 128 bytes.
    #[error("unusable party information")]
    PartyInfo,
    /// Direct key agreement has no encrypted key.
    #[error("an encrypted key where none belongs")]
    EncryptedKey,
    /// The nonce is not 12 bytes, or the tag not 16.
    #[error("nonce or tag of a wrong size")]
    NonceOrTag,
    /// Altered, or sealed to another key.
    #[error("does not open with this key")]
    NotOpened,
    /// The signature is not 64 bytes or not that of the key.
    #[error("the signature is wrong")]
    Signature,
    /// A JWK is not the OKP key expected, or its parts do not fit together.
    #[error("unusable key")]
    Key,
    /// A public key of low order: everyone could compute its secrets.
    #[error("weak key")]
    WeakKey,
}

/// Unpadded base64url.
pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Appends unpadded base64url.
pub(crate) fn encode_onto(bytes: impl AsRef<[u8]>, out: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, out);
}

/// Canonical, unpadded base64url only: the engine refuses padding and stray bits at the end.
pub(crate) fn decode(part: u8, text: &str) -> Result<Vec<u8>, JoseError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| JoseError::Base64 { part })
}

/// Exactly 32 bytes of base64url.
pub(crate) fn decode_32(text: &str) -> Result<[u8; 32], JoseError> {
    let mut bytes = [0; 32];
    match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
        Ok(32) => Ok(bytes),
        _ => Err(JoseError::Key),
    }
}

/// Splits a compact object into exactly `N` parts.
pub(crate) fn split<const N: usize>(compact: &str) -> Result<[&str; N], JoseError> {
    let mut parts = [""; N];
    let mut rest = compact.split('.');
    for part in &mut parts {
        *part = rest.next().ok_or(JoseError::NotCompact)?;
    }
    if rest.next().is_some() {
        return Err(JoseError::NotCompact);
    }
    Ok(parts)
}
