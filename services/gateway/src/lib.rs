//! The gateway of a National Society: takes sealed messages from its queue (or from files), hands them to the networks
//! and desks that the Society has, and answers with signed receipts. Another organisation runs it; it knows Tidings by
//! the `contract` alone.
//!
//! What it keeps, in this order: nobody is told who must not be, nobody is told twice, nothing is lost, and it is quick.
//!
//! - [`config`], [`keys`]: a TOML file over commented defaults; secrets in files of their own.
//! - [`journal`]: what was taken, begun, handed over and answered, on disk before it has an effect.
//! - [`hours`]: not-before, not-after, and the person's safe hours in the person's time zone.
//! - [`post`]: RabbitMQ (through `broker`) and folders of JSONL.
//! - [`transport`]: mail, SMPP, HTTP, desks; what an outcome means, and which may be tried again.
//! - [`engine`]: the loop that joins them.
//!
//! A transport's unknown outcome is where a gateway can do harm: [`transport::Repeat`] says per transport, in code,
//! whether it may be tried again, and why.

pub mod config;
pub mod engine;
pub mod hours;
pub mod journal;
pub mod keys;
pub mod post;
pub mod transport;

pub use config::{Config, ConfigError};
pub use engine::{Clock, Engine, Pace, system_clock};
pub use journal::{Journal, JournalError};
pub use keys::Keyring;
pub use post::Post;
