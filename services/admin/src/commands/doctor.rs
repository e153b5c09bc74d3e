//! `tidings doctor`: everything that can be wrong, before it is.

use broker::{Queue, Realm, Stage};
use domain::Millis;
use serde_json::json;
use store::{ImportRow, ImportState};

use super::gateway::gaps;
use crate::answer::Answer;
use crate::app::App;
use crate::config::Config;
use crate::error::Failure;
use crate::home;

/// One check: what, whether it is fine, and what to do when it is not.
struct Check {
    what: &'static str,
    fault: Option<String>,
}

impl Check {
    fn new(what: &'static str, result: Result<(), String>) -> Self {
        Self { what, fault: result.err() }
    }
}

/// Runs every check and names all faults at once.
///
/// # Errors
/// At least one check found a fault.
pub async fn run(config: &Config) -> Result<Answer, Failure> {
    let mut checks = vec![keys(config), words(config)];
    match App::open(config).await {
        Err(failure) => checks.push(Check::new("store", Err(failure.to_string()))),
        Ok(app) => {
            checks.push(Check::new("store", app.store.now().await.map(|_| ()).map_err(|e| e.to_string())));
            checks.push(Check::new("operators", operators(&app).await));
            checks.push(Check::new("Societies", societies(&app).await));
            checks.push(Check::new("gateways", gateways(&app).await));
            checks.push(Check::new("receipts", receipts(&app).await));
            checks.push(Check::new("imports", imports(&app).await));
            checks
                .push(Check::new("audit chain", app.store.verify_audit().await.map(|_| ()).map_err(|e| e.to_string())));
            if config.amqp_url()?.is_some() {
                checks.push(Check::new("broker", queues(&app).await));
            }
        }
    }
    let mut text = String::new();
    for check in &checks {
        match &check.fault {
            None => text.push_str(&format!("ok     {}\n", check.what)),
            Some(fault) => text.push_str(&format!("WRONG  {}: {fault}\n", check.what)),
        }
    }
    let faults = checks.iter().filter(|c| c.fault.is_some()).count();
    let json = json!({
        "ok": faults == 0,
        "checks": checks.iter().map(|c| json!({ "what": c.what, "fault": c.fault })).collect::<Vec<_>>(),
    });
    if faults == 0 {
        return Ok(Answer::new(json, text));
    }
    Err(Failure::failed(format!("{faults} of {} checks found something\n{text}", checks.len())))
}

fn keys(config: &Config) -> Check {
    let files = [config.master_key_file(), config.organisation_key_file(false), config.receipt_key_file(false)];
    let fault = files.iter().find_map(|file| home::read_secret(file).err());
    Check::new("keys", fault.map_or(Ok(()), |f| Err(f.to_string())))
}

fn words(config: &Config) -> Check {
    Check::new("words", crate::app::library(config).map(|_| ()).map_err(|f| f.to_string()))
}

async fn operators(app: &App) -> Result<(), String> {
    let active = app.store.operators().await.map_err(|e| e.to_string())?.into_iter().filter(|o| o.revoked_at.is_none());
    match active.count() {
        n if n >= 2 => Ok(()),
        n => Err(format!("{n} may act, two have to: tidings operator add")),
    }
}

async fn societies(app: &App) -> Result<(), String> {
    let societies = app.store.societies().await.map_err(|e| e.to_string())?;
    if societies.is_empty() {
        return Err("none is known: tidings society put FILE".to_owned());
    }
    let open: Vec<_> = societies
        .iter()
        .filter(|s| !s.contexts.iter().any(domain::society::Context::is_signed))
        .map(|s| s.code.to_string())
        .collect();
    if open.is_empty() {
        Ok(())
    } else {
        Err(format!("no assessed context, so all their people are held: {}", open.join(" ")))
    }
}

async fn gateways(app: &App) -> Result<(), String> {
    let societies = app.store.societies().await.map_err(|e| e.to_string())?;
    let gateways = app.store.gateways(false).await.map_err(|e| e.to_string())?;
    let without: Vec<_> = societies
        .iter()
        .filter(|s| !s.synthetic && gateways.iter().all(|g| g.society != s.code))
        .map(|s| s.code.to_string())
        .collect();
    if without.is_empty() { Ok(()) } else { Err(format!("no key, so nothing can be sealed to: {}", without.join(" "))) }
}

/// A batch that another one overtook comes within minutes.
const OVERTAKEN: i64 = Millis::HOUR;

async fn receipts(app: &App) -> Result<(), String> {
    let now = app.store.now().await.map_err(|e| e.to_string())?;
    let gaps = gaps::all(app, |_| true).await.map_err(|f| f.to_string())?;
    let old = gaps.iter().filter(|row| row.gap_since.is_some_and(|since| now.0 - since.0 > OVERTAKEN));
    let said: Vec<_> = old.map(|row| format!("{} {}", row.society, gaps::words(row))).collect();
    if said.is_empty() {
        return Ok(());
    }
    Err(format!("batches are missing: ask the gateway to send them again: {}", said.join("; ")))
}

/// Two million rows are staged within ten minutes: what began longer ago than this has lost its process.
const IMPORT_TAKES: i64 = Millis::HOUR;

async fn imports(app: &App) -> Result<(), String> {
    let now = app.store.now().await.map_err(|e| e.to_string())?;
    let begun = app.store.unstaged_imports().await.map_err(|e| e.to_string())?;
    let left: Vec<String> = begun
        .iter()
        .filter(|import| is_left(import, now))
        .map(|import| format!("{} of {} {} ({} rows staged)", import.id, import.society, import.system, import.staged))
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(format!(
        "began and never ended, and no other file of the register can be imported: {}. Import the same file again to go \
         on, or another one with --replace to give it up",
        left.join(", ")
    ))
}

/// Whether an import was begun by a process that cannot be there any more.
fn is_left(import: &ImportRow, now: Millis) -> bool {
    import.state == ImportState::Staging && import.begun_at.plus(IMPORT_TAKES) < now
}

async fn queues(app: &App) -> Result<(), String> {
    let broker = app.amqp().await.map_err(|f| f.to_string())?;
    let mut queues: Vec<_> = Stage::ALL.iter().map(|stage| Queue::stage(Realm::Real, *stage)).collect();
    queues.push(Queue::receipts(Realm::Real));
    broker.check(&queues).await.map_err(|e| format!("{e}: tidings gateway declare"))
}

#[cfg(test)]
mod tests {
    use domain::{ImportId, IncidentId};

    use super::*;

    #[test]
    fn an_import_that_nobody_goes_on_with_is_a_fault_and_one_under_way_is_none() {
        let begun = |state, begun_at| ImportRow {
            id: ImportId::random(),
            incident: IncidentId::random(),
            society: "KE".parse().expect("a Society"),
            system: "aid".to_owned(),
            state,
            rows_read: 0,
            staged: 10,
            new: 0,
            updated: 0,
            unchanged: 0,
            quarantined: 0,
            begun_at: Millis(begun_at),
        };
        let now = Millis(Millis::DAY);
        assert!(is_left(&begun(ImportState::Staging, 0), now), "killed yesterday");
        assert!(!is_left(&begun(ImportState::Staging, Millis::DAY - Millis::MINUTE), now), "under way");
        for over in [ImportState::Staged, ImportState::Applied, ImportState::Abandoned] {
            assert!(!is_left(&begun(over, 0), now), "the file is in the store");
        }
    }
}
