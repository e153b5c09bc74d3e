//! An office with its own gateway keys: a small real campaign in the embedded setting, its messages opened and its
//! receipts sealed as a Society would.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use contract::jose::jwk::Curve;
use contract::{
    Envelope, FailureCode, GatewayOpener, GatewayPrivate, OpeningKey, OrganisationPublic, Receipt, ReceiptBatch,
    SealingPublic, TidingsKeys, V1, seal_receipts,
};
use domain::receipt::ReceiptKind;
use domain::{AttemptId, Millis};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Desk, manifest, two_people};

/// Waits of these tests end here; nothing depends on how long they take.
const LIMIT: Duration = Duration::from_secs(90);

/// How somebody can be reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// A survivor without a safe contact point: by a caseworker only.
    Caseworker,
    /// By e-mail first.
    Mail,
    /// By text message, on a number that everybody else here lists too.
    SharedPhone,
    /// By text message first, which is neutral: the number is their own and safe, and was confirmed long ago.
    Phone,
}

/// Unlike each other in every field that linkage compares.
const NAMES: [(&str, u16); 8] = [
    ("Zuri Achieng", 1951),
    ("Baraka Mwangi", 1958),
    ("Halima Otieno", 1963),
    ("Juma Kiptoo", 1969),
    ("Neema Wanjiru", 1974),
    ("Omari Shaban", 1980),
    ("Rehema Chebet", 1986),
    ("Tatu Njoroge", 1991),
];

#[expect(clippy::disallowed_methods, reason = "a gateway has its own clock")]
fn now() -> Millis {
    Millis::from(jiff::Timestamp::now())
}

fn person(n: usize, by: By) -> Value {
    let (name, year) = NAMES[n];
    let contacts = match by {
        By::Caseworker => json!([]),
        By::Mail => json!([{
            "kind": "email", "value": format!("person{n}@example.org"), "owner": "self", "collected_on": "2021-03-29",
            "verified_on": "2021-06-17", "status": "active", "safe": "yes", "may_name_org": "yes", "compromised": "no",
        }]),
        // Windows that meet: the hour at which a test runs decides nothing.
        By::SharedPhone => json!([{
            "kind": "phone", "value": "+254712345678", "owner": "self", "collected_on": "2021-03-29",
            "verified_on": "2021-06-17", "status": "active", "safe": "yes", "may_name_org": "yes", "country": "KE",
            "windows": [{ "from": "00:00", "to": "13:00" }, { "from": "12:00", "to": "00:30" }],
        }]),
        By::Phone => json!([{
            "kind": "phone", "value": format!("+2547000001{n:02}"), "owner": "self", "collected_on": "2021-03-29",
            "verified_on": "2021-06-17", "status": "active", "safe": "yes", "may_name_org": "yes", "country": "KE",
        }]),
    };
    let codes = if by == By::Caseworker { json!(["SV-VA"]) } else { json!([]) };
    json!({
        "society": "KE", "system": "aid", "record_id": format!("S-{n}"), "roles": ["aid_recipient"],
        "names": { "full": [name] }, "sex": if n.is_multiple_of(2) { "female" } else { "male" },
        "birth": { "year": year, "month": n + 2, "day": 3 + n, "estimated": false },
        "country_of_presence": "KE", "languages": [{ "tag": "en" }], "literacy": "reads", "contacts": contacts,
        "needs_codes": codes, "concerns": [], "access_needs": [], "consent": {}, "do_not_contact": false,
        "legal_hold": false, "unparsed_restriction": false, "exposure": [], "created_on": "2021-01-10",
        "updated_on": "2021-06-17",
    })
}

pub(crate) struct Office {
    pub(crate) desk: Desk,
    pub(crate) incident: String,
    pub(crate) campaign: String,
    pub(crate) keys: Vec<GatewayPrivate>,
    sequence: Cell<u64>,
    files: Cell<u32>,
    carried: RefCell<BTreeSet<String>>,
}

