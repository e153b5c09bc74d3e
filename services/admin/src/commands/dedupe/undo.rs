//! `tidings dedupe undo`: records that were merged wrongly leave a person. Two people decide it, because it changes who
//! is told; what had been approved for the person waits for approval again.

use std::collections::BTreeSet;

use domain::action::{ActionKind, Authorised};
use domain::{IncidentId, PersonId, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::link_again;
use crate::answer::Answer;
use crate::app::App;
use crate::cli::Signer;
use crate::commands::action;
use crate::error::Failure;

/// What two people sign: the person as it is, and who leaves it.
#[derive(Serialize, Deserialize)]
struct Subject {
    incident: IncidentId,
    person: PersonId,
    /// Records that leave. With nobody left behind, each goes its own way.
    leave: Vec<RecordId>,
    /// Records that stay.
    stay: Vec<RecordId>,
}

/// Proposes it. Without records named, the whole merge is undone.
///
/// # Errors
/// The person has one record, or does not have the records named.
pub(super) async fn propose(
    app: &App,
    person: PersonId,
    records: &[RecordId],
    signer: &Signer,
) -> Result<Answer, Failure> {
    let all = app.store.records_of(person).await?;
    if all.is_empty() {
        return Err(Failure::failed(format!("there is no person {person} with records")));
    }
    if all.len() == 1 {
        return Err(Failure::refused(format!("{person} has one record: there is no merge to undo")));
    }
    if let Some(foreign) = records.iter().find(|r| !all.contains(r)) {
        return Err(Failure::usage(format!("{foreign} is no record of {person}; its records are {}", names(&all))));
    }
    let leave: BTreeSet<RecordId> = if records.is_empty() { all.iter() } else { records.iter() }.copied().collect();
    let stay: Vec<RecordId> = all.iter().filter(|r| !leave.contains(r)).copied().collect();
    let row = app.store.named_records(&all[..1]).await?;
    let incident = row.first().map(|(incident, _)| *incident).ok_or_else(|| Failure::failed("the record is gone"))?;
    let subject = Subject { incident, person, leave: leave.into_iter().collect(), stay };
    action::propose(app, ActionKind::UndoMerge, &serde_json::to_value(&subject)?, signer).await
}

fn names(records: &[RecordId]) -> String {
    records.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Refuses before the signatures are spent if the person is not what was signed for.
///
/// # Errors
/// The person has won or lost records since the proposal.
pub async fn verify_fresh(app: &App, subject: &Value) -> Result<(), Failure> {
    let s = read(subject)?;
    let now: BTreeSet<RecordId> = app.store.records_of(s.person).await?.into_iter().collect();
    if now != s.leave.iter().chain(&s.stay).copied().collect() {
        return Err(Failure::refused(format!(
            "{} does not have the records that it had when this was proposed; propose it again",
            s.person
        )));
    }
    Ok(())
}

/// Carries it out.
///
/// # Errors
/// The store, or a worker, fails.
pub async fn execute(app: &App, subject: &Value, by: Authorised) -> Result<String, Failure> {
    let s = read(subject)?;
    let mut pairs = Vec::new();
    for (n, one) in s.leave.iter().enumerate() {
        // Those that leave together may be one other person; without anybody left behind, they part from each other.
        let from = if s.stay.is_empty() { &s.leave[n + 1..] } else { s.stay.as_slice() };
        pairs.extend(from.iter().map(|other| (*one, *other)));
    }
    app.store.put_verdicts(s.incident, &pairs, false, by.second).await?;
    link_again(app, s.incident).await?;
    let left = app.store.records_of(s.person).await?.len();
    Ok(if left == s.leave.len() + s.stay.len() {
        "Recorded. The next run of dedupe parts these records.".to_owned()
    } else {
        format!("{} has {left} of its records now; whoever is new waits for approval.", s.person)
    })
}

fn read(subject: &Value) -> Result<Subject, Failure> {
    Ok(serde_json::from_value(subject.clone())?)
}
