//! One message per shared number and campaign.

use std::collections::{HashMap, HashSet};

use domain::channel::{Channel, Level};
use domain::decision::Reason;
use domain::delivery::{AttemptState, NotificationState, outcome};
use domain::manifest::Step;
use domain::{AddressGroupId, AttemptId, Form, Millis, NotificationId};

use super::Release;
use super::take::Turn;
use crate::StoreError;
use crate::db::{Conn, cols, vals};
use crate::settle::{counts_as_open, rank_of};

/// A message to a shared number.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) attempt: AttemptId,
    pub(super) state: AttemptState,
    pub(super) level: Level,
    pub(super) form: Form,
    pub(super) channel: Channel,
    pub(super) language: String,
}

impl Shared {
    /// The message can speak for this turn: a neutral one, on the same channel, in the same language.
    fn serves(&self, turn: &Turn) -> bool {
        self.level <= Level::L2
            && turn.level == Level::L2
            && self.channel == turn.channel
            && self.language == turn.language
    }
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
             SELECT m.grp, a.id, a.state, a.level, a.form, a.channel, s.body FROM r JOIN shared_message m ON m.campaign = $1 AND m.grp = r.grp JOIN attempt a ON a.id = m.attempt
                  JOIN step s ON s.notification = a.notification AND s.decision_version = a.decision_version
                       AND s.step_no = a.step_no
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
                channel: r.word(5, Channel::parse)?,
                language: r.json::<Step>(6)?.language,
            };
            Ok((r.id(0)?, message))
        })
        .collect()
}

/// A person whose words differ from those of the message to the shared number comes up again after this long.
const REVIEW: i64 = 30 * Millis::DAY;

/// Lets notifications share a message. What it reached counts for those it can speak for; for others their step is used
/// up, because a number gets one message. Those that go on, with the instant.
pub(super) async fn join(
    c: &mut Conn<'_>,
    ctx: &Release<'_>,
    joining: &mut [(Turn, Shared)],
) -> Result<Vec<(NotificationId, i64)>, StoreError> {
    let (mut again, mut held) = (Vec::new(), Vec::new());
    for (turn, message) in joining.iter_mut() {
        turn.served = message.serves(turn);
        let reached = outcome(message.state, message.level, message.form);
        match reached.filter(|_| turn.served) {
            _ if turn.served && counts_as_open(message.state) => {
                turn.open_attempt = Some(message.attempt);
            }
            Some(reached) => (turn.state, turn.outcome) = (reached, rank_of(reached)),
            None if turn.step_no + 1 < turn.steps => again.push((turn.notification, ctx.now.0)),
            None if turn.language == message.language => turn.state = NotificationState::Exhausted,
            None => {
                turn.state = NotificationState::Held;
                held.push(turn.notification);
            }
        }
    }
    members(c, ctx, joining).await?;
    c.batch(
        "WITH r(id) AS ({r}) UPDATE notification SET review_at = $1,
                reasons = CASE WHEN reasons = '' THEN $2 ELSE reasons || ',' || $2 END
         FROM r WHERE notification.id = r.id",
        vals![ctx.now.plus(REVIEW), Reason::Language.as_str()],
        cols![held],
    )
    .await?;
    Ok(again)
}

async fn members(c: &mut Conn<'_>, ctx: &Release<'_>, joining: &[(Turn, Shared)]) -> Result<(), StoreError> {
    c.batch(
        "WITH r(attempt, notification, version, step_no, channel, served, open) AS ({r})
         INSERT INTO member (attempt, notification, decision_version, step_no, society, channel, served, open)
         SELECT attempt, notification, version, step_no, $1, channel, served, open FROM r WHERE true
         ON CONFLICT DO NOTHING",
        vals![ctx.society],
        cols![
            joining.iter().map(|(_, m)| m.attempt).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.notification).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.version).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.step_no).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.channel.as_str()).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.served).collect::<Vec<_>>(),
            joining.iter().map(|(t, _)| t.open_attempt.is_some()).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}
