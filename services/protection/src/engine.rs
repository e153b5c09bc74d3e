//! The decision: every rule asked once, minimum per route, union of reasons.

use std::sync::LazyLock;

use domain::channel::{Recipient, base_level};
use domain::decision::{Decision, OpenRoute, Reason, Route, RuleId};
use domain::{Audience, Channel, Level, Millis};

use crate::atoms::{Atom, Atoms};
use crate::audience::audience;
use crate::effect::{Channels, Count, Line, Part, Per, Rule, Special, To};
use crate::facts::{Around, CandidateFacts, Facts};
use crate::offers::Offers;
use crate::{lift, waits, words};

/// A row with its conditions as bit masks.
pub(crate) struct Compiled {
    pub(crate) rule: &'static Rule,
    parts: Vec<CompiledPart>,
}

struct CompiledPart {
    part: &'static Part,
    when: Vec<Vec<Atoms>>,
    then: Vec<CompiledThen>,
}

struct CompiledThen {
    to: To,
    channels: Channels,
    cap: Level,
    given: Vec<Atoms>,
}

/// A table of rules, ready to be asked.
pub(crate) struct Policy {
    rows: Vec<Compiled>,
}

fn masks(line: Line) -> Vec<Atoms> {
    line.iter().map(|bracket| Atoms::of(bracket)).collect()
}

impl Policy {
    pub(crate) fn compile(rules: &'static [Rule]) -> Self {
        let part = |part: &'static Part| CompiledPart {
            part,
            when: part.when.iter().map(|line| masks(line)).collect(),
            then: part
                .then
                .iter()
                .map(|t| CompiledThen {
                    to: t.to,
                    channels: t.channels,
                    cap: t.cap,
                    given: masks(t.given),
                })
                .collect(),
        };
        let rows = rules.iter().map(|rule| Compiled {
            rule,
            parts: rule.parts.iter().map(part).collect(),
        });
        Self {
            rows: rows.collect(),
        }
    }
}

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::compile(crate::rules::RULES));

fn all(line: &[Atoms], atoms: Atoms) -> bool {
    line.iter().all(|bracket| atoms.any(*bracket))
}

impl CompiledPart {
    fn holds(&self, atoms: Atoms) -> bool {
        self.when.iter().any(|line| all(line, atoms))
    }
}

/// Whether a rule about the person fires on these atoms.
pub(crate) fn fires(id: RuleId, person: Atoms) -> bool {
    let row = POLICY.rows.iter().find(|row| row.rule.id == id);
    row.is_some_and(|row| {
        row.parts
            .iter()
            .any(|p| p.part.per == Per::Person && p.holds(person))
    })
}

/// R10b: the rules that bar somebody from receiving as a guardian.
pub(crate) fn guardian_rule_fires(facts: &Facts) -> bool {
    use RuleId as R;
    [
        R::R00,
        R::R01,
        R::R02,
        R::R03,
        R::R04,
        R::R06,
        R::R07,
        R::R16,
    ]
    .into_iter()
    .any(|id| fires(id, facts.person))
}

/// Levels of the nine channels at one place (team, or one contact point) of one recipient.
type Place = [Level; 9];

/// What the rules said so far about one person's routes.
struct Pass<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    person: Atoms,
    /// Atoms by recipient, then by contact point of that recipient; the person's included in each.
    recipients: Vec<Atoms>,
    contacts: Vec<Atoms>,
    levels: Vec<Place>,
    rules: Vec<RuleId>,
    certain: Vec<Reason>,
    bracketed: Vec<Reason>,
    /// A remote route was open when R00–R15b had been asked.
    remote_before: bool,
    lifted: bool,
}

impl<'a> Pass<'a> {
    fn new(
        policy: &'a Policy,
        facts: &'a Facts,
        person: Atoms,
        reader: Atoms,
        around: &Around<'_>,
        lifted: bool,
    ) -> Self {
        let places = facts.contacts.len() + 1;
        let count = facts.recipients.len();
        let mut recipients = Vec::with_capacity(count);
        let mut contacts = Vec::with_capacity(count * facts.contacts.len());
        let mut levels = Vec::with_capacity(count * places);
        for (index, recipient) in facts.recipients.iter().enumerate() {
            let to = recipient_at(index);
            let own = if index == 0 { reader } else { recipient.atoms };
            let atoms = person.and(own);
            recipients.push(atoms);
            levels.push(base(to, None));
            for contact in &facts.contacts {
                contacts.push(atoms.and(facts.contact_atoms(contact, to, around)));
                levels.push(base(to, Some(contact.kind)));
            }
        }
        Self {
            policy,
            facts,
            person,
            recipients,
            contacts,
            levels,
            rules: Vec::with_capacity(8),
            certain: Vec::new(),
            bracketed: Vec::new(),
            remote_before: false,
            lifted: lifted && !facts.lifts.is_empty(),
        }
    }

