//! Every combination that the rules can produce renders in every language, and no other does.

use domain::notice::Notice;
use domain::{Audience, Channel, Form, Level, NoticeKind};
use localisation::{Encoding, Refusal, audience};

use crate::support::{Case, HOTLINE, REFERENCE, library};

fn languages() -> Vec<String> {
    library().tags().map(ToString::to_string).collect()
}

/// Facts that make every optional sentence appear, and those that leave all of them out.
fn cases() -> Vec<Case> {
    let plain = Case::default();
    let mut published = Case::default();
    published.facts.data_published = true;
    published.facts.ended_on = None;
    published.facts.measures = domain::incident::Measure::ALL.to_vec();
    published.facts.exposed.retain(|e| e.certainty == domain::incident::Certainty::Possible);
    published.society.hotline.free_of_charge = false;
    let fraud = Case { high_fraud: true, ..Case::default() };
    let all: Vec<Audience> = Audience::ALL.to_vec();
    let also = Case {
        also: all.into_iter().filter(|a| !matches!(a, Audience::Partner | Audience::Public)).collect(),
        ..Case::default()
    };
    vec![plain, published, fraud, also]
}

#[test]
fn every_producible_notice_renders_in_every_language() {
    let mut rendered = 0;
    for language in languages() {
        for notice in audience::all_producible() {
            // variables are the same in every language, by the check at loading: four languages show every branch
            let all = ["en", "ar", "am", "sn"].contains(&language.as_str());
            for case in cases().into_iter().take(if all { 4 } else { 1 }) {
                let found = match case.render(&language, notice) {
                    // everything at once in one text message: a call or a letter is due
                    Err(Refusal::TooLong { .. }) if notice.channel == Channel::Sms && case.also.len() > 3 => {
                        continue;
                    }
                    other => other.unwrap_or_else(|e| panic!("{language} {notice:?}: {e}")),
                };
                assert!(!found.parts.is_empty());
                for (name, text) in &found.parts {
                    assert!(!text.trim().is_empty(), "{language} {notice:?} {name}");
                    assert!(
                        !text.contains(['\u{E000}', '\u{E001}', '\u{E002}', '\u{E00F}']),
                        "{language} {notice:?} {name}"
                    );
                    assert!(!text.contains("{$") && !text.contains("{ $"), "{language} {notice:?} {name}");
                }
                rendered += 1;
            }
        }
    }
    assert!(rendered > 1_000, "{rendered}");
}

