//! Who else lists an address: what rules R17, R17b and R19 ask, and the group that lets one message serve several
//! people on one number.

use std::collections::{HashMap, HashSet};

use domain::channel::ContactKind;

use super::persons::Persons;
use super::roll::{Entry, Listing, Roll};

/// What is known of one listed address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shared {
    /// Position in the roll's listings.
    pub(crate) listing: u32,
    /// Number of the address, dense from 0.
    pub(crate) group: u32,
    /// Other persons that list it. From a guardian's own contact point, its own children do not count.
    pub(crate) others: u32,
    /// Listed by two persons of whom one is a danger to the other, or who look for each other.
    pub(crate) conflict: bool,
    /// Some record that lists it says that contact there is not safe.
    pub(crate) declared_unsafe: bool,
}

/// Looks at every address of the roll.
pub(crate) fn shared(roll: &Roll, persons: &Persons) -> Vec<Shared> {
    let ties = Ties::of(roll, persons);
    let mut order: Vec<u32> = (0..roll.listings.len() as u32).collect();
    let key = |at: &u32| {
        let l = &roll.listings[*at as usize];
        (l.kind, l.tag, *at)
    };
    order.sort_unstable_by_key(key);
    let same = |a: &u32, b: &u32| {
        let (a, b) = (&roll.listings[*a as usize], &roll.listings[*b as usize]);
        a.kind == b.kind && a.tag == b.tag
    };
    let mut out = Vec::with_capacity(order.len());
    for (group, members) in (0u32..).zip(order.chunk_by(same)) {
        look_at_group(roll, persons, &ties, group, members, &mut out);
    }
    out
}

fn look_at_group(roll: &Roll, persons: &Persons, ties: &Ties, group: u32, members: &[u32], out: &mut Vec<Shared>) {
    let listing = |at: u32| &roll.listings[at as usize];
    let who: HashSet<u32> = members.iter().map(|at| persons.at(listing(*at).record)).collect();
    let declared_unsafe = members.iter().any(|at| listing(*at).said_unsafe);
    let meet = meet(roll, persons, members);
    for &at in members {
        let l = listing(at);
        let me = persons.at(l.record);
        let others = who.len() as u32 - ties.own_family(l, me).iter().filter(|p| who.contains(p)).count() as u32;
        let danger = who.len() > 1
            && (ties.unnamed.contains(&me)
                || ties.danger.get(&me).is_some_and(|them| them.iter().any(|p| who.contains(p))));
        let meets = matches!(l.kind, ContactKind::Phone | ContactKind::Email)
            && (meet || ties.search.get(&me).is_some_and(|them| them.iter().any(|p| who.contains(p))));
        out.push(Shared { listing: at, group, others, conflict: danger || meets, declared_unsafe });
    }
}

/// Relations between persons, both ways.
struct Ties {
    danger: HashMap<u32, Vec<u32>>,
    /// Persons with a dangerous relation to somebody whom the register does not identify: anyone who shares an address
    /// may be the one.
    unnamed: HashSet<u32>,
    search: HashMap<u32, Vec<u32>>,
    /// Guardian to the children whose verified guardian it is.
    children: HashMap<u32, Vec<u32>>,
    /// (record, position of the relation) to the guardian.
    guardians: HashMap<(u32, u16), u32>,
}

impl Ties {
    fn of(roll: &Roll, persons: &Persons) -> Self {
        use domain::record::RelationKind as K;
        let mut ties = Self {
            danger: HashMap::new(),
            unnamed: HashSet::new(),
            search: HashMap::new(),
            children: HashMap::new(),
            guardians: HashMap::new(),
        };
        for tie in &roll.ties {
            let me = persons.at(tie.record);
            let other = tie.other.and_then(|key| roll.find(&key)).map(|at| persons.at(at));
            let Some(other) = other.filter(|other| *other != me) else {
                if tie.danger {
                    ties.unnamed.insert(me);
                }
                continue;
            };
            if tie.danger {
                both_ways(&mut ties.danger, me, other);
            }
            if tie.kind == K::EnquirerOf {
                both_ways(&mut ties.search, me, other);
            }
            if tie.kind == K::Guardian {
                ties.guardians.insert((tie.record, tie.index), other);
                if tie.verified {
                    ties.children.entry(other).or_default().push(me);
                }
            }
        }
        ties
    }

