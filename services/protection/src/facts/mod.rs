//! Records, context and time, read into the finite facts that the rules ask for.

mod contact;
mod guardian;
mod read;
pub(crate) mod statement;
pub(crate) mod subject;
mod today;
mod values;
pub(crate) mod windows;

use domain::channel::Recipient;
use domain::manifest::ContactRef;
use domain::record::{
    AccessNeed, ContactOwner, LanguageWish, Literacy, Record, RelationKind, Role,
};
use domain::{Millis, RecordId, SocietyCode};
use jiff::civil::Date;

use crate::atoms::{Atom as A, Atoms};
use crate::facts::contact::{ContactFacts, Country, Listing};
use crate::facts::guardian::{Guardian, Named, Version};
use crate::facts::subject::{Carried, Lift, Subject};
use crate::facts::today::{BirthBounds, Today};
use crate::facts::values::{Child, Values};

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
    origins: Vec<Country>,
    births: Vec<BirthBounds>,
    valid_until: Millis,
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
        self.recipients
            .get(recipient_index(to))
            .map_or(&[], |r| &r.relations)
    }

    /// The Society whose record holds a contact point.
    #[must_use]
    pub fn holder(&self, contact: u16) -> Option<&SocietyCode> {
        let contact = self.contacts.get(usize::from(contact))?;
        self.records
            .get(usize::from(contact.record))
            .map(|r| &r.society)
    }

    /// Atoms of a contact point as one recipient's.
    #[must_use]
    pub fn contact(&self, contact: u16, to: Recipient) -> Atoms {
        self.contacts
            .get(usize::from(contact))
            .map_or(Atoms::NONE, |c| self.contact_atoms(c, to, &self.around()))
    }

    pub(crate) fn around(&self) -> Around<'_> {
        Around {
            origins: &self.origins,
            births: &self.births,
        }
    }

    pub(crate) fn contact_atoms(
        &self,
        contact: &ContactFacts,
        to: Recipient,
        around: &Around<'_>,
    ) -> Atoms {
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
        (
            literacy,
            pairs
                .into_iter()
                .filter(|(a, _)| own.has(*a))
                .map(|(_, n)| n)
                .collect(),
        )
    }
}

pub(crate) fn recipient_index(to: Recipient) -> usize {
    match to {
        Recipient::Person => 0,
        Recipient::Guardian(index) => usize::from(index) + 1,
    }
}

/// Reads one person's facts as they stand at `now`.
#[must_use]
pub fn facts(subject: &Subject<'_>, now: Millis) -> Facts {
    let mut today = Today::at(now);
    let mut births = Vec::new();
    let mut current = Values::default();
    let mut past = Values::default();
    for (i, r) in subject.records.iter().enumerate() {
        let values = read::values(r.record, r.context, r.carried, &mut today, &mut births);
        if i == 0 {
            current = values
        } else {
            current.merge(&values)
        }
    }
    if subject.records.is_empty() {
        current.tier = values::TIER_NONE;
    }
    let mut past_births = Vec::new();
    for e in &subject.earlier {
        let mut values = read::values(
            e.record,
            None,
            Carried::NOTHING,
            &mut today,
            &mut past_births,
        );
        values.tier = values::TIER_STANDARD; // the assessment in force is that of the current record
        past.merge(&values);
    }
    current
        .child
        .add_if(past.child.has(Child::MARKER), Child::MARKER);
    let versions = versions(subject);
    let mut guardians = guardian::collect(&versions, &subject.guardians, &mut today);
    read_people_to_keep_away(&versions, &mut guardians, &mut current);
    let listings = listings(subject, &guardians);
    let contacts = contact::collect(&listings, &mut today);
    assemble(
        subject,
        now,
        Draft {
            current,
            past,
            guardians,
            contacts,
            births,
            past_births,
        },
        &today,
    )
}

struct Draft<'a> {
    current: Values,
    past: Values,
    guardians: Vec<Guardian<'a>>,
    contacts: Vec<ContactFacts>,
    births: Vec<BirthBounds>,
    past_births: Vec<BirthBounds>,
}

