//! Looking: ledger, tallies, holds, one notification. Everything is computed from rows.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use domain::decision::{Owner, Reason, RuleId};
use domain::delivery::{AttemptState, NotificationState};
use domain::ledger::Ledger;
use domain::manifest::Step;
use domain::{AttemptId, Audience, CampaignId, Channel, IncidentId, Level, NotificationId, PersonId};

use crate::db::{Conn, Row, vals};
use crate::{AttemptSummary, HoldRow, NotificationRow, Store, StoreError, Tallies};

impl Store {
    /// The conservation ledger of an incident, and of one campaign where one is named. One snapshot: its figures
    /// agree with each other.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn ledger(&self, incident: IncidentId, campaign: Option<CampaignId>) -> Result<Ledger, StoreError> {
        self.inner
            .db
            .snapshot((incident, campaign), |c, (incident, campaign)| {
                Box::pin(async move {
                    let mut ledger = records(c, *incident).await?;
                    match campaign {
                        Some(campaign) => notifications(c, *incident, *campaign, &mut ledger).await?,
                        None => {
                            ledger.outside.insert("no_campaign".to_owned(), ledger.persons);
                        }
                    }
                    Ok(ledger)
                })
            })
            .await
    }

    /// Current persons of an incident.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn count_persons(&self, incident: IncidentId) -> Result<u64, StoreError> {
        let count =
            self.inner.db.read(incident, |c, id| Box::pin(async move { c.count(PERSONS, vals![*id]).await })).await?;
        Ok(whole(count))
    }

    /// Counts of a campaign by channel, reason, rule, group and Society.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn tallies(&self, campaign: CampaignId) -> Result<Tallies, StoreError> {
        self.inner.db.snapshot(campaign, |c, campaign| Box::pin(async move { tallies(c, *campaign).await })).await
    }

    /// Held persons, by notification id. `owner`: only those whose first reason is that owner's.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
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
                    let after = after.map_or(uuid::Uuid::nil(), |id| id.uuid());
                    let rows = c
                        .rows(
                            "SELECT id, person, society, reasons, rules, review_at, state FROM notification
                             WHERE campaign = $1 AND state = 'held' AND id > $2 ORDER BY id",
                            vals![*campaign, after],
                        )
                        .await?;
                    let owned = |hold: &HoldRow| match (owner, hold.reasons.first()) {
                        (None, _) => true,
                        (Some(owner), Some(first)) => first.owner() == *owner,
                        (Some(_), None) => false,
                    };
                    let mut holds = Vec::new();
                    for row in &rows {
                        let hold = hold(row)?;
                        if holds.len() < *limit as usize && owned(&hold) {
                            holds.push(hold);
                        }
                    }
                    Ok(holds)
                })
            })
            .await
    }

    /// A person's notification in a campaign, with its attempts.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
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

    /// The attempt whose message carries a reference code.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn find_reference(&self, code: &str) -> Result<Option<AttemptId>, StoreError> {
        self.inner
            .db
            .read(code.to_owned(), |c, code| {
                Box::pin(async move {
                    let row = c.row("SELECT attempt FROM message WHERE reference = $1", vals![code]).await?;
                    row.map(|r| r.id(0)).transpose()
                })
            })
            .await
    }

    /// Whom every attempt of a campaign serves and by which channel, further members of shared messages included.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn attempt_members(
        &self,
        campaign: CampaignId,
    ) -> Result<Vec<(AttemptId, PersonId, Channel)>, StoreError> {
        self.inner
            .db
            .read(campaign, |c, campaign| {
                Box::pin(async move {
                    let rows = c
                        .rows(
                            "SELECT a.id, n.person, a.channel FROM attempt a
                             JOIN notification n ON n.id = a.notification WHERE a.campaign = $1
                             UNION ALL
                             SELECT m.attempt, n.person, m.channel FROM member m
                             JOIN notification n ON n.id = m.notification WHERE n.campaign = $1 AND m.served",
                            vals![*campaign],
                        )
                        .await?;
                    rows.iter().map(|r| Ok((r.id(0)?, r.id(1)?, r.word(2, Channel::parse)?))).collect()
                })
            })
            .await
    }

    /// The incident a person belongs to.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn person_incident(&self, person: PersonId) -> Result<Option<IncidentId>, StoreError> {
        self.inner
            .db
            .read(person, |c, person| {
                Box::pin(async move {
                    let row = c.row("SELECT incident FROM person WHERE id = $1", vals![*person]).await?;
                    row.map(|r| r.id(0)).transpose()
                })
            })
            .await
    }

    /// What keeps a campaign from closing, in words; empty: it can be closed.
    ///
    /// # Errors
    /// What the database refuses.
    #[boxed]
    pub async fn can_close(&self, campaign: CampaignId) -> Result<Vec<String>, StoreError> {
        let Some(row) = self.campaign(campaign).await? else {
            return Ok(vec!["there is no such campaign".to_owned()]);
        };
        let ledger = self.ledger(row.incident, Some(campaign)).await?;
        let mut open: Vec<String> =
            ledger.imbalances().into_iter().map(|what| format!("the ledger does not balance: {what}")).collect();
        for (state, n) in ledger.notifications.iter().filter(|(state, n)| !state.is_end() && **n > 0) {
            open.push(format!("{n} persons are {state}"));
        }
        let unowned = self
            .inner
            .db
            .read(campaign, |c, campaign| {
                Box::pin(async move {
                    c.count(
                        "SELECT count(*) FROM notification
                         WHERE campaign = $1 AND state = 'held' AND (reasons = '' OR review_at IS NULL)",
                        vals![*campaign],
                    )
                    .await
                })
            })
            .await?;
        if unowned > 0 {
            open.push(format!("{unowned} held persons have no owner or no review date"));
        }
        Ok(open)
    }
}

