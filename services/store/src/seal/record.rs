//! Sealing and opening records, and smaller things (statements).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::aead::{Aead, AeadInOut, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use domain::record::Record;
use domain::{IncidentId, RecordId};
use hkdf::Hkdf;
use rand::rngs::StdRng;
use rand::{CryptoRng, Rng, SeedableRng};
use sha2::Sha256;
use uuid::Uuid;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::SealError;
use super::framed::{Rest, begin};
use super::groups::{self, Group, Parts};
use super::keys::{IndexKey, NONCE, OpeningSecret, SealingPublic};

/// Agreements kept by an [`Opener`]: one per ephemeral key, that is, per imported batch.
const CACHED_AGREEMENTS: usize = 4096;

/// A record as the store keeps it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SealedRecord {
    /// The batch's ephemeral public key.
    pub ephemeral: [u8; 32],
    /// The record's data key, wrapped; empty: destroyed.
    pub wrapped_key: Vec<u8>,
    /// Who the person is.
    pub identity: Vec<u8>,
    /// How the person can be reached.
    pub contact: Vec<u8>,
    /// What protects or endangers the person.
    pub protection: Vec<u8>,
    /// Free text and relations.
    pub free_text: Vec<u8>,
    /// Version of the incident's key.
    pub key_version: i32,
}

impl fmt::Debug for SealedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedRecord(…)")
    }
}

/// Something small, sealed in one piece.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedBlob(Vec<u8>);

impl fmt::Debug for SealedBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedBlob(…)")
    }
}

impl SealedBlob {
    /// The bytes for the store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// From the store.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

/// What a key or a ciphertext is bound to.
fn binding(table: &str, row: Uuid, incident: IncidentId, version: i32) -> Vec<u8> {
    let mut out = Vec::new();
    bind(&mut out, table, row, incident, version);
    out
}

/// The same in memory that is there already.
fn bind(out: &mut Vec<u8>, table: &str, row: Uuid, incident: IncidentId, version: i32) {
    out.clear();
    out.reserve(80);
    out.extend_from_slice(b"tidings v1|");
    out.extend_from_slice(table.as_bytes());
    out.push(b'|');
    out.extend_from_slice(row.as_bytes());
    out.extend_from_slice(incident.uuid().as_bytes());
    out.extend_from_slice(&version.to_be_bytes());
}

fn table_of(group: Group) -> &'static str {
    match group {
        Group::Identity => "record.identity",
        Group::Contact => "record.contact",
        Group::Protection => "record.protection",
        Group::FreeText => "record.free_text",
    }
}

/// The agreed secret of an ephemeral key and the incident's key, ready to give a key per row.
struct Agreement(Hkdf<Sha256>);

impl Agreement {
    fn new(shared: &[u8; 32], ephemeral: &[u8; 32], public: &[u8; 32]) -> Self {
        let salt = [ephemeral.as_slice(), public].concat();
        Self(Hkdf::new(Some(&salt), shared))
    }

    /// The key that wraps one row's data key.
    fn wrapping(&self, bound_to: &[u8]) -> Result<Aes256Gcm, SealError> {
        let mut key = Zeroizing::new([0; 32]);
        self.0.expand(bound_to, key.as_mut_slice()).map_err(|_| SealError::Refused)?;
        Ok(cipher(&key))
    }
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

/// Nonces inside one data key: a data key seals each group once.
fn group_nonce(group: usize) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; NONCE];
    nonce[NONCE - 1] = group as u8;
    Nonce::from(nonce)
}

/// Seals a batch under one ephemeral key: one agreement, whatever the number of records.
pub struct Sealer {
    agreement: Agreement,
    ephemeral: [u8; 32],
    incident: IncidentId,
    version: i32,
    rng: StdRng,
    parts: Parts,
    /// What the next sealing is bound to.
    bound: Vec<u8>,
}

