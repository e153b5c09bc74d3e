//! What a message that has just come means for the journal. Decides; writes nothing.

use contract::{Content, Envelope, FailureCode, OpenError, Receipt};
use domain::receipt::ReceiptKind;
use domain::{AttemptId, Millis};
use uuid::Uuid;

use crate::hours::next_moment;
use crate::journal::ledger::Ledger;
use crate::journal::{Entry, Stage};

/// What to do with a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Write this, then acknowledge. Nothing to write: a repetition that was answered.
    Note(Vec<Entry>),
    /// It can never be worked on: a dead letter, so that Tidings hears of it. The word is for the log.
    Refuse(&'static str),
}

/// Judges a message that was opened (or not) at `now`. `offered`: a transport serves its channel.
pub(crate) fn judge(
    opened: Result<Envelope, OpenError>,
    body: &[u8],
    ledger: &Ledger,
    drill: bool,
    offered: impl Fn(&Envelope) -> bool,
    now: Millis,
) -> Verdict {
    let envelope = match opened {
        Ok(envelope) => envelope,
        Err(OpenError::Expired { attempt_id, .. }) => return expired(attempt_id, ledger, now),
        Err(error) => return Verdict::Refuse(error.word()),
    };
    // The pinned key is of one kind, and every message's mark is checked against it. This line must never be reached
    // with a difference; it stands here because what it guards against is a drill that reaches real people.
    if envelope.drill != drill {
        return Verdict::Refuse("drill");
    }
    let attempt = envelope.attempt_id;
    if matches!(envelope.content, Content::Recall(_)) {
        return Verdict::Note(recall(attempt, ledger, now));
    }
    if ledger.get(attempt).is_some() {
        return Verdict::Note(again(attempt, ledger));
    }
    let Ok(text) = std::str::from_utf8(body) else { return Verdict::Refuse("sealing") };
    Verdict::Note(take(&envelope, text, offered(&envelope), now))
}

fn take(envelope: &Envelope, body: &str, offered: bool, now: Millis) -> Vec<Entry> {
    let attempt = envelope.attempt_id;
    let until = envelope.not_after().unwrap_or(now);
    let task = task_of(envelope);
    let closed =
        |kind, code| vec![Entry::Closed { attempt, until }, Entry::Receipt(receipt(attempt, task, kind, code, now))];
    if !offered {
        return closed(ReceiptKind::Failed, Some(FailureCode::Unsupported));
    }
    let due = match &envelope.content {
        Content::Notice(data) => next_moment(data, now),
        _ => Ok(Some(now)),
    };
    match due {
        Ok(Some(due)) => vec![
            Entry::Taken { attempt, task, due, until, body: body.to_owned() },
            Entry::Receipt(receipt(attempt, task, ReceiptKind::Accepted, None, now)),
        ],
        // No window opens before its end.
        Ok(None) => closed(ReceiptKind::Expired, None),
        // Hours that cannot be read are hours that cannot be kept.
        Err(_) => closed(ReceiptKind::Failed, Some(FailureCode::Gateway)),
    }
}

fn expired(attempt: AttemptId, ledger: &Ledger, now: Millis) -> Verdict {
    if ledger.get(attempt).is_some() {
        return Verdict::Note(again(attempt, ledger));
    }
    let told = receipt(attempt, None, ReceiptKind::Expired, None, now);
    Verdict::Note(vec![Entry::Closed { attempt, until: now }, Entry::Receipt(told)])
}

/// A repetition: Tidings may not have heard our answer, so it gets the same one, with the same ids.
fn again(attempt: AttemptId, ledger: &Ledger) -> Vec<Entry> {
    let told = ledger.get(attempt).map(|known| known.standing.told.clone()).unwrap_or_default();
    told.into_iter()
        .filter(|receipt| !ledger.pending().iter().any(|waiting| waiting.idem == receipt.idem))
        .map(Entry::Receipt)
        .collect()
}

/// In time unless something may have reached a transport. Also before its notice, which is then never sent.
fn recall(attempt: AttemptId, ledger: &Ledger, now: Millis) -> Vec<Entry> {
    let known = ledger.get(attempt).map(|known| &known.standing);
    let in_time = known.is_none_or(|standing| match standing.stage {
        Stage::Waiting { .. } | Stage::Closed => standing.references.is_empty(),
        Stage::Sending | Stage::Handed | Stage::Unknown => false,
    });
    let (until, task) = known.map_or((now, None), |standing| (standing.until, standing.task));
    let kind = if in_time { ReceiptKind::Withdrawn } else { ReceiptKind::TooLate };
    let told_already = known.and_then(|standing| standing.told.iter().find(|receipt| receipt.kind == kind));
    let told = told_already.cloned().unwrap_or_else(|| receipt(attempt, task, kind, None, now));
    let stops = known.is_none_or(|standing| matches!(standing.stage, Stage::Waiting { .. }));
    let mut entries = Vec::new();
    if stops {
        // Also where segments are out already: the rest of them stays here.
        entries.push(Entry::Closed { attempt, until });
    }
    entries.push(Entry::Receipt(told));
    entries
}

fn task_of(envelope: &Envelope) -> Option<Uuid> {
    match &envelope.content {
        Content::Task(data) => Some(data.task_id),
        _ => None,
    }
}

/// A fresh receipt.
pub(crate) fn receipt(
    attempt_id: AttemptId,
    task_id: Option<Uuid>,
    kind: ReceiptKind,
    code: Option<FailureCode>,
    at: Millis,
) -> Receipt {
    Receipt { idem: Uuid::new_v4(), attempt_id, kind, at, code, task_id }
}
