//! What is true about an invented person, and what must never happen to that person. It is written down from the
//! story («an abuser answers this phone»), not from the protection rules, so that it can judge them.

use std::fmt;

use domain::record::Text;
use domain::{Channel, Level};
use serde::{Deserialize, Serialize};

/// The six groups that the mission names.
pub const GROUPS: [&str; 6] = ["missing", "families", "children", "detainees", "aid", "staff"];

/// Something that must never happen to a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ban {
    /// Nothing at all may leave in this person's name, not even a task.
    Everything {
        /// The story behind it.
        why: String,
    },
    /// Nothing but these channels.
    Only {
        /// The channels that stay.
        channels: Vec<Channel>,
        /// The story behind it.
        why: String,
    },
    /// Remote words reach nobody but the people at these values.
    RemoteOnlyTo {
        /// The values that stay.
        values: Vec<Text>,
        /// The story behind it.
        why: String,
    },
    /// Nothing remote, and nobody at the door, at this value.
    Value {
        /// Phone number, e-mail or postal address.
        value: Text,
        /// The story behind it.
        why: String,
    },
    /// No more than this level at this value, or on this channel, or both.
    Above {
        /// Highest level.
        level: Level,
        /// Only at this value.
        value: Option<Text>,
        /// Only on this channel.
        channel: Option<Channel>,
        /// The story behind it.
        why: String,
    },
    /// No remote word about detention.
    DetentionWords {
        /// The story behind it.
        why: String,
    },
    /// Nowhere outside a private room the name of this other person.
    Name {
        /// Full names in the spellings of the registers.
        names: Vec<Text>,
        /// The story behind it.
        why: String,
    },
}

/// One invented person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// Number of the person, from 0.
    pub person: u32,
    /// Name of the story that the person belongs to.
    pub story: String,
    /// The person's records: index of the register, record id.
    pub records: Vec<(usize, Text)>,
    /// The mission's groups that the person belongs to.
    pub groups: Vec<String>,
    /// Full names in the spellings of the registers.
    pub names: Vec<Text>,
    /// What must never happen.
    pub bans: Vec<Ban>,
}

impl fmt::Debug for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Truth({}, {})", self.person, self.story)
    }
}

impl fmt::Debug for Ban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why())
    }
}

impl Ban {
    /// The story behind it.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Everything { why }
            | Self::Only { why, .. }
            | Self::RemoteOnlyTo { why, .. }
            | Self::Value { why, .. }
            | Self::Above { why, .. }
            | Self::DetentionWords { why }
            | Self::Name { why, .. } => why,
        }
    }

    fn breaks(&self, channel: Channel, contact: Option<&str>, level: Level, words: &str) -> bool {
        match self {
            Self::Everything { .. } => true,
            Self::Only { channels, .. } => !channels.contains(&channel),
            Self::RemoteOnlyTo { values, .. } => {
                channel.is_remote() && !values.iter().any(|v| Some(v.expose()) == contact)
            }
            // A team that works with a person elsewhere does not use the value.
            Self::Value { value, .. } => !channel.is_team() && contact == Some(value.expose()),
            Self::Above { level: most, value, channel: on, .. } => {
                level > *most
                    && channel.is_remote()
                    && value.as_ref().is_none_or(|v| contact == Some(v.expose()))
                    && on.is_none_or(|c| c == channel)
            }
            Self::DetentionWords { .. } => channel.is_remote() && speaks_of_detention(words),
            Self::Name { names, .. } => names.iter().any(|name| holds(words, name.expose())),
        }
    }
}

impl Truth {
    /// The story that this message breaks, if any: what a gateway opened, compared with what is true.
    /// `contact` is the address on the envelope, `level` the level on the wire, `words` all that it says.
    #[must_use]
    pub fn forbids(&self, channel: Channel, contact: Option<&str>, level: Level, words: &str) -> Option<&str> {
        if let Some(ban) = self.bans.iter().find(|ban| ban.breaks(channel, contact, level, words)) {
            return Some(ban.why());
        }
        let neutral = level <= Level::L2 && channel.is_remote();
        if neutral && self.names.iter().any(|name| holds(words, name.expose())) {
            return Some("a neutral call-back names nobody");
        }
        (channel.is_in_person() && level > Level::L1).then_some("a task on the wire says nothing")
    }
}

/// Names shorter than this stand inside ordinary words («Li» in «list»).
const SHORTEST_NAME: usize = 7;

fn holds(words: &str, name: &str) -> bool {
    let long_enough = name.len() >= SHORTEST_NAME && (!name.is_ascii() || name.contains(' '));
    long_enough && words.contains(name)
}

