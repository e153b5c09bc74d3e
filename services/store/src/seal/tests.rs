use domain::channel::ContactKind;
use domain::record::{ContactPoint, Record};
use domain::{IncidentId, RecordId};
use rand::SeedableRng;
use rand::rngs::StdRng;
use uuid::Uuid;

use super::*;

fn keys() -> IncidentKeys {
    IncidentKeys::generate(&mut StdRng::seed_from_u64(7), IncidentId::random())
}

fn record(n: usize) -> Record {
    let mut r = Record::bare("KE".parse().expect("a code"), "rfl", &format!("R-{n}"));
    r.names.full.push("Synthetic Person".into());
    r.contacts.push(ContactPoint::bare(ContactKind::Phone, "+254700000001"));
    r
}

/// Every field set, lists empty or filled.
fn full() -> Record {
    let json = r#"{"society":"KE","system":"rfl","record_id":"R-1","case_id":"C","roles":["sought","detainee"],
        "names":{"full":["A B"],"given":"A","middle":"M","family":"B","father":"F","grandfather":"G","mother":"H",
        "nickname":"N"},"sex":"other","birth":{"year":1990,"month":2,"day":3,"estimated":true},
        "age":{"min":30,"max":32,"as_of":"2022-01-01"},"birth_place":"P","nationality":"KE","strong_ids":["I"],
        "places":["Q"],"vital":{"value":"alive","as_of":"2022-01-01"},"whereabouts":{"value":"located"},
        "liberty":{"value":"detained"},"detention_place":"D","detention_markers":[],"child_status":"kin",
        "separation_cause":"war","care_change_cause":"x","caregiver_perpetrator":"no","needs_codes":["SV-GM"],
        "concerns":[],"displacement":"refugee","country_of_origin":"ET","country_of_presence":"KE",
        "languages":[{"tag":"sw","mode":"read"}],"literacy":"reads","access_needs":["deaf"],
        "contacts":[{"kind":"phone","value":"+254700000001","safe":"no"}],"relations":[],
        "consent":{"source":"caregiver","withholding":true},"do_not_contact":true,"legal_hold":true,
        "unparsed_restriction":true,"unknown_codes":["needs_codes"],
        "exposure":[{"category":"name","certainty":"possible"}],"created_on":"2020-01-01","updated_on":"2021-01-01"}"#;
    serde_json::from_str(json).expect("a record")
}

#[test]
fn every_field_comes_back_and_unknown_stays_unknown() {
    let keys = keys();
    let mut sealer = Sealer::new(&mut rand::rng(), &keys.public, keys.incident);
    let opener = Opener::new(&keys.secret, keys.incident);
    for original in [record(1), full()] {
        let id = RecordId::random();
        let sealed = sealer.seal_record(id, &original).expect("seals");
        let opened = opener.open(id, &sealed).expect("opens");
        assert!(opened == original);
        assert_eq!(serde_json::to_string(&opened).expect("json"), serde_json::to_string(&original).expect("json"));
    }
}

