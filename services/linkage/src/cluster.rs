//! From pairs to persons.
//!
//! Connected components built one «person» of thousands of records. Here the strongest pair goes first, and two
//! groups join only if nothing in one contradicts anything in the other and they agree on the whole.

use std::collections::{HashMap, HashSet};

use crate::corpus::Corpus;
use crate::decide;
use crate::model::Model;
use crate::options::{Gate, Options};
use crate::output::Withheld;
use crate::score::{Scored, score_pair};

/// log2 odds that the pairs between two groups must reach on average.
const MEAN_ODDS: f32 = 0.0;
/// Bits by which a record must fit one of two contradicting records better to join it: the cost of a false merge
/// against a missed one.
const MARGIN: f32 = 10.0;
/// Partners of one record that are checked against each other.
const PARTNERS: usize = 48;

/// Pairs of canonical positions that must not, and must, be one person.
#[derive(Default)]
pub(crate) struct Constraints {
    pub(crate) cannot: HashMap<u32, Vec<u32>>,
    pub(crate) must: Vec<(u32, u32)>,
}

impl Constraints {
    pub(crate) fn forbid(&mut self, i: u32, j: u32) {
        if i != j {
            self.cannot.entry(i).or_default().push(j);
            self.cannot.entry(j).or_default().push(i);
        }
    }

    pub(crate) fn forbids(&self, i: u32, j: u32) -> bool {
        self.cannot.get(&i).is_some_and(|with| with.contains(&j))
    }
}

/// Persons, and why single edges were not followed.
pub(crate) struct Clusters {
    /// Group of every record, named by its first record.
    pub(crate) group: Vec<u32>,
    /// Edges that passed the gate and were still not followed, by position in the input.
    pub(crate) refused: HashMap<usize, Withheld>,
    /// Must-links that a cannot-link contradicts.
    pub(crate) contradictions: u64,
}

/// Joins records. `edges` are all scored pairs; only those that are probable and passed the gate are followed.
pub(crate) fn cluster(
    corpus: &Corpus,
    options: &Options,
    model: &Model,
    edges: &[Scored],
    constraints: &Constraints,
) -> Clusters {
    let mut state = State {
        corpus,
        options,
        model,
        constraints,
        parent: (0..corpus.len() as u32).collect(),
        members: HashMap::new(),
    };
    let mut refused = HashMap::new();
    let mut contradictions = 0;
    for &(i, j) in &constraints.must {
        // A person's word stands above weights, but not above «never».
        if state.forbidden(i, j) {
            contradictions += 1;
        } else {
            state.join(i, j);
        }
    }
    let mut follow: Vec<usize> = edges
        .iter()
        .enumerate()
        .filter(|(_, e)| e.probability >= options.match_threshold && e.gate.is_none())
        .map(|(k, _)| k)
        .collect();
    follow.sort_by(|x, y| {
        let (a, b) = (&edges[*x], &edges[*y]);
        b.weight.total_cmp(&a.weight).then((a.i, a.j).cmp(&(b.i, b.j)))
    });
    let dropped = torn(corpus, options, constraints, edges, &follow);
    let oversize = oversize(options, corpus.len(), edges, &follow);
    for k in follow {
        let e = &edges[k];
        if let Some(why) = dropped.get(&k) {
            refused.insert(k, *why);
        } else if oversize.contains(&e.i) || !state.may_join(e.i, e.j) {
            if state.find(e.i) != state.find(e.j) {
                refused.insert(k, Withheld::Cluster);
            }
        } else {
            state.join(e.i, e.j);
        }
    }
    Clusters { group: (0..corpus.len() as u32).map(|i| state.find(i)).collect(), refused, contradictions }
}

struct State<'a> {
    corpus: &'a Corpus,
    options: &'a Options,
    model: &'a Model,
    constraints: &'a Constraints,
    parent: Vec<u32>,
    /// Members of groups with more than one record.
    members: HashMap<u32, Vec<u32>>,
}

