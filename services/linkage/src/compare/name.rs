//! Names: given and family aligned over tokens, swapped names, names that moved to another column.

use super::{Comparison, Found};
use crate::corpus::Corpus;
use crate::fields::{Field, Level};
use crate::packed::{Packed, PackedName, UNORDERED};
use crate::similarity::{jaro_winkler, may_be_similar};
use crate::skeleton::vowels_fit;
use crate::terms::{Term, Token};
use crate::text::Script;

/// Jaro-Winkler from which two spellings are close, and near.
const CLOSE: f32 = 0.92;
const NEAR: f32 = 0.88;
/// Jaro-Winkler from which another vowel is a slip of the pen.
const SLIP: f32 = 0.96;
/// Jaro-Winkler that one skeleton within one script needs besides: alone it merged unlike names.
const SAME_SCRIPT: f32 = 0.82;

/// Compares everything that is a name.
pub(super) fn compare(corpus: &Corpus, i: usize, j: usize, out: &mut Comparison) {
    let (a, b) = (&corpus.records[i], &corpus.records[j]);
    if a.name.given[0] | a.name.family[0] != 0 && b.name.given[0] | b.name.family[0] != 0 {
        let (names, x, y) = best_names(corpus, a, b);
        out.set(Field::Given, names.given);
        out.set(Field::Family, names.family);
        if agrees(names.given.level) && agrees(names.family.level) {
            if !names.unordered {
                let order = if names.swapped { Level::Swapped } else { Level::Straight };
                out.set(Field::Order, Found::plain(order));
            }
            let exact = names.given.level == Level::Exact && names.family.level == Level::Exact;
            let namesakes = corpus.namesakes(i, j, exact);
            out.joint = if exact { namesakes } else { namesakes - 1.0 };
        }
        if corpus.active[Field::Middle.index()] && !names.crossed {
            let middle = align(corpus, &x.middle, &y.middle, Role::Any);
            out.set(Field::Middle, middle);
        }
    }
    if corpus.active[Field::Father.index()] {
        out.set(Field::Father, father(corpus, a, b));
    }
    if corpus.active[Field::Mother.index()] {
        out.set(Field::Mother, align(corpus, &a.mother, &b.mother, Role::Any));
    }
}

/// Levels at which two names may be one (the gate asks for no less).
pub(crate) const fn agrees(level: Level) -> bool {
    matches!(level, Level::Exact | Level::Close | Level::Near | Level::Cross)
}

/// Father's name; where one register keeps it among the middle names, agreement counts and difference does not.
fn father(corpus: &Corpus, a: &Packed, b: &Packed) -> Found {
    if a.father[0] != 0 && b.father[0] != 0 {
        return align(corpus, &a.father, &b.father, Role::Any);
    }
    let found = if a.father[0] != 0 {
        align(corpus, &a.father, &b.name.middle[..1], Role::Any)
    } else if b.father[0] != 0 {
        align(corpus, &a.name.middle[..1], &b.father, Role::Any)
    } else {
        Found::MISSING
    };
    if agrees(found.level) { found } else { Found::MISSING }
}

#[derive(Clone, Copy)]
struct Names {
    given: Found,
    family: Found,
    swapped: bool,
    crossed: bool,
    unordered: bool,
}

impl Names {
    fn quality(&self) -> u8 {
        quality(self.given.level) + quality(self.family.level)
    }
}

/// The best of all pairs of the two records' names, and the two names it comes from.
fn best_names<'c>(corpus: &'c Corpus, a: &'c Packed, b: &'c Packed) -> (Names, &'c PackedName, &'c PackedName) {
    let unordered = (a.flags | b.flags) & UNORDERED != 0;
    let first = one_name(corpus, a, &a.name, b, &b.name, unordered);
    let mut best = (first, &a.name, &b.name);
    if a.aliases == 0 && b.aliases == 0 {
        return best;
    }
    let all = |r: &'c Packed| {
        let from = r.alias as usize;
        std::iter::once(&r.name).chain(&corpus.aliases[from..from + r.aliases as usize])
    };
    for x in all(a) {
        for y in all(b) {
            let names = one_name(corpus, a, x, b, y, unordered);
            if names.quality() > best.0.quality() {
                best = (names, x, y);
            }
        }
    }
    best
}

