//! Records, context and time, read into the finite facts that the rules ask for.

mod build;
pub(crate) mod contact;
mod guardian;
mod read;
mod stated;
pub(crate) mod statement;
pub(crate) mod subject;
pub(crate) mod today;
pub(crate) mod values;
pub(crate) mod windows;

pub use build::facts;
pub use stated::contact_points;

use domain::channel::Recipient;
use domain::manifest::ContactRef;
use domain::record::{AccessNeed, LanguageWish, Literacy, Role};
use domain::{Millis, RecordId, SocietyCode};
use jiff::civil::Date;

use crate::atoms::{Atom as A, Atoms};
use crate::facts::contact::{ContactFacts, Country};
use crate::facts::subject::Lift;
use crate::facts::today::BirthBounds;

/// Everything a decision may consider about one person, and nothing else: finite, normalised, at one instant.
#[derive(Clone)]
pub struct Facts {
    pub(crate) person: Atoms,
    pub(crate) audience: Roles,
    /// The person first, then the guardians.
    pub(crate) recipients: Vec<RecipientFacts>,
    pub(crate) contacts: Vec<ContactFacts>,
    pub(crate) records: Vec<RecordFacts>,
    pub(crate) candidates: Vec<CandidateFacts>,
    pub(crate) lifts: Vec<Lift>,
    pub(crate) origins: Vec<Country>,
    pub(crate) births: Vec<BirthBounds>,
    pub(crate) valid_until: Millis,
}

/// Roles and displacement, as far as the audience depends on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Roles {
    pub(crate) roles: u16,
    pub(crate) migrant: bool,
}

impl Roles {
    pub(crate) const fn has(self, role: Role) -> bool {
        self.roles & (1 << role as u16) != 0
    }
}

/// Who receives, and what they can read, hear and understand.
#[derive(Clone)]
pub(crate) struct RecipientFacts {
    pub(crate) atoms: Atoms,
    pub(crate) languages: Vec<LanguageWish>,
    /// Guardian: the relations that name them.
    pub(crate) relations: Vec<(RecordId, u8)>,
}

/// A record, as far as the choice of the notifying Society depends on it.
#[derive(Clone)]
pub(crate) struct RecordFacts {
    pub(crate) id: RecordId,
    pub(crate) society: SocietyCode,
    pub(crate) last_contact: Option<Date>,
}

/// What an undecided duplicate adds.
#[derive(Clone)]
pub(crate) struct CandidateFacts {
    pub(crate) person: Atoms,
    pub(crate) reader: Atoms,
    pub(crate) origins: Vec<Country>,
    pub(crate) births: Vec<BirthBounds>,
}

/// How a contact point's atoms depend on whose facts are asked.
pub(crate) struct Around<'a> {
    pub(crate) origins: &'a [Country],
    pub(crate) births: &'a [BirthBounds],
}

impl Facts {
    /// The facts as they stand will not change by time alone before this instant.
    #[must_use]
    pub const fn valid_until(&self) -> Millis {
        self.valid_until
    }

    /// The contact point that a route names by its position.
    #[must_use]
    pub fn contact_at(&self, index: u16) -> Option<ContactRef> {
        self.contacts.get(usize::from(index)).map(|contact| contact.reference)
    }

    /// The atoms about the person.
    #[must_use]
    pub const fn person(&self) -> Atoms {
        self.person
    }

    /// Number of recipients: the person and the guardians on record.
    #[must_use]
    pub fn recipients(&self) -> usize {
        self.recipients.len()
    }

    /// The contact points, in the order by which routes number them.
    pub fn contacts(&self) -> impl Iterator<Item = ContactRef> {
        self.contacts.iter().map(|c| c.reference)
    }

    /// The relations that name a recipient; empty for the person.
    #[must_use]
    pub fn relations(&self, to: Recipient) -> &[(RecordId, u8)] {
        self.recipients.get(recipient_index(to)).map_or(&[], |r| &r.relations)
    }

    /// The Society whose record holds a contact point.
    #[must_use]
    pub fn holder(&self, contact: u16) -> Option<&SocietyCode> {
        let contact = self.contacts.get(usize::from(contact))?;
        self.records.get(usize::from(contact.record)).map(|r| &r.society)
    }

    /// Atoms of a contact point as one recipient's.
    #[must_use]
    pub fn contact(&self, contact: u16, to: Recipient) -> Atoms {
        self.contacts.get(usize::from(contact)).map_or(Atoms::NONE, |c| self.contact_atoms(c, to, &self.around()))
    }

    pub(crate) fn around(&self) -> Around<'_> {
        Around { origins: &self.origins, births: &self.births }
    }

    pub(crate) fn contact_atoms(&self, contact: &ContactFacts, to: Recipient, around: &Around<'_>) -> Atoms {
        let guardian = match to {
            Recipient::Person => None,
            Recipient::Guardian(index) => Some(index),
        };
        let mut atoms = contact.atoms(guardian, around.origins, around.births);
        atoms.add_if(contact.windows.never_open(), A::NeverOpen);
        atoms
    }

    /// Literacy and access needs, for a guardian's status.
    pub(crate) fn reading(&self) -> (Option<Literacy>, Vec<AccessNeed>) {
        let own = self.recipients.first().map_or(Atoms::NONE, |r| r.atoms);
        let literacy = match (own.has(A::CannotRead), own.has(A::LiteracyUnknown)) {
            (true, _) => Some(Literacy::Cannot),
            (false, true) => None,
            (false, false) => Some(Literacy::Reads),
        };
        let pairs = [
            (A::Deaf, AccessNeed::Deaf),
            (A::Blind, AccessNeed::Blind),
            (A::Speech, AccessNeed::Speech),
            (A::Mental, AccessNeed::Mental),
        ];
        (literacy, pairs.into_iter().filter(|(a, _)| own.has(*a)).map(|(_, n)| n).collect())
    }
}

pub(crate) fn recipient_index(to: Recipient) -> usize {
    match to {
        Recipient::Person => 0,
        Recipient::Guardian(index) => usize::from(index) + 1,
    }
}
