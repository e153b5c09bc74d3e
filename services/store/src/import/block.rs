//! Blocks of staged rows: rows of one sealer, one behind the other. What is in them is sealed; the rest are keyed digests
//! and random ids.

use domain::RecordId;
use domain::record::Record;
use uuid::Uuid;

use crate::StoreError;
use crate::seal::{IndexKey, Rest, SealError, SealedRecord, Sealer};

/// Rows on their way in, sealed by one sealer as they come, in the order of the file.
pub struct Block {
    sealer: Sealer,
    packed: Packed,
}

impl Block {
    /// An empty block of what this sealer will seal.
    #[must_use]
    pub fn new(sealer: Sealer) -> Self {
        let (ephemeral, version) = sealer.header();
        let packed = Packed { first: 0, last: 0, count: 0, bytes: header(ephemeral, version) };
        Self { sealer, packed }
    }

    /// Seals a row of the file behind the others: under the known id of [`crate::Store::record_ids`], else a fresh one.
    ///
    /// # Errors
    /// [`SealError`] only if the record cannot be written at all: then it is not in the block.
    pub fn push(
        &mut self,
        row_no: i64,
        record_key: [u8; 16],
        id: RecordId,
        record: &Record,
        index: &IndexKey,
    ) -> Result<(), SealError> {
        let bytes = &mut self.packed.bytes;
        let before = bytes.len();
        row_header(bytes, row_no, record_key, [0; 16], id);
        match self.sealer.seal_framed(id, record, index, bytes) {
            Ok(content_hash) => bytes[before + HASH_AT..][..16].copy_from_slice(&content_hash),
            Err(error) => {
                bytes.truncate(before);
                return Err(error);
            }
        }
        self.packed.count_in(row_no);
        Ok(())
    }

    /// How many rows it has.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.packed.count as usize
    }

    /// How many bytes it takes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.packed.bytes.len()
    }

    pub(super) fn finish(self) -> Packed {
        self.packed
    }
}

/// A block as the store keeps it.
pub(super) struct Packed {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) count: i32,
    pub(super) bytes: Vec<u8>,
}

impl Packed {
    fn count_in(&mut self, row_no: i64) {
        if self.count == 0 {
            self.first = row_no;
        }
        self.last = row_no;
        self.count += 1;
    }
}

/// One row of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StagedRow {
    /// Row of the file.
    pub(super) row_no: i64,
    /// Keyed index of (Society, system, record id).
    pub(super) record_key: [u8; 16],
    /// Keyed digest of the content.
    pub(super) content_hash: [u8; 16],
    /// Id that it is sealed under.
    pub(super) record: RecordId,
    /// The record.
    pub(super) sealed: SealedRecord,
}

/// Bytes before the rows: the sealer's ephemeral key and key version.
fn header(ephemeral: [u8; 32], key_version: i32) -> Vec<u8> {
    [ephemeral.as_slice(), &key_version.to_be_bytes()].concat()
}

/// Bytes of a row before its parts, with numbers in network order.
const ROW_HEADER: usize = 8 + 16 + 16 + 16;

/// Where the content hash stands in them.
const HASH_AT: usize = 8 + 16;

fn row_header(out: &mut Vec<u8>, row_no: i64, record_key: [u8; 16], content_hash: [u8; 16], id: RecordId) {
    out.extend(row_no.to_be_bytes());
    out.extend(record_key);
    out.extend(content_hash);
    out.extend(id.uuid().as_bytes());
}

/// Rows of one sealer.
pub(super) fn same_sealer(a: &StagedRow, b: &StagedRow) -> bool {
    (a.sealed.ephemeral, a.sealed.key_version) == (b.sealed.ephemeral, b.sealed.key_version)
}

/// Packs rows of [one sealer](same_sealer); none for no rows.
pub(super) fn pack(rows: &[StagedRow]) -> Result<Option<Packed>, StoreError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let mut bytes = header(first.sealed.ephemeral, first.sealed.key_version);
    bytes.reserve_exact(rows.iter().map(|r| ROW_HEADER + r.sealed.framed()).sum());
    let mut packed = Packed { first: 0, last: 0, count: 0, bytes };
    for row in rows {
        row_header(&mut packed.bytes, row.row_no, row.record_key, row.content_hash, row.record);
        row.sealed.frame(&mut packed.bytes).ok_or(StoreError::Encode)?;
        packed.count_in(row.row_no);
    }
    Ok(Some(packed))
}

