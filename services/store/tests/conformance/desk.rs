//! Tasks of teams and codes of callers, on both databases.

use domain::receipt::ReceiptKind;
use domain::{AttemptId, Channel, Level, Millis};
use rand::RngExt as _;
use store::{Asked, AuditEntry};

use crate::database::Database;
use crate::on_both;
use crate::world::{World, receipt, society};

on_both!(
    a_task_is_seen_while_a_team_has_it,
    a_code_is_known_once_its_message_has_left,
    guessing_ends_after_the_limit_whoever_asks_at_once,
    what_one_operator_does_is_counted_in_its_time,
    random_codes_find_nothing_and_one_desk_hears_ten_answers
);

const HOUR: i64 = Millis::HOUR;

/// Codes that are tried (`reliability.md` T1): a million with `TIDINGS_GUESSES=1000000`, fewer in every run.
fn guesses() -> usize {
    std::env::var("TIDINGS_GUESSES").ok().and_then(|n| n.parse().ok()).unwrap_or(200)
}

async fn a_task_is_seen_while_a_team_has_it(db: &Database) {
    let world = World::linked(&db.store, 3).await;
    world.create_campaign().await;
    let mut plans = Vec::new();
    for (n, channel) in [Channel::Caseworker, Channel::Sms, Channel::VisitDetention].into_iter().enumerate() {
        plans.push(world.plan_of(n, vec![world.step(n, channel, Level::L3)]).await);
    }
    db.store.save_plans(world.campaign, plans).await.expect("saves");
    world.launch().await;
    let attempts = world.release(10).await;
    let open = async || db.store.tasks(Some(world.campaign), None, false, 10).await.expect("tasks");
    assert!(open().await.is_empty(), "nothing has left yet");
    world.dispatch(&attempts).await;
    let tasks = open().await;
    assert_eq!(tasks.len(), 2, "a text message is no task");
    for task in &tasks {
        let n = world.person_of(task.attempt).await;
        assert_eq!((task.person, &task.society, task.drill), (world.persons[n], &world.society, true));
        assert_eq!(db.store.task(task.attempt).await, Ok(Some(task.clone())));
    }
    let message = attempts.iter().find(|a| tasks.iter().all(|t| t.attempt != **a)).expect("the text message");
    assert_eq!(db.store.task(*message).await, Ok(None));
    assert_eq!(db.store.task(AttemptId::random()).await, Ok(None));
    assert_eq!(db.store.tasks(None, Some(&society("ET")), true, 10).await, Ok(vec![]), "another Society's teams");
    assert_eq!(db.store.tasks(None, Some(&world.society), true, 1).await.expect("tasks").len(), 1);
    world.receive(&[receipt(tasks[0].attempt, ReceiptKind::Accepted)]).await;
    assert_eq!(open().await.len(), 2, "a team that has taken it has it");
    world.receive(&[receipt(tasks[0].attempt, ReceiptKind::Informed)]).await;
    assert_eq!(open().await.iter().map(|t| t.attempt).collect::<Vec<_>>(), [tasks[1].attempt]);
    let all = db.store.tasks(Some(world.campaign), None, true, 10).await.expect("tasks");
    assert_eq!(all.iter().filter(|t| !t.open).map(|t| t.attempt).collect::<Vec<_>>(), [tasks[0].attempt]);
}

async fn a_code_is_known_once_its_message_has_left(db: &Database) {
    let world = World::running(&db.store, 2).await;
    let attempts = world.release(10).await;
    let code = |attempt: AttemptId| World::sealed(attempt, 1).reference;
    let ask = async |code: &str| db.store.ask_code("desk", code, 10, HOUR).await.expect("answers");
    db.store.save_sealed(attempts.iter().map(|a| World::sealed(*a, 1)).collect()).await.expect("seals");
    assert_eq!(ask(&code(attempts[0])).await, Asked::Unknown, "nobody can have read it yet");
    db.store.mark_dispatched(&attempts, world.now().await).await.expect("marks");
    match ask(&code(attempts[0])).await {
        Asked::Known(row) => {
            assert_eq!((row.attempt, &row.society, row.shared), (attempts[0], &world.society, false));
            assert_eq!((row.campaign, row.incident, row.channel), (world.campaign, world.incident, Channel::Sms));
        }
        other => panic!("{other:?}"),
    }
    // One code in two messages stands for nobody.
    let twin = format!(
        "UPDATE message SET reference = '{}' WHERE attempt = {}",
        code(attempts[0]),
        db.literal(attempts[1].uuid())
    );
    db.tamper(&twin).await.expect("made");
    assert_eq!(ask(&code(attempts[0])).await, Asked::Unknown);
    // The audit holds that somebody asked, and not what.
    let rows = db.store.audit_rows(0, 100).await.expect("rows");
    assert_eq!(rows.iter().filter(|r| r.entry.actor == "desk").count(), 3);
    assert!(rows.iter().all(|r| !r.entry.subject.contains(&code(attempts[0]))));
    db.store.verify_audit().await.expect("whole");
}

