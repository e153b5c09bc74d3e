//! P1, P5, P6, R24 and lifts over the finite space.

use domain::channel::{ContactKind, Recipient};
use domain::decision::{Reason, RuleId};
use domain::{Channel, Level};

use super::case::{Case, NOW, Owner, case, person_atoms, shapes};
use super::{decide, every_pair, every_rule_space, walk};
use crate::atoms::{Atom, Atoms};
use crate::effect::{Count, Per, To};
use crate::engine::decide_by;
use crate::offers::Offers;
use crate::policy::{POLICY, channels_of};

/// Levels, and the reasons that stand without brackets.
fn standing(case: &Case) -> (Vec<Level>, Vec<Reason>) {
    let decision = decide(case);
    let levels = decision.routes.iter().map(|r| r.level).collect();
    let fired = |rule: &RuleId| decision.rules.contains(rule);
    let certain = POLICY.rows.iter().filter(|row| fired(&row.id)).flat_map(|row| {
        row.parts.iter().filter(|p| p.per != Per::Contact && p.holds(all_atoms(case))).filter_map(|p| p.reason)
    });
    (levels, certain.filter(|(_, count)| *count == Count::Always).map(|(reason, _)| reason).collect())
}

/// Person and recipients together: conditions about persons and recipients hold on one of them or not at all.
fn all_atoms(case: &Case) -> Atoms {
    case.person.and(case.reader).and(case.guardian.unwrap_or_default())
}

#[test]
fn p1_a_worse_fact_never_raises_a_route_or_removes_a_reason() {
    let mut steps = 0u64;
    let mut everything = person_atoms();
    everything.extend_from_slice(super::case::CONTACT);
    everything.extend_from_slice(super::case::GUARDIAN);
    for (index, case) in every_rule_space().chain(every_pair()).chain(walk(2_000)).enumerate() {
        let (levels, reasons) = standing(&case);
        // in the exhaustive part, atoms that the rule does not read cannot change what it says: one of them a state
        let atoms = everything.iter().cycle().skip(index % everything.len()).take(4);
        for worse in atoms.flat_map(|atom| case.worse(*atom)) {
            let (worse_levels, worse_reasons) = standing(&worse);
            assert!(worse_levels.iter().zip(&levels).all(|(w, l)| w <= l), "{case:?} → {worse:?}");
            assert!(reasons.iter().all(|r| worse_reasons.contains(r)), "{case:?} → {worse:?}");
            steps += 1;
        }
    }
    println!("P1: steps to a worse state checked: {steps}");
}

#[test]
fn p1_by_rule_every_atom_a_rule_reads_only_adds() {
    // the exact part of P1: within each rule's own space, every single atom of that space
    let mut steps = 0u64;
    for rule in crate::rules::RULES {
        let reads = super::read_by(rule.id);
        for set in super::subsets(&reads).step_by(super::STRIDE) {
            for shape in shapes().into_iter().step_by(3) {
                let case = case(set, shape);
                let (levels, _) = standing(&case);
                for worse in reads.iter().filter(|a| !set.has(**a)).flat_map(|atom| case.worse(*atom)) {
                    let (worse_levels, _) = standing(&worse);
                    assert!(worse_levels.iter().zip(&levels).all(|(w, l)| w <= l), "{} {case:?} → {worse:?}", rule.id);
                    steps += 1;
                }
            }
        }
    }
    println!("P1, rule by rule: steps checked: {steps}");
}

#[test]
fn p5_the_same_facts_give_the_same_decision_in_any_order_of_rules() {
    let mut reversed = POLICY.clone();
    reversed.rows.reverse();
    let offers = Offers::everything();
    for case in every_pair().chain(walk(20_000)) {
        let facts = case.facts();
        let decision = decide_by(&POLICY, &facts, &offers, NOW);
        assert_eq!(decision, decide_by(&POLICY, &facts, &offers, NOW));
        assert_eq!(decision.routes, decide_by(&reversed, &facts, &offers, NOW).routes, "{case:?}");
    }
}

