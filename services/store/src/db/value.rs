//! Values and columns that both drivers take.

use domain::{
    ActionId, AddressGroupId, AttemptId, CampaignId, ImportId, IncidentId, Millis, NotificationId, OperatorId,
    PersonId, RecordId, SocietyCode,
};
use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use uuid::Uuid;

/// One parameter.
#[derive(Clone)]
pub(crate) enum Val {
    I32(i32),
    I64(Option<i64>),
    Bool(bool),
    Uuid(Option<Uuid>),
    Text(Option<String>),
    Bytes(Vec<u8>),
}

/// One column of a batch.
#[derive(Clone)]
pub(crate) enum Col {
    I32(Vec<i32>),
    I64(Vec<i64>),
    OptI64(Vec<Option<i64>>),
    Bool(Vec<bool>),
    Uuid(Vec<Uuid>),
    OptUuid(Vec<Option<Uuid>>),
    Text(Vec<String>),
    Word(Vec<&'static str>),
    OptText(Vec<Option<String>>),
    Bytes(Vec<Vec<u8>>),
}

/// One value of a row that is still where it was made.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'r> {
    Uuid(Uuid),
    Bytes(&'r [u8]),
}

type AddResult = Result<(), sqlx::error::BoxDynError>;

impl<'r> Cell<'r> {
    pub(super) fn add_lite(self, args: &mut SqliteArguments) -> AddResult {
        match self {
            Self::Uuid(v) => args.add(v),
            Self::Bytes(v) => args.add(v),
        }
    }

    /// Cells of one kind as a column.
    pub(super) fn column(cells: impl Iterator<Item = Cell<'r>>) -> Col {
        let mut cells = cells.peekable();
        match cells.peek() {
            Some(Self::Uuid(_)) => {
                Col::Uuid(cells.filter_map(|c| if let Self::Uuid(v) = c { Some(v) } else { None }).collect())
            }
            _ => {
                Col::Bytes(cells.filter_map(|c| if let Self::Bytes(v) = c { Some(v.to_vec()) } else { None }).collect())
            }
        }
    }
}

impl Val {
    pub(super) fn add_pg(&self, args: &mut PgArguments) -> AddResult {
        match self {
            Self::I32(v) => args.add(*v),
            Self::I64(v) => args.add(*v),
            Self::Bool(v) => args.add(*v),
            Self::Uuid(v) => args.add(*v),
            Self::Text(v) => args.add(v.as_deref()),
            Self::Bytes(v) => args.add(v.as_slice()),
        }
    }

