//! Phone numbers to E.164, read in the country of the contact point, the person or the Society.

use std::sync::LazyLock;

use phonenumber::metadata::DATABASE;
use phonenumber::{PhoneNumber, Type, country, parse};

use super::clean::ascii_digits;
use super::plan::{self, Use};
use crate::error::NoteKind;

/// The digits of a number, its country code included: E.164 allows 15.
const MOST_DIGITS: usize = 15;
/// Shorter ones are short codes, which no message may be sent to.
const FEWEST_DIGITS: usize = 6;

/// A number that somebody can be reached at.
#[derive(Clone, PartialEq, Eq)]
pub struct Number {
    /// E.164.
    pub e164: String,
    /// Country of the numbering plan, alpha-2; absent where several share it or none does.
    pub country: Option<&'static str>,
}

/// E.164 of a number as given; `region` (alpha-2) is the context of a number in national form.
///
/// # Errors
/// The note that says why it is dropped.
pub fn read(raw: &str, region: Option<&str>) -> Result<Number, NoteKind> {
    let digits = dial_string(raw)?;
    if let Some(plain) = digits.strip_prefix('+') {
        return match plan::read(plain) {
            Some((Use::Reach, country)) => Ok(Number { e164: digits, country }),
            Some((Use::Premium, _)) => Err(NoteKind::PhonePremium),
            Some((Use::None, _)) => Err(NoteKind::PhoneUnusable),
            None => number(&digits, None),
        };
    }
    let region: country::Id = region.and_then(|code| code.parse().ok()).ok_or(NoteKind::PhoneUnusable)?;
    match number(&digits, Some(region)) {
        Err(NoteKind::PhoneUnusable) => {
            // The plus sign was lost. Taken only where the number then is one of this very country.
            let found = number(&format!("+{digits}"), None)?;
            if found.country == Some(region.as_ref()) { Ok(found) } else { Err(NoteKind::PhoneUnusable) }
        }
        other => other,
    }
}

/// Compiled patterns that the library keeps: about ten for each country. It keeps 100 unless told otherwise, and compiles
/// them again and again for a file with the numbers of more countries than that.
const PATTERNS: usize = 1_000;

static PLANS: LazyLock<()> = LazyLock::new(|| {
    if let Ok(mut cache) = DATABASE.cache().lock() {
        cache.set_capacity(PATTERNS);
    }
});

fn number(digits: &str, region: Option<country::Id>) -> Result<Number, NoteKind> {
    LazyLock::force(&PLANS);
    let number = parse(region, digits).map_err(|_| NoteKind::PhoneUnusable)?;
    let kind = number.number_type(&DATABASE);
    // The kind is unknown for exactly the numbers that are not valid, but for those with leading zeros: it is looked up
    // without them.
    let valid = if number.national().zeros() == 0 { kind != Type::Unknown } else { number.is_valid() };
    if number.extension().is_some() || !valid {
        return Err(NoteKind::PhoneUnusable);
    }
    match kind {
        Type::PremiumRate | Type::SharedCost => return Err(NoteKind::PhonePremium),
        Type::Pager | Type::Voicemail => return Err(NoteKind::PhoneUnusable),
        _ => {}
    }
    let e164 = format!("+{}{}", number.code().value(), number.national());
    Ok(Number { e164, country: plan_country(&number) })
}

/// Country of the numbering plan. The library looks a number up without its leading zeros, and so finds no country for
/// Italy's: there the main country of the calling code stands.
fn plan_country(number: &PhoneNumber) -> Option<&'static str> {
    let main = || {
        let zeros = number.national().zeros() > 0;
        DATABASE.region(&number.code().value()).filter(|_| zeros)?.first().copied()
    };
    let found = number.metadata(&DATABASE).map(|m| m.id()).or_else(main);
    found.filter(|id| id.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// A plus sign, where there is one, and ASCII digits; separators and a spreadsheet's leavings are gone.
fn dial_string(raw: &str) -> Result<String, NoteKind> {
    if let Some(plain) = raw.strip_prefix('+')
        && (FEWEST_DIGITS..=MOST_DIGITS).contains(&plain.len())
        && plain.bytes().all(|b| b.is_ascii_digit())
    {
        return Ok(raw.to_owned());
    }
    let text = ascii_digits(raw);
    let text = text.trim().trim_start_matches(['\'', '’']).trim_start();
    let text = text.strip_prefix("tel:").or_else(|| text.strip_prefix("TEL:")).unwrap_or(text);
    let text = text.strip_suffix(".0").unwrap_or(text);
    if is_scientific(text) {
        return Err(NoteKind::PhoneMangled);
    }
    let text = text.replace("(0)", "");
    let mut digits = String::with_capacity(MOST_DIGITS + 3);
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' | '＋' if digits.is_empty() => digits.push('+'),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{202f}' => {}
            _ => return Err(NoteKind::PhoneUnusable),
        }
        if digits.len() > MOST_DIGITS + 3 {
            return Err(NoteKind::PhoneUnusable);
        }
    }
    if let Some(rest) = digits.strip_prefix("00") {
        digits = format!("+{rest}");
    }
    let count = digits.trim_start_matches('+').len();
    if (FEWEST_DIGITS..=MOST_DIGITS + 1).contains(&count) { Ok(digits) } else { Err(NoteKind::PhoneUnusable) }
}

