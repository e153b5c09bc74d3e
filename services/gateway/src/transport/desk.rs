//! Folders on a desk: letters, task sheets and call sheets to print, recorded voice to play. People do the rest, and
//! tell us by moving the folder of an attempt.
//!
//! ```text
//! out/att_…/        what is to be done: letter.html, letter.txt (letter.pdf), or script.ssml, number.txt …
//! sent/att_…/       moved here by whoever posted it, handed it over or dialled: told as `sent`
//! delivered/ informed/ wrong_person/ unsafe/ opted_out/       the same for what is learnt later
//! returned/REASON/  a letter that came back, by the reason on its label; failed/CODE/ what could not be done
//! done/             moved here by the gateway when Tidings will hear of it
//! ```
//!
//! Lying on a desk is not `sent`: nothing is told until somebody did something.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use contract::codes::{Meaning, post_return};
use contract::{Address, Content, Envelope, FailureCode, NoticeData, Part, TaskData, ThirdPartyRule, VoicemailRule};
use domain::receipt::ReceiptKind;
use domain::{AttemptId, Channel};
use tokio::process::Command;
use tokio::time::timeout;

use super::{Job, Outcome, Repeat, Reports, Transport, report};
use crate::config::{ConfigError, given};

/// How often the folders are looked through.
const LOOK: Duration = Duration::from_secs(2);
/// Making one PDF.
const LETTER_LIMIT: Duration = Duration::from_secs(60);
/// Folders whose name is what is told.
const TOLD: [ReceiptKind; 6] = [
    ReceiptKind::Sent,
    ReceiptKind::Delivered,
    ReceiptKind::Informed,
    ReceiptKind::WrongPerson,
    ReceiptKind::Unsafe,
    ReceiptKind::OptedOut,
];
/// The file that stays when a folder is put away.
const REFERENCE: &str = "reference.txt";
const RETURNED: &str = "returned";
const FAILED: &str = "failed";

/// A desk with its folders.
pub struct Desk {
    name: &'static str,
    folder: PathBuf,
    letters: Option<PathBuf>,
}

impl Desk {
    /// Letters, task sheets, call sheets.
    ///
    /// # Errors
    /// The folder is not named or cannot be made.
    pub fn print(folder: &Path, letters: Option<&Path>) -> Result<Self, ConfigError> {
        Self::open("print", "print.folder", folder, letters)
    }

    /// Scripts for recorded voice.
    ///
    /// # Errors
    /// The folder is not named or cannot be made.
    pub fn voice(folder: &Path) -> Result<Self, ConfigError> {
        Self::open("voice", "voice.folder", folder, None)
    }

    fn open(name: &'static str, key: &'static str, folder: &Path, letters: Option<&Path>) -> Result<Self, ConfigError> {
        let folder = given(folder).ok_or_else(|| ConfigError::value(key, "name a folder"))?;
        let make = |path: PathBuf| fs::create_dir_all(&path).map_err(|reason| crate::config::file(&path, reason));
        for part in ["out", "done", "returned", "failed"].into_iter().chain(TOLD.iter().map(|kind| kind.as_str())) {
            make(folder.join(part))?;
        }
        Ok(Self { name, folder: folder.to_owned(), letters: letters.map(Path::to_owned) })
    }

