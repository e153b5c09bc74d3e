//! Register files through the command: every profile, drafts, the same file twice, a changed one, a killed import, the
//! memory limit, and restrictions that only people loosen.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{CSV, Desk, MAPPING, manifest, set_up};

/// A desk with an incident and a synthetic folder of so many people.
fn desk(people: &str, profiles: &str) -> (Desk, String) {
    let desk = Desk::new();
    desk.ok(&["init"]);
    desk.ok(&[
        "synth",
        "--people",
        people,
        "--seed",
        "3",
        "--societies",
        "1",
        "--profiles",
        profiles,
        "--out",
        "synth",
    ]);
    let incident = desk.text(&desk.ok(&["incident", "put", "synth/incident.toml"])["incident"]);
    (desk, incident)
}

/// Imports twice: the first time every row is counted, the second time nothing is read. People whom another profile
/// brought already, under the same ids and with the same facts, are unchanged.
fn goes_in(desk: &Desk, incident: &str, profile: &str, file: &str, manifest: &str, mapping: Option<&str>) {
    let mut args = vec!["import", file, "--manifest", manifest, "--incident", incident, "--profile", profile];
    args.extend(mapping.map_or(vec![], |m| vec!["--mapping", m]));
    let first = desk.ok(&args);
    let count = |key: &str| first[key].as_u64().expect("a number");
    assert!(count("rows_read") > 0, "{profile}: {first}");
    assert_eq!(count("quarantined"), 0, "{profile}: {first}");
    assert_eq!(count("rows_read"), count("new") + count("updated") + count("unchanged"), "{profile}: {first}");
    assert_eq!(desk.ok(&args)["again"].as_bool(), Some(true), "{profile}");
    let other = if profile == "csv" { "xlsx" } else { "csv" };
    args[7] = other;
    assert!(desk.fails(2, &args).contains("says profile"), "{profile}");
}

/// The same file under another profile's manifest, of another system.
fn restated(desk: &Desk, manifest: &str, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(desk.path(manifest)).expect("a manifest");
    let text = text.replace(&format!("\"{from}\""), &format!("\"{to}\"")).replace("system = \"", "system = \"re-");
    desk.write(&format!("{to}.toml"), &text)
}

/// So many different people.
fn crowd(count: usize) -> Vec<Value> {
    let one = |n| {
        let mut row = person(n % 50);
        row["record_id"] = json!(format!("K-{n}"));
        row["contacts"][0]["value"] = json!(format!("+2547{n:08}"));
        row
    };
    (0..count).map(one).collect()
}

#[test]
fn every_profile_goes_through_the_command() {
    let (desk, incident) = desk("150", "canonical,csv,xlsx,primero-json,pfif-xml");
    let synth = |name: &str| format!("synth/{name}");
    let mapping = synth("mapping.toml");
    goes_in(&desk, &incident, "canonical", &synth("KE-aid.ndjson"), &synth("KE-aid.toml"), None);
    goes_in(&desk, &incident, "csv", &synth("KE-people.csv"), &synth("KE-people.csv.toml"), Some(&mapping));
    goes_in(&desk, &incident, "xlsx", &synth("KE-transit.xlsx"), &synth("KE-transit.xlsx.toml"), Some(&mapping));
    goes_in(&desk, &incident, "primero-json", &synth("KE-cp.primero.json"), &synth("KE-cp.primero.json.toml"), None);
    goes_in(&desk, &incident, "pfif-xml", &synth("KE-rfl.pfif.xml"), &synth("KE-rfl.pfif.xml.toml"), None);
    let sheets = restated(&desk, "synth/KE-cp.xlsx.toml", "xlsx", "primero-xlsx");
    goes_in(&desk, &incident, "primero-xlsx", &synth("KE-cp.xlsx"), &sheets, Some(&mapping));
    let flat = restated(&desk, "synth/KE-cp.csv.toml", "csv", "primero-csv");
    goes_in(&desk, &incident, "primero-csv", &synth("KE-cp.csv"), &flat, Some(&mapping));
    let text = "person_record_id,full_name,age,status,author_name,author_phone\n\
                x/1,Amina Synthetic,30,believed_missing,Asha Synthetic,+254720000001\n";
    let file = desk.write("pfif.csv", text);
    let about = desk.write("pfif.toml", &manifest("pfif-csv", 1, text).replace("\"aid\"", "\"pf\""));
    goes_in(&desk, &incident, "pfif-csv", &file, &about, None);
}

