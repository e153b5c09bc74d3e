//! What a gateway can rely on: it opens what is meant for it, unaltered, in force, and nothing else.

#![expect(clippy::unwrap_used, reason = "a helper may stop its test")]

mod support;

use contract::certificate::CertificateError;
use contract::check::EnvelopeError;
use contract::jose::JoseError;
use contract::{
    Address, BatchSealer, Bucket, CampaignSigner, Content, GatewayOpener, MAX_BATCH, MAX_BODY, OpenError, Part,
    SealError,
};
use domain::{Channel, Level, Millis};
use proptest::prelude::*;
use support::{Cast, NOW, notice, society};

#[test]
fn every_kind_arrives_as_it_was_sent() {
    for drill in [true, false] {
        let mut cast = Cast::new(1, "KE", drill);
        let opener = cast.opener();
        for envelope in cast.every_kind() {
            let body = cast.seal(&envelope);
            assert_eq!(opener.open(&body, NOW).as_ref(), Ok(&envelope));
            assert_eq!(opener.open(&body, NOW), Ok(envelope), "the same message again gives the same ids");
        }
    }
}

#[test]
fn all_kinds_have_one_size_and_sizes_are_few() {
    let mut cast = Cast::new(2, "KE", true);
    let gateway = cast.gateway.public();
    let envelopes = cast.every_kind();
    for floor in contract::bucket::BUCKETS.map(|size| Bucket::try_from(size).unwrap()) {
        let mut sealer = BatchSealer::new(&mut cast.rng, &cast.signer, &gateway).with_floor(floor);
        let mut sizes: Vec<_> = envelopes.iter().map(|e| sealer.seal(e).unwrap().body.len()).collect();
        sizes.sort_unstable();
        sizes.dedup();
        assert!(sizes.iter().all(|size| *size <= MAX_BODY));
        if floor >= Bucket::DEFAULT_FLOOR {
            assert_eq!(sizes.len(), 1, "a task, a recall and a letter look alike at {floor:?}");
        }
    }
}

#[test]
fn the_bucket_said_is_the_bucket_used() {
    let mut cast = Cast::new(21, "KE", true);
    let gateway = cast.gateway.public();
    for length in (0..40_000).step_by(997) {
        let mut letter = notice(Channel::Post);
        letter.parts.0.insert(Part::Html, "x".repeat(length));
        let envelope = cast.envelope(Content::Notice(Box::new(letter)));
        let said = cast.signer.bucket_of(&envelope).unwrap();
        let sealer = BatchSealer::new(&mut cast.rng, &cast.signer, &gateway);
        let body = sealer.with_floor(Bucket::SMALLEST).seal(&envelope).unwrap().body;
        let ciphertext = std::str::from_utf8(&body).unwrap().split('.').nth(3).unwrap().len();
        assert_eq!(ciphertext, (said.size() * 4).div_ceil(3), "{length}");
    }
}

#[test]
fn a_message_over_the_floor_takes_the_next_bucket_and_one_over_the_last_is_refused() {
    let mut cast = Cast::new(3, "KE", true);
    let gateway = cast.gateway.public();
    let mut letter = notice(Channel::Post);
    let mut sizes = Vec::new();
    for kilobytes in [1, 3, 6, 12, 25, 40] {
        letter.parts.0.insert(Part::Html, "x".repeat(kilobytes * 1000));
        let envelope = cast.envelope(Content::Notice(Box::new(letter.clone())));
        sizes.push(BatchSealer::new(&mut cast.rng, &cast.signer, &gateway).seal(&envelope).unwrap().body.len());
    }
    let growth: Vec<_> = sizes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // Buckets 4k, 8k, 16k, 32k, 64k, 64k; a third more in base64url.
    assert!(growth.iter().zip([4096, 8192, 16_384, 32_768, 0]).all(|(got, wanted)| got.abs_diff(wanted * 4 / 3) <= 2));
    letter.parts.0.insert(Part::Html, "x".repeat(60_000));
    let envelope = cast.envelope(Content::Notice(Box::new(letter)));
    let refused = BatchSealer::new(&mut cast.rng, &cast.signer, &gateway).seal(&envelope);
    assert_eq!(refused, Err(SealError::TooLarge));
}

