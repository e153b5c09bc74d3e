//! States of attempts and notifications, and the only transitions between them.

use crate::channel::word;
use crate::receipt::ReceiptKind;
use crate::{Channel, Form, Level};

word! {
    /// Where one attempt stands.
    AttemptState {
        /// Id committed; nothing rendered.
        Released = "released",
        /// Rendered and sealed to the gateway.
        Sealed = "sealed",
        /// On the gateway's queue, confirmed by the broker.
        Dispatched = "dispatched",
        /// The gateway signed for it.
        Accepted = "accepted",
        /// Handed on by the gateway.
        Sent = "sent",
        /// Reached the contact point.
        Delivered = "delivered",
        /// A human or a verified call confirmed it.
        Informed = "informed",
        /// Could not be sent or delivered.
        Failed = "failed",
        /// Not-after passed.
        Expired = "expired",
        /// Came back.
        Returned = "returned",
        /// A recall is under way.
        Recalling = "recalling",
        /// Recalled in time, or voided before it left.
        Withdrawn = "withdrawn",
        /// The recall came too late; the outcome is what the receipts say.
        TooLate = "too_late",
        /// Somebody else answered, or contact there is unsafe.
        Harmful = "harmful",
        /// The person wants nothing more.
        OptedOut = "opted_out",
    }
}

impl AttemptState {
    /// While one attempt is open, no other may start for the same notification.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Released | Self::Sealed | Self::Dispatched | Self::Accepted | Self::Sent | Self::Recalling)
    }

    /// Holds one unit of the gateway's credit: on its queue and not signed for.
    #[must_use]
    pub const fn holds_credit(self) -> bool {
        matches!(self, Self::Released | Self::Sealed | Self::Dispatched)
    }

    /// The next safe step may start.
    #[must_use]
    pub const fn wants_next_step(self) -> bool {
        matches!(self, Self::Failed | Self::Expired | Self::Returned | Self::Withdrawn | Self::Harmful)
    }
}

/// The transition does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an attempt that is {from} cannot become {to}")]
pub struct TransitionError {
    /// State before.
    pub from: AttemptState,
    /// State asked for.
    pub to: AttemptState,
}

/// The state after our own worker's step.
///
/// # Errors
/// [`TransitionError`] for a step that the states do not know.
pub const fn advance(from: AttemptState, to: AttemptState) -> Result<AttemptState, TransitionError> {
    use AttemptState as S;
    match (from, to) {
        (S::Released, S::Sealed)
        | (S::Sealed, S::Dispatched)
        | (S::Released | S::Sealed, S::Withdrawn | S::Expired | S::Failed)
        | (S::Dispatched | S::Accepted | S::Sent, S::Recalling)
        | (S::Dispatched | S::Accepted | S::Sent | S::Recalling, S::Expired | S::Failed) => Ok(to),
        _ => Err(TransitionError { from, to }),
    }
}

/// The state that receipts give an attempt, whatever their order and repetition; `None` while none says anything.
/// A late `delivered` after `failed` or `expired` is kept: late truth wins.
#[must_use]
pub fn join(receipts: impl IntoIterator<Item = ReceiptKind>) -> Option<AttemptState> {
    use AttemptState as S;
    use ReceiptKind as R;
    let strongest = receipts.into_iter().filter(|kind| *kind != R::Acknowledged).max()?;
    Some(match strongest {
        R::Acknowledged | R::Accepted => S::Accepted,
        R::Sent => S::Sent,
        R::TooLate => S::TooLate,
        R::Withdrawn => S::Withdrawn,
        R::Expired => S::Expired,
        R::Failed => S::Failed,
        R::Returned => S::Returned,
        R::Delivered => S::Delivered,
        R::Informed => S::Informed,
        R::OptedOut => S::OptedOut,
        R::WrongPerson | R::Unsafe => S::Harmful,
    })
}