impl State<'_> {
    fn find(&self, mut i: u32) -> u32 {
        while self.parent[i as usize] != i {
            i = self.parent[i as usize];
        }
        i
    }

    fn group(&self, root: u32) -> Vec<u32> {
        self.members.get(&root).cloned().unwrap_or_else(|| vec![root])
    }

    fn join(&mut self, i: u32, j: u32) {
        let (a, b) = (self.find(i), self.find(j));
        if a == b {
            return;
        }
        let (root, child) = (a.min(b), a.max(b));
        let mut all = self.group(root);
        all.extend(self.group(child));
        self.members.remove(&child);
        // Groups stay small, so telling every member of its root keeps paths of length one.
        for m in &all {
            self.parent[*m as usize] = root;
        }
        self.members.insert(root, all);
    }

    fn forbidden(&self, i: u32, j: u32) -> bool {
        let (a, b) = (self.group(self.find(i)), self.group(self.find(j)));
        a.iter().any(|x| b.iter().any(|y| self.constraints.forbids(*x, *y)))
    }

    fn may_join(&self, i: u32, j: u32) -> bool {
        let (a, b) = (self.find(i), self.find(j));
        if a == b {
            return true;
        }
        let (a, b) = (self.group(a), self.group(b));
        if a.len() + b.len() > self.options.cluster_cap as usize {
            return false;
        }
        let mut sum = 0.0;
        for &x in &a {
            for &y in &b {
                if conflict(self.corpus, self.options, self.constraints, x, y) {
                    return false;
                }
                if a.len() + b.len() > 2 {
                    let pair = score_pair(self.corpus, self.options, self.model, x, y);
                    if pair.gate == Some(Withheld::Origin) {
                        return false;
                    }
                    sum += pair.weight;
                }
            }
        }
        let mean = sum / (a.len() * b.len()) as f32 + self.model.prior_bits();
        a.len() + b.len() == 2 || mean >= MEAN_ODDS
    }
}

/// Whether two records cannot be one person.
fn conflict(corpus: &Corpus, options: &Options, constraints: &Constraints, x: u32, y: u32) -> bool {
    let (a, b) = (&corpus.records[x as usize], &corpus.records[y as usize]);
    constraints.forbids(x, y)
        || options.link_only && a.dataset == b.dataset
        || options.gate == Gate::Person && decide::veto(a, b).is_some()
}

/// Edges of records that fit two records which contradict each other: such a record joins neither, unless it fits
/// one of them far better.
fn torn(
    corpus: &Corpus,
    options: &Options,
    constraints: &Constraints,
    edges: &[Scored],
    follow: &[usize],
) -> HashMap<usize, Withheld> {
    let mut at: HashMap<u32, Vec<usize>> = HashMap::new();
    for &k in follow {
        at.entry(edges[k].i).or_default().push(k);
        at.entry(edges[k].j).or_default().push(k);
    }
    let mut dropped = HashMap::new();
    for (&x, mine) in &at {
        let other = |k: usize| {
            if edges[k].i == x { edges[k].j } else { edges[k].i }
        };
        // `follow` is sorted by weight, and so is `mine`.
        for (p, &k) in mine.iter().enumerate().take(PARTNERS) {
            for &l in mine.iter().take(PARTNERS).skip(p + 1) {
                if !conflict(corpus, options, constraints, other(k), other(l)) {
                    continue;
                }
                dropped.insert(l, Withheld::Ambiguous);
                if edges[k].weight - edges[l].weight < MARGIN {
                    dropped.insert(k, Withheld::Ambiguous);
                }
            }
        }
    }
    dropped
}

/// Records of groups that would be larger than a person can be. They are bad data, and none of them is merged:
/// any choice among ten thousand equal rows would be arbitrary.
fn oversize(options: &Options, n: usize, edges: &[Scored], follow: &[usize]) -> HashSet<u32> {
    let cap = options.cluster_cap as usize;
    let mut degree: HashMap<u32, usize> = HashMap::new();
    for &k in follow {
        *degree.entry(edges[k].i).or_default() += 1;
        *degree.entry(edges[k].j).or_default() += 1;
    }
    let mut out = HashSet::new();
    if n <= cap {
        return out;
    }
    let hubs: HashSet<u32> = degree.iter().filter(|(_, d)| **d >= cap).map(|(i, _)| *i).collect();
    for &k in follow {
        if hubs.contains(&edges[k].i) || hubs.contains(&edges[k].j) {
            out.insert(edges[k].i);
            out.insert(edges[k].j);
        }
    }
    out
}
