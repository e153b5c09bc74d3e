//! Hazards H1–H40 of the page: what the rules must close. Those that templates, gateways, linkage or the store close
//! are named with the place of their test.

mod support;

use domain::channel::{ContactKind, Recipient};
use domain::decision::{Reason, RuleId};
use domain::record::*;
use domain::society::RiskTier;
use domain::{Audience, Channel, Level};
use protection::{Candidate, Offers, Outcome, Planning, audiences, decide, plan};
use support::*;

/// Hazards whose test lives elsewhere: (number, where).
const ELSEWHERE: [(u8, &str); 12] = [
    (12, "localisation: no third-person names, tense or status in any template; R02 here"),
    (15, "localisation: lint of forbidden content"),
    (16, "contract and admin: forged, foreign and replayed messages; R25 here"),
    (17, "contract: envelope and content bound together; gateway"),
    (19, "gateway: voicemail and third-party rules of a call"),
    (24, "workers: release within hotline capacity; hotline hours here"),
    (30, "domain: delivered and informed are two states"),
    (32, "localisation: the public notice names nobody"),
    (33, "admin: suppressed counts in reports"),
    (34, "store: sealing, shredding"),
    (37, "workers and admin: dry run, two signatures, canary wave, stop"),
    (25, "domain and store: one current notification; one notifying Society here"),
];

#[test]
fn every_hazard_has_a_test_here_or_a_named_place() {
    let source = include_str!("hazards.rs");
    for hazard in 1..=40u8 {
        let here = source.contains(&format!("h{hazard:02}_"));
        assert!(here || ELSEWHERE.iter().any(|(h, _)| *h == hazard), "H{hazard}");
    }
}

fn detainee() -> Record {
    let mut r = adult();
    r.roles = vec![Role::Detainee];
    r
}

#[test]
fn h01_nothing_reaches_a_monitored_phone_or_censored_mail_of_a_prison() {
    let decision = decided(detainee());
    assert_eq!(open(&decision), [(Channel::VisitDetention, Level::L4)]);
    assert!(decision.routes.iter().all(|r| r.wire <= Level::L1), "on the wire at most an opaque task");
}

#[test]
fn h02_a_detention_changes_nothing_in_what_relatives_get() {
    let family = adult();
    let before = decided(family.clone());
    let mut with_link = family;
    let mut relation = blank(RelationKind::Family);
    relation.record = Some("R-9".into()); // the detained relative
    with_link.relations = Some(vec![relation]);
    assert_eq!(decided(with_link).routes, before.routes);
    assert_eq!(before.audience, Audience::AidRecipient);
}

#[test]
fn h03_ever_detained_without_a_dated_release_is_detained() {
    let released = |as_of: Option<&str>| {
        let mut r = detainee();
        r.roles = vec![Role::ExDetainee];
        r.detention_markers = Some(vec![DetentionMarker { on: Some(day("2011-04-02")) }]);
        r.liberty = Some(Dated { value: Liberty::ReleasedConfirmed, as_of: as_of.map(day) });
        r
    };
    assert!(fired(&decided(released(None)), RuleId::R03));
    assert!(fired(&decided(released(Some("2011-04-02"))), RuleId::R03), "not after the marker");
    let answered = decided(released(Some("2012-01-01")));
    assert!(!fired(&answered, RuleId::R03) && fired(&answered, RuleId::R05));
    assert_eq!(answered.audience, Audience::Released);
    assert!(remote_open(&answered));
    // another record's release answers nothing
    let mut other = adult();
    other.liberty = Some(Dated { value: Liberty::ReleasedConfirmed, as_of: Some(day("2020-01-01")) });
    let both = World::of(vec![other, detainee()]).decide();
    assert!(fired(&both, RuleId::R03));
}

#[test]
fn h03_every_sign_of_detention_counts() {
    let signs: [fn(&mut Record); 8] = [
        |r| r.needs_codes = Some(vec!["LP-DA".to_owned()]),
        |r| r.needs_codes = Some(vec!["lp_do".to_owned()]),
        |r| r.needs_codes = Some(vec!["LP - DT".to_owned()]),
        |r| r.concerns = Some(vec!["arrested_detained".to_owned()]),
        |r| r.roles.push(Role::ExDetainee),
        |r| r.detention_place = Some("P-1".into()),
        |r| r.detention_markers = Some(vec![DetentionMarker { on: None }]),
        |r| r.liberty = Some(Dated { value: Liberty::Detained, as_of: None }),
    ];
    for sign in signs {
        let mut r = adult();
        sign(&mut r);
        assert_eq!(open(&decided(r)), [(Channel::VisitDetention, Level::L4)]);
    }
}

