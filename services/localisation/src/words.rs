//! The words of one language: Fluent files, read strictly. Anything odd refuses the whole language.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource, VariantKey};
use fluent_syntax::{parser, serializer};
use sha2::{Digest, Sha256};

use crate::Tag;
use crate::error::{LoadError, Refusal};

/// What is known about one message without formatting it.
#[derive(Debug, Clone)]
pub struct MessageInfo {
    /// File it stands in, e.g. `shared.ftl`.
    pub file: String,
    /// Variables that it reads.
    pub variables: BTreeSet<String>,
    /// Variables that it selects on, with the words that it knows.
    pub choices: BTreeMap<String, BTreeSet<String>>,
    /// Its text elements, in order, without what stands in braces.
    pub texts: Vec<String>,
    /// The message as a translator sees it, in normal form, without comments.
    pub source: String,
    /// SHA-256 of `source`.
    pub digest: [u8; 32],
}

/// All words of one language.
pub struct Words {
    tag: Tag,
    bundle: FluentBundle<FluentResource>,
    messages: BTreeMap<String, MessageInfo>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("tag", &self.tag).field("messages", &self.messages.len()).finish()
    }
}

/// Arguments of a notice, all of them text: a number would meet Fluent's own plural rules, which are wrong for Arabic.
pub type Args = BTreeMap<&'static str, String>;

impl Words {
    /// Reads the files of a language: pairs of path and content.
    ///
    /// # Errors
    /// Junk, an id twice, an attribute, term, number or message reference (none of them is used here).
    pub fn read(tag: Tag, files: &[(String, String)]) -> Result<Self, LoadError> {
        let id = tag.as_str().parse().map_err(|_| LoadError::Tag { folder: tag.as_str().to_owned() })?;
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(true);
        crate::plural::add_to(&mut bundle, &tag);
        let mut messages = BTreeMap::new();
        for (path, content) in files {
            for (id, info) in read_file(path, content)? {
                if messages.insert(id.clone(), info).is_some() {
                    return Err(LoadError::Duplicate { file: path.clone(), id });
                }
            }
            let resource = FluentResource::try_new(content.clone())
                .map_err(|_| LoadError::Junk { file: path.clone(), near: String::new() })?;
            bundle
                .add_resource(resource)
                .map_err(|_| LoadError::Duplicate { file: path.clone(), id: "(unknown)".to_owned() })?;
        }
        Ok(Self { tag, bundle, messages })
    }

    /// Language.
    #[must_use]
    pub const fn tag(&self) -> &Tag {
        &self.tag
    }

    /// Messages by id.
    #[must_use]
    pub const fn messages(&self) -> &BTreeMap<String, MessageInfo> {
        &self.messages
    }

    /// One message in words. Every value is wrapped in FSI … PDI; the channel decides what becomes of these.
    ///
    /// # Errors
    /// The id is unknown, an argument is missing, a choice has no such word, or Fluent reports anything at all.
    pub fn format(&self, id: &str, args: &Args) -> Result<String, Refusal> {
        let info = self.messages.get(id).ok_or_else(|| self.refusal(id, "no such message"))?;
        for variable in &info.variables {
            let value = args.get(variable.as_str()).ok_or_else(|| Refusal::MissingArgument {
                file: info.file.clone(),
                id: id.to_owned(),
                variable: variable.clone(),
            })?;
            if info.choices.get(variable).is_some_and(|known| !known.contains(value)) {
                return Err(Refusal::UnknownChoice {
                    file: info.file.clone(),
                    id: id.to_owned(),
                    variable: variable.clone(),
                });
            }
        }
        let pattern = self
            .bundle
            .get_message(id)
            .and_then(|message| message.value())
            .ok_or_else(|| self.refusal(id, "no such message"))?;
        let fluent: FluentArgs<'_> = info
            .variables
            .iter()
            .filter_map(|name| Some((name.as_str(), FluentValue::from(args.get(name.as_str())?.as_str()))))
            .collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&fluent), &mut errors);
        match errors.is_empty() {
            true => Ok(text.into_owned()),
            false => Err(self.refusal(id, "Fluent reports an error")),
        }
    }

    fn refusal(&self, id: &str, problem: &'static str) -> Refusal {
        let file = self.messages.get(id).map_or_else(|| format!("locales/{}", self.tag), |info| info.file.clone());
        Refusal::Fluent { file, id: id.to_owned(), problem }
    }
}

