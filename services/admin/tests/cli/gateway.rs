//! Keys, accounts, files and checks of gateways, as an operator types them.

use domain::receipt::ReceiptKind;
use serde_json::Value;

use crate::office::{By, Office, attempts};
use crate::{Desk, set_up, two_people};

fn states(desk: &Desk) -> Vec<String> {
    let list = desk.ok(&["gateway", "list"]);
    let mut states: Vec<String> = list.as_array().expect("a list").iter().map(|g| desk.text(&g["state"])).collect();
    states.sort();
    states
}

#[test]
fn keys_rotate_in_the_middle_of_a_campaign_and_nothing_becomes_unreadable() {
    let mut office = Office::launched(2, &[By::Caseworker; 5]);
    office.work_until("two messages", || office.left(2));
    let old = office.carry_out();

    let (first, second) = ("ke-1.jwks".to_owned(), office.another_pair());
    let desk = &office.desk;
    let rotate = ["gateway", "rotate", "KE"];
    let keys = |file: &'static str| ["gateway", "rotate", "KE", "--keys", file, "--as", "anna"];
    assert_eq!(second, "ke-2.jwks");
    assert!(desk.fails(3, &keys("ke-1.jwks")).contains("known already"));
    assert!(desk.fails(3, &["gateway", "add", "KE", "--keys", &second, "--as", "anna"]).contains("gateway rotate"));
    assert!(desk.fails(1, &[&rotate[..], &["--as", "anna"]].concat()).contains("no keys that are being rotated out"));
    two_people(desk, &["gateway", "rotate", "KE", "--keys", &second]);
    assert_eq!(states(desk), ["active", "retiring"]);

    // The old key's receipts count; what they set free is not sealed to a key that nobody approved.
    let told = attempts(&office.open(&[0], &old));
    assert_eq!(told.len(), 2);
    office.bring(&office.receipts(0, &told, ReceiptKind::Accepted));
    office.work_until("the pause", || office.status()["state"] == "paused");
    assert_eq!(office.waiting(), 0);
    let desk = &office.desk;
    two_people(desk, &["campaign", "approve", &office.campaign]);
    two_people(desk, &["campaign", "resume", &office.campaign]);
    office.work_until("two more messages", || office.left(2));
    let new = office.carry_out();
    for (pairs, opened) in [(&[0][..], (2, 0)), (&[1], (0, 2)), (&[0, 1], (2, 2)), (&[1, 0], (2, 2))] {
        let count = |lines: &[String]| attempts(&office.open(pairs, lines)).len();
        assert_eq!((count(&old), count(&new)), opened, "{pairs:?}");
    }

    // The old key stays as long as anything that was sealed to it is open.
    let desk = &office.desk;
    assert!(desk.fails(3, &[&rotate[..], &["--as", "anna"]].concat()).contains("2 attempts"));
    office.bring(&office.receipts(0, &told, ReceiptKind::Informed));
    office.work_until("two informed", || office.persons("informed") == 2);
    two_people(&office.desk, &rotate);
    assert_eq!(states(&office.desk), ["active", "revoked"]);
    let back = office.desk.fails(3, &["gateway", "rotate", "KE", "--keys", &first, "--as", "anna"]);
    assert!(back.contains("known already"), "a revoked key never comes back: {back}");

    // From then on it says nothing that counts.
    let later = attempts(&office.open(&[1], &new));
    office.bring(&office.receipts(0, &later, ReceiptKind::Informed));
    office.bring(&office.receipts(1, &later[..1], ReceiptKind::Informed));
    office.work_until("one more informed", || office.persons("informed") >= 3);
    assert_eq!(office.persons("informed"), 3);
    assert_eq!(office.desk.ok(&["audit", "verify"])["whole"].as_bool(), Some(true));
}

#[test]
fn keys_that_somebody_else_has_are_revoked_whatever_needs_them() {
    let mut office = Office::launched(500, &[By::Caseworker; 2]);
    office.work_until("messages", || office.left(2));
    let sent = attempts(&office.open(&[0], &office.carry_out()));
    let args = ["gateway", "rotate", "KE", "--compromised"];
    two_people(&office.desk, &args);
    assert_eq!(states(&office.desk), ["revoked"]);
    // There is nobody to seal a recall to, and the command says so instead of waiting for it.
    let stopped = office.desk.ok(&["campaign", "stop", &office.campaign, "--as", "anna"]);
    assert_eq!((stopped["recalled"].as_u64(), stopped["without_key"].as_u64()), (Some(0), Some(2)), "{stopped}");
    // The thief speaks first, then the gateway with the keys that it has now.
    let fresh = office.another_pair();
    two_people(&office.desk, &["gateway", "add", "KE", "--keys", &fresh]);
    office.bring(&office.receipts(0, &sent, ReceiptKind::Informed));
    office.bring(&office.receipts(1, &sent[..1], ReceiptKind::Informed));
    office.work_until("an answer", || office.persons("informed") > 0);
    assert_eq!(office.persons("informed"), 1);
}

