//! Fills a store with invented people, through the same code that operators' commands use.

use std::path::{Path, PathBuf};

use contract::{GatewayPrivate, OpeningKey};
use domain::IncidentId;
use domain::society::Society;
use jiff::civil::Date;
use registers::synth::{Population, Register, SynthOptions, population};

use super::Pending;
use super::gateways::{Behaviour, SimulatedGateway};
use crate::app::App;
use crate::commands::{gateway, import, incident, init};
use crate::config::Config;
use crate::error::Failure;
use crate::home::Operator;

/// What a drill plays on.
pub struct Scene {
    /// Store and configuration.
    pub app: App,
    /// The synthetic incident.
    pub incident: IncidentId,
    /// The invented people and what is true of them.
    pub population: Population,
    /// Two drill operators, made on the spot.
    pub operators: [Operator; 2],
    /// One simulated gateway a Society.
    pub gateways: Vec<SimulatedGateway>,
}

/// Size and seed of a drill.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Invented people.
    pub people: usize,
    /// Seed.
    pub seed: u64,
}

impl Scene {
    /// Sets up store, keys, operators, incident, Societies and gateways. Nobody is imported yet.
    ///
    /// # Errors
    /// The store cannot be set up.
    pub fn new(config: &Config, size: Size) -> Pending<'_, Self> {
        Box::pin(Self::set_up(config, size))
    }

    async fn set_up(config: &Config, size: Size) -> Result<Self, Failure> {
        let app = App::create(config).await?;
        init::secrets(config)?;
        let operators = [Operator::generate("drill-first"), Operator::generate("drill-second")];
        for operator in &operators {
            init::enrol(&app, operator, true).await?;
        }
        let population = population(&SynthOptions::new(size.people, size.seed, today(&app).await?));
        let incident = incident::put(&app, None, &population.incident).await?;
        let mut gateways = Vec::new();
        for society in &population.societies {
            app.store.put_society(society).await?;
            let keys = GatewayPrivate::generate(&mut rand::rng(), society.code.clone());
            app.store.put_gateway(&gateway::row(&keys.public(), true)?).await?;
            gateways.push(simulated(&app, society, keys, size.seed)?);
        }
        Ok(Self { app, incident, population, operators, gateways })
    }

    /// Writes every register to a file with its manifest, as a Society would export it, and stages it.
    ///
    /// # Errors
    /// A file is refused: the generator and the reader disagree.
    pub async fn import(&self) -> Result<Vec<import::stage::Staged>, Failure> {
        let folder = self.app.config.home().join("registers");
        std::fs::create_dir_all(&folder)?;
        let mut staged = Vec::new();
        for register in self.population.registers.iter().filter(|r| !r.records.is_empty()) {
            let (file, manifest) = export(&folder, register, today(&self.app).await?)?;
            let source = import::source::Source::open(&file, &manifest, None)?;
            staged.push(import::stage::stage(&self.app, self.incident, source, &mut |_, _| {}, &mut |_| Ok(())).await?);
        }
        Ok(staged)
    }
}

fn simulated(app: &App, society: &Society, keys: GatewayPrivate, seed: u64) -> Result<SimulatedGateway, Failure> {
    let receipts: OpeningKey = app.receipt_key(true)?;
    let mixed =
        society.code.as_str().bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    Ok(SimulatedGateway {
        keys,
        pinned: app.organisation_key(true)?.public(),
        receipts_to: receipts.public().clone(),
        behaviour: Behaviour::default(),
        seed: mixed,
    })
}

/// The store's day.
async fn today(app: &App) -> Result<Date, Failure> {
    let now = app.store.now().await?.timestamp().ok_or_else(|| Failure::failed("the store's clock is out of range"))?;
    Ok(jiff::tz::Offset::UTC.to_datetime(now).date())
}

/// A register as canonical NDJSON with its manifest.
fn export(folder: &Path, register: &Register, today: Date) -> Result<(PathBuf, PathBuf), Failure> {
    let name = format!("{}-{}", register.society, register.system);
    let file = folder.join(format!("{name}.ndjson"));
    let mut text = Vec::new();
    for record in &register.records {
        serde_json::to_writer(&mut text, record)?;
        text.push(b'\n');
    }
    std::fs::write(&file, &text)?;
    let manifest = folder.join(format!("{name}.toml"));
    std::fs::write(
        &manifest,
        import::manifest_of(&register.society, &register.system, today, &text, register.records.len() as u64)?,
    )?;
    Ok((file, manifest))
}
