//! Rendering one notice for one person: the hot half.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use domain::incident::{IncidentFacts, IncidentKind};
use domain::notice::Notice;
use domain::society::Society;
use domain::{Audience, Channel, Level, Millis};
use serde::Serialize;

use crate::approvals::Approval;
use crate::audience::{self, Addition};
use crate::error::Refusal;
use crate::language::Language;
use crate::library::{Library, day};
use crate::medium::Medium;
use crate::prepare::{Key, Material, Order, Piece, Prepared, whole};
use crate::reference::Reference;
use crate::sms::{self, Encoding};
use crate::values;
use crate::{Direction, Tag};

/// Prepared texts kept at once. A campaign of 60 Societies needs some thousands; each is a few kilobytes.
const KEPT: usize = 8_192;

/// What to say, to whom, in which words.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Notice.
    pub notice: Notice,
    /// Every other audience that applies to the person: their additions are made too (`protection.md` section 1).
    pub also: &'a [Audience],
    /// Language, as [`Library::choose`] found it.
    pub language: &'a Tag,
    /// Facts of the incident.
    pub facts: &'a IncidentFacts,
    /// The Society whose words these are.
    pub society: &'a Society,
    /// Reference code; at L1 the number of the task.
    pub reference: &'a str,
    /// Label or code name agreed with the person; stands instead of the organisation's name at L2.
    pub label: Option<&'a str>,
    /// Protection allows the organisation's name on this contact point, that is: R21 did not fire for it.
    pub may_name_org: bool,
    /// The context is marked `high_fraud`: no phone number.
    pub high_fraud: bool,
    /// Now.
    pub as_of: Millis,
    /// A drill: words that nobody has approved may be used, for synthetic incidents only.
    pub drill: bool,
}

/// A notice in words. Prints redacted.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Rendered {
    /// `body` (sms, app), `subject`, `text`, `html` (email), `html`, `letter` (post: a JSON document), `script`,
    /// `ssml` (ivr), `script` (call), `script`, `html`, `letter` (in person), `task` (L1).
    pub parts: BTreeMap<String, String>,
    /// Language.
    pub language: String,
    /// Direction of writing.
    pub direction: Direction,
    /// Text messages only.
    pub encoding: Option<Encoding>,
    /// Text messages only.
    pub segments_code_point: Option<u32>,
    /// Text messages only.
    pub segments_grapheme: Option<u32>,
    /// State of the words; in JSON its name alone.
    #[serde(serialize_with = "state_only")]
    pub approval: Approval,
    /// SHA-256 of the words without reference and label: the same for everyone who is told the same, so that it can
    /// be published and compared.
    #[serde(skip)]
    pub digest: [u8; 32],
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered")
            .field("language", &self.language)
            .field("parts", &self.parts.keys())
            .finish_non_exhaustive()
    }
}

impl Library {
    /// Renders a notice that is to be sent.
    ///
    /// # Errors
    /// See [`Refusal`]; the caller holds the person, or the campaign where the words are at fault.
    pub fn render(&self, request: &Request<'_>) -> Result<Rendered, Refusal> {
        if request.drill && request.facts.kind == IncidentKind::Real {
            return Err(Refusal::DrillOfReal);
        }
        let prepared = self.prepared(request)?;
        if !request.drill && !prepared.approval.sendable(day(request.as_of)) {
            return Err(Refusal::NotApproved {
                language: request.language.clone(),
                kind: request.notice.kind,
                channel: request.notice.channel,
                level: request.notice.level,
                state: prepared.approval.state,
            });
        }
        self.fill(request, &prepared)
    }

    /// Renders a notice to look at, whatever the state of its words.
    ///
    /// # Errors
    /// As [`Library::render`], but for approvals and drills.
    pub fn preview(&self, request: &Request<'_>) -> Result<Rendered, Refusal> {
        let prepared = self.prepared(request)?;
        self.fill(request, &prepared)
    }

    /// What each part of a notice is made from, for comparison with other implementations of Fluent and Handlebars.
    ///
    /// # Errors
    /// As [`Library::preview`].
    pub fn material(&self, request: &Request<'_>) -> Result<Vec<Material>, Refusal> {
        let additions = audience::of_notice(&request.notice, request.also);
        let (language, order) = self.order(request, &additions)?;
        self.materials(language, &order)
    }

