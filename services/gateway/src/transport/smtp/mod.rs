//! E-mail through the Society's own server (lettre).
//!
//! The steps of a transaction are taken one by one, because what a lost connection means depends on where it was lost:
//! before the end of the text nothing was taken; after it nobody knows.

pub mod bounce;
mod mail;

use std::time::Duration;

use async_trait::async_trait;
use contract::codes::{Meaning, smtp_reply};
use contract::{Content, FailureCode};
use domain::receipt::ReceiptKind;
use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use super::{Job, Outcome, Repeat, Transport};
use crate::config::{self, ConfigError, given, secret};

/// For every step of the transaction; RFC 5321 grants a server minutes, a person's notice is not that patient.
const STEP: Duration = Duration::from_secs(60);

/// The Society's mail server.
pub struct Smtp {
    host: String,
    port: u16,
    tls: Tls,
    hello: ClientId,
    login: Option<Credentials>,
    from: Address,
    return_path: Address,
}

enum Tls {
    None,
    Start(TlsParameters),
    Implicit(TlsParameters),
}

impl Smtp {
    /// From the configuration; connects only when there is something to send.
    ///
    /// # Errors
    /// [`ConfigError`] for a missing or impossible setting.
    pub fn new(config: &config::Smtp) -> Result<Self, ConfigError> {
        if config.host.is_empty() {
            return Err(ConfigError::value("smtp.host", "name your mail server"));
        }
        let parameters = || {
            TlsParameters::new(config.host.clone()).map_err(|_| ConfigError::value("smtp.host", "not a name for TLS"))
        };
        let tls = match config.tls.as_str() {
            "starttls" => Tls::Start(parameters()?),
            "implicit" => Tls::Implicit(parameters()?),
            "none" if ["localhost", "127.0.0.1", "::1"].contains(&config.host.as_str()) => Tls::None,
            "none" => return Err(ConfigError::value("smtp.tls", "`none` only to a server on this machine")),
            _ => return Err(ConfigError::value("smtp.tls", "starttls, implicit or none")),
        };
        let address = |key, text: &str| text.parse().map_err(|_| ConfigError::value(key, "an address is needed"));
        let login = match given(&config.password_file) {
            Some(path) => Some(Credentials::new(config.username.clone(), secret(path)?.to_string())),
            None => None,
        };
        Ok(Self {
            host: config.host.clone(),
            port: config.port,
            tls,
            hello: ClientId::Domain(config.hello.clone()),
            login,
            from: address("smtp.from", &config.from)?,
            return_path: address("smtp.return_path", &config.return_path)?,
        })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Fault> {
        let implicit = match &self.tls {
            Tls::Implicit(parameters) => Some(parameters.clone()),
            Tls::None | Tls::Start(_) => None,
        };
        let server = (self.host.as_str(), self.port);
        let connection = AsyncSmtpConnection::connect_tokio1(server, Some(STEP), &self.hello, implicit, None);
        let mut connection = limited(connection).await?;
        if let Tls::Start(parameters) = &self.tls {
            // A server that does not offer TLS gets nothing: no address goes out in clear.
            limited(connection.starttls(parameters.clone(), &self.hello)).await?;
        }
        if let Some(login) = &self.login {
            limited(connection.auth(DEFAULT_MECHANISMS, login)).await?;
        }
        Ok(connection)
    }

    async fn send(&self, job: &Job) -> Result<Outcome, Fault> {
        let Content::Notice(data) = &job.envelope.content else { return Ok(Outcome::Refused(FailureCode::Gateway)) };
        let Ok(letter) = mail::build(data, job.attempt(), &self.from, job.now) else {
            return Ok(Outcome::Refused(FailureCode::Encoding));
        };
        let mut connection = self.connect().await.map_err(Fault::before_anything)?;
        let outcome = self.transact(&mut connection, job, &letter).await;
        // A connection is used once: the next message must not depend on what this one left behind.
        let _ = timeout(Duration::from_secs(2), connection.quit()).await;
        outcome
    }

    async fn transact(
        &self,
        connection: &mut AsyncSmtpConnection,
        job: &Job,
        letter: &mail::Letter,
    ) -> Result<Outcome, Fault> {
        let sender = mail::return_path(&self.return_path, job.attempt()).map_err(|_| Fault::ours())?;
        let mut parameters = Vec::new();
        if connection.server_info().supports_feature(Extension::EightBitMime) {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        if !letter.to.user().is_ascii() || !letter.to.domain().is_ascii() {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Ok(Outcome::Refused(FailureCode::Encoding));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        limited(connection.command(Mail::new(Some(sender), parameters))).await?;
        limited(connection.command(Rcpt::new(letter.to.clone(), vec![]))).await?;
        limited(connection.command(Data)).await?;
        match limited(connection.message(&letter.text)).await {
            Ok(reply) => Ok(outcome_of(u16::from(reply.code()), enhanced(&reply), job)),
            // The text was sent, its end perhaps too, and no answer came: the server may have taken it (RFC 5321
            // 4.5.3.2.6 and RFC 1047 know this gap). Sending again could tell a person twice.
            Err(Fault { reply: None, .. }) => Ok(Outcome::Unknown),
            Err(fault) => Err(fault),
        }
    }
}

#[async_trait]
impl Transport for Smtp {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn repeat(&self) -> Repeat {
        // Servers do not compare Message-IDs, and a second copy is a second copy to whoever looks over the shoulder.
        Repeat::Never
    }

    async fn deliver(&self, job: &Job) -> Outcome {
        match self.send(job).await {
            Ok(outcome) => outcome,
            Err(Fault { reply: Some((code, enhanced)), early: false }) => outcome_of(code, enhanced, job),
            // Before the recipient was named: our login, our TLS, our address. No person's fault, so nobody's failure.
            Err(fault) => {
                tracing::warn!(reply = fault.reply.map(|(code, _)| code), "the mail server does not talk to us");
                Outcome::later()
            }
        }
    }
}

fn outcome_of(code: u16, enhanced: Option<Enhanced>, job: &Job) -> Outcome {
    match smtp_reply(code, enhanced) {
        Meaning::Report(kind) => {
            let references = vec![format!("smtp:{}", job.attempt().uuid())];
            Outcome::Handed { references, told: Some(kind).filter(|kind| *kind == ReceiptKind::Sent) }
        }
        Meaning::Failure(_, code) => Outcome::Refused(code),
        Meaning::TryAgain | Meaning::Wait => Outcome::later(),
    }
}

/// Enhanced status (RFC 3463): class, subject, detail.
type Enhanced = (u8, u16, u16);

/// A step that failed: with the server's reply, or without any.
struct Fault {
    reply: Option<(u16, Option<Enhanced>)>,
    early: bool,
}

impl Fault {
    const fn ours() -> Self {
        Self { reply: None, early: true }
    }

    const fn before_anything(self) -> Self {
        Self { early: true, ..self }
    }
}

async fn limited<T>(step: impl Future<Output = Result<T, lettre::transport::smtp::Error>>) -> Result<T, Fault> {
    match timeout(STEP, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => {
            let text = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            let reply = error.status().map(|code| (u16::from(code), parse_enhanced(&text)));
            Err(Fault { reply, early: false })
        }
        Err(_) => Err(Fault { reply: None, early: false }),
    }
}

fn enhanced(reply: &Response) -> Option<Enhanced> {
    reply.first_line().and_then(parse_enhanced)
}

/// The enhanced status at the beginning of a reply's text, as in `5.1.1 no such user`.
fn parse_enhanced(text: &str) -> Option<Enhanced> {
    let word = text.split(|c: char| c.is_whitespace() || c == ',').find(|word| word.matches('.').count() == 2)?;
    let mut numbers = word.split('.');
    let class = numbers.next()?.parse().ok().filter(|class| [2, 4, 5].contains(class))?;
    Some((class, numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enhanced_status_is_found_and_nothing_else_is_taken_for_it() {
        assert_eq!(parse_enhanced("5.1.1 no such user"), Some((5, 1, 1)));
        assert_eq!(parse_enhanced("4.7.25, try later"), Some((4, 7, 25)));
        assert_eq!(parse_enhanced("mailbox full"), None);
        assert_eq!(parse_enhanced("blocked by 10.0.0.1 list"), None);
        assert_eq!(parse_enhanced("version 3.4.5 refused"), None);
    }
}
