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
use std::io::{ErrorKind, Write as _};
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
use crate::config::{ConfigError, Print, given};

/// How often the folders are looked through.
const LOOK: Duration = Duration::from_secs(2);
/// Making one PDF.
const LETTER_LIMIT: Duration = Duration::from_secs(60);
/// Exit code of `tidings-letters` for a letter that it will never set.
const NEVER: i32 = 3;
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
/// What the program for PDF files reads.
const LETTER: &str = "letter.json";
const RETURNED: &str = "returned";
const FAILED: &str = "failed";

/// A desk with its folders.
pub struct Desk {
    name: &'static str,
    folder: PathBuf,
    print: Option<Letters>,
}

/// How letters become PDF files.
struct Letters {
    program: PathBuf,
    return_address: Vec<String>,
}

impl Desk {
    /// Letters, task sheets, call sheets.
    ///
    /// # Errors
    /// The folder is not named or cannot be made, or the program for PDF files is not there.
    pub fn print(config: &Print) -> Result<Self, ConfigError> {
        let letters = match given(&config.letters) {
            None => None,
            Some(named) => Some(Letters { program: program(named)?, return_address: config.return_address.clone() }),
        };
        Ok(Self { print: letters, ..Self::open("print", "print.folder", &config.folder)? })
    }

    /// Scripts for recorded voice.
    ///
    /// # Errors
    /// The folder is not named or cannot be made.
    pub fn voice(folder: &Path) -> Result<Self, ConfigError> {
        Self::open("voice", "voice.folder", folder)
    }

    fn open(name: &'static str, key: &'static str, folder: &Path) -> Result<Self, ConfigError> {
        let folder = given(folder).ok_or_else(|| ConfigError::value(key, "name a folder"))?;
        let make = |path: PathBuf| fs::create_dir_all(&path).map_err(|reason| crate::config::file(&path, reason));
        for part in ["out", "done", "returned", "failed"].into_iter().chain(TOLD.iter().map(|kind| kind.as_str())) {
            make(folder.join(part))?;
        }
        Ok(Self { name, folder: folder.to_owned(), print: None })
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
        if let Some(letters) = &self.print {
            pdf(&letters.program, &beside, &files).await?;
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
}

/// The program for PDF files: a path, or a name that is looked for beside this program and in PATH.
fn program(named: &Path) -> Result<PathBuf, ConfigError> {
    let found = if named.components().count() > 1 {
        Some(named.to_owned())
    } else {
        let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.to_owned()));
        let path = std::env::var_os("PATH").unwrap_or_default();
        beside.into_iter().chain(std::env::split_paths(&path)).map(|folder| folder.join(named)).find(|p| p.is_file())
    };
    found.filter(|path| path.is_file()).ok_or_else(|| {
        let reason = format!(
            "there is no program {}: README.md, «Letters as PDF», says how to build it; empty: HTML and text",
            named.display()
        );
        ConfigError::value("print.letters", reason)
    })
}

/// Runs `tidings-letters FILE --out PDF` on the letter. Without a PDF there is no letter: it is tried again, unless
/// the letter has a character that no font has (`InvalidData`).
async fn pdf(program: &Path, folder: &Path, files: &[(&'static str, String)]) -> std::io::Result<()> {
    let Some((source, _)) = files.iter().find(|(file, _)| *file == LETTER) else { return Ok(()) };
    let mut command = Command::new(program);
    command.arg(folder.join(source)).arg("--out").arg(folder.join("letter.pdf")).kill_on_drop(true);
    let ended = timeout(LETTER_LIMIT, command.output()).await.map_err(std::io::Error::other)??;
    if ended.status.success() {
        return Ok(());
    }
    // what the program says names characters and fonts, never words of the letter
    let said = String::from_utf8_lossy(&ended.stderr);
    tracing::error!(said = said.trim(), "there is no PDF of a letter");
    let refused = ended.status.code() == Some(NEVER);
    Err(if refused { ErrorKind::InvalidData.into() } else { std::io::Error::other("the letter program failed") })
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
            Content::Notice(data) => sheet(data, self.print.as_ref()),
            Content::Task(data) => task(&job.envelope, data),
            Content::Recall(_) => return Outcome::Refused(FailureCode::Gateway),
        };
        match self.put(job.attempt(), files).await {
            Ok(()) => {
                let references = vec![format!("desk:{}", job.attempt().uuid())];
                Outcome::Handed { references, told: None }
            }
            Err(error) if error.kind() == ErrorKind::InvalidData => Outcome::Refused(FailureCode::Encoding),
            Err(error) => {
                tracing::warn!(transport = self.name, kind = ?error.kind(), "the desk's folder cannot be written");
                Outcome::later()
            }
        }
    }
}

