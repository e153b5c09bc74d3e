//! How fast and how patiently workers work. Every figure has its reason; [`Tuning::default`] is what is shipped.

use std::time::Duration;

use contract::Bucket;
use domain::Millis;

/// Settings of a process's workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Batches of one stage in work at a time: one that waits for the database, one that computes, one that waits for
    /// confirms. More only holds more memory.
    pub in_flight: usize,
    /// How long a worker with nothing to do waits for a doorbell; bounds how late it sees that it is to stop.
    pub idle_wait: Duration,
    /// How long a worker with work under way waits for more before it looks after that work.
    pub busy_wait: Duration,
    /// Release looks for due work this often while it found some …
    pub release_busy: Duration,
    /// … and this often while it found none: a window opens on the minute, nobody notices half a second.
    pub release_idle: Duration,
    /// The reconciler looks this often.
    pub reconcile_every: Duration,
    /// Work that stands still this long (by the store's clock) has lost its doorbell: many times what a batch takes.
    pub stuck_after_ms: i64,
    /// A published message that nobody accepted is looked at after this time, and after twice it, and so on.
    pub unaccepted_after_ms: i64,
    /// Broker time to live of a notice: after it the message is surely gone from the queue.
    pub notice_ttl_ms: i64,
    /// The reconciler looks for persons to be planned again (expired decisions, reviews) this often: the question
    /// reads every notification of a campaign.
    pub replan_every: Duration,
    /// Unaccepted messages at one gateway at most, whatever its Society's file says.
    pub credit_cap: u32,
    /// Every sealed message is padded to this size at least. What is larger can be told apart by its length: a campaign
    /// with letters or e-mails that must not be takes 16 KiB, and four times the disk.
    pub message_floor: Bucket,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            in_flight: 3,
            idle_wait: Duration::from_millis(250),
            busy_wait: Duration::from_millis(5),
            release_busy: Duration::from_millis(50),
            release_idle: Duration::from_millis(500),
            reconcile_every: Duration::from_secs(2),
            stuck_after_ms: 20_000,
            unaccepted_after_ms: 60_000,
            notice_ttl_ms: 7 * Millis::DAY,
            replan_every: Duration::from_secs(30),
            credit_cap: 5_000,
            message_floor: Bucket::DEFAULT_FLOOR,
        }
    }
}

/// Ids of one batch: one transaction, one doorbell, one confirm.
pub(crate) const BATCH: usize = domain::doorbell::MAX_IDS;

/// Doorbells that are taken for one batch of work at most: small ones for the same campaign are worked on together.
pub(crate) const BELLS_PER_TAKE: usize = 16;

/// Rows that one step of applying an import moves: a transaction of about a tenth of a second.
pub(crate) const IMPORT_ROWS: u32 = 2_000;

/// Records that dedupe reads at a time: about 4 MiB sealed.
pub(crate) const RECORD_PAGE: u32 = 2_000;

/// Persons that one look for unplanned ones brings: all of the largest incident, 16 MiB of ids.
pub(crate) const UNPLANNED: u32 = 1_000_000;

/// Publishing of doorbells is tried this often while the queue is full or the broker blocks …
pub(crate) const RING_TRIES: u32 = 10;
/// … with this pause before the first repetition, doubled each time up to [`LONGEST_PAUSE`]: half a minute in all.
pub(crate) const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause between two tries.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Batches in a row that the database may refuse before the process ends: a supervisor's restart finds out more.
pub(crate) const TRANSIENT_LIMIT: u32 = 20;

/// The pause before try number `n` (from 0).
pub(crate) fn pause(n: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << n.min(10)).min(LONGEST_PAUSE)
}
