//! Address groups keep their ids from run to run, whatever happens to the lists they stand in: a number that a receipt
//! called unsafe stays so when an import moves it to another place of its record.

use std::collections::HashMap;

use domain::AddressGroupId;
use store::KnownAddress;

use super::addresses::Shared;
use super::roll::{Roll, Tag};

/// Known groups by address. Of two groups for one address the unsafe one stays, else the smaller id.
#[derive(Default)]
pub(crate) struct Known(HashMap<Tag, (bool, AddressGroupId)>);

impl Known {
    /// Notes that an address had a group.
    pub(crate) fn note(&mut self, tag: Tag, known: &KnownAddress) {
        let new = (!known.group_unsafe, known.row.group);
        let kept = self.0.entry(tag).or_insert(new);
        *kept = (*kept).min(new);
    }

    /// An id for every address, in the order of group numbers.
    pub(crate) fn ids(
        &self,
        roll: &Roll,
        shared: &[Shared],
        mut fresh: impl FnMut() -> AddressGroupId,
    ) -> Vec<AddressGroupId> {
        let mut ids = Vec::new();
        for s in shared.iter().filter(|s| roll.listings.len() > s.listing as usize) {
            if s.group as usize == ids.len() {
                let tag = roll.listings[s.listing as usize].tag;
                ids.push(self.0.get(&tag).map_or_else(&mut fresh, |(_, id)| *id));
            }
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use domain::RecordId;
    use store::AddressRow;

    use super::*;

    fn known(group: AddressGroupId, group_unsafe: bool) -> KnownAddress {
        let row = AddressRow {
            record: RecordId::random(),
            index: 0,
            group,
            others: 0,
            conflict: false,
            declared_unsafe: false,
        };
        KnownAddress { row, version: 1, group_unsafe }
    }

    #[test]
    fn the_unsafe_group_of_an_address_stays() {
        let (a, b) = (AddressGroupId::random(), AddressGroupId::random());
        for (first, second) in [((a, false), (b, true)), ((b, true), (a, false))] {
            let mut all = Known::default();
            all.note([1; 16], &known(first.0, first.1));
            all.note([1; 16], &known(second.0, second.1));
            assert_eq!(all.0[&[1; 16]].1, b);
        }
    }
}
