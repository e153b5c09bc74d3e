use std::collections::BTreeSet;

use domain::channel::Level;
use domain::delivery::{AttemptState, NotificationState};
use domain::receipt::ReceiptKind;
use domain::{Channel, Millis, Pace};
use store::{GatewayRow, GatewayState, VoidReason};

use crate::database::Database;
use crate::on_both;
use crate::world::{World, receipt, society};

on_both!(
    release_never_exceeds_the_credit,
    little_room_is_worth_waiting_for,
    a_gateway_gets_messages_no_faster_than_its_pace,
    a_hotline_bounds_its_language_and_no_other,
    only_what_pace_puts_off_is_known_as_paced,
    the_third_gate_holds_without_the_code,
    one_open_attempt_per_notification,
    a_drill_key_serves_drills_only,
    every_step_has_its_state_as_condition,
    what_is_taken_back_is_planned_again,
    what_is_postponed_comes_again_without_counting,
    moved_facts_are_seen_before_it_leaves,
    waiting_too_long_ends_and_the_next_step_starts,
    lost_bells_are_found,
    a_renderer_that_refuses_for_ever_ends
);

async fn release_never_exceeds_the_credit(db: &Database) {
    let world = World::running(&db.store, 60).await;
    let now = world.now().await;
    let mut seen = BTreeSet::new();
    for round in 1..=3 {
        let tasks = (0..6).map(|_| {
            let (store, campaign, society) = (db.store.clone(), world.campaign, world.society.clone());
            tokio::spawn(async move { store.release(campaign, &society, now, 15, &Pace::free(), 10).await })
        });
        let mut attempts = Vec::new();
        for t in tasks.collect::<Vec<_>>() {
            attempts.extend(t.await.expect("runs").expect("releases"));
        }
        // A worker that met another one got nothing; it comes again.
        for _ in 0..3 {
            attempts.extend(world.release(15).await);
        }
        assert_eq!(attempts.len(), 15, "round {round}");
        assert_eq!(db.store.credit_outstanding(None).await, Ok(vec![(world.society.clone(), 15)]));
        assert!(attempts.iter().all(|a| seen.insert(*a)));
        world.dispatch(&attempts).await;
        let accepted: Vec<_> = attempts.iter().map(|a| receipt(*a, ReceiptKind::Accepted)).collect();
        let effects = world.receive(&accepted).await;
        assert_eq!(effects.freed, [(world.campaign, world.society.clone(), 15)]);
    }
    let left = db.store.release(world.campaign, &world.society, now, 0, &Pace::free(), 10).await.expect("releases");
    assert!(left.is_empty(), "no credit");
    assert_eq!(db.number("SELECT count(*) FROM due").await, 15, "they wait for credit and for nothing else");
    assert_eq!(db.store.due_societies(world.campaign, now).await, Ok(vec![world.society.clone()]));
    let foreign = db.store.release(world.campaign, &society("ET"), now, 10, &Pace::free(), 10).await;
    assert!(foreign.expect("answers").is_empty());
}

async fn little_room_is_worth_waiting_for(db: &Database) {
    let world = World::running(&db.store, 10).await;
    let now = world.now().await;
    assert_eq!(world.release(6).await.len(), 6);
    let scarce = |credit, least| db.store.room_is_scarce(world.campaign, &world.society, now, credit, least);
    assert_eq!(scarce(8, 4).await, Ok(true), "room for two, four are due");
    assert_eq!(scarce(8, 2).await, Ok(false), "two are worth a batch");
    assert_eq!(scarce(6, 4).await, Ok(false), "no room at all: waiting brings nothing");
    assert_eq!(scarce(20, 16).await, Ok(false), "all that is due has room");
    assert_eq!(db.store.room_is_scarce(world.campaign, &society("ET"), now, 8, 4).await, Ok(false), "nobody is due");
    assert_eq!(db.store.under_way(100).await, Ok(10), "six that left and four that are due");
    assert_eq!(db.store.under_way(3).await, Ok(3), "nobody counts further than asked");
    assert_eq!(db.store.in_flight().await, Ok(true));
}

