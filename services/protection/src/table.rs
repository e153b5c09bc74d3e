//! The policy as a table for people.

use domain::decision::RuleId;
use serde::Serialize;

use crate::effect::Count;
use crate::rules::RULES;

/// One row of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleRow {
    /// Id.
    pub id: RuleId,
    /// When it fires.
    pub when: &'static str,
    /// What it closes or lowers.
    pub effect: &'static str,
    /// Reasons, those that only explain in brackets.
    pub reason: String,
    /// Marked ⚑.
    pub flag: bool,
    /// Hazards that it closes.
    pub hazards: Vec<String>,
}

/// Every rule, in the order of the page.
#[must_use]
pub fn policy_table() -> Vec<RuleRow> {
    let reason = |rule: &crate::effect::Rule| {
        let mut reasons: Vec<String> = Vec::new();
        for (reason, count) in rule.parts.iter().filter_map(|p| p.reason) {
            let text = match count {
                Count::Always => reason.to_string(),
                Count::IfRemoteLost => format!("[{reason}]"),
            };
            if !reasons.contains(&text) {
                reasons.push(text);
            }
        }
        reasons.join(", ")
    };
    RULES
        .iter()
        .map(|rule| RuleRow {
            id: rule.id,
            when: rule.when,
            effect: rule.effect,
            reason: reason(rule),
            flag: rule.flag,
            hazards: rule.hazards.iter().map(|h| format!("H{h}")).collect(),
        })
        .collect()
}
