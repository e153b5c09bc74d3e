//! From a person's records to facts.

use domain::manifest::ContactRef;
use domain::record::{ContactOwner, ContactPoint, LanguageWish, Record, RelationKind, Role};
use domain::{Millis, RecordId};

use crate::atoms::{Atom as A, Atoms};
use crate::facts::contact::{ContactFacts, Country, Listing};
use crate::facts::guardian::{Guardian, Named, Version};
use crate::facts::subject::{Carried, Earlier, Lift, Subject, SubjectRecord};
use crate::facts::today::{BirthBounds, Today};
use crate::facts::values::{Child, Holds, TIER_NONE, TIER_STANDARD, Values};
use crate::facts::{CandidateFacts, Facts, RecipientFacts, RecordFacts, Roles, contact, guardian, read, stated};

/// Reads one person's facts as they stand at `now`.
#[must_use]
pub fn facts(subject: &Subject<'_>, now: Millis) -> Facts {
    let Some(stated) = stated::apply(subject) else {
        return build(subject, &Said::default(), now);
    };
    let current = subject.records.iter().zip(&stated.current);
    let earlier = subject.earlier.iter().zip(&stated.earlier);
    let changed = Subject {
        records: current.map(|(r, patched)| SubjectRecord { record: &patched.record, ..*r }).collect(),
        earlier: earlier.map(|(e, patched)| Earlier { record: &patched.record, ..*e }).collect(),
        statements: Vec::new(),
        ..subject.clone()
    };
    build(&changed, &Said { record: Some(&stated.said), given: &stated.given }, now)
}

/// What operators said.
#[derive(Default)]
struct Said<'a> {
    /// Read like one more record.
    record: Option<&'a Record>,
    /// Names of its contact points, in their order.
    given: &'a [ContactRef],
}

impl<'a> Said<'a> {
    fn contacts(&self) -> impl Iterator<Item = (ContactRef, &'a ContactPoint)> {
        self.given.iter().copied().zip(self.record.iter().flat_map(|r| &r.contacts))
    }
}

fn build(subject: &Subject<'_>, said: &Said<'_>, now: Millis) -> Facts {
    let mut today = Today::at(now);
    let (mut births, mut past_births) = (Vec::new(), Vec::new());
    let mut current = current_values(subject, said.record, &mut today, &mut births);
    let mut past = Values::default();
    for e in &subject.earlier {
        let mut values = read::values(e.record, None, Carried::NOTHING, &mut today, &mut past_births);
        values.tier = TIER_STANDARD; // the assessment in force is that of the current record
        past.merge(&values);
    }
    current.child.add_if(past.child.has(Child::MARKER), Child::MARKER);
    let born_later = born_after_a_record(subject, births.iter().chain(&past_births));
    current.holds.add_if(born_later, Holds::CONTRADICTION);
    let versions = versions(subject);
    let mut guardians = guardian::collect(&versions, &subject.guardians, &mut today);
    read_people_to_keep_away(&versions, &mut guardians, &mut current);
    let contacts = contact::collect(&listings(subject, said, &guardians), &mut today);
    if !births.is_empty() {
        births.append(&mut past_births);
    }
    let draft = Draft { current, past, guardians, contacts, births, origins: origins(subject, said.record) };
    assemble(subject, now, draft, said, &today)
}

/// The current records together, and what operators said.
fn current_values(
    subject: &Subject<'_>,
    said: Option<&Record>,
    today: &mut Today,
    births: &mut Vec<BirthBounds>,
) -> Values {
    let Some(first) = subject.records.first() else {
        return Values { tier: TIER_NONE, ..Values::default() };
    };
    let mut current = read::values(first.record, first.context, first.carried, today, births);
    for r in &subject.records[1..] {
        current.merge(&read::values(r.record, r.context, r.carried, today, births));
    }
    if let Some(said) = said {
        current.merge(&read::values(said, first.context, Carried::NOTHING, today, births));
    }
    current
}

/// Born after a record about them was made, whichever record says when they were born.
fn born_after_a_record<'b>(subject: &Subject<'_>, mut births: impl Iterator<Item = &'b BirthBounds>) -> bool {
    let made = || subject.records.iter().flat_map(|r| [r.record.created_on, r.record.updated_on]).flatten();
    births.any(|b| made().any(|on| b.first > on))
}

