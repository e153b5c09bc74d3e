//! From facts, Society and request to the arguments of the messages: checked, and safe to stand in a notice.

use domain::channel::Channel;
use domain::incident::{Certainty, IncidentFacts};
use domain::society::{HotlineHours, Society};
use domain::{Level, notice::Notice};
use jiff::civil::Time;
use unicode_normalization::UnicodeNormalization;

use crate::error::Refusal;
use crate::medium::Medium;
use crate::text::{self, FSI, HOTLINE, LABEL, PDI, REFERENCE, RLM};
use crate::words::{Args, Words};
use crate::{Direction, Tag};

/// Key that a listener presses; said by the recording.
const KEY: &str = "1";
/// Longest label, name or office; longer ones would burst every budget.
const LONGEST: usize = 120;
/// Digits from which on a text reads as a phone number.
const PHONE_DIGITS: usize = 6;

/// How the organisation, or the label, stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Name {
    /// The organisation's name.
    Organisation,
    /// The label agreed with the person, filled in at the end.
    Label,
    /// None: spoken only.
    Nothing,
}

/// Arguments that do not depend on the medium. `hotline` is added by [`for_medium`].
pub(crate) fn common(
    words: &Words,
    facts: &IncidentFacts,
    society: &Society,
    name: Name,
    autonym: impl Fn(&Tag) -> Option<String>,
) -> Result<Args, Refusal> {
    let mut args = Args::new();
    let org = organisation(words.tag(), society)?;
    match name {
        Name::Organisation => drop(args.insert("name", org.clone())),
        Name::Label => drop(args.insert("name", LABEL.to_string())),
        Name::Nothing => {}
    }
    args.insert("org", org);
    args.insert("reference", REFERENCE.to_string());
    args.insert("key", KEY.to_owned());
    args.insert("version", crate::dates::number(words, facts.version)?);
    args.insert("asof", crate::dates::in_words(words, facts.as_of)?);
    args.insert("started", crate::dates::in_words(words, facts.started_on)?);
    args.insert("discovered", crate::dates::in_words(words, facts.discovered_on)?);
    if let Some(ended) = facts.ended_on {
        args.insert("ended", crate::dates::in_words(words, ended)?);
    }
    args.insert("dpo", checked("data_protection_contact", &facts.data_protection_contact)?);
    let (opens, closes) = hours(words.tag(), society)?;
    args.insert("opens", clock(opens));
    args.insert("closes", clock(closes));
    args.insert("opens_part", part_of_day(opens).to_owned());
    args.insert("closes_part", part_of_day(closes).to_owned());
    args.insert("languages", languages(words.tag(), society, autonym)?);
    Ok(args)
}

/// The arguments for one medium: how the hotline's number is written.
pub(crate) fn for_medium(
    args: &Args,
    society: &Society,
    medium: Medium,
    direction: Direction,
    high_fraud: bool,
) -> Result<Args, Refusal> {
    let mut args = args.clone();
    if high_fraud {
        if text::digits(&args["dpo"]) >= PHONE_DIGITS {
            let problem = "reads as a phone number, which no text carries in a high-fraud context";
            return Err(Refusal::Value { field: "data_protection_contact", problem });
        }
        return Ok(args);
    }
    let number = number(&society.hotline.number)?;
    let number = match (medium, direction) {
        (Medium::Ssml | Medium::Html, _) => HOTLINE.to_string(),
        // without isolates, spaces and a plus sign would turn the number round on the screen
        (Medium::Line, Direction::Rtl) => text::digits_only(number),
        _ => number.to_owned(),
    };
    args.insert("hotline", number);
    Ok(args)
}

/// The name of the organisation in a language; its English one where the Society gives none: a name may stay as it is.
fn organisation(tag: &Tag, society: &Society) -> Result<String, Refusal> {
    let own = society.name.iter().find(|(t, _)| Tag::parse(t).is_ok_and(|t| t == *tag));
    let base = || society.name.iter().find(|(t, _)| Tag::parse(t).is_ok_and(|t| t.as_str() == tag.language()));
    let name = own.or_else(base).map(|(_, name)| name).or_else(|| society.name.get("en"));
    let name = name.ok_or(Refusal::Value { field: "society.name", problem: "has no English entry" })?;
    checked("society.name", name)
}

/// The number, if it is one.
pub(crate) fn number(text: &str) -> Result<&str, Refusal> {
    let wrong = |problem| Err(Refusal::Value { field: "hotline.number", problem });
    let text = text.trim();
    if !text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')')) {
        return wrong("contains something other than digits, +, spaces, hyphens and brackets");
    }
    match text::digits(text) {
        3..=15 => Ok(text),
        _ => wrong("has fewer than three or more than fifteen digits"),
    }
}

/// A value that may stand in a notice, in normal form C.
pub(crate) fn checked(field: &'static str, value: &str) -> Result<String, Refusal> {
    let wrong = |problem| Err(Refusal::Value { field, problem });
    let value = value.trim();
    if value.is_empty() {
        wrong("is empty")
    } else if value.chars().count() > LONGEST {
        wrong("is too long")
    } else if value.chars().any(text::is_bidi_control) {
        wrong("contains a bidi control")
    } else if value.chars().any(text::is_forbidden) {
        wrong("contains a line break, a control or a private-use character")
    } else if text::looks_like_link(value) {
        wrong("contains a link or an e-mail address")
    } else {
        Ok(value.nfc().collect())
    }
}

