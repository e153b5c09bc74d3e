//! What is undecided: restrictions are shared until people decide, and deciding is a matter of single keys.

use std::io::Write as _;

use super::*;

/// Two records of what may be one woman: same name, father, mother and birthplace, and only a year of birth. The
/// second asks not to be contacted.
const PAIR: &str = r#"{"society":"KE","system":"aid","record_id":"R-1","roles":["aid_recipient"],"names":{"full":["Zuriath Synthetic-Okonjo"],"given":"Zuriath","family":"Synthetic-Okonjo","father":"Barakael","mother":"Sefunire"},"sex":"female","birth":{"year":1979,"month":null,"day":null,"estimated":false},"birth_place":"Kitengela","country_of_presence":"KE","languages":[{"tag":"en"}],"literacy":"reads","contacts":[{"kind":"phone","value":"+254700000107","owner":"self","collected_on":"2021-03-29","verified_on":"2021-12-17","status":"active","safe":"yes","safe_confirmed_on":"2021-12-17","may_name_org":"yes","country":"KE"}],"consent":{},"needs_codes":[],"concerns":[],"do_not_contact":false,"legal_hold":false,"unparsed_restriction":false,"exposure":[],"created_on":"2021-01-10","updated_on":"2021-12-17"}
{"society":"KE","system":"aid","record_id":"R-2","roles":["aid_recipient"],"names":{"full":["Zuriath Synthetic-Okonjo"],"given":"Zuriath","family":"Synthetic-Okonjo","father":"Barakael","mother":"Sefunire"},"sex":"female","birth":{"year":1979,"month":null,"day":null,"estimated":false},"birth_place":"Kitengela","country_of_presence":"KE","languages":[{"tag":"en"}],"literacy":"reads","contacts":[],"consent":{},"needs_codes":[],"concerns":[],"do_not_contact":true,"legal_hold":false,"unparsed_restriction":false,"exposure":[],"created_on":"2021-01-10","updated_on":"2021-12-17"}
"#;

/// Presses keys and returns what the walk answers.
fn press(desk: &Desk, incident: &str, keys: &str, more: &[&str]) -> (Value, String) {
    let args = [&["dedupe", "review", "--incident", incident, "--as", "anna", "--json"], more].concat();
    let mut command = desk.command(&args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    child.stdin.take().expect("piped").write_all(keys.as_bytes()).expect("keys are read");
    let output = child.wait_with_output().expect("ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    (serde_json::from_slice(&output.stdout).expect("JSON"), said)
}

#[test]
fn pairs_are_decided_with_single_keys() {
    let desk = Desk::new();
    let incident = linked(&desk);
    let before = waiting(&desk, &incident);
    assert!(before.len() > 3, "there is something to decide: {before:?}");
    desk.fails(2, &["dedupe", "review", "--as", "anna"]);
    assert!(desk.fails(1, &["dedupe", "review", "--incident", &incident, "--as", "nobody"]).contains("nobody"));

    // Whoever stops has decided nothing.
    let (answer, said) = press(&desk, &incident, "q", &[]);
    assert_eq!(answer["pairs"].as_array().map(Vec::len), Some(0), "{answer}");
    assert!(said.contains("Pair 1 of") && said.contains("[a] one person") && said.contains("what was found"), "{said}");
    assert_eq!(waiting(&desk, &incident), before);

    // A letter that means nothing is passed over; the end of the keys is a stop.
    let (answer, _) = press(&desk, &incident, "xSr", &["--limit", "10"]);
    let pairs = answer["pairs"].as_array().expect("pairs");
    assert_eq!(pairs.len(), 2, "{answer}");
    assert_eq!(answer["later"].as_u64(), Some(1));
    assert_eq!(pairs[0]["a"], *before[0].0, "the list's order");
    let decided = (desk.text(&pairs[1]["a"]), desk.text(&pairs[1]["b"]));
    match pairs[1]["decided"]["action"].as_str() {
        Some(action) => {
            assert!(waiting(&desk, &incident).contains(&decided), "one signature changes nothing");
            desk.ok(&["action", "sign", action, "--as", "ben"]);
        }
        None => assert_eq!(answer["parted"].as_u64(), Some(1), "{answer}"),
    }
    assert!(!waiting(&desk, &incident).contains(&decided));
    assert_eq!(explained(&desk, &decided.0, &decided.1)["one_person"].as_bool(), Some(false));

    let (answer, _) = press(&desk, &incident, "a", &["--limit", "1"]);
    assert_eq!(answer["proposed"].as_u64(), Some(1), "{answer}");
    let (a, b) = (desk.text(&answer["pairs"][0]["a"]), desk.text(&answer["pairs"][0]["b"]));
    assert_eq!(explained(&desk, &a, &b)["one_person"].as_bool(), Some(false), "a second person has to sign");
    desk.ok(&["action", "sign", &desk.text(&answer["pairs"][0]["decided"]["action"]), "--as", "ben"]);
    assert_eq!(explained(&desk, &a, &b)["one_person"].as_bool(), Some(true));
}

#[test]
fn an_undecided_pair_shares_its_restrictions_until_two_people_part_it() {
    let desk = Desk::new();
    let incident = linked(&desk);
    let file = desk.write("pair.ndjson", PAIR);
    let about = desk.write("pair.toml", &manifest("canonical", 2, PAIR));
    desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident]);
    desk.ok(&["dedupe", "run", "--incident", &incident]);
    let list = desk.ok(&["dedupe", "review", "list", "--incident", &incident, "--limit", "25", "--as", "anna"]);
    let named = |pair: &&Value| {
        let fields = pair["records"].as_array().expect("fields").iter();
        fields.clone().any(|f| f["a"] == "Zuriath") && fields.clone().any(|f| f["b"] == "Zuriath")
    };
    let pair = list.as_array().expect("a list").iter().find(named).unwrap_or_else(|| panic!("the pair waits: {list}"));
    let (a, b) = (desk.text(&pair["a"]), desk.text(&pair["b"]));
    let persons = [desk.text(&pair["persons"][0]), desk.text(&pair["persons"][1])];
    let open = |person: &String| {
        let explained = desk.ok(&["explain", person]);
        explained["routes"].as_array().expect("routes").iter().filter(|r| r["level"] != "L0").count()
    };
    assert_eq!(persons.each_ref().map(open), [0, 0], "nobody contacts either of them");

    let reject = ["dedupe", "review", "reject", &a, &b, "--incident", &incident];
    let proposed = desk.ok(&[&reject[..], &["--as", "anna"]].concat());
    let action = desk.text(&proposed["action"]);
    assert_eq!(persons.each_ref().map(open), [0, 0], "one signature opens nothing");
    desk.ok(&["action", "sign", &action, "--as", "ben"]);
    let apart = persons.each_ref().map(open);
    assert_eq!(apart.iter().filter(|n| **n > 0).count(), 1, "only the one who asked stays closed: {apart:?}");
}
