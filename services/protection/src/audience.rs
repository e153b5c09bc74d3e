//! Who is spoken to: the first audience that applies, with the additions of every other.

use domain::Audience;
use domain::record::Role;

use crate::atoms::{Atom as A, Atoms};
use crate::facts::Facts;

/// Every audience that applies, in the order of the page: the first is spoken to, the others add what they must add
/// and forbid what they must not contain.
#[must_use]
pub fn audiences(facts: &Facts) -> Vec<Audience> {
    ALL.iter().copied().filter(|a| applies(*a, facts)).collect()
}

/// The audience of the one notice.
pub(crate) fn audience(facts: &Facts) -> Audience {
    ALL.iter().copied().find(|a| applies(*a, facts)).unwrap_or(Audience::AidRecipient)
}

const ALL: [Audience; 11] = [
    Audience::Partner,
    Audience::Detainee,
    Audience::Child,
    Audience::Survivor,
    Audience::Sought,
    Audience::Released,
    Audience::Migrant,
    Audience::Bereaved,
    Audience::Enquirer,
    Audience::Staff,
    Audience::AidRecipient,
];

fn applies(audience: Audience, facts: &Facts) -> bool {
    let p = facts.person;
    let role = |r| facts.audience.has(r);
    match audience {
        Audience::Partner => p.has(A::Partner),
        Audience::Detainee => p.has(A::Detained),
        Audience::Child => p.has(A::Minor),
        Audience::Survivor => crate::policy::POLICY.fires(domain::decision::RuleId::R16, p),
        Audience::Sought => p.has(A::Sought),
        Audience::Released => p.has(A::DetentionMarker) && !p.has(A::Detained),
        Audience::Migrant => facts.audience.migrant,
        Audience::Bereaved => role(Role::Bereaved),
        Audience::Enquirer => role(Role::Enquirer) || role(Role::FamilyOfDetainee),
        Audience::Staff => p.any(Atoms::of(&[A::Staff])),
        Audience::AidRecipient => true,
        Audience::Guardian | Audience::Public => false,
    }
}
