use std::collections::BTreeSet;

use domain::action::{Action, ActionKind};
use domain::{ActionId, Millis, OperatorId};
use store::{OperatorRow, StoreError};
use uuid::Uuid;

use crate::database::Database;
use crate::on_both;
use crate::world::{a_society, endorsement, society};

on_both!(an_action_is_consumed_once, an_operator_signs_once_and_keeps_the_key, societies_and_gateways_come_back);

fn action(expires_at: Millis) -> Action {
    Action {
        id: ActionId::random(),
        kind: ActionKind::Approve,
        subject: "{}".to_owned(),
        nonce: Uuid::new_v4(),
        expires_at,
    }
}

async fn an_action_is_consumed_once(db: &Database) {
    let action = action(Millis(i64::MAX));
    db.store.put_action(&action, &endorsement()).await.expect("an action");
    let tries = (0..32).map(|_| {
        let (store, id) = (db.store.clone(), action.id);
        tokio::spawn(async move { store.consume_action(id).await.expect("answers") })
    });
    let mut won = 0;
    for t in tries.collect::<Vec<_>>() {
        won += u32::from(t.await.expect("runs"));
    }
    assert_eq!(won, 1);
    let (_, _, executed) = db.store.action(action.id).await.expect("loads").expect("is there");
    assert!(executed.is_some());
    assert!(db.store.actions(true).await.expect("loads").is_empty());
    assert_eq!(db.store.actions(false).await.expect("loads").len(), 1);
    let late = self::action(Millis(5));
    db.store.put_action(&late, &endorsement()).await.expect("an action");
    assert_eq!(db.store.consume_action(late.id).await, Ok(false), "expired");
    let replay = Action { id: ActionId::random(), ..action };
    let error = db.store.put_action(&replay, &endorsement()).await.expect_err("a nonce is used once");
    assert!(error.is_unique_violation(), "{error}");
}

async fn an_operator_signs_once_and_keeps_the_key(db: &Database) {
    let action = action(Millis(i64::MAX));
    let (first, second) = (endorsement(), endorsement());
    db.store.put_action(&action, &first).await.expect("an action");
    let again = db.store.endorse(action.id, &first).await.expect_err("signed already");
    assert!(again.is_unique_violation());
    db.store.endorse(action.id, &second).await.expect("a second");
    let (loaded, signed, _) = db.store.action(action.id).await.expect("loads").expect("is there");
    assert_eq!((loaded, signed), (action.clone(), vec![first.clone(), second]));
    assert_eq!(db.store.consume_action(action.id).await, Ok(true));
    assert_eq!(db.store.endorse(action.id, &endorsement()).await, Err(StoreError::Missing("pending action")));

    let row = OperatorRow {
        id: OperatorId::random(),
        name: "One".to_owned(),
        key: [1; 32],
        role: "protection".to_owned(),
        drill: true,
        revoked_at: None,
    };
    db.store.put_operator(&row).await.expect("an operator");
    db.store.put_operator(&OperatorRow { key: [2; 32], ..row.clone() }).await.expect("accepted");
    db.store.revoke_operator(row.id, Millis(7)).await.expect("revoked");
    db.store.revoke_operator(row.id, Millis(9)).await.expect("was already");
    let stored = db.store.operators().await.expect("loads");
    assert_eq!(stored, [OperatorRow { revoked_at: Some(Millis(7)), ..row }]);
}

async fn societies_and_gateways_come_back(db: &Database) {
    let mut ke = a_society("KE");
    db.store.put_society(&ke).await.expect("a Society");
    ke.credit = 7;
    db.store.put_society(&ke).await.expect("changed");
    db.store.put_society(&a_society("ET")).await.expect("a Society");
    let codes: BTreeSet<_> =
        db.store.societies().await.expect("loads").into_iter().map(|s| (s.code, s.credit)).collect();
    assert_eq!(codes, BTreeSet::from([(society("ET"), 500), (society("KE"), 7)]));
    let row = store::GatewayRow {
        society: society("KE"),
        kid: "k1".to_owned(),
        sealing_jwk: "{}".to_owned(),
        verifying_jwk: "{}".to_owned(),
        drill: true,
        state: store::GatewayState::Active,
    };
    db.store.put_gateway(&row).await.expect("a gateway");
    let retiring = store::GatewayRow { state: store::GatewayState::Retiring, ..row.clone() };
    db.store.put_gateway(&retiring).await.expect("changed");
    assert_eq!(db.store.gateways(true).await, Ok(vec![retiring]));
    assert_eq!(db.store.gateways(false).await, Ok(vec![]));
    let real = store::GatewayRow { drill: false, ..row };
    assert!(db.store.put_gateway(&real).await.is_err(), "a drill key stays one");
}
