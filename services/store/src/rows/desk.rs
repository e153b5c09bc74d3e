//! Tasks of teams, codes of callers.

use domain::delivery::AttemptState;
use domain::{AttemptId, CampaignId, Channel, IncidentId, Millis, PersonId, RecordId, SocietyCode};

/// An in-person attempt that a team has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Attempt: the task's id on the wire too.
    pub attempt: AttemptId,
    /// Campaign.
    pub campaign: CampaignId,
    /// Incident.
    pub incident: IncidentId,
    /// Society whose team has it.
    pub society: SocietyCode,
    /// State.
    pub state: AttemptState,
    /// Which team; not to be shown in a list, since it says who is detained.
    pub channel: Channel,
    /// When it was given out.
    pub released_at: Millis,
    /// Not to be worked on after this instant.
    pub due: Millis,
    /// Nobody has answered it.
    pub open: bool,
    /// Person.
    pub person: PersonId,
    /// A drill.
    pub drill: bool,
}

/// The message that a code stands in. It proves the message, not who reads it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// Attempt.
    pub attempt: AttemptId,
    /// Campaign.
    pub campaign: CampaignId,
    /// Incident.
    pub incident: IncidentId,
    /// Society through which it left.
    pub society: SocietyCode,
    /// Channel.
    pub channel: Channel,
    /// Several people list the contact point: the code says nothing about which of them calls.
    pub shared: bool,
    /// A drill.
    pub drill: bool,
    /// Record whose contact point the message went to.
    pub record: Option<RecordId>,
}

/// What a desk hears about a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A message that left carries it.
    Known(CodeRow),
    /// No message does.
    Unknown,
    /// Too many wrong codes: no answer.
    Locked,
}
