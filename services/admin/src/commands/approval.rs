//! What two people approve: the manifest of a campaign as it stands now, and whether it still stands.

use domain::campaign::CampaignState;
use domain::manifest::Manifest;
use domain::merkle;
use domain::{CampaignId, Millis};
use serde_json::{Value, json};
use store::CampaignRow;

use crate::app::App;
use crate::error::Failure;

/// Milliseconds for which an approval can be launched: facts and contexts age.
const APPROVAL_LIFETIME: i64 = 7 * Millis::DAY;

/// The manifest of everything that an approval of the planned persons would cover now.
///
/// # Errors
/// The store cannot be read, or nobody is planned.
pub async fn manifest(app: &App, campaign: &CampaignRow) -> Result<Manifest, Failure> {
    let leaves = app.store.plan_leaves(campaign.id).await?;
    let hashes: Vec<_> = leaves.iter().map(|(person, steps)| domain::manifest::person_leaf(*person, steps)).collect();
    let binding = workers::binding::now(&app.store, &*app.library_of_operators().await?, campaign).await?;
    Ok(Manifest {
        v: 1,
        campaign: campaign.id,
        supplement: campaign.manifest.as_ref().map_or(0, |m| m.supplement + 1),
        drill: campaign.drill,
        persons_root: merkle::root(&hashes),
        persons: hashes.len() as u64,
        facts_version: binding.facts_version,
        facts: binding.facts,
        words: binding.words,
        policy: binding.policy,
        societies: binding.societies,
        gateways: binding.gateways,
        plan: binding.plan,
        nonce: uuid::Uuid::new_v4(),
        expires_at: app.store.now().await?.plus(APPROVAL_LIFETIME),
    })
}

/// What the proposer signs.
///
/// # Errors
/// The campaign is not planned.
pub async fn subject(app: &App, campaign: &CampaignRow) -> Result<Value, Failure> {
    let supplement = matches!(campaign.state, CampaignState::Running | CampaignState::Paused | CampaignState::Approved);
    if campaign.state != CampaignState::Planned && !supplement {
        return Err(Failure::refused(format!(
            "{} is {}: only a planned campaign can be approved",
            campaign.id, campaign.state
        )));
    }
    let manifest = manifest(app, campaign).await?;
    // Nobody new, but something around everybody: a rotated key, say. Without this a paused campaign could never go on.
    let unchanged = campaign.manifest.as_ref().is_some_and(|approved| around(approved, &manifest).is_empty());
    if supplement && manifest.persons == 0 && unchanged {
        return Err(Failure::refused(
            "nobody waits for a supplementary approval, and nothing that was approved changed",
        ));
    }
    Ok(
        json!({ "campaign": campaign.id, "digest": domain::manifest::hex32::to_hex(&manifest.digest()), "manifest": manifest }),
    )
}

/// Whether the proposed manifest is still what stands.
///
/// # Errors
/// A refusal that names what changed.
pub async fn verify_fresh(app: &App, subject: &Value) -> Result<(), Failure> {
    let proposed: Manifest = serde_json::from_value(subject["manifest"].clone())?;
    let campaign = app.campaign(proposed.campaign).await?;
    let current = manifest(app, &campaign).await?;
    if app.store.now().await? >= proposed.expires_at {
        return Err(Failure::refused("the manifest has expired; propose it again"));
    }
    let changed = proposed.differences(&current);
    if changed.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(format!("since it was proposed, these changed: {}; propose it again", changed.join(", "))))
}

/// Marks exactly the persons under the root as approved.
pub(super) async fn execute(app: &App, action: &domain::action::Action, subject: &Value) -> Result<String, Failure> {
    let manifest: Manifest = serde_json::from_value(subject["manifest"].clone())?;
    app.store.approve(manifest.campaign, &manifest, action.id).await?;
    Ok(format!(
        "{} persons of {} are approved.\nNext: tidings campaign launch {}",
        manifest.persons, manifest.campaign, manifest.campaign
    ))
}

/// Refuses a launch when anything that the approval covers has changed since. Persons are compared one by one, by the
/// store, with what was approved for each.
///
/// # Errors
/// A refusal that names what changed.
pub async fn still_stands(app: &App, id: CampaignId) -> Result<(), Failure> {
    let campaign = app.campaign(id).await?;
    let Some(approved) = &campaign.manifest else {
        return Err(Failure::refused(format!(
            "{id} was not approved by two people: tidings campaign approve {id} --as …"
        )));
    };
    if app.store.now().await? >= approved.expires_at {
        return Err(Failure::refused("the approval has expired; approve again"));
    }
    let changed = around(approved, &manifest(app, &campaign).await?);
    if changed.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(format!("since it was approved, these changed: {}; approve again", changed.join(", "))))
}

/// What differs around the persons, who are left aside.
fn around(approved: &Manifest, current: &Manifest) -> Vec<&'static str> {
    let same_persons = Manifest { persons_root: approved.persons_root, persons: approved.persons, ..current.clone() };
    approved.differences(&same_persons)
}
