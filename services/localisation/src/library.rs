//! All words, templates and approvals, loaded once and strictly.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, RwLock};

use domain::channel::Level;
use domain::notice::Notice;
use domain::record::LanguageWish;
use domain::{Millis, NoticeKind};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::approvals::{Approval, Approvals, Hashes, State, Unit};
use crate::choose::{self, Choice};
use crate::error::{LoadError, Refusal};
use crate::prepare::{Key, Prepared};
use crate::templates::{Medium, Templates};
use crate::words::Words;
use crate::{Direction, Tag, content, pseudo};

static LOCALES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../locales");
static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../templates");

/// The language that the others are translated from.
pub const SOURCE: &str = "en";
/// Name of the approvals file in a language's folder.
pub const APPROVALS_FILE: &str = "approvals.toml";
/// Name of the file with words that no neutral text may contain.
const FORBIDDEN_FILE: &str = "forbidden.toml";
/// Largest file that is read; a notice file has some 10 KB.
const LARGEST_FILE: u64 = 1 << 20;

/// Files by path: `locales/en/shared.ftl`, `templates/initial/sms.hbs`.
pub type Files = BTreeMap<String, String>;

/// One language.
#[derive(Debug)]
pub struct Language {
    pub(crate) words: Words,
    pub(crate) direction: Direction,
    pub(crate) index: u16,
    approvals: BTreeMap<Unit, Approval>,
    hashes: BTreeMap<Unit, Hashes>,
    file: Approvals,
    forbidden: Vec<String>,
    files: Vec<(String, String)>,
    pseudo: bool,
}

/// One part of a notice: its name, its template, what it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `body`, `subject`, `html`, `text`, `script`, `ssml`, `letter`, `task`.
    pub name: String,
    /// Name of the template.
    pub template: String,
    /// Medium.
    pub medium: Medium,
}

/// Everything that notices are made from.
pub struct Library {
    pub(crate) languages: BTreeMap<Tag, Language>,
    pub(crate) templates: Templates,
    parts: BTreeMap<Unit, Vec<Part>>,
    digest: [u8; 32],
    pub(crate) prepared: RwLock<HashMap<Key, Arc<Prepared>>>,
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("languages", &self.languages.keys()).finish_non_exhaustive()
    }
}

impl Library {
    /// The words and templates inside the binary.
    ///
    /// # Errors
    /// They are faulty, which a test of this crate rules out.
    pub fn embedded() -> Result<Self, LoadError> {
        Self::from_files(&embedded_files())
    }