#[test]
fn h04_only_a_verified_guardian_is_told() {
    let trusted = decided(child());
    assert_eq!(
        open_to_guardian(&trusted),
        [(Channel::FieldVisit, Level::L3), (Channel::CallLive, Level::L3), (Channel::Post, Level::L3)]
    );
    assert!(fired(&trusted, RuleId::R13));
    let faults: [fn(&mut Relation); 12] = [
        |g| g.authority = None,
        |g| g.authority = Some("  ".into()),
        |g| g.verified_by = None,
        |g| g.verified_on = None,
        |g| g.since = Some(day("2027-01-01")),
        |g| g.until = Some(day("2026-11-01")),
        |g| g.alleged_perpetrator = None,
        |g| g.alleged_perpetrator = Some(Answer::Yes),
        |g| g.child_agrees = None,
        |g| g.child_agrees = Some(ChildAgrees::No),
        |g| g.needs_codes = Some(vec!["LP-AP".to_owned()]),
        |g| g.vital = Some(Vital::BelievedDead),
    ];
    for (index, fault) in faults.into_iter().enumerate() {
        let mut r = child();
        fault(&mut r.relations.as_mut().expect("relations")[0]);
        let decision = decided(r);
        assert_eq!(open_to_guardian(&decision), [], "fault {index}");
        assert!(asks(&decision, Reason::Guardian), "fault {index}");
    }
}

#[test]
fn h04_danger_codes_and_perpetrators_close_the_guardian() {
    let dangers: [fn(&mut Record); 7] = [
        |r| r.needs_codes = Some(vec!["SV-VA".to_owned()]),
        |r| r.needs_codes = Some(vec!["CR-LW".to_owned()]),
        |r| r.concerns = Some(vec!["trafficked_smuggled".to_owned()]),
        |r| r.separation_cause = Some("abuse".to_owned()),
        |r| r.care_change_cause = Some("abuse_exploitation".to_owned()),
        |r| r.caregiver_perpetrator = Some(Answer::Yes),
        |r| {
            let mut bad = blank(RelationKind::AllegedPerpetrator);
            bad.record = Some("G-1".into());
            r.relations.as_mut().expect("relations").push(bad);
        },
    ];
    for danger in dangers {
        let mut r = child();
        danger(&mut r);
        let decision = decided(r);
        assert_eq!(open_to_guardian(&decision), []);
        assert!(fired(&decision, RuleId::R11) && asks(&decision, Reason::BestInterests));
        assert_eq!(own(&decision, Channel::Caseworker), Level::L4);
    }
}

#[test]
fn h05_a_child_who_opened_the_case_alone_is_not_betrayed() {
    let signs: [fn(&mut Record); 6] = [
        |r| r.consent.source = Some(ConsentSource::Individual),
        |r| r.consent.source = Some(ConsentSource::Other),
        |r| r.consent.source = None,
        |r| r.consent.withholding = Some(true),
        |r| r.consent.expires_on = Some(day("2026-06-01")),
        |r| {
            let mut secret = blank(RelationKind::MustNotKnow);
            secret.record = Some("G-1".into());
            r.relations.as_mut().expect("relations").push(secret);
        },
    ];
    for sign in signs {
        let mut r = child();
        sign(&mut r);
        let decision = decided(r);
        assert_eq!(open_to_guardian(&decision), []);
        assert!(fired(&decision, RuleId::R12));
    }
}

#[test]
fn h05_whoever_may_be_meant_by_must_not_know_is_meant() {
    let told = |record: Option<&str>, name: Option<&str>| {
        let mut r = child();
        let mut secret = blank(RelationKind::MustNotKnow);
        secret.record = record.map(Into::into);
        secret.name = name.map(Into::into);
        r.relations.as_mut().expect("relations").push(secret);
        !open_to_guardian(&decided(r)).is_empty()
    };
    assert!(!told(None, None), "nobody named: anybody");
    assert!(!told(None, Some("Synthetic Uncle")), "a name cannot be compared with a record id");
    assert!(told(Some("G-7"), None), "surely somebody else");
}

