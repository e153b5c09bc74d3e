//! The matrix of receipts (`reliability.md` D2, D3, D5 to D7): repeated, in any order, late, for what was replaced, from a
//! gateway that was away, and from one that asks again.

use std::collections::{BTreeMap, BTreeSet};

use domain::delivery::{AttemptState, NotificationState};
use domain::receipt::{Receipt, ReceiptKind as R};
use domain::{AttemptId, Channel, Level, Millis, Pace, SocietyCode};
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use store::{Effects, SealedAttempt};

use crate::database::Database;
use crate::on_both;
use crate::world::{World, receipt, society};

on_both!(
    a_thousand_orders_of_ten_copies_end_alike,
    every_stage_repeated_leaves_the_same_state,
    a_week_late_is_the_same_truth,
    a_receipt_for_what_was_replaced_is_kept_and_changes_nothing,
    a_gateway_that_is_away_for_a_week_delays_nobody_else_and_loses_nothing,
    a_gateway_that_asks_again_is_counted_under_the_same_key
);

/// What gateways may come to say about one attempt.
const SETS: [&[R]; 10] = [
    &[R::Accepted, R::Sent, R::Delivered, R::Informed, R::Acknowledged],
    &[R::Accepted, R::Sent, R::Failed, R::Delivered],
    &[R::Accepted, R::Delivered, R::Unsafe],
    &[R::Accepted, R::Sent, R::Expired, R::Returned, R::Delivered, R::OptedOut],
    &[R::Accepted, R::WrongPerson, R::Informed, R::Sent],
    &[R::Accepted, R::Sent, R::Expired],
    &[R::Failed, R::Returned, R::Accepted, R::Sent],
    &[R::Withdrawn, R::Accepted, R::Acknowledged, R::Sent],
    &[R::TooLate, R::Accepted, R::Sent, R::Delivered],
    &[R::Delivered, R::Returned, R::Accepted],
];

/// Copies of every receipt, permutations of every set: 1,000 permutations in all.
const COPIES: usize = 10;
const ORDERS: usize = 100;

/// Where a person stands, as far as receipts say.
async fn end(world: &World, n: usize) -> (NotificationState, Vec<AttemptState>) {
    let row = world.notification(n).await;
    (row.state, row.attempts.iter().map(|a| a.state).collect())
}

/// Everything that stands about everybody, in words.
async fn digest(world: &World) -> String {
    let mut out = String::new();
    for n in 0..world.persons.len() {
        let row = world.notification(n).await;
        out.push_str(&format!("{n} {row:?} facts {}\n", world.facts_version(n).await));
    }
    out
}

async fn a_thousand_orders_of_ten_copies_end_alike(db: &Database) {
    let world = World::running(&db.store, SETS.len() * ORDERS).await;
    let mut attempts = Vec::new();
    loop {
        let more = world.release(5_000).await;
        if more.is_empty() {
            break;
        }
        world.dispatch(&more).await;
        attempts.extend(more);
    }
    assert_eq!(attempts.len(), SETS.len() * ORDERS);
    let mut dice = StdRng::seed_from_u64(3);
    let (mut all, mut distinct) = (Vec::new(), 0);
    for (n, attempt) in attempts.iter().enumerate() {
        for kind in SETS[n % SETS.len()] {
            let told = receipt(*attempt, *kind);
            distinct += 1;
            all.extend(std::iter::repeat_n(told, COPIES));
        }
    }
    all.shuffle(&mut dice);
    let (mut new, mut repeated, mut from) = (0, 0, 0);
    while from < all.len() {
        let to = (from + dice.random_range(1..=2_000)).min(all.len());
        let effects = world.receive(&all[from..to]).await;
        (new, repeated, from) = (new + effects.new, repeated + effects.repeated, to);
    }
    assert_eq!((new, repeated), (distinct, distinct * (COPIES as u64 - 1)));
    let mut ends: BTreeMap<usize, BTreeSet<(NotificationState, Vec<AttemptState>)>> = BTreeMap::new();
    let place: BTreeMap<AttemptId, usize> = attempts.iter().enumerate().map(|(n, a)| (*a, n)).collect();
    for n in 0..world.persons.len() {
        let first = world.notification(n).await.attempts[0].id;
        ends.entry(place[&first] % SETS.len()).or_default().insert(end(&world, n).await);
    }
    for (set, found) in &ends {
        assert_eq!(found.len(), 1, "{:?}: {found:?}", SETS[*set]);
    }
    let state = |set: usize| ends[&set].iter().next().expect("one").0;
    assert_eq!((state(0), state(3)), (NotificationState::Informed, NotificationState::Withdrawn));
    // The world writes one attempt at a time to everybody, the short form: it never informs by itself.
    assert_eq!((state(1), state(9)), (NotificationState::ReachedNeutral, NotificationState::ReachedNeutral));
    // Harm is harm in every order, and nobody is told at that number again.
    assert_eq!(ends[&2].iter().next().expect("one").1, [AttemptState::Harmful]);
    assert_eq!(ends[&4].iter().next().expect("one").1, [AttemptState::Harmful]);
    let ledger = db.store.ledger(world.incident, Some(world.campaign)).await.expect("a ledger");
    assert!(ledger.balanced(), "{:?}", ledger.imbalances());
}

