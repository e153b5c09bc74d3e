//! All words, templates and approvals, loaded once and strictly.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, RwLock};

use domain::channel::Level;
use domain::notice::Notice;
use domain::record::LanguageWish;
use domain::{Millis, NoticeKind};
use sha2::{Digest, Sha256};

use crate::approvals::{Approval, Approvals, Hashes, State, Unit};
use crate::choose::{self, Choice};
use crate::error::{LoadError, Refusal};
use crate::files::{Files, embedded_files, locale_folders, read_folder, template_sources};
use crate::language::Language;
use crate::prepare::{Key, Prepared};
use crate::templates::Templates;
use crate::unit::{Part, check_complete, hash, parts_of, title, unit_of};
use crate::words::Words;
use crate::{Tag, content, pseudo};

/// The language that the others are translated from.
pub const SOURCE: &str = "en";

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
        Self::from_files(&Self::files(folder)?)
    }

    /// All files that [`Library::load`] makes a library from.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn files(folder: &Path) -> Result<Files, LoadError> {
        let mut files = embedded_files();
        files.extend(read_folder(folder)?);
        Ok(files)
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
                        source.approvals.get(unit).cloned().unwrap_or_else(|| language.file.of(*unit, &now, true))
                    }
                    _ => language.file.of(*unit, &now, source.is_some()),
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

/// The day of an instant, in UTC; enough for the expiry of an approval.
pub(crate) fn day(at: Millis) -> Option<jiff::civil::Date> {
    Some(jiff::tz::TimeZone::UTC.to_datetime(at.timestamp()?).date())
}