#[test]
fn p6_no_open_route_means_a_reason_and_only_seven_rules_can_close_everything() {
    const CLOSERS: [RuleId; 7] =
        [RuleId::R00, RuleId::R01, RuleId::R02, RuleId::R06, RuleId::R20, RuleId::R24, RuleId::R26];
    let offers = Offers::everything();
    let mut held = 0u64;
    for case in every_rule_space().chain(every_pair()).chain(walk(20_000)) {
        let decision = decide_by(&POLICY, &case.facts(), &offers, NOW);
        if decision.held() {
            held += 1;
            assert!(!decision.reasons.is_empty(), "{case:?}");
            assert!(decision.rules.iter().any(|r| CLOSERS.contains(r)), "{case:?} {:?}", decision.rules);
        }
    }
    println!("P6: held states checked: {held}");
    assert!(held > 1_000);
    // and none of the other rules touches the private interview (a contact-point rule reaches only what has one)
    let others = POLICY.rows.iter().filter(|row| !CLOSERS.contains(&row.id));
    for then in others.flat_map(|row| &row.parts).filter(|part| part.per != Per::Contact).flat_map(|part| &part.then) {
        assert!(then.to == To::Guardian || !then.channels.has(domain::Channel::VisitDetention));
    }
}

#[test]
fn r24_shares_the_stricter_decision_and_the_union_of_reasons() {
    let offers = Offers::everything();
    let people: Vec<Case> = walk(400).collect();
    for own in &people[..40] {
        for other in &people {
            let joined = decide_by(&POLICY, &own.with_candidate(other, false), &offers, NOW);
            let alone = decide(own);
            let on_these_contacts = decide(&Case { person: other.person, reader: other.reader, ..*own });
            for route in &joined.routes {
                let other_level = if own
                    .contact
                    .is_some_and(|(_, _, a)| a.has(Atom::MaybeInOrigin) || a.has(Atom::RecordedPerhapsUnder18))
                {
                    Level::L4 // these two turn on the candidate's own origin and birth, checked below
                } else {
                    on_these_contacts.level(route.route)
                };
                assert!(route.level <= alone.level(route.route).min(other_level), "{own:?} {other:?}");
            }
            assert!(
                alone
                    .reasons
                    .iter()
                    .all(|r| joined.reasons.contains(r) || *r == Reason::Unreachable || *r == Reason::NoAccess)
            );
            assert!(joined.reasons.contains(&Reason::Dedupe) && joined.rules.contains(&RuleId::R24));
            let apart = decide_by(&POLICY, &own.with_candidate(other, true), &offers, NOW);
            assert!(apart.held());
        }
    }
}

#[test]
fn r24_two_who_cannot_be_one_person_close_everything() {
    let offers = Offers::everything();
    for shape in shapes() {
        let plain = case(Atoms::of(&[Atom::Adult]), shape);
        let apart = decide_by(&POLICY, &plain.with_candidate(&plain, true), &offers, NOW);
        assert!(apart.routes.iter().all(|r| r.level == Level::L0), "{plain:?}");
        let perhaps = decide_by(&POLICY, &plain.with_candidate(&plain, false), &offers, NOW);
        assert!(!apart.flagged && !perhaps.flagged, "an undecided duplicate marks nobody");
    }
}

#[test]
fn r22_missing_words_are_a_reason_only_where_no_remote_route_is_left() {
    let plain = shapes().into_iter().map(|shape| case(Atoms::of(&[Atom::Adult]), shape));
    let mails = |c: &Case| c.guardian.is_none() && matches!(c.contact, Some((ContactKind::Email, Owner::Own, _)));
    let plain = plain.into_iter().find(mails).expect("somebody with an own mailbox");
    let mut offers = Offers::new(&[]);
    let silent = decide_by(&POLICY, &plain.facts(), &offers, NOW);
    assert!(silent.reasons.contains(&Reason::Language), "{silent:?}");
    offers.approve("en", "en", decide(&plain).audience, Channel::Email, Level::L2);
    let neutral = decide_by(&POLICY, &plain.facts(), &offers, NOW);
    assert!(neutral.routes.iter().any(|r| r.route.channel == Channel::Email && r.level == Level::L2));
    assert!(neutral.rules.contains(&RuleId::R22) && neutral.reasons.is_empty(), "{neutral:?}");
}

#[test]
fn guardian_routes_exist_only_where_the_table_has_them() {
    for recipient in [0, 1] {
        let team = channels_of(recipient, None);
        assert_eq!(team.iter().count(), if recipient == 0 { 2 } else { 0 });
    }
    for case in every_pair() {
        for route in decide(&case).routes {
            let closed = route.level == Level::L0;
            assert!(closed || route.route.to == Recipient::Person || !case.person.has(Atom::Adult));
        }
    }
}
