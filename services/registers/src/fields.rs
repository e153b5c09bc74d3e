//! The fields that a column can fill, by the names that mapping files use.

use std::str::FromStr;
use std::sync::Arc;

use domain::channel::ContactKind;
use domain::incident::Certainty;
use domain::record::{
    Answer, Birth, ConsentSource, ContactPoint, DetentionMarker, Exposure, LanguageMode, LanguageWish, Relation,
    RelationKind, Text,
};
use jiff::civil::Date;

use crate::draft::{Context, Draft, bare_relation, country_code};
use crate::error::{NoteKind, Reason};
use crate::limits;
use crate::values::clean::{ascii_digits, is_masked};
use crate::values::codes::{answer, need, word};
use crate::values::date::{self, Parsed};

/// What became of a value that was not taken.
pub(crate) enum Fault {
    /// It maps to no code: the record is held (R00).
    Unknown,
    /// The row is set aside.
    Bad(Reason),
    /// It is dropped and said.
    Dropped(NoteKind),
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self::Bad(reason)
    }
}

/// One value on its way into a draft.
pub(crate) struct Cell<'c> {
    /// Clean text, not empty.
    pub(crate) text: &'c str,
    /// Which contact point or guardian.
    pub(crate) slot: u8,
    /// Header.
    pub(crate) column: &'c Arc<str>,
}

type Outcome = Result<(), Fault>;

/// A field.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// Takes several values.
    pub(crate) list: bool,
    pub(crate) set: fn(&mut Draft, &Cell<'_>, &mut Context<'_>) -> Outcome,
}

/// A field by name.
pub(crate) fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().flat_map(|group| group.iter()).find(|f| f.name == name)
}

/// Whether a field takes several values.
pub(crate) fn is_list(name: &str) -> bool {
    find(name).is_some_and(|f| f.list)
}

/// Whether several columns may fill a field, each in its slot.
pub(crate) fn has_slots(name: &str) -> bool {
    ["phone", "email", "address", "guardian"].contains(&name.split('.').next().unwrap_or(name))
}

macro_rules! fields {
    ($($name:literal $kind:ident $set:expr;)+) => {
        &[$(Field { name: $name, list: fields!(@ $kind), set: $set }),+]
    };
    (@ one) => { false };
    (@ list) => { true };
}

static IDENTITY: &[Field] = fields! {
    "record_id" one |d, c, _| put(&mut d.record.record_id, id_of(c));
    "case_id" one |d, c, _| put(&mut d.record.case_id, id_of(c).map(Some));
    "roles" list |d, c, _| add(&mut d.record.roles, coded(c));
    "names.full" list |d, c, _| full_names(d, c);
    "names.given" one |d, c, _| put(&mut d.record.names.given, name(c).map(Some));
    "names.middle" one |d, c, _| put(&mut d.record.names.middle, name(c).map(Some));
    "names.family" one |d, c, _| put(&mut d.record.names.family, name(c).map(Some));
    "names.father" one |d, c, _| put(&mut d.record.names.father, name(c).map(Some));
    "names.grandfather" one |d, c, _| put(&mut d.record.names.grandfather, name(c).map(Some));
    "names.mother" one |d, c, _| put(&mut d.record.names.mother, name(c).map(Some));
    "names.nickname" one |d, c, _| put(&mut d.record.names.nickname, name(c).map(Some));
    "sex" one |d, c, _| put(&mut d.record.sex, sex(c).map(Some));
    "birth" one |d, c, x| birth(d, c, x);
    "birth.year" one |d, c, _| birth_part(d, c, |b, n| b.year = n);
    "birth.month" one |d, c, _| birth_part(d, c, |b, n| b.month = i8::try_from(n).ok());
    "birth.day" one |d, c, _| birth_part(d, c, |b, n| b.day = i8::try_from(n).ok());
    "birth.estimated" one |d, c, _| put(&mut d.birth_estimated, yes(c));
    "age" one |d, c, _| age(d, c);
    "age.min" one |d, c, _| put(&mut d.age.0, years(c.text).map(Some));
    "age.max" one |d, c, _| put(&mut d.age.1, years(c.text).map(Some));
    "age.as_of" one |d, c, x| put(&mut d.age.2, day(c, x));
    "age.estimated" one |d, c, _| put(&mut d.age.3, yes(c));
    "birth_place" one |d, c, _| put(&mut d.record.birth_place, line(c).map(Some));
    "nationality" one |d, c, _| put(&mut d.record.nationality, country(c).map(Some));
    "strong_ids" list |d, c, _| add(&mut d.record.strong_ids, line(c));
    "places" list |d, c, _| add(&mut d.record.places, line(c));
    "created_on" one |d, c, x| put(&mut d.record.created_on, day(c, x));
    "updated_on" one |d, c, x| put(&mut d.record.updated_on, day(c, x));
};

