//! Samples of pairs, drawn so that the order of the records cannot matter.

use std::cell::OnceCell;

use rayon::prelude::*;

use crate::compare::{Comparison, compare};
use crate::corpus::Corpus;
use crate::fields::Field;
use crate::options::Options;
use crate::packed::Packed;
use crate::text::mix;

/// Pairs that a sample holds at most.
const MOST_PAIRS: usize = 80_000;
/// Records of one block that a sample takes pairs from; larger blocks are stand-in values.
const MOST_RECORDS: usize = 600;

/// What a sample's pairs have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    Date,
    Id,
    Name,
    Contact,
}

impl Basis {
    /// Fields that are not learned from the sample.
    pub(super) const fn fields(self) -> &'static [Field] {
        match self {
            Self::Date => &[Field::Birth],
            Self::Id => &[Field::StrongId],
            Self::Name => &[Field::Given, Field::Family, Field::Order],
            Self::Contact => &[Field::Phone, Field::Email],
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Date => "same birth date",
            Self::Id => "same issued number",
            Self::Name => "same names",
            Self::Contact => "same telephone or e-mail",
        }
    }

    fn key(self, r: &Packed) -> u64 {
        let key = |x: u64, y: u64| mix(x, y) | 1;
        match self {
            Self::Date if r.date.is_full() => key(1, r.date.key()),
            Self::Id if r.ids[0] != 0 => key(2, u64::from(r.ids[0])),
            Self::Name if r.name.given[0] != 0 && r.name.family[0] != 0 => {
                key(u64::from(r.name.given[0]), u64::from(r.name.family[0]))
            }
            Self::Contact if r.phones[0] != 0 => key(3, u64::from(r.phones[0])),
            Self::Contact if r.email != 0 => key(4, u64::from(r.email)),
            _ => 0,
        }
    }
}

/// Pairs with something in common.
pub(super) struct Sample {
    pub(super) basis: Basis,
    pub(super) pairs: Vec<Comparison>,
    /// How many times more such pairs of one person there are than in the sample.
    pub(super) scale: f64,
    /// Share of the records that could be in the sample.
    pub(super) filled: f64,
}

/// Which pairs each basis draws. Frequencies change while a model is learned; the pairs do not.
#[derive(Default)]
pub(super) struct Draws([OnceCell<Drawn>; 4]);

impl Draws {
    /// The sample of a basis.
    pub(super) fn sample(&self, corpus: &Corpus, options: &Options, basis: Basis) -> Sample {
        let draw = || pairs_by(corpus, options, |i| basis.key(&corpus.records[i]), MOST_RECORDS);
        let drawn = self.0[basis as usize].get_or_init(draw);
        Sample { basis, pairs: compare_all(corpus, &drawn.pairs), scale: drawn.scale, filled: drawn.filled }
    }
}

/// Pairs that share a key.
pub(super) struct Drawn {
    pub(super) pairs: Vec<(u32, u32)>,
    pub(super) scale: f64,
    pub(super) filled: f64,
}

/// Draws pairs that share a key; key 0 is none. Keys are ordered by a hash of content, so which are taken does not depend on the
/// records' order.
pub(super) fn pairs_by(
    corpus: &Corpus,
    options: &Options,
    key: impl Fn(usize) -> u64 + Sync,
    most_records: usize,
) -> Drawn {
    let mut keyed: Vec<(u64, u32)> =
        (0..corpus.len()).into_par_iter().filter_map(|i| Some((key(i), i as u32)).filter(|(k, _)| *k != 0)).collect();
    let filled = keyed.len() as f64 / corpus.len().max(1) as f64;
    keyed.par_sort_unstable();
    let mut blocks: Vec<(u64, &[(u64, u32)])> = keyed
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|block| block.len() > 1 && block.len() <= most_records)
        // Term numbers follow the order of arrival; what a block holds does not.
        .map(|block| {
            let content = block.iter().map(|(_, i)| corpus.content[*i as usize]).min();
            (mix(content.unwrap_or(0), 7), block)
        })
        .collect();
    blocks.par_sort_unstable_by_key(|(order, block)| (*order, block[0].1));
    let in_blocks: usize = blocks.iter().map(|(_, b)| b.len()).sum();
    let mut pairs = Vec::new();
    let mut used = 0;
    for (_, block) in &blocks {
        if pairs.len() >= MOST_PAIRS {
            break;
        }
        used += block.len();
        for (k, (_, i)) in block.iter().enumerate() {
            for (_, j) in &block[k + 1..] {
                if comparable(corpus, options, *i, *j) {
                    pairs.push((*i, *j));
                }
            }
        }
    }
    Drawn { pairs, scale: in_blocks as f64 / used.max(1) as f64, filled }
}

/// Random pairs.
pub(super) fn random(corpus: &Corpus, options: &Options, count: usize) -> Vec<(u32, u32)> {
    let n = corpus.len() as u64;
    (0..count as u64)
        .map(|k| {
            let h = mix(0x51ed_270b, k);
            ((h >> 32) % n, (h & 0xffff_ffff) % n)
        })
        .filter(|(i, j)| i != j)
        .map(|(i, j)| (i.min(j) as u32, i.max(j) as u32))
        .filter(|(i, j)| comparable(corpus, options, *i, *j))
        .collect()
}

pub(super) fn compare_all(corpus: &Corpus, pairs: &[(u32, u32)]) -> Vec<Comparison> {
    pairs.par_iter().map(|(i, j)| compare(corpus, *i as usize, *j as usize)).collect()
}

fn comparable(corpus: &Corpus, options: &Options, i: u32, j: u32) -> bool {
    !options.link_only || corpus.records[i as usize].dataset != corpus.records[j as usize].dataset
}

/// Number of pairs that could be compared in all.
pub(super) fn pairs_in_all(corpus: &Corpus, options: &Options) -> f64 {
    let n = corpus.len() as f64;
    let all = n * (n - 1.0) / 2.0;
    if !options.link_only {
        return all.max(1.0);
    }
    let mut datasets: Vec<u32> = corpus.records.iter().map(|r| r.dataset).collect();
    datasets.sort_unstable();
    let within: f64 = datasets.chunk_by(|a, b| a == b).map(|d| d.len() as f64 * (d.len() as f64 - 1.0) / 2.0).sum();
    (all - within).max(1.0)
}