async fn a_gateway_gets_messages_no_faster_than_its_pace(db: &Database) {
    let world = World::running(&db.store, 60).await;
    let pace = Pace::free().with_channel(Channel::Sms, 20);
    let (mut gone, mut seen, mut now) = (Vec::new(), BTreeSet::new(), world.now().await);
    let began = now;
    loop {
        let round = db.store.release(world.campaign, &world.society, now, 100, &pace, 500).await.expect("releases");
        assert!(round.iter().all(|a| seen.insert(*a)));
        gone.extend(round.iter().map(|_| now));
        // What is too fast is put off, not left lying: nobody is due now, and somebody later until all have gone.
        assert_eq!(db.store.due_societies(world.campaign, now).await, Ok(Vec::new()));
        match db.number("SELECT coalesce(min(due_at), 0) FROM due").await {
            0 => break,
            next => now = Millis(next),
        }
    }
    assert_eq!(gone.len(), 60, "nobody is left behind");
    for (i, from) in gone.iter().enumerate() {
        let within = gone[i..].iter().take_while(|at| at.0 < from.0 + Millis::MINUTE).count();
        assert!(within <= 20, "{within} within a minute");
    }
    assert!(now.0 - began.0 < 4 * Millis::MINUTE, "the pace is used");
}

async fn a_hotline_bounds_its_language_and_no_other(db: &Database) {
    let world = World::running(&db.store, 12).await;
    let now = world.now().await;
    let quiet = Pace::free().with_language("fr", 1);
    let busy = Pace::free().with_language("EN", 10);
    let first = db.store.release(world.campaign, &world.society, now, 100, &busy, 500).await.expect("releases");
    assert_eq!(first.len(), 1, "a tenth of what the hotline answers in an hour goes at once");
    assert!(db.number("SELECT min(due_at) FROM due").await > now.0, "the others have a later turn");
    let later = now.plus(3 * Millis::HOUR);
    let rest = db.store.release(world.campaign, &world.society, later, 100, &quiet, 500).await.expect("releases");
    assert_eq!(rest.len(), 11, "no message is French");
}

async fn only_what_pace_puts_off_is_known_as_paced(db: &Database) {
    let world = World::running(&db.store, 3).await;
    let paced = async || db.store.anybody_paced(world.campaign).await.expect("answers");
    assert!(!paced().await, "what is due waits for credit at most");
    let now = world.now().await;
    let pace = Pace::free().with_channel(Channel::Sms, 1);
    let first = db.store.release(world.campaign, &world.society, now, 10, &pace, 10).await.expect("releases");
    assert_eq!((first.len(), paced().await), (1, true));
    // Whoever waits for hours or a time-out alone holds no wave up.
    let later = now.plus(3 * Millis::MINUTE);
    let mut rest = db.store.release(world.campaign, &world.society, later, 10, &pace, 10).await.expect("releases");
    assert!(paced().await, "one a minute, and none of a minute before");
    let last = later.plus(Millis::HOUR);
    rest.extend(db.store.release(world.campaign, &world.society, last, 10, &pace, 10).await.expect("releases"));
    assert_eq!(db.store.postpone(vec![(rest[0], last.plus(Millis::DAY))]).await, Ok(1));
    assert!(!paced().await);
    assert_eq!(db.number("SELECT count(*) FROM due").await, 1);
}