#[test]
fn nothing_else_renders() {
    let case = Case::default();
    let producible = audience::all_producible();
    let mut refused = 0;
    for &kind in NoticeKind::ALL {
        for &audience in Audience::ALL {
            for &channel in Channel::ALL {
                for &level in Level::ALL {
                    for &form in Form::ALL {
                        let notice = Notice { kind, audience, level, form, channel };
                        if !producible.contains(&notice) {
                            let error = case.render("en", notice).expect_err("not producible");
                            assert_eq!(error, Refusal::NotProducible(Box::new(notice)));
                            refused += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(refused + producible.len(), 6 * 13 * 9 * 5 * 2);
}

#[test]
fn every_unit_has_templates_and_every_template_is_used() {
    let used: std::collections::BTreeSet<_> =
        library().units().flat_map(|unit| library().parts(unit).to_vec()).map(|part| part.template).collect();
    for notice in audience::all_producible() {
        assert!(!library().parts(localisation::unit_of(&notice)).is_empty(), "{notice:?}");
    }
    assert!(used.contains("initial/sms") && used.contains("task/in_person.task"));
}

#[test]
fn text_messages_keep_to_their_budget_in_every_language() {
    let over = localisation::lint::budgets(library());
    let told: Vec<_> = over.iter().map(|f| format!("{:?} {}: {}", f.language, f.about, f.problem)).collect();
    assert!(over.is_empty(), "{told:#?}");
}

#[test]
fn the_gsm_probe_stays_in_the_gsm_alphabet() {
    for notice in audience::all_producible().into_iter().filter(|n| n.channel == Channel::Sms) {
        let found = Case::default().render("en-XG", notice).unwrap();
        assert_eq!(found.encoding, Some(Encoding::Gsm7), "{notice:?}");
        assert!(!found.parts["body"].is_ascii(), "the probe probes something");
    }
}

#[test]
fn english_is_approved_and_sent_in_earnest() {
    let case = Case { drill: false, ..Case::default() };
    for notice in audience::all_producible() {
        let found = case.render("en", notice).unwrap_or_else(|e| panic!("{notice:?}: {e}"));
        assert_eq!(found.approval.state, localisation::State::Approved);
    }
}

#[test]
fn the_number_and_the_code_are_there_and_the_number_is_not_where_fraud_is_high() {
    for notice in audience::all_producible() {
        let found = crate::support::everything(&Case::default().render("en", notice).unwrap());
        if notice.kind != NoticeKind::Public {
            assert!(found.contains(REFERENCE), "{notice:?}");
        }
        if notice.level > Level::L1 && notice.audience != Audience::Detainee {
            assert!(found.contains(HOTLINE), "{notice:?}");
        }
        let fraud = Case { high_fraud: true, ..Case::default() };
        let found = crate::support::everything(&fraud.render("en", notice).unwrap());
        assert!(
            !found.contains("730")
                && (notice.level == Level::L1
                    || notice.audience == Audience::Detainee
                    || found.contains("at our office")),
            "{notice:?}"
        );
    }
}

#[test]
fn the_digest_is_that_of_the_words_not_of_the_person() {
    let notice = Notice::initial(Audience::AidRecipient, Channel::Sms, Level::L3);
    let one = Case::default().render("en", notice).unwrap();
    let other = Case { reference: "ABCDE-FGHJE", ..Case::default() };
    let reference =
        localisation::reference::Reference::random(&mut <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(7))
            .to_string();
    let other = Case { reference: Box::leak(reference.into_boxed_str()), ..other };
    let two = other.render("en", notice).unwrap();
    assert_ne!(one.parts, two.parts);
    assert_eq!(one.digest, two.digest);
    let mut changed = Case::default();
    changed.society.hotline.number = "0800 123".to_owned();
    let three = changed.render("en", notice).unwrap();
    assert_ne!(one.digest, three.digest, "a changed Society is never served from the store of prepared texts");
    assert!(three.parts["body"].contains("0800 123"));
}

#[test]
fn html_letters_and_ssml_are_well_formed() {
    for language in languages() {
        for notice in audience::all_producible() {
            let found = Case::default().render(&language, notice).unwrap();
            if let Some(html) = found.parts.get("html") {
                assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>"), "{language} {notice:?}");
                assert!(html.contains(&format!("lang=\"{language}\" dir=\"{}\"", found.direction)));
                balanced(html);
            }
            if let Some(ssml) = found.parts.get("ssml") {
                assert!(!ssml.contains(['\u{2068}', '\u{2069}', '\u{200e}', '\u{200f}']));
                balanced(ssml);
            }
            if let Some(letter) = found.parts.get("letter") {
                let letter: serde_json::Value = serde_json::from_str(letter).unwrap();
                assert_eq!(letter["language"], language.as_str());
                assert_eq!(letter["reference"] == REFERENCE, notice.kind != NoticeKind::Public);
                assert!(letter["blocks"].as_array().unwrap().len() >= 3);
                readable(&letter);
            }
        }
    }
}

/// The letter has no field that the program for letters does not read: services/letters refuses what it does not know.
fn readable(letter: &serde_json::Value) {
    let known = |value: &serde_json::Value, names: &[&str]| {
        let strange: Vec<_> = value.as_object().unwrap().keys().filter(|key| !names.contains(&key.as_str())).collect();
        assert!(strange.is_empty(), "{strange:?}");
    };
    known(letter, &["language", "direction", "return_address", "to", "reference", "blocks"]);
    for block in letter["blocks"].as_array().unwrap() {
        known(block, &["kind", "text", "n"]);
        let kind = block["kind"].as_str().unwrap();
        assert!(["heading", "paragraph", "step", "item", "team"].contains(&kind), "{kind}");
        assert_eq!(block["n"].is_u64(), kind == "step");
    }
}

/// Every element that opens closes, in order.
fn balanced(markup: &str) {
    let mut open = Vec::new();
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{markup}");
        } else if !tag.starts_with(['!', '?']) && !tag.ends_with('/') && name != "meta" {
            open.push(name);
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
}