#[test]
fn h06_a_former_child_is_an_adult_on_the_18th_birthday_everywhere_on_earth() {
    let on = |now: &str| {
        let mut r = child();
        r.birth = Some(Birth { year: 2008, month: Some(11), day: Some(29), estimated: false });
        let mut world = World::of(vec![r]);
        world.now = at(now);
        world.decide()
    };
    let before = on("2026-11-28T09:00:00Z"); // 29 November nowhere
    assert!(fired(&before, RuleId::R15) && !fired(&before, RuleId::R08) && !open_to_guardian(&before).is_empty());
    let between = on("2026-11-29T06:00:00Z"); // 28 November still at UTC−12, 29 November in Nairobi
    assert!(fired(&between, RuleId::R15) && fired(&between, RuleId::R08) && asks(&between, Reason::Age));
    let after = on("2026-11-29T13:00:00Z"); // everywhere
    assert!(!fired(&after, RuleId::R15) && fired(&after, RuleId::R08));
    assert_eq!(open_to_guardian(&after), [], "never the guardian of an adult");
    // the old household's number, collected when the person was a child
    let mut grown = adult();
    grown.birth = Some(Birth { year: 2007, month: Some(1), day: Some(1), estimated: false });
    grown.contacts = vec![good(ContactKind::Phone, "+254700000003", ContactOwner::Household)];
    grown.contacts[0].collected_on = Some(day("2024-12-31"));
    let decision = decided(grown.clone());
    assert!(fired(&decision, RuleId::R15c) && !remote_open(&decision) && asks(&decision, Reason::Reverify));
    grown.contacts[0].collected_on = Some(day("2025-01-01"));
    assert!(!fired(&decided(grown), RuleId::R15c));
}

#[test]
fn h07_an_unclear_age_fires_the_rules_for_minors_and_for_adults() {
    let mut r = adult();
    r.birth = None;
    r.age = Some(Age { min: 15, max: 19, as_of: day("2026-11-01"), estimated: false });
    let decision = decided(r.clone());
    assert!(fired(&decision, RuleId::R08) && fired(&decision, RuleId::R15) && asks(&decision, Reason::Age));
    assert_eq!(open(&decision), [(Channel::VisitDetention, Level::L4), (Channel::Caseworker, Level::L4)]);
    // «about 20» may be 18
    r.age = Some(Age { min: 19, max: 19, as_of: day("2026-11-01"), estimated: true });
    assert!(fired(&decided(r.clone()), RuleId::R15));
    r.age = Some(Age { min: 20, max: 20, as_of: day("2026-11-01"), estimated: true });
    assert!(!fired(&decided(r.clone()), RuleId::R15));
    // two sources that contradict each other
    r.birth = Some(Birth { year: 1980, month: None, day: None, estimated: false });
    r.age = Some(Age { min: 9, max: 10, as_of: day("2026-11-01"), estimated: false });
    assert!(asks(&decided(r), Reason::Age));
}

#[test]
fn h07_silence_on_age_is_read_as_adult_only_in_standard_and_without_a_child_marker() {
    let mut r = adult();
    r.birth = None;
    let decision = decided(r.clone());
    assert!(fired(&decision, RuleId::R15a) && !fired(&decision, RuleId::R15));
    assert_eq!(own(&decision, Channel::Sms), Level::L2);
    assert_eq!(own(&decision, Channel::CallLive), Level::L3, "the caller asks the age first");
    assert!(fired(&decided_in(r.clone(), RiskTier::High), RuleId::R15));
    r.needs_codes = Some(vec!["CR-SE".to_owned()]);
    assert!(fired(&decided(r.clone()), RuleId::R15));
    r.needs_codes = Some(Vec::new());
    r.child_status = Some(ChildStatus::WithParents);
    assert!(fired(&decided(r.clone()), RuleId::R15));
    r.child_status = None;
    r.roles = vec![Role::Staff];
    let staff = decided_in(r, RiskTier::High);
    assert!(!fired(&staff, RuleId::R15) && !fired(&staff, RuleId::R15a), "imported as 18 or over");
}

#[test]
fn h08_a_shared_or_foreign_phone_gets_a_neutral_call_back_at_most() {
    let mut world = World::of(vec![adult()]);
    world.addresses.iter_mut().for_each(|a| a.others = 1);
    let shared = world.decide();
    let mut household = adult();
    household.contacts.iter_mut().for_each(|c| c.owner = Some(ContactOwner::Household));
    for decision in [shared, decided(household)] {
        assert_eq!(own(&decision, Channel::Sms), Level::L2);
        assert_eq!(own(&decision, Channel::CallLive), Level::L2);
        for closed in [Channel::App, Channel::Post, Channel::Email] {
            assert_eq!(own(&decision, closed), Level::L0);
        }
        assert!(fired(&decision, RuleId::R17));
    }
    world.addresses.clear();
    assert!(fired(&world.decide(), RuleId::R17), "nobody has looked who else lists it");
}