static STATUS: &[Field] = fields! {
    "vital" one |d, c, _| put(&mut d.vital.0, coded(c).map(Some));
    "vital.as_of" one |d, c, x| put(&mut d.vital.1, day(c, x));
    "whereabouts" one |d, c, _| put(&mut d.whereabouts.0, coded(c).map(Some));
    "whereabouts.as_of" one |d, c, x| put(&mut d.whereabouts.1, day(c, x));
    "liberty" one |d, c, _| put(&mut d.liberty.0, coded(c).map(Some));
    "liberty.as_of" one |d, c, x| put(&mut d.liberty.1, day(c, x));
    "detention_place" one |d, c, _| put(&mut d.record.detention_place, line(c).map(Some));
    "detention_markers" list |d, c, x| marker(d, c, x);
    "child_status" one |d, c, _| put(&mut d.record.child_status, coded(c).map(Some));
    "separation_cause" one |d, c, _| put(&mut d.record.separation_cause, Ok(Some(word(c.text))));
    "care_change_cause" one |d, c, _| put(&mut d.record.care_change_cause, Ok(Some(word(c.text))));
    "caregiver_perpetrator" one |d, c, _| put(&mut d.record.caregiver_perpetrator, answered(c));
    "needs_codes" list |d, c, _| add(d.record.needs_codes.get_or_insert_default(), need(c.text).ok_or(Fault::Unknown));
    "concerns" list |d, c, _| add(d.record.concerns.get_or_insert_default(), Ok(word(c.text)));
    "displacement" one |d, c, _| put(&mut d.record.displacement, coded(c).map(Some));
    "country_of_origin" one |d, c, _| put(&mut d.record.country_of_origin, country(c).map(Some));
    "country_of_presence" one |d, c, _| put(&mut d.record.country_of_presence, country(c).map(Some));
    "languages" list |d, c, x| language(d, c, x, None);
    "languages.read" list |d, c, x| language(d, c, x, Some(LanguageMode::Read));
    "languages.listen" list |d, c, x| language(d, c, x, Some(LanguageMode::Listen));
    "literacy" one |d, c, _| put(&mut d.record.literacy, coded(c).map(Some));
    "access_needs" list |d, c, _| add(d.record.access_needs.get_or_insert_default(), coded(c));
    "consent.source" one |d, c, _| put(&mut d.record.consent.source, coded::<ConsentSource>(c).map(Some));
    "consent.sharing" one |d, c, _| put(&mut d.record.consent.sharing, answered(c));
    "consent.withholding" one |d, _, _| put(&mut d.record.consent.withholding, Ok(Some(true)));
    "consent.whereabouts_sharing" one |d, c, _| put(&mut d.record.consent.whereabouts_sharing, answered(c));
    "consent.expires_on" one |d, c, x| put(&mut d.record.consent.expires_on, day(c, x));
    "do_not_contact" one |d, c, _| put(&mut d.record.do_not_contact, yes(c));
    "legal_hold" one |d, c, _| put(&mut d.record.legal_hold, yes(c));
    "restriction" one |d, c, _| restriction(d, c);
    "exposure.confirmed" list |d, c, _| exposure(d, c, Certainty::Confirmed);
    "exposure.possible" list |d, c, _| exposure(d, c, Certainty::Possible);
};

