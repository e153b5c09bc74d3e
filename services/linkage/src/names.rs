//! Names as tokens with a role.

use crate::record::Sex;
use crate::text::{self, Script};

/// Tokens that one role of a name keeps. Longer names occur, but the fourth token decides nothing.
pub(crate) const ROLE_TOKENS: usize = 3;

/// A name, split into tokens. A token is what is compared: lower-case ASCII for alphabets that write their
/// vowels, native letters for Arabic, Hebrew and Chinese.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) given: Vec<String>,
    pub(crate) middle: Vec<String>,
    pub(crate) family: Vec<String>,
    /// The register does not say which token is the family name.
    pub(crate) unordered: bool,
    pub(crate) marks: Marks,
}

/// What stands around a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// «Ali & Fatima»: the field seems to hold two persons.
    pub(crate) two_persons: bool,
    /// 1 senior, 2 junior or second, 3 third …; 0 unmarked.
    pub(crate) generation: u8,
    /// Sex that a title implies.
    pub(crate) sex: Option<Sex>,
}

impl Marks {
    fn join(&mut self, other: Self) {
        self.two_persons |= other.two_persons;
        self.generation = self.generation.max(other.generation);
        self.sex = self.sex.or(other.sex);
    }
}

impl Name {
    pub(crate) fn is_empty(&self) -> bool {
        self.given.is_empty() && self.family.is_empty() && self.middle.is_empty()
    }
}

/// A name whose parts the register keeps apart.
pub(crate) fn of_parts(given: Option<&str>, middle: Option<&str>, family: Option<&str>) -> Name {
    let mut name = Name::default();
    let mut take = |value: Option<&str>, place: Place| {
        let (tokens, marks) = value.map(|v| tokens(v, place)).unwrap_or_default();
        name.marks.join(marks);
        tokens
    };
    name.given = take(given, Place::Given);
    name.middle = take(middle, Place::Given);
    name.family = take(family, Place::Family);
    // Everything in one of the two columns: the parts are not apart after all.
    if name.family.is_empty() && name.middle.is_empty() && name.given.len() >= 2 {
        split_whole(&mut name, false);
    }
    name
}

/// A whole name.
pub(crate) fn of_whole(value: &str) -> Name {
    let folded = text::fold(value);
    if let Some((family, rest)) = folded.split_once([',', '،', '、'])
        && !family.trim().is_empty()
        && text::words(rest).any(|w| generation(&w).is_none())
    {
        let mut name = of_parts(None, None, Some(family));
        let (mut given, marks) = tokens(rest, Place::Given);
        name.middle = given.split_off(given.len().min(1));
        name.given = given;
        name.marks.join(marks);
        return name;
    }
    let (given, marks) = tokens(value, Place::Whole);
    let mut name = Name { given, marks, ..Name::default() };
    let east_asian = value.chars().any(|c| Script::of(c) == Script::Han || is_hangul(c));
    split_whole(&mut name, east_asian);
    name
}

/// First token given, last token family, or the other way round; unsure either way.
fn split_whole(name: &mut Name, family_first: bool) {
    name.unordered = true;
    let mut tokens = std::mem::take(&mut name.given);
    if tokens.len() < 2 {
        name.given = tokens;
        return;
    }
    if family_first {
        name.family = vec![tokens.remove(0)];
    } else {
        name.family = tokens.split_off(tokens.len() - 1);
    }
    name.middle = tokens.split_off(1);
    name.given = tokens;
}

/// Tokens of a single person's name in a field of its own, such as the father's.
pub(crate) fn of_relative(value: &str) -> Vec<String> {
    tokens(value, Place::Whole).0
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Given,
    Family,
    Whole,
}

fn tokens(value: &str, place: Place) -> (Vec<String>, Marks) {
    let mut folded = text::fold(value);
    let mut marks = Marks::default();
    if folded.contains("**") {
        // «Ali *****»: what is masked in part is masked.
        let clear = folded.split_whitespace().filter(|w| !w.contains("**"));
        folded = clear.collect::<Vec<_>>().join(" ");
    }
    if text::is_placeholder(&folded) {
        return (Vec::new(), marks);
    }
    marks.two_persons = two_persons(&folded);
    let mut words: Vec<String> = text::words(&folded).collect();
    words.retain(|w| !(w.len() > 1 && text::is_placeholder(w) && w != "na" && w != "nn"));
    drop_titles(&mut words, &mut marks);
    let words = join_compounds(words);
    let last = words.len().saturating_sub(1);
    let mut out = Vec::with_capacity(words.len());
    for (i, word) in words.iter().enumerate() {
        let leads = i == 0 && place != Place::Family;
        if is_particle(word) && i != last && !leads {
            continue;
        }
        push_token(word, place, &mut out);
    }
    out.truncate(ROLE_TOKENS * 3);
    (out, marks)
}

