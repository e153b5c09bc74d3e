//! `tidings protect`: what people know about a person's safety and no register says. What only tightens takes one
//! operator; everything else waits for a second one. Statements are sealed like records, and travel sealed in a
//! pending action too; one person is opened at a time, and every opening is on record.

mod facts;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::action::{ActionKind, Authorised};
use domain::decision::Decision;
use domain::doorbell::{Doorbell, Stage};
use domain::manifest::ContactRef;
use domain::{IncidentId, Level, Millis, OperatorId, PersonId, RecordId};
use protection::{NewContact, Says, Statement};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::StatementRow;
use store::seal::{Opener, SealedBlob, Sealer};
use uuid::Uuid;
use workers::Casefile;

use super::{action, dedupe, explain, worker};
use crate::answer::{Answer, table};
use crate::app::App;
use crate::cli::{ProtectCommand, ProtectSetArgs, ProtectTarget, Signer};
use crate::error::Failure;

/// Facts that one call may state: more is a file of a register, not a word of a caseworker.
const MAX_FACTS: usize = 20;

/// Runs the command.
///
/// # Errors
/// Nobody of that id, a fact that cannot be read, an operator who may not act.
pub async fn run(app: &App, command: &ProtectCommand) -> Result<Answer, Failure> {
    match command {
        ProtectCommand::Set(args) => set(app, args).await,
        ProtectCommand::Show { target, signer } => {
            let person = person(app, *target).await?;
            let case = explain::casefile(app, person).await?;
            action::one_person(app, signer, "protection facts opened", &json!({ "person": person.to_string() }))
                .await?;
            show(app, person, &case).await
        }
    }
}

async fn person(app: &App, target: ProtectTarget) -> Result<PersonId, Failure> {
    match target {
        ProtectTarget::Person(person) => Ok(person),
        ProtectTarget::Record(record) => app
            .store
            .record_person(record)
            .await?
            .ok_or_else(|| Failure::failed(format!("{record} belongs to no person yet; run `tidings dedupe run`"))),
    }
}

async fn set(app: &App, args: &ProtectSetArgs) -> Result<Answer, Failure> {
    let person = person(app, args.target).await?;
    let case = explain::casefile(app, person).await?;
    let (contacts, guardians) = (case.contacts().into_iter().map(|(at, _)| at).collect::<Vec<_>>(), case.guardians());
    let says = facts::read(args, &contacts, &guardians)?;
    if says.is_empty() || says.len() > MAX_FACTS {
        return Err(Failure::usage(format!("state 1 to {MAX_FACTS} facts, for example --fact do_not_contact=yes")));
    }
    let library = app.library()?;
    for (number, label) in labels(&says, &contacts) {
        let wrong = |fault: localisation::Fault| Failure::usage(format!("contact.{number}.{fault}"));
        library.check_label(label).map_err(wrong)?;
    }
    let restated = case.restated(&says);
    let rows = rows(&case, args.target, &says, restated.tightens)?;
    if restated.tightens {
        let operator =
            action::one_person(app, &args.signer, "protection tightened", &json!({ "person": person.to_string() }))
                .await?;
        app.store.put_statements(case.incident().id, &statements(&rows, operator)?).await?;
        plan_again(app, case.incident().id, &[person]).await?;
        let said: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
        let text = format!("Recorded; it counts from now on.\n{}", in_words(&restated.after));
        return Ok(Answer::new(json!({ "person": person.to_string(), "tightens": true, "statements": said }), text));
    }
    let subject =
        Subject { incident: case.incident().id, person, facts_version: case.facts_version(), rows, new_contact: false };
    let mut answer =
        action::propose(app, ActionKind::LoosenFact, &serde_json::to_value(&subject)?, &args.signer).await?;
    answer.json["tightens"] = json!(false);
    answer.text = format!(
        "This would loosen something, so it takes two people. Until then nothing changes.\nAs it would be: {}\n{}",
        in_words(&restated.after),
        answer.text
    );
    Ok(answer)
}

/// Labels that are stated for contact points, by the numbers of these.
fn labels<'a>(says: &'a [Says], contacts: &[ContactRef]) -> Vec<(usize, &'a str)> {
    let label = |said: &'a Says| match said {
        Says::Contact(said) => {
            let at = contacts.iter().position(|at| *at == said.contact)?;
            Some((at + 1, said.code_name.as_ref()?.expose()))
        }
        _ => None,
    };
    says.iter().filter_map(label).collect()
}

/// What a pending action to loosen holds: everything personal sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    incident: IncidentId,
    person: PersonId,
    /// Version of the facts that the first operator saw: another one, and both have to look again.
    facts_version: i32,
    rows: Vec<SealedStatement>,
    /// A contact point is among them: linkage counts who else lists it before anything goes there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    new_contact: bool,
}

/// One statement, sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedStatement {
    id: Uuid,
    record: RecordId,
    at: Millis,
    tightening: bool,
    /// Base64 of the sealed statement.
    blob: String,
}

