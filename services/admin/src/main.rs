//! The `tidings` binary: operators' commands, and any worker.

use std::process::ExitCode;

use clap::Parser as _;

/// Workers take memory in one thread and give it back in another, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = admin::cli::Cli::parse();
    match admin::run(&cli) {
        Ok(answer) => {
            answer.print(cli.json);
            ExitCode::SUCCESS
        }
        Err(failure) => {
            if !failure.is_told() {
                eprintln!("tidings: {failure}");
            }
            ExitCode::from(failure.code())
        }
    }
}
