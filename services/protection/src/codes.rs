//! Specific-needs codes, concerns and causes: what each one means to the rules.
//!
//! The tables are data, to be signed as configuration by a data-protection officer. A code that they do not hold is
//! unknown, and an unknown code holds the person (R00): never a default.

/// What a code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// A danger code (R11, R16).
    Danger,
    /// A child in conflict with the law (R04, R16).
    ConflictWithLaw,
    /// Associated with armed forces or groups (R14, R16).
    ArmedForces,
    /// A child alone (R09).
    Alone,
    /// A child apart from parents (R10).
    Apart,
    /// A sign of detention (R03, R05).
    Detention,
    /// The person is an alleged perpetrator: never a verified guardian (R10b).
    AllegedPerpetrator,
    /// Deaf (R22b).
    Deaf,
    /// Blind (R22b).
    Blind,
    /// Speech impairment (R22b).
    Speech,
    /// Mental disability (R22b).
    Mental,
    /// Changes nothing.
    NoEffect,
}

/// One row: code (`*` for every code of a group), short description, meaning.
pub struct Row {
    /// `CR-CL`, or `SV-*`.
    pub code: &'static str,
    /// The code in words.
    pub label: &'static str,
    /// What it says.
    pub meaning: Meaning,
}

macro_rules! table {
    ($($code:literal $label:literal $meaning:ident),+ $(,)?) => {
        &[$(Row { code: $code, label: $label, meaning: Meaning::$meaning }),+]
    };
}

/// Specific-needs codes.
pub static NEEDS: &[Row] = table![
    "CR-AF" "child associated with armed forces or groups" ArmedForces,
    "CR-CC" "child carer" NoEffect,
    "CR-CL" "child in conflict with the law" ConflictWithLaw,
    "CR-CP" "child parent" Danger,
    "CR-CS" "child spouse" Danger,
    "CR-CU" "child in a danger group" Danger,
    "CR-LO" "child engaged in other forms of child labour" Danger,
    "CR-LW" "child engaged in the worst forms of child labour" Danger,
    "CR-NE" "child at risk of not attending school" NoEffect,
    "CR-SE" "child with special education needs" NoEffect,
    "CR-TP" "teenage pregnancy" Danger,
    "DS-BD" "visual impairment" Blind,
    "DS-DF" "hearing impairment" Deaf,
    "DS-MM" "mental disability, moderate" Mental,
    "DS-MS" "mental disability, severe" Mental,
    "DS-PM" "physical disability, moderate" NoEffect,
    "DS-PS" "physical disability, severe" NoEffect,
    "DS-SD" "speech impairment" Speech,
    "ER-*" "older person at risk" NoEffect,
    "FU-*" "family unity" NoEffect,
    "LP-AF" "formerly associated with armed forces or groups" Danger,
    "LP-AN" "in need of legal or physical protection: AN" Danger,
    "LP-AP" "alleged perpetrator" AllegedPerpetrator,
    "LP-BN" "basic needs unmet" NoEffect,
    "LP-CR" "criminal record" Danger,
    "LP-DA" "detained or held in the country of asylum" Detention,
    "LP-DO" "detained or held in the country of origin" Detention,
    "LP-DT" "detained or held elsewhere" Detention,
    "LP-IH" "in hiding" Danger,
    "LP-MD" "multiple displacement" NoEffect,
    "LP-MM" "mixed marriage" NoEffect,
    "LP-MS" "marginalised from society or community" NoEffect,
    "LP-NA" "no access to services" NoEffect,
    "LP-ND" "no legal documentation" NoEffect,
    "LP-RD" "at risk of deportation" Danger,
    "LP-RP" "at risk because of profile" Danger,
    "LP-RR" "at risk of refoulement" Danger,
    "LP-ST" "in need of legal or physical protection: ST" Danger,
    "LP-WP" "witness protection" Danger,
    "SC-CH" "child-headed household" Alone,
    "SC-FC" "child in foster care" Apart,
    "SC-IC" "child in institutional care" Apart,
    "SC-SC" "separated child" Apart,
    "SC-UC" "unaccompanied child" Alone,
    "SM-*" "serious medical condition" NoEffect,
    "SP-*" "single parent or caregiver" NoEffect,
    "SV-*" "survivor of sexual or gender-based violence" Danger,
    "TR-*" "torture" Danger,
    "WR-*" "woman at risk" Danger,
];

