//! `tidings hold lift`: two named people set one rule aside, on named routes, up to a level, for a while. Other rules
//! still apply, and a lift is void once a fact that the rule reads changes.

use domain::action::{ActionKind, Authorised};
use domain::channel::Recipient;
use domain::{Audience, Channel, IncidentId, Level, Millis, PersonId};
use protection::{LIFT_DAYS, Lift, LiftedRoute, check_lift, may_lift};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::LiftRow;
use uuid::Uuid;
use workers::Casefile;

use crate::answer::{Answer, day};
use crate::app::App;
use crate::cli::LiftArgs;
use crate::commands::{action, explain, protect};
use crate::error::Failure;

/// Persons of one lift at most: what two people can still look at, one by one.
const MAX_PERSONS: usize = 50;

/// Characters of a reason: a sentence.
const MAX_REASON: usize = 200;

/// Digits in a row from which a reason looks as if it held a number of somebody's.
const MAX_DIGITS: usize = 4;

/// What a pending lift holds: ids and rules, nothing personal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    incident: IncidentId,
    reason: String,
    lifts: Vec<Lifted>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lifted {
    id: Uuid,
    person: PersonId,
    facts_version: i32,
    lift: Lift,
}

/// Proposes a lift as the first person.
///
/// # Errors
/// The rule may not be lifted (for so many), closes nothing here, or a route does not exist.
pub(super) async fn propose(app: &App, args: &LiftArgs) -> Result<Answer, Failure> {
    if args.persons.len() > MAX_PERSONS {
        return Err(Failure::refused(format!("at most {MAX_PERSONS} persons at once")));
    }
    may_lift(args.rule, args.persons.len() > 1).map_err(|e| Failure::refused(e.to_string()))?;
    let reason = reason(&args.reason)?;
    if !(1..=LIFT_DAYS).contains(&args.days) {
        return Err(Failure::usage(format!("--days: 1 to {LIFT_DAYS}")));
    }
    let mut lifts = Vec::new();
    let mut incidents = Vec::new();
    for person in &args.persons {
        let case = explain::casefile(app, *person).await?;
        lifts.push(lifted(*person, &case, args)?);
        incidents.push(case.incident().id);
    }
    let Some(incident) = incidents.first().copied().filter(|first| incidents.iter().all(|i| i == first)) else {
        return Err(Failure::usage("all persons have to belong to one incident"));
    };
    let subject = Subject { incident, reason, lifts };
    action::propose(app, ActionKind::LiftHold, &serde_json::to_value(&subject)?, &args.signer).await
}

fn lifted(person: PersonId, case: &Casefile, args: &LiftArgs) -> Result<Lifted, Failure> {
    if !case.decision().rules.contains(&args.rule) {
        return Err(Failure::refused(format!("{person}: {} did not fire, so there is nothing to lift", args.rule)));
    }
    let mut routes = Vec::new();
    for named in &args.route {
        let route = route(named, case)?;
        if !case.routes().any(|(known, _)| known == route) {
            return Err(Failure::usage(format!("{person} has no route {named}; see `tidings protect show`")));
        }
        if !has_words(case, route, args.level) {
            let problem = "there are no words up to this level for this person on this channel";
            return Err(Failure::refused(format!("{person}, --route {named} --level {}: {problem}", args.level)));
        }
        routes.push(route);
    }
    let lift = Lift {
        rule: args.rule,
        routes,
        level: args.level,
        expires_at: case.at().plus(args.days * Millis::DAY),
        reads: case.fingerprint(args.rule),
        by: Vec::new(),
    };
    Ok(Lifted { id: Uuid::new_v4(), person, facts_version: case.facts_version(), lift })
}

/// Whether anything can be said on a route when it is open up to a level: in person, nothing neutral.
fn has_words(case: &Casefile, route: LiftedRoute, most: Level) -> bool {
    let audience = if route.to == Recipient::Person { case.decision().audience } else { Audience::Guardian };
    localisation::audience::levels(audience, route.channel).iter().any(|level| (Level::L2..=most).contains(level))
}