/// Seals statements. What tightens goes on every record of the person, so that it stays with each of them should they
/// turn out to be two people; what loosens only on the record it was said about.
fn rows(
    case: &Casefile,
    target: ProtectTarget,
    says: &[Says],
    tightens: bool,
) -> Result<Vec<SealedStatement>, Failure> {
    let incident = case.incident();
    let mut sealer = Sealer::new(&mut rand::rng(), &incident.keys.public(), incident.id);
    let mut rows = Vec::new();
    for said in says {
        let statement = serde_json::to_vec(&Statement { at: case.at(), says: said.clone() })?;
        let own = match (said, target) {
            (Says::Contact(contact), _) => Some(contact.contact.record),
            (Says::Guardian(guardian), _) => Some(guardian.relation.0),
            (_, ProtectTarget::Record(record)) => Some(record),
            (_, ProtectTarget::Person(_)) if !tightens => case.records().next(),
            _ => None,
        };
        for record in case.records().filter(|record| own.is_none_or(|own| own == *record)) {
            let id = Uuid::new_v4();
            let blob = sealer
                .seal_blob(workers::STATEMENT, id, &statement)
                .map_err(|e| Failure::failed(format!("the statement cannot be sealed: {e}")))?;
            let blob = BASE64.encode(blob.as_bytes());
            rows.push(SealedStatement { id, record, at: case.at(), tightening: tightens, blob });
        }
    }
    Ok(rows)
}

/// A contact point that a caller gave, as the proposal of whoever took the call. Says nothing about the person.
///
/// # Errors
/// The store refuses, or the operator may not act.
pub async fn propose_contact(
    app: &App,
    case: &Casefile,
    (person, new): (PersonId, NewContact),
    signer: &Signer,
) -> Result<Answer, Failure> {
    let record = new.contact.record;
    let rows = rows(case, ProtectTarget::Record(record), &[Says::NewContact(Box::new(new))], false)?;
    let subject =
        Subject { incident: case.incident().id, person, facts_version: case.facts_version(), rows, new_contact: true };
    action::propose(app, ActionKind::LoosenFact, &serde_json::to_value(&subject)?, signer).await
}

fn statements(rows: &[SealedStatement], by: OperatorId) -> Result<Vec<StatementRow>, Failure> {
    let statement = |row: &SealedStatement| -> Result<StatementRow, Failure> {
        let blob = SealedBlob::from_bytes(blob(row)?);
        Ok(StatementRow { id: row.id, record: row.record, blob, tightening: row.tightening, at: row.at, by })
    };
    rows.iter().map(statement).collect()
}

fn blob(row: &SealedStatement) -> Result<Vec<u8>, Failure> {
    BASE64.decode(&row.blob).map_err(|_| Failure::failed(format!("statement {} cannot be read", row.id)))
}

/// Rings plan for persons in every campaign of the incident that still decides.
///
/// # Errors
/// The store or the broker cannot be reached.
pub async fn plan_again(app: &App, incident: IncidentId, persons: &[PersonId]) -> Result<(), Failure> {
    use domain::campaign::CampaignState as S;
    let campaigns = app.store.campaigns(incident).await?;
    let decides = |state| matches!(state, S::Draft | S::Planned | S::Approved | S::Running | S::Paused);
    let bells: Vec<_> = campaigns
        .iter()
        .filter(|c| decides(c.state))
        .map(|c| Doorbell::new(Stage::Plan, incident, Some(c.id), persons.iter().map(|p| p.uuid()).collect()))
        .collect();
    if bells.is_empty() { Ok(()) } else { worker::ring(app, incident, bells).await }
}

/// Carries out what two people signed.
///
/// # Errors
/// The facts have changed since it was proposed.
pub async fn execute(app: &App, subject: &Value, by: Authorised) -> Result<String, Failure> {
    let subject: Subject = serde_json::from_value(subject.clone())?;
    let said = statements(&subject.rows, by.second)?;
    if subject.new_contact {
        app.store.put_contacts(subject.incident, &said).await?;
        dedupe::link_again(app, subject.incident).await?;
    } else {
        app.store.put_statements(subject.incident, &said).await?;
    }
    plan_again(app, subject.incident, &[subject.person]).await?;
    Ok(format!("Recorded for {}; it counts from now on.", subject.person))
}

/// Refuses what was proposed on other facts. Checked before the signatures are spent.
///
/// # Errors
/// The facts have changed since, or the person is no longer a current one.
pub async fn verify_fresh(app: &App, subject: &Value) -> Result<(), Failure> {
    let subject: Subject = serde_json::from_value(subject.clone())?;
    let case = explain::casefile(app, subject.person).await?;
    if case.facts_version() != subject.facts_version {
        return Err(Failure::refused(format!(
            "the facts about {} have changed since this was proposed; look at them and propose it again",
            subject.person
        )));
    }
    Ok(())
}

