//! Arguments of the commands about words: `tidings preview` and `tidings locales`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

/// `tidings preview`.
#[derive(Args)]
pub struct PreviewArgs {
    /// Which notice.
    #[arg(long, required_unless_present = "gallery")]
    pub notice: Option<domain::NoticeKind>,
    /// To whom.
    #[arg(long, required_unless_present = "gallery")]
    pub audience: Option<domain::Audience>,
    /// Language tag; in a gallery, absent: all of them.
    #[arg(long, required_unless_present = "gallery")]
    pub language: Option<String>,
    /// Channel.
    #[arg(long, required_unless_present = "gallery")]
    pub channel: Option<domain::Channel>,
    /// Level.
    #[arg(long, required_unless_present = "gallery")]
    pub level: Option<domain::Level>,
    /// Form (default: the channel's own).
    #[arg(long)]
    pub form: Option<domain::Form>,
    /// Other audiences that apply to the person too.
    #[arg(long, value_delimiter = ',')]
    pub also: Vec<domain::Audience>,
    /// Label agreed with the person, in place of the organisation's name at L2.
    #[arg(long)]
    pub label: Option<String>,
    /// As in a context in which no text carries a phone number.
    #[arg(long)]
    pub high_fraud: bool,
    /// Incident facts (TOML; default: invented ones).
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
    /// Society (TOML; default: an invented one).
    #[arg(long, value_name = "FILE")]
    pub society: Option<PathBuf>,
    /// Write a page with every part of the notice to this file.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write the letter or task sheet to this file; needs the program `tidings-letters` beside this one or in PATH.
    #[arg(long, value_name = "FILE")]
    pub pdf: Option<PathBuf>,
    /// Every notice on every channel on one page, instead of one notice.
    #[arg(long, requires = "out", conflicts_with_all = ["html", "pdf", "notice", "audience", "channel", "level"])]
    pub gallery: bool,
    /// Folder for the gallery.
    #[arg(long, value_name = "DIR", requires = "gallery")]
    pub out: Option<PathBuf>,
}

/// `tidings locales`.
#[derive(Subcommand)]
pub enum LocalesCommand {
    /// State of every language.
    Status,
    /// Lint: completeness, budgets of text messages, approvals and their signatures.
    Check,
    /// Sign words with an operator's key: as approved, or in another state.
    #[command(
        after_help = "Example: tidings locales approve fr --channel sms --level L2 --translator 'T. Writer' --name 'A. Reader, linguist' --as anna"
    )]
    Approve(ApproveArgs),
    /// Write a language's words for translators (ftl, csv) or reviewers (html).
    #[command(after_help = "Example: tidings locales export fr --out fr/")]
    Export(ExportArgs),
    /// Take translated words back: checked as a whole, or not taken at all.
    #[command(after_help = "Example: tidings locales import fr fr/fr.csv --translator 'T. Writer'")]
    Import(ImportWordsArgs),
}

/// `tidings locales approve`.
#[derive(Args)]
pub struct ApproveArgs {
    /// Language tag.
    pub language: String,
    /// Only this notice.
    #[arg(long)]
    pub notice: Option<domain::NoticeKind>,
    /// Only this channel.
    #[arg(long)]
    pub channel: Option<domain::Channel>,
    /// Only this level.
    #[arg(long)]
    pub level: Option<domain::Level>,
    /// New state.
    #[arg(long, value_enum, default_value_t = StateArg::Approved)]
    pub state: StateArg,
    /// Who wrote the words; may not approve them.
    #[arg(long, default_value = "")]
    pub translator: String,
    /// Name and role of each who approves, as often and in the same order as --as.
    #[arg(long = "name", required = true)]
    pub names: Vec<String>,
    /// Operator who signs: a name under keys/operators in the home folder, or the path of a key file.
    #[arg(long = "as", value_name = "OPERATOR", required = true)]
    pub operators: Vec<String>,
    /// Last day: an emergency approval, for neutral words only, by two people.
    #[arg(long)]
    pub expires: Option<Date>,
}

/// States that people give.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the words of localisation::State")]
pub enum StateArg {
    Draft,
    Revised,
    BackTranslated,
    Tested,
    Approved,
    Rejected,
    Withdrawn,
}

/// `tidings locales export`.
#[derive(Args)]
pub struct ExportArgs {
    /// Language tag; a language that is not there yet gets the English words.
    pub language: String,
    /// Folder.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// `tidings locales import`.
#[derive(Args)]
pub struct ImportWordsArgs {
    /// Language tag.
    pub language: String,
    /// The sheet (CSV), or the folder with the FTL files, as exported.
    pub from: PathBuf,
    /// Who wrote the words.
    #[arg(long)]
    pub translator: String,
}