const PERSONS: &str = "SELECT count(*) FROM person WHERE incident = $1 AND superseded_by IS NULL";

fn whole(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// The equations of rows and records, of imports that are applied. What an import did is counted in the rows that it
/// left behind.
async fn records(c: &mut Conn<'_>, incident: IncidentId) -> Result<Ledger, StoreError> {
    const ROWS: &str = "SELECT CAST(coalesce(sum(rows_read), 0) AS bigint) FROM import
                        WHERE incident = $1 AND state = 'applied'";
    const NEW: &str = "SELECT count(*) FROM record t JOIN import i ON i.id = t.import
                       WHERE t.incident = $1 AND i.state = 'applied'";
    const UPDATED: &str = "SELECT count(*) FROM record_version v JOIN import i ON i.id = v.import
                           WHERE v.incident = $1 AND i.state = 'applied'";
    const UNCHANGED: &str = "SELECT count(*) FROM unchanged u JOIN import i ON i.id = u.import
                             WHERE i.incident = $1 AND i.state = 'applied'";
    const QUARANTINED: &str = "SELECT count(*) FROM quarantine q JOIN import i ON i.id = q.import
                               WHERE i.incident = $1 AND i.state = 'applied'";
    const RECORDS: &str = "SELECT count(*) FROM record WHERE incident = $1";
    const LINKED: &str = "SELECT count(*) FROM record t JOIN link l ON l.record = t.id
                          JOIN person p ON p.incident = t.incident AND p.id = l.person AND p.superseded_by IS NULL
                          WHERE t.incident = $1";
    const PENDING: &str = "SELECT count(*) FROM record t LEFT JOIN link l ON l.record = t.id
                           WHERE t.incident = $1 AND l.record IS NULL";
    let id = vals![incident];
    Ok(Ledger {
        rows_read: whole(c.count(ROWS, id).await?),
        new: whole(c.count(NEW, id).await?),
        updated: whole(c.count(UPDATED, id).await?),
        unchanged: whole(c.count(UNCHANGED, id).await?),
        quarantined: whole(c.count(QUARANTINED, id).await?),
        records: whole(c.count(RECORDS, id).await?),
        records_linked: whole(c.count(LINKED, id).await?),
        records_pending: whole(c.count(PENDING, id).await?),
        persons: whole(c.count(PERSONS, id).await?),
        ..Ledger::default()
    })
}

/// The equation of persons: of those who are current.
async fn notifications(
    c: &mut Conn<'_>,
    incident: IncidentId,
    campaign: CampaignId,
    ledger: &mut Ledger,
) -> Result<(), StoreError> {
    let rows = c
        .rows(
            "SELECT n.state, count(*) FROM notification n
             JOIN person p ON p.incident = n.incident AND p.id = n.person
             WHERE n.campaign = $1 AND p.superseded_by IS NULL GROUP BY n.state",
            vals![campaign],
        )
        .await?;
    for row in &rows {
        ledger.notifications.insert(row.word(0, NotificationState::parse)?, whole(row.i64(1)?));
    }
    let rows = c
        .rows(
            "SELECT o.reason, count(*) FROM outside o
             JOIN person p ON p.incident = $2 AND p.id = o.person
             WHERE o.campaign = $1 AND p.superseded_by IS NULL
               AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.campaign = o.campaign AND n.person = o.person)
             GROUP BY o.reason",
            vals![campaign, incident],
        )
        .await?;
    for row in &rows {
        ledger.outside.insert(row.text(0)?, whole(row.i64(1)?));
    }
    ledger.persons_told_twice = whole(
        c.count(
            "SELECT count(*) FROM (SELECT person FROM notification WHERE campaign = $1 GROUP BY person
                                   HAVING count(*) > 1) AS t",
            vals![campaign],
        )
        .await?,
    );
    Ok(())
}

