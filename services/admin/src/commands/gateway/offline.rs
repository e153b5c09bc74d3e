//! `tidings gateway export|import`: sealed messages and receipts of a Society without a line, carried as files. The same
//! JOSE as over RabbitMQ, one message a line; whoever carries them can read nothing.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use broker::{Address, Broker, ContentType, MAX_BODY_BYTES, Outgoing, Queue, Realm};
use domain::SocietyCode;
use serde_json::json;
use uuid::Uuid;

use crate::answer::Answer;
use crate::app::App;
use crate::cli::Courier;
use crate::commands::action;
use crate::error::Failure;

/// Messages written with one flush to disk, then acknowledged.
const BATCH: usize = 500;
/// The queue counts as empty when nothing has come for this long.
const QUIET: Duration = Duration::from_secs(2);
/// Largest file that is read.
const MAX_FILE: u64 = 512 * 1024 * 1024;

/// Takes what waits for a Society's gateway into a new file.
///
/// # Errors
/// The file exists, the operator may not act, or the broker or the disk refuses.
pub async fn export(app: &App, given: &Courier) -> Result<Answer, Failure> {
    let subject = json!({ "society": given.society, "drill": given.drill, "file": given.file });
    action::one_person(app, &given.signer, "gateway messages exported", &subject).await?;
    let written = if app.config.amqp_url()?.is_some() {
        let queue = Queue::notices(realm(given), given.society.as_str());
        from_queue(&*app.amqp().await?, &queue, &given.file).await?
    } else {
        // The embedded setting has written them already, as they were sealed.
        let waiting = app.config.home().join("outgoing").join(format!("{}.jsonl", given.society));
        from_file(&waiting, &given.file)?
    };
    let text = format!("{written} sealed messages in {}. Carry the file to {}.", given.file.display(), given.society);
    Ok(Answer::new(json!({ "messages": written, "file": given.file }), text))
}

async fn from_queue(broker: &dyn Broker, queue: &Queue, path: &Path) -> Result<usize, Failure> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| at(path, &e))?;
    let prefetch = u16::try_from(BATCH).unwrap_or(u16::MAX);
    let mut consumer = broker.consume(queue, prefetch).await?;
    let mut written = 0;
    loop {
        let messages = consumer.next_batch(BATCH, QUIET).await?;
        if messages.is_empty() {
            return Ok(written);
        }
        for message in &messages {
            file.write_all(&message.body)?;
            file.write_all(b"\n")?;
        }
        file.sync_all()?;
        // Only what is on disk is acknowledged; a copy after a crash carries the same idempotency key.
        consumer.ack(&messages.iter().map(|m| m.tag).collect::<Vec<_>>()).await?;
        written += messages.len();
    }
}

fn from_file(waiting: &Path, path: &Path) -> Result<usize, Failure> {
    if path.exists() {
        return Err(Failure::usage(format!("{} exists already", path.display())));
    }
    if !waiting.exists() {
        fs::write(path, "")?;
        return Ok(0);
    }
    // Set aside first: what is sealed meanwhile begins a file of its own, and nothing is in both.
    let aside = waiting.with_extension(format!("{}.taken", Uuid::new_v4().simple()));
    fs::rename(waiting, &aside)?;
    fs::copy(&aside, path)?;
    OpenOptions::new().write(true).open(path)?.sync_all()?;
    let lines = fs::read(path)?.iter().filter(|byte| **byte == b'\n').count();
    fs::remove_file(aside)?;
    Ok(lines)
}

/// Hands receipts that a Society gave back to the record stage, which checks every signature.
///
/// # Errors
/// A file that is too large, a line that cannot be receipts, or a broker that does not take them.
pub async fn import(app: &App, given: &Courier) -> Result<Answer, Failure> {
    let about = fs::metadata(&given.file).map_err(|e| at(&given.file, &e))?;
    if about.len() > MAX_FILE {
        return Err(Failure::usage(format!("{} is larger than {MAX_FILE} bytes", given.file.display())));
    }
    let text = fs::read_to_string(&given.file).map_err(|e| at(&given.file, &e))?;
    let bodies: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for (number, body) in bodies.iter().enumerate() {
        // A compact JWE has five parts. Whether it is genuine is for the record stage to say, which alone holds the key.
        if body.len() > MAX_BODY_BYTES || body.matches('.').count() != 4 {
            let place = format!("{} line {}", given.file.display(), number + 1);
            return Err(Failure::usage(format!("{place}: not a sealed batch of receipts; nothing was imported")));
        }
    }
    let subject = json!({ "society": given.society, "drill": given.drill, "batches": bodies.len() });
    action::one_person(app, &given.signer, "gateway receipts imported", &subject).await?;
    if app.config.amqp_url()?.is_some() {
        publish(&*app.amqp().await?, realm(given), &given.society, &bodies).await?;
    } else {
        drop_off(app, &given.society, &text).await?;
    }
    let text =
        format!("{} batches of receipts handed to the record stage. Importing again changes nothing.", bodies.len());
    Ok(Answer::new(json!({ "batches": bodies.len() }), text))
}

async fn publish(broker: &dyn Broker, realm: Realm, society: &SocietyCode, bodies: &[&str]) -> Result<(), Failure> {
    for some in bodies.chunks(BATCH) {
        let outgoing = |body: &&str| Outgoing {
            to: Address::Receipts(realm, society.to_string()),
            message_id: Uuid::new_v4(),
            content_type: ContentType::Jose,
            body: body.as_bytes().to_vec(),
        };
        let published = broker.publish(some.iter().map(outgoing).collect()).await?;
        if !published.is_complete() {
            return Err(Failure::failed("the broker did not take all of the receipts; import the file again"));
        }
    }
    Ok(())
}

/// The embedded setting's own letter box.
async fn drop_off(app: &App, society: &SocietyCode, text: &str) -> Result<(), Failure> {
    let folder = app.config.home().join("incoming");
    fs::create_dir_all(&folder)?;
    // Read in the order in which they came.
    let name = format!("{society}-{:013}-{}", app.store.now().await?.0, Uuid::new_v4().simple());
    let beside = folder.join(format!("{name}.new"));
    fs::write(&beside, text)?;
    OpenOptions::new().write(true).open(&beside)?.sync_all()?;
    Ok(fs::rename(&beside, folder.join(format!("{name}.jsonl")))?)
}

const fn realm(given: &Courier) -> Realm {
    if given.drill { Realm::Drill } else { Realm::Real }
}

fn at(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
}
