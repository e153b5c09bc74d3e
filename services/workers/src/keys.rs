//! Which secrets a process holds. A worker is given what its stage needs and drops the rest before it starts.

use std::fmt;
use std::sync::Arc;

use contract::OrganisationPublic;
use contract::jose::jwk::JwkSet;
use store::seal::MasterKey;

use crate::{WorkerError, WorkerKind};

/// Purpose under which the master key wraps a campaign's signing key (a private JWK as JSON); the owner is the campaign.
pub const CAMPAIGN_KEY_PURPOSE: &str = "campaign-signing";

/// Secrets of one process. Import, release, dispatch and reconcile need none.
#[derive(Clone, Default)]
pub struct Keys {
    /// Unwraps incident and campaign keys: dedupe, plan, localise.
    pub master: Option<Arc<MasterKey>>,
    /// Opens receipts (private X25519 JWKs, the newest first): record.
    pub receipts: Option<Arc<JwkSet>>,
    /// The organisation's public key of this realm, which certified the campaign keys: localise.
    pub organisation: Option<OrganisationPublic>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("master", &self.master.is_some())
            .field("receipts", &self.receipts.is_some())
            .field("organisation", &self.organisation)
            .finish()
    }
}

impl Keys {
    /// No secret at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// What a stage may hold of these, and nothing else.
    #[must_use]
    pub fn for_stage(&self, kind: WorkerKind) -> Self {
        use WorkerKind as K;
        Self {
            master: self.master.clone().filter(|_| matches!(kind, K::Dedupe | K::Plan | K::Localise)),
            receipts: self.receipts.clone().filter(|_| kind == K::Record),
            organisation: self.organisation.clone().filter(|_| kind == K::Localise),
        }
    }

    pub(crate) fn master(&self, stage: WorkerKind) -> Result<&Arc<MasterKey>, WorkerError> {
        self.master.as_ref().ok_or(WorkerError::MissingKey { stage, key: "the master key" })
    }

    pub(crate) fn receipts(&self) -> Result<&Arc<JwkSet>, WorkerError> {
        let stage = WorkerKind::Record;
        self.receipts.as_ref().ok_or(WorkerError::MissingKey { stage, key: "the key that opens receipts" })
    }

    pub(crate) fn organisation(&self) -> Result<&OrganisationPublic, WorkerError> {
        let stage = WorkerKind::Localise;
        self.organisation.as_ref().ok_or(WorkerError::MissingKey { stage, key: "the organisation's public key" })
    }
}
