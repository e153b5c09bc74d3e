//! What can go wrong: loading refuses to start, rendering refuses one notice. No text of a notice, no value.

use domain::notice::Notice;
use domain::{Channel, Level, NoticeKind};

use crate::Tag;

/// The words or templates cannot be used at all. Names the file and the id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Cannot be read.
    #[error("{file}: cannot be read: {problem}")]
    Io {
        /// File or folder.
        file: String,
        /// What the system says.
        problem: String,
    },
    /// A folder under `locales/` is not named by a canonical tag.
    #[error("locales/{folder}: the folder's name is not a canonical language tag")]
    Tag {
        /// Name.
        folder: String,
    },
    /// Not FTL.
    #[error("{file}: not valid Fluent{}{near}", if near.is_empty() { "" } else { " at " })]
    Junk {
        /// File.
        file: String,
        /// Line, where known.
        near: String,
    },
    /// The same id twice in a language.
    #[error("{file}: message `{id}` stands twice")]
    Duplicate {
        /// File with the second one.
        file: String,
        /// Message.
        id: String,
    },
    /// Fluent that notices do not use.
    #[error("{file}: message `{id}` contains {what}, which notices do not use")]
    Unsupported {
        /// File.
        file: String,
        /// Message.
        id: String,
        /// What.
        what: &'static str,
    },
    /// A file lacks a message that the English one has.
    #[error("{file}: message `{id}` is missing")]
    Missing {
        /// File.
        file: String,
        /// Message.
        id: String,
    },
    /// A message that English does not have.
    #[error("{file}: message `{id}` is not in the English file")]
    Unknown {
        /// File.
        file: String,
        /// Message.
        id: String,
    },
    /// A variable that the English message does not have.
    #[error("{file}: message `{id}` uses `${variable}`, which it is not given")]
    UnknownVariable {
        /// File.
        file: String,
        /// Message.
        id: String,
        /// Variable.
        variable: String,
    },
    /// A safety variable was dropped.
    #[error("{file}: message `{id}` must say `${variable}`")]
    MissingVariable {
        /// File.
        file: String,
        /// Message.
        id: String,
        /// Variable.
        variable: String,
    },
    /// Content that no notice may have.
    #[error("{file}: message `{id}`: {problem}")]
    Content {
        /// File.
        file: String,
        /// Message.
        id: String,
        /// What is wrong; never the text.
        problem: String,
    },
    /// A template that is not structure only, or does not compile.
    #[error("{file}: {problem}")]
    Template {
        /// File.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// The approvals file of a language.
    #[error("{file}: {problem}")]
    Approvals {
        /// File.
        file: String,
        /// What is wrong.
        problem: String,
    },
}

/// This notice is not said. Names what is missing, never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No rule produces this combination.
    #[error("no notice {} for {} on {} at {} {}", .0.kind, .0.audience, .0.channel, .0.level, .0.form)]
    NotProducible(Box<Notice>),
    /// No words in this language for this notice.
    #[error("locales/{language}: no words for {kind} on {channel} at {level}")]
    NoWords {
        /// Language.
        language: Tag,
        /// Notice.
        kind: NoticeKind,
        /// Channel.
        channel: Channel,
        /// Level.
        level: Level,
    },
    /// None of the person's languages has words (hold `language`).
    #[error("no language of the person has words for {kind} on {channel} at {level}")]
    NoLanguage {
        /// Notice.
        kind: NoticeKind,
        /// Channel.
        channel: Channel,
        /// Level.
        level: Level,
    },
    /// Words exist, but people have not approved them as they are now.
    #[error("locales/{language}/approvals.toml: {kind} {channel} {level} is {state}, not approved")]
    NotApproved {
        /// Language.
        language: Tag,
        /// Notice.
        kind: NoticeKind,
        /// Channel.
        channel: Channel,
        /// Level.
        level: Level,
        /// State of the approval.
        state: crate::approvals::State,
    },
    /// A text at L2 needs a name: the organisation's, where allowed, or the label agreed with the person.
    #[error("a neutral text needs a name that may be used; say it instead, or do not send it")]
    NoName,
    /// The general notice says who writes, and may not here.
    #[error("the general notice names the organisation, which this contact point forbids")]
    MayNotName,
    /// The Society's hotline has no hours.
    #[error("the Society's hotline has no opening hours")]
    NoHotline,
    /// A drill is for synthetic incidents only.
    #[error("a real incident is never drilled")]
    DrillOfReal,
    /// A fact, a Society's entry or the label contains what no notice may carry.
    #[error("`{field}`: {problem}")]
    Value {
        /// Field.
        field: &'static str,
        /// What is wrong; never the value.
        problem: &'static str,
    },
    /// The reference is no reference code.
    #[error("the reference is not a reference code")]
    Reference,
    /// An argument of a message is missing.
    #[error("{file}: message `{id}` lacks `${variable}`")]
    MissingArgument {
        /// File.
        file: String,
        /// Message.
        id: String,
        /// Variable.
        variable: String,
    },
    /// An argument is none of the words that the message chooses between.
    #[error("{file}: message `{id}` knows no such value of `${variable}`")]
    UnknownChoice {
        /// File.
        file: String,
        /// Message.
        id: String,
        /// Variable.
        variable: String,
    },
    /// Fluent itself complains.
    #[error("{file}: message `{id}`: {problem}")]
    Fluent {
        /// File.
        file: String,
        /// Message.
        id: String,
        /// What.
        problem: &'static str,
    },
    /// A date cannot be said in words.
    #[error("locales/{language}: no names of months, and no message `date`")]
    Date {
        /// Language.
        language: Tag,
    },
    /// The template did not render.
    #[error("templates/{template}.hbs: {problem}")]
    Template {
        /// Template.
        template: String,
        /// What.
        problem: String,
    },
    /// The text message would take more segments than any notice may.
    #[error("{language}: the message takes {segments} segments, more than {limit}")]
    TooLong {
        /// Language.
        language: Tag,
        /// Segments.
        segments: u32,
        /// Limit.
        limit: u32,
    },
}
