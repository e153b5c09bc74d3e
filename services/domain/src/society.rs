//! National Societies and the contexts they assess. Written by operators as TOML, signed by two.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::channel::word;
use crate::{Channel, Level};

/// ISO 3166 alpha-2 code of a Society's country in upper case, or `ICRC`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct SocietyCode(String);

/// The text is neither two letters nor `ICRC`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a Society is an ISO 3166 alpha-2 code in upper case, or ICRC")]
pub struct SocietyCodeError;

impl SocietyCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SocietyCode {
    type Err = SocietyCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        if letters || text == "ICRC" { Ok(Self(text.to_owned())) } else { Err(SocietyCodeError) }
    }
}

impl TryFrom<String> for SocietyCode {
    type Error = SocietyCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SocietyCode> for String {
    fn from(code: SocietyCode) -> Self {
        code.0
    }
}

impl fmt::Display for SocietyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SocietyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

word! {
    /// Risk tier of a context; a missing or unsigned assessment is none at all.
    RiskTier {
        /// Silence on the starred facts means their first value.
        Standard = "standard",
        /// Unknown is strict.
        High = "high",
    }
}

/// One register in one country of presence, assessed by two people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// Source system the register comes from; `*` for every register of the Society.
    pub system: String,
    /// Country of presence, alpha-2; `*` where the assessment holds for every known country.
    pub country: String,
    /// Tier.
    pub tier: RiskTier,
    /// Date of the assessment.
    pub assessed_on: Date,
    /// The two people who signed. Fewer than two different names: no assessment.
    pub assessed_by: Vec<String>,
    /// A low-literacy context: unknown literacy is strict (R22b).
    #[serde(default)]
    pub low_literacy: bool,
    /// No text carries a phone number (H15).
    #[serde(default)]
    pub high_fraud: bool,
    /// National age of majority, where it is above 18 (R15b notes it, nothing more).
    #[serde(default)]
    pub majority: Option<u8>,
    /// The country reads as high-risk origin for refugees listed here (alpha-2 codes), for R21b. Empty: any.
    #[serde(default)]
    pub origin_countries: Vec<String>,
}

/// Opening hours of a hotline in one language, local to the Society's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotlineHours {
    /// BCP-47.
    pub language: String,
    /// First minute open.
    pub opens: Time,
    /// First minute closed.
    pub closes: Time,
    /// Calls that this language's staff can take in an hour; bounds how many messages in it leave in an hour.
    pub calls_per_hour: u32,
}

/// The free contact point that every notice names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hotline {
    /// Number as published at the Society's offices, E.164 or a short code.
    pub number: String,
    /// Whether a call costs nothing.
    pub free_of_charge: bool,
    /// Where the number is published, for contexts in which no text may carry it.
    pub published_at: String,
    /// Hours and capacity by language.
    pub hours: Vec<HotlineHours>,
    /// Messages that bring one call, as the Society has seen it; absent: [`crate::pace::MESSAGES_PER_CALL`].
    #[serde(default)]
    pub messages_per_call: Option<u32>,
}

/// What a Society offers on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Channel.
    pub channel: Channel,
    /// Languages of its speakers or recordings; empty for text channels, where approved words decide.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Highest level a team of this channel is trained for; absent: no limit of its own.
    #[serde(default)]
    pub up_to: Option<Level>,
    /// The team is trained in child protection (R04, R15).
    #[serde(default)]
    pub child_protection: bool,
    /// Messages that leave in a minute at most.
    #[serde(default)]
    pub per_minute: Option<u32>,
}

/// A National Society (or the ICRC) and what it can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Society {
    /// Code.
    pub code: SocietyCode,
    /// Name of the organisation by language; `en` is required.
    pub name: BTreeMap<String, String>,
    /// Alphanumeric sender or caller line, at most 11 characters.
    pub sender: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Return address on envelopes: plain, names no service.
    pub return_address: Vec<String>,
    /// Office that teams report to; goes into tasks.
    pub office: String,
    /// Hotline.
    pub hotline: Hotline,
    /// Channels in the Society's order of preference; in person is planned last whatever its place.
    pub offers: Vec<Offer>,
    /// May visit places of detention.
    #[serde(default)]
    pub detention_access: bool,
    /// Unaccepted messages that may lie at the gateway at once.
    #[serde(default = "default_credit")]
    pub credit: u32,
    /// Assessed contexts.
    pub contexts: Vec<Context>,
    /// Synthetic Society, for drills only.
    #[serde(default)]
    pub synthetic: bool,
}

/// Design: a dead or stolen gateway holds at most this many sealed messages.
const fn default_credit() -> u32 {
    500
}

impl Society {
    /// The offer on a channel, if the Society has that channel at all.
    #[must_use]
    pub fn offer(&self, channel: Channel) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.channel == channel)
    }

    /// The signed assessment for a register in a country of presence. An unknown country matches nothing.
    #[must_use]
    pub fn context(&self, system: &str, country: Option<&str>) -> Option<&Context> {
        let country = country?;
        self.contexts
            .iter()
            .filter(|c| (c.system == system || c.system == "*") && (c.country == country || c.country == "*"))
            .filter(|c| c.is_signed())
            .max_by_key(|c| (c.country != "*", c.system != "*"))
    }
}

impl Context {
    /// Two different people have signed.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        let mut names: Vec<_> = self.assessed_by.iter().filter(|n| !n.trim().is_empty()).collect();
        names.sort();
        names.dedup();
        names.len() >= 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        assert!("KE".parse::<SocietyCode>().is_ok());
        assert!("ICRC".parse::<SocietyCode>().is_ok());
        for wrong in ["ke", "KEN", "", "K1", "IFRC"] {
            assert!(wrong.parse::<SocietyCode>().is_err());
        }
    }
}
