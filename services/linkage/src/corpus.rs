//! All records of a run in canonical order, with what is known about how common each value is.

mod bearers;

use std::collections::HashMap;

use rayon::prelude::*;

use crate::dates::Date;
use crate::fields::{FIELDS, Field, OTHER_FIELDS};
use crate::normalise::{Ids, Intake};
use crate::packed::{Packed, PackedName};
use crate::similarity::short_code;
use crate::terms::{Dictionary, Term, Token, Word};

use bearers::Bearers;

/// Share of a person's records that show the same value.
const SHOWN: f32 = 0.85;
/// What a value that nobody else holds counts as: half a record.
const RARE: f32 = 0.5;

/// Records in canonical order: near by family name, then by content, then by id. Nothing after this point depends
/// on the order in which records came, or on what their registers are called.
pub(crate) struct Corpus {
    pub(crate) records: Vec<Packed>,
    /// Caller's index of each record.
    pub(crate) order: Vec<u32>,
    pub(crate) content: Vec<u64>,
    pub(crate) aliases: Vec<PackedName>,
    pub(crate) others: Vec<[Term; OTHER_FIELDS]>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) words: Vec<Word>,
    pub(crate) values: Dictionary,
    /// log2 frequencies.
    pub(crate) given: Vec<f32>,
    pub(crate) family: Vec<f32>,
    pub(crate) any_name: Vec<f32>,
    pub(crate) skeleton: Vec<f32>,
    pub(crate) value: Vec<f32>,
    pub(crate) word: Vec<f32>,
    pub(crate) dates: Vec<f32>,
    /// Who bears a record's pair of names, as written and by skeleton.
    pub(crate) bearers: Vec<Bearers>,
    pub(crate) skeleton_bearers: Vec<Bearers>,
    pub(crate) sexes: [f32; 3],
    /// Probability that two records that fill a field agree in it by chance: the sum of squared frequencies.
    pub(crate) chance: [f64; FIELDS],
    /// Fields that at least two records fill with more than one value.
    pub(crate) active: [bool; FIELDS],
    /// Fields that hold one value throughout.
    pub(crate) constant: Vec<Field>,
    pub(crate) ids: Ids,
    pub(crate) never_with: Vec<(u32, String)>,
}

