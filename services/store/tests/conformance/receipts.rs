use std::collections::BTreeSet;

use domain::decision::Reason;
use domain::delivery::{AttemptState, NotificationState};
use domain::receipt::{Receipt, ReceiptKind};
use domain::{AttemptId, Channel, Level, Pace};
use store::Effects;

use crate::database::Database;
use crate::on_both;
use crate::world::{World, receipt, society};

on_both!(
    order_and_repetition_do_not_matter,
    a_receipt_before_the_dispatch_mark_counts_the_same,
    unknown_and_foreign_receipts_change_nothing,
    failure_starts_the_next_step_and_the_end_is_an_end,
    a_harmful_answer_closes_the_number_for_everybody,
    one_message_for_a_shared_number,
    a_shared_number_gets_no_second_message_in_other_words,
    missing_batches_are_known_exactly_whoever_writes_at_once
);

/// Every order of these.
fn orders(kinds: &[ReceiptKind]) -> Vec<Vec<ReceiptKind>> {
    if kinds.len() < 2 {
        return vec![kinds.to_vec()];
    }
    let mut out = Vec::new();
    for n in 0..kinds.len() {
        let mut rest = kinds.to_vec();
        let first = rest.remove(n);
        for mut order in orders(&rest) {
            order.insert(0, first);
            out.push(order);
        }
    }
    out
}

async fn order_and_repetition_do_not_matter(db: &Database) {
    use ReceiptKind as R;
    let sets: [&[ReceiptKind]; 6] = [
        &[R::Accepted, R::Sent, R::Delivered, R::Informed],
        &[R::Accepted, R::Sent, R::Failed, R::Delivered],
        &[R::Accepted, R::Delivered, R::Unsafe],
        &[R::Delivered, R::WrongPerson, R::Informed],
        &[R::Accepted, R::Expired, R::Returned],
        &[R::Delivered, R::OptedOut, R::Acknowledged],
    ];
    for set in sets {
        let orders = orders(set);
        let world = World::running(&db.store, orders.len()).await;
        let attempts = world.release(500).await;
        assert_eq!(attempts.len(), orders.len());
        world.dispatch(&attempts).await;
        let mut ends = BTreeSet::new();
        for (attempt, order) in attempts.iter().zip(&orders) {
            let all: Vec<Receipt> = order.iter().map(|k| receipt(*attempt, *k)).collect();
            for (n, r) in all.iter().enumerate() {
                let effects = world.receive(std::slice::from_ref(r)).await;
                assert_eq!((effects.new, effects.repeated), (1, 0));
                let again = world.receive(&all[..=n]).await;
                assert_eq!((again.new, again.repeated), (0, n as u64 + 1));
                assert_eq!((again.replan.len(), again.freed.len()), (0, 0));
            }
            let n = world.person_of(*attempt).await;
            let row = world.notification(n).await;
            let facts = world.facts_version(n).await;
            ends.insert((row.state, row.attempts[0].state, facts));
        }
        assert_eq!(ends.len(), 1, "{set:?}: {ends:?}");
        // In one batch, too.
        let world = World::running(&db.store, 1).await;
        let attempts = world.release(500).await;
        let all: Vec<Receipt> = set.iter().map(|k| receipt(attempts[0], *k)).collect();
        world.receive(&[all.clone(), all].concat()).await;
        let row = world.notification(0).await;
        let end = (row.state, row.attempts[0].state, world.facts_version(0).await);
        assert!(ends.contains(&end), "{set:?}: {end:?} {ends:?}");
    }
}

async fn a_receipt_before_the_dispatch_mark_counts_the_same(db: &Database) {
    let world = World::running(&db.store, 2).await;
    let attempts = world.release(10).await;
    let sealed = attempts.iter().map(|a| World::sealed(*a, 1)).collect();
    db.store.save_sealed(sealed).await.expect("seals");
    let effects = world.receive(&[receipt(attempts[0], ReceiptKind::Accepted)]).await;
    assert_eq!(effects.freed, [(world.campaign, world.society.clone(), 1)]);
    let now = world.now().await;
    assert_eq!(db.store.mark_dispatched(&attempts, now).await, Ok(2));
    let accepted = db.store.load_attempts(&attempts, AttemptState::Accepted).await.expect("loads");
    assert_eq!((accepted.len(), accepted[0].dispatches), (1, 1));
    assert_eq!(db.store.unseal(&attempts).await, Ok(0));
}

