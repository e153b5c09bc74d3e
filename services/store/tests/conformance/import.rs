use domain::{ImportId, RecordId};
use store::seal::{Opener, SealError, Sealer};
use store::{Begun, Block, ImportState, QuarantineRow, StoreError};

use crate::database::Database;
use crate::on_both;
use crate::world::{World, record};

on_both!(
    importing_twice_changes_nothing,
    an_updated_record_keeps_its_earlier_version,
    staging_resumes_and_counts,
    rows_staged_by_an_earlier_version_are_applied,
    two_files_of_one_register_wait_for_each_other,
    a_row_under_a_foreign_id_is_not_applied,
    a_row_that_could_not_be_read_leaves_its_record_in_doubt_until_one_is,
    what_is_shredded_opens_no_more_and_stays_in_the_ledger
);

async fn importing_twice_changes_nothing(db: &Database) {
    let world = World::empty(&db.store).await;
    let records: Vec<_> = (0..250).map(|n| record("KE", n)).collect();
    assert_eq!(world.import(1, &records).await.new, 250);
    let before = db.store.records(world.incident, None, 1000).await.expect("records");
    let epoch = db.store.record_epoch(world.incident).await.expect("an epoch");
    // The very same file.
    let again = db.store.begin_import(&world.new_import(ImportId::random(), 1)).await.expect("answers");
    let Begun::Done(row) = again else { panic!("{again:?}") };
    assert_eq!((row.state, row.new, row.rows_read), (ImportState::Applied, 250, 250));
    assert_eq!(db.store.apply_import(row.id, 100).await, Ok(Default::default()));
    // The same rows in another file: sealed anew, recognised all the same.
    let applied = world.import(2, &records).await;
    assert_eq!((applied.new, applied.updated, applied.unchanged), (0, 0, 250));
    assert_eq!(db.store.records(world.incident, None, 1000).await, Ok(before));
    assert_eq!(db.store.record_epoch(world.incident).await, Ok(epoch));
    assert!(db.store.ledger(world.incident, None).await.expect("a ledger").balanced());
}

async fn an_updated_record_keeps_its_earlier_version(db: &Database) {
    let world = World::linked(&db.store, 3).await;
    let before: Vec<i32> = [0, 1, 2].map(|_| 1).to_vec();
    let rows = db.store.records(world.incident, None, 10).await.expect("records");
    let opener = Opener::new(&world.keys.secret, world.incident);
    let first = opener.open(rows[0].id, &rows[0].sealed).expect("opens");
    let mut changed = first.clone();
    changed.do_not_contact = true;
    let applied = world.import(2, &[changed.clone()]).await;
    assert_eq!((applied.new, applied.updated, applied.unchanged), (0, 1, 0));
    let person = rows[0].person.expect("linked");
    let loaded = db.store.load_persons(world.incident, &[person]).await.expect("loads");
    assert_eq!(loaded[0].facts_version, before[0] + 1, "the person is to be decided again");
    assert_eq!(loaded[0].records[0].version, 2);
    let now = opener.open(rows[0].id, &loaded[0].records[0].sealed).expect("opens");
    assert!(now == changed);
    let (id, version, at, sealed) = &loaded[0].earlier[0];
    assert_eq!((*id, *version, *at), (rows[0].id, 1, rows[0].at));
    assert!(loaded[0].records[0].at >= rows[0].at);
    let files = db.store.manifests(world.incident).await.expect("loads");
    assert_eq!(files.len(), 2);
    assert_eq!((rows[0].import, loaded[0].records[0].import), (files[0].0, files[1].0));
    assert!(opener.open(*id, sealed).expect("opens") == first);
    let versions = db.store.earlier_versions(world.incident, &[rows[0].id]).await.expect("loads");
    assert_eq!(versions.len(), 1);
    for other in &rows[1..] {
        let person = other.person.expect("linked");
        let loaded = db.store.load_persons(world.incident, &[person]).await.expect("loads");
        assert_eq!(loaded[0].facts_version, 1, "nobody else moved");
    }
    assert!(db.store.ledger(world.incident, None).await.expect("a ledger").balanced());
}

