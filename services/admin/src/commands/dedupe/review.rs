//! `tidings dedupe review`: pairs that a person decides, the most valuable first, those of two persons together.

use domain::action::{ActionKind, Authorised};
use domain::{IncidentId, PersonId, RecordId};
use serde_json::{Value, json};
use workers::Pairing;

use super::{explain, link_again, show};
use crate::answer::Answer;
use crate::app::App;
use crate::cli::{ReviewCommand, Signer};
use crate::commands::action;
use crate::error::Failure;

/// Pairs whose records are opened by one command, at most: deciding needs two records on the screen, not a register.
pub(super) const OPENED: u32 = 25;

/// Runs the command.
///
/// # Errors
/// What the store or the rule of two people says.
pub(super) async fn run(app: &App, command: &ReviewCommand) -> Result<Answer, Failure> {
    match command {
        ReviewCommand::List { incident, limit, viewer } => {
            list(app, *incident, *limit, viewer.clone().map(Signer::of).as_ref()).await
        }
        ReviewCommand::Accept { a, b, incident, signer } => propose_merge(app, *incident, (*a, *b), signer).await,
        ReviewCommand::Reject { a, b, incident, signer } => {
            let answer = call_two(app, *incident, (*a, *b), signer).await?;
            if answer.json["rejected"] == json!(true) {
                link_again(app, *incident).await?;
            }
            Ok(answer)
        }
    }
}

/// Proposes that two records are one person.
pub(super) async fn propose_merge(
    app: &App,
    incident: IncidentId,
    (a, b): (RecordId, RecordId),
    signer: &Signer,
) -> Result<Answer, Failure> {
    let subject = subject(app, incident, a, b).await?;
    action::propose(app, ActionKind::AcceptMerge, &subject, signer).await
}

/// Says that two records are two persons; proposes it where that opens a route. The caller links again.
pub(super) async fn call_two(
    app: &App,
    incident: IncidentId,
    (a, b): (RecordId, RecordId),
    signer: &Signer,
) -> Result<Answer, Failure> {
    let subject = subject(app, incident, a, b).await?;
    if apart_opens_something(app, incident, persons(app, a, b).await?).await? {
        return action::propose(app, ActionKind::RejectMerge, &subject, signer).await;
    }
    let operator = action::one_person(app, signer, "pair rejected", &subject).await?;
    app.store.put_verdicts(incident, &[(a, b)], false, operator).await?;
    Ok(Answer::new(json!({ "rejected": true }), "They stay two persons, whatever later runs find."))
}

/// What is signed about two records, both of which there are.
async fn subject(app: &App, incident: IncidentId, a: RecordId, b: RecordId) -> Result<Value, Failure> {
    both_exist(app, incident, a, b).await?;
    Ok(json!({ "incident": incident, "a": a, "b": b }))
}

/// Whether the two share restrictions that one of them would lose: then it takes two people to part them.
async fn apart_opens_something(
    app: &App,
    incident: IncidentId,
    persons: (Option<PersonId>, Option<PersonId>),
) -> Result<bool, Failure> {
    match persons {
        (Some(a), Some(b)) if a == b => {
            Err(Failure::refused("the two are one person already: `tidings dedupe undo` parts them, with two people"))
        }
        (Some(a), Some(b)) => {
            let (library, master) = (app.library()?, app.master_key()?);
            Ok(workers::parting_loosens(&app.store, &library, &master, incident, (a, b)).await?)
        }
        _ => Ok(false),
    }
}

