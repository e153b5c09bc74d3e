//! The queues, and what may happen to a message in them.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};
use uuid::Uuid;

use crate::{BrokerError, ContentType, Death, DeathReason, Depth, Outgoing, Queue, Realm, Topology};

/// A message in a queue or in the hands of a consumer.
pub(super) struct Stored {
    pub(super) message_id: Uuid,
    pub(super) routing_key: String,
    pub(super) user_id: Option<String>,
    pub(super) content_type: ContentType,
    pub(super) death: Option<Death>,
    pub(super) body: Vec<u8>,
    /// How often it was delivered and came back.
    pub(super) returns: u32,
    since: Instant,
}

impl Stored {
    pub(super) fn new(message: Outgoing, user_id: Option<String>) -> Self {
        Stored {
            message_id: message.message_id,
            routing_key: message.to.routing_key(),
            user_id,
            content_type: message.content_type,
            death: None,
            body: message.body,
            returns: 0,
            since: Instant::now(),
        }
    }
}

/// What became of a publish.
pub(super) enum Fate {
    Queued,
    Unroutable,
    Full,
}

/// The settings of a queue; declaring it again with others is refused.
#[derive(Clone, PartialEq, Eq)]
struct Settings {
    max_length: usize,
    ttl: Option<Duration>,
    /// Where dead letters go, after how many returns. The queue of the dead has no such limit.
    dead: Option<(Queue, u32)>,
}

struct QueueState {
    settings: Settings,
    /// Tells a queue from a later one of the same name.
    generation: u64,
    ready: VecDeque<Stored>,
    /// Dead, but the queue of dead letters is full: they wait here and count towards the length.
    dying: VecDeque<Stored>,
    /// With consumers.
    handed: u64,
    consumers: u64,
}

/// All queues.
pub(super) struct State {
    realms: HashSet<Realm>,
    queues: HashMap<Queue, QueueState>,
    next_generation: u64,
    bytes: usize,
    max_bytes: usize,
    /// Something changed that a waiting consumer may want to know.
    pub(super) changed: Arc<Notify>,
}

impl State {
    pub(super) fn new(max_bytes: usize) -> Self {
        State {
            realms: HashSet::new(),
            queues: HashMap::new(),
            next_generation: 0,
            bytes: 0,
            max_bytes,
            changed: Arc::new(Notify::new()),
        }
    }

    // ---- topology

