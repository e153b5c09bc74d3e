//! Random ids, a type each, printed with a prefix that tells the reader of a log what it is.
//! Nothing is derived from breached data.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_<32 hex digits>")]
pub struct IdError {
    /// Prefix of the kind that was expected.
    pub prefix: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Prefix of the printed form.
            pub const PREFIX: &'static str = $prefix;

            /// A fresh random id.
            #[must_use]
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }

            /// The id inside, for the store and the wire.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Takes the printed form, or a bare UUID.
            fn from_str(text: &str) -> Result<Self, IdError> {
                let bare = text.strip_prefix(concat!($prefix, "_")).unwrap_or(text);
                Uuid::parse_str(bare).map(Self).map_err(|_| IdError { prefix: $prefix })
            }
        }
    };
}

id!(/** Something that takes two operators. */ ActionId, "act");
id!(/** One address, wherever it is listed; random, never derived from the address. */ AddressGroupId, "adg");
id!(/** One try of one step; the idempotency key for ever. */ AttemptId, "att");
id!(/** One campaign of one incident. */ CampaignId, "cmp");
id!(/** One run of `tidings import`. */ ImportId, "imp");
id!(/** What happened. */ IncidentId, "inc");
id!(/** One notice for one person in one campaign. */ NotificationId, "ntf");
id!(/** A staff member who may act; not an affected person. */ OperatorId, "opr");
id!(/** One affected individual. */ PersonId, "prs");
id!(/** One source row. */ RecordId, "rec");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_id_parses_back_and_a_foreign_prefix_does_not() {
        let id = PersonId::random();
        assert_eq!(id.to_string().parse::<PersonId>(), Ok(id));
        assert!(id.to_string().starts_with("prs_"));
        assert_eq!(RecordId::random().to_string().parse::<PersonId>(), Err(IdError { prefix: "prs" }));
    }
}
