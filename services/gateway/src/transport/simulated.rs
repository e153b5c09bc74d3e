//! Reaches nobody: for drills. Says `sent`, and a moment later `delivered`.

use async_trait::async_trait;
use contract::Content;
use contract::codes::Meaning;
use domain::receipt::ReceiptKind;

use super::{Job, Outcome, Repeat, Reports, Transport, report};

/// The simulated network.
pub struct Simulated {
    reports: Reports,
}

impl Simulated {
    /// One that reports here.
    #[must_use]
    pub const fn new(reports: Reports) -> Self {
        Self { reports }
    }
}

#[async_trait]
impl Transport for Simulated {
    fn name(&self) -> &'static str {
        "simulated"
    }

    fn repeat(&self) -> Repeat {
        Repeat::Harmless // nobody is reached at all
    }

    async fn deliver(&self, job: &Job) -> Outcome {
        let reference = format!("simulated:{}", job.attempt().uuid());
        // A task that was given to an office is not done: only its team can say so.
        if matches!(job.envelope.content, Content::Notice(_)) {
            let (reports, again) = (self.reports.clone(), reference.clone());
            tokio::spawn(async move { report(&reports, again, Meaning::Report(ReceiptKind::Delivered)).await });
        }
        Outcome::Handed { references: vec![reference], told: Some(ReceiptKind::Sent) }
    }
}