#[test]
fn drafts_of_mapping_and_manifest_are_enough_to_import_and_show_what_is_not_mapped() {
    let (desk, incident) = desk("1", "canonical");
    let file = desk.write(
        "people.csv",
        &CSV.replace("Born", "Born,Grandmother").replace("01\n", "01,Zawadi\n").replace("1979\n", "1979,\n"),
    );
    let drafted = desk.ok(&["import", &file, "--draft-mapping"]);
    assert_eq!(drafted["unmapped"], json!(["Born", "Grandmother"]), "{drafted}");
    let shown = String::from_utf8(desk.run(&["import", &file, "--draft-mapping"]).stdout).expect("text");
    assert!(shown.contains("Grandmother") && shown.contains("map one to record_id"), "{shown}");
    assert!(!shown.contains("Asha") && !shown.contains("Zawadi"), "headers, never values: {shown}");
    let mapping = desk.write("map.toml", &format!("ignore = [\"Grandmother\"]\n{MAPPING}"));
    let drafted = desk.ok(&["import", &file, "--draft-manifest", "--society", "KE", "--system", "aid"]);
    assert_eq!(drafted["rows"].as_u64(), Some(2), "{drafted}");
    let about = desk.write("about.toml", drafted["toml"].as_str().expect("TOML"));
    let read = desk.ok(&["import", &file, "--manifest", &about, "--mapping", &mapping, "--incident", &incident]);
    assert_eq!((read["new"].as_u64(), read["rows_read"].as_u64()), (Some(2), Some(2)), "{read}");
    desk.fails(2, &["import", &file, "--draft-manifest"]);
}

#[test]
fn a_draft_shows_values_that_no_code_has_until_the_mapping_says_what_they_mean() {
    let (desk, incident) = desk("1", "canonical");
    let text = "Record ID,Full name,Sex\n1,Asha Synthetic,Weiblich\n2,Juma Synthetic,Männlich\n3,Otieno Synthetic,m\n";
    let file = desk.write("people.csv", text);
    let drafted = desk.ok(&["import", &file, "--draft-mapping"]);
    assert_eq!(drafted["unknown_values"][0]["values"], json!({ "Männlich": 1, "Weiblich": 1 }), "{drafted}");
    let shown = String::from_utf8(desk.run(&["import", &file, "--draft-mapping"]).stdout).expect("text");
    assert!(shown.contains("\"Weiblich\" = ") && !shown.contains("Asha"), "{shown}");
    let toml = drafted["toml"].as_str().expect("TOML");
    let about = desk.write("about.toml", &manifest("csv", 3, text));
    let import = |mapping: &str, system: &str| {
        let about = desk.write(
            &format!("{system}.toml"),
            &std::fs::read_to_string(desk.path(&about)).expect("text").replace("\"aid\"", &format!("\"{system}\"")),
        );
        desk.ok(&["import", &file, "--manifest", &about, "--mapping", mapping, "--incident", &incident])
    };
    let as_drafted = desk.write("drafted.toml", toml);
    assert_eq!(import(&as_drafted, "one")["notes"].as_u64(), Some(2), "the draft hides nothing");
    let values = "[column.values]\nWeiblich = \"female\"\n\"männlich\" = \"male\"\n";
    let at =
        toml.find("field = \"sex\"").map(|at| at + toml[at..].find("slot = 1\n").expect("a slot") + "slot = 1\n".len());
    let at = at.expect("the sex is mapped");
    let mapping = desk.write("said.toml", &format!("{}{values}{}", &toml[..at], &toml[at..]));
    let again = desk.ok(&["import", &file, "--draft-mapping", "--mapping", &mapping]);
    assert_eq!((&again["unknown_values"], &again["unmapped"]), (&json!([]), &json!([])), "{again}");
    assert_eq!(import(&mapping, "two")["notes"].as_u64(), Some(0));
}