/// `self/caseworker`, `self/sms/1`, `guardian.1/call_live/2`: recipient, channel, number of the contact point.
fn route(text: &str, case: &Casefile) -> Result<LiftedRoute, Failure> {
    let wrong = || Failure::usage(format!("--route {text}: self/CHANNEL, self/CHANNEL/N or guardian.K/CHANNEL/N"));
    let mut parts = text.split('/');
    let to = match parts.next().ok_or_else(wrong)?.split_once('.') {
        None if text.starts_with("self/") => Recipient::Person,
        Some(("guardian", k)) => {
            Recipient::Guardian(k.parse::<u8>().ok().and_then(|k| k.checked_sub(1)).ok_or_else(wrong)?)
        }
        _ => return Err(wrong()),
    };
    let channel = parts.next().and_then(Channel::parse).ok_or_else(wrong)?;
    let contact = match parts.next() {
        None => None,
        Some(n) => {
            let index = n.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).ok_or_else(wrong)?;
            Some(case.contacts().get(index).map(|(at, _)| *at).ok_or_else(wrong)?)
        }
    };
    if parts.next().is_some() { Err(wrong()) } else { Ok(LiftedRoute { to, channel, contact }) }
}

/// A reason is kept for ever and in clear: no number and no address may be in it.
fn reason(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let mut digits = 0;
    let number = text.chars().any(|c| {
        digits = if c.is_numeric() { digits + 1 } else { 0 };
        digits > MAX_DIGITS
    });
    if text.is_empty() || text.chars().count() > MAX_REASON {
        return Err(Failure::usage(format!("--reason: one sentence, at most {MAX_REASON} characters")));
    }
    if number || text.contains('@') {
        return Err(Failure::usage("--reason: it is kept in clear; leave out numbers, addresses and names"));
    }
    Ok(text.to_owned())
}

/// Refuses a lift of what has changed since. Checked before the signatures are spent.
///
/// # Errors
/// A fact that the rule reads has changed, or records have merged.
pub async fn verify_fresh(app: &App, subject: &Value) -> Result<(), Failure> {
    let subject: Subject = serde_json::from_value(subject.clone())?;
    for lifted in &subject.lifts {
        let case = explain::casefile(app, lifted.person).await?;
        if case.fingerprint(lifted.lift.rule) != lifted.lift.reads {
            return Err(Failure::refused(format!(
                "what {} reads about {} has changed since this was proposed; look at it and propose it again",
                lifted.lift.rule, lifted.person
            )));
        }
    }
    Ok(())
}

/// Carries out what two people signed.
///
/// # Errors
/// The store refuses.
pub async fn execute(app: &App, subject: &Value, by: Authorised) -> Result<String, Failure> {
    let subject: Subject = serde_json::from_value(subject.clone())?;
    let mut rows = Vec::new();
    for lifted in &subject.lifts {
        let lift = Lift { by: vec![by.first, by.second], ..lifted.lift.clone() };
        check_lift(&lift).map_err(|e| Failure::refused(e.to_string()))?;
        rows.push(LiftRow {
            id: lifted.id,
            person: lifted.person,
            rule: lift.rule,
            routes: serde_json::to_string(&lift)?,
            level: lift.level,
            reason: subject.reason.clone(),
            expires_at: lift.expires_at,
            facts_version: lifted.facts_version,
        });
    }
    app.store.put_lifts(subject.incident, &rows).await?;
    let persons: Vec<PersonId> = subject.lifts.iter().map(|l| l.person).collect();
    protect::plan_again(app, subject.incident, &persons).await?;
    Ok(format!(
        "{} is set aside for {} until {}. Whoever is told more than was approved waits for a supplement: tidings campaign approve.",
        rows.first().map(|r| r.rule.to_string()).unwrap_or_default(),
        if persons.len() == 1 { persons[0].to_string() } else { format!("{} persons", persons.len()) },
        day(rows.first().map(|r| r.expires_at))
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_holds_no_number_and_no_address() {
        assert!(reason("Met in person by the caseworker on 3 May 2025").is_ok());
        for wrong in ["", "call +254700000101", "a@example.org", "٠٧٠٠١٢", &"x".repeat(201)] {
            assert!(reason(wrong).is_err(), "{wrong:?}");
        }
    }
}
