//! How a person can be reached, and how much may be said there (`protection.md` section 1).

use serde::{Deserialize, Serialize};

macro_rules! word {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in files, on the wire and on screen.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of a word; `None` for any other word.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::channel::WordError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text).ok_or($crate::channel::WordError {
                    what: stringify!($name),
                    known: &[$($text),+],
                })
            }
        }
    };
}
pub(crate) use word;

/// A word that its list does not hold. Names the list, never the word that came in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what}: expected one of {}", known.join(", "))]
pub struct WordError {
    /// The list.
    pub what: &'static str,
    /// Its words.
    pub known: &'static [&'static str],
}

word! {
    /// A channel, safest first. The AMQP one is called `amqp_channel` and is private to `broker`.
    Channel {
        /// Private interview by an ICRC delegate or mandated team.
        VisitDetention = "visit_detention",
        /// Child-protection or RFL caseworker, in person.
        Caseworker = "caseworker",
        /// Trained team, in person, at an address.
        FieldVisit = "field_visit",
        /// A caller who opens at L2 and checks identity and privacy first.
        CallLive = "call_live",
        /// Letter.
        Post = "post",
        /// E-mail, HTML and text.
        Email = "email",
        /// Messaging application.
        App = "app",
        /// Text message.
        Sms = "sms",
        /// Recorded voice.
        Ivr = "ivr",
    }
}

impl Channel {
    /// `visit_detention` and `caseworker`.
    #[must_use]
    pub const fn is_team(self) -> bool {
        matches!(self, Self::VisitDetention | Self::Caseworker)
    }

    /// Team and `field_visit`: what leaves is an opaque task.
    #[must_use]
    pub const fn is_in_person(self) -> bool {
        matches!(self, Self::VisitDetention | Self::Caseworker | Self::FieldVisit)
    }

    /// Everything that is not in person.
    #[must_use]
    pub const fn is_remote(self) -> bool {
        !self.is_in_person()
    }

    /// Read by the eye: post, email, app, sms.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Post | Self::Email | Self::App | Self::Sms)
    }

    /// What kind of contact point the channel needs.
    #[must_use]
    pub const fn contact_kind(self) -> Option<ContactKind> {
        match self {
            Self::VisitDetention | Self::Caseworker => None,
            Self::FieldVisit | Self::Post => Some(ContactKind::Address),
            Self::CallLive | Self::App | Self::Sms | Self::Ivr => Some(ContactKind::Phone),
            Self::Email => Some(ContactKind::Email),
        }
    }

    /// The form an L3 notice takes here.
    #[must_use]
    pub const fn form(self) -> Form {
        match self {
            Self::App | Self::Sms | Self::Ivr => Form::Short,
            _ => Form::Full,
        }
    }
}

word! {
    /// What a contact point is.
    ContactKind {
        /// E.164 number.
        Phone = "phone",
        /// E-mail address.
        Email = "email",
        /// Postal or physical address.
        Address = "address",
    }
}

word! {
    /// The most that a recipient may be told; ordered, `L0` least.
    Level {
        /// Nothing.
        L0 = "L0",
        /// An opaque task for a named team.
        L1 = "L1",
        /// A neutral call-back.
        L2 = "L2",
        /// The general notice of the incident for that audience.
        L3 = "L3",
        /// The person's own exposed data and case: in person, in private, never transmitted.
        L4 = "L4",
    }
}

word! {
    /// How long an L3 notice is.
    Form {
        /// sms, app, ivr.
        Short = "short",
        /// email, post, spoken scripts.
        Full = "full",
    }
}

/// Who receives: the person, or a verified guardian (by position in the person's guardian list).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// The person.
    #[serde(rename = "self")]
    Person,
    /// The guardian at this index of the person's facts.
    Guardian(u8),
}

/// The level a route starts from; `None` where the table has no such route.
#[must_use]
pub const fn base_level(channel: Channel, recipient: Recipient) -> Option<Level> {
    match (channel, recipient) {
        (Channel::VisitDetention | Channel::Caseworker | Channel::FieldVisit, Recipient::Person) => Some(Level::L4),
        (
            Channel::CallLive | Channel::Post | Channel::Email | Channel::App | Channel::Sms | Channel::Ivr,
            Recipient::Person,
        )
        | (Channel::FieldVisit | Channel::CallLive | Channel::Post, Recipient::Guardian(_)) => Some(Level::L3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip_and_unknown_words_are_refused() {
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.as_str()), Some(*channel));
        }
        assert!("pigeon".parse::<Channel>().is_err());
    }

    #[test]
    fn short_form_exactly_on_app_sms_ivr() {
        let short: Vec<_> = Channel::ALL.iter().filter(|c| c.form() == Form::Short).collect();
        assert_eq!(short, [&Channel::App, &Channel::Sms, &Channel::Ivr]);
    }

    #[test]
    fn guardians_are_never_written_to_by_text_message_or_mail() {
        for channel in [Channel::Sms, Channel::App, Channel::Ivr, Channel::Email] {
            assert_eq!(base_level(channel, Recipient::Guardian(0)), None);
        }
    }
}
