//! Who approved which words. A file `approvals.toml` beside the words of each language holds it; hashes bind it to
//! the exact words and to the exact English ones, so that a change of either makes it void.

use std::collections::BTreeMap;

use domain::{Channel, Level, NoticeKind};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::LoadError;

/// State of the words of one notice in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Written by a program or by someone who does not answer for it: previews and drills only.
    MachineDraft,
    /// Written by a translator.
    Draft,
    /// Revised by a second linguist.
    Revised,
    /// Translated back and compared.
    BackTranslated,
    /// Understood by speakers in a test.
    Tested,
    /// Approved: may be sent.
    Approved,
    /// Approved once, but the words or the English ones have changed since, or its time has passed.
    Outdated,
    /// Refused by a reviewer.
    Rejected,
    /// Taken back.
    Withdrawn,
}

impl State {
    /// The word in files and on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MachineDraft => "machine-draft",
            Self::Draft => "draft",
            Self::Revised => "revised",
            Self::BackTranslated => "back-translated",
            Self::Tested => "tested",
            Self::Approved => "approved",
            Self::Outdated => "outdated",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is approved together: one notice on one channel at one level, for every audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unit {
    /// Notice; tasks (L1) count as `initial`, since they say the same whatever the notice.
    pub kind: NoticeKind,
    /// Channel.
    pub channel: Channel,
    /// Level.
    pub level: Level,
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.kind, self.channel, self.level)
    }
}

/// The words that a unit needs, by what they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashes {
    /// SHA-256, in hex, over the ids of the message set and the English messages.
    pub source: String,
    /// The same over this language's messages.
    pub words: String,
}

/// One entry of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What.
    #[serde(flatten)]
    pub unit: Unit,
    /// State given by people.
    pub state: State,
    /// Hash of the English message set at that time.
    pub source: String,
    /// Hash of the message set at that time.
    pub words: String,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub translator: String,
    /// Who approved it: names and roles; never the translator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approved_by: Vec<String>,
    /// When.
    pub on: Date,
    /// Emergency approvals end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approvals {
    /// State of every unit without an entry.
    pub state: State,
    /// Who wrote the words, where one hand wrote them all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub translator: String,
    /// Hash of all English messages when these words were written; shows drift before anybody has approved.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Entries.
    #[serde(default, rename = "unit", skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Entry>,
}

/// State of a unit now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// State, after comparing hashes.
    pub state: State,
    /// Who approved it.
    pub by: Vec<String>,
    /// When.
    pub on: Option<Date>,
    /// Last day.
    pub expires: Option<Date>,
}

impl Approval {
    const fn bare(state: State) -> Self {
        Self { state, by: Vec::new(), on: None, expires: None }
    }

    /// May be sent in a real campaign on this day.
    #[must_use]
    pub fn sendable(&self, on: Option<Date>) -> bool {
        self.state == State::Approved && self.expires.is_none_or(|last| on.is_some_and(|on| on <= last))
    }
}