#[test]
fn h09_a_number_of_perpetrator_and_survivor_is_blocked() {
    let mut world = World::of(vec![adult()]);
    world.addresses[0].conflict = true;
    let decision = world.decide();
    for channel in [Channel::CallLive, Channel::Sms, Channel::App, Channel::Ivr] {
        assert_eq!(own(&decision, channel), Level::L0);
    }
    assert_eq!(own(&decision, Channel::Email), Level::L3, "other contact points stay");
}

fn sought() -> Record {
    let mut r = adult();
    r.roles = vec![Role::Sought];
    r.whereabouts = Some(Dated { value: Whereabouts::Located, as_of: None });
    r.contacts.iter_mut().for_each(|c| c.windows = Some(vec![by_day()]));
    r
}

#[test]
fn h10_nothing_about_a_sought_person_moves_what_the_enquirer_gets() {
    let mut enquirer = World::of(vec![{
        let mut r = adult();
        r.roles = vec![Role::Enquirer];
        r
    }]);
    let alone = enquirer.decide();
    assert_eq!(alone.audience, Audience::Enquirer);
    let mut found = sought();
    for change in [Whereabouts::Located, Whereabouts::NotLocated] {
        found.whereabouts = Some(Dated { value: change, as_of: None });
        let other = World::of(vec![found.clone()]);
        enquirer.candidates = vec![Candidate { facts: other.facts(), incompatible: false }];
        assert_eq!(enquirer.decide(), alone, "never a duplicate of the one they look for");
    }
}

#[test]
fn h11_a_sought_person_is_asked_in_person() {
    let decision = decided(sought());
    let mut expected =
        vec![(Channel::VisitDetention, Level::L4), (Channel::Caseworker, Level::L4), (Channel::CallLive, Level::L2)];
    assert_eq!(open(&decision), expected);
    assert!(asks(&decision, Reason::Consent));
    assert_eq!(decision.audience, Audience::Sought);
    let mut unsafe_phone = sought();
    unsafe_phone.contacts[0].safe = None;
    expected.pop();
    assert_eq!(open(&decided(unsafe_phone)), expected);
    let mut lost = sought();
    lost.whereabouts = None;
    let decision = decided(lost);
    assert!(decision.held() && asks(&decision, Reason::NotLocated));
}

#[test]
fn h13_no_letter_to_a_dead_person() {
    let mut r = adult();
    r.vital = Some(Dated { value: Vital::Dead, as_of: None });
    let decision = decided(r.clone());
    assert!(decision.held());
    assert_eq!(decision.reasons, [Reason::Deceased]);
    r.vital = Some(Dated { value: Vital::BelievedDead, as_of: None });
    assert_eq!(decided(r).reasons, [Reason::FateUnknown]);
    let mut unknown = sought();
    unknown.vital = None;
    assert!(decided(unknown).reasons.contains(&Reason::FateUnknown));
}

#[test]
fn h14_where_the_organisation_may_not_be_named_only_a_call_under_a_code_name_stays() {
    let mut r = adult();
    r.contacts.truncate(1);
    r.contacts[0].may_name_org = Some(Answer::No);
    let decision = decided(r.clone());
    assert!(!remote_open(&decision) && asks(&decision, Reason::Exposure));
    r.contacts[0].code_name = Some("Blue Door".into());
    let decision = decided(r.clone());
    assert_eq!(own(&decision, Channel::CallLive), Level::L2);
    assert_eq!(own(&decision, Channel::Sms), Level::L0);
    r.contacts[0].may_name_org = None;
    assert_eq!(own(&decided(r.clone()), Channel::Sms), Level::L3, "unknown, in standard, not flagged");
    assert_eq!(own(&decided_in(r.clone(), RiskTier::High), Channel::Sms), Level::L0);
    r.displacement = Some(Displacement::Refugee);
    r.country_of_origin = Some("KE".to_owned());
    r.contacts[0].may_name_org = Some(Answer::Yes);
    let decision = decided(r.clone());
    assert!(fired(&decision, RuleId::R21b) && !remote_open(&decision));
    r.country_of_origin = None;
    assert!(fired(&decided(r.clone()), RuleId::R21b), "may be");
    r.country_of_origin = Some("SO".to_owned());
    assert!(!fired(&decided(r), RuleId::R21b));
}

