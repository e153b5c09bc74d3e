//! How words come to be approved: status, approval, sheets for translators and reviewers. Functions over a loaded
//! library; the command reads and writes the files.
//!
//! source draft → approved → translated → revised → translated back → tested → approved. Whoever translates does
//! not approve; an approval names people, a date and the exact words.

use domain::{Channel, Level, NoticeKind};
use jiff::civil::Date;
use serde::Serialize;

use crate::approvals::{Approvals, Entry, Signature, State, Unit, problem, statement};
use crate::library::Library;
use crate::{SOURCE, Tag};

/// An approval that cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkflowError {
    /// No such language here.
    #[error("there are no words in {0}")]
    NoLanguage(Tag),
    /// The pseudo-locales follow English.
    #[error("{0} is made from English and approved with it")]
    Pseudo(Tag),
    /// Nothing fits the wish.
    #[error("{0} has no words for such a notice")]
    NoUnit(Tag),
    /// The English words are not approved.
    #[error("the English words for {0} are not approved yet: a translation cannot be before them")]
    SourceFirst(Unit),
    /// The approval would not count.
    #[error("{unit}: {problem}")]
    WouldNotCount {
        /// Unit.
        unit: Unit,
        /// Why.
        problem: &'static str,
    },
    /// The sheet does not fit.
    #[error("line {line}: {problem}")]
    Sheet {
        /// Line of the sheet, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

/// Which units, and what is said about them.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Only this notice.
    pub kind: Option<NoticeKind>,
    /// Only this channel.
    pub channel: Option<Channel>,
    /// Only this level.
    pub level: Option<Level>,
    /// New state.
    pub state: State,
    /// Who wrote the words.
    pub translator: String,
    /// Names and roles of those who approve, each with what signs for them; none in the project's own English.
    pub approved_by: Vec<String>,
    /// Today.
    pub on: Date,
    /// Last day of an emergency approval.
    pub expires: Option<Date>,
}

/// The approvals file of a language with these units marked. `sign` is asked for the signature of each who approves
/// (by position in `approved_by`) under the statement; it may have none to give, for the project's own English.
///
/// # Errors
/// See [`WorkflowError`].
pub fn mark(
    library: &Library,
    tag: &Tag,
    mark: &Mark,
    sign: impl Fn(usize, &str) -> Option<Signature>,
) -> Result<Approvals, WorkflowError> {
    let language = library.language(tag).ok_or_else(|| WorkflowError::NoLanguage(tag.clone()))?;
    if language.is_pseudo() {
        return Err(WorkflowError::Pseudo(tag.clone()));
    }
    let wanted = |unit: &Unit| {
        mark.kind.is_none_or(|k| k == unit.kind)
            && mark.channel.is_none_or(|c| c == unit.channel)
            && mark.level.is_none_or(|l| l == unit.level)
    };
    let mut file = language.file().clone();
    let mut marked = 0;
    for (unit, now) in language.hashes().iter().filter(|(unit, _)| wanted(unit)) {
        let mut entry = Entry {
            unit: *unit,
            state: mark.state,
            source: now.source.clone(),
            words: now.words.clone(),
            translator: mark.translator.clone(),
            approved_by: mark.approved_by.clone(),
            signatures: Vec::new(),
            on: mark.on,
            expires: mark.expires,
        };
        let names = mark.approved_by.iter().enumerate();
        entry.signatures = names.filter_map(|(n, name)| sign(n, &statement(tag, &entry, name))).collect();
        if let Some(problem) = problem(&entry, tag.as_str() != SOURCE) {
            return Err(WorkflowError::WouldNotCount { unit: *unit, problem });
        }
        if mark.state == State::Approved && tag.as_str() != SOURCE && !source_approved(library, *unit) {
            return Err(WorkflowError::SourceFirst(*unit));
        }
        file.units.retain(|e| e.unit != *unit);
        file.units.push(entry);
        marked += 1;
    }
    file.units.sort_by_key(|e| e.unit);
    if marked == 0 { Err(WorkflowError::NoUnit(tag.clone())) } else { Ok(file) }
}

/// The approvals file of a language whose words came back from a translator: what was approved stays on record and
/// counts only where the words are still the same; everything else is a draft by that hand.
#[must_use]
pub fn translated(library: &Library, tag: &Tag, translator: &str) -> Approvals {
    let mut file = library.language(tag).map_or_else(Approvals::none, |language| language.file().clone());
    file.state = State::Draft;
    translator.clone_into(&mut file.translator);
    file
}

fn source_approved(library: &Library, unit: Unit) -> bool {
    Tag::parse(SOURCE)
        .ok()
        .and_then(|tag| library.language(&tag))
        .and_then(|source| source.approvals().get(&unit))
        .is_some_and(|a| a.state == State::Approved)
}

/// One row of `tidings locales status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Language.
    pub language: Tag,
    /// Messages.
    pub messages: usize,
    /// Units that have words.
    pub units: usize,
    /// Units that there are.
    pub of: usize,
    /// Units by state.
    pub states: std::collections::BTreeMap<&'static str, usize>,
    /// Made from English by this program.
    pub pseudo: bool,
}

/// State of every language.
#[must_use]
pub fn status(library: &Library) -> Vec<Status> {
    let of = library.units().count();
    let mut rows = Vec::new();
    for tag in library.tags() {
        let Some(language) = library.language(tag) else {
            continue;
        };
        let mut states = std::collections::BTreeMap::new();
        for approval in language.approvals().values() {
            *states.entry(approval.state.as_str()).or_default() += 1;
        }
        let (messages, units, pseudo) =
            (language.words().messages().len(), language.approvals().len(), language.is_pseudo());
        rows.push(Status { language: tag.clone(), messages, units, of, states, pseudo });
    }
    rows
}
