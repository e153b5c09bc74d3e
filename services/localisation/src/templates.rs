//! The structure of notices: Handlebars, without a single word. Words come in through a few helpers.
//!
//! | helper | text | HTML | letter | SSML |
//! |---|---|---|---|---|
//! | `t id` | the sentence, alone | | | |
//! | `h id` | a heading | `h2` | `heading` | – |
//! | `p id…` | a paragraph of sentences | `p` | `paragraph` | `p`, `s` |
//! | `slow id…` | as `p` | as `p` | as `p` | slowly |
//! | `step id` | `1. …` | `li` | `step` | – |
//! | `item text` | `- …` | `li` | `item` | – |
//! | `team id` | `[…]`, not read aloud | `aside` | `team` | – |
//! | `#list`, `#steps` | an empty line at the end | `ul`, `ol` | nothing | – |

use std::collections::{BTreeMap, BTreeSet};

use handlebars::template::{Parameter, Template, TemplateElement};
use handlebars::{
    BlockContext, Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderErrorReason,
    Renderable, StringOutput,
};

use crate::error::LoadError;
use crate::medium::{Medium, NUMBER, tidy};

/// Helpers that take ids of messages.
const SENTENCES: &[&str] = &["t", "h", "p", "slow", "step", "team"];
/// What a template may ask about. Every one is always given, so that a misspelt one is found at loading.
pub(crate) const FLAGS: &[&str] = &[
    "authorities",
    "call",
    "child",
    "detainee",
    "ended",
    "enquirer",
    "free",
    "guardian",
    "has_confirmed",
    "has_measures",
    "has_possible",
    "named",
    "offices",
    "partner",
    "private",
    "published",
    "released",
    "sought",
    "staff",
    "survivor",
];
/// What it may go through.
pub(crate) const LISTS: &[&str] = &["confirmed", "measures", "possible"];
/// What it may print as it is.
const VALUES: &[&str] = &["direction", "language"];
/// Titles, which the notice chooses.
const TITLE: &str = "title";

/// All templates, compiled once for each medium.
pub struct Templates {
    registries: BTreeMap<Medium, Handlebars<'static>>,
    uses: BTreeMap<String, Uses>,
}

/// What a template refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Uses {
    messages: BTreeSet<String>,
    partials: BTreeSet<String>,
    /// While walking: between `<` and `>`.
    in_tag: bool,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates").field("names", &self.uses.keys()).finish()
    }
}

impl Templates {
    /// Compiles templates: pairs of name (`initial/sms`) and source.
    ///
    /// # Errors
    /// A template does not compile, holds a word, prints unescaped, or names what is not there.
    pub fn compile(sources: &BTreeMap<String, String>) -> Result<Self, LoadError> {
        let mut uses = BTreeMap::new();
        for (name, source) in sources {
            let file = format!("templates/{name}.hbs");
            let wrong = |problem: String| LoadError::Template { file: file.clone(), problem };
            let template = Template::compile(source).map_err(|e| wrong(format!("does not compile: {}", e.reason())))?;
            let mut found = Uses::default();
            walk(&template, &mut found).map_err(wrong)?;
            if let Some(missing) = found.partials.iter().find(|p| !sources.contains_key(*p)) {
                return Err(wrong(format!("there is no template `{missing}`")));
            }
            uses.insert(name.clone(), found);
        }
        let mut registries = BTreeMap::new();
        for medium in Medium::ALL {
            let mut registry = Handlebars::new();
            registry.set_strict_mode(true);
            registry.register_escape_fn(move |text| medium.escape(text));
            for kind in SENTENCES.iter().chain(&["item"]) {
                registry.register_helper(kind, Box::new(Sentence { medium, kind }));
            }
            registry.register_helper("list", Box::new(Around { medium, tag: "ul" }));
            registry.register_helper("steps", Box::new(Around { medium, tag: "ol" }));
            for (name, source) in sources {
                registry.register_template_string(name, source).map_err(|e| LoadError::Template {
                    file: format!("templates/{name}.hbs"),
                    problem: format!("does not compile: {}", e.reason()),
                })?;
            }
            registries.insert(medium, registry);
        }
        Ok(Self { registries, uses })
    }

