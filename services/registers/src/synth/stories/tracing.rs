//! People who are missing, those who look for them, family messages, the bereaved.

use domain::Channel;
use domain::channel::ContactKind::Phone;
use domain::record::{Answer, ConsentSource, ContactPoint, Dated, RelationKind, Role, Vital, Whereabouts};

use super::{ADULT, TEAM, adult, ago, dated};
use crate::synth::case::{Case, relation};
use crate::synth::person::{Someone, trusted};
use crate::synth::world::RFL;

/// An enquirer and the relative who is looked for; the story gives the sought person's fate.
fn search(case: &mut Case<'_>, story: &'static str) -> (Someone, Someone, usize) {
    let host = case.host();
    let enquirer = case.someone(story, &["families"], host, ADULT);
    let asked = adult(case, &enquirer, RFL, &[Role::Enquirer]);
    let mut sought = case.relative(&enquirer, story, &["missing"], (19, 70));
    sought.here = if case.dice.percent(50) { host } else { case.origin() };
    let habit = case.habit(true);
    let file = case.write(&sought, case.society, RFL, &[Role::Sought], habit);
    let case_id: domain::record::Text = format!("CASE-{:07}", enquirer.number).into();
    for at in [asked, file] {
        case.at(at).case_id = Some(case_id.clone());
    }
    let link = relation(RelationKind::EnquirerOf, Some(case.id_of(file)));
    case.at(asked).relations = Some(vec![link]);
    if case.dice.percent(20) {
        case.elsewhere(&enquirer, asked, false);
    }
    case.never_names(&enquirer, &sought, "a notice is not news about the missing relative");
    case.never_names(&sought, &enquirer, "the sought person never learns from a notice who is looking");
    (enquirer, sought, file)
}

pub(super) fn not_located(case: &mut Case<'_>, story: &'static str) {
    let (_, sought, file) = search(case, story);
    let since = case.dice.between(100, 3_000);
    let on = ago(case, since).max(case.records[file].1.created_on.unwrap_or(case.world.now));
    let known = case.dice.percent(60);
    let record = case.at(file);
    record.whereabouts = if known { dated(Whereabouts::NotLocated, on) } else { None };
    record.vital = None;
    if case.dice.percent(40) {
        // The number that the family gave.
        let phone = case.phone(&sought, 0);
        case.at(file).contacts.push(bare_phone(&sought, &phone));
    }
    case.nothing_at_all(&sought, "nobody has found this person: whoever answers is somebody else");
}

pub(super) fn located(case: &mut Case<'_>, story: &'static str) {
    let (_, sought, file) = search(case, story);
    let days = case.dice.between(20, 300);
    let on = ago(case, days);
    let now = case.world.now;
    let phone = case.phone(&sought, 0);
    let mut point = trusted(Phone, &phone, sought.here, now, &mut case.dice);
    let safe = case.dice.percent(50);
    if !safe {
        (point.safe, point.safe_confirmed_on) = (None, None);
    }
    let record = case.at(file);
    record.created_on = record.created_on.map(|d| d.min(on));
    record.updated_on = Some(on);
    record.vital = dated(Vital::Alive, on);
    record.whereabouts = dated(Whereabouts::Located, on);
    record.consent.source = Some(ConsentSource::Individual);
    record.consent.whereabouts_sharing = Some(Answer::No);
    record.contacts.push(point);
    let mut channels = TEAM.to_vec();
    if safe {
        channels.push(Channel::CallLive);
        case.neutral_at(&sought, &phone, "was found and has not agreed to more than a neutral call");
    }
    case.only(&sought, &channels, "was found and wants to be told in person");
}

pub(super) fn fate(case: &mut Case<'_>, story: &'static str) {
    let (_, sought, file) = search(case, story);
    let days = case.dice.between(30, 900);
    let on = ago(case, days).max(case.records[file].1.created_on.unwrap_or(case.world.now));
    let which = case.dice.below(3);
    let phone = case.phone(&sought, 0);
    let record = case.at(file);
    record.vital = match which {
        0 => dated(Vital::Dead, on),
        1 => dated(Vital::BelievedDead, on),
        _ => None,
    };
    record.whereabouts = (which == 0).then_some(Dated { value: Whereabouts::Located, as_of: Some(on) });
    record.contacts.push(bare_phone(&sought, &phone));
    case.nothing_at_all(&sought, "dead, or feared dead: a notice would be the first news");
}

pub(super) fn one_phone(case: &mut Case<'_>, story: &'static str) {
    let (enquirer, sought, file) = search(case, story);
    let on = ago(case, 40);
    let phone = case.phone(&enquirer, 0);
    let now = case.world.now;
    let asked = 0;
    let point = trusted(Phone, &phone, enquirer.here, now, &mut case.dice);
    for at in [asked, file] {
        let record = case.at(at);
        record.contacts.retain(|c| c.kind != Phone);
        record.contacts.push(point.clone());
    }
    let record = case.at(file);
    record.created_on = record.created_on.map(|d| d.min(on));
    record.updated_on = Some(on);
    record.vital = dated(Vital::Alive, on);
    record.whereabouts = dated(Whereabouts::Located, on);
    for who in [&enquirer, &sought] {
        case.never_at(who, &phone, "one phone for the one who looks and the one who hides");
    }
    case.only(&sought, TEAM, "was found and wants to be told in person");
}

pub(super) fn messages(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let sender = case.someone(story, &["families"], host, ADULT);
    let at = adult(case, &sender, RFL, &[Role::RcmSender]);
    if case.dice.percent(25) {
        case.elsewhere(&sender, at, false);
    }
    let addressee = case.relative(&sender, story, &["families"], ADULT);
    let _ = adult(case, &addressee, RFL, &[Role::RcmAddressee]);
}

pub(super) fn bereaved(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &["families"], host, ADULT);
    let _ = adult(case, &who, RFL, &[Role::Bereaved]);
    let gone = case.relative(&who, story, &["missing"], (20, 80));
    let habit = case.habit(true);
    let at = case.write(&gone, case.society, RFL, &[Role::AidRecipient], habit);
    let on = case.records[at].1.created_on.unwrap_or(case.world.now);
    let phone = case.phone(&gone, 0);
    let record = case.at(at);
    record.vital = dated(Vital::Dead, on);
    record.contacts.push(bare_phone(&gone, &phone));
    case.nothing_at_all(&gone, "has died: no letter to the dead");
    case.never_names(&who, &gone, "a notice does not speak of the dead");
}

/// A number of which nothing is known but its country.
fn bare_phone(who: &Someone, number: &str) -> ContactPoint {
    let mut point = ContactPoint::bare(Phone, number);
    point.country = Some(who.here.code.to_owned());
    point
}
