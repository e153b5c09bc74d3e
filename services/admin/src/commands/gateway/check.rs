//! `tidings gateway check`: the conformance kit, against anybody's gateway. Needs no store.
//!
//! Over RabbitMQ: an empty virtual host, to which the gateway is connected as to a drill. Over files: a folder to which
//! the gateway's `inbox` and `outbox` point.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use broker::{Address, AmqpOptions, Broker, Consumer, ContentType, Outgoing, Queue, Realm, Topology, amqp};
use contract::conformance::{Answered, Finding, Kit, Line, Script};
use contract::jose::jwk::Jwk;
use contract::{OpeningKey, OrganisationKey};
use domain::Channel;
use serde_json::json;

use super::public_of;
use crate::answer::{Answer, table};
use crate::cli::Check;
use crate::error::Failure;
use crate::home;

/// Between two looks for receipts.
const LOOK: Duration = Duration::from_millis(500);
/// After everything was answered: for what should not come.
const AFTER: Duration = Duration::from_secs(3);
/// Largest file of receipts that is read.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// Makes the kit's keys, or plays the script.
///
/// # Errors
/// A file or the broker cannot be used; refused (3) when the gateway did something wrong.
pub async fn run(given: &Check) -> Result<Answer, Failure> {
    let keys = given.folder.join("tidings-keys.json");
    if !keys.exists() {
        return prepare(given, &keys);
    }
    let kit = load(&given.folder)?;
    let gateway = public_of(&given.society, given.keys.as_deref().unwrap_or(Path::new("")))?;
    let channels: Vec<Channel> = if given.channels.is_empty() {
        Channel::ALL.iter().copied().filter(|channel| channel.is_remote()).collect()
    } else {
        given.channels.clone()
    };
    #[expect(clippy::disallowed_methods, reason = "the kit has no store: the gateway's clock is held against this one")]
    let now = domain::Millis::from(jiff::Timestamp::now());
    let script = Script::write(&mut rand::rng(), &kit, &gateway, &channels, now)
        .map_err(|e| Failure::failed(format!("the script: {e}")))?;
    let mut way = Way::open(given).await?;
    let mut answered = Answered::default();
    for act in [0, 1] {
        way.send(script.act(act)).await?;
        let end = Instant::now() + Duration::from_secs(given.wait);
        let mut quiet_since = None;
        while Instant::now() < end && quiet_since.is_none_or(|since: Instant| since.elapsed() < AFTER) {
            for body in way.receive().await? {
                answered.take(&script, &kit, given.society.as_str(), &body);
            }
            if quiet_since.is_none() && script.is_answered(&answered, act) {
                quiet_since = Some(Instant::now());
            }
        }
    }
    verdict(&script.judge(&answered), answered.len())
}

fn prepare(given: &Check, keys: &Path) -> Result<Answer, Failure> {
    let kit = Kit::generate(&mut rand::rng());
    let secret = |name: &str, jwk: &Jwk| -> Result<(), Failure> {
        home::write_secret(&given.folder.join(name), serde_json::to_string(jwk)?.as_bytes())
    };
    secret("kit-organisation.jwk", &kit.organisation.to_jwk())?;
    secret("kit-receipts.jwk", &Jwk::from(&kit.receipts))?;
    fs::write(keys, serde_json::to_string_pretty(&kit.public())?)?;
    let text = format!(
        "The kit's keys are in {keys}.\nConfigure the gateway as for a drill with this file and simulated senders, start it, then run this command again.",
        keys = keys.display()
    );
    Ok(Answer::new(json!({ "tidings_keys": keys }), text))
}

fn load(folder: &Path) -> Result<Kit, Failure> {
    let read = |name: &str| -> Result<Jwk, Failure> {
        let path = folder.join(name);
        serde_json::from_slice(&home::read_secret(&path)?)
            .map_err(|_| Failure::usage(format!("{} is not a key", path.display())))
    };
    let wrong = |_| Failure::usage(format!("{}: unusable keys; begin with an empty folder", folder.display()));
    Ok(Kit {
        organisation: OrganisationKey::from_jwk(&read("kit-organisation.jwk")?, true).map_err(wrong)?,
        receipts: OpeningKey::try_from(&read("kit-receipts.jwk")?).map_err(wrong)?,
    })
}