fn assemble(subject: &Subject<'_>, now: Millis, draft: Draft<'_>, today: &Today) -> Facts {
    let Draft {
        current,
        past,
        guardians,
        contacts,
        mut births,
        past_births,
    } = draft;
    let mut person = current.atoms(true).and(past.atoms(false));
    person.add_if(guardians.is_empty(), A::NoGuardian);
    if !births.is_empty() {
        births.extend(past_births);
    }
    let merged = Roles {
        roles: current.roles | past.roles,
        migrant: is_migrant(&current) || is_migrant(&past),
    };
    let mut languages: Vec<LanguageWish> = Vec::new();
    for wish in subject.records.iter().flat_map(|r| &r.record.languages) {
        if !languages.contains(wish) {
            languages.push(wish.clone());
        }
    }
    let own = current
        .recipient_atoms(true)
        .and(past.recipient_atoms(false));
    let mut recipients = vec![RecipientFacts {
        atoms: own,
        languages,
        relations: Vec::new(),
    }];
    recipients.extend(guardians.iter().map(|g| RecipientFacts {
        atoms: g.atoms(),
        languages: g.languages.clone(),
        relations: g.relations.clone(),
    }));
    let candidates = candidates(subject, merged, &mut person);
    let lifts: Vec<Lift> = subject
        .lifts
        .iter()
        .filter(|l| l.expires_at > now)
        .cloned()
        .collect();
    let valid_until = lifts
        .iter()
        .map(|l| l.expires_at)
        .fold(today.changes_at, Millis::min);
    let records: Vec<_> = subject
        .records
        .iter()
        .enumerate()
        .map(|(i, r)| RecordFacts {
            id: r.id,
            society: r.record.society.clone(),
            last_contact: contacts
                .iter()
                .filter(|c| usize::from(c.record) == i)
                .filter_map(|c| c.latest)
                .chain(
                    [r.record.updated_on, r.record.created_on]
                        .into_iter()
                        .flatten(),
                )
                .max(),
        })
        .collect();
    let mut origins: Vec<Country> = Vec::new();
    let earlier = subject.earlier.iter().map(|e| e.record);
    for record in subject.records.iter().map(|r| r.record).chain(earlier) {
        if let Some(origin) = record
            .country_of_origin
            .as_deref()
            .and_then(contact::country)
            && !origins.contains(&origin)
        {
            origins.push(origin);
        }
    }
    Facts {
        person,
        audience: merged,
        recipients,
        contacts,
        records,
        candidates,
        lifts,
        origins,
        births,
        valid_until,
    }
}

fn is_migrant(values: &Values) -> bool {
    use domain::record::Displacement as D;
    values.has_role(Role::Migrant)
        || [D::Migrant, D::Refugee, D::AsylumSeeker]
            .iter()
            .any(|d| values.displacement.has(*d as u8))
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
            person: candidate
                .facts
                .person
                .without(Atoms::of(&[A::Candidate, A::IncompatibleCandidate])),
            reader: candidate
                .facts
                .recipients
                .first()
                .map_or(Atoms::NONE, |r| r.atoms),
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
    let current = subject
        .records
        .iter()
        .map(|r| version(r.record, r.id, true));
    current
        .chain(
            subject
                .earlier
                .iter()
                .map(|e| version(e.record, e.id, false)),
        )
        .collect()
}

/// `must_not_know`, `must_not_contact` and `alleged_perpetrator` relations, held against guardians and caregivers.
/// Whoever may be meant is meant.
fn read_people_to_keep_away(
    versions: &[Version<'_>],
    guardians: &mut [Guardian<'_>],
    values: &mut Values,
) {
    let all = || {
        versions.iter().flat_map(|v| {
            v.relations.iter().map(|relation| Named {
                register: v.register,
                relation,
            })
        })
    };
    for away in all() {
        let kind = away.relation.kind;
        if !matches!(
            kind,
            RelationKind::MustNotKnow
                | RelationKind::MustNotContact
                | RelationKind::AllegedPerpetrator
        ) {
            continue;
        }
        for guardian in guardians
            .iter_mut()
            .filter(|g| guardian::perhaps_same(g.named(), away))
        {
            if kind == RelationKind::AllegedPerpetrator {
                guardian.mark_perpetrator();
            } else {
                values.child.add_if(true, Child::MUST_NOT_KNOW);
            }
        }
        let carer = |n: Named<'_>| {
            matches!(
                n.relation.kind,
                RelationKind::Caregiver | RelationKind::Guardian
            )
        };
        if kind == RelationKind::AllegedPerpetrator
            && all().any(|n| carer(n) && guardian::perhaps_same(n, away))
        {
            values.child.add_if(true, Child::PERPETRATOR);
        }
    }
    values.child.add_if(
        guardians.iter().any(Guardian::child_disagrees),
        Child::DISAGREES,
    );
}

fn listings<'a>(subject: &Subject<'a>, guardians: &[Guardian<'_>]) -> Vec<Listing<'a>> {
    let mut listings = Vec::new();
    for (place, r) in subject.records.iter().enumerate() {
        let partner = r.record.roles.contains(&Role::PartnerOrganisation);
        for (index, point) in (0u16..).zip(&r.record.contacts) {
            let reference = ContactRef {
                record: r.id,
                index,
            };
            let known = subject
                .addresses
                .iter()
                .find(|a| a.record == r.id && a.index == index);
            listings.push(Listing {
                point,
                key: contact::value_key(point),
                routed: true,
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
                reference: ContactRef {
                    record: e.id,
                    index,
                },
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
        let mut of_kind = (0u8..)
            .zip(relations)
            .filter(|(_, r)| r.kind == RelationKind::Guardian);
        let first = of_kind.next()?;
        of_kind.next().is_none().then_some(first.0)
    })?;
    (0u8..)
        .zip(guardians)
        .find(|(_, g)| g.relations.contains(&(id, index)))
        .map(|(i, _)| i)
}
