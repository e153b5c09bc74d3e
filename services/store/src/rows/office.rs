//! Operators, actions, audit.

use domain::action::{Action, Endorsement};
use domain::{Millis, OperatorId};

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
