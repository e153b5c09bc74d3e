//! What a file says twice and differently, in another unit, of nobody, or in a place where nobody looks: the safe reading
//! wins, and what cannot be read holds the person.

use crate::book::{Cell, t, workbook};
use crate::common::{Outcome, import, manifest};
use domain::record::{Age, Answer, Birth, Record, Vital};
use registers::{Mapping, NoteKind, Reason, RegisterError};

const FIXED: &str = "[fixed]\nroles = \"aid_recipient\"\n";

fn mapping(columns: &str) -> Mapping {
    let columns: String = columns
        .split(',')
        .map(|column| {
            let (header, field) = column.split_once('=').expect("a field");
            let (field, slot) = field.split_once('/').unwrap_or((field, "1"));
            let (field, sheet) = field.split_once('@').unwrap_or((field, ""));
            let sheet = if sheet.is_empty() { String::new() } else { format!("sheet = \"{sheet}\"\n") };
            format!("[[column]]\nheader = \"{header}\"\nfield = \"{field}\"\nslot = {slot}\n{sheet}")
        })
        .collect();
    Mapping::parse(&format!("{FIXED}{columns}")).expect("a mapping")
}

fn csv_with(columns: &str, rows: &[&str], extra: &str) -> Result<Outcome, RegisterError> {
    let mapping = mapping(columns);
    let header: Vec<&str> = mapping.columns.iter().map(|c| c.header.as_str()).collect();
    let text = format!("{}\n{}\n", header.join(","), rows.join("\n"));
    import(text.as_bytes(), &manifest("csv", text.as_bytes(), rows.len() as u64, extra), Some(&mapping))
}

fn one(columns: &str, row: &str) -> Record {
    let mut out = csv_with(columns, &[row], "").expect("read");
    assert_eq!(out.quarantined, []);
    out.records.remove(0)
}

#[test]
fn a_restriction_that_stands_in_one_of_two_columns_stands() {
    let twice = "id=record_id,a=do_not_contact,b=do_not_contact,c=legal_hold,d=legal_hold";
    for row in ["1,yes,no,no,yes", "1,no,yes,yes,no"] {
        let record = one(twice, row);
        assert!(record.do_not_contact && record.legal_hold, "{row}");
    }
    for row in ["1,+254720000001,yes,no", "1,+254720000001,no,yes"] {
        let record = one("id=record_id,p=phone,a=phone.safe,b=phone.safe", row);
        assert_eq!(record.contacts[0].safe, Some(Answer::No), "{row}");
    }
    let contradicted = [
        ("a=vital,b=vital", "alive,dead", "vital"),
        ("a=vital,b=vital", "dead,alive", "vital"),
        ("a=liberty,b=liberty", "free,detained", "liberty"),
        ("a=must_not_know,b=must_not_know", "R-1,R-2", "must_not_know"),
        ("a=birth,b=birth", "1980-01-01,2010-01-01", "birth"),
        ("a=phone,b=phone", "+254720000001,+254720000002", "phone"),
        ("a=birth,b=birth.year", "2010-05-05,1980", "birth"),
    ];
    for (columns, values, field) in contradicted {
        let record = one(&format!("id=record_id,{columns}"), &format!("1,{values}"));
        assert_eq!(record.unknown_codes, [field], "{values}");
    }
    let same = one("id=record_id,a=vital,b=vital,c=birth,d=birth.year", "1,alive,alive,2010-05-05,2010");
    assert_eq!(same.unknown_codes, [""; 0], "said twice, it is said once");
    let names = csv_with("id=record_id,a=names.family,b=names.family", &["1,Mwangi,Otieno"], "").expect("read");
    assert_eq!(names.records[0].unknown_codes, [""; 0], "a name protects nobody");
    assert_eq!(names.notes[0].1.kind, NoteKind::SecondValue);
}