fn verdict(findings: &[Finding], receipts: usize) -> Result<Answer, Failure> {
    let rows: Vec<_> = findings.iter().map(|f| vec![f.case.clone(), f.what.clone()]).collect();
    if findings.is_empty() {
        let text = format!("{receipts} receipts, nothing wrong. The gateway conforms, as far as this script sees.");
        return Ok(Answer::new(json!({ "conforms": true, "receipts": receipts }), text));
    }
    let list = table(&["case", "what was wrong"], &rows);
    let silent = if receipts == 0 {
        "\nNot one answer: is it running, with the kit's keys, on this very broker or folder?"
    } else {
        ""
    };
    Err(Failure::refused(format!("{receipts} receipts, {} findings:\n{list}{silent}", findings.len())))
}

/// How messages and receipts travel.
enum Way {
    Files { society: String, folder: std::path::PathBuf },
    Line { society: String, broker: Box<broker::Amqp>, receipts: Box<dyn Consumer> },
}

impl Way {
    async fn open(given: &Check) -> Result<Self, Failure> {
        let society = given.society.to_string();
        let Some(file) = &given.amqp_url_file else {
            for part in ["in", "out"] {
                fs::create_dir_all(given.folder.join(part))?;
            }
            return Ok(Self::Files { society, folder: given.folder.clone() });
        };
        let url = String::from_utf8(home::read_secret(file)?).map_err(|_| Failure::usage("the URL is not text"))?;
        let broker =
            amqp(url.trim(), AmqpOptions { name: "tidings gateway check".into(), ..Default::default() }).await?;
        broker.declare(&Topology::new(Realm::Drill, [society.clone()])).await?;
        let queue = Queue::receipts(Realm::Drill);
        if broker.depth(&queue).await?.consumers > 0 {
            return Err(Failure::refused("somebody else takes receipts here: use an empty virtual host of its own"));
        }
        let receipts = broker.consume(&queue, 100).await?;
        Ok(Self::Line { society, broker: Box::new(broker), receipts })
    }

    async fn send(&mut self, lines: &[Line]) -> Result<(), Failure> {
        match self {
            Self::Files { society, folder } => {
                let name = format!("{society}-{}.jsonl", uuid::Uuid::new_v4().simple());
                let beside = folder.join("in").join(format!(".{name}"));
                fs::write(
                    &beside,
                    lines.iter().flat_map(|l| [l.body.as_slice(), b"\n"].concat()).collect::<Vec<u8>>(),
                )?;
                Ok(fs::rename(beside, folder.join("in").join(name))?)
            }
            Self::Line { society, broker, .. } => {
                let outgoing = |line: &Line| Outgoing {
                    to: Address::Notices(Realm::Drill, society.clone()),
                    message_id: line.message_id,
                    content_type: ContentType::Jose,
                    body: line.body.clone(),
                };
                let published = broker.publish(lines.iter().map(outgoing).collect()).await?;
                if published.is_complete() {
                    Ok(())
                } else {
                    Err(Failure::failed("the broker did not take the script"))
                }
            }
        }
    }

    async fn receive(&mut self) -> Result<Vec<Vec<u8>>, Failure> {
        match self {
            Self::Files { folder, .. } => {
                tokio::time::sleep(LOOK).await;
                let mut bodies = Vec::new();
                for entry in fs::read_dir(folder.join("out"))? {
                    let path = entry?.path();
                    let whole = path.extension().is_some_and(|end| end == "jsonl")
                        && !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
                    if whole && fs::metadata(&path)?.len() <= MAX_FILE {
                        bodies.extend(fs::read_to_string(&path)?.lines().map(|line| line.trim().as_bytes().to_vec()));
                    }
                }
                Ok(bodies)
            }
            Self::Line { receipts, .. } => {
                let messages = receipts.next_batch(100, LOOK).await?;
                receipts.ack(&messages.iter().map(|m| m.tag).collect::<Vec<_>>()).await?;
                Ok(messages.into_iter().map(|m| m.body).collect())
            }
        }
    }
}
