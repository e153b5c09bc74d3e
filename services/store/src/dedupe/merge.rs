//! What a merge or a split does to notifications: nobody is told twice, and what two people approved for other
//! records is approved no longer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::channel::Level;
use domain::delivery::{AttemptState, NotificationState, outcome};
use domain::manifest::Step;
use domain::{AttemptId, CampaignId, Form, IncidentId, NotificationId, PersonId, RecordId};

use crate::StoreError;
use crate::attempts::{Taken, take_back};
use crate::db::{Conn, Row, cols, vals};
use crate::settle::counts_as_open;

#[derive(Clone, Copy)]
struct Held {
    id: NotificationId,
    campaign: CampaignId,
    person: PersonId,
    state: NotificationState,
    outcome: i32,
    /// A message of its has left, and nobody knows yet what became of it.
    under_way: bool,
}

const SELECT: &str = "WITH r(person) AS ({r})
    SELECT n.id, n.campaign, n.person, n.state, n.outcome, n.open_attempt IS NOT NULL
    FROM r CROSS JOIN campaign k CROSS JOIN notification n
    WHERE k.incident = $1 AND n.campaign = k.id AND n.person = r.person
    ORDER BY n.id {lock_n}";

fn held(r: &Row) -> Result<Held, StoreError> {
    Ok(Held {
        id: r.id(0)?,
        campaign: r.id(1)?,
        person: r.id(2)?,
        state: r.word(3, NotificationState::parse)?,
        outcome: r.i32(4)?,
        under_way: r.bool(5)?,
    })
}

impl Held {
    /// Which of two stands for the merged person: the one that reached more, else the one whose message has left. A
    /// second message beside one that is under way would tell the same person twice.
    const fn rank(&self) -> (i32, bool) {
        (self.outcome, self.under_way)
    }
}

/// Persons give way to others. Of two notifications one stands for the survivor; the other is superseded, and what its
/// messages still reach counts for the survivor (see `settle`).
pub(super) async fn supersede(
    c: &mut Conn<'_>,
    incident: IncidentId,
    superseded: &BTreeMap<PersonId, PersonId>,
) -> Result<(), StoreError> {
    if superseded.is_empty() {
        return Ok(());
    }
    let old: Vec<PersonId> = superseded.keys().copied().collect();
    let new: Vec<PersonId> = superseded.values().copied().collect();
    // Those who gave way to them before follow them, so that one step leads to whoever is there now.
    c.batch(
        "WITH r(id, heir) AS ({r}) UPDATE person SET superseded_by = r.heir FROM r
         WHERE person.incident = $1 AND (person.id = r.id OR person.superseded_by = r.id)",
        vals![incident],
        cols![old.as_slice(), new.as_slice()],
    )
    .await?;
    take_back_unsent(c, &old).await?;
    let all: BTreeSet<PersonId> = superseded.keys().chain(superseded.values()).copied().collect();
    let all: Vec<PersonId> = all.into_iter().collect();
    let rows = c.batch_rows(SELECT, vals![incident], cols![all]).await?;
    let rows: Vec<Held> = rows.iter().map(held).collect::<Result<_, _>>()?;
    let mut standing: HashMap<(CampaignId, PersonId), Held> =
        rows.iter().filter(|h| !superseded.contains_key(&h.person)).map(|h| ((h.campaign, h.person), *h)).collect();
    let mut leaving: Vec<&Held> = rows
        .iter()
        .filter(|h| superseded.contains_key(&h.person) && h.state != NotificationState::Superseded)
        .collect();
    // The one that reached most moves first.
    leaving.sort_by_key(|h| (std::cmp::Reverse(h.rank()), h.id));
    for held in leaving {
        let heir = superseded[&held.person];
        match standing.get(&(held.campaign, heir)).copied() {
            None => {
                move_to(c, held.id, heir).await?;
                standing.insert((held.campaign, heir), *held);
            }
            Some(stands) if held.rank() > stands.rank() => {
                end(c, stands.id).await?;
                // A person has one notification in a campaign: the place is free before it is taken.
                c.exec("UPDATE notification SET person = id WHERE id = $1", vals![stands.id]).await?;
                move_to(c, held.id, heir).await?;
                c.exec("UPDATE notification SET person = $2 WHERE id = $1", vals![stands.id, held.person]).await?;
                standing.insert((held.campaign, heir), *held);
            }
            Some(_) => end(c, held.id).await?,
        }
    }
    Ok(())
}

async fn end(c: &mut Conn<'_>, id: NotificationId) -> Result<(), StoreError> {
    c.exec("UPDATE notification SET state = 'superseded' WHERE id = $1", vals![id]).await?;
    c.exec("DELETE FROM due WHERE notification = $1", vals![id]).await?;
    Ok(())
}

