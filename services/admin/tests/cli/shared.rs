//! Two records that may be one person and nobody decided yet share their restrictions (R24), and what a decision of two
//! people changes.

use super::*;

/// Somebody with a safe telephone of her own. `ID`, `PHONE` and `NO_CONTACT` are what tells two such records apart.
const RECORD: &str = r#"{"society":"KE","system":"aid","record_id":"ID","roles":["aid_recipient"],"names":{"given":"Zuri","family":"Synthetic"},"sex":"female","birth":{"year":1979,"estimated":false},"places":["Exampletown"],"country_of_presence":"KE","languages":[{"tag":"en"}],"literacy":"reads","needs_codes":[],"concerns":[],"access_needs":[],"contacts":[{"kind":"phone","value":"PHONE","owner":"self","collected_on":"2021-03-29","verified_on":"2021-06-17","status":"active","safe":"yes","may_name_org":"yes","country":"KE"}],"consent":{},"do_not_contact":NO_CONTACT,"legal_hold":false,"exposure":[],"created_on":"2021-01-10","updated_on":"2021-06-17"}
"#;

struct Pair {
    desk: Desk,
    incident: String,
    campaign: String,
    records: [String; 2],
    /// Whoever has no restriction of her own, and whoever wants no contact.
    persons: [String; 2],
}

impl Pair {
    fn new() -> Self {
        let desk = Desk::new();
        let incident = set_up(&desk);
        let one = |id: &str, phone: &str, no: &str| {
            RECORD.replace("ID", id).replace("PHONE", phone).replace("NO_CONTACT", no)
        };
        let rows = one("S-1", "+254700000107", "false") + &one("S-2", "+254700000218", "true");
        let file = desk.write("two.ndjson", &rows);
        let about = desk.write("two.toml", &manifest("canonical", 2, &rows));
        desk.ok(&["import", &file, "--manifest", &about, "--incident", &incident]);
        let waiting = desk.ok(&["dedupe", "review", "list", "--incident", &incident]);
        assert_eq!(waiting.as_array().map(Vec::len), Some(1), "the two are a pair that people decide: {waiting}");
        let mut persons = [0, 1].map(|n| desk.text(&waiting[0]["persons"][n]));
        // R00 is fired by a person's own «do not contact», R24 by anybody's with whom the person may be one.
        if fired(&desk, &persons[0]).contains(&"R00".to_owned()) {
            persons.swap(0, 1);
        }
        let records = ["a", "b"].map(|end| desk.text(&waiting[0][end]));
        let planned = desk.ok(&["campaign", "plan", "--incident", &incident, "--name", "first", "--canary", "0"]);
        Self { campaign: desk.text(&planned["campaign"]), desk, incident, records, persons }
    }

    fn decide(&self, how: &str) {
        let [a, b] = &self.records;
        two_people(&self.desk, &["dedupe", "review", how, a, b, "--incident", &self.incident]);
    }

    /// Persons of the campaign to whom nothing is sent.
    fn held(&self) -> Vec<String> {
        let holds = self.desk.ok(&["hold", "list", "--campaign", &self.campaign]);
        holds.as_array().expect("a list").iter().map(|h| self.desk.text(&h["person"])).collect()
    }
}

/// Rules that fired for a person.
fn fired(desk: &Desk, person: &str) -> Vec<String> {
    let explained = desk.ok(&["explain", person]);
    explained["rules"].as_array().expect("rules").iter().map(|r| desk.text(r)).collect()
}

/// Whether any route to a person is open.
fn open(desk: &Desk, person: &str) -> bool {
    let explained = desk.ok(&["explain", person]);
    explained["routes"].as_array().expect("routes").iter().any(|r| r["level"] != "L0")
}

#[test]
fn an_undecided_pair_shares_a_restriction_and_two_people_decide_what_becomes_of_it() {
    let pair = Pair::new();
    let (desk, [free, restricted]) = (&pair.desk, &pair.persons);
    assert!(fired(desk, free).contains(&"R24".to_owned()) && !fired(desk, free).contains(&"R00".to_owned()));
    assert!(!open(desk, free) && !open(desk, restricted));
    let held = pair.held();
    assert!(held.contains(free) && held.contains(restricted), "nothing is sent to either: {held:?}");

    // Two persons, say two people; it opens a way to one of them, and one signature does not.
    let [a, b] = &pair.records;
    let asked = desk.ok(&["dedupe", "review", "reject", a, b, "--incident", &pair.incident, "--as", "anna"]);
    assert!(asked["action"].is_string() && !open(desk, free), "{asked}");
    desk.ok(&["action", "sign", &desk.text(&asked["action"]), "--as", "ben"]);
    assert!(open(desk, free) && !open(desk, restricted), "each has only what is her own");
    assert!(!fired(desk, free).contains(&"R24".to_owned()));
    assert_eq!(pair.held(), std::slice::from_ref(restricted));

    // One person after all: what forbids contact with one record forbids it with the person.
    pair.decide("accept");
    let now = desk.ok(&["dedupe", "explain", a, b]);
    assert_eq!(now["pairs"][0]["one_person"].as_bool(), Some(true), "{now}");
    let person = desk.text(&now["pairs"][0]["persons"][0]);
    assert!(!open(desk, &person) && fired(desk, &person).contains(&"R00".to_owned()));
    assert_eq!(pair.held(), [person]);
}
