//! States of the finite fact space, and facts built from them.

use domain::channel::ContactKind;
use domain::manifest::ContactRef;
use domain::record::{ContactOwner, LanguageWish};
use domain::{Millis, RecordId};
use jiff::civil::date;
use uuid::Uuid;

use crate::atoms::{Atom, Atom::*, Atoms};
use crate::facts::contact::ContactFacts;
use crate::facts::today::BirthBounds;
use crate::facts::{CandidateFacts, Facts, RecipientFacts, RecordFacts, Roles};

/// Whose a contact point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Own,
    Guardian,
    Other,
}

/// One state: a person, perhaps one guardian, perhaps one contact point, perhaps one undecided duplicate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) person: Atoms,
    pub(super) reader: Atoms,
    pub(super) guardian: Option<Atoms>,
    pub(super) contact: Option<(ContactKind, Owner, Atoms)>,
}

/// Atoms that a contact point carries by itself; the three others depend on the recipient or the person.
pub(super) const CONTACT: &[Atom] = &[
    RecordedPerhapsUnder18,
    Shared,
    Conflict,
    NotConfirmed,
    ChangedSince,
    Unsafe,
    Disused,
    SafeNotYes,
    NameNo,
    NameNotYes,
    NoCodeName,
    MaybeInOrigin,
    NoWindow,
    NeverOpen,
    MaybeCompromised,
    NotPublished,
];
pub(super) const READER: &[Atom] = &[CannotRead, LiteracyUnknown, Deaf, Blind, Speech, Mental];
pub(super) const GUARDIAN: &[Atom] = &[
    GuardianNotVerified,
    GuardianBlocked,
    GuardianCodesUnknown,
    CannotRead,
    LiteracyUnknown,
    Deaf,
    Blind,
    Speech,
    Mental,
];

/// Atoms of the person: all that are neither another's, nor derived, nor R24's.
pub(super) fn person_atoms() -> Vec<Atom> {
    let others: Vec<Atom> =
        [CONTACT, GUARDIAN, &[NotOwn, NotSelfOwned, Flagged, Candidate, IncompatibleCandidate]].concat();
    Atom::ALL.iter().copied().filter(|a| !others.contains(a)).collect()
}

pub(super) const NOW: Millis = Millis(1_796_000_000_000 / Millis::DAY * Millis::DAY + 12 * Millis::HOUR);

impl Case {
    pub(super) fn facts(&self) -> Facts {
        let language = || vec![LanguageWish { tag: "en".to_owned(), mode: None }];
        let id = RecordId::from(Uuid::nil());
        let recipient = |atoms, relations| RecipientFacts { atoms, languages: language(), relations };
        let mut recipients = vec![recipient(self.reader, Vec::new())];
        recipients.extend(self.guardian.map(|atoms| recipient(atoms, vec![(id, 0)])));
        let (origin, born) =
            self.contact.map_or((false, false), |(_, _, a)| (a.has(MaybeInOrigin), a.has(RecordedPerhapsUnder18)));
        let contacts = self.contact.map(|(kind, owner, atoms)| {
            let owner = match owner {
                Owner::Own => ContactOwner::Own,
                Owner::Guardian => ContactOwner::Guardian,
                Owner::Other => ContactOwner::Household,
            };
            let mut base = atoms.without(Atoms::of(&[MaybeInOrigin, RecordedPerhapsUnder18]));
            base.add_if(owner != ContactOwner::Own, NotSelfOwned);
            ContactFacts::for_proof(ContactRef { record: id, index: 0 }, kind, base, owner, date(2026, 1, 1))
        });
        Facts {
            person: self.person,
            audience: Roles::default(),
            recipients,
            contacts: contacts.into_iter().collect(),
            records: vec![RecordFacts { id, society: "KE".parse().expect("a code"), last_contact: None }],
            candidates: Vec::new(),
            lifts: Vec::new(),
            origins: if origin { vec![*b"KE"] } else { vec![*b"SO"] },
            births: if born {
                Vec::new()
            } else {
                vec![BirthBounds { first: date(1950, 1, 1), last: date(1950, 1, 1) }]
            },
            valid_until: Millis(i64::MAX),
        }
    }

    /// The same with an undecided duplicate whose own state is another case's.
    pub(super) fn with_candidate(&self, other: &Self, incompatible: bool) -> Facts {
        let mut facts = self.facts();
        let theirs = other.facts();
        facts.person.add_if(true, Candidate);
        facts.person.add_if(incompatible, IncompatibleCandidate);
        facts.candidates.push(CandidateFacts {
            person: theirs.person,
            reader: theirs.recipients[0].atoms,
            origins: theirs.origins,
            births: theirs.births,
        });
        facts
    }

    /// The same with one more atom, wherever it belongs; `None` where the case has no such place.
    pub(super) fn worse(&self, atom: Atom) -> Vec<Self> {
        let one = Atoms::of(&[atom]);
        let mut worse = Vec::new();
        if READER.contains(&atom) {
            worse.push(Self { reader: self.reader.and(one), ..*self });
        }
        if GUARDIAN.contains(&atom) {
            worse.extend(self.guardian.map(|g| Self { guardian: Some(g.and(one)), ..*self }));
        }
        if CONTACT.contains(&atom) {
            worse.extend(self.contact.map(|(k, o, a)| Self { contact: Some((k, o, a.and(one))), ..*self }));
        }
        if person_atoms().contains(&atom) {
            worse.push(Self { person: self.person.and(one), ..*self });
        }
        worse
    }
}

/// Every subset of some atoms.
pub(super) fn subsets(atoms: &[Atom]) -> impl Iterator<Item = Atoms> {
    let atoms = atoms.to_vec();
    (0u64..1 << atoms.len()).map(move |bits| {
        let mut set = Atoms::NONE;
        for (index, atom) in atoms.iter().enumerate() {
            set.add_if(bits & (1 << index) != 0, *atom);
        }
        set
    })
}

/// Every shape of guardian and contact point.
pub(super) fn shapes() -> Vec<(bool, Option<(ContactKind, Owner)>)> {
    let mut shapes = Vec::new();
    for guardian in [false, true] {
        shapes.push((guardian, None));
        for kind in [ContactKind::Phone, ContactKind::Email, ContactKind::Address] {
            for owner in [Owner::Own, Owner::Guardian, Owner::Other] {
                shapes.push((guardian, Some((kind, owner))));
            }
        }
    }
    shapes
}

/// Spreads a set of atoms over a shape.
pub(super) fn case(atoms: Atoms, (guardian, contact): (bool, Option<(ContactKind, Owner)>)) -> Case {
    let of = |list: &[Atom]| atoms.common(Atoms::of(list));
    Case {
        person: of(&person_atoms()),
        reader: of(READER),
        guardian: guardian.then(|| of(GUARDIAN)),
        contact: contact.map(|(kind, owner)| (kind, owner, of(CONTACT))),
    }
}
