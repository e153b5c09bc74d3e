//! The rows that go in and come out. Personal data travels in them only sealed.

use std::collections::BTreeMap;

use domain::action::{Action, Endorsement};
use domain::campaign::{CampaignPlan, CampaignState};
use domain::decision::{Reason, RuleId};
use domain::delivery::{AttemptState, NotificationState};
use domain::incident::IncidentFacts;
use domain::manifest::{Manifest, Step};
use domain::{
    ActionId, AddressGroupId, AttemptId, Audience, CampaignId, Channel, Form, ImportId, IncidentId,
    Level, Millis, NotificationId, OperatorId, PersonId, RecordId, SocietyCode,
};
use uuid::Uuid;

use crate::seal::{SealedBlob, SealedRecord, WrappedKeys};

macro_rules! state {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// The word in the store.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of a word; `None` for any other word.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

// ---- operators, actions, audit ---------------------------------------------------------------------------------

/// An operator: a staff member who may act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorRow {
    /// Id.
    pub id: OperatorId,
    /// Name of the staff member.
    pub name: String,
    /// Ed25519 public key.
    pub key: [u8; 32],
    /// Role, in words.
    pub role: String,
    /// May act in drills only.
    pub drill: bool,
    /// Revoked from this instant.
    pub revoked_at: Option<Millis>,
}

/// An action, its endorsements in the order of signing, and when it was executed.
pub type ActionRow = (Action, Vec<Endorsement>, Option<Millis>);

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Who: an operator's id, a worker's name, a gateway's Society.
    pub actor: String,
    /// What, in one word with dots.
    pub what: String,
    /// About what: JSON without personal data.
    pub subject: String,
}

/// One row of the audit chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Position, from 1 without gaps.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// Entry.
    pub entry: AuditEntry,
    /// Hash of the row before.
    pub previous: [u8; 32],
    /// Hash of this row.
    pub hash: [u8; 32],
}

/// What a verified chain amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditSummary {
    /// Rows.
    pub rows: i64,
    /// Hash of the last row: what a checkpoint signs.
    pub head: [u8; 32],
}

// ---- incidents, Societies, gateways ----------------------------------------------------------------------------

/// An incident as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentRow {
    /// Id.
    pub id: IncidentId,
    /// Latest facts.
    pub facts: IncidentFacts,
    /// Its keys, secret ones wrapped.
    pub keys: WrappedKeys,
}

state! {
    /// Whether a gateway's key is in use.
    GatewayState {
        /// Messages are sealed to it.
        Active = "active",
        /// Being rotated out: its receipts count, nothing new is sealed to it.
        Retiring = "retiring",
        /// Neither.
        Revoked = "revoked",
    }
}

/// One key pair's public sides of a Society's gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayRow {
    /// Society.
    pub society: SocietyCode,
    /// Id of the keys.
    pub kid: String,
    /// Messages are sealed to this (JWK).
    pub sealing_jwk: String,
    /// Receipts are verified with this (JWK).
    pub verifying_jwk: String,
    /// For drills only.
    pub drill: bool,
    /// In use or not.
    pub state: GatewayState,
}

// ---- import ------------------------------------------------------------------------------------------------------

/// An import that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImport {
    /// Id, if it turns out to be new.
    pub id: ImportId,
    /// Incident.
    pub incident: IncidentId,
    /// Society whose register it is.
    pub society: SocietyCode,
    /// Source system.
    pub system: String,
    /// SHA-256 of the file.
    pub file_digest: [u8; 32],
    /// The manifest as read (no personal data).
    pub manifest: String,
}

/// What the store knows of a file that is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nothing yet: stage its rows.
    New,
    /// A part was staged under this id: go on after that many rows.
    Resume {
        /// The import to go on with.
        id: ImportId,
        /// Rows staged or quarantined so far: the highest row number.
        staged_rows: i64,
    },
    /// All of it is staged or applied, and nothing of this register came after it.
    Done(ImportRow),
}

/// One row, sealed, on its way in.
#[derive(Debug, Clone)]
pub struct StagedRow {
    /// Row of the file.
    pub row_no: i64,
    /// Keyed index of (Society, system, record id).
    pub record_key: [u8; 16],
    /// Keyed digest of the content.
    pub content_hash: [u8; 16],
    /// Id that it is sealed under: the known one of [`crate::Store::record_ids`], else a fresh one.
    pub record: RecordId,
    /// The record.
    pub sealed: SealedRecord,
}

/// A row that nobody could read as a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// Row of the file.
    pub row_no: i64,
    /// Column, by name or position.
    pub column: String,
    /// Why; never the value.
    pub reason: String,
}

state! {
    /// Where an import stands.
    ImportState {
        /// Rows are being staged.
        Staging = "staging",
        /// All rows are staged; being applied.
        Staged = "staged",
        /// Applied.
        Applied = "applied",
        /// Given up; nothing of it was applied.
        Abandoned = "abandoned",
    }
}

