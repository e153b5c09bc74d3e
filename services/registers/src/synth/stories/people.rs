//! Staff and volunteers whose logins were taken, and partner offices.

use domain::Channel;
use domain::channel::ContactKind::{Address, Email, Phone};
use domain::incident::{Certainty, DataCategory};
use domain::record::{Age, Answer, Exposure, Literacy, Role};

use super::ago;
use crate::synth::case::Case;
use crate::synth::person::{BirthKept, Habit, trusted};
use crate::synth::truth::Ban;
use crate::synth::world::PEOPLE;

pub(super) fn staff(case: &mut Case<'_>, story: &'static str) {
    login(case, story, Role::Staff);
}

pub(super) fn volunteer(case: &mut Case<'_>, story: &'static str) {
    login(case, story, Role::Volunteer);
}

fn login(case: &mut Case<'_>, story: &'static str, role: Role) {
    let host = case.host();
    let who = case.someone(story, &["staff"], host, (22, 64));
    let habit = Habit { native: false, sloppy: false, birth: BirthKept::Nothing };
    let at = case.write(&who, case.society, PEOPLE, &[role], habit);
    let now = case.world.now;
    let taken = case.dice.percent(25);
    let mail = format!("staff{}@society.example", who.number);
    let mut work = trusted(Email, &mail, who.here, now, &mut case.dice);
    work.compromised = Some(if taken { Answer::Yes } else { Answer::No });
    let phone = case.phone(&who, 0);
    let private = trusted(Phone, &phone, who.here, now, &mut case.dice);
    let record = case.at(at);
    let created = record.created_on.unwrap_or(now);
    record.age = Some(Age { min: 18, max: 120, as_of: created, estimated: false });
    record.exposure.push(Exposure {
        category: DataCategory::Credentials,
        certainty: Certainty::Confirmed,
        intrusion: Some(1),
    });
    record.literacy = Some(Literacy::Reads);
    record.contacts.extend([work, private]);
    if taken {
        case.never_at(&who, &mail, "the intruders read this mailbox");
    }
    for channel in [Channel::Sms, Channel::App, Channel::Ivr] {
        let why = "staff were told to trust no text about passwords";
        case.ban(
            &who,
            Ban::Above { level: domain::Level::L0, value: None, channel: Some(channel), why: why.to_owned() },
        );
    }
}

pub(super) fn partner(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &[], host, (30, 60));
    let habit = Habit { native: false, sloppy: false, birth: BirthKept::Nothing };
    let at = case.write(&who, case.society, PEOPLE, &[Role::PartnerOrganisation], habit);
    let now = case.world.now;
    let mut mail = trusted(Email, &format!("office{}@partner.example", who.number), who.here, now, &mut case.dice);
    let mut post = trusted(Address, &who.address(), who.here, now, &mut case.dice);
    for point in [&mut mail, &mut post] {
        point.published = true;
        point.compromised = Some(Answer::No);
    }
    let moved = ago(case, 3_000);
    (post.address_changed_on, post.relation_changed_on) = (Some(moved), Some(moved));
    let record = case.at(at);
    let created = record.created_on.unwrap_or(now);
    record.names.full = vec![format!("Partner office {} (synthetic)", who.number).into()];
    (record.names.given, record.names.family, record.names.father, record.names.mother) = (None, None, None, None);
    (record.sex, record.literacy, record.access_needs) = (None, None, None);
    record.strong_ids = Vec::new();
    record.age = Some(Age { min: 18, max: 120, as_of: created, estimated: false });
    record.contacts.extend([mail, post]);
}
