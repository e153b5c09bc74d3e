//! Prints what a synthetic population holds: `cargo run --release -p registers --example population -- 50000`.

use std::collections::BTreeMap;
use std::time::Instant;

use registers::synth::{SynthOptions, people};

fn main() {
    let wanted = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(50_000);
    let options = SynthOptions::new(wanted, 1, jiff::civil::date(2022, 2, 1));
    let begun = Instant::now();
    let (mut persons, mut records) = (0, 0);
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    let mut stories: BTreeMap<String, usize> = BTreeMap::new();
    for group in people(&options) {
        persons += group.truths.len();
        records += group.records.len();
        for truth in group.truths {
            *stories.entry(truth.story).or_default() += 1;
            for name in truth.groups {
                *groups.entry(name).or_default() += 1;
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{persons} people, {records} records in {seconds:.2} s ({:.0} people/s)", persons as f64 / seconds);
    for (name, n) in groups.iter().chain(&stories) {
        println!("{n:>8}  {name}");
    }
}
