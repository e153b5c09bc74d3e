//! `tidings campaign`: plan, approve, launch, watch, close.

use contract::CampaignSigner;
use domain::action::ActionKind;
use domain::campaign::{CampaignPlan, CampaignState, advance};
use domain::doorbell::{Doorbell, Stage};
use domain::{CampaignId, IncidentId};
use serde_json::json;
use store::CampaignRow;

use super::{action, approval, gateway, recall, text_messages, worker};
use crate::answer::{Answer, grouped, table};
use crate::app::{App, realm};
use crate::cli::{CampaignCommand, Signer};
use crate::error::Failure;

/// Runs the command.
///
/// # Errors
/// A state or a rule that forbids it; what the store says.
pub async fn run(app: &App, command: &CampaignCommand) -> Result<Answer, Failure> {
    match command {
        CampaignCommand::Plan { incident, name, canary, wave } => {
            let plan = CampaignPlan {
                incident: *incident,
                name: name.clone(),
                without_societies: Vec::new(),
                canary: *canary,
                wave: *wave,
                expiry_days: 7,
                max_messages: None,
            };
            let id = create(app, plan).await?;
            let bell = Doorbell::new(Stage::Plan, *incident, Some(id), Vec::new());
            worker::ring(app, *incident, vec![bell]).await?;
            show(app, id, None).await
        }
        CampaignCommand::Show { campaign, sms_rate } => show(app, *campaign, *sms_rate).await,
        CampaignCommand::Status { campaign } => status(app, *campaign).await,
        CampaignCommand::Approve { campaign, signer } => {
            let subject = approval::subject(app, &app.campaign(*campaign).await?).await?;
            action::propose(app, ActionKind::Approve, &subject, signer).await
        }
        CampaignCommand::Launch { campaign, signer } => launch(app, *campaign, signer).await,
        CampaignCommand::Pause { campaign, signer } => step(app, *campaign, CampaignState::Paused, signer).await,
        CampaignCommand::Stop { campaign, signer } => stop(app, *campaign, signer).await,
        CampaignCommand::Resume { campaign, signer } => {
            let row = app.campaign(*campaign).await?;
            if row.state != CampaignState::Paused {
                return Err(Failure::refused(format!("{campaign} is {}, not paused", row.state)));
            }
            action::propose(app, ActionKind::Resume, &json!({ "campaign": campaign }), signer).await
        }
        CampaignCommand::Close { campaign, signer } => {
            let open = app.store.can_close(*campaign).await?;
            if !open.is_empty() {
                return Err(Failure::refused(format!("{campaign} cannot close: {}", open.join("; "))));
            }
            step(app, *campaign, CampaignState::Closed, signer).await
        }
    }
}

/// Makes a campaign in state `draft`, with its own signing key certified by the organisation key.
///
/// # Errors
/// The incident does not exist; a key cannot be read.
pub async fn create(app: &App, plan: CampaignPlan) -> Result<CampaignId, Failure> {
    let incident = app.incident(plan.incident).await?;
    let drill = realm(incident.facts.kind) == broker::Realm::Drill;
    let id = CampaignId::random();
    let organisation = app.organisation_key(drill)?;
    let now = app.store.now().await?;
    let signer = CampaignSigner::generate(&mut rand::rng(), &organisation, id, now, now.plus(CAMPAIGN_KEY_LIFETIME));
    let private = serde_json::to_vec(&signer.to_jwk())?;
    let wrapped = app
        .master_key()?
        .wrap(workers::CAMPAIGN_KEY_PURPOSE, id.uuid(), &private)
        .map_err(|e| Failure::failed(e.to_string()))?;
    let certificate = signer.certificate().to_owned();
    app.store.create_campaign(&CampaignRow::draft(id, plan.incident, plan, drill, wrapped, certificate)).await?;
    Ok(id)
}

/// Milliseconds for which a campaign's signing key is certified: the longest campaign with its follow-ups.
const CAMPAIGN_KEY_LIFETIME: i64 = 180 * domain::Millis::DAY;

async fn launch(app: &App, id: CampaignId, signer: &Signer) -> Result<Answer, Failure> {
    let campaign = app.campaign(id).await?;
    if campaign.state != CampaignState::Approved {
        return Err(Failure::refused(format!(
            "{id} is {}, not approved by two people: tidings campaign approve {id} --as …, then tidings action sign …",
            campaign.state
        )));
    }
    approval::still_stands(app, id).await?;
    action::one_person(app, signer, "campaign launched", &json!({ "campaign": id })).await?;
    if !app.store.launch(id, app.store.now().await?).await? {
        return Err(Failure::failed(format!("{id} changed meanwhile; look again with tidings campaign status {id}")));
    }
    let text = format!(
        "{id} is running.\nEmbedded: `tidings worker all` does the work. Server: its workers have begun.\nNext: tidings campaign status {id}"
    );
    Ok(Answer::new(json!({ "campaign": id.to_string(), "state": "running" }), text))
}

