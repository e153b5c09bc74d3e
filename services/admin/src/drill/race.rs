//! Laps: the same campaign again and again on the same people, with every gateway there or with one away. Measures how
//! long the others wait, and sees what becomes of the one that comes back.

use std::time::{Duration, Instant};

use domain::campaign::CampaignState;
use domain::ledger::Ledger;
use domain::{CampaignId, Millis, SocietyCode};

use super::driver::{Drill, Patience};
use super::gateways::{Behaviour, Field, SimulatedGateway};
use super::setup::Scene;
use crate::error::Failure;

/// How often a lap looks whether it is over: a hundredth of the shortest.
const LOOK: Duration = Duration::from_millis(10);

/// Calls that a hotline takes in an hour without ever being the limit.
const ENOUGH: u32 = 1_000_000;

/// What one lap showed.
#[derive(Debug, Clone, Copy)]
pub struct Lap {
    /// Seconds from the launch until all that was due through the other gateways was accepted.
    pub others: f64,
    /// Seconds from the return of the one that was away until all of its own was; with nobody away, nought.
    pub back: f64,
    /// Messages that others opened first in this lap.
    pub messages: u64,
    /// The most that the gateway had unaccepted, whenever looked at.
    pub window: u64,
}

/// Gateways that answer everything at once, and Societies whose pace is no limit: what is left is the work itself.
///
/// # Errors
/// The store refuses.
pub async fn smooth(scene: &mut Scene) -> Result<(), Failure> {
    for gateway in &mut scene.gateways {
        gateway.behaviour = Behaviour { fails: 0, silent: 0, repeats: 0, crashes: 0, harms: 0 };
    }
    for society in &mut scene.population.societies {
        society.offers.iter_mut().for_each(|offer| offer.per_minute = None);
        society.hotline.hours.iter_mut().for_each(|hours| hours.calls_per_hour = ENOUGH);
        scene.app.store.put_society(society).await?;
    }
    Ok(())
}

/// A race under way: people are imported, the other gateways are there.
pub struct Race<'d, 's> {
    drill: &'d mut Drill<'s>,
    others: Field,
    runner: SimulatedGateway,
    society: SocietyCode,
}

impl<'d, 's> Race<'d, 's> {
    /// Imports, finds persons, starts all gateways but the one that is away in some laps.
    ///
    /// # Errors
    /// No such gateway; or the drill is refused.
    pub async fn new(drill: &'d mut Drill<'s>, away: &SocietyCode) -> Result<Self, Failure> {
        drill.set_out().await?;
        let (runner, others): (Vec<_>, Vec<_>) =
            drill.scene.gateways.drain(..).partition(|gateway| gateway.keys.society() == away);
        let unknown = || Failure::failed(format!("{away} has no gateway in this drill"));
        let runner = runner.into_iter().next().ok_or_else(unknown)?;
        let mut field = Field::new();
        for gateway in others {
            drill.start(&mut field, gateway);
        }
        Ok(Self { drill, others: field, runner, society: away.clone() })
    }

    /// One lap. `away`: how long, on the drill's clock, the gateway stays away after the others are through.
    ///
    /// # Errors
    /// Something is refused, or nothing moves any more.
    pub async fn lap(&mut self, away: Option<i64>) -> Result<Lap, Failure> {
        let (id, lap, runner) = self.run(away).await?;
        self.answered().await?;
        self.over(id, runner).await?;
        Ok(lap)
    }

    /// One lap that goes on until nobody is left who waits for anything, and the ledger at its end.
    ///
    /// # Errors
    /// Something is refused, or nothing moves any more.
    pub async fn to_the_end(&mut self, away: Option<i64>) -> Result<(Lap, Ledger), Failure> {
        let (id, lap, runner) = self.run(away).await?;
        self.drill.tell(id, &runner).await?;
        let ledger = self.drill.scene.app.store.ledger(self.drill.scene.incident, Some(id)).await?;
        self.over(id, runner).await?;
        Ok((lap, ledger))
    }

    async fn run(&mut self, away: Option<i64>) -> Result<(CampaignId, Lap, Field), Failure> {
        let before = self.drill.seen.messages() as u64;
        let mut runner = Field::new();
        let id = self.drill.plan().await?;
        if away.is_none() {
            self.drill.start(&mut runner, self.runner.twin()?);
        }
        let launched = Instant::now();
        self.drill.approve_and_launch(id).await?;
        let mut window = 0;
        self.until(id, false, &mut window).await?;
        let others = launched.elapsed().as_secs_f64();
        let messages = self.drill.seen.messages() as u64 - before;
        let mut back = 0.0;
        if let Some(away) = away {
            let now = self.drill.scene.app.store.now().await?;
            self.drill.jump(id, now.plus(away)).await?;
            let returned = Instant::now();
            self.drill.start(&mut runner, self.runner.twin()?);
            self.until(id, true, &mut window).await?;
            back = returned.elapsed().as_secs_f64();
        } else {
            self.until(id, true, &mut window).await?;
        }
        Ok((id, Lap { others, back, messages, window }, runner))
    }

    /// Whatever still waits for a time-out waits no more: the next lap has the machine for itself.
    async fn over(&self, id: CampaignId, runner: Field) -> Result<(), Failure> {
        let store = &self.drill.scene.app.store;
        store.set_campaign_state(id, CampaignState::Running, CampaignState::Stopped).await?;
        runner.end().await
    }

    /// Ends the other gateways.
    ///
    /// # Errors
    /// One of them failed.
    pub async fn end(self) -> Result<(), Failure> {
        self.others.end().await
    }

    /// Until nothing that is due is unreleased or unaccepted: of the others, or of everybody.
    async fn until(&mut self, id: CampaignId, everybody: bool, window: &mut u64) -> Result<(), Failure> {
        let store = self.drill.scene.app.store.clone();
        let mut patience = Patience::new();
        loop {
            let held = store.credit_outstanding(Some(id)).await?;
            let own = held.iter().find(|(society, _)| *society == self.society).map_or(0, |(_, n)| *n);
            *window = own.max(*window);
            let due = store.due_societies(id, store.now().await?).await?;
            let counts = |society: &SocietyCode| everybody || *society != self.society;
            let busy = due.iter().any(counts) || held.iter().any(|(society, _)| counts(society));
            if !busy {
                return Ok(());
            }
            patience.look(&(held, due.len()), "a lap")?;
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Until what gateways owe has been said and taken in.
    async fn answered(&self) -> Result<(), Failure> {
        let mut patience = Patience::new();
        let mut quiet = 0;
        // Two looks: between a message taken from a queue and its row there is a moment that shows nowhere.
        while quiet < 2 {
            quiet = if self.drill.quiet().await? { quiet + 1 } else { 0 };
            patience.look(&(), "the answers of a lap")?;
            tokio::time::sleep(LOOK * 10).await;
        }
        Ok(())
    }
}

/// Three days, in which every gateway's operators have a weekend.
pub const WEEKEND: i64 = 3 * Millis::DAY;
