//! Parties and messages for tests and examples. Nobody here exists; numbers are from ranges kept for fiction.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "every test file and example uses another part")]

pub mod negatives;

use contract::jose::jwe::Batch;
use contract::jose::jwk::Curve;
use contract::jose::jws::{self, Protected};
use contract::jose::keys::SignerKey;
use contract::{
    Address, BatchSealer, CampaignSigner, Content, Direction, Envelope, GatewayOpener, GatewayPrivate, NoticeData,
    OpeningKey, OrganisationKey, Part, Parts, RecallData, Receipt, ReceiptBatch, SafeHours, SealingPublic, Sms,
    SmsEncoding, TaskData, ThirdPartyRule, V1, VoicemailRule,
};
use domain::receipt::ReceiptKind;
use domain::{AttemptId, CampaignId, Channel, Level, Millis, NoticeKind, SocietyCode};
use rand::SeedableRng;
use rand::rngs::StdRng;
use uuid::Uuid;

/// The middle of the certificate's life.
pub const NOW: Millis = Millis(1_800_000_000_000);

/// Everyone who takes part in one campaign of one Society.
pub struct Cast {
    pub rng: StdRng,
    pub organisation: OrganisationKey,
    pub signer: CampaignSigner,
    pub gateway: GatewayPrivate,
    pub receipts: OpeningKey,
    pub drill: bool,
}

pub fn society(code: &str) -> SocietyCode {
    code.parse().expect("a code")
}

pub fn uuid(rng: &mut StdRng) -> Uuid {
    let mut bytes = [0; 16];
    rand::Rng::fill_bytes(rng, &mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

impl Cast {
    pub fn new(seed: u64, code: &str, drill: bool) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let organisation = OrganisationKey::generate(&mut rng, drill);
        let campaign = CampaignId::from(uuid(&mut rng));
        let (from, to) = (NOW.plus(-Millis::DAY), NOW.plus(90 * Millis::DAY));
        let signer = CampaignSigner::generate(&mut rng, &organisation, campaign, from, to);
        let gateway = GatewayPrivate::generate(&mut rng, society(code));
        let receipts = OpeningKey::generate(&mut rng);
        Self { rng, organisation, signer, gateway, receipts, drill }
    }

    /// An opener for this gateway; the private keys go through JSON, as they do in practice.
    pub fn opener(&self) -> GatewayOpener {
        let gateway = GatewayPrivate::from_jwks(self.gateway.society().clone(), &self.gateway.to_jwks());
        GatewayOpener::for_gateway(gateway.expect("own keys"), self.organisation.public())
    }

    pub fn seal(&mut self, envelope: &Envelope) -> Vec<u8> {
        let gateway = self.gateway.public();
        BatchSealer::new(&mut self.rng, &self.signer, &gateway).seal(envelope).expect("a good envelope").body
    }

    /// Signs and seals any JSON, as somebody could who stole the campaign key but not our code.
    pub fn seal_unchecked(&mut self, json: &[u8]) -> Vec<u8> {
        let key = SignerKey::try_from(&self.signer.to_jwk()).expect("own key");
        let header = Protected::new(&key, "tidings-message+jws", Some(self.signer.certificate()));
        let mut plaintext = jws::sign(&key, &header, json).into_bytes();
        let to: Vec<SealingPublic> = self.gateway.public().to_jwks().each(Curve::X25519).expect("own key");
        Batch::new(&mut self.rng, &to[0]).seal(&mut plaintext).expect("one message").into_bytes()
    }

    /// Signs any JSON as the gateway and seals it to Tidings.
    pub fn seal_receipts_unchecked(&mut self, json: &[u8]) -> Vec<u8> {
        let keys: Vec<SignerKey> = self.gateway.to_jwks().each(Curve::Ed25519).expect("own key");
        let header = Protected::new(&keys[0], "tidings-receipts+jws", None);
        let mut plaintext = jws::sign(&keys[0], &header, json).into_bytes();
        Batch::new(&mut self.rng, self.receipts.public()).seal(&mut plaintext).expect("one message").into_bytes()
    }

    pub fn envelope(&mut self, content: Content) -> Envelope {
        let id = uuid(&mut self.rng);
        Envelope {
            v: V1,
            message_id: id,
            attempt_id: AttemptId::from(id),
            campaign: self.signer.campaign(),
            society: self.gateway.society().clone(),
            drill: self.drill,
            content,
        }
    }

    /// One envelope of every kind, and of every remote channel.
    pub fn every_kind(&mut self) -> Vec<Envelope> {
        let remote = Channel::ALL.iter().filter(|channel| channel.is_remote());
        let mut contents: Vec<_> = remote.map(|channel| Content::Notice(Box::new(notice(*channel)))).collect();
        contents.push(Content::Task(TaskData {
            task_id: uuid(&mut self.rng),
            office: "Field office 3".into(),
            language: "so".into(),
            due: NOW.plus(14 * Millis::DAY),
            not_after: NOW.plus(30 * Millis::DAY),
        }));
        contents.push(Content::Recall(RecallData { issued: NOW }));
        contents.into_iter().map(|content| self.envelope(content)).collect()
    }

    pub fn batch(&mut self, count: usize) -> ReceiptBatch {
        let receipts = (0..count)
            .map(|_| Receipt {
                idem: uuid(&mut self.rng),
                attempt_id: AttemptId::from(uuid(&mut self.rng)),
                kind: ReceiptKind::Accepted,
                at: NOW,
                code: None,
                task_id: None,
            })
            .collect();
        ReceiptBatch {
            v: V1,
            society: self.gateway.society().clone(),
            gateway_key: self.gateway.public().verifying_kid().to_owned(),
            sequence: 1,
            receipts,
        }
    }
}

/// A notice that a channel can carry.
pub fn notice(channel: Channel) -> NoticeData {
    let address = match channel {
        Channel::Email => Address::Email { email: "amina@example.org".into() },
        Channel::Post => Address::Postal {
            lines: vec!["Amina Example".into(), "Box 12, Sample Road".into(), "Exampleville".into()],
            country: Some("KE".into()),
        },
        _ => Address::Phone { e164: "+15555550123".into() },
    };
    let text = |part: Part| match part {
        Part::Subject => "A message for you".to_owned(),
        Part::Html => "<p lang=\"ar\" dir=\"rtl\">اتصل بنا</p>".to_owned(),
        Part::Ssml => "<speak>Please call us.</speak>".to_owned(),
        _ => "Please call us. Code KDA-7QX. · اتصل بنا".to_owned(),
    };
    let (required, optional) = contract::check::parts_of(channel);
    NoticeData {
        channel,
        address,
        language: "ar".into(),
        direction: Direction::Rtl,
        notice: NoticeKind::Initial,
        level: Level::L3,
        form: channel.form(),
        parts: required.iter().chain(optional).map(|part| (*part, text(*part))).collect::<Parts>(),
        not_before: NOW,
        not_after: NOW.plus(7 * Millis::DAY),
        hours: Some(hours()),
        voicemail: VoicemailRule::HangUp,
        third_party: ThirdPartyRule::HangUp,
        reference: "KDA-7QX".into(),
        sms: (channel == Channel::Sms).then_some(Sms { encoding: SmsEncoding::Ucs2, segments: 2 }),
        sender: "INFO-LINE".into(),
    }
}

pub fn hours() -> SafeHours {
    let window = contract::parts::Window { days: vec![], from: "09:00".into(), to: "20:00".into() };
    SafeHours { time_zone: "Africa/Nairobi".into(), windows: vec![window] }
}
