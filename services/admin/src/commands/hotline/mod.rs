//! `tidings verify`, `tidings hotline`: codes that callers read out. A code proves a message, not the person who has it in
//! hand: neither command says who was written to, what, or where.

mod given;

use std::path::Path;

use domain::receipt::{ReceiptKind, ReceiptSource};
use domain::{Millis, OperatorId};
use localisation::reference::Reference;
use protection::NewContact;
use serde_json::json;
use store::{Asked, CodeRow};

use super::task::{Said, record};
use super::{action, explain, protect};
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
    let HotlineCommand::Record { code, outcome, checked, file, signer } = command;
    if outcome.needs_the_person() && !checked {
        return Err(Failure::refused(
            "check first who calls and whether they can speak freely, by the script; then say so with --checked",
        ));
    }
    if file.is_some() && *outcome != HotlineOutcome::NewContact {
        return Err(Failure::usage("--file holds a new contact point, and goes with new_contact only"));
    }
    let code = Reference::parse(code).map_err(|e| Failure::usage(e.to_string()))?;
    let operator = action::proved(app, signer).await?;
    let Some(row) = ask(app, operator, code).await? else {
        return Err(Failure::failed("the code is not ours: nothing was recorded"));
    };
    // One message for a number that several people share carries one code: it cannot say for which of them it counts.
    if row.shared && outcome.needs_the_person() {
        return Err(Failure::refused(
            "this code cannot say that: the message was not for one person only. Hand the caller to the protection desk",
        ));
    }
    match (outcome.receipt(), file) {
        (Some(kind), _) => note(app, &row, kind, *checked, signer).await,
        (None, Some(file)) => new_contact(app, &row, file, signer).await,
        (None, None) => Err(Failure::usage("--file says which contact point; - for standard input")),
    }
}

/// A second person signs before it counts, and linkage counts who else lists it before anything goes there. Says nothing
/// about whom it belongs to.
async fn new_contact(app: &App, row: &CodeRow, file: &Path, signer: &Signer) -> Result<Answer, Failure> {
    let elsewhere = || Failure::refused("the message of this code went to no contact point on record any more");
    let record = row.record.ok_or_else(elsewhere)?;
    let person = app.store.record_person(record).await?.ok_or_else(elsewhere)?;
    let case = explain::casefile(app, person).await?;
    let about = case.record(record).ok_or_else(elsewhere)?;
    let today = case.at().timestamp().map(|t| jiff::tz::Offset::UTC.to_datetime(t).date());
    let today = today.ok_or_else(|| Failure::failed("the store's clock shows no date"))?;
    let point = given::read(&given::text(file)?, about, today)?;
    if let Some(label) = &point.code_name {
        let wrong = |fault: localisation::Fault| Failure::usage(fault.to_string());
        app.library()?.check_label(label.expose()).map_err(wrong)?;
    }
    let full = || Failure::refused("too many contact points were given for this person; hand the caller to the desk");
    let contact = case.next_contact(record).ok_or_else(full)?;
    let subject = json!({ "attempt": row.attempt, "kind": "new_contact", "checked": true });
    action::attest(app, signer, "call recorded", &subject).await?;
    let mut answer = protect::propose_contact(app, &case, (person, NewContact { contact, point }), signer).await?;
    answer.json["recorded"] = json!("new_contact");
    answer.text = format!("It opens a way, so it takes two people. Until then nothing changes.\n{}", answer.text);
    Ok(answer)
}

async fn note(app: &App, row: &CodeRow, kind: ReceiptKind, checked: bool, signer: &Signer) -> Result<Answer, Failure> {
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
