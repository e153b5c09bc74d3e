//! What real exports contain, a fixture each: spreadsheets' damage, ages of every precision, names in every script. The
//! traps of Primero and PFIF stand with their formats.

use domain::record::{Age, Birth, Record};
use jiff::civil::date;
use registers::{Mapping, NoteKind, Reason};

use crate::common::{Outcome, import, manifest};

fn mapping(columns: &[(&str, &str)]) -> Mapping {
    let text: String = columns
        .iter()
        .map(|(header, field)| format!("[[column]]\nheader = \"{header}\"\nfield = \"{field}\"\n"))
        .collect();
    Mapping::parse(&text).expect("a mapping")
}

fn read(file: &[u8], rows: u64, columns: &[(&str, &str)], extra: &str) -> Outcome {
    import(file, &manifest("csv", file, rows, extra), Some(&mapping(columns))).expect("a file that is read")
}

fn aside(out: &Outcome) -> Vec<(u64, Option<&str>, Reason)> {
    out.quarantined.iter().map(|(row, q)| (*row, q.column.as_deref(), q.reason)).collect()
}

fn phones(record: &Record) -> Vec<&str> {
    record.contacts.iter().map(|c| c.value.expose()).collect()
}

const SPREADSHEET: &[u8] = include_bytes!("fixtures/traps/spreadsheet.csv");
const SPREADSHEET_COLUMNS: [(&str, &str); 4] =
    [("ID", "record_id"), ("Name", "places"), ("Born", "birth"), ("Phone", "phone")];

#[test]
fn what_a_spreadsheet_mangled_is_mended_said_or_set_aside_and_never_guessed() {
    let ignoring = |extra: &str| {
        let mut mapping = mapping(&SPREADSHEET_COLUMNS);
        mapping.ignore.push("Notes".to_owned());
        import(SPREADSHEET, &manifest("csv", SPREADSHEET, 6, extra), Some(&mapping)).expect("read")
    };
    let out = ignoring("");
    assert_eq!(aside(&out), [(3, Some("Born"), Reason::AmbiguousDate), (5, Some("Born"), Reason::NotADate)]);
    let said: Vec<_> = out.notes.iter().map(|(row, note)| (*row, note.kind)).collect();
    assert_eq!(said, [(2, NoteKind::PhoneMangled), (6, NoteKind::DatePlaceholder)]);
    let all: Vec<Vec<&str>> = out.records.iter().map(phones).collect();
    assert_eq!(
        all,
        [vec![], vec!["+254720000003"], vec!["+254720000005"], vec!["+254720000006", "+254720000007"]],
        "a number that lost its digits is no number; a lost zero, point or guard is"
    );
    assert_eq!(out.records[0].birth, Some(Birth { year: 2008, month: Some(2), day: Some(29), estimated: false }));
    assert_eq!(out.records[3].places[0].expose(), "=cmd|' /C calc'!A0", "stored as given");

    let told = ignoring("date_order = \"day-month\"");
    assert_eq!(aside(&told), [(5, Some("Born"), Reason::NotADate)]);
    let yusuf = &told.records[1];
    assert_eq!(yusuf.birth, Some(Birth { year: 2010, month: Some(2), day: Some(1), estimated: false }));
    assert_eq!(phones(yusuf), ["+254720000002"], "the zero that the spreadsheet dropped");
}

#[test]
fn an_age_keeps_its_precision_and_the_day_on_which_it_was_true() {
    let columns =
        [("ID", "record_id"), ("Name", "names.full"), ("Born", "birth"), ("Age", "age"), ("Registered", "created_on")];
    let out = read(include_bytes!("fixtures/traps/ages.csv"), 9, &columns, "");
    assert_eq!(out.quarantined, []);
    let as_of = date(2021, 6, 1);
    let age = |min, max, estimated| Some(Age { min, max, as_of, estimated });
    let born = |year, month, day| Some(Birth { year, month, day, estimated: false });
    let wanted = [
        (born(2008, Some(2), Some(29)), None),
        (None, age(15, 15, false)),
        (None, age(35, 45, false)),
        (None, age(15, 15, true)),
        (born(1988, None, None), None),
        (born(1988, Some(7), None), None),
        (None, None),
        (None, age(15, 15, false)),
        (None, age(60, 120, false)),
    ];
    let found: Vec<_> = out.records.iter().map(|r| (r.birth, r.age)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn names_and_numbers_of_every_script() {
    let columns = [("ID", "record_id"), ("Name", "names.full"), ("Phone", "phone")];
    let out = read(include_bytes!("fixtures/traps/scripts.csv"), 10, &columns, "");
    let control = Reason::ControlCharacter;
    assert_eq!(aside(&out), [(8, Some("Name"), control), (9, Some("Name"), control)]);
    let names: Vec<Option<&str>> = out.records.iter().map(|r| r.names.full.first().map(|n| n.expose())).collect();
    let wanted = [
        Some("می\u{200c}نا احمدی"),
        Some("Amina Synthetic"),
        Some("José Synthetic"),
        Some("José Synthetic"),
        None,
        Some("أمينة Synthetic"),
        Some("क\u{94d}\u{200d}ष"),
        None,
    ];
    assert_eq!(names, wanted, "joiners stay, overrides go, two forms of one name are one, masks are nobody's");
    let numbers: Vec<Vec<&str>> = out.records.iter().map(phones).collect();
    assert_eq!(numbers[..3], [vec!["+254720000001"], vec!["+254720000002"], vec!["+254720000003"]]);
    assert_eq!(numbers[5], ["+254720000006"]);
}

#[test]
fn a_stamp_in_another_zone_is_a_day_only_where_the_manifest_names_the_zone() {
    let columns = [("ID", "record_id"), ("Born", "birth")];
    let file = b"ID,Born\nZ-1,1985-06-02T21:00:00Z\nZ-2,1985-06-03\n";
    let out = read(file, 2, &columns, "");
    assert_eq!(aside(&out), [(2, Some("Born"), Reason::AmbiguousDay)]);
    let out = read(file, 2, &columns, "time_zone = \"Asia/Amman\"");
    assert!(out.records.iter().all(|r| r.birth.is_some_and(|b| b.day == Some(3))));
}

#[test]
fn dates_of_another_calendar_are_days_of_ours() {
    let columns = [("ID", "record_id"), ("Born", "birth")];
    let out = read("ID,Born\nC-1,۱۳۶۹/۲/۲۷\nC-2,1369\n".as_bytes(), 2, &columns, "calendar = \"persian\"");
    assert_eq!(out.records[0].birth, Some(Birth { year: 1990, month: Some(5), day: Some(17), estimated: false }));
    assert_eq!(out.records[1].birth, Some(Birth { year: 1990, month: None, day: None, estimated: true }));
}
