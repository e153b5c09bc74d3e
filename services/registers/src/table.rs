//! Rows of cells with a header -> canonical records, through a mapping. CSV, workbooks and flat Primero exports share it.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use domain::record::Record;

use crate::draft::{Context, Draft};
use crate::error::{Note, NoteKind, Quarantine, Reason, RegisterError};
use crate::fields::{self, Cell, Field};
use crate::limits;
use crate::mapping::{Mapping, meaning, same};
use crate::values::clean::{ascii_digits, clean};

/// A mapping applied to the header of one file.
pub(crate) struct Table {
    plan: Vec<Step>,
    fixed: Vec<Step>,
    fixed_values: Vec<String>,
    /// The text guard that some systems put before formulas is taken off.
    pub(crate) unguard: bool,
}

struct Step {
    at: usize,
    column: Arc<str>,
    field: &'static Field,
    slot: u8,
    split: Option<String>,
    values: BTreeMap<String, String>,
}

impl Table {
    /// # Errors
    /// Headers that are empty, doubled, missing, or known to nobody.
    pub(crate) fn new<S: AsRef<str>>(headers: &[S], mapping: &Mapping) -> Result<Self, RegisterError> {
        check_size(headers)?;
        let has = |wanted: &str| headers.iter().any(|h| same(h.as_ref(), wanted));
        // Where there is no header, the first row is a person: it is shown to be a header before any of it is shown.
        if !mapping.columns.iter().any(|column| has(&column.header)) {
            return Err(RegisterError::NoKnownHeader);
        }
        let mut ids = mapping.columns.iter().filter(|c| c.field == "record_id").map(|c| c.header.as_str());
        if !ids.clone().any(has) {
            return Err(RegisterError::MissingColumn(ids.next().unwrap_or("record_id").to_owned()));
        }
        check_names(headers)?;
        if headers.iter().any(|header| is_data(header.as_ref())) {
            return Err(RegisterError::PersonForHeader);
        }
        let mut plan = Vec::new();
        for (at, header) in headers.iter().enumerate() {
            let header = header.as_ref().trim();
            let mut used = false;
            for column in mapping.columns.iter().filter(|c| same(&c.header, header)) {
                plan.push(step(at, header, &column.field, column.slot, column.split.clone(), &column.values)?);
                used = true;
            }
            if !used && !mapping.ignore.iter().any(|i| same(i, header)) {
                return Err(RegisterError::UnmappedColumn(shown(header)));
            }
        }
        if let Some(missing) = mapping.required.iter().find(|r| !has(r)) {
            return Err(RegisterError::MissingColumn(missing.clone()));
        }
        let fixed = mapping.fixed.keys().map(|field| step(0, field, field, 1, Some(";".to_owned()), &BTreeMap::new()));
        Ok(Self {
            plan,
            fixed: fixed.collect::<Result<_, _>>()?,
            fixed_values: mapping.fixed.values().cloned().collect(),
            unguard: false,
        })
    }

    /// The record of a row.
    pub(crate) fn record<'r>(
        &self,
        cell: impl Fn(usize) -> &'r str,
        context: &mut Context<'_>,
    ) -> Result<(Record, Vec<Note>), Quarantine> {
        let mut draft = Draft::new(context.manifest);
        self.fill(&mut draft, cell, 0, context)?;
        self.fill_fixed(&mut draft, context)?;
        draft.finish(context)
    }

    /// Puts the cells of a row into a draft; `shift` moves contact points and guardians on, where a person has several
    /// rows.
    pub(crate) fn fill<'r>(
        &self,
        draft: &mut Draft,
        cell: impl Fn(usize) -> &'r str,
        shift: u8,
        context: &mut Context<'_>,
    ) -> Result<(), Quarantine> {
        for step in &self.plan {
            let raw = cell(step.at);
            let raw = if self.unguard { unguarded(raw) } else { raw };
            if !raw.is_empty() {
                step.take(raw, shift, draft, context)?;
            }
        }
        Ok(())
    }

    /// Puts in what every row of the file has.
    pub(crate) fn fill_fixed(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<(), Quarantine> {
        for (step, value) in self.fixed.iter().zip(&self.fixed_values) {
            step.take(value, 0, draft, context)?;
        }
        Ok(())
    }

    /// Tells `found` every value of a row that no code has: header, field, value.
    pub(crate) fn unknown<'r>(
        &self,
        cell: impl Fn(usize) -> &'r str,
        context: &mut Context<'_>,
        found: &mut impl FnMut(&str, &'static str, &str),
    ) {
        for step in &self.plan {
            let raw = cell(step.at);
            let raw = if self.unguard { unguarded(raw) } else { raw };
            // A value that no cell may hold is for the import to say.
            let Ok(text) = clean(raw) else { continue };
            for part in step.parts(&text) {
                let Some(word) = step.word(part) else { continue };
                let cell = Cell { text: word, slot: step.slot, column: &step.column };
                if fields::is_unknown(step.field, &cell, context) {
                    found(&step.column, step.field.name, part);
                }
            }
        }
    }

    /// What stands where the record id does.
    pub(crate) fn id<'r>(&self, cell: impl Fn(usize) -> &'r str) -> &'r str {
        let raw = self.plan.iter().find(|step| step.field.name == "record_id").map_or("", |step| cell(step.at));
        if self.unguard { unguarded(raw) } else { raw }
    }
}

