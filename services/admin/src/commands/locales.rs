//! `tidings locales`: how complete the words are, who approved them, and their way to translators and back.

use std::path::Path;

use localisation::lint::{Finding, Severity};
use localisation::{APPROVALS_FILE, Files, Library, Tag, sheet, workflow};
use serde_json::json;

use crate::answer::{Answer, table};
use crate::app::library;
use crate::cli::{ExportArgs, ImportWordsArgs, LocalesCommand};
use crate::config::Config;
use crate::error::Failure;

/// Largest sheet that is read; a language has some 20 KB.
const LARGEST_SHEET: u64 = 4 << 20;

/// Runs a command that needs no store.
///
/// # Errors
/// Words that cannot be loaded; what the command says.
pub fn run(config: &Config, command: &LocalesCommand) -> Result<Answer, Failure> {
    match command {
        LocalesCommand::Status => status(config),
        LocalesCommand::Check => check(config),
        LocalesCommand::Export(args) => export(config, args),
        LocalesCommand::Import(args) => import(config, args),
        LocalesCommand::Approve(_) => Err(Failure::usage("an approval takes a store")),
    }
}

fn status(config: &Config) -> Result<Answer, Failure> {
    let statuses = workflow::status(&library(config)?);
    let rows: Vec<_> = statuses
        .iter()
        .map(|s| {
            let states: Vec<_> = s.states.iter().map(|(state, n)| format!("{state} {n}")).collect();
            let made = if s.pseudo { "made from English" } else { "" };
            vec![s.language.to_string(), format!("{}/{}", s.units, s.of), states.join(", "), made.to_owned()]
        })
        .collect();
    Ok(Answer::new(serde_json::to_value(&statuses)?, table(&["language", "notices", "states", ""], &rows)))
}

fn check(config: &Config) -> Result<Answer, Failure> {
    let library = library(config)?;
    crate::signed_words::prove(&library)?;
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    for finding in localisation::lint::check(&library) {
        match finding.severity {
            Severity::Error => faults.push(finding),
            Severity::Warning => warnings.push(finding),
            Severity::Note => {}
        }
    }
    let lines = |findings: &[Finding]| findings.iter().map(line).collect::<Vec<_>>().join("\n  ");
    if !faults.is_empty() {
        return Err(Failure::failed(format!("{} to mend:\n  {}", faults.len(), lines(&faults))));
    }
    let text = match warnings.len() {
        0 => "Nothing to mend.".to_owned(),
        n => format!("Nothing to mend; {n} to look at:\n  {}", lines(&warnings)),
    };
    Ok(Answer::new(json!({ "faults": [], "warnings": warnings }), text))
}

fn line(finding: &Finding) -> String {
    let language = finding.language.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{language} {}: {}", finding.about, finding.problem)
}

fn export(config: &Config, args: &ExportArgs) -> Result<Answer, Failure> {
    let library = library(config)?;
    let tag = tag(&args.language)?;
    let mut files: Vec<(String, String)> = sheet::export(&library, &tag)
        .into_iter()
        .map(|(path, content)| (path.rsplit('/').next().unwrap_or(&path).to_owned(), content))
        .collect();
    files.push((format!("{tag}.csv"), sheet::csv(&library, &tag)));
    files.push((format!("{tag}.html"), sheet::html(&library, &tag)));
    std::fs::create_dir_all(&args.out)?;
    for (name, content) in &files {
        write(&args.out.join(name), content)?;
    }
    let names: Vec<_> = files.iter().map(|(name, _)| name).collect();
    let text = format!(
        "{} files in {}: the words as they are (.ftl), a sheet for translators (.csv), a page for reviewers (.html).\n\
         Next: tidings locales import {tag} {}/{tag}.csv --translator NAME",
        names.len(),
        args.out.display(),
        args.out.display()
    );
    Ok(Answer::new(json!({ "language": tag, "folder": args.out, "files": names }), text))
}

fn import(config: &Config, args: &ImportWordsArgs) -> Result<Answer, Failure> {
    if args.translator.trim().is_empty() {
        return Err(Failure::usage("--translator is empty: whoever wrote the words may not approve them"));
    }
    let tag = tag(&args.language)?;
    let mut changed = if args.from.is_dir() { ftl_folder(&args.from, &tag)? } else { csv_file(&args.from, &tag)? };
    let all = files(config)?;
    let refused = |e: localisation::LoadError| Failure::refused(format!("nothing was taken: {e}"));
    let taken = sheet::import(&all, &changed).map_err(refused)?;
    let approvals = workflow::translated(&taken, &tag, args.translator.trim());
    let approvals = approvals.write().map_err(|e| Failure::failed(e.to_string()))?;
    changed.insert(format!("locales/{tag}/{APPROVALS_FILE}"), approvals);
    let taken = sheet::import(&all, &changed).map_err(refused)?;
    put(config, &changed)?;
    let status = workflow::status(&taken).into_iter().find(|s| s.language == tag);
    let states = status.as_ref().map(|s| &s.states);
    let words = config.words.display();
    let text = format!(
        "{} files of {tag} written under {words}.\nNext: tidings locales check; then, by others than {}: tidings locales approve {tag} …",
        changed.len(),
        args.translator
    );
    Ok(Answer::new(json!({ "language": tag, "files": changed.keys().collect::<Vec<_>>(), "states": states }), text))
}

/// The FTL files of a folder, as `export` wrote them.
fn ftl_folder(folder: &Path, tag: &Tag) -> Result<Files, Failure> {
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "ftl") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(format!("locales/{tag}/{name}"), read(&path)?);
        }
    }
    if files.is_empty() {
        return Err(Failure::usage(format!("{} has no .ftl files", folder.display())));
    }
    Ok(files)
}

fn csv_file(path: &Path, tag: &Tag) -> Result<Files, Failure> {
    sheet::from_csv(tag, &read(path)?).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))
}

fn read(path: &Path) -> Result<String, Failure> {
    let wrong = |problem: String| Failure::usage(format!("{}: {problem}", path.display()));
    let size = path.metadata().map_err(|e| wrong(e.to_string()))?.len();
    if size > LARGEST_SHEET {
        return Err(wrong("is too large for the words of one language".to_owned()));
    }
    std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))
}

/// All files that the library is made from now; the folder of the configuration may still be empty.
pub(super) fn files(config: &Config) -> Result<Files, Failure> {
    let folder = folder(config)?;
    if !folder.join("locales").is_dir() && !folder.join("templates").is_dir() {
        return Ok(Library::embedded_files());
    }
    Library::files(folder).map_err(|e| Failure::failed(format!("words cannot be loaded: {e}")))
}

/// Writes files under the folder of the configuration. A language is written whole: half of an old file and half of
/// a new one would be neither.
pub(super) fn put(config: &Config, files: &Files) -> Result<(), Failure> {
    for (path, content) in files {
        let path = folder(config)?.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let fresh = path.with_extension("new");
        write(&fresh, content)?;
        std::fs::rename(&fresh, &path)?;
    }
    Ok(())
}

fn folder(config: &Config) -> Result<&Path, Failure> {
    let words = &config.words;
    if words.as_os_str().is_empty() {
        let hint = "the built-in words cannot be changed: set `words` in the configuration to a folder of your own";
        return Err(Failure::usage(hint));
    }
    Ok(words)
}

pub(super) fn tag(text: &str) -> Result<Tag, Failure> {
    text.parse().map_err(|e| Failure::usage(format!("language: {e}")))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|e| Failure::failed(format!("{}: {e}", path.display())))
}
