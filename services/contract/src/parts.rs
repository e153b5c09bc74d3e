//! What a notice carries: the address, the words, and the rules for saying them.

use std::collections::BTreeMap;
use std::fmt;

use domain::channel::ContactKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the notice goes. Personal: printed redacted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Address {
    /// sms, app, ivr, call_live.
    Phone {
        /// Number as `+` and digits, E.164.
        e164: String,
    },
    /// email.
    Email {
        /// Address, exactly as registered.
        email: String,
    },
    /// post.
    Postal {
        /// Lines as they stand on the envelope.
        lines: Vec<String>,
        /// ISO 3166 alpha-2, if it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        country: Option<String>,
    },
}

impl Address {
    /// What kind of contact point this is.
    #[must_use]
    pub const fn kind(&self) -> ContactKind {
        match self {
            Self::Phone { .. } => ContactKind::Phone,
            Self::Email { .. } => ContactKind::Email,
            Self::Postal { .. } => ContactKind::Address,
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}, redacted)", self.kind())
    }
}

/// One piece of a rendered notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Subject line of an e-mail; one line.
    Subject,
    /// Plain text: the whole of an sms or app message, the text alternative of an e-mail, a letter as text.
    Body,
    /// HTML of an e-mail or letter; loads nothing from elsewhere.
    Html,
    /// SSML of a recorded voice.
    Ssml,
    /// What a caller says, step by step.
    Script,
    /// What a caller says to somebody else who answers; names nobody and no organisation.
    ThirdParty,
    /// What may be left on a voicemail, where that is allowed at all.
    Voicemail,
}

impl Part {
    /// Every part, in order.
    pub const ALL: [Self; 7] =
        [Self::Subject, Self::Body, Self::Html, Self::Ssml, Self::Script, Self::ThirdParty, Self::Voicemail];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Body => "body",
            Self::Html => "html",
            Self::Ssml => "ssml",
            Self::Script => "script",
            Self::ThirdParty => "third_party",
            Self::Voicemail => "voicemail",
        }
    }

    /// The part of a word; `None` for any other word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == text)
    }
}

/// The rendered words by part. Personal: printed as names of parts only.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Parts(pub BTreeMap<Part, String>);

impl Parts {
    /// The text of a part.
    #[must_use]
    pub fn get(&self, part: Part) -> Option<&str> {
        self.0.get(&part).map(String::as_str)
    }
}

impl FromIterator<(Part, String)> for Parts {
    fn from_iter<I: IntoIterator<Item = (Part, String)>>(parts: I) -> Self {
        Self(parts.into_iter().collect())
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parts({:?}, redacted)", self.0.keys().collect::<Vec<_>>())
    }
}

/// Writing direction of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// Alphabet of a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SmsEncoding {
    /// GSM 7 bit default alphabet.
    Gsm7,
    /// UCS-2.
    Ucs2,
}

/// How a text message is to be cut; a gateway that would need more segments refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sms {
    /// Alphabet.
    pub encoding: SmsEncoding,
    /// Segments, 1 to 6.
    #[schemars(range(min = 1, max = 6))]
    pub segments: u8,
}

/// What a caller does when a machine answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoicemailRule {
    /// Hang up and leave nothing.
    #[default]
    HangUp,
    /// Say the `voicemail` part and nothing else.
    Neutral,
}

/// What a caller does when somebody else answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThirdPartyRule {
    /// Excuse oneself for a wrong number and hang up.
    #[default]
    HangUp,
    /// Say the `third_party` part and nothing else.
    Script,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "days need no words")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Hours in which the person may be reached, local to [`SafeHours::time_zone`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// Days; empty means every day.
    #[serde(default)]
    pub days: Vec<Day>,
    /// First minute, `HH:MM`.
    #[schemars(regex(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub from: String,
    /// First minute after it, `HH:MM`; earlier than `from` means past midnight.
    #[schemars(regex(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub to: String,
}

/// When a gateway may send. Outside of every window it waits, until `not_after`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SafeHours {
    /// IANA time zone of the person.
    pub time_zone: String,
    /// At least one.
    #[schemars(length(min = 1, max = 21))]
    pub windows: Vec<Window>,
}
