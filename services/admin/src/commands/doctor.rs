//! `tidings doctor`: everything that can be wrong, before it is.

use broker::{Queue, Realm, Stage};
use domain::Millis;
use serde_json::json;

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

async fn queues(app: &App) -> Result<(), String> {
    let broker = app.amqp().await.map_err(|f| f.to_string())?;
    let mut queues: Vec<_> = Stage::ALL.iter().map(|stage| Queue::stage(Realm::Real, *stage)).collect();
    queues.push(Queue::receipts(Realm::Real));
    broker.check(&queues).await.map_err(|e| format!("{e}: tidings gateway declare"))
}
