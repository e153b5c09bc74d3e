//! Sealed attempts on their way out, as dispatch and the reconciler need them: versions, instants and sealed bytes, and
//! nobody's steps.

use std::collections::HashMap;

use async_recursion::async_recursion as boxed;
use domain::delivery::{AttemptState, NotificationState};
use domain::{AttemptId, PersonId};

use crate::attempts::in_state;
use crate::db::{Conn, Row, cols, vals};
use crate::{LeavingRow, Store, StoreError};

impl Store {
    /// Attempts still in the expected state with their messages. Released and sealed ones only of running campaigns: a
    /// pause works by that.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn load_leaving(&self, ids: &[AttemptId], state: AttemptState) -> Result<Vec<LeavingRow>, StoreError> {
        self.inner
            .db
            .snapshot((ids.to_vec(), state), |c, (ids, state)| Box::pin(async move { load(c, ids, *state).await }))
            .await
    }
}

async fn load(c: &mut Conn<'_>, ids: &[AttemptId], state: AttemptState) -> Result<Vec<LeavingRow>, StoreError> {
    let rows = c
        .batch_rows(
            concat!(
                "WITH r(id) AS ({r})
             SELECT a.id, n.person, n.state, p.facts_version, a.campaign, a.society, a.not_after, a.facts_version,
                    a.shared, m.message_id, m.body
             FROM r JOIN attempt a ON a.id = r.id
                  JOIN notification n ON n.id = a.notification
                  JOIN person p ON p.incident = n.incident AND p.id = n.person
                  LEFT JOIN message m ON m.attempt = a.id
             WHERE ",
                in_state!()
            ),
            vals![state.as_str()],
            cols![ids],
        )
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    let mut shared: HashMap<AttemptId, usize> = HashMap::new();
    for r in &rows {
        if r.bool(8)? {
            shared.insert(r.id(0)?, out.len());
        }
        out.push(leaving(r)?);
    }
    let ids: Vec<AttemptId> = shared.keys().copied().collect();
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT m.attempt, n.person, n.state, p.facts_version
             FROM r JOIN member m ON m.attempt = r.id AND m.served
                  JOIN notification n ON n.id = m.notification
                  JOIN person p ON p.incident = n.incident AND p.id = n.person
             ORDER BY m.attempt, n.id",
            &[],
            cols![ids],
        )
        .await?;
    for r in &rows {
        if let Some(row) = shared.get(&r.id(0)?).map(|n| &mut out[*n]) {
            serve(row, r)?;
        }
    }
    Ok(out)
}

fn leaving(r: &Row) -> Result<LeavingRow, StoreError> {
    let mut row = LeavingRow {
        id: r.id(0)?,
        campaign: r.id(4)?,
        society: r.society(5)?,
        not_after: r.millis(6)?,
        facts_version: r.i32(7)?,
        current_facts_version: 0,
        persons: Vec::with_capacity(1),
        is_moot: true,
        message: r.opt_uuid(9)?.zip(r.opt_bytes(10)?),
    };
    serve(&mut row, r)?;
    Ok(row)
}

/// One more person whom it serves: person, state and version of the facts in the columns after the attempt.
fn serve(row: &mut LeavingRow, r: &Row) -> Result<(), StoreError> {
    let person: PersonId = r.id(1)?;
    row.persons.push(person);
    row.is_moot &= r.word(2, NotificationState::parse)?.is_end();
    row.current_facts_version += r.i32(3)?;
    Ok(())
}