/// An import and its counts, from rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Id.
    pub id: ImportId,
    /// Incident.
    pub incident: IncidentId,
    /// Society.
    pub society: SocietyCode,
    /// Source system.
    pub system: String,
    /// State.
    pub state: ImportState,
    /// Rows that the file holds.
    pub rows_read: i64,
    /// Rows staged and not applied yet.
    pub staged: i64,
    /// New records.
    pub new: i64,
    /// Changed records.
    pub updated: i64,
    /// Unchanged records.
    pub unchanged: i64,
    /// Quarantined rows.
    pub quarantined: i64,
    /// When it began.
    pub begun_at: Millis,
}

/// What one step of applying did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// New records.
    pub new: u64,
    /// Changed records.
    pub updated: u64,
    /// Unchanged records.
    pub unchanged: u64,
    /// Rows still staged.
    pub remaining: u64,
}

// ---- dedupe --------------------------------------------------------------------------------------------------------

/// One record, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Id.
    pub id: RecordId,
    /// Society that holds it.
    pub society: SocietyCode,
    /// Person it is linked to.
    pub person: Option<PersonId>,
    /// Version, from 1.
    pub version: i32,
    /// Keyed index of (Society, system, record id).
    pub record_key: [u8; 16],
    /// The record.
    pub sealed: SealedRecord,
}

/// One address of one record, and its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRow {
    /// Record.
    pub record: RecordId,
    /// Position in the record's contact list.
    pub index: i32,
    /// Group of everybody who lists this address.
    pub group: AddressGroupId,
    /// Other persons that list it; a guardian's own children do not count.
    pub others: i32,
    /// Listed by two persons who must not hear of each other (R17b).
    pub conflict: bool,
    /// Declared unsafe in a record that lists it (R19).
    pub declared_unsafe: bool,
}

/// An address that the store knows, for keeping its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownAddress {
    /// The row.
    pub row: AddressRow,
    /// Version of the record whose contact list the index points into.
    pub version: i32,
    /// A receipt said `unsafe` or `wrong_person`.
    pub group_unsafe: bool,
}

/// Two persons who may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CandidateRow {
    /// One.
    pub a: PersonId,
    /// The other.
    pub b: PersonId,
    /// Known facts contradict each other (R24).
    pub incompatible: bool,
}

/// A scored pair of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairRow {
    /// One.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// Weight, thousandths of a bit.
    pub weight_milli: i32,
    /// Probability, thousandths.
    pub probability_milli: i32,
    /// Linkage's word for what follows.
    pub outcome: String,
    /// `field:level:weight`, no values.
    pub evidence: String,
}

/// What one run of dedupe found.
#[derive(Debug, Clone, Default)]
pub struct DedupeResult {
    /// [`crate::Store::record_epoch`] as read before the records were loaded; 0: do not check.
    pub epoch: i64,
    /// Records whose person changes (or is new).
    pub assignments: Vec<(RecordId, PersonId)>,
    /// Every address of the incident.
    pub addresses: Vec<AddressRow>,
    /// Record, position in its relations, the other person: every one of the incident.
    pub relations: Vec<(RecordId, i32, PersonId)>,
    /// Every undecided candidate of the incident.
    pub candidates: Vec<CandidateRow>,
    /// Every pair worth keeping.
    pub pairs: Vec<PairRow>,
}

/// What was saved of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deduped {
    /// Persons whose facts changed: to be planned again.
    pub touched: Vec<PersonId>,
    /// Persons that are new.
    pub new_persons: u64,
    /// Persons that others stand for now.
    pub superseded: u64,
}

// ---- plan ----------------------------------------------------------------------------------------------------------

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
    /// Earlier versions: record, version, content. Their restrictions count until a person loosens them.
    pub earlier: Vec<(RecordId, i32, SealedRecord)>,
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

// ---- release, localise, dispatch, record ---------------------------------------------------------------------------

/// What a release did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Released {
    /// New attempts: ring localise.
    pub attempts: Vec<AttemptId>,
    /// Notifications that could go now but for the credit.
    pub waiting: u64,
    /// Earliest instant after now at which one more is due.
    pub next_due: Option<Millis>,
}

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
    /// Id of the broker message.
    pub message_id: Option<Uuid>,
    /// The sealed message.
    pub body: Option<Vec<u8>>,
    /// Not to be used after this instant.
    pub not_after: Millis,
    /// Times it was published.
    pub dispatches: i32,
}

impl AttemptRow {
    /// Facts moved, or somebody joined, since it was released or sealed.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        self.facts_version != self.current_facts_version
    }

    /// Nobody needs it any more: every notification it serves is at an end.
    #[must_use]
    pub fn is_moot(&self) -> bool {
        self.notifications.iter().all(|m| m.state.is_end())
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

// ---- reconcile, looking --------------------------------------------------------------------------------------------

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
    /// Times it was published.
    pub dispatches: i32,
    /// When it came into its state, or was last published.
    pub since: Millis,
}

/// What waits for a bell that was lost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stuck {
    /// Imports that are staged and not applied.
    pub imports: Vec<(IncidentId, ImportId)>,
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
