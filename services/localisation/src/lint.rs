//! `tidings locales check`: what loading cannot refuse but a person should see.
//!
//! Loading already refuses faulty words and templates ([`crate::LoadError`]); here are the budgets of text messages,
//! messages that nothing uses, approvals that no longer fit, languages that are not whole.

use std::collections::BTreeSet;

use domain::notice::Notice;
use domain::{Audience, Channel};
use serde::Serialize;

use crate::approvals::State;
use crate::library::Library;
use crate::{Request, SOURCE, Tag, audience, sample, sms};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Must be mended before words are approved.
    Error,
    /// Should be looked at.
    Warning,
    /// To know.
    Note,
}

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// Language, where it is about one.
    pub language: Option<Tag>,
    /// Message id, unit or notice.
    pub about: String,
    /// What is wrong.
    pub problem: String,
}

/// Everything that is found, worst first.
#[must_use]
pub fn check(library: &Library) -> Vec<Finding> {
    let mut found = unused(library);
    found.extend(approvals(library));
    found.extend(budgets(library));
    found.sort_by(|a, b| (a.severity, &a.language, &a.about).cmp(&(b.severity, &b.language, &b.about)));
    found
}

/// English messages that no notice says.
fn unused(library: &Library) -> Vec<Finding> {
    let used: BTreeSet<&str> = library.units().flat_map(|unit| library.message_ids(unit)).collect();
    let Some(source) = Tag::parse(SOURCE).ok().and_then(|tag| library.language(&tag)) else {
        return Vec::new();
    };
    let idle = source.words().messages().keys().filter(|id| !used.contains(id.as_str()));
    idle.map(|id| Finding {
        severity: Severity::Warning,
        language: None,
        about: id.clone(),
        problem: "no notice uses this message".to_owned(),
    })
    .collect()
}

/// Units without words, and approvals that no longer fit.
fn approvals(library: &Library) -> Vec<Finding> {
    let mut found = Vec::new();
    for tag in library.tags() {
        let Some(language) = library.language(tag) else {
            continue;
        };
        for unit in library.units() {
            let (severity, problem) = match language.approvals().get(&unit).map(|a| a.state) {
                None => (Severity::Warning, "has no words".to_owned()),
                Some(State::Outdated) => (Severity::Error, "was approved, but the words have changed since".to_owned()),
                Some(State::Approved) => continue,
                Some(state) => (Severity::Note, format!("is {state}: drills and previews only")),
            };
            found.push(Finding { severity, language: Some(tag.clone()), about: unit.to_string(), problem });
        }
    }
    found
}

/// Text messages that take more segments than they should, with a Society of usual length.
#[must_use]
pub fn budgets(library: &Library) -> Vec<Finding> {
    let Ok(society) = sample::society() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for tag in library.tags() {
        if library.language(tag).is_none_or(crate::Language::is_pseudo) {
            continue;
        }
        for published in [false, true] {
            let mut facts = sample::facts();
            facts.data_published = published;
            for notice in audience::all_producible().into_iter().filter(|n| n.channel == Channel::Sms) {
                let request = sample::request(notice, tag, &facts, &society);
                found.extend(over_budget(library, &request, published));
                // what the words still hold when a second audience applies; a third, or published data beside it, may
                // send the person to the next channel
                for also in TOLD_MORE.iter().filter(|_| !published) {
                    let request = Request { also: std::slice::from_ref(also), ..request };
                    found.extend(too_long(library, &request));
                }
            }
        }
    }
    found
}

/// Audiences that a text message tells more than the others.
const TOLD_MORE: &[Audience] = &[Audience::Enquirer, Audience::Released, Audience::Migrant];

/// A message that would not leave for its length.
fn too_long(library: &Library, request: &Request<'_>) -> Option<Finding> {
    let refusal = library.preview(request).err()?;
    let about = format!("{}, also {}", name(&request.notice), request.also.first()?);
    let language = Some(request.language.clone());
    Some(Finding { severity: Severity::Error, language, about, problem: refusal.to_string() })
}

fn over_budget(library: &Library, request: &Request<'_>, published: bool) -> Option<Finding> {
    let about = name(&request.notice);
    let language = Some(request.language.clone());
    match library.preview(request) {
        Err(refusal) => Some(Finding { severity: Severity::Error, language, about, problem: refusal.to_string() }),
        Ok(rendered) => {
            let segments = rendered.segments_code_point.max(rendered.segments_grapheme)?;
            let neutral = request.notice.level == domain::Level::L2;
            let additions = published || !audience::of_notice(&request.notice, request.also).is_empty();
            let budget = sms::budget(neutral, additions, rendered.encoding?);
            let severity = if segments > sms::HARD_STOP { Severity::Error } else { Severity::Warning };
            let problem = format!("takes {segments} segments, {budget} are budgeted");
            (segments > budget).then_some(Finding { severity, language, about, problem })
        }
    }
}

fn name(notice: &Notice) -> String {
    format!("{} {} {} {}", notice.kind, notice.audience, notice.channel, notice.level)
}
