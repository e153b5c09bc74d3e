//! Rule R24: pairs that may be one person and nobody decided yet share their restrictions.

use std::collections::{BTreeMap, HashSet};

use domain::record::RelationKind;
use linkage::{Outcome, Pair};

use super::persons::Persons;
use super::roll::Roll;

/// Undecided pairs of person numbers, and whether a coded fact of the two is known and incompatible. Persons joined by
/// a relation, and enquirer and sought of one case, are no candidates: they are known to be two.
pub(crate) fn candidates(roll: &Roll, persons: &Persons, edges: &[Pair]) -> BTreeMap<(u32, u32), bool> {
    let related = related(roll, persons);
    let mut found = BTreeMap::new();
    for pair in edges.iter().filter(|p| p.outcome == Outcome::Review) {
        let (a, b) = (persons.at(pair.a), persons.at(pair.b));
        let key = (a.min(b), a.max(b));
        if a == b || related.contains(&key) || search_for_each_other(roll, pair.a, pair.b) {
            continue;
        }
        let clash = roll.entries[pair.a as usize].coded.clashes(&roll.entries[pair.b as usize].coded);
        *found.entry(key).or_default() |= clash;
    }
    found
}

fn related(roll: &Roll, persons: &Persons) -> HashSet<(u32, u32)> {
    let other = |tie: &super::roll::Tie| tie.other.and_then(|key| roll.find(&key));
    roll.ties
        .iter()
        .filter_map(|tie| {
            let (a, b) = (persons.at(tie.record), persons.at(other(tie)?));
            Some((a.min(b), a.max(b)))
        })
        .collect()
}

fn search_for_each_other(roll: &Roll, a: u32, b: u32) -> bool {
    let (a, b) = (&roll.entries[a as usize], &roll.entries[b as usize]);
    a.case.is_some() && a.case == b.case && ((a.enquirer && b.sought) || (a.sought && b.enquirer))
}

/// The relations whose other side is a person of this incident: record, position, person number.
pub(crate) fn relations<'a>(
    roll: &'a Roll,
    persons: &'a Persons,
) -> impl Iterator<Item = (u32, u16, RelationKind, u32)> + 'a {
    roll.ties.iter().filter_map(|tie| {
        let other = persons.at(tie.other.and_then(|key| roll.find(&key))?);
        (other != persons.at(tie.record)).then_some((tie.record, tie.index, tie.kind, other))
    })
}

#[cfg(test)]
mod tests {
    use domain::record::{Record, Relation, Role, Sex};
    use domain::{PersonId, RecordId};
    use linkage::Evidence;

    use super::super::roll::{Arrival, RunKey};
    use super::*;

    fn record(n: u8) -> Record {
        Record::bare("KE".parse().expect("a code"), "rfl", &n.to_string())
    }

    fn run(records: &[Record], outcome: Outcome) -> BTreeMap<(u32, u32), bool> {
        let mut roll = Roll::new(RunKey::new(&[1; 64]));
        for (n, record) in records.iter().enumerate() {
            let key = |id: &str| [id.parse().unwrap_or(255); 16];
            let arrival = Arrival { id: RecordId::random(), version: 1, person: None, key: [n as u8; 16], record };
            roll.push(&arrival, key);
        }
        let persons = Persons::name(&roll, &(0..records.len() as u32).collect::<Vec<_>>(), &[], PersonId::random);
        let pair =
            Pair { a: 0, b: 1, weight: 5.0, probability: 0.5, outcome, withheld: None, evidence: Evidence::none() };
        candidates(&roll, &persons, &[pair])
    }

    #[test]
    fn an_undecided_pair_shares_restrictions_and_a_decided_one_does_not() {
        assert_eq!(run(&[record(0), record(1)], Outcome::Review), BTreeMap::from([((0, 1), false)]));
        assert!(run(&[record(0), record(1)], Outcome::Distinct).is_empty());
    }

    #[test]
    fn incompatible_facts_are_marked() {
        let (mut a, mut b) = (record(0), record(1));
        a.sex = Some(Sex::Female);
        b.sex = Some(Sex::Male);
        assert_eq!(run(&[a, b], Outcome::Review), BTreeMap::from([((0, 1), true)]));
    }

    #[test]
    fn relatives_and_the_two_sides_of_a_search_are_two_people() {
        let mut child = record(0);
        let kin: Relation =
            serde_json::from_value(serde_json::json!({"kind": "family", "record": "1"})).expect("a relation");
        child.relations = Some(vec![kin]);
        assert!(run(&[child, record(1)], Outcome::Review).is_empty());
        let (mut enquirer, mut sought) = (record(0), record(1));
        enquirer.roles = vec![Role::Enquirer];
        sought.roles = vec![Role::Sought];
        enquirer.case_id = Some("C".into());
        sought.case_id = Some("C".into());
        assert!(run(&[enquirer, sought], Outcome::Review).is_empty());
    }
}
