//! `tidings preview`: a notice in its words, as it would leave.

use domain::incident::IncidentFacts;
use domain::notice::Notice;
use jiff::civil::date;
use jiff::tz::Offset;
use localisation::{Request, Tag};
use registers::synth::{SynthOptions, incident, societies};
use serde_json::json;

use crate::answer::Answer;
use crate::app::library;
use crate::cli::PreviewArgs;
use crate::config::Config;
use crate::error::Failure;

/// Reference shown in previews; no message carries it.
const REFERENCE: &str = "PREVIEW";

/// Renders one notice with a synthetic Society, and synthetic facts unless a file is given.
///
/// # Errors
/// A combination that no rule produces; words that are missing; a file that is not facts.
pub fn run(config: &Config, args: &PreviewArgs) -> Result<Answer, Failure> {
    let library = library(config)?;
    let options = SynthOptions::new(1, 1, date(2026, 1, 15));
    let facts: IncidentFacts = match &args.facts {
        None => incident(&options),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
            toml::from_str(&text).map_err(|e| Failure::usage(format!("{}: {}", path.display(), e.message())))?
        }
    };
    let society = societies(&options).swap_remove(0);
    let tag: Tag = args.language.parse().map_err(|e| Failure::usage(format!("--language: {e}")))?;
    let notice = Notice {
        kind: args.notice,
        audience: args.audience,
        level: args.level,
        form: args.form.unwrap_or_else(|| args.channel.form()),
        channel: args.channel,
    };
    let midnight = facts.as_of.to_datetime(jiff::civil::Time::midnight());
    let as_of = Offset::UTC.to_timestamp(midnight).map_err(|e| Failure::usage(e.to_string()))?;
    let rendered = library
        .render(&Request {
            notice,
            also: &[],
            language: &tag,
            facts: &facts,
            society: &society,
            reference: REFERENCE,
            label: None,
            may_name_org: true,
            high_fraud: false,
            as_of: as_of.into(),
            drill: true,
        })
        .map_err(|refusal| Failure::refused(refusal.to_string()))?;
    if let Some(path) = &args.html {
        let html = rendered
            .parts
            .get("html")
            .ok_or_else(|| Failure::usage(format!("a notice for {} has no HTML", args.channel)))?;
        std::fs::write(path, html)?;
    }
    let mut text =
        format!("{} · {} · {} · {} · {}\n", args.notice, args.audience, rendered.language, args.channel, args.level);
    if let (Some(a), Some(b)) = (rendered.segments_code_point, rendered.segments_grapheme) {
        text.push_str(&format!("segments: {a} by code points, {b} by graphemes\n"));
    }
    for (part, words) in rendered.parts.iter().filter(|(part, _)| *part != "html" && *part != "letter") {
        text.push_str(&format!("\n── {part} ──\n{words}\n"));
    }
    let json = serde_json::to_value(&rendered)?;
    Ok(Answer::new(json!(json), text))
}
