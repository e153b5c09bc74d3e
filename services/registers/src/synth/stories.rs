//! The stories: who these people are, what the registers know, and what must never happen to them.

use domain::Channel;
use domain::channel::ContactKind::{Address, Email, Phone};
use domain::incident::{Certainty, DataCategory};
use domain::record::{
    AccessNeed, Answer, ChildAgrees, ChildStatus, ConsentSource, ContactOwner, Dated, DetentionMarker, Displacement,
    Exposure, Liberty, Literacy, Relation, RelationKind, Role, Vital, Whereabouts,
};
use domain::record::{Age, ContactPoint};
use jiff::ToSpan;
use jiff::civil::Date;

use super::case::{Case, relation};
use super::person::{BirthKept, Habit, Someone, own, trusted};
use super::world::{AID, CP, PEOPLE, RFL, TRANSIT};

/// A story: name, share of the cases in 1,000, what it does.
pub(super) type Story = (&'static str, u32, fn(&mut Case<'_>, &'static str));

/// Every story. The first round of cases tells each once, so that a small population holds all of them.
pub(super) const STORIES: &[Story] = &[
    ("household", 250, household),
    ("aid recipient", 230, single),
    ("missing, not located", 70, not_located),
    ("missing, located", 35, located),
    ("missing, dead or fate unknown", 20, fate),
    ("enquirer and sought on one phone", 6, one_phone),
    ("family messages", 80, messages),
    ("unaccompanied child", 25, unaccompanied),
    ("child with kin", 22, with_kin),
    ("child of an abusive guardian", 6, abusive_guardian),
    ("child of an armed group", 4, armed_group),
    ("detainee and family", 35, detainee),
    ("arrested again", 5, arrested_again),
    ("released detainee", 22, released),
    ("release never confirmed", 8, release_unknown),
    ("survivor of violence", 16, survivor),
    ("abuser on the same phone", 4, shared_with_abuser),
    ("refugee", 60, refugee),
    ("bereaved", 14, bereaved),
    ("staff", 7, staff),
    ("volunteer", 8, volunteer),
    ("partner office", 3, partner),
    ("child who became an adult", 12, grown_up),
    ("age unclear", 8, age_unclear),
    ("twins", 6, twins),
    ("camp phone", 12, camp),
    ("do not contact", 7, do_not_contact),
    ("access needs", 14, access),
    ("register nobody assessed", 6, unassessed),
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
                super::truth::Ban::Above {
                    level: domain::Level::L0,
                    value: None,
                    channel: Some(channel),
                    why: why.to_owned(),
                },
            );
        }
    }
}

fn household(case: &mut Case<'_>, story: &'static str) {
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
        case.ban(&child, super::truth::Ban::RemoteOnlyTo { values, why: why.to_owned() });
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
        link.languages = vec![domain::record::LanguageWish { tag: tag.to_owned(), mode: None }];
    }
    link
}

/// A guardian's own phone in the child's record; the first relation is that guardian.
fn of_guardian(mut point: ContactPoint) -> ContactPoint {
    point.owner = Some(ContactOwner::Guardian);
    point.guardian = Some(0);
    point
}

fn single(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &["aid"], host, ADULT);
    let first = adult(case, &who, AID, &[Role::AidRecipient]);
    for _ in 0..2 {
        if case.dice.percent(22) {
            case.elsewhere(&who, first, false);
        }
    }
}

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

fn not_located(case: &mut Case<'_>, story: &'static str) {
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
        case.at(file).contacts.push(ContactPoint::bare(Phone, &phone));
    }
    case.nothing_at_all(&sought, "nobody has found this person: whoever answers is somebody else");
}