impl Sealer {
    /// A sealer with a fresh ephemeral key.
    #[must_use]
    pub fn new<R: CryptoRng + ?Sized>(rng: &mut R, public: &SealingPublic, incident: IncidentId) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut_slice());
        let secret = StaticSecret::from(*seed);
        let ephemeral = PublicKey::from(&secret).to_bytes();
        let shared = secret.diffie_hellman(&PublicKey::from(public.key));
        rng.fill_bytes(seed.as_mut_slice());
        Self {
            agreement: Agreement::new(shared.as_bytes(), &ephemeral, &public.key),
            ephemeral,
            incident,
            version: public.version,
            rng: StdRng::from_seed(*seed),
            parts: Parts::default(),
            bound: Vec::new(),
        }
    }

    /// Seals a record under its id.
    ///
    /// # Errors
    /// [`SealError`] only if the record cannot be written at all.
    pub fn seal_record(&mut self, id: RecordId, record: &Record) -> Result<SealedRecord, SealError> {
        self.parts.write(record)?;
        let mut framed = Vec::new();
        self.seal_groups(id, &mut framed)?;
        SealedRecord::unframe(self.ephemeral, self.version, &mut Rest(&framed)).ok_or(SealError::Malformed)
    }

    /// Seals a record under its id behind other bytes, [framed](SealedRecord::frame). Its
    /// [content hash](IndexKey::content_hash), for which it is not written once more.
    pub(crate) fn seal_framed(
        &mut self,
        id: RecordId,
        record: &Record,
        index: &IndexKey,
        out: &mut Vec<u8>,
    ) -> Result<[u8; 16], SealError> {
        self.parts.write(record)?;
        self.seal_groups(id, out)?;
        Ok(index.groups_hash(&self.parts))
    }

    /// What all that it seals has in common: the ephemeral key and the version of the incident's key.
    pub(crate) const fn header(&self) -> ([u8; 32], i32) {
        (self.ephemeral, self.version)
    }

    /// Seals the groups that were written last, where their bytes are to lie.
    fn seal_groups(&mut self, id: RecordId, out: &mut Vec<u8>) -> Result<(), SealError> {
        let (key, wrapped_key) = self.fresh_key("record", id.uuid())?;
        begin(out, wrapped_key.len()).ok_or(SealError::Refused)?;
        out.extend_from_slice(&wrapped_key);
        let cipher = cipher(&key);
        for (n, (group, part)) in Group::ALL.into_iter().zip(self.parts.all()).enumerate() {
            bind(&mut self.bound, table_of(group), id.uuid(), self.incident, self.version);
            begin(out, part.len() + TAG).ok_or(SealError::Refused)?;
            let from = out.len();
            out.extend_from_slice(part);
            let place = InOutBuf::from(&mut out[from..]);
            let tag =
                cipher.encrypt_inout_detached(&group_nonce(n), &self.bound, place).map_err(|_| SealError::Refused)?;
            out.extend_from_slice(&tag);
        }
        Ok(())
    }

    /// Seals bytes of a kind (`statement`, …) under a row's id.
    ///
    /// # Errors
    /// [`SealError::Refused`] if the bytes are longer than the cipher allows.
    pub fn seal_blob(&mut self, kind: &str, row: Uuid, bytes: &[u8]) -> Result<SealedBlob, SealError> {
        let (key, wrapped) = self.fresh_key(kind, row)?;
        let aad = binding(kind, row, self.incident, self.version);
        let body =
            cipher(&key).encrypt(&group_nonce(0), Payload { msg: bytes, aad: &aad }).map_err(|_| SealError::Refused)?;
        Ok(SealedBlob([self.ephemeral.as_slice(), &self.version.to_be_bytes(), &wrapped, &body].concat()))
    }

    /// A data key, and the same wrapped for the row.
    fn fresh_key(&mut self, table: &str, row: Uuid) -> Result<(Zeroizing<[u8; 32]>, [u8; WRAPPED]), SealError> {
        let mut key = Zeroizing::new([0; 32]);
        self.rng.fill_bytes(key.as_mut_slice());
        bind(&mut self.bound, table, row, self.incident, self.version);
        let mut wrapped = [0; WRAPPED];
        self.rng.fill_bytes(&mut wrapped[..NONCE]);
        let (nonce, rest) = wrapped.split_at_mut(NONCE);
        let (sealed, tag) = rest.split_at_mut(32);
        sealed.copy_from_slice(key.as_slice());
        let nonce = Nonce::try_from(&*nonce).map_err(|_| SealError::Refused)?;
        let made = self
            .agreement
            .wrapping(&self.bound)?
            .encrypt_inout_detached(&nonce, &self.bound, sealed.into())
            .map_err(|_| SealError::Refused)?;
        tag.copy_from_slice(&made);
        Ok((key, wrapped))
    }
}

