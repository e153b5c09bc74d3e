//! What can go wrong with a broker. Names and codes only, never a body and never a password.

/// Why a broker could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokerError {
    /// The broker refuses publishes for now (its disk or memory alarm). Nothing of the batch was sent: wait and try
    /// again. The only error that is not a reason to end the process.
    #[error("the broker is blocking publishers (disk or memory alarm)")]
    Blocked,
    /// The URL cannot be used. It holds a password, so it is not repeated here.
    #[error("AMQP_URL is not a usable AMQP URL: {0}")]
    Url(String),
    /// No connection could be made.
    #[error("cannot connect to the broker at {host}:{port}: {reason}")]
    Connect {
        /// Host of the URL.
        host: String,
        /// Port of the URL.
        port: u16,
        /// The client's or server's words.
        reason: String,
    },
    /// The connection or channel broke, or the server refused an operation.
    #[error("the broker failed to {doing}: {reason}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// The client's or server's words.
        reason: String,
    },
    /// No answer within the limit.
    #[error("the broker did not {doing} within {seconds} s")]
    Timeout {
        /// What was being done.
        doing: &'static str,
        /// The limit that passed.
        seconds: u64,
    },
    /// A queue that must exist does not.
    #[error("queue {0} does not exist: declare the topology first (`tidings gateway provision` or `tidings init`)")]
    MissingQueue(String),
    /// An exchange that must exist does not.
    #[error("exchange {0} does not exist: declare the topology first (`tidings init`)")]
    MissingExchange(String),
    /// The queue exists with other settings; it has to be removed or the settings changed back.
    #[error("queue or exchange {0} exists with other settings")]
    Differs(String),
    /// The consumer of this queue was ended by the server: the queue was deleted, or the channel closed.
    #[error("the consumer of queue {0} was ended by the broker")]
    ConsumerEnded(String),
    /// A Society code with characters that mean something in routing keys.
    #[error("Society code {0:?} cannot name a queue: use 1 to 64 letters, digits, `-` or `_`")]
    Name(String),
    /// A body over [`MAX_BODY_BYTES`](crate::MAX_BODY_BYTES).
    #[error("message {id} has {bytes} bytes, over the limit of {limit}")]
    TooLarge {
        /// The message.
        id: uuid::Uuid,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
}

impl BrokerError {
    /// Whether the caller may wait and go on; after anything else the process should end and be started again.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, BrokerError::Blocked)
    }
}
