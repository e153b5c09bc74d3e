use domain::delivery::NotificationState;
use domain::receipt::ReceiptKind;
use domain::record::Record;
use domain::{OperatorId, PersonId, RecordId};
use store::{CandidateRow, DedupeResult, Deduped, PairRow, PersonRow, StoreError};

use crate::database::Database;
use crate::on_both;
use crate::world::{World, receipt, record};

on_both!(
    a_second_run_changes_nothing,
    a_changed_file_touches_only_whom_it_concerns,
    a_changed_record_without_a_contact_point_is_planned_again,
    merge_and_split_move_the_facts,
    groups_survive_and_unsafe_stays,
    nobody_is_told_twice_after_a_merge,
    records_that_changed_meanwhile_are_noticed,
    verdicts_and_pairs_come_back,
    the_review_list_keeps_its_order_and_forgets_what_was_decided,
    records_are_found_by_name_and_by_person,
    a_second_run_un_notifies_nobody_and_voids_nothing,
    a_merge_voids_the_approval_of_whom_it_touches_and_of_nobody_else,
    a_split_voids_the_approval_and_leaves_the_notified_one_notified,
    what_was_told_follows_the_record_that_it_was_told_through,
    a_message_under_way_is_the_merged_persons_only_one,
    news_for_whom_another_stands_for_counts_for_that_other
);

async fn a_second_run_changes_nothing(db: &Database) {
    let world = World::linked(&db.store, 20).await;
    assert_eq!(world.dedupe().await, Deduped::default());
    assert_eq!(world.facts_version(0).await, 1);
    let persons = db.store.persons(world.incident, None, 100).await.expect("persons");
    assert_eq!(persons.len(), 20);
    let rest = db.store.persons(world.incident, Some(persons[4]), 100).await.expect("persons");
    assert_eq!(rest, persons[5..]);
    let page = db.store.records(world.incident, Some(world.records[4]), 3).await.expect("records");
    assert_eq!(page.iter().map(|r| r.id).collect::<Vec<_>>(), world.records[5..8]);
}

async fn a_changed_file_touches_only_whom_it_concerns(db: &Database) {
    let world = World::linked(&db.store, 20).await;
    let mut records: Vec<_> = (0..20).map(|n| record("KE", n)).collect();
    records[3].do_not_contact = true;
    records[11].places.push("Kisumu".into());
    let applied = world.import(2, &records).await;
    assert_eq!((applied.new, applied.updated, applied.unchanged), (0, 2, 18));
    let rows = db.store.records(world.incident, None, 100).await.expect("records");
    let changed = rows.iter().filter(|row| row.version == 2).filter_map(|row| row.person);
    let mut changed: Vec<PersonId> = changed.collect();
    changed.sort_unstable();
    assert_eq!(changed.len(), 2);
    assert_eq!(world.dedupe().await.touched, changed);
    for n in 0..20 {
        let moved = changed.contains(&world.persons[n]);
        assert_eq!(world.facts_version(n).await > 1, moved, "facts move with the record, and with nothing else");
    }
    assert_eq!(world.dedupe().await, Deduped::default());
}

async fn a_changed_record_without_a_contact_point_is_planned_again(db: &Database) {
    let bare = |n| Record { contacts: Vec::new(), ..record("KE", n) };
    let mut world = World::empty(&db.store).await;
    world.import(1, &[bare(0), bare(1)]).await;
    world.load_records().await;
    world.persons = world.records.iter().map(|_| PersonId::random()).collect();
    let assignments: Vec<_> = world.records.iter().copied().zip(world.persons.iter().copied()).collect();
    let result = || DedupeResult { assignments: assignments.clone(), ..DedupeResult::default() };
    let linked = || async { db.store.save_dedupe(world.incident, result()).await.expect("saves").touched };
    assert_eq!(linked().await.len(), 2, "new");
    world.create_campaign().await;
    let plan = |n| world.plan_of(n, Vec::new());
    let plans = vec![plan(0).await, plan(1).await];
    db.store.save_plans(world.campaign, plans).await.expect("planned");
    assert_eq!(linked().await, []);
    let mut changed = bare(1);
    changed.do_not_contact = true;
    assert_eq!(world.import(2, &[bare(0), changed]).await.updated, 1);
    let rows = db.store.records(world.incident, None, 10).await.expect("records");
    let whom = rows.iter().find(|row| row.version == 2).and_then(|row| row.person).expect("linked");
    assert_eq!(linked().await, [whom]);
    let again = world.persons.iter().position(|person| *person == whom).expect("one of them");
    db.store.save_plans(world.campaign, vec![plan(again).await]).await.expect("planned");
    assert_eq!(linked().await, [], "once it is planned, nobody waits");
}

