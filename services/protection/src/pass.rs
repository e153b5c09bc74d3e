//! One walk through the policy: every row asked once, in order, of one person's atoms.

use domain::channel::base_level;
use domain::decision::{Reason, RuleId};
use domain::{Audience, Channel, Level};

use crate::atoms::{Atom, Atoms};
use crate::effect::{Channels, Count, Per, Special};
use crate::engine::recipient_at;
use crate::facts::{Around, Facts};
use crate::offers::Offers;
use crate::policy::{Policy, Row, RowPart, all, channels_of};
use crate::{lift, words};

/// Levels of the nine channels at one place (no contact point, or one of them) of one recipient.
type Place = [Level; 9];

/// What the rules said so far.
pub(crate) struct Pass<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    pub(crate) person: Atoms,
    /// By recipient, the person's atoms included.
    recipients: Vec<Atoms>,
    /// By recipient and contact point, the recipient's atoms included.
    contacts: Vec<Atoms>,
    levels: Vec<Place>,
    pub(crate) rules: Vec<RuleId>,
    certain: Vec<Reason>,
    bracketed: Vec<Reason>,
    remote_before: bool,
    lifted: bool,
}

impl<'a> Pass<'a> {
    /// Every route at its base level. `person` and `reader` are the person's own atoms, or a candidate's (R24).
    pub(crate) fn new(
        policy: &'a Policy,
        facts: &'a Facts,
        person: Atoms,
        reader: Atoms,
        around: &Around<'_>,
        lifted: bool,
    ) -> Self {
        let kept = facts.contacts.len();
        let count = facts.recipients.len();
        let mut recipients = Vec::with_capacity(count);
        let mut contacts = Vec::with_capacity(count * kept);
        let mut levels = Vec::with_capacity(count * (kept + 1));
        for (index, recipient) in facts.recipients.iter().enumerate() {
            let to = recipient_at(index);
            let atoms = person.and(if index == 0 { reader } else { recipient.atoms });
            recipients.push(atoms);
            levels.push(base(index, channels_of(index, None)));
            for contact in &facts.contacts {
                contacts.push(atoms.and(facts.contact_atoms(contact, to, around)));
                levels.push(base(index, channels_of(index, Some(contact.kind))));
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

    /// Asks every row.
    pub(crate) fn run(&mut self, offers: &Offers, own: Audience) {
        let policy = self.policy;
        self.flag();
        let mut later = Vec::new();
        let mut noted = false;
        for row in &policy.rows {
            if !noted && row.id > RuleId::R15b {
                self.remote_before = self.remote_open();
                noted = true;
            }
            let fired = match row.special {
                Special::NoRoute => false,
                Special::Words => self.ask_words(row, offers, own),
                Special::UnlessFired(others) => {
                    later.push((row, others));
                    false
                }
                Special::None | Special::Waits | Special::Candidates => self.ask(row),
            };
            if fired {
                self.rules.push(row.id);
            }
        }
        for (row, others) in later {
            if !others.iter().any(|other| self.rules.contains(other)) && self.ask(row) {
                self.fire(row.id);
            }
        }
    }

    /// Keeps an id among the fired ones, in order.
    pub(crate) fn fire(&mut self, rule: RuleId) {
        if let Err(place) = self.rules.binary_search(&rule) {
            self.rules.insert(place, rule);
        }
    }

    /// Flagged: a rule marked ⚑ fires. Those rules ask about persons and recipients only, so that this comes first.
    fn flag(&mut self) {
        let mut parts = self.policy.rows.iter().filter(|row| row.flag).flat_map(|row| &row.parts);
        let flagged = parts.any(|p| match p.per {
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

    fn ask(&mut self, row: &Row) -> bool {
        let mut fired = false;
        for part in &row.parts {
            let holds = match part.per {
                Per::Person => {
                    let holds = part.holds(self.person);
                    if holds {
                        self.apply_everywhere(row.id, part, |_| true);
                    }
                    holds
                }
                Per::Recipient => {
                    let any = self.recipients.iter().any(|atoms| part.holds(*atoms));
                    if any {
                        self.apply_everywhere(row.id, part, |recipient| part.holds(recipient));
                    }
                    any
                }
                Per::Contact => self.ask_contacts(row.id, part),
            };
            if holds {
                fired = true;
                self.give_reason(part);
            }
        }
        fired
    }

    fn give_reason(&mut self, part: &RowPart) {
        match part.reason {
            Some((reason, Count::Always)) => self.certain.push(reason),
            Some((reason, Count::IfRemoteLost)) => self.bracketed.push(reason),
            None => {}
        }
    }

    fn apply_everywhere(&mut self, rule: RuleId, part: &RowPart, recipient: impl Fn(Atoms) -> bool) {
        if part.then.is_empty() {
            return;
        }
        let kept = self.facts.contacts.len();
        for r in 0..self.recipients.len() {
            if !recipient(self.recipients[r]) {
                continue;
            }
            for place in 0..=kept {
                let atoms = if place == 0 { self.recipients[r] } else { self.contacts[r * kept + place - 1] };
                self.apply(rule, part, (r, place), atoms);
            }
        }
    }

    /// A contact-point rule fires for a contact point that has a route which the rule names.
    fn ask_contacts(&mut self, rule: RuleId, part: &RowPart) -> bool {
        let kept = self.facts.contacts.len();
        let mut fired = false;
        for r in 0..self.recipients.len() {
            for c in 0..kept {
                let atoms = self.contacts[r * kept + c];
                if part.holds(atoms) && part.names(r, channels_of(r, Some(self.facts.contacts[c].kind))) {
                    self.apply(rule, part, (r, c + 1), atoms);
                    fired = true;
                }
            }
        }
        fired
    }

    fn apply(&mut self, rule: RuleId, part: &RowPart, (r, place): (usize, usize), atoms: Atoms) {
        for then in part.then.iter().filter(|t| t.touches(r) && all(&t.given, atoms)) {
            for channel in then.channels.iter() {
                self.lower(rule, (r, place), channel, then.cap);
            }
        }
    }

    fn lower(&mut self, rule: RuleId, (r, place): (usize, usize), channel: Channel, cap: Level) {
        let at = r * (self.facts.contacts.len() + 1) + place;
        if self.levels[at][channel as usize] <= cap {
            return;
        }
        let cap = if self.lifted { self.lift(rule, (r, place), channel, cap) } else { cap };
        let level = &mut self.levels[at][channel as usize];
        *level = (*level).min(cap);
    }

    /// A lift raises what one rule allows on named routes, up to its level.
    fn lift(&self, rule: RuleId, (r, place): (usize, usize), channel: Channel, cap: Level) -> Level {
        let contact = place.checked_sub(1).map(|c| self.facts.contacts[c].reference);
        lift::level(self.facts, rule, (recipient_at(r), channel, contact)).map_or(cap, |lifted| cap.max(lifted))
    }

    /// R22.
    fn ask_words(&mut self, row: &Row, offers: &Offers, own: Audience) -> bool {
        let mut fired = false;
        for r in 0..self.recipients.len() {
            let audience = if r == 0 { own } else { Audience::Guardian };
            for c in 0..self.facts.contacts.len() {
                for channel in channels_of(r, Some(self.facts.contacts[c].kind)).iter().filter(|c| c.is_remote()) {
                    let allowed = words::highest(self.facts, (r, c), channel, audience, offers);
                    if allowed < Level::L3 {
                        fired = true;
                        self.lower(row.id, (r, c + 1), channel, allowed);
                    }
                }
            }
        }
        if fired {
            row.parts.iter().for_each(|part| self.give_reason(part));
        }
        fired
    }

    /// R24: minimum with what a candidate's facts allow.
    pub(crate) fn lower_to(&mut self, other: &Pass<'_>) {
        for (own, theirs) in self.levels.iter_mut().zip(&other.levels) {
            for (level, cap) in own.iter_mut().zip(theirs) {
                *level = (*level).min(*cap);
            }
        }
    }

    pub(crate) fn level(&self, r: usize, place: usize, channel: Channel) -> Level {
        self.levels[r * (self.facts.contacts.len() + 1) + place][channel as usize]
    }

    fn remote_open(&self) -> bool {
        self.levels.iter().any(|place| place[FIRST_REMOTE..].iter().any(|level| *level > Level::L0))
    }

    pub(crate) fn any_open(&self) -> bool {
        self.levels.iter().flatten().any(|level| *level > Level::L0)
    }

    /// No remote route is left although R00–R15b leave one.
    pub(crate) fn remote_lost(&self) -> bool {
        self.remote_before && !self.remote_open()
    }

    /// The reasons that count, in any order.
    pub(crate) fn counted(&mut self) -> Vec<Reason> {
        let mut reasons = std::mem::take(&mut self.certain);
        if self.remote_lost() {
            reasons.append(&mut self.bracketed);
        }
        reasons
    }
}

/// Channels are ordered with those in person first.
const FIRST_REMOTE: usize = Channel::CallLive as usize;

fn base(recipient: usize, channels: Channels) -> Place {
    let mut place = [Level::L0; 9];
    for channel in channels.iter() {
        place[channel as usize] = base_level(channel, recipient_at(recipient)).unwrap_or(Level::L0);
    }
    place
}
