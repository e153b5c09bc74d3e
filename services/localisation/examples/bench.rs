//! How many notices one core renders in a second: `cargo run --release -p localisation --example bench`.
//!
//! Per second of processor time, where the system tells it (Linux), so that other work on the machine does not count.
//! Targets: 100,000 text messages and 30,000 letters (HTML) on one core.
//!
//! «kept»: the text is there, reference and label are filled in, as for all but the first of a campaign's persons.
//! «made»: every text is made anew by Fluent and Handlebars, as if no two persons shared one.

use std::time::{Duration, Instant};

use domain::incident::{Certainty, DataCategory, Exposed, IncidentFacts, IncidentKind, Measure};
use domain::notice::Notice;
use domain::society::{Hotline, HotlineHours, Society};
use domain::{Audience, Channel, Level, Millis};
use localisation::reference::Reference;
use localisation::{Library, Request, Tag};
use rand::SeedableRng;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let library = Library::embedded()?;
    println!(
        "load and check everything: {:.0} ms, {} languages\n",
        start.elapsed().as_secs_f64() * 1e3,
        library.tags().count()
    );
    let (facts, society) = (facts(), society()?);
    let mut rng = rand::rngs::StdRng::seed_from_u64(1);
    let references: Vec<String> = (0..1_000).map(|_| Reference::random(&mut rng).to_string()).collect();
    println!("| notice | language | kept/s | made/s |\n|---|---|---|---|");
    let audience = Audience::Enquirer;
    for (name, channel, level, label) in [
        ("SMS neutral", Channel::Sms, Level::L2, None),
        ("SMS neutral with label", Channel::Sms, Level::L2, Some("Blue Door")),
        ("SMS general", Channel::Sms, Level::L3, None),
        ("e-mail", Channel::Email, Level::L3, None),
        ("letter, HTML and data", Channel::Post, Level::L3, None),
        ("call script", Channel::CallLive, Level::L3, None),
    ] {
        for language in ["en", "ar", "am"] {
            let tag = Tag::parse(language)?;
            let notice = Notice::initial(audience, channel, level);
            let request = |reference| Request {
                notice,
                also: &[],
                language: &tag,
                facts: &facts,
                society: &society,
                reference,
                label,
                may_name_org: true,
                high_fraud: false,
                as_of: Millis(1_645_000_000_000),
                drill: true,
            };
            let kept =
                rate(200_000, |i| library.render(&request(&references[i % references.len()])).map(|r| r.parts.len()))?;
            let made = rate(2_000, |i| {
                library.forget();
                library.render(&request(&references[i % references.len()])).map(|r| r.parts.len())
            })?;
            println!("| {name} | {language} | {kept:.0} | {made:.0} |");
        }
    }
    let text = "Exampleland Red Cross: please call us on +41 22 730 3600. ".repeat(4);
    let counted = rate(200_000, |_| Ok::<_, localisation::Refusal>(localisation::sms::count(&text).units))?;
    println!("\nsegments counted, {} characters: {counted:.0}/s", text.chars().count());
    Ok(())
}

fn rate<E>(times: usize, mut work: impl FnMut(usize) -> Result<usize, E>) -> Result<f64, E> {
    let mut sum = work(0)?;
    let (start, began) = (Instant::now(), processor());
    for i in 0..times {
        sum += work(i)?;
    }
    let spent = processor().zip(began).map_or_else(|| start.elapsed(), |(now, began)| now.saturating_sub(began));
    std::hint::black_box(sum);
    Ok(f64::from(u32::try_from(times).unwrap_or(u32::MAX)) / spent.as_secs_f64())
}

/// Time that this thread has run on a processor.
fn processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn facts() -> IncidentFacts {
    let exposed = |category| Exposed { category, certainty: Certainty::Confirmed };
    IncidentFacts {
        name: "bench".to_owned(),
        kind: IncidentKind::Synthetic,
        version: 1,
        as_of: jiff::civil::date(2022, 2, 16),
        started_on: jiff::civil::date(2021, 11, 9),
        discovered_on: jiff::civil::date(2022, 1, 18),
        ended_on: Some(jiff::civil::date(2022, 1, 19)),
        exposed: vec![exposed(DataCategory::Name), exposed(DataCategory::Contact), exposed(DataCategory::Family)],
        measures: vec![Measure::Offline, Measure::Rebuilt],
        data_published: false,
        data_protection_contact: "Data Protection Office, Exampletown".to_owned(),
    }
}

fn society() -> Result<Society, Box<dyn std::error::Error>> {
    let hours = |language: &str| HotlineHours {
        language: language.to_owned(),
        opens: jiff::civil::time(9, 0, 0, 0),
        closes: jiff::civil::time(17, 0, 0, 0),
        calls_per_hour: 100,
    };
    Ok(Society {
        code: "KE".parse()?,
        name: [("en".to_owned(), "Exampleland Red Cross".to_owned())].into(),
        sender: "EXAMPLE RC".to_owned(),
        time_zone: "Africa/Nairobi".to_owned(),
        return_address: vec!["P.O. Box".to_owned(), "Exampletown".to_owned()],
        office: "Exampletown".to_owned(),
        hotline: Hotline {
            messages_per_call: None,
            number: "+41 22 730 3600".to_owned(),
            free_of_charge: true,
            published_at: "every office".to_owned(),
            hours: vec![hours("en"), hours("ar")],
        },
        offers: Vec::new(),
        detention_access: false,
        credit: 500,
        contexts: Vec::new(),
        synthetic: true,
    })
}
