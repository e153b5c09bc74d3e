//! The three classes that are not «one person», measured on pairs that cannot be anything else.

use super::sample::{self, Drawn, Draws};
use super::{Table, bits, comparable, table};
use crate::compare::Comparison;
use crate::corpus::Corpus;
use crate::defaults;
use crate::fields::{Field, LEVELS, Level};
use crate::model::{Model, names_agree};
use crate::options::Options;
use crate::text::mix;

/// Random pairs that strangers are measured on.
const RANDOM_PAIRS: usize = 300_000;
/// Pairs that the defaults count for.
const BELIEF_STRANGERS: f64 = 20.0;
const BELIEF_RELATED: f64 = 40.0;
/// Twins are rare, so it takes many pairs to learn how rare.
const BELIEF_TWINS: f64 = 400.0;
/// Records at one address that may be one household; more is an institution or a camp.
const HOUSEHOLD: usize = 14;
/// Pairs of one household that bear one name: a child named after a parent.
const NAMESAKES_AT_HOME: f64 = 0.004;
/// Pairs per record of one household that are assumed at least: nobody can rule a household out.
const LEAST_HOUSEHOLD: f64 = 0.002;
/// The same where there are too few addresses to see households.
const UNSEEN_HOUSEHOLD: f64 = 0.1;

/// Levels counted on pairs that cannot be one person. They do not change when frequencies do, so one look is enough.
pub(super) struct Seen {
    strangers: Counts,
    at_street: Household,
    at_phone: Household,
    /// Pairs of one name, apart and at one address.
    namesakes: [Counts; 2],
    /// How many pairs of one name there are at one address and apart, and how many times more such pairs than in the
    /// sample.
    together: usize,
    apart: usize,
    scale: f64,
}

/// Pairs by field and level.
type Counts = Vec<[f64; LEVELS]>;

/// What pairs of one household show.
struct Household {
    counts: Counts,
    pairs: u64,
    /// Pairs of one household in all.
    many: f64,
    /// Share of the records that have such an address.
    filled: f64,
    /// Dates of couples and siblings of two sexes: twins, and dates that were copied from one line of a household's form
    /// to the next.
    dates: [f64; LEVELS],
}

impl Seen {
    pub(super) fn new(corpus: &Corpus, options: &Options, draws: &Draws) -> Self {
        let n = corpus.len();
        let count = RANDOM_PAIRS.min(n.saturating_mul(n));
        let random = sample::compare_all(corpus, &sample::random(corpus, options, count));
        let by_street = |i: usize| {
            let r = &corpus.records[i];
            match (r.street, r.postcode, r.places[0]) {
                (0, ..) => 0,
                (street, 0, place) => mix(u64::from(street), u64::from(place)) | 1,
                (street, code, _) => mix(u64::from(street), u64::from(code)) | 1,
            }
        };
        let by_phone = |i: usize| match corpus.records[i].phones[0] {
            0 => 0,
            phone => mix(11, u64::from(phone)) | 1,
        };
        let named = draws.sample(corpus, options, sample::Basis::Name);
        let clash = |c: &&Comparison| {
            let far = c.at(Field::Birth) == Level::Differ;
            let same = [Field::StrongId, Field::Email].iter().any(|f| c.at(*f) == Level::Exact);
            names_agree(c) && far && !same
        };
        let (together, apart): (Vec<&Comparison>, Vec<&Comparison>) =
            named.pairs.iter().filter(clash).partition(|c| at_one_address(c));
        Self {
            strangers: count_levels(random.iter().filter(|c| !looks_like_one_person(c))),
            at_street: clashing(corpus, &sample::pairs_by(corpus, options, by_street, HOUSEHOLD)),
            at_phone: clashing(corpus, &sample::pairs_by(corpus, options, by_phone, HOUSEHOLD)),
            together: together.len(),
            apart: apart.len(),
            namesakes: [count_levels(apart.into_iter()), count_levels(together.into_iter())],
            scale: named.scale,
        }
    }
}

