//! Instants as the store keeps them.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, by the store's clock.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// One minute.
    pub const MINUTE: i64 = 60_000;
    /// One hour.
    pub const HOUR: i64 = 60 * Self::MINUTE;
    /// One day.
    pub const DAY: i64 = 24 * Self::HOUR;

    /// This instant and `millis` more (or fewer).
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The same instant for calendar arithmetic; `None` outside jiff's range (years −9999 to 9999).
    #[must_use]
    pub fn timestamp(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_millisecond(self.0).ok()
    }
}

impl From<jiff::Timestamp> for Millis {
    fn from(at: jiff::Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}
