//! JWE compact, `ECDH-ES` direct on X25519 with `A256GCM` (RFC 7516, RFC 7518 section 4.6, RFC 8037).
//!
//! **One ephemeral key for a batch.** [`Batch`] agrees once with a recipient and then seals up to [`MAX_BATCH`]
//! messages. Each message draws a fresh 128-bit `apu`, which the Concat KDF mixes into the key: under the shared
//! secret the KDF is a pseudorandom function of `apu`, so every message has a content key of its own, and AES-GCM
//! sees each key once. Should two `apu` collide (chance 2⁻¹¹¹ within a batch), the 96-bit nonces are random too.
//! RFC 7518 asks for a fresh ephemeral key per agreement; the agreement here is the batch. What is given up: whoever
//! sees two messages knows that they were sealed in one batch, and the ephemeral secret, wiped once agreed, would
//! open a batch instead of one message. A batch goes to one recipient, who may open all of it anyway.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use rand::{CryptoRng, Rng, SeedableRng};
use serde::Deserialize;
use serde::de::IgnoredAny;
use x25519_dalek::{EphemeralSecret, PublicKey, SharedSecret};
use zeroize::Zeroizing;

use super::jwk::{Curve, KeyType};
use super::kdf::concat_kdf;
use super::keys::{OpeningKey, SealingPublic};
use super::{JoseError, decode, decode_32, encode, encode_onto, split};

/// Messages under one ephemeral key: bounds what one ephemeral secret could open.
pub const MAX_BATCH: usize = 500;

/// Longest `apu` or `apv` that is read; ours have 16 and 32 bytes.
const MAX_PARTY_INFO: usize = 128;

/// One key agreement with one recipient.
pub struct Batch {
    shared: SharedSecret,
    apv: [u8; 32],
    header: String,
    rng: rand::rngs::StdRng,
    sealed: usize,
}

impl Batch {
    /// Agrees with the recipient. `rng` gives the ephemeral key and seeds the batch's own generator.
    #[must_use]
    pub fn new<R: CryptoRng + ?Sized>(rng: &mut R, to: &SealingPublic) -> Self {
        let secret = EphemeralSecret::random_from_rng(rng);
        let public = PublicKey::from(&secret);
        let apv = *to.thumbprint();
        let header = format!(
            r#"{{"alg":"ECDH-ES","enc":"A256GCM","kid":"{}","epk":{{"kty":"OKP","crv":"X25519","x":"{}"}},"apv":"{}","apu":""#,
            to.kid(),
            encode(public.as_bytes()),
            encode(apv),
        );
        let shared = secret.diffie_hellman(to.point());
        Self { shared, apv, header, rng: rand::rngs::StdRng::from_rng(rng), sealed: 0 }
    }

    /// How many more messages may be sealed.
    #[must_use]
    pub const fn left(&self) -> usize {
        MAX_BATCH - self.sealed
    }

