use std::collections::BTreeSet;
use std::time::Duration;

use domain::record::{Record, Text};
use domain::{Channel, Level, Millis, OperatorId, Pace, RecordId};
use store::seal::{Opener, Sealer};
use store::{AuditEntry, OperatorRow, StatementRow, StoreError};
use uuid::Uuid;

use crate::database::Database;
use crate::on_both;
use crate::world::{World, society};

on_both!(
    a_storm_of_cancellations_loses_nothing,
    no_personal_value_is_found_in_the_database,
    errors_quote_no_value,
    contention_is_retried
);

async fn a_storm_of_cancellations_loses_nothing(db: &Database) {
    let mut written = BTreeSet::new();
    let mut cancelled = 0;
    for round in 0..40u64 {
        let tasks: Vec<_> = (0..15u64)
            .map(|n| {
                let store = db.store.clone();
                let row = OperatorRow {
                    id: OperatorId::random(),
                    name: format!("{round}-{n}"),
                    key: [0; 32],
                    role: String::new(),
                    drill: true,
                    revoked_at: None,
                };
                tokio::spawn(async move {
                    store.put_operator(&row).await?;
                    Ok::<_, StoreError>(row.id)
                })
            })
            .collect();
        // At different points of the work: some before BEGIN, some before COMMIT.
        tokio::time::sleep(Duration::from_micros((round * 137) % 4000)).await;
        for (n, task) in tasks.into_iter().enumerate() {
            if n % 2 == 0 {
                task.abort();
            }
            match task.await {
                Ok(done) => {
                    written.insert(done.expect("writes"));
                }
                Err(error) => {
                    assert!(error.is_cancelled());
                    cancelled += 1;
                }
            }
        }
    }
    assert!(cancelled > 20, "the storm did not bite: {cancelled}");
    // Whoever was told Ok finds the row, through any connection, now and after every connection was used again.
    for _ in 0..2 {
        let stored: BTreeSet<_> = db.store.operators().await.expect("loads").into_iter().map(|o| o.id).collect();
        assert!(written.is_subset(&stored), "{} of {} are missing", written.difference(&stored).count(), written.len());
        for n in 0..20 {
            let entry = AuditEntry { actor: "a".to_owned(), what: "b".to_owned(), subject: n.to_string() };
            db.store.audit(&[entry]).await.expect("writes");
        }
    }
    assert_eq!(db.store.verify_audit().await.expect("whole").rows, 40);
}

/// A record in which every text is `canary` and something.
fn canaries(canary: &str) -> Record {
    let json = format!(
        r#"{{"society":"KE","system":"rfl","record_id":"{c}-01","case_id":"{c}-02","roles":["aid_recipient"],
        "names":{{"full":["{c}-03"],"given":"{c}-04","middle":"{c}-05","family":"{c}-06","father":"{c}-07",
        "grandfather":"{c}-08","mother":"{c}-09","nickname":"{c}-10"}},"birth":{{"year":1907,"month":7,"day":17}},
        "birth_place":"{c}-11","nationality":"{c}-12","strong_ids":["{c}-13"],"places":["{c}-14"],
        "detention_place":"{c}-15","separation_cause":"{c}-16","care_change_cause":"{c}-17","needs_codes":["{c}-18"],
        "concerns":["{c}-19"],"country_of_origin":"{c}-20","country_of_presence":"{c}-21",
        "languages":[{{"tag":"{c}-22"}}],
        "contacts":[{{"kind":"phone","value":"{c}-23","code_name":"{c}-24","country":"{c}-25"}}],
        "relations":[{{"kind":"family","record":"{c}-26","name":"{c}-27","authority":"{c}-28","verified_by":"{c}-29",
        "what":"{c}-30"}}],"unknown_codes":["{c}-31"],"created_on":"1907-07-17"}}"#,
        c = canary
    );
    serde_json::from_str(&json).expect("a record")
}

async fn no_personal_value_is_found_in_the_database(db: &Database) {
    let canary = format!("kanarie{}", &Uuid::new_v4().simple().to_string()[..8]);
    let mut world = World::empty(&db.store).await;
    let mut records: Vec<Record> = (0..50)
        .map(|n| {
            let mut r = canaries(&canary);
            r.record_id = Text::from(format!("{canary}-{n}"));
            r
        })
        .collect();
    assert_eq!(world.import(1, &records).await.new, 50);
    for r in &mut records {
        r.legal_hold = true;
    }
    assert_eq!(world.import(2, &records).await.updated, 50);
    world.load_records().await;
    world.persons = world.records.iter().map(|_| domain::PersonId::random()).collect();
    world.groups = (0..100).map(|_| domain::AddressGroupId::random()).collect();
    world.dedupe().await;
    let mut sealer = Sealer::new(&mut rand::rng(), &world.keys.public, world.incident);
    let id = Uuid::new_v4();
    let statement = StatementRow {
        id,
        record: world.records[0],
        blob: sealer.seal_blob("statement", id, canary.as_bytes()).expect("seals"),
        tightening: true,
        at: Millis(0),
        by: OperatorId::random(),
    };
    db.store.put_statements(world.incident, std::slice::from_ref(&statement)).await.expect("stated");
    // It can be read by whoever holds the key, so it was there to be found.
    let row = &db.store.load_persons(world.incident, &[world.persons[0]]).await.expect("loads")[0];
    let opener = Opener::new(&world.keys.secret, world.incident);
    let record = opener.open(row.records[0].id, &row.records[0].sealed).expect("opens");
    assert!(record.record_id.expose().starts_with(&canary));
    let printed = format!("{row:?} {record:?} {:?}", world.keys);
    assert!(!printed.contains(&canary), "{printed}");
    let needles = [canary.as_bytes(), b"1907-07-17", b"\"year\":1907"];
    for (place, bytes) in dump(db).await {
        for needle in needles {
            assert!(
                !bytes.windows(needle.len()).any(|w| w == needle),
                "{place} holds {}",
                String::from_utf8_lossy(needle)
            );
        }
    }
}

