//! From pairs to persons.
//!
//! Connected components built one «person» of thousands of records. Here the strongest pair goes first, and two
//! groups join only if nothing in one contradicts anything in the other and they agree on the whole.

use std::collections::HashMap;

use rayon::prelude::*;

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
        next: (0..corpus.len() as u32).collect(),
        last: (0..corpus.len() as u32).collect(),
        both: Default::default(),
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
    follow.par_sort_unstable_by(|x, y| {
        let (a, b) = (&edges[*x], &edges[*y]);
        b.weight.total_cmp(&a.weight).then((a.i, a.j).cmp(&(b.i, b.j)))
    });
    let dropped = torn(corpus, options, constraints, edges, &follow);
    let oversize = oversize(options, corpus.len(), edges, &follow);
    for k in follow {
        let e = &edges[k];
        if dropped.binary_search(&k).is_ok() {
            refused.insert(k, Withheld::Ambiguous);
        } else if oversize.binary_search(&e.i).is_ok() || !state.may_join(e.i, e.j) {
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
    /// The first record of a record's group.
    parent: Vec<u32>,
    /// The record after a record in its group; after the last one the first.
    next: Vec<u32>,
    /// By first record, the last one of the group.
    last: Vec<u32>,
    /// Members of the two groups that are being looked at.
    both: [Vec<u32>; 2],
}

impl State<'_> {
    fn find(&self, i: u32) -> u32 {
        self.parent[i as usize]
    }

    fn group(&self, root: u32) -> impl Iterator<Item = u32> + '_ {
        let last = self.last[root as usize];
        std::iter::successors(Some(root), move |i| (*i != last).then(|| self.next[*i as usize]))
    }

    fn join(&mut self, i: u32, j: u32) {
        let (a, b) = (self.find(i), self.find(j));
        if a == b {
            return;
        }
        let (root, child) = (a.min(b), a.max(b));
        // Groups stay small, so telling every member of its root keeps paths of length one.
        let mut member = child;
        for _ in 0..self.parent.len() {
            self.parent[member as usize] = root;
            member = self.next[member as usize];
            if member == child {
                break;
            }
        }
        let last = self.last[root as usize];
        self.next[last as usize] = child;
        self.last[root as usize] = self.last[child as usize];
        self.next[self.last[child as usize] as usize] = root;
    }

    fn forbidden(&self, i: u32, j: u32) -> bool {
        let (a, b) = (self.find(i), self.find(j));
        self.group(a).any(|x| self.group(b).any(|y| self.constraints.forbids(x, y)))
    }

    fn may_join(&mut self, i: u32, j: u32) -> bool {
        let (a, b) = (self.find(i), self.find(j));
        if a == b {
            return true;
        }
        let mut both = std::mem::take(&mut self.both);
        for (members, root) in both.iter_mut().zip([a, b]) {
            members.clear();
            members.extend(self.group(root));
        }
        let may = self.may_be_one(&both[0], &both[1]);
        self.both = both;
        may
    }

    /// Whether the records of two groups may be one person.
    fn may_be_one(&self, a: &[u32], b: &[u32]) -> bool {
        if a.len() + b.len() > self.options.cluster_cap as usize {
            return false;
        }
        let mut sum = 0.0;
        for &x in a {
            for &y in b {
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

/// Edges of records that fit two records which contradict each other, in ascending order: such a record joins neither,
/// unless it fits one of them far better.
fn torn(
    corpus: &Corpus,
    options: &Options,
    constraints: &Constraints,
    edges: &[Scored],
    follow: &[usize],
) -> Vec<usize> {
    // Stable: `follow` is sorted by weight, and so are the edges of each record.
    let mut ends: Vec<(u32, usize)> = follow.iter().flat_map(|&k| [(edges[k].i, k), (edges[k].j, k)]).collect();
    ends.par_sort_by_key(|(x, _)| *x);
    let of_records: Vec<&[(u32, usize)]> = ends.chunk_by(|a, b| a.0 == b.0).filter(|of| of.len() > 1).collect();
    let mut dropped: Vec<usize> = of_records
        .into_par_iter()
        .map(|mine| {
            let mine = &mine[..mine.len().min(PARTNERS)];
            let other = |x: u32, k: usize| if edges[k].i == x { edges[k].j } else { edges[k].i };
            let mut dropped = Vec::new();
            for (p, &(x, k)) in mine.iter().enumerate() {
                for &(_, l) in &mine[p + 1..] {
                    if !conflict(corpus, options, constraints, other(x, k), other(x, l)) {
                        continue;
                    }
                    dropped.push(l);
                    if edges[k].weight - edges[l].weight < MARGIN {
                        dropped.push(k);
                    }
                }
            }
            dropped
        })
        .flatten_iter()
        .collect();
    dropped.par_sort_unstable();
    dropped.dedup();
    dropped
}

/// Records of groups that would be larger than a person can be, in ascending order. They are bad data, and none of them
/// is merged: any choice among ten thousand equal rows would be arbitrary.
fn oversize(options: &Options, n: usize, edges: &[Scored], follow: &[usize]) -> Vec<u32> {
    let cap = options.cluster_cap as usize;
    if n <= cap {
        return Vec::new();
    }
    let mut degree = vec![0_u32; n];
    for &k in follow {
        degree[edges[k].i as usize] += 1;
        degree[edges[k].j as usize] += 1;
    }
    let hub = |i: u32| degree[i as usize] as usize >= cap;
    let mut out: Vec<u32> = follow
        .iter()
        .map(|&k| (edges[k].i, edges[k].j))
        .filter(|(i, j)| hub(*i) || hub(*j))
        .flat_map(|(i, j)| [i, j])
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}