async fn merge_and_split_move_the_facts(db: &Database) {
    let mut world = World::linked(&db.store, 4).await;
    let (gone, heir) = (world.persons[1], world.persons[0]);
    world.persons[1] = heir;
    let merged = world.dedupe().await;
    assert_eq!((merged.new_persons, merged.superseded), (0, 1));
    assert_eq!(merged.touched, [heir]);
    assert_eq!(world.facts_version(0).await, 2);
    assert_eq!(world.facts_version(2).await, 1);
    assert!(db.store.load_persons(world.incident, &[gone]).await.expect("loads").is_empty());
    let loaded = db.store.load_persons(world.incident, &[heir]).await.expect("loads");
    assert_eq!((loaded[0].records.len(), loaded[0].addresses.len()), (2, 4));
    // And apart again, the old id comes back.
    world.persons[1] = gone;
    let split = world.dedupe().await;
    assert_eq!((split.new_persons, split.superseded), (0, 0));
    assert_eq!(world.facts_version(0).await, 3);
    assert_eq!(world.facts_version(1).await, 2);
    // Facts about addresses, relations and candidates move their persons too.
    let mut result = world.result();
    result.addresses[4].others = 1;
    result.relations.push((world.records[3], 0, world.persons[0]));
    let touched = db.store.save_dedupe(world.incident, result.clone()).await.expect("saves").touched;
    let mut expected = vec![world.persons[2], world.persons[3]];
    expected.sort();
    assert_eq!(touched, expected);
    let candidate = CandidateRow { a: world.persons[0], b: world.persons[1], incompatible: true };
    result.candidates.push(candidate);
    let touched = db.store.save_dedupe(world.incident, result.clone()).await.expect("saves").touched;
    assert_eq!(touched.len(), 2);
    let loaded = db.store.load_persons(world.incident, &[world.persons[1]]).await.expect("loads");
    assert_eq!(loaded[0].candidates, [(world.persons[0], true)]);
    // For decisions about others the same without relations and candidates of their own.
    let alone = db.store.load_neighbours(world.incident, &[world.persons[1]]).await.expect("loads");
    let expected = PersonRow { relations: Vec::new(), candidates: Vec::new(), ..loaded[0].clone() };
    assert_eq!(alone, [expected]);
    assert_eq!(db.store.save_dedupe(world.incident, result).await, Ok(Deduped::default()));
    assert!(db.store.ledger(world.incident, None).await.expect("a ledger").balanced());
}

async fn groups_survive_and_unsafe_stays(db: &Database) {
    let world = World::running(&db.store, 2).await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    let n = world.person_of(attempts[0]).await;
    world.receive(&[receipt(attempts[0], ReceiptKind::Unsafe)]).await;
    // The next run draws new ids for the same groups.
    let mut result = world.result();
    for row in &mut result.addresses {
        row.group = domain::AddressGroupId::random();
    }
    db.store.save_dedupe(world.incident, result).await.expect("saves");
    let known = db.store.known_addresses(world.incident).await.expect("loads");
    assert_eq!(known.len(), 4);
    for k in known {
        let place = world.records.iter().position(|r| *r == k.row.record).expect("ours");
        assert_eq!(k.row.group, world.groups[2 * place + k.row.index as usize]);
        assert_eq!(k.group_unsafe, place == n && k.row.index == 0);
    }
    let loaded = db.store.load_persons(world.incident, &[world.persons[n]]).await.expect("loads");
    assert!(loaded[0].addresses[0].group_unsafe && !loaded[0].addresses[1].group_unsafe);
}

async fn nobody_is_told_twice_after_a_merge(db: &Database) {
    let mut world = World::running(&db.store, 3).await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    let told = attempts[0];
    let n = world.person_of(told).await;
    world.receive(&[receipt(told, ReceiptKind::Informed)]).await;
    // The informed person turns out to be another one.
    let heir = (n + 1) % 3;
    world.persons[n] = world.persons[heir];
    world.dedupe().await;
    let notification = world.notification(heir).await;
    assert_eq!(notification.state, NotificationState::Informed);
    let ledger = db.store.ledger(world.incident, Some(world.campaign)).await.expect("a ledger");
    assert!(ledger.balanced(), "{:?}", ledger.imbalances());
    assert_eq!((ledger.persons, ledger.persons_told_twice), (2, 0));
    // A person that nobody planned yet takes the notification over, and waits for approval.
    let fresh = PersonId::random();
    let other = (n + 2) % 3;
    world.persons[other] = fresh;
    world.dedupe().await;
    let notification = world.notification(other).await;
    assert_eq!(notification.state, NotificationState::Planned);
    assert_eq!(db.store.unplanned(world.campaign, 10).await, Ok(vec![fresh]));
    assert!(world.release(10).await.is_empty());
}