/// Everything that the database has, as bytes.
async fn dump(db: &Database) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    if let Some(folder) = &db.folder {
        for entry in std::fs::read_dir(folder.path()).expect("the folder") {
            let path = entry.expect("a file").path();
            out.push((path.display().to_string(), std::fs::read(&path).expect("reads")));
        }
        assert!(out.iter().any(|(name, bytes)| name.ends_with("-wal") && !bytes.is_empty()));
        return out;
    }
    use sqlx::Connection;
    let mut c = sqlx::PgConnection::connect(&db.url).await.expect("connects");
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            .fetch_all(&mut c)
            .await
            .expect("tables");
    assert!(tables.len() > 30);
    for table in tables {
        // Bytes escaped: what is readable in them stays readable.
        sqlx::query("SET bytea_output = 'escape'").execute(&mut c).await.expect("sets");
        let sql = format!("SELECT t::text FROM {table} t");
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut c).await.expect("rows");
        out.push((table, rows.join("\n").into_bytes()));
    }
    out
}

async fn errors_quote_no_value(db: &Database) {
    let canary = "kanarie-in-a-row";
    let row = OperatorRow {
        id: OperatorId::random(),
        name: canary.to_owned(),
        key: [0; 32],
        role: canary.to_owned(),
        drill: true,
        revoked_at: None,
    };
    db.store.put_operator(&row).await.expect("writes");
    let action = domain::action::Action {
        id: domain::ActionId::random(),
        kind: domain::action::ActionKind::Export,
        subject: canary.to_owned(),
        nonce: Uuid::new_v4(),
        expires_at: Millis(i64::MAX),
    };
    let first = crate::world::endorsement();
    db.store.put_action(&action, &first).await.expect("writes");
    let mut errors = vec![db.store.put_action(&action, &first).await.expect_err("twice")];
    // NUL is no text on PostgreSQL.
    if let Err(error) = db.store.put_operator(&OperatorRow { name: format!("{canary}\0"), ..row }).await {
        errors.push(error);
    }
    let held = World::running(&db.store, 1).await;
    db.tamper(&format!("UPDATE notification SET audience = '{canary}'")).await.expect("tampers");
    errors.push(held.store.notification(held.campaign, held.persons[0]).await.expect_err("no audience"));
    for error in errors {
        let printed = format!("{error} {error:?}");
        assert!(!printed.contains("kanarie"), "{printed}");
    }
    let decode = held.store.notification(held.campaign, held.persons[0]).await;
    assert_eq!(decode, Err(StoreError::Decode("audience".to_owned())));
    assert_eq!(Level::parse(canary), None);
    assert!(RecordId::random() != RecordId::random());
}

async fn contention_is_retried(db: &Database) {
    // Two gateways share a number, many workers plan, release and record at once: no error reaches anybody.
    let mut world = World::linked(&db.store, 30).await;
    for n in 1..30 {
        world.groups[2 * n] = world.groups[0];
    }
    world.dedupe().await;
    world.create_campaign().await;
    let mut plans = Vec::new();
    for n in 0..30 {
        let steps = vec![world.step(n, Channel::Sms, Level::L2), world.step(n, Channel::CallLive, Level::L2)];
        let mut plan = world.plan_of(n, steps).await;
        if n % 2 == 1 {
            for step in &mut plan.steps {
                step.society = society("ET");
            }
            plan.steps_digest = domain::manifest::steps_digest(&plan.steps);
        }
        plan.shared_group[0] = Some(world.groups[0]);
        plans.push(plan);
    }
    db.store.save_plans(world.campaign, plans.clone()).await.expect("saves");
    world.launch().await;
    let now = world.now().await;
    let mut tasks = Vec::new();
    for n in 0..12 {
        let (store, campaign, plans) = (db.store.clone(), world.campaign, plans.clone());
        tasks.push(tokio::spawn(async move {
            let code = society(if n % 2 == 0 { "KE" } else { "ET" });
            for _ in 0..4 {
                store.release(campaign, &code, now, 100, &Pace::free(), 5).await?;
                store.save_plans(campaign, plans.clone()).await?;
                store.expire(now, 100).await?;
            }
            Ok::<_, StoreError>(())
        }));
    }
    for t in tasks {
        t.await.expect("runs").expect("no contention reaches the caller");
    }
    for _ in 0..10 {
        world.release(100).await;
        db.store.release(world.campaign, &society("ET"), now, 100, &Pace::free(), 100).await.expect("releases");
    }
    assert_eq!(db.number("SELECT count(*) FROM shared_message").await, 1);
    assert_eq!(db.number("SELECT count(*) FROM attempt WHERE channel = 'sms'").await, 1);
    let members = db.number("SELECT count(*) FROM member").await;
    let attempts = db.number("SELECT count(*) FROM attempt").await;
    assert_eq!((attempts, members), (1, 29), "everybody has the one message");
}
