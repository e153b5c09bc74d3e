//! `tidings task`: what teams do in person. A list shows ids and dates; one task at a time is opened, by a known
//! operator, under a quota, and on record before anything is shown.

use domain::doorbell::MAX_IDS;
use domain::receipt::{Receipt, ReceiptKind, ReceiptSource};
use domain::{AttemptId, IncidentId, Millis, SocietyCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{AuditEntry, TaskRow};
use uuid::Uuid;
use workers::{Sheet, TeamTask};

use super::{action, protect};
use crate::answer::{Answer, minute, table};
use crate::app::App;
use crate::cli::{CloseArgs, Signer, TaskCommand, TaskId};
use crate::error::Failure;

/// The audit's word for an opening.
const OPENED: &str = "task opened";

/// Runs the command.
///
/// # Errors
/// No such task, an operator who may not act, or a rule that closed the task.
pub async fn run(app: &App, command: &TaskCommand) -> Result<Answer, Failure> {
    match command {
        TaskCommand::List { campaign, society, all, limit } => {
            Ok(list(&app.store.tasks(*campaign, society.as_ref(), *all, *limit).await?))
        }
        TaskCommand::Open { task, signer } => open(app, *task, signer).await,
        TaskCommand::Close(args) => close(app, args).await,
    }
}

/// Neither the person nor the team's kind: that would say who is detained, and who is a child.
fn list(tasks: &[TaskRow]) -> Answer {
    let due = |task: &TaskRow| task.due.timestamp().map(|t| t.to_string()).unwrap_or_default();
    let answered = |task: &TaskRow| if task.open { "open" } else { "answered" };
    let rows: Vec<_> = tasks
        .iter()
        .map(|task| {
            let until = minute(Some(task.due));
            vec![TaskId(task.attempt).to_string(), task.society.to_string(), until, answered(task).to_owned()]
        })
        .collect();
    let json = tasks
        .iter()
        .map(|task| {
            json!({ "task": TaskId(task.attempt).to_string(), "society": task.society, "campaign": task.campaign,
                    "due": due(task), "open": task.open, "drill": task.drill })
        })
        .collect();
    let text = if rows.is_empty() {
        "No team has a task.".to_owned()
    } else {
        table(&["task", "society", "due (UTC)", "state"], &rows)
    };
    Answer::new(json, text)
}

async fn known(app: &App, task: TaskId) -> Result<TaskRow, Failure> {
    let row = app.store.task(task.0).await?;
    row.ok_or_else(|| Failure::failed(format!("no team has a task {task}; see tidings task list")))
}

async fn open(app: &App, task: TaskId, signer: &Signer) -> Result<Answer, Failure> {
    let row = known(app, task).await?;
    let operator = action::proved(app, signer).await?;
    let subject = json!({ "task": task.to_string(), "person": row.person }).to_string();
    let entry = AuditEntry { actor: operator.to_string(), what: OPENED.to_owned(), subject };
    let quota = app.config.tasks_a_day;
    if !app.store.audit_within(&entry, quota, Millis::DAY).await? {
        return Err(Failure::refused(format!(
            "{} has opened {quota} tasks within a day; another operator, or tomorrow",
            signer.operator
        )));
    }
    let (master, library) = (app.master_key()?, app.library()?);
    match TeamTask::open(&app.store, &library, &master, row.attempt).await? {
        Some(TeamTask::Open(sheet)) => Ok(shown(task, &sheet)),
        Some(TeamTask::Wait(until)) => {
            let until = until.timestamp().map(|t| t.to_string()).unwrap_or_default();
            Err(Failure::refused(format!("not before {until}: the person is safe to reach only then")))
        }
        Some(TeamTask::Closed) => {
            Err(Failure::refused("this may not be done any more: what is known about the person's safety has changed"))
        }
        None => Err(Failure::refused("this task is over: it was answered, recalled, or its campaign ended")),
    }
}

fn shown(task: TaskId, sheet: &Sheet) -> Answer {
    let due = sheet.due.timestamp().map(|t| t.to_string()).unwrap_or_default();
    let records: Vec<Value> = sheet.records.iter().map(|(s, id)| json!({ "system": s, "record": id })).collect();
    let json = json!({
        "task": task.to_string(), "channel": sheet.channel, "to": sheet.to, "level": sheet.level, "due": due,
        "names": sheet.names, "records": records, "place": sheet.place, "language": sheet.language,
        "script": sheet.script, "interpreted_from": sheet.interpreted_from, "exposed": sheet.exposed,
    });
    let mut lines = vec![
        format!("Task {task}, until {due}: {}, up to {}", sheet.channel, sheet.level),
        format!("Name       {}", sheet.names.join(" / ")),
    ];
    lines.extend(sheet.records.iter().map(|(system, id)| format!("Record     {system} {id}")));
    lines.extend(sheet.place.iter().map(|place| format!("Where      {place}")));
    lines.push(format!("Language   {}", sheet.language));
    if !sheet.exposed.is_empty() {
        lines.push(format!("Exposed    {}", sheet.exposed.join(", ")));
    }
    match sheet.interpreted_from {
        _ if sheet.script.is_empty() => lines.push("There are no approved words for this; ask the desk first.".into()),
        Some(from) => lines.push(format!("\nTo be interpreted from {from}:\n{}", sheet.script)),
        None => lines.push(format!("\n{}", sheet.script)),
    }
    lines.push(format!("\nThen: tidings task close {task} informed|wrong_person|unsafe|opted_out|failed --as …"));
    Answer::new(json, lines.join("\n"))
}

async fn close(app: &App, args: &CloseArgs) -> Result<Answer, Failure> {
    let row = known(app, args.task).await?;
    let kind = ReceiptKind::from(args.outcome);
    if args.code.is_some() != (kind == ReceiptKind::Failed) {
        return Err(Failure::usage("--code says why it failed, and nothing else has one"));
    }
    let code = args.code.map(|code| code.as_str().to_owned());
    let subject = json!({ "task": args.task.to_string(), "kind": kind, "code": code });
    action::attest(app, &args.signer, "task closed", &subject).await?;
    let said = Said {
        attempt: row.attempt,
        incident: row.incident,
        society: &row.society,
        kind,
        code,
        source: ReceiptSource::Task,
    };
    let new = record(app, said).await?;
    let text = if new { "Recorded." } else { "That was recorded already." };
    Ok(Answer::new(json!({ "task": args.task.to_string(), "outcome": kind, "new": new }), text))
}

/// What an operator answers for about one attempt.
pub struct Said<'a> {
    /// Attempt.
    pub attempt: AttemptId,
    /// Its incident.
    pub incident: IncidentId,
    /// Its Society.
    pub society: &'a SocietyCode,
    /// What.
    pub kind: ReceiptKind,
    /// Why, where it failed.
    pub code: Option<String>,
    /// A team, or the hotline.
    pub source: ReceiptSource,
}

/// Records a receipt that was attested; false if the same had been said before. Persons whose contact point it closes
/// are planned again at once.
///
/// # Errors
/// The store or the broker refuses.
pub async fn record(app: &App, said: Said<'_>) -> Result<bool, Failure> {
    let now = app.store.now().await?;
    let Said { attempt, incident, society, kind, code, source } = said;
    // The same word about the same attempt has the same id: said twice, it counts once.
    let digest =
        Sha256::digest(format!("{source} receipt {} {kind} {}", attempt.uuid(), code.as_deref().unwrap_or("")));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    let id: Uuid = uuid::Builder::from_custom_bytes(bytes).into_uuid();
    let receipt = Receipt { id, attempt, kind, at: now, code, source };
    let effects = app.store.apply_receipts(society, &[receipt], now).await?;
    for some in effects.replan.chunks(MAX_IDS) {
        protect::plan_again(app, incident, some).await?;
    }
    Ok(effects.new == 1)
}
