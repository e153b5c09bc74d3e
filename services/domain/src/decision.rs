//! What protection allows for one person. Only the crate `protection` makes these values.

use serde::{Deserialize, Serialize};

use crate::channel::{Recipient, word};
use crate::{Audience, Channel, Level, Millis};

word! {
    /// A question with an owner (`protection.md` section 2). It stops nothing by itself.
    Reason {
        /// Whether the person is a child. Before all others.
        Age = "age",
        /// Protection officer, DPO: text or code to be resolved.
        Review = "review",
        /// Tracing unit: the person is dead.
        Deceased = "deceased",
        /// Tracing unit: believed dead, or sought and fate unknown.
        FateUnknown = "fate_unknown",
        /// Tracing unit: sought and not located.
        NotLocated = "not_located",
        /// Detention coordinator.
        NoAccess = "no_access",
        /// Child-protection caseworker: best-interests decision.
        BestInterests = "best_interests",
        /// Child-protection caseworker: guardian to be verified.
        Guardian = "guardian",
        /// Caseworker: the sought person's consent.
        Consent = "consent",
        /// Caseworker: safe contact facts.
        SafeContact = "safe_contact",
        /// Caseworker: being named with the organisation exposes the person.
        Exposure = "exposure",
        /// Register desk: confirm again.
        Reverify = "reverify",
        /// Protection officer: assessment missing.
        Context = "context",
        /// Reviewer: duplicate undecided.
        Dedupe = "dedupe",
        /// Society: words, recording or speaker missing.
        Language = "language",
        /// Society: access needs.
        Access = "access",
        /// Society, DPO: no way to reach the person.
        Unreachable = "unreachable",
    }
}

impl Reason {
    /// Who answers it.
    #[must_use]
    pub const fn owner(self) -> Owner {
        match self {
            Self::Review | Self::Context => Owner::ProtectionOfficer,
            Self::Deceased | Self::FateUnknown | Self::NotLocated => Owner::TracingUnit,
            Self::NoAccess => Owner::DetentionCoordinator,
            Self::BestInterests | Self::Guardian => Owner::ChildProtection,
            Self::Consent | Self::SafeContact | Self::Exposure => Owner::Caseworker,
            Self::Age | Self::Reverify => Owner::RegisterDesk,
            Self::Dedupe => Owner::Reviewer,
            Self::Language | Self::Access | Self::Unreachable => Owner::Society,
        }
    }
}

word! {
    /// Who owns a held person or an open question.
    Owner {
        /// Protection officer with the data-protection officer.
        ProtectionOfficer = "protection_officer",
        /// Tracing unit.
        TracingUnit = "tracing_unit",
        /// Detention coordinator.
        DetentionCoordinator = "detention_coordinator",
        /// Child-protection caseworker.
        ChildProtection = "child_protection",
        /// Caseworker with the task.
        Caseworker = "caseworker",
        /// The Society's register desk.
        RegisterDesk = "register_desk",
        /// Linkage reviewer.
        Reviewer = "reviewer",
        /// The Society.
        Society = "society",
    }
}

macro_rules! rules {
    ($($variant:ident = $text:literal),+ $(,)?) => {
        word! {
            /// Ids of the rules, in the order of the page.
            RuleId { $(#[doc = concat!("Rule ", $text, ".")] $variant = $text),+ }
        }
    };
}

rules! {
    R00 = "R00", R01 = "R01", R02 = "R02", R03 = "R03", R04 = "R04", R05 = "R05", R06 = "R06", R07 = "R07",
    R08 = "R08", R09 = "R09", R10 = "R10", R10b = "R10b", R11 = "R11", R12 = "R12", R13 = "R13", R14 = "R14",
    R15 = "R15", R15a = "R15a", R15b = "R15b", R15c = "R15c", R16 = "R16", R17 = "R17", R17b = "R17b",
    R18 = "R18", R18b = "R18b", R19 = "R19", R20 = "R20", R21 = "R21", R21b = "R21b", R22 = "R22", R22b = "R22b",
    R23 = "R23", R24 = "R24", R25 = "R25", R26 = "R26", R27 = "R27",
}

/// recipient × channel × contact point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Route {
    /// Who receives.
    pub to: Recipient,
    /// How.
    pub channel: Channel,
    /// Position of the contact point in the person's merged facts; none for team channels.
    pub contact: Option<u16>,
}

/// One route and what it allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRoute {
    /// The route.
    pub route: Route,
    /// The most that may be told; `L0` is closed.
    pub level: Level,
    /// What crosses the wire: `L1` in person, else the level.
    pub wire: Level,
    /// Earliest instant, where a wait (R23) delays it.
    pub waits_until: Option<Millis>,
}

/// Level for every route, reasons, fired rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Every route that the person's facts give, closed ones included, in route order.
    pub routes: Vec<OpenRoute>,
    /// Counted reasons, in order.
    pub reasons: Vec<Reason>,
    /// Rules that fired, in order.
    pub rules: Vec<RuleId>,
    /// Who is spoken to.
    pub audience: Audience,
    /// A rule marked ⚑ fired.
    pub flagged: bool,
}

impl Decision {
    /// No route is open.
    #[must_use]
    pub fn held(&self) -> bool {
        self.routes.iter().all(|r| r.level == Level::L0)
    }

    /// The level of a route; `L0` for one the decision does not list.
    #[must_use]
    pub fn level(&self, route: Route) -> Level {
        self.routes.iter().find(|r| r.route == route).map_or(Level::L0, |r| r.level)
    }
}