#[test]
fn what_is_altered_or_moved_does_not_open() {
    let keys = keys();
    let mut sealer = Sealer::new(&mut rand::rng(), &keys.public, keys.incident);
    let opener = Opener::new(&keys.secret, keys.incident);
    let (a, b) = (RecordId::random(), RecordId::random());
    let sealed = sealer.seal_record(a, &full()).expect("seals");
    let other = sealer.seal_record(b, &record(2)).expect("seals");
    assert!(opener.open(a, &sealed).is_ok());
    assert_eq!(opener.open(b, &sealed).err(), Some(SealError::Refused), "another row");
    type Change = (&'static str, fn(&mut SealedRecord, &SealedRecord));
    let changes: [Change; 12] = [
        ("ephemeral", |s, _| s.ephemeral[0] ^= 1),
        ("key", |s, _| s.wrapped_key[20] ^= 1),
        ("key's nonce", |s, _| s.wrapped_key[0] ^= 1),
        ("identity", |s, _| s.identity[0] ^= 1),
        ("contact", |s, _| s.contact[0] ^= 1),
        ("protection", |s, _| *s.protection.last_mut().expect("a tag") ^= 1),
        ("free text", |s, _| s.free_text[0] ^= 1),
        ("version", |s, _| s.key_version += 1),
        ("another row's group", |s, o| s.protection.clone_from(&o.protection)),
        ("another row's key", |s, o| s.wrapped_key.clone_from(&o.wrapped_key)),
        ("groups swapped", |s, _| std::mem::swap(&mut s.contact, &mut s.free_text)),
        ("cut", |s, _| s.identity.truncate(5)),
    ];
    for (what, change) in changes {
        let mut changed = sealed.clone();
        change(&mut changed, &other);
        assert_eq!(opener.open(a, &changed).err(), Some(SealError::Refused), "{what}");
    }
    let mut shredded = sealed.clone();
    shredded.wrapped_key.clear();
    assert_eq!(opener.open(a, &shredded).err(), Some(SealError::Shredded));
    let stranger = IncidentKeys::generate(&mut rand::rng(), keys.incident);
    let foreign = Opener::new(&stranger.secret, keys.incident);
    assert_eq!(foreign.open(a, &sealed).err(), Some(SealError::Refused), "another key");
    let elsewhere = Opener::new(&keys.secret, IncidentId::random());
    assert_eq!(elsewhere.open(a, &sealed).err(), Some(SealError::Refused), "another incident");
}

#[test]
fn one_record_sealed_twice_looks_different_and_lengths_come_in_steps() {
    let keys = keys();
    let mut sealer = Sealer::new(&mut rand::rng(), &keys.public, keys.incident);
    let id = RecordId::random();
    let one = sealer.seal_record(id, &record(1)).expect("seals");
    let two = sealer.seal_record(id, &record(1)).expect("seals");
    assert_ne!(one.identity, two.identity);
    assert_ne!(one.wrapped_key, two.wrapped_key);
    let mut more = record(1);
    more.do_not_contact = true;
    let three = sealer.seal_record(id, &more).expect("seals");
    assert_eq!(one.protection.len(), three.protection.len(), "a flag does not show");
    assert_eq!((one.identity.len() - 16) % 64, 0);
}

#[test]
fn blobs_are_bound_to_kind_and_row() {
    let keys = keys();
    let mut sealer = Sealer::new(&mut rand::rng(), &keys.public, keys.incident);
    let opener = Opener::new(&keys.secret, keys.incident);
    let row = Uuid::new_v4();
    let blob = sealer.seal_blob("statement", row, b"safe: no").expect("seals");
    assert_eq!(opener.open_blob("statement", row, &blob).expect("opens").as_slice(), b"safe: no");
    for (kind, row) in [("lift", row), ("statement", Uuid::new_v4())] {
        assert!(opener.open_blob(kind, row, &blob).is_err());
    }
    for n in 0..blob.as_bytes().len() {
        let mut bytes = blob.as_bytes().to_vec();
        bytes[n] ^= 1;
        assert!(opener.open_blob("statement", row, &SealedBlob::from_bytes(bytes)).is_err(), "byte {n}");
        let cut = SealedBlob::from_bytes(blob.as_bytes()[..n].to_vec());
        assert!(opener.open_blob("statement", row, &cut).is_err(), "cut at {n}");
    }
}

#[test]
fn the_master_key_wraps_for_one_purpose_and_owner() {
    let master = MasterKey::generate(&mut rand::rng());
    let keys = keys();
    let wrapped = keys.wrap(&master).expect("wraps");
    let secret = wrapped.open_secret(&master).expect("opens");
    let id = RecordId::random();
    let sealed =
        Sealer::new(&mut rand::rng(), &wrapped.public(), keys.incident).seal_record(id, &record(1)).expect("seals");
    assert!(Opener::new(&secret, keys.incident).open(id, &sealed).is_ok());
    let key = |index: &IndexKey| index.record_key(&"KE".parse().expect("a code"), "rfl", "R-1");
    assert_eq!(key(&wrapped.open_index(&master).expect("opens")), key(&keys.index));
    let other = MasterKey::generate(&mut rand::rng());
    assert_eq!(wrapped.open_secret(&other).err(), Some(SealError::Refused));
    let mut swapped = wrapped.clone();
    std::mem::swap(&mut swapped.secret, &mut swapped.index);
    assert_eq!(swapped.open_secret(&master).err(), Some(SealError::Refused));
    let mut moved = wrapped.clone();
    moved.incident = IncidentId::random();
    assert_eq!(moved.open_index(&master).err(), Some(SealError::Refused));
    let mut gone = wrapped;
    gone.secret.clear();
    assert_eq!(gone.open_secret(&master).err(), Some(SealError::Shredded));
    let text = master.to_text();
    let again = MasterKey::from_text(&format!("{}\n", text.as_str())).expect("reads");
    assert_eq!(again.to_text().as_str(), text.as_str());
    assert_eq!(MasterKey::from_text("ab").err(), Some(SealError::KeyText));
    let owner = Uuid::new_v4();
    let bytes = master.wrap("campaign-signing", owner, b"seed").expect("wraps");
    assert_eq!(master.unwrap("campaign-signing", owner, &bytes).expect("opens").as_slice(), b"seed");
    assert!(master.unwrap("opening", owner, &bytes).is_err());
}

#[test]
fn the_index_recognises_content_and_confuses_no_two_keys() {
    let keys = keys();
    let (a, b) = (record(1), record(1));
    assert_eq!(keys.index.content_hash(&a), keys.index.content_hash(&b));
    let mut c = record(1);
    c.needs_codes = Some(Vec::new());
    assert_ne!(keys.index.content_hash(&a), keys.index.content_hash(&c), "none is not unknown");
    let ke = "KE".parse().expect("a code");
    assert_ne!(keys.index.record_key(&ke, "ab", "c"), keys.index.record_key(&ke, "a", "bc"));
    let other = IncidentKeys::generate(&mut rand::rng(), keys.incident);
    assert_ne!(keys.index.content_hash(&a), other.index.content_hash(&a));
}

#[test]
fn keys_print_nothing() {
    let keys = keys();
    let master = MasterKey::from_bytes([0xab; 32]);
    let printed = format!("{master:?} {:?} {:?} {keys:?}", keys.secret, keys.index);
    assert_eq!(printed, "MasterKey(…) OpeningSecret(…) IndexKey(…) IncidentKeys(…)");
}
