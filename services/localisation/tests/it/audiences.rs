//! What each audience must be told and must not (`protection.md` section 4), in English.

use domain::notice::Notice;
use domain::{Audience, Channel, Level, NoticeKind};
use localisation::audience;

use crate::support::{Case, SPOKEN, everything};

/// Every English text for an audience, with the notice.
fn texts(of: Audience) -> Vec<(Notice, String)> {
    audience::all_producible()
        .into_iter()
        .filter(|n| n.audience == of && SPOKEN.contains(&n.level))
        .map(|n| (n, everything(&Case::default().render("en", n).unwrap()).to_lowercase()))
        .collect()
}

fn must(of: Audience, when: impl Fn(&Notice) -> bool, words: &[&str]) {
    let mut seen = 0;
    for (notice, text) in texts(of).into_iter().filter(|(n, _)| when(n)) {
        for word in words {
            assert!(text.contains(word), "{notice:?} lacks «{word}»:\n{text}");
        }
        seen += 1;
    }
    assert!(seen > 0, "{of}: no such notice");
}

fn must_not(of: Audience, when: impl Fn(&Notice) -> bool, words: &[&str]) {
    let mut seen = 0;
    for (notice, text) in texts(of).into_iter().filter(|(n, _)| when(n)) {
        for word in words {
            assert!(!text.contains(word), "{notice:?} contains «{word}»:\n{text}");
        }
        seen += 1;
    }
    assert!(seen > 0, "{of}: no such notice");
}

fn told(notice: &Notice) -> bool {
    notice.level >= Level::L3
}

fn full(notice: &Notice) -> bool {
    told(notice) && notice.form == domain::Form::Full
}

fn short(notice: &Notice) -> bool {
    told(notice) && notice.form == domain::Form::Short
}

fn remote(notice: &Notice) -> bool {
    notice.channel.is_remote()
}

#[test]
fn the_general_notice_is_whole() {
    let whole = [
        "this message is from exampleland red cross, for people whose information we hold",
        "9 november 2021",
        "18 january 2022",
        "phone numbers",
        "pretend to be us",
        "moved our work to new computers",
        "do not pay",
        "do not give personal details",
        "tell us if",
        "+41 22 730 3600",
        "english",
        "09:00",
        "call is free",
        "check that this is real",
        "services are free and they continue",
        "sorry",
        "not your fault",
        "ask us to correct it or delete it",
        "data protection office",
        "notice 2",
        "16 february 2022",
        "k7m4q-x9t2l",
    ];
    for of in [
        Audience::Enquirer,
        Audience::Guardian,
        Audience::Released,
        Audience::Migrant,
        Audience::Bereaved,
        Audience::AidRecipient,
        Audience::Staff,
    ] {
        must(of, full, &whole);
    }
    for of in [Audience::Survivor, Audience::Sought] {
        must(of, told, &whole);
    }
    // a detainee cannot call: who visits is the contact point
    let by_phone = ["730 3600", "english", "09:00", "call is free", "check that this is real"];
    let rest: Vec<&str> = whole.into_iter().filter(|w| !by_phone.iter().any(|p| w.contains(p))).collect();
    must(Audience::Detainee, told, &rest);
    must(Audience::Detainee, told, &["when we visit you again"]);
    must_not(Audience::Detainee, |_| true, &by_phone);
}

#[test]
fn the_short_form_says_who_what_where_to_call_and_what_we_never_do() {
    for of in [Audience::Enquirer, Audience::Released, Audience::Migrant, Audience::Bereaved, Audience::AidRecipient] {
        must(
            of,
            short,
            &[
                "exampleland red cross",
                "information about you",
                "false messages",
                "730 3600",
                "09:00",
                "never ask for money",
                "k7m4q-x9t2l",
            ],
        );
        must_not(of, short, &["november", "names", "case"]);
    }
}

#[test]
fn what_each_audience_must_be_told() {
    must(Audience::Enquirer, full, &["gave us about your relatives", "not news about your relatives", "sell you news"]);
    must(
        Audience::Enquirer,
        short,
        &["told us about relatives may be included", "no news about them", "do not buy news"],
    );
    must(
        Audience::Sought,
        told,
        &["someone once asked", "choose to receive nothing", "share nothing about you unless you agree"],
    );
    must(
        Audience::Child,
        told,
        &["you did nothing wrong", "who should know", "simple words", "leave no paper, unless"],
    );
    must(Audience::Guardian, told, &["your family"]);
    must(Audience::Detainee, told, &["did not give your information to any authorities", "private interview"]);
    must(Audience::Detainee, |n| n.level == Level::L4, &["open the file"]);
    must(Audience::Released, full, &["certificates and copies of documents"]);
    must(Audience::Released, short, &["documents that you received from us may be included"]);
    must(Audience::Survivor, told, &["nobody else can hear", "check safety first", "safety referral", "new safe way"]);
    must(Audience::Survivor, |n| n.level == Level::L2, &["nobody else can hear", "safe for the person"]);
    must(Audience::Migrant, told, &["did not give your information to any authorities"]);
    must(Audience::Staff, told, &["login", "new password", "your own accounts", "security contact"]);
    must(Audience::Partner, told, &["your organisation has published", "warn the people"]);
    must(Audience::Public, told, &["until", "children", "730 3600", "english", "do not pay"]);
}

