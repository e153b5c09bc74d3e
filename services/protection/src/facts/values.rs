//! What records say about a person, as sets of the values seen. Merging is union (P3): an unknown fact is an empty
//! set and is completed by the other record; of two known values the worse one counts, both where the page does not
//! compare them.

use domain::record::{ChildStatus, ConsentSource, Displacement, Literacy, Role, Vital, Whereabouts};

use crate::atoms::Atom as A;
use crate::atoms::Atoms;

/// The values of one fact that were seen; empty: unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(crate) struct Seen(u16);

impl Seen {
    pub(crate) const fn see(&mut self, value: u8) {
        self.0 |= 1 << value;
    }

    pub(crate) const fn has(self, value: u8) -> bool {
        self.0 & (1 << value) != 0
    }

    pub(crate) const fn known(self) -> bool {
        self.0 != 0
    }

    /// Known, and nothing but this value.
    pub(crate) const fn only(self, value: u8) -> bool {
        self.0 == 1 << value
    }

    pub(crate) const fn merge(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// How one record's detention markers stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Detention {
    /// No marker.
    None,
    /// Every marker answered by a dated release in the same record.
    Answered,
    /// Detained, or unanswered.
    Unanswered,
}

/// How one record's age stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum AgeClass {
    /// Surely 18 or over.
    Adult,
    /// Surely under 18.
    Minor,
    /// Could be either.
    Unclear,
}

/// Causes as the rules see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum CauseClass {
    /// None, or a harmless one.
    Harmless,
    /// Abuse.
    Abuse,
}

