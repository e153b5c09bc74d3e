//! The contact point that a caller gives, as the desk types it: lines of `NAME=VALUE`. Errors never repeat a value.

use std::path::Path;

use domain::channel::ContactKind;
use domain::record::{ContactOwner, ContactPoint, ContactStatus, Record};
use jiff::civil::Date;
use registers::values::{clean, email, phone};
use serde_json::{Map, Value, json};

use crate::error::Failure;

/// What else may be said about it. A guardian's contact point needs the guardian's own record.
const NAMES: [&str; 9] = [
    "owner",
    "safe",
    "safe_expires_on",
    "may_name_org",
    "voicemail_ok",
    "windows",
    "code_name",
    "country",
    "verified_on",
];

/// A contact point with everything that may be said about it is a page at most.
const MAX_BYTES: u64 = 4 * 1024;

/// Longest postal address, in characters: what fits into an envelope's window.
const MAX_ADDRESS: usize = 300;

/// The lines of a file; `-`: of standard input.
///
/// # Errors
/// It cannot be read, or is too long.
pub(super) fn text(path: &Path) -> Result<String, Failure> {
    use std::io::Read as _;
    let named = |e: std::io::Error| Failure::usage(format!("{}: {e}", path.display()));
    let source: Box<dyn std::io::Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(named)?)
    };
    let mut text = String::new();
    source.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(named)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(Failure::usage(format!("one contact point, in {MAX_BYTES} bytes at most")));
    }
    Ok(text)
}

/// Reads the lines. Of a number in national form the country of the record stands in.
///
/// # Errors
/// Usage: no address or several, an unknown name, a value that cannot be one.
pub(super) fn read(text: &str, record: &Record, today: Date) -> Result<ContactPoint, Failure> {
    let mut address: Option<(ContactKind, &str)> = None;
    let mut said = Map::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let (name, value) = line.split_once('=').ok_or_else(|| Failure::usage("a line is NAME=VALUE"))?;
        let (name, value) = (name.trim(), value.trim());
        match ContactKind::parse(name) {
            Some(kind) if address.is_none() => address = Some((kind, value)),
            Some(_) => return Err(Failure::usage("one contact point at a time")),
            None if NAMES.contains(&name) && !said.contains_key(name) => {
                said.insert(name.to_owned(), literal(value));
            }
            None => {
                let names = NAMES.join(", ");
                return Err(Failure::usage(format!("once each: phone, email or address; and {names}")));
            }
        }
    }
    let (kind, value) = address.ok_or_else(|| Failure::usage("say phone=, email= or address="))?;
    let region = said.get("country").and_then(Value::as_str).or(record.country_of_presence.as_deref());
    let (value, country) = usable(kind, value, region)?;
    said.extend([("kind".to_owned(), json!(kind)), ("value".to_owned(), json!(value))]);
    if let (Some(country), None) = (country, said.get("country")) {
        said.insert("country".to_owned(), json!(country));
    }
    // Serde's own message may repeat a value, which is the person's.
    let wrong = |_| Failure::usage(format!("a value that is none of its kind, among: {}", NAMES.join(", ")));
    let mut point: ContactPoint = serde_json::from_value(Value::Object(said)).map_err(wrong)?;
    if point.owner == Some(ContactOwner::Guardian) {
        return Err(Failure::usage("a guardian's contact point comes with the guardian's record, by an import"));
    }
    if point.verified_on.is_some_and(|on| on > today) {
        return Err(Failure::usage("verified_on lies ahead"));
    }
    (point.collected_on, point.status) = (Some(today), Some(ContactStatus::Active));
    Ok(point)
}

/// JSON where it is a list (of windows), else the word itself.
fn literal(value: &str) -> Value {
    let list = if value.starts_with('[') { serde_json::from_str(value).ok() } else { None };
    list.unwrap_or_else(|| json!(value))
}

/// The address as registers are read: a number as E.164, with the country of its numbering plan.
fn usable(kind: ContactKind, value: &str, region: Option<&str>) -> Result<(String, Option<&'static str>), Failure> {
    let unusable = || Failure::usage(format!("{kind}: nobody can be reached at that"));
    Ok(match kind {
        ContactKind::Phone => {
            let number = phone::read(value, region).map_err(|_| unusable())?;
            (number.e164, number.country)
        }
        ContactKind::Email => (email::normal(value).ok_or_else(unusable)?, None),
        ContactKind::Address => {
            let line = clean::clean(value).map_err(|_| unusable())?.trim().to_owned();
            let fits = !line.is_empty() && line.chars().count() <= MAX_ADDRESS;
            (Some(line).filter(|_| fits).ok_or_else(unusable)?, None)
        }
    })
}

#[cfg(test)]
mod tests {
    use domain::record::Answer;

    use super::*;

    fn said(text: &str) -> Result<ContactPoint, String> {
        let mut record = Record::bare("KE".parse().expect("a code"), "rfl", "R-1");
        record.country_of_presence = Some("KE".to_owned());
        read(text, &record, Date::constant(2026, 11, 30)).map_err(|e| e.to_string())
    }

    #[test]
    fn a_number_is_read_as_in_a_register_and_what_is_not_said_is_unknown() {
        let point = said("# at the desk\nphone = 0712 345 678\nowner=self\nsafe=yes\n").expect("read");
        assert_eq!((point.value.expose(), point.country.as_deref()), ("+254712345678", Some("KE")));
        assert_eq!((point.owner, point.safe, point.may_name_org), (Some(ContactOwner::Own), Some(Answer::Yes), None));
        assert_eq!((point.collected_on, point.verified_on), (Some(Date::constant(2026, 11, 30)), None));
        assert_eq!(said("email=asha@Example.ORG").expect("read").value.expose(), "asha@example.org");
        assert!(said("address=12 Synthetic Road, Nairobi\nsafe=yes").is_ok());
    }

    #[test]
    fn what_cannot_be_one_is_refused_and_never_repeated() {
        let wrong = [
            "safe=yes",
            "phone=0900-SYNTHETIC",
            "phone=+254712345678\nemail=asha@example.org",
            "phone=+254712345678\nsafe=perhaps-synthetic",
            "phone=+254712345678\npublished=yes",
            "phone=+254712345678\nguardian=0",
            "phone=+254712345678\nowner=guardian",
            "phone=+254712345678\nsafe=yes\nsafe=no",
            "phone=+254712345678\nverified_on=2027-01-01",
            "phone=+254712345678\nSynthetic",
        ];
        for text in wrong {
            let error = said(text).err().unwrap_or_else(|| panic!("taken: {text}"));
            assert!(!error.contains("712345") && !error.to_lowercase().contains("synthetic"), "{error}");
        }
    }
}
