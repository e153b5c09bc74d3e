//! The conservation ledger: computed from rows, never from counters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::delivery::NotificationState;

/// Counts of one incident and one campaign, each by its own query over rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Rows read by imports.
    pub rows_read: u64,
    /// Of these: new records.
    pub new: u64,
    /// Changed records.
    pub updated: u64,
    /// Unchanged records.
    pub unchanged: u64,
    /// Rows that nobody could read as a record.
    pub quarantined: u64,
    /// Records of the incident.
    pub records: u64,
    /// Linked to a person.
    pub records_linked: u64,
    /// Wait for dedupe.
    pub records_pending: u64,
    /// Not to be notified, by reason.
    pub records_not_notified: BTreeMap<String, u64>,
    /// Persons of the incident.
    pub persons: u64,
    /// Current notifications by state.
    pub notifications: BTreeMap<NotificationState, u64>,
    /// Persons with more than one current notification: must be 0.
    pub persons_told_twice: u64,
    /// Persons outside this campaign, by reason.
    pub outside: BTreeMap<String, u64>,
}

impl Ledger {
    /// The three equations of design.md section 4; the names of those that do not hold.
    #[must_use]
    pub fn imbalances(&self) -> Vec<&'static str> {
        let rows = self.new + self.updated + self.unchanged + self.quarantined;
        let not_notified: u64 = self.records_not_notified.values().sum();
        let persons: u64 = self.notifications.values().sum::<u64>() + self.outside.values().sum::<u64>();
        let checks = [
            ("rows read = new + updated + unchanged + quarantined", self.rows_read == rows),
            (
                "records = linked + pending + not to be notified",
                self.records == self.records_linked + self.records_pending + not_notified,
            ),
            ("persons = current notifications + outside", self.persons == persons),
            ("one current notification each", self.persons_told_twice == 0),
        ];
        checks.into_iter().filter(|(_, holds)| !holds).map(|(name, _)| name).collect()
    }

    /// Every equation holds.
    #[must_use]
    pub fn balanced(&self) -> bool {
        self.imbalances().is_empty()
    }

    /// Notifications that are not at an end.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.notifications.iter().filter(|(state, _)| !state.is_end()).map(|(_, n)| n).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_person_or_row_is_seen() {
        let mut ledger =
            Ledger { rows_read: 2, new: 2, records: 2, records_linked: 2, persons: 1, ..Ledger::default() };
        assert_eq!(ledger.imbalances(), ["persons = current notifications + outside"]);
        ledger.notifications.insert(NotificationState::Held, 1);
        assert!(ledger.balanced());
        ledger.rows_read = 3;
        assert!(!ledger.balanced());
    }
}