    async fn put(&self, attempt: AttemptId, files: Vec<(&'static str, String)>) -> std::io::Result<()> {
        let name = attempt.to_string();
        // Made beside, then renamed: whoever prints sees whole folders only, and a second time changes nothing.
        let (beside, wanted) = (self.folder.join(format!(".{name}")), self.folder.join("out").join(&name));
        if wanted.exists() || self.lies_elsewhere(&name) {
            return Ok(());
        }
        if beside.exists() {
            fs::remove_dir_all(&beside)?;
        }
        fs::create_dir_all(&beside)?;
        for (file, text) in &files {
            let mut file = fs::File::create(beside.join(file))?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
        }
        if let Some(program) = &self.letters {
            self.pdf(program, &beside, &files).await?;
        }
        fs::File::open(&beside)?.sync_all()?;
        fs::rename(&beside, &wanted)?;
        fs::File::open(self.folder.join("out"))?.sync_all()
    }

    /// Somebody has moved it on already.
    fn lies_elsewhere(&self, name: &str) -> bool {
        let told = TOLD.iter().map(|kind| kind.as_str()).chain(["done"]);
        told.into_iter().any(|part| self.folder.join(part).join(name).exists())
    }

    /// Runs `tidings-letters FILE --out PDF` on the letter. Without a PDF there is no letter: it is tried again.
    async fn pdf(&self, program: &Path, folder: &Path, files: &[(&'static str, String)]) -> std::io::Result<()> {
        let Some((source, _)) = files.iter().find(|(file, _)| file.ends_with(".json")) else { return Ok(()) };
        let mut command = Command::new(program);
        command.arg(folder.join(source)).arg("--out").arg(folder.join("letter.pdf")).kill_on_drop(true);
        let ended = timeout(LETTER_LIMIT, command.output()).await.map_err(std::io::Error::other)??;
        if ended.status.success() { Ok(()) } else { Err(std::io::Error::other("the letter program failed")) }
    }
}

#[async_trait]
impl Transport for Desk {
    fn name(&self) -> &'static str {
        self.name
    }

    fn repeat(&self) -> Repeat {
        Repeat::Harmless // one folder of one name; a second time finds it there, or moved on
    }

    async fn deliver(&self, job: &Job) -> Outcome {
        let files = match &job.envelope.content {
            Content::Notice(data) => sheet(data),
            Content::Task(data) => task(&job.envelope, data),
            Content::Recall(_) => return Outcome::Refused(FailureCode::Gateway),
        };
        match self.put(job.attempt(), files).await {
            Ok(()) => {
                let references = vec![format!("desk:{}", job.attempt().uuid())];
                Outcome::Handed { references, told: None }
            }
            Err(error) => {
                tracing::warn!(transport = self.name, kind = ?error.kind(), "the desk's folder cannot be written");
                Outcome::later()
            }
        }
    }
}

/// The files of a notice.
fn sheet(data: &NoticeData) -> Vec<(&'static str, String)> {
    let mut files = words(data);
    files.push((REFERENCE, data.reference.clone()));
    files
}

fn words(data: &NoticeData) -> Vec<(&'static str, String)> {
    let part = |part: Part| data.parts.get(part).unwrap_or_default().to_owned();
    match data.channel {
        Channel::Ivr => {
            vec![("script.ssml", part(Part::Ssml)), ("script.txt", part(Part::Body)), ("number.txt", to(data))]
        }
        Channel::CallLive => vec![("call.txt", call(data))],
        _ => {
            let letter = serde_json::json!({
                "address": data.address, "language": data.language, "direction": data.direction,
                "sender": data.sender, "reference": data.reference, "parts": data.parts,
            });
            let mut files = vec![("letter.txt", format!("{}\n\n{}\n", to(data), part(Part::Body)))];
            if let Some(html) = data.parts.get(Part::Html) {
                files.push(("letter.html", html.to_owned()));
            }
            files.push(("letter.json", letter.to_string()));
            files
        }
    }
}

fn to(data: &NoticeData) -> String {
    match &data.address {
        Address::Phone { e164 } => e164.clone(),
        Address::Email { email } => email.clone(),
        Address::Postal { lines, country } => {
            let country = country.iter().cloned();
            lines.iter().cloned().chain(country).collect::<Vec<_>>().join("\n")
        }
    }
}

/// What a caller needs, and what to do when somebody or something else answers.
fn call(data: &NoticeData) -> String {
    let part = |part: Part| data.parts.get(part).unwrap_or_default();
    let other = match data.third_party {
        ThirdPartyRule::HangUp => "Somebody else answers: excuse yourself for a wrong number and hang up.".to_owned(),
        ThirdPartyRule::Script => {
            format!("Somebody else answers: say this and nothing else.\n{}", part(Part::ThirdParty))
        }
    };
    let machine = match data.voicemail {
        VoicemailRule::HangUp => "A machine answers: hang up and leave nothing.".to_owned(),
        VoicemailRule::Neutral => format!("A machine answers: say this and nothing else.\n{}", part(Part::Voicemail)),
    };
    let (number, language, reference) = (to(data), &data.language, &data.reference);
    let script = part(Part::Script);
    format!("Call: {number}\nLanguage: {language}\nReference: {reference}\n\n{other}\n\n{machine}\n\n{script}\n")
}

/// A task sheet. It holds an id, an office and dates, and on purpose nothing about a person.
fn task(envelope: &Envelope, data: &TaskData) -> Vec<(&'static str, String)> {
    let date = |at: domain::Millis| at.timestamp().map(|t| t.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
    let sheet = format!(
        "Task: {}\nOffice: {}\nLanguage: {}\nDue: {}\nNot after: {}\nCampaign: {}\n\nOpen it with: tidings task open {}\n",
        data.task_id,
        data.office,
        data.language,
        date(data.due),
        date(data.not_after),
        envelope.campaign,
        data.task_id
    );
    vec![("task.txt", sheet)]
}

/// Looks through the folders for ever and reports what was moved.
pub fn watch(folder: PathBuf, reports: Reports) {
    tokio::spawn(async move {
        while !reports.is_closed() {
            for (path, meaning) in moved(&folder) {
                let Some(attempt) = attempt_of(&path) else { continue };
                let noted = report(&reports, format!("desk:{}", attempt.uuid()), meaning).await;
                let done = folder.join("done").join(attempt.to_string());
                if noted == Some(true) && put_away(&path, &done).is_err() {
                    tracing::warn!("a folder of the desk cannot be moved to done");
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    });
}

/// Moves a folder to `done`, without the words and the address: for what comes later the reference is enough.
fn put_away(path: &Path, done: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        if file.file_name().is_none_or(|name| name != REFERENCE) {
            fs::remove_file(file)?;
        }
    }
    // It may lie there from an earlier word: `sent`, then `returned`.
    if done.exists() {
        fs::remove_dir_all(done)?;
    }
    fs::rename(path, done)
}

fn attempt_of(path: &Path) -> Option<AttemptId> {
    path.file_name()?.to_str()?.parse().ok()
}

/// Folders of attempts that somebody moved, with what that means.
fn moved(folder: &Path) -> Vec<(PathBuf, Meaning)> {
    let inside = |path: PathBuf| fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<(PathBuf, Meaning)> = Vec::new();
    for kind in TOLD {
        found.extend(inside(folder.join(kind.as_str())).map(|path| (path, Meaning::Report(kind))));
    }
    for reason in inside(folder.join(RETURNED)) {
        let meaning = post_return(&name(&reason));
        found.extend(inside(reason).map(|path| (path, meaning)));
    }
    for code in inside(folder.join(FAILED)) {
        let word = name(&code).replace(' ', "_");
        let known = FailureCode::ALL.iter().copied().find(|c| c.as_str() == word);
        let meaning = Meaning::Failure(ReceiptKind::Failed, known.unwrap_or(FailureCode::Other));
        found.extend(inside(code).map(|path| (path, meaning)));
    }
    found
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().replace('_', " ").to_lowercase()).unwrap_or_default()
}
