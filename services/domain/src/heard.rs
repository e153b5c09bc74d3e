//! Which of a gateway's numbered batches have come. Batches come twice, late and out of order; what is missing between
//! the first and the highest number is known exactly, and never guessed. What would have come after the highest is not:
//! unanswered attempts show that.

use serde::{Deserialize, Serialize};

/// Runs that are kept: each gap costs one, and a gateway that leaves out more is broken or hostile.
const MOST: usize = 1_000;

/// Numbers that have come, as runs: ascending, apart from each other, each from its first to its last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Heard(Vec<(u64, u64)>);

impl Heard {
    /// Notes a number; the first is 1. False: it would have begun a run more than are kept, and was not noted.
    pub fn note(&mut self, number: u64) -> bool {
        let at = self.0.partition_point(|(_, last)| *last < number);
        if self.0.get(at).is_some_and(|(first, _)| *first <= number) {
            return true;
        }
        let after = at.checked_sub(1).filter(|before| self.0[*before].1.checked_add(1) == Some(number));
        let before = self.0.get(at).is_some_and(|(first, _)| number.checked_add(1) == Some(*first));
        match (after, before) {
            (Some(run), true) => {
                self.0[run].1 = self.0[at].1;
                self.0.remove(at);
            }
            (Some(run), false) => self.0[run].1 = number,
            (None, true) => self.0[at].0 = number,
            (None, false) if self.0.len() < MOST => self.0.insert(at, (number, number)),
            (None, false) => return false,
        }
        true
    }

    /// The highest number.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.0.last().map_or(0, |(_, last)| *last)
    }

    /// What is missing below the highest number, from the first to the last of each gap.
    pub fn gaps(&self) -> impl Iterator<Item = (u64, u64)> {
        let ends = std::iter::once(0).chain(self.0.iter().map(|(_, last)| *last));
        ends.zip(&self.0).filter_map(|(end, (first, _))| (first - end > 1).then_some((end + 1, first - 1)))
    }

    /// How many are missing.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.gaps().fold(0, |sum, (first, last)| sum.saturating_add((last - first).saturating_add(1)))
    }

    /// More gaps than are kept: there may be others.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.len() >= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(numbers: impl IntoIterator<Item = u64>) -> Heard {
        let mut heard = Heard::default();
        numbers.into_iter().for_each(|n| assert!(heard.note(n)));
        heard
    }

    #[test]
    fn order_and_repetition_do_not_matter_and_gaps_are_exact() {
        let mut seed = 9_u64;
        for _ in 0..200 {
            let mut random = move || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                seed >> 33
            };
            let numbers: Vec<u64> = (0..random() % 60).map(|_| random() % 40 + 1).collect();
            seed = random();
            let heard = heard(numbers.iter().copied());
            let last = numbers.iter().copied().max().unwrap_or(0);
            let missing: Vec<u64> = (1..last).filter(|n| !numbers.contains(n)).collect();
            let gaps: Vec<u64> = heard.gaps().flat_map(|(first, last)| first..=last).collect();
            assert_eq!((heard.last(), heard.missing(), gaps), (last, missing.len() as u64, missing), "{numbers:?}");
            let kept = serde_json::to_string(&heard).expect("plain");
            assert_eq!(serde_json::from_str::<Heard>(&kept).expect("and back"), heard);
        }
    }

    #[test]
    fn what_fills_a_gap_closes_it_and_the_first_number_is_one() {
        assert_eq!(heard([3]).gaps().collect::<Vec<_>>(), [(1, 2)]);
        assert_eq!(heard([1, 2, 5, 3, 4]).missing(), 0);
        assert_eq!(heard([0]).missing(), 0, "a gateway that counts from nought leaves nothing out");
        assert_eq!(heard([u64::MAX]).missing(), u64::MAX - 1);
        assert_eq!(heard([u64::MAX, u64::MAX - 1, 1]).gaps().collect::<Vec<_>>(), [(2, u64::MAX - 2)]);
    }

    #[test]
    fn a_hostile_gateway_takes_no_memory() {
        let mut heard = Heard::default();
        let noted = (0..100_000).filter(|n| heard.note(n * 2 + 1)).count();
        assert_eq!((noted, heard.is_full()), (MOST, true));
        assert!(heard.note(2), "what closes a gap is noted all the same");
    }
}
