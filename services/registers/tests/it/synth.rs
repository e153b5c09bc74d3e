//! What users of the synthetic population rely on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::channel::ContactKind;
use domain::record::{Record, Role};
use domain::society::RiskTier;
use jiff::civil::{Date, date};
use registers::synth::{Ban, GROUPS, Population, SynthOptions, people, population};

const NOW: Date = date(2022, 2, 1);

fn made(n: usize, seed: u64) -> Population {
    population(&SynthOptions::new(n, seed, NOW))
}

#[test]
fn one_seed_gives_one_population_and_another_seed_another() {
    let text = |p: &Population| {
        let records: Vec<_> = p.registers.iter().flat_map(|r| &r.records).collect();
        serde_json::to_string(&(records, &p.truth)).expect("json")
    };
    assert_eq!(text(&made(500, 7)), text(&made(500, 7)));
    assert_ne!(text(&made(500, 7)), text(&made(500, 8)));
}

#[test]
fn two_thousand_people_hold_every_group_story_and_role() {
    let population = made(2_000, 1);
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for group in population.truth.iter().flat_map(|t| &t.groups) {
        *groups.entry(group).or_default() += 1;
    }
    for group in GROUPS {
        assert!(groups.get(group).copied().unwrap_or(0) >= 15, "{group}: {groups:?}");
    }
    assert!(groups["aid"] > population.truth.len() / 3, "other services are the largest group: {groups:?}");
    let stories: BTreeSet<_> = population.truth.iter().map(|t| &t.story).collect();
    assert_eq!(stories.len(), 29, "{stories:?}");
    let roles: BTreeSet<_> = records(&population).flat_map(|r| &r.roles).collect();
    let missing: Vec<_> = Role::ALL.iter().filter(|r| !roles.contains(r)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn records(population: &Population) -> impl Iterator<Item = &Record> {
    population.registers.iter().flat_map(|r| &r.records)
}

#[test]
fn every_record_belongs_to_exactly_one_person_and_is_known_by_its_id() {
    let population = made(3_000, 3);
    let mut owners: HashMap<(usize, &str), u32> = HashMap::new();
    for truth in &population.truth {
        for (register, id) in &truth.records {
            assert!(owners.insert((*register, id.expose()), truth.person).is_none());
        }
    }
    let mut held = 0;
    for (at, register) in population.registers.iter().enumerate() {
        for record in &register.records {
            assert_eq!((&record.society, &record.system), (&register.society, &register.system));
            assert!(owners.contains_key(&(at, record.record_id.expose())));
            held += 1;
        }
    }
    assert_eq!(held, owners.len());
    let duplicated = population.truth.iter().filter(|t| t.records.len() > 1).count();
    assert!(duplicated > population.truth.len() / 10, "{duplicated}");
    for (number, truth) in population.truth.iter().enumerate() {
        assert_eq!(truth.person as usize, number);
    }
}

#[test]
fn dates_are_possible_and_records_read_back() {
    for record in records(&made(2_000, 4)) {
        let created = record.created_on.expect("always there");
        assert!(created <= NOW && record.updated_on.expect("always there") <= NOW);
        if let Some(birth) = record.birth {
            assert!(birth.year <= created.year());
        }
        let dates = record.contacts.iter().flat_map(|c| [c.collected_on, c.verified_on, c.safe_confirmed_on]);
        assert!(dates.flatten().all(|d| d <= NOW));
        let text = serde_json::to_string(record).expect("json");
        assert!(serde_json::from_str::<Record>(&text).expect("a record") == *record);
    }
}

#[test]
fn a_value_that_several_people_list_is_banned_above_neutral_for_each_of_them() {
    let population = made(4_000, 5);
    let mut listed: HashMap<&str, BTreeSet<u32>> = HashMap::new();
    let by_id: HashMap<(usize, &str), u32> =
        population.truth.iter().flat_map(|t| t.records.iter().map(|(r, id)| ((*r, id.expose()), t.person))).collect();
    for (at, register) in population.registers.iter().enumerate() {
        for record in &register.records {
            let own = record.contacts.iter().filter(|c| c.guardian.is_none() && c.kind != ContactKind::Address);
            for point in own {
                let person = by_id[&(at, record.record_id.expose())];
                listed.entry(point.value.expose()).or_default().insert(person);
            }
        }
    }
    let mut shared = 0;
    for (value, people) in listed.iter().filter(|(_, people)| people.len() > 1) {
        shared += 1;
        for person in people {
            let bans = &population.truth[*person as usize].bans;
            assert!(
                bans.iter().any(|ban| match ban {
                    Ban::Value { value: v, .. } | Ban::Above { value: Some(v), .. } => v.expose() == *value,
                    _ => false,
                }),
                "person {person}"
            );
        }
    }
    assert!(shared > 20, "{shared}");
}

#[test]
fn societies_have_both_tiers_and_one_register_that_nobody_assessed() {
    let population = made(10, 1);
    let contexts: Vec<_> = population.societies.iter().flat_map(|s| &s.contexts).collect();
    assert!(contexts.iter().any(|c| c.tier == RiskTier::Standard && c.is_signed()));
    assert!(contexts.iter().any(|c| c.tier == RiskTier::High && c.is_signed()));
    let society = &population.societies[0];
    assert!(society.context("transit", Some(society.code.as_str())).is_none());
    assert!(society.context("aid", Some(society.code.as_str())).is_some());
    assert!(population.societies.iter().all(|s| s.synthetic));
}

#[test]
fn scripts_of_seven_kinds_appear() {
    let mut seen = [false; 7];
    for record in records(&made(3_000, 6)) {
        for c in record.names.full.iter().flat_map(|n| n.expose().chars()) {
            let kind = match u32::from(c) {
                0x41..=0x7a => 0,
                0x600..=0x6ff => 1,
                0x400..=0x4ff => 2,
                0x1200..=0x137f => 3,
                0x980..=0x9ff => 4,
                0x1000..=0x109f => 5,
                0x4e00..=0x9fff => 6,
                _ => continue,
            };
            seen[kind] = true;
        }
    }
    assert_eq!(seen, [true; 7]);
}

#[test]
fn streaming_and_collecting_give_the_same_people() {
    let options = SynthOptions::new(700, 9, NOW);
    let streamed: Vec<_> = people(&options).flat_map(|group| group.truths).collect();
    assert!(streamed == population(&options).truth);
    assert!(streamed.len() >= 700);
}
