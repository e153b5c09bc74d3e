//! Percent coding (RFC 3986) of what is put into URLs and forms.

use std::fmt::Write as _;

/// Everything but letters, digits and `-._~` as percent and hex: for one segment of a path, one field of a form.
#[must_use]
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// The bytes behind percent signs; `None`: a percent sign without two hex digits.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let hex = |byte: u8| char::from(byte).to_digit(16);
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let (high, low) = (hex(bytes.next()?)?, hex(bytes.next()?)?);
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn whatever_goes_out_comes_back(text in "\\PC{0,60}") {
            let coded = encode(&text);
            proptest::prop_assert!(coded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            proptest::prop_assert_eq!(decode(&coded), Some(text.into_bytes()));
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,60}") {
            let _ = decode(&text);
        }
    }

    #[test]
    fn a_sign_without_its_digits_is_no_text() {
        for wrong in ["%", "%4", "%zz", "%+1", "a%é"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