#[test]
fn a_batch_shares_one_ephemeral_key_and_no_content_key_and_ends_at_500() {
    let mut cast = Cast::new(4, "KE", true);
    let gateway = cast.gateway.public();
    let opener = cast.opener();
    let envelope = cast.every_kind().remove(0);
    let mut sealer = BatchSealer::new(&mut cast.rng, &cast.signer, &gateway);
    let mut apus = std::collections::BTreeSet::new();
    let mut epks = std::collections::BTreeSet::new();
    for _ in 0..MAX_BATCH {
        let body = sealer.seal(&envelope).unwrap().body;
        assert!(opener.open(&body, NOW).is_ok());
        let header = header_of(&body);
        apus.insert(header["apu"].to_string());
        epks.insert(header["epk"]["x"].to_string());
    }
    assert_eq!((apus.len(), epks.len(), sealer.left()), (MAX_BATCH, 1, 0));
    assert_eq!(sealer.seal(&envelope), Err(SealError::BatchFull));
}

fn header_of(body: &[u8]) -> serde_json::Value {
    use base64::Engine;
    let text = std::str::from_utf8(body).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text.split('.').next().unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn the_outside_names_keys_and_nothing_else() {
    let mut cast = Cast::new(5, "KE", true);
    for envelope in cast.every_kind() {
        let header = header_of(&cast.seal(&envelope));
        let names: Vec<_> = header.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["alg", "apu", "apv", "enc", "epk", "kid"]);
    }
}

#[test]
fn gateway_b_cannot_open_what_is_for_a() {
    let mut a = Cast::new(6, "KE", true);
    let b = Cast::new(7, "SO", true);
    let body = {
        let envelope = a.every_kind().remove(0);
        a.seal(&envelope)
    };
    assert_eq!(b.opener().open(&body, NOW), Err(OpenError::Sealing(JoseError::UnknownKey)));

    // Nor if the header is made to name B's key: the header is authenticated, and the key agreement differs.
    let text = String::from_utf8(body).unwrap();
    let mut header = header_of(text.as_bytes());
    header["kid"] = b.gateway.public().sealing_kid().into();
    let forged = {
        use base64::Engine;
        let encoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header.to_string());
        format!("{encoded}.{}", text.split_once('.').unwrap().1)
    };
    assert_eq!(b.opener().open(forged.as_bytes(), NOW), Err(OpenError::Sealing(JoseError::NotOpened)));
}

#[test]
fn a_message_for_another_society_is_refused_even_when_it_opens() {
    let mut cast = Cast::new(8, "KE", true);
    let envelope = cast.every_kind().remove(0);
    let body = cast.seal(&envelope);
    let moved = contract::GatewayPrivate::from_jwks(society("SO"), &cast.gateway.to_jwks()).unwrap();
    let opener = GatewayOpener::for_gateway(moved, cast.organisation.public());
    assert_eq!(opener.open(&body, NOW), Err(OpenError::Society));
}

#[test]
fn the_chain_must_reach_the_pinned_key_of_the_same_kind() {
    let mut drill = Cast::new(9, "KE", true);
    let real = Cast::new(10, "KE", false);
    let envelope = drill.every_kind().remove(0);
    let body = drill.seal(&envelope);

    let keys = |cast: &Cast| contract::GatewayPrivate::from_jwks(society("KE"), &cast.gateway.to_jwks()).unwrap();
    let stranger = GatewayOpener::for_gateway(keys(&drill), real.organisation.public());
    assert_eq!(stranger.open(&body, NOW), Err(OpenError::Certificate(CertificateError::Jose(JoseError::UnknownKey))));
    // The drill organisation's key pinned as if it were real.
    let as_real = contract::OrganisationKey::from_jwk(&drill.organisation.to_jwk(), false).unwrap();
    let opener = GatewayOpener::for_gateway(keys(&drill), as_real.public());
    assert_eq!(opener.open(&body, NOW), Err(OpenError::Certificate(CertificateError::Drill)));
}