async fn unknown_and_foreign_receipts_change_nothing(db: &Database) {
    let world = World::running(&db.store, 1).await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    let stray = receipt(AttemptId::random(), ReceiptKind::Delivered);
    let effects = world.receive(&[stray.clone(), stray.clone()]).await;
    assert_eq!(effects, Effects { parked: 1, repeated: 1, ..Effects::default() });
    assert_eq!(world.receive(&[stray]).await, Effects { repeated: 1, ..Effects::default() });
    let forged = receipt(attempts[0], ReceiptKind::Delivered);
    let now = world.now().await;
    let effects = db.store.apply_receipts(&society("ET"), &[forged], now).await.expect("answers");
    assert_eq!(effects, Effects { foreign: 1, ..Effects::default() });
    assert_eq!(world.notification(0).await.state, NotificationState::InProgress);
    assert_eq!(db.number("SELECT count(*) FROM receipt").await, 0);
    // A restored backup: the receipt comes before its attempt is there again.
    db.tamper("CREATE TABLE kept AS SELECT * FROM attempt; DELETE FROM attempt").await.expect("lost");
    let early = world.receive(&[receipt(attempts[0], ReceiptKind::Delivered)]).await;
    assert_eq!(early.parked, 1);
    assert_eq!(db.store.expire(now, 10).await, Ok(0));
    db.tamper("INSERT INTO attempt SELECT * FROM kept").await.expect("restored");
    assert_eq!(db.store.expire(now, 10).await, Ok(1));
    assert_eq!(world.notification(0).await.state, NotificationState::ReachedNeutral);
    assert_eq!(db.store.expire(now, 10).await, Ok(0));
    assert!(db.tamper("DELETE FROM receipt").await.is_err(), "the log is append-only");
}

async fn failure_starts_the_next_step_and_the_end_is_an_end(db: &Database) {
    let world = World::running(&db.store, 1).await;
    let first = world.release(10).await;
    world.dispatch(&first).await;
    world.receive(&[receipt(first[0], ReceiptKind::Accepted)]).await;
    assert!(world.release(10).await.is_empty(), "never beside an unknown outcome");
    world.receive(&[receipt(first[0], ReceiptKind::Failed)]).await;
    assert_eq!(world.notification(0).await.state, NotificationState::InProgress);
    let second = world.release(10).await;
    let row = &db.store.load_attempts(&second, AttemptState::Released).await.expect("loads")[0];
    assert_eq!(row.step.channel, Channel::CallLive);
    // Late truth about the first while the second is under way.
    world.receive(&[receipt(first[0], ReceiptKind::Delivered)]).await;
    assert_eq!(world.notification(0).await.state, NotificationState::ReachedNeutral);
    let row = &db.store.load_attempts(&second, AttemptState::Released).await.expect("loads")[0];
    assert!(row.is_moot(), "the worker takes it back");
    // What is stronger replaces what is weaker, never the reverse.
    world.receive(&[receipt(second[0], ReceiptKind::Informed)]).await;
    world.receive(&[receipt(first[0], ReceiptKind::Sent)]).await;
    assert_eq!(world.notification(0).await.state, NotificationState::Informed);
    assert!(db.store.unplanned(world.campaign, 10).await.expect("answers").is_empty());
    assert_eq!(db.store.can_close(world.campaign).await, Ok(vec![]));
}

async fn a_harmful_answer_closes_the_number_for_everybody(db: &Database) {
    let mut world = World::linked(&db.store, 3).await;
    // The first two list the same phone.
    world.groups[2] = world.groups[0];
    world.dedupe().await;
    world.create_campaign().await;
    let mut plans = Vec::new();
    for n in 0..3 {
        plans.push(world.plan(n).await);
    }
    db.store.save_plans(world.campaign, plans).await.expect("saves");
    world.launch().await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    let mut of = Vec::new();
    for a in &attempts {
        of.push(world.person_of(*a).await);
    }
    let first = attempts[of.iter().position(|n| *n == 0).expect("is there")];
    world.receive(&[receipt(first, ReceiptKind::Delivered)]).await;
    let before = [world.facts_version(0).await, world.facts_version(1).await, world.facts_version(2).await];
    let effects = world.receive(&[receipt(first, ReceiptKind::WrongPerson)]).await;
    let mut both = vec![world.persons[0], world.persons[1]];
    both.sort();
    assert_eq!(effects.replan, both);
    let after = [world.facts_version(0).await, world.facts_version(1).await, world.facts_version(2).await];
    assert_eq!(after, [before[0] + 1, before[1] + 1, before[2]]);
    for n in 0..2 {
        let loaded = db.store.load_persons(world.incident, &[world.persons[n]]).await.expect("loads");
        assert!(loaded[0].addresses[0].group_unsafe && !loaded[0].addresses[1].group_unsafe);
    }
    // Who had been reached was not, after all.
    assert_eq!(world.notification(0).await.state, NotificationState::InProgress);
    let mut unplanned = db.store.unplanned(world.campaign, 10).await.expect("answers");
    unplanned.sort();
    assert_eq!(unplanned, both);
    assert!(world.release(10).await.is_empty(), "nothing before it was decided again");
    let again = world.plan(0).await;
    db.store.save_plans(world.campaign, vec![again]).await.expect("saves");
    let next = world.release(10).await;
    let row = &db.store.load_attempts(&next, AttemptState::Released).await.expect("loads")[0];
    assert_eq!(row.step.channel, Channel::CallLive, "the text message was tried");
}

