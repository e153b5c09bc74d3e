//! A sealed record as bytes: its wrapped key and its groups, each behind its length.

use super::SealedRecord;

/// Bytes of a length, in network order.
const LENGTH: usize = 4;

/// Begins a part of so many bytes.
pub(super) fn begin(out: &mut Vec<u8>, length: usize) -> Option<()> {
    out.extend_from_slice(&u32::try_from(length).ok()?.to_be_bytes());
    Some(())
}

impl SealedRecord {
    /// Bytes that [`SealedRecord::frame`] adds.
    pub(crate) fn framed(&self) -> usize {
        self.parts().iter().map(|part| LENGTH + part.len()).sum()
    }

    /// Adds its parts to bytes; the ephemeral key and the key version are not among them. None: a part is too long.
    pub(crate) fn frame(&self, out: &mut Vec<u8>) -> Option<()> {
        for part in self.parts() {
            begin(out, part.len())?;
            out.extend_from_slice(part);
        }
        Some(())
    }

    /// Takes its parts from bytes. None: they were cut.
    pub(crate) fn unframe(ephemeral: [u8; 32], key_version: i32, from: &mut Rest<'_>) -> Option<Self> {
        Some(Self {
            ephemeral,
            wrapped_key: from.part()?,
            identity: from.part()?,
            contact: from.part()?,
            protection: from.part()?,
            free_text: from.part()?,
            key_version,
        })
    }

    fn parts(&self) -> [&Vec<u8>; 5] {
        [&self.wrapped_key, &self.identity, &self.contact, &self.protection, &self.free_text]
    }
}

/// Bytes that are still to be read.
pub(crate) struct Rest<'b>(pub(crate) &'b [u8]);

impl Rest<'_> {
    /// The next few.
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn part(&mut self) -> Option<Vec<u8>> {
        let length = u32::from_be_bytes(self.array::<LENGTH>()?) as usize;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head.to_vec())
    }
}
