//! What is approved together, and which templates and messages it is made of.

use std::collections::{BTreeMap, BTreeSet};

use domain::channel::Level;
use domain::notice::Notice;
use domain::{Audience, NoticeKind};
use sha2::{Digest, Sha256};

use crate::approvals::Unit;
use crate::error::LoadError;
use crate::medium::Medium;
use crate::templates::Templates;
use crate::words::Words;

/// One part of a notice: its name, its template, what it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `body`, `subject`, `html`, `text`, `script`, `ssml`, `letter`, `task`.
    pub name: String,
    /// Name of the template.
    pub template: String,
    /// Medium.
    pub medium: Medium,
}

/// The unit that a notice belongs to.
#[must_use]
pub const fn unit_of(notice: &Notice) -> Unit {
    let kind = if matches!(notice.level, Level::L1) { NoticeKind::Initial } else { notice.kind };
    Unit { kind, channel: notice.channel, level: notice.level }
}

/// Message that is the subject of an e-mail and the title of a letter.
pub(crate) const fn title(kind: NoticeKind, audience: Audience) -> &'static str {
    match (kind, audience) {
        (NoticeKind::CallBack, _) => "neutral-subject",
        (_, Audience::Partner) | (NoticeKind::Partner, _) => "partner-subject",
        (NoticeKind::Public, _) => "public-title",
        (NoticeKind::Initial | NoticeKind::FollowUp | NoticeKind::StaffCredentials, _) => "subject",
    }
}

/// Which templates make up which unit: `<notice>/<channel>[.<part>]`, where `in_person` stands for the in-person
/// channels that have no template of their own.
pub(crate) fn parts_of(templates: &Templates) -> BTreeMap<Unit, Vec<Part>> {
    let mut found: BTreeMap<Unit, Vec<Part>> = BTreeMap::new();
    for notice in crate::audience::all_producible() {
        let unit = unit_of(&notice);
        if found.contains_key(&unit) {
            continue;
        }
        let folder = if unit.level == Level::L1 { "task" } else { unit.kind.as_str() };
        let of = |file: &str| -> Vec<Part> {
            templates
                .names()
                .filter_map(|name| {
                    let rest = name.strip_prefix(folder)?.strip_prefix('/')?.strip_prefix(file)?;
                    let part = if rest.is_empty() { "body" } else { rest.strip_prefix('.')? };
                    let medium = Medium::of(unit.channel.as_str(), part);
                    Some(Part { name: part.to_owned(), template: name.to_owned(), medium })
                })
                .collect()
        };
        let mut parts = of(unit.channel.as_str());
        if parts.is_empty() && unit.channel.is_in_person() {
            parts = of("in_person");
        }
        if !parts.is_empty() {
            found.insert(unit, parts);
        }
    }
    found
}

/// A file that is there is complete; a notice whose file is absent has no words in that language.
pub(crate) fn check_complete(words: &Words, source: &Words) -> Result<(), LoadError> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let present: BTreeMap<String, &str> =
        words.messages().values().map(|info| (name(&info.file), info.file.as_str())).collect();
    for (id, info) in source.messages() {
        if let Some(file) = present.get(&name(&info.file)) {
            match words.messages().get(id) {
                None => {
                    return Err(LoadError::Missing { file: (*file).to_owned(), id: id.clone() });
                }
                Some(found) if name(&found.file) != name(&info.file) => {
                    return Err(LoadError::Missing { file: (*file).to_owned(), id: id.clone() });
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// Hash of a message set; `None` if a message is missing.
pub(crate) fn hash(words: &Words, ids: &BTreeSet<&str>) -> Option<String> {
    let mut hasher = Sha256::new();
    let dates = crate::dates::DATE_MESSAGES.into_iter().filter(|id| words.messages().contains_key(*id));
    for id in ids.iter().copied().chain(dates) {
        let info = words.messages().get(id)?;
        hasher.update(id);
        hasher.update([0]);
        hasher.update(info.digest);
    }
    Some(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
}
