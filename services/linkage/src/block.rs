//! Which pairs are compared at all.
//!
//! About twenty rules, each a compound key of typed values; records that share a key of any rule are compared.
//! No rule may propose more than its budget of pairs: blocks above a size that falls until the budget holds are
//! left out, and counted, because they are lost recall. Finer rules take over only where a coarser one left out a block.

mod rules;

use rayon::prelude::*;

use crate::corpus::Corpus;
use crate::options::Options;
use crate::output::RuleSummary;
use rules::{Named, Part, RULES, Rule};

/// Pairs that a rule may propose however few records there are.
const LEAST_BUDGET: u64 = 200_000;
/// Below this many records everything is compared with everything.
const ALL_PAIRS: usize = 1_200;
/// From this many records that agree in every value, only the first is compared with the rest of the world.
const IDENTICAL: usize = 8;
/// Marks the last record of a block.
const LAST: u32 = 1 << 31;

/// Blocks of all rules, ready to be read record by record, but for those of one birth date, which are read block by
/// block: they propose half of all pairs, of records that lie anywhere in memory.
pub(crate) struct Blocks {
    /// Members of the blocks of one birth date, one block after another; the last one of each is marked. Every record is
    /// in one of them at most.
    days: Vec<u32>,
    /// For every record, the number of its block in `days`, from 1; 0 none.
    day: Vec<u32>,
    /// Members of all blocks, one block after another; the last one of each is marked.
    members: Vec<u32>,
    /// For every record, where it stands in `members` (only where somebody follows).
    places: Vec<u32>,
    starts: Vec<u32>,
    everything: bool,
    /// Further members of large groups of identical records, with their first.
    pub(crate) stars: Vec<(u32, u32)>,
    pub(crate) rules: Vec<RuleSummary>,
    pub(crate) identical: u64,
}

impl Blocks {
    pub(crate) fn new(corpus: &Corpus, options: &Options) -> Self {
        let (stars, identical) = identical(corpus, options);
        let mut hidden = vec![false; corpus.len()];
        for (_, member) in &stars {
            hidden[*member as usize] = true;
        }
        let mut blocks = Self {
            days: Vec::new(),
            day: vec![0; corpus.len()],
            members: Vec::new(),
            places: Vec::new(),
            starts: Vec::new(),
            everything: corpus.len() <= ALL_PAIRS,
            stars,
            rules: Vec::new(),
            identical,
        };
        if blocks.everything {
            let n = corpus.len() as u64;
            blocks.rules.push(RuleSummary {
                rule: "everything".to_owned(),
                blocks: 1,
                pairs: n * n.saturating_sub(1) / 2,
                cap: n,
                ..RuleSummary::default()
            });
            return blocks;
        }
        let mut named = Named::new(corpus);
        for rule in RULES {
            if rule.within.is_some_and(|part| !named.is_open(part)) {
                continue;
            }
            let left_out = blocks.add(&named, options, rule, &hidden);
            if let Some(part) = rule.whole {
                named.leave_out(part, left_out);
            }
        }
        blocks.index(corpus.len());
        blocks
    }

    /// Adds the blocks of a rule. Returns the keys of those that are too large, in ascending order.
    fn add(&mut self, corpus: &Named, options: &Options, rule: &Rule, hidden: &[bool]) -> Vec<u64> {
        let mut keyed = keys(corpus, rule, hidden);
        keyed.par_sort_unstable();
        let budget = LEAST_BUDGET.max(u64::from(options.pair_budget) * corpus.len() as u64);
        let cap = size_cap(&keyed, budget);
        let mut summary = RuleSummary { rule: rule.name.to_owned(), ..RuleSummary::default() };
        let mut left_out = Vec::new();
        let mut number = 0;
        for block in keyed.chunk_by(|a, b| a.0 == b.0) {
            let size = block.len() as u64;
            if size < 2 {
                continue;
            }
            summary.blocks += 1;
            if size > cap || self.members.len() + block.len() >= LAST as usize {
                summary.skipped += 1;
                summary.skipped_records += size;
                left_out.push(block[0].0);
                continue;
            }
            summary.pairs += size * (size - 1) / 2;
            summary.cap = summary.cap.max(size);
            // A date with two readings may put a record into two blocks; the second one is read record by record.
            let apart = rule.whole == Some(Part::Day) && block.iter().all(|(_, i)| self.day[*i as usize] == 0);
            if apart {
                number += 1;
                block.iter().for_each(|(_, i)| self.day[*i as usize] = number);
            }
            let members = if apart { &mut self.days } else { &mut self.members };
            members.extend(block.iter().map(|(_, i)| *i));
            if let Some(last) = members.last_mut() {
                *last |= LAST;
            }
        }
        if summary.blocks > 0 {
            self.rules.push(summary);
        }
        left_out
    }

    /// Notes for every record where it stands.
    fn index(&mut self, n: usize) {
        self.starts = vec![0; n + 1];
        for m in &self.members {
            if m & LAST == 0 {
                self.starts[*m as usize + 1] += 1;
            }
        }
        for i in 0..n {
            self.starts[i + 1] += self.starts[i];
        }
        let mut next = self.starts.clone();
        self.places = vec![0; self.starts[n] as usize];
        for (at, m) in self.members.iter().enumerate() {
            if m & LAST == 0 {
                let slot = &mut next[*m as usize];
                self.places[*slot as usize] = at as u32;
                *slot += 1;
            }
        }
    }

