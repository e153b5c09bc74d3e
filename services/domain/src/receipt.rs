//! What a gateway or a team reports about an attempt. Append-only; state is the join of all receipts, so order and
//! repetition cannot matter.

use serde::{Deserialize, Serialize};

use crate::channel::word;
use crate::{AttemptId, Millis};

word! {
    /// Kinds, weakest first: the order is the precedence of design.md section 4, `Unsafe` strongest.
    ReceiptKind {
        /// A recall or another message was noted; changes nothing.
        Acknowledged = "acknowledged",
        /// The gateway has taken responsibility: the terminal technical success.
        Accepted = "accepted",
        /// Handed to the network, the post, the team.
        Sent = "sent",
        /// Not-after passed before it was sent.
        Expired = "expired",
        /// Could not be sent or delivered.
        Failed = "failed",
        /// Came back (post, bounced mail).
        Returned = "returned",
        /// Recalled before it was sent.
        Withdrawn = "withdrawn",
        /// The recall came after it was sent.
        TooLate = "too_late",
        /// The network, the post or the team says that it reached the contact point.
        Delivered = "delivered",
        /// The right person has the full notice, confirmed by a human or a verified call.
        Informed = "informed",
        /// The person wants nothing more.
        OptedOut = "opted_out",
        /// Somebody else answered.
        WrongPerson = "wrong_person",
        /// Contact there endangers the person.
        Unsafe = "unsafe",
    }
}

impl ReceiptKind {
    /// The contact point must never be used again, for anybody who lists it.
    #[must_use]
    pub const fn closes_contact_point(self) -> bool {
        matches!(self, Self::WrongPerson | Self::Unsafe)
    }
}

word! {
    /// Where a receipt comes from; counted apart in reports.
    ReceiptSource {
        /// Signed by a gateway's key.
        Gateway = "gateway",
        /// A team's task, closed by a signed-in operator.
        Task = "task",
        /// The hotline, signed by an operator.
        Hotline = "hotline",
        /// A file signed by an operator, on behalf of a Society that is offline.
        Operator = "operator",
    }
}

/// One receipt, verified and attributed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Sender's own id of this receipt: repeated deliveries are recognised by it.
    pub id: uuid::Uuid,
    /// The attempt it speaks of.
    pub attempt: AttemptId,
    /// What happened.
    pub kind: ReceiptKind,
    /// When, by the sender's clock; informative only.
    pub at: Millis,
    /// Failure code of the contract's table, if any.
    pub code: Option<String>,
    /// Where it comes from.
    pub source: ReceiptSource,
}
