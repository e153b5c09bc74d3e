//! Other people who receive services: households, survivors, refugees, shared phones, access needs.

use domain::Channel;
use domain::channel::ContactKind::{Address, Phone};
use domain::record::{
    AccessNeed, Age, Answer, ChildStatus, ConsentSource, ContactOwner, ContactPoint, Displacement, Literacy,
    RelationKind, Role,
};
use jiff::ToSpan;

use super::{ADULT, TEAM, adult, ago, contacts, guardian_of, of_guardian};
use crate::synth::case::{Case, relation};
use crate::synth::person::{BirthKept, Someone, own, trusted};
use crate::synth::truth::Ban;
use crate::synth::world::{AID, CP, RFL, TRANSIT};

pub(super) fn household(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let head = case.someone(story, &["aid"], host, (24, 60));
    let first = adult(case, &head, AID, &[Role::AidRecipient]);
    if case.dice.percent(35) {
        case.elsewhere(&head, first, false);
    }
    let shared_phone = case.dice.percent(30);
    if case.dice.percent(70) {
        let other = case.relative(&head, story, &["aid"], (22, 58));
        let at = adult(case, &other, AID, &[Role::AidRecipient]);
        // Two adults of one home list one postal address.
        let homes = [first, at].map(|r| case.records[r].1.contacts.iter().any(|c| c.kind == Address));
        if homes == [true, true] {
            for who in [&head, &other] {
                case.neutral_at(who, &head.address(), "the rest of the family opens the letters");
            }
        }
        if shared_phone {
            share_phone(
                case,
                &[(&head, first), (&other, at)],
                ContactOwner::Household,
                "the whole household answers this phone",
            );
        }
    }
    if !case.dice.percent(45) {
        return;
    }
    for _ in 0..=case.dice.below(3) {
        let child = case.relative(&head, story, &["children", "aid"], (1, 15));
        let habit = case.habit(true);
        let at = case.write(&child, case.society, AID, &[Role::AidRecipient], habit);
        let verified = case.dice.percent(75);
        let guardian = guardian_of(case, &child, Some(first), verified);
        let record = case.at(at);
        record.child_status = Some(ChildStatus::WithParents);
        record.needs_codes = Some(Vec::new());
        record.consent.source = Some(ConsentSource::Caregiver);
        record.relations = Some(vec![guardian]);
        let mut values = Vec::new();
        if let Some(phone) = case.records[first].1.contacts.iter().find(|c| c.kind == Phone).cloned() {
            values = if verified { vec![phone.value.clone()] } else { Vec::new() };
            case.at(at).contacts.push(of_guardian(phone));
        }
        let why = if verified {
            "a child: only its verified guardian may be told remotely"
        } else {
            "a child whose guardian nobody has verified"
        };
        case.ban(&child, Ban::RemoteOnlyTo { values, why: why.to_owned() });
    }
}

/// The same phone in the records of all of them, and nothing else to call.
fn share_phone(case: &mut Case<'_>, people: &[(&Someone, usize)], owner: ContactOwner, why: &str) {
    let Some((first, _)) = people.first() else {
        return;
    };
    let number = case.phone(first, 1);
    let seen = ago(case, case.dice.clone().between(3, 500));
    for (who, at) in people {
        let mut point = ContactPoint::bare(Phone, &number);
        point.owner = Some(owner);
        point.country = Some(who.here.code.to_owned());
        point.verified_on = Some(seen);
        point.collected_on = Some(seen);
        let record = case.at(*at);
        record.contacts.retain(|c| c.kind != Phone);
        record.contacts.push(point);
        case.neutral_at(who, &number, why);
    }
}

pub(super) fn single(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &["aid"], host, ADULT);
    let first = adult(case, &who, AID, &[Role::AidRecipient]);
    for _ in 0..2 {
        if case.dice.percent(22) {
            case.elsewhere(&who, first, false);
        }
    }
}

pub(super) fn survivor(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &["aid"], host, (20, 55));
    let habit = case.habit(true);
    let at = case.write(&who, case.society, CP, &[Role::AidRecipient], habit);
    case.mask(at);
    let phone = case.phone(&who, 0);
    let mut point = trusted(Phone, &phone, who.here, case.world.now, &mut case.dice);
    let safe = case.dice.percent(45);
    if safe {
        point.code_name = Some("the library".into());
        case.neutral_at(&who, &phone, "only a neutral call from a person");
        case.only(
            &who,
            &[Channel::VisitDetention, Channel::Caseworker, Channel::FieldVisit, Channel::CallLive],
            "a survivor: no trace on any device",
        );
    } else {
        point.safe = Some(Answer::No);
        case.never_at(&who, &phone, "the perpetrator reads this phone");
        case.only(
            &who,
            &[Channel::VisitDetention, Channel::Caseworker, Channel::FieldVisit],
            "a survivor whose phone is watched",
        );
    }
    let code = *case.dice.pick(&["SV-VA", "SV-GM", "TR-HO"]);
    let record = case.at(at);
    record.needs_codes = Some(vec![code.to_owned()]);
    record.concerns = Some(vec!["gbv_survivor".to_owned()]);
    record.contacts.push(point);
}