#[test]
fn a_drill_message_under_a_real_certificate_is_neither_sealed_nor_opened() {
    let mut cast = Cast::new(11, "KE", false);
    let mut envelope = cast.every_kind().remove(0);
    envelope.drill = true;
    let gateway = cast.gateway.public();
    let refused = BatchSealer::new(&mut cast.rng, &cast.signer, &gateway).seal(&envelope);
    assert_eq!(refused, Err(SealError::Drill));

    // Whoever holds the campaign key and the certificate but not our sealer gets no further.
    let body = cast.seal_unchecked(&serde_json::to_vec(&envelope).unwrap());
    assert_eq!(cast.opener().open(&body, NOW), Err(OpenError::Drill));
    envelope.drill = false;
    envelope.campaign = domain::CampaignId::random();
    let body = cast.seal_unchecked(&serde_json::to_vec(&envelope).unwrap());
    assert_eq!(cast.opener().open(&body, NOW), Err(OpenError::Campaign));
}

#[test]
fn versions_and_rules_are_checked_after_the_signature() {
    let mut cast = Cast::new(12, "KE", true);
    let envelope = cast.every_kind().remove(0);
    let opener = cast.opener();
    let mut json = serde_json::to_value(&envelope).unwrap();
    json["member_of_a_later_minor_version"] = 1.into();
    let body = cast.seal_unchecked(json.to_string().as_bytes());
    assert_eq!(opener.open(&body, NOW), Ok(envelope));

    json["v"] = 2.into();
    let body = cast.seal_unchecked(json.to_string().as_bytes());
    assert_eq!(opener.open(&body, NOW), Err(OpenError::Version));

    json["v"] = 1.into();
    json["kind"] = "order".into();
    let body = cast.seal_unchecked(json.to_string().as_bytes());
    assert_eq!(opener.open(&body, NOW), Err(OpenError::Envelope));

    json["kind"] = "notice".into();
    json["data"]["channel"] = "caseworker".into();
    let body = cast.seal_unchecked(json.to_string().as_bytes());
    assert_eq!(opener.open(&body, NOW), Err(OpenError::Rule(EnvelopeError::InPerson)));
}

#[test]
fn expired_certificates_and_messages_are_refused() {
    let mut cast = Cast::new(13, "KE", true);
    let envelope = cast.every_kind().remove(0);
    let body = cast.seal(&envelope);
    let opener = cast.opener();
    let at = |now: Millis| opener.open(&body, now).map(|_| ());
    assert_eq!(at(NOW.plus(-2 * Millis::DAY)), Err(OpenError::Certificate(CertificateError::NotYet)));
    assert_eq!(at(NOW.plus(7 * Millis::DAY)), Ok(()));
    let expired = OpenError::Expired { message_id: envelope.message_id, attempt_id: envelope.attempt_id };
    assert_eq!(at(NOW.plus(7 * Millis::DAY + 1)), Err(expired));
    assert_eq!(at(NOW.plus(91 * Millis::DAY)), Err(OpenError::Certificate(CertificateError::Expired)));

    // A message cannot be made to outlive its certificate.
    let (from, to) = (NOW, NOW.plus(Millis::DAY));
    let short = CampaignSigner::generate(&mut cast.rng, &cast.organisation, cast.signer.campaign(), from, to);
    let gateway = cast.gateway.public();
    let refused = BatchSealer::new(&mut cast.rng, &short, &gateway).seal(&envelope);
    assert_eq!(refused, Err(SealError::OutlivesCertificate));
}

