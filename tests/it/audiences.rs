//! What every audience is told and must not be told, read off the messages that gateways opened, in both settings;
//! and that no message to a family says anything about the person they look for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use admin::config::{Config, ProcessEnvironment};
use admin::drill::driver::Quiet;
use admin::drill::embedded;
use admin::drill::gateways::{Behaviour, Opened, Served};
use admin::drill::setup::{Scene, Size};
use admin::drill::summary::Summary;
use domain::channel::ContactKind;
use domain::record::{
    Age, Answer, Birth, ChildStatus, ConsentSource, ContactOwner, ContactPoint, ContactStatus, Dated, DetentionMarker,
    LanguageWish, Liberty, Literacy, Record, Role, Text, Vital, Whereabouts,
};
use domain::{Audience, Channel, Level, PersonId};
use jiff::civil::Date;
use registers::synth::{GROUPS, Truth};
use store::Store;
use support::crew::STAGES;
use support::servers::Servers;

/// Every story several times, small enough for every run.
const SIZE: Size = Size { people: 420, seed: 21 };

/// Beginnings of words that a neutral call-back never contains.
const TELLING: [&str; 12] = [
    "breach", "broke", "computer", "trac", "missing", "detain", "prison", "child", "asylum", "refugee", "famil",
    "relative",
];

fn speak_english(scene: &mut Scene) {
    let english = || vec![LanguageWish { tag: "en".to_owned(), mode: None }];
    for record in scene.population.registers.iter_mut().flat_map(|r| &mut r.records) {
        record.languages = english();
        for relation in record.relations.iter_mut().flatten() {
            relation.languages = english();
        }
    }
}

/// Somebody in an assessed register of Kenya, with everything known that silence would leave open.
fn known(id: &str, role: Role, now: Date) -> Record {
    let mut record = Record::bare("KE".parse().expect("a code"), "rfl", id);
    record.roles = vec![role];
    record.names.full = vec![Text::from(format!("Invented {id}"))];
    record.birth = Some(Birth { year: 1980, month: Some(5), day: Some(2), estimated: false });
    record.country_of_presence = Some("KE".to_owned());
    record.literacy = Some(Literacy::Reads);
    (record.needs_codes, record.concerns, record.access_needs) = (Some(vec![]), Some(vec![]), Some(vec![]));
    record.contacts = vec![safe(ContactKind::Phone, &format!("+2547219900{}", id.len()), now)];
    record.updated_on = Some(now);
    record
}

/// A contact point that everything is known of.
fn safe(kind: ContactKind, value: &str, now: Date) -> ContactPoint {
    let mut point = ContactPoint::bare(kind, value);
    (point.owner, point.status) = (Some(ContactOwner::Own), Some(ContactStatus::Active));
    (point.safe, point.may_name_org) = (Some(Answer::Yes), Some(Answer::Yes));
    (point.verified_on, point.collected_on, point.safe_confirmed_on) = (Some(now), Some(now), Some(now));
    point.country = Some("KE".to_owned());
    let window = serde_json::json!({ "from": "08:00", "to": "20:00" });
    point.windows = Some(vec![serde_json::from_value(window).expect("a window")]);
    point
}

/// Rows of protection.md section 4 that the stories tell too rarely: somebody who was released, and a verified guardian.
fn add_the_rare(scene: &mut Scene) {
    let now = scene.population.registers.iter().flat_map(|r| &r.records).filter_map(|r| r.updated_on).max();
    let now = now.expect("dated records");
    let mut released = known("released-one", Role::ExDetainee, now);
    let day = |year| Date::new(year, 3, 1).expect("a date");
    released.detention_markers = Some(vec![DetentionMarker { on: Some(day(2019)) }]);
    released.liberty = Some(Dated { value: Liberty::ReleasedConfirmed, as_of: Some(day(2020)) });
    let mut child = known("child-with-guardian", Role::AidRecipient, now);
    child.birth = Some(Birth { year: now.year() - 9, month: Some(5), day: Some(2), estimated: false });
    child.child_status = Some(ChildStatus::WithParents);
    child.consent.source = Some(ConsentSource::Caregiver);
    child.consent.withholding = Some(false);
    child.caregiver_perpetrator = Some(Answer::No);
    let guardian = serde_json::json!({
        "kind": "guardian", "name": "Invented guardian", "authority": "Court", "verified_by": "Desk", "since": "2015-01-01",
        "verified_on": now.to_string(), "alleged_perpetrator": "no", "child_agrees": "yes",
        "vital": "alive", "liberty": "free", "needs_codes": [],
    });
    child.relations = Some(vec![serde_json::from_value(guardian).expect("a relation")]);
    child.contacts[0].owner = Some(ContactOwner::Guardian);
    child.contacts[0].guardian = Some(0);
    let mut partner = known("partner-office", Role::PartnerOrganisation, now);
    (partner.birth, partner.literacy) = (None, None);
    partner.age = Some(Age { min: 18, max: 120, as_of: now, estimated: false });
    partner.contacts = vec![safe(ContactKind::Email, "office@partner.example", now)];
    partner.contacts[0].published = true;
    partner.contacts[0].compromised = Some(Answer::No);
    for record in [released, child, partner] {
        let population = &mut scene.population;
        let at = population.registers.iter().position(|r| r.society == record.society && r.system == record.system);
        let at = at.expect("Kenya's tracing register");
        population.truth.push(Truth {
            person: u32::try_from(population.truth.len()).expect("few"),
            story: "added".to_owned(),
            records: vec![(at, record.record_id.clone())],
            groups: Vec::new(),
            names: record.names.full.clone(),
            bans: Vec::new(),
        });
        population.registers[at].records.push(record);
    }
}

