//! Dictionaries: every distinct value is kept once, records hold its number.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use crate::names;
use crate::similarity::{MAX_BYTES, letter_mask};
use crate::skeleton::{MAX_SKELETON, skeleton};
use crate::text::{self, Script};

/// Number of a value in its dictionary; 0 is «no value».
pub(crate) type Term = u32;

/// Decides where a string lies in a table, never its number: a file cannot be made so that all strings meet in one place.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0_u8));

/// Strings by number.
pub(crate) struct Dictionary {
    text: Vec<u8>,
    ends: Vec<u32>,
    /// Open addressing: half of the hash, and the term; term 0 is free.
    slots: Vec<(u32, Term)>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self { text: Vec::new(), ends: vec![0], slots: vec![(0, 0); 64] }
    }
}

impl Dictionary {
    /// Number of distinct values, and the largest term.
    pub(crate) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    pub(crate) fn bytes(&self, term: Term) -> &[u8] {
        let t = term as usize;
        if t == 0 {
            return &[];
        }
        &self.text[self.ends[t - 1] as usize..self.ends[t] as usize]
    }

    pub(crate) fn text(&self, term: Term) -> &str {
        std::str::from_utf8(self.bytes(term)).unwrap_or_default()
    }

    /// The number of a value, new or known. An empty value, or one that no longer fits into four gigabytes, has none.
    pub(crate) fn intern(&mut self, value: &str) -> Term {
        let fits = self.text.len() + value.len() <= u32::MAX as usize;
        if value.is_empty() || !fits {
            return 0;
        }
        if self.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let hash = seeded(value.as_bytes());
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                (_, 0) => break,
                (h, term) if h == hash && self.bytes(term) == value.as_bytes() => return term,
                _ => at = (at + 1) & mask,
            }
        }
        self.text.extend_from_slice(value.as_bytes());
        self.ends.push(self.text.len() as u32);
        let term = self.len() as Term;
        self.slots[at] = (hash, term);
        term
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let mut slots = vec![(0, 0); size];
        for slot in self.slots.iter().filter(|(_, term)| *term != 0) {
            let mut at = slot.0 as usize & (size - 1);
            while slots[at].1 != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = *slot;
        }
        self.slots = slots;
    }

    /// Gives back the lookup table once nothing more will be added.
    pub(crate) fn freeze(&mut self) {
        self.slots = Vec::new();
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Takes over all values of another dictionary; the result maps its numbers to ours.
    pub(crate) fn absorb(&mut self, other: &Dictionary) -> Vec<Term> {
        /// Values whose places are looked up at once: each is a place of its own in a large table, and reads that do not
        /// depend on each other are waited for together.
        const AHEAD: usize = 16;
        let mut map = Vec::with_capacity(other.len() + 1);
        map.push(0);
        let terms: Vec<Term> = (1..=other.len() as Term).collect();
        for some in terms.chunks(AHEAD) {
            let mask = self.slots.len() - 1;
            let place = |t: &Term| self.slots[seeded(other.bytes(*t)) as usize & mask].1;
            std::hint::black_box(some.iter().map(place).fold(0, |sum, t| sum ^ t));
            map.extend(some.iter().map(|t| self.intern(other.text(*t))));
        }
        map
    }
}

/// 32 bits of a text that differ from run to run. Terms have as many bits, so tables never outgrow them.
fn seeded(text: &[u8]) -> u32 {
    let fold = |h: u64, word: u64| {
        let product = u128::from(h ^ word) * 0x9e37_79b9_7f4a_7c15;
        (product >> 64) as u64 ^ product as u64
    };
    let mut h = *SEED ^ text.len() as u64;
    for chunk in text.chunks(8) {
        let mut word = [0_u8; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        h = fold(h, u64::from_le_bytes(word));
    }
    (fold(h, *SEED) >> 32) as u32
}

/// What comparing a name token needs, computed once per distinct token.
#[derive(Clone)]
pub(crate) struct Token {
    /// ASCII stem, for Jaro-Winkler.
    pub(crate) ascii: [u8; ASCII],
    pub(crate) ascii_len: u8,
    /// Characters of the token itself.
    pub(crate) chars: u8,
    pub(crate) script: Script,
    pub(crate) skeleton_len: u8,
    pub(crate) vowels: [u8; MAX_SKELETON + 1],
    pub(crate) mask: u32,
    /// Stands for the skeleton; 0 when there is none.
    pub(crate) skeleton: u64,
    /// Key in blocks: the skeleton, or the token where that is too short to say anything.
    pub(crate) key: u64,
    /// Group of short and pet forms; 0 none.
    pub(crate) nickname: u16,
}

/// Bytes of the ASCII form that are kept; the compared part of a longer token ends there.
pub(crate) const ASCII: usize = 20;

impl Token {
    pub(crate) fn new(token: &str) -> Self {
        let script = token.chars().next().map_or(Script::Latin, Script::of);
        let full = text::to_ascii(token);
        let stem = names::stem(&full);
        let skel = skeleton(token, stem, script);
        let len = stem.len().min(ASCII).min(MAX_BYTES);
        let mut ascii = [0; ASCII];
        ascii[..len].copy_from_slice(&stem.as_bytes()[..len]);
        let skeleton = if skel.consonants.is_empty() { 0 } else { text::hash(&skel.consonants) };
        let key = if script == Script::Han || skel.consonants.len() < 2 {
            // One consonant is shared by half the world; the written form is not.
            text::hash(if script == Script::Latin { stem.as_bytes() } else { full.as_bytes() })
        } else {
            skeleton
        };
        Self {
            mask: letter_mask(&ascii[..len]),
            ascii,
            ascii_len: len as u8,
            chars: token.chars().count().min(255) as u8,
            script,
            skeleton_len: skel.consonants.len() as u8,
            vowels: skel.vowels,
            skeleton,
            key,
            nickname: crate::nicknames::group(&full),
        }
    }

    pub(crate) fn ascii(&self) -> &[u8] {
        &self.ascii[..self.ascii_len as usize]
    }

    pub(crate) fn is_initial(&self) -> bool {
        self.chars == 1 && self.script != Script::Han
    }
}

/// What comparing a word of an address needs.
#[derive(Clone)]
pub(crate) struct Word {
    ascii: [u8; WORD],
    len: u8,
    pub(crate) number: bool,
    pub(crate) mask: u32,
}

/// Bytes of an address word that are compared.
const WORD: usize = 22;

impl Word {
    /// From a dictionary value, whose first byte is its kind.
    pub(crate) fn new(value: &[u8]) -> Self {
        let text = value.get(1..).unwrap_or_default();
        let len = text.len().min(WORD);
        let mut ascii = [0; WORD];
        ascii[..len].copy_from_slice(&text[..len]);
        Self {
            mask: letter_mask(&ascii[..len]),
            number: text.first().is_some_and(u8::is_ascii_digit),
            ascii,
            len: len as u8,
        }
    }

    pub(crate) fn ascii(&self) -> &[u8] {
        &self.ascii[..self.len as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_number() {
        let mut d = Dictionary::default();
        let numbers: Vec<Term> = (0..1000).map(|i| d.intern(&format!("v{}", i % 300))).collect();
        assert_eq!(d.len(), 300);
        for (i, term) in numbers.iter().enumerate() {
            assert_eq!(d.text(*term), format!("v{}", i % 300));
        }
        assert_eq!(d.intern(""), 0);
        let mut e = Dictionary::default();
        e.intern("other");
        let map = e.absorb(&d);
        assert_eq!(e.text(map[7]), d.text(7));
    }
}
