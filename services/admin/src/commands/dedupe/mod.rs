//! `tidings dedupe`: link records to persons again, and decide what the engine leaves to people.

mod explain;
mod review;
mod show;
pub mod undo;
mod walk;

use domain::IncidentId;
use domain::doorbell::{Doorbell, Stage};
use serde_json::json;

use super::worker;
use crate::answer::{Answer, grouped};
use crate::app::App;
use crate::cli::{DedupeCommand, Signer};
use crate::error::Failure;

pub use review::{accept, reject};

/// Runs the command.
///
/// # Errors
/// What the store or a worker says.
pub async fn run(app: &App, command: &DedupeCommand) -> Result<Answer, Failure> {
    match command {
        DedupeCommand::Run { incident } => {
            app.incident(*incident).await?;
            link_again(app, *incident).await?;
            let ledger = app.store.ledger(*incident, None).await?;
            let text = format!(
                "{} records are {} persons; {} wait.",
                grouped(ledger.records_linked),
                grouped(ledger.persons),
                grouped(ledger.records_pending)
            );
            Ok(Answer::new(json!({ "ledger": ledger }), text))
        }
        DedupeCommand::Review(args) => match (&args.command, args.incident, &args.operator) {
            (Some(command), ..) => review::run(app, command).await,
            (None, Some(incident), Some(operator)) => {
                walk::run(app, incident, args.limit, &Signer::of(operator.clone())).await
            }
            (None, ..) => Err(Failure::usage(
                "name the incident and who decides: tidings dedupe review --incident inc_… --as OPERATOR",
            )),
        },
        DedupeCommand::Explain { a, b, viewer } => {
            explain::run(app, *a, *b, viewer.clone().map(Signer::of).as_ref()).await
        }
        DedupeCommand::Undo { person, records, signer } => undo::propose(app, *person, records, signer).await,
    }
}

/// Links the records of an incident again: here, or by the workers of the server setting. What a decision changes must
/// not wait for the next import: until then somebody may be told who should not be.
///
/// # Errors
/// The broker cannot be reached, or a worker ends.
pub(super) async fn link_again(app: &App, incident: IncidentId) -> Result<(), Failure> {
    worker::ring(app, incident, vec![Doorbell::new(Stage::Dedupe, incident, None, Vec::new())]).await
}
