use domain::delivery::NotificationState;
use domain::receipt::ReceiptKind;
use domain::{OperatorId, PersonId, RecordId};
use store::{CandidateRow, Deduped, PairRow, StoreError};

use crate::database::Database;
use crate::on_both;
use crate::world::{World, receipt, record};

on_both!(
    a_second_run_changes_nothing,
    merge_and_split_move_the_facts,
    groups_survive_and_unsafe_stays,
    nobody_is_told_twice_after_a_merge,
    records_that_changed_meanwhile_are_noticed,
    verdicts_and_pairs_come_back,
    the_review_list_keeps_its_order_and_forgets_what_was_decided,
    records_are_found_by_name_and_by_person
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
