//! What holds for any records.

use linkage::{Birth, LinkRecord, Options, Outcome, Sex, Verdict, explain, link};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::people::{Dice, town};

fn birth() -> impl Strategy<Value = Birth> {
    prop_oneof![
        (any::<i16>(), option::of(any::<u8>()), option::of(any::<u8>()), any::<bool>())
            .prop_map(|(year, month, day, estimated)| Birth::Date { year, month, day, estimated }),
        (1950_i16..1953, 1_u8..3, 1_u8..4).prop_map(|(y, m, d)| Birth::day(y, m, d)),
        (any::<i16>(), any::<i16>()).prop_map(|(from, to)| Birth::Years { from, to }),
    ]
}

/// Any text, and texts from a small pool so that records meet.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,12}",
        prop_oneof![
            Just("Ahmad"),
            Just("Ahmed"),
            Just("أحمد"),
            Just("Abd"),
            Just("al"),
            Just("محمد بن علي"),
            Just("王小明"),
            Just("O'Brien & Co"),
            Just("*"),
            Just("12"),
            Just("a@b.c"),
            Just("-"),
        ]
        .prop_map(str::to_owned),
    ]
}

fn record() -> impl Strategy<Value = LinkRecord> {
    let names = (vec(text(), 0..4), option::of(text()), option::of(text()), option::of(text()), option::of(text()));
    let numbers = (vec(text(), 0..4), vec("[0-9+]{0,9}", 0..4), vec(text(), 0..3));
    let places = (vec(text(), 0..5), option::of(text()), vec(text(), 0..4), option::of(text()));
    let rest = (option::of(birth()), 0_u32..3, 0_u8..3, vec(option::of(text()), 0..10), "[a-c]{1,2}");
    (names, numbers, places, rest).prop_map(|(n, c, p, r)| LinkRecord {
        id: r.4,
        dataset: r.1,
        full: n.0,
        given: n.1,
        middle: n.2,
        family: n.3,
        father: n.4.clone(),
        mother: n.4,
        birth: r.0,
        sex: [None, Some(Sex::Female), Some(Sex::Male)][r.2 as usize],
        strong_ids: c.0,
        phones: c.1,
        emails: c.2,
        place: p.0,
        postcode: p.1,
        street: p.2,
        occupation: p.3.clone(),
        birth_place: p.3,
        other: r.3,
        never_with: Vec::new(),
    })
}

/// A few cases by default; as many as `PROPTEST_CASES` says for a long run.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(48)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn no_input_panics(records in vec(record(), 0..30), link_only in any::<bool>()) {
        let options = Options { link_only, ..Options::default() };
        let linkage = link(&records, &options);
        prop_assert_eq!(linkage.clusters.len(), records.len());
        for p in &linkage.all_pairs {
            prop_assert!(p.probability.is_finite() && p.weight.is_finite() && p.a < p.b);
        }
        if let [a, b, ..] = records.as_slice() {
            let w = explain(a, b, &linkage.model);
            prop_assert!(w.probability.is_finite());
        }
    }

    #[test]
    fn a_verdict_is_followed(
        records in vec(record(), 2..20),
        same in any::<bool>(),
        pick in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let mut records = records;
        for (i, r) in records.iter_mut().enumerate() {
            r.id = format!("r{i}");
        }
        let (i, j) = (pick.0.index(records.len()), pick.1.index(records.len()));
        prop_assume!(i != j);
        let verdict = if same { Verdict::Same } else { Verdict::Different };
        let options = Options {
            verdicts: vec![(format!("r{i}"), format!("r{j}"), verdict)],
            ..Options::default()
        };
        let linkage = link(&records, &options);
        prop_assert_eq!(linkage.clusters[i] == linkage.clusters[j], same);
    }

    /// Restrictions only part: whatever else is demanded or believed, who may not be one person never is.
    #[test]
    fn nothing_joins_what_was_forbidden(
        records in vec(record(), 2..16),
        demands in vec(any::<(prop::sample::Index, prop::sample::Index, bool)>(), 1..12),
        never in vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..4),
    ) {
        let mut records = records;
        let n = records.len();
        for (i, r) in records.iter_mut().enumerate() {
            r.id = format!("r{i}");
        }
        let mut apart = Vec::new();
        for (a, b) in &never {
            let (a, b) = (a.index(n), b.index(n));
            if a != b {
                records[a].never_with.push(format!("r{b}"));
                apart.push((a, b));
            }
        }
        let mut verdicts = Vec::new();
        for (a, b, same) in &demands {
            let (a, b) = (a.index(n), b.index(n));
            let verdict = if *same { Verdict::Same } else { Verdict::Different };
            if a != b && !same {
                apart.push((a, b));
            }
            verdicts.push((format!("r{a}"), format!("r{b}"), verdict));
        }
        let linkage = link(&records, &Options { verdicts, ..Options::default() });
        for (a, b) in apart {
            prop_assert_ne!(linkage.clusters[a], linkage.clusters[b]);
            let key = (a.min(b) as u32, a.max(b) as u32);
            let joined = linkage.edges.iter().any(|e| (e.a, e.b) == key && e.outcome != Outcome::Distinct);
            prop_assert!(!joined, "neither merged nor asked about again");
        }
    }
}

