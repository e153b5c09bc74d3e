//! What is undecided is decided with single keys.

use std::io::Write as _;

use super::*;

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
