//! The whole way on the server setting, measured: persons a second by stage and overall, CPU-seconds and peak memory
//! of every worker, of the servers, and of the simulated gateways apart.
//!
//! `tests/benches/campaign --people 50000` (the script beside this file builds it and brings the servers up).

use std::time::Duration;

use admin::answer::table;
use admin::drill::driver::Progress;
use admin::drill::setup::Size;
use support::crew::STAGES;
use support::served::play;
use support::servers::Servers;
use support::usage::Usage;

/// Prints phases as they begin.
struct Lines;

impl Progress for Lines {
    fn phase(&mut self, name: &str) {
        eprintln!("… {name}");
    }

    fn count(&mut self, _: u64, _: Option<u64>) {}
}

fn argument(name: &str, default: usize) -> usize {
    let mut arguments = std::env::args().skip_while(|a| a != name).skip(1);
    arguments.next().map_or(default, |v| v.parse().unwrap_or_else(|_| panic!("{name} takes a number")))
}

#[tokio::main]
async fn main() {
    admin::telemetry::start("error", false);
    let size = Size { people: argument("--people", 50_000), seed: argument("--seed", 1) as u64 };
    let Some(servers) = Servers::for_test("the benchmark") else { std::process::exit(2) };
    let home = tempfile::tempdir().expect("a folder");
    let before = (Usage::of_all("postgres"), Usage::of_all("beam.smp"));
    let own = Usage::of(std::process::id());
    let log = std::env::args().skip_while(|a| a != "--log").nth(1);
    let played = play(&servers, home.path(), size, &STAGES, &mut Lines, |crew| {
        crew.usage();
    })
    .await;
    let after = (Usage::of_all("postgres"), Usage::of_all("beam.smp"));
    tokio::time::sleep(Duration::from_millis(100)).await;
    let summary = &played.summary;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (stage, used) in played.crew.lock().expect("nobody panicked").usage() {
        rows.push(vec![format!("worker {stage}"), format!("{:.1}", used.cpu), format!("{:.0}", used.peak_mib)]);
    }
    if let Some(file) = log {
        std::fs::write(file, played.crew.lock().expect("nobody panicked").log()).expect("the log is written");
    }
    let here = Usage::of(std::process::id());
    rows.push(vec!["PostgreSQL".into(), format!("{:.1}", after.0 - before.0), String::new()]);
    rows.push(vec!["RabbitMQ".into(), format!("{:.1}", after.1 - before.1), String::new()]);
    rows.push(vec![
        "files, driver, gateways".into(),
        format!("{:.1}", here.cpu - own.cpu),
        format!("{:.0}", here.peak_mib),
    ]);
    let people = summary.people as f64;
    let phases: Vec<Vec<String>> = summary
        .phases
        .iter()
        .map(|(name, s)| vec![name.clone(), format!("{s:.1}"), format!("{:.0}", people / s.max(0.001))])
        .collect();
    println!(
        "{} people, {} records, {} persons, {} messages",
        summary.people, summary.records, summary.persons, summary.messages
    );
    println!("\n{}", table(&["phase", "seconds", "persons/s"], &phases));
    println!("{}", table(&["process", "CPU-seconds", "peak MiB"], &rows));
    let whole: f64 = summary.phases.iter().filter(|(name, _)| *name != "judging").map(|(_, s)| s).sum();
    println!("whole way: {whole:.1} s, {:.0} persons/s", people / whole);
    println!(
        "balanced: {}; open: {}; forbidden sends: {}; falsely merged: {}; copies: {}",
        summary.balanced,
        summary.ledger.open(),
        summary.forbidden_sends,
        summary.falsely_merged,
        summary.copies
    );
    assert!(
        summary.balanced && summary.forbidden_sends == 0 && summary.ledger.open() == 0,
        "it must end well to count"
    );
}
