//! Detainees, those who were released, and those of whom nobody knows.

use domain::Channel;
use domain::channel::ContactKind::Phone;
use domain::incident::{Certainty, DataCategory};
use domain::record::{Dated, DetentionMarker, Exposure, Liberty, RelationKind, Role, Vital};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{ADULT, adult, ago, dated};
use crate::synth::case::{Case, relation};
use crate::synth::person::{Someone, own, trusted};
use crate::synth::truth::Ban;
use crate::synth::world::RFL;

/// Somebody whom the ICRC visited in detention, with a family who looks after the file.
fn visited(case: &mut Case<'_>, story: &'static str, roles: &[Role]) -> (Someone, usize, Date) {
    let host = case.host();
    let who = case.someone(story, &["detainees"], host, (19, 60));
    let habit = case.habit(true);
    let icrc = case.world.hosts.len();
    let at = case.write(&who, icrc, RFL, roles, habit);
    let days = case.dice.between(200, 2_000);
    let on = ago(case, days);
    let record = case.at(at);
    record.created_on = record.created_on.map(|d| d.min(on));
    record.detention_markers = Some(vec![DetentionMarker { on: Some(on) }]);
    record.vital = dated(Vital::Alive, on);
    (who, at, on)
}

pub(super) fn detainee(case: &mut Case<'_>, story: &'static str) {
    let (who, at, on) = visited(case, story, &[Role::Detainee]);
    let record = case.at(at);
    record.liberty = dated(Liberty::Detained, on);
    record.detention_place = Some("PLACE-0042".into());
    record.needs_codes = Some(vec!["LP-DA".to_owned()]);
    let phone = case.phone(&who, 0);
    let point = own(Phone, &phone, who.here, case.world.now, &mut case.dice);
    case.at(at).contacts.push(point);
    if case.dice.percent(25) {
        case.elsewhere(&who, at, true);
    }
    case.only(&who, &[Channel::VisitDetention], "in custody: every other word is read or heard by the guards");
    let family = case.relative(&who, story, &["families"], ADULT);
    let file = adult(case, &family, RFL, &[Role::FamilyOfDetainee]);
    let link = relation(RelationKind::Family, None);
    case.at(file).relations = Some(vec![link]);
    case.never_names(&family, &who, "a relative's notice does not reveal the detention");
}

pub(super) fn arrested_again(case: &mut Case<'_>, story: &'static str) {
    let (who, at, on) = visited(case, story, &[Role::ExDetainee]);
    let phone = case.phone(&who, 0);
    let point = trusted(Phone, &phone, who.here, case.world.now, &mut case.dice);
    let again = ago(case, 30);
    let record = case.at(at);
    record.liberty = dated(Liberty::ReleasedConfirmed, on.saturating_add(100.days()));
    record.detention_markers = Some(vec![DetentionMarker { on: Some(on) }, DetentionMarker { on: Some(again) }]);
    record.updated_on = Some(again);
    record.contacts.push(point);
    case.only(&who, &[Channel::VisitDetention], "was arrested again after the release");
}

pub(super) fn released(case: &mut Case<'_>, story: &'static str) {
    let (who, at, on) = visited(case, story, &[Role::ExDetainee]);
    let phone = case.phone(&who, 0);
    let point = trusted(Phone, &phone, who.here, case.world.now, &mut case.dice);
    let after = case.dice.between(20, 150);
    let record = case.at(at);
    record.liberty = dated(Liberty::ReleasedConfirmed, on.saturating_add(after.days()));
    record.contacts.push(point);
    record.exposure.push(Exposure {
        category: DataCategory::Documents,
        certainty: Certainty::Possible,
        intrusion: Some(1),
    });
    if case.dice.percent(25) {
        case.elsewhere(&who, at, true);
    }
    case.ban(&who, Ban::DetentionWords { why: "free again: no remote word tells others of the detention".to_owned() });
}

pub(super) fn release_unknown(case: &mut Case<'_>, story: &'static str) {
    let (who, at, _) = visited(case, story, &[Role::ExDetainee]);
    let undated = case.dice.percent(50);
    let phone = case.phone(&who, 0);
    let point = own(Phone, &phone, who.here, case.world.now, &mut case.dice);
    let record = case.at(at);
    record.liberty = undated.then_some(Dated { value: Liberty::ReleasedConfirmed, as_of: None });
    record.contacts.push(point);
    case.only(&who, &[Channel::VisitDetention], "nobody knows for sure that this person is free");
}
