//! The in-process twin of RabbitMQ, for the embedded setting and for tests.
//!
//! [`state`] holds the queues and every rule about them (length, time to live, delivery limit, dead letters) behind one
//! lock; this module is the [`Broker`] over it, [`consumer`] the [`Consumer`]. Nothing is kept on disk: after a restart
//! the reconciler rings again from the store, as it does for a RabbitMQ that was wiped.

mod consumer;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::{Address, Broker, BrokerError, Consumer, Depth, MAX_BODY_BYTES, Outgoing, Published, Queue, Topology};
use consumer::LocalConsumer;
use state::{Fate, State, Stored};

/// Settings of the in-process broker.
#[derive(Clone, Copy, Debug)]
pub struct LocalOptions {
    /// Bodies held at one time, over all queues; beyond it publishes are refused as if the queue were full.
    pub max_bytes: usize,
}

impl Default for LocalOptions {
    fn default() -> Self {
        LocalOptions { max_bytes: 256 * 1024 * 1024 } // about 100,000 sealed notices
    }
}

/// Makes an in-process broker. Clones share the same queues.
#[must_use]
pub fn local(options: LocalOptions) -> Local {
    Local { shared: Arc::new(Shared { state: Mutex::new(State::new(options.max_bytes)) }), user: None }
}

/// The in-process broker.
#[derive(Clone)]
pub struct Local {
    shared: Arc<Shared>,
    user: Option<String>,
}

struct Shared {
    state: Mutex<State>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is finished before the lock is given back, so a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Local {
    /// The same broker, used by this broker user: receipts carry it, as a real broker would check.
    #[must_use]
    pub fn as_user(&self, user: &str) -> Local {
        Local { shared: Arc::clone(&self.shared), user: Some(user.to_owned()) }
    }
}

#[async_trait]
impl Broker for Local {
    async fn declare(&self, topology: &Topology) -> Result<(), BrokerError> {
        topology.check_names()?;
        self.shared.lock().declare(topology)
    }

    async fn remove(&self, topology: &Topology) -> Result<(), BrokerError> {
        let mut state = self.shared.lock();
        for queue in topology.queues() {
            state.delete(&queue);
        }
        state.forget_realm(topology.realm);
        Ok(())
    }

    async fn delete_queue(&self, queue: &Queue) -> Result<(), BrokerError> {
        self.shared.lock().delete(queue);
        Ok(())
    }

    async fn check(&self, queues: &[Queue]) -> Result<(), BrokerError> {
        let state = self.shared.lock();
        match queues.iter().find(|queue| !state.exists(queue)) {
            Some(queue) => Err(BrokerError::MissingQueue(queue.to_string())),
            None => Ok(()),
        }
    }

    async fn publish(&self, batch: Vec<Outgoing>) -> Result<Published, BrokerError> {
        if let Some(large) = batch.iter().find(|message| message.body.len() > MAX_BODY_BYTES) {
            let (id, bytes) = (large.message_id, large.body.len());
            return Err(BrokerError::TooLarge { id, bytes, limit: MAX_BODY_BYTES });
        }
        let mut published = Published::default();
        {
            let mut state = self.shared.lock();
            if let Some(missing) = batch.iter().find(|message| !state.has_realm(message.to.realm())) {
                return Err(BrokerError::MissingExchange(missing.to.exchange().to_owned()));
            }
            state.expire();
            for message in batch {
                let id = message.message_id;
                let user = self.user.as_ref().filter(|_| matches!(message.to, Address::Receipts(..)));
                match state.publish(&message.to.queue(), Stored::new(message, user.cloned())) {
                    Fate::Queued => published.confirmed.push(id),
                    Fate::Unroutable => published.returned.push(id),
                    Fate::Full => published.nacked.push(id),
                }
            }
            state.wake();
        }
        // Without a socket to wait for, a stage that publishes in a loop would keep the others from running.
        tokio::task::yield_now().await;
        Ok(published)
    }

    async fn consume(&self, queue: &Queue, prefetch: u16) -> Result<Box<dyn Consumer>, BrokerError> {
        Ok(Box::new(LocalConsumer::start(Arc::clone(&self.shared), queue, prefetch)?))
    }

    async fn depth(&self, queue: &Queue) -> Result<Depth, BrokerError> {
        self.shared.lock().depth(queue)
    }
}