#[test]
fn what_every_row_has_undoes_no_cell() {
    let mut mapping = mapping("id=record_id,dnc=do_not_contact,reads=literacy");
    mapping.fixed.insert("do_not_contact".to_owned(), "no".to_owned());
    mapping.fixed.insert("literacy".to_owned(), "reads".to_owned());
    let text = "id,dnc,reads\n1,yes,\n2,,cannot\n";
    let out = import(text.as_bytes(), &manifest("csv", text.as_bytes(), 2, ""), Some(&mapping)).expect("read");
    assert!(out.records[0].do_not_contact);
    assert_eq!(out.records[1].unknown_codes, ["literacy"]);
}

#[test]
fn one_number_with_two_sets_of_facts_keeps_both() {
    let columns = "id=record_id,p=phone,s=phone.safe,q=phone/2,st=phone.status/2,o=phone.owner/2";
    let record = one(columns, "1,0720000001,yes,0720000001,old,neighbour");
    assert_eq!(record.contacts.len(), 2, "the worst of each counts, and only who has both can tell");
    let same = one("id=record_id,p=phone,q=phone/2", "1,0720000001,+254720000001");
    assert_eq!(same.contacts.len(), 1);
}

#[test]
fn an_age_has_a_unit() {
    let age = |text: &str| csv_with("id=record_id,age=age", &[&format!("1,{text}")], "").expect("read");
    let years = [
        ("18 months", 1, 1),
        ("30 mo", 2, 2),
        ("20 weeks", 0, 0),
        ("30 days", 0, 0),
        ("6 mois", 0, 0),
        ("6-18 months", 0, 1),
        ("15 years", 15, 15),
        ("15 y/o", 15, 15),
        ("35 ans", 35, 35),
        ("12 лет", 12, 12),
        ("٣٠ شهر", 2, 2),
        ("15", 15, 15),
    ];
    for (text, min, max) in years {
        let out = age(text);
        let found = out.records.first().and_then(|r| r.age);
        assert!(matches!(found, Some(Age { min: a, max: b, .. }) if (a, b) == (min, max)), "{text}: {found:?}");
    }
    for text in ["20m", "36 m", "7 cycles", "twenty"] {
        assert_eq!(age(text).quarantined[0].1.reason, Reason::NotANumber, "{text}: it could be months");
    }
}

#[test]
fn a_birth_in_three_columns_is_of_the_files_calendar() {
    let columns = "id=record_id,y=birth.year,m=birth.month,d=birth.day";
    let born = |calendar: &str, row: &str| {
        let out = csv_with(columns, &[row], &format!("calendar = \"{calendar}\"")).expect("read");
        out.records.first().and_then(|r| r.birth).ok_or(out.quarantined)
    };
    let on = |year, month, day, estimated| Ok(Birth { year, month, day, estimated });
    assert_eq!(born("ethiopian", "1,2002,,"), on(2009, None, None, true));
    assert_eq!(born("ethiopian", "1,2014,1,"), on(2021, None, None, true));
    assert_eq!(born("ethiopian", "1,2014,1,1"), on(2021, Some(9), Some(11), false));
    assert_eq!(born("persian", "1,1392,4,25"), on(2013, Some(7), Some(16), false));
    assert_eq!(born("gregorian", "1,2002,3,4"), on(2002, Some(3), Some(4), false));
    assert!(born("persian", "1,1400,12,30").is_err_and(|q| q[0].1.reason == Reason::NotADate));
}

#[test]
fn nobody_is_no_guardians_authority_and_each_number_is_its_own_guardians() {
    for nobody in ["none", "No", "unknown", "*******", "-", "n/a", "yes"] {
        let columns = "id=record_id,g=guardian,a=guardian.authority,v=guardian.verified_by";
        let record = one(columns, &format!("1,Rehema Synthetic,{nobody},{nobody}"));
        let guardian = &record.relations.as_ref().expect("a guardian")[0];
        assert!(guardian.authority.is_none() && guardian.verified_by.is_none(), "{nobody}");
    }
    let columns = "id=record_id,g1=guardian,g2=guardian/2,p=phone,of=phone.guardian";
    let second = one(columns, "1,,Rehema Synthetic,0720000001,2");
    assert_eq!((second.contacts[0].guardian, &second.unknown_codes[..]), (Some(0), &[][..]), "the only one there is");
    let first = one(columns, "1,,Rehema Synthetic,0720000001,1");
    assert_ne!(first.contacts[0].guardian, Some(0), "the number of a guardian who is not there is nobody else's");
    assert_eq!(first.unknown_codes, ["contacts"]);
}