async fn move_to(c: &mut Conn<'_>, id: NotificationId, heir: PersonId) -> Result<(), StoreError> {
    c.exec(
        "UPDATE notification SET person = $2, approved_version = NULL, facts_version = 0,
                state = CASE WHEN notification.state IN ('approved', 'in_progress', 'deferred') THEN 'planned'
                          ELSE notification.state END
         WHERE id = $1",
        vals![id, heir],
    )
    .await?;
    c.exec("DELETE FROM due WHERE notification = $1", vals![id]).await?;
    Ok(())
}

/// After a split, what was told follows the record that it was told through: the notification goes with a new person
/// if every message that reached somebody, or is under way, used a contact point of that person's records. The other is
/// planned afresh, rather than taken for told.
pub(super) async fn follow_contacts(
    c: &mut Conn<'_>,
    losers: &BTreeSet<PersonId>,
    fresh: &BTreeSet<PersonId>,
    person_of: &HashMap<RecordId, PersonId>,
) -> Result<(), StoreError> {
    if losers.is_empty() || fresh.is_empty() {
        return Ok(());
    }
    let ids: Vec<PersonId> = losers.iter().copied().collect();
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r}), mine AS (
                 SELECT n.id, n.person FROM r CROSS JOIN campaign k CROSS JOIN notification n
                 WHERE n.campaign = k.id AND n.person = r.id AND (n.outcome > 0 OR n.open_attempt IS NOT NULL))
             SELECT m.id, m.person, s.body, a.state, a.level, a.form FROM mine m
                  JOIN attempt a ON a.notification = m.id
                  JOIN step s ON s.notification = m.id AND s.decision_version = a.decision_version
                       AND s.step_no = a.step_no
             UNION ALL
             SELECT m.id, m.person, s.body, a.state, a.level, a.form FROM mine m
                  JOIN member x ON x.notification = m.id AND x.served
                  JOIN attempt a ON a.id = x.attempt AND a.notification <> m.id
                  JOIN step s ON s.notification = m.id AND s.decision_version = x.decision_version
                       AND s.step_no = x.step_no",
            &[],
            cols![ids],
        )
        .await?;
    let mut owners: BTreeMap<NotificationId, BTreeSet<PersonId>> = BTreeMap::new();
    for r in &rows {
        let state = r.word(3, AttemptState::parse)?;
        let reached = outcome(state, r.word(4, Level::parse)?, r.word(5, Form::parse)?).is_some();
        if !reached && !counts_as_open(state) {
            continue;
        }
        let step: Step = serde_json::from_str(&r.text(2)?).map_err(|_| StoreError::Decode("step.body".to_owned()))?;
        let owner = step.contact.and_then(|contact| person_of.get(&contact.record).copied());
        // A visit used no contact point of any record: it stays with the person that it was planned for.
        owners.entry(r.id(0)?).or_default().insert(owner.unwrap_or(r.id(1)?));
    }
    for (id, owners) in owners {
        if let (1, Some(owner)) = (owners.len(), owners.first().filter(|owner| fresh.contains(owner))) {
            move_to(c, id, *owner).await?;
        }
    }
    Ok(())
}

/// Persons who won or lost records: their leaf is not the one that was signed.
pub(super) async fn void_approvals(c: &mut Conn<'_>, persons: &BTreeSet<PersonId>) -> Result<(), StoreError> {
    if persons.is_empty() {
        return Ok(());
    }
    let ids: Vec<PersonId> = persons.iter().copied().collect();
    take_back_unsent(c, &ids).await?;
    c.batch(
        "WITH r(id) AS ({r}) DELETE FROM due WHERE notification IN
            (SELECT n.id FROM r CROSS JOIN campaign k CROSS JOIN notification n WHERE n.campaign = k.id AND n.person = r.id)",
        &[],
        cols![ids.as_slice()],
    )
    .await?;
    c.batch(
        "WITH r(id) AS ({r}) UPDATE notification SET approved_version = NULL, facts_version = 0,
             state = CASE WHEN state IN ('approved', 'in_progress', 'deferred') THEN 'planned' ELSE state END
         WHERE id IN (SELECT n.id FROM r CROSS JOIN campaign k CROSS JOIN notification n
                      WHERE n.campaign = k.id AND n.person = r.id)",
        &[],
        cols![ids],
    )
    .await?;
    Ok(())
}

/// What has not left for these persons does not leave.
async fn take_back_unsent(c: &mut Conn<'_>, persons: &[PersonId]) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r}) SELECT n.open_attempt FROM r CROSS JOIN campaign k CROSS JOIN notification n
             WHERE n.campaign = k.id AND n.person = r.id AND n.open_attempt IS NOT NULL",
            &[],
            cols![persons],
        )
        .await?;
    let attempts: BTreeSet<AttemptId> = rows.iter().map(|r| r.id(0)).collect::<Result<_, _>>()?;
    let taken: Vec<Taken> = attempts
        .into_iter()
        .map(|attempt| Taken { attempt, counts: false, why: "regrouped".to_owned(), until: None })
        .collect();
    take_back(c, &taken).await?;
    Ok(())
}