/// What a pending action says, opened for the person who is to sign it.
///
/// # Errors
/// The keys cannot be read, or the statement does not open.
pub async fn opened(app: &App, subject: &Value) -> Result<String, Failure> {
    let subject: Subject = serde_json::from_value(subject.clone())?;
    let case = explain::casefile(app, subject.person).await?;
    let incident = app.incident(subject.incident).await?;
    let secret = incident.keys.open_secret(&app.master_key()?).map_err(|e| Failure::failed(e.to_string()))?;
    let opener = Opener::new(&secret, subject.incident);
    let mut says = Vec::new();
    let mut lines = vec![format!("About {}:", subject.person)];
    for row in &subject.rows {
        let json = opener
            .open_blob(workers::STATEMENT, row.id, &SealedBlob::from_bytes(blob(row)?))
            .map_err(|e| Failure::failed(format!("statement {} does not open: {e}", row.id)))?;
        let statement: Statement = serde_json::from_slice(&json)?;
        lines.push(format!("  {}", facts::words(&statement.says, &case)));
        says.push(statement.says);
    }
    lines.push(format!("As it stands:    {}", in_words(case.decision())));
    lines.push(format!("As it would be:  {}", in_words(&case.restated(&says).after)));
    if subject.new_contact {
        lines.push("(as if somebody else listed it too; linkage counts that once it is signed)".to_owned());
    }
    Ok(lines.join("\n"))
}

/// A decision in one line.
fn in_words(decision: &Decision) -> String {
    let open: Vec<String> = decision
        .routes
        .iter()
        .filter(|r| r.level > Level::L0)
        .map(|r| format!("{} {}", r.route.channel, r.level))
        .collect();
    let reasons: Vec<&str> = decision.reasons.iter().map(|r| r.as_str()).collect();
    let why = if reasons.is_empty() { String::new() } else { format!(" (asks: {})", reasons.join(", ")) };
    if open.is_empty() { format!("held{why}") } else { format!("open: {}{why}", open.join(", ")) }
}

async fn show(app: &App, person: PersonId, case: &Casefile) -> Result<Answer, Failure> {
    let contacts: Vec<_> = (1..)
        .zip(case.contacts())
        .map(|(n, (at, point))| {
            json!({
                "n": n, "record": at.record.to_string(), "kind": point.kind, "ends_with": facts::ending(point),
                "safe": point.safe, "may_name_org": point.may_name_org, "owner": point.owner, "status": point.status,
            })
        })
        .collect();
    let statements: Vec<Value> = case
        .statements()?
        .into_iter()
        .map(|(row, statement)| json!({
            "statement": row.id, "record": row.record.to_string(), "at": row.at, "by": row.by.to_string(), "tightening": row.tightening,
            "says": facts::words(&statement.says, case),
        }))
        .collect();
    let names: std::collections::BTreeMap<String, String> =
        app.store.operators().await?.into_iter().map(|o| (o.id.to_string(), o.name)).collect();
    let guardians: Vec<_> =
        (1..).zip(case.guardians()).map(|(n, (record, _))| json!({ "n": n, "record": record.to_string() })).collect();
    let mut text = format!("{person}: {}\n", in_words(case.decision()));
    text.push_str(&contact_table(case));
    if !guardians.is_empty() {
        text.push_str(&format!("\nGuardians on record: {} (guardian.1 …)\n", guardians.len()));
    }
    let lines: Vec<Vec<String>> = statements
        .iter()
        .map(|s| {
            let by = s["by"].as_str().unwrap_or_default();
            let at = s["at"].as_i64().and_then(|at| Millis(at).timestamp()).map(|t| t.to_string()).unwrap_or_default();
            let says = s["says"].as_str().unwrap_or_default().to_owned();
            vec![at.get(..16).unwrap_or_default().to_owned(), names.get(by).cloned().unwrap_or(by.to_owned()), says]
        })
        .collect();
    text.push('\n');
    text.push_str(&if lines.is_empty() {
        "Nobody has stated anything beyond the registers.".to_owned()
    } else {
        table(&["when", "who", "what"], &lines)
    });
    let json = json!({
        "person": person.to_string(), "held": case.decision().held(), "contacts": contacts, "guardians": guardians,
        "statements": statements,
    });
    Ok(Answer::new(json, text))
}

fn contact_table(case: &Casefile) -> String {
    let known = |answer: Option<domain::record::Answer>| answer.map_or("?".to_owned(), |a| a.to_string());
    let rows: Vec<Vec<String>> = (1..)
        .zip(case.contacts())
        .map(|(n, (at, point))| {
            let name = format!("contact.{n}");
            vec![
                name,
                point.kind.to_string(),
                facts::ending(point),
                known(point.safe),
                known(point.may_name_org),
                at.record.to_string(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return "\nNo contact point on record.\n".to_owned();
    }
    format!("\n{}", table(&["name", "kind", "ends with", "safe", "may name us", "record"], &rows))
}