/// Countries of origin in any version.
fn origins(subject: &Subject<'_>, said: Option<&Record>) -> Vec<Country> {
    let mut origins = Vec::new();
    let current = subject.records.iter().map(|r| r.record);
    for record in current.chain(subject.earlier.iter().map(|e| e.record)).chain(said) {
        if let Some(origin) = record.country_of_origin.as_deref().and_then(contact::country)
            && !origins.contains(&origin)
        {
            origins.push(origin);
        }
    }
    origins
}

struct Draft<'a> {
    current: Values,
    past: Values,
    guardians: Vec<Guardian<'a>>,
    contacts: Vec<ContactFacts>,
    births: Vec<BirthBounds>,
    origins: Vec<Country>,
}

fn assemble(subject: &Subject<'_>, now: Millis, draft: Draft<'_>, said: &Said<'_>, today: &Today) -> Facts {
    let Draft { current, past, guardians, contacts, births, origins } = draft;
    let mut person = current.atoms(true).and(past.atoms(false));
    person.add_if(guardians.is_empty(), A::NoGuardian);
    let audience = Roles { roles: current.roles | past.roles, migrant: is_migrant(&current) || is_migrant(&past) };
    let own = current.recipient_atoms(true).and(past.recipient_atoms(false));
    let mut recipients = Vec::with_capacity(1 + guardians.len());
    recipients.push(RecipientFacts { atoms: own, languages: languages(subject), relations: Vec::new() });
    recipients.extend(guardians.into_iter().map(|g| RecipientFacts {
        atoms: g.atoms(),
        languages: g.languages,
        relations: g.relations,
    }));
    let candidates = candidates(subject, audience, &mut person);
    let lifts: Vec<Lift> = subject.lifts.iter().filter(|l| l.expires_at > now).cloned().collect();
    let valid_until = lifts.iter().map(|l| l.expires_at).fold(today.changes_at, Millis::min);
    let records = subject.records.iter().map(|r| record_facts(r, said)).collect();
    Facts { person, audience, recipients, contacts, records, candidates, lifts, origins, births, valid_until }
}

fn record_facts(r: &SubjectRecord<'_>, said: &Said<'_>) -> RecordFacts {
    let given = said.contacts().filter(|(at, _)| at.record == r.id).map(|(_, point)| point);
    let contacts =
        r.record.contacts.iter().chain(given).flat_map(|c| [c.collected_on, c.verified_on, c.safe_confirmed_on]);
    RecordFacts {
        id: r.id,
        society: r.record.society.clone(),
        last_contact: contacts.chain([r.record.updated_on, r.record.created_on]).flatten().max(),
    }
}

fn languages(subject: &Subject<'_>) -> Vec<LanguageWish> {
    let mut languages: Vec<LanguageWish> = Vec::new();
    for wish in subject.records.iter().flat_map(|r| &r.record.languages) {
        if !languages.contains(wish) {
            languages.push(wish.clone());
        }
    }
    languages
}

fn is_migrant(values: &Values) -> bool {
    use domain::record::Displacement as D;
    values.has_role(Role::Migrant)
        || [D::Migrant, D::Refugee, D::AsylumSeeker].iter().any(|d| values.displacement.has(*d as u8))
}

/// R24. Never between enquirer and sought: what one of them is sent must not depend on the other (P4).
fn candidates(subject: &Subject<'_>, own: Roles, person: &mut Atoms) -> Vec<CandidateFacts> {
    let mut kept = Vec::new();
    for candidate in &subject.candidates {
        let other = candidate.facts.audience;
        let search = |a: Roles, b: Roles| a.has(Role::Enquirer) && b.has(Role::Sought);
        if search(own, other) || search(other, own) {
            continue;
        }
        person.add_if(true, A::Candidate);
        person.add_if(candidate.incompatible, A::IncompatibleCandidate);
        kept.push(CandidateFacts {
            person: candidate.facts.person.without(Atoms::of(&[A::Candidate, A::IncompatibleCandidate])),
            reader: candidate.facts.recipients.first().map_or(Atoms::NONE, |r| r.atoms),
            origins: candidate.facts.origins.clone(),
            births: candidate.facts.births.clone(),
        });
    }
    kept
}

fn register(record: &Record) -> (&str, &str) {
    (record.society.as_str(), &record.system)
}

