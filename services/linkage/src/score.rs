//! Scoring of all proposed pairs, on all cores.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::block::Blocks;
use crate::compare::{Comparison, STAGES, compare_if};
use crate::corpus::Corpus;
use crate::decide;
use crate::fields::{Field, LEVELS, Level, OTHER_FIELDS};
use crate::model::Model;
use crate::options::Options;
use crate::output::Withheld;

/// Records that one piece of work covers.
const PIECE: usize = 256;
/// Blocks of one birth date that one piece of work covers.
const DAYS: usize = 32;

/// Partners whose records are fetched at once.
const AHEAD: usize = 16;

/// A pair worth listing, by canonical position; `i < j`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored {
    pub(crate) i: u32,
    pub(crate) j: u32,
    pub(crate) weight: f32,
    pub(crate) probability: f64,
    /// What the gate says.
    pub(crate) gate: Option<Withheld>,
}

/// Scores all pairs; gives those above the list threshold, in canonical order, and the number of all.
pub(crate) fn score(corpus: &Corpus, options: &Options, model: &Model, blocks: &Blocks) -> (Vec<Scored>, u64) {
    let least = log_odds(options.list_threshold.min(options.review_threshold));
    let scorer = Scorer { corpus, options, model, left: left(corpus, model), least, total: AtomicU64::new(0) };
    let mut scored = scorer.by_record(blocks);
    scored.extend(scorer.by_day(blocks));
    let stars = blocks.stars.par_iter().filter(|(i, j)| comparable(corpus, options, *i as usize, *j as usize));
    scored.par_extend(stars.filter_map(|pair| scorer.one(*pair)));
    scorer.total.fetch_add(blocks.stars.len() as u64, Ordering::Relaxed);
    scored.par_sort_unstable_by_key(|s| (s.i, s.j));
    scored.dedup_by_key(|s| (s.i, s.j));
    (scored, scorer.total.into_inner())
}

struct Scorer<'a> {
    corpus: &'a Corpus,
    options: &'a Options,
    model: &'a Model,
    left: [f32; 2],
    least: f32,
    /// Pairs compared.
    total: AtomicU64,
}

impl Scorer<'_> {
    fn one(&self, pair: (u32, u32)) -> Option<Scored> {
        one(self.corpus, self.options, self.model, self.left, pair, self.least)
    }

    /// A record with some others. The caller has fetched them.
    fn some(&self, i: u32, others: &[u32], out: &mut Vec<Scored>) -> u64 {
        let mut count = 0;
        for &j in others.iter().filter(|j| comparable(self.corpus, self.options, i as usize, **j as usize)) {
            count += 1;
            out.extend(self.one((i, j)));
        }
        count
    }

    fn by_record(&self, blocks: &Blocks) -> Vec<Scored> {
        let n = self.corpus.len();
        let pieces: Vec<Vec<Scored>> = (0..n.div_ceil(PIECE))
            .into_par_iter()
            .map_init(
                || (Vec::new(), Vec::new()),
                |(seen, partners), piece| {
                    let mut out = Vec::new();
                    let mut count = 0;
                    for i in (piece * PIECE..((piece + 1) * PIECE).min(n)).map(|i| i as u32) {
                        blocks.partners(i, n, seen, partners);
                        for some in partners.chunks(AHEAD) {
                            fetch(self.corpus, some);
                            count += self.some(i, some, &mut out);
                        }
                    }
                    self.total.fetch_add(count, Ordering::Relaxed);
                    out
                },
            )
            .collect();
        pieces.concat()
    }

    fn by_day(&self, blocks: &Blocks) -> Vec<Scored> {
        let days: Vec<&[u32]> = blocks.days().collect();
        let pieces: Vec<Vec<Scored>> = days
            .par_chunks(DAYS)
            .map_init(Vec::new, |members, days| {
                let mut out = Vec::new();
                let mut count = 0;
                for day in days {
                    members.clear();
                    members.extend(day.iter().map(|m| Blocks::record(*m)));
                    members.chunks(AHEAD).for_each(|some| fetch(self.corpus, some));
                    for (k, &i) in members.iter().enumerate() {
                        count += self.some(i, &members[k + 1..], &mut out);
                    }
                }
                self.total.fetch_add(count, Ordering::Relaxed);
                out
            })
            .collect();
        pieces.concat()
    }
}