    /// Names of the templates.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.uses.keys().map(String::as_str)
    }

    /// Ids of all messages that a template and its partials can print.
    #[must_use]
    pub fn messages(&self, name: &str) -> BTreeSet<&str> {
        let (mut seen, mut todo, mut found) = (BTreeSet::new(), vec![name], BTreeSet::new());
        while let Some(name) = todo.pop() {
            if let Some(uses) = self.uses.get(name).filter(|_| seen.insert(name)) {
                found.extend(uses.messages.iter().map(String::as_str));
                todo.extend(uses.partials.iter().map(String::as_str));
            }
        }
        found
    }

    /// Renders a template over its data: `m` (messages by id), flags, lists, `title`, `language`, `direction`.
    ///
    /// # Errors
    /// Handlebars' own words, which name the template and the missing thing.
    pub fn render(&self, name: &str, medium: Medium, data: &serde_json::Value) -> Result<String, String> {
        let registry = self.registries.get(&medium).ok_or("no such medium")?;
        let text = registry.render(name, data).map_err(|e| match e.reason() {
            RenderErrorReason::Other(why) => why.clone(),
            reason => reason.to_string(),
        })?;
        Ok(tidy(medium, &text))
    }
}

/// Checks a template and notes what it refers to.
fn walk(template: &Template, found: &mut Uses) -> Result<(), String> {
    for element in &template.elements {
        match element {
            TemplateElement::RawString(raw) => {
                if outside_tags(raw, &mut found.in_tag).chars().any(char::is_alphabetic) {
                    return Err("words stand in Fluent files, not in templates".to_owned());
                }
            }
            TemplateElement::Comment(_) => {}
            TemplateElement::HtmlExpression(_) => {
                return Err("prints something unescaped".to_owned());
            }
            TemplateElement::PartialExpression(partial) => {
                let name = partial.name.as_name().ok_or("a partial chosen at run time")?;
                if !partial.params.is_empty() || !partial.hash.is_empty() {
                    return Err(format!("partial `{name}` takes no parameters"));
                }
                found.partials.insert(name.to_owned());
            }
            TemplateElement::Expression(helper) | TemplateElement::HelperBlock(helper) => {
                let name = helper.name.as_name().ok_or("a helper chosen at run time")?;
                walk_helper(name, &helper.params, found)?;
                for inner in [&helper.template, &helper.inverse].into_iter().flatten() {
                    walk(inner, found)?;
                }
            }
            _ => return Err("uses a part of Handlebars that notices do not need".to_owned()),
        }
    }
    Ok(())
}

fn walk_helper(name: &str, params: &[Parameter], found: &mut Uses) -> Result<(), String> {
    let named = |known: &[&str]| match params {
        [Parameter::Path(handlebars::Path::Relative((_, raw)))] if known.contains(&raw.as_str()) => Ok(()),
        _ => Err(format!("`{name}` asks about something that no notice has")),
    };
    match name {
        "if" | "unless" => named(FLAGS),
        "each" => named(LISTS),
        "item" => named(&["this"]),
        "list" | "steps" => Ok(()),
        _ if SENTENCES.contains(&name) => {
            for param in params {
                match param {
                    Parameter::Literal(serde_json::Value::String(id)) => {
                        found.messages.insert(id.clone());
                    }
                    Parameter::Path(handlebars::Path::Relative((_, raw))) if raw == TITLE => {}
                    _ => return Err(format!("`{name}` takes ids of messages")),
                }
            }
            if params.is_empty() { Err(format!("`{name}` says nothing")) } else { Ok(()) }
        }
        _ if VALUES.contains(&name) && params.is_empty() => Ok(()),
        _ => Err(format!("there is no helper or value `{name}`")),
    }
}

fn outside_tags(raw: &str, inside: &mut bool) -> String {
    raw.chars()
        .filter(|c| {
            match c {
                '<' => *inside = true,
                '>' => {
                    *inside = false;
                    return false;
                }
                _ => {}
            }
            !*inside
        })
        .collect()
}

/// A helper that prints sentences in the shape of its medium.
struct Sentence {
    medium: Medium,
    kind: &'static str,
}

