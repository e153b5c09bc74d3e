//! The decision: every rule asked once, minimum per route, union of reasons.

use domain::channel::Recipient;
use domain::decision::{Decision, OpenRoute, Reason, Route, RuleId};
use domain::{Audience, Channel, Level, Millis};

use crate::atoms::{Atom, Atoms};
use crate::audience::audience;
use crate::effect::Special;
use crate::facts::{Around, Facts};
use crate::offers::Offers;
use crate::pass::Pass;
use crate::policy::{POLICY, Policy, channels_of};
use crate::waits;

/// Decides what may be told to whom, by which channel.
#[must_use]
pub fn decide(facts: &Facts, offers: &Offers, now: Millis) -> Decision {
    decide_by(&POLICY, facts, offers, now)
}

pub(crate) fn decide_by(policy: &Policy, facts: &Facts, offers: &Offers, now: Millis) -> Decision {
    let own = audience(facts);
    let mut pass = own_pass(policy, facts, offers, own);
    let mut flagged = pass.person.has(Atom::Flagged);
    let mut reasons = Vec::new();
    if policy.has(Special::Candidates) {
        flagged |= join_candidates(&mut pass, policy, facts, offers, own, &mut reasons);
    }
    let waits = if policy.has(Special::Waits) { waits::of(facts, offers, now, own) } else { Vec::new() };
    if waits.iter().any(Option::is_some) {
        pass.fire(RuleId::R23);
    }
    reasons.append(&mut pass.counted());
    reasons.sort_unstable();
    reasons.dedup();
    if policy.has(Special::NoRoute) && !pass.any_open() && reasons.is_empty() {
        pass.fire(RuleId::R27);
        reasons.push(nobody_reaches(&pass.rules));
    }
    Decision { routes: routes(&pass, facts, &waits), reasons, rules: pass.rules, audience: own, flagged }
}

fn own_pass<'a>(policy: &'a Policy, facts: &'a Facts, offers: &Offers, own: Audience) -> Pass<'a> {
    let reader = facts.recipients.first().map_or(Atoms::NONE, |r| r.atoms);
    let mut pass = Pass::new(policy, facts, facts.person, reader, &facts.around(), true);
    pass.run(offers, own);
    pass
}

/// R27.
pub(crate) fn nobody_reaches(rules: &[RuleId]) -> Reason {
    if rules.contains(&RuleId::R03) { Reason::NoAccess } else { Reason::Unreachable }
}

/// Whether no remote route is left although R00–R15b leave one: then reasons in brackets count.
pub(crate) fn remote_lost(facts: &Facts, offers: &Offers) -> bool {
    own_pass(&POLICY, facts, offers, audience(facts)).remote_lost()
}

/// R10b: the rules that bar somebody from receiving as a guardian.
pub(crate) fn guardian_rule_fires(facts: &Facts) -> bool {
    use RuleId as R;
    let barring = [R::R00, R::R01, R::R02, R::R03, R::R04, R::R06, R::R07, R::R16];
    barring.into_iter().any(|id| POLICY.fires(id, facts.person))
}

/// R24: minimum and union with the decision on each candidate's facts over these contact points. Says whether one
/// of them is flagged.
fn join_candidates(
    pass: &mut Pass<'_>,
    policy: &Policy,
    facts: &Facts,
    offers: &Offers,
    own: Audience,
    reasons: &mut Vec<Reason>,
) -> bool {
    let mut flagged = false;
    for candidate in &facts.candidates {
        let around = Around { origins: &candidate.origins, births: &candidate.births };
        let mut other = Pass::new(policy, facts, candidate.person, candidate.reader, &around, false);
        other.run(offers, own);
        pass.lower_to(&other);
        reasons.append(&mut other.counted());
        flagged |= other.person.has(Atom::Flagged);
    }
    flagged
}

fn routes(pass: &Pass<'_>, facts: &Facts, waits: &[Option<Millis>]) -> Vec<OpenRoute> {
    let kept = facts.contacts.len();
    let mut routes = Vec::with_capacity(facts.recipients.len() * (2 + kept * 4));
    for r in 0..facts.recipients.len() {
        let to = recipient_at(r);
        for channel in Channel::ALL {
            for place in 0..=kept {
                let kind = place.checked_sub(1).map(|c| facts.contacts[c].kind);
                if !channels_of(r, kind).has(*channel) {
                    continue;
                }
                let level = pass.level(r, place, *channel);
                let wait = waits.get((r * (kept + 1) + place) * Channel::ALL.len() + *channel as usize);
                routes.push(OpenRoute {
                    route: Route {
                        to,
                        channel: *channel,
                        contact: place.checked_sub(1).and_then(|c| u16::try_from(c).ok()),
                    },
                    level,
                    wire: wire(*channel, level),
                    waits_until: wait.copied().flatten().filter(|_| level > Level::L0),
                });
            }
        }
    }
    routes
}

pub(crate) fn recipient_at(index: usize) -> Recipient {
    match index {
        0 => Recipient::Person,
        // fewer guardians are kept than a byte can number
        _ => Recipient::Guardian(u8::try_from(index - 1).unwrap_or(u8::MAX)),
    }
}

/// In person an opaque task leaves, whatever will be told.
pub(crate) fn wire(channel: Channel, level: Level) -> Level {
    if channel.is_in_person() { level.min(Level::L1) } else { level }
}
