//! A number that must not be used again, for anybody who lists it.

use std::collections::HashSet;

use domain::{AttemptId, IncidentId, Millis, PersonId};

use super::Known;
use crate::StoreError;
use crate::db::{Conn, cols, vals};

/// Closes the address groups behind these attempts for everybody; the persons who are to be planned again.
pub(crate) async fn close_groups(
    c: &mut Conn<'_>,
    harmful: &[&Known],
    now: Millis,
) -> Result<Vec<PersonId>, StoreError> {
    if harmful.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<AttemptId> = harmful.iter().map(|a| a.id).collect();
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT s.grp, n.incident, n.person FROM r JOIN attempt a ON a.id = r.id
                  JOIN step s ON s.notification = a.notification AND s.decision_version = a.decision_version
                       AND s.step_no = a.step_no
                  JOIN notification n ON n.id = a.notification
             UNION
             SELECT s.grp, n.incident, n.person FROM r JOIN member m ON m.attempt = r.id AND m.served
                  JOIN step s ON s.notification = m.notification AND s.decision_version = m.decision_version
                       AND s.step_no = m.step_no
                  JOIN notification n ON n.id = m.notification",
            &[],
            cols![ids],
        )
        .await?;
    let mut groups: HashSet<uuid::Uuid> = HashSet::new();
    let mut persons: HashSet<(IncidentId, PersonId)> = HashSet::new();
    for r in &rows {
        groups.extend(r.opt_uuid(0)?);
        persons.insert((r.id(1)?, r.id(2)?));
    }
    let groups: Vec<uuid::Uuid> = groups.into_iter().collect();
    c.batch(
        "WITH r(grp) AS ({r}) INSERT INTO unsafe_group (grp, since) SELECT grp, $1 FROM r WHERE true
         ON CONFLICT DO NOTHING",
        vals![now],
        cols![groups.clone()],
    )
    .await?;
    let rows = c
        .batch_rows(
            "WITH r(grp) AS ({r}) SELECT DISTINCT l.incident, l.person FROM r JOIN address d ON d.grp = r.grp
             JOIN link l ON l.record = d.record",
            &[],
            cols![groups],
        )
        .await?;
    for r in &rows {
        persons.insert((r.id(0)?, r.id(1)?));
    }
    let mut persons: Vec<(IncidentId, PersonId)> = persons.into_iter().collect();
    persons.sort_unstable();
    c.batch(
        "WITH r(incident, id) AS ({r}) UPDATE person SET facts_version = facts_version + 1 FROM r
         WHERE person.incident = r.incident AND person.id = r.id",
        &[],
        cols![
            persons.iter().map(|(i, _)| *i).collect::<Vec<_>>(),
            persons.iter().map(|(_, p)| *p).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(persons.into_iter().map(|(_, p)| p).collect())
}