    /// Seals one message; `None` once the batch is full.
    #[must_use]
    pub fn seal(&mut self, plaintext: &mut [u8]) -> Option<String> {
        if self.left() == 0 {
            return None;
        }
        self.sealed += 1;
        let (mut apu, mut nonce) = ([0_u8; 16], [0_u8; 12]);
        self.rng.fill_bytes(&mut apu);
        self.rng.fill_bytes(&mut nonce);
        let key = concat_kdf(self.shared.as_bytes(), "A256GCM", &apu, &self.apv, 256);

        let mut header = String::with_capacity(self.header.len() + 24);
        header.push_str(&self.header);
        encode_onto(apu, &mut header);
        header.push_str("\"}");
        let mut out = String::with_capacity((header.len() + plaintext.len()) / 3 * 4 + 64);
        encode_onto(header, &mut out);

        // The only error is a plaintext over 64 GiB.
        let tag = Aes256Gcm::new((&*key).into())
            .encrypt_inout_detached(&Nonce::from(nonce), out.as_bytes(), InOutBuf::from(&mut *plaintext))
            .ok()?;
        out.push_str("..");
        encode_onto(nonce, &mut out);
        out.push('.');
        encode_onto(plaintext, &mut out);
        out.push('.');
        encode_onto(tag, &mut out);
        Some(out)
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    enc: String,
    kid: Option<String>,
    epk: Option<Epk>,
    #[serde(default)]
    apu: String,
    #[serde(default)]
    apv: String,
    crit: Option<IgnoredAny>,
    zip: Option<IgnoredAny>,
    jwk: Option<IgnoredAny>,
    jku: Option<IgnoredAny>,
    x5c: Option<IgnoredAny>,
    x5u: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Epk {
    kty: KeyType,
    crv: Curve,
    x: String,
    d: Option<IgnoredAny>,
}

/// A JWE taken apart and checked as far as that needs no key.
pub struct Unopened<'a> {
    kid: String,
    epk: [u8; 32],
    apu: Vec<u8>,
    apv: Vec<u8>,
    aad: &'a str,
    nonce: [u8; 12],
    ciphertext: &'a str,
    tag: [u8; 16],
}

impl<'a> Unopened<'a> {
    /// Reads a compact JWE of at most `limit` bytes.
    ///
    /// # Errors
    /// [`JoseError`] by situation.
    pub fn parse(body: &'a [u8], limit: usize) -> Result<Self, JoseError> {
        if body.len() > limit {
            return Err(JoseError::Oversize { limit });
        }
        let compact = std::str::from_utf8(body).map_err(|_| JoseError::NotCompact)?;
        let [aad, encrypted_key, nonce, ciphertext, tag] = split(compact)?;
        let header: Header = serde_json::from_slice(&decode(0, aad)?).map_err(|_| JoseError::Header)?;
        check_header(&header)?;
        if !encrypted_key.is_empty() {
            return Err(JoseError::EncryptedKey);
        }
        let epk = header.epk.ok_or(JoseError::EphemeralKey)?;
        if epk.kty != KeyType::Okp || epk.crv != Curve::X25519 || epk.d.is_some() {
            return Err(JoseError::EphemeralKey);
        }
        Ok(Self {
            kid: header.kid.ok_or(JoseError::NoKeyId)?,
            epk: decode_32(&epk.x).map_err(|_| JoseError::EphemeralKey)?,
            apu: party_info(&header.apu)?,
            apv: party_info(&header.apv)?,
            aad,
            nonce: decode(2, nonce)?.try_into().map_err(|_| JoseError::NonceOrTag)?,
            ciphertext,
            tag: decode(4, tag)?.try_into().map_err(|_| JoseError::NonceOrTag)?,
        })
    }

    /// Name of the key that it is sealed to.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The ephemeral public key; messages of one batch share it.
    #[must_use]
    pub const fn epk(&self) -> &[u8; 32] {
        &self.epk
    }

    /// Agrees on the shared secret; messages of one batch share it too.
    ///
    /// # Errors
    /// [`JoseError::EphemeralKey`] for an ephemeral key of low order.
    pub fn agree(&self, key: &OpeningKey) -> Result<Zeroizing<[u8; 32]>, JoseError> {
        let shared = key.secret().diffie_hellman(&PublicKey::from(self.epk));
        if !shared.was_contributory() {
            return Err(JoseError::EphemeralKey);
        }
        Ok(Zeroizing::new(*shared.as_bytes()))
    }