impl Approvals {
    /// Nobody has approved anything.
    #[must_use]
    pub const fn none() -> Self {
        Self { state: State::MachineDraft, translator: String::new(), source: String::new(), units: Vec::new() }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// Not TOML, unknown keys, a unit twice, an approval of everything at once, a blanket state that only a unit may have.
    pub fn read(path: &str, content: &str) -> Result<Self, LoadError> {
        let wrong = |problem: String| LoadError::Approvals { file: path.to_owned(), problem };
        let approvals: Self = toml::from_str(content).map_err(|e| wrong(e.message().to_owned()))?;
        if matches!(approvals.state, State::Approved | State::Outdated) {
            return Err(wrong("words are approved unit by unit, never all at once".to_owned()));
        }
        let mut seen = BTreeMap::new();
        for entry in &approvals.units {
            if seen.insert(entry.unit, ()).is_some() {
                return Err(wrong(format!("unit {} stands twice", entry.unit)));
            }
        }
        Ok(approvals)
    }

    /// The file's text.
    ///
    /// # Errors
    /// The values cannot be written as TOML (they always can).
    pub fn write(&self) -> Result<String, toml::ser::Error> {
        let body = toml::to_string(self)?;
        Ok(format!("# Who approved which words; hashes bind it to them. Written by `tidings locales approve`.\n{body}"))
    }

    /// State of a unit whose words are these now.
    #[must_use]
    pub fn of(&self, unit: Unit, now: &Hashes) -> Approval {
        let Some(entry) = self.units.iter().find(|e| e.unit == unit) else {
            return Approval::bare(self.state);
        };
        let unchanged = entry.source == now.source && entry.words == now.words;
        let state = match entry.state {
            State::Approved if !unchanged => State::Outdated,
            State::Approved if problem(entry).is_some() => State::Draft,
            state => state,
        };
        Approval { state, by: entry.approved_by.clone(), on: Some(entry.on), expires: entry.expires }
    }
}

/// Why an approval does not count, whatever the file says.
#[must_use]
pub fn problem(entry: &Entry) -> Option<&'static str> {
    let names: std::collections::BTreeSet<&str> =
        entry.approved_by.iter().map(|n| n.trim()).filter(|n| !n.is_empty()).collect();
    if entry.state != State::Approved {
        None
    } else if names.is_empty() {
        Some("nobody's name stands beside the approval")
    } else if !entry.translator.is_empty() && names.contains(entry.translator.trim()) {
        Some("who translates does not approve")
    } else if entry.expires.is_some() && names.len() < 2 {
        Some("an emergency approval takes two people")
    } else if entry.expires.is_some() && entry.unit.level != Level::L2 {
        Some("an emergency approval is for neutral words only")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            unit: Unit { kind: NoticeKind::CallBack, channel: Channel::Sms, level: Level::L2 },
            state: State::Approved,
            source: "s".to_owned(),
            words: "w".to_owned(),
            translator: "T".to_owned(),
            approved_by: vec!["A".to_owned()],
            on: jiff::civil::date(2026, 1, 2),
            expires: None,
        }
    }

    fn now(source: &str, words: &str) -> Hashes {
        Hashes { source: source.to_owned(), words: words.to_owned() }
    }

    #[test]
    fn only_what_was_approved_as_it_is_counts() {
        let approvals = Approvals { units: vec![entry()], ..Approvals::none() };
        let unit = entry().unit;
        assert_eq!(approvals.of(unit, &now("s", "w")).state, State::Approved);
        assert_eq!(approvals.of(unit, &now("s2", "w")).state, State::Outdated);
        assert_eq!(approvals.of(unit, &now("s", "w2")).state, State::Outdated);
        let other = Unit { level: Level::L3, kind: NoticeKind::Initial, ..unit };
        assert_eq!(approvals.of(other, &now("s", "w")).state, State::MachineDraft);
    }

    #[test]
    fn translators_do_not_approve_and_emergencies_take_two() {
        let with = |change: fn(&mut Entry)| {
            let mut e = entry();
            change(&mut e);
            Approvals { units: vec![e.clone()], ..Approvals::none() }.of(e.unit, &now("s", "w"))
        };
        assert_eq!(with(|e| e.approved_by = vec!["T".to_owned()]).state, State::Draft);
        assert_eq!(with(|e| e.approved_by.clear()).state, State::Draft);
        let last = jiff::civil::date(2026, 1, 5);
        assert_eq!(with(|e| e.expires = Some(jiff::civil::date(2026, 1, 5))).state, State::Draft);
        let two = with(|e| {
            e.expires = Some(jiff::civil::date(2026, 1, 5));
            e.approved_by.push("B".to_owned());
        });
        assert!(two.sendable(Some(last)) && !two.sendable(Some(jiff::civil::date(2026, 1, 6))) && !two.sendable(None));
    }

    #[test]
    fn the_file_round_trips_and_blanket_approval_is_refused() {
        let approvals = Approvals { units: vec![entry()], translator: "T".to_owned(), ..Approvals::none() };
        let text = approvals.write().unwrap();
        assert_eq!(Approvals::read("x", &text), Ok(approvals));
        assert!(Approvals::read("x", "state = \"approved\"\n").is_err());
        assert!(Approvals::read("x", "state = \"draft\"\nsigned = true\n").is_err());
        let twice = format!("{text}\n{}", &text[text.find("[[unit]]").unwrap()..]);
        assert!(Approvals::read("x", &twice).is_err_and(|e| e.to_string().contains("twice")));
    }
}
