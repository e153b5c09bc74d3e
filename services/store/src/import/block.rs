//! Blocks of staged rows: rows of one sealer, one behind the other. What is in them is sealed; the rest are keyed digests
//! and random ids.

use domain::RecordId;
use uuid::Uuid;

use crate::seal::SealedRecord;
use crate::{StagedRow, StoreError};

/// Bytes of a row beside its sealed groups, about.
const AROUND: usize = 160;

/// Rows of one sealer.
pub(super) fn same_sealer(a: &StagedRow, b: &StagedRow) -> bool {
    (a.sealed.ephemeral, a.sealed.key_version) == (b.sealed.ephemeral, b.sealed.key_version)
}

/// Packs rows of [one sealer](same_sealer): its ephemeral key and key version, then each row with numbers in network
/// order and every sealed part behind its length.
pub(super) fn pack(rows: &[StagedRow]) -> Result<Vec<u8>, StoreError> {
    let mut out =
        Vec::with_capacity(rows.iter().map(|r| AROUND + parts(&r.sealed).iter().map(|p| p.len()).sum::<usize>()).sum());
    if let Some(first) = rows.first() {
        out.extend(first.sealed.ephemeral);
        out.extend(first.sealed.key_version.to_be_bytes());
    }
    for row in rows {
        out.extend(row.row_no.to_be_bytes());
        out.extend(row.record_key);
        out.extend(row.content_hash);
        out.extend(row.record.uuid().as_bytes());
        for part in parts(&row.sealed) {
            out.extend(u32::try_from(part.len()).map_err(|_| StoreError::Encode)?.to_be_bytes());
            out.extend_from_slice(part);
        }
    }
    Ok(out)
}

fn parts(sealed: &SealedRecord) -> [&Vec<u8>; 5] {
    [&sealed.wrapped_key, &sealed.identity, &sealed.contact, &sealed.protection, &sealed.free_text]
}

/// The rows of a block.
///
/// # Errors
/// [`StoreError::Decode`] for a block that was cut or altered.
pub(super) fn unpack(block: &[u8]) -> Result<Vec<StagedRow>, StoreError> {
    let mut rest = Rest(block);
    let (ephemeral, key_version) = (rest.array()?, i32::from_be_bytes(rest.array()?));
    let mut rows = Vec::new();
    while !rest.0.is_empty() {
        rows.push(StagedRow {
            row_no: i64::from_be_bytes(rest.array()?),
            record_key: rest.array()?,
            content_hash: rest.array()?,
            record: RecordId::from(Uuid::from_bytes(rest.array()?)),
            sealed: SealedRecord {
                ephemeral,
                wrapped_key: rest.part()?,
                identity: rest.part()?,
                contact: rest.part()?,
                protection: rest.part()?,
                free_text: rest.part()?,
                key_version,
            },
        });
    }
    Ok(rows)
}

/// What is still to be read.
struct Rest<'b>(&'b [u8]);

impl Rest<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        let (head, rest) = self.0.split_first_chunk().ok_or_else(cut)?;
        self.0 = rest;
        Ok(*head)
    }

    fn part(&mut self) -> Result<Vec<u8>, StoreError> {
        let length = u32::from_be_bytes(self.array()?) as usize;
        let (head, rest) = self.0.split_at_checked(length).ok_or_else(cut)?;
        self.0 = rest;
        Ok(head.to_vec())
    }
}

fn cut() -> StoreError {
    StoreError::Decode("block".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
            let block = pack(&rows).expect("packs");
            let out = unpack(&block).expect("unpacks");
            prop_assert_eq!(&out, &rows);
            let cut = cut.index(block.len());
            if let Ok(fewer) = unpack(&block[..cut]) {
                // Cut between two rows: the count beside the block tells.
                prop_assert!(fewer.len() < rows.len());
            }
        }
    }
}
