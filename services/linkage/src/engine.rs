//! The run, phase by phase.

use std::thread::JoinHandle;
use std::time::Instant;

use crate::block::Blocks;
use crate::corpus::Corpus;
use crate::normalise::{Intake, is_named};
use crate::options::Options;
use crate::output::{Linkage, Summary};
use crate::record::LinkRecord;
use crate::{finish, score, train};

/// Records that are kept as given before they are packed.
pub(crate) const BATCH: usize = 16_384;

/// Takes records one by one and links them at the end. Keeps packed records, not what was pushed.
pub struct Linker {
    options: Options,
    batch: Vec<LinkRecord>,
    intake: Intake,
    /// The batch before, still being packed while the caller reads on.
    packing: Option<JoinHandle<Vec<Intake>>>,
    clock: Clock,
}

impl Linker {
    /// Nothing pushed yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, batch: Vec::new(), intake: Intake::default(), packing: None, clock: Clock::default() }
    }

    /// Takes in one record; its index is the number of records before it.
    pub fn push(&mut self, record: LinkRecord) {
        self.batch.push(record);
        if self.batch.len() >= BATCH {
            self.pack();
        }
    }

    fn pack(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        self.pack_with(batch, |record, intake| intake.take(record));
    }

    /// Takes in a batch of whatever `take` makes records of, beside the caller, who reads on. It comes after the batches
    /// before; not to be mixed with [`Self::push`].
    pub(crate) fn pack_with<T>(&mut self, batch: Vec<T>, take: impl Fn(&T, &mut Intake) + Sync + Send + 'static)
    where
        T: Send + Sync + 'static,
    {
        let next = std::thread::spawn(move || Intake::pieces(&batch, take));
        self.absorb(Some(next));
    }

    /// Waits until everything handed over is packed.
    pub(crate) fn wait(&mut self) {
        self.absorb(None);
    }

    /// Takes in the batch that was being packed, and leaves the next one to be packed.
    fn absorb(&mut self, next: Option<JoinHandle<Vec<Intake>>>) {
        let from = Instant::now();
        if let Some(before) = std::mem::replace(&mut self.packing, next) {
            match before.join() {
                Ok(pieces) => pieces.into_iter().for_each(|piece| self.intake.absorb(piece)),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        self.clock.add("normalise", from);
    }

    /// Links what was pushed.
    #[must_use]
    pub fn finish(mut self) -> Linkage {
        self.pack();
        self.absorb(None);
        run(self.intake, &self.options, self.clock)
    }
}

/// Links records in memory.
#[must_use]
pub fn link(records: &[LinkRecord], options: &Options) -> Linkage {
    let mut clock = Clock::default();
    let mut intake = Intake::default();
    let from = Instant::now();
    intake.extend(records);
    clock.add("normalise", from);
    run(intake, options, clock)
}

fn run(intake: Intake, options: &Options, mut clock: Clock) -> Linkage {
    let from = Instant::now();
    let mut corpus = Corpus::new(intake);
    clock.add("count", from);
    let from = Instant::now();
    let model = train::train(&mut corpus, options);
    clock.add("train", from);
    let from = Instant::now();
    let blocks = Blocks::new(&corpus, options);
    clock.add("block", from);
    let from = Instant::now();
    let (scored, pairs_scored) = score::score(&corpus, options, &model, &blocks);
    clock.add("score", from);
    let from = Instant::now();
    let nameless = corpus.records.iter().filter(|r| !is_named(r)).count() as u64;
    let summary = Summary {
        records: corpus.len() as u64,
        pairs_scored,
        blocks_skipped: blocks.rules.iter().map(|r| r.skipped).sum(),
        rules: blocks.rules,
        identical: blocks.identical,
        nameless,
        constant_fields: corpus.constant.clone(),
        ..Summary::default()
    };
    let mut linkage = finish::finish(&corpus, options, model, scored, summary);
    clock.add("cluster", from);
    linkage.summary.seconds = clock.0;
    linkage
}

/// Wall seconds by phase.
#[derive(Default)]
struct Clock(Vec<(String, f64)>);

impl Clock {
    fn add(&mut self, phase: &str, from: Instant) {
        let seconds = from.elapsed().as_secs_f64();
        match self.0.iter_mut().find(|(name, _)| name == phase) {
            Some((_, sum)) => *sum += seconds,
            None => self.0.push((phase.to_owned(), seconds)),
        }
    }
}
