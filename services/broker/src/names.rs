//! Realms, stages, queues, addresses, and the topology that ties them together.

use std::{fmt, str::FromStr, time::Duration};

use crate::BrokerError;

/// Real campaigns and drills never share an exchange or a queue.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Realm {
    /// Real incidents.
    Real,
    /// Synthetic incidents: demo, drills, benchmarks.
    Drill,
}

impl Realm {
    /// Prefix of the names of every exchange and queue.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Realm::Real => "tidings",
            Realm::Drill => "drill",
        }
    }
}

/// The stages that are woken by doorbells.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// Applies staged register files.
    Import,
    /// Links records to persons.
    Dedupe,
    /// Decides and plans.
    Plan,
    /// Paces attempts.
    Release,
    /// Renders and seals.
    Localise,
    /// Publishes to gateways.
    Dispatch,
    /// Records receipts.
    Record,
}

impl Stage {
    /// All stages, in the order of the work.
    pub const ALL: [Stage; 7] =
        [Stage::Import, Stage::Dedupe, Stage::Plan, Stage::Release, Stage::Localise, Stage::Dispatch, Stage::Record];

    /// Its name in queues, commands and configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Import => "import",
            Stage::Dedupe => "dedupe",
            Stage::Plan => "plan",
            Stage::Release => "release",
            Stage::Localise => "localise",
            Stage::Dispatch => "dispatch",
            Stage::Record => "record",
        }
    }
}

impl FromStr for Stage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Stage::ALL.into_iter().find(|s| s.as_str() == text).ok_or(())
    }
}

/// The name of a queue.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Queue(String);

impl Queue {
    /// The doorbells of a stage: `tidings.stage.plan`.
    #[must_use]
    pub fn stage(realm: Realm, stage: Stage) -> Self {
        Queue(format!("{}.stage.{}", realm.prefix(), stage.as_str()))
    }

    /// The sealed messages for a Society's gateway: `tidings.notices.<society>`.
    #[must_use]
    pub fn notices(realm: Realm, society: &str) -> Self {
        Queue(format!("{}.notices.{society}", realm.prefix()))
    }

    /// The receipts of all gateways: `tidings.receipts`.
    #[must_use]
    pub fn receipts(realm: Realm) -> Self {
        Queue(format!("{}.receipts", realm.prefix()))
    }

    /// The dead letters of all queues of a realm: `tidings.dead`.
    #[must_use]
    pub fn dead(realm: Realm) -> Self {
        Queue(format!("{}.dead", realm.prefix()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The realm that it belongs to.
    #[must_use]
    pub fn realm(&self) -> Realm {
        let drill = self.0.strip_prefix(Realm::Drill.prefix()).is_some_and(|rest| rest.starts_with('.'));
        if drill { Realm::Drill } else { Realm::Real }
    }
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a message is published to: an exchange and a routing key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Address {
    /// A stage's doorbell.
    Stage(Realm, Stage),
    /// A Society's gateway, by the Society's code.
    Notices(Realm, String),
    /// Receipts from a Society's gateway, by the Society's code.
    Receipts(Realm, String),
}

impl Address {
    /// The exchange: `tidings.stages`, `tidings.notices` or `tidings.receipts`.
    #[must_use]
    pub fn exchange(&self) -> &'static str {
        match self {
            Address::Stage(Realm::Real, _) => "tidings.stages",
            Address::Stage(Realm::Drill, _) => "drill.stages",
            Address::Notices(Realm::Real, _) => "tidings.notices",
            Address::Notices(Realm::Drill, _) => "drill.notices",
            Address::Receipts(Realm::Real, _) => "tidings.receipts",
            Address::Receipts(Realm::Drill, _) => "drill.receipts",
        }
    }

    /// The routing key: the stage's name, `notice.<society>` or `receipt.<society>`.
    #[must_use]
    pub fn routing_key(&self) -> String {
        match self {
            Address::Stage(_, stage) => stage.as_str().to_owned(),
            Address::Notices(_, society) => format!("notice.{society}"),
            Address::Receipts(_, society) => format!("receipt.{society}"),
        }
    }

    /// The realm.
    #[must_use]
    pub fn realm(&self) -> Realm {
        match self {
            Address::Stage(realm, _) | Address::Notices(realm, _) | Address::Receipts(realm, _) => *realm,
        }
    }

    /// The queue in which the message ends up, if that queue exists.
    #[must_use]
    pub fn queue(&self) -> Queue {
        match self {
            Address::Stage(realm, stage) => Queue::stage(*realm, *stage),
            Address::Notices(realm, society) => Queue::notices(*realm, society),
            Address::Receipts(realm, _) => Queue::receipts(*realm),
        }
    }
}

/// How long queues may grow, how long notices may wait, how often a message may come back. The same for every queue of
/// a kind, so that nothing can be read from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Longest queue of doorbells.
    pub stage_length: u32,
    /// Longest queue of notices of one Society. The credit window keeps it far shorter.
    pub notices_length: u32,
    /// Longest queue of receipts.
    pub receipts_length: u32,
    /// Longest queue of dead letters. When it is full, dead letters wait in the queue in which they died.
    pub dead_length: u32,
    /// How long a notice waits for its gateway before it becomes a dead letter.
    pub notices_ttl: Duration,
    /// How often a message may be delivered again.
    pub delivery_limit: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            stage_length: 100_000,    // 500 ids each: more than the whole of any campaign
            notices_length: 20_000,   // 40 credit windows: recalls and repetitions come on top of the window
            receipts_length: 200_000, // a flood is refused at the gateway instead of filling the disk
            dead_length: 1_000_000,
            notices_ttl: Duration::from_secs(7 * 24 * 3600), // a gateway may be down for a week
            delivery_limit: 5,
        }
    }
}

/// Everything that must exist for a realm.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Topology {
    /// The realm.
    pub realm: Realm,
    /// Codes of the Societies that have a gateway queue.
    pub societies: Vec<String>,
    /// Limits of the queues.
    pub limits: Limits,
}

/// Longest Society code in a queue name.
const MAX_CODE: usize = 64;

impl Topology {
    /// A topology with the usual limits.
    #[must_use]
    pub fn new<S: Into<String>>(realm: Realm, societies: impl IntoIterator<Item = S>) -> Self {
        Topology { realm, societies: societies.into_iter().map(Into::into).collect(), limits: Limits::default() }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// All queues, dead letters first: the others refer to them.
    #[must_use]
    pub fn queues(&self) -> Vec<Queue> {
        let mut queues = vec![Queue::dead(self.realm), Queue::receipts(self.realm)];
        queues.extend(Stage::ALL.map(|stage| Queue::stage(self.realm, stage)));
        queues.extend(self.societies.iter().map(|society| Queue::notices(self.realm, society)));
        queues
    }

    /// Refuses Society codes that would mean something else in a routing key (`.`, `*`, `#`).
    pub(crate) fn check_names(&self) -> Result<(), BrokerError> {
        let fine = |code: &str| {
            (1..=MAX_CODE).contains(&code.len())
                && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        match self.societies.iter().find(|code| !fine(code)) {
            Some(code) => Err(BrokerError::Name(code.clone())),
            None => Ok(()),
        }
    }
}
