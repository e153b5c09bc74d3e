//! Incidents, Societies, gateways.

use domain::heard::Heard;
use domain::incident::IncidentFacts;
use domain::{IncidentId, Millis, SocietyCode};

use crate::seal::WrappedKeys;

use super::state;

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

/// Batches of receipts that came under one key of a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardRow {
    /// Society.
    pub society: SocietyCode,
    /// Thumbprint of the key that signed them.
    pub gateway_key: String,
    /// Their numbers.
    pub heard: Heard,
    /// Since when some have been missing; none: none are.
    pub gap_since: Option<Millis>,
}
