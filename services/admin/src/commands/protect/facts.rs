//! Facts as they are typed: `FACT=VALUE`, with contact points and guardians by the numbers that `protect show` prints.

use domain::RecordId;
use domain::manifest::ContactRef;
use domain::record::ContactPoint;
use protection::Says;
use serde_json::{Map, Value, json};
use workers::Casefile;

use crate::cli::ProtectSetArgs;
use crate::error::Failure;

/// Facts whose value is yes or no.
const YES_OR_NO: [&str; 3] = ["do_not_contact", "legal_hold", "withholding"];
/// Facts that are said, and have no value but `yes`.
const SAID: [&str; 2] = ["restriction_coded", "codes_resolved"];
/// Facts whose value is a list.
const LISTS: [&str; 3] = ["needs_codes", "concerns", "access_needs"];

/// Names for the message that helps.
const NAMES: &str = "do_not_contact, legal_hold, withholding, restriction_coded, codes_resolved, vital, whereabouts, \
     detained, released, birth, age, child_status, needs_codes, concerns, caregiver_perpetrator, consent_source, \
     displacement, country_of_origin, literacy, access_needs, contact.N.safe, contact.N.may_name_org, \
     contact.N.owner, contact.N.status, contact.N.verified_on, contact.N.safe_expires_on, contact.N.windows, \
     contact.N.code_name, contact.N.country, contact.N.compromised, guardian.N.authority, guardian.N.verified_by, \
     guardian.N.verified_on, guardian.N.alleged_perpetrator, guardian.N.child_agrees";

/// Reads the facts of a call: `--fact` and the lines of `--file`. Fields of one contact point or guardian become one
/// statement.
///
/// # Errors
/// Usage: an unknown fact, a value of another shape, a number that `protect show` does not print. Never the value.
pub(super) fn read(
    args: &ProtectSetArgs,
    contacts: &[ContactRef],
    guardians: &[(RecordId, u8)],
) -> Result<Vec<Says>, Failure> {
    let mut lines = args.fact.clone();
    if let Some(path) = &args.file {
        let text = if path.as_os_str() == "-" {
            std::io::read_to_string(std::io::stdin())
        } else {
            std::fs::read_to_string(path)
        };
        let text = text.map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
        lines.extend(text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned));
    }
    let mut says = Vec::new();
    let mut grouped: Vec<(String, Map<String, Value>)> = Vec::new();
    for line in &lines {
        let (name, value) = line.split_once('=').ok_or_else(|| Failure::usage("a fact is FACT=VALUE"))?;
        let (name, value) = (name.trim(), value.trim());
        let parts: Vec<&str> = name.split('.').collect();
        match parts[..] {
            [fact] => says.push(simple(fact, value)?),
            [kind @ ("contact" | "guardian"), number, field] => {
                let at = (|| {
                    let index = number.parse::<usize>().ok()?.checked_sub(1)?;
                    if kind == "contact" {
                        Some(json!(contacts.get(index)?))
                    } else {
                        Some(json!(guardians.get(index)?))
                    }
                })();
                let at = at.ok_or_else(|| {
                    Failure::usage(format!("{name}: there is no {kind} {number}; `tidings protect show` numbers them"))
                })?;
                let key = format!("{kind}.{number}");
                let place = grouped.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
                    let reference = if kind == "contact" { "contact" } else { "relation" };
                    grouped.push((key, Map::from_iter([(reference.to_owned(), at)])));
                    grouped.len() - 1
                });
                grouped[place].1.insert(field.to_owned(), literal(value));
            }
            _ => return Err(unknown(name)),
        }
    }
    for (key, fields) in grouped {
        let kind = key.split('.').next().unwrap_or_default();
        says.push(parse(&key, json!({ kind: fields }))?);
    }
    Ok(says)
}

fn simple(fact: &str, value: &str) -> Result<Says, Failure> {
    let yes_or_no = || match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Failure::usage(format!("{fact}: yes or no"))),
    };
    let said = if SAID.contains(&fact) {
        if !yes_or_no()? {
            return Err(Failure::usage(format!("{fact}: only yes can be said")));
        }
        json!(fact)
    } else if YES_OR_NO.contains(&fact) {
        json!({ fact: yes_or_no()? })
    } else if LISTS.contains(&fact) {
        let items: Vec<&str> = value.split(',').map(str::trim).filter(|v| !v.is_empty() && *v != "none").collect();
        json!({ fact: items })
    } else if fact == "detained" && value == "unknown" {
        json!({ fact: Value::Null })
    } else if fact == "birth" {
        json!({ fact: birth(value).ok_or_else(|| Failure::usage("birth: YYYY, YYYY-MM or YYYY-MM-DD"))? })
    } else {
        json!({ fact: literal(value) })
    };
    parse(fact, said)
}

