//! `tidings dedupe explain`: why two records, or the records of two persons, are one person or are not.

use std::collections::BTreeSet;

use domain::RecordId;
use serde_json::json;
use workers::Pairing;

use super::show;
use crate::answer::Answer;
use crate::app::App;
use crate::cli::{Signer, Who};
use crate::commands::action;
use crate::error::Failure;

/// Pairs of records that are looked at for two persons: a person has a handful of records, and one screen is enough.
const PAIRS: usize = 64;
/// Pairs that are shown of them.
const SHOWN: usize = 6;

/// Runs the command. Without an operator's name: weights in words, no value of any record.
///
/// # Errors
/// Unknown ids, an unknown operator, keys that cannot be read.
pub(super) async fn run(app: &App, a: Who, b: Who, signer: Option<&Signer>) -> Result<Answer, Failure> {
    let pairs = pairs(&members(app, a).await?, &members(app, b).await?);
    if pairs.is_empty() {
        return Err(Failure::failed(format!("{a} and {b} are one record: there is nothing to compare")));
    }
    let master = app.master_key()?;
    let mut found = workers::pairings(&app.store, Some(&master), &pairs).await?;
    if found.is_empty() {
        return Err(Failure::failed(format!(
            "{a} and {b} cannot be compared: they are of two incidents, or no run has linked theirs yet; see `tidings dedupe run`"
        )));
    }
    found.sort_by(|x, y| y.waterfall.weight.total_cmp(&x.waterfall.weight));
    let more = found.len().saturating_sub(SHOWN);
    found.truncate(SHOWN);
    match signer {
        Some(signer) => opened(app, signer, &found).await?,
        None => found.iter_mut().for_each(|p| p.sides.clear()),
    }
    let mut text = found.iter().map(show::in_words).collect::<Vec<_>>().join("\n\n");
    if more > 0 {
        text.push_str(&format!("\n\n{more} more pairs of records of these persons weigh less."));
    }
    if signer.is_none() {
        text.push_str("\n\nNext: the same with --as OPERATOR shows the records side by side; that is audited.");
    }
    Ok(Answer::new(json!({ "pairs": found.iter().map(show::as_json).collect::<Vec<_>>(), "more": more }), text))
}

/// Says in the audit who looked at which records. Before they are shown.
pub(super) async fn opened(app: &App, signer: &Signer, found: &[Pairing]) -> Result<(), Failure> {
    let records: BTreeSet<String> = found.iter().flat_map(|p| [p.a.to_string(), p.b.to_string()]).collect();
    action::one_person(app, signer, "records shown side by side", &json!({ "records": records })).await?;
    Ok(())
}

async fn members(app: &App, who: Who) -> Result<Vec<RecordId>, Failure> {
    let records = match who {
        Who::Record(record) => app.store.named_records(&[record]).await?.iter().map(|(_, r)| r.id).collect(),
        Who::Person(person) => app.store.records_of(person).await?,
    };
    if records.is_empty() {
        return Err(Failure::failed(format!(
            "there is no {who} with records; `tidings dedupe review list` and `tidings hold list` name ids"
        )));
    }
    Ok(records)
}

fn pairs(a: &[RecordId], b: &[RecordId]) -> Vec<(RecordId, RecordId)> {
    let mut pairs = BTreeSet::new();
    for x in a {
        for y in b.iter().filter(|y| *y != x) {
            if pairs.len() < PAIRS && !pairs.contains(&(*y, *x)) {
                pairs.insert((*x, *y));
            }
        }
    }
    pairs.into_iter().collect()
}
