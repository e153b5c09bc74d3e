//! Two records beside each other, with the weights in words.

use linkage::{Field, Level};
use serde_json::{Value, json};
use workers::Pairing;

use crate::answer::table;

/// Characters of a value that fit beside another one on a terminal.
const CELL: usize = 30;

/// For programs.
pub(super) fn as_json(p: &Pairing) -> Value {
    let person = |person: Option<domain::PersonId>| person.map(|p| p.to_string());
    let w = &p.waterfall;
    let steps: Vec<Value> = w
        .steps
        .iter()
        .map(|s| json!({ "field": s.field.words(), "found": s.words(), "level": s.level, "bits": s.bits }))
        .collect();
    let sides: Vec<Value> =
        p.sides.iter().map(|s| json!({ "field": s.field.words(), "a": s.a.expose(), "b": s.b.expose() })).collect();
    json!({
        "incident": p.incident, "a": p.a.to_string(), "b": p.b.to_string(),
        "persons": [person(p.persons.0), person(p.persons.1)],
        "one_person": p.persons.0.is_some() && p.persons.0 == p.persons.1,
        "outcome": w.outcome, "withheld": w.withheld, "not_merged_because": w.withheld.map(linkage::Withheld::words),
        "prior": w.prior, "weight": w.weight, "probability": w.probability, "kept_by_the_run": p.kept,
        "evidence": steps, "records": sides,
    })
}

/// For people: what both records say, what was found, and what it weighs.
pub(super) fn in_words(p: &Pairing) -> String {
    let w = &p.waterfall;
    let mut out = format!("{}\n{}\n", heading(&p.a.to_string(), p.persons.0), heading(&p.b.to_string(), p.persons.1));
    if p.sides.is_empty() {
        out.push_str(&w.lines().join("\n"));
    } else {
        out.push_str(&side_by_side(p));
        if let Some(why) = w.withheld {
            out.push_str(&format!("Not merged: {}.\n", why.words()));
        }
    }
    if !p.kept {
        out.push_str("\nThe last run did not keep this pair: worked out again, without how rare its values are.");
    }
    out.trim_end().to_owned()
}

fn heading(record: &str, person: Option<domain::PersonId>) -> String {
    let person = person.map_or_else(|| "no person yet".to_owned(), |p| p.to_string());
    format!("{record}  of  {person}")
}

fn side_by_side(p: &Pairing) -> String {
    let w = &p.waterfall;
    let found = |field: Field| w.steps.iter().find(|s| s.field == field);
    let bits = |bits: f64| format!("{bits:+.1}");
    let mut rows = vec![vec![
        "before anything is compared".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        bits(w.prior),
    ]];
    for side in &p.sides {
        let (words, weight) = match found(side.field) {
            Some(step) => (step.words(), bits(step.bits)),
            None => (Level::Missing.words(), String::new()),
        };
        let cells = [cell(side.a.expose()), cell(side.b.expose())];
        let [a, b] = cells;
        rows.push(vec![side.field.words(), a, b, words.to_owned(), weight]);
    }
    // What belongs to no single field: the order of the names, what a household would explain as well.
    for step in w.steps.iter().filter(|s| p.sides.iter().all(|side| side.field != s.field)) {
        rows.push(vec![step.field.words(), String::new(), String::new(), step.words().to_owned(), bits(step.bits)]);
    }
    rows.push(vec![
        "together".to_owned(),
        String::new(),
        String::new(),
        format!("probability {:.4}", w.probability),
        bits(w.prior + w.weight),
    ]);
    table(&["", "first", "second", "what was found", "bits"], &rows)
}

/// A register's value on a terminal: one line, no control characters, not too long.
fn cell(value: &str) -> String {
    let clean: String = value.chars().map(|c| if c.is_control() || is_bidi(c) { ' ' } else { c }).collect();
    let mut clean: String = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.chars().count() > CELL {
        clean = clean.chars().take(CELL - 1).collect::<String>() + "…";
    }
    clean
}

/// Marks that turn the direction of what follows them, and so could pass one record's value off as the other's.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use domain::{IncidentId, RecordId};
    use linkage::{Step, Waterfall, Withheld};
    use workers::Side;

    use super::*;

    fn pairing(sides: Vec<Side>) -> Pairing {
        Pairing {
            incident: IncidentId::random(),
            a: RecordId::random(),
            b: RecordId::random(),
            persons: (None, None),
            waterfall: Waterfall {
                prior: -18.0,
                steps: vec![
                    Step { field: Field::Given, level: Level::Exact, bits: 9.5 },
                    Step { field: Field::Order, level: Level::Straight, bits: 0.5 },
                ],
                weight: 10.0,
                probability: 0.0039,
                outcome: None,
                withheld: Some(Withheld::Names),
            },
            kept: true,
            sides,
        }
    }

    #[test]
    fn every_field_has_both_values_words_and_weight() {
        let name = "Amina \u{1b}[2J\nSynthetic\u{202e}";
        let sides = vec![
            Side { field: Field::Given, a: name.into(), b: "x".repeat(80).into() },
            Side { field: Field::Phone, a: "+254".into(), b: "".into() },
        ];
        let text = in_words(&pairing(sides));
        let line = |with: &str| text.lines().find(|l| l.contains(with)).expect(with).to_owned();
        assert!(line("given name").contains("Amina [2J Synthetic") && line("given name").ends_with("+9.5"));
        assert!(line("given name").contains('…') && line("given name").contains("equal"));
        assert!(line("telephone").contains("not known on both sides"));
        assert!(line("order of the names").contains("+0.5"));
        assert!(line("together").contains("0.0039") && line("together").ends_with("-8.0"));
        assert!(line("Not merged").contains("given and family name"));
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    }

    #[test]
    fn without_keys_there_are_weights_and_no_values() {
        let text = in_words(&pairing(Vec::new()));
        assert!(text.contains("+9.5  given name: equal"), "{text}");
        assert_eq!(as_json(&pairing(Vec::new()))["records"].as_array().map(Vec::len), Some(0));
    }
}
