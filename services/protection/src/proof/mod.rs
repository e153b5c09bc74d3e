//! Proof over the finite space of facts.
//!
//! **Why an exact reduction is sound.** A decision is, for every route, the minimum of the base level and of one
//! ceiling for each rule; its reasons are a union over rules. What one rule contributes to one route depends only on
//! the atoms in that rule's own conditions, at that route's recipient and contact point (`RowPart::holds` and
//! `Ceiling::given` mask everything else out), and on nothing another rule did; the one exception, «flagged», is
//! itself an atom, added when a ⚑ rule fires. Minimum and union keep order: if each rule is monotone in its own atoms
//! and in «flagged», and firing of ⚑ rules is monotone, the whole decision is. So it is enough to walk, for each
//! rule, every subset of the atoms it reads, with every shape of recipient and contact point: that is exhaustive, not
//! a sample. Routes do not influence each other, so that one guardian and one contact point of each kind and owner
//! stand for any number. Pairs of atoms over all rules and a pseudo-random walk through the full space (2^64 states)
//! then check the engine that takes the minimum and the union. The oracle is the page written down a second time.

mod case;
mod facts_order;
mod oracle;
mod properties;

use domain::Level;
use domain::decision::{Decision, RuleId};

use self::case::{Case, NOW, case, person_atoms, shapes, subsets};
use self::oracle::{Expected, MARKED};
use crate::atoms::{Atom, Atoms};
use crate::engine::decide_by;
use crate::offers::Offers;
use crate::policy::{POLICY, Policy};
use crate::rules::RULES;

fn decide(case: &Case) -> Decision {
    decide_by(&POLICY, &case.facts(), &Offers::everything(), NOW)
}

/// The atoms that a rule reads, and those on which most others turn. «Flagged» is derived: a past detention marker
/// gives it without closing anything.
fn read_by(rule: RuleId) -> Vec<Atom> {
    let mut reads = crate::lift::reads(rule);
    for always in [Atom::Adult, Atom::Minor, Atom::High, Atom::SafeNotYes, Atom::DetentionMarker] {
        reads.add_if(true, always);
    }
    let derived =
        Atoms::of(&[Atom::Flagged, Atom::NotOwn, Atom::NotSelfOwned, Atom::Candidate, Atom::IncompatibleCandidate]);
    reads.without(derived).iter().collect()
}

/// Every state in the release profile, which `tests/run` uses; every 23rd in a debug build, which is some twenty
/// times slower.
const STRIDE: usize = if cfg!(debug_assertions) { 23 } else { 1 };

/// Every subset of every rule's atoms, in every shape.
fn every_rule_space() -> impl Iterator<Item = Case> {
    RULES
        .iter()
        .flat_map(|rule| subsets(&read_by(rule.id)).collect::<Vec<_>>())
        .flat_map(|set| shapes().into_iter().map(move |s| case(set, s)))
        .step_by(STRIDE)
}

/// Every pair of atoms, in every shape.
fn every_pair() -> impl Iterator<Item = Case> {
    let atoms: Vec<Atom> = [person_atoms().as_slice(), case::CONTACT, case::GUARDIAN].concat();
    let pairs: Vec<Atoms> = atoms
        .iter()
        .enumerate()
        .flat_map(|(i, a)| atoms[i..].iter().map(|b| Atoms::of(&[*a, *b])).collect::<Vec<_>>())
        .collect();
    pairs.into_iter().flat_map(|set| shapes().into_iter().map(move |s| case(set, s))).step_by(STRIDE)
}

/// A walk through the whole space that is the same on every machine: sparse and dense states by turns.
fn walk(steps: u32) -> impl Iterator<Item = Case> {
    let shapes = shapes();
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    (0..steps).map(move |step| {
        let mut set = Atoms::NONE;
        let rarity = [2, 4, 8, 16, 24][step as usize % 5];
        for atom in Atom::ALL {
            set.add_if(next() % rarity == 0, *atom);
        }
        let shape = shapes[usize::try_from(next() % shapes.len() as u64).unwrap_or(0)];
        case(set, shape)
    })
}

fn compare(case: &Case) {
    same(case, &decide(case), &oracle::expected(case));
}

fn same(case: &Case, decision: &Decision, expected: &Expected) {
    let levels: Vec<_> =
        decision.routes.iter().map(|r| (r.route.to, r.route.channel, r.route.contact, r.level)).collect();
    assert_eq!(levels, expected.levels, "levels of {case:?}");
    assert_eq!(decision.rules, expected.rules, "rules of {case:?}");
    assert_eq!(decision.reasons, expected.reasons, "reasons of {case:?}");
    assert_eq!(decision.flagged, expected.flagged, "flag of {case:?}");
}

#[test]
fn every_rule_says_what_the_page_says_in_every_state_that_it_reads() {
    let mut states = 0u64;
    for case in every_rule_space() {
        compare(&case);
        states += 1;
    }
    println!("states checked, rule by rule: {states}");
    assert!(states > 200_000 / STRIDE as u64);
}

/// The table with every rule but one silenced: the others fire and mark as they do, close nothing, give no reason.
fn silenced_but(rule: RuleId) -> Policy {
    let mut policy = POLICY.clone();
    for part in policy.rows.iter_mut().filter(|row| row.id != rule).flat_map(|row| &mut row.parts) {
        part.reason = None;
        part.then.iter_mut().for_each(|then| then.cap = Level::L4);
    }
    policy
}

/// The table in which only one rule can mark a person.
fn unmarked_but(rule: RuleId) -> Policy {
    let mut policy = POLICY.clone();
    policy.rows.iter_mut().filter(|row| row.id != rule).for_each(|row| row.flag = false);
    policy
}

/// Rules overlap on purpose: what one forgets, another catches. So each must also say the right thing by itself.
#[test]
fn every_rule_alone_says_what_the_page_says() {
    let mut states = 0u64;
    for rule in RULES.iter().map(|rule| rule.id) {
        let (alone, marking) = (silenced_but(rule), unmarked_but(rule));
        let subsets = subsets(&read_by(rule)).collect::<Vec<_>>();
        let cases = subsets.into_iter().flat_map(|set| shapes().into_iter().map(move |s| case(set, s)));
        for case in cases.step_by(STRIDE) {
            let (facts, offers) = (case.facts(), Offers::everything());
            let expected = oracle::expected_by(&case, |other| other == rule);
            same(&case, &decide_by(&alone, &facts, &offers, NOW), &expected);
            let flagged = decide_by(&marking, &facts, &offers, NOW).flagged;
            assert_eq!(flagged, MARKED.contains(&rule) && expected.rules.contains(&rule), "{rule} marks {case:?}");
            states += 1;
        }
    }
    println!("states checked, each rule alone: {states}");
    assert!(states > 200_000 / STRIDE as u64);
}

#[test]
fn rules_together_say_what_the_page_says() {
    let mut states = 0u64;
    for case in every_pair().chain(walk(60_000)) {
        compare(&case);
        states += 1;
    }
    println!("states checked, rules together: {states}");
}