#[test]
fn numbers_that_lost_their_digits_and_addresses_of_nobody_are_dropped_and_said() {
    let columns = "id=record_id,n=strong_ids,a=address";
    for (row, kinds) in [
        ("1,2.54720E+11,Moi Avenue 4", &[NoteKind::IdMangled][..]),
        ("1,unknown,Moi Avenue 4", &[NoteKind::Placeholder]),
        ("1,0000,*******", &[NoteKind::Placeholder, NoteKind::Placeholder]),
        ("1,12345678,N/A", &[NoteKind::Placeholder]),
        ("1,AB-12,-", &[NoteKind::Placeholder]),
    ] {
        let out = csv_with(columns, &[row], "").expect("read");
        let said: Vec<_> = out.notes.iter().map(|(_, note)| note.kind).collect();
        assert_eq!(said, kinds, "{row}");
        assert_eq!(out.records[0].strong_ids.len() + out.records[0].contacts.len() + kinds.len(), 2, "{row}");
    }
}

#[test]
fn unknown_is_a_word_for_what_nobody_knows_but_not_in_a_list() {
    let columns = "id=record_id,s=sex,v=vital,l=literacy,li=liberty,p=phone,o=phone.owner,m=phone.may_name_org";
    let record = one(columns, "1,unknown,unknown,Unknown,not known,0720000001,unknown,unknown");
    assert_eq!((record.sex, record.vital, record.literacy, record.liberty), (None, None, None, None));
    assert_eq!((record.contacts[0].owner, record.contacts[0].may_name_org), (None, None));
    assert_eq!(record.unknown_codes, [""; 0]);
    let listed = one("id=record_id,n=needs_codes,d=do_not_contact", "1,unknown,unknown");
    assert_eq!(listed.unknown_codes, ["needs_codes", "do_not_contact"], "«none» and «no» are not unknown");
}

#[test]
fn midnight_in_greenwich_is_not_the_day_before_in_america() {
    let out = csv_with("id=record_id,b=birth", &["1,1990-02-03T00:00:00Z"], "time_zone = \"America/Bogota\"");
    assert_eq!(out.expect("read").quarantined[0].1.reason, Reason::AmbiguousDay);
}

#[test]
fn a_row_of_hashtags_is_nobody_and_a_person_is_no_header() {
    let tagged = csv_with("ID=record_id,Full name=names.full", &["#meta+id,#name", "1,Asha"], "");
    assert!(matches!(tagged, Err(RegisterError::HxlRow)));
    let text = "1,Asha Secret,+254720000001\n2,Juma Secret,+254720000002\n";
    let about = manifest("csv", text.as_bytes(), 2, "");
    assert!(matches!(registers::headers(text.as_bytes(), &about), Err(RegisterError::PersonForHeader)));
    let dated = csv_with("ID=record_id,Aid of 12/2021=places", &["1,Kisumu"], "");
    assert_eq!(dated.expect("a date among words is a header").records.len(), 1);
    let mapping = mapping("1=record_id");
    let refused = import(text.as_bytes(), &about, Some(&mapping)).map(|_| ()).expect_err("no header");
    assert!(!refused.to_string().contains("Secret"), "{refused}");
}

fn sheets(sheets: &[(&str, Vec<Vec<Cell>>)], mapping: &Mapping, rows: u64) -> Result<Outcome, RegisterError> {
    let bytes = workbook(sheets, false);
    import(&bytes, &manifest("xlsx", &bytes, rows, ""), Some(mapping))
}

