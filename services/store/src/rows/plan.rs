//! Persons as the planner sees them, campaigns, plans.

use domain::campaign::{CampaignPlan, CampaignState};
use domain::decision::{Reason, RuleId};
use domain::delivery::NotificationState;
use domain::manifest::{Manifest, Step};
use domain::{
    ActionId, AddressGroupId, Audience, CampaignId, IncidentId, Level, Millis, NotificationId, OperatorId, PersonId,
    RecordId, SocietyCode,
};
use uuid::Uuid;

use super::{AddressRow, RecordRow};
use crate::seal::{SealedBlob, SealedRecord};

/// An address as the planner sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonAddress {
    /// The row.
    pub row: AddressRow,
    /// A receipt said `unsafe` or `wrong_person` for this group.
    pub group_unsafe: bool,
}

/// What an operator stated about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    /// Id.
    pub id: Uuid,
    /// Record.
    pub record: RecordId,
    /// What, sealed under (`statement`, id).
    pub blob: SealedBlob,
    /// It only restricts.
    pub tightening: bool,
    /// When.
    pub at: Millis,
    /// Who.
    pub by: OperatorId,
}

/// A rule set aside for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiftRow {
    /// Id.
    pub id: Uuid,
    /// Person.
    pub person: PersonId,
    /// Rule.
    pub rule: RuleId,
    /// Routes, as JSON.
    pub routes: String,
    /// Up to this level.
    pub level: Level,
    /// Why, without personal data.
    pub reason: String,
    /// Not after this instant.
    pub expires_at: Millis,
    /// Version of the person's facts that the two people saw.
    pub facts_version: i32,
}

/// Everything the planner needs about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Person.
    pub id: PersonId,
    /// Version of the facts.
    pub facts_version: i32,
    /// Records.
    pub records: Vec<RecordRow>,
    /// Those of them of which a row was set aside and none was read since: it may hold a restriction.
    pub doubted: Vec<RecordId>,
    /// Earlier versions: record, version, when it came in, content. Their restrictions count until a person loosens
    /// them.
    pub earlier: Vec<(RecordId, i32, Millis, SealedRecord)>,
    /// Addresses.
    pub addresses: Vec<PersonAddress>,
    /// Record, position in its relations, the other person.
    pub relations: Vec<(RecordId, i32, PersonId)>,
    /// Persons who may be the same, and whether facts contradict.
    pub candidates: Vec<(PersonId, bool)>,
    /// Statements, oldest first.
    pub statements: Vec<StatementRow>,
    /// Lifts.
    pub lifts: Vec<LiftRow>,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRow {
    /// Id.
    pub id: CampaignId,
    /// Incident.
    pub incident: IncidentId,
    /// What operators chose.
    pub plan: CampaignPlan,
    /// Drill or real.
    pub drill: bool,
    /// Signing key, wrapped by the master key.
    pub signing_key: Vec<u8>,
    /// The organisation's certificate for it.
    pub certificate: String,
    /// State.
    pub state: CampaignState,
    /// What two people approved last.
    pub manifest: Option<Manifest>,
    /// The action that approved it.
    pub action: Option<ActionId>,
    /// When it was launched.
    pub launched_at: Option<Millis>,
    /// Places (ranks) below this one may be released.
    pub open_rank: i64,
}

impl CampaignRow {
    /// A new campaign.
    #[must_use]
    pub fn draft(
        id: CampaignId,
        incident: IncidentId,
        plan: CampaignPlan,
        drill: bool,
        signing_key: Vec<u8>,
        certificate: String,
    ) -> Self {
        Self {
            id,
            incident,
            plan,
            drill,
            signing_key,
            certificate,
            state: CampaignState::Draft,
            manifest: None,
            action: None,
            launched_at: None,
            open_rank: 0,
        }
    }
}

/// The plan of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Id, if the person has no notification yet; else the known one stays.
    pub notification: NotificationId,
    /// Person.
    pub person: PersonId,
    /// At least this version; the store raises it above the one it has.
    pub decision_version: i32,
    /// `Planned`, `Held` or `Deferred`.
    pub state: NotificationState,
    /// Permitted steps, in order.
    pub steps: Vec<Step>,
    /// [`domain::manifest::steps_digest`] of them.
    pub steps_digest: [u8; 32],
    /// For every step: the address group, if the number is shared (one message per group and campaign).
    pub shared_group: Vec<Option<AddressGroupId>>,
    /// Counted reasons.
    pub reasons: Vec<Reason>,
    /// Fired rules.
    pub rules: Vec<RuleId>,
    /// Who is spoken to.
    pub audience: Audience,
    /// Notifying Society.
    pub society: Option<SocietyCode>,
    /// Version of the facts it was decided on.
    pub facts_version: i32,
    /// To be decided again from this instant.
    pub valid_until: Millis,
    /// Not before this instant.
    pub due_at: Option<Millis>,
    /// A hold comes up again at this instant.
    pub review_at: Option<Millis>,
    /// Place in the campaign, drawn.
    pub rank: i32,
    /// Mission groups, for reports.
    pub groups: Vec<&'static str>,
}

/// What became of saved plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Planned {
    /// New notifications.
    pub new: u64,
    /// Changed ones.
    pub changed: u64,
    /// Of the changed: those that go on under their approval.
    pub within: u64,
    /// Left alone: nothing changed, a later plan stands, or the person is at an end.
    pub unchanged: u64,
}
