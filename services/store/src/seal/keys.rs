//! Keys: the master key, an incident's keys, and how the first wraps the second.

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use domain::record::Record;
use domain::{IncidentId, SocietyCode};
use hmac::{Hmac, Mac};
use rand::{CryptoRng, TryRng};
use sha2::Sha256;
use uuid::Uuid;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::SealError;
use super::groups::Parts;

macro_rules! hidden {
    ($($name:ident),+) => { $(impl fmt::Debug for $name {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(concat!(stringify!($name), "(…)"))
        }
    })+ };
}
hidden!(MasterKey, IncidentKeys, OpeningSecret, IndexKey);

/// Bytes of a nonce of AES-GCM.
pub(super) const NONCE: usize = 12;

/// Wraps incident secrets, index keys and campaign signing keys. Lives in a file or a key service.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// A key from its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A fresh key.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// A key from the text of its file: 64 hex digits.
    ///
    /// # Errors
    /// [`SealError::KeyText`] for anything else.
    pub fn from_text(text: &str) -> Result<Self, SealError> {
        domain::manifest::hex32::from_hex(text.trim()).map(Self).ok_or(SealError::KeyText)
    }

    /// The text for its file.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(domain::manifest::hex32::to_hex(&self.0))
    }

    /// Seals a secret for a purpose and an owner (an incident, a campaign); it opens for no other.
    ///
    /// # Errors
    /// [`SealError::Randomness`] if the operating system gives none.
    pub fn wrap(&self, purpose: &str, owner: Uuid, secret: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        rand::rngs::SysRng.try_fill_bytes(&mut nonce).map_err(|_| SealError::Randomness)?;
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: secret, aad: &wrap_aad(purpose, owner) })
            .map_err(|_| SealError::Refused)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`MasterKey::wrap`] sealed.
    ///
    /// # Errors
    /// [`SealError::Refused`] for another key, purpose, owner or altered bytes.
    pub fn unwrap(&self, purpose: &str, owner: Uuid, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, sealed) = wrapped.split_first_chunk::<NONCE>().ok_or(SealError::Malformed)?;
        self.cipher()
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: &wrap_aad(purpose, owner) })
            .map(Zeroizing::new)
            .map_err(|_| SealError::Refused)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.0.into())
    }
}

fn wrap_aad(purpose: &str, owner: Uuid) -> Vec<u8> {
    [b"tidings wrap v1|".as_slice(), purpose.as_bytes(), b"|", owner.as_bytes()].concat()
}

/// Seals; cannot open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealingPublic {
    pub(super) key: [u8; 32],
    pub(super) version: i32,
}

impl SealingPublic {
    /// The public key's bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.key
    }
}

/// Opens what was sealed to the incident. Only dedupe, plan, localise and the protection desk hold it.
#[derive(Clone)]
pub struct OpeningSecret {
    pub(super) secret: StaticSecret, // zeroizes itself
    pub(super) version: i32,
}

/// Recognises a record that was imported before, without opening it (HMAC-SHA256, 128 bits).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct IndexKey([u8; 32]);

impl IndexKey {
    /// Index of a source row, by Society, system and the source's id of the row.
    #[must_use]
    pub fn record_key(&self, society: &SocietyCode, system: &str, record_id: &str) -> [u8; 16] {
        self.mac(b"record", &[society.as_str().as_bytes(), system.as_bytes(), record_id.as_bytes()])
    }

    /// Digest of a record's content: equal for equal content.
    #[must_use]
    pub fn content_hash(&self, record: &Record) -> [u8; 16] {
        // A record is plain data with string keys: serialising cannot fail; were it to, it would count as changed
        // by the next import, never as unchanged content of another record, whose key differs.
        let mut parts = Parts::default();
        let written = parts.write(record);
        self.groups_hash(&if written.is_ok() { parts } else { Parts::default() })
    }

    /// The same of a record's column groups, which hold all of it.
    pub(super) fn groups_hash(&self, parts: &Parts) -> [u8; 16] {
        self.mac(b"content", &parts.all())
    }

    fn mac(&self, purpose: &[u8], parts: &[&[u8]]) -> [u8; 16] {
        // HMAC takes keys of every length; padded to a block it is the same key.
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(&self.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
        // Length-prefixed: no two lists of parts give the same bytes.
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        let mut short = [0; 16];
        short.copy_from_slice(&full[..16]);
        short
    }
}

/// All keys of one incident.
pub struct IncidentKeys {
    /// Incident.
    pub incident: IncidentId,
    /// For importing.
    pub public: SealingPublic,
    /// For dedupe, plan and localise.
    pub secret: OpeningSecret,
    /// For recognising records.
    pub index: IndexKey,
}

impl IncidentKeys {
    /// Fresh keys of version 1.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R, incident: IncidentId) -> Self {
        let (mut secret, mut index) = ([0; 32], [0; 32]);
        rng.fill_bytes(&mut secret);
        rng.fill_bytes(&mut index);
        let secret = StaticSecret::from(secret);
        Self {
            incident,
            public: SealingPublic { key: PublicKey::from(&secret).to_bytes(), version: 1 },
            secret: OpeningSecret { secret, version: 1 },
            index: IndexKey(index),
        }
    }

    /// The keys as the store keeps them.
    ///
    /// # Errors
    /// [`SealError::Randomness`] if the operating system gives none.
    pub fn wrap(&self, master: &MasterKey) -> Result<WrappedKeys, SealError> {
        let owner = self.incident.uuid();
        let secret = Zeroizing::new(self.secret.secret.to_bytes());
        Ok(WrappedKeys {
            incident: self.incident,
            version: self.public.version,
            public: self.public.key,
            secret: master.wrap("opening", owner, secret.as_slice())?,
            index: master.wrap("index", owner, &self.index.0)?,
        })
    }
}

/// An incident's keys, secret ones wrapped by the master key. Empty ones were destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKeys {
    pub(crate) incident: IncidentId,
    pub(crate) version: i32,
    pub(crate) public: [u8; 32],
    pub(crate) secret: Vec<u8>,
    pub(crate) index: Vec<u8>,
}

impl WrappedKeys {
    /// For importing: needs no master key.
    #[must_use]
    pub const fn public(&self) -> SealingPublic {
        SealingPublic { key: self.public, version: self.version }
    }

    /// For dedupe, plan and localise.
    ///
    /// # Errors
    /// [`SealError`] for another master key, altered bytes or a destroyed key.
    pub fn open_secret(&self, master: &MasterKey) -> Result<OpeningSecret, SealError> {
        Ok(OpeningSecret {
            secret: StaticSecret::from(self.open("opening", master, &self.secret)?),
            version: self.version,
        })
    }

    /// For recognising records.
    ///
    /// # Errors
    /// [`SealError`] for another master key, altered bytes or a destroyed key.
    pub fn open_index(&self, master: &MasterKey) -> Result<IndexKey, SealError> {
        Ok(IndexKey(self.open("index", master, &self.index)?))
    }

    fn open(&self, purpose: &str, master: &MasterKey, wrapped: &[u8]) -> Result<[u8; 32], SealError> {
        if wrapped.is_empty() {
            return Err(SealError::Shredded);
        }
        let bytes = master.unwrap(purpose, self.incident.uuid(), wrapped)?;
        bytes.as_slice().try_into().map_err(|_| SealError::Malformed)
    }
}
