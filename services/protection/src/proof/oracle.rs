//! The page read a second time, as plain conditions: what the table must say.

use domain::channel::{ContactKind, Recipient, base_level};
use domain::decision::{Reason, RuleId};
use domain::{Channel, Level};

use super::case::{Case, Owner};
use crate::atoms::{Atom, Atom::*, Atoms};

/// What the page says about one state.
pub(super) struct Expected {
    pub(super) levels: Vec<(Recipient, Channel, Option<u16>, Level)>,
    pub(super) rules: Vec<RuleId>,
    pub(super) reasons: Vec<Reason>,
    pub(super) flagged: bool,
}

/// One recipient at one place, with everything known about both.
struct Here<'a> {
    p: &'a dyn Fn(Atom) -> bool,
    guardian: bool,
    reader: Atoms,
    contact: Option<(ContactKind, bool, bool, Atoms)>,
    flagged: bool,
}

impl Here<'_> {
    fn r(&self, atom: Atom) -> bool {
        self.reader.has(atom)
    }

    fn c(&self, atom: Atom) -> bool {
        self.contact.is_some_and(|(_, _, _, a)| a.has(atom))
    }

    fn own(&self) -> bool {
        self.contact.is_none_or(|(_, own, _, _)| own)
    }

    fn self_owned(&self) -> bool {
        self.contact.is_none_or(|(_, _, own, _)| own)
    }

    /// (rule, ceiling) of every rule that speaks about this channel here, R00–R15b.
    fn first_rules(&self, channel: Channel) -> Vec<(RuleId, Level)> {
        use Level::{L0, L2};
        use RuleId as R;
        let p = self.p;
        let (team, guardian) = (channel.is_team(), self.guardian);
        let child = p(Minor);
        let danger = p(Danger) || p(AbuseCause) || p(CaregiverPerpetrator);
        let mut say = Vec::new();
        let mut closes = |rule, fires: bool, here: bool| {
            if fires && here {
                say.push((rule, L0))
            }
        };
        closes(
            R::R00,
            p(DoNotContact) || p(LegalHold) || p(UncodedRestriction) || p(UnknownCode) || p(Contradiction),
            true,
        );
        closes(R::R01, p(Dead), true);
        closes(R::R02, p(BelievedDead) || (p(Sought) && p(VitalUnknown)), true);
        closes(R::R03, p(Detained), channel != Channel::VisitDetention);
        closes(R::R04, child && (p(Detained) || p(ConflictWithLaw)), guardian || !team);
        closes(R::R06, p(Sought) && p(NotLocated), true);
        let safe_call =
            channel == Channel::CallLive && !guardian && self.own() && !self.c(Shared) && !self.c(SafeNotYes);
        closes(R::R07, p(Sought), guardian || !(team || safe_call));
        closes(R::R08, p(Adult), guardian);
        closes(R::R09, child && (p(CareAlone) || p(CodeAlone) || p(RoleUnaccompanied)), guardian);
        closes(
            R::R10,
            child && (p(CareApart) || p(CodeApart) || p(RoleSeparated)),
            guardian && channel != Channel::CallLive,
        );
        closes(R::R10b, self.unverified(), guardian);
        let unknown = p(High) && (p(CodesUnknown) || (p(CauseUnknown) && p(CareApart)));
        closes(R::R11, child && (danger || unknown), guardian);
        closes(
            R::R12,
            child && (p(ConsentNotCaregiver) || p(Withholding) || p(ChildDisagrees) || p(GuardianMustNotKnow)),
            guardian,
        );
        closes(R::R14, child && p(ArmedForces), guardian);
        closes(R::R15, child, !guardian && !team);
        if p(Sought) && channel == Channel::CallLive {
            say.push((R::R07, L2));
        }
        if p(AdultByStar) && !guardian && channel.is_remote() && channel != Channel::CallLive {
            say.push((R::R15a, L2));
        }
        say
    }

    fn unverified(&self) -> bool {
        let unknown = (self.p)(High) && self.r(GuardianCodesUnknown);
        self.guardian && (self.p)(Minor) && (self.r(GuardianNotVerified) || self.r(GuardianBlocked) || unknown)
    }

    /// R15c and later.
    fn later_rules(&self, channel: Channel) -> Vec<(RuleId, Level)> {
        use Channel as C;
        use Level::{L0, L2};
        use RuleId as R;
        let p = self.p;
        let guardian = self.guardian;
        let phone_written = matches!(channel, C::Sms | C::Ivr | C::App);
        let call = channel == C::CallLive;
        let safe = !self.c(SafeNotYes);
        let mut say = Vec::new();
        let mut caps = |rule, fires: bool, level| {
            if fires {
                say.push((rule, level))
            }
        };
        caps(R::R15c, p(Adult) && !self.self_owned() && self.c(RecordedPerhapsUnder18), L0);
        let survivor = !guardian && survivor(p);
        caps(R::R16, survivor && channel.is_remote() && !call, L0);
        caps(R::R16, survivor && call, if safe { L2 } else { L0 });
        caps(R::R16, survivor && channel == C::FieldVisit && !safe, L0);
        let foreign = self.contact.is_some() && (!self.own() || self.c(Shared));
        caps(R::R17, !guardian && foreign && matches!(channel, C::Post | C::Email | C::App), L0);
        caps(R::R17, !guardian && foreign && matches!(channel, C::CallLive | C::Sms | C::Ivr), L2);
        caps(R::R17, guardian && self.contact.is_some() && !self.own(), L0);
        caps(R::R17, guardian && self.c(Shared) && channel == C::Post, L0);
        caps(R::R17, guardian && self.c(Shared) && call, L2);
        caps(R::R17b, self.c(Conflict), L0);
        caps(R::R18, self.c(NotConfirmed) && (phone_written || channel == C::Email), L2);
        caps(R::R18, self.c(NotConfirmed) && p(High) && channel.is_remote(), L0);
        caps(R::R18b, self.c(ChangedSince) && channel == C::Post, L0);
        caps(R::R19, self.c(Unsafe) || self.c(Disused), L0);
        let here = self.contact.is_some();
        caps(R::R20, here && (p(High) || !safe) && phone_written, L2);
        caps(R::R20, here && p(High) && !safe && channel.is_remote(), if call { L2 } else { L0 });
        caps(R::R20, p(NoAssessment), L0);
        let exposed = self.c(NameNo) || (self.c(NameNotYes) && (self.flagged || p(High)));
        let named = if call && safe && !self.c(NoCodeName) { L2 } else { L0 };
        caps(R::R21, exposed && channel.is_remote(), named);
        let fled = p(Refugee) || (p(DisplacementUnknown) && p(High));
        caps(R::R21b, fled && self.c(MaybeInOrigin) && channel != C::Email, L0);
        let cannot = self.r(CannotRead) || self.r(Blind) || (self.r(LiteracyUnknown) && (p(LowLiteracy) || p(High)));
        caps(R::R22b, cannot && channel.is_text(), L0);
        caps(R::R22b, self.r(Deaf) && matches!(channel, C::CallLive | C::Ivr), L0);
        caps(R::R22b, self.r(Speech) && call, L0);
        caps(R::R22b, self.r(Mental) && !channel.is_team(), L0);
        let no_time = (self.c(NoWindow) && self.flagged) || self.c(NeverOpen);
        caps(R::R23, no_time && (call || phone_written || channel == C::FieldVisit), L0);
        let staff = p(Staff) && (phone_written || (channel == C::Email && self.c(MaybeCompromised)));
        caps(R::R25, staff, L0);
        let published = matches!(channel, C::Post | C::Email) && !self.c(NotPublished);
        caps(R::R26, p(Partner) && !published, L0);
        say
    }
}

