//! Campaign states and the only transitions between them.

use serde::{Deserialize, Serialize};

use crate::channel::word;
use crate::{IncidentId, SocietyCode};

word! {
    /// Where a campaign stands.
    CampaignState {
        /// Created; being planned.
        Draft = "draft",
        /// Every person has a plan or a hold; waits for two people.
        Planned = "planned",
        /// Two people approved the manifest.
        Approved = "approved",
        /// Under way.
        Running = "running",
        /// One person paused it.
        Paused = "paused",
        /// Stopped for good; what is not sent is recalled.
        Stopped = "stopped",
        /// Balanced, every notification at an end.
        Closed = "closed",
    }
}

/// The step does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a campaign that is {from} cannot become {to}")]
pub struct TransitionError {
    /// State before.
    pub from: CampaignState,
    /// State asked for.
    pub to: CampaignState,
}

/// The state after a step.
///
/// # Errors
/// [`TransitionError`] for a step that the states do not know.
pub const fn advance(from: CampaignState, to: CampaignState) -> Result<CampaignState, TransitionError> {
    use CampaignState as S;
    match (from, to) {
        (S::Draft, S::Planned)
        | (S::Planned, S::Approved | S::Draft)
        | (S::Approved, S::Running | S::Planned)
        | (S::Running, S::Paused | S::Stopped | S::Closed)
        | (S::Paused, S::Running | S::Stopped)
        | (S::Stopped, S::Closed) => Ok(to),
        _ => Err(TransitionError { from, to }),
    }
}

/// What operators choose for a campaign, bound by its manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignPlan {
    /// Incident.
    pub incident: IncidentId,
    /// Short name for operators.
    pub name: String,
    /// Societies outside this campaign (their persons are counted with that reason).
    #[serde(default)]
    pub without_societies: Vec<SocietyCode>,
    /// Size of the canary wave; 0: none.
    #[serde(default = "default_canary")]
    pub canary: u32,
    /// Size of every later wave; 0: one wave for all.
    #[serde(default)]
    pub wave: u32,
    /// Days after which a message that was not sent expires.
    #[serde(default = "default_expiry_days")]
    pub expiry_days: u8,
    /// Messages the campaign may send at most.
    #[serde(default)]
    pub max_messages: Option<u64>,
}

/// Small enough to be looked at, large enough to show a wrong template.
const fn default_canary() -> u32 {
    20
}

/// Protection facts age; a week-old message about a person detained since is a danger (H40).
const fn default_expiry_days() -> u8 {
    7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_steps_of_the_page() {
        let known = CampaignState::ALL
            .iter()
            .flat_map(|from| CampaignState::ALL.iter().map(move |to| (*from, *to)))
            .filter(|(from, to)| advance(*from, *to).is_ok())
            .count();
        assert_eq!(known, 11);
        assert!(advance(CampaignState::Draft, CampaignState::Running).is_err());
        assert!(advance(CampaignState::Stopped, CampaignState::Running).is_err());
    }
}
