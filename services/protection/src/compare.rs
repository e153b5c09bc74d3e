//! Comparisons between two persons' facts, or between two states of one person's facts.

use domain::record::{Dated, Liberty, Record, Vital};

use crate::facts::Facts;
use crate::facts::today::BirthBounds;

/// R24: sex, birth date, vital, liberty or child status are known for both and do not fit.
#[must_use]
pub fn incompatible(a: &[&Record], b: &[&Record]) -> bool {
    a.iter().any(|x| b.iter().any(|y| do_not_fit(x, y)))
}

fn do_not_fit(a: &Record, b: &Record) -> bool {
    let vital = |v: Option<Dated<Vital>>| v.map(|v| v.value == Vital::Alive);
    let liberty = |l: Option<Dated<Liberty>>| l.map(|l| l.value == Liberty::Detained);
    differ(a.sex, b.sex)
        || differ(vital(a.vital), vital(b.vital))
        || differ(liberty(a.liberty), liberty(b.liberty))
        || differ(a.child_status, b.child_status)
        || births_apart(a, b)
}

fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}

/// Every pair of birth bounds is apart: no day of birth fits both.
fn births_apart(a: &Record, b: &Record) -> bool {
    let bounds = |r: &Record| [r.birth.and_then(BirthBounds::of_birth), r.age.and_then(BirthBounds::of_age)];
    let (a, b) = (bounds(a), bounds(b));
    a.iter().flatten().any(|x| b.iter().flatten().any(|y| x.last < y.first || y.last < x.first))
}

/// Whether a change of facts only tightens: nothing bad or unknown that stood before is gone. Tightening takes one
/// operator, anything else two.
#[must_use]
pub fn only_tightens(before: &Facts, after: &Facts) -> bool {
    let around = (before.around(), after.around());
    before.recipients.len() <= after.recipients.len()
        && after.person.contains(before.person)
        && before.contacts.len() == after.contacts.len()
        && before.recipients.iter().zip(&after.recipients).enumerate().all(|(index, (old, new))| {
            let to = crate::engine::recipient_at(index);
            old.relations == new.relations
                && new.atoms.contains(old.atoms)
                && before.contacts.iter().zip(&after.contacts).all(|(x, y)| {
                    let (was, is) = (before.contact_atoms(x, to, &around.0), after.contact_atoms(y, to, &around.1));
                    x.reference == y.reference && is.contains(was)
                })
        })
}
