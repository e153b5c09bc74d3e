//! What one dead gateway costs the others: the same campaign with every gateway there, and with one dead from the start,
//! interleaved; seconds from the launch until all that was due through the others was accepted, and the middle one of the
//! ratios of laps that ran beside each other (at most 1.05).
//!
//! `tests/benches/gateways --people 20000 --laps 5 --dead ET` (the script beside this file builds it and brings servers up).

use std::sync::{Arc, Mutex};

use admin::drill::driver::{Drill, Quiet};
use admin::drill::race::{Lap, Race, smooth};
use admin::drill::setup::{Scene, Size};
use domain::SocietyCode;
use support::crew::{Crew, STAGES};
use support::served::supervise;
use support::servers::Servers;

fn argument(name: &str) -> Option<String> {
    std::env::args().skip_while(|a| a != name).nth(1)
}

fn number(name: &str, default: usize) -> usize {
    argument(name).map_or(default, |v| v.parse().unwrap_or_else(|_| panic!("{name} takes a number")))
}

fn middle(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

#[tokio::main]
async fn main() {
    admin::telemetry::start("error", false);
    let size = Size { people: number("--people", 20_000), seed: number("--seed", 1) as u64 };
    let laps = number("--laps", 5);
    let dead: SocietyCode =
        argument("--dead").as_deref().unwrap_or("ET").parse().expect("--dead takes a Society's code");
    let Some(servers) = Servers::for_test("the benchmark") else { std::process::exit(2) };
    let home = tempfile::tempdir().expect("a folder");
    let config = servers.config(home.path());
    let mut scene = Scene::new(&config, size).await.expect("a scene");
    smooth(&mut scene).await.expect("smooth");
    let broker = scene.app.amqp().await.expect("a broker");
    let mut quiet = Quiet;
    let mut drill = Drill::new(&mut scene, broker, &mut quiet).await.expect("a drill");
    let crew = Arc::new(Mutex::new(Crew::start(home.path(), &servers, &STAGES, &[])));
    let supervisor = supervise(crew.clone(), |_| {});
    let mut race = Race::new(&mut drill, &dead).await.expect("set out");
    // The first lap fills caches and tables, and is not counted.
    race.lap(None).await.expect("a lap");
    let (mut there, mut gone): (Vec<Lap>, Vec<Lap>) = (Vec::new(), Vec::new());
    for n in 0..laps {
        // Which of the two comes first changes, so that what grows or tires counts for both.
        for away in [n % 2 == 0, n % 2 == 1] {
            let lap = race.lap(away.then_some(0)).await.expect("a lap");
            println!("{} {lap:?}", if away { "dead " } else { "there" });
            if away { gone.push(lap) } else { there.push(lap) }
        }
    }
    race.end().await.expect("ended");
    supervisor.abort();
    let seconds = |laps: &[Lap]| middle(laps.iter().map(|lap| lap.others).collect());
    println!(
        "\nall gateways there: {:.2} s; {dead} dead from the start: {:.2} s (middle ones of {laps} laps each)",
        seconds(&there),
        seconds(&gone)
    );
    // Laps beside each other are compared: the store grows, and a machine has better and worse minutes.
    let ratios: Vec<f64> = gone.iter().zip(&there).map(|(gone, there)| gone.others / there.others).collect();
    println!("ratio {:.3} (middle one of {laps} pairs, {ratios:.3?})", middle(ratios.clone()));
}