/// The files of a notice.
fn sheet(data: &NoticeData, letters: Option<&Letters>) -> Vec<(&'static str, String)> {
    let mut files = words(data);
    if let (Channel::Post, Some(letters)) = (data.channel, letters) {
        files.push((LETTER, letter(data, &letters.return_address)));
    }
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
            let mut files = vec![("letter.txt", format!("{}\n\n{}\n", to(data), part(Part::Body)))];
            if let Some(html) = data.parts.get(Part::Html) {
                files.push(("letter.html", html.to_owned()));
            }
            files
        }
    }
}

/// A letter as `tidings-letters` reads it.
fn letter(data: &NoticeData, return_address: &[String]) -> String {
    let body = data.parts.get(Part::Body).unwrap_or_default();
    serde_json::json!({
        "language": data.language,
        "direction": data.direction,
        "return_address": return_address,
        "to": to(data).lines().collect::<Vec<_>>(),
        "reference": data.reference,
        "blocks": contract::letter::from_text(body, &data.reference),
    })
    .to_string()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn notice() -> NoticeData {
        serde_json::from_value(serde_json::json!({
            "channel": "post", "address": {"type": "postal", "lines": ["Synthetic Person", "1 Synthetic Road"], "country": "KE"},
            "language": "ar", "direction": "rtl", "notice": "initial", "level": "L3", "form": "full",
            "parts": {"body": "\nما حدث\nرسالة من \u{2068}Exampleland\u{2069}.\n1. لا تدفع.\n\nK7M4Q-X9T2L\n"},
            "not_before": 0, "not_after": 1, "reference": "K7M4Q-X9T2L", "sender": "EXAMPLE",
        }))
        .expect("a notice")
    }

    /// The same file is set by the tests of services/letters: what this gateway writes is what that program reads.
    #[test]
    fn a_letter_is_what_the_letter_program_reads() {
        let wanted = include_str!("../../../letters/tests/letter-of-a-gateway.json");
        let made = letter(&notice(), &["P.O. Box 00".to_owned(), "Exampletown".to_owned()]);
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(value(&made), value(wanted));
    }

    #[test]
    fn a_program_that_is_not_there_is_said_at_the_start() {
        for named in ["no-such-tidings-letters", "/nowhere/tidings-letters"] {
            let said = program(Path::new(named)).expect_err("not there").to_string();
            assert!(said.contains("print.letters") && said.contains("README.md"), "{said}");
        }
        assert!(program(Path::new("sh")).is_ok_and(|path| path.is_absolute()));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_letter_that_cannot_be_set_is_refused_and_a_program_that_fails_is_tried_again() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("letters");
        let files = [(LETTER, "{}".to_owned())];
        for (exit, kind) in [(3, ErrorKind::InvalidData), (1, ErrorKind::Other)] {
            fs::write(&program, format!("#!/bin/sh\nexit {exit}\n")).expect("written");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("set");
            let ended = pdf(&program, folder.path(), &files).await;
            assert_eq!(ended.expect_err("no PDF").kind(), kind);
        }
    }
}
