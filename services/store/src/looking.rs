//! Looking: counts from rows, never from counters.

use std::collections::BTreeMap;

use domain::channel::{Channel, Level};
use domain::decision::{Owner, Reason, RuleId};
use domain::delivery::{AttemptState, NotificationState};
use domain::ledger::Ledger;
use domain::{AttemptId, Audience, CampaignId, IncidentId, NotificationId, PersonId};
use uuid::Uuid;

use crate::db::{Conn, Row, vals};
use crate::{AttemptSummary, HoldRow, NotificationRow, Store, StoreError, Tallies};

impl Store {
    /// The conservation ledger, each count by its own query over rows of one snapshot.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn ledger(
        &self,
        incident: IncidentId,
        campaign: Option<CampaignId>,
    ) -> Result<Ledger, StoreError> {
        self.inner
            .db
            .snapshot((incident, campaign), |c, (incident, campaign)| {
                Box::pin(async move { ledger(c, *incident, *campaign).await })
            })
            .await
    }

    /// Counts of one campaign.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn tallies(&self, campaign: CampaignId) -> Result<Tallies, StoreError> {
        self.inner
            .db
            .snapshot(campaign, |c, campaign| {
                Box::pin(async move { tallies(c, *campaign).await })
            })
            .await
    }

    /// Held persons in the order of notification ids; of one owner, or of all.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn holds(
        &self,
        campaign: CampaignId,
        owner: Option<Owner>,
        after: Option<NotificationId>,
        limit: u32,
    ) -> Result<Vec<HoldRow>, StoreError> {
        self.inner
            .db
            .read((campaign, owner, after, limit), |c, (campaign, owner, after, limit)| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT id, person, society, reasons, rules, review_at, state FROM notification
                             WHERE campaign = $1 AND state = 'held' AND id > $2 ORDER BY id",
                            vals![*campaign, after.map_or(Uuid::nil(), NotificationId::uuid)],
                        )
                        .await?;
                    let mut out = Vec::new();
                    for r in &rows {
                        let hold = hold_row(r)?;
                        if owner.is_none_or(|o| hold.reasons.iter().any(|x| x.owner() == o)) {
                            out.push(hold);
                        }
                        if out.len() >= *limit as usize {
                            break;
                        }
                    }
                    Ok(out)
                })
            })
            .await
    }

    /// One notification with its plan and tries.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn notification(
        &self,
        campaign: CampaignId,
        person: PersonId,
    ) -> Result<Option<NotificationRow>, StoreError> {
        self.inner
            .db
            .snapshot((campaign, person), |c, (campaign, person)| {
                Box::pin(async move { notification(c, *campaign, *person).await })
            })
            .await
    }

    /// The attempt of a reference code.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn find_reference(&self, code: &str) -> Result<Option<AttemptId>, StoreError> {
        self.inner
            .db
            .read(code.to_owned(), |c, code| {
                Box::pin(async move {
                    c.row(
                        "SELECT attempt FROM message WHERE reference = $1",
                        vals![code],
                    )
                    .await?
                    .map(|r| r.id(0))
                    .transpose()
                })
            })
            .await
    }

    /// What keeps a campaign from being closed; nothing: it can be.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for an unknown campaign.
    pub async fn can_close(&self, campaign: CampaignId) -> Result<Vec<String>, StoreError> {
        self.inner
            .db
            .snapshot(campaign, |c, campaign| {
                Box::pin(async move { can_close(c, *campaign).await })
            })
            .await
    }
}

