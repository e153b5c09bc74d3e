//! Loading persons with everything that decides about them: one statement per table.

use std::collections::HashMap;

use domain::channel::Level;
use domain::decision::RuleId;
use domain::{IncidentId, PersonId, RecordId};

use crate::db::{Conn, Row, cols, vals};
use crate::dedupe::{address_row, record_row, sealed};
use crate::seal::SealedBlob;
use crate::{LiftRow, PersonAddress, PersonRow, StatementRow, StoreError};

/// Persons with their records and all that is known of those.
pub(super) async fn persons(
    c: &mut Conn<'_>,
    incident: IncidentId,
    ids: &[PersonId],
) -> Result<Vec<PersonRow>, StoreError> {
    let (mut people, held) = alone(c, incident, ids).await?;
    relations(c, &held, &mut people).await?;
    candidates(c, ids, &mut people).await?;
    // In the order asked for.
    Ok(ids.iter().filter_map(|id| people.remove(id)).collect())
}

/// The same without relations and candidates.
pub(super) async fn neighbours(
    c: &mut Conn<'_>,
    incident: IncidentId,
    ids: &[PersonId],
) -> Result<Vec<PersonRow>, StoreError> {
    let (mut people, _) = alone(c, incident, ids).await?;
    Ok(ids.iter().filter_map(|id| people.remove(id)).collect())
}

async fn alone(c: &mut Conn<'_>, incident: IncidentId, ids: &[PersonId]) -> Result<(People, Held), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r}) SELECT p.id, p.facts_version FROM r JOIN person p ON p.incident = $1 AND p.id = r.id WHERE p.superseded_by IS NULL",
            vals![incident],
            cols![ids],
        )
        .await?;
    let mut people: People = HashMap::with_capacity(rows.len());
    for r in &rows {
        let id = r.id(0)?;
        people.insert(id, empty(id, r.i32(1)?));
    }
    records(c, incident, ids, &mut people).await?;
    let held: Held = people.values().flat_map(|p| p.records.iter().map(|r| (r.id, p.id))).collect();
    earlier(c, incident, &held, &mut people).await?;
    addresses(c, &held, &mut people).await?;
    statements(c, &held, &mut people).await?;
    lifts(c, ids, &mut people).await?;
    Ok((people, held))
}

/// Whose each record is: what hangs on records is found by them, and not by way of the person again.
type Held = HashMap<RecordId, PersonId>;

/// The row of the person who holds a record.
fn holder<'a>(people: &'a mut People, held: &Held, record: RecordId) -> Option<&'a mut PersonRow> {
    people.get_mut(held.get(&record)?)
}

fn ids_of(held: &Held) -> Vec<RecordId> {
    held.keys().copied().collect()
}

fn empty(id: PersonId, facts_version: i32) -> PersonRow {
    PersonRow {
        id,
        facts_version,
        records: Vec::new(),
        doubted: Vec::new(),
        earlier: Vec::new(),
        addresses: Vec::new(),
        relations: Vec::new(),
        candidates: Vec::new(),
        statements: Vec::new(),
        lifts: Vec::new(),
    }
}

type People = HashMap<PersonId, PersonRow>;

async fn records(
    c: &mut Conn<'_>,
    incident: IncidentId,
    ids: &[PersonId],
    people: &mut People,
) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT t.id, t.society, l.person, t.version, t.record_key, t.ephemeral, t.wrapped_key, t.identity,
                    t.contact, t.protection, t.free_text, t.key_version, t.at, t.brought_by, d.record_key IS NOT NULL
             FROM r JOIN link l ON l.person = r.id JOIN record t ON t.incident = $1 AND t.id = l.record
             LEFT JOIN doubt d ON d.incident = $1 AND d.record_key = t.record_key AND d.open
             ORDER BY t.id",
            vals![incident],
            cols![ids],
        )
        .await?;
    for r in &rows {
        let row = record_row(r)?;
        if let Some(person) = row.person.and_then(|p| people.get_mut(&p)) {
            if r.bool(14)? {
                person.doubted.push(row.id);
            }
            person.records.push(row);
        }
    }
    Ok(())
}