#[test]
fn a_campaign_key_survives_storage_only_with_its_own_certificate() {
    let mut cast = Cast::new(14, "KE", true);
    let public = cast.organisation.public();
    let stored = CampaignSigner::from_parts(&cast.signer.to_jwk(), cast.signer.certificate().into(), &public).unwrap();
    let envelope = cast.every_kind().remove(0);
    let gateway = cast.gateway.public();
    let body = BatchSealer::new(&mut cast.rng, &stored, &gateway).seal(&envelope).unwrap().body;
    assert_eq!(cast.opener().open(&body, NOW), Ok(envelope));

    let other = Cast::new(15, "KE", true);
    assert!(CampaignSigner::from_parts(&other.signer.to_jwk(), cast.signer.certificate().into(), &public).is_err());
    assert!(CampaignSigner::from_parts(&other.signer.to_jwk(), other.signer.certificate().into(), &public).is_err());
}

#[test]
fn rotation_opens_with_the_old_and_the_new_key() {
    let mut cast = Cast::new(16, "KE", true);
    let envelope = cast.every_kind().remove(0);
    let old = cast.seal(&envelope);
    let keys = vec![cast.gateway.to_jwks().each(contract::jose::jwk::Curve::X25519).unwrap().remove(0)];
    cast.gateway = contract::GatewayPrivate::generate(&mut cast.rng, society("KE"));
    let new = cast.seal(&envelope);
    let mut keys: Vec<contract::OpeningKey> = keys;
    keys.extend(cast.gateway.to_jwks().each::<contract::OpeningKey>(contract::jose::jwk::Curve::X25519).unwrap());
    let opener = GatewayOpener::new(keys, cast.organisation.public(), society("KE"));
    assert_eq!(opener.open(&old, NOW).as_ref(), Ok(&envelope));
    assert_eq!(opener.open(&new, NOW).as_ref(), Ok(&envelope));
    assert!(cast.opener().open(&old, NOW).is_err());
}

#[test]
fn what_breaks_a_rule_is_not_sealed() {
    use EnvelopeError as E;
    type Change = fn(&mut contract::NoticeData);
    let table: Vec<(Channel, Change, E)> = vec![
        (Channel::Sms, |n| n.channel = Channel::VisitDetention, E::InPerson),
        (Channel::Sms, |n| n.level = Level::L4, E::Level),
        (Channel::Sms, |n| n.level = Level::L1, E::Level),
        (Channel::Sms, |n| n.form = domain::Form::Full, E::Form),
        (Channel::Sms, |n| n.address = Address::Email { email: "a@example.org".into() }, E::Address),
        (Channel::Sms, |n| n.address = Address::Phone { e164: "+0".into() }, E::Address),
        (Channel::Sms, |n| n.address = Address::Phone { e164: "0712345678".into() }, E::Address),
        (Channel::Sms, |n| n.address = Address::Phone { e164: "+1555555012\r\n".into() }, E::Address),
        (Channel::Email, |n| n.address = Address::Email { email: "a@example.org,b@example.org".into() }, E::Address),
        (Channel::Email, |n| n.address = Address::Email { email: "a@example.org\r\nBcc:b".into() }, E::Address),
        (Channel::Post, |n| n.address = Address::Postal { lines: vec![], country: None }, E::Address),
        (Channel::Email, |n| drop(n.parts.0.insert(Part::Subject, "a\r\nBcc: b".into())), E::Line("subject")),
        (Channel::Email, |n| drop(n.parts.0.remove(&Part::Body)), E::MissingPart(Part::Body)),
        (Channel::Sms, |n| drop(n.parts.0.insert(Part::Html, "<p>".into())), E::StrangePart(Part::Html)),
        (Channel::Sms, |n| drop(n.parts.0.insert(Part::Body, "  ".into())), E::MissingPart(Part::Body)),
        (Channel::Sms, |n| n.sms = None, E::Sms),
        (Channel::Sms, |n| n.sms.as_mut().unwrap().segments = 7, E::Sms),
        (Channel::Email, |n| n.sms = notice(Channel::Sms).sms, E::Sms),
        (Channel::Sms, |n| n.language = "a".into(), E::Language),
        (Channel::Sms, |n| n.language = "ar_EG".into(), E::Language),
        (Channel::Sms, |n| n.not_after = n.not_before, E::Times),
        (Channel::Sms, |n| n.not_after = n.not_before.plus(400 * Millis::DAY), E::Times),
        (Channel::Sms, |n| n.hours.as_mut().unwrap().windows[0].to = "24:00".into(), E::Hours),
        (Channel::Sms, |n| n.hours.as_mut().unwrap().windows.clear(), E::Hours),
        (Channel::Sms, |n| n.sender = "\u{1b}[2J".into(), E::Line("sender")),
        (Channel::CallLive, |n| n.voicemail = contract::VoicemailRule::Neutral, E::MissingPart(Part::Voicemail)),
        (Channel::CallLive, |n| n.third_party = contract::ThirdPartyRule::Script, E::MissingPart(Part::ThirdParty)),
    ];
    let mut cast = Cast::new(17, "KE", true);
    let gateway = cast.gateway.public();
    for (at, (channel, change, wanted)) in table.into_iter().enumerate() {
        let mut data = notice(channel);
        data.parts.0.remove(&Part::Voicemail);
        data.parts.0.remove(&Part::ThirdParty);
        change(&mut data);
        let envelope = cast.envelope(Content::Notice(Box::new(data)));
        let got = BatchSealer::new(&mut cast.rng, &cast.signer, &gateway).seal(&envelope);
        assert_eq!(got, Err(SealError::Envelope(wanted)), "row {at}");
    }
}

