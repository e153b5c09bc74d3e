//! Nothing personal lies in clear: not in the store, not on the broker, not in a log. One invented person carries a
//! word that occurs nowhere else in every field of the record; after a whole campaign it must not be found.

use std::path::Path;
use std::process::Command;

use admin::config::{Config, ProcessEnvironment};
use admin::drill::driver::Quiet;
use admin::drill::embedded;
use admin::drill::setup::{Scene, Size};
use domain::channel::ContactKind;
use domain::record::{ContactOwner, ContactPoint, Record, Relation, RelationKind, Role, Text};
use support::crew::STAGES;
use support::servers::Servers;

/// In Latin letters, so that no normalisation changes it.
const CANARY: &str = "Zqxkanarius";
/// A number in the canary's phone.
const NUMBER: &str = "700991177";

fn canary(society: domain::SocietyCode, system: &str) -> Record {
    let word = |suffix: &str| Text::from(format!("{CANARY}{suffix}"));
    let mut record = Record::bare(society, system, &format!("{CANARY}-id"));
    record.case_id = Some(word("case"));
    record.roles = vec![Role::AidRecipient];
    record.names.full = vec![word(" full")];
    record.names.given = Some(word("given"));
    record.names.family = Some(word("family"));
    record.names.father = Some(word("father"));
    record.names.mother = Some(word("mother"));
    record.names.nickname = Some(word("nick"));
    record.birth_place = Some(word("birthplace"));
    record.strong_ids = vec![word("strong")];
    record.places = vec![word("place")];
    record.detention_place = None;
    record.country_of_presence = Some("KE".to_owned());
    let mut phone = ContactPoint::bare(ContactKind::Phone, &format!("+254{NUMBER}"));
    phone.owner = Some(ContactOwner::Own);
    phone.code_name = Some(word("code"));
    record.contacts = vec![
        phone,
        ContactPoint::bare(ContactKind::Email, &format!("{}@example.org", CANARY.to_lowercase())),
        ContactPoint::bare(ContactKind::Address, &format!("{CANARY} street 1")),
    ];
    record.relations = Some(vec![Relation {
        kind: RelationKind::Family,
        record: None,
        name: Some(word("relative")),
        authority: Some(word("authority")),
        verified_by: None,
        verified_on: None,
        since: None,
        until: None,
        alleged_perpetrator: None,
        child_agrees: None,
        languages: Vec::new(),
        vital: None,
        liberty: None,
        needs_codes: None,
        what: Some(word("what")),
    }]);
    record
}

/// The canary in any case, in clear, in hex (as PostgreSQL writes bytea) and in base64 (three alignments).
fn needles() -> Vec<String> {
    let mut needles = vec![CANARY.to_lowercase(), NUMBER.to_owned()];
    for text in [CANARY, &CANARY.to_lowercase(), NUMBER] {
        needles.push(text.bytes().map(|b| format!("{b:02x}")).collect());
        for skip in 0..3 {
            let aligned = &text.as_bytes()[skip..];
            needles.push(base64(&aligned[..aligned.len() / 3 * 3]).to_lowercase());
        }
    }
    needles
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let triple = |c: &[u8]| u32::from(c[0]) << 16 | u32::from(c[1]) << 8 | u32::from(c[2]);
    let letters = |n: u32| [18, 12, 6, 0].map(|shift| LETTERS[(n >> shift & 63) as usize] as char);
    bytes.chunks_exact(3).flat_map(|c| letters(triple(c))).collect()
}

fn assert_clean(what: &str, content: &[u8]) {
    let text = String::from_utf8_lossy(content).to_lowercase();
    for needle in needles() {
        assert!(!text.contains(&needle), "{what} holds the canary in clear (as {needle})");
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|e| Some(e.ok()?.path()));
    paths.flat_map(|p| if p.is_dir() { files(&p) } else { vec![p] }).collect()
}

fn release_the_canary(scene: &mut Scene) {
    let register = scene.population.registers.iter_mut().find(|r| !r.records.is_empty()).expect("a register");
    register.records.push(canary(register.society.clone(), &register.system));
}

#[test]
fn the_search_finds_what_it_looks_for() {
    for clear in [CANARY.to_owned(), CANARY.bytes().map(|b| format!("{b:02x}")).collect(), base64(b"a Zqxkanarius x.")]
    {
        let found = std::panic::catch_unwind(|| assert_clean("a sample", clear.as_bytes())).is_err();
        assert!(found, "{clear} went unnoticed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn embedded_store_holds_nothing_personal_in_clear() {
    let home = tempfile::tempdir().expect("a folder");
    let config = Config::load(None, &ProcessEnvironment).expect("a configuration").embedded_in(home.path());
    let mut scene = Scene::new(&config, Size { people: 60, seed: 3 }).await.expect("a scene");
    release_the_canary(&mut scene);
    let summary = embedded::play(&mut scene, &mut Quiet).await.expect("played");
    assert!(summary.balanced && summary.messages > 0);
    let kept: Vec<_> =
        files(home.path()).into_iter().filter(|p| !p.starts_with(home.path().join("registers"))).collect();
    assert!(kept.iter().any(|p| p.to_string_lossy().contains("sqlite")), "no database was searched");
    for file in kept {
        assert_clean(&file.display().to_string(), &std::fs::read(&file).unwrap_or_default());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_and_logs_hold_nothing_personal_in_clear() {
    let Some(servers) = Servers::for_test("the canary test on servers") else { return };
    let home = tempfile::tempdir().expect("a folder");
    let config = servers.config(home.path());
    let mut scene = Scene::new(&config, Size { people: 60, seed: 3 }).await.expect("a scene");
    release_the_canary(&mut scene);
    let played =
        support::served::play_scene(&servers, scene, &STAGES, &mut Quiet, &[("RUST_LOG", "trace")], |_| {}).await;
    assert!(played.summary.balanced && played.summary.messages > 0);
    let dump = Command::new("pg_dump").arg(&servers.database_url).output().expect("pg_dump runs");
    assert!(dump.status.success() && dump.stdout.len() > 100_000, "nothing was dumped");
    assert_clean("the dump of PostgreSQL", &dump.stdout);
    let log = played.crew.lock().expect("nobody panicked").log();
    assert!(log.contains("worker starts"), "the workers' log was not searched");
    assert_clean("the workers' log", log.as_bytes());
    // The private instances of tests/run say where their files are: the broker's disk and both servers' logs.
    if let Ok(data) = std::env::var("TIDINGS_SERVERS_DATA") {
        for file in files(Path::new(&data)).iter().filter(|f| !f.components().any(|c| c.as_os_str() == "base")) {
            assert_clean(&file.display().to_string(), &std::fs::read(file).unwrap_or_default());
        }
    }
}
