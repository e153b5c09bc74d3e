//! What Tidings can rely on: a receipt that opens was signed by the gateway of the Society that it speaks for.

#![expect(clippy::unwrap_used, reason = "a helper may stop its test")]

mod support;

use contract::jose::JoseError;
use contract::{
    FailureCode, GatewayPrivate, MAX_RECEIPT_BODY, MAX_RECEIPTS, OpeningKey, ReceiptBatch, ReceiptOpener,
    ReceiptRejection, ReceiptSealError, seal_receipts,
};
use domain::receipt::ReceiptKind;
use proptest::prelude::*;
use rand::{Rng, RngExt};
use support::{Cast, society};

impl Cast {
    fn receipt_opener(&self) -> ReceiptOpener {
        ReceiptOpener::new(vec![self.own_key()], [self.gateway.public()])
    }

    fn own_key(&self) -> OpeningKey {
        OpeningKey::try_from(&contract::jose::jwk::Jwk::from(&self.receipts)).unwrap()
    }

    fn send(&mut self, batch: &ReceiptBatch) -> Vec<u8> {
        seal_receipts(&mut self.rng, &self.gateway, self.receipts.public(), batch).unwrap()
    }
}

#[test]
fn batches_of_every_size_arrive_as_they_were_sent() {
    let mut cast = Cast::new(1, "KE", true);
    let opener = cast.receipt_opener();
    for count in [1, 2, 50, MAX_RECEIPTS] {
        let batch = cast.batch(count);
        let body = cast.send(&batch);
        assert!(body.len() <= MAX_RECEIPT_BODY);
        assert_eq!(opener.open("KE", &body), Ok(batch.clone()));
        assert_eq!(opener.open("KE", &body), Ok(batch), "a repetition gives the same ids");
    }
}

#[test]
fn the_wordiest_batch_of_500_fits() {
    let mut cast = Cast::new(2, "ICRC", true);
    let mut batch = cast.batch(MAX_RECEIPTS);
    for receipt in &mut batch.receipts {
        receipt.kind = ReceiptKind::WrongPerson;
        receipt.code = Some(FailureCode::InsufficientAddress);
        receipt.task_id = Some(receipt.idem);
    }
    let body = cast.send(&batch);
    assert!(body.len() <= MAX_RECEIPT_BODY, "{}", body.len());
    assert_eq!(cast.receipt_opener().open("ICRC", &body), Ok(batch));
}

#[test]
fn a_gateway_speaks_for_its_own_society_only() {
    let mut a = Cast::new(3, "KE", true);
    let mut b = Cast::new(4, "SO", true);
    let opener = ReceiptOpener::new(vec![a.own_key()], [a.gateway.public(), b.gateway.public()]);
    let to_tidings = a.receipts.public().clone();

    // B's own receipts over A's routing key.
    let honest = b.batch(1);
    let body = seal_receipts(&mut b.rng, &b.gateway, &to_tidings, &honest).unwrap();
    assert_eq!(opener.open("SO", &body), Ok(honest.clone()));
    assert_eq!(opener.open("KE", &body), Err(ReceiptRejection::Foreign));

    // B signs what says that it is from A.
    let claim = ReceiptBatch { society: society("KE"), ..honest };
    let refused = seal_receipts(&mut b.rng, &b.gateway, &to_tidings, &claim);
    assert_eq!(refused, Err(ReceiptSealError::Foreign));
    b.receipts = a.own_key();
    let body = b.seal_receipts_unchecked(&serde_json::to_vec(&claim).unwrap());
    assert_eq!(opener.open("SO", &body), Err(ReceiptRejection::Foreign));
    assert_eq!(opener.open("KE", &body), Err(ReceiptRejection::Foreign));

    // B signs under A's key name.
    let as_a = ReceiptBatch { gateway_key: a.gateway.public().verifying_kid().into(), ..a.batch(1) };
    let body = b.seal_receipts_unchecked(&serde_json::to_vec(&as_a).unwrap());
    assert_eq!(opener.open("KE", &body), Err(ReceiptRejection::Foreign));
}

#[test]
fn every_rejection_has_its_name() {
    let mut cast = Cast::new(5, "KE", true);
    let opener = cast.receipt_opener();
    let batch = serde_json::to_value(cast.batch(2)).unwrap();
    let with = |cast: &mut Cast, change: &dyn Fn(&mut serde_json::Value)| {
        let mut json = batch.clone();
        change(&mut json);
        let body = cast.seal_receipts_unchecked(json.to_string().as_bytes());
        opener.open("KE", &body).err()
    };
    assert_eq!(with(&mut cast, &|_| ()), None);
    assert_eq!(with(&mut cast, &|j| j["later"] = 1.into()), None, "unknown members are passed over");
    assert_eq!(with(&mut cast, &|j| j["v"] = 2.into()), Some(ReceiptRejection::Version));
    assert_eq!(with(&mut cast, &|j| j["v"] = "1".into()), Some(ReceiptRejection::Batch));
    assert_eq!(with(&mut cast, &|j| j["gateway_key"] = "k".into()), Some(ReceiptRejection::Key));
    assert_eq!(with(&mut cast, &|j| j["receipts"] = serde_json::json!([])), Some(ReceiptRejection::Count));
    assert_eq!(
        with(&mut cast, &|j| j["receipts"][1]["kind"] = "failed".into()),
        Some(ReceiptRejection::NoCode { at: 1 })
    );
    assert_eq!(with(&mut cast, &|j| j["receipts"][0]["kind"] = "read".into()), Some(ReceiptRejection::Batch));
    let many = |j: &mut serde_json::Value| j["receipts"] = vec![j["receipts"][0].clone(); MAX_RECEIPTS + 1].into();
    assert_eq!(with(&mut cast, &many), Some(ReceiptRejection::Count));

    assert_eq!(opener.open("KE", &vec![b'a'; MAX_RECEIPT_BODY + 1]), Err(ReceiptRejection::Oversize));
    assert_eq!(opener.open("KE", b"a.b.c"), Err(ReceiptRejection::Sealing(JoseError::NotCompact)));
    // A message of ours sent back is no receipt, though it is sealed to the right key.
    let key = cast.own_key();
    let stolen = GatewayPrivate::from_jwks(society("KE"), &{
        let mut set = cast.gateway.to_jwks();
        set.keys[0] = contract::jose::jwk::Jwk::from(&key);
        set
    });
    cast.gateway = stolen.unwrap();
    let envelope = cast.every_kind().remove(0);
    let body = cast.seal(&envelope);
    assert_eq!(opener.open("KE", &body), Err(ReceiptRejection::NotSigned(JoseError::Type)));
}

