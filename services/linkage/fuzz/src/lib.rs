//! What the targets do with their bytes: make records of them, link, and hold the result against what must be true of
//! any linkage.

use std::collections::{BTreeMap, BTreeSet};

use linkage::table::{Map, link_csv};
use linkage::{Birth, CLUSTER_CAP, LinkRecord, Linkage, Options, Outcome, Sex, Verdict, explain, link};

/// Records that one input may make: more would only be slower.
const RECORDS: usize = 40;
/// Bytes of one text.
const TEXT: usize = 48;

/// Takes values off the front of the input; an input that has ended gives zeros.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n.max(1)
    }

    fn text(&mut self) -> String {
        let length = self.below(TEXT).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    fn maybe(&mut self) -> Option<String> {
        (self.byte() % 2 == 0).then(|| self.text())
    }

    fn list(&mut self) -> Vec<String> {
        (0..self.below(3)).map(|_| self.text()).collect()
    }

    fn year(&mut self) -> i16 {
        i16::from_be_bytes([self.byte() % 9, self.byte()])
    }

    fn birth(&mut self) -> Option<Birth> {
        match self.byte() % 4 {
            0 => None,
            1 => Some(Birth::Years { from: self.year(), to: self.year() }),
            2 => Some(Birth::Date {
                year: i16::from_be_bytes([self.byte(), self.byte()]),
                month: Some(self.byte()),
                day: Some(self.byte()),
                estimated: self.byte() % 2 == 0,
            }),
            _ => Some(Birth::Date {
                year: self.year(),
                month: (self.byte() % 4 > 0).then(|| 1 + self.byte() % 13),
                day: (self.byte() % 4 > 0).then(|| 1 + self.byte() % 31),
                estimated: false,
            }),
        }
    }

    fn record(&mut self, id: usize) -> LinkRecord {
        LinkRecord {
            id: format!("r{id}"),
            dataset: u32::from(self.byte() % 3),
            full: self.list(),
            given: self.maybe(),
            middle: self.maybe(),
            family: self.maybe(),
            father: self.maybe(),
            mother: self.maybe(),
            birth: self.birth(),
            sex: [None, Some(Sex::Female), Some(Sex::Male)][self.below(3)],
            strong_ids: self.list(),
            phones: self.list(),
            emails: self.list(),
            place: self.list(),
            postcode: self.maybe(),
            street: self.list(),
            occupation: self.maybe(),
            birth_place: self.maybe(),
            other: vec![self.maybe()],
            never_with: if self.byte() % 8 == 0 { vec![format!("r{}", self.below(RECORDS))] } else { Vec::new() },
        }
    }
}

/// Records of any content. One in four is an earlier one again with one field of another: what linkage is for.
pub fn records(data: &[u8]) {
    let mut bytes = Bytes(data);
    let mut records: Vec<LinkRecord> = Vec::new();
    while !bytes.0.is_empty() && records.len() < RECORDS {
        let id = records.len();
        let fresh = bytes.record(id);
        if bytes.byte() % 4 > 0 || records.is_empty() {
            records.push(fresh);
            continue;
        }
        let mut again = records[bytes.below(records.len())].clone();
        again.id = fresh.id;
        match bytes.byte() % 5 {
            0 => again.given = fresh.given,
            1 => again.birth = fresh.birth,
            2 => again.phones = fresh.phones,
            3 => again.sex = fresh.sex,
            _ => {}
        }
        records.push(again);
    }
    let mut options = Options { link_only: bytes.byte() % 4 == 0, ..Options::default() };
    for _ in 0..bytes.below(4) {
        let (a, b) = (bytes.below(RECORDS), bytes.below(RECORDS));
        let verdict = if bytes.byte() % 2 == 0 { Verdict::Same } else { Verdict::Different };
        options.verdicts.push((format!("r{a}"), format!("r{b}"), verdict));
    }
    let linkage = link(&records, &options);
    sound(&records, &options, &linkage);
    let persons = persons(&records, &linkage);
    records.reverse();
    assert_eq!(self::persons(&records, &link(&records, &options)), persons, "the order of the records matters");
}

