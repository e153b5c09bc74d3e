use domain::campaign::{CampaignPlan, CampaignState};
use domain::delivery::{AttemptState, NotificationState};
use domain::incident::IncidentKind;
use domain::receipt::ReceiptKind;
use domain::{ActionId, CampaignId, Millis};
use store::{CampaignRow, StoreError};

use crate::database::Database;
use crate::on_both;
use crate::world::{World, facts, receipt};

on_both!(
    facts_rise_and_kind_stays,
    a_drill_needs_a_synthetic_incident,
    approval_covers_exactly_the_leaves,
    waves_open_one_after_the_other,
    pause_stops_and_resume_goes_on,
    stop_recalls_and_closes,
    a_recall_that_nobody_answers_is_counted_and_ends
);

async fn facts_rise_and_kind_stays(db: &Database) {
    let world = World::empty(&db.store).await;
    let id = world.incident;
    db.store.put_incident(id, &facts(IncidentKind::Synthetic, 1), None).await.expect("the same");
    let mut other = facts(IncidentKind::Synthetic, 1);
    other.data_published = true;
    assert_eq!(db.store.put_incident(id, &other, None).await, Err(StoreError::Version(id)));
    other.version = 2;
    db.store.put_incident(id, &other, None).await.expect("a new version");
    assert_eq!(db.store.put_incident(id, &facts(IncidentKind::Real, 3), None).await, Err(StoreError::Kind(id)));
    let row = db.store.incident(id).await.expect("loads").expect("is there");
    assert_eq!(row.facts, other);
    assert_eq!(row.keys.public(), world.keys.public);
    assert_eq!(
        db.store.put_incident(id, &facts(IncidentKind::Synthetic, 4), Some(&row.keys)).await,
        Err(StoreError::Keys(id))
    );
    let raw = format!("UPDATE incident SET drill = NOT drill WHERE id = {}", db.literal(id.uuid()));
    assert!(db.tamper(&raw).await.is_err(), "not even behind the store's back");
    assert_eq!(db.store.incidents().await.expect("loads").len(), 1);
}

async fn a_drill_needs_a_synthetic_incident(db: &Database) {
    let world = World::empty(&db.store).await;
    let plan = CampaignPlan {
        incident: world.incident,
        name: "real".to_owned(),
        without_societies: Vec::new(),
        canary: 0,
        wave: 0,
        expiry_days: 7,
        max_messages: None,
    };
    let row = CampaignRow::draft(CampaignId::random(), world.incident, plan, false, vec![], String::new());
    let error = db.store.create_campaign(&row).await.expect_err("not for a synthetic incident");
    assert!(error.is_foreign_key_violation(), "{error}");
    db.store.create_campaign(&CampaignRow { drill: true, ..row.clone() }).await.expect("a drill");
    let loaded = db.store.campaign(row.id).await.expect("loads").expect("is there");
    assert_eq!(loaded, CampaignRow { drill: true, ..row });
}

async fn approval_covers_exactly_the_leaves(db: &Database) {
    let world = World::planned(&db.store, 9).await;
    let manifest = world.manifest().await;
    let action = ActionId::random();
    assert_eq!(
        db.store.approve(world.campaign, &manifest, action).await,
        Err(StoreError::CampaignState(world.campaign)),
        "still a draft"
    );
    world.set(CampaignState::Draft, CampaignState::Planned).await;
    let changes: [fn(&mut domain::manifest::Manifest); 4] =
        [|m| m.persons += 1, |m| m.persons_root[0] ^= 1, |m| m.drill = false, |m| m.campaign = CampaignId::random()];
    for change in changes {
        let mut other = manifest.clone();
        change(&mut other);
        let refused = db.store.approve(world.campaign, &other, action).await;
        assert!(matches!(refused, Err(StoreError::Manifest { .. })), "{refused:?}");
    }
    // One plan changes between signing and executing.
    let mut other = world.plan(4).await;
    other.steps.pop();
    other.shared_group.pop();
    other.steps_digest = domain::manifest::steps_digest(&other.steps);
    db.store.save_plans(world.campaign, vec![other]).await.expect("saves");
    let refused = db.store.approve(world.campaign, &manifest, action).await;
    assert!(matches!(refused, Err(StoreError::Manifest { .. })), "{refused:?}");
    assert_eq!(world.notification(0).await.state, NotificationState::Planned);
    let manifest = world.manifest().await;
    assert_eq!(db.store.approve(world.campaign, &manifest, action).await, Ok(9));
    let row = db.store.campaign(world.campaign).await.expect("loads").expect("is there");
    assert_eq!(row.state, CampaignState::Approved);
    assert_eq!((row.manifest, row.action), (Some(manifest), Some(action)));
}

