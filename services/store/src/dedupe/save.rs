//! The difference between what a run found and what the store has.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use domain::{AddressGroupId, IncidentId, PersonId, RecordId};

use super::groups::{self, Old};
use super::{address_row, merge};
use crate::db::{Conn, cols, vals};
use crate::plan::behind;
use crate::{AddressRow, DedupeResult, Deduped, PairRow, StoreError};

/// What one run changes.
struct Run<'r> {
    incident: IncidentId,
    result: &'r DedupeResult,
    /// Person of every record, as it will be.
    person_of: HashMap<RecordId, PersonId>,
    touched: BTreeSet<PersonId>,
}

pub(super) async fn save(c: &mut Conn<'_>, incident: IncidentId, result: &DedupeResult) -> Result<Deduped, StoreError> {
    let epoch = c
        .row("SELECT record_epoch FROM incident WHERE id = $1 {lock}", vals![incident])
        .await?
        .ok_or(StoreError::Missing("incident"))?
        .i64(0)?;
    if result.epoch != 0 && result.epoch != epoch {
        return Err(StoreError::Stale(incident));
    }
    let mut run = Run { incident, result, person_of: HashMap::new(), touched: BTreeSet::new() };
    let (new_persons, superseded) = run.assign(c).await?;
    run.addresses(c).await?;
    run.relations(c).await?;
    run.candidates(c).await?;
    run.pairs(c).await?;
    // New persons start at version 1 and are unplanned by themselves.
    let moved: Vec<PersonId> = run.touched.iter().filter(|p| !new_persons.contains(p)).copied().collect();
    bump(c, incident, &moved).await?;
    c.exec("UPDATE incident SET linked_epoch = record_epoch WHERE id = $1", vals![incident]).await?;
    let gone: HashSet<PersonId> = superseded.keys().copied().collect();
    let mut touched = updated(c, incident).await?;
    touched.extend(run.touched.union(&new_persons));
    touched.retain(|p| !gone.contains(p));
    Ok(Deduped {
        touched: touched.into_iter().collect(),
        new_persons: new_persons.len() as u64,
        superseded: superseded.len() as u64,
    })
}