impl Office {
    /// Planned and approved, with so much credit.
    pub(crate) fn approved_on(desk: Desk, credit: u32, people: &[By]) -> Self {
        desk.ok(&["init", "--operators", "anna,ben"]);
        desk.ok(&["synth", "--people", "1", "--seed", "5", "--societies", "1", "--out", "synth"]);
        let read = |name: &str| std::fs::read_to_string(desk.path(name)).expect("a file");
        let facts = desk.write("incident.toml", &read("synth/incident.toml").replace("\"synthetic\"", "\"real\""));
        let incident = desk.text(&desk.ok(&["incident", "put", &facts])["incident"]);
        let society = read("synth/society-KE.toml");
        assert!(society.contains("credit = 500") && society.contains("closes = \"20:00:00\""), "{society}");
        // A hotline by day and night: the hour at which a test runs decides nothing.
        let society = society
            .replace("credit = 500", &format!("credit = {credit}"))
            .replace("closes = \"20:00:00\"", "closes = \"08:00:00\"")
            .replace("synthetic = true", "synthetic = false");
        let file = desk.write("ke.toml", &society);
        two_people(&desk, &["society", "put", &file]);
        let mut office = Self {
            desk,
            incident,
            campaign: String::new(),
            keys: Vec::new(),
            sequence: Cell::new(0),
            files: Cell::new(0),
            carried: RefCell::default(),
        };
        let file = office.another_pair();
        two_people(&office.desk, &["gateway", "add", "KE", "--keys", &file]);
        office.desk.ok(&["gateway", "provision", "KE", "--out", "for-ke", "--as", "anna"]);
        let read = office.import(people, None);
        assert_eq!(read["new"].as_u64(), Some(people.len() as u64), "{read}");
        let planned =
            office.desk.ok(&["campaign", "plan", "--incident", &office.incident, "--name", "first", "--canary", "0"]);
        assert_eq!(planned["ledger"]["notifications"]["planned"].as_u64(), Some(people.len() as u64), "{planned}");
        office.campaign = office.desk.text(&planned["campaign"]);
        two_people(&office.desk, &["campaign", "approve", &office.campaign]);
        office
    }

    pub(crate) fn launched(credit: u32, people: &[By]) -> Self {
        Self::launched_on(Desk::new(), credit, people)
    }

    pub(crate) fn launched_on(desk: Desk, credit: u32, people: &[By]) -> Self {
        let office = Self::approved_on(desk, credit, people);
        office.desk.ok(&["campaign", "launch", &office.campaign, "--as", "anna"]);
        office
    }

    /// Imports the register, with one person in it whom nobody may contact any more.
    pub(crate) fn import(&self, people: &[By], left_alone: Option<usize>) -> Value {
        let line = |(n, by): (usize, &By)| {
            let mut person = person(n, *by);
            if left_alone == Some(n) {
                person["do_not_contact"] = json!(true);
                person["updated_on"] = json!("2021-07-01");
            }
            format!("{person}\n")
        };
        let text: String = people.iter().enumerate().map(line).collect();
        let name = self.next_file("people");
        let file = self.desk.write(&name, &text);
        let about = self.desk.write(&format!("{name}.toml"), &manifest("canonical", people.len(), &text));
        self.desk.ok(&["import", &file, "--manifest", &about, "--incident", &self.incident])
    }

    /// A new pair of keys; the file of its public half.
    pub(crate) fn another_pair(&mut self) -> String {
        let keys = GatewayPrivate::generate(&mut rand::rng(), "KE".parse().expect("a code"));
        let text = serde_json::to_string(&keys.public().to_jwks()).expect("JSON");
        self.keys.push(keys);
        self.desk.write(&format!("ke-{}.jwks", self.keys.len()), &text)
    }

    pub(crate) fn tidings(&self) -> (OrganisationPublic, SealingPublic) {
        let text = std::fs::read_to_string(self.desk.path("for-ke/KE-tidings-keys.json")).expect("what KE was given");
        serde_json::from_str::<TidingsKeys>(&text).expect("keys").read().expect("usable")
    }

    /// Opens lines with some of our pairs.
    pub(crate) fn open(&self, pairs: &[usize], lines: &[String]) -> Vec<Option<Envelope>> {
        let opening: Vec<OpeningKey> =
            pairs.iter().flat_map(|n| self.keys[*n].to_jwks().each(Curve::X25519).expect("keys")).collect();
        let opener = GatewayOpener::new(opening, self.tidings().0, "KE".parse().expect("a code"));
        lines.iter().map(|line| opener.open(line.as_bytes(), now()).ok()).collect()
    }

