//! What people know about somebody's safety: stating it, setting a rule aside, and what one person alone cannot do.

use super::*;

/// Somebody whose restriction text nobody has coded yet: R00 closes everything.
const RECORD: &str = r#"{"society":"KE","system":"aid","record_id":"S-1","roles":["aid_recipient"],"names":{"full":["Zuri Synthetic"]},"sex":"female","birth":{"year":1979,"month":3,"day":20,"estimated":false},"country_of_presence":"KE","languages":[{"tag":"en"}],"literacy":"reads","contacts":[{"kind":"phone","value":"+254700000107","owner":"self","collected_on":"2021-03-29","verified_on":"2021-06-17","status":"active","safe":"yes","may_name_org":"yes","country":"KE"}],"consent":{},"do_not_contact":false,"legal_hold":false,"unparsed_restriction":true,"exposure":[],"created_on":"2021-01-10","updated_on":"2021-06-17"}
"#;

/// A code word that the person agreed with a caseworker.
const CODE_WORD: &str = "blue-umbrella-market";

struct Case {
    desk: Desk,
    campaign: String,
    person: String,
}

impl Case {
    fn new() -> Self {
        let desk = Desk::new();
        let incident = set_up(&desk);
        let file = desk.write("one.ndjson", RECORD);
        let about = desk.write("one.toml", &manifest("canonical", 1, RECORD));
        desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident]);
        let planned = desk.ok(&["campaign", "plan", "--incident", &incident, "--name", "first", "--canary", "0"]);
        let campaign = desk.text(&planned["campaign"]);
        let holds = desk.ok(&["hold", "list", "--campaign", &campaign]);
        assert_eq!(holds[0]["rules"][0].as_str(), Some("R00"), "{holds}");
        let person = desk.text(&holds[0]["person"]);
        Self { desk, campaign, person }
    }

    fn held(&self) -> bool {
        self.desk.ok(&["hold", "list", "--campaign", &self.campaign]).as_array().is_some_and(|l| !l.is_empty())
    }

    /// Channels of the open routes.
    fn open(&self) -> Vec<String> {
        let explained = self.desk.ok(&["explain", &self.person]);
        let routes = explained["routes"].as_array().expect("routes").iter();
        routes.filter(|r| r["level"] != "L0").map(|r| self.desk.text(&r["channel"])).collect()
    }

    fn lift(&self, rule: &str) -> Vec<String> {
        let args = [
            "hold",
            "lift",
            &self.person,
            "--rule",
            rule,
            "--route",
            "self/caseworker",
            "--level",
            "L4",
            "--reason",
            "Text read by the desk",
        ];
        args.map(str::to_owned).to_vec()
    }
}

fn words(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

#[test]
fn two_people_set_one_rule_aside_on_one_route_and_nothing_else_opens() {
    let case = Case::new();
    let desk = &case.desk;
    assert!(case.held() && case.open().is_empty());
    let alone = |args: &[&str]| desk.fails(3, &[args, &["--as", "anna"]].concat());
    assert!(alone(&words(&case.lift("R03"))).contains("never lifted"));
    assert!(alone(&words(&case.lift("R24"))).contains("did not fire"));
    let lift = case.lift("R00");
    let bulk = [&["hold", "lift", &case.person], &words(&lift)[2..]].concat();
    assert!(alone(&bulk).contains("bulk"));
    let mut telling = words(&lift);
    telling[10] = "she is at +254700000107 now";
    assert!(desk.fails(2, &[&telling[..], &["--as", "anna"]].concat()).contains("leave out numbers"));

    let mut neutral = words(&lift);
    neutral[8] = "L2";
    let wordless = alone(&neutral);
    assert!(wordless.contains("self/caseworker") && wordless.contains("no words"), "{wordless}");

    two_people(desk, &words(&lift));
    assert_eq!(case.open(), ["caseworker"]);
    assert!(!case.held(), "the caseworker has a task now");

    // One person tightens, at once; that changes what R00 reads, and the lift is void.
    desk.ok(&["protect", "set", &case.person, "--fact", "do_not_contact=yes", "--as", "anna"]);
    assert!(case.held() && case.open().is_empty());
}

#[test]
fn tightening_takes_one_person_and_loosening_two() {
    let case = Case::new();
    let desk = &case.desk;
    let set = |fact: &str| desk.ok(&["protect", "set", &case.person, "--fact", fact, "--as", "anna"]);
    assert_eq!(set("needs_codes=SV-VA")["tightens"].as_bool(), Some(true));
    assert_eq!(set("restriction_coded=yes")["tightens"].as_bool(), Some(false));
    assert!(case.held(), "one signature opens nothing");
    let waiting = desk.ok(&["action", "list"]);
    let action = desk.text(&waiting[0]["action"]);
    let shown = desk.run(&["action", "show", &action]);
    let shown = String::from_utf8(shown.stdout).expect("text");
    assert!(shown.contains("restriction_coded=yes") && shown.contains("As it would be"), "{shown}");

    // In between somebody learns more: what was proposed was proposed on other facts.
    desk.ok(&["protect", "set", &case.person, "--fact", "contact.1.safe=no", "--as", "ben"]);
    assert!(desk.fails(3, &["action", "sign", &action, "--as", "ben"]).contains("changed"));
    assert!(case.held());

    two_people(desk, &["protect", "set", &case.person, "--fact", "restriction_coded=yes"]);
    let open = case.open();
    assert!(open.contains(&"caseworker".to_owned()) && !open.contains(&"sms".to_owned()), "{open:?}");
    assert!(!case.held());
}

#[test]
fn what_was_stated_is_kept_with_who_and_when_and_lies_nowhere_in_clear() {
    let case = Case::new();
    let desk = &case.desk;
    let file = desk
        .write("facts.txt", &format!("# agreed with the person\ncontact.1.code_name={CODE_WORD}\ncontact.1.safe=no\n"));
    two_people(desk, &["protect", "set", &case.person, "--file", &file]);
    std::fs::remove_file(desk.path("facts.txt")).expect("removed");
    let shown = desk.ok(&["protect", "show", &case.person, "--as", "anna"]);
    assert_eq!(shown["contacts"][0]["ends_with"].as_str(), Some("…07"));
    let text = shown.to_string();
    assert!(!text.contains("254700000107") && !text.contains("Zuri"), "{text}");
    assert!(text.contains(CODE_WORD), "the person who opens a case may read it");
    let said = &shown["statements"][0];
    assert!(said["at"].as_i64().is_some() && said["by"].as_str().is_some_and(|by| by.starts_with("opr_")), "{said}");
    let home = desk.path("tidings-home");
    for entry in std::fs::read_dir(&home).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("read");
            let found = bytes.windows(CODE_WORD.len()).any(|w| w == CODE_WORD.as_bytes());
            assert!(!found, "{} holds a code word in clear", path.display());
        }
    }
    assert_eq!(desk.ok(&["audit", "verify"])["whole"].as_bool(), Some(true));
    let telling = "contact.1.code_name=the tracing desk";
    let said = desk.fails(2, &["protect", "set", &case.person, "--fact", telling, "--as", "ben"]);
    assert!(said.contains("contact.1.code_name") && !said.contains("tracing desk"), "{said}");
    assert!(desk.fails(2, &["protect", "set", &case.person, "--fact", "vital=Zuri", "--as", "ben"]).contains("vital"));
    assert!(
        desk.fails(2, &["protect", "set", &case.person, "--fact", "contact.9.safe=no", "--as", "ben"])
            .contains("contact 9")
    );
}
