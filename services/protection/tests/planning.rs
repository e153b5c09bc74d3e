//! From decisions to steps and holds; statements; lifts.

mod support;

use domain::channel::ContactKind;
use domain::decision::{Reason, RuleId};
use domain::record::*;
use domain::society::{RiskTier, Society};
use domain::{Audience, Channel, Form, Level, Millis, NoticeKind, OperatorId};
use protection::{
    ContactSays, GuardianSays, Held, Lift, LiftError, LiftedRoute, Outcome, Plan, Planning, Says, Statement, Void,
    check_lift, decide, fingerprint, may_lift, only_tightens, plan, still_allowed,
};
use support::*;

fn outcome(world: &World, societies: &[Society]) -> Outcome {
    let offers = offers(societies);
    let facts = world.facts();
    let decision = decide(&facts, &offers, world.now);
    plan(&decision, &facts, &Planning { societies, offers: &offers, tried: &[], follow_up: false, now: world.now })
}

fn planned(world: &World, societies: &[Society]) -> Plan {
    match outcome(world, societies) {
        Outcome::Plan(plan) => plan,
        Outcome::Held(held) => panic!("held: {:?}", held.reasons),
    }
}

fn held(world: &World, societies: &[Society]) -> Held {
    match outcome(world, societies) {
        Outcome::Held(held) => held,
        Outcome::Plan(plan) => panic!("planned: {:?}", plan.steps),
    }
}

fn channels(plan: &Plan) -> Vec<Channel> {
    plan.steps.iter().map(|s| s.channel).collect()
}

#[test]
fn steps_say_what_to_whom_in_which_language_and_form() {
    let plan = planned(&World::of(vec![adult()]), &[society("KE")]);
    assert_eq!(
        channels(&plan),
        [
            Channel::Sms,
            Channel::CallLive,
            Channel::Email,
            Channel::Post,
            Channel::App,
            Channel::Ivr,
            Channel::FieldVisit,
            Channel::Caseworker
        ]
    );
    let sms = &plan.steps[0];
    assert_eq!(
        (sms.level, sms.form, sms.kind, sms.audience),
        (Level::L3, Form::Short, NoticeKind::Initial, Audience::AidRecipient)
    );
    assert_eq!((sms.language.as_str(), sms.society.as_str()), ("sw", "KE"));
    assert_eq!(plan.steps[7].level, Level::L4);
    let mut neutral = adult();
    neutral.contacts.iter_mut().for_each(|c| c.owner = Some(ContactOwner::Relative));
    assert_eq!(planned(&World::of(vec![neutral]), &[society("KE")]).steps[0].kind, NoticeKind::CallBack);
}

#[test]
fn a_contact_point_leaves_only_through_the_society_whose_record_holds_it() {
    let mut ugandan = adult();
    ugandan.society = "UG".parse().expect("a code");
    let world = World::of(vec![ugandan]);
    let plan = planned(&world, &[society("KE"), society("UG")]);
    assert!(plan.steps.iter().all(|s| s.society.as_str() == "UG"));
    assert_eq!(held(&world, &[society("KE")]).reasons, [Reason::Unreachable]);
}

#[test]
fn with_records_of_two_societies_each_uses_its_own_contact_points_and_the_gate_agrees() {
    let (mut kenyan, mut ugandan) = (adult(), adult());
    kenyan.contacts = vec![good(ContactKind::Phone, "+254700000001", ContactOwner::Own)];
    ugandan.society = "UG".parse().expect("a code");
    ugandan.record_id = "R-9".into();
    ugandan.contacts = vec![good(ContactKind::Phone, "+254700000009", ContactOwner::Own)];
    let world = World::of(vec![kenyan, ugandan]);
    for ((id, record), other) in world.records.iter().zip(["UG", "KE"]) {
        let own = society(record.society.as_str());
        let plan = planned(&world, std::slice::from_ref(&own));
        let used: Vec<_> = plan.steps.iter().filter_map(|s| s.contact).collect();
        assert!(!used.is_empty() && used.iter().all(|contact| contact.record == *id), "{used:?}");
        let (facts, offers) = (world.facts(), offers(&[own]));
        let decision = decide(&facts, &offers, world.now);
        let mut step = plan.steps[0].clone();
        assert!(still_allowed(&step, &decision, &facts).is_ok());
        step.society = other.parse().expect("a code");
        assert_eq!(still_allowed(&step, &decision, &facts).err(), Some(Void::Society));
    }
}