async fn earlier(c: &mut Conn<'_>, incident: IncidentId, held: &Held, people: &mut People) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT v.record, v.version, v.ephemeral, v.wrapped_key, v.identity, v.contact, v.protection,
                    v.free_text, v.key_version, v.at
             FROM r JOIN record_version v ON v.incident = $1 AND v.record = r.id ORDER BY v.record, v.version",
            vals![incident],
            cols![ids_of(held)],
        )
        .await?;
    for r in &rows {
        let record = r.id(0)?;
        if let Some(person) = holder(people, held, record) {
            person.earlier.push((record, r.i32(1)?, r.millis(9)?, sealed(r, 2)?));
        }
    }
    Ok(())
}

async fn addresses(c: &mut Conn<'_>, held: &Held, people: &mut People) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT a.record, a.idx, a.grp, a.others, a.conflict, a.declared_unsafe, u.grp IS NOT NULL
             FROM r JOIN address a ON a.record = r.id
             LEFT JOIN unsafe_group u ON u.grp = a.grp ORDER BY a.record, a.idx",
            &[],
            cols![ids_of(held)],
        )
        .await?;
    for r in &rows {
        let row = address_row(r)?;
        if let Some(person) = holder(people, held, row.record) {
            person.addresses.push(PersonAddress { row, group_unsafe: r.bool(6)? });
        }
    }
    Ok(())
}

async fn relations(c: &mut Conn<'_>, held: &Held, people: &mut People) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r}) SELECT x.record, x.idx, x.person FROM r JOIN relation x ON x.record = r.id
             ORDER BY x.record, x.idx",
            &[],
            cols![ids_of(held)],
        )
        .await?;
    for r in &rows {
        let record = r.id(0)?;
        if let Some(person) = holder(people, held, record) {
            person.relations.push((record, r.i32(1)?, r.id(2)?));
        }
    }
    Ok(())
}

async fn candidates(c: &mut Conn<'_>, ids: &[PersonId], people: &mut People) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT r.id, k.b, k.incompatible FROM r JOIN candidate k ON k.a = r.id UNION ALL
             SELECT r.id, k.a, k.incompatible FROM r JOIN candidate k ON k.b = r.id ORDER BY 1, 2",
            &[],
            cols![ids],
        )
        .await?;
    for r in &rows {
        if let Some(person) = people.get_mut(&r.id(0)?) {
            person.candidates.push((r.id(1)?, r.bool(2)?));
        }
    }
    Ok(())
}

/// A statement of columns id, record, blob, tightening, at, staff, from a position on.
pub(super) fn statement(r: &Row, from: usize) -> Result<StatementRow, StoreError> {
    Ok(StatementRow {
        id: r.uuid(from)?,
        record: r.id(from + 1)?,
        blob: SealedBlob::from_bytes(r.bytes(from + 2)?),
        tightening: r.bool(from + 3)?,
        at: r.millis(from + 4)?,
        by: r.id(from + 5)?,
    })
}

async fn statements(c: &mut Conn<'_>, held: &Held, people: &mut People) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT s.id, s.record, s.blob, s.tightening, s.at, s.staff
             FROM r JOIN statement s ON s.record = r.id ORDER BY s.at, s.id",
            &[],
            cols![ids_of(held)],
        )
        .await?;
    for r in &rows {
        let row = statement(r, 0)?;
        if let Some(person) = holder(people, held, row.record) {
            person.statements.push(row);
        }
    }
    Ok(())
}

async fn lifts(c: &mut Conn<'_>, ids: &[PersonId], people: &mut People) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT f.person, f.id, f.rule, f.routes, f.level, f.reason, f.expires_at, f.facts_version
             FROM r JOIN lift f ON f.person = r.id ORDER BY f.expires_at, f.id",
            &[],
            cols![ids],
        )
        .await?;
    for r in &rows {
        let id = r.id(0)?;
        if let Some(person) = people.get_mut(&id) {
            person.lifts.push(LiftRow {
                id: r.uuid(1)?,
                person: id,
                rule: r.word(2, RuleId::parse)?,
                routes: r.text(3)?,
                level: r.word(4, Level::parse)?,
                reason: r.text(5)?,
                expires_at: r.millis(6)?,
                facts_version: r.i32(7)?,
            });
        }
    }
    Ok(())
}