/// How often strangers show each level.
pub(super) fn strangers(corpus: &Corpus, seen: &Seen, model: &mut Model) {
    let counts = &seen.strangers;
    model.stranger = table(|(_, _, _, stranger)| *stranger);
    for field in Field::all() {
        let f = field.index();
        let rows = defaults::levels(field);
        if field == Field::Order {
            continue;
        }
        for (level, _, _, stranger) in rows {
            let l = *level as usize;
            let total = comparable(field, *level, &counts[f]);
            let mut p = (counts[f][l] + BELIEF_STRANGERS * f64::from(*stranger)) / (total + BELIEF_STRANGERS);
            if *level == Level::Exact && corpus.chance[f] > 0.0 {
                // Squared frequencies see rare agreement that a sample of pairs does not.
                p = corpus.chance[f];
            }
            model.stranger[f][l] = bits(p);
        }
    }
}

/// In a small file, random pairs contain true ones; what agrees in three telling fields is left out.
fn looks_like_one_person(c: &Comparison) -> bool {
    let telling =
        [Field::Given, Field::Family, Field::Birth, Field::StrongId, Field::Phone, Field::Email, Field::Street];
    let agreeing = telling.iter().filter(|f| matches!(c.at(**f), Level::Exact | Level::Close | Level::OneEdit)).count();
    agreeing >= 3
}

/// What members of one household share, and how many such pairs there are.
pub(super) fn households(corpus: &Corpus, seen: &Seen, model: &mut Model, pairs_in_all: f64) -> f64 {
    let (street, phone) = (&seen.at_street, &seen.at_phone);
    model.samples.push(("household by street".to_owned(), street.pairs));
    model.samples.push(("household by telephone".to_owned(), phone.pairs));
    let addressed = street.filled.max(phone.filled);
    let least = if addressed >= 0.5 { LEAST_HOUSEHOLD } else { UNSEEN_HOUSEHOLD };
    let least = least * corpus.len() as f64;
    let pairs = street.many.max(phone.many).max(least);
    model.household_prior = (pairs / pairs_in_all).clamp(1e-14, 0.25);

    let dates = &street.dates;
    model.household = table(|(_, _, household, _)| *household);
    for field in Field::all().filter(|f| defaults::household_shares(*f)) {
        let f = field.index();
        let mut counts = [0.0; LEVELS];
        let sources =
            [(&street.counts, matches!(field, Field::Street | Field::Place)), (&phone.counts, field == Field::Phone)];
        for (source, drawn_by) in sources {
            if !drawn_by {
                for (sum, count) in counts.iter_mut().zip(&source[f]) {
                    *sum += count;
                }
            }
        }
        let total: f64 = counts[1..].iter().sum();
        for (level, _, household, _) in defaults::levels(field) {
            let p = (counts[*level as usize] + BELIEF_RELATED * f64::from(*household)) / (total + BELIEF_RELATED);
            model.household[f][*level as usize] = bits(p);
        }
    }
    let birth = Field::Birth.index();
    for (level, _, household, _) in defaults::levels(Field::Birth) {
        let l = *level as usize;
        let total = comparable(Field::Birth, *level, dates);
        // Twins are of one sex twice as often as of two.
        let seen = if *level == Level::Exact { 2.0 * dates[l] } else { dates[l] };
        let p = (seen + BELIEF_TWINS * f64::from(*household)) / (total + BELIEF_TWINS);
        model.household[birth][l] = bits(p);
    }
    subtract_chance(&mut model.household, &model.stranger);
    street.many.max(phone.many)
}