/// Reads what the comparison will need of some records. Partners lie anywhere in memory, and waiting for one after the
/// other took half of the time; reads that do not depend on each other are waited for together.
fn fetch(corpus: &Corpus, partners: &[u32]) {
    let mut sum = 0;
    for r in partners.iter().map(|j| &corpus.records[*j as usize]) {
        sum ^= r.id_code as u32 ^ r.name.given[0] ^ r.phones[0] ^ r.street ^ r.dataset ^ u32::from(r.sex);
    }
    for r in partners.iter().map(|j| &corpus.records[*j as usize]) {
        sum ^= corpus.token(r.name.given[0]).mask ^ corpus.token(r.name.family[0]).mask;
        sum ^= corpus.words[r.places[0] as usize].mask;
        sum ^= r.street_words[..2].iter().fold(0, |sum, w| sum ^ corpus.words[*w as usize].mask);
    }
    std::hint::black_box(sum);
}

fn one(
    corpus: &Corpus,
    options: &Options,
    model: &Model,
    left: [f32; 2],
    (i, j): (u32, u32),
    least: f32,
) -> Option<Scored> {
    let needed = least - model.prior_bits();
    // Names that are commoner together than apart take off what their parts promise.
    let excess = |c: &Comparison, fields: &[Field]| {
        if fields.contains(&Field::Given) { model.joint_excess(c) } else { 0.0 }
    };
    let weigh = |c: &Comparison, fields: &[Field]| model.against_strangers(c, fields) - excess(c, fields);
    let c = compare_if(corpus, i as usize, j as usize, left, needed, weigh)?;
    let score = model.score(&c);
    if score.weight + model.prior_bits() < least {
        return None;
    }
    Some(Scored {
        i,
        j,
        weight: score.weight,
        probability: score.probability,
        gate: decide::gate(corpus, options, model, (&c, score.probability), i as usize, j as usize),
    })
}

/// Bits that the fields of each later stage can add at most.
fn left(corpus: &Corpus, model: &Model) -> [f32; 2] {
    let rarest = (0.5 / corpus.len().max(2) as f32).log2();
    let most = |field: &Field| {
        let f = field.index();
        let best = (1..LEVELS)
            .map(|l| {
                let chance = model.stranger[f][l];
                // A value that agrees may be a rare one; one that differs has no frequency.
                let agrees = l != Level::Differ as usize;
                model.person[f][l] - if agrees { chance.min(rarest) } else { chance }
            })
            .fold(0.0, f32::max);
        if corpus.active[f] { best } else { 0.0 }
    };
    let others: f32 = (0..OTHER_FIELDS as u8).map(|k| most(&Field::Other(k))).sum();
    STAGES.map(|fields| fields.iter().map(most).sum::<f32>() + others)
}

/// The score of one pair, whatever it is.
pub(crate) fn score_pair(corpus: &Corpus, options: &Options, model: &Model, i: u32, j: u32) -> Scored {
    let (i, j) = (i.min(j), i.max(j));
    one(corpus, options, model, [0.0; 2], (i, j), f32::NEG_INFINITY).unwrap_or(Scored {
        i,
        j,
        weight: 0.0,
        probability: 0.0,
        gate: None,
    })
}

fn comparable(corpus: &Corpus, options: &Options, i: usize, j: usize) -> bool {
    !options.link_only || corpus.records[i].dataset != corpus.records[j].dataset
}

fn log_odds(p: f64) -> f32 {
    let p = p.clamp(1e-9, 1.0 - 1e-9);
    (p / (1.0 - p)).log2() as f32
}
