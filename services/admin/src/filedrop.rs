//! Gateways without a broker: in the embedded setting sealed messages are appended to a file a Society, and receipts
//! are read from files that the Society gives back. The same sealed messages and receipts as over RabbitMQ.
//!
//! `outgoing/KE.jsonl` holds one message (compact JOSE) a line. A file `incoming/KE-anything.jsonl` holds one batch of
//! receipts (compact JOSE) a line. The broker is in this process and ends with it: a file that it was given is called
//! `….taken`, and read again by the next process, until the record stage has had time for it; then it is `….done`.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use broker::{Address, Broker, ContentType, Outgoing, Queue, Realm};
use tokio::sync::watch;
use uuid::Uuid;

use crate::error::Failure;

/// How long a round waits for messages before it looks for receipts.
const WAIT: Duration = Duration::from_millis(500);

/// Messages written with one flush to disk.
const BATCH: usize = 500;

/// The queue of receipts has to be empty for so long before what was read counts as recorded: the record stage tries again
/// for less.
const RECORDED: Duration = Duration::from_secs(60);

/// Largest file of receipts that is read: a batch of 500 receipts takes about a quarter of a megabyte.
const MAX_RECEIPTS_FILE: u64 = 64 << 20;

/// Plays the gateways of all Societies until told to stop.
///
/// # Errors
/// A folder that cannot be written, or the broker ends.
pub async fn play(
    broker: &dyn Broker,
    realm: Realm,
    home: &Path,
    societies: &[String],
    stop: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let (outgoing, incoming) = (home.join("outgoing"), home.join("incoming"));
    fs::create_dir_all(&outgoing)?;
    fs::create_dir_all(&incoming)?;
    // A process before this one gave these to a broker that ended with it. Repeated receipts change nothing.
    rename_all(&incoming, "taken", "jsonl")?;
    let mut empty_since = None;
    let mut consumers = Vec::new();
    for society in societies {
        let prefetch = u16::try_from(BATCH).unwrap_or(u16::MAX);
        let consumer = broker.consume(&Queue::notices(realm, society), prefetch).await?;
        consumers.push((outgoing.join(format!("{society}.jsonl")), consumer));
    }
    let wait = WAIT / u32::try_from(societies.len().max(1)).unwrap_or(1);
    while !*stop.borrow() {
        for (path, consumer) in &mut consumers {
            let messages = consumer.next_batch(BATCH, wait).await?;
            if messages.is_empty() {
                continue;
            }
            append(path, messages.iter().map(|m| m.body.as_slice()))?;
            // Only what is on disk is acknowledged; a copy after a crash carries the same idempotency key.
            consumer.ack(&messages.iter().map(|m| m.tag).collect::<Vec<_>>()).await?;
        }
        for path in files(&incoming, "jsonl")? {
            take(broker, realm, &path).await?;
            empty_since = None;
        }
        if broker.depth(&Queue::receipts(realm)).await?.messages > 0 {
            empty_since = None;
        } else if empty_since.get_or_insert_with(Instant::now).elapsed() > RECORDED {
            rename_all(&incoming, "taken", "done")?;
        }
        if consumers.is_empty() {
            tokio::time::sleep(WAIT).await;
        }
    }
    Ok(())
}

/// Appends messages to a file, one a line, and returns when they are on disk.
///
/// # Errors
/// The file cannot be written.
pub fn append<'a>(path: &Path, bodies: impl Iterator<Item = &'a [u8]>) -> Result<(), Failure> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let mut lines = Vec::new();
    for body in bodies {
        lines.extend_from_slice(body);
        lines.push(b'\n');
    }
    file.write_all(&lines)?;
    file.sync_all()?;
    Ok(())
}

/// Files with an ending, in the order of their names.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .collect();
    paths.sort();
    Ok(paths)
}

fn rename_all(folder: &Path, from: &str, to: &str) -> Result<(), Failure> {
    for path in files(folder, from)? {
        fs::rename(&path, path.with_extension(to))?;
    }
    Ok(())
}

async fn take(broker: &dyn Broker, realm: Realm, path: &Path) -> Result<(), Failure> {
    let name = path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let society = name.split('-').next().unwrap_or_default().to_owned();
    if fs::metadata(path)?.len() > MAX_RECEIPTS_FILE {
        tracing::warn!(file = %path.display(), "a file of receipts is too large; it is set aside");
        return Ok(fs::rename(path, path.with_extension("refused"))?);
    }
    let batch: Vec<Outgoing> = fs::read_to_string(path)?
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| Outgoing {
            to: Address::Receipts(realm, society.clone()),
            message_id: Uuid::new_v4(),
            content_type: ContentType::Jose,
            body: line.trim().as_bytes().to_vec(),
        })
        .collect();
    let published = broker.publish(batch).await?;
    if published.is_complete() {
        fs::rename(path, path.with_extension("taken"))?;
    }
    Ok(())
}
