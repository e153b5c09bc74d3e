//! Plays a campaign from register files to the end: rings, waits, signs as two drill operators, launches, moves the
//! drill's clock when everything that is left is waiting for time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use broker::{Broker, Queue, Realm, Topology};
use domain::CampaignId;
use domain::action::ActionKind;
use domain::campaign::{CampaignPlan, CampaignState};
use domain::doorbell::{Doorbell, MAX_IDS, Stage};

use super::Pending;
use super::gateways::{Field, Seen, SimulatedGateway};
use super::setup::Scene;
use super::summary::{Sample, Summary};
use super::verdict;
use crate::commands::{action, approval, campaign};
use crate::error::Failure;

/// How often the driver looks.
const LOOK: Duration = Duration::from_millis(10);

/// How long nothing may move before a drill is given up: far longer than any stage's own time-outs.
const STALL: Duration = Duration::from_secs(120);

/// Counts for the progress line read whole tables: no more often than somebody looks at it.
const COUNT: Duration = Duration::from_secs(2);

/// A question is asked again after this many times what the answer took: looking costs the drill little of its time.
const REST: u32 = 3;

/// Nothing is near: what is due next is at least a day away, and what is due within a day of it is done together.
const FAR: i64 = domain::Millis::DAY;

/// The drill's clock moves this much beyond the next instant at which something is due, so that what is due soon is done
/// together: as much as the pace of a hotline lets go within an hour.
const SLACK: i64 = domain::Millis::HOUR;

/// While fewer messages than this are on their way, less than a batch, time goes on as it does in life …
const FEW: u32 = 400;

/// … for as long as what is due next is this near …
const NEAR: i64 = 3 * domain::Millis::HOUR;

/// … and in steps, each of which the stages notice before the next.
const STEP: Duration = Duration::from_millis(100);

/// Says what is going on; the demo draws it, the benchmark prints it.
pub trait Progress: Send {
    /// A phase begins.
    fn phase(&mut self, name: &str);
    /// So many of so many, where that is known.
    fn count(&mut self, done: u64, of: Option<u64>);
}

/// Says nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn phase(&mut self, _: &str) {}
    fn count(&mut self, _: u64, _: Option<u64>) {}
}

/// What the driver does after a look.
enum Next {
    /// The clock jumps to this instant.
    Jump(domain::Millis),
    /// Somebody is being planned again.
    Planned,
    /// Nothing yet.
    Wait,
    /// Nobody is left.
    Over,
}

/// A drill under way.
pub struct Drill<'a> {
    pub(super) scene: &'a mut Scene,
    pub(super) broker: Arc<dyn Broker>,
    pub(super) seen: Arc<Seen>,
    progress: &'a mut dyn Progress,
    began: Instant,
    phases: BTreeMap<String, f64>,
    phase: (String, Instant),
}

impl<'a> Drill<'a> {
    /// Declares the drill's topology; workers may start after it.
    ///
    /// # Errors
    /// The broker refuses.
    pub async fn new(
        scene: &'a mut Scene,
        broker: Arc<dyn Broker>,
        progress: &'a mut dyn Progress,
    ) -> Result<Self, Failure> {
        let societies = scene.population.societies.iter().map(|s| s.code.to_string());
        broker.declare(&Topology::new(Realm::Drill, societies)).await?;
        let now = Instant::now();
        let phases = BTreeMap::new();
        Ok(Self {
            scene,
            broker,
            seen: Arc::new(Seen::default()),
            progress,
            began: now,
            phases,
            phase: (String::new(), now),
        })
    }

