//! Numbering plans with their patterns compiled, for numbers in international form: nearly every number of a register.
//!
//! The library keeps its patterns in one map by their text, behind one lock, and asks it a dozen times for each number.
//! Here each calling code has its patterns in one set, read in one go. What this does not decide, the library does.

use std::sync::OnceLock;

use phonenumber::Metadata;
use phonenumber::country;
use phonenumber::metadata::{DATABASE, Descriptor};
use regex::{Regex, RegexSet};

/// What a number is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Somebody can be reached there.
    Reach,
    /// Who calls or writes pays more.
    Premium,
    /// No number, or one behind which nobody is.
    None,
}

/// The numbers of one country, or of none.
struct Plan {
    country: Option<&'static str>,
    /// Digits that tell the country from others with its calling code.
    lead: Option<Regex>,
    /// What is dialled before a number inside the country: numbers that begin with it are left to the library.
    prefix: Option<&'static str>,
    prefix_pattern: Option<Regex>,
    /// One pattern a kind of number, in the order of [`kinds`], behind the one that all match.
    patterns: RegexSet,
    kinds: Vec<Kind>,
}

struct Kind {
    means: Use,
    /// Lengths of its numbers; empty: any.
    lengths: &'static [u16],
}

/// Longest calling code.
const CODE_DIGITS: usize = 3;

/// Plans by calling code, made when the first number with it comes; `None`: no such code.
static PLANS: [OnceLock<Option<Vec<Plan>>>; 1000] = [const { OnceLock::new() }; 1000];

/// What an international number (its digits, without the plus sign) is good for, and its country; `None` where the
/// library has to say.
pub(super) fn read(digits: &str) -> Option<(Use, Option<&'static str>)> {
    if digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    for length in 1..=CODE_DIGITS.min(digits.len()) {
        let (code, national) = digits.split_at(length);
        if let Some(plans) = plans_of(code.parse().ok()?) {
            return of_code(plans, national);
        }
    }
    None
}

fn of_code(plans: &[Plan], national: &str) -> Option<(Use, Option<&'static str>)> {
    // Leading zeros count in some countries only, and one digit is no number anywhere.
    if national.starts_with('0') || national.len() < 3 {
        return None;
    }
    let (plan, known) = match plans {
        [only] => (only, None),
        several => plan_of(several, national)?,
    };
    let prefixed = plan.prefix.is_some_and(|prefix| national.starts_with(prefix))
        || plan.prefix_pattern.as_ref().is_some_and(|pattern| pattern.is_match(national));
    if prefixed {
        return None;
    }
    Some((known.unwrap_or_else(|| plan.kind(national)), plan.country))
}

/// The plan of a number whose calling code several countries share: by its first digits, or the first in which it is a
/// number at all; with what it is there, where that was asked.
fn plan_of<'p>(plans: &'p [Plan], national: &str) -> Option<(&'p Plan, Option<Use>)> {
    plans.iter().find_map(|plan| match &plan.lead {
        Some(lead) => lead.is_match(national).then_some((plan, None)),
        None => plan.valid(national).map(|found| (plan, Some(found))),
    })
}

/// Plans of a calling code; empty where the library has to say.
fn plans_of(code: u16) -> Option<&'static [Plan]> {
    let made = PLANS.get(usize::from(code))?.get_or_init(|| {
        let all: Option<Vec<Plan>> = DATABASE.by_code(&code)?.into_iter().map(Plan::new).collect();
        Some(all.unwrap_or_default())
    });
    made.as_deref()
}

/// A pattern that has to begin where the number does. The library's patterns may end before it.
fn anchored(pattern: &str) -> String {
    format!("^(?x:{pattern}\n)")
}

/// Kinds of numbers in the order in which they are asked for: the first that fits is what a number is.
fn kinds(meta: &'static Metadata) -> impl Iterator<Item = (Use, &'static Descriptor)> {
    let all = meta.descriptors();
    [
        (Use::Premium, all.premium_rate()),
        (Use::Reach, all.toll_free()),
        (Use::Premium, all.shared_cost()),
        (Use::Reach, all.voip()),
        (Use::Reach, all.personal_number()),
        (Use::None, all.pager()),
        (Use::Reach, all.uan()),
        (Use::None, all.voicemail()),
        (Use::Reach, all.fixed_line()),
        (Use::Reach, all.mobile()),
    ]
    .into_iter()
    .filter_map(|(means, kind)| Some((means, kind?)))
}

impl Plan {
    /// `None` for a country that the library cannot name, and for patterns that do not compile.
    fn new(meta: &'static Metadata) -> Option<Self> {
        let country = if meta.id() == "001" { None } else { Some(meta.id()) };
        if country.is_some_and(|id| id.parse::<country::Id>().is_err()) {
            return None;
        }
        let compiled = |pattern: Option<&str>| pattern.map(|text| Regex::new(&anchored(text))).transpose().ok();
        let general = (Use::None, meta.descriptors().general());
        let all: Vec<_> = std::iter::once(general).chain(kinds(meta)).collect();
        Some(Self {
            country,
            lead: compiled(meta.leading_digits().map(|p| p.as_str()))?,
            prefix: meta.national_prefix(),
            prefix_pattern: compiled(meta.national_prefix_for_parsing().map(|p| p.as_str()))?,
            patterns: RegexSet::new(all.iter().map(|(_, d)| anchored(d.national_number().as_str()))).ok()?,
            kinds: all.iter().map(|(means, d)| Kind { means: *means, lengths: d.possible_length() }).collect(),
        })
    }

    fn kind(&self, national: &str) -> Use {
        self.valid(national).unwrap_or(Use::None)
    }

    /// What a number is; `None` where it is none of this country.
    fn valid(&self, national: &str) -> Option<Use> {
        let found = self.patterns.matches(national);
        let fits = |at: usize| {
            let lengths = self.kinds[at].lengths;
            found.matched(at) && (lengths.is_empty() || lengths.iter().any(|n| usize::from(*n) == national.len()))
        };
        if !fits(0) {
            return None;
        }
        (1..self.kinds.len()).find(|at| fits(*at)).map(|at| self.kinds[at].means)
    }
}
