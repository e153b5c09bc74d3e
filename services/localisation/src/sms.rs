//! What a text message costs: encoding and segments (3GPP TS 23.038 and 23.040).
//!
//! Phones and gateways split long messages in two ways. The **code-point** model never splits an escaped GSM
//! character or a surrogate pair; the **grapheme** model never splits what a reader sees as one character. Both
//! are counted and the larger is budgeted, because nobody tells beforehand which a gateway uses.

use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Units in a single message, and in each part of a longer one (140 octets less a 6-octet header).
const GSM7_SINGLE: usize = 160;
const GSM7_PART: usize = 153;
const UCS2_SINGLE: usize = 70;
const UCS2_PART: usize = 67;

/// No notice may be longer, in any language.
pub const HARD_STOP: u32 = 6;

/// GSM 03.38 basic alphabet, without the escape; one septet each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: an escape and a septet.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Alphabet of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Seven bits a character, where every character has a place in the GSM alphabet.
    Gsm7,
    /// Sixteen bits a unit.
    Ucs2,
}

impl Encoding {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "gsm7",
            Self::Ucs2 => "ucs2",
        }
    }
}

/// Size of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Alphabet.
    pub encoding: Encoding,
    /// Septets or 16-bit units.
    pub units: usize,
    /// Segments, if only escapes and surrogate pairs stay together.
    pub segments_code_point: u32,
    /// Segments, if grapheme clusters stay together.
    pub segments_grapheme: u32,
}

impl Count {
    /// What is budgeted and paid for.
    #[must_use]
    pub fn segments(&self) -> u32 {
        self.segments_code_point.max(self.segments_grapheme)
    }
}

/// Septets of a character, `None` outside the GSM alphabet.
#[must_use]
pub fn septets(c: char) -> Option<usize> {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => Some(1),
        _ if BASIC.contains(c) => Some(1),
        _ if EXTENDED.contains(c) => Some(2),
        _ => None,
    }
}

/// Counts a message as it would leave.
#[must_use]
pub fn count(text: &str) -> Count {
    let gsm: Option<usize> = text.chars().map(septets).sum();
    let (encoding, units, single, part) = match gsm {
        Some(units) => (Encoding::Gsm7, units, GSM7_SINGLE, GSM7_PART),
        None => (Encoding::Ucs2, text.encode_utf16().count(), UCS2_SINGLE, UCS2_PART),
    };
    let size = |c: char| match encoding {
        Encoding::Gsm7 => septets(c).unwrap_or(1),
        Encoding::Ucs2 => c.len_utf16(),
    };
    if units <= single {
        return Count { encoding, units, segments_code_point: 1, segments_grapheme: 1 };
    }
    let segments_code_point = pack(text.chars().map(size), part);
    let segments_grapheme = if encoding == Encoding::Gsm7 {
        segments_code_point // every GSM character is a cluster of its own, but CR LF, which calculators split
    } else {
        let mut parts = Parts::of(part);
        text.graphemes(true).for_each(|cluster| pieces(cluster, part, |size| parts.add(size)));
        parts.segments
    };
    Count { encoding, units, segments_code_point, segments_grapheme }
}

/// Gives the sizes that stay together: the cluster, or its characters where it is CR LF or fills more than a part.
fn pieces(cluster: &str, part: usize, mut add: impl FnMut(usize)) {
    let of = |text: &str| text.encode_utf16().count();
    let units = of(cluster);
    if cluster == "\r\n" || units > part {
        return cluster.chars().map(char::len_utf16).for_each(add);
    }
    // most clusters are one character, and have nothing to cut
    if units == 1 {
        return add(1);
    }
    let mut begin = 0;
    for at in conjuncts(cluster) {
        add(of(&cluster[begin..at]));
        begin = at;
    }
    add(of(&cluster[begin..]));
}

/// Where a cluster has a further consonant of a conjunct. Unicode has kept conjuncts of Indian scripts together since
/// 2023; the calculators that gateways publish still cut before each consonant, and a bill follows theirs.
fn conjuncts(cluster: &str) -> impl Iterator<Item = usize> + '_ {
    let pairs = cluster.char_indices().zip(cluster.chars().skip(1));
    pairs
        .filter(|((_, before), c)| c.is_alphabetic() && !leans(*c) && leans(*before))
        .map(|((at, before), _)| at + before.len_utf8())
}

/// Whether a character inside a cluster leans on the one before it.
fn leans(c: char) -> bool {
    // nearly all that lean are marks; the others (the Thai am) are asked for by way of example
    is_combining_mark(c) || {
        let (mut pair, len) = ([b'a'; 5], 1 + c.len_utf8());
        c.encode_utf8(&mut pair[1..]);
        std::str::from_utf8(&pair[..len]).is_ok_and(|pair| pair.graphemes(true).nth(1).is_none())
    }
}

/// Parts of a long message, filled one after the other.
struct Parts {
    part: usize,
    segments: u32,
    used: usize,
}

impl Parts {
    const fn of(part: usize) -> Self {
        Self { part, segments: 1, used: 0 }
    }

    /// First-fit, in order.
    const fn add(&mut self, size: usize) {
        if self.used + size > self.part {
            self.segments += 1;
            self.used = 0;
        }
        self.used += size;
    }
}

fn pack(sizes: impl Iterator<Item = usize>, part: usize) -> u32 {
    let mut parts = Parts::of(part);
    sizes.for_each(|size| parts.add(size));
    parts.segments
}

