//! One person's decision in words that a caseworker understands.

use domain::IncidentId;
use domain::PersonId;
use domain::decision::OpenRoute;
use domain::incident::IncidentKind;
use domain::society::Society;
use localisation::Library;
use protection::{Outcome, Planning};
use serde_json::{Value, json};
use store::seal::{MasterKey, Opener};
use store::{IncidentRow, Store};

use crate::WorkerError;
use crate::people::{Case, Rows, Setting, decide_all, offers_for};

/// A decision, for people and for programs. No personal value in either.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// `routes`, `reasons`, `rules`, `held`, `steps` as `protection.md` section 1 names them.
    pub json: Value,
    /// The same in words.
    pub lines: Vec<String>,
}

/// Decides one person as things stand, without changing anything. `None`: no such person.
///
/// # Errors
/// The store cannot be read, or the master key does not open the incident.
pub async fn explain(
    store: &Store,
    library: &Library,
    master: &MasterKey,
    person: PersonId,
) -> Result<Option<Explained>, WorkerError> {
    for incident in store.incidents().await? {
        let rows = Rows::load(store, incident.id, &[person]).await?;
        if !rows.is_empty() {
            return one(store, library, master, &incident, rows).await;
        }
    }
    Ok(None)
}

async fn one(
    store: &Store,
    library: &Library,
    master: &MasterKey,
    incident: &IncidentRow,
    rows: Rows,
) -> Result<Option<Explained>, WorkerError> {
    let now = store.now().await?;
    let societies = store.societies().await?;
    let opener = Opener::new(&incident.keys.open_secret(master)?, incident.id);
    let drill = incident.facts.kind == IncidentKind::Synthetic;
    let setting = Setting::new(societies, library, drill, now);
    let cases = decide_all(rows, &opener, &setting, now);
    let offers = offers_for(&cases, &setting);
    let societies: Vec<Society> = setting.societies().values().cloned().collect();
    let planning = Planning { societies: &societies, offers: &offers, tried: &[], follow_up: false, now };
    Ok(cases.first().map(|case| {
        let outcome = protection::plan(&case.decision, &case.facts, &planning);
        Explained { json: as_json(incident.id, case, &outcome), lines: in_words(case, &outcome) }
    }))
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
        "incident": incident, "person": case.person, "audience": decision.audience, "flagged": decision.flagged,
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
