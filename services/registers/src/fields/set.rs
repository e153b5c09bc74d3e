//! How each kind of value goes into a draft.

use std::str::FromStr;

use domain::channel::ContactKind;
use domain::incident::Certainty;
use domain::record::{
    Answer, Birth, ContactPoint, DetentionMarker, Exposure, LanguageMode, LanguageWish, Relation, RelationKind,
    SafeWindow, Text,
};
use jiff::civil::Date;

use super::{Cell, Fault, Outcome};
use crate::draft::{Context, Draft, bare_relation, country_code};
use crate::error::{NoteKind, Reason};
use crate::limits;
use crate::values::clean::{ascii_digits, is_masked};
use crate::values::codes::{answer, word};
use crate::values::date::{self, Parsed};

pub(super) fn put<T>(place: &mut T, value: Result<T, Fault>) -> Outcome {
    *place = value?;
    Ok(())
}

pub(super) fn add<T: PartialEq>(list: &mut Vec<T>, value: Result<T, Fault>) -> Outcome {
    let value = value?;
    if list.len() >= limits::LIST {
        return Err(Reason::TooMany.into());
    }
    if !list.contains(&value) {
        list.push(value);
    }
    Ok(())
}

/// One of the words of the record's closed lists.
pub(super) fn coded<T: FromStr>(cell: &Cell<'_>) -> Result<T, Fault> {
    cell.text.parse().or_else(|_| word(cell.text).parse()).map_err(|_| Fault::Unknown)
}

pub(super) fn line(cell: &Cell<'_>) -> Result<Text, Fault> {
    Ok(if cell.text.contains('\n') { cell.text.replace('\n', " ").into() } else { cell.text.into() })
}

/// Longest id that a system gives.
const ID_CHARS: usize = 200;

pub(super) fn id_of(cell: &Cell<'_>) -> Result<Text, Fault> {
    if cell.text.chars().count() > ID_CHARS { Err(Reason::TooLong.into()) } else { line(cell) }
}

pub(super) fn name(cell: &Cell<'_>) -> Result<Text, Fault> {
    if cell.text.chars().count() > limits::NAME_CHARS {
        return Err(Reason::TooLong.into());
    }
    if is_masked(cell.text) { Err(Fault::Dropped(NoteKind::MaskedName)) } else { line(cell) }
}

/// Every line is a full name of its own.
pub(super) fn full_names(draft: &mut Draft, cell: &Cell<'_>) -> Outcome {
    for text in cell.text.split('\n').map(str::trim).filter(|t| !t.is_empty()) {
        add(&mut draft.record.names.full, name(&Cell { text, ..*cell }))?;
    }
    Ok(())
}

pub(super) fn sex(cell: &Cell<'_>) -> Result<domain::record::Sex, Fault> {
    use domain::record::Sex;
    match word(cell.text).as_str() {
        "f" | "female" | "woman" | "girl" | "femme" | "féminin" | "أنثى" | "ж" | "жіноча" | "mujer" => {
            Ok(Sex::Female)
        }
        "m" | "male" | "man" | "boy" | "homme" | "masculin" | "ذكر" | "ч" | "чоловіча" | "hombre" => {
            Ok(Sex::Male)
        }
        "o" | "other" | "x" | "autre" | "otro" => Ok(Sex::Other),
        _ => Err(Fault::Unknown),
    }
}

/// A day; a month or year alone is none, since rules compare days.
pub(super) fn day(cell: &Cell<'_>, context: &Context<'_>) -> Result<Option<Date>, Fault> {
    match date::parse(cell.text, &context.dates)? {
        Parsed::Day(date) => Ok(Some(date)),
        Parsed::Placeholder => Err(Fault::Dropped(NoteKind::DatePlaceholder)),
        Parsed::Month(..) | Parsed::Year(_) | Parsed::About(_) => Err(Reason::NotADate.into()),
    }
}

pub(super) fn birth(draft: &mut Draft, cell: &Cell<'_>, context: &Context<'_>) -> Outcome {
    let (year, month, day, about) = match date::parse(cell.text, &context.dates)? {
        Parsed::Day(date) => (date.year(), Some(date.month()), Some(date.day()), false),
        Parsed::Month(year, month) => (year, Some(month), None, false),
        Parsed::Year(year) => (year, None, None, false),
        Parsed::About(year) => (year, None, None, true),
        Parsed::Placeholder => return Err(Fault::Dropped(NoteKind::DatePlaceholder)),
    };
    let estimated = draft.birth_estimated || about;
    draft.record.birth = Some(Birth { year, month, day, estimated });
    Ok(())
}

pub(super) fn birth_part(draft: &mut Draft, cell: &Cell<'_>, set: fn(&mut Birth, i16)) -> Outcome {
    let number: i16 = ascii_digits(cell.text).parse().map_err(|_| Fault::Bad(Reason::NotANumber))?;
    let birth = draft.record.birth.get_or_insert(Birth { year: 0, month: None, day: None, estimated: false });
    set(birth, number);
    Ok(())
}