    /// Drops the prepared texts; for measuring, and for a process that has finished a campaign.
    pub fn forget(&self) {
        self.prepared.write().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    fn order<'a>(
        &'a self,
        request: &Request<'a>,
        additions: &'a [Addition],
    ) -> Result<(&'a Language, Order<'a>), Refusal> {
        let notice = request.notice;
        if !audience::producible(&notice) {
            return Err(Refusal::NotProducible(Box::new(notice)));
        }
        let language = self.languages.get(request.language).ok_or_else(|| Refusal::NoWords {
            language: request.language.clone(),
            kind: notice.kind,
            channel: notice.channel,
            level: notice.level,
        })?;
        let name = values::name_for(&notice, request.may_name_org, request.label)?;
        let (facts, society, high_fraud) = (request.facts, request.society, request.high_fraud);
        Ok((language, Order { notice, additions, facts, society, name, high_fraud }))
    }

    /// The prepared text, from the store of those or made now.
    fn prepared(&self, request: &Request<'_>) -> Result<Arc<Prepared>, Refusal> {
        let additions = audience::of_notice(&request.notice, request.also);
        let (language, order) = self.order(request, &additions)?;
        let mut society = [0_u8; 4];
        for (to, from) in society.iter_mut().zip(request.society.code.as_str().bytes()) {
            *to = from;
        }
        let key = Key {
            notice: request.notice,
            additions: additions.iter().fold(0, |bits, addition| bits | 1 << (*addition as u16)),
            language: language.index,
            society,
            name: order.name.into(),
            high_fraud: request.high_fraud,
        };
        // a poisoned lock holds whole entries all the same: each is made before it is put in
        let kept = self.prepared.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&key).cloned();
        if let Some(kept) = kept.filter(|k| k.facts == *request.facts && k.society == *request.society) {
            return Ok(kept);
        }
        let made = Arc::new(self.prepare(language, &order)?);
        let mut store = self.prepared.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if store.len() >= KEPT {
            store.clear();
        }
        store.insert(key, Arc::clone(&made));
        Ok(made)
    }

    /// Puts reference and label in.
    fn fill(&self, request: &Request<'_>, prepared: &Prepared) -> Result<Rendered, Refusal> {
        if request.notice.level == Level::L1 {
            check_task_id(request.reference)?;
        } else {
            Reference::parse(request.reference).map_err(|_| Refusal::Reference)?;
        }
        let label = match request.label {
            Some(label) if prepared.has_label => values::checked("label", label)?,
            _ => String::new(),
        };
        let mut parts = BTreeMap::new();
        for part in &prepared.parts {
            let reference = match part.medium {
                Medium::Ssml => format!("<say-as interpret-as=\"characters\">{}</say-as>", request.reference),
                Medium::Html => whole(request.reference),
                _ => request.reference.to_owned(),
            };
            let label = part.medium.escape(&label);
            let length = part.pieces.iter().map(|piece| match piece {
                Piece::Text(text) => text.len(),
                Piece::Reference => reference.len(),
                Piece::Label => label.len(),
            });
            let mut text = String::with_capacity(length.sum());
            for piece in &part.pieces {
                text.push_str(match piece {
                    Piece::Text(text) => text,
                    Piece::Reference => &reference,
                    Piece::Label => &label,
                });
            }
            parts.insert(part.name.clone(), text);
        }
        let count = match (request.notice.channel, prepared.has_label) {
            (Channel::Sms, true) => parts.get("body").map(|body| sms::count(body)),
            _ => prepared.count,
        };
        let language = self.languages.get(request.language);
        let segments = count.map_or(0, |c| c.segments());
        if segments > sms::HARD_STOP && !language.is_some_and(Language::is_pseudo) {
            return Err(Refusal::TooLong { language: request.language.clone(), segments, limit: sms::HARD_STOP });
        }
        Ok(Rendered {
            parts,
            language: request.language.as_str().to_owned(),
            direction: language.map_or(Direction::Ltr, Language::direction),
            encoding: count.map(|c| c.encoding),
            segments_code_point: count.map(|c| c.segments_code_point),
            segments_grapheme: count.map(|c| c.segments_grapheme),
            approval: prepared.approval.clone(),
            digest: prepared.digest,
        })
    }
}

/// The number of a task: printed ids, or a reference code. It cannot carry a name or a sentence.
fn check_task_id(id: &str) -> Result<(), Refusal> {
    const LONGEST: usize = 64;
    let fits = id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.len() <= LONGEST
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && id.bytes().any(|b| b.is_ascii_digit());
    if fits { Ok(()) } else { Err(Refusal::Reference) }
}

fn state_only<S: serde::Serializer>(approval: &Approval, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(approval.state.as_str())
}
