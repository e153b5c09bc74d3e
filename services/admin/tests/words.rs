//! The commands about words as an operator types them: preview, gallery, and the way of a language from draft to
//! approval with operators' keys.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// A desk whose words may be changed, with two operators.
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a folder") };
        std::fs::write(desk.path("tidings.toml"), "words = \"words\"\n").expect("written");
        std::fs::create_dir_all(desk.path("words/locales")).expect("a folder");
        desk.ok(&["init", "--operators", "anna,ben"]);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["DATABASE_URL", "AMQP_URL", "TIDINGS_HOME", "TIDINGS_WORDS"] {
            command.env_remove(name);
        }
        command.output().expect("the program runs")
    }

    fn ok(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--json"]].concat());
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{args:?} prints JSON: {e}"))
    }

    fn fails(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        said
    }

    fn states(&self, language: &str) -> Value {
        let all = self.ok(&["locales", "status"]);
        all.as_array().expect("a list").iter().find(|s| s["language"] == language).expect("the language")["states"]
            .clone()
    }
}

const SMS: &[&str] = &["--notice", "initial", "--audience", "enquirer", "--channel", "sms", "--level", "L3"];

#[test]
fn a_preview_shows_words_segments_and_approval() {
    let desk = Desk::new();
    let shown = desk.ok(&[&["preview", "--language", "ar"], SMS].concat());
    let mut fields: Vec<_> = shown.as_object().expect("an object").keys().map(String::as_str).collect();
    fields.sort_unstable();
    let expected =
        ["approval", "direction", "encoding", "language", "parts", "segments_code_point", "segments_grapheme"];
    assert_eq!(fields, expected);
    assert_eq!(
        (shown["direction"].as_str(), shown["encoding"].as_str(), shown["approval"].as_str()),
        (Some("rtl"), Some("ucs2"), Some("machine-draft"))
    );
    assert!(shown["parts"]["body"].as_str().is_some_and(|body| body.contains("0041227303600")));
    // what no rule produces is refused, and so is a language without words
    let wrong = ["preview", "--language", "en", "--notice", "initial", "--audience", "child", "--channel", "sms"];
    assert!(desk.fails(3, &[&wrong[..], &["--level", "L3"]].concat()).contains("child"));
    assert!(desk.fails(3, &[&["preview", "--language", "de"], SMS].concat()).contains("de"));
    assert!(desk.fails(2, &["preview", "--language", "en"]).contains("--notice"));
}

#[test]
fn a_page_for_every_channel_and_a_gallery_of_all() {
    let desk = Desk::new();
    desk.ok(&[&["preview", "--language", "fa-AF", "--html", "one.html"], SMS].concat());
    let page = std::fs::read_to_string(desk.path("one.html")).expect("a page");
    assert!(page.contains("dir=\"rtl\"") && page.ends_with("</html>\n"));
    let shown = desk.ok(&["preview", "--gallery", "--language", "ps", "--out", "gallery"]);
    assert!(shown["notices"].as_u64().is_some_and(|n| n > 50), "{shown}");
    let page = std::fs::read_to_string(desk.path("gallery/index.html")).expect("a page");
    assert!(page.contains("call-back sms L2") && page.contains("lang=\"ps\" dir=\"rtl\""));
    assert!(desk.fails(2, &["preview", "--gallery"]).contains("--out"));
}