async fn records_that_changed_meanwhile_are_noticed(db: &Database) {
    let mut world = World::linked(&db.store, 2).await;
    let mut result = world.result();
    result.epoch = db.store.record_epoch(world.incident).await.expect("an epoch");
    world.import(2, &[record("KE", 7)]).await;
    assert_eq!(db.store.save_dedupe(world.incident, result.clone()).await, Err(StoreError::Stale(world.incident)));
    result.epoch = db.store.record_epoch(world.incident).await.expect("an epoch");
    db.store.save_dedupe(world.incident, result).await.expect("saves");
    world.load_records().await;
    assert_eq!(world.records.len(), 3);
    let ledger = db.store.ledger(world.incident, None).await.expect("a ledger");
    assert_eq!((ledger.records_pending, ledger.records_linked), (1, 2));
    assert!(ledger.balanced());
}

async fn verdicts_and_pairs_come_back(db: &Database) {
    let world = World::linked(&db.store, 3).await;
    let (a, b) = (world.records[0], world.records[1]);
    let by = OperatorId::random();
    db.store.put_verdicts(world.incident, &[(b, a)], true, by).await.expect("decided");
    db.store.put_verdicts(world.incident, &[(a, b), (b, a), (a, a)], false, by).await.expect("decided again");
    assert_eq!(db.store.verdicts(world.incident).await, Ok(vec![(a.min(b), a.max(b), false)]));
    let pair = |a: RecordId, b: RecordId, weight_milli, outcome: &str| PairRow {
        a,
        b,
        weight_milli,
        probability_milli: 900,
        outcome: outcome.to_owned(),
        evidence: "{}".to_owned(),
        place: 0,
    };
    let mut result = world.result();
    result.pairs = vec![
        pair(a, b, 5000, "review"),
        pair(a, world.records[2], 9000, "match"),
        pair(world.records[2], b, 7000, "review"),
    ];
    assert_eq!(db.store.save_dedupe(world.incident, result.clone()).await, Ok(Deduped::default()));
    let all = db.store.pairs(world.incident, None, 10).await.expect("pairs");
    assert_eq!(all.iter().map(|p| p.weight_milli).collect::<Vec<_>>(), [9000, 7000, 5000]);
    let review = db.store.pairs(world.incident, Some("review"), 1).await.expect("pairs");
    assert_eq!(review, [result.pairs[2].clone()]);
    assert_eq!(db.store.pairs_among(&[b, a]).await, Ok(vec![result.pairs[0].clone()]));
    assert_eq!(db.store.pairs_among(&[b]).await, Ok(Vec::new()));
}

async fn the_review_list_keeps_its_order_and_forgets_what_was_decided(db: &Database) {
    let world = World::linked(&db.store, 4).await;
    let r = world.records.clone();
    let pair = |a: usize, b: usize, place| PairRow {
        a: r[a].min(r[b]),
        b: r[a].max(r[b]),
        weight_milli: 1000 * place,
        probability_milli: 500,
        outcome: "review".to_owned(),
        evidence: "{}".to_owned(),
        place,
    };
    let mut result = world.result();
    result.pairs = vec![pair(0, 1, 2), pair(2, 3, 1), pair(0, 2, 0)];
    result.model = "{\"records\":4}".to_owned();
    db.store.save_dedupe(world.incident, result.clone()).await.expect("saves");
    let shown = db.store.review(world.incident, 10).await.expect("a list");
    assert_eq!(shown.iter().map(|s| s.pair.place).collect::<Vec<_>>(), [1, 2], "what is not shown is not listed");
    let person = |record: RecordId| world.persons[r.iter().position(|x| *x == record).expect("ours")];
    assert_eq!(shown[0].persons, (person(shown[0].pair.a), person(shown[0].pair.b)));
    db.store.put_verdicts(world.incident, &[(r[3], r[2])], false, OperatorId::random()).await.expect("decided");
    let shown = db.store.review(world.incident, 10).await.expect("a list");
    assert_eq!(shown.iter().map(|s| s.pair.place).collect::<Vec<_>>(), [2], "decided before the next run");
    // The weights stay until a run learns others.
    assert_eq!(db.store.weights(world.incident).await, Ok(Some(result.model.clone())));
    world.dedupe().await;
    assert_eq!(db.store.weights(world.incident).await, Ok(Some(result.model)));
    assert_eq!(db.store.weights(domain::IncidentId::random()).await, Ok(None));
}

