//! Text messages over SMPP 3.4: `submit_sm` in segments, delivery receipts, throttling.
//!
//! [`text`] cuts the message, [`session`] keeps the connection, [`receipt`] reads what the network reports.
//!
//! SMPP has no idempotency key. So a `submit_sm` that was written and never answered is [`Outcome::Unknown`] and is not
//! sent again: the SMSC may have it, and a second text on a watched phone is a second danger.

mod receipt;
mod session;
mod text;

use std::time::Duration;

use async_trait::async_trait;
use contract::codes::{Meaning, smpp_submit};
use contract::{Address, Content, FailureCode, NoticeData};
use domain::Millis;
use domain::receipt::ReceiptKind;
use rusmpp::pdus::SubmitSm;
use rusmpp::types::{COctetString, EmptyOrFullCOctetString, OctetString};
use rusmpp::values::{DataCoding, EsmClass, Npi, RegisteredDelivery, Ton};
use tokio::sync::mpsc;

use super::{Job, Outcome, Repeat, Reports, Transport};
use crate::config::{self, ConfigError, given, secret};
use session::{Answer, Link, Submit};
use text::Segment;

/// `esm_class` of a message with a user data header, and of one without.
const WITH_HEADER: u8 = 0x40;
const PLAIN: u8 = 0x00;
/// `registered_delivery`: a receipt at the end, whatever the end is.
const RECEIPT_WANTED: u8 = 0x01;
/// Characters of an alphanumeric sender that phones show.
const MAX_SENDER: usize = 11;

/// The Society's account at an SMSC.
pub struct Smpp {
    submits: mpsc::Sender<Submit>,
    source_ton: u8,
    source_npi: u8,
}

impl Smpp {
    /// From the configuration; keeps a connection in the background.
    ///
    /// # Errors
    /// [`ConfigError`] for a missing or impossible setting.
    pub fn start(config: &config::Smpp, reports: Reports) -> Result<Self, ConfigError> {
        if config.host.is_empty() || config.system_id.is_empty() {
            return Err(ConfigError::value("smpp", "host and system_id are needed"));
        }
        if !(1..=1000).contains(&config.window) || !(1..=10_000).contains(&config.per_second) {
            return Err(ConfigError::value("smpp", "window is 1 to 1000, per_second 1 to 10000"));
        }
        let password = match given(&config.password_file) {
            Some(path) => secret(path)?,
            None => zeroize::Zeroizing::default(),
        };
        let word = |key, text: &str| text.parse().map_err(|_| ConfigError::value(key, "too long for SMPP"));
        let link = Link {
            host: config.host.clone(),
            port: config.port,
            tls: config.tls,
            system_id: word("smpp.system_id", &config.system_id)?,
            password: password.parse().map_err(|_| ConfigError::value("smpp.password_file", "at most 8 characters"))?,
            system_type: config
                .system_type
                .parse()
                .map_err(|_| ConfigError::value("smpp.system_type", "at most 12 characters"))?,
            window: config.window,
            pace: Duration::from_secs(1) / config.per_second,
        };
        let (submits, taken) = mpsc::channel(1);
        tokio::spawn(session::keep(link, taken, reports));
        Ok(Self { submits, source_ton: config.source_ton, source_npi: config.source_npi })
    }

    fn submit_sm(&self, data: &NoticeData, segment: &Segment, job: &Job) -> Result<SubmitSm, text::Unfit> {
        let unfit = |_| text::Unfit;
        let Address::Phone { e164 } = &data.address else { return Err(text::Unfit) };
        // A sender that a phone would cut, or show as something else, is not sent.
        if Ton::from(self.source_ton) == Ton::Alphanumeric && data.sender.chars().count() > MAX_SENDER {
            return Err(text::Unfit);
        }
        let coding = match data.sms.ok_or(text::Unfit)?.encoding {
            contract::SmsEncoding::Gsm7 => DataCoding::McSpecific,
            contract::SmsEncoding::Ucs2 => DataCoding::Ucs2,
        };
        let class = if segment.has_header { WITH_HEADER } else { PLAIN };
        Ok(SubmitSm::builder()
            .source_addr_ton(Ton::from(self.source_ton))
            .source_addr_npi(Npi::from(self.source_npi))
            .source_addr(source(&data.sender).map_err(unfit)?)
            .dest_addr_ton(Ton::International)
            .dest_addr_npi(Npi::Isdn)
            .destination_addr(e164.trim_start_matches('+').parse().map_err(|_| text::Unfit)?)
            .esm_class(EsmClass::from(class))
            .registered_delivery(RegisteredDelivery::from(RECEIPT_WANTED))
            .validity_period(validity(job.now, job.arrive_by).ok_or(text::Unfit)?)
            .data_coding(coding)
            .short_message(OctetString::from_slice(&segment.octets).map_err(|_| text::Unfit)?)
            .build())
    }

