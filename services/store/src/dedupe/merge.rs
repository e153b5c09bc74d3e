//! What a merge or a split does to notifications: nobody is told twice, and what two people approved for other
//! records is approved no longer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::delivery::NotificationState;
use domain::{AttemptId, CampaignId, IncidentId, NotificationId, PersonId};

use crate::StoreError;
use crate::attempts::{Taken, take_back};
use crate::db::{Conn, Row, cols, vals};

struct Held {
    id: NotificationId,
    campaign: CampaignId,
    person: PersonId,
    state: NotificationState,
    outcome: i32,
}

const SELECT: &str = "WITH r(person) AS ({r})
    SELECT n.id, n.campaign, n.person, n.state, n.outcome FROM r CROSS JOIN campaign k CROSS JOIN notification n
    WHERE k.incident = $1 AND n.campaign = k.id AND n.person = r.person
    ORDER BY n.id {lock_n}";

fn held(r: &Row) -> Result<Held, StoreError> {
    Ok(Held {
        id: r.id(0)?,
        campaign: r.id(1)?,
        person: r.id(2)?,
        state: r.word(3, NotificationState::parse)?,
        outcome: r.i32(4)?,
    })
}

/// Persons give way to others. A notification moves to the survivor if it has none; else it is superseded, and what
/// it reached counts for the survivor.
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
    c.batch(
        "WITH r(id, heir) AS ({r}) UPDATE person SET superseded_by = r.heir FROM r
         WHERE person.incident = $1 AND person.id = r.id",
        vals![incident],
        cols![old.as_slice(), new.as_slice()],
    )
    .await?;
    take_back_unsent(c, &old).await?;
    let all: BTreeSet<PersonId> = superseded.keys().chain(superseded.values()).copied().collect();
    let all: Vec<PersonId> = all.into_iter().collect();
    let rows = c.batch_rows(SELECT, vals![incident], cols![all]).await?;
    let rows: Vec<Held> = rows.iter().map(held).collect::<Result<_, _>>()?;
    let mut standing: HashMap<(CampaignId, PersonId), (NotificationId, i32)> = rows
        .iter()
        .filter(|h| !superseded.contains_key(&h.person))
        .map(|h| ((h.campaign, h.person), (h.id, h.outcome)))
        .collect();
    let mut leaving: Vec<&Held> = rows
        .iter()
        .filter(|h| superseded.contains_key(&h.person) && h.state != NotificationState::Superseded)
        .collect();
    // The one that reached most moves first.
    leaving.sort_by_key(|h| (-h.outcome, h.id));
    for held in leaving {
        let heir = superseded[&held.person];
        match standing.get(&(held.campaign, heir)).copied() {
            None => {
                move_to(c, held, heir).await?;
                standing.insert((held.campaign, heir), (held.id, held.outcome));
            }
            Some((id, outcome)) => {
                c.exec("UPDATE notification SET state = 'superseded' WHERE id = $1", vals![held.id]).await?;
                c.exec("DELETE FROM due WHERE notification = $1", vals![held.id]).await?;
                if held.outcome > outcome {
                    c.exec(
                        "UPDATE notification SET state = $2, outcome = $3 WHERE id = $1",
                        vals![id, held.state.as_str(), held.outcome],
                    )
                    .await?;
                    c.exec("DELETE FROM due WHERE notification = $1", vals![id]).await?;
                    standing.insert((held.campaign, heir), (id, held.outcome));
                }
            }
        }
    }
    Ok(())
}

async fn move_to(c: &mut Conn<'_>, held: &Held, heir: PersonId) -> Result<(), StoreError> {
    c.exec(
        "UPDATE notification SET person = $2, approved_version = NULL, facts_version = 0,
                state = CASE WHEN notification.state IN ('approved', 'in_progress', 'deferred') THEN 'planned'
                          ELSE notification.state END
         WHERE id = $1",
        vals![held.id, heir],
    )
    .await?;
    c.exec("DELETE FROM due WHERE notification = $1", vals![held.id]).await?;
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
