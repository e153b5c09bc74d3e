//! One person's case for those who work on it: as it stands, in words that a caseworker understands, and as it would
//! stand with one more statement. Changes nothing.

use domain::decision::{Decision, OpenRoute, Route, RuleId};
use domain::incident::IncidentKind;
use domain::manifest::ContactRef;
use domain::record::{ContactPoint, Record, RelationKind};
use domain::society::Society;
use domain::{IncidentId, Millis, PersonId, RecordId};
use localisation::Library;
use protection::{LiftedRoute, Outcome, Planning, Says, Statement};
use serde_json::{Value, json};
use store::seal::{MasterKey, Opener};
use store::{IncidentRow, StatementRow, Store};

use crate::WorkerError;
use crate::people::{Case, Rows, Setting, decide_all, offers_for, statement};

/// A decision, for people and for programs. No personal value in either.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// `routes`, `reasons`, `rules`, `held`, `steps` as `protection.md` section 1 names them.
    pub json: Value,
    /// The same in words.
    pub lines: Vec<String>,
}

/// What one more statement would change.
#[derive(Debug, Clone)]
pub struct Restated {
    /// Nothing bad or unknown that stands now would be gone: one person may state it.
    pub tightens: bool,
    /// The decision as it would be.
    pub after: Decision,
}

/// One person, open. Holds personal data: for one answer, not to be kept.
pub struct Casefile {
    incident: IncidentRow,
    opener: Opener,
    setting: Setting,
    rows: Rows,
    case: Case,
    now: Millis,
}

impl Casefile {
    /// Opens a person. `None`: there is no such current person.
    ///
    /// # Errors
    /// The store cannot be read, or the master key does not open the incident.
    pub async fn open(
        store: &Store,
        library: &Library,
        master: &MasterKey,
        person: PersonId,
    ) -> Result<Option<Self>, WorkerError> {
        let Some(id) = store.person_incident(person).await? else { return Ok(None) };
        let rows = Rows::load(store, id, &[person]).await?;
        let Some(incident) = store.incident(id).await?.filter(|_| !rows.is_empty()) else { return Ok(None) };
        let now = store.now().await?;
        let opener = Opener::new(&incident.keys.open_secret(master)?, incident.id);
        let drill = incident.facts.kind == IncidentKind::Synthetic;
        let setting = Setting::new(store.societies().await?, library, drill, now);
        let mut cases = decide_all(rows.clone(), &opener, &setting, now, &[]);
        let case = cases.pop().filter(|_| cases.is_empty());
        Ok(case.map(|case| Self { incident, opener, setting, rows, case, now }))
    }

    /// The incident, with the public key to which statements are sealed.
    #[must_use]
    pub const fn incident(&self) -> &IncidentRow {
        &self.incident
    }

    /// The instant of the decision, by the store's clock.
    #[must_use]
    pub const fn at(&self) -> Millis {
        self.now
    }

    /// Version of the facts that were read.
    #[must_use]
    pub const fn facts_version(&self) -> i32 {
        self.case.facts_version
    }

    /// The person's records, by id.
    pub fn records(&self) -> impl Iterator<Item = RecordId> {
        self.case.records.iter().map(|(id, _)| *id)
    }

    /// Contact points as they stand, in the order in which they are numbered for people, from 1.
    #[must_use]
    pub fn contacts(&self) -> Vec<(ContactRef, &ContactPoint)> {
        self.case.points()
    }

    /// A name for a contact point that the person gives now, said about one of the records.
    #[must_use]
    pub fn next_contact(&self, record: RecordId) -> Option<ContactRef> {
        let taken = self.contacts().into_iter().filter(|(at, _)| at.record == record).map(|(at, _)| at.index);
        let last = taken.filter(|index| *index >= ContactRef::STATED).max();
        let index = last.map_or(Some(ContactRef::STATED), |last| last.checked_add(1))?;
        Some(ContactRef { record, index })
    }

    /// The open records, by id.
    #[must_use]
    pub fn record(&self, id: RecordId) -> Option<&Record> {
        self.case.record(id)
    }