fn survivor(p: &dyn Fn(Atom) -> bool) -> bool {
    p(Adult) && (p(Danger) || p(ConflictWithLaw) || p(ArmedForces) || (p(CodesUnknown) && p(High)))
}

/// Rules about the person, whatever contact points there are.
fn person_rules(case: &Case, p: &dyn Fn(Atom) -> bool, unverified: bool) -> Vec<RuleId> {
    use RuleId as R;
    let child = p(Minor);
    let readers: Vec<Atoms> = [Some(case.reader), case.guardian].into_iter().flatten().collect();
    let reads = |a: Atom| readers.iter().any(|r| r.has(a));
    let unknown_literacy = reads(LiteracyUnknown) && (p(LowLiteracy) || p(High));
    let no_guardian = child && p(NoGuardian);
    let unknown = p(High) && (p(CodesUnknown) || (p(CauseUnknown) && p(CareApart)));
    let table = [
        (R::R00, p(DoNotContact) || p(LegalHold) || p(UncodedRestriction) || p(UnknownCode) || p(Contradiction)),
        (R::R01, p(Dead)),
        (R::R02, p(BelievedDead) || (p(Sought) && p(VitalUnknown))),
        (R::R03, p(Detained)),
        (R::R04, child && (p(Detained) || p(ConflictWithLaw))),
        (R::R05, p(DetentionMarker)),
        (R::R06, p(Sought) && p(NotLocated)),
        (R::R07, p(Sought)),
        (R::R08, p(Adult)),
        (R::R09, child && (p(CareAlone) || p(CodeAlone) || p(RoleUnaccompanied))),
        (R::R10, child && (p(CareApart) || p(CodeApart) || p(RoleSeparated))),
        (R::R10b, unverified || no_guardian),
        (R::R11, child && (p(Danger) || p(AbuseCause) || p(CaregiverPerpetrator) || unknown)),
        (R::R12, child && (p(ConsentNotCaregiver) || p(Withholding) || p(ChildDisagrees) || p(GuardianMustNotKnow))),
        (R::R14, child && p(ArmedForces)),
        (R::R15, child),
        (R::R15a, p(AdultByStar)),
        (R::R15b, p(PerhapsUnderMajority)),
        (R::R16, survivor(p)),
        (R::R20, p(NoAssessment)),
        (
            R::R22b,
            reads(CannotRead) || reads(Blind) || reads(Deaf) || reads(Speech) || reads(Mental) || unknown_literacy,
        ),
        (R::R25, p(Staff)),
        (R::R26, p(Partner)),
    ];
    let mut fired: Vec<RuleId> = table.into_iter().filter(|(_, fires)| *fires).map(|(rule, _)| rule).collect();
    let excluding = [R::R03, R::R04, R::R09, R::R10, R::R10b, R::R11, R::R12, R::R14];
    if child && !fired.iter().any(|r| excluding.contains(r)) {
        fired.push(R::R13);
    }
    fired
}