#[test]
fn messages_and_receipts_travel_as_files_and_a_csv_is_answered_for() {
    let office = Office::launched(500, &[By::Caseworker; 3]);
    office.work_until("messages", || office.left(3));
    let desk = &office.desk;
    let there = desk.write("there.jsonl", "");
    let lines = office.carry_out();
    assert!(desk.fails(2, &["gateway", "export", "KE", "--file", &there, "--as", "anna"]).contains("exists"));
    let nothing = desk.ok(&["gateway", "export", "KE", "--file", "nothing.jsonl", "--as", "anna"]);
    assert_eq!(nothing["messages"].as_u64(), Some(0), "what was carried out is not carried out twice");
    let sent = attempts(&office.open(&[0], &lines));
    let file = office.receipts(0, &sent, ReceiptKind::Accepted);
    let bad = desk.write("bad.jsonl", "a.b.c.d.e\nhello\n");
    let said = desk.fails(2, &["gateway", "import", "KE", "--file", &bad, "--as", "anna"]);
    assert!(said.contains("bad.jsonl line 2") && said.contains("nothing was imported"), "{said}");
    assert_eq!(office.untaken(), 0);
    office.bring(&file);
    office.bring(&file);

    let row = |n: usize, rest: &str| format!("{},{rest}\n", sent[n]);
    let head = "attempt,kind,at,code\n";
    let csv =
        [head, &row(0, "informed,2026-11-28T09:00:00Z,"), &row(1, "failed,2026-11-28T10:00:00+03:00,unreachable")];
    let csv = desk.write("ke.csv", &csv.concat());
    let import = |file: &str| desk.ok(&["receipt", "import", file, "--society", "KE", "--as", "ben"]);
    let wrong = desk.write("wrong.csv", &[head, &row(0, "arrived,2026-11-28T09:00:00Z,")].concat());
    assert!(desk.fails(2, &["receipt", "import", &wrong, "--society", "KE", "--as", "ben"]).contains("row 2"));
    assert_eq!(import(&csv)["receipts"].as_u64(), Some(2));
    assert_eq!(import(&csv)["foreign"].as_u64(), Some(0));
    assert!(desk.fails(1, &["receipt", "import", &csv, "--society", "KE", "--as", "nobody"]).contains("nobody"));
    let other = desk.ok(&["receipt", "import", &csv, "--society", "ICRC", "--as", "ben"]);
    assert_eq!(other["foreign"].as_u64(), Some(2), "another Society says nothing about these attempts");
    office.work_until("both", || office.persons("informed") == 1 && office.persons("exhausted") == 1);
    assert_eq!(office.persons("in_progress"), 1);
    assert_eq!(office.desk.ok(&["audit", "verify"])["whole"].as_bool(), Some(true));
}

#[test]
fn a_gateway_that_says_nothing_fails_the_check() {
    let desk = Desk::new();
    let keys = desk.write("ke.jwks", &crate::gateway_keys("KE"));
    let check = ["gateway", "check", "KE", "--folder", "check", "--keys", &keys, "--wait", "1"];
    let made = desk.ok(&check);
    assert!(desk.path(made["tidings_keys"].as_str().expect("a path")).exists());
    let said = desk.fails(3, &check);
    assert!(said.contains("0 receipts") && said.contains("findings"), "{said}");
    let sent: usize = std::fs::read_dir(desk.path("check/in"))
        .expect("a folder")
        .map(|f| std::fs::read_to_string(f.expect("an entry").path()).expect("text").lines().count())
        .sum();
    assert!(sent > 5, "the script was played: {sent}");
}

/// The URLs of a RabbitMQ for tests.
fn rabbitmq(test: &str) -> Option<(String, String)> {
    let var = |name: &str| std::env::var(name).ok().filter(|url| !url.is_empty());
    let urls = var("AMQP_URL").zip(var("AMQP_MANAGEMENT_URL"));
    if urls.is_none() {
        let required = std::env::var("TIDINGS_REQUIRE_SERVERS").is_ok_and(|value| value == "1");
        assert!(!required, "{test} needs AMQP_URL and AMQP_MANAGEMENT_URL");
        eprintln!("skipped: {test} needs RabbitMQ (tests/run provides it)");
    }
    urls
}

