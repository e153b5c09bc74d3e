//! From a decision to ordered steps through one notifying Society, or to a hold.

use domain::channel::Recipient;
use domain::decision::{Decision, OpenRoute, Reason, RuleId};
use domain::manifest::Step;
use domain::society::{Offer, Society};
use domain::{Audience, Channel, Level, Millis, NoticeKind, SocietyCode};

use crate::facts::Facts;
use crate::offers::{Offers, speaks};
use crate::words;

/// Days after which a held person comes up again.
pub const REVIEW_DAYS: i64 = 30;

/// What planning needs besides the decision.
pub struct Planning<'a> {
    /// Societies that may notify: those that hold the person's records, and the ICRC for detention visits.
    pub societies: &'a [Society],
    /// Approved words, speakers, recordings.
    pub offers: &'a Offers,
    /// Steps that were tried and will not be tried again.
    pub tried: &'a [Step],
    /// The notice is a follow-up.
    pub follow_up: bool,
    /// Instant.
    pub now: Millis,
}

/// What becomes of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Ordered steps.
    Plan(Plan),
    /// No step is open: somebody must do something first.
    Held(Held),
}

/// Ordered steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which they are tried, all through one Society.
    pub steps: Vec<Step>,
    /// Earliest instant of each step, where it waits.
    pub waits: Vec<Option<Millis>>,
    /// The first step waits until then.
    pub waits_until: Option<Millis>,
    /// By time alone nothing changes before this instant; then the person is decided again.
    pub valid_until: Millis,
}

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Questions, each with an owner.
    pub reasons: Vec<Reason>,
    /// Comes up again.
    pub review_at: Millis,
}

/// Plans one person: open routes that one Society offers, in its order, in person last.
#[must_use]
pub fn plan(decision: &Decision, facts: &Facts, planning: &Planning<'_>) -> Outcome {
    let best = planning
        .societies
        .iter()
        .filter_map(|society| candidate(decision, facts, society, planning))
        .min_by(|a, b| a.rank().cmp(&b.rank()));
    let review_at = planning.now.plus(REVIEW_DAYS * Millis::DAY);
    let Some(best) = best else {
        let reasons = held_reasons(decision, facts, planning.offers);
        return Outcome::Held(Held { reasons, review_at });
    };
    let (steps, waits): (Vec<_>, Vec<_>) = best.steps.into_iter().unzip();
    Outcome::Plan(Plan {
        waits_until: waits.first().copied().flatten(),
        steps,
        waits,
        valid_until: facts.valid_until().min(review_at),
    })
}

/// R27 in planning: nothing offered and untried. Its reason counts where no other stands, where the remote routes
/// were lost, and always for a detained person: only the detention coordinator can get access.
fn held_reasons(decision: &Decision, facts: &Facts, offers: &Offers) -> Vec<Reason> {
    let mut reasons = decision.reasons.clone();
    let detained = decision.rules.contains(&RuleId::R03);
    if !decision.held() && (reasons.is_empty() || detained || crate::engine::remote_lost(facts, offers)) {
        let reason = crate::engine::nobody_reaches(&decision.rules);
        if let Err(place) = reasons.binary_search(&reason) {
            reasons.insert(place, reason);
        }
    }
    reasons
}

/// What one Society could do.
struct Offered {
    steps: Vec<(Step, Option<Millis>)>,
    last_contact: Option<jiff::civil::Date>,
    code: SocietyCode,
    /// Holds none of the person's records: only for visits, and only where no holder can.
    outsider: bool,
}

impl Offered {
    /// Safest step first, then most recent contact, then code.
    fn rank(&self) -> (bool, Option<Channel>, std::cmp::Reverse<Option<jiff::civil::Date>>, &SocietyCode) {
        (self.outsider, self.steps.first().map(|(s, _)| s.channel), std::cmp::Reverse(self.last_contact), &self.code)
    }
}

