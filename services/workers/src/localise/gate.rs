//! The second gate: may this attempt still be made, at which level, in which language, for whom?

use std::collections::HashMap;

use domain::{Level, Millis, PersonId};
use protection::atoms::Atom;
use protection::{Void, still_allowed};
use store::{AttemptRow, MemberRow, VoidReason};

use crate::people::Case;

/// What becomes of an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It may be sealed.
    Send(Sending),
    /// It is taken back; its persons are planned again.
    Void(VoidReason),
    /// Not before this instant.
    Wait(Millis),
}

/// How it is to be said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sending {
    /// The least that every member allows.
    pub(crate) level: Level,
    /// The language that most members share.
    pub(crate) language: String,
    /// The organisation may be named on this contact point, as far as every member goes.
    pub(crate) may_name_org: bool,
}

/// Asks protection about every member. On a shared number all must allow, and the least of their levels is said.
pub(crate) fn ask(row: &AttemptRow, cases: &HashMap<PersonId, Case>, now: Millis) -> Verdict {
    if now >= row.not_after {
        return Verdict::Void(VoidReason::Expired);
    }
    // A notification whose own step is on another channel is no reason for or against this message: its step is used
    // up, because a number gets one message a campaign.
    let concerned = |m: &&MemberRow| !m.state.is_end() && m.step.channel == row.step.channel;
    let members: Vec<&MemberRow> = row.notifications.iter().filter(concerned).collect();
    if members.is_empty() {
        return Verdict::Void(VoidReason::Closed);
    }
    let mut level = Level::L4;
    let mut wait: Option<Millis> = None;
    let mut may_name_org = true;
    for member in &members {
        let Some(case) = cases.get(&member.person) else {
            return Verdict::Void(VoidReason::FactsChanged);
        };
        match still_allowed(&member.step, &case.decision, &case.facts) {
            Ok(allowed) => {
                level = level.min(allowed.step().level);
                wait = wait.max(allowed.not_before());
                may_name_org &= names_organisation(case, member);
            }
            Err(void) => return Verdict::Void(reason(void)),
        }
    }
    match wait {
        Some(until) if until > now => Verdict::Wait(until),
        _ => Verdict::Send(Sending { level, language: common_language(&members), may_name_org }),
    }
}

const fn reason(void: Void) -> VoidReason {
    match void {
        Void::Closed | Void::Below { .. } => VoidReason::Closed,
        Void::Contact | Void::Recipient | Void::Audience | Void::Society => VoidReason::FactsChanged,
    }
}

/// Rule R21 did not fire for this contact point.
fn names_organisation(case: &Case, member: &MemberRow) -> bool {
    let Some(contact) = member.step.contact else {
        return true;
    };
    let place = case.facts.contacts().position(|c| c == contact).and_then(|at| u16::try_from(at).ok());
    let Some(place) = place else {
        return false;
    };
    let atoms = case.facts.contact(place, member.step.to);
    let strict = case.decision.flagged || case.facts.person().has(Atom::High);
    !(atoms.has(Atom::NameNo) || (strict && atoms.has(Atom::NameNotYes)))
}

/// The language of most members; of two equally common ones the bearer's, who comes first.
fn common_language(members: &[&MemberRow]) -> String {
    let count = |language: &str| members.iter().filter(|m| m.step.language == language).count();
    let mut best = members[0].step.language.as_str();
    for member in members {
        if count(&member.step.language) > count(best) {
            best = &member.step.language;
        }
    }
    best.to_owned()
}