#[test]
fn an_unfinished_import_of_another_file_is_given_up_only_when_asked() {
    let (desk, incident) = desk("1", "canonical");
    let many = crowd(20_000);
    let (file, about) = canonical(&desk, "many", &many);
    let args = ["import", &file, "--manifest", &about, "--incident", &incident];
    // Killed when some of it is staged, and nothing applied.
    let mut child = desk.command(&args).spawn().expect("starts");
    let began = std::time::Instant::now();
    let staged = |desk: &Desk| {
        let size = |name: &str| std::fs::metadata(desk.path(name)).map_or(0, |m| m.len());
        size("tidings-home/tidings.sqlite-wal") + size("tidings-home/tidings.sqlite")
    };
    let empty = staged(&desk);
    while staged(&desk) < empty + 1_000_000 && began.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("killed, or ended already");
    child.wait().expect("ended");
    let (other, other_about) = canonical(&desk, "few", &many[..7]);
    let args = ["import", &other, "--manifest", &other_about, "--incident", &incident];
    let said = desk.fails(3, &args);
    assert!(said.contains("--replace"), "{said}");
    let read = desk.ok(&[&args[..], &["--replace"]].concat());
    assert_eq!(["new", "updated", "unchanged"].map(|key| read[key].as_u64()), [Some(7), Some(0), Some(0)], "{read}");
    assert_eq!(desk.ok(&args)["again"].as_bool(), Some(true));
}

