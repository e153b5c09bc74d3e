use store::{AUDIT_START, AuditEntry, StoreError, verify_chain};

use crate::database::Database;
use crate::on_both;

on_both!(every_tampering_is_found, the_log_refuses_to_be_changed);

fn entries(n: usize) -> Vec<AuditEntry> {
    (0..n)
        .map(|n| AuditEntry {
            actor: "release".to_owned(),
            what: "campaign.launch".to_owned(),
            subject: format!("{{\"n\":{n}}}"),
        })
        .collect()
}

async fn filled(db: &Database) {
    // Writers at once: one chain all the same.
    let writers = (0..8).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move { store.audit(&entries(3)).await.expect("appends") })
    });
    for w in writers.collect::<Vec<_>>() {
        w.await.expect("runs");
    }
}

async fn every_tampering_is_found(db: &Database) {
    assert_eq!(db.store.verify_audit().await, Ok(AUDIT_START));
    filled(db).await;
    let whole = db.store.verify_audit().await.expect("whole");
    assert_eq!(whole.rows, 24);
    let rows = db.store.audit_rows(0, 100).await.expect("rows");
    assert_eq!(verify_chain(AUDIT_START, &rows), Ok(whole), "the same offline");
    assert_eq!(db.store.audit_rows(20, 100).await.expect("rows").len(), 4);
    let off = if db.is_postgres() {
        "DROP TRIGGER audit_append_only ON audit"
    } else {
        "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete"
    };
    db.tamper(off).await.expect("an administrator can");
    db.tamper("CREATE TABLE kept AS SELECT * FROM audit").await.expect("a copy");
    let tamperings = [
        ("UPDATE audit SET actor = 'x' WHERE seq = 1", 1),
        ("UPDATE audit SET what = 'x' WHERE seq = 7", 7),
        ("UPDATE audit SET subject = '{}' WHERE seq = 24", 24),
        ("UPDATE audit SET at = at + 1 WHERE seq = 3", 3),
        ("UPDATE audit SET hash = previous WHERE seq = 5", 5),
        ("DELETE FROM audit WHERE seq = 12", 12),
        ("DELETE FROM audit WHERE seq > 22", 23),
        ("DELETE FROM audit", 1),
        (
            "UPDATE audit SET seq = 1000 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = 9;
             UPDATE audit SET seq = 9 WHERE seq = 1000",
            8,
        ),
    ];
    for (tampering, at) in tamperings {
        db.tamper(tampering).await.expect("an administrator can");
        assert_eq!(db.store.verify_audit().await, Err(StoreError::Audit(at)), "{tampering}");
        db.tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept").await.expect("restored");
        assert_eq!(db.store.verify_audit().await, Ok(whole));
    }
}

async fn the_log_refuses_to_be_changed(db: &Database) {
    filled(db).await;
    assert!(db.tamper("UPDATE audit SET actor = 'x'").await.is_err());
    assert!(db.tamper("DELETE FROM audit WHERE seq = 3").await.is_err());
}