#[test]
fn h16_staff_get_nothing_on_accounts_that_the_intruders_may_hold() {
    let mut r = adult();
    r.roles = vec![Role::Staff];
    let decision = decided(r.clone());
    assert_eq!(own(&decision, Channel::Email), Level::L3);
    for closed in [Channel::Sms, Channel::App, Channel::Ivr] {
        assert_eq!(own(&decision, closed), Level::L0);
    }
    for compromised in [None, Some(Answer::Yes)] {
        r.contacts[1].compromised = compromised;
        assert_eq!(own(&decided(r.clone()), Channel::Email), Level::L0);
    }
    assert_eq!(decided(r).audience, Audience::Staff);
}

#[test]
fn h18_no_post_after_an_address_or_relation_changed() {
    let mut r = adult();
    r.contacts[2].relation_changed_on = Some(day("2026-10-02"));
    let decision = decided(r.clone());
    assert!(fired(&decision, RuleId::R18b) && own(&decision, Channel::Post) == Level::L0);
    r.contacts[2].relation_changed_on = Some(day("2026-09-30"));
    assert_eq!(own(&decided(r.clone()), Channel::Post), Level::L3, "confirmed since");
    r.contacts[2].verified_on = None;
    assert_eq!(own(&decided(r), Channel::Post), Level::L0, "unknown: before any change");
}

#[test]
fn h20_reassigned_and_disused_numbers_are_not_trusted() {
    let mut r = adult();
    r.contacts[0].verified_on = Some(day("2025-11-01"));
    let decision = decided(r.clone());
    assert_eq!((own(&decision, Channel::Sms), own(&decision, Channel::CallLive)), (Level::L2, Level::L3));
    let high = decided_in(r.clone(), RiskTier::High);
    assert_eq!(own(&high, Channel::CallLive), Level::L0);
    for status in [ContactStatus::Old, ContactStatus::Disabled] {
        r.contacts[0].status = Some(status);
        assert_eq!(own(&decided(r.clone()), Channel::CallLive), Level::L0);
    }
}

#[test]
fn h21_no_words_in_a_language_of_the_person_means_no_message() {
    let societies = [society("KE")];
    let offers = offers(&societies);
    let with = |tags: &[&str]| {
        let mut r = adult();
        r.languages = tags.iter().map(|t| LanguageWish { tag: (*t).to_owned(), mode: None }).collect();
        let world = World::of(vec![r]);
        decide(&world.facts(), &offers, world.now)
    };
    assert_eq!(own(&with(&["sw"]), Channel::Sms), Level::L3);
    assert_eq!(own(&with(&["om", "sw"]), Channel::Sms), Level::L3, "second language");
    assert_eq!(own(&with(&["sw-KE"]), Channel::Sms), Level::L3, "a region is no other language");
    for tags in [&["om"][..], &[], &["sw-Arab"]] {
        let decision = with(tags);
        assert!(!remote_open(&decision) && asks(&decision, Reason::Language), "{tags:?}");
        assert_eq!(own(&decision, Channel::Caseworker), Level::L4);
    }
    let mut few = Offers::new(&societies);
    few.approve("sw", "sw", Audience::AidRecipient, Channel::Sms, Level::L2);
    let world = World::of(vec![adult()]);
    let decision = decide(&world.facts(), &few, world.now);
    assert_eq!((own(&decision, Channel::Sms), own(&decision, Channel::Email)), (Level::L2, Level::L0));
    // spoken only: no letter
    let mut listener = adult();
    listener.languages[0].mode = Some(LanguageMode::Listen);
    let world = World::of(vec![listener]);
    let decision = decide(&world.facts(), &offers, world.now);
    assert_eq!((own(&decision, Channel::Post), own(&decision, Channel::CallLive)), (Level::L0, Level::L3));
}

#[test]
fn h22_who_cannot_read_gets_nothing_that_others_would_read_aloud() {
    let mut r = adult();
    r.literacy = Some(Literacy::Cannot);
    let decision = decided(r.clone());
    for text in [Channel::Post, Channel::Email, Channel::App, Channel::Sms] {
        assert_eq!(own(&decision, text), Level::L0);
    }
    assert_eq!(own(&decision, Channel::Ivr), Level::L3);
    r.literacy = None;
    assert_eq!(own(&decided(r.clone()), Channel::Post), Level::L3);
    let mut world = World::of(vec![r]);
    world.context.as_mut().expect("a context").low_literacy = true;
    assert_eq!(own(&world.decide(), Channel::Post), Level::L0);
}

