//! What a letter is made of.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A letter or task sheet. Personal: prints redacted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// BCP-47 tag of the words.
    pub language: String,
    /// Direction of the words, from their script. Never guessed from the language: Typst would set Sorani, and
    /// Kurdish or Uzbek in Arabic letters, from left to right.
    pub direction: Direction,
    /// Lines of the sender, as they stand in the window of the envelope: they name no service.
    #[serde(default)]
    pub return_address: Vec<String>,
    /// Lines of the addressee; none on a task sheet or a notice to everybody.
    #[serde(default)]
    pub to: Vec<String>,
    /// Reference code, repeated on every page.
    #[serde(default)]
    pub reference: Option<String>,
    /// The words.
    pub blocks: Vec<Block>,
}

/// Direction of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// A piece of the words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// Plain text; isolates round values are kept.
    pub text: String,
    /// Number of a step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
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

impl Letter {
    /// All text that is printed.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let lines = self.return_address.iter().chain(&self.to).chain(&self.reference).map(String::as_str);
        lines.chain(self.blocks.iter().map(|block| block.text.as_str()))
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter")
            .field("language", &self.language)
            .field("direction", &self.direction)
            .field("blocks", &self.blocks.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block").field("kind", &self.kind).finish_non_exhaustive()
    }
}
