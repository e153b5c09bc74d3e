//! What happened: facts, versioned and dated. Written by operators as TOML (`tidings incident put`).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::channel::word;

word! {
    /// Kinds of data that were reached, as the notices name them.
    DataCategory {
        /// Names.
        Name = "name",
        /// Date or place of birth, sex.
        Birth = "birth",
        /// Phone, e-mail, address.
        Contact = "contact",
        /// Family links.
        Family = "family",
        /// What was written about the case.
        Case = "case",
        /// Documents.
        Documents = "documents",
        /// Login and password.
        Credentials = "credentials",
    }
}

word! {
    /// How surely a category was reached.
    Certainty {
        /// Seen in what was taken.
        Confirmed = "confirmed",
        /// Could be read by the intruders.
        Possible = "possible",
    }
}

word! {
    /// Measures taken, as the notices name them.
    Measure {
        /// Servers taken offline.
        Offline = "offline",
        /// Moved to new, stronger systems.
        Rebuilt = "rebuilt",
        /// Passwords reset.
        PasswordsReset = "passwords_reset",
        /// Authorities for data protection told.
        AuthoritiesTold = "authorities_told",
        /// Specialists search for the data on the open and hidden web.
        Monitoring = "monitoring",
    }
}

word! {
    /// Synthetic or real, for ever. Only synthetic incidents can be drilled, and they can only be drilled.
    IncidentKind {
        /// Real people.
        Real = "real",
        /// Invented people, for drills, training, benchmarks.
        Synthetic = "synthetic",
    }
}

/// A category and how surely it was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposed {
    /// Category.
    pub category: DataCategory,
    /// Certainty.
    pub certainty: Certainty,
}

/// Facts of an incident. A changed fact is a new version; it voids what is unsent (H36).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentFacts {
    /// Short name for operators; never in a notice.
    pub name: String,
    /// Synthetic or real.
    pub kind: IncidentKind,
    /// Version, from 1, rising.
    pub version: u32,
    /// The date on which these facts were true.
    pub as_of: Date,
    /// First day on which outsiders could read the data.
    pub started_on: Date,
    /// Day on which it was found.
    pub discovered_on: Date,
    /// Day on which the system was taken offline.
    pub ended_on: Option<Date>,
    /// What was reached.
    pub exposed: Vec<Exposed>,
    /// Measures taken.
    pub measures: Vec<Measure>,
    /// The data are known to have been published.
    pub data_published: bool,
    /// The data-protection contact that full notices name (an office, never a person).
    pub data_protection_contact: String,
}
