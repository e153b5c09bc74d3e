//! The table «which value is worse»: from values to atoms, P1 to P3.

use domain::Level;
use domain::record::{ChildStatus, ConsentSource, Displacement, Literacy, Role, Vital, Whereabouts};

use super::case::{Case, GUARDIAN, case, shapes, subsets};
use super::decide;
use crate::atoms::{Atom, Atoms};
use crate::facts::values::{
    AgeClass, CauseClass, Child, Codes, Detention, Holds, Needs, Seen, TIER_HIGH, TIER_NONE, TIER_STANDARD, Values,
};

/// Sets one fact.
type Put = fn(&mut Values);

/// One fact of the page: groups of values, each worse than the group before; values in one group are not compared.
struct Fact {
    name: &'static str,
    groups: Vec<Vec<(&'static str, Put)>>,
    /// The value is unknown; it is at most the value in this group (P2).
    unknown: Option<(Put, Unknown)>,
}

/// How the page reads unknown.
#[derive(PartialEq)]
enum Unknown {
    /// At most every known value.
    Strict,
    /// Starred: at most the first value, and stricter in high.
    Starred,
}

fn see(value: u8) -> Seen {
    let mut seen = Seen::default();
    seen.see(value);
    seen
}

fn facts() -> Vec<Fact> {
    vec![
        Fact {
            name: "vital of a sought person",
            groups: vec![
                vec![("alive", |v| (v.vital, v.roles) = (see(Vital::Alive as u8), 1 << Role::Sought as u16))],
                vec![
                    ("dead", |v| (v.vital, v.roles) = (see(Vital::Dead as u8), 1 << Role::Sought as u16)),
                    ("believed_dead", |v| {
                        (v.vital, v.roles) = (see(Vital::BelievedDead as u8), 1 << Role::Sought as u16)
                    }),
                ],
            ],
            unknown: Some((|v| (v.vital, v.roles) = (Seen::default(), 1 << Role::Sought as u16), Unknown::Strict)),
        },
        Fact {
            name: "vital of any other",
            groups: vec![
                vec![("alive", |v| v.vital = see(Vital::Alive as u8))],
                vec![
                    ("dead", |v| v.vital = see(Vital::Dead as u8)),
                    ("believed_dead", |v| v.vital = see(Vital::BelievedDead as u8)),
                ],
            ],
            unknown: Some((|v| v.vital = Seen::default(), Unknown::Starred)),
        },
        Fact {
            name: "detention",
            groups: vec![
                vec![("no marker", |v| v.detention = see(Detention::None as u8))],
                vec![("answered", |v| v.detention = see(Detention::Answered as u8))],
                vec![("unanswered", |v| v.detention = see(Detention::Unanswered as u8))],
            ],
            unknown: Some((|v| v.detention = Seen::default(), Unknown::Starred)),
        },
        Fact {
            name: "whereabouts of a sought person",
            groups: vec![
                vec![("located", |v| {
                    (v.whereabouts, v.roles) = (see(Whereabouts::Located as u8), 1 << Role::Sought as u16)
                })],
                vec![("not_located", |v| {
                    (v.whereabouts, v.roles) = (see(Whereabouts::NotLocated as u8), 1 << Role::Sought as u16)
                })],
            ],
            unknown: Some((
                |v| (v.whereabouts, v.roles) = (Seen::default(), 1 << Role::Sought as u16),
                Unknown::Strict,
            )),
        },
        Fact {
            name: "age",
            groups: vec![
                vec![
                    ("adult", |v| v.age = see(AgeClass::Adult as u8)),
                    ("minor", |v| v.age = see(AgeClass::Minor as u8)),
                ],
                vec![("unclear", |v| v.age = see(AgeClass::Unclear as u8))],
            ],
            unknown: None, // depends on the tier: below
        },
        Fact {
            name: "care of a child",
            groups: vec![
                vec![("with_parents", |v| care(v, Some(ChildStatus::WithParents)))],
                vec![
                    ("separated", |v| care(v, Some(ChildStatus::Separated))),
                    ("kin", |v| care(v, Some(ChildStatus::Kin))),
                    ("foster", |v| care(v, Some(ChildStatus::Foster))),
                    ("institution", |v| care(v, Some(ChildStatus::Institution))),
                    ("kafala", |v| care(v, Some(ChildStatus::Kafala))),
                ],
                vec![
                    ("unaccompanied", |v| care(v, Some(ChildStatus::Unaccompanied))),
                    ("child_headed", |v| care(v, Some(ChildStatus::ChildHeaded))),
                    ("none", |v| care(v, Some(ChildStatus::None))),
                    ("independent", |v| care(v, Some(ChildStatus::Independent))),
                    ("unknown", |v| care(v, None)),
                ],
            ],
            unknown: Some((|v| care(v, None), Unknown::Strict)),
        },
        Fact {
            name: "consent source, of a child with parents",
            groups: vec![
                vec![("caregiver", |v| consent(v, Some(ConsentSource::Caregiver)))],
                vec![
                    ("individual", |v| consent(v, Some(ConsentSource::Individual))),
                    ("other", |v| consent(v, Some(ConsentSource::Other))),
                    ("unknown", |v| consent(v, None)),
                ],
            ],
            unknown: Some((|v| consent(v, None), Unknown::Strict)),
        },
        Fact {
            name: "codes",
            groups: vec![
                vec![("none", |v| v.codes.0 = Codes::NEEDS_KNOWN | Codes::CONCERNS_KNOWN)],
                vec![("unknown", |v| v.codes.0 = 0)],
                vec![("danger", |v| v.codes.0 = Codes::DANGER | Codes::NEEDS_KNOWN | Codes::CONCERNS_KNOWN)],
            ],
            unknown: Some((|v| v.codes.0 = 0, Unknown::Starred)),
        },
        Fact {
            name: "cause, of a child apart",
            groups: vec![
                vec![("harmless", |v| cause(v, Some(CauseClass::Harmless)))],
                vec![("unknown", |v| cause(v, None))],
                vec![("abuse", |v| cause(v, Some(CauseClass::Abuse)))],
            ],
            unknown: Some((|v| cause(v, None), Unknown::Starred)),
        },
        Fact {
            name: "displacement",
            groups: vec![
                vec![
                    ("resident", |v| v.displacement = see(Displacement::Resident as u8)),
                    ("migrant", |v| v.displacement = see(Displacement::Migrant as u8)),
                ],
                vec![("unknown", |v| v.displacement = Seen::default())],
                vec![
                    ("refugee", |v| v.displacement = see(Displacement::Refugee as u8)),
                    ("asylum_seeker", |v| v.displacement = see(Displacement::AsylumSeeker as u8)),
                ],
            ],
            unknown: Some((|v| v.displacement = Seen::default(), Unknown::Starred)),
        },
        Fact {
            name: "context tier",
            groups: vec![
                vec![("standard", |v| v.tier = TIER_STANDARD)],
                vec![("high", |v| v.tier = TIER_HIGH)],
                vec![("none", |v| v.tier = TIER_NONE)],
            ],
            unknown: Some((|v| v.tier = TIER_NONE, Unknown::Strict)),
        },
        Fact {
            name: "context tier, age unknown",
            groups: vec![
                vec![("standard", |v| (v.age, v.tier) = (Seen::default(), TIER_STANDARD))],
                vec![("high", |v| (v.age, v.tier) = (Seen::default(), TIER_HIGH))],
                vec![("none", |v| (v.age, v.tier) = (Seen::default(), TIER_NONE))],
            ],
            unknown: None,
        },
        Fact {
            name: "literacy",
            groups: vec![
                vec![("reads", |v| v.literacy = see(Literacy::Reads as u8))],
                vec![("unknown", |v| v.literacy = Seen::default())],
                vec![("cannot", |v| v.literacy = see(Literacy::Cannot as u8))],
            ],
            unknown: Some((|v| v.literacy = Seen::default(), Unknown::Starred)),
        },
        Fact {
            name: "access needs",
            groups: vec![
                vec![("none", |v| v.needs = Needs(0))],
                vec![
                    ("deaf", |v| v.needs = Needs(Needs::DEAF)),
                    ("blind", |v| v.needs = Needs(Needs::BLIND)),
                    ("speech", |v| v.needs = Needs(Needs::SPEECH)),
                    ("mental", |v| v.needs = Needs(Needs::MENTAL)),
                ],
            ],
            unknown: Some((|v| v.needs = Needs(0), Unknown::Starred)),
        },
        Fact {
            name: "what holds a person",
            groups: vec![
                vec![("nothing", |v| v.holds = Holds(0))],
                vec![
                    ("do not contact", |v| v.holds = Holds(Holds::DO_NOT_CONTACT)),
                    ("legal hold", |v| v.holds = Holds(Holds::LEGAL_HOLD)),
                    ("uncoded", |v| v.holds = Holds(Holds::UNCODED)),
                    ("unknown code", |v| v.holds = Holds(Holds::UNKNOWN_CODE)),
                    ("contradiction", |v| v.holds = Holds(Holds::CONTRADICTION)),
                ],
            ],
            unknown: None,
        },
    ]
}

fn care(v: &mut Values, status: Option<ChildStatus>) {
    v.age = see(AgeClass::Minor as u8);
    v.care = status.map_or(Seen::default(), |s| see(s as u8));
}

fn consent(v: &mut Values, source: Option<ConsentSource>) {
    care(v, Some(ChildStatus::WithParents));
    v.consent = source.map_or(Seen::default(), |s| see(s as u8));
}

fn cause(v: &mut Values, class: Option<CauseClass>) {
    care(v, Some(ChildStatus::Kin));
    v.cause = class.map_or(Seen::default(), |c| see(c as u8));
}

/// People in whom a fact is varied: adults and children, known throughout or not at all, in every tier.
fn backgrounds() -> Vec<Values> {
    let mut known = Values { age: see(AgeClass::Adult as u8), ..Values::default() };
    known.vital = see(Vital::Alive as u8);
    known.whereabouts = see(Whereabouts::Located as u8);
    known.codes.0 = Codes::NEEDS_KNOWN | Codes::CONCERNS_KNOWN;
    known.cause = see(CauseClass::Harmless as u8);
    known.consent = see(ConsentSource::Caregiver as u8);
    known.care = see(ChildStatus::WithParents as u8);
    known.displacement = see(Displacement::Resident as u8);
    known.literacy = see(Literacy::Reads as u8);
    let child = Values { age: see(AgeClass::Minor as u8), ..known };
    let silent = Values { age: see(AgeClass::Adult as u8), ..Values::default() };
    let silent_child = Values { age: see(AgeClass::Minor as u8), ..Values::default() };
    let marked = Values { child: Child(Child::MARKER), ..Values::default() };
    let mut all = Vec::new();
    for person in [known, child, silent, silent_child, Values::default(), marked] {
        for tier in [TIER_STANDARD, TIER_HIGH, TIER_NONE] {
            for low_literacy in [false, true] {
                all.push(Values { tier, low_literacy, ..person });
            }
        }
    }
    all
}

/// Contact points and guardians: good, and with each single fault that makes person facts matter more.
fn places() -> Vec<Case> {
    use Atom::*;
    let faults = [
        &[][..],
        &[SafeNotYes],
        &[NameNotYes],
        &[NameNotYes, SafeNotYes],
        &[MaybeInOrigin],
        &[NotConfirmed],
        &[NoWindow],
        &[GuardianNotVerified],
    ];
    let set = |atoms: &[Atom]| Atoms::of(atoms);
    faults.iter().flat_map(|f| shapes().into_iter().map(move |s| case(set(f), s))).step_by(super::STRIDE).collect()
}

fn with(values: &Values, place: &Case) -> Case {
    Case { person: values.atoms(true), reader: values.recipient_atoms(true), ..*place }
}

fn levels(values: &Values, place: &Case) -> Vec<Level> {
    decide(&with(values, place)).routes.iter().map(|r| r.level).collect()
}

fn at_most(a: &[Level], b: &[Level]) -> bool {
    a.iter().zip(b).all(|(x, y)| x <= y)
}

#[test]
fn p1_every_worse_value_of_every_fact_allows_no_more() {
    let mut pairs = 0u64;
    for fact in facts() {
        for background in backgrounds() {
            for place in places() {
                let of = |put: Put| {
                    let mut values = background;
                    put(&mut values);
                    levels(&values, &place)
                };
                let groups: Vec<Vec<_>> =
                    fact.groups.iter().map(|g| g.iter().map(|(name, put)| (*name, of(*put))).collect()).collect();
                for (index, better) in groups.iter().enumerate() {
                    for (worse, (name, level)) in
                        groups[index + 1..].iter().flatten().flat_map(|w| better.iter().map(move |b| (w, b)))
                    {
                        assert!(
                            at_most(&worse.1, level),
                            "{}: {} allows more than {name}: {place:?}",
                            fact.name,
                            worse.0
                        );
                        pairs += 1;
                    }
                }
            }
        }
    }
    println!("P1: pairs of values compared: {pairs}");
}

#[test]
fn p2_unknown_is_strict_and_starred_unknown_stands_where_the_page_puts_it() {
    let mut compared = 0u64;
    for fact in facts() {
        let Some((unknown, how)) = &fact.unknown else {
            continue;
        };
        for background in backgrounds() {
            for place in places() {
                let of = |put: Put| {
                    let mut values = background;
                    put(&mut values);
                    levels(&values, &place)
                };
                let silent = of(*unknown);
                let known: Vec<_> = fact.groups.iter().flatten().filter(|(name, _)| *name != "unknown").collect();
                let bounds = if *how == Unknown::Strict { &known[..] } else { &known[..1] };
                for (name, put) in bounds {
                    assert!(at_most(&silent, &of(*put)), "{}: unknown allows more than {name}", fact.name);
                    compared += 1;
                }
                if *how == Unknown::Starred {
                    let raise = |mut values: Values| {
                        unknown(&mut values);
                        values.tier = values.tier.max(TIER_HIGH);
                        levels(&values, &place)
                    };
                    assert!(at_most(&raise(background), &silent), "{}: not stricter in high", fact.name);
                }
            }
        }
    }
    println!("P2: comparisons with unknown: {compared}");
}

#[test]
fn p2_an_unknown_age_is_adult_by_star_only_in_standard_and_without_a_child_marker() {
    for background in backgrounds() {
        let silent = Values { age: Seen::default(), ..background };
        let atoms = silent.atoms(true);
        let star = silent.tier == TIER_STANDARD && !silent.child.has(Child::MARKER);
        assert_eq!(atoms.has(Atom::AdultByStar), star);
        assert_eq!(atoms.has(Atom::Minor), !star);
        assert!(atoms.has(Atom::Adult));
        let adult = Values { age: see(AgeClass::Adult as u8), ..background };
        for place in places() {
            assert!(at_most(&levels(&silent, &place), &levels(&adult, &place)));
        }
    }
}

/// Every merge of two sets of seen values: the worse counts, both where not compared, unknown is completed.
#[test]
fn p3_merging_is_at_least_as_strict_as_each_completed_side() {
    type Field = fn(&mut Values) -> &mut Seen;
    let fields: [(Field, u32); 8] = [
        (|v| &mut v.vital, 3),
        (|v| &mut v.whereabouts, 2),
        (|v| &mut v.detention, 3),
        (|v| &mut v.age, 3),
        (|v| &mut v.care, 10),
        (|v| &mut v.consent, 3),
        (|v| &mut v.displacement, 6),
        (|v| &mut v.literacy, 2),
    ];
    let mut merges = 0u64;
    for (field, values) in fields {
        for a in 0..1u16 << values {
            for b in 0..1u16 << values {
                let with = |bits: u16| {
                    let mut v = Values::default();
                    for value in 0..16 {
                        if bits & (1 << value) != 0 {
                            field(&mut v).see(value);
                        }
                    }
                    v
                };
                let (left, right) = (with(a), with(b));
                let mut merged = left;
                merged.merge(&right);
                for (side, other) in [(a, b), (b, a)] {
                    let completed = with(if side == 0 { other } else { side });
                    let all = |v: &Values| v.atoms(true).and(v.recipient_atoms(true));
                    // an age known on one side takes its star from the other: then both atoms stand for «unclear»
                    let star = Atoms::of(&[Atom::AdultByStar, Atom::Adult]);
                    assert!(all(&merged).contains(all(&completed).without(star)), "{a:b} {b:b}");
                }
                merges += 1;
            }
        }
    }
    println!("P3: merges checked: {merges}");
}

#[test]
fn p3_flags_unite() {
    for (a, b) in (0..32u16).flat_map(|a| (0..32u16).map(move |b| (a, b))) {
        let mut merged = Values {
            holds: Holds(a),
            codes: Codes(a),
            child: Child(a),
            needs: Needs(a),
            roles: a,
            ..Values::default()
        };
        merged.merge(&Values {
            holds: Holds(b),
            codes: Codes(b),
            child: Child(b),
            needs: Needs(b),
            roles: b,
            ..Values::default()
        });
        assert_eq!(
            (merged.holds.0, merged.codes.0, merged.child.0, merged.needs.0, merged.roles),
            (a | b, a | b, a | b, a | b, a | b)
        );
    }
}

#[test]
fn guardian_atoms_only_close_guardian_routes() {
    for set in subsets(GUARDIAN) {
        for shape in shapes().into_iter().filter(|s| s.0) {
            let mut child = case(set, shape);
            child.person = Atoms::of(&[Atom::Minor]);
            child.reader = Atoms::NONE;
            let decision = decide(&child);
            let trusted = decide(&Case { guardian: Some(Atoms::NONE), ..child });
            for (route, other) in decision.routes.iter().zip(&trusted.routes) {
                let own = route.route.to == domain::channel::Recipient::Person;
                assert!(if own { route.level == other.level } else { route.level <= other.level });
            }
        }
    }
}