    pub(super) fn add_lite(&self, args: &mut SqliteArguments) -> AddResult {
        match self {
            Self::I32(v) => args.add(*v),
            Self::I64(v) => args.add(*v),
            Self::Bool(v) => args.add(*v),
            Self::Uuid(v) => args.add(*v),
            Self::Text(v) => args.add(v.clone()),
            Self::Bytes(v) => args.add(v.clone()),
        }
    }
}

impl Col {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::I32(v) => v.len(),
            Self::I64(v) => v.len(),
            Self::OptI64(v) => v.len(),
            Self::Bool(v) => v.len(),
            Self::Uuid(v) => v.len(),
            Self::OptUuid(v) => v.len(),
            Self::Text(v) => v.len(),
            Self::Word(v) => v.len(),
            Self::OptText(v) => v.len(),
            Self::Bytes(v) => v.len(),
        }
    }

    /// Some of the rows.
    pub(super) fn slice(&self, from: usize, to: usize) -> Self {
        match self {
            Self::I32(v) => Self::I32(v[from..to].to_vec()),
            Self::I64(v) => Self::I64(v[from..to].to_vec()),
            Self::OptI64(v) => Self::OptI64(v[from..to].to_vec()),
            Self::Bool(v) => Self::Bool(v[from..to].to_vec()),
            Self::Uuid(v) => Self::Uuid(v[from..to].to_vec()),
            Self::OptUuid(v) => Self::OptUuid(v[from..to].to_vec()),
            Self::Text(v) => Self::Text(v[from..to].to_vec()),
            Self::Word(v) => Self::Word(v[from..to].to_vec()),
            Self::OptText(v) => Self::OptText(v[from..to].to_vec()),
            Self::Bytes(v) => Self::Bytes(v[from..to].to_vec()),
        }
    }

    /// PostgreSQL's type of the array's elements.
    pub(super) const fn pg_type(&self) -> &'static str {
        match self {
            Self::I32(_) => "int4",
            Self::I64(_) | Self::OptI64(_) => "int8",
            Self::Bool(_) => "bool",
            Self::Uuid(_) | Self::OptUuid(_) => "uuid",
            Self::Text(_) | Self::Word(_) | Self::OptText(_) => "text",
            Self::Bytes(_) => "bytea",
        }
    }

    pub(super) fn add_pg(&self, args: &mut PgArguments) -> AddResult {
        match self {
            Self::I32(v) => args.add(v.as_slice()),
            Self::I64(v) => args.add(v.as_slice()),
            Self::OptI64(v) => args.add(v.as_slice()),
            Self::Bool(v) => args.add(v.as_slice()),
            Self::Uuid(v) => args.add(v.as_slice()),
            Self::OptUuid(v) => args.add(v.as_slice()),
            Self::Text(v) => args.add(v.as_slice()),
            Self::Word(v) => args.add(v.as_slice()),
            Self::OptText(v) => args.add(v.as_slice()),
            Self::Bytes(v) => args.add(v.as_slice()),
        }
    }

    pub(super) fn add_lite(&self, row: usize, args: &mut SqliteArguments) -> AddResult {
        match self {
            Self::I32(v) => args.add(v[row]),
            Self::I64(v) => args.add(v[row]),
            Self::OptI64(v) => args.add(v[row]),
            Self::Bool(v) => args.add(v[row]),
            Self::Uuid(v) => args.add(v[row]),
            Self::OptUuid(v) => args.add(v[row]),
            Self::Text(v) => args.add(v[row].clone()),
            Self::Word(v) => args.add(v[row]),
            Self::OptText(v) => args.add(v[row].clone()),
            Self::Bytes(v) => args.add(v[row].clone()),
        }
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident($map:expr)),+ $(,)?) => { $(impl From<$type> for Val {
        fn from(value: $type) -> Self {
            let map: fn($type) -> _ = $map;
            Self::$variant(map(value))
        }
    })+ };
}

from! {
    i32 => I32(|v| v),
    i64 => I64(Some),
    Option<i64> => I64(|v| v),
    bool => Bool(|v| v),
    Uuid => Uuid(Some),
    Option<Uuid> => Uuid(|v| v),
    &str => Text(|v| Some(v.to_owned())),
    String => Text(Some),
    Option<String> => Text(|v| v),
    &String => Text(|v| Some(v.clone())),
    Vec<u8> => Bytes(|v| v),
    &[u8] => Bytes(<[u8]>::to_vec),
    [u8; 16] => Bytes(|v| v.to_vec()),
    [u8; 32] => Bytes(|v| v.to_vec()),
    Millis => I64(|v| Some(v.0)),
    Option<Millis> => I64(|v| v.map(|m| m.0)),
    &SocietyCode => Text(|v| Some(v.as_str().to_owned())),
}

macro_rules! columns {
    ($($type:ty => $variant:ident),+ $(,)?) => { $(impl From<Vec<$type>> for Col {
        fn from(values: Vec<$type>) -> Self {
            Self::$variant(values)
        }
    })+ };
}

columns! {
    i32 => I32, i64 => I64, Option<i64> => OptI64, bool => Bool, Uuid => Uuid, Option<Uuid> => OptUuid,
    String => Text, &'static str => Word, Option<String> => OptText, Vec<u8> => Bytes,
}

macro_rules! ids {
    ($($id:ty),+ $(,)?) => { $(
        impl From<$id> for Val {
            fn from(id: $id) -> Self {
                Self::Uuid(Some(id.uuid()))
            }
        }

        impl From<Option<$id>> for Val {
            fn from(id: Option<$id>) -> Self {
                Self::Uuid(id.map(<$id>::uuid))
            }
        }

        impl From<Vec<$id>> for Col {
            fn from(ids: Vec<$id>) -> Self {
                Self::Uuid(ids.into_iter().map(<$id>::uuid).collect())
            }
        }

        impl From<&[$id]> for Col {
            fn from(ids: &[$id]) -> Self {
                Self::Uuid(ids.iter().map(|id| id.uuid()).collect())
            }
        }
    )+ };
}

ids!(
    ActionId,
    AddressGroupId,
    AttemptId,
    CampaignId,
    ImportId,
    IncidentId,
    NotificationId,
    OperatorId,
    PersonId,
    RecordId,
);
