//! `tidings society`: contexts of Societies. A hotline or a risk tier decides who is told what, so it takes two.

use domain::action::ActionKind;
use domain::society::Society;
use serde_json::json;

use super::action;
use crate::answer::{Answer, table};
use crate::app::App;
use crate::cli::SocietyCommand;
use crate::error::Failure;

/// A file to begin from, with every key explained.
const EXAMPLE: &str = include_str!("examples/society.toml");

/// The example of the file; needs no store.
#[must_use]
pub fn example() -> Answer {
    Answer::new(json!({ "example": EXAMPLE }), EXAMPLE)
}

/// Runs the command.
///
/// # Errors
/// A file that is not a Society, or that is not plausible.
pub async fn run(app: &App, command: &SocietyCommand) -> Result<Answer, Failure> {
    match command {
        SocietyCommand::Example => Ok(example()),
        SocietyCommand::Put { file, signer } => {
            let text = std::fs::read_to_string(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
            let society: Society =
                toml::from_str(&text).map_err(|e| Failure::usage(format!("{}: {}", file.display(), e.message())))?;
            let wrong = |what: String| Failure::usage(format!("{}: {what}", file.display()));
            check(&society).map_err(wrong)?;
            app.library()?.check_society(&society).map_err(|fault| wrong(fault.to_string()))?;
            action::propose(app, ActionKind::PutSociety, &json!({ "society": society }), signer).await
        }
        SocietyCommand::List => list(app).await,
    }
}

/// What a Society's file must have beyond its shape.
fn check(society: &Society) -> Result<(), String> {
    if !society.name.contains_key("en") {
        return Err("the name in English (name.en) is missing".to_owned());
    }
    if society.sender.is_empty() || society.sender.chars().count() > 11 {
        return Err("sender has 1 to 11 characters".to_owned());
    }
    if jiff::tz::TimeZone::get(&society.time_zone).is_err() {
        return Err("time_zone is not an IANA time zone".to_owned());
    }
    Ok(())
}

async fn list(app: &App) -> Result<Answer, Failure> {
    let societies = app.store.societies().await?;
    let rows: Vec<_> = societies
        .iter()
        .map(|s| {
            let channels: Vec<_> = s.offers.iter().map(|o| o.channel.as_str()).collect();
            vec![
                s.code.to_string(),
                s.name.get("en").cloned().unwrap_or_default(),
                s.contexts.len().to_string(),
                channels.join(" "),
            ]
        })
        .collect();
    let json = serde_json::to_value(&societies)?;
    Ok(Answer::new(json, table(&["society", "name", "contexts", "offers"], &rows)))
}