/// `7.89E+11`: the last digits are lost.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let numeral = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '+'));
    numeral(mantissa) && numeral(exponent)
}

/// The numbers of a cell that holds several, `/`, `;`, `,` or a line break between them.
pub fn several(raw: &str) -> impl Iterator<Item = &str> {
    raw.split([';', ',', '\n', '/', '|']).map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn e164(raw: &str, region: Option<&str>) -> Result<String, NoteKind> {
        read(raw, region).map(|number| number.e164)
    }

    #[test]
    fn national_and_international_forms_in_digits_of_any_script() {
        let ke = Some("KE");
        let table = [
            ("+254 720 000 001", None, "+254720000001"),
            ("0720 000 001", ke, "+254720000001"),
            ("720000001", ke, "+254720000001"),
            ("254720000001", ke, "+254720000001"),
            ("00254720000001", ke, "+254720000001"),
            ("'+254720000001", ke, "+254720000001"),
            ("254720000001.0", ke, "+254720000001"),
            ("tel:+254-720-000-001", None, "+254720000001"),
            ("＋２５４720000001", None, "+254720000001"),
            ("٠٧٩ ٠٠٠ ٠٠٠١", Some("JO"), "+962790000001"),
            ("۰۷۰۱۲۳۴۵۶۷", Some("AF"), "+93701234567"),
            ("০১৭১০০০০০০১", Some("BD"), "+8801710000001"),
            ("+44 (0)20 7946 0018", None, "+442079460018"),
        ];
        for (raw, region, wanted) in table {
            assert_eq!(e164(raw, region).as_deref(), Ok(wanted), "{raw}");
        }
    }

    #[test]
    fn what_is_no_number_of_a_person_is_dropped_and_said() {
        let long = "1".repeat(200);
        let table = [
            ("7.89E+11", Some("KE"), NoteKind::PhoneMangled),
            ("7,89e11", Some("KE"), NoteKind::PhoneMangled),
            ("0720000001", None, NoteKind::PhoneUnusable),
            ("+0", None, NoteKind::PhoneUnusable),
            ("+", None, NoteKind::PhoneUnusable),
            ("112", Some("KE"), NoteKind::PhoneUnusable),
            (long.as_str(), Some("KE"), NoteKind::PhoneUnusable),
            ("call my uncle", Some("KE"), NoteKind::PhoneUnusable),
            ("+254720000001\r\nBcc: x", None, NoteKind::PhoneUnusable),
            ("0900 123456", Some("CH"), NoteKind::PhonePremium),
            ("+1 555", None, NoteKind::PhoneUnusable),
        ];
        for (raw, region, why) in table {
            assert_eq!(e164(raw, region), Err(why), "{raw}");
        }
    }

    fn by_library(plain: &str) -> Result<Number, NoteKind> {
        number(&format!("+{plain}"), None)
    }

    fn by_plan(plain: &str) -> Option<Result<Number, NoteKind>> {
        plan::read(plain).map(|(found, country)| match found {
            Use::Reach => Ok(Number { e164: format!("+{plain}"), country }),
            Use::Premium => Err(NoteKind::PhonePremium),
            Use::None => Err(NoteKind::PhoneUnusable),
        })
    }

    #[test]
    fn plans_say_of_every_kind_of_number_in_every_country_what_the_library_says() {
        let mut decided = 0;
        for meta in DATABASE.iter() {
            let all = meta.descriptors();
            let kinds = [
                all.fixed_line(),
                all.mobile(),
                all.toll_free(),
                all.premium_rate(),
                all.shared_cost(),
                all.personal_number(),
                all.voip(),
                all.pager(),
                all.uan(),
                all.voicemail(),
            ];
            for example in kinds.into_iter().flatten().filter_map(|kind| kind.example()) {
                // The number itself, one digit longer, and each digit another: so both sides of every border are met.
                let mut near = vec![example.to_owned(), format!("{example}0")];
                for at in 0..example.len() {
                    near.extend(('0'..='9').step_by(3).map(|c| {
                        let mut other = example.to_owned();
                        other.replace_range(at..=at, c.encode_utf8(&mut [0; 4]));
                        other
                    }));
                }
                for national in near {
                    let plain = format!("{}{national}", meta.country_code());
                    if let Some(found) = by_plan(&plain) {
                        decided += 1;
                        assert!(found == by_library(&plain), "+{plain} ({})", meta.id());
                    }
                }
            }
        }
        assert!(decided > 20_000, "only {decided} numbers were decided by plans");
    }

    proptest::proptest! {
        #[test]
        fn plans_say_of_any_digits_what_the_library_says(plain in "[1-9][0-9]{5,15}") {
            if let Some(found) = by_plan(&plain) {
                proptest::prop_assert!(found == by_library(&plain));
            }
        }
    }

    #[test]
    fn an_e164_number_reads_back_as_itself_everywhere() {
        for number in
            ["+2250712345678", "+254720000001", "+962790000001", "+8801710000001", "+442079460018", "+390612345678"]
        {
            for region in [None, Some("KE"), Some("IT")] {
                assert_eq!(e164(number, region).as_deref(), Ok(number));
            }
        }
    }
}