/// Persons as sets of ids, however they are numbered.
fn persons(records: &[LinkRecord], options: &Options) -> Vec<Vec<String>> {
    let linkage = link(records, options);
    let mut groups = vec![Vec::new(); records.len()];
    for (r, c) in records.iter().zip(&linkage.clusters) {
        groups[*c as usize].push(r.id.clone());
    }
    groups.retain(|g| !g.is_empty());
    for g in &mut groups {
        g.sort();
    }
    groups
}

fn shuffle(records: &mut [LinkRecord], seed: u64) {
    let mut dice = Dice::new(seed);
    for i in (1..records.len()).rev() {
        records.swap(i, dice.below(i + 1));
    }
}

#[test]
fn neither_order_nor_register_names_matter() {
    let mut records = town(1600, 21);
    let options = Options::default();
    let expected = persons(&records, &options);
    let weights = |records: &[LinkRecord]| {
        let mut out: Vec<(String, String, u32)> = link(records, &options)
            .all_pairs
            .iter()
            .map(|p| {
                let mut ids = [p.a, p.b].map(|i| records[i as usize].id.clone());
                ids.sort();
                let [a, b] = ids;
                (a, b, p.weight.to_bits())
            })
            .collect();
        out.sort();
        out
    };
    let bits = weights(&records);
    for seed in 1..4 {
        shuffle(&mut records, seed);
        for r in &mut records {
            r.dataset = r.dataset.wrapping_mul(17).wrapping_add(seed as u32);
        }
        // Numbered by their smallest id, so the persons come in one order too.
        assert_eq!(persons(&records, &options), expected);
        assert_eq!(weights(&records), bits, "to the last bit");
    }
}

#[test]
fn renaming_registers_does_not_matter_when_only_registers_are_compared() {
    let mut records = town(1600, 22);
    let options = Options { link_only: true, ..Options::default() };
    for r in &mut records {
        r.dataset = u32::from(r.id.ends_with("-1"));
    }
    let expected = persons(&records, &options);
    for r in &mut records {
        r.dataset = 9 - r.dataset;
    }
    shuffle(&mut records, 5);
    assert_eq!(persons(&records, &options), expected);
    assert!(expected.iter().any(|p| p.len() > 1));
}

#[test]
fn a_verdict_changes_nothing_about_others() {
    let records = town(1400, 23);
    let before = persons(&records, &Options::default());
    let pair = before.iter().find(|p| p.len() == 2).expect("somebody is registered twice");
    let decide =
        |verdict| Options { verdicts: vec![(pair[0].clone(), pair[1].clone(), verdict)], ..Options::default() };
    assert_eq!(persons(&records, &decide(Verdict::Same)), before);
    let after = persons(&records, &decide(Verdict::Different));
    let mut expected = before.clone();
    expected.retain(|p| p != pair);
    expected.push(vec![pair[0].clone()]);
    expected.push(vec![pair[1].clone()]);
    expected.sort();
    let mut sorted = after;
    sorted.sort();
    assert_eq!(sorted, expected);
}

#[test]
fn records_become_one_person_only_through_merged_pairs() {
    let records = town(2500, 24);
    let linkage = link(&records, &Options::default());
    let mut parent: Vec<usize> = (0..records.len()).collect();
    fn root(parent: &[usize], mut i: usize) -> usize {
        while parent[i] != i {
            i = parent[i];
        }
        i
    }
    for e in linkage
        .edges
        .iter()
        .filter(|e| e.outcome == Outcome::Match && e.probability >= Options::default().match_threshold)
    {
        assert!(e.withheld.is_none());
        let (a, b) = (root(&parent, e.a as usize), root(&parent, e.b as usize));
        parent[a.max(b)] = a.min(b);
    }
    for (i, c) in linkage.clusters.iter().enumerate() {
        for (j, d) in linkage.clusters.iter().enumerate().skip(i + 1) {
            if c == d {
                assert_eq!(root(&parent, i), root(&parent, j));
            }
        }
    }
}

#[test]
fn every_edge_explains_its_weight() {
    let records = town(1500, 25);
    let linkage = link(&records, &Options::default());
    assert!(!linkage.edges.is_empty());
    for e in &linkage.edges {
        let sum: f64 = e.evidence.iter().map(|(_, _, bits)| bits).sum();
        assert!((sum - e.weight).abs() < 0.3, "{sum} {}", e.weight);
    }
    // Compared again without that run's frequencies, a merged pair still looks like one person.
    for e in linkage.edges.iter().filter(|e| e.outcome == Outcome::Match).take(50) {
        let w = explain(&records[e.a as usize], &records[e.b as usize], &linkage.model);
        assert!(w.probability > 0.5, "{w:?}");
        let text = w.lines().join("\n");
        let family = records[e.a as usize].family.clone().expect("the town has families");
        assert!(!text.contains(&family), "no personal value in an explanation");
    }
}
