//! PFIF: the public samples, the traps, and what is refused.

use crate::common::{import, manifest, rows};
use domain::record::{RelationKind, Role, Sex, Vital, Whereabouts};
use jiff::civil::date;
use registers::{Reason, RegisterError, read, verify};

/// A person with notes, in PFIF 1.4.
fn person(id: &str, inside: &str) -> String {
    format!(
        "<pfif:person><pfif:person_record_id>{id}</pfif:person_record_id><pfif:source_date>2011-03-14T00:00:00Z</pfif:source_date>\
         <pfif:full_name>Test Person\nTest P. Erson</pfif:full_name>{inside}</pfif:person>"
    )
}

fn file(version: &str, inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<pfif:pfif xmlns:pfif=\"http://zesty.ca/pfif/{version}\">{inside}</pfif:pfif>\n"
    )
}

fn note(id: &str, on: &str, inside: &str) -> String {
    format!(
        "<pfif:note><pfif:note_record_id>{id}</pfif:note_record_id><pfif:source_date>{on}</pfif:source_date>{inside}</pfif:note>"
    )
}

#[test]
fn a_person_is_sought_and_the_author_is_another_person() {
    let text = file(
        "1.4",
        &person(
            "t/1",
            "<pfif:author_name>Author &amp; Co</pfif:author_name><pfif:author_phone>+254720000009</pfif:author_phone>\
             <pfif:sex>female</pfif:sex><pfif:date_of_birth>1970-01</pfif:date_of_birth><pfif:age>35-45</pfif:age>\
             <pfif:home_city>  Kisumu\n </pfif:home_city><pfif:home_country>KE</pfif:home_country><pfif:description>secret</pfif:description>",
        ),
    );
    let manifest = manifest("pfif-xml", text.as_bytes(), 1, "");
    let out = import(text.as_bytes(), &manifest, None).expect("fine");
    let [sought, author] = &out.records[..] else { panic!("two records, {}", out.records.len()) };
    assert_eq!((sought.roles.as_slice(), author.roles.as_slice()), (&[Role::Sought][..], &[Role::Enquirer][..]));
    let names: Vec<_> = sought.names.full.iter().map(|n| n.expose()).collect();
    assert_eq!(names, ["Test Person", "Test P. Erson"], "one field, several names");
    let age = sought.age.expect("an age");
    assert_eq!((age.min, age.max, age.as_of), (35, 45, date(2011, 3, 14)), "as of the source date");
    assert_eq!(sought.birth.map(|b| (b.year, b.month, b.day)), Some((1970, Some(1), None)));
    assert!(sought.contacts.is_empty(), "the author's number is not the person's");
    assert_eq!(author.contacts[0].value.expose(), "+254720000009");
    assert_eq!(author.names.full[0].expose(), "Author & Co");
    let link = &author.relations.as_ref().expect("a relation")[0];
    assert_eq!((link.kind, link.record.as_ref()), (RelationKind::EnquirerOf, Some(&sought.record_id)));
    assert!(!serde_json::to_string(&out.records).expect("json").contains("secret"));
}

#[test]
fn the_public_samples_read() {
    let samples: [(&str, &[u8], u64, usize); 3] = [
        ("pfif-xml", include_bytes!("fixtures/pfif/test.pfif-1.4.xml"), 1, 1),
        ("pfif-xml", include_bytes!("fixtures/pfif/test.pfif-1.2.xml"), 1, 1),
        ("pfif-xml", include_bytes!("fixtures/pfif/test.pfif-1.2-badrecord.xml"), 2, 2),
    ];
    for (profile, bytes, persons, sought) in samples {
        let manifest = manifest(profile, bytes, persons, "");
        let out = import(bytes, &manifest, None).expect("fine");
        assert!(out.quarantined.is_empty());
        let found: Vec<_> = out.records.iter().filter(|r| r.roles == [Role::Sought]).collect();
        assert_eq!(found.len(), sought);
        assert!(out.records.iter().any(|r| r.roles == [Role::Enquirer]), "the author has a record");
        // In the XML samples «I am this person» is newer than a backdated «believed missing» that stands below it.
        let newest = found[0].whereabouts.map(|w| w.value);
        assert_eq!(newest, Some(Whereabouts::Located));
        assert_eq!(found[0].sex, Some(Sex::Female));
    }
}

#[test]
fn the_public_sample_of_a_death_that_comes_without_its_person_is_for_a_human() {
    let bytes: &[u8] = include_bytes!("fixtures/pfif/test.pfif-1.2-believed-dead.xml");
    let manifest = manifest("pfif-xml", bytes, 1, "");
    let out = import(bytes, &manifest, None).expect("fine");
    assert!(out.records.is_empty());
    assert_eq!(out.quarantined[0].1.reason, Reason::NoteWithoutPerson);
}