/// Gateways that always answer, and the same every time.
fn behave(scene: &mut Scene) {
    for gateway in &mut scene.gateways {
        gateway.behaviour = Behaviour { fails: 0, silent: 0, repeats: 0, crashes: 0, harms: 0 };
    }
}

struct Told {
    summary: Summary,
    audiences: HashMap<PersonId, Audience>,
    truth: Vec<Truth>,
}

impl Told {
    async fn of(summary: Summary, store: &Store, truth: Vec<Truth>) -> Self {
        let mut audiences = HashMap::new();
        for served in summary.opened.iter().flat_map(|o| &o.serves) {
            let row = store.notification(summary.campaign, served.person).await.expect("a store").expect("notified");
            audiences.insert(served.person, row.audience);
        }
        Self { summary, audiences, truth }
    }

    /// Every message with every person whom it serves.
    fn each(&self) -> impl Iterator<Item = (&Opened, &Served, Audience)> {
        self.summary.opened.iter().flat_map(move |o| o.serves.iter().map(move |s| (o, s, self.audiences[&s.person])))
    }

    fn judge(&self) {
        let summary = &self.summary;
        assert!(summary.balanced, "{:?}", summary.ledger.imbalances());
        assert_eq!((summary.forbidden_sends, summary.falsely_merged), (0, 0), "{:?}", summary.forbidden);
        let mut met: BTreeMap<Audience, BTreeSet<Channel>> = BTreeMap::new();
        for (message, served, audience) in self.each() {
            met.entry(audience).or_default().insert(served.channel);
            self.every_message(message, served, audience);
            // A neutral word is the same for everybody; one for several people is neutral.
            if message.level == Level::L3 {
                general_notice(message, audience);
            }
            allowed(served.channel, message.level, audience);
        }
        // Partner offices are few: judged where one is met.
        for audience in [
            Audience::Detainee,
            Audience::Child,
            Audience::Survivor,
            Audience::Sought,
            Audience::Released,
            Audience::Migrant,
            Audience::Bereaved,
            Audience::Enquirer,
            Audience::Staff,
            Audience::AidRecipient,
        ] {
            assert!(met.contains_key(&audience), "nobody was told as {audience}: {met:?}");
        }
        let guardians = [Channel::CallLive, Channel::Post, Channel::FieldVisit];
        assert!(met[&Audience::Child].iter().any(|c| guardians.contains(c)), "no guardian was told: {met:?}");
        self.groups();
    }

    /// What holds for everything that leaves.
    fn every_message(&self, message: &Opened, served: &Served, audience: Audience) {
        let words = read_aloud(&message.words).to_lowercase();
        for sign in ["http", "www.", "password is", "urgent", "immediately"] {
            assert!(!words.contains(sign), "{audience}: «{sign}» in a notice");
        }
        if message.level <= Level::L2 {
            for word in TELLING {
                assert!(!words.contains(word), "{audience} by {}: «{word}» in a neutral word", served.channel);
            }
        }
        let named = served.people.iter().flat_map(|n| &self.truth[*n as usize].names);
        for name in named {
            let name = name.expose().to_lowercase();
            assert!(message.channel.is_some() || !words.contains(&name), "{audience}: a task names the person");
        }
    }

    /// Each of the mission's six groups: somebody was told, and nobody by a way that is not theirs.
    fn groups(&self) {
        let mut told: BTreeMap<&str, BTreeSet<Channel>> = BTreeMap::new();
        for (_, served, _) in self.each() {
            for group in served.people.iter().flat_map(|n| &self.truth[*n as usize].groups) {
                told.entry(group).or_default().insert(served.channel);
            }
        }
        for group in GROUPS {
            assert!(told.get(group).is_some_and(|ways| !ways.is_empty()), "nobody of «{group}» was told");
        }
    }
}

