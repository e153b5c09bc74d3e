//! A drill in the server setting: workers are processes, gateways are simulated here.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use admin::drill::driver::{Drill, Progress};
use admin::drill::setup::{Scene, Size};
use admin::drill::summary::Summary;
use broker::Broker;
use tokio::task::JoinHandle;

use crate::crew::Crew;
use crate::servers::Servers;

/// What a drill left behind.
pub struct Played {
    /// Its summary.
    pub summary: Summary,
    /// The workers, still running.
    pub crew: Arc<Mutex<Crew>>,
}

/// Plays a drill with one process for every stage of a list. `look` is called every 50 ms with the crew: it may kill.
///
/// # Panics
/// Anything is refused, or nothing moves any more; the workers' log is printed.
pub async fn play(
    servers: &Servers,
    home: &Path,
    size: Size,
    stages: &[&'static str],
    progress: &mut dyn Progress,
    look: impl FnMut(&mut Crew) + Send + 'static,
) -> Played {
    let config = servers.config(home);
    let scene = Scene::new(&config, size).await.expect("a scene");
    play_scene(servers, scene, stages, progress, &[], look).await
}

/// The same on a scene that the caller has changed, with more environment for the workers.
///
/// # Panics
/// As [`play`].
pub async fn play_scene(
    servers: &Servers,
    mut scene: Scene,
    stages: &[&'static str],
    progress: &mut dyn Progress,
    environment: &[(&str, &str)],
    look: impl FnMut(&mut Crew) + Send + 'static,
) -> Played {
    let home = scene.app.config.home().to_path_buf();
    let broker: Arc<dyn Broker> = scene.app.amqp().await.expect("a broker");
    let mut drill = Drill::new(&mut scene, broker, progress).await.expect("a drill");
    let crew = Arc::new(Mutex::new(Crew::start(&home, servers, stages, environment)));
    let supervisor = supervise(crew.clone(), look);
    let played = drill.play().await;
    supervisor.abort();
    match played {
        Ok(summary) => Played { summary, crew },
        Err(failure) => {
            let log = crew.lock().expect("nobody panicked").log();
            let tail: Vec<_> = log.lines().rev().take(60).collect();
            panic!("{failure}\nthe workers' last words:\n{}", tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
    }
}

/// Starts again whoever ends, until it is aborted. `look` is called every 50 ms with the crew: it may kill.
pub fn supervise(crew: Arc<Mutex<Crew>>, mut look: impl FnMut(&mut Crew) + Send + 'static) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let mut crew = crew.lock().expect("nobody panicked");
            look(&mut crew);
            crew.supervise();
        }
    })
}