    /// Persons that do not count as others for a listing: its bearer, and the bearer's own children.
    fn own_family(&self, listing: &Listing, me: u32) -> HashSet<u32> {
        let mut family = HashSet::from([me]);
        let bearer = match listing.guardian {
            None => Some(me),
            Some(relation) => self.guardians.get(&(listing.record, u16::from(relation))).copied(),
        };
        if let Some(bearer) = bearer {
            family.insert(bearer);
            family.extend(self.children.get(&bearer).into_iter().flatten());
        }
        family
    }
}

fn both_ways(map: &mut HashMap<u32, Vec<u32>>, a: u32, b: u32) {
    map.entry(a).or_default().push(b);
    map.entry(b).or_default().push(a);
}

/// Whether an enquirer and another person who is sought list one address, whatever their cases: a register may hold
/// one of them twice, under another case. Then the address is closed to everybody who lists it.
fn meet(roll: &Roll, persons: &Persons, members: &[u32]) -> bool {
    let with = |role: fn(&Entry) -> bool| -> HashSet<u32> {
        let records = members.iter().map(|at| roll.listings[*at as usize].record);
        records.filter(|record| role(&roll.entries[*record as usize])).map(|record| persons.at(record)).collect()
    };
    let (enquirers, sought) = (with(|e| e.enquirer), with(|e| e.sought));
    enquirers.iter().any(|enquirer| sought.iter().any(|other| other != enquirer))
}

#[cfg(test)]
mod tests {
    use domain::record::{Answer, ContactOwner, ContactPoint, Record, Relation, RelationKind, Role};
    use domain::{PersonId, RecordId};

    use super::super::roll::{Arrival, RunKey};
    use super::*;

    const PHONE: &str = "+254700000001";

    fn record(n: u8) -> Record {
        let mut record = Record::bare("KE".parse().expect("a code"), "rfl", &n.to_string());
        record.contacts.push(ContactPoint::bare(ContactKind::Phone, PHONE));
        record
    }

    fn relation(kind: RelationKind, other: Option<u8>) -> Relation {
        let json = serde_json::json!({
            "kind": kind.as_str(), "record": other.map(|n| n.to_string()),
            "authority": "court", "verified_by": "officer", "verified_on": "2021-05-01",
        });
        serde_json::from_value(json).expect("a relation")
    }

    fn look(records: &[Record]) -> Vec<Shared> {
        let mut roll = Roll::new(RunKey::new(&[1; 64]));
        for (n, record) in records.iter().enumerate() {
            let key = |id: &str| [id.parse().unwrap_or(255); 16];
            let arrival = Arrival { id: RecordId::random(), version: 1, person: None, key: [n as u8; 16], record };
            roll.push(&arrival, key);
        }
        let persons = Persons::name(&roll, &(0..records.len() as u32).collect::<Vec<_>>(), &[], PersonId::random);
        let mut seen = shared(&roll, &persons);
        seen.sort_by_key(|s| s.listing);
        seen
    }

    #[test]
    fn others_are_counted_as_persons_and_a_lone_address_has_none() {
        let mut alone = record(2);
        alone.contacts[0].value = "+254700000009".into();
        let seen = look(&[record(0), record(1), alone]);
        assert_eq!(seen.iter().map(|s| s.others).collect::<Vec<_>>(), [1, 1, 0]);
        assert_eq!(seen[0].group, seen[1].group);
        assert_ne!(seen[0].group, seen[2].group);
    }