/// Pairs that share an address but cannot be one person.
fn clashing(corpus: &Corpus, drawn: &Drawn) -> Household {
    let all = sample::compare_all(corpus, &drawn.pairs);
    let couples = all.iter().filter(|c| c.at(Field::Given) == Level::Differ && c.at(Field::Sex) == Level::Differ);
    let dates = count_levels(couples)[Field::Birth.index()];
    let clash = |c: &Comparison| {
        let given = matches!(c.at(Field::Given), Level::Differ | Level::Partial);
        let birth = matches!(c.at(Field::Birth), Level::Differ | Level::NearYear | Level::YearApart);
        let sex = c.at(Field::Sex) == Level::Differ;
        let id = c.at(Field::StrongId) == Level::Exact;
        given && (birth || sex) && !id
    };
    let kept: Vec<&Comparison> = all.iter().filter(|c| clash(c)).collect();
    let many = kept.len() as f64 * drawn.scale;
    let pairs = kept.len() as u64;
    Household { counts: count_levels(kept.into_iter()), pairs, many, filled: drawn.filled, dates }
}

/// What people of one name share besides it. `households` is the number of pairs of one household: only
/// where people share addresses at all can namesakes share one, and pairs beyond that are one person with a wrong date.
pub(super) fn namesakes(seen: &Seen, model: &mut Model, households: f64) {
    let [apart, together] = &seen.namesakes;
    model.samples.push(("namesakes".to_owned(), (seen.together + seen.apart) as u64));
    let believed = NAMESAKES_AT_HOME * households / seen.scale.max(1.0);
    let weight = (believed / (seen.together as f64).max(1.0)).min(1.0);
    let mut counts = apart.clone();
    for (row, more) in counts.iter_mut().zip(together) {
        for (sum, count) in row.iter_mut().zip(more) {
            *sum += weight * count;
        }
    }
    // Where nothing is known, namesakes are strangers.
    model.namesake = model.stranger.clone();
    for field in Field::all() {
        let f = field.index();
        if matches!(field, Field::Given | Field::Family | Field::Birth | Field::StrongId | Field::Order) {
            continue;
        }
        let rows = defaults::levels(field);
        let total: f64 = rows.iter().map(|r| counts[f][r.0 as usize]).sum();
        for (level, ..) in rows {
            let l = *level as usize;
            let chance = f64::from(model.stranger[f][l]).exp2();
            let p = (counts[f][l] + BELIEF_RELATED * chance) / (total + BELIEF_RELATED);
            model.namesake[f][l] = bits(p);
        }
    }
    subtract_chance(&mut model.namesake, &model.stranger);
}

fn at_one_address(c: &Comparison) -> bool {
    matches!(c.at(Field::Street), Level::Exact | Level::Close) || c.at(Field::Phone) == Level::Exact
}

/// People of one household move like one person: what two records of one person, taken at two times, agree in of
/// their address, two of one household agree in as well.
pub(super) fn moving_households(model: &mut Model) {
    let street = model.person[Field::Street.index()];
    let staying: f64 = [Level::Exact, Level::Close].iter().map(|l| f64::from(street[*l as usize]).exp2()).sum();
    for field in [Field::Street, Field::Place] {
        model.household[field.index()] = model.person[field.index()];
    }
    model.household_prior = (model.household_prior / staying.max(0.1)).min(0.25);
}

/// Keeps, for every level but «differ», what goes beyond chance.
fn subtract_chance(related: &mut Table, stranger: &Table) {
    for (row, chance) in related.iter_mut().zip(stranger) {
        for (l, value) in row.iter_mut().enumerate() {
            if l != Level::Differ as usize {
                let excess = f64::from(*value).exp2() - f64::from(chance[l]).exp2();
                *value = bits(excess.max(1e-9));
            }
        }
    }
}

pub(super) fn count_levels<'c>(pairs: impl Iterator<Item = &'c Comparison>) -> Vec<[f64; LEVELS]> {
    let mut counts = vec![[0.0; LEVELS]; crate::fields::FIELDS];
    for c in pairs {
        for (f, level) in c.level.iter().enumerate() {
            counts[f][*level as usize] += 1.0;
        }
    }
    counts
}