#[test]
fn a_file_that_proves_wrong_on_the_way_leaves_nothing_behind_and_stands_in_nobodys_way() {
    let (desk, incident) = desk("1", "canonical");
    let rows: String = (0..5_000).map(|n| format!("B-{n},Asha Synthetic,+2547{n:08},1980\n")).collect();
    let header = "Case No,Full name,Phone,Born\n";
    let mapping = desk.write("m.toml", MAPPING);
    let import = |name: &str, text: &str, said: usize| {
        let file = desk.write(&format!("{name}.csv"), text);
        let about = desk.write(&format!("{name}.toml"), &manifest("csv", said, text));
        [file, about]
    };
    let args = |[file, about]: &[String; 2]| -> Vec<String> {
        let words = ["import", file, "--manifest", about, "--mapping", &mapping, "--incident", &incident];
        words.map(str::to_owned).to_vec()
    };
    let fails = |what: &[String; 2]| desk.fails(2, &args(what).iter().map(String::as_str).collect::<Vec<_>>());
    // Thousands of rows are staged by then.
    let cut = import("cut", &format!("{header}{rows}B-x,Asha Synthetic\n"), 5_001);
    for _ in 0..2 {
        let said = fails(&cut);
        assert!(said.contains("row 5002: 2 cells where the header has 4"), "{said}");
    }
    let fewer = import("fewer", &format!("{header}{rows}"), 5_002);
    let said = fails(&fewer);
    assert!(said.contains("5002") && said.contains("5000"), "{said}");
    let other = import("other", &format!("{header}{rows}"), 5_000);
    desk.write("other.csv", &format!("{header}{rows}B-y,Asha Synthetic,,1980\n"));
    assert!(fails(&other).contains("SHA-256"), "a file that somebody has changed");
    let right = import("right", &format!("{header}{rows}"), 5_000);
    let read = desk.ok(&args(&right).iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(["new", "rows_read", "quarantined"].map(|key| read[key].as_u64()), [Some(5_000), Some(5_000), Some(0)]);
}

/// Canonical records of Kenya's aid register, with their manifest.
fn canonical(desk: &Desk, name: &str, records: &[Value]) -> (String, String) {
    let text: String = records.iter().map(|r| format!("{r}\n")).collect();
    let about = desk.write(&format!("{name}.toml"), &manifest("canonical", records.len(), &text));
    (desk.write(&format!("{name}.ndjson"), &text), about)
}

fn person(n: usize) -> Value {
    json!({
        "society": "KE", "system": "aid", "record_id": format!("A-{n}"), "roles": ["aid_recipient"],
        "names": { "full": [format!("{} Synthetic", ["Amina", "Juma", "Wanjiru", "Otieno"][n % 4])] },
        "birth": { "year": 1970 + n, "month": 3, "day": 4 }, "created_on": "2021-03-01", "updated_on": "2021-03-01",
        "contacts": [{ "kind": "phone", "value": format!("+25472000{n:04}"), "safe": "yes" }],
    })
}

#[test]
fn a_changed_file_applies_exactly_the_difference_and_a_changed_mapping_is_another_import() {
    let (desk, incident) = desk("1", "canonical");
    let mut people: Vec<Value> = (0..5).map(person).collect();
    let import = |people: &[Value], name: &str| {
        let (file, about) = canonical(&desk, name, people);
        desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident])
    };
    let counts = |read: &Value| ["new", "updated", "unchanged"].map(|key| read[key].as_u64().expect("a number"));
    assert_eq!(counts(&import(&people, "first")), [5, 0, 0]);
    people[1]["contacts"][0]["safe"] = json!("no");
    people.push(person(7));
    assert_eq!(counts(&import(&people, "second")), [1, 1, 4]);
    people.swap(0, 3);
    assert_eq!(counts(&import(&people, "third")), [0, 0, 6], "another order is no change");

    let table = "Case No,Full name,Phone,Born\nB-1,Asha Synthetic,+254700000101,1980\n";
    let file = desk.write("t.csv", table);
    let about = desk.write("t.toml", &manifest("csv", 1, table).replace("\"aid\"", "\"table\""));
    let without =
        desk.write("m1.toml", &format!("ignore = [\"Phone\"]\n{}", MAPPING.replace("\"Phone\"", "\"Mobile\"")));
    let with = desk.write("m2.toml", MAPPING);
    let read = |mapping: &str| {
        desk.ok(&["import", &file, "--manifest", &about, "--mapping", mapping, "--incident", &incident])
    };
    assert_eq!(counts(&read(&without)), [1, 0, 0]);
    assert_eq!(counts(&read(&with)), [0, 1, 0], "the corrected mapping brings the number");
    assert_eq!(read(&with)["again"].as_bool(), Some(true));
}

#[test]
fn an_import_that_was_killed_goes_on_and_nothing_is_lost_or_doubled() {
    let (desk, incident) = desk("1", "canonical");
    let people = crowd(3_000);
    let (file, about) = canonical(&desk, "many", &people);
    let args = ["import", &file, "--manifest", &about, "--incident", &incident];
    for patience in [150, 500, 1_200] {
        let mut child = desk.command(&args).spawn().expect("starts");
        std::thread::sleep(Duration::from_millis(patience));
        child.kill().expect("killed, or ended already");
        child.wait().expect("ended");
    }
    let read = desk.ok(&args);
    let total = ["new", "updated", "unchanged", "quarantined"].map(|key| read[key].as_u64().expect("a number"));
    assert_eq!((total.iter().sum::<u64>(), total[0]), (3_000, 3_000), "{read}");
    assert_eq!(desk.ok(&args)["again"].as_bool(), Some(true));
}

#[test]
fn a_file_that_takes_more_memory_than_allowed_ends_its_reader_and_nothing_else() {
    let (desk, incident) = desk("1", "canonical");
    let people: Vec<Value> = (0..20).map(person).collect();
    let (file, about) = canonical(&desk, "few", &people);
    let args = ["import", &file, "--manifest", &about, "--incident", &incident];
    let output = desk.command(&args).env("TIDINGS_IMPORT_MEMORY_MIB", "3").output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("It may use 3 MiB") && said.contains("Nothing was applied"), "{said}");
    assert_eq!(desk.ok(&args)["new"].as_u64(), Some(20));
}

