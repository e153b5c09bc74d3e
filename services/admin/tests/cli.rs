//! The commands as an operator types them: names, exit codes, JSON, and a small real campaign in the embedded setting
//! from files to sealed messages, with two people and not with one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use database::Database;
use serde_json::Value;
use sha2::{Digest, Sha256};

#[path = "cli/database.rs"]
mod database;
#[path = "cli/desk.rs"]
mod desk;
#[path = "cli/gateway.rs"]
mod gateway;
#[path = "cli/hotline.rs"]
mod hotline;
#[path = "cli/import.rs"]
mod import;
#[path = "cli/office.rs"]
mod office;
#[path = "cli/review.rs"]
mod review;
#[path = "cli/safety.rs"]
mod safety;
#[path = "cli/shared.rs"]
mod shared;
#[path = "cli/words.rs"]
mod words;

struct Desk {
    folder: tempfile::TempDir,
    /// A database of its own on the server; none: a file.
    database: Option<Database>,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), database: None }
    }

    /// On PostgreSQL. None where there is no server and none is required.
    fn served() -> Option<Self> {
        Some(Self { database: Some(Database::create()?), ..Self::new() })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).expect("written");
        name.to_owned()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
        command.args(args).current_dir(self.folder.path());
        for name in ["DATABASE_URL", "AMQP_URL", "TIDINGS_HOME", "TIDINGS_WORDS"] {
            command.env_remove(name);
        }
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", &database.url);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().expect("the program runs")
    }

    /// Runs a command that has to succeed; its JSON.
    fn ok(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--json"]].concat());
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{args:?} prints JSON: {e}"))
    }

    /// Runs a command that has to fail with an exit code; what it says.
    fn fails(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        said
    }

    fn text(&self, value: &Value) -> String {
        value.as_str().expect("a string").to_owned()
    }
}

const MANIFEST: &str = r#"society = "KE"
system = "aid"
exported_on = "2022-01-30"
profile = "PROFILE"
rows = ROWS
sha256 = "SHA"
"#;

fn manifest(profile: &str, rows: usize, file: &str) -> String {
    let sha: String = Sha256::digest(file.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    MANIFEST.replace("PROFILE", profile).replace("ROWS", &rows.to_string()).replace("SHA", &sha)
}

#[test]
fn every_command_has_help_with_an_example() {
    let desk = Desk::new();
    let help = String::from_utf8(desk.run(&["--help"]).stdout).expect("text");
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|l| !l.starts_with("Commands:"))
        .skip(1)
        .take_while(|l| !l.trim().is_empty())
        .filter_map(|l| l.split_whitespace().next())
        .filter(|c| *c != "help")
        .collect();
    for expected in [
        "demo", "init", "doctor", "operator", "action", "incident", "society", "import", "campaign", "hold", "explain",
        "protect", "receipt", "task", "verify", "hotline", "worker",
    ] {
        assert!(commands.contains(&expected), "{expected} is missing from {commands:?}");
    }
    for command in commands {
        let help = String::from_utf8(desk.run(&[command, "--help"]).stdout).expect("text");
        assert!(help.contains("Example: "), "{command} --help has no example");
    }
}

#[test]
fn the_examples_are_files_that_the_commands_take() {
    let desk = Desk::new();
    // Before there is a store: this is where a Society begins.
    for (what, file) in [("incident", "incident.toml"), ("society", "kenya.toml")] {
        let printed = desk.run(&[what, "example"]);
        assert!(printed.status.success());
        desk.write(file, &String::from_utf8(printed.stdout).expect("text"));
    }
    desk.ok(&["init", "--operators", "anna,ben"]);
    assert_eq!(desk.ok(&["incident", "put", "incident.toml"])["version"].as_u64(), Some(1));
    let action = desk.text(&desk.ok(&["society", "put", "kenya.toml", "--as", "anna"])["action"]);
    desk.ok(&["action", "sign", &action, "--as", "ben"]);
    let societies = desk.ok(&["society", "list"]);
    assert_eq!(societies[0]["code"].as_str(), Some("KE"), "{societies}");
}