async fn ledger(
    c: &mut Conn<'_>,
    incident: IncidentId,
    campaign: Option<CampaignId>,
) -> Result<Ledger, StoreError> {
    let mut ledger = Ledger::default();
    let row = c
        .row(
            "SELECT (SELECT CAST(coalesce(sum(rows_read), 0) AS bigint) FROM import
                         WHERE incident = $1 AND state = 'applied'),
                    (SELECT count(*) FROM record t JOIN import i ON i.id = t.import
                         WHERE t.incident = $1 AND i.state = 'applied'),
                    (SELECT count(*) FROM record_version v JOIN import i ON i.id = v.import
                         WHERE v.incident = $1 AND i.state = 'applied'),
                    (SELECT count(*) FROM unchanged u JOIN import i ON i.id = u.import
                         WHERE i.incident = $1 AND i.state = 'applied'),
                    (SELECT count(*) FROM quarantine q JOIN import i ON i.id = q.import
                         WHERE i.incident = $1 AND i.state = 'applied'),
                    (SELECT count(*) FROM record WHERE incident = $1),
                    (SELECT count(*) FROM record t JOIN link l ON l.record = t.id
                         JOIN person p ON p.incident = t.incident AND p.id = l.person AND p.superseded_by IS NULL
                         WHERE t.incident = $1),
                    (SELECT count(*) FROM record t LEFT JOIN link l ON l.record = t.id
                         WHERE t.incident = $1 AND l.record IS NULL),
                    (SELECT count(*) FROM person WHERE incident = $1 AND superseded_by IS NULL)",
            vals![incident],
        )
        .await?
        .ok_or(StoreError::Schema)?;
    let count = |n: usize| -> Result<u64, StoreError> { Ok(row.i64(n)? as u64) };
    ledger.rows_read = count(0)?;
    ledger.new = count(1)?;
    ledger.updated = count(2)?;
    ledger.unchanged = count(3)?;
    ledger.quarantined = count(4)?;
    ledger.records = count(5)?;
    ledger.records_linked = count(6)?;
    ledger.records_pending = count(7)?;
    ledger.persons = count(8)?;
    let Some(campaign) = campaign else {
        // Without a campaign everybody is outside one.
        ledger
            .outside
            .insert("no campaign".to_owned(), ledger.persons);
        return Ok(ledger);
    };
    let rows = c
        .rows(
            "SELECT n.state, count(*) FROM notification n
             JOIN person p ON p.incident = n.incident AND p.id = n.person AND p.superseded_by IS NULL
             WHERE n.campaign = $1 AND n.state <> 'superseded' GROUP BY n.state",
            vals![campaign],
        )
        .await?;
    for r in &rows {
        ledger
            .notifications
            .insert(r.word(0, NotificationState::parse)?, r.i64(1)? as u64);
    }
    ledger.persons_told_twice = c
        .count(
            "SELECT count(*) FROM (SELECT person FROM notification WHERE campaign = $1 AND state <> 'superseded'
             GROUP BY person HAVING count(*) > 1) AS twice",
            vals![campaign],
        )
        .await? as u64;
    let rows = c
        .rows(
            "SELECT o.reason, count(*) FROM outside o
             JOIN person p ON p.incident = $2 AND p.id = o.person AND p.superseded_by IS NULL
             WHERE o.campaign = $1 GROUP BY o.reason",
            vals![campaign, incident],
        )
        .await?;
    for r in &rows {
        ledger.outside.insert(r.text(0)?, r.i64(1)? as u64);
    }
    Ok(ledger)
}

async fn tallies(c: &mut Conn<'_>, campaign: CampaignId) -> Result<Tallies, StoreError> {
    let mut out = Tallies::default();
    let rows = c
        .rows(
            "SELECT channel, state, count(*), CAST(sum(dispatches) AS bigint),
                    count(CASE WHEN kid IS NOT NULL OR dispatches > 0 OR state = 'sealed' THEN 1 END)
             FROM attempt WHERE campaign = $1 GROUP BY channel, state",
            vals![campaign],
        )
        .await?;
    for r in &rows {
        let key = (r.word(0, Channel::parse)?, r.word(1, AttemptState::parse)?);
        out.by_channel.insert(key, r.i64(2)? as u64);
        out.dispatches += r.i64(3)? as u64;
        out.messages += r.i64(4)? as u64;
    }
    let rows = c
        .rows(
            "SELECT state, coalesce(society, '-'), groups,
                    CASE WHEN state = 'held' THEN reasons ELSE '' END,
                    CASE WHEN state = 'held' THEN rules ELSE '' END, count(*)
             FROM notification WHERE campaign = $1 AND state <> 'superseded' GROUP BY 1, 2, 3, 4, 5",
            vals![campaign],
        )
        .await?;
    for r in &rows {
        let (state, n) = (r.word(0, NotificationState::parse)?, r.i64(5)? as u64);
        let add = |map: &mut BTreeMap<String, BTreeMap<NotificationState, u64>>, key: &str| {
            *map.entry(key.to_owned())
                .or_default()
                .entry(state)
                .or_default() += n;
        };
        add(&mut out.by_society, &r.text(1)?);
        for group in r.text(2)?.split(',').filter(|g| !g.is_empty()) {
            add(&mut out.by_group, group);
        }
        for reason in r.words(3, Reason::parse)? {
            *out.by_reason.entry(reason).or_default() += n;
        }
        for rule in r.words(4, RuleId::parse)? {
            *out.by_rule.entry(rule).or_default() += n;
        }
    }
    Ok(out)
}

