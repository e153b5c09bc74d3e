//! Reconcile: what time and lost messages leave behind. Bounded scans of what stands still; every repair is ringing a
//! doorbell again, publishing the same bytes under the same id, or letting a state end. Holds no key.
//!
//! One reconciler acts at a time, under a lease; the others wait for it to die.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use broker::{Consumer, Death, DeathReason, Incoming, Published, Queue};
use domain::campaign::CampaignState;
use domain::delivery::AttemptState;
use domain::doorbell::{Doorbell, Stage as Bell};
use domain::incident::IncidentKind;
use domain::receipt::{Receipt, ReceiptKind, ReceiptSource};
use domain::{AttemptId, CampaignId, IncidentId, Millis, SocietyCode};
use store::{AuditEntry, Stuck, StuckAttempt};
use tokio::sync::watch;
use uuid::Uuid;

use crate::dispatch::outgoing;
use crate::ring::{bells, ring};
use crate::tuning::BATCH;
use crate::{Parts, WorkerError, WorkerKind};

/// Rows that one scan brings at most; what is beyond comes in the next round.
const SCAN: u32 = 5_000;

/// Rounds of letting states end in one go: a whole campaign may expire at one instant.
const EXPIRE_ROUNDS: usize = 100;

/// The lease lasts this long without a word: some rounds.
const LEASE_MS: i64 = 30_000;
const LEASE: &str = "reconcile";

/// The longest pause between two publications of one message is 2 to this power times the first.
const MAX_DOUBLINGS: u32 = 10;

/// Dead letters taken at a time.
const DEAD: usize = 100;

/// Code of a message that a gateway could not take, in the receipt that ends its attempt.
const POISON: &str = "poison";

/// Runs the reconciler until it is to stop.
pub(crate) async fn run(parts: Parts, stop: watch::Receiver<bool>) -> Result<(), WorkerError> {
    let dead = Queue::dead(parts.realm);
    parts.broker.check(std::slice::from_ref(&dead)).await?;
    let holder = Uuid::new_v4();
    let lease = format!("{LEASE}/{}", parts.realm.prefix());
    let mut consumer = parts.broker.consume(&dead, DEAD as u16).await?;
    let mut replanned: Option<Instant> = None;
    let mut rang: HashMap<Uuid, Instant> = HashMap::new();
    let mut unlinked: HashMap<IncidentId, Instant> = HashMap::new();
    while !*stop.borrow() {
        let letters = consumer.next_batch(DEAD, parts.tuning.reconcile_every).await?;
        if !letters.is_empty() {
            bury(&parts, &mut consumer, letters).await?;
        }
        if !parts.store.lease(&lease, holder, LEASE_MS).await? {
            continue;
        }
        let started = Instant::now();
        rang.retain(|_, at| at.elapsed().as_millis() < parts.tuning.stuck_after_ms.unsigned_abs().into());
        parts.store.look_at_sizes().await?;
        let mut items = round(&parts, &mut rang, &mut unlinked).await?;
        if replanned.is_none_or(|at| at.elapsed() > parts.tuning.replan_every) {
            replanned = Some(Instant::now());
            items += replan(&parts).await?;
        }
        if items > 0 {
            parts.metrics.batch(WorkerKind::Reconcile, items, started);
        }
    }
    parts.store.release_lease(&lease, holder).await?;
    Ok(())
}

async fn round(
    parts: &Parts,
    rang: &mut HashMap<Uuid, Instant>,
    unlinked: &mut HashMap<IncidentId, Instant>,
) -> Result<usize, WorkerError> {
    let store = &parts.store;
    let now = store.now().await?;
    let mut stuck = store.stuck(now, parts.tuning.stuck_after_ms, SCAN).await?;
    keep_realm(parts, &mut stuck).await?;
    let mut rung: Vec<Doorbell> = Vec::new();
    for (incident, import) in &stuck.imports {
        // An import that is large takes longer than the pause: ring at most once in it.
        if rang.insert(import.uuid(), Instant::now()).is_none() {
            rung.push(Doorbell::new(Bell::Import, *incident, None, vec![import.uuid()]));
        }
    }
    let long = Duration::from_millis(parts.tuning.stuck_after_ms.unsigned_abs());
    for incident in standing(unlinked, &stuck.unlinked, long, Instant::now()) {
        tracing::warn!(%incident, "records were not linked for some time: their doorbell may be lost");
        rung.push(Doorbell::new(Bell::Dedupe, incident, None, Vec::new()));
    }
    for (bell, rows) in [(Bell::Localise, &stuck.released), (Bell::Dispatch, &stuck.sealed)] {
        let fresh: Vec<&StuckAttempt> =
            rows.iter().filter(|r| rang.insert(r.attempt.uuid(), Instant::now()).is_none()).collect();
        rung.extend(by_campaign(bell, &fresh));
    }
    let mut items = rung.len();
    if !rung.is_empty() {
        tracing::info!(doorbells = rung.len(), "rung again");
        ring(&*parts.broker, parts.realm, rung).await?;
    }
    items += again(parts, now, &stuck.dispatched).await?;
    items += recall_again(parts, now, rang).await?;
    for _ in 0..EXPIRE_ROUNDS {
        let ended = store.expire(now, SCAN).await?;
        items += ended as usize;
        if ended < u64::from(SCAN) {
            break;
        }
    }
    Ok(items)
}