async fn one_message_for_a_shared_number(db: &Database) {
    let mut world = World::linked(&db.store, 4).await;
    for n in 1..3 {
        world.groups[2 * n] = world.groups[0];
    }
    world.dedupe().await;
    world.create_campaign().await;
    let mut plans = Vec::new();
    for n in 0..4 {
        let steps = vec![world.step(n, Channel::Sms, Level::L2), world.step(n, Channel::CallLive, Level::L2)];
        let mut plan = world.plan_of(n, steps).await;
        if n < 3 {
            plan.shared_group[0] = Some(world.groups[0]);
        }
        if n == 2 {
            plan.due_at = Some(world.now().await.plus(100_000));
        }
        plans.push(plan);
    }
    db.store.save_plans(world.campaign, plans).await.expect("saves");
    world.launch().await;
    let attempts = world.release(10).await;
    assert_eq!(attempts.len(), 2, "one for the shared number, one for the fourth");
    let rows = db.store.load_attempts(&attempts, AttemptState::Released).await.expect("loads");
    let shared = rows.iter().find(|r| r.notifications.len() == 2).expect("serves two");
    assert_eq!(shared.notifications[0].person, world.persons[0], "the bearer first");
    assert_eq!(shared.notifications[1].person, world.persons[1]);
    assert_eq!(shared.current_facts_version, 3, "the sum of both");
    let sealed = rows
        .iter()
        .map(|r| store::SealedAttempt { level: Level::L2, ..World::sealed(r.id, r.current_facts_version) })
        .collect();
    db.store.save_sealed(sealed).await.expect("seals");
    // The third becomes due: no second message, the first one serves it, and has to be sealed again.
    let later = world.now().await.plus(200_000);
    let joined =
        db.store.release(world.campaign, &world.society, later, 10, &Pace::free(), 10).await.expect("releases");
    assert!(joined.is_empty());
    let row = &db.store.load_leaving(&[shared.id], AttemptState::Sealed).await.expect("loads")[0];
    assert!(row.is_stale() && row.persons.len() == 3);
    db.store.unseal(&[shared.id]).await.expect("unseals");
    world.dispatch(&[shared.id]).await;
    world.receive(&[receipt(shared.id, ReceiptKind::Failed)]).await;
    assert!(db.store.credit_outstanding(None).await.expect("answers").len() == 1);
    let next = db.store.release(world.campaign, &world.society, later, 10, &Pace::free(), 10).await.expect("releases");
    assert_eq!(next.len(), 3, "each goes on to its own next step");
    world.receive(&[receipt(shared.id, ReceiptKind::Delivered)]).await;
    for n in 0..3 {
        assert_eq!(world.notification(n).await.state, NotificationState::ReachedNeutral);
    }
    let row = world.notification(1).await;
    assert_eq!(row.attempts.len(), 2);
    assert!(row.attempts.iter().any(|a| a.shared && a.id == shared.id));
}