async fn staging_resumes_and_counts(db: &Database) {
    let world = World::empty(&db.store).await;
    let records: Vec<_> = (0..10).map(|n| record("KE", n)).collect();
    let id = ImportId::random();
    assert_eq!(db.store.begin_import(&world.new_import(id, 1)).await, Ok(Begun::New));
    world.stage(id, 1, &records[..6]).await;
    world.stage(id, 1, &records[..6]).await; // the importer was killed before it knew
    world.stage(id, 4, &records[3..6]).await; // another one of the same file, whose batches begin elsewhere
    let bad = QuarantineRow {
        row_no: 7,
        column: "birth".to_owned(),
        reason: "not a date".to_owned(),
        record_key: None,
        content_hash: None,
    };
    db.store.quarantine(id, vec![bad.clone()]).await.expect("quarantined");
    let again = db.store.begin_import(&world.new_import(ImportId::random(), 1)).await;
    assert_eq!(again, Ok(Begun::Resume { id, staged_rows: 7 }));
    let unstaged = |all: Vec<store::ImportRow>| all.into_iter().find(|row| row.id == id).map(|row| row.staged);
    assert_eq!(unstaged(db.store.unstaged_imports().await.expect("a list")), Some(6));
    world.stage(id, 8, &records[7..]).await;
    assert_eq!(db.store.finish_staging(id, 12).await, Err(StoreError::ImportRows { import: id, found: 10, said: 12 }));
    assert_eq!(db.store.apply_import(id, 10).await, Err(StoreError::ImportState(id)));
    db.store.finish_staging(id, 10).await.expect("all there");
    db.store.finish_staging(id, 10).await.expect("was already");
    assert_eq!(unstaged(db.store.unstaged_imports().await.expect("a list")), None);
    // One row of a record twice in a file: the second is a version of its own.
    assert_eq!(world.apply(id).await.new, 9);
    assert_eq!(db.store.quarantined(id).await, Ok(vec![bad]));
    let row = &db.store.imports(world.incident).await.expect("imports")[0];
    assert_eq!((row.new, row.quarantined, row.rows_read, row.staged), (9, 1, 10, 0));
    let mut twice = record("KE", 3);
    twice.legal_hold = true;
    let applied = world.import(2, &[twice, record("KE", 50), record("KE", 3)]).await;
    assert_eq!((applied.new, applied.updated, applied.unchanged), (1, 2, 0));
    assert!(db.store.ledger(world.incident, None).await.expect("a ledger").balanced());
}