    #[test]
    fn a_verified_guardians_own_children_do_not_count_for_the_guardian_but_the_guardian_does_for_them() {
        let guardian = record(0);
        let mut child = record(1);
        child.relations = Some(vec![relation(RelationKind::Guardian, Some(0))]);
        let mut child_with_guardians_phone = record(2);
        child_with_guardians_phone.relations = Some(vec![relation(RelationKind::Guardian, Some(0))]);
        child_with_guardians_phone.contacts[0].owner = Some(ContactOwner::Guardian);
        child_with_guardians_phone.contacts[0].guardian = Some(0);
        let seen = look(&[guardian.clone(), child.clone(), child_with_guardians_phone.clone()]);
        assert_eq!(seen.iter().map(|s| s.others).collect::<Vec<_>>(), [0, 2, 0]);
        for each in [&mut child, &mut child_with_guardians_phone] {
            each.relations.as_mut().expect("relations")[0].verified_on = None;
        }
        let unverified = look(&[guardian, child, child_with_guardians_phone]);
        assert_eq!(unverified.iter().map(|s| s.others).collect::<Vec<_>>(), [2, 2, 1]);
    }

    #[test]
    fn perpetrator_and_survivor_on_one_number_conflict_both_ways_and_a_third_does_not() {
        for kind in [RelationKind::AllegedPerpetrator, RelationKind::MustNotContact, RelationKind::MustNotKnow] {
            let mut survivor = record(0);
            survivor.relations = Some(vec![relation(kind, Some(1))]);
            let seen = look(&[survivor, record(1), record(2)]);
            assert_eq!(seen.iter().map(|s| s.conflict).collect::<Vec<_>>(), [true, true, false], "{kind}");
        }
    }

    #[test]
    fn a_perpetrator_whom_the_register_does_not_identify_may_be_anyone_on_the_number() {
        let mut survivor = record(0);
        survivor.relations = Some(vec![relation(RelationKind::AllegedPerpetrator, None)]);
        assert!(look(&[survivor.clone(), record(1)])[0].conflict);
        assert!(!look(&[survivor])[0].conflict);
    }

    #[test]
    fn enquirer_and_sought_conflict_on_phones_but_not_on_addresses() {
        let pair = |kind: ContactKind, case: [&str; 2]| {
            let mut records = [record(0), record(1)];
            for (r, (role, case)) in records.iter_mut().zip([Role::Enquirer, Role::Sought].into_iter().zip(case)) {
                r.roles = vec![role];
                r.case_id = Some(case.into());
                r.contacts[0].kind = kind;
            }
            look(&records).iter().map(|s| s.conflict).collect::<Vec<_>>()
        };
        assert_eq!(pair(ContactKind::Phone, ["C-1", "C-1"]), [true, true]);
        assert_eq!(pair(ContactKind::Address, ["C-1", "C-1"]), [false, false]);
        assert_eq!(pair(ContactKind::Phone, ["C-1", "C-2"]), [true, true], "one of them may be held twice");
        let mut enquirer = record(0);
        enquirer.relations = Some(vec![relation(RelationKind::EnquirerOf, Some(1))]);
        assert!(look(&[enquirer, record(1)]).iter().all(|s| s.conflict));
    }

    #[test]
    fn unsafe_in_one_record_is_unsafe_for_all_who_list_it() {
        let mut warned = record(1);
        warned.contacts[0].safe = Some(Answer::No);
        assert!(look(&[record(0), warned]).iter().all(|s| s.declared_unsafe));
        assert!(!look(&[record(0), record(1)])[0].declared_unsafe);
    }

    #[test]
    fn a_number_of_a_whole_camp_takes_no_time() {
        let records: Vec<_> = (0..200).map(|_| record(0)).collect();
        let repeated: Vec<_> = (0..100).flat_map(|_| records.clone()).collect();
        let started = std::time::Instant::now();
        let seen = look(&repeated);
        assert_eq!(seen[0].others as usize, repeated.len() - 1);
        assert!(started.elapsed().as_secs() < 20, "quadratic in the users of a number");
    }
}
