//! Text as it comes in: what is refused, what is stripped, what stays.

use std::borrow::Cow;
use std::sync::LazyLock;

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::error::Reason;
use crate::limits;

/// The value without marks that reorder text, in NFC, white space collapsed and trimmed; line breaks stay as `\n`.
/// Zero-width joiners stay: names need them.
///
/// # Errors
/// Control characters, lost text (U+FFFD), oversize values.
pub fn clean(text: &str) -> Result<Cow<'_, str>, Reason> {
    if is_plain(text) || is_settled(text) { Ok(Cow::Borrowed(text)) } else { cleaned(text).map(Cow::Owned) }
}

/// The same, character by character.
fn cleaned(text: &str) -> Result<String, Reason> {
    let mut out = String::with_capacity(text.len());
    let (mut chars, mut marks) = (0_usize, 0_usize);
    for c in text.chars() {
        chars += 1;
        if chars > limits::VALUE_CHARS {
            return Err(Reason::TooLong);
        }
        if is_combining_mark(c) {
            marks += 1;
            if marks > limits::COMBINING_RUN {
                return Err(Reason::CombiningMarks);
            }
        } else if !reorders(c) {
            marks = 0;
        }
        match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => {
                while out.ends_with(' ') {
                    out.pop();
                }
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            c if c == '\t' || c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with([' ', '\n']) {
                    out.push(' ');
                }
            }
            '\u{fffd}' => return Err(Reason::LostText),
            c if c.is_control() || is_noncharacter(c) => return Err(Reason::ControlCharacter),
            c if reorders(c) => {}
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    if is_nfc_quick(out.chars()) != IsNormalized::Yes {
        out = out.nfc().collect();
    }
    Ok(out)
}

/// Printable ASCII without leading, trailing or doubled spaces: nothing to do. Most cells are like this.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() > limits::VALUE_CHARS || bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ') {
        return false;
    }
    let mut before = 0_u8;
    bytes.iter().all(|&b| {
        let fine = (0x20..0x7f).contains(&b) && !(b == b' ' && before == b' ');
        before = b;
        fine
    })
}

/// Text of any script that is clean already.
fn is_settled(text: &str) -> bool {
    if text.len() > limits::VALUE_CHARS || text.starts_with(' ') || text.ends_with(' ') {
        return false;
    }
    let (mut marks, mut before) = (0_usize, '\0');
    text.chars().all(|c| {
        let settled = match SETTLED.get(c as usize) {
            Some(Settled::Letter) => {
                marks = 0;
                !(c == ' ' && before == ' ')
            }
            Some(Settled::Mark) => {
                marks += 1;
                marks <= limits::COMBINING_RUN
            }
            Some(Settled::No) | None => false,
        };
        before = c;
        settled
    })
}

/// Whether a character stays as it is whatever stands beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settled {
    No,
    Letter,
    Mark,
}

/// By code point. What has a combining class or can combine with its neighbour is not among them.
static SETTLED: LazyLock<Vec<Settled>> = LazyLock::new(|| (0..=0xffff).map(settled).collect());

fn settled(code: u32) -> Settled {
    let Some(c) = char::from_u32(code) else { return Settled::No };
    let changes =
        c.is_control() || is_noncharacter(c) || reorders(c) || c == '\u{fffd}' || c.is_whitespace() && c != ' ';
    let alone = canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes;
    match (changes || !alone, is_combining_mark(c)) {
        (true, _) => Settled::No,
        (false, true) => Settled::Mark,
        (false, false) => Settled::Letter,
    }
}

/// Marks that change the order in which text is shown, and other invisible ones that no name needs.
const fn reorders(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}' | '\u{ad}')
}

const fn is_noncharacter(c: char) -> bool {
    let code = c as u32;
    matches!(code, 0xfdd0..=0xfdef) || code & 0xfffe == 0xfffe || matches!(code, 0xfff9..=0xfffb)
}

/// A name that hides one: masks, dots, or a word for «unknown». Never a key, or all survivors become one person.
#[must_use]
pub fn is_masked(name: &str) -> bool {
    let hides = |c: char| matches!(c, 'x' | 'X' | '*');
    let letters = name.chars().any(char::is_alphabetic);
    let only_marks = || name.chars().all(|c| hides(c) || matches!(c, ' ' | '.' | '-'));
    if !letters || (only_marks() && name.chars().filter(|c| hides(*c)).count() >= 2) || name.contains("**") {
        return true;
    }
    is_word_for_nothing(name.trim())
}

/// An id or address that is none: marks only, noughts only, or a word for «unknown».
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    !text.chars().any(|c| c.is_alphanumeric() && digit(c) != Some(0))
        || text.contains("**")
        || is_word_for_nothing(text.trim())
}