/// Most segments that a notice may take: neutral 1 GSM-7 or 2 UCS-2, short 2 or 4, with an audience's additions 3 or 6.
#[must_use]
pub const fn budget(neutral: bool, additions: bool, encoding: Encoding) -> u32 {
    let gsm = match (neutral, additions) {
        (true, _) => 1,
        (false, false) => 2,
        (false, true) => 3,
    };
    match encoding {
        Encoding::Gsm7 => gsm,
        Encoding::Ucs2 => gsm * 2,
    }
}

/// Cost of a campaign's messages in millionths of a currency unit: segments × the destination's rate.
#[must_use]
pub const fn cost_micros(segments: u64, rate_micros: u64) -> u64 {
    segments.saturating_mul(rate_micros)
}

/// One line of `tidings sms count`: `{"text":…}` in, the [`Count`] out.
///
/// # Errors
/// The line is not a JSON object with a string `text`. The error never repeats the line.
pub fn count_line(line: &str) -> Result<String, LineError> {
    #[derive(Deserialize)]
    struct Line {
        text: String,
    }
    let line: Line = serde_json::from_str(line).map_err(|e| LineError { column: e.column() })?;
    serde_json::to_string(&count(&line.text)).map_err(|e| LineError { column: e.column() })
}

/// A line that is not `{"text":…}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an object like {{\"text\":\"…\"}}, with a string; problem near column {column}")]
pub struct LineError {
    /// Where, counted from 1.
    pub column: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_is_complete() {
        assert_eq!(BASIC.chars().count(), 127);
        assert_eq!(EXTENDED.chars().count(), 10);
    }

    #[test]
    fn what_forces_ucs2() {
        for c in "\u{2068}\u{2069}\u{200e}\u{200f}\u{200d}\u{200c}\u{a0}\u{202f}’“–—\u{2011}…`\táíóúâêîôûçãõœğşı\u{ad}\u{feff}\u{301}αβ".chars() {
            assert_eq!(septets(c), None, "{c:?}");
        }
        for c in "éèàùìòñÑüÜäöåÇÉßæøΔΦΓΛΩΠΨΣΘΞ".chars() {
            assert_eq!(septets(c), Some(1), "{c:?}");
        }
        for c in "^{}\\[~]|€\u{c}".chars() {
            assert_eq!(septets(c), Some(2), "{c:?}");
        }
    }

    #[test]
    fn limits_of_one_and_many_parts() {
        let of = |text: &str| {
            (count(text).encoding, count(text).units, count(text).segments_code_point, count(text).segments_grapheme)
        };
        assert_eq!(of(""), (Encoding::Gsm7, 0, 1, 1));
        assert_eq!(of(&"a".repeat(160)), (Encoding::Gsm7, 160, 1, 1));
        assert_eq!(of(&"a".repeat(161)), (Encoding::Gsm7, 161, 2, 2));
        assert_eq!(of(&"a".repeat(306)), (Encoding::Gsm7, 306, 2, 2));
        assert_eq!(of(&"a".repeat(307)), (Encoding::Gsm7, 307, 3, 3));
        assert_eq!(of(&"ж".repeat(70)), (Encoding::Ucs2, 70, 1, 1));
        assert_eq!(of(&"ж".repeat(71)), (Encoding::Ucs2, 71, 2, 2));
        assert_eq!(of(&"ж".repeat(135)), (Encoding::Ucs2, 135, 3, 3));
    }

    #[test]
    fn an_escaped_character_is_never_split_where_a_shortcut_would_undercount() {
        // 152 letters, an escaped sign that does not fit in the 153rd septet, and 152 letters: ceil(306 / 153) is 2
        let text = format!("{}€{}", "a".repeat(152), "b".repeat(152));
        assert_eq!(count(&text).units, 306);
        assert_eq!(count(&text).segments_code_point, 3);
    }

    #[test]
    fn clusters_stay_together_only_in_the_grapheme_model() {
        let text = format!("{}e\u{301}{}", "ж".repeat(66), "ж".repeat(66));
        let counted = count(&text);
        assert_eq!((counted.segments_code_point, counted.segments_grapheme), (2, 3));
        assert_eq!(counted.segments(), 3);
    }

    #[test]
    fn a_conjunct_is_cut_where_published_calculators_cut_it() {
        for (cluster, sizes) in [
            ("ক্ষ", vec![2, 1]),
            ("क्षि", vec![2, 2]),
            ("न्त्र", vec![2, 2, 1]),
            ("ক\u{9bf}", vec![2]),
            ("น้ำ", vec![3]),
            ("e\u{301}", vec![2]),
            ("\u{1F469}\u{200D}\u{1F467}", vec![5]),
            ("\u{1F1EB}\u{1F1F7}", vec![4]),
            ("\u{1112}\u{1161}\u{11AB}", vec![3]),
        ] {
            assert_eq!(cluster.graphemes(true).count(), 1, "{cluster}");
            let mut found = Vec::new();
            pieces(cluster, UCS2_PART, |size| found.push(size));
            assert_eq!(found, sizes, "{cluster}");
        }
    }

    #[test]
    fn lines() {
        assert_eq!(
            count_line(r#"{"text":"Hallo €"}"#).as_deref(),
            Ok(r#"{"encoding":"gsm7","units":8,"segments_code_point":1,"segments_grapheme":1}"#)
        );
        assert!(count_line(r#"{"text":5}"#).is_err());
        assert!(count_line("secret").is_err_and(|e| !e.to_string().contains("secret")));
    }

    #[test]
    fn cost_is_segments_times_rate() {
        assert_eq!(cost_micros(6, 75_000), 450_000);
    }
}
