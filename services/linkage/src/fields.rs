//! What is compared, and the outcomes that a comparison can have.

use serde::{Deserialize, Serialize};

/// Further fields (`LinkRecord::other`) that are compared.
pub const OTHER_FIELDS: usize = 8;
/// Number of fields.
pub const FIELDS: usize = 16 + OTHER_FIELDS;
/// Number of levels; one table row per field has this length.
pub const LEVELS: usize = 20;

/// One comparison between two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Given names.
    Given,
    /// Family names.
    Family,
    /// Whether given and family name stand in the same order.
    Order,
    /// Middle names.
    Middle,
    /// Father's name.
    Father,
    /// Mother's name.
    Mother,
    /// Birth date.
    Birth,
    /// Number issued to one person.
    StrongId,
    /// Telephone.
    Phone,
    /// E-mail.
    Email,
    /// Place of residence, with postcode.
    Place,
    /// Street address.
    Street,
    /// Sex.
    Sex,
    /// Occupation.
    Occupation,
    /// Place of birth.
    BirthPlace,
    /// What the rest is worth less because a household or a namesake would explain it as well.
    Kinship,
    /// A further field by position.
    #[serde(untagged)]
    Other(u8),
}

impl Field {
    /// Every field, in the order of the evidence.
    pub fn all() -> impl Iterator<Item = Field> {
        (0..FIELDS).map(Self::from_index)
    }

    /// Position in tables.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Given => 0,
            Self::Family => 1,
            Self::Order => 2,
            Self::Middle => 3,
            Self::Father => 4,
            Self::Mother => 5,
            Self::Birth => 6,
            Self::StrongId => 7,
            Self::Phone => 8,
            Self::Email => 9,
            Self::Place => 10,
            Self::Street => 11,
            Self::Sex => 12,
            Self::Occupation => 13,
            Self::BirthPlace => 14,
            Self::Kinship => 15,
            Self::Other(n) => 16 + n as usize,
        }
    }

    /// The field at a position in tables; positions past the end are the last further field.
    #[must_use]
    pub const fn from_index(index: usize) -> Self {
        match index {
            0 => Self::Given,
            1 => Self::Family,
            2 => Self::Order,
            3 => Self::Middle,
            4 => Self::Father,
            5 => Self::Mother,
            6 => Self::Birth,
            7 => Self::StrongId,
            8 => Self::Phone,
            9 => Self::Email,
            10 => Self::Place,
            11 => Self::Street,
            12 => Self::Sex,
            13 => Self::Occupation,
            14 => Self::BirthPlace,
            15 => Self::Kinship,
            n if n < FIELDS => Self::Other((n - 16) as u8),
            _ => Self::Other(OTHER_FIELDS as u8 - 1),
        }
    }

    /// What the field is called in an explanation.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Given => "given name".into(),
            Self::Family => "family name".into(),
            Self::Order => "order of the names".into(),
            Self::Middle => "middle name".into(),
            Self::Father => "father's name".into(),
            Self::Mother => "mother's name".into(),
            Self::Birth => "birth date".into(),
            Self::StrongId => "issued number".into(),
            Self::Phone => "telephone".into(),
            Self::Email => "e-mail".into(),
            Self::Place => "place".into(),
            Self::Street => "street".into(),
            Self::Sex => "sex".into(),
            Self::Occupation => "occupation".into(),
            Self::BirthPlace => "place of birth".into(),
            Self::Kinship => "household or namesake".into(),
            Self::Other(n) => format!("further field {}", n + 1),
        }
    }
}

/// Outcome of one comparison. Which levels a field can have is documented in `compare`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Level {
    /// One side or both do not say.
    Missing = 0,
    /// Equal.
    Exact = 1,
    /// Spelling variant: Jaro-Winkler ≥ .92, or one skeleton.
    Close = 2,
    /// Similar: Jaro-Winkler ≥ .88.
    Near = 3,
    /// An initial against a name that begins with it.
    Initial = 4,
    /// Agrees with another of the other record's names (middle, father's).
    Cross = 5,
    /// Some parts agree and others do not.
    Partial = 6,
    /// Nothing agrees.
    Differ = 7,
    /// Both are 1 January of one year: often a stand-in for an unknown day.
    DefaultDay = 8,
    /// Dates one digit apart, or with day and month swapped.
    OneEdit = 9,
    /// Two of year, month and day agree.
    TwoParts = 10,
    /// Full dates that agree in the year alone.
    SameYear = 11,
    /// Full dates, one or two years apart.
    NearYear = 12,
    /// Given and family name stand in the same places.
    Straight = 13,
    /// Given and family name have changed places.
    Swapped = 14,
    /// A well-known short or pet form of the other name.
    Nickname = 15,
    /// The years agree, and at least one side knows no more.
    YearFits = 16,
    /// An age allows the other's year.
    AgeFits = 17,
    /// One or two years apart, and at least one side knows no more.
    YearClose = 18,
    /// Years that cannot be one person's, and at least one side knows no more.
    YearApart = 19,
}

impl Level {
    /// The level at a position in tables.
    #[must_use]
    pub const fn from_index(index: usize) -> Self {
        match index {
            1 => Self::Exact,
            2 => Self::Close,
            3 => Self::Near,
            4 => Self::Initial,
            5 => Self::Cross,
            6 => Self::Partial,
            7 => Self::Differ,
            8 => Self::DefaultDay,
            9 => Self::OneEdit,
            10 => Self::TwoParts,
            11 => Self::SameYear,
            12 => Self::NearYear,
            13 => Self::Straight,
            14 => Self::Swapped,
            15 => Self::Nickname,
            16 => Self::YearFits,
            17 => Self::AgeFits,
            18 => Self::YearClose,
            19 => Self::YearApart,
            _ => Self::Missing,
        }
    }

    /// A comparison of dates of which at least one has no day.
    pub(crate) const fn is_vague(self) -> bool {
        matches!(self, Self::YearFits | Self::AgeFits | Self::YearClose | Self::YearApart)
    }

    /// What the level is called in an explanation.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Missing => "not known on both sides",
            Self::Exact => "equal",
            Self::Close => "the same in another spelling",
            Self::Near => "similar",
            Self::Initial => "an initial that fits",
            Self::Cross => "agrees with another name of the other record",
            Self::Partial => "agrees in part",
            Self::Differ => "different",
            Self::DefaultDay => "both 1 January of one year",
            Self::OneEdit => "one digit apart, or day and month swapped",
            Self::TwoParts => "two of year, month and day agree",
            Self::SameYear => "same year",
            Self::NearYear => "one or two years apart",
            Self::Straight => "in the same order",
            Self::Swapped => "swapped",
            Self::Nickname => "a short form of the other",
            Self::YearFits => "same year, as far as it is known",
            Self::AgeFits => "the age fits",
            Self::YearClose => "one or two years apart, as far as they are known",
            Self::YearApart => "the years are far apart",
        }
    }
}
