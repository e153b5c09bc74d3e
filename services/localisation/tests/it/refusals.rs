//! What is refused, at loading and at rendering, and what the refusal says.

use std::collections::BTreeMap;

use domain::notice::Notice;
use domain::{Audience, Channel, Level};
use localisation::{Files, Library, LoadError, Refusal, State};

use crate::support::{Case, library, tag};

fn sms() -> Notice {
    Notice::initial(Audience::AidRecipient, Channel::Sms, Level::L3)
}

fn neutral(channel: Channel) -> Notice {
    Notice::initial(Audience::AidRecipient, channel, Level::L2)
}

/// The project's own files, read from the folder, so that a test can spoil them.
fn files() -> Files {
    fn walk(root: &std::path::Path, dir: &std::path::Path, files: &mut Files) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = BTreeMap::new();
    for dir in ["locales", "templates"] {
        walk(&root, &root.join(dir), &mut files);
    }
    files
}

fn spoilt(path: &str, from: &str, to: &str) -> Result<Library, LoadError> {
    let mut files = files();
    let file = files.get_mut(path).unwrap();
    assert!(file.contains(from), "{path} has no «{from}»");
    *file = file.replacen(from, to, 1);
    Library::from_files(&files)
}

#[test]
fn faulty_words_do_not_load_and_the_error_names_file_and_id() {
    let call = "neutral-call = Please call us on { $hotline }.";
    let path = "locales/en/call-back.ftl";
    for (what, to) in [
        ("unknown variable", "neutral-call = Please call us on { $hotlin }."),
        ("duplicate id", "neutral-call = Please call us on { $hotline }.\nneutral-call = Again."),
        ("URL", "neutral-call = See https://example.org { $hotline }."),
        ("URL without scheme", "neutral-call = See example.org { $hotline }."),
        ("e-mail", "neutral-call = Write to help@example.org { $hotline }."),
        ("telling word", "neutral-call = About your missing relative: { $hotline }."),
        ("typed digits", "neutral-call = Call 117 { $hotline }."),
        ("typed digits of another script", "neutral-call = Call ١١٧ { $hotline }."),
        ("bidi control", "neutral-call = Call \u{202E}us { $hotline }."),
        ("isolate", "neutral-call = Call \u{2068}us { $hotline }."),
        ("not in form C", "neutral-call = Call us: e\u{301} { $hotline }."),
        ("sign that doubles the price", "neutral-call = We\u{2019}re at { $hotline }."),
        ("markup", "neutral-call = <b>Call</b> { $hotline }."),
        ("string", "neutral-call = Call { \"now\" } { $hotline }."),
        ("function", "neutral-call = Call { NUMBER($hotline) }."),
        ("reference", "neutral-call = Call { neutral-never } { $hotline }."),
        ("attribute", "neutral-call = Call { $hotline }.\n    .title = Call"),
    ] {
        let error = spoilt(path, call, to).err().unwrap_or_else(|| panic!("{what} loads")).to_string();
        assert!(error.starts_with(&format!("{path}: message `neutral-call`")), "{what}: {error}");
    }
    // what is no message has no id: the line is said
    let Err(error) = spoilt(path, call, "neutral-call Please") else { panic!("junk loads") };
    let error = error.to_string();
    let line = files()[path].lines().position(|line| line == call).expect("the message") + 1;
    assert_eq!(error, format!("{path}: not valid Fluent at line {line}"));
    // and what English lacks is missing where it is said
    let Err(error) = spoilt(path, call, "other-call = Call { $hotline }.") else { panic!("loads") };
    let error = error.to_string();
    assert!(error.starts_with("templates/call-back/") && error.contains("`neutral-call`"), "{error}");
}

