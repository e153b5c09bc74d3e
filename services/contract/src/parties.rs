//! Who holds which key: the organisation certifies campaign keys, a campaign key signs messages, a gateway opens and
//! signs receipts, Tidings opens receipts.

use std::fmt;

use domain::SocietyCode;
use rand::CryptoRng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::jose::JoseError;
use crate::jose::jwk::{Curve, Jwk, JwkSet};
use crate::jose::keys::{OpeningKey, SealingPublic, SignerKey, VerifyPublic};

/// Keys, old and new, that one party may hold at a time: bounds the work that a hostile key file can cause.
pub const MAX_KEYS: usize = 8;

/// The organisation's private key. It certifies campaign keys and does nothing else. Real or for drills, for ever.
#[derive(Debug)]
pub struct OrganisationKey {
    pub(crate) key: SignerKey,
    pub(crate) drill: bool,
}

/// What a gateway pins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationPublic {
    pub(crate) key: VerifyPublic,
    pub(crate) drill: bool,
}

impl OrganisationKey {
    /// A fresh key, for drills or real.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R, drill: bool) -> Self {
        Self { key: SignerKey::generate(rng), drill }
    }

    /// From a private JWK.
    ///
    /// # Errors
    /// [`JoseError`] for an unusable key.
    pub fn from_jwk(jwk: &Jwk, drill: bool) -> Result<Self, JoseError> {
        Ok(Self { key: jwk.try_into()?, drill })
    }

    /// As a private JWK.
    #[must_use]
    pub fn to_jwk(&self) -> Jwk {
        Jwk::from(&self.key)
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> OrganisationPublic {
        OrganisationPublic { key: self.key.public().clone(), drill: self.drill }
    }
}

impl OrganisationPublic {
    /// Name of the key.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.key.kid()
    }

    /// Whether it certifies drills (only) or real campaigns (only).
    #[must_use]
    pub const fn is_drill(&self) -> bool {
        self.drill
    }
}

/// What a Society gets at provisioning, as a file: the key to pin and the keys to seal receipts to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TidingsKeys {
    /// Whether these are drill keys.
    pub drill: bool,
    /// The organisation's Ed25519 key: pin it.
    pub organisation: Jwk,
    /// X25519 keys for receipts, the newest first.
    pub receipts: JwkSet,
}

impl TidingsKeys {
    /// The file of public keys.
    #[must_use]
    pub fn new<'a>(organisation: &OrganisationPublic, receipts: impl IntoIterator<Item = &'a SealingPublic>) -> Self {
        Self {
            drill: organisation.drill,
            organisation: Jwk::from(&organisation.key),
            receipts: JwkSet { keys: receipts.into_iter().map(Jwk::from).collect() },
        }
    }

    /// The key to pin, and the newest key to seal receipts to.
    ///
    /// # Errors
    /// [`JoseError`] for unusable keys, [`JoseError::Key`] if there is none for receipts.
    pub fn read(&self) -> Result<(OrganisationPublic, SealingPublic), JoseError> {
        let pinned = OrganisationPublic { key: (&self.organisation).try_into()?, drill: self.drill };
        let receipts = self.receipts.each(Curve::X25519)?.into_iter().next().ok_or(JoseError::Key)?;
        Ok((pinned, receipts))
    }
}

/// A gateway's private side: one key to open messages, one to sign receipts.
pub struct GatewayPrivate {
    pub(crate) society: SocietyCode,
    pub(crate) opening: OpeningKey,
    pub(crate) signing: SignerKey,
}

/// A gateway as Tidings knows it: what it is sealed to, and whose receipts count.
#[derive(Clone, PartialEq, Eq)]
pub struct GatewayPublic {
    pub(crate) society: SocietyCode,
    pub(crate) sealing: SealingPublic,
    pub(crate) verifying: VerifyPublic,
}

impl GatewayPrivate {
    /// Fresh keys.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R, society: SocietyCode) -> Self {
        Self { society, opening: OpeningKey::generate(rng), signing: SignerKey::generate(rng) }
    }

    /// From a private JWK set with exactly one key of each curve.
    ///
    /// # Errors
    /// [`JoseError::Key`] for another number of keys, or an unusable one.
    pub fn from_jwks(society: SocietyCode, set: &JwkSet) -> Result<Self, JoseError> {
        Ok(Self { society, opening: only(set.each(Curve::X25519)?)?, signing: only(set.each(Curve::Ed25519)?)? })
    }

    /// As a private JWK set.
    #[must_use]
    pub fn to_jwks(&self) -> JwkSet {
        JwkSet { keys: vec![Jwk::from(&self.opening), Jwk::from(&self.signing)] }
    }

    /// What Tidings may know.
    #[must_use]
    pub fn public(&self) -> GatewayPublic {
        GatewayPublic {
            society: self.society.clone(),
            sealing: self.opening.public().clone(),
            verifying: self.signing.public().clone(),
        }
    }

    /// The Society.
    #[must_use]
    pub const fn society(&self) -> &SocietyCode {
        &self.society
    }
}

impl GatewayPublic {
    /// From a public JWK set with exactly one key of each curve.
    ///
    /// # Errors
    /// [`JoseError::Key`] for another number of keys, or an unusable one.
    pub fn from_jwks(society: SocietyCode, set: &JwkSet) -> Result<Self, JoseError> {
        Ok(Self { society, sealing: only(set.each(Curve::X25519)?)?, verifying: only(set.each(Curve::Ed25519)?)? })
    }

    /// As a public JWK set.
    #[must_use]
    pub fn to_jwks(&self) -> JwkSet {
        JwkSet { keys: vec![Jwk::from(&self.sealing), Jwk::from(&self.verifying)] }
    }

    /// The Society.
    #[must_use]
    pub const fn society(&self) -> &SocietyCode {
        &self.society
    }

    /// Name of the key that messages are sealed to; the manifest binds it.
    #[must_use]
    pub fn sealing_kid(&self) -> &str {
        self.sealing.kid()
    }

    /// Name of the key that receipts are signed with; the manifest binds it.
    #[must_use]
    pub fn verifying_kid(&self) -> &str {
        self.verifying.kid()
    }
}

fn only<K>(keys: Vec<K>) -> Result<K, JoseError> {
    let mut keys = keys.into_iter();
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(key),
        _ => Err(JoseError::Key),
    }
}

impl fmt::Debug for GatewayPrivate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GatewayPrivate({}, {}, {})", self.society, self.opening.kid(), self.signing.kid())
    }
}

impl fmt::Debug for GatewayPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GatewayPublic({}, {}, {})", self.society, self.sealing.kid(), self.verifying.kid())
    }
}