impl HelperDef for Sentence {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let mut sentences = Vec::with_capacity(helper.params().len());
        for param in helper.params() {
            let text =
                param.value().as_str().ok_or_else(|| RenderErrorReason::Other("a parameter is not text".to_owned()))?;
            if self.kind == "item" {
                sentences.push(text.to_owned());
                continue;
            }
            let message = context.data().get("m").and_then(|m| m.get(text)).and_then(|m| m.as_str());
            match message {
                Some(message) => sentences.push(message.to_owned()),
                None => return Err(RenderErrorReason::Other(format!("{MISSING}{text}")).into()),
            }
        }
        out.write(&self.medium.block(self.kind, &sentences))?;
        Ok(())
    }
}

/// Begins the error for a message that could not be said; its id follows.
pub(crate) const MISSING: &str = "no words for ";

/// `#list` and `#steps`: a list in HTML, nothing elsewhere.
struct Around {
    medium: Medium,
    tag: &'static str,
}

impl HelperDef for Around {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let mut inside = StringOutput::new();
        if let Some(inner) = helper.template() {
            render.push_block(BlockContext::new());
            let done = inner.render(registry, context, render, &mut inside);
            render.pop_block();
            done?;
        }
        let inside = inside.into_string().map_err(|_| RenderErrorReason::Other("not text".to_owned()))?;
        if self.medium == Medium::Html {
            out.write(&format!("<{}>{inside}</{}>", self.tag, self.tag))?;
            return Ok(());
        }
        for (n, piece) in inside.split(NUMBER).enumerate() {
            if n > 0 {
                out.write(&n.to_string())?;
            }
            out.write(piece)?;
        }
        // an empty line, as after a paragraph
        if self.medium == Medium::Text {
            out.write("\n")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn compile(source: &str) -> Result<Templates, LoadError> {
        Templates::compile(&BTreeMap::from([("initial/sms".to_owned(), source.to_owned())]))
    }

    #[test]
    fn templates_hold_structure_only() {
        for (source, part) in [
            ("Hello {{t \"a\"}}", "words"),
            ("{{{t \"a\"}}}", "unescaped"),
            ("{{&language}}", "unescaped"),
            ("{{#if publishd}}{{t \"a\"}}{{/if}}", "no notice has"),
            ("{{#each things}}{{item this}}{{/each}}", "no notice has"),
            ("{{> gone}}", "gone"),
            ("{{> (lookup x)}}", "compile"),
            ("{{t name}}", "ids of messages"),
            ("{{person_name}}", "no helper or value"),
            ("{{t \"a\"", "compile"),
        ] {
            let error = compile(source).expect_err(source).to_string();
            assert!(error.contains("templates/initial/sms.hbs"), "{error}");
            assert!(error.contains(part) || part == "compile", "{source}: {error}");
        }
    }

    #[test]
    fn each_medium_escapes_for_itself() {
        let templates = compile("{{p \"a\"}}").unwrap();
        let data = json!({"m": {"a": "O'Brien \u{2068}<b> & \"x\"\u{2069}"}});
        let render = |medium| templates.render("initial/sms", medium, &data).unwrap();
        assert_eq!(render(Medium::Line), "O'Brien <b> & \"x\"");
        assert_eq!(render(Medium::Text), "O'Brien \u{2068}<b> & \"x\"\u{2069}");
        assert_eq!(render(Medium::Html), "<p>O&#39;Brien <bdi>&lt;b&gt; &amp; &quot;x&quot;</bdi></p>");
        assert_eq!(render(Medium::Ssml), "<p><s>O&#39;Brien &lt;b&gt; &amp; &quot;x&quot;</s></p>");
        let letter: serde_json::Value = serde_json::from_str(&render(Medium::Letter)).unwrap();
        assert_eq!(letter["text"], "O'Brien \u{2068}<b> & \"x\"\u{2069}");
    }

    #[test]
    fn a_message_without_words_is_an_error() {
        let templates = compile("{{t \"a\"}}").unwrap();
        let error = templates.render("initial/sms", Medium::Line, &json!({"m": {}})).unwrap_err();
        assert_eq!(error, "no words for a");
    }
}
