//! What a drill ends with, for people and for programs.

use std::collections::BTreeMap;

use domain::ledger::Ledger;
use serde::Serialize;

use super::gateways::Opened;
use crate::answer::{grouped, table};

/// The result of a drill. The names are a stable surface.
#[derive(Serialize)]
pub struct Summary {
    /// Invented people.
    pub people: u64,
    /// Records in the store.
    pub records: u64,
    /// Persons that linkage made of them.
    pub persons: u64,
    /// The conservation ledger, from rows.
    pub ledger: Ledger,
    /// Every equation of the ledger holds.
    pub balanced: bool,
    /// Attempts by channel and outcome.
    pub channels: BTreeMap<String, BTreeMap<String, u64>>,
    /// Held persons by rule that fired.
    pub holds: BTreeMap<String, u64>,
    /// Held persons by reason.
    pub reasons: BTreeMap<String, u64>,
    /// Persons of the mission's groups by state.
    pub groups: BTreeMap<String, BTreeMap<String, u64>>,
    /// Messages that gateways opened and that the truth about the people forbids.
    pub forbidden_sends: u64,
    /// The stories that were broken, counted.
    pub forbidden: BTreeMap<String, u64>,
    /// Persons whom linkage made of two people.
    pub falsely_merged: u64,
    /// Different messages opened.
    pub messages: u64,
    /// Copies beyond the first, always under the same idempotency key.
    pub copies: u64,
    /// Messages that a gateway could not open.
    pub unreadable: u64,
    /// Three of the notices.
    pub samples: Vec<Sample>,
    /// Seconds by phase.
    pub phases: BTreeMap<String, f64>,
    /// Seconds in all.
    pub seconds: f64,
    /// The campaign.
    #[serde(skip)]
    pub campaign: domain::CampaignId,
    /// Every message that was opened: invented people's, for tests that read them all.
    #[serde(skip)]
    pub opened: Vec<Opened>,
}

/// A notice as a gateway opened it, its address left out.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    /// Channel.
    pub channel: String,
    /// Language.
    pub language: String,
    /// Level.
    pub level: String,
    /// Words.
    pub words: String,
}

/// The ledger's equations in words.
#[must_use]
pub fn ledger_lines(ledger: &Ledger) -> String {
    let n = grouped;
    let not_notified: u64 = ledger.records_not_notified.values().sum();
    let notifications: u64 = ledger.notifications.values().sum();
    let outside: u64 = ledger.outside.values().sum();
    let mut text = format!(
        "Conservation ledger\n  rows read {} = new {} + updated {} + unchanged {} + quarantined {}\n  records {} = linked {} + pending {} + not to be notified {}\n  persons {} = current notifications {} + outside {}\n",
        n(ledger.rows_read),
        n(ledger.new),
        n(ledger.updated),
        n(ledger.unchanged),
        n(ledger.quarantined),
        n(ledger.records),
        n(ledger.records_linked),
        n(ledger.records_pending),
        n(not_notified),
        n(ledger.persons),
        n(notifications),
        n(outside),
    );
    match &ledger.imbalances()[..] {
        [] => text.push_str("  It balances: nobody is lost, nobody is counted twice.\n"),
        wrong => text.push_str(&format!("  IT DOES NOT BALANCE: {}\n", wrong.join("; "))),
    }
    text
}

impl Summary {
    /// The summary for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "{} invented people, {} records, {} persons, {} messages opened by gateways; {:.1} s\n\n",
            grouped(self.people),
            grouped(self.records),
            grouped(self.persons),
            grouped(self.messages),
            self.seconds
        );
        text.push_str(&ledger_lines(&self.ledger));
        text.push_str("\nWhere everybody stands\n");
        let total: u64 = self.ledger.notifications.values().sum();
        let states = self
            .ledger
            .notifications
            .iter()
            .map(|(state, n)| vec![state.to_string(), grouped(*n), percent(*n, total), bar(*n, total)]);
        text.push_str(&indent(&table(&["state", "persons", "", ""], &states.collect::<Vec<_>>())));
        text.push_str("\nReach by group\n");
        text.push_str(&indent(&cross(&self.groups, "group")));
        text.push_str("\nAttempts by channel\n");
        text.push_str(&indent(&cross(&self.channels, "channel")));
        text.push_str("\nHeld, by question that somebody must answer\n");
        text.push_str(&indent(&counts(&self.reasons, "question")));
        text.push_str("\nHeld, by rule that fired\n");
        text.push_str(&indent(&counts(&self.holds, "rule")));
        text.push_str("\nThree of the notices\n");
        for sample in &self.samples {
            text.push_str(&format!("  [{} · {} · {}]\n", sample.channel, sample.language, sample.level));
            for line in sample.words.lines().filter(|l| !l.trim().is_empty()).take(8) {
                text.push_str(&format!("    {line}\n"));
            }
        }
        text.push_str(&format!(
            "\nForbidden sends: {} (what gateways opened, compared with what is true of each invented person)\nFalsely merged persons: {}\nCopies under the same idempotency key: {}\n",
            self.forbidden_sends, self.falsely_merged, self.copies
        ));
        for (story, n) in &self.forbidden {
            text.push_str(&format!("  FORBIDDEN {n} × {story}\n"));
        }
        text.push_str("\nWhere to look next\n  tidings explain --policy        the rules\n  tidings preview --help          any notice in any language\n  tidings init                    set up for real\n");
        text
    }
}

fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    format!("{}%", (part * 100 + whole / 2) / whole)
}

/// A bar of at most 30 blocks; anything above nothing has one.
fn bar(part: u64, whole: u64) -> String {
    if whole == 0 || part == 0 {
        return String::new();
    }
    "█".repeat(usize::try_from(part * 30 / whole).unwrap_or(30).max(1))
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn counts(map: &BTreeMap<String, u64>, head: &str) -> String {
    let mut rows: Vec<_> = map.iter().collect();
    rows.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    let most = rows.first().map_or(0, |(_, n)| **n);
    let rows: Vec<_> = rows.into_iter().map(|(k, n)| vec![k.clone(), grouped(*n), bar(*n, most)]).collect();
    table(&[head, "persons", ""], &rows)
}

/// Rows by columns; a zero is a dot.
fn cross(map: &BTreeMap<String, BTreeMap<String, u64>>, head: &str) -> String {
    let mut columns: Vec<&String> = map.values().flat_map(BTreeMap::keys).collect();
    columns.sort();
    columns.dedup();
    let heads: Vec<&str> = [head].into_iter().chain(columns.iter().map(|c| c.as_str())).collect();
    let rows: Vec<_> = map
        .iter()
        .map(|(name, cells)| {
            let cells = columns.iter().map(|c| cells.get(*c).map_or_else(|| "·".to_owned(), |n| grouped(*n)));
            [name.clone()].into_iter().chain(cells).collect()
        })
        .collect();
    table(&heads, &rows)
}