#[test]
fn what_each_audience_must_not_be_told() {
    let detention = ["detain", "detention", "prison", "released", "liberty", "arrest"];
    must_not(Audience::Released, remote, &detention);
    for of in [Audience::Enquirer, Audience::Guardian, Audience::Migrant, Audience::Bereaved, Audience::AidRecipient] {
        must_not(of, |_| true, &detention);
        must_not(of, |_| true, &["was found", "located", "match", "alive", "dead", "missing"]);
    }
    must_not(Audience::Survivor, |_| true, &["programme", "violence", "trafficking", "survivor"]);
    must_not(Audience::Child, |_| true, &["november", "data protection", "password for"]);
    must_not(Audience::Staff, |_| true, &["relatives", "certificates"]);
    must_not(Audience::Partner, |_| true, &["relatives", "about you,"]);
    must_not(Audience::Sought, |_| true, &["your mother", "your brother", "enquirer"]);
    must_not(Audience::Public, |_| true, &["k7m4q-x9t2l"]);
}

#[test]
fn no_text_reassures_guesses_or_hurries() {
    for &of in Audience::ALL {
        must_not(
            of,
            |_| true,
            &[
                "is safe with us",
                "data is safe",
                "hacker",
                "state-sponsored",
                "urgent",
                "immediately",
                "at once",
                "act now",
                "http",
                "www.",
                "@",
                "click",
            ],
        );
    }
}

#[test]
fn neutral_words_say_the_same_to_everybody_and_nothing_about_why() {
    let forbidden = [
        "breach",
        "broke",
        "computer",
        "data",
        "information",
        "tracing",
        "missing",
        "detention",
        "detain",
        "prison",
        "child",
        "asylum",
        "refugee",
        "migrant",
        "family",
        "relative",
        "red cross",
        "stolen",
        "attack",
        "restoring",
        "news",
    ];
    for &channel in Channel::ALL {
        let mut texts = std::collections::BTreeSet::new();
        for &of in Audience::ALL {
            let notice = Notice::initial(of, channel, Level::L2);
            if audience::producible(&notice) && notice.kind == NoticeKind::CallBack {
                let case = Case { label: Some("Blue Door"), may_name_org: false, ..Case::default() };
                let rendered = case.render("en", notice).unwrap();
                texts.insert(everything(&rendered));
            }
        }
        assert!(texts.len() <= 1, "{channel}: the audience shows");
        for text in &texts {
            let lower = text.to_lowercase();
            let spoken = lower.replace("name of the organisation", "");
            for word in forbidden {
                assert!(!spoken.contains(word), "{channel}: «{word}» in\n{text}");
            }
            assert!(text.contains("Blue Door"), "{channel}");
        }
    }
}

#[test]
fn a_task_on_the_wire_says_nothing_about_anybody() {
    let mut texts = std::collections::BTreeSet::new();
    for notice in audience::all_producible().into_iter().filter(|n| n.level == Level::L1) {
        let rendered = Case { may_name_org: false, ..Case::default() }.render("en", notice).unwrap();
        assert_eq!(rendered.parts.keys().collect::<Vec<_>>(), ["task"]);
        texts.insert(rendered.parts["task"].clone());
    }
    assert_eq!(texts.len(), 1, "{texts:?}");
}

#[test]
fn a_follow_up_says_that_it_is_one_and_published_data_are_never_hushed_up() {
    for notice in audience::all_producible().into_iter().filter(told) {
        let mut case = Case::default();
        let quiet = everything(&case.render("en", notice).unwrap());
        case.facts.data_published = true;
        let published = everything(&case.render("en", notice).unwrap());
        assert!(!quiet.contains("made public") && published.contains("made public"), "{notice:?}");
        if notice.kind == NoticeKind::FollowUp {
            assert!(quiet.contains("new notice about") || quiet.contains("more to tell you about"), "{notice:?}");
        }
    }
}
