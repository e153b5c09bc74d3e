//! A drill in one process: SQLite file, in-process broker, workers and gateways as tasks.

use std::sync::Arc;
use std::time::Duration;

use broker::{Broker, Realm};
use tokio::sync::watch;

use super::Pending;
use super::driver::{Drill, Progress};
use super::setup::Scene;
use super::summary::Summary;
use crate::commands::worker;
use crate::error::Failure;

/// How long workers may take to finish what they have in hand.
const STOP: Duration = Duration::from_secs(10);

/// Plays a scene to its end.
///
/// # Errors
/// Something is refused, a worker ends, or nothing moves any more.
pub fn play<'a>(scene: &'a mut Scene, progress: &'a mut dyn Progress) -> Pending<'a, Summary> {
    Box::pin(play_all(scene, progress))
}

/// Runs something else on a scene, with every worker in this process.
///
/// # Errors
/// What it says, or a worker ends.
pub async fn with_workers<T>(
    scene: &mut Scene,
    progress: &mut dyn Progress,
    what: impl AsyncFnOnce(&mut Drill<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let broker: Arc<dyn Broker> = Arc::new(broker::local(broker::LocalOptions::default()));
    let (stop, stopped) = watch::channel(false);
    let parts = worker::parts(&scene.app, broker.clone(), Realm::Drill, worker::Secrets::All).await?;
    let mut drill = Drill::new(scene, broker, progress).await?;
    let mut crew = tokio::spawn(workers::run_all(parts, stopped));
    let done = tokio::select! {
        done = what(&mut drill) => done,
        ended = &mut crew => Err(match ended {
            Ok(Err(error)) => Failure::failed(format!("a worker ended: {error}")),
            _ => Failure::failed("a worker ended early"),
        }),
    };
    // Workers that ended already have nobody listening.
    let _ = stop.send(true);
    if !crew.is_finished() {
        // What they had in hand is in the store or will be rung again: a drill's store may as well be deleted.
        let _ = tokio::time::timeout(STOP, crew).await;
    }
    done
}

async fn play_all(scene: &mut Scene, progress: &mut dyn Progress) -> Result<Summary, Failure> {
    with_workers(scene, progress, async |drill| drill.play().await).await
}
