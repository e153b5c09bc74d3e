//! Tidings' side of a message: sign with the campaign key, pad, seal to the gateway.

use rand::CryptoRng;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use crate::bucket::Bucket;
use crate::certificate::CampaignSigner;
use crate::check::EnvelopeError;
use crate::envelope::Envelope;
use crate::jose::jwe::Batch;
use crate::parties::GatewayPublic;

/// Seals up to [`MAX_BATCH`](crate::jose::jwe::MAX_BATCH) messages of one campaign to one gateway under one key
/// agreement; a content key and a signature each. Why that is safe is said at [`crate::jose::jwe`].
pub struct BatchSealer<'a> {
    signer: &'a CampaignSigner,
    gateway: &'a GatewayPublic,
    batch: Batch,
    floor: Bucket,
}

/// A message, ready for the broker or a file. Holds no plaintext.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// For the AMQP property of this name.
    pub message_id: Uuid,
    /// Compact JWE, ASCII; content type `application/jose`.
    pub body: Vec<u8>,
}

/// Why a message was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The envelope breaks a rule.
    #[error("envelope: {0}")]
    Envelope(#[from] EnvelopeError),
    /// The envelope is for another Society than the gateway's.
    #[error("the envelope is for another Society than the gateway")]
    Society,
    /// The key is certified for another campaign.
    #[error("the campaign key is certified for another campaign")]
    Campaign,
    /// A drill message under a real key, or the other way round.
    #[error("the message and the campaign key are not of one kind (drill or real)")]
    Drill,
    /// The message would outlive the certificate.
    #[error("the message would outlive the campaign key's certificate")]
    OutlivesCertificate,
    /// The largest bucket is too small.
    #[error("the message is larger than the largest bucket")]
    TooLarge,
    /// The batch is full: begin another.
    #[error("the batch is full")]
    BatchFull,
    /// The envelope could not be written as JSON.
    #[error("the envelope cannot be written")]
    Json,
}

impl<'a> BatchSealer<'a> {
    /// Agrees on a key with the gateway; messages are padded to [`Bucket::DEFAULT_FLOOR`] at least.
    #[must_use]
    pub fn new<R: CryptoRng + ?Sized>(
        rng: &mut R,
        campaign_key: &'a CampaignSigner,
        gateway: &'a GatewayPublic,
    ) -> Self {
        let batch = Batch::new(rng, &gateway.sealing);
        Self { signer: campaign_key, gateway, batch, floor: Bucket::DEFAULT_FLOOR }
    }

    /// Another floor, the same for the whole campaign.
    #[must_use]
    pub const fn with_floor(mut self, floor: Bucket) -> Self {
        self.floor = floor;
        self
    }

    /// How many more messages this batch takes.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.batch.left()
    }

    /// Signs and seals one message.
    ///
    /// # Errors
    /// [`SealError`]; nothing was sealed then, and the batch can go on.
    pub fn seal(&mut self, envelope: &Envelope) -> Result<Sealed, SealError> {
        self.permit(envelope)?;
        let json = Zeroizing::new(serde_json::to_vec(envelope).map_err(|_| SealError::Json)?);
        let mut padded = self.signer.sign(&json).into_bytes();
        let bucket = Bucket::holding(padded.len(), self.floor).ok_or(SealError::TooLarge)?;
        padded.resize(bucket.size(), b' ');
        // Encrypts in place: no plaintext is left behind in `padded`.
        let Some(body) = self.batch.seal(&mut padded) else {
            padded.zeroize();
            return Err(SealError::BatchFull);
        };
        Ok(Sealed { message_id: envelope.message_id, body: body.into_bytes() })
    }

    fn permit(&self, envelope: &Envelope) -> Result<(), SealError> {
        envelope.check()?;
        if envelope.society != self.gateway.society {
            return Err(SealError::Society);
        }
        if envelope.campaign != self.signer.campaign() {
            return Err(SealError::Campaign);
        }
        if envelope.drill != self.signer.is_drill() {
            return Err(SealError::Drill);
        }
        if envelope.not_after().is_some_and(|end| end > self.signer.not_after()) {
            return Err(SealError::OutlivesCertificate);
        }
        Ok(())
    }
}