fn cells<const N: usize>(texts: [&str; N]) -> Vec<Cell> {
    texts.map(t).to_vec()
}

#[test]
fn no_sheet_of_a_workbook_is_left_aside_by_itself() {
    let people = || vec![cells(["id", "name"]), cells(["1", "Asha"]), cells(["2", "Juma"])];
    let held = || vec![cells(["id", "do not contact"]), cells(["1", "yes"])];
    let whole = mapping("id=record_id,name=names.full,do not contact=do_not_contact");
    let out = sheets(&[("People", people()), ("Protection", held())], &whole, 2).expect("read");
    assert_eq!(out.records.iter().map(|r| r.do_not_contact).collect::<Vec<_>>(), [true, false]);

    let more = || vec![cells(["id", "name"]), cells(["3", "Neema"])];
    let out = sheets(&[("North", people()), ("South", more())], &mapping("id=record_id,name=names.full"), 3);
    assert_eq!(out.expect("read").records.len(), 3, "people of the second sheet are people");

    let by_sheet = mapping("id=record_id,name=names.full@People,do not contact=do_not_contact@Protection");
    let third = || vec![cells(["id", "legal hold"]), cells(["2", "yes"])];
    let all = [("People", people()), ("Protection", held()), ("Legal holds", third())];
    let refused = sheets(&all, &by_sheet, 2).map(|_| ()).expect_err("a sheet that nobody maps");
    let said = refused.to_string();
    assert!(said.contains("Legal holds") && said.contains("legal hold"), "{said}");
    let left = Mapping { ignore_sheets: vec!["Legal holds".to_owned()], ..by_sheet };
    assert_eq!(sheets(&all, &left, 2).expect("read").records.len(), 2);

    // A column of no sheet is one of every sheet that has it.
    let some = mapping("id=record_id,name=names.full,do not contact=do_not_contact@Protection");
    let out = sheets(&[("People", people()), ("Protection", held())], &some, 2).expect("read");
    assert_eq!(out.records[0].names.full[0].expose(), "Asha");
}

#[test]
fn further_rows_of_a_person_undo_nothing_and_are_named_where_they_stand() {
    let by_sheet = mapping(
        "id=record_id,name=names.full@People,dnc=do_not_contact@Protection,vital=vital@Protection,born=birth@Protection",
    );
    let people = vec![cells(["id", "name"]), cells(["1", "Asha"]), cells(["2", "Juma"])];
    let facts = vec![
        cells(["id", "dnc", "vital", "born"]),
        cells(["1", "yes", "dead", ""]),
        cells(["1", "no", "alive", ""]),
        cells(["2", "", "", "31/02/2010"]),
    ];
    let out = sheets(&[("People", people), ("Protection", facts)], &by_sheet, 2).expect("read");
    assert!(out.records[0].do_not_contact);
    assert_eq!(out.records[0].vital.as_ref().map(|v| v.value), Some(Vital::Dead));
    assert_eq!(out.records[0].unknown_codes, ["vital"]);
    assert_eq!(out.quarantined[0].1.column.as_deref(), Some("sheet Protection, row 4: born"));
}

