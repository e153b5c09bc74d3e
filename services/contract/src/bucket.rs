//! Sizes on the wire. What the broker sees of a message is its length, and length must not tell a task from a letter.
//!
//! The plaintext of every JWE is the JWS followed by spaces up to a bucket. All messages of a campaign share one
//! bucket, the *floor* ([`crate::BatchSealer::with_floor`]), as long as they fit; a larger one goes into the next
//! bucket, whatever its class. Whoever opens a message strips the spaces. They lie inside the AEAD: none can be
//! added, removed or read on the way.

use serde::{Deserialize, Serialize};

/// Sizes of a padded plaintext, in bytes.
pub const BUCKETS: [usize; 8] = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536];

/// Largest message body that is read: the last bucket in base64url with header, nonce and tag.
pub const MAX_BODY: usize = BUCKETS[BUCKETS.len() - 1] / 3 * 4 + 2048;

/// One of the [`BUCKETS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "usize", into = "usize")]
pub struct Bucket(usize);

/// The size is none of the [`BUCKETS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a bucket is one of 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536 bytes")]
pub struct BucketError;

impl Bucket {
    /// Holds every short form, call script and task; letters and e-mails in most languages need a higher floor.
    pub const DEFAULT_FLOOR: Self = Self(4096);

    /// The first bucket.
    pub const SMALLEST: Self = Self(BUCKETS[0]);

    /// The smallest bucket, not below `floor`, that holds so many bytes.
    #[must_use]
    pub fn holding(bytes: usize, floor: Self) -> Option<Self> {
        BUCKETS.into_iter().find(|size| *size >= bytes.max(floor.0)).map(Self)
    }

    /// Its size in bytes.
    #[must_use]
    pub const fn size(self) -> usize {
        self.0
    }
}

impl TryFrom<usize> for Bucket {
    type Error = BucketError;

    fn try_from(size: usize) -> Result<Self, BucketError> {
        if BUCKETS.contains(&size) { Ok(Self(size)) } else { Err(BucketError) }
    }
}

impl From<Bucket> for usize {
    fn from(bucket: Bucket) -> Self {
        bucket.0
    }
}
