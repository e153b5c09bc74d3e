//! How facts are read from a record and its surroundings: what is not said, not signed or not carried is unknown.

mod support;

use domain::decision::{Decision, Reason, RuleId};
use domain::record::{Dated, DetentionMarker, LanguageMode, LanguageWish, Liberty, Record};
use domain::society::RiskTier;
use domain::{Channel, Level};
use protection::Carried;
use support::*;

/// What a decision comes to, its waits aside.
fn outcome(decision: &Decision) -> (Vec<(String, Level)>, Vec<RuleId>, Vec<Reason>) {
    let routes = decision.routes.iter().map(|r| (format!("{:?}", r.route), r.level)).collect();
    (routes, decision.rules.clone(), decision.reasons.clone())
}

/// An adult whose phone nobody has called safe: a standard context tells more there than a high-risk one.
fn unsure() -> Record {
    let mut record = adult();
    record.contacts.iter_mut().for_each(|c| c.safe = None);
    record
}

#[test]
fn an_assessment_counts_with_two_signatures_and_from_its_date_on() {
    let with = |change: &dyn Fn(&mut domain::society::Context)| {
        let mut world = World::of(vec![adult()]);
        world.context.iter_mut().for_each(change);
        world.decide()
    };
    let nobody = |decision: &Decision| fired(decision, RuleId::R20) && asks(decision, Reason::Context);
    assert!(!nobody(&with(&|_| ())));
    assert!(nobody(&with(&|c| c.assessed_by.truncate(1))), "one signature");
    assert!(nobody(&with(&|c| c.assessed_by = vec!["first".to_owned(), "first".to_owned()])), "the same person twice");
    assert!(nobody(&with(&|c| c.assessed_by.clear())), "none");
    assert!(nobody(&with(&|c| c.assessed_on = day("2026-12-05"))), "not yet");
}

#[test]
fn where_a_person_is_not_known_to_be_no_context_is_standard() {
    let mut nowhere = unsure();
    nowhere.country_of_presence = None;
    let (standard, high) = (decided_in(nowhere.clone(), RiskTier::Standard), decided_in(nowhere, RiskTier::High));
    assert_eq!(outcome(&standard), outcome(&high));
    assert_ne!(outcome(&standard), outcome(&decided_in(unsure(), RiskTier::Standard)));
}

#[test]
fn codes_that_a_register_neither_holds_nor_carries_are_unknown() {
    for person in [adult(), child()] {
        let mut silent = person.clone();
        silent.needs_codes = None;
        let none = decided_in(person, RiskTier::High);
        assert_ne!(outcome(&decided_in(silent.clone(), RiskTier::High)), outcome(&none));
        let mut world = World::of(vec![silent]).in_tier(RiskTier::High);
        world.carried = Carried::of(["needs_codes"]);
        assert_eq!(outcome(&world.decide()), outcome(&none), "an empty cell of a carried column says none");
    }
}

#[test]
fn a_release_dated_in_the_future_answers_no_sign_of_detention() {
    let mut record = adult();
    record.liberty = Some(Dated { value: Liberty::ReleasedConfirmed, as_of: Some(day("2026-12-20")) });
    record.detention_markers = Some(vec![DetentionMarker { on: Some(day("2025-01-01")) }]);
    assert!(fired(&decided(record.clone()), RuleId::R03));
    record.liberty = Some(Dated { value: Liberty::ReleasedConfirmed, as_of: Some(day("2026-11-20")) });
    assert!(!fired(&decided(record), RuleId::R03));
}

#[test]
fn a_language_that_is_only_read_is_no_use_for_a_call_nor_one_only_heard_for_a_text() {
    let with = |mode| {
        let mut record = adult();
        record.languages = vec![LanguageWish { tag: "sw".to_owned(), mode }];
        let decision = decided(record);
        [Channel::Sms, Channel::CallLive].map(|channel| own(&decision, channel) > Level::L0)
    };
    assert_eq!(with(None), [true, true]);
    assert_eq!(with(Some(LanguageMode::Read)), [true, false]);
    assert_eq!(with(Some(LanguageMode::Listen)), [false, true]);
}

#[test]
fn where_no_window_is_known_a_phone_rings_from_nine_to_twenty_where_it_is() {
    let waits = |time: &str| {
        let mut world = World::of(vec![adult()]);
        world.now = at(time);
        let decision = world.decide();
        let of = |channel| decision.routes.iter().find(|r| r.route.channel == channel).and_then(|r| r.waits_until);
        assert_eq!(of(Channel::Email), None, "a mailbox rings nobody");
        of(Channel::Sms)
    };
    // Nairobi is three hours ahead.
    assert_eq!(waits("2026-11-29T05:59:00Z"), Some(at("2026-11-29T06:00:00Z")));
    assert_eq!(waits("2026-11-29T06:00:00Z"), None);
    assert_eq!(waits("2026-11-29T16:59:00Z"), None);
    assert_eq!(waits("2026-11-29T17:00:00Z"), Some(at("2026-11-30T06:00:00Z")));
}
