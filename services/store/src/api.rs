//! The methods, to be filled.

use domain::action::{Action, Endorsement};
use domain::campaign::CampaignState;
use domain::decision::Owner;
use domain::delivery::AttemptState;
use domain::incident::IncidentFacts;
use domain::ledger::Ledger;
use domain::manifest::{Manifest, Step};
use domain::receipt::Receipt;
use domain::society::Society;
use domain::*;
use uuid::Uuid;

use crate::seal::WrappedKeys;
use crate::*;

macro_rules! api {
    ($($(#[$doc:meta])* $name:ident($($arg:ident : $type:ty),*) -> $ret:ty;)+) => {
        #[allow(clippy::too_many_arguments, unused_variables, clippy::missing_errors_doc)]
        impl Store {
            /// Opens a store.
            pub async fn open(url: &str, options: OpenOptions) -> Result<Self, StoreError> { Err(StoreError::Unbuilt) }
            $($(#[$doc])* pub async fn $name(&self, $($arg: $type),*) -> Result<$ret, StoreError> { Err(StoreError::Unbuilt) })+
        }
    };
}

type Ids<'a> = &'a [AttemptId];

api! {
    /// Brings the schema up to this version (an admin step).
    migrate() -> ();
    /// Now, by the database's clock and the drill's offset.
    now() -> Millis;
    /// Moves a drill's clock forward.
    jump_clock(to: Millis) -> ();
    /// Takes or renews a lease; false while somebody else has it.
    lease(name: &str, holder: Uuid, ttl_ms: i64) -> bool;
    /// Gives a lease back.
    release_lease(name: &str, holder: Uuid) -> ();

    /// Adds or changes an operator.
    put_operator(row: &OperatorRow) -> ();
    /// Every operator.
    operators() -> Vec<OperatorRow>;
    /// Revokes an operator.
    revoke_operator(id: OperatorId, at: Millis) -> ();
    /// A new action with its proposer's signature.
    put_action(action: &Action, first: &Endorsement) -> ();
    /// An action.
    action(id: ActionId) -> Option<ActionRow>;
    /// Adds a signature; one per operator.
    endorse(id: ActionId, by: &Endorsement) -> ();
    /// Actions, newest first.
    actions(pending_only: bool) -> Vec<ActionRow>;
    /// True exactly once.
    consume_action(id: ActionId) -> bool;
    /// Appends to the audit chain.
    audit(entries: &[AuditEntry]) -> ();
    /// Rows of the audit chain after a position.
    audit_rows(after: i64, limit: u32) -> Vec<AuditRow>;
    /// Checks the whole chain.
    verify_audit() -> AuditSummary;

    /// A new incident, or a new version of its facts.
    put_incident(id: IncidentId, facts: &IncidentFacts, keys: Option<&WrappedKeys>) -> ();
    /// An incident.
    incident(id: IncidentId) -> Option<IncidentRow>;
    /// Every incident.
    incidents() -> Vec<IncidentRow>;
    /// Adds or changes a Society.
    put_society(society: &Society) -> ();
    /// Every Society.
    societies() -> Vec<Society>;
    /// Adds or changes a gateway's keys.
    put_gateway(row: &GatewayRow) -> ();
    /// Gateways of a kind.
    gateways(drill: bool) -> Vec<GatewayRow>;

    /// Begins an import, or says what is known of this file.
    begin_import(new: &NewImport) -> Begun;
    /// Ids and content hashes of records that are known or staged under these keys: seal under these ids.
    record_ids(import: ImportId, keys: &[[u8; 16]]) -> Vec<Option<(RecordId, [u8; 16])>>;
    /// Stages rows.
    stage(import: ImportId, rows: Vec<StagedRow>) -> ();
    /// Records rows that are no records.
    quarantine(import: ImportId, rows: Vec<QuarantineRow>) -> ();
    /// All rows are staged.
    finish_staging(import: ImportId, rows_read: i64) -> ();
    /// Gives up an import that was not applied.
    abandon_import(import: ImportId) -> ();
    /// Applies at most so many staged rows.
    apply_import(import: ImportId, max_rows: u32) -> Applied;
    /// Imports of an incident.
    imports(incident: IncidentId) -> Vec<ImportRow>;
    /// Quarantined rows of an import.
    quarantined(import: ImportId) -> Vec<QuarantineRow>;

    /// A number that moves whenever a record of the incident does.
    record_epoch(incident: IncidentId) -> i64;
    /// Records in the order of their ids.
    records(incident: IncidentId, after: Option<RecordId>, limit: u32) -> Vec<RecordRow>;
    /// Earlier versions of these records.
    earlier_versions(incident: IncidentId, records: &[RecordId]) -> Vec<(RecordId, i32, seal::SealedRecord)>;
    /// Addresses with their groups, for keeping a value's group.
    known_addresses(incident: IncidentId) -> Vec<KnownAddress>;
    /// What reviewers decided.
    verdicts(incident: IncidentId) -> Vec<(RecordId, RecordId, bool)>;
    /// Records a reviewer's decision.
    put_verdict(incident: IncidentId, a: RecordId, b: RecordId, same: bool, by: OperatorId) -> ();
    /// Saves what a run of dedupe found.
    save_dedupe(incident: IncidentId, result: DedupeResult) -> Deduped;
    /// Current persons in the order of their ids.
    persons(incident: IncidentId, after: Option<PersonId>, limit: u32) -> Vec<PersonId>;
    /// Pairs, heaviest first.
    pairs(incident: IncidentId, outcome: Option<&str>, limit: u32) -> Vec<PairRow>;
    /// One pair.
    explain_pair(a: RecordId, b: RecordId) -> Option<PairRow>;

    /// What the planner needs.
    load_persons(incident: IncidentId, ids: &[PersonId]) -> Vec<PersonRow>;
    /// Steps that were tried for these persons in a campaign and how each stands.
    tried(campaign: CampaignId, ids: &[PersonId]) -> Vec<(PersonId, Step, AttemptState)>;
    /// A new campaign.
    create_campaign(row: &CampaignRow) -> ();
    /// A campaign.
    campaign(id: CampaignId) -> Option<CampaignRow>;
    /// Campaigns of an incident.
    campaigns(incident: IncidentId) -> Vec<CampaignRow>;
    /// Compare and set.
    set_campaign_state(id: CampaignId, from: CampaignState, to: CampaignState) -> bool;
    /// Persons to be planned or planned again; take large limits.
    unplanned(campaign: CampaignId, limit: u32) -> Vec<PersonId>;
    /// Saves plans.
    save_plans(campaign: CampaignId, rows: Vec<PlanRow>) -> Planned;
    /// Persons that are not in this campaign, why, and the facts version it was decided on.
    save_outside(campaign: CampaignId, rows: Vec<(PersonId, String, i32)>) -> ();
    /// Persons with their steps digests, in the order of person ids.
    plan_leaves(campaign: CampaignId) -> Vec<(PersonId, [u8; 32])>;
    /// Planned becomes approved, for exactly the leaves of the manifest.
    approve(campaign: CampaignId, manifest: &Manifest, action: ActionId) -> u64;
    /// Approved becomes running.
    launch(campaign: CampaignId, now: Millis) -> bool;
    /// Opens the places below this rank.
    open_ranks(campaign: CampaignId, below: i64) -> u64;
    /// After a stop: voids what has not left; ids of what has to be recalled.
    recall_open(campaign: CampaignId) -> Vec<AttemptId>;

    /// Running campaigns.
    running() -> Vec<CampaignRow>;
    /// Turns due notifications into attempts, as far as the gateway's credit goes.
    release(campaign: CampaignId, society: &SocietyCode, now: Millis, credit: u32, max: u32) -> Released;
    /// Societies that have something due in a campaign.
    due_societies(campaign: CampaignId, now: Millis) -> Vec<SocietyCode>;
    /// Attempts still in the expected state.
    load_attempts(ids: Ids<'_>, state: AttemptState) -> Vec<AttemptRow>;
    /// Released becomes sealed.
    save_sealed(rows: Vec<SealedAttempt>) -> u64;
    /// Takes attempts back before they leave; their persons are planned again.
    void(rows: Vec<(AttemptId, VoidReason)>) -> u64;
    /// Takes attempts back until an instant; the try does not count.
    postpone(rows: Vec<(AttemptId, Millis)>) -> u64;
    /// Sealed becomes dispatched.
    mark_dispatched(ids: Ids<'_>, now: Millis) -> u64;
    /// Sealed becomes released: facts moved.
    unseal(ids: Ids<'_>) -> u64;
    /// Records receipts.
    apply_receipts(society: &SocietyCode, receipts: &[Receipt], now: Millis) -> Effects;
    /// Credit that is taken, by Society.
    credit_outstanding(campaign: Option<CampaignId>) -> Vec<(SocietyCode, u64)>;

    /// What waits for a bell that was lost.
    stuck(now: Millis, older_than_ms: i64, limit: u32) -> Stuck;
    /// Ends what waited too long.
    expire(now: Millis, limit: u32) -> u64;
    /// Published once more.
    redispatched(ids: Ids<'_>, now: Millis) -> u64;
    /// Earliest instant at which anything waits for time alone.
    next_due(now: Millis) -> Option<Millis>;
    /// Nothing is under way.
    idle() -> bool;

    /// The conservation ledger.
    ledger(incident: IncidentId, campaign: Option<CampaignId>) -> Ledger;
    /// Counts.
    tallies(campaign: CampaignId) -> Tallies;
    /// Held persons, in the order of notification ids.
    holds(campaign: CampaignId, owner: Option<Owner>, after: Option<NotificationId>, limit: u32) -> Vec<HoldRow>;
    /// One notification.
    notification(campaign: CampaignId, person: PersonId) -> Option<NotificationRow>;
    /// The attempt of a reference code.
    find_reference(code: &str) -> Option<AttemptId>;
    /// What an operator stated; its person is planned again.
    put_statement(incident: IncidentId, row: &StatementRow) -> ();
    /// A lift; its person is planned again.
    put_lift(incident: IncidentId, row: &LiftRow) -> ();
    /// What keeps a campaign from being closed; nothing: it can be.
    can_close(campaign: CampaignId) -> Vec<String>;
}
