//! One task, open: what a team needs to find one person and to say it. The second gate is asked again at that moment: a
//! task whose route was closed since it left shows nothing. Changes nothing.

use std::collections::HashMap;

use domain::channel::Recipient;
use domain::delivery::AttemptState;
use domain::incident::IncidentKind;
use domain::notice::Notice;
use domain::record::Record;
use domain::society::Society;
use domain::{AttemptId, Channel, Level, Millis};
use localisation::reference::Reference;
use localisation::{Library, Request, Tag};
use store::seal::{MasterKey, Opener};
use store::{AttemptRow, Store};

use crate::WorkerError;
use crate::localise::{Sending, Verdict, ask};
use crate::people::{Case, Rows, Setting, decide_all};

/// The language in which a team that has no approved words in the person's language finds them, to be interpreted.
const INTERPRETED: &str = "en";

/// States in which a team has a task.
const WITH_A_TEAM: [AttemptState; 3] = [AttemptState::Dispatched, AttemptState::Accepted, AttemptState::Sent];

/// What opening a task gives.
pub enum TeamTask {
    /// It may be done.
    Open(Box<Sheet>),
    /// Not before this instant.
    Wait(Millis),
    /// It may not be done any more; protection plans the person again, or has done so.
    Closed,
}

/// One task. Holds personal data: for one answer, not to be kept.
pub struct Sheet {
    /// Which team.
    pub channel: Channel,
    /// To whom it is said: the person, or a guardian.
    pub to: Recipient,
    /// The most that may be said.
    pub level: Level,
    /// Not to be done after this instant.
    pub due: Millis,
    /// Names as the Society's records hold them; of a guardian, the guardian's.
    pub names: Vec<String>,
    /// The Society's own records: system and id.
    pub records: Vec<(String, String)>,
    /// Where, for a visit to an address.
    pub place: Option<String>,
    /// The language of the step.
    pub language: String,
    /// What to say, step by step; empty where no approved words exist.
    pub script: String,
    /// The language of the script, where it is another.
    pub interpreted_from: Option<&'static str>,
    /// Kinds of data of this person that were exposed; only where the person may be told ([`Level::L4`]).
    pub exposed: Vec<String>,
}

impl TeamTask {
    /// Opens a task. `None`: it is with no team.
    ///
    /// # Errors
    /// The store cannot be read, or the master key does not open the incident.
    pub async fn open(
        store: &Store,
        library: &Library,
        master: &MasterKey,
        attempt: AttemptId,
    ) -> Result<Option<Self>, WorkerError> {
        let Some(row) = with_a_team(store, attempt).await? else { return Ok(None) };
        let Some(incident) = store.incident(row.incident).await? else { return Ok(None) };
        let now = store.now().await?;
        let person = row.notifications[0].person;
        let rows = Rows::load(store, row.incident, &[person]).await?;
        let opener = Opener::new(&incident.keys.open_secret(master)?, incident.id);
        let drill = incident.facts.kind == IncidentKind::Synthetic;
        let setting = Setting::new(store.societies().await?, library, drill, now);
        let cases = decide_all(rows, &opener, &setting, now, &[]);
        let cases: HashMap<_, _> = cases.into_iter().map(|case| (case.person, case)).collect();
        let sending = match ask(&row, &cases, now) {
            Verdict::Send(sending) => sending,
            Verdict::Wait(until) => return Ok(Some(Self::Wait(until))),
            Verdict::Void(_) => return Ok(Some(Self::Closed)),
        };
        let Some((case, society)) = cases.get(&person).zip(setting.societies().get(&row.society)) else {
            return Ok(Some(Self::Closed));
        };
        let words = Words { library, facts: &incident.facts, society, drill, now };
        Ok(Some(Self::Open(Box::new(sheet(&row, case, &sending, &words)))))
    }
}