#[test]
fn a_level_is_no_higher_than_the_team_is_trained_for() {
    let mut low = society("KE");
    low.offers.iter_mut().filter(|o| o.channel == Channel::Caseworker).for_each(|o| o.up_to = Some(Level::L3));
    low.offers.iter_mut().filter(|o| o.channel == Channel::CallLive).for_each(|o| o.up_to = Some(Level::L2));
    low.offers.iter_mut().filter(|o| o.channel == Channel::FieldVisit).for_each(|o| o.up_to = Some(Level::L2));
    let plan = planned(&World::of(vec![adult()]), &[low]);
    let level = |channel| plan.steps.iter().find(|s| s.channel == channel).map(|s| s.level);
    assert_eq!(level(Channel::Caseworker), Some(Level::L3));
    assert_eq!(level(Channel::CallLive), Some(Level::L2));
    assert_eq!(level(Channel::FieldVisit), None, "in person there are no words under L3");
}

#[test]
fn a_visit_is_planned_only_for_a_detained_person_and_only_by_who_has_access() {
    let mut detained = adult();
    detained.liberty = Some(Dated { value: Liberty::Detained, as_of: None });
    let world = World::of(vec![detained]);
    let with_visits = |code: &str, access: bool| {
        let mut s = society(code);
        s.detention_access = access;
        let mut visit = s.offers[0].clone();
        visit.channel = Channel::VisitDetention;
        s.offers.push(visit);
        s
    };
    let without = held(&world, &[with_visits("KE", false), with_visits("UG", true)]);
    assert_eq!(without.reasons, [Reason::NoAccess], "another Society's access is no mandate");
    assert_eq!(without.review_at, world.now.plus(30 * Millis::DAY));
    let by_icrc = planned(&world, &[with_visits("KE", false), with_visits("ICRC", false)]);
    assert_eq!(by_icrc.steps.iter().map(|s| s.society.as_str()).collect::<Vec<_>>(), ["ICRC"]);
    let own = planned(&world, &[with_visits("KE", true), with_visits("ICRC", false)]);
    assert_eq!(own.steps.iter().map(|s| s.society.as_str()).collect::<Vec<_>>(), ["KE"]);
    let free = planned(&World::of(vec![adult()]), &[with_visits("KE", true)]);
    assert!(!channels(&free).contains(&Channel::VisitDetention));
}

#[test]
fn a_child_is_met_only_by_a_team_trained_in_child_protection() {
    let mut lonely = child();
    lonely.child_status = Some(ChildStatus::Unaccompanied);
    let world = World::of(vec![lonely]);
    assert_eq!(channels(&planned(&world, &[society("KE")])), [Channel::Caseworker]);
    let mut untrained = society("KE");
    untrained.offers.iter_mut().for_each(|o| o.child_protection = false);
    let held = held(&world, &[untrained]);
    assert!(held.reasons.contains(&Reason::BestInterests));
}

#[test]
fn a_guardian_gets_the_guardians_notice_and_the_child_the_caseworker() {
    let plan = planned(&World::of(vec![child()]), &[society("KE")]);
    let audiences: Vec<_> = plan.steps.iter().map(|s| (s.channel, s.audience)).collect();
    assert_eq!(
        audiences,
        [
            (Channel::CallLive, Audience::Guardian),
            (Channel::Post, Audience::Guardian),
            (Channel::FieldVisit, Audience::Guardian),
            (Channel::Caseworker, Audience::Child)
        ]
    );
}

#[test]
fn a_plan_is_good_until_the_first_fact_that_time_changes() {
    let mut r = adult();
    let far = planned(&World::of(vec![r.clone()]), &[society("KE")]);
    assert_eq!(far.valid_until, now().plus(30 * Millis::DAY));
    r.contacts[0].safe_expires_on = Some(day("2026-12-05"));
    let plan = planned(&World::of(vec![r]), &[society("KE")]);
    assert_eq!(plan.valid_until, at("2026-12-04T10:00:00Z"), "5 December begins at UTC+14");
}

// ---- statements

fn say(world: &mut World, at: i64, says: Says) {
    world.statements.push(Statement { at: Millis(at), says });
}

fn about(world: &World, index: u16) -> ContactSays {
    serde_json::from_value(serde_json::json!({ "contact": world.contact(index) })).expect("an empty statement")
}

