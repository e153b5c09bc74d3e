//! Rules R00–R27, one row each, in the order of the page.
//!
//! How to read a row: the rule **fires** when one of its `when` lines holds; a line holds when each of its brackets
//! does; a bracket holds when one of its atoms is present. What a firing rule then does stands in `then`: close or
//! lower the channels of a recipient, some of it only `given` a further condition. Nothing here opens a route.

use domain::Level::{L0, L2};
use domain::decision::{Reason, RuleId as Id};

use crate::atoms::Atom::{self, *};
use crate::effect::Channels as Ch;
use crate::effect::Count::{Always, IfRemoteLost};
use crate::effect::{Part, Per, Rule, Special, Then, To, then};

/// Brackets that all must hold; in a bracket one atom must be present.
type Line = &'static [&'static [Atom]];

const fn part(per: Per, when: &'static [Line], then: &'static [Then]) -> Part {
    Part { per, when, then, reason: None }
}

const fn because(part: Part, reason: Reason) -> Part {
    Part { reason: Some((reason, Always)), ..part }
}

const fn explains(part: Part, reason: Reason) -> Part {
    Part { reason: Some((reason, IfRemoteLost)), ..part }
}

/// Every route of every recipient.
const ALL: &[Then] = &[then(To::Both, Ch::ALL, L0)];
/// Every guardian route.
const GUARDIAN: &[Then] = &[then(To::Guardian, Ch::ALL, L0)];
/// Nothing: the rule is kept, flags, or asks a question.
const NOTHING: &[Then] = &[];
/// Survivors: nothing written or recorded; a call opens at L2; call and visit only where safe = yes.
const SURVIVOR: &[Then] = &[
    then(To::Person, Ch::REMOTE.without(Ch::CALL), L0),
    then(To::Person, Ch::CALL, L2),
    then(To::Person, Ch::CALL.with(Ch::FIELD_VISIT), L0).given(&[&[SafeNotYes]]),
];
/// Where the organisation may not be named: nothing remote; a call under an agreed code name stays, at L2.
const NOT_NAMED: &[Then] = &[
    then(To::Both, Ch::REMOTE.without(Ch::CALL), L0),
    then(To::Both, Ch::CALL, L2),
    then(To::Both, Ch::CALL, L0).given(&[&[SafeNotYes, NoCodeName]]),
];

macro_rules! rules {
    ($($id:ident $flag:literal [$($hazard:literal)*] $when:literal => $effect:literal; $special:expr; $($part:expr),+ ;)+) => {
        /// The policy: every rule, in the order of the page.
        pub(crate) static RULES: &[Rule] = &[$(Rule {
            id: Id::$id, flag: $flag, hazards: &[$($hazard),*], when: $when, effect: $effect, special: $special,
            parts: { const PARTS: &[Part] = &[$($part),+]; PARTS },
        }),+];
    };
}

