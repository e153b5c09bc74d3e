//! The gate before a message is sealed, when it is dispatched, and at every fallback.

use domain::channel::Recipient;
use domain::decision::{Decision, Route};
use domain::manifest::Step;
use domain::{Audience, Level, Millis};

use crate::engine::wire;
use crate::facts::Facts;

/// May be sent. Only [`still_allowed`] makes it, so that nothing is sealed without having been asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    step: Step,
    wire: Level,
    not_before: Option<Millis>,
}

impl Allowed {
    /// The step, at the level that was approved for it.
    #[must_use]
    pub const fn step(&self) -> &Step {
        &self.step
    }

    /// What may cross the wire: `L1` for a task, else the step's level.
    #[must_use]
    pub const fn wire(&self) -> Level {
        self.wire
    }

    /// Not to be released before this instant (R23).
    #[must_use]
    pub const fn not_before(&self) -> Option<Millis> {
        self.not_before
    }
}

/// Why a step may no longer be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Void {
    /// The contact point is no longer among the person's.
    #[error("the contact point has changed or is gone")]
    Contact,
    /// The guardian is no longer on record.
    #[error("the recipient has changed")]
    Recipient,
    /// The route is closed.
    #[error("the route is closed")]
    Closed,
    /// The route allows less than the step says.
    #[error("the route allows {allowed} only")]
    Below {
        /// What it allows.
        allowed: Level,
    },
    /// Another audience is spoken to now.
    #[error("the audience has changed")]
    Audience,
    /// The contact point leaves only through the Society whose record holds it.
    #[error("the Society does not hold this contact point")]
    Society,
}

/// Whether a step may still be taken. A wait only delays it.
///
/// # Errors
/// [`Void`]: the step is void and the person is planned again.
pub fn still_allowed(step: &Step, decision: &Decision, facts: &Facts) -> Result<Allowed, Void> {
    let contact = match step.contact {
        None => None,
        Some(reference) => {
            let index = facts.contacts().position(|c| c == reference).ok_or(Void::Contact)?;
            Some(u16::try_from(index).map_err(|_| Void::Contact)?)
        }
    };
    let audience = match step.to {
        Recipient::Person => decision.audience,
        Recipient::Guardian(index) => {
            if usize::from(index) + 1 >= facts.recipients() {
                return Err(Void::Recipient);
            }
            Audience::Guardian
        }
    };
    if step.audience != audience {
        return Err(Void::Audience);
    }
    if contact.is_some_and(|c| facts.holder(c) != Some(&step.society)) {
        return Err(Void::Society);
    }
    let route = Route { to: step.to, channel: step.channel, contact };
    let open = decision.routes.iter().find(|r| r.route == route && r.level > Level::L0).ok_or(Void::Closed)?;
    if step.level > open.level || step.level < Level::L2 {
        return Err(Void::Below { allowed: open.level });
    }
    Ok(Allowed { step: step.clone(), wire: wire(step.channel, step.level), not_before: open.waits_until })
}
