//! Synthetic people and the decisions about them.
#![allow(dead_code, unreachable_pub, reason = "shared by test files, each of which uses its own part")]

use domain::channel::{ContactKind, Recipient};
use domain::decision::{Decision, Reason, Route, RuleId};
use domain::manifest::ContactRef;
use domain::record::{
    Answer, Birth, ChildAgrees, ChildStatus, ConsentSource, ContactOwner, ContactPoint, Dated, LanguageWish, Literacy,
    Record, Relation, RelationKind, Role, SafeWindow, Vital,
};
use domain::society::{Context, Hotline, HotlineHours, Offer, RiskTier, Society};
use domain::{Audience, Channel, Level, Millis, RecordId};
use jiff::civil::{Date, Time};
use protection::{
    Address, Candidate, Carried, Earlier, Facts, GuardianStatus, Lift, Offers, Statement, Subject, SubjectRecord,
    decide, facts,
};

/// A Sunday, 13:00 in Nairobi.
pub fn now() -> Millis {
    at("2026-11-29T10:00:00Z")
}

pub fn at(text: &str) -> Millis {
    text.parse::<jiff::Timestamp>().expect("an instant").into()
}

pub fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

pub fn context(tier: RiskTier) -> Context {
    Context {
        system: "*".to_owned(),
        country: "*".to_owned(),
        tier,
        assessed_on: day("2026-01-01"),
        assessed_by: vec!["first".to_owned(), "second".to_owned()],
        low_literacy: false,
        high_fraud: false,
        majority: None,
        origin_countries: Vec::new(),
    }
}

/// A contact point of which everything good is known.
pub fn good(kind: ContactKind, value: &str, owner: ContactOwner) -> ContactPoint {
    let mut point = ContactPoint::bare(kind, value);
    point.owner = Some(owner);
    point.collected_on = Some(day("2026-01-10"));
    point.verified_on = Some(day("2026-10-01"));
    point.safe = Some(Answer::Yes);
    point.may_name_org = Some(Answer::Yes);
    point.compromised = Some(Answer::No);
    point.country = Some("KE".to_owned());
    point
}

/// By day, every day, in the Society's zone.
pub fn by_day() -> SafeWindow {
    SafeWindow { from: Time::constant(8, 0, 0, 0), to: Time::constant(20, 0, 0, 0), weekdays: Vec::new(), zone: None }
}

/// Phone, e-mail and address, all the person's own and good.
pub fn own_contacts() -> Vec<ContactPoint> {
    vec![
        good(ContactKind::Phone, "+254700000001", ContactOwner::Own),
        good(ContactKind::Email, "synthetic@example.org", ContactOwner::Own),
        good(ContactKind::Address, "1 Synthetic Road, Nairobi", ContactOwner::Own),
    ]
}

/// An adult of whom everything is known and nothing is bad.
pub fn adult() -> Record {
    let mut r = Record::bare("KE".parse().expect("a code"), "rfl", "R-1");
    r.roles = vec![Role::AidRecipient];
    r.birth = Some(Birth { year: 1980, month: Some(5), day: Some(20), estimated: false });
    r.vital = Some(Dated { value: Vital::Alive, as_of: None });
    r.needs_codes = Some(Vec::new());
    r.concerns = Some(Vec::new());
    r.detention_markers = Some(Vec::new());
    r.access_needs = Some(Vec::new());
    r.relations = Some(Vec::new());
    r.displacement = Some(domain::record::Displacement::Resident);
    r.country_of_presence = Some("KE".to_owned());
    r.literacy = Some(Literacy::Reads);
    r.languages = vec![LanguageWish { tag: "sw".to_owned(), mode: None }];
    r.contacts = own_contacts();
    r
}