/// The rows of a block.
///
/// # Errors
/// [`StoreError::Decode`] for a block that was cut or altered.
pub(super) fn unpack(block: &[u8]) -> Result<Vec<StagedRow>, StoreError> {
    let cut = || StoreError::Decode("block".to_owned());
    let mut rest = Rest(block);
    let (ephemeral, version) = rest.array().zip(rest.array()).ok_or_else(cut)?;
    let mut rows = Vec::new();
    while !rest.0.is_empty() {
        rows.push(unpack_row(ephemeral, i32::from_be_bytes(version), &mut rest).ok_or_else(cut)?);
    }
    Ok(rows)
}

fn unpack_row(ephemeral: [u8; 32], key_version: i32, rest: &mut Rest<'_>) -> Option<StagedRow> {
    Some(StagedRow {
        row_no: i64::from_be_bytes(rest.array()?),
        record_key: rest.array()?,
        content_hash: rest.array()?,
        record: RecordId::from(Uuid::from_bytes(rest.array()?)),
        sealed: SealedRecord::unframe(ephemeral, key_version, rest)?,
    })
}

#[cfg(test)]
mod tests {
    use domain::IncidentId;
    use proptest::prelude::*;

    use super::*;
    use crate::seal::{IncidentKeys, Opener};

    prop_compose! {
        fn row()(
            row_no in 1_i64..,
            (record_key, content_hash, record) in any::<([u8; 16], [u8; 16], [u8; 16])>(),
            parts in prop::array::uniform5(prop::collection::vec(any::<u8>(), 0..40)),
        ) -> StagedRow {
            let [wrapped_key, identity, contact, protection, free_text] = parts;
            let sealed = SealedRecord {
                ephemeral: [7; 32], wrapped_key, identity, contact, protection, free_text, key_version: 3,
            };
            StagedRow { row_no, record_key, content_hash, record: Uuid::from_bytes(record).into(), sealed }
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again_and_a_cut_block_never_looks_whole(
            rows in prop::collection::vec(row(), 1..5),
            cut in any::<prop::sample::Index>(),
        ) {
            let packed = pack(&rows).expect("packs").expect("rows");
            prop_assert_eq!((packed.first, packed.last), (rows[0].row_no, rows[rows.len() - 1].row_no));
            prop_assert_eq!(packed.count as usize, rows.len());
            let block = packed.bytes;
            let out = unpack(&block).expect("unpacks");
            prop_assert_eq!(&out, &rows);
            let cut = cut.index(block.len());
            if let Ok(fewer) = unpack(&block[..cut]) {
                // Cut between two rows: the count beside the block tells.
                prop_assert!(fewer.len() < rows.len());
            }
        }
    }

    #[test]
    fn rows_sealed_into_a_block_are_those_that_open() {
        let keys = IncidentKeys::generate(&mut rand::rng(), IncidentId::random());
        let mut block = Block::new(Sealer::new(&mut rand::rng(), &keys.public, keys.incident));
        let record = |n: i64| Record::bare("KE".parse().expect("a code"), "rfl", &format!("R-{n}"));
        let ids: Vec<RecordId> = (1..=3).map(|_| RecordId::random()).collect();
        for (n, id) in (1..).zip(&ids) {
            block.push(n * 2, [n as u8; 16], *id, &record(n), &keys.index).expect("seals");
        }
        assert_eq!(block.rows(), 3);
        let packed = block.finish();
        assert_eq!((packed.first, packed.last, packed.count), (2, 6, 3));
        let opener = Opener::new(&keys.secret, keys.incident);
        let rows = unpack(&packed.bytes).expect("unpacks");
        assert_eq!(rows.len(), 3);
        for ((n, row), id) in (1..).zip(&rows).zip(&ids) {
            assert_eq!((row.row_no, row.record_key, row.record), (n * 2, [n as u8; 16], *id));
            assert_eq!(row.content_hash, keys.index.content_hash(&record(n)), "one hash, whoever asks");
            assert_eq!(opener.open(*id, &row.sealed).expect("opens"), record(n));
        }
        assert_eq!(pack(&rows).expect("packs").expect("rows").bytes, packed.bytes, "one form, whoever packs");
    }
}
