//! Plan: the first gate. Persons become notifications with ordered steps, or holds with an owner.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use broker::Queue;
use domain::campaign::CampaignState;
use domain::channel::ContactKind;
use domain::delivery::NotificationState;
use domain::doorbell::{Doorbell, Stage as Bell};
use domain::manifest::{Step, steps_digest};
use domain::record::{Record, Role};
use domain::society::Society;
use domain::{AddressGroupId, IncidentId, Millis, NotificationId, PersonId, SocietyCode};
use protection::{Offers, Outcome, Planning};
use rand::RngExt;
use store::{CampaignRow, Filled, PlanRow};

use crate::people::{Case, Desk, Rows, blocking, decide_all, offers_for};
use crate::ring::{Batch, bells};
use crate::stage::Stage;
use crate::tuning::UNPLANNED;
use crate::{Parts, WorkerError, WorkerKind};

/// How long the number of persons of an incident is believed: places are drawn from it, and a few more or fewer only
/// move the borders of waves.
const COUNT_FOR: Duration = Duration::from_secs(60);

/// Reason of persons all of whose records are held by Societies outside the campaign.
const OUTSIDE: &str = "society_not_in_campaign";

/// The stage.
pub(crate) struct Plan {
    parts: Parts,
    desk: Desk,
    counts: Mutex<HashMap<IncidentId, (Instant, i32)>>,
}

impl Plan {
    pub(crate) fn new(parts: &Parts) -> Result<Self, WorkerError> {
        let desk = Desk::new(parts, parts.keys.master(WorkerKind::Plan)?);
        Ok(Self { parts: parts.clone(), desk, counts: Mutex::default() })
    }
}

impl Stage for Plan {
    const KIND: WorkerKind = WorkerKind::Plan;
    const BELL: Bell = Bell::Plan;

    /// A doorbell without persons means «whoever is not planned».
    async fn work(&self, batch: &Batch) -> Result<Vec<Doorbell>, WorkerError> {
        let Some(campaign) = self.campaign(batch).await? else {
            return Ok(Vec::new());
        };
        if batch.ids.is_empty() {
            let unplanned = self.parts.store.unplanned(campaign.id, UNPLANNED).await?;
            if unplanned.is_empty() {
                self.finish(&campaign).await?;
            }
            return Ok(bells(Bell::Plan, batch.incident, Some(campaign.id), &unplanned));
        }
        let ids: Vec<PersonId> = batch.ids.iter().copied().map(PersonId::from).collect();
        self.persons(&campaign, &ids).await?;
        self.finish_if_last(&campaign).await?;
        Ok(Vec::new())
    }
}

impl Plan {
    async fn campaign(&self, batch: &Batch) -> Result<Option<CampaignRow>, WorkerError> {
        use CampaignState as S;
        let Some(id) = batch.campaign else {
            return Ok(None);
        };
        let campaign = self.parts.store.campaign(id).await?;
        Ok(campaign.filter(|c| {
            c.incident == batch.incident
                && matches!(c.state, S::Draft | S::Planned | S::Approved | S::Running | S::Paused)
        }))
    }

    async fn persons(&self, campaign: &CampaignRow, ids: &[PersonId]) -> Result<(), WorkerError> {
        let store = &self.parts.store;
        let incident = store.incident(campaign.incident).await?.ok_or(WorkerError::Missing("incident"))?;
        let now = store.now().await?;
        let setting = self.desk.setting(now).await?;
        let opener = self.desk.opener(&incident)?;
        let rows = Rows::load(store, campaign.incident, ids).await?;
        let mut tried: HashMap<PersonId, Vec<Step>> = HashMap::new();
        for (person, step, _) in store.tried(campaign.id, ids).await? {
            tried.entry(person).or_default().push(step);
        }
        let places = self.places(campaign.incident).await?;
        let without = campaign.plan.without_societies.clone();
        let metrics = Arc::clone(&self.parts.metrics);
        let (plans, outside) = blocking(move || {
            let since = Instant::now();
            let cases = decide_all(rows, &opener, &setting, now, &[]);
            let offers = offers_for(&cases, &setting);
            let societies: Vec<Society> =
                setting.societies().values().filter(|s| !without.contains(&s.code)).cloned().collect();
            let planner =
                Planner { societies: &societies, without: &without, offers: &offers, tried: &tried, now, places };
            let split = planner.split(&cases);
            metrics.computed(WorkerKind::Plan, since);
            split
        })
        .await?;
        if !outside.is_empty() {
            store.save_outside(campaign.id, outside).await?;
        }
        if !plans.is_empty() {
            store.save_plans(campaign.id, plans).await?;
        }
        Ok(())
    }

