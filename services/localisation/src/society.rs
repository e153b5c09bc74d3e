//! What people write by hand and every notice repeats: a Society's file, the office in the facts, the label agreed
//! with a person. Looked at when it is written, not when the first notice is refused.

use domain::Level;
use domain::incident::IncidentFacts;
use domain::society::{Offer, Society};

use crate::content::tells;
use crate::error::Refusal;
use crate::{Library, SOURCE, Tag, choose, values};

/// What is wrong with an entry. Names the field, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct Fault {
    /// Field, as in the file: `office`, `name.fr`, `return_address[2]`.
    pub field: String,
    /// What is wrong.
    pub problem: String,
}

/// Problem of a word that a notice may not have whoever reads it.
const TELLING: &str = "contains a word that shows what a notice is about, and it stands in notices to everybody";

impl Library {
    /// Everything in a Society's file that goes into notices, whoever gets them.
    ///
    /// # Errors
    /// The first entry that would be refused later, that would show what a notice is about, or that opens a channel
    /// for which there are no words.
    pub fn check_society(&self, society: &Society) -> Result<(), Fault> {
        for (language, name) in &society.name {
            let field = format!("name.{language}");
            let tag = Tag::parse(language).map_err(|_| fault(&field, "is not under a language tag"))?;
            self.check_entry(&field, name, &[tag])?;
        }
        let languages: Vec<Tag> = society.name.keys().filter_map(|tag| Tag::parse(tag).ok()).collect();
        let mut entries = vec![
            ("sender".to_owned(), &society.sender),
            ("office".to_owned(), &society.office),
            ("hotline.published_at".to_owned(), &society.hotline.published_at),
        ];
        entries.extend((1..).zip(&society.return_address).map(|(n, line)| (format!("return_address[{n}]"), line)));
        for (field, value) in entries {
            self.check_entry(&field, value, &languages)?;
        }
        values::number(&society.hotline.number).map_err(|refusal| of_refusal("hotline.number", refusal))?;
        if society.hotline.hours.is_empty() {
            return Err(fault("hotline.hours", "is empty: every notice says when somebody answers"));
        }
        for (n, hours) in (1..).zip(&society.hotline.hours) {
            Tag::parse(&hours.language)
                .map_err(|_| fault(&format!("hotline.hours[{n}].language"), "is not a language tag"))?;
        }
        (1..).zip(&society.offers).try_for_each(|(n, offer)| check_offer(n, offer))
    }

    /// The office for data protection, which every general notice names.
    ///
    /// # Errors
    /// It would be refused later, or shows what a notice is about.
    pub fn check_facts(&self, facts: &IncidentFacts) -> Result<(), Fault> {
        self.check_entry("data_protection_contact", &facts.data_protection_contact, &[])
    }

    /// A label or code name agreed with a person.
    ///
    /// # Errors
    /// It would be refused later, or shows what a notice is about in any language.
    pub fn check_label(&self, label: &str) -> Result<(), Fault> {
        let languages: Vec<Tag> = self.tags().cloned().collect();
        self.check_entry("code_name", label, &languages)
    }

    fn check_entry(&self, field: &str, value: &str, languages: &[Tag]) -> Result<(), Fault> {
        let value = values::checked("entry", value).map_err(|refusal| of_refusal(field, refusal))?.to_lowercase();
        let source = Tag::parse(SOURCE).ok();
        let spoken = languages.iter().chain(&source).flat_map(|tag| choose::chain(tag, true));
        let telling = spoken
            .filter_map(|tag| self.language(&tag))
            .any(|language| language.forbidden.iter().any(|word| tells(&value, word)));
        if telling { Err(fault(field, TELLING)) } else { Ok(()) }
    }
}

/// A limit below which no word is left is no offer.
fn check_offer(n: usize, offer: &Offer) -> Result<(), Fault> {
    let Some(most) = offer.up_to else { return Ok(()) };
    let least = if offer.channel.is_in_person() { Level::L3 } else { Level::L2 };
    if most >= least {
        return Ok(());
    }
    let problem =
        format!("{most} leaves no words for {}: {least} or more, or leave the offer out", offer.channel.as_str());
    Err(Fault { field: format!("offers[{n}].up_to"), problem })
}

fn fault(field: &str, problem: &str) -> Fault {
    Fault { field: field.to_owned(), problem: problem.to_owned() }
}

fn of_refusal(field: &str, refusal: Refusal) -> Fault {
    match refusal {
        Refusal::Value { problem, .. } => fault(field, problem),
        other => Fault { field: field.to_owned(), problem: other.to_string() },
    }
}
