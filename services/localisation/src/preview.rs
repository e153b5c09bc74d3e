//! Notices to look at: on a terminal, as HTML, and all of them on one page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::notice::Notice;
use domain::{Audience, Level};

use crate::approvals::Unit;
use crate::library::Library;
use crate::medium::Medium;
use crate::text::{FSI, PDI};
use crate::unit::unit_of;
use crate::{Refusal, Rendered, Tag, audience, sample};

/// The part that a program reads and nobody else.
const LETTER: &str = "letter";
/// What a person is shown of it.
const DATA: &str = "(the same words as data, for --pdf; --json shows it)";

/// A notice for a terminal: what it is, then each part.
#[must_use]
pub fn terminal(rendered: &Rendered) -> String {
    let mut out = format!("{} {} · {}", rendered.language, rendered.direction, rendered.approval.state);
    if let (Some(encoding), Some(points), Some(graphemes)) =
        (rendered.encoding, rendered.segments_code_point, rendered.segments_grapheme)
    {
        let _ = write!(out, " · {}, {points} segments ({graphemes} by grapheme)", encoding.as_str());
    }
    for (name, text) in &rendered.parts {
        let text = if name == LETTER { DATA } else { text };
        let _ = write!(out, "\n\n── {name}\n{text}");
    }
    out.push('\n');
    out
}

/// A notice as a page of its own: the HTML part as it is, where there is one, and every other part as text.
#[must_use]
pub fn html(rendered: &Rendered) -> String {
    let mut out = page_open("Preview");
    let _ = write!(out, "<section lang=\"{}\" dir=\"{}\">", rendered.language, rendered.direction);
    out.push_str(&body(rendered, true));
    out.push_str("</section></body></html>\n");
    out
}

/// Every notice in every language on one page, for reviewers; the same words are shown once.
///
/// # Errors
/// A notice does not render.
pub fn gallery(library: &Library) -> Result<String, Refusal> {
    let tags: Vec<Tag> = library.tags().cloned().collect();
    gallery_of(library, &tags)
}

/// The same for some languages.
///
/// # Errors
/// A notice does not render.
pub fn gallery_of(library: &Library, tags: &[Tag]) -> Result<String, Refusal> {
    let mut out = page_open("Notices");
    out.push_str("<nav>");
    for tag in tags {
        let _ = write!(out, "<a href=\"#{tag}\">{tag}</a> ");
    }
    out.push_str("</nav>");
    for tag in tags {
        let name = library.autonym(tag).unwrap_or_default();
        let _ = write!(out, "<h1 id=\"{tag}\">{tag} <bdi lang=\"{tag}\">{}</bdi></h1>", Medium::Html.escape(&name));
        for (unit, shown) in by_unit(library, tag)? {
            let _ = write!(out, "<h2>{unit}</h2><div class=\"row\">");
            for (rendered, audiences) in shown {
                let names: Vec<&str> = audiences.iter().map(|a| a.as_str()).collect();
                let _ = write!(
                    out,
                    "<figure><figcaption>{} <i>{}</i></figcaption><section lang=\"{tag}\" dir=\"{}\">{}</section></figure>",
                    names.join(", "),
                    rendered.approval.state,
                    rendered.direction,
                    body(&rendered, false)
                );
            }
            out.push_str("</div>");
        }
    }
    out.push_str("</body></html>\n");
    Ok(out)
}

/// Notices of a unit in their different words, each with the audiences that get them.
type Shown = Vec<(Rendered, Vec<Audience>)>;

fn by_unit(library: &Library, tag: &Tag) -> Result<BTreeMap<Unit, Shown>, Refusal> {
    let society = sample::society().map_err(|_| Refusal::NoHotline)?;
    let facts = sample::facts();
    let mut found: BTreeMap<Unit, Shown> = BTreeMap::new();
    for notice in audience::all_producible() {
        if library.approval(&notice, tag).is_none() {
            continue;
        }
        let rendered = library.preview(&sample::request(notice, tag, &facts, &society))?;
        let shown = found.entry(unit_of(&notice)).or_default();
        match shown.iter_mut().find(|(known, _)| known.digest == rendered.digest) {
            Some((_, audiences)) if audiences.contains(&notice.audience) => {}
            Some((_, audiences)) => audiences.push(notice.audience),
            None => shown.push((rendered, vec![notice.audience])),
        }
    }
    Ok(found)
}

/// The parts of a notice inside a page. All parts, or only the one that says most.
fn body(rendered: &Rendered, all: bool) -> String {
    let mut out = String::new();
    if let Some(count) = rendered.segments_code_point.max(rendered.segments_grapheme) {
        let encoding = rendered.encoding.map_or("", crate::Encoding::as_str);
        let _ = write!(out, "<small dir=\"ltr\">{encoding}, {count} segments</small>");
    }
    for (name, text) in &rendered.parts {
        let shown = match name.as_str() {
            "html" => inside_main(text).to_owned(),
            _ if !all && rendered.parts.contains_key("html") && name != "subject" => continue,
            LETTER if all => format!("<p lang=\"en\" dir=\"ltr\">{DATA}</p>"),
            "ssml" if all => format!("<pre dir=\"ltr\">{}</pre>", plain(text)),
            LETTER | "ssml" => continue,
            _ => format!("<pre>{}</pre>", plain(text)),
        };
        let _ = write!(out, "<small dir=\"ltr\">{name}</small>{shown}");
    }
    out
}

/// Text inside a page, isolates as the browser understands them.
fn plain(text: &str) -> String {
    Medium::Html.escape(text).replace(FSI, "<bdi>").replace(PDI, "</bdi>")
}

fn inside_main(html: &str) -> &str {
    let Some((_, rest)) = html.split_once("<main") else {
        return html;
    };
    let Some((_, rest)) = rest.split_once('>') else {
        return html;
    };
    rest.split_once("</main>").map_or(rest, |(inside, _)| inside)
}

fn page_open(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>\
         body {{ font: 16px/1.5 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans Ethiopic', 'Noto Sans Bengali', 'Noto Sans Myanmar', sans-serif; margin: 2em; color: #111 }}\
         h1 {{ border-top: 3px solid #111; padding-top: .5em }} section h2 {{ font-size: 1.05em; margin: 1em 0 .3em }}\
         .row {{ display: flex; flex-wrap: wrap; gap: 1em; align-items: flex-start }}\
         figure {{ margin: 0; padding: 1em; border: 1px solid #bbb; border-radius: .5em; width: 26em; max-height: 40em; overflow: auto }}\
         figcaption {{ color: #555; font-size: .85em; border-bottom: 1px solid #ddd; margin-bottom: .5em }}\
         pre {{ white-space: pre-wrap; font: inherit; margin: 0 }} aside {{ background: #f3f0e4; padding: .3em .6em; margin: .3em 0; font-size: .9em }}\
         small {{ display: block; color: #777; margin-top: .6em }}\
         @media print {{ figure {{ max-height: none; overflow: visible }} }}\
         </style></head><body>"
    )
}

/// The notice that `tidings preview` is asked for, in the form that the channel has.
#[must_use]
pub fn notice(kind: domain::NoticeKind, audience: Audience, channel: domain::Channel, level: Level) -> Notice {
    Notice { kind, audience, level, form: channel.form(), channel }
}