fn one_name(corpus: &Corpus, a: &Packed, x: &PackedName, b: &Packed, y: &PackedName, unordered: bool) -> Names {
    let mut names = Names {
        given: align(corpus, &x.given, &y.given, Role::Given),
        family: align(corpus, &x.family, &y.family, Role::Family),
        swapped: false,
        crossed: false,
        unordered,
    };
    if agrees(names.given.level) && agrees(names.family.level) {
        return names;
    }
    if unordered {
        whole_given(corpus, x, y, &mut names);
    }
    let swapped = Names {
        given: align(corpus, &x.given, &y.family, Role::Any),
        family: align(corpus, &x.family, &y.given, Role::Any),
        swapped: true,
        ..names
    };
    let both = agrees(swapped.given.level) && agrees(swapped.family.level);
    if both && swapped.quality() > names.quality() {
        return swapped;
    }
    cross(corpus, a, x, b, y, &mut names);
    names
}

/// «Xiao Ming Wang» against «Xiaoming Wang»: given and middle name written apart.
fn whole_given(corpus: &Corpus, x: &PackedName, y: &PackedName, names: &mut Names) {
    if !agrees(names.family.level) || agrees(names.given.level) {
        return;
    }
    for (apart, whole) in [(x, y), (y, x)] {
        if apart.middle[0] != 0 && apart.middle[1] == 0 && whole.middle[0] == 0 {
            let parts = [apart.given[0], apart.middle[0], 0];
            if joined_equal(corpus, &parts, &whole.given) {
                names.given = Found::plain(Level::Close);
                names.crossed = true;
            }
        }
    }
}

/// Looks for a name that does not agree among the other's middle and father's names.
fn cross(corpus: &Corpus, a: &Packed, x: &PackedName, b: &Packed, y: &PackedName, names: &mut Names) {
    let found = |tokens: &[Term], middle: &[Term], father: &[Term]| {
        tokens.iter().take_while(|t| **t != 0).any(|t| {
            middle
                .iter()
                .chain(father)
                .filter(|u| **u != 0)
                .any(|u| matches!(token_level(corpus, *t, *u, false), Level::Exact | Level::Close))
        })
    };
    for (is_family, field) in [(true, &mut names.family), (false, &mut names.given)] {
        if !matches!(field.level, Level::Differ | Level::Partial) {
            continue;
        }
        let (p, q) = if is_family { (x.family, y.family) } else { (x.given, y.given) };
        // A father's name stands for a family name, never for one's own.
        let (fa, fb) = if is_family { (a.father, b.father) } else { ([0; 2], [0; 2]) };
        if found(&p, &y.middle, &fb) || found(&q, &x.middle, &fa) {
            *field = Found::plain(Level::Cross);
            names.crossed = true;
        }
    }
}

fn quality(level: Level) -> u8 {
    match level {
        Level::Exact => 7,
        Level::Close => 6,
        Level::Near | Level::Nickname => 5,
        Level::Cross => 3,
        Level::Initial => 2,
        Level::Partial => 1,
        _ => 0,
    }
}

/// Which frequencies a role's agreement is weighed with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Given,
    Family,
    Any,
}