#[test]
fn wrong_calls_end_with_2_and_say_what_to_do() {
    let desk = Desk::new();
    desk.fails(2, &["no-such-command"]);
    assert!(desk.fails(2, &["init", "--operators", "anna"]).contains("two people"));
    assert!(desk.fails(1, &["campaign", "show", "cmp_00000000000000000000000000000000"]).contains("tidings init"));
    desk.write("tidings.toml", "colour = \"red\"\n");
    assert!(desk.fails(2, &["doctor"]).contains("colour"));
}

#[test]
fn sms_count_answers_line_by_line() {
    let desk = Desk::new();
    let mut child =
        desk.command(&["sms", "count"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
    use std::io::Write as _;
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all("{\"text\":\"hello\"}\n{\"text\":\"ж\"}\n".as_bytes())
        .expect("written");
    let output = child.wait_with_output().expect("ended");
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .expect("text")
        .lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0]["encoding"].as_str(), lines[0]["units"].as_u64()), (Some("gsm7"), Some(5)));
    assert_eq!(lines[1]["encoding"].as_str(), Some("ucs2"));
}

/// Two operators, an incident, one Society with a gateway; ids of the incident.
fn set_up(desk: &Desk) -> String {
    desk.ok(&["init", "--operators", "anna,ben"]);
    desk.ok(&["synth", "--people", "60", "--seed", "5", "--out", "synth"]);
    let facts = std::fs::read_to_string(desk.path("synth/incident.toml")).expect("facts");
    // Real people, as far as the store knows: this is not a drill.
    let facts = desk.write("incident.toml", &facts.replace("\"synthetic\"", "\"real\""));
    let incident = desk.text(&desk.ok(&["incident", "put", &facts])["incident"]);
    for entry in std::fs::read_dir(desk.path("synth")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if let Some(code) = name.strip_prefix("society-").and_then(|n| n.strip_suffix(".toml")) {
            let file = format!("synth/{name}");
            two_people(desk, &["society", "put", &file]);
            let keys = gateway_keys(code);
            let keys = desk.write(&format!("{code}.jwks"), &keys);
            two_people(desk, &["gateway", "add", code, "--keys", &keys]);
        }
    }
    incident
}

fn gateway_keys(code: &str) -> String {
    let society = code.parse().expect("a code");
    let keys = contract::GatewayPrivate::generate(&mut rand::rng(), society);
    serde_json::to_string(&keys.public().to_jwks()).expect("JSON")
}

fn two_people(desk: &Desk, args: &[&str]) -> Value {
    let action = desk.text(&desk.ok(&[args, &["--as", "anna"]].concat())["action"]);
    assert!(desk.fails(3, &["action", "sign", &action, "--as", "anna"]).contains("second person"));
    let done = desk.ok(&["action", "sign", &action, "--as", "ben"]);
    assert!(desk.fails(3, &["action", "sign", &action, "--as", "ben"]).contains("already"));
    done
}

/// The registers of a folder that `tidings synth` wrote.
fn registers(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|n| n.ends_with(".ndjson") && n != "truth.ndjson")
        .map(|n| n.trim_end_matches(".ndjson").to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_small_real_campaign_from_files_to_sealed_messages() {
    let desk = Desk::new();
    let incident = set_up(&desk);
    let mut rows = 0;
    for name in registers(&desk.path("synth")) {
        let (file, about) = (format!("synth/{name}.ndjson"), format!("synth/{name}.toml"));
        let first = desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident]);
        rows += first["new"].as_u64().expect("a number");
        assert_eq!(first["quarantined"].as_u64(), Some(0), "{first}");
        let again = desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident]);
        assert_eq!(again["again"].as_bool(), Some(true), "{again}");
    }
    assert!(rows >= 60);
    let planned = desk.ok(&["campaign", "plan", "--incident", &incident, "--name", "first", "--canary", "0"]);
    assert_eq!(planned["state"].as_str(), Some("planned"), "{planned}");
    let campaign = desk.text(&planned["campaign"]);
    assert!(desk.fails(3, &["campaign", "launch", &campaign, "--as", "anna"]).contains("not approved"));
    two_people(&desk, &["campaign", "approve", &campaign]);

    // A changed fact voids the approval.
    let facts = std::fs::read_to_string(desk.path("incident.toml")).expect("facts");
    let newer = facts.replacen("version = 1", "version = 2", 1);
    assert_ne!(facts, newer);
    let newer = desk.write("newer.toml", &newer);
    desk.ok(&["incident", "put", &newer, "--incident", &incident]);
    assert!(desk.fails(3, &["campaign", "launch", &campaign, "--as", "anna"]).contains("incident facts"));

    let status = desk.ok(&["campaign", "status", &campaign]);
    assert_eq!(status["balanced"].as_bool(), Some(true), "{status}");
    assert_eq!(desk.ok(&["audit", "verify"])["whole"].as_bool(), Some(true));
}

