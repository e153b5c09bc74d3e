//! Whether approvals of words were signed by people who may act here.
//!
//! The file of approvals travels with the words, through translators and e-mail; so what it says about people counts
//! only with their signature, and for a campaign only if they are operators of this store.

use domain::manifest::hex32;
use ed25519_dalek::{Signature, VerifyingKey};
use localisation::approvals::{Entry, Signature as Signed, statement};
use localisation::{Library, State, Tag};
use store::OperatorRow;

use crate::error::Failure;

/// Proves every signature that an approval needs in order to count.
///
/// # Errors
/// Names file and notice of the first approval that is not signed as it stands.
pub fn prove(library: &Library) -> Result<(), Failure> {
    for (tag, entry) in counting(library) {
        for (name, signed) in entry.approved_by.iter().zip(&entry.signatures) {
            if !holds(signed, &statement(tag, entry, name)) {
                let problem = "was not signed like this: it was changed afterwards, or somebody else's name put in";
                return Err(refused(tag, entry, problem));
            }
        }
    }
    Ok(())
}

/// Asks whether everybody who approved words is an operator of real campaigns, now.
///
/// # Errors
/// Names file and notice of the first approval by somebody who is not.
pub fn by_operators(library: &Library, operators: &[OperatorRow]) -> Result<(), Failure> {
    let may = |signed: &Signed| {
        operators.iter().any(|o| {
            !o.drill
                && o.revoked_at.is_none()
                && o.id.to_string() == signed.operator
                && hex32::to_hex(&o.key) == signed.key
        })
    };
    for (tag, entry) in counting(library) {
        if !entry.signatures.iter().all(may) {
            return Err(refused(tag, entry, "was signed by somebody who is no operator here, or no more"));
        }
    }
    Ok(())
}

/// Approvals that are the reason for sending something.
fn counting(library: &Library) -> impl Iterator<Item = (&Tag, &Entry)> {
    library.tags().filter_map(|tag| Some((tag, library.language(tag)?))).filter(|(_, l)| !l.is_pseudo()).flat_map(
        |(tag, language)| {
            let counts = |entry: &&Entry| {
                entry.state == State::Approved
                    && language.approvals().get(&entry.unit).is_some_and(|a| a.state == State::Approved)
            };
            language.file().units.iter().filter(counts).map(move |entry| (tag, entry))
        },
    )
}

fn holds(signed: &Signed, statement: &str) -> bool {
    let key = hex32::from_hex(&signed.key).and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = bytes(&signed.signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
    key.zip(signature).is_some_and(|(key, signature)| key.verify_strict(statement.as_bytes(), &signature).is_ok())
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    if !hex.len().is_multiple_of(2) || !hex.is_ascii() {
        return None;
    }
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok()).collect()
}

fn refused(tag: &Tag, entry: &Entry, problem: &str) -> Failure {
    let unit = entry.unit;
    Failure::refused(format!("locales/{tag}/approvals.toml: the approval of {unit} {problem}"))
}
