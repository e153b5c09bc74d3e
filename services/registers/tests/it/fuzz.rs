//! Anything at all through every reader: it ends, it does not panic, and nothing dangerous comes out. A longer run:
//! `PROPTEST_CASES=100000 cargo test --release -p registers --test it fuzz`, and coverage-guided: `fuzz/run`.

use crate::book;
use crate::common::{manifest, rows};
use domain::record::Record;
use proptest::collection::vec;
use proptest::prelude::*;
use registers::values::{clean, codes, date, email, language, phone};
use registers::{Manifest, Mapping, RegisterError};

/// A sound file of each format: also the seeds of the long runs.
const TABLE: &str = include_str!("fixtures/sound/table.csv");

fn mapping() -> Mapping {
    let columns = [
        ("ID", "record_id"),
        ("Name", "names.full"),
        ("Born", "birth"),
        ("Phone", "phone"),
        ("Safe", "phone.safe"),
        ("Age", "age"),
        ("Mail", "email"),
    ];
    let text: String = columns
        .iter()
        .map(|(header, field)| format!("[[column]]\nheader = \"{header}\"\nfield = \"{field}\"\n"))
        .collect();
    Mapping::parse(&text).expect("a mapping")
}

fn workbook() -> Vec<u8> {
    let cells: Vec<Vec<book::Cell>> =
        TABLE.lines().take(2).map(|line| line.split(',').map(book::t).collect()).collect();
    book::workbook(&[("S", cells)], false)
}

/// A sound file of each profile.
fn sound(profile: &str) -> Vec<u8> {
    match profile {
        "canonical" => include_str!("fixtures/sound/canonical.ndjson").into(),
        "pfif-xml" => include_str!("fixtures/sound/pfif.xml").into(),
        "pfif-csv" => include_str!("fixtures/sound/pfif.csv").into(),
        "primero-json" => include_str!("fixtures/sound/primero.json").into(),
        "xlsx" | "primero-xlsx" => workbook(),
        _ => TABLE.into(),
    }
}

const PROFILES: [&str; 8] =
    ["canonical", "csv", "xlsx", "primero-json", "primero-xlsx", "primero-csv", "pfif-xml", "pfif-csv"];

fn read_all(profile: &str, bytes: &[u8], extra: &str) -> Result<Vec<Record>, RegisterError> {
    let manifest: Manifest = manifest(profile, bytes, 1, extra);
    let records = rows(bytes, &manifest, Some(&mapping()))?.records;
    for record in &records {
        check(record);
    }
    Ok(records)
}

/// What must hold of every record, whatever it came from.
fn check(record: &Record) {
    let text = serde_json::to_string(record).expect("json");
    assert!(!text.contains('\u{fffd}') && !text.contains("\\u00") && !text.contains('\u{202e}'), "{text}");
    assert!(!record.record_id.expose().trim().is_empty());
    for point in record.contacts.iter().filter(|c| c.kind == domain::channel::ContactKind::Phone) {
        let value = point.value.expose();
        assert!(value.starts_with('+') && value[1..].bytes().all(|b| b.is_ascii_digit()) && value.len() <= 16);
    }
    let again: Record = serde_json::from_str(&text).expect("reads back");
    assert!(again == *record);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300), ..ProptestConfig::default() })]

    #[test]
    fn bytes_of_any_kind(profile in prop::sample::select(&PROFILES[..]), bytes in vec(any::<u8>(), 0..400), encoding in prop::sample::select(&["utf-8", "utf-16le", "utf-16be", "windows-1256"][..])) {
        let _ = read_all(profile, &bytes, &format!("encoding = \"{encoding}\""));
    }

    #[test]
    fn sound_files_with_bytes_changed_cut_and_doubled(profile in prop::sample::select(&PROFILES[..]), changes in vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..6)) {
        let mut bytes = sound(profile);
        for (at, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] ^= 1 << (byte % 8),
                1 => bytes[at] = byte,
                2 => bytes.truncate(at),
                _ => bytes.insert(at, byte),
            }
        }
        let _ = read_all(profile, &bytes, "");
    }

    #[test]
    fn cells_of_any_text(cells in vec("\\PC{0,30}|[0-9+ ()-]{0,20}|[0-9/.-]{0,12}", 6)) {
        let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        let text = format!("ID,Name,Born,Phone,Safe,Age,Mail\nA-1,{}\n", quoted.join(","));
        let _ = read_all("csv", text.as_bytes(), "");
    }

    #[test]
    fn single_values(text in "\\PC{0,40}|[0-9٠-٩+Ee. ()-]{0,30}") {
        if let Ok(cleaned) = clean::clean(&text) {
            let twice = clean::clean(&cleaned).expect("clean text is clean");
            prop_assert_eq!(twice.as_ref(), cleaned.as_ref());
        }
        if let Ok(number) = phone::read(&text, Some("KE")) {
            let again = phone::read(&number.e164, Some("JO")).ok();
            prop_assert_eq!(again.map(|n| n.e164), Some(number.e164));
        }
        if let Some(address) = email::normal(&text) {
            prop_assert_eq!(email::normal(&address), Some(address));
        }
        let _ = (date::parse(&text, &date::DateRules::default()), codes::need(&text), codes::answer(&text), codes::word(&text));
        let mut languages = language::Languages::default();
        if let Some(tag) = languages.canonical(&text) {
            prop_assert_eq!(languages.canonical(&tag), Some(tag));
        }
    }

    #[test]
    fn manifests_and_mappings_of_any_text(text in "\\PC{0,200}") {
        let _ = (Manifest::parse(&text), Mapping::parse(&text));
        let _ = registers::mapping::draft(&text.split(' ').collect::<Vec<_>>());
    }
}

#[test]
fn every_sound_file_is_read() {
    for profile in PROFILES {
        let records = read_all(profile, &sound(profile), "").unwrap_or_else(|e| panic!("{profile}: {e}"));
        assert!(!records.is_empty(), "{profile}");
    }
}

#[test]
fn files_cut_at_every_hundredth_never_pass_for_whole() {
    for profile in PROFILES {
        let whole = sound(profile);
        let manifest = manifest(profile, &whole, 1, "");
        for percent in 0..100 {
            let cut = &whole[..whole.len() * percent / 100];
            let refused = registers::verify(cut, &manifest, Some(&mapping()), |_, _| {});
            assert!(refused.is_err(), "{profile} at {percent} %");
        }
    }
}
