//! The gateway at work: one loop that owns the journal, and tasks that hand attempts to transports.
//!
//! One round of the loop:
//! 1. **take**: messages come, are opened and judged ([`intake`]); the journal has them before they are acknowledged;
//! 2. **hand over**: what is due is opened again, checked again, marked `sending` on disk, and given to its transport;
//! 3. **note**: outcomes and reports become entries ([`outcome`]); a network is answered after they are on disk;
//! 4. **tell**: receipts are numbered, signed, sealed and sent; they leave the journal when the broker has them.
//!
//! A crash at any point leaves one of these states: not in the journal (the message comes again), waiting (sent after
//! the restart), or `sending` (nobody knows; [`Engine::recover`] asks the transport what that means).

mod intake;
mod outcome;
mod tell;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use contract::{Content, Envelope, FailureCode, OpenError};
use domain::receipt::ReceiptKind;
use domain::{AttemptId, Millis};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::hours;
use crate::journal::{Entry, Journal, JournalError, Stage, Standing};
use crate::keys::Keyring;
use crate::post::{Post, Tag};
use crate::transport::{Job, Outcome, Repeat, Report, Transports};
use intake::{Verdict, judge, receipt};

/// Messages taken in one round.
const TAKE: usize = 500;
/// How long a round waits for a message when something else is under way, and when nothing is.
const BUSY_WAIT: Duration = Duration::from_millis(20);
const QUIET_WAIT: Duration = Duration::from_millis(250);
/// A report may overtake the answer that names its reference: it is kept this long, and so many of them.
const ORPHAN_LIFE: Duration = Duration::from_secs(5);
const ORPHANS: usize = 1000;
/// When stopping: for what is with a transport to come back.
const DRAIN: Duration = Duration::from_secs(75);

/// The gateway's clock.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// The machine's clock.
#[must_use]
pub fn system_clock() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "a gateway is another organisation's: it has no store to ask")]
    Arc::new(|| Millis::from(jiff::Timestamp::now()))
}

/// How the engine paces itself.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Deliveries at one time.
    pub parallel: usize,
    /// First pause before another try.
    pub retry: Duration,
    /// How long a receipt waits for company.
    pub receipts: Duration,
}

/// A try that came back.
type Tried = (AttemptId, Outcome);

/// The gateway at work.
pub struct Engine {
    keys: Keyring,
    journal: Journal,
    transports: Transports,
    post: Post,
    clock: Clock,
    pace: Pace,
    reports: mpsc::Receiver<Report>,
    come_back: mpsc::UnboundedSender<Tried>,
    tried: mpsc::UnboundedReceiver<Tried>,
    under_way: HashMap<AttemptId, Repeat>,
    orphans: Vec<(Instant, Report)>,
    receipts_since: Option<Instant>,
    stopping: bool,
}

impl Engine {
    /// An engine over a journal. `reports` is the other end of what the transports were built with.
    #[must_use]
    pub fn new(
        keys: Keyring,
        journal: Journal,
        transports: Transports,
        post: Post,
        reports: mpsc::Receiver<Report>,
        pace: Pace,
        clock: Clock,
    ) -> Self {
        let (come_back, tried) = mpsc::unbounded_channel();
        Self {
            keys,
            journal,
            transports,
            post,
            clock,
            pace,
            reports,
            come_back,
            tried,
            under_way: HashMap::new(),
            orphans: Vec::new(),
            receipts_since: None,
            stopping: false,
        }
    }

    /// Works until told to stop; then lets what is under way come back, tells it, and returns.
    ///
    /// # Errors
    /// [`JournalError`]: without its journal a gateway must not go on.
    pub async fn run(&mut self, stop: watch::Receiver<bool>) -> Result<(), JournalError> {
        self.recover()?;
        while !*stop.borrow() {
            self.round().await?;
        }
        self.stopping = true;
        let end = Instant::now() + DRAIN;
        while !self.under_way.is_empty() && Instant::now() < end {
            tokio::time::sleep(BUSY_WAIT).await;
            self.note()?;
        }
        self.note()?;
        self.tell(true).await
    }

