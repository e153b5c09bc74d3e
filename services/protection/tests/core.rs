//! First principles: one record, the decision a protection officer expects.

use domain::channel::{ContactKind, Recipient};
use domain::decision::{Decision, Reason, Route, RuleId};
use domain::record::{Answer, ContactOwner, ContactPoint, LanguageWish, Record, Role};
use domain::society::{Context, RiskTier};
use domain::{Channel, Level, Millis, RecordId};
use protection::{Address, Offers, Subject, SubjectRecord, decide, facts};

fn now() -> Millis {
    Millis::from("2026-11-29T12:00:00Z".parse::<jiff::Timestamp>().expect("an instant"))
}

fn context(tier: RiskTier) -> Context {
    Context {
        system: "rfl".to_owned(),
        country: "KE".to_owned(),
        tier,
        assessed_on: "2026-01-01".parse().expect("a date"),
        assessed_by: vec!["a".to_owned(), "b".to_owned()],
        low_literacy: false,
        high_fraud: false,
        majority: None,
        origin_countries: Vec::new(),
    }
}

fn adult() -> Record {
    let mut record = Record::bare("KE".parse().expect("a code"), "rfl", "R-1");
    record.country_of_presence = Some("KE".to_owned());
    record.birth = Some(domain::record::Birth { year: 1980, month: None, day: None, estimated: false });
    record.languages = vec![LanguageWish { tag: "en".to_owned(), mode: None }];
    let mut phone = ContactPoint::bare(ContactKind::Phone, "+254700000001");
    phone.owner = Some(ContactOwner::Own);
    phone.safe = Some(Answer::Yes);
    phone.may_name_org = Some(Answer::Yes);
    phone.verified_on = Some("2026-10-01".parse().expect("a date"));
    record.contacts = vec![phone];
    record
}

fn decision(record: &Record, tier: RiskTier) -> Decision {
    let context = context(tier);
    let id = RecordId::random();
    let addresses = [Address { record: id, index: 0, others: 0, conflict: false, unsafe_: false }];
    let subject = Subject {
        records: vec![SubjectRecord {
            record,
            id,
            context: Some(&context),
            carried: protection::Carried::NOTHING,
            at: Millis(0),
        }],
        addresses: &addresses,
        ..Subject::default()
    };
    decide(&facts(&subject, now()), &Offers::everything(), now())
}

fn level(decision: &Decision, channel: Channel) -> Level {
    let contact = channel.contact_kind().map(|_| 0);
    decision.level(Route { to: Recipient::Person, channel, contact })
}

#[test]
fn an_adult_with_a_safe_phone_gets_the_general_notice_by_sms() {
    let decision = decision(&adult(), RiskTier::Standard);
    assert_eq!(level(&decision, Channel::Sms), Level::L3, "{decision:?}");
    assert_eq!(level(&decision, Channel::Caseworker), Level::L4);
    assert!(decision.reasons.is_empty());
}

#[test]
fn a_detainee_keeps_the_private_interview_only() {
    let mut record = adult();
    record.roles = vec![Role::Detainee];
    let decision = decision(&record, RiskTier::Standard);
    for route in &decision.routes {
        assert_eq!(route.level > Level::L0, route.route.channel == Channel::VisitDetention);
    }
    assert!(decision.rules.contains(&RuleId::R03) && decision.flagged);
}

#[test]
fn an_unknown_code_holds() {
    let mut record = adult();
    record.needs_codes = Some(vec!["ZZ-ZZ".to_owned()]);
    let decision = decision(&record, RiskTier::Standard);
    assert!(decision.held());
    assert_eq!(decision.reasons, [Reason::Review]);
}
