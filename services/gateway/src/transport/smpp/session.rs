//! One connection to an SMSC, kept up in the background.
//!
//! Every submit gets exactly one [`Answer`]. What was not written is [`Answer::NotSent`]; what was written and not
//! answered when the connection ends, or in time, is [`Answer::Lost`].

use std::collections::HashMap;
use std::time::Duration;

use broker::tls;
use contract::codes::{Meaning, smpp_submit};
use futures_util::{SinkExt, StreamExt};
use rusmpp::pdus::{BindTransceiver, DeliverSmResp, SubmitSm};
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::COctetString;
use rusmpp::values::InterfaceVersion;
use rusmpp::{Command, CommandStatus, Pdu};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::codec::Framed;

use super::super::{Reports, report};
use super::receipt;

/// For the answer to a bind.
const BIND_LIMIT: Duration = Duration::from_secs(15);
/// For the answer to a submit or to a question whether the other side lives.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// A quiet connection is asked whether it lives.
const QUIET: Duration = Duration::from_secs(30);
/// Pauses between connections, and after the SMSC said that we are too fast: doubled from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LAST_PAUSE: Duration = Duration::from_secs(30);
/// Messages of the SMSC that wait for our journal.
const NOTED: usize = 256;

/// Where and as whom to connect.
pub(super) struct Link {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: bool,
    pub(super) system_id: COctetString<1, 16>,
    pub(super) password: COctetString<1, 9>,
    pub(super) system_type: COctetString<1, 13>,
    pub(super) window: usize,
    pub(super) pace: Duration,
}

/// One segment to send.
pub(super) struct Submit {
    pub(super) pdu: SubmitSm,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// What became of it.
#[derive(Debug)]
pub(super) enum Answer {
    /// The SMSC answered.
    Status { status: u32, message_id: String },
    /// Nothing was written.
    NotSent,
    /// Written, and never answered.
    Lost,
}

type Wire = Framed<Box<dyn tls::Stream>, CommandCodec>;

/// Connects, works, connects again, until nobody can submit any more.
pub(super) async fn keep(link: Link, mut submits: mpsc::Receiver<Submit>, reports: Reports) {
    let mut pause = FIRST_PAUSE;
    while !submits.is_closed() {
        match bind(&link).await {
            Ok(wire) => {
                tracing::info!("bound to the SMSC");
                pause = FIRST_PAUSE;
                let mut session = Session::new(&link, wire, reports.clone());
                let why = session.run(&mut submits).await;
                session.end();
                tracing::warn!(why, "the connection to the SMSC ended");
            }
            Err(why) => tracing::warn!(why, "no connection to the SMSC"),
        }
        turn_away(&mut submits, pause).await;
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

/// Answers at once while there is no connection: the engine plans another time.
async fn turn_away(submits: &mut mpsc::Receiver<Submit>, pause: Duration) {
    let end = Instant::now() + pause;
    while let Ok(Some(submit)) = tokio::time::timeout_at(end, submits.recv()).await {
        let _ = submit.answer.send(Answer::NotSent);
    }
    if submits.is_closed() {
        return;
    }
    sleep_until(end).await;
}

async fn bind(link: &Link) -> Result<Wire, &'static str> {
    let stream = tls::connect(&link.host, link.port, link.tls).await.map_err(|_| "it cannot be reached")?;
    let mut wire = Framed::new(stream, CommandCodec::new());
    let pdu = BindTransceiver::builder()
        .system_id(link.system_id.clone())
        .password(link.password.clone())
        .system_type(link.system_type.clone())
        .interface_version(InterfaceVersion::Smpp3_4)
        .build();
    wire.send(Command::new(CommandStatus::EsmeRok, 1, pdu)).await.map_err(|_| "it cannot be written to")?;
    match timeout(BIND_LIMIT, wire.next()).await {
        Ok(Some(Ok(answer))) if answer.sequence_number != 1 => Err("it answered something else than the bind"),
        Ok(Some(Ok(answer))) if answer.status == CommandStatus::EsmeRok => Ok(wire),
        Ok(Some(Ok(_))) => Err("it refused the bind"),
        Ok(_) => Err("it closed during the bind"),
        Err(_) => Err("it did not answer the bind"),
    }
}

struct Session<'a> {
    link: &'a Link,
    wire: Wire,
    reports: Reports,
    sequence: u32,
    open: HashMap<u32, (Instant, oneshot::Sender<Answer>)>,
    /// Sequence numbers of deliveries that are in the journal and may be answered.
    noted: (mpsc::Sender<u32>, mpsc::Receiver<u32>),
    next_send: Instant,
    throttle: Duration,
    heard: Instant,
    next_look: Instant,
    asked: bool,
}

impl<'a> Session<'a> {
    fn new(link: &'a Link, wire: Wire, reports: Reports) -> Self {
        let now = Instant::now();
        Self {
            link,
            wire,
            reports,
            sequence: 1,
            open: HashMap::new(),
            noted: mpsc::channel(NOTED),
            next_send: now,
            throttle: FIRST_PAUSE,
            heard: now,
            next_look: now,
            asked: false,
        }
    }

