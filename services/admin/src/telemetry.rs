//! Logs: ids only, to stderr, `RUST_LOG` as usual. What the AMQP client would print of messages is switched off.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

/// Starts logging. `default` is the level without `RUST_LOG`.
pub fn start(default: &str, json: bool) {
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    for directive in broker::LOG_DIRECTIVES {
        if let Ok(directive) = directive.parse() {
            filter = filter.add_directive(directive);
        }
    }
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    // A second start (tests in one process) keeps the first subscriber.
    let _ = if json { registry.with(layer.json()).try_init() } else { registry.with(layer).try_init() };
}
