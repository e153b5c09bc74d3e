//! Setting a letter with Typst.

use std::collections::BTreeSet;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart, Str, Value};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook, TextItem};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::fonts::Fonts;
use crate::letter::Letter;

/// Structure of a letter. It reads the words as data, so nothing in them can be taken for markup.
const TEMPLATE: &str = include_str!("letter.typ");
/// Most blocks that a letter may have; a notice has some forty.
const MOST_BLOCKS: usize = 500;

/// Why there is no PDF. Never a word of the letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// Nothing to print, or far too much.
    #[error("a letter has between 1 and {MOST_BLOCKS} blocks, this one has {0}")]
    Blocks(usize),
    /// Characters that no font has.
    #[error("no glyph in {fonts} for {} (block {})", characters.join(" "), blocks.join(", "))]
    Glyphs {
        /// Where they stand: numbers of blocks, or `address`.
        blocks: Vec<String>,
        /// Families that were looked at.
        fonts: String,
        /// As U+….
        characters: Vec<String>,
    },
    /// Typst refuses: a fault of the template.
    #[error("the letter cannot be set: {0}")]
    Typst(String),
}

/// Sets a letter.
///
/// # Errors
/// See [`LetterError`].
pub fn pdf(letter: &Letter, fonts: &Fonts) -> Result<Vec<u8>, LetterError> {
    let document = set(letter, fonts)?;
    // no date, no program, no title: what a file says about itself may be read by others than the addressee
    let options = PdfOptions { creator: Smart::Custom(None), ..PdfOptions::default() };
    typst_pdf::pdf(&document, &options).map_err(|errors| said(&errors))
}

/// Pages on which every character has a glyph.
fn set(letter: &Letter, fonts: &Fonts) -> Result<PagedDocument, LetterError> {
    if letter.blocks.is_empty() || letter.blocks.len() > MOST_BLOCKS {
        return Err(LetterError::Blocks(letter.blocks.len()));
    }
    let desk = Desk::new(letter, fonts)?;
    let document: PagedDocument = typst::compile(&desk).output.map_err(|errors| said(&errors))?;
    let missing = missing(&document);
    if !missing.is_empty() {
        let blocks = places(letter, &missing);
        let characters = missing.into_iter().map(|c| format!("U+{:04X}", u32::from(c))).collect();
        return Err(LetterError::Glyphs { blocks, fonts: fonts.families.join(", "), characters });
    }
    Ok(document)
}

/// Blocks with any of the characters.
fn places(letter: &Letter, characters: &BTreeSet<char>) -> Vec<String> {
    let numbered =
        (1..).zip(&letter.blocks).filter(|(_, block)| block.text.contains(|c: char| characters.contains(&c)));
    let found: Vec<String> = numbered.map(|(n, _): (usize, _)| n.to_string()).collect();
    if found.is_empty() { vec!["address".to_owned()] } else { found }
}

fn said(errors: &[typst::diag::SourceDiagnostic]) -> LetterError {
    LetterError::Typst(errors.iter().map(|e| e.message.to_string()).collect::<Vec<_>>().join("; "))
}

/// Characters that stand on a page as the box for what is missing.
fn missing(document: &PagedDocument) -> BTreeSet<char> {
    let mut found = BTreeSet::new();
    for page in document.pages() {
        look(&page.frame, &mut found);
    }
    found
}

fn look(frame: &Frame, found: &mut BTreeSet<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => look(&group.frame, found),
            FrameItem::Text(text) => found.extend(boxes(text)),
            _ => {}
        }
    }
}

fn boxes(text: &TextItem) -> impl Iterator<Item = char> + '_ {
    text.glyphs.iter().filter(|glyph| glyph.id == 0).flat_map(move |glyph| text.text[glyph.range()].chars())
}

/// All that Typst may see: the template, the letter, the fonts. No files, no packages, no date.
struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
}