fn located(case: &mut Case<'_>, story: &'static str) {
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

fn fate(case: &mut Case<'_>, story: &'static str) {
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
    record.contacts.push(ContactPoint::bare(Phone, &phone));
    case.nothing_at_all(&sought, "dead, or feared dead: a notice would be the first news");
}

fn one_phone(case: &mut Case<'_>, story: &'static str) {
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

fn messages(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let sender = case.someone(story, &["families"], host, ADULT);
    let at = adult(case, &sender, RFL, &[Role::RcmSender]);
    if case.dice.percent(25) {
        case.elsewhere(&sender, at, false);
    }
    let addressee = case.relative(&sender, story, &["families"], ADULT);
    let _ = adult(case, &addressee, RFL, &[Role::RcmAddressee]);
}

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

fn unaccompanied(case: &mut Case<'_>, story: &'static str) {
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

fn with_kin(case: &mut Case<'_>, story: &'static str) {
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
        super::truth::Ban::RemoteOnlyTo {
            values,
            why: "a separated child: only a caller to its verified guardian".to_owned(),
        },
    );
}

fn abusive_guardian(case: &mut Case<'_>, story: &'static str) {
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

fn armed_group(case: &mut Case<'_>, story: &'static str) {
    let (who, at) = child(case, story, (12, 16), &[Role::ChildSeparated], ChildStatus::Separated);
    case.at(at).needs_codes = Some(vec!["CR-AF".to_owned(), "SC-SC".to_owned()]);
    case.at(at).concerns = Some(vec!["caafag".to_owned()]);
    case.only(&who, TEAM, "a child who was with an armed group: only a trained team");
}

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

fn detainee(case: &mut Case<'_>, story: &'static str) {
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

fn arrested_again(case: &mut Case<'_>, story: &'static str) {
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

fn released(case: &mut Case<'_>, story: &'static str) {
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
    case.ban(
        &who,
        super::truth::Ban::DetentionWords {
            why: "free again: no remote word tells others of the detention".to_owned(),
        },
    );
}

fn release_unknown(case: &mut Case<'_>, story: &'static str) {
    let (who, at, _) = visited(case, story, &[Role::ExDetainee]);
    let undated = case.dice.percent(50);
    let phone = case.phone(&who, 0);
    let point = own(Phone, &phone, who.here, case.world.now, &mut case.dice);
    let record = case.at(at);
    record.liberty = undated.then_some(Dated { value: Liberty::ReleasedConfirmed, as_of: None });
    record.contacts.push(point);
    case.only(&who, &[Channel::VisitDetention], "nobody knows for sure that this person is free");
}

fn survivor(case: &mut Case<'_>, story: &'static str) {
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

fn shared_with_abuser(case: &mut Case<'_>, story: &'static str) {
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

fn refugee(case: &mut Case<'_>, story: &'static str) {
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

fn bereaved(case: &mut Case<'_>, story: &'static str) {
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
    record.contacts.push(ContactPoint::bare(Phone, &phone));
    case.nothing_at_all(&gone, "has died: no letter to the dead");
    case.never_names(&who, &gone, "a notice does not speak of the dead");
}

fn staff(case: &mut Case<'_>, story: &'static str) {
    login(case, story, Role::Staff);
}

fn volunteer(case: &mut Case<'_>, story: &'static str) {
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
            super::truth::Ban::Above {
                level: domain::Level::L0,
                value: None,
                channel: Some(channel),
                why: why.to_owned(),
            },
        );
    }
}

fn partner(case: &mut Case<'_>, story: &'static str) {
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

fn grown_up(case: &mut Case<'_>, story: &'static str) {
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

fn age_unclear(case: &mut Case<'_>, story: &'static str) {
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

fn twins(case: &mut Case<'_>, story: &'static str) {
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

fn camp(case: &mut Case<'_>, story: &'static str) {
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

fn do_not_contact(case: &mut Case<'_>, story: &'static str) {
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

fn access(case: &mut Case<'_>, story: &'static str) {
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
            super::truth::Ban::Above {
                level: domain::Level::L0,
                value: None,
                channel: Some(*channel),
                why: "cannot use this channel alone".to_owned(),
            },
        );
    }
}

fn unassessed(case: &mut Case<'_>, story: &'static str) {
    let host = case.host();
    let who = case.someone(story, &["aid"], host, ADULT);
    let _ = adult(case, &who, TRANSIT, &[Role::AidRecipient]);
}
