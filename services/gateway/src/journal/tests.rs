//! The journal as its user sees it: what was committed is there after a restart and after compaction.

use contract::Receipt;
use domain::receipt::ReceiptKind;
use uuid::Uuid;

use super::*;

fn attempt(n: u128) -> AttemptId {
    AttemptId::from(Uuid::from_u128(n))
}

fn taken(n: u128, due: i64) -> Entry {
    let body = format!("sealed-{n}");
    Entry::Taken { attempt: attempt(n), task: None, due: Millis(due), until: Millis(1_000_000), body }
}

fn receipt(n: u128, kind: ReceiptKind) -> Entry {
    let idem = Uuid::from_u128(n * 100 + kind as u128);
    Entry::Receipt(Receipt { idem, attempt_id: attempt(n), kind, at: Millis(5), code: None, task_id: None })
}

/// A life with something of everything in it.
fn lived(folder: &Path) -> Journal {
    let mut journal = Journal::open(folder).expect("opened");
    let reference = |n: &str| format!("smpp:{n}");
    for group in [
        vec![taken(1, 10), receipt(1, ReceiptKind::Accepted), taken(2, 20), receipt(2, ReceiptKind::Accepted)],
        vec![Entry::Sending { attempt: attempt(1) }],
        vec![Entry::Handed { attempt: attempt(1), references: vec![reference("a"), reference("b")] }],
        vec![Entry::Batch { kid: "k".into(), sequence: 1, message: Uuid::nil(), count: 2 }],
        vec![Entry::Out { sequence: 1 }, receipt(1, ReceiptKind::Sent)],
        vec![Entry::Reported { attempt: attempt(1), reference: reference("a"), arrived: true }],
        vec![taken(3, 5), Entry::Sending { attempt: attempt(3) }],
        vec![Entry::Later { attempt: attempt(3), due: Millis(30), taken: vec![reference("c")] }],
        vec![taken(4, 5), Entry::Sending { attempt: attempt(4) }],
        vec![Entry::Closed { attempt: attempt(5), until: Millis(9) }, receipt(5, ReceiptKind::Withdrawn)],
        vec![Entry::Batch { kid: "k".into(), sequence: 2, message: Uuid::nil(), count: 1 }],
    ] {
        journal.commit(group).expect("written");
    }
    journal
}

fn seen(journal: &Journal) -> String {
    let ledger = journal.ledger();
    let mut all: Vec<String> = (1..=5)
        .filter_map(|n| ledger.get(attempt(n)))
        .map(|k| format!("{:?} {:?}", k.standing, journal.body(k.standing.attempt).expect("read")))
        .collect();
    all.push(format!("{:?}", ledger.due(Millis(1_000), 10)));
    all.push(format!("{:?}", ledger.by_reference("smpp:b")));
    all.push(format!("{:?} {:?} {}", ledger.pending(), ledger.flying(), ledger.last_sequence("k")));
    all.join("\n")
}

#[test]
fn a_restart_and_a_compaction_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = seen(&lived(folder.path()));
    assert!(before.contains("sealed-2") && before.contains("sealed-4") && !before.contains("sealed-1"));
    let mut journal = Journal::open(folder.path()).expect("opened");
    assert_eq!(seen(&journal), before);
    journal.compact(Millis(0)).expect("compacted");
    assert_eq!(seen(&journal), before);
    journal.commit(vec![taken(6, 1)]).expect("written");
    drop(journal);
    let journal = Journal::open(folder.path()).expect("opened");
    assert_eq!(journal.body(attempt(6)).expect("read").as_deref(), Some("sealed-6"));
    assert_eq!(journal.body(attempt(3)).expect("read").as_deref(), Some("sealed-3"));
}

#[test]
fn compaction_forgets_long_after_the_end_and_nothing_that_waits() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = lived(folder.path());
    journal.compact(Millis(2_000_000 + REMEMBERED)).expect("compacted");
    assert!(journal.ledger().get(attempt(1)).is_none());
    assert!(journal.ledger().get(attempt(2)).is_some(), "it waits");
    assert!(journal.ledger().get(attempt(4)).is_some(), "it was being sent");
    assert_eq!(journal.ledger().pending().len(), 2, "receipts are never thrown away");
}

#[test]
fn late_truth_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = lived(folder.path());
    let reported = |arrived| Entry::Reported { attempt: attempt(1), reference: "smpp:b".into(), arrived };
    journal.commit(vec![reported(false), reported(true), reported(false)]).expect("written");
    let standing = &journal.ledger().get(attempt(1)).expect("known").standing;
    assert_eq!(standing.references[1].1, Some(true));
}
