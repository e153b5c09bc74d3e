//! Ways out of the gateway, behind one trait.
//!
//! To add one: a file here with a type that implements [`Transport`], its keys in `gateway.default.toml`, its name in
//! [`build`], and a test against a real peer in `tests/python/test_gateway.py`. What it must keep:
//!
//! - It changes nothing: not the words, not the sender, not the address; one recipient each.
//! - [`Outcome::Later`] only when the other side certainly did not take it. When that is not certain:
//!   [`Outcome::Unknown`], which is never tried again unless [`Transport::repeat`] says why that reaches nobody twice.
//! - «Taken» is `sent`. Only the network's own word makes it `delivered`.
//! - No address and no text in an error or a log.

pub mod desk;
pub mod http;
pub mod simulated;
pub mod smpp;
pub mod smtp;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contract::codes::Meaning;
use contract::{Envelope, FailureCode};
use domain::receipt::ReceiptKind;
use domain::{AttemptId, Channel, Millis};
use tokio::sync::{mpsc, oneshot};

use crate::config::{Config, ConfigError, given};

/// Reports that wait for the engine; a network that is faster waits.
pub const REPORTS: usize = 1000;

/// May an attempt be handed over again when nobody knows whether it was taken?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Yes: a second time has the same effect as the first.
    Harmless,
    /// No: a person might be told twice. The outcome stays open, and Tidings decides after the message's end.
    Never,
}

/// One attempt to hand over.
#[derive(Debug)]
pub struct Job {
    /// The message, opened; never written down.
    pub envelope: Envelope,
    /// References of what was taken at earlier tries (segments of a text message).
    pub taken: Vec<String>,
    /// Until when the network may deliver it: end of the open safe window, or not-after.
    pub arrive_by: Millis,
    /// The gateway's clock.
    pub now: Millis,
}

impl Job {
    /// The attempt.
    #[must_use]
    pub const fn attempt(&self) -> AttemptId {
        self.envelope.attempt_id
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it.
    Handed {
        /// Names by which it will report, each beginning with the transport's name and a colon.
        references: Vec<String>,
        /// What is known: `sent`, or nothing yet (it lies on a desk).
        told: Option<ReceiptKind>,
    },
    /// The other side will never take it.
    Refused(FailureCode),
    /// Certainly not taken now.
    Later {
        /// References of segments that were taken at this try.
        taken: Vec<String>,
        /// When the other side wants to be asked again, if it said so.
        pause: Option<Duration>,
    },
    /// It may or may not have been taken.
    Unknown,
}

impl Outcome {
    /// Not taken, no pause asked for.
    #[must_use]
    pub const fn later() -> Self {
        Self::Later { taken: Vec::new(), pause: None }
    }
}

/// What a network, or a person at a desk, says about something handed over earlier.
#[derive(Debug)]
pub struct Report {
    /// The reference given in [`Outcome::Handed`].
    pub reference: String,
    /// What is said.
    pub meaning: Meaning,
    /// Told once the report is in the journal, whether the reference was known. Only then is the network answered.
    pub noted: oneshot::Sender<bool>,
}

/// Where reports go.
pub type Reports = mpsc::Sender<Report>;

/// Hands a report over and waits until it is in the journal; `None` if the engine is gone.
pub async fn report(reports: &Reports, reference: String, meaning: Meaning) -> Option<bool> {
    let (noted, heard) = oneshot::channel();
    reports.send(Report { reference, meaning, noted }).await.ok()?;
    heard.await.ok()
}

/// A way out.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Its name in the configuration; references begin with it.
    fn name(&self) -> &'static str;

    /// Whether an unknown outcome may be tried again, and in the code beside it why.
    fn repeat(&self) -> Repeat;

    /// Hands one attempt over. Bounded in time by the transport itself.
    async fn deliver(&self, job: &Job) -> Outcome;
}

/// The transports that are configured, by channel.
pub struct Transports {
    by_channel: HashMap<Channel, Arc<dyn Transport>>,
    tasks: Option<Arc<dyn Transport>>,
}