/// Rows as they lay before there were blocks, and the migration that packs them.
async fn rows_staged_by_an_earlier_version_are_applied(db: &Database) {
    let world = World::empty(&db.store).await;
    let id = ImportId::random();
    db.store.begin_import(&world.new_import(id, 1)).await.expect("begins");
    let (uuid, bytes) = if db.is_postgres() { ("uuid", "bytea") } else { ("blob", "blob") };
    let hex = |b: &[u8]| {
        let digits: String = b.iter().map(|b| format!("{b:02x}")).collect();
        if db.is_postgres() { format!("'\\x{digits}'::bytea") } else { format!("x'{digits}'") }
    };
    let mut sql = format!(
        "DELETE FROM schema_version WHERE version >= 8; DROP TABLE staging; DROP TABLE doubt;
         ALTER TABLE quarantine DROP COLUMN record_key; ALTER TABLE quarantine DROP COLUMN content_hash;
         CREATE TABLE staging (import {uuid} NOT NULL, record_key {bytes} NOT NULL, row_no bigint NOT NULL,
             content_hash {bytes} NOT NULL, record {uuid} NOT NULL, ephemeral {bytes} NOT NULL,
             wrapped_key {bytes} NOT NULL, identity {bytes} NOT NULL, contact {bytes} NOT NULL,
             protection {bytes} NOT NULL, free_text {bytes} NOT NULL, key_version integer NOT NULL,
             PRIMARY KEY (import, row_no));"
    );
    let mut sealer = Sealer::new(&mut rand::rng(), &world.keys.public, world.incident);
    let records = [record("KE", 1), record("KE", 2)];
    for (n, r) in records.iter().enumerate() {
        let row = RecordId::random();
        let sealed = sealer.seal_record(row, r).expect("seals");
        let index = &world.keys.index;
        sql += &format!(
            "INSERT INTO staging VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {});",
            db.literal(id.uuid()),
            hex(&index.record_key(&r.society, &r.system, r.record_id.expose())),
            n + 1,
            hex(&index.content_hash(r)),
            db.literal(row.uuid()),
            hex(&sealed.ephemeral),
            hex(&sealed.wrapped_key),
            hex(&sealed.identity),
            hex(&sealed.contact),
            hex(&sealed.protection),
            hex(&sealed.free_text),
            sealed.key_version,
        );
    }
    db.tamper(&sql).await.expect("as it was");
    db.store.migrate().await.expect("migrates");
    db.store.finish_staging(id, 2).await.expect("all there");
    assert_eq!(world.apply(id).await.new, 2);
    let opener = Opener::new(&world.keys.secret, world.incident);
    let rows = db.store.records(world.incident, None, 10).await.expect("records");
    let opened: Vec<_> = rows.iter().map(|r| opener.open(r.id, &r.sealed).expect("opens")).collect();
    assert!(records.iter().all(|r| opened.contains(r)));
}

