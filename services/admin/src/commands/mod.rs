//! One file a command; each opens what it needs, does one thing, and answers.

pub mod action;
pub mod approval;
pub mod audit;
pub mod campaign;
pub mod dedupe;
pub mod demo;
pub mod doctor;
pub mod explain;
pub mod gateway;
pub mod hold;
pub mod hotline;
pub mod import;
pub mod incident;
pub mod init;
pub mod link;
pub mod locales;
pub mod locales_approve;
pub mod operator;
pub mod preview;
pub mod protect;
pub mod recall;
pub mod receipt;
pub mod sms;
pub mod society;
pub mod synth;
pub mod task;
mod text_messages;
pub mod worker;

pub use text_messages::price;

use crate::answer::Answer;
use crate::app::App;
use crate::cli::Command;
use crate::config::Config;
use crate::error::Failure;

/// Runs a command that needs the store.
///
/// # Errors
/// What the command says.
pub async fn run(config: &Config, command: &Command) -> Result<Answer, Failure> {
    match command {
        Command::Demo(args) => return demo::run(config, args).await,
        Command::Init { operators } => return init::run(config, operators).await,
        Command::Doctor => return doctor::run(config).await,
        Command::Operator(crate::cli::OperatorCommand::Key { name }) => return operator::key(config, name),
        Command::Incident(crate::cli::IncidentCommand::Example) => return Ok(incident::example()),
        Command::Society(crate::cli::SocietyCommand::Example) => return Ok(society::example()),
        Command::Gateway(crate::cli::GatewayCommand::Check(given)) => return gateway::check::run(given).await,
        _ => {}
    }
    let app = App::open(config).await?;
    match command {
        Command::Operator(command) => operator::run(&app, command).await,
        Command::Action(command) => action::run(&app, command).await,
        Command::Incident(command) => incident::run(&app, command).await,
        Command::Society(command) => society::run(&app, command).await,
        Command::Gateway(command) => gateway::run(&app, command).await,
        Command::Receipt(command) => receipt::run(&app, command).await,
        Command::Task(command) => task::run(&app, command).await,
        Command::Verify { code, signer } => hotline::verify(&app, code, signer).await,
        Command::Hotline(command) => hotline::run(&app, command).await,
        Command::Dedupe(command) => dedupe::run(&app, command).await,
        Command::Campaign(command) => campaign::run(&app, command).await,
        Command::Protect(command) => protect::run(&app, command).await,
        Command::Hold(command) => hold::run(&app, command).await,
        Command::Explain(args) => explain::person(&app, args).await,
        Command::Locales(crate::cli::LocalesCommand::Approve(args)) => locales_approve::run(&app, args).await,
        Command::Worker(args) => worker::run(&app, args).await,
        Command::Audit(_) => audit::verify(&app).await,
        _ => Err(Failure::usage("this command takes no store")),
    }
}
