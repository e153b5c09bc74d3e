//! From scored pairs to what the caller gets: persons, outcomes, review list, summary.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::cluster::{Clusters, Constraints, cluster};
use crate::compare::compare;
use crate::corpus::Corpus;
use crate::model::Model;
use crate::options::{Options, Verdict};
use crate::output::{Linkage, Outcome, Pair, ScoredPair, Summary, Withheld};
use crate::score::{Scored, score_pair};
use crate::text;

/// Review pairs that are shown however few records there are.
const LEAST_SHOWN: usize = 20;

/// Decides, clusters and reports.
pub(crate) fn finish(
    corpus: &Corpus,
    options: &Options,
    model: Model,
    mut scored: Vec<Scored>,
    mut summary: Summary,
) -> Linkage {
    summary.duplicate_ids = duplicate_ids(corpus);
    let constraints = if corpus.never_with.is_empty() && options.verdicts.is_empty() {
        Constraints::default()
    } else {
        constraints(corpus, options, &by_id(corpus), &mut summary)
    };
    add_must_links(corpus, options, &model, &constraints, &mut scored);
    for s in &mut scored {
        if constraints.forbids(s.i, s.j) {
            s.gate = Some(Withheld::Forbidden);
        }
    }
    let clusters = cluster(corpus, options, &model, &scored, &constraints);
    let outcomes = outcomes(options, &constraints, &scored, &clusters);
    let numbers = number_clusters(corpus, &clusters.group);
    let all_pairs = all_pairs(corpus, &scored, &outcomes);
    let edges = edges(corpus, &model, &scored, &outcomes, &clusters);
    let mut linkage = Linkage { clusters: numbers, review: Vec::new(), edges, all_pairs, summary, model };
    linkage.review = review(options, &linkage);
    summarise(options, &clusters, &mut linkage);
    linkage
}

fn duplicate_ids(corpus: &Corpus) -> u64 {
    let mut hashes: Vec<u64> =
        (0..corpus.len()).into_par_iter().map(|i| text::hash(corpus.ids.get(i).as_bytes())).collect();
    hashes.par_sort_unstable();
    hashes.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).count() as u64
}

/// Canonical positions by id.
fn by_id(corpus: &Corpus) -> HashMap<&str, Vec<u32>> {
    let mut map: HashMap<&str, Vec<u32>> = HashMap::with_capacity(corpus.len());
    for (position, caller) in corpus.order.iter().enumerate() {
        map.entry(corpus.ids.get(*caller as usize)).or_default().push(position as u32);
    }
    map
}

fn constraints(
    corpus: &Corpus,
    options: &Options,
    index: &HashMap<&str, Vec<u32>>,
    summary: &mut Summary,
) -> Constraints {
    let mut out = Constraints::default();
    let find = |id: &str| index.get(id).map(Vec::as_slice).unwrap_or_default();
    let mut position = vec![0_u32; corpus.len()];
    for (p, caller) in corpus.order.iter().enumerate() {
        position[*caller as usize] = p as u32;
    }
    for (caller, id) in &corpus.never_with {
        for other in find(id) {
            out.forbid(position[*caller as usize], *other);
        }
    }
    let mut ambiguous = 0;
    for (a, b, verdict) in &options.verdicts {
        let (a, b) = (find(a), find(b));
        match verdict {
            Verdict::Different => {
                for i in a {
                    for j in b {
                        out.forbid(*i, *j);
                    }
                }
            }
            // An id that two records bear does not say which of them was meant.
            Verdict::Same if a.len() == 1 && b.len() == 1 => {
                out.must.push((a[0].min(b[0]), a[0].max(b[0])));
            }
            Verdict::Same => ambiguous += u64::from(a.len() > 1 || b.len() > 1),
        }
    }
    out.must.sort_unstable();
    out.must.dedup();
    if ambiguous > 0 {
        summary
            .warnings
            .push(format!("{ambiguous} verdicts name an id that several records bear, and were not followed"));
    }
    out
}