#[test]
fn a_launched_campaign_writes_sealed_messages_to_files() {
    let desk = Desk::new();
    let incident = set_up(&desk);
    for name in registers(&desk.path("synth")) {
        let (file, about) = (format!("synth/{name}.ndjson"), format!("synth/{name}.toml"));
        desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident]);
    }
    let planned = desk.ok(&["campaign", "plan", "--incident", &incident, "--name", "first", "--canary", "0"]);
    let campaign = desk.text(&planned["campaign"]);
    two_people(&desk, &["campaign", "approve", &campaign]);
    desk.ok(&["campaign", "launch", &campaign, "--as", "anna"]);
    let mut workers = desk.command(&["worker", "all"]).spawn().expect("workers start");
    let began = Instant::now();
    let lines = |desk: &Desk| -> usize {
        let Ok(files) = std::fs::read_dir(desk.path("tidings-home/outgoing")) else { return 0 };
        files.filter_map(|f| std::fs::read_to_string(f.ok()?.path()).ok()).map(|t| t.lines().count()).sum()
    };
    while lines(&desk) == 0 && began.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(200));
    }
    workers.kill().expect("killed");
    workers.wait().expect("ended");
    assert!(lines(&desk) > 0, "nothing was written to outgoing/ in 30 s");
    for file in std::fs::read_dir(desk.path("tidings-home/outgoing")).expect("a folder") {
        let text = std::fs::read_to_string(file.expect("an entry").path()).expect("text");
        for line in text.lines() {
            assert_eq!(line.split('.').count(), 5, "a message is a compact JWE");
        }
    }
}

const CSV: &str =
    "Case No,Full name,Phone,Born\n1,Asha Synthetic,+254700000101,1980-03-01\n2,Juma Synthetic,not a phone,1979\n";

const MAPPING: &str = r#"
[[column]]
header = "Case No"
field = "record_id"

[[column]]
header = "Full name"
field = "names.full"

[[column]]
header = "Phone"
field = "phone"

[[column]]
header = "Born"
field = "birth"
"#;

#[test]
fn csv_with_a_mapping_is_read_and_a_file_that_disagrees_with_its_manifest_is_refused_whole() {
    let desk = Desk::new();
    desk.ok(&["init"]);
    desk.ok(&["synth", "--people", "1", "--out", "synth"]);
    let incident = desk.text(&desk.ok(&["incident", "put", "synth/incident.toml"])["incident"]);
    let file = desk.write("people.csv", CSV);
    let mapping = desk.write("map.toml", MAPPING);
    let wrong = desk.write("wrong.toml", &manifest("csv", 3, CSV));
    let said = desk.fails(2, &["import", &file, "--manifest", &wrong, "--mapping", &mapping, "--incident", &incident]);
    assert!(said.contains("people.csv") && !said.contains("Asha"), "{said}");
    let about = desk.write("people.toml", &manifest("csv", 2, CSV));
    let read = desk.ok(&["import", &file, "--manifest", &about, "--mapping", &mapping, "--incident", &incident]);
    assert_eq!(read["rows_read"].as_u64(), Some(2), "{read}");
    assert_eq!(read["new"].as_u64().unwrap_or(0) + read["quarantined"].as_u64().unwrap_or(0), 2, "{read}");
    let text = format!("{read}");
    assert!(!text.contains("Asha") && !text.contains("not a phone"), "{text}");
}

