//! `tidings explain`: the rules, one person, or a file of facts.

use std::io::{BufReader, Read};

use serde_json::json;

use crate::answer::Answer;
use crate::app::App;
use crate::cli::ExplainArgs;
use crate::error::Failure;

/// The rules as a table, in the order of the policy.
#[must_use]
pub fn policy() -> Answer {
    let rows = protection::policy_table();
    let mut text = format!("Protection policy {}\n", protection::POLICY_VERSION);
    for row in &rows {
        let flag = if row.flag { " ⚑" } else { "" };
        let reason = if row.reason.is_empty() { "–" } else { &row.reason };
        let hazards = row.hazards.join(" ");
        text.push_str(&format!(
            "\n{}{flag}  when    {}\n     effect  {}\n     reason  {reason}\n",
            row.id, row.when, row.effect
        ));
        if !hazards.is_empty() {
            text.push_str(&format!("     closes  {hazards}\n"));
        }
    }
    Answer::new(json!({ "policy": protection::POLICY_VERSION, "rules": rows }), text)
}

/// NDJSON of facts in, NDJSON of decisions out. A line that cannot be read gets an object with `line` and `error`.
///
/// # Errors
/// The file cannot be read, or some of its lines are not facts of the published shape.
pub fn facts(args: &ExplainArgs) -> Result<Answer, Failure> {
    let Some(path) = &args.facts else { return Err(Failure::usage("--facts FILE")) };
    let input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?)
    };
    let input = BufReader::with_capacity(BUFFER, input);
    let output = std::io::BufWriter::with_capacity(BUFFER, std::io::stdout().lock());
    let summary = protection::facts_io::explain_lines(input, output)?;
    if summary.refused > 0 {
        return Err(Failure::usage(format!(
            "{}: {} lines are not facts; see their «error»",
            path.display(),
            summary.refused
        )));
    }
    Ok(Answer::silent(json!({ "lines": summary.decided })))
}

/// Bytes read and written at a time.
const BUFFER: usize = 1 << 20;

/// One person of the store, in words that a caseworker understands.
///
/// # Errors
/// The person does not exist, or the keys cannot be read.
pub async fn person(app: &App, args: &ExplainArgs) -> Result<Answer, Failure> {
    let Some(person) = args.person else { return Err(Failure::usage("name a person, --facts or --policy")) };
    let explained = casefile(app, person).await?.explained();
    Ok(Answer::new(explained.json, explained.lines.join("\n")))
}

/// Opens one person's case.
///
/// # Errors
/// The person does not exist, or the keys cannot be read.
pub async fn casefile(app: &App, person: domain::PersonId) -> Result<workers::Casefile, Failure> {
    let (master, library) = (app.master_key()?, app.library()?);
    workers::Casefile::open(&app.store, &library, &master, person).await?.ok_or_else(|| {
        Failure::failed(format!("there is no person {person}; `tidings hold list` names those who are held"))
    })
}
