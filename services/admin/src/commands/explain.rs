//! `tidings explain`: the rules, one person, or a file of facts.

use std::io::{BufRead as _, BufReader, Read, Write as _};

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
        text.push_str(&format!("\n{}{flag}  when    {}\n     effect  {}\n     reason  {reason}\n", row.id, row.when, row.effect));
        if !hazards.is_empty() {
            text.push_str(&format!("     closes  {hazards}\n"));
        }
    }
    Answer::new(json!({ "policy": protection::POLICY_VERSION, "rules": rows }), text)
}

/// Longest line of facts: a record with thousands of contact points is not one.
const MAX_LINE: u64 = 1 << 20;

/// NDJSON of facts in, NDJSON of decisions out.
///
/// # Errors
/// The number of the first line that is not facts of the published shape.
pub fn facts(args: &ExplainArgs) -> Result<Answer, Failure> {
    let Some(path) = &args.facts else { return Err(Failure::usage("--facts FILE")) };
    let input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?)
    };
    let mut input = BufReader::with_capacity(1 << 20, input);
    let mut output = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let (mut line, mut number) = (String::new(), 0u64);
    loop {
        line.clear();
        if (&mut input).take(MAX_LINE).read_line(&mut line)? == 0 {
            break;
        }
        number += 1;
        if line.trim().is_empty() {
            continue;
        }
        let answer = protection::facts_io::answer_line(&line)
            .map_err(|e| Failure::usage(format!("{}, line {number}: {e}", path.display())))?;
        writeln!(output, "{answer}")?;
    }
    output.flush()?;
    Ok(Answer::silent(json!({ "lines": number })))
}

/// One person of the store, in words that a caseworker understands.
///
/// # Errors
/// The person does not exist, or the keys cannot be read.
pub async fn person(app: &App, args: &ExplainArgs) -> Result<Answer, Failure> {
    let Some(person) = args.person else { return Err(Failure::usage("name a person, --facts or --policy")) };
    let master = app.master_key()?;
    let library = app.library()?;
    let explained = workers::explain(&app.store, &library, &master, person).await?.ok_or_else(|| {
        Failure::failed(format!("there is no person {person}; `tidings hold list` names those who are held"))
    })?;
    Ok(Answer::new(explained.json, explained.lines.join("\n")))
}
