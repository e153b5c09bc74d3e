//! Which language a person is spoken to in: their own, in their order; then a curated table; then nobody guesses.
//!
//! The unit is the whole notice. English is no last resort: a person none of whose languages has words goes to a
//! human (hold `language`). The table is short on purpose: two languages that a library calls close may belong to
//! two sides of a war.

use domain::Channel;
use domain::notice::Notice;
use domain::record::{LanguageMode, LanguageWish};
use icu_locale::LocaleExpander;

use crate::Tag;

/// The language that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Language of the words.
    pub language: Tag,
    /// Position of the person's language that led to it.
    pub wish: usize,
    /// The words are in another variety than the person's own; shown to operators.
    pub fallback: bool,
}

/// Arabic varieties whose speakers read the standard language. Their voice must be matched.
const ARABIC: &[&str] = &[
    "abv", "acm", "acq", "acw", "acx", "acy", "adf", "aeb", "aec", "afb", "ajp", "apc", "apd", "arq", "ars", "ary",
    "arz", "auz", "avl", "ayh", "ayl", "ayn", "ayp", "pga", "shu", "ssh",
];

/// Pairs that no chain may contain, whatever a distance table says; kept for tests and for the lint.
pub const NEVER: &[(&str, &str)] = &[
    ("fa-AF", "ps"),
    ("fa-AF", "ar"),
    ("fa", "ar"),
    ("ps", "ur"),
    ("ps", "fa"),
    ("ps", "fa-AF"),
    ("ps", "ar"),
    ("ckb", "ar"),
    ("ckb", "ku"),
    ("ckb", "fa"),
    ("ku", "ckb"),
    ("ku", "tr"),
    ("ku", "ar"),
    ("ku-Arab", "ku"),
    ("ku-Arab", "ckb"),
    ("zh-TW", "zh-Hans"),
    ("zh-HK", "zh-Hans"),
    ("yue-Hant", "zh-Hans"),
    ("zh-CN", "zh-Hant"),
    ("uk", "ru"),
    ("be", "ru"),
    ("ti", "am"),
    ("tig", "am"),
    ("byn", "am"),
    ("om", "am"),
    ("rhg", "bn"),
    ("rhg", "my"),
    ("rhg", "ctg"),
    ("uz-Arab", "uz"),
    ("tg", "fa"),
    ("ff-Adlm", "ff"),
    ("sr-Latn", "sr"),
    ("pa-Arab", "pa"),
    ("ht", "fr"),
    ("ln", "fr"),
    ("rn", "fr"),
    ("rw", "fr"),
    ("wo", "fr"),
    ("bm", "fr"),
    ("ht", "en"),
    ("rw", "en"),
    ("pt-AO", "es"),
    ("pt-MZ", "es"),
    ("ay", "es"),
    ("gn", "es"),
    ("nd", "sn"),
    ("sn", "en"),
];

/// Tags under which words for this language may stand, best first, the tag itself included.
///
/// `voice` is true where the words will be [spoken](is_spoken): a standard language then stands for no dialect.
#[must_use]
pub fn chain(tag: &Tag, voice: bool) -> Vec<Tag> {
    let mut tags = vec![tag.as_str().to_owned()];
    let mut push = |more: &[&str]| tags.extend(more.iter().map(|t| (*t).to_owned()));
    match (tag.language(), tag.named_script(), tag.region()) {
        ("fa", None | Some("Arab"), Some("AF")) => push(&["fa-AF", "fa"]),
        ("haz", None | Some("Arab"), _) => push(&["fa-AF"]),
        ("zh", Some("Hant"), _) | ("zh", None, Some("TW" | "HK" | "MO")) | ("yue", None | Some("Hant"), _) => {
            push(&["zh-Hant"])
        }
        ("zh", Some("Hans"), _) | ("zh", None, _) => push(&["zh-Hans"]),
        ("pt", _, Some("BR")) => push(&["pt-BR", "pt-PT"]),
        ("pt", _, _) => push(&["pt-PT", "pt-BR"]),
        (language, None | Some("Arab"), _) if ARABIC.contains(&language) => {
            if !voice {
                push(&["ar"]);
            }
        }
        (language, _, _) => {
            // the language without its region, unless that would change the script
            if script(tag.as_str()).is_some() && script(tag.as_str()) == script(language) {
                push(&[language]);
            }
        }
    }
    let mut found: Vec<Tag> = Vec::new();
    for tag in tags.iter().filter_map(|t| Tag::parse(t).ok()) {
        if !found.contains(&tag) {
            found.push(tag);
        }
    }
    found
}

/// Whether words on this channel are heard from a recording or over the phone.
#[must_use]
pub const fn is_spoken(channel: Channel) -> bool {
    matches!(channel, Channel::Ivr | Channel::CallLive)
}

