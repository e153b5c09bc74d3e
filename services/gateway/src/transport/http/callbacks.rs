//! Where Kannel and RapidPro report to.
//!
//! ```text
//! GET  /<token>/kannel?ref=<attempt>&type=<bits>
//! POST /<token>/rapidpro/sent|delivered|failed      id=<attempt>
//! ```
//!
//! An answer of 200 means that the report is on disk; until then the other side keeps it.

use std::convert::Infallible;
use std::time::Duration;

use contract::FailureCode;
use contract::codes::{Meaning, kannel_dlr};
use domain::AttemptId;
use domain::receipt::ReceiptKind;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::super::{Reports, report};
use super::fields;
use crate::config::{self, Config, ConfigError, given, secret};

/// Connections at one time.
const CONNECTIONS: usize = 64;
/// For one request, and for its way into the journal.
const REQUEST_LIMIT: Duration = Duration::from_secs(30);
/// Largest form that is read.
const MAX_FORM: usize = 8 * 1024;
/// A shorter token could be guessed.
const MIN_TOKEN: usize = 20;

/// What other systems put in front of a callback's path; `None` if none are taken.
///
/// # Errors
/// [`ConfigError`] for a token that could be guessed.
pub fn base(config: &config::Callbacks) -> Result<Option<String>, ConfigError> {
    if config.listen.is_empty() || config.base_url.is_empty() {
        return Ok(None);
    }
    Ok(Some(format!("{}/{}", config.base_url.trim_end_matches('/'), token(config)?.as_str())))
}

fn token(config: &config::Callbacks) -> Result<Zeroizing<String>, ConfigError> {
    let wrong = || ConfigError::value("callbacks.token_file", "at least 20 letters and digits, made at random");
    let token = secret(given(&config.token_file).ok_or_else(wrong)?)?;
    let fine = token.len() >= MIN_TOKEN && token.bytes().all(|b| b.is_ascii_alphanumeric());
    if fine { Ok(token) } else { Err(wrong()) }
}

/// Starts to listen.
///
/// # Errors
/// [`ConfigError`] for an address that cannot be listened on, or a token that could be guessed.
pub async fn start(config: &Config, reports: Reports) -> Result<(), ConfigError> {
    let token = token(&config.callbacks)?;
    let listener = TcpListener::bind(&config.callbacks.listen)
        .await
        .map_err(|error| ConfigError::value("callbacks.listen", error.to_string()))?;
    let permits = std::sync::Arc::new(Semaphore::new(CONNECTIONS));
    tokio::spawn(async move {
        while !reports.is_closed() {
            let Ok(permit) = permits.clone().acquire_owned().await else { return };
            let Ok((stream, _)) = listener.accept().await else {
                // Out of file handles, for instance: it passes.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let (reports, token) = (reports.clone(), token.clone());
            tokio::spawn(async move {
                let service = service_fn(|request| {
                    let (reports, token) = (reports.clone(), token.clone());
                    async move { Ok::<_, Infallible>(empty(answer(request, &token, &reports).await)) }
                });
                let mut server = http1::Builder::new();
                server.timer(TokioTimer::new()).header_read_timeout(REQUEST_LIMIT).max_buf_size(16 * 1024);
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
                drop(permit);
            });
        }
    });
    Ok(())
}

async fn answer(request: Request<Incoming>, token: &str, reports: &Reports) -> StatusCode {
    let path = request.uri().path().to_owned();
    let mut parts = path.trim_start_matches('/').split('/');
    if !parts.next().is_some_and(|given| same(given, token)) {
        return StatusCode::NOT_FOUND;
    }
    let rest: Vec<&str> = parts.collect();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = match timeout(REQUEST_LIMIT, Limited::new(request.into_body(), MAX_FORM).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        _ => return StatusCode::BAD_REQUEST,
    };
    let mut given = fields(&query);
    given.extend(fields(&String::from_utf8_lossy(&body)));
    let Some((reference, meaning)) = read(&rest, &given) else { return StatusCode::BAD_REQUEST };
    match timeout(REQUEST_LIMIT, report(reports, reference, meaning)).await {
        Ok(Some(true)) => StatusCode::OK,
        Ok(Some(false)) => StatusCode::NOT_FOUND,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn read(path: &[&str], given: &[(String, String)]) -> Option<(String, Meaning)> {
    let field = |name: &str| given.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let attempt = |name| field(name)?.parse::<AttemptId>().ok().map(AttemptId::uuid);
    match path {
        ["kannel"] => Some((format!("kannel:{}", attempt("ref")?), kannel_dlr(field("type")?.parse().ok()?))),
        ["rapidpro", word] => {
            let meaning = match *word {
                "sent" => Meaning::Report(ReceiptKind::Sent),
                "delivered" => Meaning::Report(ReceiptKind::Delivered),
                "failed" => Meaning::Failure(ReceiptKind::Failed, FailureCode::Network),
                _ => return None,
            };
            Some((format!("rapidpro:{}", attempt("id")?), meaning))
        }
        _ => None,
    }
}

/// Compares without telling by time how much was right.
fn same(given: &str, wanted: &str) -> bool {
    let (given, wanted) = (given.as_bytes(), wanted.as_bytes());
    given.len() == wanted.len() && given.iter().zip(wanted).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn empty(status: StatusCode) -> Response<Empty<Bytes>> {
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status;
    response
}
