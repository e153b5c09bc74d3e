//! `tidings action`: what takes two people. The first proposes by a command, the second signs here, and it is done.

use domain::action::{ACTION_LIFETIME, Action, ActionKind, Authorised, Endorsement, OperatorKey, authorise, check};
use domain::{ActionId, CampaignId, OperatorId};
use serde_json::{Value, json};
use store::{AuditEntry, OperatorRow};
use uuid::Uuid;

use super::hold::lift;
use super::{approval, dedupe, gateway, protect};
use crate::answer::{Answer, table};
use crate::app::App;
use crate::cli::{ActionCommand, Signer};
use crate::error::Failure;
use crate::home::{self, Operator};

/// Runs the command.
///
/// # Errors
/// What the store or the rule of two people says.
pub async fn run(app: &App, command: &ActionCommand) -> Result<Answer, Failure> {
    match command {
        ActionCommand::List => list(app).await,
        ActionCommand::Show { action } => show(app, *action).await,
        ActionCommand::Sign { action, signer } => sign(app, *action, &load(app, signer)?).await,
    }
}

/// The operator who signs, from their key file.
///
/// # Errors
/// The file is missing, open to others, or wrong.
pub fn load(app: &App, signer: &Signer) -> Result<Operator, Failure> {
    Operator::load(&home::operator_file(&app.config, &signer.operator))
}

/// Proves that an operator is known and not revoked: what commands of one person ask for, before they act and audit.
///
/// # Errors
/// Unknown or revoked operator.
pub async fn one_person(app: &App, signer: &Signer, what: &str, subject: &Value) -> Result<OperatorId, Failure> {
    let operator = proved(app, signer).await?;
    audit(app, operator, what, subject).await?;
    Ok(operator)
}

/// The same, for a command that writes its own word into the audit.
///
/// # Errors
/// Unknown or revoked operator.
pub async fn proved(app: &App, signer: &Signer) -> Result<OperatorId, Failure> {
    Ok(signed(app, signer, ActionKind::Resume, &Value::Null).await?.1.operator)
}

/// An operator's word that others have to be able to check: it stays in the audit with its signature.
///
/// # Errors
/// Unknown or revoked operator.
pub async fn attest(app: &App, signer: &Signer, what: &str, subject: &Value) -> Result<OperatorId, Failure> {
    let (said, signature) = signed(app, signer, ActionKind::Receipts, subject).await?;
    let hex: String = signature.signature.iter().map(|byte| format!("{byte:02x}")).collect();
    audit(app, signature.operator, what, &json!({ "said": said, "signature": hex })).await?;
    Ok(signature.operator)
}

async fn signed(
    app: &App,
    signer: &Signer,
    kind: ActionKind,
    subject: &Value,
) -> Result<(Action, Endorsement), Failure> {
    let operator = load(app, signer)?;
    let said = new_action(app, kind, subject).await?;
    let signature = operator.endorse(&said);
    check(&said, &signature, &keys(app).await?, app.store.now().await?)
        .map_err(|refusal| Failure::refused(refusal.to_string()))?;
    Ok((said, signature))
}

/// Proposes an action as its first signer.
///
/// # Errors
/// The operator is unknown or revoked; the store refuses.
pub async fn propose(app: &App, kind: ActionKind, subject: &Value, signer: &Signer) -> Result<Answer, Failure> {
    let operator = load(app, signer)?;
    let action = put(app, kind, subject, &operator).await?;
    let text = format!(
        "Proposed: {kind}. It waits for a second person until it expires in 3 days.\nNext: tidings action show {id}, then tidings action sign {id} --as OTHER",
        id = action.id
    );
    Ok(Answer::new(json!({ "action": action.id.to_string(), "kind": kind, "waits_for": 1 }), text))
}