    /// How many places the campaign has.
    async fn places(&self, incident: IncidentId) -> Result<i32, WorkerError> {
        let known = self.counts.lock().unwrap_or_else(PoisonError::into_inner).get(&incident).copied();
        if let Some((_, count)) = known.filter(|(at, _)| at.elapsed() < COUNT_FOR) {
            return Ok(count);
        }
        let persons = self.parts.store.count_persons(incident).await?;
        let count = i32::try_from(persons).unwrap_or(i32::MAX).max(1);
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).insert(incident, (Instant::now(), count));
        Ok(count)
    }

    /// The one who finds the queue empty and nobody left closes the planning. Asking whether anybody is left reads the
    /// whole campaign, so it is asked only then, and only if as many are planned as there are.
    async fn finish_if_last(&self, campaign: &CampaignRow) -> Result<(), WorkerError> {
        if campaign.state != CampaignState::Draft {
            return Ok(());
        }
        let queue = Queue::stage(self.parts.realm, broker::Stage::Plan);
        if self.parts.broker.depth(&queue).await?.messages > 0 {
            return Ok(());
        }
        let store = &self.parts.store;
        if !store.somebody_is_missing(campaign.id).await? && store.unplanned(campaign.id, 1).await?.is_empty() {
            self.finish(campaign).await?;
        }
        Ok(())
    }

    async fn finish(&self, campaign: &CampaignRow) -> Result<(), WorkerError> {
        if campaign.state != CampaignState::Draft {
            return Ok(());
        }
        let (draft, planned) = (CampaignState::Draft, CampaignState::Planned);
        if self.parts.store.set_campaign_state(campaign.id, draft, planned).await? {
            self.parts.store.filled(Filled::Plans).await;
            tracing::info!(campaign = %campaign.id, "planned");
        }
        Ok(())
    }
}

/// Persons outside of the campaign: why, and on which version of the facts.
type Outside = Vec<(PersonId, String, i32)>;

struct Planner<'a> {
    societies: &'a [Society],
    without: &'a [SocietyCode],
    offers: &'a Offers,
    tried: &'a HashMap<PersonId, Vec<Step>>,
    now: Millis,
    places: i32,
}

impl Planner<'_> {
    fn split(&self, cases: &[Case]) -> (Vec<PlanRow>, Outside) {
        let (mut plans, mut outside) = (Vec::with_capacity(cases.len()), Vec::new());
        for case in cases {
            let societies = case.societies();
            if !societies.is_empty() && societies.iter().all(|code| self.without.contains(code)) {
                outside.push((case.person, OUTSIDE.to_owned(), case.facts_version));
            } else {
                plans.push(self.row(case));
            }
        }
        (plans, outside)
    }

    fn row(&self, case: &Case) -> PlanRow {
        let tried = self.tried.get(&case.person).map_or(&[][..], Vec::as_slice);
        let planning =
            Planning { societies: self.societies, offers: self.offers, tried, follow_up: false, now: self.now };
        let holder = case.records.first().map(|(_, r)| r.society.clone());
        let base = PlanRow {
            notification: NotificationId::random(),
            person: case.person,
            decision_version: 1,
            state: NotificationState::Planned,
            steps: Vec::new(),
            steps_digest: [0; 32],
            shared_group: Vec::new(),
            reasons: case.decision.reasons.clone(),
            rules: case.decision.rules.clone(),
            audience: case.decision.audience,
            society: holder,
            facts_version: case.facts_version,
            valid_until: self.now,
            due_at: None,
            review_at: None,
            rank: rand::rng().random_range(0..self.places),
            groups: groups(case.records.iter().map(|(_, r)| r)),
        };
        match protection::plan(&case.decision, &case.facts, &planning) {
            Outcome::Plan(plan) => PlanRow {
                steps_digest: steps_digest(&plan.steps),
                shared_group: plan.steps.iter().map(|step| shared_group(case, step)).collect(),
                society: plan.steps.first().map(|s| s.society.clone()),
                valid_until: plan.valid_until,
                due_at: plan.waits_until,
                steps: plan.steps,
                ..base
            },
            Outcome::Held(held) => PlanRow {
                state: NotificationState::Held,
                steps_digest: steps_digest(&[]),
                reasons: held.reasons,
                valid_until: held.review_at.min(case.facts.valid_until()),
                review_at: Some(held.review_at),
                ..base
            },
        }
    }
}

/// The group of a number that others list too: one message serves them all.
fn shared_group(case: &Case, step: &Step) -> Option<AddressGroupId> {
    let contact = step.contact.filter(|_| step.channel.contact_kind() == Some(ContactKind::Phone))?;
    let known =
        case.addresses.iter().find(|a| a.row.record == contact.record && a.row.index == i32::from(contact.index))?;
    (known.row.others > 0).then_some(known.row.group)
}

/// The six groups of the mission that a person belongs to, coarse, for reports.
fn groups<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<&'static str> {
    // A record without a role is of somebody who receives some other service.
    const SERVICE: &[Role] = &[Role::AidRecipient];
    let mut found: Vec<&'static str> = records
        .flat_map(|r| if r.roles.is_empty() { SERVICE } else { &r.roles })
        .filter_map(|role| match role {
            Role::Sought => Some("missing"),
            Role::Enquirer
            | Role::FamilyOfDetainee
            | Role::RcmSender
            | Role::RcmAddressee
            | Role::Caregiver
            | Role::Bereaved => Some("families"),
            Role::ChildUnaccompanied | Role::ChildSeparated => Some("children"),
            Role::Detainee | Role::ExDetainee => Some("detainees"),
            Role::AidRecipient | Role::Migrant => Some("aid"),
            Role::Staff | Role::Volunteer => Some("staff"),
            Role::PartnerOrganisation => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_counts_in_every_group_that_applies_once() {
        let mut a = Record::bare("KE".parse().expect("a code"), "rfl", "1");
        a.roles = vec![Role::Enquirer, Role::Caregiver, Role::Staff];
        let mut b = a.clone();
        b.roles = vec![Role::Detainee];
        assert_eq!(groups([&a, &b].into_iter()), ["detainees", "families", "staff"]);
        b.roles.clear();
        assert_eq!(groups([&b].into_iter()), ["aid"]);
        b.roles = vec![Role::PartnerOrganisation];
        assert!(groups([&b].into_iter()).is_empty(), "a partner organisation is nobody of the six groups");
    }
}
