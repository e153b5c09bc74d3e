//! Keys on paper: JWK and JWK sets of the two OKP curves (RFC 7517, RFC 8037), named by thumbprint (RFC 7638).

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::keys::{OpeningKey, SealingPublic, SignerKey, VerifyPublic};
use super::{JoseError, decode_32, encode};

/// The two curves of RFC 8037 that are used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Curve {
    /// Key agreement.
    X25519,
    /// Signatures.
    Ed25519,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// Sealing (X25519).
    Enc,
    /// Signing (Ed25519).
    Sig,
}

/// The only key type here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum KeyType {
    /// Octet key pair, RFC 8037.
    #[serde(rename = "OKP")]
    Okp,
}

/// A secret as text; wiped when dropped, printed redacted.
#[derive(Clone, Zeroize, ZeroizeOnDrop, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct SecretText(String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// One key as JSON. With `d` it is private.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Jwk {
    /// Always `OKP`.
    pub kty: KeyType,
    /// Curve.
    pub crv: Curve,
    /// Public key, base64url of 32 bytes.
    pub x: String,
    /// Private key, base64url of 32 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub d: Option<SecretText>,
    /// Thumbprint; if present it must be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// If present it must fit the curve.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<Use>,
}

/// Several keys, for instance old and new during a rotation.
#[derive(Debug, Clone, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct JwkSet {
    /// The keys.
    pub keys: Vec<Jwk>,
}

impl Jwk {
    fn public(crv: Curve, x: &[u8; 32], kid: &str) -> Self {
        let usage = match crv {
            Curve::X25519 => Use::Enc,
            Curve::Ed25519 => Use::Sig,
        };
        Self { kty: KeyType::Okp, crv, x: encode(x), d: None, kid: Some(kid.to_owned()), usage: Some(usage) }
    }

    fn with_secret(mut self, secret: &[u8; 32]) -> Self {
        self.d = Some(SecretText(encode(secret)));
        self
    }

    /// Public bytes, after the curve, the use and the name were checked.
    fn checked(&self, crv: Curve) -> Result<[u8; 32], JoseError> {
        let usage = if crv == Curve::X25519 { Use::Enc } else { Use::Sig };
        if self.crv != crv || self.usage.is_some_and(|u| u != usage) {
            return Err(JoseError::Key);
        }
        let x = decode_32(&self.x)?;
        match &self.kid {
            Some(kid) if *kid != encode(thumbprint(crv, &x)) => Err(JoseError::Key),
            _ => Ok(x),
        }
    }

    fn secret(&self) -> Result<Zeroizing<[u8; 32]>, JoseError> {
        let text = self.d.as_ref().ok_or(JoseError::Key)?;
        decode_32(&text.0).map(Zeroizing::new)
    }
}

impl JwkSet {
    /// Every key of one kind in the set; keys of the other curve are passed over.
    ///
    /// # Errors
    /// [`JoseError`] if a key of the wanted curve is unusable.
    pub fn each<'a, K: TryFrom<&'a Jwk, Error = JoseError>>(&'a self, curve: Curve) -> Result<Vec<K>, JoseError> {
        self.keys.iter().filter(|key| key.crv == curve).map(K::try_from).collect()
    }
}

impl From<&SealingPublic> for Jwk {
    fn from(key: &SealingPublic) -> Self {
        Self::public(Curve::X25519, key.as_bytes(), key.kid())
    }
}

impl From<&VerifyPublic> for Jwk {
    fn from(key: &VerifyPublic) -> Self {
        Self::public(Curve::Ed25519, key.as_bytes(), key.kid())
    }
}

impl From<&OpeningKey> for Jwk {
    /// With the private part.
    fn from(key: &OpeningKey) -> Self {
        Self::from(key.public()).with_secret(key.secret().as_bytes())
    }
}

impl From<&SignerKey> for Jwk {
    /// With the private part.
    fn from(key: &SignerKey) -> Self {
        Self::from(key.public()).with_secret(key.seed())
    }
}

impl TryFrom<&Jwk> for SealingPublic {
    type Error = JoseError;

    fn try_from(jwk: &Jwk) -> Result<Self, JoseError> {
        Self::from_bytes(jwk.checked(Curve::X25519)?)
    }
}

