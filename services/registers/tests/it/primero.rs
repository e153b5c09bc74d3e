//! Primero's exports and their traps.

use crate::book::{Cell, t, workbook};
use crate::common::{import, manifest, rows};
use domain::record::{ChildStatus, ConsentSource, ContactOwner, RelationKind, Role, Sex, Vital};
use registers::{Manifest, Mapping, NoteKind, RegisterError};

const CASE: &str = r#"{
  "id": "6f1c", "short_id": "ab12cd3", "case_id_display": "KE-ab12cd3", "record_state": true, "name": "Amina Synthetic", "name_first": "Amina", "name_last": "Synthetic",
  "sex": "female", "date_of_birth": "2010-05-17", "age": 11, "estimated": false, "nationality": ["somalia"], "language": ["somali"],
  "protection_status": "separated", "care_arrangements_type": "stays_with_related_caregiver", "unhcr_needs_codes": ["sc-sc", "sv-va"], "protection_concerns": ["gbv_survivor"],
  "interview_subject": "child", "withholding_info_reason": ["fear_of_harm"], "name_caregiver": "Aunt Synthetic", "telephone_caregiver": "+254720000007",
  "telephone_current": "0720000001", "registration_date": "2021-03-01", "last_updated_at": "2021-11-02T22:10:00.000Z", "religion": ["secret"], "photo": "secret",
  "family_details_section": [
    {"relation": "father", "relation_name": "Yusuf Synthetic", "relation_is_alive": "dead", "relation_telephone": "+254720000009"},
    {"relation": "aunt", "relation_name": "Aunt Synthetic", "relation_is_caregiver": true, "relation_is_alive": "alive"}
  ]
}"#;

#[test]
fn json_keeps_subforms_and_invents_no_guardian() {
    for text in
        [format!("[{CASE}]"), format!("{{\"data\": [{CASE}], \"metadata\": {{\"total\": 1}}}}"), CASE.to_owned()]
    {
        let manifest = manifest("primero-json", text.as_bytes(), 1, "");
        let out = import(text.as_bytes(), &manifest, None).expect("fine");
        assert_eq!(out.quarantined, []);
        let record = &out.records[0];
        assert_eq!(record.record_id.expose(), "ab12cd3");
        assert_eq!((record.sex, record.nationality.as_deref()), (Some(Sex::Female), Some("SO")));
        assert_eq!(record.roles, [Role::ChildSeparated]);
        assert_eq!(record.child_status, Some(ChildStatus::Kin));
        assert_eq!(record.needs_codes.as_deref(), Some(&["SC-SC".to_owned(), "SV-VA".to_owned()][..]));
        assert_eq!((record.consent.source, record.consent.withholding), (Some(ConsentSource::Individual), Some(true)));
        assert_eq!(record.names.father.as_ref().map(|n| n.expose()), Some("Yusuf Synthetic"));
        let relations = record.relations.as_ref().expect("relations");
        assert!(relations.iter().all(|r| r.kind != RelationKind::Guardian), "Primero knows no guardian's authority");
        assert!(relations.iter().any(|r| r.kind == RelationKind::Family && r.vital == Some(Vital::Dead)));
        let phones: Vec<_> = record.contacts.iter().map(|c| (c.value.expose(), c.owner)).collect();
        assert_eq!(phones, [("+254720000001", None), ("+254720000007", Some(ContactOwner::Relative))]);
        assert_eq!(record.languages[0].tag, "so");
        assert!(
            !serde_json::to_string(record).expect("json").contains("secret"),
            "religion and photos are dropped at the door"
        );
    }
}

#[test]
fn an_option_that_nobody_knows_holds_the_record_and_words_about_withholding_do_too() {
    let text = "{\"short_id\":\"a\",\"protection_status\":\"lost_in_space\",\"disclosure_deny_details\":\"do not tell the uncle\",\"name\":\"*******\"}";
    let manifest = manifest("primero-json", text.as_bytes(), 1, "");
    let out = import(text.as_bytes(), &manifest, None).expect("fine");
    let record = &out.records[0];
    assert_eq!(record.unknown_codes, ["child_status"]);
    assert!(record.unparsed_restriction && record.names.full.is_empty());
    assert!(out.notes.iter().any(|(_, n)| n.kind == NoteKind::MaskedName));
    assert!(!serde_json::to_string(record).expect("json").contains("uncle"));
}

const FLAT: &str = r#"
[fixed]
roles = "child_separated"
[[column]]
header = "ID"
field = "record_id"
[[column]]
header = "Nom complet"
field = "names.full"
[[column]]
header = "Téléphone actuel"
field = "phone"
[[column]]
header = "Codes"
field = "needs_codes"
"#;

