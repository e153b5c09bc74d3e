//! Calls of RabbitMQ's management API.

use std::time::Duration;

use base64::Engine as _;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::Step;
use crate::{percent, tls};

/// For one call with its connection.
const CALL_LIMIT: Duration = Duration::from_secs(30);

/// Why the account was not set up. Steps before the one named were made; making all of them again is safe.
#[derive(Debug, thiserror::Error)]
pub enum ManagementError {
    /// The URL holds a password, so it is not repeated here.
    #[error("the management URL is not of the form http(s)://user:password@host:port")]
    Url,
    /// A password would go over the network in clear.
    #[error("the management API of another machine needs https: passwords are set through it")]
    Clear,
    /// No connection, or it broke.
    #[error("{what}: the management API cannot be reached: {reason}")]
    Reach {
        /// The step.
        what: &'static str,
        /// The network's words.
        reason: String,
    },
    /// The API refused.
    #[error("{what}: the management API answered {status}")]
    Refused {
        /// The step.
        what: &'static str,
        /// HTTP status.
        status: u16,
    },
}

/// Makes the steps in their order, with the administrator's `url`: `https://user:password@host:15671`.
///
/// # Errors
/// [`ManagementError`] at the first step that fails.
pub async fn apply(url: &str, steps: &[Step]) -> Result<(), ManagementError> {
    let uri: Uri = url.parse().map_err(|_| ManagementError::Url)?;
    let authority = uri.authority().ok_or(ManagementError::Url)?;
    let (login, place) = authority.as_str().rsplit_once('@').ok_or(ManagementError::Url)?;
    let secure = uri.scheme_str() == Some("https");
    let host = uri.host().ok_or(ManagementError::Url)?.trim_start_matches('[').trim_end_matches(']').to_owned();
    if !secure && !["localhost", "127.0.0.1", "::1"].contains(&host.as_str()) {
        return Err(ManagementError::Clear);
    }
    let port = uri.port_u16().unwrap_or(if secure { 15671 } else { 15672 });
    let login = percent::decode(login).ok_or(ManagementError::Url)?;
    let authorization = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(login));
    for step in steps {
        let what = step.what;
        let reach = |error: &dyn std::fmt::Display| ManagementError::Reach { what, reason: error.to_string() };
        let status = timeout(CALL_LIMIT, async {
            let stream = tls::connect(&host, port, secure).await.map_err(|e| reach(&e))?;
            let request = Request::builder()
                .method(step.method)
                .uri(format!("/api/{}", step.path))
                .header(HOST, place)
                .header(AUTHORIZATION, &authorization)
                .header(CONTENT_TYPE, "application/json")
                .body(Full::new(Bytes::from(step.body.clone())))
                .map_err(|_| ManagementError::Url)?;
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|e| reach(&e))?;
            let driver = tokio::spawn(connection);
            let answer = sender.send_request(request).await.map_err(|e| reach(&e));
            driver.abort();
            Ok::<_, ManagementError>(answer?.status().as_u16())
        })
        .await
        .map_err(|_| reach(&"no answer in time"))??;
        if !(200..300).contains(&status) {
            return Err(ManagementError::Refused { what, status });
        }
    }
    Ok(())
}
