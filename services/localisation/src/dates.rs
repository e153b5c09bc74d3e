//! Dates in words: month by name, never all in numbers, the calendar that people use first.

use icu_calendar::cal::{Ethiopian, Gregorian, Persian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::Date as IcuDate;
use icu_decimal::DecimalFormatter;
use icu_decimal::options::{DecimalFormatterOptions, GroupingStrategy};
use icu_locale::Locale;
use jiff::civil::Date;

use crate::Tag;
use crate::error::Refusal;
use crate::words::{Args, Words};

/// Message in which a language without data in ICU4X says its dates; variables `day`, `month` (m1 … m12), `year`.
pub(crate) const DATE_MESSAGE: &str = "date";
/// The same for the calendar that people use first, where ICU4X has the wrong names of months; `month` is m1 … m13.
pub(crate) const LOCAL_DATE_MESSAGE: &str = "date-local";
/// Messages about dates that only some languages have.
pub(crate) const DATE_MESSAGES: [&str; 2] = [DATE_MESSAGE, LOCAL_DATE_MESSAGE];
/// What they are given.
pub(crate) const DATE_VARIABLES: [&str; 3] = ["day", "month", "year"];
/// Languages whose readers use the Persian calendar; the Gregorian date follows in brackets.
const PERSIAN: &[&str] = &["fa", "fa-AF", "ps"];
/// Languages whose readers use the Ethiopian calendar beside the Gregorian one. Oromo says it in its own words: CLDR
/// calls its second, sixth and tenth months by each other's names.
const ETHIOPIAN: &[&str] = &["am", "ti"];

/// A date in the words of a language.
///
/// # Errors
/// The language has neither ICU4X data nor a `date` message, or the data would print a month as a number.
pub(crate) fn in_words(words: &Words, date: Date) -> Result<String, Refusal> {
    let tag = words.tag();
    if words.messages().contains_key(DATE_MESSAGE) {
        return own_words(words, DATE_MESSAGE, date.day(), date.month(), date.year());
    }
    let wrong = || Refusal::Date { language: tag.clone() };
    let locale: Locale = data_locale(tag).parse().map_err(|_| wrong())?;
    let month = u8::try_from(date.month()).map_err(|_| wrong())?;
    let day = u8::try_from(date.day()).map_err(|_| wrong())?;
    let iso = IcuDate::try_new_iso(i32::from(date.year()), month, day).map_err(|_| wrong())?;
    let gregorian = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new((&locale).into(), YMD::long())
        .map_err(|_| wrong())?
        .format(&iso.to_calendar(Gregorian))
        .to_string();
    // where a language has no pattern of its own for a calendar, ICU4X adds the era in Latin letters: it says nothing
    let local = if PERSIAN.contains(&tag.as_str()) {
        Some(
            FixedCalendarDateTimeFormatter::<Persian, _>::try_new((&locale).into(), YMD::long())
                .map_err(|_| wrong())?
                .format(&iso.to_calendar(Persian))
                .to_string()
                .replace("AP ", ""),
        )
    } else if words.messages().contains_key(LOCAL_DATE_MESSAGE) {
        let local = iso.to_calendar(Ethiopian::new());
        let (day, month, year) = (local.day_of_month().0, local.month().ordinal, local.era_year().year);
        Some(own_words(words, LOCAL_DATE_MESSAGE, day, month, year)?)
    } else if ETHIOPIAN.contains(&tag.as_str()) {
        Some(
            FixedCalendarDateTimeFormatter::<Ethiopian, _>::try_new((&locale).into(), YMD::long())
                .map_err(|_| wrong())?
                .format(&iso.to_calendar(Ethiopian::new()))
                .to_string()
                .replace(" AM", ""),
        )
    } else {
        None
    };
    let text = match local {
        Some(local) => format!("{local} ({gregorian})"),
        None => gregorian,
    };
    // what ICU4X prints where it has no names of months
    if (1..=13).any(|m| text.contains(&format!("M{m:02}"))) { Err(wrong()) } else { Ok(text) }
}

/// A whole number in the digits that the language's dates have. Numbers that people say or type stay in ASCII digits.
///
/// # Errors
/// The tag is no locale.
pub(crate) fn number(words: &Words, number: u32) -> Result<String, Refusal> {
    // its own words say its dates, in ASCII digits
    if words.messages().contains_key(DATE_MESSAGE) {
        return Ok(number.to_string());
    }
    let wrong = || Refusal::Date { language: words.tag().clone() };
    let locale: Locale = data_locale(words.tag()).parse().map_err(|_| wrong())?;
    let mut options = DecimalFormatterOptions::default();
    options.grouping_strategy = Some(GroupingStrategy::Never);
    let formatter = DecimalFormatter::try_new((&locale).into(), options).map_err(|_| wrong())?;
    Ok(formatter.format(&number.into()).to_string())
}

/// A date by the language's own message.
fn own_words(
    words: &Words,
    message: &str,
    day: impl ToString,
    month: impl std::fmt::Display,
    year: impl ToString,
) -> Result<String, Refusal> {
    let args = Args::from([("day", day.to_string()), ("month", format!("m{month}")), ("year", year.to_string())]);
    Ok(crate::text::strip_isolates(&words.format(message, &args)?))
}

/// English dates with the day first, as most Societies write them; pseudo-locales borrow from the language they imitate.
fn data_locale(tag: &Tag) -> &str {
    match tag.as_str() {
        "en" | "en-XA" | "en-XG" => "en-001",
        "ar-XB" => "ar",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(tag: &str, extra: &str) -> Result<String, Refusal> {
        let files = [("x.ftl".to_owned(), extra.to_owned())];
        let words = Words::read(Tag::parse(tag).unwrap(), &files).unwrap();
        in_words(&words, jiff::civil::date(2022, 1, 18))
    }

    #[test]
    fn both_calendars_where_due() {
        assert_eq!(say("en", "").unwrap(), "18 January 2022");
        assert_eq!(say("fr", "").unwrap(), "18 janvier 2022");
        assert!(!say("ps", "").unwrap().contains("AP") && !say("ti", "").unwrap().contains("AM"));
        let dari = say("fa-AF", "").unwrap();
        assert!(dari.contains("جدی") && dari.contains('('), "{dari}");
        assert!(say("fa", "").unwrap().contains("دی"));
        assert!(say("am", "").unwrap().contains("2014"), "{}", say("am", "").unwrap());
    }

    #[test]
    fn numbers_have_the_digits_of_the_dates_beside_them() {
        let digits = |tag: &str, extra: &str| {
            let words = Words::read(Tag::parse(tag).unwrap(), &[("x.ftl".to_owned(), extra.to_owned())]).unwrap();
            number(&words, 1203).unwrap()
        };
        for (tag, wanted) in
            [("en", "1203"), ("fr", "1203"), ("ar", "1203"), ("bn", "১২০৩"), ("ps", "۱۲۰۳"), ("ckb", "١٢٠٣")]
        {
            assert_eq!(digits(tag, ""), wanted, "{tag}");
        }
        assert_eq!(digits("sn", "date = { $day } { $month } { $year }\n"), "1203");
    }

    #[test]
    fn the_ethiopian_months_of_oromo_are_its_own_words() {
        let months: Vec<String> = (1..=13).map(|m| format!("[m{m}] N{}", "x".repeat(m))).collect();
        let words = format!(
            "date-local = {{ $month ->\n    {}\n    *[other] no\n }} {{ $day }}, {{ $year }}\n",
            months.join("\n    ")
        );
        let date = say("om", &words).unwrap();
        assert!(date.starts_with("Nxxxxx 10, 2014 (") && date.contains("2022"), "{date}");
    }

    #[test]
    fn a_language_without_data_needs_words_of_its_own() {
        assert_eq!(say("sn", ""), Err(Refusal::Date { language: Tag::parse("sn").unwrap() }));
        let words = "date = { $day } { $month ->\n    [m1] Ndira\n   *[m2] Kukadzi\n } { $year }\n";
        assert_eq!(say("sn", words).unwrap(), "18 Ndira 2022");
    }
}
