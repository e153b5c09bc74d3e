//! The files that a library is made from: embedded in the binary, or a folder of one's own over them.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::Tag;
use crate::error::LoadError;

static LOCALES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../locales");
static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../templates");

/// Name of the approvals file in a language's folder.
pub const APPROVALS_FILE: &str = "approvals.toml";
/// Name of the file with words that no neutral text may contain.
const FORBIDDEN_FILE: &str = "forbidden.toml";
/// Largest file that is read; a notice file has some 10 KB.
const LARGEST_FILE: u64 = 1 << 20;

/// Files by path: `locales/en/shared.ftl`, `templates/initial/sms.hbs`.
pub type Files = BTreeMap<String, String>;

/// A language's files.
#[derive(Debug, Default, Clone)]
pub(crate) struct Folder {
    pub(crate) files: Vec<(String, String)>,
    pub(crate) approvals: Option<(String, String)>,
    pub(crate) forbidden: Vec<String>,
    pub(crate) pseudo: bool,
}

pub(crate) fn locale_folders(files: &Files) -> Result<BTreeMap<Tag, Folder>, LoadError> {
    let mut folders: BTreeMap<Tag, Folder> = BTreeMap::new();
    for (path, content) in files {
        let Some((folder, name)) = path.strip_prefix("locales/").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        let tag = Tag::parse(folder).ok().filter(|tag| tag.as_str() == folder);
        let tag = tag.ok_or_else(|| LoadError::Tag { folder: folder.to_owned() })?;
        let entry = folders.entry(tag).or_default();
        if name == APPROVALS_FILE {
            entry.approvals = Some((path.clone(), content.clone()));
        } else if name == FORBIDDEN_FILE {
            entry.forbidden = forbidden_words(path, content)?;
        } else if name.ends_with(".ftl") {
            entry.files.push((path.clone(), content.clone()));
        }
    }
    Ok(folders)
}

fn forbidden_words(path: &str, content: &str) -> Result<Vec<String>, LoadError> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Forbidden {
        neutral: Vec<String>,
    }
    let read: Forbidden = toml::from_str(content)
        .map_err(|e| LoadError::Io { file: path.to_owned(), problem: e.message().to_owned() })?;
    Ok(read.neutral.into_iter().map(|word| word.to_lowercase()).filter(|word| !word.is_empty()).collect())
}

pub(crate) fn template_sources(files: &Files) -> BTreeMap<String, String> {
    files
        .iter()
        .filter_map(|(path, content)| {
            let name = path.strip_prefix("templates/")?.strip_suffix(".hbs")?;
            Some((name.to_owned(), content.clone()))
        })
        .collect()
}

/// What the binary carries.
pub(crate) fn embedded_files() -> Files {
    let mut files = Files::new();
    for (root, dir) in [("locales", &LOCALES), ("templates", &TEMPLATES)] {
        collect(root, dir, &mut files);
    }
    files
}

fn collect(root: &str, dir: &Dir<'static>, files: &mut Files) {
    for file in dir.files() {
        if let (Some(path), Some(content)) = (file.path().to_str(), file.contents_utf8()) {
            files.insert(format!("{root}/{path}"), content.to_owned());
        }
    }
    for inner in dir.dirs() {
        collect(root, inner, files);
    }
}

/// The `.ftl`, `.toml` and `.hbs` files under `locales/` and `templates/` of a folder.
pub(crate) fn read_folder(folder: &Path) -> Result<Files, LoadError> {
    let problem = |path: &Path, e: &dyn std::fmt::Display| LoadError::Io {
        file: path.display().to_string(),
        problem: e.to_string(),
    };
    let mut files = Files::new();
    let mut todo: Vec<_> = ["locales", "templates"].iter().map(|d| folder.join(d)).filter(|d| d.is_dir()).collect();
    if todo.is_empty() {
        return Err(problem(folder, &"has neither a folder locales nor a folder templates"));
    }
    while let Some(dir) = todo.pop() {
        for entry in std::fs::read_dir(&dir).map_err(|e| problem(&dir, &e))? {
            let path = entry.map_err(|e| problem(&dir, &e))?.path();
            if path.is_dir() {
                todo.push(path);
                continue;
            }
            if !path.extension().and_then(|e| e.to_str()).is_some_and(|e| matches!(e, "ftl" | "toml" | "hbs")) {
                continue;
            }
            if path.metadata().map_err(|e| problem(&path, &e))?.len() > LARGEST_FILE {
                return Err(problem(&path, &"is larger than one MiB"));
            }
            let content = std::fs::read_to_string(&path).map_err(|e| problem(&path, &e))?;
            let name = path.strip_prefix(folder).map_err(|e| problem(&path, &e))?;
            files.insert(name.to_string_lossy().replace('\\', "/"), content);
        }
    }
    Ok(files)
}
