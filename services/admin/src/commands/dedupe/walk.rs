//! `tidings dedupe review` on a terminal: one pair after the other, decided with single keys.
//!
//! A record is opened, and its opening audited, when its pair comes up: who stops after three pairs has seen three.

use std::io::{IsTerminal, Read};

use console::{Key, Term};
use domain::{IncidentId, RecordId};
use serde_json::{Value, json};
use workers::Pairing;

use super::review::{OPENED, call_two, ends, propose_merge};
use super::{explain, link_again, show};
use crate::answer::Answer;
use crate::app::App;
use crate::cli::Signer;
use crate::commands::action;
use crate::error::Failure;

/// What one key does.
const KEYS: &str = "[a] one person   [r] two persons   [s] leave it for later   [q] stop   ";

/// What an operator wants for the pair on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    OnePerson,
    TwoPersons,
    Later,
    Stop,
}

/// Walks through the list.
///
/// # Errors
/// Unknown incident or operator; what the store says.
pub(super) async fn run(app: &App, incident: IncidentId, limit: u32, signer: &Signer) -> Result<Answer, Failure> {
    app.incident(incident).await?;
    // Before anything is opened: an operator who may not decide does not look either.
    action::load(app, signer)?;
    let waiting = app.store.review(incident, limit.min(OPENED)).await?;
    let pairs: Vec<(RecordId, RecordId)> = waiting.iter().map(|r| (r.pair.a, r.pair.b)).collect();
    let mut walk =
        Walk { app, incident, signer, settled: Vec::new(), done: Vec::new(), parted: false, said: String::new() };
    let screen = Term::stderr();
    for (at, pair) in pairs.iter().enumerate() {
        match walk.step(&screen, *pair, (at + 1, pairs.len())).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(failure) => {
                // What was decided before counts.
                walk.finish().await?;
                return Err(failure);
            }
        }
    }
    walk.finish().await
}

/// Who walks, and what has been decided on the way.
struct Walk<'a> {
    app: &'a App,
    incident: IncidentId,
    signer: &'a Signer,
    /// Pairs of persons that a proposed merge settles: their other pairs are not asked about.
    settled: Vec<(Option<domain::PersonId>, Option<domain::PersonId>)>,
    done: Vec<Value>,
    parted: bool,
    /// What the last decision came to; it stays on the screen above the next pair.
    said: String,
}

impl Walk<'_> {
    /// Shows a pair and does what the key says; false to stop.
    async fn step(
        &mut self,
        screen: &Term,
        (a, b): (RecordId, RecordId),
        (at, of): (usize, usize),
    ) -> Result<bool, Failure> {
        let (app, incident, signer) = (self.app, self.incident, self.signer);
        let closed = workers::pairings(&app.store, None, &[(a, b)]).await?;
        if closed.first().is_some_and(|pair| self.settled.contains(&ends(pair))) {
            return Ok(true);
        }
        let found = workers::pairings(&app.store, Some(&app.master_key()?), &[(a, b)]).await?;
        let Some(pair) = found.first() else { return Ok(true) };
        explain::opened(app, signer, &found).await?;
        if screen.is_term() {
            screen.clear_screen()?;
        }
        screen.write_line(&format!("{}{}", self.said, page(pair, at, of)))?;
        screen.write_str(KEYS)?;
        let choice = tokio::task::spawn_blocking(|| ask(&Term::stderr())).await;
        let choice = choice.map_err(|e| Failure::failed(e.to_string()))??;
        let answer = match choice {
            Choice::OnePerson => {
                self.settled.push(ends(pair));
                propose_merge(app, incident, (a, b), signer).await?
            }
            Choice::TwoPersons => call_two(app, incident, (a, b), signer).await?,
            Choice::Later => Answer::new(json!({ "later": true }), "Left for later."),
            Choice::Stop => {
                screen.write_line("Stopped.")?;
                return Ok(false);
            }
        };
        self.parted |= answer.json["rejected"] == json!(true);
        self.said = format!("{}\n\n", answer.text);
        self.done.push(json!({ "a": a.to_string(), "b": b.to_string(), "decided": answer.json }));
        Ok(true)
    }

    /// Links once for everything that was parted, and says what is left.
    async fn finish(&self) -> Result<Answer, Failure> {
        if self.parted {
            link_again(self.app, self.incident).await?;
        }
        let with = |key: &str| self.done.iter().filter(|d| !d["decided"][key].is_null()).count();
        let (parted, proposed, later) = (with("rejected"), with("action"), with("later"));
        let mut text = format!("{parted} parted, {proposed} wait for a second person, {later} left for later.");
        if proposed > 0 {
            text.push_str("\nNext: tidings action list");
        }
        Ok(Answer::new(json!({ "parted": parted, "proposed": proposed, "later": later, "pairs": self.done }), text))
    }
}

fn page(pair: &Pairing, at: usize, of: usize) -> String {
    let percent = 100.0 * pair.waterfall.probability;
    format!("Pair {at} of {of} — one person? The numbers say {percent:.1} %\n\n{}\n", show::in_words(pair))
}

/// Waits for a key that means something. Without a terminal, keys are read as letters; the end of them is a stop.
fn ask(screen: &Term) -> Result<Choice, Failure> {
    if std::io::stdin().is_terminal() {
        loop {
            match screen.read_key()? {
                Key::Char(letter) => {
                    if let Some(choice) = choice(letter) {
                        screen.write_line(&letter.to_string())?;
                        return Ok(choice);
                    }
                }
                Key::Escape | Key::CtrlC | Key::Unknown => return Ok(Choice::Stop),
                _ => {}
            }
        }
    }
    let mut letter = [0];
    loop {
        if std::io::stdin().read(&mut letter)? == 0 {
            return Ok(Choice::Stop);
        }
        if let Some(choice) = choice(char::from(letter[0])) {
            return Ok(choice);
        }
    }
}

fn choice(letter: char) -> Option<Choice> {
    match letter.to_ascii_lowercase() {
        'a' => Some(Choice::OnePerson),
        'r' => Some(Choice::TwoPersons),
        's' => Some(Choice::Later),
        'q' => Some(Choice::Stop),
        _ => None,
    }
}
