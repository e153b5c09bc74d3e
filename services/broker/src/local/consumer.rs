//! Receiving from the in-process broker.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use super::{Shared, state::Stored};
use crate::{BrokerError, Consumer, DeathReason, Incoming, Queue};

pub(super) struct LocalConsumer {
    shared: Arc<Shared>,
    queue: Queue,
    generation: u64,
    prefetch: usize,
    next_tag: u64,
    unsettled: BTreeMap<u64, Stored>,
}

impl LocalConsumer {
    pub(super) fn start(shared: Arc<Shared>, queue: &Queue, prefetch: u16) -> Result<Self, BrokerError> {
        let generation = shared.lock().join(queue)?;
        let prefetch = if prefetch == 0 { usize::MAX } else { usize::from(prefetch) };
        Ok(LocalConsumer {
            shared,
            queue: queue.clone(),
            generation,
            prefetch,
            next_tag: 0,
            unsettled: BTreeMap::new(),
        })
    }

    /// What is at hand now, and until when it makes sense to wait if that is nothing.
    fn take(&mut self, max: usize) -> Result<(Vec<Incoming>, Option<Instant>), BrokerError> {
        let room = self.prefetch.saturating_sub(self.unsettled.len());
        let mut state = self.shared.lock();
        let taken = state.take(&self.queue, self.generation, max.min(room))?;
        let expiry = state.next_expiry();
        drop(state);
        Ok((taken.into_iter().map(|message| self.hand_out(message)).collect(), expiry))
    }

    fn hand_out(&mut self, message: Stored) -> Incoming {
        self.next_tag += 1;
        let incoming = Incoming {
            tag: self.next_tag,
            message_id: Some(message.message_id),
            redelivered: message.returns > 0,
            routing_key: message.routing_key.clone(),
            user_id: message.user_id.clone(),
            content_type: Some(message.content_type),
            death: message.death.clone(),
            body: message.body.clone(),
        };
        self.unsettled.insert(self.next_tag, message);
        incoming
    }

    /// Removes the messages of these tags; a tag that is not ours is an error, as it is for RabbitMQ.
    fn remove(&mut self, tags: &[u64]) -> Result<Vec<Stored>, BrokerError> {
        let mut sorted = tags.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted.iter().any(|tag| !self.unsettled.contains_key(tag)) {
            return Err(BrokerError::Failed { doing: "settle a message", reason: "unknown delivery tag".to_owned() });
        }
        let removed: Vec<Stored> = sorted.iter().filter_map(|tag| self.unsettled.remove(tag)).collect();
        self.shared.lock().taken_back(&self.queue, self.generation, removed.len());
        Ok(removed)
    }
}

#[async_trait]
impl Consumer for LocalConsumer {
    async fn next_batch(&mut self, max: usize, wait: Duration) -> Result<Vec<Incoming>, BrokerError> {
        let deadline = Instant::now() + wait;
        let changed = Arc::clone(&self.shared.lock().changed);
        loop {
            let notified = changed.notified();
            tokio::pin!(notified);
            notified.as_mut().enable(); // before the look, so that nothing is missed between look and wait
            let (batch, expiry) = self.take(max)?;
            if !batch.is_empty() || Instant::now() >= deadline {
                return Ok(batch);
            }
            let until = expiry.map_or(deadline, |expiry| expiry.min(deadline));
            let _ = timeout_at(until, notified).await;
        }
    }

    async fn ack(&mut self, tags: &[u64]) -> Result<(), BrokerError> {
        let settled = self.remove(tags)?;
        let mut state = self.shared.lock();
        for message in &settled {
            state.settle(message);
        }
        state.move_dead();
        Ok(())
    }

    async fn requeue(&mut self, tags: &[u64]) -> Result<(), BrokerError> {
        let messages = self.remove(tags)?;
        self.shared.lock().give_back(&self.queue, self.generation, messages);
        Ok(())
    }

    async fn dead_letter(&mut self, tags: &[u64]) -> Result<(), BrokerError> {
        let messages = self.remove(tags)?;
        let mut state = self.shared.lock();
        for message in messages {
            state.bury(&self.queue, message, DeathReason::Rejected);
        }
        Ok(())
    }
}

impl Drop for LocalConsumer {
    fn drop(&mut self) {
        let unsettled: Vec<Stored> = std::mem::take(&mut self.unsettled).into_values().collect();
        let mut state = self.shared.lock();
        state.taken_back(&self.queue, self.generation, unsettled.len());
        state.leave(&self.queue, self.generation);
        state.give_back(&self.queue, self.generation, unsettled);
    }
}