#[test]
fn words_go_to_a_translator_come_back_and_are_approved_by_others() {
    let desk = Desk::new();
    desk.ok(&["locales", "export", "fr", "--out", "fr"]);
    let sheet = std::fs::read_to_string(desk.path("fr/fr.csv")).expect("a sheet");
    assert!(
        sheet.contains("neutral-call") && desk.path("fr/call-back.ftl").exists() && desk.path("fr/fr.html").exists()
    );
    // a sheet that lost a variable is not taken, and nothing is written
    std::fs::write(desk.path("bad.csv"), sheet.replace("{ $reference }", "X")).expect("written");
    let said = desk.fails(3, &["locales", "import", "fr", "bad.csv", "--translator", "T. Writer"]);
    assert!(said.contains("locales/fr/") && said.contains("$reference"), "{said}");
    assert!(!desk.path("words/locales/fr").exists());
    desk.ok(&["locales", "import", "fr", "fr/fr.csv", "--translator", "T. Writer"]);
    assert!(desk.states("fr")["draft"].as_u64().is_some_and(|n| n > 10), "{}", desk.states("fr"));

    let neutral = ["locales", "approve", "fr", "--channel", "sms", "--level", "L2", "--as", "anna", "--name"];
    let own = desk.fails(3, &[&neutral[..], &["T. Writer, linguist"]].concat());
    assert!(own.contains("who translates does not approve"), "{own}");
    assert_eq!(desk.states("fr")["approved"].as_u64(), None);
    let approved = desk.ok(&[&neutral[..], &["A. Reader, linguist"]].concat());
    assert_eq!(approved["notices"], serde_json::json!(["call-back sms L2"]));
    assert_eq!(desk.states("fr")["approved"].as_u64(), Some(1));
    desk.ok(&["locales", "check"]);
    assert_eq!(desk.ok(&["audit", "verify"])["whole"].as_bool(), Some(true));

    // an approval that somebody changed afterwards is refused by name
    let path = desk.path("words/locales/fr/approvals.toml");
    let file = std::fs::read_to_string(&path).expect("a file");
    std::fs::write(&path, file.replace("A. Reader", "B. Reader")).expect("written");
    assert!(desk.fails(3, &["locales", "check"]).contains("locales/fr/approvals.toml"));
    std::fs::write(&path, file).expect("written");
    // changed words are no longer the approved ones
    let words = desk.path("words/locales/fr/call-back.ftl");
    let text = std::fs::read_to_string(&words).expect("words");
    std::fs::write(&words, text.replace("neutral-call = ", "neutral-call = Bonjour. ")).expect("written");
    assert_eq!(desk.states("fr")["outdated"].as_u64(), Some(1));
    assert!(desk.fails(1, &["locales", "check"]).contains("was approved"));
}

#[test]
fn an_emergency_takes_two_keys_and_neutral_words() {
    let desk = Desk::new();
    let emergency = ["locales", "approve", "fr", "--expires", "2099-01-01", "--channel", "sms"];
    let one = ["--name", "A", "--as", "anna"];
    let two = ["--name", "B", "--as", "ben"];
    let neutral = ["--level", "L2"];
    assert!(desk.fails(3, &[&emergency[..], &neutral, &one].concat()).contains("two people"));
    let twice = ["--name", "B", "--as", "anna"];
    assert!(desk.fails(3, &[&emergency[..], &neutral, &one, &twice].concat()).contains("twice"));
    let general = ["--level", "L3", "--notice", "initial"];
    assert!(desk.fails(3, &[&emergency[..], &general, &one, &two].concat()).contains("neutral"));
    desk.ok(&[&emergency[..], &neutral, &one, &two].concat());
    assert_eq!(desk.states("fr")["approved"].as_u64(), Some(1));
    // a key that is no operator's
    desk.ok(&["operator", "key", "carl"]);
    let stranger = ["locales", "approve", "fr", "--channel", "app", "--level", "L2", "--name", "C", "--as", "carl"];
    desk.fails(3, &stranger);
    assert_eq!(desk.states("fr")["approved"].as_u64(), Some(1));
}

#[test]
fn a_society_whose_office_shows_too_much_is_refused_by_field() {
    let desk = Desk::new();
    desk.ok(&["synth", "--people", "20", "--seed", "5", "--out", "synth"]);
    let good = std::fs::read_to_string(desk.path("synth/society-KE.toml")).expect("a Society");
    let put = |from: &str, to: &str| {
        let line = |line: &str| if line.starts_with(from) { to.to_owned() } else { line.to_owned() };
        let changed: Vec<String> = good.lines().map(line).collect();
        assert_ne!(changed.join("\n"), good.trim_end(), "{from}");
        std::fs::write(desk.path("society.toml"), changed.join("\n")).expect("written");
        desk.fails(2, &["society", "put", "society.toml", "--as", "anna"])
    };
    let said = put("office = ", "office = \"Tracing and detention office\"");
    assert!(said.contains("society.toml: office: ") && !said.to_lowercase().contains("tracing"), "{said}");
    // nothing neutral is said in person
    let said = put("up_to = ", "up_to = \"L2\"");
    assert!(said.contains("up_to: L2 leaves no words for field_visit"), "{said}");
    desk.ok(&["society", "put", "synth/society-KE.toml", "--as", "anna"]);
}
