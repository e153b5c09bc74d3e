//! Tasks, codes and recalls, as teams, hotline desks and operators type them.

use contract::Content;
use domain::receipt::ReceiptKind;
use serde_json::Value;

use crate::office::{By, Office, attempts};

fn tasks(office: &Office) -> Vec<Value> {
    office.desk.ok(&["task", "list"]).as_array().expect("a list").clone()
}

/// Two tasks with their team; their ids.
fn with_tasks() -> (Office, Vec<String>) {
    let office = Office::launched(500, &[By::Caseworker; 2]);
    office.work_until("messages", || office.left(2));
    let ids = tasks(&office).iter().map(|t| office.desk.text(&t["task"])).collect();
    (office, ids)
}

#[test]
fn a_team_finds_its_tasks_by_id_opens_one_and_says_what_came_of_it() {
    let (office, ids) = with_tasks();
    let desk = &office.desk;
    // What the gateway was given is the id, and nothing that the list would add to it.
    let envelopes = office.open(&[0], &office.carry_out());
    let mut wire: Vec<String> = envelopes
        .iter()
        .flatten()
        .map(|e| match &e.content {
            Content::Task(data) => data.task_id.to_string(),
            other => panic!("a task, not {other:?}"),
        })
        .collect();
    wire.sort();
    let mut listed = ids.clone();
    listed.sort();
    assert_eq!(wire, listed);
    let list = desk.ok(&["task", "list"]).to_string();
    for word in ["Zuri", "Baraka", "caseworker", "prs_", "SV-VA", "survivor"] {
        assert!(!list.contains(word), "{word} in {list}");
    }

    let open = |id: &str| desk.ok(&["task", "open", id, "--as", "anna"]);
    let (first, second) = (open(&ids[0]), open(&ids[1]));
    let mut names = vec![first["names"][0].clone(), second["names"][0].clone()];
    names.sort_by_key(Value::to_string);
    assert_eq!(names, ["Baraka Mwangi", "Zuri Achieng"]);
    assert_eq!(first["level"].as_str(), Some("L4"), "{first}");
    assert!(first["script"].as_str().is_some_and(|script| script.len() > 200), "{first}");
    assert_eq!(first["records"].as_array().map(Vec::len), Some(1));
    assert!(first["place"].is_null(), "a caseworker needs no address");
    assert!(desk.fails(1, &["task", "open", &ids[0], "--as", "nobody"]).contains("nobody"));
    assert!(
        desk.fails(1, &["task", "open", "6f2b3a1e-1111-4222-8333-444455556666", "--as", "anna"]).contains("task list")
    );

    let close = |id: &str, outcome: &str| desk.ok(&["task", "close", id, outcome, "--as", "ben"]);
    assert_eq!(close(&ids[0], "informed")["new"].as_bool(), Some(true));
    assert_eq!(close(&ids[0], "informed")["new"].as_bool(), Some(false), "said twice, it counts once");
    desk.fails(2, &["task", "close", &ids[1], "failed", "--as", "ben"]);
    desk.ok(&["task", "close", &ids[1], "failed", "--code", "unreachable", "--as", "ben"]);
    assert_eq!((office.persons("informed"), office.persons("exhausted")), (1, 1));
    assert!(tasks(&office).is_empty());
    assert_eq!(desk.ok(&["task", "list", "--all"]).as_array().map(Vec::len), Some(2));
    assert!(desk.fails(3, &["task", "open", &ids[0], "--as", "anna"]).contains("over"));
    assert_eq!(desk.ok(&["audit", "verify"])["whole"].as_bool(), Some(true));
}

#[test]
fn a_task_whose_way_was_closed_since_shows_nothing_and_openings_are_counted() {
    let (office, ids) = with_tasks();
    let desk = &office.desk;
    let case = desk.ok(&["task", "open", &ids[0], "--as", "anna"]);
    let record = case["records"][0]["record"].as_str().and_then(|id| id.strip_prefix("S-")).expect("an id");
    // Somebody learns that the person wants no contact: the task lies with its team, and no team says anything any more.
    let read = office.import(&[By::Caseworker; 2], Some(record.parse().expect("a number")));
    assert_eq!((read["updated"].as_u64(), read["unchanged"].as_u64()), (Some(1), Some(1)), "{read}");
    let said = desk.fails(3, &["task", "open", &ids[0], "--as", "anna"]);
    assert!(!said.contains("Zuri") && !said.contains("Baraka") && !said.contains("S-"), "{said}");

    // Two openings so far, the refused one too: at the quota an operator waits, and another one does not.
    desk.write("tidings.toml", "tasks_a_day = 3\n");
    desk.ok(&["task", "open", &ids[1], "--as", "anna"]);
    assert!(desk.fails(3, &["task", "open", &ids[1], "--as", "anna"]).contains("another operator"));
    desk.ok(&["task", "open", &ids[1], "--as", "ben"]);
}

