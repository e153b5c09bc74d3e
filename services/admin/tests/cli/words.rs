//! The commands about words as an operator types them: preview, gallery, and the way of a language from draft to
//! approval with operators' keys.

use serde_json::{Value, json};

use crate::Desk;
use crate::office::{By, Office};

/// A desk whose words may be changed, with two operators.
fn with_words() -> Desk {
    let desk = Desk::new();
    desk.write("tidings.toml", "words = \"words\"\n");
    std::fs::create_dir_all(desk.path("words/locales")).expect("a folder");
    desk.ok(&["init", "--operators", "anna,ben"]);
    desk
}

fn states(desk: &Desk, language: &str) -> Value {
    let all = desk.ok(&["locales", "status"]);
    all.as_array().expect("a list").iter().find(|s| s["language"] == language).expect("the language")["states"].clone()
}

const SMS: &[&str] = &["--notice", "initial", "--audience", "enquirer", "--channel", "sms", "--level", "L3"];

#[test]
fn a_preview_in_a_language_without_words_says_what_becomes_of_people() {
    let desk = Desk::new();
    let said = |language: &str, channel: &str| {
        let notice = ["preview", "--notice", "initial", "--audience", "enquirer", "--level", "L3"];
        desk.fails(3, &[&notice[..], &["--language", language, "--channel", channel]].concat())
    };
    assert!(said("swc", "sms").contains("no words in sw-CD: who asks for it is told in sw on sms"));
    assert!(said("ary", "sms").contains("told in ar on sms"));
    // A standard language is not read out to somebody who speaks a dialect.
    assert!(said("ary", "ivr").contains("is held until people find a way"));
    assert!(said("be", "sms").contains("is held until people find a way"));
}

#[test]
fn a_preview_shows_words_segments_and_approval() {
    let desk = with_words();
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
    let desk = with_words();
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
    let desk = with_words();
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
    assert!(states(&desk, "fr")["draft"].as_u64().is_some_and(|n| n > 10), "{}", states(&desk, "fr"));

    let neutral = ["locales", "approve", "fr", "--channel", "sms", "--level", "L2", "--as", "anna", "--name"];
    let own = desk.fails(3, &[&neutral[..], &["T. Writer, linguist"]].concat());
    assert!(own.contains("who translates does not approve"), "{own}");
    assert_eq!(states(&desk, "fr")["approved"].as_u64(), None);
    let approved = desk.ok(&[&neutral[..], &["A. Reader, linguist"]].concat());
    assert_eq!(approved["notices"], json!(["call-back sms L2"]));
    assert_eq!(states(&desk, "fr")["approved"].as_u64(), Some(1));
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
    assert_eq!(states(&desk, "fr")["outdated"].as_u64(), Some(1));
    assert!(desk.fails(1, &["locales", "check"]).contains("was approved"));
}

#[test]
fn an_emergency_takes_two_keys_and_neutral_words() {
    let desk = with_words();
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
    assert_eq!(states(&desk, "fr")["approved"].as_u64(), Some(1));
    // a key that is no operator's
    desk.ok(&["operator", "key", "carl"]);
    let stranger = ["locales", "approve", "fr", "--channel", "app", "--level", "L2", "--name", "C", "--as", "carl"];
    desk.fails(3, &stranger);
    assert_eq!(states(&desk, "fr")["approved"].as_u64(), Some(1));
}

