//! What a right-to-left screen shows: numbers, times and codes in their own order.

use domain::Channel;
use localisation::{Direction, audience};
use unicode_bidi::BidiInfo;

use crate::support::{Case, HOTLINE, REFERENCE, library};

/// A line as it stands on the screen, left to right, in a right-to-left paragraph.
fn visual(line: &str) -> String {
    shown(line, Some(unicode_bidi::Level::rtl()))
}

/// The same on a phone that looks at the first letter: a name in Latin letters makes the paragraph run left to right.
fn by_first_letter(line: &str) -> String {
    shown(line, None)
}

fn shown(line: &str, direction: Option<unicode_bidi::Level>) -> String {
    let info = BidiInfo::new(line, direction);
    info.paragraphs.iter().map(|p| info.reorder_line(p, p.range.clone()).into_owned()).collect()
}

#[test]
fn numbers_times_and_codes_keep_their_order() {
    let mut checked = 0;
    for tag in library().tags().filter(|t| t.direction() == Direction::Rtl) {
        for notice in audience::all_producible() {
            let rendered = Case::default().render(tag.as_str(), notice).unwrap();
            for (part, text) in
                rendered.parts.iter().filter(|(p, _)| matches!(p.as_str(), "body" | "text" | "script" | "task"))
            {
                for line in text.lines() {
                    for whole in [HOTLINE, "0041227303600", REFERENCE, "09:00", "17:30"] {
                        if line.contains(whole) {
                            for screen in [visual(line), by_first_letter(line)] {
                                assert!(screen.contains(whole), "{tag} {notice:?} {part}: {whole} is turned round");
                            }
                            checked += 1;
                        }
                    }
                }
            }
            if notice.channel == Channel::Sms {
                let body = &rendered.parts["body"];
                assert!(body.contains("0041227303600"), "{tag} {notice:?}");
                assert!(!body.contains(['\u{2068}', '\u{2069}', '\u{200e}', '\u{200f}']), "{tag} {notice:?}");
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn a_list_of_languages_runs_with_the_words_round_it() {
    let mut checked = 0;
    for tag in library().tags().filter(|t| t.direction() == Direction::Rtl) {
        let notice = domain::notice::Notice::initial(domain::Audience::AidRecipient, Channel::Email, domain::Level::L3);
        let rendered = Case::default().render(tag.as_str(), notice).unwrap();
        for line in rendered.parts["text"].lines().filter(|line| line.contains("English")) {
            let shown = visual(line);
            let place = |name: &str| shown.find(name).unwrap_or_else(|| panic!("{tag}: {shown}"));
            assert!(place("English") > place("français"), "{tag}: {shown}");
            checked += 1;
        }
    }
    assert!(checked >= 5, "{checked}");
}

#[test]
fn the_engine_would_show_a_mistake() {
    assert!(!visual("اتصل +41 22 730 3600 الآن").contains("+41 22 730 3600"));
    assert!(visual("اتصل \u{2068}+41 22 730 3600\u{2069} الآن").contains("+41 22 730 3600"));
}

#[test]
fn left_to_right_text_messages_carry_no_controls() {
    for tag in library().tags().filter(|t| t.direction() == Direction::Ltr) {
        for notice in audience::all_producible().into_iter().filter(|n| n.channel == Channel::Sms) {
            let body = &Case::default().render(tag.as_str(), notice).unwrap().parts["body"];
            assert!(!body.contains(['\u{2068}', '\u{2069}', '\u{200e}', '\u{200f}', '\n']), "{tag} {notice:?}");
            assert!(body.contains(HOTLINE));
        }
    }
}
