//! `tidings explain --facts`: the published schema, refusals without values, and a whole line.

use protection::facts_io::{Summary, explain_lines, schema};

const LINE: &str = r#"{"record":{"society":"KE","system":"rfl","record_id":"R-1","roles":["aid_recipient"],"birth":{"year":1980},"country_of_presence":"KE","languages":[{"tag":"sw"}],"needs_codes":[],"concerns":[],"contacts":[{"kind":"phone","value":"+254700000001","owner":"self","safe":"yes","may_name_org":"yes","verified_on":"2026-10-01","country":"KE"}]},"context":{"tier":"standard"},"now":"2026-11-29T08:00:00Z"}"#;

fn run(input: &str) -> (Summary, Vec<serde_json::Value>) {
    let mut output = Vec::new();
    let summary = explain_lines(input.as_bytes(), &mut output).expect("memory can be written");
    let lines = String::from_utf8(output).expect("text");
    (summary, lines.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect())
}

#[test]
fn a_line_gives_routes_reasons_rules_held_and_steps() {
    let (summary, lines) = run(LINE);
    assert_eq!(summary, Summary { decided: 1, refused: 0 });
    let mut keys: Vec<_> = lines[0].as_object().expect("an object").keys().cloned().collect();
    keys.sort();
    assert_eq!(keys, ["held", "reasons", "routes", "rules", "steps"]);
    assert_eq!(lines[0]["held"], false);
    assert_eq!(lines[0]["rules"], serde_json::json!(["R08"]));
    let sms = lines[0]["routes"].as_array().expect("routes").iter().find(|r| r["channel"] == "sms").expect("a route");
    assert_eq!(
        *sms,
        serde_json::json!({"to": "self", "channel": "sms", "contact": 0, "level": "L3", "wire": "L3", "waits": null})
    );
    let steps = lines[0]["steps"].as_array().expect("steps");
    let channels: Vec<_> = steps.iter().map(|s| s["channel"].as_str().expect("a word")).collect();
    assert_eq!(
        channels,
        ["call_live", "app", "sms", "ivr", "caseworker"],
        "in person last, no visit without detention"
    );
}

#[test]
fn a_bad_line_is_named_without_its_values_and_the_next_one_is_decided() {
    let secret = LINE.replace("\"aid_recipient\"", "\"Synthetic Secret\"");
    let (summary, lines) = run(&format!("{secret}\n\n{{\"now\":0}}\n{LINE}\n{{"));
    assert_eq!(summary, Summary { decided: 1, refused: 3 });
    assert_eq!(lines.len(), 4);
    assert!(!lines[0].to_string().contains("Secret"), "{}", lines[0]);
    assert_eq!(lines[0]["line"], 1);
    assert!(lines[2].get("routes").is_some());
}

#[test]
fn without_assessment_everything_is_closed() {
    let (_, lines) = run(&LINE.replace(r#""context":{"tier":"standard"},"#, ""));
    assert_eq!(lines[0]["held"], true);
    assert!(lines[0]["reasons"].as_array().expect("reasons").contains(&"context".into()));
    assert!(lines[0]["rules"].as_array().expect("rules").contains(&"R20".into()));
    assert_eq!(lines[0]["steps"], serde_json::json!([]));
}

#[test]
fn the_published_schema_is_that_of_the_types_and_takes_the_example() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/explain-facts.input.schema.json");
    let fresh = serde_json::to_string_pretty(&schema()).expect("JSON") + "\n";
    if std::env::var_os("TIDINGS_WRITE_SCHEMAS").is_some() {
        std::fs::write(path, &fresh).expect("the schema can be written");
    }
    let published = std::fs::read_to_string(path).expect("the schema is committed");
    assert_eq!(published, fresh, "run this test once with TIDINGS_WRITE_SCHEMAS=1");
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let line: serde_json::Value = serde_json::from_str(LINE).expect("JSON");
    assert!(validator.is_valid(&line));
    let wrong: serde_json::Value = serde_json::from_str(&LINE.replace("\"standard\"", "\"mild\"")).expect("JSON");
    assert!(!validator.is_valid(&wrong));
}
