//! Whether telling two candidates apart would loosen anything. Undecided, two persons who may be one share their
//! restrictions (R24); apart, each has only its own. One person may decide that where it opens nothing.

use domain::decision::Decision;
use domain::incident::IncidentKind;
use domain::{IncidentId, PersonId};
use localisation::Library;
use store::Store;
use store::seal::{MasterKey, Opener};

use crate::WorkerError;
use crate::people::{Rows, Setting, decide_all};

/// Decides both persons as things stand, and as they would stand apart. True if a route would tell more, or sooner.
///
/// # Errors
/// The store cannot be read, or the master key does not open the incident.
pub async fn parting_loosens(
    store: &Store,
    library: &Library,
    master: &MasterKey,
    incident: IncidentId,
    (a, b): (PersonId, PersonId),
) -> Result<bool, WorkerError> {
    let row = store.incident(incident).await?.ok_or(WorkerError::Missing("incident"))?;
    let now = store.now().await?;
    let opener = Opener::new(&row.keys.open_secret(master)?, incident);
    let drill = row.facts.kind == IncidentKind::Synthetic;
    let setting = Setting::new(store.societies().await?, library, drill, now);
    let together = Rows::load(store, incident, &[a, b]).await?;
    let mut apart = Rows::load(store, incident, &[a, b]).await?;
    apart.part(a, b);
    let decided = |rows| decide_all(rows, &opener, &setting, now, &[]);
    let (together, apart) = (decided(together), decided(apart));
    Ok(apart.iter().any(|after| {
        let before = together.iter().find(|case| case.person == after.person);
        before.is_none_or(|before| loosens(&before.decision, &after.decision))
    }))
}

fn loosens(before: &Decision, after: &Decision) -> bool {
    after.routes.iter().any(|now| {
        let was = before.routes.iter().find(|r| r.route == now.route);
        let level = was.map_or(domain::Level::L0, |r| r.level);
        let sooner = was.is_some_and(|r| r.waits_until > now.waits_until);
        now.level > level || now.level > domain::Level::L0 && sooner
    })
}