/// Several registers of one town, linked; id of the incident.
fn linked(desk: &Desk) -> String {
    desk.ok(&["init", "--operators", "anna,ben"]);
    desk.ok(&["synth", "--people", "250", "--seed", "11", "--out", "synth"]);
    let incident = desk.text(&desk.ok(&["incident", "put", "synth/incident.toml"])["incident"]);
    for name in registers(&desk.path("synth")) {
        let (file, about) = (format!("synth/{name}.ndjson"), format!("synth/{name}.toml"));
        desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident]);
    }
    desk.ok(&["dedupe", "run", "--incident", &incident]);
    incident
}

/// The person of a record, asked beside another record.
fn person_of(desk: &Desk, record: &str, beside: &str) -> String {
    let pair = explained(desk, record, beside);
    desk.text(&pair["persons"][usize::from(pair["a"] != *record)])
}

/// The one pair of two records that `dedupe explain` shows.
fn explained(desk: &Desk, a: &str, b: &str) -> Value {
    let found = desk.ok(&["dedupe", "explain", a, b]);
    assert_eq!(found["pairs"].as_array().map(Vec::len), Some(1), "{found}");
    found["pairs"][0].clone()
}

fn waiting(desk: &Desk, incident: &str) -> Vec<(String, String)> {
    let list = desk.ok(&["dedupe", "review", "list", "--incident", incident, "--limit", "500"]);
    list.as_array().expect("a list").iter().map(|p| (desk.text(&p["a"]), desk.text(&p["b"]))).collect()
}

#[test]
fn a_pair_is_reviewed_merged_by_two_people_explained_and_undone() {
    let desk = Desk::new();
    let incident = linked(&desk);
    let list = desk.ok(&["dedupe", "review", "list", "--incident", &incident, "--limit", "5"]);
    let pairs = list.as_array().expect("a list");
    assert!(!pairs.is_empty() && pairs.len() <= 5);
    let places: Vec<u64> = pairs.iter().map(|p| p["place"].as_u64().expect("a place")).collect();
    assert!(places.is_sorted() && places[0] == 1, "ranked: {places:?}");
    let first = &pairs[0];
    assert!(!first["evidence"].as_array().expect("weights").is_empty());
    assert_eq!(first["records"].as_array().map(Vec::len), Some(0), "no value without a name in the audit");
    let (a, b) = (desk.text(&first["a"]), desk.text(&first["b"]));

    // Side by side for a known operator, and audited.
    assert!(desk.fails(1, &["dedupe", "review", "list", "--incident", &incident, "--as", "nobody"]).contains("nobody"));
    let opened = desk.ok(&["dedupe", "explain", &a, &b, "--as", "anna"]);
    assert!(!opened["pairs"][0]["records"].as_array().expect("fields").is_empty(), "{opened}");
    let text = String::from_utf8(desk.run(&["dedupe", "explain", &a, &b, "--as", "anna"]).stdout).expect("text");
    assert!(text.contains("what was found") && text.contains("together"), "{text}");
    let text = String::from_utf8(desk.run(&["dedupe", "explain", &a, &b]).stdout).expect("text");
    assert!(text.contains("before anything is compared") && text.contains("--as OPERATOR"), "{text}");
    assert!(desk.fails(1, &["dedupe", "explain", &a, &a]).contains("one record"));
    assert!(desk.fails(2, &["dedupe", "explain", "17", &a]).contains("rec_"));

    // One person is not enough; two make one person of two records.
    assert_eq!(explained(&desk, &a, &b)["one_person"].as_bool(), Some(false));
    two_people(&desk, &["dedupe", "review", "accept", &a, &b, "--incident", &incident]);
    let merged = explained(&desk, &a, &b);
    assert_eq!(merged["one_person"].as_bool(), Some(true), "{merged}");
    assert!(!waiting(&desk, &incident).contains(&(a.clone(), b.clone())));
    assert!(
        desk.fails(3, &["dedupe", "review", "reject", &a, &b, "--incident", &incident, "--as", "anna"])
            .contains("tidings dedupe undo")
    );
    let person = desk.text(&merged["persons"][0]);
    let within = desk.ok(&["dedupe", "explain", &person, &person]);
    let pairs = within["pairs"].as_array().expect("pairs");
    assert!(!pairs.is_empty());
    let members: std::collections::BTreeSet<String> =
        pairs.iter().flat_map(|p| [desk.text(&p["a"]), desk.text(&p["b"])]).collect();

    // And apart again, for good.
    two_people(&desk, &["dedupe", "undo", &person, "--record", &b]);
    let parted = explained(&desk, &a, &b);
    assert_eq!(parted["one_person"].as_bool(), Some(false), "{parted}");
    assert_eq!(parted["persons"].as_array().map(Vec::len), Some(2), "{parted}");
    // The id stays with whom people left in the person; of two records alone either one may keep it.
    let others = members.iter().filter(|record| **record != b);
    let keeps: Vec<&String> = others.clone().filter(|record| person_of(&desk, record, &b) == person).collect();
    let alone = members.len() == 2 && person_of(&desk, &b, &a) == person;
    assert!(alone || !keeps.is_empty(), "{person} of {members:?} is nobody's: {parted}");
    assert!(keeps.is_empty() || person_of(&desk, &b, &a) != person);
    let before: Vec<String> = others.map(|record| person_of(&desk, record, &b)).collect();
    desk.ok(&["dedupe", "run", "--incident", &incident]);
    let after = members.iter().filter(|record| **record != b).map(|record| person_of(&desk, record, &b));
    assert!(after.eq(before), "a re-run changes nobody's id");
    assert_eq!(explained(&desk, &a, &b)["one_person"].as_bool(), Some(false));
    assert!(!waiting(&desk, &incident).contains(&(a.clone(), b.clone())), "decided for good");
    assert!(
        desk.fails(2, &["dedupe", "undo", &person, "--record", &a.replace("rec_", "rec_f"), "--as", "anna"]).len() > 5
    );
    assert_eq!(desk.ok(&["audit", "verify"])["whole"].as_bool(), Some(true));
}