async fn a_shared_number_gets_no_second_message_in_other_words(db: &Database) {
    let mut world = World::linked(&db.store, 5).await;
    for n in 1..5 {
        world.groups[2 * n] = world.groups[0];
    }
    world.dedupe().await;
    world.create_campaign().await;
    let mut plans = Vec::new();
    for n in 0..5 {
        let sms = world.step(n, Channel::Sms, Level::L2);
        let call = world.step(n, Channel::CallLive, Level::L2);
        let mut other = sms.clone();
        other.language = "so".to_owned();
        let steps = match n {
            0 => vec![sms],
            1 => vec![other, call],
            2 => vec![other],
            3 => vec![world.step(n, Channel::App, Level::L2)],
            _ => vec![sms, world.step(n, Channel::App, Level::L2)],
        };
        let mut plan = world.plan_of(n, steps).await;
        plan.shared_group[0] = Some(world.groups[0]);
        if n == 4 {
            plan.shared_group[1] = Some(world.groups[0]);
        }
        plans.push(plan);
    }
    db.store.save_plans(world.campaign, plans).await.expect("saves");
    world.launch().await;
    let attempts = world.release(10).await;
    assert_eq!(attempts.len(), 1);
    let row = &db.store.load_attempts(&attempts, AttemptState::Released).await.expect("loads")[0];
    let of = |n: usize| world.persons[n];
    let mut served: Vec<_> = row.notifications.iter().map(|m| m.person).collect();
    assert_eq!(served.remove(0), of(0));
    assert_eq!(served, [of(4)], "the same words on the same channel");
    // Other words: the next step at once; none left: somebody has to find the words.
    let held = world.notification(2).await;
    assert_eq!((held.state, &held.reasons[..]), (NotificationState::Held, &[Reason::Language][..]));
    assert!(held.review_at.is_some());
    assert_eq!(world.notification(3).await.state, NotificationState::Exhausted, "another channel");
    let call = world.release(10).await;
    assert_eq!(world.person_of(call[0]).await, 1);
    world.dispatch(&attempts).await;
    world.receive(&[receipt(attempts[0], ReceiptKind::Delivered)]).await;
    let states = |n| {
        let world = &world;
        async move { world.notification(n).await.state }
    };
    assert_eq!(states(0).await, NotificationState::ReachedNeutral);
    assert_eq!(states(4).await, NotificationState::ReachedNeutral);
    assert_eq!(states(1).await, NotificationState::InProgress);
    assert_eq!(states(2).await, NotificationState::Held, "nobody spoke to this person");
    let members = db.store.attempt_members(world.campaign).await.expect("loads");
    let mut expected = vec![
        (attempts[0], of(0), Channel::Sms),
        (attempts[0], of(4), Channel::Sms),
        (call[0], of(1), Channel::CallLive),
    ];
    expected.sort();
    let mut members = members;
    members.sort();
    assert_eq!(members, expected);
    assert_eq!(db.store.person_incident(of(3)).await, Ok(Some(world.incident)));
}

async fn missing_batches_are_known_exactly_whoever_writes_at_once(db: &Database) {
    let of = |code: &str, key: &str, numbers: &[u64]| {
        store::Numbers::from([((society(code), key.to_owned()), numbers.to_vec())])
    };
    let heard = async |code: &str, key: &str| {
        let rows = db.store.heard().await.expect("rows");
        rows.into_iter().find(|row| row.society == society(code) && row.gateway_key == key).expect("is there")
    };
    // Ten writers bring 1 to 100 in disorder, each number twice; 17 and 50 to 52 are lost.
    let lost = [17, 50, 51, 52];
    let writers = (0..10_u64).map(|n| {
        let mine: Vec<u64> = (0..20).map(|i| (i * 37 + n * 10) % 100 + 1).filter(|n| !lost.contains(n)).collect();
        let (store, mut both) = (db.store.clone(), of("KE", "old", &mine));
        both.extend(of("ET", "only", &[n + 1]));
        tokio::spawn(async move { store.hear(&both).await.expect("noted") })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("runs");
    }
    let rest: Vec<u64> = (1..=100).filter(|n| !lost.contains(n)).collect();
    db.store.hear(&of("KE", "old", &rest)).await.expect("noted");
    let row = heard("KE", "old").await;
    assert_eq!((row.heard.last(), row.heard.missing()), (100, 4));
    assert_eq!(row.heard.gaps().collect::<Vec<_>>(), [(17, 17), (50, 52)]);
    let since = row.gap_since.expect("a gap has a beginning");
    assert_eq!((heard("ET", "only").await.heard.missing(), heard("ET", "only").await.gap_since), (0, None));
    // A new key counts for itself; the beginning of a gap stays until nothing is missing any more.
    db.store.hear(&of("KE", "new", &[2])).await.expect("noted");
    assert_eq!(heard("KE", "new").await.heard.gaps().collect::<Vec<_>>(), [(1, 1)]);
    db.store.hear(&of("KE", "old", &[50, 51, 52])).await.expect("noted");
    assert_eq!(heard("KE", "old").await.gap_since, Some(since));
    db.store.hear(&of("KE", "old", &[17])).await.expect("noted");
    assert_eq!((heard("KE", "old").await.heard.missing(), heard("KE", "old").await.gap_since), (0, None));
}