/// Rules with ⚑ on the page.
pub(super) const MARKED: [RuleId; 12] = [
    RuleId::R03,
    RuleId::R04,
    RuleId::R05,
    RuleId::R07,
    RuleId::R09,
    RuleId::R10,
    RuleId::R10b,
    RuleId::R11,
    RuleId::R12,
    RuleId::R14,
    RuleId::R15,
    RuleId::R16,
];

/// What the page says.
pub(super) fn expected(case: &Case) -> Expected {
    expected_by(case, |_| true)
}

/// What the page says if every rule fires as it does, and only these close routes and give reasons.
pub(super) fn expected_by(case: &Case, speaks: impl Fn(RuleId) -> bool) -> Expected {
    use RuleId as R;
    let p = |atom: Atom| case.person.has(atom);
    let p: &dyn Fn(Atom) -> bool = &p;
    let guardian = case.guardian.map(|reader| Here { p, guardian: true, reader, contact: None, flagged: false });
    let mut rules = person_rules(case, p, guardian.is_some_and(|g| g.unverified()));
    let flagged = rules.iter().any(|r| MARKED.contains(r));
    let mut levels = Vec::new();
    let (mut before, mut after) = (false, false);
    for to in [Some(Recipient::Person), case.guardian.map(|_| Recipient::Guardian(0))].into_iter().flatten() {
        let is_guardian = to != Recipient::Person;
        let reader = if is_guardian { case.guardian.unwrap_or_default() } else { case.reader };
        for channel in Channel::ALL {
            let kind = case.contact.map(|(kind, _, _)| kind);
            if channel.contact_kind().is_some() && channel.contact_kind() != kind {
                continue;
            }
            let Some(base) = base_level(*channel, to) else {
                continue;
            };
            let contact = case.contact.filter(|_| channel.contact_kind().is_some()).map(|(kind, owner, atoms)| {
                let own = if is_guardian { owner == Owner::Guardian } else { owner == Owner::Own };
                (kind, own, owner == Owner::Own, atoms)
            });
            let here = Here { p, guardian: is_guardian, reader, contact, flagged };
            let mut first = here.first_rules(*channel);
            let mut later = here.later_rules(*channel);
            rules.extend(later.iter().map(|(rule, _)| *rule));
            first.retain(|(rule, _)| speaks(*rule));
            later.retain(|(rule, _)| speaks(*rule));
            before |= channel.is_remote() && first.iter().all(|(_, level)| *level > Level::L0);
            let level = first.iter().chain(&later).map(|(_, level)| *level).fold(base, Level::min);
            after |= channel.is_remote() && level > Level::L0;
            levels.push((to, *channel, contact.map(|_| 0), level));
        }
    }
    rules.sort_unstable();
    rules.dedup();
    let speaking: Vec<RuleId> = rules.iter().copied().filter(|rule| speaks(*rule)).collect();
    let reasons = reasons(p, &speaking, before && !after);
    let mut expected = Expected { levels, rules, reasons, flagged };
    if expected.reasons.is_empty() && expected.levels.iter().all(|l| l.3 == Level::L0) {
        expected.rules.push(R::R27);
        expected.reasons.push(if expected.rules.contains(&R::R03) { Reason::NoAccess } else { Reason::Unreachable });
    }
    expected
}

fn reasons(p: &dyn Fn(Atom) -> bool, rules: &[RuleId], lost: bool) -> Vec<Reason> {
    use RuleId as R;
    let mut reasons: Vec<Reason> = Vec::new();
    for rule in rules {
        let (reason, counts) = match rule {
            R::R00 => (Reason::Review, true),
            R::R01 => (Reason::Deceased, true),
            R::R02 => (Reason::FateUnknown, true),
            R::R04 | R::R09 | R::R11 | R::R14 => (Reason::BestInterests, true),
            R::R06 => (Reason::NotLocated, true),
            R::R07 => (Reason::Consent, true),
            R::R10b => (Reason::Guardian, true),
            R::R15 => (Reason::Age, p(Adult)),
            R::R15c | R::R18 | R::R18b => (Reason::Reverify, lost),
            R::R16 | R::R17b | R::R19 | R::R23 => (Reason::SafeContact, lost),
            R::R20 => (Reason::Context, p(NoAssessment)),
            R::R21 | R::R21b => (Reason::Exposure, lost),
            R::R22b => (Reason::Access, lost),
            R::R24 => (Reason::Dedupe, true),
            _ => continue,
        };
        if counts {
            reasons.push(reason);
        }
    }
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}