    /// The same, with the files of a folder (`locales/…`, `templates/…`) in place of the embedded ones of the same name.
    ///
    /// # Errors
    /// A file cannot be read, or anything in it is faulty.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        let mut files = embedded_files();
        files.extend(read_folder(folder)?);
        Self::from_files(&files)
    }

    /// All files that [`Library::embedded`] is made from.
    #[must_use]
    pub fn embedded_files() -> Files {
        embedded_files()
    }

    /// From files in memory.
    ///
    /// # Errors
    /// Anything is faulty. One fault refuses all: a half-loaded library would send half of the notices.
    pub fn from_files(files: &Files) -> Result<Self, LoadError> {
        let mut digest = Sha256::new();
        for (path, content) in files {
            digest.update((path.len() as u64).to_be_bytes());
            digest.update(path);
            digest.update((content.len() as u64).to_be_bytes());
            digest.update(content);
        }
        let templates = Templates::compile(&template_sources(files))?;
        let mut folders = locale_folders(files)?;
        // English first: the pseudo-locales repeat its faults
        if let Some((tag, folder)) = folders.iter().find(|(tag, _)| tag.as_str() == SOURCE) {
            Words::read(tag.clone(), &folder.files)?;
        }
        pseudo::add_to(&mut folders)?;
        let parts = parts_of(&templates);
        let mut languages = BTreeMap::new();
        for (index, (tag, folder)) in folders.into_iter().enumerate() {
            let words = Words::read(tag.clone(), &folder.files)?;
            let approvals = match &folder.approvals {
                Some((path, content)) => Approvals::read(path, content)?,
                None => Approvals::none(),
            };
            let direction = tag.direction();
            let index = u16::try_from(index).unwrap_or(u16::MAX);
            let (by_unit, hashes) = (BTreeMap::new(), BTreeMap::new());
            let pseudo = folder.pseudo;
            let forbidden = folder.forbidden;
            languages.insert(
                tag,
                Language {
                    words,
                    direction,
                    index,
                    approvals: by_unit,
                    hashes,
                    file: approvals,
                    forbidden,
                    files: folder.files,
                    pseudo,
                },
            );
        }
        let mut library = Self {
            languages: BTreeMap::new(),
            templates,
            parts,
            digest: digest.finalize().into(),
            prepared: RwLock::new(HashMap::new()),
        };
        library.check_and_keep(languages)?;
        Ok(library)
    }

    /// Compares each language with English and settles the state of each unit.
    fn check_and_keep(&mut self, mut languages: BTreeMap<Tag, Language>) -> Result<(), LoadError> {
        let source_tag = Tag::parse(SOURCE).map_err(|_| LoadError::Tag { folder: SOURCE.to_owned() })?;
        let missing_source = || LoadError::Io { file: format!("locales/{SOURCE}"), problem: "not there".to_owned() };
        let source = languages.remove(&source_tag).ok_or_else(missing_source)?;
        self.check_templates(&source.words)?;
        let mut all = vec![(source_tag.clone(), source)];
        all.extend(languages);
        for (tag, mut language) in all {
            let source = self.languages.get(&source_tag);
            let source_words = source.map_or(&language.words, |s| &s.words);
            check_complete(&language.words, source_words)?;
            content::check(&language.words, source_words)?;
            for (unit, parts) in &self.parts {
                let ids = self.message_set(*unit, parts);
                if unit.channel == domain::Channel::Sms && !language.pseudo {
                    content::check_sms(&language.words, ids.iter().copied())?;
                }
                if unit.level == Level::L2 {
                    content::check_neutral(&language.words, ids.iter().copied(), &language.forbidden)?;
                }
                let Some(words) = hash(&language.words, &ids) else {
                    continue;
                };
                let Some(origin) = hash(source_words, &ids) else {
                    continue;
                };
                let now = Hashes { source: origin, words };
                let mut approval = match source {
                    // what the project makes from approved English is approved for tests, and for nothing else
                    Some(source) if language.pseudo => {
                        source.approvals.get(unit).cloned().unwrap_or_else(|| language.file.of(*unit, &now))
                    }
                    _ => language.file.of(*unit, &now),
                };
                if source.is_some_and(|s| s.approvals.get(unit).is_none_or(|a| a.state != State::Approved))
                    && approval.state == State::Approved
                {
                    approval.state = State::Outdated;
                }
                language.approvals.insert(*unit, approval);
                language.hashes.insert(*unit, now);
            }
            self.languages.insert(tag, language);
        }
        Ok(())
    }

    /// Every message that a template names exists in English.
    fn check_templates(&self, source: &Words) -> Result<(), LoadError> {
        for name in self.templates.names() {
            if let Some(id) = self.templates.messages(name).into_iter().find(|id| !source.messages().contains_key(*id))
            {
                let problem = format!("names message `{id}`, which English does not have");
                return Err(LoadError::Template { file: format!("templates/{name}.hbs"), problem });
            }
        }
        Ok(())
    }

    /// Ids of all messages that a unit can print, for any audience.
    fn message_set<'a>(&'a self, unit: Unit, parts: &'a [Part]) -> BTreeSet<&'a str> {
        let mut ids: BTreeSet<&str> = parts.iter().flat_map(|p| self.templates.messages(&p.template)).collect();
        if unit.level > Level::L1 {
            ids.insert(title(unit.kind, domain::Audience::AidRecipient));
            if unit.kind == NoticeKind::FollowUp {
                ids.insert(title(unit.kind, domain::Audience::Partner));
            }
        }
        if ids.contains("data-heading") {
            ids.extend(["data-kind", "measure"]);
        }
        if ids.contains("consequences-heading") {
            ids.insert("measure");
        }
        ids.insert("language-name");
        ids
    }

    /// Languages there are, pseudo-locales included.
    pub fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.languages.keys()
    }

    /// One language.
    #[must_use]
    pub fn language(&self, tag: &Tag) -> Option<&Language> {
        self.languages.get(tag)
    }

    /// SHA-256 over all templates, words and approvals: what a manifest binds.
    #[must_use]
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Every unit that there are templates for.
    pub fn units(&self) -> impl Iterator<Item = Unit> {
        self.parts.keys().copied()
    }

    /// Parts of a unit.
    #[must_use]
    pub fn parts(&self, unit: Unit) -> &[Part] {
        self.parts.get(&unit).map_or(&[], Vec::as_slice)
    }

    /// Ids of the messages that a unit can print.
    pub fn message_ids(&self, unit: Unit) -> impl Iterator<Item = &str> {
        self.message_set(unit, self.parts(unit)).into_iter()
    }

    /// State of the words of a notice in a language; `None` where there are none.
    #[must_use]
    pub fn approval(&self, notice: &Notice, tag: &Tag) -> Option<&Approval> {
        self.languages.get(tag)?.approvals.get(&unit_of(notice))
    }

    /// Languages in which the words of this notice may be sent: approved ones on this day, and in a drill every
    /// language that has words. This is what rule R22 asks; whether a Society has a recording (ivr) or a speaker
    /// (`call_live`) stands in the Society's offers.
    #[must_use]
    pub fn approved(&self, notice: &Notice, drill: bool, as_of: Millis) -> Vec<Tag> {
        if !crate::audience::producible(notice) {
            return Vec::new();
        }
        let unit = unit_of(notice);
        let on = day(as_of);
        let may = |language: &Language| language.approvals.get(&unit).is_some_and(|a| drill || a.sendable(on));
        self.languages.iter().filter(|(_, language)| may(language)).map(|(tag, _)| tag.clone()).collect()
    }

    /// The language for a person, among those whose words may be sent.
    ///
    /// # Errors
    /// [`Refusal::NotProducible`], or [`Refusal::NoLanguage`]: a human takes over.
    pub fn choose(
        &self,
        notice: &Notice,
        wishes: &[LanguageWish],
        drill: bool,
        as_of: Millis,
    ) -> Result<Choice, Refusal> {
        if !crate::audience::producible(notice) {
            return Err(Refusal::NotProducible(Box::new(*notice)));
        }
        let on = day(as_of);
        let unit = unit_of(notice);
        choose::choose(notice, wishes, |tag| {
            self.languages
                .get(tag)
                .is_some_and(|language| language.approvals.get(&unit).is_some_and(|a| drill || a.sendable(on)))
        })
        .ok_or(Refusal::NoLanguage { kind: notice.kind, channel: notice.channel, level: notice.level })
    }

    /// Name of a language in that language.
    pub(crate) fn autonym(&self, tag: &Tag) -> Option<String> {
        let language = self.languages.get(tag).filter(|l| !l.pseudo)?;
        language.words.format("language-name", &crate::words::Args::new()).ok()
    }
}

