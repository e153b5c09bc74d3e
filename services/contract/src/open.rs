//! A gateway's side of a message: open, verify the chain, then look at the content.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use domain::{AttemptId, Millis, SocietyCode};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::bucket::MAX_BODY;
use crate::certificate::{CertificateError, Certified, MESSAGE};
use crate::check::EnvelopeError;
use crate::envelope::Envelope;
use crate::jose::JoseError;
use crate::jose::jwe::Unopened;
use crate::jose::jws::Unverified;
use crate::jose::keys::OpeningKey;
use crate::parties::{GatewayPrivate, OrganisationPublic};
use crate::version::{AnyVersion, VERSION};

/// Batches whose key agreement is remembered: several workers fill one queue at a time.
const REMEMBERED: usize = 8;

/// Opens messages for one gateway. Remembers the last key agreements and the last certificate, so that a batch costs
/// one agreement and a campaign one certificate check.
pub struct GatewayOpener {
    society: SocietyCode,
    keys: Vec<OpeningKey>,
    pinned: OrganisationPublic,
    agreed: Mutex<VecDeque<Agreed>>,
    certified: Mutex<Option<(String, Certified)>>,
}

struct Agreed {
    key: usize,
    epk: [u8; 32],
    shared: Zeroizing<[u8; 32]>,
}

/// Why a message was not opened. A gateway answers none of these but [`OpenError::Expired`]; it logs the kind, and
/// rejects the message without requeueing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not a JWE of the contract, not for our keys, or altered.
    #[error("sealing: {0}")]
    Sealing(JoseError),
    /// The chain to the pinned key does not hold.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The campaign key did not sign this.
    #[error("signature: {0}")]
    Signature(JoseError),
    /// A newer or older contract.
    #[error("another version of the contract")]
    Version,
    /// Not an envelope of version 1.
    #[error("not an envelope")]
    Envelope,
    /// Signed, but against the contract's rules.
    #[error("rule broken: {0}")]
    Rule(#[from] EnvelopeError),
    /// For another campaign than the key's.
    #[error("message and certificate are of different campaigns")]
    Campaign,
    /// A drill message under a real certificate, or the other way round.
    #[error("message and certificate are not of one kind (drill or real)")]
    Drill,
    /// For another Society.
    #[error("the message is for another Society")]
    Society,
    /// Too late. Answer with a receipt `expired`.
    #[error("the message has expired")]
    Expired {
        /// The message.
        message_id: Uuid,
        /// The attempt that the receipt must name.
        attempt_id: AttemptId,
    },
}

impl OpenError {
    /// One word for logs, counters and the conformance vectors.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Sealing(_) => "sealing",
            Self::Certificate(_) => "certificate",
            Self::Signature(_) => "signature",
            Self::Version => "version",
            Self::Envelope => "envelope",
            Self::Rule(_) => "rule",
            Self::Campaign => "campaign",
            Self::Drill => "drill",
            Self::Society => "society",
            Self::Expired { .. } => "expired",
        }
    }
}

impl GatewayOpener {
    /// An opener with one or, during a rotation, several private keys.
    #[must_use]
    pub fn new(keys: Vec<OpeningKey>, pinned: OrganisationPublic, society: SocietyCode) -> Self {
        Self { society, keys, pinned, agreed: Mutex::default(), certified: Mutex::default() }
    }

    /// An opener for a gateway with one pair of keys.
    #[must_use]
    pub fn for_gateway(gateway: GatewayPrivate, pinned: OrganisationPublic) -> Self {
        Self::new(vec![gateway.opening], pinned, gateway.society)
    }

    /// Opens, verifies and checks one message. `now` is the gateway's clock.
    ///
    /// A message before its `not_before` is returned: the gateway keeps it until then.
    ///
    /// # Errors
    /// [`OpenError`] by situation.
    pub fn open(&self, body: &[u8], now: Millis) -> Result<Envelope, OpenError> {
        let unopened = Unopened::parse(body, MAX_BODY).map_err(OpenError::Sealing)?;
        let shared = self.agree(&unopened).map_err(OpenError::Sealing)?;
        let plaintext = unopened.open(&shared).map_err(OpenError::Sealing)?;
        let jws = std::str::from_utf8(&plaintext).map_err(|_| OpenError::Signature(JoseError::NotCompact))?;
        let unverified = Unverified::parse(jws.trim_end_matches(' '), MESSAGE).map_err(OpenError::Signature)?;
        let certified = self.certified(&unverified)?;
        certified.valid_at(now)?;
        let payload = Zeroizing::new(unverified.verify(&certified.key).map_err(OpenError::Signature)?);
        let envelope = read(&payload)?;
        self.permit(&envelope, &certified, now)?;
        Ok(envelope)
    }

    fn agree(&self, unopened: &Unopened<'_>) -> Result<Zeroizing<[u8; 32]>, JoseError> {
        let key = self.keys.iter().position(|key| key.kid() == unopened.kid()).ok_or(JoseError::UnknownKey)?;
        let mut agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = agreed.iter().find(|a| a.key == key && a.epk == *unopened.epk()) {
            return Ok(known.shared.clone());
        }
        let shared = unopened.agree(&self.keys[key])?;
        agreed.truncate(REMEMBERED - 1);
        agreed.push_front(Agreed { key, epk: *unopened.epk(), shared: shared.clone() });
        Ok(shared)
    }

    fn certified(&self, unverified: &Unverified<'_>) -> Result<Certified, CertificateError> {
        let compact = unverified.certificate().ok_or(CertificateError::Missing)?;
        let mut last = self.certified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, certified)) = last.as_ref().filter(|(known, _)| known == compact) {
            return Ok(certified.clone());
        }
        let certified = Certified::verify(compact, &self.pinned)?;
        *last = Some((compact.to_owned(), certified.clone()));
        Ok(certified)
    }

    fn permit(&self, envelope: &Envelope, certified: &Certified, now: Millis) -> Result<(), OpenError> {
        if envelope.campaign != certified.campaign {
            return Err(OpenError::Campaign);
        }
        if envelope.drill != certified.drill {
            return Err(OpenError::Drill);
        }
        if envelope.society != self.society {
            return Err(OpenError::Society);
        }
        envelope.check()?;
        if envelope.not_after().is_some_and(|end| now > end) {
            let Envelope { message_id, attempt_id, .. } = *envelope;
            return Err(OpenError::Expired { message_id, attempt_id });
        }
        Ok(())
    }
}

fn read(payload: &[u8]) -> Result<Envelope, OpenError> {
    let version: AnyVersion = serde_json::from_slice(payload).map_err(|_| OpenError::Envelope)?;
    if version.v != VERSION {
        return Err(OpenError::Version);
    }
    serde_json::from_slice(payload).map_err(|_| OpenError::Envelope)
}
