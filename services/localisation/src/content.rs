//! What no message may contain, in any language: checked at loading, so that such words never run.

use unicode_normalization::is_nfc;

use crate::dates::{DATE_MESSAGES, DATE_VARIABLES};
use crate::error::LoadError;
use crate::text::{digits, is_bidi_control, is_forbidden, looks_like_link};
use crate::words::Words;

/// Variables that a translator may use although English does not: the part of the day, for languages that count
/// hours from dawn.
pub(crate) const EXTRA_VARIABLES: &[(&str, &str)] = &[("opens", "opens_part"), ("closes", "closes_part")];
/// Every variable that a message can be given. `day`, `month`, `year` only in `date`.
const VARIABLES: &[&str] = &[
    "asof",
    "closes",
    "discovered",
    "dpo",
    "ended",
    "hotline",
    "key",
    "kind",
    "languages",
    "name",
    "opens",
    "org",
    "reference",
    "started",
    "version",
];
/// Typographic signs that turn a Latin text message into UCS-2 and double its price.
const TYPOGRAPHIC: &[char] = &[
    '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2013}', '\u{2014}', '\u{2026}', '\u{A0}', '\u{202F}',
    '\u{2011}', '`',
];

/// Checks every message of a language against content rules, and against the English ones.
///
/// # Errors
/// The first thing that is wrong, by file and id.
pub(crate) fn check(words: &Words, source: &Words) -> Result<(), LoadError> {
    for (id, info) in words.messages() {
        let wrong = |problem: &str| {
            Err(LoadError::Content { file: info.file.clone(), id: id.clone(), problem: problem.to_owned() })
        };
        for text in &info.texts {
            if let Some(problem) = problem(text) {
                return wrong(problem);
            }
        }
        if DATE_MESSAGES.contains(&id.as_str()) {
            if let Some(variable) = info.variables.iter().find(|v| !DATE_VARIABLES.contains(&v.as_str())) {
                let (file, id, variable) = (info.file.clone(), id.clone(), variable.clone());
                return Err(LoadError::UnknownVariable { file, id, variable });
            }
            let named = |month: u8| info.choices.get("month").is_some_and(|c| c.contains(&format!("m{month}")));
            if !(1..=12).all(named) {
                return wrong("does not name every month");
            }
            continue;
        }
        let Some(original) = source.messages().get(id) else {
            return Err(LoadError::Unknown { file: info.file.clone(), id: id.clone() });
        };
        let known = |v: &str| VARIABLES.contains(&v) || EXTRA_VARIABLES.iter().any(|(_, extra)| *extra == v);
        if let Some(variable) = info.variables.iter().find(|v| !known(v) || !allowed(v, original)) {
            let (file, id, variable) = (info.file.clone(), id.clone(), variable.clone());
            return Err(LoadError::UnknownVariable { file, id, variable });
        }
        if let Some(variable) = original.variables.iter().find(|v| !info.variables.contains(*v)) {
            let (file, id, variable) = (info.file.clone(), id.clone(), variable.clone());
            return Err(LoadError::MissingVariable { file, id, variable });
        }
        for (variable, known) in &original.choices {
            if info.choices.get(variable) != Some(known) {
                return wrong("does not choose between the same words as the English message");
            }
        }
    }
    Ok(())
}

fn allowed(variable: &str, original: &crate::words::MessageInfo) -> bool {
    original.variables.contains(variable)
        || EXTRA_VARIABLES.iter().any(|(with, extra)| *extra == variable && original.variables.contains(*with))
}

fn problem(text: &str) -> Option<&'static str> {
    if text.chars().any(is_bidi_control) {
        Some("contains a bidi control; the channel puts them where they are needed")
    } else if text.chars().filter(|c| *c != '\n').any(is_forbidden) {
        Some("contains a control or private-use character")
    } else if !is_nfc(text) {
        Some("is not in Unicode normal form C")
    } else if digits(text) > 0 {
        Some("contains a typed digit; numbers come in as variables")
    } else if looks_like_link(text) {
        Some("contains a link or an address")
    } else if text.contains(['<', '>', '&']) {
        Some("contains markup")
    } else {
        None
    }
}

/// Checks the messages that go into text messages, in a language with Latin letters.
///
/// # Errors
/// A typographic sign that would turn the whole message into UCS-2.
pub(crate) fn check_sms<'a>(words: &Words, ids: impl IntoIterator<Item = &'a str>) -> Result<(), LoadError> {
    let latin = |text: &str| text.chars().filter(|c| c.is_alphabetic()).all(|c| u32::from(c) < 0x250);
    for (id, info) in ids.into_iter().filter_map(|id| words.messages().get_key_value(id)) {
        if info.texts.iter().any(|t| latin(t) && t.contains(TYPOGRAPHIC)) {
            return Err(LoadError::Content {
                file: info.file.clone(),
                id: id.clone(),
                problem: "contains a typographic sign that doubles the price of a text message".to_owned(),
            });
        }
    }
    Ok(())
}

/// Checks the messages that neutral texts use against the words that would show what it is about.
///
/// # Errors
/// The first message that contains one.
pub(crate) fn check_neutral<'a>(
    words: &Words,
    ids: impl IntoIterator<Item = &'a str>,
    forbidden: &[String],
) -> Result<(), LoadError> {
    for (id, info) in ids.into_iter().filter_map(|id| words.messages().get_key_value(id)) {
        if info.texts.iter().any(|text| forbidden.iter().any(|word| says(&text.to_lowercase(), word))) {
            return Err(LoadError::Content {
                file: info.file.clone(),
                id: id.clone(),
                problem: "contains a word that shows what a neutral text is about".to_owned(),
            });
        }
    }
    Ok(())
}

/// First code point after Arabic and its neighbours: scripts from here on write words together, or nearly.
const ARABIC_END: u32 = 0x780;
/// Letters up to which a beginning counts only as the whole word in what people write by hand: names of places begin
/// with anything, while the words of notices are few and known.
const SHORT: usize = 3;

/// Whether an entry in small letters has a telling word.
pub(crate) fn tells(entry: &str, word: &str) -> bool {
    let alphabetic = word.chars().all(|c| u32::from(c) < ARABIC_END);
    if alphabetic && word.chars().count() <= SHORT {
        entry.split(|c: char| !c.is_alphanumeric()).any(|found| found == word)
    } else {
        says(entry, word)
    }
}

/// Whether a text has a word with this beginning. Arabic writes articles and prepositions in front of it; scripts
/// beyond write neighbours together, and have it anywhere.
fn says(text: &str, beginning: &str) -> bool {
    const ARABIC_PREFIXES: &[&str] = &["", "ال", "و", "ب", "ل", "ف", "وال", "بال", "لل", "ولل"];
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '\u{200C}');
    match beginning.chars().map(u32::from).max().unwrap_or(0) {
        ..0x530 => words.any(|word| word.starts_with(beginning)),
        0x530..ARABIC_END => words.any(|word| {
            ARABIC_PREFIXES.iter().any(|p| word.strip_prefix(p).is_some_and(|rest| rest.starts_with(beginning)))
        }),
        _ => text.contains(beginning),
    }
}
