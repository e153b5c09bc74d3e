//! Keys as types: what seals cannot sign, and no private key can be printed. Private keys are wiped when dropped.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use rand::CryptoRng;
use x25519_dalek::{PublicKey, StaticSecret};

use super::JoseError;
use super::jwk::{Curve, thumbprint};

/// Private X25519 key: opens what was sealed to it.
pub struct OpeningKey {
    secret: StaticSecret,
    public: SealingPublic,
}

/// Public X25519 key: seals.
#[derive(Clone, PartialEq, Eq)]
pub struct SealingPublic {
    point: PublicKey,
    thumbprint: [u8; 32],
    kid: String,
}

/// Private Ed25519 key: signs.
pub struct SignerKey {
    key: SigningKey,
    public: VerifyPublic,
}

/// Public Ed25519 key: verifies.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyPublic {
    key: VerifyingKey,
    kid: String,
}

impl OpeningKey {
    /// A fresh key.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        Self::new(StaticSecret::random_from_rng(rng))
    }

    fn new(secret: StaticSecret) -> Self {
        let public = SealingPublic::trusted(PublicKey::from(&secret));
        Self { secret, public }
    }

    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self::new(StaticSecret::from(bytes))
    }

    pub(super) const fn secret(&self) -> &StaticSecret {
        &self.secret
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &SealingPublic {
        &self.public
    }

    /// Name of the key: its thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.public.kid
    }
}

impl SealingPublic {
    /// # Errors
    /// [`JoseError::WeakKey`] for a point of low order: the shared secret would be known to everyone.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, JoseError> {
        let point = PublicKey::from(bytes);
        // Any clamped scalar tells: it is a multiple of the cofactor, so a low-order point yields zero.
        let probe = StaticSecret::from([0x42; 32]);
        if !probe.diffie_hellman(&point).was_contributory() {
            return Err(JoseError::WeakKey);
        }
        Ok(Self::trusted(point))
    }

    fn trusted(point: PublicKey) -> Self {
        let thumbprint = thumbprint(Curve::X25519, point.as_bytes());
        Self { point, thumbprint, kid: super::encode(thumbprint) }
    }

    pub(super) const fn point(&self) -> &PublicKey {
        &self.point
    }

    pub(super) const fn thumbprint(&self) -> &[u8; 32] {
        &self.thumbprint
    }

    /// The public key's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.point.as_bytes()
    }

    /// Name of the key: its thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

impl SignerKey {
    /// A fresh key.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        Self::new(SigningKey::generate(rng))
    }

    fn new(key: SigningKey) -> Self {
        let public = VerifyPublic::trusted(key.verifying_key());
        Self { key, public }
    }

    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self::new(SigningKey::from_bytes(bytes))
    }

    pub(super) fn seed(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &VerifyPublic {
        &self.public
    }

    /// Name of the key: its thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.public.kid
    }
}

impl VerifyPublic {
    /// # Errors
    /// [`JoseError::Key`] for bytes that are no point, [`JoseError::WeakKey`] for one of low order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, JoseError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| JoseError::Key)?;
        if key.is_weak() {
            return Err(JoseError::WeakKey);
        }
        Ok(Self::trusted(key))
    }

    fn trusted(key: VerifyingKey) -> Self {
        let kid = super::encode(thumbprint(Curve::Ed25519, key.as_bytes()));
        Self { key, kid }
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), JoseError> {
        let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| JoseError::Signature)?;
        // Strict: one message and key have one acceptable signature.
        self.key.verify_strict(message, &signature).map_err(|_| JoseError::Signature)
    }

    /// The public key's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Name of the key: its thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

macro_rules! debug_by_kid {
    ($($name:ident => $field:expr),+ $(,)?) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let kid: fn(&Self) -> &str = $field;
                write!(f, concat!(stringify!($name), "({})"), kid(self))
            }
        }
    )+};
}

debug_by_kid!(
    OpeningKey => |k| k.kid(),
    SealingPublic => |k| k.kid(),
    SignerKey => |k| k.kid(),
    VerifyPublic => |k| k.kid(),
);
