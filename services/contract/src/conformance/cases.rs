//! The cases of the script: what is sent, and what may be answered.

use domain::receipt::ReceiptKind::{self, Accepted, Delivered, Expired, Failed, Informed, Sent, TooLate, Withdrawn};
use domain::{AttemptId, Channel, Level, Millis, NoticeKind};
use rand::CryptoRng;
use serde_json::json;
use uuid::Uuid;

use super::{Line, Script, Writer, random};
use crate::check::parts_of;
use crate::parts::{Day, Window};
use crate::{
    Address, Content, Direction, NoticeData, Part, Parts, SafeHours, SealError, Sms, SmsEncoding, TaskData,
    ThirdPartyRule, VoicemailRule,
};

/// What may be answered about one attempt.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    /// What the case is about, for whoever reads the report.
    pub(crate) case: String,
    pub(crate) attempt: AttemptId,
    /// One of these must be told.
    pub(crate) one_of: Vec<ReceiptKind>,
    /// None of these may be told.
    pub(crate) never: Vec<ReceiptKind>,
    /// Nothing at all may be told: the message was to be refused.
    pub(crate) silence: bool,
    /// Receipts must name this task.
    pub(crate) task: Option<Uuid>,
    /// Recalled in the second act, when it may have been sent.
    pub(crate) recalled: bool,
}

/// A day that is not today, so that hours on it are closed for hours to come.
fn far_day(now: Millis) -> Day {
    let days = [Day::Thu, Day::Fri, Day::Sat, Day::Sun, Day::Mon, Day::Tue, Day::Wed];
    // 1970-01-01 was a Thursday. Three days ahead is another day in every time zone.
    let today = now.0.div_euclid(Millis::DAY);
    days[usize::try_from((today + 3).rem_euclid(7)).unwrap_or(0)]
}

pub(super) fn all<R: CryptoRng + ?Sized>(
    script: &mut Script,
    writer: &mut Writer<'_, R>,
    channels: &[Channel],
) -> Result<(), SealError> {
    let now = script.now;
    for channel in channels.iter().filter(|channel| channel.is_remote()) {
        let data = notice(*channel, now);
        let mut case = expect(&format!("a notice on {channel}, sent three times"), &[Accepted], &[Informed]);
        let envelope = writer.envelope(Content::Notice(Box::new(data)), None);
        case.attempt = envelope.attempt_id;
        // Each copy is sealed anew, as after a restart of Tidings: the attempt is what makes them one.
        for act in [0, 0, 1] {
            let line = writer.seal(&envelope)?;
            script.acts[act].push(line);
        }
        script.expected.push(case);
    }
    let Some(first) = channels.iter().copied().find(|channel| channel.is_remote()) else { return Ok(()) };
    times(script, writer, first)?;
    recalls(script, writer, first)?;
    tasks(script, writer)?;
    refusals(script, writer, first)
}

fn times<R: CryptoRng + ?Sized>(s: &mut Script, w: &mut Writer<'_, R>, channel: Channel) -> Result<(), SealError> {
    let now = s.now;
    let early = NoticeData { not_before: now.plus(2 * Millis::DAY), ..notice(channel, now) };
    // Then recalled: a gateway that kept it back can still withdraw it.
    let attempt =
        one(s, w, early, expect("a notice before its time", &[Accepted], &[Sent, Delivered, Expired, TooLate]))?;
    recall_in_second_act(s, w, attempt, "the recall of a notice before its time", &[Withdrawn], &[TooLate, Sent])?;
    let window = Window { days: vec![far_day(now)], from: "10:00".into(), to: "11:00".into() };
    let hours = Some(SafeHours { time_zone: "Africa/Nairobi".into(), windows: vec![window] });
    let closed = NoticeData { hours, ..notice(channel, now) };
    one(s, w, closed, expect("a notice outside its safe hours", &[Accepted], &[Sent, Delivered]))?;
    let late = NoticeData {
        not_before: now.plus(-2 * Millis::HOUR),
        not_after: now.plus(-Millis::HOUR),
        ..notice(channel, now)
    };
    one(s, w, late, expect("a notice after its end", &[Expired], &[Accepted, Sent, Delivered])).map(drop)
}

fn recalls<R: CryptoRng + ?Sized>(s: &mut Script, w: &mut Writer<'_, R>, channel: Channel) -> Result<(), SealError> {
    let now = s.now;
    let envelope = w.envelope(Content::Notice(Box::new(notice(channel, now))), None);
    let recall = w.recall(envelope.attempt_id, now);
    for envelope in [&recall, &envelope] {
        let line = w.seal(envelope)?;
        s.acts[0].push(line);
    }
    let case = expect("a recall that comes before its notice", &[Withdrawn], &[Sent, Delivered, TooLate]);
    s.expected.push(Expected { attempt: envelope.attempt_id, ..case });
    let sent = one(s, w, notice(channel, now), expect("a notice that will be recalled", &[Accepted], &[Informed]))?;
    recall_in_second_act(s, w, sent, "a recall", &[Withdrawn, TooLate], &[])?;
    let never_seen = AttemptId::from(random(w.rng));
    recall_in_second_act(s, w, never_seen, "a recall of what never came", &[Withdrawn], &[TooLate, Sent])
}