/// Hours in this language; where nobody answers in it, the hours in which anybody does.
fn hours(tag: &Tag, society: &Society) -> Result<(Time, Time), Refusal> {
    let all = &society.hotline.hours;
    let of = |hours: &HotlineHours| Tag::parse(&hours.language).ok();
    let exact = all.iter().find(|h| of(h).as_ref() == Some(tag));
    let near = || all.iter().find(|h| of(h).is_some_and(|t| crate::choose::chain(tag, true).contains(&t)));
    match exact.or_else(near) {
        Some(hours) => Ok((hours.opens, hours.closes)),
        None => {
            let opens = all.iter().map(|h| h.opens).min().ok_or(Refusal::NoHotline)?;
            let closes = all.iter().map(|h| h.closes).max().ok_or(Refusal::NoHotline)?;
            Ok((opens, closes))
        }
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// For languages that count the hours from dawn and must say which half of the day is meant.
fn part_of_day(time: Time) -> &'static str {
    match time.hour() {
        5..=11 => "morning",
        12..=17 => "afternoon",
        18..=21 => "evening",
        _ => "night",
    }
}

/// The hotline's languages by their own names, each once.
fn languages(tag: &Tag, society: &Society, autonym: impl Fn(&Tag) -> Option<String>) -> Result<String, Refusal> {
    let mut names: Vec<String> = Vec::new();
    for hours in &society.hotline.hours {
        let Ok(spoken) = Tag::parse(&hours.language) else {
            continue;
        };
        let name = crate::choose::chain(&spoken, false).iter().find_map(&autonym).or_else(|| other_autonym(&spoken));
        if let Some(name) = name.filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(Refusal::NoHotline);
    }
    let comma = match tag.language() {
        "ar" | "fa" | "ps" | "ckb" => "، ",
        "am" | "ti" => "፣ ",
        "my" => "၊ ",
        _ => ", ",
    };
    if let [only] = names.as_slice() {
        return Ok(only.clone());
    }
    // Fluent isolates the list by its first strong letter, and the names in it are isolated already
    let mark = if tag.direction() == Direction::Rtl { RLM.to_string() } else { String::new() };
    Ok(mark + &names.iter().map(|name| format!("{FSI}{name}{PDI}")).collect::<Vec<_>>().join(comma))
}

/// Names of languages that hotlines speak and this project does not write in.
fn other_autonym(tag: &Tag) -> Option<String> {
    const NAMES: &[(&str, &str)] = &[
        ("bm", "Bamanankan"),
        ("de", "Deutsch"),
        ("el", "Ελληνικά"),
        ("ff", "Pulaar"),
        ("hi", "हिन्दी"),
        ("ht", "Kreyòl ayisyen"),
        ("hy", "Հայերեն"),
        ("it", "Italiano"),
        ("ka", "ქართული"),
        ("ln", "Lingála"),
        ("ne", "नेपाली"),
        ("nl", "Nederlands"),
        ("rn", "Ikirundi"),
        ("ro", "Română"),
        ("rw", "Ikinyarwanda"),
        ("si", "සිංහල"),
        ("sr", "Srpski"),
        ("sv", "Svenska"),
        ("ta", "தமிழ்"),
        ("tg", "Тоҷикӣ"),
        ("tr", "Türkçe"),
        ("ur", "اردو"),
        ("uz", "Oʻzbekcha"),
        ("vi", "Tiếng Việt"),
        ("wo", "Wolof"),
        ("zh", "中文"),
        ("rhg", "Ruáingga"),
        ("pl", "Polski"),
        ("da", "Dansk"),
        ("no", "Norsk"),
        ("fi", "Suomi"),
    ];
    NAMES.iter().find(|(t, _)| *t == tag.language()).map(|(_, name)| (*name).to_owned())
}

/// Which name a notice may use.
pub(crate) fn name_for(notice: &Notice, may_name_org: bool, label: Option<&str>) -> Result<Name, Refusal> {
    let name = match (label, may_name_org) {
        (Some(_), _) if notice.level == Level::L2 => Name::Label,
        (_, true) => Name::Organisation,
        _ => Name::Nothing,
    };
    match (notice.level, name) {
        (Level::L2, Name::Nothing) if notice.channel.is_text() => Err(Refusal::NoName),
        (Level::L3, Name::Nothing) if notice.channel.is_remote() => Err(Refusal::MayNotName),
        _ => Ok(name),
    }
}

/// Words for the kinds of data and measures: ids of the choices of `data-kind` and `measure`.
pub(crate) fn lists(facts: &IncidentFacts) -> [(&'static str, &'static str, Vec<&'static str>); 3] {
    let of = |certainty: Certainty| {
        let mut found: Vec<&str> = Vec::new();
        for exposed in facts.exposed.iter().filter(|e| e.certainty == certainty) {
            if !found.contains(&exposed.category.as_str()) {
                found.push(exposed.category.as_str());
            }
        }
        found
    };
    let measures = facts.measures.iter().map(|m| m.as_str()).collect();
    [
        ("confirmed", "data-kind", of(Certainty::Confirmed)),
        ("possible", "data-kind", of(Certainty::Possible)),
        ("measures", "measure", measures),
    ]
}

/// The general notice in full says which kinds of data; without them it would not be one.
pub(crate) fn check_whole(notice: &Notice, facts: &IncidentFacts) -> Result<(), Refusal> {
    let names_data =
        notice.level >= Level::L3 && notice.form == domain::Form::Full && notice.audience != domain::Audience::Partner;
    if names_data && facts.exposed.is_empty() {
        let problem = "is empty, and the general notice has to say which kinds of data";
        return Err(Refusal::Value { field: "exposed", problem });
    }
    Ok(())
}

/// Whether the notice is a call.
pub(crate) const fn is_call(notice: &Notice) -> bool {
    matches!(notice.channel, Channel::CallLive)
}