rules! {
    R00 false [28] "do-not-contact; legal hold; restriction text not coded; unknown code; contradiction" => "closes all";
        Special::None;
        because(part(Per::Person, &[&[&[DoNotContact, LegalHold, UncodedRestriction, UnknownCode, Contradiction]]], ALL), Reason::Review);

    R01 false [13] "dead" => "closes all";
        Special::None;
        because(part(Per::Person, &[&[&[Dead]]], ALL), Reason::Deceased);

    R02 false [12] "believed dead; sought and vital unknown" => "closes all (no condolence, no kin letter)";
        Special::None;
        because(part(Per::Person, &[&[&[BelievedDead]], &[&[Sought], &[VitalUnknown]]], ALL), Reason::FateUnknown);

    R03 true [1 3] "detained, or marker unanswered" => "closes all but visit_detention";
        Special::None;
        part(Per::Person, &[&[&[Detained]]], &[then(To::Both, Ch::ALL.without(Ch::VISIT_DETENTION), L0)]);

    R04 true [1] "minor, and R03 or CR-CL" => "guardian closed; self: all but team, trained in child protection";
        Special::None;
        because(part(Per::Person, &[&[&[Minor], &[Detained, ConflictWithLaw]]],
            &[then(To::Guardian, Ch::ALL, L0), then(To::Person, Ch::ALL.without(Ch::TEAM), L0)]), Reason::BestInterests);

    R05 true [2] "any detention marker" => "nothing; no detention word in any remote channel";
        Special::None;
        part(Per::Person, &[&[&[DetentionMarker]]], NOTHING);

    R06 false [10] "sought, not located" => "closes all";
        Special::None;
        because(part(Per::Person, &[&[&[Sought], &[NotLocated]]], ALL), Reason::NotLocated);

    R07 true [11] "sought" => "closes all but team; call_live to self stays, at L2, on an own, unshared number with safe = yes";
        Special::None;
        because(part(Per::Person, &[&[&[Sought]]], &[
            then(To::Guardian, Ch::ALL, L0),
            then(To::Person, Ch::ALL.without(Ch::TEAM).without(Ch::CALL), L0),
            then(To::Person, Ch::CALL, L2),
            then(To::Person, Ch::CALL, L0).given(&[&[NotOwn, Shared, SafeNotYes]]),
        ]), Reason::Consent);

    R08 false [6] "adult" => "guardian closed";
        Special::None;
        part(Per::Person, &[&[&[Adult]]], GUARDIAN);

    R09 true [4] "minor; care unaccompanied, child-headed, none, independent, unknown; SC-UC, SC-CH; role child_unaccompanied" => "guardian closed";
        Special::None;
        because(part(Per::Person, &[&[&[Minor], &[CareAlone, CodeAlone, RoleUnaccompanied]]], GUARDIAN), Reason::BestInterests);

    R10 true [4] "minor; care not with parents; SC-SC, SC-FC, SC-IC; role child_separated" => "guardian: all but call_live closed";
        Special::None;
        part(Per::Person, &[&[&[Minor], &[CareApart, CodeApart, RoleSeparated]]],
            &[then(To::Guardian, Ch::ALL.without(Ch::CALL), L0)]);

    R10b true [4] "minor (with parents too); guardian not verified, or R00–R04, R06, R07 or R16 fires for the guardian as a person here" => "that guardian closed";
        Special::None;
        because(part(Per::Recipient, &[
            &[&[Minor], &[GuardianNotVerified, GuardianBlocked]],
            &[&[Minor], &[GuardianCodesUnknown], &[High]],
        ], GUARDIAN), Reason::Guardian),
        because(part(Per::Person, &[&[&[Minor], &[NoGuardian]]], NOTHING), Reason::Guardian);

    R11 true [4] "minor; a danger code, or codes unknown in high; separated or moved for abuse; a caregiver alleged perpetrator" => "guardian closed";
        Special::None;
        because(part(Per::Person, &[
            &[&[Minor], &[Danger, AbuseCause, CaregiverPerpetrator]],
            &[&[Minor], &[CodesUnknown], &[High]],
            &[&[Minor], &[CauseUnknown], &[CareApart], &[High]],
        ], GUARDIAN), Reason::BestInterests);

    R12 true [5] "minor; consent source not caregiver; any withholding reason; child agrees = no; must_not_know names the guardian" => "guardian closed";
        Special::None;
        part(Per::Person, &[&[&[Minor], &[ConsentNotCaregiver, Withholding, ChildDisagrees, GuardianMustNotKnow]]], GUARDIAN);

    R13 false [] "minor with parents, none of R03, R04, R09–R12, R14" => "nothing: guardian at L3, an older child also by caseworker";
        Special::UnlessFired(&[Id::R03, Id::R04, Id::R09, Id::R10, Id::R10b, Id::R11, Id::R12, Id::R14]);
        part(Per::Person, &[&[&[Minor]]], NOTHING);

    R14 true [38] "minor; CR-AF, caafag" => "guardian closed; never through authorities";
        Special::None;
        because(part(Per::Person, &[&[&[Minor], &[ArmedForces]]], GUARDIAN), Reason::BestInterests);

    R15 true [7] "minor" => "self: all but team closed";
        Special::None;
        part(Per::Person, &[&[&[Minor]]], &[then(To::Person, Ch::ALL.without(Ch::TEAM), L0)]),
        because(part(Per::Person, &[&[&[Minor], &[Adult]]], NOTHING), Reason::Age);

    R15a false [7] "adult only because the register is silent on age" => "self: post, email, app, sms, ivr to L2; the caller or the hotline asks the age first";
        Special::None;
        part(Per::Person, &[&[&[AdultByStar]]], &[then(To::Person, Ch::REMOTE.without(Ch::CALL), L2)]);

    R15b false [] "surely 18 or over, perhaps under a higher national majority" => "nothing (noted for legal review)";
        Special::None;
        part(Per::Person, &[&[&[PerhapsUnderMajority]]], NOTHING);

    R15c false [6] "adult; contact point not owned by self and recorded when under 18, or perhaps" => "that contact point closed";
        Special::None;
        explains(part(Per::Contact, &[&[&[Adult], &[NotSelfOwned], &[RecordedPerhapsUnder18]]], ALL), Reason::Reverify);

    R16 true [35] "adult; a danger code (CR-CL, CR-AF too), or codes unknown in high" => "self: all but team, field_visit, call_live closed; these two only where safe = yes, the call at L2";
        Special::None;
        explains(part(Per::Person, &[
            &[&[Adult], &[Danger, ConflictWithLaw, ArmedForces]],
            &[&[Adult], &[CodesUnknown], &[High]],
        ], SURVIVOR), Reason::SafeContact);

    R17 false [8 18] "contact point not the recipient's own, or listed by another person" => "self: post, email, app closed; call, sms, ivr to L2. Guardian: not its own closed; shared: post closed, call to L2";
        Special::None;
        part(Per::Contact, &[&[&[NotOwn, Shared]]], &[
            then(To::Person, Ch::POST.with(Ch::EMAIL).with(Ch::APP), L0),
            then(To::Person, Ch::CALL.with(Ch::SMS).with(Ch::IVR), L2),
        ]),
        part(Per::Contact, &[&[&[NotOwn]]], GUARDIAN),
        part(Per::Contact, &[&[&[Shared]]], &[then(To::Guardian, Ch::POST, L0), then(To::Guardian, Ch::CALL, L2)]);

    R17b false [9] "one value listed by two persons who must be kept apart; phone or e-mail listed by enquirer and sought" => "that contact point closed, for both";
        Special::None;
        explains(part(Per::Contact, &[&[&[Conflict]]], ALL), Reason::SafeContact);

    R18 false [18 20] "not confirmed within 12 months" => "sms, ivr, app, email to L2; high: all remote closed";
        Special::None;
        explains(part(Per::Contact, &[&[&[NotConfirmed]]], &[then(To::Both, Ch::PHONE_WRITTEN.with(Ch::EMAIL), L2)]), Reason::Reverify),
        explains(part(Per::Contact, &[&[&[NotConfirmed], &[High]]], &[then(To::Both, Ch::REMOTE, L0)]), Reason::Reverify);

    R18b false [18] "an address or relation changed after the last confirmation" => "post closed";
        Special::None;
        explains(part(Per::Contact, &[&[&[ChangedSince]]], &[then(To::Both, Ch::POST, L0)]), Reason::Reverify);

    R19 false [20] "safe = no in any record that lists the value; status old or disabled" => "that contact point closed";
        Special::None;
        explains(part(Per::Contact, &[&[&[Unsafe, Disused]]], ALL), Reason::SafeContact);

    R20 false [14] "standard, safe not yes | high | no assessment" => "sms, ivr, app to L2 | the same; safe not yes: all remote closed but call_live, at L2 | closes all";
        Special::None;
        part(Per::Contact, &[&[&[SafeNotYes, High]]], &[then(To::Both, Ch::PHONE_WRITTEN, L2)]),
        part(Per::Contact, &[&[&[SafeNotYes], &[High]]], &[
            then(To::Both, Ch::REMOTE.without(Ch::CALL), L0), then(To::Both, Ch::CALL, L2),
        ]),
        because(part(Per::Person, &[&[&[NoAssessment]]], ALL), Reason::Context);

    R21 false [14] "may_name_org = no; or unknown and (flagged or high)" => "that contact point closed for all remote; call_live stays, at L2, where safe = yes and a code name is agreed";
        Special::None;
        explains(part(Per::Contact, &[&[&[NameNo]], &[&[NameNotYes], &[Flagged, High]]], NOT_NAMED), Reason::Exposure);

    R21b false [14] "refugee or asylum seeker, or unknown in high; phone or address is, or may be, in the country of origin" => "that contact point closed";
        Special::None;
        explains(part(Per::Contact, &[
            &[&[MaybeInOrigin], &[Refugee]],
            &[&[MaybeInOrigin], &[DisplacementUnknown], &[High]],
        ], ALL), Reason::Exposure);

    R22 false [21] "no approved words (text), recording (ivr) or speaker (call_live) for the level in a language of the recipient" => "to the highest level that has them";
        Special::Words;
        explains(part(Per::Contact, &[], NOTHING), Reason::Language);

    R22b false [22 23] "recipient cannot read, or unknown in a low-literacy context or in high; blind; deaf; speech; mental" => "cannot read, blind: text closed; deaf: call, ivr; speech: call; mental: all but team";
        Special::None;
        explains(part(Per::Recipient, &[&[&[CannotRead, Blind]], &[&[LiteracyUnknown], &[LowLiteracy, High]]],
            &[then(To::Both, Ch::TEXT, L0)]), Reason::Access),
        explains(part(Per::Recipient, &[&[&[Deaf]]], &[then(To::Both, Ch::CALL.with(Ch::IVR), L0)]), Reason::Access),
        explains(part(Per::Recipient, &[&[&[Speech]]], &[then(To::Both, Ch::CALL, L0)]), Reason::Access),
        explains(part(Per::Recipient, &[&[&[Mental]]], &[then(To::Both, Ch::ALL.without(Ch::TEAM), L0)]), Reason::Access);

    R23 false [24 39] "outside the safe window; that language's hotline closed or saturated; no window known" => "waits; no window known and flagged: call_live, sms, ivr, app, field_visit closed; else 09–20 local";
        Special::Waits;
        explains(part(Per::Contact, &[&[&[NoWindow], &[Flagged]], &[&[NeverOpen]]],
            &[then(To::Both, Ch::CALL.with(Ch::PHONE_WRITTEN).with(Ch::FIELD_VISIT), L0)]), Reason::SafeContact);

    R24 false [26 27] "candidate duplicate undecided" => "minimum and union with the decision on the candidate's facts over these contact points; known and incompatible: closes all";
        Special::Candidates;
        because(part(Per::Person, &[&[&[Candidate]]], NOTHING), Reason::Dedupe),
        because(part(Per::Person, &[&[&[IncompatibleCandidate]]], ALL), Reason::Dedupe);

    R25 false [16] "staff, volunteer" => "sms, ivr, app closed; compromised e-mail closed";
        Special::None;
        part(Per::Person, &[&[&[Staff]]], &[
            then(To::Both, Ch::PHONE_WRITTEN, L0),
            then(To::Both, Ch::EMAIL, L0).given(&[&[MaybeCompromised]]),
        ]);

    R26 false [17] "partner organisation" => "closes all but post and email on its own published address";
        Special::None;
        part(Per::Person, &[&[&[Partner]]], &[
            then(To::Both, Ch::ALL.without(Ch::POST).without(Ch::EMAIL), L0),
            then(To::Both, Ch::POST.with(Ch::EMAIL), L0).given(&[&[NotPublished]]),
        ]);

    R27 false [] "no open route and no reason; in planning: none offered and untried" => "nothing; asks for another way, or for access where R03 fired";
        Special::NoRoute;
        explains(part(Per::Person, &[], NOTHING), Reason::Unreachable);
}