#[test]
fn every_negative_vector_is_refused_for_its_reason() {
    let mut cast = Cast::new(20, "KE", true);
    let opener = cast.opener();
    for negative in cast.negatives() {
        let refused = opener.open(negative.body.as_bytes(), NOW).unwrap_err();
        assert_eq!(refused.word(), negative.reason, "{}: {refused}", negative.name);
    }
}

#[test]
fn personal_data_is_not_printed() {
    let mut cast = Cast::new(18, "KE", true);
    for envelope in cast.every_kind() {
        let printed = format!("{envelope:?}");
        for word in ["5555550123", "amina", "Amina", "Sample Road", "call us"] {
            assert!(!printed.contains(word), "{word} in {printed}");
        }
    }
}

proptest! {
    #[test]
    fn no_changed_bit_opens(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (opener, body) = sealed();
        let mut body = body.clone();
        let at = at.index(body.len());
        body[at] ^= 1 << bit;
        prop_assert!(opener.open(&body, NOW).is_err());
    }

    #[test]
    fn no_cut_and_no_addition_opens(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (opener, body) = sealed();
        let at = at.index(body.len());
        prop_assert!(opener.open(&body[..at], NOW).is_err());
        let mut longer = body.clone();
        longer.insert(at, byte);
        prop_assert!(opener.open(&longer, NOW).is_err());
    }

    #[test]
    fn junk_never_opens_and_never_panics(junk in prop::collection::vec(any::<u8>(), 0..600), dots in "[A-Za-z0-9_-]{0,40}(\\.[A-Za-z0-9_-]{0,40}){4}") {
        let (opener, _) = sealed();
        prop_assert!(opener.open(&junk, NOW).is_err());
        prop_assert!(opener.open(dots.as_bytes(), NOW).is_err());
    }
}

fn sealed() -> &'static (GatewayOpener, Vec<u8>) {
    static SEALED: std::sync::OnceLock<(GatewayOpener, Vec<u8>)> = std::sync::OnceLock::new();
    SEALED.get_or_init(|| {
        let mut cast = Cast::new(19, "KE", true);
        let envelope = cast.every_kind().remove(0);
        let body = cast.seal(&envelope);
        (cast.opener(), body)
    })
}