async fn step(app: &App, id: CampaignId, to: CampaignState, signer: &Signer) -> Result<Answer, Failure> {
    let row = app.campaign(id).await?;
    advance(row.state, to).map_err(|e| Failure::refused(e.to_string()))?;
    let what = format!("campaign {to}");
    action::one_person(app, signer, &what, &json!({ "campaign": id })).await?;
    if !app.store.set_campaign_state(id, row.state, to).await? {
        return Err(Failure::failed(format!("{id} changed meanwhile; look again with tidings campaign status {id}")));
    }
    Ok(Answer::new(json!({ "campaign": id.to_string(), "state": to }), format!("{id} is {to}.")))
}

/// Nothing leaves any more, and what a gateway has not sent on is asked back. Repeated, it asks again: an answer may
/// have been lost, or this command may have been ended between its two halves.
async fn stop(app: &App, id: CampaignId, signer: &Signer) -> Result<Answer, Failure> {
    let row = app.campaign(id).await?;
    if row.state == CampaignState::Stopped {
        action::one_person(app, signer, "campaign recalled again", &json!({ "campaign": id })).await?;
    } else {
        step(app, id, CampaignState::Stopped, signer).await?;
    }
    let recalled = app.store.recall_open(id).await?;
    let without_key = recall::send(app, &row, &recalled).await?;
    let mut text = format!(
        "{id} is stopped. {n} messages that may not have been sent on are recalled; gateways answer withdrawn or too_late.\nNext: tidings campaign status {id}",
        n = grouped((recalled.len() - without_key) as u64),
    );
    if without_key > 0 {
        text.push_str(&format!(
            "\n{without_key} more cannot be recalled: their Society has no key in use. Add one and stop again, or call it."
        ));
    }
    let json = json!({
        "campaign": id.to_string(), "state": "stopped", "recalled": recalled.len() - without_key,
        "without_key": without_key,
    });
    Ok(Answer::new(json, text))
}

/// What the campaign would do, counted.
async fn show(app: &App, id: CampaignId, sms_rate: Option<u64>) -> Result<Answer, Failure> {
    let campaign = app.campaign(id).await?;
    let ledger = app.store.ledger(campaign.incident, Some(id)).await?;
    let waiting = app.store.unplanned(id, 1).await?.len();
    let tallies = app.store.tallies(id).await?;
    let mut text = format!("{id} «{}»: {}\n\n", campaign.plan.name, campaign.state);
    text.push_str(&states(&ledger));
    text.push_str("\nHeld, by rule that fired:\n");
    let rules: Vec<_> = tallies.by_rule.iter().map(|(r, n)| vec![r.to_string(), grouped(*n)]).collect();
    text.push_str(&table(&["rule", "persons"], &rules));
    let (text_messages, counted) = text_messages::estimate(app, &campaign, sms_rate).await?;
    text.push_str(&counted);
    if waiting > 0 {
        text.push_str("\nPlanning goes on; look again with `tidings campaign show`.\n");
    } else {
        text.push_str(&format!("\nNext: tidings campaign approve {id} --as …\n"));
    }
    let json = json!({ "campaign": id.to_string(), "state": campaign.state, "planned": waiting == 0, "ledger": ledger, "by_rule": tallies.by_rule, "by_reason": tallies.by_reason, "text_messages": text_messages });
    Ok(Answer::new(json, text))
}

async fn status(app: &App, id: CampaignId) -> Result<Answer, Failure> {
    let campaign = app.campaign(id).await?;
    let ledger = app.store.ledger(campaign.incident, Some(id)).await?;
    let tallies = app.store.tallies(id).await?;
    let mut text = format!("{id} «{}»: {}\n\n", campaign.plan.name, campaign.state);
    text.push_str(&states(&ledger));
    text.push('\n');
    text.push_str(&crate::drill::summary::ledger_lines(&ledger));
    // A gateway's batches are numbered over all its campaigns: which of them a lost one spoke of, nobody knows.
    let concerned = |society: &domain::SocietyCode| tallies.by_society.contains_key(society.as_str());
    let gaps = gateway::gaps::all(app, concerned).await?;
    for row in &gaps {
        text.push_str(&format!("\nReceipts of {} are missing: {}", row.society, gateway::gaps::words(row)));
    }
    let missing = gaps.iter().map(|row| json!({ "society": row.society, "batches": row.heard.missing() }));
    let json = json!({
        "missing_receipts": missing.collect::<Vec<_>>(),
        "campaign": id.to_string(), "state": campaign.state, "ledger": ledger,
        "balanced": ledger.balanced(), "by_rule": tallies.by_rule, "by_reason": tallies.by_reason,
        "by_group": tallies.by_group, "messages": tallies.messages, "dispatches": tallies.dispatches,
    });
    Ok(Answer::new(json, text))
}

fn states(ledger: &domain::ledger::Ledger) -> String {
    let rows: Vec<_> = ledger.notifications.iter().map(|(state, n)| vec![state.to_string(), grouped(*n)]).collect();
    table(&["state", "persons"], &rows)
}

/// Incident of a campaign, for commands that take only the campaign.
///
/// # Errors
/// The campaign does not exist.
pub async fn incident_of(app: &App, id: CampaignId) -> Result<IncidentId, Failure> {
    Ok(app.campaign(id).await?.incident)
}
