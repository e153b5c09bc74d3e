//! What a command ends with. Exit codes: 1 failed, 2 usage, 3 refused by a rule.

use std::fmt;

/// Why a command did not do what was asked: what, where, and what to do next.
#[derive(Debug)]
pub struct Failure {
    /// Which exit code.
    pub kind: FailureKind,
    text: String,
}

/// Kinds of failure, each with its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// Something broke or was not found.
    Failed,
    /// The call or a file it names is wrong.
    Usage,
    /// Protection, approval or state forbids it.
    Refused,
}

impl Failure {
    /// Something broke.
    pub fn failed(text: impl Into<String>) -> Self {
        Self { kind: FailureKind::Failed, text: text.into() }
    }

    /// The call is wrong.
    pub fn usage(text: impl Into<String>) -> Self {
        Self { kind: FailureKind::Usage, text: text.into() }
    }

    /// A rule forbids it.
    pub fn refused(text: impl Into<String>) -> Self {
        Self { kind: FailureKind::Refused, text: text.into() }
    }

    /// Another process failed with this exit code, and has said why.
    #[must_use]
    pub const fn told(code: u8) -> Self {
        let kind = match code {
            2 => FailureKind::Usage,
            3 => FailureKind::Refused,
            _ => FailureKind::Failed,
        };
        Self { kind, text: String::new() }
    }

    /// Whether there is something left to say.
    #[must_use]
    pub const fn is_told(&self) -> bool {
        self.text.is_empty()
    }

    /// Says in front where it happened.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.text = format!("{place}: {}", self.text);
        self
    }

    /// The exit code.
    #[must_use]
    pub const fn code(&self) -> u8 {
        match self.kind {
            FailureKind::Failed => 1,
            FailureKind::Usage => 2,
            FailureKind::Refused => 3,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

macro_rules! failed_from {
    ($($error:ty),+ $(,)?) => { $(impl From<$error> for Failure {
        fn from(error: $error) -> Self {
            Self::failed(error.to_string())
        }
    })+ };
}

failed_from!(std::io::Error, serde_json::Error, store::StoreError, broker::BrokerError, workers::WorkerError,);
