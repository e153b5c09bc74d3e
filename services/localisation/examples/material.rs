//! Prints, as one JSON object a line, what other implementations of Fluent, Handlebars and ICU need to make the same
//! notices, and what came out here. Used by `tests/reference`.

use std::collections::BTreeSet;

use domain::{Audience, Channel, Level};
use localisation::{Library, Request, Tag, audience, sample, sms};
use serde_json::json;

/// Languages compared over every audience; the others over a few.
const WHOLE: &[&str] = &["en", "ar", "fr"];
const FEW: &[Audience] = &[Audience::Enquirer, Audience::Staff, Audience::Partner, Audience::Public, Audience::Child];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let library = Library::embedded()?;
    let templates: serde_json::Map<String, serde_json::Value> = Library::embedded_files()
        .into_iter()
        .filter_map(|(path, content)| {
            Some((path.strip_prefix("templates/")?.strip_suffix(".hbs")?.to_owned(), content.into()))
        })
        .collect();
    println!("{}", json!({"templates": templates}));
    for tag in library.tags() {
        let Some(language) = library.language(tag).filter(|l| !l.is_pseudo()) else {
            continue;
        };
        let ftl: Vec<&str> = language.files().iter().map(|(_, content)| content.as_str()).collect();
        println!("{}", json!({"language": tag, "direction": language.direction(), "ftl": ftl}));
        notices(&library, tag)?;
        plurals(tag);
    }
    Ok(())
}

fn notices(library: &Library, tag: &Tag) -> Result<(), Box<dyn std::error::Error>> {
    let society = sample::society()?;
    let mut facts = sample::facts();
    facts.data_published = true;
    let mut seen = BTreeSet::new();
    for notice in audience::all_producible() {
        if !WHOLE.contains(&tag.as_str()) && !FEW.contains(&notice.audience) {
            continue;
        }
        let request = Request {
            label: Some("O'Brien & <Co>"),
            high_fraud: notice.audience == Audience::Guardian,
            ..sample::request(notice, tag, &facts, &society)
        };
        for material in library.material(&request)? {
            let line = json!({
                "notice": format!("{} {} {} {}", notice.kind, notice.audience, notice.channel, notice.level),
                "template": material.part.template,
                "medium": material.part.medium.as_str(),
                "args": material.args,
                "data": material.data,
                "text": material.text,
            })
            .to_string();
            if seen.insert(line.clone()) {
                println!("{line}");
            }
        }
        if notice.channel == Channel::Sms && notice.level >= Level::L2 {
            let rendered = library.preview(&request)?;
            let text = &rendered.parts["body"];
            println!(
                "{}",
                json!({"sms": text, "language": tag, "direction": rendered.direction, "count": sms::count(text)})
            );
        }
    }
    Ok(())
}

fn plurals(tag: &Tag) {
    let numbers: Vec<u64> = (0..=200).chain([1_000_000]).collect();
    let categories: Vec<_> = numbers.iter().map(|n| localisation::plural::category(tag, &n.to_string())).collect();
    println!("{}", json!({"plurals": tag, "numbers": numbers, "categories": categories}));
}
