//! `tidings locales`: how complete the words are, and who approved them.

use localisation::lint::{Finding, Severity};
use localisation::workflow;
use serde_json::json;

use crate::answer::{Answer, table};
use crate::app::library;
use crate::cli::LocalesCommand;
use crate::config::Config;
use crate::error::Failure;

/// Runs the command.
///
/// # Errors
/// Words that cannot be loaded.
pub fn run(config: &Config, command: &LocalesCommand) -> Result<Answer, Failure> {
    match command {
        LocalesCommand::Status => status(config),
        LocalesCommand::Check => {
            let mut faults = localisation::lint::check(&library(config)?);
            faults.retain(|f| f.severity == Severity::Error);
            if faults.is_empty() {
                return Ok(Answer::new(json!({ "faults": [] }), "Nothing to mend."));
            }
            let lines: Vec<String> = faults.iter().map(line).collect();
            Err(Failure::failed(format!("{} to mend:\n  {}", lines.len(), lines.join("\n  "))))
        }
    }
}

fn line(finding: &Finding) -> String {
    let language = finding.language.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{language} {}: {}", finding.about, finding.problem)
}

fn status(config: &Config) -> Result<Answer, Failure> {
    let statuses = workflow::status(&library(config)?);
    let rows: Vec<_> = statuses
        .iter()
        .map(|s| {
            let states: Vec<_> = s.states.iter().map(|(state, n)| format!("{state} {n}")).collect();
            vec![s.language.to_string(), format!("{}/{}", s.units, s.of), states.join(", ")]
        })
        .collect();
    let json = statuses
        .iter()
        .map(|s| json!({ "language": s.language.to_string(), "messages": s.messages, "units": s.units, "of": s.of, "states": s.states, "pseudo": s.pseudo }))
        .collect();
    Ok(Answer::new(json, table(&["language", "notices", "states"], &rows)))
}
