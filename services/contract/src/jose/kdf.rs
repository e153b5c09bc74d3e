//! Concat KDF of RFC 7518 section 4.6 for «direct» key agreement with A256GCM.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Content key of 256 bits. One round suffices: SHA-256 gives as many bits as A256GCM needs.
pub(super) fn concat_kdf(shared: &[u8; 32], algorithm: &str, apu: &[u8], apv: &[u8], bits: u32) -> Zeroizing<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(1_u32.to_be_bytes());
    hash.update(shared);
    for info in [algorithm.as_bytes(), apu, apv] {
        // Lengths are capped far below 4 GiB by the callers.
        hash.update((info.len() as u32).to_be_bytes());
        hash.update(info);
    }
    hash.update(bits.to_be_bytes());
    Zeroizing::new(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_7518_appendix_c() {
        // Z and the derived key of the appendix (ECDH-ES, A128GCM, Alice to Bob).
        let z = [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128,
            106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
        ];
        let key = concat_kdf(&z, "A128GCM", b"Alice", b"Bob", 128);
        assert_eq!(super::super::encode(&key[..16]), "VqqN6vgjbSBcIijNcacQGg");
    }
}
