//! From clusters of records to persons whose ids survive: a new run may add records to a person, and a split leaves the
//! person that was notified with the largest part.

use std::collections::{HashMap, HashSet};

use domain::PersonId;

use super::roll::{Entry, Roll, Tag};

/// Person number of every record of the roll, dense from 0, and the id of every person.
pub(crate) struct Persons {
    /// By record.
    pub(crate) of: Vec<u32>,
    /// By person number.
    pub(crate) ids: Vec<PersonId>,
}

impl Persons {
    /// Names the clusters that linkage found. Enquirer and sought of one case that it joined in spite of being told
    /// otherwise are parted: all records of such a cluster stand alone.
    pub(crate) fn name(roll: &Roll, clusters: &[u32], fresh: impl FnMut() -> PersonId) -> Self {
        let of = part_cases(roll, &dense(clusters));
        let ids = carry_over(&roll.entries, &of, fresh);
        Self { of, ids }
    }

    /// Person number of a record.
    pub(crate) fn at(&self, record: u32) -> u32 {
        self.of[record as usize]
    }

    /// Person number and id of a record.
    pub(crate) fn id(&self, record: u32) -> PersonId {
        self.ids[self.at(record) as usize]
    }
}

fn dense(clusters: &[u32]) -> Vec<u32> {
    let mut numbers = HashMap::with_capacity(clusters.len());
    clusters
        .iter()
        .map(|cluster| {
            let next = numbers.len() as u32;
            *numbers.entry(*cluster).or_insert(next)
        })
        .collect()
}

fn part_cases(roll: &Roll, clusters: &[u32]) -> Vec<u32> {
    let mut seen: HashMap<(u32, Tag), (Option<usize>, Option<usize>)> = HashMap::new();
    let mut wrong: HashSet<u32> = HashSet::new();
    for (at, (entry, cluster)) in roll.entries.iter().zip(clusters).enumerate() {
        let Some(case) = entry.case.filter(|_| entry.enquirer || entry.sought) else {
            continue;
        };
        let (enquirer, sought) = seen.entry((*cluster, case)).or_default();
        // A record with both roles is a person that looks and is looked for: no reason to part it from itself.
        if (entry.enquirer && sought.is_some_and(|s| s != at)) || (entry.sought && enquirer.is_some_and(|e| e != at)) {
            wrong.insert(*cluster);
        }
        if entry.enquirer {
            *enquirer = Some(at);
        }
        if entry.sought {
            *sought = Some(at);
        }
    }
    if wrong.is_empty() {
        return clusters.to_vec();
    }
    let alone = clusters.len() as u32; // numbers above every cluster's
    let parted: Vec<u32> =
        (0u32..).zip(clusters).map(|(at, c)| if wrong.contains(c) { alone + at } else { *c }).collect();
    dense(&parted)
}

/// Every cluster takes the id that most of its records carried; every id goes to one cluster only, the one that holds
/// most of its records. Ties go to the cluster with the smallest record id.
fn carry_over(entries: &[Entry], of: &[u32], mut fresh: impl FnMut() -> PersonId) -> Vec<PersonId> {
    let count = of.iter().max().map_or(0, |max| *max as usize + 1);
    let mut smallest = vec![None; count];
    let mut claims: HashMap<(u32, PersonId), u32> = HashMap::new();
    for (entry, cluster) in entries.iter().zip(of) {
        let place = &mut smallest[*cluster as usize];
        *place = Some(place.map_or(entry.id, |id: domain::RecordId| id.min(entry.id)));
        if let Some(person) = entry.person {
            *claims.entry((*cluster, person)).or_default() += 1;
        }
    }
    let mut claims: Vec<_> = claims.into_iter().collect();
    claims.sort_by_key(|((cluster, person), records)| {
        (std::cmp::Reverse(*records), smallest[*cluster as usize], *person)
    });
    let mut ids: Vec<Option<PersonId>> = vec![None; count];
    let mut taken = HashSet::new();
    for ((cluster, person), _) in claims {
        let place = &mut ids[cluster as usize];
        if place.is_none() && taken.insert(person) {
            *place = Some(person);
        }
    }
    ids.into_iter().map(|id| id.unwrap_or_else(&mut fresh)).collect()
}

#[cfg(test)]
mod tests {
    use domain::RecordId;
    use domain::record::{Record, Role};

    use super::super::roll::{Arrival, RunKey};
    use super::*;

