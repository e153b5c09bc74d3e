//! The stories: who these people are, what the registers know, and what must never happen to them.

mod aid;
mod children;
mod detention;
mod people;
mod tracing;

use domain::Channel;
use domain::channel::ContactKind::{Address, Email, Phone};
use domain::record::{
    Answer, ChildAgrees, ContactOwner, ContactPoint, Dated, LanguageWish, Liberty, Literacy, Relation, RelationKind,
    Role, Vital,
};
use jiff::ToSpan;
use jiff::civil::Date;

use super::case::{Case, relation};
use super::person::{Someone, own};
use super::truth::Ban;

/// A story: name, share of the cases in 1,000, what it does.
pub(super) type Story = (&'static str, u32, fn(&mut Case<'_>, &'static str));

/// Every story. The first round of cases tells each once, so that a small population holds all of them.
pub(super) const STORIES: &[Story] = &[
    ("household", 250, aid::household),
    ("aid recipient", 230, aid::single),
    ("missing, not located", 70, tracing::not_located),
    ("missing, located", 35, tracing::located),
    ("missing, dead or fate unknown", 20, tracing::fate),
    ("enquirer and sought on one phone", 6, tracing::one_phone),
    ("family messages", 80, tracing::messages),
    ("unaccompanied child", 25, children::unaccompanied),
    ("child with kin", 22, children::with_kin),
    ("child of an abusive guardian", 6, children::abusive_guardian),
    ("child of an armed group", 4, children::armed_group),
    ("detainee and family", 35, detention::detainee),
    ("arrested again", 5, detention::arrested_again),
    ("released detainee", 22, detention::released),
    ("release never confirmed", 8, detention::release_unknown),
    ("survivor of violence", 16, aid::survivor),
    ("abuser on the same phone", 4, aid::shared_with_abuser),
    ("refugee", 60, aid::refugee),
    ("bereaved", 14, tracing::bereaved),
    ("staff", 7, people::staff),
    ("volunteer", 8, people::volunteer),
    ("partner office", 3, people::partner),
    ("child who became an adult", 12, children::grown_up),
    ("age unclear", 8, aid::age_unclear),
    ("twins", 6, aid::twins),
    ("camp phone", 12, aid::camp),
    ("do not contact", 7, aid::do_not_contact),
    ("access needs", 14, aid::access),
    ("register nobody assessed", 6, aid::unassessed),
];

const TEAM: &[Channel] = &[Channel::VisitDetention, Channel::Caseworker];
const ADULT: (i32, i32) = (19, 78);

fn dated<T>(value: T, on: Date) -> Option<Dated<T>> {
    Some(Dated { value, as_of: Some(on) })
}

/// Days before the campaign.
fn ago(case: &Case<'_>, days: i32) -> Date {
    case.world.now.saturating_sub(days.days())
}

/// An adult with an ordinary record and own contact points.
fn adult(case: &mut Case<'_>, who: &Someone, system: usize, roles: &[Role]) -> usize {
    let habit = case.habit(false);
    let at = case.write(who, case.society, system, roles, habit);
    contacts(case, who, at);
    at
}

fn contacts(case: &mut Case<'_>, who: &Someone, at: usize) {
    let now = case.world.now;
    if case.dice.percent(88) {
        let phone = case.phone(who, 0);
        let point = own(Phone, &phone, who.here, now, &mut case.dice);
        case.at(at).contacts.push(point);
    }
    if case.dice.percent(16) {
        let email = case.email(who);
        let point = own(Email, &email, who.here, now, &mut case.dice);
        case.at(at).contacts.push(point);
    }
    if case.dice.percent(30) {
        let mut point = own(Address, &who.address(), who.here, now, &mut case.dice);
        let moved = case.dice.between(400, 3_000);
        point.address_changed_on = case.dice.percent(70).then(|| ago(case, moved + 2_600));
        point.relation_changed_on = point.address_changed_on;
        case.at(at).contacts.push(point);
    }
    if case.at(at).literacy == Some(Literacy::Cannot) {
        let why = "cannot read: somebody else would read it out";
        for channel in [Channel::Sms, Channel::App, Channel::Email, Channel::Post] {
            case.ban(
                who,
                Ban::Above { level: domain::Level::L0, value: None, channel: Some(channel), why: why.to_owned() },
            );
        }
    }
}

fn guardian_of(case: &mut Case<'_>, child: &Someone, record: Option<usize>, verified: bool) -> Relation {
    let mut link = relation(RelationKind::Guardian, record.map(|r| case.id_of(r)));
    let now = case.world.now;
    link.since = Some(child.born.saturating_add(1.day()).min(now));
    if verified {
        let days = case.dice.between(20, 700);
        link.authority = Some("Court of first instance (synthetic)".into());
        link.verified_by = Some("Caseworker one (synthetic)".into());
        link.verified_on = Some(ago(case, days).max(child.born.saturating_add(2.days())).min(now));
        link.alleged_perpetrator = Some(Answer::No);
        link.vital = Some(Vital::Alive);
        link.liberty = Some(Liberty::Free);
        link.needs_codes = Some(Vec::new());
        link.child_agrees = Some(if child.age_on(now) < 7 { ChildAgrees::TooYoung } else { ChildAgrees::Yes });
        let tag = child.culture.languages[child.language % child.culture.languages.len()];
        link.languages = vec![LanguageWish { tag: tag.to_owned(), mode: None }];
    }
    link
}

/// A guardian's own phone in the child's record; the first relation is that guardian.
fn of_guardian(mut point: ContactPoint) -> ContactPoint {
    point.owner = Some(ContactOwner::Guardian);
    point.guardian = Some(0);
    point
}
