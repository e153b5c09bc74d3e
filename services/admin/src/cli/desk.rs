//! `tidings task`, `tidings hotline`: what teams and desks type.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use contract::FailureCode;
use domain::receipt::ReceiptKind;
use domain::{AttemptId, CampaignId, SocietyCode};
use uuid::Uuid;

use super::Signer;

/// A task, by the id that the team was given; or as the store writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskId(pub AttemptId);

impl std::str::FromStr for TaskId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a task is named as in 6f2b3a1e-1111-4222-8333-444455556666; `tidings task list` has them";
        let id = text.parse::<AttemptId>().ok().or_else(|| Uuid::parse_str(text).ok().map(AttemptId::from));
        id.map(Self).ok_or(wrong)
    }
}

impl std::fmt::Display for TaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.uuid().hyphenated().fmt(f)
    }
}

/// `tidings task`.
#[derive(Subcommand)]
pub enum TaskCommand {
    /// Tasks that teams have, those due first: ids and dates, nobody's name and no reason.
    List {
        /// Of one campaign.
        #[arg(long)]
        campaign: Option<CampaignId>,
        /// Of one Society's teams.
        #[arg(long)]
        society: Option<SocietyCode>,
        /// Those that were answered too.
        #[arg(long)]
        all: bool,
        /// How many.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Open one task to do it: who, where, what to say. Refused when that may not be done any more.
    #[command(after_help = "Example: tidings task open 6f2b3a1e-… --as anna")]
    Open {
        /// Task.
        task: TaskId,
        /// Who opens it.
        #[command(flatten)]
        signer: Signer,
    },
    /// Say what came of it; signed.
    #[command(after_help = "Example: tidings task close 6f2b3a1e-… informed --as anna")]
    Close(CloseArgs),
}

/// `tidings task close`.
#[derive(Args)]
pub struct CloseArgs {
    /// Task.
    pub task: TaskId,
    /// What came of it.
    pub outcome: TaskOutcome,
    /// Why it failed: a code of the contract's table.
    #[arg(long, value_parser = failure_code, required_if_eq("outcome", "failed"))]
    pub code: Option<FailureCode>,
    /// Who answers for it.
    #[command(flatten)]
    pub signer: Signer,
}

/// What a team says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum TaskOutcome {
    /// The right person has been told, in private.
    Informed,
    /// Somebody else is there.
    WrongPerson,
    /// Contact there is a danger.
    Unsafe,
    /// The person wants nothing more.
    OptedOut,
    /// It could not be done.
    Failed,
}

impl From<TaskOutcome> for ReceiptKind {
    fn from(outcome: TaskOutcome) -> Self {
        match outcome {
            TaskOutcome::Informed => Self::Informed,
            TaskOutcome::WrongPerson => Self::WrongPerson,
            TaskOutcome::Unsafe => Self::Unsafe,
            TaskOutcome::OptedOut => Self::OptedOut,
            TaskOutcome::Failed => Self::Failed,
        }
    }
}

/// `tidings hotline`.
#[derive(Subcommand)]
pub enum HotlineCommand {
    /// Record what a caller with a code said; signed. Shows nothing about anybody.
    #[command(
        after_help = "Example: tidings hotline record K7M4Q-X9T2L informed --checked --as anna\n         tidings hotline record K7M4Q-X9T2L new_contact --checked --file - --as anna, and on its input\n             phone=+254700000101\n             owner=self\n             safe=yes\n             may_name_org=yes"
    )]
    Record {
        /// Code.
        code: String,
        /// What came of the call.
        outcome: HotlineOutcome,
        /// The caller's identity and privacy were checked, by the script: without that nobody counts as informed, and
        /// nobody is left out.
        #[arg(long)]
        checked: bool,
        /// The new contact point: lines of NAME=VALUE, first phone=, email= or address=; `-` for standard input, so that
        /// no number stands in a list of processes.
        #[arg(long, required_if_eq("outcome", "new_contact"))]
        file: Option<PathBuf>,
        /// Who answers for it.
        #[command(flatten)]
        signer: Signer,
    },
}

/// What a desk says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum HotlineOutcome {
    /// The right person has been told.
    Informed,
    /// The message reached somebody else.
    WrongPerson,
    /// Messages there are a danger.
    Unsafe,
    /// The person wants nothing more.
    OptedOut,
    /// The person gave another contact point; it opens a way, so that a second person signs before it counts.
    NewContact,
}

impl HotlineOutcome {
    /// Counts only from the person.
    #[must_use]
    pub const fn needs_the_person(self) -> bool {
        matches!(self, Self::Informed | Self::OptedOut | Self::NewContact)
    }

    /// What it says about the attempt; a new contact point says nothing about it.
    #[must_use]
    pub const fn receipt(self) -> Option<ReceiptKind> {
        Some(match self {
            Self::Informed => ReceiptKind::Informed,
            Self::WrongPerson => ReceiptKind::WrongPerson,
            Self::Unsafe => ReceiptKind::Unsafe,
            Self::OptedOut => ReceiptKind::OptedOut,
            Self::NewContact => return None,
        })
    }
}

fn failure_code(text: &str) -> Result<FailureCode, String> {
    let known = FailureCode::ALL.iter().find(|code| code.as_str() == text);
    known.copied().ok_or_else(|| "no code of the contract's table (services/contract/CONNECT.md)".to_owned())
}
