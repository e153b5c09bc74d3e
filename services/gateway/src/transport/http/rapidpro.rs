//! RapidPro's external channel, seen from the side that hands messages over: a form with `id`, `to`, `text`, `from`
//! and `channel` to a URL; `sent`, `delivered` and `failed` come back to [`super::callbacks`] with that `id`.

use std::time::Duration;

use async_trait::async_trait;
use contract::{Address, Content, FailureCode, Part};
use domain::receipt::ReceiptKind;
use hyper::{Method, Uri};
use zeroize::Zeroizing;

use super::super::{Job, Outcome, Repeat, Transport};
use super::client::{Answer, Call, NoAnswer, call};
use super::form;
use crate::config::{Config, ConfigError, given, secret};

const FORM: &str = "application/x-www-form-urlencoded";

/// A system that takes messages as RapidPro's external channels do.
pub struct RapidPro {
    uri: Uri,
    authorization: Option<Zeroizing<String>>,
    idempotent: bool,
    channel: String,
}

impl RapidPro {
    /// From the configuration.
    ///
    /// # Errors
    /// [`ConfigError`] for a missing or impossible setting.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let section = &config.rapidpro;
        let uri: Uri = section.url.parse().map_err(|_| ConfigError::value("rapidpro.url", "not a URL"))?;
        if uri.host().is_none() {
            return Err(ConfigError::value("rapidpro.url", "as in https://host/path"));
        }
        let authorization = match given(&section.token_file) {
            Some(path) => Some(Zeroizing::new(format!("Token {}", secret(path)?.as_str()))),
            None => None,
        };
        Ok(Self { uri, authorization, idempotent: section.idempotent, channel: config.society.clone() })
    }

    fn body(&self, job: &Job) -> Option<String> {
        let Content::Notice(data) = &job.envelope.content else { return None };
        let (Address::Phone { e164 }, Some(text)) = (&data.address, data.parts.get(Part::Body)) else { return None };
        let id = job.attempt().uuid().to_string();
        Some(form(&[
            ("id", &id),
            ("to", e164),
            ("to_no_plus", e164.trim_start_matches('+')),
            ("text", text),
            ("from", &data.sender),
            ("from_no_plus", data.sender.trim_start_matches('+')),
            ("channel", &self.channel),
        ]))
    }
}

#[async_trait]
impl Transport for RapidPro {
    fn name(&self) -> &'static str {
        "rapidpro"
    }

    fn repeat(&self) -> Repeat {
        // Only the operator of that system knows whether it looks at `id`; without that promise it counts as no.
        if self.idempotent { Repeat::Harmless } else { Repeat::Never }
    }

    async fn deliver(&self, job: &Job) -> Outcome {
        let Some(body) = self.body(job) else { return Outcome::Refused(FailureCode::Encoding) };
        let references = vec![format!("rapidpro:{}", job.attempt().uuid())];
        let authorization = self.authorization.as_ref().map(|text| text.as_str());
        let request = Call { method: Method::POST, uri: &self.uri, authorization, body: Some((FORM, body)) };
        match call(request).await {
            Ok(answer) => outcome(&answer, references),
            Err(NoAnswer::NotSent) => Outcome::later(),
            Err(NoAnswer::Lost) => Outcome::Unknown,
        }
    }
}

fn outcome(answer: &Answer, references: Vec<String>) -> Outcome {
    match answer.status {
        200..=299 => Outcome::Handed { references, told: Some(ReceiptKind::Sent) },
        401 | 403 | 404 | 407 | 408 | 429 | 503 => {
            // Our token, our URL, or too much at once: no person's failure.
            Outcome::Later { taken: vec![], pause: answer.retry_after.map(Duration::from_secs) }
        }
        400..=499 => Outcome::Refused(FailureCode::ContentRefused),
        _ => Outcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let answer = |status, retry_after| outcome(&Answer { status, retry_after, body: String::new() }, vec![]);
        assert!(matches!(answer(200, None), Outcome::Handed { told: Some(ReceiptKind::Sent), .. }));
        assert_eq!(answer(400, None), Outcome::Refused(FailureCode::ContentRefused));
        assert_eq!(answer(401, None), Outcome::later());
        let pause = Some(Duration::from_secs(90));
        assert_eq!(answer(429, Some(90)), Outcome::Later { taken: vec![], pause });
        assert_eq!(answer(500, None), Outcome::Unknown);
        assert_eq!(answer(302, None), Outcome::Unknown);
    }
}