pub(super) fn years(text: &str) -> Result<u8, Fault> {
    let text = ascii_digits(text);
    let text = text.trim().strip_suffix(".0").unwrap_or(text.trim());
    text.parse().ok().filter(|n| *n <= 130).ok_or(Fault::Bad(Reason::NotANumber))
}

/// `15`, `35-45`, `about 15`, `~15`, `15+`.
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
    let text = text.trim_end_matches(|c: char| c.is_alphabetic() || c == ' ');
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
    (draft.age.0, draft.age.1, draft.age.3) = (Some(min), Some(max), draft.age.3 || estimated);
    Ok(())
}

pub(super) fn country(cell: &Cell<'_>) -> Result<String, Fault> {
    country_code(cell.text).ok_or(Fault::Unknown)
}

pub(super) fn answered(cell: &Cell<'_>) -> Result<Option<Answer>, Fault> {
    answer(cell.text).map(Some).ok_or(Fault::Unknown)
}

pub(super) fn yes(cell: &Cell<'_>) -> Result<bool, Fault> {
    answer(cell.text).map(|a| a == Answer::Yes).ok_or(Fault::Unknown)
}

/// Free text stops everything until somebody has read it; the text itself is not kept.
pub(super) fn restriction(draft: &mut Draft, cell: &Cell<'_>) -> Outcome {
    draft.record.unparsed_restriction = true;
    draft.note(cell.column, NoteKind::RestrictionText);
    Ok(())
}

pub(super) fn marker(draft: &mut Draft, cell: &Cell<'_>, context: &Context<'_>) -> Outcome {
    // «Yes» is a marker without a date.
    let on = match answer(cell.text) {
        Some(Answer::Yes) => None,
        Some(Answer::No) => {
            draft.record.detention_markers.get_or_insert_default();
            return Ok(());
        }
        None => day(cell, context)?,
    };
    add(draft.record.detention_markers.get_or_insert_default(), Ok(DetentionMarker { on }))
}

pub(super) fn wish(
    cell: &Cell<'_>,
    context: &mut Context<'_>,
    mode: Option<LanguageMode>,
) -> Result<LanguageWish, Fault> {
    let tag = context.languages.canonical(cell.text).ok_or(Fault::Dropped(NoteKind::LanguageUnknown))?;
    Ok(LanguageWish { tag, mode })
}

pub(super) fn language(
    draft: &mut Draft,
    cell: &Cell<'_>,
    context: &mut Context<'_>,
    mode: Option<LanguageMode>,
) -> Outcome {
    let wish = wish(cell, context, mode)?;
    add(&mut draft.record.languages, Ok(wish))
}

pub(super) fn exposure(draft: &mut Draft, cell: &Cell<'_>, certainty: Certainty) -> Outcome {
    let category = coded(cell)?;
    add(&mut draft.record.exposure, Ok(Exposure { category, certainty, intrusion: None }))
}

pub(super) fn related(draft: &mut Draft, cell: &Cell<'_>, kind: RelationKind) -> Outcome {
    let record = Some(id_of(cell)?);
    relate(draft, Relation { record, ..bare_relation(kind) })
}

pub(super) fn named(draft: &mut Draft, cell: &Cell<'_>, kind: RelationKind) -> Outcome {
    let name = Some(name(cell)?);
    relate(draft, Relation { name, ..bare_relation(kind) })
}

pub(super) fn relate(draft: &mut Draft, relation: Relation) -> Outcome {
    if draft.relations.len() >= limits::LIST {
        return Err(Reason::TooMany.into());
    }
    draft.relations.push(relation);
    Ok(())
}

pub(super) fn point<'d>(draft: &'d mut Draft, cell: &Cell<'_>, kind: ContactKind) -> &'d mut ContactPoint {
    &mut draft.contact(kind, cell.slot, cell.column).point
}

/// A word about safety that nobody knows is not «unknown»: it may have been a warning.
pub(super) fn safe(draft: &mut Draft, cell: &Cell<'_>, kind: ContactKind) -> Outcome {
    if word(cell.text) == "unknown" {
        return Ok(());
    }
    put(&mut point(draft, cell, kind).safe, answered(cell))
}

/// A safe window, `18:00-20:30`, local to the Society.
pub(super) fn window(draft: &mut Draft, cell: &Cell<'_>, kind: ContactKind) -> Outcome {
    let text = ascii_digits(cell.text);
    let (from, to) = text.split_once(['-', '–']).ok_or(Fault::Unknown)?;
    let time = |text: &str| text.trim().parse::<jiff::civil::Time>().map_err(|_| Fault::Unknown);
    let window = SafeWindow { from: time(from)?, to: time(to)?, weekdays: Vec::new(), zone: None };
    add(point(draft, cell, kind).windows.get_or_insert_default(), Ok(window))
}

/// Position of a guardian, from 1 in the file, from 0 in the record.
pub(super) fn position(cell: &Cell<'_>) -> Result<Option<u8>, Fault> {
    let number = years(cell.text)?;
    number.checked_sub(1).map(Some).ok_or(Fault::Bad(Reason::NotANumber))
}
