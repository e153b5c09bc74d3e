//! `tidings incident`: facts, versioned; the first version makes the incident and its keys.

use domain::IncidentId;
use domain::incident::IncidentFacts;
use serde_json::json;
use store::seal::IncidentKeys;

use crate::answer::{Answer, table};
use crate::app::App;
use crate::cli::IncidentCommand;
use crate::error::Failure;

/// A file to begin from, with every key explained.
const EXAMPLE: &str = include_str!("examples/incident.toml");

/// The example of the file; needs no store.
#[must_use]
pub fn example() -> Answer {
    Answer::new(json!({ "example": EXAMPLE }), EXAMPLE)
}

/// Runs the command.
///
/// # Errors
/// A file that is not facts; a version or kind that the store refuses.
pub async fn run(app: &App, command: &IncidentCommand) -> Result<Answer, Failure> {
    match command {
        IncidentCommand::Example => Ok(example()),
        IncidentCommand::Put { file, incident } => {
            let text = std::fs::read_to_string(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
            let facts: IncidentFacts =
                toml::from_str(&text).map_err(|e| Failure::usage(format!("{}: {}", file.display(), e.message())))?;
            app.library()?
                .check_facts(&facts)
                .map_err(|fault| Failure::usage(format!("{}: {fault}", file.display())))?;
            let id = put(app, *incident, &facts).await?;
            let text = format!("Incident {id}, facts version {}.", facts.version);
            Ok(Answer::new(json!({ "incident": id.to_string(), "version": facts.version }), text))
        }
        IncidentCommand::Show { incident: Some(id) } => {
            let row = app.incident(*id).await?;
            let text = toml::to_string_pretty(&row.facts).map_err(|e| Failure::failed(e.to_string()))?;
            Ok(Answer::new(json!({ "incident": id.to_string(), "facts": row.facts }), text))
        }
        IncidentCommand::Show { incident: None } => list(app).await,
    }
}

/// Records facts; makes the incident and its keys when there is none yet.
///
/// # Errors
/// The version does not rise, the kind changes, or the store refuses.
pub async fn put(app: &App, incident: Option<IncidentId>, facts: &IncidentFacts) -> Result<IncidentId, Failure> {
    let Some(id) = incident else {
        let id = IncidentId::random();
        let keys = IncidentKeys::generate(&mut rand::rng(), id)
            .wrap(&app.master_key()?)
            .map_err(|e| Failure::failed(e.to_string()))?;
        app.store.put_incident(id, facts, Some(&keys)).await?;
        return Ok(id);
    };
    let before = app.incident(id).await?.facts;
    if before.kind != facts.kind {
        return Err(Failure::refused(format!("{id} is {} for ever", before.kind)));
    }
    if facts.version <= before.version {
        return Err(Failure::usage(format!(
            "version {} is not above {}: new facts are a new version",
            facts.version, before.version
        )));
    }
    app.store.put_incident(id, facts, None).await?;
    Ok(id)
}

async fn list(app: &App) -> Result<Answer, Failure> {
    let incidents = app.store.incidents().await?;
    let rows: Vec<_> = incidents
        .iter()
        .map(|i| vec![i.id.to_string(), i.facts.name.clone(), i.facts.kind.to_string(), i.facts.version.to_string()])
        .collect();
    let json = incidents.iter().map(|i| json!({ "incident": i.id.to_string(), "facts": i.facts })).collect();
    Ok(Answer::new(json, table(&["incident", "name", "kind", "version"], &rows)))
}
