use domain::channel::Channel;
use domain::decision::{Owner, Reason};
use domain::delivery::{AttemptState, NotificationState};
use domain::receipt::ReceiptKind;

use crate::database::Database;
use crate::on_both;
use crate::world::{World, receipt};

on_both!(the_ledger_sees_a_deleted_row, tallies_and_holds_come_from_rows);

async fn the_ledger_sees_a_deleted_row(db: &Database) {
    let world = World::running(&db.store, 6).await;
    let balanced = || async {
        let ledger = db.store.ledger(world.incident, Some(world.campaign)).await;
        ledger.expect("a ledger").balanced()
    };
    assert!(balanced().await);
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    world.receive(&[receipt(attempts[0], ReceiptKind::Delivered)]).await;
    assert!(balanced().await);
    for table in ["record", "notification", "person", "link"] {
        db.tamper(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await.expect("a copy");
        let (column, id) = match table {
            "notification" => ("person", world.persons[3].uuid()),
            "person" => ("id", world.persons[3].uuid()),
            "link" => ("record", world.records[3].uuid()),
            _ => ("id", world.records[3].uuid()),
        };
        let id = db.literal(id);
        db.tamper(&format!("DELETE FROM {table} WHERE {column} = {id}")).await.expect("gone");
        if table == "link" {
            // A record whose link is gone waits for dedupe again; that it does is what the ledger shows.
            let ledger = db.store.ledger(world.incident, None).await.expect("a ledger");
            assert_eq!(ledger.records_pending, 1);
        } else {
            assert!(!balanced().await, "{table}");
        }
        let back = format!("INSERT INTO {table} SELECT * FROM kept_{table} WHERE {column} = {id}");
        db.tamper(&back).await.expect("back");
        assert!(balanced().await, "{table}");
    }
}

async fn tallies_and_holds_come_from_rows(db: &Database) {
    let world = World::linked(&db.store, 5).await;
    world.create_campaign().await;
    let mut plans = Vec::new();
    for n in 0..5 {
        let plan = if n < 2 { world.plan_of(n, Vec::new()).await } else { world.plan(n).await };
        plans.push(plan);
    }
    plans[1].reasons = vec![Reason::Age, Reason::Guardian];
    db.store.save_plans(world.campaign, plans).await.expect("saves");
    world.launch().await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    world.receive(&[receipt(attempts[0], ReceiptKind::Accepted)]).await;
    let tallies = db.store.tallies(world.campaign).await.expect("tallies");
    assert_eq!(tallies.by_channel[&(Channel::Sms, AttemptState::Dispatched)], 2);
    assert_eq!(tallies.by_channel[&(Channel::Sms, AttemptState::Accepted)], 1);
    assert_eq!((tallies.messages, tallies.dispatches), (3, 3));
    assert_eq!(tallies.by_reason[&Reason::Guardian], 1);
    assert_eq!(tallies.by_reason[&Reason::Unreachable], 1);
    assert_eq!(tallies.by_group["family"][&NotificationState::Held], 2);
    assert_eq!(tallies.by_society["KE"][&NotificationState::InProgress], 3);
    let all = db.store.holds(world.campaign, None, None, 10).await.expect("holds");
    assert_eq!(all.len(), 2);
    let desk = db.store.holds(world.campaign, Some(Owner::RegisterDesk), None, 10).await;
    assert_eq!(desk.expect("holds")[0].person, world.persons[1]);
    let rest = db.store.holds(world.campaign, None, Some(all[0].notification), 10).await;
    assert_eq!(rest.expect("holds"), all[1..]);
    let first = |after, limit| db.store.first_steps(world.campaign, Channel::Sms, after, limit);
    let steps = first(None, 10).await.expect("steps");
    assert_eq!(steps.len(), 3, "those with a plan, once each");
    assert!(steps.iter().all(|(_, step)| step.channel == Channel::Sms));
    let mut pages = first(None, 2).await.expect("steps");
    pages.extend(first(Some(pages[1].0), 2).await.expect("steps"));
    assert_eq!(pages, steps);
    assert_eq!(db.store.first_steps(world.campaign, Channel::Post, None, 10).await.expect("steps"), []);
    let code = &World::sealed(attempts[0], 0).reference;
    assert_eq!(db.store.find_reference(code).await, Ok(Some(attempts[0])));
    assert_eq!(db.store.find_reference("nothing").await, Ok(None));
    assert_eq!(db.store.can_close(domain::CampaignId::random()).await.expect("answers").len(), 1);
}