/// A CSV file of any content under a map that names every field.
pub fn table(data: &[u8]) {
    const MAP: &str = "id = \"id\"\ndataset = \"set\"\n[fields]\nfull = \"full\"\ngiven = \"given\"\nfamily = \"family\"\n\
        birth_date = { column = \"born\", format = \"%d/%m/%Y\" }\nsex = \"sex\"\nphone = \"phone\"\nemail = \"email\"\n\
        strong_id = \"number\"\nplace = [\"place\"]\nstreet = \"street\"\n";
    const HEADER: &[u8] = b"id,set,full,given,family,born,sex,phone,email,number,place,street\n";
    let map = Map::parse(MAP).expect("the map is sound");
    // Either the whole file with its header, or rows under a sound header.
    let file = if data.first() == Some(&b'i') { data.to_vec() } else { [HEADER, data].concat() };
    if file.iter().filter(|b| **b == b'\n').count() > 200 {
        return;
    }
    let Ok(table) = link_csv(file.as_slice(), &map, &Options::default()) else { return };
    let (mut clusters, mut pairs) = (Vec::new(), Vec::new());
    table.write_clusters(&mut clusters).expect("writes to memory");
    table.write_pairs(&mut pairs).expect("writes to memory");
    let rows = csv_rows(&clusters);
    assert_eq!(rows, table.linkage.clusters.len() + 1, "one line a record and the header");
    assert!(csv_rows(&pairs) >= 1);
}

/// Lines of a CSV text, those inside quotes not counted.
fn csv_rows(text: &[u8]) -> usize {
    let mut quoted = false;
    text.iter()
        .filter(|byte| {
            quoted ^= **byte == b'"';
            **byte == b'\n' && !quoted
        })
        .count()
}

fn sound(records: &[LinkRecord], options: &Options, linkage: &Linkage) {
    assert_eq!(linkage.clusters.len(), records.len());
    let at = |id: &str| records.iter().position(|r| r.id == id);
    let mut apart: Vec<(usize, usize)> = Vec::new();
    for (n, record) in records.iter().enumerate() {
        apart.extend(record.never_with.iter().filter_map(|id| at(id)).filter(|m| *m != n).map(|m| (n, m)));
    }
    for (a, b, verdict) in &options.verdicts {
        if let (Some(a), Some(b), Verdict::Different) = (at(a), at(b), verdict) {
            apart.push((a, b));
        }
    }
    for (a, b) in apart {
        assert!(a == b || linkage.clusters[a] != linkage.clusters[b], "two who must never be one person are one");
    }
    for pair in &linkage.all_pairs {
        assert!(pair.a < pair.b && pair.weight.is_finite() && (0.0..=1.0).contains(&pair.probability));
    }
    let joined: BTreeSet<(u32, u32)> =
        linkage.edges.iter().filter(|e| e.outcome == Outcome::Match).map(|e| (e.a, e.b)).collect();
    assert!(joined.iter().all(|(a, b)| linkage.clusters[*a as usize] == linkage.clusters[*b as usize]));
    let mut sizes: BTreeMap<u32, u32> = BTreeMap::new();
    linkage.clusters.iter().for_each(|c| *sizes.entry(*c).or_default() += 1);
    let demanded = options.verdicts.iter().filter(|(.., v)| *v == Verdict::Same).count() as u32;
    assert!(sizes.values().all(|n| *n <= CLUSTER_CAP.max(demanded + 1)), "a person larger than the cap");
    if let [a, b, ..] = records {
        assert!(explain(a, b, &linkage.model).probability.is_finite());
    }
}

fn persons(records: &[LinkRecord], linkage: &Linkage) -> BTreeSet<BTreeSet<String>> {
    let mut out: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for (record, cluster) in records.iter().zip(&linkage.clusters) {
        out.entry(*cluster).or_default().insert(record.id.clone());
    }
    out.into_values().collect()
}