    /// Works until the connection ends; says why it did.
    async fn run(&mut self, submits: &mut mpsc::Receiver<Submit>) -> &'static str {
        loop {
            let may_send = self.open.len() < self.link.window;
            tokio::select! {
                biased;
                frame = self.wire.next() => match frame {
                    Some(Ok(command)) => {
                        (self.heard, self.asked) = (Instant::now(), false);
                        if let Err(why) = self.take(command).await {
                            return why;
                        }
                    }
                    Some(Err(_)) => return "it sent what is not SMPP",
                    None => return "it closed the connection",
                },
                Some(sequence) = self.noted.1.recv() => {
                    if self.answer(sequence, DeliverSmResp::default()).await.is_err() {
                        return "it cannot be written to";
                    }
                },
                submit = paced(submits, self.next_send), if may_send => match submit {
                    None => return "nobody submits any more",
                    Some(submit) => if let Err(why) = self.submit(submit).await {
                        return why;
                    },
                },
                () = sleep_until(self.next_look) => if let Err(why) = self.look_at_clock().await {
                    return why;
                },
            }
        }
    }

    async fn submit(&mut self, Submit { pdu, answer }: Submit) -> Result<(), &'static str> {
        self.next_send = self.next_send.max(Instant::now()) + self.link.pace;
        self.sequence += 1;
        self.open.insert(self.sequence, (Instant::now(), answer));
        let command = Command::new(CommandStatus::EsmeRok, self.sequence, pdu);
        // An error may come after some of it was written: the answer stays open, and ends as `Lost`.
        self.wire.send(command).await.map_err(|_| "it cannot be written to")
    }

    async fn take(&mut self, command: Command) -> Result<(), &'static str> {
        let (sequence, status) = (command.sequence_number, u32::from(command.status));
        let broken = "it cannot be written to";
        match command.pdu() {
            Some(Pdu::SubmitSmResp(resp)) => self.submitted(sequence, status, resp.message_id().as_str()),
            Some(Pdu::DeliverSm(deliver)) => match receipt::read(deliver) {
                Some((id, meaning)) => self.note(sequence, id, meaning),
                // What people write back is read by nobody here; it is taken, so that the SMSC does not keep it.
                None => self.answer(sequence, DeliverSmResp::default()).await.map_err(|()| broken)?,
            },
            Some(Pdu::EnquireLink) => self.answer(sequence, Pdu::EnquireLinkResp).await.map_err(|()| broken)?,
            Some(Pdu::Unbind) => {
                let _ = self.answer(sequence, Pdu::UnbindResp).await;
                return Err("it asked us to leave");
            }
            // A refused submit often comes without a body, or as generic_nack.
            _ if self.open.contains_key(&sequence) => self.submitted(sequence, status, ""),
            _ => {}
        }
        Ok(())
    }

    fn submitted(&mut self, sequence: u32, status: u32, message_id: &str) {
        let Some((_, answer)) = self.open.remove(&sequence) else { return };
        if smpp_submit(status) == Meaning::TryAgain {
            self.next_send = Instant::now() + self.throttle;
            self.throttle = (self.throttle * 2).min(LAST_PAUSE);
        } else {
            self.throttle = FIRST_PAUSE;
        }
        let _ = answer.send(Answer::Status { status, message_id: message_id.to_owned() });
    }

    /// The SMSC gets its answer only when the report is in our journal; until then it keeps the report for us.
    fn note(&self, sequence: u32, id: String, meaning: Meaning) {
        let (reports, noted) = (self.reports.clone(), self.noted.0.clone());
        tokio::spawn(async move {
            if report(&reports, format!("smpp:{id}"), meaning).await.is_some() {
                let _ = noted.send(sequence).await;
            }
        });
    }

    async fn answer(&mut self, sequence: u32, pdu: impl Into<Pdu>) -> Result<(), ()> {
        self.wire.send(Command::new(CommandStatus::EsmeRok, sequence, pdu)).await.map_err(drop)
    }

    async fn look_at_clock(&mut self) -> Result<(), &'static str> {
        let now = Instant::now();
        self.next_look = now + Duration::from_secs(1);
        if self.open.values().any(|(since, _)| now - *since > ANSWER_LIMIT) {
            return Err("it does not answer");
        }
        let quiet = now - self.heard;
        if self.asked && quiet > QUIET + ANSWER_LIMIT {
            return Err("it does not say that it lives");
        }
        if !self.asked && quiet > QUIET {
            self.asked = true;
            self.sequence += 1;
            let question = Command::new(CommandStatus::EsmeRok, self.sequence, Pdu::EnquireLink);
            self.wire.send(question).await.map_err(|_| "it cannot be written to")?;
        }
        Ok(())
    }

    fn end(&mut self) {
        for (_, (_, answer)) in self.open.drain() {
            let _ = answer.send(Answer::Lost);
        }
    }
}

/// The next submit, not before its time. Waits first: what was taken from the queue is sent.
async fn paced(submits: &mut mpsc::Receiver<Submit>, at: Instant) -> Option<Submit> {
    sleep_until(at).await;
    submits.recv().await
}