impl Language {
    /// Words.
    #[must_use]
    pub const fn words(&self) -> &Words {
        &self.words
    }

    /// Direction of writing.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// FTL files: path and content.
    #[must_use]
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }

    /// Made from English by this program, to look at.
    #[must_use]
    pub const fn is_pseudo(&self) -> bool {
        self.pseudo
    }

    /// State by unit.
    #[must_use]
    pub const fn approvals(&self) -> &BTreeMap<Unit, Approval> {
        &self.approvals
    }

    /// The approvals file.
    #[must_use]
    pub const fn file(&self) -> &Approvals {
        &self.file
    }

    /// Hashes by unit, as an approval has to name them.
    #[must_use]
    pub const fn hashes(&self) -> &BTreeMap<Unit, Hashes> {
        &self.hashes
    }
}

/// The unit that a notice belongs to.
#[must_use]
pub const fn unit_of(notice: &Notice) -> Unit {
    let kind = if matches!(notice.level, Level::L1) { NoticeKind::Initial } else { notice.kind };
    Unit { kind, channel: notice.channel, level: notice.level }
}

/// The day of an instant, in UTC; enough for the expiry of an approval.
pub(crate) fn day(at: Millis) -> Option<jiff::civil::Date> {
    Some(jiff::tz::TimeZone::UTC.to_datetime(at.timestamp()?).date())
}

