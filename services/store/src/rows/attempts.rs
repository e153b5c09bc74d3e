//! Released, sealed, dispatched; receipts and their effects.

use domain::delivery::{AttemptState, NotificationState};
use domain::manifest::Step;
use domain::{AttemptId, CampaignId, Form, IncidentId, Level, Millis, NotificationId, PersonId, SocietyCode};
use uuid::Uuid;

/// A notification served by an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Notification.
    pub notification: NotificationId,
    /// Its person.
    pub person: PersonId,
    /// Its permitted step.
    pub step: Step,
    /// Version of its decision.
    pub decision_version: i32,
    /// Its state.
    pub state: NotificationState,
}

/// An attempt as workers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// Id: the idempotency key for ever.
    pub id: AttemptId,
    /// Campaign.
    pub campaign: CampaignId,
    /// Incident.
    pub incident: IncidentId,
    /// Society through which it leaves.
    pub society: SocietyCode,
    /// State.
    pub state: AttemptState,
    /// Position of the bearer's step.
    pub step_no: i32,
    /// The bearer's step.
    pub step: Step,
    /// The level that was or is to be used.
    pub level: Level,
    /// Everybody it serves, the bearer first.
    pub notifications: Vec<MemberRow>,
    /// Sum of the members' fact versions when it was released or sealed.
    pub facts_version: i32,
    /// The same sum now: it differs when anybody's facts moved or somebody joined.
    pub current_facts_version: i32,
    /// When it was released.
    pub released_at: Millis,
    /// Reference code.
    pub reference: Option<String>,
    /// Not to be used after this instant.
    pub not_after: Millis,
    /// Times it was published.
    pub dispatches: i32,
}

impl AttemptRow {
    /// Nobody needs it any more: every notification it serves is at an end.
    #[must_use]
    pub fn is_moot(&self) -> bool {
        self.notifications.iter().all(|m| m.state.is_end())
    }
}

/// A sealed attempt on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeavingRow {
    /// Id: the idempotency key for ever.
    pub id: AttemptId,
    /// Campaign.
    pub campaign: CampaignId,
    /// Society through which it leaves.
    pub society: SocietyCode,
    /// Not to be used after this instant.
    pub not_after: Millis,
    /// Sum of the served persons' fact versions when it was sealed.
    pub facts_version: i32,
    /// The same sum now.
    pub current_facts_version: i32,
    /// Everybody it serves, the bearer first.
    pub persons: Vec<PersonId>,
    /// Nobody needs it any more: every notification it serves is at an end.
    pub is_moot: bool,
    /// Id of the broker message and the sealed bytes; none if it was forgotten.
    pub message: Option<(Uuid, Vec<u8>)>,
}

impl LeavingRow {
    /// Facts moved, or somebody joined, since it was sealed.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        self.facts_version != self.current_facts_version
    }
}

/// A message sealed to a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAttempt {
    /// Attempt.
    pub attempt: AttemptId,
    /// Id of the broker message.
    pub message_id: Uuid,
    /// The sealed message.
    pub body: Vec<u8>,
    /// Reference code printed in the notice.
    pub reference: String,
    /// Level it was rendered at.
    pub level: Level,
    /// Language it was rendered in.
    pub language: String,
    /// Form.
    pub form: Form,
    /// Not before.
    pub not_before: Millis,
    /// Not after.
    pub not_after: Millis,
    /// [`AttemptRow::current_facts_version`] as loaded.
    pub facts_version: i32,
    /// The gateway key it is sealed to; the store refuses a drill key for a real campaign and the reverse.
    pub kid: Option<String>,
}

/// Why an attempt is taken back before it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoidReason {
    /// Its route is closed, or below its level.
    Closed,
    /// Recipient, contact point or audience changed.
    FactsChanged,
    /// Words refused; the step counts as tried. A code, never a value.
    Refused(String),
    /// Too late to leave.
    Expired,
}

/// What a batch of receipts did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effects {
    /// Not seen before, applied.
    pub new: u64,
    /// Seen before.
    pub repeated: u64,
    /// For an attempt that nobody knows (yet).
    pub parked: u64,
    /// For another Society's attempt: refused, to be audited.
    pub foreign: u64,
    /// Persons to be planned again.
    pub replan: Vec<PersonId>,
    /// Credit that came free.
    pub freed: Vec<(CampaignId, SocietyCode, u32)>,
}
