//! `tidings gateway`: whose keys messages are sealed to, what a gateway may do at the broker, and how anybody's gateway
//! is checked. A wrong key sends a Society's people to somebody else, so keys take two.

pub mod check;
pub mod gaps;
pub mod offline;
pub mod provision;
pub mod rotate;

use std::path::Path;

use broker::{Realm, Topology};
use contract::GatewayPublic;
use contract::jose::jwk::JwkSet;
use domain::action::ActionKind;
use serde_json::json;
use store::{GatewayRow, GatewayState};

use super::action;
use crate::answer::{Answer, table};
use crate::app::App;
use crate::cli::GatewayCommand;
use crate::error::Failure;

/// Runs the command.
///
/// # Errors
/// A file that is not a JWK set with one key of each kind; a Society that is not known.
pub async fn run(app: &App, command: &GatewayCommand) -> Result<Answer, Failure> {
    match command {
        GatewayCommand::Add { society, keys, signer } => {
            if !app.store.societies().await?.iter().any(|s| s.code == *society) {
                return Err(Failure::failed(format!("Society {society} is not known; tidings society put FILE")));
            }
            let public = public_of(society, keys)?;
            // Two active keys would leave it to chance which of them a message is sealed to.
            let known = rotate::of_society(app, society, false).await?;
            if known.iter().any(|g| g.state == GatewayState::Active) {
                let next = format!("tidings gateway rotate {society} --keys FILE");
                return Err(Failure::refused(format!("{society} has keys already; {next} replaces them")));
            }
            rotate::never_again(&known, &public)?;
            let subject = json!({ "society": society, "keys": public.to_jwks() });
            action::propose(app, ActionKind::GatewayKey, &subject, signer).await
        }
        GatewayCommand::List => list(app).await,
        GatewayCommand::Provision(given) => provision::run(app, given).await,
        GatewayCommand::Rotate(given) => rotate::run(app, given).await,
        GatewayCommand::Export(given) => offline::export(app, given).await,
        GatewayCommand::Import(given) => offline::import(app, given).await,
        GatewayCommand::Check(given) => check::run(given).await,
        GatewayCommand::Declare { drill } => {
            let societies: Vec<_> = app.store.societies().await?.into_iter().map(|s| s.code.to_string()).collect();
            let realm = if *drill { Realm::Drill } else { Realm::Real };
            let topology = Topology::new(realm, societies.clone());
            app.amqp().await?.declare(&topology).await?;
            let text = format!("Queues and exchanges of {} Societies are there.", societies.len());
            Ok(Answer::new(json!({ "societies": societies }), text))
        }
    }
}

/// Public keys from a file. Private ones in it are not looked at, and it should not hold any.
///
/// # Errors
/// The file is missing or not a JWK set with one key of each kind.
pub fn public_of(society: &domain::SocietyCode, file: &Path) -> Result<GatewayPublic, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
    let set: JwkSet =
        serde_json::from_str(&text).map_err(|_| Failure::usage(format!("{} is not a JWK set", file.display())))?;
    GatewayPublic::from_jwks(society.clone(), &set)
        .map_err(|_| Failure::usage(format!("{} needs one X25519 and one Ed25519 public key", file.display())))
}

/// A gateway as the store keeps it: public keys only.
///
/// # Errors
/// A key that does not serialise.
pub fn row(public: &GatewayPublic, drill: bool) -> Result<GatewayRow, Failure> {
    let set = public.to_jwks();
    let jwk = |curve: usize| serde_json::to_string(&set.keys[curve]);
    Ok(GatewayRow {
        society: public.society().clone(),
        kid: public.sealing_kid().to_owned(),
        sealing_jwk: jwk(0)?,
        verifying_jwk: jwk(1)?,
        drill,
        state: GatewayState::Active,
    })
}

async fn list(app: &App) -> Result<Answer, Failure> {
    let mut gateways = app.store.gateways(false).await?;
    gateways.extend(app.store.gateways(true).await?);
    let heard = app.store.heard().await?;
    let of = |g: &GatewayRow| {
        let key = verifying_kid(g)?;
        heard.iter().find(|h| h.society == g.society && h.gateway_key == key)
    };
    let rows: Vec<_> = gateways
        .iter()
        .map(|g| {
            vec![
                g.society.to_string(),
                g.kid.clone(),
                g.state.as_str().to_owned(),
                if g.drill { "drill" } else { "real" }.to_owned(),
                of(g).map_or_else(|| "0".to_owned(), |h| h.heard.last().to_string()),
                of(g).map_or_else(String::new, gaps::words),
            ]
        })
        .collect();
    let json = gateways
        .iter()
        .map(|g| {
            json!({ "society": g.society, "kid": g.kid, "state": g.state.as_str(), "drill": g.drill,
                    "batches": of(g).map_or(0, |h| h.heard.last()), "missing": of(g).map_or(0, |h| h.heard.missing()),
                    "gaps": of(g).map(|h| h.heard.gaps().collect::<Vec<_>>()).unwrap_or_default() })
        })
        .collect();
    Ok(Answer::new(json, table(&["society", "key", "state", "for", "batches", "missing"], &rows)))
}

/// The key by which a gateway's receipts are known.
fn verifying_kid(row: &GatewayRow) -> Option<String> {
    let jwk = |text: &str| serde_json::from_str(text).ok();
    let keys = vec![jwk(&row.sealing_jwk)?, jwk(&row.verifying_jwk)?];
    let public = GatewayPublic::from_jwks(row.society.clone(), &JwkSet { keys }).ok()?;
    Some(public.verifying_kid().to_owned())
}
