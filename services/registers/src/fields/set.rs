//! How each kind of value goes into a draft.

use std::str::FromStr;

use domain::channel::ContactKind;
use domain::incident::Certainty;
use domain::record::{
    Answer, Birth, ContactPoint, DetentionMarker, Exposure, LanguageMode, LanguageWish, Relation, RelationKind,
    SafeWindow, Text,
};
use jiff::civil::Date;

use super::age::years;
use super::{Cell, Fault, Outcome};
use crate::draft::{Context, Draft, bare_relation, country_code, no_id_number};
use crate::error::{NoteKind, Reason};
use crate::limits;
use crate::values::clean::{ascii_digits, is_masked};
use crate::values::codes::{answer, is_unstated, names_nobody, word};
use crate::values::date::{self, Parsed};

/// Fills a field. Two values that differ fill none: whichever came last would undo the other.
pub(super) fn put<T: PartialEq + Default>(place: &mut T, value: Result<T, Fault>) -> Outcome {
    let value = value?;
    if *place != T::default() && *place != value {
        return Err(Fault::Twice);
    }
    *place = value;
    Ok(())
}

/// A restriction or a doubt: one «yes» is enough, whatever else is said.
pub(super) fn either(place: &mut bool, value: Result<bool, Fault>) -> Outcome {
    *place |= value?;
    Ok(())
}

/// The earlier or the later of the days that are said.
pub(super) fn keep(
    place: &mut Option<Date>,
    value: Result<Option<Date>, Fault>,
    which: fn(Date, Date) -> Date,
) -> Outcome {
    if let Some(day) = value? {
        *place = Some(place.map_or(day, |known| which(known, day)));
    }
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
    cell.text.parse().or_else(|_| word(cell.text).parse()).map_err(|_| unstated_or(cell, Fault::Unknown))
}

/// Nobody knows: that is what an empty cell says too.
fn unstated_or(cell: &Cell<'_>, fault: Fault) -> Fault {
    if is_unstated(cell.text) { Fault::Unstated } else { fault }
}

pub(super) fn line(cell: &Cell<'_>) -> Result<Text, Fault> {
    Ok(if cell.text.contains('\n') { cell.text.replace('\n', " ").into() } else { cell.text.into() })
}

/// Longest id that a system gives.
const ID_CHARS: usize = 200;

pub(super) fn id_of(cell: &Cell<'_>) -> Result<Text, Fault> {
    if cell.text.chars().count() > ID_CHARS { Err(Reason::TooLong.into()) } else { line(cell) }
}

pub(super) fn id_number(cell: &Cell<'_>) -> Result<Text, Fault> {
    no_id_number(cell.text).map_or_else(|| line(cell), |kind| Err(Fault::Dropped(kind)))
}

/// Who appointed or verified: somebody, not «none».
pub(super) fn somebody(cell: &Cell<'_>) -> Result<Text, Fault> {
    if names_nobody(cell.text) { Err(Fault::Dropped(NoteKind::Placeholder)) } else { line(cell) }
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
        _ => Err(unstated_or(cell, Fault::Unknown)),
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
    put(&mut draft.record.birth, Ok(Some(Birth { year, month, day, estimated: about })))
}

pub(super) fn number(cell: &Cell<'_>) -> Result<i16, Fault> {
    ascii_digits(cell.text).parse().map_err(|_| Fault::Bad(Reason::NotANumber))
}

pub(super) fn country(cell: &Cell<'_>) -> Result<String, Fault> {
    country_code(cell.text).ok_or_else(|| unstated_or(cell, Fault::Unknown))
}

pub(super) fn answered(cell: &Cell<'_>) -> Result<Option<Answer>, Fault> {
    answer(cell.text).map(Some).ok_or_else(|| unstated_or(cell, Fault::Unknown))
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

/// A word about safety that nobody knows is not «unknown»: it may have been a warning. One «no» is enough.
pub(super) fn safe(draft: &mut Draft, cell: &Cell<'_>, kind: ContactKind) -> Outcome {
    let (said, known) = (answered(cell)?, &mut point(draft, cell, kind).safe);
    if *known != Some(Answer::No) {
        *known = said;
    }
    Ok(())
}

/// A safe window, `18:00-20:30`, local to the Society.
pub(super) fn window(draft: &mut Draft, cell: &Cell<'_>, kind: ContactKind) -> Outcome {
    let text = ascii_digits(cell.text);
    let (from, to) = text.split_once(['-', '–']).ok_or(Fault::Unknown)?;
    let time = |text: &str| text.trim().parse::<jiff::civil::Time>().map_err(|_| Fault::Unknown);
    let window = SafeWindow { from: time(from)?, to: time(to)?, weekdays: Vec::new(), zone: None };
    add(point(draft, cell, kind).windows.get_or_insert_default(), Ok(window))
}

/// Slot of a guardian, from 1. Its position among the relations shows when all of them are known.
pub(super) fn guardian_slot(cell: &Cell<'_>) -> Result<Option<u8>, Fault> {
    years(cell.text).ok().filter(|slot| *slot > 0).map(Some).ok_or(Fault::Bad(Reason::NotANumber))
}
