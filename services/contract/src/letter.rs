//! A letter as text: how the body of a notice by post is laid out, so that a gateway can set it as a letter again.
//!
//! One block a line. An empty line stands before a heading, `- ` before an item, `1. ` (its number) before a step; a
//! note to the team stands in `[` and `]`. The reference is last, after an empty line.

use std::fmt;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// Digits that the number of a step may have.
const STEP_DIGITS: usize = 3;

/// A piece of a letter. Personal: prints redacted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Plain text, with the isolates round values.
    pub text: String,
    /// Number of a step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// Heading.
    Heading,
    /// Paragraph.
    Paragraph,
    /// Numbered step.
    Step,
    /// Item of a list.
    Item,
    /// A note to the team, not read aloud.
    Team,
}

/// The blocks as text.
#[must_use]
pub fn to_text(blocks: &[Block], reference: Option<&str>) -> String {
    let mut text = String::new();
    for block in blocks {
        let words = block.text.replace('\n', " ");
        // writing to a string cannot fail
        let _ = match (block.kind, block.n) {
            (BlockKind::Heading, _) => writeln!(text, "\n{words}"),
            (BlockKind::Item, _) => writeln!(text, "- {words}"),
            (BlockKind::Step, Some(n)) => writeln!(text, "{n}. {words}"),
            (BlockKind::Team, _) => writeln!(text, "[{words}]"),
            (BlockKind::Paragraph | BlockKind::Step, _) => writeln!(text, "{words}"),
        };
    }
    if let Some(reference) = reference {
        let _ = writeln!(text, "\n{reference}");
    }
    text
}

/// The blocks of a text. Any text has some: what is laid out in another way becomes paragraphs.
#[must_use]
pub fn from_text(text: &str, reference: &str) -> Vec<Block> {
    let text = text.trim_end();
    let text = text.strip_suffix(reference).filter(|rest| rest.ends_with("\n\n")).unwrap_or(text);
    let mut blocks = Vec::new();
    let mut after_empty = false;
    for line in text.lines().map(str::trim) {
        if !line.is_empty() {
            blocks.push(block(line, after_empty));
        }
        after_empty = line.is_empty();
    }
    blocks
}

fn block(line: &str, after_empty: bool) -> Block {
    let made = |kind, text: &str, n| Block { kind, text: text.to_owned(), n };
    let step = || {
        let (number, words) = line.split_once(". ")?;
        let digits = (1..=STEP_DIGITS).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        let n: u32 = number.parse().ok().filter(|_| digits)?;
        Some(made(BlockKind::Step, words, Some(n)))
    };
    if let Some(words) = line.strip_prefix("- ") {
        made(BlockKind::Item, words, None)
    } else if let Some(step) = step() {
        step
    } else if let Some(words) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        made(BlockKind::Team, words, None)
    } else if after_empty {
        made(BlockKind::Heading, line, None)
    } else {
        made(BlockKind::Paragraph, line, None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_block() -> impl Strategy<Value = Block> {
        let kind = prop::sample::select(vec![
            BlockKind::Heading,
            BlockKind::Paragraph,
            BlockKind::Step,
            BlockKind::Item,
            BlockKind::Team,
        ]);
        let words = "\\PC{0,9}[a-zا-ي]\u{2068}[+0-9 ]{3,9}\u{2069}[a-zا-ي.]".prop_map(|t| format!("A{t}"));
        (kind, words, 1..999_u32).prop_map(|(kind, text, n)| Block {
            kind,
            text: text.trim().to_owned(),
            n: (kind == BlockKind::Step).then_some(n),
        })
    }

    proptest! {
        #[test]
        fn a_letter_comes_back_from_its_text(blocks in prop::collection::vec(any_block(), 1..12), code in "[A-Z]{5}-[A-Z]{5}") {
            prop_assert_eq!(from_text(&to_text(&blocks, Some(&code)), &code), blocks.clone());
            prop_assert_eq!(from_text(&to_text(&blocks, None), &code), blocks);
        }

        #[test]
        fn any_text_can_be_set(text in "\\PC{0,60}(\n\\PC{0,20}){0,3}") {
            let kept: String = from_text(&text, "ABCDE-FGHJK").iter().map(|block| block.text.as_str()).collect();
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
            prop_assert_eq!(letters(&kept), letters(&text));
        }
    }

    #[test]
    fn other_layouts_are_paragraphs() {
        let kinds: Vec<_> =
            from_text("Please call us.\n12345. No step.\n1) Neither.", "X").iter().map(|b| b.kind).collect();
        assert_eq!(kinds, [BlockKind::Paragraph; 3]);
    }
}
