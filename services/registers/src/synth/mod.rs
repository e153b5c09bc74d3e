//! A synthetic population with ground truth: registers of several Societies as their systems would hold them, in
//! seven scripts, and beside them what is true — who is who, and what must never happen to whom.
//!
//! Everybody is invented. One seed gives one population for ever; [`people`] streams, so that half a million people
//! need no memory; [`population`] collects.

mod case;
mod dice;
pub mod export;
mod names;
mod person;
mod stories;
mod truth;
mod world;

use domain::SocietyCode;
use domain::incident::IncidentFacts;
use domain::record::Record;
use domain::society::Society;
use jiff::civil::Date;

use case::{Case, World};
use stories::STORIES;
pub use truth::{Ban, GROUPS, Truth};
use world::{MOST_SOCIETIES, SYSTEMS};

/// What to make.
#[derive(Debug, Clone)]
pub struct SynthOptions {
    /// People, at least; the last case may bring a few more.
    pub people: usize,
    /// Seed: the same seed and options give the same population.
    pub seed: u64,
    /// National Societies, 1 to 17; the ICRC comes on top.
    pub societies: usize,
    /// The day of the campaign: ages and confirmations count from here.
    pub now: Date,
}

impl SynthOptions {
    /// Seven Societies: one for each script.
    #[must_use]
    pub fn new(people: usize, seed: u64, now: Date) -> Self {
        Self { people, seed, societies: 7, now }
    }
}

/// One register: one source system of one Society.
#[derive(Debug, Clone)]
pub struct Register {
    /// Society.
    pub society: SocietyCode,
    /// Source system.
    pub system: String,
    /// Its records.
    pub records: Vec<Record>,
}

/// Everything, in memory.
#[derive(Debug, Clone)]
pub struct Population {
    /// The Societies, the ICRC last.
    pub societies: Vec<Society>,
    /// What happened.
    pub incident: IncidentFacts,
    /// The registers, some of which may be empty.
    pub registers: Vec<Register>,
    /// The people.
    pub truth: Vec<Truth>,
}

/// People who belong together, with their records by register.
#[derive(Debug, Clone)]
pub struct Group {
    /// Index of the register, and the record.
    pub records: Vec<(usize, Record)>,
    /// The people.
    pub truths: Vec<Truth>,
}

/// The Societies of a population, the ICRC last.
#[must_use]
pub fn societies(options: &SynthOptions) -> Vec<Society> {
    world::societies(options)
}

/// The incident of a population.
#[must_use]
pub fn incident(options: &SynthOptions) -> IncidentFacts {
    world::incident(options.now)
}

/// The registers of a population, empty: the index in this list is the one that [`Truth::records`] uses.
#[must_use]
pub fn registers(options: &SynthOptions) -> Vec<Register> {
    societies(options)
        .into_iter()
        .flat_map(|society| {
            SYSTEMS.map(|system| Register {
                society: society.code.clone(),
                system: system.to_owned(),
                records: Vec::new(),
            })
        })
        .collect()
}

/// The people, case by case.
pub fn people(options: &SynthOptions) -> impl Iterator<Item = Group> + use<> {
    let world = World { now: options.now, seed: options.seed, hosts: world::hosts(options) };
    let wanted = options.people;
    let (mut made, mut index) = (0_usize, 0_u64);
    std::iter::from_fn(move || {
        if made >= wanted {
            return None;
        }
        let mut case = Case::new(&world, index, u32::try_from(made).ok()?);
        let at =
            if index < STORIES.len() as u64 { index as usize } else { case.dice.weighted(STORIES.iter().map(|s| s.1)) };
        let (name, _, tell) = STORIES[at];
        tell(&mut case, name);
        index += 1;
        made += case.truths.len();
        Some(Group { records: case.records, truths: case.truths })
    })
}

/// The whole population in memory.
#[must_use]
pub fn population(options: &SynthOptions) -> Population {
    let mut registers = registers(options);
    let mut truth = Vec::with_capacity(options.people + case::MOST_PEOPLE);
    for group in people(options) {
        for (at, record) in group.records {
            registers[at].records.push(record);
        }
        truth.extend(group.truths);
    }
    Population { societies: societies(options), incident: incident(options), registers, truth }
}

/// Most National Societies that can be made.
pub const MOST: usize = MOST_SOCIETIES;