/// Protection concerns.
pub static CONCERNS: &[Row] = table![
    "arrested_detained" "arrested or detained" Detention,
    "caafag" "child associated with armed forces or groups" ArmedForces,
    "child_mother" "child mother" Danger,
    "gbv_survivor" "survivor of gender-based violence" Danger,
    "physically_or_mentally_abused" "physically or mentally abused" Danger,
    "sexually_exploited" "sexually exploited" Danger,
    "street_child" "child on the street" Danger,
    "trafficked_smuggled" "trafficked or smuggled" Danger,
    "worst_forms_of_child_labor" "worst forms of child labour" Danger,
];

/// Causes of a separation or of a change of care: (word, whether it is abuse).
pub static CAUSES: &[(&str, bool)] = &[
    ("abuse", true),
    ("abuse_exploitation", true),
    ("family_abuse_violence_exploitation", true),
    ("abandonment", false),
    ("conflict", false),
    ("death", false),
    ("death_of_caregiver", false),
    ("divorce_remarriage", false),
    ("education", false),
    ("entrusted_into_the_care_of_an_individual", false),
    ("ill_health_of_caregiver", false),
    ("migration", false),
    ("natural_disaster", false),
    ("population_movement", false),
    ("poverty", false),
    ("relationship_breakdown", false),
    ("repatriation", false),
    ("sickness_of_family_member", false),
];

/// `AA-BB` out of `[A-Z]{2}\s*[-_]\s*[A-Z]{2}` in any case; `None` for any other text.
#[must_use]
pub fn normalise(text: &str) -> Option<[u8; 5]> {
    let (head, tail) = text.trim().split_once(['-', '_'])?;
    let (head, tail) = (head.trim_end().as_bytes(), tail.trim_start().as_bytes());
    let letters = |part: &[u8]| part.len() == 2 && part.iter().all(u8::is_ascii_alphabetic);
    if !letters(head) || !letters(tail) {
        return None;
    }
    Some([head[0], head[1], b'-', tail[0], tail[1]].map(|b| b.to_ascii_uppercase()))
}

/// What a specific-needs code says; `None`: unknown.
#[must_use]
pub fn need(text: &str) -> Option<Meaning> {
    let code = normalise(text)?;
    NEEDS
        .iter()
        .find(|row| {
            let own = row.code.as_bytes();
            own[..3] == code[..3] && (own[3] == b'*' || own[3..] == code[3..])
        })
        .map(|row| row.meaning)
}

/// What a protection concern says; a needs code in the concerns column is read as one. `None`: unknown.
#[must_use]
pub fn concern(text: &str) -> Option<Meaning> {
    let word = text.trim();
    CONCERNS.iter().find(|row| row.code.eq_ignore_ascii_case(word)).map(|row| row.meaning).or_else(|| need(word))
}

/// Whether a concern can only be a child's.
#[must_use]
pub fn is_child_concern(text: &str) -> bool {
    const WORDS: [&str; 4] = ["caafag", "child_mother", "street_child", "worst_forms_of_child_labor"];
    let word = text.trim();
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
        || normalise(word).is_some_and(|code| matches!(&code[..2], b"CR" | b"SC"))
}

/// What a cause says. `None`: unknown.
#[must_use]
pub fn cause(text: &str) -> Option<Cause> {
    let word = text.trim();
    if let Some((_, abuse)) = CAUSES.iter().find(|(w, _)| w.eq_ignore_ascii_case(word)) {
        return Some(if *abuse { Cause::Abuse } else { Cause::Other });
    }
    concern(word).map(Cause::Code)
}

/// A cause of a separation or of a change of care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Abuse (R11).
    Abuse,
    /// Another known cause.
    Other,
    /// A code used as a cause.
    Code(Meaning),
}

/// Whether a label that came with a code is the label of that very code. A label table shifted by one row is a known
/// way of swapping people's statuses; a mismatch makes the code unknown.
#[must_use]
pub fn label_fits(code: &str, label: &str) -> bool {
    let Some(code) = normalise(code) else {
        return CONCERNS
            .iter()
            .any(|row| row.code.eq_ignore_ascii_case(code.trim()) && row.label.eq_ignore_ascii_case(label.trim()));
    };
    NEEDS.iter().any(|row| row.code.as_bytes() == code && row.label.eq_ignore_ascii_case(label.trim()))
}
