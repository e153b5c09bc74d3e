//! From clusters of records to persons whose ids survive: a new run may add records to a person, and a split leaves the
//! person that was notified with the largest part, among equals with those whom people left in it.

use std::collections::{HashMap, HashSet};

use domain::{PersonId, RecordId};

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
    /// otherwise are parted: all records of such a cluster stand alone. `apart` are the pairs that people called two.
    pub(crate) fn name(
        roll: &Roll,
        clusters: &[u32],
        apart: &[(RecordId, RecordId)],
        fresh: impl FnMut() -> PersonId,
    ) -> Self {
        let of = part_cases(roll, &dense(clusters));
        let ids = carry_over(&roll.entries, &of, &sent_away(&roll.entries, apart), fresh);
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

/// How often people said of a record that it is not a record of the person that it still carries. Whoever was taken out
/// of a person is parted from all who stay, and each of those from the one only.
fn sent_away(entries: &[Entry], apart: &[(RecordId, RecordId)]) -> HashMap<RecordId, u32> {
    let mut out = HashMap::new();
    if apart.is_empty() {
        return out;
    }
    let named: HashSet<RecordId> = apart.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let person: HashMap<RecordId, PersonId> =
        entries.iter().filter(|e| named.contains(&e.id)).filter_map(|e| Some((e.id, e.person?))).collect();
    for (a, b) in apart {
        if person.get(a).is_some_and(|of_a| person.get(b) == Some(of_a)) {
            *out.entry(*a).or_default() += 1;
            *out.entry(*b).or_default() += 1;
        }
    }
    out
}

/// What a cluster has of a person's records.
#[derive(Clone, Copy, Default)]
struct Claim {
    records: u32,
    sent_away: u32,
}

/// Every cluster takes the id that most of its records carried; every id goes to one cluster only, the one that holds
/// most of its records. Among equals it stays with those whom people sent away least, then with the smallest record id.
fn carry_over(
    entries: &[Entry],
    of: &[u32],
    sent_away: &HashMap<RecordId, u32>,
    mut fresh: impl FnMut() -> PersonId,
) -> Vec<PersonId> {
    let count = of.iter().max().map_or(0, |max| *max as usize + 1);
    let mut smallest = vec![None; count];
    let mut claims: HashMap<(u32, PersonId), Claim> = HashMap::new();
    for (entry, cluster) in entries.iter().zip(of) {
        let place = &mut smallest[*cluster as usize];
        *place = Some(place.map_or(entry.id, |id: RecordId| id.min(entry.id)));
        if let Some(person) = entry.person {
            let claim = claims.entry((*cluster, person)).or_default();
            claim.records += 1;
            claim.sent_away += sent_away.get(&entry.id).copied().unwrap_or_default();
        }
    }
    let mut claims: Vec<_> = claims.into_iter().collect();
    claims.sort_by_key(|((cluster, person), claim)| {
        (std::cmp::Reverse(claim.records), claim.sent_away, smallest[*cluster as usize], *person)
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
        let persons = Persons::name(&roll, &[4, 4, 4, 4, 9], &[], PersonId::random);
        assert_eq!(persons.id(0), b);
        assert_eq!(persons.id(3), b);
        assert!(persons.id(4) != a && persons.id(4) != b, "an id of a merged person is not given to another");
    }

    #[test]
    fn a_split_leaves_the_id_with_the_largest_part() {
        let a = PersonId::random();
        let roll = roll(&[(Some(a), &[]), (Some(a), &[]), (Some(a), &[])]);
        let persons = Persons::name(&roll, &[1, 2, 2], &[], PersonId::random);
        assert_eq!(persons.id(1), a);
        assert_ne!(persons.id(0), a);
    }

    #[test]
    fn the_id_stays_with_whom_people_left_in_the_person() {
        let id = |n: u128| RecordId::from(uuid::Uuid::from_u128(n));
        for leaver in 1..=3u128 {
            let a = PersonId::random();
            let roll = roll(&[(Some(a), &[]), (Some(a), &[]), (Some(a), &[])]);
            // Nothing but the one who leaves held the others together: all three are alone now.
            let apart: Vec<_> =
                (1..=3).filter(|n| *n != leaver).map(|n| (id(leaver.min(n)), id(leaver.max(n)))).collect();
            let persons = Persons::name(&roll, &[0, 1, 2], &apart, PersonId::random);
            let keeps: Vec<u128> = (1..=3).filter(|n| persons.id(*n as u32 - 1) == a).collect();
            assert_eq!(keeps.len(), 1);
            assert_ne!(keeps[0], leaver);
        }
    }

    #[test]
    fn the_same_records_keep_their_persons_whatever_the_numbers_are() {
        let (a, b) = (PersonId::random(), PersonId::random());
        let roll = roll(&[(Some(a), &[]), (Some(b), &[]), (Some(a), &[])]);
        for clusters in [[0, 1, 0], [8, 2, 8]] {
            let persons = Persons::name(&roll, &clusters, &[], PersonId::random);
            assert_eq!([persons.id(0), persons.id(1), persons.id(2)], [a, b, a]);
        }
    }

    #[test]
    fn enquirer_and_sought_of_one_case_are_never_one_person() {
        let roll = roll(&[(None, &[Role::Enquirer]), (None, &[Role::Sought]), (None, &[Role::Sought])]);
        let persons = Persons::name(&roll, &[0, 0, 1], &[], PersonId::random);
        assert_ne!(persons.at(0), persons.at(1));
        let both: Roll = super::tests::roll(&[(None, &[Role::Enquirer, Role::Sought])]);
        assert_eq!(Persons::name(&both, &[0], &[], PersonId::random).ids.len(), 1);
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