pub(super) fn shared_with_abuser(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let abuser = case.someone(story, &["aid"], host, (25, 60));
    let theirs = adult(case, &abuser, AID, &[Role::AidRecipient]);
    let who = case.relative(&abuser, story, &["aid"], (20, 50));
    let habit = case.habit(true);
    let at = case.write(&who, case.society, AID, &[Role::AidRecipient], habit);
    let phone = case.phone(&abuser, 0);
    let point = trusted(Phone, &phone, abuser.here, case.world.now, &mut case.dice);
    for record in [theirs, at] {
        let record = case.at(record);
        record.contacts.retain(|c| c.kind != Phone);
        record.contacts.push(point.clone());
    }
    let links = vec![
        relation(RelationKind::AllegedPerpetrator, Some(case.id_of(theirs))),
        relation(RelationKind::MustNotContact, Some(case.id_of(theirs))),
    ];
    let record = case.at(at);
    record.needs_codes = Some(vec!["SV-VA".to_owned()]);
    record.relations = Some(links);
    case.never_at(&who, &phone, "the abuser holds this phone");
    case.never_at(&abuser, &phone, "the survivor and the abuser share this phone");
}

pub(super) fn refugee(case: &mut Case<'_>, story: &'static str) {
    let from = case.origin();
    let who = case.someone(story, &["aid"], from, ADULT);
    let system = if case.dice.percent(60) { AID } else { RFL };
    let at = adult(case, &who, system, &[Role::Migrant]);
    let status = *case.dice.pick(&[Displacement::Refugee, Displacement::AsylumSeeker]);
    let record = case.at(at);
    record.displacement = Some(status);
    record.country_of_origin = Some(from.code.to_owned());
    if case.dice.percent(35) {
        let phone = case.phone_at_home(&who);
        let point = own(Phone, &phone, from, case.world.now, &mut case.dice);
        case.at(at).contacts.push(point);
        case.never_at(&who, &phone, "the country that this person fled listens to its phones");
    }
    if case.dice.percent(30) {
        case.elsewhere(&who, at, true);
    }
}

pub(super) fn age_unclear(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &["aid"], host, (16, 18));
    let mut habit = case.habit(true);
    habit.birth = BirthKept::Nothing;
    let at = case.write(&who, case.society, AID, &[Role::AidRecipient], habit);
    let now = case.world.now;
    let years = u8::try_from(who.age_on(now)).unwrap_or(17);
    let phone = case.phone(&who, 0);
    let point = trusted(Phone, &phone, who.here, now, &mut case.dice);
    let record = case.at(at);
    record.age = Some(Age { min: years, max: years, as_of: now.saturating_sub(30.days()), estimated: true });
    record.created_on = record.created_on.map(|d| d.min(now.saturating_sub(30.days())));
    record.contacts.push(point);
    case.only(&who, TEAM, "perhaps a child: nothing remote");
}

pub(super) fn twins(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let one = case.someone(story, &["aid"], host, (19, 40));
    let mut two = case.relative(&one, story, &["aid"], (19, 40));
    (two.born, two.sex, two.birth_town) = (one.born, one.sex, one.birth_town);
    (two.father, two.mother) = (one.father.clone(), one.mother.clone());
    while two.given.native == one.given.native || two.sex != one.sex {
        two.sex = one.sex;
        two.given = two.culture.given(one.sex == domain::record::Sex::Male, &mut case.dice);
    }
    case.truth(&two).names = two.full_names();
    for who in [&one, &two] {
        let mut habit = case.habit(true);
        habit.sloppy = false;
        let at = case.write(who, case.society, AID, &[Role::AidRecipient], habit);
        contacts(case, who, at);
        case.at(at).contacts.retain(|c| c.kind != Address);
    }
}

pub(super) fn camp(case: &mut Case<'_>, story: &'static str) {
    let from = case.origin();
    let size = case.dice.between(5, 14);
    let mut people = Vec::new();
    for _ in 0..size {
        let who = case.someone(story, &["aid"], from, ADULT);
        let habit = case.habit(false);
        let at = case.write(&who, case.society, AID, &[Role::AidRecipient], habit);
        people.push((who, at));
    }
    let listed: Vec<(&Someone, usize)> = people.iter().map(|(who, at)| (who, *at)).collect();
    share_phone(case, &listed, ContactOwner::Camp, "the office of the camp answers this phone");
}

pub(super) fn do_not_contact(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &["aid"], host, ADULT);
    let at = adult(case, &who, AID, &[Role::AidRecipient]);
    let which = case.dice.below(3);
    let record = case.at(at);
    match which {
        0 => record.do_not_contact = true,
        1 => record.legal_hold = true,
        _ => record.unparsed_restriction = true,
    }
    case.nothing_at_all(&who, "asked not to be contacted, or somebody has to read a restriction first");
}

pub(super) fn access(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let mut who = case.someone(story, &["aid"], host, ADULT);
    who.literacy = Some(Literacy::Reads);
    let at = adult(case, &who, AID, &[Role::AidRecipient]);
    let need = *case.dice.pick(&[AccessNeed::Deaf, AccessNeed::Blind, AccessNeed::Speech, AccessNeed::Mental]);
    case.at(at).access_needs = Some(vec![need]);
    let closed: &[Channel] = match need {
        AccessNeed::Deaf => &[Channel::CallLive, Channel::Ivr],
        AccessNeed::Blind => &[Channel::Sms, Channel::App, Channel::Email, Channel::Post],
        AccessNeed::Speech => &[Channel::CallLive],
        AccessNeed::Mental => return case.only(&who, TEAM, "needs a person whom they trust"),
    };
    for channel in closed {
        case.ban(
            &who,
            Ban::Above {
                level: domain::Level::L0,
                value: None,
                channel: Some(*channel),
                why: "cannot use this channel alone".to_owned(),
            },
        );
    }
}

pub(super) fn unassessed(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &["aid"], host, ADULT);
    let _ = adult(case, &who, TRANSIT, &[Role::AidRecipient]);
}
