//! One request, and what is known when it fails.

use std::time::Duration;

use broker::tls;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

/// For an answer, from the moment the request was written.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// Largest answer that is read.
const MAX_ANSWER: usize = 256 * 1024;

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u64>,
    /// The beginning of the body.
    pub body: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// No connection, so no request was made.
    #[error("no connection")]
    NotSent,
    /// The request was made, perhaps in part, and no answer came.
    #[error("no answer")]
    Lost,
}

/// A request to be made.
#[derive(Debug)]
pub struct Call<'a> {
    /// Method.
    pub method: Method,
    /// Where to.
    pub uri: &'a Uri,
    /// Value of the `Authorization` header.
    pub authorization: Option<&'a str>,
    /// Content type and body.
    pub body: Option<(&'static str, String)>,
}

/// Makes one request on a connection of its own, so that what is known about it is certain.
///
/// # Errors
/// [`NoAnswer`], which says whether the other side can have seen anything.
pub async fn call(call: Call<'_>) -> Result<Answer, NoAnswer> {
    let request = request(&call).ok_or(NoAnswer::NotSent)?;
    let host = call.uri.host().ok_or(NoAnswer::NotSent)?;
    let secure = call.uri.scheme_str() == Some("https");
    let port = call.uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let stream = tls::connect(bare, port, secure).await.map_err(|_| NoAnswer::NotSent)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| NoAnswer::NotSent)?;
    let driver = tokio::spawn(connection);
    let answer = timeout(ANSWER_LIMIT, async {
        let response = sender.send_request(request).await.map_err(|_| NoAnswer::Lost)?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
        // The status is the answer; a body that breaks off changes nothing about it.
        let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
        let body = body.map(|whole| String::from_utf8_lossy(&whole.to_bytes()).into_owned()).unwrap_or_default();
        Ok(Answer { status, retry_after, body })
    })
    .await
    .unwrap_or(Err(NoAnswer::Lost));
    driver.abort();
    answer
}

fn request(call: &Call<'_>) -> Option<Request<Full<Bytes>>> {
    let path = call.uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str);
    let mut builder =
        Request::builder().method(call.method.clone()).uri(path).header(HOST, call.uri.authority()?.as_str());
    if let Some(value) = call.authorization {
        builder = builder.header(AUTHORIZATION, value);
    }
    let body = match &call.body {
        None => Bytes::new(),
        Some((kind, body)) => {
            builder = builder.header(CONTENT_TYPE, *kind);
            Bytes::from(body.clone())
        }
    };
    builder.body(Full::new(body)).ok()
}