/// Records a proposal with its first signature.
///
/// # Errors
/// The operator is unknown or revoked; the store refuses.
pub async fn put(app: &App, kind: ActionKind, subject: &Value, operator: &Operator) -> Result<Action, Failure> {
    let action = new_action(app, kind, subject).await?;
    let first = operator.endorse(&action);
    check(&action, &first, &keys(app).await?, app.store.now().await?)
        .map_err(|refusal| Failure::refused(refusal.to_string()))?;
    app.store.put_action(&action, &first).await?;
    audit(app, operator.id, "action proposed", &json!({ "action": action.id, "kind": kind })).await?;
    Ok(action)
}

/// Signs as the second person and carries the action out, once.
///
/// # Errors
/// A refusal of the rule of two people, or of what is to be done.
pub async fn sign(app: &App, id: ActionId, operator: &Operator) -> Result<Answer, Failure> {
    let unknown = || Failure::failed(format!("there is no action {id}; see `tidings action list`"));
    let (action, _, executed) = app.store.action(id).await?.ok_or_else(unknown)?;
    if executed.is_some() {
        return Err(Failure::refused(format!("{id} was carried out already")));
    }
    let (keys, now) = (keys(app).await?, app.store.now().await?);
    let endorsement = operator.endorse(&action);
    let refused = |refusal: domain::action::Refusal| Failure::refused(refusal.to_string());
    check(&action, &endorsement, &keys, now).map_err(refused)?;
    let (_, mut endorsements, _) = app.store.action(id).await?.ok_or_else(unknown)?;
    endorsements.push(endorsement.clone());
    let authorised = authorise(&action, &endorsements, &keys, now).map_err(refused)?;
    app.store.endorse(id, &endorsement).await?;
    let done = execute(app, &action, authorised).await?;
    Ok(Answer::new(json!({ "action": id.to_string(), "kind": action.kind, "done": true }), done))
}

/// Carries out an authorised action. The nonce is consumed before anything is done: two signers at once act once.
async fn execute(app: &App, action: &Action, by: Authorised) -> Result<String, Failure> {
    let subject: Value = serde_json::from_str(&action.subject)?;
    let field = |name: &str| subject[name].as_str().unwrap_or_default().to_owned();
    let wrong = |what: &str| Failure::failed(format!("{}: its {what} cannot be read", action.id));
    // Checked before the nonce is spent: what is stale is refused and may be proposed anew.
    match action.kind {
        ActionKind::Approve => approval::verify_fresh(app, &subject).await?,
        ActionKind::LoosenFact => protect::verify_fresh(app, &subject).await?,
        ActionKind::LiftHold => lift::verify_fresh(app, &subject).await?,
        ActionKind::UndoMerge => dedupe::undo::verify_fresh(app, &subject).await?,
        ActionKind::GatewayKey => gateway::rotate::verify_fresh(app, &subject).await?,
        _ => {}
    }
    if !app.store.consume_action(action.id).await? {
        return Err(Failure::refused(format!("{} was carried out already", action.id)));
    }
    let done = match action.kind {
        ActionKind::Approve => approval::execute(app, action, &subject).await?,
        ActionKind::Resume => {
            let campaign: CampaignId = field("campaign").parse().map_err(|_| wrong("campaign"))?;
            use domain::campaign::CampaignState as S;
            if !app.store.set_campaign_state(campaign, S::Paused, S::Running).await? {
                return Err(Failure::refused(format!("{campaign} is not paused")));
            }
            format!("{campaign} goes on.")
        }
        ActionKind::AddOperator => {
            let key = domain::manifest::hex32::from_hex(&field("key")).ok_or_else(|| wrong("key"))?;
            let id: OperatorId = field("id").parse().map_err(|_| wrong("id"))?;
            let role = "operator".to_owned();
            let row = OperatorRow { id, name: field("name"), key, role, drill: false, revoked_at: None };
            app.store.put_operator(&row).await?;
            format!("{id} may act.")
        }
        ActionKind::RevokeOperator => {
            let id: OperatorId = field("id").parse().map_err(|_| wrong("id"))?;
            app.store.revoke_operator(id, app.store.now().await?).await?;
            format!("{id} may no longer act.")
        }
        ActionKind::PutSociety => {
            let society: domain::society::Society = serde_json::from_value(subject["society"].clone())?;
            app.store.put_society(&society).await?;
            format!("Society {} is recorded.", society.code)
        }
        ActionKind::GatewayKey => gateway::rotate::execute(app, &subject).await?,
        ActionKind::AcceptMerge => dedupe::accept(app, &subject, by).await?,
        ActionKind::RejectMerge => dedupe::reject(app, &subject, by).await?,
        ActionKind::UndoMerge => dedupe::undo::execute(app, &subject, by).await?,
        ActionKind::LoosenFact => protect::execute(app, &subject, by).await?,
        ActionKind::LiftHold => lift::execute(app, &subject, by).await?,
        other => return Err(Failure::failed(format!("this version cannot carry out {other}"))),
    };
    let entry = json!({ "action": action.id, "kind": action.kind, "first": by.first, "second": by.second });
    audit(app, by.second, "action carried out", &entry).await?;
    Ok(done)
}

