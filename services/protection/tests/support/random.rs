//! Random records in the shape of the canonical record: every field, sensible and silly values.
#![allow(unreachable_pub, reason = "shared by test files")]

use domain::channel::ContactKind;
use domain::record::*;
use serde_json::{Map, Value, json};

/// Small, seeded, the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.roll(of.len() as u64)).expect("small")]
    }

    fn date(&mut self) -> String {
        let years: [i16; 8] = [1, 1955, 2008, 2009, 2024, 2025, 2026, 2031];
        let (year, month, day) = (self.one(&years), self.roll(12) + 1, self.roll(28) + 1);
        format!("{year:04}-{month:02}-{day:02}")
    }

    fn word<T: Copy + serde::Serialize>(&mut self, of: &[T]) -> Value {
        let one = self.one(of);
        serde_json::to_value(one).expect("a word")
    }

    fn list(&mut self, of: &[&str]) -> Value {
        let count = self.roll(3);
        (0..count).map(|_| json!(self.one(of))).collect()
    }
}

const CODES: &[&str] = &[
    "CR-AF", "CR-CL", "CR-SE", "SC-UC", "SC-SC", "SV-VA", "lp da", "LP_DA", "LP-AP", "DS-DF", "DS-MM", "SM-CC",
    "ER-XX", "XX-XX", "\u{202e}",
];
const CONCERNS: &[&str] = &["gbv_survivor", "caafag", "arrested_detained", "street_child", "refugee", ""];
const CAUSES: &[&str] = &["abuse", "poverty", "SV-VA", "nobody knows"];

/// A record; `rich` has most fields, a poor one few.
pub fn record(dice: &mut Dice, register: &str, rich: bool) -> Record {
    let odds = if rich { 3 } else { 8 };
    let mut r = Map::new();
    let mut put = |dice: &mut Dice, field: &str, value: Value| {
        if dice.roll(odds) < 2 {
            r.insert(field.to_owned(), value);
        }
    };
    macro_rules! field {
        ($name:literal, $value:expr) => {{
            let value = $value;
            put(dice, $name, value);
        }};
    }
    field!(
        "birth",
        json!({"year": dice.one(&[1900i16, 1950, 1990, 2007, 2008, 2009, 2015, 2026, 2040]), "month": dice.one(&[Some(1), Some(11), Some(13), None]), "estimated": dice.roll(4) == 0})
    );
    field!(
        "age",
        json!({"min": dice.roll(30), "max": 10 + dice.roll(30), "as_of": dice.date(), "estimated": dice.roll(4) == 0})
    );
    field!("sex", dice.word(Sex::ALL));
    field!(
        "vital",
        json!({"value": dice.word(&[Vital::Alive, Vital::Alive, Vital::Alive, Vital::Dead, Vital::BelievedDead])})
    );
    field!("whereabouts", json!({"value": dice.word(Whereabouts::ALL)}));
    field!("liberty", json!({"value": dice.word(Liberty::ALL), "as_of": dice.date()}));
    field!("detention_markers", if dice.roll(3) == 0 { json!([{"on": dice.date()}, {}]) } else { json!([]) });
    field!("child_status", dice.word(ChildStatus::ALL));
    field!("separation_cause", json!(dice.one(CAUSES)));
    field!("caregiver_perpetrator", dice.word(Answer::ALL));
    field!("needs_codes", dice.list(CODES));
    field!("concerns", dice.list(CONCERNS));
    field!("displacement", dice.word(Displacement::ALL));
    field!("country_of_origin", json!(dice.one(&["KE", "so", "Somalia"])));
    field!("country_of_presence", json!("KE"));
    field!("literacy", dice.word(Literacy::ALL));
    field!("access_needs", if dice.roll(3) == 0 { json!([dice.word(AccessNeed::ALL)]) } else { json!([]) });
    field!("created_on", json!(dice.date()));
    field!("updated_on", json!(dice.date()));
    field!(
        "consent",
        json!({"source": dice.word(ConsentSource::ALL), "withholding": dice.roll(4) == 0, "expires_on": dice.date()})
    );
    field!("relations", relations(dice));
    let odd = dice.roll(12) == 0;
    field!("do_not_contact", json!(odd));
    field!("unparsed_restriction", json!(dice.roll(12) == 0));
    let roles = dice.roll(3);
    r.insert("roles".to_owned(), (0..roles).map(|_| dice.word(Role::ALL)).collect());
    r.insert("languages".to_owned(), json!([{"tag": "sw"}]));
    let points = dice.roll(4);
    r.insert("contacts".to_owned(), (0..points).map(|_| contact(dice)).collect());
    r.insert("society".to_owned(), json!("KE"));
    r.insert("system".to_owned(), json!(register));
    r.insert("record_id".to_owned(), json!("R-1"));
    serde_json::from_value(Value::Object(r)).expect("in the shape of a record")
}

