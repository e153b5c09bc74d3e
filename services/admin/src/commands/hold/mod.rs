//! `tidings hold`: work lists of persons whom nothing may reach yet, and what two people may set aside.

pub mod lift;

use domain::CampaignId;
use serde_json::json;

use crate::answer::{Answer, day, table};
use crate::app::App;
use crate::cli::HoldCommand;
use crate::error::Failure;

/// Runs the command.
///
/// # Errors
/// The campaign or the person does not exist.
pub async fn run(app: &App, command: &HoldCommand) -> Result<Answer, Failure> {
    match command {
        HoldCommand::List { campaign, owner, limit } => {
            app.campaign(*campaign).await?;
            list(app, *campaign, *owner, *limit).await
        }
        HoldCommand::Lift(args) => lift::propose(app, args).await,
        HoldCommand::Show { campaign, person } => {
            let row = app
                .store
                .notification(*campaign, *person)
                .await?
                .ok_or_else(|| Failure::failed(format!("{person} has no notification in {campaign}")))?;
            let reasons: Vec<_> = row.reasons.iter().map(|r| format!("{r} ({})", r.owner())).collect();
            let rules: Vec<_> = row.rules.iter().map(|r| r.as_str()).collect();
            let text = format!("{person}: {}\nReasons: {}\nRules: {}", row.state, reasons.join(", "), rules.join(" "));
            let json =
                json!({ "person": person.to_string(), "state": row.state, "reasons": row.reasons, "rules": row.rules });
            Ok(Answer::new(json, text))
        }
    }
}

async fn list(
    app: &App,
    campaign: CampaignId,
    owner: Option<domain::decision::Owner>,
    limit: u32,
) -> Result<Answer, Failure> {
    let holds = app.store.holds(campaign, owner, None, limit).await?;
    let rows: Vec<_> = holds
        .iter()
        .map(|h| {
            let reasons: Vec<_> = h.reasons.iter().map(|r| r.as_str()).collect();
            vec![
                h.person.to_string(),
                h.reasons.first().map(|r| r.owner().to_string()).unwrap_or_default(),
                reasons.join(" "),
                day(h.review_at),
            ]
        })
        .collect();
    let json = holds
        .iter()
        .map(|h| json!({ "person": h.person.to_string(), "reasons": h.reasons, "rules": h.rules, "review_at": h.review_at }))
        .collect();
    let text = if rows.is_empty() {
        "Nobody is held.".to_owned()
    } else {
        table(&["person", "owner", "reasons", "review"], &rows)
    };
    Ok(Answer::new(json, text))
}
