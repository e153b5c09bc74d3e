//! What a National Society's gateway sees of Tidings: sealed messages out, signed receipts back.
//!
//! A message is an [`Envelope`] (a notice, a task or a recall) as JSON, signed with the campaign key
//! ([`CampaignSigner`], JWS), padded to a [`Bucket`] and sealed to one gateway ([`BatchSealer`], JWE). The gateway
//! opens it with its private key, follows the [`certificate`] to the organisation key that it pinned, and checks that
//! the message is for its Society, of one kind with the key (drill or real) and not expired ([`GatewayOpener`]). It
//! answers with a [`ReceiptBatch`], signed and sealed to Tidings ([`seal_receipts`]), which Tidings opens and
//! attributes ([`ReceiptOpener`]). Any JOSE library can take either side: `CONNECT.md` shows Python and Node.js.
//!
//! Reading order: [`parties`] (who holds which key), [`envelope`] with [`parts`] and [`check`], [`certificate`],
//! [`seal`], [`open`], [`receipts`], [`receipt_open`], [`codes`] (why something did not arrive), [`letter`] (the layout of
//! a body that goes by post), [`conformance`] (a script to check any gateway with), [`schema`] (the published JSON
//! Schemas), and [`jose`] beneath it all.
//!
//! Pure: no I/O, no clock; randomness and time are arguments.

pub mod bucket;
pub mod certificate;
pub mod check;
pub mod codes;
pub mod conformance;
pub mod envelope;
pub mod jose;
pub mod letter;
pub mod open;
pub mod parties;
pub mod parts;
pub mod receipt_open;
pub mod receipts;
pub mod schema;
pub mod seal;
mod version;

pub use bucket::{Bucket, MAX_BODY};
pub use certificate::CampaignSigner;
pub use codes::FailureCode;
pub use envelope::{Content, Envelope, NoticeData, RecallData, TaskData};
pub use jose::jwe::MAX_BATCH;
pub use jose::keys::{OpeningKey, SealingPublic};
pub use open::{GatewayOpener, OpenError};
pub use parties::{GatewayPrivate, GatewayPublic, OrganisationKey, OrganisationPublic, TidingsKeys};
pub use parts::{Address, Direction, Part, Parts, SafeHours, Sms, SmsEncoding, ThirdPartyRule, VoicemailRule};
pub use receipt_open::{ReceiptOpener, ReceiptRejection};
pub use receipts::{MAX_RECEIPT_BODY, MAX_RECEIPTS, Receipt, ReceiptBatch, ReceiptSealError, seal_receipts};
pub use seal::{BatchSealer, SealError, Sealed};
pub use version::{V1, VERSION};
