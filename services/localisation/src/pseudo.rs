//! Pseudo-locales, made from English by this program: to see what was never translated, what runs over, what turns
//! round, and what breaks the GSM alphabet. `en-XA`: accents and 40 % more length. `ar-XB`: Arabic letters.
//! `en-XG`: every letter one that GSM-7 has and ASCII lacks, where there is one.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Resource};
use fluent_syntax::{parser, serializer};
use std::collections::BTreeMap;

use crate::Tag;
use crate::error::LoadError;
use crate::files::Folder;
use crate::library::SOURCE;

/// What becomes of a piece of text.
type Change = fn(&str) -> String;

/// Pseudo-locale and what becomes of a piece of text.
const PSEUDO: &[(&str, Change)] = &[("en-XA", accented), ("ar-XB", arabic), ("en-XG", gsm)];

/// Adds them beside the real languages. A folder of that name, if someone made one, wins.
pub(crate) fn add_to(folders: &mut BTreeMap<Tag, Folder>) -> Result<(), LoadError> {
    let wrong = |folder: &str| LoadError::Tag { folder: folder.to_owned() };
    let source = folders.get(&Tag::parse(SOURCE).map_err(|_| wrong(SOURCE))?).cloned().unwrap_or_default();
    for (name, change) in PSEUDO {
        let tag = Tag::parse(name).map_err(|_| wrong(name))?;
        if folders.contains_key(&tag) {
            continue;
        }
        let mut files = Vec::new();
        for (path, content) in &source.files {
            files.push((path.replacen(SOURCE, name, 1), rewrite(path, content, *change)?));
        }
        folders.insert(tag, Folder { files, pseudo: true, ..Folder::default() });
    }
    Ok(())
}

fn rewrite(path: &str, content: &str, change: Change) -> Result<String, LoadError> {
    let junk = |_| LoadError::Junk { file: path.to_owned(), near: String::new() };
    let mut resource: Resource<String> = parser::parse(content.to_owned()).map_err(junk)?;
    resource.body.retain(|entry| matches!(entry, Entry::Message(_)));
    for entry in &mut resource.body {
        if let Entry::Message(message) = entry {
            message.comment = None;
            if let Some(value) = &mut message.value {
                pattern(value, change);
            }
        }
    }
    Ok(serializer::serialize(&resource))
}

fn pattern(pattern_: &mut Pattern<String>, change: Change) {
    for element in &mut pattern_.elements {
        match element {
            PatternElement::TextElement { value } => *value = change(value),
            PatternElement::Placeable { expression: Expression::Select { variants, .. } } => {
                for variant in variants {
                    pattern(&mut variant.value, change);
                }
            }
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::Placeable { expression }),
            } => {
                if let Expression::Select { variants, .. } = expression.as_mut() {
                    for variant in variants {
                        pattern(&mut variant.value, change);
                    }
                }
            }
            PatternElement::Placeable { .. } => {}
        }
    }
}

fn map(text: &str, from: &str, to: &str) -> String {
    text.chars().map(|c| from.chars().position(|f| f == c).and_then(|at| to.chars().nth(at)).unwrap_or(c)).collect()
}

fn accented(text: &str) -> String {
    let mut long = String::with_capacity(text.len() * 2);
    for (n, c) in text.chars().enumerate() {
        long.push(c);
        // two vowels in five letters make some forty per cent
        if matches!(c, 'a' | 'e' | 'i' | 'o' | 'u') && n % 10 != 9 {
            long.push(c);
        }
    }
    map(&long, "aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")
}

fn arabic(text: &str) -> String {
    map(&text.to_lowercase(), "abcdefghijklmnopqrstuvwxyz", "ابثدعفغحيجكلمنوپقرستخڤشخيز")
}

fn gsm(text: &str) -> String {
    map(text, "aeiouncAEOUNCsLY", "àèìòùñÇÅÉÖÜÑÇß£¥")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_does_what_it_is_for() {
        let text = "Please call us on ";
        let long = accented(text);
        assert!(long.chars().count() >= text.chars().count() + 4 && !long.contains('a'));
        assert!(arabic(text).chars().all(|c| c == ' ' || ('\u{600}'..'\u{700}').contains(&c)));
        assert!(gsm("The quick brown fox, Longer: You").chars().all(|c| crate::sms::septets(c) == Some(1)));
        assert!(!gsm("aeiou").is_ascii());
    }

    #[test]
    fn variables_and_choices_are_left_alone() {
        let ftl = "a = Call { $hotline }\nb =\n    { $kind ->\n        [name] names\n       *[other] others\n    }\n";
        let text = rewrite("x", ftl, arabic).unwrap();
        assert!(text.contains("{ $hotline }") && text.contains("[name]") && !text.contains("names"), "{text}");
    }
}