/// The messages of one file.
fn read_file(path: &str, content: &str) -> Result<Vec<(String, MessageInfo)>, LoadError> {
    let resource = parser::parse(content.to_owned()).map_err(|(_, errors)| LoadError::Junk {
        file: path.to_owned(),
        near: errors.first().map(|e| format!("line {}", line_of(content, e.pos.start))).unwrap_or_default(),
    })?;
    let mut found = Vec::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => found.push(read_message(path, message)?),
            Entry::Term(term) => {
                return Err(LoadError::Unsupported {
                    file: path.to_owned(),
                    id: format!("-{}", term.id.name),
                    what: "a term",
                });
            }
            Entry::Junk { .. } => {
                return Err(LoadError::Junk { file: path.to_owned(), near: String::new() });
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    Ok(found)
}

fn line_of(content: &str, at: usize) -> usize {
    content.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

fn read_message(path: &str, mut message: Message<String>) -> Result<(String, MessageInfo), LoadError> {
    let id = message.id.name.clone();
    let wrong = |what| LoadError::Unsupported { file: path.to_owned(), id: id.clone(), what };
    if !message.attributes.is_empty() {
        return Err(wrong("an attribute"));
    }
    let mut reading = Reading::default();
    match &message.value {
        Some(pattern) => reading.pattern(pattern).map_err(wrong)?,
        None => return Err(wrong("an empty message")),
    }
    message.comment = None;
    let source = serializer::serialize(&Resource { body: vec![Entry::Message(message)] });
    let digest = Sha256::digest(source.as_bytes()).into();
    let Reading { variables, choices, texts } = reading;
    Ok((id, MessageInfo { file: path.to_owned(), variables, choices, texts, source, digest }))
}

/// What a walk over one message collects.
#[derive(Default)]
struct Reading {
    variables: BTreeSet<String>,
    choices: BTreeMap<String, BTreeSet<String>>,
    texts: Vec<String>,
}

impl Reading {
    fn pattern(&mut self, pattern: &Pattern<String>) -> Result<(), &'static str> {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.texts.push(value.clone()),
                PatternElement::Placeable { expression } => self.expression(expression)?,
            }
        }
        Ok(())
    }

    fn expression(&mut self, expression: &Expression<String>) -> Result<(), &'static str> {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                let mut keys = BTreeSet::new();
                for variant in variants {
                    match &variant.key {
                        VariantKey::Identifier { name } => keys.insert(name.clone()),
                        VariantKey::NumberLiteral { .. } => return Err("a number as a choice"),
                    };
                    self.pattern(&variant.value)?;
                }
                match selector {
                    InlineExpression::VariableReference { id } => {
                        self.variables.insert(id.name.clone());
                        self.choices.entry(id.name.clone()).or_default().extend(keys);
                        Ok(())
                    }
                    InlineExpression::FunctionReference { id, arguments }
                        if id.name == crate::plural::FUNCTION && arguments.named.is_empty() =>
                    {
                        arguments.positional.iter().try_for_each(|argument| self.inline(argument))
                    }
                    _ => Err("a choice on something other than a variable or PLURAL()"),
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<String>) -> Result<(), &'static str> {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.clone());
                Ok(())
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } => Err("a string in braces"),
            InlineExpression::NumberLiteral { .. } => Err("a number in braces"),
            InlineExpression::FunctionReference { .. } => Err("a function outside a choice"),
            InlineExpression::MessageReference { .. } => Err("a reference to another message"),
            InlineExpression::TermReference { .. } => Err("a reference to a term"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> Result<Words, LoadError> {
        Words::read(Tag::parse("en").unwrap(), &[("locales/en/x.ftl".to_owned(), content.to_owned())])
    }

    #[test]
    fn odd_files_do_not_load_and_the_error_names_file_and_id() {
        for (content, part) in [
            ("a = A\na = B\n", "a"),
            ("a = A\nnonsense here\n", "line 2"),
            ("a = A {\n", "line"),
            ("a =\n    .title = T\n", "attribute"),
            ("-org = X\n", "-org"),
            ("a = { \"x\" }\n", "string"),
            ("a = { b }\nb = B\n", "reference"),
            ("a = { $n ->\n  [1] one\n *[other] many\n }\n", "number"),
            ("a = { NUMBER($n) }\n", "function"),
        ] {
            let error = read(content).expect_err(content).to_string();
            assert!(error.contains("locales/en/x.ftl") && error.contains(part), "{error}");
        }
        let twice = [("a.ftl".to_owned(), "x = X\n".to_owned()), ("b.ftl".to_owned(), "x = Y\n".to_owned())];
        let error = Words::read(Tag::parse("en").unwrap(), &twice).expect_err("twice");
        assert_eq!(error, LoadError::Duplicate { file: "b.ftl".to_owned(), id: "x".to_owned() });
    }

    #[test]
    fn missing_arguments_and_unknown_choices_refuse() {
        let words = read("a = Call { $number }.\nb = { $kind ->\n  [x] ex\n *[other] other\n }\n").unwrap();
        assert!(matches!(words.format("a", &Args::new()), Err(Refusal::MissingArgument { .. })));
        assert!(matches!(words.format("zz", &Args::new()), Err(Refusal::Fluent { .. })));
        let kind = |value: &str| Args::from([("kind", value.to_owned())]);
        assert_eq!(words.format("b", &kind("x")), Ok("ex".to_owned()));
        assert!(matches!(words.format("b", &kind("y")), Err(Refusal::UnknownChoice { .. })));
    }

    #[test]
    fn arguments_are_data_and_isolated() {
        let words = read("a = Call { $number }.\n").unwrap();
        let args = Args::from([("number", "{ $x } { -org }".to_owned())]);
        assert_eq!(words.format("a", &args), Ok("Call \u{2068}{ $x } { -org }\u{2069}.".to_owned()));
    }
}