fn versions<'a>(subject: &Subject<'a>) -> Vec<Version<'a>> {
    let version = |record: &'a Record, id, current| Version {
        register: register(record),
        id,
        relations: record.relations.as_deref().unwrap_or_default(),
        current,
    };
    let current = subject.records.iter().map(|r| version(r.record, r.id, true));
    current.chain(subject.earlier.iter().map(|e| version(e.record, e.id, false))).collect()
}

/// `must_not_know`, `must_not_contact` and `alleged_perpetrator` relations, held against guardians and caregivers.
/// Whoever may be meant is meant.
fn read_people_to_keep_away(versions: &[Version<'_>], guardians: &mut [Guardian<'_>], values: &mut Values) {
    let all =
        || versions.iter().flat_map(|v| v.relations.iter().map(|relation| Named { register: v.register, relation }));
    for away in all() {
        let kind = away.relation.kind;
        if !matches!(kind, RelationKind::MustNotKnow | RelationKind::MustNotContact | RelationKind::AllegedPerpetrator)
        {
            continue;
        }
        for guardian in guardians.iter_mut().filter(|g| guardian::perhaps_same(g.named(), away)) {
            if kind == RelationKind::AllegedPerpetrator {
                guardian.mark_perpetrator();
            } else {
                values.child.add_if(true, Child::MUST_NOT_KNOW);
            }
        }
        let carer = |n: Named<'_>| matches!(n.relation.kind, RelationKind::Caregiver | RelationKind::Guardian);
        if kind == RelationKind::AllegedPerpetrator && all().any(|n| carer(n) && guardian::perhaps_same(n, away)) {
            values.child.add_if(true, Child::PERPETRATOR);
        }
    }
    values.child.add_if(guardians.iter().any(Guardian::child_disagrees), Child::DISAGREES);
}

fn listings<'a>(subject: &Subject<'a>, said: &Said<'a>, guardians: &[Guardian<'_>]) -> Vec<Listing<'a>> {
    let mut listings = Vec::new();
    for (place, r) in subject.records.iter().enumerate() {
        let partner = r.record.roles.contains(&Role::PartnerOrganisation);
        let own = (0u16..).zip(&r.record.contacts).map(|(index, point)| (ContactRef { record: r.id, index }, point));
        for (reference, point) in own.chain(said.contacts().filter(|(at, _)| at.record == r.id)) {
            let known = subject.addresses.iter().find(|a| a.record == r.id && a.index == reference.index);
            // A number that somebody gave is no route before linkage has counted who else lists it, and named its group.
            let counted = known.is_some() || reference.index < ContactRef::STATED;
            listings.push(Listing {
                point,
                key: contact::value_key(point),
                routed: counted,
                restricts_only: false,
                partner: partner && point.published,
                reference,
                record: u16::try_from(place).unwrap_or(u16::MAX),
                guardian: guardian_of(r.id, r.record, point.guardian, point.owner, guardians),
                created_on: r.record.created_on,
                shared: known.is_none_or(|a| a.others > 0),
                conflict: known.is_some_and(|a| a.conflict),
                unsafe_: known.is_some_and(|a| a.unsafe_),
            });
        }
    }
    for e in &subject.earlier {
        for (index, point) in (0u16..).zip(&e.record.contacts) {
            listings.push(Listing {
                point,
                key: contact::value_key(point),
                routed: false,
                restricts_only: true,
                partner: false,
                reference: ContactRef { record: e.id, index },
                record: u16::MAX,
                guardian: None,
                created_on: None,
                shared: false,
                conflict: false,
                unsafe_: false,
            });
        }
    }
    listings
}

/// The guardian whose a contact point is said to be: the one it names, or the only one of its record.
fn guardian_of(
    id: RecordId,
    record: &Record,
    named: Option<u8>,
    owner: Option<ContactOwner>,
    guardians: &[Guardian<'_>],
) -> Option<u8> {
    if owner != Some(ContactOwner::Guardian) {
        return None;
    }
    let index = named.or_else(|| {
        let relations = record.relations.as_deref().unwrap_or_default();
        let mut of_kind = (0u8..).zip(relations).filter(|(_, r)| r.kind == RelationKind::Guardian);
        let first = of_kind.next()?;
        of_kind.next().is_none().then_some(first.0)
    })?;
    (0u8..).zip(guardians).find(|(_, g)| g.relations.contains(&(id, index))).map(|(i, _)| i)
}