#[test]
fn h23_deaf_blind_speech_mental() {
    let with = |code: &str| {
        let mut r = adult();
        r.needs_codes = Some(vec![code.to_owned()]);
        decided(r)
    };
    let closed = |decision: &domain::decision::Decision| -> Vec<Channel> {
        let mut closed: Vec<_> =
            decision.routes.iter().filter(|r| r.level == Level::L0).map(|r| r.route.channel).collect();
        closed.sort_unstable();
        closed
    };
    assert_eq!(closed(&with("DS-DF")), [Channel::CallLive, Channel::Ivr]);
    assert_eq!(closed(&with("DS-BD")), [Channel::Post, Channel::Email, Channel::App, Channel::Sms]);
    assert_eq!(closed(&with("DS-SD")), [Channel::CallLive]);
    for code in ["DS-MM", "DS-MS"] {
        assert_eq!(open(&with(code)), [(Channel::VisitDetention, Level::L4), (Channel::Caseworker, Level::L4)]);
    }
}

#[test]
fn h24_h39_messages_wait_for_safe_hours_and_an_open_hotline() {
    let societies = [society("KE")];
    let offers = offers(&societies);
    let at_time = |now: &str, record: &Record| {
        let mut world = World::of(vec![record.clone()]);
        world.now = at(now);
        let decision = decide(&world.facts(), &offers, world.now);
        let wait = |channel| decision.routes.iter().find(|r| r.route.channel == channel).and_then(|r| r.waits_until);
        (wait(Channel::Sms), wait(Channel::Email), wait(Channel::Post), decision)
    };
    let r = adult();
    let (sms, email, post, decision) = at_time("2026-11-30T23:00:00Z", &r); // 02:00 in Nairobi
    assert_eq!(sms, Some(at("2026-12-01T06:00:00Z")), "09:00 local, when the hotline is open too");
    assert_eq!(email, Some(at("2026-12-01T05:00:00Z")), "the hotline opens at 08:00");
    assert_eq!(post, None);
    assert!(fired(&decision, RuleId::R23));
    let (sms, ..) = at_time("2026-11-30T15:30:00Z", &r); // 18:30: the hotline has closed
    assert_eq!(sms, Some(at("2026-12-01T06:00:00Z")));
    assert_eq!(at_time("2026-11-30T09:00:00Z", &r).0, None);
    let mut safe = r.clone();
    safe.contacts[0].windows = Some(vec![SafeWindow {
        from: jiff::civil::Time::constant(14, 0, 0, 0),
        to: jiff::civil::Time::constant(15, 0, 0, 0),
        weekdays: vec![2],
        zone: Some("Asia/Dubai".to_owned()),
    }]);
    assert_eq!(
        at_time("2026-11-30T09:00:00Z", &safe).0,
        Some(at("2026-12-01T10:00:00Z")),
        "Tuesday 14:00 in the person's own zone"
    );
    assert_eq!(at_time("2026-12-01T10:30:00Z", &safe).0, None);
}

#[test]
fn h25_one_society_notifies() {
    let mut second = adult();
    second.society = "UG".parse().expect("a code");
    second.contacts.iter_mut().for_each(|c| c.verified_on = Some(day("2026-11-11")));
    let world = World::of(vec![adult(), second]);
    let societies = [society("KE"), society("UG")];
    let offers = offers(&societies);
    let facts = world.facts();
    let decision = decide(&facts, &offers, world.now);
    let planning = Planning { societies: &societies, offers: &offers, tried: &[], follow_up: false, now: world.now };
    let Outcome::Plan(plan) = plan(&decision, &facts, &planning) else { panic!("a plan") };
    assert!(plan.steps.iter().all(|s| s.society.as_str() == "UG"), "the most recent contact");
    let remote: Vec<_> = plan.steps.iter().map(|s| s.channel.is_remote()).collect();
    assert!(remote.windows(2).all(|w| w[0] || !w[1]), "in person last");
    assert_eq!(plan.steps[0].channel, Channel::Sms, "in the Society's order");
}

