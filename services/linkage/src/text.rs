//! Folding of written forms: what is only a way of writing must not tell two values apart.

use unicode_normalization::UnicodeNormalization;

/// Longest value that is looked at, in characters. A field of a megabyte costs no more than a name.
pub(crate) const MAX_CHARS: usize = 200;

/// Script families that are compared in their own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Script {
    /// Latin, and every script whose transliteration to Latin is faithful enough to be compared as Latin.
    Latin = 0,
    /// Arabic letters: short vowels are not written.
    Arabic = 1,
    /// Hebrew letters: likewise.
    Hebrew = 2,
    /// Chinese characters: one sound is many names.
    Han = 3,
}

impl Script {
    pub(crate) fn of(c: char) -> Self {
        match c {
            '\u{0600}'..='\u{06ff}'
            | '\u{0750}'..='\u{077f}'
            | '\u{08a0}'..='\u{08ff}'
            | '\u{fb50}'..='\u{fdff}'
            | '\u{fe70}'..='\u{feff}' => Self::Arabic,
            '\u{0590}'..='\u{05ff}' | '\u{fb1d}'..='\u{fb4f}' => Self::Hebrew,
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => Self::Han,
            _ => Self::Latin,
        }
    }
}

/// Lower case, compatibility forms composed, marks and invisible characters removed.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() && text.len() <= MAX_CHARS {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .take(MAX_CHARS)
        .nfkc()
        .filter(|c| !invisible(*c))
        .flat_map(char::to_lowercase)
        .map(fold_arabic)
        .collect()
}

/// Vowel marks, tatweel, joiners, bidi controls: present in one spelling of a word and absent in another.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{0610}'..='\u{061a}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{0640}'
        | '\u{06d6}'..='\u{06ed}' | '\u{0591}'..='\u{05c7}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}' | '\u{00ad}' | '\u{034f}')
}

/// Letters that Arabic, Persian, Urdu and Pashto keyboards write differently.
fn fold_arabic(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ې' | 'ۍ' | 'ے' | 'ئ' => 'ي',
        'ة' | 'ۀ' | 'ہ' | 'ھ' | 'ۃ' | 'ە' => 'ه',
        'ؤ' => 'و',
        'ک' | 'ڪ' => 'ك',
        'ګ' => 'گ',
        other => other,
    }
}

/// Decimal digits of any script as ASCII.
pub(crate) fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '০'..='৯' => '০',
        '၀'..='၉' => '၀',
        '０'..='９' => '０',
        '๐'..='๙' => '๐',
        '០'..='៩' => '០',
        '፩'..='፱' => return Some((c as u32 - '፩' as u32 + 1) as u8),
        _ => return None,
    };
    Some((c as u32 - zero as u32) as u8)
}

/// Lower-case ASCII letters and digits of a folded token.
pub(crate) fn to_ascii(token: &str) -> String {
    if token.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return token.to_owned();
    }
    if token.is_ascii() {
        return token.chars().filter(char::is_ascii_alphanumeric).collect();
    }
    any_ascii::any_ascii(token).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Splits folded text at everything that is neither letter, mark nor digit. Apostrophes join (`o'brien`).
pub(crate) fn words(folded: &str) -> impl Iterator<Item = String> + '_ {
    folded
        .split(|c: char| !(c.is_alphanumeric() || is_apostrophe(c) || is_mark(c)))
        .map(|word| if word.contains(is_apostrophe) { word.replace(is_apostrophe, "") } else { word.to_owned() })
        .filter(|word| !word.is_empty())
}

pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02bc}' | '\u{02bb}' | '`' | '\u{00b4}' | '\u{2018}')
}

/// Combining vowel signs of Indic and South-East Asian scripts are no letters to Unicode, but part of a word.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036f}' | '\u{0900}'..='\u{0dff}' | '\u{0e31}'..='\u{0e4e}'
        | '\u{0eb1}'..='\u{0ecd}' | '\u{0f18}'..='\u{0fbc}' | '\u{102b}'..='\u{109d}'
        | '\u{135d}'..='\u{135f}' | '\u{1712}'..='\u{1714}' | '\u{17b4}'..='\u{17d3}')
        && !matches!(c, '\u{0964}' | '\u{0965}')
}

/// A value that stands for «not known» or «withheld» and names nobody.
pub(crate) fn is_placeholder(folded: &str) -> bool {
    const WHOLE: [&str; 44] = [
        "unknown",
        "unk",
        "n/a",
        "na",
        "n.a.",
        "none",
        "null",
        "nil",
        "nan",
        "test",
        "anonymous",
        "anonymized",
        "anonymised",
        "unnamed",
        "no name",
        "noname",
        "nn",
        "n.n.",
        "n n",
        "fnu",
        "lnu",
        "not known",
        "not available",
        "not provided",
        "not stated",
        "not given",
        "refused",
        "redacted",
        "withheld",
        "confidential",
        "hidden",
        "deleted",
        "tbd",
        "inconnu",
        "unbekannt",
        "desconocido",
        "desconhecido",
        "sconosciuto",
        "неизвестно",
        "неизвестный",
        "غير معروف",
        "مجهول",
        "نامعلوم",
        "不明",
    ];
    /// Bytes of the longest word above.
    const LONGEST: usize = 22;
    let trimmed = folded.trim();
    if trimmed.len() <= LONGEST && WHOLE.contains(&trimmed) || (trimmed.contains("**") && !trimmed.contains(' ')) {
        return true;
    }
    let mut letters = trimmed.chars().filter(|c| c.is_alphanumeric());
    let Some(first) = letters.next() else {
        return true; // only stars, dashes, question marks or blanks
    };
    // "xxxx", "zzz", "aaaa": a key held down.
    let mut rest = 0;
    letters.all(|c| {
        rest += 1;
        c == first
    }) && rest >= 2
        && first.is_ascii()
}

/// 64 bits of a text, the same on every machine and in every run.
pub(crate) fn hash(text: &[u8]) -> u64 {
    let mut h: u64 = 0x9e37_79b9_7f4a_7c15 ^ text.len() as u64;
    for chunk in text.chunks(8) {
        let mut word = [0_u8; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        h = mix(h, u64::from_le_bytes(word));
    }
    mix(h, 0x2545_f491_4f6c_dd1d)
}

/// Mixes a word into a hash.
pub(crate) const fn mix(h: u64, word: u64) -> u64 {
    let mut x = h ^ word.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 30;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 27;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_fold_together() {
        for (a, b) in [
            ("JOSÉ", "josé"),
            ("أحمد", "احمد"),
            ("مُحَمَّد", "محمد"),
            ("یوسف", "يوسف"),
            ("ﻣﺤﻤﺪ", "محمد"),
            ("Jose\u{301}", "josé"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
    }

    #[test]
    fn placeholders_are_no_names() {
        for masked in ["*******", "---", " ", "xxx", "N/A", "UNKNOWN", "m****m", "?"] {
            assert!(is_placeholder(&fold(masked)), "{masked}");
        }
        for name in ["Na Li", "Aaliyah", "Ann", "Bo", "Oo"] {
            assert!(!is_placeholder(&fold(name)), "{name}");
        }
    }

    #[test]
    fn indic_words_stay_whole() {
        let folded = fold("রহিমা খাতুন");
        assert_eq!(words(&folded).count(), 2);
    }
}
