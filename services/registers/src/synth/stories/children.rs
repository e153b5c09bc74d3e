//! Children alone, with kin, in danger from their guardians; and those who have grown up since.

use domain::channel::ContactKind::Phone;
use domain::record::{Answer, ChildStatus, ConsentSource, ContactPoint, Role, Vital};
use jiff::ToSpan;

use super::{TEAM, ago, dated, guardian_of, of_guardian};
use crate::synth::case::Case;
use crate::synth::person::{Someone, own, trusted};
use crate::synth::truth::Ban;
use crate::synth::world::{AID, CP};

/// A child's record in the child-protection register.
fn child(
    case: &mut Case<'_>,
    story: &'static str,
    ages: (i32, i32),
    roles: &[Role],
    status: ChildStatus,
) -> (Someone, usize) {
    let host = case.host();
    let from = if case.dice.percent(50) { case.origin() } else { host };
    let who = case.someone(story, &["children"], from, ages);
    let habit = case.habit(true);
    let at = case.write(&who, case.society, CP, roles, habit);
    let record = case.at(at);
    record.child_status = Some(status);
    record.vital = dated(Vital::Alive, record.created_on.unwrap_or_default());
    record.consent.source = Some(ConsentSource::Caregiver);
    (who, at)
}

pub(super) fn unaccompanied(case: &mut Case<'_>, story: &'static str) {
    let headed = case.dice.percent(15);
    let status = if headed { ChildStatus::ChildHeaded } else { ChildStatus::Unaccompanied };
    let (who, at) = child(case, story, (6, 16), &[Role::ChildUnaccompanied], status);
    case.at(at).needs_codes = Some(vec![if headed { "SC-CH" } else { "SC-UC" }.to_owned()]);
    if case.dice.percent(40) {
        let phone = case.phone(&who, 0);
        let point = own(Phone, &phone, who.here, case.world.now, &mut case.dice);
        case.at(at).contacts.push(point);
    }
    if case.dice.percent(20) {
        case.elsewhere(&who, at, true);
    }
    case.only(&who, TEAM, "an unaccompanied child: told by a trained caseworker");
}

pub(super) fn with_kin(case: &mut Case<'_>, story: &'static str) {
    let status = *case.dice.pick(&[ChildStatus::Kin, ChildStatus::Foster, ChildStatus::Kafala]);
    let (who, at) = child(case, story, (2, 15), &[Role::ChildSeparated], status);
    let code = if status == ChildStatus::Foster { "SC-FC" } else { "SC-SC" };
    let kin = case.relative(&who, story, &["families"], (24, 60));
    let habit = case.habit(false);
    let own_file = case.write(&kin, case.society, CP, &[Role::Caregiver], habit);
    let phone = case.phone(&kin, 0);
    let point = trusted(Phone, &phone, kin.here, case.world.now, &mut case.dice);
    case.at(own_file).contacts.push(point.clone());
    let verified = case.dice.percent(70);
    let guardian = guardian_of(case, &who, Some(own_file), verified);
    let record = case.at(at);
    record.needs_codes = Some(vec![code.to_owned()]);
    record.separation_cause = Some("conflict".to_owned());
    record.relations = Some(vec![guardian]);
    record.contacts.push(of_guardian(point));
    let values = if verified { vec![phone.into()] } else { Vec::new() };
    case.ban(
        &who,
        Ban::RemoteOnlyTo { values, why: "a separated child: only a caller to its verified guardian".to_owned() },
    );
}

pub(super) fn abusive_guardian(case: &mut Case<'_>, story: &'static str) {
    let (who, at) = child(case, story, (8, 16), &[Role::ChildSeparated], ChildStatus::Kin);
    let mut guardian = guardian_of(case, &who, None, true);
    guardian.name = Some("Uncle (synthetic)".into());
    guardian.alleged_perpetrator = Some(Answer::Yes);
    let phone = case.phone(&who, 1);
    let point = trusted(Phone, &phone, who.here, case.world.now, &mut case.dice);
    let record = case.at(at);
    record.caregiver_perpetrator = Some(Answer::Yes);
    record.consent.source = Some(ConsentSource::Individual);
    record.needs_codes = Some(vec!["SC-SC".to_owned(), "SV-VA".to_owned()]);
    record.relations = Some(vec![guardian]);
    record.contacts.push(of_guardian(point));
    case.never_at(&who, &phone, "the guardian who answers is the abuser");
    case.only(&who, TEAM, "the child must be told without the abusive guardian");
}

pub(super) fn armed_group(case: &mut Case<'_>, story: &'static str) {
    let (who, at) = child(case, story, (12, 16), &[Role::ChildSeparated], ChildStatus::Separated);
    case.at(at).needs_codes = Some(vec!["CR-AF".to_owned(), "SC-SC".to_owned()]);
    case.at(at).concerns = Some(vec!["caafag".to_owned()]);
    case.only(&who, TEAM, "a child who was with an armed group: only a trained team");
}

pub(super) fn grown_up(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &["children"], host, (19, 24));
    let habit = case.habit(true);
    let at = case.write(&who, case.society, CP, &[Role::ChildSeparated], habit);
    let then = who.born.saturating_add(14.years());
    let guardian = guardian_of(case, &who, None, true);
    let old = case.phone(&who, 1);
    let mut point = of_guardian(ContactPoint::bare(Phone, &old));
    point.collected_on = Some(then);
    point.country = Some(who.here.code.to_owned());
    let record = case.at(at);
    record.created_on = Some(then);
    record.updated_on = Some(then);
    record.child_status = Some(ChildStatus::Kin);
    record.needs_codes = Some(vec!["SC-SC".to_owned()]);
    record.relations = Some(vec![guardian]);
    record.contacts.push(point);
    case.never_at(&who, &old, "an adult now: the guardian of then is not told");
    if case.dice.percent(50) {
        let habit = case.habit(true);
        let later = case.write(&who, case.society, AID, &[Role::AidRecipient], habit);
        let phone = case.phone(&who, 0);
        let point = trusted(Phone, &phone, who.here, case.world.now, &mut case.dice);
        case.at(later).contacts.push(point);
        case.at(later).created_on = Some(ago(case, 120));
        case.at(later).updated_on = Some(ago(case, 120));
        let (sex, ids) = (case.at(at).sex, case.at(at).strong_ids.clone());
        (case.at(later).sex, case.at(later).strong_ids) = (sex, ids);
    }
}
