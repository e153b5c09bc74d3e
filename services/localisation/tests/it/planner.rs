//! The notices that this crate can make are those that the rules can produce, no more and no fewer: checked against
//! the planner itself, over people in every combination of what decides audience, channel and level.

use std::collections::{BTreeMap, BTreeSet};

use domain::notice::Notice;
use domain::society::{Offer, Society};
use domain::{Audience, Channel, Level, Millis, NoticeKind};
use localisation::audience;
use protection::facts_io::{Input, read};
use protection::{Offers, Outcome, Planning, decide, plan};
use serde_json::{Value, json};

use crate::support::society;

const NOW: &str = "2026-11-29T10:00:00Z";

/// What makes a person one audience or another; several may come together.
fn persons() -> Vec<Value> {
    let known = json!({
        "society": "KE", "system": "rfl", "record_id": "1", "roles": ["aid_recipient"],
        "birth": {"year": 1980, "month": 5, "day": 20}, "vital": {"value": "alive"},
        "needs_codes": [], "concerns": [], "detention_markers": [], "access_needs": [], "relations": [],
        "displacement": "resident", "country_of_presence": "KE", "literacy": "reads", "languages": [{"tag": "sw"}],
        "contacts": contacts(),
    });
    let traits = [
        json!({"roles": ["enquirer"]}),
        json!({"roles": ["bereaved"]}),
        json!({"roles": ["staff"]}),
        json!({"roles": ["partner_organisation"], "contacts": published()}),
        json!({"roles": ["sought"], "whereabouts": {"value": "located"}}),
        json!({"displacement": "refugee", "country_of_origin": "SO"}),
        json!({"needs_codes": ["SV-VA"]}),
        json!({"detention_markers": [{"on": "2020-01-01"}], "liberty": {"value": "detained", "as_of": "2026-01-01"}}),
        json!({"detention_markers": [{"on": "2020-01-01"}],
               "liberty": {"value": "released_confirmed", "as_of": "2026-01-01"}}),
        json!({"birth": {"year": 2014, "month": 3, "day": 3}, "child_status": "with_parents",
               "separation_cause": "poverty", "consent": {"source": "caregiver"}, "relations": [guardian()],
               "contacts": of_guardian()}),
        json!({"birth": {"year": 2010, "month": 3, "day": 3}, "child_status": "unaccompanied"}),
    ];
    // none, each, and each pair of them
    let mut all = vec![known.clone()];
    for (n, one) in traits.iter().enumerate() {
        all.push(with(&known, one));
        all.extend(traits.iter().skip(n + 1).map(|other| with(&with(&known, one), other)));
    }
    all
}

fn with(person: &Value, more: &Value) -> Value {
    let mut person = person.clone();
    for (field, value) in more.as_object().into_iter().flatten() {
        match (person[field].as_array_mut(), value) {
            // a partner organisation has no other role
            (Some(own), Value::Array(more)) if field == "roles" && !more.contains(&"partner_organisation".into()) => {
                own.extend(more.iter().cloned());
            }
            _ => person[field] = value.clone(),
        }
    }
    person
}

fn contacts() -> Value {
    [("phone", "+254700000001"), ("email", "synthetic@example.org"), ("address", "1 Synthetic Road")]
        .map(|(kind, value)| contact(kind, value, "self"))
        .into_iter()
        .collect()
}

fn of_guardian() -> Value {
    let mut all: Vec<Value> = [("phone", "+254700000002"), ("address", "2 Synthetic Road")]
        .map(|(kind, value)| contact(kind, value, "guardian"))
        .into();
    all.iter_mut().for_each(|c| c["guardian"] = 0.into());
    all.into()
}

fn published() -> Value {
    let mut all = contacts();
    all.as_array_mut().into_iter().flatten().for_each(|c| c["published"] = true.into());
    all
}

fn contact(kind: &str, value: &str, owner: &str) -> Value {
    json!({
        "kind": kind, "value": value, "owner": owner, "collected_on": "2026-01-10", "verified_on": "2026-10-01",
        "safe": "yes", "may_name_org": "yes", "compromised": "no", "country": "KE",
        "windows": [{"from": "08:00", "to": "20:00"}],
    })
}