impl std::fmt::Debug for Transports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.by_channel.iter().map(|(channel, t)| (channel, t.name()))).finish()
    }
}

impl Transports {
    /// The way for a message; `None` if it is not offered.
    #[must_use]
    pub fn of(&self, envelope: &Envelope) -> Option<&Arc<dyn Transport>> {
        match &envelope.content {
            contract::Content::Notice(data) => self.by_channel.get(&data.channel),
            contract::Content::Task(_) => self.tasks.as_ref(),
            contract::Content::Recall(_) => None,
        }
    }

    /// The same transport for everything: for tests and the conformance kit.
    #[must_use]
    pub fn all(transport: Arc<dyn Transport>) -> Self {
        let remote = Channel::ALL.iter().filter(|channel| channel.is_remote());
        Self { by_channel: remote.map(|channel| (*channel, transport.clone())).collect(), tasks: Some(transport) }
    }
}

/// Which transports may serve a channel.
const fn may_serve(channel: Option<Channel>) -> &'static [&'static str] {
    match channel {
        Some(Channel::Email) => &["smtp"],
        Some(Channel::Sms) => &["smpp", "kannel", "rapidpro"],
        Some(Channel::App) => &["rapidpro"],
        Some(Channel::Ivr) => &["voice"],
        Some(Channel::CallLive | Channel::Post) | None => &["print"],
        Some(_) => &[],
    }
}

/// Makes the transports that the configuration names. Starts their background work in this runtime.
///
/// # Errors
/// [`ConfigError`] for a transport that cannot serve its channel, or that lacks a setting.
pub fn build(config: &Config, reports: &Reports) -> Result<Transports, ConfigError> {
    let mut made: HashMap<String, Arc<dyn Transport>> = HashMap::new();
    let mut make = |channel: Option<Channel>, name: &str| -> Result<Arc<dyn Transport>, ConfigError> {
        let simulated = name == "simulated";
        if simulated && !config.drill {
            return Err(ConfigError::value("channels", "`simulated` reaches nobody: it is for drills only"));
        }
        if !simulated && !may_serve(channel).contains(&name) {
            let wanted = may_serve(channel).join(", ");
            return Err(ConfigError::value("channels", format!("{name} cannot serve this channel; {wanted} can")));
        }
        if let Some(known) = made.get(name) {
            return Ok(known.clone());
        }
        let transport: Arc<dyn Transport> = match name {
            "smtp" => Arc::new(smtp::Smtp::new(&config.smtp)?),
            "smpp" => Arc::new(smpp::Smpp::start(&config.smpp, reports.clone())?),
            "kannel" => Arc::new(http::kannel::Kannel::new(config)?),
            "rapidpro" => Arc::new(http::rapidpro::RapidPro::new(config)?),
            "voice" => Arc::new(desk::Desk::voice(&config.voice.folder)?),
            "print" => Arc::new(desk::Desk::print(&config.print)?),
            _ => Arc::new(simulated::Simulated::new(reports.clone())),
        };
        made.insert(name.to_owned(), transport.clone());
        Ok(transport)
    };
    let mut by_channel = HashMap::new();
    for channel in Channel::ALL {
        if let Some(name) = config.transport(*channel) {
            by_channel.insert(*channel, make(Some(*channel), name)?);
        }
    }
    let tasks = config.task_transport().map(|name| make(None, name)).transpose()?;
    Ok(Transports { by_channel, tasks })
}

/// Starts what brings reports in from outside: callbacks, bounces, desks.
///
/// # Errors
/// [`ConfigError`] for settings that do not go together.
pub async fn listen(config: &Config, reports: &Reports) -> Result<(), ConfigError> {
    if !config.callbacks.listen.is_empty() {
        http::callbacks::start(config, reports.clone()).await?;
    }
    if let Some(maildir) = given(&config.smtp.bounces) {
        smtp::bounce::watch(maildir.to_owned(), reports.clone());
    }
    for folder in [given(&config.print.folder), given(&config.voice.folder)].into_iter().flatten() {
        desk::watch(folder.to_owned(), reports.clone());
    }
    Ok(())
}
