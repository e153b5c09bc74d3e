//! What two operators approve: the manifest of a campaign, and the leaf of every person in it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::channel::Recipient;
use crate::merkle::Hash;
use crate::{Audience, CampaignId, Channel, Form, Level, Millis, NoticeKind, PersonId, RecordId, SocietyCode};

/// One permitted step of a plan, in the order in which steps are tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Who receives.
    pub to: Recipient,
    /// How.
    pub channel: Channel,
    /// The contact point: record that holds it and its position there; none for team channels.
    pub contact: Option<ContactRef>,
    /// Which notice.
    pub kind: NoticeKind,
    /// To whom it speaks.
    pub audience: Audience,
    /// The most that may be told.
    pub level: Level,
    /// Short or full.
    pub form: Form,
    /// Language of the words.
    pub language: String,
    /// Society through whose gateway or team it leaves.
    pub society: SocietyCode,
}

/// A contact point as the store finds it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContactRef {
    /// Record that holds it.
    pub record: RecordId,
    /// Position in the record's contact list; from [`ContactRef::STATED`] on, a contact point that the person gave.
    pub index: u16,
}

impl ContactRef {
    /// First place of contact points that people gave: far above what a register may list, so that a longer list in the
    /// next import never takes another's name.
    pub const STATED: u16 = 1 << 15;
}

impl Step {
    /// What this step may do at most, compared with an approved step of the same place: same recipient, channel,
    /// contact, notice, audience, society and language, and no higher level.
    #[must_use]
    pub fn is_within(&self, approved: &Self) -> bool {
        self.level <= approved.level
            && self.to == approved.to
            && self.channel == approved.channel
            && self.contact == approved.contact
            && (self.kind == approved.kind || self.level < approved.level)
            && self.audience == approved.audience
            && self.society == approved.society
            && self.language == approved.language
    }
}

/// Whether every step is one of the approved ones, or less.
#[must_use]
pub fn steps_within(steps: &[Step], approved: &[Step]) -> bool {
    steps.iter().all(|step| approved.iter().any(|a| step.is_within(a)))
}

/// Digest of a plan's steps.
#[must_use]
pub fn steps_digest(steps: &[Step]) -> Hash {
    // Steps are plain data with string keys: serialising them cannot fail; were it to, the digest of nothing matches no plan.
    Sha256::digest(serde_json::to_vec(steps).unwrap_or_default()).into()
}

/// Leaf of one person: their id and the digest of their steps.
#[must_use]
pub fn person_leaf(person: PersonId, steps: &Hash) -> Hash {
    let mut data = [0u8; 48];
    data[..16].copy_from_slice(person.uuid().as_bytes());
    data[16..].copy_from_slice(steps);
    crate::merkle::leaf(&data)
}

/// Everything an approval covers. Its digest is what operators sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this shape.
    pub v: u8,
    /// Campaign.
    pub campaign: CampaignId,
    /// 0 for the first manifest, then one more for every supplement.
    pub supplement: u32,
    /// Drill or real.
    pub drill: bool,
    /// Merkle root over the persons' leaves, in the order of person ids.
    #[serde(with = "hex32")]
    pub persons_root: Hash,
    /// Persons under the root.
    pub persons: u64,
    /// Version of the incident facts, and their digest.
    pub facts_version: u32,
    /// Digest of the incident facts.
    #[serde(with = "hex32")]
    pub facts: Hash,
    /// Digest of templates, locales and their approvals.
    #[serde(with = "hex32")]
    pub words: Hash,
    /// Version of the protection policy.
    pub policy: String,
    /// Digest of every Society's context (hotlines, senders, tiers, offers).
    #[serde(with = "hex32")]
    pub societies: Hash,
    /// Digest of the gateways' key thumbprints.
    #[serde(with = "hex32")]
    pub gateways: Hash,
    /// Digest of schedule, waves and caps.
    #[serde(with = "hex32")]
    pub plan: Hash,
    /// Single-use random number.
    pub nonce: uuid::Uuid,
    /// Not valid from this instant.
    pub expires_at: Millis,
}

impl Manifest {
    /// What operators sign.
    #[must_use]
    pub fn digest(&self) -> Hash {
        // As above: plain data.
        Sha256::digest(serde_json::to_vec(self).unwrap_or_default()).into()
    }

    /// The names of what differs between what was approved and what stands now; empty: nothing.
    /// Nonce, expiry and supplement number are not compared.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<&'static str> {
        let pairs = [
            ("campaign", self.campaign == now.campaign),
            ("drill mark", self.drill == now.drill),
            ("persons and their steps", self.persons_root == now.persons_root && self.persons == now.persons),
            ("incident facts", self.facts_version == now.facts_version && self.facts == now.facts),
            ("templates, locales or approvals", self.words == now.words),
            ("protection policy", self.policy == now.policy),
            ("Society contexts", self.societies == now.societies),
            ("gateway keys", self.gateways == now.gateways),
            ("schedule, waves or caps", self.plan == now.plan),
        ];
        pairs.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

/// 32 bytes as 64 lower-case hex digits.
pub mod hex32 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the digits.
    ///
    /// # Errors
    /// What the serializer says.
    pub fn serialize<S: Serializer>(hash: &[u8; 32], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&to_hex(hash))
    }

    /// Reads the digits.
    ///
    /// # Errors
    /// Anything but 64 hex digits.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(d)?;
        from_hex(&text).ok_or_else(|| D::Error::custom("expected 64 hex digits"))
    }

    /// The digits of bytes.
    #[must_use]
    pub fn to_hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The 32 bytes of digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<[u8; 32]> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut out = [0; 32];
        for (byte, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(level: Level) -> Step {
        Step {
            to: Recipient::Person,
            channel: Channel::Sms,
            contact: None,
            kind: NoticeKind::Initial,
            audience: Audience::AidRecipient,
            level,
            form: Form::Short,
            language: "en".to_owned(),
            society: "KE".parse().expect("a code"),
        }
    }

    #[test]
    fn a_lower_level_is_within_and_a_higher_one_or_another_channel_is_not() {
        assert!(step(Level::L2).is_within(&step(Level::L3)));
        assert!(!step(Level::L3).is_within(&step(Level::L2)));
        let mut other = step(Level::L2);
        other.channel = Channel::App;
        assert!(!other.is_within(&step(Level::L3)));
        assert!(steps_within(&[], &[]));
    }

    #[test]
    fn every_field_of_a_manifest_moves_its_digest() {
        let manifest = Manifest {
            v: 1,
            campaign: CampaignId::random(),
            supplement: 0,
            drill: true,
            persons_root: [1; 32],
            persons: 3,
            facts_version: 1,
            facts: [2; 32],
            words: [3; 32],
            policy: "1".to_owned(),
            societies: [4; 32],
            gateways: [5; 32],
            plan: [6; 32],
            nonce: uuid::Uuid::nil(),
            expires_at: Millis(5),
        };
        let json = serde_json::to_value(&manifest).expect("json");
        for (field, value) in json.as_object().expect("an object") {
            let mut changed = json.clone();
            changed[field] = match value {
                serde_json::Value::Bool(b) => (!b).into(),
                serde_json::Value::Number(n) => (n.as_u64().unwrap_or(0) + 1).into(),
                serde_json::Value::String(s) if s.len() == 64 => "ab".repeat(32).into(),
                serde_json::Value::String(s) if field == "policy" => format!("{s}x").into(),
                _ => uuid::Uuid::from_u128(7).to_string().into(),
            };
            let changed: Manifest = serde_json::from_value(changed).expect("a manifest");
            assert_ne!(changed.digest(), manifest.digest(), "{field}");
        }
    }
}