fn push_token(word: &str, place: Place, out: &mut Vec<String>) {
    let script = word.chars().next().map_or(Script::Latin, Script::of);
    let token = match script {
        Script::Latin => {
            let ascii = text::to_ascii(word);
            if place == Place::Whole && word.chars().all(is_hangul) {
                split_after(word, 1, out);
                return;
            }
            if ascii.is_empty() { word.to_owned() } else { ascii }
        }
        Script::Arabic => strip_article(word).to_owned(),
        Script::Hebrew => word.to_owned(),
        Script::Han => {
            let length = word.chars().count();
            if place == Place::Whole && (2..=4).contains(&length) {
                let compound = COMPOUND_SURNAMES.iter().any(|s| word.starts_with(s));
                split_after(word, if compound && length > 2 { 2 } else { 1 }, out);
                return;
            }
            word.to_owned()
        }
    };
    out.push(token);
}

/// Splits an East Asian name that is written without a space.
fn split_after(word: &str, chars: usize, out: &mut Vec<String>) {
    let at = word.char_indices().nth(chars).map_or(word.len(), |(i, _)| i);
    for part in [&word[..at], &word[at..]] {
        if !part.is_empty() {
            let han = part.chars().any(|c| Script::of(c) == Script::Han);
            out.push(if han { part.to_owned() } else { text::to_ascii(part) });
        }
    }
}

const COMPOUND_SURNAMES: [&str; 10] = ["欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "夏侯", "皇甫", "司徒"];

fn is_hangul(c: char) -> bool {
    ('\u{ac00}'..='\u{d7a3}').contains(&c)
}

/// «Ali & Fatima Hassan», «John and Mary»: a joining word with a name on both sides.
fn two_persons(folded: &str) -> bool {
    let sign = folded
        .split_once(['&', '+', '/', ';'])
        .is_some_and(|(a, b)| [a, b].iter().all(|s| s.chars().any(char::is_alphabetic)));
    let words: Vec<String> = text::words(folded).collect();
    sign || (words.len() >= 3
        && words[1..words.len() - 1].iter().any(|w| matches!(w.as_str(), "and" | "et" | "und" | "و" | "и")))
}

fn drop_titles(words: &mut Vec<String>, marks: &mut Marks) {
    while words.len() > 1 {
        let sex = match words[0].as_str() {
            "mr" | "herr" | "monsieur" | "mister" | "السيد" => Some(Sex::Male),
            "mrs" | "ms" | "miss" | "mme" | "mlle" | "madame" | "frau" | "sra" | "srta" | "lady" | "السيدة"
            | "السيده" => Some(Sex::Female),
            "dr" | "prof" | "eng" | "hajji" | "haji" | "hajj" | "alhaji" | "sheikh" | "shaikh" | "shaykh"
            | "mullah" | "maulana" | "ustad" | "rev" | "sir" | "الحاج" | "الشيخ" | "د" | "حاجي" => None,
            _ => break,
        };
        marks.sex = marks.sex.or(sex);
        words.remove(0);
    }
    let mut i = 1;
    while i < words.len() {
        if let Some(g) = generation(&words[i]) {
            marks.generation = marks.generation.max(g);
            words.remove(i);
        } else if matches!(words[i].as_str(), "nee" | "née" | "phd" | "esq") && words.len() > 1 {
            words.remove(i);
        } else {
            i += 1;
        }
    }
}

fn generation(word: &str) -> Option<u8> {
    Some(match word {
        "sr" | "senior" => 1,
        "jr" | "jnr" | "junior" | "ii" | "2nd" => 2,
        "iii" | "3rd" => 3,
        "iv" | "4th" => 4,
        _ => return None,
    })
}

/// Joins what is one name in several words: Abd + X, Abu + X, Mc + X; expands written-out short forms.
fn join_compounds(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut i = 0;
    while i < words.len() {
        let word = words[i].as_str();
        let follows = i + 1 < words.len();
        let joined = match word {
            "abd" | "abdul" | "abdel" | "abdal" | "abdoul" | "abdur" | "abder" | "abdus" | "abdou" if follows => {
                let skip = usize::from(i + 2 < words.len() && is_article(&words[i + 1]));
                i += 1 + skip;
                format!("abd{}", words[i])
            }
            "عبد" if follows => {
                let skip = usize::from(i + 2 < words.len() && words[i + 1] == "ال");
                i += 1 + skip;
                format!("عبد{}", strip_article(&words[i]))
            }
            "abu" | "abou" | "umm" | "mc" | "mac" if follows => {
                i += 1;
                format!("{word}{}", words[i])
            }
            "ابو" | "ام" if follows => {
                i += 1;
                format!("{word}{}", strip_article(&words[i]))
            }
            "md" | "mohd" | "muhd" | "mhd" | "mohmd" if follows => "mohammad".to_owned(),
            _ => servant(word),
        };
        out.push(joined);
        i += 1;
    }
    out
}

/// The «servant of …» names in one word: Abdulrahman, Abdelrahman, Abderrahman, عبدالرحمن.
fn servant(word: &str) -> String {
    if let Some(rest) = word.strip_prefix("عبد")
        && rest.chars().count() >= 3
    {
        return format!("عبد{}", strip_article(rest));
    }
    let b = word.as_bytes();
    if word.is_ascii() && word.len() >= 7 && word.starts_with("abd") && b"aeiou".contains(&b[3]) {
        if b[4] == b'l' {
            return format!("abd{}", &word[5..]);
        }
        // The article takes the sound of what follows: Abderrahman, Abdussalam.
        if b[4] == b[5] {
            return format!("abd{}", &word[5..]);
        }
    }
    word.to_owned()
}

fn is_article(word: &str) -> bool {
    matches!(
        word,
        "al" | "el" | "ul" | "il" | "ar" | "er" | "ur" | "as" | "es" | "us" | "an" | "en" | "un" | "ad" | "ash" | "at"
    )
}

/// The article that Arabic writes as part of the word. A short word that begins with the two letters keeps them.
fn strip_article(word: &str) -> &str {
    match word.strip_prefix("ال") {
        Some(rest) if rest.chars().count() >= 2 => rest,
        _ => word,
    }
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "al" | "el"
            | "ul"
            | "ibn"
            | "bin"
            | "bint"
            | "binti"
            | "ben"
            | "de"
            | "da"
            | "do"
            | "dos"
            | "das"
            | "di"
            | "del"
            | "della"
            | "der"
            | "den"
            | "van"
            | "von"
            | "le"
            | "la"
            | "du"
            | "ter"
            | "ten"
            | "zu"
            | "af"
            | "and"
            | "et"
            | "und"
            | "بن"
            | "ابن"
            | "بنت"
            | "ال"
            | "ولد"
            | "و"
    )
}