#[test]
fn an_undo_that_is_no_longer_true_is_refused_and_a_rejected_pair_stays_two() {
    let desk = Desk::new();
    let incident = linked(&desk);
    let pairs = waiting(&desk, &incident);
    let (a, b) = pairs[0].clone();
    two_people(&desk, &["dedupe", "review", "accept", &a, &b, "--incident", &incident]);
    let person = desk.text(&explained(&desk, &a, &b)["persons"][0]);
    let undo = |desk: &Desk| desk.text(&desk.ok(&["dedupe", "undo", &person, "--as", "anna"])["action"]);
    let (first, second) = (undo(&desk), undo(&desk));
    desk.ok(&["action", "sign", &first, "--as", "ben"]);
    assert!(desk.fails(3, &["action", "sign", &second, "--as", "ben"]).contains("propose it again"));

    // Rejecting: by one person where nothing opens, by two where it does; either way the pair is decided.
    let (a, b) = waiting(&desk, &incident).into_iter().next().expect("another pair waits");
    let answer = desk.ok(&["dedupe", "review", "reject", &a, &b, "--incident", &incident, "--as", "anna"]);
    if let Some(action) = answer["action"].as_str() {
        assert!(waiting(&desk, &incident).contains(&(a.clone(), b.clone())), "one signature changes nothing");
        desk.ok(&["action", "sign", action, "--as", "ben"]);
    } else {
        assert_eq!(answer["rejected"].as_bool(), Some(true), "{answer}");
    }
    assert!(!waiting(&desk, &incident).contains(&(a.clone(), b.clone())));
    assert_eq!(explained(&desk, &a, &b)["one_person"].as_bool(), Some(false));
    let stranger = "rec_00000000000000000000000000000001";
    assert!(
        desk.fails(1, &["dedupe", "review", "accept", &a, stranger, "--incident", &incident, "--as", "anna"])
            .contains("no record")
    );
}
