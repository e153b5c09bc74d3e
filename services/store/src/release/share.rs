//! One message per shared number and campaign.

use std::collections::{HashMap, HashSet};

use domain::channel::Level;
use domain::delivery::{AttemptState, NotificationState, outcome};
use domain::{AddressGroupId, AttemptId, Form, NotificationId};

use super::Release;
use super::take::Turn;
use crate::StoreError;
use crate::db::{Conn, cols, vals};
use crate::settle::{counts_as_open, rank_of};

/// A message to a shared number.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    pub(super) attempt: AttemptId,
    pub(super) state: AttemptState,
    pub(super) level: Level,
    pub(super) form: Form,
}

/// Messages that went, or are going, to these shared numbers in this campaign.
pub(super) async fn messages_of(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    turns: &[Turn],
) -> Result<HashMap<AddressGroupId, Shared>, StoreError> {
    let groups: HashSet<AddressGroupId> = turns.iter().filter_map(|t| t.group).collect();
    let groups: Vec<AddressGroupId> = groups.into_iter().collect();
    let rows = c
        .batch_rows(
            "WITH r(grp) AS ({r})
             SELECT m.grp, a.id, a.state, a.level, a.form FROM r
                  JOIN shared_message m ON m.campaign = $1 AND m.grp = r.grp JOIN attempt a ON a.id = m.attempt
             ORDER BY a.id {lock_a}",
            vals![ctx.campaign],
            cols![groups],
        )
        .await?;
    rows.iter()
        .map(|r| {
            let message = Shared {
                attempt: r.id(1)?,
                state: r.word(2, AttemptState::parse)?,
                level: r.word(3, Level::parse)?,
                form: r.word(4, Form::parse)?,
            };
            Ok((r.id(0)?, message))
        })
        .collect()
}

/// Lets notifications share a message. What it reached counts for those it may say that much to; for others their step
/// is used up, because a number gets one message. Those that go on, with the instant.
pub(super) async fn join(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    joining: &mut [(Turn, Shared)],
) -> Result<Vec<(NotificationId, i64)>, StoreError> {
    let mut again = Vec::new();
    for (turn, message) in joining.iter_mut() {
        let allowed = message.state == AttemptState::Released || turn.level >= message.level;
        let open = counts_as_open(message.state);
        if allowed && open {
            turn.open_attempt = Some(message.attempt);
        } else if let (true, Some(reached)) =
            (allowed, outcome(message.state, message.level, message.form))
        {
            turn.state = reached;
            turn.outcome = rank_of(reached);
        } else if turn.step_no + 1 < turn.steps {
            again.push((turn.notification, ctx.now.0));
        } else {
            turn.state = NotificationState::Exhausted;
        }
    }
    c.batch(
        "WITH r(attempt, notification, version, step_no, channel, open) AS ({r})
         INSERT INTO member (attempt, notification, decision_version, step_no, society, channel, open)
         SELECT attempt, notification, version, step_no, $1, channel, open FROM r WHERE true
         ON CONFLICT (attempt, notification) DO UPDATE SET decision_version = excluded.decision_version,
             step_no = excluded.step_no, society = excluded.society, channel = excluded.channel, open = excluded.open",
        vals![ctx.society],
        cols![
            joining.iter().map(|(_, m)| m.attempt).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.notification).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.version).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.step_no).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.channel.as_str()).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.open_attempt.is_some()).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(again)
}
