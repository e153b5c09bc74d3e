//! What the journal says, in memory: the state of every attempt, what is due, and what Tidings has yet to hear.

use std::collections::{BTreeSet, HashMap, VecDeque};

use contract::Receipt;
use domain::{AttemptId, Millis};
use uuid::Uuid;

use super::entry::{Entry, Stage, Standing};
use super::file::Place;

/// A batch of receipts that was numbered and not yet confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flying {
    /// Key that signs.
    pub kid: String,
    /// Number.
    pub sequence: u64,
    /// Id of its message.
    pub message: Uuid,
    /// How many of the waiting receipts it holds.
    pub count: usize,
}

/// An attempt and where its sealed message lies.
#[derive(Debug, Clone)]
pub struct Known {
    /// As it stands.
    pub standing: Standing,
    /// Its sealed message in the journal.
    pub body: Option<Place>,
}

/// Everything that follows from the entries. Changed by [`Ledger::apply`] alone, live and after a restart alike.
#[derive(Debug, Default)]
pub struct Ledger {
    attempts: HashMap<AttemptId, Known>,
    due: BTreeSet<(Millis, AttemptId)>,
    by_reference: HashMap<String, AttemptId>,
    pending: VecDeque<Receipt>,
    flying: Option<Flying>,
    counted: HashMap<String, u64>,
}

impl Ledger {
    /// An attempt, if it was ever seen.
    #[must_use]
    pub fn get(&self, attempt: AttemptId) -> Option<&Known> {
        self.attempts.get(&attempt)
    }

    /// Attempts in a stage that `wanted` picks.
    pub fn in_stage(&self, wanted: impl Fn(Stage) -> bool) -> Vec<AttemptId> {
        self.attempts.values().map(|k| &k.standing).filter(|s| wanted(s.stage)).map(|s| s.attempt).collect()
    }

    /// Up to `max` attempts that are due, the longest waiting first.
    #[must_use]
    pub fn due(&self, now: Millis, max: usize) -> Vec<AttemptId> {
        self.due.iter().take_while(|(due, _)| *due <= now).take(max).map(|(_, attempt)| *attempt).collect()
    }

    /// The attempt of a transport's reference.
    #[must_use]
    pub fn by_reference(&self, reference: &str) -> Option<AttemptId> {
        self.by_reference.get(reference).copied()
    }

    /// Receipts that wait, the oldest first; those of the flying batch come first.
    #[must_use]
    pub const fn pending(&self) -> &VecDeque<Receipt> {
        &self.pending
    }

    /// The batch under way.
    #[must_use]
    pub const fn flying(&self) -> Option<&Flying> {
        self.flying.as_ref()
    }

    /// Number of the last batch of a key.
    #[must_use]
    pub fn last_sequence(&self, kid: &str) -> u64 {
        self.counted.get(kid).copied().unwrap_or(0)
    }

