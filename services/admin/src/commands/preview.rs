//! `tidings preview`: a notice in its words, as it would leave; or all of them on one page.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use domain::Channel;
use domain::incident::IncidentFacts;
use domain::notice::Notice;
use domain::society::Society;
use localisation::choose::{chain, is_spoken};
use localisation::{Library, Rendered, Request, Tag, preview, sample};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::answer::Answer;
use crate::app::library;
use crate::cli::PreviewArgs;
use crate::config::Config;
use crate::error::Failure;

/// The program that makes PDFs, beside this one or in PATH.
const LETTERS: &str = "tidings-letters";
/// Its exit code for a letter that must not be printed as it is: a character has no glyph.
const LETTERS_REFUSED: i32 = 3;
/// A letter takes well under a second; a program that takes this long hangs.
const LETTERS_TIMEOUT: Duration = Duration::from_secs(60);

/// Renders one notice, or the gallery.
///
/// # Errors
/// A combination that no rule produces; words that are missing; a file that is not what it should be.
pub fn run(config: &Config, args: &PreviewArgs) -> Result<Answer, Failure> {
    let library = library(config)?;
    if args.gallery {
        return gallery(&library, args);
    }
    let rendered = rendered(&library, args)?;
    if let Some(path) = &args.html {
        write(path, &preview::html(&rendered))?;
    }
    if let Some(path) = &args.pdf {
        pdf(&rendered, path)?;
    }
    Ok(Answer::new(serde_json::to_value(&rendered)?, preview::terminal(&rendered)))
}

fn rendered(library: &Library, args: &PreviewArgs) -> Result<Rendered, Failure> {
    let missing = || Failure::usage("--notice, --audience, --language, --channel and --level are all needed");
    let (Some(kind), Some(audience), Some(language), Some(channel), Some(level)) =
        (args.notice, args.audience, &args.language, args.channel, args.level)
    else {
        return Err(missing());
    };
    let facts: IncidentFacts = args.facts.as_deref().map_or_else(|| Ok(sample::facts()), toml_file)?;
    let society: Society = match &args.society {
        Some(path) => toml_file(path)?,
        None => sample::society().map_err(|e| Failure::failed(e.to_string()))?,
    };
    let tag = tag(language)?;
    if library.language(&tag).is_none() {
        return Err(Failure::refused(without_words(library, &tag, channel)));
    }
    let notice = Notice { kind, audience, level, form: args.form.unwrap_or_else(|| channel.form()), channel };
    library
        .preview(&Request {
            also: &args.also,
            label: args.label.as_deref(),
            may_name_org: args.label.is_none(),
            high_fraud: args.high_fraud,
            ..sample::request(notice, &tag, &facts, &society)
        })
        .map_err(|refusal| Failure::refused(refusal.to_string()))
}

/// What becomes of people whose language has no words.
fn without_words(library: &Library, tag: &Tag, channel: Channel) -> String {
    match chain(tag, is_spoken(channel)).into_iter().find(|other| library.language(other).is_some()) {
        Some(other) => format!("there are no words in {tag}: who asks for it is told in {other} on {channel}"),
        None => format!("there are no words in {tag}: who lists no other language is held until people find a way"),
    }
}

fn gallery(library: &Library, args: &PreviewArgs) -> Result<Answer, Failure> {
    let folder = args.out.as_deref().ok_or_else(|| Failure::usage("--gallery needs --out"))?;
    let tags: Vec<Tag> = match &args.language {
        Some(language) => vec![tag(language)?],
        None => library.tags().cloned().collect(),
    };
    if let Some(unknown) = tags.iter().find(|tag| library.language(tag).is_none()) {
        return Err(Failure::usage(format!("there are no words in {unknown}; see `tidings locales status`")));
    }
    let page = preview::gallery_of(library, &tags).map_err(|refusal| Failure::refused(refusal.to_string()))?;
    std::fs::create_dir_all(folder)?;
    let path = folder.join("index.html");
    write(&path, &page)?;
    let notices = page.matches("<figure").count();
    let text = format!("{notices} notices in {} languages: {}", tags.len(), path.display());
    Ok(Answer::new(json!({ "file": path, "languages": tags, "notices": notices }), text))
}

/// Hands the letter's data to the program that sets letters.
fn pdf(rendered: &Rendered, out: &Path) -> Result<(), Failure> {
    let letter = rendered.parts.get("letter").ok_or_else(|| {
        Failure::usage("there is no letter or task sheet on this channel: --pdf is for post and in person at L2 to L4")
    })?;
    let mut file = tempfile::NamedTempFile::new()?;
    std::io::Write::write_all(&mut file, letter.as_bytes())?;
    let beside = std::env::current_exe()?.with_file_name(LETTERS);
    let program = if beside.exists() { beside } else { LETTERS.into() };
    let not_there = |e| {
        let hint = "README.md, «Letters as PDF», says how to build it and where it is looked for";
        Failure::failed(format!("cannot run {}: {e}; {hint}", program.display()))
    };
    let mut child = Command::new(&program)
        .arg(file.path())
        .arg("--out")
        .arg(out)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(not_there)?;
    let began = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            // it has said why on standard error
            Some(status) => {
                let problem = format!("{LETTERS} made no PDF");
                let refused = status.code() == Some(LETTERS_REFUSED);
                return Err(if refused { Failure::refused(problem) } else { Failure::failed(problem) });
            }
            None if began.elapsed() > LETTERS_TIMEOUT => {
                child.kill()?;
                child.wait()?;
                return Err(Failure::failed(format!("{LETTERS} took longer than {} s", LETTERS_TIMEOUT.as_secs())));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

fn tag(text: &str) -> Result<Tag, Failure> {
    text.parse().map_err(|e| Failure::usage(format!("--language: {e}")))
}

fn toml_file<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
    toml::from_str(&text).map_err(|e| Failure::usage(format!("{}: {}", path.display(), e.message())))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|e| Failure::failed(format!("{}: {e}", path.display())))
}
