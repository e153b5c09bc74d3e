//! From an allowed attempt to the envelope: the words, the address, the rules for saying them.

use contract::parts::{Direction, Sms, SmsEncoding, VoicemailRule};
use contract::{Address, Content, Envelope, NoticeData, Part, Parts, SafeHours, TaskData, ThirdPartyRule, V1};
use domain::channel::{ContactKind, Recipient};
use domain::incident::IncidentFacts;
use domain::manifest::Step;
use domain::notice::Notice;
use domain::record::{Answer, ContactPoint, Record};
use domain::society::Society;
use domain::{Audience, Channel, Level, Millis, NoticeKind};
use localisation::{Encoding, Library, Refusal, Rendered, Request, Tag};
use store::AttemptRow;

use super::gate::Sending;
use super::hours;
use crate::people::Case;

/// Everything an envelope is made of.
pub(crate) struct Material<'a> {
    pub(crate) row: &'a AttemptRow,
    pub(crate) bearer: &'a Case,
    pub(crate) sending: &'a Sending,
    pub(crate) society: &'a Society,
    pub(crate) facts: &'a IncidentFacts,
    pub(crate) library: &'a Library,
    pub(crate) reference: &'a str,
    pub(crate) drill: bool,
    pub(crate) now: Millis,
    pub(crate) not_after: Millis,
}

/// Why there is no envelope: a word for the store, never a value.
pub(crate) type Why = &'static str;

/// The envelope of an attempt. In person nothing leaves but an opaque task.
pub(crate) fn envelope(m: &Material<'_>) -> Result<Envelope, Why> {
    let content =
        if m.row.step.channel.is_in_person() { Content::Task(task(m)) } else { Content::Notice(Box::new(notice(m)?)) };
    Ok(Envelope {
        v: V1,
        message_id: m.row.id.uuid(),
        attempt_id: m.row.id,
        campaign: m.row.campaign,
        society: m.row.society.clone(),
        drill: m.drill,
        content,
    })
}

fn task(m: &Material<'_>) -> TaskData {
    let language = Tag::parse(&m.sending.language).map_or_else(|_| "und".to_owned(), |tag| tag.to_string());
    TaskData {
        task_id: m.row.id.uuid(),
        office: m.society.office.clone(),
        language,
        due: m.not_after,
        not_after: m.not_after,
    }
}

fn notice(m: &Material<'_>) -> Result<NoticeData, Why> {
    let step = &m.row.step;
    let contact = step.contact.ok_or("contact")?;
    let record = m.bearer.record(contact.record).ok_or("contact")?;
    let point = m.bearer.point(contact).ok_or("contact")?;
    let rendered = render(m, step, point)?;
    let parts = parts(step.channel, &rendered);
    let third_party =
        if parts.get(Part::ThirdParty).is_some() { ThirdPartyRule::Script } else { ThirdPartyRule::HangUp };
    let voicemail = match (point.voicemail_ok, parts.get(Part::Voicemail)) {
        (Some(Answer::Yes), Some(_)) => VoicemailRule::Neutral,
        _ => VoicemailRule::HangUp,
    };
    Ok(NoticeData {
        channel: step.channel,
        address: address(point, record, step)?,
        direction: match rendered.direction {
            localisation::Direction::Ltr => Direction::Ltr,
            localisation::Direction::Rtl => Direction::Rtl,
        },
        notice: kind(step, m.sending.level),
        level: m.sending.level,
        form: step.channel.form(),
        sms: sms(step.channel, &rendered)?,
        language: rendered.language,
        parts,
        not_before: m.now,
        not_after: m.not_after,
        hours: safe_hours(m, step.channel, point)?,
        voicemail,
        third_party,
        reference: m.reference.to_owned(),
        sender: m.society.sender.clone(),
    })
}

fn kind(step: &Step, level: Level) -> NoticeKind {
    if level == Level::L2 { NoticeKind::CallBack } else { step.kind }
}

fn render(m: &Material<'_>, step: &Step, point: &ContactPoint) -> Result<Rendered, Why> {
    let level = m.sending.level;
    let notice = Notice {
        kind: kind(step, level),
        audience: step.audience,
        level,
        form: step.channel.form(),
        channel: step.channel,
    };
    let language = Tag::parse(&m.sending.language).map_err(|_| "language")?;
    let also: Vec<Audience> = match step.to {
        Recipient::Person if m.row.notifications.len() == 1 => protection::audiences(&m.bearer.facts),
        // A guardian hears nothing that belongs to the child; several people on one number hear what all may hear.
        _ => Vec::new(),
    };
    let label = point.code_name.as_ref().filter(|_| !m.sending.may_name_org).map(|l| l.expose());
    let request = Request {
        notice,
        also: also.get(1..).unwrap_or_default(),
        language: &language,
        facts: m.facts,
        society: m.society,
        reference: m.reference,
        label,
        may_name_org: m.sending.may_name_org,
        high_fraud: high_fraud(m),
        as_of: m.now,
        drill: m.drill,
    };
    m.library.render(&request).map_err(|refusal| {
        tracing::debug!(attempt = %m.row.id, %refusal, "no words");
        word(&refusal)
    })
}

