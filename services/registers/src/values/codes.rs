//! Codes and yes-or-no answers.

use domain::record::Answer;

use super::clean::is_masked;

/// A word of one of the closed lists in the form of the canonical record: lower case, underscores.
#[must_use]
pub fn word(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.trim().chars() {
        match c {
            ' ' | '-' | '/' | '_' => {
                if !out.ends_with('_') {
                    out.push('_');
                }
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// A specific-needs code as `XX-YY`; `None` where it has not that shape.
#[must_use]
pub fn need(raw: &str) -> Option<String> {
    let letters: Vec<char> =
        raw.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '‑' | '–')).collect();
    let [a, b, c, d] = letters[..] else {
        return None;
    };
    let all = [a, b, c, d];
    all.iter().all(char::is_ascii_alphabetic).then(|| format!("{a}{b}-{c}{d}").to_ascii_uppercase())
}

/// Yes or no in the languages of the exports.
#[must_use]
pub fn answer(raw: &str) -> Option<Answer> {
    let lower = raw.trim().to_lowercase();
    let among = |list: &[&str]| list.contains(&lower.as_str());
    if among(&["yes", "y", "true", "1", "x", "oui", "si", "sí", "نعم", "так", "да", "হ্যাঁ", "ndiyo", "是"])
    {
        Some(Answer::Yes)
    } else if among(&["no", "n", "false", "0", "non", "لا", "ні", "нет", "না", "hapana", "否"]) {
        Some(Answer::No)
    } else {
        None
    }
}

/// A word for «nobody knows», in the form of the canonical record and as people write it.
#[must_use]
pub fn is_unstated(raw: &str) -> bool {
    matches!(word(raw).as_str(), "unknown" | "not_known" | "not_stated")
}

/// «None», «no», «yes», a dash: whoever appointed or verified somebody is not named by it.
#[must_use]
pub fn names_nobody(raw: &str) -> bool {
    is_masked(raw) || is_unstated(raw) || answer(raw).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_codes_have_one_form() {
        for raw in ["SV-VA", "sv_va", "SV VA", "SVVA", "SV - VA", "SV – VA"] {
            assert_eq!(need(raw).as_deref(), Some("SV-VA"), "{raw}");
        }
        for raw in ["", "SV", "SV-VAX", "Survivor", "12-34"] {
            assert_eq!(need(raw), None, "{raw}");
        }
    }

    #[test]
    fn answers() {
        assert_eq!(answer(" Oui "), Some(Answer::Yes));
        assert_eq!(answer("FALSE"), Some(Answer::No));
        assert_eq!(answer("perhaps"), None);
    }
}