#[test]
fn h26_h27_h29_restrictions_unite_and_undecided_duplicates_share_them() {
    let mut survivor = adult();
    survivor.concerns = Some(vec!["gbv_survivor".to_owned()]);
    let merged = World::of(vec![adult(), survivor.clone()]).decide();
    assert!(fired(&merged, RuleId::R16));
    let mut undecided = World::of(vec![adult()]);
    undecided.candidates = vec![Candidate { facts: World::of(vec![survivor.clone()]).facts(), incompatible: false }];
    let decision = undecided.decide();
    assert_eq!(own(&decision, Channel::Sms), Level::L0);
    assert!(asks(&decision, Reason::Dedupe) && fired(&decision, RuleId::R24));
    let mut man = survivor;
    man.sex = Some(Sex::Male);
    let mut woman = adult();
    woman.sex = Some(Sex::Female);
    assert!(protection::incompatible(&[&woman], &[&man]));
    undecided.candidates[0].incompatible = true;
    assert!(undecided.decide().held());
}

#[test]
fn h28_an_unknown_code_holds_and_spelling_does_not_matter() {
    for code in ["XX-YY", "SV", "SV-V1", "", "SVA-VA", "CR-ZZ"] {
        let mut r = adult();
        r.needs_codes = Some(vec![code.to_owned()]);
        let decision = decided(r);
        assert!(decision.held() && decision.reasons == [Reason::Review], "{code}");
    }
    for code in ["sv-va", "SV_VA", " sv - va ", "Sv -VA"] {
        let mut r = adult();
        r.needs_codes = Some(vec![code.to_owned()]);
        assert!(fired(&decided(r), RuleId::R16), "{code}");
    }
    let holds: [fn(&mut Record); 9] = [
        |r| r.unknown_codes = vec!["concerns".to_owned()],
        |r| r.concerns = Some(vec!["something".to_owned()]),
        |r| r.separation_cause = Some("something".to_owned()),
        |r| r.unparsed_restriction = true,
        |r| r.do_not_contact = true,
        |r| r.legal_hold = true,
        |r| r.updated_on = Some(day("2027-01-01")),
        |r| r.created_on = Some(day("1970-01-01")),
        |r| r.birth = Some(Birth { year: 1980, month: Some(2), day: Some(30), estimated: false }),
    ];
    for hold in holds {
        let mut r = adult();
        hold(&mut r);
        assert_eq!(decided(r).reasons, [Reason::Review]);
    }
}

#[test]
fn h29_what_an_export_cannot_carry_is_unknown() {
    let mut r = adult();
    r.needs_codes = None;
    r.concerns = None;
    assert!(!fired(&decided(r.clone()), RuleId::R16), "standard: silence means none");
    assert!(fired(&decided_in(r.clone(), RiskTier::High), RuleId::R16));
    let mut world = World::of(vec![r]).in_tier(RiskTier::High);
    world.carried = protection::Carried::of(["needs_codes", "concerns"]);
    assert!(!fired(&world.decide(), RuleId::R16), "an empty cell in a carried column is none");
    let mut lost_family = child();
    lost_family.relations = None;
    let decision = decided(lost_family);
    assert!(asks(&decision, Reason::Guardian) && open_to_guardian(&decision).is_empty());
}

#[test]
fn h31_a_fallback_stays_inside_the_allowed_routes() {
    let world = World::of(vec![adult()]);
    let societies = [society("KE")];
    let offers = offers(&societies);
    let facts = world.facts();
    let decision = decide(&facts, &offers, world.now);
    let mut tried = Vec::new();
    loop {
        let planning =
            Planning { societies: &societies, offers: &offers, tried: &tried, follow_up: false, now: world.now };
        match plan(&decision, &facts, &planning) {
            Outcome::Plan(plan) => {
                let step = plan.steps[0].clone();
                assert!(protection::still_allowed(&step, &decision, &facts).is_ok());
                tried.push(step);
            }
            Outcome::Held(held) => {
                assert_eq!(held.reasons, [Reason::Unreachable]);
                break;
            }
        }
    }
    assert_eq!(tried.len(), 8, "every offered route once");
    assert!(!tried.iter().any(|s| s.channel == Channel::VisitDetention));
}