async fn the_third_gate_holds_without_the_code(db: &Database) {
    let world = World::running(&db.store, 1).await;
    let n = world.notification(0).await;
    let copy = |change: &str| {
        format!(
            "INSERT INTO attempt (id, notification, decision_version, step_no, try_no, society, channel, campaign,
                 incident, drill, state, open, holds_credit, level, form, shared, facts_version, released_at, since,
                 not_after)
             SELECT {id}, {notification}, {change}, {campaign}, {incident}, true, 'released', true, true, 'L3', 'short',
                 false, 1, 0, 0, 0",
            id = db.literal(uuid::Uuid::new_v4()),
            notification = db.literal(n.id.uuid()),
            campaign = db.literal(world.campaign.uuid()),
            incident = db.literal(world.incident.uuid()),
        )
    };
    for (change, what) in [
        ("1, 7, 1, 'KE', 'sms'", "a step that is not there"),
        ("2, 0, 1, 'KE', 'sms'", "a decision that is not there"),
        ("1, 0, 1, 'KE', 'app'", "another channel"),
        ("1, 0, 1, 'ET', 'sms'", "another Society"),
    ] {
        let error = db.tamper(&copy(change)).await.expect_err(what);
        let code = error.as_database_error().and_then(|e| e.code()).expect("a code");
        assert!(code == "23503" || code == "787", "{what}: {code}");
    }
    db.tamper(&copy("1, 0, 1, 'KE', 'sms'")).await.expect("what is permitted goes");
}

async fn one_open_attempt_per_notification(db: &Database) {
    let world = World::running(&db.store, 3).await;
    let attempts = world.release(10).await;
    assert_eq!(attempts.len(), 3);
    // Due again by a mistake: still nothing beside the open one.
    db.tamper(
        "INSERT INTO due (notification, campaign, society, due_at, rank)
         SELECT id, campaign, 'KE', 0, rank FROM notification",
    )
    .await
    .expect("inserted");
    assert!(world.release(10).await.is_empty());
    // And without the code: the index refuses.
    let twin = format!(
        "INSERT INTO attempt (id, notification, decision_version, step_no, try_no, society, channel, campaign,
             incident, drill, state, open, holds_credit, level, form, shared, facts_version, released_at, since,
             not_after)
         SELECT {}, notification, decision_version, step_no, 99, society, channel, campaign, incident, drill, state,
             open, holds_credit, level, form, shared, facts_version, released_at, since, not_after
         FROM attempt WHERE id = {}",
        db.literal(uuid::Uuid::new_v4()),
        db.literal(attempts[0].uuid()),
    );
    let error = db.tamper(&twin).await.expect_err("one open attempt");
    let code = error.as_database_error().and_then(|e| e.code()).expect("a code");
    assert!(code == "23505" || code == "2067", "{code}");
}

async fn a_drill_key_serves_drills_only(db: &Database) {
    let world = World::running(&db.store, 2).await;
    let key = |kid: &str, drill| GatewayRow {
        society: world.society.clone(),
        kid: kid.to_owned(),
        sealing_jwk: "{}".to_owned(),
        verifying_jwk: "{}".to_owned(),
        drill,
        state: GatewayState::Active,
    };
    db.store.put_gateway(&key("drill", true)).await.expect("a key");
    db.store.put_gateway(&key("real", false)).await.expect("a key");
    let attempts = world.release(10).await;
    let with = |kid: &str| vec![store::SealedAttempt { kid: Some(kid.to_owned()), ..World::sealed(attempts[0], 1) }];
    let error = db.store.save_sealed(with("real")).await.expect_err("a drill is no real campaign");
    assert!(error.is_foreign_key_violation(), "{error}");
    assert!(db.store.save_sealed(with("unknown")).await.is_err());
    assert_eq!(db.store.save_sealed(with("drill")).await, Ok(1));
}