fn tasks<R: CryptoRng + ?Sized>(s: &mut Script, w: &mut Writer<'_, R>) -> Result<(), SealError> {
    let task_id = random(w.rng);
    let (office, language) = ("Field office 3".to_owned(), "en".to_owned());
    let (due, not_after) = (s.now.plus(Millis::DAY), s.now.plus(2 * Millis::DAY));
    let envelope = w.envelope(Content::Task(TaskData { task_id, office, language, due, not_after }), None);
    let line = w.seal(&envelope)?;
    s.acts[0].push(line);
    let case = expect("a task (taken, or failed as unsupported)", &[Accepted, Failed], &[Delivered]);
    s.expected.push(Expected { attempt: envelope.attempt_id, task: Some(task_id), ..case });
    Ok(())
}

/// Messages that must be refused without a word, and one that only looks strange.
fn refusals<R: CryptoRng + ?Sized>(s: &mut Script, w: &mut Writer<'_, R>, channel: Channel) -> Result<(), SealError> {
    type Change = fn(&mut serde_json::Value);
    let changes: [(&str, Change, bool); 7] = [
        ("version 2 of the contract", |j| j["v"] = 2.into(), false),
        ("a real message under a drill certificate", |j| j["drill"] = false.into(), false),
        (
            "another campaign than the certificate's",
            |j| j["campaign"] = "00000000-0000-4000-8000-000000000000".into(),
            false,
        ),
        ("another Society's message", |j| j["society"] = "ZZ-OTHER".into(), false),
        ("an unknown kind", |j| j["kind"] = "order".into(), false),
        ("a certificate by a stranger", |_| (), true),
        ("members of a later version, to be passed over", |j| j["data"]["invented_later"] = json!({"a": 1}), false),
    ];
    for (name, change, foreign) in changes {
        let envelope = w.envelope(Content::Notice(Box::new(notice(channel, s.now))), None);
        let mut json = serde_json::to_value(&envelope).map_err(|_| SealError::Json)?;
        change(&mut json);
        let line = w.seal_json(&json, foreign)?;
        s.acts[0].push(line);
        let strange = name.starts_with("members");
        let case = if strange { expect(name, &[Accepted], &[]) } else { expect(name, &[], &[]) };
        s.expected.push(Expected { attempt: envelope.attempt_id, silence: !strange, ..case });
    }
    let envelope = w.envelope(Content::Notice(Box::new(notice(channel, s.now))), None);
    let Line { message_id, mut body } = w.seal(&envelope)?;
    let middle = body.len() / 2;
    body[middle] = if body[middle] == b'A' { b'B' } else { b'A' };
    s.acts[0].push(Line { message_id, body });
    let case = expect("one changed character", &[], &[]);
    s.expected.push(Expected { attempt: envelope.attempt_id, silence: true, ..case });
    Ok(())
}

fn one<R: CryptoRng + ?Sized>(
    script: &mut Script,
    writer: &mut Writer<'_, R>,
    data: NoticeData,
    case: Expected,
) -> Result<AttemptId, SealError> {
    let envelope = writer.envelope(Content::Notice(Box::new(data)), None);
    let line = writer.seal(&envelope)?;
    script.acts[0].push(line);
    script.expected.push(Expected { attempt: envelope.attempt_id, ..case });
    Ok(envelope.attempt_id)
}

fn recall_in_second_act<R: CryptoRng + ?Sized>(
    script: &mut Script,
    writer: &mut Writer<'_, R>,
    attempt: AttemptId,
    case: &str,
    one_of: &[ReceiptKind],
    never: &[ReceiptKind],
) -> Result<(), SealError> {
    let recall = writer.recall(attempt, script.now);
    let line = writer.seal(&recall)?;
    script.acts[1].push(line);
    script.expected.push(Expected { attempt, recalled: true, ..expect(case, one_of, never) });
    Ok(())
}

fn expect(case: &str, one_of: &[ReceiptKind], never: &[ReceiptKind]) -> Expected {
    Expected {
        case: case.to_owned(),
        attempt: AttemptId::from(Uuid::nil()),
        one_of: one_of.to_vec(),
        never: never.to_vec(),
        silence: false,
        task: None,
        recalled: false,
    }
}

/// A neutral notice to an address that is kept for fiction.
fn notice(channel: Channel, now: Millis) -> NoticeData {
    let address = match channel {
        Channel::Email => Address::Email { email: "nobody@example.org".into() },
        Channel::Post => {
            Address::Postal { lines: vec!["Nobody Example".into(), "1 Sample Road".into()], country: None }
        }
        _ => Address::Phone { e164: "+15555550100".into() },
    };
    let text = |part: Part| match part {
        Part::Html => "<p>Please call us.</p>".to_owned(),
        Part::Ssml => "<speak>Please call us.</speak>".to_owned(),
        _ => "Please call us. Code KDA-7QX.".to_owned(),
    };
    let (required, optional) = parts_of(channel);
    NoticeData {
        channel,
        address,
        language: "en".into(),
        direction: Direction::Ltr,
        notice: NoticeKind::Initial,
        level: Level::L2,
        form: channel.form(),
        parts: required.iter().chain(optional).map(|part| (*part, text(*part))).collect::<Parts>(),
        not_before: now.plus(-Millis::HOUR),
        not_after: now.plus(5 * Millis::DAY),
        hours: None,
        voicemail: VoicemailRule::HangUp,
        third_party: ThirdPartyRule::HangUp,
        reference: "KDA-7QX".into(),
        sms: (channel == Channel::Sms).then_some(Sms { encoding: SmsEncoding::Gsm7, segments: 1 }),
        sender: "INFO".into(),
    }
}
