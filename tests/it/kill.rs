//! kill -9: any worker, at random times, during a campaign. Everybody ends with exactly one current notification,
//! nothing is lost, nothing goes a forbidden way, and copies come only under the same idempotency key.

use std::time::{Duration, Instant};

use admin::drill::driver::Quiet;
use admin::drill::setup::Size;
use support::crew::STAGES;
use support::served::play;
use support::servers::Servers;

/// People of the campaign, and kills of each stage. The figures with `TIDINGS_KILL=full`; fewer in every run.
fn size() -> (usize, u32) {
    if std::env::var("TIDINGS_KILL").is_ok_and(|v| v == "full") { (5000, 10) } else { (1500, 3) }
}

/// Shortest and longest pause between two kills.
const PAUSE: (u64, u64) = (120, 700);

#[tokio::test(flavor = "multi_thread")]
async fn every_worker_killed_again_and_again_loses_nobody() {
    let Some(servers) = Servers::for_test("the kill sweep") else { return };
    let home = tempfile::tempdir().expect("a folder");
    let (people, kills) = size();
    let mut left: Vec<(&'static str, u32)> = STAGES.iter().map(|s| (*s, kills)).collect();
    let mut next = Instant::now() + Duration::from_secs(1);
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    let done = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counted = done.clone();
    let played = play(&servers, home.path(), Size { people, seed: 11 }, &STAGES, &mut Quiet, move |crew| {
        if Instant::now() < next || left.is_empty() {
            return;
        }
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = usize::try_from(dice >> 33).expect("small") % left.len();
        crew.kill(left[at].0);
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        left[at].1 -= 1;
        left.retain(|(_, n)| *n > 0);
        next = Instant::now() + Duration::from_millis(PAUSE.0 + (dice >> 40) % (PAUSE.1 - PAUSE.0));
    })
    .await;
    let summary = &played.summary;
    let bitten = done.load(std::sync::atomic::Ordering::Relaxed);
    println!("{bitten} kills, {} messages, {} copies, {:.1} s", summary.messages, summary.copies, summary.seconds);
    assert!(bitten >= kills, "only {bitten} kills bit: the run proves nothing");
    assert!(summary.balanced, "{:?}", summary.ledger.imbalances());
    assert_eq!(summary.ledger.open(), 0, "somebody is not at an end: {:?}", summary.ledger.notifications);
    assert_eq!(summary.ledger.persons_told_twice, 0);
    assert_eq!(summary.forbidden_sends, 0, "{:?}", summary.forbidden);
    assert_eq!(summary.unreadable, 0);
}