/// Aligns the tokens of the shorter side with the other's. All must agree; the worst decides.
fn align(corpus: &Corpus, a: &[Term], b: &[Term], role: Role) -> Found {
    let n = a.iter().take_while(|t| **t != 0).count();
    let m = b.iter().take_while(|t| **t != 0).count();
    if n == 0 || m == 0 {
        return Found::MISSING;
    }
    if n == 1 && m == 1 {
        return weighed(corpus, a[0], b[0], token_level(corpus, a[0], b[0], role == Role::Given), role);
    }
    let (few, many) = if n <= m { (&a[..n], &b[..m]) } else { (&b[..m], &a[..n]) };
    let mut used = 0_u8;
    let mut worst = Found::plain(Level::Missing);
    let mut agreeing = 0;
    let mut rarest = 0.0_f32;
    for t in few {
        let mut best = (Found::plain(Level::Differ), 0);
        for (k, u) in many.iter().enumerate().filter(|(k, _)| used & (1 << k) == 0) {
            let level = token_level(corpus, *t, *u, role == Role::Given);
            if quality(level) > quality(best.0.level) {
                best = (weighed(corpus, *t, *u, level, role), k);
            }
        }
        if quality(best.0.level) >= 2 {
            used |= 1 << best.1;
            agreeing += 1;
            rarest = rarest.min(best.0.frequency);
        }
        if worst.level == Level::Missing || quality(best.0.level) < quality(worst.level) {
            worst = best.0;
        }
    }
    if quality(worst.level) < 2 {
        if n != m && joined_equal(corpus, a, b) {
            return Found::plain(Level::Close);
        }
        return Found::plain(if agreeing > 0 { Level::Partial } else { Level::Differ });
    }
    worst.frequency = if worst.frequency == 0.0 { 0.0 } else { rarest };
    worst
}

/// «Mary Ann» and «Maryann».
fn joined_equal(corpus: &Corpus, a: &[Term], b: &[Term]) -> bool {
    let join = |terms: &[Term]| {
        let mut out = [0_u8; 64];
        let mut n = 0;
        for t in terms.iter().take_while(|t| **t != 0) {
            for c in corpus.token(*t).ascii() {
                if n < out.len() {
                    out[n] = *c;
                    n += 1;
                }
            }
        }
        (out, n)
    };
    let ((x, n), (y, m)) = (join(a), join(b));
    n >= 4 && m >= 4 && jaro_winkler(&x[..n], &y[..m]) >= 0.95
}

fn weighed(corpus: &Corpus, t: Term, u: Term, level: Level, role: Role) -> Found {
    let of = |term: Term| {
        let i = term as usize;
        match role {
            Role::Given => corpus.given[i],
            Role::Family => corpus.family[i],
            Role::Any => corpus.any_name[i],
        }
    };
    let frequency = match level {
        Level::Exact => of(t).max(of(u)),
        Level::Close => corpus.skeleton[t as usize].max(corpus.skeleton[u as usize]),
        _ => 0.0,
    };
    Found { level, frequency }
}

/// Level of two single tokens.
fn token_level(corpus: &Corpus, t: Term, u: Term, given: bool) -> Level {
    let (x, y) = (corpus.token(t), corpus.token(u));
    if x.is_initial() || y.is_initial() {
        let same = x.ascii_len > 0 && y.ascii_len > 0 && x.ascii[0] == y.ascii[0];
        return if same { Level::Initial } else { Level::Differ };
    }
    if t == u {
        return Level::Exact;
    }
    match (x.script, y.script) {
        (Script::Latin, Script::Latin) => latin(x, y, given),
        (Script::Han, Script::Han) => {
            // One sound is many names; but the same name has simplified and traditional characters.
            if x.ascii_len > 0 && x.ascii() == y.ascii() { Level::Partial } else { Level::Differ }
        }
        (Script::Arabic, Script::Arabic) | (Script::Hebrew, Script::Hebrew) => one_abjad(x, y),
        _ => two_scripts(x, y),
    }
}

