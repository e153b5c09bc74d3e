//! The same people through each profile, and twice through one.

use crate::common::{import, manifest, rows};
use domain::record::Record;
use jiff::civil::date;
use registers::synth::export::{CsvTable, Exporter, WRITTEN, csv_mapping, mapping};
use registers::synth::{SynthOptions, population};
use registers::{Mapping, Profile};

fn ndjson(records: &[Record]) -> Vec<u8> {
    let mut out = Vec::new();
    for record in records {
        serde_json::to_writer(&mut out, record).expect("json");
        out.push(b'\n');
    }
    out
}

#[test]
fn synthetic_registers_are_in_normal_form_and_read_back_as_they_are() {
    let mut options = SynthOptions::new(6_000, 11, date(2022, 1, 30));
    options.societies = registers::synth::MOST;
    for register in population(&options).registers.iter().filter(|r| !r.records.is_empty()) {
        let bytes = ndjson(&register.records);
        let mut manifest = manifest("canonical", &bytes, register.records.len() as u64, "");
        manifest.society = register.society.clone();
        manifest.system = register.system.clone();
        let out = import(&bytes, &manifest, None).expect("fine");
        assert_eq!(out.quarantined, []);
        assert_eq!(out.notes, [], "{}", register.society);
        for (read, made) in out.records.iter().zip(&register.records) {
            assert!(read == made, "{} {}: {} / {}", register.society, register.system, json(read), json(made));
        }
        let array = format!("[{}]", String::from_utf8_lossy(&bytes).trim().replace('\n', ","));
        let again = rows(array.as_bytes(), &manifest, None).expect("fine");
        assert!(again.records == out.records, "one array is the same as lines");
    }
}

/// Invented people only: printing them is harmless.
fn json(record: &Record) -> String {
    serde_json::to_string(record).expect("json")
}

/// What a flat table cannot carry: «none» beside «unknown», which intrusion, the order of contact points or
/// relations of two kinds.
fn as_table(record: &Record) -> Record {
    let mut record = record.clone();
    for list in [&mut record.needs_codes, &mut record.concerns] {
        *list = list.take().filter(|l| !l.is_empty());
    }
    if let Some(relations) = &mut record.relations {
        // Of some relatives nothing is known but that there are any.
        relations.retain(|r| r.record.is_some() || r.name.is_some() || r.authority.is_some());
        relations.iter_mut().for_each(|r| r.needs_codes = None);
        relations.sort_by_key(|r| r.kind.to_string());
    }
    record.relations = record.relations.take().filter(|r| !r.is_empty());
    for exposure in &mut record.exposure {
        exposure.intrusion = None;
    }
    record.exposure.sort_by_key(|e| (e.certainty, e.category));
    record.contacts.sort_by_key(|c| c.kind);
    record
}

#[test]
fn the_same_people_through_a_table_are_the_same_records() {
    let options = SynthOptions::new(4_000, 12, date(2022, 1, 30));
    let mapping = csv_mapping();
    assert_eq!(Mapping::parse(&mapping.to_toml().expect("toml")).expect("a mapping"), mapping);
    for register in population(&options).registers.iter().filter(|r| !r.records.is_empty()) {
        let mut table = CsvTable::new(Vec::new()).expect("memory");
        for record in &register.records {
            table.write(record).expect("memory");
        }
        let bytes = table.finish().expect("memory");
        let mut manifest = manifest("csv", &bytes, register.records.len() as u64, "");
        manifest.society = register.society.clone();
        manifest.system = register.system.clone();
        let out = import(&bytes, &manifest, Some(&mapping)).expect("fine");
        assert_eq!(out.quarantined, []);
        for (read, made) in out.records.iter().zip(&register.records) {
            let (read, made) = (as_table(read), as_table(made));
            assert!(read == made, "{} {}\n{}\n{}", register.society, register.system, json(&read), json(&made));
        }
        let again = rows(&bytes[..], &manifest, Some(&mapping)).expect("fine");
        assert!(again.records == out.records, "importing twice gives the same records");
    }
}

/// A register in a profile, with the number of its items.
fn exported(profile: Profile, groups: &[Vec<&Record>]) -> (Vec<u8>, u64) {
    let mut out = Exporter::new(profile, Vec::new()).expect("memory");
    for group in groups {
        out.write(group).expect("memory");
    }
    out.finish().expect("memory")
}

#[test]
fn every_written_profile_is_read_back_without_quarantine_and_says_nothing_more_than_was_true() {
    let population = population(&SynthOptions::new(3_000, 13, date(2022, 1, 30)));
    let mut read_of = std::collections::BTreeMap::new();
    for register in population.registers.iter().filter(|r| !r.records.is_empty()) {
        // People of one case stand together: the enquirer and who is looked for.
        let mut cases: std::collections::BTreeMap<_, Vec<&Record>> = std::collections::BTreeMap::new();
        for record in &register.records {
            let case = record.case_id.as_ref().map_or_else(|| record.record_id.expose(), |c| c.expose());
            cases.entry(case).or_default().push(record);
        }
        let groups: Vec<Vec<&Record>> = cases.into_values().collect();
        for profile in WRITTEN {
            let (bytes, items) = exported(profile, &groups);
            if items == 0 {
                continue;
            }
            let mut manifest = manifest(profile.as_str(), &bytes, items, "");
            manifest.society = register.society.clone();
            manifest.system = register.system.clone();
            let out = import(&bytes, &manifest, mapping(profile).as_ref())
                .unwrap_or_else(|e| panic!("{} {}: {e}", register.system, profile.as_str()));
            assert_eq!(out.quarantined, [], "{} {}", register.system, profile.as_str());
            *read_of.entry(profile.as_str()).or_insert(0) += out.records.len();
            for read in &out.records {
                let Some(made) = register.records.iter().find(|r| r.record_id == read.record_id) else { continue };
                if !matches!(profile, Profile::Canonical | Profile::Csv | Profile::Xlsx) {
                    assert!(read.literacy.is_none() && read.contacts.iter().all(|c| c.safe.is_none()));
                }
                assert!(read.names.full.iter().all(|n| made.names.full.contains(n)), "{}", json(read));
                assert!(read.sex.is_none() || read.sex == made.sex, "{} {}", json(read), json(made));
            }
        }
    }
    for profile in WRITTEN {
        assert!(read_of.get(profile.as_str()).is_some_and(|n| *n > 20), "{read_of:?}");
    }
}