fn high_fraud(m: &Material<'_>) -> bool {
    let own = m.bearer.records.iter().map(|(_, r)| r).filter(|r| r.society == m.society.code);
    own.filter_map(|r| protection::assessment(m.society, r)).any(|context| context.high_fraud)
}

/// One word for the store and the report.
const fn word(refusal: &Refusal) -> Why {
    match refusal {
        Refusal::NotProducible(_) => "not_producible",
        Refusal::NoWords { .. } | Refusal::NoLanguage { .. } => "no_words",
        Refusal::NotApproved { .. } => "not_approved",
        Refusal::NoName | Refusal::MayNotName => "name",
        Refusal::NoHotline => "hotline",
        Refusal::DrillOfReal => "drill",
        Refusal::Value { .. } => "value",
        Refusal::TooLong { .. } => "too_long",
        _ => "words",
    }
}

/// The parts that the contract knows, of what was rendered.
fn parts(channel: Channel, rendered: &Rendered) -> Parts {
    let (required, optional) = contract::check::parts_of(channel);
    let mut parts = Parts::default();
    for (name, text) in &rendered.parts {
        let (part, text) = match name.as_str() {
            "text" => (Part::Body, text.clone()),
            "letter" => (Part::Body, letter_text(text)),
            other => match Part::parse(other) {
                Some(part) => (part, text.clone()),
                None => continue,
            },
        };
        if required.contains(&part) || optional.contains(&part) {
            parts.0.insert(part, text);
        }
    }
    parts
}

/// A letter's blocks as plain text, which a Society prints as it is or sets as a letter again.
fn letter_text(letter: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Letter {
        blocks: Vec<contract::letter::Block>,
        reference: Option<String>,
    }
    serde_json::from_str::<Letter>(letter)
        .map(|letter| contract::letter::to_text(&letter.blocks, letter.reference.as_deref()))
        .unwrap_or_default()
}

fn sms(channel: Channel, rendered: &Rendered) -> Result<Option<Sms>, Why> {
    if channel != Channel::Sms {
        return Ok(None);
    }
    let encoding = match rendered.encoding.ok_or("encoding")? {
        Encoding::Gsm7 => SmsEncoding::Gsm7,
        Encoding::Ucs2 => SmsEncoding::Ucs2,
    };
    let segments = rendered.segments_code_point.max(rendered.segments_grapheme).unwrap_or(0);
    let segments = u8::try_from(segments).map_err(|_| "too_long")?;
    Ok(Some(Sms { encoding, segments }))
}

/// Where it goes. On an envelope stands the recipient's name and nothing of the service.
fn address(point: &ContactPoint, record: &Record, step: &Step) -> Result<Address, Why> {
    let value = point.value.expose();
    Ok(match point.kind {
        ContactKind::Phone => Address::Phone { e164: value.to_owned() },
        ContactKind::Email => Address::Email { email: value.to_owned() },
        ContactKind::Address => Address::Postal {
            lines: name(record, step, point)
                .into_iter()
                .chain(value.split(['\n', ',']).map(|line| line.trim().to_owned()))
                .filter(|line| !line.is_empty())
                .collect(),
            country: point.country.clone(),
        },
    })
}

fn name(record: &Record, step: &Step, point: &ContactPoint) -> Option<String> {
    if let Recipient::Guardian(_) = step.to {
        let relation = record.relations.as_ref()?.get(usize::from(point.guardian?))?;
        return relation.name.as_ref().map(|n| n.expose().to_owned());
    }
    let names = &record.names;
    if let (Some(given), Some(family)) = (&names.given, &names.family) {
        return Some(format!("{} {}", given.expose(), family.expose()));
    }
    names.full.first().map(|n| n.expose().to_owned())
}

/// Windows of every listing of this value among the bearer's records; the usual hours of the day where none is known.
fn safe_hours(m: &Material<'_>, channel: Channel, point: &ContactPoint) -> Result<Option<SafeHours>, Why> {
    let zone = m.society.time_zone.as_str();
    let listings: Vec<_> = m
        .bearer
        .points()
        .into_iter()
        .map(|(_, point)| point)
        .filter(|c| c.kind == point.kind && c.value == point.value)
        .filter_map(|c| c.windows.as_deref())
        .filter(|w| !w.is_empty())
        .collect();
    if !listings.is_empty() {
        return hours::agreed(&listings, zone, m.now).map(Some).ok_or("hours");
    }
    Ok(match channel {
        Channel::Email | Channel::Post => None,
        _ => Some(hours::usual(zone)),
    })
}
