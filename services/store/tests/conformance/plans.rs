use domain::channel::Level;
use domain::delivery::NotificationState;
use domain::{Channel, Millis, OperatorId};
use store::seal::Sealer;
use store::{LiftRow, Planned, StatementRow};
use uuid::Uuid;

use crate::database::Database;
use crate::on_both;
use crate::world::World;

on_both!(
    a_repeated_plan_changes_nothing,
    two_planners_make_one_notification,
    less_goes_on_under_its_approval_and_more_waits,
    facts_and_time_bring_persons_back,
    a_person_outside_is_not_planned,
    an_old_plan_does_not_replace_a_newer_one
);

async fn a_repeated_plan_changes_nothing(db: &Database) {
    let world = World::running(&db.store, 5).await;
    let before = world.notification(2).await;
    let mut plans = Vec::new();
    for n in 0..5 {
        plans.push(world.plan(n).await);
    }
    let saved = db.store.save_plans(world.campaign, plans).await.expect("saves");
    assert_eq!(saved, Planned { unchanged: 5, ..Planned::default() });
    assert_eq!(world.notification(2).await, before);
    assert_eq!(before.state, NotificationState::Approved);
    assert!(db.store.unplanned(world.campaign, 10).await.expect("answers").is_empty());
    assert_eq!(world.release(10).await.len(), 5);
}

async fn two_planners_make_one_notification(db: &Database) {
    let world = World::linked(&db.store, 40).await;
    world.create_campaign().await;
    let unplanned = db.store.unplanned(world.campaign, 100).await.expect("answers");
    assert_eq!(unplanned.len(), 40);
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let mut plans = Vec::new();
        for n in 0..40 {
            plans.push(world.plan(n).await);
        }
        let (store, campaign) = (db.store.clone(), world.campaign);
        tasks.push(tokio::spawn(async move { store.save_plans(campaign, plans).await }));
    }
    let mut new = 0;
    for t in tasks {
        new += t.await.expect("runs").expect("saves").new;
    }
    assert_eq!(new, 40);
    assert_eq!(db.number("SELECT count(*) FROM notification").await, 40);
    assert_eq!(db.number("SELECT count(*) FROM step").await, 80);
}

async fn less_goes_on_under_its_approval_and_more_waits(db: &Database) {
    let world = World::running(&db.store, 2).await;
    // Lower level, one step fewer.
    let less = world.plan_of(0, vec![world.step(0, Channel::Sms, Level::L2)]).await;
    let saved = db.store.save_plans(world.campaign, vec![less]).await.expect("saves");
    assert_eq!((saved.changed, saved.within), (1, 1));
    assert_eq!(world.notification(0).await.state, NotificationState::Approved);
    // Back to what was approved: still within.
    let same = world.plan(0).await;
    let saved = db.store.save_plans(world.campaign, vec![same]).await.expect("saves");
    assert_eq!(saved.within, 1);
    // A route that nobody approved.
    let more =
        world.plan_of(1, vec![world.step(1, Channel::Sms, Level::L3), world.step(1, Channel::App, Level::L3)]).await;
    let saved = db.store.save_plans(world.campaign, vec![more]).await.expect("saves");
    assert_eq!((saved.changed, saved.within), (1, 0));
    let waits = world.notification(1).await;
    assert_eq!((waits.state, waits.decision_version), (NotificationState::Planned, 2));
    assert_eq!(world.release(10).await.len(), 1, "only the one that is approved");
    // A supplement lets it go.
    assert_eq!(world.approve().await, 1);
    assert_eq!(world.release(10).await.len(), 1);
    // Steps that are neither tried nor approved nor planned are gone: the third gate is as narrow as the decision.
    let versions = db.number("SELECT count(DISTINCT decision_version) FROM step").await;
    assert!(versions <= 3, "{versions}");
}