/// The stem that Slavic feminine forms and patronymics share with the masculine.
pub(crate) fn stem(ascii: &str) -> &str {
    if ascii.len() < 6 {
        return ascii;
    }
    const DROPS: [(&str, usize); 15] = [
        ("skaya", 3),
        ("skaia", 3),
        ("skaja", 3),
        ("skiy", 2),
        ("skij", 2),
        ("skyi", 2),
        ("sky", 1),
        ("ski", 1),
        ("ska", 1),
        ("ovich", 3),
        ("evich", 3),
        ("ovna", 2),
        ("evna", 2),
        ("ova", 1),
        ("eva", 1),
    ];
    for (ending, drop) in DROPS {
        if ascii.ends_with(ending) {
            return &ascii[..ascii.len() - drop];
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(value: &str) -> String {
        let n = of_whole(value);
        format!("{}|{}|{}", n.given.join(" "), n.middle.join(" "), n.family.join(" "))
    }

    #[test]
    fn whole_names_split() {
        for (value, expected) in [
            ("Maria del Carmen García López", "maria|carmen garcia|lopez"),
            ("García López, María", "maria||garcia lopez"),
            ("Ahmad bin Hassan Al-Tikriti", "ahmad|hassan|tikriti"),
            ("Abd al-Rahman Saleh", "abdrahman||saleh"),
            ("Abdulrahman Saleh", "abdrahman||saleh"),
            ("Abderrahman Saleh", "abdrahman||saleh"),
            ("عبد الرحمن صالح", "عبدرحمن||صالح"),
            ("عبدالرحمن صالح", "عبدرحمن||صالح"),
            ("王小明", "小明||王"),
            ("欧阳小明", "小明||欧阳"),
            ("Le Van Minh", "le||minh"),
            ("Md Rahim Uddin", "mohammad|rahim|uddin"),
            ("Иванова Мария", "ivanova||mariya"),
            ("O'Brien, Seán Jr.", "sean||obrien"),
            ("*******", "||"),
            ("Ali *****", "ali||"),
        ] {
            assert_eq!(whole(value), expected, "{value}");
        }
    }

    #[test]
    fn marks_are_seen() {
        assert!(of_whole("Ali & Fatima Hassan").marks.two_persons);
        assert!(of_whole("John and Mary Smith").marks.two_persons);
        assert!(!of_whole("Andy Sandman").marks.two_persons);
        assert_eq!(of_whole("John Smith Jr").marks.generation, 2);
        assert_eq!(of_whole("John Smith, Sr.").marks.generation, 1);
        assert_eq!(of_whole("Mrs John Smith").marks.sex, Some(Sex::Female));
    }

    #[test]
    fn stems_meet() {
        for (a, b) in [
            ("ivanov", "ivanova"),
            ("kowalski", "kowalska"),
            ("petrovich", "petrovna"),
            ("dostoevskiy", "dostoevskaya"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
    }
}
