//! String similarity on short ASCII, without allocating.

/// Bytes of a value that are compared; names longer than this do not occur.
pub(crate) const MAX_BYTES: usize = 64;

/// Jaro-Winkler similarity of two byte strings of at most [`MAX_BYTES`] bytes (longer ones are cut).
pub(crate) fn jaro_winkler(a: &[u8], b: &[u8]) -> f32 {
    let a = &a[..a.len().min(MAX_BYTES)];
    let b = &b[..b.len().min(MAX_BYTES)];
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.is_empty() {
        return if long.is_empty() { 1.0 } else { 0.0 };
    }
    let window = (long.len() / 2).saturating_sub(1);
    let (mut taken_short, mut taken_long) = (0_u64, 0_u64);
    for (i, c) in short.iter().enumerate() {
        let from = i.saturating_sub(window);
        let to = (i + window + 1).min(long.len());
        for (j, d) in long.iter().enumerate().take(to).skip(from) {
            if taken_long & (1 << j) == 0 && c == d {
                taken_short |= 1 << i;
                taken_long |= 1 << j;
                break;
            }
        }
    }
    let m = taken_short.count_ones();
    if m == 0 {
        return 0.0;
    }
    let mut half_transpositions = 0_u32;
    let mut rest = taken_long;
    let mut left = taken_short;
    while left != 0 {
        let i = left.trailing_zeros() as usize;
        let j = rest.trailing_zeros() as usize;
        half_transpositions += u32::from(short[i] != long[j]);
        left &= left - 1;
        rest &= rest - 1;
    }
    let m = m as f32;
    let t = (half_transpositions / 2) as f32;
    let jaro = (m / short.len() as f32 + m / long.len() as f32 + (m - t) / m) / 3.0;
    let prefix = short.iter().zip(long).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix as f32 * 0.1 * (1.0 - jaro)
}

/// Letters and digits that occur, as bits: two strings with few common bits cannot be similar.
pub(crate) fn letter_mask(text: &[u8]) -> u32 {
    text.iter().fold(0, |mask, &c| {
        mask | match c {
            b'a'..=b'z' => 1 << (c - b'a'),
            b'0'..=b'9' => 1 << (26 + (c - b'0') / 2),
            _ => 1 << 31,
        }
    })
}

/// False only if Jaro-Winkler of two texts, given with their letter masks, is certainly below .82. Every letter kind
/// that the other side lacks is at least one letter unmatched; only a common beginning makes up for that.
#[inline]
pub(crate) fn may_be_similar((a, a_mask): (&[u8], u32), (b, b_mask): (&[u8], u32)) -> bool {
    let a_matched = a.len() - ((a_mask & !b_mask).count_ones() as usize).min(a.len());
    let b_matched = b.len() - ((b_mask & !a_mask).count_ones() as usize).min(b.len());
    let m = a_matched.min(b_matched);
    if m == 0 {
        return false;
    }
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    // Jaro that the prefix lifts to .82, less a hair for rounding; times three, and the one of no transposition taken off.
    const LEAST: [f32; 5] = least_overlap();
    let (m, a, b) = (m as f32, a.len() as f32, b.len() as f32);
    m * (a + b) >= LEAST[prefix] * a * b
}

const fn least_overlap() -> [f32; 5] {
    let mut out = [0.0; 5];
    let mut prefix = 0;
    while prefix < 5 {
        let lift = 0.1 * prefix as f32;
        out[prefix] = 3.0 * (0.82 - lift) / (1.0 - lift) - 1.0 - 1e-4;
        prefix += 1;
    }
    out
}

/// Equal but for one substitution, insertion, deletion or swap of neighbours.
pub(crate) fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let front = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (s, l) = (&short[front..], &long[front..]);
    if s.is_empty() {
        return true;
    }
    if short.len() < long.len() {
        return s == &l[1..];
    }
    s[1..] == l[1..] || (s.len() > 1 && s[0] == l[1] && s[1] == l[0] && s[2..] == l[2..])
}

/// A short code as one number, first byte first; 0 for codes of more than eight bytes.
pub(crate) fn short_code(text: &[u8]) -> u64 {
    if text.len() > 8 {
        return 0;
    }
    let mut bytes = [0; 8];
    bytes[..text.len()].copy_from_slice(text);
    u64::from_be_bytes(bytes)
}

/// [`one_edit`] on two different short codes.
pub(crate) fn one_edit_short(a: u64, b: u64) -> bool {
    let x = a ^ b;
    let lead = (x.leading_zeros() / 8).min(7);
    let trail = x.trailing_zeros() / 8;
    match 8_u32.saturating_sub(lead + trail) {
        0 | 1 => return true,
        2 => {
            let shift = trail * 8;
            let (p, q) = ((a >> shift) as u16, (b >> shift) as u16);
            if p == q.swap_bytes() {
                return true;
            }
        }
        _ => {}
    }
    // One byte more in one of them: taken out, the two are equal.
    let head = !(u64::MAX >> (lead * 8));
    let without = |c: u64| (c & head) | ((c << 8) & !head);
    without(a) == b || without(b) == a
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_the_library(a in "[a-f]{0,12}", b in "[a-f]{0,12}") {
            let expected = strsim::jaro_winkler(&a, &b) as f32;
            let got = jaro_winkler(a.as_bytes(), b.as_bytes());
            prop_assert!((expected - got).abs() < 1e-5 || expected < 0.7, "{expected} {got}");
        }

        #[test]
        fn the_quick_refusal_refuses_nothing_similar(a in "[a-h]{1,10}", b in "[a-h]{1,10}") {
            let (x, y) = (a.as_bytes(), b.as_bytes());
            if !may_be_similar((x, letter_mask(x)), (y, letter_mask(y))) {
                prop_assert!(jaro_winkler(x, y) < 0.82);
            }
        }

        #[test]
        fn short_codes_agree_with_long_ones(a in "[ab1]{1,8}", b in "[ab1]{1,8}") {
            prop_assume!(a != b);
            let (x, y) = (a.as_bytes(), b.as_bytes());
            prop_assert_eq!(one_edit_short(short_code(x), short_code(y)), one_edit(x, y), "{} {}", a, b);
        }

        #[test]
        fn one_edit_is_distance_one(a in "[ab]{0,6}", b in "[ab]{0,6}") {
            prop_assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), strsim::osa_distance(&a, &b) <= 1);
        }
    }
}
