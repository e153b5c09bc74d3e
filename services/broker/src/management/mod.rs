//! A gateway's account at RabbitMQ: what another organisation may do with our broker, and how that is set up.
//!
//! It may read its own queue and write its own receipts, and nothing else: no configuring, no binding, no other queue,
//! no notice, no other Society's routing key; and the broker itself checks the user that a receipt names. What is left:
//! whoever may read a queue may also empty it (hence credit windows and the reconciler), and may ask how long any queue
//! is whose name it knows.
//!
//! [`Account::steps`] are calls of the management API, which [`apply`] makes; [`Account::commands`] are the same for an
//! administrator who prefers to type them.

mod http;

use serde_json::{Value, json};

use crate::percent::encode;
use crate::{Address, BrokerError, Queue, Realm};
pub use http::{ManagementError, apply};

/// Connections and channels of one gateway: itself, its successor during a restart, and somebody who looks.
const MAX_CONNECTIONS: u32 = 6;
const MAX_CHANNELS: u32 = 24;
/// `^$`: nothing.
const NOTHING: &str = "^$";

/// A gateway's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    realm: Realm,
    society: String,
    vhost: String,
    namespace: String,
}

/// One call of the management API, beneath `/api/`.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    /// What it does, for whoever watches.
    pub what: &'static str,
    /// `PUT` or `DELETE`.
    pub method: &'static str,
    /// Path.
    pub path: String,
    /// JSON, empty for `DELETE`.
    pub body: String,
}

impl std::fmt::Debug for Step {
    /// Without the body, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.method, self.path, self.what)
    }
}

impl Account {
    /// The account of a Society's gateway. `namespace` is put in front of exchanges and queues, as everywhere.
    ///
    /// # Errors
    /// [`BrokerError::Name`] for a code that would mean something else in a routing key or an expression.
    pub fn new(realm: Realm, society: &str, vhost: &str, namespace: &str) -> Result<Self, BrokerError> {
        crate::Topology::new(realm, [society]).check_names()?;
        Ok(Self { realm, society: society.into(), vhost: vhost.into(), namespace: namespace.into() })
    }

    /// Name of the user: `gateway-KE`, in drills `drill-gateway-KE`.
    #[must_use]
    pub fn user(&self) -> String {
        match self.realm {
            Realm::Real => format!("gateway-{}", self.society),
            Realm::Drill => format!("drill-gateway-{}", self.society),
        }
    }

    /// The queue that it may read.
    #[must_use]
    pub fn queue(&self) -> String {
        format!("{}{}", self.namespace, Queue::notices(self.realm, &self.society))
    }

    fn receipts(&self) -> Address {
        Address::Receipts(self.realm, self.society.clone())
    }

    fn exchange(&self) -> String {
        format!("{}{}", self.namespace, self.receipts().exchange())
    }

    /// `write`, `read` of the permission; `configure` is nothing.
    fn rights(&self) -> (String, String) {
        (exactly(&self.exchange()), exactly(&self.queue()))
    }

    /// Calls that make the account, or bring it back to what it should be. Repeating them changes nothing but the
    /// password. Rights come first and the password last, so that no moment leaves a usable account with more.
    #[must_use]
    pub fn steps(&self, password: &str) -> Vec<Step> {
        let (user, vhost) = (encode(&self.user()), encode(&self.vhost));
        let (write, read) = self.rights();
        let put = |what, path, body: Value| Step { what, method: "PUT", path, body: body.to_string() };
        vec![
            put(
                "the user, without a way to log in yet",
                format!("users/{user}"),
                json!({"password_hash": "", "tags": ""}),
            ),
            put(
                "its queue to read, its exchange to write, nothing to configure",
                format!("permissions/{vhost}/{user}"),
                json!({"configure": NOTHING, "write": write, "read": read}),
            ),
            put(
                "its own routing key",
                format!("topic-permissions/{vhost}/{user}"),
                json!({"exchange": self.exchange(), "write": exactly(&self.receipts().routing_key()), "read": NOTHING}),
            ),
            put("connections", format!("user-limits/{user}/max-connections"), json!({"value": MAX_CONNECTIONS})),
            put("channels", format!("user-limits/{user}/max-channels"), json!({"value": MAX_CHANNELS})),
            put("its password", format!("users/{user}"), json!({"password": password, "tags": ""})),
        ]
    }