/// A doorbell that comes twice to five times, late or early: every step has its state as condition.
async fn every_stage_repeated_leaves_the_same_state(db: &Database) {
    let world = World::running(&db.store, 40).await;
    let first = world.release(40).await;
    world.dispatch(&first).await;
    let accepted: Vec<Receipt> = first.iter().map(|a| receipt(*a, R::Accepted)).collect();
    let delivered: Vec<Receipt> = first[..20].iter().map(|a| receipt(*a, R::Delivered)).collect();
    let failed: Vec<Receipt> = first[20..].iter().map(|a| receipt(*a, R::Failed)).collect();
    let told = [accepted, delivered, failed];
    for receipts in &told {
        world.receive(receipts).await;
    }
    let second = world.release(40).await;
    assert_eq!(second.len(), 20);
    world.dispatch(&second).await;
    let before = digest(&world).await;
    let mut dice = StdRng::seed_from_u64(2);
    let mut steps: Vec<usize> = (0..6).flat_map(|step| vec![step; dice.random_range(2..=5)]).collect();
    steps.shuffle(&mut dice);
    let now = world.now().await;
    for step in steps {
        match step {
            0 => assert!(world.release(40).await.is_empty()),
            1 => {
                let again: Vec<SealedAttempt> = first.iter().map(|a| World::sealed(*a, 1)).collect();
                assert_eq!(db.store.save_sealed(again).await, Ok(0));
            }
            2 => assert_eq!(db.store.mark_dispatched(&[first.clone(), second.clone()].concat(), now).await, Ok(0)),
            n => {
                let effects = world.receive(&told[n - 3]).await;
                assert_eq!((effects.new, effects.freed.len(), effects.replan.len()), (0, 0, 0));
            }
        }
    }
    assert_eq!(digest(&world).await, before);
}

/// Half of it comes at once, the rest after a week in which the attempt expired.
async fn a_week_late_is_the_same_truth(db: &Database) {
    let sets: [&[R]; 4] = [
        &[R::Accepted, R::Sent, R::Delivered],
        &[R::Accepted, R::Sent, R::Failed, R::Delivered],
        &[R::Accepted, R::Sent, R::Informed],
        &[R::Accepted, R::Delivered, R::OptedOut],
    ];
    let world = World::running(&db.store, 2 * sets.len()).await;
    let attempts = world.release(500).await;
    let now = world.now().await;
    let rows = db.store.load_attempts(&attempts, AttemptState::Released).await.expect("loads");
    let sealed = rows
        .iter()
        .map(|r| SealedAttempt {
            not_after: now.plus(Millis::DAY),
            level: r.level,
            ..World::sealed(r.id, r.current_facts_version)
        })
        .collect();
    assert_eq!(db.store.save_sealed(sealed).await, Ok(attempts.len() as u64));
    assert_eq!(db.store.mark_dispatched(&attempts, now).await, Ok(attempts.len() as u64));
    let (in_time, late) = attempts.split_at(sets.len());
    let all = |attempt: AttemptId, set: &[R]| set.iter().map(|k| receipt(attempt, *k)).collect::<Vec<_>>();
    for (attempt, set) in in_time.iter().zip(sets) {
        world.receive(&all(*attempt, set)).await;
    }
    let kept: Vec<Vec<Receipt>> = late.iter().zip(sets).map(|(a, set)| all(*a, set)).collect();
    for told in &kept {
        world.receive(&told[..1]).await;
    }
    db.store.jump_clock(now.plus(7 * Millis::DAY)).await.expect("jumps");
    let then = world.now().await;
    assert_eq!(db.store.expire(then, 500).await, Ok(late.len() as u64), "what nobody spoke of has expired");
    for told in &kept {
        world.receive(&told[1..]).await;
    }
    for (n, set) in sets.iter().enumerate() {
        let (a, b) = (world.person_of(in_time[n]).await, world.person_of(late[n]).await);
        assert_eq!(end(&world, a).await, end(&world, b).await, "{set:?}");
    }
    assert!(world.release(500).await.is_empty(), "nobody who was reached after all is told again");
}

