//! Messages that every gateway must refuse, with the word for the reason.

use contract::jose::jwe::Batch;
use contract::jose::jwk::{Curve, Jwk};
use contract::jose::jws::{self, Protected};
use contract::jose::keys::{SealingPublic, SignerKey};
use contract::{CampaignSigner, Content, OrganisationKey, TaskData};
use domain::Millis;
use serde_json::{Value, json};

use super::{Cast, NOW, uuid};

const MESSAGE: &str = "tidings-message+jws";
const CERTIFICATE: &str = "tidings-certificate+jws";

/// One message to refuse.
pub struct Negative {
    pub name: &'static str,
    pub reason: &'static str,
    pub body: String,
}

impl Cast {
    /// Every negative message, at the instant [`NOW`].
    pub fn negatives(&mut self) -> Vec<Negative> {
        let envelope = self.every_kind().remove(0);
        let good = self.seal(&envelope);
        let json = serde_json::to_value(&envelope).expect("JSON");
        let mut all = self.wrong_content(&json);
        all.extend(self.wrong_chain(&json));
        all.extend(self.wrong_sealing(&json, &String::from_utf8(good).expect("ASCII")));
        all.into_iter().map(|(name, reason, body)| Negative { name, reason, body }).collect()
    }

    fn wrong_content(&mut self, good: &Value) -> Vec<(&'static str, &'static str, String)> {
        let mut changed = |name, reason, change: &dyn Fn(&mut Value)| {
            let mut json = good.clone();
            change(&mut json);
            let body = self.seal_unchecked(json.to_string().as_bytes());
            (name, reason, String::from_utf8(body).expect("ASCII"))
        };
        let late = NOW.plus(-Millis::HOUR).0;
        vec![
            changed("version 2", "version", &|j| j["v"] = 2.into()),
            changed("real message under a drill certificate", "drill", &|j| j["drill"] = false.into()),
            changed("another campaign", "campaign", &|j| {
                j["campaign"] = "00000000-0000-4000-8000-000000000000".into();
            }),
            changed("another Society", "society", &|j| j["society"] = "SO".into()),
            changed("expired", "expired", &|j| {
                j["data"]["not_before"] = (late - 1).into();
                j["data"]["not_after"] = late.into();
            }),
            changed("no content", "envelope", &|j| drop(j.as_object_mut().map(|o| o.remove("data")))),
            changed("unknown kind", "envelope", &|j| j["kind"] = "order".into()),
        ]
    }

    fn wrong_chain(&mut self, good: &Value) -> Vec<(&'static str, &'static str, String)> {
        let payload = good.to_string();
        let own = SignerKey::try_from(&self.signer.to_jwk()).expect("own key");
        let certificate = self.signer.certificate().to_owned();
        let thief = SignerKey::generate(&mut self.rng);
        let stranger = OrganisationKey::generate(&mut self.rng, self.drill);
        let campaign = self.signer.campaign();
        let mut expired = |organisation: &OrganisationKey, from: i64, to: i64| {
            let (from, to) = (NOW.plus(from * Millis::DAY), NOW.plus(to * Millis::DAY));
            CampaignSigner::generate(&mut self.rng, organisation, campaign, from, to)
        };
        let past = expired(&self.organisation, -9, -1);
        let future = expired(&self.organisation, 1, 9);
        let foreign = expired(&stranger, -1, 9);
        let mut signed = |key: &SignerKey, typ: &str, certificate: Option<&str>| {
            let text = jws::sign(key, &Protected::new(key, typ, certificate), payload.as_bytes());
            self.seal_text(&text)
        };
        let key = |signer: &CampaignSigner| SignerKey::try_from(&signer.to_jwk()).expect("own key");
        let claims = json!({"v": 1, "campaign": campaign, "drill": true, "jwk": Jwk::from(thief.public()),
            "not_before": NOW.0, "not_after": NOW.plus(Millis::DAY).0});
        let itself = jws::sign(&thief, &Protected::new(&thief, CERTIFICATE, None), claims.to_string().as_bytes());
        vec![
            ("no certificate", "certificate", signed(&own, MESSAGE, None)),
            ("certificate by a stranger", "certificate", signed(&key(&foreign), MESSAGE, Some(foreign.certificate()))),
            ("certificate by the signer itself", "certificate", signed(&thief, MESSAGE, Some(&itself))),
            ("certificate expired", "certificate", signed(&key(&past), MESSAGE, Some(past.certificate()))),
            ("certificate not valid yet", "certificate", signed(&key(&future), MESSAGE, Some(future.certificate()))),
            ("another key's certificate", "signature", signed(&thief, MESSAGE, Some(&certificate))),
            ("signed as a receipt", "signature", signed(&own, "tidings-receipts+jws", Some(&certificate))),
        ]
    }

    fn wrong_sealing(&mut self, good: &Value, body: &str) -> Vec<(&'static str, &'static str, String)> {
        let jws = self.unsealed(body);
        let parts: Vec<_> = jws.split('.').collect();
        let payload = good.to_string().replace("+15555550123", "+15555550199");
        let unsigned = {
            let header =
                json!({"alg": "none", "typ": MESSAGE, "kid": self.signer.kid(), "cert": self.signer.certificate()});
            format!("{}.{}.", encode(&header.to_string()), encode(&payload))
        };
        let altered = format!("{}.{}.{}", parts[0], encode(&payload), parts[2]);
        let at = body.len() / 2;
        let flipped = if &body[at..=at] == "A" { "B" } else { "A" };
        let bit = format!("{}{flipped}{}", &body[..at], &body[at + 1..]);
        let mut other = Cast::new(77, "KE", true);
        let task = TaskData {
            task_id: uuid(&mut other.rng),
            office: "Office".into(),
            language: "en".into(),
            due: NOW,
            not_after: NOW.plus(Millis::DAY),
        };
        let foreign = other.envelope(Content::Task(task));
        let foreign = String::from_utf8(other.seal(&foreign)).expect("ASCII");
        vec![
            ("one character changed", "sealing", bit),
            ("cut short", "sealing", body[..body.len() - 10].to_owned()),
            ("not a JWE", "sealing", "hello".to_owned()),
            ("for another gateway", "sealing", foreign),
            ("alg none", "signature", self.seal_text(&unsigned)),
            ("payload exchanged after signing", "signature", self.seal_text(&altered)),
        ]
    }

    fn seal_text(&mut self, text: &str) -> String {
        let to: Vec<SealingPublic> = self.gateway.public().to_jwks().each(Curve::X25519).expect("own key");
        Batch::new(&mut self.rng, &to[0]).seal(&mut text.as_bytes().to_vec()).expect("one message")
    }

    fn unsealed(&self, body: &str) -> String {
        let keys: Vec<contract::OpeningKey> = self.gateway.to_jwks().each(Curve::X25519).expect("own key");
        let unopened = contract::jose::jwe::Unopened::parse(body.as_bytes(), contract::MAX_BODY).expect("good");
        let plaintext = unopened.open(&unopened.agree(&keys[0]).expect("good")).expect("good");
        String::from_utf8(plaintext.to_vec()).expect("ASCII").trim_end().to_owned()
    }
}

fn encode(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}