    /// The call that ends the account: its connections are closed with it.
    #[must_use]
    pub fn removal(&self) -> Vec<Step> {
        let path = format!("users/{}", encode(&self.user()));
        vec![Step { what: "the user and its rights", method: "DELETE", path, body: String::new() }]
    }

    /// The same as [`Account::steps`] for `rabbitmqctl`, which asks for the password.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        let (user, vhost, exchange) = (quote(&self.user()), quote(&self.vhost), quote(&self.exchange()));
        let (write, read) = self.rights();
        let (write, read, nothing) = (quote(&write), quote(&read), quote(NOTHING));
        let key = quote(&exactly(&self.receipts().routing_key()));
        let limits = format!("{{\"max-connections\":{MAX_CONNECTIONS},\"max-channels\":{MAX_CHANNELS}}}");
        vec![
            format!("rabbitmqctl add_user {user}"),
            format!("rabbitmqctl set_permissions -p {vhost} {user} {nothing} {write} {read}"),
            format!("rabbitmqctl set_topic_permissions -p {vhost} {user} {exchange} {key} {nothing}"),
            format!("rabbitmqctl set_user_limits {user} {}", quote(&limits)),
        ]
    }
}

/// The virtual host of an AMQP URL.
///
/// # Errors
/// [`BrokerError::Url`].
pub fn vhost(url: &str) -> Result<String, BrokerError> {
    Ok(parse(url)?.vhost)
}

/// The AMQP URL with which the gateway logs in: the broker of `url`, this account.
///
/// # Errors
/// [`BrokerError::Url`].
pub fn login(url: &str, account: &Account, password: &str) -> Result<String, BrokerError> {
    let uri = parse(url)?;
    let scheme = if url.starts_with("amqps:") { "amqps" } else { "amqp" };
    let (host, port) = (&uri.authority.host, uri.authority.port);
    let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    let (user, password, vhost) = (encode(&account.user()), encode(password), encode(&uri.vhost));
    Ok(format!("{scheme}://{user}:{password}@{host}:{port}/{vhost}"))
}

fn parse(url: &str) -> Result<lapin::uri::AMQPUri, BrokerError> {
    // The parser's words may quote the URL, which holds a password.
    url.parse().map_err(|_| BrokerError::Url("cannot be parsed".to_owned()))
}

/// An expression that matches this text and no other.
fn exactly(text: &str) -> String {
    let escaped = text.chars().fold(String::new(), |mut out, c| {
        if !(c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            out.push('\\');
        }
        out.push(c);
        out
    });
    format!("^{escaped}$")
}

/// For a shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_written_out_and_match_one_name_each() {
        let account = Account::new(Realm::Real, "KE", "/", "").expect("a code");
        let steps = account.steps("secret");
        assert_eq!(steps[1].path, "permissions/%2F/gateway-KE");
        let rights: Value = serde_json::from_str(&steps[1].body).expect("JSON");
        assert_eq!(
            rights,
            json!({"configure": "^$", "write": "^tidings\\.receipts$", "read": "^tidings\\.notices\\.KE$"})
        );
        let topic: Value = serde_json::from_str(&steps[2].body).expect("JSON");
        assert_eq!(topic, json!({"exchange": "tidings.receipts", "write": "^receipt\\.KE$", "read": "^$"}));
        assert!(!format!("{steps:?}").contains("secret"));
        assert_eq!(
            account.commands()[1],
            r"rabbitmqctl set_permissions -p '/' 'gateway-KE' '^$' '^tidings\.receipts$' '^tidings\.notices\.KE$'"
        );
    }

    #[test]
    fn the_login_is_for_the_same_broker_under_another_name() {
        let account = Account::new(Realm::Drill, "KE", "v/h", "").expect("a code");
        let url = login("amqps://admin:x@broker.example.org:5671/v%2fh", &account, "p@ss/1").expect("a URL");
        assert_eq!(url, "amqps://drill-gateway-KE:p%40ss%2F1@broker.example.org:5671/v%2Fh");
        assert_eq!(vhost(&url).expect("a URL"), "v/h");
        assert!(!vhost("no url hunter2").expect_err("none").to_string().contains("hunter2"));
    }

    #[test]
    fn codes_that_mean_more_are_refused() {
        for code in ["", "K.E", "*", "#", "KE$", "K|E", "../KE", "KE'"] {
            assert!(Account::new(Realm::Real, code, "/", "").is_err(), "{code}");
        }
    }
}
