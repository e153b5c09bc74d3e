//! Kannel's `sendsms` (smsbox), which many SMS servers imitate.
//!
//! Kannel cuts the text and adds the headers itself. It has no idempotency key: a request without an answer is not made
//! again. Its delivery reports come to [`super::callbacks`] and name our attempt, so even an attempt whose request was
//! lost may still report.

use async_trait::async_trait;
use contract::{Address, Content, FailureCode, Part, SmsEncoding};
use domain::Millis;
use domain::receipt::ReceiptKind;
use hyper::{Method, Uri};
use zeroize::Zeroizing;

use super::super::{Job, Outcome, Repeat, Transport};
use super::client::{Call, NoAnswer, call};
use super::{callbacks, form};
use crate::config::{Config, ConfigError, given, secret};

/// Delivered, not delivered, buffered, handed to the SMSC, rejected.
const ALL_REPORTS: &str = "31";

/// An smsbox.
pub struct Kannel {
    base: Uri,
    username: String,
    password: Zeroizing<String>,
    smsc: String,
    callback: Option<String>,
}

impl Kannel {
    /// From the configuration.
    ///
    /// # Errors
    /// [`ConfigError`] for a missing or impossible setting.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let section = &config.kannel;
        let base: Uri = section.url.parse().map_err(|_| ConfigError::value("kannel.url", "not a URL"))?;
        if base.host().is_none() || base.query().is_some() {
            return Err(ConfigError::value("kannel.url", "as in http://host:13013/cgi-bin/sendsms"));
        }
        let password = match given(&section.password_file) {
            Some(path) => secret(path)?,
            None => Zeroizing::default(),
        };
        let callback = callbacks::base(&config.callbacks)?.map(|base| format!("{base}/kannel"));
        Ok(Self { base, username: section.username.clone(), password, smsc: section.smsc.clone(), callback })
    }

    /// Kannel has queued it, no more: its report will say when the SMSC took it. Where no reports can come, this is all
    /// that will ever be known.
    const fn told(&self) -> Option<ReceiptKind> {
        if self.callback.is_some() { None } else { Some(ReceiptKind::Sent) }
    }

    fn uri(&self, job: &Job) -> Option<Uri> {
        let Content::Notice(data) = &job.envelope.content else { return None };
        let (Address::Phone { e164 }, Some(text)) = (&data.address, data.parts.get(Part::Body)) else { return None };
        let coding = match data.sms?.encoding {
            SmsEncoding::Gsm7 => "0",
            SmsEncoding::Ucs2 => "2",
        };
        let minutes = ((job.arrive_by.0 - job.now.0) / Millis::MINUTE).max(1).to_string();
        let report = self.callback.as_ref().map(|base| format!("{base}?ref={}&type=%d", job.attempt().uuid()));
        let mut fields = vec![
            ("username", self.username.as_str()),
            ("password", self.password.as_str()),
            ("from", data.sender.as_str()),
            ("to", e164.as_str()),
            ("text", text),
            ("charset", "UTF-8"),
            ("coding", coding),
            ("validity", minutes.as_str()),
        ];
        if !self.smsc.is_empty() {
            fields.push(("smsc", self.smsc.as_str()));
        }
        if let Some(report) = &report {
            fields.extend([("dlr-mask", ALL_REPORTS), ("dlr-url", report.as_str())]);
        }
        format!("{}?{}", self.base, form(&fields)).parse().ok()
    }
}

#[async_trait]
impl Transport for Kannel {
    fn name(&self) -> &'static str {
        "kannel"
    }

    fn repeat(&self) -> Repeat {
        Repeat::Never // smsbox sends every request that it gets
    }

    async fn deliver(&self, job: &Job) -> Outcome {
        let Some(uri) = self.uri(job) else { return Outcome::Refused(FailureCode::Encoding) };
        let references = vec![format!("kannel:{}", job.attempt().uuid())];
        match call(Call { method: Method::GET, uri: &uri, authorization: None, body: None }).await {
            Ok(answer) => outcome(answer.status, answer.body.trim_start(), references, self.told()),
            Err(NoAnswer::NotSent) => Outcome::later(),
            Err(NoAnswer::Lost) => Outcome::Unknown,
        }
    }
}

/// What smsbox says: 202 with `0: Accepted for delivery` or `3: Queued for later delivery`; 403 for a wrong login, 503
/// for a failure that passes. Imitations answer 200, and some say 200 to everything.
fn outcome(status: u16, body: &str, references: Vec<String>, told: Option<ReceiptKind>) -> Outcome {
    let refused_in_words = body.split(':').next().is_some_and(|n| n.len() <= 2 && n.starts_with(['1', '2', '4', '5']));
    match status {
        200 | 202 if !refused_in_words => Outcome::Handed { references, told },
        200 | 202 | 400 | 404..=407 | 409..=428 => Outcome::Refused(FailureCode::ContentRefused),
        // Our login, or too much at once: no person's failure.
        401 | 403 | 429 | 503 => Outcome::later(),
        _ => Outcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let handed = |outcome: Outcome| matches!(outcome, Outcome::Handed { .. });
        assert!(handed(outcome(202, "0: Accepted for delivery", vec![], None)));
        assert!(handed(outcome(202, "3: Queued for later delivery", vec![], None)));
        assert!(handed(outcome(200, "Sent.", vec![], None)));
        assert_eq!(outcome(202, "4: Rejected", vec![], None), Outcome::Refused(FailureCode::ContentRefused));
        assert_eq!(outcome(403, "Authorization failed for sendsms", vec![], None), Outcome::later());
        assert_eq!(outcome(503, "Temporal failure, try again later.", vec![], None), Outcome::later());
        assert_eq!(outcome(500, "", vec![], None), Outcome::Unknown);
        assert_eq!(outcome(502, "", vec![], None), Outcome::Unknown);
    }
}
