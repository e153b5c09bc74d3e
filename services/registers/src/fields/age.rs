//! Ages as people write them: `15`, `35-45`, `about 15`, `~15`, `15+`, `18 months`.

use super::set::put;
use super::{Cell, Fault, Outcome};
use crate::draft::Draft;
use crate::error::Reason;
use crate::values::clean::ascii_digits;

/// Puts an age, or the bounds of one, into the draft.
pub(super) fn age(draft: &mut Draft, cell: &Cell<'_>) -> Outcome {
    let lower = cell.text.to_lowercase();
    let about = ["about", "approx.", "approximately", "around", "circa", "ca.", "env.", "environ", "~", "≈", "حوالي"];
    let mut text = lower.trim();
    let mut estimated = false;
    for word in about {
        if let Some(rest) = text.strip_prefix(word) {
            (text, estimated) = (rest.trim(), true);
        }
    }
    let number = text.trim_end_matches(|c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '/'));
    // «15.»: the point belongs to nothing.
    let unit = text[number.len()..].trim_matches(|c| matches!(c, ' ' | '.'));
    let of_a_year = of_a_year(unit).ok_or(Fault::Bad(Reason::NotANumber))?;
    let text = number;
    let years =
        |text: &str| if of_a_year == 1 { years(text) } else { whole(text).map(|n| (n / of_a_year).min(130) as u8) };
    let (min, max) = match text.split_once(['-', '–']) {
        Some((low, high)) => (years(low)?, years(high)?),
        None => match text.strip_suffix('+') {
            Some(low) => (years(low)?, crate::draft::OLDEST),
            None => (years(text)?, years(text)?),
        },
    };
    if max < min {
        return Err(Reason::NotANumber.into());
    }
    draft.age.3 |= estimated;
    put(&mut draft.age.0, Ok(Some(min)))?;
    put(&mut draft.age.1, Ok(Some(max)))
}

pub(super) fn years(text: &str) -> Result<u8, Fault> {
    let text = ascii_digits(text);
    let text = text.trim().strip_suffix(".0").unwrap_or(text.trim());
    text.parse().ok().filter(|n| *n <= 130).ok_or(Fault::Bad(Reason::NotANumber))
}

fn whole(text: &str) -> Result<u16, Fault> {
    ascii_digits(text).trim().parse().map_err(|_| Fault::Bad(Reason::NotANumber))
}

/// How many of a unit are a year. A unit that nobody knows could be months: a child of twenty months is no adult.
fn of_a_year(unit: &str) -> Option<u16> {
    const UNITS: [(u16, &[&str]); 4] = [
        (
            1,
            &[
                "",
                "y",
                "yr",
                "yrs",
                "year",
                "years",
                "yo",
                "y/o",
                "y.o",
                "years old",
                "year old",
                "yrs old",
                "an",
                "ans",
                "año",
                "años",
                "ano",
                "anos",
                "jahr",
                "jahre",
                "سنة",
                "سنوات",
                "عام",
                "год",
                "года",
                "лет",
                "л",
                "рік",
                "роки",
                "років",
                "р",
                "বছর",
                "ዓመት",
                "岁",
                "歳",
            ],
        ),
        (
            12,
            &[
                "mo",
                "mos",
                "mth",
                "mths",
                "month",
                "months",
                "months old",
                "mois",
                "mes",
                "meses",
                "monat",
                "monate",
                "شهر",
                "أشهر",
                "شهور",
                "мес",
                "месяц",
                "месяца",
                "месяцев",
                "міс",
                "місяць",
                "місяці",
                "місяців",
                "মাস",
                "ወር",
                "个月",
            ],
        ),
        (52, &["w", "wk", "wks", "week", "weeks", "weeks old", "semaine", "semaines", "semana", "semanas", "أسبوع"]),
        (365, &["d", "day", "days", "days old", "jour", "jours", "día", "días", "dia", "dias", "يوم", "أيام"]),
    ];
    UNITS.iter().find(|(_, words)| words.contains(&unit)).map(|(many, _)| *many)
}
