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
    /// What their keys signed, in the same order: [`statement`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
    /// When.
    pub on: Date,
    /// Emergency approvals end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
}

/// An operator's signature. This crate asks only that it is there; who loads the words proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Id of the operator.
    pub operator: String,
    /// Ed25519 public key, in hex.
    pub key: String,
    /// Signature over the [`statement`], in hex.
    pub signature: String,
}

/// What an approver signs: the exact words, in which language, for which notice, in which state, until when, and
/// under which name. Fields cannot run into each other: each stands in a line of its own and none holds a line break.
#[must_use]
pub fn statement(tag: &crate::Tag, entry: &Entry, name: &str) -> String {
    let line = |text: &str| text.replace(['\n', '\r'], " ");
    let expires = entry.expires.map_or_else(|| "-".to_owned(), |last| last.to_string());
    let Entry { unit, state, source, words, on, .. } = entry;
    let (translator, name) = (line(&entry.translator), line(name));
    format!("tidings words 1\n{tag}\n{unit}\n{state}\n{source}\n{words}\n{translator}\n{on}\n{expires}\n{name}\n")
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

    /// State of a unit whose words are these now. Approvals of translations take signatures; those of the English
    /// words that come with the program are the project's own.
    #[must_use]
    pub fn of(&self, unit: Unit, now: &Hashes, translation: bool) -> Approval {
        let Some(entry) = self.units.iter().find(|e| e.unit == unit) else {
            return Approval::bare(self.state);
        };
        let unchanged = entry.source == now.source && entry.words == now.words;
        let state = match entry.state {
            State::Approved if !unchanged => State::Outdated,
            State::Approved if problem(entry, translation).is_some() => State::Draft,
            state => state,
        };
        Approval { state, by: entry.approved_by.clone(), on: Some(entry.on), expires: entry.expires }
    }
}

/// Why an approval does not count, whatever the file says.
#[must_use]
pub fn problem(entry: &Entry, translation: bool) -> Option<&'static str> {
    let keys: std::collections::BTreeSet<&str> = entry.signatures.iter().map(|s| s.key.as_str()).collect();
    // «A. Reader, linguist» and «a. reader» are one person
    let person = |text: &str| text.split(',').next().unwrap_or_default().trim().to_lowercase();
    let names: std::collections::BTreeSet<String> =
        entry.approved_by.iter().map(|name| person(name)).filter(|name| !name.is_empty()).collect();
    if entry.state != State::Approved {
        None
    } else if names.is_empty() {
        Some("nobody's name stands beside the approval")
    } else if !entry.translator.is_empty() && names.contains(&person(&entry.translator)) {
        Some("who translates does not approve")
    } else if translation && (keys.is_empty() || keys.len() != entry.approved_by.len()) {
        Some("not everybody named has signed with a key of their own")
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
            signatures: vec![signed("a")],
            on: jiff::civil::date(2026, 1, 2),
            expires: None,
        }
    }

    fn signed(key: &str) -> Signature {
        Signature { operator: "o".to_owned(), key: key.to_owned(), signature: "s".to_owned() }
    }

    fn now(source: &str, words: &str) -> Hashes {
        Hashes { source: source.to_owned(), words: words.to_owned() }
    }

    #[test]
    fn only_what_was_approved_as_it_is_counts() {
        let approvals = Approvals { units: vec![entry()], ..Approvals::none() };
        let unit = entry().unit;
        assert_eq!(approvals.of(unit, &now("s", "w"), true).state, State::Approved);
        assert_eq!(approvals.of(unit, &now("s2", "w"), true).state, State::Outdated);
        assert_eq!(approvals.of(unit, &now("s", "w2"), true).state, State::Outdated);
        let other = Unit { level: Level::L3, kind: NoticeKind::Initial, ..unit };
        assert_eq!(approvals.of(other, &now("s", "w"), true).state, State::MachineDraft);
    }

    #[test]
    fn translators_do_not_approve_and_emergencies_take_two() {
        let with = |change: fn(&mut Entry)| {
            let mut e = entry();
            change(&mut e);
            Approvals { units: vec![e.clone()], ..Approvals::none() }.of(e.unit, &now("s", "w"), true)
        };
        assert_eq!(with(|e| e.approved_by = vec!["T".to_owned()]).state, State::Draft);
        assert_eq!(with(|e| e.approved_by = vec!["t, linguist".to_owned()]).state, State::Draft);
        assert_eq!(with(|e| e.approved_by.clear()).state, State::Draft);
        assert_eq!(with(|e| e.signatures.clear()).state, State::Draft);
        assert_eq!(with(|e| e.approved_by.push("B".to_owned())).state, State::Draft, "B has not signed");
        let last = jiff::civil::date(2026, 1, 5);
        assert_eq!(with(|e| e.expires = Some(jiff::civil::date(2026, 1, 5))).state, State::Draft);
        let two = with(|e| {
            e.expires = Some(jiff::civil::date(2026, 1, 5));
            e.approved_by.push("B".to_owned());
            e.signatures.push(signed("b"));
        });
        assert!(two.sendable(Some(last)) && !two.sendable(Some(jiff::civil::date(2026, 1, 6))) && !two.sendable(None));
    }

    #[test]
    fn every_field_of_an_approval_is_signed() {
        let tag = crate::Tag::parse("fr").unwrap();
        let signed = |change: fn(&mut Entry)| {
            let mut e = entry();
            change(&mut e);
            statement(&tag, &e, "A")
        };
        let plain = signed(|_| {});
        for change in [
            (|e| e.unit.level = Level::L3) as fn(&mut Entry),
            |e| e.state = State::Rejected,
            |e| e.source.push('x'),
            |e| e.words.push('x'),
            |e| e.translator.push('x'),
            |e| e.on = jiff::civil::date(2026, 1, 3),
            |e| e.expires = Some(e.on),
        ] {
            assert_ne!(signed(change), plain);
        }
        assert_ne!(statement(&tag, &entry(), "B"), plain);
        assert_ne!(statement(&crate::Tag::parse("fr-CD").unwrap(), &entry(), "A"), plain);
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
