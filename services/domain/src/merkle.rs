//! Merkle tree over leaves in order (RFC 9162 section 2.1.1), SHA-256.

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// Digest of one leaf.
#[must_use]
pub fn leaf(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// Digest of two children.
fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Root over leaf digests in the order given; the empty tree is the digest of nothing.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [only] => *only,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(split);
            node(&root(left), &root(right))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_and_its_place_count() {
        let leaves: Vec<Hash> = (0..7u8).map(|n| leaf(&[n])).collect();
        let whole = root(&leaves);
        for changed in 0..leaves.len() {
            let mut other = leaves.clone();
            other[changed] = leaf(b"other");
            assert_ne!(root(&other), whole);
        }
        let mut swapped = leaves.clone();
        swapped.swap(2, 3);
        assert_ne!(root(&swapped), whole);
        assert_ne!(root(&leaves[..6]), whole);
    }

    #[test]
    fn known_answers_of_rfc_9162_shape() {
        assert_eq!(root(&[]), <Hash>::from(Sha256::digest([])));
        assert_eq!(root(&[leaf(b"")]), leaf(b""));
        let (a, b, c) = (leaf(b"a"), leaf(b"b"), leaf(b"c"));
        assert_eq!(root(&[a, b, c]), node(&node(&a, &b), &c));
    }
}