impl TryFrom<&Jwk> for VerifyPublic {
    type Error = JoseError;

    fn try_from(jwk: &Jwk) -> Result<Self, JoseError> {
        Self::from_bytes(&jwk.checked(Curve::Ed25519)?)
    }
}

impl TryFrom<&Jwk> for OpeningKey {
    type Error = JoseError;

    /// Public and private part must fit together.
    fn try_from(jwk: &Jwk) -> Result<Self, JoseError> {
        let x = jwk.checked(Curve::X25519)?;
        let key = Self::from_bytes(*jwk.secret()?);
        if *key.public().as_bytes() == x { Ok(key) } else { Err(JoseError::Key) }
    }
}

impl TryFrom<&Jwk> for SignerKey {
    type Error = JoseError;

    /// Public and private part must fit together.
    fn try_from(jwk: &Jwk) -> Result<Self, JoseError> {
        let x = jwk.checked(Curve::Ed25519)?;
        let key = Self::from_bytes(&*jwk.secret()?);
        if *key.public().as_bytes() == x { Ok(key) } else { Err(JoseError::Key) }
    }
}

/// RFC 7638 over the required members of an OKP key in lexicographic order (RFC 8037 section 2).
pub(super) fn thumbprint(crv: Curve, x: &[u8; 32]) -> [u8; 32] {
    let name = match crv {
        Curve::X25519 => "X25519",
        Curve::Ed25519 => "Ed25519",
    };
    let json = format!(r#"{{"crv":"{name}","kty":"OKP","x":"{}"}}"#, encode(x));
    Sha256::digest(json).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC_8037_A1: &str = r#"{"kty":"OKP","crv":"Ed25519",
        "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    #[test]
    fn rfc_8037_a1_key_and_a3_thumbprint() {
        let jwk: Jwk = serde_json::from_str(RFC_8037_A1).unwrap();
        let key = SignerKey::try_from(&jwk).unwrap();
        assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn keys_survive_the_way_through_json() {
        let mut rng = rand::rng();
        let (opening, signer) = (OpeningKey::generate(&mut rng), SignerKey::generate(&mut rng));
        let set = JwkSet { keys: vec![Jwk::from(&opening), Jwk::from(&signer)] };
        let set: JwkSet = serde_json::from_str(&serde_json::to_string(&set).unwrap()).unwrap();
        assert_eq!(set.each::<OpeningKey>(Curve::X25519).unwrap()[0].public(), opening.public());
        assert_eq!(set.each::<SignerKey>(Curve::Ed25519).unwrap()[0].public(), signer.public());
    }

    #[test]
    fn wrong_name_wrong_half_wrong_use_and_weak_points_are_refused() {
        let mut rng = rand::rng();
        let good = Jwk::from(&OpeningKey::generate(&mut rng));
        let refused = |jwk: &Jwk| OpeningKey::try_from(jwk).is_err();
        assert!(!refused(&good));
        assert!(refused(&Jwk { kid: Some("other".into()), ..good.clone() }));
        assert!(refused(&Jwk { usage: Some(Use::Sig), ..good.clone() }));
        assert!(refused(&Jwk { d: None, ..good.clone() }));
        assert!(refused(&Jwk { d: Some(SecretText(encode([7; 32]))), ..good.clone() }));
        assert!(refused(&Jwk { crv: Curve::Ed25519, ..good }));
        assert_eq!(SealingPublic::from_bytes([0; 32]), Err(JoseError::WeakKey));
        let mut one = [0; 32];
        one[0] = 1;
        assert_eq!(SealingPublic::from_bytes(one), Err(JoseError::WeakKey));
        assert_eq!(VerifyPublic::from_bytes(&one), Err(JoseError::WeakKey));
    }

    #[test]
    fn private_keys_print_redacted() {
        let jwk: Jwk = serde_json::from_str(RFC_8037_A1).unwrap();
        let key = SignerKey::try_from(&jwk).unwrap();
        let printed = format!("{jwk:?} {key:?} {:?}", OpeningKey::generate(&mut rand::rng()));
        assert!(!printed.contains("nWGxne"), "{printed}");
    }
}