fn is_word_for_nothing(text: &str) -> bool {
    if text.is_ascii() {
        return PLACEHOLDERS.iter().any(|word| word.eq_ignore_ascii_case(text));
    }
    let lower = text.to_lowercase();
    PLACEHOLDERS.contains(&lower.as_str())
}

const PLACEHOLDERS: &[&str] = &[
    "unknown",
    "n/a",
    "na",
    "n.a.",
    "none",
    "null",
    "nil",
    "not known",
    "no name",
    "noname",
    "anonymous",
    "anon",
    "masked",
    "hidden",
    "confidential",
    "redacted",
    "inconnu",
    "inconnue",
    "anonyme",
    "desconocido",
    "desconocida",
    "anónimo",
    "unbekannt",
    "غير معروف",
    "مجهول",
    "невідомо",
    "неизвестно",
    "неизвестен",
    "অজানা",
    "haijulikani",
    "不详",
    "未知",
];

/// Digits of any script as ASCII; everything else as it is.
#[must_use]
pub fn ascii_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| digit(c).map_or(c, |d| char::from(b'0' + d))).collect())
}

/// Value of a decimal digit of any script.
fn digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    if let 0x1d7ce..=0x1d7ff = code {
        return u8::try_from((code - 0x1d7ce) % 10).ok();
    }
    let at = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    let value = code - ZEROS[at];
    (value < 10).then_some(value as u8)
}

/// The digit zero of each script, in order.
const ZEROS: &[u32] = &[
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0,
    0x11450,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joiners_stay_overrides_go_forms_are_composed() {
        let table = [
            ("  Amina   Yusuf ", "Amina Yusuf"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("क\u{94d}\u{200d}ष", "क\u{94d}\u{200d}ष"),
            ("abc\u{202e}def\u{202c}", "abcdef"),
            ("Jose\u{301}", "José"),
            ("one\r\ntwo\n", "one\ntwo"),
            ("\u{feff}x", "x"),
            ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ];
        for (raw, wanted) in table {
            assert_eq!(clean(raw).as_deref(), Ok(wanted));
        }
    }

    #[test]
    fn what_is_dangerous_is_refused() {
        let long = "a".repeat(limits::VALUE_CHARS + 1);
        let zalgo = format!("a{}", "\u{301}".repeat(1_000));
        for (raw, why) in [
            ("a\0b", Reason::ControlCharacter),
            ("\u{1b}[31m", Reason::ControlCharacter),
            ("a\u{85}b\u{9b}", Reason::ControlCharacter),
            ("a\u{fffd}", Reason::LostText),
            ("a\u{ffff}", Reason::ControlCharacter),
            (long.as_str(), Reason::TooLong),
            (zalgo.as_str(), Reason::CombiningMarks),
        ] {
            assert_eq!(clean(raw), Err(why));
        }
    }

    #[test]
    fn a_settled_character_is_one_that_stays() {
        for c in (0..=0xffff).filter_map(char::from_u32) {
            let kept = cleaned(&format!("a{c}b")).is_ok_and(|text| text == format!("a{c}b"));
            match settled(c as u32) {
                Settled::No => {}
                _ => assert!(kept, "{:x}", c as u32),
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn the_short_way_and_the_long_way_give_the_same_text(text in "([ a-e\u{301}\u{327}é]|[ক-ো]|[က-ှ]|[\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11a8}-\u{11c2}가-갛]|\\PC|[\n\t\u{200d}\u{202e}\u{fffd}]){0,12}") {
            proptest::prop_assert_eq!(clean(&text).map(Cow::into_owned), cleaned(&text));
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing_more() {
        for raw in ["  a \u{202e} b ", "e\u{301}\n\n x", "ا\u{200f}ب"] {
            let once = clean(raw).expect("fine").into_owned();
            assert_eq!(clean(&once).as_deref(), Ok(once.as_str()));
        }
    }

    #[test]
    fn masks_are_names_of_nobody() {
        for mask in ["*******", "****", "xxx", "X X X", "---", "...", "?", "Unknown", " n/a ", "A****", "مجهول"] {
            assert!(is_masked(mask), "{mask}");
        }
        for name in ["Xi", "Max", "Alexx", "Ng", "李", "Nil Das"] {
            assert!(!is_masked(name), "{name}");
        }
    }

    #[test]
    fn digits_of_any_script() {
        for (raw, wanted) in
            [("٠٧٧", "077"), ("۰۷۷", "077"), ("০১৭", "017"), ("၀၉", "09"), ("＋２５４", "＋254"), ("12", "12")]
        {
            assert_eq!(ascii_digits(raw), wanted);
        }
    }
}