async fn a_receipt_for_what_was_replaced_is_kept_and_changes_nothing(db: &Database) {
    let world = World::running(&db.store, 1).await;
    let first = world.release(10).await;
    world.dispatch(&first).await;
    world.receive(&[receipt(first[0], R::Failed)]).await;
    // Decided anew and approved: another plan stands, and its own attempt is under way.
    let newer = world
        .plan_of(0, vec![world.step(0, Channel::CallLive, Level::L3), world.step(0, Channel::App, Level::L3)])
        .await;
    db.store.save_plans(world.campaign, vec![newer]).await.expect("saves");
    assert_eq!(world.notification(0).await.decision_version, 2);
    assert_eq!(world.approve().await, 1);
    let second = world.release(10).await;
    assert_eq!(second.len(), 1, "the new plan goes on");
    world.dispatch(&second).await;
    let before = end(&world, 0).await;
    let written = db.number("SELECT count(*) FROM receipt").await;
    let late = [receipt(first[0], R::Sent), receipt(first[0], R::Returned), receipt(first[0], R::Accepted)];
    let effects = world.receive(&late).await;
    assert_eq!((effects.new, effects.replan.len()), (3, 0));
    assert_eq!(db.number("SELECT count(*) FROM receipt").await, written + 3);
    let after = end(&world, 0).await;
    assert_eq!(after.0, before.0);
    assert_eq!(after.1.last(), before.1.last(), "the current attempt goes on as it was");
    assert!(world.release(10).await.is_empty(), "and nothing starts beside it");
}

/// Sixty Societies of ten persons each.
const SOCIETIES: usize = 60;
const EACH: usize = 10;
const CREDIT: u32 = 4;

fn code(n: usize) -> SocietyCode {
    society(&format!("{}{}", char::from(b'A' + (n / 26) as u8), char::from(b'A' + (n % 26) as u8)))
}

/// Rounds until nobody but the one that is away has anything due: time without a clock.
async fn rounds(db: &Database, world: &World, away: Option<usize>) -> usize {
    let now = world.now().await;
    for round in 0.. {
        assert!(round < 100, "it never ends");
        let mut moved = false;
        for n in 0..SOCIETIES {
            let released = db.store.release(world.campaign, &code(n), now, CREDIT, &Pace::free(), 500).await;
            let attempts = released.expect("releases");
            if attempts.is_empty() {
                continue;
            }
            moved |= away != Some(n);
            seal_until(db, world, &attempts, now.plus(3 * Millis::DAY)).await;
            if away != Some(n) {
                let told: Vec<Receipt> =
                    attempts.iter().flat_map(|a| [receipt(*a, R::Accepted), receipt(*a, R::Delivered)]).collect();
                db.store.apply_receipts(&code(n), &told, now).await.expect("applies");
            }
        }
        if !moved {
            return round;
        }
    }
    unreachable!("the loop ends by returning")
}

async fn seal_until(db: &Database, world: &World, attempts: &[AttemptId], not_after: Millis) {
    let rows = db.store.load_attempts(attempts, AttemptState::Released).await.expect("loads");
    let sealed = rows
        .iter()
        .map(|r| SealedAttempt {
            not_after,
            level: r.level,
            form: r.step.form,
            ..World::sealed(r.id, r.current_facts_version)
        })
        .collect();
    db.store.save_sealed(sealed).await.expect("seals");
    db.store.mark_dispatched(attempts, world.now().await).await.expect("marks");
}