async fn records_are_found_by_name_and_by_person(db: &Database) {
    let mut world = World::linked(&db.store, 3).await;
    world.persons[1] = world.persons[0];
    world.dedupe().await;
    let mut expected = vec![world.records[0], world.records[1]];
    expected.sort();
    assert_eq!(db.store.records_of(world.persons[0]).await, Ok(expected.clone()));
    assert_eq!(db.store.records_of(PersonId::random()).await, Ok(Vec::new()));
    expected.push(RecordId::random());
    let named = db.store.named_records(&expected).await.expect("records");
    assert_eq!(named.iter().map(|(_, r)| r.id).collect::<Vec<_>>(), expected[..2]);
    assert!(named.iter().all(|(i, r)| *i == world.incident && r.person == Some(world.persons[0])));
}

async fn states(world: &World, n: std::ops::Range<usize>) -> Vec<NotificationState> {
    let mut states = Vec::new();
    for n in n {
        states.push(world.notification(n).await.state);
    }
    states
}

/// Everybody planned again, approved in a supplement, and due.
async fn planned_and_approved_again(world: &World, n: usize) {
    let mut plan = world.plan(n).await;
    plan.notification = world.notification(n).await.id;
    plan.decision_version += 1;
    world.store.save_plans(world.campaign, vec![plan]).await.expect("saves");
    world.approve().await;
}

async fn a_second_run_un_notifies_nobody_and_voids_nothing(db: &Database) {
    let world = World::running(&db.store, 5).await;
    let attempts = world.release(4).await;
    world.dispatch(&attempts[..3]).await;
    world.receive(&[receipt(attempts[0], ReceiptKind::Informed), receipt(attempts[1], ReceiptKind::Delivered)]).await;
    let before = states(&world, 0..5).await;
    assert!(before.contains(&NotificationState::Informed) && before.contains(&NotificationState::Approved));
    // The same persons in other words: fresh numbers for address groups, other pairs, another model.
    let mut result = world.result();
    for row in &mut result.addresses {
        row.group = domain::AddressGroupId::random();
    }
    result.model = "{}".to_owned();
    assert_eq!(db.store.save_dedupe(world.incident, result).await, Ok(Deduped::default()));
    assert_eq!(states(&world, 0..5).await, before);
    assert!(db.store.unplanned(world.campaign, 10).await.expect("asks").is_empty());
    assert_eq!(world.release(10).await.len(), 1, "whoever was approved is still due");
    let ledger = db.store.ledger(world.incident, Some(world.campaign)).await.expect("a ledger");
    assert!(ledger.balanced() && ledger.persons_told_twice == 0);
}

async fn a_merge_voids_the_approval_of_whom_it_touches_and_of_nobody_else(db: &Database) {
    let mut world = World::running(&db.store, 4).await;
    let released = world.release(10).await;
    assert_eq!(released.len(), 4, "released, and not yet sealed");
    world.persons[1] = world.persons[0];
    world.dedupe().await;
    assert_eq!(world.notification(0).await.state, NotificationState::Planned);
    assert_eq!(states(&world, 2..4).await, [NotificationState::InProgress; 2]);
    // What had not left does not leave; what is others' goes on.
    let rows = db.store.load_attempts(&released, domain::delivery::AttemptState::Released).await.expect("loads");
    assert_eq!(rows.len(), 2);
    assert!(world.release(10).await.is_empty(), "waits for two people");
    planned_and_approved_again(&world, 0).await;
    assert_eq!(world.release(10).await.len(), 1, "one message for the one person");
    let ledger = db.store.ledger(world.incident, Some(world.campaign)).await.expect("a ledger");
    assert!(ledger.balanced(), "{:?}", ledger.imbalances());
    assert_eq!(ledger.persons, 3);
}

/// Two records of one person from the start.
async fn merged_and_running(db: &Database, n: usize) -> World {
    let mut world = World::linked(&db.store, n).await;
    world.persons[1] = world.persons[0];
    world.dedupe().await;
    world.create_campaign().await;
    let mut plans = vec![world.plan(0).await];
    for n in 2..n {
        plans.push(world.plan(n).await);
    }
    db.store.save_plans(world.campaign, plans).await.expect("saves");
    world.launch().await;
    world
}

