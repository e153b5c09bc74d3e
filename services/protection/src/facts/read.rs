//! One record, read into values.

use domain::record::{AccessNeed, Answer, DetentionMarker, Displacement, Liberty, Record, RelationKind, Role};
use domain::society::{Context, RiskTier};
use jiff::civil::Date;

use crate::codes::{self, Cause, Meaning};
use crate::facts::subject::Carried;
use crate::facts::today::{ADULT, BirthBounds, Today};
use crate::facts::values::{
    AgeClass, CauseClass, Child, Codes, Detention, Holds, Needs, TIER_HIGH, TIER_NONE, TIER_STANDARD, Values,
};

/// What a record says about the person. Bounds of birth go to `births`.
pub(crate) fn values(
    record: &Record,
    context: Option<&Context>,
    carried: Carried,
    today: &mut Today,
    births: &mut Vec<BirthBounds>,
) -> Values {
    let mut v = Values::default();
    read_holds(record, today, &mut v);
    for role in &record.roles {
        v.roles |= 1 << *role as u16;
    }
    if let Some(vital) = record.vital {
        v.vital.see(vital.value as u8);
    }
    if let Some(whereabouts) = record.whereabouts {
        v.whereabouts.see(whereabouts.value as u8);
    }
    let coded_detention = read_codes(record, carried, &mut v);
    read_detention(record, coded_detention, today, &mut v);
    read_child(record, today, &mut v);
    read_age(record, context, today, births, &mut v);
    match record.displacement {
        Some(d) => v.displacement.see(d as u8),
        None if carried.has(Carried::DISPLACEMENT) => v.displacement.see(Displacement::Resident as u8),
        None => {}
    }
    if let Some(literacy) = record.literacy {
        v.literacy.see(literacy as u8);
    }
    for need in record.access_needs.iter().flatten() {
        v.needs.0 |= need_flag(*need);
    }
    read_context(record, context, today, &mut v);
    v
}

pub(crate) const fn need_flag(need: AccessNeed) -> u16 {
    match need {
        AccessNeed::Deaf => Needs::DEAF,
        AccessNeed::Blind => Needs::BLIND,
        AccessNeed::Speech => Needs::SPEECH,
        AccessNeed::Mental => Needs::MENTAL,
    }
}

fn read_context(record: &Record, context: Option<&Context>, today: &Today, v: &mut Values) {
    let valid = context.filter(|c| c.is_signed() && !today.is_future(c.assessed_on));
    v.tier = match valid {
        None => TIER_NONE,
        Some(_) if record.country_of_presence.is_none() => TIER_HIGH,
        Some(c) if c.tier == RiskTier::Standard => TIER_STANDARD,
        Some(_) => TIER_HIGH,
    };
    v.low_literacy = valid.is_some_and(|c| c.low_literacy);
}

fn read_holds(record: &Record, today: &Today, v: &mut Values) {
    v.holds.add_if(record.do_not_contact, Holds::DO_NOT_CONTACT);
    v.holds.add_if(record.legal_hold, Holds::LEGAL_HOLD);
    v.holds.add_if(record.unparsed_restriction, Holds::UNCODED);
    v.holds.add_if(!record.unknown_codes.is_empty(), Holds::UNKNOWN_CODE);
    v.holds.add_if(any_future_date(record, today), Holds::CONTRADICTION);
}

/// Dates that can only lie in the past. Windows of validity (since, until, expiry) may lie ahead.
fn any_future_date(record: &Record, today: &Today) -> bool {
    let ahead = |date: Option<Date>| date.is_some_and(|d| today.is_future(d));
    let contacts = record.contacts.iter().any(|c| {
        [c.collected_on, c.verified_on, c.safe_confirmed_on, c.address_changed_on, c.relation_changed_on]
            .into_iter()
            .any(ahead)
    });
    contacts
        || ahead(record.created_on)
        || ahead(record.updated_on)
        || ahead(record.vital.and_then(|x| x.as_of))
        || ahead(record.whereabouts.and_then(|x| x.as_of))
        || ahead(record.liberty.and_then(|x| x.as_of))
        || ahead(record.age.map(|x| x.as_of))
        || record.detention_markers.iter().flatten().any(|m| ahead(m.on))
        || record.relations.iter().flatten().any(|r| ahead(r.verified_on))
}

/// Codes, concerns and causes; says whether one of them is a sign of detention.
fn read_codes(record: &Record, carried: Carried, v: &mut Values) -> bool {
    let mut detention = false;
    for text in record.needs_codes.iter().flatten() {
        detention |= read_meaning(codes::need(text), v);
        let child = codes::normalise(text).is_some_and(|c| matches!(&c[..2], b"CR" | b"SC"));
        v.child.add_if(child, Child::MARKER);
    }
    for text in record.concerns.iter().flatten() {
        detention |= read_meaning(codes::concern(text), v);
        v.child.add_if(codes::is_child_concern(text), Child::MARKER);
    }
    v.codes.add_if(record.needs_codes.is_some() || carried.has(Carried::NEEDS), Codes::NEEDS_KNOWN);
    v.codes.add_if(record.concerns.is_some() || carried.has(Carried::CONCERNS), Codes::CONCERNS_KNOWN);
    for text in [&record.separation_cause, &record.care_change_cause].into_iter().flatten() {
        match codes::cause(text) {
            Some(Cause::Abuse) => v.cause.see(CauseClass::Abuse as u8),
            Some(Cause::Other) => v.cause.see(CauseClass::Harmless as u8),
            Some(Cause::Code(meaning)) => {
                v.cause.see(CauseClass::Harmless as u8);
                detention |= read_meaning(Some(meaning), v);
            }
            None => v.holds.add_if(true, Holds::UNKNOWN_CODE),
        }
    }
    if carried.has(Carried::CAUSES) {
        v.cause.see(CauseClass::Harmless as u8);
    }
    detention
}