#[test]
fn a_person_and_whoever_asked_have_row_numbers_of_their_own_and_all_are_counted() {
    let asked = "<pfif:author_name>Author One</pfif:author_name>";
    let noted = note("t/n1", "2011-03-20T00:00:00Z", "<pfif:author_name>Author Two</pfif:author_name>");
    let text = file("1.4", &format!("{}{}", person("t/1", &format!("{asked}{noted}")), person("t/2", asked)));
    let manifest = manifest("pfif-xml", text.as_bytes(), 2, "");
    let verified = verify(text.as_bytes(), &manifest, None, |_, _| {}).expect("fine");
    let numbers: Vec<u64> =
        read(text.as_bytes(), &manifest, None).expect("fine").map(|row| row.expect("a row").number).collect();
    assert_eq!((verified.items, verified.rows), (2, 5));
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

#[test]
fn the_public_csv_sample_has_a_cell_too_many_and_is_refused_until_it_is_mended() {
    let bytes: &[u8] = include_bytes!("fixtures/pfif/sample-import.csv");
    let broken = manifest("pfif-csv", bytes, 1, "");
    let refused = import(bytes, &broken, None).map(|_| ());
    assert!(matches!(refused, Err(RegisterError::Ragged { row: 2, expected: 29, found: 30 })));
    let mended = String::from_utf8_lossy(bytes).replace("male,,,,,,,,,,,1,", "male,,,,,,,,,,1,");
    let fine = manifest("pfif-csv", mended.as_bytes(), 1, "");
    let out = import(mended.as_bytes(), &fine, None).expect("fine");
    assert_eq!(out.records[0].sex, Some(Sex::Male));
    let whereabouts = out.records[0].whereabouts.map(|w| w.value);
    assert_eq!(whereabouts, Some(Whereabouts::NotLocated));
    assert_eq!(out.records[1].roles, [Role::Enquirer]);
}

#[test]
fn older_versions_call_names_differently() {
    for version in ["1.2", "1.3"] {
        let text = file(
            version,
            "<pfif:person><pfif:person_record_id>t/1</pfif:person_record_id><pfif:first_name>Amina</pfif:first_name><pfif:last_name>Synthetic</pfif:last_name></pfif:person>",
        );
        let manifest = manifest("pfif-xml", text.as_bytes(), 1, "");
        let record = import(text.as_bytes(), &manifest, None).expect("fine").records.remove(0);
        assert_eq!(record.names.given.as_ref().map(|n| n.expose()), Some("Amina"));
        assert_eq!(record.names.family.as_ref().map(|n| n.expose()), Some("Synthetic"));
    }
}

#[test]
fn statuses_in_the_order_of_their_dates_and_death_stays() {
    let alive = note("t/n1", "2011-03-20T00:00:00Z", "<pfif:status>is_note_author</pfif:status>");
    let missing = note("t/n2", "2011-03-25T00:00:00Z", "<pfif:status>believed_missing</pfif:status>");
    let dead = note("t/n3", "2011-03-10T00:00:00Z", "<pfif:status>believed_dead</pfif:status>");
    let cases = [
        (alive.clone(), Some(Vital::Alive), Some(Whereabouts::Located)),
        (format!("{missing}{alive}"), None, Some(Whereabouts::NotLocated)),
        (format!("{alive}{dead}"), Some(Vital::BelievedDead), None),
        (format!("{dead}{missing}"), Some(Vital::BelievedDead), Some(Whereabouts::NotLocated)),
        (String::new(), None, None),
    ];
    for (i, (notes, vital, whereabouts)) in cases.into_iter().enumerate() {
        let text = file("1.4", &person("t/1", &notes));
        let manifest = manifest("pfif-xml", text.as_bytes(), 1, "");
        let out = import(text.as_bytes(), &manifest, None).expect("fine");
        assert_eq!(out.records[0].vital.map(|v| v.value), vital, "case {i}");
        assert_eq!(out.records[0].whereabouts.map(|w| w.value), whereabouts, "case {i}");
    }
}

#[test]
fn the_phone_of_a_found_person_goes_to_nobody_else() {
    let found = note(
        "t/n1",
        "2011-03-20T00:00:00Z",
        "<pfif:author_name>Finder</pfif:author_name><pfif:author_email>f@x.example</pfif:author_email><pfif:phone_of_found_person>+254720000003</pfif:phone_of_found_person>",
    );
    let text = file("1.4", &person("t/1", &found));
    let manifest = manifest("pfif-xml", text.as_bytes(), 1, "");
    let out = import(text.as_bytes(), &manifest, None).expect("fine");
    let holders: Vec<_> = out
        .records
        .iter()
        .filter(|r| r.contacts.iter().any(|c| c.value.expose() == "+254720000003"))
        .map(|r| r.roles.clone())
        .collect();
    assert_eq!(holders, [vec![Role::Sought]]);
}

#[test]
fn an_expired_record_and_a_note_without_its_person_are_set_aside() {
    let text = file(
        "1.4",
        &format!(
            "{}{}",
            person("t/1", "<pfif:expiry_date>2020-01-01T00:00:00Z</pfif:expiry_date>"),
            note("t/n9", "2011-03-20T00:00:00Z", "<pfif:status>believed_dead</pfif:status>")
        ),
    );
    let manifest = manifest("pfif-xml", text.as_bytes(), 2, "");
    let out = import(text.as_bytes(), &manifest, None).expect("fine");
    assert!(out.records.is_empty());
    let reasons: Vec<_> = out.quarantined.iter().map(|(_, q)| q.reason).collect();
    assert_eq!(reasons, [Reason::Expired, Reason::NoteWithoutPerson]);
}

#[test]
fn document_types_entities_and_broken_xml_are_refused() {
    let body = person("t/1", "");
    let cases: Vec<(String, bool)> = vec![
        (
            file("1.4", &body)
                .replace("<pfif:pfif", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><pfif:pfif"),
            true,
        ),
        (file("1.4", &person("t/1", "<pfif:sex>&e;</pfif:sex>")), true),
        (file("1.4", &body).replace("</pfif:pfif>", ""), false),
        (file("1.4", &body).replace("</pfif:full_name>", "</pfif:sex>"), false),
        ("<html><body/></html>".to_owned(), false),
        (file("1.4", &"<pfif:person>".repeat(100)), false),
    ];
    for (i, (text, dtd)) in cases.iter().enumerate() {
        let manifest = manifest("pfif-xml", text.as_bytes(), 1, "");
        let error = rows(text.as_bytes(), &manifest, None).map(|_| ()).expect_err("refused");
        assert_eq!(matches!(error, RegisterError::Dtd), *dtd, "case {i}: {error}");
    }
}