/// Script that a tag is most likely written in.
fn script(tag: &str) -> Option<String> {
    let mut id: icu_locale::LanguageIdentifier = tag.parse().ok()?;
    LocaleExpander::new_extended().maximize(&mut id);
    id.script.map(|script| script.to_string())
}

/// Whether a wish may serve a channel: what is read must be readable by the person; what is heard may be either.
const fn serves(mode: Option<LanguageMode>, channel: Channel) -> bool {
    !matches!((mode, channel.is_text()), (Some(LanguageMode::Listen), true))
}

/// Chooses among the languages that have words, by asking `has`. Languages heard come before languages read on a
/// channel that is heard.
#[must_use]
pub fn choose(notice: &Notice, wishes: &[LanguageWish], has: impl Fn(&Tag) -> bool) -> Option<Choice> {
    let heard = !notice.channel.is_text();
    let voice = is_spoken(notice.channel);
    let mut order: Vec<usize> = (0..wishes.len()).filter(|i| serves(wishes[*i].mode, notice.channel)).collect();
    if heard {
        order.sort_by_key(|i| wishes[*i].mode == Some(LanguageMode::Read));
    }
    order.into_iter().find_map(|wish| {
        let own = Tag::parse(&wishes[wish].tag).ok()?;
        let language = chain(&own, voice).into_iter().find(|tag| has(tag))?;
        Some(Choice { fallback: language != own, language, wish })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Audience, Level};

    fn tags(text: &[&str]) -> Vec<Tag> {
        text.iter().map(|t| Tag::parse(t).unwrap()).collect()
    }

    fn pick(channel: Channel, wishes: &[(&str, Option<LanguageMode>)], have: &[&str]) -> Option<String> {
        let notice = Notice::initial(Audience::AidRecipient, channel, Level::L3);
        let wishes: Vec<_> = wishes.iter().map(|(t, m)| LanguageWish { tag: (*t).to_owned(), mode: *m }).collect();
        let have = tags(have);
        choose(&notice, &wishes, |tag| have.contains(tag)).map(|c| c.language.to_string())
    }

    #[test]
    fn the_curated_table() {
        for (from, to) in [
            ("prs", &["fa-AF", "fa"][..]),
            ("haz", &["haz", "fa-AF"]),
            ("ps", &["ps"]),
            ("apc", &["apc", "ar"]),
            ("ckb", &["ckb"]),
            ("kmr", &["ku"]),
            ("kmr-Arab", &["ku-Arab"]),
            ("zh-TW", &["zh-TW", "zh-Hant"]),
            ("uk", &["uk"]),
            ("rhg", &["rhg"]),
            ("uz-Arab", &["uz-Arab"]),
            ("pa-PK", &["pa-PK"]),
            ("pt-MZ", &["pt-MZ", "pt-PT", "pt-BR"]),
            ("swc", &["sw-CD", "sw"]),
            ("es-CO", &["es-CO", "es"]),
            ("ti-ER", &["ti-ER", "ti"]),
        ] {
            assert_eq!(chain(&Tag::parse(from).unwrap(), false), tags(to), "{from}");
        }
        assert_eq!(chain(&Tag::parse("arz").unwrap(), true), tags(&["arz"]), "a voice must be matched");
    }

    #[test]
    fn never_pairs_are_never_chosen() {
        for (from, to) in NEVER {
            let chain = chain(&Tag::parse(from).unwrap(), false);
            assert!(!chain.contains(&Tag::parse(to).unwrap()), "{from} -> {to}");
        }
    }

    #[test]
    fn own_languages_in_order_and_no_silent_english() {
        let read = Some(LanguageMode::Read);
        assert_eq!(pick(Channel::Sms, &[("uk", read), ("ru", read)], &["en", "ru"]), Some("ru".to_owned()));
        assert_eq!(pick(Channel::Sms, &[("uk", read)], &["en", "ru"]), None);
        assert_eq!(pick(Channel::Sms, &[("zh-TW", read)], &["zh-Hans", "en"]), None);
        assert_eq!(pick(Channel::Sms, &[("prs", read)], &["ps", "en"]), None);
        assert_eq!(pick(Channel::Sms, &[], &["en"]), None);
        assert_eq!(pick(Channel::Sms, &[("not a tag", read), ("fr-CD", None)], &["fr"]), Some("fr".to_owned()));
    }

    #[test]
    fn what_is_only_heard_is_not_written() {
        let wishes = [("so", Some(LanguageMode::Listen)), ("en", Some(LanguageMode::Read))];
        assert_eq!(pick(Channel::Sms, &wishes, &["so", "en"]), Some("en".to_owned()));
        assert_eq!(pick(Channel::Ivr, &wishes, &["so", "en"]), Some("so".to_owned()));
        let reversed = [("en", Some(LanguageMode::Read)), ("so", Some(LanguageMode::Listen))];
        assert_eq!(pick(Channel::CallLive, &reversed, &["so", "en"]), Some("so".to_owned()));
    }
}