impl Corpus {
    pub(crate) fn new(mut intake: Intake) -> Self {
        intake.names.freeze();
        intake.values.freeze();
        intake.words.freeze();
        let words =
            (0..=intake.words.len() as Term).into_par_iter().map(|t| Word::new(intake.words.bytes(t))).collect();
        let mut tokens: Vec<Token> =
            (0..=intake.names.len() as Term).into_par_iter().map(|t| Token::new(intake.names.text(t))).collect();
        tokens[0].key = 0;
        let order = canonical_order(&intake, &tokens);
        let pick = |i: &u32| *i as usize;
        let mut corpus = Self {
            records: order.par_iter().map(|i| intake.records[pick(i)]).collect(),
            content: order.par_iter().map(|i| intake.content[pick(i)]).collect(),
            others: if intake.others.is_empty() {
                Vec::new()
            } else {
                order.par_iter().map(|i| intake.others[pick(i)]).collect()
            },
            order,
            aliases: intake.aliases,
            tokens,
            words,
            given: Vec::new(),
            family: Vec::new(),
            any_name: Vec::new(),
            skeleton: Vec::new(),
            value: Vec::new(),
            word: Vec::new(),
            dates: Vec::new(),
            bearers: Vec::new(),
            skeleton_bearers: Vec::new(),
            sexes: [0.0; 3],
            chance: [0.0; FIELDS],
            active: [false; FIELDS],
            constant: Vec::new(),
            values: intake.values,
            ids: intake.ids,
            never_with: intake.never_with,
        };
        corpus.count_names();
        corpus.count_values();
        corpus.count_dates();
        corpus.count_pairs(0.0);
        corpus.find_active();
        corpus
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn token(&self, term: Term) -> &Token {
        &self.tokens[term as usize]
    }

    /// Takes the duplicates themselves out of the frequencies: a value that three records of one person hold is not
    /// three times as common as one that a single record holds. `duplicates` is how many further records of
    /// the same person a record is expected to have.
    pub(crate) fn discount(&mut self, duplicates: f64) {
        let n = self.len().max(2) as f32;
        let own = (duplicates as f32) * SHOWN;
        let less = |f: &mut f32| {
            let others = f.exp2() * n - own;
            *f = (others.max(RARE) / n).min(1.0).log2();
        };
        for table in [
            &mut self.given,
            &mut self.family,
            &mut self.any_name,
            &mut self.skeleton,
            &mut self.value,
            &mut self.word,
            &mut self.dates,
        ] {
            table.par_iter_mut().for_each(less);
        }
        self.count_pairs((duplicates as f32 - 1.0).max(0.0) * SHOWN);
        for chance in &mut self.chance {
            *chance = (*chance - f64::from(own) / f64::from(n)).max(1e-8);
        }
    }

    /// How many records share a value, from its frequency.
    pub(crate) fn uses(&self, term: Term) -> f32 {
        self.value[term as usize].exp2() * self.len() as f32 + 1.0
    }

    /// log2 share of other people who bear the names of two records, as written or by skeleton.
    pub(crate) fn namesakes(&self, i: usize, j: usize, exact: bool) -> f32 {
        let bearers = if exact { &self.bearers } else { &self.skeleton_bearers };
        let (a, b) = (&self.records[i].date, &self.records[j].date);
        let births = if a.is_full() && b.is_full() && a.key() == b.key() { 1.0 } else { 2.0 };
        let others = bearers[i].others(births).max(bearers[j].others(births));
        if others > 0.0 { (others / self.len() as f32).log2() } else { f32::NEG_INFINITY }
    }

    /// Further field `k` of a record.
    pub(crate) fn other(&self, record: usize, k: usize) -> Term {
        self.others.get(record).map_or(0, |o| o[k])
    }

    fn count_names(&mut self) {
        let size = self.tokens.len();
        let mut given = vec![0_u32; size];
        let mut family = vec![0_u32; size];
        let mut any = vec![0_u32; size];
        for r in &self.records {
            for (terms, counts) in [(r.name.given, &mut given), (r.name.family, &mut family)] {
                for t in terms.into_iter().filter(|t| *t != 0) {
                    counts[t as usize] += 1;
                }
            }
            let relatives = r.father.into_iter().chain(r.mother).filter(|t| *t != 0);
            for t in r.name.tokens().chain(relatives) {
                any[t as usize] += 1;
            }
        }
        let mut by_skeleton: HashMap<u64, u32> = HashMap::new();
        for (token, count) in self.tokens.iter().zip(&any) {
            *by_skeleton.entry(token.key).or_default() += count;
        }
        let n = self.len();
        self.skeleton =
            self.tokens.iter().map(|t| frequency(by_skeleton.get(&t.key).copied().unwrap_or(0), n)).collect();
        self.chance[Field::Given.index()] = sum_of_squares(&given);
        self.chance[Field::Family.index()] = sum_of_squares(&family);
        for field in [Field::Middle, Field::Father, Field::Mother] {
            self.chance[field.index()] = sum_of_squares(&any);
        }
        let all = |counts: Vec<u32>| counts.into_iter().map(|c| frequency(c, n)).collect();
        self.given = all(given);
        self.family = all(family);
        self.any_name = all(any);
    }

    fn count_values(&mut self) {
        let count_values = || {
            let mut counts = vec![0_u32; self.values.len() + 1];
            let mut see = |t: Term| counts[t as usize] += 1;
            for r in &self.records {
                let singles = [r.email, r.email_local, r.postcode, r.street, r.occupation, r.birth_place];
                r.ids.into_iter().chain(r.phones).chain(singles).for_each(&mut see);
            }
            self.others.iter().flatten().for_each(|t| see(*t));
            counts[0] = 0;
            counts
        };
        let count_words = || {
            let mut counts = vec![0_u32; self.words.len()];
            for t in self.records.iter().flat_map(|r| r.places.into_iter().chain(r.street_words)) {
                counts[t as usize] += 1;
            }
            counts[0] = 0;
            counts
        };
        let (counts, words) = rayon::join(count_values, count_words);
        let mut sexes = [0_u32; 3];
        for r in &self.records {
            sexes[r.sex as usize] += 1;
        }
        let known = (sexes[1] + sexes[2]).max(1);
        self.sexes = [0, sexes[1], sexes[2]].map(|c| (c as f32 / known as f32).max(1e-6).log2());
        self.chance[Field::Sex.index()] = sum_of_squares(&sexes[1..]);
        let n = self.len();
        for (field, chance) in self.chances(&counts) {
            self.chance[field.index()] = chance;
        }
        if self.records.par_iter().all(|r| r.postcode == 0) {
            self.chance[Field::Place.index()] = squares_of(self.records.iter().map(|r| r.places[0]), &words);
        }
        let code = |t: Term| short_code(self.values.bytes(t).get(1..).unwrap_or_default());
        self.records.par_iter_mut().for_each(|r| {
            r.id_code = code(r.ids[0]);
            r.phone_code = code(r.phones[0]);
        });
        self.word = words.into_par_iter().map(|c| frequency(c, n)).collect();
        self.value = counts.into_par_iter().map(|c| frequency(c, n)).collect();
    }

    /// The chance of agreeing in the fields whose agreement is equality of a value.
    fn chances(&self, counts: &[u32]) -> Vec<(Field, f64)> {
        type Get = fn(&Packed) -> Term;
        let simple: [(Field, Get); 7] = [
            (Field::StrongId, |r| r.ids[0]),
            (Field::Phone, |r| r.phones[0]),
            (Field::Email, |r| r.email),
            (Field::Place, |r| r.postcode),
            (Field::Street, |r| r.street),
            (Field::Occupation, |r| r.occupation),
            (Field::BirthPlace, |r| r.birth_place),
        ];
        let of = |(field, get): (Field, Get)| (field, squares_of(self.records.iter().map(get), counts));
        let mut out: Vec<(Field, f64)> = simple.into_par_iter().map(of).collect();
        if !self.others.is_empty() {
            let other = |k: usize| (Field::Other(k as u8), squares_of(self.others.iter().map(|o| o[k]), counts));
            out.par_extend((0..OTHER_FIELDS).into_par_iter().map(other));
        }
        out
    }

    fn count_dates(&mut self) {
        let n = self.len();
        let mut keys: Vec<u64> = self.records.iter().filter(|r| !r.date.is_none()).map(|r| r.date.key()).collect();
        keys.par_sort_unstable();
        let (days, lengths): (Vec<u64>, Vec<u32>) =
            keys.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u32)).unzip();
        self.chance[Field::Birth.index()] = sum_of_squares(&lengths);
        let count = |date: Date| days.binary_search(&date.key()).map_or(0, |at| lengths[at]);
        self.dates = self.records.par_iter().map(|r| frequency(count(r.date), n)).collect();
    }

    /// Counts who bears a record's pair of names. `own` is how many further records of the same person are expected
    /// among them.
    fn count_pairs(&mut self, own: f32) {
        (self.bearers, self.skeleton_bearers) = rayon::join(
            || bearers::count(&self.records, u64::from, own),
            || bearers::count(&self.records, |t| self.tokens[t as usize].key, own),
        );
    }

    fn find_active(&mut self) {
        let mut filled = [0_u64; FIELDS];
        for (i, r) in self.records.iter().enumerate() {
            let name = &r.name;
            let mut see = |field: Field, is: bool| filled[field.index()] += u64::from(is);
            see(Field::Given, name.given[0] != 0);
            see(Field::Family, name.family[0] != 0);
            see(Field::Middle, name.middle[0] != 0);
            see(Field::Father, r.father[0] != 0);
            see(Field::Mother, r.mother[0] != 0);
            see(Field::Birth, !r.date.is_none());
            see(Field::StrongId, r.ids[0] != 0);
            see(Field::Phone, r.phones[0] != 0);
            see(Field::Email, r.email != 0);
            see(Field::Place, r.places[0] != 0 || r.postcode != 0);
            see(Field::Street, r.street != 0);
            see(Field::Sex, r.sex != 0);
            see(Field::Occupation, r.occupation != 0);
            see(Field::BirthPlace, r.birth_place != 0);
            for k in 0..OTHER_FIELDS {
                see(Field::Other(k as u8), self.other(i, k) != 0);
            }
        }
        for field in Field::all() {
            let i = field.index();
            let constant = self.chance[i] > 0.999_999 && filled[i] as usize == self.len();
            if constant && self.len() > 2 {
                self.constant.push(field);
            }
            self.active[i] = filled[i] >= 2 && !(constant && self.len() > 2);
        }
        self.active[Field::Order.index()] = self.active[Field::Given.index()] || self.active[Field::Family.index()];
        if self.active[Field::Middle.index()] {
            self.active[Field::Father.index()] |= filled[Field::Father.index()] > 0;
        }
    }
}

