//! What travels to translators and reviewers, and comes back: the FTL files themselves, or a sheet (CSV, HTML) with
//! English beside the translation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::dates::DATE_MESSAGES;
use crate::files::Files;
use crate::library::Library;
use crate::medium::Medium;
use crate::workflow::WorkflowError;
use crate::{LoadError, SOURCE, Tag};

/// Columns of the sheet.
const COLUMNS: [&str; 4] = ["file", "id", "english", "translation"];

/// FTL files of a language, to be translated or revised. A language that is not there yet gets the English ones.
#[must_use]
pub fn export(library: &Library, tag: &Tag) -> Files {
    let own = library.language(tag).filter(|l| !l.is_pseudo());
    let source = || Tag::parse(SOURCE).ok().and_then(|t| library.language(&t));
    let files = own.or_else(source).map_or(&[][..], |l| l.files());
    files
        .iter()
        .map(|(path, content)| {
            let name = path.rsplit('/').next().unwrap_or(path);
            (format!("locales/{tag}/{name}"), content.clone())
        })
        .collect()
}

/// Takes FTL files back: the whole library with them in place, checked. The caller writes `changed`.
///
/// # Errors
/// Anything in the new files is faulty; nothing is taken then.
pub fn import(all: &Files, changed: &Files) -> Result<Library, LoadError> {
    let mut files = all.clone();
    files.extend(changed.iter().map(|(path, content)| (path.clone(), content.clone())));
    Library::from_files(&files)
}

/// The sheet of a language as CSV. A cell that a spreadsheet would take for a formula is preceded by an apostrophe.
#[must_use]
pub fn csv(library: &Library, tag: &Tag) -> String {
    let mut out = COLUMNS.join(",");
    out.push_str("\r\n");
    for row in rows(library, tag) {
        let cells = [row.file, row.id, row.english, row.translation].map(|cell| quoted(&cell));
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// The same as a page, side by side.
#[must_use]
pub fn html(library: &Library, tag: &Tag) -> String {
    let direction = tag.direction();
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{tag}</title><style>\
         body {{ font: 16px/1.5 sans-serif }} td {{ vertical-align: top; border-top: 1px solid #ccc; padding: .4em; white-space: pre-wrap; width: 40% }}\
         td:first-child {{ width: 15%; color: #555 }}</style></head><body><table>\n"
    );
    for row in rows(library, tag) {
        let [id, english, translation] =
            [&row.id, &row.english, &row.translation].map(|t| variables(&Medium::Html.escape(t)));
        let _ = writeln!(
            out,
            "<tr><td>{id}</td><td lang=\"en\" dir=\"ltr\">{english}</td><td lang=\"{tag}\" dir=\"{direction}\">{translation}</td></tr>"
        );
    }
    out.push_str("</table></body></html>\n");
    out
}

/// Variables keep their own direction: among right-to-left words nobody could tell where one begins.
fn variables(escaped: &str) -> String {
    let piece = |piece: &str| match piece.split_once("{ $") {
        Some((before, name)) if name.ends_with('}') && !name.contains('\n') => {
            format!("{before}<bdi dir=\"ltr\">{{ ${name}</bdi>")
        }
        _ => piece.to_owned(),
    };
    escaped.split_inclusive('}').map(piece).collect()
}

/// Reads a sheet back into FTL files. Every message has a row; comments of the files are lost.
///
/// # Errors
/// Wrong columns, an unclosed quote, an id twice or empty. The files are not checked yet; [`import`] does.
pub fn from_csv(tag: &Tag, text: &str) -> Result<Files, WorkflowError> {
    let wrong = |line: usize, problem: &str| WorkflowError::Sheet { line, problem: problem.to_owned() };
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for (n, record) in records(text)?.into_iter().enumerate() {
        let line = n + 1;
        let [file, id, _, translation] =
            <[String; 4]>::try_from(record).map_err(|_| wrong(line, "expected four columns"))?;
        if n == 0 {
            if file.trim_start_matches('\u{FEFF}') != COLUMNS[0] || id != COLUMNS[1] {
                return Err(wrong(line, "expected the columns file, id, english, translation"));
            }
            continue;
        }
        let plain =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
        if !plain(&file) || !plain(&id) || !file.ends_with(".ftl") {
            return Err(wrong(line, "file or id is not a name"));
        }
        if !seen.insert(id.clone()) {
            return Err(wrong(line, "the same id stands twice"));
        }
        let value = translation.strip_prefix('\'').unwrap_or(&translation).trim();
        if value.is_empty() {
            return Err(wrong(line, "the translation is empty"));
        }
        // a value of several lines is a choice; its lines must stand indented to belong to the message
        let value = value.replace("\r\n", "\n").replace('\n', "\n    ");
        let separator = if value.contains('\n') { "\n    " } else { " " };
        let _ = writeln!(files.entry(format!("locales/{tag}/{file}")).or_default(), "{id} ={separator}{value}");
    }
    Ok(files)
}

struct Row {
    file: String,
    id: String,
    english: String,
    translation: String,
}

fn rows(library: &Library, tag: &Tag) -> Vec<Row> {
    let Some(source) = Tag::parse(SOURCE).ok().and_then(|t| library.language(&t)) else {
        return Vec::new();
    };
    let own = library.language(tag);
    let mut rows: Vec<Row> = source
        .words()
        .messages()
        .iter()
        .map(|(id, info)| Row {
            file: info.file.rsplit('/').next().unwrap_or_default().to_owned(),
            id: id.clone(),
            english: value(&info.source),
            translation: own.and_then(|l| l.words().messages().get(id)).map(|m| value(&m.source)).unwrap_or_default(),
        })
        .collect();
    let extra = DATE_MESSAGES.iter().filter_map(|id| own.and_then(|l| l.words().messages().get_key_value(*id)));
    rows.extend(extra.map(|(id, info)| Row {
        file: info.file.rsplit('/').next().unwrap_or_default().to_owned(),
        id: id.clone(),
        english: String::new(),
        translation: value(&info.source),
    }));
    rows.sort_by(|a, b| (&a.file, &a.id).cmp(&(&b.file, &b.id)));
    rows
}

/// What stands behind `id =` in FTL, without the common indent.
fn value(source: &str) -> String {
    let text = source.split_once('=').map_or(source, |(_, value)| value).trim();
    text.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

/// Records of a CSV text (RFC 4180).
fn records(text: &str) -> Result<Vec<Vec<String>>, WorkflowError> {
    let (mut records, mut record, mut cell, mut inside) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (inside, c) {
            (true, '"') if chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            (true, '"') => inside = false,
            (true, c) => cell.push(c),
            (false, '"') => inside = true,
            (false, ',') => record.push(std::mem::take(&mut cell)),
            (false, '\r') => {}
            (false, '\n') => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            (false, c) => cell.push(c),
        }
    }
    if inside {
        return Err(WorkflowError::Sheet { line: records.len() + 1, problem: "a quoted cell does not end".to_owned() });
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        records.push(record);
    }
    Ok(records)
}