    /// Runs all workers until something is true.
    pub(crate) fn work_until(&self, what: &str, done: impl Fn() -> bool) {
        let mut workers = Working(self.desk.command(&["worker", "all"]).spawn().expect("workers start"));
        let began = Instant::now();
        while !done() {
            assert!(workers.0.try_wait().expect("asked").is_none(), "the workers ended before {what}");
            assert!(began.elapsed() < LIMIT, "it never came true: {what}\n{}", self.status());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    pub(crate) fn status(&self) -> Value {
        self.desk.ok(&["campaign", "status", &self.campaign])
    }

    /// Persons in a state.
    pub(crate) fn persons(&self, state: &str) -> u64 {
        self.status()["ledger"]["notifications"][state].as_u64().unwrap_or(0)
    }

    /// Lines that lie in a file of the home folder.
    fn lines(path: &Path) -> Vec<String> {
        std::fs::read_to_string(path).map(|t| t.lines().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// Messages that wait to be carried out. What nobody accepted for a minute is written once more, the same bytes: a
    /// copy is no other message, however long a test takes.
    pub(crate) fn waiting(&self) -> usize {
        self.fresh("tidings-home/outgoing/KE.jsonl").len()
    }

    /// So many messages wait, and it is on record that they left: workers that end between the two have it yet to do.
    pub(crate) fn left(&self, messages: usize) -> bool {
        // Counted first: a message that is written while the status is asked for would be missing from both its figures.
        let waiting = self.waiting();
        let status = self.status();
        waiting == messages && status["dispatches"].as_u64() >= status["messages"].as_u64()
    }

    fn fresh(&self, name: &str) -> BTreeSet<String> {
        let lines: BTreeSet<String> = Self::lines(&self.desk.path(name)).into_iter().collect();
        lines.difference(&self.carried.borrow()).cloned().collect()
    }

    /// Carries them out: the lines of the file.
    pub(crate) fn carry_out(&self) -> Vec<String> {
        let name = self.next_file("messages");
        self.desk.ok(&["gateway", "export", "KE", "--file", &name, "--as", "anna"]);
        let fresh = self.fresh(&name);
        self.carried.borrow_mut().extend(fresh.iter().cloned());
        fresh.into_iter().collect()
    }

    fn next_file(&self, what: &str) -> String {
        self.files.set(self.files.get() + 1);
        format!("{what}-{}.jsonl", self.files.get())
    }

    /// Receipts by one of our pairs, as a file that is to be brought back.
    pub(crate) fn receipts(&self, pair: usize, attempts: &[AttemptId], kind: ReceiptKind) -> String {
        self.sequence.set(self.sequence.get() + 1);
        let keys = &self.keys[pair];
        let code = (kind == ReceiptKind::Failed).then_some(FailureCode::Unreachable);
        let receipt = |attempt: &AttemptId| Receipt {
            idem: Uuid::new_v4(),
            attempt_id: *attempt,
            kind,
            at: now(),
            code,
            task_id: None,
        };
        let batch = ReceiptBatch {
            v: V1,
            society: "KE".parse().expect("a code"),
            gateway_key: keys.public().verifying_kid().to_owned(),
            sequence: self.sequence.get(),
            receipts: attempts.iter().map(receipt).collect(),
        };
        let sealed = seal_receipts(&mut rand::rng(), keys, &self.tidings().1, &batch).expect("sealed");
        self.desk.write(&self.next_file("receipts"), &String::from_utf8(sealed).expect("text"))
    }

    /// Brings receipts in.
    pub(crate) fn bring(&self, file: &str) {
        self.desk.ok(&["gateway", "import", "KE", "--file", file, "--as", "anna"]);
    }

    /// Files of receipts that were not taken in yet.
    pub(crate) fn untaken(&self) -> usize {
        let Ok(files) = std::fs::read_dir(self.desk.path("tidings-home/incoming")) else { return 0 };
        files.filter(|f| f.as_ref().is_ok_and(|f| f.path().extension().is_some_and(|e| e == "jsonl"))).count()
    }

    /// Everything under the home folder.
    pub(crate) fn home_files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.desk.path("tidings-home")];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files
    }
}

/// Attempts of opened messages.
pub(crate) fn attempts(envelopes: &[Option<Envelope>]) -> Vec<AttemptId> {
    envelopes.iter().flatten().map(|e| e.attempt_id).collect()
}

/// Workers of a test; they end with it.
struct Working(Child);

impl Drop for Working {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
