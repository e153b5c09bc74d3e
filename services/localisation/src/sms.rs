//! What a text message costs: encoding and segments (3GPP TS 23.038 and 23.040).
//!
//! Phones and gateways split long messages in two ways. The **code-point** model never splits an escaped GSM
//! character or a surrogate pair; the **grapheme** model never splits what a reader sees as one character. Both
//! are counted and the larger is budgeted, because nobody tells beforehand which a gateway uses.

use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

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
        pack_clusters(text, part)
    };
    Count { encoding, units, segments_code_point, segments_grapheme }
}

/// Segments if clusters stay together. Only the cluster at the end of a part decides, so only that one is looked for:
/// telling all clusters of a text apart takes longer than everything else that is done for a message.
fn pack_clusters(text: &str, part: usize) -> u32 {
    let (mut segments, mut used, mut at) = (1, 0, 0);
    while let Some(c) = text[at..].chars().next() {
        used += c.len_utf16();
        if used > part {
            segments += 1;
            used = 0;
            at = cut(text, at, part);
        } else {
            at += c.len_utf8();
        }
    }
    segments
}

/// The last place before a byte, or the byte itself, where a text may be cut: never inside a cluster, unless that is
/// CR LF or fills more than a part.
fn cut(text: &str, at: usize, part: usize) -> usize {
    // a cursor that has the whole text cannot ask for more of it, which is its only error
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    if cursor.is_boundary(text, 0).unwrap_or(true) {
        return at;
    }
    let begin = cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(at);
    let end = GraphemeCursor::new(at, text.len(), true).next_boundary(text, 0).ok().flatten().unwrap_or(at);
    let cluster = &text[begin..end];
    if cluster == "\r\n" || cluster.encode_utf16().count() > part {
        return at;
    }
    conjuncts(cluster).map(|place| begin + place).take_while(|place| *place <= at).last().unwrap_or(begin)
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

/// First-fit, in order.
fn pack(sizes: impl Iterator<Item = usize>, part: usize) -> u32 {
    let (mut segments, mut used) = (1, 0);
    for size in sizes {
        if used + size > part {
            segments += 1;
            used = 0;
        }
        used += size;
    }
    segments
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

    /// Sizes of what stays together in a cluster.
    fn pieces(cluster: &str) -> Vec<usize> {
        let of = |text: &str| text.encode_utf16().count();
        if cluster == "\r\n" || of(cluster) > UCS2_PART {
            return cluster.chars().map(char::len_utf16).collect();
        }
        let cuts: Vec<usize> = [0].into_iter().chain(conjuncts(cluster)).chain([cluster.len()]).collect();
        cuts.windows(2).map(|pair| of(&cluster[pair[0]..pair[1]])).collect()
    }

    #[test]
    fn looking_at_the_ends_of_parts_counts_as_looking_at_every_cluster() {
        use rand::{RngExt as _, SeedableRng as _};
        let signs = [
            "ж",
            "e\u{301}",
            "ক্ষ",
            "न्त्र",
            "ကို",
            "น้ำ",
            "\r\n",
            "\u{1F1EB}",
            "\u{1F469}\u{200D}",
            "\u{301}",
            "a",
            "ᄒ",
            "ᅡ",
        ];
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        for _ in 0..5_000 {
            let mut text = String::from("ж");
            for _ in 0..rng.random_range(0..90) {
                // now and then a cluster longer than a part
                let times = if rng.random_range(0..60) == 0 { 80 } else { 1 };
                text.push_str(&signs[rng.random_range(0..signs.len())].repeat(times));
            }
            let slow = pack(text.graphemes(true).flat_map(pieces), UCS2_PART);
            assert_eq!(pack_clusters(&text, UCS2_PART), slow, "{}", text.escape_unicode());
        }
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
            assert_eq!(pieces(cluster), sizes, "{cluster}");
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
