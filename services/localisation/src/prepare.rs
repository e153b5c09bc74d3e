//! The cold half of rendering: a notice with stand-ins for what differs from person to person.
//!
//! A text depends on notice, language, Society and facts; only the reference code and the label differ between
//! two people who get the same one. So it is made once, cut at the stand-ins, kept, and filled in for each person.

use std::collections::BTreeMap;

use domain::incident::IncidentFacts;
use domain::notice::Notice;
use domain::society::Society;
use sha2::{Digest, Sha256};

use crate::approvals::Approval;
use crate::audience::Addition;
use crate::error::Refusal;
use crate::language::Language;
use crate::library::Library;
use crate::medium::Medium;
use crate::sms;
use crate::templates::{FLAGS, MISSING};
use crate::text::{HOTLINE, LABEL, REFERENCE};
use crate::unit::{Part, title, unit_of};
use crate::values::{self, Name};
use crate::words::Args;

/// What tells one prepared text from another, besides facts and Society, which are compared as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) notice: Notice,
    pub(crate) additions: u16,
    pub(crate) language: u16,
    pub(crate) society: [u8; 4],
    pub(crate) name: NameKey,
    pub(crate) high_fraud: bool,
}

/// [`Name`] for hashing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum NameKey {
    Organisation,
    Label,
    Nothing,
}

impl From<Name> for NameKey {
    fn from(name: Name) -> Self {
        match name {
            Name::Organisation => Self::Organisation,
            Name::Label => Self::Label,
            Name::Nothing => Self::Nothing,
        }
    }
}

/// A notice, but for the reference and the label.
pub(crate) struct Prepared {
    pub(crate) facts: IncidentFacts,
    pub(crate) society: Society,
    pub(crate) approval: Approval,
    pub(crate) parts: Vec<PreparedPart>,
    pub(crate) count: Option<sms::Count>,
    pub(crate) has_label: bool,
    pub(crate) digest: [u8; 32],
}

pub(crate) struct PreparedPart {
    pub(crate) name: String,
    pub(crate) medium: Medium,
    pub(crate) pieces: Vec<Piece>,
}

pub(crate) enum Piece {
    Text(String),
    Reference,
    Label,
}

/// What is to be prepared.
pub(crate) struct Order<'a> {
    pub(crate) notice: Notice,
    pub(crate) additions: &'a [Addition],
    pub(crate) facts: &'a IncidentFacts,
    pub(crate) society: &'a Society,
    pub(crate) name: Name,
    pub(crate) high_fraud: bool,
}

/// Messages by id.
type Messages = serde_json::Map<String, serde_json::Value>;

/// What templates and messages of one part were given: also the material of comparisons with other implementations.
#[derive(Debug, Clone)]
pub struct Material {
    /// Part.
    pub part: Part,
    /// Arguments of the messages.
    pub args: Args,
    /// Data of the template.
    pub data: serde_json::Value,
    /// What the template made of it, with stand-ins for reference, label and number.
    pub text: String,
}

impl Library {
    pub(crate) fn prepare(&self, language: &Language, order: &Order<'_>) -> Result<Prepared, Refusal> {
        let mut parts = Vec::new();
        let mut hasher = Sha256::new();
        let mut count = None;
        for material in self.materials(language, order)? {
            let part = &material.part;
            let text = finish(part, &material.text, language, order)?;
            hasher.update(part.name.as_bytes());
            hasher.update([0]);
            hasher.update(&text);
            hasher.update([0]);
            if order.notice.channel == domain::Channel::Sms {
                count = Some(sms::count(&text.replace(REFERENCE, crate::sample::REFERENCE)));
            }
            parts.push(PreparedPart { name: part.name.clone(), medium: part.medium, pieces: cut(&text) });
        }
        let has_label = parts.iter().any(|p| p.pieces.iter().any(|piece| matches!(piece, Piece::Label)));
        let approval = self
            .approval(&order.notice, language.words.tag())
            .cloned()
            .ok_or_else(|| no_words(language, &order.notice))?;
        Ok(Prepared {
            facts: order.facts.clone(),
            society: order.society.clone(),
            approval,
            parts,
            count,
            has_label,
            digest: hasher.finalize().into(),
        })
    }

    /// Arguments and template data of every part of a notice.
    pub(crate) fn materials(&self, language: &Language, order: &Order<'_>) -> Result<Vec<Material>, Refusal> {
        let unit = unit_of(&order.notice);
        if !language.approvals().contains_key(&unit) || self.parts(unit).is_empty() {
            return Err(no_words(language, &order.notice));
        }
        values::check_whole(&order.notice, order.facts)?;
        let args = values::common(&language.words, order.facts, order.society, order.name, |tag| self.autonym(tag))?;
        // parts whose number is written alike share their messages
        let mut said: BTreeMap<Option<String>, Messages> = BTreeMap::new();
        self.parts(unit)
            .iter()
            .map(|part| {
                let args = values::for_medium(&args, order.society, part.medium, language.direction, order.high_fraud)?;
                let messages = said.entry(args.get("hotline").cloned()).or_default();
                let data = self.data(language, order, part, &args, messages)?;
                let text = self.text(language, part, &args, &data)?;
                Ok(Material { part: part.clone(), args, data, text })
            })
            .collect()
    }