async fn sixty(db: &Database) -> World {
    let world = World::linked(&db.store, SOCIETIES * EACH).await;
    world.create_campaign().await;
    let mut plans = Vec::new();
    for n in 0..world.persons.len() {
        let mut steps = vec![world.step(n, Channel::Sms, Level::L3), world.step(n, Channel::CallLive, Level::L3)];
        for step in &mut steps {
            step.society = code(n % SOCIETIES);
        }
        let mut plan = world.plan_of(n, steps).await;
        plan.society = Some(code(n % SOCIETIES));
        plans.push(plan);
    }
    db.store.save_plans(world.campaign, plans).await.expect("saves");
    world.launch().await;
    world
}

async fn a_gateway_that_is_away_for_a_week_delays_nobody_else_and_loses_nothing(db: &Database) {
    let away = 17;
    let all = sixty(db).await;
    let undisturbed = rounds(db, &all, None).await;
    let world = sixty(db).await;
    let others = rounds(db, &world, Some(away)).await;
    assert!(others * 20 <= undisturbed * 21, "{others} rounds instead of {undisturbed}: more than 5 % later");
    let open = db.store.credit_outstanding(Some(world.campaign)).await.expect("credit");
    assert_eq!(open, [(code(away), u64::from(CREDIT))], "no more than its credit lies with the one that is away");

    // After a week what it never took has expired, and it comes back: the rest drains at the rate of its credit.
    let now = world.now().await;
    db.store.jump_clock(now.plus(7 * Millis::DAY)).await.expect("jumps");
    let then = world.now().await;
    assert_eq!(db.store.expire(then, 500).await, Ok(u64::from(CREDIT)));
    let drained = rounds(db, &world, None).await;
    assert_eq!(drained, EACH.div_ceil(CREDIT as usize), "{CREDIT} at a time");
    let ledger = db.store.ledger(world.incident, Some(world.campaign)).await.expect("a ledger");
    assert!(ledger.balanced(), "{:?}", ledger.imbalances());
    assert_eq!(ledger.open(), 0, "{:?}", ledger.notifications);
    assert_eq!(ledger.notifications[&NotificationState::ReachedNeutral], (SOCIETIES * EACH - CREDIT as usize) as u64);
    // Those whose text expired were called instead: the full form, by a step that the plan holds.
    assert_eq!(ledger.notifications[&NotificationState::Unconfirmed], u64::from(CREDIT));
}

async fn a_gateway_that_asks_again_is_counted_under_the_same_key(db: &Database) {
    let world = World::running(&db.store, 10).await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    let before = db.store.load_leaving(&attempts, AttemptState::Dispatched).await.expect("loads");
    let now = world.now().await;
    // It took three, crashed without a word, and lost its own memory of them: the same messages go out once more.
    assert_eq!(db.store.redispatched(&attempts[..3], now).await, Ok(3));
    let after = db.store.load_leaving(&attempts, AttemptState::Dispatched).await.expect("loads");
    for row in &after {
        let same = before.iter().find(|b| b.id == row.id).expect("there");
        assert!(row.message.is_some());
        assert_eq!(same.message, row.message);
    }
    for row in db.store.load_attempts(&attempts, AttemptState::Dispatched).await.expect("loads") {
        assert_eq!(row.dispatches, if attempts[..3].contains(&row.id) { 2 } else { 1 });
    }
    let tallies = db.store.tallies(world.campaign).await.expect("counts");
    assert_eq!((tallies.messages, tallies.dispatches), (10, 13), "shown in the report");
    // It tells both times, under ids of its own: one delivery.
    for _ in 0..2 {
        let told: Vec<Receipt> =
            attempts.iter().flat_map(|a| [receipt(*a, R::Accepted), receipt(*a, R::Delivered)]).collect();
        world.receive(&told).await;
    }
    assert_eq!(world.receive(&[]).await, Effects::default());
    assert_eq!(db.store.redispatched(&attempts, now).await, Ok(0), "what was accepted is not sent again");
    for n in 0..10 {
        assert_eq!(end(&world, n).await, (NotificationState::ReachedNeutral, vec![AttemptState::Delivered]));
    }
}
