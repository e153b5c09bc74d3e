//! Invented people whose truth is known: no two of them become one person. A short run here; a long one with
//! `TIDINGS_TRUTH=PEOPLE:SEED[,SEED…][@DAY] cargo test --release -p workers truth -- --nocapture`, which also prints
//! recall and every person that is two.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::record::Record;
use domain::{PersonId, RecordId};
use jiff::civil::Date;
use linkage::{Linker, Options, Waterfall};
use registers::synth::{SynthOptions, people};

use super::persons::Persons;
use super::roll::{Arrival, RecordKey, Roll, RunKey};
use super::values::link_record;

/// One run.
struct Found {
    records: usize,
    /// Pairs of records of one human being, and how many of them were merged.
    pairs: (usize, usize),
    /// Persons that are several people, explained.
    false_merges: Vec<String>,
}

fn record_key(register: usize, id: &str) -> RecordKey {
    uuid::Uuid::from_u128(u128::from(fnv(id)) << 64 | register as u128).into_bytes()
}

fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn link(options: &SynthOptions) -> Found {
    let mut truth: HashMap<RecordKey, u32> = HashMap::new();
    let mut records: Vec<(RecordKey, usize, Record)> = Vec::new();
    for group in people(options) {
        for person in &group.truths {
            let keys = person.records.iter().map(|(register, id)| record_key(*register, id.expose()));
            truth.extend(keys.map(|key| (key, person.person)));
        }
        let with_key = |(at, record): (usize, Record)| (record_key(at, record.record_id.expose()), at, record);
        records.extend(group.records.into_iter().map(with_key));
    }
    // The store gives records in the order of random ids.
    records.sort_by_key(|(key, ..)| *key);
    let mut roll = Roll::new(RunKey::new(&[7; 64]));
    let mut linker = Linker::new(Options::default());
    for (n, (key, at, record)) in records.iter().enumerate() {
        let id = RecordId::from(uuid::Uuid::from_u128(n as u128 + 1));
        let arrival = Arrival { id, version: 1, person: None, key: *key, record };
        let never = roll.push(&arrival, |other| record_key(*at, other));
        linker.push(link_record(id, record, &never));
    }
    let linkage = linker.finish();
    let persons = Persons::name(&roll, &linkage.clusters, &[], PersonId::random);
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut humans: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (n, (key, ..)) in records.iter().enumerate() {
        members.entry(persons.at(n as u32)).or_default().push(n);
        humans.entry(truth[key]).or_default().push(n);
    }
    let explain = |members: &Vec<usize>| {
        let mut out = String::new();
        for n in members {
            let (key, at, record) = &records[*n];
            let json = serde_json::to_string(record).expect("JSON");
            out.push_str(&format!("person {} register {at}: {json}\n", truth[key]));
        }
        for edge in
            linkage.edges.iter().filter(|e| members.contains(&(e.a as usize)) && members.contains(&(e.b as usize)))
        {
            let waterfall = Waterfall::of_pair(edge, &linkage.model);
            out.push_str(&format!("{} – {}\n{}\n", edge.a, edge.b, waterfall.lines().join("\n")));
        }
        out
    };
    let several =
        |members: &&Vec<usize>| members.iter().map(|n| truth[&records[*n].0]).collect::<BTreeSet<_>>().len() > 1;
    let pairs = humans.values().flat_map(|of| {
        of.iter().enumerate().flat_map(move |(k, a)| of[k + 1..].iter().map(move |b| (*a as u32, *b as u32)))
    });
    let (mut all, mut merged) = (0, 0);
    for (a, b) in pairs {
        all += 1;
        merged += usize::from(persons.at(a) == persons.at(b));
    }
    Found {
        records: records.len(),
        pairs: (all, merged),
        false_merges: members.values().filter(several).map(explain).collect(),
    }
}

#[test]
fn no_two_invented_people_become_one_person() {
    let asked = std::env::var("TIDINGS_TRUTH").unwrap_or_else(|_| "3000:1,2@2022-02-01".to_owned());
    let (what, day) = asked.split_once('@').unwrap_or((&asked, "2022-02-01"));
    let (people, seeds) = what.split_once(':').expect("PEOPLE:SEED");
    let day: Date = day.parse().expect("a day");
    let mut wrong = Vec::new();
    for seed in seeds.split(',') {
        let options = SynthOptions::new(people.parse().expect("a number"), seed.parse().expect("a number"), day);
        let found = link(&options);
        let (all, merged) = found.pairs;
        println!(
            "seed {seed}: {} records, {merged} of {all} true pairs merged, {} false merges",
            found.records,
            found.false_merges.len()
        );
        assert!(merged * 5 > all, "merging nothing is no merit: {merged} of {all}");
        wrong.extend(found.false_merges);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
