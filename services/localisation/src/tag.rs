//! Language tags, canonical; and the direction of writing, which follows from the script.

use std::fmt;

use icu_locale::{Direction as IcuDirection, Locale, LocaleCanonicalizer, LocaleDirectionality};
use serde::{Deserialize, Serialize};

/// Longest tag that is looked at; RFC 5646 section 4.4.1 asks for at least 35.
const LONGEST: usize = 64;

/// A language tag in canonical form: `prs` is read as `fa-AF`, `kmr` as `ku`, `swc` as `sw-CD`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

/// The text is not a BCP-47 tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a BCP-47 language tag")]
pub struct TagError;

/// Direction of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// Left to right.
    #[serde(rename = "ltr")]
    Ltr,
    /// Right to left.
    #[serde(rename = "rtl")]
    Rtl,
}

impl Direction {
    /// `ltr` or `rtl`, as HTML has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Names that registers use for a language whose words stand under another tag and which CLDR leaves alone.
const ALIASES: &[(&str, &str)] = &[("gaz", "om"), ("nde", "nd"), ("pus", "ps")];

impl Tag {
    /// Reads a tag and makes it canonical. Extensions and variants are dropped: they choose no words.
    ///
    /// # Errors
    /// The text is not a well-formed tag.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        if text.len() > LONGEST {
            return Err(TagError);
        }
        let mut locale: Locale = text.trim().replace('_', "-").parse().map_err(|_| TagError)?;
        LocaleCanonicalizer::new_extended().canonicalize(&mut locale);
        let mut id = locale.id;
        id.variants.clear();
        let canonical = id.to_string();
        let (language, rest) = canonical.split_once('-').map_or((canonical.as_str(), ""), |(l, r)| (l, r));
        let language = ALIASES.iter().find(|(from, _)| *from == language).map_or(language, |(_, to)| *to);
        if language == "und" {
            return Err(TagError);
        }
        Ok(Self(if rest.is_empty() { language.to_owned() } else { format!("{language}-{rest}") }))
    }

    /// The tag as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language subtag alone.
    #[must_use]
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The script subtag, where the tag itself names one.
    #[must_use]
    pub fn named_script(&self) -> Option<&str> {
        self.0.split('-').skip(1).find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()))
    }

    /// The region subtag, where the tag names one.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.0
            .split('-')
            .skip(1)
            .find(|part| part.len() == 2 || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit())))
    }

    /// Direction of the script that the language is most likely written in; left to right where nothing is known.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let Ok(id) = self.0.parse() else {
            return Direction::Ltr;
        };
        match LocaleDirectionality::new_extended().get(&id) {
            Some(IcuDirection::RightToLeft) => Direction::Rtl,
            _ => Direction::Ltr,
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Tag {
    type Err = TagError;

    fn from_str(text: &str) -> Result<Self, TagError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Tag {
    type Error = TagError;

    fn try_from(text: String) -> Result<Self, TagError> {
        Self::parse(&text)
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms() {
        for (given, canonical) in [
            ("prs", "fa-AF"),
            ("kmr", "ku"),
            ("kmr-Arab", "ku-Arab"),
            ("swh", "sw"),
            ("swc", "sw-CD"),
            ("swc-CD", "sw-CD"),
            ("zh_hant_tw", "zh-Hant-TW"),
            ("PT-br", "pt-BR"),
            ("iw", "he"),
            ("tl", "fil"),
            ("ar-EG-u-nu-latn", "ar-EG"),
        ] {
            assert_eq!(Tag::parse(given).map(String::from), Ok(canonical.to_owned()), "{given}");
        }
        for wrong in ["", "und", "x", "a b", "english language", "🙂"] {
            assert!(Tag::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn direction_follows_the_script() {
        for tag in
            ["ar", "fa", "fa-AF", "prs", "ps", "ckb", "ur", "rhg", "uz-Arab", "ku-Arab", "ff-Adlm", "haz", "ar-XB"]
        {
            assert_eq!(Tag::parse(tag).unwrap().direction(), Direction::Rtl, "{tag}");
        }
        for tag in ["en", "ku", "ti", "am", "my", "bn", "uk", "ff", "uz", "en-XA", "sn"] {
            assert_eq!(Tag::parse(tag).unwrap().direction(), Direction::Ltr, "{tag}");
        }
    }
}