impl Step {
    fn take(&self, raw: &str, shift: u8, draft: &mut Draft, context: &mut Context<'_>) -> Result<(), Quarantine> {
        let text = clean(raw).map_err(|reason| self.quarantine(reason))?;
        if text.is_empty() {
            return Ok(());
        }
        self.parts(&text).try_for_each(|part| self.set(part, shift, draft, context))
    }

    /// The values of a clean cell.
    fn parts<'t>(&'t self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let between = self.split.as_deref().filter(|_| self.field.list);
        let whole = between.is_none().then_some(text);
        let parts = between.into_iter().flat_map(|between| text.split(between).map(str::trim));
        whole.into_iter().chain(parts).filter(|part| !part.is_empty())
    }

    /// What a value means: itself, or the word that the mapping gives it; `None` where that is nothing.
    fn word<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        Some(meaning(&self.values, text).unwrap_or(text)).filter(|word| !word.is_empty())
    }

    fn set(&self, text: &str, shift: u8, draft: &mut Draft, context: &mut Context<'_>) -> Result<(), Quarantine> {
        let Some(text) = self.word(text) else { return Ok(()) };
        if shift > 0 && self.field.name.ends_with(".guardian") {
            // In a further row of a person, nobody knows which guardian the number means.
            draft.note(&self.column, NoteKind::UnknownCode);
            draft.unknown_code(self.field.name);
        }
        let cell = Cell { text, slot: self.slot.saturating_add(shift), column: &self.column };
        fields::put_value(draft, self.field, &cell, context)
    }

    fn quarantine(&self, reason: Reason) -> Quarantine {
        Quarantine { column: Some(Arc::clone(&self.column)), reason }
    }
}

fn step(
    at: usize,
    header: &str,
    field: &str,
    slot: u8,
    split: Option<String>,
    values: &BTreeMap<String, String>,
) -> Result<Step, RegisterError> {
    let field = fields::meant(field)?;
    Ok(Step { at, column: header.into(), field, slot, split, values: values.clone() })
}

fn check_size<S: AsRef<str>>(headers: &[S]) -> Result<(), RegisterError> {
    if headers.is_empty() || headers.iter().all(|h| h.as_ref().trim().is_empty()) {
        return Err(RegisterError::NoHeader);
    }
    if headers.len() > limits::COLUMNS {
        return Err(RegisterError::TooManyColumns(limits::COLUMNS));
    }
    Ok(())
}

fn check_names<S: AsRef<str>>(headers: &[S]) -> Result<(), RegisterError> {
    let mut seen = HashSet::new();
    for (at, header) in headers.iter().enumerate() {
        let header = header.as_ref().trim();
        if header.is_empty() {
            return Err(RegisterError::EmptyHeader(at + 1));
        }
        if !seen.insert(header.to_lowercase()) {
            return Err(RegisterError::DuplicateHeader(shown(header)));
        }
    }
    Ok(())
}

/// Whether a cell is somebody's telephone number, id, day or address, as no header is.
pub(crate) fn is_data(cell: &str) -> bool {
    let digits = ascii_digits(cell).chars().filter(char::is_ascii_digit).count();
    let number = digits >= 6 && !cell.chars().any(char::is_alphabetic);
    let address = cell.split_once('@').is_some_and(|(name, domain)| !name.trim().is_empty() && domain.contains('.'));
    number || address
}

/// A header as an error may show it: short, one line, no control characters.
pub(crate) fn shown(header: &str) -> String {
    header.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// Text that a system guarded against being read as a formula.
fn unguarded(raw: &str) -> &str {
    raw.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '|', '%'])).unwrap_or(raw)
}