#[test]
fn unknown_gateway_and_unknown_receipt_key() {
    let mut cast = Cast::new(6, "KE", true);
    let batch = cast.batch(1);
    let body = cast.send(&batch);
    let nobody = ReceiptOpener::new(vec![cast.own_key()], []);
    assert_eq!(nobody.open("KE", &body), Err(ReceiptRejection::UnknownGateway));
    let other_key = ReceiptOpener::new(vec![OpeningKey::generate(&mut cast.rng)], [cast.gateway.public()]);
    assert_eq!(other_key.open("KE", &body), Err(ReceiptRejection::Sealing(JoseError::UnknownKey)));
}

#[test]
fn during_a_rotation_old_and_new_keys_count_on_both_sides() {
    let mut cast = Cast::new(7, "KE", true);
    let batch = cast.batch(1);
    let old = cast.send(&batch);
    let (old_key, old_gateway) = (cast.own_key(), cast.gateway.public());
    cast.receipts = OpeningKey::generate(&mut cast.rng);
    cast.gateway = GatewayPrivate::generate(&mut cast.rng, society("KE"));
    let batch = cast.batch(1);
    let new = cast.send(&batch);
    let opener = ReceiptOpener::new(vec![cast.own_key(), old_key], [cast.gateway.public(), old_gateway]);
    assert!(opener.open("KE", &old).is_ok());
    assert!(opener.open("KE", &new).is_ok());
    assert!(cast.receipt_opener().open("KE", &old).is_err());
}

#[test]
fn ten_thousand_forgeries_and_none_accepted() {
    let mut cast = Cast::new(8, "KE", true);
    let mut thief = Cast::new(9, "KE", true);
    thief.receipts = cast.own_key();
    let other = Cast::new(10, "SO", true);
    let opener = ReceiptOpener::new(vec![cast.own_key()], [cast.gateway.public(), other.gateway.public()]);
    let batch = cast.batch(1);
    let good = cast.send(&batch);
    assert!(opener.open("KE", &good).is_ok());
    let claimed = serde_json::to_vec(&batch).unwrap();
    let own_name = cast.gateway.public().verifying_kid().to_owned();

    let mut kinds = std::collections::BTreeMap::new();
    for round in 0..10_000 {
        let (routed, body) = match round % 5 {
            // One bit of a good message.
            0 => {
                let mut body = good.clone();
                let at = thief.rng.random_range(0..body.len());
                body[at] ^= 1 << thief.rng.random_range(0..8);
                ("KE", body)
            }
            // A key that nobody registered.
            1 => ("KE", thief.seal_receipts_unchecked(&claimed)),
            // The same under the victim's key name.
            2 => ("KE", thief.forge(&own_name, &claimed, true)),
            // No signature at all.
            3 => ("KE", thief.forge(&own_name, &claimed, false)),
            // A good message over another Society's routing key.
            _ => ("SO", good.clone()),
        };
        let rejection = opener.open(routed, &body).expect_err("a forgery");
        *kinds.entry(format!("{rejection:?}")).or_insert(0) += 1;
    }
    for kind in ["UnknownGateway", "Forged", "Foreign"] {
        assert!(kinds[kind] >= 2_000, "{kinds:?}");
    }
}

impl Cast {
    /// Sealed to Tidings, under a stolen key name; with a wrong signature or an empty one.
    fn forge(&mut self, kid: &str, json: &[u8], signed: bool) -> Vec<u8> {
        use base64::Engine;
        let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"tidings-receipts+jws"}}"#);
        let mut signature = vec![0; if signed { 64 } else { 0 }];
        self.rng.fill_bytes(&mut signature);
        let jws = format!("{}.{}.{}", encode(header.as_bytes()), encode(json), encode(&signature));
        let mut plaintext = jws.into_bytes();
        contract::jose::jwe::Batch::new(&mut self.rng, self.receipts.public())
            .seal(&mut plaintext)
            .unwrap()
            .into_bytes()
    }
}

proptest! {
    #[test]
    fn junk_is_rejected_and_never_panics(json in "\\PC{0,200}", raw in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut cast = Cast::new(11, "KE", true);
        let opener = cast.receipt_opener();
        prop_assert!(opener.open("KE", &raw).is_err());
        let body = cast.seal_receipts_unchecked(json.as_bytes());
        prop_assert!(opener.open("KE", &body).is_err());
    }
}
