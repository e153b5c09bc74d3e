//! Loading persons with everything that decides about them: one statement per table.

use std::collections::HashMap;

use domain::channel::Level;
use domain::decision::RuleId;
use domain::{IncidentId, PersonId};

use crate::db::{Conn, Row, cols, vals};
use crate::dedupe::{address_row, record_row, sealed};
use crate::seal::SealedBlob;
use crate::{LiftRow, PersonAddress, PersonRow, StatementRow, StoreError};

pub(super) async fn persons(
    c: &mut Conn<'_>,
    incident: IncidentId,
    ids: &[PersonId],
) -> Result<Vec<PersonRow>, StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r}) SELECT p.id, p.facts_version FROM r JOIN person p ON p.incident = $1 AND p.id = r.id WHERE p.superseded_by IS NULL",
            vals![incident],
            cols![ids],
        )
        .await?;
    let mut people: HashMap<PersonId, PersonRow> = HashMap::with_capacity(rows.len());
    for r in &rows {
        let id = r.id(0)?;
        people.insert(id, empty(id, r.i32(1)?));
    }
    records(c, incident, ids, &mut people).await?;
    links(c, ids, &mut people).await?;
    statements(c, ids, &mut people).await?;
    // In the order asked for.
    Ok(ids.iter().filter_map(|id| people.remove(id)).collect())
}

fn empty(id: PersonId, facts_version: i32) -> PersonRow {
    PersonRow {
        id,
        facts_version,
        records: Vec::new(),
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
                    t.contact, t.protection, t.free_text, t.key_version, t.at, t.brought_by
             FROM r JOIN link l ON l.person = r.id JOIN record t ON t.incident = $1 AND t.id = l.record
             ORDER BY t.id",
            vals![incident],
            cols![ids],
        )
        .await?;
    for r in &rows {
        let row = record_row(r)?;
        if let Some(person) = row.person.and_then(|p| people.get_mut(&p)) {
            person.records.push(row);
        }
    }
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT l.person, v.record, v.version, v.ephemeral, v.wrapped_key, v.identity, v.contact, v.protection,
                    v.free_text, v.key_version, v.at
             FROM r JOIN link l ON l.person = r.id JOIN record_version v ON v.incident = $1 AND v.record = l.record
             ORDER BY v.record, v.version",
            vals![incident],
            cols![ids],
        )
        .await?;
    for r in &rows {
        if let Some(person) = people.get_mut(&r.id(0)?) {
            let earlier = (r.id(1)?, r.i32(2)?, r.millis(10)?, sealed(r, 3)?);
            person.earlier.push(earlier);
        }
    }
    Ok(())
}

async fn links(c: &mut Conn<'_>, ids: &[PersonId], people: &mut People) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT a.record, a.idx, a.grp, a.others, a.conflict, a.declared_unsafe, u.grp IS NOT NULL, l.person
             FROM r JOIN link l ON l.person = r.id JOIN address a ON a.record = l.record
             LEFT JOIN unsafe_group u ON u.grp = a.grp ORDER BY a.record, a.idx",
            &[],
            cols![ids],
        )
        .await?;
    for r in &rows {
        if let Some(person) = people.get_mut(&r.id(7)?) {
            person.addresses.push(PersonAddress { row: address_row(r)?, group_unsafe: r.bool(6)? });
        }
    }
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT l.person, x.record, x.idx, x.person FROM r JOIN link l ON l.person = r.id
             JOIN relation x ON x.record = l.record ORDER BY x.record, x.idx",
            &[],
            cols![ids],
        )
        .await?;
    for r in &rows {
        if let Some(person) = people.get_mut(&r.id(0)?) {
            person.relations.push((r.id(1)?, r.i32(2)?, r.id(3)?));
        }
    }
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

async fn statements(c: &mut Conn<'_>, ids: &[PersonId], people: &mut People) -> Result<(), StoreError> {
    let rows = c
        .batch_rows(
            "WITH r(id) AS ({r})
             SELECT l.person, s.id, s.record, s.blob, s.tightening, s.at, s.staff
             FROM r JOIN link l ON l.person = r.id JOIN statement s ON s.record = l.record ORDER BY s.at, s.id",
            &[],
            cols![ids],
        )
        .await?;
    for r in &rows {
        if let Some(person) = people.get_mut(&r.id(0)?) {
            person.statements.push(statement(r, 1)?);
        }
    }
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
