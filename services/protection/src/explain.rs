//! A decision in words that a caseworker understands.

use std::fmt;

use domain::channel::Recipient;
use domain::decision::{Decision, Owner, Reason, RuleId};
use domain::{Audience, Channel, Level};
use serde::Serialize;

use crate::atoms::Atoms;
use crate::facts::Facts;
use crate::rules::RULES;

/// Why one person is told so much, or is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Who is spoken to.
    pub audience: Audience,
    /// No route is open.
    pub held: bool,
    /// Open routes, in words.
    pub open: Vec<String>,
    /// Number of closed routes.
    pub closed: usize,
    /// Rules that fired.
    pub rules: Vec<FiredRule>,
    /// Questions and who answers them.
    pub questions: Vec<Question>,
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FiredRule {
    /// Id.
    pub id: RuleId,
    /// The facts that it found.
    pub because: Vec<&'static str>,
    /// What it does.
    pub effect: &'static str,
}

/// A question with an owner and an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Reason.
    pub reason: Reason,
    /// Who answers.
    pub owner: Owner,
    /// What ends it.
    pub ends_with: &'static str,
}

/// Explains a decision.
#[must_use]
pub fn explain(decision: &Decision, facts: &Facts) -> Explanation {
    let known = everything(facts);
    let open = decision.routes.iter().filter(|r| r.level > Level::L0);
    let fired = |id: &RuleId| {
        let rule = RULES.iter().find(|rule| rule.id == *id);
        FiredRule {
            id: *id,
            because: rule
                .map(|_| crate::lift::reads(*id).common(known).iter().map(|a| a.words()).collect())
                .unwrap_or_default(),
            effect: rule.map_or("", |rule| rule.effect),
        }
    };
    Explanation {
        audience: decision.audience,
        held: decision.held(),
        open: open.clone().map(in_words).collect(),
        closed: decision.routes.len() - open.count(),
        rules: decision.rules.iter().map(fired).collect(),
        questions: decision
            .reasons
            .iter()
            .map(|reason| Question { reason: *reason, owner: reason.owner(), ends_with: ends_with(*reason) })
            .collect(),
    }
}

/// Every atom of the person, the recipients and the contact points.
fn everything(facts: &Facts) -> Atoms {
    let mut all = facts.person;
    for (index, recipient) in facts.recipients.iter().enumerate() {
        all = all.and(recipient.atoms);
        for contact in &facts.contacts {
            all = all.and(facts.contact_atoms(contact, crate::engine::recipient_at(index), &facts.around()));
        }
    }
    all
}

fn in_words(open: &domain::decision::OpenRoute) -> String {
    let to = match open.route.to {
        Recipient::Person => "the person".to_owned(),
        Recipient::Guardian(index) => format!("guardian {}", index + 1),
    };
    let place = open.route.contact.map_or_else(String::new, |c| format!(" at contact point {}", c + 1));
    let wait = open
        .waits_until
        .and_then(domain::Millis::timestamp)
        .map_or_else(String::new, |at| format!(", not before {at}"));
    format!("{to}, {}{place}: {}{wait}", channel_in_words(open.route.channel), level_in_words(open.level))
}

const fn channel_in_words(channel: Channel) -> &'static str {
    match channel {
        Channel::VisitDetention => "in a private interview where they are held",
        Channel::Caseworker => "in person by a caseworker",
        Channel::FieldVisit => "in person by a trained team",
        Channel::CallLive => "by a caller who checks identity and privacy first",
        Channel::Post => "by letter",
        Channel::Email => "by e-mail",
        Channel::App => "by messaging application",
        Channel::Sms => "by text message",
        Channel::Ivr => "by recorded voice",
    }
}

const fn level_in_words(level: Level) -> &'static str {
    match level {
        Level::L0 => "nothing",
        Level::L1 => "an opaque task",
        Level::L2 => "a neutral request to call back, no more (L2)",
        Level::L3 => "the general notice of the incident (L3)",
        Level::L4 => "the person's own data and case, in private (L4)",
    }
}

/// What ends a question.
#[must_use]
pub const fn ends_with(reason: Reason) -> &'static str {
    match reason {
        Reason::Review => "text or code resolved; do-not-contact: only by the person",
        Reason::Deceased | Reason::FateUnknown | Reason::NotLocated => {
            "status corrected; withdrawn (kin are persons of their own); group decision"
        }
        Reason::NoAccess => "access, dated release, other mandated team",
        Reason::BestInterests | Reason::Guardian => "told; refused as unsafe; guardian verified",
        Reason::Consent | Reason::SafeContact | Reason::Exposure => "told in person; safe facts recorded",
        Reason::Age | Reason::Reverify => "fact recorded, with evidence",
        Reason::Context => "assessment signed",
        Reason::Dedupe => "decided",
        Reason::Language | Reason::Access => "words approved, interpreter offered",
        Reason::Unreachable => "new contact, transfer, group decision on a public notice",
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Spoken to as: {}", self.audience)?;
        if self.held {
            writeln!(f, "Held: no route is open.")?;
        } else {
            writeln!(f, "May be told ({} more routes are closed):", self.closed)?;
            self.open.iter().try_for_each(|open| writeln!(f, "  - {open}"))?;
        }
        for rule in &self.rules {
            let because =
                if rule.because.is_empty() { String::new() } else { format!(": {}", rule.because.join("; ")) };
            writeln!(f, "{}{because}\n     → {}", rule.id, rule.effect)?;
        }
        for question in &self.questions {
            writeln!(f, "Question {} for {}; ends with: {}", question.reason, question.owner, question.ends_with)?;
        }
        Ok(())
    }
}
