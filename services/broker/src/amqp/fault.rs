//! The client's errors in our words.

use lapin::{
    ErrorKind,
    protocol::{AMQPErrorKind, AMQPSoftError},
};

use crate::BrokerError;

/// The server says that something does not exist.
pub(super) fn is_not_found(error: &lapin::Error) -> bool {
    is_soft(error, AMQPSoftError::NOTFOUND)
}

/// The server says that something exists with other settings.
pub(super) fn is_different(error: &lapin::Error) -> bool {
    is_soft(error, AMQPSoftError::PRECONDITIONFAILED)
}

fn is_soft(error: &lapin::Error, soft: AMQPSoftError) -> bool {
    matches!(error.kind(), ErrorKind::ProtocolError(amqp) if *amqp.kind() == AMQPErrorKind::Soft(soft))
}

/// Any other error. The server's text names exchanges, queues and users, never a body.
pub(super) fn translate(doing: &'static str, error: &lapin::Error) -> BrokerError {
    BrokerError::Failed { doing, reason: error.to_string() }
}