async fn guessing_ends_after_the_limit_whoever_asks_at_once(db: &Database) {
    let world = World::running(&db.store, 1).await;
    let attempts = world.release(10).await;
    world.dispatch(&attempts).await;
    let right = World::sealed(attempts[0], 1).reference;
    let tries = (0..40).map(|n| {
        let store = db.store.clone();
        tokio::spawn(async move { store.ask_code("desk", &format!("WRONG-{n:05}"), 10, HOUR).await.expect("answers") })
    });
    let mut answered = 0;
    for t in tries.collect::<Vec<_>>() {
        match t.await.expect("runs") {
            Asked::Unknown => answered += 1,
            Asked::Locked => {}
            Asked::Known(row) => panic!("guessed {row:?}"),
        }
    }
    assert_eq!(answered, 10);
    let ask = async |who: &str| db.store.ask_code(who, &right, 10, HOUR).await.expect("answers");
    assert_eq!(ask("desk").await, Asked::Locked, "a right code is not answered either");
    assert!(matches!(ask("another desk").await, Asked::Known(_)));
    let now = world.now().await;
    db.store.jump_clock(now.plus(HOUR + 1_000)).await.expect("jumps");
    assert!(matches!(ask("desk").await, Asked::Known(_)), "an hour later");
}

async fn what_one_operator_does_is_counted_in_its_time(db: &Database) {
    let world = World::empty(&db.store).await;
    let entry = |actor: &str, what: &str| AuditEntry {
        actor: actor.to_owned(),
        what: what.to_owned(),
        subject: "{}".to_owned(),
    };
    let within = async |e: &AuditEntry| db.store.audit_within(e, 3, Millis::DAY).await.expect("answers");
    let mine = entry("anna", "task opened");
    let tries = (0..20).map(|_| {
        let (store, mine) = (db.store.clone(), mine.clone());
        tokio::spawn(async move { store.audit_within(&mine, 3, Millis::DAY).await.expect("answers") })
    });
    let mut done = 0;
    for t in tries.collect::<Vec<_>>() {
        done += u32::from(t.await.expect("runs"));
    }
    assert_eq!(done, 3);
    assert!(within(&entry("ben", "task opened")).await && within(&entry("anna", "something else")).await);
    db.store.jump_clock(world.now().await.plus(Millis::DAY + 1_000)).await.expect("jumps");
    assert!(within(&mine).await);
    db.store.verify_audit().await.expect("whole");
}

async fn random_codes_find_nothing_and_one_desk_hears_ten_answers(db: &Database) {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let world = World::running(&db.store, 50).await;
    let attempts = world.release(500).await;
    world.dispatch(&attempts).await;
    let mut dice = rand::rng();
    let mut code = || -> String { (0..10).map(|_| char::from(LETTERS[dice.random_range(0..32)])).collect() };
    let (mut answered, mut locked) = (0, 0);
    for _ in 0..guesses() {
        match db.store.ask_code("desk", &code(), 10, HOUR).await.expect("answers") {
            Asked::Unknown => answered += 1,
            Asked::Locked => locked += 1,
            Asked::Known(row) => panic!("guessed {row:?}"),
        }
    }
    assert_eq!((answered, locked), (10, guesses() - 10));
    // As many desks as it takes, so that every code is looked up and none is turned away.
    for n in 0..guesses() {
        let desk = format!("desk {}", n / 10);
        assert_eq!(db.store.ask_code(&desk, &code(), 10, HOUR).await.expect("answers"), Asked::Unknown);
    }
    db.store.verify_audit().await.expect("whole");
}