fn guardian() -> Value {
    json!({
        "kind": "guardian", "record": "G-1", "authority": "Synthetic Court", "verified_by": "Synthetic Officer",
        "verified_on": "2026-09-01", "since": "2020-01-01", "alleged_perpetrator": "no", "child_agrees": "yes",
        "needs_codes": [], "languages": [{"tag": "sw"}],
    })
}

/// What is known about contact points, from the best to the doubtful.
fn spoils() -> Vec<Value> {
    vec![
        json!({}),
        json!({"safe": null}),
        json!({"safe": "no"}),
        json!({"verified_on": "2020-01-01"}),
        json!({"owner": "household"}),
        json!({"may_name_org": null}),
        json!({"may_name_org": "no", "code_name": "Blue Door"}),
    ]
}

/// Societies with every channel, in person up to what their teams may say.
fn societies(team: Option<Level>, remote: Option<Level>) -> Vec<Society> {
    ["KE", "ICRC"]
        .map(|code| {
            let offer = |channel: &Channel| Offer {
                channel: *channel,
                languages: vec!["sw".to_owned()],
                up_to: if channel.is_in_person() { team } else { remote },
                child_protection: true,
                per_minute: None,
            };
            let mut society = society();
            society.code = code.parse().unwrap();
            society.offers = Channel::ALL.iter().map(offer).collect();
            society.detention_access = true;
            society
        })
        .into()
}

/// Every notice that the planner makes of these people, by way of an example.
fn planned() -> BTreeMap<Notice, String> {
    let now: Millis = NOW.parse::<jiff::Timestamp>().unwrap().into();
    let mut found = BTreeMap::new();
    let teams =
        [(None, None), (Some(Level::L3), None), (Some(Level::L2), Some(Level::L2)), (Some(Level::L4), Some(Level::L3))];
    let offers = Offers::everything_in("Africa/Nairobi");
    for person in persons() {
        for spoil in spoils() {
            for tier in ["standard", "high"] {
                let mut person = person.clone();
                for contact in person["contacts"].as_array_mut().into_iter().flatten() {
                    *contact = with(contact, &spoil);
                }
                let line = json!({"record": person, "context": {"tier": tier}, "now": NOW}).to_string();
                let facts = read(&serde_json::from_str::<Input>(&line).unwrap()).unwrap();
                let decision = decide(&facts, &offers, now);
                for (team, remote) in teams {
                    for follow_up in [false, true] {
                        let societies = societies(team, remote);
                        let planning = Planning { societies: &societies, offers: &offers, tried: &[], follow_up, now };
                        if let Outcome::Plan(plan) = plan(&decision, &facts, &planning) {
                            found.extend(plan.steps.iter().map(|step| {
                                let (kind, audience, level) = (step.kind, step.audience, step.level);
                                let notice = Notice { kind, audience, level, form: step.form, channel: step.channel };
                                (notice, line.clone())
                            }));
                        }
                    }
                }
            }
        }
    }
    found
}

#[test]
fn what_the_planner_plans_has_words_and_nothing_else_has() {
    let planned = planned();
    for (notice, example) in &planned {
        assert!(audience::producible(notice), "planned, but not here: {notice:?}\n{example}");
    }
    let planned: BTreeSet<Notice> = planned.into_keys().collect();
    // two things leave without a plan: the opaque task, and the notice to everybody
    let unplanned = |n: &Notice| n.level == Level::L1 || n.kind == NoticeKind::Public;
    let never: Vec<Notice> =
        audience::all_producible().into_iter().filter(|n| !unplanned(n) && !planned.contains(n)).collect();
    assert!(never.is_empty(), "{} can be said here, but no person is planned to hear it: {never:#?}", never.len());
    assert!(Audience::ALL.iter().filter(|a| **a != Audience::Public).all(|a| planned.iter().any(|n| n.audience == *a)));
}