async fn every_step_has_its_state_as_condition(db: &Database) {
    let world = World::running(&db.store, 4).await;
    let attempts = world.release(10).await;
    let now = world.now().await;
    assert_eq!(db.store.mark_dispatched(&attempts, now).await, Ok(0), "not sealed yet");
    assert_eq!(db.store.unseal(&attempts).await, Ok(0));
    let sealed: Vec<_> = attempts.iter().map(|a| World::sealed(*a, 1)).collect();
    assert_eq!(db.store.save_sealed(sealed.clone()).await, Ok(4));
    let loaded = db.store.load_attempts(&attempts, AttemptState::Sealed).await.expect("loads");
    // The same doorbell again seals nothing and changes no message.
    let again: Vec<_> = attempts.iter().map(|a| World::sealed(*a, 1)).collect();
    assert_eq!(db.store.save_sealed(again).await, Ok(0));
    assert_eq!(db.store.load_attempts(&attempts, AttemptState::Sealed).await, Ok(loaded.clone()));
    let leaving = db.store.load_leaving(&attempts, AttemptState::Sealed).await.expect("loads");
    assert_eq!(leaving.len(), 4);
    assert!(leaving.iter().all(|r| !r.is_moot && !r.is_stale() && r.persons.len() == 1));
    let row = leaving.iter().find(|r| r.id == sealed[0].attempt).expect("is there");
    assert_eq!(row.message, Some((sealed[0].message_id, sealed[0].body.clone())));
    let row = loaded.iter().find(|r| r.id == sealed[0].attempt).expect("is there");
    assert_eq!(row.reference.as_deref(), Some(sealed[0].reference.as_str()));
    assert_eq!(db.store.mark_dispatched(&attempts, now).await, Ok(4));
    assert_eq!(db.store.mark_dispatched(&attempts, now).await, Ok(0));
    assert_eq!(db.store.void(vec![(attempts[0], VoidReason::Closed)]).await, Ok(0), "it left");
    assert_eq!(db.store.redispatched(&attempts[..1], now).await, Ok(1));
    let rows = db.store.load_attempts(&attempts, AttemptState::Dispatched).await.expect("loads");
    assert_eq!(rows.iter().map(|r| r.dispatches).sum::<i32>(), 5);
    assert!(db.store.load_attempts(&attempts, AttemptState::Sealed).await.expect("loads").is_empty());
}

async fn what_is_taken_back_is_planned_again(db: &Database) {
    let world = World::running(&db.store, 3).await;
    let attempts = world.release(10).await;
    let n = world.person_of(attempts[0]).await;
    assert_eq!(db.store.void(vec![(attempts[0], VoidReason::FactsChanged)]).await, Ok(1));
    assert_eq!(db.store.void(vec![(attempts[0], VoidReason::FactsChanged)]).await, Ok(0));
    assert_eq!(db.store.unplanned(world.campaign, 10).await, Ok(vec![world.persons[n]]));
    assert!(world.release(10).await.is_empty(), "not before it was planned again");
    // The same plan: the step was not used up.
    let again = world.plan(n).await;
    db.store.save_plans(world.campaign, vec![again]).await.expect("saves");
    let next = world.release(10).await;
    let row = &db.store.load_attempts(&next, AttemptState::Released).await.expect("loads")[0];
    assert_eq!((row.step.channel, row.step_no), (Channel::Sms, 0));
    // Words that cannot be said use it up.
    let refused = VoidReason::Refused("missing_argument".to_owned());
    assert_eq!(db.store.void(vec![(next[0], refused)]).await, Ok(1));
    let again = world.plan(n).await;
    db.store.save_plans(world.campaign, vec![again]).await.expect("saves");
    let next = world.release(10).await;
    let row = &db.store.load_attempts(&next, AttemptState::Released).await.expect("loads")[0];
    assert_eq!(row.step.channel, Channel::CallLive);
    assert_eq!(db.store.tried(world.campaign, &[world.persons[n]]).await.expect("loads").len(), 2);
}

async fn what_is_postponed_comes_again_without_counting(db: &Database) {
    let world = World::running(&db.store, 1).await;
    let attempts = world.release(10).await;
    let until = world.now().await.plus(Millis::HOUR);
    assert_eq!(db.store.postpone(vec![(attempts[0], until)]).await, Ok(1));
    assert!(world.release(10).await.is_empty());
    let now = world.now().await;
    assert_eq!(db.store.next_due(now).await, Ok(Some(until)));
    assert_eq!(db.store.in_flight().await, Ok(false), "it waits for time alone");
    db.store.jump_clock(until).await.expect("jumps");
    assert_eq!(db.store.in_flight().await, Ok(true));
    let next = world.release(10).await;
    let row = &db.store.load_attempts(&next, AttemptState::Released).await.expect("loads")[0];
    assert_eq!((row.step_no, row.step.channel), (0, Channel::Sms));
    assert_ne!(next[0], attempts[0], "a new try has its own id");
}