#[test]
fn what_only_rendering_finds_is_refused_by_file_and_id() {
    // a template that says what the facts do not have
    let said = "{{t \"short-reached\"}}";
    let library = spoilt("templates/initial/sms.hbs", said, &format!("{said} {{{{t \"disconnected\"}}}}")).unwrap();
    let mut case = Case::default();
    case.facts.ended_on = None;
    let error = case.render_with(&library, "fr", sms()).unwrap_err().to_string();
    assert_eq!(error, "locales/fr/shared.ftl: message `disconnected` lacks `$ended`");

    // a kind of data that no language has a word for
    let mut files = files();
    files.retain(|path, _| !path.starts_with("locales/") || path.starts_with("locales/en/"));
    let shared = files.get_mut("locales/en/shared.ftl").unwrap();
    *shared = shared.replace("        [contact] phone numbers, e-mail addresses and home addresses\n", "");
    let library = Library::from_files(&files).unwrap();
    let letter = Notice::initial(Audience::AidRecipient, Channel::Post, Level::L3);
    let error = Case::default().render_with(&library, "en", letter).unwrap_err().to_string();
    assert_eq!(error, "locales/en/shared.ftl: message `data-kind` knows no such value of `$kind`");

    // Fluent's own error: it stops at a hundred values
    let many = format!("neutral-call = {}", "{ $hotline } ".repeat(101));
    let call = "neutral-call = Please call us on { $hotline }.";
    let library = spoilt("locales/en/call-back.ftl", call, &many).unwrap();
    let error = Case::default().render_with(&library, "en", neutral(Channel::Sms)).unwrap_err().to_string();
    assert_eq!(error, "locales/en/call-back.ftl: message `neutral-call`: Fluent reports an error");

    // no line breaks in a subject, whatever a translator does
    let subject = "subject = About the information that we hold about you";
    let library =
        spoilt("locales/en/shared.ftl", subject, "subject =\n    About the information\n    that we hold").unwrap();
    let email = Notice::initial(Audience::AidRecipient, Channel::Email, Level::L3);
    let found = Case::default().render_with(&library, "en", email).unwrap();
    assert_eq!(found.parts["subject"], "About the information that we hold");

    // words that nobody has approved
    let real = Case { drill: false, ..Case::default() };
    let error = real.render("fr", sms()).unwrap_err().to_string();
    assert_eq!(error, "locales/fr/approvals.toml: initial sms L3 is machine-draft, not approved");
}

#[test]
fn a_translation_keeps_the_safety_variables_and_the_choices() {
    let mut files = files();
    let english = files["locales/en/call-back.ftl"].clone();
    let path = "locales/eo/call-back.ftl";
    for (from, to, part) in [
        ("{ $hotline }", "our number", "must say `$hotline`"),
        ("{ $hotline }", "{ $cod }", "uses `$cod`"),
        ("neutral-never = We never ask for money or passwords.\n", "", "`neutral-never` is missing"),
        ("neutral-never =", "neutral-ever =", "`neutral-never`"),
    ] {
        files.insert(path.to_owned(), english.replacen(from, to, 1));
        let error = Library::from_files(&files).err().unwrap_or_else(|| panic!("{to}")).to_string();
        assert!(error.contains(path) && error.contains(part), "{error}");
    }
}

#[test]
fn faulty_templates_and_approvals_do_not_load() {
    let error = spoilt("templates/initial/sms.hbs", "{{t \"short-reached\"}}", "{{t \"short-reachd\"}}").err().unwrap();
    assert!(error.to_string().contains("short-reachd") && error.to_string().contains("templates/initial/sms.hbs"));
    let mut files = files();
    files.insert("locales/en/approvals.toml".to_owned(), "state = \"approved\"\n".to_owned());
    assert!(matches!(Library::from_files(&files), Err(LoadError::Approvals { .. })));
    let mut files = self::files();
    files.insert("locales/prs/shared.ftl".to_owned(), "language-name = x\n".to_owned());
    assert!(matches!(Library::from_files(&files), Err(LoadError::Tag { .. })));
}

#[test]
fn changed_words_are_no_longer_approved() {
    let notice = neutral(Channel::Sms);
    let changed = spoilt("locales/en/call-back.ftl", "Please call us on", "Kindly call us on").unwrap();
    let case = Case { drill: false, ..Case::default() };
    assert!(case.render("en", notice).is_ok());
    let error = case.render_with(&changed, "en", notice).unwrap_err();
    assert!(matches!(error, Refusal::NotApproved { state: State::Outdated, .. }), "{error}");
    assert!(
        case.render_with(&changed, "en", Notice::initial(Audience::AidRecipient, Channel::Post, Level::L3)).is_ok()
    );
    assert_ne!(changed.digest(), library().digest());
}

#[test]
fn drafts_go_to_drills_only() {
    let real = Case { drill: false, ..Case::default() };
    let drafts: Vec<_> = library()
        .tags()
        .filter(|t| t.as_str() != "en" && !library().language(t).unwrap().is_pseudo())
        .cloned()
        .collect();
    for language in &drafts {
        assert!(
            matches!(
                real.render(language.as_str(), sms()),
                Err(Refusal::NotApproved { state: State::MachineDraft, .. })
            ),
            "{language}"
        );
        assert!(Case::default().render(language.as_str(), sms()).is_ok(), "{language}");
        assert!(!library().approved(&sms(), false, domain::Millis(0)).contains(language));
        assert!(library().approved(&sms(), true, domain::Millis(0)).contains(language));
    }
    let mut case = Case::default();
    case.facts.kind = domain::incident::IncidentKind::Real;
    assert_eq!(case.render("en", sms()), Err(Refusal::DrillOfReal));
}

