//! How many notices one core renders in a second: `cargo run --release -p localisation --example render_speed`.
//!
//! Per second of processor time, where the system tells it (Linux), so that other work on the machine does not count;
//! for every language, of which the slowest is shown. Targets: 100,000 text messages and 30,000 letters (HTML and
//! data) on one core.
//!
//! «kept»: the text is there, reference and label are filled in, as for all but the first of a campaign's persons.
//! «made»: every text is made anew by Fluent and Handlebars, as if no two persons shared one.

use std::time::{Duration, Instant};

use domain::notice::Notice;
use domain::{Audience, Channel, Level};
use localisation::reference::Reference;
use localisation::{Library, Request, sample};
use rand::SeedableRng;

/// Renders timed at once: short, so that the best of several shows what the work takes, without what other programs
/// do to the caches meanwhile.
const KEPT: usize = 20_000;
const MADE: usize = 500;
const ROUNDS: usize = 5;

/// What is rendered: name, channel, level, label, the rate that is asked of it.
const CASES: &[(&str, Channel, Level, Option<&str>, f64)] = &[
    ("SMS neutral", Channel::Sms, Level::L2, None, 100_000.0),
    ("SMS neutral, label", Channel::Sms, Level::L2, Some("Blue Door"), 100_000.0),
    ("SMS neutral, own label", Channel::Sms, Level::L2, OWN_LABEL, 100_000.0),
    ("SMS general", Channel::Sms, Level::L3, None, 100_000.0),
    ("letter", Channel::Post, Level::L3, None, 30_000.0),
    ("e-mail", Channel::Email, Level::L3, None, 30_000.0),
    ("call script", Channel::CallLive, Level::L3, None, 0.0),
];
/// Stands for a label in the script of the language: the name of the language itself.
const OWN_LABEL: Option<&str> = Some("");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let library = Library::embedded()?;
    println!(
        "load and check everything: {:.0} ms, {} languages\n",
        start.elapsed().as_secs_f64() * 1e3,
        library.tags().count()
    );
    let (facts, society) = (sample::facts(), sample::society()?);
    let mut rng = rand::rngs::StdRng::seed_from_u64(1);
    let references: Vec<String> = (0..1_000).map(|_| Reference::random(&mut rng).to_string()).collect();
    println!("| notice | target/s | slowest kept/s | in | median kept/s | slowest made/s | in |");
    println!("|---|---|---|---|---|---|---|");
    for (name, channel, level, label, target) in CASES {
        let notice = Notice::initial(Audience::Enquirer, *channel, *level);
        let (mut kept, mut made) = (Vec::new(), Vec::new());
        for tag in library.tags() {
            let Some(language) = library.language(tag).filter(|l| !l.is_pseudo()) else { continue };
            let own = language.words().format("language-name", &localisation::words::Args::new())?;
            let label = label.map(|label| if label.is_empty() { own.as_str() } else { label });
            let request = |i: usize| Request {
                reference: &references[i % references.len()],
                label,
                ..sample::request(notice, tag, &facts, &society)
            };
            kept.push((best(KEPT, |i| library.render(&request(i)).map(|r| r.parts.len()))?, tag));
            let anew = best(MADE, |i| {
                library.forget();
                library.render(&request(i)).map(|r| r.parts.len())
            })?;
            made.push((anew, tag));
        }
        for rates in [&mut kept, &mut made] {
            rates.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        let ((slow, slow_tag), (median, _), (slow_made, made_tag)) = (kept[0], kept[kept.len() / 2], made[0]);
        println!("| {name} | {target:.0} | {slow:.0} | {slow_tag} | {median:.0} | {slow_made:.0} | {made_tag} |");
    }
    let text = "Exampleland Red Cross: please call us on +41 22 730 3600. ".repeat(4);
    let counted = best(KEPT, |_| Ok::<_, localisation::Refusal>(localisation::sms::count(&text).units))?;
    println!("\nsegments counted, {} characters: {counted:.0}/s", text.chars().count());
    Ok(())
}

/// The best of some rounds, per second of processor time.
fn best<E>(times: usize, mut work: impl FnMut(usize) -> Result<usize, E>) -> Result<f64, E> {
    let mut sum = work(0)?;
    let mut best: f64 = 0.0;
    for _ in 0..ROUNDS {
        let (start, began) = (Instant::now(), processor());
        for i in 0..times {
            sum += work(i)?;
        }
        let spent = processor().zip(began).map_or_else(|| start.elapsed(), |(now, began)| now.saturating_sub(began));
        best = best.max(f64::from(u32::try_from(times).unwrap_or(u32::MAX)) / spent.as_secs_f64());
    }
    std::hint::black_box(sum);
    Ok(best)
}

/// Time that this thread has run on a processor.
fn processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