    /// Asks every row in order; `words` says what R22 allows at a place, `waits` whether R23 fires by waiting.
    fn run(&mut self, offers: &Offers, own_audience: Audience) {
        let policy = self.policy;
        self.flag();
        let mut counted = false;
        for row in &policy.rows {
            if !counted && row.rule.id > RuleId::R15b {
                self.remote_before = self.remote_open();
                counted = true;
            }
            let fired = match row.rule.special {
                Special::NoRoute => false,
                Special::Words => self.ask_words(row, offers, own_audience),
                Special::UnlessFired(others) => {
                    self.ask(row) && !others.iter().any(|other| self.rules.contains(other))
                }
                Special::None | Special::Waits | Special::Candidates => self.ask(row),
            };
            if fired {
                self.rules.push(row.rule.id);
            }
        }
    }

    /// Flagged: a rule marked ⚑ fires. Those rules ask about persons and recipients only, so that this comes first.
    fn flag(&mut self) {
        let flagged = self
            .policy
            .rows
            .iter()
            .filter(|row| row.rule.flag)
            .flat_map(|row| &row.parts)
            .any(|p| match p.part.per {
                Per::Person => p.holds(self.person),
                Per::Recipient => self.recipients.iter().any(|atoms| p.holds(*atoms)),
                Per::Contact => false,
            });
        if flagged {
            let mark = Atoms::of(&[Atom::Flagged]);
            self.person = self.person.and(mark);
            for atoms in self.recipients.iter_mut().chain(&mut self.contacts) {
                *atoms = atoms.and(mark);
            }
        }
    }

    fn ask(&mut self, row: &Compiled) -> bool {
        let mut fired = false;
        for part in &row.parts {
            let holds = match part.part.per {
                Per::Person => {
                    part.holds(self.person) && {
                        self.apply_everywhere(row.rule.id, part, |_| true);
                        true
                    }
                }
                Per::Recipient => {
                    let any = self.recipients.iter().any(|atoms| part.holds(*atoms));
                    if any {
                        self.apply_everywhere(row.rule.id, part, |recipient| part.holds(recipient));
                    }
                    any
                }
                Per::Contact => self.ask_contacts(row.rule.id, part),
            };
            if holds {
                fired = true;
                self.reason(part.part);
            }
        }
        fired
    }

    fn reason(&mut self, part: &Part) {
        match part.reason {
            Some((reason, Count::Always)) => self.certain.push(reason),
            Some((reason, Count::IfRemoteLost)) => self.bracketed.push(reason),
            None => {}
        }
    }

    fn apply_everywhere(
        &mut self,
        rule: RuleId,
        part: &CompiledPart,
        recipient: impl Fn(Atoms) -> bool,
    ) {
        if part.then.is_empty() {
            return;
        }
        let kept = self.facts.contacts.len();
        for r in 0..self.recipients.len() {
            if !recipient(self.recipients[r]) {
                continue;
            }
            for place in 0..=kept {
                let atoms = if place == 0 {
                    self.recipients[r]
                } else {
                    self.contacts[r * kept + place - 1]
                };
                self.apply(rule, part, r, place, atoms);
            }
        }
    }

    fn ask_contacts(&mut self, rule: RuleId, part: &CompiledPart) -> bool {
        let kept = self.facts.contacts.len();
        let mut fired = false;
        for r in 0..self.recipients.len() {
            for c in 0..kept {
                let atoms = self.contacts[r * kept + c];
                if part.holds(atoms) && self.names_route(part, r, c) {
                    self.apply(rule, part, r, c + 1, atoms);
                    fired = true;
                }
            }
        }
        fired
    }

    /// The rule names a route that this contact point has for this recipient.
    fn names_route(&self, part: &CompiledPart, r: usize, c: usize) -> bool {
        let to = recipient_at(r);
        let kind = self.facts.contacts[c].kind;
        part.then.iter().filter(|t| touches(t.to, r)).any(|t| {
            t.channels.iter().any(|channel| {
                channel.contact_kind() == Some(kind) && base_level(channel, to).is_some()
            })
        })
    }

