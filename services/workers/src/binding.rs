//! What an approval binds besides the persons: the digests of a manifest as they stand now. Approving takes them from
//! here, and nothing is sealed while they differ from what two people approved.

use domain::manifest::Manifest;
use domain::merkle::Hash;
use domain::society::Society;
use localisation::Library;
use sha2::{Digest, Sha256};
use store::{CampaignRow, GatewayState, Store};

use crate::WorkerError;

/// Everything around the persons that a manifest covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Version of the incident facts.
    pub facts_version: u32,
    /// Digest of the incident facts.
    pub facts: Hash,
    /// Digest of templates, locales and approvals.
    pub words: Hash,
    /// Version of the protection policy.
    pub policy: String,
    /// Digest of every Society's context.
    pub societies: Hash,
    /// Digest of the gateways' keys that messages are sealed to.
    pub gateways: Hash,
    /// Digest of schedule, waves and caps.
    pub plan: Hash,
}

/// The binding of a campaign as things stand.
///
/// # Errors
/// The store cannot be read, or does not know the incident.
pub async fn now(store: &Store, library: &Library, campaign: &CampaignRow) -> Result<Binding, WorkerError> {
    let incident = store.incident(campaign.incident).await?.ok_or(WorkerError::Missing("incident"))?;
    let mut societies: Vec<Society> =
        store.societies().await?.into_iter().filter(|s| s.synthetic == campaign.drill).collect();
    societies.sort_by(|a, b| a.code.cmp(&b.code));
    let gateways = store.gateways(campaign.drill).await?;
    let mut gateways: Vec<_> = gateways
        .into_iter()
        .filter(|g| g.state == GatewayState::Active)
        .map(|g| (g.society, g.kid, g.sealing_jwk, g.verifying_jwk))
        .collect();
    gateways.sort();
    Ok(Binding {
        facts_version: incident.facts.version,
        facts: digest(b"facts", &incident.facts),
        words: library.digest(),
        policy: protection::POLICY_VERSION.to_owned(),
        societies: digest(b"societies", &societies),
        gateways: digest(b"gateways", &gateways),
        plan: digest(b"plan", &campaign.plan),
    })
}

impl Binding {
    /// What differs from what was approved, in the words of the manifest; empty: nothing.
    #[must_use]
    pub fn differences(&self, approved: &Manifest) -> Vec<&'static str> {
        let pairs = [
            ("incident facts", self.facts_version == approved.facts_version && self.facts == approved.facts),
            ("templates, locales or approvals", self.words == approved.words),
            ("protection policy", self.policy == approved.policy),
            ("Society contexts", self.societies == approved.societies),
            ("gateway keys", self.gateways == approved.gateways),
            ("schedule, waves or caps", self.plan == approved.plan),
        ];
        pairs.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

fn digest(what: &[u8], value: &impl serde::Serialize) -> Hash {
    let mut hash = Sha256::new();
    hash.update(what);
    hash.update([0]);
    // Plain data with string keys: writing it cannot fail; were it to, the digest of nothing matches no manifest.
    hash.update(serde_json::to_vec(value).unwrap_or_default());
    hash.finalize().into()
}
