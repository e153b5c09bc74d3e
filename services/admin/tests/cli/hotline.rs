//! The hotline: a caller gives a new contact point, and what a message to a shared number cannot say.

use std::io::Write as _;
use std::process::Stdio;

use contract::{Address, Content, Envelope};
use domain::AttemptId;
use domain::receipt::ReceiptKind;

use crate::office::{By, Office};
use crate::{Desk, two_people};

const NEW: &str = "zuri.synthetic@example.net";
const SAID: &str = "email=zuri.synthetic@example.net\nowner=self\nsafe=yes\nmay_name_org=yes\nverified_on=2026-11-01\n";

/// Codes of the messages, with their attempts and addresses.
fn codes(envelopes: &[Option<Envelope>]) -> Vec<(String, AttemptId, String)> {
    let code = |e: &Envelope| match &e.content {
        Content::Notice(data) => {
            let address = match &data.address {
                Address::Email { email } => email.clone(),
                Address::Phone { e164 } => e164.clone(),
                other => panic!("an e-mail or a number, not {other:?}"),
            };
            (data.reference.clone(), e.attempt_id, address)
        }
        other => panic!("a notice, not {other:?}"),
    };
    envelopes.iter().flatten().map(code).collect()
}

/// What a desk types on standard input, so that no number stands in a list of processes.
fn record_new(desk: &Desk, code: &str, said: &str, by: &str) -> serde_json::Value {
    let args = ["hotline", "record", code, "new_contact", "--checked", "--file", "-", "--as", by, "--json"];
    let mut child = desk.command(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(said.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("ended");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn whole_way(desk: Desk) {
    let office = Office::launched_on(desk, 500, &[By::Mail; 2]);
    let desk = &office.desk;
    office.work_until("messages", || office.left(2));
    let sent = codes(&office.open(&[0], &office.carry_out()));
    let (code, first, old) = sent[0].clone();

    // One signature changes nothing, and the desk that took the call learns nothing about the person.
    let recorded = record_new(desk, &code, SAID, "anna");
    let text = recorded.to_string();
    assert!(!text.contains("prs_") && !text.contains("example") && !text.contains("open"), "{text}");
    let action = desk.text(&recorded["action"]);
    assert!(desk.fails(3, &["action", "sign", &action, "--as", "anna"]).contains("second person"));
    let shown = desk.run(&["action", "show", &action]);
    let shown = String::from_utf8(shown.stdout).expect("text");
    assert!(shown.contains("new contact: email …et") && shown.contains("owner=self"), "{shown}");
    assert!(!shown.contains("zuri.synthetic"), "its end is enough to compare with the note of the call: {shown}");
    let person = shown.split_whitespace().find(|w| w.starts_with("prs_")).expect("whom it is about");
    let person = person.trim_end_matches(':').to_owned();
    let contacts = || desk.ok(&["protect", "show", &person, "--as", "ben"])["contacts"].as_array().map_or(0, Vec::len);
    assert_eq!(contacts(), 1);
    desk.ok(&["action", "sign", &action, "--as", "ben"]);
    assert_eq!(contacts(), 2);

    // More than was approved: it waits for the supplement, and then for its turn behind the message that is under way.
    assert_eq!(office.persons("planned"), 1, "{}", office.status());
    two_people(desk, &["campaign", "approve", &office.campaign]);
    office.bring(&office.receipts(0, &[first], ReceiptKind::Accepted));
    office.bring(&office.receipts(0, &[first], ReceiptKind::Failed));
    office.work_until("a message to the new address", || office.left(1));
    let next = codes(&office.open(&[0], &office.carry_out()));
    assert_eq!(next.len(), 1);
    assert_eq!((next[0].2.as_str(), next[0].2 != old), (NEW, true));
    assert_ne!(next[0].1, first, "an attempt of its own");
    office.bring(&office.receipts(0, &attempts_of(&next), ReceiptKind::Delivered));
    office.work_until("it was delivered", || office.persons("unconfirmed") == 1);
    assert!(!desk.ok(&["hotline", "record", &next[0].0, "informed", "--checked", "--as", "anna"])["new"].is_null());
    assert_eq!(office.persons("informed"), 1);
    for path in office.home_files() {
        let bytes = std::fs::read(&path).expect("read");
        let found = bytes.windows(NEW.len()).any(|w| w == NEW.as_bytes());
        assert!(!found, "{} holds the new address in clear", path.display());
    }
    assert_eq!(desk.ok(&["audit", "verify"])["whole"].as_bool(), Some(true));
}

fn attempts_of(codes: &[(String, AttemptId, String)]) -> Vec<AttemptId> {
    codes.iter().map(|(_, attempt, _)| *attempt).collect()
}

#[test]
fn a_new_contact_point_takes_two_people_and_a_linkage_and_is_then_told() {
    whole_way(Desk::new());
}

#[test]
fn the_same_on_postgresql() {
    if let Some(desk) = Desk::served() {
        whole_way(desk);
    }
}

/// Somebody else lists the number that a caller gives: rules for shared numbers hold at once.
#[test]
fn a_new_contact_point_that_another_person_lists_is_shared() {
    let office = Office::launched(500, &[By::Mail; 2]);
    let desk = &office.desk;
    office.work_until("messages", || office.left(2));
    let sent = codes(&office.open(&[0], &office.carry_out()));
    let said = format!("email={}\nowner=self\nsafe=yes\nmay_name_org=yes\n", sent[1].2);
    let action = desk.text(&record_new(desk, &sent[0].0, &said, "anna")["action"]);
    let shown = String::from_utf8(desk.run(&["action", "show", &action]).stdout).expect("text");
    let person = shown.split_whitespace().find(|w| w.starts_with("prs_")).expect("whom it is about");
    let person = person.trim_end_matches(':').to_owned();
    desk.ok(&["action", "sign", &action, "--as", "ben"]);
    let explained = desk.ok(&["explain", &person]);
    let rules = explained["rules"].to_string();
    assert!(rules.contains("\"R17\""), "listed by another person: {explained}");
    let open = |contact: u64| {
        let routes = explained["routes"].as_array().expect("routes").iter();
        routes.filter(|r| r["channel"] == "email" && r["contact"] == contact && r["level"] != "L0").count()
    };
    assert_eq!((open(0), open(1)), (1, 0), "no e-mail to a mailbox that two list: {explained}");
}

#[test]
fn what_a_caller_cannot_say_is_refused_and_nothing_is_written() {
    let office = Office::launched(500, &[By::Mail; 1]);
    let desk = &office.desk;
    office.work_until("a message", || office.left(1));
    let code = codes(&office.open(&[0], &office.carry_out())).remove(0).0;
    let file = desk.write("new.txt", "phone=0900-SYNTHETIC\n");
    let new = ["hotline", "record", &code, "new_contact", "--as", "anna"];
    let with = |more: &[&str]| desk.fails(if more.contains(&"--checked") { 2 } else { 3 }, &[&new, more].concat());
    assert!(with(&["--file", &file]).contains("--checked"));
    with(&["--checked"]);
    let said = with(&["--checked", "--file", &file]);
    assert!(said.contains("phone") && !said.contains("SYNTHETIC"), "{said}");
    desk.fails(2, &["hotline", "record", &code, "informed", "--checked", "--file", &file, "--as", "anna"]);
    assert_eq!(desk.ok(&["action", "list"]).as_array().map(Vec::len), Some(0));
}

#[test]
fn a_code_of_a_shared_message_says_what_everybody_may_say_and_nothing_that_only_the_person_can() {
    let office = Office::launched(500, &[By::SharedPhone; 2]);
    let desk = &office.desk;
    office.work_until("one message for the number", || office.left(1));
    let sent = codes(&office.open(&[0], &office.carry_out()));
    let code = &sent[0].0;
    assert_eq!(desk.ok(&["verify", code, "--as", "anna"])["ours"].as_bool(), Some(true));
    let record = |what: &'static str| ["hotline", "record", code, what, "--checked", "--as", "anna"];
    for what in ["informed", "opted_out"] {
        let said = desk.fails(3, &record(what));
        assert!(said.contains("not for one person only"), "{said}");
    }
    let file = desk.write("new.txt", SAID);
    let new = ["hotline", "record", code, "new_contact", "--checked", "--file", &file, "--as", "anna"];
    assert!(desk.fails(3, &new).contains("not for one person only"));
    assert_eq!((office.persons("informed"), office.persons("withdrawn")), (0, 0));
    assert_eq!(desk.ok(&record("unsafe"))["new"].as_bool(), Some(true), "a danger is a danger to all of them");
}
