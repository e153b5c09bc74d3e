//! Receipts: append-only; an attempt's state is the join of all of them, whatever their order and repetition.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_recursion::async_recursion as boxed;
use domain::delivery::{AttemptState, join};
use domain::receipt::{Receipt, ReceiptKind};
use domain::{AttemptId, Millis, SocietyCode};
use uuid::Uuid;

use crate::db::{Conn, cols, vals};
use crate::settle::{Change, Known, close_groups, known, known_columns, settle};
use crate::{Effects, Store, StoreError};

impl Store {
    /// Records receipts of one Society: log, attempts, notifications, next steps, contact points that are closed.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn apply_receipts(
        &self,
        society: &SocietyCode,
        receipts: &[Receipt],
        now: Millis,
    ) -> Result<Effects, StoreError> {
        let data = (society.clone(), receipts.to_vec(), now);
        self.inner
            .db
            .write(data, |c, (society, receipts, now)| Box::pin(async move { apply(c, society, receipts, *now).await }))
            .await
    }
}

const fn bit(kind: ReceiptKind) -> i32 {
    1 << kind as i32
}

fn kinds(mask: i32) -> impl Iterator<Item = ReceiptKind> {
    ReceiptKind::ALL.iter().copied().filter(move |k| mask & bit(*k) != 0)
}

/// The state that the receipts of a mask give an attempt. What we have closed ourselves stays closed for weaker news:
/// the next step may be under way. A recall waits for its own answer.
fn state_after(attempt: &Known, mask: i32) -> AttemptState {
    match join(kinds(mask)) {
        None => attempt.state,
        Some(joined) if joined.is_open() && !attempt.open => attempt.state,
        Some(AttemptState::Accepted | AttemptState::Sent) if attempt.state == AttemptState::Recalling => {
            AttemptState::Recalling
        }
        Some(joined) => joined,
    }
}

pub(crate) async fn apply(
    c: &mut Conn<'_>,
    society: &SocietyCode,
    receipts: &[Receipt],
    now: Millis,
) -> Result<Effects, StoreError> {
    let mut effects = Effects::default();
    let mut seen = HashSet::new();
    let all = receipts.len();
    let receipts: Vec<&Receipt> = receipts.iter().filter(|r| seen.insert(r.id)).collect();
    effects.repeated = (all - receipts.len()) as u64;
    let attempts = attempts(c, &receipts).await?;
    let (mut ours, mut unknown) = (Vec::new(), Vec::new());
    for receipt in receipts {
        match attempts.get(&receipt.attempt) {
            Some(attempt) if attempt.society == *society => ours.push(receipt),
            Some(_) => effects.foreign += 1,
            None => unknown.push(receipt),
        }
    }
    let parked = log(c, society, &unknown, now, PARK).await?;
    effects.parked = parked.len() as u64;
    effects.repeated += (unknown.len() - parked.len()) as u64;
    let new = log(c, society, &ours, now, APPEND).await?;
    effects.new = new.len() as u64;
    effects.repeated += (ours.len() - new.len()) as u64;
    ours.retain(|r| new.contains(&r.id));
    fold(c, attempts, &ours, now, &mut effects).await?;
    Ok(effects)
}

/// What new receipts change.
async fn fold(
    c: &mut Conn<'_>,
    attempts: HashMap<AttemptId, Known>,
    receipts: &[&Receipt],
    now: Millis,
    effects: &mut Effects,
) -> Result<(), StoreError> {
    let mut masks: BTreeMap<AttemptId, i32> = BTreeMap::new();
    for receipt in receipts {
        *masks.entry(receipt.attempt).or_default() |= bit(receipt.kind);
    }
    let closing = bit(ReceiptKind::WrongPerson) | bit(ReceiptKind::Unsafe);
    let mut changes = Vec::with_capacity(masks.len());
    let mut harmful = Vec::new();
    for (id, added) in &masks {
        let Some(attempt) = attempts.get(id) else {
            continue;
        };
        let mask = attempt.mask | added;
        if mask == attempt.mask {
            continue;
        }
        if added & !attempt.mask & closing != 0 {
            harmful.push(attempt);
        }
        changes.push(Change { state: state_after(attempt, mask), mask, attempt: attempt.clone() });
    }
    let freed = settle(c, &changes, now).await?;
    effects.freed = freed.into_iter().map(|((k, s), n)| (k, s, n)).collect();
    effects.replan = close_groups(c, &harmful, now).await?;
    Ok(())
}

async fn attempts(c: &mut Conn<'_>, receipts: &[&Receipt]) -> Result<HashMap<AttemptId, Known>, StoreError> {
    let ids: HashSet<AttemptId> = receipts.iter().map(|r| r.attempt).collect();
    let ids: Vec<AttemptId> = ids.into_iter().collect();
    let rows = c
        .batch_rows(
            concat!(
                "WITH r(id) AS ({r}) SELECT ",
                known_columns!(),
                " FROM r JOIN attempt a ON a.id = r.id JOIN campaign k ON k.id = a.campaign ORDER BY a.id {lock_a}"
            ),
            &[],
            cols![ids],
        )
        .await?;
    rows.iter()
        .map(|r| {
            let attempt = known(r)?;
            Ok((attempt.id, attempt))
        })
        .collect()
}

const APPEND: &str = "WITH r(id, attempt, kind, at, code, source) AS ({r})
    INSERT INTO receipt (society, id, attempt, kind, at, code, source, received_at)
    SELECT $1, id, attempt, kind, at, code, source, $2 FROM r WHERE true ON CONFLICT DO NOTHING RETURNING id";

const PARK: &str = "WITH r(id, attempt, kind, at, code, source) AS ({r})
    INSERT INTO parked_receipt (society, id, attempt, kind, at, code, source, received_at)
    SELECT $1, id, attempt, kind, at, code, source, $2 FROM r WHERE true ON CONFLICT DO NOTHING RETURNING id";

/// Writes receipts; the ids of those that were not there.
async fn log(
    c: &mut Conn<'_>,
    society: &SocietyCode,
    receipts: &[&Receipt],
    now: Millis,
    sql: &'static str,
) -> Result<HashSet<Uuid>, StoreError> {
    let rows = c
        .batch_rows(
            sql,
            vals![society, now],
            cols![
                receipts.iter().map(|r| r.id).collect::<Vec<_>>(),
                receipts.iter().map(|r| r.attempt).collect::<Vec<_>>(),
                receipts.iter().map(|r| r.kind.as_str()).collect::<Vec<_>>(),
                receipts.iter().map(|r| r.at.0).collect::<Vec<i64>>(),
                receipts.iter().map(|r| r.code.clone()).collect::<Vec<Option<String>>>(),
                receipts.iter().map(|r| r.source.as_str()).collect::<Vec<_>>(),
            ],
        )
        .await?;
    rows.iter().map(|r| r.uuid(0)).collect()
}