/// The words without the marks of HTML and SSML, whose namespaces are addresses.
fn read_aloud(words: &str) -> String {
    words
        .split('<')
        .enumerate()
        .map(|(n, part)| if n == 0 { part } else { part.split_once('>').map_or("", |p| p.1) })
        .collect()
}

/// Ways and levels that an audience may be told by at all (protection.md, sections 1 and 2).
fn allowed(channel: Channel, level: Level, audience: Audience) {
    use Channel as C;
    let text = format!("{audience} by {channel} at {level}");
    let team = matches!(channel, C::Caseworker | C::VisitDetention);
    match audience {
        Audience::Detainee => assert!(channel == C::VisitDetention, "{text}"),
        // What is not a team's went to a verified guardian.
        Audience::Child => assert!(team || matches!(channel, C::CallLive | C::Post | C::FieldVisit), "{text}"),
        Audience::Survivor => {
            assert!(team || channel == C::FieldVisit || (channel == C::CallLive && level <= Level::L2), "{text}");
        }
        Audience::Sought => assert!(team || (channel == C::CallLive && level <= Level::L2), "{text}"),
        Audience::Staff => assert!(!matches!(channel, C::Sms | C::Ivr | C::App), "{text}"),
        Audience::Partner => assert!(matches!(channel, C::Post | C::Email), "{text}"),
        _ => {}
    }
    if channel.is_team() || channel == C::FieldVisit {
        assert_eq!(level, Level::L1, "{text}: a task is opaque on the wire");
    }
}

/// What a general notice must add and must not contain (protection.md, section 4).
fn general_notice(message: &Opened, audience: Audience) {
    let words = &message.words;
    let short = matches!(message.channel, Some(Channel::Sms | Channel::App | Channel::Ivr));
    let must = |options: &[&str]| {
        assert!(
            options.iter().any(|o| words.contains(o)),
            "{audience} by {:?} misses {options:?}: {words}",
            message.channel
        );
    };
    let never = |signs: &[&str]| {
        for sign in signs {
            assert!(!words.to_lowercase().contains(sign), "{audience}: «{sign}» in {words}");
        }
    };
    never(&["your data is safe", "was found", "has died", "is alive", "hacker", "detention", "prison", "detained"]);
    match audience {
        Audience::Enquirer => {
            must(&["This is not news about your relatives.", "this is no news about them"]);
            must(&["beware of people", "Beware of people", "do not buy news"]);
        }
        Audience::Child => must(&["about the information that we hold about your family"]),
        Audience::Released => must(&["Certificates and copies of documents", "Documents that you received"]),
        Audience::Migrant if !short => must(&["We did not give your information to any authorities."]),
        Audience::Staff => {
            must(&["Choose a new password everywhere"]);
            must(&["security contact"]);
        }
        Audience::Partner => must(&["Please warn the people whom you help"]),
        _ => must(&["people from outside broke into"]),
    }
}

