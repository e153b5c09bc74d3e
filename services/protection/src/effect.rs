//! What a row of the policy is made of.

use domain::decision::{Reason, RuleId};
use domain::{Channel, Level};

use crate::atoms::Atom;

/// A set of channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Channels(u16);

impl Channels {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALL: Self = Self(0x1ff);
    pub(crate) const VISIT_DETENTION: Self = Self::one(Channel::VisitDetention);
    pub(crate) const FIELD_VISIT: Self = Self::one(Channel::FieldVisit);
    pub(crate) const CALL: Self = Self::one(Channel::CallLive);
    pub(crate) const POST: Self = Self::one(Channel::Post);
    pub(crate) const EMAIL: Self = Self::one(Channel::Email);
    pub(crate) const APP: Self = Self::one(Channel::App);
    pub(crate) const SMS: Self = Self::one(Channel::Sms);
    pub(crate) const IVR: Self = Self::one(Channel::Ivr);
    pub(crate) const TEAM: Self = Self::VISIT_DETENTION.with(Self::one(Channel::Caseworker));
    pub(crate) const REMOTE: Self = Self::ALL.without(Self::TEAM).without(Self::FIELD_VISIT);
    pub(crate) const TEXT: Self = Self::POST.with(Self::EMAIL).with(Self::APP).with(Self::SMS);
    /// sms, ivr, app: what a phone keeps.
    pub(crate) const PHONE_WRITTEN: Self = Self::SMS.with(Self::IVR).with(Self::APP);

    pub(crate) const fn one(channel: Channel) -> Self {
        Self(1 << channel as u16)
    }

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the set holds a channel.
    #[must_use]
    pub(crate) const fn has(self, channel: Channel) -> bool {
        self.0 & (1 << channel as u16) != 0
    }

    /// Whether both sets hold a channel in common.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The channels, safest first.
    pub(crate) fn iter(self) -> impl Iterator<Item = Channel> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let channel = Channel::ALL.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(*channel)
        })
    }
}

/// Whose routes an effect touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    /// The person's own.
    Person,
    /// The guardians'.
    Guardian,
    /// Everybody's.
    Both,
}

/// What a condition is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Per {
    /// The person.
    Person,
    /// Each recipient.
    Recipient,
    /// Each contact point of each recipient that has a route which the rule names.
    Contact,
}

/// When a reason counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    /// Whenever the rule fires.
    Always,
    /// In brackets on the page: only if no remote route is left although R00–R15b leave one.
    IfRemoteLost,
}

/// Brackets that all must hold; a bracket holds when one of its atoms is present.
pub(crate) type Line = &'static [&'static [Atom]];

/// A ceiling on some routes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Then {
    pub(crate) to: To,
    pub(crate) channels: Channels,
    pub(crate) cap: Level,
    pub(crate) given: Line,
}

pub(crate) const fn then(to: To, channels: Channels, cap: Level) -> Then {
    Then { to, channels, cap, given: &[] }
}

impl Then {
    /// Only under a further condition on the same contact point.
    pub(crate) const fn given(self, given: Line) -> Self {
        Self { given, ..self }
    }
}

/// One condition of a rule with what follows from it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) per: Per,
    /// Lines of which one must hold.
    pub(crate) when: &'static [Line],
    pub(crate) then: &'static [Then],
    pub(crate) reason: Option<(Reason, Count)>,
}

/// What a row needs beyond atoms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Special {
    /// Nothing.
    None,
    /// Fires only if none of these rules did (R13; it closes nothing).
    UnlessFired(&'static [RuleId]),
    /// Asks the approved words, recordings and speakers (R22).
    Words,
    /// Asks windows, zones and hotlines (R23).
    Waits,
    /// Takes the minimum with the candidates' decisions (R24).
    Candidates,
    /// Fires on what is left (R27).
    NoRoute,
}

/// One row of the policy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) id: RuleId,
    /// Marked ⚑.
    pub(crate) flag: bool,
    /// Hazards of section 3 that it closes.
    pub(crate) hazards: &'static [u8],
    pub(crate) when: &'static str,
    pub(crate) effect: &'static str,
    pub(crate) special: Special,
    pub(crate) parts: &'static [Part],
}