/// A guardian whose authority is verified, in force, agreed to by the child.
pub fn guardian() -> Relation {
    let mut text = blank(RelationKind::Guardian);
    text.record = Some("G-1".into());
    text.authority = Some("Synthetic Court".into());
    text.verified_by = Some("Synthetic Officer".into());
    text.verified_on = Some(day("2026-09-01"));
    text.since = Some(day("2020-01-01"));
    text.alleged_perpetrator = Some(Answer::No);
    text.child_agrees = Some(ChildAgrees::Yes);
    text.needs_codes = Some(Vec::new());
    text.languages = vec![LanguageWish { tag: "sw".to_owned(), mode: None }];
    text
}

pub fn blank(kind: RelationKind) -> Relation {
    serde_json::from_value(serde_json::json!({ "kind": kind })).expect("a relation")
}

/// A child with parents and a verified guardian, reachable by the guardian's phone and address.
pub fn child() -> Record {
    let mut r = adult();
    r.record_id = "R-2".into();
    r.birth = Some(Birth { year: 2014, month: Some(3), day: Some(3), estimated: false });
    r.child_status = Some(ChildStatus::WithParents);
    r.separation_cause = Some("poverty".to_owned());
    r.consent.source = Some(ConsentSource::Caregiver);
    r.relations = Some(vec![guardian()]);
    r.contacts = vec![
        good(ContactKind::Phone, "+254700000002", ContactOwner::Guardian),
        good(ContactKind::Address, "2 Synthetic Road, Nairobi", ContactOwner::Guardian),
    ];
    r.contacts.iter_mut().for_each(|c| (c.guardian, c.windows) = (Some(0), Some(vec![by_day()])));
    r
}

/// One person and what is known around them.
pub struct World {
    pub records: Vec<(RecordId, Record)>,
    pub earlier: Vec<(RecordId, Record)>,
    pub context: Option<Context>,
    pub addresses: Vec<Address>,
    pub guardians: Vec<GuardianStatus>,
    pub candidates: Vec<Candidate>,
    pub statements: Vec<Statement>,
    pub lifts: Vec<Lift>,
    pub now: Millis,
    pub carried: Carried,
}

impl World {
    pub fn of(records: Vec<Record>) -> Self {
        let records: Vec<_> =
            (1u128..).zip(records).map(|(n, r)| (RecordId::from(uuid::Uuid::from_u128(n)), r)).collect();
        let mut world = Self {
            records,
            earlier: Vec::new(),
            context: Some(context(RiskTier::Standard)),
            addresses: Vec::new(),
            guardians: Vec::new(),
            candidates: Vec::new(),
            statements: Vec::new(),
            lifts: Vec::new(),
            now: now(),
            carried: Carried::NOTHING,
        };
        world.addresses = world.unshared();
        world
    }

    pub fn in_tier(mut self, tier: RiskTier) -> Self {
        self.context = Some(context(tier));
        self
    }

    fn unshared(&self) -> Vec<Address> {
        let all = self.records.iter().flat_map(|(id, r)| (0u16..).zip(&r.contacts).map(move |(index, _)| (*id, index)));
        all.map(|(record, index)| Address { record, index, others: 0, conflict: false, unsafe_: false }).collect()
    }

    pub fn id(&self) -> RecordId {
        self.records[0].0
    }

    pub fn contact(&self, index: u16) -> ContactRef {
        ContactRef { record: self.id(), index }
    }

    pub fn facts(&self) -> Facts {
        let current = self.records.iter().map(|(id, record)| SubjectRecord {
            record,
            id: *id,
            context: self.context.as_ref(),
            carried: self.carried,
            at: Millis(1_000),
        });
        let subject = Subject {
            records: current.collect(),
            earlier: self.earlier.iter().map(|(id, record)| Earlier { record, id: *id, at: Millis(500) }).collect(),
            addresses: &self.addresses,
            guardians: self.guardians.clone(),
            candidates: self.candidates.clone(),
            statements: self.statements.clone(),
            lifts: &self.lifts,
        };
        facts(&subject, self.now)
    }

