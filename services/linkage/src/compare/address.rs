//! Place and street.

use super::Found;
use crate::corpus::Corpus;
use crate::fields::Level;
use crate::packed::Packed;
use crate::similarity::{jaro_winkler, may_be_similar, one_edit};
use crate::terms::{Term, Word};

/// A part is fine, not coarse, if its log2 frequency reaches this share of the finest part's.
const FINE: f32 = 0.6;

/// Place parts and postcode as one comparison: suburb, postcode and state are one piece of evidence, not three.
pub(super) fn place(corpus: &Corpus, a: &Packed, b: &Packed) -> Found {
    let both_parts = a.places[0] != 0 && b.places[0] != 0;
    let both_codes = a.postcode != 0 && b.postcode != 0;
    if !both_parts && !both_codes {
        return Found::MISSING;
    }
    let mut agreeing = 0.0_f32; // log2 frequency of the rarest agreeing part
    let mut finest = 0.0_f32;
    let mut all = true;
    if both_codes {
        let f = corpus.value[a.postcode as usize].max(corpus.value[b.postcode as usize]);
        finest = finest.min(f);
        if a.postcode == b.postcode {
            agreeing = agreeing.min(f);
        } else {
            all = false;
        }
    }
    if both_parts {
        let known = |terms: &[Term; 3]| terms.iter().filter(|t| **t != 0).count();
        let (few, many) =
            if known(&a.places) <= known(&b.places) { (a.places, b.places) } else { (b.places, a.places) };
        for t in few.into_iter().filter(|t| *t != 0) {
            let f = corpus.word[t as usize];
            if many.contains(&t) {
                agreeing = agreeing.min(f);
                finest = finest.min(f);
            } else {
                all = false;
            }
        }
        for t in many.into_iter().filter(|t| *t != 0) {
            finest = finest.min(corpus.word[t as usize]);
        }
    }
    let found = |level| Found { level, frequency: agreeing };
    if all {
        return found(Level::Exact);
    }
    if agreeing < 0.0 && agreeing <= finest * FINE {
        return found(Level::Close);
    }
    if alike(corpus, a, b) {
        return Found::plain(Level::Near);
    }
    if agreeing < 0.0 {
        return found(Level::Partial);
    }
    Found::plain(Level::Differ)
}

/// Whether a fine part is a slip of the other's.
fn alike(corpus: &Corpus, a: &Packed, b: &Packed) -> bool {
    let (x, y) = (a.places[0], b.places[0]);
    if x != 0 && y != 0 && x != y {
        let (s, t) = (&corpus.words[x as usize], &corpus.words[y as usize]);
        if s.ascii().len() >= 4 && similar(s, t) {
            return true;
        }
    }
    let (x, y) = (a.postcode, b.postcode);
    x != 0
        && y != 0
        && x != y
        && corpus.values.bytes(x).len() > 4
        && one_edit(corpus.values.bytes(x), corpus.values.bytes(y))
}

/// Street address: equal, most telling words, the name only, the number only.
pub(super) fn street(corpus: &Corpus, a: &Packed, b: &Packed) -> Found {
    if a.street == 0 || b.street == 0 {
        return Found::MISSING;
    }
    if a.street == b.street {
        return Found { level: Level::Exact, frequency: corpus.value[a.street as usize] };
    }
    let known = |terms: &[Term]| terms.iter().take_while(|t| **t != 0).count();
    let (few, many) = if known(&a.street_words) <= known(&b.street_words) {
        (&a.street_words, &b.street_words)
    } else {
        (&b.street_words, &a.street_words)
    };
    let (n, m) = (known(few), known(many));
    let mut used = [false; 8];
    let mut matched = 0;
    let mut named = false;
    let mut sum = 0.0_f32;
    for x in &few[..n] {
        let hit = find_word(corpus, *x, &many[..m], &used);
        if let Some(k) = hit {
            used[k] = true;
            matched += 1;
            named |= !is_number(corpus, *x);
            sum += corpus.word[*x as usize].max(corpus.word[many[k] as usize]);
        }
    }
    let floor = -((corpus.len().max(2)) as f32).log2();
    let level = match (matched, named) {
        (0, _) => Level::Differ,
        (k, true) if k >= 2 && k * 5 >= n * 3 => Level::Close,
        (_, true) => Level::Near,
        (_, false) => Level::Partial,
    };
    Found { level, frequency: sum.max(floor) }
}

fn is_number(corpus: &Corpus, word: Term) -> bool {
    corpus.words[word as usize].number
}

/// The first unused word that is `x` or a slip of it.
fn find_word(corpus: &Corpus, x: Term, among: &[Term], used: &[bool; 8]) -> Option<usize> {
    let s = &corpus.words[x as usize];
    let exact = s.number || s.ascii().len() < 4;
    let mut open = among.iter().enumerate().filter(|(k, _)| !used[*k]);
    open.find(|(_, y)| x == **y || !exact && slip(s, &corpus.words[**y as usize])).map(|(k, _)| k)
}

fn slip(s: &Word, t: &Word) -> bool {
    let (n, m) = (s.ascii().len(), t.ascii().len());
    if m < 4 || t.number || n.abs_diff(m) > 4 {
        return false;
    }
    // One edit changes at most two kinds of letters.
    let apart = (s.mask ^ t.mask).count_ones();
    s.ascii()[0] == t.ascii()[0] && similar(s, t) || apart <= 2 && one_edit(s.ascii(), t.ascii())
}

/// Jaro-Winkler of at least .9.
fn similar(s: &Word, t: &Word) -> bool {
    may_be_similar((s.ascii(), s.mask), (t.ascii(), t.mask)) && jaro_winkler(s.ascii(), t.ascii()) >= 0.9
}
