//! Tidings' side of receipts: who signed them, and may that gateway say this?

use std::collections::HashMap;

use crate::jose::JoseError;
use crate::jose::jwe::Unopened;
use crate::jose::jws::Unverified;
use crate::jose::keys::OpeningKey;
use crate::parties::GatewayPublic;
use crate::receipts::{MAX_RECEIPT_BODY, MAX_RECEIPTS, RECEIPTS, ReceiptBatch};
use crate::version::{AnyVersion, VERSION};

/// Opens receipts of every known gateway. Several keys of Tidings, and several of one gateway, may be valid at once.
pub struct ReceiptOpener {
    keys: Vec<OpeningKey>,
    gateways: HashMap<String, GatewayPublic>,
}

/// Why a message of receipts was rejected: it changes nothing and is put on record by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptRejection {
    /// Longer than [`MAX_RECEIPT_BODY`].
    #[error("larger than {MAX_RECEIPT_BODY} bytes")]
    Oversize,
    /// Not a JWE of the contract, not for our keys, or altered.
    #[error("sealing: {0}")]
    Sealing(JoseError),
    /// No JWS of receipts inside.
    #[error("signature: {0}")]
    NotSigned(JoseError),
    /// The signing key is no known gateway's.
    #[error("signed with an unknown key")]
    UnknownGateway,
    /// A known key is named, and it did not sign this.
    #[error("forged: the named key did not sign this")]
    Forged,
    /// A gateway speaks for another Society than its own, or over another's routing key.
    #[error("foreign: the gateway speaks for another Society")]
    Foreign,
    /// Another version of the contract.
    #[error("another version of the contract")]
    Version,
    /// Not a batch of version 1.
    #[error("not a batch of receipts")]
    Batch,
    /// The batch names another key than the one that signed.
    #[error("the batch names another key than the one that signed")]
    Key,
    /// None, or more than [`MAX_RECEIPTS`].
    #[error("a batch holds 1 to {MAX_RECEIPTS} receipts")]
    Count,
    /// A `failed` or `returned` without code.
    #[error("receipt {at}: failed and returned need a code")]
    NoCode {
        /// Number of the receipt, from 0.
        at: usize,
    },
}

impl ReceiptRejection {
    /// One word for the audit record, logs and counters.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Oversize => "oversize",
            Self::Sealing(_) => "sealing",
            Self::NotSigned(_) => "not_signed",
            Self::UnknownGateway => "unknown_gateway",
            Self::Forged => "forged",
            Self::Foreign => "foreign",
            Self::Version => "version",
            Self::Batch => "batch",
            Self::Key => "key",
            Self::Count => "count",
            Self::NoCode { .. } => "no_code",
        }
    }
}

impl ReceiptOpener {
    /// An opener with Tidings' private keys and the gateways that are known now.
    #[must_use]
    pub fn new(keys: Vec<OpeningKey>, gateways: impl IntoIterator<Item = GatewayPublic>) -> Self {
        let gateways = gateways.into_iter().map(|g| (g.verifying.kid().to_owned(), g)).collect();
        Self { keys, gateways }
    }

    /// Opens, verifies and attributes one message. `routing_society` is the last word of its routing key.
    ///
    /// # Errors
    /// [`ReceiptRejection`] by situation.
    pub fn open(&self, routing_society: &str, body: &[u8]) -> Result<ReceiptBatch, ReceiptRejection> {
        let unopened = Unopened::parse(body, MAX_RECEIPT_BODY).map_err(|error| match error {
            JoseError::Oversize { .. } => ReceiptRejection::Oversize,
            other => ReceiptRejection::Sealing(other),
        })?;
        let key = self
            .keys
            .iter()
            .find(|key| key.kid() == unopened.kid())
            .ok_or(ReceiptRejection::Sealing(JoseError::UnknownKey))?;
        let plaintext =
            unopened.agree(key).and_then(|shared| unopened.open(&shared)).map_err(ReceiptRejection::Sealing)?;
        let jws = std::str::from_utf8(&plaintext).map_err(|_| ReceiptRejection::NotSigned(JoseError::NotCompact))?;
        let unverified = Unverified::parse(jws.trim_end_matches(' '), RECEIPTS).map_err(ReceiptRejection::NotSigned)?;
        let gateway = self.gateways.get(unverified.kid()).ok_or(ReceiptRejection::UnknownGateway)?;
        let payload = unverified.verify(&gateway.verifying).map_err(|_| ReceiptRejection::Forged)?;
        if gateway.society.as_str() != routing_society {
            return Err(ReceiptRejection::Foreign);
        }
        read(&payload, gateway)
    }
}

fn read(payload: &[u8], gateway: &GatewayPublic) -> Result<ReceiptBatch, ReceiptRejection> {
    let version: AnyVersion = serde_json::from_slice(payload).map_err(|_| ReceiptRejection::Batch)?;
    if version.v != VERSION {
        return Err(ReceiptRejection::Version);
    }
    let batch: ReceiptBatch = serde_json::from_slice(payload).map_err(|_| ReceiptRejection::Batch)?;
    if batch.society != gateway.society {
        return Err(ReceiptRejection::Foreign);
    }
    if batch.gateway_key != gateway.verifying.kid() {
        return Err(ReceiptRejection::Key);
    }
    if !(1..=MAX_RECEIPTS).contains(&batch.receipts.len()) {
        return Err(ReceiptRejection::Count);
    }
    match batch.receipts.iter().position(|receipt| !receipt.is_whole()) {
        Some(at) => Err(ReceiptRejection::NoCode { at }),
        None => Ok(batch),
    }
}
