//! Why two records are, or may be, one person: the evidence that a run kept, the same worked out again for a pair that
//! it did not keep, and the two records beside each other for the person who decides.

use std::collections::HashMap;

use domain::record::Text;
use domain::{IncidentId, PersonId, RecordId};
use linkage::{Field, Level, LinkRecord, Model, Outcome, Step, Waterfall, Withheld};
use serde::{Deserialize, Serialize};
use store::seal::{MasterKey, Opener};
use store::{PairRow, RecordRow, Store};

use super::values::link_record;
use crate::WorkerError;

/// Two records, what speaks for and against their being one person, and what each of them says.
#[derive(Debug, Clone)]
pub struct Pairing {
    /// Incident of both.
    pub incident: IncidentId,
    /// One record.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// Persons that they are linked to.
    pub persons: (Option<PersonId>, Option<PersonId>),
    /// The evidence added up.
    pub waterfall: Waterfall,
    /// The last run kept this evidence; else it was worked out just now, with that run's weights but without the
    /// frequencies of its values.
    pub kept: bool,
    /// Fields that either record fills; empty without a key.
    pub sides: Vec<Side>,
}

/// One field of two records.
#[derive(Debug, Clone)]
pub struct Side {
    /// Which.
    pub field: Field,
    /// What the first record says.
    pub a: Text,
    /// What the second record says.
    pub b: Text,
}

/// Explains pairs of records, and opens them where a key is given. Pairs of which a record is unknown, or of another
/// incident than its partner, are left out; so are pairs that nothing is known of without a key.
///
/// # Errors
/// The store cannot be read, or the key does not open a record.
pub async fn pairings(
    store: &Store,
    master: Option<&MasterKey>,
    pairs: &[(RecordId, RecordId)],
) -> Result<Vec<Pairing>, WorkerError> {
    let mut ids: Vec<RecordId> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: HashMap<RecordId, (IncidentId, RecordRow)> =
        store.named_records(&ids).await?.into_iter().map(|(incident, row)| (row.id, (incident, row))).collect();
    let kept: HashMap<(RecordId, RecordId), PairRow> =
        store.pairs_among(&ids).await?.into_iter().map(|p| ((p.a.min(p.b), p.a.max(p.b)), p)).collect();
    let mut bench = Bench::default();
    let mut out = Vec::new();
    for (a, b) in pairs {
        let (Some((incident, left)), Some((other, right))) = (rows.get(a), rows.get(b)) else { continue };
        if incident != other {
            continue;
        }
        let opened = match master {
            Some(master) => {
                bench.prepare(store, master, *incident).await?;
                Some((bench.open(*incident, left)?, bench.open(*incident, right)?))
            }
            None => None,
        };
        let known = kept.get(&(*a.min(b), *a.max(b))).and_then(waterfall);
        let worked_out = || {
            let (a, b) = opened.as_ref()?;
            Some(linkage::explain(a, b, bench.models.get(incident)?.as_ref()?))
        };
        let was_kept = known.is_some();
        let Some(waterfall) = known.or_else(worked_out) else { continue };
        out.push(Pairing {
            incident: *incident,
            a: *a,
            b: *b,
            persons: (left.person, right.person),
            waterfall,
            kept: was_kept,
            sides: opened.map(|(a, b)| sides(&a, &b)).unwrap_or_default(),
        });
    }
    Ok(out)
}

/// Openers and weights of the incidents that are looked at.
#[derive(Default)]
struct Bench {
    openers: HashMap<IncidentId, Opener>,
    models: HashMap<IncidentId, Option<Model>>,
}

impl Bench {
    async fn prepare(&mut self, store: &Store, master: &MasterKey, incident: IncidentId) -> Result<(), WorkerError> {
        if self.openers.contains_key(&incident) {
            return Ok(());
        }
        let row = store.incident(incident).await?.ok_or(WorkerError::Missing("incident"))?;
        self.openers.insert(incident, Opener::new(&row.keys.open_secret(master)?, incident));
        // Weights of another version are as good as none.
        let model = store.weights(incident).await?.and_then(|text| serde_json::from_str(&text).ok());
        self.models.insert(incident, model);
        Ok(())
    }

    fn open(&self, incident: IncidentId, row: &RecordRow) -> Result<LinkRecord, WorkerError> {
        let opener = self.openers.get(&incident).ok_or(WorkerError::Missing("incident"))?;
        Ok(link_record(row.id, &opener.open(row.id, &row.sealed)?, &[]))
    }
}

/// A waterfall as the store keeps it: an incident has hundreds of thousands of pairs.
#[derive(Serialize, Deserialize)]
struct Kept {
    prior: f64,
    probability: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withheld: Option<Withheld>,
    steps: Vec<(Field, Level, f64)>,
}

/// The evidence of a pair as text, without any value.
pub(super) fn evidence(pair: &linkage::Pair, model: &Model) -> String {
    let waterfall = Waterfall::of_pair(pair, model);
    let short = |bits: f64| (bits * 100.0).round() / 100.0;
    let kept = Kept {
        prior: short(waterfall.prior),
        probability: (waterfall.probability * 1e6).round() / 1e6,
        withheld: waterfall.withheld,
        steps: waterfall.steps.iter().map(|s| (s.field, s.level, short(s.bits))).collect(),
    };
    // Numbers and names of variants: there is nothing in it that JSON could refuse.
    serde_json::to_string(&kept).unwrap_or_default()
}

