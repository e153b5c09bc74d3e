//! How facts are read from a record and its surroundings: what is not said, not signed or not carried is unknown.

mod support;

use domain::decision::{Decision, Reason, RuleId};
use domain::record::{
    Age, Answer, ContactOwner, ContactPoint, Dated, DetentionMarker, LanguageMode, LanguageWish, Liberty, Record,
    Relation, RelationKind, SafeWindow,
};
use domain::society::RiskTier;
use domain::{Channel, Level};
use protection::{Carried, GuardianStatus};
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

#[test]
fn a_window_over_midnight_belongs_to_the_day_on_which_it_opens() {
    let waits = |time: &str| {
        let mut world = World::of(vec![adult()]);
        let time_of = |hour| jiff::civil::Time::constant(hour, 0, 0, 0);
        let monday_night = SafeWindow { from: time_of(20), to: time_of(6), weekdays: vec![1], zone: None };
        world.records[0].1.contacts.iter_mut().for_each(|c| c.windows = Some(vec![monday_night.clone()]));
        world.now = at(time);
        world.decide().routes.iter().find(|r| r.route.channel == Channel::Sms).and_then(|r| r.waits_until)
    };
    assert_eq!(waits("2026-12-01T02:00:00Z"), None, "Tuesday at five in Nairobi");
    assert_eq!(waits("2026-11-30T02:00:00Z"), Some(at("2026-11-30T17:00:00Z")), "Monday at five waits for the evening");
}

#[test]
fn a_window_that_cannot_be_read_is_none_that_can_be_used() {
    let hour = |hour| jiff::civil::Time::constant(hour, 0, 0, 0);
    let open = |more: Option<SafeWindow>| {
        let mut record = adult();
        let windows: Vec<SafeWindow> = std::iter::once(by_day()).chain(more).collect();
        record.contacts.iter_mut().for_each(|c| c.windows = Some(windows.clone()));
        own(&decided(record), Channel::Sms) > Level::L0
    };
    assert!(open(None));
    assert!(!open(Some(SafeWindow { zone: Some("Synthetic/Nowhere".to_owned()), ..by_day() })), "a zone of nowhere");
    assert!(!open(Some(SafeWindow { weekdays: vec![8], ..by_day() })), "an eighth day");
    assert!(!open(Some(SafeWindow { from: hour(9), to: hour(9), ..by_day() })), "all day, or never");
}

#[test]
fn a_guardian_whom_the_child_names_as_perpetrator_is_not_verified_and_hears_nothing() {
    let told = |more: Vec<Relation>| {
        let mut record = child();
        record.relations.iter_mut().for_each(|relations| relations.extend(more.clone()));
        decided(record)
    };
    let about = |record: &str| {
        let mut relation = blank(RelationKind::AllegedPerpetrator);
        relation.record = Some(record.into());
        vec![relation]
    };
    let (sound, named, other) = (told(Vec::new()), told(about("G-1")), told(about("X-9")));
    assert!(!fired(&sound, RuleId::R10b) && !open_to_guardian(&sound).is_empty());
    assert!(fired(&named, RuleId::R10b) && open_to_guardian(&named).is_empty(), "{:?}", named.rules);
    assert!(!fired(&other, RuleId::R10b), "somebody else");
}

#[test]
fn yes_counts_until_it_expires_and_only_from_the_version_that_stands() {
    let level = |change: &dyn Fn(&mut World)| {
        let mut world = World::of(vec![unsure()]).in_tier(RiskTier::High);
        change(&mut world);
        own(&world.decide(), Channel::Sms)
    };
    let safe = |record: &mut Record| record.contacts.iter_mut().for_each(|c| c.safe = Some(Answer::Yes));
    let unknown = level(&|_| ());
    let yes = level(&|world| safe(&mut world.records[0].1));
    assert!(yes > unknown);
    let expired = level(&|world| {
        safe(&mut world.records[0].1);
        world.records[0].1.contacts.iter_mut().for_each(|c| c.safe_expires_on = Some(day("2026-11-01")));
    });
    assert_eq!(expired, unknown);
    let earlier = level(&|world| {
        let (id, mut record) = world.records[0].clone();
        safe(&mut record);
        world.earlier.push((id, record));
    });
    assert_eq!(earlier, unknown, "the register does not say so any more");
}

#[test]
fn one_number_is_judged_by_all_that_is_said_of_it() {
    let twice = |first: &dyn Fn(&mut ContactPoint), second: &dyn Fn(&mut ContactPoint)| {
        let mut record = adult();
        record.contacts = vec![own_contacts().remove(0), own_contacts().remove(0)];
        first(&mut record.contacts[0]);
        second(&mut record.contacts[1]);
        decided(record)
    };
    let sms = |decision: &Decision| decision.level(route(Channel::Sms, Some(0)));
    assert!(sms(&twice(&|_| (), &|_| ())) > Level::L0);
    assert_eq!(sms(&twice(&|_| (), &|c| c.safe = Some(Answer::No))), Level::L0, "unsafe in another line");
    let relative = |c: &mut ContactPoint| c.owner = Some(ContactOwner::Relative);
    let undated = |c: &mut ContactPoint| (c.owner, c.collected_on) = (Some(ContactOwner::Relative), None);
    assert!(!fired(&twice(&relative, &relative), RuleId::R15c), "both recorded when the person was grown up");
    assert!(fired(&twice(&relative, &undated), RuleId::R15c), "one of them perhaps before");
}

#[test]
fn an_address_that_is_unsafe_for_others_on_it_is_unsafe() {
    let mut world = World::of(vec![adult()]);
    assert!(own(&world.decide(), Channel::Sms) > Level::L0);
    world.addresses[0].unsafe_ = true;
    assert_eq!(own(&world.decide(), Channel::Sms), Level::L0);
}

#[test]
fn a_guardian_about_whom_a_rule_fires_hears_nothing() {
    let told = |fires: bool| {
        let mut world = World::of(vec![child()]);
        let relation = (world.id(), 0);
        world.guardians.push(GuardianStatus { relation, fires, literacy: None, access: Vec::new() });
        let decision = world.decide();
        (fired(&decision, RuleId::R10b), !open_to_guardian(&decision).is_empty())
    };
    assert_eq!(told(false), (false, true));
    assert_eq!(told(true), (true, false));
}

#[test]
fn of_several_records_the_riskiest_context_counts() {
    let mut nowhere = unsure();
    nowhere.record_id = "R-9".into();
    nowhere.country_of_presence = None;
    let pair = World::of(vec![unsure(), nowhere.clone()]);
    let sms = |decision: &Decision| own(decision, Channel::Sms);
    let both_standard = World::of(vec![unsure(), unsure()]);
    assert!(sms(&pair.decide()) < sms(&both_standard.decide()), "one of them is in nobody's standard context");
    let turned = World::of(vec![nowhere, unsure()]);
    assert_eq!(sms(&turned.decide()), sms(&pair.decide()), "whichever comes first");
}

#[test]
fn an_age_that_ends_before_it_begins_is_a_contradiction() {
    let with = |min, max| {
        let mut record = adult();
        record.birth = None;
        record.age = Some(Age { min, max, as_of: day("2026-06-01"), estimated: false });
        decided(record)
    };
    assert!(!fired(&with(30, 40), RuleId::R00));
    assert!(fired(&with(40, 30), RuleId::R00));
}