    fn apply(&mut self, rule: RuleId, part: &CompiledPart, r: usize, place: usize, atoms: Atoms) {
        let at = r * (self.facts.contacts.len() + 1) + place;
        for then in part.then.iter().filter(|t| touches(t.to, r)) {
            if !all(&then.given, atoms) {
                continue;
            }
            for (index, channel) in Channel::ALL.iter().enumerate() {
                if then.channels.has(*channel) && self.levels[at][index] > then.cap {
                    let cap = self.cap(rule, r, place, *channel, then.cap);
                    self.levels[at][index] = self.levels[at][index].min(cap);
                }
            }
        }
    }

    /// A lift raises what one rule allows on named routes, up to its level.
    fn cap(&self, rule: RuleId, r: usize, place: usize, channel: Channel, cap: Level) -> Level {
        if !self.lifted {
            return cap;
        }
        let contact = place
            .checked_sub(1)
            .map(|c| self.facts.contacts[c].reference);
        let route = (recipient_at(r), channel, contact);
        lift::level(self.facts, rule, route).map_or(cap, |lifted| cap.max(lifted))
    }

    fn ask_words(&mut self, row: &Compiled, offers: &Offers, own: Audience) -> bool {
        if offers.is_everything() {
            return self.ask_whether_any_language(row);
        }
        let kept = self.facts.contacts.len();
        let mut fired = false;
        for r in 0..self.recipients.len() {
            let audience = if r == 0 { own } else { Audience::Guardian };
            for c in 0..kept {
                for (index, channel) in Channel::ALL.iter().enumerate().skip(3) {
                    let at = r * (kept + 1) + c + 1;
                    if base_level(*channel, recipient_at(r)).is_none()
                        || channel.contact_kind() != Some(self.facts.contacts[c].kind)
                    {
                        continue;
                    }
                    let allowed = words::highest(self.facts, r, c, *channel, audience, offers);
                    if allowed < Level::L3 {
                        fired = true;
                        let cap = self.cap(row.rule.id, r, c + 1, *channel, allowed);
                        self.levels[at][index] = self.levels[at][index].min(cap);
                    }
                }
            }
        }
        if fired {
            row.parts.iter().for_each(|p| self.reason(p.part));
        }
        fired
    }

    /// With words in every language, only a recipient without any known language is left without.
    fn ask_whether_any_language(&mut self, row: &Compiled) -> bool {
        let kept = self.facts.contacts.len();
        let mut fired = false;
        for r in 0..self.recipients.len() {
            if !self.facts.recipients[r].languages.is_empty() {
                continue;
            }
            for c in 0..kept {
                for (index, channel) in Channel::ALL.iter().enumerate().skip(3) {
                    let has = base_level(*channel, recipient_at(r)).is_some()
                        && channel.contact_kind() == Some(self.facts.contacts[c].kind);
                    if has {
                        fired = true;
                        let at = r * (kept + 1) + c + 1;
                        let cap = self.cap(row.rule.id, r, c + 1, *channel, Level::L0);
                        self.levels[at][index] = self.levels[at][index].min(cap);
                    }
                }
            }
        }
        if fired {
            row.parts.iter().for_each(|p| self.reason(p.part));
        }
        fired
    }

    fn remote_open(&self) -> bool {
        self.levels
            .iter()
            .any(|place| place.iter().skip(3).any(|level| *level > Level::L0))
    }

    fn any_open(&self) -> bool {
        self.levels
            .iter()
            .any(|place| place.iter().any(|level| *level > Level::L0))
    }

    fn counted(&mut self) -> Vec<Reason> {
        let mut reasons = std::mem::take(&mut self.certain);
        if self.remote_before && !self.remote_open() {
            reasons.append(&mut self.bracketed);
        }
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    }
}

const fn touches(to: To, recipient: usize) -> bool {
    match to {
        To::Both => true,
        To::Person => recipient == 0,
        To::Guardian => recipient > 0,
    }
}

pub(crate) fn recipient_at(index: usize) -> Recipient {
    match index {
        0 => Recipient::Person,
        // at most MAX_GUARDIANS
        _ => Recipient::Guardian(u8::try_from(index - 1).unwrap_or(u8::MAX)),
    }
}

fn base(to: Recipient, kind: Option<domain::channel::ContactKind>) -> Place {
    let mut place = [Level::L0; 9];
    for (index, channel) in Channel::ALL.iter().enumerate() {
        if channel.contact_kind() == kind
            && let Some(level) = base_level(*channel, to)
        {
            place[index] = level;
        }
    }
    place
}

