//! The fields that a column can fill, by the names that mapping files use.

mod age;
mod set;
mod usual;

use std::sync::Arc;

use domain::channel::ContactKind;
use domain::incident::Certainty;
use domain::record::{ConsentSource, LanguageMode, RelationKind};

use self::age::{age, years};
use self::set::*;
pub(crate) use self::usual::guess;
use crate::draft::{Context, Draft};
use crate::error::{NoteKind, Quarantine, Reason, RegisterError};
use crate::values::codes::{need, word};

/// What became of a value that was not taken.
enum Fault {
    /// It maps to no code: the record is held (R00).
    Unknown,
    /// The row is set aside.
    Bad(Reason),
    /// It is dropped and said.
    Dropped(NoteKind),
    /// It says that nobody knows.
    Unstated,
    /// The field has another value already.
    Twice,
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
    set: fn(&mut Draft, &Cell<'_>, &mut Context<'_>) -> Outcome,
}

/// Puts a clean, non-empty value into a draft: taken, dropped and said, held, or the row is set aside.
pub(crate) fn put_value(
    draft: &mut Draft,
    field: &Field,
    cell: &Cell<'_>,
    context: &mut Context<'_>,
) -> Result<(), Quarantine> {
    match (field.set)(draft, cell, context) {
        Ok(()) => {}
        Err(Fault::Bad(reason)) => {
            return Err(Quarantine { column: Some(Arc::clone(cell.column)), reason });
        }
        Err(Fault::Dropped(kind)) => draft.note(cell.column, kind),
        // Of a list it is not nothing: an empty list can mean «none».
        Err(Fault::Unstated) if !field.list => {}
        Err(Fault::Twice) if only_tells_apart(field.name) => draft.note(cell.column, NoteKind::SecondValue),
        Err(Fault::Twice) => {
            draft.note(cell.column, NoteKind::Contradiction);
            draft.unknown_code(field.name);
        }
        Err(Fault::Unknown | Fault::Unstated) => {
            draft.note(cell.column, NoteKind::UnknownCode);
            draft.unknown_code(field.name);
        }
    }
    Ok(())
}

/// Fields that say who somebody is, and by which nobody is protected.
fn only_tells_apart(field: &str) -> bool {
    field.starts_with("names.") || ["case_id", "sex", "birth_place", "nationality"].contains(&field)
}

/// Whether a value is for a closed list that does not have it.
pub(crate) fn is_unknown(field: &Field, cell: &Cell<'_>, context: &mut Context<'_>) -> bool {
    let mut draft = Draft::new(context.manifest);
    match (field.set)(&mut draft, cell, context) {
        Err(Fault::Unknown) => true,
        Err(Fault::Unstated) => field.list,
        _ => false,
    }
}

/// A field by name.
pub(crate) fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().flat_map(|group| group.iter()).find(|f| f.name == name)
}

/// The field that a mapping names.
///
/// # Errors
/// [`RegisterError::Mapping`] with the field that may be meant, or with all there are.
pub(crate) fn meant(name: &str) -> Result<&'static Field, RegisterError> {
    find(name).ok_or_else(|| {
        let hint = match guess(name) {
            Some((field, _)) => format!("«{field}» may be meant"),
            None => format!("the fields are {}", names().collect::<Vec<_>>().join(", ")),
        };
        RegisterError::Mapping(format!("no field is called «{name}»; {hint}"))
    })
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
    "birth.year" one |d, c, _| put(&mut d.birth_parts.0, number(c).map(Some));
    "birth.month" one |d, c, _| put(&mut d.birth_parts.1, number(c).map(Some));
    "birth.day" one |d, c, _| put(&mut d.birth_parts.2, number(c).map(Some));
    "birth.estimated" one |d, c, _| either(&mut d.birth_estimated, yes(c));
    "age" one |d, c, _| age(d, c);
    "age.min" one |d, c, _| put(&mut d.age.0, years(c.text).map(Some));
    "age.max" one |d, c, _| put(&mut d.age.1, years(c.text).map(Some));
    "age.as_of" one |d, c, x| put(&mut d.age.2, day(c, x));
    "age.estimated" one |d, c, _| either(&mut d.age.3, yes(c));
    "birth_place" one |d, c, _| put(&mut d.record.birth_place, line(c).map(Some));
    "nationality" one |d, c, _| put(&mut d.record.nationality, country(c).map(Some));
    "strong_ids" list |d, c, _| add(&mut d.record.strong_ids, id_number(c));
    "places" list |d, c, _| add(&mut d.record.places, line(c));
    "created_on" one |d, c, x| keep(&mut d.record.created_on, day(c, x), Ord::min);
    "updated_on" one |d, c, x| keep(&mut d.record.updated_on, day(c, x), Ord::max);
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
    "do_not_contact" one |d, c, _| either(&mut d.record.do_not_contact, yes(c));
    "legal_hold" one |d, c, _| either(&mut d.record.legal_hold, yes(c));
    "restriction" one |d, c, _| restriction(d, c);
    "exposure.confirmed" list |d, c, _| exposure(d, c, Certainty::Confirmed);
    "exposure.possible" list |d, c, _| exposure(d, c, Certainty::Possible);
};

static RELATIONS: &[Field] = fields! {
    "guardian" one |d, c, _| put(&mut d.guardian(c.slot).name, line(c).map(Some));
    "guardian.record" one |d, c, _| put(&mut d.guardian(c.slot).record, id_of(c).map(Some));
    "guardian.authority" one |d, c, _| put(&mut d.guardian(c.slot).authority, somebody(c).map(Some));
    "guardian.verified_by" one |d, c, _| put(&mut d.guardian(c.slot).verified_by, somebody(c).map(Some));
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
                set: |d, c, _| put(&mut point(d, c, ContactKind::$kind).guardian, guardian_slot(c)),
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
            Field { name: concat!($group, ".windows"), list: true, set: |d, c, _| window(d, c, ContactKind::$kind) },
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
