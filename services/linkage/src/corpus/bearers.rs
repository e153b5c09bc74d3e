//! Who else bears a pair of names: a common pair of names is little evidence, and one person's many records do not make
//! it common.

use rayon::prelude::*;

use crate::packed::{Packed, PackedName};
use crate::terms::Term;
use crate::text;

/// Stands for «no full birth date».
const UNDATED: u64 = u64::MAX;

/// Bearers of one pair of given and family name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bearers {
    /// Records besides two of one person.
    records: f32,
    /// Different full birth dates. Every record without one counts as one, for on a day that stands in for another
    /// namesakes are as likely as not.
    births: f32,
}

impl Bearers {
    /// People besides those of a pair whose records show `births` birth dates. One person may hold many records of one
    /// date, so there are no more other people than other dates.
    pub(crate) fn others(self, births: f32) -> f32 {
        self.records.min(self.births - births)
    }
}

/// Bearers of every record's names. `of` makes a name token comparable; `own` is how many further records of the same
/// person are expected among them.
pub(super) fn count(records: &[Packed], of: impl Fn(Term) -> u64 + Sync, own: f32) -> Vec<Bearers> {
    let mut keyed: Vec<(u64, u64, u32)> = records
        .par_iter()
        .enumerate()
        .map(|(i, r)| (key(&r.name, &of), if r.date.is_full() { r.date.key() } else { UNDATED }, i as u32))
        .filter(|(key, ..)| *key != 0)
        .collect();
    keyed.par_sort_unstable();
    let mut out = vec![Bearers::default(); records.len()];
    for same in keyed.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 2) {
        let births = same.chunk_by(|a, b| a.1 == b.1 && a.1 != UNDATED).count() as f32;
        // The two compared records themselves say nothing about how common their name is.
        let bearers = Bearers { records: same.len() as f32 - 2.0 - own, births };
        same.iter().for_each(|(.., i)| out[*i as usize] = bearers);
    }
    out
}

/// Order-free key of given and family name, 0 if one is missing.
fn key(name: &PackedName, of: impl Fn(Term) -> u64) -> u64 {
    if name.given[0] == 0 || name.family[0] == 0 {
        return 0;
    }
    let (x, y) = (of(name.given[0]), of(name.family[0]));
    text::mix(x.min(y), x.max(y)) | 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates;
    use crate::record::Birth;

    fn record(year: i16, month: u8, day: u8) -> Packed {
        let (date, _) = dates::read(Birth::Date { year, month: Some(month), day: Some(day), estimated: false });
        let mut packed = Packed { date, ..Packed::default() };
        packed.name.given[0] = 1;
        packed.name.family[0] = 2;
        packed
    }

    #[test]
    fn one_persons_records_do_not_make_a_name_common() {
        let others = |records: &[Packed], births: f32| count(records, u64::from, 0.0)[0].others(births);
        let one: Vec<Packed> = (0..6).map(|_| record(1970, 5, 17)).collect();
        assert_eq!(others(&one, 1.0), 0.0);
        let six: Vec<Packed> = (0..6).map(|k| record(1970 + k, 5, 17)).collect();
        assert_eq!(others(&six, 2.0), 4.0);
        // Whoever does not know the day writes 1 January.
        let unknown: Vec<Packed> = (0..6).map(|_| record(1970, 1, 1)).collect();
        assert_eq!(others(&unknown, 2.0), 4.0);
    }
}