async fn list(app: &App, incident: IncidentId, limit: u32, signer: Option<&Signer>) -> Result<Answer, Failure> {
    app.incident(incident).await?;
    let limit = if signer.is_some() { limit.min(OPENED) } else { limit };
    let waiting = app.store.review(incident, limit).await?;
    let pairs: Vec<_> = waiting.iter().map(|r| (r.pair.a, r.pair.b)).collect();
    let master = match signer {
        Some(_) => Some(app.master_key()?),
        None => None,
    };
    let found = workers::pairings(&app.store, master.as_ref(), &pairs).await?;
    if let Some(signer) = signer {
        explain::opened(app, signer, &found).await?;
    }
    let mut json: Vec<Value> = Vec::new();
    let mut text = String::new();
    let mut before = None;
    for pairing in &found {
        let row = waiting.iter().find(|r| (r.pair.a, r.pair.b) == (pairing.a, pairing.b));
        let mut entry = show::as_json(pairing);
        entry["place"] = json!(row.map(|r| r.pair.place));
        json.push(entry);
        let group = ends(pairing);
        if before != Some(group) {
            let same = found.iter().filter(|p| ends(p) == group).count();
            let more = if same > 1 { format!("; one decision settles {same} pairs") } else { String::new() };
            let percent = 100.0 * pairing.waterfall.probability;
            text.push_str(&format!("— one person, {percent:.1} % —{more}\n"));
            before = Some(group);
        }
        text.push_str(&show::in_words(pairing));
        text.push_str(&format!(
            "\nNext: tidings dedupe review accept|reject {} {} --incident {incident} --as OPERATOR\n\n",
            pairing.a, pairing.b
        ));
    }
    if found.is_empty() {
        text.push_str("No pair waits for a decision.");
    } else if signer.is_none() {
        text.push_str("With --as OPERATOR the records are shown side by side; that is audited.");
    }
    Ok(Answer::new(json.into(), text))
}

/// The two persons of a pair, in no order.
pub(super) fn ends(pairing: &Pairing) -> (Option<PersonId>, Option<PersonId>) {
    let (a, b) = pairing.persons;
    (a.min(b), a.max(b))
}

async fn both_exist(app: &App, incident: IncidentId, a: RecordId, b: RecordId) -> Result<(), Failure> {
    let known = app.store.named_records(&[a, b]).await?;
    for record in [a, b] {
        if !known.iter().any(|(of, row)| *of == incident && row.id == record) {
            return Err(Failure::failed(format!(
                "there is no record {record} in {incident}; see `tidings dedupe review list`"
            )));
        }
    }
    if a == b {
        return Err(Failure::usage("name two records"));
    }
    Ok(())
}

async fn persons(app: &App, a: RecordId, b: RecordId) -> Result<(Option<PersonId>, Option<PersonId>), Failure> {
    let rows = app.store.named_records(&[a, b]).await?;
    let of = |record: RecordId| rows.iter().find(|(_, r)| r.id == record).and_then(|(_, r)| r.person);
    Ok((of(a), of(b)))
}

/// Carries out an accepted merge: two people have signed. Whoever of the two was approved waits for approval again.
///
/// # Errors
/// The store, or a worker, fails.
pub async fn accept(app: &App, subject: &Value, by: Authorised) -> Result<String, Failure> {
    let (incident, a, b) = pair_of(subject)?;
    app.store.put_verdicts(incident, &[(a, b)], true, by.second).await?;
    link_again(app, incident).await?;
    let persons = persons(app, a, b).await?;
    Ok(match persons {
        (Some(x), Some(y)) if x == y => format!("The two records are one person now, {x}."),
        _ => "Recorded. The next run of dedupe makes the two records one person, unless something else says that they never can be.".to_owned(),
    })
}

/// Carries out a rejection that took two people.
///
/// # Errors
/// The store, or a worker, fails.
pub async fn reject(app: &App, subject: &Value, by: Authorised) -> Result<String, Failure> {
    let (incident, a, b) = pair_of(subject)?;
    app.store.put_verdicts(incident, &[(a, b)], false, by.second).await?;
    link_again(app, incident).await?;
    Ok("They stay two persons, and no longer share their restrictions.".to_owned())
}

fn pair_of(subject: &Value) -> Result<(IncidentId, RecordId, RecordId), Failure> {
    #[derive(serde::Deserialize)]
    struct Pair {
        incident: IncidentId,
        a: RecordId,
        b: RecordId,
    }
    let pair: Pair = serde_json::from_value(subject.clone())?;
    Ok((pair.incident, pair.a, pair.b))
}
