//! One language: its words, and what people have said about them.

use std::collections::BTreeMap;

use crate::Direction;
use crate::approvals::{Approval, Approvals, Hashes, Unit};
use crate::words::Words;

/// One language.
#[derive(Debug)]
pub struct Language {
    pub(crate) words: Words,
    pub(crate) direction: Direction,
    pub(crate) index: u16,
    pub(crate) approvals: BTreeMap<Unit, Approval>,
    pub(crate) hashes: BTreeMap<Unit, Hashes>,
    pub(crate) file: Approvals,
    pub(crate) forbidden: Vec<String>,
    pub(crate) files: Vec<(String, String)>,
    pub(crate) pseudo: bool,
}

impl Language {
    /// Words.
    #[must_use]
    pub const fn words(&self) -> &Words {
        &self.words
    }

    /// Direction of writing.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// FTL files: path and content.
    #[must_use]
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }

    /// Made from English by this program, to look at.
    #[must_use]
    pub const fn is_pseudo(&self) -> bool {
        self.pseudo
    }

    /// State by unit.
    #[must_use]
    pub const fn approvals(&self) -> &BTreeMap<Unit, Approval> {
        &self.approvals
    }

    /// The approvals file.
    #[must_use]
    pub const fn file(&self) -> &Approvals {
        &self.file
    }

    /// Hashes by unit, as an approval has to name them.
    #[must_use]
    pub const fn hashes(&self) -> &BTreeMap<Unit, Hashes> {
        &self.hashes
    }
}