async fn facts_and_time_bring_persons_back(db: &Database) {
    let draft = World::linked(&db.store, 3).await;
    draft.create_campaign().await;
    assert_eq!(db.store.somebody_is_missing(draft.campaign).await, Ok(true), "three are linked and nobody is planned");
    let world = World::planned(&db.store, 3).await;
    assert_eq!(db.store.somebody_is_missing(world.campaign).await, Ok(false));
    assert!(db.store.unplanned(world.campaign, 10).await.expect("answers").is_empty());
    // A decision runs out.
    assert_eq!(db.store.next_invalid(world.campaign).await, Ok(Some(Millis(i64::MAX))));
    let mut short = world.plan(0).await;
    short.valid_until = world.now().await.plus(-1);
    let ended = short.valid_until;
    db.store.save_plans(world.campaign, vec![short]).await.expect("saves");
    assert_eq!(db.store.next_invalid(world.campaign).await, Ok(Some(ended)));
    assert_eq!(db.store.unplanned(world.campaign, 10).await, Ok(vec![world.persons[0]]));
    let again = world.plan(0).await;
    db.store.save_plans(world.campaign, vec![again]).await.expect("saves");
    // A hold comes up.
    let mut held = world.plan_of(1, Vec::new()).await;
    held.review_at = Some(world.now().await.plus(-1));
    db.store.save_plans(world.campaign, vec![held]).await.expect("saves");
    assert_eq!(world.notification(1).await.state, NotificationState::Held);
    assert_eq!(db.store.unplanned(world.campaign, 10).await, Ok(vec![world.persons[1]]));
    let again = world.plan(1).await;
    db.store.save_plans(world.campaign, vec![again]).await.expect("saves");
    assert_eq!(world.notification(1).await.state, NotificationState::Planned);
    // Somebody states a fact: facts move. Somebody lifts a rule: they do not, and the person is decided again.
    let mut sealer = Sealer::new(&mut rand::rng(), &world.keys.public, world.incident);
    let id = Uuid::new_v4();
    let statement = StatementRow {
        id,
        record: world.records[2],
        blob: sealer.seal_blob("statement", id, b"safe: no").expect("seals"),
        tightening: true,
        at: Millis(4),
        by: OperatorId::random(),
    };
    db.store.put_statements(world.incident, std::slice::from_ref(&statement)).await.expect("stated");
    db.store.put_statements(world.incident, std::slice::from_ref(&statement)).await.expect("once");
    assert_eq!(world.facts_version(2).await, 2);
    assert_eq!(db.store.unplanned(world.campaign, 10).await, Ok(vec![world.persons[2]]));
    let again = world.plan(2).await;
    db.store.save_plans(world.campaign, vec![again]).await.expect("saves");
    let lift = LiftRow {
        id: Uuid::new_v4(),
        person: world.persons[2],
        rule: domain::decision::RuleId::R18,
        routes: "[]".to_owned(),
        level: Level::L2,
        reason: "checked by visit".to_owned(),
        expires_at: Millis(i64::MAX),
        facts_version: 2,
    };
    db.store.put_lifts(world.incident, std::slice::from_ref(&lift)).await.expect("lifted");
    assert_eq!(world.facts_version(2).await, 2);
    assert_eq!(db.store.unplanned(world.campaign, 10).await, Ok(vec![world.persons[2]]));
    let loaded = db.store.load_persons(world.incident, &[world.persons[2]]).await.expect("loads");
    assert_eq!((&loaded[0].statements, &loaded[0].lifts), (&vec![statement], &vec![lift]));
}

async fn a_person_outside_is_not_planned(db: &Database) {
    let world = World::linked(&db.store, 2).await;
    world.create_campaign().await;
    let outside = vec![(world.persons[0], "society".to_owned(), 1)];
    db.store.save_outside(world.campaign, outside).await.expect("saves");
    assert_eq!(db.store.unplanned(world.campaign, 10).await, Ok(vec![world.persons[1]]));
    let plan = world.plan(1).await;
    db.store.save_plans(world.campaign, vec![plan]).await.expect("saves");
    let ledger = db.store.ledger(world.incident, Some(world.campaign)).await.expect("a ledger");
    assert!(ledger.balanced(), "{:?}", ledger.imbalances());
    assert_eq!(ledger.outside["society"], 1);
    let plan = world.plan(0).await;
    db.store.save_plans(world.campaign, vec![plan]).await.expect("inside after all");
    let ledger = db.store.ledger(world.incident, Some(world.campaign)).await.expect("a ledger");
    assert!(ledger.balanced() && ledger.outside.is_empty());
}

async fn an_old_plan_does_not_replace_a_newer_one(db: &Database) {
    let world = World::planned(&db.store, 1).await;
    let old = world.plan_of(0, vec![world.step(0, Channel::Post, Level::L3)]).await;
    let mut result = world.result();
    result.addresses[0].others = 3;
    db.store.save_dedupe(world.incident, result).await.expect("saves");
    let newer = world.plan_of(0, vec![world.step(0, Channel::CallLive, Level::L2)]).await;
    assert_eq!(newer.facts_version, 2);
    db.store.save_plans(world.campaign, vec![newer.clone()]).await.expect("saves");
    let saved = db.store.save_plans(world.campaign, vec![old]).await.expect("answers");
    assert_eq!(saved.unchanged, 1);
    assert_eq!(world.notification(0).await.steps, newer.steps);
}