fn speaks_of_detention(words: &str) -> bool {
    let lower = words.to_lowercase();
    DETENTION_WORDS.iter().any(|word| lower.contains(word))
}

/// Stems that speak of detention, in the languages of the invented world and a few more.
const DETENTION_WORDS: &[&str] = &[
    "detention",
    "detained",
    "detainee",
    "prison",
    "jail",
    "custody",
    "imprison",
    "arrest", // English, French
    "détention",
    "détenu",
    "prisión",
    "cárcel",
    "detenid", // French, Spanish
    "gereza",
    "kizuizini",
    "mfungwa",
    "xabsi", // Swahili, Somali
    "احتجاز",
    "محتجز",
    "معتقل",
    "سجن",
    "سجين",
    "زندان",
    "بازداشت", // Arabic, Persian
    "ув'язн",
    "ув’язн",
    "в'язниц",
    "в’язниц",
    "затриман",
    "тюрьм",
    "тюрем",
    "задержан",
    "заключён",
    "заключен", // Ukrainian, Russian
    "কারাগার",
    "আটক রাখা",
    "আটককৃত",
    "বন্দি",
    "বন্দী", // Bengali
    "အကျဉ်းထောင်",
    "အကျဉ်းသား",
    "ထိန်းသိမ်းခံ", // Burmese
    "እስር",
    "እስረኛ",
    "እስረኞች", // Amharic
    "拘留",
    "监狱",
    "關押",
    "关押",
    "監獄",
    "被捕", // Han
];

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(ban: Ban) -> Truth {
        Truth {
            person: 0,
            story: "test".to_owned(),
            records: Vec::new(),
            groups: Vec::new(),
            names: vec!["Amina Synthetic".into()],
            bans: vec![ban],
        }
    }

    #[test]
    fn each_ban_forbids_what_it_says_and_nothing_else() {
        let why = || "told".to_owned();
        let phone = "+254720000001";
        let at = Some(phone);
        type Case<'a> = (Ban, Channel, Option<&'a str>, Level, &'a str, bool);
        let cases: Vec<Case<'_>> = vec![
            (Ban::Everything { why: why() }, Channel::Caseworker, None, Level::L1, "", true),
            (
                Ban::Only { channels: vec![Channel::VisitDetention], why: why() },
                Channel::VisitDetention,
                None,
                Level::L1,
                "",
                false,
            ),
            (
                Ban::Only { channels: vec![Channel::VisitDetention], why: why() },
                Channel::Caseworker,
                None,
                Level::L1,
                "",
                true,
            ),
            (Ban::RemoteOnlyTo { values: vec![phone.into()], why: why() }, Channel::CallLive, at, Level::L3, "", false),
            (
                Ban::RemoteOnlyTo { values: vec![phone.into()], why: why() },
                Channel::CallLive,
                Some("+1"),
                Level::L2,
                "",
                true,
            ),
            (Ban::RemoteOnlyTo { values: vec![], why: why() }, Channel::Caseworker, None, Level::L1, "", false),
            (Ban::Value { value: phone.into(), why: why() }, Channel::Sms, at, Level::L2, "", true),
            (Ban::Value { value: phone.into(), why: why() }, Channel::Sms, Some("+2"), Level::L2, "", false),
            (
                Ban::Above { level: Level::L2, value: Some(phone.into()), channel: None, why: why() },
                Channel::Sms,
                at,
                Level::L3,
                "",
                true,
            ),
            (
                Ban::Above { level: Level::L2, value: Some(phone.into()), channel: None, why: why() },
                Channel::Sms,
                at,
                Level::L2,
                "",
                false,
            ),
            (Ban::DetentionWords { why: why() }, Channel::Sms, at, Level::L3, "About your DETENTION file", true),
            (Ban::DetentionWords { why: why() }, Channel::Sms, at, Level::L3, "Please call us", false),
            (
                Ban::Name { names: vec!["Yusuf Example".into()], why: why() },
                Channel::Post,
                at,
                Level::L3,
                "We look for Yusuf Example.",
                true,
            ),
        ];
        for (i, (ban, channel, contact, level, words, forbidden)) in cases.into_iter().enumerate() {
            let verdict = truth(ban);
            assert_eq!(verdict.forbids(channel, contact, level, words).is_some(), forbidden, "case {i}");
        }
    }

    #[test]
    fn a_neutral_message_names_nobody_and_a_letter_may() {
        let person = truth(Ban::DetentionWords { why: String::new() });
        assert!(person.forbids(Channel::Sms, None, Level::L2, "Amina Synthetic, call us").is_some());
        assert_eq!(person.forbids(Channel::Post, None, Level::L3, "Dear Amina Synthetic"), None);
    }
}