#[test]
fn an_account_at_rabbitmq_is_printed_or_set_up_and_messages_are_carried_from_there() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some((url, management)) = rabbitmq("gateway provision") else { return };
    let desk = Desk::new();
    set_up(&desk);
    let society = std::fs::read_to_string(desk.path("synth/society-KE.toml")).expect("a Society");
    let society = desk.write("ke.toml", &society.replace("synthetic = true", "synthetic = false"));
    two_people(&desk, &["society", "put", &society]);
    // The user of a Society stands for the whole broker; the namespace keeps queues of other tests apart.
    let namespace = format!("test-{}.", uuid::Uuid::new_v4().simple());
    desk.write("tidings.toml", &format!("amqp_url_file = \"amqp.url\"\namqp_namespace = \"{namespace}\"\n"));
    for (name, text) in [("amqp.url", &url), ("management.url", &management)] {
        let name = desk.write(name, text);
        std::fs::set_permissions(desk.path(&name), std::fs::Permissions::from_mode(0o600)).expect("closed");
    }
    let code = "KE";
    let printed = desk.ok(&["gateway", "provision", code, "--as", "anna"]);
    let commands = printed["commands"].as_array().expect("commands");
    assert!(commands.iter().any(|c| c.as_str().is_some_and(|c| c.contains("set_topic_permissions"))), "{printed}");
    let provision = ["gateway", "provision", code, "--management-url-file", "management.url", "--out", "for-ke"];
    let done = desk.ok(&[&provision[..], &["--as", "anna"]].concat());
    let login = std::fs::read_to_string(desk.path("for-ke/KE-amqp-url")).expect("the login");
    assert!(login.starts_with("amqp") && login.contains(desk.text(&done["user"]).as_str()), "a login of its own");
    let mode = std::fs::metadata(desk.path("for-ke/KE-amqp-url")).expect("there").permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else reads the login");
    let again = desk.fails(1, &[&provision[..], &["--as", "anna"]].concat());
    assert!(again.contains("KE-amqp-url"), "a login that was given out is not replaced by mistake: {again}");

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        use broker::{Address, AmqpOptions, Broker, ContentType, Outgoing, Queue, Realm, amqp};
        let options = AmqpOptions { namespace: namespace.clone(), ..Default::default() };
        let admin = amqp(&url, options.clone()).await.expect("RabbitMQ");
        let message = |body: &str| Outgoing {
            to: Address::Notices(Realm::Real, code.to_owned()),
            message_id: uuid::Uuid::new_v4(),
            content_type: ContentType::Jose,
            body: body.as_bytes().to_vec(),
        };
        let sent = admin.publish(vec![message("a.b.c.d.e"), message("f.g.h.i.j")]).await.expect("published");
        assert!(sent.is_complete());
        // As the gateway: what it is allowed, and one thing that it is not (tests of the crate broker have all).
        let gateway = amqp(login.trim(), options).await.expect("logged in");
        assert!(gateway.consume(&Queue::notices(Realm::Real, "KE"), 1).await.is_ok());
        assert!(gateway.publish(vec![message("x")]).await.map_or(true, |p| !p.is_complete()));
    });
    let taken = desk.ok(&["gateway", "export", code, "--file", "ke.jsonl", "--as", "anna"]);
    assert_eq!(taken["messages"].as_u64(), Some(2), "{taken}");
    assert_eq!(std::fs::read_to_string(desk.path("ke.jsonl")).expect("text").lines().count(), 2);
    let given: Value = desk.ok(&["gateway", "import", code, "--file", "ke.jsonl", "--as", "anna"]);
    assert_eq!(given["batches"].as_u64(), Some(2));
    runtime.block_on(async {
        use broker::management::{Account, apply, vhost};
        use broker::{AmqpOptions, Broker, Queue, Realm, Topology, amqp};
        let options = AmqpOptions { namespace: namespace.clone(), ..Default::default() };
        let admin = amqp(&url, options).await.expect("RabbitMQ");
        let waiting = admin.depth(&Queue::receipts(Realm::Real)).await.expect("a queue").messages;
        assert_eq!(waiting, 2, "what was brought in lies where the record stage takes it");
        let account = Account::new(Realm::Real, code, &vhost(&url).expect("a URL"), &namespace).expect("a code");
        apply(&management, &account.removal()).await.expect("removed");
        admin.remove(&Topology::new(Realm::Real, [code])).await.expect("removed");
    });
}
