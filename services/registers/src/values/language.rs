//! Languages as canonical BCP-47 tags.

use std::collections::HashMap;

use icu_locale::{Locale, LocaleCanonicalizer};

/// A file names a few dozen languages; more different spellings than this are not kept.
const REMEMBERED: usize = 1_024;

/// Canonicalises language tags and names, and remembers what it has seen.
pub struct Languages {
    canonicalizer: LocaleCanonicalizer,
    seen: HashMap<String, Option<String>>,
}

impl Default for Languages {
    fn default() -> Self {
        Self { canonicalizer: LocaleCanonicalizer::new_extended(), seen: HashMap::new() }
    }
}

impl std::fmt::Debug for Languages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Languages")
    }
}

impl Languages {
    /// The canonical tag of a tag (`ara`, `zh_hans`, `iw`) or an English name (`Arabic`).
    pub fn canonical(&mut self, raw: &str) -> Option<String> {
        if let Some(known) = self.seen.get(raw) {
            return known.clone();
        }
        let tag = self.work_out(raw);
        if self.seen.len() < REMEMBERED {
            self.seen.insert(raw.to_owned(), tag.clone());
        }
        tag
    }

    fn work_out(&self, raw: &str) -> Option<String> {
        let text = raw.trim().replace('_', "-");
        let named = named(&text);
        let text = named.unwrap_or(&text);
        // Longer first parts are registered for nobody: they are names of languages, not tags.
        if !matches!(text.split('-').next().map(str::len), Some(2 | 3)) {
            return None;
        }
        let mut locale: Locale = text.parse().ok()?;
        let _ = self.canonicalizer.canonicalize(&mut locale);
        (!locale.id.language.is_unknown()).then(|| locale.id.to_string())
    }
}

fn named(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    NAMES.iter().find(|(name, _)| *name == lower).map(|(_, tag)| *tag)
}

/// English names, as case systems show them.
const NAMES: &[(&str, &str)] = &[
    ("albanian", "sq"),
    ("amharic", "am"),
    ("arabic", "ar"),
    ("armenian", "hy"),
    ("azerbaijani", "az"),
    ("bengali", "bn"),
    ("bangla", "bn"),
    ("burmese", "my"),
    ("chinese", "zh"),
    ("mandarin", "zh"),
    ("cantonese", "yue"),
    ("dari", "fa-AF"),
    ("english", "en"),
    ("farsi", "fa"),
    ("persian", "fa"),
    ("french", "fr"),
    ("georgian", "ka"),
    ("german", "de"),
    ("greek", "el"),
    ("haitian creole", "ht"),
    ("hausa", "ha"),
    ("hindi", "hi"),
    ("kinyarwanda", "rw"),
    ("kirundi", "rn"),
    ("kurdish", "ku"),
    ("kurmanji", "ku"),
    ("sorani", "ckb"),
    ("lingala", "ln"),
    ("nepali", "ne"),
    ("oromo", "om"),
    ("afaan oromo", "om"),
    ("pashto", "ps"),
    ("portuguese", "pt"),
    ("punjabi", "pa"),
    ("rohingya", "rhg"),
    ("russian", "ru"),
    ("sango", "sg"),
    ("somali", "so"),
    ("spanish", "es"),
    ("swahili", "sw"),
    ("kiswahili", "sw"),
    ("tamil", "ta"),
    ("tigrinya", "ti"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("urdu", "ur"),
    ("uzbek", "uz"),
    ("vietnamese", "vi"),
    ("wolof", "wo"),
    ("yoruba", "yo"),
];

#[cfg(test)]
mod tests {
    use super::Languages;

    #[test]
    fn tags_old_tags_and_names() {
        let mut languages = Languages::default();
        let table = [
            ("ar", Some("ar")),
            ("ARA", Some("ar")),
            ("eng", Some("en")),
            ("zh_hans", Some("zh-Hans")),
            ("iw", Some("he")),
            ("pt-br", Some("pt-BR")),
            ("Arabic", Some("ar")),
            ("Dari", Some("fa-AF")),
            ("ar-Latn", Some("ar-Latn")),
            ("rhg", Some("rhg")),
            ("und", None),
            ("", None),
            ("my mother's", None),
            ("Klingonese", None),
            ("a", None),
        ];
        for (raw, wanted) in table {
            for _ in 0..2 {
                assert_eq!(languages.canonical(raw).as_deref(), wanted, "{raw}");
            }
        }
    }
}