#[test]
fn a_statement_loosens_what_had_come_in_by_then_and_no_more() {
    let mut held = adult();
    held.do_not_contact = true;
    let mut world = World::of(vec![held]);
    assert!(world.decide().held());
    say(&mut world, 999, Says::DoNotContact(false)); // the record came in at 1,000
    assert!(world.decide().held(), "a later import may tighten");
    say(&mut world, 1_000, Says::DoNotContact(false));
    assert!(!world.decide().held());
    say(&mut world, 2_000, Says::DoNotContact(true));
    assert!(world.decide().held());
}

#[test]
fn an_earlier_version_restricts_until_a_person_says_otherwise() {
    let mut earlier = adult();
    earlier.concerns = Some(vec!["gbv_survivor".to_owned()]);
    earlier.contacts[0].safe = Some(Answer::No);
    let mut world = World::of(vec![adult()]);
    world.earlier = vec![(world.id(), earlier)];
    let decision = world.decide();
    assert!(fired(&decision, RuleId::R16) && fired(&decision, RuleId::R19));
    say(&mut world, 1_000, Says::Concerns(Vec::new()));
    let mut says = about(&world, 0);
    says.safe = Some(Answer::Yes);
    say(&mut world, 1_000, Says::Contact(says));
    let decision = world.decide();
    assert!(!fired(&decision, RuleId::R16) && !fired(&decision, RuleId::R19), "{:?}", decision.rules);
}

#[test]
fn only_a_person_answers_a_detention_of_another_record() {
    let mut detained = adult();
    detained.detention_markers = Some(vec![DetentionMarker { on: Some(day("2024-05-01")) }]);
    let mut world = World::of(vec![adult(), detained]);
    assert!(fired(&world.decide(), RuleId::R03));
    say(&mut world, 1_000, Says::Released(day("2024-04-01")));
    assert!(fired(&world.decide(), RuleId::R03), "before the marker");
    say(&mut world, 1_000, Says::Released(day("2026-04-01")));
    let decision = world.decide();
    assert!(!fired(&decision, RuleId::R03) && fired(&decision, RuleId::R05));
    say(&mut world, 2_000, Says::Detained(Some(day("2026-11-01"))));
    assert!(fired(&world.decide(), RuleId::R03));
}

#[test]
fn a_statement_follows_the_number_and_not_its_place() {
    let mut before = adult();
    before.contacts = vec![ContactPoint::bare(ContactKind::Phone, "+254 700 000 077")];
    let mut after = adult();
    after.contacts = vec![
        ContactPoint::bare(ContactKind::Phone, "+254700000099"), // another number in the old place
        ContactPoint::bare(ContactKind::Phone, "+254700000077"),
    ];
    let mut world = World::of(vec![after]);
    world.earlier = vec![(world.id(), before)];
    let mut says = about(&world, 0);
    (says.safe, says.owner, says.verified_on) = (Some(Answer::Yes), Some(ContactOwner::Own), Some(day("2026-11-01")));
    say(&mut world, 700, Says::Contact(says)); // made when the earlier version (500) stood
    let decision = world.decide();
    let level = |contact| decision.level(route(Channel::Sms, Some(contact)));
    assert_eq!((level(0), level(1)), (Level::L0, Level::L3));
}