word! {
    /// Where one notification stands.
    NotificationState {
        /// Steps exist, nobody approved them yet.
        Planned = "planned",
        /// No route is open; reasons say who must do what.
        Held = "held",
        /// Opens at a later time.
        Deferred = "deferred",
        /// Two people approved it.
        Approved = "approved",
        /// An attempt was made.
        InProgress = "in_progress",
        /// A neutral or short form reached the contact point; never counts as informed.
        ReachedNeutral = "reached_neutral",
        /// Delivered in full form, nobody confirmed.
        Unconfirmed = "unconfirmed",
        /// The right person has the full notice, confirmed.
        Informed = "informed",
        /// Every allowed step was tried.
        Exhausted = "exhausted",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Another notification of the person stands instead.
        Superseded = "superseded",
        /// A group decision on a public notice stands instead.
        Substituted = "substituted",
    }
}

impl NotificationState {
    /// An end state (held counts only with owner and review date, which every hold has).
    #[must_use]
    pub const fn is_end(self) -> bool {
        !matches!(self, Self::Planned | Self::Deferred | Self::Approved | Self::InProgress)
    }
}

/// What an attempt's outcome makes of its notification. `None`: nothing yet, or the next step decides.
#[must_use]
pub const fn outcome(attempt: AttemptState, level: Level, form: Form) -> Option<NotificationState> {
    use NotificationState as N;
    match attempt {
        AttemptState::Informed => Some(N::Informed),
        AttemptState::Delivered => match (level, form) {
            (Level::L3 | Level::L4, Form::Full) => Some(N::Unconfirmed),
            _ => Some(N::ReachedNeutral),
        },
        AttemptState::OptedOut => Some(N::Withdrawn),
        _ => None,
    }
}

/// Milliseconds an attempt may stay without an outcome after it was accepted, by channel: then it expires and the
/// next step may start. Post and visits take weeks; a text message that long is lost.
#[must_use]
pub const fn patience(channel: Channel) -> i64 {
    const DAY: i64 = crate::Millis::DAY;
    match channel {
        Channel::Sms | Channel::App | Channel::Ivr | Channel::Email => 3 * DAY,
        Channel::CallLive => 7 * DAY,
        Channel::Post => 30 * DAY,
        Channel::FieldVisit | Channel::Caseworker => 60 * DAY,
        Channel::VisitDetention => 90 * DAY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_states_is_either_a_known_step_or_refused() {
        let known = AttemptState::ALL
            .iter()
            .flat_map(|from| AttemptState::ALL.iter().map(move |to| (*from, *to)))
            .filter(|(from, to)| advance(*from, *to).is_ok())
            .count();
        assert_eq!(known, 2 + 6 + 3 + 8);
    }

    #[test]
    fn nothing_leaves_an_end_state_by_our_own_step() {
        for from in AttemptState::ALL.iter().filter(|s| !s.is_open()) {
            for to in AttemptState::ALL {
                assert!(advance(*from, *to).is_err());
            }
        }
    }

    #[test]
    fn order_and_repetition_of_receipts_do_not_matter() {
        use ReceiptKind as R;
        for a in R::ALL {
            for b in R::ALL {
                for c in R::ALL {
                    let wanted = join([*a, *b, *c]);
                    assert_eq!(wanted, join([*c, *b, *a]));
                    assert_eq!(wanted, join([*b, *a, *a, *c, *b]));
                }
            }
        }
    }

    #[test]
    fn unsafe_wins_over_everything_and_late_delivery_over_failure() {
        use ReceiptKind as R;
        for kind in R::ALL {
            assert_eq!(join([*kind, R::Unsafe]), Some(AttemptState::Harmful));
        }
        assert_eq!(join([R::Failed, R::Delivered]), Some(AttemptState::Delivered));
        assert_eq!(join([R::Expired, R::Delivered]), Some(AttemptState::Delivered));
        assert_eq!(join([R::Delivered, R::OptedOut]), Some(AttemptState::OptedOut));
        assert_eq!(join([R::Acknowledged]), None);
    }

    #[test]
    fn only_the_full_form_can_leave_a_person_unconfirmed_and_only_a_human_makes_it_informed() {
        use NotificationState as N;
        assert_eq!(outcome(AttemptState::Delivered, Level::L3, Form::Short), Some(N::ReachedNeutral));
        assert_eq!(outcome(AttemptState::Delivered, Level::L2, Form::Full), Some(N::ReachedNeutral));
        assert_eq!(outcome(AttemptState::Delivered, Level::L3, Form::Full), Some(N::Unconfirmed));
        assert_eq!(outcome(AttemptState::Informed, Level::L3, Form::Full), Some(N::Informed));
    }
}