/// log2 of the share of other records that hold a value; a value that only one holds counts half.
fn frequency(count: u32, n: usize) -> f32 {
    let others = (count as f32 - 1.0).max(RARE);
    (others / n.max(2) as f32).min(1.0).log2()
}

/// In whole numbers: terms are numbered as records come, and the sum must not depend on that.
fn sum_of_squares(counts: &[u32]) -> f64 {
    let total: u64 = counts.iter().map(|&c| u64::from(c)).sum();
    let squares: u128 = counts.iter().map(|&c| u128::from(c) * u128::from(c)).sum();
    if total < 2 {
        return 0.0;
    }
    (squares - u128::from(total)) as f64 / (total as f64 * (total as f64 - 1.0))
}

/// The same from one term a record, 0 where there is none, and the count of every term.
fn squares_of(terms: impl Iterator<Item = Term>, counts: &[u32]) -> f64 {
    // Every record adds the share of the others that hold its value.
    let (mut total, mut sum) = (0_u64, 0_u64);
    for t in terms.filter(|t| *t != 0) {
        total += 1;
        sum += u64::from(counts[t as usize]) - 1;
    }
    if total == 0 {
        return 0.0;
    }
    (sum as f64 / (total as f64 * (total as f64 - 1.0)).max(1.0)).min(1.0)
}

fn canonical_order(intake: &Intake, tokens: &[Token]) -> Vec<u32> {
    let near = |i: u32| {
        let name = &intake.records[i as usize].name;
        let t = if name.family[0] != 0 { name.family[0] } else { name.given[0] };
        tokens[t as usize].key
    };
    let mut order: Vec<(u64, u64, u32)> =
        (0..intake.records.len() as u32).map(|i| (near(i), intake.content[i as usize], i)).collect();
    order.par_sort_unstable_by(|x, y| {
        (x.0, x.1).cmp(&(y.0, y.1)).then_with(|| intake.ids.get(x.2 as usize).cmp(intake.ids.get(y.2 as usize)))
    });
    order.into_iter().map(|(_, _, i)| i).collect()
}