static RELATIONS: &[Field] = fields! {
    "guardian" one |d, c, _| put(&mut d.guardian(c.slot).name, line(c).map(Some));
    "guardian.record" one |d, c, _| put(&mut d.guardian(c.slot).record, id_of(c).map(Some));
    "guardian.authority" one |d, c, _| put(&mut d.guardian(c.slot).authority, line(c).map(Some));
    "guardian.verified_by" one |d, c, _| put(&mut d.guardian(c.slot).verified_by, line(c).map(Some));
    "guardian.verified_on" one |d, c, x| put(&mut d.guardian(c.slot).verified_on, day(c, x));
    "guardian.since" one |d, c, x| put(&mut d.guardian(c.slot).since, day(c, x));
    "guardian.until" one |d, c, x| put(&mut d.guardian(c.slot).until, day(c, x));
    "guardian.alleged_perpetrator" one |d, c, _| put(&mut d.guardian(c.slot).alleged_perpetrator, answered(c));
    "guardian.child_agrees" one |d, c, _| put(&mut d.guardian(c.slot).child_agrees, coded(c).map(Some));
    "guardian.languages" list |d, c, x| { let wish = wish(c, x, None)?; add(&mut d.guardian(c.slot).languages, Ok(wish)) };
    "guardian.vital" one |d, c, _| put(&mut d.guardian(c.slot).vital, coded(c).map(Some));
    "guardian.liberty" one |d, c, _| put(&mut d.guardian(c.slot).liberty, coded(c).map(Some));
    "guardian.needs_codes" list |d, c, _| add(d.guardian(c.slot).needs_codes.get_or_insert_default(), need(c.text).ok_or(Fault::Unknown));
    "caregiver" list |d, c, _| related(d, c, RelationKind::Caregiver);
    "caregiver.name" list |d, c, _| named(d, c, RelationKind::Caregiver);
    "family" list |d, c, _| related(d, c, RelationKind::Family);
    "family.name" list |d, c, _| named(d, c, RelationKind::Family);
    "enquirer_of" list |d, c, _| related(d, c, RelationKind::EnquirerOf);
    "must_not_contact" list |d, c, _| related(d, c, RelationKind::MustNotContact);
    "alleged_perpetrator" list |d, c, _| related(d, c, RelationKind::AllegedPerpetrator);
    "must_not_know" one |d, c, _| put(&mut d.must_not_know.0, id_of(c).map(Some));
    "must_not_know.what" one |d, c, _| put(&mut d.must_not_know.1, line(c).map(Some));
};

macro_rules! contact_fields {
    ($group:literal, $kind:ident) => {
        &[
            Field {
                name: $group,
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).value, Ok(c.text.into())),
            },
            Field {
                name: concat!($group, ".owner"),
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).owner, coded(c).map(Some)),
            },
            Field {
                name: concat!($group, ".guardian"),
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).guardian, position(c)),
            },
            Field {
                name: concat!($group, ".collected_on"),
                list: false,
                set: |d, c, x| put(&mut point(d, c, ContactKind::$kind).collected_on, day(c, x)),
            },
            Field {
                name: concat!($group, ".verified_on"),
                list: false,
                set: |d, c, x| put(&mut point(d, c, ContactKind::$kind).verified_on, day(c, x)),
            },
            Field {
                name: concat!($group, ".status"),
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).status, coded(c).map(Some)),
            },
            Field { name: concat!($group, ".safe"), list: false, set: |d, c, _| safe(d, c, ContactKind::$kind) },
            Field {
                name: concat!($group, ".safe_confirmed_on"),
                list: false,
                set: |d, c, x| put(&mut point(d, c, ContactKind::$kind).safe_confirmed_on, day(c, x)),
            },
            Field {
                name: concat!($group, ".safe_expires_on"),
                list: false,
                set: |d, c, x| put(&mut point(d, c, ContactKind::$kind).safe_expires_on, day(c, x)),
            },
            Field {
                name: concat!($group, ".may_name_org"),
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).may_name_org, answered(c)),
            },
            Field {
                name: concat!($group, ".voicemail_ok"),
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).voicemail_ok, answered(c)),
            },
            Field {
                name: concat!($group, ".code_name"),
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).code_name, line(c).map(Some)),
            },
            Field {
                name: concat!($group, ".country"),
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).country, country(c).map(Some)),
            },
            Field {
                name: concat!($group, ".compromised"),
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).compromised, answered(c)),
            },
            Field {
                name: concat!($group, ".published"),
                list: false,
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).published, yes(c)),
            },
            Field {
                name: concat!($group, ".address_changed_on"),
                list: false,
                set: |d, c, x| put(&mut point(d, c, ContactKind::$kind).address_changed_on, day(c, x)),
            },
            Field {
                name: concat!($group, ".relation_changed_on"),
                list: false,
                set: |d, c, x| put(&mut point(d, c, ContactKind::$kind).relation_changed_on, day(c, x)),
            },
        ]
    };
}

