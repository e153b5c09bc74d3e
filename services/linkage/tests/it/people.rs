//! Synthetic people: a town with families, of whom some are registered more than once, with slips.

use linkage::{Birth, LinkRecord, Linkage, Options, Sex, link};

/// A small generator of its own, so that a town is the same for ever.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

pub(crate) const WOMEN: [&str; 24] = [
    "Amina",
    "Beatrice",
    "Carmen",
    "Dalia",
    "Esther",
    "Farida",
    "Grace",
    "Helga",
    "Irina",
    "Joyce",
    "Khadija",
    "Lucia",
    "Mariam",
    "Nadia",
    "Olga",
    "Paulina",
    "Rosa",
    "Salma",
    "Teresa",
    "Ursula",
    "Valentina",
    "Wanjiru",
    "Yasmin",
    "Zeinab",
];
pub(crate) const MEN: [&str; 24] = [
    "Ahmad", "Boris", "Carlos", "David", "Emil", "Faisal", "George", "Hamid", "Igor", "Joseph", "Kofi", "Lukas",
    "Mustafa", "Nikolai", "Omar", "Pablo", "Rashid", "Stefan", "Tariq", "Umberto", "Viktor", "Walter", "Yusuf",
    "Zoltan",
];
const STEMS: [&str; 20] = [
    "Abara", "Bonda", "Costi", "Dembe", "Ferra", "Galva", "Hadda", "Ivano", "Jova", "Kalim", "Lomba", "Mendo", "Naka",
    "Okafo", "Petra", "Quiro", "Roma", "Sala", "Tama", "Vela",
];
const ENDINGS: [&str; 15] =
    ["", "ri", "nez", "vic", "shi", "ler", "dou", "tis", "mann", "fe", "wo", "zar", "ke", "lund", "gue"];
const STREETS: [&str; 12] = [
    "Harbour", "Market", "Cedar", "Mill", "Station", "Garden", "Chapel", "Orchard", "Bridge", "School", "Castle",
    "Meadow",
];

/// A register of `people` persons in families; about a third are registered twice. Ids are `P<person>-<n>`.
pub(crate) fn town(people: usize, seed: u64) -> Vec<LinkRecord> {
    let mut dice = Dice::new(seed);
    let mut out = Vec::new();
    let mut person = 0;
    while person < people {
        let family = format!("{}{}", dice.pick(&STEMS), dice.pick(&ENDINGS));
        let street = format!("{} {} Street", 1 + dice.below(200), dice.pick(&STREETS));
        let phone = format!("+2547{:08}", 10_000_000 + dice.below(80_000_000));
        let place = format!("Ward {}", 1 + dice.below(20));
        for _ in 0..1 + dice.below(4) {
            let woman = dice.below(2) == 0;
            let record = LinkRecord {
                id: format!("P{person}-0"),
                given: Some(dice.pick(if woman { &WOMEN } else { &MEN }).to_owned()),
                family: Some(family.clone()),
                birth: Some(Birth::day(
                    1940 + dice.below(70) as i16,
                    1 + dice.below(12) as u8,
                    2 + dice.below(26) as u8,
                )),
                sex: Some(if woman { Sex::Female } else { Sex::Male }),
                phones: vec![phone.clone()],
                place: vec![place.clone()],
                street: vec![street.clone()],
                ..LinkRecord::default()
            };
            if dice.below(3) == 0 {
                out.push(again(&record, person, &mut dice));
            }
            out.push(record);
            person += 1;
        }
    }
    out
}

/// A second registration of a person, with a slip or two.
fn again(record: &LinkRecord, person: usize, dice: &mut Dice) -> LinkRecord {
    let mut copy = record.clone();
    copy.id = format!("P{person}-1");
    match dice.below(8) {
        0 => copy.phones = Vec::new(),
        1 => copy.street = vec!["1 New Road".to_owned()],
        2 => copy.given = copy.given.map(|n| format!("{}{}", &n[..2], &n[1..])),
        3 => copy.birth = None,
        4 => copy.place = vec!["Ward 21".to_owned()],
        5 => copy.family = copy.family.map(|n| n.to_uppercase()),
        _ => {}
    }
    copy
}

/// One person of a family.
pub(crate) fn person(id: &str, given: &str, family: &str, birth: Birth, sex: Sex) -> LinkRecord {
    LinkRecord {
        id: id.to_owned(),
        given: Some(given.to_owned()),
        family: Some(family.to_owned()),
        birth: Some(birth),
        sex: Some(sex),
        ..LinkRecord::default()
    }
}

/// Puts a record at an address with a telephone.
pub(crate) fn living(mut record: LinkRecord, street: &str, phone: &str) -> LinkRecord {
    record.street = vec![street.to_owned()];
    record.place = vec!["Ward 3".to_owned()];
    record.phones = vec![phone.to_owned()];
    record
}

/// Links some records within a town.
pub(crate) fn in_town(records: &[LinkRecord]) -> Linked {
    let mut all = town(1500, 7);
    all.extend_from_slice(records);
    Linked::new(all, &Options::default())
}

/// Records with their linkage, asked by id.
pub(crate) struct Linked {
    pub(crate) records: Vec<LinkRecord>,
    pub(crate) linkage: Linkage,
}

impl Linked {
    pub(crate) fn new(records: Vec<LinkRecord>, options: &Options) -> Self {
        let linkage = link(&records, options);
        assert_eq!(linkage.clusters.len(), records.len());
        Self { records, linkage }
    }

    fn index(&self, id: &str) -> usize {
        self.records.iter().position(|r| r.id == id).expect("an id of this test")
    }

    pub(crate) fn one_person(&self, a: &str, b: &str) -> bool {
        self.linkage.clusters[self.index(a)] == self.linkage.clusters[self.index(b)]
    }

    /// Probability of a listed pair, 0 if it is not listed.
    pub(crate) fn probability(&self, a: &str, b: &str) -> f64 {
        let (i, j) = (self.index(a) as u32, self.index(b) as u32);
        let (i, j) = (i.min(j), i.max(j));
        self.linkage.all_pairs.iter().find(|p| (p.a, p.b) == (i, j)).map_or(0.0, |p| f64::from(p.probability))
    }

    /// Persons that hold records of two true persons (by the part of the id before the dash).
    pub(crate) fn false_persons(&self) -> usize {
        let truth = |r: &LinkRecord| r.id.split('-').next().unwrap_or_default().to_owned();
        let mut first = std::collections::HashMap::new();
        let mut wrong = std::collections::HashSet::new();
        for (record, cluster) in self.records.iter().zip(&self.linkage.clusters) {
            let person = first.entry(*cluster).or_insert_with(|| truth(record));
            if *person != truth(record) {
                wrong.insert(*cluster);
            }
        }
        wrong.len()
    }
}