    fn roll(records: &[(Option<PersonId>, &[Role])]) -> Roll {
        let mut roll = Roll::new(RunKey::new(&[7; 64]));
        for (n, (person, roles)) in records.iter().enumerate() {
            let mut record = Record::bare("KE".parse().expect("a code"), "rfl", &n.to_string());
            record.roles = roles.to_vec();
            record.case_id = Some("C-1".into());
            let id = RecordId::from(uuid::Uuid::from_u128(n as u128 + 1));
            let arrival = Arrival { id, version: 1, person: *person, key: [n as u8; 16], record: &record };
            roll.push(&arrival, |_| [0; 16]);
        }
        roll
    }

    #[test]
    fn a_person_keeps_its_id_when_records_are_added_and_a_merge_keeps_the_larger_one() {
        let (a, b) = (PersonId::random(), PersonId::random());
        let roll = roll(&[(Some(a), &[]), (Some(b), &[]), (Some(b), &[]), (None, &[]), (None, &[])]);
        let persons = Persons::name(&roll, &[4, 4, 4, 4, 9], PersonId::random);
        assert_eq!(persons.id(0), b);
        assert_eq!(persons.id(3), b);
        assert!(persons.id(4) != a && persons.id(4) != b, "an id of a merged person is not given to another");
    }

    #[test]
    fn a_split_leaves_the_id_with_the_largest_part() {
        let a = PersonId::random();
        let roll = roll(&[(Some(a), &[]), (Some(a), &[]), (Some(a), &[])]);
        let persons = Persons::name(&roll, &[1, 2, 2], PersonId::random);
        assert_eq!(persons.id(1), a);
        assert_ne!(persons.id(0), a);
    }

    #[test]
    fn the_same_records_keep_their_persons_whatever_the_numbers_are() {
        let (a, b) = (PersonId::random(), PersonId::random());
        let roll = roll(&[(Some(a), &[]), (Some(b), &[]), (Some(a), &[])]);
        for clusters in [[0, 1, 0], [8, 2, 8]] {
            let persons = Persons::name(&roll, &clusters, PersonId::random);
            assert_eq!([persons.id(0), persons.id(1), persons.id(2)], [a, b, a]);
        }
    }

    #[test]
    fn enquirer_and_sought_of_one_case_are_never_one_person() {
        let roll = roll(&[(None, &[Role::Enquirer]), (None, &[Role::Sought]), (None, &[Role::Sought])]);
        let persons = Persons::name(&roll, &[0, 0, 1], PersonId::random);
        assert_ne!(persons.at(0), persons.at(1));
        let both: Roll = super::tests::roll(&[(None, &[Role::Enquirer, Role::Sought])]);
        assert_eq!(Persons::name(&both, &[0], PersonId::random).ids.len(), 1);
    }

    #[test]
    fn linkage_is_told_who_may_never_be_one() {
        let mut roll = Roll::new(RunKey::new(&[7; 64]));
        let ids: Vec<_> = (0..4).map(|_| RecordId::random()).collect();
        let mut push = |n: u8, role: Role| {
            let mut record = Record::bare("KE".parse().expect("a code"), "rfl", &n.to_string());
            record.roles = vec![role];
            record.case_id = Some("C-1".into());
            let id = ids[usize::from(n)];
            roll.push(&Arrival { id, version: 1, person: None, key: [n; 16], record: &record }, |_| [0; 16])
        };
        assert!(push(1, Role::Enquirer).is_empty());
        assert_eq!(push(2, Role::Sought), [ids[1]]);
        assert_eq!(push(3, Role::Enquirer), [ids[2]]);
    }

    #[test]
    fn a_relation_to_a_record_that_comes_later_counts_too() {
        let mut roll = Roll::new(RunKey::new(&[7; 64]));
        let mut enquirer = Record::bare("KE".parse().expect("a code"), "rfl", "1");
        let search = serde_json::from_value(serde_json::json!({"kind": "enquirer_of", "record": "2"}));
        enquirer.relations = Some(vec![search.expect("a relation")]);
        let sought = Record::bare("KE".parse().expect("a code"), "rfl", "2");
        let key_of = |id: &str| [id.parse().unwrap_or(0); 16];
        let first = RecordId::random();
        let arrival = |id, key, record| Arrival { id, version: 1, person: None, key: [key; 16], record };
        assert!(roll.push(&arrival(first, 1, &enquirer), key_of).is_empty());
        assert_eq!(roll.push(&arrival(RecordId::random(), 2, &sought), key_of), [first]);
    }
}
