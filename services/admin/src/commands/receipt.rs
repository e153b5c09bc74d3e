//! `tidings receipt import`: what a Society without a gateway of its own reports, as a CSV that an operator answers for.
//! Such receipts are attributed to the operator and counted apart.

use std::collections::BTreeMap;

use contract::FailureCode;
use domain::receipt::{Receipt, ReceiptKind, ReceiptSource};
use domain::{AttemptId, Millis};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::action;
use crate::answer::Answer;
use crate::app::App;
use crate::cli::ReceiptCommand;
use crate::error::Failure;

/// Receipts in one file: more than any Society's part of a campaign.
const MOST: usize = 200_000;
/// Receipts in one write.
const BATCH: usize = 2_000;
/// Longest line: an id, a word, a time, a code.
const MAX_FILE: u64 = 32 * 1024 * 1024;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    attempt: String,
    kind: String,
    at: String,
    #[serde(default)]
    code: String,
}

/// Runs the command.
///
/// # Errors
/// A row that cannot be read (then nothing is imported), or an operator who may not act.
pub async fn run(app: &App, command: &ReceiptCommand) -> Result<Answer, Failure> {
    let ReceiptCommand::Import { file, society, signer } = command;
    let about = std::fs::metadata(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
    if about.len() > MAX_FILE {
        return Err(Failure::usage(format!("{} is larger than {MAX_FILE} bytes", file.display())));
    }
    let bytes = std::fs::read(file)?;
    let receipts = read(&bytes)?;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for receipt in &receipts {
        *kinds.entry(receipt.kind.as_str()).or_default() += 1;
    }
    // The audit holds who answers for which file, with the signature over its digest.
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let digest = domain::manifest::hex32::to_hex(&digest);
    let subject = json!({ "society": society, "sha256": digest, "receipts": receipts.len(), "kinds": kinds });
    action::attest(app, signer, "receipts imported", &subject).await?;
    let (now, mut foreign) = (app.store.now().await?, 0);
    for some in receipts.chunks(BATCH) {
        // What follows (credit, next steps, plans) is rung by the reconciler, which looks at rows.
        foreign += app.store.apply_receipts(society, some, now).await?.foreign;
    }
    let text = format!(
        "{} receipts recorded under the name of {}, counted apart. {foreign} were about attempts of another Society.\nImporting again changes nothing.",
        receipts.len(),
        signer.operator,
    );
    Ok(Answer::new(json!({ "receipts": receipts.len(), "foreign": foreign, "kinds": kinds }), text))
}

fn read(bytes: &[u8]) -> Result<Vec<Receipt>, Failure> {
    let mut receipts = Vec::new();
    for (number, row) in csv::Reader::from_reader(bytes).deserialize::<Row>().enumerate() {
        let place = |what: &str| {
            Failure::usage(format!("row {}: {what}; nothing was imported. Columns: attempt,kind,at,code", number + 2))
        };
        let row = row.map_err(|_| place("it cannot be read"))?;
        receipts.push(receipt(&row).map_err(place)?);
        if receipts.len() > MOST {
            return Err(Failure::usage(format!("more than {MOST} receipts")));
        }
    }
    Ok(receipts)
}

fn receipt(row: &Row) -> Result<Receipt, &'static str> {
    let attempt: AttemptId = row.attempt.trim().parse().map_err(|_| "attempt is not an id")?;
    let kind: ReceiptKind = row.kind.trim().parse().map_err(|_| "kind is not a word for a receipt")?;
    let at = row.at.trim();
    let at: jiff::Timestamp = at.parse().map_err(|_| "at is not a time such as 2026-11-29T12:00:00Z")?;
    let code = match row.code.trim() {
        "" if matches!(kind, ReceiptKind::Failed | ReceiptKind::Returned) => {
            return Err("failed and returned need a code");
        }
        "" => None,
        word => {
            let known = FailureCode::ALL.iter().find(|code| code.as_str() == word);
            Some(known.ok_or("code is not in the contract's table")?.as_str().to_owned())
        }
    };
    let at = Millis::from(at);
    Ok(Receipt { id: id(attempt, kind, at), attempt, kind, at, code, source: ReceiptSource::Operator })
}

/// The same row has the same id: a file that is imported twice counts once.
fn id(attempt: AttemptId, kind: ReceiptKind, at: Millis) -> Uuid {
    let digest = Sha256::digest(format!("operator receipt {} {kind} {}", attempt.uuid(), at.0));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATTEMPT: &str = "att_0123456789abcdef0123456789abcdef";

    fn file(rows: &[&str]) -> Vec<u8> {
        format!("attempt,kind,at,code\n{}\n", rows.join("\n")).into_bytes()
    }

    #[test]
    fn good_rows_are_read_and_the_same_row_has_the_same_id() {
        let rows = format!("{ATTEMPT},delivered,2026-11-29T12:00:00Z,");
        let returned = format!("{ATTEMPT},returned,2026-11-30T12:00:00+03:00,moved");
        let receipts = read(&file(&[&rows, &returned, &rows])).expect("good");
        assert_eq!(receipts[0].id, receipts[2].id);
        assert_ne!(receipts[0].id, receipts[1].id);
        assert_eq!(receipts[1].code.as_deref(), Some("moved"));
        assert!(receipts.iter().all(|receipt| receipt.source == ReceiptSource::Operator));
    }

    #[test]
    fn a_bad_row_is_named_by_number_and_not_quoted() {
        for bad in [
            "amina,delivered,2026-11-29T12:00:00Z,",
            "att_0123456789abcdef0123456789abcdef,arrived,2026-11-29T12:00:00Z,",
            "att_0123456789abcdef0123456789abcdef,delivered,yesterday,",
            "att_0123456789abcdef0123456789abcdef,failed,2026-11-29T12:00:00Z,",
            "att_0123456789abcdef0123456789abcdef,failed,2026-11-29T12:00:00Z,amina",
            "att_0123456789abcdef0123456789abcdef,delivered",
        ] {
            let good = format!("{ATTEMPT},delivered,2026-11-29T12:00:00Z,");
            let error = read(&file(&[&good, bad])).expect_err(bad).to_string();
            assert!(error.contains("row 3") && !error.contains("amina"), "{error}");
        }
    }
}