#[test]
fn rows_that_are_set_aside_are_listed_for_the_society_without_a_value_and_without_a_formula() {
    let (desk, incident) = desk("1", "canonical");
    let text = "Case No,Full name,Phone,=Born\nB-1,Asha Synthetic,+254700000101,1980\nB-2,Juma Synthetic,,01/02/1990\nB-1,Otieno Synthetic,,1991\n";
    let file = desk.write("t.csv", text);
    let about = desk.write("t.toml", &manifest("csv", 3, text));
    let mapping = desk.write("m.toml", &MAPPING.replace("\"Born\"", "\"=Born\""));
    let args = ["import", &file, "--manifest", &about, "--mapping", &mapping, "--incident", &incident];
    let read = desk.ok(&args);
    assert_eq!(["rows_read", "new", "quarantined"].map(|key| read[key].as_u64()), [Some(3), Some(1), Some(2)]);
    let listed = |desk: &Desk| std::fs::read_to_string(desk.path("t.csv.quarantine.csv")).expect("a list");
    let list = listed(&desk);
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines[0], "row,column,reason");
    assert!(lines[1].starts_with("3,'=Born,") && lines[2].starts_with("4,record_id,"), "{list}");
    assert!(!["Juma", "Otieno", "1990", "B-1"].iter().any(|value| list.contains(value)), "never the value: {list}");
    std::fs::remove_file(desk.path("t.csv.quarantine.csv")).expect("removed");
    assert_eq!(desk.ok(&args)["again"].as_bool(), Some(true));
    assert_eq!(listed(&desk), list, "the same file again tells the same");
}

#[test]
fn hostile_files_are_refused_within_two_seconds_of_processor_time_and_256_mib() {
    let (desk, incident) = desk("1", "canonical");
    // One line of a gibibyte, of which nothing is on the disk.
    let line = std::fs::File::create(desk.path("line.csv")).expect("a file");
    std::io::Write::write_all(&mut &line, b"ID,Name\nA-1,").expect("written");
    line.set_len(1 << 30).expect("a long file");
    let books = concat!(env!("CARGO_MANIFEST_DIR"), "/../registers/tests/it/fixtures/hostile");
    let mapping = desk.write("m.toml", "ignore = [\"Name\"]\n[[column]]\nheader = \"ID\"\nfield = \"record_id\"\n");
    let files = [("csv", "line.csv".to_owned()), ("xlsx", format!("{books}/two-cells.xlsx"))];
    for (profile, file) in files.into_iter().chain([("xlsx", format!("{books}/inflates.xlsx"))]) {
        let about = desk.write("m-about.toml", &manifest(profile, 1, ""));
        let args = ["import", &file, "--manifest", &about, "--mapping", &mapping, "--incident", &incident];
        let tidings = desk.command(&args);
        let mut limited = Command::new("sh");
        limited.args(["-c", "ulimit -t 2; exec \"$0\" \"$@\""]).arg(tidings.get_program()).args(tidings.get_args());
        for (name, value) in tidings.get_envs() {
            match value {
                Some(value) => limited.env(name, value),
                None => limited.env_remove(name),
            };
        }
        let limited = limited.current_dir(desk.path("")).env("TIDINGS_IMPORT_MEMORY_MIB", "256");
        let ended = limited.output().expect("runs");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{file}: {said}");
        let why = ["larger than", "more than", "inflates"].iter().any(|why| said.contains(why));
        assert!(why && !said.contains("was stopped"), "refused by what it is, not by the limit: {said}");
    }
    // Nothing of them is left in the way of the register's next file.
    let (file, about) = canonical(&desk, "sound", &[person(1)]);
    let read = desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident]);
    assert_eq!((read["new"].as_u64(), read["again"].as_bool()), (Some(1), Some(false)), "{read}");
}

