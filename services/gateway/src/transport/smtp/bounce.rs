//! Bounces and delivery status notifications, read from the maildir into which the mail server puts what comes to
//! `bounces+<attempt>@…`. The attempt in that address is random, so nobody can invent a bounce for another person.

use std::path::{Path, PathBuf};
use std::time::Duration;

use contract::codes::{Meaning, mail_dsn};
use domain::AttemptId;
use mail_parser::{HeaderName, MessageParser, MimeHeaders, PartType};

use super::super::{Reports, report};

/// How often the maildir is looked into.
const LOOK: Duration = Duration::from_secs(5);
/// Largest mail that is read: a bounce quotes at most the mail that we sent.
const MAX_MAIL: u64 = 1024 * 1024;

/// What a mail says about one attempt.
#[derive(Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The attempt.
    pub attempt: AttemptId,
    /// What happened to it.
    pub meaning: Meaning,
}

/// Reads a mail; `None` if it is no delivery status notification, or about nothing of ours.
#[must_use]
pub fn read(mail: &[u8]) -> Option<Bounce> {
    let message = MessageParser::default().parse(mail)?;
    let status = message.parts.iter().find_map(|part| {
        let kind = part.content_type()?;
        let is_status = kind.ctype() == "message" && kind.subtype()?.ends_with("delivery-status");
        is_status.then(|| match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.as_ref(),
            PartType::Message(inner) => inner.raw_message(),
            PartType::Multipart(_) => &[][..],
        })
    })?;
    let (action, code) = fields(&String::from_utf8_lossy(status))?;
    let attempt = addressed(&message).or_else(|| quoted(mail))?;
    Some(Bounce { attempt, meaning: mail_dsn(&action, code) })
}

/// `Action` and `Status` of the recipient (we always have one).
fn fields(text: &str) -> Option<(String, (u8, u16, u16))> {
    let field = |name: &str| {
        text.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_lowercase())
        })
    };
    let status = field("status")?;
    let mut numbers = status.split([' ', '.', '(']).map(str::parse::<u16>);
    let mut next = || numbers.next()?.ok();
    let class = u8::try_from(next()?).ok()?;
    Some((field("action")?, (class, next()?, next()?)))
}

/// The attempt in the address that the bounce was sent to.
fn addressed(message: &mail_parser::Message<'_>) -> Option<AttemptId> {
    let names = ["Delivered-To", "X-Original-To", "To", "Envelope-To"];
    let headers = message.headers().iter().filter(|header| {
        let name = match &header.name {
            HeaderName::Other(name) => name.as_ref(),
            known => known.as_str(),
        };
        names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
    });
    headers
        .filter_map(|header| message.raw_message().get(header.offset_start() as usize..header.offset_end() as usize))
        .find_map(after_plus)
}

/// `…+<32 hex digits>@…`
fn after_plus(raw: &[u8]) -> Option<AttemptId> {
    let text = String::from_utf8_lossy(raw);
    text.split('+').skip(1).find_map(|rest| hex_before(rest, '@'))
}

/// The Message-ID of our own mail, which the bounce quotes.
fn quoted(mail: &[u8]) -> Option<AttemptId> {
    let text = String::from_utf8_lossy(mail);
    text.lines()
        .filter(|line| line.to_ascii_lowercase().starts_with("message-id:"))
        .find_map(|line| hex_before(line.split('<').nth(1)?, '@'))
}

fn hex_before(text: &str, end: char) -> Option<AttemptId> {
    let hex = text.split(end).next()?;
    let shaped = hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    if shaped { hex.parse().ok() } else { None }
}

/// Looks into `new` of a maildir for ever; what was read moves to `cur`.
pub fn watch(maildir: PathBuf, reports: Reports) {
    tokio::spawn(async move {
        while !reports.is_closed() {
            for path in waiting(&maildir.join("new")) {
                if let Some(bounce) = load(&path).as_deref().and_then(read) {
                    let reference = format!("smtp:{}", bounce.attempt.uuid());
                    if report(&reports, reference, bounce.meaning).await.is_none() {
                        return;
                    }
                }
                let name = path.file_name().map(|name| format!("{}:2,S", name.to_string_lossy())).unwrap_or_default();
                if std::fs::rename(&path, maildir.join("cur").join(name)).is_err() {
                    tracing::warn!("a bounce cannot be moved from new to cur");
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    });
}

fn waiting(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn load(path: &Path) -> Option<Vec<u8>> {
    let small = std::fs::metadata(path).is_ok_and(|about| about.len() <= MAX_MAIL);
    if small { std::fs::read(path).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::FailureCode;
    use domain::receipt::ReceiptKind;

    const ATTEMPT: &str = "0123456789abcdef0123456789abcdef";

    fn mail(to: &str, action: &str, status: &str, quoted: &str) -> Vec<u8> {
        format!(
            "From: MAILER-DAEMON@mx.example.net\r\nTo: {to}\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nIt did not work.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n\
             Final-Recipient: rfc822; amina@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; 550 nobody\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\n{quoted}\r\n\r\n--b--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn table() {
        let attempt: AttemptId = ATTEMPT.parse().expect("an id");
        let verp = format!("bounces+{ATTEMPT}@example.org");
        let id = format!("Message-ID: <{ATTEMPT}@example.org>");
        let returned = |code| Some(Meaning::Failure(ReceiptKind::Returned, code));
        let rows = [
            (mail(&verp, "failed", "5.1.1", ""), returned(FailureCode::NoSuchAddress)),
            (mail(&verp, "failed", "5.2.2 (full)", ""), returned(FailureCode::Unreachable)),
            (mail("postmaster@example.org", "failed", "5.7.1", &id), returned(FailureCode::Blocked)),
            (mail(&verp, "delayed", "4.4.7", ""), Some(Meaning::Wait)),
            (mail(&verp, "delivered", "2.0.0", ""), Some(Meaning::Report(ReceiptKind::Delivered))),
            (mail(&verp, "relayed", "2.0.0", ""), Some(Meaning::Report(ReceiptKind::Sent))),
            (mail("postmaster@example.org", "failed", "5.1.1", "Message-ID: <other@example.org>"), None),
            (mail(&verp, "failed", "nonsense", ""), None),
            (format!("To: {verp}\r\nSubject: out of office\r\n\r\nBack on Monday\r\n").into_bytes(), None),
        ];
        for (at, (mail, wanted)) in rows.into_iter().enumerate() {
            let wanted = wanted.map(|meaning| Bounce { attempt, meaning });
            assert_eq!(read(&mail), wanted, "row {at}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_mail_makes_it_panic(mail in proptest::collection::vec(proptest::num::u8::ANY, 0..500), cut in 0usize..900) {
            let _ = read(&mail);
            let whole = super::tests::mail("bounces+x@example.org", "failed", "5.1.1", "");
            let _ = read(&whole[..cut.min(whole.len())]);
        }
    }
}
