//! What a gateway answers: 1 to 500 receipts under one signature, sealed to Tidings.

use domain::receipt::{ReceiptKind, ReceiptSource};
use domain::{AttemptId, Millis, SocietyCode};
use rand::CryptoRng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::codes::FailureCode;
use crate::jose::jwe::Batch;
use crate::jose::jws::{self, Protected};
use crate::jose::keys::SealingPublic;
use crate::parties::GatewayPrivate;
use crate::version::V1;

/// Receipts under one signature: bounds the work behind one message.
pub const MAX_RECEIPTS: usize = 500;

/// Largest message of receipts that is read. The broker takes no more, and 500 receipts of 290 bytes each fit.
pub const MAX_RECEIPT_BODY: usize = 256 * 1024;

/// Padded plaintexts of receipts: the next power of two from here …
const RECEIPT_FLOOR: usize = 2048;
/// … to here, then multiples of this.
const RECEIPT_STEP: usize = 16 * 1024;

/// `typ` of a batch of receipts.
pub(crate) const RECEIPTS: &str = "tidings-receipts+jws";

/// Receipts of one gateway. Repetition and disorder are welcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptBatch {
    /// Always 1.
    pub v: V1,
    /// The Society, the same as in the routing key.
    pub society: SocietyCode,
    /// Thumbprint of the key that signs, the same as in the header.
    pub gateway_key: String,
    /// Counts up by one for every batch of this key; gaps show that batches are missing.
    pub sequence: u64,
    /// The receipts.
    #[schemars(length(min = 1, max = 500))]
    pub receipts: Vec<Receipt>,
}

/// What happened to one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// Random id of this receipt, kept when it is sent again.
    pub idem: Uuid,
    /// The attempt.
    pub attempt_id: AttemptId,
    /// What happened.
    pub kind: ReceiptKind,
    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    pub at: Millis,
    /// Why; with `failed` and `returned` always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FailureCode>,
    /// The task, if the attempt was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<Uuid>,
}

impl Receipt {
    /// `failed` and `returned` say why.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        !matches!(self.kind, ReceiptKind::Failed | ReceiptKind::Returned) || self.code.is_some()
    }
}

impl From<Receipt> for domain::receipt::Receipt {
    fn from(receipt: Receipt) -> Self {
        Self {
            id: receipt.idem,
            attempt: receipt.attempt_id,
            kind: receipt.kind,
            at: receipt.at,
            code: receipt.code.map(|code| code.as_str().to_owned()),
            source: ReceiptSource::Gateway,
        }
    }
}

/// Why a batch of receipts was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptSealError {
    /// None, or more than [`MAX_RECEIPTS`].
    #[error("a batch holds 1 to {MAX_RECEIPTS} receipts")]
    Count,
    /// The batch names another Society or key than the gateway's.
    #[error("the batch is not this gateway's")]
    Foreign,
    /// A `failed` or `returned` without code.
    #[error("receipt {at}: failed and returned need a code")]
    NoCode {
        /// Number of the receipt, from 0.
        at: usize,
    },
    /// The batch could not be written.
    #[error("the batch cannot be written")]
    Json,
}

/// Signs a batch with the gateway's key and seals it to Tidings.
///
/// # Errors
/// [`ReceiptSealError`] for a batch that Tidings would reject.
pub fn seal_receipts<R: CryptoRng + ?Sized>(
    rng: &mut R,
    gateway: &GatewayPrivate,
    tidings: &SealingPublic,
    batch: &ReceiptBatch,
) -> Result<Vec<u8>, ReceiptSealError> {
    if !(1..=MAX_RECEIPTS).contains(&batch.receipts.len()) {
        return Err(ReceiptSealError::Count);
    }
    if batch.society != gateway.society || batch.gateway_key != gateway.signing.kid() {
        return Err(ReceiptSealError::Foreign);
    }
    if let Some(at) = batch.receipts.iter().position(|receipt| !receipt.is_whole()) {
        return Err(ReceiptSealError::NoCode { at });
    }
    let json = Zeroizing::new(serde_json::to_vec(batch).map_err(|_| ReceiptSealError::Json)?);
    let header = Protected::new(&gateway.signing, RECEIPTS, None);
    let mut padded = jws::sign(&gateway.signing, &header, &json).into_bytes();
    padded.resize(padded_size(padded.len()), b' ');
    let body = Batch::new(rng, tidings).seal(&mut padded).ok_or(ReceiptSealError::Json)?;
    Ok(body.into_bytes())
}

fn padded_size(bytes: usize) -> usize {
    if bytes > RECEIPT_STEP {
        bytes.next_multiple_of(RECEIPT_STEP)
    } else {
        bytes.next_power_of_two().max(RECEIPT_FLOOR)
    }
}