fn candidate(decision: &Decision, facts: &Facts, society: &Society, planning: &Planning<'_>) -> Option<Offered> {
    let holds = || facts.records.iter().filter(|r| r.society == society.code);
    let outsider = holds().next().is_none();
    if outsider && society.code.as_str() != "ICRC" {
        return None;
    }
    let mut steps = Vec::new();
    for in_person in [false, true] {
        for offer in society.offers.iter().filter(|o| o.channel.is_in_person() == in_person) {
            for route in decision.routes.iter().filter(|r| r.level > Level::L0 && r.route.channel == offer.channel) {
                if (!outsider || offer.channel == Channel::VisitDetention)
                    && let Some(step) = step(decision, facts, society, offer, route, planning)
                    && !planning
                        .tried
                        .iter()
                        .any(|t| (t.to, t.channel, t.contact) == (step.to, step.channel, step.contact))
                {
                    steps.push((step, route.waits_until));
                }
            }
        }
    }
    if steps.is_empty() {
        return None;
    }
    Some(Offered {
        steps,
        last_contact: holds().filter_map(|r| r.last_contact).max(),
        code: society.code.clone(),
        outsider,
    })
}

fn step(
    decision: &Decision,
    facts: &Facts,
    society: &Society,
    offer: &Offer,
    open: &OpenRoute,
    planning: &Planning<'_>,
) -> Option<Step> {
    let route = open.route;
    if !may_offer(decision, facts, society, offer, open) {
        return None;
    }
    let audience = if route.to == Recipient::Person { decision.audience } else { Audience::Guardian };
    let level = open.level.min(offer.up_to.unwrap_or(Level::L4));
    let recipient = crate::facts::recipient_index(route.to);
    let wishes = &facts.recipients.get(recipient)?.languages;
    let language = if route.channel.is_in_person() {
        let spoken = wishes.iter().filter(|w| words::suits(w, route.channel));
        let shared = spoken.clone().find_map(|w| speaks(&offer.languages, &w.tag).cloned());
        // the team finds an interpreter
        shared.or_else(|| spoken.map(|w| w.tag.clone()).next()).unwrap_or_else(|| "und".to_owned())
    } else {
        let at = (recipient, usize::from(route.contact?));
        words::language(facts, at, route.channel, audience, level, planning.offers)?.to_owned()
    };
    Some(Step {
        to: route.to,
        channel: route.channel,
        contact: route.contact.and_then(|c| facts.contacts.get(usize::from(c))).map(|c| c.reference),
        kind: kind(audience, level, planning.follow_up),
        audience,
        level,
        form: route.channel.form(),
        language,
        society: society.code.clone(),
    })
}

fn may_offer(decision: &Decision, facts: &Facts, society: &Society, offer: &Offer, open: &OpenRoute) -> bool {
    let route = open.route;
    // in person there is nothing neutral to say: who stands at the door says why
    let least = if route.channel.is_in_person() { Level::L3 } else { Level::L2 };
    if open.level.min(offer.up_to.unwrap_or(Level::L4)) < least {
        return false;
    }
    if route.contact.is_some_and(|c| facts.holder(c) != Some(&society.code)) {
        return false;
    }
    // R04, R15: a team that meets a child is trained in child protection
    let trained = offer.child_protection || !decision.rules.contains(&RuleId::R15);
    match route.channel {
        Channel::VisitDetention => {
            let access = society.detention_access || society.code.as_str() == "ICRC";
            decision.rules.contains(&RuleId::R03) && access && trained
        }
        Channel::Caseworker => trained,
        _ => true,
    }
}

fn kind(audience: Audience, level: Level, follow_up: bool) -> NoticeKind {
    match (level, audience) {
        (Level::L2, _) => NoticeKind::CallBack,
        (_, _) if follow_up => NoticeKind::FollowUp,
        (_, Audience::Staff) => NoticeKind::StaffCredentials,
        (_, Audience::Partner) => NoticeKind::Partner,
        _ => NoticeKind::Initial,
    }
}