    pub(super) fn declare(&mut self, topology: &Topology) -> Result<(), BrokerError> {
        let wanted: Vec<_> = topology.queues().into_iter().map(|queue| (settings(topology, &queue), queue)).collect();
        let differs = |(settings, queue): &&(Settings, Queue)| {
            self.queues.get(queue).is_some_and(|existing| existing.settings != *settings)
        };
        if let Some((_, queue)) = wanted.iter().find(differs) {
            return Err(BrokerError::Differs(queue.to_string()));
        }
        self.realms.insert(topology.realm);
        for (settings, queue) in wanted {
            self.next_generation += 1;
            let generation = self.next_generation;
            self.queues.entry(queue).or_insert_with(|| QueueState {
                settings,
                generation,
                ready: VecDeque::new(),
                dying: VecDeque::new(),
                handed: 0,
                consumers: 0,
            });
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, queue: &Queue) {
        if let Some(gone) = self.queues.remove(queue) {
            self.bytes -= gone.ready.iter().chain(&gone.dying).map(|message| message.body.len()).sum::<usize>();
            self.wake();
        }
    }

    pub(super) fn forget_realm(&mut self, realm: Realm) {
        self.realms.remove(&realm);
    }

    pub(super) fn has_realm(&self, realm: Realm) -> bool {
        self.realms.contains(&realm)
    }

    pub(super) fn exists(&self, queue: &Queue) -> bool {
        self.queues.contains_key(queue)
    }

    pub(super) fn depth(&mut self, queue: &Queue) -> Result<Depth, BrokerError> {
        self.expire();
        let state = self.queues.get(queue).ok_or_else(|| BrokerError::MissingQueue(queue.to_string()))?;
        Ok(Depth { messages: state.ready.len() as u64, handed: Some(state.handed), consumers: state.consumers })
    }

    // ---- messages

    /// Puts a message into a queue, with [`State::expire`] before and [`State::wake`] after the batch.
    pub(super) fn publish(&mut self, queue: &Queue, message: Stored) -> Fate {
        let Some(state) = self.queues.get_mut(queue) else {
            return Fate::Unroutable;
        };
        let full = state.ready.len() + state.dying.len() >= state.settings.max_length;
        if full || self.bytes + message.body.len() > self.max_bytes {
            return Fate::Full;
        }
        self.bytes += message.body.len();
        state.ready.push_back(message);
        Fate::Queued
    }

    /// Takes up to `max` messages for a consumer of this generation of the queue.
    pub(super) fn take(&mut self, queue: &Queue, generation: u64, max: usize) -> Result<Vec<Stored>, BrokerError> {
        self.expire();
        match self.queues.get_mut(queue) {
            Some(state) if state.generation == generation => {
                let count = max.min(state.ready.len());
                state.handed += count as u64;
                Ok(state.ready.drain(..count).collect())
            }
            _ => Err(BrokerError::ConsumerEnded(queue.to_string())),
        }
    }

    /// A consumer has so many messages less in its hands, whatever becomes of them.
    pub(super) fn taken_back(&mut self, queue: &Queue, generation: u64, count: usize) {
        if let Some(state) = self.queues.get_mut(queue).filter(|state| state.generation == generation) {
            state.handed -= count as u64;
        }
    }

    /// A consumer is done with a message for good.
    pub(super) fn settle(&mut self, message: &Stored) {
        self.bytes -= message.body.len();
    }

    /// Messages, oldest first, come back to the front of their queue, or die when they came back too often.
    pub(super) fn give_back(&mut self, queue: &Queue, generation: u64, messages: Vec<Stored>) {
        for mut message in messages.into_iter().rev() {
            message.returns += 1;
            match self.queues.get_mut(queue).filter(|state| state.generation == generation) {
                None => self.settle(&message), // deleted with all that was in it
                Some(state) => match &state.settings.dead {
                    Some((_, limit)) if message.returns > *limit => {
                        self.bury(queue, message, DeathReason::DeliveryLimit);
                    }
                    _ => state.ready.push_front(message),
                },
            }
        }
        self.wake();
    }

    /// A message dies.
    pub(super) fn bury(&mut self, queue: &Queue, mut message: Stored, reason: DeathReason) {
        let Some(state) = self.queues.get_mut(queue).filter(|state| state.settings.dead.is_some()) else {
            return self.settle(&message); // a dead letter that is refused once more is gone
        };
        message.death.get_or_insert_with(|| Death { reason, queue: queue.to_string() });
        message.returns = 0;
        state.dying.push_back(message);
        self.move_dead();
    }

    /// Moves the dead to their queue as far as it has room. Called when somebody died and when room was made.
    pub(super) fn move_dead(&mut self) {
        let pairs: Vec<_> = self
            .queues
            .iter()
            .filter(|(_, state)| !state.dying.is_empty())
            .filter_map(|(name, state)| Some((name.clone(), state.settings.dead.clone()?.0)))
            .collect();
        for (from, to) in pairs {
            let Some(dead) = self.queues.get(&to) else {
                continue;
            };
            let room = dead.settings.max_length.saturating_sub(dead.ready.len());
            let Some(state) = self.queues.get_mut(&from) else {
                continue;
            };
            let count = room.min(state.dying.len());
            let mut moving: VecDeque<_> = state.dying.drain(..count).collect();
            if let Some(dead) = self.queues.get_mut(&to) {
                dead.ready.append(&mut moving);
            }
        }
        self.wake();
    }

    /// Buries what waited too long. Queues are in order of arrival, but what was given back stands in front again, and
    /// keeps its age: only the front needs a look.
    pub(super) fn expire(&mut self) {
        let now = Instant::now();
        let late = |state: &QueueState| {
            let ttl = state.settings.ttl?;
            state.ready.front().filter(|message| now.duration_since(message.since) >= ttl).map(|_| ())
        };
        let names: Vec<_> =
            self.queues.iter().filter(|(_, q)| late(q).is_some()).map(|(name, _)| name.clone()).collect();
        for name in names {
            while let Some(state) = self.queues.get_mut(&name)
                && late(state).is_some()
                && let Some(message) = state.ready.pop_front()
            {
                self.bury(&name, message, DeathReason::Expired);
            }
        }
    }

    /// When the next message will have waited too long.
    pub(super) fn next_expiry(&self) -> Option<Instant> {
        let front = |state: &QueueState| Some(state.ready.front()?.since + state.settings.ttl?);
        self.queues.values().filter_map(front).min()
    }

    pub(super) fn wake(&self) {
        self.changed.notify_waiters();
    }

    // ---- consumers

    /// Registers a consumer and returns the generation of the queue.
    pub(super) fn join(&mut self, queue: &Queue) -> Result<u64, BrokerError> {
        let state = self.queues.get_mut(queue).ok_or_else(|| BrokerError::MissingQueue(queue.to_string()))?;
        state.consumers += 1;
        Ok(state.generation)
    }

    pub(super) fn leave(&mut self, queue: &Queue, generation: u64) {
        if let Some(state) = self.queues.get_mut(queue).filter(|state| state.generation == generation) {
            state.consumers -= 1;
        }
    }
}

fn settings(topology: &Topology, queue: &Queue) -> Settings {
    let limits = &topology.limits;
    let dead = Queue::dead(topology.realm);
    let (length, ttl) = if *queue == dead {
        (limits.dead_length, None)
    } else if *queue == Queue::receipts(topology.realm) {
        (limits.receipts_length, None)
    } else if topology.societies.iter().any(|society| *queue == Queue::notices(topology.realm, society)) {
        (limits.notices_length, Some(limits.notices_ttl))
    } else {
        (limits.stage_length, None)
    };
    let dead = (*queue != dead).then_some((dead, limits.delivery_limit));
    Settings { max_length: length as usize, ttl, dead }
}
