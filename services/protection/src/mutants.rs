//! For the mutation run only: every way in which one row of the table can be broken, and the policy broken in the
//! one way that the environment variable `TIDINGS_MUTANT` names.

use domain::channel::{Recipient, base_level};
use domain::{Channel, Level};

use crate::atoms::{Atom, Atoms};
use crate::effect::{Channels, Count, Per, Special, To};
use crate::policy::{Policy, Row, RowPart};

/// Names the mutant.
pub const VARIABLE: &str = "TIDINGS_MUTANT";

/// A broken table and what was broken.
struct Mutant {
    name: String,
    policy: Policy,
}

/// Names of every mutant, in the order of the table.
#[must_use]
pub fn names() -> Vec<String> {
    all().into_iter().map(|m| m.name).collect()
}

/// The policy as it is, or broken as the environment asks. An unknown name panics: a mutation run must never score
/// the healthy table.
pub(crate) fn policy() -> Policy {
    let Ok(name) = std::env::var(VARIABLE) else {
        return healthy();
    };
    let found = all().into_iter().find(|m| m.name == name);
    let mut policy = found.map(|m| m.policy).unwrap_or_else(|| panic!("{VARIABLE}: no mutant has this name"));
    policy.rows.iter_mut().flat_map(|row| &mut row.parts).for_each(RowPart::index);
    policy
}

fn healthy() -> Policy {
    Policy::compile(crate::rules::RULES)
}

fn all() -> Vec<Mutant> {
    let mut mutants = Vec::new();
    let table = healthy();
    for (r, row) in table.rows.iter().enumerate() {
        let mut add = |what: String, change: &dyn Fn(&mut Policy)| {
            let mut policy = table.clone();
            change(&mut policy);
            mutants.push(Mutant { name: format!("{}:{what}", row.id), policy });
        };
        add("without".to_owned(), &|p| drop(p.rows.remove(r)));
        // rows about contact points cannot mark a person, whatever their flag says
        if row.parts.iter().any(|part| part.per != Per::Contact) {
            add("flag".to_owned(), &|p| p.rows[r].flag ^= true);
        }
        if row.special != Special::None {
            add("special".to_owned(), &|p| p.rows[r].special = Special::None);
        }
        for (i, part) in row.parts.iter().enumerate() {
            if row.parts.len() > 1 {
                add(format!("{i}:without"), &|p| drop(p.rows[r].parts.remove(i)));
            }
            of_reason(part, i, &mut |what, change| add(what, &|p: &mut Policy| change(&mut p.rows[r].parts[i])));
            of_conditions(part, i, &mut |what, change| add(what, &|p: &mut Policy| change(&mut p.rows[r].parts[i])));
            of_effects(row, part, i, &mut |what, change| add(what, &|p: &mut Policy| change(&mut p.rows[r].parts[i])));
        }
    }
    mutants
}

type Add<'a> = dyn FnMut(String, &dyn Fn(&mut RowPart)) + 'a;

fn of_reason(part: &RowPart, i: usize, add: &mut Add<'_>) {
    let Some((reason, count)) = part.reason else {
        return;
    };
    add(format!("{i}:without_reason"), &|p| p.reason = None);
    let other = if count == Count::Always { Count::IfRemoteLost } else { Count::Always };
    add(format!("{i}:other_count"), &|p| p.reason = Some((reason, other)));
}

/// Leaves out a line, a bracket, or one atom of a bracket.
fn of_conditions(part: &RowPart, i: usize, add: &mut Add<'_>) {
    for (l, line) in part.when.iter().enumerate() {
        if part.when.len() > 1 {
            add(format!("{i}:line{l}:without"), &|p| drop(p.when.remove(l)));
        }
        for (b, bracket) in line.iter().enumerate() {
            add(format!("{i}:line{l}:bracket{b}:without"), &|p| _ = p.when[l].remove(b));
            for atom in atoms(*bracket) {
                add(format!("{i}:line{l}:bracket{b}:{atom:?}"), &|p| {
                    p.when[l][b] = bracket.without(Atoms::of(&[atom]));
                });
            }
        }
    }
}

fn atoms(bracket: Atoms) -> Vec<Atom> {
    let atoms: Vec<_> = bracket.iter().collect();
    // the only atom of the only bracket: the same as leaving out the whole condition's effect, which «without» does
    if atoms.len() > 1 { atoms } else { Vec::new() }
}

impl RowPart {
    /// Whether an effect could speak about a channel at all: guardians have but three, and what is asked of a contact
    /// point says nothing about channels that need none.
    fn could_name(&self, this: usize, channel: Channel) -> bool {
        let then = &self.then[this];
        let to = if then.to == To::Guardian { Recipient::Guardian(0) } else { Recipient::Person };
        let of_contact = self.per == Per::Contact || !then.given.is_empty();
        base_level(channel, to).is_some() && (!of_contact || channel.contact_kind().is_some())
    }

    /// Whether another effect of the same condition caps this channel as low, whatever this one says.
    fn closes_anyway(&self, this: usize, channel: Channel) -> bool {
        let (to, cap) = (self.then[this].to, self.then[this].cap);
        let mut others = self.then.iter().enumerate().filter(|(t, _)| *t != this).map(|(_, then)| then);
        others.any(|o| o.to == to && o.given.is_empty() && o.channels.has(channel) && o.cap <= cap)
    }
}

/// Leaves out an effect, its further condition or one of its channels; adds a channel; raises or lowers its ceiling.
fn of_effects(row: &Row, part: &RowPart, i: usize, add: &mut Add<'_>) {
    for (t, then) in part.then.iter().enumerate() {
        let only = row.parts.len() == 1 && part.then.len() == 1;
        if !only {
            add(format!("{i}:then{t}:without"), &|p| drop(p.then.remove(t)));
        }
        for (b, bracket) in then.given.iter().enumerate() {
            add(format!("{i}:then{t}:given{b}:without"), &|p| _ = p.then[t].given.remove(b));
            for atom in atoms(*bracket) {
                add(format!("{i}:then{t}:given{b}:{atom:?}"), &|p| {
                    p.then[t].given[b] = bracket.without(Atoms::of(&[atom]));
                });
            }
        }
        for channel in Channel::ALL.iter().filter(|c| part.could_name(t, **c) && !part.closes_anyway(t, **c)) {
            let one = Channels::one(*channel);
            let sign = if then.channels.has(*channel) { '-' } else { '+' };
            add(format!("{i}:then{t}:{sign}{channel}"), &|p| {
                let channels = &mut p.then[t].channels;
                *channels = if sign == '-' { channels.without(one) } else { channels.with(one) };
            });
        }
        let caps = match then.cap {
            Level::L0 => [Level::L2, Level::L3],
            _ => [Level::L0, Level::L3],
        };
        for cap in caps {
            add(format!("{i}:then{t}:cap_{cap}"), &|p| p.then[t].cap = cap);
        }
    }
}
