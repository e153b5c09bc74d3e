//! The chain from the pinned organisation key to the key that signed a message.
//!
//! A certificate is a JWS by the organisation key over [`Claims`]; it travels in the header member `cert` of every
//! message, so that a gateway needs nothing but the pinned key. It names no Society: one campaign, one certificate.

use domain::{CampaignId, Millis};
use rand::CryptoRng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::bucket::Bucket;
use crate::envelope::Envelope;
use crate::jose::JoseError;
use crate::jose::jwk::Jwk;
use crate::jose::jws::{self, Protected, Unverified};
use crate::jose::keys::{SignerKey, VerifyPublic};
use crate::parties::{OrganisationKey, OrganisationPublic};
use crate::seal::SealError;
use crate::version::V1;

/// `typ` of a certificate.
pub(crate) const CERTIFICATE: &str = "tidings-certificate+jws";
/// `typ` of a message.
pub(crate) const MESSAGE: &str = "tidings-message+jws";

/// What the organisation certifies.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Claims {
    /// Always 1.
    pub v: V1,
    /// The only campaign that the key may sign for.
    pub campaign: CampaignId,
    /// The mark that every message of the campaign must carry.
    pub drill: bool,
    /// The campaign's public Ed25519 key.
    pub jwk: Jwk,
    /// Not valid before, in milliseconds since 1970-01-01T00:00:00Z.
    pub not_before: Millis,
    /// Not valid after.
    pub not_after: Millis,
}

/// Why a certificate was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The message carries none.
    #[error("the message carries no certificate")]
    Missing,
    /// Not signed by the pinned key, or not a certificate.
    #[error("certificate: {0}")]
    Jose(#[from] JoseError),
    /// Claims are unreadable or of another version.
    #[error("the certificate's claims are not readable")]
    Claims,
    /// A drill certificate under a real key, or the other way round.
    #[error("the certificate and the pinned key are not of one kind (drill or real)")]
    Drill,
    /// Not valid yet.
    #[error("the certificate is not valid yet")]
    NotYet,
    /// Not valid any more.
    #[error("the certificate has expired")]
    Expired,
}

/// A certificate that the pinned key has signed. Its dates are checked at each use.
#[derive(Debug, Clone)]
pub(crate) struct Certified {
    pub(crate) campaign: CampaignId,
    pub(crate) drill: bool,
    pub(crate) key: VerifyPublic,
    not_before: Millis,
    not_after: Millis,
}

impl Certified {
    pub(crate) fn verify(compact: &str, pinned: &OrganisationPublic) -> Result<Self, CertificateError> {
        let payload = Unverified::parse(compact, CERTIFICATE)?.verify(&pinned.key)?;
        let claims: Claims = serde_json::from_slice(&payload).map_err(|_| CertificateError::Claims)?;
        if claims.drill != pinned.drill {
            return Err(CertificateError::Drill);
        }
        Ok(Self {
            campaign: claims.campaign,
            drill: claims.drill,
            key: VerifyPublic::try_from(&claims.jwk)?,
            not_before: claims.not_before,
            not_after: claims.not_after,
        })
    }

    pub(crate) fn valid_at(&self, now: Millis) -> Result<(), CertificateError> {
        if now < self.not_before {
            Err(CertificateError::NotYet)
        } else if now > self.not_after {
            Err(CertificateError::Expired)
        } else {
            Ok(())
        }
    }
}

/// A campaign's private key with its certificate: what the localise stage holds.
#[derive(Debug)]
pub struct CampaignSigner {
    key: SignerKey,
    certificate: String,
    campaign: CampaignId,
    drill: bool,
    not_after: Millis,
    header: Protected,
}

impl CampaignSigner {
    /// A fresh campaign key, certified by the organisation; drill or real as the organisation's key is.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(
        rng: &mut R,
        organisation: &OrganisationKey,
        campaign: CampaignId,
        not_before: Millis,
        not_after: Millis,
    ) -> Self {
        let key = SignerKey::generate(rng);
        let mut jwk = Jwk::from(key.public());
        // The thumbprint follows from the key; the certificate travels with every message.
        (jwk.kid, jwk.usage) = (None, None);
        let claims = Claims { v: V1, campaign, drill: organisation.drill, jwk, not_before, not_after };
        let payload = serde_json::to_vec(&claims).unwrap_or_default();
        let certificate = jws::sign(&organisation.key, &Protected::new(&organisation.key, CERTIFICATE, None), &payload);
        Self::assemble(key, certificate, &claims)
    }

    /// From the private JWK and the certificate as they were kept.
    ///
    /// # Errors
    /// [`CertificateError`] if the certificate is not by this organisation or not for this key.
    pub fn from_parts(
        jwk: &Jwk,
        certificate: String,
        organisation: &OrganisationPublic,
    ) -> Result<Self, CertificateError> {
        let key = SignerKey::try_from(jwk)?;
        let certified = Certified::verify(&certificate, organisation)?;
        if certified.key != *key.public() {
            return Err(CertificateError::Jose(JoseError::UnknownKey));
        }
        let header = Protected::new(&key, MESSAGE, Some(&certificate));
        Ok(Self {
            key,
            certificate,
            campaign: certified.campaign,
            drill: certified.drill,
            not_after: certified.not_after,
            header,
        })
    }

    fn assemble(key: SignerKey, certificate: String, claims: &Claims) -> Self {
        let header = Protected::new(&key, MESSAGE, Some(&certificate));
        let Claims { campaign, drill, not_after, .. } = *claims;
        Self { key, certificate, campaign, drill, not_after, header }
    }

    /// The private key, to be kept sealed.
    #[must_use]
    pub fn to_jwk(&self) -> Jwk {
        Jwk::from(&self.key)
    }

    /// The certificate, a compact JWS; public.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Name of the campaign key.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.key.kid()
    }

    /// The campaign that it signs for.
    #[must_use]
    pub const fn campaign(&self) -> CampaignId {
        self.campaign
    }

    /// Whether it signs drill messages (only) or real ones (only).
    #[must_use]
    pub const fn is_drill(&self) -> bool {
        self.drill
    }

    /// End of the certificate.
    #[must_use]
    pub const fn not_after(&self) -> Millis {
        self.not_after
    }

    /// The bucket that a message needs under this key: the largest of a campaign is a good floor for all of it.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] if no bucket holds it.
    pub fn bucket_of(&self, envelope: &Envelope) -> Result<Bucket, SealError> {
        let json = Zeroizing::new(serde_json::to_vec(envelope).map_err(|_| SealError::Json)?);
        Bucket::holding(self.header.signed_len(json.len()), Bucket::SMALLEST).ok_or(SealError::TooLarge)
    }

    pub(crate) fn sign(&self, payload: &[u8]) -> String {
        jws::sign(&self.key, &self.header, payload)
    }
}
