//! Batches of receipts that are missing between others: lost on the way, or not sent yet. Said as they are: what was in
//! them nobody knows, and unanswered attempts go on waiting for their own time-outs.

use domain::SocietyCode;
use store::HeardRow;

use crate::answer::minute;
use crate::app::App;
use crate::error::Failure;

/// Gaps that are written out; the others are counted.
const SHOWN: usize = 3;

/// Every gap of the gateways that `wanted` picks, oldest first.
///
/// # Errors
/// The store cannot be read.
pub async fn all(app: &App, wanted: impl Fn(&SocietyCode) -> bool) -> Result<Vec<HeardRow>, Failure> {
    let mut rows = app.store.heard().await?;
    rows.retain(|row| row.gap_since.is_some() && wanted(&row.society));
    rows.sort_by_key(|row| row.gap_since);
    Ok(rows)
}

/// `3 (4–6), since 2026-11-30 14:05`; empty where none is missing.
#[must_use]
pub fn words(row: &HeardRow) -> String {
    let missing = row.heard.missing();
    if missing == 0 {
        return String::new();
    }
    let mut gaps: Vec<String> = row
        .heard
        .gaps()
        .take(SHOWN)
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") })
        .collect();
    if row.heard.gaps().nth(SHOWN).is_some() {
        gaps.push("…".to_owned());
    }
    let least = if row.heard.is_full() { "at least " } else { "" };
    format!("{least}{missing} ({}), since {}", gaps.join(", "), minute(row.gap_since))
}

#[cfg(test)]
mod tests {
    use domain::Millis;
    use domain::heard::Heard;

    use super::*;

    #[test]
    fn gaps_are_said_as_they_are() {
        let said = |numbers: &[u64]| {
            let mut heard = Heard::default();
            numbers.iter().for_each(|n| assert!(heard.note(*n)));
            let gap_since = (heard.missing() > 0).then_some(Millis(1_796_000_000_000));
            words(&HeardRow { society: "KE".parse().expect("a code"), gateway_key: "k".to_owned(), heard, gap_since })
        };
        assert_eq!(said(&[1, 2, 3]), "");
        assert_eq!(said(&[1, 3, 7]), "4 (2, 4–6), since 2026-11-30 00:53");
        assert_eq!(said(&[2, 4, 6, 8, 10]), "5 (1, 3, 5, …), since 2026-11-30 00:53");
    }
}