/// `1990`, `1990-05`, `1990-05-17`; with `~` before it: an estimate.
fn birth(value: &str) -> Option<Value> {
    let (estimated, date) = value.strip_prefix('~').map_or((false, value), |rest| (true, rest));
    let mut parts = date.split('-').map(|p| p.parse::<i16>().ok());
    let (year, month, day) = (parts.next()??, parts.next(), parts.next());
    let mut birth = Map::from_iter([("year".to_owned(), json!(year)), ("estimated".to_owned(), json!(estimated))]);
    for (name, part) in [("month", month), ("day", day)] {
        if let Some(part) = part {
            birth.insert(name.to_owned(), json!(part?));
        }
    }
    parts.next().is_none().then_some(Value::Object(birth))
}

/// JSON where it is an object or a list, else the word itself.
fn literal(value: &str) -> Value {
    let structured = value.starts_with(['{', '[']);
    let parsed = if structured { serde_json::from_str(value).ok() } else { None };
    parsed.unwrap_or_else(|| json!(value))
}

fn parse(name: &str, said: Value) -> Result<Says, Failure> {
    // Serde's own message may repeat the value, which may be a person's.
    serde_json::from_value(said).map_err(|_| unknown(name))
}

fn unknown(name: &str) -> Failure {
    Failure::usage(format!("{name}: no such fact, or not one of its values. Facts: {NAMES}"))
}

/// A statement in the words in which it is typed.
pub(super) fn words(says: &Says, case: &Casefile) -> String {
    let json = serde_json::to_value(says).unwrap_or_default();
    let Value::Object(map) = json else { return json.as_str().unwrap_or_default().to_owned() + "=yes" };
    let Some((fact, value)) = map.into_iter().next() else { return String::new() };
    let number = match says {
        Says::Contact(c) => case.contacts().iter().position(|(at, _)| *at == c.contact),
        Says::Guardian(g) => case.guardians().iter().position(|at| *at == g.relation),
        Says::NewContact(new) => return given(&new.point),
        _ => return format!("{fact}={}", plain(&value)),
    };
    let number = number.map_or("?".to_owned(), |n| (n + 1).to_string());
    let Value::Object(fields) = value else { return fact };
    let fields = fields.iter().filter(|(name, _)| *name != "contact" && *name != "relation");
    fields.map(|(name, value)| format!("{fact}.{number}.{name}={}", plain(value))).collect::<Vec<_>>().join(" ")
}

/// A contact point that somebody gave: everything that was said about it, and of its address the end.
fn given(point: &ContactPoint) -> String {
    let said = match serde_json::to_value(point) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let said = said.iter().filter(|(name, _)| !["kind", "value", "published"].contains(&name.as_str()));
    let said: Vec<String> = said.map(|(name, value)| format!(" {name}={}", plain(value))).collect();
    format!("new contact: {} {}{}", point.kind, ending(point), said.concat())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Null => "unknown".to_owned(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().map(plain).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

/// The last two characters of an address: enough to tell a person's own addresses apart, not enough to use one.
pub(super) fn ending(point: &ContactPoint) -> String {
    let text: Vec<char> = point.value.expose().chars().filter(|c| c.is_alphanumeric()).collect();
    let shown = text.len().saturating_sub(2).min(2);
    format!("…{}", text[text.len() - shown..].iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fact: &str, value: &str) -> Option<Says> {
        simple(fact, value).ok()
    }

    #[test]
    fn facts_are_typed_as_words() {
        assert!(said("do_not_contact", "yes") == Some(Says::DoNotContact(true)));
        assert!(said("restriction_coded", "yes") == Some(Says::RestrictionCoded));
        assert!(said("restriction_coded", "no").is_none(), "that cannot be said");
        assert!(said("detained", "unknown") == Some(Says::Detained(None)));
        assert!(matches!(said("needs_codes", "SV-VA, LP-DA"), Some(Says::NeedsCodes(codes)) if codes.len() == 2));
        assert!(matches!(said("birth", "~1990-05"), Some(Says::Birth(b)) if b.estimated && b.day.is_none()));
        assert!(said("vital", "dead").is_some());
        for wrong in [("vital", "zombie"), ("birth", "May"), ("colour", "red"), ("legal_hold", "maybe")] {
            assert!(said(wrong.0, wrong.1).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn an_error_never_repeats_the_value() {
        let Err(error) = simple("vital", "Asha Synthetic") else { panic!("it has to be refused") };
        assert!(!error.to_string().contains("Asha"));
    }
}