    /// What the template makes of its data; where a message is missing, why it is.
    fn text(&self, language: &Language, part: &Part, args: &Args, data: &serde_json::Value) -> Result<String, Refusal> {
        self.templates.render(&part.template, part.medium, data).map_err(|problem| {
            let refusal = problem.strip_prefix(MISSING).and_then(|id| language.words.format(id, args).err());
            refusal.unwrap_or(Refusal::Template { template: part.template.clone(), problem })
        })
    }

    /// Everything that a template may look at.
    fn data(
        &self,
        language: &Language,
        order: &Order<'_>,
        part: &Part,
        args: &Args,
        messages: &mut Messages,
    ) -> Result<serde_json::Value, Refusal> {
        let heading = title(order.notice.kind, order.notice.audience);
        // a message that the facts leave without an argument is missing here, and an error only where a template says it
        for id in self.templates.messages(&part.template).into_iter().chain([heading]) {
            if messages.contains_key(id) {
                continue;
            }
            match language.words.format(id, args) {
                Ok(text) => drop(messages.insert(id.to_owned(), text.into())),
                Err(Refusal::MissingArgument { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        let mut data = serde_json::Map::new();
        for (name, value) in flags(order) {
            data.insert(name.to_owned(), value.into());
        }
        for (list, id, kinds) in values::lists(order.facts) {
            let mut said = Vec::new();
            for kind in kinds {
                let kind = Args::from([("kind", kind.to_owned())]);
                said.push(language.words.format(id, &kind).map(serde_json::Value::from)?);
            }
            data.insert(list.to_owned(), said.into());
        }
        data.insert("m".to_owned(), messages.clone().into());
        data.insert("title".to_owned(), heading.into());
        data.insert("language".to_owned(), language.words.tag().as_str().into());
        data.insert("direction".to_owned(), language.direction.as_str().into());
        Ok(data.into())
    }
}

fn no_words(language: &Language, notice: &Notice) -> Refusal {
    Refusal::NoWords {
        language: language.words.tag().clone(),
        kind: notice.kind,
        channel: notice.channel,
        level: notice.level,
    }
}

/// Every flag that templates may ask about.
fn flags(order: &Order<'_>) -> BTreeMap<&'static str, bool> {
    let mut flags: BTreeMap<&str, bool> = FLAGS.iter().map(|flag| (*flag, false)).collect();
    for addition in order.additions {
        flags.insert(addition.flag(), true);
    }
    for (list, _, kinds) in values::lists(order.facts) {
        let flag = match list {
            "confirmed" => "has_confirmed",
            "possible" => "has_possible",
            _ => "has_measures",
        };
        flags.insert(flag, !kinds.is_empty());
    }
    flags.insert("call", values::is_call(&order.notice));
    flags.insert("private", order.notice.level == domain::Level::L4);
    flags.insert("ended", order.facts.ended_on.is_some());
    flags.insert("published", order.facts.data_published);
    flags.insert("free", order.society.hotline.free_of_charge);
    flags.insert("named", order.name != Name::Nothing);
    flags.insert("offices", order.high_fraud);
    flags
}

/// What the channel asks of a finished part.
fn finish(part: &Part, text: &str, language: &Language, order: &Order<'_>) -> Result<String, Refusal> {
    let problem = |problem: &str| Refusal::Template { template: part.template.clone(), problem: problem.to_owned() };
    match part.medium {
        Medium::Line | Medium::Text | Medium::Html if text.is_empty() => Err(problem("renders nothing")),
        Medium::Line if text.chars().any(char::is_control) => Err(problem("breaks the line")),
        Medium::Html => {
            let number = Medium::Html.escape(values::number(&order.society.hotline.number)?);
            Ok(text.replace(HOTLINE, &whole(&number)))
        }
        Medium::Ssml => {
            let number = Medium::Ssml.escape(values::number(&order.society.hotline.number)?);
            Ok(text.replace(HOTLINE, &format!("<say-as interpret-as=\"telephone\">{number}</say-as>")))
        }
        Medium::Letter => letter(text, language, order).ok_or_else(|| problem("is not a list of blocks")),
        _ => Ok(text.to_owned()),
    }
}

/// A number or code that no line break may cut: of one broken at its hyphen, in words from right to left, nobody could
/// say which half comes first.
pub(crate) fn whole(text: &str) -> String {
    format!("<span style=\"white-space: nowrap\">{text}</span>")
}

/// A letter or task sheet as data: who sends it, in which direction it runs, its blocks.
fn letter(lines: &str, language: &Language, order: &Order<'_>) -> Option<String> {
    let blocks: Vec<serde_json::Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
    let sender: Vec<String> = order
        .society
        .return_address
        .iter()
        .map(|line| values::checked("return_address", line))
        .collect::<Result<_, _>>()
        .ok()?;
    let mut letter = serde_json::json!({
        "language": language.words.tag().as_str(),
        "direction": language.direction.as_str(),
        "return_address": sender,
        "blocks": blocks,
    });
    if order.notice.audience != domain::Audience::Public {
        letter["reference"] = REFERENCE.to_string().into();
    }
    Some(letter.to_string())
}

/// Cuts a text at its stand-ins.
fn cut(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find([REFERENCE, LABEL]) {
        if at > 0 {
            pieces.push(Piece::Text(rest[..at].to_owned()));
        }
        let found = &rest[at..];
        pieces.push(if found.starts_with(REFERENCE) { Piece::Reference } else { Piece::Label });
        rest = &found[REFERENCE.len_utf8()..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}