#[test]
fn a_society_whose_office_shows_too_much_is_refused_by_field() {
    let desk = with_words();
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

#[test]
fn what_text_messages_cost_is_known_before_anybody_approves() {
    let office = Office::approved_on(Desk::new(), 500, &[By::Phone; 3]);
    let show = ["campaign", "show", office.campaign.as_str()];
    let bill = |more: &[&str]| office.desk.ok(&[&show[..], more].concat())["text_messages"]["KE"].clone();
    let neutral = ["--notice", "call-back", "--audience", "aid_recipient", "--channel", "sms", "--level", "L2"];
    let theirs = ["--language", "en", "--society", "ke.toml", "--facts", "incident.toml"];
    let alone = office.desk.ok(&[&["preview"], &neutral[..], &theirs].concat());
    let segments = ["segments_code_point", "segments_grapheme"].map(|model| alone[model].as_u64().expect("a number"));
    let segments = 3 * segments[0].max(segments[1]);
    assert_eq!(bill(&[]), json!({ "messages": 3, "segments": segments, "wordless": 0 }));
    let cost = segments * 45_000;
    assert_eq!(
        bill(&["--sms-rate", "0.045"]),
        json!({ "messages": 3, "segments": segments, "wordless": 0, "cost_micros": cost })
    );
    let printed = office.desk.run(&[&show[..], &["--sms-rate", "1.5"]].concat());
    let printed = String::from_utf8(printed.stdout).expect("text");
    let row = printed.lines().find(|line| line.starts_with("KE")).expect("a row for the Society");
    assert!(row.contains(&format!("{}.{}0", segments * 3 / 2, segments * 3 % 2 * 5)), "{printed}");
    for wrong in ["0,045", "-1", "free"] {
        office.desk.fails(2, &[&show[..], &["--sms-rate", wrong]].concat());
    }
}

#[test]
fn a_page_shows_every_part_of_a_notice_as_a_reader_would_meet_it() {
    let desk = Desk::new();
    let mail = ["--notice", "initial", "--audience", "enquirer", "--channel", "email", "--level", "L3"];
    let ask = |more: &[&str]| desk.ok(&[&["preview", "--html", "page.html"], &mail[..], more].concat());
    let shown = ask(&["--language", "ar"]);
    let page = std::fs::read_to_string(desk.path("page.html")).expect("a page");
    assert!(page.contains("<section lang=\"ar\" dir=\"rtl\">"), "{page}");
    let subject = shown["parts"]["subject"].as_str().expect("a subject");
    assert!(page.contains(subject) && page.matches("+41 22 730 3600").count() >= 2, "{page}");
    for part in ["subject", "html", "text"] {
        assert!(page.contains(&format!(">{part}</small>")), "{part}: {page}");
    }
    // what a person agreed on is text, never markup
    let neutral = ["--notice", "call-back", "--audience", "enquirer", "--channel", "app", "--level", "L2"];
    let label = ["--language", "en", "--label", "<b>Tom & Ann</b>"];
    desk.ok(&[&["preview", "--html", "page.html"], &neutral[..], &label].concat());
    let page = std::fs::read_to_string(desk.path("page.html")).expect("a page");
    assert!(page.contains("&lt;b&gt;Tom &amp; Ann&lt;/b&gt;") && !page.contains("<b>Tom"), "{page}");
}

/// The command and the program that sets letters, which is built apart; tests/letters runs both. Here a small program
/// stands in its place: what it is given, and what becomes of what it answers.
#[test]
#[cfg(unix)]
fn a_letter_goes_to_the_program_that_sets_it_and_its_answer_is_passed_on() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    // a copy, which has no other program beside it
    std::fs::copy(env!("CARGO_BIN_EXE_tidings"), desk.path("tidings")).expect("copied");
    std::fs::create_dir(desk.path("bin")).expect("a folder");
    let preview = |channel: &str, pdf: &str| {
        let mut command = std::process::Command::new(desk.path("tidings"));
        command.args(["preview", "--notice", "initial", "--audience", "enquirer", "--language", "ps", "--level", "L3"]);
        command.args(["--channel", channel, "--pdf", pdf, "--json"]).current_dir(desk.path("."));
        let output = command.env("PATH", desk.path("bin")).env_remove("TIDINGS_WORDS").output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8(output.stdout).expect("text"), said)
    };
    let (code, _, said) = preview("post", "letter.pdf");
    assert!(code == Some(1) && said.contains("tidings-letters") && said.contains("README.md"), "{said}");
    let (code, _, said) = preview("sms", "letter.pdf");
    assert!(code == Some(2) && said.contains("post"), "{said}");
    let program = |text: &str| {
        let path = desk.path("bin/tidings-letters");
        std::fs::write(&path, text).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("may run");
    };
    program("#!/bin/sh\n[ $# = 3 ] && [ \"$2\" = --out ] && /bin/cat \"$1\" > \"$3\"\n");
    let (code, printed, said) = preview("post", "letter.pdf");
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let given: Value = serde_json::from_slice(&std::fs::read(desk.path("letter.pdf")).expect("given")).expect("JSON");
    let shown: Value = serde_json::from_str(&printed).expect("JSON");
    let shown = shown["parts"]["letter"].as_str().expect("a letter");
    assert_eq!(given, serde_json::from_str::<Value>(shown).expect("JSON"));
    assert_eq!((given["language"].as_str(), given["direction"].as_str()), (Some("ps"), Some("rtl")));
    program("#!/bin/sh\necho 'no glyph for U+1F600' >&2\nexit 3\n");
    let (code, _, said) = preview("post", "letter.pdf");
    assert!(code == Some(3) && said.contains("U+1F600") && said.contains("made no PDF"), "{said}");
    program("#!/bin/sh\nexit 1\n");
    assert_eq!(preview("post", "letter.pdf").0, Some(1));
}