/// Small sets of yes-or-no facts; absent is «not said».
macro_rules! flags {
    ($name:ident { $($(#[$doc:meta])* $flag:ident = $bit:literal),+ $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
        pub(crate) struct $name(pub(crate) u16);
        #[allow(dead_code, reason = "not every set needs every helper")]
        impl $name {
            $($(#[$doc])* pub(crate) const $flag: u16 = 1 << $bit;)+
            pub(crate) const fn has(self, flag: u16) -> bool { self.0 & flag != 0 }
            pub(crate) const fn add_if(&mut self, condition: bool, flag: u16) { if condition { self.0 |= flag; } }
            pub(crate) const fn merge(&mut self, other: Self) { self.0 |= other.0; }
        }
    };
}

flags!(Holds { DO_NOT_CONTACT = 0, LEGAL_HOLD = 1, UNCODED = 2, UNKNOWN_CODE = 3, CONTRADICTION = 4 });
flags!(Codes {
    DANGER = 0, LAW = 1, ARMED = 2, ALONE = 3, APART = 4,
    /** Needs codes known. */ NEEDS_KNOWN = 8, /** Concerns known. */ CONCERNS_KNOWN = 9,
});
flags!(Child {
    PERPETRATOR = 0, WITHHOLDING = 1, DISAGREES = 2, MUST_NOT_KNOW = 3,
    /** A child code or role, a care or guardian entry. */ MARKER = 8,
});
flags!(Needs { DEAF = 0, BLIND = 1, SPEECH = 2, MENTAL = 3 });

/// Everything said about one person, apart from contact points and guardians.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Values {
    pub(crate) holds: Holds,
    pub(crate) roles: u16,
    pub(crate) vital: Seen,
    pub(crate) whereabouts: Seen,
    pub(crate) detention: Seen,
    pub(crate) age: Seen,
    /// 18 or over, perhaps under the national majority.
    pub(crate) under_majority: bool,
    pub(crate) care: Seen,
    pub(crate) codes: Codes,
    pub(crate) cause: Seen,
    pub(crate) child: Child,
    pub(crate) consent: Seen,
    pub(crate) displacement: Seen,
    pub(crate) literacy: Seen,
    pub(crate) needs: Needs,
    /// Worst tier: 0 standard, 1 high, 2 none.
    pub(crate) tier: u8,
    pub(crate) low_literacy: bool,
}

pub(crate) const TIER_STANDARD: u8 = 0;
pub(crate) const TIER_HIGH: u8 = 1;
pub(crate) const TIER_NONE: u8 = 2;

impl Values {
    /// Property P3.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.holds.merge(other.holds);
        self.roles |= other.roles;
        self.vital.merge(other.vital);
        self.whereabouts.merge(other.whereabouts);
        self.detention.merge(other.detention);
        self.age.merge(other.age);
        self.under_majority |= other.under_majority;
        self.care.merge(other.care);
        self.codes.merge(other.codes);
        self.cause.merge(other.cause);
        self.child.merge(other.child);
        self.consent.merge(other.consent);
        self.displacement.merge(other.displacement);
        self.literacy.merge(other.literacy);
        self.needs.merge(other.needs);
        self.tier = self.tier.max(other.tier);
        self.low_literacy |= other.low_literacy;
    }

    pub(crate) const fn has_role(&self, role: Role) -> bool {
        self.roles & (1 << role as u16) != 0
    }

    /// The atoms of these values; those that stand for «unknown» only if asked for. Earlier versions of a record
    /// are read without them: only what they restrict counts.
    pub(crate) fn atoms(&self, unknown: bool) -> Atoms {
        let mut a = self.hold_atoms();
        self.fate_atoms(&mut a, unknown);
        self.age_atoms(&mut a, unknown);
        self.child_atoms(&mut a, unknown);
        let codes = self.codes;
        a.add_if(codes.has(Codes::DANGER), A::Danger);
        a.add_if(codes.has(Codes::LAW), A::ConflictWithLaw);
        a.add_if(codes.has(Codes::ARMED), A::ArmedForces);
        let all_codes = codes.has(Codes::NEEDS_KNOWN) && codes.has(Codes::CONCERNS_KNOWN);
        a.add_if(unknown && !all_codes, A::CodesUnknown);
        let fled = self.displacement.has(Displacement::Refugee as u8)
            || self.displacement.has(Displacement::AsylumSeeker as u8);
        a.add_if(fled, A::Refugee);
        a.add_if(unknown && !self.displacement.known(), A::DisplacementUnknown);
        a.add_if(self.tier >= TIER_HIGH, A::High);
        a.add_if(self.tier >= TIER_NONE, A::NoAssessment);
        a.add_if(self.low_literacy, A::LowLiteracy);
        a.add_if(self.has_role(Role::Staff) || self.has_role(Role::Volunteer), A::Staff);
        a.add_if(self.has_role(Role::PartnerOrganisation), A::Partner);
        a
    }

    fn hold_atoms(&self) -> Atoms {
        let mut a = Atoms::NONE;
        a.add_if(self.holds.has(Holds::DO_NOT_CONTACT), A::DoNotContact);
        a.add_if(self.holds.has(Holds::LEGAL_HOLD), A::LegalHold);
        a.add_if(self.holds.has(Holds::UNCODED), A::UncodedRestriction);
        a.add_if(self.holds.has(Holds::UNKNOWN_CODE), A::UnknownCode);
        let marker = self.detention.has(Detention::Answered as u8) || self.detention.has(Detention::Unanswered as u8);
        let partner = self.has_role(Role::PartnerOrganisation) && (self.roles.count_ones() > 1 || marker);
        a.add_if(self.holds.has(Holds::CONTRADICTION) || partner, A::Contradiction);
        a
    }

    fn fate_atoms(&self, a: &mut Atoms, unknown: bool) {
        a.add_if(self.vital.has(Vital::Dead as u8), A::Dead);
        a.add_if(self.vital.has(Vital::BelievedDead as u8), A::BelievedDead);
        a.add_if(unknown && !self.vital.known(), A::VitalUnknown);
        a.add_if(self.has_role(Role::Sought), A::Sought);
        let lost = self.whereabouts.has(Whereabouts::NotLocated as u8) || (unknown && !self.whereabouts.known());
        a.add_if(lost, A::NotLocated);
        let held = self.detention.has(Detention::Unanswered as u8);
        a.add_if(held, A::Detained);
        a.add_if(held || self.detention.has(Detention::Answered as u8), A::DetentionMarker);
    }

    fn age_atoms(&self, a: &mut Atoms, unknown: bool) {
        let unclear = self.age.has(AgeClass::Unclear as u8);
        if self.age.known() {
            let minor = unclear || self.age.has(AgeClass::Minor as u8);
            a.add_if(unclear || self.age.has(AgeClass::Adult as u8), A::Adult);
            a.add_if(minor, A::Minor);
            a.add_if(!minor && self.under_majority, A::PerhapsUnderMajority);
        } else if unknown {
            let star = self.tier == TIER_STANDARD && !self.child.has(Child::MARKER);
            a.add_if(true, A::Adult);
            a.add_if(star, A::AdultByStar);
            a.add_if(!star, A::Minor);
        }
    }

    fn child_atoms(&self, a: &mut Atoms, unknown: bool) {
        const ALONE: [ChildStatus; 4] =
            [ChildStatus::Unaccompanied, ChildStatus::ChildHeaded, ChildStatus::None, ChildStatus::Independent];
        let silent = unknown && !self.care.known();
        a.add_if(silent || ALONE.iter().any(|s| self.care.has(*s as u8)), A::CareAlone);
        a.add_if(silent || (self.care.known() && !self.care.only(ChildStatus::WithParents as u8)), A::CareApart);
        a.add_if(self.codes.has(Codes::ALONE), A::CodeAlone);
        a.add_if(self.codes.has(Codes::APART), A::CodeApart);
        a.add_if(self.has_role(Role::ChildUnaccompanied), A::RoleUnaccompanied);
        a.add_if(self.has_role(Role::ChildSeparated), A::RoleSeparated);
        a.add_if(self.cause.has(CauseClass::Abuse as u8), A::AbuseCause);
        a.add_if(unknown && !self.cause.known(), A::CauseUnknown);
        a.add_if(self.child.has(Child::PERPETRATOR), A::CaregiverPerpetrator);
        let consent = self.consent.known() && !self.consent.only(ConsentSource::Caregiver as u8);
        a.add_if(consent || (unknown && !self.consent.known()), A::ConsentNotCaregiver);
        a.add_if(self.child.has(Child::WITHHOLDING), A::Withholding);
        a.add_if(self.child.has(Child::DISAGREES), A::ChildDisagrees);
        a.add_if(self.child.has(Child::MUST_NOT_KNOW), A::GuardianMustNotKnow);
    }

    /// What the person, as a recipient, can read, hear and say.
    pub(crate) fn recipient_atoms(&self, unknown: bool) -> Atoms {
        let mut a = need_atoms(self.needs);
        a.add_if(self.literacy.has(Literacy::Cannot as u8), A::CannotRead);
        a.add_if(unknown && !self.literacy.known(), A::LiteracyUnknown);
        a
    }
}

pub(crate) const fn need_atoms(needs: Needs) -> Atoms {
    let mut a = Atoms::NONE;
    a.add_if(needs.has(Needs::DEAF), A::Deaf);
    a.add_if(needs.has(Needs::BLIND), A::Blind);
    a.add_if(needs.has(Needs::SPEECH), A::Speech);
    a.add_if(needs.has(Needs::MENTAL), A::Mental);
    a
}
