//! What makes an envelope whole. Checked before sealing and again after opening, by the same code: a message that
//! breaks a rule is neither sent nor acted on.

use domain::{Channel, Level};

use crate::envelope::{Content, Envelope, NoticeData, TaskData};
use crate::parts::{Address, Part, SafeHours, ThirdPartyRule, VoicemailRule};

/// Longest single line: sender, reference, office, address line, subject.
pub const MAX_LINE: usize = 320;
/// Lines on an envelope.
pub const MAX_LINES: usize = 12;
/// Longest life of a message: no plan is older than a quarter (H40).
pub const MAX_LIFE: i64 = 92 * domain::Millis::DAY;

/// Which rule an envelope breaks. Names the member, never its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// In-person channels leave as tasks.
    #[error("a notice on an in-person channel")]
    InPerson,
    /// Notices are L2 or L3.
    #[error("a level that never travels")]
    Level,
    /// The form does not belong to the channel.
    #[error("form and channel do not go together")]
    Form,
    /// The address does not belong to the channel, or has an impossible shape.
    #[error("address and channel do not go together, or the address has an impossible shape")]
    Address,
    /// The channel needs a part that is missing or empty.
    #[error("part {0:?} is missing or empty")]
    MissingPart(Part),
    /// The channel has no such part.
    #[error("part {0:?} does not belong to the channel")]
    StrangePart(Part),
    /// A line is empty where it must not be, too long, or holds a control character.
    #[error("{0} is not one clean line")]
    Line(&'static str),
    /// Not a BCP-47 tag.
    #[error("language is not a BCP-47 tag")]
    Language,
    /// Not-after is not after not-before, or too far away.
    #[error("the times do not go together")]
    Times,
    /// No window, an hour that does not exist, or no time zone name.
    #[error("safe hours are not readable")]
    Hours,
    /// `sms` stands on an sms with 1 to 6 segments, and nowhere else.
    #[error("sms data missing, out of range or out of place")]
    Sms,
}

impl Envelope {
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), EnvelopeError> {
        match &self.content {
            Content::Notice(data) => notice(data),
            Content::Task(data) => task(data),
            Content::Recall(_) => Ok(()),
        }
    }
}

fn notice(data: &NoticeData) -> Result<(), EnvelopeError> {
    if data.channel.is_in_person() {
        return Err(EnvelopeError::InPerson);
    }
    if !matches!(data.level, Level::L2 | Level::L3) {
        return Err(EnvelopeError::Level);
    }
    if data.form != data.channel.form() {
        return Err(EnvelopeError::Form);
    }
    address(data.channel, &data.address)?;
    parts(data)?;
    language(&data.language)?;
    line("sender", &data.sender)?;
    line("reference", &data.reference)?;
    let life = data.not_after.0.saturating_sub(data.not_before.0);
    if life <= 0 || life > MAX_LIFE {
        return Err(EnvelopeError::Times);
    }
    if let Some(hours) = &data.hours {
        safe_hours(hours)?;
    }
    match (&data.sms, data.channel) {
        (Some(sms), Channel::Sms) if (1..=6).contains(&sms.segments) => Ok(()),
        (None, channel) if channel != Channel::Sms => Ok(()),
        _ => Err(EnvelopeError::Sms),
    }
}

fn task(data: &TaskData) -> Result<(), EnvelopeError> {
    language(&data.language)?;
    line("office", &data.office)?;
    if data.due > data.not_after { Err(EnvelopeError::Times) } else { Ok(()) }
}

fn address(channel: Channel, address: &Address) -> Result<(), EnvelopeError> {
    let fits = channel.contact_kind() == Some(address.kind())
        && match address {
            Address::Phone { e164 } => e164.strip_prefix('+').is_some_and(|digits| {
                (7..=15).contains(&digits.len())
                    && !digits.starts_with('0')
                    && digits.bytes().all(|b| b.is_ascii_digit())
            }),
            // One recipient only: no list, no comment, no way into a header.
            Address::Email { email } => {
                email.matches('@').count() == 1
                    && email.split('@').all(|half| !half.is_empty())
                    && email.len() <= MAX_LINE
                    && !email.chars().any(|c| c.is_whitespace() || c.is_control() || ",;<>()\"\\".contains(c))
            }
            Address::Postal { lines, country } => {
                (1..=MAX_LINES).contains(&lines.len())
                    && lines.iter().all(|text| line("address", text).is_ok())
                    && country.as_ref().is_none_or(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()))
            }
        };
    if fits { Ok(()) } else { Err(EnvelopeError::Address) }
}

/// Parts that a channel must have, and parts that it may have.
#[must_use]
pub const fn parts_of(channel: Channel) -> (&'static [Part], &'static [Part]) {
    match channel {
        Channel::Sms | Channel::App => (&[Part::Body], &[]),
        Channel::Ivr => (&[Part::Ssml], &[Part::Body]),
        Channel::Email => (&[Part::Subject, Part::Body], &[Part::Html]),
        Channel::Post => (&[Part::Body], &[Part::Html]),
        Channel::CallLive => (&[Part::Script], &[Part::ThirdParty, Part::Voicemail]),
        Channel::VisitDetention | Channel::Caseworker | Channel::FieldVisit => (&[], &[]),
    }
}

fn parts(data: &NoticeData) -> Result<(), EnvelopeError> {
    let (required, optional) = parts_of(data.channel);
    let filled = |part| data.parts.get(part).is_some_and(|text| !text.trim().is_empty());
    if let Some(part) = required.iter().find(|part| !filled(**part)) {
        return Err(EnvelopeError::MissingPart(*part));
    }
    if let Some(part) = data.parts.0.keys().find(|part| !required.contains(part) && !optional.contains(part)) {
        return Err(EnvelopeError::StrangePart(*part));
    }
    if data.third_party == ThirdPartyRule::Script && !filled(Part::ThirdParty) {
        return Err(EnvelopeError::MissingPart(Part::ThirdParty));
    }
    if data.voicemail == VoicemailRule::Neutral && !filled(Part::Voicemail) {
        return Err(EnvelopeError::MissingPart(Part::Voicemail));
    }
    data.parts.get(Part::Subject).map_or(Ok(()), |subject| line("subject", subject))
}

/// One line: not empty, bounded, nothing that ends it early in a header or on a terminal.
fn line(what: &'static str, text: &str) -> Result<(), EnvelopeError> {
    let clean = !text.trim().is_empty()
        && text.len() <= MAX_LINE
        && !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'));
    if clean { Ok(()) } else { Err(EnvelopeError::Line(what)) }
}

fn language(tag: &str) -> Result<(), EnvelopeError> {
    let shaped = tag.len() <= 35
        && tag.split('-').enumerate().all(|(at, subtag)| {
            let long_enough = if at == 0 { 2 } else { 1 };
            (long_enough..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    if shaped { Ok(()) } else { Err(EnvelopeError::Language) }
}

fn safe_hours(hours: &SafeHours) -> Result<(), EnvelopeError> {
    let clock = |text: &str| {
        text.len() == 5
            && text.split_once(':').is_some_and(|(h, m)| {
                h.len() == 2 && [h, m].iter().all(|t| t.bytes().all(|b| b.is_ascii_digit())) && h < "24" && m < "60"
            })
    };
    let readable = (1..=21).contains(&hours.windows.len())
        && hours.windows.iter().all(|w| clock(&w.from) && clock(&w.to) && w.from != w.to)
        && line("time_zone", &hours.time_zone).is_ok();
    if readable { Ok(()) } else { Err(EnvelopeError::Hours) }
}