/// Decides what may be told to whom, by which channel.
#[must_use]
pub fn decide(facts: &Facts, offers: &Offers, now: Millis) -> Decision {
    decide_by(&POLICY, facts, offers, now)
}

pub(crate) fn decide_by(policy: &Policy, facts: &Facts, offers: &Offers, now: Millis) -> Decision {
    let own_audience = audience(facts);
    let reader = facts.recipients.first().map_or(Atoms::NONE, |r| r.atoms);
    let mut pass = Pass::new(policy, facts, facts.person, reader, &facts.around(), true);
    pass.run(offers, own_audience);
    let mut flagged = pass.person.has(Atom::Flagged);
    let mut others = Vec::new();
    for candidate in &facts.candidates {
        flagged |= join_candidate(&mut pass, candidate, offers, own_audience, &mut others);
    }
    let waits = waits::of(facts, offers, now, own_audience);
    let routes = routes(&pass, &waits);
    if waits.iter().any(Option::is_some) && routes.iter().any(|r| r.waits_until.is_some()) {
        insert(&mut pass.rules, RuleId::R23);
    }
    let mut reasons = pass.counted();
    reasons.append(&mut others);
    reasons.sort_unstable();
    reasons.dedup();
    let no_route = policy
        .rows
        .iter()
        .any(|row| row.rule.special == Special::NoRoute);
    if no_route && !pass.any_open() && reasons.is_empty() {
        insert(&mut pass.rules, RuleId::R27);
        reasons.push(if pass.rules.contains(&RuleId::R03) {
            Reason::NoAccess
        } else {
            Reason::Unreachable
        });
    }
    Decision {
        routes,
        reasons,
        rules: pass.rules,
        audience: own_audience,
        flagged,
    }
}

fn insert(rules: &mut Vec<RuleId>, rule: RuleId) {
    if let Err(place) = rules.binary_search(&rule) {
        rules.insert(place, rule);
    }
}

/// R24: minimum and union with the decision on the candidate's facts over these contact points.
fn join_candidate(
    pass: &mut Pass<'_>,
    candidate: &CandidateFacts,
    offers: &Offers,
    audience: Audience,
    reasons: &mut Vec<Reason>,
) -> bool {
    if !pass
        .policy
        .rows
        .iter()
        .any(|row| row.rule.special == Special::Candidates)
    {
        return false;
    }
    let around = Around {
        origins: &candidate.origins,
        births: &candidate.births,
    };
    let mut other = Pass::new(
        pass.policy,
        pass.facts,
        candidate.person,
        candidate.reader,
        &around,
        false,
    );
    other.run(offers, audience);
    for (own, theirs) in pass.levels.iter_mut().zip(&other.levels) {
        for (level, cap) in own.iter_mut().zip(theirs) {
            *level = (*level).min(*cap);
        }
    }
    reasons.extend(other.counted());
    other.person.has(Atom::Flagged)
}

fn routes(pass: &Pass<'_>, waits: &[Option<Millis>]) -> Vec<OpenRoute> {
    let facts = pass.facts;
    let kept = facts.contacts.len();
    let mut routes = Vec::with_capacity(2 + kept * 4);
    for r in 0..facts.recipients.len() {
        let to = recipient_at(r);
        for (index, channel) in Channel::ALL.iter().enumerate() {
            if base_level(*channel, to).is_none() {
                continue;
            }
            for place in 0..=kept {
                let kind = place.checked_sub(1).map(|c| facts.contacts[c].kind);
                if kind != channel.contact_kind() {
                    continue;
                }
                let level = pass.levels[r * (kept + 1) + place][index];
                let contact = place.checked_sub(1).and_then(|c| u16::try_from(c).ok());
                let wait = waits
                    .get((r * (kept + 1) + place) * Channel::ALL.len() + index)
                    .copied()
                    .flatten();
                routes.push(OpenRoute {
                    route: Route {
                        to,
                        channel: *channel,
                        contact,
                    },
                    level,
                    wire: wire(*channel, level),
                    waits_until: wait.filter(|_| level > Level::L0),
                });
            }
        }
    }
    routes
}

/// In person an opaque task leaves, whatever will be told.
pub(crate) fn wire(channel: Channel, level: Level) -> Level {
    if channel.is_in_person() {
        level.min(Level::L1)
    } else {
        level
    }
}