/// Persons of records that were updated, or that were in doubt, whose plans are behind their facts. Those with a contact point are touched by it; a record
/// may have none.
async fn updated(c: &mut Conn<'_>, incident: IncidentId) -> Result<BTreeSet<PersonId>, StoreError> {
    let rows = c
        .rows(
            concat!(
                "SELECT DISTINCT p.id FROM campaign k
                 JOIN (SELECT incident, record FROM record_version
                     UNION ALL SELECT t.incident, t.id FROM doubt d
                         JOIN record t ON t.incident = d.incident AND t.record_key = d.record_key) v
                     ON v.incident = k.incident
                 JOIN link l ON l.record = v.record
                 JOIN person p ON p.incident = k.incident AND p.id = l.person
                 LEFT JOIN notification n ON n.campaign = k.id AND n.person = p.id
                 LEFT JOIN outside o ON o.campaign = k.id AND o.person = p.id
             WHERE k.incident = $1 AND k.state NOT IN ('stopped', 'closed') AND p.superseded_by IS NULL AND (",
                behind!(),
                ")"
            ),
            vals![incident],
        )
        .await?;
    rows.iter().map(|r| r.id(0)).collect()
}

/// Moves the facts of persons on.
pub(crate) async fn bump(c: &mut Conn<'_>, incident: IncidentId, persons: &[PersonId]) -> Result<(), StoreError> {
    c.batch(
        "WITH r(id) AS ({r}) UPDATE person SET facts_version = facts_version + 1 FROM r
         WHERE person.incident = $1 AND person.id = r.id",
        vals![incident],
        cols![persons],
    )
    .await?;
    Ok(())
}

type Superseded = BTreeMap<PersonId, PersonId>;

impl Run<'_> {
    /// Links records; persons without records give way to the one that has the first of their former records.
    async fn assign(&mut self, c: &mut Conn<'_>) -> Result<(BTreeSet<PersonId>, Superseded), StoreError> {
        let rows = c.rows("SELECT record, person FROM link WHERE incident = $1", vals![self.incident]).await?;
        for r in &rows {
            self.person_of.insert(r.id(0)?, r.id(1)?);
        }
        let before = self.person_of.clone();
        let mut changed = Vec::new();
        for (record, person) in &self.result.assignments {
            if self.person_of.insert(*record, *person) != Some(*person) {
                changed.push((*record, *person));
            }
        }
        if changed.is_empty() {
            return Ok(Default::default());
        }
        let people: BTreeSet<PersonId> = changed.iter().map(|(_, p)| *p).collect();
        let new_persons = self.insert_persons(c, &people).await?;
        c.batch(
            "WITH r(record, person) AS ({r}) INSERT INTO link (record, person, incident)
             SELECT record, person, $1 FROM r WHERE true
             ON CONFLICT (record) DO UPDATE SET person = excluded.person",
            vals![self.incident],
            cols![
                changed.iter().map(|(r, _)| *r).collect::<Vec<_>>(),
                changed.iter().map(|(_, p)| *p).collect::<Vec<_>>(),
            ],
        )
        .await?;
        // Whoever lost or won a record.
        let losers: BTreeSet<PersonId> = changed.iter().filter_map(|(r, _)| before.get(r).copied()).collect();
        let living: HashSet<PersonId> = self.person_of.values().copied().collect();
        let mut superseded = Superseded::new();
        let mut by_record: Vec<_> = changed.clone();
        by_record.sort_unstable();
        for (record, person) in by_record {
            if let Some(old) = before.get(&record).filter(|p| !living.contains(p)) {
                superseded.entry(*old).or_insert(person);
            }
        }
        let regrouped: BTreeSet<PersonId> = losers
            .iter()
            .chain(people.iter().filter(|p| !new_persons.contains(p)))
            .filter(|p| !superseded.contains_key(p))
            .copied()
            .collect();
        merge::supersede(c, self.incident, &superseded).await?;
        merge::void_approvals(c, &regrouped).await?;
        let split: BTreeSet<PersonId> = losers.iter().filter(|p| living.contains(p)).copied().collect();
        merge::follow_contacts(c, &split, &new_persons, &self.person_of).await?;
        self.touched.extend(regrouped);
        Ok((new_persons, superseded))
    }

    /// Persons that are new; those that come back stand for themselves again.
    async fn insert_persons(
        &self,
        c: &mut Conn<'_>,
        people: &BTreeSet<PersonId>,
    ) -> Result<BTreeSet<PersonId>, StoreError> {
        let ids: Vec<PersonId> = people.iter().copied().collect();
        let inserted = c
            .batch_rows(
                "WITH r(id) AS ({r}) INSERT INTO person (incident, id) SELECT $1, id FROM r WHERE true
                 ON CONFLICT DO NOTHING RETURNING id",
                vals![self.incident],
                cols![ids.as_slice()],
            )
            .await?;
        c.batch(
            "WITH r(id) AS ({r}) UPDATE person SET superseded_by = NULL FROM r
             WHERE person.incident = $1 AND person.id = r.id AND superseded_by IS NOT NULL",
            vals![self.incident],
            cols![ids.as_slice()],
        )
        .await?;
        // Whoever comes back is told what nobody told them, and not again what somebody did.
        c.batch(
            "WITH r(id) AS ({r}) UPDATE notification SET approved_version = NULL, facts_version = 0,
                 state = CASE outcome WHEN 1 THEN 'reached_neutral' WHEN 2 THEN 'unconfirmed' WHEN 3 THEN 'informed'
                             WHEN 4 THEN 'withdrawn' ELSE 'planned' END
             WHERE state = 'superseded' AND id IN (
                 SELECT n.id FROM r CROSS JOIN campaign k CROSS JOIN notification n
                 WHERE k.incident = $1 AND n.campaign = k.id AND n.person = r.id)",
            vals![self.incident],
            cols![ids],
        )
        .await?;
        inserted.iter().map(|r| r.id(0)).collect()
    }

    fn touch(&mut self, record: RecordId) {
        if let Some(person) = self.person_of.get(&record) {
            self.touched.insert(*person);
        }
    }

    async fn addresses(&mut self, c: &mut Conn<'_>) -> Result<(), StoreError> {
        let rows = c
            .rows(
                "SELECT a.record, a.idx, a.grp, a.others, a.conflict, a.declared_unsafe, a.version = t.version,
                        u.grp IS NOT NULL
                 FROM address a JOIN record t ON t.incident = a.incident AND t.id = a.record
                 LEFT JOIN unsafe_group u ON u.grp = a.grp WHERE a.incident = $1",
                vals![self.incident],
            )
            .await?;
        let mut old = HashMap::with_capacity(rows.len());
        for r in &rows {
            let row = address_row(r)?;
            let entry = Old { row, same_version: r.bool(6)?, group_unsafe: r.bool(7)? };
            old.insert((row.record, row.index), entry);
        }
        let kept = groups::keep(&old, &self.result.addresses);
        let changed: Vec<AddressRow> = kept
            .rows
            .iter()
            .filter(|row| old.get(&(row.record, row.index)).is_none_or(|o| o.row != **row || !o.same_version))
            .copied()
            .collect();
        let now: HashSet<(RecordId, i32)> = kept.rows.iter().map(|r| (r.record, r.index)).collect();
        let gone: Vec<(RecordId, i32)> = old.keys().filter(|k| !now.contains(*k)).copied().collect();
        changed.iter().for_each(|r| self.touch(r.record));
        gone.iter().for_each(|(r, _)| self.touch(*r));
        self.delete(
            c,
            "WITH r(record, idx) AS ({r}) DELETE FROM address WHERE (record, idx) IN (SELECT record, idx FROM r)",
            &gone,
        )
        .await?;
        write_addresses(c, self.incident, &changed).await?;
        let closed: Vec<AddressGroupId> = kept.unsafe_groups.into_iter().collect();
        c.batch(
            "WITH r(grp) AS ({r}) INSERT INTO unsafe_group (grp, since) SELECT grp, {clock} FROM r WHERE true
             ON CONFLICT DO NOTHING",
            &[],
            cols![closed],
        )
        .await?;
        Ok(())
    }

    async fn delete(&self, c: &mut Conn<'_>, sql: &'static str, keys: &[(RecordId, i32)]) -> Result<(), StoreError> {
        c.batch(
            sql,
            &[],
            cols![keys.iter().map(|(r, _)| *r).collect::<Vec<_>>(), keys.iter().map(|(_, i)| *i).collect::<Vec<_>>(),],
        )
        .await?;
        Ok(())
    }

    async fn relations(&mut self, c: &mut Conn<'_>) -> Result<(), StoreError> {
        let rows = c.rows("SELECT record, idx, person FROM relation WHERE incident = $1", vals![self.incident]).await?;
        let mut old: HashMap<(RecordId, i32), PersonId> = HashMap::new();
        for r in &rows {
            old.insert((r.id(0)?, r.i32(1)?), r.id(2)?);
        }
        let new: HashMap<(RecordId, i32), PersonId> =
            self.result.relations.iter().map(|(r, i, p)| ((*r, *i), *p)).collect();
        let (gone, changed) = difference(&old, &new);
        gone.iter().chain(changed.iter().map(|(k, _)| k)).for_each(|(r, _)| self.touch(*r));
        self.delete(
            c,
            "WITH r(record, idx) AS ({r}) DELETE FROM relation WHERE (record, idx) IN (SELECT record, idx FROM r)",
            &gone,
        )
        .await?;
        c.batch(
            "WITH r(record, idx, person) AS ({r}) INSERT INTO relation (record, idx, incident, person)
             SELECT record, idx, $1, person FROM r WHERE true
             ON CONFLICT (record, idx) DO UPDATE SET person = excluded.person",
            vals![self.incident],
            cols![
                changed.iter().map(|((r, _), _)| *r).collect::<Vec<_>>(),
                changed.iter().map(|((_, i), _)| *i).collect::<Vec<_>>(),
                changed.iter().map(|(_, p)| *p).collect::<Vec<_>>(),
            ],
        )
        .await?;
        Ok(())
    }

    async fn candidates(&mut self, c: &mut Conn<'_>) -> Result<(), StoreError> {
        let rows = c.rows("SELECT a, b, incompatible FROM candidate WHERE incident = $1", vals![self.incident]).await?;
        let mut old: HashMap<(PersonId, PersonId), bool> = HashMap::new();
        for r in &rows {
            old.insert((r.id(0)?, r.id(1)?), r.bool(2)?);
        }
        let new: HashMap<(PersonId, PersonId), bool> =
            self.result.candidates.iter().map(|k| ((k.a.min(k.b), k.a.max(k.b)), k.incompatible)).collect();
        let (gone, changed) = difference(&old, &new);
        for (a, b) in gone.iter().chain(changed.iter().map(|(k, _)| k)) {
            self.touched.extend([*a, *b]);
        }
        c.batch(
            "WITH r(a, b) AS ({r}) DELETE FROM candidate WHERE (a, b) IN (SELECT a, b FROM r)",
            &[],
            cols![gone.iter().map(|(a, _)| *a).collect::<Vec<_>>(), gone.iter().map(|(_, b)| *b).collect::<Vec<_>>(),],
        )
        .await?;
        c.batch(
            "WITH r(a, b, incompatible) AS ({r}) INSERT INTO candidate (a, b, incident, incompatible)
             SELECT a, b, $1, incompatible FROM r WHERE true
             ON CONFLICT (a, b) DO UPDATE SET incompatible = excluded.incompatible",
            vals![self.incident],
            cols![
                changed.iter().map(|((a, _), _)| *a).collect::<Vec<_>>(),
                changed.iter().map(|((_, b), _)| *b).collect::<Vec<_>>(),
                changed.iter().map(|(_, i)| *i).collect::<Vec<_>>(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Pairs change nobody's facts: they are there to be explained and reviewed.
    async fn pairs(&self, c: &mut Conn<'_>) -> Result<(), StoreError> {
        c.exec("DELETE FROM pair WHERE incident = $1", vals![self.incident]).await?;
        let mut seen = HashSet::new();
        let rows: Vec<&PairRow> =
            self.result.pairs.iter().filter(|p| seen.insert((p.a.min(p.b), p.a.max(p.b)))).collect();
        c.batch(
            "WITH r(a, b, weight_milli, probability_milli, outcome, evidence, place) AS ({r})
             INSERT INTO pair (a, b, incident, weight_milli, probability_milli, outcome, evidence, place)
             SELECT a, b, $1, weight_milli, probability_milli, outcome, evidence, place FROM r",
            vals![self.incident],
            cols![
                rows.iter().map(|p| p.a).collect::<Vec<_>>(),
                rows.iter().map(|p| p.b).collect::<Vec<_>>(),
                rows.iter().map(|p| p.weight_milli).collect::<Vec<_>>(),
                rows.iter().map(|p| p.probability_milli).collect::<Vec<_>>(),
                rows.iter().map(|p| p.outcome.clone()).collect::<Vec<_>>(),
                rows.iter().map(|p| p.evidence.clone()).collect::<Vec<_>>(),
                rows.iter().map(|p| p.place).collect::<Vec<_>>(),
            ],
        )
        .await?;
        if !self.result.model.is_empty() {
            c.exec(
                "INSERT INTO weights (incident, model) VALUES ($1, $2)
                 ON CONFLICT (incident) DO UPDATE SET model = excluded.model",
                vals![self.incident, self.result.model.clone()],
            )
            .await?;
        }
        Ok(())
    }
}

/// Keys that went, and entries that are new or other than they were.
fn difference<K: Eq + Hash + Copy + Ord, V: PartialEq + Copy>(
    old: &HashMap<K, V>,
    new: &HashMap<K, V>,
) -> (Vec<K>, Vec<(K, V)>) {
    let gone = old.keys().filter(|k| !new.contains_key(*k)).copied();
    let changed = new.iter().filter(|(k, v)| old.get(*k) != Some(*v));
    (gone.collect(), changed.map(|(k, v)| (*k, *v)).collect())
}

async fn write_addresses(c: &mut Conn<'_>, incident: IncidentId, rows: &[AddressRow]) -> Result<(), StoreError> {
    c.batch(
        "WITH r(record, idx, grp, others, conflict, declared_unsafe) AS ({r})
         INSERT INTO address (record, idx, incident, version, grp, others, conflict, declared_unsafe)
         SELECT r.record, r.idx, $1, t.version, r.grp, r.others, r.conflict, r.declared_unsafe
         FROM r JOIN record t ON t.incident = $1 AND t.id = r.record WHERE true
         ON CONFLICT (record, idx) DO UPDATE SET version = excluded.version, grp = excluded.grp,
             others = excluded.others, conflict = excluded.conflict, declared_unsafe = excluded.declared_unsafe",
        vals![incident],
        cols![
            rows.iter().map(|r| r.record).collect::<Vec<_>>(),
            rows.iter().map(|r| r.index).collect::<Vec<_>>(),
            rows.iter().map(|r| r.group).collect::<Vec<_>>(),
            rows.iter().map(|r| r.others).collect::<Vec<_>>(),
            rows.iter().map(|r| r.conflict).collect::<Vec<_>>(),
            rows.iter().map(|r| r.declared_unsafe).collect::<Vec<_>>(),
        ],
    )
    .await?;
    Ok(())
}
