//! The reference code: proves that a message is ours, says nothing about the person.
//!
//! `K7M4Q-X9T2L`: a letter first (so that a code keeps its order inside right-to-left text), eight random
//! symbols, a check symbol. 44 bits of randomness; derived from nothing. No 0 O 1 I.

use std::fmt;

/// 32 symbols, five bits each; letters first, so that the first symbol can be drawn from them.
const SYMBOLS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Letters among the symbols.
const LETTERS: u32 = 24;
/// Symbols in a code, the check symbol included.
const LENGTH: usize = 10;
/// Symbols before the hyphen.
const HALF: usize = 5;

/// A reference code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference([u8; LENGTH]);

/// The text is not a reference code. Never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Not ten symbols.
    #[error("a code has ten letters and digits, like K7M4Q-X9T2L")]
    Length,
    /// A sign that no code contains.
    #[error("a code contains no such sign (there is no 0, O, 1 or I in it)")]
    Symbol,
    /// First sign not a letter, or wrong check symbol.
    #[error("the code was not read correctly: its check sign does not fit")]
    Check,
}

impl Reference {
    /// A fresh code.
    pub fn random(rng: &mut impl rand::Rng) -> Self {
        let bits = rng.next_u64();
        // the remainder is uneven by less than 2^-19 in 24 bits' worth of letters: no help to anybody who guesses
        let mut values = [0_u8; LENGTH];
        values[0] = u8::try_from((bits >> 40) % u64::from(LETTERS)).unwrap_or(0);
        for (i, value) in values.iter_mut().enumerate().take(LENGTH - 1).skip(1) {
            *value = ((bits >> (5 * (i - 1))) & 31) as u8;
        }
        values[LENGTH - 1] = check(&values[..LENGTH - 1]);
        Self(values)
    }

    /// Reads a code as people type it: any case, spaces and hyphens anywhere.
    ///
    /// # Errors
    /// Wrong length, a sign outside the alphabet, or a check symbol that does not fit.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let mut values = [0_u8; LENGTH];
        let mut n = 0;
        for c in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2013}'))
        {
            let symbol = c.to_ascii_uppercase();
            let at = SYMBOLS.iter().position(|s| char::from(*s) == symbol).ok_or(ReferenceError::Symbol)?;
            *values.get_mut(n).ok_or(ReferenceError::Length)? = u8::try_from(at).unwrap_or(0);
            n += 1;
        }
        if n != LENGTH {
            return Err(ReferenceError::Length);
        }
        if u32::from(values[0]) >= LETTERS || check(&values[..LENGTH - 1]) != values[LENGTH - 1] {
            return Err(ReferenceError::Check);
        }
        Ok(Self(values))
    }
}

/// Check symbol over GF(32): the sum of value × 2^position (2 generates the field's 31 units), so that one wrong
/// symbol, or two neighbours swapped, never pass.
fn check(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_two(sum ^ value))
}

/// Multiplication by x in GF(2)[x] / (x^5 + x^2 + 1).
const fn times_two(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 { shifted } else { (shifted ^ 0b10_0101) & 31 }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, value) in self.0.iter().enumerate() {
            if i == HALF {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(SYMBOLS[usize::from(*value)]))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Reference {
    /// A code belongs to one person's notification: it does not go into logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reference(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn printed_codes_read_back_however_they_are_typed() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        for _ in 0..2_000 {
            let code = Reference::random(&mut rng);
            let text = code.to_string();
            assert!(text.starts_with(|c: char| c.is_ascii_uppercase()));
            assert!(!text.contains(['0', 'O', '1', 'I']));
            assert_eq!(Reference::parse(&text), Ok(code));
            assert_eq!(Reference::parse(&format!(" {} ", text.to_lowercase().replace('-', " "))), Ok(code));
        }
    }

    #[test]
    fn one_wrong_sign_or_a_swap_never_passes() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(2);
        for _ in 0..200 {
            let code = Reference::random(&mut rng);
            for at in 0..LENGTH {
                for other in 0..32 {
                    let mut values = code.0;
                    values[at] = other;
                    let text = Reference(values).to_string();
                    assert_eq!(Reference::parse(&text).is_ok(), other == code.0[at], "{text}");
                }
                if at + 1 < LENGTH && code.0[at] != code.0[at + 1] {
                    let mut values = code.0;
                    values.swap(at, at + 1);
                    assert!(Reference::parse(&Reference(values).to_string()).is_err());
                }
            }
        }
    }

    #[test]
    fn forty_bits_are_used() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(3);
        let mut seen = [0_u32; LENGTH];
        for _ in 0..4_000 {
            for (at, value) in Reference::random(&mut rng).0.iter().enumerate() {
                seen[at] |= 1 << value;
            }
        }
        assert_eq!(seen[0].count_ones(), LETTERS);
        assert!(seen[1..].iter().all(|bits| bits.count_ones() == 32));
    }

    #[test]
    fn errors_do_not_repeat_what_was_typed() {
        for wrong in ["", "K7M4Q", "K0M4Q-X9T2B", "K7M4Q-X9T2LAAA"] {
            let error = Reference::parse(wrong).unwrap_err().to_string();
            assert!(wrong.is_empty() || !error.contains(wrong) || wrong == "K7M4Q", "{error}");
        }
    }
}