fn config() -> Config {
    Config::load(None, &ProcessEnvironment).expect("a configuration")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_audience_is_told_its_own_embedded() {
    let home = tempfile::tempdir().expect("a folder");
    let mut scene = Scene::new(&config().embedded_in(home.path()), SIZE).await.expect("a scene");
    add_the_rare(&mut scene);
    speak_english(&mut scene);
    let summary = embedded::play(&mut scene, &mut Quiet).await.expect("played");
    Told::of(summary, &scene.app.store, scene.population.truth).await.judge();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_audience_is_told_its_own_on_servers() {
    let Some(servers) = Servers::for_test("what every audience is told, on servers") else { return };
    let home = tempfile::tempdir().expect("a folder");
    let config = servers.config(home.path());
    let mut scene = Scene::new(&config, SIZE).await.expect("a scene");
    add_the_rare(&mut scene);
    speak_english(&mut scene);
    let (store, truth) = (scene.app.store.clone(), scene.population.truth.clone());
    let played = support::served::play_scene(&servers, scene, &STAGES, &mut Quiet, &[], |_| {}).await;
    Told::of(played.summary, &store, truth).await.judge();
}

/// Somebody who is looked for, in another fate.
fn turn(record: &mut Record) {
    let as_of = record.updated_on;
    record.vital = Some(Dated { value: Vital::Dead, as_of });
    record.whereabouts = Some(Dated { value: Whereabouts::NotLocated, as_of });
    record.liberty = Some(Dated { value: Liberty::Detained, as_of });
    record.needs_codes = Some(vec!["SV-VA".to_owned()]);
    record.do_not_contact = true;
}

/// People one of whose addresses somebody else lists.
fn sharing(scene: &Scene) -> BTreeSet<u32> {
    let registers = &scene.population.registers;
    let mut by_value: HashMap<String, BTreeSet<u32>> = HashMap::new();
    for truth in &scene.population.truth {
        for (register, id) in &truth.records {
            let record = registers[*register].records.iter().find(|r| r.record_id == *id);
            for point in record.into_iter().flat_map(|r| &r.contacts) {
                by_value.entry(point.value.expose().to_lowercase()).or_default().insert(truth.person);
            }
        }
    }
    by_value.into_values().filter(|people| people.len() > 1).flatten().collect()
}

/// What every invented person was sent: channel, level, language, words without the random code. Which of several equal
/// numbers of one's own is used follows from the random ids of records, so addresses are left out.
type Streams = BTreeMap<u32, BTreeSet<(Channel, Level, String, String)>>;

async fn streams(change: bool) -> (Streams, BTreeSet<u32>, Vec<String>) {
    let home = tempfile::tempdir().expect("a folder");
    let mut scene = Scene::new(&config().embedded_in(home.path()), SIZE).await.expect("a scene");
    behave(&mut scene);
    let mut sought: BTreeSet<(usize, String)> = BTreeSet::new();
    for (register, all) in scene.population.registers.iter_mut().enumerate() {
        for record in all.records.iter_mut().filter(|r| r.roles.contains(&Role::Sought)) {
            sought.insert((register, record.record_id.expose().to_owned()));
            if change {
                turn(record);
            }
        }
    }
    let is_sought = |t: &Truth| t.records.iter().any(|(r, id)| sought.contains(&(*r, id.expose().to_owned())));
    let shared = sharing(&scene);
    let changed: BTreeSet<u32> = scene.population.truth.iter().filter(|t| is_sought(t)).map(|t| t.person).collect();
    let summary = embedded::play(&mut scene, &mut Quiet).await.expect("played");
    assert!(summary.balanced && summary.forbidden_sends == 0, "{:?}", summary.forbidden);
    let mut streams = Streams::new();
    // One message a number: who bears it is drawn by the random id of the person, so that two runs differ there.
    for message in &summary.opened {
        for served in &message.serves {
            for person in served.people.iter().filter(|person| !shared.contains(person)) {
                let words = without_codes(&message.words);
                let sent = (served.channel, message.level, message.language.clone(), words);
                streams.entry(*person).or_default().insert(sent);
            }
        }
    }
    (streams, changed, scene.population.truth.iter().map(|t| t.story.clone()).collect())
}

/// Reference codes are random; they look like `K7M4Q-X9T2L`. Ids of tasks are, too, and the two runs are not of one
/// instant.
fn without_codes(words: &str) -> String {
    words
        .split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .map(|word| {
            let code = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let upper =
                |part: &str| part.len() == 5 && part.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            let random = code.split_once('-').is_some_and(|(a, b)| upper(a) && upper(b)) || code.len() >= 30;
            let instant = code.len() == 13 && code.chars().all(|c| c.is_ascii_digit());
            if random || instant { word.replace(code, "CODE") } else { word.to_owned() }
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_became_of_the_sought_the_others_are_sent_the_same_bytes() {
    let (before, sought, before_truth) = streams(false).await;
    let (after, same, _) = streams(true).await;
    assert!(sought.len() >= 10 && sought == same, "too few sought people to prove anything: {}", sought.len());
    let others = |streams: &Streams| -> Streams {
        streams.iter().filter(|(person, _)| !sought.contains(person)).map(|(n, s)| (*n, s.clone())).collect()
    };
    let (one, two) = (others(&before), others(&after));
    assert!(one.len() > 100, "only {} people were told anything", one.len());
    for (person, sent) in &one {
        let differs = || {
            let other = two.get(person).cloned().unwrap_or_default();
            let story = &before_truth[*person as usize];
            format!(
                "{story}: {:?} became {:?}",
                sent.difference(&other).collect::<Vec<_>>(),
                other.difference(sent).collect::<Vec<_>>()
            )
        };
        assert!(two.get(person) == Some(sent), "invented person {person} is sent something else: {}", differs());
    }
    assert_eq!(one.len(), two.len());
    let told = |streams: &Streams| sought.iter().filter(|n| streams.contains_key(n)).count();
    assert!(told(&before) > 0 && told(&after) == 0, "the change did not reach the sought people themselves");
}
