//! `tidings gateway rotate`: new keys for a gateway, in two actions of two people each.
//!
//! The first makes the new keys active and the old ones retiring: nothing new is sealed to the old key, what was sealed
//! to it can still be opened by the gateway that holds both, and receipts count by either. The second, when no open
//! attempt needs the old key any more, revokes it.

use contract::GatewayPublic;
use domain::SocietyCode;
use domain::action::ActionKind;
use serde_json::{Value, json};
use store::{GatewayRow, GatewayState};

use super::{public_of, row};
use crate::answer::Answer;
use crate::app::App;
use crate::cli::Rotate;
use crate::commands::action;
use crate::error::Failure;

/// Proposes either half.
///
/// # Errors
/// No keys to rotate, the same keys again, or old ones that are still needed.
pub async fn run(app: &App, given: &Rotate) -> Result<Answer, Failure> {
    let rows = of_society(app, &given.society, given.drill).await?;
    let in_state = |state| rows.iter().filter(move |g| g.state == state).map(|g| g.kid.clone()).collect::<Vec<_>>();
    let subject = match &given.keys {
        Some(file) => {
            let public = public_of(&given.society, file)?;
            never_again(&rows, &public)?;
            let retire = in_state(GatewayState::Active);
            if retire.is_empty() {
                let next = format!("tidings gateway add {} --keys FILE", given.society);
                return Err(Failure::failed(format!("{} has no keys to rotate; {next}", given.society)));
            }
            json!({ "society": given.society, "drill": given.drill, "keys": public.to_jwks(), "retire": retire })
        }
        None => {
            let mut revoke = in_state(GatewayState::Retiring);
            if given.compromised {
                revoke.extend(in_state(GatewayState::Active));
            }
            if revoke.is_empty() {
                return Err(Failure::failed(format!("{} has no keys that are being rotated out", given.society)));
            }
            if !given.compromised {
                still_needed(app, &given.society, &revoke).await?;
            }
            json!({ "society": given.society, "drill": given.drill, "revoke": revoke, "compromised": given.compromised })
        }
    };
    action::propose(app, ActionKind::GatewayKey, &subject, &given.signer).await
}

/// Whether what was proposed may still be done.
///
/// # Errors
/// A refusal: old keys that are needed again, or keys that came between.
pub async fn verify_fresh(app: &App, subject: &Value) -> Result<(), Failure> {
    let order = Order::read(subject)?;
    if !order.compromised {
        still_needed(app, &order.society, &order.revoke).await?;
    }
    let Some(public) = &order.public else { return Ok(()) };
    let known = of_society(app, &order.society, order.drill).await?;
    never_again(&known, public)?;
    let stays = |g: &&GatewayRow| g.state == GatewayState::Active && !order.retire.contains(&g.kid);
    match known.iter().find(stays) {
        Some(other) => Err(Failure::refused(format!("key {} was added meanwhile; propose it again", other.kid))),
        None => Ok(()),
    }
}

/// A key comes once: neither one that is in use nor one that was revoked is taken as new.
///
/// # Errors
/// The key is known.
pub fn never_again(known: &[GatewayRow], public: &GatewayPublic) -> Result<(), Failure> {
    let sealing = public.sealing_kid();
    let verifying = serde_json::to_string(&public.to_jwks().keys[1])?;
    if known.iter().any(|g| g.kid == sealing || g.verifying_jwk == verifying) {
        return Err(Failure::refused("these keys are known already; new ones are needed"));
    }
    Ok(())
}

/// What an action says.
struct Order {
    society: SocietyCode,
    drill: bool,
    public: Option<GatewayPublic>,
    retire: Vec<String>,
    revoke: Vec<String>,
    compromised: bool,
}

impl Order {
    fn read(subject: &Value) -> Result<Self, Failure> {
        let wrong = |what: &str| Failure::failed(format!("the action's {what} cannot be read"));
        let society: SocietyCode = serde_json::from_value(subject["society"].clone()).map_err(|_| wrong("society"))?;
        let named = |field: &str| -> Vec<String> { serde_json::from_value(subject[field].clone()).unwrap_or_default() };
        let public = match &subject["keys"] {
            Value::Null => None,
            keys => {
                let set = serde_json::from_value(keys.clone()).map_err(|_| wrong("keys"))?;
                Some(GatewayPublic::from_jwks(society.clone(), &set).map_err(|_| wrong("keys"))?)
            }
        };
        let yes = |field: &str| subject[field].as_bool().unwrap_or(false);
        let (retire, revoke) = (named("retire"), named("revoke"));
        Ok(Self { drill: yes("drill"), compromised: yes("compromised"), society, public, retire, revoke })
    }
}

/// Carries an authorised action out.
///
/// # Errors
/// A subject that cannot be read.
pub async fn execute(app: &App, subject: &Value) -> Result<String, Failure> {
    let Order { society, drill, public, retire, revoke, compromised } = Order::read(subject)?;
    let mut done = Vec::new();
    if let Some(public) = &public {
        app.store.put_gateway(&row(public, drill)?).await?;
        done.push(format!("The gateway of {society} is known by key {}.", public.sealing_kid()));
    }
    for known in of_society(app, &society, drill).await? {
        let state = match () {
            () if retire.contains(&known.kid) && known.state == GatewayState::Active => GatewayState::Retiring,
            () if revoke.contains(&known.kid) && known.state != GatewayState::Revoked => GatewayState::Revoked,
            () => continue,
        };
        done.push(format!("Key {} is {}.", known.kid, state.as_str()));
        app.store.put_gateway(&GatewayRow { state, ..known }).await?;
    }
    if !retire.is_empty() || compromised {
        done.push(
            "Running campaigns seal nothing more until their manifest, which names the keys, is approved again.".into(),
        );
    }
    Ok(done.join("\n"))
}

/// Keys of a Society, whatever their state.
///
/// # Errors
/// The store cannot be read.
pub async fn of_society(app: &App, society: &SocietyCode, drill: bool) -> Result<Vec<GatewayRow>, Failure> {
    Ok(app.store.gateways(drill).await?.into_iter().filter(|g| g.society == *society).collect())
}

async fn still_needed(app: &App, society: &SocietyCode, kids: &[String]) -> Result<(), Failure> {
    for kid in kids {
        let open = app.store.open_attempts_of_key(society, kid).await?;
        if open > 0 {
            return Err(Failure::refused(format!(
                "{open} attempts that were sealed to {kid} have no outcome yet; revoking it now would make their receipts worthless"
            )));
        }
    }
    Ok(())
}
