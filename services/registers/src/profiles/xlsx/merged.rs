//! Several sheets, several rows a person: everything that has one record id is one record. Primero's workbooks.
//!
//! What belongs together stands far apart, so the cases are held in memory; their number is bounded.

use std::collections::{HashMap, VecDeque};

use super::SheetRows;
use super::book::Book;
use crate::draft::{Context, Draft};
use crate::error::{Quarantine, Reason, RegisterError};
use crate::manifest::Manifest;
use crate::mapping::{Mapping, same};
use crate::read::{Row, Source};
use crate::table::Table;
use crate::values::clean::clean;

/// Cases of one workbook. Larger registers export JSON, which streams.
const CASES: usize = 50_000;

/// A case that has not met all of its rows yet, or why it is set aside.
struct Case {
    /// Its record id.
    id: String,
    draft: Result<Draft, Quarantine>,
    /// Rows that the sheet now being read has for it.
    rows: u8,
}

/// A workbook of cases.
pub(crate) struct Merged<'a> {
    cases: std::vec::IntoIter<Case>,
    current: Option<Case>,
    number: u64,
    fixed: Option<Table>,
    context: Context<'a>,
}

impl<'a> Merged<'a> {
    /// `unguard`: the text guard that Primero puts before formulas is taken off.
    pub(crate) fn new(
        book: &Book,
        manifest: &'a Manifest,
        mapping: &Mapping,
        unguard: bool,
    ) -> Result<Self, RegisterError> {
        let mut context = Context::new(manifest)?;
        let mut cases = Vec::new();
        let mut by_id = HashMap::new();
        let mut fixed = None;
        let mut headers = Vec::new();
        for name in book.names().map(str::to_owned).collect::<Vec<_>>() {
            let Some(part) = mapping.for_sheet(&name) else {
                continue;
            };
            let mut rows = match SheetRows::new(book.sheet(&name)?) {
                // A form that nobody has filled in has an empty sheet.
                Err(RegisterError::NoHeader) => continue,
                other => other?,
            };
            if !part.reads(&rows.header) {
                continue;
            }
            let at_sheet = |error| RegisterError::Sheet { sheet: name.clone(), error: Box::new(error) };
            let mut table = match Table::new(&rows.header, &part) {
                // Headers that nobody has written under say nothing.
                Err(_) if rows.advance()?.is_none() => continue,
                made => made.map_err(at_sheet)?,
            };
            table.unguard = unguard;
            headers.extend(rows.header.iter().cloned());
            cases.iter_mut().for_each(|case: &mut Case| case.rows = 0);
            take_sheet(&name, &mut rows, &table, &mut cases, &mut by_id, &mut context).map_err(at_sheet)?;
            fixed = Some(table);
        }
        if fixed.is_none() {
            return Err(RegisterError::NoSheet);
        }
        let has = |wanted: &String| headers.iter().any(|header| same(header, wanted));
        if let Some(missing) = mapping.required.iter().find(|header| !has(header)) {
            return Err(RegisterError::MissingColumn(missing.clone()));
        }
        Ok(Self { cases: cases.into_iter(), current: None, number: 0, fixed, context })
    }
}

fn take_sheet(
    sheet: &str,
    rows: &mut SheetRows,
    table: &Table,
    cases: &mut Vec<Case>,
    by_id: &mut HashMap<String, usize>,
    context: &mut Context<'_>,
) -> Result<(), RegisterError> {
    while rows.advance()?.is_some() {
        let id = clean(table.id(|at| rows.cell(at))).map(std::borrow::Cow::into_owned).unwrap_or_default();
        let at = match by_id.get(&id) {
            Some(at) if !id.is_empty() => *at,
            _ => {
                if cases.len() == CASES {
                    return Err(RegisterError::Workbook(
                        "more people than a workbook of several sheets may hold: export JSON or CSV",
                    ));
                }
                cases.push(Case { id: id.clone(), draft: Ok(Draft::new(context.manifest)), rows: 0 });
                by_id.insert(id, cases.len() - 1);
                cases.len() - 1
            }
        };
        let case = &mut cases[at];
        let place = |column: &str| Some(format!("sheet {sheet}, row {}: {column}", rows.number).into());
        if by_id.remove("").is_some() {
            case.draft = Err(Quarantine { column: place("record_id"), reason: Reason::NoRecordId });
        }
        let shift = case.rows;
        case.rows = case.rows.saturating_add(1);
        if let Ok(draft) = &mut case.draft
            && let Err(mut quarantine) = table.fill(draft, |at| rows.cell(at), shift, context)
        {
            // Cases are numbered; what is wrong stands in a row of a sheet.
            let column = quarantine.column.as_deref().unwrap_or_default();
            quarantine.column = place(column);
            case.draft = Err(quarantine);
        }
    }
    Ok(())
}

impl Source for Merged<'_> {
    fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        self.current = self.cases.next();
        if self.current.is_none() {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(self.number))
    }

    fn convert(&mut self, out: &mut VecDeque<Row>) {
        let Some(case) = self.current.take() else {
            return;
        };
        let context = &mut self.context;
        let outcome = case.draft.and_then(|mut draft| {
            if let Some(table) = &self.fixed {
                table.fill_fixed(&mut draft, context)?;
            }
            draft.finish(context)
        });
        out.push_back(Row::new(self.number, outcome, || Some(case.id.into())));
    }
}