#[test]
fn a_canonical_row_is_read_as_carefully_as_a_cell() {
    let row = |rest: &str| format!("{{\"society\":\"KE\",\"system\":\"aid\",\"record_id\":\"1\",{rest}}}\n");
    let read = |rest: &str| {
        let text = row(rest);
        import(text.as_bytes(), &manifest("canonical", text.as_bytes(), 1, ""), None).expect("read")
    };
    let country = read(r#""contacts":[{"kind":"phone","value":"0722000111","country":"Syrien"}]"#);
    assert_eq!(country.records[0].unknown_codes, ["contacts.country"]);
    for twice in [
        r#""do_not_contact":true,"do_not_contact":false"#,
        r#""contacts":[{"kind":"phone","value":"0722000111","safe":"no","safe":"yes"}]"#,
    ] {
        assert_eq!(read(twice).quarantined[0].1.reason, Reason::KeyTwice, "{twice}");
    }
    let unknown = read(
        r#""sex":"unknown","vital":{"value":"unknown"},"literacy":"unknown","contacts":[{"kind":"phone","value":"0722000111","safe":"unknown","owner":"unknown"}]"#,
    );
    assert_eq!(unknown.records[0].unknown_codes, [""; 0]);
    assert_eq!(unknown.records[0].contacts[0].safe, None);
    let nobody = read(
        r#""strong_ids":["2.5E+11","12345678"],"relations":[{"kind":"guardian","authority":"none","verified_by":"No"}]"#,
    );
    assert_eq!(nobody.records[0].strong_ids.len(), 1);
    let guardian = &nobody.records[0].relations.as_ref().expect("relations")[0];
    assert!(guardian.authority.is_none() && guardian.verified_by.is_none());
}

#[test]
fn a_primero_case_says_nothing_where_nobody_looks() {
    let read = |rest: &str, map: Option<&Mapping>| {
        let text = format!("{{\"short_id\":\"ab12cd3\",\"name\":\"Asha Synthetic\",{rest}}}");
        import(text.as_bytes(), &manifest("primero-json", text.as_bytes(), 1, ""), map).expect("read").records.remove(0)
    };
    for odd in [
        r#""disclosure_deny_details":{"en":"no calls"}"#,
        r#""withholding_info_reason":[["x"]]"#,
        r#""unhcr_needs_codes":[{"id":"SV-VA"}]"#,
        r#""protection_concerns":{"a":"gbv_survivor"}"#,
        r#""protection_status":["unaccompanied"]"#,
        r#""do_not_contact":true"#,
        r#""legal_hold":"yes""#,
        r#""travel_restriction":{"en":"none abroad"}"#,
        r#""death":true"#,
    ] {
        assert!(!read(odd, None).unknown_codes.is_empty(), "{odd}");
    }
    for nothing in [
        r#""do_not_contact":false"#,
        r#""death_date":null"#,
        r#""consent_for_services":true"#,
        r#""danger":[]"#,
        r#""case_plan_deadline":"2022-03-01""#,
    ] {
        assert_eq!(read(nothing, None).unknown_codes, [""; 0], "{nothing}");
    }
    let own = "[[column]]\nheader = \"short_id\"\nfield = \"record_id\"\n[[column]]\nheader = \"do_not_contact\"\nfield = \"do_not_contact\"\nvalues = { \"ja\" = \"yes\" }\n";
    let own = Mapping::parse(&format!("ignore = [\"death\"]\n{own}")).expect("a mapping");
    let mapped = read(r#""do_not_contact":"Ja","death":true"#, Some(&own));
    assert!(mapped.do_not_contact && mapped.unknown_codes.is_empty());
}

#[test]
fn rows_of_one_pfif_person_are_its_notes_and_an_unreadable_expiry_is_one() {
    let read = |text: &str, rows: u64| {
        import(text.as_bytes(), &manifest("pfif-csv", text.as_bytes(), rows, ""), None).expect("read")
    };
    let out = read(
        "person_record_id,full_name,status,source_date,author_name\n\
         a/1,Amina,is_note_author,2021-01-01,Asha\na/1,Amina,believed_dead,2021-02-01,Juma\na/2,Omari,,,\n",
        3,
    );
    assert_eq!(out.quarantined, []);
    assert_eq!(out.records[0].vital.as_ref().map(|v| v.value), Some(Vital::BelievedDead));
    let names: Vec<_> = out.records.iter().map(|r| r.names.full[0].expose()).collect();
    assert_eq!(names, ["Amina", "Asha", "Juma", "Omari"], "everybody who asked is told");
    for expiry in ["soon", "01/02/2021"] {
        let out = read(&format!("person_record_id,full_name,expiry_date\na/1,Amina,{expiry}\n"), 1);
        assert_eq!(out.quarantined[0].1.reason, Reason::NotADate, "{expiry}");
    }
}