#[test]
fn h35_a_survivor_is_told_only_where_it_is_safe() {
    let mut r = adult();
    r.concerns = Some(vec!["gbv_survivor".to_owned()]);
    r.contacts.iter_mut().for_each(|c| {
        c.windows = Some(vec![SafeWindow {
            from: jiff::civil::Time::constant(9, 0, 0, 0),
            to: jiff::civil::Time::constant(17, 0, 0, 0),
            weekdays: vec![],
            zone: None,
        }])
    });
    let decision = decided(r.clone());
    assert_eq!(decision.audience, Audience::Survivor);
    let expected = [
        (Channel::VisitDetention, Level::L4),
        (Channel::Caseworker, Level::L4),
        (Channel::FieldVisit, Level::L4),
        (Channel::CallLive, Level::L2),
    ];
    assert_eq!(open(&decision), expected);
    r.contacts.iter_mut().for_each(|c| c.safe = None);
    let decision = decided(r);
    assert_eq!(open(&decision), expected[..2]);
    assert!(asks(&decision, Reason::SafeContact));
}

#[test]
fn h36_h40_a_step_is_void_when_facts_changed() {
    let mut world = World::of(vec![adult()]);
    let societies = [society("KE")];
    let offers = offers(&societies);
    let facts = world.facts();
    let decision = decide(&facts, &offers, world.now);
    let planning = Planning { societies: &societies, offers: &offers, tried: &[], follow_up: false, now: world.now };
    let Outcome::Plan(plan) = plan(&decision, &facts, &planning) else { panic!("a plan") };
    let sms = plan.steps[0].clone();
    let gate = |world: &World| {
        let facts = world.facts();
        protection::still_allowed(&sms, &decide(&facts, &offers, world.now), &facts)
    };
    assert!(gate(&world).is_ok());
    world.records[0].1.liberty = Some(Dated { value: Liberty::Detained, as_of: None });
    assert_eq!(gate(&world), Err(protection::Void::Audience));
    world.records[0].1.liberty = None;
    world.records[0].1.contacts[0].safe = None;
    assert_eq!(gate(&world), Err(protection::Void::Below { allowed: Level::L2 }));
    world.records[0].1.contacts.clear();
    assert_eq!(gate(&world), Err(protection::Void::Contact));
}

#[test]
fn h38_a_child_of_an_armed_group_is_never_told_through_a_guardian() {
    let signs: [fn(&mut Record); 2] =
        [|r| r.needs_codes = Some(vec!["CR-AF".to_owned()]), |r| r.concerns = Some(vec!["caafag".to_owned()])];
    for sign in signs {
        let mut r = child();
        sign(&mut r);
        let decision = decided(r);
        assert_eq!(open_to_guardian(&decision), []);
        assert!(fired(&decision, RuleId::R14) && asks(&decision, Reason::BestInterests));
    }
}

#[test]
fn h39_flagged_and_no_window_known_closes_phones_and_field_visits() {
    let mut r = adult();
    r.concerns = Some(vec!["gbv_survivor".to_owned()]);
    let decision = decided(r);
    assert_eq!(open(&decision), [(Channel::VisitDetention, Level::L4), (Channel::Caseworker, Level::L4)]);
    assert!(fired(&decision, RuleId::R23));
}

#[test]
fn audiences_are_the_first_that_applies_and_the_others_add() {
    let mut r = adult();
    r.roles = vec![Role::Enquirer, Role::Migrant, Role::Bereaved];
    r.concerns = Some(vec!["gbv_survivor".to_owned()]);
    let world = World::of(vec![r]);
    assert_eq!(
        audiences(&world.facts()),
        [Audience::Survivor, Audience::Migrant, Audience::Bereaved, Audience::Enquirer, Audience::AidRecipient]
    );
    let guardian = decided(child());
    assert_eq!(guardian.audience, Audience::Child);
    assert_eq!(level(&guardian, Recipient::Guardian(0), Channel::CallLive), Level::L3);
}

#[test]
fn a_partner_is_written_to_at_its_published_address_only() {
    let mut r = adult();
    r.roles = vec![Role::PartnerOrganisation];
    r.birth = None;
    r.contacts.iter_mut().for_each(|c| (c.published, c.safe, c.may_name_org) = (true, None, None));
    let decision = decided_in(r.clone(), RiskTier::Standard);
    assert_eq!(open(&decision), [(Channel::Post, Level::L3), (Channel::Email, Level::L3)]);
    r.contacts.iter_mut().for_each(|c| c.published = false);
    let decision = decided(r.clone());
    assert!(decision.held() && asks(&decision, Reason::Unreachable) && fired(&decision, RuleId::R27));
    r.roles.push(Role::Enquirer);
    assert_eq!(decided(r).reasons, [Reason::Review], "a partner with another role");
}