fn read_meaning(meaning: Option<Meaning>, v: &mut Values) -> bool {
    match meaning {
        None => v.holds.add_if(true, Holds::UNKNOWN_CODE),
        Some(Meaning::Detention) => return true,
        Some(Meaning::Danger) => v.codes.0 |= Codes::DANGER,
        Some(Meaning::ConflictWithLaw) => v.codes.0 |= Codes::LAW,
        Some(Meaning::ArmedForces) => v.codes.0 |= Codes::ARMED,
        Some(Meaning::Alone) => v.codes.0 |= Codes::ALONE,
        Some(Meaning::Apart) => v.codes.0 |= Codes::APART,
        Some(Meaning::Deaf) => v.needs.0 |= Needs::DEAF,
        Some(Meaning::Blind) => v.needs.0 |= Needs::BLIND,
        Some(Meaning::Speech) => v.needs.0 |= Needs::SPEECH,
        Some(Meaning::Mental) => v.needs.0 |= Needs::MENTAL,
        Some(Meaning::AllegedPerpetrator | Meaning::NoEffect) => {}
    }
    false
}

/// Answered: a dated `released_confirmed` in the same record, after every dated marker of it.
fn read_detention(record: &Record, coded: bool, today: &Today, v: &mut Values) {
    let liberty = record.liberty.map(|l| l.value);
    let dated: &[DetentionMarker] = record.detention_markers.as_deref().unwrap_or_default();
    let marker = coded
        || !dated.is_empty()
        || record.roles.iter().any(|r| matches!(r, Role::Detainee | Role::ExDetainee))
        || record.detention_place.is_some()
        || matches!(liberty, Some(Liberty::Detained | Liberty::ReleasedConfirmed));
    if !marker {
        if liberty == Some(Liberty::Free) || record.detention_markers.is_some() {
            v.detention.see(Detention::None as u8);
        }
        return;
    }
    let released = record.liberty.filter(|l| l.value == Liberty::ReleasedConfirmed).and_then(|l| l.as_of);
    let answered =
        released.is_some_and(|on| !today.is_future(on) && dated.iter().all(|m| m.on.is_none_or(|marked| marked < on)));
    v.detention.see(if answered { Detention::Answered } else { Detention::Unanswered } as u8);
}

fn read_child(record: &Record, today: &mut Today, v: &mut Values) {
    if let Some(status) = record.child_status {
        v.care.see(status as u8);
    }
    let relations = || record.relations.iter().flatten();
    let carer = |kind| matches!(kind, RelationKind::Guardian | RelationKind::Caregiver);
    let child_role = record.roles.iter().any(|r| matches!(r, Role::ChildUnaccompanied | Role::ChildSeparated));
    v.child.add_if(record.child_status.is_some() || child_role || relations().any(|r| carer(r.kind)), Child::MARKER);
    let perpetrator = record.caregiver_perpetrator == Some(Answer::Yes)
        || relations().any(|r| carer(r.kind) && r.alleged_perpetrator == Some(Answer::Yes));
    v.child.add_if(perpetrator, Child::PERPETRATOR);
    v.child.add_if(record.consent.withholding == Some(true), Child::WITHHOLDING);
    let expired = record.consent.expires_on.is_some_and(|on| today.perhaps_reached(on));
    if let (Some(source), false) = (record.consent.source, expired) {
        v.consent.see(source as u8);
    }
}

fn read_age(
    record: &Record,
    context: Option<&Context>,
    today: &mut Today,
    births: &mut Vec<BirthBounds>,
    v: &mut Values,
) {
    let bounds = [record.birth.map(BirthBounds::of_birth), record.age.map(BirthBounds::of_age)];
    for bounds in bounds.into_iter().flatten() {
        let Some(bounds) = bounds else {
            v.holds.add_if(true, Holds::CONTRADICTION);
            continue;
        };
        v.holds.add_if(bounds.is_impossible(today), Holds::CONTRADICTION);
        births.push(bounds);
        let class = if bounds.surely_at_least(ADULT, today) {
            AgeClass::Adult
        } else if bounds.surely_under(ADULT, today) {
            AgeClass::Minor
        } else {
            AgeClass::Unclear
        };
        v.age.see(class as u8);
        let majority = context.and_then(|c| c.majority).map_or(ADULT, i16::from);
        if class == AgeClass::Adult && majority > ADULT && !bounds.surely_at_least(majority, today) {
            v.under_majority = true;
        }
    }
    let grown = |role: &Role| matches!(role, Role::Staff | Role::Volunteer | Role::PartnerOrganisation);
    if !v.age.known() && !v.child.has(Child::MARKER) && record.roles.iter().any(grown) {
        v.age.see(AgeClass::Adult as u8);
    }
}
