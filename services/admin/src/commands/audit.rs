//! `tidings audit`: the append-only chain.

use serde_json::json;

use crate::answer::Answer;
use crate::app::App;
use crate::error::Failure;

/// Checks the chain from its first entry.
///
/// # Errors
/// The first entry that was altered, moved or removed.
pub async fn verify(app: &App) -> Result<Answer, Failure> {
    let summary = app.store.verify_audit().await?;
    let text = format!("The chain of {} entries is whole.", summary.rows);
    Ok(Answer::new(json!({ "entries": summary.rows, "whole": true }), text))
}
