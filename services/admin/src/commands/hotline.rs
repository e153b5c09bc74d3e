//! `tidings verify`, `tidings hotline`: codes that callers read out. A code proves a message, not the person who has it in
//! hand: neither command says who was written to, what, or where.

use domain::receipt::{ReceiptKind, ReceiptSource};
use domain::{Millis, OperatorId};
use localisation::reference::Reference;
use serde_json::json;
use store::{Asked, CodeRow};

use super::action;
use super::task::{Said, record};
use crate::answer::Answer;
use crate::app::App;
use crate::cli::{HotlineCommand, HotlineOutcome, Signer};
use crate::error::Failure;

/// Codes of nobody that one desk may ask about within an hour (`reliability.md` T1). What is only misread does not
/// count: the check sign finds it.
const WRONG_CODES: u32 = 10;

/// Says whether a code is ours.
///
/// # Errors
/// An operator who may not act, or a desk that guesses.
pub async fn verify(app: &App, code: &str, signer: &Signer) -> Result<Answer, Failure> {
    let operator = action::proved(app, signer).await?;
    let Ok(code) = Reference::parse(code) else {
        let text = "Not ours, or not read correctly: ask for the ten letters and digits once more.";
        return Ok(Answer::new(json!({ "ours": false, "misread": true }), text));
    };
    let ours = ask(app, operator, code).await?.is_some();
    let text = if ours { "The code is ours." } else { "The code is not ours." };
    Ok(Answer::new(json!({ "ours": ours }), text))
}

/// Runs the command.
///
/// # Errors
/// A code that is not ours, an operator who may not act, or something that only the person can say.
pub async fn run(app: &App, command: &HotlineCommand) -> Result<Answer, Failure> {
    let HotlineCommand::Record { code, outcome, checked, signer } = command;
    if outcome.needs_the_person() && !checked {
        return Err(Failure::refused(
            "check first who calls and whether they can speak freely, by the script; then say so with --checked",
        ));
    }
    let code = Reference::parse(code).map_err(|e| Failure::usage(e.to_string()))?;
    let operator = action::proved(app, signer).await?;
    let Some(row) = ask(app, operator, code).await? else {
        return Err(Failure::failed("the code is not ours: nothing was recorded"));
    };
    note(app, &row, *outcome, *checked, signer).await
}

async fn note(
    app: &App,
    row: &CodeRow,
    outcome: HotlineOutcome,
    checked: bool,
    signer: &Signer,
) -> Result<Answer, Failure> {
    // One message for a number that several people share carries one code: it cannot say for which of them it counts.
    if row.shared && outcome.needs_the_person() {
        return Err(Failure::refused(
            "this code cannot say that: the message was not for one person only. Hand the caller to the protection desk",
        ));
    }
    let kind = ReceiptKind::from(outcome);
    let subject = json!({ "attempt": row.attempt, "kind": kind, "checked": checked });
    action::attest(app, signer, "call recorded", &subject).await?;
    let said = Said {
        attempt: row.attempt,
        incident: row.incident,
        society: &row.society,
        kind,
        code: None,
        source: ReceiptSource::Hotline,
    };
    let new = record(app, said).await?;
    let text = if new { "Recorded." } else { "That was recorded already." };
    Ok(Answer::new(json!({ "recorded": kind, "new": new }), text))
}

async fn ask(app: &App, operator: OperatorId, code: Reference) -> Result<Option<CodeRow>, Failure> {
    match app.store.ask_code(&operator.to_string(), &code.to_string(), WRONG_CODES, Millis::HOUR).await? {
        Asked::Known(row) => Ok(Some(row)),
        Asked::Unknown => Ok(None),
        Asked::Locked => Err(Failure::refused(format!(
            "{WRONG_CODES} wrong codes from this desk within an hour: it hears nothing more until the hour is over"
        ))),
    }
}
