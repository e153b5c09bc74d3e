//! Ringing: publishing doorbells so that they are on the broker before anything depends on it.

use std::collections::{HashMap, HashSet};

use broker::{Address, Broker, BrokerError, ContentType, Outgoing, Published, Realm};
use domain::doorbell::Doorbell;
use domain::doorbell::Stage;
use domain::{CampaignId, IncidentId};
use uuid::Uuid;

use crate::WorkerError;
use crate::tuning::{BATCH, RING_TRIES, pause};

/// Publishes doorbells and waits until the broker has confirmed every one.
///
/// # Errors
/// The broker failed, has no queue for a stage, or kept refusing for half a minute.
pub async fn ring(broker: &dyn Broker, realm: Realm, bells: Vec<Doorbell>) -> Result<(), WorkerError> {
    let messages: Vec<Outgoing> = bells
        .iter()
        .map(|bell| Outgoing {
            to: Address::Stage(realm, queue_stage(bell.stage)),
            message_id: Uuid::new_v4(),
            content_type: ContentType::Doorbell,
            body: bell.to_bytes(),
        })
        .collect();
    let mut left = messages;
    for attempt in 0..RING_TRIES {
        if left.is_empty() {
            return Ok(());
        }
        if attempt > 0 {
            tokio::time::sleep(pause(attempt)).await;
        }
        left = publish(broker, left).await?;
    }
    if left.is_empty() { Ok(()) } else { Err(WorkerError::Refused(left.len())) }
}

/// Publishes in batches; gives back what was refused for now.
async fn publish(broker: &dyn Broker, messages: Vec<Outgoing>) -> Result<Vec<Outgoing>, WorkerError> {
    let mut refused = Vec::new();
    let mut left = messages;
    while !left.is_empty() {
        let rest = left.split_off(left.len().min(BATCH));
        let published = match broker.publish(left.clone()).await {
            Ok(published) => published,
            Err(BrokerError::Blocked) => {
                refused.append(&mut left);
                refused.extend(rest);
                return Ok(refused);
            }
            Err(error) => return Err(error.into()),
        };
        let Published { returned, nacked, unknown, .. } = published;
        if !unknown.is_empty() {
            return Err(WorkerError::Unconfirmed(unknown.len()));
        }
        if !returned.is_empty() {
            return Err(WorkerError::Unroutable(returned.len()));
        }
        let nacked: HashSet<Uuid> = nacked.into_iter().collect();
        refused.extend(left.into_iter().filter(|m| nacked.contains(&m.message_id)));
        left = rest;
    }
    Ok(refused)
}

pub(crate) const fn queue_stage(stage: Stage) -> broker::Stage {
    match stage {
        Stage::Import => broker::Stage::Import,
        Stage::Dedupe => broker::Stage::Dedupe,
        Stage::Plan => broker::Stage::Plan,
        Stage::Release => broker::Stage::Release,
        Stage::Localise => broker::Stage::Localise,
        Stage::Dispatch => broker::Stage::Dispatch,
        Stage::Record => broker::Stage::Record,
    }
}

/// Doorbells for these ids, at most [`BATCH`] in each.
pub(crate) fn bells<I: Into<Uuid> + Copy>(
    stage: Stage,
    incident: IncidentId,
    campaign: Option<CampaignId>,
    ids: &[I],
) -> Vec<Doorbell> {
    ids.chunks(BATCH)
        .map(|ids| Doorbell::new(stage, incident, campaign, ids.iter().map(|id| (*id).into()).collect()))
        .collect()
}

/// Work for one transaction: what several doorbells of one campaign name together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Batch {
    /// Incident.
    pub(crate) incident: IncidentId,
    /// Campaign, where the stage has one.
    pub(crate) campaign: Option<CampaignId>,
    /// Rows, each once, at most [`BATCH`]; none: whatever waits.
    pub(crate) ids: Vec<Uuid>,
    /// Deliveries that are settled when it is done.
    pub(crate) tags: Vec<u64>,
}

/// Puts doorbells together that can be worked on together, in the order in which they came.
pub(crate) fn gather(bells: Vec<(u64, Doorbell)>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut open: HashMap<(IncidentId, Option<CampaignId>, bool), usize> = HashMap::new();
    for (tag, bell) in bells {
        let key = (bell.incident, bell.campaign, bell.ids.is_empty());
        let fits = open.get(&key).copied().filter(|at| batches[*at].ids.len() + bell.ids.len() <= BATCH);
        match fits {
            Some(at) => {
                batches[at].ids.extend(bell.ids);
                batches[at].tags.push(tag);
            }
            None => {
                open.insert(key, batches.len());
                let Doorbell { incident, campaign, ids, .. } = bell;
                batches.push(Batch { incident, campaign, ids, tags: vec![tag] });
            }
        }
    }
    for batch in &mut batches {
        let mut seen = HashSet::with_capacity(batch.ids.len());
        batch.ids.retain(|id| seen.insert(*id));
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bell(incident: IncidentId, campaign: Option<CampaignId>, ids: &[Uuid]) -> Doorbell {
        Doorbell::new(Stage::Plan, incident, campaign, ids.to_vec())
    }

    #[test]
    fn small_doorbells_of_one_campaign_are_one_batch_and_full_ones_are_not_joined() {
        let (incident, a, b) = (IncidentId::random(), Some(CampaignId::random()), Some(CampaignId::random()));
        let ids: Vec<_> = (0..BATCH as u128).map(Uuid::from_u128).collect();
        let batches = gather(vec![
            (1, bell(incident, a, &ids[..3])),
            (2, bell(incident, b, &ids[..1])),
            (3, bell(incident, a, &ids[2..5])),
            (4, bell(incident, a, &ids)),
            (5, bell(incident, a, &[])),
        ]);
        let shape: Vec<_> = batches.iter().map(|b| (b.tags.clone(), b.ids.len())).collect();
        assert_eq!(shape, [(vec![1, 3], 5), (vec![2], 1), (vec![4], BATCH), (vec![5], 0)]);
    }

    #[test]
    fn doorbells_for_many_ids_are_cut() {
        let ids: Vec<_> = (0..1201u128).map(Uuid::from_u128).collect();
        let cut = bells(Stage::Plan, IncidentId::random(), None, &ids);
        assert_eq!(cut.iter().map(|b| b.ids.len()).collect::<Vec<_>>(), [500, 500, 201]);
        assert!(bells::<Uuid>(Stage::Plan, IncidentId::random(), None, &[]).is_empty());
    }
}