/// Bytes of an authentication tag.
const TAG: usize = 16;

/// Bytes of a wrapped data key.
const WRAPPED: usize = NONCE + 32 + TAG;

/// Opens what was sealed to one incident. Cheap to share between threads.
pub struct Opener {
    secret: OpeningSecret,
    public: [u8; 32],
    incident: IncidentId,
    agreements: Mutex<HashMap<[u8; 32], Arc<Agreement>>>,
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opener(…)")
    }
}

impl Opener {
    /// An opener with the incident's secret.
    #[must_use]
    pub fn new(secret: &OpeningSecret, incident: IncidentId) -> Self {
        Self {
            public: PublicKey::from(&secret.secret).to_bytes(),
            secret: secret.clone(),
            incident,
            agreements: Mutex::default(),
        }
    }

    /// Opens a record of this id.
    ///
    /// # Errors
    /// [`SealError`] for altered or moved columns, another incident's key, or a destroyed data key.
    pub fn open(&self, id: RecordId, sealed: &SealedRecord) -> Result<Record, SealError> {
        let key = self.data_key("record", id.uuid(), &sealed.ephemeral, sealed.key_version, &sealed.wrapped_key)?;
        let cipher = cipher(&key);
        let columns = [&sealed.identity, &sealed.contact, &sealed.protection, &sealed.free_text];
        let mut parts: [Zeroizing<Vec<u8>>; 4] = Default::default();
        for (n, group) in Group::ALL.into_iter().enumerate() {
            let aad = binding(table_of(group), id.uuid(), self.incident, sealed.key_version);
            let payload = Payload { msg: columns[n], aad: &aad };
            parts[n] = Zeroizing::new(cipher.decrypt(&group_nonce(n), payload).map_err(|_| SealError::Refused)?);
        }
        groups::join(&parts)
    }

    /// Opens a blob of this kind and row.
    ///
    /// # Errors
    /// [`SealError`] for altered or moved bytes, or another incident's key.
    pub fn open_blob(&self, kind: &str, row: Uuid, blob: &SealedBlob) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (ephemeral, rest) = blob.0.split_first_chunk::<32>().ok_or(SealError::Malformed)?;
        let (version, rest) = rest.split_first_chunk::<4>().ok_or(SealError::Malformed)?;
        let (wrapped, body) = rest.split_first_chunk::<WRAPPED>().ok_or(SealError::Malformed)?;
        let version = i32::from_be_bytes(*version);
        let key = self.data_key(kind, row, ephemeral, version, wrapped)?;
        let aad = binding(kind, row, self.incident, version);
        cipher(&key)
            .decrypt(&group_nonce(0), Payload { msg: body, aad: &aad })
            .map(Zeroizing::new)
            .map_err(|_| SealError::Refused)
    }

    fn data_key(
        &self,
        table: &str,
        row: Uuid,
        ephemeral: &[u8; 32],
        version: i32,
        wrapped: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, SealError> {
        if wrapped.is_empty() {
            return Err(SealError::Shredded);
        }
        if version != self.secret.version {
            return Err(SealError::Refused);
        }
        let (nonce, body) = wrapped.split_first_chunk::<NONCE>().ok_or(SealError::Malformed)?;
        let bound = binding(table, row, self.incident, version);
        let key = Zeroizing::new(
            self.agreement(ephemeral)
                .wrapping(&bound)?
                .decrypt(&Nonce::from(*nonce), Payload { msg: body, aad: &bound })
                .map_err(|_| SealError::Refused)?,
        );
        Ok(Zeroizing::new(key.as_slice().try_into().map_err(|_| SealError::Malformed)?))
    }

    fn agreement(&self, ephemeral: &[u8; 32]) -> Arc<Agreement> {
        let mut cache = self.agreements.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = cache.get(ephemeral) {
            return Arc::clone(known);
        }
        let shared = self.secret.secret.diffie_hellman(&PublicKey::from(*ephemeral));
        let fresh = Arc::new(Agreement::new(shared.as_bytes(), ephemeral, &self.public));
        if cache.len() >= CACHED_AGREEMENTS {
            cache.clear();
        }
        cache.insert(*ephemeral, Arc::clone(&fresh));
        fresh
    }
}
