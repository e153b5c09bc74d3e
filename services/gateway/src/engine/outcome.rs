//! What an outcome or a report means for the journal. Decides; writes nothing.

use contract::FailureCode;
use contract::codes::Meaning;
use domain::Millis;
use domain::receipt::ReceiptKind;

use super::intake::receipt;
use crate::journal::{Entry, Standing};
use crate::transport::{Outcome, Repeat};

/// Doublings of the first pause, at most.
const MOST_DOUBLINGS: u32 = 6;

/// Entries for the outcome of one try.
pub(crate) fn of_try(
    standing: &Standing,
    outcome: Outcome,
    repeat: Repeat,
    first_pause: i64,
    now: Millis,
) -> Vec<Entry> {
    let attempt = standing.attempt;
    match outcome {
        Outcome::Handed { references, told } => {
            let mut entries = vec![Entry::Handed { attempt, references }];
            entries.extend(told.and_then(|kind| tell(standing, kind, None, now)));
            entries
        }
        Outcome::Refused(code) => {
            // Segments of an earlier try are out: it is not as if nothing had been sent.
            let ended = if standing.references.is_empty() {
                Entry::Closed { attempt, until: standing.until }
            } else {
                Entry::Handed { attempt, references: vec![] }
            };
            let mut entries = vec![ended];
            entries.extend(tell(standing, ReceiptKind::Failed, Some(code), now));
            entries
        }
        Outcome::Later { taken, pause } => {
            let asked = pause.map_or(0, |pause| i64::try_from(pause.as_millis()).unwrap_or(i64::MAX));
            vec![again(standing, taken, asked, first_pause, now)]
        }
        Outcome::Unknown => match repeat {
            Repeat::Harmless => vec![again(standing, vec![], 0, first_pause, now)],
            // Nothing is told: `failed` would start the next step beside a message that may arrive, and `sent` would
            // be a guess. Tidings closes the attempt after its end.
            Repeat::Never => vec![Entry::Unknown { attempt }],
        },
    }
}

fn again(standing: &Standing, taken: Vec<String>, asked: i64, first_pause: i64, now: Millis) -> Entry {
    let doublings = standing.tries.saturating_sub(1).min(MOST_DOUBLINGS);
    let pause = asked.max(first_pause << doublings);
    // Not beyond its end: then it is time to say `expired`.
    let due = now.plus(pause).min(standing.until.plus(1)).max(now);
    Entry::Later { attempt: standing.attempt, due, taken }
}

/// Entries for what a network or a person said later about one reference.
pub(crate) fn of_report(standing: &Standing, reference: &str, meaning: Meaning, now: Millis) -> Vec<Entry> {
    let attempt = standing.attempt;
    let reported = |arrived| Entry::Reported { attempt, reference: reference.to_owned(), arrived };
    match meaning {
        Meaning::Wait | Meaning::TryAgain => vec![],
        Meaning::Report(ReceiptKind::Delivered) => {
            let others = standing.references.iter().filter(|(known, _)| known != reference);
            let whole = others.into_iter().all(|(_, arrived)| *arrived == Some(true));
            let mut entries = vec![reported(true)];
            // A text of three segments has arrived when the third has.
            if whole {
                entries.extend(tell(standing, ReceiptKind::Delivered, None, now));
            }
            entries
        }
        Meaning::Report(kind) => tell(standing, kind, None, now).into_iter().collect(),
        Meaning::Failure(kind, code) => {
            let mut entries = vec![reported(false)];
            entries.extend(tell(standing, kind, Some(code), now));
            entries
        }
    }
}

/// A receipt, unless Tidings was told the same already.
fn tell(standing: &Standing, kind: ReceiptKind, code: Option<FailureCode>, now: Millis) -> Option<Entry> {
    let known = standing.told.iter().any(|told| told.kind == kind);
    (!known).then(|| Entry::Receipt(receipt(standing.attempt, standing.task, kind, code, now)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Stage;
    use domain::AttemptId;

    fn standing(references: &[(&str, Option<bool>)], tries: u32) -> Standing {
        Standing {
            attempt: AttemptId::from(uuid::Uuid::nil()),
            stage: Stage::Sending,
            until: Millis(1_000_000_000),
            task: None,
            tries,
            references: references.iter().map(|(r, a)| ((*r).to_owned(), *a)).collect(),
            told: vec![],
        }
    }

    fn kinds(entries: &[Entry]) -> Vec<ReceiptKind> {
        entries.iter().filter_map(|e| if let Entry::Receipt(r) = e { Some(r.kind) } else { None }).collect()
    }

    #[test]
    fn an_unknown_outcome_is_tried_again_only_where_that_is_harmless_and_is_told_to_nobody() {
        let of = |repeat| of_try(&standing(&[], 1), Outcome::Unknown, repeat, 1000, Millis(0));
        assert!(matches!(of(Repeat::Harmless)[..], [Entry::Later { .. }]));
        assert!(matches!(of(Repeat::Never)[..], [Entry::Unknown { .. }]));
    }

    #[test]
    fn pauses_double_up_to_a_limit_follow_the_network_and_end_with_the_message() {
        let due = |tries, asked: Option<u64>, now| {
            let pause = asked.map(std::time::Duration::from_secs);
            match of_try(
                &standing(&[], tries),
                Outcome::Later { taken: vec![], pause },
                Repeat::Never,
                1000,
                Millis(now),
            )[..]
            {
                [Entry::Later { due, .. }] => due.0,
                _ => panic!("not later"),
            }
        };
        assert_eq!([due(1, None, 0), due(2, None, 0), due(7, None, 0), due(70, None, 0)], [1000, 2000, 64_000, 64_000]);
        assert_eq!(due(1, Some(90), 0), 90_000);
        assert_eq!(due(1, None, 999_999_999), 1_000_000_001);
    }

    #[test]
    fn a_text_has_arrived_when_its_last_segment_has_and_a_late_arrival_is_told_after_a_failure() {
        let delivered = Meaning::Report(ReceiptKind::Delivered);
        assert!(kinds(&of_report(&standing(&[("a", None), ("b", None)], 1), "a", delivered, Millis(0))).is_empty());
        let mut last = standing(&[("a", Some(true)), ("b", None)], 1);
        assert_eq!(kinds(&of_report(&last, "b", delivered, Millis(0))), [ReceiptKind::Delivered]);
        last.told.push(receipt(last.attempt, None, ReceiptKind::Failed, Some(FailureCode::Unreachable), Millis(0)));
        assert_eq!(kinds(&of_report(&last, "b", delivered, Millis(0))), [ReceiptKind::Delivered]);
        last.told.push(receipt(last.attempt, None, ReceiptKind::Delivered, None, Millis(0)));
        assert!(kinds(&of_report(&last, "b", delivered, Millis(0))).is_empty(), "a repeated report says nothing new");
    }

    #[test]
    fn a_refusal_after_segments_went_out_is_not_as_if_nothing_was_sent() {
        let of = |standing: &Standing| {
            of_try(standing, Outcome::Refused(FailureCode::Blocked), Repeat::Never, 1000, Millis(0))
        };
        assert!(matches!(of(&standing(&[], 1))[0], Entry::Closed { .. }));
        assert!(matches!(of(&standing(&[("a", None)], 1))[0], Entry::Handed { .. }));
    }
}
