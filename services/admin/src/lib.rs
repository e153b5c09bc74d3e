//! The `tidings` binary as a library: the operators' commands, the worker processes, and drills.
//!
//! [`cli`] names the commands; each has its own file under [`commands`] and ends in an [`answer::Answer`] or an
//! [`error::Failure`]. [`config`] and [`home`] say where the store, the broker and the keys are. [`drill`] plays a
//! campaign on invented people with simulated gateways: the demo, the benchmark and the fault runs use it.

pub mod answer;
pub mod app;
pub mod cli;
pub mod commands;
pub mod config;
pub mod drill;
pub mod error;
pub mod filedrop;
pub mod home;
pub mod signed_words;
pub mod telemetry;

use answer::Answer;
use cli::{Cli, Command};
use config::{Config, ProcessEnvironment};
use error::Failure;

/// Runs one command to its end.
///
/// # Errors
/// [`Failure`] with what went wrong, where, and what to do next.
pub fn run(cli: &Cli) -> Result<Answer, Failure> {
    let working = matches!(cli.command, Command::Worker(_));
    telemetry::start(if working { "info" } else { "error" }, working && cli.json);
    let config = Config::load(cli.config.as_deref(), &ProcessEnvironment)?;
    // Commands that need neither store nor broker run without a runtime.
    match &cli.command {
        Command::Preview(args) => return commands::preview::run(&config, args),
        Command::Locales(command) if !matches!(command, cli::LocalesCommand::Approve(_)) => {
            return commands::locales::run(&config, command);
        }
        Command::Sms(_) => return commands::sms::count(),
        Command::Link(args) => return commands::link::run(args),
        Command::Synth(args) => return commands::synth::run(args),
        Command::Import(args) if args.draft_mapping || args.draft_manifest => return commands::import::draft(args),
        Command::Explain(args) if args.policy => return Ok(commands::explain::policy()),
        Command::Explain(args) if args.facts.is_some() => return commands::explain::facts(args),
        _ => {}
    }
    if let Command::Import(args) = &cli.command {
        return import(&config, args);
    }
    runtime()?.block_on(commands::run(&config, &cli.command))
}

/// Reads the file in a process of its own, and goes on in this one.
fn import(config: &Config, args: &cli::ImportArgs) -> Result<Answer, Failure> {
    if commands::import::limit::entered()? {
        return runtime()?.block_on(commands::import::read(config, args));
    }
    let read = commands::import::limit::apart()?;
    runtime()?.block_on(commands::import::apply(config, args, read))
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