fn hold_row(r: &Row) -> Result<HoldRow, StoreError> {
    Ok(HoldRow {
        notification: r.id(0)?,
        person: r.id(1)?,
        society: r.opt_society(2)?,
        reasons: r.words(3, Reason::parse)?,
        rules: r.words(4, RuleId::parse)?,
        review_at: r.opt_millis(5)?,
        state: r.word(6, NotificationState::parse)?,
    })
}

async fn notification(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    person: PersonId,
) -> Result<Option<NotificationRow>, StoreError> {
    let row = c
        .row(
            "SELECT id, state, decision_version, reasons, rules, audience, society, facts_version, valid_until, due_at,
                    review_at, rank
             FROM notification WHERE campaign = $1 AND person = $2",
            vals![campaign, person],
        )
        .await?;
    let Some(r) = row else { return Ok(None) };
    let id: NotificationId = r.id(0)?;
    let steps = c
        .rows(
            "SELECT body FROM step WHERE notification = $1 AND decision_version = $2 ORDER BY step_no",
            vals![id, r.i32(2)?],
        )
        .await?;
    let attempts = c
        .rows(
            "SELECT id, step_no, channel, society, level, state, released_at, shared FROM attempt
                 WHERE notification = $1
             UNION
             SELECT a.id, m.step_no, a.channel, a.society, a.level, a.state, a.released_at, a.shared
                 FROM member m JOIN attempt a ON a.id = m.attempt
                 WHERE m.notification = $1 AND a.notification <> $1
             ORDER BY 7, 1",
            vals![id],
        )
        .await?;
    Ok(Some(NotificationRow {
        id,
        campaign,
        person,
        state: r.word(1, NotificationState::parse)?,
        decision_version: r.i32(2)?,
        steps: steps.iter().map(|s| s.json(0)).collect::<Result<_, _>>()?,
        reasons: r.words(3, Reason::parse)?,
        rules: r.words(4, RuleId::parse)?,
        audience: r.word(5, Audience::parse)?,
        society: r.opt_society(6)?,
        facts_version: r.i32(7)?,
        valid_until: r.millis(8)?,
        due_at: r.opt_millis(9)?,
        review_at: r.opt_millis(10)?,
        rank: r.i32(11)?,
        attempts: attempts
            .iter()
            .map(attempt_summary)
            .collect::<Result<_, _>>()?,
    }))
}

fn attempt_summary(r: &Row) -> Result<AttemptSummary, StoreError> {
    Ok(AttemptSummary {
        id: r.id(0)?,
        step_no: r.i32(1)?,
        channel: r.word(2, Channel::parse)?,
        society: r.society(3)?,
        level: r.word(4, Level::parse)?,
        state: r.word(5, AttemptState::parse)?,
        released_at: r.millis(6)?,
        shared: r.bool(7)?,
    })
}

async fn can_close(c: &mut Conn<'_>, campaign: CampaignId) -> Result<Vec<String>, StoreError> {
    let incident = c
        .row(
            "SELECT incident FROM campaign WHERE id = $1",
            vals![campaign],
        )
        .await?
        .ok_or(StoreError::Missing("campaign"))?
        .id(0)?;
    let ledger = ledger(c, incident, Some(campaign)).await?;
    let mut out: Vec<String> = ledger
        .imbalances()
        .into_iter()
        .map(|what| format!("the ledger does not balance: {what}"))
        .collect();
    for (state, n) in ledger.notifications.iter().filter(|(s, _)| !s.is_end()) {
        out.push(format!("{n} notifications are {state}"));
    }
    let undated = c
        .count(
            "SELECT count(*) FROM notification WHERE campaign = $1 AND state = 'held'
             AND (review_at IS NULL OR reasons = '')",
            vals![campaign],
        )
        .await?;
    if undated > 0 {
        out.push(format!("{undated} holds have no owner or no review date"));
    }
    let open = c
        .count(
            "SELECT count(*) FROM attempt WHERE open AND campaign = $1",
            vals![campaign],
        )
        .await?;
    if open > 0 {
        out.push(format!("{open} attempts are open"));
    }
    Ok(out)
}