impl Desk {
    fn new(letter: &Letter, fonts: &Fonts) -> Result<Self, LetterError> {
        let json = |value: serde_json::Result<String>| value.map_err(|e| LetterError::Typst(e.to_string()));
        let inputs: Dict = [
            ("letter", json(serde_json::to_string(letter))?),
            ("fonts", json(serde_json::to_string(&fonts.families))?),
        ]
        .into_iter()
        .map(|(name, text)| (Str::from(name), Value::Str(text.into())))
        .collect();
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts.fonts)),
            fonts: fonts.fonts.clone(),
            main: Source::detached(TEMPLATE),
        })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use typst::layout::Point;

    use super::*;
    use crate::{Block, Direction, Kind};

    fn letter(language: &str, direction: Direction, texts: &[(Kind, &str)]) -> Letter {
        let block = |(kind, text): &(Kind, &str)| Block { kind: *kind, text: (*text).to_owned(), n: Some(1) };
        Letter {
            language: language.to_owned(),
            direction,
            return_address: vec!["P.O. Box 00".to_owned(), "Exampletown".to_owned()],
            to: vec!["Synthetic Person".to_owned()],
            reference: Some("K7M4Q-X9T2L".to_owned()),
            blocks: texts.iter().map(block).collect(),
        }
    }

    /// Every run of text on the first page: where it begins and ends, and what it says.
    fn runs(letter: &Letter) -> Vec<(f64, f64, String)> {
        laid(letter).into_iter().map(|(begin, end, _, text)| (begin, end, text)).collect()
    }

    /// As `runs`, with the baseline third, from the top of the page.
    fn laid(letter: &Letter) -> Vec<(f64, f64, f64, String)> {
        fn walk(frame: &Frame, at: Point, found: &mut Vec<(f64, f64, f64, String)>) {
            for (place, item) in frame.items() {
                match item {
                    FrameItem::Group(group) => walk(&group.frame, at + *place, found),
                    FrameItem::Text(text) => {
                        let begin = at + *place;
                        let end = begin.x + text.width();
                        found.push((begin.x.to_mm(), end.to_mm(), begin.y.to_mm(), text.text.to_string()));
                    }
                    _ => {}
                }
            }
        }
        let fonts = Fonts::find(None, letter.texts()).expect("Debian's fonts-noto-core is installed");
        let mut found = Vec::new();
        walk(&set(letter, &fonts).expect("set").pages()[0].frame, Point::zero(), &mut found);
        found
    }

    fn place(runs: &[(f64, f64, String)], text: &str) -> (f64, f64) {
        let (begin, end, _) = runs.iter().find(|(_, _, run)| run.contains(text)).unwrap_or_else(|| panic!("{text}"));
        (*begin, *end)
    }

    /// A4 is 210 mm wide, margins are 25 mm.
    const LEFT: f64 = 25.0;
    const RIGHT: f64 = 185.0;

    #[test]
    fn right_to_left_words_begin_at_the_right_and_addresses_stay_left() {
        for (language, word) in [("ar", "رسالة"), ("ckb", "نامە"), ("ur", "خط"), ("fa-AF", "نامه")] {
            let texts = [(Kind::Heading, word), (Kind::Step, "واحد")];
            let runs = runs(&letter(language, Direction::Rtl, &texts));
            assert!((place(&runs, word).1 - RIGHT).abs() < 1.0, "{language}: {runs:?}");
            assert!((place(&runs, "Exampletown").0 - LEFT).abs() < 1.0, "{language}: {runs:?}");
            assert!((place(&runs, "Synthetic").0 - LEFT).abs() < 1.0, "{language}: {runs:?}");
            // the number of a step stands to the right of its words; its full stop, a run of its own, between them
            assert!(place(&runs, "1").0 > place(&runs, "واحد").1, "{language}: {runs:?}");
        }
        let runs = runs(&letter("fr", Direction::Ltr, &[(Kind::Heading, "Lettre"), (Kind::Step, "Un")]));
        assert!((place(&runs, "Lettre").0 - LEFT).abs() < 1.0 && place(&runs, "1").1 < place(&runs, "Un").0);
    }

    #[test]
    fn a_latin_name_among_other_letters_leaves_the_lines_where_they_were() {
        for (language, direction, word) in [("ar", Direction::Rtl, "رسالة"), ("bn", Direction::Ltr, "নাম")] {
            let named = format!("{word} \u{2068}Exampleland\u{2069}");
            let texts = [word, word, &named, word].map(|text| (Kind::Paragraph, text));
            let laid = laid(&letter(language, direction, &texts));
            let lines: Vec<f64> =
                laid.iter().filter(|(_, _, _, run)| run.contains(word)).map(|(_, _, baseline, _)| *baseline).collect();
            let gaps: Vec<f64> = lines.windows(2).map(|pair| pair[1] - pair[0]).collect();
            assert!(gaps.len() == 3 && gaps.iter().all(|gap| (gap - gaps[0]).abs() < 0.05), "{language}: {laid:?}");
        }
    }

    #[test]
    fn what_announces_the_notes_to_a_team_never_ends_a_page() {
        let mut ends = 0;
        for lines in 20..45 {
            let mut texts = vec![(Kind::Paragraph, "words"); lines];
            texts.extend([(Kind::Team, "announced"), (Kind::Team, "note")]);
            let runs = runs(&letter("en", Direction::Ltr, &texts));
            let on_first = |text: &str| runs.iter().any(|(_, _, run)| run.contains(text));
            assert_eq!(on_first("announced"), on_first("note"), "{lines} lines before");
            ends += usize::from(!on_first("note"));
        }
        assert!((1..25).contains(&ends), "no page ended between them: {ends}");
    }

    #[test]
    fn a_number_between_isolates_keeps_its_order_among_right_to_left_words() {
        let texts = [(Kind::Paragraph, "اتصل بنا \u{2068}+41 22 730 3600\u{2069} اليوم")];
        let runs = runs(&letter("ar", Direction::Rtl, &texts));
        let number: Vec<_> = runs.iter().filter(|(_, _, run)| run.chars().any(|c| c.is_ascii_digit())).collect();
        let mut in_order: Vec<_> = number.iter().filter(|(_, _, run)| !run.contains(['Q', '/'])).collect();
        in_order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let shown: String = in_order.iter().map(|(_, _, run)| run.as_str()).collect();
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        assert!(digits.contains("41227303600"), "{runs:?}");
    }

    #[test]
    fn a_character_without_a_glyph_refuses_the_letter_by_its_number() {
        let letter = letter("en", Direction::Ltr, &[(Kind::Paragraph, "secret \u{2A0C} word")]);
        let fonts = Fonts::find(None, letter.texts()).expect("fonts");
        let error = pdf(&letter, &fonts).expect_err("no glyph");
        assert_eq!(error.to_string(), "no glyph in Noto Sans for U+2A0C (block 1)");
        let empty = Letter { blocks: Vec::new(), ..letter };
        assert_eq!(pdf(&empty, &fonts), Err(LetterError::Blocks(0)));
    }

    #[test]
    fn words_are_never_markup() {
        let texts = [(Kind::Paragraph, "#panic() *bold* $x$ @ref https://x.org <a> = Title \\ #include \"x\"")];
        let runs = runs(&letter("en", Direction::Ltr, &texts));
        let all: String = runs.iter().map(|(_, _, run)| run.as_str()).collect();
        assert!(all.contains("#panic()") && all.contains("*bold*") && all.contains("@ref"), "{all}");
    }
}
