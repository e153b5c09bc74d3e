//! Dispatch: the third gate, then the gateway's queue. Holds no key: it sees sealed bytes, versions and instants.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use broker::{Address, ContentType, Outgoing, Published, Realm};
use domain::delivery::AttemptState;
use domain::doorbell::{Doorbell, Stage as Bell};
use domain::{AttemptId, CampaignId, PersonId};
use store::{LeavingRow, VoidReason};
use uuid::Uuid;

use crate::ring::{Batch, bells};
use crate::stage::Stage;
use crate::tuning::pause;
use crate::{Parts, WorkerError, WorkerKind};

/// Tries while a gateway's queue is full or the broker blocks. After that the messages stay sealed, and the reconciler
/// rings for them again.
const TRIES: u32 = 4;

/// The stage.
pub(crate) struct Dispatch {
    parts: Parts,
    /// Drill or real, by campaign: it never changes.
    drills: Mutex<HashMap<CampaignId, bool>>,
}

impl Stage for Dispatch {
    const KIND: WorkerKind = WorkerKind::Dispatch;
    const BELL: Bell = Bell::Dispatch;

    async fn work(&self, batch: &Batch) -> Result<Vec<Doorbell>, WorkerError> {
        let store = &self.parts.store;
        let ids: Vec<AttemptId> = batch.ids.iter().copied().map(AttemptId::from).collect();
        let rows = store.load_leaving(&ids, AttemptState::Sealed).await?;
        let now = store.now().await?;
        let gate = Gate::look(self.of_this_realm(rows).await?, now);
        let mut rung = bells(Bell::Plan, batch.incident, batch.campaign, &gate.again);
        if !gate.void.is_empty() {
            store.void(gate.void).await?;
        }
        if !gate.stale.is_empty() {
            store.unseal(&gate.stale).await?;
            rung.extend(bells(Bell::Localise, batch.incident, batch.campaign, &gate.stale));
        }
        self.send(gate.send).await?;
        Ok(rung)
    }
}

impl Dispatch {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self { parts: parts.clone(), drills: Mutex::default() }
    }

    /// A drill's message never reaches a real queue, nor a real one a drill's, whatever a doorbell says.
    async fn of_this_realm(&self, mut rows: Vec<LeavingRow>) -> Result<Vec<LeavingRow>, WorkerError> {
        let campaigns: HashSet<CampaignId> = rows.iter().map(|r| r.campaign).collect();
        let mut ours = HashSet::new();
        for campaign in campaigns {
            let known = self.drills.lock().unwrap_or_else(PoisonError::into_inner).get(&campaign).copied();
            let drill = match known {
                Some(drill) => drill,
                None => self.parts.store.campaign(campaign).await?.ok_or(WorkerError::Missing("campaign"))?.drill,
            };
            self.drills.lock().unwrap_or_else(PoisonError::into_inner).insert(campaign, drill);
            if drill == (self.parts.realm == Realm::Drill) {
                ours.insert(campaign);
            }
        }
        rows.retain(|r| ours.contains(&r.campaign));
        Ok(rows)
    }

    /// Publishes, and marks what the broker has confirmed and nothing else.
    async fn send(&self, rows: Vec<LeavingRow>) -> Result<(), WorkerError> {
        let mut left: Vec<Outgoing> = rows.into_iter().filter_map(|row| outgoing(&self.parts, row)).collect();
        for attempt in 0..TRIES {
            if left.is_empty() {
                return Ok(());
            }
            if attempt > 0 {
                tokio::time::sleep(pause(attempt + 1)).await;
            }
            let started = Instant::now();
            let published = match self.parts.broker.publish(left.clone()).await {
                Ok(published) => published,
                Err(error) if error.is_temporary() => continue,
                Err(error) => return Err(error.into()),
            };
            let Published { confirmed, returned, nacked, unknown } = published;
            tracing::debug!(messages = confirmed.len(), seconds = started.elapsed().as_secs_f64(), "published");
            self.mark(&confirmed).await?;
            if !unknown.is_empty() {
                return Err(WorkerError::Unconfirmed(unknown.len()));
            }
            if !returned.is_empty() {
                tracing::error!(
                    messages = returned.len(),
                    "no queue for a Society's notices: `tidings gateway provision` makes it"
                );
            }
            let nacked: HashSet<Uuid> = nacked.into_iter().collect();
            left.retain(|m| nacked.contains(&m.message_id));
        }
        if !left.is_empty() {
            tracing::warn!(messages = left.len(), "a gateway's queue is full: they stay sealed and are tried again");
        }
        Ok(())
    }

    async fn mark(&self, confirmed: &[Uuid]) -> Result<(), WorkerError> {
        if confirmed.is_empty() {
            return Ok(());
        }
        let now = self.parts.store.now().await?;
        let ids: Vec<AttemptId> = confirmed.iter().copied().map(AttemptId::from).collect();
        self.parts.store.mark_dispatched(&ids, now).await?;
        Ok(())
    }
}

/// What becomes of sealed attempts.
struct Gate {
    send: Vec<LeavingRow>,
    stale: Vec<AttemptId>,
    void: Vec<(AttemptId, VoidReason)>,
    /// Persons of what is void: to be planned again.
    again: Vec<PersonId>,
}

impl Gate {
    fn look(rows: Vec<LeavingRow>, now: domain::Millis) -> Self {
        let mut gate = Self { send: Vec::new(), stale: Vec::new(), void: Vec::new(), again: Vec::new() };
        for row in rows {
            if now >= row.not_after || row.is_moot {
                let reason = if row.is_moot { VoidReason::Closed } else { VoidReason::Expired };
                gate.void.push((row.id, reason));
                gate.again.extend(row.persons);
            } else if row.is_stale() {
                gate.stale.push(row.id);
            } else {
                gate.send.push(row);
            }
        }
        gate
    }
}

/// The broker message of an attempt. Its id is the attempt's: the idempotency key for ever.
pub(crate) fn outgoing(parts: &Parts, row: LeavingRow) -> Option<Outgoing> {
    let Some((message_id, body)) = row.message else {
        tracing::error!(attempt = %row.id, "sealed without a body");
        return None;
    };
    Some(Outgoing {
        to: Address::Notices(parts.realm, row.society.as_str().to_owned()),
        message_id,
        content_type: ContentType::Jose,
        body,
    })
}

#[cfg(test)]
mod tests {
    use domain::{CampaignId, Millis, PersonId};

    use super::*;

    fn row(is_moot: bool, facts: (i32, i32), not_after: i64) -> LeavingRow {
        LeavingRow {
            id: AttemptId::random(),
            campaign: CampaignId::random(),
            society: "KE".parse().expect("a code"),
            not_after: Millis(not_after),
            facts_version: facts.0,
            current_facts_version: facts.1,
            persons: vec![PersonId::random()],
            is_moot,
            message: None,
        }
    }

    #[test]
    fn only_what_is_still_true_and_in_time_leaves() {
        let fine = row(false, (3, 3), 10);
        let late = row(false, (3, 3), 5);
        let moved = row(false, (3, 4), 10);
        let over = row(true, (3, 3), 10);
        let gate = Gate::look(vec![fine.clone(), late.clone(), moved.clone(), over.clone()], Millis(5));
        assert_eq!(gate.send.iter().map(|r| r.id).collect::<Vec<_>>(), [fine.id]);
        assert_eq!(gate.stale, [moved.id]);
        assert_eq!(gate.void, [(late.id, VoidReason::Expired), (over.id, VoidReason::Closed)]);
        assert_eq!(gate.again, [late.persons, over.persons].concat(), "both are planned again");
    }
}
