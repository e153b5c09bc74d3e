//! A font for every script: Noto, as Debian's `fonts-noto-core` installs it (SIL Open Font License).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use typst::foundations::Bytes;
use typst::text::Font;
use unicode_script::{Script, UnicodeScript as _};

/// Where Debian puts them.
const FOLDERS: &[&str] = &["/usr/share/fonts/truetype/noto", "/usr/share/fonts/opentype/noto"];
/// Largest font file that is read; those of Chinese have some 20 MB.
const LARGEST_FILE: u64 = 64 << 20;

/// Files by script, without weight and extension.
const FILES: &[(Script, &str)] = &[
    (Script::Latin, "NotoSans"),
    (Script::Cyrillic, "NotoSans"),
    (Script::Greek, "NotoSans"),
    (Script::Arabic, "NotoSansArabic"),
    (Script::Ethiopic, "NotoSansEthiopic"),
    (Script::Bengali, "NotoSansBengali"),
    (Script::Myanmar, "NotoSansMyanmar"),
    (Script::Adlam, "NotoSansAdlam"),
    (Script::Hanifi_Rohingya, "NotoSansHanifiRohingya"),
    (Script::Armenian, "NotoSansArmenian"),
    (Script::Devanagari, "NotoSansDevanagari"),
    (Script::Georgian, "NotoSansGeorgian"),
    (Script::Gurmukhi, "NotoSansGurmukhi"),
    (Script::Hebrew, "NotoSansHebrew"),
    (Script::Khmer, "NotoSansKhmer"),
    (Script::Sinhala, "NotoSansSinhala"),
    (Script::Tamil, "NotoSansTamil"),
    (Script::Thai, "NotoSansThai"),
    (Script::Han, "NotoSansCJK"),
    (Script::Hangul, "NotoSansCJK"),
    (Script::Hiragana, "NotoSansCJK"),
    (Script::Katakana, "NotoSansCJK"),
];

/// A font that is needed and not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// No font is known for a script.
    #[error("no font is known for the script {0}")]
    Script(&'static str),
    /// The file of a font is missing.
    #[error("no {file}-Regular.ttf in {}; install fonts-noto-core (for Chinese, Japanese, Korean: fonts-noto-cjk)", folders.join(", "))]
    Missing {
        /// File, without weight and extension.
        file: &'static str,
        /// Where it was looked for.
        folders: Vec<String>,
    },
    /// The file is no font.
    #[error("{0}: not a font that can be used")]
    Unusable(String),
}

/// Fonts for one letter, the one of most of its words first.
#[derive(Debug)]
pub struct Fonts {
    pub(crate) fonts: Vec<Font>,
    pub(crate) families: Vec<String>,
}

impl Fonts {
    /// Fonts for the scripts of some texts, from the folders of the system or from one's own.
    ///
    /// # Errors
    /// A script without a font: better no letter than one with boxes in it.
    pub fn find<'a>(own: Option<&Path>, texts: impl IntoIterator<Item = &'a str>) -> Result<Self, FontError> {
        let folders: Vec<PathBuf> = match own {
            Some(folder) => vec![folder.to_owned()],
            None => FOLDERS.iter().map(PathBuf::from).collect(),
        };
        let mut found = Self { fonts: Vec::new(), families: Vec::new() };
        for file in files(texts)? {
            let mut any = false;
            for weight in ["Regular", "Bold"] {
                let Some(path) = locate(&folders, file, weight) else { continue };
                let unusable = || FontError::Unusable(path.display().to_string());
                if path.metadata().map_err(|_| unusable())?.len() > LARGEST_FILE {
                    return Err(unusable());
                }
                let bytes = std::fs::read(&path).map_err(|_| unusable())?;
                let fonts: Vec<Font> = Font::iter(Bytes::new(bytes)).collect();
                let family = fonts.first().ok_or_else(unusable)?.info().family.clone();
                if !found.families.contains(&family) {
                    found.families.push(family);
                }
                found.fonts.extend(fonts);
                any |= weight == "Regular";
            }
            if !any {
                let folders = folders.iter().map(|f| f.display().to_string()).collect();
                return Err(FontError::Missing { file, folders });
            }
        }
        Ok(found)
    }
}

impl Fonts {
    /// Characters of a text that none of the fonts has.
    #[must_use]
    pub fn lacking(&self, text: &str) -> BTreeSet<char> {
        let shown = |c: &char| !c.is_whitespace() && !is_joiner(*c);
        let has = |c: char| self.fonts.iter().any(|font| font.info().coverage.contains(u32::from(c)));
        text.chars().filter(shown).filter(|c| !has(*c)).collect()
    }
}

/// Signs that steer how others are set, and are not seen themselves.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
}

/// Files for the scripts of the texts, that of most letters first; always one with Latin letters, for codes.
fn files<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Vec<&'static str>, FontError> {
    let mut counts: Vec<(&'static str, usize)> = vec![("NotoSans", 0)];
    let mut unknown = BTreeSet::new();
    for c in texts.into_iter().flat_map(str::chars) {
        let script = c.script();
        // signs that several scripts share take the font of the words round them
        if matches!(script, Script::Common | Script::Inherited | Script::Unknown) {
            continue;
        }
        match FILES.iter().find(|(s, _)| *s == script) {
            None => drop(unknown.insert(script.full_name())),
            Some((_, file)) => match counts.iter_mut().find(|(f, _)| f == file) {
                Some((_, count)) => *count += 1,
                None => counts.push((file, 1)),
            },
        }
    }
    if let Some(name) = unknown.into_iter().next() {
        return Err(FontError::Script(name));
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(counts.into_iter().map(|(file, _)| file).collect())
}

fn locate(folders: &[PathBuf], file: &str, weight: &str) -> Option<PathBuf> {
    let names = ["ttf", "otf", "ttc"].map(|extension| format!("{file}-{weight}.{extension}"));
    folders.iter().flat_map(|folder| names.iter().map(move |name| folder.join(name))).find(|path| path.is_file())
}
