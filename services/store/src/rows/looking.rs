//! What is stuck, counts, holds, notifications.

use std::collections::BTreeMap;

use domain::decision::{Reason, RuleId};
use domain::delivery::{AttemptState, NotificationState};
use domain::manifest::Step;
use domain::{
    AttemptId, Audience, CampaignId, Channel, ImportId, IncidentId, Level, Millis, NotificationId, PersonId,
    SocietyCode,
};

/// An attempt that waited too long, and where to ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckAttempt {
    /// Attempt.
    pub attempt: AttemptId,
    /// Campaign.
    pub campaign: CampaignId,
    /// Incident.
    pub incident: IncidentId,
    /// Society.
    pub society: SocietyCode,
    /// Times it was published; of a recall, times that was.
    pub dispatches: i32,
    /// When it came into its state, or was last published.
    pub since: Millis,
}

/// What waits for a bell that was lost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stuck {
    /// Imports that are staged and not applied.
    pub imports: Vec<(IncidentId, ImportId)>,
    /// Incidents whose records, or people's verdicts on them, no linkage has seen as they stand, however recently.
    pub unlinked: Vec<IncidentId>,
    /// Released, not sealed: ring localise.
    pub released: Vec<StuckAttempt>,
    /// Sealed, not dispatched: ring dispatch.
    pub sealed: Vec<StuckAttempt>,
    /// Dispatched, not accepted: compare with the gateway's queue.
    pub dispatched: Vec<StuckAttempt>,
}

/// Counts of one campaign, from rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tallies {
    /// Attempts.
    pub by_channel: BTreeMap<(Channel, AttemptState), u64>,
    /// Held notifications by reason; one may count several times.
    pub by_reason: BTreeMap<Reason, u64>,
    /// Held notifications by rule; one may count several times.
    pub by_rule: BTreeMap<RuleId, u64>,
    /// Notifications by mission group; one may count several times.
    pub by_group: BTreeMap<String, BTreeMap<NotificationState, u64>>,
    /// Notifications by notifying Society; `-`: none.
    pub by_society: BTreeMap<String, BTreeMap<NotificationState, u64>>,
    /// Messages sealed.
    pub messages: u64,
    /// Times one was published.
    pub dispatches: u64,
}

/// A held notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRow {
    /// Notification.
    pub notification: NotificationId,
    /// Person.
    pub person: PersonId,
    /// Society of the person.
    pub society: Option<SocietyCode>,
    /// Reasons.
    pub reasons: Vec<Reason>,
    /// Rules.
    pub rules: Vec<RuleId>,
    /// Comes up again.
    pub review_at: Option<Millis>,
    /// State.
    pub state: NotificationState,
}

/// One try of a notification, for looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptSummary {
    /// Attempt.
    pub id: AttemptId,
    /// Step.
    pub step_no: i32,
    /// Channel.
    pub channel: Channel,
    /// Society.
    pub society: SocietyCode,
    /// Level.
    pub level: Level,
    /// State.
    pub state: AttemptState,
    /// When it was released.
    pub released_at: Millis,
    /// Serves several people.
    pub shared: bool,
}

/// A notification with its plan and tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationRow {
    /// Id.
    pub id: NotificationId,
    /// Campaign.
    pub campaign: CampaignId,
    /// Person.
    pub person: PersonId,
    /// State.
    pub state: NotificationState,
    /// Version of the decision.
    pub decision_version: i32,
    /// Steps of the current decision.
    pub steps: Vec<Step>,
    /// Reasons.
    pub reasons: Vec<Reason>,
    /// Rules.
    pub rules: Vec<RuleId>,
    /// Audience.
    pub audience: Audience,
    /// Notifying Society.
    pub society: Option<SocietyCode>,
    /// Version of the facts it was decided on.
    pub facts_version: i32,
    /// To be decided again from this instant.
    pub valid_until: Millis,
    /// Not before.
    pub due_at: Option<Millis>,
    /// A hold comes up again.
    pub review_at: Option<Millis>,
    /// Place in the campaign.
    pub rank: i32,
    /// Tries, oldest first.
    pub attempts: Vec<AttemptSummary>,
}