#[test]
fn a_code_says_that_a_message_is_ours_and_nothing_else() {
    let office = Office::launched(500, &[By::Mail; 2]);
    office.work_until("messages", || office.left(2));
    let envelopes = office.open(&[0], &office.carry_out());
    let codes: Vec<String> = envelopes
        .iter()
        .flatten()
        .map(|e| match &e.content {
            Content::Notice(data) => data.reference.clone(),
            other => panic!("a notice, not {other:?}"),
        })
        .collect();
    let desk = &office.desk;
    let verify = |code: &str, who: &str| desk.ok(&["verify", code, "--as", who]);
    assert_eq!(verify(&codes[0], "anna"), serde_json::json!({ "ours": true }));
    assert_eq!(verify(&codes[0].to_lowercase().replace('-', " "), "anna"), serde_json::json!({ "ours": true }));
    let misread = codes[0].replacen(&codes[0][1..2], if &codes[0][1..2] == "A" { "B" } else { "A" }, 1);
    assert_eq!(verify(&misread, "anna")["ours"].as_bool(), Some(false));

    let record = |code: &str, what: &str| ["hotline", "record", code, what, "--as", "anna"].map(str::to_owned);
    fn words(args: &[String]) -> Vec<&str> {
        args.iter().map(String::as_str).collect()
    }
    assert!(desk.fails(3, &words(&record(&codes[0], "informed"))).contains("--checked"));
    let checked = |args: [String; 6]| desk.ok(&[&words(&args)[..], &["--checked"]].concat());
    assert_eq!(checked(record(&codes[0], "informed"))["new"].as_bool(), Some(true));
    assert_eq!(checked(record(&codes[0], "informed"))["new"].as_bool(), Some(false));
    assert_eq!(office.persons("informed"), 1);
    let said = desk.ok(&words(&record(&codes[1], "unsafe"))).to_string();
    assert!(!said.contains("example.org") && !said.contains("prs_") && !said.contains("att_"), "{said}");
    assert_eq!(office.persons("informed"), 1, "what is unsafe informs nobody");

    // Guessing ends after ten codes; then a right one is not answered either, and recording is no way around.
    for _ in 0..10 {
        let guess = localisation::reference::Reference::random(&mut rand::rng()).to_string();
        assert_eq!(verify(&guess, "anna"), serde_json::json!({ "ours": false }));
    }
    assert!(desk.fails(3, &["verify", &codes[0], "--as", "anna"]).contains("wrong codes"));
    assert!(desk.fails(3, &words(&record(&codes[0], "unsafe"))).contains("wrong codes"));
    assert_eq!(verify(&codes[0], "ben")["ours"].as_bool(), Some(true), "another desk goes on");
    for path in office.home_files() {
        let bytes = std::fs::read(&path).expect("read");
        assert!(!bytes.windows(11).any(|w| w == b"example.org"), "{} holds an address in clear", path.display());
    }
    assert_eq!(desk.ok(&["audit", "verify"])["whole"].as_bool(), Some(true));
}

#[test]
fn stopping_recalls_what_left_and_withdraws_what_did_not() {
    let office = Office::launched(2, &[By::Caseworker; 3]);
    office.work_until("two messages", || office.left(2));
    let sent = attempts(&office.open(&[0], &office.carry_out()));
    let desk = &office.desk;
    let stop = || desk.ok(&["campaign", "stop", &office.campaign, "--as", "anna"]);
    assert_eq!(stop()["recalled"].as_u64(), Some(2));
    assert_eq!(office.persons("withdrawn"), 1, "what had not left never leaves");
    let recalls = office.open(&[0], &office.carry_out());
    for recall in recalls.iter().flatten() {
        assert!(matches!(recall.content, Content::Recall(_)), "{recall:?}");
        assert_ne!(recall.message_id, recall.attempt_id.uuid(), "a message of its own");
    }
    let mut recalled = attempts(&recalls);
    let mut wanted = sent.clone();
    recalled.sort();
    wanted.sort();
    assert_eq!(recalled, wanted);

    // Nobody answered: stopping again asks again.
    assert_eq!(stop()["recalled"].as_u64(), Some(2));
    assert_eq!(office.carry_out().len(), 2);
    assert!(desk.fails(3, &["campaign", "close", &office.campaign, "--as", "anna"]).contains("cannot close"));
    office.bring(&office.receipts(0, &sent[..1], ReceiptKind::Withdrawn));
    office.bring(&office.receipts(0, &sent[1..], ReceiptKind::TooLate));
    office.bring(&office.receipts(0, &sent[1..], ReceiptKind::Informed));
    office.work_until("the answers", || (office.persons("withdrawn"), office.persons("informed")) == (2, 1));
    assert_eq!(stop()["recalled"].as_u64(), Some(0));
    assert!(office.waiting() == 0, "nothing is asked back that was answered");
    office.desk.ok(&["campaign", "close", &office.campaign, "--as", "anna"]);
}
