//! The finite facts that rules read, each turned so that «present» is worse than «absent».
//!
//! A rule asks only whether atoms are present, never whether one is absent. More atoms can therefore only make more
//! rules fire, and a rule that fires only closes or lowers: this is property P1, by construction.

macro_rules! atoms {
    ($($(#[$doc:meta])* $name:ident = $words:literal),+ $(,)?) => {
        /// One bad, or unknown, thing about a person, a recipient or a contact point.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Atom { $($(#[$doc])* $name),+ }

        impl Atom {
            /// Every atom, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The atom in words.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),+ }
            }
        }
    };
}

atoms! {
    // about the person
    /** R00 */ DoNotContact = "asked not to be contacted",
    /** R00 */ LegalHold = "legal hold",
    /** R00 */ UncodedRestriction = "a restriction is written as text that nobody has coded",
    /** R00 */ UnknownCode = "a code that our table does not hold",
    /** R00 */ Contradiction = "facts that contradict each other, or an impossible date",
    /** R01 */ Dead = "dead",
    /** R02 */ BelievedDead = "believed dead",
    /** R02 */ VitalUnknown = "not known whether alive",
    /** R06, R07 */ Sought = "somebody looks for this person",
    /** R06 */ NotLocated = "not known to be located",
    /** R03 */ Detained = "detained, or a sign of detention that no dated release answers",
    /** R05 */ DetentionMarker = "a sign of detention, past or present",
    /** may be under 18 */ Minor = "may be under 18",
    /** may be 18 or over */ Adult = "may be 18 or over",
    /** R15a */ AdultByStar = "adult only because the register says nothing about age",
    /** R15b */ PerhapsUnderMajority = "18 or over, perhaps under the national majority",
    /** R09 */ CareAlone = "nobody is known to care for the child",
    /** R10 */ CareApart = "not known to be with parents",
    /** R09 */ CodeAlone = "code SC-UC or SC-CH",
    /** R10 */ CodeApart = "code SC-SC, SC-FC or SC-IC",
    /** R09 */ RoleUnaccompanied = "registered as an unaccompanied child",
    /** R10 */ RoleSeparated = "registered as a separated child",
    /** R11, R16 */ Danger = "a danger code",
    /** R11, R16 */ CodesUnknown = "protection codes or concerns not known",
    /** R11 */ CauseUnknown = "cause of separation or of a change of care not known",
    /** R04, R16 */ ConflictWithLaw = "code CR-CL",
    /** R14, R16 */ ArmedForces = "code CR-AF or concern caafag",
    /** R11 */ AbuseCause = "separated or moved because of abuse",
    /** R11 */ CaregiverPerpetrator = "a caregiver is alleged perpetrator",
    /** R12 */ ConsentNotCaregiver = "consent not given by a caregiver, or not known by whom",
    /** R12 */ Withholding = "a reason to withhold is recorded",
    /** R12 */ ChildDisagrees = "the child does not agree that a guardian is told",
    /** R12 */ GuardianMustNotKnow = "a guardian must not know, or perhaps must not",
    /** R10b */ NoGuardian = "no guardian on record",
    /** R21b */ Refugee = "refugee or asylum seeker",
    /** R21b */ DisplacementUnknown = "displacement not known",
    /** High includes no assessment */ High = "high-risk context, or none assessed",
    /** R20 */ NoAssessment = "the context has no signed assessment",
    /** R22b */ LowLiteracy = "low-literacy context",
    /** R25 */ Staff = "staff or volunteer",
    /** R26 */ Partner = "partner organisation",
    /** A rule marked ⚑ fired */ Flagged = "flagged",
    /** R24 */ Candidate = "perhaps the same person as another, undecided",
    /** R24 */ IncompatibleCandidate = "perhaps the same person as another whose known facts do not fit",
    // about a recipient
    /** R10b */ GuardianNotVerified = "guardian not verified",
    /** R10b */ GuardianBlocked = "a rule about the guardian as a person fires",
    /** R10b */ GuardianCodesUnknown = "the guardian's own codes not known",
    /** R22b */ CannotRead = "cannot read",
    /** R22b */ LiteracyUnknown = "not known whether the recipient reads",
    /** R22b */ Deaf = "deaf",
    /** R22b */ Blind = "blind",
    /** R22b */ Speech = "speech impairment",
    /** R22b */ Mental = "mental disability",
    // about a contact point, as one recipient's
    /** R17 */ NotOwn = "not the recipient's own",
    /** R15c */ NotSelfOwned = "not the person's own",
    /** R15c */ RecordedPerhapsUnder18 = "recorded when the person was, or perhaps was, under 18",
    /** R17 */ Shared = "listed by another person too",
    /** R17b */ Conflict = "listed by two people who must be kept apart",
    /** R18 */ NotConfirmed = "not confirmed within 12 months",
    /** R18b */ ChangedSince = "an address or relation changed after the last confirmation",
    /** R19 */ Unsafe = "not safe",
    /** R19 */ Disused = "old or disabled",
    /** R20 */ SafeNotYes = "not known to be safe",
    /** R21 */ NameNo = "the organisation must not be named there",
    /** R21 */ NameNotYes = "not known whether the organisation may be named there",
    /** R21 */ NoCodeName = "no code name agreed",
    /** R21b */ MaybeInOrigin = "is, or may be, in the country of origin",
    /** R23 */ NoWindow = "no safe window known",
    /** R23 */ NeverOpen = "the safe windows never open, or cannot be read",
    /** R25 */ MaybeCompromised = "compromised, or not known not to be",
    /** R26 */ NotPublished = "not the partner's own published address",
}

/// A set of atoms. A worse state of facts is a larger set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Atoms(u128);

impl Atoms {
    /// Nothing bad is known, and nothing is unknown.
    pub const NONE: Self = Self(0);

    /// The set of these atoms.
    #[must_use]
    pub const fn of(atoms: &[Atom]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < atoms.len() {
            bits |= 1 << (atoms[i] as u8);
            i += 1;
        }
        Self(bits)
    }

    /// Whether an atom is present.
    #[must_use]
    pub const fn has(self, atom: Atom) -> bool {
        self.0 & (1 << (atom as u8)) != 0
    }

    /// Whether one of several is present.
    #[must_use]
    pub const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    /// Adds an atom if a condition holds.
    pub const fn add_if(&mut self, condition: bool, atom: Atom) {
        if condition {
            self.0 |= 1 << (atom as u8);
        }
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both sets share.
    #[must_use]
    pub const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// This set without another's atoms.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// At least as bad as another set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// The atoms, in order.
    pub fn iter(self) -> impl Iterator<Item = Atom> {
        Atom::ALL.iter().copied().filter(move |a| self.has(*a))
    }

    /// The bits, for digests.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }
}

const _: () = assert!(Atom::ALL.len() <= 128, "atoms must fit their set");