    /// Guardian relations of the records (record and position), in the order in which they are numbered, from 1.
    #[must_use]
    pub fn guardians(&self) -> Vec<(RecordId, u8)> {
        let mut all = Vec::new();
        for (record, content) in &self.case.records {
            let relations = (0u8..).zip(content.relations.iter().flatten());
            all.extend(relations.filter(|(_, r)| r.kind == RelationKind::Guardian).map(|(index, _)| (*record, index)));
        }
        all
    }

    /// What operators stated: row and content, oldest first.
    ///
    /// # Errors
    /// One of them does not open.
    pub fn statements(&self) -> Result<Vec<(&StatementRow, Statement)>, WorkerError> {
        let rows = self.rows.first().map_or(&[][..], |person| &person.statements);
        rows.iter().map(|row| Ok((row, statement(row, &self.opener)?))).collect()
    }

    /// The decision in words and as JSON.
    #[must_use]
    pub fn explained(&self) -> Explained {
        let cases = std::slice::from_ref(&self.case);
        let offers = offers_for(cases, &self.setting);
        let societies: Vec<Society> = self.setting.societies().values().cloned().collect();
        let planning = Planning { societies: &societies, offers: &offers, tried: &[], follow_up: false, now: self.now };
        let outcome = protection::plan(&self.case.decision, &self.case.facts, &planning);
        Explained { json: as_json(self.incident.id, &self.case, &outcome), lines: in_words(&self.case, &outcome) }
    }

    /// What would stand if this were stated now.
    #[must_use]
    pub fn restated(&self, says: &[Says]) -> Restated {
        let said: Vec<Statement> = says.iter().map(|s| Statement { at: self.now, says: s.clone() }).collect();
        let mut cases = decide_all(self.rows.clone(), &self.opener, &self.setting, self.now, &said);
        let after = cases.pop().filter(|_| cases.is_empty());
        // A person who is gone in between has nothing that could be loosened, but two people should see it.
        after.map_or_else(
            || Restated { tightens: false, after: self.case.decision.clone() },
            |after| Restated {
                tightens: protection::only_tightens(&self.case.facts, &after.facts),
                after: after.decision,
            },
        )
    }

    /// The decision.
    #[must_use]
    pub const fn decision(&self) -> &Decision {
        &self.case.decision
    }

    /// Routes of the decision, by names that survive a new reading of the facts.
    pub fn routes(&self) -> impl Iterator<Item = (LiftedRoute, domain::Level)> {
        self.case.decision.routes.iter().filter_map(|open| Some((self.named(open.route)?, open.level)))
    }

    /// What a rule reads in the facts now: a lift is void when it changes.
    #[must_use]
    pub fn fingerprint(&self, rule: RuleId) -> u64 {
        protection::fingerprint(&self.case.facts, rule)
    }

    fn named(&self, route: Route) -> Option<LiftedRoute> {
        let contact = match route.contact {
            Some(index) => Some(self.case.facts.contact_at(index)?),
            None => None,
        };
        Some(LiftedRoute { to: route.to, channel: route.channel, contact })
    }
}

fn as_json(incident: IncidentId, case: &Case, outcome: &Outcome) -> Value {
    let decision = &case.decision;
    let route = |r: &OpenRoute| {
        json!({
            "to": r.route.to, "channel": r.route.channel, "contact": r.route.contact,
            "level": r.level, "wire": r.wire, "waits": r.waits_until,
        })
    };
    let steps = match outcome {
        Outcome::Plan(plan) => json!(plan.steps),
        Outcome::Held(_) => json!([]),
    };
    json!({
        "incident": incident.to_string(), "person": case.person.to_string(), "audience": decision.audience, "flagged": decision.flagged,
        "routes": decision.routes.iter().map(route).collect::<Vec<_>>(),
        "reasons": decision.reasons, "rules": decision.rules, "held": matches!(outcome, Outcome::Held(_)),
        "steps": steps,
    })
}

fn in_words(case: &Case, outcome: &Outcome) -> Vec<String> {
    let explanation = protection::explain(&case.decision, &case.facts).to_string();
    let mut lines = vec![case.person.to_string()];
    lines.extend(explanation.lines().map(str::to_owned));
    if let Outcome::Plan(plan) = outcome {
        lines.push("Planned, in this order:".to_owned());
        for (n, step) in (1..).zip(&plan.steps) {
            lines.push(format!(
                "  {n}. {} at {}, in {}, through {}",
                step.channel, step.level, step.language, step.society
            ));
        }
    }
    lines
}