#[test]
fn everything_an_operator_can_say_is_read() {
    let mut unknown = Record::bare("KE".parse().expect("a code"), "rfl", "R-1");
    unknown.country_of_presence = Some("KE".to_owned());
    unknown.unknown_codes = vec!["concerns".to_owned()];
    unknown.unparsed_restriction = true;
    unknown.needs_codes = Some(vec!["XX-XX".to_owned()]);
    unknown.languages = adult().languages;
    unknown.contacts = vec![ContactPoint::bare(ContactKind::Phone, "+254700000001")];
    let mut world = World::of(vec![unknown]).in_tier(RiskTier::High);
    assert!(world.decide().held());
    let mut says = about(&world, 0);
    says.owner = Some(ContactOwner::Own);
    says.verified_on = Some(day("2026-11-01"));
    says.safe = Some(Answer::Yes);
    says.may_name_org = Some(Answer::Yes);
    says.country = Some("KE".to_owned());
    for says in [
        Says::RestrictionCoded,
        Says::CodesResolved,
        Says::Concerns(Vec::new()),
        Says::Birth(Birth { year: 1990, month: None, day: None, estimated: false }),
        Says::Vital(Vital::Alive),
        Says::Displacement(Displacement::Resident),
        Says::Literacy(Literacy::Reads),
        Says::AccessNeeds(vec![]),
        Says::Contact(says),
    ] {
        say(&mut world, 1_000, says);
    }
    let decision = world.decide();
    assert_eq!(own(&decision, Channel::CallLive), Level::L3, "{:?} {:?}", decision.rules, decision.reasons);
    assert_eq!(own(&decision, Channel::Sms), Level::L2, "high");
    let tighten: [(Says, RuleId); 9] = [
        (Says::LegalHold(true), RuleId::R00),
        (Says::Vital(Vital::Dead), RuleId::R01),
        (Says::NeedsCodes(vec!["SV-VA".to_owned()]), RuleId::R16),
        (Says::Displacement(Displacement::Refugee), RuleId::R21b),
        (Says::Literacy(Literacy::Cannot), RuleId::R22b),
        (Says::AccessNeeds(vec![AccessNeed::Deaf]), RuleId::R22b),
        (Says::Age(Age { min: 16, max: 20, as_of: day("2026-01-01"), estimated: false }), RuleId::R15),
        (Says::Birth(Birth { year: 2015, month: None, day: None, estimated: false }), RuleId::R15),
        (Says::Detained(None), RuleId::R03),
    ];
    for (says, rule) in tighten {
        let mut worse = World::of(world.records.iter().map(|(_, r)| r.clone()).collect()).in_tier(RiskTier::High);
        worse.statements = world.statements.clone();
        say(&mut worse, 2_000, says);
        assert!(fired(&worse.decide(), rule), "{rule}");
    }
}

#[test]
fn an_operator_verifies_a_guardian() {
    let mut r = child();
    let relation = &mut r.relations.as_mut().expect("relations")[0];
    (relation.authority, relation.verified_by, relation.verified_on) = (None, None, None);
    let mut world = World::of(vec![r]);
    assert_eq!(open_to_guardian(&world.decide()), []);
    let says = GuardianSays {
        relation: (world.id(), 0),
        authority: Some("Court".into()),
        verified_by: Some("Officer".into()),
        verified_on: Some(day("2026-11-20")),
        alleged_perpetrator: None,
        child_agrees: None,
    };
    say(&mut world, 1_500, Says::Guardian(says.clone()));
    assert!(!open_to_guardian(&world.decide()).is_empty());
    say(&mut world, 1_600, Says::Guardian(GuardianSays { child_agrees: Some(ChildAgrees::No), ..says }));
    assert_eq!(open_to_guardian(&world.decide()), []);
}

#[test]
fn what_only_tightens_takes_one_operator() {
    let plain = World::of(vec![adult()]).facts();
    let with = |change: fn(&mut Record)| {
        let mut r = adult();
        change(&mut r);
        World::of(vec![r]).facts()
    };
    let worse = with(|r| r.contacts[0].safe = Some(Answer::No));
    assert!(only_tightens(&plain, &worse) && !only_tightens(&worse, &plain));
    let danger = with(|r| r.concerns = Some(vec!["gbv_survivor".to_owned()]));
    assert!(only_tightens(&plain, &danger) && !only_tightens(&danger, &plain));
    assert!(!only_tightens(&worse, &danger) && !only_tightens(&danger, &worse));
}

// ---- lifts

fn lifted(rule: RuleId, level: Level, world: &World, channel: Channel, contact: Option<u16>) -> Lift {
    let contact = contact.map(|index| world.contact(index));
    Lift {
        rule,
        routes: vec![LiftedRoute { to: domain::channel::Recipient::Person, channel, contact }],
        level,
        expires_at: now().plus(30 * Millis::DAY),
        reads: fingerprint(&world.facts(), rule),
        by: vec![OperatorId::random(), OperatorId::random()],
    }
}

fn survivor() -> World {
    let mut r = adult();
    r.concerns = Some(vec!["gbv_survivor".to_owned()]);
    let window = SafeWindow {
        from: jiff::civil::Time::constant(8, 0, 0, 0),
        to: jiff::civil::Time::constant(20, 0, 0, 0),
        weekdays: vec![],
        zone: None,
    };
    r.contacts.iter_mut().for_each(|c| c.windows = Some(vec![window.clone()]));
    World::of(vec![r])
}

