//! Characters with a job: bidi controls, and the stand-ins for what differs from person to person.

/// First strong isolate, which Fluent puts before each value.
pub(crate) const FSI: char = '\u{2068}';
/// Pop directional isolate, which Fluent puts after it.
pub(crate) const PDI: char = '\u{2069}';

/// Stand-ins from a private-use block. No file and no value may contain one; a text is prepared once with these
/// and then filled in for each person.
pub(crate) const REFERENCE: char = '\u{E000}';
pub(crate) const LABEL: char = '\u{E001}';
pub(crate) const HOTLINE: char = '\u{E002}';

/// Overrides, embeddings, isolates and marks. ZWJ and ZWNJ are no bidi controls: Persian, Sorani and Bengali need them.
pub(crate) const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// Control characters, private use, unassigned specials.
pub(crate) fn is_forbidden(c: char) -> bool {
    c.is_control()
        || is_bidi_control(c)
        || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

/// Right-to-left mark: gives a list of names its direction, which is not that of its first name.
pub(crate) const RLM: char = '\u{200F}';

/// Without FSI, PDI and RLM.
pub(crate) fn strip_isolates(text: &str) -> String {
    text.chars().filter(|c| !matches!(*c, FSI | PDI | RLM)).collect()
}

/// Something that a reader, or a phone, takes for a link or an address.
pub(crate) fn looks_like_link(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("://")
        || lower.contains("www.")
        || lower.contains('@')
        || lower.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';')).any(|word| {
            let word = word.trim_end_matches(['.', '!', '?', ':']);
            word.rsplit_once('.').is_some_and(|(host, end)| {
                host.chars().any(|c| c.is_ascii_alphanumeric())
                    && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
                    && (2..=6).contains(&end.len())
                    && end.chars().all(|c| c.is_ascii_alphabetic())
            })
        })
}

/// Digits in any script.
pub(crate) fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// The number in a form that keeps its order in right-to-left text on every phone: digits only, `00` for `+`.
pub(crate) fn digits_only(number: &str) -> String {
    let plus = if number.trim_start().starts_with('+') { "00" } else { "" };
    plus.chars().chain(number.chars().filter(char::is_ascii_digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_seen_and_sentences_are_not() {
        for link in ["see https://x.org", "www.example", "a@b", "icrc.org", "go to a-b.co.uk.", "(redcross.int)"] {
            assert!(looks_like_link(link), "{link}");
        }
        for text in
            ["Call us. We speak.", "z.B. heute", "18.01.2022", "e.g. this", "wait...", "Avenue de la Paix 19, Geneva"]
        {
            assert!(!looks_like_link(text), "{text}");
        }
    }

    #[test]
    fn numbers_for_right_to_left_phones() {
        assert_eq!(digits_only("+41 22 730 3600"), "0041227303600");
        assert_eq!(digits_only("0800-123-456"), "0800123456");
    }
}
