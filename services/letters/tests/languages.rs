//! Letters in every language that there are words in: each character has a glyph, and the program makes the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use letters::{Block, Direction, Fonts, Kind, Letter, pdf};

/// Every message of the locales: file, id, text with values where the variables are.
fn messages() -> Vec<(PathBuf, String, String)> {
    let mut found = Vec::new();
    for language in entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales")) {
        for file in entries(&language).into_iter().filter(|file| file.extension().is_some_and(|e| e == "ftl")) {
            let text = std::fs::read_to_string(&file).expect("a file");
            let mut id = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
                let words = match line.split_once('=').filter(|_| !line.starts_with(' ')) {
                    Some((name, words)) => {
                        name.trim().clone_into(&mut id);
                        words
                    }
                    // a choice: its words stand behind its key
                    None => line.rsplit_once(']').map_or("", |(_, words)| words),
                };
                found.push((file.clone(), id.clone(), filled(words)));
            }
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

/// A number between isolates where a variable stands, as localisation does it.
fn filled(words: &str) -> String {
    let mut text = String::new();
    for piece in words.trim().split_inclusive('}') {
        match piece.split_once('{') {
            Some((before, _)) => text.push_str(&format!("{before}\u{2068}+41 22 730 3600\u{2069}")),
            None => text.push_str(piece),
        }
    }
    text
}

fn language_of(file: &Path) -> String {
    file.parent().and_then(Path::file_name).expect("a folder").to_string_lossy().into_owned()
}

#[test]
fn every_character_of_every_message_has_a_glyph() {
    let mut checked = 0;
    for (file, id, text) in messages() {
        let fonts = Fonts::find(None, [text.as_str()]).unwrap_or_else(|e| panic!("{}: `{id}`: {e}", file.display()));
        let lacking: Vec<_> = fonts.lacking(&text).into_iter().map(|c| c.escape_unicode().to_string()).collect();
        assert!(lacking.is_empty(), "{}: message `{id}` has no glyph for {lacking:?}", file.display());
        checked += 1;
    }
    assert!(checked > 2_000, "{checked}");
}

#[test]
fn all_words_of_every_language_are_set() {
    let mut by_language: BTreeMap<String, Vec<Block>> = BTreeMap::new();
    for (n, (file, _, text)) in (1..).zip(messages()).filter(|(_, (_, _, text))| !text.is_empty()) {
        let kind = [Kind::Paragraph, Kind::Step, Kind::Item, Kind::Team, Kind::Heading][n as usize % 5];
        let n = (kind == Kind::Step).then_some(n);
        by_language.entry(language_of(&file)).or_default().push(Block { kind, text, n });
    }
    assert!(by_language.len() > 20, "{}", by_language.len());
    for (language, blocks) in by_language {
        let arabic = |block: &Block| block.text.chars().any(|c| ('\u{620}'..'\u{64A}').contains(&c));
        let direction = if blocks.iter().any(arabic) { Direction::Rtl } else { Direction::Ltr };
        let (return_address, to, reference) = (Vec::new(), Vec::new(), Some("K7M4Q-X9T2L".to_owned()));
        let letter = Letter { language, direction, return_address, to, reference, blocks };
        let fonts = Fonts::find(None, letter.texts()).unwrap_or_else(|e| panic!("{letter:?}: {e}"));
        let made = pdf(&letter, &fonts).unwrap_or_else(|e| panic!("{letter:?}: {e}"));
        assert!(made.starts_with(b"%PDF-"), "{letter:?}");
    }
}

/// What the gateway writes; its own tests compare with the same file.
const LETTER: &str = include_str!("letter-of-a-gateway.json");

#[test]
fn the_program_makes_a_file_and_refuses_without_a_word_of_the_letter() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, out) = (folder.path().join("letter.json"), folder.path().join("letter.pdf"));
    let run = |text: &str, more: &[&str]| {
        std::fs::write(&file, text).expect("written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings-letters"));
        let output = command.arg(&file).arg("--out").arg(&out).args(more).output().expect("the program runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(run(LETTER, &[]), (Some(0), String::new()));
    let made = std::fs::read(&out).expect("a PDF");
    assert!(made.starts_with(b"%PDF-") && !made.windows(9).any(|w| w == b"/Creation"));
    let (code, said) = run(LETTER, &["--fonts", "/nowhere"]);
    assert!(code == Some(1) && said.contains("NotoSans") && said.contains("fonts-noto-core"), "{said}");
    let (code, said) = run(&LETTER.replacen("paragraph", "secret", 1), &[]);
    assert!(code == Some(2) && !said.contains("secret"), "{said}");
    let (code, said) = run(&LETTER.replacen("Exampleland", "secret \u{2A0C}", 1), &[]);
    assert!(code == Some(3) && said.contains("U+2A0C (block 2)") && !said.contains("secret"), "{said}");
}