#[test]
fn csv_guards_are_taken_off_lists_are_split_and_guardians_stay_unknown() {
    let text = "ID,Nom complet,Téléphone actuel,Codes\nab12cd3,*******,'+250788000001,SV-VA ||| SC-SC\n";
    let mapping = Mapping::parse(FLAT).expect("a mapping");
    let fine = manifest("primero-csv", text.as_bytes(), 1, "label_language = \"fr\"");
    let out = import(text.as_bytes(), &fine, Some(&mapping)).expect("fine");
    let record = &out.records[0];
    assert_eq!(record.contacts[0].value.expose(), "+250788000001");
    assert_eq!(record.needs_codes.as_deref(), Some(&["SV-VA".to_owned(), "SC-SC".to_owned()][..]));
    assert!(record.names.full.is_empty(), "a mask is nobody's name");
    assert!(record.relations.is_none(), "no subform: unknown, not none");
    let claim = toml::to_string(&fine).expect("toml").replace("carries = []", "carries = [\"relations\"]");
    assert!(matches!(Manifest::parse(&claim), Err(RegisterError::Manifest(_))), "{claim}");
}

const SHEETS: &str = r#"
ignore = ["Langue"]
[[column]]
header = "ID"
field = "record_id"
[[column]]
header = "Nom"
field = "names.full"
sheet = "Identité de base"
[[column]]
header = "Sexe"
field = "sex"
sheet = "Identité de base"
values = { "Fille" = "female", "Garçon" = "male" }
[[column]]
header = "Préoccupations"
field = "concerns"
sheet = "Identité de base"
values = { "Survivant de VBG" = "gbv_survivor", "Réfugié" = "refugee" }
[[column]]
header = "Prestataire"
field = "caregiver.name"
sheet = "Détails sur la famille et les personnes qui s'occupent"
"#;

fn primero_book() -> Vec<u8> {
    let base = vec![
        ["ID", "Nom", "Sexe", "Préoccupations"].map(t).to_vec(),
        vec![t("ab12cd3"), t("Amina Synthetic"), t("Fille"), t("Survivant de VBG ||| Réfugié")],
        vec![t("ef45ab6"), t("'=Yusuf"), t("Garçon"), Cell::Nothing],
    ];
    // Several rows for one person, on a sheet whose name was cut to 31 characters.
    let family = vec![
        ["ID", "Prestataire", "Langue"].map(t).to_vec(),
        vec![t("ab12cd3"), t("Aunt One"), t("x")],
        vec![t("ab12cd3"), t("Aunt Two"), Cell::Nothing],
    ];
    let empty = vec![vec![t("Anything")]];
    let cut: String = "Détails sur la famille et les personnes qui s'occupent".chars().take(31).collect();
    workbook(&[("Identité de base", base), (&cut, family), ("Autre", empty)], false)
}

#[test]
fn workbooks_spread_one_person_over_rows_and_sheets_under_labels() {
    let bytes = primero_book();
    let mapping = Mapping::parse(SHEETS).expect("a mapping");
    let manifest = manifest("primero-xlsx", &bytes, 2, "label_language = \"fr\"");
    let out = import(&bytes, &manifest, Some(&mapping)).expect("fine");
    assert_eq!(out.quarantined, []);
    let [amina, yusuf] = &out.records[..] else { panic!("two records") };
    assert_eq!(amina.sex, Some(Sex::Female));
    assert_eq!(amina.concerns.as_deref(), Some(&["gbv_survivor".to_owned(), "refugee".to_owned()][..]));
    let carers: Vec<_> = amina.relations.iter().flatten().filter_map(|r| r.name.as_ref()).map(|n| n.expose()).collect();
    assert_eq!(carers, ["Aunt One", "Aunt Two"]);
    assert_eq!(yusuf.names.full[0].expose(), "=Yusuf", "the guard before a formula is not part of the name");
    assert!(yusuf.relations.is_none());
}

#[test]
fn a_label_in_another_language_is_an_unknown_code_not_a_guess() {
    let bytes = primero_book();
    let mapping = Mapping::parse(&SHEETS.replace("\"Fille\"", "\"Girl\"")).expect("a mapping");
    let manifest = manifest("primero-xlsx", &bytes, 2, "");
    let out = rows(&bytes[..], &manifest, Some(&mapping)).expect("fine");
    assert_eq!(out.records[0].unknown_codes, ["sex"]);
    assert_eq!(out.records[0].sex, None);
}