fn add_must_links(
    corpus: &Corpus,
    options: &Options,
    model: &Model,
    constraints: &Constraints,
    scored: &mut Vec<Scored>,
) {
    for &(i, j) in &constraints.must {
        if i != j && scored.binary_search_by_key(&(i, j), |s| (s.i, s.j)).is_err() {
            scored.push(score_pair(corpus, options, model, i, j));
        }
    }
    scored.par_sort_unstable_by_key(|s| (s.i, s.j));
    scored.dedup_by_key(|s| (s.i, s.j));
}

fn outcomes(options: &Options, constraints: &Constraints, scored: &[Scored], clusters: &Clusters) -> Vec<Outcome> {
    scored
        .iter()
        .map(|s| {
            if clusters.group[s.i as usize] == clusters.group[s.j as usize] {
                Outcome::Match
            } else if s.probability >= options.review_threshold && !constraints.forbids(s.i, s.j) {
                Outcome::Review
            } else {
                Outcome::Distinct
            }
        })
        .collect()
}

/// Numbers persons by their smallest id, in the caller's order of records.
fn number_clusters(corpus: &Corpus, group: &[u32]) -> Vec<u32> {
    let id = |position: u32| corpus.ids.get(corpus.order[position as usize] as usize);
    // Records of one id are told apart by canonical position.
    let before = |a: u32, b: u32| id(a).cmp(id(b)).then(a.cmp(&b));
    let mut smallest = vec![u32::MAX; group.len()];
    for (position, root) in group.iter().enumerate() {
        let position = position as u32;
        let known = &mut smallest[*root as usize];
        if *known == u32::MAX || before(position, *known) == Ordering::Less {
            *known = position;
        }
    }
    // Ids lie anywhere in memory; their beginnings nearly always tell them apart.
    let beginning = |position: u32| {
        let bytes = id(position).as_bytes();
        let mut out = [0; 16];
        let len = bytes.len().min(out.len());
        out[..len].copy_from_slice(&bytes[..len]);
        u128::from_be_bytes(out)
    };
    let mut roots: Vec<(u128, u32, u32)> = (0..group.len() as u32)
        .into_par_iter()
        .map(|root| (smallest[root as usize], root))
        .filter(|(s, _)| *s != u32::MAX)
        .map(|(s, root)| (beginning(s), s, root))
        .collect();
    roots.par_sort_unstable_by(|x, y| x.0.cmp(&y.0).then_with(|| before(x.1, y.1)));
    let mut number = vec![0_u32; group.len()];
    for (k, (_, _, root)) in roots.iter().enumerate() {
        number[*root as usize] = k as u32;
    }
    let mut out = vec![0; group.len()];
    for (position, root) in group.iter().enumerate() {
        out[corpus.order[position] as usize] = number[*root as usize];
    }
    out
}

/// Caller's indices of a pair, smaller first.
fn callers(corpus: &Corpus, s: &Scored) -> (u32, u32) {
    let (a, b) = (corpus.order[s.i as usize], corpus.order[s.j as usize]);
    (a.min(b), a.max(b))
}

fn all_pairs(corpus: &Corpus, scored: &[Scored], outcomes: &[Outcome]) -> Vec<ScoredPair> {
    let mut out: Vec<ScoredPair> = scored
        .par_iter()
        .zip(outcomes)
        .map(|(s, outcome)| {
            let (a, b) = callers(corpus, s);
            ScoredPair { a, b, weight: s.weight, probability: s.probability as f32, outcome: *outcome }
        })
        .collect();
    out.par_sort_unstable_by_key(|p| (p.a, p.b));
    out
}

fn edges(corpus: &Corpus, model: &Model, scored: &[Scored], outcomes: &[Outcome], clusters: &Clusters) -> Vec<Pair> {
    let kept: Vec<usize> = (0..scored.len())
        .filter(|&k| outcomes[k] != Outcome::Distinct || scored[k].gate == Some(Withheld::Forbidden))
        .collect();
    let mut out: Vec<Pair> = kept
        .into_par_iter()
        .map(|k| {
            let s = &scored[k];
            let c = compare(corpus, s.i as usize, s.j as usize);
            let (a, b) = callers(corpus, s);
            Pair {
                a,
                b,
                weight: f64::from(s.weight),
                probability: s.probability,
                outcome: outcomes[k],
                withheld: match outcomes[k] {
                    Outcome::Match => None,
                    _ => s.gate.or_else(|| clusters.refused.get(&k).copied()),
                },
                evidence: model.evidence(&c, s.weight),
            }
        })
        .collect();
    out.par_sort_unstable_by(|x, y| y.weight.total_cmp(&x.weight).then((x.a, x.b).cmp(&(y.a, y.b))));
    out
}