/// Those that have stood still for as long as this; each is named once in that time. A linkage that is under way is
/// waited for by the one that a further bell begins, and leaves it nothing to do.
fn standing(
    since: &mut HashMap<IncidentId, Instant>,
    now_there: &[IncidentId],
    long: Duration,
    now: Instant,
) -> Vec<IncidentId> {
    since.retain(|incident, _| now_there.contains(incident));
    let mut out = Vec::new();
    for incident in now_there {
        let first = since.entry(*incident).or_insert(now);
        if now.duration_since(*first) >= long {
            *first = now;
            out.push(*incident);
        }
    }
    out
}

/// A store may hold drills beside a real incident: each realm's reconciler looks after its own.
async fn keep_realm(parts: &Parts, stuck: &mut Stuck) -> Result<(), WorkerError> {
    let drill = parts.realm == broker::Realm::Drill;
    let running = parts.store.running().await?;
    let ours: HashSet<CampaignId> = running.into_iter().filter(|c| c.drill == drill).map(|c| c.id).collect();
    for rows in [&mut stuck.released, &mut stuck.sealed, &mut stuck.dispatched] {
        rows.retain(|r| ours.contains(&r.campaign));
    }
    if !stuck.imports.is_empty() || !stuck.unlinked.is_empty() {
        let incidents: HashSet<IncidentId> = incidents(parts).await?.into_iter().collect();
        stuck.imports.retain(|(incident, _)| incidents.contains(incident));
        stuck.unlinked.retain(|incident| incidents.contains(incident));
    }
    Ok(())
}

/// Incidents of this realm.
async fn incidents(parts: &Parts) -> Result<Vec<IncidentId>, WorkerError> {
    let drill = parts.realm == broker::Realm::Drill;
    let rows = parts.store.incidents().await?;
    Ok(rows.into_iter().filter(|i| (i.facts.kind == IncidentKind::Synthetic) == drill).map(|i| i.id).collect())
}

fn by_campaign(bell: Bell, rows: &[&StuckAttempt]) -> Vec<Doorbell> {
    let mut groups: BTreeMap<(IncidentId, CampaignId), Vec<AttemptId>> = BTreeMap::new();
    for row in rows {
        groups.entry((row.incident, row.campaign)).or_default().push(row.attempt);
    }
    groups.into_iter().flat_map(|((incident, campaign), ids)| bells(bell, incident, Some(campaign), &ids)).collect()
}

/// Publishes once more what was dispatched and not accepted, where the gateway's queue cannot hold it any more.
async fn again(parts: &Parts, now: Millis, rows: &[StuckAttempt]) -> Result<usize, WorkerError> {
    let due: Vec<&StuckAttempt> = rows.iter().filter(|r| is_due(r, now, parts.tuning.unaccepted_after_ms)).collect();
    if due.is_empty() {
        return Ok(0);
    }
    let outstanding: BTreeMap<SocietyCode, u64> = parts.store.credit_outstanding(None).await?.into_iter().collect();
    let mut published = 0;
    for some in not_queued(parts, now, &due, &outstanding).await?.chunks(BATCH) {
        published += publish(parts, some, now).await?;
    }
    Ok(published)
}

/// Rings for recalls that nobody has answered, where the gateway's queue cannot hold them any more. Their number is
/// bounded by the doubling pauses, and by the attempt's own deadline, which ends them.
async fn recall_again(parts: &Parts, now: Millis, rang: &mut HashMap<Uuid, Instant>) -> Result<usize, WorkerError> {
    let rows = parts.store.unanswered_recalls(parts.realm == broker::Realm::Drill, SCAN).await?;
    let mut unanswered: BTreeMap<SocietyCode, u64> = BTreeMap::new();
    for row in &rows {
        *unanswered.entry(row.society.clone()).or_default() += 1;
    }
    let due: Vec<&StuckAttempt> = rows.iter().filter(|r| is_due(r, now, parts.tuning.unaccepted_after_ms)).collect();
    let lost: HashSet<AttemptId> = not_queued(parts, now, &due, &unanswered).await?.into_iter().collect();
    let mut fresh: Vec<&StuckAttempt> = due.into_iter().filter(|r| lost.contains(&r.attempt)).collect();
    fresh.retain(|r| rang.insert(r.attempt.uuid(), Instant::now()).is_none());
    if !fresh.is_empty() {
        tracing::info!(recalls = fresh.len(), "recalled again: nobody answered, and the queue does not hold them");
        ring(&*parts.broker, parts.realm, by_campaign(Bell::Localise, &fresh)).await?;
    }
    Ok(fresh.len())
}

