//! The mail itself: one recipient, the words unchanged, and a return path that names the attempt.

use contract::{Address as To, NoticeData, Part};
use domain::{AttemptId, Millis};
use lettre::message::header::{ContentType, MessageId};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

/// A mail that is ready to be sent.
pub(super) struct Letter {
    pub(super) to: Address,
    pub(super) text: Vec<u8>,
}

/// Something in the notice cannot be put into a mail.
pub(super) struct Unfit;

pub(super) fn build(data: &NoticeData, attempt: AttemptId, from: &Address, now: Millis) -> Result<Letter, Unfit> {
    let To::Email { email } = &data.address else { return Err(Unfit) };
    let to: Address = email.parse().map_err(|_| Unfit)?;
    let part = |part: Part| data.parts.get(part).ok_or(Unfit);
    // The contract's own check lets no such line through; a header is no place to rely on that alone.
    if [data.sender.as_str(), part(Part::Subject)?].iter().any(|line| line.chars().any(char::is_control)) {
        return Err(Unfit);
    }
    let at = now.timestamp().ok_or(Unfit)?;
    let builder = Message::builder()
        .from(Mailbox::new(Some(data.sender.clone()), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(part(Part::Subject)?)
        .date(at.try_into().map_err(|_| Unfit)?)
        // The same at every try, so that a reader's program can see a copy for what it is.
        .message_id(Some(format!("<{}@{}>", attempt.uuid().simple(), from.domain())))
        .raw_header(raw("Content-Language", &data.language))
        // No answering machine writes back, and none of its text comes anywhere.
        .raw_header(raw("Auto-Submitted", "auto-generated"));
    let plain = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(part(Part::Body)?.to_owned());
    let message = match data.parts.get(Part::Html) {
        None => builder.singlepart(plain),
        Some(html) => {
            let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(html.to_owned());
            builder.multipart(MultiPart::alternative().singlepart(plain).singlepart(html))
        }
    };
    let message = message.map_err(|_| Unfit)?;
    debug_assert!(message.headers().get::<MessageId>().is_some());
    Ok(Letter { to, text: message.formatted() })
}

fn raw(name: &'static str, value: &str) -> lettre::message::header::HeaderValue {
    let name = lettre::message::header::HeaderName::new_from_ascii_str(name);
    lettre::message::header::HeaderValue::new(name, value.to_owned())
}

/// `bounces@example.org` becomes `bounces+<attempt>@example.org`: whatever comes back says what it is about.
pub(super) fn return_path(base: &Address, attempt: AttemptId) -> Result<Address, Unfit> {
    Address::new(format!("{}+{}", base.user(), attempt.uuid().simple()), base.domain()).map_err(|_| Unfit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{Direction, Parts, ThirdPartyRule, VoicemailRule};
    use domain::{Channel, Form, Level, NoticeKind};

    fn notice(subject: &str, sender: &str) -> NoticeData {
        let parts = [(Part::Subject, subject), (Part::Body, "Please call us.\n.\nاتصل بنا"), (Part::Html, "<p>x</p>")];
        NoticeData {
            channel: Channel::Email,
            address: To::Email { email: "amina@example.org".into() },
            language: "ar".into(),
            direction: Direction::Rtl,
            notice: NoticeKind::Initial,
            level: Level::L3,
            form: Form::Full,
            parts: parts.into_iter().map(|(part, text)| (part, text.to_owned())).collect::<Parts>(),
            not_before: Millis(0),
            not_after: Millis(1),
            hours: None,
            voicemail: VoicemailRule::HangUp,
            third_party: ThirdPartyRule::HangUp,
            reference: "KDA-7QX".into(),
            sms: None,
            sender: sender.into(),
        }
    }

    #[test]
    fn one_recipient_and_no_way_to_a_second_header() {
        let from: Address = "info@example.org".parse().expect("an address");
        let attempt = AttemptId::random();
        for (subject, sender) in [("x\r\nBcc: a@b.c", "INFO"), ("A message", "y\r\nBcc: a@b.c")] {
            assert!(build(&notice(subject, sender), attempt, &from, Millis(1_800_000_000_000)).is_err());
        }
        for (subject, sender) in [("A message", "INFO"), ("رسالة", "Info, <a@b.c>"), ("Bcc: a@b.c", "x\" <a@b.c>")]
        {
            let Ok(letter) = build(&notice(subject, sender), attempt, &from, Millis(1_800_000_000_000)) else {
                panic!("built")
            };
            let text = String::from_utf8(letter.text).expect("ASCII");
            let head = text.split("\r\n\r\n").next().expect("a head");
            let names: Vec<_> = head.lines().filter(|l| !l.starts_with([' ', '\t'])).collect();
            assert!(names.iter().all(|line| !line.to_lowercase().starts_with("bcc:")), "{head}");
            assert_eq!(names.iter().filter(|line| line.starts_with("To: ")).count(), 1);
            assert!(head.contains(&format!("Message-ID: <{}@example.org>", attempt.uuid().simple())));
        }
    }
}