/// What to show people: the pairs whose decision is worth most first, pairs of the same two persons together.
fn review(options: &Options, linkage: &Linkage) -> Vec<u32> {
    let mut groups: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for (k, e) in linkage.edges.iter().enumerate() {
        if e.outcome == Outcome::Review {
            let (x, y) = (linkage.clusters[e.a as usize], linkage.clusters[e.b as usize]);
            groups.entry((x.min(y), x.max(y))).or_default().push(k as u32);
        }
    }
    let value = |pairs: &Vec<u32>| {
        let best = pairs.iter().map(|k| linkage.edges[*k as usize].probability).fold(0.0, f64::max);
        // One decision settles all pairs between two persons.
        best * (1.0 + (pairs.len() as f64).ln())
    };
    let mut ranked: Vec<(f64, Vec<u32>)> = groups.into_values().map(|g| (value(&g), g)).collect();
    // Stable: equal values stay in the order of the persons' numbers.
    ranked.sort_by(|x, y| y.0.total_cmp(&x.0));
    let most = LEAST_SHOWN.max((options.review_share * linkage.clusters.len() as f64) as usize);
    let mut out: Vec<u32> = ranked.into_iter().flat_map(|(_, g)| g).collect();
    out.truncate(most);
    out
}

fn summarise(options: &Options, clusters: &Clusters, linkage: &mut Linkage) {
    // Persons are numbered from 0 without a gap.
    let mut sizes = vec![0_u64; linkage.clusters.iter().max().map_or(0, |last| *last as usize + 1)];
    for c in &linkage.clusters {
        sizes[*c as usize] += 1;
    }
    let mut withheld: BTreeMap<Withheld, u64> = BTreeMap::new();
    let s = &mut linkage.summary;
    for e in &linkage.edges {
        if e.probability >= options.match_threshold {
            s.pairs_probable += 1;
            if let (Some(why), Outcome::Review) = (e.withheld, e.outcome) {
                *withheld.entry(why).or_default() += 1;
            }
        }
        match e.outcome {
            Outcome::Match => s.pairs_match += 1,
            Outcome::Review => s.pairs_review += 1,
            Outcome::Distinct => {}
        }
    }
    s.clusters = sizes.len() as u64;
    s.merged_clusters = sizes.iter().filter(|n| **n > 1).count() as u64;
    s.largest_cluster = sizes.iter().copied().max().unwrap_or(0);
    s.withheld = withheld.into_iter().collect();
    s.review_shown = linkage.review.len() as u64;
    s.warnings.extend(warnings(s, &linkage.model.failures, clusters));
}

fn warnings(s: &Summary, failures: &[String], clusters: &Clusters) -> Vec<String> {
    let mut out: Vec<String> = failures.iter().map(|f| format!("nothing is merged: {f}")).collect();
    if clusters.contradictions > 0 {
        out.push(format!("{} verdicts «same» contradict a «never» and were not followed", clusters.contradictions));
    }
    if s.identical > 0 {
        out.push(format!("{} records agree with another one in every value", s.identical));
    }
    if s.nameless > 0 {
        out.push(format!("{} records have no usable name and are never merged", s.nameless));
    }
    if s.duplicate_ids > 0 {
        out.push(format!("{} ids occur more than once", s.duplicate_ids));
    }
    for field in &s.constant_fields {
        out.push(format!("every record has the same {}: ignored", field.words()));
    }
    if s.blocks_skipped > 0 {
        out.push(format!("{} blocks were too large to compare; duplicates may be missed there", s.blocks_skipped));
    }
    out
}