#[test]
fn a_lift_opens_the_named_route_up_to_its_level_while_other_rules_still_apply() {
    let mut world = survivor();
    assert_eq!(own(&world.decide(), Channel::Sms), Level::L0);
    world.lifts = vec![lifted(RuleId::R16, Level::L2, &world, Channel::Sms, Some(0))];
    let decision = world.decide();
    assert_eq!((own(&decision, Channel::Sms), own(&decision, Channel::App)), (Level::L2, Level::L0));
    assert!(fired(&decision, RuleId::R16) && decision.flagged, "the rule still stands for everything else");
    world.addresses[0].conflict = true;
    assert_eq!(own(&world.decide(), Channel::Sms), Level::L0, "R17b still applies");
}

#[test]
fn a_lift_ends_when_it_expires_when_its_facts_change_and_when_records_merge() {
    let mut world = survivor();
    let lift = lifted(RuleId::R16, Level::L2, &world, Channel::Sms, Some(0));
    world.lifts = vec![lift.clone()];
    let open = |world: &World| own(&world.decide(), Channel::Sms) > Level::L0;
    assert!(open(&world));
    world.now = now().plus(30 * Millis::DAY);
    assert!(!open(&world), "expired");
    world.now = now();
    world.records[0].1.contacts[0].safe = None;
    assert!(!open(&world), "a fact that the rule reads has changed");
    world.records[0].1.contacts[0].safe = Some(Answer::Yes);
    world.records[0].1.contacts[0].verified_on = None;
    assert!(open(&world), "a fact that it does not read");
    let other = World::of(vec![survivor().records[0].1.clone(), adult()]);
    let mut merged = World { lifts: vec![lift.clone()], ..other };
    assert!(!open(&merged), "records have merged");
    merged.lifts = vec![Lift { by: vec![lift.by[0], lift.by[0]], ..lift }];
    assert!(!open(&merged));
}

#[test]
fn some_rules_are_never_lifted_and_some_never_in_bulk() {
    use RuleId as R;
    for rule in R::ALL {
        let never = [R::R01, R::R02, R::R03, R::R04, R::R06, R::R17b, R::R19, R::R25].contains(rule);
        let not_in_bulk = [R::R00, R::R09, R::R11, R::R14].contains(rule);
        assert_eq!(may_lift(*rule, false).is_err(), never, "{rule}");
        assert_eq!(may_lift(*rule, true).is_err(), never || not_in_bulk, "{rule}");
    }
    let mut world = World::of(vec![{
        let mut r = adult();
        r.contacts[0].safe = Some(Answer::No);
        r
    }]);
    let lift = lifted(RuleId::R19, Level::L3, &world, Channel::Sms, Some(0));
    assert_eq!(check_lift(&lift), Err(LiftError::Never(RuleId::R19)));
    world.lifts = vec![lift];
    assert_eq!(own(&world.decide(), Channel::Sms), Level::L0);
    let one = lifted(RuleId::R20, Level::L3, &world, Channel::Sms, Some(0));
    assert_eq!(check_lift(&Lift { by: vec![one.by[0]; 2], ..one }), Err(LiftError::NotTwoPeople));
}

#[test]
fn an_explanation_names_facts_effects_and_owners_and_no_personal_data() {
    let world = survivor();
    let text = protection::explain(&world.decide(), &world.facts()).to_string();
    for part in [
        "Spoken to as: survivor",
        "R16: may be 18 or over; a danger code",
        "in person by a caseworker",
        "→ self: all but team",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    assert!(!text.contains("254") && !text.contains("Synthetic"), "{text}");
    let mut silent = survivor();
    silent.records[0].1.contacts.iter_mut().for_each(|c| c.safe = None);
    let text = protection::explain(&silent.decide(), &silent.facts()).to_string();
    assert!(text.contains("Question safe_contact for caseworker; ends with: told in person"), "{text}");
}

#[test]
fn the_policy_is_a_table_in_the_order_of_the_page() {
    let table = protection::policy_table();
    assert_eq!(table.iter().map(|row| row.id).collect::<Vec<_>>(), RuleId::ALL);
    let flagged: Vec<_> = table.iter().filter(|row| row.flag).map(|row| row.id.as_str()).collect();
    assert_eq!(flagged, ["R03", "R04", "R05", "R07", "R09", "R10", "R10b", "R11", "R12", "R14", "R15", "R16"]);
    assert!(table.iter().all(|row| !row.when.is_empty() && !row.effect.is_empty()));
    assert_eq!(table[4].reason, "best_interests");
    assert_eq!(table.iter().find(|r| r.id == RuleId::R18).map(|r| r.reason.as_str()), Some("[reverify]"));
}