    pub fn decide(&self) -> Decision {
        decide(&self.facts(), &Offers::everything_in("Africa/Nairobi"), self.now)
    }
}

/// The decision about one record, standard context.
pub fn decided(record: Record) -> Decision {
    World::of(vec![record]).decide()
}

pub fn decided_in(record: Record, tier: RiskTier) -> Decision {
    World::of(vec![record]).in_tier(tier).decide()
}

/// The highest level on a channel to a recipient, over all contact points.
pub fn level(decision: &Decision, to: Recipient, channel: Channel) -> Level {
    let levels = decision.routes.iter().filter(|r| r.route.to == to && r.route.channel == channel).map(|r| r.level);
    levels.max().unwrap_or(Level::L0)
}

pub fn own(decision: &Decision, channel: Channel) -> Level {
    level(decision, Recipient::Person, channel)
}

pub const GUARDIAN: Recipient = Recipient::Guardian(0);

/// Open channels to the person.
pub fn open(decision: &Decision) -> Vec<(Channel, Level)> {
    let open = decision.routes.iter().filter(|r| r.level > Level::L0 && r.route.to == Recipient::Person);
    open.map(|r| (r.route.channel, r.level)).collect()
}

pub fn open_to_guardian(decision: &Decision) -> Vec<(Channel, Level)> {
    let open = decision.routes.iter().filter(|r| r.level > Level::L0 && r.route.to == GUARDIAN);
    open.map(|r| (r.route.channel, r.level)).collect()
}

pub fn remote_open(decision: &Decision) -> bool {
    decision.routes.iter().any(|r| r.route.channel.is_remote() && r.level > Level::L0)
}

pub fn fired(decision: &Decision, rule: RuleId) -> bool {
    decision.rules.contains(&rule)
}

pub fn asks(decision: &Decision, reason: Reason) -> bool {
    decision.reasons.contains(&reason)
}

pub fn route(channel: Channel, contact: Option<u16>) -> Route {
    Route { to: Recipient::Person, channel, contact }
}

/// A Society with every channel, speaking Swahili.
pub fn society(code: &str) -> Society {
    let offer = |channel: Channel| Offer {
        channel,
        languages: vec!["sw".to_owned()],
        up_to: None,
        child_protection: true,
        per_minute: None,
    };
    Society {
        code: code.parse().expect("a code"),
        name: [("en".to_owned(), "Synthetic Society".to_owned())].into(),
        sender: "SYNTH".to_owned(),
        time_zone: "Africa/Nairobi".to_owned(),
        return_address: Vec::new(),
        office: "Synthetic office".to_owned(),
        hotline: Hotline {
            messages_per_call: None,
            number: "0800".to_owned(),
            free_of_charge: true,
            published_at: "offices".to_owned(),
            hours: vec![HotlineHours {
                language: "sw".to_owned(),
                opens: Time::constant(8, 0, 0, 0),
                closes: Time::constant(18, 0, 0, 0),
                calls_per_hour: 10,
            }],
        },
        offers: [
            Channel::Sms,
            Channel::CallLive,
            Channel::Email,
            Channel::Post,
            Channel::App,
            Channel::Ivr,
            Channel::FieldVisit,
            Channel::Caseworker,
        ]
        .into_iter()
        .map(offer)
        .collect(),
        detention_access: false,
        credit: 500,
        contexts: vec![context(RiskTier::Standard)],
        synthetic: true,
    }
}

/// Approved words in Swahili for every audience, text channel and level.
pub fn offers(societies: &[Society]) -> Offers {
    let mut offers = Offers::new(societies);
    for audience in Audience::ALL {
        for channel in Channel::ALL.iter().filter(|c| c.is_text()) {
            for level in [Level::L2, Level::L3] {
                offers.approve("sw", "sw", *audience, *channel, level);
            }
        }
    }
    offers
}
