//! Bad data: bounded time and memory, nobody merged for it, and said in the summary.

use linkage::{Birth, Field, LinkRecord, Options, Sex};

use crate::people::{Linked, in_town, living, person, town};

#[test]
fn masked_empty_and_missing_names_never_match() {
    let born = Birth::day(1988, 2, 9);
    for name in ["*******", "", "   ", "XXXX", "Unknown", "N/A", "---", "?"] {
        let linked = in_town(&[
            living(person("X-0", name, name, born, Sex::Female), "9 Mill Street", "+254755551234"),
            living(person("Y-0", name, name, born, Sex::Female), "9 Mill Street", "+254755551234"),
        ]);
        assert!(!linked.one_person("X-0", "Y-0"), "{name:?}");
        assert_eq!(linked.linkage.summary.nameless, 2, "{name:?}");
    }
}

#[test]
fn ten_thousand_equal_rows_cost_little_and_merge_nobody() {
    let mut records = town(500, 12);
    let row = living(person("", "Test", "Person", Birth::day(1980, 5, 5), Sex::Male), "9 Mill Street", "+254755551234");
    records.extend((0..10_000).map(|i| LinkRecord { id: format!("Z{i}-0"), ..row.clone() }));
    let linked = Linked::new(records, &Options::default());
    let summary = &linked.linkage.summary;
    assert!(summary.identical >= 10_000);
    assert!(summary.largest_cluster <= 8, "{}", summary.largest_cluster);
    assert!(summary.pairs_scored < 3_000_000, "{}", summary.pairs_scored);
    assert!(!summary.warnings.is_empty());
}

#[test]
fn one_giant_block_is_bounded_and_said() {
    let mut records = town(6000, 13);
    for r in &mut records {
        r.family = Some("Barakat".to_owned());
        r.place = vec!["Camp 4".to_owned()];
        r.street = vec!["Block A".to_owned()];
        r.phones = vec!["+254700111222".to_owned()];
    }
    let linked = Linked::new(records, &Options::default());
    let s = &linked.linkage.summary;
    // The budget of every rule, times the number of rules.
    assert!(s.pairs_scored < 23 * 200_000, "{}", s.pairs_scored);
    assert!(s.blocks_skipped > 0);
    assert!(s.warnings.iter().any(|w| w.contains("too large")));
    assert!(s.constant_fields.contains(&Field::Phone));
    assert_eq!(linked.false_persons(), 0);
}

#[test]
fn duplicate_ids_are_two_records() {
    let linked = in_town(&[
        person("D-0", "Amina", "Keita", Birth::day(1970, 3, 4), Sex::Female),
        person("D-0", "Boris", "Lund", Birth::day(1990, 5, 6), Sex::Male),
    ]);
    let n = linked.records.len();
    assert_ne!(linked.linkage.clusters[n - 2], linked.linkage.clusters[n - 1]);
    assert_eq!(linked.linkage.summary.duplicate_ids, 1);
}

#[test]
fn a_few_records_are_linked_without_anything_to_learn_from() {
    let born = Birth::day(1991, 5, 17);
    let records = [
        person("X-0", "Ahmad", "Barakat", born, Sex::Male),
        person("X-1", "Ahmad", "Barakat", born, Sex::Male),
        person("Y-0", "Grace", "Okello", Birth::day(1970, 2, 3), Sex::Female),
    ];
    for n in 0..=records.len() {
        let linked = Linked::new(records[..n].to_vec(), &Options::default());
        assert_eq!(linked.false_persons(), 0);
    }
}

#[test]
fn a_column_of_constants_counts_for_nothing_and_is_said() {
    let plain = Linked::new(town(1500, 14), &Options::default());
    let mut records = town(1500, 14);
    for r in &mut records {
        r.occupation = Some("teacher".to_owned());
        r.other = vec![Some("alpha".to_owned())];
    }
    let linked = Linked::new(records, &Options::default());
    assert_eq!(linked.linkage.clusters, plain.linkage.clusters);
    let s = &linked.linkage.summary;
    assert!(s.constant_fields.contains(&Field::Occupation) && s.constant_fields.contains(&Field::Other(0)));
    assert!(s.warnings.iter().any(|w| w.contains("the same occupation")), "{:?}", s.warnings);
}
