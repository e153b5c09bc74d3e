//! Specific-needs codes, concerns and causes: what each one means to the rules.
//!
//! The tables are data, to be signed as configuration by a data-protection officer. A code that they do not hold is
//! unknown, and an unknown code holds the person (R00): never a default.

use domain::record::Record;

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

/// Causes of a separation or of a change of care: (word, whether it is abuse). «Arrest and detention» and «other» are
/// left out on purpose: whose, and which, is for a person to say.
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
    ("lack_of_access_to_services_support", false),
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

/// The fields of a record with a code that nobody knows: it is held (R00).
pub fn unknown_in(record: &Record) -> impl Iterator<Item = &'static str> {
    let needs = record.needs_codes.iter().flatten().any(|code| need(code).is_none());
    let concerns = record.concerns.iter().flatten().any(|code| concern(code).is_none());
    let causes = [
        ("separation_cause", record.separation_cause.as_deref()),
        ("care_change_cause", record.care_change_cause.as_deref()),
    ];
    let causes = causes.into_iter().filter(|(_, code)| code.is_some_and(|code| cause(code).is_none()));
    let lists = [("needs_codes", needs), ("concerns", concerns)].into_iter().filter(|(_, unknown)| *unknown);
    lists.map(|(field, _)| field).chain(causes.map(|(field, _)| field))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The page's lists, written down a second time: a table shifted by one row would swap people's statuses.
    const PAGE: &[(Meaning, &str)] = &[
        (
            Meaning::Danger,
            "SV-AA SV-VA SV-ZZ TR-PI TR-HO WR-SF LP-AN LP-IH LP-WP LP-RP LP-RR LP-RD LP-AF LP-ST LP-CR CR-CU CR-CS CR-CP CR-TP CR-LW CR-LO",
        ),
        (Meaning::AllegedPerpetrator, "LP-AP"),
        (Meaning::Deaf, "DS-DF"),
        (Meaning::Blind, "DS-BD"),
        (Meaning::Speech, "DS-SD"),
        (Meaning::Mental, "DS-MM DS-MS"),
        (
            Meaning::NoEffect,
            "CR-CC CR-NE CR-SE DS-PM DS-PS SM-CC SM-AA ER-NF SP-PT FU-TR LP-ND LP-BN LP-NA LP-MM LP-MD LP-MS",
        ),
        (Meaning::Detention, "LP-DA LP-DO LP-DT"),
        (Meaning::ConflictWithLaw, "CR-CL"),
        (Meaning::ArmedForces, "CR-AF"),
        (Meaning::Alone, "SC-UC SC-CH"),
        (Meaning::Apart, "SC-SC SC-FC SC-IC"),
    ];

    #[test]
    fn every_pair_of_letters_means_what_the_page_says() {
        let letters = || b'A'..=b'Z';
        let mut known = 0;
        for (a, b) in letters().flat_map(|a| letters().map(move |b| (a, b))) {
            for (c, d) in letters().flat_map(|c| letters().map(move |d| (c, d))) {
                let code = String::from_utf8(vec![a, b, b'-', c, d]).expect("ASCII");
                let group = &code[..2];
                let expected = match group {
                    "SV" | "TR" | "WR" => Some(Meaning::Danger),
                    "SM" | "ER" | "SP" | "FU" => Some(Meaning::NoEffect),
                    _ => PAGE.iter().find(|(_, codes)| codes.split(' ').any(|c| c == code)).map(|(m, _)| *m),
                };
                assert_eq!(need(&code), expected, "{code}");
                known += usize::from(expected.is_some());
            }
        }
        let listed = PAGE
            .iter()
            .flat_map(|(_, codes)| codes.split(' '))
            .filter(|c| !matches!(&c[..2], "SV" | "TR" | "WR" | "SM" | "ER" | "SP" | "FU"));
        assert_eq!(known, 7 * 26 * 26 + listed.count());
    }

    #[test]
    fn concerns_mean_what_the_page_says() {
        for danger in "gbv_survivor sexually_exploited trafficked_smuggled physically_or_mentally_abused worst_forms_of_child_labor child_mother street_child".split(' ') {
            assert_eq!(concern(danger), Some(Meaning::Danger), "{danger}");
        }
        assert_eq!(concern("caafag"), Some(Meaning::ArmedForces));
        assert_eq!(concern("Arrested_Detained "), Some(Meaning::Detention));
        assert_eq!(CONCERNS.len(), 9);
        for unknown in ["", "refugee", "other", "gbv survivor"] {
            assert_eq!(concern(unknown), None);
        }
    }

    #[test]
    fn spellings_of_a_code() {
        for text in ["CR-CL", "cr_cl", " CR -  CL ", "Cr\t_cL"] {
            assert_eq!(normalise(text), Some(*b"CR-CL"), "{text:?}");
        }
        for text in ["CRCL", "CR CL", "CR-C", "CR-CLL", "C1-CL", "CR--CL", "ÇR-CL", "-", ""] {
            assert_eq!(normalise(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_label_belongs_to_one_code_only() {
        for row in NEEDS.iter().chain(CONCERNS).filter(|row| !row.code.ends_with('*')) {
            assert!(label_fits(row.code, row.label));
            for other in
                NEEDS.iter().chain(CONCERNS).filter(|other| other.code != row.code && !other.code.ends_with('*'))
            {
                assert!(!label_fits(row.code, other.label) || row.label == other.label, "{} {}", row.code, other.label);
            }
        }
        assert!(!label_fits("CR-CL", "child carer"), "shifted by one row");
        assert!(!label_fits("XX-XX", "child carer"));
    }

    #[test]
    fn tables_hold_each_word_once() {
        let words = || NEEDS.iter().chain(CONCERNS).map(|r| r.code).chain(CAUSES.iter().map(|c| c.0));
        for word in words() {
            assert_eq!(words().filter(|w| *w == word).count(), 1, "{word}");
        }
    }
}