async fn tallies(c: &mut Conn<'_>, campaign: CampaignId) -> Result<Tallies, StoreError> {
    let mut tallies = Tallies::default();
    let rows = c
        .rows(
            "SELECT channel, state, count(*), CAST(sum(dispatches) AS bigint) FROM attempt
             WHERE campaign = $1 GROUP BY channel, state",
            vals![campaign],
        )
        .await?;
    for row in &rows {
        let n = whole(row.i64(2)?);
        let key = (row.word(0, Channel::parse)?, row.word(1, AttemptState::parse)?);
        tallies.by_channel.insert(key, n);
        tallies.dispatches += whole(row.opt_i64(3)?.unwrap_or(0));
    }
    tallies.messages =
        whole(c.count("SELECT count(*) FROM attempt WHERE campaign = $1 AND dispatches > 0", vals![campaign]).await?);
    let rows = c
        .rows(
            "SELECT state, reasons, rules, groups, coalesce(society, ''), count(*) FROM notification
             WHERE campaign = $1 GROUP BY state, reasons, rules, groups, coalesce(society, '')",
            vals![campaign],
        )
        .await?;
    for row in &rows {
        let (state, n) = (row.word(0, NotificationState::parse)?, whole(row.i64(5)?));
        if state == NotificationState::Held {
            for reason in row.words(1, Reason::parse)? {
                *tallies.by_reason.entry(reason).or_default() += n;
            }
            for rule in row.words(2, RuleId::parse)? {
                *tallies.by_rule.entry(rule).or_default() += n;
            }
        }
        let add = |map: &mut BTreeMap<String, BTreeMap<NotificationState, u64>>, key: &str| {
            *map.entry(key.to_owned()).or_default().entry(state).or_default() += n;
        };
        for group in row.text(3)?.split(',').filter(|g| !g.is_empty()) {
            add(&mut tallies.by_group, group);
        }
        let society = row.text(4)?;
        add(&mut tallies.by_society, if society.is_empty() { "none" } else { &society });
    }
    Ok(tallies)
}

fn hold(row: &Row) -> Result<HoldRow, StoreError> {
    Ok(HoldRow {
        notification: row.id(0)?,
        person: row.id(1)?,
        society: row.opt_society(2)?,
        reasons: row.words(3, Reason::parse)?,
        rules: row.words(4, RuleId::parse)?,
        review_at: row.opt_millis(5)?,
        state: row.word(6, NotificationState::parse)?,
    })
}

async fn notification(
    c: &mut Conn<'_>,
    campaign: CampaignId,
    person: PersonId,
) -> Result<Option<NotificationRow>, StoreError> {
    let row = c
        .row(
            "SELECT id, state, decision_version, reasons, rules, audience, society, facts_version, valid_until,
                    due_at, review_at, rank
             FROM notification WHERE campaign = $1 AND person = $2",
            vals![campaign, person],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (id, version): (NotificationId, i32) = (row.id(0)?, row.i32(2)?);
    let steps = c
        .rows(
            "SELECT body FROM step WHERE notification = $1 AND decision_version = $2 ORDER BY step_no",
            vals![id, version],
        )
        .await?;
    let attempts = c
        .rows(
            "SELECT id, step_no, channel, society, level, state, released_at, shared FROM attempt
             WHERE notification = $1
             UNION ALL
             SELECT a.id, m.step_no, a.channel, a.society, a.level, a.state, a.released_at, a.shared FROM member m
             JOIN attempt a ON a.id = m.attempt WHERE m.notification = $1 AND m.served
             ORDER BY 7, 1",
            vals![id],
        )
        .await?;
    Ok(Some(NotificationRow {
        id,
        campaign,
        person,
        state: row.word(1, NotificationState::parse)?,
        decision_version: version,
        steps: steps.iter().map(|r| r.json::<Step>(0)).collect::<Result<_, _>>()?,
        reasons: row.words(3, Reason::parse)?,
        rules: row.words(4, RuleId::parse)?,
        audience: row.word(5, Audience::parse)?,
        society: row.opt_society(6)?,
        facts_version: row.i32(7)?,
        valid_until: row.millis(8)?,
        due_at: row.opt_millis(9)?,
        review_at: row.opt_millis(10)?,
        rank: row.i32(11)?,
        attempts: attempts.iter().map(attempt).collect::<Result<_, _>>()?,
    }))
}

fn attempt(row: &Row) -> Result<AttemptSummary, StoreError> {
    Ok(AttemptSummary {
        id: row.id(0)?,
        step_no: row.i32(1)?,
        channel: row.word(2, Channel::parse)?,
        society: row.society(3)?,
        level: row.word(4, Level::parse)?,
        state: row.word(5, AttemptState::parse)?,
        released_at: row.millis(6)?,
        shared: row.bool(7)?,
    })
}
