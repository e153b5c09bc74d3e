//! A text message as octets: alphabet, and segments with a user data header.

use contract::{Sms, SmsEncoding};

/// Octets that one message carries, and septets.
const OCTETS: usize = 140;
const SEPTETS: usize = 160;
/// What the header of a segment takes away: six octets, seven septets.
const HEADER_OCTETS: usize = 6;
const HEADER_SEPTETS: usize = 7;

/// GSM 03.38 default alphabet, by code. The place of the escape (0x1B) holds nothing that a text can contain.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{0}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension table: after an escape.
const EXTENDED: [(char, u8); 10] = [
    ('\u{c}', 0x0A),
    ('^', 0x14),
    ('{', 0x28),
    ('}', 0x29),
    ('\\', 0x2F),
    ('[', 0x3C),
    ('~', 0x3D),
    (']', 0x3E),
    ('|', 0x40),
    ('€', 0x65),
];
const ESCAPE: u8 = 0x1B;

/// One segment, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Octets, with the header if there are several segments. GSM text one septet an octet, as SMPP wants it.
    pub(super) octets: Vec<u8>,
    /// Whether a user data header stands in front.
    pub(super) has_header: bool,
}

/// The text does not fit the alphabet or the number of segments that the notice allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unfit;

/// Cuts a text. `reference` ties its segments together on the phone.
///
/// # Errors
/// [`Unfit`]: another character than the alphabet has, or more segments than the notice says.
pub(super) fn segments(text: &str, sms: Sms, reference: u8) -> Result<Vec<Segment>, Unfit> {
    let (units, whole, part) = match sms.encoding {
        SmsEncoding::Gsm7 => (gsm(text)?, SEPTETS, SEPTETS - HEADER_SEPTETS),
        SmsEncoding::Ucs2 => (ucs2(text), OCTETS, OCTETS - HEADER_OCTETS),
    };
    let total: usize = units.iter().map(Vec::len).sum();
    if total <= whole {
        return Ok(vec![Segment { octets: units.concat(), has_header: false }]);
    }
    let mut parts: Vec<Vec<u8>> = vec![Vec::new()];
    for unit in units {
        // A character is never cut in two.
        if parts.last().is_some_and(|last| last.len() + unit.len() > part) {
            parts.push(Vec::new());
        }
        if let Some(last) = parts.last_mut() {
            last.extend_from_slice(&unit);
        }
    }
    let count = u8::try_from(parts.len()).map_err(|_| Unfit)?;
    if count > sms.segments {
        return Err(Unfit);
    }
    let header = |number| [5, 0, 3, reference, count, number];
    Ok((1..=count)
        .zip(parts)
        .map(|(number, part)| Segment { octets: [header(number).as_slice(), &part].concat(), has_header: true })
        .collect())
}

fn gsm(text: &str) -> Result<Vec<Vec<u8>>, Unfit> {
    text.chars()
        .map(|c| {
            if let Some((_, code)) = EXTENDED.iter().find(|(extended, _)| *extended == c) {
                return Ok(vec![ESCAPE, *code]);
            }
            let code = BASIC.chars().position(|basic| basic == c && c != '\u{0}').ok_or(Unfit)?;
            Ok(vec![u8::try_from(code).map_err(|_| Unfit)?])
        })
        .collect()
}

fn ucs2(text: &str) -> Vec<Vec<u8>> {
    let mut units = [0; 2];
    text.chars().map(|c| c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn sms(encoding: SmsEncoding, segments: u8) -> Sms {
        Sms { encoding, segments }
    }

    #[test]
    fn the_alphabet_has_128_places() {
        assert_eq!(BASIC.chars().count(), 128);
        assert_eq!(gsm("@").unwrap(), [[0]]);
        assert_eq!(gsm("A").unwrap(), [[0x41]]);
        assert_eq!(gsm("à").unwrap(), [[0x7F]]);
        assert_eq!(gsm("€").unwrap(), [[0x1B, 0x65]]);
        assert_eq!(gsm("é\u{0}"), Err(Unfit));
    }

    #[test]
    fn limits_of_one_and_of_several_segments() {
        let lengths = |text: &str, encoding, max| {
            let cut = segments(text, sms(encoding, max), 7)?;
            Ok::<_, Unfit>(cut.iter().map(|s| s.octets.len()).collect::<Vec<_>>())
        };
        let (gsm, ucs) = (SmsEncoding::Gsm7, SmsEncoding::Ucs2);
        assert_eq!(lengths(&"a".repeat(160), gsm, 1).unwrap(), [160]);
        assert_eq!(lengths(&"a".repeat(161), gsm, 2).unwrap(), [159, 14]);
        assert_eq!(lengths(&"a".repeat(161), gsm, 1), Err(Unfit));
        assert_eq!(lengths(&"€".repeat(81), gsm, 2).unwrap(), [158, 16]); // an escape is not cut from its letter
        assert_eq!(lengths(&"ا".repeat(70), ucs, 1).unwrap(), [140]);
        assert_eq!(lengths(&"ا".repeat(71), ucs, 2).unwrap(), [140, 14]);
        assert_eq!(lengths(&"😀".repeat(36), ucs, 2).unwrap(), [138, 18]); // nor one half of a pair from the other
        assert_eq!(lengths("ا", gsm, 1), Err(Unfit));
    }

    #[test]
    fn segments_name_themselves() {
        let cut = segments(&"a".repeat(400), sms(SmsEncoding::Gsm7, 3), 0xAB).unwrap();
        assert_eq!(
            cut.iter().map(|s| s.octets[..6].to_vec()).collect::<Vec<_>>(),
            [[5, 0, 3, 0xAB, 3, 1], [5, 0, 3, 0xAB, 3, 2], [5, 0, 3, 0xAB, 3, 3]]
        );
        assert!(cut.iter().all(|s| s.has_header));
    }
}