async fn two_files_of_one_register_wait_for_each_other(db: &Database) {
    let world = World::empty(&db.store).await;
    let begun = (0..8).map(|n| {
        let (store, new) = (db.store.clone(), world.new_import(ImportId::random(), n));
        tokio::spawn(async move { store.begin_import(&new).await })
    });
    let mut new = 0;
    let mut busy = None;
    for b in begun.collect::<Vec<_>>() {
        match b.await.expect("runs") {
            Ok(Begun::New) => new += 1,
            Err(StoreError::ImportBusy(id)) => busy = Some(id),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(new, 1);
    let open = busy.expect("the others were told which");
    db.store.abandon_import(open).await.expect("given up");
    assert_eq!(db.store.abandon_import(open).await, Err(StoreError::ImportState(open)));
    assert_eq!(world.import(9, &[record("KE", 1)]).await.new, 1);
    let last = db.store.imports(world.incident).await.expect("imports").pop().expect("one");
    assert_eq!(db.store.abandon_import(last.id).await, Err(StoreError::ImportState(last.id)));
}

async fn a_row_under_a_foreign_id_is_not_applied(db: &Database) {
    let world = World::empty(&db.store).await;
    world.import(1, &[record("KE", 1)]).await;
    let id = ImportId::random();
    db.store.begin_import(&world.new_import(id, 2)).await.expect("begins");
    let mut changed = record("KE", 1);
    changed.legal_hold = true;
    let key = world.keys.index.record_key(&changed.society, "rfl", "R-1");
    let mut block = Block::new(Sealer::new(&mut rand::rng(), &world.keys.public, world.incident));
    block.push(1, key, RecordId::random(), &changed, &world.keys.index).expect("seals");
    db.store.stage(id, block).await.expect("stages");
    db.store.finish_staging(id, 1).await.expect("all there");
    let applied = world.apply(id).await;
    assert_eq!((applied.new, applied.updated), (0, 0));
    assert_eq!(db.store.quarantined(id).await.expect("rows").len(), 1);
    assert!(db.store.ledger(world.incident, None).await.expect("a ledger").balanced());
}

async fn a_row_that_could_not_be_read_leaves_its_record_in_doubt_until_one_is(db: &Database) {
    let world = World::linked(&db.store, 3).await;
    let key = |n: usize| {
        let record = record("KE", n);
        world.keys.index.record_key(&record.society, "rfl", record.record_id.expose())
    };
    let records = db.store.records(world.incident, None, 10).await.expect("records");
    let doubted = async |n: usize| {
        let record = records.iter().find(|r| r.record_key == key(n)).expect("known");
        let rows = db.store.load_persons(world.incident, &[record.person.expect("linked")]).await.expect("loads");
        (rows[0].doubted.len(), rows[0].facts_version)
    };
    let aside = |row_no, key| QuarantineRow {
        row_no,
        column: "birth".to_owned(),
        reason: "not a date".to_owned(),
        record_key: key,
        content_hash: None,
    };
    // The next file: one row that can be read, one of which no more than its id, and one of which nothing.
    let id = ImportId::random();
    db.store.begin_import(&world.new_import(id, 2)).await.expect("begins");
    world.stage(id, 1, &[record("KE", 0)]).await;
    // A second row of record 2 says what is known of it; that is no doubt.
    let twin =
        QuarantineRow { content_hash: Some(world.keys.index.content_hash(&record("KE", 2))), ..aside(4, Some(key(2))) };
    db.store.quarantine(id, vec![aside(2, Some(key(1))), aside(3, None), twin]).await.expect("quarantined");
    assert_eq!(doubted(1).await, (0, 1), "nothing is applied yet");
    db.store.finish_staging(id, 4).await.expect("all there");
    world.apply(id).await;
    assert_eq!([doubted(0).await, doubted(1).await, doubted(2).await], [(0, 1), (1, 2), (0, 1)]);
    assert_eq!(db.store.quarantined(id).await.expect("rows")[0].record_key, Some(key(1)));

    // A file of which no row can be read at all, and of which nothing has to be applied.
    let id = ImportId::random();
    db.store.begin_import(&world.new_import(id, 3)).await.expect("begins");
    db.store.quarantine(id, vec![aside(1, Some(key(2))), aside(2, Some(key(1)))]).await.expect("quarantined");
    db.store.finish_staging(id, 2).await.expect("all there");
    assert_eq!([doubted(1).await, doubted(2).await], [(1, 2), (1, 2)], "a doubt is raised once");

    // The mended file: the same rows as ever settle what was in doubt.
    world.import(4, &[record("KE", 0), record("KE", 1)]).await;
    assert_eq!([doubted(0).await, doubted(1).await, doubted(2).await], [(0, 1), (0, 3), (1, 2)]);
    assert!(db.store.ledger(world.incident, None).await.expect("a ledger").balanced());
}

async fn what_is_shredded_opens_no_more_and_stays_in_the_ledger(db: &Database) {
    let world = World::linked(&db.store, 3).await;
    let opener = Opener::new(&world.keys.secret, world.incident);
    let gone = world.records[1];
    assert_eq!(db.store.shred_records(world.incident, &[gone]).await, Ok(1));
    assert_eq!(db.store.shred_records(world.incident, &[gone]).await, Ok(0));
    for row in db.store.records(world.incident, None, 10).await.expect("records") {
        let opened = opener.open(row.id, &row.sealed).map(|_| ());
        let expected = if row.id == gone { Err(SealError::Shredded) } else { Ok(()) };
        assert_eq!(opened, expected);
    }
    assert_eq!(world.facts_version(1).await, 2);
    let ledger = db.store.ledger(world.incident, None).await.expect("a ledger");
    assert!(ledger.balanced() && ledger.records == 3);
    db.store.shred_incident(world.incident).await.expect("shredded");
    let row = db.store.incident(world.incident).await.expect("loads").expect("is there");
    let master = store::seal::MasterKey::generate(&mut rand::rng());
    assert_eq!(row.keys.open_secret(&master).err(), Some(SealError::Shredded));
    assert_eq!(row.keys.open_index(&master).err(), Some(SealError::Shredded));
}