/// Message that is the subject of an e-mail and the title of a letter.
pub(crate) const fn title(kind: NoticeKind, audience: domain::Audience) -> &'static str {
    match (kind, audience) {
        (NoticeKind::CallBack, _) => "neutral-subject",
        (_, domain::Audience::Partner) | (NoticeKind::Partner, _) => "partner-subject",
        (NoticeKind::Public, _) => "public-title",
        (NoticeKind::Initial | NoticeKind::FollowUp | NoticeKind::StaffCredentials, _) => "subject",
    }
}

/// A language's files.
#[derive(Debug, Default, Clone)]
pub(crate) struct Folder {
    pub(crate) files: Vec<(String, String)>,
    pub(crate) approvals: Option<(String, String)>,
    pub(crate) forbidden: Vec<String>,
    pub(crate) pseudo: bool,
}

fn locale_folders(files: &Files) -> Result<BTreeMap<Tag, Folder>, LoadError> {
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

fn template_sources(files: &Files) -> BTreeMap<String, String> {
    files
        .iter()
        .filter_map(|(path, content)| {
            let name = path.strip_prefix("templates/")?.strip_suffix(".hbs")?;
            Some((name.to_owned(), content.clone()))
        })
        .collect()
}

/// Which templates make up which unit: `<notice>/<channel>[.<part>]`, where `in_person` stands for the in-person
/// channels that have no template of their own.
fn parts_of(templates: &Templates) -> BTreeMap<Unit, Vec<Part>> {
    let mut found: BTreeMap<Unit, Vec<Part>> = BTreeMap::new();
    for notice in crate::audience::all_producible() {
        let unit = unit_of(&notice);
        if found.contains_key(&unit) {
            continue;
        }
        let folder = if unit.level == Level::L1 { "task" } else { unit.kind.as_str() };
        let of = |file: &str| -> Vec<Part> {
            templates
                .names()
                .filter_map(|name| {
                    let rest = name.strip_prefix(folder)?.strip_prefix('/')?.strip_prefix(file)?;
                    let part = if rest.is_empty() { "body" } else { rest.strip_prefix('.')? };
                    let medium = Medium::of(unit.channel.as_str(), part);
                    Some(Part { name: part.to_owned(), template: name.to_owned(), medium })
                })
                .collect()
        };
        let mut parts = of(unit.channel.as_str());
        if parts.is_empty() && unit.channel.is_in_person() {
            parts = of("in_person");
        }
        if !parts.is_empty() {
            found.insert(unit, parts);
        }
    }
    found
}

/// A file that is there is complete; a notice whose file is absent has no words in that language.
fn check_complete(words: &Words, source: &Words) -> Result<(), LoadError> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let present: BTreeMap<String, &str> =
        words.messages().values().map(|info| (name(&info.file), info.file.as_str())).collect();
    for (id, info) in source.messages() {
        if let Some(file) = present.get(&name(&info.file)) {
            match words.messages().get(id) {
                None => {
                    return Err(LoadError::Missing { file: (*file).to_owned(), id: id.clone() });
                }
                Some(found) if name(&found.file) != name(&info.file) => {
                    return Err(LoadError::Missing { file: (*file).to_owned(), id: id.clone() });
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// Hash of a message set; `None` if a message is missing.
fn hash(words: &Words, ids: &BTreeSet<&str>) -> Option<String> {
    let mut hasher = Sha256::new();
    let date = words.messages().get_key_value(crate::dates::DATE_MESSAGE).map(|(id, _)| id.as_str());
    for id in ids.iter().copied().chain(date) {
        let info = words.messages().get(id)?;
        hasher.update(id);
        hasher.update([0]);
        hasher.update(info.digest);
    }
    Some(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

fn embedded_files() -> Files {
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
fn read_folder(folder: &Path) -> Result<Files, LoadError> {
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