fn latin(x: &Token, y: &Token, given: bool) -> Level {
    let (n, m) = (x.ascii_len as usize, y.ascii_len as usize);
    let nickname = x.nickname != 0 && x.nickname == y.nickname;
    let lesser = if nickname { Level::Nickname } else { Level::Differ };
    if n == 0 || m == 0 || !may_be_similar((x.ascii(), x.mask), (y.ascii(), y.mask)) {
        return lesser;
    }
    let jw = jaro_winkler(x.ascii(), y.ascii());
    if jw < SAME_SCRIPT {
        return lesser;
    }
    let skeleton = x.skeleton != 0 && x.skeleton == y.skeleton;
    if jw >= NEAR && (given && other_ending(x.ascii(), y.ascii()) || nasal(x.ascii(), y.ascii())) {
        return if nickname { Level::Nickname } else { Level::Partial };
    }
    if skeleton && x.skeleton_len >= 2 {
        // Karim and Karam: all that tells them apart is a vowel, so the vowel decides.
        return match fit(x, y) {
            true => Level::Close,
            false if jw >= SLIP => Level::Near,
            false => Level::Partial,
        };
    }
    if jw >= CLOSE && n.min(m) > 3 {
        return Level::Close;
    }
    if jw >= NEAR && n.min(m) > 3 { Level::Near } else { lesser }
}

/// Samir and Samira, Daniel and Danielle: brother and sister, not one name.
fn other_ending(x: &[u8], y: &[u8]) -> bool {
    let (short, long) = if x.len() < y.len() { (x, y) } else { (y, x) };
    if let Some(rest) = long.strip_prefix(short) {
        return matches!(rest, b"a" | b"e" | b"ah" | b"eh" | b"ia" | b"le" | b"ne" | b"ette");
    }
    // Mario and Maria.
    x.len() == y.len()
        && x[..x.len() - 1] == y[..y.len() - 1]
        && matches!((x[x.len() - 1], y[y.len() - 1]), (b'a', b'o') | (b'o', b'a'))
}

/// Chen and Cheng, Lin and Ling: two names of one syllable, told apart by the last letter.
fn nasal(x: &[u8], y: &[u8]) -> bool {
    let (short, long) = if x.len() < y.len() { (x, y) } else { (y, x) };
    short.len() <= 5 && short.ends_with(b"n") && long.strip_prefix(short) == Some(b"g")
}

/// Within one script that leaves vowels out, a letter more is another name (محمد, محمود): letters must nearly agree.
fn one_abjad(x: &Token, y: &Token) -> Level {
    let skeleton = x.skeleton != 0 && x.skeleton == y.skeleton;
    let jw = jaro_winkler(x.ascii(), y.ascii());
    if skeleton {
        // Same consonant classes: a letter of the same class, or another long vowel.
        let same_vowels = x.vowels == y.vowels;
        return if same_vowels && jw >= SAME_SCRIPT { Level::Near } else { Level::Partial };
    }
    if jw >= CLOSE && x.ascii_len.min(y.ascii_len) >= 5 && x.vowels == y.vowels {
        return Level::Near;
    }
    Level::Differ
}

fn two_scripts(x: &Token, y: &Token) -> Level {
    let han = |t: &Token| t.script == Script::Han;
    if han(x) || han(y) {
        // Pinyin on the other side must be the very syllables.
        // Readings of other languages differ: that says little.
        return if x.ascii_len >= 2 && x.ascii() == y.ascii() { Level::Close } else { Level::Partial };
    }
    if x.skeleton == 0 || x.skeleton != y.skeleton {
        return Level::Differ;
    }
    match (fit(x, y), x.skeleton_len) {
        (true, 2..) => Level::Close,
        // One consonant: علي and Ali, but also Lee.
        (true, _) if jaro_winkler(x.ascii(), y.ascii()) >= 0.5 => Level::Near,
        _ => Level::Partial,
    }
}

fn fit(x: &Token, y: &Token) -> bool {
    let abjad = |t: &Token| matches!(t.script, Script::Arabic | Script::Hebrew);
    vowels_fit(&x.vowels, abjad(x), &y.vowels, abjad(y), x.skeleton_len as usize)
}