async fn moved_facts_are_seen_before_it_leaves(db: &Database) {
    let world = World::running(&db.store, 2).await;
    let attempts = world.release(10).await;
    let rows = db.store.load_attempts(&attempts, AttemptState::Released).await.expect("loads");
    assert!(rows.iter().all(|r| r.facts_version == r.current_facts_version && !r.is_moot()));
    let sealed = rows.iter().map(|r| World::sealed(r.id, r.current_facts_version)).collect();
    db.store.save_sealed(sealed).await.expect("seals");
    let n = world.person_of(attempts[0]).await;
    let mut result = world.result();
    result.addresses[2 * n].others = 1;
    db.store.save_dedupe(world.incident, result).await.expect("saves");
    let rows = db.store.load_leaving(&attempts, AttemptState::Sealed).await.expect("loads");
    for row in rows {
        assert_eq!(row.is_stale(), row.id == attempts[0]);
    }
    assert_eq!(db.store.unseal(&attempts[..1]).await, Ok(1));
    let row = &db.store.load_attempts(&attempts, AttemptState::Released).await.expect("loads")[0];
    assert_eq!(row.id, attempts[0]);
    let row = &db.store.load_leaving(&attempts[..1], AttemptState::Released).await.expect("loads")[0];
    assert_eq!((row.id, &row.message), (attempts[0], &None), "the old message is gone");
    // Facts that moved before a release: nothing is released on the old decision.
    let world = World::running(&db.store, 2).await;
    let mut result = world.result();
    result.addresses[0].others = 1;
    db.store.save_dedupe(world.incident, result).await.expect("saves");
    let released = world.release(10).await;
    assert_eq!(released.len(), 1);
    assert_eq!(world.person_of(released[0]).await, 1);
    let again = world.plan(0).await;
    db.store.save_plans(world.campaign, vec![again]).await.expect("saves");
    assert_eq!(world.release(10).await.len(), 1);
}

async fn waiting_too_long_ends_and_the_next_step_starts(db: &Database) {
    let world = World::running(&db.store, 2).await;
    let attempts = world.release(10).await;
    let rows = db.store.load_attempts(&attempts, AttemptState::Released).await.expect("loads");
    let now = world.now().await;
    let sealed = rows
        .iter()
        .map(|r| store::SealedAttempt { not_after: now.plus(Millis::HOUR), ..World::sealed(r.id, 1) })
        .collect();
    db.store.save_sealed(sealed).await.expect("seals");
    db.store.mark_dispatched(&attempts, now).await.expect("marks");
    world.receive(&[receipt(attempts[0], ReceiptKind::Accepted)]).await;
    let n = world.person_of(attempts[1]).await;
    assert_eq!(db.store.expire(now.plus(2 * Millis::HOUR), 10).await, Ok(0), "the gateway may be reporting");
    let later = now.plus(26 * Millis::HOUR);
    assert_eq!(db.store.expire(later, 10).await, Ok(1));
    assert_eq!(db.store.expire(later, 10).await, Ok(0));
    assert!(db.store.credit_outstanding(Some(world.campaign)).await.expect("answers").is_empty());
    let next = db.store.release(world.campaign, &world.society, later, 10, &Pace::free(), 10).await.expect("releases");
    let row = &db.store.load_attempts(&next, AttemptState::Released).await.expect("loads")[0];
    assert_eq!((row.notifications[0].person, row.step.channel), (world.persons[n], Channel::CallLive));
    // Weak news about what we have given up reopens nothing beside it.
    let late = [ReceiptKind::Accepted, ReceiptKind::Sent].map(|kind| receipt(attempts[1], kind));
    assert_eq!(world.receive(&late).await.new, 2);
    assert_eq!(db.store.load_attempts(&attempts, AttemptState::Expired).await.expect("loads").len(), 1);
    // Accepted and then silence: as long as the channel may take.
    let later = now.plus(4 * Millis::DAY);
    assert_eq!(db.store.expire(later, 10).await, Ok(1));
    // A late truth is kept, and what waited for its turn needs it no more.
    world.receive(&[receipt(attempts[0], ReceiptKind::Delivered)]).await;
    let told = 1 - n;
    assert_eq!(world.notification(told).await.state, NotificationState::ReachedNeutral);
    let next = db.store.release(world.campaign, &world.society, later, 10, &Pace::free(), 10).await.expect("releases");
    assert!(next.is_empty());
    // The last step expires: every allowed step was tried.
    assert_eq!(db.store.expire(now.plus(400 * Millis::DAY), 10).await, Ok(1));
    assert_eq!(world.notification(n).await.state, NotificationState::Exhausted);
}