/// Which of these their gateways' queues cannot hold: of all that is unanswered at a gateway, its queue lacks some.
async fn not_queued(
    parts: &Parts,
    now: Millis,
    due: &[&StuckAttempt],
    unanswered: &BTreeMap<SocietyCode, u64>,
) -> Result<Vec<AttemptId>, WorkerError> {
    let mut by_society: BTreeMap<&SocietyCode, Vec<&StuckAttempt>> = BTreeMap::new();
    for row in due {
        by_society.entry(&row.society).or_default().push(row);
    }
    let mut ids = Vec::new();
    for (society, rows) in by_society {
        let waiting = parts.broker.depth(&Queue::notices(parts.realm, society.as_str())).await?.messages;
        let missing = unanswered.get(society).copied().unwrap_or(0).saturating_sub(waiting);
        ids.extend(lost(&rows, now, parts.tuning.notice_ttl_ms, missing));
    }
    Ok(ids)
}

/// A message is looked at after the first pause, then after twice that, and so on.
fn is_due(row: &StuckAttempt, now: Millis, first_pause: i64) -> bool {
    let doublings = u32::try_from(row.dispatches.saturating_sub(1)).unwrap_or(0).min(MAX_DOUBLINGS);
    now.0.saturating_sub(row.since.0) >= first_pause.saturating_mul(1 << doublings)
}

/// Which of these are surely, or as many as may be, not in the queue: past the broker's time to live, or the oldest of
/// as many as the queue lacks.
fn lost(rows: &[&StuckAttempt], now: Millis, ttl: i64, missing: u64) -> Vec<AttemptId> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|r| (r.since, r.attempt));
    let (gone, perhaps): (Vec<_>, Vec<_>) = rows.into_iter().partition(|r| now.0.saturating_sub(r.since.0) >= ttl);
    let missing = usize::try_from(missing).unwrap_or(usize::MAX).saturating_sub(gone.len());
    gone.into_iter().chain(perhaps.into_iter().take(missing)).map(|r| r.attempt).collect()
}

