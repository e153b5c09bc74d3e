//! `tidings dedupe`: link records to persons again, and decide what the engine leaves to people.

use domain::action::ActionKind;
use domain::doorbell::{Doorbell, Stage};
use serde_json::json;

use super::{action, worker};
use crate::answer::{Answer, grouped, table};
use crate::app::App;
use crate::cli::{DedupeCommand, ReviewCommand};
use crate::error::Failure;

/// Runs the command.
///
/// # Errors
/// What the store or a worker says.
pub async fn run(app: &App, command: &DedupeCommand) -> Result<Answer, Failure> {
    match command {
        DedupeCommand::Run { incident } => {
            app.incident(*incident).await?;
            let bell = Doorbell::new(Stage::Dedupe, *incident, None, Vec::new());
            worker::ring(app, *incident, vec![bell]).await?;
            let ledger = app.store.ledger(*incident, None).await?;
            let text = format!(
                "{} records are {} persons; {} wait.",
                grouped(ledger.records_linked),
                grouped(ledger.persons),
                grouped(ledger.records_pending)
            );
            Ok(Answer::new(json!({ "ledger": ledger }), text))
        }
        DedupeCommand::Review(command) => review(app, command).await,
    }
}

async fn review(app: &App, command: &ReviewCommand) -> Result<Answer, Failure> {
    match command {
        ReviewCommand::List { incident, limit } => {
            let pairs = app.store.pairs(*incident, Some("review"), *limit).await?;
            let rows: Vec<_> = pairs
                .iter()
                .map(|p| {
                    let percent = format!("{:.1}%", f64::from(p.probability_milli) / 10.0);
                    vec![p.a.to_string(), p.b.to_string(), percent, p.evidence.clone()]
                })
                .collect();
            let json = pairs
                .iter()
                .map(|p| json!({ "a": p.a.to_string(), "b": p.b.to_string(), "probability": f64::from(p.probability_milli) / 1000.0, "evidence": p.evidence }))
                .collect();
            let text = if rows.is_empty() {
                "No pair waits for a decision.".to_owned()
            } else {
                table(&["record", "record", "same", "what speaks for and against"], &rows)
            };
            Ok(Answer::new(json, text))
        }
        ReviewCommand::Accept { a, b, incident, signer } => {
            let subject = json!({ "incident": incident, "a": a, "b": b });
            action::propose(app, ActionKind::AcceptMerge, &subject, signer).await
        }
        ReviewCommand::Reject { a, b, incident, signer } => {
            let subject = json!({ "incident": incident, "a": a, "b": b });
            let operator = action::one_person(app, signer, "pair rejected", &subject).await?;
            app.store.put_verdict(*incident, *a, *b, false, operator).await?;
            Ok(Answer::new(json!({ "rejected": true }), "They stay two persons."))
        }
    }
}
