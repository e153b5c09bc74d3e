//! A gateway that is away (`reliability.md` D6): the others go on, its own messages wait in the record and not in its queue,
//! nothing is lost, and when it comes back it gets no more at a time than its credit.

use admin::config::{Config, ProcessEnvironment};
use admin::drill::driver::Quiet;
use admin::drill::embedded;
use admin::drill::race::{Race, WEEKEND, smooth};
use admin::drill::setup::{Scene, Size};
use domain::Millis;
use domain::delivery::NotificationState;
use domain::ledger::Ledger;

/// Unaccepted messages of one gateway: far fewer than it has people, so that most of them wait in the record.
const CREDIT: u32 = 20;

/// Longer than messages live, and their grace.
const LONG: i64 = 9 * Millis::DAY;

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_away_delays_nobody_loses_nobody_and_comes_back_at_its_credit() {
    let home = tempfile::tempdir().expect("a folder");
    let config = Config::load(None, &ProcessEnvironment).expect("a configuration").embedded_in(home.path());
    let mut scene = Scene::new(&config, Size { people: 600, seed: 3 }).await.expect("a scene");
    for society in &mut scene.population.societies {
        society.credit = CREDIT;
    }
    smooth(&mut scene).await.expect("smooth");
    let away = "KE".parse().expect("a code");
    let laps = embedded::with_workers(&mut scene, &mut Quiet, async |drill| {
        let mut race = Race::new(drill, &away).await?;
        let laps =
            [race.to_the_end(None).await?, race.to_the_end(Some(WEEKEND)).await?, race.to_the_end(Some(LONG)).await?];
        race.end().await?;
        Ok(laps)
    })
    .await
    .expect("raced");
    for (lap, ledger) in &laps {
        println!("{lap:?} {:?}", ledger.notifications);
        assert!(lap.messages > u64::from(CREDIT), "it proves nothing about so few messages: {lap:?}");
        assert!(lap.window <= u64::from(CREDIT), "{lap:?}");
        assert!(ledger.balanced(), "{:?}", ledger.imbalances());
        assert_eq!((ledger.open(), ledger.persons_told_twice), (0, 0), "{:?}", ledger.notifications);
    }
    let [(_, there), (weekend, three_days), (_, nine_days)] = &laps;
    assert_eq!(weekend.window, u64::from(CREDIT), "a full window was open while it was away");
    // Three days late is not lost: the same people end at the same places. What expired in nine went its next step, or
    // stands on the list of those whom nothing reached: nobody is missing.
    assert_eq!(reached(three_days), reached(there));
    let everybody = |ledger: &Ledger| ledger.notifications.values().sum::<u64>();
    assert_eq!(everybody(nine_days), everybody(there));
}

/// Persons whom something reached; whether anybody confirmed it is the gateways' dice.
fn reached(ledger: &Ledger) -> u64 {
    use NotificationState as N;
    [N::ReachedNeutral, N::Unconfirmed, N::Informed].iter().filter_map(|state| ledger.notifications.get(state)).sum()
}