#[test]
fn a_row_that_cannot_be_read_holds_the_person_whom_it_is_about_until_one_can() {
    let desk = Desk::new();
    let incident = set_up(&desk);
    let import = |people: &[Value], name: &str| {
        let (file, about) = canonical(&desk, name, people);
        desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident])
    };
    let people: Vec<Value> = (0..4).map(person).collect();
    // The first file says two things of one person: the second may be a restriction, and here it is.
    let mut doubled = people.clone();
    doubled.push(people[1].clone());
    doubled[4]["do_not_contact"] = json!(true);
    // And the same thing twice of another, which is no doubt.
    doubled.push(people[3].clone());
    let read = import(&doubled, "first");
    assert_eq!((read["new"].as_u64(), read["quarantined"].as_u64()), (Some(4), Some(2)), "{read}");
    let planned = desk.ok(&["campaign", "plan", "--incident", &incident, "--name", "first", "--canary", "0"]);
    let campaign = desk.text(&planned["campaign"]);
    let reviews = || {
        let held = desk.ok(&["hold", "list", "--campaign", &campaign]);
        let reviewed = |hold: &&Value| hold["rules"].as_array().is_some_and(|rules| rules.contains(&json!("R00")));
        held.as_array().expect("a list").iter().filter(reviewed).count()
    };
    assert_eq!(reviews(), 1);
    // The next file has one row each, and one of them cannot be read.
    let mut next = people.clone();
    next[2]["birth"] = json!("some day");
    next[2]["legal_hold"] = json!(true);
    assert_eq!(import(&next, "second")["quarantined"].as_u64(), Some(1));
    assert_eq!(reviews(), 1, "the first is settled, another is in doubt");
    assert_eq!(import(&people, "third")["unchanged"].as_u64(), Some(4));
    assert_eq!(reviews(), 0, "the mended file settles it");
}

#[test]
fn an_export_older_than_one_that_was_imported_is_taken_only_when_that_is_meant() {
    let desk = Desk::new();
    let incident = set_up(&desk);
    let (file, about) = canonical(&desk, "later", &[person(1)]);
    desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident]);
    let (file, about) = canonical(&desk, "earlier", &[person(1), person(2)]);
    let text = std::fs::read_to_string(desk.path(&about)).expect("a manifest");
    let day = text.lines().find(|line| line.starts_with("exported_on")).expect("a day").to_owned();
    std::fs::write(desk.path(&about), text.replace(&day, "exported_on = \"2021-12-01\"")).expect("written");
    let args = ["import", &file, "--manifest", &about, "--incident", &incident];
    let said = desk.fails(3, &args);
    assert!(said.contains("2021-12-01") && said.contains("--older"), "{said}");
    assert_eq!(desk.ok(&[&args[..], &["--older"]].concat())["new"].as_u64(), Some(1));
}

#[test]
fn an_import_may_tighten_and_only_people_loosen() {
    let desk = Desk::new();
    let incident = set_up(&desk);
    let mut people: Vec<Value> = (0..3).map(person).collect();
    people[1]["do_not_contact"] = json!(true);
    let import = |people: &[Value], name: &str| {
        let (file, about) = canonical(&desk, name, people);
        desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident])
    };
    assert_eq!(import(&people, "first")["new"].as_u64(), Some(3));
    // The Society's next export says nothing of it any more, and of another that it is to be left alone.
    people[1]["do_not_contact"] = json!(false);
    people[1]["updated_on"] = json!("2021-09-01");
    people[2]["do_not_contact"] = json!(true);
    assert_eq!(import(&people, "second")["updated"].as_u64(), Some(2));
    let planned = desk.ok(&["campaign", "plan", "--incident", &incident, "--name", "first", "--canary", "0"]);
    let campaign = desk.text(&planned["campaign"]);
    let held = desk.ok(&["hold", "list", "--campaign", &campaign]);
    let reviews = held
        .as_array()
        .expect("a list")
        .iter()
        .filter(|hold| hold["rules"].as_array().is_some_and(|rules| rules.contains(&json!("R00"))))
        .count();
    assert_eq!(reviews, 2, "what an import once forbade stays forbidden: {held}");
}
