//! The conformance kit: a campaign in small, played against anybody's gateway, and a judgement of what it answered.
//!
//! [`Script`] holds the messages of two acts, each with what must and must not be answered; the second act repeats and
//! recalls what the first has sent. The caller carries the messages to the gateway and the answers back, over RabbitMQ
//! or as files; [`Script::judge`] says what was wrong, in sentences for the gateway's author.
//!
//! Everything is a drill: the gateway must be configured with the drill keys of the kit, and reach nobody.

mod cases;
mod judge;

use domain::{AttemptId, CampaignId, Channel, Millis};
use rand::CryptoRng;
use uuid::Uuid;

use crate::jose::jwe::Batch;
use crate::jose::jws::{self, Protected};
use crate::jose::keys::{OpeningKey, SignerKey};
use crate::{
    BatchSealer, CampaignSigner, Content, Envelope, GatewayPublic, OrganisationKey, RecallData, SealError, TidingsKeys,
    V1,
};
use cases::Expected;
pub use judge::{Answered, Finding};

/// Keys of the kit: made anew for every check, or kept by the caller between the acts.
pub struct Kit {
    /// What the gateway has to pin.
    pub organisation: OrganisationKey,
    /// Opens its receipts.
    pub receipts: OpeningKey,
}

impl Kit {
    /// Fresh drill keys.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        Self { organisation: OrganisationKey::generate(rng, true), receipts: OpeningKey::generate(rng) }
    }

    /// The file that the gateway's operator is given.
    #[must_use]
    pub fn public(&self) -> TidingsKeys {
        TidingsKeys::new(&self.organisation.public(), [self.receipts.public()])
    }
}

/// One message of the script.
#[derive(Debug, Clone)]
pub struct Line {
    /// For the AMQP property.
    pub message_id: Uuid,
    /// Sealed message.
    pub body: Vec<u8>,
}

/// The script of one check.
pub struct Script {
    pub(crate) gateway: GatewayPublic,
    pub(crate) now: Millis,
    pub(crate) expected: Vec<Expected>,
    acts: [Vec<Line>; 2],
}

struct Writer<'a, R: ?Sized> {
    rng: &'a mut R,
    signer: CampaignSigner,
    foreign: CampaignSigner,
    gateway: &'a GatewayPublic,
}

impl Script {
    /// Writes the script for one gateway at `now`. `channels`: those that the gateway says it offers.
    ///
    /// # Errors
    /// [`SealError`] if a message of the script breaks the contract: a mistake here.
    pub fn write<R: CryptoRng + ?Sized>(
        rng: &mut R,
        kit: &Kit,
        gateway: &GatewayPublic,
        channels: &[Channel],
        now: Millis,
    ) -> Result<Self, SealError> {
        let campaign = CampaignId::from(random(rng));
        let (from, to) = (now.plus(-Millis::DAY), now.plus(10 * Millis::DAY));
        let signer = CampaignSigner::generate(rng, &kit.organisation, campaign, from, to);
        let stranger = OrganisationKey::generate(rng, true);
        let foreign = CampaignSigner::generate(rng, &stranger, campaign, from, to);
        let mut writer = Writer { rng, signer, foreign, gateway };
        let mut script = Self { gateway: gateway.clone(), now, expected: Vec::new(), acts: [Vec::new(), Vec::new()] };
        cases::all(&mut script, &mut writer, channels)?;
        Ok(script)
    }

    /// The messages of an act, in the order in which they are to be handed over.
    #[must_use]
    pub fn act(&self, number: usize) -> &[Line] {
        self.acts.get(number).map_or(&[], Vec::as_slice)
    }
}

impl<R: CryptoRng + ?Sized> Writer<'_, R> {
    fn envelope(&mut self, content: Content, attempt: Option<AttemptId>) -> Envelope {
        let message_id = random(self.rng);
        Envelope {
            v: V1,
            message_id,
            attempt_id: attempt.unwrap_or_else(|| AttemptId::from(message_id)),
            campaign: self.signer.campaign(),
            society: self.gateway.society().clone(),
            drill: true,
            content,
        }
    }

    fn recall(&mut self, attempt: AttemptId, now: Millis) -> Envelope {
        self.envelope(Content::Recall(RecallData { issued: now }), Some(attempt))
    }

    fn seal(&mut self, envelope: &Envelope) -> Result<Line, SealError> {
        let sealed = BatchSealer::new(self.rng, &self.signer, self.gateway).seal(envelope)?;
        Ok(Line { message_id: sealed.message_id, body: sealed.body })
    }

    /// Signs and seals any JSON, as somebody could who has a key but not our code.
    fn seal_json(&mut self, json: &serde_json::Value, foreign: bool) -> Result<Line, SealError> {
        let signer = if foreign { &self.foreign } else { &self.signer };
        let key = SignerKey::try_from(&signer.to_jwk()).map_err(|_| SealError::Json)?;
        let header = Protected::new(&key, crate::certificate::MESSAGE, Some(signer.certificate()));
        let mut text = jws::sign(&key, &header, json.to_string().as_bytes()).into_bytes();
        text.resize(crate::Bucket::DEFAULT_FLOOR.size().max(text.len()), b' ');
        let body = Batch::new(self.rng, &self.gateway.sealing).seal(&mut text).ok_or(SealError::BatchFull)?;
        Ok(Line { message_id: random(self.rng), body: body.into_bytes() })
    }
}

fn random<R: CryptoRng + ?Sized>(rng: &mut R) -> Uuid {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
