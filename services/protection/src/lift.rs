//! Lifts: two people set aside one rule for one person on named routes, up to a level, for a while.

use domain::Channel;
use domain::Level;
use domain::channel::Recipient;
use domain::decision::RuleId;
use domain::manifest::ContactRef;

use crate::atoms::{Atom, Atoms};
use crate::digest::Fnv;
use crate::facts::Facts;
use crate::facts::subject::Lift;

/// Days after which a lift ends by itself.
pub const LIFT_DAYS: i64 = 30;

/// Why a lift is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LiftError {
    /// The rule can only be answered by facts.
    #[error("{0} is never lifted: only facts answer it")]
    Never(RuleId),
    /// Not for many persons at once.
    #[error("{0} is never lifted in bulk")]
    NotInBulk(RuleId),
    /// It takes two different people.
    #[error("a lift takes two different people")]
    NotTwoPeople,
}

/// Whether a rule may be lifted, for one person or for several at once.
///
/// # Errors
/// [`LiftError`] as the page says.
pub const fn may_lift(rule: RuleId, in_bulk: bool) -> Result<(), LiftError> {
    use RuleId as R;
    match rule {
        R::R01 | R::R02 | R::R03 | R::R04 | R::R06 | R::R17b | R::R19 | R::R25 => Err(LiftError::Never(rule)),
        R::R00 | R::R09 | R::R11 | R::R14 if in_bulk => Err(LiftError::NotInBulk(rule)),
        _ => Ok(()),
    }
}

/// Whether two different people stand behind a lift of a rule that may be lifted.
///
/// # Errors
/// [`LiftError`].
pub fn check(lift: &Lift) -> Result<(), LiftError> {
    may_lift(lift.rule, false)?;
    let first = lift.by.first();
    if first.is_none() || lift.by.iter().all(|by| Some(by) == first) {
        return Err(LiftError::NotTwoPeople);
    }
    Ok(())
}

/// What the rule reads in these facts, as a number: a lift is void when it changes, or when records merge.
#[must_use]
pub fn fingerprint(facts: &Facts, rule: RuleId) -> u64 {
    let reads = reads(rule);
    let mut hash = Fnv::new();
    let mut atoms = |set: Atoms| hash.write(&set.common(reads).bits().to_le_bytes());
    atoms(facts.person);
    for (index, recipient) in facts.recipients.iter().enumerate() {
        atoms(recipient.atoms);
        let to = crate::engine::recipient_at(index);
        for contact in &facts.contacts {
            atoms(facts.contact_atoms(contact, to, &facts.around()));
        }
    }
    if rule == RuleId::R24 {
        facts.candidates.iter().for_each(|c| hash.write(&c.person.bits().to_le_bytes()));
    }
    for record in &facts.records {
        hash.write(record.id.uuid().as_bytes());
    }
    hash.finish()
}

/// The atoms in a rule's conditions.
pub(crate) fn reads(rule: RuleId) -> Atoms {
    let row = crate::rules::RULES.iter().find(|row| row.id == rule);
    let parts = row.map_or(&[][..], |row| row.parts);
    let mut set = Atoms::NONE;
    let mut add = |line: &[&[Atom]]| line.iter().for_each(|bracket| set = set.and(Atoms::of(bracket)));
    for part in parts {
        part.when.iter().for_each(|line| add(line));
        part.then.iter().for_each(|then| add(then.given));
    }
    set
}

/// The level up to which a valid lift sets a rule aside on a route.
pub(crate) fn level(facts: &Facts, rule: RuleId, route: (Recipient, Channel, Option<ContactRef>)) -> Option<Level> {
    facts
        .lifts
        .iter()
        .filter(|lift| lift.rule == rule && check(lift).is_ok())
        .filter(|lift| lift.routes.iter().any(|r| (r.to, r.channel, r.contact) == route))
        .filter(|lift| lift.reads == fingerprint(facts, rule))
        .map(|lift| lift.level)
        .max()
}