    /// Blocks of one birth date, each with its members in ascending order; every pair of them is to be compared.
    pub(crate) fn days(&self) -> impl Iterator<Item = &[u32]> {
        self.days.chunk_by(|a, _| a & LAST == 0)
    }

    /// The record that a member of a block stands for.
    pub(crate) const fn record(member: u32) -> u32 {
        member & !LAST
    }

    /// Records after `i` that share another block with it than that of its birth date, each once. `seen` remembers across calls of one thread.
    pub(crate) fn partners(&self, i: u32, n: usize, seen: &mut Vec<u32>, out: &mut Vec<u32>) {
        out.clear();
        if self.everything {
            out.extend(i + 1..n as u32);
            return;
        }
        seen.resize(n, u32::MAX);
        let from = self.starts[i as usize] as usize;
        let to = self.starts[i as usize + 1] as usize;
        let day = self.day[i as usize];
        for place in &self.places[from..to] {
            for m in &self.members[*place as usize + 1..] {
                let j = m & !LAST;
                if seen[j as usize] != i {
                    seen[j as usize] = i;
                    if day == 0 || self.day[j as usize] != day {
                        out.push(j);
                    }
                }
                if m & LAST != 0 {
                    break;
                }
            }
        }
    }
}

fn keys(corpus: &Named, rule: &Rule, hidden: &[bool]) -> Vec<(u64, u32)> {
    const PIECE: usize = 8192;
    let pieces: Vec<Vec<(u64, u32)>> = (0..corpus.len().div_ceil(PIECE))
        .into_par_iter()
        .map(|piece| {
            let mut out = Vec::new();
            let mut keys = Vec::new();
            let range = piece * PIECE..((piece + 1) * PIECE).min(corpus.len());
            for i in range.filter(|i| !hidden[*i]) {
                keys.clear();
                (rule.keys)(corpus, i, &mut keys);
                keys.sort_unstable();
                keys.dedup();
                out.extend(keys.iter().map(|k| (*k, i as u32)));
            }
            out
        })
        .collect();
    shared(pieces)
}

/// Leaves out nearly all keys that only one record has: most are, and sorting them would be in vain. Two tables of bits
/// note which keys occurred, and which occurred again; keys that meet there by chance are kept.
fn shared(pieces: Vec<Vec<(u64, u32)>>) -> Vec<(u64, u32)> {
    let total: usize = pieces.iter().map(Vec::len).sum();
    let words = (total * 8 / 64).next_power_of_two();
    let (mut once, mut again) = (vec![0_u64; words], vec![0_u64; words]);
    let place = |key: u64| {
        // Keys are hashes already.
        let bit = key ^ key >> 32;
        ((bit >> 6) as usize & (words - 1), 1_u64 << (bit & 63))
    };
    for (key, _) in pieces.iter().flatten() {
        let (word, bit) = place(*key);
        again[word] |= once[word] & bit;
        once[word] |= bit;
    }
    let kept: Vec<Vec<(u64, u32)>> = pieces
        .into_par_iter()
        .map(|mut piece| {
            piece.retain(|(key, _)| {
                let (word, bit) = place(*key);
                again[word] & bit != 0
            });
            piece
        })
        .collect();
    kept.concat()
}

/// Largest block size with which all blocks up to it stay within the budget.
fn size_cap(sorted: &[(u64, u32)], budget: u64) -> u64 {
    let mut sizes: Vec<u64> = sorted.chunk_by(|a, b| a.0 == b.0).map(|b| b.len() as u64).filter(|n| *n > 1).collect();
    sizes.sort_unstable();
    let mut spent = 0;
    let mut cap = 1;
    for same in sizes.chunk_by(|a, b| a == b) {
        let n = same[0];
        spent += same.len() as u64 * (n * (n - 1) / 2);
        if spent > budget {
            break;
        }
        cap = n;
    }
    cap
}

/// Large groups of records that agree in every value. They stand side by side in canonical order.
fn identical(corpus: &Corpus, options: &Options) -> (Vec<(u32, u32)>, u64) {
    let mut stars = Vec::new();
    let mut identical = 0;
    let mut first = 0;
    for group in corpus.content.chunk_by(|a, b| a == b) {
        let size = group.len();
        if size > 1 {
            identical += size as u64;
        }
        if size > IDENTICAL && !options.link_only {
            let members = first as u32 + 1..(first + size) as u32;
            stars.extend(members.map(|m| (first as u32, m)));
        }
        first += size;
    }
    (stars, identical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cap_keeps_the_budget() {
        let mut keyed: Vec<(u64, u32)> = Vec::new();
        for (key, size) in [(1, 2), (2, 2), (3, 5), (4, 100)] {
            keyed.extend((0..size).map(|i| (key, i)));
        }
        assert_eq!(size_cap(&keyed, 12), 5);
        assert_eq!(size_cap(&keyed, 11), 2);
        assert_eq!(size_cap(&keyed, 1), 1);
        assert_eq!(size_cap(&keyed, 10_000), 100);
    }
}
