//! Why something did not arrive: the code table of the contract, and what the words of networks and posts mean in it.
//!
//! Two things are easily confused and kept apart here. «The SMSC (mail server, post office) took it» is `sent`;
//! only «it reached the phone (mailbox, hand)» is `delivered`. And a refusal for now is no outcome at all: the
//! gateway tries again until the notice's `not_after`.

use domain::receipt::ReceiptKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $lasting:literal);+ $(;)?) => {
        /// Why an attempt failed or came back.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum FailureCode {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)+
            /// A reason that this version does not know, or none of the others.
            #[serde(other, rename = "other")]
            Other,
        }

        impl FailureCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+ Self::Other];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ Self::Other => "other" }
            }

            /// The same address will not work later either: the contact point needs a person's attention.
            #[must_use]
            pub const fn is_lasting(self) -> bool {
                match self { $(Self::$variant => $lasting,)+ Self::Other => false }
            }
        }
    };
}

codes! {
    /// The number, mailbox or address does not exist or is not in use.
    NoSuchAddress = "no_such_address", true;
    /// Switched off, out of range, mailbox full: not reached in the time allowed.
    Unreachable = "unreachable", false;
    /// Barred by the network, a filter or the recipient's settings.
    Blocked = "blocked", false;
    /// The network does not take this text or sender.
    ContentRefused = "content_refused", false;
    /// An error of the network.
    Network = "network", false;
    /// An error of the gateway itself.
    Gateway = "gateway", false;
    /// The gateway cannot carry the script, or would need more segments than allowed.
    Encoding = "encoding", false;
    /// The gateway does not offer this channel.
    Unsupported = "unsupported", false;
    /// Nobody answered, or the line was busy.
    NoAnswer = "no_answer", false;
    /// A machine answered and nothing might be left.
    Machine = "machine", false;
    /// Post: the addressee is not known there.
    UnknownAddressee = "unknown_addressee", true;
    /// Post: the addressee has moved.
    Moved = "moved", true;
    /// Post: the address is not complete enough.
    InsufficientAddress = "insufficient_address", true;
    /// The recipient did not want it.
    Refused = "refused", true;
    /// Post: not collected.
    Unclaimed = "unclaimed", false;
    /// The post or somebody there says that the addressee has died: a question for the tracing unit, never a fact.
    SaidDeceased = "said_deceased", true;
    /// The task could not be done by the team.
    TaskNotDone = "task_not_done", false;
    /// Set by Tidings: the message could not be handed over and was put aside.
    Poison = "poison", false;
}

/// What a word of a network means for the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Report this.
    Report(ReceiptKind),
    /// Report this failure.
    Failure(ReceiptKind, FailureCode),
    /// Nothing is known yet: wait.
    Wait,
    /// Not taken now: try again, not before a pause, not after `not_after`.
    TryAgain,
}

use FailureCode as C;
use Meaning::{Failure, Report, TryAgain, Wait};
use ReceiptKind as R;

/// `message_state` of SMPP 3.4 (section 5.2.28) and 5.0.
///
/// `ACCEPTED` means that customer service has read the message on behalf of the subscriber: it is not delivered.
#[must_use]
pub const fn smpp_state(state: u8) -> Meaning {
    match state {
        1 | 6 => Report(R::Sent),
        2 => Report(R::Delivered),
        3 => Failure(R::Failed, C::Unreachable),
        4 => Failure(R::Failed, C::Network),
        5 => Failure(R::Failed, C::Unreachable),
        8 => Failure(R::Failed, C::Blocked),
        9 => Failure(R::Failed, C::Network),
        // 0 scheduled, 7 unknown, and whatever else a network invents.
        _ => Wait,
    }
}

/// `stat:` of an SMPP delivery receipt text (appendix B).
#[must_use]
pub fn smpp_stat(stat: &str) -> Meaning {
    let state = match stat {
        "ENROUTE" => 1,
        "DELIVRD" => 2,
        "EXPIRED" => 3,
        "DELETED" => 4,
        "UNDELIV" => 5,
        "ACCEPTD" => 6,
        "REJECTD" => 8,
        "SKIPPED" => 9,
        _ => 7,
    };
    smpp_state(state)
}

/// `command_status` of `submit_sm_resp`: success means that the SMSC took the message, no more.
#[must_use]
pub const fn smpp_submit(status: u32) -> Meaning {
    match status {
        0x00 => Report(R::Sent),
        // System error, queue full, throttled.
        0x08 | 0x14 | 0x58 => TryAgain,
        // Invalid destination address, ton, npi.
        0x0B | 0x50 | 0x51 => Failure(R::Failed, C::NoSuchAddress),
        // Invalid length, data coding, esm class.
        0x01 | 0x43 | 0x104 => Failure(R::Failed, C::Encoding),
        // Invalid source address, ton, npi.
        0x0A | 0x48 | 0x49 => Failure(R::Failed, C::ContentRefused),
        // Not bound, bind failed, wrong password: our own side.
        0x04 | 0x0D | 0x0E => Failure(R::Failed, C::Gateway),
        _ => Failure(R::Failed, C::Network),
    }
}

/// Kannel's delivery report types (`dlr-mask` bits, one at a time).
#[must_use]
pub const fn kannel_dlr(kind: u8) -> Meaning {
    match kind {
        1 => Report(R::Delivered),
        2 => Failure(R::Failed, C::Unreachable),
        8 => Report(R::Sent),
        16 => Failure(R::Failed, C::Network),
        // 4 queued at the SMSC, 32 intermediate.
        _ => Wait,
    }
}

