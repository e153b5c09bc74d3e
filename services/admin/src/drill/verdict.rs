//! Compares what the gateways opened with what is true of the invented people. The rules that decided are not asked.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{AttemptId, Channel, PersonId};
use registers::synth::Truth;

use super::gateways::{Opened, Served};
use super::setup::Scene;
use crate::error::Failure;

/// Records read at a time.
const PAGE: u32 = 5000;

/// What was found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Messages that the truth forbids.
    pub forbidden_sends: u64,
    /// The broken stories, counted.
    pub forbidden: BTreeMap<String, u64>,
    /// Persons that are two invented people.
    pub falsely_merged: u64,
    /// Messages whose person nobody knows: must be none.
    pub unattributed: u64,
}

/// Judges every opened message for every person whom it serves, and notes in it whom that is.
///
/// # Errors
/// The store cannot be read.
pub async fn judge(scene: &Scene, campaign: domain::CampaignId, opened: &mut [Opened]) -> Result<Verdict, Failure> {
    let truths = persons_in_truth(scene).await?;
    let mut verdict = Verdict {
        falsely_merged: truths.values().filter(|people| people.len() > 1).count() as u64,
        ..Verdict::default()
    };
    let mut members: HashMap<AttemptId, Vec<(PersonId, Channel)>> = HashMap::new();
    for (attempt, person, channel) in scene.app.store.attempt_members(campaign).await? {
        members.entry(attempt).or_default().push((person, channel));
    }
    for message in opened {
        let Some(persons) = members.get(&message.attempt) else {
            verdict.unattributed += 1;
            continue;
        };
        message.serves = persons
            .iter()
            .map(|(person, channel)| {
                let people = truths.get(person).into_iter().flatten().map(|t| t.person).collect();
                Served { person: *person, channel: *channel, people }
            })
            .collect();
        let broken = persons.iter().find_map(|(person, channel)| {
            let people = truths.get(person)?;
            let channel = message.channel.unwrap_or(*channel);
            people.iter().find_map(|t| t.forbids(channel, message.address.as_deref(), message.level, &message.words))
        });
        if let Some(why) = broken {
            verdict.forbidden_sends += 1;
            *verdict.forbidden.entry(why.to_owned()).or_default() += 1;
        }
    }
    Ok(verdict)
}

/// The invented people behind every person of the store, by the keyed index of their records.
async fn persons_in_truth(scene: &Scene) -> Result<HashMap<PersonId, Vec<&Truth>>, Failure> {
    let incident = scene.app.incident(scene.incident).await?;
    let index = incident.keys.open_index(&scene.app.master_key()?).map_err(|e| Failure::failed(e.to_string()))?;
    let mut by_key: HashMap<[u8; 16], &Truth> = HashMap::new();
    for truth in &scene.population.truth {
        for (register, record_id) in &truth.records {
            let register = &scene.population.registers[*register];
            by_key.insert(index.record_key(&register.society, &register.system, record_id.expose()), truth);
        }
    }
    let mut persons: HashMap<PersonId, HashSet<u32>> = HashMap::new();
    let mut people: HashMap<u32, &Truth> = HashMap::new();
    let mut after = None;
    loop {
        let rows = scene.app.store.records(scene.incident, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        for row in &rows {
            if let (Some(person), Some(truth)) = (row.person, by_key.get(&row.record_key)) {
                persons.entry(person).or_default().insert(truth.person);
                people.insert(truth.person, truth);
            }
        }
    }
    let of = |numbers: HashSet<u32>| numbers.into_iter().filter_map(|n| people.get(&n).copied()).collect();
    Ok(persons.into_iter().map(|(person, numbers)| (person, of(numbers))).collect())
}