static PHONE: &[Field] = contact_fields!("phone", Phone);
static EMAIL: &[Field] = contact_fields!("email", Email);
static ADDRESS: &[Field] = contact_fields!("address", Address);

/// Every field, in the order of the documentation.
static FIELDS: [&[Field]; 6] = [IDENTITY, STATUS, RELATIONS, PHONE, EMAIL, ADDRESS];

/// Names of every field, for documentation and messages.
pub fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().flat_map(|group| group.iter()).map(|f| f.name)
}

fn put<T>(place: &mut T, value: Result<T, Fault>) -> Outcome {
    *place = value?;
    Ok(())
}

fn add<T: PartialEq>(list: &mut Vec<T>, value: Result<T, Fault>) -> Outcome {
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
fn coded<T: FromStr>(cell: &Cell<'_>) -> Result<T, Fault> {
    cell.text.parse().or_else(|_| word(cell.text).parse()).map_err(|_| Fault::Unknown)
}

fn line(cell: &Cell<'_>) -> Result<Text, Fault> {
    Ok(if cell.text.contains('\n') { cell.text.replace('\n', " ").into() } else { cell.text.into() })
}

/// Longest id that a system gives.
const ID_CHARS: usize = 200;

fn id_of(cell: &Cell<'_>) -> Result<Text, Fault> {
    if cell.text.chars().count() > ID_CHARS { Err(Reason::TooLong.into()) } else { line(cell) }
}

fn name(cell: &Cell<'_>) -> Result<Text, Fault> {
    if cell.text.chars().count() > limits::NAME_CHARS {
        return Err(Reason::TooLong.into());
    }
    if is_masked(cell.text) { Err(Fault::Dropped(NoteKind::MaskedName)) } else { line(cell) }
}

/// Every line is a full name of its own.
fn full_names(draft: &mut Draft, cell: &Cell<'_>) -> Outcome {
    for text in cell.text.split('\n').map(str::trim).filter(|t| !t.is_empty()) {
        add(&mut draft.record.names.full, name(&Cell { text, ..*cell }))?;
    }
    Ok(())
}

fn sex(cell: &Cell<'_>) -> Result<domain::record::Sex, Fault> {
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
fn day(cell: &Cell<'_>, context: &Context<'_>) -> Result<Option<Date>, Fault> {
    match date::parse(cell.text, &context.dates)? {
        Parsed::Day(date) => Ok(Some(date)),
        Parsed::Placeholder => Err(Fault::Dropped(NoteKind::DatePlaceholder)),
        Parsed::Month(..) | Parsed::Year(_) => Err(Reason::NotADate.into()),
    }
}

fn birth(draft: &mut Draft, cell: &Cell<'_>, context: &Context<'_>) -> Outcome {
    let estimated = draft.birth_estimated;
    let (year, month, day) = match date::parse(cell.text, &context.dates)? {
        Parsed::Day(date) => (date.year(), Some(date.month()), Some(date.day())),
        Parsed::Month(year, month) => (year, Some(month), None),
        Parsed::Year(year) => (year, None, None),
        Parsed::Placeholder => return Err(Fault::Dropped(NoteKind::DatePlaceholder)),
    };
    draft.record.birth = Some(Birth { year, month, day, estimated });
    Ok(())
}

fn birth_part(draft: &mut Draft, cell: &Cell<'_>, set: fn(&mut Birth, i16)) -> Outcome {
    let number: i16 = ascii_digits(cell.text).parse().map_err(|_| Fault::Bad(Reason::NotANumber))?;
    let birth = draft.record.birth.get_or_insert(Birth { year: 0, month: None, day: None, estimated: false });
    set(birth, number);
    Ok(())
}

fn years(text: &str) -> Result<u8, Fault> {
    let text = ascii_digits(text);
    let text = text.trim().strip_suffix(".0").unwrap_or(text.trim());
    text.parse().ok().filter(|n| *n <= 130).ok_or(Fault::Bad(Reason::NotANumber))
}

/// `15`, `35-45`, `about 15`, `~15`, `15+`.
fn age(draft: &mut Draft, cell: &Cell<'_>) -> Outcome {
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

fn country(cell: &Cell<'_>) -> Result<String, Fault> {
    country_code(cell.text).ok_or(Fault::Unknown)
}

fn answered(cell: &Cell<'_>) -> Result<Option<Answer>, Fault> {
    answer(cell.text).map(Some).ok_or(Fault::Unknown)
}

fn yes(cell: &Cell<'_>) -> Result<bool, Fault> {
    answer(cell.text).map(|a| a == Answer::Yes).ok_or(Fault::Unknown)
}

/// Free text stops everything until somebody has read it; the text itself is not kept.
fn restriction(draft: &mut Draft, cell: &Cell<'_>) -> Outcome {
    draft.record.unparsed_restriction = true;
    draft.note(cell.column, NoteKind::RestrictionText);
    Ok(())
}

fn marker(draft: &mut Draft, cell: &Cell<'_>, context: &Context<'_>) -> Outcome {
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

fn wish(cell: &Cell<'_>, context: &mut Context<'_>, mode: Option<LanguageMode>) -> Result<LanguageWish, Fault> {
    let tag = context.languages.canonical(cell.text).ok_or(Fault::Dropped(NoteKind::LanguageUnknown))?;
    Ok(LanguageWish { tag, mode })
}

fn language(draft: &mut Draft, cell: &Cell<'_>, context: &mut Context<'_>, mode: Option<LanguageMode>) -> Outcome {
    let wish = wish(cell, context, mode)?;
    add(&mut draft.record.languages, Ok(wish))
}

fn exposure(draft: &mut Draft, cell: &Cell<'_>, certainty: Certainty) -> Outcome {
    let category = coded(cell)?;
    add(&mut draft.record.exposure, Ok(Exposure { category, certainty, intrusion: None }))
}

fn related(draft: &mut Draft, cell: &Cell<'_>, kind: RelationKind) -> Outcome {
    let record = Some(id_of(cell)?);
    relate(draft, Relation { record, ..bare_relation(kind) })
}

fn named(draft: &mut Draft, cell: &Cell<'_>, kind: RelationKind) -> Outcome {
    let name = Some(name(cell)?);
    relate(draft, Relation { name, ..bare_relation(kind) })
}

fn relate(draft: &mut Draft, relation: Relation) -> Outcome {
    if draft.relations.len() >= limits::LIST {
        return Err(Reason::TooMany.into());
    }
    draft.relations.push(relation);
    Ok(())
}

fn point<'d>(draft: &'d mut Draft, cell: &Cell<'_>, kind: ContactKind) -> &'d mut ContactPoint {
    &mut draft.contact(kind, cell.slot, cell.column).point
}

/// A word about safety that nobody knows is not «unknown»: it may have been a warning.
fn safe(draft: &mut Draft, cell: &Cell<'_>, kind: ContactKind) -> Outcome {
    if word(cell.text) == "unknown" {
        return Ok(());
    }
    put(&mut point(draft, cell, kind).safe, answered(cell))
}

/// Position of a guardian, from 1 in the file, from 0 in the record.
fn position(cell: &Cell<'_>) -> Result<Option<u8>, Fault> {
    let number = years(cell.text)?;
    number.checked_sub(1).map(Some).ok_or(Fault::Bad(Reason::NotANumber))
}

/// The field that a header names, and its slot: field names themselves, and what columns are usually called.
pub(crate) fn guess(header: &str) -> Option<(&'static str, u8)> {
    let plain: String = header.trim().trim_start_matches('#').to_lowercase();
    if let Some(field) = find(&plain) {
        return Some((field.name, 1));
    }
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let (slot, words) = match words.split_last() {
        Some((last, rest)) if !rest.is_empty() && last.len() == 1 => match last.parse::<u8>() {
            Ok(n @ 1..) => (n, rest.to_vec()),
            _ => (1, words),
        },
        _ => (1, words),
    };
    let key = words.join(" ");
    let field = USUAL.iter().find(|(name, _)| *name == key)?.1;
    Some((field, slot))
}

/// What columns are usually called, in lower case, words only.
const USUAL: &[(&str, &str)] = &[
    ("record id", "record_id"),
    ("id", "record_id"),
    ("person id", "record_id"),
    ("registration number", "record_id"),
    ("reference", "record_id"),
    ("ref", "record_id"),
    ("case id", "case_id"),
    ("case number", "case_id"),
    ("case no", "case_id"),
    ("role", "roles"),
    ("roles", "roles"),
    ("full name", "names.full"),
    ("name", "names.full"),
    ("nom complet", "names.full"),
    ("nombre completo", "names.full"),
    ("الاسم الكامل", "names.full"),
    ("first name", "names.given"),
    ("given name", "names.given"),
    ("prénom", "names.given"),
    ("nombre", "names.given"),
    ("الاسم", "names.given"),
    ("last name", "names.family"),
    ("family name", "names.family"),
    ("surname", "names.family"),
    ("nom", "names.family"),
    ("apellido", "names.family"),
    ("middle name", "names.middle"),
    ("father", "names.father"),
    ("father name", "names.father"),
    ("father s name", "names.father"),
    ("nom du père", "names.father"),
    ("grandfather", "names.grandfather"),
    ("grandfather s name", "names.grandfather"),
    ("mother", "names.mother"),
    ("mother name", "names.mother"),
    ("mother s name", "names.mother"),
    ("nickname", "names.nickname"),
    ("sex", "sex"),
    ("gender", "sex"),
    ("sexe", "sex"),
    ("sexo", "sex"),
    ("الجنس", "sex"),
    ("date of birth", "birth"),
    ("birth date", "birth"),
    ("birthdate", "birth"),
    ("dob", "birth"),
    ("date de naissance", "birth"),
    ("fecha de nacimiento", "birth"),
    ("year of birth", "birth.year"),
    ("birth year", "birth.year"),
    ("age", "age"),
    ("âge", "age"),
    ("edad", "age"),
    ("place of birth", "birth_place"),
    ("birth place", "birth_place"),
    ("lieu de naissance", "birth_place"),
    ("nationality", "nationality"),
    ("nationalité", "nationality"),
    ("national id", "strong_ids"),
    ("passport", "strong_ids"),
    ("id number", "strong_ids"),
    ("city", "places"),
    ("town", "places"),
    ("village", "places"),
    ("phone", "phone"),
    ("phone number", "phone"),
    ("telephone", "phone"),
    ("mobile", "phone"),
    ("tel", "phone"),
    ("téléphone", "phone"),
    ("teléfono", "phone"),
    ("رقم الهاتف", "phone"),
    ("email", "email"),
    ("e mail", "email"),
    ("mail", "email"),
    ("courriel", "email"),
    ("address", "address"),
    ("adresse", "address"),
    ("dirección", "address"),
    ("language", "languages"),
    ("languages", "languages"),
    ("langue", "languages"),
    ("idioma", "languages"),
    ("literacy", "literacy"),
    ("country", "country_of_presence"),
    ("country of residence", "country_of_presence"),
    ("country of origin", "country_of_origin"),
    ("needs", "needs_codes"),
    ("specific needs", "needs_codes"),
    ("needs codes", "needs_codes"),
    ("protection concerns", "concerns"),
    ("do not contact", "do_not_contact"),
    ("restriction", "restriction"),
    ("restrictions", "restriction"),
    ("created", "created_on"),
    ("created on", "created_on"),
    ("date of registration", "created_on"),
    ("registration date", "created_on"),
    ("updated", "updated_on"),
    ("last updated", "updated_on"),
];
