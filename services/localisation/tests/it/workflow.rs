//! From draft to approval, through the sheets that people work with.

use domain::notice::Notice;
use domain::{Audience, Channel, Level};
use localisation::approvals::Signature;
use localisation::workflow::{Mark, WorkflowError, mark, status, translated};
use localisation::{Library, State, preview, sheet};

use crate::support::{Case, library, tag};

fn approve(by: &str) -> Mark {
    Mark {
        kind: None,
        channel: Some(Channel::Sms),
        level: Some(Level::L2),
        state: State::Approved,
        translator: "T. Translator".to_owned(),
        approved_by: vec![by.to_owned()],
        on: jiff::civil::date(2026, 11, 29),
        expires: None,
    }
}

/// A signature of the right shape; whether it holds is for those who know the keys.
#[expect(clippy::unnecessary_wraps, reason = "as `mark` asks for it")]
fn key(n: usize, _: &str) -> Option<Signature> {
    Some(Signature { operator: "op".to_owned(), key: format!("key {n}"), signature: "00".to_owned() })
}

#[test]
fn approved_words_are_sent_until_they_change() {
    let notice = Notice::initial(Audience::AidRecipient, Channel::Sms, Level::L2);
    let real = Case { drill: false, ..Case::default() };
    assert!(real.render("fr", notice).is_err());
    let approvals = mark(library(), &tag("fr"), &approve("R. Reviewer, linguist"), key).unwrap();
    let mut files = Library::embedded_files();
    files.insert("locales/fr/approvals.toml".to_owned(), approvals.write().unwrap());
    let approved = Library::from_files(&files).unwrap();
    assert_eq!(real.render_with(&approved, "fr", notice).unwrap().approval.state, State::Approved);
    assert!(
        real.render_with(&approved, "fr", Notice::initial(Audience::AidRecipient, Channel::Sms, Level::L3)).is_err()
    );
    // English changes: the translation of the old English is no longer approved
    let english = files.get_mut("locales/en/call-back.ftl").unwrap();
    *english = english.replace("Please call us on", "Kindly call us on");
    let drifted = Library::from_files(&files).unwrap();
    assert!(real.render_with(&drifted, "fr", notice).unwrap_err().to_string().contains("outdated"));
}

#[test]
fn approvals_that_would_not_count_are_not_given() {
    let own = mark(library(), &tag("fr"), &approve("T. Translator"), key);
    assert!(matches!(own, Err(WorkflowError::WouldNotCount { .. })), "{own:?}");
    let unsigned = mark(library(), &tag("fr"), &approve("R"), |_, _| None);
    assert!(matches!(unsigned, Err(WorkflowError::WouldNotCount { .. })), "{unsigned:?}");
    assert!(matches!(mark(library(), &tag("en-XA"), &approve("R"), key), Err(WorkflowError::Pseudo(_))));
    assert!(matches!(mark(library(), &tag("tlh"), &approve("R"), key), Err(WorkflowError::NoLanguage(_))));
    let nothing = Mark { kind: Some(domain::NoticeKind::Public), ..approve("R") };
    assert!(matches!(mark(library(), &tag("fr"), &nothing, key), Err(WorkflowError::NoUnit(_))));
    let back = translated(library(), &tag("fr"), "T. Translator");
    assert_eq!((back.state, back.translator.as_str()), (State::Draft, "T. Translator"));
    let english = status(library()).into_iter().find(|s| s.language == tag("en")).unwrap();
    assert_eq!((english.units, english.states["approved"]), (english.of, english.of));
}

#[test]
fn a_sheet_comes_back_as_the_same_words() {
    for language in ["fr", "ar", "am", "sn"] {
        let csv = sheet::csv(library(), &tag(language));
        assert!(!csv.contains("\"=") && !csv.contains("\"@"));
        let files = sheet::from_csv(&tag(language), &csv).unwrap();
        let back = sheet::import(&Library::embedded_files(), &files).unwrap_or_else(|e| panic!("{language}: {e}"));
        let (old, new) = (library().language(&tag(language)).unwrap(), back.language(&tag(language)).unwrap());
        assert_eq!(old.hashes(), new.hashes(), "{language}");
        assert!(sheet::html(library(), &tag(language)).contains("neutral-call"));
    }
    for wrong in [
        "a,b\n1,2\n",
        "file,id,english,translation\n../x.ftl,a,b,c\n",
        "file,id,english,translation\n\"x",
        "file,id,english,translation\nx.ftl,a,b,\n",
    ] {
        assert!(sheet::from_csv(&tag("fr"), wrong).is_err(), "{wrong}");
    }
    let faulty =
        sheet::from_csv(&tag("fr"), "file,id,english,translation\ncall-back.ftl,neutral-call,x,Appelez.\n").unwrap();
    assert!(sheet::import(&Library::embedded_files(), &faulty).is_err());
    assert!(sheet::export(library(), &tag("tlh")).contains_key("locales/tlh/shared.ftl"));
}

#[test]
fn the_gallery_shows_every_language_and_runs_in_its_direction() {
    let tags = [tag("en"), tag("ar"), tag("my")];
    let page = preview::gallery_of(library(), &tags).unwrap();
    assert!(page.contains("lang=\"ar\" dir=\"rtl\"") && page.contains("lang=\"my\" dir=\"ltr\""));
    assert!(page.contains("2 segments") && page.contains("machine-draft"));
    let notice = Notice::initial(Audience::Child, Channel::Caseworker, Level::L4);
    let rendered = Case::default().render("ar", notice).unwrap();
    assert!(preview::terminal(&rendered).contains("── script"));
    assert!(preview::html(&rendered).contains("<aside>"));
    let json = serde_json::to_value(
        Case::default().render("en", Notice::initial(Audience::Migrant, Channel::Sms, Level::L3)).unwrap(),
    )
    .unwrap();
    assert_eq!(
        (&json["approval"], &json["direction"], &json["encoding"]),
        (&"approved".into(), &"ltr".into(), &"gsm7".into())
    );
}
