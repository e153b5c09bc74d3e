//! Writes a campaign in small as JSON, for gateways in other languages to be tested with: keys, one message of every
//! kind and channel, and messages that must be refused. Drill keys; the same on every run.

#[path = "../tests/support/mod.rs"]
mod support;

use contract::TidingsKeys;
use serde_json::{Value, json};
use support::{Cast, NOW};

fn main() {
    let mut cast = Cast::new(2026, "KE", true);
    let tidings = TidingsKeys::new(&cast.organisation.public(), [cast.receipts.public()]);
    let messages: Vec<Value> = cast
        .every_kind()
        .iter()
        .map(|envelope| {
            let body = String::from_utf8_lossy(&cast.seal(envelope)).into_owned();
            json!({"message_id": envelope.message_id, "body": body, "envelope": envelope})
        })
        .collect();
    let negatives: Vec<Value> =
        cast.negatives().into_iter().map(|n| json!({"name": n.name, "reason": n.reason, "body": n.body})).collect();
    let vectors = json!({
        "now": NOW,
        "society": cast.gateway.society(),
        "gateway_keys": cast.gateway.to_jwks(),
        "tidings_keys": tidings,
        "messages": messages,
        "negatives": negatives,
    });
    println!("{vectors:#}");
}