/// The evidence of a kept pair; nothing where another version wrote it.
fn waterfall(pair: &PairRow) -> Option<Waterfall> {
    let kept: Kept = serde_json::from_str(&pair.evidence).ok()?;
    let outcome = [Outcome::Match, Outcome::Review, Outcome::Distinct].into_iter().find(|o| o.word() == pair.outcome);
    Some(Waterfall {
        prior: kept.prior,
        steps: kept.steps.into_iter().map(|(field, level, bits)| Step { field, level, bits }).collect(),
        weight: f64::from(pair.weight_milli) / 1000.0,
        probability: kept.probability,
        outcome,
        withheld: kept.withheld,
    })
}

fn sides(a: &LinkRecord, b: &LinkRecord) -> Vec<Side> {
    let said = |field: Field, of: fn(&LinkRecord) -> String| Side { field, a: of(a).into(), b: of(b).into() };
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let full_or =
        |r: &LinkRecord| if r.given.is_none() { r.full.join(", ") } else { r.given.clone().unwrap_or_default() };
    let mut out = vec![
        Side { field: Field::Given, a: full_or(a).into(), b: full_or(b).into() },
        Side { field: Field::Middle, a: text(&a.middle).into(), b: text(&b.middle).into() },
        Side { field: Field::Family, a: text(&a.family).into(), b: text(&b.family).into() },
        Side { field: Field::Father, a: text(&a.father).into(), b: text(&b.father).into() },
        Side { field: Field::Mother, a: text(&a.mother).into(), b: text(&b.mother).into() },
        said(Field::Birth, |r| r.birth.map(born).unwrap_or_default()),
        said(Field::Sex, |r| r.sex.map(|s| format!("{s:?}").to_lowercase()).unwrap_or_default()),
        said(Field::StrongId, |r| r.strong_ids.join(", ")),
        said(Field::Phone, |r| r.phones.join(", ")),
        said(Field::Email, |r| r.emails.join(", ")),
        said(Field::Place, |r| r.place.join(", ")),
        said(Field::Street, |r| r.street.join(", ")),
        Side { field: Field::BirthPlace, a: text(&a.birth_place).into(), b: text(&b.birth_place).into() },
    ];
    out.retain(|s| !s.a.expose().is_empty() || !s.b.expose().is_empty());
    out
}

fn born(birth: linkage::Birth) -> String {
    match birth {
        linkage::Birth::Date { year, month, day, estimated } => {
            let about = if estimated { "about " } else { "" };
            let part = |p: Option<u8>| p.map(|p| format!("-{p:02}")).unwrap_or_default();
            format!("{about}{year}{}{}", part(month), part(day.filter(|_| month.is_some())))
        }
        linkage::Birth::Years { from, to } => format!("{from} to {to}, from an age"),
    }
}

#[cfg(test)]
mod tests {
    use linkage::{Birth, Evidence, Options, Sex, link};

    use super::*;

    fn record(id: &str, given: &str) -> LinkRecord {
        LinkRecord {
            id: id.to_owned(),
            given: Some(given.to_owned()),
            family: Some("Synthetic".to_owned()),
            birth: Some(Birth::day(1990, 5, 17)),
            sex: Some(Sex::Female),
            other: vec![Some("x".to_owned())],
            ..LinkRecord::default()
        }
    }

    #[test]
    fn evidence_comes_back_as_it_was_kept() {
        let linkage = link(&[record("a", "Amina"), record("b", "Amina"), record("c", "Grace")], &Options::default());
        let edge = linkage.edges.first().expect("two of them are alike");
        let row = PairRow {
            a: RecordId::random(),
            b: RecordId::random(),
            weight_milli: (edge.weight * 1000.0) as i32,
            probability_milli: 999,
            outcome: edge.outcome.word().to_owned(),
            evidence: evidence(edge, &linkage.model),
            place: 1,
        };
        let (back, was) = (waterfall(&row).expect("reads"), Waterfall::of_pair(edge, &linkage.model));
        assert_eq!((back.outcome, back.withheld), (was.outcome, was.withheld));
        assert_eq!(back.steps.len(), was.steps.len());
        for (x, y) in back.steps.iter().zip(&was.steps) {
            assert_eq!((x.field, x.level), (y.field, y.level));
            assert!((x.bits - y.bits).abs() < 0.01);
        }
        assert!((back.prior - was.prior).abs() < 0.01 && (back.probability - was.probability).abs() < 1e-5);
        assert!(!row.evidence.contains("Amina"), "no value in it");
        assert!(waterfall(&PairRow { evidence: "name:exact:4".to_owned(), ..row }).is_none());
        assert_ne!(edge.evidence, Evidence::none());
    }

    #[test]
    fn a_model_survives_the_store() {
        let model = link(&[record("a", "Amina"), record("b", "Grace")], &Options::default()).model;
        let text = serde_json::to_string(&model).expect("JSON");
        let back: Model = serde_json::from_str(&text).expect("reads");
        let (a, b) = (record("a", "Amina"), record("b", "Grace"));
        assert_eq!(linkage::explain(&a, &b, &back), linkage::explain(&a, &b, &model));
    }

    #[test]
    fn two_records_stand_side_by_side_and_print_redacted() {
        let sides = sides(&record("a", "Amina"), &LinkRecord { phones: vec!["+1".to_owned()], ..record("b", "Grace") });
        let of = |field: Field| sides.iter().find(|s| s.field == field).map(|s| (s.a.expose(), s.b.expose()));
        assert_eq!(of(Field::Given), Some(("Amina", "Grace")));
        assert_eq!(of(Field::Birth), Some(("1990-05-17", "1990-05-17")));
        assert_eq!(of(Field::Phone), Some(("", "+1")));
        assert_eq!(of(Field::Email), None);
        assert!(!format!("{sides:?}").contains("Amina"));
    }
}
