//! `PLURAL($n)` for translators: categories by ICU4X. Fluent's own rules have lost Arabic 103–110 and others.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentResource, FluentValue};
use icu_plurals::{PluralCategory, PluralOperands, PluralRules};

use crate::Tag;

/// Name of the function in FTL.
pub const FUNCTION: &str = "PLURAL";

/// Category of a whole number given as ASCII digits; `None` if the text is none.
#[must_use]
pub fn category(tag: &Tag, number: &str) -> Option<&'static str> {
    let operands = PluralOperands::from(number.parse::<u64>().ok()?);
    let locale: icu_locale::Locale = tag.as_str().parse().ok()?;
    let rules = PluralRules::try_new_cardinal(locale.into()).ok()?;
    Some(match rules.category_for(operands) {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    })
}

/// Registers the function.
pub(crate) fn add_to(bundle: &mut FluentBundle<FluentResource>, tag: &Tag) {
    let tag = tag.clone();
    let added = bundle.add_function(FUNCTION, move |positional, _named| {
        let number = match positional.first() {
            Some(FluentValue::String(text)) => Some(text.clone().into_owned()),
            Some(FluentValue::Number(number)) => Some(number.value.to_string()),
            _ => None,
        };
        number.and_then(|n| category(&tag, &n)).map_or(FluentValue::Error, FluentValue::from)
    });
    debug_assert!(added.is_ok(), "the bundle is new: nothing else is called {FUNCTION}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_where_fluent_itself_is_wrong() {
        for (tag, number, expected) in [
            ("ar", "103", "few"),
            ("ar", "111", "many"),
            ("ar", "100", "other"),
            ("ro", "101", "few"),
            ("fr", "1000000", "many"),
            ("uk", "22", "few"),
            ("fa-AF", "0", "one"),
            ("my", "1", "other"),
        ] {
            assert_eq!(category(&Tag::parse(tag).unwrap(), number), Some(expected), "{tag} {number}");
        }
        assert_eq!(category(&Tag::parse("en").unwrap(), "many"), None);
    }
}