fn relations(dice: &mut Dice) -> Value {
    let count = dice.roll(3);
    let one = |dice: &mut Dice| {
        let mut r = Map::new();
        let mut put = |field: &str, keep: bool, value: Value| {
            if keep {
                r.insert(field.to_owned(), value);
            }
        };
        put(
            "kind",
            true,
            dice.word(&[
                RelationKind::Guardian,
                RelationKind::Guardian,
                RelationKind::Caregiver,
                RelationKind::MustNotKnow,
                RelationKind::AllegedPerpetrator,
            ]),
        );
        put("record", dice.roll(2) == 0, json!(dice.one(&["G-1", "G-2"])));
        put("name", dice.roll(3) == 0, json!(dice.one(&["Synthetic One", "Synthetic Two", "****"])));
        put("authority", dice.roll(4) != 0, json!("Court"));
        put("verified_by", dice.roll(4) != 0, json!("Officer"));
        put("verified_on", dice.roll(4) != 0, json!("2026-01-01"));
        put("until", dice.roll(5) == 0, json!(dice.date()));
        put("alleged_perpetrator", dice.roll(3) != 0, dice.word(&[Answer::No, Answer::No, Answer::Yes]));
        put("child_agrees", dice.roll(3) != 0, dice.word(ChildAgrees::ALL));
        put("needs_codes", dice.roll(2) == 0, dice.list(CODES));
        put("languages", dice.roll(2) == 0, json!([{"tag": "sw"}]));
        Value::Object(r)
    };
    (0..count).map(|_| one(dice)).collect()
}

fn contact(dice: &mut Dice) -> Value {
    let kind = dice.one(ContactKind::ALL);
    let values: &[&str] = match kind {
        ContactKind::Phone => &["+254700000001", "+254 700 000 001", "+254700000002"],
        ContactKind::Email => &["a@example.org", "A@EXAMPLE.org"],
        ContactKind::Address => &["1 Road", ""],
    };
    let mut c = Map::new();
    let mut put = |field: &str, keep: bool, value: Value| {
        if keep {
            c.insert(field.to_owned(), value);
        }
    };
    put("kind", true, json!(kind));
    put("value", true, json!(dice.one(values)));
    put(
        "owner",
        dice.roll(4) != 0,
        dice.word(&[ContactOwner::Own, ContactOwner::Own, ContactOwner::Guardian, ContactOwner::Household]),
    );
    put("guardian", dice.roll(3) == 0, json!(dice.roll(3)));
    put("collected_on", dice.roll(3) != 0, json!(dice.date()));
    put("verified_on", dice.roll(3) != 0, json!(dice.one(&["2026-10-01", "2020-01-01"])));
    put("status", dice.roll(8) == 0, dice.word(ContactStatus::ALL));
    put("safe", dice.roll(3) != 0, dice.word(&[Answer::Yes, Answer::Yes, Answer::No]));
    put("safe_expires_on", dice.roll(6) == 0, json!(dice.date()));
    put("may_name_org", dice.roll(3) != 0, dice.word(&[Answer::Yes, Answer::Yes, Answer::No]));
    put("code_name", dice.roll(4) == 0, json!("Blue Door"));
    put("country", dice.roll(2) == 0, json!(dice.one(&["KE", "SO"])));
    put("compromised", dice.roll(2) == 0, dice.word(Answer::ALL));
    put("published", dice.roll(4) == 0, json!(true));
    put("address_changed_on", dice.roll(6) == 0, json!(dice.date()));
    let zone = dice.one(&[None, Some("Africa/Nairobi"), Some("Nowhere/None")]);
    let window = json!([{"from": "08:00", "to": dice.one(&["20:00", "06:00", "08:00"]), "weekdays": dice.one(&[&[][..], &[1, 2], &[9]]), "zone": zone}]);
    put("windows", dice.roll(3) == 0, window);
    Value::Object(c)
}