    /// One round. Public so that tests can step.
    ///
    /// # Errors
    /// [`JournalError`]: without its journal a gateway must not go on.
    pub async fn round(&mut self) -> Result<(), JournalError> {
        self.take().await?;
        self.hand_over()?;
        self.note()?;
        self.tell(false).await?;
        let now = (self.clock)();
        if self.journal.compact_if_large(now)? {
            tracing::info!("journal compacted");
        }
        Ok(())
    }

    /// Whether nothing is due, under way or waiting to be told.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let ledger = self.journal.ledger();
        self.under_way.is_empty() && ledger.pending().is_empty() && ledger.due((self.clock)(), 1).is_empty()
    }

    /// What was with a transport when the process ended: the transport says whether a second time is harmless.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn recover(&mut self) -> Result<(), JournalError> {
        let now = (self.clock)();
        let mut entries = Vec::new();
        for attempt in self.journal.ledger().in_stage(|stage| stage == Stage::Sending) {
            let repeat = match self.open(attempt, now)? {
                Ok(envelope) => self.transports.of(&envelope).map_or(Repeat::Never, |transport| transport.repeat()),
                Err(_) => Repeat::Never,
            };
            entries.push(match repeat {
                Repeat::Harmless => Entry::Later { attempt, due: now, taken: vec![] },
                Repeat::Never => Entry::Unknown { attempt },
            });
        }
        let (known, waiting) = self.journal.ledger().counts();
        tracing::info!(known, waiting, interrupted = entries.len(), "journal read");
        self.journal.commit(entries)
    }

    async fn take(&mut self) -> Result<(), JournalError> {
        let wait = if self.under_way.is_empty() { QUIET_WAIT } else { BUSY_WAIT };
        let messages = self.post.next(TAKE, wait).await;
        let (mut taken, mut refused): (Vec<Tag>, Vec<Tag>) = (vec![], vec![]);
        for message in messages {
            let now = (self.clock)();
            let opened = self.keys.opener.open(&message.body, now);
            let offered = |envelope: &Envelope| self.transports.of(envelope).is_some();
            match judge(opened, &message.body, self.journal.ledger(), self.keys.drill, offered, now) {
                Verdict::Note(entries) => {
                    // One flush a message would bound the rate by the disk: entries of a round are written together.
                    self.stage(entries)?;
                    taken.push(message.tag());
                }
                Verdict::Refuse(why) => {
                    tracing::warn!(why, "a message was refused");
                    refused.push(message.tag());
                }
            }
        }
        self.journal.sync()?;
        if !(taken.is_empty() && refused.is_empty()) {
            self.post.settle(&taken, &refused).await;
        }
        Ok(())
    }

    fn stage(&mut self, entries: Vec<Entry>) -> Result<(), JournalError> {
        self.journal.write(entries)
    }

    /// The envelope of an attempt that waits, opened and checked anew.
    fn open(&self, attempt: AttemptId, now: Millis) -> Result<Result<Envelope, OpenError>, JournalError> {
        let body = self.journal.body(attempt)?.unwrap_or_default();
        Ok(self.keys.opener.open(body.as_bytes(), now))
    }

    fn hand_over(&mut self) -> Result<(), JournalError> {
        let now = (self.clock)();
        let free = self.pace.parallel.saturating_sub(self.under_way.len());
        let mut jobs = Vec::new();
        for attempt in self.journal.ledger().due(now, free) {
            let Some(standing) = self.journal.ledger().get(attempt).map(|known| known.standing.clone()) else {
                continue;
            };
            let opened = self.open(attempt, now)?;
            match self.prepare(&standing, opened, now) {
                Ok(job) => {
                    self.journal.write(vec![Entry::Sending { attempt }])?;
                    jobs.push(job);
                }
                Err(entries) => self.journal.write(entries)?,
            }
        }
        self.journal.sync()?;
        for job in jobs {
            self.start(job);
        }
        Ok(())
    }

    /// The job, or what stands in its way now.
    fn prepare(
        &self,
        standing: &Standing,
        opened: Result<Envelope, OpenError>,
        now: Millis,
    ) -> Result<Job, Vec<Entry>> {
        let attempt = standing.attempt;
        let closed = |kind, code| {
            let told = receipt(attempt, standing.task, kind, code, now);
            vec![Entry::Closed { attempt, until: standing.until }, Entry::Receipt(told)]
        };
        let envelope = opened.map_err(|error| match error {
            OpenError::Expired { .. } => closed(ReceiptKind::Expired, None),
            _ if now > standing.until => closed(ReceiptKind::Expired, None),
            _ => closed(ReceiptKind::Failed, Some(FailureCode::Gateway)),
        })?;
        if self.transports.of(&envelope).is_none() {
            return Err(closed(ReceiptKind::Failed, Some(FailureCode::Unsupported)));
        }
        let mut arrive_by = standing.until;
        if let Content::Notice(data) = &envelope.content {
            // The gateway may have been down when the window was open.
            match hours::next_moment(data, now) {
                Ok(Some(at)) if at == now => {}
                Ok(Some(due)) => return Err(vec![Entry::Later { attempt, due, taken: vec![] }]),
                Ok(None) => return Err(closed(ReceiptKind::Expired, None)),
                Err(_) => return Err(closed(ReceiptKind::Failed, Some(FailureCode::Gateway))),
            }
            arrive_by = hours::arrive_by(data, now).unwrap_or(now);
        }
        let taken = standing.references.iter().map(|(reference, _)| reference.clone()).collect();
        Ok(Job { envelope, taken, arrive_by, now })
    }

    fn start(&mut self, job: Job) {
        let Some(transport) = self.transports.of(&job.envelope).cloned() else { return };
        let (attempt, outcomes) = (job.attempt(), self.come_back.clone());
        self.under_way.insert(attempt, transport.repeat());
        tokio::spawn(async move {
            // A transport that panics has done nobody knows what.
            let outcome = tokio::spawn(async move { transport.deliver(&job).await }).await.unwrap_or(Outcome::Unknown);
            let _ = outcomes.send((attempt, outcome));
        });
    }

    fn note(&mut self) -> Result<(), JournalError> {
        let now = (self.clock)();
        while let Ok((attempt, outcome)) = self.tried.try_recv() {
            let repeat = self.under_way.remove(&attempt).unwrap_or(Repeat::Never);
            if outcome == Outcome::Unknown && repeat == Repeat::Never {
                tracing::warn!(%attempt, "nobody knows whether this was taken; it is not sent again");
            }
            let Some(known) = self.journal.ledger().get(attempt) else { continue };
            let pause = i64::try_from(self.pace.retry.as_millis()).unwrap_or(i64::MAX);
            let entries = outcome::of_try(&known.standing, outcome, repeat, pause, now);
            self.journal.write(entries)?;
        }
        let mut heard = Vec::new();
        while let Ok(report) = self.reports.try_recv() {
            self.orphans.push((Instant::now(), report));
        }
        for (since, report) in std::mem::take(&mut self.orphans) {
            let standing = self.find(&report.reference).cloned();
            match standing {
                Some(standing) => {
                    let entries = outcome::of_report(&standing, &report.reference, report.meaning, now);
                    self.journal.write(entries)?;
                    heard.push((report.noted, true));
                }
                None if since.elapsed() < ORPHAN_LIFE && self.orphans.len() < ORPHANS && !self.stopping => {
                    self.orphans.push((since, report));
                }
                None => heard.push((report.noted, false)),
            }
        }
        self.journal.sync()?;
        for (noted, known) in heard {
            let _ = noted.send(known);
        }
        Ok(())
    }

    /// The attempt of a reference: as it was noted, or, for references that hold the attempt's id, also before that
    /// and after an answer that was lost. While a try is under way its outcome comes first.
    fn find(&self, reference: &str) -> Option<&Standing> {
        let ledger = self.journal.ledger();
        let attempt = ledger.by_reference(reference).or_else(|| reference.split_once(':')?.1.parse().ok())?;
        let standing = &ledger.get(attempt)?.standing;
        (standing.stage != Stage::Sending).then_some(standing)
    }
}
