//! Address groups survive a run: messages, and receipts that closed a number, refer to them.

use std::collections::{HashMap, HashSet};

use domain::{AddressGroupId, RecordId};

use crate::AddressRow;

/// An address as the store has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Old {
    pub(super) row: AddressRow,
    /// The record's contact list is still the one that the index points into.
    pub(super) same_version: bool,
    pub(super) group_unsafe: bool,
}

/// Addresses with the groups they keep, and the groups that are unsafe because one of their addresses was.
pub(super) struct Kept {
    pub(super) rows: Vec<AddressRow>,
    pub(super) unsafe_groups: HashSet<AddressGroupId>,
}

/// Gives every address the group it had: that of the first of its addresses that stands where it stood. One old group
/// goes to one new one only; what was unsafe stays so on every side of a split and in every merge.
pub(super) fn keep(old: &HashMap<(RecordId, i32), Old>, new: &[AddressRow]) -> Kept {
    let known: HashSet<AddressGroupId> = old.values().map(|o| o.row.group).collect();
    let mut rows = new.to_vec();
    rows.sort_unstable_by_key(|r| (r.record, r.index));
    let mut names: HashMap<AddressGroupId, AddressGroupId> = HashMap::new();
    // Groups that the caller kept by value come first.
    let mut taken: HashSet<AddressGroupId> = HashSet::new();
    for row in &rows {
        if known.contains(&row.group) {
            names.insert(row.group, row.group);
            taken.insert(row.group);
        }
    }
    for row in &rows {
        if names.contains_key(&row.group) {
            continue;
        }
        let before = old.get(&(row.record, row.index)).filter(|o| o.same_version).map(|o| o.row.group);
        if let Some(group) = before.filter(|g| taken.insert(*g)) {
            names.insert(row.group, group);
        }
    }
    let mut unsafe_groups = HashSet::new();
    for row in &mut rows {
        row.group = names.get(&row.group).copied().unwrap_or(row.group);
        let was = old.get(&(row.record, row.index));
        if was.is_some_and(|o| o.same_version && o.group_unsafe) {
            unsafe_groups.insert(row.group);
        }
    }
    Kept { rows, unsafe_groups }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(record: RecordId, index: i32, group: AddressGroupId) -> AddressRow {
        AddressRow { record, index, group, others: 0, conflict: false, declared_unsafe: false }
    }

    fn old(rows: &[AddressRow], group_unsafe: bool) -> HashMap<(RecordId, i32), Old> {
        rows.iter()
            .map(|r| {
                let o = Old { row: *r, same_version: true, group_unsafe };
                ((r.record, r.index), o)
            })
            .collect()
    }

    #[test]
    fn a_group_keeps_its_id_and_a_split_stays_unsafe_on_both_sides() {
        let (a, b) = (RecordId::random(), RecordId::random());
        let g = AddressGroupId::random();
        let before = old(&[row(a, 0, g), row(b, 0, g)], true);
        let n = AddressGroupId::random();
        let same = keep(&before, &[row(a, 0, n), row(b, 0, n)]);
        assert!(same.rows.iter().all(|r| r.group == g));
        let split = keep(&before, &[row(a, 0, n), row(b, 0, AddressGroupId::random())]);
        assert_ne!(split.rows[0].group, split.rows[1].group);
        assert_eq!(split.rows.iter().filter(|r| r.group == g).count(), 1);
        assert!(split.rows.iter().all(|r| split.unsafe_groups.contains(&r.group)));
    }

    #[test]
    fn a_group_named_by_the_caller_wins_over_the_place() {
        let (a, b) = (RecordId::random(), RecordId::random());
        let (g, h) = (AddressGroupId::random(), AddressGroupId::random());
        let before = old(&[row(a, 0, g), row(b, 0, h)], false);
        let kept = keep(&before, &[row(a, 0, h), row(b, 0, g)]);
        let of = |r: RecordId| kept.rows.iter().find(|x| x.record == r).map(|x| x.group);
        assert_eq!((of(a), of(b)), (Some(h), Some(g)));
    }
}