    async fn submit(&self, pdu: SubmitSm) -> Answer {
        let (answer, heard) = tokio::sync::oneshot::channel();
        if self.submits.send(Submit { pdu, answer }).await.is_err() {
            return Answer::NotSent;
        }
        // A session that ends answers first; if it was dropped without, nobody knows.
        heard.await.unwrap_or(Answer::Lost)
    }
}

#[async_trait]
impl Transport for Smpp {
    fn name(&self) -> &'static str {
        "smpp"
    }

    fn repeat(&self) -> Repeat {
        Repeat::Never // the protocol has no key by which an SMSC could recognise a second copy
    }

    async fn deliver(&self, job: &Job) -> Outcome {
        let Content::Notice(data) = &job.envelope.content else { return Outcome::Refused(FailureCode::Gateway) };
        let (Some(sms), Some(body)) = (data.sms, data.parts.get(contract::Part::Body)) else {
            return Outcome::Refused(FailureCode::Encoding);
        };
        // The same at every try: segments of one text belong together even if hours lie between them.
        let reference = job.attempt().uuid().as_bytes()[0];
        let Ok(segments) = text::segments(body, sms, reference) else { return Outcome::Refused(FailureCode::Encoding) };
        let mut taken: Vec<String> = Vec::new();
        for segment in segments.iter().skip(job.taken.len()) {
            let Ok(pdu) = self.submit_sm(data, segment, job) else { return Outcome::Refused(FailureCode::Encoding) };
            match self.submit(pdu).await {
                Answer::Status { status, message_id } => match smpp_submit(status) {
                    Meaning::Report(_) => taken.push(format!("smpp:{message_id}")),
                    Meaning::Failure(_, code) if !ours(status) => return Outcome::Refused(code),
                    _ => return Outcome::Later { taken, pause: None },
                },
                Answer::NotSent => return Outcome::Later { taken, pause: None },
                Answer::Lost => return Outcome::Unknown,
            }
        }
        let references = job.taken.iter().cloned().chain(taken).collect();
        Outcome::Handed { references, told: Some(ReceiptKind::Sent) }
    }
}

/// Not bound, bind failed, wrong password, wrong system id: our account's fault, and no person's failure.
const fn ours(status: u32) -> bool {
    matches!(status, 0x04 | 0x0D | 0x0E | 0x0F)
}

fn source(sender: &str) -> Result<COctetString<1, 21>, ()> {
    // Octets outside ASCII would arrive as other letters.
    if sender.is_ascii() { sender.parse().map_err(|_| ()) } else { Err(()) }
}

/// How long the SMSC may go on trying, as a relative time (SMPP 3.4 section 7.1.1).
fn validity(now: Millis, until: Millis) -> Option<EmptyOrFullCOctetString<17>> {
    let seconds = (until.0 - now.0).max(0) / 1000;
    // At least a minute: an SMSC reads all zeros as «your own default», which is days.
    let seconds = seconds.max(60);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (years, months, days) = (days / 360, days % 360 / 30, days % 30);
    let text = format!("{years:02}{months:02}{days:02}{:02}{:02}{:02}000R", rest / 3600, rest % 3600 / 60, rest % 60);
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validity_is_relative_and_never_nothing() {
        let text = |seconds: i64| validity(Millis(5), Millis(5 + seconds * 1000)).expect("fits").as_str().to_owned();
        assert_eq!(text(0), "000000000100000R");
        assert_eq!(text(3 * 3600 + 25 * 60 + 7), "000000032507000R");
        assert_eq!(text(7 * 86_400), "000007000000000R");
        assert_eq!(text(45 * 86_400), "000115000000000R");
    }
}
