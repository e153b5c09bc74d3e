use domain::incident::IncidentKind;
use domain::{IncidentId, Millis};
use store::StoreError;
use store::seal::{IncidentKeys, MasterKey};
use uuid::Uuid;

use crate::database::Database;
use crate::on_both;
use crate::world::facts;

on_both!(a_drill_moves_the_clock_forward_only, a_lease_has_one_holder);

async fn real_incident(db: &Database) -> Result<(), StoreError> {
    let id = IncidentId::random();
    let keys = IncidentKeys::generate(&mut rand::rng(), id);
    let wrapped = keys.wrap(&MasterKey::generate(&mut rand::rng())).expect("wraps");
    db.store.put_incident(id, &facts(IncidentKind::Real, 1), Some(&wrapped)).await
}

async fn a_drill_moves_the_clock_forward_only(db: &Database) {
    let before = db.store.now().await.expect("a clock");
    assert!(before > Millis(1_700_000_000_000), "milliseconds since 1970");
    let there = before.plus(5 * Millis::DAY);
    db.store.jump_clock(there).await.expect("jumps");
    let after = db.store.now().await.expect("a clock");
    assert!(after >= there && after < there.plus(Millis::MINUTE), "{after:?} {there:?}");
    db.store.jump_clock(before).await.expect("nothing to do");
    assert!(db.store.now().await.expect("a clock") >= there);
    // A store that was moved takes no real incident.
    assert_eq!(real_incident(db).await, Err(StoreError::Clock));
    let other = Database::sqlite().await;
    real_incident(&other).await.expect("an incident");
    assert_eq!(other.store.jump_clock(there).await, Err(StoreError::Clock));
}

async fn a_lease_has_one_holder(db: &Database) {
    let (a, b) = (Uuid::new_v4(), Uuid::new_v4());
    assert_eq!(db.store.lease("dedupe", a, 60_000).await, Ok(true));
    assert_eq!(db.store.lease("dedupe", a, 60_000).await, Ok(true), "renewed");
    assert_eq!(db.store.lease("dedupe", b, 60_000).await, Ok(false));
    db.store.release_lease("dedupe", b).await.expect("nothing to do");
    assert_eq!(db.store.lease("dedupe", b, 60_000).await, Ok(false));
    db.store.release_lease("dedupe", a).await.expect("given back");
    assert_eq!(db.store.lease("dedupe", b, 1).await, Ok(true));
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    assert_eq!(db.store.lease("dedupe", a, 1).await, Ok(true), "it had run out");
}
