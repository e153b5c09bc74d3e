//! What the parts of notices are made of: how values are escaped, and what a heading, a step, a paragraph is.

use crate::text::{FSI, PDI};

/// Stands for the number of a step until its list is complete.
pub(crate) const NUMBER: char = '\u{E00F}';

/// What a part is made of; decides escaping and what becomes of Fluent's isolates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Medium {
    /// Text message: one line, no controls.
    Line,
    /// Plain text, isolates kept.
    Text,
    /// HTML, values in `bdi`.
    Html,
    /// Blocks of a letter or task sheet, one JSON object a line.
    Letter,
    /// SSML, values in `say-as`.
    Ssml,
}

impl Medium {
    pub(crate) const ALL: [Self; 5] = [Self::Line, Self::Text, Self::Html, Self::Letter, Self::Ssml];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Text => "text",
            Self::Html => "html",
            Self::Letter => "letter",
            Self::Ssml => "ssml",
        }
    }

    /// The medium of a part of a channel's notice.
    #[must_use]
    pub fn of(channel: &str, part: &str) -> Self {
        match part {
            "html" => Self::Html,
            "letter" => Self::Letter,
            "ssml" => Self::Ssml,
            "subject" => Self::Line,
            _ if channel == "sms" => Self::Line,
            _ => Self::Text,
        }
    }

    /// A value made safe to stand in this medium. Isolates and stand-ins pass.
    #[must_use]
    pub fn escape(self, text: &str) -> String {
        match self {
            Self::Line | Self::Text => text.to_owned(),
            Self::Html | Self::Ssml => {
                let mut out = String::with_capacity(text.len() + 8);
                for c in text.chars() {
                    match c {
                        '&' => out.push_str("&amp;"),
                        '<' => out.push_str("&lt;"),
                        '>' => out.push_str("&gt;"),
                        '"' => out.push_str("&quot;"),
                        '\'' => out.push_str("&#39;"),
                        c => out.push(c),
                    }
                }
                out
            }
            Self::Letter => {
                let quoted = serde_json::Value::from(text).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }

    /// An escaped sentence with Fluent's isolates turned into what the medium understands.
    fn sentence(self, text: &str) -> String {
        let text = self.escape(text);
        match self {
            Self::Line | Self::Ssml => crate::text::strip_isolates(&text),
            Self::Text | Self::Letter => text,
            Self::Html => text.replace(FSI, "<bdi>").replace(PDI, "</bdi>"),
        }
    }

    /// One block of a notice.
    pub(crate) fn block(self, kind: &str, sentences: &[String]) -> String {
        let joined = || sentences.iter().map(|s| self.sentence(s)).collect::<Vec<_>>().join(" ");
        match (self, kind) {
            (Self::Line, _) | (_, "t") => joined(),
            (Self::Text, "h") => format!("\n{}\n", joined()),
            (Self::Text, "step") => format!("{NUMBER}. {}", joined()),
            (Self::Text, "item") => format!("- {}", joined()),
            (Self::Text, "team") => format!("[{}]\n", joined()),
            (Self::Text, _) => format!("{}\n", joined()),
            (Self::Html, "h") => format!("<h2>{}</h2>", joined()),
            (Self::Html, "step" | "item") => format!("<li>{}</li>", joined()),
            (Self::Html, "team") => format!("<aside>{}</aside>", joined()),
            (Self::Html, _) => format!("<p>{}</p>", joined()),
            (Self::Letter, _) => {
                let name = match kind {
                    "h" => "heading",
                    "step" => "step",
                    "item" => "item",
                    "team" => "team",
                    _ => "paragraph",
                };
                let n = if kind == "step" { format!(",\"n\":{NUMBER}") } else { String::new() };
                format!("{{\"kind\":\"{name}\",\"text\":\"{}\"{n}}}", joined())
            }
            (Self::Ssml, _) => {
                let inside: String = sentences.iter().map(|s| format!("<s>{}</s>", self.sentence(s))).collect();
                match kind {
                    "slow" => format!("<p><prosody rate=\"slow\">{inside}</prosody></p><break time=\"1s\"/>"),
                    _ => format!("<p>{inside}</p>"),
                }
            }
        }
    }
}

/// Without the line breaks that are the template's own.
#[must_use]
pub(crate) fn tidy(medium: Medium, text: &str) -> String {
    match medium {
        Medium::Line => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Medium::Text | Medium::Html | Medium::Letter | Medium::Ssml => {
            let mut out = String::with_capacity(text.len());
            let mut blank = true;
            for line in text.lines().map(str::trim_end) {
                if line.is_empty() && (blank || medium != Medium::Text) {
                    continue;
                }
                blank = line.is_empty();
                out.push_str(line);
                out.push('\n');
            }
            out.truncate(out.trim_end().len());
            out
        }
    }
}