async fn publish(parts: &Parts, ids: &[AttemptId], now: Millis) -> Result<usize, WorkerError> {
    let rows = parts.store.load_leaving(ids, AttemptState::Dispatched).await?;
    let messages: Vec<_> =
        rows.into_iter().filter(|row| now < row.not_after).filter_map(|row| outgoing(parts, row)).collect();
    if messages.is_empty() {
        return Ok(0);
    }
    let published = match parts.broker.publish(messages).await {
        Ok(published) => published,
        Err(error) if error.is_temporary() => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    let Published { confirmed, unknown, .. } = published;
    let ids: Vec<AttemptId> = confirmed.iter().copied().map(AttemptId::from).collect();
    parts.store.redispatched(&ids, now).await?;
    if !unknown.is_empty() {
        return Err(WorkerError::Unconfirmed(unknown.len()));
    }
    tracing::info!(messages = ids.len(), "published again: nobody accepted them and the queue does not hold them");
    Ok(ids.len())
}

/// Persons whose decision is no longer valid, or who were never planned: plan looks for them itself.
async fn replan(parts: &Parts) -> Result<usize, WorkerError> {
    use CampaignState as S;
    // Doorbells that still wait name those persons already.
    if parts.broker.depth(&Queue::stage(parts.realm, broker::Stage::Plan)).await?.messages > 0 {
        return Ok(0);
    }
    let mut rung = Vec::new();
    for incident in incidents(parts).await? {
        for campaign in parts.store.campaigns(incident).await? {
            if matches!(campaign.state, S::Draft | S::Planned | S::Approved | S::Running) {
                rung.push(Doorbell::new(Bell::Plan, incident, Some(campaign.id), Vec::new()));
            }
        }
    }
    ring(&*parts.broker, parts.realm, rung).await?;
    Ok(0)
}

/// Dead letters. A notice that its gateway refused over and over ends as `failed(poison)`; one that only waited too
/// long is published again by [`again`]. A dead doorbell is noted: the rows it names are found by [`round`].
async fn bury(parts: &Parts, consumer: &mut Box<dyn Consumer>, letters: Vec<Incoming>) -> Result<(), WorkerError> {
    let now = parts.store.now().await?;
    let notices = format!("{}.notices.", parts.realm.prefix());
    let mut poisoned: BTreeMap<SocietyCode, Vec<Receipt>> = BTreeMap::new();
    let mut audit = Vec::new();
    for letter in &letters {
        let (queue, reason) = match &letter.death {
            Some(Death { queue, reason }) => (queue.as_str(), *reason),
            None => ("?", DeathReason::Other),
        };
        let society = queue.strip_prefix(&notices).and_then(|code| code.parse::<SocietyCode>().ok());
        tracing::error!(queue, ?reason, message = ?letter.message_id, "dead letter");
        audit.push(entry(queue, reason, letter.message_id));
        let refused = matches!(reason, DeathReason::Rejected | DeathReason::DeliveryLimit);
        if let (Some(society), Some(id), true) = (society, letter.message_id, refused) {
            poisoned.entry(society).or_default().push(poison(id, now));
        }
    }
    for (society, receipts) in &poisoned {
        parts.store.apply_receipts(society, receipts, now).await?;
    }
    parts.store.audit(&audit).await?;
    parts.metrics.refused(WorkerKind::Reconcile, letters.len());
    consumer.ack(&letters.iter().map(|l| l.tag).collect::<Vec<_>>()).await?;
    Ok(())
}

/// The receipt that a gateway gives by refusing a message. Its id follows from the message's: burying twice is once.
fn poison(message: Uuid, now: Millis) -> Receipt {
    const MARK: u128 = 0x706f_6973_6f6e_0000_0000_0000_0000_0000; // «poison»
    Receipt {
        id: Uuid::from_u128(message.as_u128() ^ MARK),
        attempt: AttemptId::from(message),
        kind: ReceiptKind::Failed,
        at: now,
        code: Some(POISON.to_owned()),
        source: ReceiptSource::Gateway,
    }
}

fn entry(queue: &str, reason: DeathReason, message: Option<Uuid>) -> AuditEntry {
    let reason = format!("{reason:?}").to_lowercase();
    AuditEntry {
        actor: "worker.reconcile".to_owned(),
        what: "broker.dead_letter".to_owned(),
        subject: serde_json::json!({ "queue": queue, "reason": reason, "message": message }).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuck(since: i64, dispatches: i32) -> StuckAttempt {
        StuckAttempt {
            attempt: AttemptId::random(),
            campaign: CampaignId::random(),
            incident: IncidentId::random(),
            society: "KE".parse().expect("a code"),
            dispatches,
            since: Millis(since),
        }
    }

    #[test]
    fn a_dead_gateway_is_not_flooded_with_copies() {
        let rows: Vec<_> = (0..10).map(|n| stuck(n, 1)).collect();
        let rows: Vec<_> = rows.iter().collect();
        assert!(lost(&rows, Millis(1000), i64::MAX, 0).is_empty(), "the queue still holds them all");
        let oldest: Vec<_> = rows[..3].iter().map(|r| r.attempt).collect();
        assert_eq!(lost(&rows, Millis(1000), i64::MAX, 3), oldest);
        assert_eq!(lost(&rows, Millis(1000), 996, 0).len(), 5, "past the time to live they are surely gone");
    }

    #[test]
    fn a_linkage_that_stays_away_is_rung_for_once_in_a_while() {
        let (began, long) = (Instant::now(), Duration::from_secs(20));
        let [one, other] = [IncidentId::random(), IncidentId::random()];
        let mut since = HashMap::new();
        let mut look =
            |seconds, there: &[IncidentId]| standing(&mut since, there, long, began + Duration::from_secs(seconds));
        assert!(look(0, &[one]).is_empty(), "its own bell may be on its way");
        assert!(look(19, &[one, other]).is_empty());
        assert_eq!(look(20, &[one, other]), [one]);
        assert!(look(22, &[one, other]).is_empty(), "not at every look");
        assert!(look(38, &[one]).is_empty(), "linked meanwhile");
        assert_eq!(look(40, &[one, other]), [one], "again, and the other begins anew");
    }

    #[test]
    fn pauses_double() {
        let looked_at = |dispatches, age| is_due(&stuck(0, dispatches), Millis(age), 60);
        assert!(!looked_at(1, 59) && looked_at(1, 60));
        assert!(!looked_at(2, 119) && looked_at(2, 120));
        assert!(!looked_at(4, 479) && looked_at(4, 480));
        assert!(looked_at(i32::MAX, i64::MAX), "the pause is bounded");
    }

    #[test]
    fn burying_twice_is_once() {
        let id = Uuid::new_v4();
        assert_eq!(poison(id, Millis(1)).id, poison(id, Millis(2)).id);
        assert_ne!(poison(id, Millis(1)).id, id);
    }
}
