//! `tidings operator`: who may act.

use domain::action::ActionKind;
use domain::manifest::hex32;
use serde_json::json;

use super::action;
use crate::answer::{Answer, table};
use crate::app::App;
use crate::cli::OperatorCommand;
use crate::config::Config;
use crate::error::Failure;
use crate::home::{self, Operator};

/// Runs the command.
///
/// # Errors
/// What the store or the rule of two people says.
pub async fn run(app: &App, command: &OperatorCommand) -> Result<Answer, Failure> {
    match command {
        OperatorCommand::List => list(app).await,
        OperatorCommand::Key { name } => key(&app.config, name),
        OperatorCommand::Add { name, key, signer } => {
            if hex32::from_hex(key).is_none() {
                return Err(Failure::usage("--key takes the 64 hex digits that `tidings operator key` printed"));
            }
            let subject = json!({ "id": domain::OperatorId::random(), "name": name, "key": key });
            action::propose(app, ActionKind::AddOperator, &subject, signer).await
        }
        OperatorCommand::Revoke { operator, signer } => {
            action::propose(app, ActionKind::RevokeOperator, &json!({ "id": operator }), signer).await
        }
    }
}

/// Makes a key file; needs no store, so that it can run on the new operator's machine.
///
/// # Errors
/// The file exists.
pub fn key(config: &Config, name: &str) -> Result<Answer, Failure> {
    let operator = Operator::generate(name);
    let path = home::operator_file(config, name);
    operator.save(&path)?;
    let public = hex32::to_hex(&operator.public());
    let text = format!("Key file: {}\nPublic key: {public}", path.display());
    Ok(Answer::new(json!({ "file": path, "key": public }), text))
}

async fn list(app: &App) -> Result<Answer, Failure> {
    let operators = app.store.operators().await?;
    let rows: Vec<_> = operators
        .iter()
        .map(|o| {
            let state = if o.revoked_at.is_some() { "revoked" } else { "active" };
            vec![o.id.to_string(), o.name.clone(), state.to_owned(), if o.drill { "drill" } else { "real" }.to_owned()]
        })
        .collect();
    let json = operators
        .iter()
        .map(|o| json!({ "id": o.id.to_string(), "name": o.name, "revoked": o.revoked_at.is_some(), "drill": o.drill }))
        .collect();
    Ok(Answer::new(json, table(&["operator", "name", "state", "for"], &rows)))
}
