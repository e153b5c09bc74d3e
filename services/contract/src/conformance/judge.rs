//! What a gateway's answers say about it.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::Millis;
use domain::receipt::ReceiptKind;
use uuid::Uuid;

use super::cases::Expected;
use super::{Kit, Script};
use crate::{OpeningKey, Receipt, ReceiptBatch, ReceiptOpener};

/// A clock that is further off than this cannot keep anybody's hours.
const CLOCK: i64 = 10 * Millis::MINUTE;

/// Something that a gateway did wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which case.
    pub case: String,
    /// What happened, and what should have.
    pub what: String,
}

/// Everything that came back.
#[derive(Debug, Default)]
pub struct Answered {
    batches: BTreeMap<u64, ReceiptBatch>,
    receipts: HashMap<Uuid, Receipt>,
    findings: Vec<Finding>,
}

impl Answered {
    /// Takes one message of receipts, as it came. `society`: the last word of its routing key.
    pub fn take(&mut self, script: &Script, kit: &Kit, society: &str, body: &[u8]) {
        let key = crate::jose::jwk::Jwk::from(&kit.receipts);
        let Ok(key) = OpeningKey::try_from(&key) else { return };
        match ReceiptOpener::new(vec![key], [script.gateway.clone()]).open(society, body) {
            Ok(batch) => self.batch(batch),
            Err(rejection) => self.find("receipts", format!("a message of receipts is rejected: {rejection}")),
        }
    }

    fn batch(&mut self, batch: ReceiptBatch) {
        for receipt in &batch.receipts {
            match self.receipts.get(&receipt.idem) {
                Some(known) if known != receipt => {
                    self.find("receipts", format!("receipt {} came with two contents", receipt.idem));
                }
                _ => drop(self.receipts.insert(receipt.idem, receipt.clone())),
            }
        }
        match self.batches.get(&batch.sequence) {
            Some(known) if *known != batch => {
                self.find("receipts", format!("two different batches have the number {}", batch.sequence));
            }
            _ => drop(self.batches.insert(batch.sequence, batch)),
        }
    }

    fn find(&mut self, case: &str, what: String) {
        self.findings.push(Finding { case: case.to_owned(), what });
    }

    /// How many different receipts came.
    #[must_use]
    pub fn len(&self) -> usize {
        self.receipts.len()
    }

    /// Whether nothing came.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.receipts.is_empty()
    }
}

impl Script {
    /// Whether everything that must be answered in an act (0 or 1) has been: then there is no need to wait longer.
    #[must_use]
    pub fn is_answered(&self, answered: &Answered, act: usize) -> bool {
        self.expected.iter().filter(|case| act > 0 || !case.recalled).filter(|case| !case.one_of.is_empty()).all(
            |case| answered.receipts.values().any(|r| r.attempt_id == case.attempt && case.one_of.contains(&r.kind)),
        )
    }

    /// What was wrong. Empty: the gateway conforms, as far as this script sees.
    #[must_use]
    pub fn judge(&self, answered: &Answered) -> Vec<Finding> {
        let mut findings = answered.findings.clone();
        for case in &self.expected {
            let mine: Vec<&Receipt> = answered.receipts.values().filter(|r| r.attempt_id == case.attempt).collect();
            findings.extend(judge_case(case, &mine).into_iter().map(|what| Finding { case: case.case.clone(), what }));
        }
        let known: HashSet<_> = self.expected.iter().map(|case| case.attempt).collect();
        let general = |what: String| Finding { case: "receipts".to_owned(), what };
        if answered.receipts.values().any(|r| !known.contains(&r.attempt_id)) {
            findings.push(general("a receipt names an attempt that was never sent".to_owned()));
        }
        if answered.receipts.values().any(|r| (r.at.0 - self.now.0).abs() > CLOCK + Millis::HOUR) {
            findings
                .push(general("a receipt's `at` is more than an hour off: milliseconds since 1970, UTC".to_owned()));
        }
        let numbers: Vec<u64> = answered.batches.keys().copied().collect();
        if numbers.windows(2).any(|pair| pair[1] != pair[0] + 1) {
            findings.push(general(format!("`sequence` does not count up by one: {numbers:?}")));
        }
        findings
    }
}

fn judge_case(case: &Expected, mine: &[&Receipt]) -> Vec<String> {
    let told = |kind| mine.iter().any(|r| r.kind == kind);
    let mut found = Vec::new();
    if case.silence {
        if !mine.is_empty() {
            found.push("it had to be refused (rejected without requeueing), and was answered".to_owned());
        }
        return found;
    }
    if !case.one_of.is_empty() && !case.one_of.iter().any(|kind| told(*kind)) {
        found.push(format!("no answer; expected {}", words(&case.one_of)));
    }
    let wrong: Vec<ReceiptKind> = case.never.iter().copied().filter(|kind| told(*kind)).collect();
    if !wrong.is_empty() {
        found.push(format!("answered {}, which must not be", words(&wrong)));
    }
    for kind in [ReceiptKind::Sent, ReceiptKind::Delivered] {
        if mine.iter().filter(|r| r.kind == kind).count() > 1 {
            found.push(format!("`{kind}` was told more than once, with different `idem`: was it done twice?"));
        }
    }
    if told(ReceiptKind::Withdrawn) && (told(ReceiptKind::Sent) || told(ReceiptKind::Delivered)) {
        found.push("withdrawn and sent: a recall that came too late is `too_late`".to_owned());
    }
    if let Some(task) = case.task
        && mine.iter().any(|r| r.task_id != Some(task))
    {
        found.push("receipts of a task must carry its `task_id`".to_owned());
    }
    found
}

fn words(kinds: &[ReceiptKind]) -> String {
    kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(" or ")
}