async fn with_a_team(store: &Store, attempt: AttemptId) -> Result<Option<AttemptRow>, WorkerError> {
    for state in WITH_A_TEAM {
        let row = store.load_attempts(&[attempt], state).await?.pop();
        if let Some(row) = row.filter(|row| row.step.channel.is_in_person() && !row.is_moot()) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// What words are made of.
struct Words<'a> {
    library: &'a Library,
    facts: &'a domain::incident::IncidentFacts,
    society: &'a Society,
    drill: bool,
    now: Millis,
}

fn sheet(row: &AttemptRow, case: &Case, sending: &Sending, words: &Words<'_>) -> Sheet {
    let step = &row.step;
    // Another Society's records are its own: this team works with what its Society holds.
    let own: Vec<&Record> = case.records.iter().map(|(_, r)| r).filter(|r| r.society == row.society).collect();
    let (script, interpreted_from) = script(row, case, sending, words);
    Sheet {
        channel: step.channel,
        to: step.to,
        level: sending.level,
        due: row.not_after,
        names: names(step.to, case, &own),
        records: own.iter().map(|r| (r.system.clone(), r.record_id.expose().to_owned())).collect(),
        place: step.contact.and_then(|contact| {
            case.record(contact.record).filter(|r| r.society == row.society)?;
            Some(case.point(contact)?.value.expose().to_owned())
        }),
        language: sending.language.clone(),
        script,
        interpreted_from,
        exposed: match (sending.level, step.to) {
            (Level::L4, Recipient::Person) => exposed(&own),
            _ => Vec::new(),
        },
    }
}

fn names(to: Recipient, case: &Case, own: &[&Record]) -> Vec<String> {
    let mut names: Vec<String> = match to {
        // Guardians are numbered over all records: which relation of which record that is, only the facts know.
        Recipient::Guardian(_) => case
            .facts
            .relations(to)
            .iter()
            .filter_map(|(id, at)| {
                let record = case.record(*id).filter(|record| own.iter().any(|r| std::ptr::eq(*r, *record)))?;
                Some(record.relations.as_ref()?.get(usize::from(*at))?.name.as_ref()?.expose().to_owned())
            })
            .collect(),
        Recipient::Person => own.iter().flat_map(|r| own_names(r)).collect(),
    };
    names.sort();
    names.dedup();
    names
}

fn own_names(record: &Record) -> Vec<String> {
    let names = &record.names;
    if !names.full.is_empty() {
        return names.full.iter().map(|name| name.expose().to_owned()).collect();
    }
    let parts = [&names.given, &names.middle, &names.family];
    let parts: Vec<&str> = parts.into_iter().flatten().map(|part| part.expose()).collect();
    if parts.is_empty() { Vec::new() } else { vec![parts.join(" ")] }
}

fn exposed(own: &[&Record]) -> Vec<String> {
    let mut kinds: Vec<String> =
        own.iter().flat_map(|r| &r.exposure).filter_map(|kind| serde_json::to_value(kind).ok()).map(word).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn word(value: serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Approved words in the step's language; where there are none, in one that the team interprets from.
fn script(row: &AttemptRow, case: &Case, sending: &Sending, words: &Words<'_>) -> (String, Option<&'static str>) {
    let own = Tag::parse(&sending.language).ok().and_then(|tag| render(row, case, sending, words, &tag));
    if let Some(script) = own {
        return (script, None);
    }
    let other = Tag::parse(INTERPRETED).ok().and_then(|tag| render(row, case, sending, words, &tag));
    other.map_or_else(|| (String::new(), None), |script| (script, Some(INTERPRETED)))
}

fn render(row: &AttemptRow, case: &Case, sending: &Sending, words: &Words<'_>, language: &Tag) -> Option<String> {
    let step = &row.step;
    let level = sending.level;
    let notice =
        Notice { kind: step.kind, audience: step.audience, level, form: step.channel.form(), channel: step.channel };
    // A guardian hears nothing that belongs to the child.
    let also = if step.to == Recipient::Person { protection::audiences(&case.facts) } else { Vec::new() };
    let reference = row.reference.clone().unwrap_or_else(|| Reference::random(&mut rand::rng()).to_string());
    let request = Request {
        notice,
        also: also.get(1..).unwrap_or_default(),
        language,
        facts: words.facts,
        society: words.society,
        reference: &reference,
        label: None,
        may_name_org: sending.may_name_org,
        high_fraud: true,
        as_of: words.now,
        drill: words.drill,
    };
    let rendered = words.library.render(&request).ok()?;
    rendered.parts.get("script").or_else(|| rendered.parts.values().next()).cloned()
}

#[cfg(test)]
mod tests {
    use domain::{PersonId, RecordId};
    use protection::{Carried, Offers, Subject, SubjectRecord, decide, facts};

    use super::*;

    fn record(id: &str, relations: &str) -> Record {
        let json = format!(
            r#"{{"society":"KE","system":"rfl","record_id":"{id}","roles":["child_separated"],"birth":{{"year":2015}},
                "child_status":"kin","relations":{relations}}}"#
        );
        serde_json::from_str(&json).expect("a record")
    }

    /// Guardians are numbered over all records, and a record lists others before them.
    #[test]
    fn a_team_is_given_the_guardian_it_is_sent_to_and_nobody_else() {
        let guardian =
            |name: &str, more: &str| format!(r#"{{"kind":"guardian","name":"{name}","verified_on":"{more}"}}"#);
        let other = r#"{"kind":"must_not_know","name":"Not Him"}"#;
        let one = record("R-1", &format!("[{other},{}]", guardian("Aunt Asha", "2026-01-01")));
        let two = record("R-2", &format!("[{other},{other},{}]", guardian("Uncle Ben", "2026-02-02")));
        let records = [(RecordId::random(), one), (RecordId::random(), two)];
        let now = Millis(1_796_000_000_000);
        let subject = Subject {
            records: records
                .iter()
                .map(|(id, record)| SubjectRecord {
                    record,
                    id: *id,
                    context: None,
                    carried: Carried::NOTHING,
                    at: now,
                })
                .collect(),
            ..Subject::default()
        };
        let facts = facts(&subject, now);
        let decision = decide(&facts, &Offers::everything(), now);
        drop(subject);
        let count = u8::try_from(facts.recipients()).expect("few") - 1;
        let case = Case {
            person: PersonId::random(),
            facts_version: 1,
            records: records.to_vec(),
            stated: None,
            addresses: Vec::new(),
            facts,
            decision,
        };
        let own: Vec<&Record> = case.records.iter().map(|(_, record)| record).collect();
        let named: Vec<String> = (0..count).flat_map(|at| names(Recipient::Guardian(at), &case, &own)).collect();
        assert!(!named.iter().any(|name| name == "Not Him"), "{named:?}");
        assert!(named.contains(&"Aunt Asha".to_owned()) && named.contains(&"Uncle Ben".to_owned()), "{named:?}");
        let theirs = names(Recipient::Guardian(0), &case, &own[..0]);
        assert!(theirs.is_empty(), "another Society's records stay its own");
    }
}