async fn lost_bells_are_found(db: &Database) {
    let world = World::running(&db.store, 3).await;
    let attempts = world.release(10).await;
    let sealed = vec![World::sealed(attempts[1], 1), World::sealed(attempts[2], 1)];
    db.store.save_sealed(sealed).await.expect("seals");
    let now = world.now().await;
    db.store.mark_dispatched(&attempts[2..], now).await.expect("marks");
    let soon = db.store.stuck(now, 60_000, 10).await.expect("answers");
    assert_eq!(soon, store::Stuck::default());
    // What people decided about a pair waits for a linkage, until one has seen it.
    let (a, b) = (world.records[0], world.records[1]);
    let by = domain::OperatorId::random();
    db.store.put_verdicts(world.incident, &[(a, b)], false, by).await.expect("decides");
    let unlinked = db.store.stuck(now, 60_000, 10).await.expect("answers").unlinked;
    assert_eq!(unlinked, [world.incident]);
    world.dedupe().await;
    assert!(db.store.stuck(now, 60_000, 10).await.expect("answers").unlinked.is_empty());
    let later = now.plus(120_000);
    let stuck = db.store.stuck(later, 60_000, 10).await.expect("answers");
    let of = |rows: &[store::StuckAttempt]| rows.iter().map(|r| r.attempt).collect::<Vec<_>>();
    assert_eq!(of(&stuck.released), attempts[..1]);
    assert_eq!(of(&stuck.sealed), attempts[1..2]);
    assert_eq!(of(&stuck.dispatched), attempts[2..]);
    assert_eq!(stuck.dispatched[0].dispatches, 1);
    assert_eq!((stuck.sealed[0].campaign, stuck.sealed[0].incident), (world.campaign, world.incident));
    db.store.redispatched(&attempts[2..], later).await.expect("marks");
    assert!(db.store.stuck(later, 60_000, 10).await.expect("answers").dispatched.is_empty());
    assert_eq!(db.store.in_flight().await, Ok(true));
}

async fn a_renderer_that_refuses_for_ever_ends(db: &Database) {
    let world = World::running(&db.store, 1).await;
    let mut rounds = 0;
    loop {
        let attempts = world.release(10).await;
        let Some(attempt) = attempts.first() else {
            break;
        };
        rounds += 1;
        assert!(rounds < 40, "goes round for ever");
        db.store.void(vec![(*attempt, VoidReason::Closed)]).await.expect("voids");
        let again = world.plan(0).await;
        db.store.save_plans(world.campaign, vec![again]).await.expect("saves");
    }
    assert_eq!(world.notification(0).await.state, NotificationState::Exhausted);
    let tried = db.store.tried(world.campaign, &world.persons).await.expect("loads");
    assert!(tried.iter().all(|(_, step, _)| step.level == Level::L3));
}