/// An SMTP reply (RFC 5321), with its enhanced status (RFC 3463) where the server gives one, as in `550 5.1.1`.
/// Success means that the next server took the mail: it is sent, not delivered.
#[must_use]
pub const fn smtp_reply(code: u16, enhanced: Option<(u8, u16, u16)>) -> Meaning {
    match (code, enhanced) {
        (200..=299, _) => Report(R::Sent),
        (400..=499, _) => TryAgain,
        (_, Some((5, subject, detail))) => Failure(R::Failed, mail_status(subject, detail)),
        (550 | 551 | 553, _) => Failure(R::Failed, C::NoSuchAddress),
        (552, _) => Failure(R::Failed, C::Unreachable),
        (554, _) => Failure(R::Failed, C::Blocked),
        (500..=599, _) => Failure(R::Failed, C::Gateway),
        _ => Wait,
    }
}

/// `Action` and `Status` of a delivery status notification (RFC 3464). A bounce after acceptance came back.
#[must_use]
pub fn mail_dsn(action: &str, status: (u8, u16, u16)) -> Meaning {
    match action {
        "delivered" => Report(R::Delivered),
        "relayed" | "expanded" => Report(R::Sent),
        "failed" => Failure(R::Returned, mail_status(status.1, status.2)),
        _ => Wait,
    }
}

const fn mail_status(subject: u16, detail: u16) -> FailureCode {
    match (subject, detail) {
        (1, 6) => C::Moved,
        (1, _) | (2, 1) => C::NoSuchAddress,
        (2, _) | (4, 7) => C::Unreachable,
        (6, _) => C::Encoding,
        (7, _) => C::Blocked,
        _ => C::Network,
    }
}

/// The reasons printed on the return label CN 15 of the Universal Postal Union, and their usual French.
#[must_use]
pub fn post_return(reason: &str) -> Meaning {
    let code = match reason.trim().to_lowercase().as_str() {
        "unknown" | "inconnu" => C::UnknownAddressee,
        "moved" | "gone away" | "démenagé" | "déménagé" | "parti" => C::Moved,
        "insufficient address" | "incorrect address" | "adresse insuffisante" | "adresse inexacte" => {
            C::InsufficientAddress
        }
        "no such address" | "adresse inexistante" => C::NoSuchAddress,
        "refused" | "refusé" => C::Refused,
        "unclaimed" | "not called for" | "non réclamé" => C::Unclaimed,
        "deceased" | "décédé" => C::SaidDeceased,
        _ => C::Other,
    };
    Failure(R::Returned, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_took_is_never_delivered() {
        let taken = [
            smpp_submit(0),
            smpp_state(6),
            smpp_stat("ACCEPTD"),
            smpp_state(1),
            kannel_dlr(8),
            smtp_reply(250, None),
            smtp_reply(250, Some((2, 1, 5))),
            mail_dsn("relayed", (2, 0, 0)),
        ];
        assert_eq!(taken, [Report(R::Sent); 8]);
    }

    #[test]
    fn only_these_words_mean_delivered() {
        let delivered = Report(R::Delivered);
        assert_eq!((0..=255).filter(|s| smpp_state(*s) == delivered).collect::<Vec<_>>(), [2]);
        assert_eq!((0..=255).filter(|s| kannel_dlr(*s) == delivered).collect::<Vec<_>>(), [1]);
        assert!((0..=1000).all(|s| smpp_submit(s) != delivered));
        assert!((0..=999).all(|c| smtp_reply(c, None) != delivered));
        assert_eq!(smpp_stat("DELIVRD"), delivered);
        assert_eq!(mail_dsn("delivered", (2, 0, 0)), delivered);
    }

    #[test]
    fn table() {
        let failed = |code| Failure(R::Failed, code);
        let rows = [
            (smpp_stat("UNDELIV"), failed(C::Unreachable)),
            (smpp_stat("REJECTD"), failed(C::Blocked)),
            (smpp_stat("EXPIRED"), failed(C::Unreachable)),
            (smpp_stat("UNKNOWN"), Wait),
            (smpp_stat("???"), Wait),
            (smpp_submit(0x58), TryAgain),
            (smpp_submit(0x0B), failed(C::NoSuchAddress)),
            (kannel_dlr(2), failed(C::Unreachable)),
            (kannel_dlr(4), Wait),
            (kannel_dlr(16), failed(C::Network)),
            (smtp_reply(450, Some((4, 2, 1))), TryAgain),
            (smtp_reply(550, Some((5, 1, 1))), failed(C::NoSuchAddress)),
            (smtp_reply(550, Some((5, 7, 1))), failed(C::Blocked)),
            (smtp_reply(552, Some((5, 2, 2))), failed(C::Unreachable)),
            (smtp_reply(550, None), failed(C::NoSuchAddress)),
            (mail_dsn("delayed", (4, 4, 7)), Wait),
            (mail_dsn("failed", (5, 1, 1)), Failure(R::Returned, C::NoSuchAddress)),
            (post_return("Unknown"), Failure(R::Returned, C::UnknownAddressee)),
            (post_return("Décédé"), Failure(R::Returned, C::SaidDeceased)),
            (post_return("scribble"), Failure(R::Returned, C::Other)),
        ];
        for (at, (got, wanted)) in rows.into_iter().enumerate() {
            assert_eq!(got, wanted, "row {at}");
        }
    }

    #[test]
    fn words_round_trip_and_a_newer_code_reads_as_other() {
        for code in C::ALL {
            let json = serde_json::to_value(code).unwrap();
            assert_eq!(json, code.as_str());
            assert_eq!(serde_json::from_value::<C>(json).unwrap(), *code);
        }
        assert_eq!(serde_json::from_str::<C>("\"invented_later\"").unwrap(), C::Other);
    }
}