    /// From the files of the registers to the end. Workers have to be running, wherever they are.
    ///
    /// # Errors
    /// Something is refused, or nothing moves any more.
    pub fn play(&mut self) -> Pending<'_, Summary> {
        Box::pin(self.play_all())
    }

    /// From the files of the registers to persons.
    pub(super) async fn set_out(&mut self) -> Result<(), Failure> {
        self.begin("reading registers");
        let staged = self.scene.import().await?;
        self.begin("importing");
        let imports: Vec<_> = staged.iter().map(|s| s.import.uuid()).collect();
        self.ring(Stage::Import, None, imports).await?;
        self.imported().await?;
        self.begin("finding persons");
        self.deduped().await
    }

    async fn play_all(&mut self) -> Result<Summary, Failure> {
        self.set_out().await?;
        self.begin("deciding and planning");
        let campaign = self.plan().await?;
        self.begin("two people approve");
        self.approve_and_launch(campaign).await?;
        self.begin("telling");
        let mut field = Field::new();
        for gateway in std::mem::take(&mut self.scene.gateways) {
            self.start(&mut field, gateway);
        }
        let told = self.tell(campaign, &field).await;
        // When a gateway failed its error is what counts.
        field.end().await?;
        told?;
        self.begin("judging");
        let summary = self.summary(campaign).await;
        self.begin("");
        summary
    }

    fn begin(&mut self, name: &str) {
        let now = Instant::now();
        let (before, since) = std::mem::replace(&mut self.phase, (name.to_owned(), now));
        if !before.is_empty() {
            *self.phases.entry(before).or_default() += now.duration_since(since).as_secs_f64();
        }
        if !name.is_empty() {
            self.progress.phase(name);
        }
    }

    async fn ring(&self, stage: Stage, campaign: Option<CampaignId>, ids: Vec<uuid::Uuid>) -> Result<(), Failure> {
        let bell = |ids: &[uuid::Uuid]| Doorbell::new(stage, self.scene.incident, campaign, ids.to_vec());
        // Release takes no ids: it looks for what is due.
        let bells = if stage == Stage::Release { vec![bell(&[])] } else { ids.chunks(MAX_IDS).map(bell).collect() };
        workers::ring(&*self.broker, Realm::Drill, bells).await?;
        Ok(())
    }

    async fn imported(&mut self) -> Result<(), Failure> {
        let (mut patience, mut counted, mut done) = (Patience::new(), Instant::now(), 0);
        let store = self.scene.app.store.clone();
        while store.is_importing(self.scene.incident).await? {
            if counted.elapsed() > COUNT {
                let imports = store.imports(self.scene.incident).await?;
                done = imports.iter().map(|i| i.new + i.updated + i.unchanged).sum::<i64>();
                let all = imports.iter().map(|i| i.rows_read).sum::<i64>();
                self.progress.count(u64::try_from(done).unwrap_or(0), u64::try_from(all).ok());
                counted = Instant::now();
            }
            patience.look(&done, "importing")?;
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    async fn deduped(&mut self) -> Result<(), Failure> {
        let mut patience = Patience::new();
        while self.scene.app.store.in_flight().await? {
            patience.look(&(), "finding persons")?;
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    pub(super) async fn plan(&mut self) -> Result<CampaignId, Failure> {
        let plan = CampaignPlan {
            incident: self.scene.incident,
            name: "drill".to_owned(),
            without_societies: Vec::new(),
            canary: 20,
            wave: 0,
            expiry_days: 7,
            max_messages: None,
        };
        let id = campaign::create(&self.scene.app, plan).await?;
        let mut after = None;
        loop {
            let page = self.scene.app.store.persons(self.scene.incident, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(*last);
            self.ring(Stage::Plan, Some(id), page.iter().map(|p| p.uuid()).collect()).await?;
        }
        let mut patience = Patience::new();
        loop {
            let campaign = self.scene.app.campaign(id).await?;
            if campaign.state == CampaignState::Planned {
                return Ok(id);
            }
            let waiting = self.broker.depth(&Queue::stage(Realm::Drill, broker::Stage::Plan)).await?;
            patience.look(&waiting, "planning")?;
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Two drill operators do what two people do.
    pub(super) async fn approve_and_launch(&mut self, id: CampaignId) -> Result<(), Failure> {
        let app = &self.scene.app;
        let [first, second] = &self.scene.operators;
        let subject = approval::subject(app, &app.campaign(id).await?).await?;
        let action = action::put(app, ActionKind::Approve, &subject, first).await?;
        action::sign(app, action.id, second).await?;
        approval::still_stands(app, id).await?;
        if !app.store.launch(id, app.store.now().await?).await? {
            return Err(Failure::refused("the drill's campaign could not be launched"));
        }
        // In drills canary gates open by themselves.
        app.store.open_ranks(id, i64::MAX).await?;
        self.ring(Stage::Release, Some(id), Vec::new()).await
    }

    /// Starts a gateway.
    pub(super) fn start(&self, field: &mut Field, gateway: SimulatedGateway) {
        field.start(gateway, self.broker.clone(), self.scene.app.store.clone(), self.seen.clone());
    }

    /// Until nobody is left who waits for anything.
    pub(super) async fn tell(&mut self, id: CampaignId, field: &Field) -> Result<(), Failure> {
        let store = self.scene.app.store.clone();
        let (mut patience, mut quiet, expected) = (Patience::new(), 0, field.size());
        // Nobody's decision runs out before this instant of the drill's clock.
        let mut valid_until = store.next_invalid(id).await?;
        let (mut jumped, mut moves) = (Instant::now(), 0_u64);
        loop {
            if field.size() < expected {
                return Err(Failure::failed("a simulated gateway ended early"));
            }
            let seen = (self.seen.messages() as u64, self.seen.receipts.load(Ordering::Relaxed));
            self.progress.count(seen.0, None);
            let looked = Instant::now();
            let under_way = store.under_way(FEW).await?;
            quiet = if under_way == 0 && self.nothing_owed().await? { quiet + 1 } else { 0 };
            let rest = LOOK.max(looked.elapsed() * REST);
            // Two looks: between a message taken from a queue and its row there is a moment that shows nowhere.
            let next = if quiet >= 2 {
                quiet = 0;
                self.when_quiet(id, store.now().await?, &mut valid_until).await?
            } else if under_way < FEW && jumped.elapsed() > STEP {
                let now = store.now().await?;
                let near = store.next_due(now).await?.filter(|due| due.0 - now.0 < NEAR);
                near.map_or(Next::Wait, |due| Next::Jump(due.plus(SLACK)))
            } else {
                Next::Wait
            };
            match next {
                Next::Jump(to) => {
                    self.jump(id, to).await?;
                    (jumped, moves) = (Instant::now(), moves + 1);
                }
                Next::Planned => moves += 1,
                Next::Over => return Ok(()),
                Next::Wait => {}
            }
            patience.look(&(seen, moves), "telling")?;
            tokio::time::sleep(if quiet == 0 { rest } else { LOOK }).await;
        }
    }

    /// What comes next when everything waits for time alone.
    async fn when_quiet(
        &self,
        id: CampaignId,
        now: domain::Millis,
        valid_until: &mut Option<domain::Millis>,
    ) -> Result<Next, Failure> {
        let store = &self.scene.app.store;
        let next = store.next_due(now).await?;
        let over = valid_until.is_some_and(|at| at <= now);
        // Asking who is to be planned again reads a whole table.
        if (next.is_none() || over) && self.plan_again(id).await? {
            return Ok(Next::Planned);
        }
        if over {
            *valid_until = store.next_invalid(id).await?;
        }
        Ok(match next {
            Some(due) => Next::Jump(due.plus(if due.0 - now.0 > FAR { FAR } else { SLACK })),
            None if store.ledger(self.scene.incident, Some(id)).await?.open() == 0 => Next::Over,
            None => Next::Wait,
        })
    }

    /// Whether somebody was to be planned again: whose facts moved, or whose decision ran out when the clock jumped.
    async fn plan_again(&self, id: CampaignId) -> Result<bool, Failure> {
        let unplanned = self.scene.app.store.unplanned_but_reviews(id, PAGE).await?;
        self.ring(Stage::Plan, Some(id), unplanned.iter().map(|p| p.uuid()).collect()).await?;
        Ok(!unplanned.is_empty())
    }

    /// Moves the clock, and does at once what the reconciler and the timers would find a moment later.
    pub(super) async fn jump(&self, id: CampaignId, to: domain::Millis) -> Result<(), Failure> {
        let store = &self.scene.app.store;
        store.jump_clock(to).await?;
        let now = store.now().await?;
        tracing::debug!(now = now.0, "the drill's clock jumped");
        while store.expire(now, PAGE).await? >= u64::from(PAGE) {}
        self.ring(Stage::Release, Some(id), Vec::new()).await
    }

    /// Nothing is under way and nobody owes anything.
    pub(super) async fn quiet(&self) -> Result<bool, Failure> {
        Ok(!self.scene.app.store.in_flight().await? && self.nothing_owed().await?)
    }

    /// No receipt is still to be sent, or to be read, and nobody is being planned again.
    async fn nothing_owed(&self) -> Result<bool, Failure> {
        if self.seen.owed.load(Ordering::Relaxed) > 0 {
            return Ok(false);
        }
        for queue in [Queue::receipts(Realm::Drill), Queue::stage(Realm::Drill, broker::Stage::Plan)] {
            if self.broker.depth(&queue).await?.messages > 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn summary(&self, id: CampaignId) -> Result<Summary, Failure> {
        let scene = &*self.scene;
        let mut opened = self.seen.take();
        let verdict = verdict::judge(scene, id, &mut opened).await?;
        if verdict.unattributed > 0 {
            return Err(Failure::failed(format!("{} opened messages belong to nobody", verdict.unattributed)));
        }
        let ledger = scene.app.store.ledger(scene.incident, Some(id)).await?;
        let tallies = scene.app.store.tallies(id).await?;
        let mut channels: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        for ((channel, state), n) in &tallies.by_channel {
            *channels.entry(channel.to_string()).or_default().entry(state.to_string()).or_default() += n;
        }
        let named =
            |m: &BTreeMap<_, u64>| m.iter().map(|(k, n): (&domain::decision::RuleId, _)| (k.to_string(), *n)).collect();
        let groups = tallies
            .by_group
            .iter()
            .map(|(group, states)| (group.clone(), states.iter().map(|(state, n)| (state.to_string(), *n)).collect()));
        Ok(Summary {
            people: scene.population.truth.len() as u64,
            records: ledger.records,
            persons: ledger.persons,
            balanced: ledger.balanced(),
            channels,
            holds: named(&tallies.by_rule),
            reasons: tallies.by_reason.iter().map(|(reason, n)| (reason.to_string(), *n)).collect(),
            groups: groups.collect(),
            forbidden_sends: verdict.forbidden_sends,
            forbidden: verdict.forbidden,
            falsely_merged: verdict.falsely_merged,
            messages: opened.len() as u64,
            copies: opened.iter().map(|o| u64::from(o.copies.saturating_sub(1))).sum(),
            unreadable: self.seen.unreadable.load(Ordering::Relaxed),
            samples: samples(&opened),
            phases: self.phases.clone(),
            seconds: self.began.elapsed().as_secs_f64(),
            ledger,
            campaign: id,
            opened,
        })
    }
}

/// Persons read at a time.
const PAGE: u32 = 5000;

/// Three notices that differ in channel and language, short ones first.
fn samples(opened: &[super::gateways::Opened]) -> Vec<Sample> {
    let mut remote: Vec<_> = opened.iter().filter(|o| o.channel.is_some()).collect();
    remote.sort_by_key(|o| (o.words.len(), o.attempt));
    let mut chosen: Vec<&super::gateways::Opened> = Vec::new();
    for message in remote {
        if chosen.len() < 3 && chosen.iter().all(|c| c.channel != message.channel && c.language != message.language) {
            chosen.push(message);
        }
    }
    chosen
        .into_iter()
        .map(|o| Sample {
            channel: o.channel.map(|c| c.to_string()).unwrap_or_default(),
            language: o.language.clone(),
            level: o.level.to_string(),
            words: o.words.clone(),
        })
        .collect()
}

/// Gives up when what it is shown has not changed for [`STALL`].
pub(super) struct Patience {
    last: String,
    since: Instant,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self { last: String::new(), since: Instant::now() }
    }

    pub(super) fn look(&mut self, now: &impl std::fmt::Debug, what: &str) -> Result<(), Failure> {
        let now = format!("{now:?}");
        if now != self.last {
            (self.last, self.since) = (now, Instant::now());
        }
        if self.since.elapsed() > STALL {
            return Err(Failure::failed(format!("{what}: nothing has moved for {} s", STALL.as_secs())));
        }
        Ok(())
    }
}
