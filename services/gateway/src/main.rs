//! `tidings-gateway`: the Society's side. Exit codes: 0 done, 1 failed, 2 usage.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use gateway::{
    Config, ConfigError, Engine, Journal, JournalError, Keyring, Pace, Post, config, system_clock, transport,
};
use tokio::sync::{mpsc, watch};

/// The gateway of a National Society: sends what Tidings seals to it, and answers with signed receipts.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs until it is told to stop (SIGTERM, SIGINT); lets what is under way come back first.
    #[command(after_help = "Example: tidings-gateway run --config /etc/tidings/gateway.toml")]
    Run {
        /// Your configuration.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Reads the configuration, the keys and the secrets, and says what is wrong. Connects to nothing.
    #[command(after_help = "Example: tidings-gateway check-config --config /etc/tidings/gateway.toml")]
    CheckConfig {
        /// Your configuration.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Prints the defaults: every key that exists, with what it means.
    Defaults,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("cannot start: {0}")]
    Start(#[from] std::io::Error),
}

fn main() -> ExitCode {
    telemetry();
    let done = match Arguments::parse().command {
        Command::Defaults => {
            print!("{}", config::DEFAULTS);
            Ok(())
        }
        Command::CheckConfig { config } => check(&config),
        Command::Run { config } => run(&config),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("tidings-gateway: {failure}");
            ExitCode::from(if matches!(failure, Failure::Config(_)) { 2 } else { 1 })
        }
    }
}

fn telemetry() {
    use tracing_subscriber::EnvFilter;
    let wanted = std::env::var("TIDINGS_LOG").unwrap_or_else(|_| "info".to_owned());
    // Last, so that nobody can switch on what would print addresses or bodies.
    let quiet = ["lettre=off", "rusmpp=off", "rusmpp_core=off", "hyper=off", "rustls=warn"];
    let directives = [wanted.as_str()].into_iter().chain(quiet).chain(broker::LOG_DIRECTIVES).collect::<Vec<_>>();
    let filter = EnvFilter::try_new(directives.join(",")).unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}

fn check(path: &std::path::Path) -> Result<(), Failure> {
    let config = Config::load(path)?;
    let keys = Keyring::load(&config)?;
    Post::open(&config)?;
    let (reports, _heard) = mpsc::channel(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let transports = runtime.block_on(async { transport::build(&config, &reports) })?;
    let kind = if keys.drill { "drills" } else { "real campaigns" };
    println!("{}: a gateway of {} for {kind}; it serves {transports:?}", path.display(), keys.society);
    Ok(())
}

fn run(path: &std::path::Path) -> Result<(), Failure> {
    let config = Config::load(path)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let keys = Keyring::load(&config)?;
        let journal = Journal::open(&config.journal)?;
        let (reports, heard) = mpsc::channel(transport::REPORTS);
        let transports = transport::build(&config, &reports)?;
        transport::listen(&config, &reports).await?;
        let post = Post::open(&config)?;
        let pace = Pace {
            parallel: config.parallel,
            retry: Duration::from_secs(config.retry_seconds),
            receipts: Duration::from_secs(config.receipt_seconds),
        };
        tracing::info!(society = %keys.society, drill = keys.drill, ?transports, "gateway started");
        let mut engine = Engine::new(keys, journal, transports, post, heard, pace, system_clock());
        engine.run(stop()?).await?;
        tracing::info!("gateway stopped");
        Ok(())
    })
}

/// Becomes true at the first SIGTERM or SIGINT.
fn stop() -> Result<watch::Receiver<bool>, std::io::Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        let _ = tell.send(true);
    });
    Ok(told)
}