    /// The plaintext, if nothing was altered.
    ///
    /// # Errors
    /// [`JoseError::NotOpened`] if anything was.
    pub fn open(&self, shared: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, JoseError> {
        let key = concat_kdf(shared, "A256GCM", &self.apu, &self.apv, 256);
        let mut buffer = Zeroizing::new(decode(3, self.ciphertext)?);
        Aes256Gcm::new((&*key).into())
            .decrypt_inout_detached(
                &Nonce::from(self.nonce),
                self.aad.as_bytes(),
                InOutBuf::from(buffer.as_mut_slice()),
                &Tag::from(self.tag),
            )
            .map_err(|_| JoseError::NotOpened)?;
        Ok(buffer)
    }
}

fn check_header(header: &Header) -> Result<(), JoseError> {
    if header.alg != "ECDH-ES" {
        return Err(JoseError::Algorithm);
    }
    if header.enc != "A256GCM" {
        return Err(JoseError::Encryption);
    }
    let forbidden = [&header.crit, &header.zip, &header.jwk, &header.jku, &header.x5c, &header.x5u];
    if forbidden.into_iter().any(Option::is_some) {
        return Err(JoseError::Extension);
    }
    Ok(())
}

fn party_info(text: &str) -> Result<Vec<u8>, JoseError> {
    let bytes = decode(0, text).map_err(|_| JoseError::PartyInfo)?;
    if bytes.len() > MAX_PARTY_INFO { Err(JoseError::PartyInfo) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hex: &str) -> [u8; 32] {
        let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
        std::array::from_fn(byte)
    }

    fn with_header(header: &str) -> String {
        format!("{}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", encode(header))
    }

    #[test]
    fn rfc_8037_a6_agreement() {
        let bob = OpeningKey::from_bytes(key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        assert_eq!(encode(bob.public().as_bytes()), "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08");
        let compact = with_header(
            r#"{"alg":"ECDH-ES","enc":"A256GCM","kid":"Bob","epk":{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}}"#,
        );
        let unopened = Unopened::parse(compact.as_bytes(), 1000).unwrap();
        let shared = unopened.agree(&bob).unwrap();
        assert_eq!(*shared, key("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
        assert_eq!(unopened.open(&shared), Err(JoseError::NotOpened));
    }

    #[test]
    fn only_our_header_passes() {
        let epk = r#""epk":{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}"#;
        let low = r#""epk":{"kty":"OKP","crv":"X25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
        let long = encode([0; MAX_PARTY_INFO + 1]);
        let table = [
            (r#""alg":"ECDH-ES+A256KW","enc":"A256GCM""#.to_owned(), epk, JoseError::Algorithm),
            (r#""alg":"dir","enc":"A256GCM""#.to_owned(), epk, JoseError::Algorithm),
            (r#""alg":"ECDH-ES","enc":"A128GCM""#.to_owned(), epk, JoseError::Encryption),
            (r#""alg":"ECDH-ES","enc":"A256GCM","crit":["exp"]"#.to_owned(), epk, JoseError::Extension),
            (r#""alg":"ECDH-ES","enc":"A256GCM","zip":"DEF""#.to_owned(), epk, JoseError::Extension),
            (r#""alg":"ECDH-ES","alg":"ECDH-ES","enc":"A256GCM""#.to_owned(), epk, JoseError::Header),
            (r#""alg":"ECDH-ES","enc":"A256GCM""#.to_owned(), r#""x":1"#, JoseError::EphemeralKey),
            (r#""alg":"ECDH-ES","enc":"A256GCM""#.to_owned(), low, JoseError::EphemeralKey),
            (format!(r#""alg":"ECDH-ES","enc":"A256GCM","apu":"{long}""#), epk, JoseError::PartyInfo),
            (r#""alg":"ECDH-ES","enc":"A256GCM","apu":"YQ==""#.to_owned(), epk, JoseError::PartyInfo),
        ];
        let key = OpeningKey::from_bytes([7; 32]);
        for (algorithms, epk, wanted) in table {
            let compact = with_header(&format!(r#"{{{algorithms},"kid":"k",{epk}}}"#));
            let refused = Unopened::parse(compact.as_bytes(), 1000).and_then(|unopened| unopened.agree(&key));
            assert_eq!(refused.err(), Some(wanted), "{algorithms} {epk}");
        }
        let no_kid = with_header(&format!(r#"{{"alg":"ECDH-ES","enc":"A256GCM",{epk}}}"#));
        assert_eq!(Unopened::parse(no_kid.as_bytes(), 1000).err(), Some(JoseError::NoKeyId));
        let wrapped =
            with_header(&format!(r#"{{"alg":"ECDH-ES","enc":"A256GCM","kid":"k",{epk}}}"#)).replacen("..", ".AA.", 1);
        assert_eq!(Unopened::parse(wrapped.as_bytes(), 1000).err(), Some(JoseError::EncryptedKey));
        assert_eq!(Unopened::parse(wrapped.as_bytes(), 20).err(), Some(JoseError::Oversize { limit: 20 }));
    }
}
