//! Which record ids a file has had already, in memory that does not grow with the file: the newest as a set, the older
//! ones sorted in a temporary file, before which a filter stands.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher, RandomState};
use std::io;
use std::os::unix::fs::FileExt as _;

/// Ids that are held as they are: as many as fit a table of two mebibytes.
const RECENT: usize = 7 << 15;

/// Ids read back at once: a page of the file.
const PAGE: usize = 512;

/// Bytes of a hash.
const HASH: usize = 8;

/// The ids of a file. Kept are their hashes, under a key of this value's own: whoever finds the temporary file learns
/// nothing, and nobody makes a file in which two ids look like one. By chance two of ten million do in one of 370,000
/// files.
pub(crate) struct Seen {
    key: RandomState,
    recent: HashSet<u64, BuildHasherDefault<Same>>,
    /// Rows to expect.
    rows: u64,
    older: Option<Older>,
    most: usize,
}

impl Seen {
    /// For a file of about so many rows: with more of them it takes longer.
    pub(crate) fn new(rows: u64) -> Self {
        Self::holding(RECENT, rows)
    }

    fn holding(most: usize, rows: u64) -> Self {
        Self { key: RandomState::new(), recent: HashSet::default(), rows, older: None, most }
    }

    /// Whether this id is met for the first time.
    pub(crate) fn insert(&mut self, id: &str) -> io::Result<bool> {
        let hash = self.key.hash_one(id);
        if let Some(older) = &self.older
            && older.holds(hash)?
        {
            return Ok(false);
        }
        if !self.recent.insert(hash) {
            return Ok(false);
        }
        if self.recent.len() == self.most {
            let older = match &mut self.older {
                Some(older) => older,
                None => self.older.insert(Older::new(self.rows)?),
            };
            older.add(self.recent.drain().collect())?;
        }
        Ok(true)
    }
}

/// What is no longer in memory: sorted runs of hashes, one behind the other.
struct Older {
    file: File,
    runs: Vec<Run>,
    filter: Filter,
}

struct Run {
    /// Where it begins, in hashes.
    at: usize,
    /// How many hashes it has.
    len: usize,
    /// The first hash of each page.
    firsts: Vec<u64>,
}

impl Older {
    fn new(rows: u64) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile()?, runs: Vec::new(), filter: Filter::new(rows) })
    }

    fn add(&mut self, mut hashes: Vec<u64>) -> io::Result<()> {
        hashes.sort_unstable();
        hashes.iter().for_each(|hash| self.filter.add(*hash));
        let at = self.runs.last().map_or(0, |run| run.at + run.len);
        for (n, page) in hashes.chunks(PAGE).enumerate() {
            let bytes: Vec<u8> = page.iter().flat_map(|hash| hash.to_le_bytes()).collect();
            self.file.write_all_at(&bytes, offset(at + n * PAGE))?;
        }
        let firsts = hashes.iter().copied().step_by(PAGE).collect();
        self.runs.push(Run { at, len: hashes.len(), firsts });
        Ok(())
    }

    fn holds(&self, hash: u64) -> io::Result<bool> {
        if !self.filter.may_hold(hash) {
            return Ok(false);
        }
        let mut bytes = [0; PAGE * HASH];
        for run in &self.runs {
            let Some(page) = run.firsts.partition_point(|first| *first <= hash).checked_sub(1) else { continue };
            let len = PAGE.min(run.len - page * PAGE);
            let bytes = &mut bytes[..len * HASH];
            self.file.read_exact_at(bytes, offset(run.at + page * PAGE))?;
            if bytes.as_chunks().0.binary_search_by_key(&hash, |entry| u64::from_le_bytes(*entry)).is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn offset(hashes: usize) -> u64 {
    (hashes * HASH) as u64
}

/// A Bloom filter of blocks: a look is a look at one line of the cache. One in some 300 absent hashes seems to be there.
struct Filter(Vec<[u64; 8]>);

impl Filter {
    /// Sixteen bits a row.
    fn new(rows: u64) -> Self {
        let rows = usize::try_from(rows.min(crate::limits::ROWS)).unwrap_or(usize::MAX);
        Self(vec![[0; 8]; rows / 32 + 1])
    }

    /// The upper half of a hash says which block, the lower which four bits of it.
    fn places(&self, hash: u64) -> (usize, [(usize, u64); 4]) {
        let block = ((hash >> 32) as usize * self.0.len()) >> 32;
        let bits = [0, 8, 16, 24].map(|shift| {
            let bit = (hash >> shift) as u8;
            // Two of the bits lie in the first half of the block, two in the second.
            (usize::from(bit >> 6) | (shift as usize / 16) << 2, 1 << (bit & 63))
        });
        (block, bits)
    }

    fn add(&mut self, hash: u64) {
        let (block, bits) = self.places(hash);
        for (word, bit) in bits {
            self.0[block][word] |= bit;
        }
    }

    fn may_hold(&self, hash: u64) -> bool {
        let (block, bits) = self.places(hash);
        bits.iter().all(|(word, bit)| self.0[block][*word] & bit != 0)
    }
}

/// The ids are hashes already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_is_new_once_wherever_the_earlier_one_lies(
            ids in prop::collection::vec(0_u16..300, 0..600),
            most in 1_usize..50,
            rows in 0_u64..1_000,
        ) {
            let (mut seen, mut all) = (Seen::holding(most, rows), HashSet::new());
            for id in ids {
                prop_assert_eq!(seen.insert(&format!("R-{id}")).expect("a temporary file"), all.insert(id));
            }
        }
    }

    #[test]
    fn runs_of_many_pages_are_searched_and_most_of_what_is_new_is_not_looked_for() {
        let ids: u64 = 200_000;
        let mut seen = Seen::holding(30_000, ids);
        let key = |n: u64| format!("R-{n}");
        assert!((0..ids).all(|n| seen.insert(&key(n)).expect("a temporary file")));
        let older = seen.older.as_ref().expect("runs");
        assert_eq!(older.runs.len(), 6);
        let mistaken = (ids..2 * ids).filter(|n| older.filter.may_hold(seen.key.hash_one(key(*n)))).count();
        assert!(mistaken < 2_000, "{mistaken} of {ids}");
        assert!((0..ids).all(|n| !seen.insert(&key(n)).expect("a temporary file")));
    }
}
