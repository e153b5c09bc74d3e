//! The rule table, ready to be asked: conditions as bit masks.

use std::sync::LazyLock;

use domain::channel::{ContactKind, Recipient, base_level};
use domain::decision::{Reason, RuleId};
use domain::{Channel, Level};

use crate::atoms::Atoms;
use crate::effect::{Channels, Count, Line, Part, Per, Rule, Special, To};

/// A table of rules.
#[derive(Clone)]
pub(crate) struct Policy {
    pub(crate) rows: Vec<Row>,
}

/// One rule.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: RuleId,
    pub(crate) flag: bool,
    pub(crate) special: Special,
    pub(crate) parts: Vec<RowPart>,
}

/// One condition of a rule with what follows.
#[derive(Clone)]
pub(crate) struct RowPart {
    pub(crate) per: Per,
    pub(crate) when: Vec<Vec<Atoms>>,
    /// The atoms of every line's first bracket: without one of these no line holds, and most conditions end here.
    /// `None`: there is a line without brackets, which always holds.
    first: Option<Atoms>,
    pub(crate) then: Vec<Ceiling>,
    pub(crate) reason: Option<(Reason, Count)>,
}

/// A ceiling on some routes.
#[derive(Clone)]
pub(crate) struct Ceiling {
    pub(crate) to: To,
    pub(crate) channels: Channels,
    pub(crate) cap: Level,
    pub(crate) given: Vec<Atoms>,
}

/// The policy in force.
#[cfg(not(feature = "mutants"))]
pub(crate) static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::compile(crate::rules::RULES));

/// The policy, broken in the one way that the mutation run asks for.
#[cfg(feature = "mutants")]
pub(crate) static POLICY: LazyLock<Policy> = LazyLock::new(crate::mutants::policy);

impl Policy {
    pub(crate) fn compile(rules: &[Rule]) -> Self {
        let rows = rules.iter().map(|rule| Row {
            id: rule.id,
            flag: rule.flag,
            special: rule.special,
            parts: rule.parts.iter().map(RowPart::compile).collect(),
        });
        Self { rows: rows.collect() }
    }

    /// Whether the table has a row of this sort.
    pub(crate) fn has(&self, special: Special) -> bool {
        self.rows.iter().any(|row| row.special == special)
    }

    /// Whether a rule about the person fires on these atoms.
    pub(crate) fn fires(&self, id: RuleId, person: Atoms) -> bool {
        let row = self.rows.iter().find(|row| row.id == id);
        row.is_some_and(|row| row.parts.iter().any(|p| p.per == Per::Person && p.holds(person)))
    }
}

fn masks(line: Line) -> Vec<Atoms> {
    line.iter().map(|bracket| Atoms::of(bracket)).collect()
}

/// Every bracket holds.
pub(crate) fn all(line: &[Atoms], atoms: Atoms) -> bool {
    line.iter().all(|bracket| atoms.any(*bracket))
}

impl RowPart {
    fn compile(part: &Part) -> Self {
        let ceiling =
            |t: &crate::effect::Then| Ceiling { to: t.to, channels: t.channels, cap: t.cap, given: masks(t.given) };
        let mut compiled = Self {
            per: part.per,
            when: part.when.iter().map(|line| masks(line)).collect(),
            first: None,
            then: part.then.iter().map(ceiling).collect(),
            reason: part.reason,
        };
        compiled.index();
        compiled
    }

    /// To be called whenever the conditions have changed.
    pub(crate) fn index(&mut self) {
        let firsts = self.when.iter().map(|line| line.first().copied());
        self.first = firsts.reduce(|a, b| Some(a?.and(b?))).flatten();
    }

    /// One of the lines holds.
    pub(crate) fn holds(&self, atoms: Atoms) -> bool {
        self.first.is_none_or(|first| atoms.any(first)) && self.when.iter().any(|line| all(line, atoms))
    }

    /// Some effect names one of these channels of a recipient (0: the person).
    pub(crate) fn names(&self, recipient: usize, channels: Channels) -> bool {
        self.then.iter().any(|t| t.touches(recipient) && t.channels.meets(channels))
    }
}

impl Ceiling {
    pub(crate) const fn touches(&self, recipient: usize) -> bool {
        match self.to {
            To::Both => true,
            To::Person => recipient == 0,
            To::Guardian => recipient > 0,
        }
    }
}

/// Channels that a contact point (`None`: no contact point) gives a recipient.
pub(crate) const fn channels_of(recipient: usize, kind: Option<ContactKind>) -> Channels {
    let kind = match kind {
        None => 0,
        Some(kind) => kind as usize + 1,
    };
    if recipient == 0 { PERSONS[kind] } else { GUARDIANS[kind] }
}

/// By kind of contact point, none first. Asked for every rule and contact point, so worked out beforehand.
const PERSONS: [Channels; 4] = by_kind(Recipient::Person);
const GUARDIANS: [Channels; 4] = by_kind(Recipient::Guardian(0));

const fn by_kind(to: Recipient) -> [Channels; 4] {
    let mut sets = [Channels::NONE; 4];
    let mut at = 0;
    while at < Channel::ALL.len() {
        let channel = Channel::ALL[at];
        if base_level(channel, to).is_some() {
            let kind = match channel.contact_kind() {
                None => 0,
                Some(kind) => kind as usize + 1,
            };
            sets[kind] = sets[kind].with(Channels::one(channel));
        }
        at += 1;
    }
    sets
}
