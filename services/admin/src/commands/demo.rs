//! `tidings demo`: the whole job, embedded, on invented people.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::answer::Answer;
use crate::cli::DemoArgs;
use crate::config::Config;
use crate::drill::driver::Progress;
use crate::drill::embedded;
use crate::drill::setup::{Scene, Size};
use crate::error::Failure;

/// Runs it in a folder of its own, which is deleted unless it is to be kept.
///
/// # Errors
/// Something is refused, a worker ends, or nothing moves any more. A summary that does not balance, or in which
/// anybody was told by a forbidden way, is a failure as well.
pub async fn run(config: &Config, args: &DemoArgs) -> Result<Answer, Failure> {
    let scratch = tempfile::tempdir()?;
    let folder = args.keep.clone().unwrap_or_else(|| scratch.path().to_path_buf());
    if folder.join("tidings.sqlite").exists() {
        return Err(Failure::usage(format!("{} holds a store already; name an empty folder", folder.display())));
    }
    let config = config.embedded_in(&folder);
    let mut bar = Bar::new();
    bar.phase("inventing people");
    let mut scene = Scene::new(&config, Size { people: args.people, seed: args.seed }).await?;
    let played = embedded::play(&mut scene, &mut bar).await;
    bar.finish();
    let summary = played?;
    let mut text = summary.text();
    if args.keep.is_some() {
        text.push_str(&format!("  The store is in {}\n", folder.display()));
    }
    let answer = Answer::new(serde_json::to_value(&summary)?, text);
    if !summary.balanced || summary.forbidden_sends > 0 || summary.ledger.open() > 0 {
        answer.print(false);
        return Err(Failure::failed("the drill did not end as it must; see above"));
    }
    Ok(answer)
}

/// Progress on a terminal; nothing elsewhere.
struct Bar {
    bar: ProgressBar,
}

impl Bar {
    fn new() -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.enable_steady_tick(Duration::from_millis(80));
        Self { bar }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn phase(&mut self, name: &str) {
        if !self.bar.message().is_empty() {
            self.bar.println(format!("  {} ({} s)", self.bar.message(), self.bar.elapsed().as_secs_f32().round()));
        }
        self.bar.set_message(name.to_owned());
    }

    fn count(&mut self, done: u64, of: Option<u64>) {
        let style = match of {
            Some(all) => {
                self.bar.set_length(all.max(1));
                "{spinner} {msg} {wide_bar} {pos}/{len}"
            }
            None => "{spinner} {msg}: {pos} messages",
        };
        if let Ok(style) = ProgressStyle::with_template(style) {
            self.bar.set_style(style);
        }
        self.bar.set_position(done);
    }
}