async fn waves_open_one_after_the_other(db: &Database) {
    let world = World::linked(&db.store, 12).await;
    let mut row = CampaignRow::draft(
        world.campaign,
        world.incident,
        CampaignPlan {
            incident: world.incident,
            name: "waves".to_owned(),
            without_societies: Vec::new(),
            canary: 2,
            wave: 5,
            expiry_days: 7,
            max_messages: Some(11),
        },
        true,
        vec![],
        String::new(),
    );
    row.state = CampaignState::Running; // a new campaign is a draft, whatever the row says
    db.store.create_campaign(&row).await.expect("a campaign");
    assert_eq!(db.store.campaign(world.campaign).await.expect("loads").expect("is there").state, CampaignState::Draft);
    let mut plans = Vec::new();
    for n in 0..12 {
        plans.push(world.plan(n).await);
    }
    db.store.save_plans(world.campaign, plans).await.expect("saves");
    world.launch().await;
    assert_eq!(world.release(100).await.len(), 2, "the canary wave");
    assert_eq!(db.store.open_ranks(world.campaign, 7).await, Ok(5));
    assert_eq!(db.store.open_ranks(world.campaign, 7).await, Ok(0));
    assert_eq!(world.release(100).await.len(), 5);
    assert_eq!(db.store.open_ranks(world.campaign, i64::MAX).await, Ok(5));
    assert_eq!(world.release(100).await.len(), 4, "the cap of the campaign");
}

async fn pause_stops_and_resume_goes_on(db: &Database) {
    let world = World::running(&db.store, 4).await;
    let attempts = world.release(2).await;
    world.set(CampaignState::Running, CampaignState::Paused).await;
    assert_eq!(
        db.store.set_campaign_state(world.campaign, CampaignState::Running, CampaignState::Paused).await,
        Ok(false)
    );
    assert!(world.release(10).await.is_empty());
    let loaded = db.store.load_attempts(&attempts, AttemptState::Released).await.expect("loads");
    assert!(loaded.is_empty(), "nothing is sealed while it is paused");
    let later = world.now().await.plus(60_000);
    assert!(db.store.stuck(later, 1, 10).await.expect("answers").released.is_empty());
    world.set(CampaignState::Paused, CampaignState::Running).await;
    let stuck = db.store.stuck(later, 1, 10).await.expect("answers");
    assert_eq!(stuck.released.len(), 2, "the reconciler rings them again");
    world.dispatch(&attempts).await;
    assert_eq!(world.release(4).await.len(), 2);
}

async fn stop_recalls_and_closes(db: &Database) {
    let world = World::running(&db.store, 5).await;
    let first = world.release(2).await;
    world.dispatch(&first).await;
    world.receive(&[receipt(first[0], ReceiptKind::Sent)]).await;
    let second = world.release(2).await;
    assert_eq!(second.len(), 1);
    assert_eq!(db.store.recall_open(world.campaign).await, Err(StoreError::CampaignState(world.campaign)));
    world.set(CampaignState::Running, CampaignState::Stopped).await;
    assert_eq!(db.store.recall_open(world.campaign).await, Ok(vec![first[1]]));
    assert_eq!(db.store.recall_open(world.campaign).await, Ok(vec![first[1]]), "again the same");
    let recalling = db.store.load_attempts(&first, AttemptState::Recalling).await.expect("loads");
    assert_eq!(recalling.len(), 1);
    assert!(!db.store.can_close(world.campaign).await.expect("answers").is_empty());
    // An answer to the message itself is not an answer to the recall.
    world.receive(&[receipt(first[1], ReceiptKind::Accepted)]).await;
    assert_eq!(db.store.load_attempts(&first, AttemptState::Recalling).await.expect("loads").len(), 1);
    world.receive(&[receipt(first[1], ReceiptKind::Withdrawn)]).await;
    world.receive(&[receipt(first[0], ReceiptKind::Delivered)]).await;
    let told = world.person_of(first[0]).await;
    for n in 0..5 {
        let expected = if n == told { NotificationState::ReachedNeutral } else { NotificationState::Withdrawn };
        assert_eq!(world.notification(n).await.state, expected);
    }
    assert_eq!(db.store.can_close(world.campaign).await, Ok(vec![]));
    world.set(CampaignState::Stopped, CampaignState::Closed).await;
}

async fn a_recall_that_nobody_answers_is_counted_and_ends(db: &Database) {
    let world = World::running(&db.store, 2).await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    let recalls = async || db.store.unanswered_recalls(true, 10).await.expect("answers");
    assert!(recalls().await.is_empty());
    assert_eq!(db.store.recalled(&attempts, world.now().await).await, Ok(0), "nobody recalled them");
    world.set(CampaignState::Running, CampaignState::Stopped).await;
    assert_eq!(db.store.recall_open(world.campaign).await.expect("recalls").len(), 2);
    let open = recalls().await;
    assert_eq!(open.iter().map(|r| r.dispatches).collect::<Vec<_>>(), [0, 0], "none was sent yet");
    assert!(db.store.unanswered_recalls(false, 10).await.expect("answers").is_empty(), "drills are looked after apart");
    let now = world.now().await.plus(60_000);
    assert_eq!(db.store.recalled(&attempts[..1], now).await, Ok(1));
    let open = recalls().await;
    assert_eq!((open.last().map(|r| (r.attempt, r.dispatches, r.since))), Some((attempts[0], 1, now)));
    // How often the message itself was published is another figure.
    assert_eq!(db.store.tallies(world.campaign).await.expect("counts").dispatches, 2);
    world.receive(&[receipt(attempts[0], ReceiptKind::Withdrawn)]).await;
    assert_eq!(recalls().await.iter().map(|r| r.attempt).collect::<Vec<_>>(), attempts[1..]);
    // Nobody ever answers: what nobody can send any more needs no recall.
    let row = &db.store.load_attempts(&attempts, AttemptState::Recalling).await.expect("loads")[0];
    assert_eq!(db.store.expire(row.not_after.plus(2 * Millis::DAY), 10).await, Ok(1));
    assert!(recalls().await.is_empty());
}