#[test]
fn names_are_used_only_where_they_may() {
    let nameless = Case { may_name_org: false, ..Case::default() };
    assert_eq!(nameless.render("en", sms()), Err(Refusal::MayNotName));
    assert_eq!(nameless.render("en", neutral(Channel::Sms)), Err(Refusal::NoName));
    let spoken = nameless.render("en", neutral(Channel::CallLive)).unwrap();
    assert!(!spoken.parts["script"].contains("Red Cross"));
    let label = Case { label: Some("O'Brien & <Co>"), ..Case::default() };
    let email = label.render("en", neutral(Channel::Email)).unwrap();
    assert!(email.parts["text"].contains("O'Brien & <Co>"));
    assert!(email.parts["html"].contains("<bdi>O&#39;Brien &amp; &lt;Co&gt;</bdi>"));
    assert!(!email.parts.values().any(|text| text.contains("Red Cross")), "the label stands instead of the name");
}

#[test]
fn values_with_controls_links_or_line_breaks_are_refused() {
    for wrong in
        ["a\r\nBcc: x", "a\u{202E}b", "a\u{2066}b", "a\u{E000}b", "see example.org", "x@example.org", "", "\u{0}"]
    {
        let mut case = Case { label: Some(Box::leak(wrong.to_owned().into_boxed_str())), ..Case::default() };
        let error = case.render("en", neutral(Channel::Sms)).unwrap_err();
        assert!(matches!(error, Refusal::Value { field: "label", .. }), "{wrong:?}: {error}");
        case.label = None;
        case.society.name.insert("en".to_owned(), wrong.to_owned());
        let error = case.render("en", sms()).unwrap_err();
        assert!(matches!(error, Refusal::Value { field: "society.name", .. }), "{wrong:?}: {error}");
        assert!(wrong.is_empty() || !error.to_string().contains(wrong));
    }
    let mut case = Case::default();
    case.society.hotline.number = "call me".to_owned();
    assert!(matches!(case.render("en", sms()), Err(Refusal::Value { field: "hotline.number", .. })));
    case.society = crate::support::society();
    case.society.hotline.hours.clear();
    assert_eq!(case.render("en", sms()), Err(Refusal::NoHotline));
    let mut case = Case { high_fraud: true, ..Case::default() };
    case.facts.data_protection_contact = "Office, 022 730 3600".to_owned();
    assert!(matches!(case.render("en", sms()), Err(Refusal::Value { field: "data_protection_contact", .. })));
    let mut case = Case::default();
    case.facts.exposed.clear();
    let full = case.render("en", Notice::initial(Audience::AidRecipient, Channel::Post, Level::L3));
    assert!(matches!(full, Err(Refusal::Value { field: "exposed", .. })));
    let case = Case { reference: "not a code", ..Case::default() };
    assert_eq!(case.render("en", sms()), Err(Refusal::Reference));
}

#[test]
fn a_language_without_the_file_has_no_words_and_lends_none() {
    let mut files = files();
    files.insert("locales/eo/call-back.ftl".to_owned(), files["locales/en/call-back.ftl"].clone());
    let library = Library::from_files(&files).unwrap();
    assert!(matches!(Case::default().render_with(&library, "eo", sms()), Err(Refusal::NoWords { .. })));
    assert!(matches!(Case::default().render("eo", sms()), Err(Refusal::NoWords { .. })));
    let wish = |tag: &str| domain::record::LanguageWish { tag: tag.to_owned(), mode: None };
    assert!(matches!(library.choose(&sms(), &[wish("eo")], true, domain::Millis(0)), Err(Refusal::NoLanguage { .. })));
    let found = library.choose(&sms(), &[wish("eo"), wish("en-GB")], true, domain::Millis(0)).unwrap();
    assert_eq!((found.language, found.wish, found.fallback), (tag("en"), 1, true));
}

#[test]
fn an_over_long_text_message_is_refused() {
    let mut case = Case::default();
    case.facts.data_published = true;
    let enquirer = Notice::initial(Audience::Enquirer, Channel::Sms, Level::L3);
    case.society.name.insert("en".to_owned(), "ب".repeat(118));
    assert!(matches!(case.render("en", enquirer), Err(Refusal::TooLong { segments: 7.., limit: 6, .. })));
}