async fn a_split_voids_the_approval_and_leaves_the_notified_one_notified(db: &Database) {
    let mut world = merged_and_running(db, 3).await;
    let part = PersonId::random();
    world.persons[1] = part;
    let split = world.dedupe().await;
    assert_eq!((split.new_persons, split.superseded), (1, 0));
    assert_eq!(states(&world, 0..1).await, [NotificationState::Planned]);
    assert_eq!(world.notification(2).await.state, NotificationState::Approved);
    let mut unplanned = db.store.unplanned(world.campaign, 10).await.expect("asks");
    unplanned.sort();
    let mut expected = vec![world.persons[0], part];
    expected.sort();
    assert_eq!(unplanned, expected);
    // Told through the record that stays: told for good.
    let mut world = merged_and_running(db, 3).await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    let receipts: Vec<_> = attempts.iter().map(|a| receipt(*a, ReceiptKind::Informed)).collect();
    world.receive(&receipts).await;
    let part = PersonId::random();
    world.persons[1] = part;
    world.dedupe().await;
    assert_eq!(world.notification(0).await.state, NotificationState::Informed);
    assert_eq!(db.store.unplanned(world.campaign, 10).await, Ok(vec![part]));
}

async fn what_was_told_follows_the_record_that_it_was_told_through(db: &Database) {
    for informed in [true, false] {
        let mut world = merged_and_running(db, 2).await;
        let attempts = world.release(10).await;
        world.dispatch(&attempts).await;
        if informed {
            world.receive(&[receipt(attempts[0], ReceiptKind::Informed)]).await;
        }
        // The message went to the first record's number; that record is somebody else after all.
        let (stays, part) = (world.persons[0], PersonId::random());
        world.persons[0] = part;
        world.dedupe().await;
        assert_eq!(
            world.notification(0).await.state,
            if informed { NotificationState::Informed } else { NotificationState::Planned }
        );
        let unplanned = db.store.unplanned(world.campaign, 10).await.expect("asks");
        assert!(unplanned.contains(&stays), "the one who was not told is told");
        assert_eq!(unplanned.contains(&part), !informed);
        world.receive(&[receipt(attempts[0], ReceiptKind::Informed)]).await;
        assert_eq!(world.notification(0).await.state, NotificationState::Informed);
        assert_eq!(db.store.unplanned(world.campaign, 10).await, Ok(vec![stays]));
    }
}

async fn a_message_under_way_is_the_merged_persons_only_one(db: &Database) {
    let mut world = World::running(&db.store, 2).await;
    let attempts = world.release(1).await;
    world.dispatch(&attempts).await;
    let n = world.person_of(attempts[0]).await;
    let heir = 1 - n;
    world.persons[n] = world.persons[heir];
    world.dedupe().await;
    // Planned and approved anew: the message under way is the open one.
    planned_and_approved_again(&world, heir).await;
    assert!(world.release(10).await.is_empty(), "a second message beside an unknown one");
    world.receive(&[receipt(attempts[0], ReceiptKind::Informed)]).await;
    assert_eq!(world.notification(heir).await.state, NotificationState::Informed);
    assert!(world.release(10).await.is_empty());
    let ledger = db.store.ledger(world.incident, Some(world.campaign)).await.expect("a ledger");
    assert!(ledger.balanced(), "{:?}", ledger.imbalances());
    assert_eq!((ledger.persons, ledger.persons_told_twice), (1, 0));
}

async fn news_for_whom_another_stands_for_counts_for_that_other(db: &Database) {
    let mut world = World::running(&db.store, 3).await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    // Both of them had a message under way: one notification stands, and both messages count for it.
    world.persons[1] = world.persons[0];
    world.dedupe().await;
    // And once more, to see that the way to whoever stands now is found after a second merge.
    let gone = world.persons[0];
    world.persons[0] = world.persons[2];
    world.persons[1] = world.persons[2];
    world.dedupe().await;
    assert!(db.store.load_persons(world.incident, &[gone]).await.expect("loads").is_empty());
    let standing = world.notification(2).await;
    for (told, attempt) in attempts.iter().enumerate() {
        let state = db.store.load_attempts(&[*attempt], domain::delivery::AttemptState::Dispatched).await;
        let own = state.expect("loads")[0].notifications[0].notification == standing.id;
        if !own {
            world.receive(&[receipt(*attempt, ReceiptKind::Informed)]).await;
            assert_eq!(world.notification(2).await.state, NotificationState::Informed, "message {told}");
            break;
        }
    }
    let ledger = db.store.ledger(world.incident, Some(world.campaign)).await.expect("a ledger");
    assert!(ledger.balanced(), "{:?}", ledger.imbalances());
    assert_eq!(ledger.persons, 1);
}
