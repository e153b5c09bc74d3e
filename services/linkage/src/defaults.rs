//! What is believed before any data are seen. Counts as a few dozen pairs, so that tiny files and levels that a file
//! never shows keep sane weights.

use crate::fields::{Field, Level};

/// Levels of a field with their probability for one person, for one household, and for strangers.
pub(crate) fn levels(field: Field) -> &'static [(Level, f32, f32, f32)] {
    use Level::*;
    match field {
        Field::Given => &[
            (Exact, 0.80, 0.010, 0.005),
            (Close, 0.07, 0.010, 0.002),
            (Near, 0.03, 0.010, 0.002),
            (Nickname, 0.015, 0.002, 0.001),
            (Initial, 0.02, 0.02, 0.01),
            (Cross, 0.01, 0.02, 0.003),
            (Partial, 0.02, 0.03, 0.006),
            (Differ, 0.035, 0.90, 0.97),
        ],
        Field::Family => &[
            (Exact, 0.84, 0.70, 0.003),
            (Close, 0.06, 0.05, 0.0015),
            (Near, 0.02, 0.02, 0.0015),
            (Nickname, 0.001, 0.001, 0.0005),
            (Initial, 0.005, 0.005, 0.003),
            (Cross, 0.015, 0.03, 0.002),
            (Partial, 0.02, 0.04, 0.004),
            (Differ, 0.04, 0.15, 0.985),
        ],
        Field::Order => &[(Straight, 0.97, 0.5, 0.5), (Swapped, 0.03, 0.5, 0.5)],
        Field::Middle => &[
            (Exact, 0.60, 0.05, 0.02),
            (Close, 0.05, 0.01, 0.005),
            (Near, 0.03, 0.01, 0.005),
            (Nickname, 0.005, 0.002, 0.002),
            (Initial, 0.20, 0.06, 0.06),
            (Partial, 0.03, 0.03, 0.02),
            (Differ, 0.085, 0.83, 0.89),
        ],
        Field::Father | Field::Mother => &[
            (Exact, 0.75, 0.40, 0.01),
            (Close, 0.10, 0.06, 0.005),
            (Near, 0.04, 0.02, 0.005),
            (Nickname, 0.01, 0.01, 0.002),
            (Initial, 0.02, 0.02, 0.02),
            (Partial, 0.03, 0.04, 0.02),
            (Differ, 0.05, 0.45, 0.94),
        ],
        Field::Birth => &[
            (Exact, 0.78, 0.008, 0.0001),
            (DefaultDay, 0.05, 0.006, 0.001),
            (OneEdit, 0.05, 0.004, 0.001),
            (TwoParts, 0.03, 0.006, 0.005),
            (SameYear, 0.05, 0.03, 0.02),
            (NearYear, 0.02, 0.12, 0.05),
            (Differ, 0.02, 0.82, 0.92),
            // As shares of the dates of which only a year or an age is known.
            (YearFits, 0.60, 0.02, 0.01),
            (AgeFits, 0.33, 0.08, 0.05),
            (YearClose, 0.04, 0.10, 0.05),
            (YearApart, 0.03, 0.80, 0.89),
        ],
        Field::StrongId => {
            &[(Exact, 0.90, 0.000_02, 0.000_001), (Near, 0.05, 0.02, 0.000_1), (Differ, 0.05, 0.98, 1.0)]
        }
        Field::Phone => &[(Exact, 0.50, 0.40, 0.000_01), (Near, 0.03, 0.02, 0.000_02), (Differ, 0.47, 0.58, 1.0)],
        Field::Email => &[
            (Exact, 0.60, 0.10, 0.000_01),
            (Close, 0.05, 0.01, 0.000_02),
            (Near, 0.05, 0.02, 0.000_2),
            (Differ, 0.30, 0.87, 1.0),
        ],
        Field::Place => &[
            (Exact, 0.60, 0.85, 0.01),
            (Close, 0.10, 0.05, 0.005),
            (Near, 0.05, 0.03, 0.003),
            (Partial, 0.10, 0.03, 0.10),
            (Differ, 0.15, 0.04, 0.88),
        ],
        Field::Street => &[
            (Exact, 0.50, 0.80, 0.000_5),
            (Close, 0.12, 0.08, 0.000_5),
            (Near, 0.08, 0.03, 0.005),
            (Partial, 0.04, 0.02, 0.01),
            (Differ, 0.26, 0.07, 0.98),
        ],
        Field::Sex => &[(Exact, 0.98, 0.45, 0.5), (Differ, 0.02, 0.55, 0.5)],
        Field::Occupation => &[(Exact, 0.50, 0.10, 0.03), (Close, 0.05, 0.01, 0.01), (Differ, 0.45, 0.89, 0.96)],
        Field::BirthPlace => &[(Exact, 0.75, 0.50, 0.05), (Close, 0.05, 0.03, 0.01), (Differ, 0.20, 0.47, 0.94)],
        Field::Other(_) => &[(Exact, 0.70, 0.40, 0.10), (Close, 0.05, 0.03, 0.01), (Differ, 0.25, 0.57, 0.89)],
        Field::Kinship => &[],
    }
}

/// Fields that members of one household share freely.
pub(crate) const fn household_shares(field: Field) -> bool {
    matches!(
        field,
        Field::Family
            | Field::Father
            | Field::Mother
            | Field::Middle
            | Field::Phone
            | Field::Email
            | Field::Place
            | Field::Street
            | Field::Occupation
            | Field::BirthPlace
            | Field::Other(_)
    )
}