    /// How many attempts are known, and how many of those wait.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.attempts.len(), self.due.len())
    }

    pub(super) fn apply(&mut self, entry: Entry, place: Place) {
        match entry {
            Entry::Taken { attempt, task, due, until, .. } => self.taken(attempt, task, due, until, place),
            Entry::Sending { attempt } => {
                self.change(attempt, |s| {
                    s.tries += 1;
                    s.stage = Stage::Sending;
                });
            }
            Entry::Later { attempt, due, taken } => {
                self.refer(attempt, taken);
                self.change(attempt, |s| s.stage = Stage::Waiting { due });
            }
            Entry::Handed { attempt, references } => {
                self.refer(attempt, references);
                self.change(attempt, |s| s.stage = Stage::Handed);
                self.drop_body(attempt);
            }
            Entry::Reported { attempt, reference, arrived } => self.change(attempt, |s| {
                if let Some(known) = s.references.iter_mut().find(|(r, _)| *r == reference) {
                    // Late truth: what arrived has arrived, whatever is said before or after.
                    known.1 = Some(arrived || known.1 == Some(true));
                }
            }),
            Entry::Unknown { attempt } => {
                self.change(attempt, |s| s.stage = Stage::Unknown);
                self.drop_body(attempt);
            }
            Entry::Closed { attempt, until } => {
                self.attempts.entry(attempt).or_insert_with(|| Known { standing: blank(attempt, until), body: None });
                self.change(attempt, |s| s.stage = Stage::Closed);
                self.drop_body(attempt);
            }
            Entry::Receipt(receipt) => self.tell(receipt),
            Entry::Batch { kid, sequence, message, count } => {
                self.counted.insert(kid.clone(), sequence);
                self.flying = Some(Flying { kid, sequence, message, count });
            }
            Entry::Out { sequence } => {
                if let Some(batch) = self.flying.take_if(|batch| batch.sequence == sequence) {
                    self.pending.drain(..batch.count.min(self.pending.len()));
                }
            }
            Entry::Stands(standing) => self.stands(standing),
            Entry::Counted { kid, sequence } => drop(self.counted.insert(kid, sequence)),
        }
    }

    fn taken(&mut self, attempt: AttemptId, task: Option<Uuid>, due: Millis, until: Millis, place: Place) {
        let known =
            self.attempts.entry(attempt).or_insert_with(|| Known { standing: blank(attempt, until), body: None });
        known.body = Some(place);
        // After `Stands` this only brings the body back.
        if known.standing.tries == 0 {
            known.standing.task = task;
            known.standing.until = until;
            self.change(attempt, |s| s.stage = Stage::Waiting { due });
        }
    }

    fn stands(&mut self, standing: Standing) {
        let attempt = standing.attempt;
        for (reference, _) in &standing.references {
            self.by_reference.insert(reference.clone(), attempt);
        }
        if let Stage::Waiting { due } = standing.stage {
            self.due.insert((due, attempt));
        }
        self.attempts.insert(attempt, Known { standing, body: None });
    }

    fn tell(&mut self, receipt: Receipt) {
        if let Some(known) = self.attempts.get_mut(&receipt.attempt_id)
            && !known.standing.told.iter().any(|told| told.idem == receipt.idem)
        {
            known.standing.told.push(receipt.clone());
        }
        self.pending.push_back(receipt);
    }

    fn refer(&mut self, attempt: AttemptId, references: Vec<String>) {
        let Some(known) = self.attempts.get_mut(&attempt) else { return };
        for reference in references {
            if !known.standing.references.iter().any(|(r, _)| *r == reference) {
                self.by_reference.insert(reference.clone(), attempt);
                known.standing.references.push((reference, None));
            }
        }
    }

    /// Changes a standing and keeps the list of what is due in step.
    fn change(&mut self, attempt: AttemptId, change: impl FnOnce(&mut Standing)) {
        let Some(known) = self.attempts.get_mut(&attempt) else { return };
        if let Stage::Waiting { due } = known.standing.stage {
            self.due.remove(&(due, attempt));
        }
        change(&mut known.standing);
        if let Stage::Waiting { due } = known.standing.stage {
            self.due.insert((due, attempt));
        }
    }

    fn drop_body(&mut self, attempt: AttemptId) {
        if let Some(known) = self.attempts.get_mut(&attempt) {
            known.body = None;
        }
    }

    /// What compaction keeps: every attempt that could still be spoken of, the receipts that wait, the counters.
    pub(super) fn parts(&self) -> (impl Iterator<Item = &Known>, &HashMap<String, u64>) {
        (self.attempts.values(), &self.counted)
    }

    pub(super) fn forget(&mut self, before: Millis) {
        let gone = |known: &Known| {
            known.standing.until < before && !matches!(known.standing.stage, Stage::Waiting { .. } | Stage::Sending)
        };
        self.attempts.retain(|_, known| !gone(known));
        let attempts = &self.attempts;
        self.by_reference.retain(|_, attempt| attempts.contains_key(attempt));
    }
}

fn blank(attempt: AttemptId, until: Millis) -> Standing {
    Standing { attempt, stage: Stage::Closed, until, task: None, tries: 0, references: vec![], told: vec![] }
}