async fn new_action(app: &App, kind: ActionKind, subject: &Value) -> Result<Action, Failure> {
    Ok(Action {
        id: ActionId::random(),
        kind,
        subject: subject.to_string(),
        nonce: Uuid::new_v4(),
        expires_at: app.store.now().await?.plus(ACTION_LIFETIME),
    })
}

/// Public keys of all operators.
///
/// # Errors
/// The store cannot be read.
pub async fn keys(app: &App) -> Result<Vec<OperatorKey>, Failure> {
    let operators = app.store.operators().await?;
    Ok(operators.into_iter().map(|o| OperatorKey { operator: o.id, key: o.key, revoked_at: o.revoked_at }).collect())
}

/// Writes who did what.
///
/// # Errors
/// The store cannot be written.
pub async fn audit(app: &App, actor: OperatorId, what: &str, subject: &Value) -> Result<(), Failure> {
    let entry = AuditEntry { actor: actor.to_string(), what: what.to_owned(), subject: subject.to_string() };
    app.store.audit(&[entry]).await?;
    Ok(())
}

async fn list(app: &App) -> Result<Answer, Failure> {
    let actions = app.store.actions(true).await?;
    let rows: Vec<_> = actions.iter().map(|(a, _, _)| vec![a.id.to_string(), a.kind.to_string()]).collect();
    let json = actions
        .iter()
        .map(|(a, _, _)| json!({ "action": a.id.to_string(), "kind": a.kind, "expires_at": a.expires_at }))
        .collect();
    let text = if rows.is_empty() {
        "Nothing waits for a second person.".to_owned()
    } else {
        table(&["action", "what"], &rows)
    };
    Ok(Answer::new(json, text))
}

async fn show(app: &App, id: ActionId) -> Result<Answer, Failure> {
    let (action, endorsements, executed) = app
        .store
        .action(id)
        .await?
        .ok_or_else(|| Failure::failed(format!("there is no action {id}; see `tidings action list`")))?;
    let subject: Value = serde_json::from_str(&action.subject)?;
    let signers: Vec<String> = endorsements.iter().map(|e| e.operator.to_string()).collect();
    let said = match action.kind {
        ActionKind::LoosenFact if executed.is_none() => protect::opened(app, &subject).await?,
        _ => format!("{subject:#}"),
    };
    let text = format!(
        "{id}: {kind}, signed by {signers}{state}\n{said}\nDigest: {digest}",
        kind = action.kind,
        signers = signers.join(", "),
        state = if executed.is_some() { ", carried out" } else { ", waits" },
        digest = domain::manifest::hex32::to_hex(&action.digest()),
    );
    let json = json!({ "action": id.to_string(), "kind": action.kind, "signed_by": signers, "executed": executed.is_some(), "subject": subject });
    Ok(Answer::new(json, text))
}
